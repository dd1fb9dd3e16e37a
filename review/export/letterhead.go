package export

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"concord/corpus"
)

// Letterhead is a Word file of the user's own that documents are written into: its
// header, footer, pictures, styles and page stay as they are, the paragraph {{content}}
// of its body becomes the document, and {{title}}, {{round}}, {{checksum}}, {{date}},
// {{parties}}, {{dossier}} become words wherever they stand, also where Word has cut
// them into several runs. It is read once and then only read.
type Letterhead struct {
	parts    []letterPart // in the order of the file
	document string       // name of the main part
	styles   string
	core     string // of the properties, "" for none
	names    map[string]string
	added    string // styles that the file lacks
	width    int    // of a line, in twentieths of a point
	titled   bool   // the body prints the title itself
}

type letterPart struct {
	name string
	body []byte
}

// Limits of a letterhead (our own); its size as a file is held by
// review.MaxLetterhead.
const (
	maxLetterParts = 400
	maxLetterBytes = 32 << 20 // of all parts, unpacked
	maxLetterDepth = 200      // of elements within each other
)

// letterFields are the placeholders of a letterhead but {{content}}.
var letterFields = []string{"title", "round", "checksum", "date", "parties", "dossier"}

// ReadLetterhead reads a .docx file of anybody. It is refused with what to do about it
// when it is no such file, holds macros, embedded objects or fields that fetch
// something, loads anything from elsewhere, declares entities, unpacks to too much, or
// has not exactly one paragraph {{content}}. Addresses of links and of the template that
// Word remembers are taken out; their words stay.
func ReadLetterhead(body []byte) (*Letterhead, error) {
	l := &Letterhead{}
	if err := l.unpack(body); err != nil {
		return nil, err
	}
	for _, check := range []func() error{l.wellFormed, l.find, l.relationships, l.places, l.readStyles} {
		if err := check(); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// unpack reads the parts within the limits.
func (l *Letterhead) unpack(body []byte) error {
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return corpus.Refuse(corpus.ErrInvalid, "letterhead-zip", "the letterhead is not a .docx file; save it in your word processor as .docx, without a password")
	}
	if len(archive.File) > maxLetterParts {
		return corpus.Refuse(corpus.ErrInvalid, "letterhead-parts", "the letterhead has more than {most} parts; save it anew from an empty document", "most", maxLetterParts)
	}
	left, seen := int64(maxLetterBytes), map[string]bool{}
	for _, f := range archive.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		name := strings.ToLower(f.Name)
		if seen[name] || path.Clean("/"+f.Name) != "/"+f.Name || strings.ContainsAny(f.Name, "\\:") {
			return corpus.Refuse(corpus.ErrInvalid, "letterhead-name", "the letterhead has a part with the name {name}, which no word processor writes; save it anew", "name", shortened(clean(f.Name), 60))
		}
		seen[name] = true
		if err := harmless(name); err != nil {
			return err
		}
		part, err := readPart(f, left)
		if err != nil {
			return err
		}
		left -= int64(len(part))
		l.parts = append(l.parts, letterPart{f.Name, part})
	}
	return nil
}

// readPart reads a part that may have so many bytes.
func readPart(f *zip.File, left int64) ([]byte, error) {
	damaged := corpus.Refuse(corpus.ErrInvalid, "letterhead-damaged", "the part {name} of the letterhead is damaged; save the file anew", "name", shortened(clean(f.Name), 60))
	r, err := f.Open()
	if err != nil {
		return nil, damaged
	}
	defer r.Close()
	part, err := io.ReadAll(io.LimitReader(r, left+1))
	if int64(len(part)) > left {
		return nil, corpus.Refuse(corpus.ErrInvalid, "letterhead-unpacked", "the letterhead unpacks to more than {most} MB; make its pictures smaller", "most", maxLetterBytes>>20)
	}
	if err != nil {
		return nil, damaged
	}
	return part, nil
}

// harmless refuses parts that run or hold other files, by their names in small letters.
func harmless(name string) error {
	for _, bad := range []string{"vba", "activex/", "embeddings/", "oleobject", "macrosheets/"} {
		if strings.Contains(name, bad) {
			return corpus.Refuse(corpus.ErrInvalid, "letterhead-macro", "the letterhead holds a macro or an embedded object ({name}); take it out and save as .docx", "name", shortened(clean(name), 60))
		}
	}
	if !slices.Contains([]string{".xml", ".rels", ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".svg", ".odttf", ".thmx"}, path.Ext(name)) {
		return corpus.Refuse(corpus.ErrInvalid, "letterhead-kind", "the letterhead holds {name}, which is no text, picture or font; take it out", "name", shortened(clean(name), 60))
	}
	return nil
}

// isXML tells whether a part is markup.
func (p letterPart) isXML() bool {
	return slices.Contains([]string{".xml", ".rels", ".svg"}, strings.ToLower(path.Ext(p.name)))
}

// part finds a part by its name in any case, nil for none.
func (l *Letterhead) part(name string) *letterPart {
	i := slices.IndexFunc(l.parts, func(p letterPart) bool { return strings.EqualFold(p.name, strings.TrimPrefix(name, "/")) })
	if i < 0 {
		return nil
	}
	return &l.parts[i]
}

// letterToken is one token of a part with the bytes it stands on.
type letterToken struct {
	xml.Token
	from, to int
	depth    int // of the element it begins, ends or stands in; the root is 1
}

// tokens walks through the markup of a part and refuses what is broken, too deep or
// declares entities.
func (p letterPart) tokens(each func(letterToken) error) error {
	broken := corpus.Refuse(corpus.ErrInvalid, "letterhead-damaged", "the part {name} of the letterhead is damaged; save the file anew", "name", shortened(clean(p.name), 60))
	dec := xml.NewDecoder(bytes.NewReader(p.body))
	var open []xml.Name
	for {
		from := int(dec.InputOffset())
		token, err := dec.RawToken()
		if errors.Is(err, io.EOF) && len(open) == 0 {
			return nil
		}
		if err != nil {
			return broken
		}
		m := letterToken{token, from, int(dec.InputOffset()), len(open)}
		switch t := token.(type) {
		case xml.Directive:
			return corpus.Refuse(corpus.ErrInvalid, "letterhead-entity", "the part {name} of the letterhead declares a document type, which word processors never write; save the file anew", "name", shortened(clean(p.name), 60))
		case xml.StartElement:
			if open = append(open, t.Name); len(open) > maxLetterDepth {
				return broken
			}
			m.depth = len(open)
		case xml.EndElement:
			if len(open) == 0 || open[len(open)-1] != t.Name {
				return broken
			}
			open = open[:len(open)-1]
		}
		if err := each(m); err != nil {
			return err
		}
	}
}

// wordName tells whether a name is one of WordprocessingML, whose prefix find has checked.
func wordName(n xml.Name, local string) bool { return n.Space == "w" && n.Local == local }

// attr is an attribute of an element, "" for none.
func attr(t xml.StartElement, space, local string) string {
	for _, a := range t.Attr {
		if a.Name.Space == space && a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// fetching are the fields that fetch or run something, and elements that bring other
// documents in.
var (
	fetching = []string{"INCLUDEPICTURE", "INCLUDETEXT", "INCLUDE", "IMPORT", "DDE", "DDEAUTO", "LINK", "EMBED", "MACROBUTTON", "DATABASE", "HTMLCONTROL", "RD"}
	bringing = []string{"altChunk", "subDoc", "control", "object", "mailMerge"}
)

// wellFormed reads all markup once and refuses what fetches.
func (l *Letterhead) wellFormed() error {
	for _, p := range l.parts {
		if !p.isXML() {
			continue
		}
		var instruction strings.Builder
		within := false
		err := p.tokens(func(m letterToken) error {
			switch t := m.Token.(type) {
			case xml.StartElement:
				within = wordName(t.Name, "instrText")
				if t.Name.Space == "w" && slices.Contains(bringing, t.Name.Local) {
					return corpus.Refuse(corpus.ErrInvalid, "letterhead-macro", "the letterhead holds a macro or an embedded object ({name}); take it out and save as .docx", "name", t.Name.Local)
				}
				instruction.WriteString(" " + attr(t, "w", "instr") + " ")
			case xml.EndElement:
				within = false
			case xml.CharData:
				if within {
					instruction.Write(t)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, word := range strings.Fields(strings.ToUpper(instruction.String())) {
			if slices.Contains(fetching, word) {
				return corpus.Refuse(corpus.ErrInvalid, "letterhead-field", "the letterhead has a field {name}, which fetches or runs something; turn it into plain text", "name", word)
			}
		}
	}
	return nil
}

// The namespaces and types that make a file a Word document.
const (
	wordNamespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	relationType  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	mainType      = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
)

// find looks for the main part, the styles and the properties.
func (l *Letterhead) find() error {
	none := corpus.Refuse(corpus.ErrInvalid, "letterhead-zip", "the letterhead is not a .docx file; save it in your word processor as .docx, without a password")
	types := l.part("[Content_Types].xml")
	if types == nil {
		return none
	}
	var main string
	err := types.tokens(func(m letterToken) error {
		t, starts := m.Token.(xml.StartElement)
		if !starts {
			return nil
		}
		media := attr(t, "", "ContentType")
		if strings.Contains(strings.ToLower(media), "macro") {
			return corpus.Refuse(corpus.ErrInvalid, "letterhead-macro", "the letterhead holds a macro or an embedded object ({name}); take it out and save as .docx", "name", ".docm")
		}
		if media == mainType {
			main = attr(t, "", "PartName")
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, r := range l.relations("_rels/.rels") {
		switch {
		case strings.HasSuffix(r.kind, "/officeDocument"):
			l.document = strings.TrimPrefix(path.Clean("/"+r.target), "/")
		case strings.HasSuffix(r.kind, "/core-properties"):
			l.core = strings.TrimPrefix(path.Clean("/"+r.target), "/")
		}
	}
	if l.part(l.document) == nil || !strings.EqualFold(main, "/"+l.document) || !l.isWord(l.document) {
		return none
	}
	for _, r := range l.relations(relsOf(l.document)) {
		if r.kind == relationType+"styles" {
			l.styles = path.Join(path.Dir(l.document), r.target)
			if strings.HasPrefix(r.target, "/") {
				l.styles = r.target[1:]
			}
		}
	}
	if l.part(l.styles) == nil || !l.isWord(l.styles) {
		return none
	}
	return nil
}

// isWord tells whether the root of a part declares the prefix that all of Word's own
// markup has.
func (l *Letterhead) isWord(name string) bool {
	found := false
	// a part without a root is not Word's
	_ = l.part(name).tokens(func(m letterToken) error {
		if t, starts := m.Token.(xml.StartElement); starts && m.depth == 1 {
			found = attr(t, "xmlns", "w") == wordNamespace && t.Name.Space == "w"
		}
		return nil
	})
	return found
}

// relation is one relationship of a part.
type relation struct {
	id, kind, target string
	external         bool
	from, to         int
}

// relsOf is where the relationships of a part stand.
func relsOf(name string) string {
	return path.Join(path.Dir(name), "_rels", path.Base(name)+".rels")
}

// relations reads the relationships of a part of relationships.
func (l *Letterhead) relations(rels string) []relation {
	p := l.part(rels)
	if p == nil {
		return nil
	}
	var out []relation
	// wellFormed has read it without an error
	_ = p.tokens(func(m letterToken) error {
		switch t := m.Token.(type) {
		case xml.StartElement:
			if t.Name.Local == "Relationship" {
				target := attr(t, "", "Target")
				out = append(out, relation{attr(t, "", "Id"), attr(t, "", "Type"), target,
					strings.EqualFold(attr(t, "", "TargetMode"), "External") || strings.Contains(target, "://") || strings.HasPrefix(target, `\\`) || strings.HasPrefix(target, "//"), m.from, m.to})
			}
		case xml.EndElement:
			if n := len(out); n > 0 && t.Name.Local == "Relationship" {
				out[n-1].to = m.to
			}
		}
		return nil
	})
	return out
}

// relationships takes the addresses of links and of Word's own template out, and refuses
// everything else that lies elsewhere.
func (l *Letterhead) relationships() error {
	for i := range l.parts {
		rels := &l.parts[i]
		if path.Ext(rels.name) != ".rels" {
			continue
		}
		gone := map[string]bool{}
		var cuts []edit
		for _, r := range l.relations(rels.name) {
			kind := path.Base(r.kind)
			if slices.Contains([]string{"oleObject", "package", "control", "aFChunk", "vbaProject", "subDocument", "frame"}, kind) {
				return corpus.Refuse(corpus.ErrInvalid, "letterhead-macro", "the letterhead holds a macro or an embedded object ({name}); take it out and save as .docx", "name", shortened(clean(kind), 40))
			}
			if !r.external {
				continue
			}
			if kind != "hyperlink" && kind != "attachedTemplate" {
				return corpus.Refuse(corpus.ErrInvalid, "letterhead-external", "the letterhead loads {name} from {target}; put it into the file instead", "name", shortened(clean(kind), 40), "target", shortened(clean(r.target), 80))
			}
			gone[r.id] = true
			cuts = append(cuts, edit{r.from, r.to, ""})
		}
		if len(gone) == 0 {
			continue
		}
		rels.body = edited(rels.body, cuts)
		source := l.part(path.Join(path.Dir(path.Dir(rels.name)), strings.TrimSuffix(path.Base(rels.name), ".rels")))
		if source == nil {
			continue
		}
		if err := source.unlink(gone); err != nil {
			return err
		}
	}
	return nil
}

// unlink takes the uses of relationships out of a part.
func (p *letterPart) unlink(gone map[string]bool) error {
	var cuts []edit
	dropping := 0 // depth of the element that is taken out whole
	err := p.tokens(func(m letterToken) error {
		switch t := m.Token.(type) {
		case xml.StartElement:
			id := attr(t, "r", "id")
			switch {
			case dropping > 0 || !gone[id]:
			case wordName(t.Name, "hyperlink"):
				tag := string(p.body[m.from:m.to])
				for _, quote := range []string{`"`, `'`} {
					tag = strings.ReplaceAll(tag, "r:id="+quote+id+quote, "")
				}
				cuts = append(cuts, edit{m.from, m.to, tag})
			case slices.Contains([]string{"hlinkClick", "hlinkHover", "attachedTemplate"}, t.Name.Local):
				dropping = m.depth
				cuts = append(cuts, edit{m.from, m.to, ""})
			default:
				return corpus.Refuse(corpus.ErrInvalid, "letterhead-external", "the letterhead loads {name} from {target}; put it into the file instead", "name", shortened(clean(t.Name.Local), 40), "target", "…")
			}
		case xml.EndElement:
			if dropping == m.depth && dropping > 0 {
				cuts[len(cuts)-1].to, dropping = m.to, 0
			}
		}
		return nil
	})
	if err == nil {
		p.body = edited(p.body, cuts)
	}
	return err
}

// edit puts other bytes in place of some.
type edit struct {
	from, to int
	with     string
}

// edited makes the edits, which do not overlap and stand in order.
func edited(body []byte, edits []edit) []byte {
	var out bytes.Buffer
	at := 0
	for _, e := range edits {
		out.Write(body[at:e.from])
		out.WriteString(e.with)
		at = e.to
	}
	out.Write(body[at:])
	return out.Bytes()
}

// write writes the document into the letterhead; the part that holds it is written by a
// function.
func (l *Letterhead) write(w io.Writer, d *docx, main func(w io.Writer, s string) error) error {
	z := zip.NewWriter(w)
	for _, p := range l.parts {
		body := p.body
		switch {
		case p.name == l.styles:
			end := bytes.LastIndex(body, []byte("</w:styles"))
			body = edited(body, []edit{{end, end, l.added}})
		case strings.EqualFold(p.name, l.core):
			body = []byte(xml.Header + d.core())
		case p.isXML() && l.speaks(p.name):
			body = l.filled(p, d)
		}
		f, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate})
		if err != nil {
			return fmt.Errorf("write DOCX: %s: %w", p.name, err)
		}
		if p.name == l.document {
			err = main(f, string(body))
		} else {
			_, err = f.Write(body)
		}
		if err != nil {
			return fmt.Errorf("write DOCX: %s: %w", p.name, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write DOCX: %w", err)
	}
	return nil
}
