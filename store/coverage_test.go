package store_test

import (
	"errors"
	"reflect"
	"testing"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

func TestCoverage(t *testing.T) {
	db := open(t)
	s := newScene(t, db, review.PolicyTwoReviewers, 8) // every clause has one proposal
	wang := person(t, db, "wang", review.RoleReviewer, "CN")
	ivanov := person(t, db, "ivanov", review.RoleReviewer, "RU")
	both := func(i int, a, b review.Verdict) {
		s.decide(t, wang, opinion(s.matches[i], a))
		if b != "" {
			s.decide(t, ivanov, opinion(s.matches[i], b))
		}
	}
	both(0, equivalent, equivalent)                                      // confirmed, recognised both ways
	both(1, subset, subset)                                              // confirmed, recognised only B to A
	both(2, equivalent, subset)                                          // disputed
	both(3, equivalent, "")                                              // one opinion
	both(4, unrelated, unrelated)                                        // rejected
	both(5, review.VerdictNoCounterpart, review.VerdictNoCounterpart)    // absent, and the proposal is still open
	second := document("cn-a-2020", "CN", "zh", 10, "another wording 1") // clause 1 suspect, 9 and 10 new
	second.Clauses[9].Kind = corpus.KindNote
	save(t, db, second)
	other := document("kz-c-2020", "KZ", "ru", 4)
	other.Standard.Domain, other.Standard.Edition, other.Standard.ICS = corpus.DomainPark, "second edition, 2018", []string{"13.220.20"}
	other.Standard.CCS = []string{"C80"}
	save(t, db, other)
	wide := review.Dossier{ID: newID(t), Name: "Wide", Policy: review.PolicyOneReviewer, Sides: []review.Side{
		{Party: "KZ", Standards: []corpus.StandardID{"kz-c-2020"}}, {Party: "RU", Standards: []corpus.StandardID{"ru-b-2020"}},
	}}
	if err := db.SaveDossier(t.Context(), wide, "cli"); err != nil {
		t.Fatal(err)
	}
	cnru := review.Coverage{From: "CN", To: "RU", Normative: 9, Proposed: 2, Opinion: 1, Confirmed: 2, Disputed: 1, Rejected: 1, Absent: 1, Suspect: 1, Accepted: 1}
	rucn := review.Coverage{From: "RU", To: "CN", Normative: 8, Proposed: 3, Opinion: 1, Confirmed: 2, Disputed: 1, Rejected: 1, Suspect: 1, Accepted: 2}
	named := func(c review.Coverage, from, to string) review.Coverage { c.From, c.To = from, to; return c }
	cases := []struct {
		name    string
		by      string
		dossier uuid.UUID
		domain  corpus.Domain
		want    []review.Coverage
	}{
		{"by jurisdiction", "jurisdiction", uuid.Nil, "", []review.Coverage{cnru, {From: "KZ", To: "RU", Normative: 4}, rucn, {From: "RU", To: "KZ", Normative: 8}}},
		{"by standard in one dossier", "standard", s.dossier.ID, "", []review.Coverage{named(cnru, "cn-a-2020", "ru-b-2020"), named(rucn, "ru-b-2020", "cn-a-2020")}},
		{"one domain", "jurisdiction", uuid.Nil, corpus.DomainPark, []review.Coverage{{From: "KZ", To: "RU", Normative: 4}}},
		{"a dossier without matches", "jurisdiction", wide.ID, "", []review.Coverage{{From: "KZ", To: "RU", Normative: 4}, {From: "RU", To: "KZ", Normative: 8}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := db.Coverage(t.Context(), c.by, c.dossier, c.domain)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("got\n%+v, want\n%+v", got, c.want)
			}
		})
	}
	kz := []review.Coverage{{From: "KZ", To: "RU", Normative: 4}}
	settled := review.Coverage{From: "CN", To: "RU", Normative: 9, Confirmed: 1, Rejected: 1, Absent: 1}
	for name, c := range map[string]struct {
		f    review.CoverageFilter
		want []review.Coverage
	}{
		"a sector":                  {review.CoverageFilter{Sector: "13"}, kz},
		"a sector below":            {review.CoverageFilter{Sector: "13.220"}, kz},
		"the whole code":            {review.CoverageFilter{Sector: "13.220.20"}, kz},
		"a Chinese class":           {review.CoverageFilter{Sector: "C80"}, kz},
		"all of a letter":           {review.CoverageFilter{Sector: "C"}, kz},
		"no part of a class":        {review.CoverageFilter{Sector: "C8"}, nil},
		"another letter":            {review.CoverageFilter{Sector: "P"}, nil},
		"no part of a number":       {review.CoverageFilter{Sector: "1"}, nil},
		"nor of a group":            {review.CoverageFilter{Sector: "13.22"}, nil},
		"a year":                    {review.CoverageFilter{Year: "2018"}, kz},
		"another year":              {review.CoverageFilter{Year: "2020"}, []review.Coverage{cnru, rucn, {From: "RU", To: "KZ", Normative: 8}}},
		"all at once":               {review.CoverageFilter{Year: "2018", Sector: "13", Domain: corpus.DomainPark, Dossier: wide.ID, Binding: true}, kz},
		"binding, in one direction": {review.CoverageFilter{Binding: true, Domain: corpus.DomainEngineering, Dossier: s.dossier.ID}, []review.Coverage{settled, {From: "RU", To: "CN", Normative: 8, Confirmed: 1, Rejected: 1, Accepted: 1}}},
	} {
		if got, err := db.CoverageOf(t.Context(), "jurisdiction", c.f); err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got\n%+v, want\n%+v, %v", name, got, c.want, err)
		}
	}
	save(t, db, document("cn-a-2020", "CN", "zh", 3)) // only confirmed, confirmed and disputed are left
	got, err := db.Coverage(t.Context(), "standard", s.dossier.ID, "")
	want := review.Coverage{From: "cn-a-2020", To: "ru-b-2020", Normative: 3, Confirmed: 2, Disputed: 1, Accepted: 1}
	if err != nil || got[0] != want {
		t.Errorf("after clauses left: got %+v, want %+v, %v", got[0], want, err)
	}
	if n := cnru.NotLookedAt(); n != 1 {
		t.Errorf("%d clauses were not looked at, want the one that is new", n)
	}
	if _, err := db.Coverage(t.Context(), "weather", uuid.Nil, ""); !errors.Is(err, corpus.ErrInvalid) {
		t.Errorf("by weather gives %v", err)
	}
}

// TestCoverageAndStandingAgree: where a clause with two matches stands is said by one
// rule, review.Telling, to the coverage and to searches.
func TestCoverageAndStandingAgree(t *testing.T) {
	counted := map[review.State]func(review.Coverage) int{
		review.StateProposed: func(c review.Coverage) int { return c.Proposed }, review.StateOpinion: func(c review.Coverage) int { return c.Opinion },
		review.StateConfirmed: func(c review.Coverage) int { return c.Confirmed }, review.StateDisputed: func(c review.Coverage) int { return c.Disputed },
		review.StateRejected: func(c review.Coverage) int { return c.Rejected }, review.StateAbsent: func(c review.Coverage) int { return c.Absent },
	}
	// what brings a match into a state: the first side's verdict, and the second's
	ways := map[review.State][2]review.Verdict{
		review.StateOpinion: {equivalent, ""}, review.StateConfirmed: {equivalent, equivalent}, review.StateDisputed: {equivalent, subset}, review.StateRejected: {unrelated, unrelated},
		review.StateAbsent: {review.VerdictNoCounterpart, review.VerdictNoCounterpart},
	}
	s := sharedClause(t, len(review.States), review.PolicyTwoReviewers)
	clause, wang, ivanov := s.cn.Clauses[0].ID, person(t, s.db, "wang", review.RoleReviewer, "CN"), person(t, s.db, "ivanov", review.RoleReviewer, "RU")
	list, err := s.db.Matches(t.Context(), review.Filter{Clause: clause})
	must(t, err)
	// from the least telling on, so that each one brings the clause further
	for i := len(review.Telling) - 1; i >= 0; i-- {
		state := review.Telling[i]
		m := list.Matches[i]
		for n, p := range []review.Person{wang, ivanov} {
			if v := ways[state][n]; v != "" && state != review.StateProposed {
				m = s.decide(t, p, opinion(m, v))
			}
		}
		if m.State != state && state != review.StateAbsent {
			t.Fatalf("%s is %s", state, m.State)
		}
		stands, _, err := s.db.ClauseStates(t.Context())
		must(t, err)
		covered, err := s.db.Coverage(t.Context(), "jurisdiction", s.dossier.ID, "")
		must(t, err)
		want := state
		if i == len(review.Telling)-1 {
			want = review.StateProposed // of the others, which are open
		}
		if got := stands(clause); got != want || counted[want](covered[0]) < 1 {
			t.Errorf("with a match that is %s the clause stands as %s, and is counted in %+v; want %s", state, got, covered[0], want)
		}
	}
}
