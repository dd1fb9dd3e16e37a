package store_test

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"concord/corpus"
	"concord/corpus/termbase"
	"concord/review"
)

// moved is what a change made of a clause.
func moved(c corpus.Clause, before, after corpus.Digest) termbase.Shifts {
	return termbase.Shifts{List: []termbase.Shift{{Clause: c.ID, Digest: c.Digest(), Before: before, After: after, Entries: []string{"rail"}}}}
}

// A decided match turns suspect where terms read a clause of it otherwise, and by
// nothing else; it comes back with the entry, and answering again settles it.
func TestTermMakesSuspect(t *testing.T) {
	path := filepath.Join(t.TempDir(), "concord.db")
	s, cn, ru := lawScene(t, openAt(t, path, time.Now))
	ctx, clause := t.Context(), s.cn.Clauses[0]
	version := 0
	put := func(text string, shifts termbase.Shifts) {
		t.Helper()
		if err := s.db.SaveTerm(ctx, rail(text), version, shifts, cn.ID.String()); err != nil {
			t.Fatal(err)
		}
		version++
	}
	suspect, restored, err := s.db.AfterTerms(ctx, moved(clause, "R0", "R1").List)
	if err != nil || restored != 0 || !slices.Equal(suspect, []string{s.matches[0].ID.String()}) {
		t.Errorf("told before: %v %d %v", suspect, restored, err)
	}
	s.standing(t, s.matches[0], review.StateConfirmed, false)

	put("guardrail", termbase.Shifts{})
	s.standing(t, s.matches[0], review.StateConfirmed, false)
	put("railing", moved(clause, "R0", "R1"))
	m := s.standing(t, s.matches[0], review.StateConfirmed, true)
	s.standing(t, s.matches[1], review.StateConfirmed, false)
	s.standing(t, s.matches[2], review.StateProposed, false)
	if task := review.TaskFor(m, s.dossier, cn); task != review.TaskAgain {
		t.Errorf("it asks %q of who answered", task)
	}
	why := m.TermsAnswered()
	if len(why) != 1 || why[0].Clause != clause.ID {
		t.Fatalf("the reason is %+v", why)
	}
	moves, err := s.db.TermMoves(ctx, clause.ID, why[0].Terms)
	if err != nil || len(moves) != 1 || moves[0].ID != "rail" || moves[0].Lost()[0].Text != "guardrail" || moves[0].Gained()[0].Text != "railing" {
		t.Errorf("before and after: %+v %v", moves, err)
	}
	blind := opinion(m, "equivalent")
	for i := range blind.Seen {
		blind.Seen[i].Terms = ""
	}
	if _, _, err := s.desk.Decide(ctx, cn, blind); !errors.Is(err, review.ErrStale) {
		t.Errorf("an answer that does not know the term: %v", err)
	}

	// As it was, the answers hold; changed again, they do not; answered again, they do.
	if _, restored, err = s.db.AfterTerms(ctx, moved(clause, "R1", "R0").List); err != nil || restored != 1 {
		t.Errorf("told before it is undone: %d %v", restored, err)
	}
	put("guardrail", moved(clause, "R1", "R0"))
	s.standing(t, s.matches[0], review.StateConfirmed, false)
	put("baluster", moved(clause, "R0", "R2"))
	s.standing(t, s.matches[0], review.StateConfirmed, true)
	s.decide(t, cn, opinion(s.now(t, m), "equivalent"))
	s.decide(t, ru, opinion(s.now(t, m), "equivalent"))
	s.standing(t, s.matches[0], review.StateConfirmed, false)
	put("guardrail", moved(clause, "R2", "R0")) // the first answers hold again
	s.standing(t, s.matches[0], review.StateConfirmed, false)
	put("railing", moved(clause, "R0", "R1")) // nobody answered on this reading
	m = s.standing(t, s.matches[0], review.StateConfirmed, true)
	if moves, err := s.db.TermMoves(ctx, clause.ID, m.TermsAnswered()[0].Terms); err != nil || len(moves) != 1 || moves[0].Lost()[0].Text != "baluster" {
		t.Errorf("since the last answer: %+v %v", moves, err)
	}

	// A text that is not the present one any more, or another state of the terms.
	stale := moved(clause, "R1", "R9")
	stale.List[0].Digest = "of another text"
	put("rail", stale)
	if got := s.now(t, m); got.Terms[clause.ID] != "R1" {
		t.Errorf("a shift of an old text: %v", got.Terms)
	}
	late := moved(clause, "R1", "R3")
	late.Revision = 1
	if err := s.db.SaveTerm(ctx, rail("x"), version, late, "li"); !errors.Is(err, corpus.ErrConflict) {
		t.Errorf("worked out on other terms: %v", err)
	}
	if now, err := s.db.TermVersions(ctx, "rail"); err != nil || len(now) != version {
		t.Errorf("%d versions are kept, %d were made", len(now), version)
	}
	audit, err := s.db.Audit(ctx, 0, 0)
	n := map[string]int{}
	for _, e := range audit {
		n[e.Action]++
	}
	if err != nil || n["match.suspect"] < 3 || n["match.restored"] < 1 {
		t.Errorf("%v %v", n, err)
	}
	if err := s.db.Close(); err != nil {
		t.Fatal(err)
	}
	bare := raw(t, path)
	runSQL(t, bare, "DROP TRIGGER term_shifts_stand")
	runSQL(t, bare, "UPDATE term_shifts SET state = 'made up' WHERE after = 'R2'")
	db := openAt(t, path, time.Now)
	if r, err := db.Check(ctx); err != nil || r.Sound() {
		t.Errorf("a changed state is not found: %v", err)
	}
}

// A term changes while another text stands: the same reading of the same text is the
// same to decisions, whatever came between.
func TestTermsAndTexts(t *testing.T) {
	s, cn, ru := lawScene(t, open(t))
	ctx, clause := t.Context(), s.cn.Clauses[0]
	put := func(version int, shifts termbase.Shifts) {
		t.Helper()
		if err := s.db.SaveTerm(ctx, rail("guardrail"), version, shifts, "li"); err != nil {
			t.Fatal(err)
		}
	}
	put(0, moved(clause, "R0", "R1"))
	s.standing(t, s.matches[0], review.StateConfirmed, true)
	other := *s.cn
	other.Clauses = slices.Clone(s.cn.Clauses)
	other.Clauses[0].Text += "改"
	save(t, s.db, &other)
	for _, p := range []review.Person{cn, ru} {
		s.decide(t, p, opinion(s.now(t, s.matches[0]), "equivalent"))
	}
	s.standing(t, s.matches[0], review.StateConfirmed, false)
	put(1, moved(other.Clauses[0], "Q0", "Q1"))
	s.standing(t, s.matches[0], review.StateConfirmed, true)
	put(2, moved(other.Clauses[0], "Q1", "Q0"))
	s.standing(t, s.matches[0], review.StateConfirmed, false)
	save(t, s.db, s.cn) // the first text, still read with the changed term
	s.standing(t, s.matches[0], review.StateConfirmed, true)
	put(3, moved(clause, "R1", "R0"))
	s.standing(t, s.matches[0], review.StateConfirmed, false)
}
