package sparse

import (
	"cmp"
	"flag"
	"fmt"
	"math"
	"math/rand"
	"slices"
	"syscall"
	"testing"
	"time"
)

// generated makes documents with Zipf-like term frequencies, in named groups;
// the greater flat is, the rarer are the commonest terms.
func generated(seed int64, docs, terms, length, groups int, flat float64) (bags [][]Term, names []string) {
	rng := rand.New(rand.NewSource(seed))
	zipf := rand.NewZipf(rng, 1.1, flat, uint64(terms-1))
	for range docs {
		n := max(3, length/2+rng.Intn(length))
		counts := make(map[uint32]int)
		for range n {
			counts[uint32(zipf.Uint64())]++
		}
		bag := make([]Term, 0, len(counts))
		for id, tf := range counts {
			bag = append(bag, Term{id, float32(tf) * 2.2 / (float32(tf) + 1.2*(0.25+0.75*float32(n)/float32(length)))})
		}
		slices.SortFunc(bag, func(a, b Term) int { return cmp.Compare(a.ID, b.ID) })
		bags = append(bags, bag)
		names = append(names, fmt.Sprintf("G%02d/s%d", rng.Intn(groups), rng.Intn(3)))
	}
	return bags, names
}

// weights gives each term its inverse document frequency.
func weights(bags [][]Term) map[uint32]float32 {
	df := make(map[uint32]int)
	for _, bag := range bags {
		for _, t := range bag {
			df[t.ID]++
		}
	}
	idf := make(map[uint32]float32)
	for id, n := range df {
		idf[id] = float32(math.Log(1 + (float64(len(bags))-float64(n)+0.5)/(float64(n)+0.5)))
	}
	return idf
}

// queryFrom takes about n terms of a document.
func queryFrom(rng *rand.Rand, bag []Term, idf map[uint32]float32, n int) []Term {
	var out []Term
	for _, i := range rng.Perm(len(bag))[:min(n, len(bag))] {
		out = append(out, Term{bag[i].ID, idf[bag[i].ID]})
	}
	return out
}

func built(t testing.TB, bags [][]Term, names []string) *Index {
	t.Helper()
	var b Builder
	for i, bag := range bags {
		b.Add(names[i], bag)
	}
	ix, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return ix
}

// brute scores every document in floating point, without any quantisation.
func brute(bags [][]Term, query []Term, keep func(doc int) bool) map[int]float64 {
	out := make(map[int]float64)
	for doc, bag := range bags {
		if !keep(doc) {
			continue
		}
		for _, q := range query {
			for _, t := range bag {
				if t.ID == q.ID {
					out[doc] += float64(t.Weight) * float64(q.Weight)
				}
			}
		}
	}
	return out
}

// tolerance is what quantisation may change in a score: half a step of impact
// for every term, and the rounding of the query.
func tolerance(ix *Index, query []Term) float64 {
	total := 0.0
	for _, q := range query {
		total += float64(q.Weight) * float64(ix.scale[q.ID])
	}
	return total*0.5 + total*255*4*float64(len(query))/maxScore
}

// TestAgainstFloatBruteForce checks that every answer is a right answer: each
// score agrees with the floating-point score, and nothing that was left out is
// better than what was found by more than quantisation explains.
func TestAgainstFloatBruteForce(t *testing.T) {
	bags, names := generated(1, 3000, 4000, 40, 6, 8)
	idf := weights(bags)
	ix := built(t, bags, names)
	rng := rand.New(rand.NewSource(2))
	cases := []struct {
		name   string
		terms  int
		prefix string
		k      int
	}{
		{"short", 3, "", 10}, {"long", 30, "", 50}, {"one group", 30, "G03/", 50},
		{"a missing group", 30, "G99/", 50}, {"more than there are", 2, "G01/s2", 5000}, {"one", 20, "", 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			for range 80 {
				query := queryFrom(rng, bags[rng.Intn(len(bags))], idf, c.terms)
				keep := func(doc int) bool { return len(names[doc]) >= len(c.prefix) && names[doc][:len(c.prefix)] == c.prefix }
				want := brute(bags, query, keep)
				got := ix.Search(query, ix.Prefix(c.prefix), c.k)
				checkHits(t, got, want, c.k, tolerance(ix, query))
			}
		})
	}
}

func checkHits(t *testing.T, got []Hit, want map[int]float64, k int, eps float64) {
	t.Helper()
	if len(got) != min(k, len(want)) {
		t.Fatalf("found %d, want %d", len(got), min(k, len(want)))
	}
	found := make(map[int]bool)
	for i, h := range got {
		if w, ok := want[h.Doc]; !ok || math.Abs(w-h.Score) > eps {
			t.Fatalf("document %d: score %g, want %g within %g", h.Doc, h.Score, want[h.Doc], eps)
		}
		if i > 0 && got[i-1].Score < h.Score {
			t.Fatalf("hit %d is better than the one before", i)
		}
		found[h.Doc] = true
	}
	if len(got) == 0 {
		return
	}
	worst := got[len(got)-1].Score
	for doc, w := range want {
		if !found[doc] && w > worst+2*eps {
			t.Fatalf("document %d with %g was left out, the worst found has %g", doc, w, worst)
		}
	}
}

// TestExactOnQuantisedScores recomputes the quantised scores one document at a
// time: ranking, ties and scores must be the same to the last bit.
func TestExactOnQuantisedScores(t *testing.T) {
	bags, names := generated(3, 2500, 600, 25, 4, 8)
	idf := weights(bags)
	ix := built(t, bags, names)
	rng := rand.New(rand.NewSource(4))
	differ := 0
	for range 500 {
		query := queryFrom(rng, bags[rng.Intn(len(bags))], idf, 1+rng.Intn(30))
		q, _ := ix.prepare(query)
		var all []Hit
		for place, doc := range ix.order {
			score := 0
			for i, id := range q.ids {
				for _, term := range bags[doc] {
					if term.ID == id {
						score += int((q.weights[i]*uint32(quantise(term.Weight, ix.scale[id])) + 128) >> 8)
					}
				}
			}
			if score > maxScore {
				t.Fatalf("score %d of place %d is over the limit", score, place)
			}
			if score > 0 {
				all = append(all, Hit{int(doc), float64(score) * q.step})
			}
		}
		slices.SortStableFunc(all, func(a, b Hit) int { return cmp.Compare(b.Score, a.Score) })
		if !slices.Equal(ix.Search(query, ix.All(), 50), all[:min(50, len(all))]) {
			differ++
		}
	}
	if differ > 0 {
		t.Errorf("%d of 500 queries differ", differ)
	}
}

func TestSearchAllAgreesWithSearch(t *testing.T) {
	bags, names := generated(5, 70_000, 3000, 8, 3, 8) // two shards
	idf := weights(bags)
	ix := built(t, bags, names)
	if len(ix.shards) != 2 {
		t.Fatalf("%d shards, want 2", len(ix.shards))
	}
	rng := rand.New(rand.NewSource(6))
	var queries [][]Term
	for range 20 {
		queries = append(queries, queryFrom(rng, bags[rng.Intn(len(bags))], idf, 6))
	}
	queries = append(queries, nil)
	for _, ranges := range [][]Range{ix.All(), ix.Prefix("G01/"), ix.Among("G00/s1", "G02/s0")} {
		for i, hits := range ix.SearchAll(queries, ranges, 30) {
			if one := ix.Search(queries[i], ranges, 30); !slices.Equal(one, hits) {
				t.Fatalf("query %d: %v, want %v", i, hits, one)
			}
			if wide := ix.SearchWide(queries[i], ranges, 30); !slices.Equal(wide, hits) {
				t.Fatalf("query %d on every processor: %v, want %v", i, wide, hits)
			}
		}
	}
}

func TestTiesAndOddities(t *testing.T) {
	var b Builder
	b.Add("b", []Term{{1, 1}})
	b.Add("a", []Term{{1, 1}, {1, 1}, {2, 0}, {3, float32(math.Inf(1))}})
	b.Add("a", []Term{{1, 2}})
	b.Add("a", nil)
	ix, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	docs := func(hits []Hit) (out []int) {
		for _, h := range hits {
			out = append(out, h.Doc)
		}
		return out
	}
	cases := []struct {
		name   string
		query  []Term
		ranges []Range
		k      int
		want   []int
	}{
		{"ties by place", []Term{{1, 1}}, ix.All(), 9, []int{1, 2, 0}},
		{"cut inside a tie", []Term{{1, 1}}, ix.All(), 1, []int{1}},
		{"a group", []Term{{1, 1}}, ix.Among("b"), 9, []int{0}},
		{"unknown term", []Term{{7, 1}}, ix.All(), 9, nil},
		{"weights that do not count", []Term{{2, 1}, {3, 1}, {1, -1}}, ix.All(), 9, nil},
		{"nothing asked", nil, ix.All(), 9, nil},
		{"k zero", []Term{{1, 1}}, ix.All(), 0, nil},
		{"no range", []Term{{1, 1}}, nil, 9, nil},
	}
	for _, c := range cases {
		if got := docs(ix.Search(c.query, c.ranges, c.k)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	for range 3 { // the scores must be clean after every search
		if got := docs(ix.Search([]Term{{1, 1}}, ix.All(), 9)); !slices.Equal(got, []int{1, 2, 0}) {
			t.Fatalf("second search: %v", got)
		}
	}
	if got := ix.Among("a", "b", "zz"); !slices.Equal(got, []Range{{0, 4}}) {
		t.Errorf("touching groups are not joined: %v", got)
	}
}

var benchDocs = flag.Int("docs", 100_000, "documents in the benchmark: 10000 to 1000000")

// BenchmarkSearch measures long queries (30 terms, top 50), by the work of one
// processor: the whole corpus one by one and in batches of 512, and one of twenty
// jurisdictions. The commonest terms are as rare as content words are: a query
// meets about one posting for every seven documents, as the prototype's queries
// did.
func BenchmarkSearch(b *testing.B) {
	bags, names := generated(7, *benchDocs, 200_000, 60, 20, 4000)
	idf := weights(bags)
	begin := time.Now()
	ix := built(b, bags, names)
	b.Logf("built %d documents, %d postings, %.0f bytes a document in %v", ix.Len(), ix.Postings(), float64(ix.Bytes())/float64(ix.Len()), time.Since(begin).Round(time.Millisecond))
	rng := rand.New(rand.NewSource(8))
	queries := make([][]Term, 512)
	for i := range queries {
		queries[i] = queryFrom(rng, bags[rng.Intn(len(bags))], idf, 30)
	}
	postings := 0
	for _, q := range queries {
		for _, t := range q {
			for _, slot := range ix.slotsOf(t.ID) {
				postings += int(slot.end - slot.start)
			}
		}
	}
	b.Logf("%d postings a query", postings/len(queries))
	target := ix.Prefix("G07/")
	for _, kind := range []struct {
		name string
		each int // clauses in one run
		run  func(i int)
	}{
		{"whole corpus", 1, func(i int) { ix.Search(queries[i%len(queries)], ix.All(), 50) }},
		{"whole corpus in batches", len(queries), func(int) { ix.SearchAll(queries, ix.All(), 50) }},
		{"one target jurisdiction", 1, func(i int) { ix.Search(queries[i%len(queries)], target, 50) }},
	} {
		b.Run(kind.name, func(b *testing.B) {
			before := cpuTime(b)
			for i := range b.N {
				kind.run(i)
			}
			b.ReportMetric(float64(kind.each*b.N)/(cpuTime(b)-before).Seconds(), "clauses/cpu-s")
		})
	}
}

// cpuTime is how long this process has kept processors busy, which other programs
// on the machine change far less than the time that passes.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
