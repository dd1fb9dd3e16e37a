package web

import (
	"net/http"
	"testing"
	"time"
)

// TestAnswersPassPages fills every turn of the desk: a page waits for one, and an
// answer is saved meanwhile.
func TestAnswersPassPages(t *testing.T) {
	s := newSite(t)
	lina := s.signedIn("lina")
	path := "/matches/" + s.matches[1].ID.String()
	form := formFields(t, lina.get(path).body, path+"/decide")
	form.Set("verdict", "equivalent")
	var leave []func()
	for range cap(s.server.pages.inside) {
		out, err := s.server.pages.enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		leave = append(leave, out)
	}
	shown := make(chan int, 1)
	go func() { shown <- lina.get(path).status }()
	for len(s.server.pages.waiting) == len(leave) {
		time.Sleep(time.Millisecond)
	}
	if got := lina.post(path+"/decide", form, "Accept", "application/json"); got.status != http.StatusOK {
		t.Errorf("the answer came to %d", got.status)
	}
	select {
	case <-shown:
		t.Error("a page came while all turns were taken")
	default:
	}
	for _, out := range leave {
		out()
	}
	if got := <-shown; got != http.StatusOK {
		t.Errorf("the page came to %d", got)
	}
	if n := len(s.server.pages.waiting); n != 0 {
		t.Errorf("%d turns are never left", n)
	}
}
