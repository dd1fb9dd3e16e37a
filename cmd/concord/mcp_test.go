package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestMCPPassesOn: each line is sent with the key, each answer is one line in
// their order, a notification has none, and what the server refuses is an error of
// its message; the key stands in no answer.
func TestMCPPassesOn(t *testing.T) {
	const key = "cnk_test_secret"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		switch {
		case r.URL.Path != "/api/mcp" || r.Header.Get("Authorization") != "Bearer "+key || r.Header.Get("Content-Type") != "application/json":
			w.WriteHeader(http.StatusTeapot)
		case bytes.Contains(body, []byte("notifications/")):
			w.WriteHeader(http.StatusAccepted)
		case bytes.Contains(body, []byte("refused")):
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, `{"title":"the key is not good","detail":"it has ended"}`)
		default:
			_, _ = io.WriteString(w, "{\n \"jsonrpc\": \"2.0\", \"id\": 1, \"result\": {}\n}\n")
		}
	}))
	talk := func(url, lines string) (int, string, string) {
		var out, errs bytes.Buffer
		e := env{stdout: &out, stderr: &errs, stdin: strings.NewReader(lines), getenv: func(name string) string {
			return map[string]string{"CONCORD_KEY": key, "CONCORD_URL": url}[name]
		}}
		return run(context.Background(), e, []string{"mcp"}), out.String(), errs.String()
	}
	code, out, errs := talk(server.URL+"/", `{"jsonrpc":"2.0","id":1,"method":"ping"}

{"jsonrpc":"2.0","method":"notifications/initialized"}
{"jsonrpc":"2.0","id":"x","method":"refused"}
`)
	want := `{"jsonrpc":"2.0","id":1,"result":{}}
{"error":{"code":-32000,"message":"the key is not good: it has ended"},"id":"x","jsonrpc":"2.0"}
`
	if code != exitOK || out != want {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
	server.Close()
	code, out, _ = talk(server.URL, `{"jsonrpc":"2.0","id":7,"method":"ping"}`+"\n"+`{"jsonrpc":"2.0","method":"notifications/x"}`+"\n")
	if code != exitOK || !strings.Contains(out, "does not answer") || !strings.Contains(out, `"id":7`) || strings.Count(out, "\n") != 1 || strings.Contains(out, key) {
		t.Errorf("a server that is away: exit %d, %s", code, out)
	}
	if code, _, errs := concord(t, "mcp"); code != exitUsage || !strings.Contains(errs, "CONCORD_KEY") {
		t.Errorf("without a key: exit %d, %s", code, errs)
	}
	if code, _, errs := talk(server.URL, strings.Repeat("x", mcpLine+1)); code != exitFailed || !strings.Contains(errs, "longer than") {
		t.Errorf("a line without end: exit %d, %s", code, errs)
	}
}
