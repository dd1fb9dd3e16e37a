// Package staging holds what was read from a file and is not accepted yet, and
// what people correct in it.
//
// A staged import is neither searched, matched nor exported. Its corrections are
// data: a list of operations, each bound to the number and the wording of the
// clause it corrects, so that they can be repeated on the next edition. Whatever
// is shown or accepted is worked out anew from the document as it was read and
// the list. It keeps nothing and reads no file.
package staging

import (
	"io"
	"strings"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
)

// State is where a staged import stands.
type State string

// The states of an import. Both ends are final.
const (
	Staged    State = "staged"
	Accepted  State = "accepted"
	Discarded State = "discarded"
)

// States lists every state in the order pages show them.
var States = []State{Staged, Accepted, Discarded}

// The limits of what waits (our own; a reader's own limits stand before them).
const (
	MaxStaged        = 500       // imports that wait at a time
	MaxDocumentBytes = 64 << 20  // one document, written as JSON
	MaxStagedBytes   = 1 << 30   // all that wait
	MaxStagedFiles   = 512 << 20 // of that, files as they were sent
	MaxPictures      = 600       // pictures of pages, of all files; the oldest go
	MaxPictureBytes  = 8 << 20   // one of them
	MaxOperations    = 5_000     // corrections of one import
	MaxOperationData = 8 << 20   // bytes of all texts in them
	MaxFileName      = 300       // runes of a file's name
	maxFieldRunes    = 500       // of a field of the identity
	maxLabelRunes    = 80        // of a clause number
	maxHeadingRunes  = 2_000     // of a heading
	maxDoubts        = 200       // numbers that look wrong, listed
	maxDiffCells     = 1_000_000 // of a comparison word by word
)

// Hint is what the person who brings a file knows about it; whatever is set
// overrules what is detected.
type Hint struct {
	Designation  string
	Jurisdiction corpus.Jurisdiction
	Language     corpus.Language
	Domain       corpus.Domain
	Tradition    corpus.Tradition
	Rights       corpus.Rights
	Beside       []Beside // the files sent together with it, of which it may select
}

// Beside is a file that was sent together with another.
type Beside struct {
	Name string
	Open func() (io.ReadCloser, error)
}

// Import is one document of a file, as it was read and with its corrections.
type Import struct {
	ID      uuid.UUID `json:"id"`
	File    string    `json:"file"`   // its name
	Digest  string    `json:"digest"` // hex SHA-256 of the file
	State   State     `json:"state"`
	By      string    `json:"by"` // id of a person, or "cli"
	At      time.Time `json:"at"`
	Version int       `json:"version"` // counts the changes
	// What the corrected document is, for lists.
	Summary
	Corrections int       `json:"corrections"`
	SettledBy   string    `json:"settledBy,omitempty"`
	SettledAt   time.Time `json:"settledAt,omitzero"`

	// Document is as it was read; nil in lists, and of a discarded import.
	Document *corpus.Document `json:"-"`
	// Operations are the corrections in the order they were made; nil in lists.
	Operations []Operation `json:"-"`
	// Unfit are corrections of an earlier edition that did not fit here.
	Unfit []Operation `json:"-"`
}

// Summary is what a list says of a document.
type Summary struct {
	Standard    corpus.StandardID `json:"standard"`
	Designation string            `json:"designation"`
	Title       string            `json:"title"`
	Language    corpus.Language   `json:"language"`
	Clauses     int               `json:"clauses"`
	Errors      int               `json:"errors"`
	Warnings    int               `json:"warnings"`
}

// New makes an import of a document. The name is shortened and freed of folders
// and control characters, for it comes from outside.
func New(id uuid.UUID, file, digest, by string, at time.Time, doc *corpus.Document) Import {
	i := Import{ID: id, File: FileName(file), Digest: digest, State: Staged, By: by, At: at, Version: 1, Document: doc}
	i.Summary = NewSheet(doc).Summary()
	return i
}

// FileName is the last part of a path without what is not seen, not too long.
func FileName(name string) string {
	name = strings.ReplaceAll(name, "\\", "/")
	name = name[strings.LastIndexByte(name, '/')+1:]
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfffd {
			return -1
		}
		return r
	}, name)
	if runes := []rune(name); len(runes) > MaxFileName {
		name = string(runes[:MaxFileName-1]) + "…"
	}
	if name == "" {
		return "?"
	}
	return name
}

// Corrected is the document with all corrections made. It fails only where the
// list was not made by Correct.
func (i *Import) Corrected() (*Sheet, error) {
	if i.Document == nil {
		return nil, corpus.Refuse(corpus.ErrNotFound, "staged-dropped", "the text of this import was dropped when it was discarded; import the file again")
	}
	s := NewSheet(i.Document)
	for _, op := range i.Operations {
		if err := s.Apply(op); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// open refuses a change of what is settled.
func (i *Import) open() error {
	if i.State != Staged {
		return corpus.Refuse(corpus.ErrConflict, "staged-settled", "this import was accepted or discarded already")
	}
	return nil
}

// Correct makes one correction and adds it to the list. The operation's digests
// are filled in from the document as it is now.
func (i *Import) Correct(op Operation) error {
	if err := i.open(); err != nil {
		return err
	}
	s, err := i.Corrected()
	if err != nil {
		return err
	}
	if op, err = s.Bound(op); err != nil {
		return err
	}
	return i.take(s, op)
}

// take applies a bound operation and keeps it.
func (i *Import) take(s *Sheet, op Operation) error {
	size := op.size()
	for _, have := range i.Operations {
		size += have.size()
	}
	if len(i.Operations) >= MaxOperations || size > MaxOperationData {
		return corpus.Refuse(corpus.ErrLimit, "staged-corrections", "more than {most} corrections are not kept; correct the file itself and import it again", "most", MaxOperations)
	}
	if err := s.Apply(op); err != nil {
		return err
	}
	i.Operations = append(i.Operations, op)
	i.Corrections, i.Summary = len(i.Operations), s.Summary()
	return nil
}

// Undo takes the last correction back.
func (i *Import) Undo() error {
	if err := i.open(); err != nil {
		return err
	}
	if len(i.Operations) == 0 {
		return corpus.Refuse(corpus.ErrInvalid, "staged-nothing", "there is no correction to take back")
	}
	i.Operations = i.Operations[:len(i.Operations)-1]
	s, err := i.Corrected()
	if err != nil {
		return err
	}
	i.Corrections, i.Summary = len(i.Operations), s.Summary()
	return nil
}

// Repeat makes the corrections of an earlier edition here, as far as they fit:
// the clause has the number and the wording that it had there. Those that do not
// are kept in Unfit for a person to look at. It returns how many were made.
func (i *Import) Repeat(earlier []Operation) (int, error) {
	if err := i.open(); err != nil {
		return 0, err
	}
	s, err := i.Corrected()
	if err != nil {
		return 0, err
	}
	made := 0
	i.Unfit = nil
	for _, op := range earlier {
		op, carries := op.carried()
		if !carries || s.holds(op) {
			continue
		}
		if err := i.take(s, op); err != nil {
			i.Unfit = append(i.Unfit, op)
			continue
		}
		made++
	}
	return made, nil
}
