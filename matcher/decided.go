package matcher

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"

	"concord/corpus"
)

// Decided is a clause with what people settled about its counterparts in one
// dossier.
type Decided struct {
	Dossier string
	Source  corpus.Clause
	Among   []corpus.StandardID      // where its counterparts are looked for
	Settled map[corpus.ClauseID]bool // agreed counterparts, and agreed to be none
	Open    map[corpus.ClauseID]bool // not settled: these teach nothing
}

// Lesson is what a Decided teaches in one pair of languages.
type Lesson struct {
	dossier   string
	wording   string // digest of the source's wording
	languages Languages
	found     []observed
	docs      []int
	marks     []mark
	all       int // agreed counterparts, found or not
}

// mark says what is known of a candidate.
type mark int

const (
	passed mark = iota // in nobody's queue: counts as wrong beside an agreed one
	open               // not settled
	rightly
	wrongly
)

// Lessons looks every decided clause up as a run does, and notes what the signals
// say of its first candidates. A candidate that was never proposed counts as wrong
// where the clause has an agreed counterpart, as in Evaluate; one that is not
// settled does not count. The order is that of the decided ones.
func (m *Matcher) Lessons(ctx context.Context, all []Decided) ([]Lesson, error) {
	parts := make([][]Lesson, len(all))
	scenes := make(map[string]scene)
	key := func(d Decided) string { return fmt.Sprint(d.Source.Standard, d.Among) }
	for _, d := range all {
		if _, there := scenes[key(d)]; !there {
			scenes[key(d)] = m.scene(d.Source.Standard, d.Among)
		}
	}
	parallel(len(all), func(i int) {
		if ctx.Err() == nil {
			parts[i] = m.lessonsOf(scenes[key(all[i])], all[i])
		}
	})
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("learn from decisions: %w", err)
	}
	for _, s := range scenes {
		if err := s.col.damaged(); err != nil {
			return nil, err
		}
	}
	var out []Lesson
	for _, part := range parts {
		out = append(out, part...)
	}
	return out, nil
}

// lessonsOf are those of one clause, by languages.
func (m *Matcher) lessonsOf(s scene, d Decided) []Lesson {
	if s.col.size == 0 {
		return nil
	}
	by := make(map[Languages]*Lesson)
	lesson := func(l Languages) *Lesson {
		if by[l] == nil {
			by[l] = &Lesson{dossier: d.Dossier, wording: wordingDigest(d.Source), languages: l}
		}
		return by[l]
	}
	a := m.ask(s, d.Source)
	for _, x := range m.observe(s, a) {
		l, id := lesson(x.languages), s.col.rows.id(x.place)
		l.found, l.docs, l.marks = append(l.found, x), append(l.docs, x.place), append(l.marks, d.mark(id))
	}
	for id, right := range d.Settled {
		if place, there := s.col.place(id); there && right {
			lesson(NewLanguages(a.view.lang, s.col.lang(place))).all++
		}
	}
	var out []Lesson
	for _, l := range sortedKeys(by) {
		out = append(out, *by[l])
	}
	return out
}

// mark is what is known of a target.
func (d Decided) mark(id corpus.ClauseID) mark {
	right, settled := d.Settled[id]
	switch {
	case settled && right:
		return rightly
	case settled:
		return wrongly
	case d.Open[id]:
		return open
	}
	return passed
}

// order is the lesson for the weights; nil when it teaches none.
func (l Lesson) order() *lesson {
	out := &lesson{all: l.all}
	for i, x := range l.found {
		if l.marks[i] != open {
			out.add(x, l.docs[i], l.marks[i] == rightly)
		}
	}
	if !out.teaches() {
		return nil
	}
	return out
}

// orders are the lessons for the weights.
func orders(all []Lesson) []*lesson {
	var out []*lesson
	for _, l := range all {
		if o := l.order(); o != nil {
			out = append(out, o)
		}
	}
	return out
}

// whole tells whether nothing proposed for the clause is open. Only such clauses
// teach confidence: people answer the likeliest first, so that what is settled of
// a clause they are not done with would make everything look surer than it is.
func (l Lesson) whole() bool { return !slices.Contains(l.marks, open) }

// wholes are the lessons that teach confidence.
func wholes(all []Lesson) []Lesson {
	var out []Lesson
	for _, l := range all {
		if l.whole() {
			out = append(out, l)
		}
	}
	return out
}

// graded are the first candidates of a whole lesson with their scores and leads
// under a weighting, and the confidence of a curve. What was never proposed counts
// as wrong beside an agreed one, and is unknown elsewhere.
func (l Lesson) graded(w weighting, c curve) []graded {
	if !l.whole() {
		return nil
	}
	ranking := make([]scored, len(l.found))
	scores := w.scores(l.found)
	for i := range ranking {
		ranking[i] = scored{i, scores[i]}
	}
	corpus.SortRows(ranking, byScore)
	var out []graded
	for at, x := range ranking[:min(len(ranking), proposedDepth)] {
		if l.marks[x.doc] == passed && l.all == 0 {
			continue
		}
		g := graded{score: x.score, ahead: lead(ranking, at), right: l.marks[x.doc] == rightly}
		g.confidence = c.at(viewpoints[0].features(g))
		out = append(out, g)
	}
	return out
}

// scores scores candidates.
func (w weighting) scores(found []observed) []float64 {
	out := make([]float64, len(found))
	for i, x := range found {
		for k, v := range x.values {
			out[i] += w.weights[k][x.side] * v
		}
	}
	return out
}

// tuning is what is fitted: for one pair of languages, or for all.
type tuning struct {
	weights [][2]float64 // by signal
	curve   curve
}

// weighting is the tuning's weights.
func (t tuning) weighting() weighting { return weighting{t.weights, sharpness} }

// tuningOf is a model's own.
func (m Model) tuningOf() tuning {
	t := tuning{weights: m.weighting().weights}
	for _, name := range confidenceCurve {
		t.curve = append(t.curve, m.values[name])
	}
	return t
}

// What a fit needs, and how strongly it is held to the model it starts from (our
// own choices): with as many decisions as shrinkage, the fit counts half.
const (
	FitSettled = 40 // settled pairs
	FitEach    = 10 // of them agreed, and of them rejected
	shrinkage  = 100.0
	fitFolds   = 5
)

// FitNeed says how many settled pairs there are, and Enough whether they suffice
// for a fit.
type FitNeed struct {
	Agreed   int `json:"agreed"`
	Rejected int `json:"rejected"`
}

// Enough tells whether there are enough of both kinds.
func (n FitNeed) Enough() bool {
	return n.Agreed >= FitEach && n.Rejected >= FitEach && n.Agreed+n.Rejected >= FitSettled
}

// Measured is a figure with the shipped model and with the fitted one, on
// decisions that the fit had not seen. The interval is that of the difference.
type Measured struct {
	Of     int     `json:"of"` // sources of a ranking, pairs of a confidence
	Before float64 `json:"before"`
	After  float64 `json:"after"`
	Low    float64 `json:"low"` // 95 %, bootstrap over the sources
	High   float64 `json:"high"`
}

// Difference is after less before.
func (m Measured) Difference() float64 { return four(m.After - m.Before) }

// FitLanguages is what a fit had of two languages.
type FitLanguages struct {
	Languages Languages `json:"languages"`
	FitNeed
	// Own tells that the languages have weights and a curve of their own; Share is
	// how much of them comes from their own decisions, 0 to 1.
	Own   bool    `json:"own"`
	Share float64 `json:"share"`
}

// Fit is a model fitted to decisions, and what it is worth.
type Fit struct {
	Base string `json:"base"` // the model it stands on
	Body string `json:"body"` // what it changes, for Model.Tuned
	FitNeed
	HeldOut   string         `json:"heldOut"` // what was left out in turn: "dossiers" or "folds"
	Parts     int            `json:"parts"`   // how many of them
	Weights   bool           `json:"weights"` // the order is fitted
	Curve     bool           `json:"curve"`   // the confidence is fitted
	Whole     FitNeed        `json:"whole"`   // settled pairs of clauses of which nothing is open: these teach confidence
	Ranking   Measured       `json:"map"`     // mean average precision; more is better
	Confident Measured       `json:"ece"`     // expected calibration error; less is better
	Languages []FitLanguages `json:"languages"`
}

// Worse tells whether the fit is worse than the shipped model on what it had not
// seen, in order or confidence.
func (f Fit) Worse() bool { return f.Ranking.Difference() < 0 || f.Confident.Difference() > 0 }

// FitDecided fits weights and the curve of the confidence to settled decisions,
// each held to the model by shrinkage, and measures both on dossiers left out in turn, or on
// fifths of the wordings where there are fewer than three dossiers. Weights that
// order worse than the model's there are left as they are. The signals' values are
// those of the model the lessons were taken with. The same lessons give the same
// fit. Too few decisions are corpus.ErrInvalid and say how many there are; nothing
// that could be fitted is corpus.ErrConflict.
func FitDecided(ctx context.Context, model Model, all []Lesson) (Fit, error) {
	f := Fit{Base: model.ID(), FitNeed: needOf(all)}
	if !f.Enough() {
		return f, TooFew(f.FitNeed)
	}
	start := model.tuningOf()
	var part []int
	f.HeldOut, f.Parts, part = split(all)
	f.Whole = needOf(wholes(all))
	p := planOf(all)
	f.Curve = p.curve
	for _, p.weights = range []bool{true, false} {
		held := make([]map[Languages]tuning, f.Parts)
		for n := range held {
			if err := ctx.Err(); err != nil {
				return f, fmt.Errorf("fit to decisions: %w", err)
			}
			held[n] = p.tune(start, without(all, part, n))
		}
		f.Ranking, f.Confident = measure(start, all, part, held)
		if f.Ranking.Difference() >= 0 {
			break
		}
	}
	if f.Weights = p.weights; !f.Weights && !f.Curve {
		return f, corpus.Refuse(corpus.ErrConflict, "model-nothing", "weights fitted to these decisions order worse than the shipped ones on decisions they had not seen, and of clauses with nothing open there are only {agreed} agreed and {rejected} rejected pairs for the confidence",
			"agreed", f.Whole.Agreed, "rejected", f.Whole.Rejected)
	}
	final := p.tune(start, all)
	f.Languages = languagesFitted(all, final)
	f.Body = tunedText(model, final)
	return f, nil
}

// TooFew is the refusal of a fit with too few decisions.
func TooFew(n FitNeed) error {
	return corpus.Refuse(corpus.ErrInvalid, "model-few", "a fit needs {needed} settled pairs, {each} of them agreed and {each} rejected; there are {agreed} agreed and {rejected} rejected",
		"needed", FitSettled, "each", FitEach, "agreed", n.Agreed, "rejected", n.Rejected)
}

// needOf counts the settled pairs that a search finds.
func needOf(all []Lesson) FitNeed {
	var n FitNeed
	for _, l := range all {
		for _, m := range l.marks {
			n.Agreed += truth(m == rightly)
			n.Rejected += truth(m == wrongly)
		}
	}
	return n
}

// split gives every lesson a part to be left out with: its dossier, when three or
// more dossiers have enough of both kinds, else a fifth by the digest of the
// wording, so that the same words are never on both sides.
func split(all []Lesson) (by string, parts int, of []int) {
	dossiers := make(map[string][]Lesson)
	for _, l := range all {
		dossiers[l.dossier] = append(dossiers[l.dossier], l)
	}
	enough := 0
	for _, part := range dossiers {
		if n := needOf(part); n.Agreed >= FitEach && n.Rejected >= FitEach {
			enough++
		}
	}
	of = make([]int, len(all))
	if enough >= 3 {
		names := sortedKeys(dossiers)
		for i, l := range all {
			of[i], _ = slices.BinarySearch(names, l.dossier)
		}
		return "dossiers", len(names), of
	}
	for i, l := range all {
		h := fnv.New32a()
		h.Write([]byte(l.wording))
		of[i] = int(h.Sum32() % fitFolds)
	}
	return "folds", fitFolds, of
}

// without are the lessons to learn from when a part is left out: none of it, and
// none with a wording of it.
func without(all []Lesson, part []int, n int) []Lesson {
	held := make(map[string]bool)
	for i, l := range all {
		if part[i] == n {
			held[l.wording] = true
		}
	}
	var out []Lesson
	for i, l := range all {
		if part[i] != n && !held[l.wording] {
			out = append(out, l)
		}
	}
	return out
}

// plan says what is fitted, so that what is measured without a part is what is
// fitted to all.
type plan struct {
	weights, curve bool
	own            map[Languages]bool // with enough for their own; true with enough for a curve, too
}

// planOf plans a fit of everything that has enough.
func planOf(all []Lesson) plan {
	p := plan{weights: true, curve: needOf(wholes(all)).Enough(), own: make(map[Languages]bool)}
	by := byLanguages(all)
	for l, part := range by {
		if len(by) > 1 && needOf(part).Enough() {
			p.own[l] = p.curve && needOf(wholes(part)).Enough()
		}
	}
	return p
}

// byLanguages sorts lessons by languages.
func byLanguages(all []Lesson) map[Languages][]Lesson {
	by := make(map[Languages][]Lesson)
	for _, l := range all {
		by[l.languages] = append(by[l.languages], l)
	}
	return by
}

// tune fits one tuning to all lessons, under no languages, and from that one to
// each pair of languages that is to have its own.
func (p plan) tune(start tuning, all []Lesson) map[Languages]tuning {
	pooled := start.fitted(all, p.weights, p.curve)
	out := map[Languages]tuning{"": pooled}
	for l, part := range byLanguages(all) {
		if curve, own := p.own[l]; own && (p.weights || curve) {
			out[l] = pooled.fitted(part, p.weights, curve)
		}
	}
	return out
}

// portionFor is how much a fit to so many counts beside where it started.
func portionFor(n int) float64 { return float64(n) / (float64(n) + shrinkage) }

// fitted moves a tuning towards what lessons say, the further the more there are.
func (t tuning) fitted(all []Lesson, weights, curve bool) tuning {
	out := tuning{slices.Clone(t.weights), slices.Clone(t.curve)}
	if lessons := orders(all); weights && len(lessons) > 0 {
		learned := learnWeights(map[string][]*lesson{"decisions": lessons}, "", t.weighting())
		for s := range 2 {
			n := 0
			for _, l := range lessons {
				n += truth(slices.Contains(l.sides, s))
			}
			out.move(learned.weights, s, portionFor(n))
		}
	}
	var points []example
	right := 0
	for _, l := range all {
		for _, g := range l.graded(out.weighting(), out.curve) {
			points = append(points, example{viewpoints[0].features(g), g.right, 1})
			right += truth(g.right)
		}
	}
	if !curve || right == 0 || right == len(points) {
		return out
	}
	n := needOf(wholes(all))
	for i, x := range fitCurve(points, len(confidenceCurve)-1) {
		out.curve[i] += portionFor(n.Agreed+n.Rejected) * (x - out.curve[i])
	}
	return out
}

// move moves a column of weights towards another by a share, keeping its sum: the
// thresholds of relations stand on the scale of the scores.
func (t tuning) move(to [][2]float64, s int, by float64) {
	before, after := 0.0, 0.0
	for k := range t.weights {
		before += t.weights[k][s]
		t.weights[k][s] += by * (to[k][s] - t.weights[k][s])
		after += t.weights[k][s]
	}
	for k := range t.weights {
		if after > 0 {
			t.weights[k][s] *= before / after
		}
	}
}

// forLanguages is the tuning that counts for a lesson.
func forLanguages(of map[Languages]tuning, l Languages) tuning {
	if t, there := of[l]; there {
		return t
	}
	return of[""]
}

// seen is a lesson as measured before and after.
type seen struct{ before, after []graded }

// measure compares the start with the tunings that had not seen each lesson.
func measure(start tuning, all []Lesson, part []int, held []map[Languages]tuning) (ranking, confident Measured) {
	var worse, better []float64
	points := make([]seen, 0, len(all))
	for i, l := range all {
		t := forLanguages(held[part[i]], l.languages)
		if o := l.order(); o != nil {
			worse, better = append(worse, start.weighting().precision(o)), append(better, t.weighting().precision(o))
		}
		if p := (seen{l.graded(start.weighting(), start.curve), l.graded(t.weighting(), t.curve)}); len(p.before) > 0 {
			points = append(points, p)
		}
	}
	g := gainOver(better, worse)
	ranking = Measured{len(worse), average(worse), average(better), g.Low, g.High}
	confident.Of, confident.Before, confident.After = eces(points)
	differences, drawn := make([]float64, resamples/4), make([]seen, len(points))
	rnd := rand.New(rand.NewPCG(2, uint64(len(points))))
	for r := range differences {
		for i := range drawn {
			drawn[i] = points[rnd.IntN(len(points))]
		}
		_, before, after := eces(drawn)
		differences[r] = after - before
	}
	slices.Sort(differences)
	n := len(differences)
	confident.Low, confident.High = four(differences[n*25/1000]), four(differences[n*975/1000-1])
	return ranking, confident
}

// average is the mean with four digits.
func average(all []float64) float64 {
	sum := 0.0
	for _, x := range all {
		sum += x
	}
	return four(ratioOf(sum, len(all)))
}

// eces are the calibration errors before and after, over so many pairs.
func eces(points []seen) (pairs int, before, after float64) {
	var b, a []graded
	for _, p := range points {
		b, a = append(b, p.before...), append(a, p.after...)
	}
	return len(b), calibration(b).ECE, calibration(a).ECE
}

// languagesFitted lists what there was of each pair of languages.
func languagesFitted(all []Lesson, final map[Languages]tuning) []FitLanguages {
	by := byLanguages(all)
	var out []FitLanguages
	for _, l := range sortedKeys(by) {
		n := needOf(by[l])
		x := FitLanguages{Languages: l, FitNeed: n}
		if _, x.Own = final[l]; x.Own {
			x.Share = four(portionFor(n.Agreed + n.Rejected))
		}
		out = append(out, x)
	}
	return out
}
