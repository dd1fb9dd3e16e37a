package reader

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"concord/corpus"
)

// The parts of an OSCAL profile that decide which controls of which catalogs it
// selects and how it changes them (OSCAL 1.1, profile model).
type (
	oscalProfile struct {
		Metadata oscalMetadata   `json:"metadata"`
		Imports  []oscalImport   `json:"imports"`
		Merge    json.RawMessage `json:"merge"`
		Modify   oscalModify     `json:"modify"`
		Back     struct {
			Resources []oscalResource `json:"resources"`
		} `json:"back-matter"`
	}
	oscalImport struct {
		Href     string          `json:"href"`
		All      json.RawMessage `json:"include-all"`
		Includes []oscalChoice   `json:"include-controls"`
		Excludes []oscalChoice   `json:"exclude-controls"`
	}
	oscalChoice struct {
		Children string   `json:"with-child-controls"`
		IDs      []string `json:"with-ids"`
		Matching []struct {
			Pattern string `json:"pattern"`
		} `json:"matching"`
	}
	oscalModify struct {
		Params []oscalSetting `json:"set-parameters"`
		Alters []oscalAlter   `json:"alters"`
	}
	oscalSetting struct {
		ID     string       `json:"param-id"`
		Label  string       `json:"label"`
		Values []string     `json:"values"`
		Select *oscalSelect `json:"select"`
	}
	oscalAlter struct {
		ID      string        `json:"control-id"`
		Removes []oscalRemove `json:"removes"`
		Adds    []oscalAdd    `json:"adds"`
	}
	oscalRemove struct {
		Name string `json:"by-name"`
		ID   string `json:"by-id"`
		Item string `json:"by-item-name"`
	}
	oscalAdd struct {
		Position string       `json:"position"`
		ID       string       `json:"by-id"`
		Title    string       `json:"title"`
		Params   []oscalParam `json:"params"`
		Props    []oscalProp  `json:"props"`
		Parts    []oscalPart  `json:"parts"`
	}
	oscalResource struct {
		UUID   string `json:"uuid"`
		Rlinks []struct {
			Href string `json:"href"`
		} `json:"rlinks"`
	}
)

// resolveProfile makes the catalog that a profile selects, from the catalogs and
// profiles beside it (OSCAL profile resolution, as far as clauses need it:
// selection, flat or given order, set parameters, removals and additions).
func resolveProfile(p *oscalProfile, hint Hint, depth int) (*oscalCatalog, error) {
	if depth > maxProfiles {
		return nil, corpus.Refuse(corpus.ErrLimit, "profile-chain", "more than {most} profiles import one another; give the resolved profile catalog", "most", maxProfiles)
	}
	out := &oscalCatalog{Metadata: p.Metadata}
	for _, imported := range p.Imports {
		source, err := importedCatalog(p, imported, hint, depth)
		if err != nil {
			return nil, err
		}
		s := selection{imported}
		out.Params = append(out.Params, source.Params...)
		out.Groups = append(out.Groups, s.groups(source.Groups)...)
		out.Controls = append(out.Controls, s.controls(source.Controls, false)...)
	}
	if len(out.Groups)+len(out.Controls) == 0 {
		return nil, corpus.Refuse(corpus.ErrInvalid, "profile-nothing", "this is an OSCAL profile that selects no control of what it imports; check its imports")
	}
	m := modifier{p.Modify, map[string][]oscalAlter{}}
	for _, a := range p.Modify.Alters {
		m.alters[a.ID] = append(m.alters[a.ID], a)
	}
	m.params(out.Params)
	m.groups(out.Groups)
	m.controls(out.Controls)
	return out, nil
}

// importedCatalog reads what an import names: a file beside the profile, or a
// resource at the profile's end with links to one.
func importedCatalog(p *oscalProfile, imported oscalImport, hint Hint, depth int) (*oscalCatalog, error) {
	links := []string{imported.Href}
	if id, found := strings.CutPrefix(imported.Href, "#"); found {
		links = nil
		for _, r := range p.Back.Resources {
			for _, l := range r.Rlinks {
				if r.UUID == id {
					links = append(links, l.Href)
				}
			}
		}
	}
	var names []string
	for _, link := range links {
		if !slices.Contains(names, path.Base(link)) {
			names = append(names, path.Base(link))
		}
		name, text, found, err := hint.beside.catalog(link)
		if err != nil {
			return nil, err
		}
		if !found {
			continue
		}
		catalog, profile, err := parseOSCAL(name, text)
		if err == nil && profile != nil {
			catalog, err = resolveProfile(profile, hint, depth+1)
		}
		if err != nil {
			return nil, corpus.Within(shorten(path.Base(name), 60), err)
		}
		if catalog != nil {
			return catalog, nil
		}
	}
	return nil, corpus.Refuse(corpus.ErrInvalid, "profile-alone", "this is an OSCAL profile, which only selects controls of {files}, and that is not beside it; import both at once, from one folder or ZIP file, or import the resolved profile catalog", "files", shorten(first(strings.Join(names, " or "), "a catalog"), 200))
}

// selection is what one import takes out of a catalog.
type selection struct{ oscalImport }

func (s selection) groups(groups []oscalGroup) []oscalGroup {
	var out []oscalGroup
	for _, g := range groups {
		g.Groups, g.Controls = s.groups(g.Groups), s.controls(g.Controls, false)
		if len(g.Groups)+len(g.Controls) > 0 {
			out = append(out, g)
		}
	}
	return out
}

// controls keeps the controls that are selected. One that is not and has
// enhancements that are gives its place to them.
func (s selection) controls(controls []oscalControl, inherited bool) []oscalControl {
	var out []oscalControl
	for _, c := range controls {
		id := s.idOf(c)
		taken, children := s.takes(id)
		taken = taken || inherited && !chosen(s.Excludes, id)
		c.Controls = s.controls(c.Controls, taken && (children || inherited))
		if taken {
			out = append(out, c)
		} else {
			out = append(out, c.Controls...)
		}
	}
	return out
}

// idOf is the id by which the profile knows a control. A catalog that this program wrote
// has ids made of labels, AC-2_x28_1_x29_ for the enhancement that publishers call ac-2.1.
func (s selection) idOf(c oscalControl) string {
	if !exact(c.Props) || chosen(s.Includes, c.ID) || chosen(s.Excludes, c.ID) {
		return c.ID
	}
	return publishersID(c.ID)
}

var publishersIDs = strings.NewReplacer("_x28_", ".", "_x29_", "")

func publishersID(id string) string { return strings.ToLower(publishersIDs.Replace(id)) }

// takes tells whether a control is selected and whether those below it are with it.
func (s selection) takes(id string) (taken, children bool) {
	if chosen(s.Excludes, id) {
		return false, false
	}
	if len(s.Includes) == 0 {
		return true, true
	}
	for _, c := range s.Includes {
		if chosen([]oscalChoice{c}, id) {
			taken, children = true, children || c.Children == "yes"
		}
	}
	return taken, children
}

// chosen tells whether a control is named by one of the choices, by its id or by a
// pattern with * and ?.
func chosen(choices []oscalChoice, id string) bool {
	for _, c := range choices {
		if slices.Contains(c.IDs, id) {
			return true
		}
		for _, m := range c.Matching {
			if ok, err := path.Match(m.Pattern, id); ok && err == nil {
				return true
			}
		}
	}
	return false
}

// modifier changes selected controls as the profile says.
type modifier struct {
	oscalModify
	alters map[string][]oscalAlter
}

func (m modifier) params(params []oscalParam) {
	for i := range params {
		for _, set := range m.Params {
			if set.ID == params[i].ID {
				params[i].Label, params[i].Values = first(set.Label, params[i].Label), set.Values
				if set.Select != nil {
					params[i].Select = set.Select
				}
			}
		}
		m.params(params[i].Params)
	}
}

func (m modifier) groups(groups []oscalGroup) {
	for i := range groups {
		m.params(groups[i].Params)
		m.groups(groups[i].Groups)
		m.controls(groups[i].Controls)
	}
}

func (m modifier) controls(controls []oscalControl) {
	for i := range controls {
		c := &controls[i]
		alters := m.alters[c.ID]
		if exact(c.Props) && alters == nil {
			alters = m.alters[publishersID(c.ID)]
		}
		for _, a := range alters {
			for _, r := range a.Removes {
				c.Parts = removeParts(c.Parts, r)
				c.Props = slices.DeleteFunc(slices.Clone(c.Props), func(p oscalProp) bool { return r.Name != "" && r.Name == p.Name && r.ID == "" })
			}
			for _, add := range a.Adds {
				c.add(add)
			}
		}
		m.params(c.Params)
		m.controls(c.Controls)
	}
}

// removeParts leaves out the parts that a removal names by id or name.
func removeParts(parts []oscalPart, r oscalRemove) []oscalPart {
	var out []oscalPart
	for _, p := range parts {
		if r.Item != "" && r.Item != "part" || r.ID == "" && r.Name == "" || r.ID != "" && r.ID != p.ID || r.Name != "" && r.Name != p.Name {
			p.Parts = removeParts(p.Parts, r)
			out = append(out, p)
		}
	}
	return out
}

// add puts an addition into a control: into, before or after the part it names, or
// at the beginning or end of the control.
func (c *oscalControl) add(a oscalAdd) {
	if a.ID != "" && a.ID != c.ID {
		c.Parts = addToPart(c.Parts, a)
		return
	}
	c.Title = first(a.Title, c.Title)
	c.Params = append(slices.Clone(c.Params), a.Params...)
	c.Props = append(slices.Clone(a.Props), c.Props...)
	if a.Position == "starting" || a.Position == "before" {
		c.Parts = append(slices.Clone(a.Parts), c.Parts...)
	} else {
		c.Parts = append(slices.Clone(c.Parts), a.Parts...)
	}
}

func addToPart(parts []oscalPart, a oscalAdd) []oscalPart {
	var out []oscalPart
	for _, p := range parts {
		p.Parts = addToPart(p.Parts, a)
		if p.ID != a.ID {
			out = append(out, p)
			continue
		}
		switch a.Position {
		case "before":
			out = append(append(out, a.Parts...), p)
			continue
		case "after":
			out = append(append(out, p), a.Parts...)
			continue
		case "starting":
			p.Parts = append(slices.Clone(a.Parts), p.Parts...)
		default:
			p.Parts = append(slices.Clone(p.Parts), a.Parts...)
		}
		p.Title, p.Props = first(a.Title, p.Title), append(slices.Clone(a.Props), p.Props...)
		out = append(out, p)
	}
	return out
}
