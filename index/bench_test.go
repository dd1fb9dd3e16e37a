package index

import (
	"context"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"concord/corpus"
)

// benchClauses is the size of the generated corpus; 100000 for the figures that
// are quoted.
var benchClauses = flag.Int("clauses", 10_000, "clauses in the generated corpus of the search benchmark")

// generated makes n clauses of 40 to 120 words drawn from a Zipf-like
// vocabulary, spread over 20 jurisdictions.
func generated(n int) *shelf {
	rnd := rand.New(rand.NewPCG(7, 7))
	word := func() string {
		rank := int(math.Exp(rnd.Float64()*math.Log(60_000))) - 1
		return "w" + strings.Map(func(r rune) rune { return 'a' + (r - '0') }, fmt.Sprint(rank*7919%60_000))
	}
	s := &shelf{}
	for i := range n {
		standard := english
		j := i * 20 / n
		standard.ID, standard.Jurisdiction = corpus.StandardID(fmt.Sprintf("j%02d-x", j)), corpus.Jurisdiction(fmt.Sprintf("J%d", j))
		words := make([]string, 40+rnd.IntN(81))
		for k := range words {
			words[k] = word()
			if rnd.IntN(25) == 0 {
				words[k] = []string{"guardrail", "evacuation", "door", "fire", "height"}[rnd.IntN(5)]
			}
		}
		s.put(standard, fmt.Sprintf("%d.%d", i/10, i%10), "", strings.Join(words, " ")+fmt.Sprintf(" shall be at least %d mm.", rnd.IntN(5000)))
	}
	return s
}

// BenchmarkSearch measures what a person waits for: three to five words with
// facets, over all jurisdictions. It reports the 95th percentile beside the
// mean, and a hostile query's cost beside it.
func BenchmarkSearch(b *testing.B) {
	s := generated(*benchClauses)
	started := time.Now()
	ix := open(b, b.TempDir(), s)
	b.Logf("%d clauses indexed in %s", *benchClauses, time.Since(started).Round(time.Millisecond))
	rnd := rand.New(rand.NewPCG(3, 3))
	queries := make([]string, 400)
	for i := range queries {
		words := strings.Fields(s.changes[rnd.IntN(len(s.changes))].Clause.Text)
		for range 3 + rnd.IntN(3) {
			queries[i] += words[rnd.IntN(len(words))] + " "
		}
	}
	for _, kind := range []string{"ordinary", "hostile"} {
		b.Run(kind, func(b *testing.B) {
			ask := queries
			if kind == "hostile" {
				ask = hostile()
			}
			var took []time.Duration
			for i := 0; b.Loop(); i++ {
				at := time.Now()
				_, err := ix.Search(context.Background(), Query{Text: ask[i%len(ask)], Limit: 20})
				if err != nil && kind == "ordinary" {
					b.Fatal(err)
				}
				took = append(took, time.Since(at))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
			b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "max-ms")
		})
	}
}
