package web

import (
	"os"
	"path/filepath"
	"strings"
	"time"

	"concord/corpus/termbase"
	"concord/review"
)

// peopleJourneys are those of accounts, keys and terms.
func peopleJourneys() []journey {
	note := func(name, expression string) step {
		return act(func(w *world) { w.notes[name] = strings.ReplaceAll(ask[string](w.tab, expression), " ", "") })
	}
	code := act(func(w *world) { w.notes["code"] = w.site.codeNow(w.notes["secret"]) })
	pair := func(word string) step {
		return see("document.readyState === 'complete' && (document.querySelector('#candidate h2')?.innerText ?? '').includes('" + word + "')")
	}
	later := act(func(w *world) { w.site.clock.move(3 * time.Minute) })
	return []journey{
		{name: "sign in with TOTP", who: "reader",
			steps: then(visit("/profile"), to(`form[action="/profile/second"] input[name=old]`), write(password), press("Enter"), seeOne("svg.qr"), note("secret", "document.querySelector('.secret code').textContent"), code,
				to("input[name=code]"), write("{code}"), press("Enter"), see("document.querySelectorAll('.codes li').length === 10"), later,
				to(`form[action="/sign-out"] button`), press("Enter"), see("location.pathname === '/sign-in' && document.readyState === 'complete'"),
				to("input[name=login]"), write("reader"), to("input[name=password]"), write("not the password"), press("Enter"), seeOne("[role=alert]"),
				to("input[name=password]"), write(password), press("Enter"), see("location.pathname === '/sign-in/code' && document.readyState === 'complete'"),
				to("input[name=code]"), write("000000"), press("Enter"), seeOne("[role=alert]"), code, to("input[name=code]"), write("{code}"), press("Enter"), see("location.pathname === '/' && !!document.querySelector('.who')"), later),
			check: func(w *world) {
				if err := w.site.db.EndSecondFactor(w.t.Context(), w.site.people["reader"].ID, w.site.codeNow(w.notes["secret"]), w.site.clock.now()); err != nil {
					w.t.Error(err)
				}
			}},
		{name: "term candidates", who: "lina", make: func(w *world) {
			var list []termbase.Candidate
			for _, x := range [][2]string{{"栏杆", "baluster"}, {"扶手", "grab rail"}, {"屋面", "lift"}, {"坡道", "ramp"}} {
				list = append(list, w.site.candidateOf(x[0], x[1], termbase.FromDefinition))
			}
			if n, err := w.site.db.KeepCandidates(w.t.Context(), list, "cli"); err != nil || n != len(list) {
				w.t.Fatal(n, err)
			}
		},
			steps: then(visit("/"), to(`nav a[href="/terms"]`), press("Enter"), seeOne(`a[href="/terms/candidates"]`), to(`a[href="/terms/candidates"]`), press("Enter"),
				pair("baluster"), press("1"), pair("grab rail"), seeOne(".note[role=status]"), press("2"), pair("lift"), press("0"), pair("ramp"),
				// what was no pair comes back only where that is undone
				press("K"), see("document.readyState === 'complete' && !!document.querySelector('#candidate a[href=\"/terms/candidates\"]')"), press("U"), pair("lift"), press("0"), pair("ramp"), press("1"),
				see("document.readyState === 'complete' && !document.querySelector('#candidate form[action$=\"/answer\"]')"), press("U"), pair("ramp")),
			check: func(w *world) {
				kept, err := w.site.db.Terms(w.t.Context())
				has := func(word string, status termbase.Status) bool {
					for _, k := range kept {
						for _, x := range k.Terms {
							if x.Text == word {
								return x.Status == status && !k.Withdrawn
							}
						}
					}
					return false
				}
				if err != nil || !has("baluster", termbase.Preferred) || !has("grab rail", termbase.Admitted) || has("lift", termbase.Preferred) || has("ramp", termbase.Preferred) {
					w.t.Errorf("%+v, %v", kept, err)
				}
				if n, err := w.site.db.KeepCandidates(w.t.Context(), []termbase.Candidate{w.site.candidateOf("屋面", "LIFT", termbase.FromLearned)}, "cli"); err != nil || n != 0 {
					w.t.Errorf("a pair that is none came back: %d %v", n, err)
				}
			}},
		{name: "terms from a file", who: "admin", make: func(w *world) {
			w.notes["file"] = filepath.Join(w.downloads, "pairs.csv")
			if err := os.WriteFile(w.notes["file"], []byte("source,target\n栏杆,baluster\n扶手,grab rail\n"), 0o600); err != nil {
				w.t.Fatal(err)
			}
		},
			steps: then(visit("/"), to(`nav a[href="/terms"]`), press("Enter"), seeOne(`a[href="/terms/import"]`), to(`a[href="/terms/import"]`), press("Enter"), seeOne("input[type=file]"), to("input[type=file]"), file("{file}"),
				to("input[name=licence]"), write("CC0"), to("input[name=pair]"), write("zh,en"), press("Enter"),
				// what it would change is shown before it is kept
				see("document.readyState === 'complete' && document.querySelector('main').innerText.includes('407')"), act(func(w *world) {
					if w.site.saved("pairs.csv#2") {
						w.t.Error("candidates are kept before they were accepted")
					}
				}),
				to(`form[action="/terms/import/accept"] button`), press("Enter"), see("document.readyState === 'complete' && !document.querySelector('form[action=\"/terms/import/accept\"]') && !!document.querySelector('.note[role=status]')"),
				// one of them is made preferred by hand, with its effect shown first
				as("lina"), visit("/terms/entry?id=pairs.csv%232"), to(`main a[href^="/terms/new?id="]`), press("Enter"), seeOne(`form[action="/terms/save"]`),
				to("textarea[name=note]"), write("of stairs"), to("select[name=status]"), choose("preferred"), to("button[value=preview]"), press("Enter"), seeOne("button[value=save]"),
				to("button[value=save]"), press("Enter"), see("document.readyState === 'complete' && !document.querySelector('form[action=\"/terms/save\"]')")),
			check: func(w *world) {
				v, err := w.site.db.TermVersions(w.t.Context(), "pairs.csv#2")
				if err != nil || len(v) != 2 || !w.site.saved("pairs.csv#3") {
					w.t.Errorf("%d versions, %v", len(v), err)
				}
			}},
		{name: "invite, key, audit", who: "admin",
			steps: then(visit("/"), to(`nav a[href="/admin/people"]`), press("Enter"), seeOne("input[name=login]"), to("input[name=login]"), write("newcomer"), to("input[name=name]"), write("王 Новый"), to("select[name=role]"), choose("reviewer"),
				to("input[name=party]"), write("CN"), to("input[name=languages]"), write("zh en"), press("Enter"), see(`document.readyState === 'complete' && (location.pathname !== '/admin/people' || !!document.querySelector('form[action$="/invite"]'))`),
				note("old", "document.querySelector('.secret code')?.textContent ?? ''"), to(`form[action$="/invite"] button`), press("Enter"),
				see("document.readyState === 'complete' && (document.querySelector('.secret code')?.textContent ?? '{old}').trim() !== '{old}'"), note("link", "new URL(document.querySelector('.secret code').textContent).pathname"),
				// a key for programs is shown once, and ended
				to(`.tabs a[href="/admin/keys"]`), press("Enter"), seeOne("input[name=days]"), to("input[name=name]"), write("ministry {language}"), to("input[name=scope]"), act(func(w *world) {
					if !ask[bool](w.tab, "document.activeElement.checked") {
						w.key("Space")
					}
				}), to(`form[action="/admin/keys"] button`), press("Enter"), seeOne(".once .secret code"),
				to(`form[action$="/end"] button`), press("Enter"), see("document.readyState === 'complete' && !document.querySelector('form[action$=\"/end\"]')"),
				// the chain of the audit is whole
				to(`.tabs a[href="/admin/audit"]`), press("Enter"), seeOne(`a[href*="verify"]`), to(`a[href*="verify"]`), press("Enter"), see("document.readyState === 'complete' && document.querySelector('.note[role=status]')?.textContent.includes('✓')"),
				to("select[name=action]"), choose("invite.made"), to(`form[action="/admin/audit"] button`), press("Enter"), see("document.readyState === 'complete' && location.search.includes('action=invite.made') && document.querySelectorAll('tbody tr').length >= 1"),
				// who was invited sets a password
				to(`form[action="/sign-out"] button`), press("Enter"), see("location.pathname === '/sign-in'"), visit("{link}"), to("input[name=password]"), write("a long walk by night"), to("input[name=again]"), write("a long walk by night"), press("Enter"),
				see("document.readyState === 'complete' && !location.pathname.startsWith('/welcome')")),
			check: func(w *world) {
				list, err := w.site.db.Keys(w.t.Context())
				if err != nil || len(list) != 1 || list[0].Name != "ministry "+w.language || list[0].Ended.IsZero() {
					w.t.Errorf("keys: %+v %v", list, err)
				}
				p, _, err := w.site.db.PersonByLogin(w.t.Context(), "newcomer")
				if err != nil || p.Role != review.RoleReviewer {
					w.t.Errorf("%+v %v", p, err)
				}
			}},
	}
}
