package store_test

import (
	"context"
	"database/sql"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
	"concord/store"
)

// fitted is a model with an order that went from one half to a figure.
func fitted(after float64) review.LearnedModel {
	need := matcher.FitNeed{Agreed: 30, Rejected: 12}
	return review.LearnedModel{
		Dossiers: []review.LearnedFrom{{Dossier: uuid.MustParse("01970000-0000-7000-8000-000000000001"), Name: "Exits", FitNeed: need}},
		Fit: matcher.Fit{Base: "concord-base 2", Body: "base\tconcord-base 2\tabc\n", FitNeed: need, HeldOut: "folds", Parts: 5, Weights: true,
			Ranking: matcher.Measured{Of: 30, Before: 0.5, After: after, Low: -0.1, High: 0.1}, Languages: []matcher.FitLanguages{{Languages: "en-zh", FitNeed: need}}},
	}
}

// Versions are counted and come back whole; one is used, rolled back, switched off,
// and each step leaves an audit row. A worse one is refused unless anyway.
func TestModels(t *testing.T) {
	path := t.TempDir() + "/concord.db"
	db := openAt(t, path, time.Now)
	if n, err := db.UsedModel(t.Context()); err != nil || n != 0 {
		t.Errorf("nothing is used: %d, %v", n, err)
	}
	if _, err := db.Model(t.Context(), 0); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("nothing is used: %v", err)
	}
	for i, after := range []float64{0.6, 0.6, 0.7, 0.4} {
		m, err := db.KeepModel(t.Context(), fitted(after), "cli")
		if want := []int{1, 1, 2, 3}[i]; err != nil || m.Number != want {
			t.Fatalf("version %d, want %d: %v", m.Number, want, err)
		}
	}
	for _, step := range []struct {
		number int
		anyway bool
		want   error
		used   int
	}{{1, false, nil, 1}, {2, false, nil, 2}, {2, false, nil, 2}, {1, false, nil, 1}, {3, false, corpus.ErrConflict, 1}, {7, false, corpus.ErrNotFound, 1},
		{-1, false, corpus.ErrInvalid, 1}, {3, true, nil, 3}, {0, false, nil, 0}, {2, false, nil, 2}} {
		if err := db.UseModel(t.Context(), step.number, step.anyway, "cli"); !errors.Is(err, step.want) {
			t.Errorf("use %d: %v, want %v", step.number, err, step.want)
		}
		if n, err := db.UsedModel(t.Context()); err != nil || n != step.used {
			t.Errorf("after %d version %d is used, want %d: %v", step.number, n, step.used, err)
		}
	}
	all, err := db.Models(t.Context())
	if err != nil || len(all) != 3 || all[0].Number != 3 || !all[1].InUse || all[0].InUse {
		t.Fatalf("versions %+v, %v", all, err)
	}
	got, err := db.Model(t.Context(), 0)
	if want := fitted(0.7); err != nil || got.Number != 2 || got.Maker != "cli" || !reflect.DeepEqual(got.Fit, want.Fit) || !reflect.DeepEqual(got.Dossiers, want.Dossiers) {
		t.Errorf("got %+v, %v", got, err)
	}
	rows, err := db.Audit(t.Context(), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	actions := map[string]int{}
	for _, r := range rows {
		actions[r.Action]++
	}
	if actions["model.fitted"] != 3 || actions["model.used"] != 6 {
		t.Errorf("audit rows %v", actions)
	}
	sound(t, db)
}

// A version cannot be changed, and one that was changed in spite of that is found.
func TestModelsStand(t *testing.T) {
	path := t.TempDir() + "/concord.db"
	db := openAt(t, path, time.Now)
	if _, err := db.KeepModel(t.Context(), fitted(0.6), "cli"); err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	for _, change := range []string{"UPDATE learned_models SET maker = 'x'", "DELETE FROM learned_models"} {
		if _, err := raw.ExecContext(t.Context(), change); err == nil || !strings.Contains(err.Error(), "never") {
			t.Errorf("%s: %v", change, err)
		}
	}
	if _, err := raw.ExecContext(t.Context(), "DROP TRIGGER learned_models_stand; UPDATE learned_models SET fit = replace(fit, '0.6', '0.9')"); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Model(t.Context(), 1); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("a changed version: %v", err)
	}
	r, err := db.Check(context.WithoutCancel(t.Context()))
	if err != nil || !strings.Contains(strings.Join(r.Problems, "\n"), "does not fit its checksum") {
		t.Errorf("the check finds %v, %v", r.Problems, err)
	}
}

// A rejected pair does not come back as a proposal, whatever a newer model says,
// until a text changes: then the match asks again.
func TestRejectedPairsStayAway(t *testing.T) {
	db := open(t)
	s := newScene(t, db, review.PolicyOneReviewer, 2)
	s.decide(t, person(t, db, "wang", review.RoleReviewer, "CN"), opinion(s.matches[0], unrelated))
	m := s.decide(t, person(t, db, "ivan", review.RoleReviewer, "RU"), opinion(s.matches[0], unrelated))
	if m.State != review.StateRejected {
		t.Fatalf("the match is %s", m.State)
	}
	again := proposal(s.cn.Clauses[0], s.ru.Clauses[0], 0.99)
	again.Model = "test 2+learned.1"
	if added, refreshed, err := db.Propose(t.Context(), s.dossier.ID, []matcher.Proposal{again}); err != nil || added+refreshed != 0 {
		t.Errorf("the rejected pair: %d new, %d newer, %v", added, refreshed, err)
	}
	kept, _, err := db.Match(t.Context(), m.ID)
	if err != nil || kept.State != review.StateRejected || kept.Proposal.Model != "test 1" {
		t.Errorf("the match is %s on a proposal of %s, %v", kept.State, kept.Proposal.Model, err)
	}
	s.cn.Clauses[0].Text += " Doors open outwards."
	save(t, db, s.cn)
	changed := proposal(s.cn.Clauses[0], s.ru.Clauses[0], 0.99)
	if added, refreshed, err := db.Propose(t.Context(), s.dossier.ID, []matcher.Proposal{changed}); err != nil || added != 0 || refreshed != 1 {
		t.Errorf("after a change: %d new, %d newer, %v", added, refreshed, err)
	}
	page, err := db.Matches(t.Context(), review.Filter{Dossier: s.dossier.ID})
	if err != nil || page.Total != 2 {
		t.Errorf("%d matches, want 2: %v", page.Total, err)
	}
}
