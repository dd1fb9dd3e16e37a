package matcher

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// made makes lessons in which one signal tells right from wrong and the others
// are noise; with shuffled labels nothing does.
func made(telling string, shuffled bool, seed uint64) []*lesson {
	rnd := rand.New(rand.NewPCG(seed, 1))
	k := signalAt(telling)
	var out []*lesson
	for source := range 60 {
		l := &lesson{source: source, all: 1}
		right := rnd.IntN(20)
		for i := range 20 {
			values := make([]float64, len(signals))
			for j := range values {
				values[j] = rnd.Float64()
			}
			if !shuffled {
				values[k] = 0.3 * rnd.Float64()
				if i == right {
					values[k] += 0.6
				}
			}
			l.sides, l.docs = append(l.sides, 0), append(l.docs, i)
			l.values, l.right = append(l.values, values), append(l.right, i == right)
		}
		out = append(out, l)
	}
	return out
}

// Learning finds the signal that tells, for a family it has not seen; from labels
// that mean nothing it learns nothing that holds elsewhere.
func TestWeightsAreLearned(t *testing.T) {
	model, err := DefaultModel()
	if err != nil {
		t.Fatal(err)
	}
	start := model.weighting()
	families := map[string][]*lesson{"a": made("headings", false, 1), "b": made("headings", false, 2), "c": made("headings", false, 3)}
	learned := learnWeights(families, "c", start)
	k := signalAt("headings")
	if learned.weights[k][0] < 2*start.weights[k][0] {
		t.Errorf("the weight of the telling signal went from %.3f to %.3f", start.weights[k][0], learned.weights[k][0])
	}
	before, after := start.over(families["c"]), learned.over(families["c"])
	if after < before+0.1 {
		t.Errorf("on the family left out %.3f became %.3f", before, after)
	}
	if lost := after - learned.without(k).over(families["c"]); lost < 0.2 {
		t.Errorf("without the telling signal only %.3f is lost", lost)
	}
	noise := map[string][]*lesson{"a": made("headings", true, 4), "b": made("headings", true, 5), "c": made("headings", true, 6)}
	if got := learnWeights(noise, "c", start).over(noise["c"]) - start.over(noise["c"]); got > 0.05 {
		t.Errorf("from labels that mean nothing %.3f is gained elsewhere", got)
	}
	for i, w := range learned.weights {
		if w[0] < 0 || w[1] < 0 || start.weights[i][0] == 0 && w[0] != 0 {
			t.Errorf("the weight of %s became %v", signals[i].name, w)
		}
	}
	if !slices.Equal(learned.weights, learnWeights(families, "c", start).weights) {
		t.Error("learning twice gives two results")
	}
}

// The table names every signal and every family.
func TestWriteWeights(t *testing.T) {
	model, err := DefaultModel()
	if err != nil {
		t.Fatal(err)
	}
	r := Report{Sets: []SetResult{{Family: "one", lessons: made("words", false, 1)}, {Family: "two", Unconfirmed: true, lessons: made("words", false, 2)}, {Family: "none"}}}
	var b strings.Builder
	if err := r.WriteWeights(&b, model); err != nil {
		t.Fatal(err)
	}
	for _, s := range signals {
		if !strings.Contains(b.String(), s.name) {
			t.Errorf("the table has no row for %s", s.name)
		}
	}
	if !strings.Contains(b.String(), "two*") || strings.Contains(b.String(), "none") {
		t.Errorf("the table does not name the families that teach:\n%s", b.String())
	}
}
