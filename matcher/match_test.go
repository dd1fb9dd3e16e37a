package matcher

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"sync"
	"testing"
	"unicode/utf8"

	"concord/corpus"
	"concord/corpus/lexicon"
)

var loadLexicon = sync.OnceValues(lexicon.Load)

func testMatcher(t testing.TB) *Matcher {
	t.Helper()
	lex, err := loadLexicon()
	if err != nil {
		t.Fatal(err)
	}
	model, err := DefaultModel()
	if err != nil {
		t.Fatal(err)
	}
	return New(lex, model)
}

// loaded is a matcher with one of our own sets, as two standards.
func loaded(t testing.TB, name string) (*Matcher, blinded) {
	t.Helper()
	set, err := LoadSet("testdata/sets/" + name)
	if err != nil {
		t.Fatal(err)
	}
	b := set.blind()
	m := testMatcher(t)
	if err := m.Load(nil, slices.Concat(b.sources, b.targets)); err != nil {
		t.Fatal(err)
	}
	return m, b
}

func TestMatchFindsCounterparts(t *testing.T) {
	m, b := loaded(t, "escape-en-zh")
	ctx := context.Background()
	for i, c := range b.sources {
		if len(b.relevant[i]) == 0 {
			continue
		}
		got, err := m.Match(ctx, c, []corpus.StandardID{"target"}, 3)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(got, func(p Proposal) bool {
			return slices.ContainsFunc(sortedKeys(b.relevant[i]), func(n int) bool { return b.targets[n].ID == p.Target })
		}) {
			t.Errorf("no right target among three for %q", c.Text)
		}
	}
}

// TestProposalsAddUp: the score is the sum of the effects, spans lie inside the
// texts on letter boundaries, and the proposal names what it was made from.
func TestProposalsAddUp(t *testing.T) {
	for _, name := range []string{"escape-en-zh", "security-fr-ru", "park-es-ar", "site-en-en"} {
		m, b := loaded(t, name)
		texts := make(map[corpus.ClauseID]corpus.Clause)
		for _, c := range slices.Concat(b.sources, b.targets) {
			texts[c.ID] = c
		}
		err := m.MatchAll(context.Background(), b.sources, nil, 5, nil, func(all []Proposal) error {
			for _, p := range all {
				checkProposal(t, p, texts[p.Source], texts[p.Target], m.model.ID())
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func checkProposal(t *testing.T, p Proposal, a, b corpus.Clause, model string) {
	t.Helper()
	sum := 0.0
	inside := func(c corpus.Clause, spans []lexicon.Span) {
		w := c.Wording()
		for _, s := range spans {
			if s.Start < 0 || s.Start >= s.End || s.End > len(w) || !utf8.ValidString(w[s.Start:s.End]) {
				t.Errorf("span %v does not fit %q", s, w)
			}
		}
	}
	for _, r := range p.Reasons {
		sum += r.Effect
		inside(a, r.Source)
		inside(b, r.Target)
	}
	for _, d := range p.Differences {
		inside(a, d.SpansA)
		inside(b, d.SpansB)
	}
	for _, al := range p.Alignments {
		inside(a, []lexicon.Span{al.Source})
		inside(b, []lexicon.Span{al.Target})
	}
	if math.Abs(sum-p.Score) > 1e-9 {
		t.Errorf("%s, %s: effects add up to %g, the score is %g", p.Source, p.Target, sum, p.Score)
	}
	if p.Confidence <= 0 || p.Confidence >= 1 || p.Model != model || p.SourceDigest != a.Digest() || p.TargetDigest != b.Digest() {
		t.Errorf("confidence %g, model %q or digests are wrong", p.Confidence, p.Model)
	}
	if !slices.Contains(corpus.Relations, p.Relation) || p.AToB.Answer == corpus.AnswerOpen || p.BToA.Answer == corpus.AnswerOpen {
		t.Errorf("relation %q with %q and %q", p.Relation, p.AToB.Answer, p.BToA.Answer)
	}
}

// TestMatchAllIsMatch: many at once give what one by one give, in order, twice.
func TestMatchAllIsMatch(t *testing.T) {
	m, b := loaded(t, "security-fr-ru")
	again, _ := loaded(t, "security-fr-ru")
	ctx := context.Background()
	at, done := 0, 0
	err := m.MatchAll(ctx, b.sources, []corpus.StandardID{"target"}, 4, func(d, total int) { done = d }, func(got []Proposal) error {
		want, err := again.Match(ctx, b.sources[at], []corpus.StandardID{"target"}, 4)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("clause %d: %v, want %v (%v)", at, got, want, err)
		}
		at++
		return nil
	})
	if err != nil || at != len(b.sources) || done != len(b.sources) {
		t.Errorf("%d of %d clauses, progress %d: %v", at, len(b.sources), done, err)
	}
}

func TestMatchAllStops(t *testing.T) {
	m, b := loaded(t, "site-en-en")
	stop := errors.New("full")
	if err := m.MatchAll(context.Background(), b.sources, nil, 3, nil, func([]Proposal) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("the error of yield is lost: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := m.MatchAll(ctx, b.sources, nil, 3, nil, func([]Proposal) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("the end of the context is lost: %v", err)
	}
}

// TestSimilar: the finder never returns the clause itself, keeps to the
// standards asked for, and orders by score.
func TestSimilar(t *testing.T) {
	m, b := loaded(t, "site-en-en")
	ctx := context.Background()
	for _, among := range [][]corpus.StandardID{{"source", "target"}, {"source"}, {"target"}, nil, {"unknown"}} {
		for _, c := range b.sources {
			got, err := m.Similar(ctx, c, among, 10)
			if err != nil {
				t.Fatal(err)
			}
			for i, x := range got {
				if x.Clause == c.ID || len(among) > 0 && !slices.Contains(among, x.Clause.Standard()) || i > 0 && got[i-1].Score < x.Score {
					t.Fatalf("among %v: %v for %s", among, got, c.ID)
				}
			}
			if among == nil && (len(got) == 0 || got[0].Clause.Standard() == c.Standard) {
				t.Errorf("without standards the others are meant: %v", got)
			}
		}
	}
}

// TestAClauseFromOutside: a clause that is not in the corpus is matched like the
// same words inside, and one without a corpus finds nothing.
func TestAClauseFromOutside(t *testing.T) {
	m, _ := loaded(t, "site-en-en")
	ctx := context.Background()
	c := corpus.Clause{ID: "draft/1", Standard: "draft", Kind: corpus.KindProvision, Language: "en", Text: "Nobody may walk under a load that hangs from a crane."}
	got, err := m.Match(ctx, c, []corpus.StandardID{"target"}, 1)
	if err != nil || len(got) != 1 || got[0].Score <= 0 {
		t.Fatalf("%v, %v", got, err)
	}
	if got, err := testMatcher(t).Match(ctx, c, nil, 5); err != nil || len(got) != 0 {
		t.Errorf("without a corpus: %v, %v", got, err)
	}
}

func TestLoadRefusesDoubles(t *testing.T) {
	m, b := loaded(t, "site-en-en")
	before := m.Len()
	if err := m.Load(nil, []corpus.Clause{b.sources[0], b.sources[0]}); !errors.Is(err, corpus.ErrInvalid) {
		t.Errorf("a doubled clause is taken: %v", err)
	}
	if m.Len() != before {
		t.Errorf("a failed load changed the corpus")
	}
	note := b.sources[0]
	note.Kind = corpus.KindNote
	if err := m.Load(nil, []corpus.Clause{note}); err != nil || m.Len() != 0 {
		t.Errorf("a note is matched: %v, %d clauses", err, m.Len())
	}
}

// TestCompareIsPure: the same pair gives the same proposal, whatever is loaded.
func TestCompareIsPure(t *testing.T) {
	m, b := loaded(t, "escape-en-zh")
	empty := testMatcher(t)
	for i := range 10 {
		if x, y := m.Compare(b.sources[i], b.targets[i]), empty.Compare(b.sources[i], b.targets[i]); !reflect.DeepEqual(x, y) {
			t.Errorf("pair %d: %+v, want %+v", i, x, y)
		}
	}
	same := m.Compare(b.sources[0], b.sources[0])
	if same.Relation != corpus.RelationIdentical || same.AToB.Answer != corpus.AnswerYes {
		t.Errorf("a clause and itself are %s", same.Relation)
	}
	none := m.Compare(corpus.Clause{ID: "a/1", Language: "en", Text: "The garden is green."}, corpus.Clause{ID: "b/1", Language: "zh", Text: "密码长度。"})
	if none.Relation != corpus.RelationNone {
		t.Errorf("unrelated clauses are %s", none.Relation)
	}
}

// TestLoadWhileMatching: the corpus may be swapped while others match.
func TestLoadWhileMatching(t *testing.T) {
	m, b := loaded(t, "site-en-en")
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for _, c := range b.sources {
				if _, err := m.Match(context.Background(), c, nil, 2); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 3 {
		if err := m.Load(nil, slices.Concat(b.targets, b.sources)); err != nil {
			t.Error(err)
		}
	}
	wg.Wait()
}

// TestManyStandards: proposals may come from several standards, and the order
// of the names given does not matter.
func TestManyStandards(t *testing.T) {
	m, b := loaded(t, "site-en-en")
	clauses := slices.Concat(b.sources, b.targets)
	for i, c := range b.targets {
		c.Standard, c.ID = "third", corpus.NewClauseID("third", fmt.Sprint(i))
		clauses = append(clauses, c)
	}
	if err := m.Load(nil, clauses); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	one, _ := m.Match(ctx, b.sources[0], []corpus.StandardID{"third", "target"}, 6)
	two, _ := m.Match(ctx, b.sources[0], []corpus.StandardID{"target", "third", "target"}, 6)
	if !reflect.DeepEqual(one, two) {
		t.Error("the order of the standards changes the answer")
	}
	from := make(map[corpus.StandardID]int)
	for _, p := range one {
		from[p.Target.Standard()]++
	}
	if from["target"] == 0 || from["third"] == 0 {
		t.Errorf("proposals come from %v", from)
	}
}
