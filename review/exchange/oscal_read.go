package exchange

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"concord/corpus"
	"concord/review"
)

// The values of OSCAL's closed lists, with what others write for them (INTEROP.md
// 2.2: trestle's own examples have "manual" and "published").
var (
	oscalMethods    = map[string]string{"human": "human", "automation": "automation", "hybrid": "hybrid", "manual": "human", "automated": "automation"}
	oscalRationales = map[string]string{"syntactic": "syntactic", "semantic": "semantic", "functional": "functional"}
	oscalStatuses   = map[string]string{"complete": "complete", "not-complete": "not-complete", "draft": "draft", "deprecated": "deprecated", "superseded": "superseded", "published": "complete"}
)

// readOSCAL reads a mapping collection in JSON.
func (s *Set) readOSCAL(body []byte) error {
	s.Format = "oscal"
	var file OSCALFile
	if err := readJSON(body, &file); err != nil {
		return err
	}
	c := &file.Collection
	if c.UUID == "" && len(c.Mappings) == 0 {
		return fmt.Errorf("it is JSON, but no OSCAL mapping collection: %w", corpus.ErrInvalid)
	}
	for _, name := range slices.Compact(unknownFields(body, reflect.TypeFor[OSCALFile](), "")) {
		s.problem("field "+name, "keep what it says in props with a ns of your own", "OSCAL has no such field, it is not written again")
	}
	s.Name, s.Title, s.Version, s.Date = c.UUID, c.Metadata.Title, c.Metadata.Version, c.Metadata.LastModified
	s.Method = strings.TrimSpace(c.Provenance.Method + " " + c.Provenance.Rationale)
	for _, p := range c.Metadata.Parties {
		s.Authors = append(s.Authors, p.Name)
	}
	s.listed("provenance", "method", &c.Provenance.Method, oscalMethods)
	s.listed("provenance", "matching-rationale", &c.Provenance.Rationale, oscalRationales)
	s.listed("provenance", "status", &c.Provenance.Status, oscalStatuses)
	for n := range c.Mappings {
		if err := s.oscalMapping(&c.Mappings[n], c.BackMatter, c.Provenance); err != nil {
			return err
		}
	}
	s.document = file
	return nil
}

// listed sees to a value of a closed list: a wrong one is named and, where one is
// needed, kept as it is.
func (s *Set) listed(place, field string, value *string, allowed map[string]string) {
	if *value == "" {
		return
	}
	right, known := allowed[*value]
	switch {
	case !known:
		s.problem(place, "", "%s is %q, which OSCAL does not have", field, shortened(*value))
	case right != *value:
		s.problem(place, "", "%s is %q, read as %q", field, *value, right)
		*value = right
	}
}

// oscalMapping reads the maps and the gaps of one pair of resources.
func (s *Set) oscalMapping(m *OSCALMapping, back *OSCALBackMatter, p OSCALProvenance) error {
	source, target := resourceName(m.Source, back), resourceName(m.Target, back)
	place := "mapping " + m.UUID
	s.listed(place, "method", &m.Method, oscalMethods)
	s.listed(place, "matching-rationale", &m.Rationale, oscalRationales)
	s.listed(place, "status", &m.Status, oscalStatuses)
	kept := m.Maps[:0:0]
	for _, x := range m.Maps {
		if len(s.Statements) >= maxRows {
			return fmt.Errorf("a mapping has at most %d rows: %w", maxRows, corpus.ErrLimit)
		}
		place := "map " + x.UUID
		verdict, known := oscalVerdicts()[x.Relationship]
		if !known {
			s.say(unknownRelation(place, string(x.Relationship)))
			continue
		}
		if len(x.Sources) == 0 || len(x.Targets) == 0 {
			s.say(sideless(place))
			continue
		}
		s.listed(place, "matching-rationale", &x.Rationale, oscalRationales)
		kept = append(kept, x)
		s.Statements = append(s.Statements, review.ImportedRow{Place: place, Sources: oscalRefs(x.Sources, source), Targets: oscalRefs(x.Targets, target), Verdict: verdict,
			Confidence: oscalConfidence(x.Confidence), Justification: strings.TrimSpace(orElse(m.Method, p.Method) + " " + orElse(x.Rationale, orElse(m.Rationale, p.Rationale))), Note: x.Remarks})
	}
	m.Maps = kept
	s.oscalGaps(m.SourceGaps, source, target)
	s.oscalGaps(m.TargetGaps, target, source)
	return nil
}

// oscalGaps are statements that controls have no counterpart.
func (s *Set) oscalGaps(g *OSCALGaps, of, against string) {
	if g == nil {
		return
	}
	for _, u := range g.Unmapped {
		if len(u.Matching) > 0 || u.Children == "yes" {
			s.problem("gap summary "+g.UUID, "name the controls one by one", "patterns and child controls are not resolved here, only the controls that are named")
		}
		for _, id := range u.IDs {
			if len(s.Statements) < maxRows {
				s.Statements = append(s.Statements, review.ImportedRow{Place: "gap summary " + g.UUID, Sources: []review.Ref{{Standard: of, Clause: id}}, Against: against, Verdict: review.VerdictNoCounterpart})
			}
		}
	}
}

func oscalRefs(items []OSCALItem, standard string) []review.Ref {
	var out []review.Ref
	for _, i := range items {
		out = append(out, review.Ref{Standard: standard, Clause: i.IDRef})
	}
	return out
}

// oscalVerdicts is the table of relationships read backwards.
func oscalVerdicts() map[OSCALRelation]review.Verdict {
	out := map[OSCALRelation]review.Verdict{}
	for relation, name := range OSCALRelations {
		out[name] = review.Verdict(relation)
	}
	return out
}

// oscalConfidence is a percentage from 0 to 1, 0 where a category or nothing is
// said.
func oscalConfidence(raw json.RawMessage) float64 {
	var score struct{ Percentage float64 }
	if len(raw) == 0 || json.Unmarshal(raw, &score) != nil || score.Percentage < 0 || score.Percentage > 1 {
		return 0
	}
	return score.Percentage
}

// resourceName is how a resource is called: the standard at an address of ours,
// else the title in the back matter, else the address.
func resourceName(r OSCALResource, back *OSCALBackMatter) string {
	id, inside := strings.CutPrefix(r.Href, "#")
	if !inside || back == nil {
		return expand(r.Href, nil)
	}
	for _, x := range back.Resources {
		if x.UUID != id {
			continue
		}
		for _, link := range x.Rlinks {
			if name := expand(link.Href, nil); name != link.Href {
				return name
			}
		}
		return x.Title
	}
	return r.Href
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// maxDepth bounds how deep JSON may be nested.
const maxDepth = 512

// readJSON reads JSON that is not too deep; what is wrong with it is said with its line.
func readJSON(body []byte, into any) error {
	if err := shallow(body); err != nil {
		return err
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("%s: %w", jsonFault(body, err), corpus.ErrInvalid)
	}
	return nil
}

// shallow refuses JSON that is nested deeper than allowed.
func shallow(body []byte) error {
	if at := tooDeep(body, maxDepth); at > 0 {
		return fmt.Errorf("line %d: it is nested more than %d deep: %w", lineAt(body, int64(at)), maxDepth, corpus.ErrLimit)
	}
	return nil
}

// tooDeep is where JSON is nested deeper than allowed, 0 when nowhere.
func tooDeep(body []byte, most int) int {
	depth, quoted, escaped := 0, false, false
	for n, c := range body {
		switch {
		case escaped:
			escaped = false
		case quoted && c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
		case !quoted && (c == '{' || c == '['):
			if depth++; depth > most {
				return n
			}
		case !quoted && (c == '}' || c == ']'):
			depth--
		}
	}
	return 0
}

// lineAt is the line of an offset.
func lineAt(body []byte, offset int64) int {
	return 1 + strings.Count(string(body[:min(int(offset), len(body))]), "\n")
}

// jsonFault says where JSON is wrong.
func jsonFault(body []byte, err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Sprintf("line %d: it is not JSON, %s", lineAt(body, syntax.Offset), syntax)
	case errors.As(err, &kind):
		return fmt.Sprintf("line %d: %s is a JSON %s", lineAt(body, kind.Offset), kind.Field, kind.Value)
	}
	return err.Error()
}

// unknownFields lists the fields of JSON objects that a type does not have, by
// their path, each once.
func unknownFields(body json.RawMessage, typ reflect.Type, path string) []string {
	switch typ.Kind() {
	case reflect.Pointer:
		return unknownFields(body, typ.Elem(), path)
	case reflect.Slice:
		var list []json.RawMessage
		if typ == reflect.TypeFor[json.RawMessage]() || json.Unmarshal(body, &list) != nil {
			return nil
		}
		var out []string
		for _, v := range list {
			out = append(out, unknownFields(v, typ.Elem(), path)...)
		}
		slices.Sort(out)
		return slices.Compact(out)
	case reflect.Struct:
		var object map[string]json.RawMessage
		if json.Unmarshal(body, &object) != nil {
			return nil
		}
		var out []string
		for n := range typ.NumField() {
			name, _, _ := strings.Cut(typ.Field(n).Tag.Get("json"), ",")
			if v, there := object[name]; there {
				out = append(out, unknownFields(v, typ.Field(n).Type, strings.TrimPrefix(path+"."+name, "."))...)
				delete(object, name)
			}
		}
		for name := range object {
			out = append(out, strings.TrimPrefix(path+"."+shortened(name), "."))
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	return nil
}
