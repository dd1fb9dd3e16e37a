package pdfium

import "strings"

// boldWords are what the names of bold fonts hold, in small letters. SimHei and
// the other black types are how Chinese standards print headings.
var boldWords = []string{"bold", "black", "heavy", "demi", "simhei", "heiti", "medi"}

// weight is what the name of a font says of it.
type weight int8

const (
	weightRegular weight = iota - 1
	weightUnsaid
	weightBold
)

// weightNamed is the weight in the name of a font.
func weightNamed(font string) weight {
	font = strings.ToLower(font)
	for _, w := range boldWords {
		if strings.Contains(font, w) {
			return weightBold
		}
	}
	if strings.Contains(font, "regular") || strings.Contains(font, "light") {
		return weightRegular
	}
	return weightUnsaid
}
