package reader

import (
	"io"
	"strings"

	"concord/corpus"
)

// detectAkoma recognises Akoma Ntoso 2 and 3 by its outermost element.
func detectAkoma(_ string, head []byte) bool { return akoma.rooted(head) }

// readAkoma reads an act in Akoma Ntoso (OASIS LegalDocML).
func readAkoma(r io.Reader, _ Hint) ([]*corpus.Document, error) {
	text, err := slurp(r)
	if err != nil {
		return nil, err
	}
	return readVocabulary(akoma, text)
}

var akoma = &vocabulary{
	roots: []string{"akomaNtoso"},
	parts: partsOf([]string{
		partSkip:      "meta coverPage preface img toc remark",
		partDivision:  "part subpart title subtitle book chapter subchapter division subdivision",
		partClause:    "article section rule clause hcontainer level",
		partParagraph: "subsection subrule subclause",
		partItem:      "paragraph subparagraph point item indent alinea",
		partList:      "blockList",
		partOther:     "list",
		partBlock:     "listIntroduction intro wrapUp listWrapUp p block longTitle formula",
		partHeading:   "crossHeading",
		partTable:     "table",
		partFootnote:  "authorialNote",
		partAnnex:     "component attachment",
		partPreface:   "preamble conclusions",
		partRecital:   "recital",
		partQuote:     "quotedStructure embeddedStructure",
	}),
	label:   []string{"num"},
	heading: []string{"heading", "subheading"},
	caption: []string{"caption"},
	rank:    map[string]string{"part": "part", "subpart": "section", "title": "title", "subtitle": "section", "book": "part", "chapter": "chapter", "subchapter": "section", "division": "section", "subdivision": "section"},
	level:   map[string]int{"crossHeading": 8},
	special: map[string]func(*composer, *element, *entry){
		"component": (*composer).akomaAnnex, "attachment": (*composer).akomaAnnex, "br": (*composer).lineBreak, "sup": (*composer).raised, "math": (*composer).formula,
		"p": (*composer).definition, "blockList": (*composer).definition, "article": (*composer).akomaArticle, "paragraph": (*composer).akomaParagraph,
	},
	identity: identifyAkoma,
}

// akomaAnnex opens a schedule, which names itself in its metadata or heading.
func (t *composer) akomaAnnex(c *element, at *entry) {
	t.flush(at)
	if doc := c.child("doc"); doc != nil {
		own := c.children
		c.children = nil
		for _, x := range own {
			if x != doc {
				c.children = append(c.children, x)
			}
		}
		c.children = append(c.children, doc.children...)
	}
	name := c.find("FRBRalias").attr("value")
	if c.child("num", "heading") == nil && name != "" {
		c.children = append([]*element{{name: "num", children: []*element{{text: name}}}}, c.children...)
	}
	t.depth = 0
	t.open(c, partAnnex, nil)
}

// akomaArticle looks through an article without number, which only wraps. In a schedule
// that has no heading yet its heading is the schedule's.
func (t *composer) akomaArticle(c *element, at *entry) {
	if at != nil && at.number.Kind == corpus.NumberAnnex && at.heading == "" && len(at.text) == 0 && c.child("num") == nil {
		_, at.heading = t.titles(c)
	}
	if c.child("num", "heading") == nil {
		t.pour(c, at)
		return
	}
	t.flush(at)
	t.open(c, partClause, at)
}

// akomaParagraph is a numbered paragraph of an article, 5(1), and in a section
// with subsections an item.
func (t *composer) akomaParagraph(c *element, at *entry) {
	label := strings.Trim(c.child("num").plain(), "(). ")
	if at != nil && at.number.Rank == "article" && citedPoint(label) && t.listed == 0 {
		t.flush(at)
		t.open(c, partParagraph, at)
		return
	}
	t.flush(at)
	t.item(c, at, "")
}

// definition is a paragraph, list or item. One that opens with a defined term is a
// definition of its own, in a section of definitions, or quoted behind words that lead in.
func (t *composer) definition(c *element, at *entry) {
	term := openingDef(c)
	if term == "" || at == nil || t.quoted > 0 || sectionOf(at.heading) != sectionTerms && (len(at.text) == 0 || strings.IndexAny(c.plain(), "“‘„«\"") != 0) {
		t.take(c, at)
		return
	}
	t.flush(at)
	e := &entry{heading: term, level: t.depth + 1, annex: t.annex, kind: corpus.KindDefinition, parent: at}
	t.entries = append(t.entries, e)
	t.lead = "" // of a list whose items have no mark
	t.take(c, e)
	t.flush(e)
}

// openingDef is the term that a text opens with, perhaps in quotation marks.
func openingDef(c *element) string {
	def := c.find("def", "Term", "term")
	if def == nil {
		return ""
	}
	term := def.plain()
	if before, _, found := strings.Cut(c.plain(), term); !found || len([]rune(before)) > 2 {
		return ""
	}
	return term
}

// identifyAkoma reads country, language, title and date from the FRBR metadata and the
// preface. Countries and languages may be named by an address of the Publications Office,
// whose last part is the code; aliases may be addresses too.
func identifyAkoma(root *element, doc *corpus.Document) {
	s := &doc.Standard
	id := root.find("identification")
	work, expression := id.child("FRBRWork"), id.child("FRBRExpression")
	country := lastPart(work.child("FRBRcountry").attr("value"))
	s.Jurisdiction = corpus.Jurisdiction(first(codes[country], strings.ToUpper(strings.SplitN(country, "-", 2)[0])))
	s.Language = languageTag(lastPart(expression.child("FRBRlanguage").attr("language")))
	title := ""
	for _, alias := range append(expression.named("FRBRalias"), work.named("FRBRalias")...) {
		if value := alias.attr("value"); title == "" && (strings.Contains(value, " ") || !strings.ContainsAny(value, "/:")) {
			title = value
		}
	}
	title = first(title, root.find("docTitle").plain(), root.find("shortTitle").plain())
	if title != "" {
		s.Titles = []corpus.Title{{Language: s.Language, Text: title}}
	}
	issued := strings.SplitN(work.child("FRBRdate").attr("date"), "-", 2)[0]
	s.Designation = first(root.find("docNumber").plain(), euDesignation(title), title)
	if kind := root.find("docType").plain(); isFigure(s.Designation) && kind != "" && issued != "" { // DECRETO LEGISLATIVO, 82
		s.Designation = capitalised(kind) + " " + s.Designation + "/" + issued
	}
	s.Edition = first(strings.SplitN(expression.child("FRBRdate").attr("date"), "-", 2)[0], issued)
}

// lastPart is what stands behind the last slash of an address.
func lastPart(s string) string { return s[strings.LastIndexByte(s, '/')+1:] }
