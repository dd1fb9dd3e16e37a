package review

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
)

// The protocol against a model. The model is written from what the protocol
// promises (who may close a match, who sees what), not from its code: it keeps a
// plain log of who really did what on which text, whatever the rule says, and
// derives the state from it in the shortest way. Random sequences of answers,
// adjudications, undos and changes of text go through both.

// logged is one accepted decision as the model keeps it.
type logged struct {
	id      uuid.UUID
	who     Person // who really sent it
	judge   bool
	verdict Verdict
	text    int // the version of the text it was given on, with what amended it
	undone  bool
}

// history is the model of one match.
type history struct {
	policy Policy
	log    []logged
	text   int
}

// answers are the standing opinions on the present text, one a person, in the
// order of their first answers that stand.
func (h history) answers() []logged {
	var out []logged
	for _, l := range h.log {
		if l.judge || l.undone || l.text != h.text {
			continue
		}
		if i := slices.IndexFunc(out, func(o logged) bool { return o.who.ID == l.who.ID }); i >= 0 {
			out[i] = l
		} else {
			out = append(out, l)
		}
	}
	return slices.DeleteFunc(out, func(l logged) bool { return l.verdict == VerdictUnsure })
}

// judged is the adjudication on the present text.
func (h history) judged() (logged, bool) {
	for _, l := range slices.Backward(h.log) {
		if l.judge && !l.undone && l.text == h.text {
			return l, true
		}
	}
	return logged{}, false
}

// state is what the present text stands at, by the policy.
func (h history) state() State {
	closed := map[Verdict]State{VerdictNoCounterpart: StateAbsent, "none": StateRejected}
	of := func(v Verdict) State {
		if s, ok := closed[v]; ok {
			return s
		}
		return StateConfirmed
	}
	if j, ok := h.judged(); ok {
		return of(j.verdict)
	}
	given := h.answers()
	if len(given) == 0 {
		return StateProposed
	}
	for _, l := range given {
		if l.verdict != given[0].verdict {
			return StateDisputed
		}
	}
	switch {
	case len(given) > 1:
		return of(given[0].verdict)
	case h.policy != PolicyOneReviewer:
		return StateOpinion
	case given[0].verdict.Rejects():
		return StateDisputed
	}
	return of(given[0].verdict)
}

// rules is what is tested: the real ones, or broken ones that must be found.
type rules struct {
	decide func(m Match, d Dossier, p Person, dec Decision) (Match, error)
	shown  func(m Match, p Person) Match
}

// actors are those who take part in the sequences.
var actors = []string{"cn1", "cn2", "ru1", "ru2", "sa1", "judge", "cnjudge", "reader", "gone"}

// playOut runs one random sequence and says what broke, "" for nothing.
func playOut(r rules, seed uint64) string {
	rnd := rand.New(rand.NewPCG(seed, 7))
	h := history{policy: Policies[rnd.IntN(len(Policies))]}
	d, m := dossierOf(h.policy), newMatch()
	verdicts := []Verdict{"equivalent", "equivalent", "subset", "none", VerdictUnsure}
	if rnd.IntN(4) == 0 {
		m.Targets = nil
		verdicts = []Verdict{VerdictNoCounterpart, VerdictNoCounterpart, VerdictUnsure}
		delete(m.Digests, "b/1")
	}
	for n := range 3 + rnd.IntN(8) {
		if k := rnd.IntN(8); k == 0 {
			h.text += amendedWays - h.text%amendedWays // whatever amended the old text is gone
			m.Digests["a/1"], m.Amended = corpus.Digest(fmt.Sprint("text ", h.text)), nil
			Derive(&m, d)
		} else if k == 1 { // an amendment comes, goes or does something else
			h.text += rnd.IntN(amendedWays) - h.text%amendedWays
			m.Amended = nil
			if way := h.text % amendedWays; way > 0 {
				m.Amended = map[corpus.ClauseID][]corpus.Amendment{"a/1": {{By: "amd/1", Act: corpus.EffectReplaced, Digest: corpus.Digest(fmt.Sprint("way ", way))}}}
			}
			Derive(&m, d)
		} else {
			who := people[actors[rnd.IntN(len(actors))]]
			dec := says(m, verdicts[rnd.IntN(len(verdicts))])
			dec.ID, dec.At = uuid.NewSHA1(uuid.Nil, fmt.Append(nil, seed, " ", n)), time.Unix(int64(n), 0)
			switch k := rnd.IntN(8); {
			case k == 0:
				dec.Kind = KindAdjudication
			case k == 1 && len(m.Decisions) > 0:
				dec.Kind, dec.Withdraws = KindWithdrawal, m.Decisions[rnd.IntN(len(m.Decisions))].ID
			case k == 2:
				dec.Seen[0].Digest = "an older text"
			case k == 3:
				dec.Seen[0].Amended = []corpus.Amendment{{Digest: "another amendment"}}
			case k == 4:
				dec.Seen[0].Amended = nil
			}
			if broken := h.send(r, &m, d, who, dec); broken != "" {
				return broken
			}
		}
		if broken := h.holds(r, m); broken != "" {
			return broken
		}
	}
	return ""
}

// send offers one decision to the rule and, when it is taken, to the model.
func (h *history) send(r rules, m *Match, d Dossier, who Person, dec Decision) string {
	before := *m
	before.Decisions = slices.Clone(m.Decisions)
	after, err := r.decide(*m, d, who, dec)
	if err != nil {
		if !same(after, before) {
			return "a refused decision changed the match"
		}
		return h.refusal(*m, who, dec, err)
	}
	if len(after.Decisions) != len(before.Decisions)+1 || !slices.EqualFunc(after.Decisions[:len(before.Decisions)], before.Decisions, func(a, b Decision) bool { return reflect.DeepEqual(a, b) }) || after.Version != before.Version+1 {
		return "a decision did more than add itself"
	}
	*m = after
	if dec.Kind == KindWithdrawal {
		i := slices.IndexFunc(h.log, func(l logged) bool { return l.id == dec.Withdraws })
		if h.log[i].who.ID != who.ID || h.log[i].undone {
			return "somebody undid what was not theirs to undo"
		}
		h.log[i].undone = true
		return ""
	}
	if !upToDate(*m, dec) {
		return "a decision on an older text, or not knowing an amendment, was taken"
	}
	h.log = append(h.log, logged{id: dec.ID, who: who, judge: dec.Kind == KindAdjudication, verdict: dec.Verdict, text: h.text})
	return ""
}

// upToDate tells whether a decision was made on the present texts, knowing what
// amends them.
func upToDate(m Match, dec Decision) bool {
	return !slices.ContainsFunc(dec.Seen, func(s Seen) bool {
		known := slices.EqualFunc(s.Amended, m.Amended[s.Clause], func(a, b corpus.Amendment) bool { return a.Digest == b.Digest })
		return s.Digest != m.Digests[s.Clause] || !known
	})
}

// amendedWays is in how many ways a text of a sequence is amended, the first of them
// not at all.
const amendedWays = 3

// same tells whether two matches are alike in everything.
func same(a, b Match) bool {
	if len(a.Decisions) == 0 && len(b.Decisions) == 0 {
		a.Decisions, b.Decisions = nil, nil
	}
	return reflect.DeepEqual(a, b)
}

// refusal says where the rule is too strict: somebody of a party that has not
// answered, on the present text of a match that is open, must be heard.
func (h history) refusal(m Match, who Person, dec Decision, err error) string {
	fresh := upToDate(m, dec)
	if dec.Kind != KindOpinion || who.Role != RoleReviewer || who.Disabled || who.Party == "SA" || !fresh {
		return ""
	}
	took := slices.ContainsFunc(h.log, func(l logged) bool { return l.who.Party == who.Party })
	if s := h.state(); !took && !s.Settled() {
		return fmt.Sprintf("%s of a party that has not answered is refused in state %s: %v", who.Login, s, err)
	}
	return ""
}

// holds checks what must always hold.
func (h history) holds(r rules, m Match) string {
	state := h.state()
	if !m.Suspect && m.State != state {
		return fmt.Sprintf("the state is %s, the model says %s", m.State, state)
	}
	if m.Suspect && (state.Settled() || state == StateDisputed) {
		return "what is settled on the present text is suspect"
	}
	earlier := slices.ContainsFunc(h.log, func(l logged) bool {
		return !l.undone && l.text != h.text && (l.judge || l.verdict != VerdictUnsure)
	})
	if !state.Settled() && state != StateDisputed && m.Suspect != earlier {
		return fmt.Sprintf("suspect is %v, the model says %v", m.Suspect, earlier)
	}
	if m.State.Settled() && !m.Suspect {
		if broken := h.closedRightly(m); broken != "" {
			return broken
		}
	}
	open := !m.State.Settled() && m.State != StateDisputed && !m.Suspect
	for _, name := range actors {
		viewer := people[name]
		for _, dec := range r.shown(m, viewer).Decisions {
			i := slices.IndexFunc(h.log, func(l logged) bool { return l.id == dec.ID })
			if open && i >= 0 && h.log[i].who.ID != viewer.ID {
				return "an opinion is seen before all have answered"
			}
		}
	}
	return ""
}

// closedRightly checks who closed a match.
func (h history) closedRightly(m Match) string {
	var by []logged
	for _, l := range h.log {
		if slices.Contains(m.Outcome.By, l.id) {
			by = append(by, l)
		}
	}
	persons, parties := map[uuid.UUID]bool{}, map[Party]bool{}
	for _, l := range by {
		persons[l.who.ID], parties[l.who.Party] = true, true
		if l.who.Party == "SA" || l.who.Disabled || l.who.Role == RoleReader {
			return "somebody who takes no part closed a match"
		}
	}
	if j, ok := h.judged(); ok {
		for _, l := range h.log {
			if !l.judge && l.who.ID == j.who.ID {
				return "an adjudicator gave an opinion too"
			}
		}
		return ""
	}
	switch {
	case h.policy != PolicyOneReviewer && len(persons) < 2:
		return "one person alone closed a match"
	case h.policy == PolicyBothParties && len(parties) < 2:
		return "one party alone closed a match"
	case m.State != StateConfirmed && len(persons) < 2:
		return "one side's rejection closed a match"
	}
	return ""
}

var realRules = rules{Decide, Shown}

// TestProtocolAgainstModel runs a hundred thousand sequences (five thousand with
// -short).
func TestProtocolAgainstModel(t *testing.T) {
	sequences := uint64(100_000)
	if testing.Short() {
		sequences = 5_000
	}
	for seed := range sequences {
		if broken := playOut(realRules, seed); broken != "" {
			t.Fatalf("sequence %d: %s", seed, broken)
		}
	}
}

// TestModelBites breaks the rules one by one; every break must be found.
func TestModelBites(t *testing.T) {
	n := 0
	for name, broken := range map[string]rules{
		"a person answers twice as somebody else": {decide: func(m Match, d Dossier, p Person, dec Decision) (Match, error) {
			if dec.Kind == KindOpinion {
				n++
				p.ID = uuid.NewSHA1(uuid.Nil, fmt.Append(nil, "mask", n))
			}
			return Decide(m, d, p, dec)
		}},
		"a party speaks for the other": {decide: func(m Match, d Dossier, p Person, dec Decision) (Match, error) {
			if dec.Kind == KindOpinion && p.Login == "cn2" {
				p.Party = "RU"
			}
			return Decide(m, d, p, dec)
		}},
		"outsiders are heard": {decide: func(m Match, d Dossier, p Person, dec Decision) (Match, error) {
			if p.Party == "SA" {
				p.Party = "RU"
			}
			return Decide(m, d, p, dec)
		}},
		"older texts are taken": {decide: func(m Match, d Dossier, p Person, dec Decision) (Match, error) {
			dec.Seen = slices.Clone(dec.Seen)
			for i := range dec.Seen {
				dec.Seen[i].Digest = m.Digests[dec.Seen[i].Clause]
			}
			return Decide(m, d, p, dec)
		}},
		"unknown amendments are taken": {decide: func(m Match, d Dossier, p Person, dec Decision) (Match, error) {
			dec.Seen = slices.Clone(dec.Seen)
			for i := range dec.Seen {
				dec.Seen[i].Amended = m.Amended[dec.Seen[i].Clause]
			}
			return Decide(m, d, p, dec)
		}},
		"amendments change nothing": {decide: func(m Match, d Dossier, p Person, dec Decision) (Match, error) {
			out, err := Decide(m, d, p, dec)
			if err == nil {
				plain := out
				plain.Amended = nil
				plain.Decisions = slices.Clone(out.Decisions)
				for i := range plain.Decisions {
					plain.Decisions[i].Seen = slices.Clone(plain.Decisions[i].Seen)
					for k := range plain.Decisions[i].Seen {
						plain.Decisions[i].Seen[k].Amended = nil
					}
				}
				Derive(&plain, d)
				out.State, out.Outcome, out.Suspect = plain.State, plain.Outcome, plain.Suspect
			}
			return out, err
		}},
		"one rejection closes": {decide: func(m Match, d Dossier, p Person, dec Decision) (Match, error) {
			out, err := Decide(m, d, p, dec)
			if err == nil && out.State == StateDisputed && len(out.opinions()) == 1 {
				out.State, out.Outcome = StateRejected, &Outcome{Verdict: "none", By: []uuid.UUID{dec.ID}}
			}
			return out, err
		}},
		"anybody undoes": {decide: func(m Match, d Dossier, p Person, dec Decision) (Match, error) {
			if last := len(m.Decisions) - 1; dec.Kind == KindWithdrawal && last >= 0 {
				p.ID = m.Decisions[last].Person
			}
			return Decide(m, d, p, dec)
		}},
		"an adjudicator who answered": {decide: func(m Match, d Dossier, p Person, dec Decision) (Match, error) {
			if dec.Kind == KindAdjudication && p.Login == "cnjudge" {
				p.ID = people["judge"].ID
			}
			return Decide(m, d, p, dec)
		}},
		"a second opinion is refused": {decide: func(m Match, d Dossier, p Person, dec Decision) (Match, error) {
			if len(m.Decisions) == 1 && dec.Kind == KindOpinion && m.Decisions[0].Person != p.ID {
				return m, ErrSettled
			}
			return Decide(m, d, p, dec)
		}},
		"a refusal leaves a trace": {decide: func(m Match, d Dossier, p Person, dec Decision) (Match, error) {
			out, err := Decide(m, d, p, dec)
			if errors.Is(err, ErrSettled) {
				out.Version++
			}
			return out, err
		}},
		"opinions are not blind": {shown: func(m Match, _ Person) Match { return m }},
	} {
		if broken.decide == nil {
			broken.decide = Decide
		}
		if broken.shown == nil {
			broken.shown = Shown
		}
		found := ""
		for seed := uint64(0); seed < 20_000 && found == ""; seed++ {
			found = playOut(broken, seed)
		}
		if found == "" {
			t.Errorf("%s: not found in 20,000 sequences", name)
		}
		t.Logf("%s: %s", name, found)
	}
}
