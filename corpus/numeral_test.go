package corpus

import (
	"testing"
	"unicode"
)

// TestDecimalValue counts through the ten digits of six scripts.
func TestDecimalValue(t *testing.T) {
	for _, digits := range []string{"0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "๐๑๒๓๔๕๖๗๘๙", "０１２３４５６７８９"} {
		want := 0
		for _, r := range digits {
			if got := DecimalValue(r); got != want || !unicode.IsDigit(r) {
				t.Errorf("%c is %d, want %d", r, got, want)
			}
			want++
		}
		if want != 10 {
			t.Errorf("%q has %d digits", digits, want)
		}
	}
}
