package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"
)

// isTerminal tells whether a file is a screen somebody looks at.
func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// progress shows how far a long step is: a bar on a terminal, a line every few
// seconds elsewhere. It is safe for use by several goroutines.
type progress struct {
	out      io.Writer
	terminal bool
	what     string
	started  time.Time
	now      func() time.Time

	mu      sync.Mutex
	printed time.Time
}

// How often a bar moves and a line is printed.
const (
	barEvery  = 100 * time.Millisecond
	lineEvery = 5 * time.Second
	barWidth  = 28
)

// startProgress begins a step.
func (e env) startProgress(what string) *progress {
	p := &progress{out: e.stderr, terminal: e.terminal, what: what, started: time.Now(), now: time.Now}
	p.printed = p.started
	return p
}

// at says how far the step is; a total of 0 means that nobody knows.
func (p *progress) at(done, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	every := lineEvery
	if p.terminal {
		every = barEvery
	}
	if p.now().Sub(p.printed) < every {
		return
	}
	p.printed = p.now()
	if p.terminal {
		fmt.Fprintf(p.out, "\r\x1b[K%s", p.bar(done, total))
		return
	}
	fmt.Fprintf(p.out, "%s\n", p.line(done, total))
}

// end finishes the step with a sentence.
func (p *progress) end(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear := ""
	if p.terminal {
		clear = "\r\x1b[K"
	}
	fmt.Fprintf(p.out, "%s%s: %s (%s)\n", clear, p.what, fmt.Sprintf(format, args...), p.now().Sub(p.started).Round(10*time.Millisecond))
}

func (p *progress) bar(done, total int) string {
	if total <= 0 {
		return p.line(done, total)
	}
	filled := min(barWidth, done*barWidth/total)
	return fmt.Sprintf("%s [%s%s] %s", p.what, strings.Repeat("#", filled), strings.Repeat(".", barWidth-filled), p.figures(done, total))
}

func (p *progress) line(done, total int) string {
	return p.what + ": " + p.figures(done, total)
}

// figures are the counts with, once it can be told, the time that is left.
func (p *progress) figures(done, total int) string {
	if total <= 0 {
		return fmt.Sprintf("%d", done)
	}
	s := fmt.Sprintf("%d of %d", done, total)
	spent := p.now().Sub(p.started)
	if done > 0 && done < total && spent > time.Second {
		left := time.Duration(float64(spent) * float64(total-done) / float64(done))
		s += fmt.Sprintf(", %s left", left.Round(time.Second))
	}
	return s
}
