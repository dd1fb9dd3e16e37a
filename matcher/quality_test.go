package matcher

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"concord/corpus"
)

func near(x, y float64) bool { return math.Abs(x-y) < 1e-3 }

func TestRelationFigures(t *testing.T) {
	c := Confusion{
		"equal":      {corpus.RelationIdentical: 2, corpus.RelationEquivalent: 4, corpus.RelationOverlap: 2},
		"intersects": {corpus.RelationOverlap: 1, corpus.RelationNone: 1},
		"related":    {corpus.RelationOverlap: 50},
		notAPair:     {corpus.RelationEquivalent: 50},
	}
	f := c.figures()
	// equal: 6 of 8 right, none wrong: 2*6/(8+6); overlap: 1 of 2, 3 said: 2/(2+3).
	if f.Pairs != 10 || !near(f.Accuracy, 0.7) || !near(f.MacroF1, (12.0/14+2.0/5)/2) {
		t.Errorf("%d pairs, accuracy %g, F1 %g", f.Pairs, f.Accuracy, f.MacroF1)
	}
	if !near(f.Commonest, 0.8) || !near(f.CommonestF1, 2*0.8/1.8/2) || !near(f.Overlap, 0.2) || !near(f.OverlapF1, 2*0.2/1.2/2) {
		t.Errorf("baselines %g %g %g %g", f.Commonest, f.CommonestF1, f.Overlap, f.OverlapF1)
	}
	if empty := (Confusion{"related": {corpus.RelationOverlap: 3}}).figures(); empty.Pairs != 0 || empty.MacroF1 != 0 {
		t.Errorf("pairs without a stated relation: %+v", empty)
	}
}

// TestWrongYes: of a pair whose target asks more, a yes from source to target is
// the wrong one, and only that.
func TestWrongYes(t *testing.T) {
	c := newCounts()
	yes := Proposal{Relation: corpus.RelationEquivalent, AToB: corpus.Recognition{Answer: corpus.AnswerYes}, BToA: corpus.Recognition{Answer: corpus.AnswerYes}}
	c.add("subset", yes)
	c.add("intersects", yes)
	c.add("related", yes)
	a, b := c.aToB.figures(), c.bToA.figures()
	if a.Pairs != 2 || a.No != 1 || a.WrongYes != 1 || a.EarlyYes != 1 || a.Right != 0 {
		t.Errorf("A to B: %+v", a)
	}
	if b.No != 0 || b.WrongYes != 0 || b.EarlyYes != 1 || b.Right != 1 || b.Yes != 2 {
		t.Errorf("B to A: %+v", b)
	}
}

// TestCalibration: a confidence that means what it says has no error, one that
// boasts has.
func TestCalibration(t *testing.T) {
	make10 := func(confidence float64, right int) (out []graded) {
		for i := range 10 {
			out = append(out, graded{confidence: confidence, right: i < right})
		}
		return out
	}
	honest := calibration(append(make10(0.9, 9), make10(0.1, 1)...))
	if !near(honest.ECE, 0) || !near(honest.Brier, 0.09) || !near(honest.Always, 0.25) {
		t.Errorf("honest: %+v", honest)
	}
	if d := honest.Deciles[9]; d.Pairs != 10 || !near(d.Right, 0.9) || honest.Deciles[5].Pairs != 0 {
		t.Errorf("deciles %+v", honest.Deciles)
	}
	if x := honest.NineInTen; !near(x.OfAll, 0.5) || !near(x.OfRight, 0.9) || x.Confidence != 0.11 {
		t.Errorf("nine in ten: %+v", x)
	}
	boasting := calibration(make10(1, 5))
	if !near(boasting.ECE, 0.5) || boasting.NineInTen.Confidence != 0 {
		t.Errorf("boasting: %+v", boasting)
	}
}

// TestConfidenceRises with the score and with the lead, and needs no lead.
func TestConfidenceRises(t *testing.T) {
	m := testMatcher(t)
	at := func(score, ahead float64) float64 { return m.model.confidence(score, &ahead) }
	if !(at(0.5, 0.1) < at(0.8, 0.1) && at(0.5, -0.1) < at(0.5, 0.1) && at(0.5, 5) == at(0.5, 1)) {
		t.Error("confidence does not rise with score and lead, or a lead has no bound")
	}
	if x, y := m.model.confidence(0.3, nil), m.model.confidence(1.5, nil); x >= 0.5 || y <= 0.5 {
		t.Errorf("without a search: %g and %g", x, y)
	}
	ranking := []scored{{0, 0.9}, {1, 0.7}, {2, 0.2}}
	if x, y, z := lead(ranking, 0), lead(ranking, 2), lead(ranking[:1], 0); !near(x, 0.2) || !near(y, -0.7) || !near(z, 0.9) {
		t.Errorf("leads %g, %g, %g", x, y, z)
	}
}

func TestOutlook(t *testing.T) {
	m := testMatcher(t)
	long := corpus.Clause{Text: "The emergency exit doors of assembly halls shall open outwards and be kept free.", Language: "en"}
	say := func(score, confidence float64, reasons ...Reason) Proposal {
		return Proposal{Score: score, Confidence: confidence, Reasons: reasons}
	}
	cases := []struct {
		name   string
		clause corpus.Clause
		found  []Proposal
		none   bool
		codes  []Code
	}{
		{"a sure one", long, []Proposal{say(1, 0.9)}, false, nil},
		{"several that may be", long, []Proposal{say(0.8, 0.3), say(0.8, 0.3), say(0.8, 0.3)}, false, nil},
		{"alike and little shared", long, []Proposal{say(0.2, 0.1), say(0.19, 0.1)}, true, []Code{CodeLowScore, CodeNoneAhead}},
		{"fits others better", long, []Proposal{say(0.8, 0.3, Reason{Signal: "rivals", Value: -0.5})}, true, []Code{CodeRivals}},
		{"nothing", long, nil, true, []Code{CodeNothingFound}},
		{"a title only", corpus.Clause{Text: "Doors", Language: "en"}, []Proposal{say(0.8, 0.2)}, true, []Code{CodeLittleText}},
	}
	for _, c := range cases {
		if got := m.Outlook(c.clause, c.found); got.None != c.none || !slices.Equal(got.Codes, c.codes) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

// TestFitCurve finds the curve that made the examples, and no slope where the
// feature tells nothing.
func TestFitCurve(t *testing.T) {
	true3 := curve{-1, 3, -2}
	var all []example
	for i := range 20 {
		for j := range 20 {
			x := []float64{float64(i) / 10, float64(j) / 10}
			p := true3.at(x)
			all = append(all, example{x, true, 100 * p}, example{x, false, 100 * (1 - p)})
		}
	}
	got := fitCurve(all, 2)
	for i := range got {
		if math.Abs(got[i]-true3[i]) > 0.05 {
			t.Errorf("fitted %v, want %v", got, true3)
			break
		}
	}
	for i := range all {
		all[i].weight = 1
	}
	if flat := fitCurve(all, 2); math.Abs(flat[1]) > 1e-6 || math.Abs(flat[2]) > 1e-6 {
		t.Errorf("slopes of nothing: %v", flat)
	}
}

// TestFitLeavesTheFamilyOut: turning one family's truth round changes the fit of
// the others and not its own.
func TestFitLeavesTheFamilyOut(t *testing.T) {
	families := map[string][]graded{"a": {{score: 1, right: true}, {score: 0.2}}, "b": {{score: 0.9, right: true}, {score: 0.1}}}
	without := func() []example { return viewpoints[0].examples(families, "a") }
	before := without()
	families["a"][0].right = false
	if after := without(); len(after) != 2 || after[0].right != before[0].right || after[1].right != before[1].right {
		t.Error("the family left out has a part in its own fit")
	}
	var buf bytes.Buffer
	r := NewReport([]SetResult{{Family: "a", Quality: Quality{graded: families["a"]}}, {Family: "b", Quality: Quality{graded: families["b"]}}})
	if err := r.WriteFit(&buf); err != nil || !strings.Contains(buf.String(), "confidence-ahead") || strings.Contains(buf.String(), "NaN") {
		t.Errorf("%v\n%s", err, buf.String())
	}
}

func TestDescribe(t *testing.T) {
	cases := []struct{ about, family string }{
		{"- kind: two editions; family: asvs403-500\n", "asvs403"},
		{"family: dora-finma", "dora"},
		{"no word of it", "x-y"},
	}
	for _, c := range cases {
		s := Set{Name: "x-y"}
		if s.describe(c.about); s.Family != c.family || s.Partial {
			t.Errorf("%q: family %q, partial %v", c.about, s.Family, s.Partial)
		}
	}
	s := Set{}
	if s.describe("Not exhaustive: an unlisted pair is unknown, not wrong."); !s.Partial {
		t.Error("a set that says it is not exhaustive counts as complete")
	}
}

// TestHardNegatives are no right pairs, and a stated lack of a counterpart is
// known even in a partial set.
func TestHardNegatives(t *testing.T) {
	c := func(id, text string) corpus.Clause {
		return corpus.Clause{ID: corpus.ClauseID(id), Text: text, Language: "en"}
	}
	s := Set{
		Sources: []corpus.Clause{c("s1", "doors open outwards"), c("s2", "walls are painted"), c("s3", "lamps hang")},
		Targets: []corpus.Clause{c("t1", "doors open inwards")},
		Pairs:   []Pair{{"s1", "t1", "equal"}, {"s2", "t1", notAPair}}, Partial: true, Without: []corpus.ClauseID{"s2"},
	}
	b := s.blind()
	pairs := 0
	for _, r := range b.relevant {
		pairs += len(r)
	}
	if pairs != 1 || len(b.without) != 1 {
		t.Errorf("%d right pairs, %d sources without a counterpart", pairs, len(b.without))
	}
}
