package matcher

import (
	"slices"
	"testing"
	"unicode/utf8"

	"concord/corpus"
	"concord/corpus/lexicon"
)

func TestLatinise(t *testing.T) {
	cases := []struct{ name, word, want string }{
		{"ascii", "TLS", "tls"},
		{"accents", "Sécurité", "securite"},
		{"ligature", "cœur", "coeur"},
		{"russian", "протокол", "protokol"},
		{"kazakh", "қала", "kala"},
		{"full width", "ＴＬＳ", "tls"},
		{"arabic digits", "١٢", "12"},
		{"persian digits", "۴۵", "45"},
		{"arabic letters", "شبكة", "shbka"},
		{"persian letters", "کامپیوتر", "kampiutr"},
		{"greek", "Σύστημα", "systema"},
		{"greek, last letter", "ώ", "o"},
		{"georgian", "სისტემაჰ", "sistemah"},
		{"armenian", "պրոտոկոլֆ", "protokolf"},
		{"katakana", "ネットワーク", "netwak"},
		{"katakana, last letter", "ヶ", "ke"},
		{"hangul", "시스템", "sistem"},
		{"hangul, first and last", "가힣", "kahit"},
		{"belarusian and tajik", "ўҳҷ", "uhj"},
		{"hiragana", "の", ""},
		{"han", "防火", ""},
	}
	for _, c := range cases {
		if got := latinise(c.word); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestEachWord(t *testing.T) {
	cases := []struct {
		name string
		text string
		want []string
	}{
		{"punctuation", "TLS-1.2 (HTTP)", []string{"TLS", "1.2", "HTTP"}},
		{"a stop after a number", "at 5. Then", []string{"at", "5", "Then"}},
		{"inside Han", "采用HTTPS协议v2", []string{"HTTPS", "v2"}},
		{"before kana", "HTTPをサーバーで", []string{"HTTP", "を", "サーバー", "で"}},
		{"before hangul", "API를 10개", []string{"API", "를", "10", "개"}},
		{"before Thai", "ใช้TLSกับ", []string{"ใช้", "TLS", "กับ"}},
		{"letters and digits of one script stay together", "бетон М300", []string{"бетон", "М300"}},
		{"nothing", "，。", nil},
	}
	for _, c := range cases {
		var got []string
		eachWord(c.text, func(word string, s lexicon.Span) {
			if c.text[s.Start:s.End] != word {
				t.Errorf("%s: span %v is not %q", c.name, s, word)
			}
			got = append(got, word)
		})
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestForm: inflections meet in a language that has no terms, and a language that has
// some keeps what its own stemmer tells.
func TestForm(t *testing.T) {
	k := testMatcher(t).known
	cases := []struct {
		lang corpus.Language
		a, b string
		meet bool
	}{
		{"el", "ασφαλεια", "ασφαλειας", true}, {"pl", "bezpieczeństwo", "bezpieczeństwa", true}, {"el", "πυρ", "πυρο", false},
		{"en", "insurance", "insured", false}, {"zh", "建筑防火通用规范", "建筑防火通用要求", false},
	}
	for _, c := range cases {
		if a, b := k.form(c.a, c.lang), k.form(c.b, c.lang); (a == b) != c.meet {
			t.Errorf("%s: %q and %q, want meeting %v", c.lang, a, b, c.meet)
		}
	}
}

func TestHeadline(t *testing.T) {
	cases := []struct {
		name string
		c    corpus.Clause
		want string
	}{
		{"heading", corpus.Clause{Heading: "Doors", Text: "x"}, "Doors"},
		{"first line", corpus.Clause{Text: "Response and recovery\nEntities shall recover."}, "Response and recovery"},
		{"a sentence is none", corpus.Clause{Text: "Entities shall recover.\nAnd more"}, ""},
		{"a list's opening is none", corpus.Clause{Text: "Entities shall:\na) recover"}, ""},
		{"one line is the text", corpus.Clause{Text: "Response and recovery"}, ""},
	}
	for _, c := range cases {
		if got := headline(c.c); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestSharedTokens: names, numbers and cognates meet across languages; words
// that merely look a little alike do not.
func TestSharedTokens(t *testing.T) {
	m := testMatcher(t)
	of := func(lang corpus.Language, text string) *facts {
		return m.factsOf(corpus.Clause{Language: lang, Text: text}, "")
	}
	shares := func(a, b bag) bool {
		return slices.ContainsFunc(a, func(x entry) bool { return slices.ContainsFunc(b, func(y entry) bool { return x.id == y.id }) })
	}
	if !shares(of("zh", "应采用TLS协议").tokenBag, of("ru", "применять протокол TLS").tokenBag) {
		t.Error("an acronym does not meet")
	}
	if !shares(of("ar", "ملفات cookies").tokenBag, of("en", "a cookie").tokenBag) {
		t.Error("a plural does not meet its singular")
	}
	if shares(of("zh", "防火墙").tokenBag, of("en", "fire wall").tokenBag) {
		t.Error("a translation counts as a shared name")
	}
	stats := &statistics{neutral: true}
	like := compare(newVector(of("ru", "протокол").gramBag, stats), newVector(of("en", "protocol").gramBag, stats)).cosine
	unlike := compare(newVector(of("ru", "протокол").gramBag, stats), newVector(of("en", "staircase").gramBag, stats)).cosine
	if like < 0.7 || unlike > 0.1 {
		t.Errorf("cognates %.2f, others %.2f", like, unlike)
	}
}

func TestCompareVectors(t *testing.T) {
	v := func(terms ...entry) vector { return newVector(terms, &statistics{neutral: true}) }
	a := v(entry{1, 1}, entry{2, 1})
	cases := []struct {
		name                       string
		b                          vector
		cosine, ofSource, ofTarget float64
	}{
		{"itself", a, 1, 1, 1},
		{"a part", v(entry{1, 1}), 0.7071, 0.5, 1},
		{"apart", v(entry{3, 1}), 0, 0, 0},
		{"nothing", vector{}, 0, 0, 0},
	}
	for _, c := range cases {
		o := compare(a, c.b)
		for i, pair := range [][2]float64{{o.cosine, c.cosine}, {o.ofSource, c.ofSource}, {o.ofTarget, c.ofTarget}} {
			if d := pair[0] - pair[1]; d > 1e-3 || d < -1e-3 {
				t.Errorf("%s: value %d is %g, want %g", c.name, i, pair[0], pair[1])
			}
		}
	}
}

// FuzzCompare: any two texts in any language give a proposal without a panic,
// with spans inside the texts.
func FuzzCompare(f *testing.F) {
	f.Add("Doors shall be 0.9 m wide.", "门的净宽度不应小于0.9m。", "en", "zh")
	f.Add("\xff\xfe١٢،", "", "ar", "")
	m := testMatcher(f)
	f.Fuzz(func(t *testing.T, x, y, lx, ly string) {
		a := corpus.Clause{ID: "a/1", Heading: x[:len(x)/2], Text: x, Language: corpus.Language(lx), Path: []string{y}}
		b := corpus.Clause{ID: "b/1", Text: y, Language: corpus.Language(ly)}
		p := m.Compare(a, b)
		if utf8.ValidString(x) && utf8.ValidString(y) && utf8.ValidString(a.Heading) {
			checkProposal(t, p, a, b, m.model.ID())
		}
	})
}

// TestPeopleAreCountedAsPeople: a count of people is labelled with people and
// with nothing that stands near it.
func TestPeopleAreCountedAsPeople(t *testing.T) {
	m := testMatcher(t)
	text := "يجب أن تكون أبواب الخروج من النوع المتأرجح على محور جانبي، وأن تفتح في اتجاه الخروج إذا كانت تخدم ٥٠ شخصاً أو أكثر."
	a := corpus.Clause{ID: "a/1", Kind: corpus.KindRequirement, Language: "zh", Text: "应设置疏散指示标志。"}
	b := corpus.Clause{ID: "b/1", Kind: corpus.KindRequirement, Language: "ar", Text: text}
	found := false
	for _, d := range m.Compare(a, b).Differences {
		if d.Aspect == AspectQuantity {
			found = true
			if d.Concept != lexicon.CountOfPersons {
				t.Errorf("%q is labelled %q", d.B, d.Concept)
			}
		}
	}
	if !found {
		t.Error("the count of persons has no row")
	}
}
