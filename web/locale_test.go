package web

import (
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"concord/corpus"
	"concord/corpus/staging"
	"concord/corpus/termbase"
	"concord/index"
	"concord/matcher"
	"concord/review"
	"concord/review/export"
)

// speech reads the words of the pages anew, so that a test may spoil them.
func speech(t *testing.T) map[string]*words {
	t.Helper()
	all, _, err := loadWords("")
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var placeholder = regexp.MustCompile(`\{\w+\}|#`)

// holes are the {names} of all forms of a message together.
func holes(m message) string {
	set := map[string]bool{}
	for _, text := range m {
		for _, h := range placeholder.FindAllString(text, -1) {
			set[h] = true
		}
	}
	return strings.Join(sorted(set), " ")
}

func sorted(set map[string]bool) []string {
	var out []string
	for s := range set {
		out = append(out, s)
	}
	sort.Strings(out)
	return out
}

// pluralForms are the forms that the rules of CLDR give to integers in a
// language. "other" is always there, as the fallback.
func pluralForms(w *words) []string {
	set := map[string]bool{"other": true}
	for n := range 1000 {
		set[w.form(n)] = true
	}
	return sorted(set)
}

// wordFaults compares every language with English: keys, {names}, plural
// forms, empty sentences, names of languages.
func wordFaults(all map[string]*words) []string {
	var out []string
	en := all["en"].messages
	for tag, w := range all {
		for key := range en {
			if w.messages[key] == nil {
				out = append(out, fmt.Sprintf("%s: %s is missing", tag, key))
			}
		}
		for key, m := range w.messages {
			if en[key] == nil {
				out = append(out, fmt.Sprintf("%s: %s is not in English", tag, key))
				continue
			}
			out = append(out, messageFaults(w, key, m, en[key])...)
		}
		if own := w.messages["language.name"]["other"]; all["en"].messages["language."+tag]["other"] != own {
			out = append(out, fmt.Sprintf("%s: calls itself %q, English calls it otherwise", tag, own))
		}
	}
	sort.Strings(out)
	return out
}

// messageFaults compares one message with the English one.
func messageFaults(w *words, key string, m, en message) []string {
	var out []string
	if a, b := holes(m), holes(en); a != b {
		out = append(out, fmt.Sprintf("%s: %s has %q where English has %q", w.tag, key, a, b))
	}
	var have []string
	for form, text := range m {
		have = append(have, form)
		if strings.TrimSpace(text) == "" {
			out = append(out, fmt.Sprintf("%s: %s is empty", w.tag, key))
		}
		if missing := holesMissing(text, en); missing != "" && (missing != "{n}" || !slices.Contains([]string{"zero", "one", "two"}, form)) {
			out = append(out, fmt.Sprintf("%s: %s, form %s, leaves out %s", w.tag, key, form, missing))
		}
	}
	sort.Strings(have)
	if want := pluralForms(w); len(m) > 1 && !slices.Equal(have, want) {
		out = append(out, fmt.Sprintf("%s: %s has the forms %v, the language has %v", w.tag, key, have, want))
	}
	if strings.HasPrefix(key, "language.") && key != "language.name" && m["other"] != en["other"] {
		out = append(out, fmt.Sprintf("%s: %s is not the language's own name", w.tag, key))
	}
	return out
}

// holesMissing are the {names} of the English message that a text lacks. A
// form for one or two things may say the number in words.
func holesMissing(text string, en message) string {
	var out []string
	for _, h := range strings.Fields(holes(en)) {
		if !strings.Contains(text, h) {
			out = append(out, h)
		}
	}
	return strings.Join(out, " ")
}

func TestAllLanguagesSayTheSame(t *testing.T) {
	all := speech(t)
	for _, tag := range []string{"ar", "en", "es", "fr", "ru", "zh"} {
		if all[tag] == nil {
			t.Errorf("there is no language %s", tag)
		}
	}
	for _, fault := range wordFaults(all) {
		t.Error(fault)
	}
}

// TestWordFaultsAreFound spoils one thing after the other: a check that finds
// nothing here would find nothing anywhere.
func TestWordFaultsAreFound(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(map[string]*words)
		want  string
	}{
		"a missing key":         {func(a map[string]*words) { delete(a["ar"].messages, "menu.help") }, "ar: menu.help is missing"},
		"a key of one language": {func(a map[string]*words) { a["fr"].messages["menu.xyz"] = message{"other": "x"} }, "fr: menu.xyz is not in English"},
		"an empty sentence":     {func(a map[string]*words) { a["zh"].messages["menu.help"] = message{"other": " "} }, "zh: menu.help is empty"},
		"a lost placeholder":    {func(a map[string]*words) { a["es"].messages["dashboard.hello"] = message{"other": "Hola"} }, `es: dashboard.hello has ""`},
		"a translated one":      {func(a map[string]*words) { a["fr"].messages["dashboard.hello"] = message{"other": "{nom}"} }, `fr: dashboard.hello has "{nom}"`},
		"a lost number":         {func(a map[string]*words) { a["ar"].messages["search.found"]["few"] = "بنود" }, "ar: search.found, form few, leaves out {n}"},
		"a missing plural form": {func(a map[string]*words) { delete(a["ar"].messages["search.found"], "two") }, "ar: search.found has the forms"},
		"a form that never is":  {func(a map[string]*words) { a["fr"].messages["search.found"]["few"] = "{n}" }, "fr: search.found has the forms"},
		"a language translated": {func(a map[string]*words) {
			a["ru"].messages["language.fr"] = message{"other": "французский"}
		}, "ru: language.fr is not the language's own name"},
		"a name of its own only": {func(a map[string]*words) { a["es"].messages["language.name"] = message{"other": "Castellano"} }, "es: calls itself"},
	} {
		t.Run(name, func(t *testing.T) {
			all := speech(t)
			c.spoil(all)
			faults := wordFaults(all)
			if !slices.ContainsFunc(faults, func(f string) bool { return strings.HasPrefix(f, c.want) }) {
				t.Errorf("found %q, want one that begins %q", faults, c.want)
			}
		})
	}
}

// families are the keys that the program puts together, each with the values
// that it can put in. Whoever prints a new family writes it down here.
func families(t *testing.T) map[string][]string {
	t.Helper()
	errorKeys := []string{failure.key, "unavailable", "too-often", "too-large", "method"}
	for _, k := range kinds {
		errorKeys = append(errorKeys, k.key)
	}
	var places, tongues, signals []string // the names are extras: what has none shows its code
	for key := range mustWords()["en"].messages {
		for prefix, list := range map[string]*[]string{"place.": &places, "tongue.": &tongues, "signal.": &signals} {
			if rest, is := strings.CutPrefix(key, prefix); is {
				*list = append(*list, rest)
			}
		}
	}
	degree := texts(degrees)
	status := texts([]corpus.Status{corpus.StatusInForce, corpus.StatusSuperseded, corpus.StatusWithdrawn, corpus.StatusDraft})
	verdicts := texts(review.Verdicts)
	var helped []string
	for _, act := range review.KeyActs() {
		if s := string(act); !strings.Contains(s, "-") && s != "previous" && s != "next" {
			helped = append(helped, s)
		}
	}
	var kinds []string
	for _, d := range export.Documents {
		kinds = append(kinds, string(d))
	}
	var exported []string
	for _, f := range export.Formats {
		exported = append(exported, f.Name)
	}
	var refusals, problems, cures []string
	for _, r := range refusalsOf(t) {
		switch {
		case !r.problem:
			refusals = append(refusals, r.rule)
		case r.cure != "":
			cures = append(cures, r.rule)
			fallthrough
		default:
			problems = append(problems, r.rule)
		}
	}
	return map[string][]string{
		"conflict.%s":    texts([]termbase.ConflictKind{termbase.ConflictWord, termbase.ConflictDefinition, termbase.ConflictStatus}),
		"term.status.%s": texts(termbase.Statuses), "candidates.did.%s": texts(termbase.CandidateAnswers), "candidates.from.%s": texts(termbase.CandidateOrigins), "terms.from.%s": termOrigins[1:], "terms.sort.%s": termSorts,
		"quantity.%s": index.Dimensions(), "columns.done.%s": {"read", "remembered", "forgot"}, "columns.role.%s": append([]string{"text-in", "title-in"}, columnRoles...),
		"exports.state.%s": apiTexts(exportWaiting, exportWorking, exportDone, exportFailed, exportStopped), "refusal.%s": refusals, "problem.%s": problems, "cure.%s": cures,
		"format.%s": {"clauses-as-json-lines", "code-of-federal-regulations-ecfr", "nested-json", "oscal-catalog-json", "oscal-catalog-xml", "oscal-catalog-yaml", "plain-text", "table-csv-tsv", "us-code-and-laws-uslm", "web-page-html"},
		"where.%s":  {"page", "line", "clause", "identity", "language", "text", "source", "encoding", "numbers", "include"},
		"action.%s": {"read", "review", "adjudicate", "position", "sign", "template", "import", "manage"}, "profile.%s": {"second-reset", "second-needed", "second-off"}, "agreement.%s": {"all", "directions", "relation", "nothing"},
		"round.kind.%s": texts([]review.ChangeKind{review.ChangeAdded, review.ChangeRelation, review.ChangeRecognition, review.ChangeText, review.ChangeReservation, review.ChangeWithdrawn}),
		"look.size.%s":  {"usual", "large", "larger"}, "look.digits.%s": {"printed", "latin"}, "look.why.%s": {"closed", "open"}, "theme.%s": {"system", "light", "dark"},
		"health.done.%s":     {"backup", "tried", "index"},
		"agree.on.%s":        {"relation", "forth", "back", "whole"},
		"answer.%s":          texts([]corpus.Answer{corpus.AnswerYes, corpus.AnswerConditions, corpus.AnswerNo}),
		"aspect.%s":          texts([]matcher.Aspect{matcher.AspectQuantity, matcher.AspectObligation, matcher.AspectCondition, matcher.AspectCitation, matcher.AspectTerm}),
		"by.%s":              {"citation", "learned", "number", "part", "related", "term", "word"},
		"condition.%s":       append(matcher.ConditionKinds(), "value"),
		"cannot.%s":          {"answered", "closed", "dispute", "gone", "party", "role", "settled", "talk"},
		"explain.%s":         {"usual", "beside", "after", "never"},
		"degree.%s":          degree,
		"do.%s":              append(texts(review.Tasks), texts(review.Speeds)...),
		"domain.%s":          texts(corpus.Domains),
		"facet.%s":           {"domain", "issuer", "jurisdiction", "language", "obligation", "quantity", "range", "standard", "state", "status"},
		"search.order.%s":    {"relevance", "standard"},
		"finding.%s":         texts([]matcher.Finding{matcher.FindingEqual, matcher.FindingAStricter, matcher.FindingBStricter, matcher.FindingOnlyA, matcher.FindingOnlyB, matcher.FindingNotComparable}),
		"guard.%s":           {"conditions", "none-or-overlap", "note", "reason", "search", "verdict", "withdrawn"},
		"help.key.%s":        append(helped, "leave"),
		"index.%s":           {"complete", "following", "rebuilding", "reduced"},
		"keys.%s":            {"on", "alt", "off"},
		"kind.%s":            texts([]corpus.Kind{corpus.KindHeading, corpus.KindProvision, corpus.KindRequirement, corpus.KindRecommendation, corpus.KindPermission, corpus.KindStatement, corpus.KindDefinition, corpus.KindNote, corpus.KindExample, corpus.KindCommentary, corpus.KindInformative, corpus.KindTable, corpus.KindFigure, corpus.KindFormula}),
		"import.problem.%s":  texts([]corpus.ProblemKind{corpus.ProblemNotInSource, corpus.ProblemNotRead}),
		"language.%s":        languageTags(),
		"mappings.as.%s":     texts(review.ImportedKinds),
		"misreading.kind.%s": texts(review.MisreadingKinds),
		"means.%s":           verdicts[:len(verdicts)-1],
		"month.%s":           {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"},
		"model.held.%s":      {"dossiers", "folds"},
		"order.%s":           texts(matchOrders),
		"run.%s":             texts(review.RunStates), "runs.state.%s": texts(review.RunStates), "runs.kind.%s": texts(review.RunKinds), "runs.order.%s": texts(review.RunOrders),
		"position.priority.%s": texts(review.PositionPriorities), "position.status.%s": positionStatuses, "list.dossier.%s": {"open", "closed"}, "coverage.%s": {"started", "not-started"}, "imports.worst.%s": {"errors", "warnings", "none"}, "sample.%s": sampleStates, "decisions.%s": {decisionStands, decisionUndone, decisionWithdraws}, "reservation.state.%s": {"stands", "withdrawn", "draft"},
		"collection.done-%s": {"kept", "named", "taken"}, "saved.done-%s": {"saved", "dropped"},
		"place.%s":     places,
		"policy.%s":    texts(review.Policies),
		"reason.%s":    review.ReasonCodes,
		"relation.%s":  texts(corpus.Relations),
		"rights.%s":    texts([]corpus.Rights{corpus.RightsFull, corpus.RightsExcerpt, corpus.RightsTitles}),
		"role.%s":      texts(review.Roles),
		"scope.%s":     texts(review.Scopes),
		"signal.%s":    signals,
		"state.%s":     texts(review.States),
		"status.%s":    status,
		"sure.%s":      {"high", "medium", "low"},
		"task.%s":      append(texts(review.Tasks), texts(review.Speeds)...),
		"tongue.%s":    tongues,
		"verdict.%s":   verdicts,
		"task.%s.long": append(texts(review.Tasks), texts(review.Speeds)...), "policy.%s.long": texts(review.Policies),
		"concept.rank.%s": texts(matcher.Ranks),
		"act.%s":          texts(staging.Acts), "change.%s": texts(staging.ChangeKinds), "field.%s": fieldNames(), "field.authenticity.%s": {"official", "reference"}, "field.overlay.%s": {"amendment", "corrigendum", "national-annex"},
		"overlay.act.%s": {"replaced", "added", "deleted", "reworded", "choice", "none"}, "overlay.of.%s": {"amendment", "corrigendum", "national-annex"},
		"skip.%s":      texts(review.SkipReasons),
		"news.kind.%s": texts(review.NewsKinds), "news.often.%s": texts(review.NewsOftens), "news.until.%s": texts(review.NewsOftens[:3]),
		"skip.noted.%s":    texts([]review.SkipReason{review.SkipUnreadable, review.SkipColleague}),
		"imports.state.%s": append(texts(staging.States), "all"), "import.settled.%s": {"accepted", "discarded"}, "severity.%s": {"error", "note", "warning"},
		"help.relation.%s": texts(corpus.Relations), "help.state.%s": texts(review.States), "keys.problem.%s": {"name", "days", "scopes"},
		"compare.view.%s": texts(compareViews), "compare.status.%s": compareStatuses, "compare.band.%s": {"equal", "superset", "subset", "overlap", "onesided"},
		"compare.empty.%s": {"table", "conflicts", "limits", "obligation"}, "compare.gap.%s": {"absent", "open", "untouched"},
		"compare.part.%s": {"accepted", "conditions", "not", "absent", "open"}, "compare.problem.%s": {"unknown", "same"},
		"compare.stricter.%s": stricterSides, "compare.stub.%s": {"absent", "open"},
		"export.%s": exported, "export.%s.what": exported, "doctemplates.kind.%s": kinds,
		"error.%s.title": errorKeys, "error.%s.cure": errorKeys, "obligation.%s": degree, // of facetLabel
	}
}

// fieldNames are the fields of a standard's identity, and their values.
func fieldNames() []string {
	var out []string
	for _, f := range staging.Fields {
		for _, c := range newFieldRow(f, "").Values {
			if c.Value != "" {
				out = append(out, c.Key)
			}
		}
		out = append(out, f.Name)
	}
	return out
}

func mustWords() map[string]*words {
	all, _, err := loadWords("")
	if err != nil {
		panic(err)
	}
	return all
}

func languageTags() []string {
	var out []string
	for tag := range mustWords() {
		out = append(out, tag)
	}
	return out
}

// texts are the values of an enumeration as plain text.
func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

// sources are the templates and the Go files of the package, without tests.
func sources(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, pattern := range []string{"*.go", "templates/*.html"} {
		maps.Copy(out, untested(t, pattern))
	}
	return out
}

// untested reads the files of a pattern that are no tests.
func untested(t *testing.T, pattern string) map[string]string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("no files %s: %v", pattern, err)
	}
	out := map[string]string{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = string(body)
	}
	return out
}

var (
	asked   = regexp.MustCompile(`(?:\{\{|\()t "([^"]+)"|\bt "([a-z-]+\.[a-z.-]+)"|\.say\("([^"]+)"[,)]`)
	printed = regexp.MustCompile(`t \(printf "([^"]+)"`)
	quoted  = regexp.MustCompile(`"([a-z][a-z-]*(?:\.[a-z-]+)*)"`)
)

// useFaults compares what the program says with what English has: sentences
// asked for but not there, families not written down, sentences nobody asks for.
func useFaults(en map[string]message, files map[string]string, fams map[string][]string) []string {
	var out []string
	used := map[string]bool{"language.name": true}
	for pattern, values := range fams {
		for _, v := range values {
			key := strings.Replace(pattern, "%s", v, 1)
			used[key] = true
			if en[key] == nil {
				out = append(out, "no sentence "+key)
			}
		}
	}
	for name, body := range files {
		for _, m := range asked.FindAllStringSubmatch(body, -1) {
			if key := m[1] + m[2] + m[3]; en[key] == nil {
				out = append(out, fmt.Sprintf("%s asks for %s", name, key))
			}
		}
		for _, m := range printed.FindAllStringSubmatch(body, -1) {
			if fams[m[1]] == nil {
				out = append(out, fmt.Sprintf("%s prints the family %s, whose values are not written down", name, m[1]))
			}
		}
		for _, m := range quoted.FindAllStringSubmatch(body, -1) {
			used[m[1]] = true
		}
	}
	for key := range en {
		if !used[key] {
			out = append(out, "nobody says "+key)
		}
	}
	sort.Strings(out)
	return out
}

func TestEverySentenceIsSaid(t *testing.T) {
	for _, fault := range useFaults(speech(t)["en"].messages, sources(t), families(t)) {
		t.Error(fault)
	}
}

func TestUseFaultsAreFound(t *testing.T) {
	en := map[string]message{"a.one": {"other": "x"}, "a.idle": {"other": "x"}, "b.red": {"other": "x"}}
	files := map[string]string{"p.html": `{{t "a.one"}} {{t "a.gone"}} {{if x}}{{t (printf "c.%s" .)}}{{end}}`, "p.go": `a.words.say("a.lost", "n", 1)`}
	got := useFaults(en, files, map[string][]string{"b.%s": {"red", "blue"}})
	want := []string{"no sentence b.blue", "nobody says a.idle", "p.go asks for a.lost", "p.html asks for a.gone", "p.html prints the family c.%s, whose values are not written down"}
	if !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}

// TestTypography holds the marks that a careful printer of the language would
// miss first.
func TestTypography(t *testing.T) {
	all := speech(t)
	for tag, c := range map[string]struct {
		never *regexp.Regexp
		why   string
		bad   string
	}{
		"ar": {regexp.MustCompile(`\p{Arabic}[ـ]?[,;?]`), "Arabic has ، ؛ ؟", "نعم, لا"},
		"es": {regexp.MustCompile(`^[^¿]*\?|^[^¡]*!`), "a question begins with ¿", "Sí?"},
		"fr": {regexp.MustCompile(` [;:?!»%]|« |'|\w[;?!]`), "French marks stand behind an unbreakable blank, the apostrophe is ’", "Note :"},
		"ru": {regexp.MustCompile(` [-–] |\p{Cyrillic}"`), "Russian has — and «»", "Досье - это"},
		"zh": {regexp.MustCompile(`\p{Han}[,;:?!]|[,;?!]\p{Han}`), "Chinese has full-width marks", "是,否"},
	} {
		if !c.never.MatchString(c.bad) {
			t.Errorf("%s: the check passes %q", tag, c.bad)
		}
		for key, m := range all[tag].messages {
			for _, text := range m {
				if key != "help.search.text" && c.never.MatchString(text) {
					t.Errorf("%s: %s: %q: %s", tag, key, text, c.why)
				}
			}
		}
	}
}

func TestLanguageOfTheBrowser(t *testing.T) {
	all, ch, err := loadWords("")
	if err != nil {
		t.Fatal(err)
	}
	for accept, want := range map[string]string{
		"ar-SA,ar;q=0.9,en;q=0.5": "ar", "ar-EG": "ar", "ar": "ar", "fr-CA,fr;q=0.8,en;q=0.6": "fr", "fr-CH, fr;q=0.9, de;q=0.7": "fr",
		"es-MX,es;q=0.9,en-US;q=0.8": "es", "es-419": "es", "zh-CN,zh;q=0.9": "zh", "zh-Hant-TW": "zh", "ru-KZ,ru;q=0.9": "ru",
		"en-GB,en;q=0.9,ar;q=0.1": "en", "de-DE,de;q=0.9": "en", "de,fr;q=0.4": "fr", "": "en", "*": "en", "%%%": "en",
		"fr," + strings.Repeat("x", 300): "en",
	} {
		if got := ch.choose("", accept, all).tag; got != want {
			t.Errorf("a browser with %q reads %s, want %s", accept, got, want)
		}
	}
	if got := ch.choose("es", "ar-SA", all).tag; got != "es" {
		t.Errorf("the choice of the person gives %s, want es", got)
	}
	if got := ch.choose("xx", "ar-SA", all).tag; got != "ar" {
		t.Errorf("an unknown choice gives %s, want what the browser asks for", got)
	}
	if _, _, err := loadWords("de"); err == nil {
		t.Error("a fallback without words is taken")
	}
}

func TestPlurals(t *testing.T) {
	all := speech(t)
	for tag, forms := range map[string]map[int]string{
		"ar": {0: "لا بنود", 1: "بند واحد", 2: "بندان", 3: "3 بنود", 10: "10 بنود", 11: "11 بندًا", 99: "99 بندًا", 100: "100 بند", 102: "102 بند", 103: "103 بنود", 1111: "1,111 بندًا"},
		"fr": {0: "0 article", 1: "1 article", 2: "2 articles", 21: "21 articles"},
		"es": {0: "0 apartados", 1: "1 apartado", 2: "2 apartados", 21: "21 apartados"},
		"ru": {0: "0 пунктов", 1: "1 пункт", 3: "3 пункта", 5: "5 пунктов", 11: "11 пунктов", 21: "21 пункт"},
		"en": {0: "0 clauses", 1: "1 clause", 21: "21 clauses"},
	} {
		for n, want := range forms {
			if got := all[tag].say("search.found", "n", n); got != want {
				t.Errorf("%s: %d clauses are %q, want %q", tag, n, got, want)
			}
		}
	}
}

func TestNumbersOfALanguage(t *testing.T) {
	all := speech(t)
	for tag, want := range map[string][6]string{
		"en": {"999", "1,234", "−1,234,567", "0.25", "−1234", "+0.50"},
		"zh": {"999", "1,234", "−1,234,567", "0.25", "−1234", "+0.50"},
		"ar": {"999", "1,234", "\u200e−1,234,567", "0.25", "\u200e−1234", "\u200e+0.50"},
		"es": {"999", "1234", "−1\u202f234\u202f567", "0,25", "−1234", "+0,50"},
		"fr": {"999", "1\u202f234", "−1\u202f234\u202f567", "0,25", "−1234", "+0,50"},
		"ru": {"999", "1234", "−1\u00a0234\u00a0567", "0,25", "−1234", "+0,50"},
	} {
		w := all[tag]
		got := [6]string{w.number(999), w.number(1234), w.number(-1234567), w.decimal(0.25), w.decimal(-1234), w.fixed(0.5, 2)}
		if got != want {
			t.Errorf("%s: numbers are %q, want %q", tag, got, want)
		}
	}
	if got, want := all["fr"].decimal(0.00000123), "1,23e−06"; got != want {
		t.Errorf("a small number is %q, want %q", got, want)
	}
}

func TestDatesOfALanguage(t *testing.T) {
	all := speech(t)
	at := time.Date(2026, 3, 1, 4, 5, 59, 0, time.UTC)
	for tag, want := range map[string][2]string{
		"en": {"1 March 2026", "1 March 2026, 04:05 UTC"}, "fr": {"1 mars 2026", "1 mars 2026 à 04:05 UTC"},
		"es": {"1 de marzo de 2026", "1 de marzo de 2026, 04:05 UTC"}, "ru": {"1 марта 2026\u00a0г.", "1 марта 2026\u00a0г., 04:05 UTC"},
		"zh": {"2026年3月1日", "2026年3月1日 04:05 UTC"}, "ar": {"1 مارس 2026", "1 مارس 2026، 04:05 UTC"},
	} {
		w := all[tag]
		bare := strings.NewReplacer("\u2068", "", "\u2069", "")
		if got := [2]string{bare.Replace(w.long(at, false)), bare.Replace(w.long(at, true))}; got != want {
			t.Errorf("%s: the date is %q, want %q", tag, got, want)
		}
	}
	want := template.HTML(`<time dir="ltr" datetime="2026-03-01T04:05Z" title="1 March 2026, 04:05 UTC">2026-03-01 04:05</time>`)
	if got := all["en"].timeElement(at, moment(at), true); got != want {
		t.Errorf("the moment is %s, want %s", got, want)
	}
	if got := all["en"].timeElement(time.Time{}, moment(time.Time{}), true); got != "" {
		t.Errorf("no moment is %q", got)
	}
}

// TestNamesStandApart holds the isolation of what is put into a sentence from
// right to left.
func TestNamesStandApart(t *testing.T) {
	all := speech(t)
	if got, want := all["ar"].say("search.jump", "name", "GB/T 50016 (2014)"), "افتح المواصفة \u2068GB/T 50016 (2014)\u2069"; got != want {
		t.Errorf("the Arabic sentence is %q, want %q", got, want)
	}
	if got, want := all["en"].say("search.jump", "name", "GB/T 50016 (2014)"), "Open the standard GB/T 50016 (2014)"; got != want {
		t.Errorf("the English sentence is %q, want %q", got, want)
	}
	if got, want := all["ar"].say("pager.range", "from", 1, "to", 20, "total", 300), "1–20 من 300"; got != want {
		t.Errorf("numbers are %q, want %q", got, want)
	}
}

// TestNoSentenceOutsideTheWords finds words written into a template instead of
// a file of locales. The documentation of the interface for programs is in
// English and says so (lang="en").
func TestNoSentenceOutsideTheWords(t *testing.T) {
	names, err := fs.Glob(packedFiles, "templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		body, err := fs.ReadFile(packedFiles, name)
		if err != nil {
			t.Fatal(err)
		}
		if name == "templates/api.html" {
			if !strings.Contains(string(body), `lang="en" dir="ltr"`) {
				t.Errorf("%s is in English and does not say so", name)
			}
			continue
		}
		if found := strayWords(string(body)); len(found) > 0 {
			t.Errorf("%s has words of its own: %q", name, found)
		}
	}
	if found := strayWords(`<p>{{t "a.b"}} Hello there</p>`); !slices.Equal(found, []string{"Hello", "there"}) {
		t.Errorf("the check finds %q in a template with words", found)
	}
}

var (
	action  = regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	markup  = regexp.MustCompile(`(?s)<kbd>.*?</kbd>|<[^>]*>|&\w+;`)
	anyWord = regexp.MustCompile(`[A-Za-z]{2,}`)
)

// strayWords are Latin words of two letters and more outside actions and tags,
// but for names: the product, what it is built with, the classifications, the beginning of a key.
func strayWords(body string) []string {
	text := markup.ReplaceAllString(action.ReplaceAllString(body, " "), " ")
	var out []string
	for _, word := range anyWord.FindAllString(text, -1) {
		if !slices.Contains([]string{"Concord", "ICS", "CCS", "cnk", "SQLite", "Go"}, word) {
			out = append(out, word)
		}
	}
	return out
}
