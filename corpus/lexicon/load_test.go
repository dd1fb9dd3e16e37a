package lexicon

import (
	"runtime"
	"testing"
)

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for range b.N {
		if _, err := Load(); err != nil {
			b.Fatal(err)
		}
	}
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
