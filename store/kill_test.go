package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/review"
	"concord/store"
)

// The environment that turns the test binary into the process to be killed.
const (
	killDatabase = "CONCORD_TEST_KILL_DATABASE"
	killLog      = "CONCORD_TEST_KILL_LOG"
)

// TestKillChild is no test of its own: it is the process that TestKill kills. It
// answers without end and writes down every answer that was acknowledged.
func TestKillChild(t *testing.T) {
	path := os.Getenv(killDatabase)
	if path == "" {
		t.Skip("this is run by TestKill")
	}
	db, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	log, err := os.OpenFile(os.Getenv(killLog), os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	people, err := db.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	matches := all(t, db, review.Filter{Limit: review.MaxPage})
	desk := &review.Desk{Records: db, Now: time.Now}
	var wg sync.WaitGroup
	for _, p := range people {
		wg.Go(func() { answerForEver(t, db, desk, p, matches, log) })
	}
	wg.Wait()
}

// answerForEver answers and undoes at random. One line is one write to the log,
// which outlives the process.
func answerForEver(t *testing.T, db *store.DB, desk *review.Desk, p review.Person, matches []review.Match, log *os.File) {
	ctx := context.Background()
	verdicts := []review.Verdict{review.VerdictUnsure, review.VerdictUnsure, equivalent, subset, overlap}
	for {
		m, _, err := db.Match(ctx, matches[rand.IntN(len(matches))].ID)
		if err != nil {
			t.Error(err)
			return
		}
		before := m.Version
		if n := len(m.Decisions); n > 0 && m.Decisions[n-1].Person == p.ID && rand.IntN(2) == 0 {
			m, err = desk.Undo(ctx, p, m.ID, m.Decisions[n-1].ID)
		} else {
			m, _, err = desk.Decide(ctx, p, opinion(m, verdicts[rand.IntN(len(verdicts))]))
		}
		if err != nil || m.Version == before {
			continue // refused, by the rule or because somebody was faster
		}
		made := m.Decisions[len(m.Decisions)-1]
		if _, err := fmt.Fprintf(log, "%s %s %d\n", made.ID, m.ID, m.Version); err != nil {
			t.Error(err)
			return
		}
	}
}

// A process that is killed at any moment has lost no decision it acknowledged,
// and has left nothing half done. Every round goes on with the same database.
func TestKill(t *testing.T) {
	rounds := 50
	if testing.Short() {
		rounds = 10
	}
	path, log := killScene(t)
	rnd := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 3))
	var slowest time.Duration
	for round := range rounds {
		killOnce(t, "TestKillChild", path, log, time.Duration(5+rnd.IntN(296))*time.Millisecond, round%5 != 0)
		begun := time.Now()
		db, err := store.Open(t.Context(), path, store.Options{})
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		slowest = max(slowest, time.Since(begun))
		for _, problem := range verifyKilled(t, db, acknowledged(t, log)) {
			t.Errorf("round %d: %s", round, problem)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if t.Failed() {
			return
		}
	}
	n := len(acknowledged(t, log))
	t.Logf("%d kills, %d acknowledged decisions, 0 lost; slowest start %v", rounds, n, slowest)
	if n < rounds*4/5 { // one kill in five comes before anything was answered
		t.Errorf("only %d decisions were acknowledged in %d rounds, so little was shown", n, rounds)
	}
}

// killScene is a closed database with matches and people, and the log.
func killScene(t *testing.T) (path, log string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "concord.db")
	log = filepath.Join(t.TempDir(), "acknowledged.log")
	db, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	newScene(t, db, review.PolicyTwoReviewers, 150)
	for i := range 8 {
		person(t, db, fmt.Sprintf("p%d", i), review.RoleReviewer, []review.Party{"CN", "RU"}[i%2])
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path, log
}

// killOnce starts the child, a test by its name, and kills it a while after the first decision it
// acknowledged, however slow the machine is, or a while after its start, when it
// may still be opening the database.
func killOnce(t *testing.T, name, path, log string, after time.Duration, acknowledging bool) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^"+name+"$")
	child.Env = append(os.Environ(), killDatabase+"="+path, killLog+"="+log)
	before := len(acknowledged(t, log))
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); acknowledging && len(acknowledged(t, log)) == before && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(after)
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := child.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Fatalf("the child ended by itself: %v", err)
	}
}

// ack is one acknowledged decision.
type ack struct {
	decision, match string
	version         int
}

// acknowledged reads the log.
func acknowledged(t *testing.T, log string) []ack {
	t.Helper()
	body, err := os.ReadFile(log)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	var out []ack
	for line := range strings.Lines(string(body)) {
		if !strings.HasSuffix(line, "\n") {
			break // it is being written
		}
		var a ack
		if _, err := fmt.Sscanf(line, "%s %s %d", &a.decision, &a.match, &a.version); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		out = append(out, a)
	}
	return out
}

// verifyKilled says what is wrong with a database after a kill.
func verifyKilled(t *testing.T, db *store.DB, acks []ack) []string {
	t.Helper()
	r, err := db.Check(t.Context())
	if err != nil {
		return []string{err.Error()}
	}
	problems := r.Problems
	kept := map[ack]bool{}
	for _, m := range all(t, db, review.Filter{Limit: review.MaxPage}) {
		if m.Version != 1+len(m.Decisions) {
			problems = append(problems, fmt.Sprintf("match %s has version %d and %d decisions", m.ID, m.Version, len(m.Decisions)))
		}
		for i, d := range m.Decisions {
			kept[ack{d.ID.String(), m.ID.String(), i + 2}] = true
		}
	}
	for _, a := range acks {
		if !kept[a] {
			problems = append(problems, fmt.Sprintf("decision %s was acknowledged and is lost", a.decision))
		}
	}
	return problems
}

// The verifier of TestKill finds what it is there to find.
func TestKillVerifierFindsLosses(t *testing.T) {
	dir := t.TempDir()
	whole := filepath.Join(dir, "concord.db")
	db, err := store.Open(t.Context(), whole, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := newScene(t, db, review.PolicyTwoReviewers, 3)
	wang := person(t, db, "wang", review.RoleReviewer, "CN")
	var acks []ack
	for _, m := range s.matches {
		m = s.decide(t, wang, opinion(m, equivalent))
		acks = append(acks, ack{m.Decisions[0].ID.String(), m.ID.String(), m.Version})
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name, sql string
		acks      []ack
		found     bool
	}{
		{name: "nothing is wrong", sql: "SELECT 1", acks: acks},
		{name: "a decision is deleted", sql: "DELETE FROM decisions WHERE seq = 2", found: true},
		{name: "the last decision is deleted with its trace", sql: `DELETE FROM decisions WHERE seq = 3; DELETE FROM audit WHERE seq = (SELECT MAX(seq) FROM audit);
			UPDATE audit_head SET seq = seq - 1, hash = (SELECT hash FROM audit ORDER BY seq DESC LIMIT 1);
			DELETE FROM match_opinions WHERE match NOT IN (SELECT match FROM decisions);
			UPDATE matches SET version = 1, state = 'proposed', verdict = '', a_to_b = '', b_to_a = '' WHERE id NOT IN (SELECT match FROM decisions)`, acks: acks, found: true},
		{name: "an audit row is deleted", sql: "DELETE FROM audit WHERE seq = (SELECT MAX(seq) FROM audit)", found: true},
		{name: "a version was not written", sql: "UPDATE matches SET version = 1 WHERE id = (SELECT match FROM decisions WHERE seq = 1)", found: true},
		{name: "a version without a decision", sql: "UPDATE matches SET version = 3 WHERE id = (SELECT match FROM decisions WHERE seq = 1)", found: true},
		{name: "a state was not written", sql: "UPDATE matches SET state = 'proposed' WHERE id = (SELECT match FROM decisions WHERE seq = 1)", found: true},
		{name: "an answer is changed", sql: "UPDATE decisions SET note = 'x' WHERE seq = 1", found: true},
		{name: "an acknowledged decision never came", sql: "SELECT 1", acks: append([]ack{{uuid.NewString(), acks[0].match, 3}}, acks...), found: true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			path := copyFile(t, whole)
			forger := raw(t, path)
			withoutTriggers(t, forger, func() { runSQL(t, forger, c.sql) })
			forger.Close()
			problems := verifyKilled(t, openAt(t, path, time.Now), c.acks)
			if (len(problems) > 0) != c.found {
				t.Errorf("found %q", problems)
			}
		})
	}
}
