package staging

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"concord/corpus"
)

// FieldName names a field in a refusal, which pages say in their language.
type FieldName string

// Field is one field of a standard's identity that a person may set.
type Field struct {
	Name   string
	Naming bool     // belongs to this edition, so it is not carried to the next
	Later  bool     // may also be set on a kept standard: it touches neither id nor clauses
	Values []string // the only ones allowed, "" among them where it may be empty
	fits   *regexp.Regexp
	Get    func(corpus.Standard) string
	set    func(*Sheet, string)
}

// The shapes of what has no list of values.
var (
	anyText    = regexp.MustCompile(`^[^\p{Cc}]*$`)
	someText   = regexp.MustCompile(`^[^\p{Cc}]*\S[^\p{Cc}]*$`)
	aPlace     = regexp.MustCompile(`^[A-Z]{2,8}$`)
	aTongue    = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
	aDay       = regexp.MustCompile(`^(\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))?$`)
	anICS      = regexp.MustCompile(`^(\d{2}(\.\d{3}(\.\d{2})?)?(, |$))*$`)
	aCCS       = regexp.MustCompile(`^([A-HJ-NP-Z]\d{2}(, |$))*$`)
	aTradition = regexp.MustCompile(`^[a-z-]{0,30}$`)
)

// Fields is the table of the identity, in the order of the form.
var Fields = []Field{
	{Name: "designation", Naming: true, fits: someText, Get: func(s corpus.Standard) string { return s.Designation },
		set: func(s *Sheet, v string) { s.rename(v, s.Standard.Jurisdiction) }},
	{Name: "title", Naming: true, fits: anyText, Get: func(s corpus.Standard) string {
		if len(s.Titles) == 0 {
			return ""
		}
		return s.Title(s.Language).Text
	}, set: (*Sheet).title},
	{Name: "edition", Naming: true, fits: anyText, Get: func(s corpus.Standard) string { return s.Edition }, set: func(s *Sheet, v string) { s.Standard.Edition = v }},
	{Name: "in-force", Naming: true, fits: aDay, Get: func(s corpus.Standard) string { return s.InForce }, set: func(s *Sheet, v string) { s.Standard.InForce = v }},
	{Name: "status", Values: []string{"", string(corpus.StatusInForce), string(corpus.StatusDraft), string(corpus.StatusSuperseded), string(corpus.StatusWithdrawn)},
		Get: func(s corpus.Standard) string { return string(s.Status) }, set: func(s *Sheet, v string) { s.Standard.Status = corpus.Status(v) }},
	{Name: "issuer", fits: anyText, Get: func(s corpus.Standard) string { return s.Issuer }, set: func(s *Sheet, v string) { s.Standard.Issuer = v }},
	{Name: "jurisdiction", fits: aPlace, Get: func(s corpus.Standard) string { return string(s.Jurisdiction) },
		set: func(s *Sheet, v string) { s.rename(s.Standard.Designation, corpus.Jurisdiction(v)) }},
	{Name: "language", fits: aTongue, Get: func(s corpus.Standard) string { return string(s.Language) }, set: (*Sheet).language},
	{Name: "domain", Values: []string{"", string(corpus.DomainEngineering), string(corpus.DomainPark), string(corpus.DomainDigital)},
		Get: func(s corpus.Standard) string { return string(s.Domain) }, set: func(s *Sheet, v string) { s.Standard.Domain = corpus.Domain(v) }},
	{Name: "tradition", fits: aTradition, Get: func(s corpus.Standard) string { return string(s.Tradition) }, set: func(s *Sheet, v string) { s.Standard.Tradition = corpus.Tradition(v) }},
	{Name: "authenticity", Later: true, Values: []string{"", string(corpus.AuthenticityOfficial), string(corpus.AuthenticityReference)},
		Get: func(s corpus.Standard) string { return string(s.Authenticity) }, set: func(s *Sheet, v string) { s.Standard.Authenticity = corpus.Authenticity(v) }},
	{Name: "overlay", Naming: true, Later: true, Values: []string{"", string(corpus.OverlayAmendment), string(corpus.OverlayCorrigendum), string(corpus.OverlayAnnex), string(corpus.OverlayNone)},
		Get: func(s corpus.Standard) string { return string(s.Overlay) }, set: func(s *Sheet, v string) { s.Standard.Overlay = corpus.OverlayKind(v) }},
	{Name: "base", Naming: true, Later: true, fits: anyText, Get: func(s corpus.Standard) string { return s.Base }, set: func(s *Sheet, v string) { s.Standard.Base = v }},
	{Name: "ics", Later: true, fits: anICS, Get: func(s corpus.Standard) string { return strings.Join(s.ICS, ", ") }, set: func(s *Sheet, v string) { s.Standard.ICS = classes(v) }},
	{Name: "ccs", Later: true, fits: aCCS, Get: func(s corpus.Standard) string { return strings.Join(s.CCS, ", ") }, set: func(s *Sheet, v string) { s.Standard.CCS = classes(v) }},
	{Name: "rights", Values: []string{string(corpus.RightsFull), string(corpus.RightsExcerpt), string(corpus.RightsTitles)},
		Get: func(s corpus.Standard) string { return string(s.Rights) }, set: func(s *Sheet, v string) { s.Standard.Rights = corpus.Rights(v) }},
}

// Usual is a value as the field writes it: codes of places in capitals, tags of
// languages beginning in small letters.
func (f Field) Usual(v string) string {
	switch f.Name {
	case "jurisdiction":
		return strings.ToUpper(v)
	case "language":
		base, rest, more := strings.Cut(v, "-")
		if base = strings.ToLower(base); more {
			return base + "-" + rest
		}
		return base
	case "tradition":
		return strings.ToLower(v)
	case "ics", "ccs": // "c 80;p16" as "C80, P16"
		return strings.Join(classes(spacedClass.ReplaceAllString(strings.ToUpper(v), "$1$2")), ", ")
	}
	return v
}

// spacedClass is a class as covers print it, "C 80".
var spacedClass = regexp.MustCompile(`([A-Z])\s+(\d)`)

// classes are those of a list, separated by anything.
func classes(v string) []string {
	return strings.FieldsFunc(v, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;，；、", r) })
}

// Fits tells whether a value may stand in the field.
func (f Field) Fits(v string) bool {
	if f.Values != nil {
		return slices.Contains(f.Values, v)
	}
	return len([]rune(v)) <= maxFieldRunes && f.fits.MatchString(v)
}

// identify sets fields of the standard, all or none.
func (s *Sheet) identify(op Operation) error {
	known := 0
	for _, f := range Fields {
		v, set := op.Set[f.Name]
		if !set {
			continue
		}
		known++
		if !f.Fits(v) {
			return corpus.Refuse(corpus.ErrInvalid, "correct-field", "{value} cannot stand in the field {field}", "value", v, "field", FieldName(f.Name))
		}
	}
	if known == 0 || known != len(op.Set) {
		return corpus.Refuse(corpus.ErrInvalid, "correct-fields", "there is no such field of a standard")
	}
	if err := s.liesOnSomething(op); err != nil {
		return err
	}
	for _, f := range Fields {
		if v, set := op.Set[f.Name]; set {
			f.set(s, v)
		}
	}
	s.identified = true
	return nil
}

// liesOnSomething refuses an amendment or annex of nothing: one that is said to
// be, while neither a person nor its designation or title names the base.
func (s *Sheet) liesOnSomething(op Operation) error {
	kind, said := op.Set["overlay"]
	if !said || kind == "" || kind == string(corpus.OverlayNone) {
		return nil
	}
	trial := s.Standard
	trial.Overlay = corpus.OverlayKind(kind)
	if base, set := op.Set["base"]; set {
		trial.Base = base
	}
	if designation, set := op.Set["designation"]; set {
		trial.Designation = designation
	}
	if _, is := corpus.OverlayOf(trial); !is {
		return corpus.Refuse(corpus.ErrInvalid, "overlay-base", "give the designation of the standard that it amends or completes")
	}
	return nil
}

// Restated is a kept standard with fields set by name. A field that may not be
// set later, or a value that does not fit, is a refusal.
func Restated(std corpus.Standard, set map[string]string) (corpus.Standard, error) {
	for name := range set {
		if !slices.ContainsFunc(Fields, func(f Field) bool { return f.Name == name && f.Later }) {
			return std, corpus.Refuse(corpus.ErrInvalid, "correct-fields", "there is no such field of a standard")
		}
	}
	if len(set) == 0 {
		return std, nil
	}
	s := Sheet{Standard: std}
	err := s.identify(Operation{Set: set})
	return s.Standard, err
}

// rename gives the standard another designation or jurisdiction, and with it
// another id. What the old id had behind it, a language, stays.
func (s *Sheet) rename(designation string, place corpus.Jurisdiction) {
	was := s.Standard
	s.Standard.Designation, s.Standard.Jurisdiction = designation, place
	if designation == was.Designation && place == was.Jurisdiction {
		return
	}
	id := corpus.NewStandardID(designation, place)
	if own := corpus.NewStandardID(was.Designation, was.Jurisdiction); own != was.ID {
		if tail, found := strings.CutPrefix(string(was.ID), string(own)+"-"); found && len(tail) <= 8 {
			id += corpus.StandardID("-" + tail)
		}
	}
	s.Standard.ID = id
	doc := corpus.Document{Standard: was, Clauses: make([]corpus.Clause, len(s.Rows))}
	for i, r := range s.Rows {
		doc.Clauses[i] = r.Clause
	}
	moved := s.moved
	s.moved = map[corpus.ClauseID]bool{}
	doc.Rename(id)
	for i, c := range doc.Clauses {
		s.moved[c.ID] = moved[s.Rows[i].ID]
		s.Rows[i].Clause = c
	}
}

// title sets the title in the text's own language.
func (s *Sheet) title(v string) {
	for i, t := range s.Standard.Titles {
		if t.Language.Base() == s.Standard.Language.Base() {
			s.Standard.Titles[i].Text = v
			return
		}
	}
	s.Standard.Titles = slices.Insert(s.Standard.Titles, 0, corpus.Title{Language: s.Standard.Language, Text: v})
}

// language sets the language of the standard and of what was in its language.
func (s *Sheet) language(v string) {
	was, now := s.Standard.Language, corpus.Language(v)
	for i := range s.Rows {
		if s.Rows[i].Language == was {
			s.Rows[i].Language = now
		}
	}
	for i := range s.Standard.Titles {
		if s.Standard.Titles[i].Language == was {
			s.Standard.Titles[i].Language = now
		}
	}
	s.Standard.Language = now
}

// yearAtEnd is the year that ends a designation of a publisher nobody knows.
var yearAtEnd = regexp.MustCompile(`[\s:：./(（–—-]+(?:19|20)\d\d[)）]?$`)

// SameWork tells whether two designations name the same standard in whatever
// edition; ones that cannot be parsed only when they are the same but for a year at
// the end.
func SameWork(a, b string) bool {
	_, over := corpus.OverlayOf(corpus.Standard{Designation: a})
	if _, other := corpus.OverlayOf(corpus.Standard{Designation: b}); over != other {
		return false // an amendment is no edition of what it amends
	}
	x, errX := corpus.ParseDesignation(a)
	y, errY := corpus.ParseDesignation(b)
	if errX == nil && errY == nil && x.Publisher != "" {
		return x.SameWork(y)
	}
	squeeze := func(s string) string {
		s = yearAtEnd.ReplaceAllString(strings.TrimSpace(s), "")
		return strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) {
				return -1
			}
			return unicode.ToLower(r)
		}, s)
	}
	return squeeze(a) == squeeze(b)
}
