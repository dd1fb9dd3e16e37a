package matcher

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"concord/corpus"
	"concord/matcher/sparse"
)

var (
	benchClauses = flag.Int("clauses", 2000, "clauses in the benchmarks of matching: 100000 or 1000000 to measure")
	benchAsked   = flag.Int("asked", 200, "clauses that the benchmarks of matching ask about")
)

// speedLanguages are the languages of the generated standards; a jurisdiction has
// one of them.
var speedLanguages = []corpus.Language{"en", "zh", "ru", "fr", "es", "ar"}

// speedGlue are words that stand everywhere, and what obliges.
var speedGlue = map[corpus.Language][2]string{
	"en": {"the of and to in for with by on from be is are at or as that which not this", "shall|should|may|shall not"},
	"zh": {"的 和 在 与 及 为 应 其 或 等 由 对 于 按 并", "应|宜|可|不得"},
	"ru": {"и в на с по для не из от к при или что как до его", "должен|рекомендуется|допускается|не допускается"},
	"fr": {"le la les de des du et à en pour par sur dans avec ou qui est sont au", "doit|devrait|peut|ne doit pas"},
	"es": {"el la los las de del y en para por con o que es son al se su", "deberá|debería|podrá|no deberá"},
	"ar": {"في من على إلى عن مع أو أن التي الذي هذا هذه كل بين", "يجب|ينبغي|يجوز|لا يجوز"},
}

// speedLimits are quantities as each language prints them.
var speedLimits = map[corpus.Language]string{
	"en": "at least %d mm", "zh": "不应小于%dmm", "ru": "не менее %d мм", "fr": "au moins %d mm", "es": "al menos %d mm", "ar": "لا يقل عن %d mm",
}

// generator makes clauses of the lexicon's own vocabulary, the same ones for the
// same seed: words by a Zipf law, terms of the topic of a standard, a limit, an
// obligation, headings. Twenty jurisdictions, 500 clauses a standard.
type generator struct {
	rng   *rand.Rand
	words map[corpus.Language][]string // of the terms, one by one
	terms map[corpus.Language][]string
	zipf  map[corpus.Language]*rand.Zipf
}

func newGenerator(b testing.TB, seed uint64) *generator {
	b.Helper()
	lex, err := loadLexicon()
	if err != nil {
		b.Fatal(err)
	}
	g := &generator{rng: rand.New(rand.NewPCG(seed, 1)), words: map[corpus.Language][]string{}, terms: map[corpus.Language][]string{}, zipf: map[corpus.Language]*rand.Zipf{}}
	for _, lang := range speedLanguages {
		for _, c := range lex.Concepts() {
			g.terms[lang] = append(g.terms[lang], c.Forms[lang]...)
		}
		for _, t := range g.terms[lang] {
			g.words[lang] = append(g.words[lang], strings.Fields(t)...)
		}
		slices.Sort(g.words[lang])
		g.words[lang] = slices.Compact(g.words[lang])
		fixed := rand.New(rand.NewPCG(3, 3)) // the same words are common for every seed
		fixed.Shuffle(len(g.words[lang]), func(i, j int) {
			g.words[lang][i], g.words[lang][j] = g.words[lang][j], g.words[lang][i]
		})
		g.zipf[lang] = rand.NewZipf(g.rng, 1.05, 20, uint64(len(g.words[lang])-1))
	}
	return g
}

// standards makes clauses with ids that begin with a name.
func (g *generator) standards(name string, clauses int) (out []corpus.Clause) {
	for n := 0; len(out) < clauses; n++ {
		id := corpus.StandardID(fmt.Sprintf("j%02d-%s-%05d", n%20, name, n/20))
		lang := speedLanguages[n%20%len(speedLanguages)]
		topic := g.rng.IntN(200) // the terms that its clauses are about
		for i := range min(500, clauses-len(out)) {
			out = append(out, g.clause(id, lang, topic, i))
		}
	}
	return out
}

// clause makes one clause of 40 to 120 words.
func (g *generator) clause(id corpus.StandardID, lang corpus.Language, topic, i int) corpus.Clause {
	glue := strings.Fields(speedGlue[lang][0])
	duties := strings.Split(speedGlue[lang][1], "|")
	terms := g.terms[lang]
	term := func() string { return terms[(topic*37+g.rng.IntN(60))%len(terms)] }
	gap := " "
	if lang == "zh" {
		gap = ""
	}
	n := 40 + g.rng.IntN(81)
	limit, duty := g.rng.IntN(n), g.rng.IntN(n)
	parts := make([]string, 0, n+8)
	for k := range n {
		switch x := g.rng.IntN(100); {
		case x < 38:
			parts = append(parts, glue[g.rng.IntN(len(glue))])
		case x < 44:
			parts = append(parts, term())
		default:
			parts = append(parts, g.words[lang][g.zipf[lang].Uint64()])
		}
		if k == limit {
			parts = append(parts, fmt.Sprintf(speedLimits[lang], 10*(1+g.rng.IntN(300))))
		}
		if k == duty {
			parts = append(parts, duties[g.rng.IntN(len(duties))])
		}
	}
	key := fmt.Sprintf("%d.%d", 1+i/20, 1+i%20)
	chapter := fmt.Sprint(terms[(topic*37+i/20)%len(terms)], gap, terms[(topic*37+i/20+7)%len(terms)])
	return corpus.Clause{
		ID: corpus.NewClauseID(id, key), Standard: id, Order: i, Label: key, Number: key, Kind: corpus.KindRequirement,
		Heading: term(), Text: strings.Join(parts, gap) + ".", Language: lang, Path: []string{chapter},
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

// heapInUse is what stays in memory, garbage collected.
func heapInUse() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// BenchmarkMatchAtSize measures matching against -clauses generated clauses:
// loading, memory, one clause while a person waits, a new standard of 500 clauses,
// and clauses one after the other with three proposals each, as a dossier is
// matched (what 100,000 of them take is so many times more). Times are of one
// processor's work but for what a person waits for, which is time that passes.
//
//	go test ./matcher -run xxx -bench MatchAtSize -benchtime 1x -clauses 100000
func BenchmarkMatchAtSize(b *testing.B) {
	ctx := context.Background()
	m := testMatcher(b)
	g := newGenerator(b, 1)
	heap := heapInUse()
	clauses := g.standards("kept", *benchClauses)
	texts := heapInUse() - heap
	before, began := cpuTime(b), time.Now()
	if err := m.Load(nil, clauses); err != nil {
		b.Fatal(err)
	}
	n := float64(len(clauses))
	b.Logf("loaded %.0f clauses in %v: %.0f clauses/cpu-s", n, time.Since(began).Round(time.Millisecond), n/(cpuTime(b)-before).Seconds())
	b.Logf("%.0f bytes a clause, texts (%.0f) and %d readings included", (heapInUse()-heap)/n, texts/n, len(m.corpus.Load().shelf.order))
	b.Run("saved and reopened", func(b *testing.B) { reopen(b, m, clauses) })
	b.Run("a standard more", func(b *testing.B) { imported(b, clauses) })
	clauses = nil
	asked := newGenerator(b, 2).standards("new", 20*500)
	b.Run("one clause", func(b *testing.B) {
		for b.Loop() {
			var took []float64
			used := cpuTime(b)
			for i := range *benchAsked {
				c := asked[i*len(asked) / *benchAsked]
				began := time.Now()
				found, err := m.Match(ctx, c, nil, 10)
				if err != nil || len(found) == 0 {
					b.Fatal(err, len(found))
				}
				took = append(took, float64(time.Since(began).Microseconds())/1000)
			}
			b.ReportMetric(float64((cpuTime(b)-used).Microseconds())/1000/float64(len(took)), "cpu-ms/clause")
			slices.Sort(took)
			b.ReportMetric(took[len(took)/2], "p50-ms")
			b.ReportMetric(took[len(took)*95/100], "p95-ms")
		}
	})
	b.Run("many", func(b *testing.B) {
		for b.Loop() {
			used := cpuTime(b)
			part := asked[:*benchAsked] // of one standard in English
			err := m.MatchAll(ctx, part, nil, 3, nil, func([]Proposal) error { return nil })
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(len(part))/(cpuTime(b)-used).Seconds(), "clauses/cpu-s")
		}
	})
}

// reopen saves the postings of a matcher and reports how long reading them takes,
// without the order of the texts and their digests, which are worked out as well
// ("arrange").
func reopen(b *testing.B, m *Matcher, clauses []corpus.Clause) {
	b.Helper()
	path := filepath.Join(b.TempDir(), "postings")
	for b.Loop() {
		f, err := os.Create(path)
		if err != nil {
			b.Fatal(err)
		}
		began, used := time.Now(), cpuTime(b)
		if err := errors.Join(m.Save(f, "bench"), f.Close()); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric((cpuTime(b) - used).Seconds(), "save-cpu-s")
		b.ReportMetric(time.Since(began).Seconds(), "save-s")
		used = cpuTime(b)
		col, err := arrange(nil, InOrder(clauses), false)
		if err != nil {
			b.Fatal(err)
		}
		mark := m.markOf("bench", col.texts)
		b.ReportMetric((cpuTime(b) - used).Seconds(), "arrange-cpu-s")
		info, err := os.Stat(path)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(info.Size())/float64(len(clauses)), "file-bytes/clause")
		began, used = time.Now(), cpuTime(b)
		p, err := sparse.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		if p.Number() != savedVersion || !bytes.Equal(sparse.Get[uint8](p), mark) {
			b.Fatal("the file has another mark")
		}
		if col.read(p); p.End() != nil {
			b.Fatal(p.End())
		}
		b.ReportMetric((cpuTime(b) - used).Seconds(), "read-cpu-s")
		b.ReportMetric(time.Since(began).Seconds(), "read-s")
	}
}

// imported loads a corpus to which a standard of 500 clauses came, by what is saved
// of the others.
func imported(b *testing.B, clauses []corpus.Clause) {
	b.Helper()
	m := testMatcher(b)
	var saved, again bytes.Buffer
	if err := m.LoadKnown(nil, InOrder(clauses), Gists{To: &saved}); err != nil {
		b.Fatal(err)
	}
	more := slices.Concat(clauses, newGenerator(b, 3).standards("more", 500))
	for b.Loop() {
		again.Reset()
		used := cpuTime(b)
		if err := m.LoadKnown(nil, InOrder(more), Gists{From: bytes.NewReader(saved.Bytes()), Size: int64(saved.Len()), To: &again}); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric((cpuTime(b) - used).Seconds(), "import-cpu-s")
		b.ReportMetric(float64(saved.Len())/float64(len(clauses)), "file-bytes/clause")
	}
}
