package web

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/input"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/corpus/termbase"
	"concord/index"
	"concord/review"
)

// journey is a way through the pages that a person goes with the keyboard alone
// (UX.md 14): who begins it, and the keys that are typed with what must be seen
// in between. Nothing of a step touches the page but through the keyboard: what
// is pressed is reached by Tab, as far as it has no key of its own.
type journey struct {
	name  string
	who   string // who is signed in at its beginning, "" for nobody
	make  func(w *world)
	steps []step
	check func(w *world) // what the records must say in the end
}

// step is one line of a journey.
type step func(w *world)

// journeys are all journeys, a file for each group.
func journeys() []journey {
	var out []journey
	for _, group := range [][]journey{reviewJourneys(), disputeJourneys(), paperJourneys(), peopleJourneys()} {
		out = append(out, group...)
	}
	return out
}

// world is what the journeys of one language happen in: one site, one tab, and
// what a journey hands from step to step.
type world struct {
	*tab
	language  string
	notes     map[string]string
	downloads string
	agreed    review.Match // the one match that is agreed from the beginning
	at        int
	keyed     int // keys pressed
	tabbed    int // of them to reach something

	mu     sync.Mutex
	heard  []string // what must not be: pointers, errors, breaches of the policy, other hosts
	chosen bool     // the dialog for files was opened
}

// witness tells the test of every pointer, error and breach, also of pages that
// are left at once.
const witness = `for (const kind of ['pointerdown', 'pointerup', 'pointermove', 'mousedown', 'mouseup', 'mousemove', 'touchstart', 'wheel', 'dblclick', 'dragstart'])
	addEventListener(kind, (e) => { if (e.isTrusted) told('pointer: ' + kind); }, true);
addEventListener('click', (e) => { if (e.isTrusted && (e.detail > 0 || e.pointerType)) told('pointer: click'); }, true);
addEventListener('error', (e) => told('script: ' + e.message));
addEventListener('unhandledrejection', (e) => told('promise: ' + e.reason));
addEventListener('securitypolicyviolation', (e) => told('policy: ' + e.violatedDirective + ' ' + e.blockedURI));`

// newWorld makes the world of one language in a Chromium that is running. The
// search is the real one, over what the site keeps when it is followed.
func newWorld(t *testing.T, ctx context.Context, language string, lex *lexicon.Lexicon) *world {
	t.Helper()
	ix, err := index.Open(t.Context(), filepath.Join(t.TempDir(), "index"), lex, index.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ix.Close() })
	asked := &world{language: language, notes: map[string]string{}, downloads: t.TempDir()}
	s := newSite(t, func(c *Config) {
		c.Search, c.Read, c.Effects = ix, lex, known{&[]termbase.Change{}}
		c.Label = func(id lexicon.ConceptID, in corpus.Language) string {
			concept, _ := lex.Concept(id)
			return concept.Label(in)
		}
	})
	if _, err := ix.Follow(t.Context(), s.db, nil); err != nil {
		t.Fatal(err)
	}
	asked.tab = s.tabIn(t, ctx)
	asked.agreed = s.matches[0]
	s.both(asked.agreed, review.Verdict(corpus.RelationSubset), "", withConditions("needs a wider door"), plainYes)
	asked.listen()
	return asked
}

// listen makes everything heard that no journey may bring about.
func (w *world) listen() {
	w.t.Helper()
	here := strings.TrimPrefix(w.site.http.URL, "http://")
	err := chromedp.Listen(w.ctx, func(ev any) {
		switch e := ev.(type) {
		case *runtime.EventBindingCalled:
			w.hear(e.Payload)
		case *runtime.EventExceptionThrown:
			w.hear("exception: " + e.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			if e.Type == "error" || e.Type == "warning" || e.Type == "assert" {
				w.hear("console: " + string(e.Type))
			}
		case *cdplog.EventEntryAdded:
			if e.Entry.Source != "network" && e.Entry.Level == "error" {
				w.hear("log: " + e.Entry.Text)
			}
		case *network.EventRequestWillBeSent:
			if u, err := url.Parse(e.Request.URL); err == nil && (u.Scheme == "http" || u.Scheme == "https" || u.Scheme == "ws") && u.Host != here {
				w.hear("another host: " + e.Request.URL)
			}
		case *page.EventFileChooserOpened:
			w.mu.Lock()
			w.chosen = true
			w.mu.Unlock()
		}
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.do(command(runtime.AddBinding, runtime.AddBindingParams{Name: "told"}),
		command(page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: witness}),
		chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			_, err := chromedp.CallBrowser(ctx, cdpbrowser.SetDownloadBehavior, cdpbrowser.SetDownloadBehaviorParams{Behavior: "allow", DownloadPath: w.downloads})
			return err
		}))
}

func (w *world) hear(what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.heard = append(w.heard, what)
}

// listened takes what was heard.
func (w *world) listened() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := w.heard
	w.heard = nil
	return out
}

// looksOf gives width and theme of a language's journeys: between them they are
// in both directions, light and dark, wide and narrow.
var looksOf = map[string]struct {
	width int
	theme string
}{"en": {1366, "light"}, "zh": {320, "dark"}, "ar": {1366, "dark"}}

// TestJourneys goes every journey in three languages, without a pointer, an error,
// a breach of the policy or a request to another host. CONCORD_JOURNEY goes those
// alone whose name holds it.
func TestJourneys(t *testing.T) {
	ctx := startChromium(t)
	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	only := os.Getenv("CONCORD_JOURNEY")
	languages := []string{"ar"} // typed in another layout, from right to left
	if thorough() {
		languages = []string{"en", "zh", "ar"}
	}
	for _, language := range languages {
		t.Run(language, func(t *testing.T) {
			w := newWorld(t, ctx, language, lex)
			for _, j := range journeys() {
				if !strings.Contains(j.name, only) {
					continue
				}
				t.Run(j.name, func(t *testing.T) { w.travel(t, j) })
			}
		})
	}
}

// travel goes a journey.
func (w *world) travel(t *testing.T, j journey) {
	outer, whole := w.t, w.site.t
	w.t, w.site.t, w.at, w.keyed, w.tabbed = t, t, 0, 0, 0
	clear(w.notes)
	w.notes["language"] = w.language
	begun := time.Now()
	defer func() {
		if t.Failed() {
			t.Logf("it ended in step %d of %d", w.at, len(j.steps))
			w.shoot(j.name + " " + w.language)
		}
		w.t, w.site.t = outer, whole
	}()
	look := looksOf[w.language]
	w.look(look.width, look.theme, w.language)
	w.do(command(network.DeleteCookies, network.DeleteCookiesParams{Name: cookieSession, URL: w.site.http.URL}))
	if j.who != "" {
		w.signIn(j.who)
	}
	if j.make != nil {
		j.make(w)
	}
	for i, s := range j.steps {
		w.at = i + 1
		s(w)
	}
	if j.check != nil {
		j.check(w)
	}
	w.healthy(j.name, look.width)
	for _, h := range w.listened() {
		t.Error(h)
	}
	t.Logf("%d keys, %d of them to reach something, %.1f s", w.keyed, w.tabbed, time.Since(begun).Seconds())
}

// visit opens an address, as somebody types one; {name} is a note.
func visit(path string) step {
	return func(w *world) { w.t.Helper(); w.open(w.fill(path)); w.wait("document.readyState === 'complete'") }
}

// fill puts notes into a text.
func (w *world) fill(text string) string {
	for name, value := range w.notes {
		text = strings.ReplaceAll(text, "{"+name+"}", value)
	}
	return text
}

// as lets somebody else go on at the same screen.
func as(login string) step { return func(w *world) { w.t.Helper(); w.signIn(login) } }

// press presses keys by their names: Q, 2, Enter, Shift+1, Ctrl+Enter.
func press(names string) step {
	return func(w *world) {
		w.t.Helper()
		for _, name := range strings.Fields(names) {
			w.key(name)
		}
	}
}

// write types a text where the focus is; {name} is a note.
func write(text string) step {
	return func(w *world) {
		w.t.Helper()
		w.do(command(input.InsertText, input.InsertTextParams{Text: w.fill(text)}))
	}
}

// see waits until an expression is true.
func see(expression string) step {
	return func(w *world) { w.t.Helper(); w.wait(w.fill(expression)) }
}

// seeOne waits until something is on the page that is complete.
func seeOne(selector string) step {
	return see(fmt.Sprintf("document.readyState === 'complete' && !!document.querySelector(`%s`)", selector))
}

// to presses Tab until the focus is on what a selector names. What has it then
// must be seen: marked, and not under anything.
func to(selector string) step {
	return func(w *world) {
		w.t.Helper()
		on := fmt.Sprintf("!!document.activeElement?.matches(`%s`)", w.fill(selector))
		for n := 0; !ask[bool](w.tab, on); n++ {
			if n == 250 {
				w.t.Fatalf("Tab never comes to %s\nat %s", selector, ask[string](w.tab, "location.href + '\\n' + document.body.innerText.slice(0, 1500)"))
			}
			w.key("Tab")
			w.tabbed++
		}
		if why := ask[string](w.tab, unseen); why != "" {
			w.t.Errorf("%s has the focus, but %s", selector, why)
		}
	}
}

// unseen says why what has the focus cannot be seen to have it (WCAG 2.4.7 and
// 2.4.11), "" when it can.
const unseen = `(() => {
	const x = document.activeElement, shown = getComputedStyle(x).opacity === '0' ? x.closest('label') : x, style = getComputedStyle(shown);
	if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) return 'nothing marks it: ' + [style.outlineStyle, style.outlineWidth, x.matches(':focus'), x.matches(':focus-visible'), document.hasFocus()];
	const box = shown.getClientRects()[0];
	if (!box) return 'it has no place';
	const at = [Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 2), box.top + Math.min(box.height / 2, 20)];
	if (at[1] < 0 || at[1] >= innerHeight) return 'it is outside of the window: ' + at;
	const top = document.elementFromPoint(...at);
	return top && shown.contains(top) ? '' : 'it is under ' + top?.tagName + '.' + top?.className;
})()`

// choose goes down the values of a select until one is chosen.
func choose(value string) step {
	return func(w *world) {
		w.t.Helper()
		want := w.fill(value)
		for n := 0; ask[string](w.tab, "document.activeElement.value") != want; n++ {
			if n == 100 {
				w.t.Fatalf("the arrow never comes to %q", want)
			}
			w.key("ArrowDown")
		}
	}
}

// act does what no key does: it reads the page, moves the clock, or lets somebody
// elsewhere do something.
func act(f func(w *world)) step { return f }

// file answers the dialog for files that a key must have opened.
func file(path string) step {
	return func(w *world) {
		w.t.Helper()
		w.do(command(page.SetInterceptFileChooserDialog, page.SetInterceptFileChooserDialogParams{Enabled: true}))
		w.key("Enter")
		for end := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
			w.mu.Lock()
			opened := w.chosen
			w.chosen = false
			w.mu.Unlock()
			if opened {
				break
			}
			if time.Now().After(end) {
				w.t.Fatal("no dialog for files opens at Enter")
			}
		}
		w.do(chromedp.SetUploadFiles("input[type=file]", []string{w.fill(path)}),
			command(page.SetInterceptFileChooserDialog, page.SetInterceptFileChooserDialogParams{Enabled: false}))
	}
}

// downloaded waits for a file that was sent to the browser, and reads it.
func (w *world) downloaded(ending string) []byte {
	w.t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		list, err := filepath.Glob(filepath.Join(w.downloads, "*"+ending))
		if err != nil {
			w.t.Fatal(err)
		}
		if len(list) == 0 {
			continue
		}
		body, err := os.ReadFile(list[0])
		if err != nil {
			w.t.Fatal(err)
		}
		os.Remove(list[0])
		return body
	}
	w.t.Fatalf("no file *%s comes", ending)
	return nil
}
