package lexicon

import "concord/corpus"

// Probe looks for the forms of a few concepts in texts, without reading them: where
// it finds none, a lexicon with these forms and one without name the same concepts.
type Probe struct{ lex *Lexicon }

// Probe is made for the forms of concepts. This lexicon stays as it is.
func (lex *Lexicon) Probe(forms []Concept) *Probe {
	out := &Lexicon{
		han: lex.han, affixes: lex.affixes, stops: lex.stops, orphans: lex.orphans, phrases: lex.phrases,
		vocabulary: lex.vocabulary.clone(),
		trie:       trie{nodes: rootOfJa},
	}
	out.scratch.New = lex.scratch.New
	out.enter(forms, tellsSomething)
	return &Probe{out}
}

// MayChange tells whether the text of a clause has one of the forms. A language that
// writes compounds as one word always may: part of a compound is found only beside
// the names of its other parts.
func (p *Probe) MayChange(c corpus.Clause) bool {
	lex, text := p.lex, c.Wording()
	lang := c.Language
	if lang == "" {
		lang = lex.Guess(text)
	}
	lang = lang.Base()
	if joints[lang] != nil {
		return true
	}
	has := false
	lex.withTokens(text, lang, func(_ Folded, tokens []token) {
		var at [16]found
		for i := range tokens {
			if has = len(lex.termsAt(tokens, i, at[:0])) > 0; has {
				return
			}
		}
	})
	return has
}

// Mentions is the part of a reading that names concepts, alone.
func (lex *Lexicon) Mentions(c corpus.Clause) []Mention {
	text, lang := c.Wording(), c.Language
	if lang == "" {
		lang = lex.Guess(text)
	}
	var out []Mention
	lex.withTokens(text, lang.Base(), func(f Folded, tokens []token) { out = lex.mentions(f, tokens) })
	return out
}

// withTokens hands over the tokens of a text, which are gone afterwards.
func (lex *Lexicon) withTokens(text string, base corpus.Language, use func(Folded, []token)) {
	f := lex.Fold(text, base)
	scratch := lex.scratch.Get().(*[]token)
	tokens := lex.tokens(f, text, base, (*scratch)[:0])
	use(f, tokens)
	*scratch = tokens[:0]
	lex.scratch.Put(scratch)
}
