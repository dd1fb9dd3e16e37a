package reader

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"concord/corpus"
)

// cover is what the lines before the first clause print of the standard itself.
type cover struct{ designation, title string }

// coverRule is the sentence about a designation from the cover.
const coverRule = "designation-from-cover"

// maxCover is how many lines with text a cover has at most (own choice: three pages).
const maxCover = 60

// maxCoverTitle is how far below the designation the title stands, in lines with text.
const maxCoverTitle = 12

// printedColumns part what a cover prints side by side.
var printedColumns = regexp.MustCompile(`\t+| {3,}|　{2,}`)

// coverOf reads a cover: a designation that stands alone on its line, or in a column of
// it, and the title below. What is only named there, as the edition replaced, has words
// before it.
func coverOf(lines []line) cover {
	seen := 0
	for i := range lines {
		text := lines[i].text
		if text == "" {
			continue
		}
		if seen++; seen > maxCover || sectionOf(text) != sectionNone && sectionOf(text) != sectionTerms {
			return cover{}
		}
		if lines[i].cells || lines[i].rows != nil {
			continue
		}
		for _, cell := range printedColumns.Split(text, -1) {
			if d := designationAlone(cell, nextPrinted(lines, i), seen); d != "" {
				return cover{d, first(coverTitle(lines[i+1:]), titleAbove(lines[:i]))}
			}
		}
	}
	return cover{}
}

// designationAlone is the designation that a text is, with the line below it where that
// holds its year or number.
func designationAlone(text, below string, seen int) string {
	if text = strings.TrimSpace(text); utf8.RuneCountInString(text) > 60 {
		return ""
	}
	tries := []string{text}
	switch {
	case strings.TrimRight(text, "—–-") != text && utf8.RuneCountInString(below) == 4:
		tries = []string{text + below}
	case utf8.RuneCountInString(text) <= 6 && strings.IndexFunc(text, unicode.IsDigit) < 0:
		tries = append(tries, text+" "+below)
	}
	for _, t := range tries {
		if _, err := corpus.ParseDesignation(t); err != nil {
			continue
		}
		if found := corpus.FindDesignations(t); seen <= 3 || len(found) > 0 && found[0].Start == 0 && found[0].End == len(t) {
			return t
		}
	}
	return ""
}

func nextPrinted(lines []line, i int) string {
	if i+1 < len(lines) {
		return strings.TrimSpace(lines[i+1].text)
	}
	return ""
}

// coverWords are what covers print beside the title: whose standard it is, and of what
// kind (seen on covers of these bodies).
var coverWords = []string{
	"国家标准", "行业标准", "地方标准", "团体标准", "产业规格", "産業規格", "工業規格", "国家規格", "發布", "发布", "委员会",
	"стандарт российской", "межгосударственный стандарт", "свод правил", "издание официальное", "федеральное агентство",
	"standards publication", "british standard", "international standard", "european standard", "national standard",
	"norme française", "norme europ", "norma española", "norma europea", "deutsche norm", "europäische norm",
	"tiêu chuẩn", "quy chuẩn kỹ thuật quốc gia", "المواصفة القياسية", "مواصفة قياسية",
}

// titleLabels stand before the title on covers that name what they print.
var titleLabels = wordSet("título titre titel title название наименование")

// coverTitle is the first line below the designation that can be a title. One that is
// broken after a dash, or goes on in Cyrillic right below, is joined.
func coverTitle(lines []line) string {
	seen := 0
	for i := range lines {
		text := lines[i].text
		if text == "" {
			continue
		}
		if seen++; seen > maxCoverTitle || sectionOf(text) != sectionNone || lines[i].has && lines[i].number.Kind != corpus.NumberClause {
			return ""
		}
		cells := printedColumns.Split(text, -1)
		if titleLabels[strings.ToLower(cells[0])] && len(cells) > 1 {
			cells = cells[1:]
		}
		title := strings.TrimRight(cells[0], "—–- ")
		if !isCoverTitle(title) {
			continue
		}
		if below := nextPrinted(lines, i); isCoverTitle(below) && (title != cells[0] || len(cells) == 1 && strings.IndexFunc(title, isCyrillic) >= 0 && strings.IndexFunc(below, isCyrillic) >= 0) {
			title += " — " + below
		}
		return title
	}
	return ""
}

// titleAbove is the line nearest above the designation that can be a title.
func titleAbove(lines []line) string {
	for i := len(lines) - 1; i >= 0; i-- {
		if isCoverTitle(lines[i].text) {
			return lines[i].text
		}
	}
	return ""
}

func isCoverTitle(s string) bool {
	lower := strings.ToLower(s)
	return titleLike(s) && strings.IndexFunc(s, unicode.IsDigit) < 0 && !strings.ContainsAny(s, "()（）:：©") && utf8.RuneCountInString(s) > 3 &&
		!slices.ContainsFunc(coverWords, func(w string) bool { return strings.Contains(lower, w) })
}
