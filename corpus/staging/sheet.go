package staging

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"concord/corpus"
)

// Kinds are the kinds that a person may give to a clause. The lexicon makes of a
// provision a requirement, recommendation or permission when it is accepted.
var Kinds = []corpus.Kind{
	corpus.KindProvision, corpus.KindRequirement, corpus.KindRecommendation, corpus.KindPermission, corpus.KindStatement, corpus.KindDefinition,
	corpus.KindHeading, corpus.KindNote, corpus.KindExample, corpus.KindCommentary, corpus.KindInformative, corpus.KindTable, corpus.KindFigure, corpus.KindFormula,
}

// Row is a clause on a sheet.
type Row struct {
	corpus.Clause
	Read      string // key of the clause as it was read, of a part that was split off the one it was cut from
	Deleted   bool   // left out by a correction
	Corrected bool   // touched by one
}

// Sheet is a document while it is corrected. Rows are in reading order.
type Sheet struct {
	Standard corpus.Standard
	Rows     []Row

	read       []corpus.Problem // what the reader said, without what Validate finds anew
	identified bool             // somebody has looked at the identity
	ignored    map[string]bool
	places     map[string]corpus.SourceSpan // by the keys as they were read
	moved      map[corpus.ClauseID]bool     // whose path, or whose children's, is to be made anew
	renamed    map[string]string            // keys that went along with a renumbered clause, for corrections that name the old ones
}

// NewSheet lays a document out. The document is not changed by anything that is
// done on the sheet.
func NewSheet(doc *corpus.Document) *Sheet {
	s := &Sheet{Standard: doc.Standard, ignored: map[string]bool{}, moved: map[corpus.ClauseID]bool{}, renamed: map[string]string{}}
	s.Standard.Titles = slices.Clone(doc.Standard.Titles)
	s.Rows = make([]Row, len(doc.Clauses))
	for i, c := range doc.Clauses {
		s.Rows[i].Clause, s.Rows[i].Read = c, c.ID.Key()
	}
	if doc.Source != nil {
		s.places = maps.Clone(doc.Source.Places)
	}
	found := doc.Validate()
	for _, p := range doc.Problems {
		if !slices.ContainsFunc(found, p.Same) {
			s.read = append(s.read, p)
		}
	}
	return s
}

// Document is the sheet as a document: without what was left out, in order, with
// parents and paths that are right.
func (s *Sheet) Document() *corpus.Document {
	doc := &corpus.Document{Standard: s.Standard}
	parent := map[corpus.ClauseID]corpus.ClauseID{}
	gone := map[corpus.ClauseID]bool{}
	for _, r := range s.Rows {
		parent[r.ID], gone[r.ID] = r.Parent, r.Deleted
	}
	made := map[corpus.ClauseID]int{} // kept clauses by id
	anew := map[corpus.ClauseID]bool{}
	for _, r := range s.Rows {
		if r.Deleted {
			continue
		}
		c := r.Clause
		for steps := 0; c.Parent != "" && gone[c.Parent] && steps < len(s.Rows); steps++ {
			c.Parent = parent[c.Parent]
		}
		at, there := made[c.Parent]
		if !there {
			c.Parent = ""
		}
		if anew[c.ID] = s.moved[c.ID] || anew[c.Parent] || c.Parent != r.Parent; anew[c.ID] && there {
			up := doc.Clauses[at]
			c.Path = slices.Clone(up.Path)
			if up.Heading != "" {
				c.Path = append(c.Path, up.Heading)
			}
		}
		c.Order, c.Standard = len(doc.Clauses), s.Standard.ID
		made[c.ID] = len(doc.Clauses)
		doc.Clauses = append(doc.Clauses, c)
	}
	doc.Problems = s.Problems(doc)
	return doc
}

// Summary is what a list says of the sheet.
func (s *Sheet) Summary() Summary {
	doc := s.Document()
	title := ""
	if len(doc.Standard.Titles) > 0 {
		title = doc.Standard.Title(doc.Standard.Language).Text
	}
	out := Summary{Standard: s.Standard.ID, Designation: s.Standard.Designation, Title: title, Language: s.Standard.Language, Clauses: len(doc.Clauses)}
	for _, p := range doc.Problems {
		switch p.Severity {
		case corpus.SeverityError:
			out.Errors++
		case corpus.SeverityWarning:
			out.Warnings++
		}
	}
	return out
}

// find is the place of a clause.
func (s *Sheet) find(key string) (int, error) {
	at := s.at(key)
	if now, renamed := s.renamed[key]; at < 0 && renamed {
		return s.find(now)
	}
	if at < 0 {
		return 0, corpus.Refuse(corpus.ErrNotFound, "correct-gone", "there is no clause {clause}", "clause", key)
	}
	return at, nil
}

func (s *Sheet) at(key string) int {
	id := corpus.NewClauseID(s.Standard.ID, key)
	return slices.IndexFunc(s.Rows, func(r Row) bool { return r.ID == id })
}

func (s *Sheet) has(key string) bool { return s.at(key) >= 0 }

// before is the place of the clause before one, -1 for the first. What was left
// out is not before anything.
func (s *Sheet) before(at int) int {
	for at--; at >= 0 && s.Rows[at].Deleted; at-- {
	}
	return at
}

// newKey is the key of a number that a person gives to a clause, or to one cut
// from it. Inside an annex or a commentary the printed number is only a part of
// the key, and the rest stays.
func (s *Sheet) newKey(c corpus.Clause, label string) (string, error) {
	number := corpus.ParseNumber(label)
	if number.IsZero() || len([]rune(label)) > maxLabelRunes || strings.ContainsFunc(label, unicode.IsControl) {
		return "", corpus.Refuse(corpus.ErrInvalid, "correct-label", "{label} cannot be a clause number", "label", label)
	}
	before, after := around(c)
	key := before + number.String() + after
	if _, err := s.find(key); err == nil {
		return "", corpus.Refuse(corpus.ErrInvalid, "correct-taken", "the number {label} is taken by another clause", "label", label)
	}
	return key, nil
}

// around is what stands before and after the printed number in a clause's key:
// "annex-2." or "~commentary". The count of a repeated number is no part of it.
func around(c corpus.Clause) (before, after string) {
	number := corpus.ParseNumber(c.Label).String()
	before, after, found := strings.Cut(c.ID.Key(), number)
	if !found || number == "" {
		return "", ""
	}
	if strings.Trim(after, "~0123456789") == "" {
		after = ""
	}
	return before, after
}

// adopt finds the parent of a clause by its number; where there is none the
// clause keeps the one it has.
func (s *Sheet) adopt(at int, label string) {
	c := &s.Rows[at]
	before, after := around(c.Clause)
	s.moved[c.ID] = true
	for up := corpus.ParseNumber(label).Parent(); !up.IsZero(); up = up.Parent() {
		if i, err := s.find(before + up.String() + after); err == nil && i < at {
			c.Parent = s.Rows[i].ID
			return
		}
	}
}

// Cut parts a text at a byte, with the white space around it apart: the three
// together are the text. It is false when the place is not inside the text or
// not at the beginning of a character.
func Cut(text string, at int) (first, between, second string, ok bool) {
	if at < 0 || at > len(text) || at < len(text) && !utf8.RuneStart(text[at]) {
		return "", "", "", false
	}
	first = strings.TrimRightFunc(text[:at], unicode.IsSpace)
	second = strings.TrimLeftFunc(text[at:], unicode.IsSpace)
	return first, text[len(first) : len(text)-len(second)], second, true
}

func isSpace(s string) bool { return strings.TrimFunc(s, unicode.IsSpace) == "" && utf8.ValidString(s) }

// Tidy is a text from a form as clauses keep it: line feeds alone, no control
// characters, no white space at the ends.
func Tidy(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(s, ""))
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}
