package web

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"concord/corpus"
)

// The selection of fields: an answer asked for with fields has these alone. It
// has a media type of its own, so that the description of an answer's whole form
// keeps what it requires.
const (
	paramFields    = "fields"
	maxFields      = 50
	selectionMedia = "application/vnd.concord.selection+json"
)

// selection is a tree of the fields that are wanted; a field with nothing below
// it is wanted whole.
type selection map[string]selection

// selectionOf reads "items.id,next". Lists are passed through: a name below one
// is of its elements. A field that an answer of this type cannot have is
// corpus.ErrInvalid, by name, whatever the present answer holds.
func selectionOf(text string, answer reflect.Type) (selection, error) {
	names := strings.Split(text, ",")
	if len(names) > maxFields {
		return nil, fmt.Errorf("fields names %d fields, at most %d are allowed: %w", len(names), maxFields, corpus.ErrInvalid)
	}
	out := selection{}
	for _, name := range names {
		if name = strings.TrimSpace(name); !hasField(answer, strings.Split(name, ".")) {
			return nil, fmt.Errorf("there is no field %q in this answer: %w", clip(name, 80), corpus.ErrInvalid)
		}
		out.add(strings.Split(name, "."))
	}
	return out, nil
}

// add wants one field; what is wanted whole stays so.
func (s selection) add(path []string) {
	below, there := s[path[0]]
	switch {
	case there && below == nil:
	case len(path) == 1:
		s[path[0]] = nil
	default:
		if below == nil {
			below = selection{}
			s[path[0]] = below
		}
		below.add(path[1:])
	}
}

// hasField tells whether values of a type may have a field at a path.
func hasField(t reflect.Type, path []string) bool {
	if len(path) == 0 {
		return true
	}
	if path[0] == "" {
		return false
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return hasField(t.Elem(), path)
	case reflect.Map:
		return hasField(t.Elem(), path[1:])
	case reflect.Struct:
		return slices.ContainsFunc(reflect.VisibleFields(t), func(f reflect.StructField) bool {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			return f.IsExported() && name == path[0] && hasField(f.Type, path[1:])
		})
	}
	return false
}

// of is a value of JSON with the wanted fields alone.
func (s selection) of(v any) any {
	if s == nil {
		return v
	}
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = s.of(v[i])
		}
	case map[string]any:
		for name := range v {
			below, wanted := s[name]
			if !wanted {
				delete(v, name)
				continue
			}
			v[name] = below.of(v[name])
		}
	}
	return v
}

// selected writes the wanted fields of an answer as answered does; the tag is
// of what is sent, so that selections have tags of their own.
func selected(c call, answer any, fields string) error {
	want, err := selectionOf(fields, reflect.TypeOf(answer))
	if err != nil {
		return err
	}
	whole, err := json.Marshal(answer)
	if err != nil {
		return fmt.Errorf("write an answer: %w", err)
	}
	dec := json.NewDecoder(strings.NewReader(string(whole)))
	dec.UseNumber() // figures leave as they came
	var tree any
	if err := dec.Decode(&tree); err != nil {
		return fmt.Errorf("write an answer: %w", err)
	}
	body, err := json.Marshal(want.of(tree))
	if err != nil {
		return fmt.Errorf("write an answer: %w", err)
	}
	return taggedAs(c.echo, selectionMedia, append(body, '\n'))
}
