package matcher

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"text/tabwriter"

	"concord/corpus"
)

// lesson is one source with its candidates: what every signal says of each, and
// which are right. Weights are learned from lessons.
type lesson struct {
	source int
	sides  []int // of each candidate: 0 within one language, 1 across
	values [][]float64
	docs   []int
	right  []bool // of each candidate
	all    int    // right targets, found or not
}

// lessonDepth is how many candidates of a source a lesson holds.
const lessonDepth = compareDepth

// lesson notes the signals of a judged source's first candidates; nil when none
// of them is right, or all are: nothing can be learned there.
func (e evaluation) lesson(source int) *lesson {
	relevant := e.b.relevant[source]
	if len(relevant) == 0 {
		return nil
	}
	l := &lesson{source: source, all: len(relevant)}
	for _, x := range e.m.observe(e.scene, e.m.ask(e.scene, e.b.sources[source])) {
		doc := x.place - e.scene.ranges[0].Lo
		l.add(x, doc, relevant[doc])
	}
	if !l.teaches() {
		return nil
	}
	return l
}

// observed is a candidate with what every signal says of it.
type observed struct {
	place     int // in the collection
	languages Languages
	side      int
	values    []float64
}

// observe notes the signals of a clause's first candidates.
func (m *Matcher) observe(s scene, a asked) []observed {
	w := s.workspace(a.view)
	var out []observed
	for _, x := range m.candidates(s, a, lessonDepth) {
		v, n := m.target(s, a.view, x.doc)
		c := newComparison(a.view, v, s.pair, a.at, n, w)
		values := make([]float64, len(signals))
		m.total(c, true) // the late signals read the early ones' sum
		for i := range signals {
			values[i] = signals[i].value(c)
		}
		out = append(out, observed{x.doc, languagesOf(a.view, v), side(c.across), values})
	}
	return out
}

// add adds a candidate.
func (l *lesson) add(x observed, doc int, right bool) {
	l.sides, l.values = append(l.sides, x.side), append(l.values, x.values)
	l.docs, l.right = append(l.docs, doc), append(l.right, right)
}

// teaches tells whether some candidates are right and some are not.
func (l *lesson) teaches() bool {
	return slices.Contains(l.right, true) && slices.Contains(l.right, false)
}

// lessons are those of every source that teaches something.
func (e evaluation) lessons() []*lesson {
	out := make([]*lesson, len(e.b.sources))
	parallel(len(out), func(i int) { out[i] = e.lesson(i) })
	return slices.DeleteFunc(out, func(l *lesson) bool { return l == nil })
}

// weighting is a column of weights for each side, times a sharpness that makes
// scores comparable to a softmax.
type weighting struct {
	weights   [][2]float64 // by signal
	sharpness float64
}

// score is what a weighting gives a candidate.
func (w weighting) score(l *lesson, i int) float64 {
	sum := 0.0
	for k, v := range l.values[i] {
		sum += w.weights[k][l.sides[i]] * v
	}
	return sum
}

// precision is the average precision of a lesson's candidates under a
// weighting, ties against the right ones.
func (w weighting) precision(l *lesson) float64 {
	order := make([]int, len(l.values))
	scores := make([]float64, len(l.values))
	for i := range order {
		order[i], scores[i] = i, w.score(l, i)
	}
	corpus.SortRows(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(scores[b], scores[a]), cmp.Compare(truth(l.right[a]), truth(l.right[b])), cmp.Compare(l.docs[a], l.docs[b]))
	})
	found, sum := 0.0, 0.0
	for rank, i := range order {
		if l.right[i] {
			found++
			sum += found / float64(rank+1)
		}
	}
	return sum / float64(l.all)
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Settings of the learning: plain gradient ascent, small enough steps to settle,
// and a pull towards the weights in the model, since the open sets are few.
const (
	learnSteps = 400
	learnRate  = 0.05
	learnPull  = 0.02
)

// learnWeights raises the chance that a softmax over the candidates of a source
// gives to its right ones (the listwise loss of ListNet, Cao and others 2007,
// with all right ones as one). Each family counts alike, each source in it too.
// Weights stay at or above 0: a signal's sign is its meaning. One that is 0 in
// the model stays 0.
func learnWeights(families map[string][]*lesson, but string, start weighting) weighting {
	w := weighting{slices.Clone(start.weights), start.sharpness}
	names := slices.DeleteFunc(sortedKeys(families), func(n string) bool { return n == but || len(families[n]) == 0 })
	for range learnSteps {
		gradient := make([][2]float64, len(w.weights))
		for _, name := range names {
			share := 1 / float64(len(names)*len(families[name]))
			for _, l := range families[name] {
				w.climb(l, share, gradient)
			}
		}
		for k := range w.weights {
			for s := range 2 {
				if start.weights[k][s] == 0 {
					continue
				}
				pull := learnPull * (start.weights[k][s] - w.weights[k][s])
				w.weights[k][s] = max(0, w.weights[k][s]+learnRate*(gradient[k][s]+pull))
			}
		}
	}
	return w
}

// climb adds a lesson's share of the gradient.
func (w weighting) climb(l *lesson, share float64, gradient [][2]float64) {
	scores := make([]float64, len(l.values))
	top := math.Inf(-1)
	for i := range scores {
		scores[i] = w.sharpness * w.score(l, i)
		top = max(top, scores[i])
	}
	var all, right float64
	for i, s := range scores {
		scores[i] = math.Exp(s - top)
		all += scores[i]
		if l.right[i] {
			right += scores[i]
		}
	}
	for i, s := range scores {
		d := -s / all
		if l.right[i] {
			d += s / right
		}
		for k, v := range l.values[i] {
			gradient[k][l.sides[i]] += share * w.sharpness * d * v
		}
	}
}

// sharpness makes the scores of a right and a wrong candidate, which lie some
// tenths apart, lie some units apart for the softmax.
const sharpness = 10

// weighting is the model's own.
func (m Model) weighting() weighting {
	w := weighting{make([][2]float64, len(signals)), sharpness}
	for k := range signals {
		w.weights[k] = m.weights[signals[k].name]
	}
	return w
}

// WriteWeights learns the weights with each family left out in turn and writes
// what that does to the order of its candidates, beside the weights in the
// model and beside each signal taken away; then the weights learned from all.
// The results must have been measured with Options.Fit.
func (r Report) WriteWeights(w io.Writer, model Model) error {
	families := make(map[string][]*lesson)
	mark := make(map[string]string)
	for _, s := range r.Sets {
		families[s.Family] = append(families[s.Family], s.lessons...)
		if s.Unconfirmed {
			mark[s.Family] = "*"
		}
	}
	start := model.weighting()
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	title(tw, "weights learned without the family and measured on it (MAP of the first candidates)")
	fmt.Fprintln(tw, "family left out\tsources\tin the model\tlearned\t")
	var sums [2]float64
	names := slices.DeleteFunc(sortedKeys(families), func(n string) bool { return len(families[n]) == 0 })
	for _, name := range names {
		before, after := start.over(families[name]), learnWeights(families, name, start).over(families[name])
		sums[0], sums[1] = sums[0]+before, sums[1]+after
		fmt.Fprintf(tw, "%s\t%d\t%.3f\t%.3f\t\n", name+mark[name], len(families[name]), before, after)
	}
	fmt.Fprintf(tw, "mean\t\t%.3f\t%.3f\t\n", ratioOf(sums[0], len(names)), ratioOf(sums[1], len(names)))
	final := learnWeights(families, "", start)
	title(tw, "signals: weights in the model and learned from all families, and what the mean loses without the signal")
	fmt.Fprintln(tw, "signal\tone language\tacross\tlearned: one\tacross\tloss in the model\tloss as learned\t")
	mean := func(x weighting) float64 {
		sum := 0.0
		for _, name := range names {
			sum += x.over(families[name])
		}
		return ratioOf(sum, len(names))
	}
	whole, learned := mean(start), mean(final)
	for k := range signals {
		fmt.Fprintf(tw, "%s\t%.3f\t%.3f\t%.3f\t%.3f\t%.4f\t%.4f\t\n", signals[k].name,
			start.weights[k][0], start.weights[k][1], final.weights[k][0], final.weights[k][1],
			whole-mean(start.without(k)), learned-mean(final.without(k)))
	}
	fmt.Fprintf(tw, "all\t\t\t\t\t%.3f\t%.3f\t\n", whole, learned)
	if err := tw.Flush(); err != nil {
		return fmt.Errorf("write the weights: %w", err)
	}
	return nil
}

// over is the mean precision over lessons.
func (w weighting) over(lessons []*lesson) float64 {
	sum := 0.0
	for _, l := range lessons {
		sum += w.precision(l)
	}
	return ratioOf(sum, len(lessons))
}

// without is the weighting with one signal silent.
func (w weighting) without(signal int) weighting {
	out := weighting{slices.Clone(w.weights), w.sharpness}
	out.weights[signal] = [2]float64{}
	return out
}
