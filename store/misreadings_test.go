package store_test

import (
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/matcher"
	"concord/review"
)

// markedScene is a scene whose proposals compare a limit, and who marks it.
func markedScene(t *testing.T) (s *scene, wang, ivan review.Person, mark func(m review.Match, p review.Person, side corpus.ClauseID) (review.Misreading, error)) {
	t.Helper()
	db := openAt(t, filepath.Join(t.TempDir(), "c.db"), time.Now)
	s = newScene(t, db, review.PolicyBothParties, 3)
	wang, ivan = person(t, db, "wang", review.RoleReviewer, "CN"), person(t, db, "ivan", review.RoleReviewer, "RU")
	var list []matcher.Proposal
	for i := range s.cn.Clauses {
		list = append(list, compared(s.cn.Clauses[i], s.ru.Clauses[i]))
	}
	list = append(list, compared(s.cn.Clauses[0], s.ru.Clauses[1])) // a second pair of the first clause
	if _, _, err := db.Propose(t.Context(), s.dossier.ID, list); err != nil {
		t.Fatal(err)
	}
	page, err := db.Matches(t.Context(), review.Filter{Dossier: s.dossier.ID, Limit: review.MaxPage})
	if err != nil {
		t.Fatal(err)
	}
	s.matches = page.Matches
	mark = func(m review.Match, p review.Person, side corpus.ClauseID) (review.Misreading, error) {
		ask := review.Misreading{Kind: review.MisreadUnit, Clause: side, Digest: m.Digests[side], Aspect: matcher.AspectQuantity, Start: 2, End: 7}
		return db.Misread(t.Context(), m.ID, p, func(m review.Match, d review.Dossier) (review.Misreading, error) {
			return review.Misread(m, d, p, m.Proposal, ask)
		})
	}
	return s, wang, ivan, mark
}

// compared is a proposal with one limit that differs.
func compared(a, b corpus.Clause) matcher.Proposal {
	p := proposal(a, b, 0.5)
	p.Differences = []matcher.Difference{{Aspect: matcher.AspectQuantity, A: ">= 0.9 m", B: ">= 1 m", Finding: matcher.FindingBStricter,
		SpansA: []lexicon.Span{{Start: 2, End: 7}}, SpansB: []lexicon.Span{{Start: 2, End: 7}}}}
	return p
}

func TestMisreadings(t *testing.T) {
	s, wang, ivan, mark := markedScene(t)
	m := s.matches[0]
	equal := opinion(m, review.Verdict(corpus.RelationEquivalent))
	if _, _, err := s.desk.Decide(t.Context(), wang, equal); !errors.Is(err, review.ErrGuard) {
		t.Fatalf("without a mark the guard holds: %v", err)
	}
	made, err := mark(m, wang, m.Targets[0])
	if err != nil || made.Read != ">= 1 m" {
		t.Fatalf("%+v %v", made, err)
	}
	if _, err := mark(m, ivan, m.Targets[0]); !errors.Is(err, corpus.ErrConflict) {
		t.Errorf("marked twice: %v", err)
	}
	after := s.decide(t, ivan, equal)
	if d := after.Decisions[0]; len(d.Reasons) != 1 || d.Reasons[0] != "extraction-error" {
		t.Errorf("the decision does not note the mark: %+v", d)
	}
	sound(t, s.db)

	// listed, filtered, exported in the order of the latest first
	second, err := mark(s.matches[2], ivan, s.matches[2].Sources[0])
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		filter review.MisreadingFilter
		want   []review.Misreading
	}{
		"all":              {review.MisreadingFilter{}, []review.Misreading{second, made}},
		"one a page":       {review.MisreadingFilter{Limit: 1}, []review.Misreading{second}},
		"the next page":    {review.MisreadingFilter{Before: second.ID}, []review.Misreading{made}},
		"a standard":       {review.MisreadingFilter{Standard: s.ru.Standard.ID}, []review.Misreading{made}},
		"a kind":           {review.MisreadingFilter{Kind: review.MisreadUnit}, []review.Misreading{second, made}},
		"another kind":     {review.MisreadingFilter{Kind: review.MisreadValue}, nil},
		"another standard": {review.MisreadingFilter{Standard: "nobody's"}, nil},
	} {
		got, err := s.db.Misreadings(t.Context(), c.filter)
		if err != nil || len(got) != len(c.want) {
			t.Errorf("%s: %+v %v", name, got, err)
			continue
		}
		for i := range got {
			if got[i].ID != c.want[i].ID || !got[i].Standing || got[i].Read != c.want[i].Read || got[i].Person != c.want[i].Person {
				t.Errorf("%s: %+v, want %+v", name, got[i], c.want[i])
			}
		}
	}

	// taken back by its author alone; then the guard holds again and the place can
	// be marked anew
	if _, err := s.db.WithdrawMisreading(t.Context(), made.ID, ivan); !errors.Is(err, corpus.ErrForbidden) {
		t.Errorf("somebody else takes it back: %v", err)
	}
	if _, err := s.db.WithdrawMisreading(t.Context(), made.ID, wang); err != nil {
		t.Fatal(err)
	}
	if _, err := s.db.WithdrawMisreading(t.Context(), made.ID, wang); !errors.Is(err, corpus.ErrConflict) {
		t.Errorf("taken back twice: %v", err)
	}
	if _, _, err := s.desk.Decide(t.Context(), wang, equal); !errors.Is(err, review.ErrGuard) {
		t.Errorf("after it was taken back: %v", err)
	}
	if _, err := mark(m, ivan, m.Targets[0]); err != nil {
		t.Errorf("marked anew: %v", err)
	}
	sound(t, s.db)
}

func TestMisreadingOfAnotherMatch(t *testing.T) {
	s, wang, _, mark := markedScene(t)
	var pairs []review.Match // both pairs of the first clause
	for _, m := range s.matches {
		if m.Sources[0] == s.cn.Clauses[0].ID {
			pairs = append(pairs, m)
		}
	}
	if len(pairs) != 2 {
		t.Fatalf("%d pairs", len(pairs))
	}
	if _, err := mark(pairs[0], wang, pairs[0].Sources[0]); err != nil {
		t.Fatal(err)
	}
	other, _, err := s.db.Match(t.Context(), pairs[1].ID)
	if err != nil || len(other.Misreadings) != 1 || other.Misreadings[0].Match != pairs[0].ID {
		t.Fatalf("the other pair does not know of the mark: %+v %v", other.Misreadings, err)
	}
	if _, _, err := s.desk.Decide(t.Context(), wang, opinion(pairs[1], review.Verdict(corpus.RelationEquivalent))); !errors.Is(err, review.ErrGuard) {
		t.Errorf("a mark on another pair takes the guard away: %v", err)
	}
	if _, _, err := s.desk.Decide(t.Context(), wang, opinion(pairs[0], review.Verdict(corpus.RelationEquivalent))); err != nil {
		t.Errorf("on its own pair: %v", err)
	}
}

func TestNewTextDropsAMisreading(t *testing.T) {
	s, wang, _, mark := markedScene(t)
	m := s.matches[0]
	made, err := mark(m, wang, m.Sources[0])
	if err != nil {
		t.Fatal(err)
	}
	s.cn.Clauses[0].Text += " New."
	save(t, s.db, s.cn)
	now, _, err := s.db.Match(t.Context(), m.ID)
	if err != nil || len(now.Misreadings) != 0 {
		t.Errorf("a mark of an earlier text stands: %+v %v", now.Misreadings, err)
	}
	if _, err := mark(m, wang, m.Sources[0]); !errors.Is(err, review.ErrStale) {
		t.Errorf("marked on a text that was not seen: %v", err)
	}
	list, err := s.db.Misreadings(t.Context(), review.MisreadingFilter{})
	if err != nil || len(list) != 1 || list[0].ID != made.ID || list[0].Standing {
		t.Errorf("it should stay on the list as dropped: %+v %v", list, err)
	}
	// the clause goes, and its unanswered match with it; the mark stays
	s.cn.Clauses = s.cn.Clauses[1:]
	save(t, s.db, s.cn)
	if _, _, err := s.db.Match(t.Context(), m.ID); !errors.Is(err, corpus.ErrNotFound) {
		t.Fatalf("the check checks nothing, the match is still there: %v", err)
	}
	if list, err = s.db.Misreadings(t.Context(), review.MisreadingFilter{}); err != nil || len(list) != 1 || list[0].Standing {
		t.Errorf("the mark went with the match: %+v %v", list, err)
	}
	sound(t, s.db)
}

func TestMisreadingsAtOnce(t *testing.T) {
	s, wang, ivan, mark := markedScene(t)
	var made, refused int
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			p := []review.Person{wang, ivan}[i%2]
			_, err := mark(s.matches[0], p, s.matches[0].Sources[0])
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				made++
			case errors.Is(err, corpus.ErrConflict):
				refused++
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if made != 1 || refused != 7 {
		t.Errorf("%d made, %d refused", made, refused)
	}
}

func TestMisreadingsStandAgainstSQL(t *testing.T) {
	s, wang, _, mark := markedScene(t)
	if _, err := mark(s.matches[0], wang, s.matches[0].Sources[0]); err != nil {
		t.Fatal(err)
	}
	db := raw(t, s.db.Path())
	for _, query := range []string{
		"DELETE FROM misreadings", "UPDATE misreadings SET kind = 'other'", "UPDATE misreadings SET withdrawn = 'now', read = 'x'", "UPDATE misreadings SET withdrawn = ''",
		"INSERT INTO misreadings SELECT 'other', kind, match, clause, standard, digest, aspect, start, stop, read, person, at, withdrawn FROM misreadings",
	} {
		if _, err := db.Exec(query); err == nil {
			t.Errorf("%s: not refused", query)
		}
	}
	if _, err := db.Exec("UPDATE misreadings SET withdrawn = '2026-03-01T09:00:00.000000Z'"); err != nil {
		t.Errorf("the check refuses everything: %v", err)
	}
	if _, err := db.Exec("UPDATE misreadings SET withdrawn = '2026-03-02T09:00:00.000000Z'"); err == nil {
		t.Error("taken back twice by SQL")
	}
}

func TestCheckFindsForgedMisreadings(t *testing.T) {
	for name, query := range map[string]string{
		"changed":          "UPDATE misreadings SET read = 'nothing'",
		"taken away":       "DELETE FROM misreadings",
		"silently dropped": "UPDATE misreadings SET withdrawn = '2026-03-01T09:00:00.000000Z'",
	} {
		t.Run(name, func(t *testing.T) {
			s, wang, _, mark := markedScene(t)
			if _, err := mark(s.matches[0], wang, s.matches[0].Sources[0]); err != nil {
				t.Fatal(err)
			}
			sound(t, s.db)
			db := raw(t, s.db.Path())
			withoutTriggers(t, db, func() { runSQL(t, db, query) })
			r, err := s.db.Check(t.Context())
			if err != nil || r.Sound() {
				t.Errorf("the check finds nothing: %v", err)
			}
		})
	}
}
