package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"concord/corpus"
	"concord/index"
	"concord/review"
	"concord/web"
)

// The load of the measurement: so many requests a second for so long, by as many
// keys as the limit of each allows.
const (
	loadRate    = 200
	loadSeconds = 20
	loadKeys    = 40
)

// BenchmarkInterfaceUnderLoad measures the interface under a constant load: searches
// and equivalents, one after the other, 200 requests a second over HTTP on loopback,
// whatever the answers take, on the samples and as many generated clauses beside them
// as CONCORD_LOAD says (5,000 without). It reports p50 and p99 of each kind in
// milliseconds, how many were told that the server is busy (503), and the processor
// time of one request, both ends, which other programs on the machine change least;
// any other answer than 200 fails it.
func BenchmarkInterfaceUnderLoad(b *testing.B) {
	clauses := 5_000
	if v := os.Getenv("CONCORD_LOAD"); v != "" {
		var err error
		if clauses, err = strconv.Atoi(v); err != nil {
			b.Fatal(err)
		}
	}
	world := newLoadWorld(b, clauses)
	for b.Loop() {
		world.run(b)
	}
}

// loadWorld is a server over a large store, with what is asked of it.
type loadWorld struct {
	base    string
	keys    []string
	queries []string
	ids     []corpus.ClauseID // with matches and without, in turn
	client  *http.Client
}

// newLoadWorld makes the demo with generated standards beside it.
func newLoadWorld(b *testing.B, clauses int) *loadWorld {
	b.Helper()
	ctx := context.Background()
	data := b.TempDir()
	if code, _, errs := concord(b, "demo", "--no-serve", "--data", data); code != 0 {
		b.Fatal(errs)
	}
	p, err := quiet().openProgram(ctx, config{Data: data}, false)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = p.close() })
	rnd := rand.New(rand.NewPCG(9, 9))
	generated := generateStandards(b, p, rnd, clauses)
	ix, err := p.openIndex(ctx)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = ix.Close() })
	if _, err := ix.Follow(ctx, p.store, nil); err != nil {
		b.Fatal(err)
	}
	server, err := web.New(web.Config{Store: p.store, Records: p.store, Search: ix, Read: p.terms, Label: p.label, Concepts: p.terms.shipped.Concepts(), Now: p.now, Unavailable: []error{index.ErrBusy, index.ErrClosed}})
	if err != nil {
		b.Fatal(err)
	}
	site := httptest.NewServer(server.Handler())
	b.Cleanup(site.Close)
	w := &loadWorld{base: site.URL, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 500}}}
	for i := range loadKeys {
		secret, key, err := review.NewKey(fmt.Sprint("load ", i), []review.Scope{review.ScopeRead, review.ScopeSearch}, time.Now(), review.KeyLife)
		if err != nil {
			b.Fatal(err)
		}
		if err := p.store.NewKey(ctx, key, "cli"); err != nil {
			b.Fatal(err)
		}
		w.keys = append(w.keys, secret)
	}
	page, err := p.store.Matches(ctx, review.Filter{Order: review.OrderChapter, Limit: review.MaxPage})
	if err != nil {
		b.Fatal(err)
	}
	for i, m := range page.Matches {
		w.ids = append(w.ids, m.Sources[0], generated[i%len(generated)])
	}
	w.queries = []string{"width of escape stairs", "疏散楼梯 净宽度", "ширина эвакуационного выхода", "largeur de l'issue de secours", "عرض المخرج", "altura de la barandilla", "personal data breach", "guardrail height >= 1000 mm", "fire resistance of walls", "handle record verify"}
	return w
}

// generateStandards keeps standards of 2,000 clauses made of the samples' words.
func generateStandards(b *testing.B, p *program, rnd *rand.Rand, clauses int) []corpus.ClauseID {
	b.Helper()
	ctx := context.Background()
	var words []string
	for _, id := range []corpus.StandardID{"gb-approved-document-b", "eu-regulation-eu-2016-679", "eu-directive-92-57-eec", "eu-en-1992-1-1-2004"} {
		list, err := p.store.ClausesOf(ctx, id)
		if err != nil {
			b.Fatal(err)
		}
		for _, c := range list {
			words = append(words, strings.Fields(c.Text)...)
		}
	}
	if len(words) < 1000 {
		b.Fatalf("only %d words to make clauses of", len(words))
	}
	var ids []corpus.ClauseID
	for n := 0; len(ids) < clauses; n++ {
		id := corpus.StandardID(fmt.Sprintf("xx-load-%d", n))
		doc := &corpus.Document{Standard: corpus.Standard{ID: id, Designation: fmt.Sprint("LOAD ", n), Titles: []corpus.Title{{Language: "en", Text: fmt.Sprint("Generated ", n)}},
			Jurisdiction: corpus.Jurisdiction(fmt.Sprintf("X%c", 'A'+n%20)), Language: "en", Domain: corpus.DomainEngineering, Status: corpus.StatusInForce, Rights: corpus.RightsFull, Edition: "2020", Issuer: "Nobody"}}
		for i := range min(2000, clauses-len(ids)) {
			text := make([]string, 20+rnd.IntN(60))
			for k := range text {
				text[k] = words[rnd.IntN(len(words))]
			}
			key := fmt.Sprintf("%d.%d", 1+i/20, 1+i%20)
			doc.Clauses = append(doc.Clauses, corpus.Clause{ID: corpus.NewClauseID(id, key), Standard: id, Order: i, Label: key, Number: key, Kind: corpus.KindRequirement, Text: strings.Join(text, " "), Language: "en"})
			ids = append(ids, corpus.NewClauseID(id, key))
		}
		if _, err := p.store.Save(ctx, doc, "cli"); err != nil {
			b.Fatal(err)
		}
	}
	return ids
}

// run sends the load and reports how long the answers took.
func (w *loadWorld) run(b *testing.B) {
	b.Helper()
	var mu sync.Mutex
	took := map[string][]time.Duration{}
	var failed []string
	busy := 0
	var all sync.WaitGroup
	before := cpuTime(b)
	tick := time.NewTicker(time.Second / loadRate)
	defer tick.Stop()
	for i := range loadRate * loadSeconds {
		<-tick.C
		kind, path := "search", "/api/v1/search?limit=10&q="+url.QueryEscape(w.queries[(i/2)%len(w.queries)])
		if i%2 == 1 {
			id := w.ids[(i/2)%len(w.ids)]
			kind, path = "equivalents", "/api/v1/clauses/"+string(id.Standard())+"/"+url.PathEscape(id.Key())+"/equivalents"
		}
		all.Go(func() {
			began := time.Now()
			err := w.ask(path, w.keys[i%len(w.keys)])
			mu.Lock()
			defer mu.Unlock()
			took[kind] = append(took[kind], time.Since(began))
			switch {
			case errors.Is(err, errBusy):
				busy++
			case err != nil:
				failed = append(failed, err.Error())
			}
		})
	}
	all.Wait()
	b.ReportMetric(float64((cpuTime(b)-before).Microseconds())/1000/(loadRate*loadSeconds), "cpu-ms/request")
	if len(failed) > 0 {
		b.Errorf("%d requests failed, first: %s", len(failed), failed[0])
	}
	b.ReportMetric(float64(busy), "busy")
	for kind, list := range took {
		slices.Sort(list)
		b.ReportMetric(float64(list[len(list)/2].Microseconds())/1000, kind+"-p50-ms")
		b.ReportMetric(float64(list[len(list)*99/100].Microseconds())/1000, kind+"-p99-ms")
	}
}

// cpuTime is how long this process has kept processors busy.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

var errBusy = errors.New("the server is busy")

// ask sends one request and reads its answer; errBusy for 503.
func (w *loadWorld) ask(path, key string) error {
	req, err := http.NewRequest(http.MethodGet, w.base+path, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+key)
	res, err := w.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	switch {
	case err != nil:
	case res.StatusCode == http.StatusServiceUnavailable:
		err = errBusy
	case res.StatusCode != http.StatusOK:
		err = fmt.Errorf("%s: %d %.200s", path, res.StatusCode, body)
	}
	return err
}
