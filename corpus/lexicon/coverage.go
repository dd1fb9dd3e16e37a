package lexicon

import (
	"sort"
	"strings"
	"unicode/utf8"

	"concord/corpus"
)

// Coverage says how much of the clauses of a language the terms understand.
type Coverage struct {
	Clauses    int     `json:"clauses"`
	Content    int     `json:"content"`    // content tokens: words and Han characters that say what the clause is about
	Understood int     `json:"understood"` // of these, the ones inside a known term
	Unknown    []Count `json:"unknown,omitempty"`
}

// Share is the part of the content tokens that is understood, 0 to 1.
func (c Coverage) Share() float64 {
	if c.Content == 0 {
		return 0
	}
	return float64(c.Understood) / float64(c.Content)
}

// Count is an unknown word, or an unknown pair of Han characters, and how often
// it occurs under its stem.
type Count struct {
	Form    string `json:"stem"`
	Printed string `json:"word"` // as it stands where it was met first, folded
	Times   int    `json:"times"`
}

// Coverage reads clauses and says per language what share of their content
// tokens lies in known terms, and which words are missing most, at most so many
// per language. A wording that comes again counts once. Function words, numbers,
// and what is read as quantity, obligation or citation are no content: other
// tables than the terms understand them.
func (lex *Lexicon) Coverage(clauses []corpus.Clause, unknown int) map[corpus.Language]Coverage {
	covers := map[corpus.Language]*cover{}
	met := map[[2]string]bool{}
	for _, c := range clauses {
		if c.Language == "" {
			c.Language = lex.Guess(c.Wording())
		}
		c = corpus.Clause{Heading: c.Heading, Text: c.Text, Language: c.Language.Base()}
		key := [2]string{string(c.Language), c.Wording()}
		if met[key] {
			continue
		}
		met[key] = true
		if covers[c.Language] == nil {
			covers[c.Language] = &cover{missing: map[string]Count{}}
		}
		covers[c.Language].Clauses++
		covers[c.Language].add(lex, c)
	}
	out := map[corpus.Language]Coverage{}
	for lang, c := range covers {
		c.Unknown = commonest(c.missing, unknown)
		out[lang] = c.Coverage
	}
	return out
}

// cover is the coverage of a language while it is counted.
type cover struct {
	Coverage
	missing map[string]Count // by stem
}

// add counts one clause.
func (c *cover) add(lex *Lexicon, clause corpus.Clause) {
	wording, lang := clause.Wording(), clause.Language
	f := lex.Fold(wording, lang)
	tokens := lex.tokens(f, wording, lang, nil)
	known := lex.known(f, tokens)
	empty := lex.emptyTokens(clause, f, tokens)
	for i, t := range tokens {
		if empty[i] && !known[i] {
			continue
		}
		c.Content++
		if known[i] {
			c.Understood++
			continue
		}
		if t.script != scriptDense {
			c.miss(t.form, f.Text[t.start:t.end])
		} else if i+1 < len(tokens) && tokens[i+1].script == scriptDense && tokens[i+1].glued && !known[i+1] && !empty[i+1] {
			pair := f.Text[t.start:tokens[i+1].end]
			c.miss(pair, pair)
		}
	}
}

func (c *cover) miss(form, printed string) {
	have, there := c.missing[form]
	if !there {
		have = Count{Form: form, Printed: printed}
	}
	have.Times++
	c.missing[form] = have
}

// known marks the tokens that lie in a term.
func (lex *Lexicon) known(f Folded, tokens []token) []bool {
	known := make([]bool, len(tokens))
	for i := 0; i < len(tokens); {
		terms := lex.termsAt(tokens, i, nil)
		if len(terms) == 0 {
			known[i] = len(lex.appendParts(nil, f, tokens[i])) > 0
			i++
			continue
		}
		for last := terms[len(terms)-1].last; i <= last; i++ {
			known[i] = !tokens[i].stop && tokens[i].script != scriptDigit
		}
	}
	return known
}

// emptyTokens marks the tokens that are no content of their own.
func (lex *Lexicon) emptyTokens(clause corpus.Clause, f Folded, tokens []token) []bool {
	empty := make([]bool, len(tokens))
	stops := lex.stops[clause.Language]
	for i, t := range tokens {
		switch {
		case t.stop, t.script == scriptDigit, t.script != scriptDense && tooShort(t):
			empty[i] = true
		case t.script == scriptDense:
			if clause.Language == "ja" && hiragana(f.Text[t.start:t.end]) {
				empty[i] = true
			}
			if _, stop := stops[t.form]; stop {
				empty[i] = true
			}
			if i == 0 || !t.glued {
				continue
			}
			if _, stop := stops[f.Text[tokens[i-1].start:t.end]]; stop {
				empty[i-1], empty[i] = true, true
			}
		}
	}
	r := lex.Read(clause, "")
	var spans []Span
	for _, q := range r.Quantities {
		spans = append(spans, q.Span)
	}
	for _, o := range r.Obligations {
		spans = append(spans, o.Span)
	}
	for _, c := range r.Citations {
		spans = append(spans, c.Span)
	}
	spans = append(spans, addresses(clause.Wording())...)
	markInside(spans, f, tokens, empty)
	return empty
}

// addresses are the URLs of a text, whose words are of no language.
func addresses(text string) []Span {
	var out []Span
	for from := 0; ; {
		at := strings.Index(text[from:], "://")
		if at < 0 {
			return out
		}
		at += from
		start := strings.LastIndexFunc(text[:at], func(r rune) bool { return r < 'a' || r > 'z' }) + 1
		end := at + len("://")
		for end < len(text) && text[end] > ' ' && text[end] < utf8.RuneSelf {
			end++
		}
		out, from = append(out, Span{start, end}), end
	}
}

// hiragana tells whether a character is one. In a Japanese text it is a particle or
// an ending: what says something is written with Han characters or katakana.
func hiragana(character string) bool {
	r, _ := utf8.DecodeRuneInString(character)
	return r >= 0x3041 && r <= 0x309F
}

// markInside marks the tokens that lie in one of the spans.
func markInside(spans []Span, f Folded, tokens []token, marks []bool) {
	sort.Slice(spans, func(i, j int) bool { return spans[i].Start < spans[j].Start })
	next, end := 0, 0
	for i, t := range tokens {
		s := f.Span(t.start, t.end)
		for next < len(spans) && spans[next].Start <= s.Start {
			end = max(end, spans[next].End)
			next++
		}
		if s.End <= end {
			marks[i] = true
		}
	}
}

// commonest sorts by count, then by stem.
func commonest(counts map[string]Count, n int) []Count {
	out := make([]Count, 0, len(counts))
	for _, c := range counts {
		out = append(out, c)
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Times != out[j].Times {
			return out[i].Times > out[j].Times
		}
		return out[i].Form < out[j].Form
	})
	return out[:min(max(n, 0), len(out))]
}
