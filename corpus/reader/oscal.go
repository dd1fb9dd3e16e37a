package reader

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"concord/corpus"
)

// The parts of an OSCAL catalog that clauses are made of (OSCAL 1.1 and 1.2,
// catalog model).
type (
	oscalFile struct {
		Catalog *oscalCatalog `json:"catalog"`
		Profile *oscalProfile `json:"profile"`
	}
	oscalCatalog struct {
		Metadata oscalMetadata  `json:"metadata"`
		Params   []oscalParam   `json:"params"`
		Groups   []oscalGroup   `json:"groups"`
		Controls []oscalControl `json:"controls"`
	}
	oscalMetadata struct {
		Title        string       `json:"title"`
		Version      string       `json:"version"`
		Published    string       `json:"published"`
		OSCALVersion string       `json:"oscal-version"`
		Language     string       `json:"language"`
		DocumentIDs  []oscalDocID `json:"document-ids"`
		Parties      []oscalParty `json:"parties"`
		Props        []oscalProp  `json:"props"`
	}
	oscalDocID struct {
		Scheme     string `json:"scheme"`
		Identifier string `json:"identifier"`
	}
	oscalParty struct {
		Type string `json:"type"`
		Name string `json:"name"`
	}
	oscalProp struct {
		Name  string `json:"name"`
		Value string `json:"value"`
		Class string `json:"class"`
		NS    string `json:"ns"`
	}
	oscalParam struct {
		ID     string       `json:"id"`
		Label  string       `json:"label"`
		Values []string     `json:"values"`
		Select *oscalSelect `json:"select"`
		Params []oscalParam `json:"params"`
	}
	oscalSelect struct {
		HowMany string   `json:"how-many"`
		Choice  []string `json:"choice"`
	}
	oscalPart struct {
		ID    string      `json:"id"`
		Name  string      `json:"name"`
		Title string      `json:"title"`
		Props []oscalProp `json:"props"`
		Prose string      `json:"prose"`
		Parts []oscalPart `json:"parts"`
	}
	oscalGroup struct {
		ID       string         `json:"id"`
		Title    string         `json:"title"`
		Params   []oscalParam   `json:"params"`
		Props    []oscalProp    `json:"props"`
		Parts    []oscalPart    `json:"parts"`
		Groups   []oscalGroup   `json:"groups"`
		Controls []oscalControl `json:"controls"`
	}
	oscalControl struct {
		ID       string         `json:"id"`
		Title    string         `json:"title"`
		Params   []oscalParam   `json:"params"`
		Props    []oscalProp    `json:"props"`
		Parts    []oscalPart    `json:"parts"`
		Controls []oscalControl `json:"controls"`
	}
)

// oscalModels are the other OSCAL documents, which hold no clauses.
var oscalModels = []string{"mapping-collection", "component-definition", "system-security-plan", "assessment-plan", "assessment-results", "plan-of-action-and-milestones"}

var oscalKey = regexp.MustCompile(`^\s*\{\s*(?:"\$schema"\s*:\s*"[^"]*"\s*,\s*)?"([a-z-]+)"\s*:\s*\{`)

// detectOSCAL recognises any OSCAL model by the one key of its outermost object
// and the metadata after it.
func detectOSCAL(name string, head []byte) bool {
	m := oscalKey.FindSubmatch(bytes.TrimPrefix(head, []byte("\ufeff")))
	if m == nil {
		return false
	}
	return isOSCALModel(string(m[1]))
}

// isOSCALModel tells whether a name is that of a document of OSCAL.
func isOSCALModel(name string) bool {
	if name == "catalog" || name == "profile" {
		return true
	}
	return slices.Contains(oscalModels, name)
}

// readOSCAL reads a catalog. Groups and controls become clauses with their
// labels as numbers; the statement is the text with its items on lines;
// guidance, overviews and examples become clauses of their own; assessment
// objectives and methods are left out and counted.
func readOSCAL(r io.Reader, hint Hint) ([]*corpus.Document, error) {
	text, err := slurp(r)
	if err != nil {
		return nil, err
	}
	return readOSCALText("catalog.json", text, hint)
}

// readOSCALText reads a catalog, or a profile with the catalogs beside it, in any of
// the formats of OSCAL.
func readOSCALText(name, text string, hint Hint) ([]*corpus.Document, error) {
	catalog, profile, err := parseOSCAL(name, text)
	if err != nil {
		return nil, err
	}
	if profile == nil {
		return readCatalog(catalog)
	}
	if catalog, err = resolveProfile(profile, hint, 1); err != nil {
		return nil, err
	}
	return readCatalog(catalog)
}

// parseOSCAL parses a catalog or a profile by the ending of its name.
func parseOSCAL(name, text string) (*oscalCatalog, *oscalProfile, error) {
	switch low := strings.ToLower(name); {
	case hasSuffix(low, ".xml"):
		return parseOSCALXML(text)
	case hasSuffix(low, ".yaml", ".yml"):
		return parseOSCALYAML(text)
	}
	return parseOSCALJSON(text)
}

func parseOSCALJSON(text string) (*oscalCatalog, *oscalProfile, error) {
	if err := checkJSONDepth(text); err != nil {
		return nil, nil, err
	}
	head := text[:min(len(text), headBytes)]
	if m := oscalKey.FindStringSubmatch(head); m != nil {
		if err := refuseModel(m[1]); err != nil {
			return nil, nil, err
		}
	}
	var file oscalFile
	if err := json.Unmarshal([]byte(text), &file); err != nil {
		return nil, nil, corpus.Refuse(corpus.ErrInvalid, "oscal-broken", "not valid OSCAL JSON ({why})", "why", err)
	}
	return file.Catalog, file.Profile, nil
}

// refuseModel is the error of a document that holds no clauses.
func refuseModel(name string) error {
	if !slices.Contains(oscalModels, name) {
		return nil
	}
	return corpus.Refuse(corpus.ErrInvalid, "oscal-other", "this is an OSCAL {model}, which holds no texts of clauses; import the catalogs it names", "model", strings.ReplaceAll(name, "-", " "))
}

// readCatalog makes the document of a catalog, whatever it was written in.
func readCatalog(catalog *oscalCatalog) ([]*corpus.Document, error) {
	if catalog == nil {
		return nil, corpus.Refuse(corpus.ErrInvalid, "oscal-none", "the file has no catalog; give an OSCAL catalog")
	}
	o := &oscal{params: map[string]oscalParam{}, doc: &corpus.Document{}}
	o.identity(catalog.Metadata)
	o.gather(catalog.Params)
	o.gatherGroups(catalog.Groups)
	o.gatherControls(catalog.Controls)
	for i, g := range catalog.Groups {
		o.group(g, nil, fmt.Sprint(i+1))
	}
	for _, c := range catalog.Controls {
		o.control(c, nil)
	}
	o.doc.Clauses, o.doc.Problems = buildRecords(o.entries, o.doc)
	o.say()
	return []*corpus.Document{o.doc}, nil
}

// oscal builds a document from a catalog.
type oscal struct {
	doc                   *corpus.Document
	entries               []*entry
	params                map[string]oscalParam
	assessment, withdrawn int
}

// nistTitle shortens NIST's long titles to their designation.
var nistTitle = regexp.MustCompile(`^(NIST Special Publication|NIST SP) (\d+-\d+\w*)(?: Revision (\d+))?([\d.]*)`)

// identity takes the standard's identity from the metadata.
func (o *oscal) identity(m oscalMetadata) {
	s := &o.doc.Standard
	s.Designation = strings.TrimSpace(plain(m.Title))
	if match := nistTitle.FindStringSubmatch(m.Title); match != nil {
		s.Designation = "NIST SP " + match[2]
		if match[3] != "" {
			s.Designation += " Rev. " + match[3]
		}
		if rest := strings.Trim(m.Title[len(match[0]):], " :"); strings.HasSuffix(rest, "BASELINE") {
			s.Designation += " " + rest
		}
	}
	language := languageTag(first(m.Language, prop(m.Props, "language")))
	title := strings.TrimSpace(plain(m.Title))
	for _, id := range m.DocumentIDs { // a title may begin with what the standard is cited by
		if rest, begins := strings.CutPrefix(title, strings.TrimSpace(id.Identifier)+" "); begins && id.Identifier != "" {
			s.Designation, title = strings.TrimSpace(id.Identifier), strings.TrimSpace(rest)
		}
	}
	s.Titles = []corpus.Title{{Language: language, Text: title}}
	s.Language = language
	s.Edition = m.Version
	if len(s.Edition) > 10 && len(m.Published) >= 10 {
		s.Edition = m.Published[:10]
	}
	for _, p := range m.Parties {
		if p.Type == "organization" && p.Name != "" {
			s.Issuer = p.Name
			break
		}
	}
	s.Domain = corpus.DomainDigital // OSCAL catalogs are catalogs of security and privacy controls
	s.Jurisdiction = corpus.Jurisdiction(first(prop(m.Props, "jurisdiction"), string(jurisdictionOfIssuer(s.Issuer+" "+m.Title))))
}

// jurisdictionOfIssuer knows the publishers of OSCAL catalogs.
func jurisdictionOfIssuer(s string) corpus.Jurisdiction {
	for _, row := range []struct {
		word  string
		where corpus.Jurisdiction
	}{{"NIST", "US"}, {"Joint Task Force", "US"}, {"FedRAMP", "US"}, {"BSI", "DE"}, {"Bundesamt", "DE"}, {"Australian", "AU"}, {"ISM", "AU"}, {"Canad", "CA"}} {
		if strings.Contains(s, row.word) {
			return row.where
		}
	}
	return ""
}

func (o *oscal) gather(params []oscalParam) {
	for _, p := range params {
		o.params[p.ID] = p
		o.gather(p.Params)
	}
}

func (o *oscal) gatherGroups(groups []oscalGroup) {
	for _, g := range groups {
		o.gather(g.Params)
		o.gatherControls(g.Controls)
		o.gatherGroups(g.Groups)
	}
}

func (o *oscal) gatherControls(controls []oscalControl) {
	for _, c := range controls {
		o.gather(c.Params)
		o.gatherControls(c.Controls)
	}
}

// prop is the first property of a name; one without class goes before one with.
func prop(props []oscalProp, name string) string {
	value := ""
	for _, p := range props {
		if p.Name == name && (value == "" || p.Class == "") {
			value = strings.TrimSpace(p.Value)
			if p.Class == "" {
				return value
			}
		}
	}
	return value
}

// label is what people cite an object by: its label when that says more than
// the end of its id, else its id.
func label(props []oscalProp, id string) string {
	l := prop(props, "label")
	if exact(props) {
		return l
	}
	if l == "" || id != "" && strings.HasSuffix(id, "."+l) {
		return id
	}
	return l
}

// exact tells whether an object says of itself how its clause is cited and headed, as
// catalogs that this program writes do.
func exact(props []oscalProp) bool { return prop(props, "text-version") != "" }

// group adds a group and what is in it. A group without label and id is
// numbered by its place.
func (o *oscal) group(g oscalGroup, above *entry, place string) {
	name := label(g.Props, g.ID)
	e := &entry{heading: plain(g.Title), parent: above, kind: corpus.KindHeading}
	if name != "" {
		if above == nil && len(g.Controls) > 0 && strings.HasPrefix(strings.ToUpper(label(g.Controls[0].Props, g.Controls[0].ID)), strings.ToUpper(name)+"-") {
			name = strings.ToUpper(name)
		}
		e.number = parseNumber(name)
	} else {
		e.key = "group-" + place
	}
	o.entries = append(o.entries, e)
	o.parts(g.Parts, e, true)
	for i, sub := range g.Groups {
		o.group(sub, e, place+"."+fmt.Sprint(i+1))
	}
	for _, c := range g.Controls {
		o.control(c, e)
	}
}

// control adds a control, its enhancements after it.
func (o *oscal) control(c oscalControl, above *entry) {
	e := &entry{number: parseNumber(first(label(c.Props, c.ID), prop(c.Props, "alt-identifier"))), heading: plain(c.Title), parent: above}
	if exact(c.Props) {
		if e.number.Label == "" {
			e.key = corpus.SafeKey(c.ID)
		}
		if prop(c.Props, "untitled") != "" {
			e.heading = ""
		}
	} else if strings.EqualFold(e.heading, "Control: "+e.number.Label) || e.heading == e.number.Label {
		e.heading = ""
	}
	if status := strings.ToLower(prop(c.Props, "status")); status == "withdrawn" {
		o.withdrawn++
		e.kind = corpus.KindHeading
	}
	o.entries = append(o.entries, e)
	o.parts(c.Parts, e, false)
	if len(e.text) == 0 && e.kind == "" {
		e.kind = corpus.KindHeading
	}
	for _, sub := range c.Controls {
		o.control(sub, e)
	}
}

// parts adds the parts of a group or control.
func (o *oscal) parts(parts []oscalPart, e *entry, group bool) {
	for _, p := range parts {
		switch p.Name {
		case "statement", "item", "requirement":
			o.prose(p, e, 0)
		case "overview", "instruction":
			if group && len(e.text) == 0 {
				o.prose(p, e, 0)
				e.kind = corpus.KindInformative
				continue
			}
			o.side(p, e, "overview", corpus.KindInformative)
		case "guidance":
			o.side(p, e, "guidance", corpus.KindCommentary)
		case "example":
			o.side(p, e, "example", corpus.KindExample)
		case "objective", "assessment-objective", "assessment", "assessment-method", "assessment-objects", "objects":
			o.assessment++
		default:
			o.side(p, e, corpus.SafeKey(first(p.Name, "part")), corpus.KindInformative)
		}
	}
}

// side adds a part as a clause of its own: "AC-1~guidance".
func (o *oscal) side(p oscalPart, above *entry, name string, kind corpus.Kind) {
	heading := first(plain(p.Title), prop(p.Props, "label"))
	e := &entry{heading: heading, parent: above, kind: kind, key: ""}
	o.prose(p, e, 0)
	if len(e.text) == 0 {
		return
	}
	e.number = corpus.Number{}
	e.key = "\x00" + name
	o.entries = append(o.entries, e)
}

// prose adds the prose of a part and, on lines of their own, of the items in it.
func (o *oscal) prose(p oscalPart, e *entry, depth int) {
	mark := prop(p.Props, "label")
	text := strings.TrimSpace(o.insert(p.Prose, 0))
	if text != "" {
		text = strings.TrimSpace(inline(text))
		if depth > 0 && mark != "" {
			text = mark + " " + text
		}
		e.text = append(e.text, splitLines(collapse(text))...)
	} else if depth > 0 && mark != "" && len(p.Parts) > 0 {
		e.text = append(e.text, mark)
	}
	for _, sub := range p.Parts {
		if depth < 50 {
			o.prose(sub, e, depth+1)
		}
	}
}

// collapse drops empty lines.
func collapse(s string) string {
	var out []string
	for _, l := range strings.Split(s, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			if match := atx.FindStringSubmatch(l); match != nil {
				l = match[2]
			}
			out = append(out, l)
		}
	}
	return strings.Join(out, "\n")
}

var insertion = regexp.MustCompile(`\{\{\s*(?:insert:\s*param\s*,\s*)?([\p{L}_][\p{L}\p{N}._-]*)\s*\}\}`)

// insert puts parameters into prose: a value where one is set, the choices of a
// selection, or the label of what is to be assigned.
func (o *oscal) insert(prose string, depth int) string {
	if !strings.Contains(prose, "{{") || depth > 8 {
		return prose
	}
	return insertion.ReplaceAllStringFunc(prose, func(m string) string {
		id := insertion.FindStringSubmatch(m)[1]
		p, known := o.params[id]
		switch {
		case !known:
			return "[Assignment: " + id + "]"
		case len(p.Values) > 0:
			return o.insert(strings.Join(p.Values, ", "), depth+1)
		case p.Select != nil && len(p.Select.Choice) > 0:
			how := ""
			if p.Select.HowMany == "one-or-more" {
				how = " (one or more)"
			}
			choices := make([]string, len(p.Select.Choice))
			for i, c := range p.Select.Choice {
				choices[i] = o.insert(c, depth+2)
			}
			return shorten("[Selection"+how+": "+strings.Join(choices, "; ")+"]", 4000)
		}
		return "[Assignment: " + first(p.Label, id) + "]"
	})
}

// say notes what was left out.
func (o *oscal) say() {
	if o.assessment > 0 {
		o.doc.Problems = append(o.doc.Problems, corpus.Say(corpus.SeverityNote, "", "assessment", "{count} parts about assessment are not clauses and were left out", "", "count", o.assessment))
	}
	if o.withdrawn > 0 {
		o.doc.Problems = append(o.doc.Problems, corpus.Say(corpus.SeverityNote, "", "withdrawn-controls", "{count} withdrawn controls are kept as headings", "", "count", o.withdrawn))
	}
}
