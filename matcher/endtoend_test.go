package matcher

import (
	"context"
	"fmt"
	"runtime"
	"testing"
)

// BenchmarkEndToEnd measures what matching one corpus with another of the same size
// costs, the way a run of many dossiers does it: -clauses texts are read and indexed,
// then as many others are asked about (-asked at most), three proposals each with
// relation and reasons. All times are processor time of both processors for one clause;
// bytes are what stays in memory afterwards, without the asked texts and, but for "all",
// without the indexed ones.
//
//	go test ./matcher -run xxx -bench EndToEnd -benchtime 1x -clauses 20000 -asked 20000
func BenchmarkEndToEnd(b *testing.B) {
	for _, part := range []int{2, 1} { // half as many clauses first: what grows faster than they do shows
		n := *benchClauses / part
		b.Run(fmt.Sprintf("clauses=%d", n), func(b *testing.B) { endToEnd(b, n, min(n, *benchAsked)) })
	}
}

func endToEnd(b *testing.B, n, questions int) {
	b.Helper()
	asked := newGenerator(b, 2).standards("new", n)
	asked = spread(asked, questions)
	for b.Loop() {
		m := testMatcher(b)
		empty := heapInUse()
		kept := newGenerator(b, 1).standards("kept", n)
		before := heapInUse()
		used := cpuTime(b)
		if err := m.Load(nil, kept); err != nil {
			b.Fatal(err)
		}
		load := cpuTime(b) - used
		b.ReportMetric(load.Seconds()*1000/float64(n), "load-cpu-ms/clause")
		b.ReportMetric((heapInUse()-before)/float64(n), "loaded-bytes/clause")
		used = cpuTime(b)
		if err := m.MatchAll(context.Background(), asked, nil, 3, nil, func([]Proposal) error { return nil }); err != nil {
			b.Fatal(err)
		}
		match := cpuTime(b) - used
		b.ReportMetric(match.Seconds()*1000/float64(len(asked)), "match-cpu-ms/clause")
		b.ReportMetric((heapInUse()-before)/float64(n), "bytes/clause")
		runtime.KeepAlive(kept)
		kept = nil
		b.ReportMetric((heapInUse()-empty)/float64(n), "all-bytes/clause")
		runtime.KeepAlive(m)
	}
}

// spread takes so many of the clauses at even steps, which keeps them in all languages.
func spread[T any](all []T, n int) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = all[i*len(all)/n]
	}
	return out
}
