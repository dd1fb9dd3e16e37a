package web

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestClauseAddresses: the address of a clause gives a browser its page and sends a
// program to the data, which still needs a key.
func TestClauseAddresses(t *testing.T) {
	w := sharedAPIWorld(t)
	ask := func(path, accept, key string) *httptest.ResponseRecorder {
		req := httptest.NewRequest(http.MethodGet, path, nil)
		if accept != "" {
			req.Header.Set("Accept", accept)
		}
		if key != "" {
			req.Header.Set("Authorization", "Bearer "+key)
		}
		rec := httptest.NewRecorder()
		w.server.Handler().ServeHTTP(rec, req)
		return rec
	}
	const page, data = "/standards/cn-a-2020/clauses/5.1", "/api/v1/clauses/cn-a-2020/5.1"
	for accept, want := range map[string]string{
		"": "/sign-in", "*/*": "/sign-in", "text/html,application/xhtml+xml,*/*;q=0.8": "/sign-in", "text/html, application/json;q=0.5": "/sign-in", "*/*, application/json;q=x": "/sign-in",
		"application/json": data, "application/ld+json": data, "application/ld+json;q=0.9, text/html;q=0.2": data, "Application/JSON, */*;q=0.1": data,
	} {
		rec := ask(page, accept, "")
		if to := rec.Header().Get("Location"); rec.Code != http.StatusSeeOther || !strings.HasPrefix(to, want) || !strings.Contains(strings.Join(rec.Header().Values("Vary"), ","), "Accept") {
			t.Errorf("Accept %q: %d to %q, Vary %q", accept, rec.Code, to, rec.Header().Values("Vary"))
		}
	}
	if to := ask("/standards/cn-a-2020", "application/json", "").Header().Get("Location"); to != "/api/v1/standards/cn-a-2020" {
		t.Errorf("a standard is at %q", to)
	}
	if to := ask("/standards/cn-a-2020/clauses/"+"%E5%9B%BE%2F1", "application/json", "").Header().Get("Location"); to != "/api/v1/clauses/cn-a-2020/%E5%9B%BE%2F1" {
		t.Errorf("a key with a stroke is at %q", to)
	}
	if rec := ask(data, "application/ld+json", ""); rec.Code != http.StatusUnauthorized {
		t.Errorf("without a key: %d", rec.Code)
	}
	rec := ask(data, "application/ld+json", w.keys["read"])
	var node map[string]any
	if rec.Code != http.StatusOK || rec.Header().Get("Content-Type") != mediaLinked || json.Unmarshal(rec.Body.Bytes(), &node) != nil || node["@type"] != "skos:Concept" ||
		node["@id"] != w.server.base.String()+page || rec.Header().Get("Etag") == "" {
		t.Errorf("%d %v %s", rec.Code, rec.Header(), rec.Body)
	}
	if rec := ask(data, "application/ld+json, application/json", w.keys["read"]); rec.Header().Get("Content-Type") != "application/json" {
		t.Errorf("who takes either gets %s", rec.Header().Get("Content-Type"))
	}
	if rec := ask("/api/v1/clauses/de-c-2020/5.1", "application/ld+json", w.keys["read"]); strings.Contains(rec.Body.String(), hiddenText) || strings.Contains(rec.Body.String(), "description") {
		t.Errorf("a text that may not be shown: %s", rec.Body)
	}
}
