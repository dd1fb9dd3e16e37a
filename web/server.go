// Package web shows Concord as pages and, beside them, as a JSON interface.
//
// It reads requests, asks the rules and the records, and shows one typed page
// value per page; it decides nothing and keeps nothing itself. It is the only
// door to echo, and no exported name shows it. Its one surprise: pages must
// work without JavaScript, so every change is an ordinary form, and the script
// only makes the same forms faster.
package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/review"
)

// Config is what a Server is put together from. Store is needed; every other
// part has a sensible zero: without Search the search page says so, without
// Read and Compare texts are shown plain.
type Config struct {
	Store   Store
	Records Records  // for programs; without it there is no interface
	Runs    Runs     // matches dossiers; without it that is done on the command line
	Learn   Learner  // fits the matcher to decisions; without it that is done on the command line
	Keeper  Keeper   // looks after the program; without it the page of health says little
	Propose Proposer // asked by programs; without it there are no proposals
	Search  Searcher
	Read    Reader
	Compare Comparer
	// Effects is asked before terms are changed; without it no effect is known.
	Effects TermEffects
	// Concepts are those of the shipped termbase, to be looked through.
	Concepts []lexicon.Concept
	Import   Importer // reads files; without it nothing can be brought in
	// Label names a concept in a language, "" when the concept is unknown.
	Label func(id lexicon.ConceptID, in corpus.Language) string
	// BaseURL is how browsers reach the server: "https://concord.example".
	// Plain http is accepted only for a loopback address, because a session
	// cookie must not cross a network unprotected. Empty means
	// http://localhost:8080.
	BaseURL string
	// Version is shown in the footer.
	Version string
	// Language is the language of pages for people who ask for none of ours.
	Language string
	// Unavailable lists errors of the records that mean "not now": the page
	// says so with status 503 instead of blaming the request.
	Unavailable []error
	// RequireSecondFactor lists the roles that must set up a second factor before
	// anything but their own account opens.
	RequireSecondFactor []review.Role
	// ReconcileOpen says who may reconcile without a key: ReconcileClosed,
	// ReconcileLoopback or ReconcileAll.
	ReconcileOpen string
	// TrustedProxies are addresses or CIDR prefixes of proxies whose X-Forwarded-For
	// is believed; without them the address of the connection counts, which is that of
	// the proxy for everybody behind one.
	TrustedProxies []string
	// OIDC lets people sign in with an account of their organisation; nil for not.
	OIDC *OIDC
	// Exports is the folder in which documents of more than ExportRows rows (0 for
	// 2,000) are written in the background and wait for their person for a day; without
	// it they are made at once, however long they are.
	Exports    string
	ExportRows int
	Now        func() time.Time
	Log        *slog.Logger
}

// Server answers requests. It is made once and safe for concurrent use.
type Server struct {
	store    Store
	records  Records
	propose  Proposer
	runs     Runs
	learn    Learner
	keeper   Keeper
	kept     keptSettings
	streams  *streams
	search   Searcher
	read     Reader
	compare  Comparer
	label    func(lexicon.ConceptID, corpus.Language) string
	effects  TermEffects
	shipped  []lexicon.Concept
	terms    termShelf
	desk     *review.Desk
	base     *url.URL
	secure   bool // cookies with the __Host- prefix
	version  string
	now      func() time.Time
	log      *slog.Logger
	importer Importer

	words    map[string]*words // by tag
	speak    *chooser
	sheets   map[string]*sheets // templates by tag
	assets   map[string]asset
	kinds    []kind
	cross    *http.CrossOriginProtection
	signIns  *limiter         // by address
	accounts *limiter         // by login
	codes    *limiter         // by person
	halfways pending[halfway] // sign-ins that wait for a code
	leases   *leases          // of matches in queues
	// requireSecond are the roles that need a second factor.
	requireSecond []review.Role
	elsewhere     *elsewhere // nil without a provider
	hashing       chan struct{}
	readers       *gate // of files
	rowsAPage     int   // of lists, 0 for as many as each usually has; tests set fewer
	seeking       *gate
	pages         *gate // of the desk; see turn

	apiCalls, apiExports *limiter // by key
	keyRates             *limiter // by key, for those with a rate of their own
	tries                *limiter // of operations on the page, by person
	short                shortKeys
	// address is where a request comes from.
	address     func(*http.Request) string
	reconcile   *reconciler
	guide       apiGuide // the documentation of the interface
	arounds     atomic.Pointer[keptAround]
	previews    effectJobs    // of changes of the terms
	previewWait time.Duration // before a preview gets a page of its own; tests set less
	jobs        *exportShelf  // nil where nothing is written in the background
	// exportRows is how many rows a document has that is made at once.
	exportRows int
	ending     []deprecation
	handler    http.Handler
}

// New puts a server together, or says what is wrong with the configuration or
// with the embedded pages.
func New(cfg Config) (*Server, error) {
	if cfg.Store == nil {
		return nil, fmt.Errorf("make the pages: no store is given: %w", corpus.ErrInvalid)
	}
	base, err := baseURL(cfg.BaseURL)
	if err != nil {
		return nil, err
	}
	s := &Server{
		store: cfg.Store, records: cfg.Records, propose: cfg.Propose, runs: cfg.Runs, learn: cfg.Learn, keeper: cfg.Keeper, streams: newStreams(), search: cfg.Search, read: cfg.Read, compare: cfg.Compare, importer: cfg.Import, label: cfg.Label,
		effects: cfg.Effects, shipped: cfg.Concepts, terms: termShelf{uploads: termUploads{held: map[string]termUpload{}}},
		base: base, secure: base.Scheme == "https", version: cfg.Version, now: cfg.Now, log: cfg.Log,
		kinds: slices.Concat(unavailable(cfg.Unavailable), apiKinds, kinds), cross: http.NewCrossOriginProtection(),
		hashing: make(chan struct{}, 2), seeking: newGate(2*runtime.NumCPU(), 50), pages: newGate(runtime.GOMAXPROCS(0), pagesWaiting), readers: newGate(1, 4),
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.label == nil {
		s.label = func(lexicon.ConceptID, corpus.Language) string { return "" }
	}
	s.signIns = newLimiter(5, time.Minute, s.now)
	s.accounts = newLimiter(10, 15*time.Minute, s.now)
	if s.elsewhere, err = newElsewhere(cfg.OIDC, base.String()); err != nil {
		return nil, err
	}
	s.leases = newLeases(s.now)
	s.codes = newLimiter(10, 15*time.Minute, s.now)
	s.requireSecond = cfg.RequireSecondFactor
	s.apiCalls = newLimiter(apiSearches, apiWindow, s.now)
	s.tries = newLimiter(triesAMinute, time.Minute, s.now)
	s.keyRates = newLimiter(review.MaxKeyRate, time.Minute, s.now)
	if s.address, err = addresses(cfg.TrustedProxies); err != nil {
		return nil, err
	}
	s.apiExports = newLimiter(apiExports, apiWindow, s.now)
	if s.reconcile, err = newReconciler(cfg.ReconcileOpen, s.now); err != nil {
		return nil, err
	}
	s.ending, s.previewWait = deprecations, effectWait
	if s.exportRows = cfg.ExportRows; s.exportRows == 0 {
		s.exportRows = exportRows
	}
	if cfg.Exports != "" {
		if s.jobs, err = newExportShelf(cfg.Exports, s.now, s.log); err != nil {
			return nil, err
		}
		s.jobs.write, s.jobs.tell = s.writeJob, s.tellExport
	}
	s.desk = &review.Desk{Records: cfg.Store, Compare: s, Now: s.now}
	if s.guide, err = readGuide(openAPIDocument()); err != nil {
		return nil, err
	}
	if s.words, s.speak, err = loadWords(cfg.Language); err != nil {
		return nil, err
	}
	if s.assets, err = loadAssets(); err != nil {
		return nil, err
	}
	if s.sheets, err = s.loadSheets(); err != nil {
		return nil, err
	}
	s.handler = s.build()
	return s, nil
}

// baseURL reads the address browsers use and refuses one that would send the
// session cookie over a network in the clear.
func baseURL(text string) (*url.URL, error) {
	if text == "" {
		text = "http://localhost:8080"
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, fmt.Errorf("the address %q is not like https://concord.example: %w", text, corpus.ErrInvalid)
	}
	if u.Path != "" && u.Path != "/" {
		return nil, fmt.Errorf("the address %q has a path, give the host alone: %w", text, corpus.ErrInvalid)
	}
	if u.Scheme == "http" && !loopback(u.Hostname()) {
		return nil, fmt.Errorf("plain http is only for this machine itself, give an https address instead of %q: %w", text, corpus.ErrInvalid)
	}
	u.Path = ""
	return u, nil
}

// loopback tells whether a host name is this machine itself.
func loopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// Handler is the whole site.
func (s *Server) Handler() http.Handler { return s.handler }

// build makes the site from the table of routes.
func (s *Server) build() http.Handler {
	e := s.router()
	for _, r := range s.routes() {
		e.Add(r.method, r.path, s.guarded(r))
	}
	return headAsGet(e)
}

// router is an echo with what every answer needs: recovery, security headers,
// compression and our own page for errors. Addresses come from the connection;
// forwarding headers are believed of trusted proxies alone.
func (s *Server) router() *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = s.address
	e.HTTPErrorHandler = s.showError
	e.Use(s.prepare)
	e.Use(middleware.GzipWithConfig(middleware.GzipConfig{MinLength: gzipFrom, Skipper: func(c echo.Context) bool {
		return c.Request().URL.Path == "/events" // each event goes out at once
	}}))
	e.Use(s.recovered, tabled)
	return e
}

// addresses makes what finds the address of a request.
func addresses(trusted []string) (func(*http.Request) string, error) {
	if len(trusted) == 0 {
		return echo.ExtractIPDirect(), nil
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, text := range trusted {
		if !strings.Contains(text, "/") {
			if strings.Contains(text, ":") {
				text += "/128"
			} else {
				text += "/32"
			}
		}
		_, network, err := net.ParseCIDR(text)
		if err != nil {
			return nil, fmt.Errorf("the trusted proxy %q is no address and no network like 127.0.0.1 or 10.0.0.0/8: %w", text, corpus.ErrInvalid)
		}
		options = append(options, echo.TrustIPRange(network))
	}
	return echo.ExtractIPFromXFFHeader(options...), nil
}

// headAsGet routes HEAD as the GET it asks about (RFC 9110, 9.3.2). The server
// below keeps the body back, since its own request still says HEAD.
func headAsGet(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.Method == http.MethodHead {
			req = req.Clone(req.Context())
			req.Method = http.MethodGet
		}
		next.ServeHTTP(w, req)
	})
}

// tabled refuses every method that the table of routes does not have for a path.
// Left to itself, echo answers OPTIONS.
func tabled(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if allow, other := c.Get(echo.ContextKeyHeaderAllow).(string); other {
			c.Response().Header().Set("Allow", strings.TrimPrefix(allow, http.MethodOptions+", "))
			return echo.ErrMethodNotAllowed
		}
		return next(c)
	}
}

// Serve answers on an address until the context ends, then lets requests that
// are under way finish for up to ten seconds.
func (s *Server) Serve(ctx context.Context, addr string) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", addr, err)
	}
	return s.serveOn(ctx, listener)
}

// The limits of a connection (our own; slow clients must not hold one forever).
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 60 * time.Second
	writeTimeout      = 120 * time.Second
	idleTimeout       = 120 * time.Second
	maxHeaderBytes    = 32 << 10
	shutdownGrace     = 10 * time.Second
)

// serveOn is Serve on a listener that stands already.
func (s *Server) serveOn(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler: s.handler, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout,
		WriteTimeout: writeTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	server.RegisterOnShutdown(s.streams.end) // they would hold the end up
	if s.jobs != nil {
		var writing sync.WaitGroup
		life, end := context.WithCancel(ctx)
		defer writing.Wait()
		defer end()
		writing.Go(func() { s.jobs.run(life) })
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve pages: %w", err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
	defer cancel()
	if err := server.Shutdown(grace); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("stop serving pages: %w", err)
	}
	return nil
}
