package lexicon

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"

	"concord/corpus"
)

var loadOnce = sync.OnceValues(Load)

func theLexicon(t testing.TB) *Lexicon {
	t.Helper()
	lex, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	return lex
}

func TestBroaderConceptsExist(t *testing.T) {
	for _, err := range theLexicon(t).orphans {
		t.Error(err)
	}
	broken := smallTables()
	broken["data/terms/a.tsv"].Data = []byte("id\tdomain\tbroader\ten\tsource\nw\tpark\tx\tw\town\n")
	lex, err := load(broken)
	if err != nil || len(lex.orphans) != 1 {
		t.Errorf("the control finds %v, %v", lex, err)
	}
}

// TestEveryTermIsFound reads every form of every concept as a text of its own:
// the concept must be among what is found, and cover the whole form.
func TestEveryTermIsFound(t *testing.T) {
	lex := theLexicon(t)
	forms, lost := 0, 0
	for _, c := range lex.Concepts() {
		for _, lang := range sortedLanguages(c.Forms) {
			for _, form := range c.Forms[lang] {
				forms++
				if !finds(lex.ReadText(form, lang), c.ID) {
					lost++
					t.Errorf("%s: %s %q is not found in itself", c.ID, lang, form)
				}
			}
		}
	}
	t.Logf("%d concepts, %d forms, %d lost", len(lex.Concepts()), forms, lost)
}

func finds(r Reading, id ConceptID) bool {
	for _, m := range r.Concepts {
		if m.Concept == id {
			return true
		}
	}
	return false
}

func TestConceptsInSentences(t *testing.T) {
	lex := theLexicon(t)
	for _, tt := range []struct {
		name, lang, text string
		want             []ConceptID
		not              []ConceptID
	}{
		{"zh simplified", "zh", "民用建筑的外墙应符合规定。", []ConceptID{"civil-building", "external-wall"}, nil},
		{"zh traditional", "zh-Hant", "民用建築之外牆應符合規定。", []ConceptID{"civil-building", "external-wall"}, nil},
		{"zh across a blank and full width", "zh", "检查 外 墙", []ConceptID{"inspect", "external-wall"}, nil},
		{"zh punctuation parts", "zh", "外，墙", []ConceptID{"wall"}, []ConceptID{"external-wall"}},
		{"en inflected", "en", "Existing buildings were inspected.", []ConceptID{"existing-building", "inspect"}, nil},
		{"en hyphen", "en", "Load-bearing walls", []ConceptID{"load-bearing-wall"}, nil},
		{"en part of a word is none", "en", "wallpaper", nil, []ConceptID{"wall"}},
		{"ru cases agree", "ru", "для несущих стен жилых зданий", []ConceptID{"load-bearing-wall", "residential-building"}, nil},
		{"fr elision and article", "fr", "l'inspection des bâtiments d'habitation", []ConceptID{"inspect", "residential-building"}, nil},
		{"fr typographic apostrophe", "fr", "immeubles d’habitation", []ConceptID{"residential-building"}, nil},
		{"es plural", "es", "los edificios públicos y los muros portantes", []ConceptID{"public-building", "load-bearing-wall"}, nil},
		{"ar clitics", "ar", "وللجدران الخارجية", []ConceptID{"wall"}, nil},
		{"ar bare clitic", "ar", "لمنع الوصول وتشفير الملفات", []ConceptID{"encryption"}, nil},
		{"ar clitic that is a radical", "ar", "لبن", nil, []ConceptID{"building"}},
		{"ar regular plural", "ar", "انتهاء الجلسات", []ConceptID{"session"}, nil},
		{"ar verb of the other gender", "ar", "تتحقق المنظومة", []ConceptID{"verify"}, nil},
		{"ar data are no statement", "ar", "البيانات", []ConceptID{"data"}, nil},
		{"ar vowels and tatweel", "ar", "مَبْنًى سَكَنِيّ ـ جـــدار", []ConceptID{"wall"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := lex.ReadText(tt.text, corpus.Language(tt.lang))
			for _, id := range tt.want {
				if !finds(r, id) {
					t.Errorf("%s is not found in %q: %v", id, tt.text, r.Concepts)
				}
			}
			for _, id := range tt.not {
				if finds(r, id) {
					t.Errorf("%s is found in %q", id, tt.text)
				}
			}
		})
	}
}

func TestLoadNamesTheRow(t *testing.T) {
	base := smallTables()
	if _, err := load(base); err != nil {
		t.Fatalf("the control does not load: %v", err)
	}
	for _, tt := range []struct{ name, file, data, want string }{
		{"cells", "data/terms/a.tsv", "id\tdomain\tbroader\ten\tsource\nwall\tengineering\twall\n", "a.tsv line 2: 3 cells instead of 5"},
		{"id twice", "data/terms/a.tsv", "id\tdomain\tbroader\ten\tsource\nw\tpark\t\tw\town\nw\tpark\t\tw\town\n", "a.tsv line 3"},
		{"domain", "data/terms/a.tsv", "id\tdomain\tbroader\ten\tsource\nw\tsea\t\tw\town\n", "\"sea\" is not known"},
		{"empty variant", "data/terms/a.tsv", "id\tdomain\tbroader\ten\tsource\nw\tpark\t\tw||v\town\n", "empty variant"},
		{"header", "data/terms/a.tsv", "x\ty\n", "header"},
		{"han length", "data/han/t2s.tsv", "traditional\tsimplified\tsource\n牆牆\t墙\tx\n", "t2s.tsv line 2"},
		{"affix", "data/affixes/id.tsv", "kind\taffix\tbecomes\tkeeps\nsuffix\tnya\t\tmany\n", "id.tsv line 2"},
		{"stop class", "data/stopwords/en.tsv", "word\tclass\nof\tglue\n", "en.tsv line 2"},
		{"degree", "data/obligation.tsv", "language\ttradition\tpattern\tdegree\texample\tsource\tnote\nen\t*\tshall\thard\tIt shall.\town\t\n", "obligation.tsv line 2"},
		{"empty pattern", "data/obligation.tsv", "language\ttradition\tpattern\tdegree\texample\tsource\tnote\nen\t*\t…\trequire\tIt shall.\town\t\n", "has none"},
		{"bound", "data/bounds.tsv", "language\tposition\tbound\tpattern\tsource\nen\tbefore\t~\tat least\town\n", "bounds.tsv line 2"},
		{"position", "data/bounds.tsv", "language\tposition\tbound\tpattern\tsource\nen\tnear\t=\tat least\town\n", "bounds.tsv line 2"},
		{"reference", "data/references.tsv", "language\tkind\tpattern\tsource\nen\tx\tclause\town\n", "references.tsv line 2"},
		{"condition", "data/conditions.tsv", "language\tposition\tkind\tpattern\tsource\nen\topen\tmaybe\tif\town\n", "conditions.tsv line 2"},
		{"number", "data/numberwords.tsv", "language\tword\tvalue\tsource\nen\ttwo\tII\town\n", "numberwords.tsv line 2"},
		{"dimension", "data/units.tsv", "code\tdimension\tfactor\toffset\tsymbols\ten\tsource\nm\tL2\t1\t0\tm\tmetre\town\n", "units.tsv line 2"},
		{"concept of a dimension", "data/measured.tsv", "concept\tdimensions\tsource\nnowhere\tlength\town\n", "measured.tsv line 2"},
		{"unknown kin", "data/kin.tsv", "concept\tkin\tsource\nwall\tnowhere\town\n", "kin.tsv line 2"},
		{"kin of itself", "data/kin.tsv", "concept\tkin\tsource\nwall\twall\town\n", "kin.tsv line 2"},
		{"measured dimension", "data/measured.tsv", "concept\tdimensions\tsource\nwall\tlenght\town\n", "measured.tsv line 2"},
		{"factor", "data/units.tsv", "code\tdimension\tfactor\toffset\tsymbols\ten\tsource\nm\tL\t0\t0\tm\tmetre\town\n", "units.tsv line 2"},
		{"not text", "data/stopwords/en.tsv", "word\xff", "UTF-8"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			broken := fstest.MapFS{}
			for k, v := range base {
				broken[k] = v
			}
			broken[tt.file] = &fstest.MapFile{Data: []byte(tt.data)}
			_, err := load(broken)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}

// smallTables are the fewest tables that make a lexicon.
func smallTables() fstest.MapFS {
	return fstest.MapFS{
		"data/han/t2s.tsv":       {Data: []byte("traditional\tsimplified\tsource\n牆\t墙\tx\n")},
		"data/affixes/id.tsv":    {Data: []byte("kind\taffix\tbecomes\tkeeps\nsuffix\tnya\t\t4\n")},
		"data/stopwords/en.tsv":  {Data: []byte("word\tclass\nof\tlink\n")},
		"data/abbreviations.tsv": {Data: []byte("word\tsource\nno\town\n")},
		"data/obligation.tsv":    {Data: []byte("language\ttradition\tpattern\tdegree\texample\tsource\tnote\nen\t*\tshall\trequire\tIt shall.\town\t\n")},
		"data/bounds.tsv":        {Data: []byte("language\tposition\tbound\tpattern\tsource\nen\tbefore\t>=\tat least\town\n")},
		"data/references.tsv":    {Data: []byte("language\tkind\tpattern\tsource\nen\tclause\tclause\town\n")},
		"data/conditions.tsv":    {Data: []byte("language\tposition\tkind\tpattern\tsource\nen\topen\tcondition\tif\town\n")},
		"data/numberwords.tsv":   {Data: []byte("language\tword\tvalue\tsource\nen\ttwo\t2\town\n")},
		"data/measured.tsv":      {Data: []byte("concept\tdimensions\tsource\n")},
		"data/kin.tsv":           {Data: []byte("concept\tkin\tsource\n")},
		"data/dimensions.tsv":    {Data: []byte("name\texpression\tsource\nlength\tL\town\n")},
		"data/units.tsv":         {Data: []byte("code\tdimension\tfactor\toffset\tsymbols\ten\tsource\nm\tL\t1\t0\tm\tmetre\town\n")},
		"data/terms/a.tsv":       {Data: []byte("id\tdomain\tbroader\ten\tsource\nwall\tengineering\t\twall\town\n")},
	}
}

func TestFoldKeepsTheWayBack(t *testing.T) {
	lex := theLexicon(t)
	for _, tt := range []struct{ name, lang, text, want string }{
		{"ascii", "en", "Fire WALL", "fire wall"},
		{"full width", "zh", "ＧＢ ０．２５ｍ", "gb 0.25m"},
		{"full-width comma stays", "zh", "５，６", "5，6"},
		{"traditional", "zh", "滅火器設備", "灭火器设备"},
		{"phrase exception", "zh", "乾隆", "乾隆"},
		{"yo", "ru", "Отчёт", "отчет"},
		{"decomposed", "fr", "e\u0301tage", "étage"},
		{"ligature", "fr", "Œuvre", "oeuvre"},
		{"alef", "ar", "إِنْذَارٌ", "انذار"},
		{"tatweel and digits", "ar", "جـــدار ٠٫٢٥", "جدار 0٫25"},
		{"superscript", "en", "10⁵ m²", "10^5 m^2"},
		{"fraction", "en", "2½", "2 1⁄2"},
		{"square metre sign", "zh", "25㎡", "25m2"},
		{"invisible", "en", "fi\u00ADre\u200B", "fire"},
		{"bad bytes", "en", "a\xffb", "a b"},
		{"turkish", "tr", "Işık", "ışık"},
		{"circled", "zh", "①墙", " 墙"},
		{"devanagari digits", "en", "१२", "12"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := lex.Fold(tt.text, corpus.Language(tt.lang))
			if f.Text != tt.want {
				t.Errorf("folded to %q, want %q", f.Text, tt.want)
			}
			if s := f.Span(0, len(f.Text)); s.Start != 0 && tt.name != "invisible" {
				t.Errorf("the whole is %v", s)
			}
			checkFold(t, tt.text, f)
		})
	}
	f := lex.Fold("a ½ 滅火 ﬁre", "en")
	i := strings.Index(f.Text, "fire")
	if s := f.Span(i, i+4); f.source != len("a ½ 滅火 ﬁre") || "a ½ 滅火 ﬁre"[s.Start:s.End] != "ﬁre" {
		t.Errorf("fire comes from %v", s)
	}
}

// checkFold asks that every stretch of the folded text leads back to a stretch
// of the original that begins and ends between characters.
func checkFold(t testing.TB, text string, f Folded) {
	t.Helper()
	prev := 0
	for i := range f.Text {
		_, size := utf8.DecodeRuneInString(f.Text[i:])
		s := f.Span(i, i+size)
		if s.Start < 0 || s.End > len(text) || s.Start > s.End || s.Start < prev {
			t.Fatalf("byte %d of %q leads to %v of %d bytes", i, f.Text, s, len(text))
		}
		if !onRune(text, s.Start) || !onRune(text, s.End) {
			t.Fatalf("byte %d of %q leads inside a character: %v", i, f.Text, s)
		}
		prev = s.Start
	}
}

func onRune(text string, i int) bool {
	return i == len(text) || i == 0 || utf8.RuneStart(text[i]) || !utf8.ValidString(text)
}

func TestWords(t *testing.T) {
	lex := theLexicon(t)
	for _, tt := range []struct{ name, lang, text, want string }{
		{"en", "en", "The walls of the Buildings shall be inspected.", "wall build inspect"},
		{"en possessive", "en", "the user's password", "user password"},
		{"fr", "fr", "L'évacuation des bâtiments", "evacu bat"},
		{"fr without accents meets", "fr", "batiments", "bat"},
		{"ru", "ru", "Эвакуация из зданий", "эвакуац здан"},
		{"ru present tense", "ru", "использует использовать использование требует требования", "использ использ использ треб треб"},
		{"zh pairs", "zh", "防火墙的高度", "防火 火墙 高度"},
		{"zh alone", "zh", "墙 9m", "墙"},
		{"zh mixed", "zh", "使用TLS加密", "使用 tls 加密"},
		{"ja", "ja", "防火壁の高さ", "防火 火壁 高さ"},
		{"numbers", "en", "at 25 and 3 m, 0.25", "25 0.25"},
		{"id", "id", "bangunannya memenuhi persyaratan", "bangun enuh syarat"},
		{"list markers", "en", "a) fire; b) smoke", "fire smoke"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, w := range lex.Tokens(tt.text, corpus.Language(tt.lang)) {
				got = append(got, w.Form)
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("words of %q: %q, want %q", tt.text, s, tt.want)
			}
		})
	}
}

func TestGuess(t *testing.T) {
	lex := theLexicon(t)
	for text, want := range map[string]corpus.Language{
		"personal data": "en", "data": "en", "total area": "en", "general plan": "en", "local area network": "en", "door": "en", // words of two meanings elsewhere
		"dati personali": "it", "door de deur": "nl",
		"外墙的耐火极限": "zh", "防火壁の高さは": "ja", "건축물의 높이": "ko", "стены здания": "ru", "ғимараттың биіктігі": "kk",
		"المبنى": "ar", "the height of the building": "en", "salida de emergencia": "es", "hauteur du bâtiment": "fr",
		"Die Höhe der Wand": "de", "chiều cao của tòa nhà": "vi", "tinggi bangunan yang tidak": "id", "": "en", "123": "en", "ผนังกันไฟ": "th",
	} {
		if got := lex.Guess(text); got != want {
			t.Errorf("%q is taken for %s, want %s", text, got, want)
		}
	}
}

func TestTranslate(t *testing.T) {
	lex := theLexicon(t)
	for _, tt := range []struct{ word, from, to, want string }{
		{"外墙", "zh", "en", "external wall"}, {"external walls", "en", "zh", "外墙"}, {"несущих стен", "ru", "en", "load-bearing wall"},
	} {
		got := lex.Translate(tt.word, corpus.Language(tt.from), corpus.Language(tt.to))
		if len(got) == 0 || got[0] != tt.want {
			t.Errorf("%s in %s: %v, want %s first", tt.word, tt.to, got, tt.want)
		}
	}
	if got := lex.Translate("xyzzy", "en", "zh"); len(got) != 0 {
		t.Errorf("an unknown word is translated: %v", got)
	}
}

// evalClauses are real clauses for speed and safety, when they are at hand.
func evalClauses(t testing.TB, sets ...string) []corpus.Clause {
	var out []corpus.Clause
	for _, set := range sets {
		for _, file := range []string{"source.jsonl", "target.jsonl"} {
			f, err := os.Open(filepath.Join("../../../shared/eval", set, file))
			if err != nil {
				t.Skip("the shared clauses are not on this machine")
			}
			scan := bufio.NewScanner(f)
			scan.Buffer(nil, 1<<22)
			for scan.Scan() {
				var c struct{ Title, Text, Lang string }
				if err := json.Unmarshal(scan.Bytes(), &c); err != nil {
					t.Fatal(err)
				}
				out = append(out, corpus.Clause{Heading: c.Title, Text: c.Text, Language: corpus.Language(c.Lang)})
			}
			f.Close()
		}
	}
	return out
}

func BenchmarkRead(b *testing.B) {
	lex := theLexicon(b)
	for _, set := range []string{"dora-en-es", "asvs403-zh-ru", "tw-building-zh-en", "rgaa-raweb-fr-en", "asvs403-en-ar"} {
		clauses := evalClauses(b, set)
		size := 0
		for _, c := range clauses {
			size += len(c.Wording())
		}
		b.Run(set, func(b *testing.B) {
			b.SetBytes(int64(size / len(clauses)))
			b.ReportAllocs()
			for i := range b.N {
				lex.Read(clauses[i%len(clauses)], "")
			}
		})
	}
}

// BenchmarkReadByLanguage reads clauses of 80 words (130 characters of Chinese),
// cut from real texts, and reports how many a second of one processor's work.
func BenchmarkReadByLanguage(b *testing.B) {
	lex := theLexicon(b)
	texts := map[corpus.Language][]string{}
	for _, c := range evalClauses(b, "dora-en-es", "asvs403-zh-ru", "tw-building-zh-en", "rgaa-raweb-fr-en", "asvs403-en-ar") {
		texts[c.Language.Base()] = append(texts[c.Language.Base()], c.Wording())
	}
	for _, lang := range []corpus.Language{"ar", "en", "es", "fr", "ru", "zh"} {
		clauses := ofEqualLength(strings.Join(texts[lang], "\n"), lang == "zh")
		b.Run(string(lang), func(b *testing.B) {
			b.ReportAllocs()
			before := cpuTime(b)
			n := 0
			for b.Loop() {
				lex.Read(corpus.Clause{Text: clauses[n%len(clauses)], Language: lang}, "")
				n++
			}
			b.ReportMetric(float64(n)/(cpuTime(b)-before).Seconds(), "clauses/cpu-s")
		})
	}
}

// ofEqualLength cuts a text into clauses of 80 words, or of 130 characters.
func ofEqualLength(text string, byRunes bool) []string {
	words, join, most := strings.Fields(text), " ", 80
	if byRunes {
		words, join, most = strings.Split(text, ""), "", 130
	}
	var out []string
	for part := range slices.Chunk(words, most) {
		out = append(out, strings.Join(part, join))
	}
	return out
}

// cpuTime is how long this process has kept processors busy, which other programs
// on the machine change far less than the time that passes.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// BenchmarkLongTexts reads long texts without punctuation, full of what is
// looked for, in two sizes: the time for a byte must not grow with the size. A
// step that goes over everything for each would not end.
func BenchmarkLongTexts(b *testing.B) {
	lex := theLexicon(b)
	for _, unit := range []string{"if 5 m wall ", "若5m墙时", "not less than 1 ", "clause 5 and ", "shall not ", "不应小于", "из 5 м стены при ", "1 ", "(", "a\u0301", "一"} {
		for _, size := range []int{1 << 17, 1 << 19} {
			text := strings.Repeat(unit, size/len(unit))
			b.Run(fmt.Sprintf("%q/%d", unit, size), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				for range b.N {
					lex.ReadText(text, "")
				}
			})
		}
	}
}

// TestLongTextIsReadWhole reads one of them to its end.
func TestLongTextIsReadWhole(t *testing.T) {
	const n = 4000
	r := theLexicon(t).ReadText(strings.Repeat("if 5 m wall ", n), "en")
	if len(r.Concepts) != n || len(r.Quantities) != n {
		t.Errorf("%d concepts and %d quantities of %d", len(r.Concepts), len(r.Quantities), n)
	}
}

// TestWordsThatNoEndingExplains reads past forms, plurals and words whose stem
// another word has.
func TestWordsThatNoEndingExplains(t *testing.T) {
	lex := theLexicon(t)
	for _, c := range []struct {
		language corpus.Language
		text     string
		is, not  ConceptID
	}{
		{"en", "shall be kept", "keep", ""}, {"en", "toxic gases", "gas", ""}, {"en", "was founded", "", "find-discover"},
		{"es", "dos salidas", "exit", "room"}, {"es", "la sala", "room", "exit"},
		{"fr", "le chemin", "route", "chimney"}, {"fr", "deux cheminées", "chimney", "route"},
	} {
		names := func(id ConceptID) bool {
			return slices.ContainsFunc(lex.ReadText(c.text, c.language).Concepts, func(m Mention) bool { return m.Concept == id })
		}
		if c.is != "" && !names(c.is) || c.not != "" && names(c.not) {
			t.Errorf("%s: %q is to name %q and not %q: %v", c.language, c.text, c.is, c.not, lex.ReadText(c.text, c.language).Concepts)
		}
	}
}

// TestPrepositionsAreNoTerms reads function words that fold to a term's letters.
func TestPrepositionsAreNoTerms(t *testing.T) {
	lex := theLexicon(t)
	for text, l := range map[string]corpus.Language{"إلى": "ar", "عليه": "ar", "إليه": "ar", "بعد": "ar", "son": "fr", "pouvoir": "fr"} {
		if got := lex.ReadText(text, l).Concepts; len(got) > 0 {
			t.Errorf("%s %q names %v", l, text, got)
		}
	}
	for text, id := range map[string]ConceptID{"النظام الآلي": "automatic", "العلية": "attic", "الأبعاد": "dimension"} {
		if got := lex.ReadText(text, "ar").Concepts; !slices.ContainsFunc(got, func(m Mention) bool { return m.Concept == id }) {
			t.Errorf("%q names %v, not %s", text, got, id)
		}
	}
}
