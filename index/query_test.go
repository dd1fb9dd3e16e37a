package index

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"concord/corpus"
	"concord/corpus/lexicon"
)

func TestParse(t *testing.T) {
	cases := []struct {
		name, text string
		want       string // terms as [-]["]text["][*], separated by |
	}{
		{"words", "guardrail height", "guardrail|height"},
		{"a phrase", `"fire compartment" area`, `"fire compartment"|area`},
		{"a phrase in Chinese marks", "「防火分区」 面积", `"防火分区"|面积`},
		{"a name that print quotes in a sentence", "указатели «Выход» над дверями", "указатели|«Выход»|над|дверями"},
		{"and a query of nothing else", "«пути эвакуации» lang:ru", `"пути эвакуации"`},
		{"what is left out in such marks", "двери -«Выход»", `двери|-"Выход"`},
		{"a word left out", "door -window", "door|-window"},
		{"a dash inside a word is a dash", "GB/T 1.1-2020", "GB/T|1.1-2020"},
		{"a prefix", "evacuat*", "evacuat*"},
		{"one Han character is enough", "防*", "防*"},
		{"an unpaired mark is text", `he said "no`, `he|said|"no`},
		{"a query language is plain text", `/.*/ /fire.*door/ text:(a OR b)^4`, "/fire. door/|text:(a|OR|b)^4"},
		{"an unknown field is text", "colour:red", "colour:red"},
		{"punctuation says nothing", "— ; ?", ""},
		{"nothing", "   ", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p, err := parse(c.text)
			if err != nil {
				t.Fatal(err)
			}
			if got := showTerms(p.terms); got != c.want {
				t.Errorf("parse(%q) = %s, want %s", c.text, got, c.want)
			}
		})
	}
}

func showTerms(terms []term) string {
	var out []string
	for _, x := range terms {
		s := x.text
		if x.phrase {
			s = `"` + s + `"`
		}
		if x.prefix {
			s += "*"
		}
		if x.not {
			s = "-" + s
		}
		out = append(out, s)
	}
	return strings.Join(out, "|")
}

func TestParseFilters(t *testing.T) {
	p, err := parse("width jurisdiction:ru lang:zh status:in-force")
	if err != nil {
		t.Fatal(err)
	}
	want := []Typed{{lexicon.Span{Start: 6, End: 21}, "jurisdiction", "ru"}, {lexicon.Span{Start: 22, End: 29}, "lang", "zh"}, {lexicon.Span{Start: 30, End: 45}, "status", "in-force"}}
	if showTerms(p.terms) != "width" || !slices.Equal(p.typed, want) {
		t.Errorf("got %v %v", showTerms(p.terms), p.typed)
	}
}

func TestParseLimits(t *testing.T) {
	cases := []struct {
		name, text string
		want       error
	}{
		{"as long as allowed", strings.Repeat("a b ", MaxQueryTerms/2), nil},
		{"one term too many", strings.Repeat("a b ", MaxQueryTerms/2) + "c", corpus.ErrLimit},
		{"characters at the limit", strings.Repeat("防", MaxQueryRunes), nil},
		{"one character too many", strings.Repeat("防", MaxQueryRunes+1), corpus.ErrLimit},
		{"a word at the limit", strings.Repeat("a", MaxWordRunes), nil},
		{"a word too long", strings.Repeat("a", MaxWordRunes+1), corpus.ErrLimit},
		{"a bare star", "*", corpus.ErrInvalid},
		{"stars around", "*a*", corpus.ErrInvalid},
		{"a short prefix", "ab*", corpus.ErrInvalid},
		{"a prefix of three letters", "abc*", nil},
		{"a leading star", "*abc", corpus.ErrInvalid},
		{"bytes that are no text", "a\xff", corpus.ErrInvalid},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := parse(c.text)
			if !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"", `"a b" -c d*`, "防火*", "lang:zh \"", "-", "「」", "«a»", "a:b:c", "* ** a*b", strings.Repeat("x ", 40)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := parse(text)
		if err != nil {
			if !errors.Is(err, corpus.ErrInvalid) && !errors.Is(err, corpus.ErrLimit) {
				t.Fatalf("an error of no kind: %v", err)
			}
			return
		}
		if len(p.terms) > MaxQueryTerms {
			t.Fatalf("%d terms", len(p.terms))
		}
		for _, x := range p.terms {
			if x.span.Start < 0 || x.span.End > len(text) || x.span.Start >= x.span.End || x.text == "" {
				t.Fatalf("the span %v of %q lies outside %q", x.span, x.text, text)
			}
		}
	})
}

func TestOneIsAnArticle(t *testing.T) {
	for text, want := range map[string]bool{"jusqu'à une issue": false, "hasta una salida": false, "jusqu'à 1 issue": true, "at least two exits": true} {
		p := plan{query: Query{Text: text}, lex: loaded()}
		(&Index{lex: p.lex}).understand(&p, text, nil)
		if got := len(p.numbers)+len(p.asked) > 0; got != want {
			t.Errorf("%q asks for a number: %v", text, got)
		}
	}
}
