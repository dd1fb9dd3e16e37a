package matcher

import (
	"slices"
	"testing"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// TestRankLimits holds who is strictest, by the direction of the bound.
func TestRankLimits(t *testing.T) {
	limit := func(owner string, b lexicon.Bound, v float64, of lexicon.ConceptID) *Limit {
		return &Limit{Owner: owner, Of: of, Quantity: lexicon.Quantity{Bound: b, Low: v, High: v, Dimension: "length"}}
	}
	ge, le := lexicon.BoundAtLeast, lexicon.BoundAtMost
	for _, c := range []struct {
		name string
		list []*Limit
		want []Rank
	}{
		{"of floors the greatest", []*Limit{limit("CN", ge, 0.8, "width"), limit("RU", ge, 0.9, "width"), limit("US", ge, 0.9, "width")}, []Rank{RankLaxer, RankStrictest, RankStrictest}},
		{"of ceilings the smallest", []*Limit{limit("CN", le, 30, "length"), limit("RU", le, 40, "length")}, []Rank{RankStrictest, RankLaxer}},
		{"all the same", []*Limit{limit("CN", le, 40, "length"), limit("RU", le, 40, "length")}, []Rank{RankEqual, RankEqual}},
		{"a floor does not answer a ceiling", []*Limit{limit("CN", le, 40, "length"), limit("RU", ge, 30, "length")}, []Rank{RankAlone, RankAlone}},
		{"one's own limits are no others", []*Limit{limit("CN", le, 40, "length"), limit("CN", le, 30, "length")}, []Rank{RankAlone, RankAlone}},
		{"of other things", []*Limit{limit("CN", ge, 1, "width"), limit("RU", ge, 2, "height")}, []Rank{RankAlone, RankAlone}},
		{"of nothing known", []*Limit{limit("CN", ge, 1, ""), limit("RU", ge, 2, "")}, []Rank{RankAlone, RankAlone}},
		{"plain values that differ", []*Limit{limit("CN", lexicon.BoundExact, 1, "width"), limit("RU", lexicon.BoundExact, 2, "width")}, []Rank{RankUnlike, RankUnlike}},
	} {
		RankLimits(c.list)
		var got []Rank
		for _, l := range c.list {
			got = append(got, l.Rank)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	out := []*Limit{limit("CN", ge, 1, "width"), limit("RU", ge, 2, "width")}
	out[1].Threshold = true
	RankLimits(out)
	if out[0].Rank != RankAlone || out[1].Rank != RankAlone {
		t.Errorf("a threshold is ranked: %q, %q", out[0].Rank, out[1].Rank)
	}
}

// TestLimitsOf leaves numbers out that limit nothing, and knows thresholds.
func TestLimitsOf(t *testing.T) {
	r := lexicon.Reading{Quantities: []lexicon.Quantity{
		{Bound: lexicon.BoundNone, Low: 2}, {Bound: lexicon.BoundAtLeast, Low: 1.1, High: 1.1, Dimension: "length"}, {Bound: lexicon.BoundMoreThan, Low: 24, High: 24, Dimension: "length"},
	}}
	got := LimitsOf(r, "CN")
	if len(got) != 2 || got[0].Threshold || !got[1].Threshold || got[0].SI != "m" || got[0].Owner != "CN" {
		t.Errorf("%+v", got)
	}
}

// TestLimited says what a number limits, in languages that put other words
// between the two.
func TestLimited(t *testing.T) {
	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]lexicon.ConceptID{
		"zh 门的宽度不应小于 0.8 m。":                                         "width",
		"ru Ширина двери должна быть не менее 0,9 м.":                "width",
		"en The width of doors shall be not less than 0.85 m.":       "width",
		"zh 疏散门的净宽度不应小于 0.8 m。":                                      "clear-width",
		"en The clear width of doors shall be not less than 0.85 m.": "clear-width",
		"en Guardrails shall be at least 1200 mm in height.":         "height",
	} {
		c := corpus.Clause{Language: corpus.Language(text[:2]), Text: text[3:]}
		got := LimitsOf(lex.Read(c, ""), "x")
		if len(got) != 1 || got[0].Of != want {
			t.Errorf("%s: %+v, want %s", text, got, want)
		}
	}
}
