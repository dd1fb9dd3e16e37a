package web

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/matcher"
	"concord/review"
)

// refusalCall is one corpus.Refuse in the source.
type refusalCall struct {
	file, rule, sentence string
	cure                 string
	problem              bool     // a corpus.Say, which has "problem.<rule>" on pages
	names                []string // of its values
}

// keys are the messages that say it on pages.
func (r refusalCall) keys() []string {
	switch {
	case !r.problem:
		return []string{"refusal." + r.rule}
	case r.cure == "":
		return []string{"problem." + r.rule}
	}
	return []string{"problem." + r.rule, "cure." + r.rule}
}

// refusalsOf finds every refusal of the packages that a page can pass on.
func refusalsOf(t *testing.T) []refusalCall {
	t.Helper()
	var out []refusalCall
	for _, dir := range []string{".", "../review", "../review/export", "../review/exchange", "../store", "../index", "../corpus", "../corpus/reader", "../corpus/staging", "../corpus/termbase", "../matcher", "../cmd/concord"} {
		files := untested(t, dir+"/*.go")
		for _, name := range slices.Sorted(maps.Keys(files)) {
			out = append(out, refusalsIn(t, name, files[name])...)
		}
	}
	return out
}

func refusalsIn(t *testing.T, name, body string) []refusalCall {
	t.Helper()
	file, err := parser.ParseFile(gotoken.NewFileSet(), name, body, 0)
	if err != nil {
		t.Fatal(err)
	}
	text := func(e ast.Expr) string {
		lit, is := e.(*ast.BasicLit)
		if !is {
			t.Fatalf("%s: rule, sentence and names of a refusal are constants", name)
		}
		s, err := strconv.Unquote(lit.Value)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	var out []refusalCall
	ast.Inspect(file, func(n ast.Node) bool {
		call, is := n.(*ast.CallExpr)
		if !is {
			return true
		}
		sel, other := call.Fun.(*ast.SelectorExpr)
		own, within := call.Fun.(*ast.Ident) // in the package of the rules itself
		called := ""
		switch {
		case other:
			called = sel.Sel.Name
		case within:
			called = own.Name
		}
		r, values := refusalCall{file: name}, 0
		switch {
		case called == "Refuse" && len(call.Args) >= 3:
			r.rule, r.sentence, values = text(call.Args[1]), text(call.Args[2]), 3
		case called == "Say" && len(call.Args) >= 5: // a problem of a reader
			r.problem, r.rule, r.sentence, r.cure, values = true, text(call.Args[2]), text(call.Args[3]), text(call.Args[4]), 5
		default:
			return true
		}
		for i := values; i < len(call.Args); i += 2 {
			r.names = append(r.names, text(call.Args[i]))
		}
		out = append(out, r)
		return true
	})
	return out
}

var hole = regexp.MustCompile(`\{([a-z]+)\}`)

// refusalFaults are refusals whose sentence, in English or in a language of the
// pages, is missing or names a value that the refusal has not.
func refusalFaults(calls []refusalCall, all map[string]*words) []string {
	var out []string
	for _, r := range calls {
		known := map[string]bool{}
		for _, n := range r.names {
			known[n] = true
		}
		texts := map[string]string{r.file: r.sentence + r.cure}
		for tag, w := range all {
			for _, key := range r.keys() {
				if !w.has(key) {
					out = append(out, tag+" has no sentence for "+r.rule)
					continue
				}
				texts[tag] += w.messages[key]["other"]
			}
		}
		for where, text := range texts {
			for _, m := range hole.FindAllStringSubmatch(text, -1) {
				if !known[m[1]] {
					out = append(out, where+": "+r.rule+" names {"+m[1]+"}, which nobody gives")
				}
			}
		}
	}
	return out
}

// TestRefusalsSpeakEveryLanguage: every refusal that a page can pass on has its
// sentence in all languages, with values that it gets.
func TestRefusalsSpeakEveryLanguage(t *testing.T) {
	calls, all := refusalsOf(t), speech(t)
	if len(calls) < 50 {
		t.Fatalf("only %d refusals are found", len(calls))
	}
	for _, fault := range refusalFaults(calls, all) {
		t.Error(fault)
	}
	// negative controls: a rule without words, and a sentence with a hole
	for body, want := range map[string]string{
		`package x; var e = corpus.Refuse(nil, "no-such-rule", "no")`:                           "has no sentence for no-such-rule",
		`package x; var e = corpus.Refuse(nil, "version", "you saw {seen}", "seen", 1)`:         "names {now}",
		`package x; var p = corpus.Say("note", "", "no-such-problem", "no", "do it")`:           "has no sentence for no-such-problem",
		`package x; var p = corpus.Say("note", "", "controls", "some were removed", "")`:        "names {count}",
		`package x; var e = corpus.Refuse(nil, "settled", "agreed by {whom}", "who", "nobody")`: "names {whom}",
	} {
		if got := strings.Join(refusalFaults(refusalsIn(t, "x.go", body), all), "\n"); !strings.Contains(got, want) {
			t.Errorf("%s: found %q, want %q", body, got, want)
		}
	}
}

// A refusal inside another one, or inside a problem, is said in the language of the
// page too, also after it was kept as JSON.
func TestRefusalsInsideAreSaid(t *testing.T) {
	inner := corpus.Refuse(corpus.ErrInvalid, "xml-none", "the file holds no element")
	nested, _ := corpus.RefusalOf(corpus.Within("word/a.xml", inner))
	kept, err := json.Marshal(nested.Values)
	if err != nil {
		t.Fatal(err)
	}
	var values []any
	if err := json.Unmarshal(kept, &values); err != nil {
		t.Fatal(err)
	}
	for tag, w := range speech(t) {
		want := w.refusal(inner).Text
		for name, got := range map[string]string{
			"refusal": w.refusal(nested).Text, "refusal that was told": w.refusal(corpus.Retold(nil, nested.Rule, values)).Text,
			"problem": w.problem(corpus.Problem{Rule: "left-out", Values: values[2:]}).Text,
		} {
			if !strings.Contains(got, want) || name != "problem" && !strings.Contains(got, "word/a.xml") {
				t.Errorf("%s: the %s is %q, without %q", tag, name, got, want)
			}
		}
	}
	if got := speech(t)["zh"].refusal(corpus.Retold(nil, "part", []any{"part", "a", "why", map[string]any{"Rule": 1}})); strings.Contains(got.Text, "⟦") {
		t.Errorf("a value that is no refusal: %q", got.Text)
	}
}

// labelsOf names one concept in the languages of the test.
func labelsOf(c lexicon.ConceptID, in corpus.Language) string {
	return map[corpus.Language]string{"en": "door", "zh": "门", "ar": "باب", "ru": "дверь", "fr": "porte", "es": "puerta"}[in]
}

// TestConditionsAreSaidInTheLanguageOfThePage: the same data gives another
// sentence in each language, with the figures as printed, and the English one
// is that of programs.
func TestConditionsAreSaidInTheLanguageOfThePage(t *testing.T) {
	all := speech(t)
	for _, kind := range matcher.ConditionKinds() {
		c := corpus.Condition{Kind: kind, Concept: "door", Need: ">= 0.9 m", Has: "0.8 m", Texts: []string{"甲", "乙"}}
		seen := map[string]string{}
		for tag, w := range all {
			text := w.condition(labelsOf, c)
			if other := seen[text]; other != "" {
				t.Errorf("%s: %s and %s say the same: %q", kind, tag, other, text)
			}
			seen[text] = tag
			if strings.ContainsAny(text, "{}⟦") {
				t.Errorf("%s: %s leaves a hole: %q", kind, tag, text)
			}
			if strings.Contains(w.messages["condition."+kind]["other"], "{need}") && !strings.Contains(text, "≥ 0.9 m") {
				t.Errorf("%s: %s loses the figure: %q", kind, tag, text)
			}
		}
	}
	if got := all["zh"].condition(labelsOf, corpus.Condition{Kind: "citation-missing", Texts: []string{"甲", "乙"}}); !strings.Contains(got, "甲、乙") {
		t.Errorf("texts are not listed in Chinese: %q", got)
	}
}

// englishRun is four Latin words in a row: a sentence, and no name.
var englishRun = regexp.MustCompile(`\b(?:[A-Za-z]{2,}[ ,;:]+){3,}[A-Za-z]{2,}\b`)

// english finds sentences in English on a page of another language: text that
// is not marked as being in a language of its own, nor somebody's words or a
// name (bdi), nor for the keyboard.
func english(t *testing.T, body string) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	var walk func(n *html.Node, foreign bool)
	walk = func(n *html.Node, foreign bool) {
		if n.Type == html.ElementNode {
			foreign = foreign || slices.Contains([]string{"bdi", "kbd", "code", "script", "style", "pre", "textarea", "select"}, n.Data)
			for _, a := range n.Attr {
				switch a.Key {
				case "lang":
					foreign = foreign || n.Data != "html"
				case "translate":
					foreign = foreign || a.Val == "no"
				case "title", "aria-label", "placeholder", "alt":
					if !foreign {
						out = append(out, englishRun.FindAllString(a.Val, -1)...)
					}
				}
			}
		}
		if n.Type == html.TextNode && !foreign {
			out = append(out, englishRun.FindAllString(n.Data, -1)...)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, foreign)
		}
	}
	walk(root, false)
	return out
}

// speak sets the language of a browser's pages.
func (b *browser) speak(tag string) *browser {
	u, _ := url.Parse(b.site.http.URL)
	b.http.Jar.SetCookies(u, []*http.Cookie{{Name: cookieLanguage, Value: tag, Path: "/"}})
	return b
}

// TestPagesSpeakOneLanguage crawls the pages in the languages whose letters are
// not Latin: no sentence on them is in English, and the condition that the
// comparison suggests is in the language of the page.
func TestPagesSpeakOneLanguage(t *testing.T) {
	s := newSite(t)
	first := "/matches/" + s.matches[0].ID.String()
	// Li Na adopts a suggested condition and adds one in her own words
	lina := s.signedIn("lina").speak("zh")
	zh := s.server.words["zh"]
	suggested := zh.condition(s.server.label, s.matches[0].Proposal.AToB.Details[0])
	if got := lina.decideOn(s.matches[0], "", url.Values{"verdict": {"subset"}, "a_to_b": {"conditions"}, "b_to_a": {"yes"}, "reason": {"scope"},
		"a_conditions": {suggested + "\nonly for new buildings and halls"}}); got.status != http.StatusSeeOther {
		t.Fatalf("the answer is not taken: %d", got.status)
	}
	details := s.reload(s.matches[0]).Decisions[0].AToB.Details
	if len(details) != 2 || details[0].Kind != "quantity-stricter" || !details[1].Own() || details[1].Language != "zh" {
		t.Fatalf("kept: %+v", details)
	}
	paths := s.everyPage()
	paths["lina"] = append(paths["lina"], first, "/compare", "/compare?a=gb-1-2020&b=sp-1-2020", "/search?q="+strings.Repeat("x", 3000), "/search?q=fi*re", "/matches/nowhere", "/admin/people")
	paths["ivan"] = []string{"/", first, "/review"}
	english0 := "needs door-en ≥ 0.9 m"
	for _, tag := range []string{"zh", "ar", "ru"} {
		for _, login := range slices.Sorted(maps.Keys(paths)) {
			b := s.signedIn(login).speak(tag)
			for _, path := range paths[login] {
				if path == "/api/docs" || path == "/help" {
					continue // the interface for programs is documented in English; the help shows keys
				}
				body := b.get(path).body
				if found := english(t, body); len(found) > 0 {
					t.Errorf("%s in %s has English: %q", path, tag, found)
				}
				if strings.Contains(body, english0) {
					t.Errorf("%s in %s shows the condition in English", path, tag)
				}
			}
		}
		want := html.EscapeString(s.server.words[tag].condition(s.server.label, s.matches[0].Proposal.AToB.Details[0]))
		if !strings.Contains(s.signedIn("ivan").speak(tag).get(first).body, want) {
			t.Errorf("the workbench in %s does not suggest %q", tag, want)
		}
		if body := s.signedIn("lina").speak(tag).get(first).body; !strings.Contains(body, want) || !strings.Contains(body, "only for new buildings and halls") {
			t.Errorf("the decision in %s does not show %q and the reviewer's own words", tag, want)
		}
	}
	// refusals of the server: an old version, an undo of somebody else's, a bad choice
	for name, got := range map[string]answer{
		"conflict": s.signedIn("ivan").speak("zh").decideOn(s.matches[0], "", url.Values{"version": {"7"}, "verdict": {"overlap"}, "a_conditions": {"甲"}, "b_conditions": {"乙"}}),
		"undo":     s.signedIn("ivan").speak("zh").submit(first, first+"/undo", url.Values{"decision": {s.reload(s.matches[0]).Decisions[0].ID.String()}}),
		"choice":   s.signedIn("ivan").speak("zh").submit(first, "/preferences", url.Values{"theme": {"plaid"}}),
		"reason":   s.signedIn("ivan").speak("zh").decideOn(s.matches[1], "", url.Values{"verdict": {"equivalent"}, "reason": {"because"}}),
	} {
		if found := english(t, got.body); got.status < 400 || len(found) > 0 || strings.Contains(got.body, `lang="en" dir="ltr"`) {
			t.Errorf("%s: status %d, English %q", name, got.status, found)
		}
	}
	// Negative controls: a condition and a refusal without data are found.
	w := s.server.words["zh"]
	old := w.conditions(s.server.label, corpus.Recognition{Conditions: []string{english0 + " (has less than that)"}})
	if found := english(t, `<html lang="zh"><p>条件 `+old[0].Text+`</p></html>`); len(found) != 1 {
		t.Errorf("the check finds %q in an English condition", found)
	}
	if got := w.refusal(review.ErrGuard); got.Language != "en" {
		t.Errorf("an error without a rule passes for Chinese: %+v", got)
	}
	if found := english(t, `<html lang="zh"><p>请 <bdi>the words of some person</bdi> <span lang="en">marked as being in English</span></p></html>`); len(found) != 0 {
		t.Errorf("marked words are taken for a fault: %q", found)
	}
}

// A figure of the other side keeps its sign, its order and its unit in a document that is
// read from right to left, and stays on one line in every one.
func TestFiguresOfDocumentsStayWhole(t *testing.T) {
	all, _, err := loadWords("en")
	if err != nil {
		t.Fatal(err)
	}
	say := sentencesOf(all, func(lexicon.ConceptID, corpus.Language) string { return "x" })
	c := corpus.Condition{Kind: "quantity-stricter", Need: "١٢ شهراً", Has: ">= 6 个月"}
	for in, want := range map[corpus.Language]string{"ar": "(المتوفر \u200e≥\u202f6\u202f\u2060个\u2060月\u200e)", "en": "≥\u00a06\u00a0个月"} {
		got := say(c, in)
		if !strings.Contains(got, want) || strings.ContainsAny(got, "\u2068\u2069") {
			t.Errorf("%s: %+q has no %+q", in, got, want)
		}
		if in == "ar" && (strings.Contains(got, "\u00a0") || !strings.Contains(got, "١٢\u202fشهراً")) || in == "en" && strings.Contains(got, "\u202f") {
			t.Errorf("%s: blanks at which a line breaks: %+q", in, got)
		}
		if in == "en" && strings.Contains(got, "\u200e") || strings.Contains(got, "\u200e١٢") {
			t.Errorf("%s: marks where none are needed: %+q", in, got)
		}
	}
	c.Has = "a sentence of many words that must break somewhere"
	if got := say(c, "en"); !strings.Contains(got, "of many words") {
		t.Errorf("a long value cannot break: %+q", got)
	}
}
