package web

import (
	"context"
	"slices"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// glossRow is a word of a text with what the term tables call it in the language of
// the page.
type glossRow struct {
	Word  string
	Means []glossName
}

// glossName is one rendering; Language is "" in the language of the page.
type glossName struct {
	Name     string
	Language corpus.Language
}

// maxGloss bounds the rows of one text.
const maxGloss = 200

// gloss is the reading aid of a clause (UX.md 7.2): the words of its shown text that
// the term tables know or that oblige, in the order of the text and once each, with
// what they are called in the language of the page. It is read from what the rights
// show, so that it tells of no other word. In the reader's own language there is none.
func (s *Server) gloss(c corpus.Clause, std corpus.Standard, a asker) []glossRow {
	own := corpus.Language(a.words.tag)
	if c.Language.Base() == own.Base() {
		return nil
	}
	shown := std.Rights.Shown(c)
	text, r := shown.Wording(), s.reading(shown, std)
	var out []glossRow
	add := func(span lexicon.Span, n glossName) {
		if span.Start < 0 || span.End > len(text) || span.Start >= span.End || n.Name == "" {
			return
		}
		word := text[span.Start:span.End]
		for i := range out {
			if row := &out[i]; row.Word == word {
				for _, have := range row.Means {
					if have.Name == n.Name {
						return
					}
				}
				row.Means = append(row.Means, n)
				return
			}
		}
		if len(out) < maxGloss {
			out = append(out, glossRow{word, []glossName{n}})
		}
	}
	oblige := r.Obligations // both are in the order of the text
	for i := 0; i <= len(r.Concepts); i++ {
		last := i == len(r.Concepts)
		for len(oblige) > 0 && (last || oblige[0].Span.Start < r.Concepts[i].Span.Start) {
			if o := oblige[0]; o.Degree != lexicon.DegreeStatement {
				add(o.Span, glossName{Name: a.words.say("degree." + string(o.Degree))})
			}
			oblige = oblige[1:]
		}
		if last || r.Concepts[i].Nested {
			continue
		}
		m := r.Concepts[i]
		n := glossName{Name: s.label(m.Concept, own)}
		if own != "en" && n.Name == s.label(m.Concept, "en") {
			n.Language = "en" // no name in the language of the page is kept
		}
		add(m.Span, n)
	}
	return out
}

// aidText is the same clause in an edition of its standard that the reader understands.
type aidText struct {
	Standard corpus.Standard
	Mark     editionMark
	Text     Wording
}

// aid finds the clause of the same number in an edition of the same designation in the
// language of the page, else in English; nil when none is kept, or the clause is in
// English itself. What merely adopts the same third is another country's text, and no
// translation.
func (s *Server) aid(ctx context.Context, c corpus.Clause, std corpus.Standard, a asker) (*aidText, error) {
	near, err := s.near(ctx)
	if err != nil {
		return nil, err
	}
	for _, tongue := range slices.Compact([]corpus.Language{corpus.Language(a.words.tag), "en"}) {
		if tongue.Base() == c.Language.Base() {
			continue
		}
		rows := slices.DeleteFunc(editionsOf(near.editions, std), func(e editionRow) bool {
			return e.By != corpus.ParallelByDesignation || e.Standard.Language.Base() != tongue.Base()
		})
		found, err := s.parallelClauses(ctx, rows, c)
		if err != nil {
			return nil, err
		}
		for _, e := range rows {
			if other, there := found[e.Standard.ID]; there {
				return &aidText{e.Standard, e.Mark, wording(other, e.Standard, nil)}, nil
			}
		}
	}
	return nil, nil
}
