package reader

import (
	"fmt"
	"sort"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"

	"concord/corpus"
)

// cutFrontMatter splits the YAML between two lines of --- at the head of a file
// from its body, and counts the lines it took.
func cutFrontMatter(text string) (matter, body string, lines int) {
	text = strings.TrimPrefix(text, "\ufeff")
	rest, found := strings.CutPrefix(text, "---\n")
	if !found {
		return "", text, 0
	}
	matter, body, found = strings.Cut(rest, "\n---\n")
	if !found || len(matter) > maxFrontMatter {
		if matter, found = strings.CutSuffix(strings.TrimRight(rest, "\n"), "\n---"); !found || len(matter) > maxFrontMatter {
			return "", text, 0
		}
		body = ""
	}
	return matter, body, strings.Count(matter, "\n") + 3
}

// applyFrontMatter puts what the front matter says into the standard. It says
// whether clause numbers are ours unless marked otherwise. Unknown keys are
// other programs' and pass; wrong values of known keys are reported.
func applyFrontMatter(matter string, doc *corpus.Document) (illustrative bool, err error) {
	if aliased(matter) {
		return false, corpus.Refuse(corpus.ErrInvalid, "front-anchors", "front matter: anchors and aliases are not allowed; write the values out")
	}
	values := map[string]any{}
	if err := yaml.Unmarshal([]byte(matter), &values); err != nil {
		return false, corpus.Refuse(corpus.ErrInvalid, "front-broken", "front matter: not valid YAML ({why})", "why", shorten(strings.Join(strings.Fields(err.Error()), " "), 120))
	}
	f := frontMatter{values: values, doc: doc}
	s := &doc.Standard
	s.Designation = first(f.text("designation"), f.text("jurabk")) // jurabk: the German federal laws' own short name
	s.ID = corpus.StandardID(f.identifier("id"))
	s.Language = languageTag(first(f.text("language"), f.text("lang")))
	s.Titles = f.titles(s.Language)
	s.Issuer = f.text("issuer")
	s.Jurisdiction = corpus.Jurisdiction(strings.ToUpper(f.text("jurisdiction")))
	s.Domain = domainNamed(f.oneOf("domain", "engineering", "park", "digital"))
	s.Edition = f.text("edition")
	s.Status = corpus.Status(f.oneOf("status", "in-force", "superseded", "withdrawn", "draft"))
	s.InForce = f.date("in_force")
	s.Replaces, s.ReplacedBy = f.list("replaces"), f.list("replaced_by")
	s.ICS, s.CCS = f.list("ics"), f.list("ccs")
	s.Adopts = f.adoptions()
	s.Tradition = corpus.Tradition(f.text("tradition"))
	s.Rights = corpus.Rights(f.oneOf("rights", "full", "excerpt", "titles"))
	s.Authenticity = corpus.Authenticity(f.oneOf("authenticity", "official", "reference"))
	s.Overlay, s.Base = corpus.OverlayKind(f.oneOf("overlay", "amendment", "corrigendum", "national-annex", "none")), f.text("base")
	s.Notice = f.text("notice")
	illustrative = f.oneOf("numbers", "illustrative", "official") == "illustrative"
	s.Demonstration = illustrative || s.Notice != ""
	return illustrative, nil
}

// aliased tells whether YAML uses anchors or aliases, by which a small text can
// unfold into a huge one.
func aliased(matter string) bool {
	for _, t := range lexer.Tokenize(matter) {
		if t.Type == token.AnchorType || t.Type == token.AliasType || t.Type == token.MergeKeyType {
			return true
		}
	}
	return false
}

// frontMatter reads values of known keys.
type frontMatter struct {
	values map[string]any
	doc    *corpus.Document
}

func (f frontMatter) complain(key, message string) {
	f.doc.Problems = append(f.doc.Problems, problem(corpus.SeverityWarning, "front matter, "+key, message, "correct it in the file"))
}

// text is a scalar as text, "" when it is not there.
func (f frontMatter) text(key string) string {
	switch v := f.values[key].(type) {
	case nil:
		return ""
	case string:
		return strings.TrimSpace(v)
	case map[string]any, []any:
		f.complain(key, "should be one value")
		return ""
	default:
		return fmt.Sprint(v)
	}
}

// identifier is a text that may stand in a URL.
func (f frontMatter) identifier(key string) string {
	s := f.text(key)
	if strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		f.complain(key, "should be small letters, figures and hyphens")
		return ""
	}
	return s
}

// oneOf is a text that must be one of a list.
func (f frontMatter) oneOf(key string, allowed ...string) string {
	s := strings.ToLower(f.text(key))
	if s == "" {
		return ""
	}
	for _, a := range allowed {
		if s == a {
			return s
		}
	}
	f.complain(key, quote(s)+" is none of "+strings.Join(allowed, ", "))
	return ""
}

// date is an ISO date.
func (f frontMatter) date(key string) string {
	s := f.text(key)
	if len(s) >= 10 && s[4] == '-' && s[7] == '-' && strings.Trim(s[:10], "0123456789-") == "" {
		return s[:10]
	}
	if s != "" {
		f.complain(key, quote(s)+" is no date; write 2015-05-01")
	}
	return ""
}

// list is a list of texts, or one text.
func (f frontMatter) list(key string) []string {
	switch v := f.values[key].(type) {
	case nil:
		return nil
	case []any:
		var out []string
		for _, item := range v {
			if s := strings.TrimSpace(fmt.Sprint(item)); s != "" {
				out = append(out, s)
			}
		}
		return out
	case string:
		if v = strings.TrimSpace(v); v != "" {
			return []string{v}
		}
	}
	return nil
}

// titles reads a title per language, or one title. The text's own language
// comes first, the others in alphabetical order.
func (f frontMatter) titles(own corpus.Language) []corpus.Title {
	for _, key := range []string{"title", "Title"} {
		switch v := f.values[key].(type) {
		case string:
			return []corpus.Title{{Language: own, Text: strings.TrimSpace(v)}}
		case map[string]any:
			var out []corpus.Title
			for _, tag := range sortedKeys(v) {
				if s, ok := v[tag].(string); ok && s != "" {
					out = append(out, corpus.Title{Language: languageTag(tag), Text: strings.TrimSpace(s)})
				}
			}
			sort.SliceStable(out, func(i, j int) bool { return out[i].Language == own && out[j].Language != own })
			return out
		}
	}
	return nil
}

// adoptions reads a list of {designation, degree}.
func (f frontMatter) adoptions() []corpus.Adoption {
	list, _ := f.values["adopts"].([]any)
	var out []corpus.Adoption
	for _, item := range list {
		m, ok := item.(map[string]any)
		if !ok {
			f.complain("adopts", "should be a list of designation and degree")
			continue
		}
		a := corpus.Adoption{Designation: strings.TrimSpace(fmt.Sprint(m["designation"]))}
		switch d := corpus.Degree(strings.ToUpper(fmt.Sprint(m["degree"]))); d {
		case corpus.Identical, corpus.Modified, corpus.NotEquivalent:
			a.Degree = d
		default:
			f.complain("adopts", "the degree should be IDT, MOD or NEQ")
			continue
		}
		out = append(out, a)
	}
	return out
}
