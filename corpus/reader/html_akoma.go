package reader

import (
	"strings"

	"concord/corpus"
)

// isAkomaPage tells whether a page carries the elements of Akoma Ntoso in its
// classes, as the publishers of by-laws built with Indigo do.
func isAkomaPage(root *element) bool {
	for _, part := range akomaParts(root) {
		if part.hasClass("akn-akomaNtoso", "akn-act", "akn-body", "akn-doc", "akn-chapter", "akn-part", "akn-section", "akn-article") {
			return true
		}
	}
	return false
}

// akomaParts are the outermost elements of Akoma Ntoso in a page: the act, or the
// chapters and schedules of a book.
func akomaParts(root *element) []*element {
	var parts []*element
	root.each(func(e *element) bool {
		if hasClassPrefix(e, "akn-") {
			parts = append(parts, e)
			return false
		}
		return true
	})
	return parts
}

// readAkomaPage reads such a page as the Akoma Ntoso it was made from.
func readAkomaPage(root *element) ([]*corpus.Document, error) {
	act := &element{name: "act", children: akomaParts(root)}
	title := first(act.find("h1").plain(), root.find("title").plain(), firstHeading(root))
	renameAkoma(act)
	for _, part := range act.children {
		if part.name == "doc" { // a schedule on a page of its own
			part.name = "component"
		}
	}
	docs, err := composeDocument(akoma, act)
	if err != nil {
		return nil, err
	}
	s := &docs[0].Standard
	s.Titles = nil
	if title != "" {
		s.Titles = []corpus.Title{{Text: title}}
		s.Designation = title
	}
	s.Language = languageTag(root.find("html").attr("lang"))
	return docs, nil
}

// firstHeading is the first heading after the publisher's own words: the one of
// the table of contents, or any.
func firstHeading(root *element) string {
	for _, class := range []string{"coverpage", "toc"} {
		var found string
		root.each(func(e *element) bool {
			if found == "" && e.hasClass(class) {
				found = first(e.find("h1").plain(), e.find("h3").plain(), e.find("h2").plain())
			}
			return found == ""
		})
		if found != "" {
			return found
		}
	}
	return ""
}

// renameAkoma gives elements the names in their classes; headings of any level
// are headings.
func renameAkoma(e *element) {
	for _, class := range e.classes() {
		if name, found := strings.CutPrefix(class, "akn-"); found && name != "" {
			e.name = name
			break
		}
	}
	switch e.name {
	case "h1", "h2", "h3", "h4", "h5", "h6":
		e.name = "heading"
	}
	for _, c := range e.children {
		if c.name != "" {
			renameAkoma(c)
		}
	}
}
