package index

import (
	"flag"
	"fmt"
	"math"
	"math/rand"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2"

	"concord/matcher/sparse"
)

var peerDocs = flag.Int("peer", 2000, "clauses in the comparison of Bleve with the matcher's postings: 100000 or more to measure")

// BenchmarkBleveAskedPerClause compares Bleve, asked a query of 30 terms for each
// clause, with the matcher's postings, asked the same: the same generated clauses
// (60 words by a Zipf law, as sparse.BenchmarkSearch has them), the best 50, one
// goroutine, in turn, three rounds. It reports the processor time of a query on each
// side and the median of the ratios.
//
//	go test ./index -run xxx -bench BleveAskedPerClause -benchtime 1x -peer 100000
func BenchmarkBleveAskedPerClause(b *testing.B) {
	const asked = 100
	rng := rand.New(rand.NewSource(7))
	zipf := rand.NewZipf(rng, 1.1, 4000, 200_000-1)
	in := map[uint32]int{}
	docs := make([][]uint32, *peerDocs)
	for i := range docs {
		for range 30 + rng.Intn(60) {
			docs[i] = append(docs[i], uint32(zipf.Uint64()))
		}
		for _, t := range slices.Compact(slices.Sorted(slices.Values(docs[i]))) {
			in[t]++
		}
	}
	worth := func(t uint32) float32 {
		return float32(math.Log(1 + (float64(len(docs))-float64(in[t])+0.5)/(float64(in[t])+0.5)))
	}
	var made sparse.Builder
	for _, doc := range docs {
		counts := map[uint32]float32{}
		for _, t := range doc {
			counts[t]++
		}
		var terms []sparse.Term
		for t, n := range counts {
			terms = append(terms, sparse.Term{ID: t, Weight: n * 2.2 / (n + 1.2*(0.25+0.75*float32(len(doc))/60))})
		}
		made.Add("", terms)
	}
	ours, err := made.Build()
	if err != nil {
		b.Fatal(err)
	}
	theirs := peerIndex(b, docs)
	queries := make([][]uint32, asked)
	for i := range queries {
		doc := slices.Compact(slices.Sorted(slices.Values(docs[rng.Intn(len(docs))])))
		rng.Shuffle(len(doc), func(i, j int) { doc[i], doc[j] = doc[j], doc[i] })
		queries[i] = doc[:min(len(doc), 30)]
	}
	for b.Loop() {
		var ratios []float64
		for range 3 {
			used := usedTime(b)
			for _, q := range queries {
				match := bleve.NewMatchQuery(peerText(q))
				match.SetField("t")
				found, err := theirs.Search(bleve.NewSearchRequestOptions(match, 50, 0, false))
				if err != nil || len(found.Hits) == 0 {
					b.Fatal(err, "Bleve finds nothing")
				}
			}
			bleveTook := usedTime(b) - used
			used = usedTime(b)
			for range 10 { // more often, since it is over too soon to be measured
				for _, q := range queries {
					terms := make([]sparse.Term, len(q))
					for i, t := range q {
						terms[i] = sparse.Term{ID: t, Weight: worth(t)}
					}
					if len(ours.Search(terms, ours.All(), 50)) == 0 {
						b.Fatal("the postings find nothing")
					}
				}
			}
			took := (usedTime(b) - used) / 10
			b.Logf("a query: Bleve %v, postings %v", bleveTook/asked, took/asked)
			ratios = append(ratios, float64(bleveTook)/float64(took))
		}
		slices.Sort(ratios)
		b.ReportMetric(ratios[1], "times")
	}
}

// peerText writes terms as words.
func peerText(terms []uint32) string {
	var out strings.Builder
	for _, t := range terms {
		fmt.Fprintf(&out, "t%d ", t)
	}
	return out.String()
}

// peerIndex is a Bleve index with nothing but the words of the documents.
func peerIndex(b *testing.B, docs [][]uint32) bleve.Index {
	b.Helper()
	text := bleve.NewTextFieldMapping()
	text.Store, text.IncludeTermVectors, text.IncludeInAll, text.DocValues = false, false, false, false
	mapping := bleve.NewIndexMapping()
	mapping.DefaultMapping.Dynamic = false
	mapping.DefaultMapping.AddFieldMappingsAt("t", text)
	path := filepath.Join(b.TempDir(), "bleve")
	builder, err := bleve.NewBuilder(path, mapping, map[string]any{"batchSize": 5000, "buildPathPrefix": b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	for i, doc := range docs {
		if err := builder.Index(fmt.Sprint(i), map[string]any{"t": peerText(doc)}); err != nil {
			b.Fatal(err)
		}
	}
	if err := builder.Close(); err != nil {
		b.Fatal(err)
	}
	ix, err := bleve.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = ix.Close() })
	return ix
}

// usedTime is how long this process has kept processors busy.
func usedTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
