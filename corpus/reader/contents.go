package reader

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"concord/corpus"
)

// minRunning is to what figure the paragraphs of a text count on, at least, where a few
// were put in later with a dot, 5.1 behind 5 (own choice).
const minRunning = 4

// styleOf counts how the lines are numbered.
func styleOf(lines []line) style {
	articles, dotted, signs, colons, running := 0, 0, 0, 0, 0
	for i := range lines {
		l := &lines[i]
		if !l.has || l.number.Kind != corpus.NumberClause {
			continue
		}
		switch {
		case l.number.Rank == "article":
			articles++
			if strings.HasPrefix(l.number.Label, "§") {
				signs++
			}
		case l.number.Depth() > 1:
			dotted++
			if hasColon(l) {
				colons++
			}
		case startsNumeric(l.number.Parts[0]) && valueOf(l.number.Parts[0]) == running+1 && !hasListMark(l):
			running++
		}
	}
	return style{
		colons:   colons*2 > dotted,
		articles: articles >= 3 && articles*3 > dotted || articles > 0 && dotted == 0,
		integers: articles == 0 && (dotted == 0 || running >= minRunning && dotted*4 <= running),
		sections: signs*2 > articles,
		oneWord:  articles >= 4 && (signs*4 <= articles || signs*4 >= articles*3),
	}
}

// contentsOf marks the lines of tables of contents: from the heading of one to where
// the text begins, one that nothing announces at the head of the text, and lines
// with dot leaders anywhere. Chapters may have tables of their own.
func contentsOf(lines []line) map[int]bool {
	skip, budget, once := map[int]bool{}, contentsBudget*len(lines), false
	mark := func(from, to int) {
		for k := from; k < to; k++ {
			skip[k] = true
		}
	}
	if first := slices.IndexFunc(lines, func(l line) bool { return l.has && !l.keep && opensContents(l.number) }); first >= 0 {
		if end := contentsByTitle(lines, first-1); end > 0 && numberedRun(lines[first:end]) {
			mark(first, end)
		}
	}
	for i := range lines {
		text := lines[i].text
		if strings.Contains(text, ".....") || strings.Contains(text, "……") && endsInPage(text) || strings.Contains(text, ". . . .") {
			skip[i] = true
		}
		if skip[i] || lines[i].keep || budget < 0 || sectionOf(text) != sectionContents {
			continue
		}
		end := contentsByNumber(lines, i)
		if end > 0 && !onlyContents(lines[i+1:end]) {
			if end = 0; !once { // where no title comes again, none does further down
				end = contentsByTitle(lines, i)
				once = end == 0
			}
		}
		end = beforeRepeated(lines, i, beforePreface(lines, i, end))
		mark(i, end)
		if budget -= end - i; end == 0 { // all lines were looked at
			budget -= len(lines)
		}
	}
	return skip
}

// beforePreface ends a table of contents at a foreword or an introduction without number
// that stands between it and the first clause: such a heading and text below it.
func beforePreface(lines []line, i, end int) int {
	for j := i + 2; j+1 < end; j++ {
		if sectionOf(lines[j].text) != sectionInformative {
			continue
		}
		for k := j + 1; k < end && k < j+6; k++ {
			if endsSentence(lines[k].text) && !lines[k].has && utf8.RuneCountInString(lines[k].text) >= 10 {
				return j
			}
		}
	}
	return end
}

// beforeRepeated ends a table of contents at a heading that it has, whole, among the lines
// that no number was found in: "1 Scope" is an item there.
func beforeRepeated(lines []line, i, end int) int {
	seen := map[string]bool{}
	for j := i + 1; j < end; j++ {
		key := foldTitle(lines[j].text)
		if lines[j].level > 0 && seen[key] {
			return j
		}
		if lines[j].keep && key != "" {
			seen[key] = true
		}
	}
	return end
}

// opensContents tells whether a number can be the first of a table of contents: no
// postal code or year of an address in front of it.
func opensContents(n corpus.Number) bool {
	return n.Kind != corpus.NumberClause || n.Rank != "" || valueOf(n.Parts[0]) <= 1
}

// contentsBudget is how often at most all lines are gone through for tables of
// contents, however many there are.
const contentsBudget = 30

// numberedRun tells whether lines are a table of contents without a heading:
// numbered titles and nothing else.
func numberedRun(lines []line) bool {
	numbered, all := 0, 0
	for i := range lines {
		if lines[i].text == "" {
			continue
		}
		if all++; lines[i].has && !endsSentence(lines[i].rest) && utf8.RuneCountInString(lines[i].rest) <= 110 {
			numbered++
		}
	}
	return numbered >= minContents && numbered*10 >= all*8 && onlyContents(lines)
}

// contentsByNumber ends a table of contents where its first number comes again; 0
// when it has none or that does not come again.
func contentsByNumber(lines []line, i int) int {
	for j := i + 1; j < len(lines) && j < i+40; j++ {
		if !lines[j].has {
			continue
		}
		for k := j + 1; k < len(lines); k++ {
			if lines[k].has && sameHeading(lines[k]) == sameHeading(lines[j]) {
				return k
			}
		}
		return 0
	}
	return 0
}

// contentsByTitle ends a table of contents where words of it come again as a line
// or as the title of a number, whatever stands before them there: "1. Overview" is
// "Chapter 1. Overview" in the text. Titles that the table itself has twice, such as
// General, come again below another number. 0 when none does.
func contentsByTitle(lines []line, i int) int {
	type title struct{ words, number string }
	titles := map[title]bool{}
	for j := i + 1; j < len(lines); j++ {
		words, number := lines[j].text, lines[j].number
		if lines[j].has {
			words = lines[j].rest
		}
		if words = foldTitle(words); words == "" {
			continue
		}
		if number.IsZero() {
			bare := withoutPage(words)
			if titles[title{words, ""}] && j+2 < len(lines) && !onlyContents(lines[j+1:min(len(lines), j+4)]) {
				return j
			}
			titles[title{words, ""}], titles[title{bare, ""}] = true, true
			continue
		}
		last := title{words, "." + number.Parts[len(number.Parts)-1]} // of a chapter, below whatever it stands there
		whole := title{words, number.String()}
		if titles[last] || titles[whole] {
			return j
		}
		bare := withoutPage(words)
		titles[whole], titles[title{bare, whole.number}] = true, true
		if number.Depth() == 1 {
			titles[last], titles[title{bare, last.number}] = true, true
		}
	}
	return 0
}

// onlyContents tells whether lines can be those of a table of contents: few of them
// are prose.
func onlyContents(lines []line) bool {
	prose, all := 0, 0
	for i := range lines {
		if lines[i].text == "" {
			continue
		}
		all++
		if n := utf8.RuneCountInString(lines[i].text); !endsInDigit(lines[i].text) && (n >= 60 && !lines[i].has || n >= 25 && endsSentence(lines[i].text)) {
			prose++
		}
	}
	return prose*10 <= all
}

// pageAtEnd is the page that a line of a table of contents ends with, and what leads
// there.
var pageAtEnd = regexp.MustCompile(`[\s.…·—_]+(?:\d{1,4}|[ivxlc]{1,6}|[ⅰ-ⅿ]{1,4})$`)

// withoutPage is a folded line of a table of contents without its page.
func withoutPage(words string) string {
	if r, _ := utf8.DecodeLastRuneInString(words); !strings.ContainsRune("0123456789ivxlc", r) && (r < 'ⅰ' || r > 'ⅿ') {
		return words
	}
	return pageAtEnd.ReplaceAllString(words, "")
}

// endsInPage tells whether a text ends in a figure, or a Roman one of one character.
func endsInPage(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return endsInDigit(s) || r >= 'Ⅰ' && r <= 'ⅿ'
}

func sameHeading(l line) string {
	return string(l.number.Kind) + l.number.String()
}

func endsInDigit(s string) bool {
	return s != "" && s[len(s)-1] >= '0' && s[len(s)-1] <= '9'
}

// runningHeaders marks page headers that a conversion left as headings: a
// top-level heading without number that comes three times or more, and a
// repeated heading right after it.
func runningHeaders(lines []line) map[int]bool {
	count := map[string]int{}
	for i := range lines {
		if lines[i].level > 0 {
			count[foldTitle(lines[i].text)]++
		}
	}
	out := map[int]bool{}
	after := false
	for i := range lines {
		l := &lines[i]
		switch {
		case l.text == "":
		case l.level == 1 && !l.has && (count[foldTitle(l.text)] >= 3 || after):
			out[i], after = count[foldTitle(l.text)] >= 3, count[foldTitle(l.text)] >= 3
		case l.level > 0 && after:
			out[i], after = true, false
		default:
			after = false
		}
	}
	return out
}

func foldTitle(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(s), " "))
}

// minContents is how many headings a table of contents without a heading of its own
// has at least.
const minContents = 5

// dropContents leaves out a table of contents that nothing announces: a run of
// numbered headings without text at the head of a document that come again, in the
// same words, where the text is. Words that stand among them are kept.
func dropContents(entries []*entry) []*entry {
	start := 0
	for start < len(entries) && entries[start].number.IsZero() {
		start++
	}
	if start == len(entries) {
		return entries
	}
	names := map[string][]int{}
	for i, e := range entries {
		if !e.number.IsZero() {
			names[contentsName(e)] = append(names[contentsName(e)], i)
		}
	}
	again := names[contentsName(entries[start])]
	if len(again) < 2 {
		return entries
	}
	end, bare, repeated := again[1], 0, 0
	for _, e := range entries[start:end] {
		if onlyTitle(e) {
			bare++
		}
		if at := names[contentsName(e)]; len(at) > 1 && at[len(at)-1] >= end {
			repeated++
		}
	}
	if n := end - start; n < minContents || bare*10 < n*9 || repeated*10 < n*8 {
		return entries
	}
	out := append([]*entry(nil), entries[:start]...)
	for _, e := range entries[start:end] {
		if !onlyTitle(e) {
			out = append(out, &entry{section: sectionInformative, text: e.text, line: e.line, page: e.page})
		}
	}
	return append(out, entries[end:]...)
}

// onlyTitle tells whether an entry has nothing but a title, as heading or as its
// only line.
func onlyTitle(e *entry) bool {
	return len(e.text) == 0 || e.heading == "" && len(e.text) == 1 && titleLike(e.text[0])
}

// contentsName is by what a heading is found again: its number and words.
func contentsName(e *entry) string {
	title := e.heading
	if title == "" && len(e.text) > 0 {
		title = e.text[0]
	}
	return string(e.number.Kind) + e.number.String() + " " + foldTitle(title)
}
