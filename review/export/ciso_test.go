package export

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"concord/corpus"
	"concord/review"
)

// cisoFile is what the tool reads.
type cisoFile struct {
	URN     string `yaml:"urn"`
	Version int    `yaml:"version"`
	Objects struct {
		Sets []struct {
			URN      string `yaml:"urn"`
			Source   string `yaml:"source_framework_urn"`
			Target   string `yaml:"target_framework_urn"`
			Mappings []struct {
				Source       string `yaml:"source_requirement_urn"`
				Target       string `yaml:"target_requirement_urn"`
				Relationship string `yaml:"relationship"`
				Rationale    string `yaml:"rationale"`
				Strength     int    `yaml:"strength_of_relationship"`
			} `yaml:"requirement_mappings"`
		} `yaml:"requirement_mapping_sets"`
	} `yaml:"objects"`
}

// cisoURN is the form of URNs in the tool: small letters, digits and a few signs.
var cisoURN = regexp.MustCompile(`^urn:concord:risk:(library|framework|req_node|req_mapping_set):[0-9a-z._:-]+$`)

func TestCISO(t *testing.T) {
	shelf := sample()
	shelf.dossier.Name = "=1+1: \"x\" # no comment"
	body := written(t, mustBe(t, "ciso"), gatheredFrom(t, shelf, "en"))
	var got cisoFile
	if err := yaml.Unmarshal([]byte(body), &got); err != nil {
		t.Fatalf("%v\n%s", err, body)
	}
	if len(got.Objects.Sets) != 2 || got.Version != 1 {
		t.Fatalf("%d mapping sets, want one for each direction", len(got.Objects.Sets))
	}
	forth, back := got.Objects.Sets[0], got.Objects.Sets[1]
	if forth.Source != back.Target || forth.Target != back.Source || forth.URN == back.URN {
		t.Error("the way back is not the way there turned round")
	}
	var said []string
	for n, m := range forth.Mappings {
		r := back.Mappings[n]
		said = append(said, m.Source[strings.LastIndex(m.Source, ":")+1:]+" "+m.Relationship+" "+m.Target[strings.LastIndex(m.Target, ":")+1:])
		turned := map[string]string{"subset": "superset", "superset": "subset", "equal": "equal", "intersect": "intersect"}
		if r.Source != m.Target || r.Target != m.Source || r.Relationship != turned[m.Relationship] {
			t.Errorf("%v comes back as %v", m, r)
		}
		if m.Strength < 1 || m.Strength > 10 || m.Rationale == "" {
			t.Errorf("strength and rationale of %v", m)
		}
		for _, urn := range []string{got.URN, forth.URN, forth.Source, forth.Target, m.Source, m.Target} {
			if !cisoURN.MatchString(urn) {
				t.Errorf("%q is no URN of the tool", urn)
			}
		}
	}
	if want := []string{"5.1 equal 5.1", "5.2 equal 5.2", "5.3 superset 5.3", "5.3 superset 5.9", "5.4 subset 5.4", "5.5 intersect 5.5"}; !slices.Equal(said, want) {
		t.Errorf("it says %q, want %q", said, want)
	}
}

// TestCISOVerdict holds the rule for sets against requirements as sets, every
// part a non-empty subset of what two elements can ask.
func TestCISOVerdict(t *testing.T) {
	holds := func(v review.Verdict, a, b int) bool { // demands as bits
		switch v {
		case review.Verdict(corpus.RelationEquivalent):
			return a == b
		case review.Verdict(corpus.RelationSubset):
			return a&^b == 0
		case review.Verdict(corpus.RelationSuperset):
			return b&^a == 0
		}
		return true
	}
	checked := 0
	for _, v := range []review.Verdict{"equivalent", "subset", "superset"} {
		for a1 := 1; a1 < 8; a1++ {
			for a2 := 1; a2 < 8; a2++ {
				for b1 := 1; b1 < 8; b1++ {
					if holds(v, a1|a2, b1) {
						checked++
						if got := cisoVerdict(v, 2, 1); !holds(got, a1, b1) || !holds(got, a2, b1) {
							t.Fatalf("{%b %b} %s %b does not give %s", a1, a2, v, b1, got)
						}
					}
					if holds(v, b1, a1|a2) {
						checked++
						if got := cisoVerdict(v, 1, 2); !holds(got, b1, a1) || !holds(got, b1, a2) {
							t.Fatalf("%b %s {%b %b} does not give %s", b1, v, a1, a2, got)
						}
					}
				}
			}
		}
	}
	if checked == 0 || holds("subset", 3, 1) {
		t.Error("the check cannot fail")
	}
}

func TestCISONodes(t *testing.T) {
	names := newCISONames()
	got := map[corpus.ClauseID]string{}
	ids := []corpus.ClauseID{"s/A.1", "s/a.1", "t/附录B", "t/附录B"}
	for _, id := range ids {
		names.use("pair", id)
	}
	for _, id := range ids {
		got[id] = names.name("pair", id)
	}
	if got["s/A.1"] == got["s/a.1"] || !cisoURN.MatchString(got["s/A.1"]) || !cisoURN.MatchString(got["t/附录B"]) || got["t/附录B"] != nodeURN("t/附录B") {
		t.Errorf("%v", got)
	}
	if other := names.name("other", "s/A.1"); other != nodeURN("s/A.1") {
		t.Errorf("among others it is %s", other)
	}
}
