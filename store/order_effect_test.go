package store_test

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// effectOf is what review.OrderEffect says, worked out from the matches themselves.
func effectOf(t *testing.T, c *crowd, m review.Match) int {
	t.Helper()
	clauses, err := c.db.Clauses(t.Context(), m.Clauses()...)
	must(t, err)
	sum := 0
	for _, clause := range clauses {
		_, present := m.Digests[clause.ID]
		if !clause.Kind.Normative() || !present {
			continue
		}
		add := 2
		for _, o := range c.matches {
			if o.ID == m.ID || o.Dossier != m.Dossier || o.Against != m.Against || o.Sources[0].Standard() != m.Sources[0].Standard() || o.Gone() || !strings.Contains(" "+joined(o.Clauses())+" ", " "+string(clause.ID)+" ") {
				continue
			}
			switch {
			case !o.Suspect && (o.State == review.StateConfirmed || o.State == review.StateAbsent):
				add = 0
			case o.Suspect || o.State != review.StateRejected:
				add = min(add, 1)
			}
		}
		sum += add
	}
	return sum
}

func joined(ids []corpus.ClauseID) string {
	var out []string
	for _, id := range ids {
		out = append(out, string(id))
	}
	return strings.Join(out, " ")
}

// TestOrderByEffect: whatever was answered, undone, adjudicated or changed, the order
// goes by the effect that the matches give, then by confidence, then by id.
func TestOrderByEffect(t *testing.T) {
	if testing.Short() {
		t.Skip("one after the other: the whole run has it, races have none here")
	}
	values := map[int]int{}
	for seed := range uint64(3) {
		c := newCrowd(t, seed)
		list := all(t, c.db, review.Filter{Order: review.OrderEffect, Limit: 7})
		if len(list) != len(c.matches) {
			t.Fatalf("%d of %d matches", len(list), len(c.matches))
		}
		for i, m := range list {
			e := effectOf(t, c, m)
			values[e]++
			if i == 0 {
				continue
			}
			b := list[i-1]
			if was := effectOf(t, c, b); was < e || was == e && (confidence(b) < confidence(m) || confidence(b) == confidence(m) && b.ID.String() >= m.ID.String()) {
				t.Errorf("seed %d, match %d: effect %d, confidence %g stands behind %d, %g", seed, i, e, confidence(m), was, confidence(b))
			}
		}
		sound(t, c.db)
	}
	if len(values) < 3 {
		t.Errorf("only these effects occur, which prove little: %v", values)
	}
}

// TestEffectFollows: the second candidate of a clause loses its effect when the first
// is agreed, and gets it back when that is undone; a wrong copy is found.
func TestEffectFollows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "concord.db")
	db := openAt(t, path, time.Now)
	s := newScene(t, db, review.PolicyOneReviewer, 3)
	wang := person(t, db, "wang", review.RoleReviewer, "CN")
	clauses, err := db.Clauses(t.Context(), s.matches[0].Sources[0], s.matches[2].Targets[0])
	must(t, err)
	if _, _, err := db.Propose(t.Context(), s.dossier.ID, []matcher.Proposal{proposal(clauses[0], clauses[1], 0.99)}); err != nil {
		t.Fatal(err)
	}
	order := func() (out []string) {
		page, err := db.Matches(t.Context(), review.Filter{Order: review.OrderEffect, States: []review.State{review.StateProposed}})
		must(t, err)
		for _, m := range page.Matches {
			out = append(out, m.Sources[0].Key()+"-"+m.Targets[0].Key())
		}
		return out
	}
	one, two, three := s.matches[0].Sources[0].Key()+"-"+s.matches[0].Targets[0].Key(), s.matches[1].Sources[0].Key()+"-"+s.matches[1].Targets[0].Key(), s.matches[2].Sources[0].Key()+"-"+s.matches[2].Targets[0].Key()
	second := s.matches[0].Sources[0].Key() + "-" + s.matches[2].Targets[0].Key()
	if got := order(); got[0] != two || got[3] != second {
		t.Fatalf("first the one whose clauses nothing else touches (%s), last the second candidate (%s): %v", two, second, got)
	}
	before := strings.Join(order(), " ")
	decided := s.decide(t, wang, opinion(s.matches[0], equivalent))
	if got := order(); strings.Join(got, " ") != two+" "+three+" "+second {
		t.Errorf("after the first is agreed: %v", got)
	}
	if _, err := s.desk.Undo(t.Context(), wang, decided.ID, decided.Decisions[0].ID); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(order(), " "); got != before || !strings.Contains(got, one) {
		t.Errorf("after the undo: %s, before: %s", got, before)
	}
	sound(t, db)
	other := raw(t, path)
	runSQL(t, other, "UPDATE matches SET effect = effect + 1 WHERE id = $1", s.matches[1].ID.String())
	r, err := db.Check(t.Context())
	must(t, err)
	if len(r.Problems) != 1 || !strings.Contains(r.Problems[0], "effect on the coverage") {
		t.Errorf("a wrong copy is not found: %v", r.Problems)
	}
}

// TestPlacesOfAQueue: the pages of a queue count what stands before them, and what is
// done and what is left together stay the same whoever answers.
func TestPlacesOfAQueue(t *testing.T) {
	db := open(t)
	s := newScene(t, db, review.PolicyTwoReviewers, 12)
	people := []review.Person{person(t, db, "wang", review.RoleReviewer, "CN"), person(t, db, "li", review.RoleReviewer, "CN"), person(t, db, "ivan", review.RoleReviewer, "RU")}
	look := func(p review.Person, task review.Task, done, left int) {
		t.Helper()
		f := review.Filter{Dossier: s.dossier.ID, Task: task, Of: &p, Limit: 5, Placed: true}
		for _, f.Order = range []review.Order{review.OrderConfidence, review.OrderUncertain, review.OrderEffect, review.OrderChapter} {
			f.Cursor = ""
			for n := 0; ; {
				page, err := db.Matches(t.Context(), f)
				must(t, err)
				if page.Done != done || page.Total != left || page.Before != n {
					t.Fatalf("%s by %s: %d done, %d left, %d before; want %d, %d, %d", task, f.Order, page.Done, page.Total, page.Before, done, left, n)
				}
				if n += len(page.Matches); page.Next == "" {
					break
				}
				f.Cursor = page.Next
			}
		}
		f.Cursor, f.Placed = "", false
		if page, err := db.Matches(t.Context(), f); err != nil || page.Done != 0 || page.Before != 0 {
			t.Errorf("counted without being asked: %+v %v", page.Done, err)
		}
	}
	look(people[0], review.TaskFirst, 0, 12)
	for i := range 5 {
		s.decide(t, people[i%3], opinion(s.matches[i], equivalent))
		look(people[0], review.TaskFirst, i+1, 11-i)
	}
	look(people[2], review.TaskSecond, 0, 4) // one of five is their own
	s.decide(t, people[2], opinion(s.matches[0], equivalent))
	look(people[2], review.TaskSecond, 1, 3)
	s.decide(t, people[0], opinion(s.matches[1], "none")) // dispute: two have answered
	look(people[2], review.TaskSecond, 2, 2)
	look(people[0], review.TaskFirst, 5, 7)
	look(people[0], review.TaskDispute, 0, 1)
	stranger := person(t, db, "kim", review.RoleReviewer, "KR")
	look(stranger, review.TaskFirst, 0, 0)
}

// BenchmarkOrderEffect answers on a clause that 2,000 matches share, and takes the
// answer back: one that settles the match changes the effect of all, a first opinion
// that of none.
func BenchmarkOrderEffect(b *testing.B) {
	for name, policy := range map[string]review.Policy{"settled": review.PolicyOneReviewer, "opinion": review.PolicyBothParties} {
		b.Run(name, func(b *testing.B) { benchmarkShared(b, policy) })
	}
}

func benchmarkShared(b *testing.B, policy review.Policy) {
	s := sharedClause(b, 2000, policy)
	wang := person(b, s.db, "wang", review.RoleReviewer, "CN")
	m := s.matches[0]
	began := processorTime(b)
	for b.Loop() {
		m = s.decide(b, wang, opinion(m, equivalent))
		var err error
		if m, err = s.desk.Undo(b.Context(), wang, m.ID, m.Decisions[len(m.Decisions)-1].ID); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64((processorTime(b)-began).Microseconds())/1000/float64(b.N)/2, "cpu-ms/answer")
}

// sharedClause is a scene whose first clause has n matches.
func sharedClause(t testing.TB, n int, policy review.Policy) *scene {
	t.Helper()
	s := &scene{db: open(t), cn: document("cn-a-2020", "CN", "zh", 2), ru: document("ru-b-2020", "RU", "ru", n)}
	save(t, s.db, s.cn)
	save(t, s.db, s.ru)
	s.dossier = dossier(t, s.db, policy, s.cn.Standard.ID, s.ru.Standard.ID)
	s.desk = &review.Desk{Records: s.db, Now: time.Now}
	var list []matcher.Proposal
	for i, c := range s.ru.Clauses {
		list = append(list, proposal(s.cn.Clauses[0], c, float64(i+1)/float64(n+1)))
	}
	if _, _, err := s.db.Propose(t.Context(), s.dossier.ID, list); err != nil {
		t.Fatal(err)
	}
	page, err := s.db.Matches(t.Context(), review.Filter{Dossier: s.dossier.ID, Limit: 5})
	if err != nil {
		t.Fatal(err)
	}
	s.matches = page.Matches
	return s
}

// processorTime is what this process has used.
func processorTime(t testing.TB) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
