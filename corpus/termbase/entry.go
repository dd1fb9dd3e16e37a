// Package termbase is the files that terms come in and go out by: TBX, TMX,
// tables (CSV, TSV, XLSX) and CC-CEDICT.
//
// It says what an entry is, reads leniently, writes strictly, and finds entries
// that contradict each other. It keeps nothing and knows no SQL. Its one
// surprise: a bad row is a Problem beside the entries and no error, since one
// bad row must not stop the others; an error means that the whole file was
// refused.
package termbase

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"concord/corpus"
)

// Status says how a term may be used (ISO 30042, administrativeStatus; ISO 704).
type Status string

// The statuses in the order in which terms of a language are listed.
const (
	Preferred  Status = "preferred"
	Admitted   Status = "admitted"
	Deprecated Status = "deprecated"
	Forbidden  Status = "forbidden"
)

// Statuses are all of them, best first.
var Statuses = []Status{Preferred, Admitted, Deprecated, Forbidden}

// Term is one name of a concept in one language.
type Term struct {
	Language corpus.Language `json:"language"`
	Text     string          `json:"text"`
	Status   Status          `json:"status"`
	Note     string          `json:"note,omitempty"`
}

// Definition is what a concept is, in one language.
type Definition struct {
	Language corpus.Language `json:"language"`
	Text     string          `json:"text"`
}

// Origin is where an entry comes from.
type Origin struct {
	File    string `json:"file,omitempty"`
	Licence string `json:"licence,omitempty"`
	By      string `json:"by,omitempty"`
	Day     string `json:"day,omitempty"` // 2006-01-02
}

// Entry is one concept with its terms, as terminologists keep it: by concept
// and not by word (ISO 16642).
type Entry struct {
	ID          string       `json:"id"`
	Domain      string       `json:"domain,omitempty"` // subject field, in any words
	Note        string       `json:"note,omitempty"`
	Definitions []Definition `json:"definitions,omitempty"` // one per language, sorted
	Terms       []Term       `json:"terms"`                 // sorted by language, then status
	Origin      Origin       `json:"origin"`
}

// Limits of an entry, in characters and counts (our own).
const (
	maxTerm  = 500
	maxProse = 10_000
	maxField = 500
	maxTerms = 500
)

// Languages lists the languages of the terms, sorted.
func (e Entry) Languages() []corpus.Language {
	var out []corpus.Language
	for _, t := range e.Terms {
		if !slices.Contains(out, t.Language) {
			out = append(out, t.Language)
		}
	}
	slices.Sort(out)
	return out
}

// In lists the terms of one language, best first.
func (e Entry) In(lang corpus.Language) []Term {
	var out []Term
	for _, t := range e.Terms {
		if t.Language == lang {
			out = append(out, t)
		}
	}
	return out
}

// Definition is the definition in one language, "" for none.
func (e Entry) Definition(lang corpus.Language) string {
	for _, d := range e.Definitions {
		if d.Language == lang {
			return d.Text
		}
	}
	return ""
}

// Label is the best term in a language, else in English, else the first.
func (e Entry) Label(lang corpus.Language) string {
	for _, l := range []corpus.Language{lang, lang.Base(), "en"} {
		if in := e.In(l); len(in) > 0 {
			return in[0].Text
		}
	}
	if len(e.Terms) > 0 {
		return e.Terms[0].Text
	}
	return e.ID
}

// Clean brings an entry into the one shape in which it is kept: NFC, single
// blanks, no control characters, tags in their usual case, terms and definitions
// in order, doubles taken out (the better status stays).
func (e Entry) Clean() Entry {
	out := Entry{ID: line(e.ID), Domain: line(e.Domain), Note: prose(e.Note), Origin: Origin{line(e.Origin.File), line(e.Origin.Licence), line(e.Origin.By), line(e.Origin.Day)}}
	for _, t := range e.Terms {
		t = Term{Tag(string(t.Language)), line(t.Text), t.Status, prose(t.Note)}
		if t.Status == "" {
			t.Status = Preferred
			if slices.ContainsFunc(out.Terms, func(o Term) bool { return o.Language == t.Language && o.Status == Preferred }) {
				t.Status = Admitted
			}
		}
		if t.Text != "" {
			out.Terms = append(out.Terms, t)
		}
	}
	corpus.Sort(out.Terms, func(a, b Term) int {
		if c := strings.Compare(string(a.Language), string(b.Language)); c != 0 {
			return c
		}
		return slices.Index(Statuses, a.Status) - slices.Index(Statuses, b.Status)
	})
	seen := map[string]bool{}
	out.Terms = slices.DeleteFunc(out.Terms, func(t Term) bool {
		key := string(t.Language) + "\x00" + t.Text
		double := seen[key]
		seen[key] = true
		return double
	})
	for _, d := range e.Definitions {
		out.define(Tag(string(d.Language)), prose(d.Text))
	}
	corpus.Sort(out.Definitions, func(a, b Definition) int { return strings.Compare(string(a.Language), string(b.Language)) })
	return out
}

// define adds a definition; a second one in the same language goes behind the
// first, so that nothing is lost.
func (e *Entry) define(lang corpus.Language, text string) {
	if text == "" {
		return
	}
	for i, d := range e.Definitions {
		if d.Language == lang {
			if d.Text != text {
				e.Definitions[i].Text += "\n" + text
			}
			return
		}
	}
	e.Definitions = append(e.Definitions, Definition{lang, text})
}

// Validate says the first thing that keeps a cleaned entry from being kept, as
// a corpus.Refusal that is corpus.ErrInvalid.
func (e Entry) Validate() error {
	switch {
	case e.ID == "":
		return corpus.Refuse(corpus.ErrInvalid, "term-no-id", "the entry has no id; give it one")
	case utf8.RuneCountInString(e.ID) > maxField:
		return corpus.Refuse(corpus.ErrInvalid, "term-long", "{field} has more than {most} characters; shorten it", "field", fmt.Sprintf("%.20q", e.ID), "most", maxField)
	case len(e.Terms) == 0:
		return corpus.Refuse(corpus.ErrInvalid, "term-none", "the entry {id} has no term; give it one in any language", "id", e.ID)
	case len(e.Terms) > maxTerms:
		return corpus.Refuse(corpus.ErrInvalid, "term-many", "the entry {id} has more than {most} terms; split it", "id", e.ID, "most", maxTerms)
	}
	for _, f := range []string{e.Domain, e.Origin.File, e.Origin.Licence, e.Origin.By, e.Origin.Day} {
		if utf8.RuneCountInString(f) > maxField {
			return tooLong(f, maxField)
		}
	}
	for _, t := range e.Terms {
		switch {
		case !validTag(t.Language):
			return corpus.Refuse(corpus.ErrInvalid, "term-language", "\"{value}\" is no language tag; write one such as zh, en or zh-Hant", "value", string(t.Language))
		case !slices.Contains(Statuses, t.Status):
			return corpus.Refuse(corpus.ErrInvalid, "term-status", "\"{value}\" is no status; write preferred, admitted, deprecated or forbidden", "value", string(t.Status))
		case utf8.RuneCountInString(t.Text) > maxTerm:
			return tooLong(t.Text, maxTerm)
		case utf8.RuneCountInString(t.Note) > maxProse:
			return tooLong(t.Note, maxProse)
		}
	}
	for _, d := range e.Definitions {
		if d.Language != "" && !validTag(d.Language) {
			return corpus.Refuse(corpus.ErrInvalid, "term-language", "\"{value}\" is no language tag; write one such as zh, en or zh-Hant", "value", string(d.Language))
		}
		if utf8.RuneCountInString(d.Text) > maxProse {
			return tooLong(d.Text, maxProse)
		}
	}
	if utf8.RuneCountInString(e.Note) > maxProse {
		return tooLong(e.Note, maxProse)
	}
	return nil
}

func tooLong(text string, most int) error {
	return corpus.Refuse(corpus.ErrInvalid, "term-long", "{field} has more than {most} characters; shorten it", "field", fmt.Sprintf("%.20q", text), "most", most)
}

// Fold is the key under which two spellings of a word are the same word:
// compatibility forms, case and diacritic-free comparison are left to the
// lexicon, here only NFKC, lower case and single blanks count.
func Fold(s string) string { return strings.ToLower(line(norm.NFKC.String(s))) }

// Tag brings a language tag into its usual case: zh-Hant, en-GB, sr-Latn
// (BCP 47, 2.1.1). Underscores are taken for hyphens.
func Tag(s string) corpus.Language {
	parts := strings.Split(strings.ReplaceAll(strings.TrimSpace(s), "_", "-"), "-")
	for i, p := range parts {
		p = strings.ToLower(p)
		switch {
		case i > 0 && len(p) == 2:
			p = strings.ToUpper(p)
		case i > 0 && len(p) == 4 && p[0] >= 'a':
			p = strings.ToUpper(p[:1]) + p[1:]
		}
		parts[i] = p
	}
	return corpus.Language(strings.Join(parts, "-"))
}

// validTag tells whether a tag has the shape of BCP 47: two or three letters,
// then parts of one to eight letters or digits.
func validTag(l corpus.Language) bool {
	parts := strings.Split(string(l), "-")
	if len(parts) > 8 || len(parts[0]) < 2 || len(parts[0]) > 3 {
		return false
	}
	for i, p := range parts {
		if len(p) < 1 || len(p) > 8 {
			return false
		}
		for _, r := range p {
			letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
			if !letter && (i == 0 || r < '0' || r > '9') {
				return false
			}
		}
	}
	return true
}

// line is a text on one line: NFC, single blanks, nothing invisible that could
// hide what a term is (joiners stay, Persian and Hindi need them).
func line(s string) string { return strings.Join(strings.Fields(visible(s)), " ") }

// prose is a text of several lines without blanks at their ends.
func prose(s string) string {
	lines := strings.Split(visible(strings.ReplaceAll(s, "\r\n", "\n")), "\n")
	for i, l := range lines {
		lines[i] = line(l)
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

func visible(s string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t' || r == '\r' || r == 0x85 || r == 0x2028 || r == 0x2029:
			return ' '
		case unicode.IsControl(r), r == utf8.RuneError, r == 0xFEFF, r == 0xFFFE, r == 0xFFFF, r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, s))
}
