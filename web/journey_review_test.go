package web

import (
	"fmt"
	"slices"
	"strings"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

const (
	verdict = "(document.querySelector('input[name=verdict]:checked')?.value ?? '')"
	benched = "!!document.querySelector('#bench') && document.readyState === 'complete'"
	calm    = "!document.querySelector('#waiting')?.textContent && document.readyState === 'complete'"
)

// begin comes from a dossier's page to the first pair of a task.
func begin(task review.Task) []step {
	return []step{visit("/dossiers/{dossier}"), to(`a[href^="/review/next?task=` + string(task) + `"]`), press("Enter"), see(benched)}
}

// decided presses keys and waits until the next pair is there and all is saved.
func decided(names string) step {
	return func(w *world) {
		w.t.Helper()
		before := ask[string](w.tab, item)
		press(names)(w)
		w.wait(fmt.Sprintf("(%s) !== %q && %s", item, before, calm))
	}
}

// then puts steps behind each other.
func then(parts ...any) []step {
	var out []step
	for _, p := range parts {
		switch p := p.(type) {
		case step:
			out = append(out, p)
		case []step:
			out = append(out, p...)
		}
	}
	return out
}

// times repeats a step.
func times(n int, s step) []step { return slices.Repeat([]step{s}, n) }

// dossierFor makes the dossier of a journey; its matches are kept under its key.
func dossierFor(key string, policy review.Policy, n int, rows func(i int) []matcher.Difference) func(w *world) {
	return func(w *world) {
		w.site.dossier, w.site.matches = w.site.newPairs(key, "Journey "+key, policy, n, rows)
		w.notes["dossier"] = w.site.dossier.ID.String()
		w.notes["first"] = w.site.matches[0].ID.String()
	}
}

// own counts the standing opinions of somebody by verdict.
func (w *world) own(login string) map[review.Verdict]int {
	out := map[review.Verdict]int{}
	for _, m := range w.site.allMatches(w.site.dossier) {
		for _, d := range m.Opinions() {
			if d.Person == w.site.people[login].ID {
				out[d.Verdict]++
			}
		}
	}
	return out
}

// want compares what somebody answered with what a journey answers.
func (w *world) want(login string, want map[review.Verdict]int) {
	w.t.Helper()
	if got := w.own(login); fmt.Sprint(got) != fmt.Sprint(want) {
		w.t.Errorf("%s answered %v, want %v", login, got, want)
	}
}

// reviewJourneys are those of one person with a queue.
func reviewJourneys() []journey {
	odd := func(i int) []matcher.Difference {
		if i == 1 {
			return []matcher.Difference{limitRow()}
		}
		return nil
	}
	guard := see("!document.querySelector('#guard').hidden")
	return []journey{
		{name: "100 triage", who: "lina", make: dossierFor("triage", review.PolicyOneReviewer, 101, nil),
			steps: then(begin(review.TaskFirst), times(100, decided("2 Enter"))),
			check: func(w *world) { w.want("lina", map[review.Verdict]int{"equivalent": 100}) }},
		{name: "20 binding", who: "lina", make: dossierFor("binding", review.PolicyBothParties, 22, odd),
			steps: then(begin(review.TaskFirst),
				press("Q D"), see(verdict+" === 'superset'"), decided("Enter"), // meeting A satisfies B, not the other way
				// an equality against a stricter limit asks for a reason, and leads to it
				press("2 Enter"), guard, see("document.activeElement.name === 'reason'"), decided("Space Enter"),
				// a recognition with conditions asks for them, and leads to them
				press("W A Enter"), guard, see("document.activeElement.name === 'a_conditions'"), write("also a sign at each exit"), decided("Ctrl+Enter Enter"),
				// a condition that the comparison suggests is taken over
				press("W A"), to(".hints > summary"), press("Enter"), to("[data-hint=a_conditions] [data-adopt]"), press("Enter"),
				see("document.activeElement.name === 'a_conditions' && document.activeElement.value.length > 5"), decided("Ctrl+Enter Enter"),
				decided("Minus"),                                             // unsure
				decided("K 2"),                                               // skipped: not my field
				press("C"), write("as drawn"), decided("Ctrl+Enter 3 Enter"), // with a note
				press("5 Enter"), guard, write("a lobby"), press("Ctrl+Enter Enter"), see("document.activeElement.name === 'b_conditions'"), write("a ramp"), decided("Ctrl+Enter Enter"),
				decided("0 Enter"), // nothing shared
				decided("2 Enter"), decided("2 Enter"), decided("2 Enter"),
				// three are taken back, the last one first, and answered anew
				decided("U"), decided("U"), decided("U"),
				see(fmt.Sprintf("%s && !!document.querySelector('#decide')", benched)),
				decided("4 Enter"), decided("4 Enter"), decided("4 Enter"),
				times(8, decided("2 Enter"))),
			check: func(w *world) {
				w.want("lina", map[review.Verdict]int{"superset": 2, "equivalent": 9, "subset": 5, "overlap": 1, "none": 1})
				skips, err := w.site.db.Skips(w.t.Context(), w.site.people["lina"].ID, w.site.clock.now(), 50)
				if err != nil || !slices.ContainsFunc(skips, func(s review.Skip) bool { return s.Match == w.site.matches[5].ID && s.Reason == review.SkipField }) {
					w.t.Errorf("skipped: %v %v", skips, err)
				}
				undone := 0
				for _, m := range w.site.allMatches(w.site.dossier) {
					for _, d := range m.Decisions {
						if d.Kind == review.KindWithdrawal {
							undone++
						}
					}
				}
				if undone != 3 {
					w.t.Errorf("%d answers were taken back, want 3", undone)
				}
			}},
		{name: "n:m set", who: "lina", make: func(w *world) {
			dossierFor("set", review.PolicyBothParties, 3, nil)(w)
			a, b := w.site.clauses("gb-set-2020"), w.site.clauses("sp-set-2020")
			if _, _, err := w.site.db.Propose(w.t.Context(), w.site.dossier.ID, []matcher.Proposal{proposal(a[1], b[2])}); err != nil {
				w.t.Fatal(err)
			}
		},
			steps: then(begin(review.TaskFirst), press("O"), see("document.querySelector('#others').open"), to("form.set input[name=b]"), press("Space"), to("form.set button"), press("Enter"),
				see(benched+" && document.querySelectorAll('.side')[1].querySelectorAll('.sideclause').length === 2"),
				press("4 Enter"), see("document.querySelector('#status')?.textContent.includes('✓') && "+calm)),
			check: func(w *world) {
				sets := 0
				for _, m := range w.site.allMatches(w.site.dossier) {
					if len(m.Targets) == 2 && len(m.Opinions()) == 1 && m.Opinions()[0].Verdict == "subset" {
						sets++
					}
				}
				if sets != 1 {
					w.t.Errorf("%d sets of two targets are answered, want 1", sets)
				}
			}},
		{name: "no counterpart", who: "lina", make: dossierFor("absent", review.PolicyBothParties, 2, nil),
			steps: then(begin(review.TaskFirst), press("9"), see("getComputedStyle(document.querySelector('.when-absent')).display !== 'none'"),
				// the search that is suggested can be gone on with
				see("document.querySelector('textarea[name=search]').value.length > 5"), to("textarea[name=search]"), press("Ctrl+End"), write(" – 标志: by hand, too"), decided("Ctrl+Enter Enter")),
			check: func(w *world) {
				w.want("lina", map[review.Verdict]int{review.VerdictNoCounterpart: 1})
				kept := false
				for _, m := range w.site.allMatches(w.site.dossier) {
					for _, d := range m.Opinions() {
						kept = kept || strings.Contains(d.Search, "by hand, too")
					}
				}
				if !kept {
					w.t.Error("the search is not kept with the answer")
				}
			}},
	}
}

// clauses are the clauses of a standard.
func (s *site) clauses(id corpus.StandardID) []corpus.Clause {
	s.t.Helper()
	list, err := s.db.ClausesOf(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return list
}

// disputeJourneys are those of two people and a third.
func disputeJourneys() []journey {
	const secret = "LINA SAYS SO"
	differ := func(w *world) {
		subset, overlap := review.Verdict(corpus.RelationSubset), review.Verdict(corpus.RelationOverlap)
		w.site.say("lina", w.site.matches[0], subset, secret, plainNo, plainYes)
		w.site.say("ivan", w.site.matches[0], overlap, "IVAN SAYS", withConditions("x"), withConditions("y"))
	}
	standing := func(state review.State, verdict review.Verdict) func(w *world) {
		return func(w *world) {
			if m := w.site.reload(w.site.matches[0]); m.State != state || m.Outcome == nil || m.Outcome.Verdict != verdict || m.Suspect {
				w.t.Errorf("the match is %s, suspect %v, %+v; want %s %s", m.State, m.Suspect, m.Outcome, state, verdict)
			}
		}
	}
	blind := see("!document.body.textContent.includes('" + secret + "')")
	return []journey{
		{name: "blind second opinion", who: "ivan", make: func(w *world) {
			dossierFor("second", review.PolicyBothParties, 2, nil)(w)
			w.site.say("lina", w.site.matches[0], "superset", secret, plainYes, plainNo)
		},
			steps: then(begin(review.TaskSecond), blind, press("H"), see("document.querySelector('#history').open"), blind, press("Q D"), see(verdict+" === 'superset'"), press("Enter"),
				see("!document.querySelector('#decide') && "+calm), // it was the last of the queue
				visit("/matches/{first}"), to("#history > summary"), press("Enter"), see("document.querySelector('#history').textContent.includes('"+secret+"')")),
			check: standing(review.StateConfirmed, "superset")},
		{name: "dispute and adjudication", who: "lina", make: func(w *world) { dossierFor("dispute", review.PolicyBothParties, 2, nil)(w); differ(w) },
			steps: then(visit("/review"), to(`a[href^="/review/next?task=dispute"]`), press("Enter"), see(benched+" && document.querySelectorAll('.answercol').length === 2"),
				as("judge"), visit("/review"), to(`a[href^="/review/next?task=adjudicate"]`), press("Enter"), see(benched+" && document.querySelectorAll('.answercol').length === 2"),
				to(".answercol:nth-child(2) a.b"), press("Enter"), see(benched+" && "+verdict+" === 'overlap'"),
				// without a reason nothing is decided
				press("Enter"), see("!document.querySelector('#guard').hidden && document.activeElement.id === 'note'"), write("both ask for what the other leaves out"), press("Ctrl+Enter Enter"),
				see("!document.querySelector('#decide') && "+calm)),
			check: standing(review.StateConfirmed, "overlap")},
		{name: "suspect re-review", who: "lina", make: func(w *world) {
			dossierFor("suspect", review.PolicyOneReviewer, 2, nil)(w)
			w.site.say("lina", w.site.matches[0], "equivalent", "", plainYes, plainYes)
			w.site.rewrite(w.site.matches[0].Sources[0])
		},
			steps: then(visit("/"), to(`a[href="/review/next?task=again"]`), press("Enter"), see(benched+" && document.querySelectorAll('.note.warn .twotexts').length === 1"),
				see("!!document.querySelector('.st-suspect')"), press("3 Enter"), see("!document.querySelector('#decide') && "+calm)),
			check: standing(review.StateConfirmed, "superset")},
	}
}
