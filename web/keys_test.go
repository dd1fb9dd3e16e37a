package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"concord/review"
)

// keyForm is the form of the keys as they were made, with changes.
func keyForm(changes ...string) url.Values {
	form := url.Values{}
	for _, a := range acts {
		form.Set(a.Name, a.Code)
	}
	for i := 0; i+1 < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	return form
}

func TestOwnKeys(t *testing.T) {
	s := newSite(t)
	lina := s.signedIn("lina")
	set := func(form url.Values) answer { return lina.submit("/profile", "/profile/keys", form) }
	page := "/matches/" + s.matches[1].ID.String()
	if got := set(keyForm("skip", "KeyJ", "unsure", "", "comment", "Period")); got.status != http.StatusSeeOther {
		t.Fatalf("status %d\n%.300s", got.status, got.body)
	}
	for path, want := range map[string][]string{page: {"<kbd>.</kbd>", "&#34;KeyJ&#34;:&#34;skip&#34;"}, "/help": {"<kbd>J</kbd>", "<kbd>.</kbd>"}} {
		body := lina.get(path).body
		for _, w := range want {
			if !strings.Contains(body, w) {
				t.Errorf("%s does not show %s", path, w)
			}
		}
		if strings.Contains(body, "<kbd>−</kbd>") || strings.Contains(body, "&#34;KeyK&#34;") || strings.Contains(body, "<kbd>K</kbd>") {
			t.Errorf("%s still shows keys that were given up", path)
		}
	}
	if body := s.signedIn("ivan").get("/help").body; !strings.Contains(body, "<kbd>K</kbd>") {
		t.Error("somebody else's keys changed")
	}
	refused := map[string]url.Values{
		"two acts on one key":       keyForm("skip", "KeyC"),
		"a key of the browser":      keyForm("skip", "Tab"),
		"a key of screen readers":   keyForm("skip", "Space"),
		"Firefox's quick search":    keyForm("skip", "Slash"),
		"what is no key":            keyForm("skip", "<script>"),
		"a key that goes elsewhere": keyForm("skip", "Backspace"),
	}
	for name, form := range refused {
		got := set(form)
		if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, `role="alert"`) {
			t.Errorf("%s: status %d", name, got.status)
		}
	}
	if got := set(keyForm("skip", "KeyC")); !strings.Contains(got.body, "The key C is given twice: to “skip, the item stays in the queue” and to “note; Ctrl&#43;Enter leaves it”.") {
		t.Errorf("the clash does not name both acts")
	}
	if body := lina.get("/help").body; !strings.Contains(body, "<kbd>J</kbd>") {
		t.Error("a refused form changed the keys")
	}
	if got := set(url.Values{"back": {"1"}}); got.status != http.StatusSeeOther {
		t.Fatalf("set back: %d", got.status)
	}
	if body := lina.get("/help").body; !strings.Contains(body, "<kbd>K</kbd>") || strings.Contains(body, "<kbd>J</kbd>") {
		t.Error("the keys are not as they were")
	}
}

// TestKeyCookie holds the shape of the cookie: every map comes back, and nothing
// that somebody else puts there is believed.
func TestKeyCookie(t *testing.T) {
	codes := keyCodes()
	m := defaultKeys()
	for i, a := range acts {
		m[a.Name] = codes[(i*5+3)%len(codes)]
	}
	if m.clash() != nil {
		t.Fatal("the map of the test has a clash")
	}
	if text := m.cookie(); len(text) > 200 || fmt.Sprint(readKeys(text)) != fmt.Sprint(m) {
		t.Errorf("%q comes back as %v", text, readKeys(text))
	}
	if defaultKeys().cookie() != "" {
		t.Error("keys as they were made need a cookie")
	}
	for _, bad := range []string{"q", "zz", "aKqK", "a<", "qCq", strings.Repeat("qJ", 90)} {
		if got := readKeys(bad); bad != strings.Repeat("qJ", 90) && fmt.Sprint(got) != fmt.Sprint(defaultKeys()) {
			t.Errorf("%q is believed: %v", bad, got)
		}
	}
	for _, a := range acts {
		if !slices.Contains(codes, a.Code) {
			t.Errorf("%s is made with a key that nobody may choose: %s", a.Name, a.Code)
		}
	}
	for _, v := range review.Verdicts {
		if v != review.VerdictUnsure && !slices.ContainsFunc(acts, func(a act) bool { return a.Name == string(v) }) {
			t.Errorf("no act for the verdict %s", v)
		}
	}
}
