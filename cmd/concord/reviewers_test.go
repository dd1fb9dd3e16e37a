package main

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
	"concord/web"
)

// reviewer is one person at work over HTTP.
type reviewer struct {
	person review.Person
	secret string
	base   string
	http   *http.Client
}

// do sends a request and returns its answer with how long it took.
func (r *reviewer) do(method, path string, form url.Values, accept string) (status int, body, to string, took time.Duration, err error) {
	req, err := http.NewRequest(method, r.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, "", "", 0, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", accept)
	req.AddCookie(&http.Cookie{Name: "concord", Value: r.secret})
	began := time.Now()
	res, err := r.http.Do(req)
	if err != nil {
		return 0, "", "", 0, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return res.StatusCode, string(b), res.Header.Get("Location"), time.Since(began), err
}

var (
	hidden     = regexp.MustCompile(`<input type="hidden" name="([a-z_]+)" value="([^"]*)">`)
	decideForm = regexp.MustCompile(`(?s)<form method="post" action="(/matches/[^"]+/decide)"(.*?)</form>`)
)

// open reads a match's page and the form on it.
func (r *reviewer) open(path string) (action string, form url.Values, took time.Duration, err error) {
	status, body, _, took, err := r.do(http.MethodGet, path, nil, "text/html")
	if err != nil {
		return "", nil, 0, err
	}
	found := decideForm.FindStringSubmatch(body)
	if status != http.StatusOK || found == nil {
		return "", nil, took, fmt.Errorf("%s: %d, no form to answer", path, status)
	}
	form = url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(found[2], -1) {
		form.Add(m[1], html.UnescapeString(m[2]))
	}
	return found[1], form, took, nil
}

// tally is what all reviewers were told, and how long they waited.
type tally struct {
	mu            sync.Mutex
	acked         map[string]string // decision: match
	decided, read []time.Duration
	lost          int // races
	handed        map[string]int
}

func (t *tally) ack(body string, took time.Duration) error {
	var saved struct {
		Decision, Match string
	}
	if err := json.Unmarshal([]byte(body), &saved); err != nil || saved.Decision == "" {
		return fmt.Errorf("no decision in %.200s", body)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.acked[saved.Decision] != "" {
		return fmt.Errorf("the decision %s was acknowledged twice", saved.Decision)
	}
	t.acked[saved.Decision] = saved.Match
	t.decided = append(t.decided, took)
	return nil
}

func quantile(list []time.Duration, q float64) time.Duration {
	if len(list) == 0 {
		return 0
	}
	list = slices.Sorted(slices.Values(list))
	return list[min(len(list)-1, int(q*float64(len(list))))].Round(100 * time.Microsecond)
}

// TestReviewersAtOnce lets a hundred people decide at once over HTTP, each with a
// session, first each in one queue that all share, then in groups on the same
// matches. Every acknowledged decision is kept exactly once, nothing else is, and
// whoever loses a race is shown both answers. How long they wait is logged.
func TestReviewersAtOnce(t *testing.T) {
	people, each, group := 100, 5, 5
	if testing.Short() {
		people, each = 20, 2
	}
	p, err := quiet().openProgram(t.Context(), config{Data: t.TempDir()}, true)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	races := people / group
	dossier := pairsToDecide(t, p, people*(each+2)+races)
	server, err := web.New(web.Config{Store: p.store, Read: p.lexicon, Label: p.label, Now: p.now})
	if err != nil {
		t.Fatal(err)
	}
	site := httptest.NewServer(server.Handler())
	defer site.Close()
	all := reviewersOf(t, p, people, site.URL)
	sums := &tally{acked: map[string]string{}, handed: map[string]int{}}
	queue := "task=first&order=chapter&dossier=" + dossier.String()

	atOnce(t, all, func(i int, r *reviewer) error { return r.work(queue, each, sums, rand.New(rand.NewPCG(1, uint64(i)))) })
	shared := 0
	for _, n := range sums.handed {
		if n > 1 {
			shared++
		}
	}
	if shared > 0 {
		t.Errorf("%d matches were handed to more than one person", shared)
	}
	if n := len(sums.acked); n != people*each {
		t.Errorf("%d decisions were acknowledged, %d made", n, people*each)
	}
	t.Logf("%d people, %d decisions in their queue: post p50 %v p99 %v; page p50 %v p99 %v", people, len(sums.acked),
		quantile(sums.decided, .5), quantile(sums.decided, .99), quantile(sums.read, .5), quantile(sums.read, .99))

	page, err := p.store.Matches(t.Context(), review.Filter{Dossier: dossier, States: []review.State{review.StateProposed}, Limit: races})
	if err != nil || len(page.Matches) < races {
		t.Fatalf("%d matches are left to race for: %v", len(page.Matches), err)
	}
	forms, actions := make([]url.Values, people), make([]string, people)
	atOnce(t, all, func(i int, r *reviewer) (err error) {
		actions[i], forms[i], _, err = r.open("/matches/" + page.Matches[i/group].ID.String())
		return err
	})
	before := len(sums.acked)
	sums.decided = nil
	atOnce(t, all, func(i int, r *reviewer) error { return r.race(actions[i], forms[i], i%group, sums) })
	if won := len(sums.acked) - before; won != races || sums.lost != people-races {
		t.Errorf("%d races were won and %d answers lost, want %d and %d", won, sums.lost, races, people-races)
	}
	t.Logf("%d people answer %d matches at the same moment: winners p50 %v p99 %v", people, races, quantile(sums.decided, .5), quantile(sums.decided, .99))

	if wrong := notKept(t, p, all, sums.acked); len(wrong) > 0 {
		t.Errorf("%d decisions are kept wrongly, first %s", len(wrong), wrong[0])
	}
	sums.acked[uuid.NewString()] = page.Matches[0].ID.String() // the control: one that was never made
	if wrong := notKept(t, p, all, sums.acked); len(wrong) != 1 {
		t.Errorf("the check finds %d wrong where one is", len(wrong))
	}
	report, err := p.store.Check(t.Context())
	if err != nil || len(report.Problems) > 0 {
		t.Errorf("check: %v %v", err, report.Problems)
	}
}

// atOnce lets everybody do something at the same time.
func atOnce(t *testing.T, all []*reviewer, do func(i int, r *reviewer) error) {
	t.Helper()
	var group sync.WaitGroup
	begin := make(chan struct{})
	for i, r := range all {
		group.Add(1)
		go func() {
			defer group.Done()
			<-begin
			if err := do(i, r); err != nil {
				t.Errorf("reviewer %d: %v", i, err)
			}
		}()
	}
	close(begin)
	group.Wait()
	if t.Failed() {
		t.FailNow()
	}
}

// work decides n matches of a queue as the script does: the page, a while to
// read, the answer. A second or three to read is little, so that the load is more
// than that of a hundred people.
func (r *reviewer) work(queue string, n int, sums *tally, rnd *rand.Rand) error {
	behind := ""
	for range n {
		time.Sleep(time.Duration(1000+rnd.IntN(2000)) * time.Millisecond)
		_, _, to, _, err := r.do(http.MethodGet, "/review/next?"+queue+behind, nil, "text/html")
		if err != nil {
			return err
		}
		action, form, took, err := r.open(to)
		if err != nil {
			return err
		}
		sums.mu.Lock()
		sums.read = append(sums.read, took)
		sums.handed[action]++
		sums.mu.Unlock()
		form.Set("verdict", "equivalent")
		status, body, _, took, err := r.do(http.MethodPost, action, form, "application/json")
		if err != nil || status != http.StatusOK {
			return fmt.Errorf("decide: %d %.200s: %w", status, body, err)
		}
		if err := sums.ack(body, took); err != nil {
			return err
		}
		behind = "&behind=" + strings.TrimSuffix(strings.TrimPrefix(action, "/matches/"), "/decide")
	}
	return nil
}

// race answers what others answer at the same moment. One wins; the others get a
// page with what was decided and with what they chose.
func (r *reviewer) race(action string, form url.Values, mine int, sums *tally) error {
	verdict := []string{"equivalent", "identical", "overlap", "subset", "superset"}[mine]
	form.Set("verdict", verdict)
	if verdict == "overlap" {
		form.Set("a_conditions", "more")
		form.Set("b_conditions", "more")
	}
	status, body, _, took, err := r.do(http.MethodPost, action, form, "application/json")
	if err != nil {
		return err
	}
	if status == http.StatusOK {
		return sums.ack(body, took)
	}
	if status != http.StatusConflict {
		return fmt.Errorf("race: %d %.300s", status, body)
	}
	// As the script does then: the form again, for a page.
	status, body, _, _, err = r.do(http.MethodPost, action, form, "text/html")
	if err != nil {
		return err
	}
	_, after, yours := strings.Cut(body, "Your answer:")
	_, now, theirs := strings.Cut(after, "Now:")
	now, _, _ = strings.Cut(now, "</section>")
	if status != http.StatusConflict || !yours || !theirs || !strings.Contains(now, "A→B") {
		return fmt.Errorf("who lost the race is not shown both: %d, %v, %v, %.300s", status, yours, theirs, now)
	}
	sums.mu.Lock()
	defer sums.mu.Unlock()
	sums.lost++
	return nil
}

// notKept lists what was acknowledged and is not kept exactly once, and what is
// kept and was not acknowledged.
func notKept(t *testing.T, p *program, all []*reviewer, acked map[string]string) []string {
	t.Helper()
	kept := map[string]string{}
	var wrong []string
	for _, r := range all {
		list, err := p.store.DecisionsBy(t.Context(), r.person.ID, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range list {
			if kept[d.ID.String()] != "" {
				wrong = append(wrong, d.ID.String()+" twice")
			}
			kept[d.ID.String()] = d.Match.String()
		}
	}
	for id, match := range acked {
		if kept[id] != match {
			wrong = append(wrong, id+" lost")
		}
	}
	for id := range kept {
		if acked[id] == "" {
			wrong = append(wrong, id+" never acknowledged")
		}
	}
	return wrong
}

// pairsToDecide makes a dossier of n pairs that one answer settles.
func pairsToDecide(t *testing.T, p *program, n int) uuid.UUID {
	t.Helper()
	ctx := context.Background()
	make := func(id corpus.StandardID, place corpus.Jurisdiction, lang corpus.Language, text string) *corpus.Document {
		d := &corpus.Document{Standard: corpus.Standard{ID: id, Designation: strings.ToUpper(string(id)), Titles: []corpus.Title{{Language: lang, Text: "Signs"}},
			Issuer: "Issuer", Jurisdiction: place, Language: lang, Domain: corpus.DomainEngineering, Edition: "2020", Status: corpus.StatusInForce, Rights: corpus.RightsFull}}
		for i := range n {
			key := fmt.Sprint(i + 1)
			d.Clauses = append(d.Clauses, corpus.Clause{ID: corpus.NewClauseID(id, key), Standard: id, Order: i, Label: key, Number: key, Kind: corpus.KindRequirement, Text: fmt.Sprintf(text, i), Language: lang})
		}
		if _, err := p.store.Save(ctx, d, "cli"); err != nil {
			t.Fatal(err)
		}
		return d
	}
	a, b := make("gb-2-2020", "CN", "zh", "疏散走道应设置第 %d 类标志，净宽度不应小于 1.4 m。"), make("sp-2-2020", "RU", "ru", "Коридор должен иметь знак вида %d и ширину не менее 1,4 м.")
	d := review.Dossier{ID: uuid.Must(uuid.NewV7()), Name: "Signs", Domain: corpus.DomainEngineering, Policy: review.PolicyOneReviewer, Created: time.Now(),
		Sides: []review.Side{{Party: "CN", Standards: []corpus.StandardID{"gb-2-2020"}}, {Party: "RU", Standards: []corpus.StandardID{"sp-2-2020"}}}}
	if err := p.store.SaveDossier(ctx, d, "cli"); err != nil {
		t.Fatal(err)
	}
	var list []matcher.Proposal
	for i := range n {
		x, y := a.Clauses[i], b.Clauses[i]
		list = append(list, matcher.Proposal{Source: x.ID, Target: y.ID, SourceDigest: x.Digest(), TargetDigest: y.Digest(), Score: .8, Confidence: .8, Relation: corpus.RelationEquivalent, Model: "test"})
	}
	if _, _, err := p.store.Propose(ctx, d.ID, list); err != nil {
		t.Fatal(err)
	}
	return d.ID
}

// reviewersOf makes n people with sessions.
func reviewersOf(t *testing.T, p *program, n int, base string) []*reviewer {
	t.Helper()
	ctx := context.Background()
	transport := &http.Transport{MaxIdleConnsPerHost: n, MaxConnsPerHost: 2 * n}
	t.Cleanup(transport.CloseIdleConnections)
	client := &http.Client{Transport: transport, Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	var out []*reviewer
	for i := range n {
		who := review.Person{ID: uuid.Must(uuid.NewV7()), Login: fmt.Sprintf("r%d", i), Name: fmt.Sprintf("Reviewer %d", i), Role: review.RoleReviewer, Party: []review.Party{"CN", "RU"}[i%2], Created: time.Now()}
		if err := p.store.SavePerson(ctx, who, "cli"); err != nil {
			t.Fatal(err)
		}
		secret, err := review.NewSecret()
		if err != nil {
			t.Fatal(err)
		}
		now := time.Now()
		if err := p.store.NewSession(ctx, review.Session{Hash: review.HashSecret(secret), Person: who.ID, Created: now, LastSeen: now, Expires: now.Add(review.SessionAbsolute), Agent: "test"}); err != nil {
			t.Fatal(err)
		}
		out = append(out, &reviewer{who, secret, base, client})
	}
	return out
}
