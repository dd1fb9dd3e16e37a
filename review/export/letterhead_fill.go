package export

import (
	"encoding/xml"
	"path"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"concord/corpus"
)

// field is a placeholder as people type it.
var field = regexp.MustCompile(`\{\{\s*([^{}]*?)\s*\}\}`)

// letterText is the text of one run with the bytes it stands on, its tags included.
type letterText struct {
	from, to int
	s        string
}

// letterParagraph is a paragraph of a letterhead.
type letterParagraph struct {
	from, to int
	top      bool // stands in the body itself
	texts    []letterText
	section  string // its section's properties, "" for none
}

// whole is the text of the paragraph, however Word has cut it.
func (p letterParagraph) whole() string {
	var out strings.Builder
	for _, t := range p.texts {
		out.WriteString(t.s)
	}
	return out.String()
}

// content tells whether the paragraph stands for the document.
func (p letterParagraph) content() bool {
	m := field.FindStringSubmatch(strings.TrimSpace(p.whole()))
	return m != nil && m[1] == "content" && m[0] == strings.TrimSpace(p.whole())
}

// speaks tells whether a part holds words that may name fields: the main part, headers
// and footers.
func (l *Letterhead) speaks(name string) bool {
	if name == l.document {
		return true
	}
	base := strings.ToLower(path.Base(name))
	return path.Dir(name) == path.Dir(l.document) && (strings.HasPrefix(base, "header") || strings.HasPrefix(base, "footer"))
}

// letterSection is where the properties of a section stand, and how wide its lines are.
type letterSection struct{ from, width int }

// paragraphs reads the paragraphs of a part, inner ones of text boxes too, and its
// sections.
func (p letterPart) paragraphs() (out []letterParagraph, sections []letterSection) {
	var open []*letterParagraph
	var text *letterText
	var page struct{ width, left, right, gutter, columns, space int }
	section := -1
	// wellFormed has read it without an error
	_ = p.tokens(func(m letterToken) error {
		switch t := m.Token.(type) {
		case xml.StartElement:
			number := func(name string, otherwise int) int {
				if n, err := strconv.Atoi(attr(t, "w", name)); err == nil {
					return n
				}
				return otherwise
			}
			switch {
			case wordName(t.Name, "p"):
				open = append(open, &letterParagraph{from: m.from, top: m.depth == 3})
			case wordName(t.Name, "t") && len(open) > 0:
				text = &letterText{from: m.from}
			case wordName(t.Name, "sectPr"):
				section = m.from
				page.width, page.left, page.right, page.gutter, page.columns, page.space = 11906, 1440, 1440, 0, 1, 720
			case wordName(t.Name, "pgSz"):
				page.width = number("w", page.width)
			case wordName(t.Name, "pgMar"):
				page.left, page.right, page.gutter = number("left", page.left), number("right", page.right), number("gutter", 0)
			case wordName(t.Name, "cols"):
				page.columns, page.space = max(1, number("num", 1)), number("space", page.space)
			}
		case xml.CharData:
			if text != nil {
				text.s += string(t)
			}
		case xml.EndElement:
			switch {
			case wordName(t.Name, "t") && text != nil:
				text.to = m.to
				last := open[len(open)-1]
				last.texts, text = append(last.texts, *text), nil
			case wordName(t.Name, "sectPr") && section >= 0:
				lines := page.width - page.left - page.right - page.gutter
				sections = append(sections, letterSection{section, (lines - (page.columns-1)*page.space) / page.columns})
				if len(open) > 0 {
					open[len(open)-1].section = string(p.body[section:m.to])
				}
				section = -1
			case wordName(t.Name, "p") && len(open) > 0:
				last := open[len(open)-1]
				last.to, open = m.to, open[:len(open)-1]
				out = append(out, *last)
			}
		}
		return nil
	})
	sort.Slice(out, func(x, y int) bool { return out[x].from < out[y].from })
	return out, sections
}

// Widths of a line that a document can be written in, in twentieths of a point.
const narrowest, widest = 3000, 31000

// places checks the placeholders and measures the line that {{content}} stands in.
func (l *Letterhead) places() error {
	contents := 0
	for _, part := range l.parts {
		if !part.isXML() || !l.speaks(part.name) {
			continue
		}
		paragraphs, sections := part.paragraphs()
		for _, p := range paragraphs {
			unknown := func(name string) error {
				return corpus.Refuse(corpus.ErrInvalid, "letterhead-field-unknown", "the letterhead names {field}, which is nothing; it may name {known}", "field", shortened(clean(name), 40), "known", "{{content}}, {{"+strings.Join(letterFields, "}}, {{")+"}}")
			}
			if _, open, is := strings.Cut(field.ReplaceAllString(p.whole(), ""), "{{"); is {
				return unknown("{{" + open) // nobody closed it, so it would be printed as it stands
			}
			for _, m := range field.FindAllStringSubmatch(p.whole(), -1) {
				switch {
				case m[1] == "content" && (part.name != l.document || !p.top || !p.content()):
					return corpus.Refuse(corpus.ErrInvalid, "letterhead-content-place", "{place} must stand alone in a paragraph of the body, in no table, text box, header or footer", "place", "{{content}}")
				case m[1] == "content":
					contents++
					l.width = 9026
					if i := slices.IndexFunc(sections, func(s letterSection) bool { return s.from > p.from }); i >= 0 {
						l.width = min(max(sections[i].width, narrowest), widest)
					}
				case !slices.Contains(letterFields, m[1]):
					return unknown(m[0])
				case part.name == l.document && m[1] == "title":
					l.titled = true
				}
			}
		}
	}
	if contents != 1 {
		return corpus.Refuse(corpus.ErrInvalid, "letterhead-content", "the letterhead needs one paragraph {place} in its body, where the document is to stand; it has {count}", "place", "{{content}}", "count", contents)
	}
	return nil
}

// filled is a part with its fields filled in and, in the main part, the document in
// place of {{content}}.
func (l *Letterhead) filled(part letterPart, d *docx) []byte {
	paragraphs, _ := part.paragraphs()
	var edits []edit
	replaced := 0 // where the paragraph of the document ends, with boxes within it
	for _, p := range paragraphs {
		if p.from < replaced {
			continue
		}
		if p.content() && part.name == l.document {
			with := d.content(!l.titled) + `<w:p/>`
			if p.section != "" {
				with += `<w:p><w:pPr>` + p.section + `</w:pPr></w:p>`
			}
			edits, replaced = append(edits, edit{p.from, p.to, with}), p.to
			continue
		}
		edits = append(edits, p.fill(d)...)
	}
	// text boxes stand within paragraphs, so that their edits may come later
	sort.Slice(edits, func(x, y int) bool { return edits[x].from < edits[y].from })
	return edited(part.body, edits)
}

// fill puts the words of the fields where they begin and takes out what is left of them
// in the runs behind.
func (p letterParagraph) fill(d *docx) []edit {
	whole := p.whole()
	matches := field.FindAllStringSubmatchIndex(whole, -1)
	if matches == nil {
		return nil
	}
	var edits []edit
	at := 0 // of the run in the whole text
	for _, t := range p.texts {
		end := at + len(t.s)
		var s strings.Builder
		from, changed := at, false
		for _, m := range matches {
			if m[1] <= at || m[0] >= end {
				continue
			}
			changed = true
			if m[0] >= at {
				s.WriteString(whole[from:m[0]])
				s.WriteString(d.field(whole[m[2]:m[3]]))
			}
			from = min(m[1], end)
		}
		s.WriteString(whole[from:end])
		if changed {
			edits = append(edits, edit{t.from, t.to, `<w:t xml:space="preserve">` + escaped(s.String()) + `</w:t>`})
		}
		at = end
	}
	return edits
}

// field is what a field of a letterhead stands for.
func (d *docx) field(name string) string {
	if name == "title" {
		return oneLine(d.report.title.s)
	}
	return oneLine(d.report.values["{"+name+"}"])
}

// ownStyles are the styles that documents are written with: the name by which a
// letterhead may have its own, "" for none, and what it is otherwise.
var ownStyles = []struct{ id, name, paragraph, run string }{
	{"Title", "title", `<w:keepNext/><w:spacing w:after="160"/>`, `<w:b/><w:bCs/><w:sz w:val="32"/><w:szCs w:val="32"/>`},
	{"Heading1", "heading 1", `<w:keepNext/><w:keepLines/><w:spacing w:before="280" w:after="80"/><w:outlineLvl w:val="0"/>`, `<w:b/><w:bCs/><w:sz w:val="26"/><w:szCs w:val="26"/>`},
	{"Note", "", `<w:keepNext/><w:spacing w:after="120"/>`, `<w:color w:val="44505C"/><w:sz w:val="18"/><w:szCs w:val="20"/>`},
	{"Notice", "", `<w:spacing w:after="120"/>`, `<w:b/><w:bCs/><w:color w:val="8A3B00"/>`},
	{"Cell", "", `<w:spacing w:before="0" w:after="40" w:line="240" w:lineRule="auto"/><w:ind w:firstLine="0"/>`, `<w:sz w:val="18"/><w:szCs w:val="20"/>`},
	{"Head", "", `<w:keepNext/><w:spacing w:before="0" w:after="40" w:line="240" w:lineRule="auto"/><w:ind w:firstLine="0"/>`, `<w:b/><w:bCs/><w:sz w:val="18"/><w:szCs w:val="20"/>`},
	{"Small", "", `<w:spacing w:before="0" w:after="20" w:line="240" w:lineRule="auto"/><w:ind w:firstLine="0"/>`, `<w:sz w:val="14"/><w:szCs w:val="14"/>`},
}

// readStyles finds the letterhead's own styles by their names, which are the same in
// every language of Word while their ids are not, and makes those it lacks.
func (l *Letterhead) readStyles() error {
	l.names = map[string]string{}
	byName, ids, normal, id, kind := map[string]string{}, map[string]bool{}, "", "", ""
	err := l.part(l.styles).tokens(func(m letterToken) error {
		t, starts := m.Token.(xml.StartElement)
		switch {
		case !starts:
		case wordName(t.Name, "style"):
			id, kind = attr(t, "w", "styleId"), attr(t, "w", "type")
			ids[strings.ToLower(id)] = true
			if kind == "paragraph" && slices.Contains([]string{"1", "true", "on"}, attr(t, "w", "default")) {
				normal = id
			}
		case wordName(t.Name, "name") && id != "":
			byName[kind+" "+strings.ToLower(attr(t, "w", "val"))] = id
		}
		return nil
	})
	if err != nil {
		return err
	}
	fresh := func(name string) string {
		id := "Concord" + name
		for n := 2; ids[strings.ToLower(id)]; n++ {
			id = "Concord" + name + strconv.Itoa(n)
		}
		return id
	}
	based := ""
	if normal != "" {
		based = `<w:basedOn w:val="` + escaped(normal) + `"/>`
	}
	for _, own := range ownStyles {
		if theirs := byName["paragraph "+own.name]; own.name != "" && theirs != "" {
			l.names[own.id] = theirs
			continue
		}
		id := fresh(own.id)
		l.names[own.id] = id
		l.added += `<w:style w:type="paragraph" w:customStyle="1" w:styleId="` + id + `"><w:name w:val="` + id + `"/>` + based + `<w:pPr>` + own.paragraph + `</w:pPr><w:rPr>` + own.run + `</w:rPr></w:style>`
	}
	if l.names["Grid"] = byName["table table grid"]; l.names["Grid"] == "" {
		id := fresh("Grid")
		l.names["Grid"] = id
		l.added += `<w:style w:type="table" w:customStyle="1" w:styleId="` + id + `"><w:name w:val="` + id + `"/><w:tblPr><w:tblBorders>` + borders + `</w:tblBorders><w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="70" w:type="dxa"/><w:bottom w:w="30" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>`
	}
	return nil
}
