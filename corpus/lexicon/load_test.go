//go:build unix

package lexicon

import (
	"runtime"
	"syscall"
	"testing"
	"time"
)

// TestLoadIsQuick measures processor time, so that a busy machine does not
// fail it. Garbage collection may use a second processor: it counts too.
func TestLoadIsQuick(t *testing.T) {
	best := time.Hour
	for range 3 {
		start := processorTime(t)
		if _, err := Load(); err != nil {
			t.Fatal(err)
		}
		best = min(best, processorTime(t)-start)
	}
	t.Logf("loaded in %v of processor time", best)
	if best > 300*time.Millisecond {
		t.Errorf("loading takes %v, more than 300 ms", best)
	}
}

func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// TestMemory holds what a loaded lexicon keeps to 64 MB.
func TestMemory(t *testing.T) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	lex, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	kept := int64(after.HeapAlloc) - int64(before.HeapAlloc)
	t.Logf("%d concepts, %d trie nodes, %d phrases, %.1f MB", len(lex.ids), lex.trie.nodes, lex.phrases.patterns, float64(kept)/1e6)
	if kept > 64e6 {
		t.Errorf("a lexicon keeps %d bytes, more than 64 MB", kept)
	}
	runtime.KeepAlive(lex)
}
