package review

import (
	"errors"
	"slices"
	"strings"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
)

// Errors of the protocol, told apart with errors.Is. All but ErrStale wrap one
// of corpus' kinds.
var (
	// ErrOwnSecond refuses a second opinion by somebody who gave the first, or,
	// where both parties must answer, by the same party.
	ErrOwnSecond = corpus.Refuse(corpus.ErrForbidden, "own-second", "you or your party have answered already")
	// ErrNotAdjudicator refuses a decision over a dispute by somebody who took
	// part in it or is no adjudicator.
	ErrNotAdjudicator = corpus.Refuse(corpus.ErrForbidden, "not-adjudicator", "a dispute is decided by an adjudicator who gave no opinion on it")
	// ErrSettled refuses a further opinion on an agreed match.
	ErrSettled = corpus.Refuse(corpus.ErrConflict, "settled", "this match is agreed already")
	// ErrStale says that a text changed since it was read.
	ErrStale = corpus.Refuse(corpus.ErrConflict, "stale", "a text changed since you read it")
	// ErrGuard says that the answer needs something more, in words.
	ErrGuard = errors.New("the answer is not complete")
)

// Decide adds a decision to a match, or says why it may not be added. It is the
// whole rule: who may answer, on which texts, with what completeness. The match
// comes back with its state derived anew; on an error it is unchanged.
func Decide(m Match, d Dossier, p Person, dec Decision) (Match, error) {
	if err := mayAnswer(m, d, p, dec); err != nil {
		return m, err
	}
	if err := complete(m, dec); err != nil {
		return m, err
	}
	dec.Match, dec.Person, dec.Party, dec.Reasons = m.ID, p.ID, p.Party, m.noted(dec)
	dec.Seen = m.known(dec.Seen)
	out := m
	out.Decisions = append(slices.Clone(m.Decisions), dec)
	out.Version++
	out.Updated = dec.At
	Derive(&out, d)
	return out, nil
}

// mayAnswer checks the person, the party, the protocol and the text versions.
func mayAnswer(m Match, d Dossier, p Person, dec Decision) error {
	switch {
	case d.Closed:
		return corpus.Refuse(corpus.ErrForbidden, "dossier-closed", "the dossier {dossier} is closed", "dossier", d.Name)
	case dec.Kind == KindWithdrawal:
		return mayWithdraw(m, p, dec)
	case dec.Kind == KindAdjudication:
		return mayAdjudicate(m, d, p, dec)
	case dec.Kind != KindOpinion:
		return corpus.Refuse(corpus.ErrInvalid, "no-choice", "\"{value}\" is not a kind of decision", "value", dec.Kind)
	case !p.May(ActionReview):
		return corpus.Refuse(corpus.ErrForbidden, "role-review", "your role does not review")
	case !d.TakesPart(p.Party):
		return corpus.Refuse(corpus.ErrForbidden, "party-outside", "your party \"{party}\" takes no part in the dossier {dossier}", "party", p.Party, "dossier", d.Name)
	}
	if err := fresh(m, dec); err != nil {
		return err
	}
	if m.took(p, KindAdjudication) {
		return corpus.Refuse(ErrOwnSecond, "was-adjudicator", "you decided a dispute over this match")
	}
	given := m.opinions()
	if m.adjudication(m.version(nil)) != nil {
		return ErrSettled
	}
	for _, o := range given {
		if o.Person == p.ID {
			if m.State.Settled() && !m.Suspect && len(given) > 1 {
				return ErrSettled
			}
			return nil // revising one's own answer
		}
	}
	if dec.Verdict == VerdictUnsure {
		return nil
	}
	if d.Policy == PolicyBothParties {
		for _, o := range given {
			if o.Party == p.Party {
				return ErrOwnSecond
			}
		}
	}
	if m.State.Settled() && !m.Suspect {
		return ErrSettled
	}
	return nil
}

// mayAdjudicate checks a decision over a dispute.
func mayAdjudicate(m Match, d Dossier, p Person, dec Decision) error {
	if !p.May(ActionAdjudicate) {
		return ErrNotAdjudicator
	}
	if m.State != StateDisputed {
		return corpus.Refuse(corpus.ErrConflict, "not-disputed", "only a disputed match can be adjudicated")
	}
	if m.took(p, KindOpinion) {
		return ErrNotAdjudicator
	}
	if until := m.TalkUntil(d); dec.At.Before(until) {
		return corpus.Refuse(corpus.ErrConflict, "dispute-talk", "both sides may talk or change their answers until {until}", "until", until.UTC().Format("2006-01-02 15:04 UTC"))
	}
	if dec.Verdict == VerdictUnsure {
		return corpus.Refuse(ErrGuard, "adjudicator-unsure", "an adjudicator gives an answer")
	}
	if strings.TrimSpace(dec.Note) == "" {
		return corpus.Refuse(ErrGuard, "adjudication-note", "an adjudication needs a reason in words")
	}
	return fresh(m, dec)
}

// mayWithdraw checks an undo: one's own decision, the last one on the match.
func mayWithdraw(m Match, p Person, dec Decision) error {
	if len(m.Decisions) == 0 {
		return corpus.Refuse(corpus.ErrConflict, "undo-nothing", "there is nothing to undo")
	}
	last := m.Decisions[len(m.Decisions)-1]
	switch {
	case last.ID != dec.Withdraws:
		return corpus.Refuse(corpus.ErrConflict, "undo-last", "only the last decision on a match can be undone")
	case last.Person != p.ID || p.Disabled:
		return corpus.Refuse(corpus.ErrForbidden, "undo-own", "only your own decision can be undone")
	case last.Kind == KindWithdrawal:
		return corpus.Refuse(corpus.ErrConflict, "undo-undo", "an undo cannot be undone, answer again")
	}
	return nil
}

// fresh checks that the decision was made on the present texts of all clauses.
func fresh(m Match, dec Decision) error {
	seen := map[corpus.ClauseID]Seen{}
	for _, s := range dec.Seen {
		seen[s.Clause] = s
	}
	for _, id := range m.Clauses() {
		now, known := m.Digests[id]
		if !known || seen[id].Digest != now {
			return corpus.Refuse(ErrStale, "stale-clause", "clause {clause} changed since you read it", "clause", id)
		}
		if amendmentsKey(seen[id].Amended) != amendmentsKey(m.Amended[id]) {
			return corpus.Refuse(ErrStale, "stale-amended", "what amendments do to clause {clause} changed since you read it", "clause", id)
		}
		if seen[id].Terms != m.Terms[id] {
			return corpus.Refuse(ErrStale, "stale-terms", "a term used in clause {clause} changed since you read it", "clause", id)
		}
	}
	return nil
}

// complete checks that an answer says what it must (the guards of UX.md 7.2).
func complete(m Match, dec Decision) error {
	if dec.Kind == KindWithdrawal || dec.Verdict == VerdictUnsure {
		return nil
	}
	if !slices.Contains(Verdicts, dec.Verdict) {
		return corpus.Refuse(corpus.ErrInvalid, "no-choice", "\"{value}\" is not a verdict", "value", string(dec.Verdict))
	}
	// Said of a control it stays on the control: it must make no other match.
	if len(m.Targets) == 0 || m.Control && dec.Verdict == VerdictNoCounterpart {
		if dec.Verdict != VerdictNoCounterpart {
			return corpus.Refuse(ErrGuard, "absent-only", "a match without targets can only be answered with no counterpart or unsure")
		}
		if strings.TrimSpace(dec.Search) == "" {
			return corpus.Refuse(ErrGuard, "search-missing", "no counterpart needs the search that was done")
		}
		return nil
	}
	if dec.Verdict == VerdictNoCounterpart {
		return corpus.Refuse(corpus.ErrInvalid, "absent-of-pair", "no counterpart is said of a clause and a standard, not of a pair")
	}
	for _, r := range []corpus.Recognition{dec.AToB, dec.BToA} {
		if r.Answer == corpus.AnswerConditions && len(r.Conditions) == 0 {
			return corpus.Refuse(ErrGuard, "conditions-missing", "recognition with conditions needs the conditions written out")
		}
		if r.Answer == corpus.AnswerOpen {
			return corpus.Refuse(ErrGuard, "answer-missing", "say whether each side's products are recognised by the other")
		}
	}
	if row, contradicts := m.Contradiction(dec.Verdict); contradicts && len(dec.Reasons) == 0 {
		return corpus.Refuse(ErrGuard, "reason-missing", "{aspect} differs, so {verdict} needs a reason", "aspect", row.Aspect, "verdict", dec.Verdict)
	}
	return nil
}

// Contradiction finds the first computed difference that speaks against a
// verdict: an equality although a limit or an obligation is stricter on one
// side, or a containment although the side said to ask less is the stricter one
// (UX.md 7.2, guard a).
func Contradiction(p *matcher.Proposal, v Verdict) (matcher.Difference, bool) {
	if p == nil {
		return matcher.Difference{}, false
	}
	for _, row := range p.Differences {
		if row.Aspect != matcher.AspectQuantity && row.Aspect != matcher.AspectObligation {
			continue
		}
		a, b := row.Finding == matcher.FindingAStricter, row.Finding == matcher.FindingBStricter
		switch corpus.Relation(v) {
		case corpus.RelationIdentical, corpus.RelationEquivalent:
			if a || b {
				return row, true
			}
		case corpus.RelationSubset:
			if a {
				return row, true
			}
		case corpus.RelationSuperset:
			if b {
				return row, true
			}
		}
	}
	return matcher.Difference{}, false
}

// Derive sets State, Outcome and Suspect from the decisions, the policy, the
// present digests, what amendments do to the clauses now and what the termbase makes
// of them. It is a pure function of them: the same decisions always give the same
// state. What was agreed on earlier texts, other terms, or not knowing an amendment, stays visible but suspect, until
// enough people have answered on the present ones.
func Derive(m *Match, d Dossier) {
	now := m.version(nil)
	m.State, m.Outcome = settle(m.standing(now), m.adjudication(now), d)
	m.Suspect = false
	if m.State.Settled() || m.State == StateDisputed {
		return
	}
	earlier := m.earlier(now)
	m.Suspect = len(earlier) > 0
	for i := len(earlier) - 1; i >= 0; i-- {
		if state, outcome := settle(m.standing(earlier[i]), m.adjudication(earlier[i]), d); state.Settled() {
			m.State, m.Outcome = state, outcome
			return
		}
	}
}

// settle applies the policy to the opinions that count, in the order given.
func settle(opinions []Decision, adj *Decision, d Dossier) (State, *Outcome) {
	if adj != nil {
		return stateOf(adj.Verdict), &Outcome{Verdict: adj.Verdict, AToB: adj.AToB, BToA: adj.BToA, By: []uuid.UUID{adj.ID}}
	}
	if len(opinions) == 0 {
		return StateProposed, nil
	}
	first := opinions[0]
	outcome := &Outcome{Verdict: first.Verdict, AToB: first.AToB, BToA: first.BToA, By: []uuid.UUID{first.ID}}
	for _, o := range opinions[1:] {
		if !sameAnswer(first, o) {
			return StateDisputed, nil
		}
		outcome.By = append(outcome.By, o.ID)
		outcome.AToB, outcome.BToA = outcome.AToB.With(o.AToB), outcome.BToA.With(o.BToA)
	}
	if len(opinions) > 1 {
		return stateOf(first.Verdict), outcome
	}
	if d.Policy != PolicyOneReviewer {
		return StateOpinion, nil
	}
	if first.Verdict.Rejects() && len(d.Parties()) > 1 {
		return StateDisputed, nil // one side's rejection never closes a match alone
	}
	return stateOf(first.Verdict), outcome
}

// stateOf is the settled state a verdict leads to.
func stateOf(v Verdict) State {
	switch v {
	case VerdictNoCounterpart:
		return StateAbsent
	case Verdict(corpus.RelationNone):
		return StateRejected
	}
	return StateConfirmed
}

// sameAnswer tells whether two opinions agree: verdict and both directions.
func sameAnswer(a, b Decision) bool {
	return a.Verdict == b.Verdict && a.AToB.Answer == b.AToB.Answer && a.BToA.Answer == b.BToA.Answer
}

// took tells whether a person ever decided on the match in this way, also when
// it was withdrawn or another text.
func (m Match) took(p Person, kind DecisionKind) bool {
	return slices.ContainsFunc(m.Decisions, func(d Decision) bool { return d.Person == p.ID && d.Kind == kind })
}

// active are the decisions that no withdrawal undid, without the withdrawals.
func (m Match) active() []Decision {
	undone := map[uuid.UUID]bool{}
	for _, d := range m.Decisions {
		if d.Kind == KindWithdrawal {
			undone[d.Withdraws] = true
		}
	}
	var out []Decision
	for _, d := range m.Decisions {
		if d.Kind != KindWithdrawal && !undone[d.ID] {
			out = append(out, d)
		}
	}
	return out
}

// opinions are the latest active opinions, one a person, that answer the
// question on the present texts.
func (m Match) opinions() []Decision { return m.standing(m.version(nil)) }

// standing is the latest active opinion of each person on one version of the
// texts, in the order in which the people first answered; unsure does not count.
func (m Match) standing(version string) []Decision {
	latest := map[uuid.UUID]Decision{}
	var order []uuid.UUID
	for _, d := range m.active() {
		if d.Kind != KindOpinion || m.version(d.Seen) != version {
			continue
		}
		if _, seen := latest[d.Person]; !seen {
			order = append(order, d.Person)
		}
		latest[d.Person] = d
	}
	var out []Decision
	for _, person := range order {
		if d := latest[person]; d.Verdict != VerdictUnsure {
			out = append(out, d)
		}
	}
	return out
}

// version names the texts of all clauses that were seen with the amendments and the
// terms that were known, or with nil the present ones.
func (m Match) version(seen []Seen) string {
	digests, amended, terms := m.Digests, m.Amended, m.Terms
	if seen != nil {
		digests = make(map[corpus.ClauseID]corpus.Digest, len(seen))
		amended, terms = nil, nil
		for _, s := range seen {
			digests[s.Clause] = s.Digest
			if len(s.Amended) > 0 && amended == nil {
				amended = map[corpus.ClauseID][]corpus.Amendment{}
			}
			if len(s.Amended) > 0 {
				amended[s.Clause] = s.Amended
			}
			if s.Terms != "" && terms == nil {
				terms = map[corpus.ClauseID]corpus.Digest{}
			}
			if s.Terms != "" {
				terms[s.Clause] = s.Terms
			}
		}
	}
	var b strings.Builder
	for _, id := range m.Clauses() {
		b.WriteString(string(digests[id]))
		b.WriteString(amendmentsKey(amended[id]))
		if state := terms[id]; state != "" {
			b.WriteString("~" + string(state))
		}
		b.WriteByte(' ')
	}
	return b.String()
}

// earlier lists the versions of the texts that were answered on before the
// given one, the latest last.
func (m Match) earlier(now string) []string {
	var out []string
	for _, d := range m.active() {
		v := m.version(d.Seen)
		if v == now || d.Kind == KindOpinion && d.Verdict == VerdictUnsure {
			continue
		}
		out = append(slices.DeleteFunc(out, func(have string) bool { return have == v }), v)
	}
	return out
}

// isCurrent tells whether a decision was made on the present texts.
func (m Match) isCurrent(d Decision) bool { return m.version(d.Seen) == m.version(nil) }

// adjudication is the last active adjudication on one version of the texts, or
// nil.
func (m Match) adjudication(version string) *Decision {
	active := m.active()
	for i := len(active) - 1; i >= 0; i-- {
		if active[i].Kind == KindAdjudication && m.version(active[i].Seen) == version {
			return &active[i]
		}
	}
	return nil
}
