package embedding

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"concord/corpus"
)

// TestCosineOfBytes holds cosines of what is kept against cosines of the numbers.
func TestCosineOfBytes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	worst := 0.0
	for range 200 {
		a, b := make([]float32, 384), make([]float32, 384)
		for i := range a {
			a[i] = float32(r.NormFloat64())
			b[i] = a[i]*0.5 + float32(r.NormFloat64())
		}
		v, w := mustNew(t, a), mustNew(t, b)
		worst = max(worst, math.Abs(v.Cosine(w)-exact(a, b)))
		again, err := Parse(v.Bytes())
		if err != nil || again.Cosine(w) != v.Cosine(w) {
			t.Fatalf("read again: %v, cosine %v for %v", err, again.Cosine(w), v.Cosine(w))
		}
		if c := v.Cosine(v); math.Abs(c-1) > 1e-6 {
			t.Fatalf("a vector is like itself by %v", c)
		}
	}
	if worst > 0.02 {
		t.Errorf("the cosine is off by %.4f at worst", worst)
	}
	if worst == 0 {
		t.Error("nothing was compared")
	}
}

// TestFromMean takes away what all texts of a language share.
func TestFromMean(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var mean Mean
	all := make([]Vector, 300)
	for i := range all {
		values := make([]float32, 64)
		for k := range values {
			values[k] = float32(r.NormFloat64()) + 2 // the same direction in all
		}
		all[i] = mustNew(t, values)
		mean.Add(all[i])
	}
	before, after := 0.0, 0.0
	for i := 1; i < len(all); i++ {
		before += all[0].Cosine(all[i])
		after += mean.From(all[0]).Cosine(mean.From(all[i]))
	}
	n := float64(len(all) - 1)
	if before/n < 0.7 {
		t.Errorf("unlike texts had cosine %.2f before; the test shows nothing", before/n)
	}
	if math.Abs(after/n) > 0.05 {
		t.Errorf("unlike texts have cosine %.2f", after/n)
	}
	if v := mean.From(mustNew(t, []float32{1})); v.Dimensions() != 0 {
		t.Error("a vector of other dimensions is seen from the mean")
	}
}

func TestVectorsThatAreNone(t *testing.T) {
	for name, values := range map[string][]float32{"empty": nil, "zero": {0, 0}, "nan": {1, float32(math.NaN())}, "endless": {float32(math.Inf(1))}} {
		if _, err := New(values); !errors.Is(err, corpus.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, body := range [][]byte{nil, {1}, {2, 0, 0, 0, 1}, {0, 0, 0, 0, 1}} {
		if _, err := Parse(body); !errors.Is(err, corpus.ErrInvalid) {
			t.Errorf("%v: %v", body, err)
		}
	}
	if c := (Vector{}).Cosine(mustNew(t, []float32{1})); c != 0 {
		t.Errorf("nothing is like something by %v", c)
	}
}

// model is an endpoint of our own: a text's vector counts its letters.
type model struct {
	*httptest.Server
	asked, texts atomic.Int64
	busy         atomic.Int64 // requests to refuse first
	answer       func(q request) any
	status       int
	header       http.Header
	longest      atomic.Int64
}

func newModel(t *testing.T) *model {
	m := &model{status: http.StatusOK}
	m.answer = func(q request) any {
		type datum struct {
			Index     int       `json:"index"`
			Embedding []float32 `json:"embedding"`
		}
		data := make([]datum, len(q.Input))
		for i, text := range q.Input {
			at := len(q.Input) - 1 - i // the answer need not be in order
			data[at] = datum{i, letters(text)}
		}
		return map[string]any{"object": "list", "data": data, "model": q.Model}
	}
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.asked.Add(1)
		m.header = r.Header
		var q request
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil || r.URL.Path != "/v1/embeddings" {
			t.Errorf("asked for %s: %v", r.URL, err)
		}
		m.texts.Add(int64(len(q.Input)))
		for _, text := range q.Input {
			m.longest.Store(max(m.longest.Load(), int64(len(text))))
		}
		if m.busy.Add(-1) >= 0 {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		w.WriteHeader(m.status)
		json.NewEncoder(w).Encode(m.answer(q))
	}))
	t.Cleanup(m.Close)
	return m
}

// letters counts the letters of a text.
func letters(text string) []float32 {
	out := make([]float32, 27)
	out[26] = 0.1
	for _, r := range strings.ToLower(text) {
		if r >= 'a' && r <= 'z' {
			out[r-'a']++
		}
	}
	return out
}

func (m *model) client(t *testing.T, c Config) *Client {
	t.Helper()
	c.URL, c.Model, c.Wait = m.URL+"/v1/", "letters", time.Millisecond
	client, err := NewClient(c)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestEmbed(t *testing.T) {
	m := newModel(t)
	texts := []string{"", strings.Repeat("x", 3*maxText)}
	for i := range 70 {
		texts = append(texts, fmt.Sprintf("text %c", 'a'+i%26))
	}
	m.busy.Store(2)
	got, err := m.client(t, Config{Key: "secret"}).Embed(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(texts) || m.asked.Load() != 3+2 {
		t.Fatalf("%d vectors of %d texts in %d requests", len(got), len(texts), m.asked.Load())
	}
	for i, v := range got[2:] {
		if want := mustNew(t, letters(texts[i+2])); v.Cosine(want) < 0.9999 {
			t.Errorf("text %d has another's vector", i+2)
		}
	}
	if m.longest.Load() != maxText {
		t.Errorf("the longest text sent has %d characters", m.longest.Load())
	}
	if h := m.header.Get("Authorization"); h != "Bearer secret" {
		t.Errorf("the key is sent as %q", h)
	}
}

// TestEmbedAnswers holds every wrong answer to an error that says what is wrong,
// without the key.
func TestEmbedAnswers(t *testing.T) {
	vector := func(index int, values ...float32) map[string]any {
		return map[string]any{"index": index, "embedding": values}
	}
	list := func(data ...any) any { return map[string]any{"data": data} }
	for name, c := range map[string]struct {
		answer any
		status int
		want   string
		is     error
	}{
		"too few":          {list(vector(0, 1)), 200, "1 vectors for 2 texts", corpus.ErrInvalid},
		"twice":            {list(vector(0, 1), vector(0, 1)), 200, "or two, for text 1", corpus.ErrInvalid},
		"beyond":           {list(vector(0, 1), vector(7, 1)), 200, "for text 8", corpus.ErrInvalid},
		"other dimensions": {list(vector(0, 1, 2), vector(1, 1)), 200, "of 1 dimensions, the first one of 2", corpus.ErrInvalid},
		"empty":            {list(vector(0), vector(1)), 200, "of 0 dimensions", corpus.ErrInvalid},
		"zero":             {list(vector(0, 0, 0), vector(1, 1, 1)), 200, "all 0", corpus.ErrInvalid},
		"no json":          {"hello", 200, "no JSON of embeddings", corpus.ErrInvalid},
		"refused":          {map[string]string{"error": "no such model"}, 404, "no such model", corpus.ErrInvalid},
		"busy for ever":    {nil, 503, "busy", ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			m := newModel(t)
			m.status, m.answer = c.status, func(request) any { return c.answer }
			_, err := m.client(t, Config{Key: "secret"}).Embed(t.Context(), []string{"one", "two"})
			if !errors.Is(err, c.is) || !strings.Contains(fmt.Sprint(err), c.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("%v", err)
			}
		})
	}
	closed := newModel(t)
	client := closed.client(t, Config{})
	closed.Close()
	if _, err := client.Embed(t.Context(), []string{"one"}); !errors.Is(err, ErrUnavailable) {
		t.Errorf("nobody answers: %v", err)
	}
}

// TestPrivateAlone keeps texts in the private network, whatever a name leads to
// and wherever an endpoint sends.
func TestPrivateAlone(t *testing.T) {
	for _, at := range []string{"127.0.0.1:80", "10.1.2.3:80", "192.168.0.9:443", "172.16.0.1:1", "[::1]:80", "[fd00::1]:80", "[::ffff:10.0.0.1]:80"} {
		if err := dialer(false).Control("tcp", at, nil); err != nil {
			t.Errorf("%s: %v", at, err)
		}
	}
	for _, at := range []string{"8.8.8.8:443", "[2001:4860:4860::8888]:443", "172.32.0.1:80", "[::ffff:8.8.8.8]:80", "0.0.0.0:80", "nonsense"} {
		if err := dialer(false).Control("tcp", at, nil); !errors.Is(err, errPublic) {
			t.Errorf("%s: %v", at, err)
		}
	}
	if dialer(true).Control != nil {
		t.Error("an allowed address is looked at")
	}
	m := newModel(t)
	away := httptest.NewServer(http.RedirectHandler(m.URL+"/v1/embeddings", http.StatusTemporaryRedirect))
	defer away.Close()
	c, err := NewClient(Config{URL: away.URL, Model: "letters", Wait: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Embed(t.Context(), []string{"one"}); err == nil || m.asked.Load() != 0 {
		t.Errorf("a redirect was followed: %v", err)
	}
	for name, c := range map[string]Config{
		"no address": {Model: "m"}, "no model": {URL: "http://127.0.0.1/v1"}, "a file": {URL: "file:///etc/passwd", Model: "m"},
		"a password": {URL: "http://me:pw@127.0.0.1/v1", Model: "m"}, "key in the clear": {URL: "http://example.org/v1", Model: "m", Key: "k", Anywhere: true},
	} {
		if _, err := NewClient(c); !errors.Is(err, corpus.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzParse holds what is read to what was written.
func FuzzParse(f *testing.F) {
	f.Add([]byte{1, 0, 0, 0, 5})
	f.Add([]byte{0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, body []byte) {
		v, err := Parse(body)
		if err == nil && !bytes.Equal(v.Bytes(), body) {
			t.Errorf("%v is written as %v", body, v.Bytes())
		}
		if c := v.Cosine(v); c < -1 || c > 1 {
			t.Errorf("cosine %v", c)
		}
	})
}

func mustNew(t *testing.T, values []float32) Vector {
	t.Helper()
	v, err := New(values)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func exact(a, b []float32) float64 {
	var dot, x, y float64
	for i := range a {
		dot, x, y = dot+float64(a[i])*float64(b[i]), x+float64(a[i])*float64(a[i]), y+float64(b[i])*float64(b[i])
	}
	return dot / math.Sqrt(x*y)
}
