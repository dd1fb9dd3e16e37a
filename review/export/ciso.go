package export

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"hash/maphash"
	"io"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"

	"concord/corpus"
	"concord/review"
)

// CISO writes a library of CISO Assistant with two requirement mapping sets, there
// and back, for every pair of standards with related clauses (INTEROP.md 2.4). The
// standards themselves must stand in that tool as frameworks with the same URNs.
//
// The format relates single requirements and denies nothing: sets of clauses are
// written as what follows for their single clauses, rejected pairs and gaps are
// left out and counted. It has no place for decisions and text versions, which
// stand in comments at the head.
func CISO(w io.Writer, s Set) error { return atOnce(w, s.settled(), cisoLines) }

// cisoLines is CISO of items that come one by one. They are gone through twice, since
// the name of a clause depends on the names of others.
func cisoLines(w io.Writer, s Set, rows Rows) error {
	p, err := newSpool()
	if err != nil {
		return err
	}
	defer p.close()
	names, n := newCISONames(), 0
	var all tally
	related := func(i Item) []Item {
		s.Items = []Item{i}
		return s.pairs()
	}
	err = rows(func(i Item) error {
		for _, i := range related(i) {
			n++
			at := facingPair{i.Match.Sources[0].Standard(), i.Match.Against}.place()
			for _, id := range i.Match.Clauses() {
				names.use(at, id)
			}
			match, decisions, versions := i.provenance()
			err := p.add("head", 0, 1, func(w io.Writer) error {
				_, err := fmt.Fprintf(w, "# %d · %s · %s · %s · %s\n", n, i.date(), match, oneLine(decisions), oneLine(versions))
				return err
			})
			if err != nil {
				return err
			}
		}
		all = all.and(s.tallied())
		return nil
	})
	if err != nil {
		return err
	}
	seen := map[uint64]bool{}
	err = rows(func(i Item) error {
		for _, i := range related(i) {
			if err := p.addCISO(i, names, seen); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.Items, s.counted, s.kept = nil, &all, p
	body, err := yaml.Marshal(s.cisoLibrary())
	if err != nil {
		return fmt.Errorf("write CISO Assistant YAML: %w", err)
	}
	document := cisoPlace.ReplaceAllString(string(body), spooled("$1"))
	if err := p.write(w, spooled("head")+document); err != nil {
		return fmt.Errorf("write CISO Assistant YAML: %w", err)
	}
	return nil
}

// addCISO writes the mappings of an item, there and back.
func (p *spool) addCISO(i Item, names cisoNames, seen map[uint64]bool) error {
	at := facingPair{i.Match.Sources[0].Standard(), i.Match.Against}
	verdict := cisoVerdict(i.Match.Outcome.Verdict, len(i.Match.Sources), len(i.Match.Targets))
	relation, _ := verdict.Relation()
	for _, a := range i.Match.Sources {
		for _, b := range i.Match.Targets {
			pair := names.of(at.place(), string(a), string(b))
			if seen[pair] {
				continue // the tool takes a pair once; its own line came first
			}
			seen[pair] = true
			from, to := names.name(at.place(), a), names.name(at.place(), b)
			for _, way := range []struct {
				at      facingPair
				mapping yaml.MapSlice
			}{{at, cisoMapping(from, to, verdict, i.Reserved)}, {facingPair{at.b, at.a}, cisoMapping(to, from, review.Verdict(relation.Inverse()), i.Reserved)}} {
				err := p.add(way.at.place(), 0, 1, func(w io.Writer) error {
					body, err := yaml.Marshal([]yaml.MapSlice{way.mapping})
					if err != nil {
						return fmt.Errorf("write CISO Assistant YAML: %w", err)
					}
					for line := range bytes.Lines(body) {
						if len(line) > 1 {
							line = append([]byte("    "), line...)
						}
						if _, err := w.Write(line); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// cisoPlace is where the mappings of a set stand. No text has such a line: what a line of
// free text begins with is written by the program.
var cisoPlace = regexp.MustCompile(`(?m)^ *- rows: (x[0-9a-f]+)\n`)

// cisoLibrary is the library as its reader wants it.
func (s Set) cisoLibrary() yaml.MapSlice {
	ref := "concord-" + s.Dossier.ID.String()
	sets := []yaml.MapSlice{}
	for _, p := range s.facingPairs() {
		sets = append(sets, s.cisoSets(p)...)
	}
	about := append(s.particulars(), caveatNotes(s.Reserved, onAll)...)
	return yaml.MapSlice{
		{Key: "urn", Value: "urn:concord:risk:library:" + ref}, {Key: "locale", Value: "en"}, {Key: "ref_id", Value: ref},
		{Key: "name", Value: orElse(oneLine(s.Dossier.Name), ref)}, {Key: "description", Value: strings.Join(about, "\n")},
		{Key: "copyright", Value: s.Options.License}, {Key: "version", Value: 1}, {Key: "publication_date", Value: s.Options.Now.UTC().Format("2006-01-02")},
		{Key: "provider", Value: "Concord"}, {Key: "packager", Value: "concord"},
		{Key: "objects", Value: yaml.MapSlice{{Key: "requirement_mapping_sets", Value: sets}}},
	}
}

// cisoSets are both directions of a pair of standards, none when nothing of them
// is related.
func (s Set) cisoSets(p facingPair) []yaml.MapSlice {
	if !s.holds(p.place()) {
		return nil
	}
	return []yaml.MapSlice{s.cisoSet(p.a, p.b), s.cisoSet(p.b, p.a)}
}

// cisoSet is one direction.
func (s Set) cisoSet(from, to corpus.StandardID) yaml.MapSlice {
	ref := cisoToken(string(from)) + "-to-" + cisoToken(string(to))
	return yaml.MapSlice{
		{Key: "urn", Value: "urn:concord:risk:req_mapping_set:" + ref}, {Key: "ref_id", Value: ref},
		{Key: "name", Value: oneLine(s.Standards[from].Designation + " → " + s.Standards[to].Designation)},
		{Key: "source_framework_urn", Value: "urn:concord:risk:framework:" + cisoToken(string(from))},
		{Key: "target_framework_urn", Value: "urn:concord:risk:framework:" + cisoToken(string(to))},
		{Key: "requirement_mappings", Value: []yaml.MapSlice{{{Key: "rows", Value: facingPair{from, to}.place()}}}},
	}
}

// cisoRelationships are the four words of the format.
var cisoRelationships = map[review.Verdict]string{
	review.Verdict(corpus.RelationIdentical): "equal", review.Verdict(corpus.RelationEquivalent): "equal",
	review.Verdict(corpus.RelationSubset): "subset", review.Verdict(corpus.RelationSuperset): "superset", review.Verdict(corpus.RelationOverlap): "intersect",
}

// cisoMapping is one pair of clauses; what parties reserve is its annotation.
func cisoMapping(from, to string, v review.Verdict, reserved []review.Reservation) yaml.MapSlice {
	strength := 0
	// the table holds numbers only
	_, _ = fmt.Sscan(strmRelations[v].strength, &strength)
	out := yaml.MapSlice{{Key: "source_requirement_urn", Value: from}, {Key: "target_requirement_urn", Value: to},
		{Key: "relationship", Value: cisoRelationships[v]}, {Key: "rationale", Value: strmRelations[v].rationale}, {Key: "strength_of_relationship", Value: strength}}
	if notes := caveatNotes(reserved, ""); len(notes) > 0 {
		out = append(out, yaml.MapItem{Key: "annotation", Value: strings.Join(notes, "\n")})
	}
	return out
}

// cisoVerdict is what holds of each single pair when it was said of sets of so
// many sources and targets. A part asks no more than its whole: what the whole is
// below, each part is below; what is below each part cannot be told from the whole.
func cisoVerdict(v review.Verdict, sources, targets int) review.Verdict {
	subset, superset, overlap := review.Verdict(corpus.RelationSubset), review.Verdict(corpus.RelationSuperset), review.Verdict(corpus.RelationOverlap)
	if sources == 1 && targets == 1 || v == overlap {
		return v
	}
	switch {
	case v != superset && targets == 1: // equal or below the one target
		return subset
	case v != subset && sources == 1: // equal or above each target
		return superset
	}
	return overlap
}

// cisoNames are the URNs of clauses. The format wants small letters and a few signs;
// keys that would fall together get the beginning of their digest. Of the clauses it
// keeps hashes alone.
type cisoNames struct {
	seed  maphash.Seed
	uses  map[uint64]uint64 // clause by URN
	twice map[uint64]bool   // URNs of several clauses
}

func newCISONames() cisoNames {
	return cisoNames{maphash.MakeSeed(), map[uint64]uint64{}, map[uint64]bool{}}
}

// of is a hash of texts.
func (n cisoNames) of(texts ...string) uint64 {
	return maphash.String(n.seed, strings.Join(texts, "\x00"))
}

// use notes a clause among the names of a pair of standards.
func (n cisoNames) use(at string, id corpus.ClauseID) {
	urn, clause := n.of(at, nodeURN(id)), n.of(string(id))
	if other, used := n.uses[urn]; used && other != clause {
		n.twice[urn] = true
	}
	n.uses[urn] = clause
}

// name is the URN of a clause among those of a pair of standards.
func (n cisoNames) name(at string, id corpus.ClauseID) string {
	urn := nodeURN(id)
	if n.twice[n.of(at, urn)] {
		urn += fmt.Sprintf("-%x", sha256.Sum256([]byte(id)))[:9]
	}
	return urn
}

func nodeURN(id corpus.ClauseID) string {
	return "urn:concord:risk:req_node:" + cisoToken(string(id.Standard())) + ":" + cisoToken(id.Key())
}

// cisoToken is a part of a URN: small letters, digits, hyphens and full stops;
// everything else is its code point.
func cisoToken(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '.' {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "_x%x_", r)
		}
	}
	return b.String()
}
