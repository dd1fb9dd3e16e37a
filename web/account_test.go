package web

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/google/uuid"

	"concord/review"
)

// addAdmin adds an administrator beside the one there is.
func (s *site) addAdmin(login string) review.Person {
	s.t.Helper()
	p := review.Person{ID: uuid.Must(uuid.NewV7()), Login: login, Name: login, Role: review.RoleAdmin, Created: s.clock.now()}
	if err := s.db.SavePerson(context.Background(), p, "cli"); err != nil {
		s.t.Fatal(err)
	}
	if err := s.db.SetPassword(context.Background(), p.ID, hashOf(s.t, login), "cli"); err != nil {
		s.t.Fatal(err)
	}
	s.people[login] = p
	return p
}

// TestSecondFactorResetNeedsTwo takes somebody's second factor away: one
// administrator alone cannot, by whatever way, two can.
func TestSecondFactorResetNeedsTwo(t *testing.T) {
	s := newSite(t)
	s.addAdmin("second-admin")
	b := s.signedIn("lina")
	b.setUp()
	page := "/admin/people/" + s.people["lina"].ID.String()
	first, second := s.signedIn("admin"), s.signedIn("second-admin")
	ask := func(who *browser, do, pass string) answer {
		t.Helper()
		s.clock.move(2 * time.Minute)
		return who.submit(page, page+"/second/reset", url.Values{"old": {pass}, "do": {do}})
	}
	stands := func(why string) {
		t.Helper()
		f, err := s.db.SecondFactor(t.Context(), s.people["lina"].ID)
		if err != nil || !f.On() {
			t.Fatalf("%s: the second factor is gone (%v)", why, err)
		}
	}
	if got := ask(second, "confirm", password); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "Nothing waits for a confirmation") {
		t.Errorf("confirmed what nobody asked for: %d", got.status)
	}
	if got := ask(first, "ask", "wrong"); got.status != http.StatusUnprocessableEntity {
		t.Errorf("asked without the password: %d", got.status)
	}
	if got := ask(first, "ask", password); got.status != http.StatusSeeOther {
		t.Fatalf("ask: %d", got.status)
	}
	stands("one administrator asked")
	if got := first.get(page); !strings.Contains(got.body, "another administrator must confirm") || strings.Contains(got.body, `value="confirm"`) {
		t.Error("who asked is offered to confirm, or not told that it waits")
	}
	if got := ask(first, "confirm", password); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "Another administrator than who asked must confirm") {
		t.Errorf("who asked confirmed: %d", got.status)
	}
	s.addAdmin("made-for-it")
	if got := ask(s.signedIn("made-for-it"), "confirm", password); got.status != http.StatusUnprocessableEntity {
		t.Errorf("an account made afterwards confirmed: %d", got.status)
	}
	stands("nobody else confirmed")
	if got := ask(second, "confirm", "wrong"); got.status != http.StatusUnprocessableEntity {
		t.Errorf("confirmed without the password: %d", got.status)
	}
	if got := ask(second, "drop", password); got.status != http.StatusSeeOther {
		t.Errorf("drop: %d", got.status)
	}
	if got := ask(second, "confirm", password); got.status != http.StatusUnprocessableEntity {
		t.Errorf("confirmed what was dropped: %d", got.status)
	}
	ask(second, "ask", password)
	s.clock.move(review.SecondResetLife)
	if got := ask(s.signedIn("admin"), "confirm", password); got.status != http.StatusUnprocessableEntity {
		t.Errorf("confirmed after its time: %d", got.status)
	}
	stands("the request was dropped or too old")
	ask(s.signedIn("second-admin"), "ask", password)
	b = s.signedIn("lina")
	if got := ask(s.signedIn("admin"), "confirm", password); got.status != http.StatusSeeOther {
		t.Fatalf("two administrators: %d", got.status)
	}
	if got := b.get("/"); got.status == http.StatusOK {
		t.Error("the person's session lives on")
	}
	fresh := s.browser()
	for _, want := range []string{"/profile?notice=second-reset", "/standards"} {
		s.clock.move(2 * time.Minute)
		if got := fresh.signIn2("lina", password, "/standards"); got.header.Get("Location") != want {
			t.Errorf("led to %s, want %s", got.header.Get("Location"), want)
		}
	}
	if got := fresh.get("/profile?notice=second-reset"); !strings.Contains(got.body, s.server.words["en"].say("profile.second-reset")) {
		t.Error("the person is not told")
	}
}

// TestOwnSecondFactorIsNotReset keeps administrators from asking for themselves.
func TestOwnSecondFactorIsNotReset(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("admin")
	b.setUp()
	page := "/admin/people/" + s.people["admin"].ID.String()
	s.clock.move(2 * time.Minute)
	if got := b.submit(page, page+"/second/reset", url.Values{"old": {password}, "do": {"ask"}}); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "Your own second factor") {
		t.Errorf("asked for oneself: %d", got.status)
	}
}

// TestDisablingSaysWhatItDoes closes an account: the effect stands before the button
// in numbers, the password is asked for, and what was said happens.
func TestDisablingSaysWhatItDoes(t *testing.T) {
	s := newSite(t)
	one, two := s.signedIn("lina"), s.signedIn("lina")
	one.decideOn(s.matches[1], "", url.Values{"verdict": {"equivalent"}})
	admin, page := s.signedIn("admin"), "/admin/people/"+s.people["lina"].ID.String()
	wanted := s.server.words["en"].say("people.close-effect", "sessions", 2, "decisions", 1, "keys", 0)
	if got := admin.get(page); !strings.Contains(got.body, wanted) {
		t.Errorf("the page does not say %q", wanted)
	}
	if got := admin.submit(page, page+"/close", url.Values{"old": {"wrong"}, "do": {"close"}}); got.status != http.StatusUnprocessableEntity || two.get("/").status != http.StatusOK {
		t.Errorf("closed without the password: %d", got.status)
	}
	if got := admin.submit(page, page, url.Values{"login": {"lina"}, "name": {"Li Na"}, "role": {"reviewer"}, "party": {"CN"}, "disabled": {"1"}}); got.status != http.StatusSeeOther || two.get("/").status != http.StatusOK {
		t.Errorf("the form of the details closed the account: %d", got.status)
	}
	if got := admin.submit(page, page+"/close", url.Values{"old": {password}, "do": {"close"}}); got.status != http.StatusSeeOther {
		t.Fatalf("close: %d", got.status)
	}
	for _, b := range []*browser{one, two} {
		if b.get("/").status == http.StatusOK {
			t.Error("a session lives on")
		}
	}
	if m := s.reload(s.matches[1]); len(m.Decisions) != 1 {
		t.Errorf("%d decisions stay", len(m.Decisions))
	}
	if got := s.browser().signIn("lina", password, "/"); got.status != http.StatusUnauthorized {
		t.Errorf("signed in with a closed account: %d", got.status)
	}
	admin.submit(page, page+"/close", url.Values{"old": {password}, "do": {"open"}})
	s.clock.move(time.Minute)
	if got := s.browser().signIn("lina", password, "/"); got.status != http.StatusSeeOther {
		t.Errorf("the account does not open again: %d", got.status)
	}
	own := "/admin/people/" + s.people["admin"].ID.String()
	if got := admin.submit(own, own+"/close", url.Values{"old": {password}, "do": {"close"}}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("closed one's own account: %d", got.status)
	}
}

// TestRoleAsksForPassword changes a role and a side: the effect stands there in
// numbers, one's own password is asked for, and nothing changes without it.
func TestRoleAsksForPassword(t *testing.T) {
	s := newSite(t)
	one := s.signedIn("lina")
	one.decideOn(s.matches[1], "", url.Values{"verdict": {"equivalent"}})
	admin, id := s.signedIn("admin"), s.people["lina"].ID
	page := "/admin/people/" + id.String()
	wanted := s.server.words["en"].say("people.effect", "sessions", 1, "decisions", 1, "keys", 0)
	admin.holds(page, []string{wanted, "Your password (for a new role or side alone)"}, nil)
	form := func(role, party, old string) url.Values {
		return url.Values{"login": {"lina"}, "name": {"Li Na"}, "role": {role}, "party": {party}, "old": {old}}
	}
	for name, f := range map[string]url.Values{"role, none": form("admin", "CN", ""), "role, wrong": form("admin", "CN", "wrong"), "side, none": form("reviewer", "RU", "")} {
		got := admin.submit(page, page, f)
		if p, err := s.db.Person(t.Context(), id); err != nil || got.status != http.StatusUnprocessableEntity || p.Role != review.RoleReviewer || p.Party != "CN" || one.get("/").status != http.StatusOK {
			t.Errorf("%s: %d, %+v %v", name, got.status, p, err)
		}
		if !strings.Contains(got.body, `value="`+f.Get("role")+`" selected`) {
			t.Errorf("%s: what was chosen is lost", name)
		}
		s.clock.move(time.Minute)
	}
	if got := admin.submit(page, page, url.Values{"login": {"lina"}, "name": {"Li Na 2"}, "role": {"reviewer"}, "party": {"CN"}}); got.status != http.StatusSeeOther {
		t.Errorf("a name asks for the password: %d", got.status)
	}
	if got := admin.submit(page, page, form("adjudicator", "CN", password)); got.status != http.StatusSeeOther || one.get("/").status == http.StatusOK {
		t.Errorf("with the password: %d", got.status)
	}
	if p, err := s.db.Person(t.Context(), id); err != nil || p.Role != review.RoleAdjudicator {
		t.Errorf("%+v %v", p, err)
	}
}

// TestSessionEndIsSaid reads from the page when the session ends: half an hour after
// the last request, but never later than twelve hours after the sign-in.
func TestSessionEndIsSaid(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("lina")
	b.holds("/", []string{`data-left="1800" data-last="43200"`}, nil)
	for range 24 {
		s.clock.move(29 * time.Minute)
		if got := b.submit("/", "/stay", url.Values{}, "Accept", "application/json"); got.status != http.StatusOK {
			t.Fatalf("stay: %d", got.status)
		}
	}
	b.holds("/", []string{`data-left="1440" data-last="1440"`}, nil)
	if got := b.submit("/", "/stay", url.Values{}, "Accept", "application/json"); strings.TrimSpace(got.body) != `{"in":1440}` {
		t.Errorf("stayed beyond twelve hours: %s", got.body)
	}
	if got := b.submit("/", "/stay", url.Values{"back": {"/standards"}}); got.header.Get("Location") != "/standards" {
		t.Errorf("without the script: %d %s", got.status, got.header.Get("Location"))
	}
	s.browser().holds("/sign-in", nil, []string{`id="ending"`})
	// no field of a page may stand in the place of the shell's
	said := regexp.MustCompile(`data-left="1800" data-last="\d+"`)
	for login, paths := range s.everyPage() {
		s.clock.move(time.Minute)
		who := s.signedIn(login)
		for _, path := range paths {
			if got := who.get(path); !said.MatchString(got.body) && !strings.Contains(path, "nowhere") && got.status == http.StatusOK {
				t.Errorf("%s does not say when the session ends", path)
			}
		}
	}
}

// TestSessionEndingInChromium waits for the banner (with timers of minutes made
// short), stays, and lets the session end behind the page's back.
func TestSessionEndingInChromium(t *testing.T) {
	s := newSite(t)
	b := s.openTab(t, "lina")
	quick := page.AddScriptToEvaluateOnNewDocumentParams{Source: `const wait = window.setTimeout; window.setTimeout = (f, ms, ...x) => wait(f, ms > 6e5 && !window.slow ? 50 : ms, ...x);`}
	b.do(command(page.AddScriptToEvaluateOnNewDocument, quick))
	b.open("/help")
	b.wait("!document.querySelector('#ending').hidden")
	if got := ask[string](b, "document.querySelector('#ending').innerText"); !strings.Contains(got, "ends in two minutes unless you go on") || strings.Contains(got, "has ended") {
		t.Errorf("the banner says %q", got)
	}
	ask[bool](b, "window.slow = true")
	ask[bool](b, "document.querySelector('#ending button').click() || true")
	b.wait("document.querySelector('#ending').hidden")
	b.open("/help")
	b.wait("!document.querySelector('#ending').hidden")
	s.clock.move(31 * time.Minute)
	ask[bool](b, "document.querySelector('#ending button').click() || true")
	b.wait("document.querySelector('#ending').innerText.includes('Your session has ended')")
	b.healthy("ending", 1366)
}
