package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/review"
)

// TestSkips passes over matches for each reason: what that does to one's own
// queues, what others see, and how it comes back.
func TestSkips(t *testing.T) {
	s := newSite(t)
	s.manyPairs(6)
	second := review.Person{ID: newID(t), Login: "wang", Name: "Wang", Role: review.RoleReviewer, Party: "CN", Created: s.clock.now()}
	if err := s.db.SavePerson(t.Context(), second, "cli"); err != nil {
		t.Fatal(err)
	}
	s.people["wang"] = second
	lina, wang, ivan := s.signedIn("lina"), s.signedIn("wang"), s.signedIn("ivan")
	q := "task=first&order=chapter&dossier=" + s.dossier.ID.String()
	left := func(login string) int {
		counts, err := s.db.TaskCounts(t.Context(), s.people[login])
		if err != nil {
			t.Fatal(err)
		}
		return counts[review.TaskFirst]
	}
	all := left("lina")
	skipped := map[review.SkipReason]string{}
	at := lina.first(q)
	for _, reason := range review.SkipReasons {
		page := lina.get("/matches/" + at + "?" + q)
		form := formFields(t, page.body, "/matches/"+at+"/skip")
		if !strings.Contains(page.body, `form="skipform" name="reason" value="`+string(reason)+`"`) {
			t.Errorf("the page has no button for %s", reason)
		}
		got := lina.post("/matches/"+at+"/skip", with(form, "reason", string(reason)))
		if to := got.header.Get("Location"); got.status != http.StatusSeeOther || !strings.HasPrefix(to, "/review/next?behind="+at) {
			t.Fatalf("%s: %d to %q", reason, got.status, to)
		}
		skipped[reason] = at
		at = lina.first(strings.TrimPrefix(got.header.Get("Location"), "/review/next?"))
	}
	if n := left("lina"); n != all-4 || left("wang") != all {
		t.Errorf("%d wait for Li Na and %d for Wang, want %d and %d", n, left("wang"), all-4, all)
	}
	if n := len(s.verdicts()); n != 0 {
		t.Errorf("skipping made %d decisions", n)
	}
	// Her side is told of two of the four; the other side, and she, of none.
	for reason, id := range skipped {
		told := strings.Contains(wang.get("/matches/"+id).body, `<p class="note">Li Na`)
		if told != reason.Noted() {
			t.Errorf("%s: a colleague is told: %v", reason, told)
		}
		for who, b := range map[string]*browser{"ivan": ivan, "lina": lina} {
			if strings.Contains(b.get("/matches/"+id).body, `<p class="note">Li Na`) {
				t.Errorf("%s: %s is told", reason, who)
			}
		}
	}
	s.clock.move(4*time.Hour - time.Minute)
	if n := left("lina"); n != all-4 {
		t.Errorf("%d wait shortly before the time", n)
	}
	lina, ivan = s.signedIn("lina"), s.signedIn("ivan")
	s.clock.move(time.Minute)
	if n := left("lina"); n != all-3 {
		t.Errorf("%d wait after four hours, want %d", n, all-3)
	}
	// What is skipped can be put back, and by nobody else.
	field := skipped[review.SkipField]
	if page := lina.get("/decisions"); !strings.Contains(page.body, "/matches/"+field+"/unskip") || strings.Contains(page.body, "/matches/"+skipped[review.SkipLater]+"/unskip") {
		t.Error("the page of one's decisions does not list what is skipped, and that alone")
	}
	if page := lina.get("/review"); !strings.Contains(page.body, "Skipped: 3") {
		t.Error("the queues do not say how many are skipped")
	}
	ivan.submit("/help", "/matches/"+field+"/unskip", url.Values{})
	if n := left("lina"); n != all-3 {
		t.Error("somebody else put a match back")
	}
	lina.submit("/help", "/matches/"+field+"/unskip", url.Values{})
	if n := left("lina"); n != all-2 {
		t.Errorf("%d wait after one was put back, want %d", n, all-2)
	}
	// Who has answered after all asks nothing more.
	id := skipped[review.SkipColleague]
	page := lina.get("/matches/" + id)
	lina.post("/matches/"+id+"/decide", with(formFields(t, page.body, "/matches/"+id+"/decide"), "unsure", "1"))
	if strings.Contains(s.signedIn("wang").get("/matches/"+id).body, "asks a colleague") {
		t.Error("the note stands although its author has answered")
	}
	s.clock.move(8 * 24 * time.Hour)
	if n := left("lina"); n < all-2 {
		t.Errorf("%d wait after a week", n)
	}
	for _, bad := range []string{"", "never", strings.Repeat("x", 5000)} {
		if got := s.signedIn("lina").submit("/help", "/matches/"+field+"/skip", url.Values{"reason": {bad}}); got.status != http.StatusBadRequest {
			t.Errorf("the reason %.20q: %d", bad, got.status)
		}
	}
	if got := s.signedIn("lina").submit("/help", "/matches/"+newID(t).String()+"/skip", url.Values{"reason": {"later"}}); got.status != http.StatusNotFound {
		t.Errorf("a match that is not there: %d", got.status)
	}
}

// TestUnsureWithAReason keeps the words somebody adds to being unsure, which
// nobody has to.
func TestUnsureWithAReason(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("lina")
	for i, note := range []string{"the table is missing", ""} {
		at := "/matches/" + s.matches[i].ID.String()
		form := formFields(t, b.get(at).body, at+"/decide")
		form.Set("unsure", "1")
		form.Set("note", note)
		if got := b.post(at+"/decide", form); got.status != http.StatusSeeOther {
			t.Fatalf("%q: %d", note, got.status)
		}
		m, _, err := s.db.Match(t.Context(), s.matches[i].ID)
		if err != nil {
			t.Fatal(err)
		}
		if d := m.Decisions[len(m.Decisions)-1]; d.Verdict != review.VerdictUnsure || d.Note != note {
			t.Errorf("kept %s with %q, want unsure with %q", d.Verdict, d.Note, note)
		}
	}
}

func newID(t *testing.T) uuid.UUID {
	t.Helper()
	id, err := uuid.NewV7()
	if err != nil {
		t.Fatal(err)
	}
	return id
}
