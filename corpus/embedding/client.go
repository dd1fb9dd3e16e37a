package embedding

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"concord/corpus"
)

// ErrUnavailable says that an endpoint cannot be reached or is too busy; asking
// later may help.
var ErrUnavailable = errors.New("cannot be reached now")

// Source makes vectors of texts: the one thing the program asks of a model
// outside. Embed returns a vector for each text, in their order.
type Source interface {
	Model() string
	Embed(ctx context.Context, texts []string) ([]Vector, error)
}

// Config says where vectors come from.
type Config struct {
	URL   string // up to and with /v1, or whole with /embeddings
	Model string // as the endpoint names it
	Key   string // sent as a bearer token, "" for none
	// Anywhere lets texts leave for addresses that are not of a private network.
	Anywhere bool
	// Wait is how long to wait before the first repetition; 0 for half a second.
	Wait time.Duration
}

// Limits of what is asked and taken.
const (
	Batch       = 32       // texts of one request
	maxText     = 8_000    // characters of a text that are sent
	maxAnswer   = 64 << 20 // bytes of an answer
	maxTries    = 4        // of a request that the endpoint is too busy for
	maxWait     = time.Minute
	askWithin   = 2 * time.Minute
	shownAnswer = 200 // characters of an answer in an error
)

// Client asks an endpoint that speaks the /v1/embeddings of OpenAI, as Text
// Embeddings Inference, vLLM, Ollama and llama.cpp do. It is safe for concurrent
// use.
type Client struct {
	config Config
	ask    string
	http   *http.Client
}

// NewClient makes a client. An address that is none, a missing model, and a key
// that would travel in the clear to a public address are corpus.ErrInvalid.
func NewClient(c Config) (*Client, error) {
	at, err := url.Parse(c.URL)
	if err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https" || at.User != nil || at.RawQuery != "" || at.Fragment != "" {
		return nil, fmt.Errorf("embeddings: %w: %q is not the address of an endpoint, such as http://127.0.0.1:8081/v1", corpus.ErrInvalid, c.URL)
	}
	if strings.TrimSpace(c.Model) == "" {
		return nil, fmt.Errorf("embeddings: %w: the name of the model is missing", corpus.ErrInvalid)
	}
	if c.Anywhere && at.Scheme == "http" && c.Key != "" {
		return nil, fmt.Errorf("embeddings: %w: a key goes to public addresses by https alone", corpus.ErrInvalid)
	}
	ask := strings.TrimRight(at.String(), "/")
	if !strings.HasSuffix(ask, "/embeddings") {
		ask += "/embeddings"
	}
	if c.Wait <= 0 {
		c.Wait = 500 * time.Millisecond
	}
	transport := &http.Transport{DialContext: dialer(c.Anywhere).DialContext, MaxIdleConnsPerHost: 2, IdleConnTimeout: time.Minute, ResponseHeaderTimeout: askWithin}
	return &Client{config: c, ask: ask, http: &http.Client{
		Transport: transport, Timeout: askWithin,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return errors.New("it sends elsewhere, which is not followed")
		},
	}}, nil
}

// Model implements Source.
func (c *Client) Model() string { return c.config.Model }

// Embed implements Source. Texts of more than 8,000 characters are cut. An
// endpoint that cannot be reached or stays busy is ErrUnavailable; one
// that answers something else than vectors is corpus.ErrInvalid. Errors name the
// endpoint and never the key.
func (c *Client) Embed(ctx context.Context, texts []string) ([]Vector, error) {
	out := make([]Vector, 0, len(texts))
	for start := 0; start < len(texts); start += Batch {
		part, err := c.batch(ctx, texts[start:min(start+Batch, len(texts))])
		if err != nil {
			return nil, fmt.Errorf("embeddings from %s: %w", c.ask, err)
		}
		out = append(out, part...)
	}
	return out, nil
}

// request is the body of a request.
type request struct {
	Model  string   `json:"model"`
	Input  []string `json:"input"`
	Format string   `json:"encoding_format"`
}

// answer is what an endpoint answers.
type answer struct {
	Data []struct {
		Index     *int      `json:"index"`
		Embedding []float32 `json:"embedding"`
	} `json:"data"`
}

// batch asks once, and again while the endpoint is busy.
func (c *Client) batch(ctx context.Context, texts []string) ([]Vector, error) {
	q := request{Model: c.config.Model, Format: "float"}
	for _, t := range texts {
		q.Input = append(q.Input, cut(t))
	}
	body, err := json.Marshal(q)
	if err != nil {
		return nil, err
	}
	wait := c.config.Wait
	for try := 1; ; try++ {
		got, after, err := c.once(ctx, body)
		if err == nil {
			return got.vectors(len(texts))
		}
		if after < 0 || try == maxTries {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(min(maxWait, max(wait, after))):
		}
		wait *= 4
	}
}

// never says that asking again is of no use.
const never = -1

// once sends a request. after is how long the endpoint wants to be left alone
// before the next try, or never.
func (c *Client) once(ctx context.Context, body []byte) (got answer, after time.Duration, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.ask, bytes.NewReader(body))
	if err != nil {
		return got, never, err
	}
	r.Header.Set("Content-Type", "application/json")
	if c.config.Key != "" {
		r.Header.Set("Authorization", "Bearer "+c.config.Key)
	}
	res, err := c.http.Do(r)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err // its text would say the address twice
		}
		if ctx.Err() != nil || errors.Is(err, errPublic) {
			return got, never, err
		}
		return got, 0, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
		return got, 0, fmt.Errorf("%w: its answer ended early: %w", ErrUnavailable, err)
	case res.StatusCode == http.StatusTooManyRequests || res.StatusCode == http.StatusServiceUnavailable:
		seconds, _ := strconv.Atoi(res.Header.Get("Retry-After"))
		return got, time.Duration(max(0, min(seconds, 3600))) * time.Second, fmt.Errorf("%w: it is busy (%s)", ErrUnavailable, res.Status)
	case res.StatusCode != http.StatusOK:
		return got, never, fmt.Errorf("%w: it answered %s: %s", corpus.ErrInvalid, res.Status, shorten(string(text)))
	case len(text) > maxAnswer:
		return got, never, fmt.Errorf("%w: its answer is longer than %d MB", corpus.ErrInvalid, maxAnswer>>20)
	}
	if err := json.Unmarshal(text, &got); err != nil {
		return got, never, fmt.Errorf("%w: its answer is no JSON of embeddings (%w): %s", corpus.ErrInvalid, err, shorten(string(text)))
	}
	return got, never, nil
}

// vectors puts the answer in the order of the texts, one for each.
func (a answer) vectors(want int) ([]Vector, error) {
	if len(a.Data) != want {
		return nil, fmt.Errorf("%w: it gave %d vectors for %d texts", corpus.ErrInvalid, len(a.Data), want)
	}
	out := make([]Vector, want)
	for i, d := range a.Data {
		at := i
		if d.Index != nil {
			at = *d.Index
		}
		if at < 0 || at >= want || out[at].parts != nil {
			return nil, fmt.Errorf("%w: it gave no vector, or two, for text %d", corpus.ErrInvalid, at+1)
		}
		if n := len(d.Embedding); n == 0 || n > MaxDimensions || n != len(a.Data[0].Embedding) {
			return nil, fmt.Errorf("%w: text %d has a vector of %d dimensions, the first one of %d", corpus.ErrInvalid, at+1, n, len(a.Data[0].Embedding))
		}
		v, err := New(d.Embedding)
		if err != nil {
			return nil, fmt.Errorf("text %d: %w", at+1, err)
		}
		out[at] = v
	}
	return out, nil
}

// cut keeps the beginning of a text. An empty one is a blank, which endpoints
// take where they refuse nothing at all.
func cut(text string) string {
	if strings.TrimSpace(text) == "" {
		return " "
	}
	if utf8.RuneCountInString(text) <= maxText {
		return text
	}
	return string([]rune(text)[:maxText])
}

// shorten keeps the beginning of what an endpoint said, as valid text.
func shorten(s string) string {
	s = strings.ToValidUTF8(strings.Join(strings.Fields(s), " "), "\uFFFD")
	if r := []rune(s); len(r) > shownAnswer {
		return string(r[:shownAnswer]) + "…"
	}
	return s
}
