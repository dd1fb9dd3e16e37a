package main

import (
	"flag"
	"path/filepath"
	"strings"
)

// config is the whole configuration: flag, then environment, then default.
type config struct {
	Data string // folder of the database and the index
	Addr string // where the pages are served
	URL  string // how browsers reach the pages, "" for http at Addr
	JSON bool   // results as JSON
}

// Defaults of the configuration.
const (
	defaultData = "concord-data"
	defaultAddr = "127.0.0.1:8080"
)

// common adds the flags that every command has.
func (e env) common(fs *flag.FlagSet) *config {
	c := &config{}
	fs.StringVar(&c.Data, "data", e.setting("CONCORD_DATA", defaultData), "`folder` of the database and the index (CONCORD_DATA)")
	return c
}

// json adds the flag of commands that print results.
func (c *config) json(fs *flag.FlagSet) {
	fs.BoolVar(&c.JSON, "json", false, "print one JSON object instead of a table")
}

// addr adds the flag of commands that serve.
func (c *config) addr(e env, fs *flag.FlagSet) {
	fs.StringVar(&c.Addr, "addr", e.setting("CONCORD_ADDR", defaultAddr), "`host:port` to serve the pages on (CONCORD_ADDR)")
}

// url adds the flag of commands that print links.
func (c *config) url(e env, fs *flag.FlagSet) {
	fs.StringVar(&c.URL, "url", e.setting("CONCORD_URL", ""), "`address` browsers use, https behind a proxy (CONCORD_URL; default http at --addr)")
}

// baseURL is how browsers reach the pages.
func (c config) baseURL() string {
	if c.URL != "" {
		return strings.TrimRight(c.URL, "/")
	}
	return "http://" + c.Addr
}

// setting reads an environment variable, else the default.
func (e env) setting(name, fallback string) string {
	if v := e.getenv(name); v != "" {
		return v
	}
	return fallback
}

func (c config) database() string    { return filepath.Join(c.Data, "concord.db") }
func (c config) indexFolder() string { return filepath.Join(c.Data, "index") }
