package review

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/matcher"
)

// limited is a match whose comparison finds a stricter limit on B and a stricter
// obligation on A.
func limited() Match {
	m := newMatch()
	m.Proposal = &matcher.Proposal{Source: "a/1", Target: "b/1", SourceDigest: "x", TargetDigest: "y", Differences: []matcher.Difference{
		{Aspect: matcher.AspectQuantity, A: "<= 0.5 mA", B: "<= 0.25 mA", Finding: matcher.FindingBStricter},
		{Aspect: matcher.AspectObligation, A: "shall", B: "should", Finding: matcher.FindingAStricter},
		{Aspect: matcher.AspectTerm, A: "glass", Finding: matcher.FindingOnlyA},
	}}
	rows := m.Proposal.Differences
	rows[0].SpansA, rows[0].SpansB = []lexicon.Span{{Start: 4, End: 9}}, []lexicon.Span{{Start: 6, End: 12}}
	rows[1].SpansA = []lexicon.Span{{Start: 0, End: 3}}
	rows[2].SpansA = []lexicon.Span{{Start: 20, End: 25}}
	return m
}

// markB is a mark of the limit on the side of B.
func markB() Misreading {
	return Misreading{Kind: MisreadUnit, Clause: "b/1", Digest: "y", Aspect: matcher.AspectQuantity, Start: 6, End: 12}
}

func TestMisread(t *testing.T) {
	for _, c := range []struct {
		name   string
		who    string
		change func(m *Match, d *Dossier, ask *Misreading)
		err    error
		rule   string
	}{
		{"a reviewer of the dossier", "cn1", nil, nil, ""},
		{"an adjudicator of no party", "judge", nil, nil, ""},
		{"a reader", "reader", nil, corpus.ErrForbidden, "role-review"},
		{"somebody disabled", "gone", nil, corpus.ErrForbidden, "role-review"},
		{"a party that takes no part", "sa1", nil, corpus.ErrForbidden, "party-outside"},
		{"a closed dossier", "cn1", func(_ *Match, d *Dossier, _ *Misreading) { d.Closed = true }, corpus.ErrForbidden, "dossier-closed"},
		{"an unknown kind", "cn1", func(_ *Match, _ *Dossier, ask *Misreading) { ask.Kind = "ugly" }, corpus.ErrInvalid, "no-choice"},
		{"a clause of another match", "cn1", func(_ *Match, _ *Dossier, ask *Misreading) { ask.Clause = "c/1" }, corpus.ErrInvalid, "misread-place"},
		{"a text that has changed", "cn1", func(m *Match, _ *Dossier, _ *Misreading) { m.Digests["b/1"] = "z" }, ErrStale, "stale-clause"},
		{"a place that nothing was read at", "cn1", func(_ *Match, _ *Dossier, ask *Misreading) { ask.Start++ }, corpus.ErrInvalid, "misread-place"},
		{"the place of the other side", "cn1", func(_ *Match, _ *Dossier, ask *Misreading) { ask.Start, ask.End = 4, 9 }, corpus.ErrInvalid, "misread-place"},
		{"another aspect", "cn1", func(_ *Match, _ *Dossier, ask *Misreading) { ask.Aspect = matcher.AspectObligation }, corpus.ErrInvalid, "misread-place"},
		{"a term, which is no reading of a limit", "cn1", func(_ *Match, _ *Dossier, ask *Misreading) {
			*ask = Misreading{Kind: MisreadOther, Clause: "a/1", Digest: "x", Aspect: matcher.AspectTerm, Start: 20, End: 25}
		}, corpus.ErrInvalid, "misread-place"},
		{"a match without a comparison", "cn1", func(m *Match, _ *Dossier, _ *Misreading) { m.Proposal = nil }, corpus.ErrInvalid, "misread-place"},
		{"a place that is marked", "cn1", func(m *Match, _ *Dossier, ask *Misreading) {
			have := *ask
			have.Match, have.Standing = m.ID, true
			m.Misreadings = []Misreading{have}
		}, corpus.ErrConflict, "misread-again"},
		{"a place that was marked on another match", "cn1", func(m *Match, _ *Dossier, ask *Misreading) {
			have := *ask
			have.Match, have.Standing = uuid.New(), true
			m.Misreadings = []Misreading{have}
		}, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, d, ask := limited(), dossierOf(PolicyBothParties), markB()
			if c.change != nil {
				c.change(&m, &d, &ask)
			}
			got, err := Misread(m, d, people[c.who], m.Proposal, ask)
			if !errors.Is(err, c.err) {
				t.Fatalf("error %v, want %v", err, c.err)
			}
			if err != nil {
				if r, _ := corpus.RefusalOf(err); r.Rule != c.rule {
					t.Errorf("rule %q, want %q", r.Rule, c.rule)
				}
				return
			}
			if got.Read != "<= 0.25 mA" || got.Match != m.ID || got.Person != people[c.who].ID {
				t.Errorf("made: %+v", got)
			}
		})
	}
}

func TestMisreadingAndGuard(t *testing.T) {
	equal, subset := Verdict(corpus.RelationEquivalent), Verdict(corpus.RelationSubset)
	for _, c := range []struct {
		name    string
		change  func(m Match, r *Misreading)
		verdict Verdict
		refused bool
		noted   bool
	}{
		{"the other row still speaks against equality", nil, equal, true, false},
		{"the marked row speaks no more", func(m Match, _ *Misreading) { m.Proposal.Differences = m.Proposal.Differences[:1] }, equal, false, true},
		{"marked on another match", func(m Match, r *Misreading) {
			m.Proposal.Differences = m.Proposal.Differences[:1]
			r.Match = uuid.New()
		}, equal, true, false},
		{"of an earlier text or taken back", func(m Match, r *Misreading) {
			m.Proposal.Differences = m.Proposal.Differences[:1]
			r.Standing = false
		}, equal, true, false},
		{"of another place", func(m Match, r *Misreading) {
			m.Proposal.Differences = m.Proposal.Differences[:1]
			r.Start++
		}, equal, true, false},
		{"the comparison was made of an earlier text", func(m Match, _ *Misreading) {
			m.Proposal.Differences = m.Proposal.Differences[:1]
			m.Proposal.TargetDigest = "old"
		}, equal, true, false},
		{"a verdict that only the other row speaks against", nil, subset, true, false},
		{"unsure notes nothing", nil, VerdictUnsure, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := limited()
			r := markB()
			r.Match, r.Standing = m.ID, true
			p := *m.Proposal
			m.Proposal = &p
			if c.change != nil {
				c.change(m, &r)
			}
			m.Misreadings = []Misreading{r}
			out, err := Decide(m, dossierOf(PolicyBothParties), people["cn1"], says(m, c.verdict))
			if refused := errors.Is(err, ErrGuard); refused != c.refused {
				t.Fatalf("refused %v (%v), want %v", refused, err, c.refused)
			}
			if err == nil {
				if noted := slices.Contains(out.Decisions[0].Reasons, "extraction-error"); noted != c.noted {
					t.Errorf("noted %v, want %v: %v", noted, c.noted, out.Decisions[0].Reasons)
				}
			}
		})
	}
	if !slices.Contains(ReasonCodes, reasonMisread) {
		t.Errorf("%q is no reason code", reasonMisread)
	}
}

func TestMisreadingIsNotedOnce(t *testing.T) {
	m := limited()
	r := markB()
	r.Match, r.Standing = m.ID, true
	m.Misreadings = []Misreading{r}
	dec := says(m, Verdict(corpus.RelationOverlap))
	dec.Reasons = []string{"scope", "extraction-error"}
	out, err := Decide(m, dossierOf(PolicyBothParties), people["cn1"], dec)
	if err != nil || !slices.Equal(out.Decisions[0].Reasons, dec.Reasons) {
		t.Errorf("%v %v", out.Decisions, err)
	}
	dec.Reasons = []string{"scope"}
	if out, err = Decide(m, dossierOf(PolicyBothParties), people["cn1"], dec); err != nil || !slices.Equal(out.Decisions[0].Reasons, []string{"scope", "extraction-error"}) {
		t.Errorf("%v %v", out.Decisions, err)
	}
	m.Misreadings = nil
	if out, err = Decide(m, dossierOf(PolicyBothParties), people["cn1"], dec); err != nil || !slices.Equal(out.Decisions[0].Reasons, []string{"scope"}) {
		t.Errorf("without a mark: %v %v", out.Decisions, err)
	}
}

func TestMisreadingWithdrawn(t *testing.T) {
	r := markB()
	r.Person, r.Standing = people["cn1"].ID, true
	for _, who := range []string{"cn2", "admin", "judge"} {
		if _, err := r.Withdraw(people[who], time.Unix(1, 0)); !errors.Is(err, corpus.ErrForbidden) {
			t.Errorf("%s takes back what another marked: %v", who, err)
		}
	}
	back, err := r.Withdraw(people["cn1"], time.Unix(1, 0))
	if err != nil || back.Standing || back.Withdrawn.IsZero() {
		t.Fatalf("%+v %v", back, err)
	}
	if _, err := back.Withdraw(people["cn1"], time.Unix(2, 0)); !errors.Is(err, corpus.ErrConflict) {
		t.Errorf("taken back twice: %v", err)
	}
}
