package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"concord/review"
)

var keyCommand = command{
	name: "key", args: "new NAME | end ID | list",
	summary: "make and end keys for programs that use the interface",
	example: "concord key new portal --scopes search,read --days 90",
	run:     runKey,
}

func runKey(ctx context.Context, e env, args []string) error {
	fs := e.flags()
	c := e.common(fs)
	c.json(fs)
	scopes := fs.String("scopes", "search,read", "what the key may do: search, read, export")
	days := fs.Int("days", 365, "days until it ends (1 to 365)")
	networks := fs.String("networks", "", "`addresses` or networks the key works from, separated by commas (default any)")
	rate := fs.String("rate", "", "requests a `minute` (default what every key may)")
	words, err := parse(fs, args)
	if err != nil {
		return err
	}
	p, err := e.openProgram(ctx, *c, true)
	if err != nil {
		return err
	}
	defer p.close()
	switch {
	case len(words) == 1 && words[0] == "list":
		return p.listKeys(ctx, e, *c)
	case len(words) == 2 && words[0] == "end":
		if err := p.store.EndKey(ctx, words[1], "cli"); err != nil {
			return err
		}
		fmt.Fprintf(e.stdout, "the key %s does not work any more\n", words[1])
		return nil
	case len(words) == 2 && words[0] == "new":
		return p.newKey(ctx, e, *c, words[1], list[review.Scope](*scopes), *days, *networks, *rate)
	}
	return usage("one of new NAME, end ID, list")
}

// newKey makes a key and shows it, once.
func (p *program) newKey(ctx context.Context, e env, c config, name string, scopes []review.Scope, days int, networks, rate string) error {
	for _, s := range scopes {
		if !slices.Contains(review.Scopes, s) {
			return usage("%q is not a scope; the scopes are search, read, export", s)
		}
	}
	if len(scopes) == 0 || days < 1 || days > 365 {
		return usage("a key needs a scope and 1 to 365 days")
	}
	secret, key, err := review.NewKey(name, scopes, p.now(), time.Duration(days)*24*time.Hour)
	if err != nil {
		return err
	}
	if key, err = key.Bounded(networks, rate); err != nil {
		return err
	}
	if err := p.store.NewKey(ctx, key, "cli"); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(e.stdout, map[string]any{"id": key.ID, "key": secret, "expires": key.Expires})
	}
	fmt.Fprintf(e.stdout, "key %s for %s, until %s; it is shown only now\n  %s\n", key.ID, name, key.Expires.Format(time.DateOnly), secret)
	return nil
}

func (p *program) listKeys(ctx context.Context, e env, c config) error {
	keys, err := p.store.Keys(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		type row struct {
			ID       string         `json:"id"`
			Name     string         `json:"name"`
			Scopes   []review.Scope `json:"scopes"`
			Expires  time.Time      `json:"expires"`
			LastUsed time.Time      `json:"lastUsed,omitzero"`
			Ended    time.Time      `json:"ended,omitzero"`
		}
		rows := []row{}
		for _, k := range keys {
			rows = append(rows, row{k.ID, k.Name, k.Scopes, k.Expires, k.LastUsed, k.Ended})
		}
		return printJSON(e.stdout, map[string]any{"keys": rows})
	}
	t := newTable(e.stdout, "ID", "NAME", "SCOPES", "EXPIRES", "LAST USED")
	for _, k := range keys {
		var scopes []string
		for _, s := range k.Scopes {
			scopes = append(scopes, string(s))
		}
		used, expires := "never", k.Expires.Format(time.DateOnly)
		if !k.LastUsed.IsZero() {
			used = k.LastUsed.Format(time.DateTime)
		}
		if !k.Ended.IsZero() {
			expires = "ended"
		}
		t.row(k.ID, k.Name, strings.Join(scopes, ","), expires, used)
	}
	return t.flush()
}
