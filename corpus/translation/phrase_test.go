package translation

import (
	"fmt"
	"strings"
	"testing"
)

// han is a text of overlapping pairs of characters, as lexicon.Tokens yields them;
// blanks part it.
func han(text string) Text {
	var out Text
	for _, run := range strings.Fields(text) {
		letters := []rune(run)
		for i := 0; i+1 < len(letters); i++ {
			pair := string(letters[i : i+2])
			out = append(out, Word{Form: pair, Printed: pair, Joined: i > 0, Overlaps: i > 0})
		}
	}
	return out
}

// latin is a text of words that follow each other; a bar parts them.
func latin(text string) Text {
	var out Text
	joined := false
	for _, w := range strings.Fields(text) {
		if w == "|" {
			joined = false
			continue
		}
		out = append(out, Word{Form: strings.TrimSuffix(w, "s"), Printed: w, Joined: joined, Gap: " "})
		joined = true
	}
	return out
}

// printedIn tells whether a table has an entry by what is printed.
func printedIn(t Table, source, target string) bool {
	for _, e := range t.Entries {
		if e.SourcePrinted == source && e.TargetPrinted == target {
			return true
		}
	}
	return false
}

// A phrase of characters ends and begins where a word does: what always goes on with
// the same character is cut, what goes on in different ways is whole.
func TestCut(t *testing.T) {
	var pairs []Pair
	for i := range 8 {
		n := string(rune('一' + 7*i))
		pairs = append(pairs, Pair{Source: han("消防安全设备"), Target: latin(fmt.Sprintf("n%d", i))}, Pair{Source: han(n + "热处理" + n), Target: latin(fmt.Sprintf("m%d", i))})
	}
	for i := range pairs {
		pairs[i].Target = append(pairs[i].Target, Word{Form: fmt.Sprint(i), Printed: "x"}) // no two the same
	}
	c := count(pairs)
	grams := grams(c, c.sourceOf)
	is := map[string]bool{}
	for i := range c.pairs {
		words, text := c.sourceOf(&c.pairs[i])
		for first := range text {
			for last := first; last < len(text); last++ {
				is[text.printed(first, last)] = cut(words, text, [2]uint16{uint16(first), uint16(last)}, grams)
			}
		}
	}
	for phrase, want := range map[string]bool{"消防安全设": true, "防安全设备": true, "安全设": true, "消防安全设备": false, "热处理": false, "热处": false} {
		if got, met := is[phrase]; got != want || !met {
			t.Errorf("%s is cut: %t, want %t", phrase, got, want)
		}
	}
}

// What stands in both texts word for word was left untranslated; words that only look
// alike in both languages are a rendering.
func TestUntranslatedPhrasesAreNoRendering(t *testing.T) {
	var pairs []Pair
	for i := range 12 {
		pairs = append(pairs,
			Pair{Source: latin(fmt.Sprintf("threshold limits | n%d", i)), Target: append(latin(fmt.Sprintf("v%d", i)), Word{Form: "threshold", Printed: "threshold"}, Word{Form: "limits", Printed: "limits", Joined: true, Gap: " "})},
			Pair{Source: latin(fmt.Sprintf("web pages | m%d", i)), Target: latin(fmt.Sprintf("page web | w%d", i))},
			Pair{Source: latin(fmt.Sprintf("k%d | codes", i)), Target: append(latin(fmt.Sprintf("u%d |", i)), Word{Form: "cod", Printed: "codes"})},
		)
	}
	got := Learn("en", "fr", pairs, Settings{})
	if printedIn(got, "threshold limits", "threshold limits") || printedIn(got, "limits", "limits") || printedIn(got, "limits", "threshold") {
		t.Errorf("an untranslated phrase or a part of it is a rendering: %+v", got.Entries)
	}
	if !printedIn(got, "web pages", "page web") || !printedIn(got, "codes", "codes") {
		t.Errorf("a rendering is missing: %+v", got.Entries)
	}
}
