package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// markOn opens a match and presses the button of a kind on a side of the first row.
func (b *browser) markOn(m review.Match, value string) answer {
	b.t.Helper()
	action := "/matches/" + m.ID.String() + "/misread"
	form := formFields(b.t, b.get("/matches/"+m.ID.String()+"?task=first").body, action)
	form.Set("mark", value)
	return b.post(action, form)
}

func TestMisreadOnThePage(t *testing.T) {
	s := newSite(t)
	lina, ivan, m := s.signedIn("lina"), s.signedIn("ivan"), s.matches[0]
	value := "wrong-unit quantity 0 5 " + string(m.Targets[0])
	page := "/matches/" + m.ID.String()
	if body := lina.get(page).body; !strings.Contains(body, ` name="mark" value="`+value+`"`) || strings.Contains(body, "f-b-stricter struck") {
		t.Fatal("the page offers no mark, or shows one before it is made")
	}
	if body := s.signedIn("reader").get(page).body; strings.Contains(body, `name="mark"`) {
		t.Error("a reader is offered a mark")
	}
	got := lina.markOn(m, value)
	if got.status != http.StatusSeeOther || got.header.Get("Location") != page+"?task=first#dh" {
		t.Fatalf("%d %s\n%.300s", got.status, got.header.Get("Location"), got.body)
	}
	// everybody sees it, and nobody but its author can take it back
	for login, own := range map[string]bool{"lina": true, "ivan": false, "reader": false, "admin": false} {
		body := s.signedIn(login).get(page).body
		if !strings.Contains(body, "f-b-stricter struck") || !strings.Contains(body, "Marked as read wrongly:") || !strings.Contains(body, "wrong unit") {
			t.Errorf("%s does not see the mark", login)
		}
		if strings.Contains(body, "/withdraw") != own {
			t.Errorf("%s: taking back offered is %v", login, !own)
		}
		if login != "lina" && strings.Contains(body, "Li Na") {
			t.Errorf("%s sees who looked at the match", login)
		}
	}
	if body := lina.get(page).body; strings.Contains(body, `data-conflicts="identical`) {
		t.Error("the script still asks for a reason")
	}
	if got := lina.markOn(m, value); got.status != http.StatusConflict {
		t.Errorf("marked twice: %d", got.status)
	}
	// the guard of this pair is gone, and the decision says why
	if got := ivan.decideOn(m, "", url.Values{"verdict": {"equivalent"}}); got.status != http.StatusSeeOther {
		t.Fatalf("an equality over a misread limit: %d", got.status)
	}
	if d := s.reload(m).Decisions[0]; !slices.Equal(d.Reasons, []string{"extraction-error"}) {
		t.Errorf("reasons %v", d.Reasons)
	}
	// taken back, the guard holds again
	id := s.reload(m).Misreadings[0].ID.String()
	if got := ivan.submit("/help", "/misreadings/"+id+"/withdraw", url.Values{}); got.status != http.StatusForbidden {
		t.Errorf("somebody else takes it back: %d", got.status)
	}
	if got := lina.submit("/help", "/misreadings/"+id+"/withdraw", url.Values{}); got.status != http.StatusSeeOther {
		t.Errorf("its author: %d", got.status)
	}
	if got := lina.decideOn(m, "", url.Values{"verdict": {"equivalent"}}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("after it was taken back: %d", got.status)
	}
}

// TestMarkKeepsTheAnswer: without a script, a mark on a row, its being taken back and
// its refusal leave what is being written in the form, and record no answer.
func TestMarkKeepsTheAnswer(t *testing.T) {
	s := newSite(t)
	lina, m := s.signedIn("lina"), s.matches[0]
	page := "/matches/" + m.ID.String() + "?task=first"
	action, mark := "/matches/"+m.ID.String()+"/misread", "wrong-unit quantity 0 5 "+string(m.Targets[0])
	lina.holds(page, []string{`form="decide" formnovalidate formaction="` + action + `" name="mark" value="` + mark + `"`}, []string{"misreadmark"})
	form := formFields(t, lina.get(page).body, "/matches/"+m.ID.String()+"/decide")
	for name, v := range (url.Values{"mark": {mark}, "verdict": {"overlap"}, "a_to_b": {"conditions"}, "a_conditions": {"as <b>drawn</b>"}, "note": {"half a comment"}, "reason": {"scope"}}) {
		form[name] = v
	}
	kept := func(got answer, status, marks int) {
		t.Helper()
		for _, want := range []string{"half a comment</textarea>", "as &lt;b&gt;drawn&lt;/b&gt;</textarea>", `name="reason" value="scope" checked`, `name="verdict" value="overlap" checked`, `name="a_to_b" value="conditions" checked`, `name="task" value="first"`} {
			if !strings.Contains(got.body, want) {
				t.Errorf("%d, without %s", got.status, want)
			}
		}
		if now := s.reload(m); got.status != status || len(now.Decisions) != 0 || len(now.Misreadings) != marks || strings.Count(got.body, "misreadmark") != marks {
			t.Errorf("%d, %d decisions, %d marks, %d shown", got.status, len(now.Decisions), len(now.Misreadings), strings.Count(got.body, "misreadmark"))
		}
	}
	kept(lina.post(action, form), http.StatusOK, 1)
	again := lina.post(action, form)
	kept(again, http.StatusConflict, 1)
	if !strings.Contains(between(again.body, `id="problem"`, "</p>"), "marked already") {
		t.Error("why it is refused is not said")
	}
	form.Set("unmark", "1")
	kept(lina.post("/misreadings/"+s.reload(m).Misreadings[0].ID.String()+"/withdraw", form), http.StatusOK, 0)
	form.Set("mark", "wrong-unit quantity 0 6 "+string(m.Targets[0]))
	if got := lina.post(action, form); got.status != http.StatusBadRequest {
		t.Errorf("what is no place: %d", got.status)
	}
}

func TestMisreadRefusals(t *testing.T) {
	s := newSite(t)
	lina, m := s.signedIn("lina"), s.matches[0]
	for value, status := range map[string]int{
		"wrong-unit quantity 0 6 " + string(m.Targets[0]):            http.StatusBadRequest, // not where anything was read
		"ugly quantity 0 5 " + string(m.Targets[0]):                  http.StatusBadRequest,
		"wrong-unit quantity 0 5 " + string(s.matches[1].Targets[0]): http.StatusBadRequest,
		"wrong-unit quantity x 5 " + string(m.Targets[0]):            http.StatusBadRequest,
		"wrong-unit": http.StatusBadRequest, "": http.StatusBadRequest,
	} {
		if got := lina.markOn(m, value); got.status != status {
			t.Errorf("%q: %d", value, got.status)
		}
	}
	action := "/matches/" + m.ID.String() + "/misread"
	form := formFields(t, lina.get("/matches/"+m.ID.String()).body, action)
	form.Set("mark", "wrong-unit quantity 0 5 "+string(m.Targets[0]))
	s.rewrite(m.Targets[0])
	if got := lina.post(action, form); got.status != http.StatusConflict {
		t.Errorf("on a text that has changed: %d", got.status)
	}
	if list, err := s.db.Misreadings(context.Background(), review.MisreadingFilter{}); err != nil || len(list) != 0 {
		t.Errorf("kept: %+v %v", list, err)
	}
}

func TestMisreadingsList(t *testing.T) {
	s := newSite(t)
	lina, m := s.signedIn("lina"), s.matches[0]
	for _, side := range []corpus.ClauseID{m.Sources[0], m.Targets[0]} {
		if got := lina.markOn(m, fmt.Sprintf("not-limit quantity 0 5 %s", side)); got.status != http.StatusSeeOther {
			t.Fatal(got.status)
		}
	}
	body := s.signedIn("reader").get("/misreadings").body
	for _, want := range []string{"GB-1-2020 5.1", "SP-1-2020 5.1", "≥ 0.8 m", "≥ 0.9 m", "not a limit"} {
		if !strings.Contains(body, want) {
			t.Errorf("the list lacks %q", want)
		}
	}
	if strings.Contains(body, "Li Na") {
		t.Error("a reader sees who marked")
	}
	if !strings.Contains(s.signedIn("admin").get("/misreadings").body, "Li Na") {
		t.Error("an administrator does not see who marked")
	}
	if body := lina.get("/misreadings?standard=gb-1-2020").body; strings.Contains(body, "SP-1-2020 5.1") || !strings.Contains(body, "GB-1-2020 5.1") {
		t.Error("the filter by standard does not hold")
	}
	if body := lina.get("/misreadings?kind=other").body; !strings.Contains(body, "Nothing in this list") {
		t.Error("the filter by kind does not hold")
	}
	got := lina.get("/misreadings/export/csv?standard=gb-1-2020")
	if got.status != http.StatusOK || !strings.HasPrefix(got.header.Get("Content-Type"), "text/csv") || !strings.Contains(got.header.Get("Content-Disposition"), "concord-misreadings-2026-03-01.csv") {
		t.Errorf("%d %v", got.status, got.header)
	}
	lines := strings.Split(strings.TrimSpace(got.body), "\r\n")
	if len(lines) != 2 || !strings.HasPrefix(lines[0], "\ufeffmisreading,kind,standard,clause,") || !strings.Contains(lines[1], ",not-limit,gb-1-2020,5.1,zh,quantity,0,5,>= 0.8 m,") {
		t.Errorf("%q", lines)
	}
	if strings.Contains(got.body, s.people["lina"].ID.String()) || strings.Contains(got.body, "Li Na") {
		t.Error("the file says who marked")
	}
	if got := lina.get("/misreadings/export/docx"); got.status != http.StatusNotFound {
		t.Errorf("a format that is not there: %d", got.status)
	}
}

// TestMisreadingsAndRights marks behind the edge of an excerpt.
func TestMisreadingsAndRights(t *testing.T) {
	for _, c := range []struct {
		name   string
		rights corpus.Rights
		offers bool
	}{{"an excerpt", corpus.RightsExcerpt, false}, {"the whole text", corpus.RightsFull, true}} {
		t.Run(c.name, func(t *testing.T) {
			ctx := context.Background()
			s := newSite(t)
			long := strings.Repeat("长", corpus.ExcerptRunes) + "不应小于 0.8 m。"
			start := len(long) - len("0.8 m。")
			a := document("gb-1-2020", "CN", "zh", c.rights, long)
			if _, err := s.db.Save(ctx, a, "cli"); err != nil {
				t.Fatal(err)
			}
			b, err := s.db.ClausesOf(ctx, "sp-1-2020")
			if err != nil {
				t.Fatal(err)
			}
			row := limitRow()
			row.A = "secret figure"
			row.SpansA[0].Start, row.SpansA[0].End = start, start+5
			if _, _, err := s.db.Propose(ctx, s.dossier.ID, []matcher.Proposal{proposal(a.Clauses[1], b[1], row)}); err != nil {
				t.Fatal(err)
			}
			lina, m := s.signedIn("lina"), s.matches[0]
			value := fmt.Sprintf("other quantity %d %d %s", start, start+5, m.Sources[0])
			if got := strings.Contains(lina.get("/matches/"+m.ID.String()).body, value); got != c.offers {
				t.Errorf("offered %v", got)
			}
			if got := lina.markOn(m, value); (got.status == http.StatusSeeOther) != c.offers || strings.Contains(got.body, "secret") {
				t.Errorf("marked by guessing the place: %d", got.status)
			}
			if !c.offers { // a mark made before the rights were taken away
				_, err := s.db.Misread(ctx, m.ID, s.people["lina"], func(m review.Match, _ review.Dossier) (review.Misreading, error) {
					return review.Misreading{Kind: review.MisreadOther, Match: m.ID, Person: s.people["lina"].ID, Clause: m.Sources[0], Digest: m.Digests[m.Sources[0]], Aspect: matcher.AspectQuantity, Start: start, End: start + 5, Read: "secret figure"}, nil
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			for _, path := range []string{"/misreadings", "/misreadings/export/csv"} {
				if got := strings.Contains(lina.get(path).body, "secret figure"); got != c.offers {
					t.Errorf("%s: what was read is shown: %v", path, got)
				}
			}
		})
	}
}
