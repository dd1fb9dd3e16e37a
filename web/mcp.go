package web

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// The Model Context Protocol lets programs that hold conversations ask what the
// interface tells: the tools below are operations of the interface under other
// names, so that keys, scopes, rights and blindness are the same. It reads and
// never changes anything. The transport is the protocol's Streamable HTTP with one
// JSON answer for each message (specification of 2025-06-18); the parts of the
// protocol that need a server to speak first are not offered.

// mcpVersions are the revisions of the protocol that are spoken, the latest first.
var mcpVersions = []string{"2025-06-18", "2025-03-26", "2024-11-05"}

// mcpBytes bounds one message.
const mcpBytes = 64 << 10

// The errors of JSON-RPC 2.0, section 5.1.
const (
	rpcParse    = -32700
	rpcInvalid  = -32600
	rpcNoMethod = -32601
	rpcParams   = -32602
)

type rpcMessage struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id,omitempty"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params,omitempty"`
}

type rpcAnswer struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Result  any             `json:"result,omitempty"`
	Error   *rpcError       `json:"error,omitempty"`
}

type rpcError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

// mcpTool is one tool: what a program reads about it, and the operation behind.
type mcpTool struct {
	Name        string    `json:"name"`
	Title       string    `json:"title"`
	Description string    `json:"description"`
	Input       mcpSchema `json:"inputSchema"`
	Hints       mcpHints  `json:"annotations"`
	scope       review.Scope
	answer      func(s *Server, c call, in mcpInput) (any, error)
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

type mcpHints struct {
	ReadOnly  bool `json:"readOnlyHint"`
	OpenWorld bool `json:"openWorldHint"`
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
	return mcpTool{name, title, description, mcpSchema{"object", properties, required, false}, mcpHints{ReadOnly: true}, scope, answer}
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
	if v := req.Header.Get("MCP-Protocol-Version"); v != "" && !slices.Contains(mcpVersions, v) {
		return fmt.Errorf("the protocol versions here are %s: %w", strings.Join(mcpVersions, ", "), corpus.ErrInvalid)
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
	var m rpcMessage
	if err := json.Unmarshal(body, &m); err != nil {
		return c.JSON(http.StatusOK, rpcAnswer{"2.0", json.RawMessage("null"), nil, &rpcError{rpcParse, "this is no message of JSON-RPC; send one object"}})
	}
	if m.Version != "2.0" || m.Method == "" {
		return c.JSON(http.StatusOK, rpcAnswer{"2.0", idOf(m), nil, &rpcError{rpcInvalid, "a message has jsonrpc \"2.0\" and a method"}})
	}
	if len(m.ID) == 0 {
		return c.NoContent(http.StatusAccepted) // a notification asks for nothing
	}
	result, failed, err := s.mcpAnswer(call{ctx: req.Context(), echo: c, key: key}, m)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, rpcAnswer{"2.0", m.ID, result, failed})
}

func idOf(m rpcMessage) json.RawMessage {
	if len(m.ID) == 0 {
		return json.RawMessage("null")
	}
	return m.ID
}

// mcpAnswer is the result of a request, or what is wrong with it.
func (s *Server) mcpAnswer(c call, m rpcMessage) (any, *rpcError, error) {
	switch m.Method {
	case "initialize":
		var p struct {
			Version string `json:"protocolVersion"`
		}
		if err := json.Unmarshal(m.Params, &p); err != nil || p.Version == "" {
			return nil, &rpcError{rpcParams, "initialize needs protocolVersion"}, nil
		}
		if !slices.Contains(mcpVersions, p.Version) {
			p.Version = mcpVersions[0]
		}
		return map[string]any{
			"protocolVersion": p.Version, "capabilities": map[string]any{"tools": map[string]any{}}, "serverInfo": map[string]string{"name": "concord", "title": "Concord", "version": s.version},
			"instructions": "Standards of several countries, their clauses, and which of them are recognised as equivalent. What reviewers agreed is in equivalents; compare_clauses and proposals are computed and bind nobody.",
		}, nil, nil
	case "ping":
		return map[string]any{}, nil, nil
	case "tools/list":
		tools := slices.DeleteFunc(slices.Clone(mcpTools), func(t mcpTool) bool { return !c.key.Allows(t.scope, s.now()) })
		return map[string]any{"tools": tools}, nil, nil
	case "tools/call":
		return s.mcpCall(c, m.Params)
	}
	return nil, &rpcError{rpcNoMethod, fmt.Sprintf("there is no method %q here", clip(m.Method, 60))}, nil
}

// mcpCall runs a tool. What the operation refuses is a result that says so, for the
// one who asked to try again; failures of ours are answered as everywhere.
func (s *Server) mcpCall(c call, params json.RawMessage) (any, *rpcError, error) {
	var p struct {
		Name      string          `json:"name"`
		Arguments json.RawMessage `json:"arguments"`
	}
	if err := json.Unmarshal(params, &p); err != nil {
		return nil, &rpcError{rpcParams, "tools/call needs name and arguments"}, nil
	}
	i := slices.IndexFunc(mcpTools, func(t mcpTool) bool { return t.Name == p.Name && c.key.Allows(t.scope, s.now()) })
	if i < 0 {
		return nil, &rpcError{rpcParams, fmt.Sprintf("there is no tool %q for this key", clip(p.Name, 60))}, nil
	}
	in, err := mcpTools[i].read(p.Arguments)
	var answer any
	if err == nil {
		answer, err = mcpTools[i].answer(s, c, in)
	}
	if k := s.classify(err); err != nil && k.status < http.StatusInternalServerError {
		text := problemTitles[k.key]
		if k.tell || k.status == http.StatusNotFound {
			text = sentence(err)
		}
		return map[string]any{"isError": true, "content": []map[string]string{{"type": "text", "text": text}}}, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	text, err := json.Marshal(answer)
	if err != nil {
		return nil, nil, fmt.Errorf("write an answer: %w", err)
	}
	return map[string]any{"content": []map[string]string{{"type": "text", "text": string(text)}}, "structuredContent": answer}, nil, nil
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
		if _, known := t.Input.Properties[name]; !known {
			return in, fmt.Errorf("the tool %s has no argument %q: %w", t.Name, clip(name, 40), corpus.ErrInvalid)
		}
	}
	if err := json.Unmarshal(arguments, &in); err != nil {
		return in, fmt.Errorf("an argument is of another type than the tool %s says: %w", t.Name, corpus.ErrInvalid)
	}
	for _, name := range t.Input.Required {
		if value, there := given[name]; !there || string(value) == `""` {
			return in, fmt.Errorf("the tool %s needs the argument %s: %w", t.Name, name, corpus.ErrInvalid)
		}
	}
	return in, nil
}
