package web

import (
	"context"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/review"
	"concord/store"
)

// privateWord stands in a position and nowhere else.
const privateWord = "sundrivelo"

var pageLinks = regexp.MustCompile(`href="(/[^"#]*)`)

// crawl opens pages and everything they link to, at most so many.
func (b *browser) crawl(start []string, most int, visit func(path string, got answer)) {
	b.t.Helper()
	seen := map[string]bool{}
	for len(start) > 0 && len(seen) < most {
		path := start[0]
		start = start[1:]
		if seen[path] || path == "/events" {
			continue
		}
		seen[path] = true
		got := b.get(path)
		visit(path, got)
		if at := got.header.Get("Location"); at != "" {
			start = append(start, at)
		}
		for _, m := range pageLinks.FindAllStringSubmatch(got.body, -1) {
			start = append(start, strings.ReplaceAll(m[1], "&amp;", "&"))
		}
	}
}

// told lists where somebody finds the words of a position.
func (s *site) told(login string) (where []string, looked int) { return s.toldOf(privateWord, login) }

// toldOf lists where somebody finds a word: on every page and in every file there is,
// and in the events of runs.
func (s *site) toldOf(word, login string) (where []string, looked int) {
	s.t.Helper()
	b := s.browser()
	if login != "" {
		b = s.signedIn(login)
	}
	round := "/dossiers/" + s.dossier.ID.String() + "/rounds/1/export/docx"
	todo := []string{"/", round, "/dossiers/" + s.dossier.ID.String() + "/position?match=" + s.matches[0].ID.String()}
	for _, m := range s.matches {
		todo = append(todo, "/matches/"+m.ID.String())
	}
	for _, r := range s.server.pageRoutes() {
		if r.method == http.MethodGet {
			todo = append(todo, s.concrete(r.path))
		}
	}
	b.crawl(todo, 400, func(path string, got answer) {
		looked++
		if strings.Contains(unpacked(s.t.(*testing.T), got.body), word) {
			where = append(where, path)
		}
		for _, values := range got.header {
			if strings.Contains(strings.Join(values, " "), word) {
				where = append(where, path+" (header)")
			}
		}
	})
	ctx, stop := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.http.URL+"/events", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	if res, err := b.http.Do(req); err == nil {
		events, _ := io.ReadAll(res.Body) // until the time is over
		res.Body.Close()
		if strings.Contains(string(events), word) {
			where = append(where, "/events")
		}
	}
	return where, looked
}

// positionSite makes a site where the first two matches are agreed and frozen, and CN has
// positions on the first and on the dossier.
func positionSite(t *testing.T, options ...option) *site {
	t.Helper()
	s := newSite(t, options...)
	for _, m := range s.matches[1:3] {
		for _, login := range []string{"lina", "ivan"} {
			if got := s.signedIn(login).decideOn(m, "", url.Values{"verdict": {"equivalent"}}); got.status != http.StatusSeeOther {
				t.Fatalf("%s decides: %d", login, got.status)
			}
		}
	}
	if _, err := s.db.FreezeRound(t.Context(), s.dossier.ID, "R1", s.people["lina"]); err != nil {
		t.Fatal(err)
	}
	for _, match := range []uuid.UUID{uuid.Nil, s.matches[0].ID, s.matches[1].ID} {
		for version, want := range []string{"first " + privateWord, "then " + privateWord} {
			_, err := s.db.SavePosition(t.Context(), review.Position{Dossier: s.dossier.ID, Match: match, Version: version, Want: want, Fallback: "=HYPERLINK(1)", RedLine: privateWord, Priority: review.PriorityHigh}, s.people["speaker"])
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	return s
}

// ungated answers as if the gate of positions were not there.
type ungated struct {
	*store.DB
	owner *review.Person
}

func (u ungated) Positions(ctx context.Context, d uuid.UUID, _ review.Person) ([]review.Position, error) {
	return u.DB.Positions(ctx, d, *u.owner)
}

func (u ungated) PositionVersions(ctx context.Context, d, m uuid.UUID, _ review.Person) ([]review.Position, error) {
	return u.DB.PositionVersions(ctx, d, m, *u.owner)
}

// TestPositionsStayWithTheParty: nobody but the party's own negotiators and reviewers
// finds its positions anywhere; without the gate the other side does.
func TestPositionsStayWithTheParty(t *testing.T) {
	s := positionSite(t)
	r := newSomeRun()
	r.db = s.db
	s.server.runs = r
	for _, login := range []string{"ivan", "reader", "judge", "carrier", "admin", ""} {
		where, looked := s.told(login)
		if len(where) > 0 {
			t.Errorf("%q reads a position on %v", login, where)
		}
		t.Logf("%q looked at %d answers", login, looked)
	}
	dossier := "/dossiers/" + s.dossier.ID.String()
	wanted := []string{"/matches/" + s.matches[0].ID.String(), dossier + "/positions", dossier + "/positions/export/csv", dossier + "/position", dossier + "/position?match=" + s.matches[0].ID.String()}
	for _, login := range []string{"lina", "speaker"} {
		where, _ := s.told(login)
		for _, path := range wanted {
			if !slices.Contains(where, path) {
				t.Errorf("the test proves nothing: %s does not read the position on %s", login, path)
			}
		}
		for _, path := range where {
			if !strings.HasPrefix(path, dossier+"/positions/export/") && (strings.Contains(path, "/export/") || strings.HasPrefix(path, "/admin")) {
				t.Errorf("a position is in %s", path)
			}
		}
	}
	var owner review.Person
	open := positionSite(t, func(c *Config) { c.Store = ungated{c.Store.(*store.DB), &owner} })
	owner = open.people["speaker"]
	where, _ := open.told("ivan")
	dossier = "/dossiers/" + open.dossier.ID.String()
	for _, path := range []string{"/matches/" + open.matches[0].ID.String(), dossier + "/positions", dossier + "/positions/export/csv", dossier + "/position"} {
		if !slices.Contains(where, path) {
			t.Errorf("the test proves nothing: without the gate the other side still finds nothing on %s, only on %v", path, where)
		}
	}
}

// holdPositions keeps positions on, and drafts of reservations against, the dossiers and matches of the world. Programs
// have no party, and read none.
func (w *apiWorld) holdPositions(t *testing.T) {
	t.Helper()
	p := review.Person{ID: apiUUID(t), Login: "speaker", Name: "Speaker", Role: review.RoleNegotiator, Party: w.cn.Party}
	apiMust(t, w.db.SavePerson(t.Context(), p, "cli"))
	keep := func(dossier, match uuid.UUID) {
		_, err := w.db.SavePosition(t.Context(), review.Position{Dossier: dossier, Match: match, Want: privateWord, Fallback: privateWord, RedLine: privateWord, Priority: review.PriorityLow}, p)
		apiMust(t, err)
		_, err = w.db.SaveDraft(t.Context(), review.ReservationDraft{Dossier: dossier, Match: match, Text: privateWord}, p)
		apiMust(t, err)
	}
	keep(w.open.ID, uuid.Nil)
	for _, id := range w.matches {
		m, _, err := w.db.Match(t.Context(), id)
		apiMust(t, err)
		keep(m.Dossier, id)
	}
}

func TestPositionForm(t *testing.T) {
	s := newSite(t)
	lina, speaker := s.signedIn("lina"), s.signedIn("speaker")
	match := s.matches[0].ID.String()
	action := "/dossiers/" + s.dossier.ID.String() + "/position"
	page := action + "?match=" + match
	list := "/dossiers/" + s.dossier.ID.String() + "/positions"
	if body := lina.get(list).body; !strings.Contains(body, "Your party has written no position") {
		t.Error("the empty list does not say so")
	}
	if body := lina.get("/matches/" + match).body; !strings.Contains(body, `href="`+page+`"`) || !strings.Contains(body, "only CN") {
		t.Error("the workbench does not lead to the position")
	}
	late := formFields(t, speaker.get(page).body, action)
	write := func(b *browser, form url.Values, want string, priority string) answer {
		form.Set("want", want)
		form.Set("priority", priority)
		form.Set("status", "open")
		return b.post(action, form)
	}
	got := write(lina, formFields(t, lina.get(page).body, action), "<b>0.5 mA</b>", "high")
	if got.status != http.StatusSeeOther || got.header.Get("Location") != action+"?done=1&match="+match {
		t.Fatalf("%d %s\n%.500s", got.status, got.header.Get("Location"), got.body)
	}
	if body := speaker.get(page).body; !strings.Contains(body, "&lt;b&gt;0.5 mA&lt;/b&gt;") {
		t.Error("a colleague does not see it")
	}
	// Somebody was faster: both texts are there, and saving again takes over.
	got = write(speaker, late, "my own words", "low")
	if got.status != http.StatusConflict || !strings.Contains(got.body, "my own words") || !strings.Contains(got.body, "&lt;b&gt;0.5 mA") || !strings.Contains(got.body, "changed this position since") {
		t.Fatalf("%d\n%.2000s", got.status, got.body)
	}
	if got = write(speaker, formFields(t, got.body, action), "my own words", "low"); got.status != http.StatusSeeOther {
		t.Fatalf("saving again: %d", got.status)
	}
	for name, c := range map[string]struct {
		want, priority, says string
	}{
		"no priority": {"kept typing", "urgent", "is not one of the choices"},
		"too long":    {strings.Repeat("я", review.MaxNoteRunes+1), "low", "more than 4,000 characters"},
	} {
		got := write(lina, formFields(t, lina.get(page).body, action), c.want, c.priority)
		if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, c.says) || !strings.Contains(got.body, clip(c.want, 40)) {
			t.Errorf("%s: %d\n%.1500s", name, got.status, got.body)
		}
	}
	// Put an earlier version back.
	body := lina.get(page).body
	_, earlier, _ := strings.Cut(body, "Earlier versions")
	form := formFields(t, earlier, action)
	form.Set("want", html.UnescapeString(form.Get("want")))
	if got := lina.post(action, form); got.status != http.StatusSeeOther {
		t.Errorf("put back: %d", got.status)
	}
	rows, err := s.db.PositionVersions(t.Context(), s.dossier.ID, s.matches[0].ID, s.people["lina"])
	if err != nil || len(rows) != 3 || rows[0].SameWords(rows[2]) == false {
		t.Errorf("%+v %v", rows, err)
	}
	if got := lina.submit(action, action, url.Values{"want": {"=SUM(A1)"}, "priority": {"low"}, "status": {"settled"}, "version": {"0"}}); got.status != http.StatusSeeOther {
		t.Fatalf("on the dossier: %d", got.status)
	}
	// The list, its filters and its file.
	for query, want := range map[string][2]bool{"": {true, true}, "?status=settled": {true, false}, "?priority=high": {false, true}, "?status=open&priority=low": {false, false}, "?priority=none": {false, false}} {
		for _, path := range []string{list + query, list + "/export/csv" + query} {
			body := lina.get(path).body
			if strings.Contains(body, "SUM(A1)") != want[0] || strings.Contains(body, "0.5 mA") != want[1] {
				t.Errorf("%s: not %v\n%.1500s", path, want, body)
			}
		}
	}
	if body := lina.get(list + "/export/csv").body; !strings.Contains(body, "'=SUM(A1)") || strings.Contains(body, ",=SUM(A1)") {
		t.Errorf("the file holds a formula: %s", body)
	}
	if body := lina.get(list + "?sort=priority").body; strings.Index(body, "0.5 mA") > strings.Index(body, "SUM(A1)") {
		t.Error("not sorted by priority")
	}
	for path, status := range map[string]int{action + "?match=nonsense": http.StatusNotFound, action + "?match=" + uuid.NewString(): http.StatusNotFound, list + "/export/docx": http.StatusNotFound} {
		if got := lina.get(path); got.status != status {
			t.Errorf("%s: %d", path, got.status)
		}
	}
}
