package review

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"concord/corpus"
)

// Template is one version of how documents look: an arrangement of their parts as
// text (export.ReadArrangement), a letterhead as a Word file (export.ReadLetterhead),
// or both. It never says what is agreed. Every change is another version; a dropped
// template keeps its versions and can be written anew under its name.
type Template struct {
	ID          uuid.UUID
	Dossier     uuid.UUID // uuid.Nil: for all dossiers
	Name        string
	Version     int    // from 1
	Arrangement string // "" for the program's own
	Letterhead  []byte // a .docx, nil for none; lists leave it out
	File        string // the letterhead's name, "" for none
	Dropped     bool
	Person      uuid.UUID
	At          time.Time
}

// Limits of templates (our own).
const (
	MaxTemplateName  = 80
	MaxTemplates     = 200 // that a dossier, or all of them together, may have
	MaxArrangement   = 64 << 10
	MaxLetterhead    = 4 << 20
	maxTemplateFiles = 120 // characters of a file's name
)

// ForAll tells whether it stands at every dossier.
func (t Template) ForAll() bool { return t.Dossier == uuid.Nil }

// TemplatesAt are the templates that stand at a dossier: its own, then those of all.
func TemplatesAt(list []Template, dossier uuid.UUID) []Template {
	var own, all []Template
	for _, t := range list {
		switch {
		case t.ForAll():
			all = append(all, t)
		case t.Dossier == dossier:
			own = append(own, t)
		}
	}
	return append(own, all...)
}

// Checksum is the hex SHA-256 of what the version says.
func (t Template) Checksum() string {
	h := sha256.New()
	for _, part := range []string{t.Name, t.Arrangement, t.File, string(t.Letterhead), fmt.Sprint(t.Dropped)} {
		fmt.Fprintf(h, "%d\n%s", len(part), part)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// MayTemplate says why a person may not write templates of a dossier, nil for those
// of all dossiers, or nil: it takes who signs rounds, of a party that takes part, or
// who manages.
func MayTemplate(d *Dossier, p Person) error {
	switch {
	case p.May(ActionManage):
		return nil
	case !p.May(ActionTemplate):
		return corpus.Refuse(corpus.ErrForbidden, "template-role", "your role does not write document templates")
	case d == nil:
		return nil
	}
	return MayFreeze(*d, p)
}

// NextTemplate is the version after kept, the zero Template for none, that a person
// writes. What the arrangement and the letterhead say is read by package export.
// Errors: corpus.ErrForbidden, corpus.ErrInvalid for no name or nothing in it,
// corpus.ErrLimit.
func NextTemplate(d *Dossier, kept, ask Template, p Person, at time.Time) (Template, error) {
	out := ask
	out.Name = RoundName(ask.Name)
	out.Arrangement = strings.ReplaceAll(strings.ToValidUTF8(ask.Arrangement, "\uFFFD"), "\r\n", "\n")
	out.File = clipRunes(RoundName(ask.File), maxTemplateFiles)
	if len(out.Letterhead) == 0 {
		out.Letterhead, out.File = nil, ""
	}
	switch {
	case MayTemplate(d, p) != nil:
		return Template{}, MayTemplate(d, p)
	case out.Name == "":
		return Template{}, corpus.Refuse(corpus.ErrInvalid, "template-nameless", "a template needs a name")
	case utf8.RuneCountInString(out.Name) > MaxTemplateName:
		return Template{}, corpus.Refuse(corpus.ErrLimit, "text-long", "a text has more than {most} characters", "most", MaxTemplateName)
	case len(out.Arrangement) > MaxArrangement:
		return Template{}, corpus.Refuse(corpus.ErrLimit, "template-long", "an arrangement has at most {most} bytes", "most", MaxArrangement)
	case len(out.Letterhead) > MaxLetterhead:
		return Template{}, corpus.Refuse(corpus.ErrLimit, "letterhead-large", "a letterhead has at most {most} MB; make its pictures smaller", "most", MaxLetterhead>>20)
	case !out.Dropped && strings.TrimSpace(out.Arrangement) == "" && out.Letterhead == nil:
		return Template{}, corpus.Refuse(corpus.ErrInvalid, "template-empty", "a template needs an arrangement or a letterhead")
	}
	out.Version, out.Person, out.At = kept.Version+1, p.ID, at
	if kept.ID != uuid.Nil {
		out.ID, out.Dossier = kept.ID, kept.Dossier
	}
	return out, nil
}

// clipRunes cuts a text to so many characters.
func clipRunes(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most])
	}
	return s
}
