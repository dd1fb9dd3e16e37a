package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"concord/corpus"
	"concord/review"
	"concord/store"
)

// Fifty people answer on twenty matches at once, each on the version they saw.
// Nobody's answer is lost or counted twice, and who comes too late is told so.
func TestNoUpdateIsLost(t *testing.T) {
	people, each := 50, 40
	if testing.Short() {
		people, each = 20, 10
	}
	db := open(t)
	s := newScene(t, db, review.PolicyTwoReviewers, 20)
	var wg sync.WaitGroup
	var accepted, late, refused atomic.Int64
	verdicts := []review.Verdict{equivalent, subset, overlap, unrelated, review.VerdictUnsure, review.VerdictUnsure}
	var crew []review.Person
	for i := range people {
		crew = append(crew, person(t, db, fmt.Sprintf("p%d", i), review.RoleReviewer, []review.Party{"CN", "RU"}[i%2]))
	}
	for i, p := range crew {
		wg.Go(func() {
			rnd := rand.New(rand.NewPCG(uint64(i), 2))
			for range each {
				id := s.matches[rnd.IntN(len(s.matches))].ID
				m, _, err := db.Match(context.Background(), id)
				if err != nil {
					t.Error(err)
					return
				}
				a := opinion(m, verdicts[rnd.IntN(len(verdicts))])
				a.Version = m.Version
				now, _, err := s.desk.Decide(context.Background(), p, a)
				switch {
				case err == nil:
					accepted.Add(1)
				case errors.Is(err, review.ErrSettled):
					refused.Add(1)
				case errors.Is(err, corpus.ErrConflict):
					late.Add(1)
					if now.Version <= m.Version {
						t.Errorf("too late on version %d, but it is version %d", m.Version, now.Version)
					}
				default:
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	versions, decisions := 0, 0
	for _, m := range all(t, db, review.Filter{}) {
		versions += m.Version - 1
		decisions += len(m.Decisions)
	}
	t.Logf("%d accepted, %d too late, %d refused as settled", accepted.Load(), late.Load(), refused.Load())
	if n := int(accepted.Load()); n != versions || n != decisions || n == 0 {
		t.Errorf("%d answers were accepted, the versions say %d, %d decisions are kept", n, versions, decisions)
	}
	if late.Load() == 0 {
		t.Error("nobody came too late, so nothing was shown")
	}
	sound(t, db)
}

// The same key sent many times at once is one decision.
func TestSameKeyAtOnce(t *testing.T) {
	db := open(t)
	s := newScene(t, db, review.PolicyTwoReviewers, 10)
	wang := person(t, db, "wang", review.RoleReviewer, "CN")
	for _, m := range s.matches {
		a := opinion(m, equivalent)
		a.Idempotency = "key of " + m.ID.String()
		var wg sync.WaitGroup
		var ids sync.Map
		for range 8 {
			wg.Go(func() {
				_, made, err := s.desk.Decide(context.Background(), wang, a)
				if err != nil {
					t.Error(err)
				}
				ids.Store(made.ID, true)
			})
		}
		wg.Wait()
		n := 0
		ids.Range(func(any, any) bool { n++; return true })
		now, _, err := db.Match(t.Context(), m.ID)
		if err != nil || len(now.Decisions) != 1 || n != 1 {
			t.Errorf("%d decisions are kept, %d different ones were answered, %v", len(now.Decisions), n, err)
		}
	}
}

// Two processes may write to one database: here two handles.
func TestTwoWriters(t *testing.T) {
	path := filepath.Join(t.TempDir(), "concord.db")
	one, two := openAt(t, path, time.Now), openAt(t, path, time.Now)
	if one.Generation() != two.Generation() {
		t.Error("it is the same database")
	}
	s := newScene(t, one, review.PolicyTwoReviewers, 5)
	wang := person(t, one, "wang", review.RoleReviewer, "CN")
	var wg sync.WaitGroup
	for _, db := range []*store.DB{one, two} {
		desk := &review.Desk{Records: db, Now: time.Now}
		wg.Go(func() {
			for i := range 50 {
				m, _, err := db.Match(context.Background(), s.matches[i%5].ID)
				if err == nil {
					_, _, err = desk.Decide(context.Background(), wang, opinion(m, review.VerdictUnsure))
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n, err := one.Counts(t.Context()); err != nil || n["decisions"] != 100 {
		t.Errorf("%d of 100 decisions are kept, %v", n["decisions"], err)
	}
	sound(t, two)
}

// A context that ends ends the waiting: in a read, in a write, and in the queue
// before the writer.
func TestContextsAreRespected(t *testing.T) {
	db := open(t)
	s := newScene(t, db, review.PolicyTwoReviewers, 1)
	wang := person(t, db, "wang", review.RoleReviewer, "CN")
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := db.Standards(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("a read gives %v", err)
	}
	if _, err := db.Save(ended, s.cn, "cli"); !errors.Is(err, context.Canceled) {
		t.Errorf("a write gives %v", err)
	}
	hold, holding := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		_, err := db.Amend(context.Background(), s.matches[0].ID, wang, func(m review.Match, _ review.Dossier) (review.Match, error) {
			close(holding)
			<-hold
			return m, nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-holding
	short, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
	defer cancel()
	begun := time.Now()
	if err := db.EndSession(short, "x"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("waiting for the writer gives %v", err)
	}
	if waited := time.Since(begun); waited > 5*time.Second {
		t.Errorf("it waited %v", waited)
	}
	if _, err := db.Standards(t.Context()); err != nil {
		t.Errorf("reading goes on while somebody writes: %v", err)
	}
	close(hold)
	wg.Wait()
}

// Work that is cut off in the middle of a transaction leaves nothing.
func TestCancelledSaveLeavesNothing(t *testing.T) {
	db := open(t)
	doc := document("cn-a-2020", "CN", "zh", 3000)
	for _, wait := range []time.Duration{0, time.Millisecond, 5 * time.Millisecond, 20 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(context.Background(), wait)
		_, err := db.Save(ctx, doc, "cli")
		cancel()
		n, countErr := db.Counts(t.Context())
		if countErr != nil {
			t.Fatal(countErr)
		}
		want := int64(0)
		if err == nil {
			want = 3000
		}
		if n["clauses"] != want {
			t.Errorf("after %v (%v) there are %d clauses", wait, err, n["clauses"])
		}
	}
	sound(t, db)
}
