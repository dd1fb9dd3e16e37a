package export

import (
	"bufio"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"concord/corpus"
	"concord/review"
)

// sssomSlots are the columns we write, in the order of the slots of the class
// "mapping" in SSSOM's schema; extensions follow, sorted by their property.
// Slots marked 1.1 are left out of a 1.0 file.
var sssomSlots = []struct {
	name      string
	since11   bool
	spreading bool // may stand once in the head when all rows agree
}{
	{name: "record_id", since11: true}, {name: "subject_id"}, {name: "subject_label"}, {name: "predicate_id"},
	{name: "predicate_modifier"}, {name: "object_id"}, {name: "object_label"}, {name: "mapping_justification"},
	{name: "author_label"}, {name: "subject_source", spreading: true}, {name: "subject_source_version", spreading: true},
	{name: "object_source", spreading: true}, {name: "object_source_version", spreading: true},
	{name: "mapping_cardinality"}, {name: "mapping_tool", spreading: true}, {name: "mapping_tool_version", spreading: true},
	{name: "mapping_date", spreading: true}, {name: "comment"},
	{name: "ext_conditions_a_to_b"}, {name: "ext_conditions_b_to_a"}, {name: "ext_decisions"}, {name: "ext_group"},
	{name: "ext_recognition_a_to_b"}, {name: "ext_recognition_b_to_a"}, {name: "ext_state"}, {name: "ext_strm"}, {name: "ext_text_versions"},
}

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
func SSSOM11(w io.Writer, s Set) error { return s.sssom(w, true) }

// SSSOM10 writes SSSOM/TSV 1.0: without record ids and version.
func SSSOM10(w io.Writer, s Set) error { return s.sssom(w, false) }

// sssom writes the head, then the header and the rows in order.
func (s Set) sssom(w io.Writer, v11 bool) error {
	var rows []map[string]string
	for _, i := range s.Items {
		rows = append(rows, s.sssomRows(i)...)
	}
	spread := spreading(rows)
	out := bufio.NewWriter(w)
	if err := s.sssomHead(out, rows, spread, v11); err != nil {
		return fmt.Errorf("write SSSOM: %w", err)
	}
	columns := usedColumns(rows, spread, v11)
	fmt.Fprintln(out, strings.Join(columns, "\t"))
	var lines []string
	for _, row := range rows {
		cells := make([]string, len(columns))
		for i, c := range columns {
			cells[i] = sssomCell(row[c])
		}
		lines = append(lines, strings.Join(cells, "\t"))
	}
	slices.Sort(lines)
	for _, line := range lines {
		fmt.Fprintln(out, line)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write SSSOM: %w", err)
	}
	return nil
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
		"ext_text_versions": string(a.ID) + "@" + string(i.Match.Digests[a.ID]),
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
	row["author_label"] = multi(authors)
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

// multi joins the values of a multi-valued slot.
func multi(values []string) string {
	var out []string
	for _, v := range values {
		out = append(out, strings.NewReplacer(`\`, `\\`, "|", `\|`).Replace(v))
	}
	return strings.Join(out, "|")
}

// prefix is the CURIE prefix of a standard's clauses.
func prefix(id corpus.StandardID) string { return strings.ReplaceAll(string(id), "-", "_") }

// curie names a clause; what a local part may not hold is percent-encoded.
func curie(c corpus.Clause) string {
	return prefix(c.Standard) + ":" + url.PathEscape(c.ID.Key())
}

func label(c corpus.Clause) string { return oneLine(c.Label + " " + c.Heading) }

// spreading finds the slots that may stand once in the head: those in which all
// rows have the same value.
func spreading(rows []map[string]string) map[string]string {
	out := map[string]string{}
	for _, slot := range sssomSlots {
		if !slot.spreading || len(rows) == 0 || rows[0][slot.name] == "" {
			continue
		}
		if !slices.ContainsFunc(rows, func(r map[string]string) bool { return r[slot.name] != rows[0][slot.name] }) {
			out[slot.name] = rows[0][slot.name]
		}
	}
	return out
}

// usedColumns are the slots that any row fills, required ones always.
func usedColumns(rows []map[string]string, spread map[string]string, v11 bool) []string {
	required := []string{"subject_id", "predicate_id", "object_id", "mapping_justification"}
	var out []string
	for _, slot := range sssomSlots {
		if slot.since11 && !v11 || spread[slot.name] != "" {
			continue
		}
		used := slices.ContainsFunc(rows, func(r map[string]string) bool { return r[slot.name] != "" })
		if used || slices.Contains(required, slot.name) {
			out = append(out, slot.name)
		}
	}
	return out
}

// sssomCell quotes a cell where it must.
func sssomCell(s string) string {
	s = oneLine(s)
	if strings.Contains(s, `"`) {
		return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	return s
}

// sssomHead writes the metadata block in the order of the schema's slots.
func (s Set) sssomHead(w io.Writer, rows []map[string]string, spread map[string]string, v11 bool) error {
	base := s.Options.BaseURI
	prefixes := yaml.MapSlice{{Key: "ext", Value: base + "/ns#"}, {Key: "rec", Value: base + "/matches/"}, {Key: "std", Value: base + "/standards/"}}
	if !v11 {
		prefixes = slices.DeleteFunc(prefixes, func(p yaml.MapItem) bool { return p.Key == "rec" })
	}
	for _, id := range s.usedStandards() {
		prefixes = append(prefixes, yaml.MapItem{Key: prefix(id), Value: base + "/standards/" + string(id) + "/clauses/"})
	}
	slices.SortFunc(prefixes, func(a, b yaml.MapItem) int { return strings.Compare(a.Key.(string), b.Key.(string)) })
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
	for _, slot := range sssomSlots {
		if v := spread[slot.name]; v != "" {
			add(slot.name, v)
		}
	}
	if defined := extensions(usedColumns(rows, spread, v11)); len(defined) > 0 {
		add("extension_definitions", defined)
	}
	body, err := yaml.Marshal(head)
	if err != nil {
		return err
	}
	for _, line := range strings.Split(strings.TrimRight(string(body), "\n"), "\n") {
		fmt.Fprintln(w, "#"+line)
	}
	return nil
}

// extensions declares the columns that are ours.
func extensions(columns []string) []yaml.MapSlice {
	var out []yaml.MapSlice
	for _, c := range columns {
		if name, ours := strings.CutPrefix(c, "ext_"); ours {
			out = append(out, yaml.MapSlice{{Key: "slot_name", Value: c}, {Key: "property", Value: "ext:" + name}, {Key: "type_hint", Value: "xsd:string"}})
		}
	}
	return out
}

// usedStandards are the standards that clauses of the set belong to.
func (s Set) usedStandards() []corpus.StandardID {
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
