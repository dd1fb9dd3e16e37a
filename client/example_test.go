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
