package export

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// BenchmarkLongExport reports the most memory that is held at once while a dossier of
// 20,000 and of 40,000 matches is written in each format, texts of 1,000 characters and a
// condition each, and how much is written.
func BenchmarkLongExport(b *testing.B) {
	for _, f := range Formats {
		for _, length := range []int{20_000, 40_000} {
			b.Run(fmt.Sprintf("%s/%d", f.Name, length), func(b *testing.B) {
				for b.Loop() {
					var out int64
					most := mostHeld(func() {
						opened, err := Open(b.Context(), busyShelf{longShelf{sample(), length}}, uuid.Nil, Options{Now: when})
						if err == nil {
							err = opened.Write(b.Context(), counting{&out}, f)
						}
						if err != nil {
							b.Fatal(err)
						}
					})
					b.ReportMetric(float64(most)/(1<<20), "held-MB")
					b.ReportMetric(float64(out)/(1<<20), "file-MB")
				}
			})
		}
	}
}

type counting struct{ n *int64 }

func (c counting) Write(p []byte) (int, error) { *c.n += int64(len(p)); return len(p), nil }

// mostHeld is how much more memory than before was held at any of the moments at which
// it was looked, ten in a second.
func mostHeld(work func()) uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before, most := m.HeapAlloc, m.HeapAlloc
	done := make(chan struct{})
	var looking sync.WaitGroup
	looking.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(100 * time.Millisecond):
				runtime.GC()
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc)
			}
		}
	})
	work()
	close(done)
	looking.Wait()
	return most - before
}

// busyShelf is a longShelf whose matches have a condition of their own each, and gaps
// on both sides among them.
type busyShelf struct{ longShelf }

func (s busyShelf) Matches(ctx context.Context, f review.Filter) (review.Page, error) {
	p, err := s.longShelf.Matches(ctx, f)
	for n, m := range p.Matches {
		o := *m.Outcome
		o.AToB = corpus.Recognition{Answer: corpus.AnswerConditions, Conditions: []string{fmt.Sprintf("The width of the stair is at least %s mm, and the landing is as wide.", m.Sources[0].Key())}}
		m.Outcome = &o
		switch n % 20 {
		case 7:
			m.State, m.Targets = review.StateAbsent, nil
		case 13:
			m.State, m.Sources, m.Targets, m.Against = review.StateAbsent, m.Targets, nil, "cn-a"
		}
		p.Matches[n] = m
	}
	return p, err
}

// wordyShelf is a longShelf whose matches have a long condition of their own each. What
// is held is measured at every page that is read.
type wordyShelf struct {
	longShelf
	held *heap
}

func (s wordyShelf) Matches(ctx context.Context, f review.Filter) (review.Page, error) {
	s.held.look()
	p, err := s.longShelf.Matches(ctx, f)
	for n, m := range p.Matches {
		o := *m.Outcome
		o.BToA = corpus.Recognition{Answer: corpus.AnswerConditions, Conditions: []string{fmt.Sprintf("Stair %s. %s", m.Sources[0].Key(), strings.Repeat("The landing is as wide as the stair. ", 60))}}
		m.Outcome = &o
		p.Matches[n] = m
	}
	return p, err
}

// TestProvisionsAreNotHeld holds that the annex needs no memory for the words of its
// provisions, of which every line may bring its own; the same provisions held do, and
// every one of them is written, in order and with its line.
func TestProvisionsAreNotHeld(t *testing.T) {
	taken := func(name string, length int) float64 {
		var before, held heap
		before.look()
		opened, err := Open(t.Context(), wordyShelf{longShelf{sample(), length}, &held}, uuid.Nil, Options{Now: when})
		if err == nil {
			err = opened.Write(t.Context(), &held, mustBe(t, name))
		}
		if err != nil {
			t.Error(err)
		}
		return (float64(held.most) - float64(before.most)) / (1 << 20)
	}
	const few, many, most = 1000, 7000, 5 // MB; the words alone of what is more have 12
	for _, name := range []string{"mra", "mra-html"} {
		if got := taken(name, many) - taken(name, few); got > most {
			t.Errorf("%s: %d provisions more take %.1f MB", name, many-few, got)
		}
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	held := newSums(nil)
	for n := range many - few {
		held.bind(1, text{s: fmt.Sprintf("Stair %d. %s", n, strings.Repeat("The landing is as wide as the stair. ", 60)), lang: "en"}, n)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if got := (float64(after.HeapAlloc) - float64(before.HeapAlloc)) / (1 << 20); got < most || len(held.provisions[1]) != many-few {
		t.Errorf("held, they take %.1f MB: this test notices nothing", got)
	}
	var page strings.Builder
	opened, err := Open(t.Context(), wordyShelf{longShelf{sample(), 450}, new(heap)}, uuid.Nil, Options{Now: when})
	if err == nil {
		err = opened.Write(t.Context(), &page, mustBe(t, "mra-html"))
	}
	if err != nil {
		t.Fatal(err)
	}
	at := strings.LastIndex(page.String(), "Section V")
	section := page.String()[max(at, 0):]
	for n := range 450 {
		from := strings.Index(section, fmt.Sprintf("Stair %d. The", n))
		if from < 0 {
			t.Fatalf("the provision of line %d is not there, or not in order", n+1)
		}
		section = section[from:]
	}
}
