package reader

import (
	"regexp"
	"strings"

	"concord/corpus"
)

// printedClasses are the classes on the cover of a standard: "ICS 13.220.20", and on
// Chinese ones the class of the Chinese classification (CCS) beside or below it, as "C 80"
// or "CCS P16" (GB/T 1.1-2020, 6.1).
var printedClasses = regexp.MustCompile(`(?:^|\s)ICS[\s:：]*(\d{2}(?:\.\d{3}(?:\.\d{2})?)?(?:[;,；，、]\s*\d{2}(?:\.\d{3}(?:\.\d{2})?)?)*)(?:\s+(?:CCS[\s:：]*)?([A-HJ-NP-Z])\s?(\d{2})(?:\s|$))?`)

// classify takes the classes that the head of a document prints, where the file says
// none itself.
func classify(doc *corpus.Document) {
	s := &doc.Standard
	if len(s.ICS)+len(s.CCS) > 0 {
		return
	}
	for i, c := range doc.Clauses {
		if i == maxAdoptionClauses {
			return
		}
		if c.Kind != corpus.KindInformative && c.Kind != corpus.KindNote {
			continue
		}
		found := printedClasses.FindStringSubmatch(c.Heading + "\n" + c.Text)
		if found == nil {
			continue
		}
		s.ICS = strings.FieldsFunc(found[1], func(r rune) bool { return !strings.ContainsRune("0123456789.", r) })
		if found[2] != "" {
			s.CCS = []string{found[2] + found[3]}
		}
		return
	}
}
