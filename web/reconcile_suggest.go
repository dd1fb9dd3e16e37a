package web

import (
	"bytes"
	"cmp"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// recFeature is a reason for a score.
type recFeature struct {
	ID    string `json:"id"`
	Name  string `json:"name,omitempty"`
	Value any    `json:"value"`
}

// rec02Candidate is a finding as 0.2 writes it.
type rec02Candidate struct {
	ID          string       `json:"id"`
	Name        string       `json:"name"`
	Description string       `json:"description,omitempty"`
	Score       float64      `json:"score"`
	Match       bool         `json:"match"`
	Type        []recType    `json:"type"`
	Features    []recFeature `json:"features"`
}

func (f *recFound) as02(c *recCall) rec02Candidate {
	return rec02Candidate{ID: f.id, Name: f.name, Description: f.about, Score: f.score, Match: f.match, Type: []recType{c.typeOf(f.kind)},
		Features: []recFeature{{ID: "identical", Value: f.same}, {ID: "overlap", Value: f.overlap}}}
}

// rec10Candidate is a finding as the draft of 1.0 writes it.
type rec10Candidate struct {
	rec02Candidate
	Language corpus.Language `json:"lang,omitempty"`
	Dir      string          `json:"dir,omitempty"`
}

func (f *recFound) as10(c *recCall) rec10Candidate {
	out := rec10Candidate{rec02Candidate: f.as02(c), Language: f.lang}
	if c.words.tag == "en" {
		out.Features[0].Name, out.Features[1].Name = "Identical name", "Characters in common"
	}
	if f.lang != "" {
		out.Dir = direction(f.lang)
	}
	return out
}

// recSuggestion is an entity that somebody may mean.
type recSuggestion struct {
	ID          string          `json:"id"`
	Name        string          `json:"name"`
	Description string          `json:"description,omitempty"`
	Notable     []recType       `json:"notable"`
	Language    corpus.Language `json:"lang,omitempty"`
	Dir         string          `json:"dir,omitempty"`
}

// recSuggestEntity completes a name. Names are looked at and texts are not.
func (s *Server) recSuggestEntity(c *recCall) (any, error) {
	prefix, err := recPrefix(c)
	if err != nil {
		return nil, err
	}
	from, limit, err := recStretch(c)
	if err != nil {
		return nil, err
	}
	out := []recSuggestion{}
	if prefix == "" || limit == 0 {
		return map[string]any{"result": out}, nil
	}
	desk, err := s.recDesk(c)
	if err != nil {
		return nil, err
	}
	q := recQuery{text: prefix, limit: min(from+limit, recMostLimit)} // what is behind them, a longer prefix finds
	if kind := c.echo.QueryParam("type"); kind != "" {
		q.ofTypes([]string{kind})
	}
	found, err := desk.match(q, false)
	if err != nil {
		return nil, err
	}
	for _, f := range found[min(from, len(found)):] {
		one := recSuggestion{ID: f.id, Name: f.name, Description: f.about, Notable: []recType{c.typeOf(f.kind)}}
		if c.version == rec10 && f.lang != "" {
			one.Language, one.Dir = f.lang, direction(f.lang)
		}
		out = append(out, one)
	}
	return map[string]any{"result": out}, nil
}

// recPrefix is what was typed so far.
func recPrefix(c *recCall) (string, error) {
	prefix := strings.TrimSpace(c.echo.QueryParam("prefix"))
	if recCut(prefix, recMostText) != prefix {
		return "", fmt.Errorf("prefix has more than %d characters: %w", recMostText, corpus.ErrLimit)
	}
	return prefix, nil
}

// recStretch is which part of the suggestions is wanted: from cursor in 0.2, from
// offset in 1.0.
func recStretch(c *recCall) (from, limit int, err error) {
	name := "cursor"
	if c.version == rec10 {
		name = "offset"
	}
	if from, err = recNumber(c, name, 0, 1_000_000); err != nil {
		return 0, 0, err
	}
	limit, err = recNumber(c, "limit", 10, recMostLimit)
	return from, limit, err
}

// recNamed tells whether an id or a name goes on from what was typed.
func recNamed(prefix, id, name string) bool {
	prefix = recFold(prefix)
	return strings.HasPrefix(recFold(id), prefix) || strings.Contains(recFold(name), prefix)
}

// recSuggestProperty completes the name of a property.
func (s *Server) recSuggestProperty(c *recCall) (any, error) {
	prefix, err := recPrefix(c)
	if err != nil {
		return nil, err
	}
	out := []recProperty{}
	for _, p := range recProperties {
		if p.Name, p.Description = c.named(p.ID, p.Name, p.Description); recNamed(prefix, p.ID, p.Name) {
			out = append(out, p)
		}
	}
	return recPart(c, out)
}

// recSuggestType completes the name of a type.
func (s *Server) recSuggestType(c *recCall) (any, error) {
	prefix, err := recPrefix(c)
	if err != nil {
		return nil, err
	}
	out := []recType{}
	for _, t := range c.types() {
		if recNamed(prefix, t.ID, t.Name) {
			out = append(out, t)
		}
	}
	return recPart(c, out)
}

// recPart answers the part of a list that is wanted.
func recPart[T any](c *recCall, list []T) (any, error) {
	from, limit, err := recStretch(c)
	if err != nil {
		return nil, err
	}
	list = list[min(from, len(list)):]
	return map[string]any{"result": list[:min(limit, len(list))]}, nil
}

// recView leads to the page of an entity. It says nothing of whether it is there;
// the page asks who wants to see it.
func (s *Server) recView(c *recCall) (any, error) {
	return nil, c.echo.Redirect(http.StatusSeeOther, recPage(c.echo.QueryParam("id")))
}

// recPage is the address of an entity's page on this server.
func recPage(id string) string {
	if concept, is := strings.CutPrefix(id, recConceptMark); is {
		return conceptURL(lexicon.ConceptID(clip(concept, 500)))
	}
	id = clip(id, 1000)
	standard, key, isClause := strings.Cut(id, "/")
	for _, part := range []string{standard, key} { // a browser would take these for steps
		if part == "." || part == ".." {
			return "/standards"
		}
	}
	if isClause {
		return clauseURL(corpus.ClauseID(id))
	}
	return standardURL(corpus.StandardID(id))
}

// recFlyout is the preview of an entity, which other programs show in a frame.
type recFlyout struct {
	Nonce, Name, Type, About, Text, Notice, Page string
	Lang, Dir, Kept                              string // of the words around; Kept says what rights keep back
	Language                                     corpus.Language
	NameLanguage                                 corpus.Language
	Rows                                         []recFlyoutRow
}

// recFlyoutRow is a property with its values, each in its own direction.
type recFlyoutRow struct {
	Name   string
	Values []recValue
}

var recFlyoutPage = template.Must(template.New("preview").Parse(`<!doctype html>
<html lang="{{.Lang}}" dir="{{.Dir}}"><head><meta charset="utf-8"><title>{{.Name}}</title>
<style nonce="{{.Nonce}}">body{font:14px/1.4 system-ui,sans-serif;margin:10px;color:#1b1b1b;background:#fff}h1{font-size:16px;margin:0 0 4px}p{margin:4px 0}dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 10px;margin:6px 0}dt{color:#555}dd{margin:0}</style></head>
<body><h1 dir="auto"{{with .NameLanguage}} lang="{{.}}"{{end}}>{{.Name}}</h1><p>{{.Type}}</p>
{{with .About}}<p dir="auto"{{with $.Language}} lang="{{.}}"{{end}}>{{.}}</p>{{end}}
{{with .Text}}<p dir="auto"{{with $.Language}} lang="{{.}}"{{end}}>{{.}}</p>{{end}}
{{with .Kept}}<p><em>{{.}}</em></p>{{end}}
<dl>{{range .Rows}}<dt>{{.Name}}</dt><dd>{{range $i, $v := .Values}}{{if $i}} · {{end}}<bdi{{with $v.Language}} lang="{{.}}"{{end}}>{{or $v.Text $v.Name}}</bdi>{{end}}</dd>{{end}}</dl>
{{with .Notice}}<p><em dir="auto">{{.}}</em></p>{{end}}
<p><a href="{{.Page}}" target="_blank" rel="noopener">Concord</a></p></body></html>
`))

// recPreviewPolicy lets any page show the preview in a frame: it has no script and
// no form, and knows no cookie, so a click in it does nothing for anybody.
const recPreviewPolicy = "default-src 'none'; style-src 'nonce-%s'; base-uri 'none'; form-action 'none'; frame-ancestors *; sandbox allow-popups allow-popups-to-escape-sandbox"

// recPreview shows an entity in a small page.
func (s *Server) recPreview(c *recCall) (any, error) {
	id := c.echo.QueryParam("id")
	desk, err := s.recDesk(c)
	if err != nil {
		return nil, err
	}
	byID, err := desk.entities([]string{clip(id, 1000)})
	if err != nil {
		return nil, err
	}
	e, there := byID[id]
	if !there {
		return nil, fmt.Errorf("there is no entity %s: %w", clip(id, 80), corpus.ErrNotFound)
	}
	nonce, _ := c.echo.Get(atNonce).(string)
	page := s.flyout(desk, e, c.words)
	page.Nonce = nonce
	var body bytes.Buffer
	if err := recFlyoutPage.Execute(&body, page); err != nil {
		return nil, fmt.Errorf("write a preview: %w", err)
	}
	h := c.echo.Response().Header()
	h.Set("Content-Security-Policy", fmt.Sprintf(recPreviewPolicy, nonce))
	h.Del("X-Frame-Options")
	h.Add("Vary", "Authorization")
	return nil, c.echo.HTMLBlob(http.StatusOK, body.Bytes())
}

// recLabels are the sentences by which types and properties are named.
var recLabels = map[string]string{recStandard: "facet.standard", recClause: "concept.clause", "title": "field.title", "jurisdiction": "facet.jurisdiction", "language": "facet.language", "edition": "field.edition",
	"status": "facet.status", "obligation": "facet.obligation", "term": "term.term", "definition": "term.definition",
	"designation": "field.designation", "label": "import.number", "heading": "import.heading", "text": "import.text", "equivalents": "reconcile.equivalents", "equivalent-count": "reconcile.equivalent-count"}

// recSays is a type or a property in a language of the pages.
func recSays(w *words, name string) string { return w.say(cmp.Or(recLabels[name], "term.term")) }

// flyout is what the preview says, in a language of the pages.
func (s *Server) flyout(d *recDesk, e *recEntity, w *words) recFlyout {
	out := recFlyout{Name: e.name, NameLanguage: e.lang, Type: recSays(w, e.kind), Page: s.base.String() + recPage(e.id), Lang: w.tag, Dir: "ltr"}
	if corpus.Language(w.tag).RightToLeft() {
		out.Dir = "rtl"
	}
	if e.standard != nil {
		out.Notice = e.standard.Notice
	}
	values := d.values()
	show := func(names ...string) {
		for _, name := range names {
			list := slices.Clone(values.of(e, name))
			if list = list[:min(len(list), recMostProps)]; len(list) == 0 {
				continue
			}
			for n, v := range list { // codes that the pages have words for
				if key := map[string]string{"status": "status.", "obligation": "degree."}[name] + v.Text; key != v.Text && w.has(key) {
					list[n].Text, list[n].Language = w.say(key), corpus.Language(w.tag)
				}
			}
			out.Rows = append(out.Rows, recFlyoutRow{recSays(w, name), list})
		}
	}
	switch e.kind {
	case recStandard:
		title := e.standard.Title(d.lang)
		out.About, out.Language = title.Text, title.Language
		show("jurisdiction", "language", "edition", "status")
	case recClause:
		out.About, out.Text, out.Language = e.clause.Heading, recCut(e.clause.Text, 1500), e.clause.Language
		if !e.whole {
			out.Kept = w.say("rights.excerpt")
		}
		show("title", "jurisdiction", "edition", "status", "obligation")
	default:
		show("term", "definition")
	}
	return out
}
