package web

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"concord/corpus"
	"concord/review"
)

// apiAsk is one request to the interface.
type apiAsk struct {
	method, path string
	key          string // as sent; "" sends none
	body         string
	header       map[string]string
}

// ask sends a request, a second after the one before, and holds the answer to
// the document.
func (w *apiWorld) ask(t testing.TB, q apiAsk) *httptest.ResponseRecorder {
	t.Helper()
	w.clock.move(time.Second)
	return w.askNow(t, q)
}

// askNow is ask at the same moment as the request before.
func (w *apiWorld) askNow(t testing.TB, q apiAsk) *httptest.ResponseRecorder {
	t.Helper()
	if q.method == "" {
		q.method = http.MethodGet
	}
	req := httptest.NewRequest(q.method, q.path, strings.NewReader(q.body))
	if q.body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if q.key != "" {
		req.Header.Set("Authorization", "Bearer "+q.key)
	}
	for name, value := range q.header {
		req.Header.Set(name, value)
	}
	rec := httptest.NewRecorder()
	w.server.Handler().ServeHTTP(rec, req)
	if err := w.fits(req, rec); err != nil {
		t.Errorf("%s %s: the answer does not fit openapi.json: %v\n%.600s", q.method, q.path, err, rec.Body)
	}
	return rec
}

// get is ask with the key of every scope, and expects status 200.
func (w *apiWorld) get(t testing.TB, path string) *httptest.ResponseRecorder {
	t.Helper()
	rec := w.ask(t, apiAsk{path: path, key: w.keys["all"]})
	if rec.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", path, rec.Code, rec.Body)
	}
	return rec
}

// read is get into an answer type.
func readAPI[T any](t testing.TB, w *apiWorld, path string) T {
	t.Helper()
	var out T
	apiMust(t, json.Unmarshal(w.get(t, path).Body.Bytes(), &out))
	return out
}

// fits validates an answer against the document: the operation declares its
// status and media type, and the body keeps the schema. Errors of a path that
// no operation has must be problems all the same.
func (w *apiWorld) fits(req *http.Request, rec *httptest.ResponseRecorder) error {
	op, described := w.describes(req)
	media := strings.TrimSpace(strings.Split(rec.Header().Get("Content-Type"), ";")[0])
	if op == nil || rec.Code == http.StatusMethodNotAllowed {
		if media != "application/problem+json" {
			return fmt.Errorf("status %d has the media type %q", rec.Code, media)
		}
		return keepsSchema(w.doc.Components.Schemas["Problem"], rec.Body.Bytes())
	}
	answer := op.Responses.Status(rec.Code)
	if answer == nil {
		return fmt.Errorf("%s does not declare status %d", described, rec.Code)
	}
	if rec.Code == http.StatusOK || rec.Code == http.StatusAccepted || rec.Code == http.StatusNotModified {
		w.answered[described] = true
	}
	for name := range answer.Value.Headers {
		if rec.Header().Get(name) == "" && name != "Retry-After" {
			return fmt.Errorf("the header %s is not there", name)
		}
	}
	content := answer.Value.Content
	if len(content) == 0 {
		if rec.Body.Len() > 0 {
			return fmt.Errorf("status %d has a body", rec.Code)
		}
		return nil
	}
	if content[media] == nil {
		return fmt.Errorf("status %d does not declare the media type %q", rec.Code, media)
	}
	if !strings.HasSuffix(media, "json") {
		return nil
	}
	return keepsSchema(content[media].Schema, rec.Body.Bytes())
}

// describes finds the document's operation for a request, by the router's table.
func (w *apiWorld) describes(req *http.Request) (*openapi3.Operation, string) {
	parts := strings.Split(strings.Trim(req.URL.EscapedPath(), "/"), "/")
	for _, path := range w.doc.Paths.InMatchingOrder() {
		want := strings.Split(strings.Trim(path, "/"), "/")
		same := len(want) == len(parts)
		for i := range want {
			same = same && (want[i] == parts[i] || strings.HasPrefix(want[i], "{"))
		}
		if same {
			return w.doc.Paths.Value(path).GetOperation(req.Method), req.Method + " " + path
		}
	}
	return nil, ""
}

// keepsSchema validates a body against a schema. The document's schemas are one
// for all tests, so what has been found good once is not read again.
func keepsSchema(schema *openapi3.SchemaRef, body []byte) error {
	answer := heldAnswer{schema.Value, sha256.Sum256(body)}
	if kept.held[answer] {
		return nil
	}
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return err
	}
	if err := schema.Value.VisitJSON(value, openapi3.EnableJSONSchema2020(), openapi3.EnableFormatValidation()); err != nil {
		return err
	}
	if kept.held == nil {
		kept.held = map[heldAnswer]bool{}
	}
	kept.held[answer] = true
	return nil
}

// heldAnswer is a body that keeps a schema.
type heldAnswer struct {
	schema *openapi3.Schema
	body   [sha256.Size]byte
}

// problemOf reads a problem.
func problemOf(t testing.TB, rec *httptest.ResponseRecorder) problem {
	t.Helper()
	var p problem
	if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil {
		t.Fatalf("the answer with status %d is no problem: %v: %.200s", rec.Code, err, rec.Body)
	}
	if p.Status != rec.Code {
		t.Errorf("the problem says status %d, the answer %d", p.Status, rec.Code)
	}
	return p
}

// clausePath is the address of a clause.
func clausePath(id corpus.ClauseID) string {
	return "/api/v1/clauses/" + url.PathEscape(string(id.Standard())) + "/" + url.PathEscape(id.Key())
}

// everything lists a request for every operation and every record there is.
func (w *apiWorld) everything() []apiAsk {
	var out []apiAsk
	add := func(paths ...string) {
		for _, p := range paths {
			out = append(out, apiAsk{path: p})
		}
	}
	add("/api/openapi.json", "/api/v1/standards", "/api/v1/dossiers", "/api/v1/decisions?limit=200", "/api/v1/changes?limit=200")
	round := "/api/v1/dossiers/" + w.open.ID.String() + "/rounds/1"
	add(round, round+"/matches", round+"/diff", round+"/diff?to=1")
	for _, order := range apiOrders {
		add("/api/v1/matches?limit=200&order=" + string(order))
	}
	for id := range w.docs {
		add("/api/v1/standards/"+string(id), "/api/v1/standards/"+string(id)+"/clauses", "/api/v1/search?limit=100&standard="+string(id), "/api/v1/standards/"+string(id)+"/export")
	}
	for _, id := range w.clauseIDs() {
		add(clausePath(id), clausePath(id)+"/equivalents", clausePath(id)+"/proposals?limit=50", "/api/v1/matches?clause="+url.QueryEscape(string(id)))
	}
	for _, id := range w.matches {
		add("/api/v1/matches/" + id.String())
	}
	for _, d := range []review.Dossier{w.open, w.closed} {
		add("/api/v1/dossiers/"+d.ID.String(), "/api/v1/dossiers/"+d.ID.String()+"/rounds")
		for _, format := range []string{"csv", "sssom", "sssom-1.0"} {
			add("/api/v1/dossiers/" + d.ID.String() + "/export?format=" + format)
		}
	}
	for _, q := range []string{hiddenText, hiddenTail, hiddenLimit, blindNote, shownText, "width of escape corridors", "\"clear width\"", "corridor " + hiddenLimit + " mm", "door*"} {
		add("/api/v1/search?q="+url.QueryEscape(q), "/api/v1/search?exact=true&q="+url.QueryEscape(q))
	}
	open := "/api/v1/dossiers/" + w.open.ID.String() + "/export"
	add(open+"?format=html&onesided=true&language=zh", open+"?format=csv&round=1")
	ids, _ := json.Marshal(apiIDs{Clauses: w.clauseIDs()})
	for _, p := range []string{"/api/v1/clauses", "/api/v1/equivalents"} {
		out = append(out, apiAsk{method: http.MethodPost, path: p, body: string(ids)})
	}
	return out
}

// crawl asks for everything and returns every answer, headers too.
func (w *apiWorld) crawl(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for _, q := range w.everything() {
		q.key = w.keys["all"]
		rec := w.ask(t, q)
		if rec.Code != http.StatusOK {
			t.Errorf("%s %s: %d %s", q.method, q.path, rec.Code, rec.Body)
		}
		apiMust(t, rec.Header().Write(&b))
		b.WriteString(rec.Body.String())
	}
	return b.String()
}
