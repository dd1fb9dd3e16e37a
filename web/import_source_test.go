package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"concord/corpus"
	"concord/corpus/reader"
	"concord/corpus/staging"
)

// sourceText is a small standard of which one paragraph becomes no clause once
// somebody loses it.
const sourceText = "5.1 The width of a door shall be at least 0.8 m.\n\n5.2 Exits shall be marked with signs that glow.\n\n5.3 <script>alert(1)</script> shall never run.\n"

// stageSource reads a text and keeps it apart, without what lose names.
func (s *site) stageSource(name, text, lose string) staging.Import {
	s.t.Helper()
	docs, err := reader.Read(name, strings.NewReader(text), reader.Hint{Designation: "ISO 77:2020", Jurisdiction: "INT", Language: "en"})
	if err != nil {
		s.t.Fatal(err)
	}
	doc := docs[0]
	if lose != "" {
		line := 0
		for n, l := range doc.Source.Lines {
			if strings.Contains(l.Text, lose) {
				line = n + 1
			}
		}
		doc.Problems = append(doc.Problems, corpus.Problem{Severity: corpus.SeverityNote, Place: fmt.Sprintf("line %d", line), Message: "it became no clause: “" + lose + "”",
			Kind: corpus.ProblemNotRead, Source: corpus.SourceSpan{From: line, To: line}})
	}
	i, err := s.db.Stage(context.Background(), name, "digest of "+name, s.people["admin"].ID.String(), doc)
	if err != nil {
		s.t.Fatal(err)
	}
	return i
}

// The source stands beside the clauses: what is open is marked, each line leads to its
// clause, what was lost is marked and listed, and nothing in it is markup.
func TestImportSource(t *testing.T) {
	s := newSite(t)
	i := s.stageSource("beside.txt", sourceText, "signs that glow")
	b, base := s.signedIn("admin"), "/imports/"+i.ID.String()
	page := b.get(base + "?clause=5.2")
	for _, want := range []string{`id="source"`, `id="s-3" class="lost here"`, `href="` + base + `?clause=5.1&amp;at=1#edit"`, "&lt;script&gt;alert(1)", "became no clause"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	if strings.Contains(page.body, "<script>alert(1)") || strings.Contains(page.body, "style=\"") {
		t.Error("the source became markup")
	}
	if policy := page.header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") {
		t.Errorf("the policy is %q", policy)
	}
	at := b.get(base + "?at=5")
	if !strings.Contains(at.body, `id="s-5" class=" here"`) || strings.Contains(at.body, `id="s-1" class=" here"`) {
		t.Error("the line that was asked for is not marked, or another one is")
	}
	for _, strange := range []string{"?at=-1", "?at=x", "?at=99999999999999999999", "?at=4000", "?clause=nowhere&at=2", "?at=1&problem=%3Cb%3E"} {
		if got := b.get(base + strange); got.status != http.StatusOK || !strings.Contains(got.body, `id="source"`) || strings.Contains(got.body, "stand nowhere") {
			t.Errorf("%s: %d, or it speaks of an open clause where none is", strange, got.status)
		}
	}
	for _, login := range []string{"reader", "lina", "speaker"} {
		if got := s.signedIn(login).get(base + "?at=1"); got.status != http.StatusForbidden || strings.Contains(got.body, "signs that glow") {
			t.Errorf("%s sees the source: %d", login, got.status)
		}
	}
	if err := s.db.DiscardStaged(context.Background(), i.ID, i.Version, "cli"); err != nil {
		t.Fatal(err)
	}
	if got := b.get(base); strings.Contains(got.body, `id="source"`) || strings.Contains(got.body, "signs that glow") {
		t.Error("a discarded import shows its source")
	}
}

// Of a long source a page shows the sheets around the place alone.
func TestImportSourcePages(t *testing.T) {
	s := newSite(t)
	doc := document("int-long-2020", "INT", "en", corpus.RightsFull, "Something.")
	doc.Source = &corpus.Source{Form: corpus.SourcePages, Places: map[string]corpus.SourceSpan{}}
	for page := 1; page <= 300; page++ {
		for n := 1; n <= 45; n++ {
			doc.Source.Lines = append(doc.Source.Lines, corpus.SourceLine{Text: fmt.Sprintf("words of page %d in line %d", page, n), No: n,
				Box: corpus.SourceBox{Page: page, Width: 595, Height: 842, X: 60, Y: 60 + 15*float64(n), Long: 300, Size: 10}})
		}
	}
	doc.Source.Count = len(doc.Source.Lines)
	key := doc.Clauses[len(doc.Clauses)-1].ID.Key()
	doc.Source.Places[key] = corpus.SourceSpan{From: 150*45 + 3, To: 150*45 + 4}
	i, err := s.db.Stage(context.Background(), "long.pdf", "long", "cli", doc)
	if err != nil {
		t.Fatal(err)
	}
	got := s.signedIn("admin").get("/imports/" + i.ID.String() + "?clause=" + key)
	for text, want := range map[string]bool{"page 149 in": false, "page 150 in": true, "page 151 in": true, "page 152 in": true, "page 153 in": false, `class=" here"`: true} {
		if strings.Contains(got.body, text) != want {
			t.Errorf("%q on the page: %v", text, !want)
		}
	}
	if len(got.body) > 150<<10 {
		t.Errorf("the page has %d bytes", len(got.body))
	}
}

// In the browser: a clause scrolls its place into view, a line opens its clause, and
// N goes from problem to problem, the lost stretches among them.
func TestImportSourceInChromium(t *testing.T) {
	s := newSite(t)
	text := ""
	for n := 1; n <= 90; n++ {
		text += fmt.Sprintf("5.%d The door of room %d shall be at least %d mm wide.\n\n", n, n, 700+n)
	}
	i := s.stageSource("long.txt", text, "room 47 ")
	b := s.openTab(t, "admin")
	b.look(1366, "light", "en")
	base := "/imports/" + i.ID.String()
	b.open(base + "?clause=5.40")
	b.wait(`(() => { const p = document.querySelector('#source'), h = p.querySelector('.here').getBoundingClientRect(), r = p.getBoundingClientRect(); return h.top >= r.top && h.bottom <= r.bottom; })()`)
	b.shoot("source-text")
	ask[bool](b, `(document.querySelector('#s-89 a').click(), true)`)
	b.wait(`new URLSearchParams(location.search).get('clause') === '5.45' && document.querySelector('#edit')?.textContent.includes('5.45')`)
	b.healthy("import with its source", 1366)
	b.open(base)
	for range 12 {
		if ask[bool](b, `location.hash === '#s-93'`) {
			break
		}
		before := ask[string](b, `location.href`)
		b.press("KeyN", "n")
		b.wait(fmt.Sprintf(`location.href !== %q && document.readyState === 'complete'`, before))
	}
	b.wait(`location.hash === '#s-93' && document.querySelector('#s-93').classList.contains('here')`)
}
