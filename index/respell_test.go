package index

import (
	"context"
	"slices"
	"testing"

	"concord/corpus/lexicon"
)

// TestMisspeltWordInALongerQuery: it is taken for the term it is one letter from, in
// every language, and shown as a term that can be taken off; a word that a text has is
// taken as it is.
func TestMisspeltWordInALongerQuery(t *testing.T) {
	s := small()
	s.put(english, "8", "", "The guardrial of this text is misspelt in another maner.")
	right := open(t, t.TempDir(), small())
	res, err := right.Search(context.Background(), Query{Text: "guardrial height", Language: "en"})
	if err != nil || !slices.ContainsFunc(res.Understood, func(u Understood) bool { return u.Concept == "guardrail" && u.Span.Start == 0 && u.Span.End == 9 }) {
		t.Fatalf("understood %+v, %v", res.Understood, err)
	}
	if !slices.ContainsFunc(res.Hits, func(h Hit) bool { return h.Clause == "cn-x/5.3.1" }) || res.Fuzzy {
		t.Errorf("found %v", res.Hits)
	}
	for name, q := range map[string]Query{
		"taken off":   {Text: "guardrial height", Language: "en", Without: []lexicon.ConceptID{"guardrail"}},
		"exactly":     {Text: "guardrial height", Language: "en", Exact: true},
		"two letters": {Text: "gaurdrial height", Language: "en"},
	} {
		res, err := right.Search(context.Background(), q)
		if err != nil || slices.ContainsFunc(res.Understood, func(u Understood) bool { return u.Concept == "guardrail" }) {
			t.Errorf("%s: understood %+v, %v", name, res.Understood, err)
		}
	}
	res, err = open(t, t.TempDir(), s).Search(context.Background(), Query{Text: "guardrial height", Language: "en"})
	if err != nil || slices.ContainsFunc(res.Understood, func(u Understood) bool { return u.Concept == "guardrail" }) {
		t.Errorf("a word that a text has is understood as %+v, %v", res.Understood, err)
	}
}
