package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"concord/matcher"
	"concord/review"
)

// TestPlaceInTheQueue: the workbench says which item of how many it shows, how much is
// done, and the number of the items before and behind it; the numbers follow what
// others do, and end with the queue.
func TestPlaceInTheQueue(t *testing.T) {
	s := newSite(t)
	d, matches := s.newPairs("q", "Queue", review.PolicyTwoReviewers, 60, func(i int) []matcher.Difference {
		if i == 2 {
			return []matcher.Difference{limitRow()}
		}
		return nil
	})
	queue := "?task=first&dossier=" + d.ID.String()
	lina, ivan := s.signedIn("lina"), s.signedIn("ivan")
	at := func(m review.Match) string { return "/matches/" + m.ID.String() + queue }
	lina.holds(at(matches[0]), []string{"Review 1 of 60:", "<title>1 of 60 · ", `<progress max="60" value="0"`, "0 %", `<span class="dim">2</span> Next`}, []string{`rel="prev"`})
	for i := range 3 {
		if got := ivan.decideOn(matches[i*2], queue, url.Values{"verdict": {"equivalent"}, "reason": {"other"}}); got.status != http.StatusSeeOther {
			t.Fatal(got.status)
		}
	}
	// ivan has answered the first, third and fifth, and has the sixth before him: the
	// next one for anybody else is the one behind that
	lina.holds(at(matches[3]), []string{"Review 5 of 60:", `<progress max="60" value="3"`, "5 %", `Previous <span class="dim">4</span>`, `<span class="dim">7</span> Next`}, nil)
	// who has answered is told the next place and what differs there
	got := lina.decideOn(matches[1], queue, url.Values{"verdict": {"equivalent"}})
	body := lina.get(got.header.Get("Location")).body
	if said := between(body, `id="status"`, "</p>"); !strings.Contains(said, "Saved #") || !strings.Contains(said, "of 60 · ") {
		t.Errorf("the status line says %q", said)
	}
	lina.holds("/matches/"+matches[2].ID.String()+"?task=second&dossier="+d.ID.String(), []string{"Review 2 of 3:", "quantity door-en B stricter · 1 difference"}, nil)
	// on the second page of the queue the place goes on
	page, err := s.db.Matches(t.Context(), review.Filter{Dossier: d.ID, Task: review.TaskFirst, Of: ptr(s.people["lina"]), Limit: queueSize})
	if err != nil || page.Next == "" {
		t.Fatal(page.Next, err)
	}
	last := matches[59]
	lina.holds(at(last)+"&at="+page.Next, []string{"Review 60 of 60:", `<span class="dim">59</span>`}, nil)
	// its first item leads back to the last of the page before, which stands on its page
	first, err := s.db.Matches(t.Context(), review.Filter{Dossier: d.ID, Task: review.TaskFirst, Of: ptr(s.people["lina"]), Limit: queueSize, Cursor: page.Next})
	if err != nil || len(first.Matches) == 0 {
		t.Fatal(err)
	}
	body = lina.get(at(first.Matches[0]) + "&at=" + page.Next).body
	back := unescape(between(body, `rel="prev" href="`, `"`))
	if want := page.Matches[len(page.Matches)-1].ID.String(); !strings.HasPrefix(back, "/matches/"+want+"?") || strings.Contains(back, "at=") {
		t.Errorf("back leads to %q, want %s on the first page", back, want)
	}
	lina.holds(back, []string{"Review 54 of 60:", `Previous <span class="dim">53</span>`}, nil)
	// what is not in the queue any more has no place in it, and outside of it there is none
	lina.holds(at(matches[0]), []string{"56 left"}, []string{`class="place"`})
	lina.holds("/matches/"+matches[3].ID.String(), nil, []string{`class="place"`, "<progress"})
	lina.holds("/matches/"+matches[3].ID.String()+"?task=again", nil, []string{"<progress"})
}

func ptr[T any](v T) *T { return &v }

// between is what stands in a page between two texts.
func between(body, from, to string) string {
	_, rest, _ := strings.Cut(body, from)
	out, _, _ := strings.Cut(rest, to)
	return out
}

// TestOrderByEffectOfAQueue: the order is offered, kept in the address, and said what it
// goes by.
func TestOrderByEffectOfAQueue(t *testing.T) {
	s := newSite(t)
	lina := s.signedIn("lina")
	lina.holds("/review?order=effect", []string{`<option value="effect" selected>most effect on coverage first`, "2 when no other match touches it", "order=effect"}, nil)
	lina.holds("/review", []string{`<option value="effect">`}, []string{"2 when no other match touches it"})
	at := lina.get("/review/next?task=first&order=effect").header.Get("Location")
	if !strings.Contains(at, "order=effect") {
		t.Fatalf("the queue forgets its order: %s", at)
	}
	lina.holds(at, []string{`name="order" value="effect"`, "Review 1 of 4:"}, nil)
}

// TestBarAfterAnAnswer: a script is told how much of the queue is done after its answer,
// and nothing outside of a queue.
func TestBarAfterAnAnswer(t *testing.T) {
	s := newSite(t)
	d, matches := s.newPairs("q", "Queue", review.PolicyOneReviewer, 8, nil)
	b := s.signedIn("lina")
	for i, want := range []string{`"done":1,"match":`, `"percent":"25 %"`} {
		if got := b.decideOn(matches[i], "?task=first&dossier="+d.ID.String(), url.Values{"verdict": {"equivalent"}}, "Accept", "application/json"); !strings.Contains(got.body, want) || !strings.Contains(got.body, `"whole":8`) {
			t.Errorf("%d: %s", i, got.body)
		}
	}
	if got := b.decideOn(matches[2], "", url.Values{"verdict": {"equivalent"}}, "Accept", "application/json"); strings.Contains(got.body, "whole") {
		t.Errorf("outside of a queue: %s", got.body)
	}
}
