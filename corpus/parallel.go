package corpus

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// Authenticity says what a language edition of a standard counts as: the text
// that binds, or a translation for reference.
type Authenticity string

// The kinds of language edition.
const (
	AuthenticityOfficial  Authenticity = "official"
	AuthenticityReference Authenticity = "reference"
	AuthenticityUnknown   Authenticity = ""
)

// referenceWords name a translation that does not bind, in a title or notice.
var referenceWords = regexp.MustCompile(`(?i)(reference|unofficial|courtesy|non-official|non-binding) translation|参考译文|非正式译文|译文仅供参考|(неофициальный|справочный) перевод|перевод не является официальным|traduction (non officielle|de courtoisie)|traducción (no oficial|de cortesía)|ترجمة (غير رسمية|استرشادية)`)

// AuthenticityOf is what a standard's text counts as, and whether somebody said
// so: a person or the document. Where nobody did, a text in its publisher's
// language (English of one that writes in several) is taken to be official, and
// one in another language a translation, if the publisher writes in one (our own
// rule). Of a demonstration nothing is taken.
func AuthenticityOf(s Standard) (kind Authenticity, said bool) {
	if s.Authenticity != AuthenticityUnknown {
		return s.Authenticity, true
	}
	words := s.Notice
	for _, t := range s.Titles {
		words += "\n" + t.Text
	}
	if referenceWords.MatchString(words) {
		return AuthenticityReference, true
	}
	publisher, known := PublisherOf(s.Designation)
	switch {
	case s.Demonstration || !known:
		return AuthenticityUnknown, false
	case s.Language.Base() == publisher.Language || publisher.Language == "" && s.Language.Base() == "en":
		return AuthenticityOfficial, false
	case publisher.Language != "":
		return AuthenticityReference, false
	}
	return AuthenticityUnknown, false
}

// ParallelBy says why two standards are parallel editions.
type ParallelBy string

// The reasons. The first is stronger.
const (
	ParallelByDesignation ParallelBy = "designation" // one edition of one publisher in two languages
	ParallelByAdoption    ParallelBy = "adoption"    // declared identical (IDT, ISO/IEC Guide 21-1)
)

// Parallel is an edition of the same text in another language.
type Parallel struct {
	Standard Standard
	By       ParallelBy
}

// Editions finds parallel editions among standards. It is made once and only
// read afterwards.
type Editions struct {
	byWork map[string][]Standard
}

// NewEditions takes in the standards among which editions are looked for.
func NewEditions(all []Standard) *Editions {
	e := &Editions{byWork: map[string][]Standard{}}
	for _, s := range all {
		for _, key := range workKeys(s) {
			e.byWork[key] = append(e.byWork[key], s)
		}
	}
	return e
}

// EditionsOf is NewEditions of what is kept.
func EditionsOf(holdings []Holding) *Editions {
	all := make([]Standard, len(holdings))
	for i, h := range holdings {
		all[i] = h.Standard
	}
	return NewEditions(all)
}

// Parallel lists the editions of a standard's text in other languages: of the
// same designation, or declared identical with it or with the same third. Those
// of the same designation come first, then by language and id.
func (e *Editions) Parallel(s Standard) []Parallel {
	var out []Parallel
	seen := map[StandardID]bool{s.ID: true}
	for _, key := range workKeys(s) {
		for _, other := range e.byWork[key] {
			if seen[other.ID] {
				continue
			}
			seen[other.ID] = true
			if by := parallelBy(s, other); by != "" {
				out = append(out, Parallel{other, by})
			}
		}
	}
	SortRows(out, func(a, b Parallel) int {
		return cmp.Or(-cmp.Compare(a.By, b.By), cmp.Compare(a.Standard.Language, b.Standard.Language), cmp.Compare(a.Standard.ID, b.Standard.ID))
	})
	return out
}

// parallelBy is why two standards are one text in two languages, "" if they are
// not.
func parallelBy(a, b Standard) ParallelBy {
	if a.Language.Base() == b.Language.Base() {
		return ""
	}
	if SameDesignation(a.Designation, b.Designation) {
		if yearsContradict(a, b) {
			return ""
		}
		return ParallelByDesignation
	}
	for _, x := range heldTexts(a) {
		for _, y := range heldTexts(b) {
			if SameDesignation(x, y) {
				return ParallelByAdoption
			}
		}
	}
	return ""
}

// heldTexts are the designations of the text a standard holds: its own and those
// it adopts unchanged.
func heldTexts(s Standard) []string {
	out := []string{s.Designation}
	for _, a := range s.Adopts {
		if a.Degree == Identical {
			out = append(out, a.Designation)
		}
	}
	return out
}

// workKeys are equal of standards that hold one work, in whatever edition.
func workKeys(s Standard) []string {
	var out []string
	for _, text := range heldTexts(s) {
		key := workKey(text)
		if !slices.Contains(out, key) {
			out = append(out, key)
		}
	}
	return out
}

// knownKeys are the keys worked out before.
var knownKeys memo[string]

// workKey is equal of designations of one work.
func workKey(designation string) string { return knownKeys.of(designation, readWorkKey) }

func readWorkKey(designation string) string {
	if d, err := ParseDesignation(withoutTongue(designation)); err == nil && d.Publisher != "" {
		return slugOfPrefix(d.Publisher) + " " + strings.ToLower(d.Number)
	}
	return foldedDesignation(designation)
}

// SameDesignation tells whether two designations name one edition, however they are
// printed; one without a year names every edition. What is of no known pattern must be
// printed alike.
func SameDesignation(a, b string) bool {
	x, errA := ParseDesignation(withoutTongue(a))
	y, errB := ParseDesignation(withoutTongue(b))
	if errA == nil && errB == nil {
		return x.Same(y)
	}
	return errA != nil && errB != nil && foldedDesignation(a) == foldedDesignation(b)
}

// DesignationKeys are the keys a designation is found by, however it is printed and in
// whichever script ("GOST R 57580.1-2017" is "ГОСТ Р 57580.1—2017"): its edition's, and
// behind it its work's where the year tells an edition apart. Years of acts of the
// European Union are a part of the number. nil for what is of no known pattern.
func DesignationKeys(designation string) []string {
	d, err := ParseDesignation(withoutTongue(designation))
	if err != nil || d.Publisher == "" {
		return nil
	}
	if act, ok := d.euString(); ok {
		return []string{strings.ToLower(act)}
	}
	work := workKey(designation)
	if d.Year == "" {
		return []string{work}
	}
	return []string{work + " " + d.Year, work}
}

func foldedDesignation(s string) string { return strings.ToLower(foldSpace(withoutTongue(s))) }

// tongueMark is the language that some publishers print behind a designation:
// ISO 9001:2015(E), GB/T 5606-2004（英文版）.
var tongueMark = regexp.MustCompile(`\s*(\((E|F|R|en|fr|ru|zh|es|ar|de)\)|[(（][中英俄法德西阿]文版[)）])$`)

func withoutTongue(designation string) string {
	return tongueMark.ReplaceAllString(strings.TrimSpace(designation), "")
}

// aYear is the year inside an edition as printed.
var aYear = regexp.MustCompile(`\b(19|20)\d\d\b`)

// yearsContradict tells whether the editions of two standards, one of which has
// no year in its designation, are of different years.
func yearsContradict(a, b Standard) bool {
	x, y := aYear.FindString(a.Edition), aYear.FindString(b.Edition)
	return x != "" && y != "" && x != y && (!aYear.MatchString(a.Designation) || !aYear.MatchString(b.Designation))
}

// ByNumber finds clauses by number, without those whose number another one has
// too: what can be paired with the clause of a parallel edition. Notes, examples
// and commentary are left out.
func ByNumber(clauses []Clause) map[string]Clause {
	out, times := map[string]Clause{}, map[string]int{}
	for _, c := range clauses {
		if c.Number != "" && (c.Kind.Normative() || c.Kind == KindHeading) {
			out[c.Number] = c
			times[c.Number]++
		}
	}
	for number, n := range times {
		if n > 1 {
			delete(out, number)
		}
	}
	return out
}
