package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"concord/web"
)

// config is the whole configuration: flag, then environment, then default.
type config struct {
	Data string // folder of the database and the index
	Addr string // where the pages are served
	URL  string // how browsers reach the pages, "" for http at Addr
	JSON bool   // results as JSON
	// SecondKey is the file with the key of the second factors, "" for beside the database.
	SecondKey string
	Backups   string // folder that the server writes backups into, "" for backups in Data
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
	fs.StringVar(&c.SecondKey, "second-key", e.setting("CONCORD_SECOND_KEY", ""), "`file` with the key of the second factors (CONCORD_SECOND_KEY; default second-factors.key beside the database)")
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

// oidc adds the flags of sign-in with an account of the organisation, and returns
// how to read them once they are parsed: nil when no issuer is given. The secret
// comes from the environment or a file, never from a flag, which others can see.
func (e env) oidc(fs *flag.FlagSet) func() (*web.OIDC, error) {
	o := &web.OIDC{}
	fs.StringVar(&o.Issuer, "oidc-issuer", e.setting("CONCORD_OIDC_ISSUER", ""), "`address` of an OpenID Connect provider to sign in with (CONCORD_OIDC_ISSUER)")
	fs.StringVar(&o.ClientID, "oidc-client", e.setting("CONCORD_OIDC_CLIENT", ""), "client `id` the provider knows this program by (CONCORD_OIDC_CLIENT)")
	fs.StringVar(&o.Name, "oidc-name", e.setting("CONCORD_OIDC_NAME", ""), "`name` of the provider on the sign-in page (CONCORD_OIDC_NAME)")
	fs.BoolVar(&o.Create, "oidc-create", e.setting("CONCORD_OIDC_CREATE", "") == "1", "make a reader of somebody unknown with a verified address (CONCORD_OIDC_CREATE=1)")
	file := fs.String("oidc-secret-file", e.setting("CONCORD_OIDC_SECRET_FILE", ""), "`file` with the client secret (CONCORD_OIDC_SECRET_FILE; the secret itself may be in CONCORD_OIDC_SECRET)")
	return func() (*web.OIDC, error) {
		if o.Issuer == "" {
			return nil, nil
		}
		o.Secret = e.getenv("CONCORD_OIDC_SECRET")
		if *file != "" {
			text, err := os.ReadFile(*file)
			if err != nil {
				return nil, fmt.Errorf("read the client secret of --oidc-secret-file: %w", err)
			}
			o.Secret = strings.TrimSpace(string(text))
		}
		return o, nil
	}
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
func (c config) backupFolder() string {
	if c.Backups != "" {
		return c.Backups
	}
	return filepath.Join(c.Data, "backups")
}
func (c config) signingKey() string { return filepath.Join(c.Data, "audit-signing.key") }
