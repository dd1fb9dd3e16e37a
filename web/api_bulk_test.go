package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"concord/corpus"
)

// TestBulkSays: a thousand ids are answered in their order, each once; what no clause has
// is told apart from what has no match; everything else is refused with what to do.
func TestBulkSays(t *testing.T) {
	w := newAPIWorld(t)
	post := func(path, body string) (int, string) {
		t.Helper()
		rec := w.ask(t, apiAsk{method: http.MethodPost, path: path, key: w.keys["all"], body: body})
		return rec.Code, rec.Body.String()
	}
	list := func(ids ...string) string {
		body, err := json.Marshal(map[string]any{"clauses": ids})
		apiMust(t, err)
		return string(body)
	}
	var answer apiList[apiEquivalents]
	code, body := post("/api/v1/equivalents", list("cn-a-2020/5.1", "none/1", "cn-a-2020/5", "cn-a-2020/5.1", ""))
	apiMust(t, json.Unmarshal([]byte(body), &answer))
	var got []string
	for _, e := range answer.Items {
		got = append(got, string(e.Clause)+map[bool]string{true: "?"}[e.Unknown]+strings.Repeat("+", len(e.Matches)))
	}
	if want := "cn-a-2020/5.1+ none/1? cn-a-2020/5 ?"; code != http.StatusOK || strings.Join(got, " ") != want {
		t.Errorf("%d: %q, want %q", code, strings.Join(got, " "), want)
	}
	if strings.Contains(body, `"unknown":false`) {
		t.Error("a clause that is there says that it is not unknown")
	}
	many := make([]string, apiMostBulk+1)
	for i := range many {
		many[i] = string(corpus.NewClauseID("cn-a-2020", "x"+strings.Repeat("1", i%9)+string(rune('a'+i%26))+string(rune('a'+i/26%26))+string(rune('a'+i/676))))
	}
	many[500] = "cn-a-2020/5.1"
	for path, unknown := range map[string]int{"/api/v1/equivalents": apiMostBulk, "/api/v1/clauses": 1} {
		code, body := post(path, list(many[:apiMostBulk]...))
		var page apiList[json.RawMessage]
		apiMust(t, json.Unmarshal([]byte(body), &page))
		if code != http.StatusOK || len(page.Items) != unknown {
			t.Errorf("%s: %d with %d items", path, code, len(page.Items))
		}
		for name, c := range map[string]struct {
			body, says string
			status     int
		}{
			"one too many":  {list(many...), "the body names 1001 clauses, at most 1000 are answered at once: split the list", 400},
			"none":          {list(), "name 1 to 1000", 400},
			"null":          {`{"clauses":null}`, "names no clause", 400},
			"numbers":       {`{"clauses":["a/1",7]}`, "clauses is a number at byte ", 400},
			"a list":        {`["a/1"]`, "it is no object, but of the kind array", 400},
			"another field": {`{"clauses":["a/1"],"limit":3}`, `unknown field "limit"`, 400},
			"cut off":       {`{"clauses":["a/1`, "it ends too early", 400},
			"two":           {`{"clauses":["a/1"]} {}`, "something follows the object", 400},
			"large":         {list(strings.Repeat("a", apiBulkBytes)), "at most 262144 bytes", 413},
			"large behind":  {`{"clauses":["a/1"]}` + strings.Repeat(" ", apiBulkBytes), "at most 262144 bytes", 413},
		} {
			code, body := post(path, c.body)
			var p problem
			apiMust(t, json.Unmarshal([]byte(body), &p))
			if code != c.status || !strings.Contains(p.Detail, c.says) || strings.Contains(p.Detail, "Go ") || strings.Contains(p.Detail, "web.") {
				t.Errorf("%s with %s: %d %q", path, name, code, p.Detail)
			}
		}
		empty := w.ask(t, apiAsk{method: http.MethodPost, path: path, key: w.keys["all"], header: map[string]string{"Content-Type": "application/json"}})
		if !strings.Contains(problemOf(t, empty).Detail, "it is empty") {
			t.Errorf("%s without a body: %s", path, empty.Body)
		}
		for _, media := range []string{"text/plain", "application/x-www-form-urlencoded", ";"} {
			rec := w.ask(t, apiAsk{method: http.MethodPost, path: path, key: w.keys["all"], body: list("cn-a-2020/5.1"), header: map[string]string{"Content-Type": media}})
			if rec.Code != http.StatusUnsupportedMediaType {
				t.Errorf("%s as %s: %d", path, media, rec.Code)
			}
		}
	}
	if code, body := post("/api/v1/exports", `{"dossier":5}`); code != http.StatusBadRequest || !strings.Contains(body, "dossier is a number") || strings.Contains(body, "uuid.") {
		t.Errorf("an export of a number: %d %s", code, body)
	}
}
