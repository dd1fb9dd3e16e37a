package store_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
	"concord/store"
)

// entries reads the feed after a number as text, page by page.
func entries(t *testing.T, db *store.DB, after int64, page int) (out []string, last int64) {
	t.Helper()
	for {
		list, err := db.Feed(t.Context(), after, page)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			return out, after
		}
		for _, e := range list {
			if e.Seq != after+1 {
				t.Fatalf("number %d follows %d", e.Seq, after)
			}
			after = e.Seq
			removed := ""
			if e.Removed {
				removed = " removed"
			}
			out = append(out, string(e.Kind)+" "+e.Object+removed)
		}
	}
}

// TestFeed: every kind of change is told, in order, without a gap, and what
// changes nothing is not.
func TestFeed(t *testing.T) {
	s := newScene(t, open(t), review.PolicyTwoReviewers, 2)
	li, petrov := person(t, s.db, "li", review.RoleReviewer, "CN"), person(t, s.db, "petrov", review.RoleReviewer, "RU")
	first, last := entries(t, s.db, 0, 3)
	want := "standard cn-a-2020|clause cn-a-2020/5.1|clause cn-a-2020/5.2|standard ru-b-2020|clause ru-b-2020/5.1|clause ru-b-2020/5.2|dossier " + s.dossier.ID.String()
	if got := strings.Join(first, "|"); !strings.HasPrefix(got, want) || len(first) != 9 {
		t.Errorf("the feed begins\n%s\nwant\n%s and two matches", got, want)
	}
	match := "match " + s.matches[0].ID.String()
	moved := document("ru-b-2020", "RU", "ru", 2)
	moved.Clauses[0], moved.Clauses[1] = moved.Clauses[1], moved.Clauses[0]
	var reserved review.Reservation
	steps := []struct {
		name string
		do   func()
		want string
	}{
		{"an opinion", func() { s.decide(t, li, opinion(s.matches[0], "equivalent")) }, match},
		{"the second", func() { s.decide(t, petrov, opinion(s.matches[0], "equivalent")) }, match},
		{"the same text", func() { save(t, s.db, s.ru) }, ""},
		{"another text", func() { save(t, s.db, document("ru-b-2020", "RU", "ru", 2, "Other words.")) }, "clause ru-b-2020/5.1|" + match},
		{"the old text", func() { save(t, s.db, s.ru) }, "clause ru-b-2020/5.1|" + match},
		{"another order", func() { save(t, s.db, moved) }, "clause ru-b-2020/5.2|clause ru-b-2020/5.1"},
		{"a round", func() {
			if _, err := s.db.FreezeRound(t.Context(), s.dossier.ID, "One", li); err != nil {
				t.Fatal(err)
			}
		}, "round " + s.dossier.ID.String() + "/1|round " + s.dossier.ID.String() + "/1"},
		{"a reservation", func() {
			var err error
			if reserved, err = s.db.Reserve(t.Context(), s.dossier.ID, s.matches[0].ID, "until 2027", li); err != nil {
				t.Fatal(err)
			}
		}, match},
		{"it is withdrawn", func() {
			if _, err := s.db.WithdrawReservation(t.Context(), reserved.ID, li); err != nil {
				t.Fatal(err)
			}
		}, match},
		{"one on all", func() {
			if _, err := s.db.Reserve(t.Context(), s.dossier.ID, uuid.Nil, "ratification", li); err != nil {
				t.Fatal(err)
			}
		}, "dossier " + s.dossier.ID.String()},
		{"other rights", func() {
			closed := document("ru-b-2020", "RU", "ru", 2)
			closed.Clauses = moved.Clauses
			closed.Standard.Rights = corpus.RightsTitles
			save(t, s.db, closed)
		}, "standard ru-b-2020|clause ru-b-2020/5.2|clause ru-b-2020/5.1"},
		{"the old rights", func() { save(t, s.db, moved) }, "standard ru-b-2020|clause ru-b-2020/5.2|clause ru-b-2020/5.1"},
		{"a clause goes", func() { save(t, s.db, document("ru-b-2020", "RU", "ru", 1)) }, "standard ru-b-2020|clause ru-b-2020/5.1|clause ru-b-2020/5.2 removed"},
		{"a mapping of others", func() {
			set, rows := others(s.dossier.ID, review.ImportedDecisions)
			imported(t, s.db, set, rows)
		}, ""},
	}
	for _, step := range steps {
		step.do()
		var got []string
		got, last = entries(t, s.db, last, 100)
		if strings.Join(got, "|") != step.want {
			t.Errorf("%s: the feed tells\n%s\nwant\n%s", step.name, strings.Join(got, "|"), step.want)
		}
	}
	if report, err := s.db.Check(t.Context()); err != nil || !report.Sound() {
		t.Errorf("check: %v %v", report.Problems, err)
	}
	// The control: a row less is a gap that the check finds.
	forger := raw(t, s.db.Path())
	withoutTriggers(t, forger, func() { runSQL(t, forger, "DELETE FROM feed WHERE seq = 4") })
	if report, err := s.db.Check(t.Context()); err != nil || !strings.Contains(strings.Join(report.Problems, "|"), "it has gaps") {
		t.Errorf("a gap is not found: %v %v", report.Problems, err)
	}
}

// BenchmarkFeed reads a page of a long feed.
func BenchmarkFeed(b *testing.B) {
	db := open(b)
	for n := range 20 {
		save(b, db, document(corpus.StandardID(fmt.Sprintf("cn-%d-2020", n)), "CN", "zh", 500))
	}
	for b.Loop() {
		if _, err := db.Feed(b.Context(), 5000, 200); err != nil {
			b.Fatal(err)
		}
	}
}
