package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"concord/corpus"
)

// mcpWait is how long an answer of a server may take.
const mcpWait = 60 * time.Second

// MCPOver speaks the Model Context Protocol over a pair of streams (its stdio
// transport) until the first ends, for the server at an address: it offers the tools
// that the server has for the key, and hands every call on. The key is in no answer.
// A server that goes away fails its calls alone: the next call asks it anew.
func MCPOver(ctx context.Context, base, key string, in io.Reader, out io.Writer) error {
	far := &mcpFar{&mcp.StreamableClientTransport{
		Endpoint: strings.TrimRight(base, "/") + "/api/mcp", DisableStandaloneSSE: true, MaxRetries: -1,
		HTTPClient: &http.Client{Timeout: mcpWait, Transport: mcpKey(key)},
	}, sync.Mutex{}, nil}
	defer far.drop(nil)
	session, err := far.session(ctx)
	if err != nil {
		return fmt.Errorf("the server %s does not answer: %w", base, err)
	}
	hello := session.InitializeResult()
	near := mcp.NewServer(hello.ServerInfo, &mcp.ServerOptions{Instructions: hello.Instructions, Capabilities: &mcp.ServerCapabilities{Tools: &mcp.ToolCapabilities{}}})
	tools, err := session.ListTools(ctx, nil)
	if err != nil {
		return fmt.Errorf("list the tools of %s: %w", base, err)
	}
	for _, t := range tools.Tools {
		near.AddTool(t, func(ctx context.Context, r *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			return far.call(ctx, &mcp.CallToolParams{Name: r.Params.Name, Arguments: r.Params.Arguments})
		})
	}
	err = near.Run(ctx, &mcp.IOTransport{Reader: io.NopCloser(in), Writer: unclosed{out}, MaxLineLength: mcpBytes})
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("a message is longer than %d bytes or cannot be read (%w): %w", mcpBytes, err, corpus.ErrInvalid)
	}
	return nil
}

// mcpFar is the server that calls are handed on to.
type mcpFar struct {
	transport *mcp.StreamableClientTransport
	mu        sync.Mutex
	open      *mcp.ClientSession
}

// session is the one that is open, or a new one.
func (f *mcpFar) session(ctx context.Context) (*mcp.ClientSession, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.open != nil {
		return f.open, nil
	}
	var err error
	f.open, err = mcp.NewClient(&mcp.Implementation{Name: "concord", Version: "1"}, nil).Connect(context.WithoutCancel(ctx), f.transport, nil)
	if err != nil {
		f.open = nil
	}
	return f.open, err
}

// drop closes a session that failed, or whichever is open where none is named.
func (f *mcpFar) drop(failed *mcp.ClientSession) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.open != nil && (failed == nil || failed == f.open) {
		_ = f.open.Close() // what failed cannot be closed well
		f.open = nil
	}
}

// call hands a call on. What the server itself says against it stays as it is.
func (f *mcpFar) call(ctx context.Context, p *mcp.CallToolParams) (*mcp.CallToolResult, error) {
	session, err := f.session(ctx)
	if err == nil {
		var result *mcp.CallToolResult
		if result, err = session.CallTool(ctx, p); err == nil {
			return result, nil
		}
	}
	var said *jsonrpc.Error
	if errors.As(err, &said) && said.Code <= jsonrpc.CodeInvalidRequest && said.Code >= jsonrpc.CodeParseError {
		return nil, said
	}
	f.drop(session)
	return nil, fmt.Errorf("the server does not answer: %w", err)
}

// mcpKey sends a key with every request.
type mcpKey string

func (k mcpKey) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+string(k))
	return http.DefaultTransport.RoundTrip(r)
}

// unclosed is a stream that stays open when its user ends.
type unclosed struct{ io.Writer }

func (unclosed) Close() error { return nil }
