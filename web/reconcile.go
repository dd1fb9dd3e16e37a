package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

// The reconciliation service lets tables be matched against what is kept here:
// W3C Entity Reconciliation 0.2, which OpenRefine speaks, and the draft of 1.0
// beside it. It reads and never writes, and is apart from the operations of the
// interface, since its shapes are not ours.

// Whom ReconcileOpen lets reconcile without a key.
const (
	ReconcileClosed   = ""         // nobody
	ReconcileLoopback = "loopback" // programs on this machine
	ReconcileAll      = "all"      // everybody who reaches the server
)

// Limits of the service (our own). A request costs one, each query or row of a
// batch one more.
const (
	recPath      = "/api/reconcile"
	recPath10    = recPath + "/1.0"
	recBatch     = 50 // queries, or rows to extend
	recMostLimit = 50 // candidates
	recMostText  = 512
	recMostProps = 20
	recBytes     = 256 << 10
	recCosts     = 300 // in recWindow, per key or address
	recWindow    = 10 * time.Second
)

// The versions of the specification.
const (
	rec02 = "0.2"
	rec10 = "1.0-draft"
)

// errBatch is a batch over its limit, which both versions want as status 413.
var errBatch = errors.New("the batch has too many rows")

// reconciler is what the service keeps.
type reconciler struct {
	open  string
	costs *limiter

	mu    sync.Mutex
	terms *recTerms
}

// newReconciler reads the switch.
func newReconciler(open string, now func() time.Time) (*reconciler, error) {
	switch open {
	case ReconcileClosed, ReconcileLoopback, ReconcileAll:
		return &reconciler{open: open, costs: newLimiter(recCosts, recWindow, now)}, nil
	}
	return nil, fmt.Errorf("reconciliation is open to loopback or all, not to %q: %w", clip(open, 40), corpus.ErrInvalid)
}

// recCall is one request of the service.
type recCall struct {
	ctx     context.Context
	echo    echo.Context
	version string
	open    bool   // without a key: only what publishers let everybody read
	who     string // whom costs are counted for
	lang    corpus.Language
	words   *words // in which types and properties are named
}

// recAnswer answers a request.
type recAnswer func(s *Server, c *recCall) (any, error)

// reconcileRoutes are those of the service. A policy with a scope means a key
// with it, or no key where the server's owner opened the service. The first path
// tells what the service is; with queries it asks for what POST asks for.
func (s *Server) reconcileRoutes() []route {
	if s.records == nil {
		return nil
	}
	get, post := http.MethodGet, http.MethodPost
	search, read := policy{scope: review.ScopeSearch}, policy{scope: review.ScopeRead}
	rows := []struct {
		method, path, version string
		policy                policy
		answer                recAnswer
	}{
		{get, recPath, rec02, anyone, (*Server).rec02Root},
		{post, recPath, rec02, search, (*Server).rec02Root},
		{get, recPath10, rec10, anyone, (*Server).rec10Manifest},
		{post, recPath10 + "/match", rec10, search, (*Server).rec10Match},
		{post, recPath10 + "/extend", rec10, read, (*Server).rec10Extend},
	}
	for _, v := range []struct{ path, version string }{{recPath, rec02}, {recPath10, rec10}} {
		for _, r := range []struct {
			path   string
			policy policy
			answer recAnswer
		}{
			{"/suggest/entity", search, (*Server).recSuggestEntity},
			{"/suggest/property", anyone, (*Server).recSuggestProperty},
			{"/suggest/type", anyone, (*Server).recSuggestType},
			{"/extend/propose", anyone, (*Server).recPropose},
			{"/preview", read, (*Server).recPreview},
			{"/view", anyone, (*Server).recView},
		} {
			rows = append(rows, struct {
				method, path, version string
				policy                policy
				answer                recAnswer
			}{get, v.path + r.path, v.version, r.policy, r.answer})
		}
	}
	var out []route
	asked := map[string]bool{}
	for _, r := range rows {
		out = append(out, route{method: r.method, path: r.path, policy: r.policy, limit: recBytes, api: true, handle: s.reconciled(r.version, r.policy.scope, r.answer)})
		if !asked[r.path] { // browsers ask first whether a header may be sent
			asked[r.path] = true
			out = append(out, route{method: http.MethodOptions, path: r.path, policy: anyone, api: true, handle: func(c echo.Context, _ asker) error {
				recCORS(c.Response().Header())
				return c.NoContent(http.StatusNoContent)
			}})
		}
	}
	return out
}

// recCORS lets pages of any site read the answer, as both versions ask. No cookie
// is looked at here and none may be sent, so a page learns what its own key, or
// the open service, would tell it anyway.
func recCORS(h http.Header) {
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", "GET, POST")
	h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Accept-Language")
	h.Set("Access-Control-Expose-Headers", "Retry-After, X-Request-Id")
	h.Set("Access-Control-Max-Age", "600")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
}

// reconciled is an answer behind its checks.
func (s *Server) reconciled(version string, scope review.Scope, answer recAnswer) handler {
	return func(c echo.Context, _ asker) error {
		recCORS(c.Response().Header())
		asked := c.Request().Header.Get("Accept-Language")
		if lang := c.QueryParam("lang"); lang != "" { // where a header cannot be sent
			asked = lang
		}
		call := &recCall{ctx: c.Request().Context(), echo: c, version: version, lang: firstLanguage(asked), words: s.speak.choose("", asked, s.words)}
		c.Response().Header().Add("Vary", "Accept-Language")
		if scope != "" && c.Path() != recPath { // the first path knows its scope when the form is read
			if err := s.recAdmit(call, scope, 1); err != nil {
				return err
			}
		}
		out, err := answer(s, call)
		if err != nil || c.Response().Committed {
			return err
		}
		return answered(c, out)
	}
}

// recAdmit finds out who asks and whether they may, and counts what it costs.
func (s *Server) recAdmit(c *recCall, scope review.Scope, cost int) error {
	req := c.echo.Request()
	if c.who == "" {
		if req.Header.Get("Authorization") == "" && s.recOpenTo(req) {
			c.open, c.who = true, "address "+recAddress(c.echo.RealIP())
		} else {
			key, err := s.keyOf(req, scope)
			if err != nil {
				return err
			}
			c.who = "key " + key.ID
		}
	}
	if wait, ok := s.reconcile.costs.allowMany(c.who, cost); !ok {
		return waitError{wait}
	}
	return nil
}

// recOpenTo tells whether a request may go without a key. Loopback means this
// machine itself: nothing that a proxy passed on, no host name of somebody else
// that leads here, and no page of another site in a browser of this machine.
func (s *Server) recOpenTo(req *http.Request) bool {
	if s.reconcile.open != ReconcileLoopback {
		return s.reconcile.open == ReconcileAll
	}
	host, _, err := net.SplitHostPort(req.RemoteAddr)
	if err != nil || !loopback(host) || !loopback(hostOnly(req.Host)) {
		return false
	}
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via"} {
		if req.Header.Get(name) != "" {
			return false
		}
	}
	for _, name := range []string{"Origin", "Referer"} {
		value := req.Header.Get(name)
		if value == "" {
			continue
		}
		if u, err := url.Parse(value); err != nil || !loopback(u.Hostname()) {
			return false
		}
	}
	return req.Header.Get("Sec-Fetch-Site") != "cross-site" || req.Header.Get("Origin")+req.Header.Get("Referer") != ""
}

// hostOnly is the host of a Host header without its port.
func hostOnly(host string) string {
	u, err := url.Parse("//" + host)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// recAddress is the address that costs are counted for: of IPv6 the network of
// one connection, since who has it has all its addresses.
func recAddress(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return ip
	}
	if addr = addr.Unmap().WithZone(""); addr.Is6() {
		if p, err := addr.Prefix(64); err == nil {
			return p.String()
		}
	}
	return addr.String()
}

// firstLanguage is the language that a reader likes best, English when none is
// said.
func firstLanguage(header string) corpus.Language {
	first, _, _ := strings.Cut(header, ",")
	first, _, _ = strings.Cut(strings.TrimSpace(first), ";")
	if len(first) < 2 || len(first) > 20 || strings.Trim(first, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != "" {
		return "en"
	}
	return corpus.Language(first)
}

// recType is a type of entities.
type recType struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
}

// The types.
const (
	recStandard = "standard"
	recClause   = "clause"
	recTerm     = "term"
	recConcept  = "concept" // as the type of terms was called before; still understood
)

var recTypes = []recType{
	{recStandard, "Standard", "one edition of one standard"},
	{recClause, "Clause", "the smallest piece of a standard that people cite"},
	{recTerm, "Term", "a technical term with its names in all languages"},
}

// recKnown is the id of a type as it is now.
func recKnown(id string) string {
	if id == recConcept {
		return recTerm
	}
	return id
}

// types are all types in the language of who asks.
func (c *recCall) types() []recType {
	var out []recType
	for _, t := range recTypes {
		t.Name, t.Description = c.named(t.ID, t.Name, t.Description)
		out = append(out, t)
	}
	return out
}

// named is what a type or a property is called in the language of who asks. There are
// descriptions in English alone, which beside other names would be half a sentence.
func (c *recCall) named(id, name, description string) (string, string) {
	if c.words.tag == "en" {
		return name, description
	}
	return recSays(c.words, id), ""
}

// typeOf is the type with an id, without its description.
func (c *recCall) typeOf(id string) recType { return recType{ID: id, Name: recSays(c.words, id)} }

// recService is where a part of the 0.2 service is.
type recService struct {
	URL  string `json:"service_url"`
	Path string `json:"service_path"`
}

// recAuthentication says how a key is sent, as a security definition of Swagger 2.
type recAuthentication struct {
	Type string `json:"type"`
	Name string `json:"name"`
	In   string `json:"in"`
}

// recManifest says what the service is, for either version.
type recManifest struct {
	Versions        []string           `json:"versions"`
	Name            string             `json:"name"`
	IdentifierSpace string             `json:"identifierSpace,omitempty"`
	SchemaSpace     string             `json:"schemaSpace,omitempty"`
	Documentation   string             `json:"documentation"`
	ServiceVersion  string             `json:"serviceVersion"`
	DefaultTypes    []recType          `json:"defaultTypes"`
	View            map[string]string  `json:"view"`
	Preview         map[string]any     `json:"preview"`
	Suggest         map[string]any     `json:"suggest"`
	Extend          map[string]any     `json:"extend"`
	BatchSize       int                `json:"batchSize"`
	Authentication  *recAuthentication `json:"authentication,omitempty"`
	Standardized    bool               `json:"standardizedScore,omitempty"`
}

// manifest is what both versions say alike.
func (s *Server) manifest(c *recCall) recManifest {
	m := recManifest{Versions: []string{c.version}, Name: "Concord: standards, clauses and terms", Documentation: s.base.String() + "/api/docs#reconciliation",
		ServiceVersion: s.version, DefaultTypes: c.types(), BatchSize: recBatch}
	if s.reconcile.open == ReconcileClosed {
		m.Authentication = &recAuthentication{Type: "apiKey", Name: "Authorization", In: "header"}
	}
	return m
}

// Size of the preview in pixels.
const recWidth, recHeight = 430, 380

func (s *Server) rec02Manifest(c *recCall) recManifest {
	m, base := s.manifest(c), s.base.String()
	at := func(path string) recService { return recService{base, recPath + path} }
	m.IdentifierSpace, m.SchemaSpace = base+recPath+"/view?id=", base+recPath+"#"
	m.View = map[string]string{"url": base + recPath + "/view?id={{id}}"}
	m.Preview = map[string]any{"url": base + recPath + "/preview?id={{id}}", "width": recWidth, "height": recHeight}
	m.Suggest = map[string]any{"entity": at("/suggest/entity"), "property": at("/suggest/property"), "type": at("/suggest/type")}
	m.Extend = map[string]any{"propose_properties": at("/extend/propose"), "property_settings": []any{}}
	return m
}

func (s *Server) rec10Manifest(c *recCall) (any, error) {
	m := s.manifest(c)
	m.View = map[string]string{"url": s.base.String() + recPath10 + "/view?id={id}"}
	m.Preview = map[string]any{"width": recWidth, "height": recHeight}
	m.Suggest = map[string]any{"entity": true, "property": true, "type": true}
	m.Extend = map[string]any{"proposeProperties": true, "propertySettings": []any{}}
	m.Standardized = true
	return m, nil
}

// rec02Root is the one address of 0.2: a batch of queries, an extension, or what
// the service is.
func (s *Server) rec02Root(c *recCall) (any, error) {
	req := c.echo.Request()
	if err := req.ParseForm(); err != nil {
		return nil, fmt.Errorf("read the form: %w", badForm(err))
	}
	switch {
	case req.Form.Has("queries"):
		return s.rec02Match(c, req.Form.Get("queries"))
	case req.Form.Has("extend"):
		return s.rec02Extend(c, req.Form.Get("extend"))
	case req.Method == http.MethodGet:
		return s.rec02Manifest(c), nil
	}
	return nil, fmt.Errorf("send the form field queries or extend: %w", corpus.ErrInvalid)
}

// rec02Match answers a batch of named queries.
func (s *Server) rec02Match(c *recCall, text string) (any, error) {
	if err := s.recAdmit(c, review.ScopeSearch, 1); err != nil {
		return nil, err
	}
	var batch map[string]rec02Query
	if err := json.Unmarshal([]byte(text), &batch); err != nil || batch == nil {
		return nil, fmt.Errorf("queries is not an object of queries: %w", corpus.ErrInvalid)
	}
	if err := s.recBatchOf(c, len(batch)); err != nil {
		return nil, err
	}
	queries := make(map[string]recQuery, len(batch))
	for name, q := range batch {
		asked, err := q.query()
		if err != nil {
			return nil, fmt.Errorf("query %q: %w", clip(name, 40), err)
		}
		queries[name] = asked
	}
	desk, err := s.recDesk(c)
	if err != nil {
		return nil, err
	}
	out := make(map[string]map[string][]rec02Candidate, len(batch))
	for name, q := range queries {
		found, err := desk.match(q, true)
		if err != nil {
			return nil, err
		}
		list := []rec02Candidate{}
		for _, f := range found {
			list = append(list, f.as02(c))
		}
		out[name] = map[string][]rec02Candidate{"result": list}
	}
	return out, nil
}

// rec10Match answers a batch of queries by position.
func (s *Server) rec10Match(c *recCall) (any, error) {
	var batch struct {
		Queries []rec10Query `json:"queries"`
	}
	if err := recBody(c, &batch); err != nil {
		return nil, err
	}
	if err := s.recBatchOf(c, len(batch.Queries)); err != nil {
		return nil, err
	}
	queries := make([]recQuery, len(batch.Queries))
	for i, q := range batch.Queries {
		var err error
		if queries[i], err = q.query(); err != nil {
			return nil, fmt.Errorf("query %d: %w", i+1, err)
		}
	}
	desk, err := s.recDesk(c)
	if err != nil {
		return nil, err
	}
	results := []map[string][]rec10Candidate{}
	for _, q := range queries {
		found, err := desk.match(q, true)
		if err != nil {
			return nil, err
		}
		list := []rec10Candidate{}
		for _, f := range found {
			list = append(list, f.as10(c))
		}
		results = append(results, map[string][]rec10Candidate{"candidates": list})
	}
	return map[string]any{"results": results}, nil
}

// recBatchOf checks the size of a batch and counts it.
func (s *Server) recBatchOf(c *recCall, rows int) error {
	if rows > recBatch {
		return fmt.Errorf("%d rows are sent, at most %d are taken: %w", rows, recBatch, errBatch)
	}
	if rows == 0 {
		return nil
	}
	if wait, ok := s.reconcile.costs.allowMany(c.who, rows); !ok {
		return waitError{wait}
	}
	return nil
}

// recBody reads a body of JSON.
func recBody(c *recCall, into any) error {
	if media, _, err := mime.ParseMediaType(c.echo.Request().Header.Get("Content-Type")); err != nil || media != "application/json" {
		return errMedia
	}
	if err := json.NewDecoder(c.echo.Request().Body).Decode(into); err != nil {
		return fmt.Errorf("the body is not what the specification says: %w", badForm(err))
	}
	return nil
}

// recNumber reads a number of the query, fallback when it is not given.
func recNumber(c *recCall, name string, fallback, most int) (int, error) {
	text := c.echo.QueryParam(name)
	if text == "" {
		return fallback, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%s is a number: %w", name, corpus.ErrInvalid)
	}
	return min(n, most), nil
}
