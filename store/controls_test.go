package store_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
	"concord/store"
)

// watched is a scene whose first matches were agreed by ann and boris, and whose
// dossier asks for controls; clara and dmitri had no part in them.
type watched struct {
	*scene
	path                      string
	clock                     time.Time
	ann, boris, clara, dmitri review.Person
	agreed                    int
}

func newWatched(t *testing.T, n, agreed, share int) *watched {
	t.Helper()
	w := &watched{path: filepath.Join(t.TempDir(), "concord.db"), clock: start, agreed: agreed}
	db := openAt(t, w.path, func() time.Time { w.clock = w.clock.Add(time.Second); return w.clock })
	w.scene = newScene(t, db, review.PolicyBothParties, n)
	w.desk.Now = func() time.Time { return w.clock }
	w.ann, w.boris = person(t, db, "ann", review.RoleReviewer, "CN"), person(t, db, "boris", review.RoleReviewer, "RU")
	w.clara, w.dmitri = person(t, db, "clara", review.RoleReviewer, "CN"), person(t, db, "dmitri", review.RoleReviewer, "RU")
	for _, m := range w.matches[:agreed] {
		w.decide(t, w.ann, opinion(m, "subset"))
		w.decide(t, w.boris, opinion(m, "subset"))
	}
	w.dossier.Controls = share
	if err := db.SaveDossier(t.Context(), w.dossier, "cli"); err != nil {
		t.Fatal(err)
	}
	return w
}

// queue reads a person's queue of first opinions.
func (w *watched) queue(t testing.TB, p review.Person, order review.Order) review.Page {
	t.Helper()
	page, err := w.db.Matches(context.Background(), review.Filter{Task: review.TaskFirst, Of: &p, Order: order, Limit: 40, Placed: true})
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// answers answers a match and lets a control be drawn, as the pages do.
func (w *watched) answers(t testing.TB, p review.Person, a review.Answer, order review.Order) review.Decision {
	t.Helper()
	_, made, err := w.desk.Decide(context.Background(), p, a)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.db.DrawControl(context.Background(), p, a.Match, order); err != nil {
		t.Fatal(err)
	}
	return made
}

// works answers the first so many of a person's queue and returns the controls.
func (w *watched) works(t testing.TB, p review.Person, n int, verdict review.Verdict) (controls []review.Match) {
	t.Helper()
	for range n {
		page := w.queue(t, p, review.OrderChapter)
		if len(page.Matches) == 0 {
			return controls
		}
		m := page.Matches[0]
		if m.Control {
			controls = append(controls, m)
		}
		w.answers(t, p, opinion(m, verdict), review.OrderChapter)
	}
	return controls
}

// firstControl works until a control is at the head of the queue.
func (w *watched) firstControl(t testing.TB, p review.Person) review.Match {
	t.Helper()
	for range 60 {
		page := w.queue(t, p, review.OrderChapter)
		if page.Matches[0].Control {
			return page.Matches[0]
		}
		w.answers(t, p, opinion(page.Matches[0], "overlap"), review.OrderChapter)
	}
	t.Fatal("no control came")
	return review.Match{}
}

// fingerprint is everything the database holds but controls, answers on them,
// their skips and the audit.
func fingerprint(t testing.TB, db *sql.DB) string {
	t.Helper()
	h := sha256.New()
	for _, table := range []string{"matches", "match_clauses", "match_opinions", "decisions", "proposals", "feed", "dossiers", "skips", "rounds", "sample_answers", "clauses", "standards", "positions"} {
		rows, err := db.Query("SELECT * FROM " + table + " ORDER BY 1, 2, 3")
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			values := make([]any, len(columns))
			to := make([]any, len(columns))
			for i := range values {
				to[i] = &values[i]
			}
			if err := rows.Scan(to...); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintln(h, table, values)
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// TestControlsAreTheShare: a person who works through a queue is given the share
// that the dossier asks for, each control once, and the count of what is left
// goes down by one with every answer.
func TestControlsAreTheShare(t *testing.T) {
	w := newWatched(t, 160, 40, 5)
	left := w.queue(t, w.clara, review.OrderChapter).Total
	if left <= 120 {
		t.Fatalf("%d are left, without the controls to come", left)
	}
	seen := map[uuid.UUID]bool{}
	whole := left + w.queue(t, w.clara, review.OrderChapter).Done
	for done := 0; ; done++ {
		page := w.queue(t, w.clara, review.OrderChapter)
		if page.Done+page.Total != whole {
			t.Fatalf("%d done and %d left after %d answers, the whole was %d", page.Done, page.Total, done, whole)
		}
		if page.Total != left-done {
			t.Fatalf("%d are left after %d answers of %d", page.Total, done, left)
		}
		counts, err := w.db.TaskCounts(t.Context(), w.clara)
		if err != nil || counts[review.TaskFirst] != page.Total {
			t.Fatalf("the overview counts %d, the queue %d: %v", counts[review.TaskFirst], page.Total, err)
		}
		if len(page.Matches) == 0 {
			break
		}
		m := page.Matches[0]
		if m.Control {
			if seen[m.ID] {
				t.Fatal("the same control twice")
			}
			seen[m.ID] = true
			if m.State != review.StateProposed || len(m.Decisions) != 0 || m.Version != 1 || m.Proposal == nil {
				t.Errorf("the control can be told: %+v", m)
			}
			if i := slices.IndexFunc(w.matches, func(x review.Match) bool { return x.ID == m.ID }); i >= 0 {
				t.Error("the control has the id of a match")
			}
		}
		w.answers(t, w.clara, opinion(m, "subset"), review.OrderChapter)
	}
	// Six whole blocks of 19 matches, and the beginning of one.
	if n := len(seen); n != 6 && n != 7 || n != left-120 {
		t.Errorf("%d controls among 120 matches at 5 %%, %d were left", n, left)
	}
	r, err := w.db.ControlResult(t.Context(), w.clara.ID, w.clock.Add(time.Hour))
	if err != nil || r.N != len(seen) || r.Right != r.N {
		t.Errorf("result %+v of %d: %v", r, len(seen), err)
	}
	if r, _ := w.db.ControlResult(t.Context(), w.clara.ID, start); r.N != 0 {
		t.Errorf("answers count before the time: %+v", r)
	}
	sound(t, w.db)
}

// TestControlsFitTheOrder: a control stands in the place that its order gives it,
// on the right page, also where pages are short.
func TestControlsFitTheOrder(t *testing.T) {
	if testing.Short() {
		t.Skip("one after the other: the whole run has it, races have none here")
	}
	for _, order := range []review.Order{review.OrderChapter, review.OrderConfidence, review.OrderUncertain, review.OrderEffect} {
		t.Run(string(order), func(t *testing.T) {
			w := newWatched(t, 80, 30, 5)
			met := 0
			for range 40 {
				first := w.queue(t, w.dmitri, order).Matches
				if len(first) == 0 {
					break
				}
				w.answers(t, w.dmitri, opinion(first[0], "overlap"), order)
				var whole []uuid.UUID
				f := review.Filter{Task: review.TaskFirst, Of: &w.dmitri, Order: order, Limit: 3}
				for {
					page, err := w.db.Matches(t.Context(), f)
					if err != nil {
						t.Fatal(err)
					}
					for i, m := range page.Matches {
						if m.Control {
							met++
							if len(whole) == 0 && i == 0 {
								continue // answered next
							}
						}
						if slices.Contains(whole, m.ID) {
							t.Fatalf("%s stands on two pages", m.ID)
						}
						whole = append(whole, m.ID)
					}
					if f.Cursor = page.Next; f.Cursor == "" {
						break
					}
				}
			}
			if met == 0 {
				t.Error("no control was met")
			}
		})
	}
}

// TestControlsChangeNothing is the state machine: whatever people do with controls
// on, in whatever order, nothing but controls, answers on them and the audit
// changes by what is done to a control; decisions, states, coverage, feeds and
// agreement are those of the same decisions without controls.
func TestControlsChangeNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("one after the other: the whole run has it, races have none here")
	}
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(seed, 19))
			w := newWatched(t, 130, 30, 5)
			db := raw(t, w.path)
			people := []review.Person{w.clara, w.dmitri}
			touched := 0
			met := map[uuid.UUID][]uuid.UUID{} // by person
			for step := range 120 {
				p := people[rnd.IntN(2)]
				order := []review.Order{review.OrderChapter, review.OrderConfidence, review.OrderUncertain}[rnd.IntN(3)]
				page := w.queue(t, p, order)
				if len(page.Matches) == 0 {
					break
				}
				m := page.Matches[0]
				// Controls are met more often than chance has it, also answered ones.
				if i := slices.IndexFunc(page.Matches, func(m review.Match) bool { return m.Control }); i >= 0 {
					m = page.Matches[i]
					met[p.ID] = append(met[p.ID], m.ID)
				}
				if own := met[p.ID]; len(own) > 0 && rnd.IntN(2) == 0 {
					again, _, err := w.db.Match(t.Context(), own[rnd.IntN(len(own))])
					must(t, err)
					m = again
				}
				before := ""
				if m.Control {
					before = fingerprint(t, db)
				}
				act := rnd.IntN(12)
				switch {
				case act == 0:
					skip, err := review.NewSkip(p.ID, m.ID, review.SkipReasons[rnd.IntN(4)], w.clock)
					if err != nil {
						t.Fatal(err)
					}
					if err := w.db.SaveSkip(t.Context(), skip); err != nil {
						t.Fatal(err)
					}
				case act == 1:
					w.undoLast(t, p)
					continue // of whatever was last
				case act == 2:
					w.answers(t, p, opinion(m, review.VerdictUnsure), order)
				case act == 3 && m.Control:
					w.answers(t, p, opinion(m, review.VerdictNoCounterpart), order)
				case act == 4 && m.Control: // somebody else under its address
					if _, _, err := w.desk.Decide(t.Context(), w.boris, opinion(m, "identical")); !errors.Is(err, review.ErrSettled) {
						t.Fatalf("somebody else answered a control: %v", err)
					}
				case act == 5:
					a := opinion(m, "subset")
					a.Idempotency = fmt.Sprint("key ", step)
					one, two := w.answers(t, p, a, order), w.answers(t, p, a, order)
					if one.ID != two.ID {
						t.Fatal("one key made two answers")
					}
				default:
					w.answers(t, p, opinion(m, review.Verdict([]string{"subset", "overlap", "equivalent", "none"}[rnd.IntN(4)])), order)
				}
				if m.Control {
					touched++
					if after := fingerprint(t, db); after != before {
						t.Fatalf("step %d, act %d: an act on a control changed something else", step, act)
					}
				}
			}
			if touched < 10 {
				t.Fatalf("%d acts on controls try nothing", touched)
			}
			for _, was := range w.matches[:w.agreed] {
				m, _, err := w.db.Match(t.Context(), was.ID)
				if err != nil || m.State != review.StateConfirmed || len(m.Decisions) != 2 || m.Version != 3 {
					t.Fatalf("an agreed match became %+v: %v", m, err)
				}
			}
			w.countsNowhere(t, db)
			sound(t, w.db)
		})
	}
}

// undoLast takes a person's last answer back, as the pages do.
func (w *watched) undoLast(t testing.TB, p review.Person) {
	t.Helper()
	mine, err := w.db.DecisionsBy(context.Background(), p.ID, 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(mine) == 0 || mine[0].Kind == review.KindWithdrawal {
		return
	}
	if _, err := w.desk.Undo(context.Background(), p, mine[0].Match, mine[0].ID); err != nil && !errors.Is(err, corpus.ErrConflict) {
		t.Fatal(err)
	}
}

// countsNowhere compares what the database says of a dossier with what it says
// after every trace of controls was taken out of a copy.
func (w *watched) countsNowhere(t testing.TB, db *sql.DB) {
	t.Helper()
	copied := filepath.Join(t.TempDir(), "copy.db")
	runSQL(t, db, "VACUUM INTO '"+copied+"'")
	bare := raw(t, copied)
	withoutTriggers(t, bare, func() {
		for _, q := range []string{"DELETE FROM control_answers", "DELETE FROM control_skips", "DELETE FROM controls", "UPDATE dossiers SET controls = 0"} {
			runSQL(t, bare, q)
		}
	})
	bare.Close()
	without := openAt(t, copied, func() time.Time { return w.clock })
	say := func(db *store.DB) string {
		ctx := context.Background()
		coverage, err := db.Coverage(ctx, "standard", w.dossier.ID, "")
		must(t, err)
		decisions, err := db.Decisions(ctx, 0, 1000)
		must(t, err)
		both, err := db.AnsweredTwice(ctx, w.clara.ID, 0)
		must(t, err)
		page, err := db.Matches(ctx, review.Filter{Dossier: w.dossier.ID, Limit: review.MaxPage})
		must(t, err)
		second, err := db.Matches(ctx, review.Filter{Task: review.TaskSecond, Of: &w.ann, Limit: review.MaxPage})
		must(t, err)
		equivalents, err := db.Equivalents(ctx, w.matches[0].Sources[0], w.matches[0].Targets[0])
		must(t, err)
		changes, err := db.Feed(ctx, 0, 1000)
		must(t, err)
		said, err := json.Marshal([]any{coverage, decisions, both, page, second, equivalents, changes})
		must(t, err)
		return string(said)
	}
	if a, b := say(w.db), say(without); a != b {
		t.Error("controls count somewhere")
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestControlIsJudgedByWhatIsKnown: wrong answers are wrong, an undone one counts
// no more, and one that comes after the text changed says nothing.
func TestControlIsJudgedByWhatIsKnown(t *testing.T) {
	w := newWatched(t, 120, 40, 5)
	later := func() review.ControlResult {
		r, err := w.db.ControlResult(t.Context(), w.clara.ID, w.clock.Add(time.Hour))
		must(t, err)
		return r
	}
	m := w.firstControl(t, w.clara)
	wrong := w.answers(t, w.clara, opinion(m, "overlap"), review.OrderChapter)
	if r := later(); r != (review.ControlResult{N: 1}) {
		t.Fatalf("a wrong answer counts as %+v", r)
	}
	if _, err := w.desk.Undo(t.Context(), w.clara, m.ID, wrong.ID); err != nil {
		t.Fatal(err)
	}
	if r := later(); r.N != 0 {
		t.Fatalf("an undone answer counts as %+v", r)
	}
	if again := w.queue(t, w.clara, review.OrderChapter).Matches; !slices.ContainsFunc(again, func(x review.Match) bool { return x.ID == m.ID }) {
		t.Fatal("an undone control does not come back")
	}
	again, _, err := w.db.Match(t.Context(), m.ID)
	must(t, err)
	w.answers(t, w.clara, opinion(again, "subset"), review.OrderChapter)
	if r := later(); r != (review.ControlResult{Right: 1, N: 1}) {
		t.Fatalf("the right answer counts as %+v", r)
	}
	mine, err := w.db.DecisionsBy(t.Context(), w.clara.ID, 3)
	must(t, err)
	if mine[0].Match != m.ID || mine[1].Kind != review.KindWithdrawal || mine[2].ID != wrong.ID || mine[0].Seq != mine[1].Seq+1 || mine[1].Seq != mine[2].Seq+1 {
		t.Errorf("the last answers are %+v", mine)
	}

	// The text changes while the page is open: refused as it always is, and after
	// reading it anew the answer is kept and says nothing.
	m = w.firstControl(t, w.clara)
	i := slices.IndexFunc(w.cn.Clauses, func(c corpus.Clause) bool { return c.ID == m.Sources[0] })
	w.cn.Clauses[i].Text += " Doors open outwards."
	save(t, w.db, w.cn)
	if _, _, err := w.desk.Decide(t.Context(), w.clara, opinion(m, "subset")); !errors.Is(err, review.ErrStale) {
		t.Fatalf("an answer on the old text: %v", err)
	}
	if q := w.queue(t, w.clara, review.OrderChapter); slices.ContainsFunc(q.Matches, func(x review.Match) bool { return x.Control }) {
		t.Error("a control whose text changed still waits")
	}
	fresh, _, err := w.db.Match(t.Context(), m.ID)
	must(t, err)
	w.answers(t, w.clara, opinion(fresh, "subset"), review.OrderChapter)
	if r := later(); r != (review.ControlResult{Right: 1, N: 1}) {
		t.Errorf("an answer on a changed text counts: %+v", r)
	}
	sound(t, w.db)
}

// TestControlNeedsNoPart: nobody is given what they had a part in, what their
// party keeps a position on, what is skipped or reserved, or what would show in
// another item of the queue; and one-reviewer dossiers have none.
func TestControlNeedsNoPart(t *testing.T) {
	if testing.Short() {
		t.Skip("one after the other: the whole run has it, races have none here")
	}
	for _, c := range []struct {
		name  string
		spoil func(t *testing.T, w *watched, m review.Match)
		by    func(w *watched) review.Person
		none  bool
	}{
		{"nothing is in the way", func(*testing.T, *watched, review.Match) {}, func(w *watched) review.Person { return w.clara }, false},
		{"they answered them", func(*testing.T, *watched, review.Match) {}, func(w *watched) review.Person { return w.ann }, true},
		{"they skipped them", func(t *testing.T, w *watched, m review.Match) {
			skip, err := review.NewSkip(w.clara.ID, m.ID, review.SkipLater, w.clock)
			must(t, err)
			must(t, w.db.SaveSkip(t.Context(), skip))
		}, func(w *watched) review.Person { return w.clara }, true},
		{"their party wants something of them", func(t *testing.T, w *watched, m review.Match) {
			_, err := w.db.SavePosition(t.Context(), review.Position{Dossier: w.dossier.ID, Match: m.ID, Want: "keep", Priority: "normal"}, w.clara)
			must(t, err)
		}, func(w *watched) review.Person { return w.clara }, true},
		{"the other party wants something of them", func(t *testing.T, w *watched, m review.Match) {
			_, err := w.db.SavePosition(t.Context(), review.Position{Dossier: w.dossier.ID, Match: m.ID, Want: "keep", Priority: "normal"}, w.dmitri)
			must(t, err)
		}, func(w *watched) review.Person { return w.clara }, false},
		{"they answered another candidate of the clause", func(t *testing.T, w *watched, m review.Match) {
			sibling, err := w.db.NewMatch(t.Context(), review.Match{Dossier: w.dossier.ID, Sources: m.Sources, Targets: []corpus.ClauseID{w.ru.Clauses[79].ID}}, w.ann)
			must(t, err)
			w.decide(t, w.clara, opinion(sibling, "overlap"))
		}, func(w *watched) review.Person { return w.clara }, true},
		{"another candidate of the clause waits", func(t *testing.T, w *watched, m review.Match) {
			sibling, err := w.db.NewMatch(t.Context(), review.Match{Dossier: w.dossier.ID, Sources: m.Sources, Targets: []corpus.ClauseID{w.ru.Clauses[79].ID}}, w.ann)
			must(t, err)
			skip, err := review.NewSkip(w.clara.ID, sibling.ID, review.SkipField, w.clock) // so that it is not answered
			must(t, err)
			must(t, w.db.SaveSkip(t.Context(), skip))
		}, func(w *watched) review.Person { return w.clara }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWatched(t, 80, 4, 5)
			for _, m := range w.matches[:4] {
				c.spoil(t, w, m)
			}
			got := w.works(t, c.by(w), 50, "subset")
			if (len(got) == 0) != c.none {
				t.Errorf("%d controls", len(got))
			}
		})
	}
}

// TestControlLeavesNoMark: the audit says that something was answered, not what
// nor how well, and what was kept cannot be changed unseen.
func TestControlLeavesNoMark(t *testing.T) {
	w := newWatched(t, 80, 30, 5)
	m := w.firstControl(t, w.clara)
	if !strings.HasPrefix(m.ID.String(), w.matches[0].ID.String()[:8]) {
		t.Errorf("the id %s is of another age than %s", m.ID, w.matches[0].ID)
	}
	w.answers(t, w.clara, opinion(m, "overlap"), review.OrderChapter)
	db := raw(t, w.path)
	var payload string
	must(t, db.QueryRow("SELECT payload FROM audit WHERE action = 'control.opinion' AND object = $1", m.ID.String()).Scan(&payload))
	made, _, err := w.db.Match(t.Context(), m.ID)
	must(t, err)
	if bare, err := review.PayloadHash(made.Decisions[0]); err != nil || bare == payload {
		t.Error("the audit's digest can be guessed from the answer")
	}
	for _, q := range []string{
		"UPDATE control_answers SET agrees = 1", "DELETE FROM control_answers", "UPDATE controls SET match = id", "DELETE FROM controls",
	} {
		if _, err := db.Exec(q); err == nil {
			t.Errorf("%s is let through", q)
		}
	}
	withoutTriggers(t, db, func() { runSQL(t, db, "UPDATE control_answers SET verdict = 'subset'") })
	r, err := w.db.Check(t.Context())
	must(t, err)
	if r.Sound() {
		t.Error("a changed answer is not noticed")
	}
}
