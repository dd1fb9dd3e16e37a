package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestDocsPage checks that the page of documentation has every operation, type
// and problem, and that its links lead somewhere.
func TestDocsPage(t *testing.T) {
	w := sharedAPIWorld(t)
	req := httptest.NewRequest(http.MethodGet, "/api/docs", nil)
	rec := httptest.NewRecorder()
	w.server.Handler().ServeHTTP(rec, req)
	page := rec.Body.String()
	if rec.Code != http.StatusOK || !strings.HasPrefix(rec.Header().Get("Content-Type"), "text/html") {
		t.Fatalf("%d %s", rec.Code, page)
	}
	var want []string
	for _, o := range operations {
		want = append(want, "</strong> "+strings.NewReplacer(":id", "{id}", ":key", "{key}", ":number", "{number}").Replace(o.path)+"<")
		for _, p := range o.params {
			want = append(want, ">"+strings.TrimSuffix(p, "*")+"<")
		}
	}
	for code := range problemTitles {
		want = append(want, `id="problem-`+code+`"`)
	}
	for _, part := range strings.Split(page, `href="#`)[1:] {
		name, _, _ := strings.Cut(part, `"`)
		want = append(want, `id="`+name+`"`)
	}
	for _, text := range want {
		if !strings.Contains(page, text) {
			t.Errorf("the page does not have %s", text)
		}
	}
	if strings.Contains(page, "⟦") || strings.Contains(page, "<no value>") {
		t.Error("the page has words that are not there")
	}
}
