package matcher

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"concord/corpus"
)

// stock are clauses that were read, of which a corpus of any size is made without reading:
// each clause has the text of one of them with its own number behind it, and says the
// same in another order of words, with a tenth of its terms from another one.
type stock struct {
	clauses []corpus.Clause
	gists   []gist
}

// gist is what the nth clause says.
func (p *stock) gist(n int) gist {
	rng := rand.New(rand.NewPCG(uint64(n), 7))
	g := p.gists[n%len(p.gists)]
	other := p.gists[rng.IntN(len(p.gists))]
	bags := make([]bag, len(g.bags))
	for k, b := range g.bags {
		bags[k] = slices.Clone(b)
		for i := range bags[k] {
			if rng.IntN(10) == 0 && len(other.bags[k]) > 0 && k != wordRanking {
				bags[k][i].id = other.bags[k][rng.IntN(len(other.bags[k]))].id
			}
		}
		bags[k] = bags[k].sorted()
	}
	g.bags, g.order = bags, slices.Clone(g.order)
	rng.Shuffle(len(g.order), func(i, j int) { g.order[i], g.order[j] = g.order[j], g.order[i] })
	return g
}

// all are so many clauses.
func (p *stock) all(n int) Clauses {
	return func(yield func([]corpus.Clause, error) bool) {
		for start := 0; start < n; start += 500 {
			id := corpus.StandardID(fmt.Sprintf("s%06d", start/500))
			part := make([]corpus.Clause, min(500, n-start))
			for i := range part {
				c := p.clauses[(start+i)%len(p.clauses)]
				c.ID, c.Standard, c.Text = corpus.NewClauseID(id, fmt.Sprint(i)), id, fmt.Sprintf("%s %d", c.Text, start+i)
				part[i] = c
			}
			if !yield(part, nil) {
				return
			}
		}
	}
}

// resident is what the system says of the memory of this process in bytes: its own, and
// that of mapped files, which the system takes back when it needs room; and the most
// there was. All 0 where it does not say.
func resident() (own, files, most float64) {
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		for name, into := range map[string]*float64{"RssAnon:": &own, "RssFile:": &files, "VmHWM:": &most} {
			if rest, ok := strings.CutPrefix(line, name); ok {
				var kb float64
				_, _ = fmt.Sscan(rest, &kb)
				*into = kb * 1024
			}
		}
	}
	return own, files, most
}

// BenchmarkMemory tells what a corpus of -clauses clauses takes: while its postings are
// in memory, and when they lie in the file that was saved; how long opening that takes;
// and what is resident when -asked clauses were matched. Texts are not read through the
// lexicon, see stock, so that a million is a matter of minutes.
//
//	go test ./matcher -run xxx -bench Memory -benchtime 1x -clauses 1000000
func BenchmarkMemory(b *testing.B) {
	m := testMatcher(b)
	p := &stock{clauses: newGenerator(b, 1).standards("pool", min(10_000, *benchClauses))}
	p.gists = make([]gist, len(p.clauses))
	parallel(len(p.clauses), func(i int) { p.gists[i] = m.factsOf(p.clauses[i], "").gist() })
	n := *benchClauses
	asked := spread(newGenerator(b, 2).standards("new", 20*500), *benchAsked)
	dir := b.TempDir()
	for b.Loop() {
		empty := heapInUse()
		per := func(bytes float64, name string) { b.ReportMetric(bytes/float64(n), name) }
		began := time.Now()
		col, err := arrange(nil, p.all(n), true)
		if err != nil {
			b.Fatal(err)
		}
		b.Logf("arranged in %v", time.Since(began).Round(time.Second))
		if err := m.numberEach(col, func(place int) gist {
			text := col.clause(place).Text
			var at int
			if _, err := fmt.Sscan(text[strings.LastIndexByte(text, ' ')+1:], &at); err != nil {
				panic(err)
			}
			return p.gist(at)
		}); err != nil {
			b.Fatal(err)
		}
		b.Logf("built in %v", time.Since(began).Round(time.Second))
		m.corpus.Store(col)
		per(heapInUse()-empty, "built-heap-bytes/clause")
		path := filepath.Join(dir, "postings")
		f, err := os.Create(path)
		if err != nil {
			b.Fatal(err)
		}
		began = time.Now()
		if err := errors.Join(m.Save(f, "bench"), f.Close()); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(began).Seconds(), "save-s")
		_, _, most := resident()
		per(most, "most-while-built-bytes/clause")
		info, err := os.Stat(path)
		if err != nil {
			b.Fatal(err)
		}
		per(float64(info.Size()), "file-bytes/clause")
		used := cpuTime(b)
		began = time.Now()
		if err := m.Reopen(path, "bench"); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(began).Seconds(), "reopen-s")
		b.ReportMetric((cpuTime(b) - used).Seconds(), "reopen-cpu-s")
		col = nil
		per(heapInUse()-empty, "heap-bytes/clause")
		debug.FreeOSMemory()
		own, files, _ := resident()
		b.Logf("opened: %.0f MB resident of its own, lexicon included, and %.0f MB of files", own/1e6, files/1e6)
		used = cpuTime(b)
		for _, c := range asked {
			if found, err := m.Match(b.Context(), c, nil, 10); err != nil || len(found) == 0 {
				b.Fatal(err, len(found))
			}
		}
		b.ReportMetric((cpuTime(b)-used).Seconds()*1000/float64(len(asked)), "match-cpu-ms/clause")
		per(heapInUse()-empty, "asked-heap-bytes/clause")
		debug.FreeOSMemory()
		own, files, _ = resident()
		b.Logf("%d asked: %.0f MB resident of its own, lexicon included, and %.0f MB of files", len(asked), own/1e6, files/1e6)
		b.ReportMetric(own/1e6, "own-MB")
		b.ReportMetric(files/1e6, "files-MB")
		runtime.KeepAlive(p)
	}
}

// TestStock: a corpus that is made of others is found by its clauses as any, and a
// reopened one takes less memory than the one that was built.
func TestStock(t *testing.T) {
	m := testMatcher(t)
	p := &stock{clauses: newGenerator(t, 1).standards("pool", 40)}
	for _, c := range p.clauses {
		p.gists = append(p.gists, m.factsOf(c, "").gist())
	}
	col, err := arrange(nil, p.all(1200), true)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.numberEach(col, func(place int) gist { return p.gist(place) }); err != nil {
		t.Fatal(err)
	}
	m.corpus.Store(col)
	var file bytes.Buffer
	if err := m.Save(&file, "this"); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "postings")
	if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	built := heapInUse()
	if err := m.Reopen(path, "this"); err != nil {
		t.Fatal(err)
	}
	col = nil
	if now := heapInUse(); now > built-1200*1000 { // texts and sketches alone are more than a kilobyte
		t.Errorf("the heap of %.0f bytes has %.0f when its postings lie in a file", built, now)
	}
	if found, err := m.Match(t.Context(), p.clauses[3], nil, 5); err != nil || len(found) != 5 {
		t.Errorf("%d found, %v", len(found), err)
	}
}

// numberEach is study without reading.
func (m *Matcher) numberEach(col *collection, of func(place int) gist) error {
	return m.number(col, func(start int, part []gist) {
		parallel(len(part), func(i int) { part[i] = of(start + i) })
	}, &books{})
}
