package index

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"concord/corpus"
)

func TestHitsAreNarrowedToARange(t *testing.T) {
	_, ix := valued(t)
	for _, c := range []struct {
		name string
		q    Query
		want []corpus.ClauseID
		not  []corpus.ClauseID
	}{
		{"from below, whichever way it binds", Query{Least: "1.25 m"}, []corpus.ClauseID{"gb-x/5.3"}, []corpus.ClauseID{"gb-x/5.1", "gb-x/5.4", "ru-x/8"}},
		{"from above, in another unit", Query{Most: "95 cm"}, []corpus.ClauseID{"gb-x/5.1", "cn-x/9.1"}, []corpus.ClauseID{"gb-x/5.2", "gb-x/5.3"}},
		{"both ends in two units", Query{Least: "1150 mm", Most: "1,25 m"}, []corpus.ClauseID{"gb-x/5.2", "ru-x/8"}, []corpus.ClauseID{"gb-x/5.1", "gb-x/5.3", "gb-x/5.4"}},
		{"mass is no length", Query{Least: "1000 kg"}, []corpus.ClauseID{"gb-x/5.4"}, []corpus.ClauseID{"gb-x/5.2"}},
		{"a quantity without a range", Query{Quantities: []string{"mass"}}, []corpus.ClauseID{"gb-x/5.4"}, []corpus.ClauseID{"gb-x/5.1", "gb-x/5.2", "cn-x/9.1"}},
		{"with words", Query{Text: "guardrail", Least: "1.25 m"}, []corpus.ClauseID{"gb-x/5.3"}, []corpus.ClauseID{"gb-x/5.1", "gb-x/5.2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := find(t, ix, c.q)
			for _, id := range c.want {
				if !slices.Contains(got, id) {
					t.Errorf("found %v, not %s", got, id)
				}
			}
			for _, id := range c.not {
				if slices.Contains(got, id) {
					t.Errorf("found %s, which has no such value", id)
				}
			}
		})
	}
	for rule, q := range map[string]Query{
		"query-range": {Least: "900"}, "query-range-two": {Least: "900 mm", Most: "3 kg"}, "query-range-turned": {Least: "2 m", Most: "900 mm"},
		"query-range-other": {Quantities: []string{"mass"}, Least: "2 m"}, "query-quantity": {Quantities: []string{"beauty"}},
	} {
		_, err := ix.Search(context.Background(), q)
		var refused *corpus.Refusal
		if !errors.As(err, &refused) || refused.Rule != rule || !errors.Is(err, corpus.ErrInvalid) {
			t.Errorf("%+v: %v, want the rule %s", q, err, rule)
		}
	}
	for _, odd := range []string{"length 900 mm", "900 mm 2 m", "mm", strings.Repeat("9", 80) + " mm", "\xff mm", "NaN m", "-"} {
		if _, err := ix.Search(context.Background(), Query{Least: odd}); !errors.Is(err, corpus.ErrInvalid) {
			t.Errorf("%q is taken as a value: %v", odd, err)
		}
	}
}

func TestHitsAreCountedByQuantity(t *testing.T) {
	_, ix := valued(t)
	all, err := ix.Search(context.Background(), Query{Jurisdictions: []corpus.Jurisdiction{"GB"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all.Facets[FacetQuantity] {
		narrowed, err := ix.Search(context.Background(), Query{Jurisdictions: []corpus.Jurisdiction{"GB"}, Quantities: []string{c.Value}})
		if err != nil || narrowed.Total != c.Count {
			t.Errorf("%s: %d hits, counted %d, %v", c.Value, narrowed.Total, c.Count, err)
		}
	}
	if len(all.Facets[FacetQuantity]) < 2 {
		t.Errorf("counted %v", all.Facets[FacetQuantity])
	}
	if _, there := all.Facets[FacetState]; there {
		t.Error("states are counted although nobody knows them")
	}
}

// What is kept elsewhere counts and narrows as a field of the index would, and what is
// narrowed away is in no other count.
func TestHitsAreCountedAndNarrowedByState(t *testing.T) {
	s, ix := valued(t)
	agreed := map[corpus.ClauseID]bool{"gb-x/5.1": true, "cn-x/9.1": true}
	q := Query{Quantities: []string{"length"}, Limit: 100, StateOf: func(id corpus.ClauseID) string {
		if agreed[id] {
			return "confirmed"
		}
		return "none"
	}}
	all, err := ix.Search(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	if want := []Count{{"none", all.Total - 2}, {"confirmed", 2}}; !reflect.DeepEqual(all.Facets[FacetState], want) {
		t.Errorf("counted %v, want %v", all.Facets[FacetState], want)
	}
	q.States = []string{"confirmed"}
	some, err := ix.Search(context.Background(), q)
	if err != nil || some.Total != 2 || len(some.Hits) != 2 || !agreed[some.Hits[0].Clause] || !agreed[some.Hits[1].Clause] {
		t.Fatalf("%d hits: %v, %v", some.Total, some.Hits, err)
	}
	sum := 0
	for _, c := range some.Facets["jurisdiction"] {
		sum += c.Count
	}
	if sum != 2 {
		t.Errorf("the countries count %d of 2 hits", sum)
	}
	// a new state of a part knows the ids of its clauses, too
	s.put(english, "9", "", "The rail shall be 2 m long.")
	if _, err := ix.Follow(context.Background(), s, nil); err != nil {
		t.Fatal(err)
	}
	agreed["gb-x/9"] = true
	if some, err = ix.Search(context.Background(), q); err != nil || some.Total != 3 {
		t.Errorf("%d hits after a clause came, %v", some.Total, err)
	}
	// what a number stands for is remembered as long as it is the same, and so is the
	// state of the part, which the index renews in the background when it merges files:
	// then the two searches are made again, which helps nothing that is never remembered
	const tries = 5
	for try := 1; ; try++ {
		agreed["gb-x/9"] = true
		q.StatesAt = uint64(try)
		if some, err = ix.Search(context.Background(), q); err != nil || some.Total != 3 {
			t.Errorf("%d hits with a number, %v", some.Total, err)
		}
		delete(agreed, "gb-x/9")
		some, err = ix.Search(context.Background(), q)
		if err == nil && some.Total == 3 {
			break
		}
		if err != nil || try == tries {
			t.Fatalf("%d hits, though the number is the same, %v", some.Total, err)
		}
	}
	q.StatesAt++
	if some, err = ix.Search(context.Background(), q); err != nil || some.Total != 2 {
		t.Errorf("%d hits at another number, %v", some.Total, err)
	}
	q.States = []string{"disputed"}
	if none, err := ix.Search(context.Background(), q); err != nil || none.Total != 0 || len(none.Facets["jurisdiction"]) != 0 {
		t.Errorf("%d hits of a state that nothing has, %v %v", none.Total, none.Facets, err)
	}
}
