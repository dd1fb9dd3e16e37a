package web

import (
	"regexp"
	"strconv"
	"strings"

	"concord/corpus"
)

// saidProblem is a problem of a reader in the language of the page.
type saidProblem struct {
	Text, Cure string
	Language   corpus.Language // of both, "" for that of the page
	Where      string          // "" for nowhere
	WhereIn    corpus.Language // of Where, "" for that of the page
}

// problem says a problem by its rule, else in the English words that it has.
func (w *words) problem(p corpus.Problem) saidProblem {
	out := saidProblem{Text: p.Message, Cure: p.Cure, Language: w.unless("en")}
	out.Where, out.WhereIn = w.where(p.Place)
	if p.Rule == "" || !w.has("problem."+p.Rule) {
		return out
	}
	values := make([]any, len(p.Values))
	for i := range p.Values {
		values[i] = p.Values[i]
		if i%2 == 1 {
			values[i] = w.problemValue(p.Values[i-1], p.Values[i])
		}
	}
	out.Text, out.Cure, out.Language = w.say("problem."+p.Rule, values...), "", ""
	if key := "cure." + p.Rule; p.Cure != "" && w.has(key) {
		out.Cure = w.say(key, values...)
	}
	return out
}

// problemValue is a value of a problem: numbers as the language writes them, and
// names of ours in their words.
func (w *words) problemValue(name, v any) any {
	switch v := v.(type) {
	case float64: // as JSON reads them back
		return int(v)
	case string:
		switch name {
		case "where":
			text, _ := w.where(v)
			return w.value(text)
		case "verdict", "said":
			if key := "verdict." + v; w.has(key) {
				return w.say(key)
			}
		case "tongue", "other":
			return w.tongue(corpus.Language(v))
		case "place":
			return w.place(corpus.Jurisdiction(v))
		case "domain":
			if key := "domain." + v; w.has(key) {
				return w.say(key)
			}
		}
	}
	return w.value(v)
}

// counted are the places that have a number or a name: "page 3", "clause 5.3.1".
var counted = regexp.MustCompile(`^(page|line|clause) (.+)$`)

// where says the place of a problem: parts with a comma between them, all of which
// have words, else as it is, in English.
func (w *words) where(place string) (string, corpus.Language) {
	if place == "" {
		return "", ""
	}
	parts := strings.Split(place, ", ")
	for i, part := range parts {
		m := counted.FindStringSubmatch(part)
		switch {
		case m == nil && w.has("where."+part):
			parts[i] = w.say("where." + part)
		case m == nil:
			return place, w.unless("en")
		default:
			var name any = m[2]
			if n, err := strconv.Atoi(m[2]); err == nil && m[1] != "clause" {
				name = n
			}
			parts[i] = w.say("where."+m[1], "name", name)
		}
	}
	return strings.Join(parts, w.say("where.comma")), ""
}
