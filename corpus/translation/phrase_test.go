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

// A phrase of characters ends where a word ends: what always goes on is not offered,
// what goes on in different ways is.
func TestPhrasesOfCharactersEndWithWords(t *testing.T) {
	var pairs []Pair
	for i := range 12 {
		n := string(rune('一' + 7*i))
		pairs = append(pairs,
			Pair{Source: latin(fmt.Sprintf("fire equipments | n%d", i)), Target: han("消防安全设备 " + n + n)},
			Pair{Source: latin(fmt.Sprintf("heat treatment | m%d", i)), Target: han("热处理" + string(rune('丁'+5*i)) + " " + n + "丈")},
		)
	}
	got := Learn("en", "zh", pairs, Settings{})
	for _, e := range got.Entries {
		if e.Phrase() && strings.HasPrefix(e.SourcePrinted, "fire equipment") && e.TargetPrinted != "消防安全设备" {
			t.Errorf("%s is offered for %s", e.TargetPrinted, e.SourcePrinted)
		}
	}
	if !printedIn(got, "fire equipments", "消防安全设备") || !printedIn(got, "heat treatment", "热处理") {
		t.Errorf("whole words are missing: %+v", got.Entries)
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
