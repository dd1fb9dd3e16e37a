package reader

import (
	"regexp"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"concord/corpus"
)

// entry is a piece of a document before it has a key and a parent.
type entry struct {
	number    corpus.Number
	heading   string
	text      []string
	joined    bool // the next line continues the last one
	level     int  // of a Markdown heading, 0 for what is no heading
	line      int
	page      int         // of a printed document
	kind      corpus.Kind // set when the file says it
	section   section     // what an unnumbered heading announces
	official  bool
	annex     string // key of the annex it stands in
	comment   bool   // stands in the commentary
	owner     *entry // of a note: the clause it belongs to
	commentOn *entry // of a commentary in a British Standard: its clause
	after     int    // of a note: the lines of its clause before it
	bare      bool   // its number stood alone: the next line may be its title
	status    string // of an annex: "(informative)"
	key       string
	parent    *entry
}

// style is how a document is numbered, counted before it is cut.
type style struct {
	articles bool // by articles: bare figures are paragraphs and items
	integers bool // by bare figures: there is nothing else
	sections bool // the articles are called §
	oneWord  bool // nearly all of them: an article with another word is one of another law
	colons   bool // a colon stands behind most numbers
}

// sectioner cuts lines into entries. It trusts headings and words such as
// Article; a bare number must follow from the one before it, because lines also
// begin with quantities, items of lists and references broken off a line above.
type sectioner struct {
	lines      []line
	style      style
	language   corpus.Language
	entries    []*entry
	before     int // the last figure before a division, behind which numbers begin again or run on
	current    *entry
	clause     *entry        // the last numbered one, to which notes belong
	last       corpus.Number // in the present annex or commentary
	top        int           // the last chapter's figure
	annex      string
	annexLevel int // of its heading
	comment    bool
	inNote     bool // a marked block of the file
	lastItem   int  // value of the last bare figure that opened an item
	seen       map[string]bool
	title      string
	force      string // of the annexes that follow, as ASTM prints it once for all
	problems   []corpus.Problem
	unit       unitReader
	cover      cover
	terms      *entry // whose list of terms is open
}

// cutSections cuts lines into entries. Where the title is known no heading is taken for it.
func cutSections(lines []line, language corpus.Language, title string) *sectioner {
	prepare(lines)
	s := &sectioner{lines: lines, language: language, title: title, style: styleOf(lines), seen: map[string]bool{}, cover: coverOf(lines)}
	skip := contentsOf(lines)
	headers := runningHeaders(lines)
	for i := range lines {
		if skip[i] || headers[i] {
			continue
		}
		s.take(i)
	}
	return s
}

// take decides what one line is.
func (s *sectioner) take(i int) {
	l := &s.lines[i]
	if s.unitLine(i) {
		return
	}
	switch {
	case l.term != "":
		s.openTerm(i)
	case l.termEnd:
		s.closeTerms()
	case l.rows != nil:
		s.requirements(l)
	case l.done:
		s.inNote = false
		s.current = s.clause
	case l.note:
		s.openBlock(l)
	case l.text == "":
		s.blank()
	case l.keep || s.inNote:
		s.append(l.text, l.keep)
	case s.leavesCommentary(l) && !l.has && l.level == 0:
		s.current = s.current.commentOn
		s.current.joined = false
		s.append(l.text, false)
	case l.level > 0 && s.chapterOpener(i):
	case l.level > 0:
		s.heading(l)
	case l.given:
		s.openNumber(l, l.number, l.text, false, false)
	case s.namelessAnnex(i):
	case s.sectionLine(l):
	case s.noteLine(l):
	case l.has && s.accept(i):
		s.open(i)
	case s.titleOfDivision(l):
	default:
		s.append(l.text, false)
	}
}

// openTerm opens an entry of a list of terms: a definition where the file or the heading
// says so, else a line of the clause that begins with the term.
func (s *sectioner) openTerm(i int) {
	l := &s.lines[i]
	s.closeTerms()
	if !l.marked && (s.clause == nil || sectionOf(s.clause.heading) != sectionTerms) {
		for j := i + 1; !l.whole && j < len(s.lines) && s.lines[j].term == "" && !s.lines[j].termEnd; j++ {
			if next := &s.lines[j]; next.text != "" {
				next.text, next.keep, next.has, next.level = strings.TrimRight(l.term, ":")+": "+next.text, true, false, 0
				return
			}
		}
		return
	}
	e := &entry{heading: strings.TrimRight(l.term, ":"), line: l.no, annex: s.annex, comment: s.comment, kind: corpus.KindDefinition, parent: s.clause}
	if s.clause != nil && s.clause.section == sectionInformative {
		e.kind = corpus.KindInformative
	}
	s.terms = s.clause
	s.add(e)
	s.clause = e
}

// closeTerms goes back to the clause in which a list of terms stands.
func (s *sectioner) closeTerms() {
	if e := s.clause; s.terms != nil && e != nil && e.parent == s.terms && e.number.IsZero() && e.kind != "" {
		s.clause, s.current = s.terms, s.terms
		s.current.joined = false
	}
	s.terms = nil
}

// blank ends a note: what follows belongs to the clause again.
func (s *sectioner) blank() {
	if s.current == nil {
		return
	}
	s.current.joined = false
	if s.inNote { // the file says where it ends
		return
	}
	if s.current.owner != nil && len(s.current.text) > 0 {
		s.current = s.current.owner
		if s.current.isUnit() {
			s.current = s.clause
		}
		if s.current == nil {
			return
		}
		s.current.joined = false
	}
}

// openBlock opens a note that the file itself marks (a details block).
func (s *sectioner) openBlock(l *line) {
	if n, rest, ok := leadingNote(l.text); ok && rest == "" {
		s.addNote(l, n, rest)
		s.inNote = true
		return
	}
	s.addNote(l, corpus.Number{Kind: corpus.NumberNote, Label: shorten(strings.TrimRight(l.text, ". "), 60)}, "")
	s.current.heading = strings.TrimRight(l.text, ". ")
	s.inNote = true
}

func (s *sectioner) addNote(l *line, n corpus.Number, text string) {
	e := &entry{number: n, line: l.no, annex: s.annex, comment: s.comment, owner: s.clause, kind: corpus.KindNote}
	if n.Kind == corpus.NumberExample {
		e.kind = corpus.KindExample
	}
	if s.unit.open != nil {
		e.owner = s.unit.open
	}
	if e.owner != nil {
		e.after = len(e.owner.text)
	}
	s.add(e)
	if text != "" {
		s.append(text, false)
	}
}

// noteLine recognises a note or example in the text.
func (s *sectioner) noteLine(l *line) bool {
	if s.clause == nil {
		return false
	}
	if s.advisory(l) {
		return true
	}
	if s.commentaryOn(l) {
		return true
	}
	n, rest, ok := leadingNote(l.text)
	if !ok && (l.start || l.alone) {
		n, rest, ok = looseNote(l.text)
	}
	if !ok || rest == "" && s.awaitsTitle() { // an annex called Examples
		return false
	}
	s.addNote(l, n, rest)
	return true
}

// commentaryOpener is the line over the commentary of British Standards, which says what
// it comments on and binds nobody (BS 0): "COMMENTARY ON 4.2", "COMMENTARY ON CLAUSE 4".
var commentaryOpener = regexp.MustCompile(`^COMMENTARY (?:AND RECOMMENDATIONS )?ON (?:(?:CLAUSE|SUBCLAUSE|ANNEX|Clause|Subclause|Annex) )?([A-Z]?[0-9.]*[0-9]|[A-Z])[.:]?$`)

// commentaryOn opens such a commentary below the clause it names, which is the one that
// is open: a number that is not its own is in a title or a sentence.
func (s *sectioner) commentaryOn(l *line) bool {
	m := commentaryOpener.FindStringSubmatch(l.text)
	if m == nil {
		return false
	}
	c := s.clause
	if m[1] != c.number.String() && m[1] != c.number.Label {
		return false
	}
	n := c.number
	n.Kind, n.Label = corpus.NumberCommentary, l.text
	s.add(&entry{number: n, line: l.no, page: l.page, annex: s.annex, comment: s.comment, parent: c, kind: corpus.KindCommentary, commentOn: c})
	return true
}

// leavesCommentary tells whether a paragraph no longer is commentary on its clause:
// commentary holds no recommendation (BS 0), so the first one is the clause's own.
func (s *sectioner) leavesCommentary(l *line) bool {
	if s.current == nil || s.current.commentOn == nil || !l.start || len(s.current.text) == 0 {
		return false
	}
	for _, w := range strings.Fields(l.text) {
		switch strings.Trim(w, ",;:()") {
		case "should", "shall":
			return true
		}
	}
	return false
}

// advisory recognises a note that repeats the number of its clause in bold type:
// "Advisory 206.2.1 Site Arrival Points." in the ADA Standards.
func (s *sectioner) advisory(l *line) bool {
	named, found := strings.CutPrefix(l.bold, "Advisory ")
	if !found {
		return false
	}
	n, _, ok := leadingNumber(named)
	if !ok || n.String() != s.clause.number.String() {
		return false
	}
	name := strings.TrimRight(l.bold, ". ")
	s.addNote(l, corpus.Number{Kind: corpus.NumberNote, Label: shorten(name, 60)}, "")
	s.current.heading = name
	s.append(strings.TrimLeft(strings.TrimPrefix(l.text, l.bold), ". "), false)
	return true
}

// sectionLine recognises an unnumbered heading in plain text by its words: it
// stands alone on its line.
func (s *sectioner) sectionLine(l *line) bool {
	kind := sectionOf(l.text)
	titled := kind == sectionCommentary && strings.IndexFunc(l.text, isHan) >= 0 // no sentence has a line of these words
	if kind == sectionNone || kind == sectionTerms || !l.alone && !l.start && !titled {
		return false
	}
	s.openSection(l, kind, l.text, 0)
	return true
}

// openSection opens an unnumbered heading.
func (s *sectioner) openSection(l *line, kind section, heading string, level int) {
	if kind == sectionContents {
		s.current = nil
		return
	}
	if kind == sectionInformative && level > 0 && level <= s.annexLevel { // a bibliography after the annexes
		s.annex = ""
	}
	if kind == sectionCommentary {
		s.comment, s.annex, s.last, s.top = true, "", corpus.Number{}, 0
	}
	e := &entry{heading: heading, level: level, line: l.no, section: kind, annex: s.annex, comment: s.comment}
	s.add(e)
	s.clause = e
	s.lastItem = 0
}

// heading takes a Markdown heading.
func (s *sectioner) heading(l *line) {
	text, official := cutOfficial(l.text)
	n, rest, ok := leadingNumber(text)
	if ok && n.Kind != corpus.NumberTable && n.Kind != corpus.NumberFigure {
		s.openNumber(l, n, rest, official, true)
		return
	}
	if l.text, ok = s.letteredAnnex(text); ok {
		n, rest, _ = leadingNumber("Annex " + l.text)
		n.Label = l.text[:1]
		s.openNumber(l, n, rest, official, true)
		return
	}
	kind := sectionOf(text)
	if s.title == "" && kind == sectionNone && l.level == 1 && !s.anyNumber() {
		s.title = text
		return
	}
	if kind == sectionNone && (s.awaitsTitle() || s.awaitsTerm()) || s.awaitsHeading(l) {
		if !s.statusOfAnnex(text) {
			s.current.heading = text
		}
		return
	}
	s.openSection(l, kind, text, l.level)
}

// letteredAnnex tells whether a heading is an annex that prints its letter alone behind
// the numbered chapters, as specifications of the web have it: "A. References". The
// letter is the first or the next one.
func (s *sectioner) letteredAnnex(text string) (string, bool) {
	if len(text) < 4 || text[1] != '.' || text[2] != ' ' || s.top == 0 && s.annex == "" {
		return text, false
	}
	next := byte('A')
	if len(s.annex) == 1 {
		next = s.annex[0] + 1
	}
	return text, text[0] == next && next <= 'Z'
}

func (s *sectioner) anyNumber() bool {
	for _, e := range s.entries {
		if !e.number.IsZero() {
			return true
		}
	}
	return false
}

// awaitsTitle tells whether a chapter or annex was opened whose title stands on
// a line of its own.
func (s *sectioner) awaitsTitle() bool {
	e := s.current
	return e != nil && e.heading == "" && len(e.text) == 0 && (e.number.Kind == corpus.NumberDivision || e.number.Kind == corpus.NumberAnnex)
}

// awaitsTerm tells whether a clause was opened whose number stood alone: a heading
// below it, as the term of a definition, is its own.
func (s *sectioner) awaitsTerm() bool {
	e := s.current
	return e != nil && e.bare && e.heading == "" && len(e.text) == 0 && e.number.Depth() > 1
}

// awaitsHeading tells whether a heading is the title of the article that was opened right
// before it, which pages of laws set as a heading of its own. One with others of its
// level beside it is the first of several parts.
func (s *sectioner) awaitsHeading(l *line) bool {
	e := s.current
	if e == nil || e.number.Rank != "article" || e.heading != "" || len(e.text) > 0 {
		return false
	}
	for i := sort.Search(len(s.lines), func(i int) bool { return s.lines[i].no > l.no }); i < len(s.lines); i++ {
		if s.lines[i].level > 0 {
			_, _, numbered := leadingNumber(s.lines[i].text)
			return numbered || s.lines[i].level != l.level
		}
	}
	return true
}

// titleOfDivision takes the line after "Chapter 1" as its title.
func (s *sectioner) titleOfDivision(l *line) bool {
	if e := s.current; e != nil && e.number.Kind == corpus.NumberDivision && len(e.text) == 0 && titleLike(l.text) && l.text == strings.ToUpper(l.text) && l.text != strings.ToLower(l.text) {
		e.heading = strings.TrimSpace(e.heading + " " + l.text) // a title in capitals over several lines
		return true
	}
	if !s.awaitsTitle() {
		return false
	}
	if s.statusOfAnnex(l.text) {
		return true
	}
	if !titleLike(l.text) {
		return false
	}
	s.current.heading = l.text
	return true
}

// statusOfAnnex takes the line below an annex that says whether it binds, and the title
// where that stands behind.
func (s *sectioner) statusOfAnnex(text string) bool {
	e := s.current
	status, title := annexStatus(text)
	if status == "" || e.status != "" || e.number.Kind != corpus.NumberAnnex {
		return false
	}
	e.status, e.heading = status, title
	e.number.Label += " " + status
	return true
}

// open opens the clause whose number begins line i.
func (s *sectioner) open(i int) {
	l := &s.lines[i]
	rest, official := cutOfficial(l.rest)
	heading := false
	switch {
	case l.number.Kind == corpus.NumberDivision || l.number.Kind == corpus.NumberAnnex:
		heading = true
	case l.bold != "":
		if title, text, ok := boldHeading(l); ok {
			s.openNumber(l, l.number, title, official, true)
			s.append(text, false)
			return
		}
		heading = titleLike(rest) && s.textFollows(i)
	case l.number.Rank == "article" && l.alone && len(strings.Fields(rest)) <= 6 && titleLike(strings.TrimSuffix(rest, ".")):
		if heading = s.textFollows(i); heading { // "§ 1926.1 Scope."
			rest = strings.TrimSuffix(rest, ".")
		}
	case s.pointedTitle(i, rest):
		rest, heading = strings.TrimSuffix(rest, "."), true
	default:
		heading = titleLike(rest) && s.textFollows(i) || s.isTermLine(i, rest) || l.ruled && rest != ""
	}
	s.openNumber(l, l.number, rest, official, heading)
}

// forceOfInformation is what ASTM prints below the word ANNEX or APPENDIX, and
// letteredUnder how the annexes are numbered there: "A1. TEST METHOD", "X1. RATIONALE"
// (Form and Style for ASTM Standards, A17 and A18).
var (
	forceOfInformation = regexp.MustCompile(`^\((?:Mandatory|Nonmandatory) Information\)$`)
	letteredUnder      = regexp.MustCompile(`^([AX]\d{1,2})\. (\p{Lu}.*)$`)
)

// namelessAnnex takes the lines that open the annexes and appendixes of an ASTM standard.
func (s *sectioner) namelessAnnex(i int) bool {
	l := &s.lines[i]
	if forceOfInformation.MatchString(l.text) && i > 0 {
		s.force = l.text
		return true
	}
	switch l.text {
	case "ANNEX", "ANNEXES", "APPENDIX", "APPENDIXES":
		next := s.nextText(i)
		return next > 0 && forceOfInformation.MatchString(s.lines[next].text)
	}
	if m := letteredUnder.FindStringSubmatch(l.text); m != nil && s.force != "" {
		s.openNumber(l, corpus.Number{Kind: corpus.NumberAnnex, Rank: "annex", Parts: []string{m[1]}, Label: m[1]}, m[2], false, true)
		s.current.status = s.force
		return true
	}
	return false
}

// pointedTitle tells whether what follows a number is a title that ends in a full stop, as
// codes of the United States have it: "4.1 Handrails." above 4.1.1.
func (s *sectioner) pointedTitle(i int, rest string) bool {
	title, found := strings.CutSuffix(rest, ".")
	if !found || len(strings.Fields(title)) > 6 || strings.ContainsAny(title, ".,;:") || !titleLike(title) {
		return false
	}
	next := s.nextText(i)
	return next > 0 && s.lines[next].has && s.lines[next].number.Kind == corpus.NumberClause && isBelow(s.lines[next].number, s.lines[i].number)
}

// boldHeading splits "217.1 General. Where ..." at the end of its bold words.
func boldHeading(l *line) (title, text string, ok bool) {
	_, title, ok = leadingNumber(l.bold)
	if !ok || title == "" {
		return "", "", false
	}
	text = strings.TrimLeft(strings.TrimPrefix(l.text, l.bold), ".:： ")
	return strings.TrimRight(title, ". "), text, true
}

// textFollows tells whether what follows line i shows that it is a heading:
// text of its own, a note, or a number below it.
func (s *sectioner) textFollows(i int) bool {
	n := s.lines[i].number
	gap := false
	for j := i + 1; j < len(s.lines); j++ {
		l := &s.lines[j]
		switch {
		case l.text == "" && l.rows == nil && !l.note:
			gap = true
			continue
		case l.level > 0:
			m, _, ok := leadingNumber(l.text)
			return ok && isBelow(m, n)
		case l.has && l.number.Kind == corpus.NumberClause && (l.number.Depth() > 1 || l.number.Rank != ""):
			return isBelow(l.number, n)
		case l.keep || l.note || l.rows != nil:
			return true
		case l.has && l.number.Kind == corpus.NumberDivision:
			return false
		}
		if n.Depth() == 1 && s.style.integers && l.has && l.number.Depth() == 1 {
			return false
		}
		return opensSentence(l.text, gap) && (gap || utf8.RuneCountInString(s.lines[i].text) <= 70)
	}
	return false
}

// opensSentence tells whether a text can begin a paragraph: after a blank line
// anything but small letters, right below a line a capital or a letter of a
// script without capitals.
func opensSentence(s string, gap bool) bool {
	if gap {
		return !startsLower(s) || isItem(s)
	}
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, "\"“«(（《"))
	return unicode.IsLetter(r) && !unicode.IsLower(r) || isItem(s)
}

func isBelow(child, parent corpus.Number) bool {
	if len(child.Parts) <= len(parent.Parts) {
		return false
	}
	for i, p := range parent.Parts {
		if child.Parts[i] != p {
			return false
		}
	}
	return true
}

// openNumber opens a numbered entry.
func (s *sectioner) openNumber(l *line, n corpus.Number, rest string, official, heading bool) {
	if heading && s.repeats(n, rest) {
		return
	}
	if s.comment && !heading && s.clause != nil && s.clause.number.String() == n.String() && rest != "" {
		s.current = s.clause // the explanation of the same article goes on
		s.append(rest, false)
		return
	}
	e := &entry{number: n, level: l.level, line: l.no, page: l.page, official: official, comment: s.comment}
	switch n.Kind {
	case corpus.NumberAnnex:
		if s.goesOn(n, rest) {
			return
		}
		s.annex, s.annexLevel, s.last = n.String(), l.level, corpus.Number{Parts: n.Parts}
		if !startsNumeric(n.Parts[0]) {
			s.last = n
		}
		s.comment = false
		e.comment = false
	case corpus.NumberClause, corpus.NumberCommentary:
		e.annex = s.annex
		s.last = n
		s.seen[n.String()] = true
		if startsNumeric(n.Parts[0]) {
			s.top = valueOf(n.Parts[0])
		}
	case corpus.NumberDivision:
		e.annex = s.annex
		if !s.style.articles && s.restartsAfter(l) {
			s.last, s.before, s.top = corpus.Number{}, max(s.top, s.before), 0
		}
	}
	if n.Kind == corpus.NumberAnnex {
		e.status, rest = annexStatus(rest)
		if at := strings.Index(l.text, e.status); e.status != "" && at > 0 {
			e.number.Label = l.text[:at+len(e.status)]
		}
	}
	e.bare = rest == "" && n.Kind == corpus.NumberClause
	if heading {
		e.heading = rest
	}
	s.add(e)
	s.clause = e
	s.lastItem = 0
	if !heading && rest != "" {
		s.append(rest, false)
	}
}

// repeats tells whether a heading only says again what the last one said.
func (s *sectioner) repeats(n corpus.Number, title string) bool {
	e := s.current
	return e != nil && len(e.text) == 0 && title != "" && e.number.Kind == n.Kind && e.number.String() == n.String() && foldTitle(e.heading) == foldTitle(title)
}

// goesOn tells whether the heading of the open annex comes again, as the header of
// a further page: what follows belongs to what stood before it.
func (s *sectioner) goesOn(n corpus.Number, rest string) bool {
	if rest == "" || n.String() != s.annex {
		return false
	}
	for i := len(s.entries) - 1; i >= 0; i-- {
		if e := s.entries[i]; e.number.Kind == corpus.NumberAnnex {
			return foldTitle(e.heading) == foldTitle(rest)
		}
	}
	return false
}

// annexStatus cuts what an annex's heading says of its force, "(normative)", from
// the title after it.
func annexStatus(rest string) (status, title string) {
	open, _ := utf8.DecodeRuneInString(rest)
	if open != '(' && open != '（' {
		return "", rest
	}
	end := strings.IndexAny(rest, ")）")
	if end < 0 {
		return "", rest
	}
	_, size := utf8.DecodeRuneInString(rest[end:])
	if _, known := corpus.AnnexStatus(rest[:end]); !known {
		return "", rest
	}
	return rest[:end+size], strings.TrimLeft(rest[end+size:], ". 　:—–-")
}

// restartsAfter tells whether numbers begin again after a division: the next
// one is 1 or 1.1.
func (s *sectioner) restartsAfter(l *line) bool {
	return l.dotted == "1" || l.dotted == "" || s.style.integers
}

func (s *sectioner) add(e *entry) {
	s.entries = append(s.entries, e)
	s.current = e
}

// preambleKey is the key of the text in front of the first clause.
const preambleKey = "preamble"

// append adds a line to the present entry; text before the first clause becomes
// a preamble.
func (s *sectioner) append(text string, keep bool) {
	if s.current == nil {
		s.add(&entry{section: sectionInformative, heading: "", line: 0, key: preambleKey})
		if s.clause == nil {
			s.clause = s.current
		}
	}
	e := s.current
	if e.bare && !keep && len(e.text) == 0 && e.heading == "" {
		e.bare = false
		if utf8.RuneCountInString(text) <= 90 && !endsSentence(text) && !isItem(text) && !strings.HasSuffix(text, ",") && !readsOn(text) {
			e.heading = text
			return
		}
	}
	text, official := cutOfficial(text)
	if official && len(e.text) <= 1 {
		e.official = true
	}
	n := len(e.text)
	if n > 0 && e.joined && !keep && len(e.text[n-1]) < maxJoined && continues(e.text[n-1], text) {
		e.text[n-1] = joinWrapped(e.text[n-1], text)
	} else {
		e.text = append(e.text, text)
	}
	e.joined = !keep
}

// continues tells whether a line goes on with the sentence of the line above: it
// is no item, and the line above was broken off.
func continues(above, text string) bool {
	if isItem(text) || endsSentence(above) || text[0] == '[' {
		return false
	}
	last := lastLine(above)
	if isForeignTerm(last) || isForeignTerm(text) {
		return false
	}
	if opensWithDesignation(text) && opensWithDesignation(last) {
		return false // a list of what is referred to
	}
	first, _ := utf8.DecodeRuneInString(text)
	if end, _ := utf8.DecodeLastRuneInString(above); isHan(end) && isHan(first) || isKana(end) && (isKana(first) || isHan(first)) {
		return true
	}
	return startsLower(text) || len(last) >= 100 || utf8.RuneCountInString(last) >= 25 || strings.HasSuffix(above, "，") || strings.HasSuffix(above, ",")
}

// isForeignTerm tells whether a line gives the term of a definition in another language.
func isForeignTerm(s string) bool {
	return len(s) <= maxTermName && (taggedTerm.MatchString(s) || namedAfter.MatchString(s))
}

// opensWithDesignation tells whether a line of a list of references begins so: with a
// capital, and a figure among its first words.
func opensWithDesignation(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	s = s[:min(len(s), 40)]
	if !unicode.IsUpper(r) || strings.IndexFunc(s, unicode.IsDigit) < 0 {
		return false
	}
	if name, _, listed := strings.Cut(s, ","); listed {
		if _, err := corpus.ParseDesignation(name); err == nil {
			return true
		}
	}
	found := corpus.FindDesignations(strings.ToValidUTF8(s, ""))
	return len(found) > 0 && found[0].Start == 0
}

func lastLine(s string) string {
	return s[strings.LastIndexByte(s, '\n')+1:]
}

// isKana tells whether a character is of the syllables of Japanese.
func isKana(r rune) bool { return unicode.In(r, unicode.Hiragana, unicode.Katakana) || r == 'ー' }

// joinWrapped joins two parts of a sentence, without a blank in Han text or kana.
func joinWrapped(a, b string) string {
	last, _ := utf8.DecodeLastRuneInString(a)
	first, _ := utf8.DecodeRuneInString(b)
	if isHan(last) || isHan(first) || isKana(last) && isKana(first) || strings.ContainsRune("，、。；：）", last) || isKana(last) && strings.ContainsRune("、。，（「", first) {
		return a + b
	}
	return a + " " + b
}

// cutOfficial cuts the mark {.official} that says a number is the publisher's.
func cutOfficial(s string) (string, bool) {
	cut, found := strings.CutSuffix(strings.TrimRight(s, " "), "{.official}")
	return strings.TrimRight(cut, " "), found
}

// requirements takes a table whose rows are clauses.
func (s *sectioner) requirements(l *line) {
	around := s.current
	for _, row := range l.rows.clauses() {
		e := &entry{number: row.number, heading: row.title, line: l.no + row.line, annex: s.annex, comment: s.comment}
		s.add(e)
		s.clause = e
		if row.text != "" {
			e.text = append(e.text, row.text)
		}
	}
	if s.current = around; around == nil { // text after the table belongs to what is around it
		s.current = s.clause
	}
	if s.current != nil {
		s.current.joined = false
	}
}
