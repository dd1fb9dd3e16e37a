package export

import (
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
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
func CISO(w io.Writer, s Set) error {
	var head strings.Builder
	for n, i := range s.pairs() {
		match, decisions, versions := i.provenance()
		fmt.Fprintf(&head, "# %d · %s · %s · %s · %s\n", n+1, i.date(), match, oneLine(decisions), oneLine(versions))
	}
	body, err := yaml.Marshal(s.cisoLibrary())
	if err != nil {
		return fmt.Errorf("write CISO Assistant YAML: %w", err)
	}
	if _, err := io.WriteString(w, head.String()+string(body)); err != nil {
		return fmt.Errorf("write CISO Assistant YAML: %w", err)
	}
	return nil
}

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
	var pairs []Item
	for _, i := range s.pairs() {
		if i.Match.Sources[0].Standard() == p.a && i.Match.Against == p.b {
			pairs = append(pairs, i)
		}
	}
	if len(pairs) == 0 {
		return nil
	}
	names := cisoNodes(pairs)
	var forth, back []yaml.MapSlice
	seen := map[[2]corpus.ClauseID]bool{}
	for _, i := range pairs {
		verdict := cisoVerdict(i.Match.Outcome.Verdict, len(i.Match.Sources), len(i.Match.Targets))
		relation, _ := verdict.Relation()
		for _, a := range i.Match.Sources {
			for _, b := range i.Match.Targets {
				if seen[[2]corpus.ClauseID{a, b}] {
					continue // the tool takes a pair once; its own line came first
				}
				seen[[2]corpus.ClauseID{a, b}] = true
				forth = append(forth, cisoMapping(names[a], names[b], verdict, i.Reserved))
				back = append(back, cisoMapping(names[b], names[a], review.Verdict(relation.Inverse()), i.Reserved))
			}
		}
	}
	return []yaml.MapSlice{s.cisoSet(p.a, p.b, forth), s.cisoSet(p.b, p.a, back)}
}

// cisoSet is one direction.
func (s Set) cisoSet(from, to corpus.StandardID, mappings []yaml.MapSlice) yaml.MapSlice {
	ref := cisoToken(string(from)) + "-to-" + cisoToken(string(to))
	return yaml.MapSlice{
		{Key: "urn", Value: "urn:concord:risk:req_mapping_set:" + ref}, {Key: "ref_id", Value: ref},
		{Key: "name", Value: oneLine(s.Standards[from].Designation + " → " + s.Standards[to].Designation)},
		{Key: "source_framework_urn", Value: "urn:concord:risk:framework:" + cisoToken(string(from))},
		{Key: "target_framework_urn", Value: "urn:concord:risk:framework:" + cisoToken(string(to))},
		{Key: "requirement_mappings", Value: mappings},
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

// cisoNodes are the URNs of all clauses. The format wants small letters and a few
// signs; keys that would fall together get the beginning of their digest.
func cisoNodes(pairs []Item) map[corpus.ClauseID]string {
	var ids []corpus.ClauseID
	for _, i := range pairs {
		ids = append(append(ids, i.Match.Sources...), i.Match.Targets...)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	urn := func(id corpus.ClauseID) string {
		return "urn:concord:risk:req_node:" + cisoToken(string(id.Standard())) + ":" + cisoToken(id.Key())
	}
	uses, out := map[string]int{}, map[corpus.ClauseID]string{}
	for _, id := range ids {
		uses[urn(id)]++
	}
	for _, id := range ids {
		out[id] = urn(id)
		if uses[urn(id)] > 1 {
			out[id] += fmt.Sprintf("-%x", sha256.Sum256([]byte(id)))[:9]
		}
	}
	return out
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
