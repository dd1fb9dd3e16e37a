package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestConditionsOfReading: of every answer to a GET that has a tag, If-None-Match with
// it is status 304, and If-Match holds of a strong tag and * alone.
func TestConditionsOfReading(t *testing.T) {
	w := newAPIWorld(t)
	round := "/api/v1/dossiers/" + w.open.ID.String() + "/rounds/1"
	paths := []string{"/api/openapi.json", "/api/v1/standards", "/api/v1/standards/cn-a-2020", "/api/v1/standards/cn-a-2020/clauses", "/api/v1/clauses/cn-a-2020/5.1", "/api/v1/clauses/cn-a-2020/5.1/equivalents",
		"/api/v1/clauses/cn-a-2020/5.1/proposals", "/api/v1/search?q=corridor", "/api/v1/matches", "/api/v1/matches/" + w.matches["confirmed"].String(), "/api/v1/decisions", "/api/v1/changes", "/api/v1/dossiers",
		"/api/v1/dossiers/" + w.open.ID.String(), "/api/v1/dossiers/" + w.open.ID.String() + "/rounds", round, round + "/matches", round + "/diff", "/api/v1/standards?fields=items.id"}
	job := w.begun(t, apiExportAsk{Dossier: w.open.ID}, "", w.keys["all"]).Header().Get("Location")
	for w.server.jobs.next(t.Context()) {
	}
	paths = append(paths, job, job+"/file")
	strong := 0
	for _, path := range paths {
		tag := w.get(t, path).Header().Get("Etag")
		weak := strings.HasPrefix(tag, "W/")
		if !weak {
			strong++
		}
		bare := strings.TrimPrefix(tag, "W/")
		for _, c := range []struct {
			header, value string
			want          int
		}{
			{headerIfNoneMatch, tag, 304}, {headerIfNoneMatch, "W/" + bare, 304}, {headerIfNoneMatch, "*", 304}, {headerIfNoneMatch, `"x"`, 200},
			{headerIfMatch, "*", 200}, {headerIfMatch, `"x"`, 412}, {headerIfMatch, `"x", W/"y"`, 412}, {headerIfMatch, "W/" + bare, 412}, {headerIfMatch, strings.Trim(bare, `"`), 412}, {headerIfMatch, "", 412},
			{headerIfMatch, `"x", ` + tag, map[bool]int{true: 412, false: 200}[weak]},
		} {
			w.clock.move(4 * time.Second)
			if rec := w.ask(t, apiAsk{path: path, key: w.keys["all"], header: map[string]string{c.header: c.value}}); rec.Code != c.want {
				t.Errorf("%s with %s: %s is %d, want %d", path, c.header, c.value, rec.Code, c.want)
			}
		}
	}
	if strong == 0 || strong == len(paths) {
		t.Errorf("%d of %d tags are strong", strong, len(paths))
	}
	// what a request without the header would be refused for is said first; a file made at once has no tag
	for path, want := range map[string]int{"/api/v1/standards/none": 404, "/api/v1/standards?limit=0": 400, "/api/v1/dossiers/" + w.open.ID.String() + "/export": 412, "/api/v1/standards/cn-a-2020/export": 412} {
		if rec := w.ask(t, apiAsk{path: path, key: w.keys["all"], header: map[string]string{headerIfMatch: `"x"`}}); rec.Code != want {
			t.Errorf("%s: %d, want %d", path, rec.Code, want)
		}
	}
	// a field sent on two lines is one list (RFC 9110, section 5.3)
	req := httptest.NewRequest(http.MethodGet, job, nil)
	req.Header.Set("Authorization", "Bearer "+w.keys["all"])
	req.Header.Add(headerIfNoneMatch, `"x"`)
	req.Header.Add(headerIfNoneMatch, w.get(t, job).Header().Get("Etag"))
	rec := httptest.NewRecorder()
	w.server.Handler().ServeHTTP(rec, req)
	if rec.Code != http.StatusNotModified {
		t.Errorf("a tag on a second line: %d", rec.Code)
	}
}

// TestConditionsOfWriting: an export is ended in the state that was read, and in no
// other; what begins or only asks has nothing that If-Match could name.
func TestConditionsOfWriting(t *testing.T) {
	w := newAPIWorld(t)
	end := func(path, header, value string) (int, problem) {
		t.Helper()
		rec := w.ask(t, apiAsk{method: http.MethodDelete, path: path, key: w.keys["all"], header: map[string]string{header: value}})
		if rec.Code == http.StatusOK {
			return rec.Code, problem{}
		}
		return rec.Code, problemOf(t, rec)
	}
	job := w.begun(t, apiExportAsk{Dossier: w.open.ID}, "", w.keys["all"]).Header().Get("Location")
	waiting := w.get(t, job).Header().Get("Etag")
	if strings.HasPrefix(waiting, "W/") {
		t.Fatalf("the tag of an export is %s, which If-Match never names", waiting)
	}
	for w.server.jobs.next(t.Context()) {
	}
	done := w.get(t, job).Header().Get("Etag")
	if done == waiting {
		t.Fatal("an export that is done has the tag of one that waits")
	}
	for _, value := range []string{waiting, "W/" + done, `"x"`, strings.Trim(done, `"`)} {
		code, p := end(job, headerIfMatch, value)
		if code != http.StatusPreconditionFailed || p.Code != "unmet" || !strings.Contains(p.Detail, done) || !strings.Contains(p.Detail, "read it again") {
			t.Errorf("If-Match: %s: %d %+v", value, code, p)
		}
	}
	if code, p := end(job, headerIfNoneMatch, "*"); code != http.StatusPreconditionFailed || p.Code != "unmet" {
		t.Errorf("If-None-Match: *: %d", code)
	}
	if code, _ := end(job, headerIfNoneMatch, waiting); code != http.StatusOK {
		t.Errorf("If-None-Match with a tag of before: %d", code)
	}
	if code, p := end(job, headerIfMatch, "*"); code != http.StatusNotFound {
		t.Errorf("one that is gone: %d %+v", code, p)
	}
	for _, value := range []string{"*", "", "tag"} { // "" sends none, "tag" the right one
		job := w.begun(t, apiExportAsk{Dossier: w.open.ID, Format: "docx"}, "", w.keys["all"]).Header().Get("Location")
		if value == "tag" {
			value = `"x", ` + w.get(t, job).Header().Get("Etag")
		}
		header := headerIfMatch
		if value == "" {
			header, value = "Accept", "application/json"
		}
		if code, p := end(job, header, value); code != http.StatusOK {
			t.Errorf("%s: %s: %d %+v", header, value, code, p)
		}
	}
	held := len(w.server.jobs.jobs)
	for path, body := range map[string]string{"/api/v1/clauses": `{"clauses":["cn-a-2020/5.1"]}`, "/api/v1/equivalents": `{"clauses":["cn-a-2020/5.1"]}`, "/api/v1/exports": `{"dossier":"` + w.open.ID.String() + `","format":"html"}`} {
		for header, want := range map[string]bool{headerIfMatch: false, headerIfNoneMatch: true} {
			rec := w.ask(t, apiAsk{method: http.MethodPost, path: path, key: w.keys["all"], body: body, header: map[string]string{header: "*"}})
			if (rec.Code < 300) != want || !want && (rec.Code != http.StatusPreconditionFailed || !strings.Contains(problemOf(t, rec).Detail, "leave the header out")) {
				t.Errorf("POST %s with %s: %d %s", path, header, rec.Code, rec.Body)
			}
		}
	}
	if now := len(w.server.jobs.jobs); now != held+1 { // that of If-None-Match
		t.Errorf("%d exports began", now-held)
	}
	// Negative control: without a key nothing is told of conditions.
	if rec := w.ask(t, apiAsk{method: http.MethodDelete, path: job, header: map[string]string{headerIfMatch: `"x"`}}); rec.Code != http.StatusUnauthorized {
		t.Errorf("without a key: %d", rec.Code)
	}
}
