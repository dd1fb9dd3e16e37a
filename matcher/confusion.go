package matcher

import (
	"cmp"
	"math"

	"concord/corpus"
)

// Confusion counts pairs by the relation in the set, then by the relation said.
type Confusion map[string]map[corpus.Relation]int

// stated maps the relations of crosswalks to ours. "related" is not among them:
// publishers write it where they state no kind.
var stated = map[string]corpus.Relation{
	"equal": corpus.RelationEquivalent, "equivalent": corpus.RelationEquivalent, "identical": corpus.RelationEquivalent,
	"subset": corpus.RelationSubset, "superset": corpus.RelationSuperset,
	"intersects": corpus.RelationOverlap, "overlap": corpus.RelationOverlap,
}

// notAPair is the relation of a hard negative: two clauses that look alike and
// do not correspond.
const notAPair = string(corpus.RelationNone)

// classes are the relations that accuracy and F1 are counted over.
var classes = []corpus.Relation{corpus.RelationEquivalent, corpus.RelationSuperset, corpus.RelationSubset, corpus.RelationOverlap}

// RelationFigures compare the relation said for right pairs with the stated one.
// Identical counts as equivalent; none, said of a right pair, is always wrong.
type RelationFigures struct {
	Pairs     int       `json:"pairs"` // right pairs whose set states a relation
	Confusion Confusion `json:"confusion"`
	Accuracy  float64   `json:"accuracy"`
	MacroF1   float64   `json:"macro_f1"` // over the relations that occur in the set
	// The trivial answers: always the commonest relation, always overlap.
	Commonest   float64 `json:"accuracy_commonest"`
	CommonestF1 float64 `json:"macro_f1_commonest"`
	Overlap     float64 `json:"accuracy_overlap"`
	OverlapF1   float64 `json:"macro_f1_overlap"`
}

// figures computes the figures of the counts.
func (c Confusion) figures() RelationFigures {
	f := RelationFigures{Confusion: c}
	gold, said, right := make(map[corpus.Relation]int), make(map[corpus.Relation]int), make(map[corpus.Relation]int)
	for _, name := range sortedKeys(c) {
		want, ok := stated[name]
		if !ok {
			continue
		}
		for _, r := range sortedKeys(c[name]) {
			n, is := c[name][r], folded(r)
			f.Pairs, gold[want], said[is] = f.Pairs+n, gold[want]+n, said[is]+n
			if is == want {
				right[want] += n
			}
		}
	}
	if f.Pairs == 0 {
		return f
	}
	hits, occurring, commonest := 0, 0, 0
	for _, r := range classes {
		hits, commonest = hits+right[r], max(commonest, gold[r])
		if gold[r] > 0 {
			occurring++
			f.MacroF1 += 2 * float64(right[r]) / float64(gold[r]+said[r])
		}
	}
	share := func(n int) float64 { return float64(n) / float64(f.Pairs) }
	always := func(n int) float64 { return four(2 * share(n) / (1 + share(n)) / float64(occurring)) }
	f.MacroF1, f.Accuracy = four(f.MacroF1/float64(occurring)), four(share(hits))
	f.Commonest, f.CommonestF1 = four(share(commonest)), always(commonest)
	f.Overlap, f.OverlapF1 = four(share(gold[corpus.RelationOverlap])), always(gold[corpus.RelationOverlap])
	return f
}

// folded counts identical as equivalent.
func folded(r corpus.Relation) corpus.Relation {
	if r == corpus.RelationIdentical {
		return corpus.RelationEquivalent
	}
	return r
}

// four keeps four digits, so that reports do not change with the last bits.
func four(x float64) float64 { return math.Round(x*1e4) / 1e4 }

// Answers counts the answers of one direction of recognition: by the answer that
// follows from the stated relation, then by the answer said.
type Answers map[corpus.Answer]map[corpus.Answer]int

// RecognitionFigures compare recognition with the stated relation of right
// pairs, each direction by itself.
type RecognitionFigures struct {
	AToB DirectionFigures `json:"a_to_b"`
	BToA DirectionFigures `json:"b_to_a"`
}

// DirectionFigures are the figures of one direction. A wrong yes is the error
// that costs most: somebody accepts what does not conform.
type DirectionFigures struct {
	Answers  Answers `json:"answers"`
	Pairs    int     `json:"pairs"`
	Right    int     `json:"right"`
	No       int     `json:"no"`        // pairs where the set says no
	WrongYes int     `json:"wrong_yes"` // of these, a yes was said
	Yes      int     `json:"yes"`       // yes said in all
	// EarlyYes is a yes where the set says "with conditions".
	EarlyYes int `json:"early_yes"`
}

// figures computes the figures of the counts.
func (a Answers) figures() DirectionFigures {
	f := DirectionFigures{Answers: a, WrongYes: a[corpus.AnswerNo][corpus.AnswerYes], EarlyYes: a[corpus.AnswerConditions][corpus.AnswerYes]}
	for want, row := range a {
		for said, n := range row {
			f.Pairs += n
			if said == want {
				f.Right += n
			}
			if want == corpus.AnswerNo {
				f.No += n
			}
			if said == corpus.AnswerYes {
				f.Yes += n
			}
		}
	}
	return f
}

// countIn adds n to a cell of a table of counts.
func countIn[K, L cmp.Ordered](table map[K]map[L]int, row K, cell L, n int) {
	if table[row] == nil {
		table[row] = make(map[L]int)
	}
	table[row][cell] += n
}

// addCounts adds another table up.
func addCounts[K, L cmp.Ordered](table, other map[K]map[L]int) {
	for row, cells := range other {
		for cell, n := range cells {
			countIn(table, row, cell, n)
		}
	}
}
