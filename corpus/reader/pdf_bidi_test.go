package reader

import (
	"slices"
	"strings"
	"testing"

	"concord/corpus/reader/pdfium"
)

// glyphs lays a line out as it is seen, from the left, with a blank of the file
// where the text has one.
func glyphs(seen string, left, base float64) []pdfium.Char {
	var out []pdfium.Char
	x := left
	for _, r := range seen {
		out = append(out, pdfium.Char{Rune: r, X0: x, X1: x + 6, Base: base, Size: 10})
		x += 6
	}
	return out
}

// seen is a line as it is seen from the left.
func seen(text string) string {
	var out string
	for i, part := range strings.Split(text, "|") {
		runes := []rune(part)
		if i%2 == 0 {
			slices.Reverse(runes)
		}
		out = string(runes) + out
	}
	return out
}

// However a producer orders the glyphs of a line from right to left, it is read as
// it is written: figures and words of other scripts run the other way inside it.
func TestRightToLeftLines(t *testing.T) {
	for _, row := range []struct{ name, text string }{ // every second part runs to the right
		{"words", "لا يعد الحبل"},
		{"figures", "لا تقل المسافة عن |٤٠| مم."},
		{"decimal figures", "لا يقل الارتفاع عن |٠٫٩| م."},
		{"number with slashes", "|٥/٢/١| يجب أن يكون متصلا"},
		{"number with hyphens", "الف-|۱|-|۲| دمای سطح نباید"},
		{"dash behind a number", "ماده |۱|ـ هدف این آیین"},
		{"designation with a hyphen", "يشار الى |EN 60335-1| هنا."},
		{"another script", "يشار الى |ISO 9001:2015| هنا."},
		{"brackets by their shape", "المادة )|٣|( النطاق"},
	} {
		line := glyphs(seen(row.text), 100, 50)
		want := strings.NewReplacer("|", "", ")", "(", "(", ")").Replace(row.text)
		half := len(line) / 2
		reversed := slices.Clone(line)
		slices.Reverse(reversed)
		orders := map[string][]pdfium.Char{
			"from the left":  line,
			"from the right": reversed,
			"mixed":          append(slices.Clone(line[half:]), line[:half]...),
		}
		for name, order := range orders {
			chars, mirrored := readingOrder(slices.Clone(order), 500)
			pieces := piecesOf(chars)
			if len(pieces) != 1 || pieces[0].text != want || !mirrored {
				t.Errorf("%s, %s: %+v, mirrored %v, want %q", row.name, name, pieces, mirrored, want)
			}
		}
	}
	english := glyphs("The rail", 100, 50)
	chars, mirrored := readingOrder(append(slices.Clone(english), glyphs("هذا", 100, 80)...), 500)
	if mirrored || string(chars[0].Rune) != "T" || chars[0].X0 != 100 {
		t.Error("a page from left to right was mirrored or reordered")
	}
	if got := piecesOf(chars); len(got) != 2 || got[0].text != "The rail" {
		t.Errorf("the pieces are %+v", got)
	}
}

// Behind an Arabic letter that joins none after it, kerning makes a gap within a word as
// wide as a blank is in another type: what is a blank is known from the gaps behind those
// that join. The gaps are those of DejaVu Sans and Noto Naskh as Chromium prints them.
func TestArabicGaps(t *testing.T) {
	const blanks = "بين كل من على في عن هل" // behind letters that join
	line := func(text string, inWord, afterAlef, afterReh, blank float64) string {
		var chars []pdfium.Char
		x, last := 400.0, rune(0)
		for _, r := range text {
			if r == ' ' {
				x -= map[rune]float64{'ر': afterReh, 'ا': afterAlef}[last]
				if last != 'ر' && last != 'ا' {
					x -= blank
				}
				last = r
				continue
			}
			if last == 'ا' {
				x -= inWord
			}
			x, last = x-5, r
			chars = append(chars, pdfium.Char{Rune: r, X0: x, X1: x + 5, Base: 50, Size: 10})
		}
		ordered, _ := readingOrder(chars, 500)
		var out []string
		for _, p := range piecesOf(ordered) {
			out = append(out, p.text)
		}
		return strings.Join(out, " ")
	}
	text := blanks + " العامة مالك اختبار المال هنا بحر كامل"
	if got := line(text, 1.9, 2.9, 2.1, 2.5); got != text {
		t.Errorf("wide kerning: %q, want %q", got, text)
	}
	if got := line(text, 1.3, 2.2, 1.9, 2.2); got != text {
		t.Errorf("narrow blanks: %q, want %q", got, text)
	}
	if got := line("العامة مالك", 1.9, 2.9, 2.1, 2.5); got == "العامةمالك" {
		t.Errorf("too few gaps to know them by, and no blank is seen: %q", got)
	}
}

// A line of Korean that a browser broke within a word is joined without a blank, one that
// was broken between words with one; so are the syllables of Japanese, and Latin words never.
func TestBrokenWordsWithoutHyphen(t *testing.T) {
	words := map[string]bool{"교량에는": true}
	for _, c := range []struct{ above, below, want string }{
		{"통행하는 교", "량에는 적용하지", "통행하는 교량에는 적용하지"},
		{"있을 때마다 교량", "을 점검하여야", "있을 때마다 교량을 점검하여야"},
		{"모든 결", "함을 기재하여야", "모든 결함을 기재하여야"},
		{"사람이 걸을 수", "있는 길", "사람이 걸을 수 있는 길"},
		{"보도교의 유효", "폭은 난간", "보도교의 유효 폭은 난간"},
		{"手すり", "の間を測り", "手すりの間を測り"},
		{"the rail", "of a stair", "the rail of a stair"},
	} {
		rows := []row{{cells: []piece{{text: c.above}}}, {cells: []piece{{text: c.below}}}}
		if got := joinRows(rows, words); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
