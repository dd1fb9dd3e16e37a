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
