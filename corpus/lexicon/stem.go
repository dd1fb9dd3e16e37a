package lexicon

import (
	"io/fs"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/arabic"
	"github.com/blevesearch/snowballstem/danish"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/finnish"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/hungarian"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/norwegian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/romanian"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
	"github.com/blevesearch/snowballstem/swedish"
	"github.com/blevesearch/snowballstem/turkish"

	"concord/corpus"
)

// snowball names the Snowball stemmer of each language that has one.
var snowball = map[corpus.Language]func(*snowballstem.Env) bool{
	"ar": arabic.Stem, "da": danish.Stem, "de": german.Stem, "en": english.Stem, "es": spanish.Stem,
	"fi": finnish.Stem, "fr": french.Stem, "hu": hungarian.Stem, "it": italian.Stem, "nl": dutch.Stem,
	"no": norwegian.Stem, "pt": portuguese.Stem, "ro": romanian.Stem, "ru": russian.Stem, "sv": swedish.Stem,
	"tr": turkish.Stem,
}

// maxStem is the longest word that is stemmed, in bytes: what is longer is no
// word, and some stemmers take time with the square of the length.
const maxStem = 96

// affix is one row of data/affixes: a beginning or ending that a light stemmer
// takes off where at least keeps letters stay.
type affix struct {
	text, becomes string
	keeps         int
}

// affixes are the light stemmer of one language, or what the Snowball stemmer of one
// gets wrong (data/affixes, own tables).
type affixes struct {
	prefixes, suffixes []affix           // longest first
	words              map[string]string // what no ending explains, with the word to stem in its place: "kept"
	stems              map[string]string // what would meet another word by chance, with its stem: "salida"
	endings            endings
}

func loadAffixes(fsys fs.FS) (map[corpus.Language]affixes, error) {
	tables, err := readFolder(fsys, "data/affixes", "kind", "affix", "becomes", "keeps")
	if err != nil {
		return nil, err
	}
	out := map[corpus.Language]affixes{}
	for _, t := range tables {
		a := affixes{words: map[string]string{}, stems: map[string]string{}}
		for _, r := range t.rows {
			keeps, err := strconv.Atoi(r.cells[3])
			if err != nil || keeps < 1 || r.cells[1] == "" {
				return nil, r.bad("give an affix and a number from 1 in the column keeps", "%q keeps %q", r.cells[1], r.cells[3])
			}
			x := affix{r.cells[1], r.cells[2], keeps}
			switch r.cells[0] {
			case "prefix":
				a.prefixes = append(a.prefixes, x)
			case "suffix":
				a.suffixes = append(a.suffixes, x)
			case "word":
				a.words[x.text] = x.becomes
			case "stem":
				a.stems[x.text] = x.becomes
			case "ending":
				a.endings.noun = append(a.endings.noun, x)
			case "verb":
				a.endings.verb = append(a.endings.verb, x)
			case "voice":
				a.endings.voice = append(a.endings.voice, x)
			case "infinitive":
				a.endings.infinitives = append(a.endings.infinitives, x.text)
			default:
				return nil, r.bad("write prefix, suffix, word, stem, ending, verb, voice or infinitive", "kind %q is not known", r.cells[0])
			}
		}
		longestFirst(a.prefixes)
		longestFirst(a.suffixes)
		shortestFirst(a.endings.noun, a.endings.verb, a.endings.voice)
		out[t.language()] = a
	}
	return out, nil
}

func longestFirst(list []affix) {
	sort.SliceStable(list, func(i, j int) bool { return len(list[i].text) > len(list[j].text) })
}

// shortestFirst orders endings so that the longest words come first without them.
func shortestFirst(lists ...[]affix) {
	for _, list := range lists {
		sort.SliceStable(list, func(i, j int) bool { return len(list[i].text) < len(list[j].text) })
	}
}

// stem is the form of a folded word under which its inflections meet. Words of
// languages without a stemmer stay as they are.
func (lex *Lexicon) stem(word string, lang corpus.Language) string {
	if len(word) > maxStem || len(word) < 3 {
		return word
	}
	if lang == "de" && (strings.HasSuffix(word, "system") || strings.HasSuffix(word, "problem")) {
		return word // Snowball takes the last two letters for the ending of an adjective
	}
	if run, ok := snowball[lang]; ok {
		if known := lex.affixes[lang]; known.stems != nil {
			if stem, ok := known.stems[word]; ok {
				return stem
			}
			if regular, ok := known.words[word]; ok {
				word = regular
			}
		}
		switch lang {
		case "ar":
			word = withoutPlural(withoutClitics(word))
		case "pt":
			word = singularOfPortuguese(word)
		}
		whole := word
		word = runStemmer(run, word)
		switch {
		case romance(lang):
			word = stripAccents(word)
		case lang == "ru":
			word = withoutFleeting(withoutVerbSuffix(word))
		case lang == "tr" && utf8.RuneCountInString(word) < shortestTurkish:
			word = whole // deniz and deney are no form of one word
		}
		return word
	}
	a, ok := lex.affixes[lang]
	if !ok {
		return word
	}
	return a.strip(word)
}

// shortestTurkish is the shortest stem, in letters, that Snowball's Turkish stemmer is
// believed: it takes shorter ones of words that have nothing to do with each other,
// and inflected finds their forms without it.
const shortestTurkish = 4

// runStemmer guards against a stemmer that panics on a word it was not made
// for: the word then stays as it is.
func runStemmer(run func(*snowballstem.Env) bool, word string) (stem string) {
	defer func() {
		if recover() != nil {
			stem = word
		}
	}()
	env := snowballstem.NewEnv(word)
	run(env)
	if env.Current() == "" {
		return word
	}
	return env.Current()
}

// strip takes off one prefix and up to three suffixes, longest first.
func (a affixes) strip(word string) string {
	letters := utf8.RuneCountInString(word)
	for _, p := range a.prefixes {
		if n := utf8.RuneCountInString(p.text); strings.HasPrefix(word, p.text) && letters-n >= p.keeps {
			word, letters = p.becomes+word[len(p.text):], letters-n+utf8.RuneCountInString(p.becomes)
			break
		}
	}
	for range 3 {
		cut := false
		for _, s := range a.suffixes {
			if n := utf8.RuneCountInString(s.text); strings.HasSuffix(word, s.text) && letters-n >= s.keeps {
				word, letters, cut = word[:len(word)-len(s.text)]+s.becomes, letters-n+utf8.RuneCountInString(s.becomes), true
				break
			}
		}
		if !cut {
			break
		}
	}
	return word
}

// withoutClitics takes Arabic conjunctions, prepositions and the article off
// the front of a folded word (own rule: the article counts only after a clitic
// or with three letters left; a bare clitic only before the article, because a
// first letter is a clitic far less often than a radical).
func withoutClitics(word string) string {
	rest := word
	for _, c := range []string{"و", "ف"} {
		if after, ok := strings.CutPrefix(rest, c); ok && (articled(after) || (c == "و" && utf8.RuneCountInString(after) >= 5)) {
			rest = after
			break
		}
	}
	if after, ok := strings.CutPrefix(rest, "لل"); ok && utf8.RuneCountInString(after) >= 3 {
		return after
	}
	for _, c := range []string{"ب", "ك"} {
		if after, ok := strings.CutPrefix(rest, c); ok && strings.HasPrefix(after, "ال") {
			rest = after
			break
		}
	}
	if after, ok := strings.CutPrefix(rest, "ال"); ok && utf8.RuneCountInString(after) >= 3 {
		return after
	}
	return rest
}

// bareClitics are the conjunctions and prepositions that Arabic writes onto a
// word without article, and the س of the future.
var bareClitics = []string{"و", "ف", "ل", "ب", "ك", "س"}

// known is the vocabulary id of an Arabic word that is in no term as it stands:
// the word without a bare clitic, or a verb of the third person in its other
// gender, when that is in a term (own rule). Only a term may decide this, since
// a first letter is often a radical.
func (v *vocabulary) known(word string, stem func(string) string) int32 {
	for _, c := range bareClitics {
		rest, ok := strings.CutPrefix(word, c)
		if !ok || utf8.RuneCountInString(rest) < 3 {
			continue
		}
		if id := v.find("ar", stem(rest)); id != 0 {
			return id
		}
		word = rest
		break
	}
	if rest, ok := strings.CutPrefix(word, "ت"); ok && utf8.RuneCountInString(rest) >= 3 {
		if id := v.find("ar", stem("ي"+rest)); id != 0 {
			return id
		}
	}
	for _, possessor := range possessors {
		if rest, ok := strings.CutSuffix(word, possessor[0]); ok && utf8.RuneCountInString(rest+possessor[1]) >= 3 {
			if id := v.find("ar", stem(rest+possessor[1])); id != 0 {
				return id
			}
		}
	}
	return 0
}

// possessors are the pronouns that Arabic writes onto a noun, with its feminine ending,
// which is folded, where that has become a ت before them: مدته is its duration.
var possessors = [][2]string{{"تهما", "ه"}, {"تها", "ه"}, {"تهم", "ه"}, {"ته", "ه"}, {"هما", ""}, {"ها", ""}, {"هم", ""}, {"ه", ""}}

// separable are the German and Dutch prefixes that part from their verb, so that the
// "ge" of the participle and a word of the infinitive stand behind them.
var separable = map[corpus.Language][]string{
	"de": {"ab", "an", "auf", "aus", "bei", "bereit", "dar", "durch", "ein", "fest", "fort", "her", "hin", "los", "mit", "nach", "sicher", "um", "vor", "weg", "weiter", "wieder", "zu", "zurück", "zusammen"},
	"nl": {"aan", "af", "bij", "deel", "door", "in", "mee", "na", "om", "op", "over", "samen", "tegen", "terug", "toe", "uit", "vast", "voor", "weg", "weer"},
}

// infinitives are the words that stand between such a prefix and its verb.
var infinitives = map[corpus.Language]string{"de": "zu", "nl": "te"}

// verb is the vocabulary id of a German or Dutch word that is in no term as it
// stands, when the verb it is a form of is in one: "umgesetzt", "umzusetzen" and
// "verwendet" (own rule). Four letters of the verb must stay without its prefix.
func (v *vocabulary) verb(lang corpus.Language, form string, stem func(string) string) int32 {
	for _, verb := range verbsOf(lang, form) {
		for _, ending := range []string{"", "en", "n"} {
			if id := v.find(lang, stem(verb+ending)); id != 0 {
				return id
			}
		}
	}
	return 0
}

// verbsOf are the stems of the verbs that a word may be a form of.
func verbsOf(lang corpus.Language, form string) []string {
	var bare []string // without the ending of a participle
	for _, ending := range []string{"et", "t", "d"} {
		if rest, ok := strings.CutSuffix(form, ending); ok && (ending != "d" || lang == "nl") {
			bare = append(bare, rest)
		}
	}
	var out []string
	add := func(verb string) {
		if utf8.RuneCountInString(verb) >= minVerb {
			out = append(out, verb)
		}
	}
	for _, prefix := range separable[lang] {
		if rest, ok := strings.CutPrefix(form, prefix+infinitives[lang]); ok {
			add(prefix + rest)
		}
	}
	for _, b := range bare {
		for _, prefix := range append([]string{""}, separable[lang]...) {
			if rest, ok := strings.CutPrefix(b, prefix+"ge"); ok {
				add(prefix + rest)
			}
		}
		add(b)
	}
	return out
}

// inflections are the endings of words, by language, whose stem Snowball makes
// another one of than that of the word they belong to, with the ending of that word:
// parois and paroi, débits and débit, ciudades and ciudad; and what is typed for an
// accent that the ending has: evacuacion, securite.
var inflections = map[corpus.Language][][2]string{
	"fr": {{"aux", "al"}, {"s", ""}, {"x", ""}, {"ees", "ée"}, {"es", "é"}, {"ee", "ée"}, {"e", "é"}},
	"es": {{"ces", "z"}, {"es", ""}, {"s", ""}, {"cion", "ción"}, {"sion", "sión"}, {"gion", "gión"}, {"ia", "ía"}, {"ias", "ía"}, {"a", "o"}, {"as", "o"}},
	"pt": {{"ões", "ão"}, {"oes", "ão"}, {"ao", "ão"}, {"ais", "al"}, {"eis", "el"}, {"es", ""}, {"s", ""}},
	"it": {{"ita", "ità"}, {"chi", "co"}, {"ghi", "go"}},
}

// romance is the vocabulary id of a Romance word that is in no term as it stands,
// when a word it may be a form of is in one (own rule). Three letters must stay.
func (v *vocabulary) romance(lang corpus.Language, word string, stem func(string) string) int32 {
	for _, ending := range inflections[lang] {
		rest, ok := strings.CutSuffix(word, ending[0])
		if !ok || utf8.RuneCountInString(rest) < 3 {
			continue
		}
		if id := v.find(lang, stem(rest+ending[1])); id != 0 {
			return id
		}
	}
	return 0
}

// minVerb is how many letters of a verb must stay.
const minVerb = 4

// pluralOnly are words whose ending ات is no plural of the word before it: data
// are no statements.
var pluralOnly = []string{"بيانات", "معلومات"}

// withoutPlural takes the regular feminine plural off a word of which three
// letters stay, so that it meets its singular; Snowball leaves an alef behind
// (own rule).
func withoutPlural(word string) string {
	rest, ok := strings.CutSuffix(word, "ات")
	if !ok || utf8.RuneCountInString(rest) < 3 || slices.Contains(pluralOnly, word) {
		return word
	}
	return rest
}

func articled(s string) bool {
	for _, p := range []string{"ال", "لل", "بال", "كال"} {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// verbSuffixes form Russian verbs that lose them in the present tense:
// использовать and использует are one word, and Snowball makes two stems.
var verbSuffixes = []string{"ован", "еван", "ова", "ева", "ующ", "уем"}

// withoutVerbSuffix takes such a suffix off a stem of which four letters stay
// (own rule).
func withoutVerbSuffix(stem string) string {
	for _, s := range verbSuffixes {
		if rest, ok := strings.CutSuffix(stem, s); ok && utf8.RuneCountInString(rest) >= 4 {
			return rest
		}
	}
	return stem
}

// plurals are the Portuguese plurals that change the end of their singular and that
// Snowball gives another stem; before them three letters must stay.
var plurals = []struct{ many, one string }{
	{"ões", "ão"}, {"ães", "ão"}, {"veis", "vel"}, {"éis", "el"}, {"óis", "ol"}, {"ais", "al"}, {"uis", "ul"}, {"ens", "em"},
}

// consonants are spellings of before the Orthographic Agreement of 1990 that
// Portuguese texts still have.
var consonants = strings.NewReplacer("cç", "ç", "pç", "ç", "ct", "t", "dopt", "dot", "cept", "cet", "ptim", "tim")

// singularOfPortuguese is the singular of a plural that changes its end, in the
// spelling of today (own rule): condições is condição, visíveis is visível.
func singularOfPortuguese(word string) string {
	word = consonants.Replace(word)
	for _, p := range plurals {
		if rest, ok := strings.CutSuffix(word, p.many); ok && utf8.RuneCountInString(rest) >= 2 && len(word) > len("mais") {
			return rest + p.one
		}
	}
	return word
}

// withoutFleeting takes the vowel out of a Russian stem that other forms of the word
// do not have: участок and участки, площадка and площадок, владелец and владельца
// are one word each, and Snowball makes two stems (own rule). A word that keeps its
// vowel (срок, сроки) loses it in all forms alike.
func withoutFleeting(stem string) string {
	r := []rune(stem)
	n := len(r)
	if n < 4 || (r[n-2] != 'о' && r[n-2] != 'е') || !strings.ContainsRune("кнлц", r[n-1]) || strings.ContainsRune("аеиоуыэюяйьъ", r[n-3]) {
		return stem
	}
	if r[n-1] == 'ц' && r[n-3] == 'л' {
		r[n-2] = 'ь'
		return string(r)
	}
	return string(append(r[:n-2], r[n-1]))
}

func romance(lang corpus.Language) bool {
	switch lang {
	case "fr", "es", "it", "pt", "ca", "ro":
		return true
	}
	return false
}

// accents maps accented Latin letters to bare ones; ñ stays, because it is a
// letter of its own.
var accents = strings.NewReplacer("à", "a", "á", "a", "â", "a", "ã", "a", "ä", "a", "ç", "c", "è", "e", "é", "e", "ê", "e", "ë", "e",
	"ì", "i", "í", "i", "î", "i", "ï", "i", "ò", "o", "ó", "o", "ô", "o", "õ", "o", "ö", "o", "ù", "u", "ú", "u", "û", "u", "ü", "u")

func stripAccents(word string) string {
	for i := 0; i < len(word); i++ {
		if word[i] >= utf8.RuneSelf {
			return accents.Replace(word)
		}
	}
	return word
}
