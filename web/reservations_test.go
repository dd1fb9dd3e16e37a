package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
	"concord/review/export"
	"concord/store"
)

// draft writes a draft of a reservation by the form of a page.
func draft(t *testing.T, b *browser, page, dossier, text string) {
	t.Helper()
	action := "/dossiers/" + dossier + "/drafts"
	_, fresh, _ := strings.Cut(b.get(page).body, "Write a draft")
	form := formFields(t, fresh, action)
	form.Set("text", text)
	if got := b.post(action, form); got.status != http.StatusSeeOther || got.header.Get("Location") != page+"#reservations" {
		t.Fatalf("a draft on %s: %d %s\n%.500s", page, got.status, got.header.Get("Location"), got.body)
	}
}

var declareForm = regexp.MustCompile(`action="(/drafts/[^"]+/declare)"`)

// declareOn declares the first draft of a page.
func declareOn(t *testing.T, b *browser, page string) answer {
	t.Helper()
	body := b.get(page).body
	m := declareForm.FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("%s offers nothing to declare", page)
	}
	return b.post(m[1], formFields(t, body, m[1]))
}

// ungatedDrafts answers as if the gate of drafts were not there.
type ungatedDrafts struct {
	*store.DB
	owner *review.Person
}

func (u ungatedDrafts) Drafts(ctx context.Context, d uuid.UUID, _ review.Person) ([]review.ReservationDraft, error) {
	return u.DB.Drafts(ctx, d, *u.owner)
}

func (u ungatedDrafts) DraftsOn(ctx context.Context, d, m uuid.UUID, _ review.Person) ([]review.ReservationDraft, error) {
	return u.DB.DraftsOn(ctx, d, m, *u.owner)
}

// draftWord stands in drafts of reservations and nowhere else.
const draftWord = "quillanto"

// TestDraftsStayWithTheParty: nobody but the party's own negotiators and reviewers finds
// what they have not declared, on any page, in any file or round; once it is declared,
// everybody does, in every format; and without the gate the other side would at once.
func TestDraftsStayWithTheParty(t *testing.T) {
	s := positionSite(t)
	id := s.dossier.ID.String()
	open, match, rounds, list := "/matches/"+s.matches[0].ID.String(), "/matches/"+s.matches[1].ID.String(), "/dossiers/"+id+"/rounds", "/dossiers/"+id+"/reservations"
	speaker := s.signedIn("speaker")
	for _, page := range []string{open, match, rounds} {
		draft(t, speaker, page, id, "=1+1 <i> "+draftWord)
	}
	if _, err := s.db.FreezeRound(t.Context(), s.dossier.ID, "R2", s.people["lina"]); !errors.Is(err, corpus.ErrConflict) {
		t.Errorf("drafts are something to freeze: %v", err)
	}
	s.agree(s.matches[3], "equivalent")
	if _, err := s.db.FreezeRound(t.Context(), s.dossier.ID, "R2", s.people["lina"]); err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, f := range export.Formats {
		files = append(files, "/dossiers/"+id+"/export/"+f.Name, rounds+"/2/export/"+f.Name)
	}
	holding := func(login string) (where []string) {
		b := s.signedIn(login)
		for _, path := range files {
			got := b.get(path)
			if got.status != http.StatusOK {
				t.Fatalf("%s: %d", path, got.status)
			}
			if strings.Contains(unpacked(t, got.body), draftWord) {
				where = append(where, path)
			}
		}
		return where
	}
	for _, login := range []string{"ivan", "reader", "judge", "admin"} {
		where, looked := s.toldOf(draftWord, login)
		if len(where) > 0 {
			t.Errorf("%q reads a draft on %v", login, where)
		}
		t.Logf("%q looked at %d answers", login, looked)
	}
	for _, login := range []string{"ivan", "speaker"} { // not even one's own party's drafts leave
		if where := holding(login); len(where) > 0 {
			t.Errorf("%s has a draft in %v", login, where)
		}
	}
	for _, login := range []string{"lina", "speaker"} {
		where, _ := s.toldOf(draftWord, login)
		for _, path := range []string{open, match, rounds, list} {
			if !slices.Contains(where, path) {
				t.Errorf("the test proves nothing: %s does not read the draft on %s", login, path)
			}
		}
		for _, path := range where {
			if strings.Contains(path, "/export/") || strings.HasPrefix(path, "/admin") || strings.HasPrefix(path, "/profile") {
				t.Errorf("a draft is in %s", path)
			}
		}
	}
	// An open match offers no declaring; the agreed one and the whole do.
	if body := speaker.get(open).body; declareForm.MatchString(body) || !strings.Contains(body, "once the match is agreed") {
		t.Error("an open match offers to declare")
	}
	for _, page := range []string{match, rounds} {
		if got := declareOn(t, speaker, page); got.status != http.StatusSeeOther {
			t.Fatalf("declare on %s: %d", page, got.status)
		}
	}
	if got, want := holding("ivan"), len(export.Formats); len(got) != want {
		t.Errorf("declared, it stands in %d of %d formats, and in none of the round before: %v", len(got), want, got)
	}
	if _, err := s.db.FreezeRound(t.Context(), s.dossier.ID, "R3", s.people["lina"]); err != nil {
		t.Fatal(err)
	}
	if got, want := holding("ivan"), len(export.Formats); len(got) != want {
		t.Errorf("the round before holds it: %v", got)
	}
	rounds3 := strings.NewReplacer("/rounds/2/", "/rounds/3/")
	for i := range files {
		files[i] = rounds3.Replace(files[i])
	}
	if got := holding("ivan"); len(got) != len(files) {
		t.Errorf("declared and frozen, it stands in %d of %d files: %v", len(got), len(files), got)
	}
	where, _ := s.toldOf(draftWord, "ivan")
	for _, path := range []string{match, rounds, list, list + "/export/csv"} {
		if !slices.Contains(where, path) {
			t.Errorf("declared, the other side does not find it on %s", path)
		}
	}
	if slices.Contains(where, open) {
		t.Error("the draft that waits is told with the others")
	}
	var owner review.Person
	bare := positionSite(t, func(c *Config) { c.Store = ungatedDrafts{c.Store.(*store.DB), &owner} })
	owner = bare.people["speaker"]
	id = bare.dossier.ID.String()
	open = "/matches/" + bare.matches[0].ID.String()
	draft(t, bare.signedIn("speaker"), open, id, draftWord)
	where, _ = bare.toldOf(draftWord, "ivan")
	for _, path := range []string{open, "/dossiers/" + id + "/reservations"} {
		if !slices.Contains(where, path) {
			t.Errorf("the test proves nothing: without the gate the other side finds nothing on %s, only on %v", path, where)
		}
	}
}

// TestDraftForm: a draft is changed and dropped; whoever was slower gets back what they
// wrote beside what is kept; nothing is declared that was not read.
func TestDraftForm(t *testing.T) {
	s := positionSite(t)
	id := s.dossier.ID.String()
	match, action := "/matches/"+s.matches[1].ID.String(), "/dossiers/"+id+"/drafts"
	speaker, lina := s.signedIn("speaker"), s.signedIn("lina")
	draft(t, speaker, match, id, "one <b>")
	stale := lina.get(match).body
	late := formFields(t, stale, action)
	form := formFields(t, speaker.get(match).body, action)
	form.Set("text", "two <b>")
	if got := speaker.post(action, form); got.status != http.StatusSeeOther {
		t.Fatalf("change: %d", got.status)
	}
	form.Set("text", "three") // twice from one page
	got := speaker.post(action, form)
	if got.status != http.StatusConflict || !strings.Contains(got.body, "three</textarea>") || !strings.Contains(got.body, "two &lt;b&gt;") || !strings.Contains(got.body, "since you read it") {
		t.Fatalf("%d\n%.2000s", got.status, got.body)
	}
	m := declareForm.FindStringSubmatch(stale)
	if got := lina.post(m[1], formFields(t, stale, m[1])); got.status != http.StatusConflict {
		t.Errorf("declared unread: %d", got.status)
	}
	if got := s.signedIn("ivan").submit(match, m[1], url.Values{"version": {"2"}}); got.status != http.StatusNotFound {
		t.Errorf("the other side declares: %d", got.status)
	}
	again := formFields(t, got.body, action)
	again.Set("text", "three")
	if got := speaker.post(action, again); got.status != http.StatusSeeOther {
		t.Errorf("sending it again: %d", got.status)
	}
	late.Set("version", "3")
	late.Set("drop", "1")
	if got := lina.post(action, late); got.status != http.StatusSeeOther || strings.Contains(lina.get(match).body, "three") {
		t.Errorf("drop: %d", got.status)
	}
	for name, c := range map[string]struct {
		form   url.Values
		status int
	}{
		"no text":  {url.Values{"text": {" "}}, http.StatusUnprocessableEntity},
		"too long": {url.Values{"text": {strings.Repeat("я", review.MaxNoteRunes+1)}}, http.StatusUnprocessableEntity},
		"no match": {url.Values{"text": {"x"}, "match": {uuid.NewString()}}, http.StatusNotFound},
		"no draft": {url.Values{"text": {"x"}, "draft": {"nonsense"}}, http.StatusNotFound},
	} {
		if got := speaker.submit(match, action, c.form); got.status != c.status {
			t.Errorf("%s: %d", name, got.status)
		}
	}
	if list, err := s.db.Reservations(t.Context(), s.dossier.ID); err != nil || len(list) != 0 {
		t.Errorf("something was declared: %v %v", list, err)
	}
}

func TestReservationsOnPages(t *testing.T) {
	s := positionSite(t)
	id := s.dossier.ID.String()
	match, rounds, declare := "/matches/"+s.matches[1].ID.String(), "/dossiers/"+id+"/rounds", "/dossiers/"+id+"/reservations"
	speaker, ivan := s.signedIn("speaker"), s.signedIn("ivan")
	if body := s.signedIn("reader").get(match).body; strings.Contains(body, `id="reservations"`) {
		t.Error("a reader is offered a reservation")
	}
	if body := speaker.get("/matches/" + s.matches[0].ID.String()).body; strings.Contains(body, `action="`+declare) {
		t.Error("an open match offers a reservation")
	}
	draft(t, speaker, match, id, "until <b>2027</b>")
	if got := declareOn(t, speaker, match); got.status != http.StatusSeeOther || got.header.Get("Location") != match+"#reservations" {
		t.Fatalf("declared: %d %s\n%.300s", got.status, got.header.Get("Location"), got.body)
	}
	draft(t, ivan, rounds, id, "subject to ratification")
	if got := declareOn(t, ivan, rounds); got.status != http.StatusSeeOther || got.header.Get("Location") != rounds+"#reservations" {
		t.Fatalf("against the whole: %d\n%.300s", got.status, got.body)
	}
	for _, login := range []string{"ivan", "speaker", "reader", "admin"} {
		b := s.signedIn(login)
		if body := b.get(match).body; !strings.Contains(body, "Reservation of CN") || !strings.Contains(body, "until &lt;b&gt;2027") || strings.Contains(body, "/withdraw\"") != (login == "speaker") {
			t.Errorf("%s: the match does not show it, or offers what it should not", login)
		}
		if body := b.get(rounds + "?from=1").body; strings.Count(body, "subject to ratification") != 2 || !strings.Contains(body, "Reservation changed") {
			t.Errorf("%s: the rounds do not tell of it", login)
		}
	}
	if m := s.reload(s.matches[1]); m.State != review.StateConfirmed || !m.Agreed() {
		t.Errorf("the match is %s", m.State)
	}
	if got := ivan.submit(rounds, rounds, url.Values{"name": {"R2"}}); got.status != http.StatusSeeOther {
		t.Fatalf("freeze: %d", got.status)
	}
	if body := s.signedIn("reader").get(rounds + "/2/export/html"); !strings.Contains(body.body, "until &lt;b&gt;2027") || strings.Contains(body.body, privateWord) {
		t.Errorf("the round's document: %d", body.status)
	}
	list, err := s.db.Reservations(t.Context(), s.dossier.ID)
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v %v", list, err)
	}
	if got := ivan.submit(match, "/reservations/"+list[0].ID.String()+"/withdraw", url.Values{}); got.status != http.StatusForbidden {
		t.Errorf("the other side withdraws: %d", got.status)
	}
	if got := speaker.submit(match, "/reservations/"+list[0].ID.String()+"/withdraw", url.Values{}); got.status != http.StatusSeeOther {
		t.Errorf("withdraw: %d", got.status)
	}
	if body := ivan.get(match).body; !strings.Contains(body, "· withdrawn") || !strings.Contains(body, "until &lt;b&gt;2027") {
		t.Error("the history does not show the withdrawal")
	}
	for name, form := range map[string]url.Values{"no text": {"text": {" "}}, "an open match": {"text": {"x"}, "match": {s.matches[0].ID.String()}}} {
		if got := speaker.submit(match, declare, form); got.status < 400 || got.status >= 500 {
			t.Errorf("%s: %d", name, got.status)
		}
	}
}
