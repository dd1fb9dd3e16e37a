package main

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestMCPNeedsAServer: without a key, with one that the server refuses, and with no
// server there, the command says so, and never tells the key.
func TestMCPNeedsAServer(t *testing.T) {
	const key = "cnk_test_secret"
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked++; r.URL.Path != "/api/mcp" || r.Header.Get("Authorization") != "Bearer "+key {
			t.Errorf("%s is asked with %q", r.URL.Path, r.Header.Get("Authorization"))
		}
		w.WriteHeader(http.StatusUnauthorized)
	}))
	talk := func() (int, string) {
		var out, errs bytes.Buffer
		e := env{stdout: &out, stderr: &errs, stdin: strings.NewReader(""), getenv: func(name string) string {
			return map[string]string{"CONCORD_KEY": key, "CONCORD_URL": server.URL + "/"}[name]
		}}
		return run(context.Background(), e, []string{"mcp"}), out.String() + errs.String()
	}
	if code, says := talk(); code != exitFailed || !strings.Contains(says, "Unauthorized") || strings.Contains(says, key) || asked == 0 {
		t.Errorf("a key that is refused: exit %d, %s", code, says)
	}
	server.Close()
	if code, says := talk(); code != exitFailed || !strings.Contains(says, "does not answer") || strings.Contains(says, key) {
		t.Errorf("a server that is away: exit %d, %s", code, says)
	}
	if code, _, errs := concord(t, "mcp"); code != exitUsage || !strings.Contains(errs, "CONCORD_KEY") {
		t.Errorf("without a key: exit %d, %s", code, errs)
	}
}
