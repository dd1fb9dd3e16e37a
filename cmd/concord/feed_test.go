package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/client"
	"concord/review"
	"concord/web"
)

// feedEnv tells the test binary to be the child that serves and writes until it is
// killed; its value is the data folder, a space and the address.
const feedEnv = "CONCORD_TEST_FEED"

// writersEnv says how many decide at once, eight without it.
const writersEnv = "CONCORD_TEST_WRITERS"

// TestFollowedWhileKilled lets a client follow the feed of changes over HTTP while
// writers decide, undo and reserve, standards change and rounds are frozen, and the
// server is killed at random moments: eight and six times, or as CONCORD_TEST_WRITERS
// and CONCORD_TEST_KILLS say.
// What the client has kept in the end is exactly what the server lists.
func TestFollowedWhileKilled(t *testing.T) {
	if v := os.Getenv(feedEnv); v != "" {
		serveAndWrite(t, v)
		return
	}
	data := t.TempDir()
	must(t, "demo", "--no-serve", "--data", data)
	key, at := newFeedKey(t, data)
	addr := freeAddress(t)
	kills, err := strconv.Atoi(cmp.Or(os.Getenv("CONCORD_TEST_KILLS"), "6"))
	if err != nil {
		t.Fatal(err)
	}
	copied := &replica{things: map[string]string{}}
	c := &client.Client{Base: "http://" + addr, Key: key, Idle: 20 * time.Millisecond}
	rnd := rand.New(rand.NewPCG(8, 5))
	interrupted := 0
	for range kills {
		interrupted += copied.followUntilKilled(t, c, data, addr, 1+rnd.IntN(8), time.Duration(rnd.IntN(200))*time.Millisecond)
	}
	p, server := feedServer(t, data)
	defer p.close()
	site := httptest.NewServer(server.Handler())
	defer site.Close()
	c.Base = site.URL
	before := copied.after
	copied.catchUp(t, c)
	want := listed(t, c)
	if d := differences(copied.things, want); len(d) > 0 {
		t.Errorf("%d things differ, first %s", len(d), d[0])
	}
	if interrupted < kills/2 || before == 0 || copied.after <= at {
		t.Errorf("%d of %d kills interrupted the client, which had %d of %d entries; %d before anybody wrote: the test proves little", interrupted, kills, before, copied.after, at)
	}
	t.Logf("%d kills, %d entries followed (%d of them written meanwhile, %d told after the last kill), %d things are as the server lists them", kills, copied.after, copied.after-at, copied.after-before, len(want))

	// The controls: an entry that does not arrive is noticed as a gap, and a thing
	// that is not kept leaves another state.
	gap := withoutEntry(t, site.URL, 1000)
	defer gap.Close()
	c.Base = gap.URL
	if err := (&replica{things: map[string]string{}}).all(t, c); !errors.Is(err, client.ErrGap) {
		t.Errorf("a feed with a gap is followed: %v", err)
	}
	for name := range want {
		less := maps.Clone(copied.things)
		delete(less, name)
		if len(differences(less, want)) != 1 {
			t.Errorf("a copy without %s is held to be whole", name)
		}
		break
	}
}

// replica is a client's copy: things by kind and id as JSON, and how far it came.
type replica struct {
	things map[string]string
	after  int64
	pages  int
}

// take keeps a page.
func (r *replica) take(p client.Changes) error {
	for _, item := range p.Items {
		name := item.Kind + " " + item.ID
		if item.Removed {
			delete(r.things, name)
			continue
		}
		item.Seq = 0
		body, err := json.Marshal(item)
		if err != nil {
			return err
		}
		r.things[name] = string(body)
	}
	r.after = p.After
	r.pages++
	return nil
}

// followUntilKilled starts a server that writes, follows it, and kills it some time
// after so many pages. It returns 1 when the client was interrupted.
func (r *replica) followUntilKilled(t *testing.T, c *client.Client, data, addr string, pages int, after time.Duration) int {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run", "^TestFollowedWhileKilled$")
	child.Env = append(os.Environ(), feedEnv+"="+data+" "+addr)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	kill := time.AfterFunc(2*time.Minute, func() { _ = child.Process.Kill() })
	lines := bufio.NewScanner(out)
	for lines.Scan() && lines.Text() != "serving" {
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	once, until := *c, r.pages+pages
	once.Wait = func(ctx context.Context, d time.Duration) error {
		if d >= time.Second && !followedAnswers(addr) {
			return errors.New("the server is gone")
		}
		time.Sleep(d)
		return ctx.Err()
	}
	err = once.Follow(t.Context(), r.after, func(p client.Changes) error {
		if err := r.take(p); err != nil || r.pages != until {
			return err
		}
		kill.Reset(after)
		return nil
	})
	if errors.Is(err, client.ErrGap) {
		t.Fatal(err)
	}
	kill.Stop()
	ended := child.Process.Kill() // nil while it still ran
	if child.Wait() == nil {
		t.Fatal("the child ended by itself")
	}
	if ended != nil || err != nil && r.pages >= until {
		return 1
	}
	return 0
}

// followedAnswers tells whether somebody listens at an address.
func followedAnswers(addr string) bool {
	conn, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		return false
	}
	return conn.Close() == nil
}

// errNothingNew ends a copy that has everything.
var errNothingNew = errors.New("nothing new")

// catchUp follows until there is nothing new.
func (r *replica) catchUp(t *testing.T, c *client.Client) {
	t.Helper()
	if err := r.all(t, c); err != nil {
		t.Fatal(err)
	}
}

// all follows to the end of the feed from where the copy is.
func (r *replica) all(t *testing.T, c *client.Client) error {
	once := *c
	once.Idle = time.Millisecond
	once.Wait = func(ctx context.Context, d time.Duration) error {
		if d == time.Millisecond {
			return errNothingNew
		}
		time.Sleep(d)
		return ctx.Err()
	}
	if err := once.Follow(t.Context(), r.after, r.take); !errors.Is(err, errNothingNew) {
		return err
	}
	return nil
}

// listed is everything the server lists, in the form of a copy.
func listed(t *testing.T, c *client.Client) map[string]string {
	t.Helper()
	all := &replica{things: map[string]string{}}
	keep := func(change client.Change) {
		if err := all.take(client.Changes{Items: []client.Change{change}}); err != nil {
			t.Fatal(err)
		}
	}
	ctx := t.Context()
	fail := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	for s, err := range c.Standards(ctx) {
		fail(err)
		told := s // without what follows from other standards
		told.Parallel, told.Overlay, told.OverlaidBy = nil, nil, nil
		keep(client.Change{Kind: "standard", ID: s.ID, Standard: &told})
		for clause, err := range c.Clauses(ctx, s.ID) {
			fail(err)
			keep(client.Change{Kind: "clause", ID: clause.ID, Clause: &clause})
		}
	}
	for d, err := range c.Dossiers(ctx) {
		fail(err)
		keep(client.Change{Kind: "dossier", ID: d.ID, Dossier: &d})
		for round, err := range c.Rounds(ctx, d.ID) {
			fail(err)
			keep(client.Change{Kind: "round", ID: d.ID + "/" + strconv.Itoa(round.Number), Round: &round})
		}
	}
	for m, err := range c.Matches(ctx, "") {
		fail(err)
		keep(client.Change{Kind: "match", ID: m.ID, Match: &m})
	}
	return all.things
}

// differences names what two copies do not have in common.
func differences(a, b map[string]string) []string {
	var out []string
	for name, body := range a {
		if b[name] != body {
			out = append(out, fmt.Sprintf("%s: kept %s, listed %s", name, body, b[name]))
		}
	}
	for name := range b {
		if _, there := a[name]; !there {
			out = append(out, name+" is not kept")
		}
	}
	return out
}

// withoutEntry passes requests on and takes one entry out of the feed.
func withoutEntry(t *testing.T, base string, seq int64) *httptest.Server {
	t.Helper()
	to, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Header.Del("Accept-Encoding")
	}}
	proxy.ModifyResponse = func(r *http.Response) error {
		var page map[string]any
		if err := json.NewDecoder(r.Body).Decode(&page); err != nil {
			return err
		}
		items, _ := page["items"].([]any)
		var left []any
		for _, item := range items {
			if entry, is := item.(map[string]any); !is || entry["seq"] != float64(seq) {
				left = append(left, item)
			}
		}
		page["items"] = left
		body, err := json.Marshal(page)
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(string(body))), int64(len(body))
		r.Header.Del("Content-Length")
		r.Header.Del("Content-Encoding")
		return err
	}
	return httptest.NewServer(proxy)
}

// freeAddress is an address of this machine that nobody listens at.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// newFeedKey makes a key that may read, and tells how long the feed is already.
func newFeedKey(t *testing.T, data string) (string, int64) {
	t.Helper()
	p, err := quiet().openProgram(t.Context(), config{Data: data}, false)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	secret, key, err := review.NewKey("feed", []review.Scope{review.ScopeRead}, time.Now(), review.KeyLife)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.store.NewKey(t.Context(), key, "cli"); err != nil {
		t.Fatal(err)
	}
	last := int64(0)
	for {
		entries, err := p.store.Feed(t.Context(), last, 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(entries) == 0 {
			return secret, last
		}
		last = entries[len(entries)-1].Seq
	}
}

// feedServer is a server over the data, without an index.
func feedServer(t *testing.T, data string) (*program, *web.Server) {
	t.Helper()
	p, err := quiet().openProgram(context.Background(), config{Data: data}, false)
	if err != nil {
		t.Fatal(err)
	}
	server, err := web.New(web.Config{Store: p.store, Records: p.store, Read: p.lexicon, Label: p.label, Now: p.now})
	if err != nil {
		t.Fatal(err)
	}
	return p, server
}

// serveAndWrite is the child: it serves, while writers answer and undo, standards
// change and rounds are frozen, until it is killed.
func serveAndWrite(t *testing.T, value string) {
	data, addr, _ := strings.Cut(value, " ")
	ctx := context.Background()
	p, server := feedServer(t, data)
	go func() {
		for !followedAnswers(addr) {
			time.Sleep(5 * time.Millisecond)
		}
		fmt.Println("serving")
	}()
	people := mustPeople(ctx, t, p)
	writers, err := strconv.Atoi(cmp.Or(os.Getenv(writersEnv), "8"))
	if err != nil {
		t.Fatal(err)
	}
	page, err := p.store.Matches(ctx, review.Filter{Limit: review.MaxPage, Order: review.OrderRecent})
	if err != nil || len(page.Matches) == 0 {
		t.Fatalf("no matches: %v", err)
	}
	var ids []uuid.UUID
	for _, m := range page.Matches {
		ids = append(ids, m.ID)
	}
	for n := range writers {
		go func() {
			rnd := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), uint64(n)))
			for {
				m, _, err := p.store.Match(ctx, ids[rnd.IntN(len(ids))])
				if err != nil {
					t.Error(err)
					return
				}
				if rnd.IntN(10) == 0 {
					reserveSomething(ctx, t, p, m, people, rnd)
				} else {
					answerMatch(ctx, t, p, people[rnd.IntN(len(people))], m)
				}
				time.Sleep(time.Duration(rnd.IntN(12*writers)) * time.Millisecond) // the client shall have a turn
			}
		}()
	}
	go func() {
		dossiers, err := p.store.Dossiers(ctx)
		for n := 0; err == nil; n++ {
			changeAStandard(ctx, t, p, n)
			_, _ = p.store.FreezeRound(ctx, dossiers[n%len(dossiers)].ID, fmt.Sprint("Round ", time.Now().UnixNano()), people[n%len(people)]) // refused where nothing is new
			time.Sleep(300 * time.Millisecond)
		}
	}()
	t.Fatal(server.Serve(ctx, addr))
}

// reserveSomething declares a reservation against a match or the whole, or withdraws
// one, for the first person who may.
func reserveSomething(ctx context.Context, t *testing.T, p *program, m review.Match, people []review.Person, rnd *rand.Rand) {
	list, err := p.store.Reservations(ctx, m.Dossier)
	if err != nil {
		t.Fatal(err)
	}
	for _, who := range people {
		if open := review.Reserved(list, []review.Match{m}); len(open) > 0 && rnd.IntN(2) == 0 {
			_, err = p.store.WithdrawReservation(ctx, open[rnd.IntN(len(open))].ID, who)
		} else if rnd.IntN(4) == 0 {
			_, err = p.store.Reserve(ctx, m.Dossier, uuid.Nil, "on all of it", who)
		} else {
			_, err = p.store.Reserve(ctx, m.Dossier, m.ID, "on this one", who)
		}
		if err == nil {
			return
		}
	}
}
