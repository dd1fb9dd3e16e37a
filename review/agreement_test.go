package review

import (
	"math"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
)

// repeat makes n pairs of the same two answers.
func repeat(n int, a, b string) [][2]string {
	out := make([][2]string, n)
	for i := range out {
		out[i] = [2]string{a, b}
	}
	return out
}

// TestCohensKappa holds numbers computed by hand.
func TestCohensKappa(t *testing.T) {
	join := func(parts ...[][2]string) (out [][2]string) {
		for _, p := range parts {
			out = append(out, p...)
		}
		return out
	}
	for _, c := range []struct {
		name  string
		pairs [][2]string
		same  int
		kappa float64
		none  bool
	}{
		// po = 35/50 = 0.7; pe = 25/50*30/50 + 25/50*20/50 = 0.5; kappa = 0.2/0.5
		{"two answers", join(repeat(20, "y", "y"), repeat(5, "y", "n"), repeat(10, "n", "y"), repeat(15, "n", "n")), 35, 0.4, false},
		// po = 60/100; pe = 0.6*0.7 + 0.4*0.3 = 0.54; kappa = 0.06/0.46
		{"chance explains most", join(repeat(45, "y", "y"), repeat(15, "y", "n"), repeat(25, "n", "y"), repeat(15, "n", "n")), 60, 3.0 / 23, false},
		// three answers: po = 7/10; pe = (4*5 + 3*2 + 3*3)/100 = 0.35; kappa = 0.35/0.65
		{"three answers", join(repeat(4, "a", "a"), repeat(1, "b", "a"), repeat(1, "b", "b"), repeat(1, "b", "c"), repeat(2, "c", "c"), repeat(1, "c", "b")), 7, 7.0 / 13, false},
		// never the same: po = 0, pe = 0.5
		{"always apart", join(repeat(3, "y", "n"), repeat(3, "n", "y")), 0, -1, false},
		{"all alike, two answers", join(repeat(3, "y", "y"), repeat(2, "n", "n")), 5, 1, false},
		{"all alike, one answer", repeat(5, "y", "y"), 5, 0, true},
		{"nothing", nil, 0, 0, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := AgreementOf(c.pairs)
			if got.N != len(c.pairs) || got.Same != c.same || (got.Kappa == nil) != c.none {
				t.Fatalf("got %+v", got)
			}
			if !c.none && math.Abs(*got.Kappa-c.kappa) > 1e-12 {
				t.Errorf("kappa %v, want %v", *got.Kappa, c.kappa)
			}
		})
	}
}

// TestWilson holds published and hand-computed intervals.
func TestWilson(t *testing.T) {
	for _, c := range []struct {
		right, n  int
		low, high float64
	}{
		{0, 0, 0, 1},
		{0, 10, 0, 0.27753},         // z²/(n+z²) = 3.84146/13.84146
		{10, 10, 0.72247, 1},        // mirrored
		{5, 10, 0.23659, 0.76341},   // 0.5 ± z·sqrt(0.025+0.0096036)/1.384146
		{81, 263, 0.25529, 0.36621}, // Newcombe, Statistics in Medicine 17, 1998, 857-872, table I
		{15, 148, 0.06239, 0.16056}, // the same table: 0.0624, 0.1605
	} {
		got := Wilson(c.right, c.n)
		if math.Abs(got.Low-c.low) > 1.5e-4 || math.Abs(got.High-c.high) > 1.5e-4 {
			t.Errorf("%d of %d: %.5f to %.5f, want %.5f to %.5f", c.right, c.n, got.Low, got.High, c.low, c.high)
		}
		if got.Value() < got.Low || got.Value() > got.High {
			t.Errorf("%d of %d: %v lies outside of its interval", c.right, c.n, got)
		}
	}
}

// play gives answers one after the other, without asking who may.
func play(m Match, d Dossier, steps ...[2]string) Match {
	for _, s := range steps {
		var dec Decision
		if s[1] == "undo" {
			dec = Decision{ID: uuid.New(), Kind: KindWithdrawal, Withdraws: m.Decisions[len(m.Decisions)-1].ID}
		} else {
			dec = says(m, Verdict(s[1]))
		}
		dec.Person, dec.Party = people[s[0]].ID, people[s[0]].Party
		m.Decisions = append(m.Decisions, dec)
	}
	Derive(&m, d)
	return m
}

func TestIndependentAnswers(t *testing.T) {
	d := dossierOf(PolicyBothParties)
	for _, c := range []struct {
		name          string
		steps         [][2]string
		first, second string // verdicts, "" for none
	}{
		{"one answer", [][2]string{{"cn1", "subset"}}, "", ""},
		{"two answers", [][2]string{{"cn1", "subset"}, {"ru1", "equivalent"}}, "subset", "equivalent"},
		{"the first side stands first", [][2]string{{"ru1", "equivalent"}, {"cn1", "subset"}}, "subset", "equivalent"},
		{"one person twice is one", [][2]string{{"cn1", "subset"}, {"cn1", "overlap"}}, "", ""},
		{"the last before the second counts", [][2]string{{"cn1", "subset"}, {"cn1", "overlap"}, {"ru1", "overlap"}}, "overlap", "overlap"},
		{"a change after both are seen does not", [][2]string{{"cn1", "subset"}, {"ru1", "overlap"}, {"cn1", "overlap"}}, "subset", "overlap"},
		{"an undone answer is none", [][2]string{{"cn1", "subset"}, {"cn1", "undo"}, {"ru1", "overlap"}}, "", ""},
		{"undone back to the one before", [][2]string{{"cn1", "subset"}, {"cn1", "overlap"}, {"cn1", "undo"}, {"ru1", "overlap"}}, "subset", "overlap"},
		{"unsure is no answer", [][2]string{{"cn1", "unsure"}, {"ru1", "overlap"}}, "", ""},
		{"unsure between two", [][2]string{{"cn1", "subset"}, {"sa1", "unsure"}, {"ru1", "overlap"}}, "subset", "overlap"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := Independent(play(newMatch(), d, c.steps...), d)
			if ok != (c.first != "") || string(got.First.Verdict) != c.first || string(got.Second.Verdict) != c.second {
				t.Errorf("got %v %s %s", ok, got.First.Verdict, got.Second.Verdict)
			}
		})
	}
	// answers on an old text are no answers on the present one
	m := play(newMatch(), d, [2]string{"cn1", "subset"}, [2]string{"ru1", "subset"})
	m.Digests = map[corpus.ClauseID]corpus.Digest{"a/1": "changed", "b/1": "y"}
	if _, ok := Independent(m, d); ok {
		t.Error("answers on an old text count")
	}
}

func TestMeasureAgreement(t *testing.T) {
	d := dossierOf(PolicyBothParties)
	var list []DoubleAnswer
	for _, answers := range [][2]string{{"subset", "subset"}, {"subset", "overlap"}, {"overlap", "overlap"}, {"none", "none"}} {
		x, ok := Independent(play(newMatch(), d, [2]string{"cn1", answers[0]}, [2]string{"ru1", answers[1]}), d)
		if !ok {
			t.Fatal("no double answer")
		}
		list = append(list, x)
	}
	r := MeasureAgreement(list, func(id corpus.StandardID) corpus.Language {
		return map[corpus.StandardID]corpus.Language{"a": "zh-Hant", "b": "ru"}[id]
	})
	// po = 3/4; pe = (2*1 + 1*2 + 1*1)/16 = 5/16; kappa = (12-5)/(16-5) = 7/11
	if r.Relation.N != 4 || r.Relation.Same != 3 || math.Abs(*r.Relation.Kappa-7.0/11) > 1e-12 {
		t.Errorf("relation: %+v", r.Relation)
	}
	if len(r.Relations) != 3 || r.Relations[0].Verdict != "subset" || r.Relations[0].Used != 2 || r.Relations[0].Both != 1 || r.Relations[0].Same != 3 {
		t.Fatalf("relations: %+v", r.Relations)
	}
	// subset or not: po = 3/4; pe = (2*1 + 2*3)/16 = 1/2; kappa = 1/2
	if k := *r.Relations[0].Kappa; math.Abs(k-0.5) > 1e-12 {
		t.Errorf("kappa of subset: %v", k)
	}
	if len(r.Languages) != 1 || r.Languages[0].From != "zh" || r.Languages[0].To != "ru" || r.Languages[0].N != 4 {
		t.Errorf("languages: %+v", r.Languages)
	}
	if r.Whole.Same != 3 || r.AToB.Same != 3 && r.AToB.Same != 4 {
		t.Errorf("whole: %+v, A to B: %+v", r.Whole, r.AToB)
	}
}

// TestDraw: the same seed draws the same, another seed another, every match is
// as likely as any other, and a match that comes later moves nobody but the one
// it pushes out.
func TestDraw(t *testing.T) {
	var ids []uuid.UUID
	for i := range 40 {
		ids = append(ids, uuid.NewSHA1(uuid.Nil, []byte{byte(i)}))
	}
	s := Draw(ids, 7, 10)
	if len(s.Matches) != 10 || s.Population != 40 {
		t.Fatalf("drawn: %+v", s)
	}
	reversed := make([]uuid.UUID, len(ids))
	for i, id := range ids {
		reversed[len(ids)-1-i] = id
	}
	again := Draw(reversed, 7, 10)
	other := Draw(ids, 8, 10)
	same := 0
	for i := range s.Matches {
		if s.Matches[i] != again.Matches[i] {
			t.Fatal("the order of the matches changes the sample")
		}
		if s.Matches[i] == other.Matches[i] {
			same++
		}
	}
	if same == 10 {
		t.Error("another seed draws the same sample")
	}
	// 4000 seeds: each match is drawn in a quarter of them, give or take 5 sigma
	n := map[uuid.UUID]int{}
	for seed := range uint32(4000) {
		for _, id := range Draw(ids, seed, 10).Matches {
			n[id]++
		}
	}
	sigma := math.Sqrt(4000 * 0.25 * 0.75)
	for _, id := range ids {
		if math.Abs(float64(n[id])-1000) > 5*sigma {
			t.Errorf("%s is drawn %d times of 4000", id, n[id])
		}
	}
	if got := Draw(ids[:3], 1, 10); len(got.Matches) != 3 {
		t.Errorf("a sample larger than its population: %+v", got)
	}
}

func TestAudit(t *testing.T) {
	d := dossierOf(PolicyBothParties)
	agreed := play(newMatch(), d, [2]string{"cn1", "subset"}, [2]string{"ru1", "subset"})
	open := play(newMatch(), d, [2]string{"cn1", "subset"})
	for _, c := range []struct {
		name    string
		m       Match
		who     string
		a       SampleAnswer
		rule    string
		right   bool
		related bool
	}{
		{"right", agreed, "judge", SampleAnswer{Verdict: "subset"}, "", true, true},
		{"another recognition", agreed, "cn2", SampleAnswer{Verdict: "subset", AToB: "conditions"}, "", false, true},
		{"another relation", agreed, "cn2", SampleAnswer{Verdict: "overlap"}, "", false, false},
		{"a reader", agreed, "reader", SampleAnswer{Verdict: "subset"}, "role-review", false, false},
		{"somebody who took part", agreed, "cn1", SampleAnswer{Verdict: "subset"}, "audit-own", false, false},
		{"a match that is open", open, "judge", SampleAnswer{Verdict: "subset"}, "audit-open", false, false},
		{"no verdict", agreed, "judge", SampleAnswer{}, "no-choice", false, false},
		{"unsure", agreed, "judge", SampleAnswer{Verdict: "unsure"}, "no-choice", false, false},
		{"no counterpart of a pair", agreed, "judge", SampleAnswer{Verdict: "no-counterpart"}, "no-choice", false, false},
		{"an odd answer", agreed, "judge", SampleAnswer{Verdict: "subset", AToB: "perhaps"}, "no-choice", false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Audit(c.m, people[c.who], c.a)
			r, refused := corpus.RefusalOf(err)
			if refused != (c.rule != "") || refused && r.Rule != c.rule {
				t.Fatalf("refused with %v, want %q", err, c.rule)
			}
			if got.Right != c.right || got.Related != c.related {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestSampleResults(t *testing.T) {
	at := func(n int) time.Time { return time.Unix(int64(n), 0) }
	got := SampleResults([]SampleAnswer{
		{Seed: 1, Population: 90, Right: true, Related: true, At: at(1)}, {Seed: 2, Population: 95, Right: true, Related: true, At: at(2)},
		{Seed: 2, Population: 96, Related: true, At: at(3)}, {Seed: 2, Population: 96, At: at(4)},
	})
	if len(got) != 2 || got[0].Seed != 2 || got[0].Population != 95 || got[0].Whole.Right != 1 || got[0].Relation.Right != 2 || got[0].Whole.N != 3 || got[1].Whole.N != 1 {
		t.Errorf("got %+v", got)
	}
}
