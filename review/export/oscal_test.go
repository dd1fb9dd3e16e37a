package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"concord/corpus"
	"concord/review"
	"concord/review/exchange"
)

func TestOSCAL(t *testing.T) {
	text := written(t, mustBe(t, "oscal"), gatheredFrom(t, sample(), "en"))
	golden(t, "mapping.golden.json", text)
	var file oscalFile
	dec := json.NewDecoder(strings.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&file); err != nil {
		t.Fatal(err)
	}
	m := file.Collection.Mappings[0]
	if len(file.Collection.Mappings) != 1 || len(m.Maps) != 6 || m.SourceGaps == nil || m.TargetGaps != nil {
		t.Errorf("%d mappings, the first with %d maps and gaps %v, %v", len(file.Collection.Mappings), len(m.Maps), m.SourceGaps, m.TargetGaps)
	}
	var relations []string
	for _, x := range m.Maps {
		relations = append(relations, string(x.Relationship))
	}
	if want := []string{"equal-to", "equivalent-to", "superset-of", "subset-of", "intersects-with", "no-relationship"}; !slices.Equal(relations, want) {
		t.Errorf("the relationships are %v", relations)
	}
	if len(m.Maps[2].Targets) != 2 {
		t.Error("a set of clauses became single ones")
	}
}

// collection is what a Set's file holds.
func collection(s Set) (exchange.OSCALCollection, error) {
	var body bytes.Buffer
	if err := OSCAL(&body, s); err != nil {
		return exchange.OSCALCollection{}, err
	}
	var file exchange.OSCALFile
	err := json.Unmarshal(body.Bytes(), &file)
	return file.Collection, err
}

func collected(t *testing.T, s Set) exchange.OSCALCollection {
	t.Helper()
	c, err := collection(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestOSCALUUIDs: maps keep their ids between revisions, the collection does not.
func TestOSCALUUIDs(t *testing.T) {
	first := gatheredFrom(t, sample(), "en")
	second := first
	second.AuditHash = "another state"
	a, b := collected(t, first), collected(t, second)
	if a.UUID == b.UUID || a.Mappings[0].UUID != b.Mappings[0].UUID || a.Mappings[0].Maps[0].UUID != b.Mappings[0].Maps[0].UUID {
		t.Error("the ids do not follow the rule: a new collection, the same maps")
	}
}

func TestOSCALWithoutPairs(t *testing.T) {
	s := sample()
	s.matches = s.matches[6:7] // no counterpart alone
	if _, err := collection(gatheredFrom(t, s, "en")); !errors.Is(err, corpus.ErrInvalid) {
		t.Errorf("a dossier without pairs gives %v", err)
	}
}

// TestOSCALSaysEveryGap: gaps of both sides, and those of standards that no map
// relates.
func TestOSCALSaysEveryGap(t *testing.T) {
	s := sample()
	back := s.match(7, review.VerdictNoCounterpart)
	back.Sources, back.Against = []corpus.ClauseID{"ru-b/5.8"}, "cn-a"
	s.standards = append(s.standards, corpus.Standard{ID: "ru-c", Designation: "СП 3"})
	s.dossier.Sides[1].Standards = append(s.dossier.Sides[1].Standards, "ru-c")
	lost := s.match(8, review.VerdictNoCounterpart)
	lost.Against = "ru-c"
	s.matches = append(s.matches[:7], back, lost)
	c := collected(t, gatheredFrom(t, s, "en"))
	if g := c.Mappings[0].TargetGaps; g == nil || g.Unmapped[0].IDs[0] != "c5.8" {
		t.Errorf("the gap of the other side is %+v", g)
	}
	if !strings.Contains(c.Provenance.Remarks, "cn-a and ru-c: no counterpart for c5.9") {
		t.Errorf("the remarks are %q", c.Provenance.Remarks)
	}
}

// TestOSCALKeepsToTheSchema validates against the official schema, which is not
// part of the repository, also with payloads in every text.
func TestOSCALKeepsToTheSchema(t *testing.T) {
	check := oscalSchema(t, "oscal_mapping_schema.json")
	sets := []shelf{sample(), wholeSample()}
	for _, p := range payloads {
		sets = append(sets, hostile(p))
	}
	for _, s := range sets {
		text := written(t, mustBe(t, "oscal"), gatheredFrom(t, s, "en"))
		if err := check(text); err != nil {
			t.Errorf("with %q: %v", s.dossier.Name, err)
		}
	}
	if check(`{"mapping-collection": {"uuid": "x"}}`) == nil {
		t.Error("the check finds nothing: a broken collection passes")
	}
}

func TestOSCALID(t *testing.T) {
	token := regexp.MustCompile(`^(\p{L}|_)(\p{L}|\p{N}|[.\-_])*$`)
	for key, want := range map[string]string{"5.3.1": "c5.3.1", "附录A.8.1": "附录A.8.1", "5.3.1~commentary": "c5.3.1_x7E_commentary", "§1926": "c_xA7_1926", "a b": "a_x20_b"} {
		if got := oscalID(key); got != want || !token.MatchString(got) {
			t.Errorf("oscalID(%q) = %q, want %q", key, got, want)
		}
	}
}

func TestSTRM(t *testing.T) {
	text := written(t, mustBe(t, "strm"), gatheredFrom(t, sample(), "en"))
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 9 || len(rows[0]) != 11 {
		t.Fatalf("%d rows of %d columns, want a head and 8 pairs", len(rows), len(rows[0]))
	}
	var got []string
	for _, row := range rows[1:] {
		got = append(got, strings.Join([]string{row[0], row[3], row[7], row[10], row[9]}, " "))
	}
	want := []string{
		"cn-a/5.1 ru-b/5.1 equal 10 ", "cn-a/5.2 ru-b/5.2 equal 10 ", "cn-a/5.3 ru-b/5.3 superset of 7 ru-b/5.3:G1", "cn-a/5.3 ru-b/5.9 superset of 7 ru-b/5.9:G1",
		"cn-a/5.4 ru-b/5.4 subset of 7 ", "cn-a/5.5 ru-b/5.5 intersects with 4 ", "cn-a/5.6 ru-b/5.6 not related to 0 ", "cn-a/5.7 ru-b not related to 0 ",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the rows are\n%s", strings.Join(got, "\n"))
	}
}

func TestSKOS(t *testing.T) {
	text := written(t, mustBe(t, "skos"), gatheredFrom(t, sample(), "en"))
	golden(t, "mapping.golden.ttl", text)
	for _, never := range []string{"5.6", "5.7"} {
		if strings.Contains(text, "clauses/"+never) {
			t.Errorf("clause %s is related to nothing, and SKOS says otherwise", never)
		}
	}
	for _, payload := range payloads {
		text := written(t, mustBe(t, "skos"), gatheredFrom(t, hostile(payload), "en"))
		for n, line := range strings.Split(text, "\n") {
			if quotes := strings.Count(strings.NewReplacer(`\\`, "", `\"`, "").Replace(line), `"`); quotes%2 != 0 {
				t.Errorf("%q: line %d has an open string: %s", payload, n+1, line)
			}
		}
	}
	if literal("a\"b\\", "zh") != `"a\"b\\"@zh` || literal("x", "no tag!") != `"x"` {
		t.Error("strings of Turtle are not escaped")
	}
}

// TestEveryVerdictHasItsWords holds the tables to the verdicts that can be
// agreed.
func TestEveryVerdictHasItsWords(t *testing.T) {
	for _, v := range review.Verdicts {
		_, relation := v.Relation()
		if name := exchange.OSCALRelations[corpus.Relation(v)]; relation != (name != "") {
			t.Errorf("OSCAL has %q for %s", name, v)
		}
		if (relation || v == review.VerdictNoCounterpart) != (strmRelations[v].relationship != "") {
			t.Errorf("STRM has %q for %s", strmRelations[v].relationship, v)
		}
	}
}
