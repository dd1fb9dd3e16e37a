package web

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// withKey sends a key with every request.
type withKey struct{ key string }

func (k withKey) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+k.key)
	return http.DefaultTransport.RoundTrip(r)
}

// mcpSession is a session of the protocol's own client.
func mcpSession(t *testing.T, url, key string) *mcp.ClientSession {
	t.Helper()
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(stop)
	session, err := client.Connect(ctx, &mcp.StreamableClientTransport{Endpoint: url + "/api/mcp", HTTPClient: &http.Client{Transport: withKey{key}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close() })
	return session
}

// TestMCP speaks to the server with the protocol's official client: every tool is
// there and answers what the operation behind it answers.
func TestMCP(t *testing.T) {
	w := newAPIWorld(t)
	w.server.compare = w.server.propose.(Comparer)
	server := httptest.NewServer(w.server.Handler())
	defer server.Close()
	session := mcpSession(t, server.URL, w.keys["all"])
	if name := session.InitializeResult().ServerInfo.Name; name != "concord" {
		t.Errorf("the server is called %q", name)
	}
	listed, err := session.ListTools(t.Context(), nil)
	if err != nil || len(listed.Tools) != len(mcpTools) {
		t.Fatalf("%v: %d tools", err, len(listed.Tools))
	}
	for _, tool := range listed.Tools {
		if tool.Annotations == nil || !tool.Annotations.ReadOnlyHint || tool.Description == "" {
			t.Errorf("%s: %+v", tool.Name, tool)
		}
	}
	call := func(name string, arguments map[string]any) *mcp.CallToolResult {
		t.Helper()
		w.clock.move(time.Second)
		result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: name, Arguments: arguments})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return result
	}
	match := w.matches["confirmed"]
	for name, c := range map[string]struct {
		tool      string
		arguments map[string]any
		like      string // path of the operation, "" for none
		has       string
	}{
		"search":      {"search", map[string]any{"query": "corridor", "limit": 5}, "", "items"},
		"clause":      {"get_clause", map[string]any{"clause": "cn-a-2020/5.1"}, "/api/v1/clauses/cn-a-2020/5.1", "cn-a-2020/5.1"},
		"equivalents": {"equivalents", map[string]any{"clause": "cn-a-2020/5.1"}, "/api/v1/clauses/cn-a-2020/5.1/equivalents", "matches"},
		"compare":     {"compare_clauses", map[string]any{"source": "cn-a-2020/5.1", "target": "ru-b-2020/5.1"}, "", "relation"},
		"match":       {"explain_match", map[string]any{"match": match.String()}, "/api/v1/matches/" + match.String(), `"differences":[{"aspect":"quantity"`},
	} {
		t.Run(name, func(t *testing.T) {
			result := call(c.tool, c.arguments)
			if result.IsError || len(result.Content) != 1 {
				t.Fatalf("%+v", result)
			}
			text := result.Content[0].(*mcp.TextContent).Text
			if !strings.Contains(text, c.has) || !json.Valid([]byte(text)) {
				t.Errorf("%.400s", text)
			}
			if c.like != "" {
				if want := strings.TrimSpace(w.get(t, c.like).Body.String()); text != want {
					t.Errorf("the tool says\n%s\nthe operation\n%s", text, want)
				}
			}
		})
	}
	for name, c := range map[string]struct {
		tool      string
		arguments map[string]any
		says      string
	}{
		"unknown clause":   {"get_clause", map[string]any{"clause": "cn-a-2020/99"}, "99"},
		"no argument":      {"get_clause", nil, "needs the argument clause"},
		"another argument": {"get_clause", map[string]any{"clause": "a/1", "sql": "x"}, `no argument "sql"`},
		"another type":     {"get_clause", map[string]any{"clause": 7}, "the argument clause of the tool get_clause is a text"},
		"the wrong name":   {"get_clause", map[string]any{"id": "cn-a-2020/5.1"}, `no argument "id", it has clause`},
		"nothing":          {"search", map[string]any{"query": nil}, "needs the argument query"},
		"no id":            {"get_clause", map[string]any{"clause": "DEMO CN-A-2020 5.1"}, "search finds the ids"},
		"too many":         {"search", map[string]any{"query": "a", "limit": 51}, "limit of the tool search is a number from 1 to 50"},
		"no list":          {"search", map[string]any{"query": "a", "languages": "zh"}, "is a list of texts"},
		"a wrong field":    {"search", map[string]any{"query": "a", "domains": []string{"fire"}}, `a list of engineering, park, digital, and not of "fire"`},
		"a wrong country":  {"search", map[string]any{"query": "a", "jurisdictions": []string{"CN", "China"}}, `the jurisdiction "China", there are CN, DE, GB, RU`},
		"a wrong language": {"search", map[string]any{"query": "a", "languages": []string{"xx"}}, "there are en, ru, zh"},
		"a wrong standard": {"search", map[string]any{"query": "a", "standards": []string{"DEMO 1"}}, "there are cn-a-2020, de-c-2020"},
		"no such state":    {"equivalents", map[string]any{"clause": "cn-a-2020/5.1", "states": []string{"maybe"}}, "a list of proposed, "},
		"no such match":    {"explain_match", map[string]any{"match": uuid.NewString()}, "not there: there is no match "},
	} {
		if result := call(c.tool, c.arguments); !result.IsError || !strings.Contains(result.Content[0].(*mcp.TextContent).Text, c.says) {
			t.Errorf("%s: %+v", name, result.Content[0])
		}
	}
	if result := call("get_clause", map[string]any{"clause": " cn-a-2020/5.1\n"}); result.IsError {
		t.Errorf("blanks around an id: %+v", result.Content[0])
	}
	if result := call("search", map[string]any{"query": "corridor", "languages": []string{"zh"}, "jurisdictions": []string{"CN"}, "standards": []string{"cn-a-2020"}, "domains": nil}); result.IsError || !strings.Contains(result.Content[0].(*mcp.TextContent).Text, "cn-a-2020/5.1") {
		t.Errorf("filters that hold: %+v", result.Content[0])
	}
	if _, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "delete_everything"}); err == nil {
		t.Error("a tool that is not there answers")
	}

	// a key sees the tools of its scopes, and no others answer
	for key, want := range map[string][]string{"search": {"search", "compare_clauses"}, "read": {"get_clause", "equivalents", "explain_match"}} {
		narrow := mcpSession(t, server.URL, w.keys[key])
		listed, err := narrow.ListTools(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, tool := range listed.Tools {
			names = append(names, tool.Name)
		}
		if slices.Sort(names); !slices.Equal(names, slices.Sorted(slices.Values(want))) {
			t.Errorf("the key %s sees %v", key, names)
		}
		other := map[string]string{"search": "get_clause", "read": "search"}[key]
		if _, err := narrow.CallTool(t.Context(), &mcp.CallToolParams{Name: other, Arguments: map[string]any{"clause": "cn-a-2020/5.1", "query": "x"}}); err == nil {
			t.Errorf("the key %s may call %s", key, other)
		}
	}
}

// askMCP sends one message as it is.
func (w *apiWorld) askMCP(method, body, key string, header map[string]string) *httptest.ResponseRecorder {
	w.clock.move(time.Second)
	req := httptest.NewRequest(method, "/api/mcp", strings.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	for name, value := range header {
		req.Header.Set(name, value)
	}
	rec := httptest.NewRecorder()
	w.server.Handler().ServeHTTP(rec, req)
	return rec
}

// refersOnly says which reference of a schema leads nowhere.
func refersOnly(schema, parts any) error {
	switch v := schema.(type) {
	case []any:
		for _, inner := range v {
			if err := refersOnly(inner, parts); err != nil {
				return err
			}
		}
	case map[string]any:
		if ref, is := v["$ref"].(string); is && (!strings.HasPrefix(ref, "#/$defs/") || parts.(map[string]any)[lastPart(ref)] == nil) {
			return fmt.Errorf("%s leads nowhere", ref)
		}
		for _, inner := range v {
			if err := refersOnly(inner, parts); err != nil {
				return err
			}
		}
	}
	return nil
}

// TestMCPSchemas: what a tool answers is what it says beforehand that it answers.
func TestMCPSchemas(t *testing.T) {
	w := newAPIWorld(t)
	w.server.compare = w.server.propose.(Comparer)
	server := httptest.NewServer(w.server.Handler())
	defer server.Close()
	session := mcpSession(t, server.URL, w.keys["all"])
	listed, err := session.ListTools(t.Context(), nil)
	apiMust(t, err)
	arguments := map[string]map[string]any{"search": {"query": "corridor"}, "get_clause": {"clause": "cn-a-2020/5.1"}, "equivalents": {"clause": "cn-a-2020/5.1"},
		"compare_clauses": {"source": "cn-a-2020/5.1", "target": "ru-b-2020/5.1"}, "explain_match": {"match": w.matches["confirmed"].String()}}
	for _, tool := range listed.Tools {
		output, _ := tool.OutputSchema.(map[string]any)
		if output["type"] != "object" || refersOnly(output, output["$defs"]) != nil {
			t.Errorf("%s: %v in %v", tool.Name, refersOnly(output, output["$defs"]), output)
			continue
		}
		if err := refersOnly(output, map[string]any{}); err == nil && tool.Name != "get_clause" {
			t.Errorf("%s: references that lead nowhere are not noticed", tool.Name)
		}
		body, err := json.Marshal(output)
		apiMust(t, err)
		if len(body) > 16<<10 || strings.Contains(string(body), "#/components/") {
			t.Errorf("%s: a schema of %d bytes", tool.Name, len(body))
		}
		schemas := jsonschema.NewCompiler()
		apiMust(t, schemas.AddResource("tool", tool.OutputSchema))
		resolved, err := schemas.Compile("tool")
		if err != nil {
			t.Errorf("%s: %v", tool.Name, err)
			continue
		}
		w.clock.move(time.Second)
		result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: tool.Name, Arguments: arguments[tool.Name]})
		apiMust(t, err)
		if err := resolved.Validate(result.StructuredContent); err != nil {
			t.Errorf("%s: %v", tool.Name, err)
		}
		if resolved.Validate(map[string]any{"other": 1}) == nil {
			t.Errorf("%s: anything keeps its schema", tool.Name)
		}
	}
}

// TestMCPTooOften: a tool called too often answers how long to wait, and nothing else;
// other messages are refused.
func TestMCPTooOften(t *testing.T) {
	w := newAPIWorld(t)
	const call = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_clause","arguments":{"clause":"cn-a-2020/5.1"}}}`
	first := w.askMCP(http.MethodPost, call, w.keys["all"], nil).Body.String()
	if !strings.Contains(first, shownText) {
		t.Fatalf("%s", first)
	}
	key, err := w.server.keyOf(apiKeyed(w.keys["all"]), review.ScopeRead)
	apiMust(t, err)
	spend := func() {
		for ok := true; ok; {
			_, ok = w.server.apiCalls.allow(key.ID)
		}
		w.clock.move(-time.Second) // askMCP comes a second later
	}
	spend()
	rec := w.askMCP(http.MethodPost, call, w.keys["all"], nil)
	if rec.Code != http.StatusOK || !strings.Contains(rec.Body.String(), `"isError":true`) || !strings.Contains(rec.Body.String(), "too many requests: wait ") || strings.Contains(rec.Body.String(), shownText) {
		t.Errorf("a tool too often: %d %s", rec.Code, rec.Body)
	}
	spend()
	if rec := w.askMCP(http.MethodPost, `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`, w.keys["all"], nil); rec.Code != http.StatusTooManyRequests || rec.Header().Get("Retry-After") == "" {
		t.Errorf("a list too often: %d %s", rec.Code, rec.Body)
	}
	w.clock.move(10 * time.Second)
	if again := w.askMCP(http.MethodPost, call, w.keys["all"], nil).Body.String(); again != first {
		t.Errorf("after the wait: %s", again)
	}
}

// apiKeyed is a request with a key.
func apiKeyed(key string) *http.Request {
	req := httptest.NewRequest(http.MethodGet, "/api/v1/standards", nil)
	req.Header.Set("Authorization", "Bearer "+key)
	return req
}

// TestMCPHides: what rights and blindness hide is in no answer of any tool, and
// what may be shown is.
func TestMCPHides(t *testing.T) {
	w := newAPIWorld(t)
	w.holdPositions(t)
	w.server.compare = w.server.propose.(Comparer)
	ask := func(name string, arguments map[string]any) string {
		t.Helper()
		body, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": map[string]any{"name": name, "arguments": arguments}})
		apiMust(t, err)
		rec := w.askMCP(http.MethodPost, string(body), w.keys["all"], nil)
		if rec.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", name, rec.Code, rec.Body)
		}
		return rec.Body.String()
	}
	shown := ""
	for id, doc := range w.docs {
		for _, c := range doc.Clauses {
			shown += ask("get_clause", map[string]any{"clause": string(c.ID)}) + ask("equivalents", map[string]any{"clause": string(c.ID)})
		}
		shown += ask("search", map[string]any{"query": "door", "standards": []string{string(id)}, "limit": 50})
	}
	for id, doc := range w.docs {
		for other, to := range w.docs {
			if id != other {
				shown += ask("compare_clauses", map[string]any{"source": string(doc.Clauses[len(doc.Clauses)-1].ID), "target": string(to.Clauses[len(to.Clauses)-1].ID)})
				shown += ask("compare_clauses", map[string]any{"source": string(doc.Clauses[1].ID), "target": string(to.Clauses[1].ID)})
			}
		}
	}
	for _, m := range w.matches {
		shown += ask("explain_match", map[string]any{"match": m.String()})
	}
	for _, secret := range []string{hiddenText, hiddenTail, hiddenLimit, blindNote, privateWord} {
		if strings.Contains(shown, secret) {
			t.Errorf("a tool tells %q", secret)
		}
	}
	for _, open := range []string{shownText, shownNote} {
		if !strings.Contains(shown, open) {
			t.Errorf("no tool tells %q: the test proves nothing", open)
		}
	}
}

// TestMCPRefuses: messages that are none, without a key, from other sites.
func TestMCPRefuses(t *testing.T) {
	w := sharedAPIWorld(t)
	const list = `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`
	const listen = `{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"notifications":{},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}}`
	for name, c := range map[string]struct {
		body, key string
		header    map[string]string
		status    int
		says      string
	}{
		"no key":         {list, "", nil, 401, "no-key"},
		"an ended key":   {list, "ended", nil, 401, "bad-key"},
		"an export key":  {list, "export", nil, 403, "forbidden"},
		"another site":   {list, "all", map[string]string{"Origin": "https://evil.example"}, 403, "evil.example"},
		"a new protocol": {list, "all", map[string]string{"MCP-Protocol-Version": "2999-01-01"}, 400, "-32602"},
		"an old one":     {list, "all", map[string]string{"MCP-Protocol-Version": "1999-01-01"}, 400, "2025-06-18"},
		"no JSON":        {"{", "all", nil, 400, "malformed"},
		"a batch":        {"[" + list + "]", "all", map[string]string{"MCP-Protocol-Version": "2025-06-18"}, 400, "batching"},
		"no version":     {`{"id":1,"method":"ping"}`, "all", nil, 400, "malformed"},
		"no method":      {`{"jsonrpc":"2.0","id":1,"method":"resources/list"}`, "all", nil, 200, "-32601"},
		"a long wait":    {listen, "all", map[string]string{"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "subscriptions/listen"}, 404, "-32601"},
		"no params":      {`{"jsonrpc":"2.0","id":1,"method":"initialize"}`, "all", nil, 400, "params"},
		"a notification": {`{"jsonrpc":"2.0","method":"notifications/initialized"}`, "all", nil, 202, ""},
		"a ping":         {`{"jsonrpc":"2.0","id":"a","method":"ping"}`, "all", nil, 200, `"id":"a"`},
		"too long":       {`{"jsonrpc":"2.0","id":1,"method":"` + strings.Repeat("x", mcpBytes) + `"}`, "all", nil, 413, "too-large"},
	} {
		rec := w.askMCP(http.MethodPost, c.body, w.keys[c.key], c.header)
		if rec.Code != c.status || !strings.Contains(rec.Body.String(), c.says) {
			t.Errorf("%s: %d %s", name, rec.Code, rec.Body)
		}
	}
	if rec := w.askMCP(http.MethodGet, "", w.keys["all"], nil); rec.Code != http.StatusMethodNotAllowed && rec.Code != http.StatusNotFound {
		t.Errorf("a stream is offered: %d", rec.Code)
	}
}

// TestMCPFails: a tool that panics or fails answers its message alone, with the id of
// the failure and none of its words, and the server lives.
func TestMCPFails(t *testing.T) {
	w := newAPIWorld(t)
	const call = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"compare_clauses","arguments":{"source":"cn-a-2020/5.1","target":"ru-b-2020/5.1"}}}`
	w.server.compare = panics{}
	if rec := w.askMCP(http.MethodPost, call, w.keys["all"], nil); rec.Code != http.StatusOK || !strings.Contains(rec.Body.String(), "-32603") || strings.Contains(rec.Body.String(), "ouch") {
		t.Errorf("a panic: %d %s", rec.Code, rec.Body)
	}
	w.server.compare = w.server.propose.(Comparer)
	if rec := w.askMCP(http.MethodPost, call, w.keys["all"], nil); rec.Code != http.StatusOK || !strings.Contains(rec.Body.String(), "relation") {
		t.Errorf("after it: %d %s", rec.Code, rec.Body)
	}
}

type panics struct{}

func (panics) Compare(corpus.Clause, corpus.Clause) matcher.Proposal { panic("ouch") }

// TestMCPOver speaks to the server over a pair of streams: its tools are there, calls
// go on, what it refuses is an answer, and a server that comes back is asked anew.
func TestMCPOver(t *testing.T) {
	w := newAPIWorld(t)
	w.server.compare = w.server.propose.(Comparer)
	away := false
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if away {
			rw.WriteHeader(http.StatusBadGateway)
			return
		}
		w.clock.move(time.Second)
		w.server.Handler().ServeHTTP(rw, r)
	}))
	defer server.Close()
	toServer, in := io.Pipe()
	out, fromServer := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := MCPOver(t.Context(), server.URL+"/", w.keys["read"], toServer, fromServer)
		_ = fromServer.Close()
		ended <- err
	}()
	session, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), &mcp.IOTransport{Reader: out, Writer: in}, nil)
	if err != nil {
		t.Fatal(err)
	}
	listed, err := session.ListTools(t.Context(), nil)
	if err != nil || len(listed.Tools) != 3 || session.InitializeResult().ServerInfo.Name != "concord" {
		t.Fatalf("%v: %+v", err, listed)
	}
	ask := func(clause string) (string, error) {
		result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "get_clause", Arguments: map[string]any{"clause": clause}})
		if err != nil {
			return "", err
		}
		return fmt.Sprint(result.IsError, result.Content[0].(*mcp.TextContent).Text), nil
	}
	if says, err := ask("cn-a-2020/5.1"); err != nil || says != "false"+strings.TrimSpace(w.get(t, "/api/v1/clauses/cn-a-2020/5.1").Body.String()) {
		t.Errorf("%v: %s", err, says)
	}
	if says, err := ask("cn-a-2020/99"); err != nil || !strings.HasPrefix(says, "true") {
		t.Errorf("what is not there: %v: %s", err, says)
	}
	away = true
	if says, err := ask("cn-a-2020/5.1"); err == nil || !strings.Contains(err.Error(), "does not answer") || strings.Contains(err.Error(), w.keys["read"]) {
		t.Errorf("a server that is away: %v, %s", err, says)
	}
	away = false
	if says, err := ask("cn-a-2020/5.1"); err != nil || !strings.HasPrefix(says, "false") {
		t.Errorf("a server that is back: %v: %s", err, says)
	}
	apiMust(t, session.Close())
	apiMust(t, <-ended)
	if err := MCPOver(t.Context(), server.URL, w.keys["read"], strings.NewReader(strings.Repeat("x", mcpBytes+1)), io.Discard); err == nil {
		t.Error("a line without end is read")
	}
}
