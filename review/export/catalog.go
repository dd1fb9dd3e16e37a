package export

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
)

// CatalogFormat is the name of the one format that standards leave in.
const CatalogFormat = "oscal-catalog"

// The parts of an OSCAL catalog that are written (INTEROP.md 2.3), in the order of the
// model.
type (
	oscalCatalog struct {
		UUID       string           `json:"uuid"`
		Metadata   oscalCatalogHead `json:"metadata"`
		Controls   []*oscalControl  `json:"controls,omitempty"`
		Groups     []*oscalGroup    `json:"groups,omitempty"`
		BackMatter *struct{}        `json:"back-matter,omitempty"`
	}
	oscalCatalogHead struct {
		Title        string             `json:"title"`
		LastModified string             `json:"last-modified"`
		Version      string             `json:"version"`
		OSCALVersion string             `json:"oscal-version"`
		DocumentIDs  []oscalDocumentID  `json:"document-ids,omitempty"`
		Props        []oscalProp        `json:"props,omitempty"`
		Roles        []oscalRole        `json:"roles,omitempty"`
		Parties      []oscalParty       `json:"parties,omitempty"`
		Responsible  []oscalResponsible `json:"responsible-parties,omitempty"`
		Remarks      string             `json:"remarks,omitempty"`
	}
	oscalDocumentID struct {
		Scheme     string `json:"scheme"`
		Identifier string `json:"identifier"`
	}
	oscalGroup struct {
		ID       string          `json:"id"`
		Title    string          `json:"title"`
		Props    []oscalProp     `json:"props,omitempty"`
		Groups   []*oscalGroup   `json:"groups,omitempty"`
		Controls []*oscalControl `json:"controls,omitempty"`
	}
	oscalControl struct {
		ID       string          `json:"id"`
		Title    string          `json:"title"`
		Params   []oscalParam    `json:"params,omitempty"`
		Props    []oscalProp     `json:"props,omitempty"`
		Parts    []oscalPart     `json:"parts,omitempty"`
		Controls []*oscalControl `json:"controls,omitempty"`
	}
	oscalParam struct {
		ID     string   `json:"id"`
		Label  string   `json:"label,omitempty"`
		Values []string `json:"values"`
	}
	oscalPart struct {
		ID    string      `json:"id,omitempty"`
		Name  string      `json:"name"`
		Title string      `json:"title,omitempty"`
		Props []oscalProp `json:"props,omitempty"`
		Prose string      `json:"prose,omitempty"`
	}
)

// catalogParts are the parts that clauses without a number of their own become, by
// kind; parts of these names are such clauses again when a catalog is read.
var catalogParts = map[corpus.Kind]string{corpus.KindCommentary: "guidance", corpus.KindExample: "example"}

// Catalog writes a kept standard as an OSCAL catalog. Chapters of headings alone are
// groups, everything else a control whose statement is the text within the rights of the
// standard; the label is what people cite it by, and ids are those that mapping
// collections refer to. Uuids stay the same while the texts do.
func Catalog(w io.Writer, h corpus.Holding, clauses []corpus.Clause, o Options) error {
	if o.BaseURI == "" {
		o.BaseURI = DefaultBase
	}
	c := catalog{Set: Set{Options: o}, standard: h.Standard, below: map[corpus.ClauseID][]corpus.Clause{}, there: map[corpus.ClauseID]bool{}}
	state := ""
	for _, clause := range clauses {
		c.there[clause.ID] = true
		state += string(clause.Digest())
	}
	for _, clause := range clauses {
		parent := clause.Parent
		if !c.there[parent] {
			parent = ""
		}
		c.below[parent] = append(c.below[parent], clause)
	}
	out := oscalCatalog{UUID: uuid.NewSHA1(uuid.NameSpaceURL, []byte(o.BaseURI+"/standards/"+string(h.Standard.ID)+"\x00"+state)).String(), Metadata: c.head()}
	out.Groups, out.Controls = c.level("")
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(map[string]oscalCatalog{"catalog": out}); err != nil {
		return fmt.Errorf("write an OSCAL catalog: %w", err)
	}
	return nil
}

// catalog is a standard while it is written.
type catalog struct {
	Set
	standard corpus.Standard
	below    map[corpus.ClauseID][]corpus.Clause
	there    map[corpus.ClauseID]bool
}

// head says what the standard is.
func (c catalog) head() oscalCatalogHead {
	s := c.standard
	title := oneLine(s.Designation)
	if t := oneLine(s.Title(s.Language).Text); t != "" && t != title {
		title += " " + t
	}
	m := oscalCatalogHead{
		Title: orElse(title, string(s.ID)), LastModified: c.Options.Now.UTC().Format(time.RFC3339), Version: orElse(oneLine(s.Edition), "0"), OSCALVersion: oscalVersion,
		DocumentIDs: []oscalDocumentID{{c.Options.BaseURI + "/ns/designation", orElse(oneLine(s.Designation), string(s.ID))}, {c.Options.BaseURI + "/ns/standard", string(s.ID)}},
		Props:       c.props("language", string(s.Language), "jurisdiction", string(s.Jurisdiction), "rights", string(s.Rights), "status", string(s.Status), "in-force", s.InForce, "notice", s.Notice),
	}
	if issuer := oneLine(s.Issuer); issuer != "" {
		party := oscalParty{UUID: uuid.NewSHA1(uuid.NameSpaceURL, []byte(c.Options.BaseURI+"/issuers/"+issuer)).String(), Type: "organization", Name: issuer}
		m.Roles, m.Parties = []oscalRole{{ID: "creator", Title: "Issuer"}}, []oscalParty{party}
		m.Responsible = []oscalResponsible{{Role: "creator", Parties: []string{party.UUID}}}
	}
	if s.Demonstration {
		m.Remarks = "Demonstration: texts in our own words, not the official wording."
	}
	return m
}

// level makes groups of what stands below a clause where all of it are chapters, else
// controls: a level holds one or the other, so that the order stays.
func (c catalog) level(parent corpus.ClauseID) (groups []*oscalGroup, controls []*oscalControl) {
	list := c.below[parent]
	chapters := len(list) > 0
	for _, clause := range list {
		chapters = chapters && clause.Kind == corpus.KindHeading && clause.Text == "" && clause.Label != "" && len(c.below[clause.ID]) > 0
	}
	for _, clause := range list {
		if !chapters {
			controls = append(controls, c.control(clause))
			continue
		}
		g := &oscalGroup{ID: oscalID(clause.ID.Key()), Title: c.title(clause), Props: c.labelled(clause)}
		g.Groups, g.Controls = c.level(clause.ID)
		groups = append(groups, g)
	}
	return groups, controls
}

// control makes a control with what stands below it: parts of clauses that nobody
// cites by a number, controls of the others.
func (c catalog) control(clause corpus.Clause) *oscalControl {
	shown := c.standard.Rights.Shown(clause)
	id := oscalID(clause.ID.Key())
	out := &oscalControl{ID: id, Title: c.title(clause), Props: c.labelled(clause), Parts: []oscalPart{{ID: id + "_smt", Name: "statement"}}}
	out.Params, out.Parts[0].Prose = c.params(id, shown)
	for _, sub := range c.below[clause.ID] {
		if sub.Label == "" && len(c.below[sub.ID]) == 0 {
			text := c.standard.Rights.Shown(sub)
			out.Parts = append(out.Parts, oscalPart{ID: oscalID(sub.ID.Key()), Name: orElse(catalogParts[sub.Kind], "overview"), Title: markdown(oneLine(text.Heading)),
				Props: c.props("kind", string(sub.Kind)), Prose: markdown(text.Text)})
			continue
		}
		out.Controls = append(out.Controls, c.control(sub))
	}
	return out
}

// params are the quantities of a text as parameters with the values that it prints, and
// the text in which they are inserted.
func (c catalog) params(id string, shown corpus.Clause) (out []oscalParam, prose string) {
	if c.Options.Figures == nil {
		return nil, markdown(shown.Text)
	}
	at := 0
	for _, f := range c.Options.Figures(shown, c.standard) {
		if f.From < at || f.To > len(shown.Text) || f.From >= f.To {
			continue
		}
		value := shown.Text[f.From:f.To]
		if value != markdown(value) || value != oneLine(value) { // a value is no markup and one line
			continue
		}
		p := oscalParam{ID: fmt.Sprintf("%s_prm_%d", id, len(out)+1), Label: markdown(oneLine(f.Measures)), Values: []string{value}}
		prose += markdown(shown.Text[at:f.From]) + "{{ insert: param, " + p.ID + " }}"
		out, at = append(out, p), f.To
	}
	return out, prose + markdown(shown.Text[at:])
}

// title is the heading of a clause, or what it is cited by.
func (c catalog) title(clause corpus.Clause) string {
	shown := c.standard.Rights.Shown(clause)
	return markdown(orElse(oneLine(shown.Heading), orElse(oneLine(clause.Label), clause.ID.Key())))
}

// labelled are the properties of a clause: its label, without a namespace as OSCAL has
// it, its kind, the digest of its whole wording, and that its title is none of its own.
func (c catalog) labelled(clause corpus.Clause) []oscalProp {
	var out []oscalProp
	if label := oneLine(clause.Label); label != "" {
		out = append(out, oscalProp{Name: "label", Value: label})
	}
	untitled := ""
	if oneLine(clause.Heading) == "" {
		untitled = "yes"
	}
	return append(out, c.props("untitled", untitled, "kind", string(clause.Kind), "clause", string(clause.ID), "text-version", string(clause.Digest()))...)
}

// markdown escapes what OSCAL's markup would take for marks, by entities where a mark
// may stand for more than itself.
func markdown(s string) string { return markdownEscapes.Replace(clean(s)) }

var markdownEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "[", "&#91;", "{{", "&#123;{", `\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "$", `\$`, "~", `\~`)
