package matcher

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"concord/corpus"
)

// The parameters of BM25 as everybody's baseline uses them.
const (
	bm25K1 = 1.2
	bm25B  = 0.75
)

// bm25 is Okapi BM25 in floating point over title and text, without stemming,
// stop words or translation: the floor every figure of the matcher is shown
// beside. (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009,
// with the idf ln(1 + (N-n+0.5)/(n+0.5)), which is never negative.)
type bm25 struct {
	postings map[string][]bm25Posting
	lengths  []float64
	average  float64
}

type bm25Posting struct {
	doc int
	tf  float64
}

// newBM25 indexes token lists.
func newBM25(docs [][]string) *bm25 {
	b := &bm25{postings: make(map[string][]bm25Posting)}
	for doc, tokens := range docs {
		counts := make(map[string]float64)
		for _, t := range tokens {
			counts[t]++
		}
		for t, tf := range counts {
			b.postings[t] = append(b.postings[t], bm25Posting{doc, tf})
		}
		b.lengths = append(b.lengths, float64(len(tokens)))
		b.average += float64(len(tokens)) / float64(len(docs))
	}
	return b
}

// idf is the inverse document frequency of a token.
func (b *bm25) idf(token string) float64 {
	n, all := float64(len(b.postings[token])), float64(len(b.lengths))
	return math.Log(1 + (all-n+0.5)/(n+0.5))
}

// scores scores every document for a query, each of whose tokens counts as
// often as it occurs.
func (b *bm25) scores(query []string) []float64 {
	out := make([]float64, len(b.lengths))
	for _, t := range query {
		idf := b.idf(t)
		for _, p := range b.postings[t] {
			norm := bm25K1 * (1 - bm25B + bm25B*b.lengths[p.doc]/b.average)
			out[p.doc] += idf * p.tf * (bm25K1 + 1) / (p.tf + norm)
		}
	}
	return out
}

// rank lists the documents with a score, best first, ties by number.
func (b *bm25) rank(query []string) []scored {
	var out []scored
	for doc, score := range b.scores(query) {
		if score > 0 {
			out = append(out, scored{doc, score})
		}
	}
	slices.SortFunc(out, byScore)
	return out
}

// scored is a numbered thing with a score.
type scored struct {
	doc   int
	score float64
}

// byScore orders best first, ties by number.
func byScore(a, b scored) int {
	return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.doc, b.doc))
}

// bm25Tokens are the tokens of the baseline: lower-case words of letters,
// digits and marks, and character bigrams for runs of Han.
func bm25Tokens(c corpus.Clause) []string {
	var out []string
	var word, han []rune
	flush := func() {
		if len(word) > 0 {
			out = append(out, string(word))
		}
		if len(han) == 1 {
			out = append(out, string(han))
		}
		for i := 0; i+1 < len(han); i++ {
			out = append(out, string(han[i:i+2]))
		}
		word, han = word[:0], han[:0]
	}
	for _, r := range strings.ToLower(c.Heading + " " + c.Text) {
		switch {
		case unicode.Is(unicode.Han, r):
			if len(word) > 0 {
				flush()
			}
			han = append(han, r)
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '_':
			if len(han) > 0 {
				flush()
			}
			word = append(word, r)
		default:
			flush()
		}
	}
	flush()
	return out
}
