package corpus

import (
	"errors"
	"fmt"
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
	return &Refusal{Rule: rule, Values: values, kind: kind, text: filled(values).Replace(sentence)}
}

// filled puts values, given as pairs, in the places of their {names}.
func filled(values []any) *strings.Replacer {
	var replace []string
	for i := 0; i+1 < len(values); i += 2 {
		replace = append(replace, fmt.Sprintf("{%v}", values[i]), fmt.Sprint(values[i+1]))
	}
	return strings.NewReplacer(replace...)
}

// Retold is a refusal that another process told by its rule and values.
func Retold(kind error, rule string, values []any) error {
	return &Refusal{Rule: rule, Values: values, kind: kind, text: rule}
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
