package store_test

import (
	"errors"
	"testing"

	"concord/corpus"
	"concord/review"
)

func TestAuditsAreKept(t *testing.T) {
	db := open(t)
	s := newScene(t, db, review.PolicyBothParties, 3)
	wang, ivan := person(t, db, "wang", review.RoleReviewer, "CN"), person(t, db, "ivan", review.RoleReviewer, "RU")
	judge := person(t, db, "judge", review.RoleAdjudicator, "JOINT")
	for i := range 2 {
		s.decide(t, wang, opinion(s.matches[i], equivalent))
		s.decide(t, ivan, opinion(s.matches[i], equivalent))
	}
	s.decide(t, wang, opinion(s.matches[2], equivalent))
	kept, err := db.AuditMatch(t.Context(), judge, review.SampleAnswer{Match: s.matches[0].ID, Seed: 4294967295, Population: 2, Verdict: equivalent, Note: " fine "})
	if err != nil {
		t.Fatal(err)
	}
	got, err := db.SampleAnswers(t.Context(), s.dossier.ID)
	if err != nil || len(got) != 1 || got[0] != kept || !got[0].Right || got[0].Note != "fine" || got[0].Person != judge.ID {
		t.Fatalf("kept %+v, read %+v, %v", kept, got, err)
	}
	for name, c := range map[string]struct {
		who  review.Person
		a    review.SampleAnswer
		kind error
	}{
		"twice in a sample": {judge, review.SampleAnswer{Match: s.matches[0].ID, Seed: 4294967295, Verdict: overlap}, corpus.ErrConflict},
		"took part":         {ivan, review.SampleAnswer{Match: s.matches[1].ID, Seed: 1, Verdict: overlap}, corpus.ErrForbidden},
		"not agreed":        {judge, review.SampleAnswer{Match: s.matches[2].ID, Seed: 1, Verdict: overlap}, corpus.ErrConflict},
		"nowhere":           {judge, review.SampleAnswer{Match: newID(t), Seed: 1, Verdict: overlap}, corpus.ErrNotFound},
	} {
		if _, err := db.AuditMatch(t.Context(), c.who, c.a); !errors.Is(err, c.kind) {
			t.Errorf("%s: %v, want %v", name, err, c.kind)
		}
	}
	if got, _ := db.SampleAnswers(t.Context(), s.dossier.ID); len(got) != 1 {
		t.Errorf("a refused audit is kept: %d rows", len(got))
	}
	if _, err := db.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
	// what two people answered: not the third match, which one person answered
	twice, err := db.AnsweredTwice(t.Context(), wang.ID, 0)
	if err != nil || len(twice) != 2 {
		t.Errorf("%d matches were answered twice, %v; want 2", len(twice), err)
	}
	if twice, err := db.AnsweredTwice(t.Context(), judge.ID, 0); err != nil || len(twice) != 0 {
		t.Errorf("the judge answered nothing: %d, %v", len(twice), err)
	}
}
