package web

import (
	"bytes"
	"context"
	"html"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/corpus/staging"
)

// bringIn sends files, by their names, with fields of the form.
func (b *browser) bringIn(files map[string]string, fields ...string) answer {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	put := func(name, value string) {
		if err := w.WriteField(name, value); err != nil {
			b.t.Fatal(err)
		}
	}
	put("token", token(b.t, b.get("/help").body))
	for i := 0; i+1 < len(fields); i += 2 {
		put(fields[i], fields[i+1])
	}
	for name, text := range files {
		part, err := w.CreateFormFile("files", name)
		if err != nil {
			b.t.Fatal(err)
		}
		if _, err := part.Write([]byte(text)); err != nil {
			b.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, b.site.http.URL+"/imports", &body)
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	return b.do(req)
}

// change sends one correction of an import as it is now.
func (b *browser) change(id uuid.UUID, what string, form url.Values) answer {
	b.t.Helper()
	i, err := b.site.db.Staged(context.Background(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	if form == nil {
		form = url.Values{}
	}
	if !form.Has("version") {
		form.Set("version", strconv.Itoa(i.Version))
	}
	return b.submit("/help", "/imports/"+id.String()+"/"+what, form)
}

// keys are the clauses of an import as it is corrected.
func (s *site) keys(id uuid.UUID) []string {
	s.t.Helper()
	i, err := s.db.Staged(context.Background(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	sheet, err := i.Corrected()
	if err != nil {
		s.t.Fatal(err)
	}
	var out []string
	for _, c := range sheet.Document().Clauses {
		out = append(out, c.ID.Key())
	}
	return out
}

const upText = "5.1 The width of a door shall be at least 0.8 m.\n\n5.2 Exits shall be marked with signs that glow.\n"

func TestUpload(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("admin")
	got := b.bringIn(map[string]string{"good.txt": upText, "empty.txt": "", "<b>bad.png": "\x89PNG...", "../../x\u202e.txt": strings.ReplaceAll(upText, "5.", "6.")}, "jurisdiction", "cn", "language", "EN")
	if got.status != http.StatusOK {
		t.Fatalf("%d\n%.600s", got.status, got.body)
	}
	for _, want := range []string{"The file is empty", "This is a picture", "&lt;b&gt;bad.png"} {
		if !strings.Contains(got.body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(got.body, "<b>bad") || strings.Contains(got.body, "\u202e") || strings.Contains(got.body, "<script>alert") {
		t.Error("a file's name became markup, or turns the page round")
	}
	list, err := s.db.StagedList(context.Background(), staging.Staged, uuid.Nil, 10)
	if err != nil || len(list) != 3 { // two, and the site's own
		t.Fatalf("%d wait, %v", len(list), err)
	}
	if i := list[0]; i.By != s.people["admin"].ID.String() || i.Language != "en" {
		t.Errorf("%+v", i)
	}
	if got := b.bringIn(map[string]string{"bad.txt": ""}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("only a bad file: %d", got.status)
	}
	for _, tag := range []string{"zh", "ar"} { // place and cure in the language of the page
		place, _, _ := strings.Cut(s.server.words[tag].say("refusal.xml-closes", "line", 2, "column", 13), "<")
		got := s.signedIn("admin").speak(tag).bringIn(map[string]string{"bad.xml": "<standard>\n<body></sec></standard>", "plain.txt": "no number here"})
		for _, want := range []string{place, s.server.words[tag].say("format.plain-text")} {
			if !strings.Contains(got.body, want) {
				t.Errorf("%s: the page does not say %q", tag, want)
			}
		}
		if left := english(t, got.body); len(left) > 0 {
			t.Errorf("%s: the page says %q", tag, left)
		}
	}
	for name, c := range map[string]answer{
		"no file": b.bringIn(nil), "a field that does not fit": b.bringIn(map[string]string{"a.txt": upText}, "jurisdiction", "../"),
		"a form without files": b.submit("/help", "/imports", url.Values{}),
	} {
		if c.status != http.StatusBadRequest || !strings.Contains(c.body, `role="alert"`) {
			t.Errorf("%s: %d", name, c.status)
		}
	}
	many := map[string]string{}
	for i := range uploadFiles + 1 {
		many[strconv.Itoa(i)+".txt"] = upText
	}
	if c := b.bringIn(many); c.status != http.StatusBadRequest || !strings.Contains(c.body, "at most 20") {
		t.Errorf("too many files: %d", c.status)
	}
	if c := b.bringIn(map[string]string{"large.txt": strings.Repeat("x", uploadBytes+1)}); c.status != http.StatusRequestEntityTooLarge {
		t.Errorf("too large: %d", c.status)
	}
	// somebody who may not is refused before anything is read
	if c := s.signedIn("lina").bringIn(map[string]string{"a.txt": upText}); c.status != http.StatusForbidden {
		t.Errorf("a reviewer: %d", c.status)
	}
	if after, err := s.db.StagedList(context.Background(), staging.Staged, uuid.Nil, 10); err != nil || len(after) != 3 {
		t.Errorf("%d wait after refusals, %v", len(after), err)
	}
}

func TestUploadWithoutReader(t *testing.T) {
	s := newSite(t, func(c *Config) { c.Import = nil })
	b := s.signedIn("admin")
	if got := b.bringIn(map[string]string{"a.txt": upText}); got.status != http.StatusBadRequest || !strings.Contains(got.body, "does not read files") {
		t.Errorf("%d", got.status)
	}
	for _, path := range []string{"/imports", "/imports/" + s.staged.ID.String(), "/imports/" + s.staged.ID.String() + "/difference"} {
		if got := b.get(path); got.status != http.StatusOK {
			t.Errorf("%s: %d", path, got.status)
		}
	}
}

func TestStagedTextIsNeverMarkup(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("admin")
	id := s.staged.ID.String()
	for _, path := range []string{"/imports", "/imports/" + id, "/imports/" + id + "?clause=5.3", "/imports/" + id + "/difference"} {
		got := b.get(path)
		if got.status != http.StatusOK {
			t.Fatalf("%s: %d", path, got.status)
		}
		for _, bad := range []string{"<img src=x", "<script>alert", "<b>look", "onerror=alert(1)>\"", " style="} {
			if strings.Contains(got.body, bad) {
				t.Errorf("%s has %q", path, bad)
			}
		}
		if !strings.Contains(got.body, "alert") {
			t.Errorf("%s: the check finds nothing, the text is not there", path)
		}
	}
}

// TestCorrectionScreen corrects as a person without JavaScript does.
func TestCorrectionScreen(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("admin")
	id := s.staged.ID
	page := b.get("/imports/" + id.String() + "?clause=5.4").body
	at := len("应设置应急照明。\n")
	if !strings.Contains(page, `name="at" value="`+strconv.Itoa(at)+`"`) {
		t.Fatal("the beginning of the second line is no place to split")
	}
	step := func(name string, got answer, where string, want ...string) {
		t.Helper()
		if got.status != http.StatusSeeOther || got.header.Get("Location") != "/imports/"+id.String()+where {
			t.Errorf("%s: %d %s", name, got.status, got.header.Get("Location"))
		}
		if keys := s.keys(id); !slices.Equal(keys, want) {
			t.Errorf("%s: %q, want %q", name, keys, want)
		}
	}
	offered := page[strings.Index(page, `id="problems"`):strings.Index(page, `id="identity"`)]
	if strings.Count(offered, "Split here") != 1 || !strings.Contains(offered, `name="clause" value="5.4"><input type="hidden" name="at" value="`+strconv.Itoa(at)+`"`) {
		t.Error("the problem of a number that opens a line does not offer the split, or others do")
	}
	step("split", b.change(id, "correct", url.Values{"act": {"split"}, "clause": {"5.4"}, "at": {strconv.Itoa(at)}}), "?clause=5.4#edit", "5", "5.1", "5.2", "5.3", "5.4", "5.5")
	step("merge", b.change(id, "correct", url.Values{"act": {"merge"}, "clause": {"5.2"}, "line": {"1"}}), "?clause=5.1#edit", "5", "5.1", "5.3", "5.4", "5.5")
	step("undo", b.change(id, "undo", nil), "?clause=5.2#edit", "5", "5.1", "5.2", "5.3", "5.4", "5.5")
	step("delete", b.change(id, "correct", url.Values{"act": {"delete"}, "clause": {"5.3"}}), "?clause=5.3#edit", "5", "5.1", "5.2", "5.4", "5.5")
	step("restore", b.change(id, "correct", url.Values{"act": {"restore"}, "clause": {"5.3"}}), "?clause=5.3#edit", "5", "5.1", "5.2", "5.3", "5.4", "5.5")
	step("save text, kind and number at once", b.change(id, "correct", url.Values{"act": {"edit"}, "clause": {"5.3"}, "label": {"5.9"}, "kind": {"note"}, "heading": {"H"}, "text": {"a\r\nb"}}),
		"?clause=5.9#edit", "5", "5.1", "5.2", "5.9", "5.4", "5.5")
	i, err := s.db.Staged(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := i.Corrected()
	if err != nil {
		t.Fatal(err)
	}
	if c := sheet.Document().Clauses[3]; c.Text != "a\nb" || c.Heading != "H" || c.Kind != corpus.KindNote {
		t.Errorf("%+v", c)
	}
	if by := i.Operations[0].By; by != s.people["admin"].ID.String() {
		t.Errorf("the correction is by %q", by)
	}
	step("identity", b.change(id, "correct", url.Values{"act": {"identify"}, "domain": {"park"}, "language": {"zh"}}), "", "5", "5.1", "5.2", "5.9", "5.4", "5.5")
	if body := b.get("/imports/" + id.String()).body; strings.Contains(body, "it was guessed") || !strings.Contains(body, "look&lt;/b&gt;") {
		t.Error("the identity was looked at and is still a problem, or the other problem is gone")
	}
	problem := staging.Fingerprint(corpus.Problem{Place: "clause 5.2", Message: "<b>look</b> at it"})
	b.change(id, "correct", url.Values{"act": {"ignore"}, "problem": {problem}})
	if body := b.get("/imports/" + id.String()).body; strings.Contains(body, "look&lt;/b&gt;") {
		t.Error("an ignored problem is still listed")
	}
}

func TestRefusedOnTheScreen(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("admin")
	for name, c := range map[string]struct {
		form   url.Values
		status int
		says   string
	}{
		"outside the text":    {url.Values{"act": {"split"}, "clause": {"5.1"}, "at": {"99999"}, "second": {"5.8"}}, 422, "Put the cursor"},
		"no place":            {url.Values{"act": {"split"}, "clause": {"5.1"}}, 422, "Put the cursor"},
		"a taken number":      {url.Values{"act": {"edit"}, "clause": {"5.1"}, "label": {"5.2"}}, 422, "taken by another"},
		"a field of nonsense": {url.Values{"act": {"identify"}, "rights": {"everything"}}, 422, "Rights of the text"},
		"an old version":      {url.Values{"act": {"delete"}, "clause": {"5.1"}, "version": {"0"}}, 409, "Somebody else"},
		"an unknown act":      {url.Values{"act": {"explode"}, "clause": {"5.1"}}, 422, "no correction"},
		"no such clause":      {url.Values{"act": {"delete"}, "clause": {"7.7"}}, 404, ""},
	} {
		got := b.change(s.staged.ID, "correct", c.form)
		if got.status != c.status || !strings.Contains(got.body, c.says) {
			t.Errorf("%s: %d, want %d with %q", name, got.status, c.status, c.says)
		}
	}
	if i, err := s.db.Staged(context.Background(), s.staged.ID); err != nil || i.Version != 1 {
		t.Errorf("a refused correction changed it: %+v %v", i.Version, err)
	}
}

// TestRefusedKeepsWhatWasTyped: the form comes back with its fields as they were
// sent, escaped, and the list with what is kept; another form's text does not get
// into it.
func TestRefusedKeepsWhatWasTyped(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("admin")
	typed := "Rewritten with care </textarea><script>x</script>\nsecond line"
	got := b.change(s.staged.ID, "correct", url.Values{"act": {"edit"}, "clause": {"5.1"}, "label": {"5.2"}, "heading": {"New \"head\""}, "kind": {"recommendation"}, "text": {typed}})
	if got.status != http.StatusUnprocessableEntity {
		t.Fatalf("%d", got.status)
	}
	for _, want := range []string{"Rewritten with care &lt;/textarea&gt;", "second line", `name="label" value="5.2"`, `value="New &#34;head&#34;"`, `value="recommendation" selected`, "疏散门的净宽度"} {
		if !strings.Contains(got.body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(got.body, "<script>x") {
		t.Error("what was typed is markup now")
	}
	got = b.change(s.staged.ID, "correct", url.Values{"act": {"identify"}, "designation": {"GB 1-2099"}, "rights": {"everything"}})
	if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, `value="GB 1-2099"`) {
		t.Errorf("%d: the identity that was typed is lost", got.status)
	}
	got = b.change(s.staged.ID, "correct", url.Values{"act": {"delete"}, "clause": {"5.1"}, "version": {"0"}, "text": {"not a form of a text"}})
	if strings.Contains(got.body, "not a form of a text") {
		t.Error("a form without text fills one")
	}
	if again := b.get("/imports/" + s.staged.ID.String() + "?clause=5.1"); strings.Contains(again.body, "Rewritten with care") {
		t.Error("what was refused is kept")
	}
}

// TestSecondEditionOnPages: the difference is shown, accepting makes what was
// decided suspect, and is done once.
func TestSecondEditionOnPages(t *testing.T) {
	s := newSite(t)
	s.signedIn("lina").decideOn(s.matches[1], "", url.Values{"verdict": {"equivalent"}})
	s.signedIn("lina").decideOn(s.matches[2], "", url.Values{"verdict": {"equivalent"}})
	b := s.signedIn("admin")
	id := s.staged.ID
	body := b.get("/imports/" + id.String() + "/difference").body
	for _, want := range []string{`<span class="del">0.8</span>`, `<span class="ins">0.9</span>`, "decisions that become suspect: 1", "Doors"} {
		if !strings.Contains(body, want) {
			t.Errorf("the difference does not say %q", want)
		}
	}
	if got := b.change(id, "accept", url.Values{"version": {"7"}}); got.status != http.StatusConflict {
		t.Errorf("accepting what was not seen: %d", got.status)
	}
	if m := s.reload(s.matches[2]); m.Suspect {
		t.Error("a refused acceptance made a match suspect")
	}
	if got := b.change(id, "accept", nil); got.status != http.StatusSeeOther {
		t.Fatalf("accept: %d\n%.500s", got.status, got.body)
	}
	if m := s.reload(s.matches[2]); !m.Suspect {
		t.Error("accepted, and the match on the changed clause is not suspect")
	}
	if m := s.reload(s.matches[1]); m.Suspect {
		t.Error("the match on an unchanged clause is suspect")
	}
	for _, what := range []string{"accept", "discard", "correct", "undo"} {
		if got := b.change(id, what, url.Values{"act": {"delete"}, "clause": {"5.1"}}); got.status != http.StatusConflict {
			t.Errorf("%s after it was accepted: %d", what, got.status)
		}
	}
	if body := b.get("/imports/" + id.String()).body; !strings.Contains(body, "was accepted by") || strings.Contains(body, "clause-form") {
		t.Error("what is accepted can still be corrected")
	}
}

// TestDifferenceKeepsRights: what is kept of a paid standard is shown as far as its
// rights go, also to who brings its next text in.
func TestDifferenceKeepsRights(t *testing.T) {
	s := newSite(t)
	doc := document("iso-9-2020", "INT", "en", corpus.RightsExcerpt, "another text")
	next, err := s.db.Stage(context.Background(), "iso.txt", "iso", "cli", doc)
	if err != nil {
		t.Fatal(err)
	}
	body := s.signedIn("admin").get("/imports/" + next.ID.String() + "/difference").body
	if n := strings.Count(body, "secret words"); n == 0 || n > 6 { // of thirty; an excerpt has 160 characters
		t.Errorf("%d of 30 sentences are shown", n)
	}
	if !strings.Contains(body, "another text") {
		t.Error("the new text is not there")
	}
}

// TestRepeatOnThePage makes the corrections of an accepted edition in the next.
func TestRepeatOnThePage(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("admin")
	b.change(s.staged.ID, "correct", url.Values{"act": {"delete"}, "clause": {"5.2"}})
	b.change(s.staged.ID, "correct", url.Values{"act": {"delete"}, "clause": {"5.1"}})
	if got := b.change(s.staged.ID, "accept", nil); got.status != http.StatusSeeOther {
		t.Fatalf("accept: %d", got.status)
	}
	doc := document("gb-1-2020", "CN", "zh", corpus.RightsFull, "另一个文本。", "安全出口不应少于 2 个。")
	next, err := s.db.Stage(context.Background(), "next.txt", "next", "cli", doc)
	if err != nil {
		t.Fatal(err)
	}
	if body := b.get("/imports/" + next.ID.String()).body; !strings.Contains(body, "2 corrections") {
		t.Error("the page does not offer the earlier corrections")
	}
	if got := b.change(next.ID, "repeat", url.Values{"from": {s.staged.ID.String()}}); got.status != http.StatusSeeOther {
		t.Fatalf("repeat: %d\n%.500s", got.status, got.body)
	}
	if keys := s.keys(next.ID); !slices.Equal(keys, []string{"5", "5.1"}) {
		t.Errorf("%q", keys)
	}
	if body := b.get("/imports/" + next.ID.String()).body; !strings.Contains(body, "do not fit this text") {
		t.Error("the correction that does not fit is not listed")
	}
	if got := b.change(next.ID, "discard", nil); got.status != http.StatusSeeOther {
		t.Errorf("discard: %d", got.status)
	}
	if got := b.get("/imports/" + next.ID.String()); got.status != http.StatusOK || !strings.Contains(got.body, "was discarded by") {
		t.Errorf("a discarded import: %d", got.status)
	}
}

// TestCorrectionByKeys jumps to a problem, splits at the cursor, takes it back and
// merges without a pointer, with a Russian layout and from inside the text.
func TestCorrectionByKeys(t *testing.T) {
	s := newSite(t)
	b := s.openTab(t, "admin")
	b.look(1366, "light", "en")
	id := s.staged.ID
	b.open("/imports/" + id.String())
	b.press("KeyN", "т")
	b.wait("new URLSearchParams(location.search).get('clause') === '5.2' && !!document.querySelector('#clause-form') && document.readyState === 'complete'")
	b.press("KeyP", "з")
	b.wait("new URLSearchParams(location.search).get('clause') === '5.4' && !!document.querySelector('#clause-form') && document.readyState === 'complete'")
	b.press("KeyE", "у")
	b.wait("document.activeElement.name === 'text'")
	ask[bool](b, "(() => { const a = document.activeElement; const n = a.value.indexOf('5.5'); a.setSelectionRange(n, n); a.blur(); return true; })()")
	b.press("KeyS", "ы")
	b.wait("document.querySelectorAll('.sheetrows > li').length === 6 && document.readyState === 'complete'")
	if got := s.keys(id); !slices.Equal(got, []string{"5", "5.1", "5.2", "5.3", "5.4", "5.5"}) {
		t.Errorf("split: %q", got)
	}
	b.press("KeyJ", "о")
	b.wait("location.search === '?clause=5.5' && !!document.querySelector('#clause-form') && document.readyState === 'complete'")
	b.press("KeyG", "п")
	b.wait("document.querySelectorAll('.sheetrows > li').length === 5 && document.readyState === 'complete'")
	b.press("KeyU", "г")
	b.wait("document.querySelectorAll('.sheetrows > li').length === 6 && document.readyState === 'complete'")
	b.press("KeyU", "г")
	b.wait("document.querySelectorAll('.sheetrows > li').length === 5 && document.readyState === 'complete'")
	if i, err := s.db.Staged(context.Background(), id); err != nil || len(i.Operations) != 0 {
		t.Errorf("everything was taken back: %+v %v", i.Operations, err)
	}
	if n := ask[int](b, "pointer"); n != 0 {
		t.Errorf("%d mouse events", n)
	}
	if bad := ask[[]string](b, "bad"); len(bad) > 0 {
		t.Error(strings.Join(bad, "; "))
	}
}

// Every problem of an import has an address of its own, two of its identity as well, so
// that the key that jumps to the next one comes past all of them; the identity opens for
// its problem alone.
func TestEveryProblemIsReached(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("admin")
	doc := document("gb-8-2020", "CN", "zh", corpus.RightsFull, "疏散门应向外开启。", "安全出口不应少于 2 个。")
	doc.Problems = []corpus.Problem{
		{Severity: corpus.SeverityWarning, Place: "identity", Message: "the designation was guessed"},
		{Severity: corpus.SeverityWarning, Place: "clause 5.2", Message: "look at it"},
		{Severity: corpus.SeverityNote, Place: "language", Message: "the language was guessed"},
	}
	i, err := s.db.Stage(context.Background(), "eight.txt", "eight", s.people["admin"].ID.String(), doc)
	if err != nil {
		t.Fatal(err)
	}
	page := "/imports/" + i.ID.String()
	body := b.get(page).body
	links := regexp.MustCompile(`<a href="([^"]+)" data-problem>`).FindAllStringSubmatch(body, -1)
	if len(links) != 3 || strings.Contains(body, "data-here") || !strings.Contains(body, `id="identity"><details>`) {
		t.Fatalf("%d links to problems; the page opens one by itself", len(links))
	}
	seen := map[string]bool{}
	for n, link := range links {
		address := html.UnescapeString(link[1])
		if seen[address] {
			t.Errorf("two problems are at %s", address)
		}
		seen[address] = true
		opened := b.get(address[:strings.IndexByte(address, '#')]).body
		here := regexp.MustCompile(`<li class="p-[^"]*"( data-here)?>`).FindAllStringSubmatch(opened, -1)
		for k, row := range here {
			if (row[1] != "") != (k == n) {
				t.Errorf("at problem %d the open one is %d", n, k)
			}
		}
		if got := strings.Contains(opened, `id="identity"><details open>`); got != strings.HasSuffix(address, "#identity") {
			t.Errorf("%s: the identity is open: %v", address, got)
		}
	}
}
