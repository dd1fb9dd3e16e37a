package export

import (
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"concord/corpus"
	"concord/review"
	"concord/review/exchange"
)

// sssomPredicates is the table from verdicts to SKOS predicates, with the
// modifier; ext_strm beside it carries what SKOS loses.
var sssomPredicates = map[review.Verdict]struct{ predicate, modifier, strm string }{
	review.Verdict(corpus.RelationIdentical):  {"skos:exactMatch", "", "equal"},
	review.Verdict(corpus.RelationEquivalent): {"skos:exactMatch", "", "equal"},
	review.Verdict(corpus.RelationSubset):     {"skos:broadMatch", "", "subset"},
	review.Verdict(corpus.RelationSuperset):   {"skos:narrowMatch", "", "superset"},
	review.Verdict(corpus.RelationOverlap):    {"skos:closeMatch", "", "intersects"},
	review.Verdict(corpus.RelationNone):       {"skos:exactMatch", "Not", "no_relationship"},
	review.VerdictNoCounterpart:               {"skos:exactMatch", "", ""},
}

// SSSOM11 writes SSSOM/TSV 1.1 in the canonical form.
func SSSOM11(w io.Writer, s Set) error { return sssom11Lines(w, s, held(s.Items)) }

// SSSOM10 writes SSSOM/TSV 1.0: without record ids and version.
func SSSOM10(w io.Writer, s Set) error { return sssom10Lines(w, s, held(s.Items)) }

func sssom11Lines(w io.Writer, s Set, rows Rows) error { return s.sssom(w, rows, true) }
func sssom10Lines(w io.Writer, s Set, rows Rows) error { return s.sssom(w, rows, false) }

// sssom writes the file. The canonical form sorts its rows and leaves empty columns
// out, so that a line of each is held.
func (s Set) sssom(w io.Writer, rows Rows, v11 bool) error {
	d := exchange.SSSOM{V11: v11, Head: s.sssomHead(v11)}
	return d.WriteRows(w, func(each func(map[string]string)) error {
		return rows(func(i Item) error {
			for _, row := range s.sssomRows(i) {
				each(row)
			}
			return nil
		})
	})
}

// sssomRows are the rows of one match: one per pair of clauses, joined by
// ext_group where the match relates sets.
func (s Set) sssomRows(i Item) []map[string]string {
	if len(i.Targets) == 0 {
		var rows []map[string]string
		for _, a := range i.Sources {
			row := s.sssomRow(i, a)
			row["object_id"], row["mapping_cardinality"] = "sssom:NoTermFound", "1:0"
			row["object_source"] = "std:" + string(i.Match.Against)
			row["object_source_version"] = s.Standards[i.Match.Against].Edition
			rows = append(rows, row)
		}
		return rows
	}
	var rows []map[string]string
	for _, a := range i.Sources {
		for _, b := range i.Targets {
			row := s.sssomRow(i, a)
			row["object_id"], row["object_label"] = curie(b), label(b)
			row["object_source"], row["object_source_version"] = "std:"+string(b.Standard), s.Standards[b.Standard].Edition
			row["mapping_cardinality"] = cardinality(len(i.Sources), len(i.Targets))
			row["ext_text_versions"] += " " + string(b.ID) + "@" + string(i.Match.Digests[b.ID])
			row["record_id"] = "rec:" + i.Match.ID.String() + recordTail(i, a, b)
			rows = append(rows, row)
		}
	}
	return rows
}

// sssomRow is what all rows of a match share.
func (s Set) sssomRow(i Item, a corpus.Clause) map[string]string {
	o := i.Match.Outcome
	p := sssomPredicates[o.Verdict]
	row := map[string]string{
		"record_id": "rec:" + i.Match.ID.String(), "subject_id": curie(a), "subject_label": label(a),
		"predicate_id": p.predicate, "predicate_modifier": p.modifier, "mapping_justification": "semapv:ManualMappingCuration",
		"subject_source": "std:" + string(a.Standard), "subject_source_version": s.Standards[a.Standard].Edition,
		"mapping_tool": "Concord", "mapping_tool_version": s.Options.Version, "mapping_date": i.date(), "ext_strm": p.strm,
		"ext_state": string(i.Match.State), "ext_recognition_a_to_b": string(o.AToB.Answer), "ext_recognition_b_to_a": string(o.BToA.Answer),
		"ext_conditions_a_to_b": strings.Join(o.AToB.Conditions, "; "), "ext_conditions_b_to_a": strings.Join(o.BToA.Conditions, "; "),
		"ext_text_versions": string(a.ID) + "@" + string(i.Match.Digests[a.ID]), "ext_reservations": strings.Join(caveats(i.Reserved), "; "),
	}
	if len(i.Sources)*len(i.Targets) > 1 {
		row["ext_group"] = i.Match.ID.String()
	}
	var authors, notes, decisions []string
	for _, d := range i.agreedBy() {
		author := "reviewer for " + string(d.Party)
		if d.Kind == review.KindAdjudication {
			author = "adjudicator"
		}
		if !slices.Contains(authors, author) {
			authors = append(authors, author)
		}
		decisions = append(decisions, d.ID.String())
		notes = append(notes, d.Note, d.Search)
	}
	row["author_label"] = exchange.Multi(authors)
	row["ext_decisions"] = strings.Join(decisions, " ")
	row["comment"] = oneLine(strings.Join(notes, " "))
	return row
}

// recordTail makes the records of one match distinct.
func recordTail(i Item, a, b corpus.Clause) string {
	if len(i.Sources)*len(i.Targets) == 1 {
		return ""
	}
	return fmt.Sprintf("-%d-%d", slices.Index(i.Match.Sources, a.ID)+1, slices.Index(i.Match.Targets, b.ID)+1)
}

// cardinality names how many clauses stand on each side.
func cardinality(a, b int) string {
	side := func(n int) string {
		if n > 1 {
			return "n"
		}
		return "1"
	}
	return side(a) + ":" + side(b)
}

// prefix is the CURIE prefix of a standard's clauses.
func prefix(id corpus.StandardID) string { return strings.ReplaceAll(string(id), "-", "_") }

// curie names a clause; what a local part may not hold is percent-encoded.
func curie(c corpus.Clause) string {
	return prefix(c.Standard) + ":" + url.PathEscape(c.ID.Key())
}

func label(c corpus.Clause) string { return oneLine(c.Label + " " + c.Heading) }

// sssomExtensions are the columns that are ours.
var sssomExtensions = []string{"conditions_a_to_b", "conditions_b_to_a", "decisions", "group", "recognition_a_to_b", "recognition_b_to_a", "reservations", "state", "strm", "text_versions"}

// sssomHead is the metadata block.
func (s Set) sssomHead(v11 bool) yaml.MapSlice {
	base := s.Options.BaseURI
	prefixes := yaml.MapSlice{{Key: "ext", Value: base + "/ns#"}, {Key: "rec", Value: base + "/matches/"}, {Key: "std", Value: base + "/standards/"}}
	if !v11 {
		prefixes = slices.DeleteFunc(prefixes, func(p yaml.MapItem) bool { return p.Key == "rec" })
	}
	for _, id := range s.usedStandards() {
		prefixes = append(prefixes, yaml.MapItem{Key: prefix(id), Value: base + "/standards/" + string(id) + "/clauses/"})
	}
	corpus.SortRows(prefixes, func(a, b yaml.MapItem) int { return strings.Compare(a.Key.(string), b.Key.(string)) })
	head := yaml.MapSlice{}
	add := func(key string, value any) { head = append(head, yaml.MapItem{Key: key, Value: value}) }
	if v11 {
		add("sssom_version", "1.1")
	}
	add("curie_map", prefixes)
	add("mapping_set_id", base+"/dossiers/"+s.Dossier.ID.String()+"/sssom")
	add("mapping_set_version", s.Options.Now.UTC().Format("2006-01-02T15:04:05Z"))
	add("mapping_set_title", oneLine(s.Dossier.Name))
	if described := s.notices(phrasesIn("en")); s.Round != nil {
		add("mapping_set_description", described)
	} else if s.demonstration() {
		add("mapping_set_description", "Demonstration: made on texts in our own words, not on the official wording.")
	}
	add("license", s.Options.License)
	if notes := caveatNotes(s.Reserved, onAll); len(notes) > 0 {
		add("comment", strings.Join(notes, " · "))
	}
	var defined []yaml.MapSlice
	for _, name := range sssomExtensions {
		defined = append(defined, yaml.MapSlice{{Key: "slot_name", Value: "ext_" + name}, {Key: "property", Value: "ext:" + name}, {Key: "type_hint", Value: "xsd:string"}})
	}
	add("extension_definitions", defined)
	return head
}

// usedStandards are the standards that clauses of the set belong to.
func (s Set) usedStandards() []corpus.StandardID {
	if s.used != nil {
		return s.used
	}
	var out []corpus.StandardID
	for _, i := range s.Items {
		for _, c := range append(slices.Clone(i.Sources), i.Targets...) {
			out = append(out, c.Standard)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// demonstration tells whether any text of the set is not the official one.
func (s Set) demonstration() bool {
	return slices.ContainsFunc(s.usedStandards(), func(id corpus.StandardID) bool { return s.Standards[id].Demonstration })
}
