package reader

import (
	"io"
	"strings"

	"concord/corpus"
)

// detectECFR recognises the Electronic Code of Federal Regulations, whole or by
// its parts.
func detectECFR(_ string, head []byte) bool {
	name := rootName(head)
	return name == "ECFR" || name == "DLPSTEXTCLASS" || len(name) == 4 && strings.HasPrefix(name, "DIV") && name[3] >= '1' && name[3] <= '9'
}

// readECFR reads federal regulations in the XML of the eCFR, whose divisions are
// called DIV1 (title) to DIV9 (appendix) and carry their number in N.
func readECFR(r io.Reader, _ Hint) ([]*corpus.Document, error) {
	text, err := slurp(r)
	if err != nil {
		return nil, err
	}
	return readVocabulary(ecfr, text)
}

var ecfr = &vocabulary{
	parts: partsOf([]string{
		partSkip:     "HEADER AUTH SOURCE CITA SECAUTH CFRTOC img VOLUME EDNOTE EFFDNOT",
		partDivision: "DIV1 DIV2 DIV3 DIV4 DIV5 DIV6",
		partHeading:  "DIV7",
		partClause:   "DIV8",
		partAnnex:    "DIV9",
		partBlock:    "P FP FP-1 FP-2 HD1 HD2 HD3 PSPACE",
		partFormula:  "MATH",
		partOther:    "EXTRACT",
		partTable:    "TABLE table GPOTABLE",
		partNote:     "NOTE FTNT XREF",
	}),
	label:   nil,
	heading: []string{"HEAD"},
	caption: []string{"CAPTION", "TTITLE"},
	rank:    map[string]string{"DIV1": "title", "DIV2": "title", "DIV3": "chapter", "DIV4": "chapter", "DIV5": "part", "DIV6": "section"},
	level:   map[string]int{"DIV7": 7},
	special: map[string]func(*composer, *element, *entry){
		"SU": (*composer).raised, "sup": (*composer).raised, "br": (*composer).lineBreak, "DIV7": (*composer).ecfrGroup,
	},
	identity: identifyECFR,
}

// ecfrGroup is a group of sections with a heading between them.
func (t *composer) ecfrGroup(c *element, at *entry) {
	t.flush(at)
	depth := t.depth
	t.headingBefore(c)
	t.pour(c, nil)
	t.flush(nil)
	t.depth = depth
}

// identifyECFR names the regulations after the title and part they are of.
func identifyECFR(root *element, doc *corpus.Document) {
	s := &doc.Standard
	s.Jurisdiction, s.Language, s.Tradition, s.Issuer = "US", "en", corpus.TraditionUSCode, "US Government"
	title, part := root, root
	if root.name != "DIV1" {
		title = root.find("DIV1")
	}
	if root.name != "DIV5" {
		part = root.find("DIV5")
	}
	head := first(part.child("HEAD").plain(), title.child("HEAD").plain(), root.child("HEAD").plain())
	if head != "" {
		s.Titles = []corpus.Title{{Language: "en", Text: head}}
	}
	if n := part.attr("N"); n != "" {
		s.Designation = strings.TrimSpace(title.attr("N") + " CFR Part " + n)
		if title.attr("N") == "" {
			s.Designation = strings.TrimSpace("CFR Part " + n)
		}
	}
	s.Designation = first(s.Designation, head)
}
