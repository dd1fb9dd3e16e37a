package matcher

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// settledLessons are lessons of decisions in which headings tell right from wrong,
// or, shuffled, nothing does; each has one agreed and two rejected candidates.
func settledLessons(n int, shuffled bool, l Languages, dossier string, seed uint64) []Lesson {
	rnd := rand.New(rand.NewPCG(seed, 1))
	k, side := signalAt("headings"), truth(l[:2] != l[3:])
	var out []Lesson
	for source := range n {
		x := Lesson{dossier: dossier, wording: dossier + strings.Repeat("x", source), languages: l, all: 1}
		right := rnd.IntN(12)
		for i := range 12 {
			values := make([]float64, len(signals))
			for j := range values {
				values[j] = rnd.Float64() / 2
			}
			if !shuffled {
				values[k] = 0.1
				if i == right {
					values[k] = 0.7
				}
			}
			mark := passed
			switch i {
			case right:
				mark = rightly
			case (right + 1) % 12, (right + 2) % 12:
				mark = wrongly
			case (right + 3) % 12:
				if source%10 == 9 {
					mark = open
				}
			}
			x.found, x.docs, x.marks = append(x.found, observed{i, l, side, values}), append(x.docs, i), append(x.marks, mark)
		}
		out = append(out, x)
	}
	return out
}

func shippedModel(t *testing.T) Model {
	t.Helper()
	m, err := DefaultModel()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// A fit finds what tells in decisions, is better on what it had not seen, and is
// the same each time; from labels that mean nothing the order is not taken over.
func TestFitDecided(t *testing.T) {
	model := shippedModel(t)
	lessons := append(settledLessons(60, false, "en-zh", "one", 1), settledLessons(20, false, "en-en", "two", 2)...)
	f, err := FitDecided(t.Context(), model, lessons)
	if err != nil {
		t.Fatal(err)
	}
	if f.HeldOut != "folds" || f.Parts != fitFolds || f.Agreed != 80 || f.Rejected != 160 || !f.Weights {
		t.Errorf("the fit is %+v", f)
	}
	if f.Ranking.Of != 80 || f.Confident.Of != 720 || f.Ranking.Difference() < 0.05 || f.Ranking.Low <= 0 || f.Confident.Difference() >= 0 || f.Worse() {
		t.Errorf("order %+v, confidence %+v", f.Ranking, f.Confident)
	}
	if len(f.Languages) != 2 || !f.Languages[1].Own || f.Languages[1].Share != four(180.0/280) || !f.Languages[0].Own || f.Languages[0].Share != four(60.0/160) {
		t.Errorf("languages %+v", f.Languages)
	}
	again, err := FitDecided(t.Context(), model, lessons)
	if err != nil || !reflect.DeepEqual(f, again) {
		t.Errorf("the same decisions give another fit: %v", err)
	}
	noise, err := FitDecided(t.Context(), model, settledLessons(60, true, "en-zh", "one", 3))
	if err != nil {
		t.Fatal(err)
	}
	if noise.Weights && noise.Ranking.Difference() < 0 || !noise.Weights && noise.Ranking.Difference() != 0 {
		t.Errorf("from noise the order went by %+v, weights %v", noise.Ranking, noise.Weights)
	}
}

// Too few decisions are refused with their numbers.
func TestFitNeeds(t *testing.T) {
	model := shippedModel(t)
	for _, n := range []int{0, 9, 13} {
		_, err := FitDecided(t.Context(), model, settledLessons(n, false, "en-zh", "one", 1))
		var r *corpus.Refusal
		if !errors.As(err, &r) || r.Rule != "model-few" || !errors.Is(err, corpus.ErrInvalid) {
			t.Errorf("%d lessons: %v", n, err)
		}
	}
	if _, err := FitDecided(t.Context(), model, settledLessons(14, false, "en-zh", "one", 1)); err != nil {
		t.Errorf("enough decisions: %v", err)
	}
}

// Clauses of which something is open teach the order alone: the curve stays.
func TestFitKeepsTheCurve(t *testing.T) {
	model := shippedModel(t)
	lessons := settledLessons(60, false, "en-zh", "one", 1)
	for _, l := range lessons {
		l.marks[slices.Index(l.marks, passed)] = open
	}
	f, err := FitDecided(t.Context(), model, lessons)
	if err != nil || !f.Weights || f.Curve || f.Whole != (FitNeed{}) || f.Confident.Of != 0 {
		t.Fatalf("%+v, %v", f, err)
	}
	got, err := model.Tuned(f.Body, 1)
	if err != nil || !slices.Equal(got.tuningOf().curve, model.tuningOf().curve) {
		t.Errorf("the curve went from %v to %v, %v", model.tuningOf().curve, got.tuningOf().curve, err)
	}
	for i, l := range lessons { // nothing tells, and nothing is whole
		for k := range l.found {
			clear(lessons[i].found[k].values)
		}
	}
	if f, err := FitDecided(t.Context(), model, lessons); err == nil && f.Worse() {
		t.Errorf("a worse fit: %+v", f)
	}
}

// Where three dossiers have enough, each is left out in turn, and so is every
// wording of it that stands in another.
func TestHeldOut(t *testing.T) {
	l := Languages("en-zh")
	var all []Lesson
	for i, name := range []string{"a", "b", "c"} {
		all = append(all, settledLessons(12, false, l, name, uint64(i))...)
	}
	all[0].wording = all[20].wording
	by, parts, of := split(all)
	if by != "dossiers" || parts != 3 {
		t.Fatalf("split by %s into %d", by, parts)
	}
	if got := without(all, of, 0); len(got) != 23 {
		t.Errorf("%d lessons to learn from, want 23: the shared wording is left out", len(got))
	}
	if by, parts, _ := split(all[:24]); by != "folds" || parts != fitFolds {
		t.Errorf("two dossiers are split by %s into %d", by, parts)
	}
}

// What was fitted comes back as it was written, counts for its languages alone,
// and is refused by another model.
func TestTuned(t *testing.T) {
	model := shippedModel(t)
	f, err := FitDecided(t.Context(), model, append(settledLessons(60, false, "en-zh", "one", 1), settledLessons(20, false, "ar-ru", "one", 2)...))
	if err != nil {
		t.Fatal(err)
	}
	got, err := model.Tuned(f.Body, 3)
	if err != nil {
		t.Fatal(err)
	}
	if got.ID() != model.ID()+"+learned.3" {
		t.Errorf("it is called %q", got.ID())
	}
	zh, ru := got.between("en-zh"), got.between("en-ru")
	if zh.weights["headings"][1] <= ru.weights["headings"][1] || ru.weights["headings"][1] <= model.weights["headings"][1] {
		t.Errorf("headings count %v in en-zh, %v elsewhere, %v as shipped", zh.weights["headings"], ru.weights["headings"], model.weights["headings"])
	}
	sum := func(m Model) (s float64) {
		for _, w := range m.weights {
			s += w[1]
		}
		return s
	}
	if d := sum(zh) - sum(model); d > 0.01 || d < -0.01 {
		t.Errorf("the weights add up to %.3f, before %.3f", sum(zh), sum(model))
	}
	if model.Digest() != shippedModel(t).Digest() {
		t.Error("a fit changed the shipped model")
	}
	other := shippedModel(t)
	other.values["yes-from"] = 0.8
	if _, err := other.Tuned(f.Body, 3); !errors.Is(err, corpus.ErrConflict) {
		t.Errorf("another base: %v", err)
	}
	for name, body := range map[string]string{"empty": "", "no base": "weight\twords\t1\t1\n", "no signal": f.Body + "weight\tnonesuch\t1\t1\n",
		"no number": f.Body + "value\tconfidence-bias\tx\n", "name": f.Body + "name\tx\n", "short": f.Body + "for\ten-zh\n"} {
		if _, err := model.Tuned(body, 1); !errors.Is(err, corpus.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Lessons are taken with the languages' own weights afterwards, and tell what is
// settled from what is open or was passed over.
func TestLessons(t *testing.T) {
	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	m := New(lex, shippedModel(t))
	var clauses []corpus.Clause
	add := func(standard corpus.StandardID, number, text string) corpus.ClauseID {
		c := corpus.Clause{ID: corpus.NewClauseID(standard, number), Standard: standard, Number: number, Label: number, Kind: corpus.KindRequirement, Language: "en", Text: text}
		clauses = append(clauses, c)
		return c.ID
	}
	add("a", "1", "Doors on escape routes shall open outwards and be at least 900 mm wide.")
	right := add("b", "1", "Doors of escape routes shall open outwards and be not less than 900 mm wide.")
	wrong := add("b", "2", "Doors of lifts shall be at least 900 mm wide.")
	unsettled := add("b", "3", "Escape routes shall be lit; doors shall be marked.")
	passedBy := add("b", "4", "Windows and doors shall be wide.")
	if err := m.Load([]corpus.Standard{{ID: "a"}, {ID: "b"}}, clauses); err != nil {
		t.Fatal(err)
	}
	got, err := m.Lessons(t.Context(), []Decided{{Dossier: "d", Source: clauses[0], Among: []corpus.StandardID{"b"},
		Settled: map[corpus.ClauseID]bool{right: true, wrong: false}, Open: map[corpus.ClauseID]bool{unsettled: true}}})
	if err != nil || len(got) != 1 || got[0].all != 1 || got[0].languages != ("en-en") {
		t.Fatalf("got %+v, %v", got, err)
	}
	want := map[corpus.ClauseID]mark{right: rightly, wrong: wrongly, unsettled: open, passedBy: passed}
	marks := map[corpus.ClauseID]mark{}
	for i, x := range got[0].found {
		marks[m.corpus.Load().rows.id(x.place)] = got[0].marks[i]
	}
	if !reflect.DeepEqual(marks, want) {
		t.Errorf("marks %v, want %v", marks, want)
	}
	if o := got[0].order(); o == nil || len(o.docs) != 3 {
		t.Errorf("the open one counts in the order: %+v", o)
	}
	// the score of a lesson is the score of a proposal
	found, err := m.Match(t.Context(), clauses[0], []corpus.StandardID{"b"}, 1)
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	if points := got[0].graded(m.model.weighting(), m.model.tuningOf().curve); points != nil {
		t.Errorf("a clause of which something is open teaches confidence: %+v", points)
	}
	for i, mark := range got[0].marks {
		if mark == open {
			got[0].marks[i] = wrongly
		}
	}
	top := got[0].graded(m.model.weighting(), m.model.tuningOf().curve)[0]
	if four(top.score) != four(found[0].Score) || four(top.confidence) != four(found[0].Confidence) {
		t.Errorf("a lesson has %+v, the proposal score %v and confidence %v", top, found[0].Score, found[0].Confidence)
	}
}
