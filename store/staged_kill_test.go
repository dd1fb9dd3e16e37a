package store_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/corpus/staging"
	"concord/store"
)

// TestStageKillChild is no test of its own: it is the process that TestStageKill
// kills. It stages, corrects and accepts without end and writes down what was
// acknowledged.
func TestStageKillChild(t *testing.T) {
	path := os.Getenv(killDatabase)
	if path == "" {
		t.Skip("this is run by TestStageKill")
	}
	db, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	log, err := os.OpenFile(os.Getenv(killLog), os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	for {
		id := corpus.StandardID("cn-" + uuid.NewString())
		i := stage(t, db, string(id), document(id, "CN", "zh", 40))
		if i, err = db.CorrectStaged(t.Context(), i.ID, 1, merge("5.7")); err != nil {
			t.Fatal(err)
		}
		s, err := i.Corrected()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.AcceptStaged(t.Context(), i.ID, i.Version, "cli", s.Document()); err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Fprintf(log, "%s %s %d\n", i.ID, id, i.Version+1); err != nil {
			t.Fatal(err)
		}
	}
}

// A process that is killed while it imports has lost nothing that it acknowledged,
// and every standard is there whole with its import accepted, or not at all.
func TestStageKill(t *testing.T) {
	rounds := 10
	if testing.Short() {
		rounds = 3
	}
	path, log := filepath.Join(t.TempDir(), "c.db"), filepath.Join(t.TempDir(), "log")
	openAndClose(t, path)
	for round := range rounds {
		killOnce(t, "TestStageKillChild", path, log, time.Duration(rand.IntN(200))*time.Millisecond, true)
		db, err := store.Open(t.Context(), path, store.Options{})
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		for _, problem := range verifyStaged(t, db, acknowledged(t, log)) {
			t.Errorf("round %d: %s", round, problem)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	n := len(acknowledged(t, log))
	t.Logf("%d kills, %d acknowledged imports", rounds, n)
	if n < rounds {
		t.Errorf("only %d imports were acknowledged in %d rounds, so little was shown", n, rounds)
	}
}

func openAndClose(t *testing.T, path string) {
	t.Helper()
	db, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// verifyStaged says what is wrong with imports after a kill.
func verifyStaged(t *testing.T, db *store.DB, acks []ack) []string {
	t.Helper()
	r, err := db.Check(t.Context())
	if err != nil {
		return []string{err.Error()}
	}
	problems := r.Problems
	kept := map[corpus.StandardID]int{}
	holdings, err := db.Standards(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range holdings {
		kept[h.Standard.ID] = h.Clauses
	}
	accepted := map[ack]bool{}
	for before := uuid.Nil; ; {
		list, err := db.StagedList(t.Context(), "", before, 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			break
		}
		for _, i := range list {
			if n := kept[i.Standard]; (i.State == staging.Accepted) != (n == 39) || n != 0 && n != 39 {
				problems = append(problems, fmt.Sprintf("import %s is %s, and %d clauses of it are kept", i.ID, i.State, n))
			}
			accepted[ack{i.ID.String(), string(i.Standard), i.Version}] = i.State == staging.Accepted
		}
		before = list[len(list)-1].ID
	}
	for _, a := range acks {
		if !accepted[a] {
			problems = append(problems, fmt.Sprintf("import %s was acknowledged and is lost", a.decision))
		}
	}
	return problems
}

// The verifier finds what it is there to find.
func TestStageKillVerifierFindsLosses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.db")
	db, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	doc := document("cn-x", "CN", "zh", 39)
	i := stage(t, db, "x", doc)
	if _, err := db.AcceptStaged(t.Context(), i.ID, 1, "cli", doc); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	good := []ack{{i.ID.String(), "cn-x", 2}}
	for name, c := range map[string]struct {
		sql   string
		acks  []ack
		found bool
	}{
		"nothing is wrong":           {"SELECT 1", good, false},
		"the import waits again":     {"UPDATE staged SET state = 'staged'", nil, true},
		"the import is lost":         {"DELETE FROM staged_documents; DELETE FROM staged", good, true},
		"a clause is lost":           {"UPDATE standards SET clauses = 38", nil, true},
		"an acknowledged never came": {"SELECT 1", append([]ack{{uuid.NewString(), "cn-y", 2}}, good...), true},
	} {
		t.Run(name, func(t *testing.T) {
			forged := copyFile(t, path)
			forger := raw(t, forged)
			withoutTriggers(t, forger, func() { runSQL(t, forger, c.sql) })
			forger.Close()
			if problems := verifyStaged(t, openAt(t, forged, time.Now), c.acks); (len(problems) > 0) != c.found {
				t.Errorf("found %q", problems)
			}
		})
	}
}
