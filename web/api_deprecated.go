package web

import (
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// deprecation is a part of the interface that will end.
type deprecation struct {
	method, path string
	param        string    // of the query, "" for the whole operation
	since, ends  time.Time // ends is at least twelve months later
}

// deprecations lists what is deprecated; openapi.json marks the same, which a test
// checks both ways. Whoever adds a row names it in the changelog too.
var deprecations []deprecation

// deprecated tells callers of what a request uses that it will end (RFC 9745, RFC
// 8594).
func (s *Server) deprecated(h http.Header, o operation, query url.Values) {
	for _, d := range s.ending {
		if d.method == o.method && d.path == o.path && (d.param == "" || query.Has(d.param)) {
			h.Set("Deprecation", "@"+strconv.FormatInt(d.since.Unix(), 10))
			h.Set("Sunset", d.ends.UTC().Format(http.TimeFormat))
			h.Add("Link", "<"+s.base.String()+`/api/docs#deprecation>; rel="deprecation"; type="text/html"`)
		}
	}
}
