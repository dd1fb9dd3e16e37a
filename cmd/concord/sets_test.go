package main

import (
	"context"
	"slices"
	"testing"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// TestSetsAreCompared takes a set as an older database kept it, without a
// comparison: the server compares it once, a changed text again, and a run what
// nobody answered.
func TestSetsAreCompared(t *testing.T) {
	const cn, ru = "cn-gb-55019-2021", "ru-sp-59-13330-2020"
	p, d := runDossier(t, []corpus.StandardID{cn}, []corpus.StandardID{ru})
	ctx := t.Context()
	clauses := func(id corpus.StandardID) []corpus.Clause {
		t.Helper()
		list, err := p.bindingClauses(ctx, id)
		if err != nil || len(list) < 2 {
			t.Fatal(len(list), err)
		}
		return list
	}
	a, b := clauses(cn), clauses(ru)
	by := review.Person{ID: uuid.Must(uuid.NewV7()), Login: "maker", Name: "Maker", Role: review.RoleReviewer, Party: "CN"}
	if err := p.store.SavePerson(ctx, by, "cli"); err != nil {
		t.Fatal(err)
	}
	old, err := p.store.NewMatch(ctx, review.Match{Dossier: d.ID, Sources: []corpus.ClauseID{a[0].ID}, Targets: []corpus.ClauseID{b[0].ID, b[1].ID}, Against: ru}, by)
	if err != nil || old.Proposal != nil {
		t.Fatal(err, old.Proposal)
	}
	set := func() review.Match {
		t.Helper()
		m, _, err := p.store.Match(ctx, old.ID)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	mark, err := p.followSets(ctx, -1)
	first := set()
	if err != nil || !first.Compared() || first.Proposal.Model == "" || len(first.Proposal.Reasons) == 0 {
		t.Fatalf("%v: %+v", err, first.Proposal)
	}
	if again, err := p.followSets(ctx, mark); err != nil || again != mark || set().Version != first.Version {
		t.Errorf("nothing changed: %d, %v, version %d", again, err, set().Version)
	}
	whole, err := p.loadMatcher(ctx, cn, ru)
	if err != nil {
		t.Fatal(err)
	}
	if same := matcher.CompareSides(whole.Compare, a[:1], b[:2]); same.Score != first.Proposal.Score || same.Relation != first.Proposal.Relation {
		t.Errorf("the bare matcher says %f %s, the whole one %f %s", first.Proposal.Score, first.Proposal.Relation, same.Score, same.Relation)
	}
	std, err := p.store.Standard(ctx, ru)
	if err != nil {
		t.Fatal(err)
	}
	all, err := p.store.ClausesOf(ctx, ru)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(all, func(c corpus.Clause) bool { return c.ID == b[1].ID })
	all[at].Text += " Ширина двери должна быть не менее 0,9 м."
	if _, err := p.store.Save(ctx, &corpus.Document{Standard: std.Standard, Clauses: all}, "cli"); err != nil {
		t.Fatal(err)
	}
	if set().Compared() {
		t.Fatal("the comparison is of the text before: the next check proves nothing")
	}
	if after, err := p.followSets(ctx, mark); err != nil || after == mark || !set().Compared() {
		t.Errorf("a changed text: %d to %d, %v", mark, after, err)
	}
	load := func(context.Context) (*matcher.Matcher, error) { return p.loadMatcher(ctx, cn, ru) }
	run, err := p.store.AddRun(ctx, d.ID, wholeRun, "cli", review.RunCommand)
	if err != nil {
		t.Fatal(err)
	}
	version := set().Version
	if run, err = p.work(ctx, run, load, func(review.Run) {}); err != nil || run.State != review.RunDone || set().Version != version {
		t.Errorf("a run with the same model: %v %s, version %d to %d", err, run.State, version, set().Version)
	}
}
