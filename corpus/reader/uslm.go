package reader

import (
	"io"
	"strings"

	"concord/corpus"
)

// detectUSLM recognises United States Legislative Markup by its outermost element.
func detectUSLM(_ string, head []byte) bool {
	switch rootName(head) {
	case "uscDoc", "lawDoc", "pLaw", "statuteCompilation", "statutesAtLarge", "frDoc":
		return true
	}
	return false
}

// readUSLM reads a title of the United States Code or a law in USLM.
func readUSLM(r io.Reader, _ Hint) ([]*corpus.Document, error) {
	text, err := slurp(r)
	if err != nil {
		return nil, err
	}
	return readVocabulary(uslm, text)
}

var uslm = &vocabulary{
	parts: partsOf([]string{
		partSkip:      "meta toc sourceCredit notes statutoryNote editorialNote page officialTitle docNumber signatures legislativeHistory",
		partDivision:  "title subtitle part subpart chapter subchapter division",
		partClause:    "section",
		partParagraph: "subsection",
		partItem:      "paragraph subparagraph clause subclause item",
		partBlock:     "p content chapeau continuation",
		partTable:     "table",
		partNote:      "note",
		partFootnote:  "footnote",
		partAnnex:     "appendix schedule",
		partPreface:   "preface",
		partQuote:     "quotedContent",
	}),
	label:    []string{"num"},
	heading:  []string{"heading"},
	caption:  []string{"caption"},
	rank:     map[string]string{"title": "title", "subtitle": "section", "part": "part", "subpart": "section", "chapter": "chapter", "subchapter": "section", "division": "section"},
	special:  map[string]func(*composer, *element, *entry){"sup": (*composer).raised, "p": (*composer).definition, "br": (*composer).lineBreak},
	identity: identifyUSLM,
}

// identifyUSLM reads the identity from the Dublin Core metadata.
func identifyUSLM(root *element, doc *corpus.Document) {
	s := &doc.Standard
	meta := root.child("meta")
	s.Jurisdiction, s.Language, s.Tradition = "US", first(languageTag(meta.child("language").plain()), "en"), corpus.TraditionUSCode
	if title := first(meta.child("title").plain(), root.find("officialTitle").plain()); title != "" {
		s.Titles = []corpus.Title{{Language: s.Language, Text: title}}
	}
	s.Designation = first(meta.child("docNumber").plain(), titleOf(s))
	if kind := meta.child("type").plain(); kind == "USCTitle" && meta.child("docNumber") != nil {
		s.Designation = meta.child("docNumber").plain() + " U.S.C."
	}
	s.Edition, _, _ = strings.Cut(first(meta.child("created").plain(), meta.child("date").plain()), "-")
}

func titleOf(s *corpus.Standard) string {
	if len(s.Titles) == 0 {
		return ""
	}
	return s.Titles[0].Text
}
