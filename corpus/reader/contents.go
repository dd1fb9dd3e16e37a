package reader

import (
	"strings"

	"concord/corpus"
)

// styleOf counts how the lines are numbered.
func styleOf(lines []line) style {
	articles, dotted, signs := 0, 0, 0
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
		}
	}
	return style{
		articles: articles >= 3 && articles*3 > dotted || articles > 0 && dotted == 0,
		integers: articles == 0 && dotted == 0,
		sections: signs*2 > articles,
		oneWord:  articles >= 4 && (signs*4 <= articles || signs*4 >= articles*3),
	}
}

// contentsOf marks the lines of a table of contents: from its heading to where
// the first number in it comes again, and lines with dot leaders anywhere.
func contentsOf(lines []line) map[int]bool {
	skip, tables := map[int]bool{}, 0
	for i := range lines {
		text := lines[i].text
		if strings.Contains(text, ".....") || strings.Contains(text, "……") && endsInDigit(text) || strings.Contains(text, ". . . .") {
			skip[i] = true
		}
		if skip[i] || lines[i].keep || tables == 3 || sectionOf(text) != sectionContents {
			continue
		}
		tables++
		first, name := -1, ""
		for j := i + 1; j < len(lines) && j < i+40; j++ {
			if lines[j].has {
				first, name = j, sameHeading(lines[j])
				break
			}
		}
		if first < 0 {
			continue
		}
		for j := first + 1; j < len(lines); j++ {
			if lines[j].has && sameHeading(lines[j]) == name {
				for k := i; k < j; k++ {
					skip[k] = true
				}
				break
			}
		}
	}
	return skip
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
		if len(e.text) == 0 {
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
		if len(e.text) > 0 {
			out = append(out, &entry{section: sectionInformative, text: e.text, line: e.line, page: e.page})
		}
	}
	return append(out, entries[end:]...)
}

// contentsName is by what a heading is found again: its number and words.
func contentsName(e *entry) string {
	title := e.heading
	if title == "" && len(e.text) > 0 {
		title = e.text[0]
	}
	return string(e.number.Kind) + e.number.String() + " " + foldTitle(title)
}
