package review

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"concord/corpus"
)

// Guideline is how a dossier is to be reviewed, in the words of who manages it: plain
// text that reviewers have beside every match. It comes in versions that are only added;
// an empty text takes it back.
type Guideline struct {
	Dossier uuid.UUID `json:"dossier"`
	Version int       `json:"version"` // 0 while there is none
	Text    string    `json:"text"`
	Person  uuid.UUID `json:"person"`
	At      time.Time `json:"at"`
}

// MaxGuideline is how many characters a guideline has at most (our own; ten printed
// pages).
const MaxGuideline = 20_000

// Next is the version after g with another text. seen is the version that its author
// had before them. Errors: corpus.ErrConflict when that is not g any more,
// corpus.ErrLimit for more than MaxGuideline characters. The same text is no version:
// then g comes back.
func (g Guideline) Next(text string, seen int, by uuid.UUID, now time.Time) (Guideline, error) {
	text = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\r\n", "\n"))
	switch n := utf8.RuneCountInString(text); {
	case n > MaxGuideline:
		return g, corpus.Refuse(corpus.ErrLimit, "guideline-long", "a guideline has at most {most} characters, this one has {n}", "most", MaxGuideline, "n", n)
	case text == g.Text:
		return g, nil
	case seen != g.Version:
		return g, corpus.Refuse(corpus.ErrConflict, "guideline-changed", "somebody has changed the guideline meanwhile, look at it and send yours again")
	}
	return Guideline{Dossier: g.Dossier, Version: g.Version + 1, Text: text, Person: by, At: now}, nil
}
