package lexicon

import (
	"strings"
	"unicode"

	"concord/corpus"
)

// applies tells whether a row speaks for a tradition: with its name, or for all.
func (r obligationRow) applies(tradition corpus.Tradition) (named, applies bool) {
	if r.traditions == nil {
		return false, true
	}
	for _, t := range r.traditions {
		if t == tradition && t != "" {
			return true, true
		}
	}
	return false, false
}

// degreeOf picks the meaning of a phrase under a tradition: a row that names
// the tradition goes before one for all; of equals the first row of the table.
func (lex *Lexicon) degreeOf(refs []phraseRef, tradition corpus.Tradition) Degree {
	best, bestNamed, some := Degree(""), false, false
	for _, ref := range refs {
		row := lex.obligations[ref.row]
		named, ok := row.applies(tradition)
		if ok && (!some || named && !bestNamed) {
			best, bestNamed, some = row.degree, named, true
		}
	}
	return best
}

// duties lists the obligations: the longest phrases, one by one, with the
// sentence each rules. In GB 55xxx every article binds, also one without any
// such word: it gets one obligation with an empty span at its beginning.
func (lex *Lexicon) duties(t *text) []Obligation {
	keep := func(ref phraseRef) bool {
		if ref.kind != phraseObligation {
			return false
		}
		_, ok := lex.obligations[ref.row].applies(t.tradition)
		return ok
	}
	var out []Obligation
	for _, h := range ofKind(t.hits, phraseObligation, keep) {
		degree := lex.degreeOf(h.refs, t.tradition)
		if degree == "" || t.inHeading(h) || t.attributive(h) {
			continue
		}
		first, last := t.tokens[h.first], t.tokens[h.last]
		s := t.sentences[first.sentence]
		out = append(out, Obligation{Span: t.folded.Span(first.start, last.end), Sentence: t.folded.Span(s.Start, s.End), Degree: degree})
	}
	if len(out) == 0 && t.tradition == corpus.TraditionGBGeneralCode && len(t.tokens) > 0 {
		out = append(out, Obligation{Span: Span{t.body, t.body}, Sentence: Span{t.body, len(t.original)}, Degree: DegreeRequire})
	}
	return out
}

// heads are verbs of one character, which take an object before 的 (应设新的通道) where
// others end there (应采取的措施); with a second character of whole they are one verb.
const heads, whole = "有设为按用在从与对以由向将把无置具是", "置备计有立定于"

// attributive tells whether a Chinese verb of obligation of one character stands in a
// phrase before a noun: 应 or 可 with a verb of one or two characters and 的 or 之
// (应采取的措施, 應繳納之費用, 可处理之气体) say of which things the text speaks, and ask
// nothing.
func (t *text) attributive(h hit) bool {
	if h.first != h.last || t.tokens[h.first].script != scriptDense {
		return false
	}
	at := t.tokens[h.first]
	if !strings.Contains("应可须得宜", t.folded.Text[at.start:at.end]) {
		return false
	}
	var next []rune
	for _, r := range t.folded.Text[at.end:] {
		if next = append(next, r); len(next) == 4 {
			break
		}
	}
	for n := 1; n <= 2 && n+1 < len(next); n++ {
		if !unicode.Is(unicode.Han, next[n-1]) || n == 2 && strings.ContainsRune(heads, next[0]) && !strings.ContainsRune(whole, next[1]) {
			return false
		}
		if (next[n] == '的' || next[n] == '之') && unicode.Is(unicode.Han, next[n+1]) {
			return true
		}
	}
	return false
}

// inHeading tells whether a hit stands in the heading: titles do not bind.
func (t *text) inHeading(h hit) bool {
	return t.folded.Span(t.tokens[h.first].start, t.tokens[h.first].end).Start < t.body
}

// strength ranks the degrees, strongest first, as they are declared.
var strength = []Degree{DegreeProhibit, DegreeRequire, DegreeDiscourage, DegreeRecommend, DegreeNeedNot, DegreePermit, DegreeCapability, DegreeExternal, DegreeStatement}

// Strongest is the strongest degree among obligations; DegreeStatement when
// there is none.
func Strongest(obligations []Obligation) Degree {
	for _, degree := range strength {
		for _, o := range obligations {
			if o.Degree == degree {
				return degree
			}
		}
	}
	return DegreeStatement
}

// kinds is what a provision is by its strongest degree. An external must is
// stated, not set.
var kinds = map[Degree]corpus.Kind{
	DegreeProhibit: corpus.KindRequirement, DegreeRequire: corpus.KindRequirement,
	DegreeDiscourage: corpus.KindRecommendation, DegreeRecommend: corpus.KindRecommendation,
	DegreeNeedNot: corpus.KindPermission, DegreePermit: corpus.KindPermission,
}

// Kind refines KindProvision by the strongest obligation of the reading to
// requirement, recommendation, permission or statement. Other kinds stay.
func (lex *Lexicon) Kind(c corpus.Clause, r Reading) corpus.Kind {
	if c.Kind != corpus.KindProvision {
		return c.Kind
	}
	if k, ok := kinds[Strongest(r.Obligations)]; ok {
		return k
	}
	return corpus.KindStatement
}
