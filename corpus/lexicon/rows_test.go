package lexicon

import (
	"strings"
	"testing"

	"concord/corpus"
)

// TestBoundRows puts a number behind or before the words of every row that
// limits one: the bound must be found, or for a negation be turned round.
func TestBoundRows(t *testing.T) {
	lex := theLexicon(t)
	rows, err := readTable(tables, "data/bounds.tsv", "language", "position", "bound", "pattern", "source")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows.rows {
		lang, position, bound := r.cells[0], r.cells[1], r.cells[2]
		for _, words := range choices(r.cells[3]) {
			var text string
			switch {
			case position == "before" && bound != "..", position == "far":
				text = "x: " + strings.ReplaceAll(words, "…", word(corpus.Language(lang))) + " 77 mm"
			case position == "after":
				text = "x: 77 mm " + words
			default:
				continue
			}
			if lang == "zh" {
				text = strings.ReplaceAll(text, " ", "")
			}
			got := lex.Read(corpus.Clause{Text: text, Language: corpus.Language(lang)}, "").Quantities
			if position == "after" && strings.HasPrefix(words, "个") || lang == "zh" && position == "after" && len(got) == 1 && got[0].Unit == "mm" && got[0].Bound == BoundNone {
				// measure words stand behind bare numbers
				got = lex.Read(corpus.Clause{Text: "x:77" + words, Language: "zh"}, "").Quantities
			}
			if len(got) != 1 || string(got[0].Bound) != bound {
				t.Errorf("line %d: %q of %s gives %v, want %s", r.line, text, lang, got, bound)
			}
		}
	}
}

// TestReferenceRows puts a number behind the words of every row: it must not be
// a quantity; the same number behind another word is one.
func TestReferenceRows(t *testing.T) {
	lex := theLexicon(t)
	rows, err := readTable(tables, "data/references.tsv", "language", "kind", "pattern", "source")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows.rows {
		if r.cells[1] == "word" {
			continue
		}
		lang := corpus.Language(r.cells[0])
		for _, words := range choices(strings.TrimPrefix(r.cells[2], "!")) {
			text := "x: " + words + " 7 " + word(lang)
			if r.cells[1] == "month" {
				text = "x: 7 " + words
			}
			if got := lex.ReadText(text, lang).Quantities; len(got) != 0 {
				t.Errorf("line %d: %q of %s gives %v", r.line, text, lang, got)
			}
		}
	}
	for _, lang := range []corpus.Language{"zh", "en", "ru", "fr", "ar", "es"} {
		text := "x " + word(lang) + " 7 " + word(lang)
		if got := lex.ReadText(text, lang).Quantities; len(got) != 1 {
			t.Errorf("the control %q of %s gives %v", text, lang, got)
		}
	}
}

// word is a content word of a language.
func word(lang corpus.Language) string {
	switch lang {
	case "zh":
		return "墙"
	case "ru", "kk":
		return "стен"
	case "ar":
		return "جدران"
	}
	return "murs"
}

// TestConditionRows reads every opener before words and every closer behind
// them: a condition or exception of that kind must be found.
func TestConditionRows(t *testing.T) {
	lex := theLexicon(t)
	rows, err := readTable(tables, "data/conditions.tsv", "language", "position", "kind", "pattern", "source")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows.rows {
		lang := corpus.Language(r.cells[0])
		w := word(lang)
		for _, words := range choices(r.cells[3]) {
			words = strings.ReplaceAll(words, "…", " "+w+" ")
			text := words + " " + w + " " + w + ", x"
			if r.cells[1] != "open" {
				text = w + " " + w + " " + w + " " + words + ", x"
			}
			found := false
			for _, c := range lex.ReadText(text, lang).Conditions {
				found = found || c.Exception == (r.cells[2] == "exception")
			}
			if !found {
				t.Errorf("line %d: no %s in %q of %s", r.line, r.cells[2], text, lang)
			}
		}
	}
}

// TestReadIsTheSameEveryTime reads with several goroutines and compares.
func TestReadIsTheSameEveryTime(t *testing.T) {
	lex := theLexicon(t)
	text := "When the height exceeds 24 m, external walls shall not be less than 1.2 m (47 in) thick, see clause 5.3.1 of ISO 9001:2015, unless 外墙 is used."
	want := lex.ReadText(text, "en")
	done := make(chan Reading)
	for range 4 {
		go func() {
			var r Reading
			for range 20 {
				r = lex.ReadText(text, "en")
			}
			done <- r
		}()
	}
	for range 4 {
		if got := <-done; printReading(got) != printReading(want) {
			t.Errorf("got %s, want %s", printReading(got), printReading(want))
		}
	}
}
