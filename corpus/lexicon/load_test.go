package lexicon

import (
	"runtime"
	"testing"
)

// BenchmarkLoad loads the lexicon as a start of the program does, with the
// processor time of a load: the work is spread over processors, so less passes.
func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	before := cpuTime(b)
	for range b.N {
		if _, err := Load(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64((cpuTime(b)-before).Microseconds())/1000/float64(b.N), "cpu-ms/op")
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
