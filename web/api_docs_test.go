package web

import (
	"go/format"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
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

// TestSamplesOfTheDocsAnswer runs every sample that needs no other program than curl or
// Python as it is printed, with the variables that the page names: each is answered.
func TestSamplesOfTheDocsAnswer(t *testing.T) {
	w := newAPIWorld(t)
	w.server.compare = w.server.propose.(Comparer)
	asked := map[string]int{} // by method, path and status
	site := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.clock.move(2 * time.Second)
		kept := &keptAnswer{header: rw.Header()}
		w.server.Handler().ServeHTTP(kept, r)
		asked[r.Method+" "+r.URL.Path] = kept.status
		rw.WriteHeader(kept.status)
		_, _ = rw.Write(kept.body.Bytes())
	}))
	defer site.Close()
	page := httptest.NewRecorder()
	w.server.Handler().ServeHTTP(page, httptest.NewRequest(http.MethodGet, "/api/docs", nil))
	_, lines, _ := strings.Cut(page.Body.String(), `aria-label="First request"`)
	lines, _, _ = strings.Cut(lines, "</section>")
	n := 0
	for _, tool := range []struct{ program, argument, language string }{{"bash", "-c", "curl"}, {"python3", "-c", "Python"}} {
		program, err := exec.LookPath(tool.program)
		if err == nil && tool.language == "curl" {
			_, err = exec.LookPath("curl")
		}
		if err != nil {
			t.Logf("%s is not on this machine", tool.language)
			continue
		}
		for _, g := range w.server.guide.Groups {
			for _, o := range g.Operations {
				job := w.begun(t, apiExportAsk{Dossier: w.open.ID}, o.ID+tool.language, w.keys["all"]).Header().Get("Location")
				for w.server.jobs.next(t.Context()) {
				}
				values := map[string]string{"CONCORD": site.URL, "CONCORD_KEY": w.keys["all"], "STANDARD": "cn-a-2020", "CLAUSE": "cn-a-2020/5.1", "DOSSIER": w.open.ID.String(),
					"MATCH": w.matches["confirmed"].String(), "ROUND": "1", "EXPORT": strings.TrimPrefix(job, apiJobs)}
				env := os.Environ()
				for name, value := range values {
					env = append(env, name+"="+value)
					if !strings.Contains(lines, name+"=") {
						t.Errorf("the page does not say what %s is", name)
					}
				}
				for _, s := range o.Samples {
					if s.Language != tool.language {
						continue
					}
					clear(asked)
					run := exec.Command(program, tool.argument, s.Code)
					run.Env, run.Dir = env, t.TempDir()
					out, err := run.CombinedOutput()
					want := o.Method + " " + strings.NewReplacer("standards/{id}", "standards/cn-a-2020", "clauses/{id}/{key}", "clauses/cn-a-2020/5.1", "matches/{id}", "matches/"+values["MATCH"], "dossiers/{id}", "dossiers/"+values["DOSSIER"], "{number}", "1", "exports/{id}", "exports/"+values["EXPORT"]).Replace(o.Path)
					if status := asked[want]; err != nil || status < 200 || status > 299 || len(asked) != 1 {
						t.Errorf("%s in %s: %v %v, wanted %s: %.300s\n%s", o.ID, s.Language, err, asked, want, out, s.Code)
					}
					files, err := os.ReadDir(run.Dir)
					apiMust(t, err)
					if saves := strings.HasSuffix(o.Path, "/export") || strings.HasSuffix(o.Path, "/file"); saves != (len(files) == 1) {
						t.Errorf("%s in %s left %d files", o.ID, s.Language, len(files))
					}
					n++
				}
				w.ask(t, apiAsk{method: http.MethodDelete, path: job, key: w.keys["all"]})
			}
		}
	}
	t.Logf("%d samples ran", n)
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
