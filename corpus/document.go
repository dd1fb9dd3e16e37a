package corpus

import (
	"context"
	"errors"
	"fmt"
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
	// Kind is one of the kinds below, "" for what its words alone say.
	Kind   ProblemKind `json:"kind,omitempty"`
	Source SourceSpan  `json:"source,omitzero"` // where it stands in the document's source
}

// ProblemKind is a kind of problem that pages say in their own language.
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
	bad := func(place, cure, format string, args ...any) {
		out = append(out, Problem{Severity: SeverityError, File: d.Standard.Source, Place: place, Message: fmt.Sprintf(format, args...), Cure: cure})
	}
	if d.Standard.ID == "" {
		bad("identity", "give --standard", "the standard has no id")
	}
	if d.Standard.Designation == "" {
		bad("identity", "give --standard", "the standard has no designation")
	}
	if d.Standard.Jurisdiction == "" {
		bad("identity", "give --jurisdiction", "the standard has no jurisdiction")
	}
	if d.Standard.Language == "" {
		bad("identity", "give --lang", "the standard has no language")
	}
	if len(d.Clauses) == 0 {
		bad("", "check that it is a standard with numbered clauses, or give a column mapping", "no clause was found")
	}
	if len(d.Clauses) > MaxClauses {
		bad("", "split the document", "%d clauses are more than the %d allowed", len(d.Clauses), MaxClauses)
	}
	seen := make(map[ClauseID]bool, len(d.Clauses))
	for _, c := range d.Clauses {
		place := "clause " + c.Label
		switch {
		case c.ID.Standard() != d.Standard.ID || c.ID.Key() == "":
			bad(place, "report the file", "the id %q does not belong to %q", c.ID, d.Standard.ID)
		case seen[c.ID]:
			bad(place, "report the file", "the id %q is given twice", c.ID)
		case c.Heading == "" && c.Text == "":
			bad(place, "remove the clause or give it text", "the clause is empty")
		case len(c.Text) > MaxClauseBytes:
			bad(place, "split the clause", "the text has more than %d bytes", MaxClauseBytes)
		}
		if c.Parent != "" && !seen[c.Parent] {
			bad(place, "report the file", "the parent %q does not come before it", c.Parent)
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
