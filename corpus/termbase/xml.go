package termbase

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"concord/corpus"
)

// Limits of an entry in XML (our own): what nests deeper or has more elements
// than any real one is refused.
const (
	maxDepth = 40
	maxNodes = 20_000
)

// node is an element of an entry. Entries are small, so each is read as a tree.
type node struct {
	space, name string
	attrs       []xml.Attr
	kids        []*node // an element with name "" is text
	text        string
	line        int
}

// attr is an attribute by its local name.
func (n *node) attr(name string) string {
	for _, a := range n.attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// codes are the elements of TMX whose content is markup of another program.
var codes = map[string]bool{"bpt": true, "ept": true, "ph": true, "it": true, "ut": true, "sc": true, "ec": true}

// words is the text inside an element.
func (n *node) words() string {
	if n.name == "" {
		return n.text
	}
	var b strings.Builder
	for _, k := range n.kids {
		if !codes[k.name] {
			b.WriteString(k.words())
		}
	}
	return b.String()
}

// elements calls do with every element of a name outside others of that kind.
// Where the XML breaks, a problem is noted and what came before stays.
// Declarations of entities are refused: none of the formats needs them.
func (in *input) elements(names map[string]bool, do func(*node)) error {
	d := xml.NewDecoder(bytes.NewReader(in.data))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // it is UTF-8 already
	count := 0
	for {
		tok, err := d.Token()
		line, _ := d.InputPos()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			in.problem(line, "the XML breaks here (%s); what follows was not read, mend it there", brief(err))
			return nil
		}
		switch t := tok.(type) {
		case xml.Directive:
			if bytes.Contains(bytes.ToUpper(t), []byte("<!ENTITY")) || bytes.Contains(t, []byte("[")) {
				return corpus.Refuse(corpus.ErrInvalid, "term-file-entities", "{file} declares entities of its own; export it anew without them", "file", in.name)
			}
		case xml.StartElement:
			if !names[t.Name.Local] {
				continue
			}
			if count++; count > maxEntries {
				return corpus.Refuse(corpus.ErrInvalid, "term-file-entries", "{file} has more than {most} entries; split it", "file", in.name, "most", maxEntries)
			}
			left := maxNodes
			n, err := tree(d, t, 0, &left)
			if errors.Is(err, errDeep) {
				return corpus.Refuse(corpus.ErrInvalid, "term-file-deep", "{file} has an entry in line {line} that is nested too deeply or is too large; mend or delete it", "file", in.name, "line", line)
			}
			if err != nil {
				line, _ = d.InputPos()
				in.problem(line, "the XML breaks here (%s); this entry and what follows was not read, mend it there", brief(err))
				return nil
			}
			do(n)
		}
	}
}

var errDeep = errors.New("nested too deeply")

func tree(d *xml.Decoder, start xml.StartElement, depth int, left *int) (*node, error) {
	if *left--; depth > maxDepth || *left < 0 {
		return nil, errDeep
	}
	line, _ := d.InputPos()
	n := &node{space: start.Name.Space, name: start.Name.Local, attrs: start.Copy().Attr, line: line}
	for {
		tok, err := d.Token()
		if err != nil {
			return nil, err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			k, err := tree(d, t, depth+1, left)
			if err != nil {
				return nil, err
			}
			n.kids = append(n.kids, k)
		case xml.CharData:
			n.kids = append(n.kids, &node{text: string(t)})
		case xml.EndElement:
			return n, nil
		}
	}
}

// brief is an error of the XML library without its prefix.
func brief(err error) string {
	s := strings.TrimPrefix(err.Error(), "XML syntax error on ")
	if _, rest, ok := strings.Cut(s, ": "); ok && strings.HasPrefix(s, "line ") {
		s = rest
	}
	if len(s) > 120 {
		s = s[:120]
	}
	return strings.ToValidUTF8(s, "")
}

// writer writes XML line by line and remembers the first error.
type writer struct {
	w   io.Writer
	err error
}

func (w *writer) raw(s string) {
	if w.err == nil {
		_, w.err = io.WriteString(w.w, s)
	}
}

// element writes one element with text; attributes come in pairs, and those with
// an empty value are left out. An empty text writes nothing.
func (w *writer) element(indent, name, text string, attrs ...string) {
	if text == "" {
		return
	}
	w.raw(indent + "<" + name + attributes(attrs...) + ">" + escaped(text) + "</" + name + ">\n")
}

func attributes(pairs ...string) string {
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			b.WriteString(" " + pairs[i] + `="` + escaped(pairs[i+1]) + `"`)
		}
	}
	return b.String()
}

func escaped(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.String()
}
