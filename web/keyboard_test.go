package web

import (
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"concord/review"
)

// TestKeyboardPage: keys are changed, refused, turned off and set back without a
// script, for one person alone, and every page shows them.
func TestKeyboardPage(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("lina")
	send := func(act, code, do string) answer {
		t.Helper()
		return b.submit("/profile/keys", "/profile/keys", url.Values{"act": {act}, "code": {code}, "do": {do}})
	}
	bench := "/matches/" + s.matches[0].ID.String() + "?task=first"
	const confirm, help = `Confirm <kbd data-code="KeyJ">J</kbd>`, `<kbd data-code="KeyJ">J</kbd></th><td>confirm</td>`
	if body := b.get(bench).body; !strings.Contains(body, `Confirm <kbd>Enter</kbd>`) || strings.Contains(body, confirm) {
		t.Error("the workbench does not show the keys as shipped")
	}
	if got := send("confirm", "KeyJ", "set"); got.status != http.StatusSeeOther {
		t.Fatalf("a free key: %d\n%.300s", got.status, got.body)
	}
	page := b.get(bench).body
	if !strings.Contains(page, confirm) || !strings.Contains(page, help) || !strings.Contains(page, "&#34;KeyJ&#34;:&#34;confirm&#34;") || strings.Contains(page, "&#34;Enter&#34;:") {
		t.Error("the workbench does not go by the new key")
	}
	if !strings.Contains(b.get("/help").body, help) {
		t.Error("the help does not show the new key")
	}
	if strings.Contains(s.signedIn("ivan").get("/help").body, help) || strings.Contains(s.browser().get("/help").body, help) {
		t.Error("somebody else has the new key")
	}
	for code, want := range map[string]string{"KeyK": "The key K cannot be for “confirm”: it is for “skip, then why: 1 later, 2 not my field, 3 unreadable, 4 ask a colleague”.", "F5": "browser", "CapsLock": "Screen readers", "Tab": "moves about", "": "cannot be chosen", "Ctrl+KeyW": "cannot be chosen"} {
		if got := send("confirm", code, "set"); got.status < 400 || got.status >= 500 || !strings.Contains(got.body, want) {
			t.Errorf("%q: %d, without %q", code, got.status, want)
		}
	}
	if got := send("dance", "KeyI", "set"); got.status != http.StatusBadRequest {
		t.Errorf("no act: %d", got.status)
	}
	if got := send("skip", "", "off"); got.status != http.StatusSeeOther || strings.Contains(b.get(bench).body, ":&#34;skip&#34;") {
		t.Errorf("off: %d", got.status)
	}
	if got := send("skip", "", "back"); got.status != http.StatusSeeOther || !strings.Contains(b.get(bench).body, "&#34;KeyK&#34;:&#34;skip&#34;") {
		t.Errorf("set back: %d", got.status)
	}
	if got := send("", "", "all"); got.status != http.StatusSeeOther || strings.Contains(b.get(bench).body, confirm) {
		t.Errorf("all set back: %d", got.status)
	}
}

// TestScriptKnowsEveryAct: what the table names, the script does.
func TestScriptKnowsEveryAct(t *testing.T) {
	source, err := os.ReadFile("static/concord.js")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(source), "const acts = {")
	table, _, _ = strings.Cut(table, "  };")
	for _, act := range review.KeyActs() {
		if strings.Contains(string(act), "-") {
			continue // chosen in the form
		}
		if !regexp.MustCompile(`[\s,]` + string(act) + `\s*[:,]`).MatchString(table) {
			t.Errorf("the script does nothing at %s", act)
		}
	}
	if slices.ContainsFunc(review.KeyCodes(), func(code string) bool { return strings.Contains(table, code) }) {
		t.Error("the script has keys of its own")
	}
}
