package web

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"concord/review"
)

// TestSecondFactorInChromium sets a second factor up and signs in with it as a
// person does, and looks at every step: sizes, contents policy, axe.
func TestSecondFactorInChromium(t *testing.T) {
	s := newSite(t)
	source := axe(t)
	b := s.openTab(t, "lina")
	for i, look := range []struct {
		language, theme string
		width           int
	}{{"en", "light", 1366}, {"zh", "dark", 1366}, {"ar", "light", 320}} {
		b.look(look.width, look.theme, look.language)
		step := func(what string) {
			t.Helper()
			name := fmt.Sprintf("second-%s-%s-%s-%d", what, look.language, look.theme, look.width)
			b.healthy(name, look.width)
			if source != "" {
				for _, v := range b.judge(source) {
					t.Errorf("%s: axe: %s", name, v)
				}
			}
			b.shoot(name)
		}
		send := func(form, fields, arrived string) {
			t.Helper()
			b.wait(fmt.Sprintf(`document.readyState == 'complete' && !!document.querySelector('form[action="%s"]')`, form))
			ask[bool](b, fmt.Sprintf(`(() => { const f = document.querySelector('form[action="%s"]'); const v = %s; for (const k in v) f.elements[k].value = v[k]; setTimeout(() => f.requestSubmit(f.querySelector('button:last-of-type'))); return true; })()`, form, fields))
			b.wait(arrived)
		}
		b.open("/profile")
		step("profile-off")
		send("/profile/second", fmt.Sprintf(`{old: %q}`, password), "!!document.querySelector('svg.qr')")
		if w := ask[int](b, "document.querySelector('svg.qr').getBoundingClientRect().width"); w < 150 {
			t.Errorf("the QR code is %d px wide", w)
		}
		step("secret")
		secret := strings.ReplaceAll(ask[string](b, "document.querySelector('.secret code').textContent"), " ", "")
		send("/profile/second/confirm", fmt.Sprintf(`{code: %q}`, s.codeNow(secret)), "document.querySelectorAll('.codes li').length == 10")
		step("codes")
		b.open("/profile")
		step("profile-on")
		s.clock.move(3 * time.Minute)
		b.open("/")
		send("/sign-out", "{}", "location.pathname == '/sign-in'")
		send("/sign-in", fmt.Sprintf(`{login: 'lina', password: %q}`, password), "location.pathname == '/sign-in/code'")
		step("code")
		send("/sign-in/code", fmt.Sprintf(`{code: %q}`, s.codeNow(secret)), "location.pathname == '/'")
		if i == 0 {
			admin := s.openTab(t, "admin")
			admin.look(1366, "light", "en")
			admin.open("/admin/people/" + s.people["lina"].ID.String())
			admin.healthy("person", 1366)
			admin.shoot("second-admin-person")
			admin.open("/admin/people")
			admin.shoot("second-admin-people")
		}
		s.clock.move(3 * time.Minute)
		if err := s.db.EndSecondFactor(t.Context(), s.people["lina"].ID, s.codeNow(secret), s.clock.now()); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := s.db.SecondFactor(t.Context(), s.people["lina"].ID); err != nil || got != (review.SecondFactor{}) {
		t.Errorf("%+v %v", got, err)
	}
}

// TestTextOutlivesTheSessionInChromium lets a session end while somebody writes,
// with the script of the workbench at work, and signs in again.
func TestTextOutlivesTheSessionInChromium(t *testing.T) {
	p := newProvider(t)
	s := newSite(t, func(c *Config) { c.OIDC = &OIDC{Issuer: p.http.URL, ClientID: "concord", Name: "Ministry account"} })
	source := axe(t)
	b := s.openTab(t, "lina")
	for i, look := range []struct {
		language, theme string
		width           int
	}{{"en", "light", 1366}, {"ar", "dark", 320}} {
		m := s.matches[1+i]
		b.look(look.width, look.theme, look.language)
		step := func(what string) {
			t.Helper()
			name := fmt.Sprintf("kept-%s-%s-%s-%d", what, look.language, look.theme, look.width)
			b.healthy(name, look.width)
			if source != "" {
				for _, v := range b.judge(source) {
					t.Errorf("%s: axe: %s", name, v)
				}
			}
			b.shoot(name)
		}
		b.open("/matches/" + m.ID.String())
		s.clock.move(review.SessionIdle + time.Minute)
		ask[bool](b, `(() => { const f = document.querySelector('#decide'); f.querySelector('[name=verdict][value=equivalent]').checked = true;
			f.querySelector('#note').value = 'Both doors open outwards.'; setTimeout(() => f.requestSubmit(f.querySelector('button[type=submit], button:not([type])'))); return true; })()`)
		b.wait("!!document.querySelector('input[name=\"kept-action\"]')")
		step("sign-in")
		ask[bool](b, fmt.Sprintf(`(() => { const f = document.querySelector('form[action="/sign-in"]'); f.elements.login.value = 'lina'; f.elements.password.value = %q; setTimeout(() => f.requestSubmit()); return true; })()`, password))
		b.wait("[...document.querySelectorAll('textarea')].some(x => x.value == 'Both doors open outwards.')")
		step("back")
		ask[bool](b, `(() => { setTimeout(() => document.querySelector('main form').requestSubmit()); return true; })()`)
		for end := time.Now().Add(20 * time.Second); len(s.reload(m).Decisions) == 0 && time.Now().Before(end); {
			time.Sleep(20 * time.Millisecond)
		}
		if got := s.reload(m).Decisions; len(got) != 1 || got[0].Note != "Both doors open outwards." {
			t.Fatalf("%d decisions", len(got))
		}
	}
}
