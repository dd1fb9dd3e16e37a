package web

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"concord/matcher"
	"concord/review"
)

// fullSite is a site with something on every page, and the pages by who looks.
func fullSite(t *testing.T) (*site, map[string][]string) {
	t.Helper()
	s := newSite(t)
	s.addTerms()
	r := newSomeRun()
	r.db = s.db
	s.server.runs = r
	run := r.begun(t, s.dossier.ID)
	if err := s.db.SaveSearch(t.Context(), review.SavedSearch{ID: s.dossier.ID, Person: s.people["lina"].ID, Name: "Doors", Query: "q=door"}); err != nil {
		t.Fatal(err)
	}
	s.server.records = s.db // the interface for integrators has a page of its own
	s.server.handler = s.server.build()
	s.http.Config.Handler = s.server.Handler()
	pages := s.everyPage()
	pages["admin"] = append(pages["admin"], "/runs/"+run.ID.String())
	return s, pages
}

// busySite is a full site on which people have answered: an agreed match, a
// dispute, a set, a family, a frozen round, a sample and a text that changed.
func busySite(t *testing.T) (*site, map[string][]string) {
	t.Helper()
	s, pages := fullSite(t)
	s.moreCandidates()
	set := s.set(s.signedIn("lina"))
	s.both(s.matches[1], "superset", "as drawn", plainYes, plainNo)
	s.say("lina", s.matches[2], "subset", "", plainNo, plainYes)
	s.say("ivan", s.matches[2], "overlap", "", withConditions("x"), withConditions("y"))
	s.both(s.matches[3], "none", "", plainNo, plainNo)
	doors := "/dossiers/" + s.dossier.ID.String()
	if got := s.signedIn("lina").submit(doors+"/rounds", doors+"/rounds", map[string][]string{"name": {"First"}}); got.status != 303 {
		t.Fatalf("no round: %d", got.status)
	}
	s.rewrite(s.matches[3].Sources[0])
	signs, list := s.newPairs("signs", "Signs", review.PolicyOneReviewer, 3, func(i int) []matcher.Difference { return []matcher.Difference{limitRow()} })
	pages["lina"] = append(pages["lina"], "/matches/"+set.ID.String(), "/matches/"+s.matches[1].ID.String(), "/matches/"+s.matches[3].ID.String(), "/matches/"+list[0].ID.String()+"?task=first&dossier="+signs.ID.String(),
		"/compare", comparedHere, comparedHere+"&view=ladder", comparedHere+"&view=limits", comparedHere+"&view=gaps-a", comparedHere+"&view=conflicts", doors+"/rounds?from=1")
	pages["lina"] = append(pages["lina"], comparedHere+"&dossier="+s.dossier.ID.String()+"&round=1", comparedHere+"&dossier="+s.dossier.ID.String()+"&round=1&view=gaps-a")
	for n, format := range []string{"csv", "docx"} { // one is done, one waits
		j, err := s.server.jobs.add(s.people["lina"].ID.String(), exportAsk{Dossier: s.dossier.ID, Format: format, Language: "en", Round: 1 - n}, "Doors <b>", "")
		if err != nil || n == 0 && !s.server.jobs.next(t.Context()) {
			t.Fatal(err)
		}
		pages["lina"] = append(pages["lina"], "/exports/"+j.ID.String())
	}
	pages["judge"] = []string{"/review", "/matches/" + s.matches[2].ID.String() + "?task=adjudicate"}
	pages["admin"] = append(pages["admin"], "/admin/audit?verify=1")
	pages[""] = []string{"/sign-in", "/help", "/welcome/none"}
	return s, pages
}

// void are the elements without an end tag (HTML Living Standard, 13.1.2).
var void = []string{"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

// phrasing are the elements that hold nothing but phrasing content.
var phrasing = []string{"p", "h1", "h2", "h3", "span", "bdi", "strong", "em", "s", "code", "kbd", "abbr", "label", "button", "summary", "legend", "pre", "dt"}

// flowing are elements that are no phrasing content.
var flowing = []string{"address", "article", "aside", "blockquote", "details", "dialog", "div", "dl", "fieldset", "footer", "form", "h1", "h2", "h3", "h4", "header", "hr", "li", "main", "nav", "ol", "p", "section", "table", "ul"}

// parents say what an element must stand in.
var parents = map[string][]string{
	"li": {"ul", "ol"}, "dt": {"dl", "div"}, "dd": {"dl", "div"}, "tr": {"thead", "tbody", "tfoot"}, "td": {"tr"}, "th": {"tr"}, "thead": {"table"}, "tbody": {"table"}, "tfoot": {"table"}, "colgroup": {"table"}, "caption": {"table"},
	"legend": {"fieldset"}, "summary": {"details"}, "option": {"select", "optgroup"}, "optgroup": {"select"},
}

// interactive are elements that may stand in no other of them.
var interactive = []string{"a", "button", "select", "textarea", "summary"}

// markupFaults lists what is wrong in a page: elements that are not closed, or
// stand where they may not; ids given twice, and names of ids that are not there;
// what has no name for a reader of screens.
func markupFaults(page string) []string {
	var out []string
	fault := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	var open []string
	ids, wanted := map[string]bool{}, map[string]string{}
	in := func(names ...string) bool {
		return slices.ContainsFunc(open, func(o string) bool { return slices.Contains(names, o) })
	}
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		raw := string(z.Raw())
		token := z.Token()
		name := token.Data
		switch kind {
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != name {
				fault("</%s> closes %v", name, open[max(0, len(open)-3):])
				return out
			}
			open = open[:len(open)-1]
		case html.TextToken:
			if len(open) > 0 && slices.Contains([]string{"ul", "ol", "dl", "table", "tbody", "thead", "tr", "select"}, open[len(open)-1]) && strings.TrimSpace(name) != "" {
				fault("%q stands right in <%s>", name, open[len(open)-1])
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			drawing := in("svg")
			if kind == html.SelfClosingTagToken && !drawing && !slices.Contains(void, name) {
				fault("<%s/> is no end tag", name)
			}
			parent := ""
			if len(open) > 0 {
				parent = open[len(open)-1]
			}
			if want := parents[name]; want != nil && !drawing && !slices.Contains(want, parent) {
				fault("<%s> in <%s>", name, parent)
			}
			if slices.Contains([]string{"ul", "ol"}, parent) && name != "li" || parent == "tr" && name != "td" && name != "th" {
				fault("<%s> in <%s>", name, parent)
			}
			if holder := slices.IndexFunc(open, func(o string) bool { return slices.Contains(phrasing, o) }); holder >= 0 && slices.Contains(flowing, name) && !(open[holder] == "summary" && strings.HasPrefix(name, "h")) && !drawing {
				fault("<%s> in <%s>", name, open[holder])
			}
			if slices.Contains(interactive, name) && in(interactive...) && !drawing || name == "form" && in("form") || name == "label" && in("label", "button", "a") || name == "input" && in("button", "a") {
				fault("<%s> in %v", name, open)
			}
			attributes := map[string]string{}
			for _, a := range token.Attr { // of two with a name the tokenizer gives one
				if slices.Contains([]string{"class", "id", "name", "href", "type", "lang", "dir"}, a.Key) && strings.Count(raw, " "+a.Key+"=") > 1 {
					fault("<%s> has %s twice", name, a.Key)
				}
				attributes[a.Key] = a.Val
			}
			if id, given := attributes["id"]; given {
				if ids[id] || id == "" || strings.ContainsAny(id, " \t\n") {
					fault("the id %q is given twice, or none", id)
				}
				ids[id] = true
			}
			for _, key := range []string{"for", "form", "aria-labelledby", "aria-describedby", "aria-controls", "headers", "list"} {
				for _, id := range strings.Fields(attributes[key]) {
					wanted[id] = fmt.Sprintf("<%s %s>", name, key)
				}
			}
			_, named := attributes["aria-label"]
			switch {
			case name == "img" && attributes["alt"] == "":
				fault("<img> without alt")
			case slices.Contains([]string{"input", "select", "textarea"}, name) && attributes["type"] != "hidden" && !in("label") && !named && attributes["aria-labelledby"] == "" && attributes["id"] == "":
				fault("<%s name=%s> has no label", name, attributes["name"])
			case name == "html" && (attributes["lang"] == "" || attributes["dir"] == ""):
				fault("the page has no language")
			case name == "style" || attributes["style"] != "" && !drawing:
				fault("style in <%s>", name)
			}
			if atom.Lookup([]byte(name)) == 0 && !drawing {
				fault("<%s> is no element", name)
			}
			if kind == html.StartTagToken && !slices.Contains(void, name) {
				open = append(open, name)
			}
		}
	}
	if len(open) > 0 {
		fault("%v are left open", open)
	}
	for id, by := range wanted {
		if !ids[id] {
			fault("%s names #%s, which is not there", by, id)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// everyLook reads every page of a busy site.
func everyLook(t *testing.T, each func(login, path string, b *browser)) {
	t.Helper()
	s, pages := busySite(t)
	for login, paths := range pages {
		b := s.browser()
		if login != "" {
			b = s.signedIn(login)
		}
		for _, path := range paths {
			each(login, path, b)
		}
	}
}

// TestMarkup holds every page to the rules of HTML that markupFaults knows.
// CONCORD_HTML_VALIDATE names the program html-validate, which is asked too.
func TestMarkup(t *testing.T) {
	folder, n := t.TempDir(), 0
	everyLook(t, func(_, path string, b *browser) {
		body := b.get(path).body
		for _, f := range markupFaults(body) {
			t.Errorf("%s: %s", path, f)
		}
		n++
		name := strings.NewReplacer("/", "_", "?", "_", "&", "_", "=", "_").Replace(path)
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%02d%.80s.html", n, name)), []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	})
	t.Logf("%d pages", n)
	program := os.Getenv("CONCORD_HTML_VALIDATE")
	if program == "" {
		t.Log("CONCORD_HTML_VALIDATE names no program: html-validate is not asked")
		return
	}
	validate := func(files string) (string, error) {
		if err := os.WriteFile(filepath.Join(folder, ".htmlvalidate.json"), []byte(validateRules), 0o644); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(program, "--formatter", "text", files)
		cmd.Dir = folder
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := validate("*.html"); err != nil {
		t.Errorf("html-validate: %v\n%s", err, out)
	}
	if err := os.WriteFile(filepath.Join(folder, "bad.htm"), []byte(`<!doctype html><html lang="en"><head><title>x</title></head><body><p><div>x</div></p></body></html>`), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := validate("bad.htm"); err == nil || !strings.Contains(out, "bad.htm") {
		t.Errorf("html-validate finds nothing in a bad page: %v %s", err, out)
	}
}

// validateRules are the rules of html-validate: the standard's, without those of
// taste.
const validateRules = `{"root": true, "extends": ["html-validate:standard"]}`

// TestMarkupFaultsAreFound is the control of TestMarkup.
func TestMarkupFaultsAreFound(t *testing.T) {
	whole := func(main string) string {
		return `<!doctype html><html lang="en" dir="ltr"><body>` + main + `</body></html>`
	}
	if f := markupFaults(whole(`<ul><li><a href="/">x</a><svg viewBox="0 0 1 1"><rect width="1"/></svg></li></ul><label>a<input></label><p id="b" aria-labelledby="b">x<br></p>`)); len(f) > 0 {
		t.Errorf("a good page has %q", f)
	}
	for _, bad := range []string{
		"<div><p></div></p>", "<div>", "</p>", "<ul><p></p></ul>", "<ul>x</ul>", "<li></li>", "<p><div></div></p>", `<p id="a"></p><p id="a"></p>`, `<a href="/"><button></button></a>`, `<form><form></form></form>`,
		`<p aria-labelledby="none"></p>`, `<label for="none"></label>`, `<input name="x">`, `<p style="x"></p>`, `<p class="a" class="b"></p>`, "<table><tr></tr></table>", "<clause></clause>", `<img src="x">`, "<span><div></div></span>", "<div/>", "<tr></tr>",
	} {
		if len(markupFaults(whole(bad))) == 0 {
			t.Errorf("nothing is found in %s", bad)
		}
	}
}

// pageBytes is how much a page may weigh with what it loads, as it is sent.
const pageBytes = 150_000

// TestWeightAndHosts weighs every page with its style, script and icon, as they are
// sent, and looks for anything that would be fetched from elsewhere.
func TestWeightAndHosts(t *testing.T) {
	most, heaviest, assets := 0, "", 0
	everyLook(t, func(_, path string, b *browser) {
		if assets == 0 {
			for _, name := range []string{"concord.css", "concord.js", "icon.svg"} {
				got := b.get("/static/"+name, "Accept-Encoding", "gzip")
				if got.status != 200 {
					t.Fatalf("%s: %d", name, got.status)
				}
				assets += len(got.body)
			}
		}
		if n := len(b.get(path, "Accept-Encoding", "gzip").body) + assets; n > pageBytes {
			t.Errorf("%s weighs %d bytes, more than %d", path, n, pageBytes)
		} else if n > most {
			most, heaviest = n, path
		}
		for _, f := range fetched(b.get(path).body) {
			t.Errorf("%s fetches %s", path, f)
		}
	})
	t.Logf("style, script and icon: %d bytes; the heaviest page %s: %d", assets, heaviest, most)
	if got := fetched(`<link rel="stylesheet" href="https://x.example/a.css"><script src="//x.example/a.js"></script><img src="http://x.example/a.png"><a href="https://fine.example">x</a><script src="/static/concord.js"></script>`); len(got) != 3 {
		t.Errorf("the check finds %q", got)
	}
}

// fetched lists the addresses that a browser would load with a page from another
// host; links are none of them.
func fetched(page string) []string {
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return []string{err.Error()}
	}
	var out []string
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode || n.Data == "a" || n.Data == "form" || n.Data == "button" {
			continue
		}
		for _, a := range n.Attr {
			if slices.Contains([]string{"src", "href", "srcset", "data", "poster", "xlink:href"}, a.Key) && (strings.Contains(a.Val, "://") || strings.HasPrefix(a.Val, "//")) {
				out = append(out, n.Data+" "+a.Val)
			}
		}
	}
	return out
}
