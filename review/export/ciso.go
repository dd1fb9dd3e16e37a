package export

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"concord/corpus"
	"concord/review"
)

// The library file of CISO Assistant (intuitem) with requirement mapping sets,
// format of version 1.
type (
	cisoLibrary struct {
		URN          string       `yaml:"urn"`
		Locale       string       `yaml:"locale"`
		RefID        string       `yaml:"ref_id"`
		Name         string       `yaml:"name"`
		Description  string       `yaml:"description"`
		Copyright    string       `yaml:"copyright"`
		Version      int          `yaml:"version"`
		Published    string       `yaml:"publication_date"`
		Provider     string       `yaml:"provider"`
		Packager     string       `yaml:"packager"`
		Dependencies []string     `yaml:"dependencies"`
		Objects      cisoMappings `yaml:"objects"`
	}
	cisoMappings struct {
		Sets []cisoSet `yaml:"requirement_mapping_sets"`
	}
	cisoSet struct {
		URN      string        `yaml:"urn"`
		RefID    string        `yaml:"ref_id"`
		Name     string        `yaml:"name"`
		Source   string        `yaml:"source_framework_urn"`
		Target   string        `yaml:"target_framework_urn"`
		Mappings []cisoMapping `yaml:"requirement_mappings"`
	}
	cisoMapping struct {
		Source       string `yaml:"source_requirement_urn"`
		Target       string `yaml:"target_requirement_urn"`
		Relationship string `yaml:"relationship"`
		Rationale    string `yaml:"rationale"`
		Strength     int    `yaml:"strength_of_relationship"`
	}
)

// cisoPackager is the second part of every URN.
const cisoPackager = "concord"

// cisoRelations are the strengths of relations from 0 to 10, those of the STRM
// table, and the words of CISO Assistant for them.
var cisoRelations = map[review.Verdict]struct {
	word     string
	inverse  string
	strength int
}{
	review.Verdict(corpus.RelationIdentical):  {"equal", "equal", 10},
	review.Verdict(corpus.RelationEquivalent): {"equal", "equal", 10},
	review.Verdict(corpus.RelationSubset):     {"subset", "superset", 6},
	review.Verdict(corpus.RelationSuperset):   {"superset", "subset", 6},
	review.Verdict(corpus.RelationOverlap):    {"intersect", "intersect", 4},
}

// CISO writes the agreed pairs as a library of CISO Assistant: for every two
// standards one set of requirement mappings each way. Gaps and rejected pairs have
// no place there.
func CISO(w io.Writer, s Set) error {
	id := cisoPart(s.Dossier.ID.String())
	lib := cisoLibrary{
		URN: "urn:" + cisoPackager + ":risk:library:mapping-" + id, Locale: "en", RefID: "mapping-" + id, Name: oneLine(s.Dossier.Name),
		Description: oneLine("Agreed equivalences, written by Concord " + s.Options.Version + ". " + s.notices(phrasesIn("en"))),
		Copyright:   s.Options.License, Version: s.cisoVersion(), Published: s.Options.Now.UTC().Format(time.DateOnly), Provider: "Concord", Packager: cisoPackager,
		Dependencies: []string{}, Objects: cisoMappings{Sets: []cisoSet{}},
	}
	for _, std := range s.usedStandards() {
		lib.Dependencies = append(lib.Dependencies, "urn:"+cisoPackager+":risk:library:"+cisoPart(string(std)))
	}
	for _, p := range s.facingPairs() {
		forth, back := s.cisoSet(p.a, p.b), s.cisoSet(p.b, p.a)
		for _, i := range s.pairs() {
			r, known := cisoRelations[i.Match.Outcome.Verdict]
			if !known || i.Sources[0].Standard != p.a || i.Targets[0].Standard != p.b {
				continue
			}
			rationale := "semantic"
			if i.Match.Outcome.Verdict == review.Verdict(corpus.RelationIdentical) {
				rationale = "syntactic"
			}
			for _, a := range i.Sources {
				for _, b := range i.Targets {
					from, to := cisoNode(a), cisoNode(b)
					forth.Mappings = append(forth.Mappings, cisoMapping{from, to, r.word, rationale, r.strength})
					back.Mappings = append(back.Mappings, cisoMapping{to, from, r.inverse, rationale, r.strength})
				}
			}
		}
		if len(forth.Mappings) > 0 {
			lib.Objects.Sets = append(lib.Objects.Sets, forth, back)
		}
	}
	if err := yaml.NewEncoder(w, yaml.Indent(2), yaml.IndentSequence(false)).Encode(lib); err != nil {
		return fmt.Errorf("write the CISO Assistant mapping: %w", err)
	}
	return nil
}

// cisoVersion is the number of the round, 1 for what is agreed now.
func (s Set) cisoVersion() int {
	if s.Round != nil {
		return max(1, s.Round.Number)
	}
	return 1
}

func (s Set) cisoSet(from, to corpus.StandardID) cisoSet {
	ref := "mapping-" + cisoPart(string(from)) + "-to-" + cisoPart(string(to))
	return cisoSet{
		URN: "urn:" + cisoPackager + ":risk:req_mapping_set:" + ref, RefID: ref, Name: oneLine(s.Standards[from].Designation + " -> " + s.Standards[to].Designation),
		Source: "urn:" + cisoPackager + ":risk:framework:" + cisoPart(string(from)), Target: "urn:" + cisoPackager + ":risk:framework:" + cisoPart(string(to)),
	}
}

// cisoNode is the URN of a clause: lower case, and nothing a URN may not hold.
func cisoNode(c corpus.Clause) string {
	return "urn:" + cisoPackager + ":risk:req_node:" + cisoPart(string(c.Standard)) + ":" + cisoPart(c.ID.Key())
}

// cisoPart writes a part of a URN in small letters, with what RFC 8141 does not
// allow per cent-encoded.
func cisoPart(s string) string {
	var b strings.Builder
	for _, c := range []byte(strings.ToLower(clean(s))) {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', strings.IndexByte("-._~", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02x", c)
		}
	}
	return b.String()
}
