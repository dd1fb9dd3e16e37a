package exchange

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"concord/corpus"
)

// sssomSlot is a column of a mapping.
type sssomSlot struct {
	name      string
	since11   bool // not in 1.0
	spreading bool // may stand once in the head when all rows agree ("propagatable")
}

// sssomSlots are the slots of the class "mapping" in the order of SSSOM's schema;
// extensions follow, sorted by their property.
var sssomSlots = []sssomSlot{
	{name: "record_id", since11: true}, {name: "subject_id"}, {name: "subject_label"}, {name: "subject_category"}, {name: "predicate_id"},
	{name: "predicate_label"}, {name: "predicate_modifier"}, {name: "object_id"}, {name: "object_label"}, {name: "object_category"},
	{name: "mapping_justification"}, {name: "author_id"}, {name: "author_label"}, {name: "reviewer_id"}, {name: "reviewer_label"},
	{name: "creator_id"}, {name: "creator_label"}, {name: "license"}, {name: "subject_type", spreading: true}, {name: "subject_source", spreading: true},
	{name: "subject_source_version", spreading: true}, {name: "object_type", spreading: true}, {name: "object_source", spreading: true},
	{name: "object_source_version", spreading: true}, {name: "predicate_type", since11: true, spreading: true}, {name: "mapping_provider", spreading: true},
	{name: "mapping_source"}, {name: "mapping_cardinality"}, {name: "cardinality_scope", since11: true, spreading: true}, {name: "mapping_tool", spreading: true},
	{name: "mapping_tool_id", since11: true, spreading: true}, {name: "mapping_tool_version", spreading: true}, {name: "mapping_date", spreading: true},
	{name: "publication_date"}, {name: "review_date", since11: true}, {name: "confidence"}, {name: "reviewer_agreement", since11: true},
	{name: "curation_rule", spreading: true}, {name: "curation_rule_text", spreading: true}, {name: "subject_match_field", spreading: true},
	{name: "object_match_field", spreading: true}, {name: "match_string"}, {name: "subject_preprocessing", spreading: true},
	{name: "object_preprocessing", spreading: true}, {name: "similarity_score"}, {name: "similarity_measure", spreading: true}, {name: "see_also"},
	{name: "issue_tracker_item"}, {name: "other"}, {name: "comment"},
}

// sssomHead are the slots of a mapping set in the order of the schema; a slot that
// spreads follows them.
var sssomHead = []string{
	"sssom_version", "curie_map", "mapping_set_id", "mapping_set_version", "mapping_set_source", "mapping_set_title", "mapping_set_description",
	"mapping_set_confidence", "creator_id", "creator_label", "license",
}

// sssomHeadTail follows the spreading slots.
var sssomHeadTail = []string{"publication_date", "see_also", "issue_tracker", "other", "comment", "extension_definitions"}

// sssomRequired are the columns that always stand.
var sssomRequired = []string{"subject_id", "predicate_id", "object_id", "mapping_justification"}

// SSSOM is a file of SSSOM/TSV. Rows hold every slot, also those that stand once
// in the file's head: they are spread when it is read, and condensed when it is
// written.
type SSSOM struct {
	V11  bool
	Head yaml.MapSlice // without the slots of rows
	Rows []map[string]string
}

// Write writes the canonical form: the head in the order of the schema, the
// columns that any row fills, the rows sorted.
func (d SSSOM) Write(w io.Writer) error {
	return d.WriteRows(w, func(each func(map[string]string)) error {
		for _, row := range d.Rows {
			each(row)
		}
		return nil
	})
}

// WriteRows is Write of rows that are handed over one by one, each of which is held as
// one line.
func (d SSSOM) WriteRows(w io.Writer, rows func(each func(map[string]string)) error) error {
	p := sssomPacked{at: map[string]int{}}
	if err := rows(p.add); err != nil {
		return err
	}
	spread := p.spread(d.V11)
	columns := d.columns(spread, p.used)
	out := bufio.NewWriter(w)
	if err := d.writeHead(out, columns, spread); err != nil {
		return fmt.Errorf("write SSSOM: %w", err)
	}
	fmt.Fprintln(out, strings.Join(columns, "\t"))
	p.project(columns)
	slices.Sort(p.lines)
	for _, line := range p.lines {
		fmt.Fprintln(out, line)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write SSSOM: %w", err)
	}
	return nil
}

// sssomPacked are rows, a line each, with their cells in the order in which the slots
// came up.
type sssomPacked struct {
	names  []string
	at     map[string]int // places in names
	lines  []string
	first  map[string]string
	varies []bool // not every row has the value of the first
	used   map[string]bool
}

// add packs a row.
func (p *sssomPacked) add(row map[string]string) {
	if p.first == nil {
		p.first, p.used = row, map[string]bool{}
	}
	for name, value := range row {
		if _, known := p.at[name]; !known {
			p.at[name] = len(p.names)
			p.names, p.varies = append(p.names, name), append(p.varies, false)
		}
		p.used[name] = p.used[name] || value != ""
	}
	cells := make([]string, len(p.names))
	for n, name := range p.names {
		cells[n] = sssomCell(row[name])
		p.varies[n] = p.varies[n] || row[name] != p.first[name]
	}
	p.lines = append(p.lines, strings.Join(cells, "\t"))
}

// spread finds the slots that may stand once in the head: those in which all rows
// have the same value.
func (p *sssomPacked) spread(v11 bool) map[string]string {
	out := map[string]string{}
	for _, slot := range sssomSlots {
		if !slot.spreading || slot.since11 && !v11 || p.first[slot.name] == "" {
			continue
		}
		if !p.varies[p.at[slot.name]] {
			out[slot.name] = OneLine(p.first[slot.name])
		}
	}
	return out
}

// project leaves of every line the cells of some columns, in their order.
func (p *sssomPacked) project(columns []string) {
	cells := make([]string, len(columns))
	for n, line := range p.lines {
		all := strings.Split(line, "\t") // no cell holds one
		for i, c := range columns {
			cells[i] = ""
			if at, known := p.at[c]; known && at < len(all) {
				cells[i] = all[at]
			}
		}
		p.lines[n] = strings.Join(cells, "\t")
	}
}

// columns are the slots that any row fills, required ones always, then our own and
// other extensions.
func (d SSSOM) columns(spread map[string]string, used map[string]bool) []string {
	var out []string
	for _, slot := range sssomSlots {
		if slot.since11 && !d.V11 || spread[slot.name] != "" {
			continue
		}
		if used[slot.name] || slices.Contains(sssomRequired, slot.name) {
			out = append(out, slot.name)
		}
	}
	properties := d.properties()
	var own []string
	for name := range used {
		if used[name] && !slices.ContainsFunc(sssomSlots, func(s sssomSlot) bool { return s.name == name }) {
			own = append(own, name)
		}
	}
	corpus.SortRows(own, func(a, b string) int {
		if c := strings.Compare(properties[a], properties[b]); c != 0 {
			return c
		}
		return strings.Compare(a, b)
	})
	return append(out, own...)
}

// properties are the properties of declared extensions by slot name.
func (d SSSOM) properties() map[string]string {
	out := map[string]string{}
	for _, defined := range extensionsOf(d.Head) {
		out[textOf(valueOf(defined, "slot_name"))] = textOf(valueOf(defined, "property"))
	}
	return out
}

// extensionsOf are the declared extensions of a head.
func extensionsOf(head yaml.MapSlice) []yaml.MapSlice {
	var out []yaml.MapSlice
	switch list := valueOf(head, "extension_definitions").(type) {
	case []yaml.MapSlice:
		return list
	case []any:
		for _, v := range list {
			if m, is := v.(yaml.MapSlice); is {
				out = append(out, m)
			}
		}
	}
	return out
}

// sssomCell quotes a cell where it must.
func sssomCell(s string) string {
	s = OneLine(s)
	if strings.Contains(s, `"`) {
		return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	return s
}

// writeHead writes the metadata block in the order of the schema's slots, with the
// extensions that are used.
func (d SSSOM) writeHead(w io.Writer, columns []string, spread map[string]string) error {
	head := yaml.MapSlice{}
	take := func(names []string) {
		for _, name := range names {
			if v := valueOf(d.Head, name); v != nil && name != "extension_definitions" {
				head = append(head, yaml.MapItem{Key: name, Value: v})
			}
		}
	}
	take(sssomHead)
	for _, slot := range sssomSlots {
		if v := spread[slot.name]; v != "" {
			head = append(head, yaml.MapItem{Key: slot.name, Value: v})
		}
	}
	take(sssomHeadTail)
	var defined []yaml.MapSlice
	for _, e := range extensionsOf(d.Head) {
		if slices.Contains(columns, textOf(valueOf(e, "slot_name"))) {
			defined = append(defined, e)
		}
	}
	if len(defined) > 0 {
		head = append(head, yaml.MapItem{Key: "extension_definitions", Value: defined})
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

// valueOf is the value of a key, nil when there is none.
func valueOf(m yaml.MapSlice, key string) any {
	for _, item := range m {
		if item.Key == key {
			return item.Value
		}
	}
	return nil
}

// textOf is a scalar as text, "" for anything else.
func textOf(v any) string {
	switch v.(type) {
	case nil, yaml.MapSlice, []any, []yaml.MapSlice:
		return ""
	}
	return fmt.Sprint(v)
}

// Multi joins the values of a multi-valued slot.
func Multi(values []string) string {
	var out []string
	for _, v := range values {
		out = append(out, strings.NewReplacer(`\`, `\\`, "|", `\|`).Replace(v))
	}
	return strings.Join(out, "|")
}

// sssomPredicates is what predicates say of requirements; skos:broadMatch says
// that the object is the broader one. Those beyond SKOS are read alone.
var sssomPredicates = map[string]corpus.Relation{
	"skos:exactMatch": corpus.RelationEquivalent, "skos:broadMatch": corpus.RelationSubset, "skos:narrowMatch": corpus.RelationSuperset,
	"skos:closeMatch": corpus.RelationOverlap, "skos:relatedMatch": corpus.RelationOverlap,
	"owl:sameAs": corpus.RelationIdentical, "owl:equivalentClass": corpus.RelationEquivalent, "owl:equivalentProperty": corpus.RelationEquivalent,
	"rdfs:subClassOf": corpus.RelationSubset, "rdfs:subPropertyOf": corpus.RelationSubset,
}

// sssomJustifications are the justifications that the schema's pattern allows.
var sssomJustifications = []string{
	"MappingReview", "ManualMappingCuration", "LogicalReasoning", "LexicalMatching", "CompositeMatching", "UnspecifiedMatching",
	"SemanticSimilarityThresholdMatching", "LexicalSimilarityThresholdMatching", "MappingChaining", "MappingInversion", "StructuralMatching",
	"InstanceBasedMatching", "BackgroundKnowledgeBasedMatching",
}
