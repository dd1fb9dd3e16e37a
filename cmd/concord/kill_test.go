package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// killEnv tells the test binary to be the child that decides until it is killed.
const killEnv = "CONCORD_TEST_DECIDE"

// TestKilledWhileReviewing kills a process at random moments while it decides,
// saves changed standards and follows with the index, a dozen times on the same
// data, or as often as CONCORD_TEST_KILLS says. Every decision that was acknowledged, written down
// outside the database after the commit, must be there afterwards; the database
// must be sound, the audit chain whole, and the index must open, or be rebuilt,
// and hold what the store holds. No failure in 50 kills bounds the rate of
// failure at 6 % with 95 % confidence (rule of three).
func TestKilledWhileReviewing(t *testing.T) {
	if data := os.Getenv(killEnv); data != "" {
		decideForEver(t, data)
		return
	}
	data, acks := t.TempDir(), filepath.Join(t.TempDir(), "acknowledged")
	must(t, "demo", "--no-serve", "--data", data)
	kills, err := strconv.Atoi(cmp.Or(os.Getenv("CONCORD_TEST_KILLS"), "12"))
	if err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(4, 2))
	rebuilt := 0
	for range kills {
		killOnce(t, data, acks, time.Duration(150+rnd.IntN(350))*time.Millisecond)
		_, _, errs := concord(t, "index", "--data", data)
		if strings.Contains(errs, "rebuilt") {
			rebuilt++
		}
	}
	lost, total := missing(t, data, acks)
	if total < kills {
		t.Errorf("only %d decisions were acknowledged in %d kills: the test proves little", total, kills)
	}
	if len(lost) > 0 {
		t.Errorf("%d of %d acknowledged decisions are lost, first %s", len(lost), total, lost[0])
	}
	if out := must(t, "check", "--data", data); !strings.Contains(out, "all is well") {
		t.Errorf("check: %s", out)
	}
	t.Logf("%d kills, %d acknowledged decisions, 0 lost, index rebuilt %d times", kills, total, rebuilt)
	// The control: a decision that was never made is missed.
	if err := appendLine(acks, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	if lost, _ := missing(t, data, acks); len(lost) != 1 {
		t.Errorf("the check misses nothing: %v", lost)
	}
}

// killOnce starts a child and kills it some time after its first decision.
func killOnce(t *testing.T, data, acks string, after time.Duration) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run", "^TestKilledWhileReviewing$")
	child.Env = append(os.Environ(), killEnv+"="+data)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	child.Stderr = os.Stderr
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	timer := time.AfterFunc(time.Minute, func() { _ = child.Process.Kill() })
	for first := true; lines.Scan(); {
		id, isAck := strings.CutPrefix(lines.Text(), "ack ")
		if !isAck {
			continue
		}
		if err := appendLine(acks, id); err != nil {
			t.Fatal(err)
		}
		if first {
			first = false
			timer.Reset(after)
		}
	}
	timer.Stop()
	if err := child.Wait(); err == nil {
		t.Fatal("the child ended by itself")
	}
}

func appendLine(path, line string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(f, line)
	return errors.Join(err, f.Close())
}

// missing lists the acknowledged decisions that the store does not have.
func missing(t *testing.T, data, acks string) (lost []string, total int) {
	t.Helper()
	body, err := os.ReadFile(acks)
	if err != nil {
		t.Fatal(err)
	}
	p, err := quiet().openProgram(context.Background(), config{Data: data}, false)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	have := map[string]bool{}
	for after := int64(0); ; {
		page, err := p.store.Decisions(context.Background(), after, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, d := range page {
			have[d.ID.String()], after = true, d.Seq
		}
	}
	for _, id := range strings.Fields(string(body)) {
		if total++; !have[id] {
			lost = append(lost, id)
		}
	}
	return lost, total
}

// quiet is a world that prints nothing.
func quiet() env {
	return env{stdout: io.Discard, stderr: io.Discard, getenv: func(string) string { return "" }}
}

// decideForEver is the child: it answers and undoes, changes a standard now and
// then, and keeps the index following, until it is killed.
func decideForEver(t *testing.T, data string) {
	ctx := context.Background()
	p, err := quiet().openProgram(ctx, config{Data: data}, false)
	if err != nil {
		t.Fatal(err)
	}
	ix, err := p.openIndex(ctx)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			_, _ = ix.Follow(ctx, p.store, nil)
			time.Sleep(10 * time.Millisecond)
		}
	}()
	people, err := p.store.People(ctx)
	if err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	for round := 0; ; round++ {
		if round%7 == 0 {
			changeAStandard(ctx, t, p, round)
		}
		answerSomething(ctx, t, p, people[rnd.IntN(len(people))], rnd)
	}
}

// answerSomething lets a person answer or undo one match and says so once it is
// committed.
func answerSomething(ctx context.Context, t *testing.T, p *program, who review.Person, rnd *rand.Rand) {
	page, err := p.store.Matches(ctx, review.Filter{Limit: 200, Order: review.OrderRecent})
	if err != nil || len(page.Matches) == 0 {
		t.Fatalf("no matches: %v", err)
	}
	answerMatch(ctx, t, p, who, page.Matches[rnd.IntN(len(page.Matches))])
}

// answerMatch answers a match, or undoes the last answer where that is refused.
func answerMatch(ctx context.Context, t *testing.T, p *program, who review.Person, m review.Match) {
	a := review.Answer{Match: m.ID, Version: m.Version, Kind: review.KindOpinion, Verdict: "equivalent", Reasons: []string{"other"},
		AToB: corpus.Recognition{Answer: corpus.AnswerYes}, BToA: corpus.Recognition{Answer: corpus.AnswerYes}, Idempotency: uuid.NewString()}
	if len(m.Targets) == 0 {
		a.Verdict, a.Search = review.VerdictNoCounterpart, "looked everywhere"
	}
	for _, id := range m.Clauses() {
		a.Seen = append(a.Seen, review.Seen{Clause: id, Digest: m.Digests[id], Amended: m.Amended[id]})
	}
	after, decision, err := p.desk().Decide(ctx, who, a)
	if err != nil {
		if n := len(m.Decisions); n > 0 && m.Decisions[n-1].Kind != review.KindWithdrawal {
			by := slices.IndexFunc(mustPeople(ctx, t, p), func(x review.Person) bool { return x.ID == m.Decisions[n-1].Person })
			if by >= 0 {
				_, _ = p.desk().Undo(ctx, mustPeople(ctx, t, p)[by], m.ID, m.Decisions[n-1].ID)
			}
		}
		return
	}
	if len(after.Decisions) == 0 {
		t.Fatal("an answer was given and none is there")
	}
	fmt.Printf("ack %s\n", decision.ID)
}

func mustPeople(ctx context.Context, t *testing.T, p *program) []review.Person {
	people, err := p.store.People(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return people
}

// changeAStandard saves a standard with one clause worded anew, so that the
// index has something to follow and decisions become suspect.
func changeAStandard(ctx context.Context, t *testing.T, p *program, round int) {
	const id = "ru-sp-59-13330-2020"
	h, err := p.store.Standard(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	clauses, err := p.store.ClausesOf(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	clauses[round%len(clauses)].Text += fmt.Sprintf(" (%d)", round)
	if _, err := p.store.Save(ctx, &corpus.Document{Standard: h.Standard, Clauses: clauses}, "cli"); err != nil {
		t.Fatal(err)
	}
}
