package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"concord/client"
)

// server answers as a Concord server would, from fixed texts; the first request
// for matches comes too often.
func server() *httptest.Server {
	asked := 0
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer cnk_example" {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprint(w, `{"title":"the key is not good","status":401,"code":"bad-key","id":"r1"}`)
			return
		}
		switch r.URL.Path + "?" + r.URL.RawQuery {
		case "/api/v1/matches?limit=200":
			if asked++; asked == 1 {
				w.Header().Set("Retry-After", "3")
				w.WriteHeader(http.StatusTooManyRequests)
				return
			}
			fmt.Fprint(w, `{"items":[{"id":"m1","sources":["cn-a/5.1"],"targets":["ru-b/4.2"],"state":"confirmed","outcome":{"verdict":"subset"}}],"next":"more"}`)
		case "/api/v1/matches?cursor=more&limit=200":
			fmt.Fprint(w, `{"items":[{"id":"m2","sources":["cn-a/5.2"],"targets":[],"state":"proposed"}]}`)
		case "/api/v1/search?lang=ru&lang=zh&limit=100&q=ramp+slope":
			fmt.Fprint(w, `{"total":2,"items":[{"clause":{"id":"cn-a/5.1","text":"坡道"},"score":9.5}],"next":"more","facets":{"language":[{"value":"zh","count":1}]},"index":"complete"}`)
		case "/api/v1/search?cursor=more&lang=ru&lang=zh&limit=100&q=ramp+slope":
			fmt.Fprint(w, `{"total":2,"items":[{"clause":{"id":"ru-b/4.2","text":"пандус"},"score":4}],"facets":{},"index":"complete"}`)
		case "/api/v1/equivalents?":
			fmt.Fprint(w, `{"items":[{"clause":"cn-a/5.1","matches":[{"targets":["ru-b/4.2"],"state":"confirmed"}]}]}`)
		case "/api/v1/changes?after=0&limit=200":
			fmt.Fprint(w, `{"items":[{"seq":1,"kind":"standard","id":"cn-a","standard":{"id":"cn-a","designation":"GB 1-2020"}},{"seq":2,"kind":"clause","id":"cn-a/5.1","removed":true}],"after":2,"more":true}`)
		case "/api/v1/changes?after=2&limit=200":
			fmt.Fprint(w, `{"items":[],"after":2,"more":false}`)
		case "/api/v1/changes?after=7&limit=200":
			fmt.Fprint(w, `{"items":[{"seq":9,"kind":"match","id":"m1"}],"after":9,"more":false}`)
		case "/api/v1/exports?":
			if r.Header.Get("Idempotency-Key") != "monday" {
				w.WriteHeader(http.StatusConflict)
				fmt.Fprint(w, `{"title":"in conflict with what is there","status":409,"code":"conflict","id":"r2"}`)
				return
			}
			w.Header().Set("Retry-After", "2")
			w.WriteHeader(http.StatusAccepted)
			fmt.Fprint(w, `{"id":"e1","state":"waiting"}`)
		case "/api/v1/exports/e1?":
			if asked++; asked%2 == 1 {
				fmt.Fprint(w, `{"id":"e1","state":"working","rows":4210,"done":400}`)
				return
			}
			fmt.Fprint(w, `{"id":"e1","state":"done","rows":4210,"done":4210}`)
		case "/api/v1/exports/e1/file?":
			fmt.Fprint(w, "match,state\r\n")
		default:
			http.NotFound(w, r)
		}
	}))
}

func ExampleClient_Export() {
	s := server()
	defer s.Close()
	c := &client.Client{Base: s.URL, Key: "cnk_example", Wait: func(_ context.Context, d time.Duration) error { fmt.Println("wait", d); return nil }}
	var file strings.Builder
	fmt.Println(c.Export(context.Background(), client.ExportAsk{Dossier: "d1"}, "monday", &file))
	fmt.Printf("%q\n", file.String())
	fmt.Println(c.Export(context.Background(), client.ExportAsk{Dossier: "d1"}, "", &file))
	// Output:
	// wait 2s
	// wait 2s
	// <nil>
	// "match,state\r\n"
	// concord answers 409, in conflict with what is there (request r2)
}

func ExampleClient_Matches() {
	s := server()
	defer s.Close()
	c := &client.Client{Base: s.URL, Key: "cnk_example", Wait: func(context.Context, time.Duration) error { return nil }}
	for m, err := range c.Matches(context.Background(), "") {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(m.ID, m.State, strings.Join(m.Sources, " + "), "↔", strings.Join(m.Targets, " + "))
	}
	// Output:
	// m1 confirmed cn-a/5.1 ↔ ru-b/4.2
	// m2 proposed cn-a/5.2 ↔
}

func ExampleClient_Search() {
	s := server()
	defer s.Close()
	c := &client.Client{Base: s.URL, Key: "cnk_example"}
	ask := client.SearchAsk{Query: "ramp slope", Languages: []string{"ru", "zh"}}
	for hit, err := range c.Search(context.Background(), ask) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(hit.Clause.ID, hit.Clause.Text)
	}
	page, err := c.SearchPage(context.Background(), ask, "", 100)
	fmt.Println(page.Total, page.Facets["language"], err)
	// Output:
	// cn-a/5.1 坡道
	// ru-b/4.2 пандус
	// 2 [{zh 1}] <nil>
}

// An error of the server has a code for programs; what is not there is ErrNotFound.
func ExampleProblem() {
	s := server()
	defer s.Close()
	c := &client.Client{Base: s.URL, Key: "cnk_other"}
	_, err := c.Clause(context.Background(), "cn-a/5.1")
	var p *client.Problem
	if errors.As(err, &p) {
		fmt.Println(p.Status, p.Code)
	}
	c.Key = "cnk_example"
	_, err = c.Clause(context.Background(), "cn-a/99")
	fmt.Println(errors.Is(err, client.ErrNotFound))
	// Output:
	// 401 bad-key
	// true
}

func ExampleClient_Equivalents() {
	s := server()
	defer s.Close()
	c := &client.Client{Base: s.URL, Key: "cnk_example"}
	found, err := c.Equivalents(context.Background(), "cn-a/5.1")
	fmt.Println(found[0].Clause, found[0].Matches[0].Targets, err)
	// Output: cn-a/5.1 [ru-b/4.2] <nil>
}

// Follow keeps a copy up to date; here the context ends when nothing is new.
func ExampleClient_Follow() {
	s := server()
	defer s.Close()
	done := errors.New("nothing new")
	c := &client.Client{Base: s.URL, Key: "cnk_example", Wait: func(context.Context, time.Duration) error { return done }}
	err := c.Follow(context.Background(), 0, func(page client.Changes) error {
		for _, item := range page.Items {
			fmt.Println(item.Seq, item.Kind, item.ID, item.Removed)
		}
		return nil
	})
	fmt.Println(err)
	// Output:
	// 1 standard cn-a false
	// 2 clause cn-a/5.1 true
	// nothing new
}

// TestFaults: a gap is found, a key that is not good is told, and a server that
// asks to wait is waited for as long as it says.
func TestFaults(t *testing.T) {
	s := server()
	defer s.Close()
	var waited []time.Duration
	c := &client.Client{Base: s.URL, Key: "cnk_example", Wait: func(_ context.Context, d time.Duration) error { waited = append(waited, d); return nil }}
	if _, err := c.Changes(t.Context(), 7); !errors.Is(err, client.ErrGap) {
		t.Errorf("a gap gives %v", err)
	}
	for range c.Matches(t.Context(), "") {
		break
	}
	if len(waited) != 1 || waited[0] != 3*time.Second {
		t.Errorf("waited %v, the server asked for 3 s", waited)
	}
	var p *client.Problem
	if _, err := c.Match(t.Context(), "unknown"); !errors.As(err, &p) || p.Status != http.StatusNotFound {
		t.Errorf("an unknown match gives %v", err)
	}
	c.Key = "other"
	if _, err := c.Match(t.Context(), "m1"); !errors.As(err, &p) || p.Code != "bad-key" || !strings.Contains(err.Error(), "request r1") {
		t.Errorf("a wrong key gives %v", err)
	}
	s.Close()
	waited = nil
	if _, err := c.Match(t.Context(), "m1"); err == nil || len(waited) != 5 {
		t.Errorf("a server that is gone: %v after %d waits", err, len(waited))
	}
}

// answers is a server that answers with each of its answers in turn, and the last again.
func answers(t *testing.T, list ...func(http.ResponseWriter, *http.Request)) *client.Client {
	t.Helper()
	n := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		list[min(n, len(list)-1)](w, r)
		n++
	}))
	t.Cleanup(s.Close)
	return &client.Client{Base: s.URL + "/", Key: "cnk_example"}
}

// says is an answer with a status and a header.
func says(status int, name, value, body string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(name, value)
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

// TestPatience: who is busy or away is asked ever later, as late as it says; what will
// not change by waiting is an error at once.
func TestPatience(t *testing.T) {
	var waited []time.Duration
	note := func(_ context.Context, d time.Duration) error {
		if d > 30*time.Second { // until a date, which has whole seconds and is a while off when it is read
			d = d.Round(10 * time.Second)
		}
		waited = append(waited, d.Round(time.Second))
		return nil
	}
	fine := says(200, "X", "", `{"id":"m1"}`)
	inAMinute := time.Now().Add(time.Minute).UTC().Format(http.TimeFormat)
	for name, c := range map[string]struct {
		list []func(http.ResponseWriter, *http.Request)
		want []time.Duration
		err  string
	}{
		"busy":          {[]func(http.ResponseWriter, *http.Request){says(503, "Retry-After", "7", "{}"), says(429, "Retry-After", "3", "{}"), fine}, []time.Duration{7 * time.Second, 3 * time.Second}, ""},
		"a date":        {[]func(http.ResponseWriter, *http.Request){says(503, "Retry-After", inAMinute, "{}"), fine}, []time.Duration{time.Minute}, ""},
		"a proxy":       {[]func(http.ResponseWriter, *http.Request){says(502, "X", "", "<html>"), says(504, "X", "", ""), fine}, []time.Duration{time.Second, 2 * time.Second}, ""},
		"away":          {[]func(http.ResponseWriter, *http.Request){says(502, "X", "", "<html>")}, []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second}, "concord answers 502, 502 Bad Gateway"},
		"a wrong ask":   {[]func(http.ResponseWriter, *http.Request){says(400, "X", "", `{"title":"no","code":"invalid","id":"r"}`), fine}, nil, "concord answers 400, no (request r)"},
		"a page":        {[]func(http.ResponseWriter, *http.Request){says(200, "X", "", "<html>"), fine}, nil, "invalid character"},
		"a failure":     {[]func(http.ResponseWriter, *http.Request){says(500, "X", "", `{"title":"ours"}`), fine}, nil, "concord answers 500"},
		"a wrong state": {[]func(http.ResponseWriter, *http.Request){says(412, "X", "", `{"title":"changed","code":"unmet"}`), fine}, nil, "412"},
	} {
		waited = nil
		asked := answers(t, c.list...)
		asked.Wait = note
		m, err := asked.Match(t.Context(), "m1")
		if fmt.Sprint(waited) != fmt.Sprint(c.want) || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) || err == nil && m.ID != "m1" {
			t.Errorf("%s: waited %v, %v", name, waited, err)
		}
	}
	waited = nil
	for _, base := range []string{"", "concord.example", "127.0.0.1:8080", "ftp://x", "http://", "://"} {
		c := &client.Client{Base: base, Wait: note}
		if _, err := c.Match(t.Context(), "m1"); err == nil || !strings.Contains(err.Error(), "https://concord.example") || len(waited) > 0 {
			t.Errorf("the base %q: %v after %v", base, err, waited)
		}
	}
	slow := answers(t, func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	slow.Timeout, slow.Wait = 20*time.Millisecond, note
	if _, err := slow.Match(t.Context(), "m1"); !errors.Is(err, context.DeadlineExceeded) || len(waited) > 0 {
		t.Errorf("a server that never answers: %v after %v", err, waited)
	}
}

// TestFilesAreWaitedFor: a file that is refused for a while is asked for again, and one
// that was read halfway is an error.
func TestFilesAreWaitedFor(t *testing.T) {
	done := says(202, "X", "", `{"id":"e1","state":"done"}`)
	c := answers(t, done, says(429, "Retry-After", "2", `{"title":"often"}`), says(200, "X", "", "the file"))
	var waited []time.Duration
	c.Wait = func(_ context.Context, d time.Duration) error { waited = append(waited, d); return nil }
	var file strings.Builder
	if err := c.Export(t.Context(), client.ExportAsk{Dossier: "d1"}, "", &file); err != nil || file.String() != "the file" || len(waited) != 1 || waited[0] != 2*time.Second {
		t.Errorf("%q, %v after %v", file.String(), err, waited)
	}
	half := answers(t, done, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100")
		fmt.Fprint(w, "half")
	})
	half.Wait = c.Wait
	if err := half.Export(t.Context(), client.ExportAsk{Dossier: "d1"}, "", &file); err == nil {
		t.Error("half a file is a whole one")
	}
}

// TestEndExportIf: an export is ended in the state that was read.
func TestEndExportIf(t *testing.T) {
	c := answers(t, says(200, "ETag", `"a1"`, `{"id":"e1","state":"done"}`), func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodDelete || r.Header.Get("If-Match") != `"a1"` || r.URL.Path != "/api/v1/exports/e1" {
			w.WriteHeader(http.StatusPreconditionFailed)
		}
		fmt.Fprint(w, `{"id":"e1","state":"done","title":"changed"}`)
	})
	j, err := c.ExportState(t.Context(), "e1")
	if err != nil || j.Tag != `"a1"` {
		t.Fatalf("%+v, %v", j, err)
	}
	if _, err := c.EndExportIf(t.Context(), j); err != nil {
		t.Error(err)
	}
	j.Tag = `"b2"`
	var p *client.Problem
	if _, err := c.EndExportIf(t.Context(), j); !errors.As(err, &p) || p.Status != http.StatusPreconditionFailed {
		t.Errorf("another state: %v", err)
	}
}
