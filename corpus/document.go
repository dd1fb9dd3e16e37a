package corpus

import (
	"context"
	"errors"
	"strings"
)

// Errors that callers tell apart with errors.Is.
var (
	// ErrNotFound says that a standard, clause or record is not there.
	ErrNotFound = errors.New("not found")
	// ErrLimit says that an input is over one of the limits.
	ErrLimit = errors.New("over the limit")
	// ErrInvalid says that an input is not what it should be.
	ErrInvalid = errors.New("not valid")
	// ErrConflict says that somebody else changed the thing meanwhile.
	ErrConflict = errors.New("changed meanwhile")
	// ErrForbidden says that the person may not do this.
	ErrForbidden = errors.New("not allowed")
)

// Sentence is an error's own words for a person: without the names of the kinds
// above at its end, which are there for errors.Is. Further kinds of a package
// of its own may be given.
func Sentence(err error, kinds ...error) string {
	text := err.Error()
	for _, kind := range append([]error{ErrForbidden, ErrConflict, ErrLimit, ErrInvalid, ErrNotFound}, kinds...) {
		text = strings.TrimSuffix(text, ": "+kind.Error())
	}
	return text
}

// Told is Sentence for whoever asked for something that is not there: what the records
// do not have they name, after what they were doing with it.
func Told(err error, kinds ...error) string {
	text := Sentence(err, kinds...)
	if _, name, of := strings.Cut(text, ": "); of && (strings.HasPrefix(text, "read a ") || strings.HasPrefix(text, "read an ")) && errors.Is(err, ErrNotFound) {
		return "there is no " + name
	}
	return text
}

// Library finds clauses by id. Ids that are unknown are left out of the answer;
// the answer's order is that of the ids. The caller may keep the slice.
type Library interface {
	Clauses(ctx context.Context, ids ...ClauseID) ([]Clause, error)
}

// Document is a standard with its clauses in reading order, as a reader made it.
type Document struct {
	Standard Standard
	Clauses  []Clause
	Terms    []Term // named in several languages; of the entries in one, nothing is here
	Problems []Problem
	Source   *Source `json:",omitempty"` // where the clauses stand in the file; nil where nobody has looked
	Table    *Table  `json:",omitempty"` // how it was read, of a table of clauses
}

// Severity says whether a problem stops a document.
type Severity string

// The severities.
const (
	SeverityNote    Severity = "note"    // said, nothing to do
	SeverityWarning Severity = "warning" // read, but a person should look
	SeverityError   Severity = "error"   // the document cannot be used as it is
)

// Rename gives the document's standard another id and its clauses theirs with it.
func (d *Document) Rename(id StandardID) {
	rename := func(c ClauseID) ClauseID {
		if c == "" {
			return ""
		}
		return NewClauseID(id, c.Key())
	}
	d.Standard.ID = id
	for i := range d.Clauses {
		c := &d.Clauses[i]
		c.Standard, c.ID, c.Parent = id, rename(c.ID), rename(c.Parent)
	}
	for i := range d.Terms {
		d.Terms[i].Clause = rename(d.Terms[i].Clause)
	}
}

// Problem is one thing that is wrong with a document: where, what, and the cure.
type Problem struct {
	Severity Severity `json:"severity"`
	File     string   `json:"file,omitempty"`
	Place    string   `json:"place,omitempty"` // "line 12", "clause 5.3.1", "column text"
	Message  string   `json:"message"`
	Cure     string   `json:"cure,omitempty"`
	// Rule names the sentence in the messages of the pages, with the values it names:
	// name, value, name, value ...; "" for what English alone says.
	Rule   string `json:"rule,omitempty"`
	Values []any  `json:"values,omitempty"`
	// Kind is one of the kinds below, "" for what its words alone say.
	Kind   ProblemKind `json:"kind,omitempty"`
	Source SourceSpan  `json:"source,omitzero"` // where it stands in the document's source
}

// Say makes a problem by a rule. The English sentence and what cures it may hold
// {names} of the values, given as pairs.
func Say(severity Severity, place, rule, sentence, cure string, values ...any) Problem {
	said := filled(values)
	return Problem{Severity: severity, Place: place, Message: said.Replace(sentence), Cure: said.Replace(cure), Rule: rule, Values: values}
}

// Same tells whether two problems say the same of the same place.
func (p Problem) Same(other Problem) bool {
	return p.Severity == other.Severity && p.String() == other.String() && p.Kind == other.Kind && p.Source == other.Source
}

// ProblemKind is a kind of problem that pages name beside its words.
type ProblemKind string

// The kinds of problem found by comparing what was read with the source.
const (
	ProblemNotRead     ProblemKind = "not-read"      // a stretch of the source became no clause
	ProblemNotInSource ProblemKind = "not-in-source" // words of a clause do not stand in the source
)

// String renders a problem as one sentence for the terminal.
func (p Problem) String() string {
	s := p.Message
	if p.Place != "" {
		s = p.Place + ": " + s
	}
	if p.File != "" {
		s = p.File + ": " + s
	}
	if p.Cure != "" {
		s += "; " + p.Cure
	}
	return s
}

// MaxClauses is the most clauses one standard may have.
const MaxClauses = 50_000

// MaxClauseBytes is the longest text of one clause, in bytes.
const MaxClauseBytes = 1 << 20

// Validate reports everything that is wrong with the document's structure at
// once: missing identity, duplicate or foreign ids, parents that are not there,
// empty clauses and sizes over the limits. A document without problems of
// SeverityError can be saved.
func (d *Document) Validate() []Problem {
	var out []Problem
	bad := func(p Problem) {
		p.File = d.Standard.Source
		out = append(out, p)
	}
	if d.Standard.ID == "" {
		bad(Say(SeverityError, "identity", "no-id", "the standard has no id", "give --standard"))
	}
	if d.Standard.Designation == "" {
		bad(Say(SeverityError, "identity", "no-designation", "the standard has no designation", "give --standard"))
	}
	if d.Standard.Jurisdiction == "" {
		bad(Say(SeverityError, "identity", "no-jurisdiction", "the standard has no jurisdiction", "give --jurisdiction"))
	}
	if d.Standard.Language == "" {
		bad(Say(SeverityError, "identity", "no-language", "the standard has no language", "give --lang"))
	}
	if len(d.Clauses) == 0 {
		bad(Say(SeverityError, "", "no-clauses", "no clause was found", "check that it is a standard with numbered clauses, or give a column mapping"))
	}
	if len(d.Clauses) > MaxClauses {
		bad(Say(SeverityError, "", "clauses-many", "{count} clauses are more than the {most} allowed", "split the document", "count", len(d.Clauses), "most", MaxClauses))
	}
	seen := make(map[ClauseID]bool, len(d.Clauses))
	for _, c := range d.Clauses {
		place := "clause " + c.Label
		switch {
		case c.ID.Standard() != d.Standard.ID || c.ID.Key() == "":
			bad(Say(SeverityError, place, "id-foreign", "the id \"{id}\" does not belong to \"{standard}\"", "report the file", "id", string(c.ID), "standard", string(d.Standard.ID)))
		case seen[c.ID]:
			bad(Say(SeverityError, place, "id-twice", "the id \"{id}\" is given twice", "report the file", "id", string(c.ID)))
		case c.Heading == "" && c.Text == "":
			bad(Say(SeverityError, place, "clause-empty", "the clause is empty", "remove the clause or give it text"))
		case len(c.Text) > MaxClauseBytes:
			bad(Say(SeverityError, place, "text-long", "the text has more than {most} bytes", "split the clause", "most", MaxClauseBytes))
		}
		if c.Parent != "" && !seen[c.Parent] {
			bad(Say(SeverityError, place, "parent-order", "the parent \"{id}\" does not come before it", "report the file", "id", string(c.Parent)))
		}
		seen[c.ID] = true
	}
	return out
}

// Fatal tells whether any of the problems stops the document.
func Fatal(problems []Problem) bool {
	for _, p := range problems {
		if p.Severity == SeverityError {
			return true
		}
	}
	return false
}
