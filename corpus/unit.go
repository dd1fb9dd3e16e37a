package corpus

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// UnitReference is a place of a text that names a table, figure or formula by its
// number: "Table 5.3.1", "таблице 3", "表5.3.1".
type UnitReference struct {
	Start, End int    // byte offsets
	Key        string // as the key of such a unit ends: "table-5.3.1"
}

// unitWords find such places: the words for each kind with their endings and, in
// Arabic, what is written together with them; then the number.
var unitWords = []struct {
	kind NumberKind
	find *regexp.Regexp
}{
	{NumberTable, unitPattern(`tables?|tableaux?|tablas?|tabellen?|tabel|табл\.|таблиц\p{Cyrillic}*|кесте\p{Cyrillic}*|bảng|(?:و?[بفك]?ال|و?لل|و?[بلك]?)جدول|表|표`)},
	{NumberFigure, unitPattern(`figures?|figs?\.|figuras?|abbildung(?:en)?|bild|gambar|рис\.|рисун\p{Cyrillic}*|hình|(?:و?[بفك]?ال|و?لل|و?[بلك]?)شكل|图|圖|図|그림`)},
	{NumberFormula, unitPattern(`formula[es]?|formules?|fórmulas?|formeln?|gleichung|equations?|eq\.|формул\p{Cyrillic}*|công thức|(?:و?[بفك]?ال|و?لل|و?[بلك]?)(?:معادلة|صيغة)|式|식`)},
}

func unitPattern(words string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:` + words + `)[\s\x{a0}　]*(?:№[\s\x{a0}]*)?[(（]?\s*(\p{Lu}?[.．]?\p{Nd}+(?:[.．]\p{Nd}+)*(?:[-–—－]\p{Nd}+)?)`)
}

// FindUnitReferences finds the tables, figures and formulas that a text names. Of a
// range or list it finds what has the word before it.
func FindUnitReferences(text string) []UnitReference {
	var out []UnitReference
	for _, w := range unitWords {
		for _, m := range w.find.FindAllStringSubmatchIndex(text, -1) {
			before, _ := utf8.DecodeLastRuneInString(text[:m[0]])
			first, _ := utf8.DecodeRuneInString(text[m[0]:])
			if unicode.IsLetter(before) && !unicode.In(first, unicode.Han, unicode.Hangul) {
				continue // vegetables 5
			}
			number := strings.ReplaceAll(text[m[2]:m[3]], "．", ".")
			end := m[3]
			if open := text[m[0]:m[2]]; strings.ContainsAny(open, "(（") {
				if r, size := utf8.DecodeRuneInString(text[end:]); r == ')' || r == '）' {
					end += size
				}
			}
			out = append(out, UnitReference{m[0], end, string(w.kind) + "-" + SafeKey(number)})
		}
	}
	return out
}

// UnitRows cuts the text of a table into rows of cells, each as the byte offsets of
// its words. What a table is written as is the readers': a line a row, bars between
// cells. Lines above the rows that have no bars are the table's own words.
func UnitRows(text string) [][][2]int {
	var rows [][][2]int
	at := 0
	for _, line := range strings.SplitAfter(text, "\n") {
		row := lineCells(strings.TrimRight(line, "\n"))
		for i := range row {
			row[i][0] += at
			row[i][1] += at
		}
		rows = append(rows, row)
		at += len(line)
	}
	return rows
}

// lineCells cuts a line at the bars that stand between blanks or at its ends.
func lineCells(line string) [][2]int {
	var cells [][2]int
	start := 0
	cut := func(end int) {
		words := strings.TrimSpace(line[start:end])
		from := start + strings.Index(line[start:end], words)
		cells = append(cells, [2]int{from, from + len(words)})
	}
	for i := 0; i < len(line); i++ {
		if line[i] == '|' && (i == 0 || line[i-1] == ' ') && (i+1 == len(line) || line[i+1] == ' ') {
			cut(i)
			start = i + 1
		}
	}
	cut(len(line))
	return cells
}
