package main

import (
	"context"

	"concord/web"
)

var mcpCommand = command{
	name: "mcp", args: "",
	summary: "speak the Model Context Protocol on standard input and output, for a server",
	example: "CONCORD_KEY=cnk_... concord mcp --url https://concord.example\nconcord key new assistant --scopes search,read (makes such a key)",
	run:     runMCP,
}

// runMCP offers the tools of a server on standard input and output. The key comes by
// the environment alone, since flags are seen by everybody on the machine.
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
	return web.MCPOver(ctx, *base, key, e.stdin, e.stdout)
}
