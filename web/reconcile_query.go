package web

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"concord/corpus"
)

// recQuery is one query, of either version.
type recQuery struct {
	text  string
	id    string // that is asked for by itself
	none  bool   // of types that no entity has
	types []string
	limit int
	lang  corpus.Language // of the text, "" when it is not said
	conds []recCondition
}

// recCondition is what a property should be.
type recCondition struct {
	property string
	values   []string
	required bool
	all      bool // each value, else any of them
	not      bool // none of them
}

// wants tells whether entities of a type are looked for.
func (q recQuery) wants(kind string) bool {
	return !q.none && (len(q.types) == 0 || slices.Contains(q.types, kind))
}

// recMany is a text or a list of texts.
type recMany []string

// UnmarshalJSON reads either.
func (m *recMany) UnmarshalJSON(body []byte) error {
	if string(body) == "null" {
		return nil
	}
	var one string
	if json.Unmarshal(body, &one) == nil {
		*m = recMany{one}
		return nil
	}
	return json.Unmarshal(body, (*[]string)(m))
}

// recTexts is one value of a property or a list of them, as texts: an entity is
// named by its id.
type recTexts []string

// UnmarshalJSON reads texts, numbers, booleans and entities.
func (t *recTexts) UnmarshalJSON(body []byte) error {
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return err
	}
	list, many := value.([]any)
	if !many {
		list = []any{value}
	}
	for _, v := range list {
		switch v := v.(type) {
		case string:
			*t = append(*t, v)
		case float64:
			*t = append(*t, strconv.FormatFloat(v, 'f', -1, 64))
		case bool:
			*t = append(*t, strconv.FormatBool(v))
		case map[string]any:
			id, named := v["id"].(string)
			if !named {
				return fmt.Errorf("an entity has no id: %w", corpus.ErrInvalid)
			}
			*t = append(*t, id)
		default:
			return fmt.Errorf("a value is no text, number, boolean or entity: %w", corpus.ErrInvalid)
		}
	}
	return nil
}

// rec02Query is a query of 0.2.
type rec02Query struct {
	Query      string   `json:"query"`
	Type       recMany  `json:"type"`
	Limit      *float64 `json:"limit"`
	Strict     string   `json:"type_strict"`
	Properties []struct {
		ID    string   `json:"pid"`
		Value recTexts `json:"v"`
	} `json:"properties"`
}

// query reads the query. Its properties are wishes: what does not meet them
// scores less.
func (q rec02Query) query() (recQuery, error) {
	out := recQuery{text: q.Query}
	for _, p := range q.Properties {
		out.conds = append(out.conds, recCondition{property: p.ID, values: p.Value})
	}
	if q.Query == "" && len(q.Properties) == 0 {
		return out, fmt.Errorf("a query has query or properties: %w", corpus.ErrInvalid)
	}
	if !slices.Contains([]string{"", "any", "should", "all"}, q.Strict) {
		return out, fmt.Errorf("type_strict is any, should or all: %w", corpus.ErrInvalid)
	}
	out.ofTypes(q.Type)
	if q.Strict == "all" && len(distinct(slices.Clone(q.Type))) > 1 {
		out.none = true // an entity has one type
	}
	return out, out.check(q.Limit)
}

// rec10Query is a query of the draft of 1.0.
type rec10Query struct {
	Type       string          `json:"type"`
	Limit      *float64        `json:"limit"`
	Language   corpus.Language `json:"lang"`
	Conditions []struct {
		Match      string   `json:"matchType"`
		Property   string   `json:"propertyId"`
		Value      recTexts `json:"propertyValue"`
		Required   bool     `json:"required"`
		Quantifier string   `json:"matchQuantifier"`
	} `json:"conditions"`
}

// query reads the query.
func (q rec10Query) query() (recQuery, error) {
	out := recQuery{lang: q.Language}
	if len(q.Conditions) == 0 {
		return out, fmt.Errorf("a query has conditions: %w", corpus.ErrInvalid)
	}
	if q.Type != "" {
		out.ofTypes([]string{q.Type})
	}
	for _, c := range q.Conditions {
		if !slices.Contains([]string{"", "any", "all", "none"}, c.Quantifier) {
			return out, fmt.Errorf("matchQuantifier is any, all or none: %w", corpus.ErrInvalid)
		}
		switch c.Match {
		case "name":
			out.text = strings.TrimSpace(out.text + " " + strings.Join(c.Value, " "))
		case "id":
			out.id = strings.Join(c.Value, " ")
		case "property":
			out.conds = append(out.conds, recCondition{property: c.Property, values: c.Value, required: c.Required, all: c.Quantifier == "all", not: c.Quantifier == "none"})
		default:
			return out, fmt.Errorf("matchType is name, id or property: %w", corpus.ErrInvalid)
		}
	}
	return out, out.check(q.Limit)
}

// ofTypes takes the types that there are; of others nothing is found.
func (q *recQuery) ofTypes(ids []string) {
	for _, id := range ids {
		id = recKnown(id)
		if slices.ContainsFunc(recTypes, func(t recType) bool { return t.ID == id }) {
			q.types = append(q.types, id)
		}
	}
	q.none = len(ids) > 0 && len(q.types) == 0
}

// check holds the query to the limits, and makes its text from its properties
// where it has none.
func (q *recQuery) check(limit *float64) error {
	q.limit = 10
	if limit != nil {
		q.limit = int(min(max(*limit, 1), recMostLimit))
	}
	if len(q.conds) > recMostProps {
		return fmt.Errorf("a query has %d properties, at most %d are taken: %w", len(q.conds), recMostProps, corpus.ErrLimit)
	}
	texts := []string{q.text, q.id}
	for _, c := range q.conds {
		if len(c.values) > recMostProps {
			return fmt.Errorf("a property has %d values, at most %d are taken: %w", len(c.values), recMostProps, corpus.ErrLimit)
		}
		texts = append(texts, c.values...)
	}
	for _, t := range texts {
		if n := utf8.RuneCountInString(t); n > recMostText {
			return fmt.Errorf("a text has %d characters, at most %d are taken: %w", n, recMostText, corpus.ErrLimit)
		}
	}
	if q.text = strings.TrimSpace(q.text); q.text != "" || q.id != "" {
		return nil
	}
	for _, name := range []string{"designation", "label", "title", "heading", "term"} {
		for _, c := range q.conds {
			if c.property == name && !c.not && len(c.values) > 0 {
				q.text = strings.TrimSpace(q.text + " " + c.values[0])
			}
		}
		if q.text != "" && name == "label" {
			break
		}
	}
	return nil
}
