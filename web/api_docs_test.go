package web

import (
	"go/format"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
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

// TestSamplesOfTheDocsRun formats every sample in Go as gofmt does, has Python read every
// one of its samples, and runs those of an operation against the interface.
func TestSamplesOfTheDocsRun(t *testing.T) {
	w := sharedAPIWorld(t)
	site := httptest.NewServer(w.server.Handler())
	defer site.Close()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Log("no python3 on this machine: its samples are not read")
	}
	n := 0
	for _, g := range w.server.guide.Groups {
		for _, o := range g.Operations {
			for _, s := range o.Samples {
				n++
				if s.Language == "Go" {
					if out, err := format.Source([]byte(s.Code)); err != nil || string(out) != s.Code {
						t.Errorf("%s in Go: %v\n%s", o.ID, err, s.Code)
					}
				}
				if s.Language != "Python" || python == "" {
					continue
				}
				run := exec.Command(python, "-c", "import ast, sys; ast.parse(sys.stdin.read())")
				runs := o.Path == "/api/v1/standards"
				if runs {
					run = exec.Command(python, "-")
					run.Env = append(os.Environ(), "CONCORD="+site.URL, "CONCORD_KEY="+w.keys["all"])
				}
				run.Stdin = strings.NewReader(s.Code)
				if out, err := run.CombinedOutput(); err != nil || runs && !strings.Contains(string(out), `"cn-a-2020"`) {
					t.Errorf("%s in Python: %v %s\n%s", o.ID, err, out, s.Code)
				}
			}
		}
	}
	if n < 3*len(operations) {
		t.Errorf("%d samples of %d operations", n, len(operations))
	}
}
