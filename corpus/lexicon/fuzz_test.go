package lexicon

import (
	"math"
	"testing"
	"unicode/utf8"

	"concord/corpus"
)

// seeds are texts that have made trouble, or may.
var seeds = []string{
	"", " ", "\xff\xfe", "5.3.1", "10⁵", "½", "1 200,5 mm", "٠٫٢٥", "三十五米", "百分之", "分之", "第", "应", "不应小于１．２ｍ。",
	"GB 50016-2014第5.3.1条", "e\u0301\u0301\u0301", "ـــ", "\u202e12", "①②", "25±5 % ± ± 3", "1:12:1/2/3", "may not, shall … not", "乾隆乾",
	"5~10~15~20 m m m", "от 5 до", "((((", "between 5 and", "10^999999 m", "1e309", "99999999999999999999 m", "\x00\x00", "ガｶﾞ", "กำแพง", "5 in", "°C", "^^^2", "W/(m2·K",
	"When it is, unless. If", "时，", "的，", "除外", "- 5", "ﷺ", "㎡", "№ 5", "a\u0300\u0301'b'", "l'", "'''",
}

// FuzzRead reads arbitrary text in every language: nothing may panic, and every
// span must lie inside the wording and on the borders of characters.
func FuzzRead(f *testing.F) {
	lex := theLexicon(f)
	languages := []string{"", "zh", "zh-Hant", "en", "ru", "fr", "ar", "es", "de", "tr", "kk", "th", "ja", "vi", "xx"}
	for i, s := range seeds {
		f.Add(s, languages[i%len(languages)])
	}
	f.Fuzz(func(t *testing.T, text, lang string) {
		if len(text) > 1<<14 {
			return
		}
		c := corpus.Clause{Heading: text[:len(text)/3], Text: text[len(text)/3:], Language: corpus.Language(lang)}
		r := lex.Read(c, corpus.TraditionGBGeneralCode)
		checkReading(t, c.Wording(), r)
		lex.Kind(c, r)
		checkFold(t, text, lex.Fold(text, corpus.Language(lang)))
	})
}

func checkReading(t *testing.T, wording string, r Reading) {
	t.Helper()
	last := 0
	check := func(what string, s Span, ordered bool) {
		if s.Start < 0 || s.End > len(wording) || s.Start > s.End {
			t.Fatalf("%s at %v of %d bytes", what, s, len(wording))
		}
		if utf8.ValidString(wording) && (!onRune(wording, s.Start) || !onRune(wording, s.End)) {
			t.Fatalf("%s at %v is inside a character of %q", what, s, wording)
		}
		if ordered && s.Start < last {
			t.Fatalf("%s at %v is out of order", what, s)
		}
		last = s.Start
	}
	for _, w := range r.Words {
		check("word "+w.Form, w.Span, true)
	}
	last = 0
	for _, m := range r.Concepts {
		check("concept", m.Span, true)
	}
	last = 0
	for _, q := range r.Quantities {
		check("quantity", q.Span, true)
		if math.IsNaN(q.Low) || math.IsInf(q.Low, 0) || math.IsNaN(q.High) || math.IsInf(q.High, 0) || q.Low > q.High {
			t.Fatalf("quantity %+v", q)
		}
		if wording[q.Span.Start:q.Span.End] != q.Printed {
			t.Fatalf("quantity %+v is not as printed", q)
		}
	}
	last = 0
	for _, o := range r.Obligations {
		check("obligation", o.Span, true)
		if o.Span.Start < o.Sentence.Start || o.Span.End > o.Sentence.End {
			t.Fatalf("obligation %v is not in its sentence %v", o.Span, o.Sentence)
		}
	}
	for _, o := range r.Obligations {
		check("sentence", o.Sentence, false)
	}
	last = 0
	for _, c := range r.Citations {
		check("citation", c.Span, true)
	}
	last = 0
	for _, c := range r.Conditions {
		check("condition", c.Span, true)
	}
}

// FuzzNumbers reads numbers in every convention: the value is finite and the
// end lies within the text.
func FuzzNumbers(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<12 {
			return
		}
		for _, lang := range []corpus.Language{"en", "de", "fr", "zh"} {
			if text != "" && isDigit(text[0]) {
				n, end, ok := literalAt(text, 0, lang, false)
				if end < 1 || end > len(text) || ok && (math.IsNaN(n.value) || math.IsInf(n.value, 0)) {
					t.Fatalf("%q: %+v ends at %d", text, n, end)
				}
			}
		}
		if n, ok := hanAt(text, 0); ok && (n.end > len(text) || math.IsNaN(n.value) || math.IsInf(n.value, 0)) {
			t.Fatalf("%q: %+v", text, n)
		}
	})
}

// FuzzObligation asks that an obligation stays when a line without one is put
// after it.
func FuzzObligation(f *testing.F) {
	lex := theLexicon(f)
	f.Add("墙体应密实", "zh")
	f.Add("The wall shall stand", "en")
	f.Fuzz(func(t *testing.T, text, lang string) {
		if len(text) > 1<<12 || lang == "" || !utf8.ValidString(text) {
			return
		}
		before := lex.ReadText(text, corpus.Language(lang)).Obligations
		after := lex.ReadText(text+"\n1\n", corpus.Language(lang)).Obligations
		if len(before) != len(after) {
			t.Fatalf("%q: %v, then %v", text, before, after)
		}
	})
}
