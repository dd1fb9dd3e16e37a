package web

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"

	"concord/corpus/lexicon"
)

// TestJourneysBite is the control of TestJourneys: a pointer, an error, a breach
// of the policy and another host are heard, also of a page that was left, and what
// has the focus without a mark or under something is said to.
func TestJourneysBite(t *testing.T) {
	ctx := startChromium(t)
	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, ctx, "en", lex)
	w.look(1366, "light", "en")
	w.signIn("lina")
	visit("/")(w)
	to(`nav a[href="/search"]`)(w)
	if h := w.listened(); len(h) > 0 {
		t.Fatalf("keys alone are heard as %q", h)
	}
	for _, kind := range []input.DispatchMouseEventType{"mouseMoved", "mousePressed", "mouseReleased"} {
		w.do(command(input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: kind, X: 1360, Y: 500, Button: "left", ClickCount: 1}))
	}
	ask[bool](w.tab, `(() => { console.error('x'); const i = new Image(); i.src = 'http://127.0.0.1:1/x.png'; document.body.append(i); fetch('http://127.0.0.1:1/y').catch(() => {}); setTimeout(() => { throw new Error('lost') }); return true; })()`)
	visit("/help")(w)
	var heard []string
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		heard = append(heard, w.listened()...)
		if !slices.ContainsFunc([]string{"pointer: pointerdown", "pointer: mousemove", "pointer: click", "console: error", "script: ", "policy: "}, func(want string) bool {
			return !slices.ContainsFunc(heard, func(h string) bool { return strings.HasPrefix(h, want) })
		}) {
			break
		}
	}
	for _, want := range []string{"pointer: pointerdown", "pointer: mousemove", "pointer: click", "console: error", "script: ", "policy: "} {
		if !slices.ContainsFunc(heard, func(h string) bool { return strings.HasPrefix(h, want) }) {
			t.Errorf("%q is not heard among %q", want, heard)
		}
	}
	for name, css := range map[string]string{
		"without a mark":    `* { outline: none !important; }`,
		"under a bar":       `body::before { content: ''; position: fixed; inset: 0; background: red; z-index: 99; }`,
		"out of the window": `nav { position: relative; inset-block-start: -3000px; }`,
	} {
		visit("/")(w)
		to(`nav a[href="/search"]`)(w)
		if why := ask[string](w.tab, unseen); why != "" {
			t.Fatalf("as it is: %s", why)
		}
		w.dress(css)
		if why := ask[string](w.tab, unseen); why == "" {
			t.Errorf("a link %s counts as seen", name)
		}
	}
}

// dress lays rules over those of the page, as a bookmarklet of the reader does.
func (b *tab) dress(css string) {
	b.t.Helper()
	ask[bool](b, fmt.Sprintf("(() => { const s = new CSSStyleSheet(); s.replaceSync(`%s`); document.adoptedStyleSheets.push(s); return true; })()", css))
}
