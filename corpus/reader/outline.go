package reader

import (
	"cmp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"concord/corpus"
)

// outline gives entries their keys, parents, kinds and paths, in reading order.
type outline struct {
	entries   []*entry
	byKey     map[string]*entry
	divisions []*entry // open parts, titles, chapters, sections
	levels    []*entry // open headings by Markdown level
	annex     *entry
	last      *entry          // last numbered entry
	comment   *entry          // heading of the commentary
	restart   bool            // numbers begin again in every division
	again     map[string]bool // annexes in whose divisions numbers begin again
	language  corpus.Language
	problems  []corpus.Problem
	repeated  map[string]int
	counts    map[string]int // of keys made by free
	records   bool           // from a table or catalog, which has no title pages
}

// ranks order divisions from the outside in.
var ranks = map[string]int{"part": 1, "title": 2, "chapter": 3, "section": 4}

// buildClauses turns entries into clauses of a standard.
func buildClauses(entries []*entry, standard *corpus.Standard, illustrative bool) ([]corpus.Clause, []corpus.Problem) {
	o := &outline{byKey: map[string]*entry{}, language: standard.Language, repeated: map[string]int{}, counts: map[string]int{}}
	o.restart = restarts(entries)
	o.again = restartingAnnexes(entries)
	for _, e := range entries {
		e.heading = closeHan(e.heading)
		if e.owner != nil && e.owner.key == "" {
			e.owner = nil
		}
		o.place(e)
	}
	o.kinds()
	clauses := o.clauses(standard, illustrative)
	o.reportRepeated()
	return clauses, o.problems
}

// restarts tells whether bare numbers begin again in divisions, so that they
// need the division's key to be unique: at least three numbers come twice, in
// different divisions and outside the commentary. Where nearly all numbers begin
// with the figure of the division they stand in, as 2.1 in chapter 2, they run on
// and what comes twice is a stray.
func restarts(entries []*entry) bool {
	where, running := map[string]*entry{}, map[*entry]bool{}
	var division *entry
	again, own, all := 0, 0, 0
	for _, e := range entries {
		if e.number.Kind == corpus.NumberDivision {
			division = e
			continue
		}
		if e.number.Kind != corpus.NumberClause || e.comment || e.annex != "" || !startsNumeric(e.number.Parts[0]) {
			continue
		}
		if division != nil && e.number.Depth() > 1 {
			if all++; e.number.Parts[0] == division.number.Parts[len(division.number.Parts)-1] {
				own++
				running[division] = true
			}
		}
		key := e.number.String()
		if first, found := where[key]; found && first != division && division != nil {
			again++
		} else if !found {
			where[key] = division
		}
	}
	return again >= 3 && again*10 >= len(where) && (own*10 < all*9 || len(running) < 2)
}

// restartingAnnexes are the annexes whose points are numbered anew in every section of
// theirs.
func restartingAnnexes(entries []*entry) map[string]bool {
	again := map[string]bool{}
	var division *entry
	first := map[string]*entry{}
	for _, e := range entries {
		switch e.number.Kind {
		case corpus.NumberAnnex:
			division = nil
		case corpus.NumberDivision:
			division = e
		case corpus.NumberClause:
			key := e.annex + " " + e.number.String()
			if before := first[key]; before == nil {
				first[key] = division
			} else if e.annex != "" && division != nil && before != division {
				again[e.annex] = true
			}
		}
	}
	return again
}

// place gives an entry its key and parent.
func (o *outline) place(e *entry) {
	e.parent = o.parentOf(e)
	key := usable(o.keyOf(e))
	if _, taken := o.byKey[key]; taken {
		if !e.number.IsZero() {
			o.repeated[key]++
		}
		key = o.free(key+"~", 2)
	}
	e.key = key
	o.byKey[key] = e
	o.entries = append(o.entries, e)
	o.openLevels(e)
}

// usable holds what every key promises, whatever label or attribute a format made
// it from: it can stand in an address as it is. Keys made of numbers and words
// are so already and stay as they are.
func usable(key string) string {
	if !strings.ContainsFunc(key, func(r rune) bool {
		return r == '/' || r == '?' || r == '#' || r == '%' || unicode.IsSpace(r) || unicode.IsControl(r)
	}) {
		return key
	}
	return cmp.Or(corpus.SafeKey(key), "section")
}

// openLevels keeps what is open for the entries to come.
func (o *outline) openLevels(e *entry) {
	if e.section == sectionCommentary {
		o.comment, o.annex, o.divisions = e, nil, nil
	}
	switch e.number.Kind {
	case corpus.NumberDivision:
		o.closeDivisions(e)
		o.divisions = append(o.divisions, e)
	case corpus.NumberAnnex:
		o.annex, o.divisions, o.comment = e, nil, nil
	}
	if e.number.Kind != "" && e.owner == nil {
		o.last = e
	}
	if e.level > 0 {
		for len(o.levels) > 0 && o.levels[len(o.levels)-1].level >= e.level {
			o.levels = o.levels[:len(o.levels)-1]
		}
		o.levels = append(o.levels, e)
	}
}

// closeDivisions closes what a new division of its rank ends.
func (o *outline) closeDivisions(e *entry) {
	for len(o.divisions) > 0 && ranks[o.divisions[len(o.divisions)-1].number.Rank] >= ranks[e.number.Rank] {
		o.divisions = o.divisions[:len(o.divisions)-1]
	}
}

// keyOf makes the key of an entry: its number, within its annex or division
// where it is printed without, marked in the commentary, counted for notes.
func (o *outline) keyOf(e *entry) string {
	switch {
	case e.key != "":
		return e.key
	case e.isUnit() && e.number.IsZero(): // a caption without a number
		base := ""
		if e.owner != nil {
			base = e.owner.key
		}
		return o.free(base+"~"+string(e.number.Kind)+"-u", 1)
	case e.isUnit() && e.owner != nil:
		return e.owner.key + "~" + e.number.String()
	case e.owner != nil || e.kind == corpus.KindNote || e.kind == corpus.KindExample:
		return o.noteKey(e)
	case e.number.IsZero():
		return o.headingKey(e)
	}
	key := e.number.String()
	switch e.number.Kind {
	case corpus.NumberDivision:
		o.closeDivisions(e)
		if len(o.divisions) > 0 {
			key = strings.TrimSuffix(o.divisions[len(o.divisions)-1].key, "~commentary") + "." + key
		} else if o.annex != nil && e.annex != "" {
			key = o.annex.key + "." + key
		}
	case corpus.NumberClause:
		switch {
		case e.annex != "" && !e.comment && e.number.Parts[0] != e.annex && !strings.HasPrefix(e.number.Parts[0], e.annex):
			if startsNumeric(e.number.Parts[0]) {
				above := e.annex
				if n := len(o.divisions); n > 0 && o.again[e.annex] { // Annex I, Section B, point 1
					above = o.divisions[n-1].key
				}
				key = above + "." + key
			}
		case o.restart && len(o.divisions) > 0 && e.annex == "" && !e.comment:
			key = o.divisions[len(o.divisions)-1].key + "." + key
		}
	}
	if e.comment && e.number.Kind != corpus.NumberCommentary {
		key += "~commentary"
	}
	return key
}

// noteKey counts notes and examples below the clause they belong to.
func (o *outline) noteKey(e *entry) string {
	base := ""
	if e.owner != nil {
		base = e.owner.key
	}
	word := "~note"
	if e.kind == corpus.KindExample {
		word = "~example"
	}
	if len(e.number.Parts) > 0 {
		if key := base + word + e.number.Parts[0]; o.byKey[key] == nil {
			return key
		}
	}
	return o.free(base+word, 1)
}

// free is the first key that is not taken among those with a count from n on
// after the same words. The next search begins where the last one ended.
func (o *outline) free(words string, n int) string {
	n = max(n, o.counts[words])
	for ; ; n++ {
		if key := words + strconv.Itoa(n); o.byKey[key] == nil {
			o.counts[words] = n
			return key
		}
	}
}

// headingKey makes a key from the words of an unnumbered heading, below the
// clause or annex it stands in when it is inside one.
func (o *outline) headingKey(e *entry) string {
	if e.section == sectionCommentary {
		return "commentary"
	}
	words := shorten(corpus.SafeKey(strings.ToLower(strings.ReplaceAll(e.heading, "~", " "))), 48)
	if words == "" {
		words = "section"
	}
	for p := e.parent; p != nil; p = p.parent {
		if !p.number.IsZero() {
			words = strings.TrimSuffix(p.key, "~commentary") + "." + words
			break
		}
	}
	if e.comment {
		words += "~commentary"
	}
	return words
}

// shorten cuts a text to at most n characters.
//
//go:noinline
func shorten(s string, n int) string {
	for i := range s {
		if n == 0 {
			return strings.TrimRight(s[:i], "-.")
		}
		n--
	}
	return s
}

// parentOf finds the clause an entry belongs to: a note to its clause, a number
// to the number one component shorter, anything else to the open division,
// annex or heading.
func (o *outline) parentOf(e *entry) *entry {
	switch {
	case e.owner != nil:
		return e.owner
	case e.parent != nil: // the reader knew
		return e.parent
	}
	if e.number.Kind == corpus.NumberAnnex || e.section == sectionCommentary {
		return nil
	}
	if e.number.Kind == corpus.NumberDivision {
		o.closeDivisions(e)
		if len(o.divisions) > 0 {
			return o.divisions[len(o.divisions)-1]
		}
		if e.annex != "" && o.annex != nil {
			return o.annex
		}
		return o.commentHeading(e)
	}
	for n := e.number.Parent(); !n.IsZero(); n = n.Parent() {
		if p := o.byKey[o.keyOf(&entry{number: n, annex: e.annex, comment: e.comment})]; p != nil {
			return p
		}
	}
	if e.number.IsZero() && e.level == 0 && e.section != sectionNone {
		return o.commentHeading(e)
	}
	if p := o.openHeading(e); p != nil {
		return p
	}
	if len(o.divisions) > 0 {
		return o.divisions[len(o.divisions)-1]
	}
	if e.annex != "" && o.annex != nil && !e.comment {
		return o.annex
	}
	return o.commentHeading(e)
}

func (o *outline) commentHeading(e *entry) *entry {
	if e.comment && e.section != sectionCommentary {
		return o.comment
	}
	return nil
}

// openHeading is the innermost open Markdown heading above an entry. A numbered
// heading is above another number only when a division, annex or unnumbered
// heading: numbers find their parents by themselves.
func (o *outline) openHeading(e *entry) *entry {
	for i := len(o.levels) - 1; i >= 0; i-- {
		h := o.levels[i]
		if e.level > 0 && h.level >= e.level {
			continue
		}
		if h.comment != e.comment || h.annex != e.annex && h.key != e.annex {
			return nil
		}
		if !e.number.IsZero() && h.number.Kind == corpus.NumberClause && !strings.ContainsAny(h.number.Parts[0], "ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
			continue
		}
		return h
	}
	return nil
}

// kinds decides what each entry is, from what it stands in.
func (o *outline) kinds() {
	terms, informative := map[*entry]bool{}, map[*entry]bool{}
	leading := map[*entry]bool{} // title pages, below which numbered pieces bind
	front := o.frontMatter()
	vocabulary := unheadedTerms(o.entries)
	for _, e := range o.entries {
		p := e.parent
		kind := e.section
		if kind == sectionNone && e.heading != "" {
			kind = sectionOf(e.heading)
		}
		terms[e] = p != nil && terms[p] && !leavesTerms(p, e) || kind == sectionTerms || e.number.Depth() > 1 && vocabulary[sectionKey(e)]
		if e.number.Depth() == 1 && e.number.Parts[0] == "0" && kind == sectionInformative {
			informative[e] = true
		}
		if len(e.text) > 0 && bindsNobody(e.text[0]) {
			informative[e] = true
		}
		informative[e] = informative[e] || p != nil && informative[p] && (e.number.IsZero() || !leading[p]) || e.number.IsZero() && e.owner == nil && kind == sectionInformative
		leading[e] = p != nil && leading[p] && e.number.IsZero()
		if front > 0 {
			front--
			informative[e], leading[e] = true, true
		}
		if e.number.Kind == corpus.NumberAnnex {
			if normative, _ := corpus.AnnexStatus(e.status + " " + e.number.Label + " " + e.heading + " " + firstLine(e)); !normative {
				informative[e] = true
			}
		}
		e.kind = kindOf(e, terms[e], informative[e])
	}
}

// bindsNobody tells whether the first words of a section say that it is informative, as
// specifications of the web have it (W3C manual of style, RFC 2119 usage).
func bindsNobody(text string) bool {
	if strings.Contains(text[:min(len(text), 120)], " is not a part of the requirements of this ") { // NFPA
		return true
	}
	rest, found := strings.CutPrefix(text, "This section is ")
	return found && (strings.HasPrefix(rest, "non-normative") || strings.HasPrefix(rest, "informative") || strings.HasPrefix(rest, "not normative"))
}

// leavesTerms tells whether a piece of a chapter of definitions has a heading of
// its own and so another subject.
func leavesTerms(chapter, e *entry) bool {
	return chapter.number.Kind == corpus.NumberDivision && !e.number.IsZero() && e.heading != "" && !strings.Contains(strings.ToLower(e.heading), "definition")
}

// frontMatter counts the unnumbered entries before the first numbered one of a
// document that is numbered: title pages and prefaces, which bind nobody.
func (o *outline) frontMatter() int {
	numbered, front := 0, 0
	for _, e := range o.entries {
		if !e.number.IsZero() {
			numbered++
		} else if numbered == 0 {
			front++
		}
	}
	if numbered < 5 || o.records {
		return 0
	}
	return front
}

func firstLine(e *entry) string {
	if len(e.text) == 0 || utf8.RuneCountInString(e.text[0]) > 60 {
		return ""
	}
	return e.text[0]
}

func kindOf(e *entry, terms, informative bool) corpus.Kind {
	switch {
	case e.kind == corpus.KindTable && e.comment: // it binds nobody, as all that it stands in
		return corpus.KindCommentary
	case e.kind == corpus.KindTable && informative:
		return corpus.KindInformative
	case e.kind != "":
		return e.kind
	case len(e.text) == 0 && e.heading != "":
		return corpus.KindHeading
	case e.comment || e.number.Kind == corpus.NumberCommentary || e.number.Depth() > 1 && sectionOf(e.heading) == sectionCommentary:
		return corpus.KindCommentary
	case informative:
		return corpus.KindInformative
	case terms && e.number.Depth() > 1:
		return corpus.KindDefinition
	}
	return corpus.KindProvision
}

// clauses writes the entries out.
func (o *outline) clauses(standard *corpus.Standard, illustrative bool) []corpus.Clause {
	out := make([]corpus.Clause, 0, len(o.entries))
	paths := map[*entry][]string{}
	for _, e := range o.entries {
		text := strings.TrimSpace(strings.Join(e.text, "\n"))
		if e.kind == corpus.KindDefinition && e.heading == "" {
			if e.heading, text = splitTerm(text); e.heading == "" && e.number.Rank == "article" && (e.parent == nil || sectionOf(e.parent.heading) != sectionTerms) {
				e.kind = corpus.KindProvision // a paragraph that defines nothing
			}
		}
		if e.heading == "" && text == "" {
			if e.number.IsZero() {
				continue
			}
			e.heading, e.kind = e.number.Label, corpus.KindHeading
		}
		c := corpus.Clause{
			ID:       corpus.NewClauseID(standard.ID, e.key),
			Standard: standard.ID,
			Order:    len(out),
			Label:    e.number.Label,
			Number:   e.key,
			Kind:     e.kind,
			Heading:  e.heading,
			Text:     text,
			Language: standard.Language,
		}
		if p := e.written(paths); p != nil {
			c.Parent = corpus.NewClauseID(standard.ID, p.key)
			c.Path = append([]string(nil), paths[p]...)
			if t := title(p); t != "" {
				c.Path = append(c.Path, t)
			}
		}
		paths[e] = c.Path
		if c.Label == "" {
			c.Label = e.heading
		}
		c.Illustrative = illustrative && !e.official && !e.number.IsZero()
		out = append(out, c)
	}
	return out
}

// written is the nearest entry above that became a clause: one without words or
// number is left out.
func (e *entry) written(paths map[*entry][]string) *entry {
	p := e.parent
	for ; p != nil; p = p.parent {
		if _, ok := paths[p]; ok {
			break
		}
	}
	return p
}

// title is what an entry adds to the path of those below it: its heading, or
// the label of a chapter or annex without one.
func title(e *entry) string {
	if e.heading == "" && e.number.Kind != corpus.NumberClause {
		return e.number.Label
	}
	return e.heading
}

// reportRepeated says which numbers came more than once.
func (o *outline) reportRepeated() {
	for _, e := range o.entries {
		n := o.repeated[e.key]
		if n == 0 {
			continue
		}
		if len(o.problems) >= maxProblems {
			o.problems = append(o.problems, corpus.Say(corpus.SeverityWarning, "", "repeated-more", "more numbers are repeated than are listed", ""))
			return
		}
		place := "clause " + e.key
		if e.page > 0 {
			place = pdfPlace(e.page) + ", " + place
		}
		o.problems = append(o.problems, corpus.Say(corpus.SeverityWarning, place, "number-repeated",
			"the number is given {count} times; the later ones are kept apart as {key}~2 and so on", "check the numbers in the file", "count", n+1, "key", e.key))
	}
}
