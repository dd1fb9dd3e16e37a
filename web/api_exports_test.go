package web

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"

	"concord/review"
	"concord/review/export"
)

// begun asks for an export in the background.
func (w *apiWorld) begun(t *testing.T, ask any, again, key string) *httptest.ResponseRecorder {
	t.Helper()
	body, err := json.Marshal(ask)
	apiMust(t, err)
	q := apiAsk{method: http.MethodPost, path: "/api/v1/exports", body: string(body), key: key, header: map[string]string{}}
	if again != "" {
		q.header[headerAgain] = again
	}
	return w.ask(t, q)
}

// exported goes the whole way of an export in the background and returns its file.
func (w *apiWorld) exported(t *testing.T, ask apiExportAsk, again string) string {
	t.Helper()
	rec := w.begun(t, ask, again, w.keys["all"])
	at := rec.Header().Get("Location")
	if rec.Code != http.StatusAccepted || !strings.HasPrefix(at, apiJobs) || rec.Header().Get("Retry-After") == "" {
		t.Fatalf("%d to %q: %s", rec.Code, at, rec.Body)
	}
	if early := w.ask(t, apiAsk{path: at + "/file", key: w.keys["all"]}); early.Code != http.StatusAccepted || early.Header().Get("Location") != at {
		t.Errorf("a file before its time: %d", early.Code)
	}
	for w.server.jobs.next(t.Context()) { // those of other tests too
	}
	j := readAPI[apiExportJob](t, w, at)
	if j.State != string(exportDone) || j.File != at+"/file" || j.Rows == 0 || j.Done != j.Rows || j.Size == 0 || j.Expires == nil {
		t.Fatalf("%+v", j)
	}
	file := w.get(t, j.File).Body.String()
	if rec := w.ask(t, apiAsk{method: http.MethodDelete, path: at, key: w.keys["all"]}); rec.Code != http.StatusOK {
		t.Errorf("delete: %d", rec.Code)
	}
	if rec := w.ask(t, apiAsk{path: at, key: w.keys["all"]}); rec.Code != http.StatusNotFound {
		t.Errorf("after it was deleted: %d", rec.Code)
	}
	return file
}

// TestAPIExportJobs: the file is the one that is made at once, it is its key's alone,
// and a request sent twice begins one export.
func TestAPIExportJobs(t *testing.T) {
	w := newAPIWorld(t)
	direct := "/api/v1/dossiers/" + w.open.ID.String() + "/export"
	w.clock.move(time.Hour)
	file := w.exported(t, apiExportAsk{Dossier: w.open.ID, Format: "sssom", Round: 1}, "")
	cut := func(s string) string { // but for the moment it was made
		head, rest, _ := strings.Cut(s, "mapping_set_version")
		_, rest, _ = strings.Cut(rest, "\n")
		return head + rest
	}
	if once := w.get(t, direct+"?format=sssom&round=1").Body.String(); cut(file) != cut(once) || len(cut(file)) < 1000 {
		t.Errorf("it is another file than the one made at once:\n%s\n%s", file, once)
	}
	// what is too long to be made at once is refused and begins nothing; the job of the same goes
	held := len(w.server.jobs.jobs)
	w.server.exportRows = 0
	rec := w.ask(t, apiAsk{path: direct + "?format=sssom", key: w.keys["all"]})
	if rec.Code != http.StatusBadRequest || !strings.Contains(rec.Body.String(), `"code":"limit"`) || !strings.Contains(rec.Body.String(), "POST /api/v1/exports,") || len(w.server.jobs.jobs) != held {
		t.Errorf("a long one at once: %d %s", rec.Code, rec.Body)
	}
	if w.exported(t, apiExportAsk{Dossier: w.open.ID, Format: "sssom"}, "") == "" {
		t.Error("a long one in the background is empty")
	}
	w.server.exportRows = exportRows
	first := w.begun(t, apiExportAsk{Dossier: w.open.ID}, "again", w.keys["all"]).Header().Get("Location")
	if twice := w.begun(t, apiExportAsk{Dossier: w.open.ID}, "again", w.keys["all"]).Header().Get("Location"); twice != first || first == "" {
		t.Errorf("sent twice: %q and %q", first, twice)
	}
	if rec := w.begun(t, apiExportAsk{Dossier: w.open.ID, Format: "docx"}, "again", w.keys["all"]); rec.Code != http.StatusConflict {
		t.Errorf("the same key for something else: %d", rec.Code)
	}
	if other := w.begun(t, apiExportAsk{Dossier: w.open.ID}, "another", w.keys["all"]).Header().Get("Location"); other == first {
		t.Error("another idempotency key begins nothing")
	}
	for _, path := range []string{first, first + "/file"} {
		if rec := w.ask(t, apiAsk{path: path, key: w.keys["export"]}); rec.Code != http.StatusNotFound {
			t.Errorf("%s with another key: %d", path, rec.Code)
		}
	}
	for name, c := range map[string]struct {
		ask  any
		key  string
		want int
	}{
		"no scope":            {apiExportAsk{Dossier: w.open.ID}, w.keys["read"], http.StatusForbidden},
		"no key":              {apiExportAsk{Dossier: w.open.ID}, "", http.StatusUnauthorized},
		"no such dossier":     {apiExportAsk{Dossier: uuid.New()}, w.keys["all"], http.StatusNotFound},
		"no such round":       {apiExportAsk{Dossier: w.open.ID, Round: 9}, w.keys["all"], http.StatusNotFound},
		"no such template":    {apiExportAsk{Dossier: w.open.ID, Format: "docx", Template: "none"}, w.keys["all"], http.StatusNotFound},
		"no such format":      {apiExportAsk{Dossier: w.open.ID, Format: "pdf"}, w.keys["all"], http.StatusBadRequest},
		"no such language":    {apiExportAsk{Dossier: w.open.ID, Language: "tlh"}, w.keys["all"], http.StatusBadRequest},
		"one side of a round": {apiExportAsk{Dossier: w.open.ID, Round: 1, OneSided: true}, w.keys["all"], http.StatusBadRequest},
		"one side unmarked":   {apiExportAsk{Dossier: w.open.ID, Format: "oscal", OneSided: true}, w.keys["all"], http.StatusBadRequest},
		"an unknown field":    {map[string]any{"dossier": w.open.ID, "pages": 2}, w.keys["all"], http.StatusBadRequest},
	} {
		if rec := w.begun(t, c.ask, "", c.key); rec.Code != c.want {
			t.Errorf("%s: %d, want %d: %s", name, rec.Code, c.want, rec.Body)
		}
	}
}

// TestAPIExportsLook: templates, languages and one-sided lines are as on the pages.
func TestAPIExportsLook(t *testing.T) {
	w := newAPIWorld(t)
	look, err := w.db.SaveTemplate(t.Context(), review.Template{Name: "House style", Arrangement: "[report]\ntitle = Letter of the Ministry\n"}, w.cn)
	apiMust(t, err)
	base := "/api/v1/dossiers/" + w.open.ID.String() + "/export?format=html"
	plain := w.get(t, base).Body.String()
	named, byID := w.get(t, base+"&template=house+style").Body.String(), w.get(t, base+"&template="+look.ID.String()).Body.String()
	if !strings.Contains(named, "Letter of the Ministry") || !strings.Contains(byID, "Letter of the Ministry") || strings.Contains(plain, "Letter of the Ministry") {
		t.Error("the template does not show")
	}
	if zh := w.get(t, base+"&language=zh").Body.String(); !strings.Contains(zh, `lang="zh"`) || zh == plain {
		t.Error("the language does not show")
	}
	both := w.get(t, base+"&onesided=true").Body.String()
	if !strings.Contains(both, "◔") || strings.Contains(plain, "◔") || strings.Contains(both, blindNote) {
		t.Error("lines of one side do not show, or tell too much")
	}
	for path, want := range map[string]int{"&template=none": 404, "&onesided=yes": 400, "&round=0": 400, "&round=7": 404, "&language=xx": 400, "&template=" + uuid.NewString(): 404} {
		if rec := w.ask(t, apiAsk{path: base + path, key: w.keys["all"]}); rec.Code != want {
			t.Errorf("%s: %d, want %d", path, rec.Code, want)
		}
	}
	for _, f := range export.Formats {
		rec := w.ask(t, apiAsk{path: "/api/v1/dossiers/" + w.open.ID.String() + "/export?onesided=true&format=" + f.Name, key: w.keys["all"]})
		if (rec.Code == http.StatusOK) != f.Marks {
			t.Errorf("%s with one side: %d", f.Name, rec.Code)
		}
	}
}

// TestStandardsAsCatalogs: a catalog leaves within the rights of its texts.
func TestStandardsAsCatalogs(t *testing.T) {
	w := newAPIWorld(t)
	for id, hidden := range map[string]string{"de-c-2020": hiddenText, "gb-d-2020": hiddenTail} {
		body := w.get(t, "/api/v1/standards/"+id+"/export").Body.String()
		if strings.Contains(body, hidden) || strings.Contains(body, hiddenLimit) || !strings.Contains(body, `"label"`) {
			t.Errorf("%s tells too much, or nothing", id)
		}
	}
	if body := w.get(t, "/api/v1/standards/cn-a-2020/export?format=oscal-catalog").Body.String(); !strings.Contains(body, shownText) {
		t.Error("a text that may be shown is not in its catalog")
	}
	for path, want := range map[string]int{"/api/v1/standards/none/export": 404, "/api/v1/standards/cn-a-2020/export?format=csv": 400} {
		if rec := w.ask(t, apiAsk{path: path, key: w.keys["all"]}); rec.Code != want {
			t.Errorf("%s: %d", path, rec.Code)
		}
	}
}

// undeclared lists where the table of what is deprecated and the description differ.
func undeclared(doc *openapi3.T, table []deprecation) []string {
	var out []string
	is := func(method, path, param string) bool {
		return slices.ContainsFunc(table, func(d deprecation) bool { return d.method == method && d.path == path && d.param == param })
	}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			if op.Deprecated != is(method, routePath(path), "") {
				out = append(out, method+" "+path)
			}
			for _, p := range op.Parameters {
				if p.Value.Deprecated != (p.Value.In == "query" && is(method, routePath(path), p.Value.Name)) {
					out = append(out, method+" "+path+" "+p.Value.Name)
				}
			}
		}
	}
	for _, d := range table {
		if d.ends.Before(d.since.AddDate(1, 0, 0)) || !slices.ContainsFunc(operations, func(o operation) bool { return o.method == d.method && o.path == d.path }) {
			out = append(out, d.path+" ends too early, or is not there")
		}
	}
	return out
}

// TestDeprecated holds the table of what is deprecated to the description and to the
// headers of answers.
func TestDeprecated(t *testing.T) {
	w := newAPIWorld(t)
	if list := undeclared(w.doc, deprecations); len(list) > 0 {
		t.Errorf("the description differs: %v", list)
	}
	since := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	table := []deprecation{
		{method: "GET", path: "/api/v1/dossiers/:id", since: since, ends: since.AddDate(1, 0, 0)},
		{method: "GET", path: "/api/v1/dossiers/:id/export", param: "format", since: since, ends: since.AddDate(2, 0, 0)},
	}
	if list := undeclared(w.doc, table); len(list) != 2 {
		t.Errorf("what the description does not say is not noticed: %v", list)
	}
	if list := undeclared(w.doc, []deprecation{{method: "GET", path: "/api/v1/none", since: since, ends: since}}); len(list) != 1 {
		t.Errorf("an end too early is not noticed: %v", list)
	}
	w.server.ending = table
	one := "/api/v1/dossiers/" + w.open.ID.String()
	for path, want := range map[string]string{one: "Sat, 01 May 2027 00:00:00 GMT", one + "/export?format=csv": "Mon, 01 May 2028 00:00:00 GMT", one + "/export": "", "/api/v1/dossiers": ""} {
		h := w.get(t, path).Header()
		since := ""
		if want != "" {
			since = "@1777593600"
		}
		if h.Get("Sunset") != want || h.Get("Deprecation") != since || strings.Contains(h.Get("Link"), `rel="deprecation"`) != (want != "") {
			t.Errorf("%s: Deprecation %q, Sunset %q, Link %q", path, h.Get("Deprecation"), h.Get("Sunset"), h.Get("Link"))
		}
	}
}

// TestVersionsThatAreNot: a version that there is not is a problem of its own.
func TestVersionsThatAreNot(t *testing.T) {
	w := sharedAPIWorld(t)
	for path, code := range map[string]string{"/api/v2/standards": "version", "/api/v0": "version", "/api/v1.1/standards": "version", "/api/v2": "version", "/api/v1/none": "not-found", "/api/versions": "not-found", "/api/v": "not-found"} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			rec := w.ask(t, apiAsk{method: method, path: path, key: w.keys["all"]})
			if p := problemOf(t, rec); p.Code != code || rec.Code != http.StatusNotFound {
				t.Errorf("%s %s: %d %s, want %s", method, path, rec.Code, p.Code, code)
			}
		}
	}
}
