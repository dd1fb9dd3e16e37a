package reader

import (
	"io"
	"strings"

	"concord/corpus"
)

// detectJustice recognises the acts and regulations of Justice Canada.
func detectJustice(_ string, head []byte) bool {
	switch rootName(head) {
	case "Regulation", "Statute":
		return true
	}
	return false
}

// readJustice reads an act or regulation in the XML of Justice Canada.
func readJustice(r io.Reader, _ Hint) ([]*corpus.Document, error) {
	text, err := slurp(r)
	if err != nil {
		return nil, err
	}
	return readVocabulary(justice, text)
}

var justice = &vocabulary{
	parts: partsOf([]string{
		partQuote:     "AmendedText ReadAsText",
		partSkip:      "Identification HistoricalNote RecentAmendments RelatedProvisions RelatedOrNotInForce ImageGroup colspec OriginatingRef PageBreak TableOfProvisions",
		partPreface:   "Order Preamble",
		partHeading:   "Heading",
		partClause:    "Section",
		partParagraph: "Subsection",
		partItem:      "Paragraph Subparagraph Clause Subclause Provision Item",
		partList:      "List",
		partBlock:     "Text Definition ContinuedSectionSubsection ContinuedParagraph Repealed Oath FormulaGroup",
		partTable:     "TableGroup table",
		partFootnote:  "Footnote",
		partNote:      "Note",
		partAnnex:     "Schedule",
		partOther:     "SectionPiece",
	}),
	label:   []string{"Label"},
	heading: []string{"TitleText", "MarginalNote"},
	caption: []string{"title", "Caption"},
	special: map[string]func(*composer, *element, *entry){
		"Schedule": (*composer).justiceSchedule, "Definition": (*composer).justiceDefinition, "FootnoteRef": func(*composer, *element, *entry) {}, "Body": (*composer).justiceBody, "Sup": (*composer).raised, "Leader": (*composer).lineBreak, "LeaderRightJustified": (*composer).lineBreak,
	},
	identity: identifyJustice,
}

// justiceSchedule takes the title of a schedule out of the heading's own element.
// Schedules that only hold provisions not in force are left out.
func (t *composer) justiceSchedule(c *element, at *entry) {
	t.flush(at)
	if c.find("RelatedOrNotInForce", "AmendmentCitation") != nil && c.child("ScheduleFormHeading").child("Label") == nil {
		return
	}
	if heading := c.child("ScheduleFormHeading"); heading != nil {
		kept := append([]*element(nil), heading.children...)
		for _, x := range c.children {
			if x != heading {
				kept = append(kept, x)
			}
		}
		c.children = kept
	}
	t.depth = 0
	if t.body { // Schedule I to Part VI
		t.part = lastDivision(t.entries)
	}
	t.open(c, partAnnex, nil)
	t.part = nil
}

// justiceBody notes that what follows stands among the parts; schedules behind the body
// are those of the whole.
func (t *composer) justiceBody(c *element, at *entry) {
	t.body = true
	t.pour(c, at)
	t.flush(at)
	t.body = false
}

// lastDivision is the part of the regulation that the entries end in.
func lastDivision(entries []*entry) *entry {
	var last *entry
	for i := len(entries) - 1; i >= 0; i-- {
		switch e := entries[i]; {
		case e.number.Kind != corpus.NumberDivision:
		case e.number.Rank == "part": // which the sections before it belong to
			return e
		case last == nil:
			last = e
		}
	}
	return last
}

// justiceDefinition is a definition: its term in the text's language heads it.
func (t *composer) justiceDefinition(c *element, at *entry) {
	t.flush(at)
	term := first(c.find("DefinedTermEn").plain(), c.find("DefinedTermFr").plain())
	if first := c.find("DefinedTermEn", "DefinedTermFr"); first != nil {
		term = first.plain()
	}
	e := &entry{heading: term, level: t.depth + 1, annex: t.annex, kind: corpus.KindDefinition}
	if term == "" {
		e = at
	} else {
		t.entries = append(t.entries, e)
	}
	t.pour(c, e)
	t.flush(e)
}

// identifyJustice reads number, title and dates from the identification.
func identifyJustice(root *element, doc *corpus.Document) {
	s := &doc.Standard
	id := root.child("Identification")
	s.Language = languageTag(root.attr("lang"))
	s.Jurisdiction, s.Issuer = "CA", "Government of Canada"
	s.Designation = first(id.child("InstrumentNumber").plain(), id.at("Chapter", "ConsolidatedNumber").plain(), id.child("ShortTitle").plain())
	if strings.HasPrefix(s.Designation, "DORS") { // one number for both languages
		s.Designation = "SOR" + strings.TrimPrefix(s.Designation, "DORS")
	}
	if title := first(id.child("ShortTitle").plain(), id.child("LongTitle").plain()); title != "" {
		s.Titles = []corpus.Title{{Language: s.Language, Text: title}}
	}
	if d := id.at("ConsolidationDate", "Date"); d != nil {
		s.Edition = d.child("YYYY").plain()
	}
	s.InForce = isoDate(root.attr("inforce-start-date"))
}
