package index

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/corpus/translation"
)

// Translations is who keeps the learned translations that count: the store.
type Translations interface {
	// TranslationsMark grows with every change of what TranslationsInUse gives.
	TranslationsMark(ctx context.Context) (int64, error)
	TranslationsInUse(ctx context.Context) ([]translation.Table, error)
}

// Learned is a word or phrase of a query that the termbase does not know, with
// what renders it in other languages by learned translations. They are evidence
// by their strength (probabilistic structured queries, Darwish and Oard 2003);
// a word that the termbase knows has none.
type Learned struct {
	Span lexicon.Span // in Query.Text
	Word string       // as written there, folded; Query.Unlearned with it takes it off
	Into []Rendering  // the strongest first, at most mostRenderings a language
}

// Rendering is a word or phrase of another language.
type Rendering struct {
	Language corpus.Language
	Text     string  // as printed most often
	Strength float64 // how surely both render each other, 0 to 1
	Pairs    int     // pairs of clauses that show it
}

// What of the learned translations a query takes (own choices: a page has room
// for few, and weak ones are mostly wrong).
const (
	mostRenderings = 3
	leastStrength  = 0.2
	longestPhrase  = 4 // words that are looked up together
)

// dictionary is the learned translations by language and word or phrase.
type dictionary struct {
	mark  int64
	words map[wordOf][]Rendering
}

// wordOf is a word of a language, or the words of a phrase joined by blanks, as
// lexicon.Tokens yields them.
type wordOf struct {
	language corpus.Language
	forms    string
}

// learn reads the learned translations anew when they have changed. A store that
// cannot be read leaves search as it was.
func (ix *Index) learn(ctx context.Context) {
	if ix.opts.Translations == nil {
		return
	}
	mark, err := ix.opts.Translations.TranslationsMark(ctx)
	if old := ix.learned.Load(); err == nil && (old == nil || old.mark != mark) {
		var tables []translation.Table
		if tables, err = ix.opts.Translations.TranslationsInUse(ctx); err == nil {
			ix.learned.Store(newDictionary(mark, tables))
		}
	}
	if err != nil && ctx.Err() == nil {
		ix.opts.Log.Warn("search goes on without new learned translations", "cause", err)
	}
}

// newDictionary takes each table both ways.
func newDictionary(mark int64, tables []translation.Table) *dictionary {
	d := &dictionary{mark, map[wordOf][]Rendering{}}
	for _, t := range tables {
		for _, way := range []translation.Table{t, t.Flipped()} {
			for _, e := range way.Entries {
				if e.Strength() >= leastStrength {
					at := wordOf{way.Source, e.Source}
					d.words[at] = append(d.words[at], Rendering{way.Target, e.TargetPrinted, e.Strength(), e.Count})
				}
			}
		}
	}
	for _, list := range d.words {
		corpus.SortRows(list, func(a, b Rendering) int {
			return cmp.Or(cmp.Compare(b.Strength, a.Strength), cmp.Compare(a.Text, b.Text))
		})
	}
	return d
}

// of is what renders some forms in the languages of the index.
func (d *dictionary) of(at wordOf, present []corpus.Language) []Rendering {
	var out []Rendering
	taken := map[corpus.Language]int{}
	for _, r := range d.words[at] {
		if taken[r.Language] < mostRenderings && slices.Contains(present, r.Language) {
			taken[r.Language]++
			out = append(out, r)
		}
	}
	return out
}

// translate looks the words that the termbase does not know up among the learned
// translations: in the language of the query, then in the others of the texts
// that have the word's script, since of a word alone the language is a guess.
func (ix *Index) translate(p *plan, guessed corpus.Language) {
	d := ix.learned.Load()
	if d == nil || p.query.Exact {
		return
	}
	for i := range p.units {
		u := &p.units[i]
		if u.prefix || len(u.concepts)+len(u.tokens) > 0 {
			continue
		}
		languages := []corpus.Language{guessed.Base()}
		if p.query.Language == "" {
			for _, l := range p.present {
				if script(l) == scriptOf(u.text) {
					languages = append(languages, l)
				}
			}
		}
		for _, l := range languages {
			if p.translated(d, u, l, ix.readText(u.text, l).Words) {
				break
			}
		}
	}
}

// translated gives a unit the renderings of its words, the longest phrases first,
// and tells whether there are any.
func (p *plan) translated(d *dictionary, u *unit, l corpus.Language, words []lexicon.Word) bool {
	var all [][]Rendering
	known := false
	for len(words) > 0 {
		n, into := p.longest(d, words, l, u.text)
		if len(into) > 0 {
			known = true
			s := lexicon.Span{Start: words[0].Span.Start, End: words[n-1].Span.End}
			word := fold(u.text[s.Start:s.End])
			p.learned = append(p.learned, Learned{lexicon.Span{Start: u.span.Start + s.Start, End: u.span.Start + s.End}, word, into})
		}
		all = append(all, into)
		words = words[n:]
	}
	if known {
		u.learned = all
	}
	return known
}

// longest finds the longest phrase at the beginning of some words that has
// renderings and was not taken off, and how many words it is; one word without
// any where there is none.
func (p *plan) longest(d *dictionary, words []lexicon.Word, l corpus.Language, text string) (int, []Rendering) {
	for n := min(longestPhrase, len(words)); n > 0; n-- {
		forms := make([]string, n)
		for i, w := range words[:n] {
			forms[i] = w.Form
		}
		if slices.Contains(p.query.Unlearned, fold(text[words[0].Span.Start:words[n-1].Span.End])) {
			continue
		}
		if into := d.of(wordOf{l, strings.Join(forms, " ")}, p.present); len(into) > 0 {
			return n, into
		}
	}
	return 1, nil
}

// addLearned lets a unit be found by what renders it, by its strength; a unit of
// several words or phrases by the share of them.
func (p plan) addLearned(q *rankQuery, a *asked, u unit) {
	if len(u.learned) == 1 {
		q.evidence = append(q.evidence, p.renderedBy(a.slot, u.learned[0])...)
		return
	}
	var parts []part
	for _, into := range u.learned {
		parts = append(parts, part{1, q.slot()})
		q.evidence = append(q.evidence, p.renderedBy(parts[len(parts)-1].slot, into)...)
	}
	if parts != nil {
		a.say(parts)
	}
}

// renderedBy looks for renderings in the texts of their languages.
func (p plan) renderedBy(slot int, into []Rendering) []evidence {
	var out []evidence
	for _, r := range into {
		l, u := fieldLanguage(r.Language), unit{text: r.Text}
		out = append(out, evidence{p.wordQuery(u, l, textField(l), false), slot, worthConcept * r.Strength},
			evidence{p.wordQuery(u, l, headingField(l), false), slot, worthConcept * worthHeading * r.Strength})
	}
	return out
}
