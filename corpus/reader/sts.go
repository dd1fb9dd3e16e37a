package reader

import (
	"io"
	"strings"

	"concord/corpus"
)

// detectSTS recognises NISO STS and ISOSTS by their outermost element.
func detectSTS(_ string, head []byte) bool {
	switch rootName(head) {
	case "standard", "adoption":
		return firstByte(head) == '<'
	}
	return false
}

// readSTS reads a standard in NISO STS (ANSI/NISO Z39.102) or its forerunner
// ISOSTS.
func readSTS(r io.Reader, _ Hint) ([]*corpus.Document, error) {
	text, err := slurp(r)
	if err != nil {
		return nil, err
	}
	return readVocabulary(sts, text)
}

var sts = &vocabulary{
	parts: partsOf([]string{
		partSkip:     "iso-meta nat-meta reg-meta std-meta std-doc-meta adoption-meta processing-meta toc graphic alt-text index object-id annex-type",
		partClause:   "sec",
		partAnnex:    "app",
		partBlock:    "p disp-quote preformat attrib verse-group",
		partFormula:  "disp-formula",
		partList:     "list def-list",
		partItem:     "list-item def-item ref",
		partTable:    "table-wrap array table fig",
		partNote:     "non-normative-note non-normative-example note boxed-text",
		partFootnote: "fn",
	}),
	label:   []string{"label"},
	heading: []string{"title", "term"},
	caption: []string{"title"},
	special: map[string]func(*composer, *element, *entry){
		"term-sec": (*composer).termSection, "ref-list": (*composer).references, "xref": (*composer).crossReference,
		"math": (*composer).formula, "sup": (*composer).raised, "break": (*composer).lineBreak,
	},
	identity: identifySTS,
}

// formula writes a formula inside a text.
func (t *composer) formula(c *element, _ *entry) { t.text.WriteString(" " + mathText(c) + " ") }

// raised writes a superscript: an exponent after a unit, else as it is.
func (t *composer) raised(c *element, at *entry) {
	before := t.text.String()
	t.text.WriteString(raise(before, c.plain()))
}

func (t *composer) lineBreak(_ *element, _ *entry) { t.text.WriteByte(' ') }

// crossReference leaves out the mark of a footnote, whose text follows as a note.
func (t *composer) crossReference(c *element, at *entry) {
	if c.attr("ref-type") != "fn" {
		t.pour(c, at)
	}
}

// references is a list of documents: with a title a section that binds nobody,
// else a part of the clause it stands in.
func (t *composer) references(c *element, at *entry) {
	t.flush(at)
	if c.child(t.heading...) != nil && at == nil {
		t.open(c, partPreface, at)
		return
	}
	t.list(c, at)
}

// termSection takes an entry of a vocabulary: its terms in every language are
// the heading, the definition is the text, and its notes are notes.
func (t *composer) termSection(c *element, at *entry) {
	t.flush(at)
	label, _ := t.titles(c)
	e := &entry{number: parseNumber(label), level: t.depth + 1, annex: t.annex, kind: corpus.KindDefinition}
	var terms []string
	var rest []*element
	c.each(func(x *element) bool {
		switch x.name {
		case "term":
			if words := t.words(x); words != "" {
				terms = append(terms, words)
			}
			return false
		case "tig", "ntig", "termEntry", "langSet", "term-display", "term-head":
			return true
		case "partOfSpeech", "normativeAuthorization", "termType", "grammaticalGender", "grammaticalNumber", "usageNote":
			return false
		}
		rest = append(rest, x)
		return false
	})
	e.heading = strings.Join(terms, "; ")
	t.entries = append(t.entries, e)
	t.depth++
	for _, x := range rest {
		t.termPart(x, e)
	}
	t.depth--
}

// termPart takes what stands in an entry beside its terms.
func (t *composer) termPart(x *element, e *entry) {
	switch x.name {
	case "note":
		t.note(x, e, partNote)
	case "example":
		t.note(x, e, partNote)
	case "source":
		t.pour(x, e)
		if source := foldBlanks(t.text.String()); source != "" {
			t.text.Reset()
			t.put("[SOURCE: "+source+"]", e)
		}
	case "term-sec", "sec":
		t.depth++
		t.pour(&element{children: []*element{x}}, e)
		t.depth--
	default:
		t.pour(x, e)
		t.flush(e)
	}
}

// identifySTS reads who, what and which edition from the metadata; those of an
// adoption name the national standard, the standard inside it the adopted one.
func identifySTS(root *element, doc *corpus.Document) {
	s := &doc.Standard
	meta := root.find("std-meta", "nat-meta", "reg-meta", "iso-meta")
	if front := root.child("adoption-front"); front != nil {
		meta = front.find("std-meta", "nat-meta", "reg-meta")
		if inner := root.find("standard").find("iso-meta", "reg-meta", "std-meta"); inner != nil {
			if name := stdRef(inner); name != "" {
				s.Adopts = append(s.Adopts, corpus.Adoption{Designation: name, Degree: corpus.Identical})
			}
		}
	}
	if meta == nil {
		return
	}
	s.Designation = stdRef(meta)
	s.Language = languageTag(meta.child("content-language").plain())
	s.InForce = isoDate(meta.child("release-date").plain())
	for _, c := range meta.children {
		switch c.name {
		case "title-wrap":
			if title := stsTitle(c); title != "" {
				s.Titles = append(s.Titles, corpus.Title{Language: languageTag(c.attr("lang")), Text: title})
			}
		case "ics":
			s.ICS = append(s.ICS, c.plain())
		case "std-xref":
			if c.attr("type") == "isMatchedBy" || c.attr("type") == "adopts" {
				s.Adopts = append(s.Adopts, corpus.Adoption{Designation: c.plain(), Degree: corpus.Identical})
			}
		}
	}
	ownTitleFirst(s)
}

func stdRef(meta *element) string {
	name := ""
	for _, c := range meta.children {
		if c.name == "std-ref" && (name == "" || c.attr("type") == "dated") {
			name = c.plain()
		}
	}
	return first(name, meta.child("doc-ref").plain())
}

func stsTitle(wrap *element) string {
	if full := wrap.child("full").plain(); full != "" {
		return full
	}
	var parts []string
	for _, name := range []string{"intro", "main", "compl"} {
		if part := wrap.child(name).plain(); part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " — ")
}

// isoDate keeps a text that is a date.
func isoDate(s string) string {
	if len(s) == 10 && s[4] == '-' && s[7] == '-' {
		return s
	}
	return ""
}

// ownTitleFirst puts the title in the text's language in front.
func ownTitleFirst(s *corpus.Standard) {
	for i, t := range s.Titles {
		if t.Language.Base() == s.Language.Base() {
			s.Titles[0], s.Titles[i] = s.Titles[i], s.Titles[0]
			return
		}
	}
}
