package corpus

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Refusal is a refusal as data: which rule was broken, and the values that its
// sentence names. Programs read the English sentence (Error, Sentence); pages
// say the rule in the language of the reader.
type Refusal struct {
	Rule   string // names the sentence in the messages of the pages: "dossier-closed"
	Values []any  // name, value, name, value ...: what {name} in the sentence stands for
	kind   error
	text   string
}

// Refuse makes a refusal of a kind (ErrForbidden, ErrInvalid ..., nil for none)
// by a rule.
// The English sentence may hold {names} of the values, given as pairs.
func Refuse(kind error, rule, sentence string, values ...any) error {
	values = slices.Clone(values)
	for i := 1; i < len(values); i += 2 {
		if err, failed := values[i].(error); failed {
			if _, refused := err.(*Refusal); !refused {
				values[i] = Sentence(err)
			}
		}
	}
	return &Refusal{Rule: rule, Values: values, kind: kind, text: filled(values).Replace(sentence)}
}

// Within says in which part of a file an error is: an entry, a sheet.
func Within(part string, err error) error {
	inner, refused := RefusalOf(err)
	if !refused {
		return fmt.Errorf("%s: %w", part, err)
	}
	kind := inner.kind
	for r, nested := kind.(*Refusal); nested; r, nested = kind.(*Refusal) {
		kind = r.kind
	}
	return Refuse(kind, "part", "{part}: {why}", "part", part, "why", inner)
}

// filled puts values, given as pairs, in the places of their {names}.
func filled(values []any) *strings.Replacer {
	var replace []string
	for i := 0; i+1 < len(values); i += 2 {
		value := values[i+1]
		if r, nested := value.(*Refusal); nested {
			value = Sentence(r)
		}
		replace = append(replace, fmt.Sprintf("{%v}", values[i]), fmt.Sprint(value))
	}
	return strings.NewReplacer(replace...)
}

// Retold is a refusal that another process told by its rule and values, as JSON
// gives them back.
func Retold(kind error, rule string, values []any) error {
	for i, v := range values {
		if f, number := v.(float64); number {
			values[i] = int(f)
		}
	}
	return &Refusal{Rule: rule, Values: values, kind: kind, text: rule}
}

// RefusalIn is the refusal that is a value of another one or of a problem, also as
// JSON gives it back.
func RefusalIn(value any) (*Refusal, bool) {
	if r, is := value.(*Refusal); is {
		return r, true
	}
	told, _ := value.(map[string]any)
	rule, is := told["Rule"].(string)
	if !is {
		return nil, false
	}
	values, _ := told["Values"].([]any)
	return RefusalOf(Retold(nil, rule, slices.Clone(values)))
}

// Error is the English sentence with the kind at its end.
func (r *Refusal) Error() string {
	if r.kind == nil {
		return r.text
	}
	return r.text + ": " + r.kind.Error()
}

// Unwrap is the kind, or the more general refusal that this one is a case of.
func (r *Refusal) Unwrap() error { return r.kind }

// RefusalOf finds the refusal inside an error, the most special one where they
// are nested.
func RefusalOf(err error) (*Refusal, bool) {
	var r *Refusal
	return r, errors.As(err, &r)
}
