package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

var mcpCommand = command{
	name: "mcp", args: "",
	summary: "speak the Model Context Protocol on standard input and output, for a server",
	example: "CONCORD_KEY=cnk_... concord mcp --url https://concord.example\nconcord key new assistant --scopes search,read (makes such a key)",
	run:     runMCP,
}

// mcpLine bounds one message, as the server does.
const mcpLine = 64 << 10

// mcpWait is how long an answer may take.
const mcpWait = 60 * time.Second

// runMCP hands each line of standard input to the server and each answer to
// standard output (stdio transport of the protocol, revision of 2025-06-18). The
// key comes by the environment alone, since flags are seen by everybody on the
// machine. What the server refuses is an error of the message, and the next line
// is read.
func runMCP(ctx context.Context, e env, args []string) error {
	fs := e.flags()
	base := fs.String("url", e.setting("CONCORD_URL", "http://localhost:8080"), "`address` of the server (CONCORD_URL)")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	key := e.getenv("CONCORD_KEY")
	if len(rest) > 0 || key == "" {
		return usage("set CONCORD_KEY to a key of the server (concord key new NAME --scopes search,read)")
	}
	client := &http.Client{Timeout: mcpWait}
	lines := bufio.NewScanner(e.stdin)
	lines.Buffer(make([]byte, 4096), mcpLine)
	for lines.Scan() {
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		answer := passOn(ctx, client, strings.TrimRight(*base, "/")+"/api/mcp", key, line)
		if len(answer) == 0 {
			continue
		}
		if _, err := fmt.Fprintf(e.stdout, "%s\n", answer); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("a message is longer than %d bytes or cannot be read: %w", mcpLine, err)
	}
	return nil
}

// passOn sends a message and returns the answer in one line, nothing for a
// notification.
func passOn(ctx context.Context, client *http.Client, url, key string, message []byte) []byte {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(message))
	if err != nil {
		return mcpFailure(message, err.Error())
	}
	req.Header.Set("Authorization", "Bearer "+key)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json, text/event-stream")
	res, err := client.Do(req)
	if err != nil {
		return mcpFailure(message, "the server does not answer: "+err.Error())
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 16<<20))
	switch {
	case err != nil:
		return mcpFailure(message, "the answer breaks off: "+err.Error())
	case res.StatusCode == http.StatusAccepted:
		return nil
	case res.StatusCode != http.StatusOK:
		var problem struct{ Title, Detail string }
		if json.Unmarshal(body, &problem) != nil || problem.Title == "" {
			problem.Title = res.Status
		}
		return mcpFailure(message, strings.TrimSuffix(problem.Title+": "+problem.Detail, ": "))
	}
	var line bytes.Buffer
	if err := json.Compact(&line, body); err != nil {
		return mcpFailure(message, "the answer is no JSON")
	}
	return line.Bytes()
}

// mcpFailure answers a message with an error of the server (JSON-RPC 2.0, section
// 5.1, the codes left to servers); a notification gets none.
func mcpFailure(message []byte, what string) []byte {
	var m struct {
		ID json.RawMessage `json:"id"`
	}
	if err := json.Unmarshal(message, &m); err == nil && len(m.ID) == 0 {
		return nil
	}
	if len(m.ID) == 0 {
		m.ID = json.RawMessage("null")
	}
	out, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": m.ID, "error": map[string]any{"code": -32000, "message": what}})
	if err != nil {
		return nil
	}
	return out
}
