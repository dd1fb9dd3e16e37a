package lexicon

import (
	"strings"
	"testing"
	"unicode"
)

// TestSameFolded holds SameFolded to folding both texts whole.
func TestSameFolded(t *testing.T) {
	lex := theLexicon(t)
	gap := func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(".,，。", r) }
	whole := func(s string) string {
		return strings.Join(strings.FieldsFunc(lex.Fold(s, "zh").Text, gap), " ")
	}
	texts := []string{
		"", " ", ".", "Doors open outwards.", "doors  open\noutwards", " DOORS, open. outwards . ", "Doors open outward", "Doors open outwards at 10⁵ Pa",
		"doorsopen outwards", "Doors open outwards at 10^5 Pa", "门应向外开启", "門應向外開啟。", "门应 向外开启", "cafe\u0301", "café", "ﬁre", "fire", "e\u0301", "é.", "①a", "a\xff", "a ",
	}
	same := 0
	for _, a := range texts {
		for _, b := range texts {
			x, y := whole(a), whole(b)
			want := x != "" && x == y
			if got := lex.SameFolded(a, b, "zh", gap); got != want {
				t.Errorf("%q and %q are the same: %v, want %v (%q, %q)", a, b, got, want, x, y)
			}
			if want && a != b {
				same++
			}
		}
	}
	if same == 0 {
		t.Error("no two texts are the same")
	}
}
