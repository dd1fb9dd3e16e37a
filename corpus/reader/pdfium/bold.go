package pdfium

import "strings"

// boldWords are what the names of bold fonts hold, in small letters. SimHei and
// the other black types are how Chinese standards print headings.
var boldWords = []string{"bold", "black", "heavy", "demi", "simhei", "heiti", "medi"}

func namesBold(font string) bool {
	font = strings.ToLower(font)
	for _, w := range boldWords {
		if strings.Contains(font, w) {
			return true
		}
	}
	return false
}
