package reader

import (
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
	return isOSCALModel(name)
}

// readOSCALXML reads a catalog in XML as the same catalog in JSON is read.
func readOSCALXML(r io.Reader, hint Hint) ([]*corpus.Document, error) {
	text, err := slurp(r)
	if err != nil {
		return nil, err
	}
	return readOSCALText("catalog.xml", text, hint)
}

func parseOSCALXML(text string) (*oscalCatalog, *oscalProfile, error) {
	root, err := parseXML(text)
	if err != nil {
		return nil, nil, err
	}
	switch root.name {
	case "catalog":
		return &oscalCatalog{Metadata: xmlMetadata(root.child("metadata")), Params: xmlParams(root), Groups: xmlGroups(root), Controls: xmlControls(root)}, nil, nil
	case "profile":
		return nil, xmlProfile(root), nil
	}
	return nil, nil, refuseModel(root.name)
}

// xmlProfile reads a profile.
func xmlProfile(root *element) *oscalProfile {
	p := &oscalProfile{Metadata: xmlMetadata(root.child("metadata"))}
	for _, e := range root.named("import") {
		p.Imports = append(p.Imports, oscalImport{Href: e.attr("href"), Includes: xmlChoices(e, "include-controls"), Excludes: xmlChoices(e, "exclude-controls")})
	}
	modify := root.child("modify")
	for _, e := range modify.named("set-parameter") {
		set := oscalSetting{ID: e.attr("param-id"), Label: xmlProse(e.child("label"))}
		set.Values, set.Select = xmlValues(e)
		p.Modify.Params = append(p.Modify.Params, set)
	}
	for _, e := range modify.named("alter") {
		a := oscalAlter{ID: e.attr("control-id")}
		for _, r := range e.named("remove") {
			a.Removes = append(a.Removes, oscalRemove{Name: r.attr("by-name"), ID: r.attr("by-id"), Item: r.attr("by-item-name")})
		}
		for _, x := range e.named("add") {
			a.Adds = append(a.Adds, oscalAdd{Position: x.attr("position"), ID: x.attr("by-id"), Title: xmlProse(x.child("title")), Params: xmlParams(x), Props: xmlProps(x), Parts: xmlParts(x)})
		}
		p.Modify.Alters = append(p.Modify.Alters, a)
	}
	for _, e := range root.child("back-matter").named("resource") {
		r := oscalResource{UUID: e.attr("uuid")}
		for _, l := range e.named("rlink") {
			r.Rlinks = append(r.Rlinks, struct {
				Href string `json:"href"`
			}{l.attr("href")})
		}
		p.Back.Resources = append(p.Back.Resources, r)
	}
	return p
}

func xmlChoices(e *element, name string) []oscalChoice {
	var out []oscalChoice
	for _, x := range e.named(name) {
		c := oscalChoice{Children: x.attr("with-child-controls")}
		for _, id := range x.named("with-id") {
			c.IDs = append(c.IDs, id.plain())
		}
		for _, m := range x.named("matching") {
			c.Matching = append(c.Matching, struct {
				Pattern string `json:"pattern"`
			}{m.attr("pattern")})
		}
		out = append(out, c)
	}
	return out
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
		param.Values, param.Select = xmlValues(p)
		out = append(out, param)
	}
	return out
}

// xmlValues are the values or the selection of a parameter.
func xmlValues(p *element) (values []string, choice *oscalSelect) {
	for _, v := range p.named("value") {
		values = append(values, v.plain())
	}
	if s := p.child("select"); s != nil {
		choice = &oscalSelect{HowMany: s.attr("how-many")}
		for _, c := range s.named("choice") {
			choice.Choice = append(choice.Choice, xmlProse(c))
		}
	}
	return values, choice
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
