package review_test

import (
	"strconv"
	"testing"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// TestTurns: one control in every block, so that the share holds exactly, at
// places that differ between people, blocks and salts.
func TestTurns(t *testing.T) {
	for share := 1; share <= review.MaxControls; share++ {
		block := 100/share - 1
		turns := review.Turns{Salt: "salt", Person: uuid.New(), Dossier: uuid.New(), Share: share}
		places := map[int]bool{}
		for b := range 40 {
			if got := turns.By(b * block); got != b {
				t.Fatalf("%d %%: %d controls by %d answers, not %d", share, got, b*block, b)
			}
			for n := range block {
				at := b*block + n
				step := turns.By(at+1) - turns.By(at)
				if step != 0 && step != 1 {
					t.Fatalf("%d %%: %d controls fall due at once", share, step)
				}
				if step == 1 {
					places[n] = true
				}
			}
		}
		if len(places) < 10 {
			t.Errorf("%d %%: controls fall due at %d places of a block only", share, len(places))
		}
		other := turns
		other.Salt = "another"
		same := 0
		for n := range 40 * block {
			if turns.By(n+1)-turns.By(n) == 1 && other.By(n+1)-other.By(n) == 1 {
				same++
			}
		}
		if same > 20 {
			t.Errorf("%d %%: %d of 40 places are the same without the salt", share, same)
		}
	}
	if (review.Turns{Salt: "salt"}).By(1000) != 0 {
		t.Error("controls are due in a dossier that asks for none")
	}
}

// TestDossierControls is the table of shares and policies.
func TestDossierControls(t *testing.T) {
	for _, c := range []struct {
		share  int
		policy review.Policy
		rule   string
	}{
		{0, review.PolicyOneReviewer, ""}, {2, review.PolicyTwoReviewers, ""}, {5, review.PolicyBothParties, ""},
		{1, review.PolicyOneReviewer, "controls-policy"}, {6, review.PolicyBothParties, "controls-share"}, {-1, review.PolicyBothParties, "controls-share"},
	} {
		t.Run(strconv.Itoa(c.share)+" "+string(c.policy), func(t *testing.T) {
			d := review.Dossier{Name: "x", Policy: c.policy, Controls: c.share, Sides: []review.Side{
				{Party: "CN", Standards: []corpus.StandardID{"a"}}, {Party: "RU", Standards: []corpus.StandardID{"b"}}}}
			err := d.Check()
			if got := ruleOf(err); got != c.rule {
				t.Errorf("refused by %q, want %q", got, c.rule)
			}
		})
	}
}

func ruleOf(err error) string {
	if r, found := corpus.RefusalOf(err); found {
		return r.Rule
	}
	return ""
}

// TestJudge is the table of what is known and what is right.
func TestJudge(t *testing.T) {
	d := review.Dossier{Policy: review.PolicyBothParties, Controls: 2, Sides: []review.Side{{Party: "CN"}, {Party: "RU"}}}
	one, two, three := uuid.New(), uuid.New(), uuid.New()
	now := []review.Seen{{Clause: "a/1", Digest: "x"}, {Clause: "b/1", Digest: "y"}}
	said := func(v review.Verdict, forth, back corpus.Answer) review.Decision {
		return review.Decision{ID: uuid.New(), Kind: review.KindOpinion, Verdict: v, AToB: corpus.Recognition{Answer: forth}, BToA: corpus.Recognition{Answer: back}, Seen: now}
	}
	by := func(x review.Decision, person uuid.UUID, party review.Party) review.Decision {
		x.Person, x.Party = person, party
		return x
	}
	subset := said("subset", "no", "yes")
	agreed := []review.Decision{by(subset, one, "CN"), by(said("subset", "no", "yes"), two, "RU")}
	ruled := by(said("subset", "no", "yes"), three, "")
	ruled.Kind = review.KindAdjudication
	stale := subset
	stale.Seen = []review.Seen{{Clause: "a/1", Digest: "old"}, {Clause: "b/1", Digest: "y"}}
	undo := review.Decision{Kind: review.KindWithdrawal}
	for _, c := range []struct {
		name      string
		decisions []review.Decision
		digest    corpus.Digest // of the first clause now
		targets   []corpus.ClauseID
		answer    review.Decision
		right, ok bool
	}{
		{"the same answer", agreed, "x", []corpus.ClauseID{"b/1"}, subset, true, true},
		{"conditions do not count", agreed, "x", []corpus.ClauseID{"b/1"}, review.Decision{Kind: review.KindOpinion, Verdict: "subset", AToB: corpus.Recognition{Answer: "no", Conditions: []string{"z"}}, BToA: corpus.Recognition{Answer: "yes"}, Seen: now}, true, true},
		{"another relation", agreed, "x", []corpus.ClauseID{"b/1"}, said("overlap", "no", "yes"), false, true},
		{"another direction", agreed, "x", []corpus.ClauseID{"b/1"}, said("subset", "conditions", "yes"), false, true},
		{"the other direction", agreed, "x", []corpus.ClauseID{"b/1"}, said("subset", "no", "no"), false, true},
		{"no counterpart", agreed, "x", []corpus.ClauseID{"b/1"}, said(review.VerdictNoCounterpart, "", ""), false, true},
		{"unsure says nothing", agreed, "x", []corpus.ClauseID{"b/1"}, said(review.VerdictUnsure, "", ""), false, false},
		{"an undo says nothing", agreed, "x", []corpus.ClauseID{"b/1"}, undo, false, false},
		{"the text changed since it was agreed", agreed, "new", []corpus.ClauseID{"b/1"}, subset, false, false},
		{"the text was read as it was before", agreed, "x", []corpus.ClauseID{"b/1"}, stale, false, false},
		{"one opinion is not enough", agreed[:1], "x", []corpus.ClauseID{"b/1"}, subset, false, false},
		{"two that differ", []review.Decision{agreed[0], by(said("overlap", "no", "no"), two, "RU")}, "x", []corpus.ClauseID{"b/1"}, subset, false, false},
		{"one that an adjudicator decided", []review.Decision{agreed[0], by(said("overlap", "no", "no"), two, "RU"), ruled}, "x", []corpus.ClauseID{"b/1"}, subset, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := review.Match{Sources: []corpus.ClauseID{"a/1"}, Targets: c.targets, Decisions: c.decisions, Digests: map[corpus.ClauseID]corpus.Digest{"a/1": c.digest, "b/1": "y"}}
			review.Derive(&m, d)
			if right, ok := review.Judge(m, c.answer); right != c.right || ok != c.ok {
				t.Errorf("right %v, known %v; want %v, %v", right, ok, c.right, c.ok)
			}
		})
	}
}

// TestPosedLooksUnanswered: what a person meets is a match as nobody answered it,
// and after their answer one with a single opinion, whatever was agreed.
func TestPosedLooksUnanswered(t *testing.T) {
	d := review.Dossier{Policy: review.PolicyTwoReviewers, Controls: 2, Sides: []review.Side{{Party: "CN"}, {Party: "RU"}}}
	seen := []review.Seen{{Clause: "a/1", Digest: "x"}, {Clause: "b/1", Digest: "y"}}
	say := func(person uuid.UUID, v review.Verdict) review.Decision {
		return review.Decision{ID: uuid.New(), Kind: review.KindOpinion, Person: person, Party: "CN", Verdict: v, AToB: corpus.Recognition{Answer: "yes"}, BToA: corpus.Recognition{Answer: "yes"}, Seen: seen}
	}
	m := review.Match{ID: uuid.Must(uuid.NewV7()), Version: 4, Sources: []corpus.ClauseID{"a/1"}, Targets: []corpus.ClauseID{"b/1"},
		Digests: map[corpus.ClauseID]corpus.Digest{"a/1": "x", "b/1": "y"}, Decisions: []review.Decision{say(uuid.New(), "equivalent"), say(uuid.New(), "equivalent")}}
	review.Derive(&m, d)
	me := review.Person{ID: uuid.New(), Role: review.RoleReviewer, Party: "RU"}
	if !review.MayControl(m, d, me) {
		t.Fatal("an agreed match may not be a control")
	}
	took := m
	took.Decisions = append([]review.Decision{say(me.ID, review.VerdictUnsure)}, m.Decisions...)
	if review.Derive(&took, d); review.MayControl(took, d, me) {
		t.Error("who was unsure once had a part in the match")
	}
	c := review.Control{ID: uuid.New(), Person: me.ID, Match: m.ID}
	posed := c.Posed(m, d, nil)
	if posed.State != review.StateProposed || posed.Outcome != nil || posed.Version != 2 || len(posed.Decisions) != 0 || review.TaskFor(posed, d, me) != review.TaskFirst {
		t.Errorf("posed as %+v", posed)
	}
	after := c.Posed(m, d, []review.Decision{say(me.ID, "overlap")})
	if after.State != review.StateOpinion || after.Version != 3 || len(review.Shown(after, me).Decisions) != 1 || len(review.Shown(after, review.Person{ID: uuid.New()}).Decisions) != 0 {
		t.Errorf("answered as %+v", after)
	}
	if m.State != review.StateConfirmed || len(m.Decisions) != 2 {
		t.Error("the match itself changed")
	}
}
