package lexicon

import (
	"reflect"
	"testing"
)

func TestChoices(t *testing.T) {
	for pattern, want := range map[string][]string{
		"shall":            {"shall"},
		"(a|b) c":          {"a c", "b c"},
		"x(a|)y":           {"xay", "xy"},
		"(a (of|that)|b)c": {"a ofc", "a thatc", "bc"},
		"(a|b":             {"(a|b"},
	} {
		if got := choices(pattern); !reflect.DeepEqual(got, want) {
			t.Errorf("%q gives %q, want %q", pattern, got, want)
		}
	}
}
