package web

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/corpus/termbase"
)

// railEntry is an entry with everything that an entry can have.
func railEntry() termbase.Entry {
	return termbase.Entry{
		ID: "rail", Domain: "engineering", Note: "of stairs", Origin: termbase.Origin{File: "own.csv", Licence: "CC BY 4.0", By: "Li Na", Day: "2026-03-01"},
		Definitions: []termbase.Definition{{Language: "en", Text: "barrier that keeps people from falling"}, {Language: "fr", Text: "barrière"}},
		Terms: []termbase.Term{{Language: "zh", Text: "防护栏杆", Status: termbase.Preferred}, {Language: "en", Text: "guardrail", Status: termbase.Preferred, Note: "US"},
			{Language: "en", Text: "railing", Status: termbase.Forbidden}, {Language: "ru", Text: "защитное ограждение", Status: termbase.Admitted}, {Language: "ar", Text: "درابزين", Status: termbase.Preferred}},
	}.Clean()
}

// addTerms keeps two entries that contradict each other.
func (s *site) addTerms() {
	s.t.Helper()
	other := termbase.Entry{ID: "<b>Directive 2010/31/EU#2", Domain: "parks & works", Terms: []termbase.Term{{Language: "en", Text: "Railing", Status: termbase.Preferred}}}.Clean()
	for _, e := range []termbase.Entry{railEntry(), other} {
		if err := s.db.SaveTerm(context.Background(), e, 0, termbase.Shifts{}, s.people["lina"].ID.String()); err != nil {
			s.t.Fatal(err)
		}
	}
	hostile, _ := termbase.NewCandidate(termbase.Term{Language: "zh", Text: "<b>栏杆\" onfocus=x"}, termbase.Term{Language: "ar", Text: "درابزين"}, termbase.FromLearned, "gb-1-2020/5.1", "sp-1-2020/5.4")
	if _, err := s.db.KeepCandidates(context.Background(), []termbase.Candidate{hostile}, "cli"); err != nil {
		s.t.Fatal(err)
	}
}

// known is an answer about effects that tests can tell.
type known struct{ got *[]termbase.Change }

func (k known) Effect(_ context.Context, c termbase.Change, _ func(done, all int)) (termbase.Effect, error) {
	*k.got = append(*k.got, c)
	return termbase.Effect{Clauses: 811, Reread: 407, Reranked: 93, Suspect: 31}, nil
}

func (known) Shifts(context.Context, termbase.Change) (termbase.Shifts, error) {
	return termbase.Shifts{}, nil
}

func (known) Harvest(context.Context) ([]termbase.Candidate, error) { return nil, nil }

// termSite is a site with terms, a shipped concept and known effects.
func termSite(t *testing.T, options ...option) (*site, *[]termbase.Change) {
	asked := &[]termbase.Change{}
	s := newSite(t, append([]option{func(c *Config) {
		c.Effects = known{asked}
		c.Concepts = []lexicon.Concept{{ID: "door", Domain: "engineering", Source: "own", Forms: map[corpus.Language][]string{"en": {"door"}, "zh": {"门"}}}}
	}}, options...)...)
	s.addTerms()
	return s, asked
}

// counting is a search that knows how many clauses name a concept.
type counting struct{ Searcher }

func (counting) Naming(_ context.Context, concepts ...lexicon.ConceptID) (map[lexicon.ConceptID]int, error) {
	out := map[lexicon.ConceptID]int{}
	for _, id := range concepts {
		if id == "door" {
			out[id] = 1234
		}
	}
	return out, nil
}

func TestTermsList(t *testing.T) {
	s, _ := termSite(t, func(c *Config) { c.Search = counting{c.Search} })
	b := s.signedIn("reader")
	if body := b.get("/terms").body; !strings.Contains(body, `<td class="num"><a href="/concept?c=door">1,234</a></td>`) {
		t.Errorf("it is not said how many clauses name a door")
	}
	const rail, other, door = `entry?id=rail"`, "31%2FEU%232", `entry?id=door"`
	for _, c := range []struct {
		query         string
		with, without []string
	}{
		{"", []string{rail, other, door, "<s><bdi lang=\"en\""}, nil},
		{"?q=ОГРАЖДЕНИЕ", []string{rail}, []string{other, door}},
		{"?status=forbidden", []string{rail}, []string{other, door}},
		{"?lang=ar", []string{rail, `lang="ar" dir="rtl"`}, []string{other, door}},
		{"?from=shipped", []string{door}, []string{rail, other}},
		{"?from=users&domain=parks+%26+works", []string{other}, []string{rail, door}},
		{"?q=nothing+like+it", []string{`class="empty"`}, []string{rail, other, door}},
		{"?page=900&sort=id&status=odd&from=odd", []string{rail, other, door}, nil},
	} {
		body := b.get("/terms" + c.query).body
		for _, w := range c.with {
			if !strings.Contains(body, w) {
				t.Errorf("%s: %s is missing", c.query, w)
			}
		}
		for _, w := range c.without {
			if strings.Contains(body, w) {
				t.Errorf("%s: %s is there", c.query, w)
			}
		}
		if strings.Contains(body, "<b>Directive") {
			t.Errorf("%s: an id became markup", c.query)
		}
	}
	if body := b.get("/terms/entry?id=rail").body; !strings.Contains(body, "CC BY 4.0") || !strings.Contains(body, `dir="rtl"`) || !strings.Contains(body, "Li Na") || strings.Contains(body, "/terms/withdraw") {
		t.Error("a reader's page of an entry lacks something, or offers to withdraw it")
	}
	if got := b.get("/terms/entry?id=none"); got.status != http.StatusNotFound {
		t.Errorf("an entry that is not there: %d", got.status)
	}
	if body := b.get("/terms/conflicts").body; !strings.Contains(body, "Railing") || !strings.Contains(body, "preferred here, not to be used there") {
		t.Error("the conflict of railing is not listed")
	}
}

// TestTermSave holds that an entry is saved only as it was shown with its effect.
func TestTermSave(t *testing.T) {
	s, asked := termSite(t)
	b := s.signedIn("lina")
	form := url.Values{"id": {"gate"}, "version": {"0"}, "do": {"save"}, "lang": {"en", "ru", ""}, "term": {"gate", "ворота", ""}, "status": {"preferred", "preferred", "preferred"}, "term_note": {"", "", ""}}
	send := func() answer {
		t.Helper()
		return b.submit("/terms/new", "/terms/save", form)
	}
	first := send()
	if _, err := s.db.TermVersions(t.Context(), "gate"); err == nil || !strings.Contains(first.body, "407") || !strings.Contains(first.body, "93") || !strings.Contains(first.body, "31") {
		t.Fatal("the first sending saved the entry, or did not show the effect")
	}
	if len(*asked) != 1 || len((*asked)[0].Put) != 1 || len((*asked)[0].Put[0].Terms) != 2 {
		t.Errorf("asked for the effect of %+v", *asked)
	}
	form.Set("seen", formFields(t, first.body, "/terms/save").Get("seen"))
	form["term"] = []string{"gates", "ворота", ""}
	if send(); s.saved("gate") {
		t.Error("another text than the one that was shown is saved")
	}
	form["term"] = []string{"gate", "ворота", ""}
	if got := send(); got.status != http.StatusSeeOther && !strings.Contains(got.body, "is saved") || !s.saved("gate") {
		t.Fatalf("what was shown is not saved: %d %.300s", got.status, got.body)
	}
	if got := send(); got.status != http.StatusConflict {
		t.Errorf("the same new entry again: %d", got.status)
	}
	form["lang"] = []string{"nonsense!", "ru", ""}
	if got := send(); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "no language tag") {
		t.Errorf("a wrong language: %d", got.status)
	}
}

// saved tells whether an entry is kept.
func (s *site) saved(id string) bool {
	_, err := s.db.TermVersions(context.Background(), id)
	return err == nil
}

func TestTermWithdraw(t *testing.T) {
	s, asked := termSite(t)
	b := s.signedIn("lina")
	got := b.submit("/terms", "/terms/withdraw", url.Values{"id": {"rail"}})
	if !strings.Contains(got.body, "407") || len(*asked) != 1 || (*asked)[0].Withdraw[0] != "rail" {
		t.Fatalf("the effect is not shown: %d %+v", got.status, *asked)
	}
	if v, _ := s.db.TermVersions(t.Context(), "rail"); v[0].Withdrawn {
		t.Fatal("withdrawn before the effect was shown")
	}
	seen := strings.Split(strings.SplitAfter(got.body, `name="seen" value="`)[1], `"`)[0]
	b.submit("/terms", "/terms/withdraw", url.Values{"id": {"rail"}, "seen": {seen}})
	if v, _ := s.db.TermVersions(t.Context(), "rail"); !v[0].Withdrawn {
		t.Error("not withdrawn after the effect was shown")
	}
	if got := b.submit("/terms", "/terms/withdraw", url.Values{"id": {"door"}}); got.status != http.StatusForbidden {
		t.Errorf("a shipped entry: %d", got.status)
	}
}

// upload sends a file with the token of a page.
func (b *browser) upload(page, path, name, body string, fields map[string]string) answer {
	b.t.Helper()
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	fields["token"] = token(b.t, b.get(page).body)
	for k, v := range fields {
		if err := w.WriteField(k, v); err != nil {
			b.t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := part.Write([]byte(body)); err != nil {
		b.t.Fatal(err)
	}
	w.Close()
	req, err := http.NewRequest(http.MethodPost, b.site.http.URL+path, &buf)
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	return b.do(req)
}

func TestTermImport(t *testing.T) {
	s, _ := termSite(t)
	b := s.signedIn("admin")
	got := b.upload("/terms/import", "/terms/import", "pairs.csv", "source,target\n栏杆,baluster\n,\n", map[string]string{"pair": "zh, en", "licence": "CC0"})
	if got.status != http.StatusOK || !strings.Contains(got.body, "407") || s.saved("pairs.csv#2") {
		t.Fatalf("a file is not shown, or kept at once: %d %.500s", got.status, got.body)
	}
	form := formFields(t, got.body, "/terms/import/accept")
	stranger := s.signedIn("admin")
	if got := stranger.submit("/terms/import", "/terms/import/accept", url.Values{"upload": {"not-mine"}}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("an upload that is not held: %d", got.status)
	}
	if got := b.submit("/terms/import", "/terms/import/accept", url.Values{"upload": form["upload"]}); got.status != http.StatusOK || !s.saved("pairs.csv#2") {
		t.Fatalf("accepted and not kept: %d", got.status)
	}
	for name, c := range map[string]struct{ file, body, want string }{
		"entities":  {"a.tbx", `<!DOCTYPE x [<!ENTITY a "b">]><tbx/>`, "declares entities"},
		"a picture": {"a.png", "\x89PNG\r\n\x1a\n", "neither UTF-8"},
	} {
		if got := b.upload("/terms/import", "/terms/import", c.file, c.body, map[string]string{}); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, c.want) {
			t.Errorf("%s: %d", name, got.status)
		}
	}
	if got := b.upload("/terms/import", "/terms/import", "a.csv", strings.Repeat("x", termFileBytes), map[string]string{}); got.status != http.StatusRequestEntityTooLarge {
		t.Errorf("a file over the limit: %d", got.status)
	}
	out := s.signedIn("reader").get("/terms/export/tbx")
	if out.status != http.StatusOK || !strings.Contains(out.body, "baluster") || !strings.Contains(out.body, "CC0") {
		t.Errorf("export: %d", out.status)
	}
	if out := s.signedIn("reader").get("/terms/export/cedict"); out.status != http.StatusNotFound {
		t.Errorf("a format that is only read: %d", out.status)
	}
}

// A column of the list takes in the scripts of its language, and no other.
func TestTermColumnTakesScriptsIn(t *testing.T) {
	row := termRow{Kept: termbase.Kept{Entry: termbase.Entry{Terms: []termbase.Term{{Language: "zh-Hant", Text: "護欄"}, {Language: "zh", Text: "护栏"}, {Language: "en", Text: "guardrail"}}}}}
	for _, c := range []struct {
		column corpus.Language
		want   string
	}{{"zh", "護欄 护栏"}, {"zh-Hant", "護欄"}, {"en", "guardrail"}, {"ru", ""}} {
		var got []string
		for _, term := range row.Under(c.column) {
			got = append(got, term.Text)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %q, want %q", c.column, got, c.want)
		}
	}
}

// TestConflictsSideBySide puts two definitions of one word beside each other and marks
// what only one of them says.
func TestConflictsSideBySide(t *testing.T) {
	s := newSite(t)
	for id, text := range map[string]string{"guard-1": "barrier along an open edge", "guard-2": "barrier along a <b>stair</b> edge"} {
		e := termbase.Entry{ID: id, Domain: "doors", Terms: []termbase.Term{{Language: "en", Text: "guard", Status: termbase.Preferred}}, Definitions: []termbase.Definition{{Language: "en", Text: text}}}.Clean()
		if err := s.db.SaveTerm(t.Context(), e, 0, termbase.Shifts{}, s.people["lina"].ID.String()); err != nil {
			t.Fatal(err)
		}
	}
	s.signedIn("reader").holds("/terms/conflicts", []string{`<span class="del">open</span>`, `<span class="ins">&lt;b&gt;stair&lt;/b&gt;</span>`, "guard-1", "guard-2"}, []string{"<b>stair"})
}
