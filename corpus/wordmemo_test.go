package corpus

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// TestWordMemo holds that a word is given back with its own value whoever else came to
// its place, in each language by itself, and that what is too long is not kept.
func TestWordMemo(t *testing.T) {
	m := NewWordMemo[string](8)
	work := func(lang Language) func(string) string {
		return func(word string) string { return string(lang) + " " + word }
	}
	if m.Get("en", "beam") != nil {
		t.Fatal("an empty memo remembers a word")
	}
	m.Put("en", "beam", work("en"))
	if got := m.Get("en", "beam"); got == nil || *got != "en beam" {
		t.Fatalf("the word is remembered as %v", got)
	}
	var all sync.WaitGroup
	for _, lang := range []Language{"en", "fr"} {
		all.Go(func() {
			for i := range 1000 {
				word := fmt.Sprint("word", i%100)
				got := m.Get(lang, word)
				if got == nil {
					got = m.Put(lang, word, work(lang))
				}
				if want := string(lang) + " " + word; *got != want {
					t.Errorf("%q is remembered as %q", want, *got)
				}
			}
		})
	}
	all.Wait()
	long := strings.Repeat("x", maxRemembered+1)
	if got := m.Put("en", long, work("en")); *got != "en "+long || m.Get("en", long) != nil {
		t.Error("a word that is too long was kept, or made otherwise")
	}
	var none *WordMemo[string]
	if got := none.Put("en", "beam", work("en")); *got != "en beam" || none.Get("en", "beam") != nil {
		t.Error("a nil memo remembers something")
	}
}
