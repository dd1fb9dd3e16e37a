package web

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/corpus/staging"
	"concord/matcher"
	"concord/review"
)

// said is a sentence with the language it is in, "" for that of the page.
type said struct {
	Text     string
	Language corpus.Language
}

// namer names a concept in a language.
type namer func(lexicon.ConceptID, corpus.Language) string

// condition is a condition in the language of the page, made from its data. The
// figures and words it quotes stay as printed.
func (w *words) condition(label namer, c corpus.Condition) string {
	what := label(lexicon.ConceptID(c.Concept), corpus.Language(w.tag))
	if c.Concept == "" || what == "" {
		what = w.say("condition.value")
	}
	var texts []string
	for _, t := range c.Texts {
		texts = append(texts, w.print(bounds.Replace(t)))
	}
	sentence := w.say("condition."+c.Kind, "what", what, "need", bounds.Replace(c.Need), "has", bounds.Replace(c.Has))
	return strings.ReplaceAll(sentence, "{text}", strings.Join(texts, w.say("list.separator")))
}

// Sentences says suggested conditions in the languages of the pages, for documents
// that are made without a server; label names concepts.
func Sentences(label func(lexicon.ConceptID, corpus.Language) string) (func(corpus.Condition, corpus.Language) string, error) {
	all, _, err := loadWords("en")
	return sentencesOf(all, label), err
}

// sentencesOf says a condition in a language of the pages, for documents; "" in any
// other.
func sentencesOf(all map[string]*words, label namer) func(corpus.Condition, corpus.Language) string {
	return func(c corpus.Condition, in corpus.Language) string {
		w := all[string(in)]
		if w == nil || !w.has("condition."+c.Kind) {
			return ""
		}
		c.Need, c.Has = unbroken(c.Need), unbroken(c.Has)
		return directional(w.condition(label, c))
	}
}

// mostUnbroken is how many characters of a value stay on one line.
const mostUnbroken = 24

// unbroken keeps a figure and its unit on one line.
func unbroken(value string) string {
	if len([]rune(value)) > mostUnbroken {
		return value
	}
	return strings.ReplaceAll(value, " ", "\u00a0")
}

// directional is a sentence as word processors and spreadsheets show it. Many of them do not
// know isolates; marks of direction around values that run from left to right keep
// "≥ 6 个月" whole and its sign unturned in a sentence from right to left (UAX #9, 2.6).
// LibreOffice breaks such a line at U+00A0, so that the sign stands turned at its end and
// the figure on the next one; it keeps U+202F, the narrow space that does not break. A
// word joiner (U+2060) stands before the Chinese characters of a unit, between which every
// program breaks (UAX #14, class ID).
func directional(sentence string) string {
	parts := strings.Split(sentence, "\u2068")
	for i, part := range parts[1:] {
		value, after, _ := strings.Cut(part, "\u2069")
		value = inOnePiece(strings.ReplaceAll(value, "\u00a0", "\u202f"))
		if value != "" && !strings.ContainsFunc(value, func(r rune) bool { return unicode.In(r, unicode.Arabic, unicode.Hebrew) && unicode.IsLetter(r) }) {
			value = "\u200e" + value + "\u200e"
		}
		parts[i+1] = value + after
	}
	return strings.Join(parts, "")
}

// inOnePiece keeps a short value in one piece where it has Chinese characters.
func inOnePiece(value string) string {
	if len([]rune(value)) > mostUnbroken {
		return value
	}
	var b strings.Builder
	for i, r := range value {
		if i > 0 && unicode.Is(unicode.Han, r) {
			b.WriteRune('\u2060')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// conditions are the conditions of a recognition for a page: those that the
// comparison suggested in the language of the page, a person's own as they were
// written.
func (w *words) conditions(label namer, r corpus.Recognition) []said {
	var out []said
	for i, text := range r.Conditions {
		d := r.Detail(i)
		line := said{bounds.Replace(text), d.Language}
		if !d.Own() && w.has("condition."+d.Kind) {
			line = said{Text: w.condition(label, d)}
		}
		if line.Language == corpus.Language(w.tag) {
			line.Language = ""
		}
		out = append(out, line)
	}
	return out
}

// conditionLines are the conditions of a recognition for a field that people
// edit, one a line.
func (w *words) conditionLines(label namer, r corpus.Recognition) string {
	var out []string
	for _, line := range w.conditions(label, r) {
		out = append(out, line.Text)
	}
	return strings.Join(out, "\n")
}

// isolates are the marks that words.print puts around values.
var isolates = strings.NewReplacer("\u2068", "", "\u2069", "")

// keepDetails puts the data behind the conditions of an answer: a line that is
// a suggestion, or a condition of an earlier answer, in any language of the
// pages keeps being one, so that the other side reads it in its own language.
// Everything else is the person's own words in the language of their page.
func (s *Server) keepDetails(a *review.Answer, m review.Match, made *matcher.Proposal, w *words) {
	known := map[string]corpus.Condition{}
	learn := func(r corpus.Recognition) {
		for i, text := range r.Conditions {
			d := r.Detail(i)
			if d.Own() {
				known[text] = d
				continue
			}
			for _, tongue := range s.words {
				known[isolates.Replace(tongue.condition(s.label, d))] = d
			}
		}
	}
	for _, d := range m.Decisions {
		learn(d.AToB)
		learn(d.BToA)
	}
	if made != nil {
		learn(made.AToB)
		learn(made.BToA)
	}
	for _, r := range []*corpus.Recognition{&a.AToB, &a.BToA} {
		r.Details = nil
		for _, text := range r.Conditions {
			d, found := known[isolates.Replace(text)]
			if !found {
				d = corpus.Condition{Language: corpus.Language(w.tag)}
			}
			r.Details = append(r.Details, d)
		}
	}
}

// refusal is an error's sentence for the page: that of its rule in the language
// of the reader, else the error's own English one, marked as such.
func (w *words) refusal(err error) said {
	r, found := corpus.RefusalOf(err)
	if !found || !w.has("refusal."+r.Rule) {
		return said{Text: sentence(err), Language: w.unless("en")}
	}
	values := slices.Clone(r.Values)
	for i := 1; i < len(values); i += 2 {
		values[i] = w.value(values[i])
		if key := "format." + notKey.ReplaceAllString(strings.ToLower(fmt.Sprint(values[i])), "-"); values[i-1] == "format" && w.has(strings.TrimSuffix(key, "-")) {
			values[i] = w.say(strings.TrimSuffix(key, "-"))
		}
		if key := fmt.Sprint("columns.role.", values[i]); (values[i-1] == "holds" || values[i-1] == "also") && w.has(key) {
			values[i] = w.say(key)
		}
	}
	return said{Text: w.say("refusal."+r.Rule, values...)}
}

// notKey is what a name has that the key of a message has not.
var notKey = regexp.MustCompile(`[^a-z]+`)

// value is a value of a refusal in the language of the page: names of ours get
// their words, a refusal inside its sentence, everything else stays.
func (w *words) value(v any) any {
	if r, nested := corpus.RefusalIn(v); nested {
		return w.refusal(r).Text
	}
	key := ""
	switch v := v.(type) {
	case review.KeyAct:
		return w.keyAct(v)
	case matcher.Aspect:
		key = "aspect." + string(v)
	case review.Verdict:
		key = "verdict." + string(v)
	case staging.FieldName:
		key = "field." + string(v)
	}
	if key != "" && w.has(key) {
		return w.say(key)
	}
	return v
}

// unless is a language for the lang attribute, "" when the page is in it.
func (w *words) unless(l corpus.Language) corpus.Language {
	if corpus.Language(w.tag) == l {
		return ""
	}
	return l
}
