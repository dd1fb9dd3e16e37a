package web

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// Ways in which people have pages shown to them: with more space between letters,
// in the colours of their system, without motion, in a language with longer words,
// without a script.

// spacing is what WCAG 1.4.12 lets a reader set; Arabic letters are never parted.
const spacing = `* { line-height: 1.5 !important; word-spacing: .16em !important; } :not(:lang(ar)) { letter-spacing: .12em !important; } p { margin-block-end: 2em !important; }`

// cutOff lists elements whose text is cut off or leaves the box it is written in.
const cutOff = `[...document.querySelectorAll('main *, header *, footer *')].filter((x) => {
	const s = getComputedStyle(x);
	if (x.closest('.vh, .skip, svg, [hidden], noscript, select, .scroll, .picklist') || x.matches('input, textarea, option, details:not([open]) *') || s.display === 'inline' || !x.innerText?.trim() || x.closest('details:not([open]) > :not(summary)')) return false;
	const cut = /hidden|clip/.test(s.overflowX + s.overflowY) && (x.scrollWidth > x.clientWidth + 1 || x.scrollHeight > x.clientHeight + 1);
	return cut || x.matches('.b, .b1, .chip, .vkey, button, summary') && x.clientWidth > 0 && (x.scrollWidth > x.clientWidth + 1 || x.scrollHeight > x.clientHeight + 3);
}).map((x) => x.tagName.toLowerCase() + '.' + x.className + ' ' + x.innerText.trim().slice(0, 30)).slice(0, 5)`

// moving lists what moves or would.
const moving = `[...document.getAnimations().map((a) => 'an animation'), ...[...document.querySelectorAll('*')].filter((x) => { const s = getComputedStyle(x);
	return s.animationName !== 'none' || parseFloat(s.transitionDuration) > 0 && s.transitionProperty !== 'none' || s.scrollBehavior === 'smooth'; }).map((x) => x.tagName + '.' + x.className)].slice(0, 5)`

// colourless lists what is told apart by a colour alone once the system sets the
// colours: what is chosen or has the focus must be outlined, a button have a border,
// a bar differ from its ground.
const colourless = `(() => {
	const out = [], style = (x) => getComputedStyle(x), seen = (x) => x.getClientRects().length > 0;
	for (const x of document.querySelectorAll('.b, .b1, input:not([type=hidden]):not(.vkey input), select, textarea')) if (seen(x) && !x.matches('.vh, [type=checkbox], [type=radio], [type=file]') && (style(x).borderTopStyle === 'none' || parseFloat(style(x).borderTopWidth) < 1)) out.push('no border: ' + x.className + x.name);
	for (const x of document.querySelectorAll('.vkey')) if (x.querySelector(':checked') && style(x).outlineStyle === 'none') out.push('chosen without an outline: ' + x.innerText);
	for (const x of document.querySelectorAll('.meter')) if (style(x.querySelector('.m0')).fill === style(x.querySelector('.m1')).fill) out.push('a bar like its ground');
	const a = document.querySelector('main a[href], main button');
	if (a) { a.focus({ focusVisible: true }); if (style(a).outlineStyle === 'none') out.push('the focus is not marked'); }
	return out.slice(0, 5);
})()`

// media makes the browser say what the reader's system wants.
func (b *tab) media(name, value string) {
	b.t.Helper()
	b.do(command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: name, Value: value}}}))
}

// TestWaysOfShowing shows every page at 320 px without motion, in forced colours and
// with the spacing of WCAG 1.4.12, and listens for requests to other hosts.
func TestWaysOfShowing(t *testing.T) {
	s, pages := busySite(t)
	ctx := startChromium(t)
	var mu sync.Mutex
	var elsewhere []string
	b := s.tabIn(t, ctx)
	here := strings.TrimPrefix(s.http.URL, "http://")
	if err := chromedp.Listen(b.ctx, func(ev any) {
		if e, ok := ev.(*network.EventRequestWillBeSent); ok {
			if u, err := url.Parse(e.Request.URL); err == nil && u.Host != "" && u.Host != here {
				mu.Lock()
				elsewhere = append(elsewhere, e.Request.URL)
				mu.Unlock()
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	n := 0
	for login, paths := range pages {
		if login != "" {
			b.signIn(login)
		}
		for i, path := range paths {
			language := []string{"en", "ru", "zh", "ar"}[i%4]
			b.look(320, "light", language)
			name := path + " " + language
			b.media("prefers-reduced-motion", "reduce")
			b.open(path)
			if m := ask[[]string](b, moving); len(m) > 0 {
				t.Errorf("%s: moves although nothing shall: %q", name, m)
			}
			if strings.HasPrefix(path, "/matches/") {
				b.stroke("2", nil)
			}
			b.media("forced-colors", "active")
			if c := ask[[]string](b, colourless); len(c) > 0 {
				t.Errorf("%s in forced colours: %q", name, c)
			}
			b.media("forced-colors", "none")
			b.dress(spacing)
			b.healthy(name+" with more space", 320)
			if c := ask[[]string](b, cutOff); len(c) > 0 {
				t.Errorf("%s with more space: cut off: %q", name, c)
			}
			n++
		}
	}
	t.Logf("%d pages", n)
	for _, u := range elsewhere {
		t.Errorf("a request to another host: %s", u)
	}
	waysBite(t, b, s)
}

// waysBite is the control of TestWaysOfShowing.
func waysBite(t *testing.T, b *tab, s *site) {
	t.Helper()
	b.signIn("lina")
	bench := "/matches/" + s.matches[0].ID.String() + "?task=first"
	for name, c := range map[string]struct{ css, expression string }{
		"a transition":    {"main { transition: color 1s; }", moving},
		"a box too small": {".b1, .b { max-block-size: 1rem; min-block-size: 0; overflow: hidden; }", cutOff},
	} {
		b.look(320, "light", "en")
		b.media("prefers-reduced-motion", "no-preference")
		b.open(bench)
		if got := ask[[]string](b, c.expression); len(got) > 0 {
			t.Fatalf("%s: found before it is there: %q", name, got)
		}
		b.dress(c.css)
		if len(ask[[]string](b, c.expression)) == 0 {
			t.Errorf("%s is not found", name)
		}
	}
	b.open(bench)
	b.dress("main { transition: color 1s; }")
	b.media("prefers-reduced-motion", "reduce")
	if m := ask[[]string](b, moving); len(m) > 0 {
		t.Errorf("the rule for less motion stops nothing: %q", m)
	}
	b.open(bench)
	b.stroke("2", nil)
	b.media("forced-colors", "active")
	b.dress(".vkey, a, button { outline: none !important; } .b { border: 0 !important; }")
	if c := ask[[]string](b, colourless); len(c) < 2 {
		t.Errorf("what only a colour tells is not found: %q", c)
	}
}

// longer is a sentence in a language that needs four tenths more room: vowels are
// doubled and accented, and what is lacking is added. What stands in braces stays.
func longer(text string) string {
	var out strings.Builder
	inside, letters, added := 0, 0, 0
	for _, r := range text {
		switch {
		case r == '{':
			inside++
		case r == '}':
			inside--
		}
		out.WriteRune(r)
		if inside > 0 || !unicode.IsLetter(r) {
			continue
		}
		letters++
		if i := strings.IndexRune("aeiouAEIOU", r); i >= 0 && added*10 < letters*4+10 {
			out.WriteRune([]rune("áéíóúÁÉÍÓÚ")[i])
			added++
		}
	}
	for ; added*10 < letters*4; added++ {
		out.WriteRune('ẽ')
	}
	return out.String()
}

// TestLongerWords shows every page at 320 px and at full width in a language that is
// four tenths longer than English.
func TestLongerWords(t *testing.T) {
	if got := longer("Add {n} to it"); !strings.Contains(got, "{n}") || len([]rune(got)) < 16 {
		t.Fatalf("%q", got)
	}
	s, pages := busySite(t)
	for _, m := range s.server.words["en"].messages {
		for form, text := range m {
			m[form] = longer(text)
		}
	}
	b, n := s.tabIn(t, startChromium(t)), 0
	for login, paths := range pages {
		if login != "" {
			b.signIn(login)
		}
		for _, path := range paths {
			width := []int{320, 320, 1366}[n%3]
			b.look(width, "light", "en")
			b.open(path)
			b.healthy(path+" in longer words", width)
			if c := ask[[]string](b, cutOff); len(c) > 0 {
				t.Errorf("%s in longer words: cut off: %q", path, c)
			}
			n++
		}
	}
	t.Logf("%d pages", n)
	b.signIn("lina")
	b.look(320, "light", "en")
	b.open("/")
	if !ask[bool](b, "/[áéíóú]/.test(document.querySelector('nav').innerText)") {
		t.Error("the words are not longer, so this test proves nothing")
	}
}

// TestWithoutScript opens every page in a browser that runs no script: nothing waits
// for one, whatever can be pressed sends a form or leads somewhere, and a pair is
// answered by keyboard from the queue to the tick.
func TestWithoutScript(t *testing.T) {
	s, pages := busySite(t)
	b := s.tabIn(t, startChromium(t))
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
	const idle = `[...document.querySelectorAll('button, a, [data-take], [data-adopt], [data-press]')].filter((x) => x.getClientRects().length > 0 &&
		(x.tagName.toLowerCase() === 'a' ? !x.hasAttribute('href') : x.type === 'button' || !x.form)).map((x) => x.outerHTML.slice(0, 80)).slice(0, 4)`
	n := 0
	for login, paths := range pages {
		if login != "" {
			b.signIn(login)
		}
		for i, path := range paths {
			language := []string{"en", "zh", "ar"}[i%3]
			b.look(320, "dark", language)
			b.open(path)
			if ask[bool](b, "document.documentElement.classList.contains('js')") {
				t.Fatal("scripts run, so this test proves nothing")
			}
			name := path + " without a script"
			if !ask[bool](b, "document.querySelectorAll('h1').length === 1 && document.querySelector('main').innerText.trim().length > 20 && document.documentElement.scrollWidth <= 320") {
				t.Errorf("%s: no heading, nothing to read, or too wide", name)
			}
			if x := ask[[]string](b, "(document.querySelectorAll('details').forEach((d) => { d.open = true; }), "+idle+")"); len(x) > 0 {
				t.Errorf("%s: does nothing when it is pressed: %q", name, x)
			}
			n++
		}
	}
	t.Logf("%d pages", n)
	b.signIn("lina")
	b.look(1366, "light", "en")
	b.open("/help")
	if x := ask[[]string](b, "(() => { const x = document.createElement('button'); x.type = 'button'; x.textContent = 'x'; document.querySelector('main').append(x); })(), "+idle); len(x) != 1 {
		t.Errorf("a button that does nothing is not found: %q", x)
	}
	b.answerWithoutScript(t, s)
}

// answerWithoutScript answers the first pair of a new dossier with the keys that every
// browser has: Tab, the arrows, Enter.
func (b *tab) answerWithoutScript(t *testing.T, s *site) {
	t.Helper()
	d, list := s.newPairs("plain", "Plain", "one-reviewer", 2, nil)
	s.dossier = d
	b.open("/dossiers/" + d.ID.String())
	tabTo := func(selector string) {
		t.Helper()
		for range 200 {
			if ask[bool](b, fmt.Sprintf("document.activeElement.matches(`%s`)", selector)) {
				return
			}
			b.stroke("Tab", nil)
		}
		t.Fatalf("Tab never comes to %s", selector)
	}
	tabTo(`a[href*="task=first"]`)
	b.stroke("Enter", nil)
	b.wait("!!document.querySelector('#bench') && document.readyState === 'complete'")
	tabTo("input[name=verdict]")
	b.stroke("ArrowDown", nil)
	b.stroke("ArrowUp", nil)
	b.stroke("ArrowDown", nil)
	chosen := ask[string](b, "document.querySelector('input[name=verdict]:checked').value")
	tabTo("#confirm")
	b.stroke("Enter", nil)
	b.wait(fmt.Sprintf("document.readyState === 'complete' && location.href.includes('/matches/') && !location.href.includes('%s') && document.querySelector('#status').innerText.includes('✓')", list[0].ID))
	var kept []string
	for _, v := range s.verdicts() {
		kept = append(kept, string(v))
	}
	if !slices.Equal(kept, []string{chosen}) {
		t.Errorf("%q is kept, %q was chosen", kept, chosen)
	}
}
