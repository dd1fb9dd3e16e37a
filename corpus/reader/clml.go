package reader

import (
	"io"
	"strings"

	"concord/corpus"
)

// detectCLML recognises the Crown Legislation Markup Language by its outermost element.
func detectCLML(_ string, head []byte) bool { return clml.rooted(head) }

// readCLML reads an act or instrument as legislation.gov.uk publishes it.
func readCLML(r io.Reader, _ Hint) ([]*corpus.Document, error) {
	text, err := slurp(r)
	if err != nil {
		return nil, err
	}
	root, err := parseXML(text)
	if err != nil {
		return nil, err
	}
	placeFootnotes(root)
	markRepealed(root)
	return composeDocument(clml, root)
}

// markRepealed gives provisions of which nothing is left but the dots that stand for
// repealed words the status that says so, and takes the dots out. A piece of CLML around
// one section carries its status.
func markRepealed(root *element) {
	root.each(func(e *element) bool {
		switch e.name {
		case "P1", "P2", "P1group", "Part", "Chapter", "Pblock", "Schedule":
			words := ""
			e.each(func(x *element) bool {
				if x.name == "Text" {
					words += x.plain()
				}
				return x.name != "Text" && x.name != "Tabular" && x.name != "Figure"
			})
			if strings.Contains(words, ". . .") && strings.Trim(words, ".[]() ") == "" && e.find("Tabular", "Figure") == nil {
				e.attrs = append(e.attrs, attribute{"Status", "Repealed"})
				e.each(func(x *element) bool {
					if x.name == "Text" {
						x.children = nil
					}
					return true
				})
			}
			if e.name == "P1group" && isLapsed(e) {
				for _, own := range e.named("P1") {
					own.attrs = append(own.attrs, e.attrs...)
				}
			}
		}
		return true
	})
}

var clml = &vocabulary{
	roots: []string{"Legislation"},
	parts: partsOf([]string{
		partSkip:      "Metadata Contents PrimaryPrelims SecondaryPrelims EUPrelims Commentaries Footnotes Resources Versions SignedSection ExplanatoryNotes EarlierOrders Image MarginNotes Reference",
		partDivision:  "Group Part Chapter Pblock PsubBlock EUPart EUTitle EUChapter EUSection EUSubsection",
		partClause:    "P1",
		partParagraph: "P2",
		partItem:      "P3 P4 P5 P6 P7 ListItem",
		partList:      "UnorderedList OrderedList KeyList",
		partBlock:     "Text AppendText",
		partFormula:   "Formula",
		partTable:     "Tabular Figure",
		partFootnote:  "Footnote",
		partAnnex:     "Schedule Appendix",
		partQuote:     "BlockAmendment",
	}),
	label:   []string{"Pnumber", "Number"},
	heading: []string{"Title"},
	caption: []string{"Title"},
	rank:    map[string]string{"EUPart": "part", "EUTitle": "title", "EUChapter": "chapter", "EUSection": "section"},
	special: map[string]func(*composer, *element, *entry){
		"P1group": (*composer).clmlGroup, "Schedules": (*composer).clmlSchedules, "ListItem": (*composer).definition, "P3": (*composer).clmlItem, "P4": (*composer).clmlItem, "P5": (*composer).clmlItem, "P6": (*composer).clmlItem, "P7": (*composer).clmlItem,
		"Schedule": (*composer).clmlSchedule, "Appendix": (*composer).clmlSchedule, "Superior": (*composer).raised,
	},
	identity: identifyCLML,
}

// placeFootnotes puts the footnotes, which stand at the end, where they are referred to.
func placeFootnotes(root *element) {
	notes := map[string]*element{}
	root.each(func(e *element) bool {
		if e.name == "Footnote" {
			notes[e.attr("id")] = e
		}
		return true
	})
	root.each(func(e *element) bool {
		if e.name == "FootnoteRef" && notes[e.attr("Ref")] != nil {
			e.name, e.children = "Footnote", notes[e.attr("Ref")].children
		}
		return e.name != "Footnotes" && e.name != "Footnote"
	})
}

// clmlGroup gives the title around a section to it. One around several heads them.
func (t *composer) clmlGroup(c *element, at *entry) {
	if own := c.named("P1"); len(own) == 1 {
		if title := c.child("Title"); title != nil {
			own[0].children = append([]*element{title}, own[0].children...)
			c.children = own
		}
		t.pour(c, at)
		return
	}
	t.flush(at)
	if t.quoted > 0 {
		t.item(c, at, "")
		return
	}
	t.open(c, partClause, at)
}

// clmlItem prints the mark of an item in parentheses unless it says otherwise.
func (t *composer) clmlItem(c *element, at *entry) {
	if mark := c.child("Pnumber"); mark != nil {
		before, after := first(mark.attr("PuncBefore"), "("), first(mark.attr("PuncAfter"), ")")
		mark.children = []*element{{text: before + mark.plain() + after}}
	}
	t.flush(at)
	t.item(c, at, "")
}

// clmlSchedules leaves out the title above the schedules, which numbers nothing.
func (t *composer) clmlSchedules(c *element, at *entry) {
	t.flush(at)
	t.titles(c)
	t.pour(c, at)
}

// clmlSchedule takes the title of a schedule out of its own element.
func (t *composer) clmlSchedule(c *element, at *entry) {
	t.flush(at)
	for _, x := range c.named("TitleBlock") {
		c.children = append(x.children, c.children...)
		x.children = nil
	}
	t.depth = 0
	t.open(c, partAnnex, nil)
}

// identifyCLML reads title, number and dates from the metadata. Acts are cited by their
// title, instruments by their number.
func identifyCLML(root *element, doc *corpus.Document) {
	s := &doc.Standard
	meta := root.child("Metadata")
	s.Jurisdiction, s.Language = "GB", first(languageTag(meta.child("language").plain()), "en")
	title := first(meta.child("title").plain(), root.find("Title").plain())
	if short, _, repealed := strings.Cut(title, " (repealed"); repealed { // or revoked, below
		title, s.Status = short, corpus.StatusWithdrawn
	}
	if short, _, revoked := strings.Cut(title, " (revoked"); revoked {
		title, s.Status = short, corpus.StatusWithdrawn
	}
	s.Titles = []corpus.Title{{Language: s.Language, Text: title}}
	year, number := meta.find("Year").attr("Value"), meta.find("Number").attr("Value")
	s.Designation, s.Edition = title, first(strings.SplitN(root.attr("RestrictStartDate"), "-", 2)[0], year)
	if meta.child("SecondaryMetadata") != nil && number != "" {
		s.Designation = "S.I. " + year + "/" + number
	}
	s.InForce = isoDate(meta.find("ComingIntoForce").find("DateTime").attr("Date"))
}
