package pdfium

import "strings"

// boldWords are what the names of bold fonts hold, in small letters. SimHei and
// the other black types are how Chinese standards print headings.
var boldWords = []string{"bold", "black", "heavy", "demi", "simhei", "heiti", "medi"}

// weightNamed is 1 for the name of a bold font, -1 for that of a regular one, and
// 0 where the name does not say.
func weightNamed(font string) int8 {
	font = strings.ToLower(font)
	for _, w := range boldWords {
		if strings.Contains(font, w) {
			return 1
		}
	}
	if strings.Contains(font, "regular") || strings.Contains(font, "light") {
		return -1
	}
	return 0
}
