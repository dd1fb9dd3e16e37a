package web

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// The Model Context Protocol lets programs that hold conversations ask what the
// interface tells: the tools below are operations of the interface under other
// names, so that keys, scopes, rights and blindness are the same. It reads and
// never changes anything. The protocol is spoken by its official library, this
// room's door to it, over the Streamable HTTP transport without sessions: one JSON
// answer for each message. What needs a server to speak first is not offered.

// mcpBytes bounds one message.
const mcpBytes = 64 << 10

// mcpMethods are the methods that are answered; others would hold a connection or
// tell nothing.
var mcpMethods = []string{"initialize", "notifications/initialized", "notifications/cancelled", "server/discover", "ping", "tools/list", "tools/call"}

// mcpTool is one tool: what a program reads about it, and the operation behind.
type mcpTool struct {
	mcp.Tool
	input  mcpSchema
	scope  review.Scope
	answer func(s *Server, c call, in mcpInput) (any, error)
}

type mcpSchema struct {
	Type       string                 `json:"type"`
	Properties map[string]mcpProperty `json:"properties"`
	Required   []string               `json:"required,omitempty"`
	Additional bool                   `json:"additionalProperties"`
}

type mcpProperty struct {
	Type        string       `json:"type"`
	Description string       `json:"description"`
	Items       *mcpProperty `json:"items,omitempty"`
	Minimum     int          `json:"minimum,omitempty"`
	Maximum     int          `json:"maximum,omitempty"`
}

// mcpInput is what a tool may be given; a tool has those of its schema.
type mcpInput struct {
	Query         string   `json:"query"`
	Languages     []string `json:"languages"`
	Jurisdictions []string `json:"jurisdictions"`
	Domains       []string `json:"domains"`
	Standards     []string `json:"standards"`
	Limit         int      `json:"limit"`
	Clause        string   `json:"clause"`
	States        []string `json:"states"`
	Source        string   `json:"source"`
	Target        string   `json:"target"`
	Match         string   `json:"match"`
}

func mcpText(what string) mcpProperty { return mcpProperty{Type: "string", Description: what} }
func mcpList(what string) mcpProperty {
	return mcpProperty{Type: "array", Description: what, Items: &mcpProperty{Type: "string", Description: "one of them"}}
}

// newTool makes a tool that only reads.
func newTool(name, title, description string, scope review.Scope, required []string, properties map[string]mcpProperty, answer func(*Server, call, mcpInput) (any, error)) mcpTool {
	in := mcpSchema{"object", properties, required, false}
	closed := false
	return mcpTool{mcp.Tool{Name: name, Title: title, Description: description, InputSchema: in, Annotations: &mcp.ToolAnnotations{ReadOnlyHint: true, OpenWorldHint: &closed}}, in, scope, answer}
}

const mcpClauseID = "id of a clause: standard, a stroke, and the clause's key, as cn-gb-50016-2014/5.5.18"

// mcpTools are all tools, in the order in which they are told.
var mcpTools = []mcpTool{
	newTool("search", "Search clauses", "Find clauses of technical standards in all languages at once, by words in any language, designation, clause number, or a value such as \"guardrail height >= 1000 mm\".", review.ScopeSearch,
		[]string{"query"}, map[string]mcpProperty{
			"query": mcpText("what is asked, at most 512 characters"), "languages": mcpList("languages of the clauses: zh, en, ru ..."), "jurisdictions": mcpList("jurisdictions: CN, RU, EU ..."),
			"domains": mcpList("engineering, park, digital"), "standards": mcpList("ids of standards to look in"), "limit": {Type: "integer", Description: "how many hits at most; 10 without it", Minimum: 1, Maximum: 50},
		}, func(s *Server, c call, in mcpInput) (any, error) {
			c.query = url.Values{"q": {in.Query}, "lang": in.Languages, "jurisdiction": in.Jurisdictions, "domain": in.Domains, "standard": in.Standards, "limit": {fmt.Sprint(cmp.Or(in.Limit, 10))}}
			if err := wellFormed(c.query, []string{"q", "lang*", "jurisdiction*", "domain*", "standard*", "limit"}); err != nil {
				return nil, err
			}
			return s.apiSearch(c)
		}),
	newTool("get_clause", "Get a clause", "The text of one clause within its publisher's rights, with its standard and place in it.", review.ScopeRead,
		[]string{"clause"}, map[string]mcpProperty{"clause": mcpText(mcpClauseID)}, func(s *Server, c call, in mcpInput) (any, error) {
			return s.apiClause(c.of(in.Clause))
		}),
	newTool("equivalents", "Equivalents of a clause", "What corresponds to a clause in other countries' standards, as reviewers agreed or as it stands in review: relation, and whether each side accepts what meets the other, with conditions.", review.ScopeRead,
		[]string{"clause"}, map[string]mcpProperty{"clause": mcpText(mcpClauseID), "states": mcpList("only matches in these states: proposed, opinion, confirmed, disputed, rejected, no-counterpart")},
		func(s *Server, c call, in mcpInput) (any, error) {
			c.query = url.Values{"state": in.States}
			if err := wellFormed(c.query, []string{"state*"}); err != nil {
				return nil, err
			}
			return s.apiEquivalents(c.of(in.Clause))
		}),
	newTool("compare_clauses", "Compare two clauses", "What the two texts say about each other: who is stricter in which limit and by how much, obligation, conditions, a relation and a recognition each way. Computed, not agreed by anybody.", review.ScopeSearch,
		[]string{"source", "target"}, map[string]mcpProperty{"source": mcpText(mcpClauseID), "target": mcpText(mcpClauseID)}, (*Server).mcpCompare),
	newTool("explain_match", "Explain a match", "A match in review or agreed: its clauses, the decisions that may be seen, and the reasons and differences of the proposal.", review.ScopeRead,
		[]string{"match"}, map[string]mcpProperty{"match": mcpText("id of a match, a UUID")}, func(s *Server, c call, in mcpInput) (any, error) {
			c.path = map[string]string{"id": in.Match}
			return s.apiMatch(c)
		}),
}

// of is the call for a clause named by its id.
func (c call) of(clause string) call {
	standard, key, _ := strings.Cut(clause, "/")
	c.path = map[string]string{"id": standard, "key": key}
	return c
}

// mcpCompare compares two clauses from their texts alone.
func (s *Server) mcpCompare(c call, in mcpInput) (any, error) {
	if s.compare == nil {
		return nil, errNoSearch
	}
	a, from, err := s.oneClause(c.of(in.Source))
	if err != nil {
		return nil, err
	}
	b, _, err := s.oneClause(c.of(in.Target))
	if err != nil {
		return nil, err
	}
	standards, err := s.standardsByID(c.ctx)
	if err != nil {
		return nil, err
	}
	return s.proposals(c.ctx, apiText{a, from}, []matcher.Proposal{s.compare.Compare(a, b)}, standards)
}

// mcpRoutes are those of the protocol. They are no operations: the messages say
// what is asked.
func (s *Server) mcpRoutes() []route {
	if s.records == nil {
		return nil
	}
	return []route{{method: http.MethodPost, path: "/api/mcp", policy: policy{scope: review.ScopeSearch}, limit: mcpBytes, api: true, handle: s.mcp}}
}

// mcp answers one message. A key is needed for every one; which tools it sees and
// may call depends on its scopes.
func (s *Server) mcp(c echo.Context, _ asker) error {
	req := c.Request()
	key, err := s.keyOf(req, review.ScopeSearch)
	if errors.Is(err, errScope) {
		key, err = s.keyOf(req, review.ScopeRead)
	}
	if err != nil {
		return err
	}
	// a page of another site must not reach a server on this machine by its browser
	if origin := req.Header.Get("Origin"); origin != "" && origin != s.base.Scheme+"://"+s.base.Host {
		return fmt.Errorf("the origin %s is not this server: %w", clip(origin, 80), corpus.ErrForbidden)
	}
	if media, _, err := mime.ParseMediaType(req.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return errMedia
	}
	if wait, ok := s.apiCalls.allow(key.ID); !ok {
		return waitError{wait}
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return fmt.Errorf("read the message: %w", badForm(err))
	}
	req = req.Clone(req.Context())
	req.Body = io.NopCloser(bytes.NewReader(body))
	req.Header.Set("Accept", "application/json, text/event-stream") // the answer is JSON whatever is wished for
	server := s.mcpServer(call{ctx: req.Context(), echo: c, key: key})
	mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server }, &mcp.StreamableHTTPOptions{
		Stateless: true, JSONResponse: true, MaxRequestBodyBytes: mcpBytes, PropagateRequestCancellation: true,
		DisableLocalhostProtection: true, // a proxy on this machine sends the name that people use, and a key is asked for
	}).ServeHTTP(c.Response(), req)
	return nil
}

// mcpServer is the protocol's side of one message: the tools of the key's scopes.
func (s *Server) mcpServer(c call) *mcp.Server {
	out := mcp.NewServer(&mcp.Implementation{Name: "concord", Title: "Concord", Version: s.version}, &mcp.ServerOptions{
		Instructions: "Standards of several countries, their clauses, and which of them are recognised as equivalent. What reviewers agreed is in equivalents; compare_clauses and proposals are computed and bind nobody.",
		Capabilities: &mcp.ServerCapabilities{Tools: &mcp.ToolCapabilities{}},
	})
	out.AddReceivingMiddleware(func(next mcp.MethodHandler) mcp.MethodHandler {
		return func(ctx context.Context, method string, r mcp.Request) (mcp.Result, error) {
			if !slices.Contains(mcpMethods, method) {
				return nil, &jsonrpc.Error{Code: jsonrpc.CodeMethodNotFound, Message: fmt.Sprintf("there is no method %q here", clip(method, 60))}
			}
			return next(ctx, method, r)
		}
	})
	for n := range mcpTools {
		t := &mcpTools[n]
		if c.key.Allows(t.scope, s.now()) {
			out.AddTool(&t.Tool, func(_ context.Context, r *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
				return s.mcpCall(c, t, r.Params.Arguments)
			})
		}
	}
	return out
}

// mcpCall runs a tool. What the operation refuses is a result that says so, for the
// one who asked to try again. A failure of ours is in the log, and the answer has the
// id of it; a panic is one, since the library runs tools where nothing else stops it.
func (s *Server) mcpCall(c call, t *mcpTool, arguments json.RawMessage) (result *mcp.CallToolResult, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic while answering with the tool %s: %v", t.Name, r)
		}
		if err != nil {
			id, _ := c.echo.Get(atID).(string)
			s.log.LogAttrs(c.ctx, slog.LevelError, "request failed", slog.String("id", id), slog.Any("error", err))
			result, err = nil, &jsonrpc.Error{Code: jsonrpc.CodeInternalError, Message: problemTitles[s.classify(err).key] + ": " + id}
		}
	}()
	in, err := t.read(arguments)
	var answer any
	if err == nil {
		answer, err = t.answer(s, c, in)
	}
	if k := s.classify(err); err != nil && k.status < http.StatusInternalServerError {
		text := problemTitles[k.key]
		if k.tell || k.status == http.StatusNotFound {
			text = sentence(err)
		}
		return &mcp.CallToolResult{IsError: true, Content: []mcp.Content{&mcp.TextContent{Text: text}}}, nil
	}
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(answer)
	if err != nil {
		return nil, fmt.Errorf("write an answer: %w", err)
	}
	return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: string(text)}}, StructuredContent: json.RawMessage(text)}, nil
}

// read takes the arguments that the tool's schema has.
func (t mcpTool) read(arguments json.RawMessage) (mcpInput, error) {
	var in mcpInput
	if len(arguments) == 0 {
		arguments = json.RawMessage("{}")
	}
	var given map[string]json.RawMessage
	if err := json.Unmarshal(arguments, &given); err != nil {
		return in, fmt.Errorf("the arguments are no object: %w", corpus.ErrInvalid)
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if _, known := t.input.Properties[name]; !known {
			return in, fmt.Errorf("the tool %s has no argument %q: %w", t.Name, clip(name, 40), corpus.ErrInvalid)
		}
	}
	if err := json.Unmarshal(arguments, &in); err != nil {
		return in, fmt.Errorf("an argument is of another type than the tool %s says: %w", t.Name, corpus.ErrInvalid)
	}
	for _, name := range t.input.Required {
		if value, there := given[name]; !there || string(value) == `""` {
			return in, fmt.Errorf("the tool %s needs the argument %s: %w", t.Name, name, corpus.ErrInvalid)
		}
	}
	return in, nil
}
