package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"

	"concord/corpus"
	"concord/review"
)

// JSKOSMapping is a concept mapping of JSKOS (https://gbv.github.io/jskos/, the
// format of coli-conc and Cocoda): all concepts of one side together are related to
// all of the other. A target without members says that there is none in ToScheme.
type JSKOSMapping struct {
	URI              string              `json:"uri,omitempty"`
	Identifier       []string            `json:"identifier,omitempty"`
	Type             []string            `json:"type,omitempty"`
	Created          string              `json:"created,omitempty"`
	Issued           string              `json:"issued,omitempty"`
	PartOf           []JSKOSItem         `json:"partOf,omitempty"`
	Creator          []JSKOSItem         `json:"creator,omitempty"`
	FromScheme       *JSKOSItem          `json:"fromScheme,omitempty"`
	From             JSKOSBundle         `json:"from"`
	ToScheme         *JSKOSItem          `json:"toScheme,omitempty"`
	To               JSKOSBundle         `json:"to"`
	MappingRelevance float64             `json:"mappingRelevance,omitempty"`
	Justification    string              `json:"justification,omitempty"`
	Note             map[string][]string `json:"note,omitempty"`
	EditorialNote    map[string][]string `json:"editorialNote,omitempty"`
	// Verdict is ours: SKOS has one relation for identical and equivalent. JSKOS
	// leaves names of capital letters to applications.
	Verdict review.Verdict `json:"VERDICT,omitempty"`
}

// JSKOSItem is a concept, a scheme or anything else with a name.
type JSKOSItem struct {
	URI       string              `json:"uri,omitempty"`
	Notation  []string            `json:"notation,omitempty"`
	PrefLabel map[string]string   `json:"prefLabel,omitempty"`
	InScheme  []JSKOSItem         `json:"inScheme,omitempty"`
	Note      map[string][]string `json:"note,omitempty"`
}

// JSKOSBundle are the concepts of one side; only one of the lists is there.
type JSKOSBundle struct {
	MemberSet    []JSKOSItem `json:"memberSet"`
	MemberList   []JSKOSItem `json:"memberList,omitempty"`
	MemberChoice []JSKOSItem `json:"memberChoice,omitempty"`
}

// JSKOSTypes are the SKOS relations of the verdicts, read from A to B: what asks
// less than B has B as its broader match.
var JSKOSTypes = map[review.Verdict]string{
	review.Verdict(corpus.RelationIdentical):  skosCore + "exactMatch",
	review.Verdict(corpus.RelationEquivalent): skosCore + "exactMatch",
	review.Verdict(corpus.RelationSubset):     skosCore + "broadMatch",
	review.Verdict(corpus.RelationSuperset):   skosCore + "narrowMatch",
	review.Verdict(corpus.RelationOverlap):    skosCore + "closeMatch",
	review.VerdictNoCounterpart:               skosCore + "mappingRelation",
}

const skosCore = "http://www.w3.org/2004/02/skos/core#"

// JSKOS is a list of mappings, written one to a line (NDJSON).
type JSKOS struct{ Mappings []JSKOSMapping }

// Write writes the mappings.
func (j JSKOS) Write(w io.Writer) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	for n, m := range j.Mappings {
		if err := out.Encode(m); err != nil {
			return fmt.Errorf("write JSKOS: mapping %d: %w", n+1, err)
		}
	}
	return nil
}

// jskosLines is a file as it was read, with the fields that we have no name for.
type jskosLines []json.RawMessage

// Write writes the mappings one to a line.
func (j jskosLines) Write(w io.Writer) error {
	var out bytes.Buffer
	for n, line := range j {
		if err := json.Compact(&out, line); err != nil {
			return fmt.Errorf("write JSKOS: mapping %d: %w", n+1, err)
		}
		out.WriteByte('\n')
	}
	if _, err := w.Write(out.Bytes()); err != nil {
		return fmt.Errorf("write JSKOS: %w", err)
	}
	return nil
}

// readJSKOS reads mappings: a list, or one object after the other.
func (s *Set) readJSKOS(body []byte) error {
	s.Format = "jskos"
	if err := shallow(body); err != nil {
		return err
	}
	var lines jskosLines
	if bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("[")) {
		if err := readJSON(body, &lines); err != nil {
			return err
		}
	} else {
		d := json.NewDecoder(bytes.NewReader(body))
		for {
			var line json.RawMessage
			at := d.InputOffset()
			err := d.Decode(&line)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return fmt.Errorf("line %d: mapping %d is no JSON: %s: %w", lineAt(body, at), len(lines)+1, err.Error(), corpus.ErrInvalid)
			}
			lines = append(lines, line)
		}
	}
	if len(lines) > maxRows {
		return fmt.Errorf("it has %d mappings, at most %d are read: %w", len(lines), maxRows, corpus.ErrLimit)
	}
	for n, line := range lines {
		s.jskosMapping(fmt.Sprintf("mapping %d", n+1), line)
	}
	s.document = lines
	return nil
}

// jskosMapping reads one mapping. What cannot be understood is named and stays in
// the file.
func (s *Set) jskosMapping(place string, line json.RawMessage) {
	var m JSKOSMapping
	if err := json.Unmarshal(line, &m); err != nil {
		s.problem(place, "correct the field in the file", "it is no mapping of JSKOS: %s", shortened(err.Error()))
		return
	}
	row := review.ImportedRow{Place: place, Justification: m.Justification, Date: m.Created}
	if m.MappingRelevance >= 0 && m.MappingRelevance <= 1 {
		row.Confidence = m.MappingRelevance
	}
	var whole [2]bool
	row.Sources, whole[0] = m.From.refs(m.FromScheme)
	row.Targets, whole[1] = m.To.refs(m.ToScheme)
	switch {
	case !whole[0] || !whole[1]:
		s.problem(place, "make a mapping of each choice", "it offers concepts to choose from, it is left out")
		return
	case len(row.Sources) == 0:
		s.problem(place, "", "it maps from nothing, it is left out")
		return
	case len(row.Targets) == 0:
		row.Verdict, row.Against = review.VerdictNoCounterpart, m.ToScheme.name()
	default:
		row.Verdict = m.verdict()
		if row.Verdict == "" {
			s.problem(place, "give it one of the mapping relations of SKOS as type", "its type %q says no relation, it is left out", shortened(strings.Join(m.Type, " ")))
			return
		}
	}
	if len(m.Creator) > 0 {
		row.Author = m.Creator[0].label()
	}
	var notes []string
	for _, language := range slices.Sorted(maps.Keys(m.Note)) {
		notes = append(notes, m.Note[language]...)
	}
	row.Note = OneLine(strings.Join(notes, " "))
	s.Statements = append(s.Statements, row)
}

// verdict is what the types say, or ours where it agrees with them.
func (m JSKOSMapping) verdict() review.Verdict {
	if t, known := JSKOSTypes[m.Verdict]; known && m.Verdict != review.VerdictNoCounterpart && slices.Contains(m.Type, t) {
		return m.Verdict
	}
	for _, t := range m.Type {
		if r, known := sssomPredicates["skos:"+strings.TrimPrefix(t, skosCore)]; known && strings.HasPrefix(t, skosCore) {
			return review.Verdict(r)
		}
	}
	return ""
}

// refs names the members of a bundle; false when they are alternatives.
func (b JSKOSBundle) refs(scheme *JSKOSItem) (refs []review.Ref, together bool) {
	if len(b.MemberChoice) > 1 {
		return nil, false
	}
	for _, c := range slices.Concat(b.MemberSet, b.MemberList, b.MemberChoice) {
		refs = append(refs, c.ref(scheme))
	}
	return refs, true
}

// ref names a concept: by our own address of a clause, else by its notation, else
// by the end of its address.
func (i JSKOSItem) ref(scheme *JSKOSItem) review.Ref {
	r := review.Ref{Label: OneLine(strings.Join(i.Notation, " ") + " " + i.label())}
	if _, rest, ours := strings.Cut(i.URI, "/standards/"); ours {
		if id, key, clause := strings.Cut(rest, "/clauses/"); clause {
			if plain, err := url.PathUnescape(key); err == nil {
				r.Standard, r.Clause = id, plain
				return r
			}
		}
	}
	r.Standard = scheme.name()
	if r.Standard == "" && len(i.InScheme) > 0 {
		r.Standard = i.InScheme[0].name()
	}
	switch {
	case len(i.Notation) > 0:
		r.Clause = i.Notation[0]
	default:
		end := strings.TrimRight(i.URI, "/")
		r.Clause = end[strings.LastIndexAny(end, "/#")+1:]
	}
	return r
}

// name is how a scheme is called: its notation, else its address.
func (i *JSKOSItem) name() string {
	if i == nil {
		return ""
	}
	if _, id, ours := strings.Cut(i.URI, "/standards/"); ours && id != "" && !strings.Contains(id, "/") {
		return id
	}
	if len(i.Notation) > 0 {
		return i.Notation[0]
	}
	return i.URI
}

// label is the preferred label of the first language.
func (i JSKOSItem) label() string {
	for _, language := range slices.Sorted(maps.Keys(i.PrefLabel)) {
		return i.PrefLabel[language]
	}
	return ""
}
