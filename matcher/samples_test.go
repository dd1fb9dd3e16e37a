package matcher

import (
	"context"
	"io/fs"
	"strings"
	"testing"

	"concord/corpus"
	"concord/corpus/reader"
	"concord/corpus/samples"
)

// sampleCorpus reads the built-in demonstration standards into a matcher.
func sampleCorpus(t *testing.T) (*Matcher, map[corpus.ClauseID]corpus.Clause) {
	t.Helper()
	var standards []corpus.Standard
	by := make(map[corpus.ClauseID]corpus.Clause)
	var clauses []corpus.Clause
	files := samples.Standards()
	names, err := fs.Glob(files, "*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		f, err := files.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		docs, err := reader.Read(name, f, reader.Hint{})
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range docs {
			standards, clauses = append(standards, d.Standard), append(clauses, d.Clauses...)
		}
	}
	for _, c := range clauses {
		by[c.ID] = c
	}
	m := testMatcher(t)
	if err := m.Load(standards, clauses); err != nil {
		t.Fatal(err)
	}
	return m, by
}

// question is one question to the matcher: a clause and the standard to look in.
type question struct {
	clause corpus.ClauseID
	among  corpus.StandardID
}

// TestSampleConcordance measures the matcher on the concordance of the built-in
// corpus, which is machine-written and unconfirmed and never fitted to: right
// targets come among the first ten, and hard negatives are told from real pairs
// more often than by chance.
func TestSampleConcordance(t *testing.T) {
	gold, err := samples.Gold()
	if err != nil {
		t.Fatal(err)
	}
	m, by := sampleCorpus(t)
	right := make(map[question]map[corpus.ClauseID]bool)
	var questions []question
	said := make(map[bool]map[corpus.Relation]int) // by whether the pair is real
	said[true], said[false] = make(map[corpus.Relation]int), make(map[corpus.Relation]int)
	for _, g := range gold {
		if len(g.Sources) != 1 || len(g.Targets) != 1 {
			continue // sets of clauses are people's work
		}
		real := g.Relation != corpus.RelationNone
		q := question{g.Sources[0], g.Targets[0].Standard()}
		if real && right[q] == nil {
			questions = append(questions, q)
			right[q] = make(map[corpus.ClauseID]bool)
		}
		if real {
			right[q][g.Targets[0]] = true
		}
		said[real][m.relationOf(t, by[q.clause], g.Targets[0])]++
	}
	var all []Metrics
	for _, q := range questions {
		targets := right[q]
		found, err := m.Match(context.Background(), by[q.clause], []corpus.StandardID{q.among}, depth)
		if err != nil {
			t.Fatal(err)
		}
		var ok []bool
		for _, p := range found {
			ok = append(ok, targets[p.Target])
		}
		all = append(all, judge(ok, len(targets)))
	}
	got := mean(all)
	t.Logf("%d questions: recall@1 %.2f, @10 %.2f, MRR %.2f, MAP %.2f; relations of real pairs %v, of hard negatives %v", len(all), got.Recall1, got.Recall10, got.MRR10, got.MAP100, said[true], said[false])
	if got.Recall10 < 0.85 || got.MAP100 < 0.6 {
		t.Errorf("recall@10 %.2f and MAP %.2f", got.Recall10, got.MAP100)
	}
	if x, y := share(said[false]), share(said[true]); x < 1.5*y {
		t.Errorf("none is said of %.2f of the hard negatives and %.2f of the real pairs", x, y)
	}
}

// relationOf is the relation said of one pair when the target is found.
func (m *Matcher) relationOf(t *testing.T, c corpus.Clause, target corpus.ClauseID) corpus.Relation {
	t.Helper()
	found, err := m.Match(context.Background(), c, []corpus.StandardID{target.Standard()}, depth)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range found {
		if p.Target == target {
			return p.Relation
		}
	}
	return corpus.RelationNone
}

// share is how often none was said.
func share(said map[corpus.Relation]int) float64 {
	all := 0
	for _, n := range said {
		all += n
	}
	return float64(said[corpus.RelationNone]) / float64(max(1, all))
}

// TestNoCommentAsTarget: sample standards have notes and headings, which never
// become targets.
func TestNoCommentAsTarget(t *testing.T) {
	m, by := sampleCorpus(t)
	for _, c := range by {
		if !strings.HasPrefix(string(c.ID), "cn-gb-50016-2014/5.5") {
			continue
		}
		found, err := m.Match(context.Background(), c, nil, 20)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range found {
			if !by[p.Target].Kind.Normative() {
				t.Errorf("%s is proposed, a %s", p.Target, by[p.Target].Kind)
			}
		}
	}
}
