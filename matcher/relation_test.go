package matcher

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"concord/corpus"
	"concord/corpus/lexicon"
)

func length(bound lexicon.Bound, low float64) lexicon.Quantity {
	return lexicon.Quantity{Printed: "x", Bound: bound, Low: low, High: low, Unit: "m", Dimension: "length", Measures: "width"}
}

func TestQuantityFinding(t *testing.T) {
	least, most, more, less := lexicon.BoundAtLeast, lexicon.BoundAtMost, lexicon.BoundMoreThan, lexicon.BoundLessThan
	span := func(low, high float64) lexicon.Quantity {
		return lexicon.Quantity{Bound: lexicon.BoundRange, Low: low, High: high, Dimension: "length"}
	}
	cases := []struct {
		name string
		a, b lexicon.Quantity
		want Finding
	}{
		{"greater lower bound", length(least, 1.2), length(least, 0.9), FindingAStricter},
		{"smaller lower bound", length(least, 0.9), length(least, 1.2), FindingBStricter},
		{"smaller upper bound", length(most, 40), length(most, 45), FindingAStricter},
		{"greater upper bound", length(most, 45), length(most, 40), FindingBStricter},
		{"equal", length(least, 0.9), length(least, 0.9), FindingEqual},
		{"rounding of feet", length(least, 0.9144), length(least, 0.915), FindingEqual},
		{"more than at the same value", length(more, 2), length(least, 2), FindingAStricter},
		{"less than at the same value", length(most, 2), length(less, 2), FindingBStricter},
		{"bounds of opposite direction", length(least, 2), length(most, 2), FindingNotComparable},
		{"the same value, a bound on one side", length(least, 2), length(lexicon.BoundNone, 2), FindingEqual},
		{"values without bounds", length(lexicon.BoundNone, 2), length(lexicon.BoundNone, 3), FindingNotComparable},
		{"a range inside", span(2, 3), span(1, 4), FindingAStricter},
		{"a range around", span(1, 4), span(2, 3), FindingBStricter},
		{"ranges that cross", span(1, 3), span(2, 4), FindingNotComparable},
	}
	for _, c := range cases {
		if got := quantityFinding(c.a, c.b); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestPairQuantities(t *testing.T) {
	of := func(q lexicon.Quantity, concept lexicon.ConceptID) lexicon.Quantity { q.Measures = concept; return q }
	a := []lexicon.Quantity{of(length(lexicon.BoundAtLeast, 0.9), "width"), of(length(lexicon.BoundAtMost, 45), "distance")}
	b := []lexicon.Quantity{of(length(lexicon.BoundAtMost, 40), "distance"), of(length(lexicon.BoundAtLeast, 1.2), "width"), {Dimension: "time", Low: 5, High: 5}}
	kin := func(found kinship) func(x, y lexicon.ConceptID) kinship {
		return func(x, y lexicon.ConceptID) kinship {
			if x == y {
				return kinSame
			}
			return found
		}
	}
	if got := pairQuantities(a, b, kin(kinApart)); !slices.Equal(got, []int{1, 0}) {
		t.Errorf("partners %v, want [1 0]", got)
	}
	height := []lexicon.Quantity{of(length(lexicon.BoundAtLeast, 2), "height")}
	if got := pairQuantities(a[:1], height, kin(kinApart)); got[0] != -1 {
		t.Error("a width is paired with a height")
	}
	if got := pairQuantities(a[:1], height, kin(kinUnknown)); got[0] != 0 {
		t.Error("two lower bounds of things not known to be two are not paired")
	}
	crack := []lexicon.Quantity{of(length(lexicon.BoundAtLeast, 0.0004), "height")}
	if got := pairQuantities(a[:1], crack, kin(kinUnknown)); got[0] != -1 {
		t.Error("a width of 0.9 m is paired with one of 0.4 mm")
	}
	if got := pairQuantities(a[:1], []lexicon.Quantity{of(crack[0], "width")}, kin(kinUnknown)); got[0] != 0 {
		t.Error("two widths are not paired because one is small")
	}
	free := []lexicon.Quantity{of(length(lexicon.BoundNone, 3), "")}
	if got := pairQuantities(a[:1], free, kin(kinUnknown)); got[0] != 0 {
		t.Error("the only lengths of two clauses are not paired")
	}
	if got := pairQuantities(a[:1], append(free, free[0]), kin(kinUnknown)); got[0] != -1 {
		t.Error("one of two bare lengths is taken at a venture")
	}
	if got := pairQuantities(a[1:], height, kin(kinUnknown)); got[0] != -1 {
		t.Error("an upper bound is paired with a lower one")
	}
}

func TestAsksMore(t *testing.T) {
	cases := []struct {
		row  Difference
		want asking
	}{
		{Difference{Aspect: AspectQuantity, Finding: FindingAStricter}, asking{a: true}},
		{Difference{Aspect: AspectQuantity, Finding: FindingBStricter}, asking{b: true}},
		{Difference{Aspect: AspectQuantity, Finding: FindingOnlyB}, asking{b: true}},
		{Difference{Aspect: AspectQuantity, Finding: FindingNotComparable}, asking{a: true, b: true}},
		{Difference{Aspect: AspectQuantity, Finding: FindingEqual}, asking{}},
		{Difference{Aspect: AspectObligation, Finding: FindingBStricter}, asking{b: true}},
		{Difference{Aspect: AspectObligation, Finding: FindingNotComparable, A: "shall"}, asking{}},
		{Difference{Aspect: AspectCondition, Finding: FindingOnlyA}, asking{b: true}},
		{Difference{Aspect: AspectCondition, Finding: FindingOnlyB}, asking{a: true}},
		{Difference{Aspect: AspectCitation, Finding: FindingOnlyA}, asking{a: true}},
		{Difference{Aspect: AspectTerm, Finding: FindingOnlyA}, asking{}},
		{Difference{Aspect: AspectQuantity, Finding: FindingOnlyA, Threshold: true}, asking{b: true}},
	}
	for _, c := range cases {
		if got := asksMore(c.row); got != c.want {
			t.Errorf("%s %s: %+v, want %+v", c.row.Aspect, c.row.Finding, got, c.want)
		}
	}
}

func TestMoreContent(t *testing.T) {
	cases := []struct {
		name     string
		ofA, ofB float64
		want     asking
	}{
		{"each holds the other", 0.9, 0.8, asking{}},
		{"B has more", 0.9, 0.4, asking{b: true}},
		{"A has more", 0.4, 0.9, asking{a: true}},
		{"neither holds the other", 0.4, 0.45, asking{a: true, b: true}},
		{"neither, but A is clearly held more", 0.7, 0.3, asking{b: true}},
		{"A is held and B nearly", 0.8, 0.7, asking{a: true, b: true}},
	}
	for _, c := range cases {
		if got := moreContent(holdings{c.ofA, c.ofB, 0.75}, 0.2); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestSameWording(t *testing.T) {
	m := testMatcher(t)
	cases := []struct {
		name string
		a, b string
		want bool
	}{
		{"the same", "Doors shall open outwards.", "Doors shall open outwards.", true},
		{"case, breaks and quotes", "Doors shall “open”\noutwards.", "doors shall \"open\" outwards.", true},
		{"full width", "宽度不应小于０.９ｍ", "宽度不应小于0.9m", true},
		{"another value", "at least 0.9 m", "at least 0.8 m", false},
		{"a decimal point is no stop", "at least 1.2 m", "at least 12 m", false},
		{"a word more", "doors shall open", "fire doors shall open", false},
		{"nothing", "", "", false},
	}
	for _, c := range cases {
		if got := m.sameWording(c.a, c.b, "en"); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestRecognition(t *testing.T) {
	m := testMatcher(t)
	width := Difference{Aspect: AspectQuantity, Concept: "", A: ">= 0.9 m", B: ">= 1.2 m", Finding: FindingBStricter}
	held, apart := holdings{0.9, 0.9, 0.75}, holdings{0.4, 0.4, 0.75}
	term := Difference{Aspect: AspectTerm, B: "handrail", Finding: FindingOnlyB}
	cases := []struct {
		name     string
		relation corpus.Relation
		rows     []Difference
		held     holdings
		aToB     corpus.Answer
		bToA     corpus.Answer
		says     string // among the conditions from A to B
	}{
		{"a condition of A is one for a yes", corpus.RelationEquivalent, []Difference{{Aspect: AspectCondition, A: "in new buildings", Finding: FindingOnlyA}}, held, corpus.AnswerConditions, corpus.AnswerYes, "in new buildings"},
		{"a share too small for a yes", corpus.RelationEquivalent, nil, holdings{0.95, 0.8, 0.75}, corpus.AnswerConditions, corpus.AnswerYes, "by a person"},
		{"the same words need no share", corpus.RelationIdentical, nil, apart, corpus.AnswerYes, corpus.AnswerYes, ""},
		{"equivalent needs nothing", corpus.RelationEquivalent, nil, held, corpus.AnswerYes, corpus.AnswerYes, ""},
		{"a stricter limit is a condition", corpus.RelationSubset, []Difference{width}, held, corpus.AnswerConditions, corpus.AnswerYes, "needs the value >= 1.2 m (has >= 0.9 m)"},
		{"missing content is a no", corpus.RelationSubset, []Difference{term}, holdings{0.95, 0.4, 0.75}, corpus.AnswerNo, corpus.AnswerYes, "handrail"},
		{"overlap", corpus.RelationOverlap, []Difference{width}, apart, corpus.AnswerConditions, corpus.AnswerConditions, "1.2 m"},
		{"none", corpus.RelationNone, nil, held, corpus.AnswerNo, corpus.AnswerNo, ""},
	}
	for _, c := range cases {
		a, b := m.recognitions(c.relation, c.rows, c.held)
		if a.Answer != c.aToB || b.Answer != c.bToA {
			t.Errorf("%s: %s and %s, want %s and %s", c.name, a.Answer, b.Answer, c.aToB, c.bToA)
		}
		if all := strings.Join(a.Conditions, "; "); !strings.Contains(all, c.says) || c.says == "" && all != "" {
			t.Errorf("%s: conditions %q, want %q", c.name, all, c.says)
		}
	}
}

// TestConditionAcrossLanguages: a condition read on one side only makes that side
// ask less within one language, and is no evidence across two.
func TestConditionAcrossLanguages(t *testing.T) {
	m := testMatcher(t)
	rows := []Difference{{Aspect: AspectCondition, A: "in new buildings", Finding: FindingOnlyA}}
	view := func(lang corpus.Language, text string) *view {
		return newView(m.factsOf(corpus.Clause{Text: text, Language: lang}, ""), &statistics{neutral: true})
	}
	c := &comparison{a: view("en", "Doors shall open outwards."), b: view("en", "Exit doors shall open outwards.")}
	h := holdings{0.9, 0.9, 0.7}
	if got := m.relation(c, 1, rows, h); got != corpus.RelationSubset {
		t.Errorf("within one language: %s", got)
	}
	c.across = true
	if got := m.relation(c, 1, rows, h); got != corpus.RelationEquivalent {
		t.Errorf("across languages: %s", got)
	}
	limit := []Difference{{Aspect: AspectQuantity, A: ">= 1 m", B: ">= 2 m", Finding: FindingBStricter}}
	if got := m.relation(c, 1, limit, h); got != corpus.RelationSubset {
		t.Errorf("a stricter limit across languages: %s", got)
	}
}

// TestThresholds: a quantity that says when a clause binds makes the side that
// binds in more cases the stricter one.
func TestThresholds(t *testing.T) {
	m := testMatcher(t)
	say := func(lang corpus.Language, text string) *view {
		return newView(m.factsOf(corpus.Clause{Text: text, Language: lang}, ""), &statistics{neutral: true})
	}
	cases := []struct {
		name    string
		a, b    string
		finding Finding
		flag    bool
	}{
		{"a limit", "The width of the door shall be not less than 0.9 m.", "The width of doors shall be at least 1.2 m.", FindingBStricter, false},
		{"a threshold", "Guard rails shall be fitted where a person could fall more than 2 m.", "Guard rails shall be fitted where a person could fall more than 1.5 m.", FindingBStricter, true},
	}
	for _, c := range cases {
		rows := newComparison(say("en", c.a), say("en", c.b), nil, -1, -1, nil).quantityRows()
		if len(rows) != 1 || rows[0].Finding != c.finding || rows[0].Threshold != c.flag {
			t.Errorf("%s: %+v", c.name, rows)
		}
	}
	for id := range quantityNames {
		if _, ok := m.lex.Concept(id); !ok {
			t.Errorf("no concept %q", id)
		}
	}
}

// TestValuesSaidElsewhere: between parallel standards in two languages a row of
// values that both sides give somewhere tells of the reading and asks nothing more;
// a value that one side alone gives does, and so does everything elsewhere.
func TestValuesSaidElsewhere(t *testing.T) {
	m := testMatcher(t)
	say := func(lang corpus.Language, text string) *view {
		return newView(m.factsOf(corpus.Clause{Text: text, Language: lang}, ""), &statistics{neutral: true})
	}
	parallel := &pairing{parallel: 1}
	for _, tc := range []struct {
		name string
		a, b string
		pair *pairing
		want corpus.Relation
	}{
		{"said from the other side of the boundary", "门净宽不应大于5.5m。", "Doors with a clear width of more than 5.5 m shall not be used.", parallel, corpus.RelationEquivalent},
		{"a range by its ends", "栏杆高度应为0.8m～1.5m。", "The height of guardrails shall be at least 0.8 m. Guardrails shall not be higher than 1.5 m in height.", parallel, corpus.RelationEquivalent},
		{"another value", "门净宽不应大于5.5m。", "Doors with a clear width of more than 6.5 m shall not be used.", parallel, corpus.RelationOverlap},
		{"a value more", "栏杆高度不应小于0.8m。", "The height of guardrails shall be at least 0.8 m and their thickness at least 40 mm.", parallel, corpus.RelationSubset},
		{"standards that do not run parallel", "门净宽不应大于5.5m。", "Doors with a clear width of more than 5.5 m shall not be used.", &pairing{}, corpus.RelationOverlap},
	} {
		c := newComparison(say("zh", tc.a), say("en", tc.b), tc.pair, -1, -1, nil)
		var rows []Difference
		for _, d := range c.quantityRows() {
			if d.Finding != FindingEqual {
				rows = append(rows, d)
			}
		}
		if len(rows) == 0 {
			t.Errorf("%s: no row differs", tc.name)
		}
		if got := m.relation(c, 1, rows, holdings{0.9, 0.9, 0.7}); got != tc.want {
			t.Errorf("%s: %s, want %s: %+v", tc.name, got, tc.want, rows)
		}
	}
}

// TestConditionSentences: every row kind that asks more has its sentence, and
// every sentence is used.
func TestConditionSentences(t *testing.T) {
	used := map[string]bool{"content-missing": true, "by-hand": true}
	table := sentences()
	for _, aspect := range []Aspect{AspectQuantity, AspectObligation, AspectCondition, AspectCitation, AspectTerm} {
		for _, f := range []Finding{FindingEqual, FindingAStricter, FindingBStricter, FindingOnlyA, FindingOnlyB, FindingNotComparable} {
			for _, flag := range []bool{false, true} {
				key := conditionKind(Difference{Aspect: aspect, Finding: f, A: "x", B: "y", Threshold: flag && aspect == AspectQuantity, Exception: flag})
				if key == "" {
					continue
				}
				used[key] = true
				if table[key] == "" {
					t.Errorf("no sentence for %q", key)
				}
			}
		}
	}
	for key := range table {
		if !used[key] {
			t.Errorf("the sentence %q is never used", key)
		}
	}
}

func TestMirroredTwiceIsTheSame(t *testing.T) {
	d := Difference{Aspect: AspectQuantity, A: "1 m", B: "2 m", Finding: FindingBStricter, Factor: 2, Delta: 1, SpansA: []lexicon.Span{{Start: 1, End: 2}}}
	once := mirrored([]Difference{d})[0]
	if once.A != "2 m" || once.Finding != FindingAStricter || once.Factor != 0.5 || once.Delta != -1 || len(once.SpansB) != 1 {
		t.Errorf("mirrored: %+v", once)
	}
	if twice := mirrored([]Difference{once})[0]; twice.A != d.A || twice.Finding != d.Finding || twice.Factor != d.Factor {
		t.Errorf("mirrored twice: %+v", twice)
	}
}

// Where each side has content of its own, the one that others fit better is the
// larger.
func TestPart(t *testing.T) {
	for _, row := range []struct {
		lag  lag
		want asking
	}{
		{lag{}, asking{true, true}},
		{lag{source: 0.1, target: 0.2}, asking{true, true}},
		{lag{target: 0.3}, asking{b: true}},
		{lag{source: 0.3}, asking{a: true}},
		{lag{source: 0.6, target: 0.5}, asking{true, true}},
		{lag{source: 0.2, target: 0.9}, asking{b: true}},
	} {
		if got := row.lag.part(0.15); got != row.want {
			t.Errorf("%+v: %+v, want %+v", row.lag, got, row.want)
		}
	}
}

// A clause that others fit much better is the larger one, whose conditions may be of
// its other parts; of translations that is not said.
func TestPartOfSomethingLarger(t *testing.T) {
	m := testMatcher(t)
	view := func(lang corpus.Language, text string) *view {
		return newView(m.factsOf(corpus.Clause{Text: text, Language: lang}, ""), &statistics{neutral: true})
	}
	const a, b = "Doors shall open outwards.", "Exit doors shall open outwards."
	held, apart := holdings{0.9, 0.9, 0.7}, holdings{0.5, 0.5, 0.7}
	condition := Difference{Aspect: AspectCondition, B: "in new buildings", Finding: FindingOnlyB}
	limit := Difference{Aspect: AspectQuantity, A: ">= 1 m", Finding: FindingOnlyA}
	for _, row := range []struct {
		name         string
		best, rivals float64 // of the source and of the target, where this pair scores 1
		parallel     float64
		across       bool
		rows         []Difference
		held         holdings
		want         corpus.Relation
	}{
		{"each other's best", 1, 1, 0, false, nil, held, corpus.RelationEquivalent},
		{"others fit the target better", 1, 2, 0, false, nil, held, corpus.RelationSubset},
		{"others fit the source better", 2, 1, 0, false, nil, held, corpus.RelationSuperset},
		{"others fit both better", 2, 2, 0, false, nil, held, corpus.RelationEquivalent},
		{"content on each side", 1, 2, 0, false, nil, apart, corpus.RelationSubset},
		{"a condition of the larger one", 1, 2, 0, false, []Difference{condition}, apart, corpus.RelationSubset},
		{"a condition of an equal one", 1, 1, 0, false, []Difference{condition}, held, corpus.RelationSuperset},
		{"a limit of the smaller one", 1, 2, 0, false, []Difference{limit}, apart, corpus.RelationOverlap},
		{"a side that holds less says so itself", 2, 1, 0, false, nil, holdings{0.9, 0.3, 0.7}, corpus.RelationSubset},
		{"another edition", 1, 2, 1, false, nil, held, corpus.RelationSubset},
		{"another language", 1, 2, 0, true, nil, held, corpus.RelationSubset},
		{"a translation", 1, 2, 1, true, nil, held, corpus.RelationEquivalent},
	} {
		pair := &pairing{best: []float64{row.best}, rivals: []rival{{best: [3]float64{row.rivals}}}, parallel: row.parallel}
		c := &comparison{a: view("en", a), b: view("en", b), pair: pair, early: 1, across: row.across}
		if got := m.relation(c, 1, row.rows, row.held); got != row.want {
			t.Errorf("%s: %s, want %s", row.name, got, row.want)
		}
	}
}

// Rows that are too faint across languages are those that only one side's
// reading has, or whose value is the same.
func TestFaint(t *testing.T) {
	for _, row := range []struct {
		name string
		row  Difference
		want bool
	}{
		{"a condition on one side", Difference{Aspect: AspectCondition, Finding: FindingOnlyA}, true},
		{"a count on one side", Difference{Aspect: AspectQuantity, Finding: FindingOnlyB, count: true}, true},
		{"a width on one side", Difference{Aspect: AspectQuantity, Finding: FindingOnlyB}, false},
		{"not below 24 against above 24", Difference{Aspect: AspectQuantity, Finding: FindingAStricter, Factor: 1}, true},
		{"24 against 30", Difference{Aspect: AspectQuantity, Finding: FindingAStricter, Factor: 1.25, Delta: 6}, false},
		{"shall against should", Difference{Aspect: AspectObligation, Finding: FindingAStricter, Factor: 1}, false},
		{"a count that differs", Difference{Aspect: AspectQuantity, Finding: FindingBStricter, Factor: 2, Delta: 1, count: true}, false},
		{"a citation on one side", Difference{Aspect: AspectCitation, Finding: FindingOnlyA}, false},
	} {
		if got := faint(row.row); got != row.want {
			t.Errorf("%s: %v", row.name, got)
		}
	}
}

// Editions of one standard run parallel, two standards on different matters do
// not.
func TestParallel(t *testing.T) {
	texts := []string{
		"Stairs shall be at least 1.1 m wide.", "Doors shall open in the direction of escape.", "Passwords shall have twelve characters.",
		"Waste water shall be treated before discharge.", "Operators shall keep records for five years.", "Fire alarms shall be tested every month.",
	}
	others := []string{
		"Cranes shall be inspected before use.", "Noise at the fence shall not exceed 60 dB.", "Keys shall be kept by the custodian.",
		"Fees shall be paid in advance.", "Trees shall be planted along roads.", "The tariff shall be published.",
	}
	for _, row := range []struct {
		name    string
		targets []string
		low     float64
		high    float64
	}{{"the same texts", texts, 0.99, 1}, {"other texts", others, 0, 0.6}} {
		m := testMatcher(t)
		var clauses []corpus.Clause
		for i := range texts {
			clauses = append(clauses, chapterClause("a", fmt.Sprint(i), "", texts[i], "en"), chapterClause("b", fmt.Sprint(i), "", row.targets[i], "en"))
		}
		if err := m.Load(nil, clauses); err != nil {
			t.Fatal(err)
		}
		if got := m.scene("a", []corpus.StandardID{"b"}).pair.parallel; got < row.low || got > row.high {
			t.Errorf("%s: %.2f, want %.2f to %.2f", row.name, got, row.low, row.high)
		}
	}
}
