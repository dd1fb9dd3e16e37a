package web

import (
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"sort"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"concord/corpus"
)

// words is one language of the pages.
type words struct {
	tag      string
	parsed   language.Tag
	messages map[string]message
}

// message is a sentence, or its plural forms with "other" among them.
type message map[string]string

// UnmarshalJSON reads a sentence or an object of forms.
func (m *message) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*m = message{"other": one}
		return nil
	}
	forms := map[string]string{}
	if err := json.Unmarshal(data, &forms); err != nil {
		return fmt.Errorf("a message is a sentence or its plural forms: %w", err)
	}
	if forms["other"] == "" {
		return fmt.Errorf("a plural needs the form \"other\": %w", corpus.ErrInvalid)
	}
	*m = forms
	return nil
}

// chooser finds the language of pages for a browser.
type chooser struct {
	tags    []string // the fallback first
	matcher language.Matcher
}

// loadWords reads all languages. The fallback is for people who ask for none
// of ours; "" means English.
func loadWords(fallback string) (map[string]*words, *chooser, error) {
	if fallback == "" {
		fallback = "en"
	}
	entries, err := fs.ReadDir(packedFiles, "locales")
	if err != nil {
		return nil, nil, fmt.Errorf("read the words of the pages: %w", err)
	}
	all := map[string]*words{}
	for _, entry := range entries {
		w, err := readWords(entry.Name())
		if err != nil {
			return nil, nil, err
		}
		all[w.tag] = w
	}
	if all[fallback] == nil {
		return nil, nil, fmt.Errorf("there are no pages in the language %q: %w", fallback, corpus.ErrInvalid)
	}
	return all, newChooser(all, fallback), nil
}

// readWords reads one file of locales: a key gives a sentence with {names}, or
// one sentence per plural form of {n} (CLDR).
func readWords(name string) (*words, error) {
	body, err := fs.ReadFile(packedFiles, "locales/"+name)
	if err != nil {
		return nil, fmt.Errorf("read the words of the pages: %w", err)
	}
	w := &words{tag: strings.TrimSuffix(name, ".json")}
	if err := json.Unmarshal(body, &w.messages); err != nil {
		return nil, fmt.Errorf("read locales/%s: %w", name, err)
	}
	if w.parsed, err = language.Parse(w.tag); err != nil {
		return nil, fmt.Errorf("the name of locales/%s is no language: %w", name, err)
	}
	return w, nil
}

func newChooser(all map[string]*words, fallback string) *chooser {
	tags := make([]string, 0, len(all))
	for tag := range all {
		tags = append(tags, tag)
	}
	sort.Slice(tags, func(i, j int) bool {
		if (tags[i] == fallback) != (tags[j] == fallback) {
			return tags[i] == fallback
		}
		return tags[i] < tags[j]
	})
	parsed := make([]language.Tag, len(tags))
	for i, tag := range tags {
		parsed[i] = all[tag].parsed
	}
	return &chooser{tags: tags, matcher: language.NewMatcher(parsed)}
}

// choose takes the language of the cookie, else what the browser accepts.
func (ch *chooser) choose(cookie, accept string, all map[string]*words) *words {
	if w := all[cookie]; w != nil {
		return w
	}
	if len(accept) > 200 {
		accept = ""
	}
	_, i := language.MatchStrings(ch.matcher, accept)
	return all[ch.tags[i]]
}

// say is the sentence of a key with its {names} filled in from pairs of name
// and value. An integer named n chooses the plural form. A key without a
// sentence shows itself, and a test fails.
func (w *words) say(key string, pairs ...any) string {
	m, found := w.messages[key]
	if !found {
		return "⟦" + key + "⟧"
	}
	text := m["other"]
	var replace []string
	for i := 0; i+1 < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		if n, isInt := pairs[i+1].(int); isInt && name == "n" {
			if form := m[w.form(n)]; form != "" {
				text = form
			}
		}
		replace = append(replace, "{"+name+"}", w.print(pairs[i+1]))
	}
	return strings.NewReplacer(replace...).Replace(text)
}

// has tells whether there is a sentence for a key.
func (w *words) has(key string) bool { return w.messages[key] != nil }

// print renders a value inside a sentence. Names, designations and dates are
// isolated in a sentence from right to left: "GB/T 50016 (2014)" would
// otherwise lose its closing parenthesis to the other end (UAX #9, 2.7).
func (w *words) print(v any) string {
	switch v := v.(type) {
	case int:
		return w.number(v)
	case int64:
		return w.number(int(v))
	}
	text := fmt.Sprint(v)
	if text != "" && corpus.Language(w.tag).RightToLeft() {
		return "\u2068" + text + "\u2069"
	}
	return text
}

// forms names the plural forms as the files do.
var forms = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other",
}

func (w *words) form(n int) string {
	return forms[plural.Cardinal.MatchPlural(w.parsed, n, 0, 0, 0, 0)]
}

// style is how a language writes numbers.
type style struct {
	group       string // between thousands
	least       int    // digits from which thousands are parted
	decimal     string
	minus, plus string
}

// styles are the languages whose numbers are not written as in English and
// Chinese. The marks are those of CLDR 44, but for one: Spanish parts thousands
// with a blank and not with a point, as ISO 80000-1, 7.3.1 and the Ortografía
// of 2010 want it, since a point is the decimal mark in half of the countries
// that read Spanish. Arabic keeps European digits, so that a limit or a clause
// number looks the same in the sentence and in the standard beside it; its
// signs carry a left-to-right mark, or they would end up behind the number.
var styles = map[string]style{
	"ar": {group: ",", least: 4, decimal: ".", minus: "\u200e−", plus: "\u200e+"},
	"es": {group: "\u202f", least: 5, decimal: ",", minus: "−", plus: "+"},
	"fr": {group: "\u202f", least: 4, decimal: ",", minus: "−", plus: "+"},
	"ru": {group: "\u00a0", least: 5, decimal: ",", minus: "−", plus: "+"},
}

// style is the language's way with numbers.
func (w *words) style() style {
	if s, found := styles[w.tag]; found {
		return s
	}
	return style{group: ",", least: 4, decimal: ".", minus: "−", plus: "+"}
}

// number prints an integer with the language's mark between thousands.
func (w *words) number(n int) string {
	st := w.style()
	digits := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, digits = st.minus, digits[1:]
	}
	if len(digits) < st.least {
		return sign + digits
	}
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(st.group)
		}
		b.WriteRune(d)
	}
	return sign + b.String()
}

// decimal prints a measure with at most four significant digits and the
// language's decimal mark.
func (w *words) decimal(v float64) string {
	text := strconv.FormatFloat(v, 'g', 4, 64)
	if f, err := strconv.ParseFloat(text, 64); err == nil && (f >= 1e-4 || f <= -1e-4 || f == 0) && f < 1e9 && f > -1e9 {
		text = strconv.FormatFloat(f, 'f', -1, 64)
	}
	return w.marked(text)
}

// fixed prints a number with so many digits after the decimal mark and its
// sign.
func (w *words) fixed(v float64, digits int) string {
	text := strconv.FormatFloat(v, 'f', digits, 64)
	if v > 0 {
		text = "+" + text
	}
	return w.marked(text)
}

// marked puts the language's decimal mark and sign into a number printed by
// strconv. The sign of an exponent has no mark of its own.
func (w *words) marked(text string) string {
	st := w.style()
	text = strings.Replace(text, ".", st.decimal, 1)
	switch {
	case strings.HasPrefix(text, "-"):
		text = st.minus + text[1:]
	case strings.HasPrefix(text, "+"):
		text = st.plus + text[1:]
	}
	return strings.Replace(text, "-", "−", 1)
}

// day is the date of a moment, ISO 8601, as everywhere in the pages.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02")
}

// moment is a moment to the minute in UTC.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04")
}

// long is a moment in the words of the language, to the day or to the minute.
func (w *words) long(t time.Time, minutes bool) string {
	t = t.UTC()
	date := w.say("date.day", "day", t.Day(), "month", w.say("month."+strconv.Itoa(int(t.Month()))), "year", t.Format("2006"))
	if !minutes {
		return date
	}
	return w.say("date.moment", "date", date, "time", t.Format("15:04"))
}

// timeElement is a moment as printed, which is ISO 8601 in every language, with
// the language's own form behind it. It stands apart: in a line from right to
// left the parts of 2026-11-26 would change places after an Arabic word.
func (w *words) timeElement(t time.Time, printed string, minutes bool) template.HTML {
	if printed == "" {
		return ""
	}
	machine := t.UTC().Format("2006-01-02")
	if minutes {
		machine = t.UTC().Format("2006-01-02T15:04Z")
	}
	return template.HTML(fmt.Sprintf(`<time dir="ltr" datetime="%s" title="%s">%s</time>`, machine, template.HTMLEscapeString(w.long(t, minutes)), template.HTMLEscapeString(printed)))
}
