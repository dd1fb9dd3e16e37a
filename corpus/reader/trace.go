package reader

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"concord/corpus"
)

// Where each clause stands in its source, and what became no clause, is found by
// laying the words of the clauses beside the words of the source. It knows nothing
// of how the reader came to its clauses, so what a reader loses cannot hide here.
//
// Rows of words that are unique on both sides hold the two texts together, in
// their order, first long ones and between them shorter ones (patience diff, by
// Bram Cohen); what is left is looked for anywhere, since tables, notes and columns
// may have changed their order. All of it takes a time in proportion to the text.

// The measures of a trace (own choice, from looking at standards of every format).
const (
	maxTraceWords  = 3_000_000
	stretchWeight  = 6  // of a stretch that is told: three words, or six Han characters
	maxNotRead     = 60 // stretches listed one by one
	maxNotInSource = 40
	excerptRunes   = 160
	nearLines      = 3 // between the lines of one place that was found by its words alone
)

// shingles are how many words hold two texts together, longest first; the shortest
// only where few are left.
var shingles = []struct{ words, within int }{{12, maxTraceWords}, {6, maxTraceWords}, {3, maxTraceWords}, {2, 400}, {1, 16}}

// traced is one word: of a source with its line, of clauses with the clause.
type traced struct {
	hash     uint64
	of       int32
	from, to int32 // bytes of the normal form of the line
	weight   uint8
}

// trace completes the source of a document: the places of its clauses, with
// problems for what became no clause and for words that stand nowhere. A file that
// took others in is not alone, and of it only the places are said.
func trace(doc *corpus.Document, alone bool) []corpus.Problem {
	if doc.Source == nil {
		return nil
	}
	t := &tracer{doc: doc, source: doc.Source}
	t.read()
	if len(t.a) > maxTraceWords || len(t.b) > maxTraceWords {
		return nil
	}
	t.toB, t.toA = nothing(len(t.a)), nothing(len(t.b))
	t.fit(0, len(t.a), 0, len(t.b), 0)
	t.gramsA, t.gramsB = grams(t.a), grams(t.b)
	t.place()
	if doc.Source.Cut || doc.Source.Form == corpus.SourceData || !alone {
		return nil
	}
	return append(t.notRead(), t.notInSource()...)
}

// tracer lays clauses beside their source.
type tracer struct {
	doc            *corpus.Document
	source         *corpus.Source
	a, b           []traced // words of the source, and of the clauses
	lines          []string // normal forms of the source's
	wordings       []string // and of the clauses, with their labels
	labels         []int    // bytes of the labels
	toB, toA       []int32
	gramsA, gramsB []uint64
}

func nothing(n int) []int32 {
	out := make([]int32, n)
	for i := range out {
		out[i] = -1
	}
	return out
}

// aLink is an address of the web, which some readers keep and others leave out.
var aLink = regexp.MustCompile(`https?://[^\s<>"'()\[\]|]+`)

// read takes the words of both sides.
func (t *tracer) read() {
	var visible []string
	tags := func(l corpus.SourceLine) bool { return strings.Contains(l.Text, "</") }
	if t.source.Form == corpus.SourceMarkup || t.source.Form == corpus.SourceText && slices.ContainsFunc(t.source.Lines, tags) {
		visible = visibleLines(t.source.Lines)
	}
	var w wordScan
	t.lines = make([]string, len(t.source.Lines))
	for i, l := range t.source.Lines {
		text := l.Text
		if visible != nil {
			text = visible[i]
		}
		if !l.Known {
			t.lines[i] = norm.NFKC.String(aLink.ReplaceAllString(text, " "))
			w.line(t.lines[i], i)
		}
	}
	t.a = w.end()
	w = wordScan{}
	for i, c := range t.doc.Clauses {
		label := norm.NFKC.String(c.Label) + "\n"
		if c.Label == c.Heading {
			label = ""
		}
		t.labels = append(t.labels, len(label))
		t.wordings = append(t.wordings, label+norm.NFKC.String(aLink.ReplaceAllString(c.Wording(), " ")))
		w.line(t.wordings[i], i)
	}
	t.b = w.end()
}

// wordScan takes words out of lines: letters of one script in small letters, or
// figures; Han characters and their like one by one. A hyphen inside a word, also at
// the end of its line, is no part of it.
type wordScan struct {
	out    []traced
	open   bool
	hyphen bool
	broken bool // the line ended after the hyphen
	now    traced
	letter int
}

func (w *wordScan) line(s string, of int) {
	for i, r := range s {
		switch {
		case r == 0x640 || r == 0xad: // tatweel, soft hyphen
		case isWide(r) && unicode.IsLetter(r):
			w.close()
			w.put(r, of, i, utf8.RuneLen(r))
			w.now.weight = 1
			w.close()
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			w.put(r, of, i, utf8.RuneLen(r))
		case (r == '-' || r == 0x2010 || r == 0x2011) && w.open && !w.hyphen && unicode.IsLetter(rune(w.letter)):
			w.hyphen = true
		case r == '\n' && w.hyphen:
			w.broken = true
		case unicode.IsSpace(r) && w.broken:
		default:
			w.close()
		}
	}
	if w.hyphen {
		w.broken = true
		return
	}
	w.close()
}

func (w *wordScan) put(r rune, of, at, size int) {
	if w.open && w.hyphen && !unicode.IsLetter(r) {
		w.close()
	}
	if !w.open {
		w.open, w.now = true, traced{hash: 14695981039346656037, of: int32(of), from: int32(at), weight: 1}
	}
	w.hyphen, w.broken, w.letter = false, false, int(r)
	if unicode.IsLetter(r) {
		w.now.weight = 2
	}
	w.now.hash = (w.now.hash ^ uint64(unicode.ToLower(r))) * 1099511628211
	if int(w.now.of) == of {
		w.now.to = int32(at + size)
	}
}

func (w *wordScan) close() {
	if w.open {
		w.out = append(w.out, w.now)
	}
	w.open, w.hyphen, w.broken = false, false, false
}

func (w *wordScan) end() []traced {
	w.close()
	return w.out
}

// gram is the hash of some words in a row.
func gram(words []traced) uint64 {
	h := uint64(len(words))
	for i := range words {
		h = h*0x9E3779B97F4A7C15 ^ words[i].hash
		h ^= h >> 29
	}
	return h
}

// gramWords is how many words in a row are looked for anywhere.
const gramWords = 3

// grams are the rows of three words of a text, in order of their hashes.
func grams(words []traced) []uint64 {
	var out []uint64
	for i := 0; i+gramWords <= len(words); i++ {
		out = append(out, gram(words[i:i+gramWords]))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// fit holds a range of the source and a range of the clauses together.
func (t *tracer) fit(a0, a1, b0, b1, level int) {
	for a0 < a1 && b0 < b1 && t.a[a0].hash == t.b[b0].hash {
		t.join(a0, b0)
		a0, b0 = a0+1, b0+1
	}
	for a0 < a1 && b0 < b1 && t.a[a1-1].hash == t.b[b1-1].hash {
		a1, b1 = a1-1, b1-1
		t.join(a1, b1)
	}
	if a0 == a1 || b0 == b1 || level == len(shingles) {
		return
	}
	n := shingles[level].words
	if a1-a0 <= shingles[level].within && b1-b0 <= shingles[level].within {
		for _, at := range t.anchors(a0, a1, b0, b1, n) {
			if at[0] < a0 || at[1] < b0 {
				continue
			}
			t.fit(a0, at[0], b0, at[1], level+1)
			for i := range n {
				t.join(at[0]+i, at[1]+i)
			}
			a0, b0 = at[0]+n, at[1]+n
		}
	}
	t.fit(a0, a1, b0, b1, level+1)
}

func (t *tracer) join(a, b int) { t.toB[a], t.toA[b] = int32(b), int32(a) }

// anchors are rows of n words that come once in each range, as many of them as
// stand in one order on both sides.
func (t *tracer) anchors(a0, a1, b0, b1, n int) [][2]int {
	type seen struct{ a, b int32 } // place plus one; -1 for more than one
	rows := map[uint64]seen{}
	for i := b0; i+n <= b1; i++ {
		g := gram(t.b[i : i+n])
		s := rows[g]
		if s.b = int32(i) + 1; rows[g].b != 0 {
			s.b = -1
		}
		rows[g] = s
	}
	for i := a0; i+n <= a1; i++ {
		g := gram(t.a[i : i+n])
		s, there := rows[g]
		if !there {
			continue
		}
		if s.a != 0 {
			s.a = -1
		} else {
			s.a = int32(i) + 1
		}
		rows[g] = s
	}
	var pairs [][2]int
	for _, s := range rows {
		if s.a > 0 && s.b > 0 {
			pairs = append(pairs, [2]int{int(s.a) - 1, int(s.b) - 1})
		}
	}
	corpus.SortRows(pairs, func(x, y [2]int) int { return cmp.Compare(x[1], y[1]) })
	return longestRise(pairs)
}

// longestRise is the longest row of pairs whose first figures rise.
func longestRise(pairs [][2]int) [][2]int {
	before := make([]int, len(pairs))
	var ends []int // of rows of each length, the pair with the smallest first figure
	for i, p := range pairs {
		at, _ := slices.BinarySearchFunc(ends, p[0], func(e, a int) int { return cmp.Compare(pairs[e][0], a) })
		before[i] = -1
		if at > 0 {
			before[i] = ends[at-1]
		}
		if at == len(ends) {
			ends = append(ends, i)
		} else {
			ends[at] = i
		}
	}
	if len(ends) == 0 {
		return nil
	}
	out := make([][2]int, len(ends))
	for i, n := ends[len(ends)-1], len(ends)-1; i >= 0; i, n = before[i], n-1 {
		out[n] = pairs[i]
	}
	return out
}

// place finds the lines of each clause.
func (t *tracer) place() {
	t.source.Places = make(map[string]corpus.SourceSpan, len(t.doc.Clauses))
	var anywhere map[uint64]int32 // where rows of words that nothing holds stand
	after := 0                    // the words of the source before it belong to clauses before
	for from := 0; from < len(t.b); {
		of, to := t.b[from].of, from
		first, last := int32(-1), int32(-1)
		for ; to < len(t.b) && t.b[to].of == of; to++ {
			if a := t.toA[to]; a >= 0 {
				if first < 0 {
					first = t.a[a].of
				}
				last, after = t.a[a].of, int(a)+1
			}
		}
		if first < 0 {
			first = t.heading(t.doc.Clauses[of].Heading, after, to)
			last = first
		}
		if first < 0 {
			if anywhere == nil {
				anywhere = t.unheld()
			}
			first, last = find(t.b[from:to], anywhere)
		}
		if first >= 0 {
			t.source.Places[t.doc.Clauses[of].ID.Key()] = corpus.SourceSpan{From: int(first) + 1, To: int(last) + 1}
		}
		from = to
	}
}

// nearWords is how far a short heading is looked for.
const nearWords = 2_000

// heading finds the line of a heading that is too short to hold by itself, between
// what stands before and after its clause.
func (t *tracer) heading(text string, after, next int) int32 {
	words := wordsIn(text)
	if len(words) == 0 {
		return -1
	}
	end := min(len(t.a), after+nearWords)
	for _, a := range t.toA[next:min(len(t.toA), next+nearWords)] {
		if a >= 0 {
			end = min(end, int(a))
			break
		}
	}
	wanted := gram(words)
	for i := after; i+len(words) <= end; i++ {
		if t.a[i].hash == words[0].hash && gram(t.a[i:i+len(words)]) == wanted {
			return t.a[i].of
		}
	}
	return -1
}

// unheld are the rows of words of the source that belong to no clause yet.
func (t *tracer) unheld() map[uint64]int32 {
	out := map[uint64]int32{}
	for i := 0; i+gramWords <= len(t.a); i++ {
		if t.toB[i] < 0 && t.toB[i+gramWords-1] < 0 {
			if g := gram(t.a[i : i+gramWords]); out[g] == 0 {
				out[g] = t.a[i].of + 1
			}
		}
	}
	return out
}

// find looks for the lines of some words anywhere: the first that is found, and
// those near it.
func find(words []traced, anywhere map[uint64]int32) (first, last int32) {
	first, last = -1, -1
	for i := 0; i+gramWords <= len(words); i++ {
		line := anywhere[gram(words[i:i+gramWords])] - 1
		switch {
		case line < 0:
		case first < 0:
			first, last = line, line
		case line >= first && line <= last+nearLines:
			last = max(last, line)
		}
	}
	return first, last
}

// lost are the stretches of words that stand nowhere in the other text, as ranges.
func lost(words []traced, held []int32, other []uint64) [][2]int {
	gone := make([]bool, len(words))
	for i := range words {
		gone[i] = held[i] < 0
	}
	for i := 0; i+gramWords <= len(words); i++ {
		if held[i] >= 0 && held[i+1] >= 0 && held[i+2] >= 0 {
			continue
		}
		if _, there := slices.BinarySearch(other, gram(words[i:i+gramWords])); there {
			gone[i], gone[i+1], gone[i+2] = false, false, false
		}
	}
	var out [][2]int
	for i := 0; i < len(words); i++ {
		from, weight := i, 0
		for ; i < len(words) && gone[i]; i++ {
			weight += int(words[i].weight)
		}
		if weight >= stretchWeight {
			out = append(out, [2]int{from, i})
		}
	}
	return out
}

// notRead are problems for what became no clause.
func (t *tracer) notRead() []corpus.Problem {
	t.holdContents()
	named := t.identity()
	type stretch struct{ from, to, weight int }
	var found []stretch
	for _, s := range lost(t.a, t.toB, t.gramsB) {
		weight := 0
		for _, w := range t.a[s[0]:s[1]] {
			if !named[w.hash] {
				weight += int(w.weight)
			}
		}
		if weight >= stretchWeight && !onlySpaced(excerpt(t.a[s[0]:s[1]], t.lines)) {
			found = append(found, stretch{s[0], s[1], weight})
		}
	}
	more := max(0, len(found)-maxNotRead)
	if more > 0 { // the longest are listed
		corpus.SortRows(found, func(a, b stretch) int { return b.weight - a.weight })
		found = found[:maxNotRead]
		corpus.SortRows(found, func(a, b stretch) int { return a.from - b.from })
	}
	var out []corpus.Problem
	for _, s := range found {
		words := t.a[s.from:s.to]
		at := corpus.SourceSpan{From: int(words[0].of) + 1, To: int(words[len(words)-1].of) + 1}
		p := corpus.Say(corpus.SeverityNote, sourcePlace(t.source, at), "not-read", "it became no clause: {words}", "if it belongs to the text, add it to its clause, or repair the file and import it again", "words", excerpt(words, t.lines))
		p.Kind, p.Source = corpus.ProblemNotRead, at
		out = append(out, p)
	}
	if more > 0 {
		p := corpus.Say(corpus.SeverityNote, "source", "not-read-more", "{count} more stretches became no clause", "look through the source beside the clauses", "count", more)
		p.Kind = corpus.ProblemNotRead
		out = append(out, p)
	}
	return out
}

// holdContents takes the lines of a table of contents for read: its own heading, and
// the label or heading of a clause with at most a page number.
func (t *tracer) holdContents() {
	headings := map[uint64]bool{}
	for _, c := range t.doc.Clauses {
		for _, text := range []string{c.Heading, c.Label + " " + c.Heading} {
			if words := wordsIn(text); len(words) > 0 {
				headings[gram(words)] = true
			}
		}
	}
	for from := 0; from < len(t.a); {
		to := from
		for to < len(t.a) && t.a[to].of == t.a[from].of {
			to++
		}
		if headings[gram(t.a[from:to])] || t.headsContents(from, to) || to-from > 1 && t.a[to-1].weight == 1 && headings[gram(t.a[from:to-1])] {
			for i := from; i < to; i++ {
				t.toB[i] = max(t.toB[i], 0)
			}
		}
		from = to
	}
}

// headsContents tells whether words of one line are the heading of a table of
// contents, or the command of a markup to make one.
func (t *tracer) headsContents(from, to int) bool {
	return to-from <= 4 && sectionOf(strings.Trim(excerpt(t.a[from:to], t.lines), "“”")) == sectionContents
}

// wordsIn are the words of a text.
func wordsIn(text string) []traced {
	var w wordScan
	w.line(norm.NFKC.String(text), 0)
	return w.end()
}

// identity are the words of what is known of the standard itself: its title,
// designation and issuer stand in most files and are no clause.
func (t *tracer) identity() map[uint64]bool {
	out := map[uint64]bool{}
	text, err := json.Marshal(t.doc.Standard)
	if err != nil {
		return out
	}
	for _, word := range wordsIn(string(text)) {
		out[word.hash] = true
	}
	return out
}

// notInSource are problems for words of clauses that stand nowhere in the source.
func (t *tracer) notInSource() []corpus.Problem {
	var out []corpus.Problem
	for _, s := range lost(t.b, t.toA, t.gramsA) {
		for s[0] < s[1] && len(out) < maxNotInSource {
			of, end := t.b[s[0]].of, s[0]
			weight := 0
			for ; end < s[1] && t.b[end].of == of; end++ {
				if int(t.b[end].from) >= t.labels[of] {
					weight += int(t.b[end].weight)
				}
			}
			if weight >= stretchWeight {
				key := t.doc.Clauses[of].ID.Key()
				p := corpus.Say(corpus.SeverityNote, "clause "+key, "not-in-source", "these words do not stand in the source there: {words}", "compare the clause with its source", "words", excerpt(t.b[s[0]:end], t.wordings))
				p.Kind, p.Source = corpus.ProblemNotInSource, t.source.Places[key]
				out = append(out, p)
			}
			s[0] = end
		}
	}
	return out
}

// excerpt is the beginning of a stretch of words as they stand.
func excerpt(words []traced, lines []string) string {
	var b strings.Builder
	for i := 0; i < len(words) && b.Len() < 4*excerptRunes; {
		of, to := words[i].of, i
		for to+1 < len(words) && words[to+1].of == of {
			to++
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(lines[of][words[i].from:words[to].to])
		i = to + 1
	}
	text := foldBlanks(b.String())
	if short := shorten(text, excerptRunes); short != text {
		text = short + "…"
	}
	return "“" + text + "”"
}

// sourcePlace names a range of a source for people.
func sourcePlace(s *corpus.Source, at corpus.SourceSpan) string {
	first, last := s.Lines[at.From-1], s.Lines[at.To-1]
	if first.Box.Page > 0 {
		if first.Box.Page != last.Box.Page {
			return fmt.Sprintf("pages %d to %d", first.Box.Page, last.Box.Page)
		}
		return pdfPlace(first.Box.Page)
	}
	word := map[corpus.SourceForm]string{corpus.SourceParagraphs: "paragraph", corpus.SourceRows: "row"}[s.Form]
	place := fmt.Sprintf("%s %d", cmp.Or(word, "line"), first.No)
	if last.No != first.No && last.Part == first.Part {
		place = fmt.Sprintf("%ss %d to %d", cmp.Or(word, "line"), first.No, last.No)
	}
	if first.Part != "" {
		place = quote(shorten(first.Part, 60)) + ", " + place
	}
	return place
}
