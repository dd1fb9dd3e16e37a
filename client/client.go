// Package client asks the interface of a Concord server: standards, clauses,
// equivalents, matches, rounds, and the feed of changes.
//
// It uses the standard library alone and knows no other package of this program,
// so that it may be copied. It waits where the server asks it to (Retry-After) and
// tries again where the server is busy. Its one surprise: Follow never ends by
// itself; end its context.
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
	// Idle is how long Follow waits when there is nothing new; 0 means 5 seconds.
	Idle time.Duration
}

// Problem is an answer that is an error (RFC 9457).
type Problem struct {
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
	return fmt.Sprintf("concord answers %d, %s (request %s)", p.Status, text, p.ID)
}

// ErrGap says that the feed left out an entry: begin again at 0.
var ErrGap = errors.New("the feed has a gap")

// The limits of the client (our own).
const (
	maxAnswer = 64 << 20 // bytes
	tries     = 6        // of one request while the server is busy
	bulk      = 1000     // ids of one request
)

// ask sends a request and reads its answer; a busy server is asked again.
func (c *Client) ask(ctx context.Context, method, path string, query url.Values, body, answer any) error {
	return c.askWith(ctx, method, path, nil, query, body, answer)
}

// askWith is ask with headers.
func (c *Client) askWith(ctx context.Context, method, path string, header http.Header, query url.Values, body, answer any) error {
	var sent []byte
	if body != nil {
		var err error
		if sent, err = json.Marshal(body); err != nil {
			return fmt.Errorf("ask for %s: %w", path, err)
		}
	}
	for try := 1; ; try++ {
		wait, err := c.once(ctx, method, path, header, query, sent, answer)
		if err == nil || wait == 0 || try == tries {
			return err
		}
		if err := c.wait(ctx, wait); err != nil {
			return err
		}
	}
}

// once sends one request. Wait is positive when trying again later may help.
func (c *Client) once(ctx context.Context, method, path string, header http.Header, query url.Values, sent []byte, answer any) (wait time.Duration, err error) {
	got, err := c.send(ctx, method, path, header, query, sent)
	if err != nil {
		return time.Second, err
	}
	defer got.Body.Close()
	text, err := io.ReadAll(io.LimitReader(got.Body, maxAnswer+1))
	if err != nil {
		return time.Second, fmt.Errorf("ask for %s: %w", path, err)
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
	return 0, nil
}

// send sends a request; who gets the answer closes it.
func (c *Client) send(ctx context.Context, method, path string, header http.Header, query url.Values, sent []byte) (*http.Response, error) {
	address := strings.TrimRight(c.Base, "/") + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(sent))
	if err != nil {
		return nil, fmt.Errorf("ask for %s: %w", path, err)
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
	got, err := web.Do(req)
	if err != nil {
		return nil, fmt.Errorf("ask for %s: %w", path, err)
	}
	return got, nil
}

// refused is the problem that a server answers, and how long to wait when it is a
// passing one.
func (c *Client) refused(got *http.Response, text []byte) (time.Duration, error) {
	p := &Problem{}
	if json.Unmarshal(text, p) != nil || p.Title == "" {
		p.Title = got.Status
	}
	p.Status = got.StatusCode
	if got.StatusCode != http.StatusTooManyRequests && got.StatusCode != http.StatusServiceUnavailable {
		return 0, p
	}
	if seconds, err := strconv.Atoi(got.Header.Get("Retry-After")); err == nil && seconds > 0 {
		return time.Duration(seconds) * time.Second, p
	}
	return time.Second, p
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
// the order of the ids.
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
