package reader

import (
	"io"
	"path"
	"regexp"
	"slices"
	"strings"

	"concord/corpus"
)

// detectFormex recognises the acts of Formex 4, consolidated or not.
func detectFormex(_ string, head []byte) bool {
	return formex.rooted(head)
}

// readFormex reads an act of the European Union in Formex 4, with the annexes that stand
// beside it in files of their own.
func readFormex(r io.Reader, hint Hint) ([]*corpus.Document, error) {
	text, err := slurp(r)
	if err != nil {
		return nil, err
	}
	root, err := parseXML(text)
	if err != nil {
		return nil, err
	}
	if root.name == "ACT" {
		if err := hint.beside.annexes(root); err != nil {
			return nil, err
		}
	}
	lineFormulas(root)
	return composeFound(formex, root)
}

// formexIndex is the file that lists those of one act, which each of them names.
var formexIndex = regexp.MustCompile(`<DOCUMENT\.REF\b[^>]*\bFILE="([^"]+)"`)

// annexes puts the annexes of an act into it, which the Official Journal's containers
// have in files of their own, in the order of their names: those that name the same
// index as the act. What lists them is no document.
func (b *nearby) annexes(act *element) error {
	index := act.find("DOCUMENT.REF").attr("FILE")
	if b == nil || index == "" {
		return nil
	}
	if b.parts == nil {
		b.parts = map[string][]string{}
		for _, name := range slices.Sorted(slices.Values(b.archive.names)) {
			if head := b.archive.head(name, 4096); formex.rooted(head) && rootName(head) == "ANNEX" {
				if m := formexIndex.FindSubmatch(head); m != nil {
					of := path.Join(path.Dir(name), string(m[1]))
					b.parts[of] = append(b.parts[of], name)
				}
			}
		}
	}
	of := path.Join(b.dir, index)
	for _, name := range b.parts[of] {
		text, err := b.read(name)
		if err != nil {
			return err
		}
		annex, err := parseXML(text)
		if err != nil {
			return corpus.Within(shorten(name, 60), err)
		}
		b.taken[name] = true
		act.children = append(act.children, annex)
	}
	b.taken[of] = true
	return nil
}

var formex = &vocabulary{
	roots: []string{"CONS.ACT", "ACT", "ANNEX", "CONS.ANNEX", "GENERAL"},
	parts: partsOf([]string{
		partSkip:      "BIB.INSTANCE BIB.DATA INFO.CONSLEG INFO.PROD FAM.COMP GR.MOD.ACT FINAL TOC INCL.ELEMENT PL.DATE",
		partPreface:   "PREAMBLE",
		partBlock:     "PREAMBLE.INIT PREAMBLE.FINAL GR.CONSID.INIT VISA ALINEA P TXT",
		partRecital:   "CONSID",
		partDivision:  "DIVISION",
		partClause:    "ARTICLE GR.SEQ",
		partParagraph: "PARAG",
		partFormula:   "FORMULA",
		partList:      "LIST",
		partItem:      "ITEM",
		partTable:     "TBL",
		partFootnote:  "NOTE",
		partAnnex:     "CONS.ANNEX ANNEX",
		partQuote:     "QUOT.S",
	}),
	label:   []string{"TI.ART", "NO.PARAG", "NO.P", "NO.GR.SEQ", "TI"},
	heading: []string{"STI.ART", "STI"},
	caption: []string{"TITLE"},
	special: map[string]func(*composer, *element, *entry){
		"CONSID": (*composer).formexRecital, "DIVISION": (*composer).formexTitled, "CONS.ANNEX": (*composer).formexTitled, "ANNEX": (*composer).formexTitled, "GR.SEQ": (*composer).formexTitled,
		"NP": (*composer).formexPoint, "ITEM": (*composer).formexPoint, "HT": (*composer).formexType, "QUOT.START": (*composer).formexQuote, "QUOT.END": (*composer).formexQuote, "TITLE": (*composer).formexLooseTitle,
	},
	identity: identifyFormex,
}

// unwrapTitle puts what TITLE holds, TI and STI, where other vocabularies have
// label and heading. A TI of several paragraphs is the label and then the heading.
func unwrapTitle(c *element) {
	title := c.child("TITLE")
	if title == nil {
		return
	}
	var parts []*element
	for _, x := range title.children {
		if x.name == "TI" {
			if paragraphs := x.elements(); len(paragraphs) > 1 && paragraphs[0].name == "P" {
				parts = append(parts, &element{name: "TI", children: paragraphs[:1]}, &element{name: "STI", children: paragraphs[1:]})
				continue
			}
		}
		if x.name == "TI" && c.child("NO.GR.SEQ") != nil { // the number stands before the title
			x.name = "STI"
		}
		if x.name == "TI" || x.name == "STI" {
			parts = append(parts, x)
		}
	}
	kept := parts
	for _, x := range c.children {
		if x != title {
			kept = append(kept, x)
		}
	}
	c.children = kept
}

func (t *composer) formexTitled(c *element, at *entry) {
	t.flush(at)
	unwrapTitle(c)
	switch c.name {
	case "DIVISION":
		t.open(c, partDivision, at)
	case "GR.SEQ":
		t.formexGroup(c, at)
	default:
		t.depth = 0
		t.open(c, partAnnex, nil)
	}
}

// formexGroup is a titled group in an annex. Where its title has no number of its
// own it is the heading of the annex if that has none yet.
func (t *composer) formexGroup(c *element, at *entry) {
	label, heading := t.titles(c)
	n, rest, ok := leadingNumber(label)
	switch {
	case label == "" && heading == "":
		t.pour(c, at)
		return
	case !ok && at != nil && at.number.Kind == corpus.NumberAnnex && at.heading == "":
		at.heading = strings.TrimSpace(label + " " + heading)
		t.pour(c, at)
		t.flush(at)
		return
	case !ok:
		n, rest = corpus.Number{}, label
	}
	e := &entry{number: n, heading: strings.TrimSpace(rest + " " + heading), level: t.depth + 1, annex: t.annex}
	t.entries = append(t.entries, e)
	t.depth++
	t.pour(c, e)
	t.flush(e)
	t.depth--
}

// formexLooseTitle is a title that heads nothing; that of the act is known.
func (t *composer) formexLooseTitle(_ *element, _ *entry) {}

// formexRecital takes the number of a recital from the point inside it.
func (t *composer) formexRecital(c *element, at *entry) {
	t.flush(at)
	if np := c.child("NP"); np != nil {
		c.children = np.children
	}
	t.open(c, partRecital, at)
}

// formexPoint is a numbered point. Figures right below an article or an annex are
// cited with it, 2(1) and point 3 of Annex I; all others are lines of the text.
func (t *composer) formexPoint(c *element, at *entry) {
	if np := c.child("NP"); np != nil {
		c.children = np.children
	}
	label := c.child("NO.P").plain()
	t.flush(at)
	if at != nil && citedPoint(label) && t.listed+t.quoted == 0 && (at.number.Rank == "article" && len(at.number.Parts) == 1 || t.annex != "" && at.number.Kind != corpus.NumberClause) {
		t.open(c, partParagraph, at)
		return
	}
	t.item(c, at, "")
}

// citedPoint tells whether a label is a figure, perhaps with a letter: 1., (12), 3a.
func citedPoint(label string) bool {
	value := strings.TrimRight(strings.Trim(label, "(). "), "abcdefghijklmnopqrstuvwxyz")
	return isFigure(strings.TrimRight(value, "- "))
}

// formexType is a piece in another type: raised figures are exponents.
func (t *composer) formexType(c *element, at *entry) {
	if c.attr("TYPE") == "SUP" {
		t.raised(c, at)
		return
	}
	t.pour(c, at)
}

// formexQuote is a quotation mark, given by its code point.
func (t *composer) formexQuote(c *element, _ *entry) {
	marks := map[string]string{"2018": "‘", "2019": "’", "201C": "“", "201D": "”", "201E": "„", "00AB": "«", "00BB": "»"}
	t.text.WriteString(marks[c.attr("CODE")])
}

// identifyFormex reads title, language and number from the bibliographic data.
func identifyFormex(root *element, doc *corpus.Document) {
	s := &doc.Standard
	s.Jurisdiction, s.Issuer, s.Tradition = "EU", "EU", corpus.TraditionEULaw
	s.Language = languageTag(strings.ToLower(first(root.find("LG.DOC").plain(), root.find("LG.OJ").plain())))
	if title := root.find("TITLE").find("TI"); title != nil {
		var lines []string
		for _, p := range title.elements() {
			lines = append(lines, p.plain())
		}
		s.Titles = []corpus.Title{{Language: s.Language, Text: strings.Join(lines, " ")}}
		s.Designation = euDesignation(strings.Join(lines, " "))
	}
	s.Designation = first(s.Designation, registered(root.find("NO.CELEX").plain()), registered(root.find("INFO.CONSLEG").attr("CONSLEG.REF")))
	if date := root.find("INFO.CONSLEG").attr("START.DATE"); len(date) == 8 && date < "3" {
		s.InForce = date[:4] + "-" + date[4:6] + "-" + date[6:]
	}
}

// euDesignation finds the act's own designation in its title, in whatever case it is
// set: the first one, before which stands nothing but who made it and adjectives
// (Council Directive, Commission Delegated Regulation). In titles of corrigenda and
// proposals the first one is another act's.
func euDesignation(title string) string {
	words := strings.Fields(title)
	for i := range words[:min(len(words), 8)] {
		if i > 0 && strings.ContainsAny(words[i-1], "0123456789:") || notItsOwn.MatchString(words[i]) {
			return ""
		}
		rest := capitalised(words[i]) + " " + strings.Join(words[i+1:], " ")
		if found := corpus.FindDesignations(rest); len(found) > 0 && found[0].Start == 0 {
			return rest[:found[0].End]
		}
	}
	return ""
}

// notItsOwn opens the titles that name another act first.
var notItsOwn = regexp.MustCompile(`(?i)^(corrigend|rectifica|bericht|rettifica|correc|proposal|proposition|vorschlag|propuesta|proposta|amend|modifi|änder)`)

func capitalised(word string) string {
	runes := []rune(strings.ToLower(word))
	return strings.ToUpper(string(runes[:1])) + string(runes[1:])
}
