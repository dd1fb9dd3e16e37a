package reader

import (
	"io"
	"strings"

	"concord/corpus"
)

// detectAkoma recognises Akoma Ntoso 2 and 3 by its outermost element.
func detectAkoma(_ string, head []byte) bool { return rootName(head) == "akomaNtoso" }

// readAkoma reads an act in Akoma Ntoso (OASIS LegalDocML).
func readAkoma(r io.Reader, _ Hint) ([]*corpus.Document, error) {
	text, err := slurp(r)
	if err != nil {
		return nil, err
	}
	return readVocabulary(akoma, text)
}

var akoma = &vocabulary{
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
		partPreface:   "preamble",
		partRecital:   "recital",
	}),
	label:   []string{"num"},
	heading: []string{"heading", "subheading"},
	caption: []string{"caption"},
	rank:    map[string]string{"part": "part", "subpart": "section", "title": "title", "subtitle": "section", "book": "part", "chapter": "chapter", "subchapter": "section", "division": "section", "subdivision": "section"},
	level:   map[string]int{"crossHeading": 8},
	special: map[string]func(*composer, *element, *entry){
		"component": (*composer).akomaAnnex, "attachment": (*composer).akomaAnnex, "br": (*composer).lineBreak, "sup": (*composer).raised, "math": (*composer).formula,
		"p": (*composer).akomaText, "blockList": (*composer).akomaText, "article": (*composer).akomaArticle, "paragraph": (*composer).akomaParagraph,
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

// akomaArticle looks through an article without number, which only wraps.
func (t *composer) akomaArticle(c *element, at *entry) {
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
	if at != nil && at.number.Rank == "article" && isFigure(label) {
		t.flush(at)
		t.open(c, partParagraph, at)
		return
	}
	t.flush(at)
	t.item(c, at, "")
}

// akomaText is a paragraph or list. In a section of definitions one that opens
// with a defined term is a definition of its own.
func (t *composer) akomaText(c *element, at *entry) {
	term := openingDef(c)
	if term == "" || at == nil || sectionOf(at.heading) != sectionTerms {
		t.take(c, at)
		return
	}
	t.flush(at)
	e := &entry{heading: term, level: t.depth + 1, annex: t.annex, kind: corpus.KindDefinition, parent: at}
	t.entries = append(t.entries, e)
	t.take(c, e)
	t.flush(e)
}

// openingDef is the term that a text opens with, perhaps in quotation marks.
func openingDef(c *element) string {
	def := c.find("def")
	if def == nil {
		return ""
	}
	term := def.plain()
	if before, _, found := strings.Cut(c.plain(), term); !found || len([]rune(before)) > 2 {
		return ""
	}
	return term
}

// threeLetters are the language codes of Akoma Ntoso (ISO 639-2) as tags.
var threeLetters = map[string]corpus.Language{"eng": "en", "fra": "fr", "fre": "fr", "spa": "es", "rus": "ru", "zho": "zh", "chi": "zh", "ara": "ar", "deu": "de", "ger": "de", "ita": "it", "por": "pt", "kaz": "kk", "vie": "vi", "ind": "id", "afr": "af", "nld": "nl", "tur": "tr", "pol": "pl", "jpn": "ja", "kor": "ko"}

// identifyAkoma reads country, language, title and date from the FRBR metadata.
func identifyAkoma(root *element, doc *corpus.Document) {
	s := &doc.Standard
	id := root.find("identification")
	work, expression := id.child("FRBRWork"), id.child("FRBRExpression")
	country, _, _ := strings.Cut(work.child("FRBRcountry").attr("value"), "-")
	s.Jurisdiction = corpus.Jurisdiction(strings.ToUpper(country))
	code := expression.child("FRBRlanguage").attr("language")
	s.Language = first(threeLetters[code], languageTag(code))
	title := first(work.child("FRBRalias").attr("value"), root.find("docTitle").plain(), root.find("shortTitle").plain())
	if title != "" {
		s.Titles = []corpus.Title{{Language: s.Language, Text: title}}
		s.Designation = first(root.find("docNumber").plain(), title)
	}
	s.Edition = strings.SplitN(first(expression.child("FRBRdate").attr("date"), work.child("FRBRdate").attr("date")), "-", 2)[0]
}
