package web

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// tab is a real Chromium in which somebody is signed in to a site. What goes
// wrong on a page (script errors, breaches of the content policy) is collected
// in the page itself.
type tab struct {
	t    *testing.T
	site *site
	ctx  context.Context
	// patience is how long it waits for what must be seen.
	patience time.Duration
}

// collector runs before any script of a page.
const collector = `window.bad = [];
addEventListener('error', e => bad.push('script: ' + e.message));
addEventListener('unhandledrejection', e => bad.push('promise: ' + e.reason));
addEventListener('securitypolicyviolation', e => bad.push('policy: ' + e.violatedDirective + ' ' + e.blockedURI));
{ const say = console.error; console.error = (...x) => { bad.push('console: ' + x.join(' ')); say(...x); }; }
window.pointer = 0; addEventListener('mousedown', () => pointer++, true);`

// openTab opens a tab of somebody signed in in a Chromium of its own, or skips
// where there is none.
func (s *site) openTab(t *testing.T, login string) *tab {
	t.Helper()
	b := s.tabIn(t, startChromium(t))
	b.signIn(login)
	return b
}

// startChromium starts a Chromium that tabs are opened in, or skips where there
// is none.
func startChromium(t *testing.T) context.Context {
	t.Helper()
	if testing.Short() {
		t.Skip("short: the pages are not looked at in a browser")
	}
	path := chromium()
	if path == "" {
		t.Skip("no Chromium on this machine: the pages are not looked at in a browser (Debian: apt-get install chromium)")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.DisableGPU, chromedp.NoSandbox)
	all, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, shut := chromedp.NewContext(all)
	t.Cleanup(shut)
	return ctx
}

// tabIn makes a tab of what is open in a Chromium.
func (s *site) tabIn(t *testing.T, ctx context.Context) *tab {
	t.Helper()
	b := &tab{t, s, ctx, time.Minute}
	b.do(chromedp.Navigate("about:blank"), command(emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}), command(page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: collector}))
	return b
}

// signIn gives the tab a session of somebody.
func (b *tab) signIn(login string) {
	b.t.Helper()
	u, _ := url.Parse(b.site.http.URL)
	for _, c := range b.site.signedIn(login).http.Jar.Cookies(u) {
		b.cookie(c.Name, c.Value)
	}
}

// chromium is the path of a Chromium, "" for none.
func chromium() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// command makes an action of a command of the protocol.
func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, params)
		return err
	})
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *tab) cookie(name, value string) {
	b.t.Helper()
	b.do(command(network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: b.site.http.URL}))
}

func (b *tab) open(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.site.http.URL + path))
}

// ask evaluates an expression on the page.
func ask[T any](b *tab, expression string) T {
	b.t.Helper()
	v, err := try[T](b, expression, time.Minute)
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// try evaluates an expression within a time: an answer never comes when the page
// goes while it is asked.
func try[T any](b *tab, expression string, within time.Duration) (T, error) {
	ctx, stop := context.WithTimeout(b.ctx, within)
	defer stop()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// wait waits until an expression is true.
func (b *tab) wait(expression string) {
	b.t.Helper()
	for end := time.Now().Add(b.patience); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if met, err := try[bool](b, expression, 5*time.Second); err == nil && met {
			return
		}
	}
	b.t.Fatalf("never true: %s\nat %s", expression, ask[string](b, "location.href + '\\n' + document.body.innerText.slice(0, 800)"))
}

// look sets the width, the theme and the language of the pages.
func (b *tab) look(width int, theme, language string) {
	b.t.Helper()
	b.cookie(cookieLanguage, language)
	b.do(chromedp.EmulateViewport(int64(width), 900),
		command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: theme}, {Name: "prefers-reduced-motion", Value: "reduce"}}}))
}

// press presses a key by its place on the keyboard; layout is what the key
// writes there.
func (b *tab) press(code, layout string) {
	b.t.Helper()
	down := input.DispatchKeyEventParams{Type: "rawKeyDown", Code: code, Key: layout}
	if len([]rune(layout)) == 1 {
		down.Type, down.Text = "keyDown", layout
	}
	if layout == "Enter" {
		down.Type, down.Text, down.WindowsVirtualKeyCode = "keyDown", "\r", 13
	}
	b.do(command(input.DispatchKeyEvent, down), command(input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: "keyUp", Code: code, Key: layout}))
}

// everyPage lists a page of each kind with who looks at it.
func (s *site) everyPage() map[string][]string {
	id, first := s.dossier.ID.String(), s.matches[0].ID.String()
	s.saveOverlays()
	if err := s.db.SaveGuideline(context.Background(), s.dossier.ID, "≥ 0.9 m?\n\n≤ 0.5 mA?", 0, s.people["admin"]); err != nil {
		s.t.Fatal(err)
	}
	return map[string][]string{
		"lina": {"/", "/review", "/matches/" + first + "?task=first", "/matches/" + first + "?task=first&find=door", "/search?q=door&done=saved", "/search?q=zzzz", "/standards", "/standards/gb-1-2020", "/standards/gb-1-2020/clauses/5.1", "/standards/gb-1-2020/clauses/5.1?beside=sp-1-2020",
			"/standards/int-iso-99001-2015", "/standards/int-iso-99001-2015/consolidated", "/standards/int-iso-99001-2015/clauses/5.1", "/standards/int-iso-99001-2015-amd-1-2020",
			"/dossiers", "/dossiers/" + id, "/dossiers/" + id + "/rounds", "/dossiers/" + id + "/agreement", "/dossiers/" + id + "/positions", "/dossiers/" + id + "/position?match=" + first, "/dossiers/" + id + "/sample?seed=7&size=20", "/mappings", "/mappings/" + s.imported.String(), "/runs", "/collections", "/search/saved", "/review/list?task=first", "/dossiers/" + id + "/reservations", "/standards?q=nothing-like-it", "/standards/gb-1-2020/changes?from=sp-1-2020", "/coverage", "/concept", "/concept?c=door", "/decisions", "/news", "/profile", "/profile/keys", "/help", "/api/docs", "/nowhere",
			"/templates", "/templates/new", "/templates/" + s.template.String(), "/misreadings", "/terms", "/terms/entry?id=rail", "/terms/new", "/terms/new?id=rail", "/terms/conflicts", "/terms/candidates", "/terms/entry?id=rail&forms=1"},
		"admin": {"/admin/people", "/admin/people/" + s.people["lina"].ID.String(), "/admin/keys", "/admin/audit", s.rowOf("person.saved"), s.rowOf("import.staged"), "/admin/projects", "/admin/model", "/admin/health", "/admin/settings", "/dossiers/new", "/dossiers/" + id, "/terms/import", "/standards/int-iso-99001-2015-amd-1-2020",
			"/imports", "/imports/" + s.staged.ID.String(), "/imports/" + s.staged.ID.String() + "?clause=5.4", "/imports/" + s.staged.ID.String() + "?at=1", "/imports/" + s.staged.ID.String() + "/columns", "/imports/" + s.staged.ID.String() + "/columns?sheet=two", "/imports/" + s.staged.ID.String() + "/difference"},
	}
}

// axe is the source of axe-core, "" where CONCORD_AXE does not name its file.
func axe(t *testing.T) string {
	t.Helper()
	path := os.Getenv("CONCORD_AXE")
	if path == "" {
		t.Log("CONCORD_AXE does not name axe.min.js: accessibility is not judged")
		return ""
	}
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}

// judge runs axe on the page and lists what it finds.
func (b *tab) judge(source string) []string {
	b.t.Helper()
	ask[bool](b, source+";true")
	answer := ask[string](b, `axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}).then(r => JSON.stringify(
		r.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target.join(' ') + ' ' + (n.any[0]?.message ?? n.all[0]?.message ?? n.none[0]?.message ?? '')).join('; '))))`)
	var out []string
	if err := json.Unmarshal([]byte(answer), &out); err != nil {
		b.t.Fatal(err)
	}
	return out
}

// TestPagesInChromium opens every page in every language of the pages, light
// and dark, wide and narrow: nothing scrolls sideways, no script fails, the
// content policy holds and axe finds nothing. CONCORD_SHOTS names a folder for
// screenshots.
func TestPagesInChromium(t *testing.T) {
	s, pages := fullSite(t)
	source, looked := axe(t), 0
	for login, paths := range pages {
		b := s.openTab(t, login)
		for _, language := range languagesToLook(source != "", s.server.words) {
			for _, look := range looksAt(source != "", language) {
				b.look(look.width, look.theme, language)
				for _, path := range paths {
					b.open(path)
					name := fmt.Sprintf("%s %s %s %d", path, language, look.theme, look.width)
					b.healthy(name, look.width)
					if source != "" && (look.theme == "dark" || look.width == 320 || language == "en") {
						for _, v := range b.judge(source) {
							t.Errorf("%s: axe: %s", name, v)
						}
					}
					b.shoot(name)
					looked++
				}
			}
		}
	}
	t.Logf("%d pages looked at", looked)
}

// thorough tells whether the long walks go all their ways (CONCORD_WHOLE, in CI);
// the README's command goes the ways that differ most.
func thorough() bool { return os.Getenv("CONCORD_WHOLE") != "" }

// pageLook is how wide a page is looked at, and in which theme.
type pageLook struct {
	width int
	theme string
}

// looksAt are the looks at a page in a language: all three where axe judges or the
// walk is thorough, else another one for each language.
func looksAt(all bool, language string) []pageLook {
	looks := []pageLook{{1366, "light"}, {1366, "dark"}, {320, "light"}}
	if all || thorough() {
		return looks
	}
	i := slices.Index([]string{"en", "ar", "zh"}, language)
	return looks[i : i+1]
}

// languagesToLook are all languages where axe judges, which takes minutes, and
// else three that differ most: Latin, Han, right to left.
func languagesToLook(all bool, words map[string]*words) []string {
	var out []string
	for _, tag := range slices.Sorted(maps.Keys(words)) {
		if all || slices.Contains([]string{"en", "zh", "ar"}, tag) {
			out = append(out, tag)
		}
	}
	return out
}

// healthy checks what every page must hold.
func (b *tab) healthy(name string, width int) {
	b.t.Helper()
	if bad := ask[[]string](b, "bad"); len(bad) > 0 {
		b.t.Errorf("%s: %s", name, strings.Join(bad, "; "))
	}
	if wide := ask[int](b, "document.documentElement.scrollWidth"); wide > width {
		out := ask[[]string](b, fmt.Sprintf(`[...document.querySelectorAll('main *, header *, footer *')].filter(x => x.getBoundingClientRect().right > %d + 1 && !x.closest('.scroll'))
			.map(x => x.tagName.toLowerCase() + '.' + x.className + ' ' + Math.round(x.getBoundingClientRect().right)).slice(0, 6)`, width))
		b.t.Errorf("%s: %d px wide on a screen of %d: %s", name, wide, width, strings.Join(out, "; "))
	}
	if status := ask[int](b, "performance.getEntriesByType('navigation')[0].responseStatus"); status >= 500 {
		b.t.Errorf("%s: status %d", name, status)
	}
	if n := ask[int](b, "document.querySelectorAll('h1').length"); n != 1 {
		b.t.Errorf("%s: %d main headings", name, n)
	}
}

// shoot keeps a picture of the page where CONCORD_SHOTS names a folder.
func (b *tab) shoot(name string) {
	b.t.Helper()
	folder := os.Getenv("CONCORD_SHOTS")
	if folder == "" {
		return
	}
	// As high as the page, and not beyond the window: what Chromium takes beyond it
	// is moved aside on a narrow page from right to left.
	width, high := ask[int](b, "innerWidth"), ask[int](b, "Math.max(innerHeight, document.documentElement.scrollHeight)")
	b.do(chromedp.EmulateViewport(int64(width), int64(high)))
	picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	b.do(chromedp.EmulateViewport(int64(width), 900))
	if err != nil {
		b.t.Fatal(err)
	}
	file := strings.NewReplacer("/", "_", "?", "_", " ", "-").Replace(strings.Trim(name, "/"))
	if err := os.WriteFile(filepath.Join(folder, file+".png"), picture, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// TestCollectorBites is the control of TestPagesInChromium: a page with a
// script error, a forbidden image and too wide a box is found out.
func TestCollectorBites(t *testing.T) {
	s := newSite(t)
	b := s.openTab(t, "lina")
	b.look(320, "light", "en")
	b.open("/")
	ask[bool](b, `(() => { const x = new Image(); x.src = 'http://127.0.0.1:1/x.png'; document.body.append(x); setTimeout(() => { throw new Error('lost') });
		const wide = document.createElement('pre'); wide.textContent = 'w'.repeat(500); document.body.append(wide); return true; })()`)
	b.wait("bad.some(x => x.startsWith('policy:')) && bad.some(x => x.startsWith('script:'))")
	if wide := ask[int](b, "document.documentElement.scrollWidth"); wide <= 320 {
		t.Error("a box of 500 letters does not make the page too wide")
	}
}
