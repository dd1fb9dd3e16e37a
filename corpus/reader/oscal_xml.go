package reader

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"concord/corpus"
)

// detectOSCALXML recognises the models of OSCAL by their outermost element.
func detectOSCALXML(_ string, head []byte) bool {
	name := rootName(head)
	if name == "catalog" {
		return strings.Contains(string(head), "/ns/oscal/")
	}
	for _, model := range oscalModels {
		if name == model.key {
			return true
		}
	}
	return false
}

// readOSCALXML reads a catalog in XML as the same catalog in JSON is read.
func readOSCALXML(r io.Reader, _ Hint) ([]*corpus.Document, error) {
	text, err := slurp(r)
	if err != nil {
		return nil, err
	}
	root, err := parseXML(text)
	if err != nil {
		return nil, err
	}
	for _, model := range oscalModels {
		if root.name == model.key {
			return nil, fmt.Errorf("this is %s: %w", model.what, corpus.ErrInvalid)
		}
	}
	catalog := &oscalCatalog{Metadata: xmlMetadata(root.child("metadata")), Params: xmlParams(root), Groups: xmlGroups(root), Controls: xmlControls(root)}
	return readCatalog(catalog)
}

// named are the child elements of a name.
func (e *element) named(name string) []*element {
	var out []*element
	for _, c := range e.elements() {
		if c.name == name {
			out = append(out, c)
		}
	}
	return out
}

func xmlMetadata(e *element) oscalMetadata {
	m := oscalMetadata{Title: xmlProse(e.child("title")), Version: e.child("version").plain(), Published: e.child("published").plain(), Props: xmlProps(e)}
	for _, p := range e.named("party") {
		m.Parties = append(m.Parties, oscalParty{Type: p.attr("type"), Name: p.child("name").plain()})
	}
	return m
}

func xmlProps(e *element) []oscalProp {
	var out []oscalProp
	for _, p := range e.named("prop") {
		out = append(out, oscalProp{Name: p.attr("name"), Value: p.attr("value"), Class: p.attr("class"), NS: p.attr("ns")})
	}
	return out
}

func xmlParams(e *element) []oscalParam {
	var out []oscalParam
	for _, p := range e.named("param") {
		param := oscalParam{ID: p.attr("id"), Label: xmlProse(p.child("label")), Params: xmlParams(p)}
		for _, v := range p.named("value") {
			param.Values = append(param.Values, v.plain())
		}
		if s := p.child("select"); s != nil {
			param.Select = &oscalSelect{HowMany: s.attr("how-many")}
			for _, c := range s.named("choice") {
				param.Select.Choice = append(param.Select.Choice, xmlProse(c))
			}
		}
		out = append(out, param)
	}
	return out
}

func xmlParts(e *element) []oscalPart {
	var out []oscalPart
	for _, p := range e.named("part") {
		out = append(out, oscalPart{ID: p.attr("id"), Name: p.attr("name"), Title: xmlProse(p.child("title")), Props: xmlProps(p), Prose: xmlBlocks(p), Parts: xmlParts(p)})
	}
	return out
}

func xmlGroups(e *element) []oscalGroup {
	var out []oscalGroup
	for _, g := range e.named("group") {
		out = append(out, oscalGroup{ID: g.attr("id"), Title: xmlProse(g.child("title")), Params: xmlParams(g), Props: xmlProps(g), Parts: xmlParts(g), Groups: xmlGroups(g), Controls: xmlControls(g)})
	}
	return out
}

func xmlControls(e *element) []oscalControl {
	var out []oscalControl
	for _, c := range e.named("control") {
		out = append(out, oscalControl{ID: c.attr("id"), Title: xmlProse(c.child("title")), Params: xmlParams(c), Props: xmlProps(c), Parts: xmlParts(c), Controls: xmlControls(c)})
	}
	return out
}

// xmlBlocks writes the paragraphs and lists of a part on lines, as Markdown has
// them in JSON.
func xmlBlocks(e *element) string {
	var lines []string
	for _, c := range e.elements() {
		switch c.name {
		case "p", "pre", "h1", "h2", "h3", "h4", "h5", "h6":
			lines = append(lines, xmlProse(c))
		case "ol", "ul":
			for i, li := range c.named("li") {
				mark := "- "
				if c.name == "ol" {
					mark = strconv.Itoa(i+1) + ". "
				}
				lines = append(lines, mark+xmlProse(li))
			}
		case "table":
			lines = append(lines, tableLines(c, xmlProse)...)
		}
	}
	return strings.Join(lines, "\n")
}

// xmlProse is a line of text with its insertions as JSON writes them.
func xmlProse(e *element) string {
	if e == nil {
		return ""
	}
	var b strings.Builder
	var gather func(*element)
	gather = func(e *element) {
		b.WriteString(e.text)
		if e.name == "insert" {
			b.WriteString("{{ insert: param, " + e.attr("id-ref") + " }}")
			return
		}
		for _, c := range e.children {
			gather(c)
		}
	}
	gather(e)
	return foldBlanks(b.String())
}
