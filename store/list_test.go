package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
	"concord/store"
)

// crowd is a database in which many people have answered at random under every
// policy, so that every state and every task occurs.
type crowd struct {
	db      *store.DB
	people  []review.Person
	matches []review.Match
	of      map[uuid.UUID]review.Dossier
}

// newCrowd makes dossiers of all policies, one of them closed, lets people
// answer, undo and adjudicate, and changes some of the texts.
func newCrowd(t *testing.T, seed uint64) *crowd {
	t.Helper()
	rnd := rand.New(rand.NewPCG(seed, 1))
	db := open(t)
	c := &crowd{db: db, of: map[uuid.UUID]review.Dossier{}}
	cn, ru := document("cn-a-2020", "CN", "zh", 12), document("ru-b-2020", "RU", "ru", 12)
	save(t, db, cn)
	save(t, db, ru)
	for i, role := range []review.Role{review.RoleReviewer, review.RoleReviewer, review.RoleAdjudicator, review.RoleReader, review.RoleAdmin} {
		for _, party := range []review.Party{"CN", "RU", "KZ"} {
			c.people = append(c.people, person(t, db, fmt.Sprintf("%s-%d-%s", role, i, party), role, party))
		}
	}
	disabled := person(t, db, "gone", review.RoleReviewer, "CN")
	disabled.Disabled = true
	if err := db.SavePerson(t.Context(), disabled, "cli"); err != nil {
		t.Fatal(err)
	}
	c.people = append(c.people, disabled)
	for i, policy := range append(review.Policies, review.PolicyTwoReviewers) {
		d := dossier(t, db, policy, cn.Standard.ID, ru.Standard.ID)
		var all []matcher.Proposal
		for a := range 12 {
			for b := range 3 {
				all = append(all, proposal(cn.Clauses[a], ru.Clauses[(a+b)%12], float64(rnd.IntN(20))/20))
			}
		}
		if _, _, err := db.Propose(t.Context(), d.ID, all); err != nil {
			t.Fatal(err)
		}
		c.answer(t, rnd, d, 90)
		c.adjudicate(t, d)
		d.Closed = i == 3
		if err := db.SaveDossier(t.Context(), d, "cli"); err != nil {
			t.Fatal(err)
		}
	}
	edited := document("cn-a-2020", "CN", "zh", 11, "another", "", "yet another")
	save(t, db, edited)
	for _, d := range c.dossiers(t) {
		c.answer(t, rnd, d, 15)
	}
	c.reload(t)
	return c
}

func (c *crowd) dossiers(t *testing.T) []review.Dossier {
	t.Helper()
	all, err := c.db.Dossiers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// answer lets people try n random things in a dossier; most are allowed.
func (c *crowd) answer(t *testing.T, rnd *rand.Rand, d review.Dossier, n int) {
	t.Helper()
	desk := &review.Desk{Records: c.db, Now: start.UTC}
	page, err := c.db.Matches(t.Context(), review.Filter{Dossier: d.ID, Limit: review.MaxPage})
	if err != nil {
		t.Fatal(err)
	}
	verdicts := []review.Verdict{equivalent, equivalent, subset, unrelated, review.VerdictUnsure, review.VerdictNoCounterpart}
	for range n {
		m, _, err := c.db.Match(t.Context(), page.Matches[rnd.IntN(len(page.Matches))].ID)
		if err != nil {
			t.Fatal(err)
		}
		p := c.people[rnd.IntN(len(c.people))]
		if rnd.IntN(8) == 0 && len(m.Decisions) > 0 {
			last := m.Decisions[len(m.Decisions)-1]
			for _, owner := range c.people {
				if owner.ID == last.Person {
					_, err = desk.Undo(t.Context(), owner, m.ID, last.ID)
				}
			}
		} else {
			a := opinion(m, verdicts[rnd.IntN(len(verdicts))])
			if m.State == review.StateDisputed && rnd.IntN(2) == 0 {
				a.Kind, a.Note = review.KindAdjudication, "because"
			}
			_, _, err = desk.Decide(t.Context(), p, a)
		}
		for _, allowed := range []error{nil, corpus.ErrForbidden, corpus.ErrConflict, corpus.ErrInvalid, review.ErrGuard} {
			if errors.Is(err, allowed) {
				err = nil
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// adjudicate lets neutral adjudicators decide every other dispute, and undo some
// of it.
func (c *crowd) adjudicate(t *testing.T, d review.Dossier) {
	t.Helper()
	desk := &review.Desk{Records: c.db, Now: start.UTC}
	for i, m := range all(t, c.db, review.Filter{Dossier: d.ID, States: []review.State{review.StateDisputed}}) {
		for _, p := range c.people {
			if i%2 == 1 || review.TaskFor(m, d, p) != review.TaskAdjudicate {
				continue
			}
			a := opinion(m, equivalent)
			if len(m.Targets) == 0 {
				a = opinion(m, review.VerdictNoCounterpart)
			}
			a.Kind, a.Note = review.KindAdjudication, "because"
			_, made, err := desk.Decide(t.Context(), p, a)
			if err == nil && i%4 == 0 {
				_, err = desk.Undo(t.Context(), p, m.ID, made.ID)
			}
			if err != nil {
				t.Fatal(err)
			}
			break
		}
	}
}

// reload reads every match there is.
func (c *crowd) reload(t *testing.T) {
	t.Helper()
	for _, d := range c.dossiers(t) {
		c.of[d.ID] = d
		page, err := c.db.Matches(t.Context(), review.Filter{Dossier: d.ID, Limit: review.MaxPage})
		if err != nil || page.Next != "" {
			t.Fatal(page.Next, err)
		}
		c.matches = append(c.matches, page.Matches...)
	}
}

// The conditions in SQL give the same tasks as the rule in Go.
func TestTasksAgreeWithTaskFor(t *testing.T) {
	if testing.Short() {
		t.Skip("one after the other: the whole run has it, races have none here")
	}
	met, paced := map[review.Task]int{}, map[review.Speed]int{}
	for seed := range uint64(4) {
		c := newCrowd(t, seed)
		sound(t, c.db)
		for _, p := range c.people {
			want := map[review.Task]map[uuid.UUID]bool{}
			for _, task := range review.Tasks {
				want[task] = map[uuid.UUID]bool{}
			}
			for _, m := range c.matches {
				if task := review.TaskFor(m, c.of[m.Dossier], p); task != review.TaskNone {
					want[task][m.ID] = true
					met[task]++
				}
			}
			counts, err := c.db.TaskCounts(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			triage, err := c.db.TriageCount(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			for _, at := range review.Speeds {
				got, first := map[uuid.UUID]bool{}, map[uuid.UUID]bool{}
				for _, m := range all(t, c.db, review.Filter{Task: review.TaskFirst, Speed: at, Of: &p, Limit: 30}) {
					got[m.ID] = true
				}
				for _, m := range c.matches {
					if want[review.TaskFirst][m.ID] && c.of[m.Dossier].Policy.Speed() == at {
						first[m.ID] = true
					}
				}
				paced[at] += len(first)
				if !reflect.DeepEqual(got, first) || at == review.SpeedTriage && triage != len(got) {
					t.Errorf("seed %d, %s, %s: SQL finds %d (counts %d), the rule %d", seed, p.Login, at, len(got), triage, len(first))
				}
			}
			for _, task := range review.Tasks {
				got := map[uuid.UUID]bool{}
				for _, m := range all(t, c.db, review.Filter{Task: task, Of: &p, Limit: 30}) {
					got[m.ID] = true
				}
				if !reflect.DeepEqual(got, want[task]) || counts[task] != len(got) {
					t.Errorf("seed %d, %s, %s: SQL finds %d (counts %d), the rule %d", seed, p.Login, task, len(got), counts[task], len(want[task]))
				}
			}
		}
	}
	for _, at := range review.Speeds {
		if paced[at] == 0 {
			t.Errorf("nothing was to be answered at the speed %s", at)
		}
	}
	for _, task := range review.Tasks {
		if met[task] == 0 {
			t.Errorf("the task %s never occurred, so nothing was shown about it", task)
		}
	}
}

// all reads every page of a filter.
func all(t *testing.T, db *store.DB, f review.Filter) []review.Match {
	t.Helper()
	var out []review.Match
	for {
		page, err := db.Matches(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, page.Matches...)
		if page.Next == "" {
			if len(out) != page.Total {
				t.Errorf("the pages have %d matches, the total says %d", len(out), page.Total)
			}
			return out
		}
		f.Cursor = page.Next
	}
}

// Every filter selects what a filter in Go selects, and every order is total:
// no page repeats or skips a match, whatever its length.
func TestFiltersAndOrders(t *testing.T) {
	c := newCrowd(t, 7)
	yes, no := true, false
	some := c.matches[5]
	filters := []struct {
		name string
		f    review.Filter
		want func(review.Match) bool
	}{
		{"everything", review.Filter{}, func(review.Match) bool { return true }},
		{"one dossier", review.Filter{Dossier: some.Dossier}, func(m review.Match) bool { return m.Dossier == some.Dossier }},
		{"source standard", review.Filter{Standard: "cn-a-2020"}, func(m review.Match) bool { return m.Sources[0].Standard() == "cn-a-2020" }},
		{"a target standard as source", review.Filter{Standard: "ru-b-2020"}, func(m review.Match) bool { return false }},
		{"against", review.Filter{Against: "ru-b-2020"}, func(m review.Match) bool { return m.Against == "ru-b-2020" }},
		{"a source clause", review.Filter{Clause: some.Sources[0]}, func(m review.Match) bool { return m.Sources[0] == some.Sources[0] }},
		{"a target clause", review.Filter{Clause: some.Targets[0]}, func(m review.Match) bool { return len(m.Targets) > 0 && m.Targets[0] == some.Targets[0] }},
		{"states", review.Filter{States: []review.State{review.StateDisputed, review.StateOpinion}}, func(m review.Match) bool {
			return m.State == review.StateDisputed || m.State == review.StateOpinion
		}},
		{"suspect", review.Filter{Suspect: &yes}, func(m review.Match) bool { return m.Suspect }},
		{"not suspect", review.Filter{Suspect: &no}, func(m review.Match) bool { return !m.Suspect }},
		{"verdict", review.Filter{Verdict: equivalent}, func(m review.Match) bool { return m.Outcome != nil && m.Outcome.Verdict == equivalent }},
		{"several at once", review.Filter{Dossier: some.Dossier, States: []review.State{review.StateProposed}, Suspect: &no, Clause: some.Sources[0]}, func(m review.Match) bool {
			return m.Dossier == some.Dossier && m.State == review.StateProposed && !m.Suspect && m.Sources[0] == some.Sources[0]
		}},
	}
	orders := map[review.Order]func(a, b review.Match) bool{
		review.OrderChapter: func(a, b review.Match) bool { return place(a) < place(b) },
		review.OrderConfidence: func(a, b review.Match) bool {
			return confidence(a) > confidence(b)
		},
		review.OrderUncertain: func(a, b review.Match) bool {
			return distance(a) < distance(b)
		},
		review.OrderRecent: func(a, b review.Match) bool { return a.Updated.After(b.Updated) },
	}
	for _, f := range filters {
		want := map[uuid.UUID]bool{}
		for _, m := range c.matches {
			if f.want(m) {
				want[m.ID] = true
			}
		}
		for order, less := range orders {
			for _, limit := range []int{1, 7, 200} {
				if limit == 1 && len(want) > 20 {
					continue
				}
				f.f.Order, f.f.Limit = order, limit
				list := all(t, c.db, f.f)
				got := map[uuid.UUID]bool{}
				for i, m := range list {
					got[m.ID] = true
					if i == 0 {
						continue
					}
					before := list[i-1]
					if less(m, before) || !less(before, m) && before.ID.String() >= m.ID.String() {
						t.Errorf("%s by %s, pages of %d: match %d stands wrong", f.name, order, limit, i)
					}
				}
				if !reflect.DeepEqual(got, want) || len(list) != len(want) {
					t.Errorf("%s by %s, pages of %d: %d matches, want %d", f.name, order, limit, len(list), len(want))
				}
			}
		}
	}
}

// place is a match's place in its chapter as a number in the text.
func place(m review.Match) int {
	var n int
	if _, err := fmt.Sscanf(m.Sources[0].Key(), "5.%d", &n); err != nil {
		panic(err)
	}
	return n
}

func confidence(m review.Match) float64 {
	if m.Proposal == nil {
		return 0
	}
	return m.Proposal.Confidence
}

func distance(m review.Match) float64 {
	d := confidence(m) - 0.5
	return max(d, -d)
}

// A page that follows is right even when answers came in between.
func TestPagesWhileAnswersComeIn(t *testing.T) {
	db := open(t)
	s := newScene(t, db, review.PolicyOneReviewer, 20)
	wang := person(t, db, "wang", review.RoleReviewer, "CN")
	f := review.Filter{States: []review.State{review.StateProposed}, Limit: 5}
	seenIDs := map[uuid.UUID]int{}
	for {
		page, err := db.Matches(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page.Matches {
			seenIDs[m.ID]++
			s.decide(t, wang, opinion(m, equivalent))
		}
		if page.Next == "" {
			break
		}
		f.Cursor = page.Next
	}
	if len(seenIDs) != 20 {
		t.Errorf("%d of 20 matches were shown", len(seenIDs))
	}
	for id, n := range seenIDs {
		if n != 1 {
			t.Errorf("match %s was shown %d times", id, n)
		}
	}
}

func TestBadFilters(t *testing.T) {
	db := open(t)
	newScene(t, db, review.PolicyOneReviewer, 3)
	page, err := db.Matches(t.Context(), review.Filter{Limit: 1})
	if err != nil || page.Next == "" {
		t.Fatal(page, err)
	}
	cases := []struct {
		name string
		f    review.Filter
		want error
	}{
		{"an unknown order", review.Filter{Order: "size"}, corpus.ErrInvalid},
		{"too long a page", review.Filter{Limit: review.MaxPage + 1}, corpus.ErrLimit},
		{"a marker of nothing", review.Filter{Cursor: "%%%"}, corpus.ErrInvalid},
		{"a marker of another order", review.Filter{Cursor: page.Next, Order: review.OrderRecent}, corpus.ErrInvalid},
		{"a marker that is not one of ours", review.Filter{Cursor: "eyJvIjoiY2hhcHRlciIsImsiOlt7fSwxXSwiaSI6IiJ9"}, corpus.ErrInvalid},
		{"a task of nobody", review.Filter{Task: review.TaskFirst}, corpus.ErrInvalid},
		{"an unknown task", review.Filter{Task: "sleep", Of: &review.Person{Role: review.RoleReviewer}}, corpus.ErrInvalid},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if _, err := db.Matches(t.Context(), c.f); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func TestEquivalents(t *testing.T) {
	db := open(t)
	s := newScene(t, db, review.PolicyOneReviewer, 3)
	wang := person(t, db, "wang", review.RoleReviewer, "CN")
	better := proposal(s.cn.Clauses[0], s.ru.Clauses[2], 0.95)
	if _, _, err := db.Propose(t.Context(), s.dossier.ID, []matcher.Proposal{better}); err != nil {
		t.Fatal(err)
	}
	s.decide(t, wang, opinion(s.matches[0], equivalent)) // the pair of confidence 0.25
	got, err := db.Equivalents(t.Context(), s.cn.Clauses[0].ID, s.ru.Clauses[2].ID, "ru-b-2020/none")
	if err != nil {
		t.Fatal(err)
	}
	first := got[s.cn.Clauses[0].ID]
	if len(first) != 2 || first[0].ID != s.matches[0].ID || first[1].Targets[0] != s.ru.Clauses[2].ID {
		t.Errorf("agreed ones come first, got %+v", first)
	}
	second := got[s.ru.Clauses[2].ID]
	if len(second) != 2 || second[0].Sources[0] != s.cn.Clauses[0].ID || second[1].Sources[0] != s.cn.Clauses[2].ID {
		t.Errorf("then by confidence, got %+v", second)
	}
	if len(got) != 2 {
		t.Errorf("a clause without a match is left out, got %d", len(got))
	}
}

// A clause put in before others moves their matches in the order of the chapter.
func TestChapterOrderFollowsTheText(t *testing.T) {
	db := open(t)
	s := newScene(t, db, review.PolicyOneReviewer, 3)
	moved := document("cn-a-2020", "CN", "zh", 3)
	moved.Clauses[0], moved.Clauses[2] = moved.Clauses[2], moved.Clauses[0]
	save(t, db, moved)
	list := all(t, db, review.Filter{Dossier: s.dossier.ID})
	for i, m := range list {
		if m.Sources[0] != moved.Clauses[i].ID {
			t.Errorf("place %d has %s, want %s", i, m.Sources[0], moved.Clauses[i].ID)
		}
	}
}
