package web

import (
	"slices"
	"strings"
	"testing"

	"concord/corpus"
	"concord/review"
)

func TestConverge(t *testing.T) {
	got := converge([]review.Coverage{
		{From: "CN", To: "CN", Normative: 9},
		{From: "RU", To: "CN", Normative: 10, Accepted: 6, Confirmed: 6, Absent: 2, Rejected: 1},
		{From: "CN", To: "RU", Normative: 40, Accepted: 4, Confirmed: 8, Disputed: 3},
		{From: "KZ", To: "CN", Normative: 5, Absent: 5}, // the other side has no standard yet
		{From: "AE", To: "CN"}, {From: "CN", To: "AE"}, // nothing to count
	}, corpus.DomainPark)
	slices.SortFunc(got, closestFirst)
	if len(got) != 2 {
		t.Fatalf("%d pairs, want 2: %+v", len(got), got)
	}
	first, second := got[0], got[1]
	if first.A != "KZ" || first.Percent != 0 || first.Done != 100 || first.Open() != 0 {
		t.Errorf("decided is not accepted: %+v", first)
	}
	if second.A != "CN" || second.B != "RU" || second.Percent != 20 || second.Decided != 16 || second.Done != 32 || second.Open() != 34 {
		t.Errorf("(4 + 6) / (40 + 10) is 20 %%, 16 of 50 are decided: %+v", second)
	}
	if want := "/coverage?domain=park&from=CN&to=RU"; second.Href != want {
		t.Errorf("it leads to %s, want %s", second.Href, want)
	}
}

// TestConvergenceOnThePage sees a decision move the figure, and only in the field
// and between the two that it is about.
func TestConvergenceOnThePage(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("reader")
	figure := func(path string) string {
		body := b.get(path).body
		if strings.Contains(body, "⟦") {
			t.Errorf("%s asks for words that are not there", path)
		}
		_, rest, there := strings.Cut(body, `id="convergence"`)
		if !there {
			return ""
		}
		rest, _, _ = strings.Cut(rest, "</section>")
		return rest
	}
	before := figure("/coverage")
	if !strings.Contains(before, "(0 + 0) / (") || !strings.Contains(before, "<strong class=\"nw\">0 %</strong>") {
		t.Fatalf("before any decision: %s", before)
	}
	s.agree(s.matches[1], "equivalent")
	for path, want := range map[string]bool{"/coverage": true, "/coverage?from=CN&to=RU": true, "/coverage?from=RU&to=CN&domain=engineering": true, "/coverage?from=CN&to=KZ": false, "/coverage?domain=park": false} {
		if got := figure(path); strings.Contains(got, "(1 + 1) / (") != want {
			t.Errorf("%s: want the figure of one agreed pair %v:\n%s", path, want, got)
		}
	}
}
