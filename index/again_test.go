package index

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// looked gives hits with what their clauses say to the second look and tells
// their order.
func looked(t *testing.T, question string, told ...telling) []string {
	t.Helper()
	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	p := plan{query: Query{Text: question, Language: "en"}, lex: lex}
	(&Index{lex: lex}).understand(&p, question, nil)
	var hits []found
	var says []string
	for _, x := range told {
		hits, says = append(hits, x.found), append(says, x.says)
	}
	p.lookAgain(hits, says)
	var ids []string
	for i, h := range hits {
		ids = append(ids, h.id)
		if i > 0 && h.score > hits[i-1].score {
			t.Errorf("%s: score %v behind %v", h.id, h.score, hits[i-1].score)
		}
	}
	return ids
}

// telling is a hit with what its clause says.
type telling struct {
	found
	says string
}

func tells(id string, score float64, says string) telling {
	return telling{found{id: id, score: score}, says}
}

func TestSecondLook(t *testing.T) {
	for name, c := range map[string]struct {
		question string
		hits     []telling
		want     []string
	}{
		"what says the same as the best hit comes before what has the query's word alone": {
			"guardrail",
			[]telling{
				tells("a/1", 10, "c:guardrail c:edge c:fall-protection"),
				tells("b/1", 6, "c:guardrail c:paint c:colour"),
				tells("c/1", 5.9, "c:guardrail c:edge c:fall-protection"),
			},
			[]string{"a/1", "c/1", "b/1"},
		},
		"and not when nothing is shared": {
			"guardrail",
			[]telling{tells("a/1", 10, "c:guardrail"), tells("b/1", 6, "c:guardrail"), tells("c/1", 5.9, "c:guardrail")},
			[]string{"a/1", "b/1", "c/1"},
		},
		"a question for a height wants a length": {
			"guardrail height",
			[]telling{tells("a/1", 10, "c:guardrail c:height"), tells("b/1", 9, "c:guardrail c:height d:length")},
			[]string{"b/1", "a/1"},
		},
		"and no other dimension": {
			"guardrail height",
			[]telling{tells("a/1", 10, "c:guardrail c:height"), tells("b/1", 9, "c:guardrail c:height d:mass")},
			[]string{"a/1", "b/1"},
		},
		"a question for a thing wants no value": {
			"guardrail",
			[]telling{tells("a/1", 10, "c:guardrail"), tells("b/1", 9, "c:guardrail d:length")},
			[]string{"a/1", "b/1"},
		},
		"what binds comes before what tells": {
			"guardrail",
			[]telling{tells("a/1", 10, "c:guardrail"), tells("b/1", 9, "c:guardrail o:binds")},
			[]string{"b/1", "a/1"},
		},
		"and not where a meaning is asked for": {
			"definition of guardrail",
			[]telling{tells("a/1", 10, "c:guardrail"), tells("b/1", 9, "c:guardrail o:binds")},
			[]string{"a/1", "b/1"},
		},
		"another standard before the third clause of one": {
			"guardrail",
			[]telling{tells("a/1", 10, "c:guardrail"), tells("a/2", 9.9, "c:guardrail"), tells("a/3", 9.8, "c:guardrail"), tells("b/1", 8, "c:guardrail")},
			[]string{"a/1", "a/2", "b/1", "a/3"},
		},
		"nothing stored": {
			"guardrail",
			[]telling{tells("a/1", 3, ""), tells("b/1", 2, "")},
			[]string{"a/1", "b/1"},
		},
	} {
		if got := looked(t, c.question, c.hits...); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestPagesOfSecondLook walks page by page over the hits that are looked at
// again and those behind: each clause once, scores falling.
func TestPagesOfSecondLook(t *testing.T) {
	s := &shelf{}
	for i := range secondLook + 60 {
		text := "The guardrail shall be checked."
		if i%3 == 0 {
			text = fmt.Sprintf("The guardrail height shall be at least %d mm.", 900+i)
		}
		s.put(english, fmt.Sprintf("%d.%d", i/10+1, i%10), "", text)
	}
	ix := open(t, t.TempDir(), s)
	seen := map[corpus.ClauseID]bool{}
	last := 0.0
	for from := 0; ; from += 30 {
		r, err := ix.Search(context.Background(), Query{Text: "guardrail", Limit: 30, From: from})
		if err != nil {
			t.Fatal(err)
		}
		for i, h := range r.Hits {
			if seen[h.Clause] || from+i > 0 && h.Score > last {
				t.Errorf("hit %d %s: seen before %v, score %v behind %v", from+i, h.Clause, seen[h.Clause], h.Score, last)
			}
			seen[h.Clause], last = true, h.Score
		}
		if len(r.Hits) < 30 {
			break
		}
	}
	byStandard, err := ix.Search(context.Background(), Query{Text: "guardrail height", Limit: 30, Order: OrderStandard})
	if err != nil || len(byStandard.Hits) != 30 {
		t.Fatalf("%v, %d hits", err, len(byStandard.Hits))
	}
	if !slices.IsSortedFunc(byStandard.Hits, func(a, b Hit) int { return strings.Compare(string(a.Clause), string(b.Clause)) }) {
		t.Errorf("not in the order of their ids: %v", byStandard.Hits)
	}
	if _, err := ix.Search(context.Background(), Query{Text: "guardrail", Order: "size"}); !errors.Is(err, corpus.ErrInvalid) {
		t.Errorf("an order that is none: %v", err)
	}
	if len(seen) != secondLook+60 {
		t.Errorf("%d clauses on the pages, want %d", len(seen), secondLook+60)
	}
}
