package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

// Limits of trying an operation on the page that describes it (our own).
const (
	shortKeyLife = 5 * time.Minute
	shortKeyMost = 1000     // sessions that hold one at a time
	triesAMinute = 20       // of one person
	triedBytes   = 64 << 10 // of an answer that the page shows
)

// shortScopes are what a short-lived key may do: read, and nothing in bulk.
var shortScopes = []review.Scope{review.ScopeRead, review.ScopeSearch}

// shortKeys are keys of minutes, one for a session, in memory alone: they are in no
// list, no record and no address, and do not leave the program.
type shortKeys struct {
	mu   sync.Mutex
	keys map[string]shortKey // by the hash of the session
}

type shortKey struct {
	review.Key
	secret, session string
}

// of is the key of a session, made anew when the one there was has ended.
func (k *shortKeys) of(session review.Session, person review.Person, now time.Time) (shortKey, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if have, there := k.keys[session.Hash]; there && now.Before(have.Expires) {
		return have, nil
	}
	for hash, old := range k.keys {
		if !now.Before(old.Expires) {
			delete(k.keys, hash)
		}
	}
	if len(k.keys) >= shortKeyMost {
		return shortKey{}, errBusy
	}
	secret, key, err := review.NewKey("try", shortScopes, now, shortKeyLife)
	if err != nil {
		return shortKey{}, err
	}
	key.By = person.ID
	if k.keys == nil {
		k.keys = map[string]shortKey{}
	}
	made := shortKey{key, secret, session.Hash}
	k.keys[session.Hash] = made
	return made, nil
}

// find is the key of an id.
func (k *shortKeys) find(id string) (shortKey, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, key := range k.keys {
		if key.ID == id {
			return key, true
		}
	}
	return shortKey{}, false
}

// shortKey is a short-lived key by its id, corpus.ErrNotFound when there is none. It
// works no longer than its session, and while its person may read.
func (s *Server) shortKey(ctx context.Context, id string) (review.Key, error) {
	short, there := s.short.find(id)
	if !there {
		return review.Key{}, corpus.ErrNotFound
	}
	_, person, err := s.store.Session(ctx, short.session, s.now())
	if err == nil && (person.Disabled || !person.May(review.ActionRead)) {
		err = corpus.ErrNotFound
	}
	return short.Key, err
}

// tried is an operation as somebody ran it on the page.
type tried struct {
	Fields  url.Values // as they were filled in
	Problem string
	Request string // method and address
	Status  string
	Headers []apiSample // name and value
	Body    string
	Cut     bool // the body goes on
}

// mayTry tells whether an operation can be run on the page: it reads, and answers
// something that a page can show.
func (o apiOperation) mayTry() bool {
	return slices.Contains(shortScopes, review.Scope(o.Scope))
}

// Value is what a field of the form holds.
func (t *tried) Value(name string) string {
	if t == nil {
		return ""
	}
	return t.Fields.Get(name)
}

// apiTry runs an operation for the person and shows its answer under it.
func (s *Server) apiTry(c echo.Context, a asker) error {
	o, found := s.guide.find(c.FormValue("operation"))
	if !found || !o.mayTry() {
		return fmt.Errorf("an operation to try: %w", corpus.ErrNotFound)
	}
	if wait, ok := s.tries.allow(a.person.ID.String()); !ok {
		return waitError{wait}
	}
	run := &tried{Fields: c.Request().PostForm}
	if err := s.try(c, a, o, run); err != nil {
		return err
	}
	return s.showDocs(c, a, o.ID, run)
}

// try asks the interface as a program would, with the key of the session.
func (s *Server) try(c echo.Context, a asker, o apiOperation, run *tried) error {
	path, query := o.Path, url.Values{}
	for _, p := range o.Params {
		text := run.Fields.Get("in." + p.Name)
		switch {
		case p.In == "path" && strings.TrimSpace(text) == "":
			run.Problem = "Fill in " + p.Name + "."
			return nil
		case p.In == "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(strings.TrimSpace(text)))
		case p.In == "query" && p.Many:
			for value := range strings.Lines(text) {
				if value = strings.TrimSpace(value); value != "" {
					query.Add(p.Name, value)
				}
			}
		case p.In == "query" && strings.TrimSpace(text) != "":
			query.Set(p.Name, strings.TrimSpace(text))
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	key, err := s.short.of(a.session, a.person, s.now())
	if err != nil {
		return err
	}
	body := ""
	if o.Body != "" {
		body = run.Fields.Get("body")
	}
	req, err := http.NewRequestWithContext(c.Request().Context(), o.Method, path, strings.NewReader(body))
	if err != nil {
		run.Problem = "This makes no address."
		return nil
	}
	req.RemoteAddr, req.Host = c.Request().RemoteAddr, s.base.Host
	req.Header.Set("Authorization", "Bearer "+key.secret)
	if body != "" {
		req.Header.Set("Content-Type", echo.MIMEApplicationJSON)
	}
	answer := &keptAnswer{header: http.Header{}}
	s.handler.ServeHTTP(answer, req)
	run.Request, run.Status = o.Method+" "+path, fmt.Sprintf("%d %s", answer.status, http.StatusText(answer.status))
	for _, name := range sortedNames(url.Values(answer.header)) {
		run.Headers = append(run.Headers, apiSample{name, strings.Join(answer.header[name], ", ")})
	}
	run.Body, run.Cut = answer.shown()
	return nil
}

// keptAnswer keeps an answer instead of sending it.
type keptAnswer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (h *keptAnswer) Header() http.Header { return h.header }

func (h *keptAnswer) WriteHeader(status int) {
	if h.status == 0 {
		h.status = status
	}
}

func (h *keptAnswer) Write(b []byte) (int, error) {
	h.WriteHeader(http.StatusOK)
	return h.body.Write(b)
}

// shown is the body as the page shows it, JSON with lines, and whether it was cut.
func (h *keptAnswer) shown() (string, bool) {
	text := strings.TrimSpace(h.body.String())
	if json.Valid([]byte(text)) {
		text = indented(json.RawMessage(text))
	}
	cut := clip(text, triedBytes)
	return cut, len(cut) < len(text)
}

// find is an operation by its id.
func (g apiGuide) find(id string) (apiOperation, bool) {
	for _, group := range g.Groups {
		for _, o := range group.Operations {
			if o.ID == id {
				return o, true
			}
		}
	}
	return apiOperation{}, false
}

// keyRecord finds a key by its id: a short-lived one, or one that is kept.
func (s *Server) keyRecord(ctx context.Context, id string) (review.Key, error) {
	key, err := s.shortKey(ctx, id)
	if errors.Is(err, corpus.ErrNotFound) {
		return s.records.KeyByID(ctx, id)
	}
	return key, err
}

// tryBox is an operation with the form that runs it.
type tryBox struct {
	Operation apiOperation
	Run       *tried
	Token     string
}

func newTryBox(o apiOperation, p *apiDocsPage) tryBox {
	box := tryBox{Operation: o, Token: p.Token}
	if o.ID == p.Tried {
		box.Run = p.Run
	}
	return box
}
