package web

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"concord/review"
)

var anyHidden = regexp.MustCompile(`<input type="hidden" name="([a-z_.-]+)" value="([^"]*)">`)

// unescape undoes what templates do to values.
func unescape(text string) string { return html.UnescapeString(text) }

const wrote = "The doors differ: <b>see</b> page 5.\nAsk \"them\"."

// tooLate opens a match, waits until the session has ended, and answers.
func (s *site) tooLate(b *browser) answer {
	s.t.Helper()
	m := s.matches[1]
	form := formFields(s.t, b.get("/matches/"+m.ID.String()).body, "/matches/"+m.ID.String()+"/decide")
	form["verdict"], form["note"] = []string{"equivalent"}, []string{wrote}
	s.clock.move(review.SessionIdle + time.Minute)
	return b.post("/matches/"+m.ID.String()+"/decide", form)
}

// TestTextOutlivesTheSession: what was typed comes back after the sign-in, is sent
// once, and a second sending or the way back changes nothing.
func TestTextOutlivesTheSession(t *testing.T) {
	for _, second := range []bool{false, true} {
		s := newSite(t)
		b := s.signedIn("lina")
		secret := ""
		if second {
			secret, _ = b.setUp()
		}
		before := len(s.reload(s.matches[1]).Decisions)
		page := s.tooLate(b)
		if page.status != http.StatusUnauthorized || !strings.Contains(page.body, s.server.words["en"].say("kept.ended")) {
			t.Fatalf("%d\n%.400s", page.status, page.body)
		}
		signIn := func(page answer, action string, with url.Values) answer {
			form := url.Values{}
			_, rest, _ := strings.Cut(page.body, `action="`+action+`"`)
			rest, _, _ = strings.Cut(rest, "</form>")
			for _, m := range anyHidden.FindAllStringSubmatch(rest, -1) {
				form.Add(m[1], unescape(m[2]))
			}
			for name, v := range with {
				form[name] = v
			}
			return b.post(action, form)
		}
		page = signIn(page, "/sign-in", url.Values{"login": {"lina"}, "password": {"wrong"}}) // the text outlives a slip, too
		page = signIn(page, "/sign-in", url.Values{"login": {"lina"}, "password": {password}})
		if second {
			page = signIn(page, "/sign-in/code", url.Values{"code": {"000000"}})
			page = signIn(page, "/sign-in/code", url.Values{"code": {s.codeNow(secret)}})
		}
		if page.status != http.StatusOK || !strings.Contains(page.body, "The doors differ: &lt;b&gt;see&lt;/b&gt; page 5.") {
			t.Fatalf("the text does not come back: %d\n%.600s", page.status, page.body)
		}
		action := "/matches/" + s.matches[1].ID.String() + "/decide"
		if len(s.reload(s.matches[1]).Decisions) != before {
			t.Error("it was sent before the person said so")
		}
		for range 3 { // sent once, twice by a double click, and again by the way back
			if got := signIn(page, action, url.Values{"note": {wrote}, "search": nil}); got.status != http.StatusSeeOther {
				t.Errorf("sent: %d\n%.500s", got.status, got.body)
			}
		}
		after := s.reload(s.matches[1]).Decisions
		if len(after) != before+1 || after[len(after)-1].Note != wrote {
			t.Errorf("%d decisions, %d before", len(after), before)
		}
	}
}

// TestTextIsForItsAuthor: nobody else who signs in gets it, and no other site's
// form is taken for one.
func TestTextIsForItsAuthor(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("lina")
	page := s.tooLate(b)
	form := url.Values{"login": {"judge"}, "password": {password}}
	for _, m := range anyHidden.FindAllStringSubmatch(page.body, -1) {
		if m[1] != "token" {
			form.Add(m[1], unescape(m[2]))
		}
	}
	form.Set("token", token(t, page.body))
	if got := b.post("/sign-in", form); got.status != http.StatusSeeOther || strings.Contains(got.body, "doors differ") {
		t.Errorf("somebody else gets the text: %d", got.status)
	}
	other := s.browser()
	form.Set("login", "lina")
	form.Set("token", token(t, other.get("/sign-in").body))
	if got := other.post("/sign-in", form); got.status != http.StatusSeeOther {
		t.Errorf("another browser gets the text: %d", got.status)
	}
	stranger := s.browser()
	if got := stranger.post("/matches/"+s.matches[1].ID.String()+"/decide", url.Values{"token": {"a.b"}, "note": {wrote}}); got.status != http.StatusForbidden || strings.Contains(got.body, "doors differ") {
		t.Errorf("a form without our token is kept: %d", got.status)
	}
	for path, want := range map[string]bool{"/matches/x/decide": true, "/terms/save": true, "/profile/password": false, "/matches/x/decide?y": false, "/matches//decide": false, "//evil.example/decide": false} {
		if s.server.keepsForms(path) != want {
			t.Errorf("%s: %v", path, !want)
		}
	}
}

// TestChangedWhileReviewing: somebody whose role went while the form was open is
// refused, and nothing is kept in the records.
func TestChangedWhileReviewing(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("lina")
	m := s.matches[1]
	form := formFields(t, b.get("/matches/"+m.ID.String()).body, "/matches/"+m.ID.String()+"/decide")
	form["verdict"], form["note"] = []string{"equivalent"}, []string{wrote}
	gone := s.people["lina"]
	gone.Disabled = true
	if err := s.db.SavePerson(t.Context(), gone, "cli"); err != nil {
		t.Fatal(err)
	}
	got := b.post("/matches/"+m.ID.String()+"/decide", form)
	if got.status != http.StatusUnauthorized || !strings.Contains(got.body, "The doors differ") {
		t.Errorf("the text is gone with the account: %d", got.status)
	}
	if len(s.reload(m).Decisions) != len(m.Decisions) {
		t.Error("a disabled person decided")
	}
}
