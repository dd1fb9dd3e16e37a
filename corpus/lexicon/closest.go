package lexicon

import (
	"slices"
	"unicode/utf8"

	"concord/corpus"
)

// closeBy is how many letters more than the closest one the form of another sense
// may be apart, where none is written as the text is: the "s" of a plural makes no
// other word, and "-ing" does.
const closeBy = 1

// Closest leaves out, where a stem names several concepts, those whose forms are
// written otherwise than the text: "plant" is a factory, and greenery only as
// "planting". It takes a reading's Concepts with the text they were read from and
// its language; the list itself stays as it is. Search asks for it, since a person
// who looks for greenery wants no factories; the matcher, which compares texts that
// may write the same noun in other forms, gains nothing by it. Scripts without
// blanks have no endings, so nothing is left out there.
func (lex *Lexicon) Closest(text string, lang corpus.Language, mentions []Mention) []Mention {
	out := make([]Mention, 0, len(mentions))
	for i, j := 0, 0; i < len(mentions); i = j {
		for j = i + 1; j < len(mentions) && mentions[j].Span == mentions[i].Span; j++ {
		}
		same := mentions[i:j]
		if len(same) < 2 {
			out = append(out, same...)
			continue
		}
		drop := lex.farther(text[same[0].Span.Start:same[0].Span.End], lang.Base(), same)
		for _, m := range same {
			if !slices.Contains(drop, m.Concept) {
				out = append(out, m)
			}
		}
	}
	return out
}

// farther are the concepts among mentions of one stretch whose forms are further
// from it than those of another. Words of another alphabet inside a text are read as
// English ones; a concept without a form to compare stays.
func (lex *Lexicon) farther(printed string, lang corpus.Language, same []Mention) []ConceptID {
	if r, _ := utf8.DecodeRuneInString(printed); scriptOf(r) == scriptDense {
		return nil
	}
	word := lex.Fold(printed, lang).Text
	if lang == "ar" {
		word = withoutClitics(word) // forms are written without the article
	}
	distance, least := make([]int, len(same)), -1
	for i, m := range same {
		forms := lex.concepts[m.Concept].Forms
		distance[i] = lex.nearest(word, forms[lang], lang)
		if distance[i] < 0 {
			distance[i] = lex.nearest(word, forms["en"], "en")
		}
		if least < 0 || distance[i] >= 0 && distance[i] < least {
			least = distance[i]
		}
	}
	if least > 0 {
		least += closeBy
	}
	var out []ConceptID
	for i, m := range same {
		if distance[i] > least {
			out = append(out, m.Concept)
		}
	}
	return out
}

// nearest is how many letters a word and the nearest of some forms do not share,
// counted from where they part; -1 when no form begins as the word does.
func (lex *Lexicon) nearest(word string, forms []string, lang corpus.Language) int {
	least := -1
	for _, form := range forms {
		other, n := lex.Fold(form, lang).Text, 0
		for n < min(len(word), len(other)) && word[n] == other[n] {
			n++
		}
		for n > 0 && n < len(word) && !utf8.RuneStart(word[n]) {
			n-- // they part inside a letter
		}
		if d := utf8.RuneCountInString(word[n:]) + utf8.RuneCountInString(other[n:]); n > 0 && (least < 0 || d < least) {
			least = d
		}
	}
	return least
}
