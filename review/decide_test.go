package review

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"concord/corpus"
	"concord/matcher"
)

// The people of the tests: two reviewers for each of two parties, one of a
// third, an adjudicator, a reader and an admin.
var people = func() map[string]Person {
	out := map[string]Person{}
	for i, p := range []Person{
		{Login: "cn1", Party: "CN", Role: RoleReviewer}, {Login: "cn2", Party: "CN", Role: RoleReviewer},
		{Login: "ru1", Party: "RU", Role: RoleReviewer}, {Login: "ru2", Party: "RU", Role: RoleReviewer},
		{Login: "sa1", Party: "SA", Role: RoleReviewer}, {Login: "judge", Party: "JOINT", Role: RoleAdjudicator},
		{Login: "reader", Party: "CN", Role: RoleReader}, {Login: "admin", Party: "CN", Role: RoleAdmin},
		{Login: "gone", Party: "CN", Role: RoleReviewer, Disabled: true}, {Login: "cnjudge", Party: "CN", Role: RoleAdjudicator},
	} {
		p.ID = uuid.NewSHA1(uuid.Nil, []byte{byte(i)})
		out[p.Login] = p
	}
	return out
}()

func dossierOf(policy Policy) Dossier {
	return Dossier{Name: "d", Policy: policy, Sides: []Side{
		{Party: "CN", Standards: []corpus.StandardID{"a"}}, {Party: "RU", Standards: []corpus.StandardID{"b"}}}}
}

// newMatch is a pair nobody has answered.
func newMatch() Match {
	return Match{ID: uuid.NewSHA1(uuid.Nil, []byte("m")), Sources: []corpus.ClauseID{"a/1"}, Targets: []corpus.ClauseID{"b/1"}, Against: "b",
		Version: 1, State: StateProposed, Digests: map[corpus.ClauseID]corpus.Digest{"a/1": "x", "b/1": "y"}}
}

// says is a complete answer on the present texts.
func says(m Match, v Verdict) Decision {
	d := Decision{ID: uuid.New(), Kind: KindOpinion, Verdict: v, At: time.Unix(0, 0), Note: "because", Search: "searched"}
	if r, ok := v.Relation(); ok {
		d.AToB.Answer, d.BToA.Answer = corpus.RecognitionOf(r)
		for _, x := range []*corpus.Recognition{&d.AToB, &d.BToA} {
			if x.Answer == corpus.AnswerConditions {
				x.Conditions = []string{"a condition"}
			}
		}
	}
	for _, id := range m.Clauses() {
		d.Seen = append(d.Seen, Seen{Clause: id, Digest: m.Digests[id], Amended: m.Amended[id]})
	}
	return d
}

// step is one thing that happens to a match in a script.
type step struct {
	who  string // a login, or "text" for a change of the source's text
	what string // a verdict, "judge:<verdict>", or "undo"
	err  error
}

func TestProtocol(t *testing.T) {
	const eq, sub, none, unsure = "equivalent", "subset", "none", "unsure"
	cases := []struct {
		name    string
		policy  Policy
		steps   []step
		state   State
		suspect bool
	}{
		{"one reviewer is enough", PolicyOneReviewer, []step{{"cn1", eq, nil}}, StateConfirmed, false},
		{"one side's rejection alone is a dispute", PolicyOneReviewer, []step{{"cn1", none, nil}}, StateDisputed, false},
		{"a rejection by both sides closes", PolicyOneReviewer, []step{{"cn1", none, nil}, {"ru1", none, nil}}, StateRejected, false},
		{"a third person is refused when agreed", PolicyOneReviewer, []step{{"cn1", eq, nil}, {"ru1", sub, ErrSettled}}, StateConfirmed, false},
		{"one may change one's own answer", PolicyOneReviewer, []step{{"cn1", eq, nil}, {"cn1", sub, nil}}, StateConfirmed, false},
		{"two people, the first is not enough", PolicyTwoReviewers, []step{{"cn1", eq, nil}}, StateOpinion, false},
		{"two people agree", PolicyTwoReviewers, []step{{"cn1", eq, nil}, {"cn2", eq, nil}}, StateConfirmed, false},
		{"nobody is first and second", PolicyTwoReviewers, []step{{"cn1", eq, nil}, {"cn1", eq, nil}}, StateOpinion, false},
		{"two people differ", PolicyTwoReviewers, []step{{"cn1", eq, nil}, {"ru1", sub, nil}}, StateDisputed, false},
		{"a party is not both sides", PolicyBothParties, []step{{"cn1", eq, nil}, {"cn2", eq, ErrOwnSecond}}, StateOpinion, false},
		{"both parties agree", PolicyBothParties, []step{{"cn1", eq, nil}, {"ru1", eq, nil}}, StateConfirmed, false},
		{"both parties reject", PolicyBothParties, []step{{"cn1", none, nil}, {"ru2", none, nil}}, StateRejected, false},
		{"unsure stays open", PolicyBothParties, []step{{"cn1", unsure, nil}}, StateProposed, false},
		{"unsure does not bar a colleague", PolicyBothParties, []step{{"cn1", unsure, nil}, {"cn2", eq, nil}}, StateOpinion, false},
		{"a stranger to the dossier is refused", PolicyBothParties, []step{{"sa1", eq, corpus.ErrForbidden}}, StateProposed, false},
		{"a reader is refused", PolicyOneReviewer, []step{{"reader", eq, corpus.ErrForbidden}}, StateProposed, false},
		{"an admin is nobody's side", PolicyOneReviewer, []step{{"admin", eq, corpus.ErrForbidden}}, StateProposed, false},
		{"a disabled person is refused", PolicyOneReviewer, []step{{"gone", eq, corpus.ErrForbidden}}, StateProposed, false},
		{"a dispute is adjudicated by a third", PolicyBothParties, []step{{"cn1", eq, nil}, {"ru1", sub, nil}, {"judge", "judge:subset", nil}}, StateConfirmed, false},
		{"an adjudicator may reject", PolicyBothParties, []step{{"cn1", eq, nil}, {"ru1", none, nil}, {"judge", "judge:none", nil}}, StateRejected, false},
		{"no adjudication without a dispute", PolicyBothParties, []step{{"cn1", eq, nil}, {"judge", "judge:subset", corpus.ErrConflict}}, StateOpinion, false},
		{"a reviewer does not adjudicate", PolicyBothParties, []step{{"cn1", eq, nil}, {"ru1", sub, nil}, {"ru2", "judge:subset", ErrNotAdjudicator}}, StateDisputed, false},
		{"who took part does not adjudicate", PolicyBothParties, []step{{"cnjudge", eq, nil}, {"ru1", sub, nil}, {"cnjudge", "judge:subset", ErrNotAdjudicator}}, StateDisputed, false},
		{"an adjudicator gives an answer", PolicyBothParties, []step{{"cn1", eq, nil}, {"ru1", sub, nil}, {"judge", "judge:unsure", ErrGuard}}, StateDisputed, false},
		{"a side gives way in a dispute", PolicyBothParties, []step{{"cn1", eq, nil}, {"ru1", sub, nil}, {"cn1", sub, nil}}, StateConfirmed, false},
		{"an undo takes the answer back", PolicyBothParties, []step{{"cn1", eq, nil}, {"cn1", "undo", nil}}, StateProposed, false},
		{"nobody undoes another's", PolicyBothParties, []step{{"cn1", eq, nil}, {"cn2", "undo", corpus.ErrForbidden}}, StateOpinion, false},
		{"an undo of an undo", PolicyBothParties, []step{{"cn1", eq, nil}, {"cn1", "undo", nil}, {"cn1", "undo", corpus.ErrConflict}}, StateProposed, false},
		{"a new text makes it suspect", PolicyBothParties, []step{{"cn1", eq, nil}, {"ru1", eq, nil}, {"text", "", nil}}, StateConfirmed, true},
		{"suspect until both have answered again", PolicyBothParties, []step{{"cn1", eq, nil}, {"ru1", eq, nil}, {"text", "", nil}, {"cn1", eq, nil}}, StateConfirmed, true},
		{"both answered again", PolicyBothParties, []step{{"cn1", eq, nil}, {"ru1", eq, nil}, {"text", "", nil}, {"cn1", sub, nil}, {"ru2", sub, nil}}, StateConfirmed, false},
		{"differ on the new text", PolicyBothParties, []step{{"cn1", eq, nil}, {"ru1", eq, nil}, {"text", "", nil}, {"cn1", sub, nil}, {"ru1", eq, nil}}, StateDisputed, false},
		{"an adjudication on an old text is suspect", PolicyBothParties, []step{{"cn1", eq, nil}, {"ru1", sub, nil}, {"judge", "judge:subset", nil}, {"text", "", nil}}, StateConfirmed, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d, m := dossierOf(c.policy), newMatch()
			for i, s := range c.steps {
				var err error
				m, err = perform(m, d, s)
				if !errors.Is(err, s.err) || (s.err == nil) != (err == nil) {
					t.Fatalf("step %d %v: got %v", i+1, s, err)
				}
			}
			if m.State != c.state || m.Suspect != c.suspect {
				t.Errorf("state %s, suspect %v", m.State, m.Suspect)
			}
			if m.State.Settled() != (m.Outcome != nil) {
				t.Errorf("state %s with the outcome %+v", m.State, m.Outcome)
			}
		})
	}
}

// perform does one step.
func perform(m Match, d Dossier, s step) (Match, error) {
	if s.who == "text" {
		m.Digests = map[corpus.ClauseID]corpus.Digest{"a/1": m.Digests["a/1"] + "x", "b/1": m.Digests["b/1"]}
		Derive(&m, d)
		return m, nil
	}
	if s.what == "undo" {
		dec := Decision{ID: uuid.New(), Kind: KindWithdrawal}
		if n := len(m.Decisions); n > 0 {
			dec.Withdraws = m.Decisions[n-1].ID
		}
		return Decide(m, d, people[s.who], dec)
	}
	verdict, kind := s.what, KindOpinion
	if len(verdict) > 6 && verdict[:6] == "judge:" {
		verdict, kind = verdict[6:], KindAdjudication
	}
	dec := says(m, Verdict(verdict))
	dec.Kind = kind
	return Decide(m, d, people[s.who], dec)
}

func TestGuards(t *testing.T) {
	stricter := &matcher.Proposal{Differences: []matcher.Difference{{Aspect: matcher.AspectQuantity, A: "1.2 m", B: "1.0 m", Finding: matcher.FindingAStricter}}}
	cases := []struct {
		name   string
		match  func(*Match)
		change func(*Decision)
		want   error
	}{
		{"complete", nil, nil, nil},
		{"conditions that are not written", nil, func(d *Decision) { d.AToB = corpus.Recognition{Answer: corpus.AnswerConditions} }, ErrGuard},
		{"a direction left open", nil, func(d *Decision) { d.BToA = corpus.Recognition{} }, ErrGuard},
		{"equal although a limit is stricter", func(m *Match) { m.Proposal = stricter }, nil, ErrGuard},
		{"equal, stricter, with a reason", func(m *Match) { m.Proposal = stricter }, func(d *Decision) { d.Reasons = []string{"scope"} }, nil},
		{"subset although A is the stricter", func(m *Match) { m.Proposal = stricter }, func(d *Decision) { d.Verdict = "subset" }, ErrGuard},
		{"superset as A is the stricter", func(m *Match) { m.Proposal = stricter }, func(d *Decision) { d.Verdict = "superset" }, nil},
		{"a text read in an older version", nil, func(d *Decision) { d.Seen[0].Digest = "old" }, ErrStale},
		{"a text not read", nil, func(d *Decision) { d.Seen = d.Seen[:1] }, ErrStale},
		{"no verdict", nil, func(d *Decision) { d.Verdict = "" }, corpus.ErrInvalid},
		{"no counterpart of a pair", nil, func(d *Decision) { d.Verdict = VerdictNoCounterpart }, corpus.ErrInvalid},
		{"no counterpart without a search", func(m *Match) { m.Targets = nil }, func(d *Decision) { d.Verdict, d.Search = VerdictNoCounterpart, " " }, ErrGuard},
		{"no counterpart with its search", func(m *Match) { m.Targets = nil }, func(d *Decision) { d.Verdict = VerdictNoCounterpart }, nil},
		{"a relation to nothing", func(m *Match) { m.Targets = nil }, nil, ErrGuard},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m := newMatch()
			if c.match != nil {
				c.match(&m)
			}
			dec := says(m, "equivalent")
			if c.change != nil {
				c.change(&dec)
			}
			after, err := Decide(m, dossierOf(PolicyOneReviewer), people["cn1"], dec)
			if !errors.Is(err, c.want) || (c.want == nil) != (err == nil) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if err != nil && (len(after.Decisions) != 0 || after.Version != 1) {
				t.Error("a refused answer changed the match")
			}
		})
	}
}

// TestModel plays random scripts and asks of every state that is reached: never
// by one person alone where two are asked for, never by one party where two
// are, never adjudicated by somebody who took part; what TaskFor offers, Decide
// takes; and while opinions are blind nobody is shown another's.
func TestModel(t *testing.T) {
	logins := []string{"cn1", "cn2", "ru1", "ru2", "sa1", "judge", "cnjudge", "reader", "admin", "gone"}
	answers := []string{"equivalent", "subset", "none", "unsure", "undo", "judge:equivalent", "judge:none"}
	rapid.Check(t, func(rt *rapid.T) {
		d := dossierOf(rapid.SampledFrom(Policies).Draw(rt, "policy"))
		m := newMatch()
		for i := range rapid.IntRange(1, 12).Draw(rt, "steps") {
			if rapid.IntRange(0, 9).Draw(rt, fmt.Sprint("text", i)) == 0 {
				m, _ = perform(m, d, step{who: "text"})
			} else {
				s := step{who: rapid.SampledFrom(logins).Draw(rt, "who"), what: rapid.SampledFrom(answers).Draw(rt, "what")}
				before := m
				after, err := perform(m, d, s)
				if err != nil && (len(after.Decisions) != len(before.Decisions) || after.Version != before.Version) {
					rt.Fatalf("a refused step changed the match")
				}
				if err == nil && after.Version != before.Version+1 {
					rt.Fatalf("the version went from %d to %d", before.Version, after.Version)
				}
				m = after
			}
			invariants(rt, m, d)
		}
	})
}

// adjudicated tells whether the outcome is an adjudicator's.
func adjudicated(m Match) bool {
	return slices.ContainsFunc(m.Decisions, func(d Decision) bool { return d.Kind == KindAdjudication && slices.Contains(m.Outcome.By, d.ID) })
}

func invariants(t *rapid.T, m Match, d Dossier) {
	if m.State.Settled() && m.Outcome != nil && !adjudicated(m) {
		persons, parties := map[uuid.UUID]bool{}, map[Party]bool{}
		for _, dec := range m.Decisions {
			if slices.Contains(m.Outcome.By, dec.ID) {
				persons[dec.Person], parties[dec.Party] = true, true
			}
		}
		if d.Policy != PolicyOneReviewer && len(persons) < 2 {
			t.Fatalf("%s by one person under %s", m.State, d.Policy)
		}
		if d.Policy == PolicyBothParties && len(parties) < 2 {
			t.Fatalf("%s by one party", m.State)
		}
		if m.State != StateConfirmed && len(parties)+len(persons) < 3 {
			t.Fatalf("%s by one side alone", m.State)
		}
	}
	for _, a := range m.active() {
		for _, dec := range m.Decisions {
			if a.Kind == KindAdjudication && dec.Kind == KindOpinion && dec.Person == a.Person {
				t.Fatalf("adjudicated by somebody who took part")
			}
		}
	}
	again := m
	Derive(&again, d)
	if again.State != m.State || again.Suspect != m.Suspect {
		t.Fatalf("derived %s, then %s", m.State, again.State)
	}
	for _, p := range people {
		offered(t, m, d, p)
		for _, dec := range Shown(m, p).Decisions {
			blind := !m.State.Settled() && m.State != StateDisputed
			if blind && dec.Person != p.ID && m.isCurrent(dec) {
				t.Fatalf("%s is shown the answer of another while opinions are blind", p.Login)
			}
		}
	}
}

// offered asks that a task can be done, and that nothing that could be done is
// hidden from those who have not answered.
func offered(t *rapid.T, m Match, d Dossier, p Person) {
	task := TaskFor(m, d, p)
	dec := says(m, "equivalent")
	if task == TaskAdjudicate {
		dec.Kind = KindAdjudication
	}
	_, err := Decide(m, d, p, dec)
	if task != TaskNone && err != nil {
		t.Fatalf("%s is offered %q and refused: %v", p.Login, task, err)
	}
}

func TestRoles(t *testing.T) {
	for _, r := range append(slices.Clone(Roles), "nobody") {
		for _, a := range []Action{ActionRead, ActionReview, ActionAdjudicate, ActionPosition, ActionSign, ActionTemplate, ActionImport, ActionManage} {
			want := map[Role]string{RoleReader: "read", RoleReviewer: "read review position sign template", RoleAdjudicator: "read review adjudicate sign template", RoleNegotiator: "read position sign template", RoleImporter: "read import", RoleAdmin: "read import template manage"}[r]
			if got := r.May(a); got != slices.Contains(strings.Fields(want), string(a)) {
				t.Errorf("%s may %s: %v", r, a, got)
			}
		}
	}
}
