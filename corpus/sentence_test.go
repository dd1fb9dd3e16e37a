package corpus

import (
	"errors"
	"fmt"
	"testing"
)

func TestSentence(t *testing.T) {
	own := errors.New("of our own")
	cases := []struct {
		name string
		err  error
		want string
	}{
		{"a kind at the end goes", fmt.Errorf("the file is empty: %w", ErrInvalid), "the file is empty"},
		{"a kind of the caller's too", fmt.Errorf("no reason is given: %w", own), "no reason is given"},
		{"a kind alone is all there is", ErrNotFound, "not found"},
		{"a kind inside stays", errors.New("not valid JSON: line 3"), "not valid JSON: line 3"},
		{"another error stays", errors.New("disk: full"), "disk: full"},
	}
	for _, c := range cases {
		if got := Sentence(c.err, own); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
