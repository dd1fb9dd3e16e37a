package web

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"

	"concord/corpus"
	"concord/corpus/termbase"
	"concord/review"
)

// recProperty is something that can be asked of an entity.
type recProperty struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	of          []string
	entities    string // type of the values, "" for texts and numbers
}

// recProperties is the table of properties; recValues.of has a case for each.
var recProperties = []recProperty{
	{ID: "designation", Name: "Designation", Description: "number of the standard as printed", of: []string{recStandard, recClause}},
	{ID: "title", Name: "Title", Description: "title of the standard", of: []string{recStandard, recClause}},
	{ID: "jurisdiction", Name: "Jurisdiction", Description: "country or organisation, as a code", of: []string{recStandard, recClause}},
	{ID: "language", Name: "Language", Description: "of the text, of all terms for a concept, as tags (BCP 47)", of: []string{recStandard, recClause, recTerm}},
	{ID: "edition", Name: "Edition", of: []string{recStandard, recClause}},
	{ID: "status", Name: "Status", Description: "in force, superseded, withdrawn, draft", of: []string{recStandard, recClause}},
	{ID: "standard", Name: "Standard", Description: "that a clause stands in", of: []string{recClause}, entities: recStandard},
	{ID: "label", Name: "Number", Description: "number of the clause as printed", of: []string{recClause}},
	{ID: "heading", Name: "Heading", of: []string{recClause}},
	{ID: "text", Name: "Text", Description: "as far as the publisher's rights let it be shown", of: []string{recClause}},
	{ID: "obligation", Name: "Obligation", Description: "the strongest one of a text that may be shown whole", of: []string{recClause}},
	{ID: "equivalent-count", Name: "Number of agreed equivalents", of: []string{recClause}},
	{ID: "equivalents", Name: "Agreed equivalents", Description: "clauses of other standards that reviewers agreed on, whatever the relation", of: []string{recClause}, entities: recClause},
	{ID: "term", Name: "Term", Description: "names of the concept in all languages", of: []string{recTerm}},
	{ID: "definition", Name: "Definition", of: []string{recTerm}},
}

// recPropertyOf is the property with an id.
func recPropertyOf(id string) (recProperty, bool) {
	i := slices.IndexFunc(recProperties, func(p recProperty) bool { return p.ID == id })
	if i < 0 {
		return recProperty{}, false
	}
	return recProperties[i], true
}

// recValue is a value: a text, a number or an entity. Language and direction are
// said in 1.0 only, whose schema knows them.
type recValue struct {
	ID       string          `json:"id,omitempty"`
	Name     string          `json:"name,omitempty"`
	Text     string          `json:"str,omitempty"`
	Number   *int            `json:"int,omitempty"`
	Language corpus.Language `json:"lang,omitempty"`
	Dir      string          `json:"dir,omitempty"`
}

// recText is a text as a value, none when it is empty.
func recText(text string, lang corpus.Language) []recValue {
	if text == "" {
		return nil
	}
	return []recValue{{Text: text, Language: lang}}
}

// recValues reads the values of properties.
type recValues struct {
	desk  *recDesk
	equal map[string][]recValue // agreed equivalents, by clause
}

func (d *recDesk) values() *recValues { return &recValues{desk: d, equal: map[string][]recValue{}} }

// prepare reads at once what the properties of entities need from the records.
func (v *recValues) prepare(entities []*recEntity, properties []string) error {
	if !slices.Contains(properties, "equivalents") && !slices.Contains(properties, "equivalent-count") {
		return nil
	}
	var ids []corpus.ClauseID
	for _, e := range entities {
		if e.kind == recClause {
			ids = append(ids, corpus.ClauseID(e.id))
		}
	}
	if len(ids) == 0 {
		return nil
	}
	matches, err := v.desk.s.store.Equivalents(v.desk.ctx, ids...)
	if err != nil {
		return err
	}
	other := map[string][]string{}
	var wanted []string
	for _, id := range ids {
		for _, m := range matches[id] {
			for _, o := range recAgreed(m, id) {
				if !slices.Contains(other[string(id)], string(o)) {
					other[string(id)] = append(other[string(id)], string(o))
					wanted = append(wanted, string(o))
				}
			}
		}
	}
	named, err := v.desk.entities(distinct(wanted))
	if err != nil {
		return err
	}
	for id, list := range other {
		for _, o := range list {
			if e, there := named[o]; there { // else gone, or not for this caller
				v.equal[id] = append(v.equal[id], recValue{ID: e.id, Name: e.name, Language: e.lang})
			}
		}
	}
	return nil
}

// recAgreed are the clauses that an agreed match relates to one of its clauses:
// none while it is not settled, was answered with no relation, or was decided on
// a text that has changed since.
func recAgreed(m review.Match, id corpus.ClauseID) []corpus.ClauseID {
	m = review.Shown(m, review.Person{})
	if m.State != review.StateConfirmed || m.Suspect || m.Outcome == nil || m.Outcome.Verdict == review.Verdict(corpus.RelationNone) {
		return nil
	}
	if slices.Contains(m.Sources, id) {
		return m.Targets
	}
	return m.Sources
}

// of are the values of a property, none where the entity has no such property.
func (v *recValues) of(e *recEntity, property string) []recValue {
	p, known := recPropertyOf(property)
	if !known || !slices.Contains(p.of, e.kind) {
		return nil
	}
	s, c := e.standard, &e.clause
	switch property {
	case "designation":
		return recText(s.Designation, "")
	case "title":
		title := s.Title(v.desk.lang)
		return recText(title.Text, title.Language)
	case "jurisdiction":
		return recText(string(s.Jurisdiction), "")
	case "language":
		if e.kind != recTerm {
			return recText(string(s.Language), "")
		}
		var out []recValue
		for _, l := range e.term.Languages() {
			out = append(out, recText(string(l), "")...)
		}
		return out
	case "edition":
		return recText(s.Edition, "")
	case "status":
		return recText(string(s.Status), "")
	case "standard":
		return []recValue{{ID: string(s.ID), Name: s.Designation, Language: s.Language}}
	case "label":
		return recText(c.Label, c.Language)
	case "heading":
		return recText(c.Heading, c.Language)
	case "text":
		return recText(c.Text, c.Language)
	case "obligation":
		if !e.whole || v.desk.s.read == nil {
			return nil
		}
		return recText(string(strongest(v.desk.s.read.Read(*c, s.Tradition))), "")
	case "equivalent-count":
		n := len(v.equal[e.id])
		return []recValue{{Number: &n}}
	case "equivalents":
		return v.equal[e.id]
	case "term":
		var out []recValue
		for _, t := range e.term.Terms {
			if t.Status == termbase.Preferred || t.Status == termbase.Admitted {
				out = append(out, recText(t.Text, t.Language)...)
			}
		}
		return out
	case "definition":
		var out []recValue
		for _, d := range e.term.Definitions {
			out = append(out, recText(d.Text, d.Language)...)
		}
		return out
	}
	return nil
}

// meets tells whether an entity meets a condition. What is no property here says
// nothing, unless it is required.
func (v *recValues) meets(e *recEntity, cond recCondition) bool {
	if _, known := recPropertyOf(cond.property); !known {
		return !cond.required
	}
	have := v.of(e, cond.property)
	has := func(want string) bool {
		return slices.ContainsFunc(have, func(h recValue) bool { return h.is(cond.property, want) })
	}
	if cond.not {
		return !slices.ContainsFunc(cond.values, has)
	}
	if cond.all {
		return !slices.ContainsFunc(cond.values, func(want string) bool { return !has(want) })
	}
	return slices.ContainsFunc(cond.values, has)
}

// is compares a value with what is wanted.
func (h recValue) is(property, want string) bool {
	if property == "designation" {
		a, failed := corpus.ParseDesignation(h.Text)
		b, bad := corpus.ParseDesignation(want)
		if failed == nil && bad == nil {
			return a.Same(b)
		}
	}
	if h.Number != nil {
		return strconv.Itoa(*h.Number) == want
	}
	for _, have := range given([]string{h.ID, h.Name, h.Text}) {
		if recFold(have) == recFold(want) {
			return true
		}
	}
	return false
}

// recExtension is what is asked of entities.
type recExtension struct {
	IDs        []string `json:"ids"`
	Properties []struct {
		ID string `json:"id"`
	} `json:"properties"`
}

// recColumn says what a column of the answer is.
type recColumn struct {
	ID   string   `json:"id"`
	Name string   `json:"name"`
	Type *recType `json:"type,omitempty"`
}

// extended reads the values, by row and then by column.
func (s *Server) extended(c *recCall, x recExtension) ([]recColumn, [][][]recValue, error) {
	if len(x.Properties) > recMostProps {
		return nil, nil, fmt.Errorf("%d properties are asked for, at most %d are given: %w", len(x.Properties), recMostProps, corpus.ErrLimit)
	}
	if err := s.recBatchOf(c, len(x.IDs)); err != nil {
		return nil, nil, err
	}
	columns, names := []recColumn{}, []string{}
	for _, p := range x.Properties {
		known, there := recPropertyOf(p.ID)
		if !there {
			return nil, nil, fmt.Errorf("there is no property %q: %w", clip(p.ID, 40), corpus.ErrInvalid)
		}
		column := recColumn{ID: known.ID}
		column.Name, _ = c.named(known.ID, known.Name, "")
		if known.entities != "" {
			t := c.typeOf(known.entities)
			column.Type = &t
		}
		columns, names = append(columns, column), append(names, known.ID)
	}
	for _, id := range x.IDs {
		if utf8.RuneCountInString(id) > recMostText {
			return nil, nil, fmt.Errorf("an id has more than %d characters: %w", recMostText, corpus.ErrLimit)
		}
	}
	desk, err := s.recDesk(c)
	if err != nil {
		return nil, nil, err
	}
	byID, err := desk.entities(distinct(slices.Clone(x.IDs)))
	if err != nil {
		return nil, nil, err
	}
	var all []*recEntity
	for _, id := range x.IDs {
		if e, there := byID[id]; there {
			all = append(all, e)
		}
	}
	values := desk.values()
	if err := values.prepare(all, names); err != nil {
		return nil, nil, err
	}
	var rows [][][]recValue
	for _, id := range x.IDs {
		row := make([][]recValue, len(names))
		for i, name := range names {
			row[i] = []recValue{}
			if e, there := byID[id]; there {
				row[i] = append(row[i], values.of(e, name)...)
			}
			for j := range row[i] {
				row[i][j] = row[i][j].in(c.version)
			}
		}
		rows = append(rows, row)
	}
	return columns, rows, nil
}

// in is the value as a version of the specification writes it.
func (h recValue) in(version string) recValue {
	if version == rec02 {
		h.Language, h.Dir = "", ""
	} else if h.Language != "" {
		h.Dir = direction(h.Language)
	}
	return h
}

// rec02Extend answers properties of entities, rows by id.
func (s *Server) rec02Extend(c *recCall, text string) (any, error) {
	if err := s.recAdmit(c, review.ScopeRead, 1); err != nil {
		return nil, err
	}
	var x recExtension
	if err := json.Unmarshal([]byte(text), &x); err != nil {
		return nil, fmt.Errorf("extend is not an object of ids and properties: %w", corpus.ErrInvalid)
	}
	columns, rows, err := s.extended(c, x)
	if err != nil {
		return nil, err
	}
	out := map[string]map[string][]recValue{}
	for i, id := range x.IDs {
		out[id] = map[string][]recValue{}
		for j, column := range columns {
			out[id][column.ID] = rows[i][j]
		}
	}
	return map[string]any{"meta": columns, "rows": out}, nil
}

// rec10Cell is the values of one property of one row.
type rec10Cell struct {
	ID     string     `json:"id"`
	Values []recValue `json:"values"`
}

// rec10Row is a row of 1.0.
type rec10Row struct {
	ID         string      `json:"id"`
	Properties []rec10Cell `json:"properties"`
}

// rec10Extend answers properties of entities, rows in order.
func (s *Server) rec10Extend(c *recCall) (any, error) {
	var x recExtension
	if err := recBody(c, &x); err != nil {
		return nil, err
	}
	columns, rows, err := s.extended(c, x)
	if err != nil {
		return nil, err
	}
	out := []rec10Row{}
	for i, id := range x.IDs {
		row := rec10Row{ID: id, Properties: []rec10Cell{}}
		for j, column := range columns {
			row.Properties = append(row.Properties, rec10Cell{column.ID, rows[i][j]})
		}
		out = append(out, row)
	}
	return map[string]any{"meta": columns, "rows": out}, nil
}

// recPropose answers the properties that entities of a type have.
func (s *Server) recPropose(c *recCall) (any, error) {
	kind := recKnown(c.echo.QueryParam("type"))
	limit, err := recNumber(c, "limit", len(recProperties), len(recProperties))
	if err != nil {
		return nil, err
	}
	out := []recProperty{}
	for _, p := range recProperties {
		if len(out) < limit && (kind == "" || slices.Contains(p.of, kind)) {
			p.Name, p.Description = c.named(p.ID, p.Name, p.Description)
			out = append(out, p)
		}
	}
	answer := map[string]any{"properties": out}
	if kind != "" {
		answer["type"] = clip(kind, 40)
	}
	return answer, nil
}
