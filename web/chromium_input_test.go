package web

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"concord/review"
)

// stamp is everything of the workbench that a key changes.
const stamp = `JSON.stringify([location.href, document.querySelector('#item')?.textContent, [...document.querySelectorAll('#decide input:checked')].map((x) => x.name + x.value), [...document.querySelectorAll('details')].map((x) => x.open),
	document.querySelector('main').className, !!document.querySelector('dialog[open]'), document.activeElement.id + document.activeElement.name, document.querySelector('#guard')?.hidden])`

// TestComposing composes Chinese with an input method in a note, in the search and in
// the text of an import: no key of the workbench or of the sheet does anything until
// the word is there, and Enter that ends it sends nothing.
func TestComposing(t *testing.T) {
	s := newSite(t)
	s.manyPairs(3)
	b := s.tabIn(t, startChromium(t))
	b.signIn("lina")
	b.look(1366, "light", "zh")
	b.open("/review/next?task=first&order=chapter&dossier=" + s.dossier.ID.String())
	b.wait("!!document.querySelector('#bench')")
	b.stroke("C", nil)
	compose := func(place string) {
		t.Helper()
		before := ask[string](b, stamp)
		for _, step := range []struct{ code, text string }{{"KeyD", "d"}, {"KeyU", "du"}, {"KeyK", "duk"}, {"Digit2", "du k"}} {
			b.processed(step.code)
			b.do(command(input.ImeSetComposition, input.ImeSetCompositionParams{Text: step.text, SelectionStart: int64(len(step.text)), SelectionEnd: int64(len(step.text))}))
		}
		b.processed("Enter")
		b.processed("Escape")
		if after := ask[string](b, stamp); after != before {
			t.Errorf("%s: composing changed\n%s\nto\n%s", place, before, after)
		}
		b.do(command(input.InsertText, input.InsertTextParams{Text: "宽度"}))
	}
	compose("a note")
	if text := ask[string](b, "document.querySelector('#note').value"); !strings.Contains(text, "宽度") || len(s.verdicts()) != 0 {
		t.Errorf("the note is %q, %d decisions", text, len(s.verdicts()))
	}
	// where nothing is written, a key that an input method holds is no key either
	b.stroke("Ctrl+Enter", nil)
	for _, code := range []string{"Digit2", "KeyQ", "KeyK", "KeyU", "Enter", "KeyM"} {
		before := ask[string](b, stamp)
		b.processed(code)
		if after := ask[string](b, stamp); after != before {
			t.Errorf("%s while composing: %s", code, after)
		}
	}
	b.stroke("2", nil) // the control: the key itself
	if v := ask[string](b, verdict); v != "equivalent" {
		t.Errorf("2 chose %q", v)
	}
	b.open("/search?q=x")
	b.stroke("/", nil)
	compose("the search")
	b.signIn("carrier")
	b.open("/imports/" + s.staged.ID.String() + "?clause=5.4")
	b.stroke("E", nil)
	compose("the text of an import")
	b.stroke("Escape", nil)
	for _, code := range []string{"KeyG", "KeyD", "KeyU", "KeyI"} {
		b.processed(code)
	}
	if now, err := s.db.Staged(t.Context(), s.staged.ID); err != nil || now.Version != s.staged.Version {
		t.Errorf("composing corrected the import: %v", err)
	}
}

// processed presses a key that an input method takes: browsers say 229 for it.
func (b *tab) processed(code string) {
	b.t.Helper()
	for _, kind := range []input.DispatchKeyEventType{"rawKeyDown", "keyUp"} {
		b.do(command(input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: kind, Code: code, Key: "Process", WindowsVirtualKeyCode: 229}))
	}
}

// TestEveryKeyInEveryLayout presses every key of the table of keys that changes the
// workbench in a Russian, an Arabic and a French layout: each does what it does in
// that of the US.
func TestEveryKeyInEveryLayout(t *testing.T) {
	s := newSite(t)
	s.moreCandidates()
	b := s.tabIn(t, startChromium(t))
	b.signIn("lina")
	b.look(1366, "light", "en")
	bench := "/matches/" + s.matches[0].ID.String() + "?task=first"
	var acts []review.KeyAct
	var named []string
	for _, act := range review.KeyActs() {
		switch act {
		case "confirm", "undo", "guide", "link", "previous", "next", "table", "unsure", "family", "skip", "pair": // leave the page, or need a queue: they have tests of their own
			continue
		}
		code := review.KeySet(nil).Keys(act)[0]
		acts, named = append(acts, act), append(named, strings.TrimPrefix(strings.TrimPrefix(code, "Key"), "Digit"))
	}
	effects := func(layout string) []string {
		t.Helper()
		b.open(bench)
		b.wait(benched)
		out := []string{ask[string](b, stamp)}
		for _, key := range named {
			b.stroke(key, layouts[layout])
			out = append(out, ask[string](b, stamp))
			b.stroke("Escape", nil) // out of the note
		}
		return out
	}
	want := effects("en")
	for i, act := range acts {
		if want[i+1] == want[i] {
			t.Errorf("%s (%s) does nothing", act, named[i])
		}
	}
	pressed := 0
	for _, layout := range []string{"ru", "ar", "fr"} {
		got := effects(layout)
		for i, act := range acts {
			if got[i+1] != want[i+1] {
				t.Errorf("%s (%s) in the layout %s:\n%s\nwant\n%s", act, named[i], layout, got[i+1], want[i+1])
			}
			pressed++
		}
	}
	t.Logf("%d keys in other layouts", pressed)
	before := ask[string](b, stamp)
	for _, key := range []string{"J", "7", "Y"} {
		b.stroke(key, nil)
	}
	if after := ask[string](b, stamp); after != before {
		t.Errorf("keys that mean nothing did %s", after)
	}
}

// TestTwoTabs opens the same item in two tabs and answers it in both: the second is
// told what stands now and what its own answer was, and nothing is decided twice.
func TestTwoTabs(t *testing.T) {
	s := newSite(t)
	one := s.tabIn(t, startChromium(t))
	one.signIn("lina")
	for i, c := range []struct{ language, task string }{{"en", "?task=first"}, {"ar", ""}} {
		m := s.matches[1+i]
		other, shut := chromedp.NewContext(one.ctx)
		two := s.tabIn(t, other)
		for _, b := range []*tab{one, two} {
			b.look(1366, "light", c.language)
			b.open("/matches/" + m.ID.String() + c.task)
			b.wait(benched)
		}
		one.stroke("2", layouts[c.language])
		one.stroke("Enter", nil)
		one.wait(fmt.Sprintf("document.readyState === 'complete' && (!location.href.includes('%s') || document.querySelector('#status')?.textContent.includes('✓'))", m.ID))
		two.stroke("4", layouts[c.language])
		two.stroke("C", layouts[c.language])
		two.do(command(input.InsertText, input.InsertTextParams{Text: "narrower"}))
		two.stroke("Ctrl+Enter", nil)
		two.stroke("Enter", nil)
		two.wait("document.readyState === 'complete' && !!document.querySelector('.note.bad[role=alert] h2')")
		words := s.server.words[c.language]
		text := ask[string](two, "document.querySelector('main').innerText")
		for _, want := range []string{words.say("conflict.title"), words.say("conflict.yours"), words.say("verdict.subset"), words.say("verdict.equivalent")} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the second tab does not say %q", c.language, want)
			}
		}
		if note := ask[string](two, "document.querySelector('#note').value"); note != "narrower" || ask[string](two, verdict) != "subset" {
			t.Errorf("%s: what was typed is lost: %q", c.language, note)
		}
		if bad := ask[[]string](two, "bad"); len(bad) > 0 {
			t.Errorf("%s: %q", c.language, bad)
		}
		if d := s.reload(m).Decisions; len(d) != 1 || d[0].Verdict != "equivalent" {
			t.Errorf("%s: %d decisions stand", c.language, len(d))
		}
		// once what stands was read, the own answer can be sent
		two.stroke("Enter", nil)
		two.wait("document.readyState === 'complete' && !document.querySelector('.note.bad[role=alert] h2')")
		if d := s.reload(m).Opinions(); len(d) != 1 || d[0].Verdict != "subset" {
			t.Errorf("%s: the answer of the second tab does not stand after it was sent again", c.language)
		}
		shut()
	}
}
