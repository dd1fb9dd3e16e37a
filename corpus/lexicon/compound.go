package lexicon

import (
	"strings"
	"unicode/utf8"

	"concord/corpus"
)

// joints are what stands between the parts of a compound, by language (the
// linking elements of the grammars; nothing is always possible).
var joints = map[corpus.Language][]string{
	"de": {"", "s", "es", "n", "en", "er", "e"},
	"nl": {"", "s", "e", "en", "n"},
	"sv": {"", "s", "e", "o", "u"},
	"da": {"", "s", "e"},
	"no": {"", "s", "e"},
	"ko": {""},
}

// Lengths of the parts of a compound, in letters (own choice: shorter ones are
// endings more often than words), and how many there are at most.
const (
	minPart     = 4
	minHead     = 5 // of a last part behind one that no term names
	maxCompound = 48
	maxParts    = 5
)

// shortest is how many letters a part of a compound, and a last part behind one that
// no term names, must have. A syllable of Hangul is two letters and more.
func shortest(lang corpus.Language) (part, head int) {
	if lang == "ko" {
		return 2, 2
	}
	return minPart, minHead
}

// part is a piece of a compound that a term names, in bytes of the word.
type part struct {
	start, end int
	concepts   []ConceptID
	alone      bool // the rest of the compound is not known
}

// compound takes a word apart that no term names, in a language that writes
// compounds as one word: into terms of one word from end to end, as few as
// possible, or else into something unknown and a term at the end, which says what
// kind of thing it is. Nothing when neither is found.
func (lex *Lexicon) compound(word string, lang corpus.Language) []part {
	links := joints[lang]
	minPart, _ := shortest(lang)
	if links == nil || len(word) > maxCompound || utf8.RuneCountInString(word) < 2*minPart {
		return nil
	}
	// fewest[i] is the best way to cover the word up to byte i
	type way struct {
		count, from, end int // parts, where the last one begins and ends (a joint may follow)
		concepts         []ConceptID
	}
	ways := make([]way, len(word)+1)
	for i := range word {
		if i > 0 && ways[i].count == 0 || ways[i].count == maxParts {
			continue
		}
		for j := i; j < len(word); {
			_, size := utf8.DecodeRuneInString(word[j:])
			j += size
			if utf8.RuneCountInString(word[i:j]) < minPart || i == 0 && j == len(word) {
				continue
			}
			concepts := lex.oneWord(word[i:j], lang)
			if concepts == nil {
				continue
			}
			for _, link := range links {
				to := j + len(link)
				if link != "" && (to >= len(word) || !strings.HasPrefix(word[j:], link)) {
					continue
				}
				if have := ways[to]; have.count == 0 || ways[i].count+1 < have.count || ways[i].count+1 == have.count && j > have.end {
					ways[to] = way{ways[i].count + 1, i, j, concepts}
				}
			}
		}
	}
	if ways[len(word)].count == 0 {
		return lex.headOf(word, lang)
	}
	var out []part
	for i := len(word); i > 0; i = ways[i].from {
		w := ways[i]
		out = append([]part{{start: w.from, end: w.end, concepts: w.concepts}}, out...)
	}
	return out
}

// headOf finds the longest term at the end of a compound whose beginning no term
// names.
func (lex *Lexicon) headOf(word string, lang corpus.Language) []part {
	minPart, minHead := shortest(lang)
	letters := 0
	for i := range word {
		if letters++; letters <= minPart {
			continue
		}
		if utf8.RuneCountInString(word[i:]) < minHead {
			return nil
		}
		if concepts := lex.oneWord(word[i:], lang); concepts != nil {
			return []part{{start: i, end: len(word), concepts: concepts, alone: true}}
		}
	}
	return nil
}

// oneWord gives the concepts of a term of one word.
func (lex *Lexicon) oneWord(word string, lang corpus.Language) []ConceptID {
	id := lex.vocabulary.find(lang, lex.stem(word, lang))
	if id == 0 {
		return nil
	}
	node, ok := lex.trie.edges.next(root, id)
	if !ok {
		return nil
	}
	return lex.trie.endsAt(node)
}
