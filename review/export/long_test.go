package export

import (
	"context"
	"fmt"
	"runtime"
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
