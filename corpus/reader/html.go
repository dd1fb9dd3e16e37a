package reader

import (
	"bytes"
	"io"
	"strings"

	"golang.org/x/net/html"

	"concord/corpus"
)

// detectHTML goes by the outermost element or the document type, else by the name.
func detectHTML(name string, head []byte) bool {
	if strings.EqualFold(rootName(head), "html") {
		return true
	}
	start := bytes.ToLower(bytes.TrimLeft(head[:min(len(head), 4096)], " \t\r\n\ufeff"))
	if bytes.HasPrefix(start, []byte("<!doctype html")) {
		return true
	}
	return hasSuffix(name, ".html", ".htm", ".xhtml") && firstByte(head) == '<'
}

// readHTML reads a web page. Pages that mark their structure in classes, as those
// of EUR-Lex and of Akoma Ntoso publishers do, are read by it; of the others
// headings, numbers and tables are read. Scripts, forms and navigation are left
// out; nothing is run and nothing fetched. Pages that follow one another in one
// container are one document.
func readHTML(r io.Reader, hint Hint) ([]*corpus.Document, error) {
	text, err := slurp(r)
	if err != nil {
		return nil, err
	}
	if docs, err := readBookOf(text, hint); docs != nil || err != nil {
		return docs, err
	}
	root, err := parseHTML(text)
	if err != nil {
		return nil, err
	}
	return readTree(root, hint)
}

// readTree reads a page that was parsed.
func readTree(root *element, hint Hint) ([]*corpus.Document, error) {
	switch {
	case isEurlex(root):
		if docs, err := readEurlex(root); err != nil || hasCited(docs[0]) {
			return docs, err
		}
	case isAkomaPage(root):
		return readAkomaPage(root)
	}
	return readPage(root, hint)
}

// hasCited tells whether a document has a numbered clause besides recitals: a page
// that kept only some of its classes has none.
func hasCited(doc *corpus.Document) bool {
	for _, c := range doc.Clauses {
		if c.Label != "" && c.Label != c.Heading && c.Kind != corpus.KindInformative {
			return true
		}
	}
	return false
}

// parseHTML reads HTML into a tree within the limits.
func parseHTML(text string) (*element, error) {
	if err := checkTags(text, maxHTMLTags); err != nil {
		return nil, err
	}
	node, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return nil, corpus.Refuse(corpus.ErrLimit, "elements-deep", "the elements are nested deeper than {most}; flatten the page", "most", maxXMLDepth)
	}
	c := &converter{}
	root := &element{name: "document"}
	if err := c.convert(node, root, 0); err != nil {
		return nil, err
	}
	return root, nil
}

// converter counts what it converts.
type converter struct{ count int }

func (c *converter) convert(node *html.Node, to *element, depth int) error {
	if depth > maxXMLDepth {
		return corpus.Refuse(corpus.ErrLimit, "elements-deep", "the elements are nested deeper than {most}; flatten the page", "most", maxXMLDepth)
	}
	for n := node.FirstChild; n != nil; n = node.FirstChild {
		node.RemoveChild(n) // so that the parser's tree goes as ours grows
		if c.count++; c.count > maxXMLElements {
			return corpus.Refuse(corpus.ErrLimit, "elements-many", "the page has more than {most} elements; split it", "most", maxXMLElements)
		}
		switch n.Type {
		case html.TextNode:
			to.children = append(to.children, &element{text: n.Data})
		case html.ElementNode:
			if silent[n.Data] {
				continue
			}
			e := &element{name: n.Data}
			for _, a := range n.Attr {
				e.attrs = append(e.attrs, attribute{a.Key, a.Val})
			}
			to.children = append(to.children, e)
			if err := c.convert(n, e, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// silent are the elements that say nothing to a reader.
var silent = wordSet("script style noscript template svg iframe object embed canvas audio video button select textarea input form link meta base")

// classes are the class tokens of an element.
func (e *element) classes() []string { return strings.Fields(e.attr("class")) }

// hasClass tells whether an element has one of the classes.
func (e *element) hasClass(names ...string) bool {
	for _, c := range e.classes() {
		if isOneOf(c, names) {
			return true
		}
	}
	return false
}

// byID finds the elements that links lead to.
func (e *element) byID() map[string]*element {
	ids := map[string]*element{}
	e.each(func(x *element) bool {
		if id := x.attr("id"); id != "" && ids[id] == nil {
			ids[id] = x
		}
		return true
	})
	return ids
}
