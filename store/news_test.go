package store_test

import (
	"slices"
	"testing"
	"time"

	"concord/review"
)

// told lists the kinds of what a person has not seen, in their order.
func told(t *testing.T, s *scene, p review.Person) []string {
	t.Helper()
	list, err := s.db.News(t.Context(), p.ID, 100)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, n := range list {
		if n.Seen.IsZero() {
			out = append(out, string(n.Kind))
		}
	}
	slices.Sort(out)
	return out
}

// TestNews: people hear of what others did to their matches, and never of what they
// did themselves; a name in a comment is told when the comment may be read.
func TestNews(t *testing.T) {
	ctx := t.Context()
	db := open(t)
	early := person(t, db, "early", review.RoleReviewer, "CN")
	li, lina, ivan := person(t, db, "li", review.RoleReviewer, "CN"), person(t, db, "lina", review.RoleReviewer, "CN"), person(t, db, "ivan", review.RoleReviewer, "RU")
	reader := person(t, db, "looker", review.RoleReader, "CN")
	s := newScene(t, db, review.PolicyBothParties, 3)
	is := func(p review.Person, want ...string) {
		t.Helper()
		if got := told(t, s, p); !slices.Equal(got, want) {
			t.Errorf("%s is told %v, want %v", p.Login, got, want)
		}
	}
	see := func(people ...review.Person) {
		t.Helper()
		for _, p := range people {
			if err := db.SeeNews(ctx, p.ID, 1<<40, 0); err != nil {
				t.Fatal(err)
			}
			is(p)
		}
	}
	is(li, "assigned")
	is(reader)
	see(li, lina, ivan, early)

	first := opinion(s.matches[0], "equivalent")
	first.Note = "@lina, @nobody: look at this"
	m := s.decide(t, early, first)
	is(lina) // blind: nobody may read the comment yet
	is(early)
	m = s.decide(t, ivan, opinion(m, "none"))
	if m.State != review.StateDisputed {
		t.Fatal(m.State)
	}
	is(early, "disputed")
	is(ivan)
	is(lina, "mentioned")
	is(li) // "@li" is no part of "@lina"
	see(lina, early)

	// settled by the other side; a change of the text makes it suspect for both
	m = s.decide(t, early, opinion(s.matches[1], "equivalent"))
	s.decide(t, ivan, opinion(m, "equivalent"))
	is(early, "settled")
	is(ivan)
	is(lina)
	s.cn.Clauses[1].Text += " Changed."
	save(t, db, s.cn)
	is(early, "settled", "suspect")
	is(ivan, "suspect")

	// a colleague is asked; the skip of another reason asks nobody
	for i, reason := range []review.SkipReason{review.SkipLater, review.SkipColleague} {
		if err := db.SaveSkip(ctx, review.Skip{Person: early.ID, Match: s.matches[2-i].ID, Reason: reason, Created: time.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	is(lina, "asked")
	is(ivan, "suspect")
	is(reader)

	// what is told twice while it is unseen is one; the choice mutes
	for range 2 {
		if err := db.Tell(ctx, lina.ID, review.News{Kind: review.NewsExport, Object: s.dossier.ID, Dossier: s.dossier.ID}); err != nil {
			t.Fatal(err)
		}
	}
	is(lina, "asked", "export")
	if n, err := db.UnseenNews(ctx, lina.ID, time.Now()); err != nil || n != 2 {
		t.Error(n, err)
	}
	choice, err := review.NewNewsChoice(review.NewsDaily, []review.NewsKind{review.NewsExport})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.ChooseNews(ctx, lina.ID, choice); err != nil {
		t.Fatal(err)
	}
	is(lina, "export")
	for after, want := range map[time.Duration]int{0: 0, 24 * time.Hour: 1} {
		if n, err := db.UnseenNews(ctx, lina.ID, time.Now().Add(after)); err != nil || n != want {
			t.Errorf("daily, after %s: %d %v, want %d", after, n, err, want)
		}
	}
	if kept, err := db.NewsChoice(ctx, lina.ID); err != nil || kept.Often != review.NewsDaily || !kept.Wants(review.NewsExport) || kept.Wants(review.NewsAsked) {
		t.Errorf("%+v %v", kept, err)
	}
	if report, err := db.Check(ctx); err != nil || len(report.Problems) > 0 {
		t.Errorf("%v %v", report.Problems, err)
	}
}

// TestNewsAreKept: one is marked alone; what was seen long ago goes, but nobody is told
// twice of a dossier.
func TestNewsAreKept(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	db := openAt(t, t.TempDir()+"/n.db", func() time.Time { return now })
	lina, ivan := person(t, db, "lina", review.RoleReviewer, "CN"), person(t, db, "ivan", review.RoleReviewer, "RU")
	s := newScene(t, db, review.PolicyBothParties, 1)
	m := s.decide(t, lina, opinion(s.matches[0], "equivalent"))
	s.decide(t, ivan, opinion(m, "none"))
	list, err := db.News(t.Context(), lina.ID, 9)
	if err != nil || len(list) != 2 || list[0].Kind != review.NewsDisputed {
		t.Fatal(list, err)
	}
	if err := db.SeeNews(t.Context(), ivan.ID, 0, list[0].Seq); err != nil {
		t.Fatal(err)
	}
	if got := told(t, s, lina); len(got) != 2 {
		t.Error("somebody else marks them", got)
	}
	if err := db.SeeNews(t.Context(), lina.ID, 0, list[0].Seq); err != nil {
		t.Fatal(err)
	}
	if got := told(t, s, lina); !slices.Equal(got, []string{"assigned"}) {
		t.Error(got)
	}
	now = now.AddDate(0, 4, 0)
	for range 2 {
		if err := db.SeeNews(t.Context(), lina.ID, 1<<40, 0); err != nil {
			t.Fatal(err)
		}
		now = now.AddDate(0, 4, 0)
	}
	if err := db.SaveDossier(t.Context(), s.dossier, "cli"); err != nil {
		t.Fatal(err)
	}
	list, err = db.News(t.Context(), lina.ID, 9)
	if err != nil || len(list) != 1 || list[0].Kind != review.NewsAssigned || list[0].Seen.IsZero() {
		t.Error(list, err)
	}
}

// TestNewsBeforeJoining: who sets a first password is not told what became of answers
// that came in with the records, but is of dossiers and questions; a later password
// marks nothing.
func TestNewsBeforeJoining(t *testing.T) {
	db := open(t)
	li, ivan := person(t, db, "li", review.RoleReviewer, "CN"), person(t, db, "ivan", review.RoleReviewer, "RU")
	s := newScene(t, db, review.PolicyBothParties, 2)
	is := func(want ...string) {
		t.Helper()
		if got := told(t, s, li); !slices.Equal(got, want) {
			t.Errorf("is told %v, want %v", got, want)
		}
	}
	settle := func(m review.Match) {
		t.Helper()
		s.decide(t, ivan, opinion(s.decide(t, li, opinion(m, "equivalent")), "equivalent"))
	}
	settle(s.matches[0])
	is("assigned", "settled")
	for range 2 {
		if err := db.SetPassword(t.Context(), li.ID, "hash", li.ID.String()); err != nil {
			t.Fatal(err)
		}
		is("assigned")
	}
	settle(s.matches[1])
	is("assigned", "settled")
	if err := db.SetPassword(t.Context(), li.ID, "another", li.ID.String()); err != nil {
		t.Fatal(err)
	}
	is("assigned", "settled")
}
