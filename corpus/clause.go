package corpus

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
)

// ClauseID names a clause inside an edition: "cn-gb-50016-2014/5.3.1". What
// follows the slash is the clause's key, unique within the standard.
type ClauseID string

// Standard is the edition the clause belongs to.
func (id ClauseID) Standard() StandardID {
	standard, _, _ := strings.Cut(string(id), "/")
	return StandardID(standard)
}

// Key is the part after the standard: "5.3.1", "5.3.1~commentary".
func (id ClauseID) Key() string {
	_, key, _ := strings.Cut(string(id), "/")
	return key
}

// Unit tells which kind of unit a clause is that stands in another, from its key:
// NumberTable for "5.3.1~table-5.3.1", NumberFigure, NumberFormula, "" for others.
func (id ClauseID) Unit() NumberKind {
	key := id.Key()
	last := key[strings.LastIndexByte(key, '~')+1:]
	if last != "" && last[0] >= '0' && last[0] <= '9' && len(last) < len(key) { // the second of its number: ~table-1~2
		return NewClauseID("", key[:len(key)-len(last)-1]).Unit()
	}
	for _, kind := range []NumberKind{NumberTable, NumberFigure, NumberFormula} {
		if strings.HasPrefix(last, string(kind)+"-") {
			return kind
		}
	}
	return ""
}

// NewClauseID joins a standard and a clause key.
func NewClauseID(standard StandardID, key string) ClauseID {
	return ClauseID(string(standard) + "/" + key)
}

// Kind is what a clause is in the document it stands in.
type Kind string

// The kinds of clause. A reader gives KindProvision to normative text; the
// lexicon refines that to requirement, recommendation, permission or statement
// by the obligation words and the drafting tradition.
const (
	KindHeading        Kind = "heading" // a title without text of its own
	KindProvision      Kind = "provision"
	KindRequirement    Kind = "requirement"
	KindRecommendation Kind = "recommendation"
	KindPermission     Kind = "permission"
	KindStatement      Kind = "statement"
	KindDefinition     Kind = "definition"
	KindNote           Kind = "note"
	KindExample        Kind = "example"
	KindCommentary     Kind = "commentary" // 条文说明 and its like
	KindInformative    Kind = "informative"
	KindTable          Kind = "table"
	KindFigure         Kind = "figure"
	KindFormula        Kind = "formula"
)

// Normative tells whether a clause of this kind can bind and therefore counts
// in coverage: notes, examples, commentary, headings and informative annexes do
// not, nor do figures and formulas, which bind by the clause that refers to them.
func (k Kind) Normative() bool {
	switch k {
	case KindProvision, KindRequirement, KindRecommendation, KindPermission, KindStatement, KindDefinition, KindTable:
		return true
	}
	return false
}

// Clause is the smallest piece of a standard that people cite.
type Clause struct {
	ID       ClauseID   `json:"id"`
	Standard StandardID `json:"standard"`
	Parent   ClauseID   `json:"parent,omitempty"` // "" for the top level
	Order    int        `json:"order"`            // position in the document, from 0
	Label    string     `json:"label"`            // exactly as printed: "第5.3.1条"
	Number   string     `json:"number"`           // normalised: "5.3.1"
	Kind     Kind       `json:"kind"`
	Heading  string     `json:"heading,omitempty"`
	Text     string     `json:"text"`
	Language Language   `json:"language"`
	Path     []string   `json:"path,omitempty"` // headings of the ancestors, outermost first
	// Illustrative marks a clause number that is ours and not the publisher's.
	Illustrative bool `json:"illustrative,omitempty"`
}

// Unit tells whether a clause is a table, figure or formula, whatever its force:
// one in an annex or commentary that binds nobody has that kind, and its key says
// what it is. What a person has given another kind is none any more.
func (c Clause) Unit() NumberKind {
	switch c.Kind {
	case KindTable:
		return NumberTable
	case KindFigure:
		return NumberFigure
	case KindFormula:
		return NumberFormula
	case KindCommentary, KindInformative:
		return c.ID.Unit()
	}
	return ""
}

// Wording is the text that spans refer to: the heading, a line feed and the
// text, or the text alone where there is no heading.
func (c Clause) Wording() string {
	if c.Heading == "" {
		return c.Text
	}
	if c.Text == "" {
		return c.Heading
	}
	return c.Heading + "\n" + c.Text
}

// TextOffset is the byte offset at which Text begins inside Wording.
func (c Clause) TextOffset() int {
	if c.Heading == "" {
		return 0
	}
	if c.Text == "" {
		return len(c.Heading)
	}
	return len(c.Heading) + 1
}

// Digest is the fingerprint of a clause's wording. Decisions carry the digests
// of what was read, so that a change of text makes them suspect.
type Digest string

// Digest fingerprints heading and text. Runs of white space count as one blank,
// so that a re-flowed file is not a new text; nothing else is forgiven.
func (c Clause) Digest() Digest {
	h := sha256.New()
	for _, part := range []string{foldSpace(c.Heading), foldSpace(c.Text)} {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	return Digest(hex.EncodeToString(h.Sum(nil))[:32])
}

// foldSpace turns every run of white space into one blank and trims the ends.
func foldSpace(s string) string {
	return strings.Join(strings.FieldsFunc(s, unicode.IsSpace), " ")
}
