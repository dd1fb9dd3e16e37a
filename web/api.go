package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
	"concord/review/export"
)

// Records are what the interface needs beyond what the pages do.
type Records interface {
	export.Source
	// KeyByID finds a key by its public part, or corpus.ErrNotFound.
	KeyByID(ctx context.Context, id string) (review.Key, error)
	// TouchKey notes that a key was used, at most once a minute.
	TouchKey(ctx context.Context, id string, now time.Time) error
	// Decisions lists decisions after a sequence number, oldest first.
	Decisions(ctx context.Context, after int64, limit int) ([]review.Decision, error)
	// Feed lists entries of the feed after a number, oldest first.
	Feed(ctx context.Context, after int64, limit int) ([]review.FeedEntry, error)
	// ReservedOnAll lists the reservations that stand against the whole of dossiers.
	ReservedOnAll(ctx context.Context, dossiers ...uuid.UUID) ([]review.Reservation, error)
	// MatchesByID loads matches, in order of the ids; unknown ones are left out.
	MatchesByID(ctx context.Context, ids ...uuid.UUID) ([]review.Match, error)
}

// Proposer proposes equivalents of a clause at once.
type Proposer interface {
	Match(ctx context.Context, c corpus.Clause, among []corpus.StandardID, limit int) ([]matcher.Proposal, error)
}

// Errors of keys.
var (
	errNoKey   = errors.New("send a key in the header Authorization, after the word Bearer")
	errBadKey  = errors.New("the key is not known, has ended, or is past its date")
	errScope   = fmt.Errorf("the key's scopes do not include this: %w", corpus.ErrForbidden)
	errOrigin  = fmt.Errorf("the key does not work from the address of this request: %w", corpus.ErrForbidden)
	errVersion = errors.New("there is no such version of the interface; v1 is the one there is")
	errMedia   = errors.New("send the body as application/json")
)

// apiKinds are the lines that the interface adds to the table of errors.
var apiKinds = []kind{
	{is: errNoKey, status: http.StatusUnauthorized, key: "no-key", tell: true},
	{is: errBadKey, status: http.StatusUnauthorized, key: "bad-key", tell: true},
	{is: errMedia, status: http.StatusUnsupportedMediaType, key: "media", tell: true},
	{is: errUnmet, status: http.StatusPreconditionFailed, key: "unmet", tell: true},
	{is: errVersion, status: http.StatusNotFound, key: "version", tell: true},
	{is: errBatch, status: http.StatusRequestEntityTooLarge, key: "too-large", tell: true},
}

// Limits of the interface, per key (RELIABILITY.md 4.6 S3) and per request.
const (
	apiSearches   = 40 // in apiWindow, over all operations but exports
	apiExports    = 8
	apiWindow     = 4 * time.Second
	apiMostPage   = 200
	apiMostBulk   = 1000
	apiBulkBytes  = 256 << 10
	apiMostMarked = 20   // hits of a page whose places are marked
	apiMostParam  = 2048 // bytes of one value of the query
)

// call is one request of a program that may ask it.
type call struct {
	ctx   context.Context
	echo  echo.Context
	query url.Values
	key   review.Key
	path  map[string]string // parts of the path, where it is not the request's own
	// linked says that JSON-LD is wanted, of answers that have it.
	linked bool
}

// operation is one row of the interface: what it needs and what it answers.
type operation struct {
	method, path string
	scope        review.Scope
	params       []string // of the query, a star after those that may stand several times
	limit        int64
	statuses     []string // beside those that every operation has, whose 200 they replace
	answer       func(s *Server, c call) (any, error)
}

// operations is the table of the interface. It agrees with openapi.json, which
// a test checks both ways.
var operations = []operation{
	{http.MethodGet, "/api/v1/standards", review.ScopeRead, []string{"jurisdiction*", "domain*", "language*", "cursor", "limit", "fields"}, 0, nil, (*Server).apiStandards},
	{http.MethodGet, "/api/v1/standards/:id", review.ScopeRead, []string{"fields"}, 0, nil, (*Server).apiStandard},
	{http.MethodGet, "/api/v1/standards/:id/clauses", review.ScopeRead, []string{"cursor", "limit", "fields"}, 0, nil, (*Server).apiClauses},
	{http.MethodGet, "/api/v1/standards/:id/export", review.ScopeExport, []string{"format"}, 0, nil, (*Server).apiStandardExport},
	{http.MethodGet, "/api/v1/clauses/:id/:key", review.ScopeRead, []string{"fields"}, 0, nil, (*Server).apiClause},
	{http.MethodPost, "/api/v1/clauses", review.ScopeRead, nil, apiBulkBytes, nil, (*Server).apiClausesBulk},
	{http.MethodGet, "/api/v1/clauses/:id/:key/equivalents", review.ScopeRead, []string{"state*", "fields"}, 0, nil, (*Server).apiEquivalents},
	{http.MethodPost, "/api/v1/equivalents", review.ScopeRead, nil, apiBulkBytes, nil, (*Server).apiEquivalentsBulk},
	{http.MethodGet, "/api/v1/clauses/:id/:key/proposals", review.ScopeSearch, []string{"among*", "limit", "fields"}, 0, nil, (*Server).apiProposals},
	{http.MethodGet, "/api/v1/search", review.ScopeSearch, []string{"q", "lang*", "jurisdiction*", "domain*", "issuer*", "standard*", "obligation*", "status*", "quantity*", "least", "most", "state*", "exact", "without*", "unlearned*", "order", "cursor", "limit", "fields"}, 0, nil, (*Server).apiSearch},
	{http.MethodGet, "/api/v1/matches", review.ScopeRead, []string{"dossier", "standard", "against", "clause", "state*", "suspect", "verdict", "order", "cursor", "limit", "fields"}, 0, nil, (*Server).apiMatches},
	{http.MethodGet, "/api/v1/matches/:id", review.ScopeRead, []string{"fields"}, 0, nil, (*Server).apiMatch},
	{http.MethodGet, "/api/v1/decisions", review.ScopeRead, []string{"after", "limit", "fields"}, 0, nil, (*Server).apiDecisions},
	{http.MethodGet, "/api/v1/changes", review.ScopeRead, []string{"after", "limit", "fields"}, 0, nil, (*Server).apiChanges},
	{http.MethodGet, "/api/v1/dossiers", review.ScopeRead, []string{"fields"}, 0, nil, (*Server).apiDossiers},
	{http.MethodGet, "/api/v1/dossiers/:id", review.ScopeRead, []string{"fields"}, 0, nil, (*Server).apiDossier},
	{http.MethodGet, "/api/v1/dossiers/:id/rounds", review.ScopeRead, []string{"fields"}, 0, nil, (*Server).apiRounds},
	{http.MethodGet, "/api/v1/dossiers/:id/rounds/:number", review.ScopeRead, []string{"fields"}, 0, nil, (*Server).apiRound},
	{http.MethodGet, "/api/v1/dossiers/:id/rounds/:number/matches", review.ScopeRead, []string{"cursor", "limit", "fields"}, 0, nil, (*Server).apiRoundMatches},
	{http.MethodGet, "/api/v1/dossiers/:id/rounds/:number/diff", review.ScopeRead, []string{"to", "fields"}, 0, nil, (*Server).apiRoundDiff},
	{http.MethodGet, "/api/v1/dossiers/:id/export", review.ScopeExport, []string{"format", "language", "round", "template", "onesided"}, 0, nil, (*Server).apiExport},
	{http.MethodPost, "/api/v1/exports", review.ScopeExport, nil, formBytes, []string{"202", "404", "409"}, (*Server).apiStartExport},
	{http.MethodGet, "/api/v1/exports/:id", review.ScopeExport, nil, 0, []string{"200", "304"}, (*Server).apiExportState},
	{http.MethodGet, "/api/v1/exports/:id/file", review.ScopeExport, nil, 0, []string{"200", "202", "304", "409"}, (*Server).apiExportFile},
	{http.MethodDelete, "/api/v1/exports/:id", review.ScopeExport, nil, 0, nil, (*Server).apiEndExport},
}

// apiPrefix begins every address of the interface.
const apiPrefix = "/api/"

// apiRoutes is the table of the JSON interface for the router. Each route knows
// its callers by key; cookies are not looked at.
func (s *Server) apiRoutes() []route {
	if s.records == nil {
		return nil
	}
	out := []route{
		{method: http.MethodGet, path: "/api/openapi.json", policy: anyone, api: true, handle: s.openAPI},
		{method: http.MethodGet, path: "/api/docs", policy: anyone, handle: s.apiDocs}, // a page, which no key opens
	}
	for _, o := range operations {
		out = append(out, route{method: o.method, path: o.path, policy: policy{scope: o.scope}, limit: o.limit, api: true, handle: s.operated(o)})
	}
	return out
}

// otherVersion tells whether an address of the interface begins with a version that
// there is not.
func otherVersion(path string) bool {
	v, _, _ := strings.Cut(strings.TrimPrefix(path, apiPrefix), "/")
	return strings.HasPrefix(path, apiPrefix) && len(v) > 1 && v != "v1" && v[0] == 'v' && strings.Trim(v[1:], "0123456789.") == ""
}

// operated is an operation behind its checks: key, scope, rate, parameters.
func (s *Server) operated(o operation) handler {
	return func(c echo.Context, _ asker) error {
		key, err := s.keyOf(c.Request(), o.scope)
		if err != nil {
			return err
		}
		limiter := s.apiCalls
		if o.scope == review.ScopeExport {
			limiter = s.apiExports
		}
		if wait, ok := limiter.allow(key.ID); !ok {
			return waitError{wait}
		}
		query, err := queryOf(c.Request(), o.params)
		if err != nil {
			return err
		}
		s.deprecated(c.Response().Header(), o, query)
		if o.method == http.MethodPost {
			if err := unmet(c.Request(), noAnswer); err != nil {
				return err
			}
		}
		chosen := query.Has(paramFields)
		fields := query.Get(paramFields)
		query.Del(paramFields) // a cursor is of a list, however much is shown of it
		asked := call{ctx: c.Request().Context(), echo: c, query: query, key: key, linked: !chosen && wanted(c.Request(), mediaLinked) > wanted(c.Request(), echo.MIMEApplicationJSON)}
		c.Response().Header().Add("Vary", "Accept")
		answer, err := o.answer(s, asked)
		if err != nil || c.Response().Committed {
			return err
		}
		if chosen {
			return selected(asked, answer, fields)
		}
		return answered(c, answer)
	}
}

// answered writes an answer. A GET carries an ETag of what it says, and one
// that says what the caller has already is answered with status 304.
func answered(c echo.Context, answer any) error {
	body, err := answerBody(answer)
	if err != nil {
		return err
	}
	return tagged(c, body)
}

// answerBody is an answer as it is sent.
func answerBody(answer any) ([]byte, error) {
	body, err := json.Marshal(answer)
	if err != nil {
		return nil, fmt.Errorf("write an answer: %w", err)
	}
	return append(body, '\n'), nil
}

// tagged writes a body as answered does.
func tagged(c echo.Context, body []byte) error {
	return taggedAs(c, echo.MIMEApplicationJSON, body)
}

// taggedAs is tagged with a media type.
func taggedAs(c echo.Context, media string, body []byte) error {
	if c.Request().Method == http.MethodGet {
		tag := tagOf(body)
		if err := unmet(c.Request(), tag); err != nil {
			return err
		}
		if sameTag(c, tag) {
			return c.NoContent(http.StatusNotModified)
		}
	}
	return c.Blob(http.StatusOK, media, body)
}

// sameTag gives an answer its tag, and tells whether the caller has it already.
func sameTag(c echo.Context, tag string) bool {
	h := c.Response().Header()
	h.Set("Etag", tag)
	h.Set("Cache-Control", "private, no-cache")
	h.Add("Vary", "Authorization")
	return c.Request().Header.Values(headerIfNoneMatch) != nil && hasTag(c.Request(), headerIfNoneMatch, tag, false)
}

// keyOf finds the key of a request and checks that it may be used for a scope.
// That its use cannot be noted, on a full disk say, keeps nobody from reading.
func (s *Server) keyOf(r *http.Request, scope review.Scope) (review.Key, error) {
	scheme, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") { // RFC 9110, section 11.1
		return review.Key{}, errNoKey
	}
	id, ok := review.KeyID(secret)
	if !ok {
		return review.Key{}, errBadKey
	}
	key, err := s.keyRecord(r.Context(), id)
	if errors.Is(err, corpus.ErrNotFound) || err == nil && !review.KeyMatches(key, secret) {
		return review.Key{}, errBadKey
	}
	if err != nil {
		return review.Key{}, err
	}
	now := s.now()
	if !key.Ended.IsZero() || !now.Before(key.Expires) {
		return review.Key{}, errBadKey
	}
	if !key.Allows(scope, now) {
		return review.Key{}, errScope
	}
	if !key.From(s.address(r)) {
		return review.Key{}, errOrigin
	}
	if key.Rate > 0 {
		if wait, ok := s.keyRates.allowOf(key.ID, 1, key.Rate); !ok {
			return review.Key{}, waitError{wait}
		}
	}
	if _, short := s.short.find(id); short {
		return key, nil // it is in no list that would show its use
	}
	if err := s.records.TouchKey(r.Context(), id, now); err != nil {
		s.log.LogAttrs(r.Context(), slog.LevelWarn, "the use of a key is not noted", slog.String("key", id), slog.Any("error", err))
	}
	return key, nil
}

// openAPIDocument is the description of the interface, as it lies in the program.
var openAPIDocument = sync.OnceValue(func() []byte { return packedFile("openapi.json") })

// openAPI is the description of the interface.
func (s *Server) openAPI(c echo.Context, _ asker) error {
	return tagged(c, openAPIDocument())
}
