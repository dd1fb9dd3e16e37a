package reader

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"concord/corpus"
)

// parseXML reads XML into a tree within the limits. Document types are skipped
// and nothing outside the file is ever fetched; entities that only a document
// type would define become their names, because publishers' files use those of
// HTML. White space between elements is kept; it may part two words.
func parseXML(text string) (*element, error) {
	if err := checkTags(text, maxXMLElements); err != nil {
		return nil, err
	}
	d := xml.NewDecoder(strings.NewReader(text))
	d.Strict, d.Entity = true, xml.HTMLEntity
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // decoded before
	root := &element{}
	open := []*element{root}
	elements, attrs := 0, 0
	names := map[string]string{} // each kept once
	name := func(s string) string {
		if known, found := names[s]; found {
			return known
		}
		if len(names) < maxXMLAttributes {
			names[s] = s
		}
		return s
	}
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		line, column := d.InputPos()
		if err != nil {
			return nil, corpus.Refuse(corpus.ErrInvalid, "xml-broken", "line {line}, column {column}: not well-formed XML ({why}); correct the file", "line", line, "column", column, "why", syntaxMessage(err))
		}
		top := open[len(open)-1]
		switch t := token.(type) {
		case xml.StartElement:
			elements++
			attrs += len(t.Attr)
			switch {
			case len(open) > maxXMLDepth:
				return nil, corpus.Refuse(corpus.ErrLimit, "xml-deep", "line {line}: the elements are nested deeper than {most}; flatten the file", "line", line, "most", maxXMLDepth)
			case elements > maxXMLElements || attrs > 2*maxXMLElements || len(t.Attr) > maxXMLAttributes:
				return nil, corpus.Refuse(corpus.ErrLimit, "xml-many", "line {line}: the file has more than {most} elements or an element more than {attributes} attributes; split it", "line", line, "most", maxXMLElements, "attributes", maxXMLAttributes)
			}
			e := &element{name: name(t.Name.Local)}
			for _, a := range t.Attr {
				e.attrs = append(e.attrs, attribute{name(a.Name.Local), a.Value})
			}
			top.children = append(top.children, e)
			open = append(open, e)
		case xml.EndElement:
			if len(open) == 1 || top.name != t.Name.Local {
				return nil, corpus.Refuse(corpus.ErrInvalid, "xml-closes", "line {line}, column {column}: </{name}> closes what was not opened; correct the file", "line", line, "column", column, "name", shorten(t.Name.Local, 40))
			}
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 1 {
				top.children = append(top.children, &element{text: string(t)})
			}
		}
	}
	if len(open) > 1 {
		return nil, corpus.Refuse(corpus.ErrInvalid, "xml-cut", "the file ends inside <{name}>; it was cut off, get it again", "name", shorten(open[len(open)-1].name, 40))
	}
	for _, c := range root.children {
		if c.name != "" {
			return c, nil
		}
	}
	return nil, corpus.Refuse(corpus.ErrInvalid, "xml-none", "the file holds no element; give an XML file")
}

// checkTags refuses what the decoder would put together before anything could be
// counted: a tag with far too many attributes, and far too many tags.
func checkTags(text string, most int) error {
	tags := 0
	for at := 0; ; {
		open := strings.IndexByte(text[at:], '<')
		if open < 0 {
			return nil
		}
		at += open
		end, quotes := tagEnd(text[at:])
		if end > 1 && text[at+1] != '/' {
			if tags++; tags > most {
				return corpus.Refuse(corpus.ErrLimit, "tags-many", "byte {byte}: the file has more than {most} elements; split it", "byte", at, "most", most)
			}
		}
		if quotes > 2*maxXMLAttributes {
			return corpus.Refuse(corpus.ErrLimit, "tag-attributes", "byte {byte}: a tag has more than {most} attributes; correct the file", "byte", at, "most", maxXMLAttributes)
		}
		at += end
	}
}

// tagEnd is the length of what opens with < and how many quotation marks it has;
// comments and character data have none.
func tagEnd(s string) (end, quotes int) {
	for _, block := range [][2]string{{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}, {"<!", ">"}} {
		if strings.HasPrefix(s, block[0]) {
			if end := strings.Index(s, block[1]); end >= 0 {
				return end + len(block[1]), 0
			}
			return len(s), 0
		}
	}
	quote := byte(0)
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
			quotes += 2
		case c == '>':
			return i + 1, quotes
		}
	}
	return len(s), quotes
}

// syntaxMessage is the decoder's complaint without its line.
func syntaxMessage(err error) string {
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		return shorten(syntax.Msg, 120)
	}
	return shorten(err.Error(), 120)
}

// rootName is the name of the outermost element, as far as the head of a file
// shows it, without namespace prefix; "" for what is no XML.
func rootName(head []byte) string {
	s := strings.TrimLeft(string(head), "\ufeff \t\r\n")
	for strings.HasPrefix(s, "<?") || strings.HasPrefix(s, "<!") {
		end, size := strings.Index(s, ">"), 1
		switch {
		case strings.HasPrefix(s, "<?"):
			end, size = strings.Index(s, "?>"), 2
		case strings.HasPrefix(s, "<!--"):
			end, size = strings.Index(s, "-->"), 3
		case strings.Contains(s[:max(0, end)+1], "["): // a document type with declarations
			end, size = strings.Index(s, "]>"), 2
		}
		if end < 0 {
			return ""
		}
		s = strings.TrimLeft(s[end+size:], " \t\r\n")
	}
	if !strings.HasPrefix(s, "<") {
		return ""
	}
	name := s[1:]
	if end := strings.IndexAny(name, " \t\r\n/>"); end >= 0 {
		name = name[:end]
	}
	return name[strings.LastIndexByte(name, ':')+1:]
}
