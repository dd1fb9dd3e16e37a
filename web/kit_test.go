package web

import (
	"os"
	"regexp"
	"testing"
)

// TestKitSaysTheSame holds the kit for sessions with people to one shape in its three
// languages: headings, five tasks, ten sentences of the scale, six rules of asking.
func TestKitSaysTheSame(t *testing.T) {
	for _, language := range []string{"en", "zh", "ru"} {
		body, err := os.ReadFile("../docs/people/kit." + language + ".md")
		if err != nil {
			t.Fatal(err)
		}
		for what, c := range map[string]struct {
			line string
			want int
		}{
			"headings":  {`(?m)^##? `, 6},
			"tasks":     {`(?m)^\| [1-5]\. .* \| .* \| .* \|$`, 5},
			"sentences": {`(?m)^\| \d+ \| .+ \| ☐ \| ☐ \| ☐ \| ☐ \| ☐ \|$`, 10},
			"rules":     {`(?m)^[1-6]\. `, 6},
			"commands":  {"`concord demo --data session-1`|`decision\\.opinion`", 2},
		} {
			if n := len(regexp.MustCompile(c.line).FindAll(body, -1)); n != c.want {
				t.Errorf("%s: %d %s, want %d", language, n, what, c.want)
			}
		}
	}
}
