// Package client asks the interface of a Concord server: standards, clauses, searches,
// equivalents, matches, rounds, exports, and the feed of changes.
//
//	c := &client.Client{Base: "https://concord.example", Key: os.Getenv("CONCORD_KEY")}
//	for hit, err := range c.Search(ctx, client.SearchAsk{Query: "ramp slope"}) { ... }
//
// Lists are walked page by page as they are ranged over, and end with their first
// error. An answer that is an error is a *Problem (errors.As), with the server's code,
// its words and the id of the request; what is not there is ErrNotFound as well.
//
// It uses the standard library alone and knows no other package of this program,
// so that it may be copied. It waits where the server asks it to (Retry-After), and
// tries again, ever later, where the server is busy or away; half a minute later that
// is an error. Its one surprise: Follow never ends by itself; end its context.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Client asks one server. Its zero values but Base and Key are fine; it may be
// used by several at once.
type Client struct {
	Base string       // address of the server: "https://concord.example"
	Key  string       // of the interface, as an administrator shows it once
	HTTP *http.Client // nil means http.DefaultClient
	// Wait waits; nil means a timer. A context that ends is its error.
	Wait func(ctx context.Context, d time.Duration) error
	// Timeout is for one request with its answer, but for files of exports, which take
	// what their context allows; 0 means a minute.
	Timeout time.Duration
	// Idle is how long Follow waits when there is nothing new; 0 means 5 seconds.
	Idle time.Duration
}

// Problem is an answer that is an error (RFC 9457).
type Problem struct {
	Type   string `json:"type"` // address that describes the kind of problem
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Code   string `json:"code"` // stable, for programs
	ID     string `json:"id"`   // of the request, for the operator's log
}

// Error says what the server said.
func (p *Problem) Error() string {
	text := p.Title
	if p.Detail != "" {
		text += ": " + p.Detail
	}
	if p.ID != "" { // a proxy's answers have none
		text += " (request " + p.ID + ")"
	}
	return fmt.Sprintf("concord answers %d, %s", p.Status, text)
}

// Is makes a Problem with status 404 an ErrNotFound.
func (p *Problem) Is(target error) bool {
	return target == ErrNotFound && p.Status == http.StatusNotFound
}

// ErrNotFound says that what was asked for is not there.
var ErrNotFound = errors.New("it is not there")

// ErrGap says that the feed left out an entry: begin again at 0.
var ErrGap = errors.New("the feed has a gap")

// The limits of the client (our own).
const (
	maxAnswer = 64 << 20 // bytes
	tries     = 6        // of one request while the server is busy or away: half a minute
	bulk      = 1000     // ids of one request
	patience  = time.Minute
)

// ask sends a request and reads its answer; a busy server is asked again.
func (c *Client) ask(ctx context.Context, method, path string, query url.Values, body, answer any) error {
	return c.askWith(ctx, method, path, nil, query, body, answer)
}

// askWith is ask with headers; that of the answer's tag is set in them.
func (c *Client) askWith(ctx context.Context, method, path string, header http.Header, query url.Values, body, answer any) error {
	var sent []byte
	if body != nil {
		var err error
		if sent, err = json.Marshal(body); err != nil {
			return fmt.Errorf("ask for %s: %w", path, err)
		}
	}
	return c.again(ctx, func() (time.Duration, error) {
		return c.once(ctx, method, path, header, query, sent, answer)
	})
}

// again does something until it is done, fails for good, or failed too often. What it
// does says how long to wait before another try: 0 for no other, less than 0 for as
// long as is usual, which doubles with every try.
func (c *Client) again(ctx context.Context, do func() (time.Duration, error)) error {
	for try := 1; ; try++ {
		wait, err := do()
		if err == nil || wait == 0 || try == tries || ctx.Err() != nil {
			return err
		}
		if wait < 0 {
			wait = time.Second << (try - 1)
		}
		if err := c.wait(ctx, wait); err != nil {
			return err
		}
	}
}

// once sends one request. Wait is as again wants it.
func (c *Client) once(ctx context.Context, method, path string, header http.Header, query url.Values, sent []byte, answer any) (wait time.Duration, err error) {
	patient := c.Timeout
	if patient == 0 {
		patient = patience
	}
	ctx, end := context.WithTimeout(ctx, patient)
	defer end()
	defer func() {
		if err != nil && ctx.Err() != nil { // who waited so long is told, and does not wait as long again
			wait = 0
		}
	}()
	got, wait, err := c.send(ctx, method, path, header, query, sent)
	if err != nil {
		return wait, err
	}
	defer got.Body.Close()
	text, err := io.ReadAll(io.LimitReader(got.Body, maxAnswer+1))
	if err != nil {
		return -1, fmt.Errorf("ask for %s: %w", path, err)
	}
	if len(text) > maxAnswer {
		return 0, fmt.Errorf("ask for %s: the answer has more than %d MB", path, maxAnswer>>20)
	}
	if got.StatusCode != http.StatusOK && got.StatusCode != http.StatusAccepted {
		return c.refused(got, text)
	}
	if err := json.Unmarshal(text, answer); err != nil {
		return 0, fmt.Errorf("ask for %s: %w", path, err)
	}
	if header != nil {
		header.Set("ETag", got.Header.Get("ETag"))
	}
	return 0, nil
}

// send sends a request; who gets the answer closes it. Wait is as again wants it, where
// there is an error.
func (c *Client) send(ctx context.Context, method, path string, header http.Header, query url.Values, sent []byte) (got *http.Response, wait time.Duration, err error) {
	base, err := url.Parse(c.Base)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, 0, fmt.Errorf("ask for %s: Base is %q, and must be the address of a server, as https://concord.example", path, c.Base)
	}
	address := strings.TrimRight(c.Base, "/") + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(sent))
	if err != nil {
		return nil, 0, fmt.Errorf("ask for %s: %w", path, err)
	}
	for name, values := range header {
		req.Header[name] = values
	}
	req.Header.Set("Authorization", "Bearer "+c.Key)
	if sent != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	web := c.HTTP
	if web == nil {
		web = http.DefaultClient
	}
	if got, err = web.Do(req); err != nil {
		return nil, -1, fmt.Errorf("ask for %s: %w", path, err)
	}
	return got, 0, nil
}

// refused is the problem that a server answers, and how long to wait when it is a
// passing one, as again wants it. Proxies answer 502 and 504 for a server that is away.
func (c *Client) refused(got *http.Response, text []byte) (time.Duration, error) {
	p := &Problem{}
	if json.Unmarshal(text, p) != nil || p.Title == "" {
		p.Title = got.Status
	}
	p.Status = got.StatusCode
	switch got.StatusCode {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
	default:
		return 0, p
	}
	after := got.Header.Get("Retry-After")
	if seconds, err := strconv.Atoi(after); err == nil && seconds > 0 {
		return time.Duration(seconds) * time.Second, p
	}
	if at, err := http.ParseTime(after); err == nil && time.Until(at) > 0 {
		return time.Until(at), p
	}
	return -1, p
}

// wait waits, or ends with the context.
func (c *Client) wait(ctx context.Context, d time.Duration) error {
	if c.Wait != nil {
		return c.Wait(ctx, d)
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// page is a page of a list.
type page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`
}

// all walks through the pages of a list. It ends with the first error.
func all[T any](ctx context.Context, c *Client, path string, query url.Values) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		asked := url.Values{}
		for name, values := range query {
			asked[name] = values
		}
		for {
			var p page[T]
			if err := c.ask(ctx, http.MethodGet, path, asked, nil, &p); err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range p.Items {
				if !yield(item, nil) {
					return
				}
			}
			if p.Next == "" {
				return
			}
			asked.Set("cursor", p.Next)
		}
	}
}

// Standards lists every standard.
func (c *Client) Standards(ctx context.Context) iter.Seq2[Standard, error] {
	return all[Standard](ctx, c, "/api/v1/standards", url.Values{"limit": {"200"}})
}

// Clauses lists a standard's clauses in reading order.
func (c *Client) Clauses(ctx context.Context, standard string) iter.Seq2[Clause, error] {
	return all[Clause](ctx, c, "/api/v1/standards/"+url.PathEscape(standard)+"/clauses", url.Values{"limit": {"200"}})
}

// Matches lists the matches of a dossier, of all dossiers when it is "".
func (c *Client) Matches(ctx context.Context, dossier string) iter.Seq2[Match, error] {
	query := url.Values{"limit": {"200"}}
	if dossier != "" {
		query.Set("dossier", dossier)
	}
	return all[Match](ctx, c, "/api/v1/matches", query)
}

// Dossiers lists every dossier.
func (c *Client) Dossiers(ctx context.Context) iter.Seq2[Dossier, error] {
	return all[Dossier](ctx, c, "/api/v1/dossiers", nil)
}

// Rounds lists the rounds of a dossier, first one first.
func (c *Client) Rounds(ctx context.Context, dossier string) iter.Seq2[Round, error] {
	return all[Round](ctx, c, "/api/v1/dossiers/"+url.PathEscape(dossier)+"/rounds", nil)
}

// Match reads one match.
func (c *Client) Match(ctx context.Context, id string) (Match, error) {
	var m Match
	return m, c.ask(ctx, http.MethodGet, "/api/v1/matches/"+url.PathEscape(id), nil, nil, &m)
}

// Equivalents reads the matches of any number of clauses, a thousand a request, in
// the order of the ids, each once in a thousand. Those that no clause has are marked.
func (c *Client) Equivalents(ctx context.Context, ids ...string) ([]Equivalents, error) {
	var out []Equivalents
	for len(ids) > 0 {
		n := min(len(ids), bulk)
		var p page[Equivalents]
		err := c.ask(ctx, http.MethodPost, "/api/v1/equivalents", nil, struct {
			Clauses []string `json:"clauses"`
		}{ids[:n]}, &p)
		if err != nil {
			return out, err
		}
		out, ids = append(out, p.Items...), ids[n:]
	}
	return out, nil
}

// Changes reads a page of the feed behind a number. ErrGap when its numbers do not
// follow each other.
func (c *Client) Changes(ctx context.Context, after int64) (Changes, error) {
	var p Changes
	err := c.ask(ctx, http.MethodGet, "/api/v1/changes", url.Values{"after": {strconv.FormatInt(after, 10)}, "limit": {"200"}}, nil, &p)
	if err != nil {
		return p, err
	}
	next := after
	for _, item := range p.Items {
		if item.Seq != next+1 {
			return p, fmt.Errorf("number %d follows %d: %w", item.Seq, next, ErrGap)
		}
		next = item.Seq
	}
	if p.After != next {
		return p, fmt.Errorf("the page ends with %d and says %d: %w", next, p.After, ErrGap)
	}
	return p, nil
}

// Follow hands every page of the feed behind a number to take, which keeps what
// the page tells and its After in one transaction, until the context ends or
// something fails. A page without items is not handed over.
func (c *Client) Follow(ctx context.Context, after int64, take func(Changes) error) error {
	idle := c.Idle
	if idle == 0 {
		idle = 5 * time.Second
	}
	for {
		p, err := c.Changes(ctx, after)
		if err != nil {
			return err
		}
		if len(p.Items) > 0 {
			if err := take(p); err != nil {
				return err
			}
			after = p.After
		}
		if !p.More {
			if err := c.wait(ctx, idle); err != nil {
				return err
			}
		}
	}
}
