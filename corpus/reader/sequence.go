package reader

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"concord/corpus"
)

// accept decides whether the number that opens a line is a clause's.
func (s *sectioner) accept(i int) bool {
	l := &s.lines[i]
	n := l.number
	if startsWithComma(l.rest) {
		return false // a reference: no heading begins so
	}
	switch n.Kind {
	case corpus.NumberTable, corpus.NumberFigure:
		return false
	case corpus.NumberDivision, corpus.NumberAnnex:
		if _, after := annexStatus(l.rest); n.Kind == corpus.NumberAnnex && after != l.rest {
			return after == "" || titleLike(after)
		}
		return l.rest == "" || titleLike(l.rest) && (l.start || l.alone || s.previousEnded(i))
	case corpus.NumberCommentary:
		return !startsLower(l.rest)
	}
	switch {
	case n.Rank == "article" && coded.MatchString(l.text) && titleLike(l.rest):
		return true
	case n.Rank == "article":
		return s.acceptArticle(i)
	case hasLetters(n.Label) && !startsNumeric(n.Label) && !isBareLettered(n):
		return l.start && s.near(n, true) && !startsLower(l.rest) // пункт 5.3, البند 5.3
	case n.Depth() == 1:
		return s.acceptFigure(i)
	}
	if s.style.articles && s.last.Depth() > 0 && n.Parts[0] != s.last.Parts[0] {
		return false
	}
	if startsNumeric(n.Parts[0]) && (!s.style.colons && hasColon(l) && !follows(s.last, n) || s.strays(i)) {
		return false
	}
	return s.near(n, l.start || l.alone) && (l.start || !startsLower(l.rest) || follows(s.last, n) && s.inTerms())
}

// inTerms tells whether the chapter that is open is one of terms and definitions.
func (s *sectioner) inTerms() bool {
	for i := len(s.entries) - 1; i >= 0; i-- {
		if e := s.entries[i]; e.number.Depth() == 1 || e.number.IsZero() && e.owner == nil {
			return sectionOf(e.heading) == sectionTerms
		}
	}
	return false
}

// references are headings of chapters that list documents, whose designations may look
// like numbers with letters: "E84 Test Method ...".
var references = map[string]bool{
	"normative references": true, "referenced documents": true, "referenced publications": true, "references": true, "规范性引用文件": true,
}

// inReferences tells whether the chapter that is open lists documents.
func (s *sectioner) inReferences() bool {
	for i := len(s.entries) - 1; i >= 0; i-- {
		if e := s.entries[i]; e.owner == nil && (e.number.Depth() <= 1) {
			return references[strings.ToLower(strings.TrimRight(e.heading, ". "))]
		}
	}
	return false
}

// maxTerm is how long a term on the line of its number is at most, in characters (own
// choice).
const maxTerm = 50

// isTermLine tells whether a line holds nothing but the number of a definition and its
// term, in small letters as ISO prints it; the definition stands below.
func (s *sectioner) isTermLine(i int, rest string) bool {
	if !startsLower(rest) || utf8.RuneCountInString(rest) > maxTerm || endsSentence(rest) || strings.ContainsAny(rest, ":;,—–") || readsOn(rest) || !s.inTerms() {
		return false
	}
	next := s.nextText(i)
	return next > 0 && !s.lines[next].has && s.lines[next].level == 0
}

// hasColon tells whether a colon stands right behind the number of a line, as in a
// list of what was changed: "11.5.2: new".
func hasColon(l *line) bool {
	after := strings.TrimPrefix(l.text, l.number.Label)
	return strings.HasPrefix(after, ":") || strings.HasPrefix(after, "：")
}

// follows tells whether a number is the very next one: the first below, or the next
// of its kind or of an ancestor's, and the first below that.
func follows(last, n corpus.Number) bool {
	i := 0
	for i < len(last.Parts) && i < len(n.Parts) && last.Parts[i] == n.Parts[i] {
		i++
	}
	if i == len(n.Parts) {
		return false
	}
	if i < len(last.Parts) {
		if valueOf(n.Parts[i]) != valueOf(last.Parts[i])+1 {
			return false
		}
		i++
	}
	for _, part := range n.Parts[i:] {
		if valueOf(part) > 1 {
			return false
		}
	}
	return true
}

// strayAhead is how many lines are looked at for the number that goes on (own
// choice: some pages).
const strayAhead = 200

// strays tells whether a number of another chapter stands out of the sequence: it is
// none that could come next, no number goes on from it, and soon one goes on from the
// last. It is an item of a list, or a reference.
func (s *sectioner) strays(i int) bool {
	n := s.lines[i].number
	if s.last.IsZero() || !startsNumeric(s.last.Parts[0]) || n.Parts[0] == s.last.Parts[0] || follows(s.last, n) {
		return false
	}
	for j := i + 1; j < len(s.lines) && j < i+strayAhead; j++ {
		l := &s.lines[j]
		m, has := l.number, l.has
		if l.level > 0 {
			m, _, has = leadingNumber(l.text)
		}
		switch {
		case !has:
			continue
		case m.Kind != corpus.NumberClause:
			return false
		case m.Rank != "" || !startsNumeric(m.Parts[0]):
			continue
		case m.Parts[0] == n.Parts[0] && corpus.CompareNumbers(m, n) > 0:
			return false
		case m.Depth() == 1 && !titleLike(l.rest) && l.level == 0:
			continue
		case follows(s.last, m):
			return true
		}
	}
	return false
}

func startsWithComma(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return r == ',' || r == '，' || r == '،'
}

func hasLetters(label string) bool { return strings.IndexFunc(label, isAnyLetter) >= 0 }

func isAnyLetter(r rune) bool {
	return r > 0x7f && !strings.ContainsRune("．、", r) || r >= 'A' && r <= 'z'
}

func startsNumeric(label string) bool {
	r, _ := utf8.DecodeRuneInString(label)
	return r >= '0' && r <= '9' || r >= 0x660 && r <= 0x669 || r >= 0xff10 && r <= 0xff19
}

// isBareLettered tells A.8.1, V1.1 and أ-1 from words: the label is the number.
func isBareLettered(n corpus.Number) bool {
	label := strings.Map(func(r rune) rune {
		if strings.ContainsRune("-–/", r) {
			return '.'
		}
		return r
	}, n.Label)
	return strings.TrimRight(label, ".*") == strings.ReplaceAll(n.String(), "-", ".")
}

// acceptArticle takes an article when it stands like one.
func (s *sectioner) acceptArticle(i int) bool {
	l := &s.lines[i]
	if strings.IndexAny(l.rest, ",;)") == 0 || s.correlated(i) || s.style.sections != strings.HasPrefix(l.number.Label, "§") && s.style.oneWord {
		return false // a reference
	}
	if l.rest == "" || l.bold != "" {
		return true
	}
	if startsLower(l.rest) { // but § 4 (weggefallen) is one
		return l.start && l.rest[0] == '(' && strings.HasSuffix(l.rest, ")") && corpus.CompareNumbers(l.number, s.last) > 0
	}
	if l.alone {
		return true
	}
	if strings.HasPrefix(l.number.Label, "第") && !l.start && !strings.HasPrefix(l.text[len(l.number.Label):], " ") && !strings.HasPrefix(l.text[len(l.number.Label):], "　") {
		return false // a reference broken off the line above
	}
	return l.start || s.last.IsZero() || corpus.CompareNumbers(l.number, s.last) > 0
}

// correlated tells whether an article is named in a table of correlation at the end
// of a law: there one stands beside or below the other.
func (s *sectioner) correlated(i int) bool {
	if s.annex == "" {
		return false
	}
	l := &s.lines[i]
	if l.rest != "" {
		n, _, ok := leadingNumber(strings.TrimLeft(l.rest, "—–- "))
		return ok && n.Rank == "article" || strings.Trim(l.rest, "—–- ") == ""
	}
	for j := i + 1; j < len(s.lines); j++ {
		if next := &s.lines[j]; next.text != "" {
			return next.has && next.number.Rank == "article" || strings.Trim(next.text, "—–- ") == ""
		}
	}
	return true
}

// acceptFigure decides on a bare figure: a chapter, or in a document with
// nothing else a clause; most are items of lists.
func (s *sectioner) acceptFigure(i int) bool {
	l := &s.lines[i]
	if len(l.number.Parts[0]) > 3 || !startsNumeric(l.number.Parts[0]) {
		return isBareLettered(l.number) && l.start && titleLike(l.rest) && !s.inReferences()
	}
	value, err := strconv.Atoi(l.number.Parts[0])
	if err != nil { // 3A, put in behind 3
		return s.style.integers && l.start && titleLike(l.rest) && strings.TrimRight(l.number.Parts[0], "ABCDEFGHJK") == strconv.Itoa(s.top)
	}
	if s.style.articles {
		return false
	}
	if s.style.integers {
		return (value == s.top+1 || s.top == 0 && value == s.before+1) && (l.start || l.alone || s.top == 0)
	}
	if value == 0 && s.last.IsZero() && sectionOf(l.rest) == sectionInformative {
		return true // 0 Introduction
	}
	wasItem := s.lastItem > 0 && value == s.lastItem+1
	if !titleLike(l.rest) || value <= s.top || s.top > 0 && value > s.top+4 && !(l.alone && s.nextIsChild(i)) {
		s.lastItem = value
		return false
	}
	if l.dotted == l.number.Parts[0] && !s.nearerChapter(i) && !(wasItem && !l.start && !s.nextIsChild(i)) {
		s.lastItem = 0
		return true
	}
	if value == s.top+1 && l.alone && !wasItem && (s.top > 0 || value == 1) && !(s.inPreface() && s.nearerChapter(i)) {
		s.lastItem = 0
		return true
	}
	if value == s.top+1 && !wasItem && s.leadsToChapter(i) {
		s.lastItem = 0
		return true
	}
	s.lastItem = value
	return false
}

// inPreface tells whether the text stands in a foreword, whose items have figures too.
func (s *sectioner) inPreface() bool {
	return s.clause != nil && s.clause.number.IsZero() && s.clause.section == sectionInformative
}

// leadsToChapter tells whether the figures that follow line i one by one, each with a
// title, come to a chapter with dotted numbers: then those before it are chapters too,
// though nothing is numbered below them. A figure that comes again was an item's.
func (s *sectioner) leadsToChapter(i int) bool {
	next := valueOf(s.lines[i].number.Parts[0]) + 1
	first, chapter := next, i
	for j := i + 1; j < len(s.lines) && j < i+600; j++ {
		l := &s.lines[j]
		if !l.has || l.number.Kind != corpus.NumberClause || !startsNumeric(l.number.Parts[0]) {
			continue
		}
		value := valueOf(l.number.Parts[0])
		switch {
		case l.number.Depth() > 1 && (l.start || chapter == j-1):
			return value == next-1 && next > first
		case l.number.Depth() > 1 || !titleLike(l.rest) || hasListMark(l):
		case value == next:
			next, chapter = next+1, j
		case value < next && value > s.top:
			return false
		}
	}
	return false
}

// hasListMark tells whether the number of a line has the mark of an item, as in 2).
func hasListMark(l *line) bool {
	after := strings.TrimPrefix(l.text, l.number.Label)
	return strings.HasPrefix(after, ")") || strings.HasPrefix(after, "）")
}

// nearerChapter tells whether the same figure comes again before the dotted
// number it announces: the last one is the chapter, those before are items.
func (s *sectioner) nearerChapter(i int) bool {
	want := s.lines[i].number.Parts[0]
	for j := i + 1; j < len(s.lines) && j < i+400; j++ {
		l := &s.lines[j]
		if !l.has || l.number.Kind != corpus.NumberClause {
			continue
		}
		if l.number.Depth() > 1 {
			return false
		}
		if l.number.Parts[0] == want && titleLike(l.rest) {
			return true
		}
	}
	return false
}

// nextIsChild tells whether the next line with text is numbered below this one.
func (s *sectioner) nextIsChild(i int) bool {
	for j := i + 1; j < len(s.lines); j++ {
		if s.lines[j].text != "" {
			return s.lines[j].has && s.lines[j].number.Depth() > 1 && s.lines[j].number.Parts[0] == s.lines[i].number.Parts[0]
		}
	}
	return false
}

// previousEnded tells whether the line before is blank or ends a sentence.
func (s *sectioner) previousEnded(i int) bool {
	return i == 0 || s.lines[i-1].text == "" || endsSentence(s.lines[i-1].text)
}

// near tells whether a number can follow the last one: a child, the next of its
// kind or of an ancestor's kind, with a gap of a few for what a file left out.
// At the start of a paragraph larger gaps pass.
func (s *sectioner) near(n corpus.Number, start bool) bool {
	if s.last.IsZero() {
		return true
	}
	c := corpus.CompareNumbers(n, s.last)
	if c == 0 {
		return start
	}
	if c < 0 {
		return start && n.Depth() > 1 && (n.Depth() > 2 || !s.seen[n.String()])
	}
	i := 0
	for i < len(s.last.Parts) && i < len(n.Parts) && s.last.Parts[i] == n.Parts[i] {
		i++
	}
	if i == len(s.last.Parts) { // below the last one
		return start || len(n.Parts)-i <= 2 && valueOf(n.Parts[i]) <= 3
	}
	step := valueOf(n.Parts[i]) - valueOf(s.last.Parts[i])
	if step < 0 || startsNumeric(n.Parts[i]) != startsNumeric(s.last.Parts[i]) {
		return start
	}
	if start {
		return step <= 60 || n.Depth() > 2
	}
	return step <= 3
}

// valueOf is a component's figure, or the place of its letter.
func valueOf(part string) int {
	part = strings.Trim(part, "()")
	end := 0
	for end < len(part) && part[end] >= '0' && part[end] <= '9' {
		end++
	}
	if end > 0 {
		v, _ := strconv.Atoi(part[:min(end, 9)])
		return v
	}
	return corpus.AnnexOrdinal(part)
}
