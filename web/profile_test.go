package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"concord/review"
)

// TestLooks chooses size, digits, reasons and the order of queues, and sees each where
// it counts.
func TestLooks(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("lina")
	b.holds("/review", []string{`<option value="chapter" selected>`}, []string{"data-size"})
	bench := "/matches/" + s.matches[0].ID.String() + "?task=first"
	b.holds(bench, []string{`data-part="x">`}, []string{`data-part="x" open>`})
	got := b.submit("/profile", "/preferences", url.Values{"size": {"larger"}, "digits": {"latin"}, "why": {"open"}, "order": {"uncertain"}, "back": {"/profile#looks"}})
	if got.status != http.StatusSeeOther {
		t.Fatalf("%d", got.status)
	}
	b.holds("/review", []string{`<option value="uncertain" selected>`, `data-size="larger"`}, nil)
	b.holds("/review?order=chapter", []string{`<option value="chapter" selected>`}, nil)
	b.holds(bench, []string{`data-part="x" open>`}, nil)
	b.holds("/profile", []string{`<option value="larger" selected>`, `<option value="latin" selected>`, `<option value="open" selected>`}, nil)
}

func TestLatinDigits(t *testing.T) {
	for in, want := range map[string]string{
		"<p>٠٫٢٥ A</p>": "<p>0٫25 A</p>", "<p title=\"٣\">۴２</p>": "<p title=\"٣\">42</p>", "<textarea>٣</textarea>٣": "<textarea>٣</textarea>3",
		"<select><option>٣</select>٣": "<select><option>٣</select>3", "a < ٣": "a < ٣", "": "", "第四": "第四",
	} {
		if got := string(latinDigits([]byte(in))); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

// TestMyData downloads what is kept of a person: what they did is there, no secret is,
// and nothing of somebody else.
func TestMyData(t *testing.T) {
	s := newSite(t)
	b, other := s.signedIn("lina"), s.signedIn("ivan")
	b.decideOn(s.matches[1], "", url.Values{"verdict": {"equivalent"}, "note": {"mine alone"}})
	other.decideOn(s.matches[2], "", url.Values{"verdict": {"equivalent"}, "note": {"of Ivan"}})
	_, codes := b.setUp()
	got := b.get("/profile/data")
	var data ownData
	if err := json.Unmarshal([]byte(got.body), &data); err != nil || got.status != http.StatusOK || !strings.Contains(got.header.Get("Content-Disposition"), "attachment") {
		t.Fatalf("%d %v %s", got.status, err, got.header)
	}
	if data.Person.Login != "lina" || len(data.Decisions) != 1 || data.Decisions[0].Note != "mine alone" || len(data.Sessions) != 1 || data.Second.IsZero() || len(data.Audit) < 3 {
		t.Errorf("%+v", data)
	}
	u, _ := url.Parse(s.http.URL)
	for _, never := range []string{"of Ivan", "argon2", codes[0], review.HashSecret(b.http.Jar.Cookies(u)[0].Value), s.people["ivan"].ID.String()} {
		if strings.Contains(got.body, never) {
			t.Errorf("it holds %s", never)
		}
	}
	if got := s.browser().get("/profile/data"); got.status != http.StatusSeeOther {
		t.Errorf("a stranger gets %d", got.status)
	}
}
