package matcher

import (
	"slices"

	"concord/corpus"
)

// Quality is what is measured beside the ranking: the relation and recognition
// said for right pairs, the confidence of proposals, and the prediction that a
// clause has no counterpart.
type Quality struct {
	Relation    RelationFigures    `json:"relation"`
	Recognition RecognitionFigures `json:"recognition"`
	Confidence  CalibrationFigures `json:"confidence"`
	Counterpart CounterpartFigures `json:"no_counterpart"`
	graded      []graded
}

// newQuality computes the figures of counts.
func newQuality(c Confusion, aToB, bToA Answers, all []graded, none CounterpartFigures) Quality {
	return Quality{c.figures(), RecognitionFigures{aToB.figures(), bToA.figures()}, calibration(all), none, all}
}

// pooled adds the counts of several sets up: each pair counts alike.
func pooled(all []Quality) Quality {
	c, aToB, bToA := make(Confusion), make(Answers), make(Answers)
	var points []graded
	var none CounterpartFigures
	for _, q := range all {
		addCounts(c, q.Relation.Confusion)
		addCounts(aToB, q.Recognition.AToB.Answers)
		addCounts(bToA, q.Recognition.BToA.Answers)
		points = append(points, q.graded...)
		none.add(q.Counterpart)
	}
	return newQuality(c, aToB, bToA, points, none)
}

// quality judges what is said about the pairs of a set and about the first
// proposals of its sources. In a set that is not exhaustive a pair that it does
// not list is unknown; it counts as wrong, and only where the source is judged.
func (e evaluation) quality(partial bool, kinds []map[int][]string, rankings [][]scored) Quality {
	parts := make([]Quality, len(rankings))
	parallel(len(rankings), func(i int) { parts[i] = e.judged(i, partial, rankings[i], kinds[i]) })
	return pooled(parts)
}

// kinds lists, by source, the relations to targets that the set states.
func (s Set) kinds(n int) []map[int][]string {
	_, _, sourceAt := blindSide(s.Sources)
	_, _, targetAt := blindSide(s.Targets)
	out := make([]map[int][]string, n)
	for _, p := range s.Pairs {
		at := sourceAt[p.Source]
		if out[at] == nil {
			out[at] = make(map[int][]string)
		}
		out[at][targetAt[p.Target]] = append(out[at][targetAt[p.Target]], p.Relation)
	}
	return out
}

// judged is the quality of one source.
func (e evaluation) judged(source int, partial bool, ranking []scored, kinds map[int][]string) Quality {
	a := e.m.ask(e.scene, e.b.sources[source])
	w := e.scene.workspace(a.view)
	said := make(map[int]Proposal)
	say := func(target int, ahead float64) Proposal {
		if p, done := said[target]; done {
			return p
		}
		v, n := e.m.target(e.scene, a.view, e.scene.ranges[0].Lo+target)
		said[target] = e.m.propose(newComparison(a.view, v, e.scene.pair, a.at, n, w), &ahead)
		return said[target]
	}
	relevant := e.b.relevant[source]
	counts := newCounts()
	var points []graded
	var found []Proposal
	for i, x := range ranking[:min(len(ranking), proposedDepth)] {
		ahead := lead(ranking, i)
		p := say(x.doc, ahead)
		found = append(found, p)
		points = append(points, graded{p.Score, ahead, p.Confidence, e.alone(a.view, x.doc), relevant[x.doc]})
	}
	if partial && len(relevant) == 0 {
		points = nil
	}
	for _, t := range sortedKeys(kinds) {
		i := slices.IndexFunc(ranking, func(x scored) bool { return x.doc == t })
		ahead := -1.0
		if i >= 0 {
			ahead = lead(ranking, i)
		}
		for _, kind := range kinds[t] {
			counts.add(kind, say(t, ahead))
		}
	}
	return newQuality(counts.relations, counts.aToB, counts.bToA, points, e.counterpart(source, partial, found))
}

// alone is the score of two texts by themselves, as Compare gives it; 0 unless
// curves are fitted.
func (e evaluation) alone(source *view, target int) float64 {
	if !e.fit {
		return 0
	}
	stats := &statistics{neutral: true}
	v, _ := e.m.target(e.scene, source, e.scene.ranges[0].Lo+target)
	return e.m.total(newComparison(newView(source.facts, stats), newView(v.facts, stats), nil, -1, -1, nil), true)
}

// counterpart judges the prediction that a source has no counterpart.
func (e evaluation) counterpart(source int, partial bool, found []Proposal) CounterpartFigures {
	without := len(e.b.relevant[source]) == 0
	if without && partial && !e.b.without[source] {
		return CounterpartFigures{} // unknown
	}
	f := CounterpartFigures{Sources: 1}
	if without {
		f.Without = 1
	}
	if e.m.Outlook(e.b.sources[source], found).None {
		f.Said, f.Right = 1, f.Without
	}
	return f
}

// counts are the tables of relations and of recognition.
type counts struct {
	relations  Confusion
	aToB, bToA Answers
}

func newCounts() counts { return counts{make(Confusion), make(Answers), make(Answers)} }

// add counts what was said of a pair of the given kind.
func (c counts) add(kind string, p Proposal) {
	countIn(c.relations, kind, p.Relation, 1)
	want, typed := stated[kind]
	if !typed && kind == notAPair {
		want, typed = corpus.RelationNone, true
	}
	if typed {
		aToB, bToA := corpus.RecognitionOf(want)
		countIn(c.aToB, aToB, p.AToB.Answer, 1)
		countIn(c.bToA, bToA, p.BToA.Answer, 1)
	}
}
