package store_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
	"concord/store"
)

const (
	equivalent = review.Verdict(corpus.RelationEquivalent)
	subset     = review.Verdict(corpus.RelationSubset)
	overlap    = review.Verdict(corpus.RelationOverlap)
	unrelated  = review.Verdict(corpus.RelationNone)
)

func TestProposeAddsRefreshesAndKeeps(t *testing.T) {
	db := open(t)
	s := newScene(t, db, review.PolicyOneReviewer, 3)
	wang := person(t, db, "wang", review.RoleReviewer, "CN")
	m := s.decide(t, wang, opinion(s.matches[0], equivalent))
	if m.State != review.StateConfirmed {
		t.Fatalf("one opinion confirms, got %s", m.State)
	}
	var again []matcher.Proposal
	for i := range 3 {
		again = append(again, proposal(s.cn.Clauses[i], s.ru.Clauses[i], 0.99))
	}
	again = append(again, again[2], proposal(s.cn.Clauses[0], s.ru.Clauses[1], 0.4))
	stale := proposal(s.cn.Clauses[1], s.ru.Clauses[0], 0.4)
	stale.SourceDigest = "0123"
	again = append(again, stale)
	added, refreshed, err := db.Propose(t.Context(), s.dossier.ID, again)
	if err != nil || added != 1 || refreshed != 2 {
		t.Errorf("added %d, refreshed %d, %v; want 1 and 2", added, refreshed, err)
	}
	added, refreshed, err = db.Propose(t.Context(), s.dossier.ID, again)
	if err != nil || added != 0 || refreshed != 0 {
		t.Errorf("the same again: added %d, refreshed %d, %v", added, refreshed, err)
	}
	kept, _, err := db.Match(t.Context(), m.ID)
	if err != nil || kept.Proposal.Confidence != s.matches[0].Proposal.Confidence || kept.Version != 2 {
		t.Errorf("the answered match has version %d and confidence %v", kept.Version, kept.Proposal.Confidence)
	}
	open, _, err := db.Match(t.Context(), s.matches[1].ID)
	if err != nil || open.Proposal.Confidence != 0.99 || open.Version != 2 {
		t.Errorf("the open match has version %d and confidence %v", open.Version, open.Proposal.Confidence)
	}
}

func TestProposeRefuses(t *testing.T) {
	db := open(t)
	s := newScene(t, db, review.PolicyOneReviewer, 2)
	good := proposal(s.cn.Clauses[0], s.ru.Clauses[1], 0.5)
	cases := []struct {
		name string
		edit func(*matcher.Proposal) uuid.UUID
		want error
	}{
		{"an unknown dossier", func(*matcher.Proposal) uuid.UUID { return uuid.New() }, corpus.ErrNotFound},
		{"an unknown clause", func(p *matcher.Proposal) uuid.UUID { p.Source = "cn-a-2020/9"; return s.dossier.ID }, corpus.ErrNotFound},
		{"two clauses of one side", func(p *matcher.Proposal) uuid.UUID { p.Target = s.cn.Clauses[1].ID; return s.dossier.ID }, corpus.ErrInvalid},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := good
			d := c.edit(&p)
			before, err := db.Counts(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err := db.Propose(t.Context(), d, []matcher.Proposal{good, p}); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			after, err := db.Counts(t.Context())
			if err != nil || !reflect.DeepEqual(before, after) {
				t.Errorf("something was kept: %v, then %v, %v", before, after, err)
			}
		})
	}
}

func TestDecisionComesBackWhole(t *testing.T) {
	db := open(t)
	s := newScene(t, db, review.PolicyTwoReviewers, 1)
	wang := person(t, db, "wang", review.RoleReviewer, "CN")
	a := opinion(s.matches[0], overlap)
	a.Note, a.Reasons, a.Idempotency = "note \xff with a broken byte", []string{"scope"}, "key-1"
	a.AToB.Conditions = []string{"measure \xff the width"}
	m, made, err := s.desk.Decide(t.Context(), wang, a)
	if err != nil {
		t.Fatal(err)
	}
	read, _, err := db.Match(t.Context(), m.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(m, read) {
		t.Errorf("answered %+v\nread back %+v", m, read)
	}
	if !reflect.DeepEqual(made, read.Decisions[0]) {
		t.Errorf("the decision made %+v\nread back %+v", made, read.Decisions[0])
	}
	d := read.Decisions[0]
	if d.Seq != 1 || d.Person != wang.ID || d.Party != "CN" || d.Match != m.ID || d.Idempotency != "key-1" || d.Model != "test 1" || len(d.Seen) != 2 {
		t.Errorf("the decision is %+v", d)
	}
	all, err := db.Decisions(t.Context(), 0, 0)
	if err != nil || len(all) != 1 || !reflect.DeepEqual(all[0], d) {
		t.Errorf("all decisions are %+v, %v", all, err)
	}
	if by, err := db.DecisionsBy(t.Context(), wang.ID, 5); err != nil || len(by) != 1 {
		t.Errorf("the person's decisions are %+v, %v", by, err)
	}
	sound(t, db)
}

// sound fails when the database's own check finds something.
func sound(t testing.TB, db *store.DB) {
	t.Helper()
	r, err := db.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range r.Problems {
		t.Error(p)
	}
}

func TestSameKeyTwiceIsOneDecision(t *testing.T) {
	db := open(t)
	s := newScene(t, db, review.PolicyTwoReviewers, 2)
	wang := person(t, db, "wang", review.RoleReviewer, "CN")
	li := person(t, db, "li", review.RoleReviewer, "CN")
	a := opinion(s.matches[0], equivalent)
	a.Idempotency = "key-1"
	first, made, err := s.desk.Decide(t.Context(), wang, a)
	if err != nil {
		t.Fatal(err)
	}
	again, same, err := s.desk.Decide(t.Context(), wang, a)
	if err != nil || !reflect.DeepEqual(first, again) || same.ID != made.ID {
		t.Errorf("the second time gave version %d, decision %s, %v", again.Version, same.ID, err)
	}
	otherwise := a // the page came back, and was filled in otherwise
	otherwise.Verdict, otherwise.BToA.Answer = subset, corpus.AnswerNo
	if m, _, err := s.desk.Decide(t.Context(), wang, otherwise); !errors.Is(err, corpus.ErrConflict) || len(m.Decisions) != 1 {
		t.Errorf("another answer under the same key gives %v", err)
	}
	other := opinion(s.matches[1], equivalent)
	other.Idempotency = "key-1"
	if _, _, err := s.desk.Decide(t.Context(), wang, other); !errors.Is(err, corpus.ErrConflict) {
		t.Errorf("the key of another answer gives %v", err)
	}
	if _, _, err := s.desk.Decide(t.Context(), li, other); err != nil {
		t.Errorf("somebody else may use the same key: %v", err)
	}
}

func TestNoCounterpart(t *testing.T) {
	db := open(t)
	s := newScene(t, db, review.PolicyOneReviewer, 2)
	s.dossier.Sides[1].Party = "CN" // one party alone may close
	if err := db.SaveDossier(t.Context(), s.dossier, "cli"); err != nil {
		t.Fatal(err)
	}
	wang := person(t, db, "wang", review.RoleReviewer, "CN")
	a := opinion(s.matches[0], review.VerdictNoCounterpart)
	m := s.decide(t, wang, a)
	if m.ID == s.matches[0].ID || len(m.Targets) != 0 || m.Against != s.ru.Standard.ID || m.State != review.StateAbsent {
		t.Errorf("no counterpart is a match of its own, got %+v", m)
	}
	if again, err := db.Absent(t.Context(), s.dossier.ID, m.Sources, m.Against); err != nil || again.ID != m.ID {
		t.Errorf("asked again, it is %s, %v; want %s", again.ID, err, m.ID)
	}
	pair, _, err := db.Match(t.Context(), s.matches[0].ID)
	if err != nil || pair.Version != 1 {
		t.Errorf("the pair itself is untouched, got version %d, %v", pair.Version, err)
	}
	sound(t, db)
}

func TestNewMatch(t *testing.T) {
	db := open(t)
	s := newScene(t, db, review.PolicyOneReviewer, 4)
	wang := person(t, db, "wang", review.RoleReviewer, "CN")
	admin := person(t, db, "root", review.RoleAdmin, "CN")
	cn := func(i ...int) (ids []corpus.ClauseID) {
		for _, n := range i {
			ids = append(ids, s.cn.Clauses[n].ID)
		}
		return ids
	}
	ru := func(i ...int) (ids []corpus.ClauseID) {
		for _, n := range i {
			ids = append(ids, s.ru.Clauses[n].ID)
		}
		return ids
	}
	made, err := db.NewMatch(t.Context(), review.Match{Dossier: s.dossier.ID, Sources: cn(2, 1), Targets: ru(0, 3)}, wang)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(made.Sources, cn(2, 1)) || !reflect.DeepEqual(made.Targets, ru(0, 3)) || made.Version != 1 || made.Proposal != nil {
		t.Errorf("made %+v", made)
	}
	cases := []struct {
		name  string
		match review.Match
		by    review.Person
		want  error
	}{
		{"the same clauses in another order", review.Match{Sources: cn(1, 2), Targets: ru(3, 0)}, wang, corpus.ErrConflict},
		{"a pair that was proposed", review.Match{Sources: cn(1), Targets: ru(1)}, wang, corpus.ErrConflict},
		{"no sources", review.Match{Targets: ru(1)}, wang, corpus.ErrInvalid},
		{"a clause twice", review.Match{Sources: cn(1, 1), Targets: ru(1)}, wang, corpus.ErrInvalid},
		{"two standards on one side", review.Match{Sources: append(cn(1), ru(2)...), Targets: ru(1)}, wang, corpus.ErrInvalid},
		{"both sides of one standard", review.Match{Sources: cn(1), Targets: cn(2)}, wang, corpus.ErrInvalid},
		{"an unknown clause", review.Match{Sources: []corpus.ClauseID{"cn-a-2020/99"}, Targets: ru(1)}, wang, corpus.ErrNotFound},
		{"somebody who does not review", review.Match{Sources: cn(1), Targets: ru(2)}, admin, corpus.ErrForbidden},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			c.match.Dossier = s.dossier.ID
			if _, err := db.NewMatch(t.Context(), c.match, c.by); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
	sound(t, db)
}

func TestAmendWritesNothingOnError(t *testing.T) {
	db := open(t)
	s := newScene(t, db, review.PolicyTwoReviewers, 1)
	wang := person(t, db, "wang", review.RoleReviewer, "CN")
	s.decide(t, wang, opinion(s.matches[0], equivalent))
	refusal := errors.New("no")
	forged := func(edit func(*review.Match)) func(review.Match, review.Dossier) (review.Match, error) {
		return func(m review.Match, _ review.Dossier) (review.Match, error) {
			m.Decisions = append([]review.Decision(nil), m.Decisions...)
			edit(&m)
			return m, nil
		}
	}
	cases := []struct {
		name   string
		change func(review.Match, review.Dossier) (review.Match, error)
		want   error
	}{
		{"a refusal", func(m review.Match, _ review.Dossier) (review.Match, error) { m.Version++; return m, refusal }, refusal},
		{"the same version", func(m review.Match, _ review.Dossier) (review.Match, error) { return m, nil }, nil},
		{"a version without a decision", forged(func(m *review.Match) { m.Version++ }), corpus.ErrInvalid},
		{"a decision without a version", forged(func(m *review.Match) { m.Version += 2; m.Decisions = append(m.Decisions, review.Decision{}) }), corpus.ErrInvalid},
		{"a decision taken away", forged(func(m *review.Match) { m.Version++; m.Decisions = m.Decisions[:0] }), corpus.ErrInvalid},
		{"a decision exchanged", forged(func(m *review.Match) {
			m.Version++
			m.Decisions[0].ID = uuid.New()
			m.Decisions = append(m.Decisions, review.Decision{})
		}), corpus.ErrInvalid},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			before, _, err := db.Match(t.Context(), s.matches[0].ID)
			if err != nil {
				t.Fatal(err)
			}
			got, err := db.Amend(t.Context(), s.matches[0].ID, wang, c.change)
			if !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			after, _, err := db.Match(t.Context(), s.matches[0].ID)
			if err != nil || !reflect.DeepEqual(before, after) || !reflect.DeepEqual(got, after) {
				t.Errorf("the match was %+v, is %+v, came back as %+v, %v", before, after, got, err)
			}
		})
	}
	if _, err := db.Amend(t.Context(), uuid.New(), wang, nil); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("an unknown match gives %v", err)
	}
	sound(t, db)
}

// What a change says of the state does not count: it is derived.
func TestAmendDerivesTheState(t *testing.T) {
	db := open(t)
	s := newScene(t, db, review.PolicyTwoReviewers, 1)
	wang := person(t, db, "wang", review.RoleReviewer, "CN")
	m, err := db.Amend(t.Context(), s.matches[0].ID, wang, func(m review.Match, d review.Dossier) (review.Match, error) {
		dec := review.Decision{ID: newID(t), Kind: review.KindOpinion, Verdict: unrelated, Seen: seen(m), At: start}
		dec.AToB.Answer, dec.BToA.Answer = corpus.AnswerNo, corpus.AnswerNo
		m, err := review.Decide(m, d, wang, dec)
		m.State, m.Suspect = review.StateConfirmed, true
		return m, err
	})
	if err != nil || m.State != review.StateOpinion || m.Suspect {
		t.Errorf("got %s, suspect %v, %v", m.State, m.Suspect, err)
	}
	sound(t, db)
}

func TestSuspectAfterANewEdition(t *testing.T) {
	db := open(t)
	s := newScene(t, db, review.PolicyTwoReviewers, 4)
	wang := person(t, db, "wang", review.RoleReviewer, "CN")
	ivanov := person(t, db, "ivanov", review.RoleReviewer, "RU")
	for _, m := range s.matches[:3] {
		s.decide(t, wang, opinion(m, equivalent))
		s.decide(t, ivanov, opinion(m, equivalent))
	}
	second := document("cn-a-2020", "CN", "zh", 2, "", "an entirely new wording")
	diff, err := db.Compare(t.Context(), second)
	if err != nil || diff.Suspect != 2 {
		t.Errorf("one changed and one gone clause make 2 matches suspect, got %d, %v", diff.Suspect, err)
	}
	if got := save(t, db, second); got.Suspect != 2 {
		t.Errorf("saving said %d", got.Suspect)
	}
	state := func(i int) (review.Match, error) {
		m, _, err := db.Match(t.Context(), s.matches[i].ID)
		return m, err
	}
	for i, want := range []struct {
		suspect bool
		version int
	}{{false, 3}, {true, 4}, {true, 4}} {
		m, err := state(i)
		if err != nil || m.Suspect != want.suspect || m.Version != want.version || m.State != review.StateConfirmed {
			t.Errorf("match %d: suspect %v, version %d, %s, %v", i, m.Suspect, m.Version, m.State, err)
		}
	}
	if _, err := state(3); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("a proposal on a gone clause that nobody answered is dropped, got %v", err)
	}
	yes := true
	page, err := db.Matches(t.Context(), review.Filter{Suspect: &yes})
	if err != nil || page.Total != 2 {
		t.Errorf("%d suspect matches are listed, %v", page.Total, err)
	}
	counts, err := db.TaskCounts(t.Context(), wang)
	if err != nil || counts[review.TaskAgain] != 1 {
		t.Errorf("one can be answered again, the other has lost its clause; got %v, %v", counts, err)
	}
	sound(t, db)

	// A suspect match takes a new proposal on the new text, and keeps the old.
	fresh := proposal(second.Clauses[1], s.ru.Clauses[1], 0.8)
	if _, refreshed, err := db.Propose(t.Context(), s.dossier.ID, []matcher.Proposal{fresh}); err != nil || refreshed != 1 {
		t.Errorf("refreshed %d, %v", refreshed, err)
	}
	if n, err := db.Counts(t.Context()); err != nil || n["proposals"] != 4 {
		t.Errorf("%d proposals are kept, %v", n["proposals"], err)
	}
	m, _ := state(1)
	s.decide(t, wang, opinion(m, subset))
	m, _ = state(1)
	if !m.Suspect {
		t.Error("one new answer of two does not end the suspicion")
	}
	if m = s.decide(t, ivanov, opinion(m, subset)); m.Suspect || m.Outcome == nil || m.Outcome.Verdict != subset {
		t.Errorf("both have answered anew: %+v", m)
	}
	// The old text comes back: the answers on it count again.
	save(t, db, s.cn)
	if m, _ = state(2); m.Suspect {
		t.Error("a clause that came back unchanged is no reason for suspicion")
	}
	if m, _ = state(1); m.Suspect || m.Outcome == nil || m.Outcome.Verdict != equivalent {
		t.Errorf("on the old text the first answers agreed: %+v", m)
	}
	if !m.Compared() || m.Proposal.SourceDigest != s.cn.Clauses[1].Digest() {
		t.Errorf("with the old text its own comparison stands again, not %+v", m.Proposal)
	}
	sound(t, db)
	var actions []string
	rows, err := db.Audit(t.Context(), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range rows {
		if strings.HasPrefix(e.Action, "match.") {
			actions = append(actions, e.Action)
		}
	}
	if want := []string{"match.suspect", "match.suspect", "match.restored", "match.rederived"}; !sameStrings(actions, want) {
		t.Errorf("the audit tells %v, want %v in any order", actions, want)
	}
}

// sameStrings compares without order.
func sameStrings(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}
