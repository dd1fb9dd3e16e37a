package web

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"concord/corpus"
	"concord/index"
	"concord/review"
)

// slowFinder answers when the test says so.
type slowFinder struct {
	finder
	asked, goes chan struct{}
}

func (f slowFinder) Search(ctx context.Context, q index.Query) (index.Results, error) {
	f.asked <- struct{}{}
	select {
	case <-f.goes:
	case <-ctx.Done():
	}
	return f.finder.Search(ctx, q)
}

// TestSmallThingsInChromium: the outline keeps what is open in the address, a password is
// shown and hidden again, a search within an answer leaves the answer alone and shows
// that it takes a while, Previous goes over the page of a queue, Enter ticks a clause of
// an import.
func TestSmallThingsInChromium(t *testing.T) {
	slow := slowFinder{finder{hits: []corpus.ClauseID{"sp-1-2020/5.2"}}, make(chan struct{}, 1), make(chan struct{})}
	s := newSite(t, func(c *Config) { c.Search = slow })
	d, _ := s.newPairs("q", "Queue", review.PolicyTwoReviewers, queueSize+2, nil)
	tab := s.openTab(t, "lina")
	tab.look(1366, "light", "en")

	out := document("us-outline-2020", "US", "en", corpus.RightsFull, "A door shall open.", "It shall close.")
	out.Clauses[1].Kind, out.Clauses[1].Heading = corpus.KindHeading, "Leaves"
	if _, err := s.db.Save(t.Context(), out, "cli"); err != nil {
		t.Fatal(err)
	}
	tab.open("/standards/us-outline-2020")
	state := "[...document.querySelectorAll('[data-open]')].map(d => d.dataset.open + d.open).join()"
	before := ask[string](tab, state)
	ask[bool](tab, "(document.querySelector('[data-open] > summary').click(), true)")
	tab.wait(fmt.Sprintf("(%s) !== %q && document.querySelectorAll('[data-open][open]').length > 0 === location.search.includes('open=')", state, before))
	after := ask[string](tab, state)
	tab.open(ask[string](tab, "location.pathname + location.search"))
	if got := ask[string](tab, state); got != after {
		t.Errorf("the outline comes back as %s, not as %s", got, after)
	}

	tab.open("/profile")
	field := "document.querySelector('input[name=old]')"
	reveal := "document.querySelector('input[name=old]').form.querySelector('.reveal')"
	for _, want := range []string{"text", "password"} {
		ask[bool](tab, fmt.Sprintf("(%s.focus(), true)", reveal))
		tab.press("Enter", "Enter")
		tab.wait(fmt.Sprintf("%s.type === %q && %s.form.again.type === %q && !%s.hidden", field, want, field, want, reveal))
	}

	m := s.matches[0]
	tab.open("/matches/" + m.ID.String() + "?task=first&dossier=" + s.dossier.ID.String())
	tab.wait(benched)
	ask[bool](tab, `(() => {
		document.querySelector('#others').open = true;
		document.querySelector('input[name=verdict][value=overlap]').click();
		document.querySelector('#note').value = 'half a comment';
		document.querySelector('textarea[name=a_conditions]').value = 'as drawn';
		document.querySelector('input[name=reason]').checked = true;
		document.querySelector('#find').value = 'doors';
		document.querySelector('#find').focus(); return true; })()`)
	tab.press("Enter", "Enter")
	<-slow.asked
	tab.wait("document.querySelector('main').ariaBusy === 'true'")
	close(slow.goes)
	tab.wait("document.querySelector('#found') && document.activeElement.id === 'find'")
	kept := ask[string](tab, `[document.querySelector('#note').value, document.querySelector('textarea[name=a_conditions]').value, document.querySelector('input[name=verdict]:checked').value, document.querySelector('input[name=reason]').checked, document.querySelector('#others').open, document.querySelector('main').ariaBusy].join()`)
	if kept != "half a comment,as drawn,overlap,true,true," {
		t.Errorf("the search leaves %q", kept)
	}
	if n := len(s.reload(m).Decisions); n != 0 {
		t.Errorf("Enter in the search made %d decisions", n)
	}

	first, err := s.db.Matches(t.Context(), review.Filter{Dossier: d.ID, Task: review.TaskFirst, Of: ptr(s.people["lina"]), Limit: queueSize})
	if err != nil || first.Next == "" {
		t.Fatal(err)
	}
	second, err := s.db.Matches(t.Context(), review.Filter{Dossier: d.ID, Task: review.TaskFirst, Of: ptr(s.people["lina"]), Cursor: first.Next})
	if err != nil {
		t.Fatal(err)
	}
	tab.open("/matches/" + second.Matches[0].ID.String() + "?task=first&dossier=" + d.ID.String() + "&at=" + url.QueryEscape(first.Next))
	tab.wait(benched)
	ask[bool](tab, "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { code: 'ArrowLeft', key: 'ArrowLeft', altKey: true, bubbles: true, cancelable: true })) || true")
	tab.wait(fmt.Sprintf("location.pathname === '/matches/%s' && !!document.querySelector('a[rel=next]')", first.Matches[queueSize-1].ID))

	tab.signIn("admin")
	tab.open("/imports/" + s.staged.ID.String() + "?clause=5.4")
	looked := "!!document.querySelector('#look-form button[name=back]')"
	if ask[bool](tab, looked) {
		t.Fatal("the clause is ticked before anybody has looked")
	}
	tab.press("Enter", "Enter")
	tab.wait("document.readyState === 'complete' && (location.search !== '?clause=5.4' || " + looked + ")")
	tab.open("/imports/" + s.staged.ID.String() + "?clause=5.4")
	tab.wait(looked)
	if bad := ask[[]string](tab, "bad"); len(bad) > 0 {
		t.Error(strings.Join(bad, "; "))
	}
}
