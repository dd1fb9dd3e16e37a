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
	"time"

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

// mcpCallMethod is the method that calls a tool.
const mcpCallMethod = "tools/call"

// mcpMethods are the methods that are answered; others would hold a connection or
// tell nothing.
var mcpMethods = []string{"initialize", "notifications/initialized", "notifications/cancelled", "server/discover", "ping", "tools/list", mcpCallMethod}

// mcpTool is one tool: what a program reads about it, and the operation behind.
type mcpTool struct {
	mcp.Tool
	input  mcpSchema
	scope  review.Scope
	says   string // schema of its answers in the description of the interface
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
	Enum        []string     `json:"enum,omitempty"`
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

// mcpList is a list of texts, of those alone that are named, if any are.
func mcpList[T ~string](what string, of ...T) mcpProperty {
	one := &mcpProperty{Type: "string", Description: "one of them"}
	for _, v := range of {
		one.Enum = append(one.Enum, string(v))
	}
	return mcpProperty{Type: "array", Description: what, Items: one}
}

// newTool makes a tool that only reads.
func newTool(name, title, description string, scope review.Scope, says string, required []string, properties map[string]mcpProperty, answer func(*Server, call, mcpInput) (any, error)) mcpTool {
	in := mcpSchema{"object", properties, required, false}
	closed := false
	return mcpTool{mcp.Tool{Name: name, Title: title, Description: description, InputSchema: in, Annotations: &mcp.ToolAnnotations{ReadOnlyHint: true, OpenWorldHint: &closed}}, in, scope, says, answer}
}

const mcpClauseID = "id of a clause, as search and equivalents give it: the standard's id, a slash, and the clause's key, as cn-gb-50016-2014/5.5.18. A designation such as GB 50016 is no id"

// mcpMostHits is how many hits a search tells at most: what is told is read whole.
const mcpMostHits = 50

// mcpTools are all tools, in the order in which they are told.
var mcpTools = []mcpTool{
	newTool("search", "Search clauses", "Find clauses of technical standards in all languages at once, by words in any language, designation, clause number, or a value such as \"guardrail height >= 1000 mm\". Answers with the clauses, best first, with the ids that the other tools take, and with counts by jurisdiction, language and other facets.", review.ScopeSearch, "SearchAnswer",
		[]string{"query"}, map[string]mcpProperty{
			"query": mcpText("what is asked, at most 512 characters"), "languages": mcpList[string]("languages of the clauses, as codes: zh, en, ru ..."), "jurisdictions": mcpList[string]("jurisdictions of the standards, as codes: CN, RU, EU ..."),
			"domains": mcpList("fields of the standards", corpus.Domains...), "standards": mcpList[string]("ids of standards to look in, as cn-gb-50016-2014"), "limit": {Type: "integer", Description: "how many hits at most; 10 without it", Minimum: 1, Maximum: mcpMostHits},
		}, func(s *Server, c call, in mcpInput) (any, error) {
			c.query = url.Values{"q": {in.Query}, "lang": in.Languages, "jurisdiction": in.Jurisdictions, "domain": in.Domains, "standard": in.Standards, "limit": {fmt.Sprint(cmp.Or(in.Limit, 10))}}
			if err := wellFormed(c.query, []string{"q", "lang*", "jurisdiction*", "domain*", "standard*", "limit"}); err != nil {
				return nil, err
			}
			return s.apiSearch(c)
		}),
	newTool("get_clause", "Get a clause", "The text of one clause within its publisher's rights, with its standard and place in it.", review.ScopeRead, "Clause",
		[]string{"clause"}, map[string]mcpProperty{"clause": mcpText(mcpClauseID)}, func(s *Server, c call, in mcpInput) (any, error) {
			return s.apiClause(c.of(in.Clause))
		}),
	newTool("equivalents", "Equivalents of a clause", "What corresponds to a clause in other countries' standards, as reviewers agreed (state confirmed) or as it stands in review: relation, and whether each side accepts what meets the other, with conditions. The ids of its matches go into explain_match.", review.ScopeRead, "Equivalents",
		[]string{"clause"}, map[string]mcpProperty{"clause": mcpText(mcpClauseID), "states": mcpList("only matches in these states; all without it", review.States...)},
		func(s *Server, c call, in mcpInput) (any, error) {
			c.query = url.Values{"state": in.States}
			if err := wellFormed(c.query, []string{"state*"}); err != nil {
				return nil, err
			}
			return s.apiEquivalents(c.of(in.Clause))
		}),
	newTool("compare_clauses", "Compare two clauses", "What the two texts say about each other: who is stricter in which limit and by how much, obligation, conditions, a relation and a recognition each way. Computed, not agreed by anybody.", review.ScopeSearch, "Proposals",
		[]string{"source", "target"}, map[string]mcpProperty{"source": mcpText(mcpClauseID), "target": mcpText(mcpClauseID)}, (*Server).mcpCompare),
	newTool("explain_match", "Explain a match", "A match in review or agreed: its clauses, the decisions that may be seen, and the reasons and differences of the proposal.", review.ScopeRead, "Match",
		[]string{"match"}, map[string]mcpProperty{"match": mcpText("id of a match, a UUID, as equivalents gives it")}, func(s *Server, c call, in mcpInput) (any, error) {
			c.path = map[string]string{"id": strings.TrimSpace(in.Match)}
			return s.apiMatch(c)
		}),
}

// mcpOutputs are the schemas of answers by the names of the tools, from the description
// of the interface and without its words: each an object whose parts stand in its $defs.
func mcpOutputs() map[string]any {
	var doc struct {
		Components struct{ Schemas map[string]any }
	}
	if json.Unmarshal(openAPIDocument(), &doc) != nil {
		return nil // the tests hold it to be JSON
	}
	out := map[string]any{}
	for _, t := range mcpTools {
		parts := map[string]any{}
		schema, _ := outputSchema(doc.Components.Schemas[t.says], doc.Components.Schemas, parts).(map[string]any)
		if schema != nil {
			schema["$defs"] = parts
			out[t.Name] = schema
		}
	}
	return out
}

// outputSchema copies a schema, with what it refers to in parts. Schemas of the
// interface are JSON Schema (OpenAPI 3.1); only where references lead is different.
func outputSchema(v any, all, parts map[string]any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = outputSchema(v[i], all, parts)
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for key, value := range v {
			text, isText := value.(string)
			switch {
			case key == "$ref" && isText:
				name := lastPart(text)
				out[key] = "#/$defs/" + name
				if _, there := parts[name]; !there {
					parts[name] = nil // while it is made, for those that refer to themselves
					parts[name] = outputSchema(all[name], all, parts)
				}
			case isText && key == "description", strings.HasPrefix(key, "x-"), key == "example", key == "examples":
			default:
				out[key] = outputSchema(value, all, parts)
			}
		}
		return out
	}
	return v
}

// of is the call for a clause named by its id.
func (c call) of(clause string) call {
	standard, key, _ := strings.Cut(strings.TrimSpace(clause), "/")
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
	wait, ok := s.apiCalls.allow(key.ID)
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return fmt.Errorf("read the message: %w", badForm(err))
	}
	var message struct{ Method string }
	_ = json.Unmarshal(body, &message) // what is none, the library refuses
	if !ok && message.Method != mcpCallMethod {
		return waitError{wait}
	}
	req = req.Clone(req.Context())
	req.Body = io.NopCloser(bytes.NewReader(body))
	req.Header.Set("Accept", "application/json, text/event-stream") // the answer is JSON whatever is wished for
	server := s.mcpServer(call{ctx: req.Context(), echo: c, key: key}, message.Method, wait)
	mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server }, &mcp.StreamableHTTPOptions{
		Stateless: true, JSONResponse: true, MaxRequestBodyBytes: mcpBytes, PropagateRequestCancellation: true,
		DisableLocalhostProtection: true, // a proxy on this machine sends the name that people use, and a key is asked for
	}).ServeHTTP(c.Response(), req)
	return nil
}

// mcpServer is the protocol's side of one message: the tools of the key's scopes, as
// far as its method needs them. Wait is how long the key has to wait before a tool may
// be called, 0 for not at all: that is an answer that the one who asked can read, which
// a refusal of the message is not.
func (s *Server) mcpServer(c call, method string, wait time.Duration) *mcp.Server {
	out := mcp.NewServer(&mcp.Implementation{Name: "concord", Title: "Concord", Version: s.version}, &mcp.ServerOptions{
		Instructions: "Standards of several countries, their clauses, and which of them are recognised as equivalent. What reviewers agreed is in equivalents; matches of another state than confirmed, and compare_clauses, bind nobody.",
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
	var outputs map[string]any
	if method == "tools/list" {
		outputs = mcpOutputs()
	}
	for n := range mcpTools {
		t := &mcpTools[n]
		if c.key.Allows(t.scope, s.now()) {
			tool := t.Tool
			tool.OutputSchema = outputs[t.Name]
			out.AddTool(&tool, func(_ context.Context, r *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
				if wait > 0 {
					return mcpRefusal(fmt.Sprintf("%s: wait %d seconds, then ask again", problemTitles["too-often"], seconds(wait))), nil
				}
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
			text += ": " + detail(err)
		}
		return mcpRefusal(text), nil
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

// mcpRefusal is a result that says why there is none.
func mcpRefusal(text string) *mcp.CallToolResult {
	return &mcp.CallToolResult{IsError: true, Content: []mcp.Content{&mcp.TextContent{Text: text}}}
}

// read takes the arguments that the tool's schema has. What is wrong is said with what
// would be right, since the one who asked has nothing else to go by.
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
		p, known := t.input.Properties[name]
		if !known {
			return in, fmt.Errorf("the tool %s has no argument %q, it has %s: %w", t.Name, clip(name, 40), orNone(t.names()), corpus.ErrInvalid)
		}
		if err := p.holds(given[name]); err != nil {
			return in, fmt.Errorf("the argument %s of the tool %s is %w", name, t.Name, err)
		}
	}
	if err := json.Unmarshal(arguments, &in); err != nil {
		return in, fmt.Errorf("an argument is of another type than the tool %s says: %w", t.Name, corpus.ErrInvalid)
	}
	for _, name := range t.input.Required {
		if value := string(bytes.TrimSpace(given[name])); value == "" || value == "null" || value == `""` {
			return in, fmt.Errorf("the tool %s needs the argument %s (%s): %w", t.Name, name, t.input.Properties[name].Description, corpus.ErrInvalid)
		}
	}
	return in, nil
}

// names are the arguments of a tool.
func (t mcpTool) names() []string {
	var out []string
	for name := range t.input.Properties {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// holds says what a value has to be, nil where it is that or not given.
func (p mcpProperty) holds(value json.RawMessage) error {
	var err error
	switch p.Type {
	case "integer":
		var n *int
		if err = json.Unmarshal(value, &n); err != nil || n != nil && (*n < p.Minimum || *n > p.Maximum) {
			return fmt.Errorf("a number from %d to %d: %w", p.Minimum, p.Maximum, corpus.ErrInvalid)
		}
	case "array":
		var list []string
		err = json.Unmarshal(value, &list)
		for _, v := range list {
			if p.Items.Enum != nil && !slices.Contains(p.Items.Enum, v) {
				return fmt.Errorf("a list of %s, and not of %q: %w", strings.Join(p.Items.Enum, ", "), clip(v, 40), corpus.ErrInvalid)
			}
		}
		if err != nil {
			return fmt.Errorf("a list of texts, as [\"...\"]: %w", corpus.ErrInvalid)
		}
	default:
		var text *string
		if err = json.Unmarshal(value, &text); err != nil {
			return fmt.Errorf("a text: %w", corpus.ErrInvalid)
		}
	}
	return nil
}
