package web

import (
	"strings"
	"testing"

	"concord/corpus/lexicon"
	"concord/index"
)

// A range of values is a chip that can be taken off, without what it leaves of
// the words; each hit's value stands in the unit that was asked in.
func TestRangesAreChipsAndValuesAreInTheUnitAsked(t *testing.T) {
	q := index.Query{Text: "guardrail height >= 1000 mm steel", From: 20}
	got := askedChips([]index.Asked{{Span: lexicon.Span{Start: 17, End: 27}, Bound: lexicon.BoundAtLeast, Printed: "1000 mm"}}, q)
	if len(got) != 1 || got[0].Text != "≥\u00a01000 mm" || got[0].Remove != "/search?q=guardrail+height+steel" {
		t.Errorf("%+v", got)
	}
	values := metTexts([]index.Met{
		{Bound: lexicon.BoundAtLeast, Low: 1.2, High: 1.2, Unit: "m"}, {Bound: lexicon.BoundAtLeast, Low: 1.2, High: 1.2, Unit: "m"},
		{Bound: lexicon.BoundRange, Low: 0.9, High: 1.1, Unit: "m"},
	}, &words{tag: "ru"})
	if strings.Join(values, "|") != "≥\u00a01,2\u00a0m|0,9–1,1\u00a0m" {
		t.Errorf("%q", values)
	}
	if none := askedChips(nil, q); none != nil {
		t.Errorf("a query without a range has the chips %+v", none)
	}
}

// The value of a clause is on the page where its text may be shown, and not
// where it may not.
func TestValuesAreShownWithTheTextAlone(t *testing.T) {
	b := newSite(t).signedIn("ivan")
	page := b.get("/search?q=door+%3E%3D+1000+mm").body
	if n := strings.Count(page, "≥\u00a01234\u00a0mm"); n != 2 {
		t.Errorf("the value stands %d times on a page with two open texts and one that is kept back", n)
	}
	if !strings.Contains(page, "≥\u00a01000 mm") {
		t.Error("the range has no chip")
	}
	if page = b.get("/search?q=door+1000+mm").body; strings.Contains(page, "1234") {
		t.Error("a query without a range shows values")
	}
}
