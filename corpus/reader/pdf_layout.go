package reader

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"concord/corpus"
)

// layOut turns the pages into paragraphs, headings and tables in reading order.
func (p *pdf) layOut() *page {
	watermarks := dropWatermarks(p.pages)
	pages := inReadingOrder(p.pages)
	heights := make([]float64, len(p.pages))
	for i := range p.pages {
		heights[i] = p.pages[i].height
	}
	source := pageSource(p.pages, pages, watermarks)
	dropFurniture(pages, heights)
	markDropped(source, pages)
	var rows []row
	for _, page := range pages {
		rows = append(rows, page...)
	}
	f := newFlow(rows, p)
	f.run()
	f.out.source = source
	return &f.out
}

// flow goes through the rows of a document and puts paragraphs together.
type flow struct {
	rows    []row
	heights map[int]float64 // of pages
	out     page
	body    float64            // size of most of the text
	leading float64            // usual distance of two lines of it
	sizes   []float64          // of headings, largest first
	outline map[string]int     // titles of bookmarks and their levels
	words   map[string]bool    // of the document, for hyphens
	edges   map[[2]int]float64 // right end of the text of a column
	par     []row              // the paragraph that is open
	long    int                // bytes of it
	notes   []string           // footnotes that wait for its end
	noted   int                // row behind the last footnote
	calls   map[call]int       // lines behind what calls a footnote
	headed  bool               // numbered headings look like headings
	opened  int                // rows that open with an article
	stand   int                // those of them that look like headings
}

// call is the mark of a footnote on a page.
type call struct {
	page int
	mark string
}

func newFlow(rows []row, p *pdf) *flow {
	f := &flow{rows: rows, calls: map[call]int{}, heights: map[int]float64{}, outline: map[string]int{}, words: map[string]bool{}, edges: map[[2]int]float64{}}
	for _, page := range p.pages {
		f.heights[page.no] = page.height
	}
	f.measure()
	for _, b := range p.bookmarks {
		if key := foldTitle(b.Title); utf8.RuneCountInString(key) > 2 {
			f.outline[key] = b.Level
		}
	}
	f.out.title = p.nameOf(f)
	return f
}

// measure finds the size and leading of the text and the sizes of headings.
func (f *flow) measure() {
	weight, gaps := map[float64]int{}, map[float64]int{}
	ends := map[[2]int][]float64{}
	for i := range f.rows {
		r := &f.rows[i]
		text := r.text()
		weight[half(r.size)] += utf8.RuneCountInString(text)
		ends[columnOf(r)] = append(ends[columnOf(r)], r.x1)
		for _, w := range strings.FieldsFunc(text, func(c rune) bool { return !unicode.IsLetter(c) && c != '-' }) {
			f.words[strings.ToLower(w)] = true
		}
		if i > 0 && columnOf(r) == columnOf(&f.rows[i-1]) {
			if gap := r.base - f.rows[i-1].base; gap > 0 && gap < 3*r.size && half(r.size) == half(f.rows[i-1].size) {
				gaps[half(gap/max(r.size, 1)*10)]++
			}
		}
	}
	f.body = bodySize(f.rows)
	f.leading = most(gaps, 12) / 10
	for at, x := range ends {
		slices.Sort(x)
		f.edges[at] = x[len(x)*9/10]
	}
	for size, n := range weight {
		if size > f.body*headingSize && n > 0 {
			f.sizes = append(f.sizes, size)
		}
	}
	corpus.SortRows(f.sizes, func(a, b float64) int { return compare(b, a) })
}

// bodySize is the size most letters have.
func bodySize(rows []row) float64 {
	weight := map[float64]int{}
	for i := range rows {
		for _, c := range rows[i].cells {
			weight[half(rows[i].size)] += utf8.RuneCountInString(c.text)
		}
	}
	return most(weight, 10)
}

// headingSize is how much larger than the text a heading is set at least.
const headingSize = 1.1

func half(v float64) float64 { return math.Round(v*2) / 2 }

func columnOf(r *row) [2]int { return [2]int{r.page, int(r.left)} }

// most is the value that most letters have; the smaller of equals.
func most(weight map[float64]int, none float64) float64 {
	best, n := none, 0
	for v, w := range weight {
		if w > n || w == n && v < best {
			best, n = v, w
		}
	}
	return best
}

// run goes through the rows.
func (f *flow) run() {
	contents := f.contents()
	f.headed = f.hasHeadings()
	for i := 0; i < len(f.rows); {
		if contents[i] {
			f.closeParagraph()
			i++
			continue
		}
		if n := f.footnoteAt(i); n > 0 {
			text := joinRows(f.rows[i:i+n], f.words)
			at, called := f.calls[call{f.rows[i].page, f.rows[i].mark}]
			switch {
			case called:
				f.insertFootnote(text, at)
			case len(f.par) > 0:
				f.notes = append(f.notes, text)
			default:
				f.putFootnote(text)
			}
			i += n
			f.noted = i
			continue
		}
		if rows := f.slimTable(i); rows != nil {
			f.closeParagraph()
			f.putTable(rows)
			i += len(rows)
			continue
		}
		if n := f.tableAt(i); n > 0 {
			f.closeParagraph()
			f.putTable(f.rows[i : i+n])
			i += n
			continue
		}
		r := f.rows[i]
		if len(f.par) > 0 && (f.long > maxJoined || !f.goesOn(&r)) {
			f.closeParagraph()
		}
		f.par = append(f.par, r)
		for _, c := range r.cells {
			f.long += len(c.text)
		}
		i++
	}
	f.closeParagraph()
	for i := range f.out.lines {
		f.out.lines[i].no = i + 1
	}
}

// insertFootnote puts a footnote behind the paragraph or table that calls it.
func (f *flow) insertFootnote(text string, at int) {
	tail := slices.Clone(f.out.lines[at:])
	f.out.lines = f.out.lines[:at]
	f.putFootnote(text)
	added := len(f.out.lines) - at
	f.out.lines = append(f.out.lines, tail...)
	for c, line := range f.calls {
		if line >= at {
			f.calls[c] = line + added
		}
	}
}

// remember keeps where the footnotes that rows call belong.
func (f *flow) remember(rows []row) {
	for i := range rows {
		for _, mark := range rows[i].calls {
			f.calls[call{rows[i].page, mark}] = len(f.out.lines)
		}
	}
}

// raisedNote counts the rows of a footnote that begins at row i with a raised mark which a
// row above it on the page calls; 0 for none.
func (f *flow) raisedNote(i int) int {
	r := &f.rows[i]
	if r.mark == "" || r.base < f.heights[r.page]*0.5 {
		return 0
	}
	called := false
	for k := i - 1; k >= 0 && f.rows[k].page == r.page && !called; k-- {
		called = slices.Contains(f.rows[k].calls, r.mark)
	}
	if !called {
		return 0
	}
	n := 1
	for i+n < len(f.rows) && columnOf(&f.rows[i+n]) == columnOf(r) && f.rows[i+n].mark == "" {
		next, gap := &f.rows[i+n], f.rows[i+n].base-f.rows[i+n-1].base
		if opensNote(next, noteNumber(r)+1) {
			break
		}
		if small := r.size <= f.body*smallType && half(next.size) == half(r.size); gap < 0 || gap > 1.6*next.size && !(small && gap < 3*next.size) { // a note of two paragraphs
			return 0 // what follows is no footnote, so this is none
		}
		n++
	}
	return n
}

// smallType is how small type is, of that of the text, in which footnotes are set.
const smallType = 0.92

// noteNumber is the number of the footnote that a row opens, raised or not; 0 for none.
func noteNumber(r *row) int {
	mark := r.mark
	if m := tightMark.FindStringSubmatch(r.text()); mark == "" && m != nil {
		mark = m[1]
	}
	n, _ := strconv.Atoi(mark)
	return n
}

// opensNote tells whether a row opens the footnote of a number above 1.
func opensNote(r *row, number int) bool { return number > 1 && noteNumber(r) == number }

// hasHeadings tells whether numbered headings look like headings: at least three
// rows that begin with a number are set like one.
func (f *flow) hasHeadings() bool {
	n, opened, stand := 0, 0, 0
	for i := range f.rows {
		number, rest, ok := leadingNumber(f.rows[i].text())
		if !ok || rest == "" {
			continue
		}
		article, looks := number.Rank == "article", f.isHeading(f.rows[i:i+1])
		if looks {
			n++
		}
		if article {
			opened++
		}
		if article && looks {
			stand++
		}
	}
	f.opened, f.stand = opened, stand
	return n >= 3
}

// runIn tells whether the articles of a document open their paragraphs, whatever its
// chapters look like: many do, and hardly one stands alone as a heading.
func (f *flow) runIn(n corpus.Number) bool {
	return n.Rank == "article" && f.opened >= minRunIn && f.stand*10 < f.opened
}

// minRunIn is how many rows open with an article where articles open paragraphs.
const minRunIn = 5

// footnoteAt counts the rows of a footnote that begins at row i, or 0: small type
// at the foot of a column, after type of the text's size.
func (f *flow) footnoteAt(i int) int {
	r := &f.rows[i]
	if n := f.raisedNote(i); n > 0 {
		return n
	}
	if i > 0 && columnOf(&f.rows[i-1]) == columnOf(r) && r.base >= f.heights[r.page]*0.6 && f.calledAbove(i) {
		n := 1
		for i+n < len(f.rows) && columnOf(&f.rows[i+n]) == columnOf(r) && len(f.rows[i+n].cells) == 1 && f.rows[i+n].base-f.rows[i+n-1].base < 1.6*r.size {
			if opensNote(&f.rows[i+n], noteNumber(r)+1) {
				return n
			}
			n++
		}
		if i+n == len(f.rows) || columnOf(&f.rows[i+n]) != columnOf(r) {
			return n
		}
	}
	if _, _, note := leadingNote(r.text()); note { // in small type, as some print notes and examples
		return 0
	}
	if r.size > f.body*smallType || i == 0 || columnOf(&f.rows[i-1]) != columnOf(r) || f.rows[i-1].size <= f.body*smallType && i != f.noted || r.base < f.heights[r.page]*0.6 {
		return 0
	}
	n := 1
	for i+n < len(f.rows) && columnOf(&f.rows[i+n]) == columnOf(r) && !opensNote(&f.rows[i+n], noteNumber(r)+1) {
		if next := &f.rows[i+n]; next.size > f.body*smallType || next.base < f.rows[i+n-1].base || len(next.cells) > 2 {
			return 0
		}
		n++
	}
	return n
}

// Footnotes in type of the text's size: a raised figure stands right before the words
// (tightMark), and right behind a word above.
var tightMark = regexp.MustCompile(`^(\d{1,2})\p{L}`)

// calledAbove tells whether row i opens with the mark of a footnote that a row above it on
// the page calls.
func (f *flow) calledAbove(i int) bool {
	m := tightMark.FindStringSubmatch(f.rows[i].text())
	if m == nil {
		return false
	}
	for k := i - 1; k >= 0 && f.rows[k].page == f.rows[i].page; k-- {
		text := f.rows[k].text()
		for at := strings.Index(text, m[1]); at >= 0; {
			before, size := utf8.DecodeLastRuneInString(text[:at])
			if strings.ContainsRune(".,;:)»”、。，；", before) { // not 1.1
				before, _ = utf8.DecodeLastRuneInString(text[:at-size])
			}
			after, _ := utf8.DecodeRuneInString(text[at+len(m[1]):])
			if unicode.IsLetter(before) && !unicode.IsLetter(after) && !unicode.IsDigit(after) && after != '.' && after != ',' {
				return true
			}
			next := strings.Index(text[at+1:], m[1])
			if next < 0 {
				break
			}
			at += 1 + next
		}
	}
	return false
}

// contents are the rows of a table of contents: at least four rows near each other
// that end in a page number at the right edge or after dots.
func (f *flow) contents() map[int]bool {
	out := map[int]bool{}
	var run []int
	flush := func() {
		if len(run) >= 4 {
			for i := run[0]; i <= run[len(run)-1]; i++ {
				out[i] = true
			}
		}
		run = nil
	}
	last := 0
	headings := map[string]bool{}
	for i := range f.rows {
		headings[foldTitle(f.rows[i].text())] = true
	}
	for i := range f.rows {
		r := &f.rows[i]
		page, leads := leadsTo(r)
		if leads && page > len(f.heights)+maxFrontPages && !isLeader(r.text()) { // a table whose last column grows
			leads = false
		}
		if !leads {
			page, leads = namesHeading(r, headings)
		}
		switch {
		case leads && (len(run) == 0 || page >= last):
			run, last = append(run, i), page
		case leads:
			flush()
			run, last = []int{i}, page
		case len(run) > 0 && i-run[len(run)-1] > 3:
			flush()
		}
	}
	flush()
	for i := range f.rows {
		if len(out) > 0 && f.rows[i].size > f.body && sectionOf(f.rows[i].text()) == sectionContents {
			out[i] = true
		}
	}
	return out
}

// maxFrontPages is how much larger than the count of a file's pages a page may be that its
// table of contents names without dots: pages of the front may be counted and not be there.
const maxFrontPages = 100

// leadsTo is the page a row of a table of contents leads to; Roman pages count as 0.
func leadsTo(r *row) (int, bool) {
	text := r.text()
	last := r.cells[len(r.cells)-1].text
	if !isLeader(text) {
		if len(r.cells) < 2 || strings.IndexFunc(r.cells[0].text, unicode.IsLetter) < 0 || r.x1 < r.edge-3*r.size && r.x1-r.x0 < 0.6*(r.edge-r.left) {
			return 0, false
		}
	} else if at := strings.LastIndexAny(text, ".… ·"); at >= 0 {
		last = strings.TrimLeft(text[at:], ".… ·")
	}
	last = strings.TrimPrefix(last, "Page ")
	if romanPage(strings.ToLower(last)) > 0 {
		return 0, true
	}
	page, err := strconv.Atoi(last)
	return page, err == nil && page > 0 && page < maxPDFPages
}

// namesHeading is the page a row ends with when the words before it are a row elsewhere in
// the document: a table of contents without dots whose pages are not at the edge.
func namesHeading(r *row, rows map[string]bool) (int, bool) {
	text := r.text()
	title := strings.TrimRight(text, "0123456789")
	if title == text || strings.IndexFunc(title, unicode.IsLetter) < 0 {
		return 0, false
	}
	page, err := strconv.Atoi(text[len(title):])
	return page, err == nil && page > 0 && page < maxPDFPages && rows[foldTitle(title)]
}

// isLeader recognises a line of a table of contents by its dots.
func isLeader(s string) bool {
	at := strings.IndexAny(s, "….")
	if at < 0 {
		return false
	}
	for _, dots := range []string{"....", "……", ". . . .", "···"} {
		if i := strings.Index(s, dots); i > 0 {
			rest := strings.TrimLeft(s[i:], ".… ·")
			return len(rest) < 12 && strings.IndexFunc(rest, unicode.IsLetter) < 0 || strings.Trim(rest, "ivxlcIVXLC") == ""
		}
	}
	return false
}

// goesOn tells whether a row continues the open paragraph.
func (f *flow) goesOn(r *row) bool {
	prev := &f.par[len(f.par)-1]
	heading := f.isHeading(f.par)
	if half(prev.size) != half(r.size) && math.Abs(prev.size-r.size) > 0.06*prev.size || heading && prev.allBold() != r.allBold() {
		return false
	}
	text, before := r.text(), prev.text()
	broken := !heading && !endsSentence(before) && f.full(prev, r) && refersOn(text)
	if columnOf(prev) != columnOf(r) || r.base <= prev.base {
		return broken || !heading && !endsSentence(before) && !opensPiece(text) && (startsLower(text) || f.full(prev, r) && !startsTitle(text))
	}
	gap := r.base - prev.base
	em := max(r.size, 1)
	if gap > (f.leading+0.35)*em && gap > 1.35*f.leadingOf(em)*em {
		return false
	}
	if f.underNumber() && !f.full(prev, r) {
		return false
	}
	if heading {
		if opensPiece(text) && !(half(prev.size) == half(r.size) && f.full(prev, r) && (refersOn(text) || strings.IndexByte(text, ' ') < 0)) {
			return false // a word alone or in brackets below a full line is the end of it: "... Network Information Service | (NIS) files"
		}
		return gap < 1.7*em && f.isHeading(append(slices.Clone(f.par), *r))
	}
	if broken {
		return true
	}
	if opensPiece(text) {
		return f.full(prev, r) && (!endsSentence(before) || strings.HasSuffix(before, ":")) && r.x0 > f.par[0].x0-1 && !isItem(text) && (len(f.par) < 2 || math.Abs(r.x0-prev.x0) < 0.5*em)
	}
	if f.full(prev, r) {
		return !(endsSentence(before) && r.x0 > prev.x0+0.9*em && len(f.par) > 1)
	}
	if endsSentence(before) {
		return false
	}
	return startsLower(text) || len(f.par) > 1 && math.Abs(r.x0-prev.x0) < 0.5*em && !f.isHeading([]row{*r})
}

// underNumber tells whether the open paragraph is a clause number on a line of its
// own, or the one line below such a number: a term, whose definition follows.
func (f *flow) underNumber() bool {
	if len(f.par) != 1 {
		return false
	}
	if isBareNumber(f.par[0].text()) {
		return true
	}
	for k := len(f.out.lines) - 1; k >= 0; k-- {
		if text := f.out.lines[k].text; text != "" {
			return isBareNumber(text)
		}
	}
	return false
}

// isBareNumber tells whether a line is the number of a clause below a chapter and
// nothing else.
func isBareNumber(text string) bool {
	n, rest, ok := leadingNumber(text)
	return ok && rest == "" && n.Kind == corpus.NumberClause && n.Rank == "" && n.Depth() > 1
}

// leadingOf is the distance of lines in ems, measured in the open paragraph
// where it has two lines.
func (f *flow) leadingOf(em float64) float64 {
	if n := len(f.par); n > 1 && f.par[n-1].page == f.par[n-2].page {
		if d := (f.par[n-1].base - f.par[n-2].base) / em; d > 0.8 && d < 2.2 {
			return d
		}
	}
	return f.leading
}

// full tells whether a row reaches so near to the edge that the first word of the
// next would not have found room.
func (f *flow) full(prev, next *row) bool {
	edge := f.edges[columnOf(prev)]
	text := next.text()
	word := text
	if at := strings.IndexByte(text, ' '); at > 0 {
		word = text[:at]
	}
	n := utf8.RuneCountInString(text)
	if strings.IndexFunc(word, isHan) >= 0 {
		return prev.x1 > edge-2.2*next.size
	}
	width := (next.x1 - next.x0) / float64(max(n, 1)) * float64(utf8.RuneCountInString(word)+1)
	return prev.x1+width > edge-0.5*next.size
}

// opensPiece tells whether a line begins with a number, a mark or a word that
// opens something of its own.
func opensPiece(text string) bool {
	if _, _, ok := leadingNumber(text); ok {
		return true
	}
	if _, _, ok := leadingNote(text); ok {
		return true
	}
	return isItem(text)
}

// refersOn tells whether a line begins with a number or abbreviation that the line
// above refers to: "504. The" after "section", "35.151(b) of the rule", "(HHS) also".
func refersOn(text string) bool {
	word, rest, _ := strings.Cut(text, " ")
	if n, after, ok := leadingNumber(text); ok && n.Kind == corpus.NumberClause {
		if startsLower(after) || strings.HasPrefix(after, ",") || strings.HasPrefix(after, ")") {
			return true
		}
	}
	if !isItem(text) {
		return false
	}
	mark := strings.Trim(word, "().,;:")
	figures := strings.IndexFunc(mark, func(r rune) bool { return !unicode.IsDigit(r) }) < 0
	capitals := strings.IndexFunc(mark, func(r rune) bool { return !unicode.IsUpper(r) }) < 0
	return utf8.RuneCountInString(mark) >= 3 && (figures || rest != "" && capitals && !isRomanWord(mark))
}

// startsTitle tells whether a text begins like a heading with a capital after a
// break of the page: there an unfinished sentence goes on in small letters.
func startsTitle(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

// isHeading tells whether rows are a heading by their looks: larger than the
// text, or bold and no sentence.
func (f *flow) isHeading(rows []row) bool {
	if len(rows) == 0 || len(rows) > 4 {
		return false
	}
	text := joinRows(rows, f.words)
	if utf8.RuneCountInString(text) > 200 || strings.IndexFunc(text, unicode.IsLetter) < 0 {
		return false
	}
	if _, listed := f.outline[foldTitle(text)]; listed {
		return true
	}
	if _, _, numbered := leadingNumber(text); isItem(text) && !numbered {
		return false
	}
	if _, _, note := leadingNote(text); note {
		return false
	}
	if rows[0].size > f.body*headingSize {
		return true
	}
	for i := range rows {
		if !rows[i].allBold() {
			return false
		}
	}
	if rows[0].size < f.body*0.95 || endsSentence(text) {
		return false
	}
	return !readsOn(text) || f.standAlone(text)
}

// standAlone tells whether a text opens with an article and the articles of the document are
// headings mostly: then a word that binds elsewhere is one of a title, as được in Điều 30.
// Quyền được khai sinh.
func (f *flow) standAlone(text string) bool {
	n, rest, ok := leadingNumber(text)
	return ok && rest != "" && n.Rank == "article" && f.opened >= minRunIn && f.stand*2 > f.opened
}

// level is the level of a heading: that of its bookmark, or the rank of its size.
func (f *flow) level(rows []row, text string) int {
	if level, listed := f.outline[foldTitle(text)]; listed {
		return level + 1
	}
	for i, size := range f.sizes {
		if half(rows[0].size) >= size {
			return min(i+2, 7)
		}
	}
	return boldLevel
}

// closeParagraph puts the open paragraph.
func (f *flow) closeParagraph() {
	rows := f.par
	f.par, f.long = nil, 0
	if len(rows) == 0 {
		return
	}
	f.out.sheet = rows[0].page
	text := joinRows(rows, f.words)
	n, rest, numbered := leadingNumber(text)
	defer f.remember(rows)
	if f.isHeading(rows) && (!numbered || rest == "" || n.Kind != corpus.NumberClause || titleLike(strings.TrimSuffix(rest, ".")) || f.standAlone(text) || f.headed && rows[0].size > f.body*headingSize && !endsSentence(rest)) {
		f.putHeading(rows, text)
		return
	}
	switch {
	case isItem(text) && !opensWithNumber(text) && !refersOn(text):
		f.out.keep(text)
	case numbered && f.headed && !f.runIn(n) && (n.Kind != corpus.NumberClause || n.Rank != "") && !rows[0].cells[0].allBold:
		f.out.keep(text) // "Section 5 gives ..." is no heading where headings look like some
	default:
		f.out.paragraph(text, boldOf(rows))
	}
	f.putNotes()
}

// putHeading puts a heading. One that comes again with more words, as when a page
// ends after "Chapter 7", is put once.
func (f *flow) putHeading(rows []row, text string) {
	if k := len(f.out.lines); k > 0 && f.out.lines[k-1].level > 0 && strings.HasPrefix(text, f.out.lines[k-1].text) {
		f.out.lines = f.out.lines[:k-1]
	}
	f.out.heading(f.level(rows, text), text)
	f.putNotes()
}

// putNotes puts the footnotes that stood between two halves of a paragraph.
func (f *flow) putNotes() {
	for _, text := range f.notes {
		f.putFootnote(text)
	}
	f.notes = nil
}

// footnoteMark opens a footnote: a figure or sign, raised perhaps, before its words.
var footnoteMark = regexp.MustCompile(`^(\d{1,2}|[*†‡§]{1,3}|\p{L}(?:[)]))[)]? ?(\p{Lu}.*|\p{Lo}.*|[«“"(].*)$`)

// putFootnote puts a footnote as a note of the clause it stands below.
func (f *flow) putFootnote(text string) {
	m := footnoteMark.FindStringSubmatch(text)
	if m == nil {
		f.out.keep(text)
		return
	}
	f.out.note(m[1])
	f.out.keep(m[2])
	f.out.close()
}

// boldOf are the bold words that open a paragraph, unless all of it is bold.
func boldOf(rows []row) string {
	bold := rows[0].bold()
	if rows[0].allBold() {
		return ""
	}
	return bold
}

// joinRows joins the lines of a paragraph and the words broken between them.
func joinRows(rows []row, words map[string]bool) string {
	text := rows[0].text()
	for i := range rows[1:] {
		next := rows[i+1].text()
		if breaksHangul(text, next, words) {
			text += next
			continue
		}
		if joined, ok := joinBroken(text, next, words); ok {
			text = joined
			continue
		}
		text = joinWrapped(text, next)
	}
	return text
}

// particles of Korean stand right behind their word, so that a line beginning with one
// goes on with the word above.
var particles = wordSet("은 는 이 가 을 를 의 에 에서 에는 에게 으로 로 와 과 도 만 까지 부터 하여 하고 하는 한다 하여야 한다. 되어 되는 이다. 이다 다. 여 여야 며")

// syllables are the commonest Korean words of one syllable; another one at the end of a
// line begins a word that goes on.
var syllables = wordSet("수 것 등 및 이 그 저 각 한 두 세 네 때 후 전 중 단 또 더 안 못 폭 틈 문 물 불 층 벽 곳 자 외 내 간 시 년 월 일 개 명 호 조 항 절 장 표 식 값 면 선 점 줄 본 매 다 잘 할 될 된 큰 위 밑 옆 속 겉 앞 뒤 총 약 만 천 백 십")

// breaksHangul tells whether a Korean line was broken within a word, as browsers do between
// any two syllables: what begins the next line is a particle, or both parts together are a
// word of the document and the second alone is none.
func breaksHangul(above, below string, words map[string]bool) bool {
	last, _ := utf8.DecodeLastRuneInString(above)
	first, _ := utf8.DecodeRuneInString(below)
	if !unicode.Is(unicode.Hangul, last) || !unicode.Is(unicode.Hangul, first) {
		return false
	}
	head := above[strings.LastIndexByte(above, ' ')+1:]
	tail, _, _ := strings.Cut(below, " ")
	if utf8.RuneCountInString(head) == 1 && !syllables[head] {
		return true
	}
	return particles[tail] || words[head+strings.TrimRight(tail, ".,;:)")]
}

// joinBroken joins two lines between which a word is broken. The hyphen stays
// where the document writes the word with one elsewhere, as in self-closing.
func joinBroken(a, b string, words map[string]bool) (string, bool) {
	stem, found := strings.CutSuffix(a, "-")
	if !found {
		if stem, found = strings.CutSuffix(a, "\u2010"); !found {
			return "", false
		}
	}
	last, _ := utf8.DecodeLastRuneInString(stem)
	if !unicode.IsLetter(last) || !startsLower(b) {
		return "", false
	}
	head := stem[strings.LastIndexFunc(stem, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' })+1:]
	tail := b
	if end := strings.IndexFunc(b, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' }); end >= 0 {
		tail = b[:end]
	}
	head, tail = strings.ToLower(head), strings.ToLower(tail)
	if words[head+"-"+tail] && !words[head+tail] {
		return stem + "-" + b, true
	}
	return stem + b, true
}

// nameOf is the title of the document: what the file calls itself where that is a
// name and stands on the first page, else the largest words of that page.
func (p *pdf) nameOf(f *flow) string {
	firstPage, largest := "", 0.0
	for i := range f.rows {
		r := &f.rows[i]
		if r.page > 1 {
			break
		}
		firstPage += foldTitle(r.text())
		if strings.IndexFunc(r.text(), unicode.IsLetter) >= 0 && utf8.RuneCountInString(r.text()) > 2 {
			largest = max(largest, half(r.size))
		}
	}
	given := strings.TrimSpace(p.title)
	if utf8.RuneCountInString(given) > 5 && strings.Contains(firstPage, foldTitle(given)) {
		return given
	}
	if root := p.rootBookmark(); root != "" {
		return root
	}
	var rows []row
	for i := range f.rows {
		if r := f.rows[i]; r.page == 1 && half(r.size) == largest && largest > f.body*headingSize {
			rows = append(rows, r)
		} else if len(rows) > 0 {
			break
		}
	}
	if len(rows) == 0 || len(rows) > 5 {
		return ""
	}
	return shorten(joinRows(rows, f.words), 200)
}

// rootBookmark is the only bookmark of the first level, above others: a document
// that is put into a cover of its distributor is called so.
func (p *pdf) rootBookmark() string {
	root := ""
	for _, b := range p.bookmarks {
		if b.Level > 1 {
			continue
		}
		if root != "" {
			return ""
		}
		root = strings.TrimSpace(b.Title)
	}
	if len(p.bookmarks) < 3 || utf8.RuneCountInString(root) < 6 {
		return ""
	}
	return shorten(root, 200)
}

// designation is a line of the first page that is a designation and nothing else.
func (p *pdf) designation() string {
	if len(p.pages) == 0 {
		return ""
	}
	for _, line := range p.pages[0].pieces {
		if found := corpus.FindDesignations(line.text); len(found) == 1 && found[0].Start == 0 && found[0].End == len(line.text) {
			return line.text
		}
	}
	return ""
}
