package main

import (
	"context"
	"encoding/json"
	"hash/fnv"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// conceptModel is an endpoint of embeddings of our own: a text's vector counts its
// concepts, hashed, which is the same in every language.
type conceptModel struct {
	*httptest.Server
	texts atomic.Int64
	down  atomic.Bool
}

func newConceptModel(t *testing.T) *conceptModel {
	t.Helper()
	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	m := &conceptModel{}
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if m.down.Load() {
			http.Error(w, "out of memory", http.StatusInternalServerError)
			return
		}
		var q struct{ Input []string }
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
			t.Error(err)
		}
		var data []map[string]any
		for _, text := range q.Input {
			m.texts.Add(1)
			v := make([]float32, 256)
			v[255] = 0.1
			for _, c := range lex.Read(corpus.Clause{Text: text}, corpus.TraditionUnknown).Concepts {
				h := fnv.New32a()
				h.Write([]byte(c.Concept))
				v[h.Sum32()%255]++
			}
			data = append(data, map[string]any{"index": len(data), "embedding": v})
		}
		json.NewEncoder(w).Encode(map[string]any{"data": data})
	}))
	t.Cleanup(m.Close)
	return m
}

// The texts of exits that the tests of embeddings match, in two languages.
const (
	exitsZH = "GB 99999-2026 安全出口规范\n\n1 安全出口\n\n1.1 安全出口的净宽度不应小于 1.40 m。\n\n1.2 防火墙的耐火极限不应低于 3.00 h。\n\n1.3 楼梯间应设置应急照明。\n"
	exitsRU = "СП 999.13330.2026 Эвакуационные выходы\n\n1 Выходы\n\n1.1 Ширина эвакуационного выхода в свету должна быть не менее 1,2 м.\n\n1.2 Предел огнестойкости противопожарной стены должен быть не менее 2,5 ч.\n\n1.3 На лестничных клетках должно быть предусмотрено аварийное освещение.\n"
)

// exitsData is a data folder with both texts.
func exitsData(t *testing.T) string {
	t.Helper()
	texts, data := t.TempDir(), t.TempDir()
	write(t, filepath.Join(texts, "zh.txt"), exitsZH)
	write(t, filepath.Join(texts, "ru.txt"), exitsRU)
	must(t, "import", "--data", data, texts)
	return data
}

// Vectors are asked for once, kept, gone on with after a failure, used by a match
// whose reasons name them, and forgotten by name; an endpoint that is down never
// stops a match.
func TestEmbed(t *testing.T) {
	data, model := exitsData(t), newConceptModel(t)
	endpoint := []string{"--data", data, "--embeddings-url", model.URL + "/v1", "--embeddings-model", "concepts"}
	embed := func(words ...string) []string { return append(append([]string{"embed"}, endpoint...), words...) }

	model.down.Store(true)
	if code, _, errs := concord(t, embed()...); code == exitOK || !strings.Contains(errs, "out of memory") || !strings.Contains(errs, "goes on from there") {
		t.Errorf("an endpoint that fails: %d, %s", code, errs)
	}
	match := append([]string{"match", "--json", "--source", "cn-gb-99999-2026", "--target", "ru-sp-999-13330-2026"}, endpoint...)
	code, without, errs := concord(t, match...)
	if code != exitOK || !strings.Contains(errs, "goes on without new vectors") || strings.Contains(without, `"embeddings"`) {
		t.Errorf("matching beside an endpoint that fails: %d, %s", code, errs)
	}
	model.down.Store(false)
	type result struct{ Embedded int }
	first, err := concordJSON[result](t, embed("--json")...)
	if asked := model.texts.Load(); err != nil || first.Embedded != 6 || asked != 6 {
		t.Errorf("%d of %d texts have a vector: %v", first.Embedded, asked, err)
	}
	if again, err := concordJSON[result](t, embed("--json")...); err != nil || again.Embedded != 0 {
		t.Errorf("%d texts have another vector: %v", again.Embedded, err)
	}
	with := must(t, match...)
	if model.texts.Load() != 6 {
		t.Errorf("%d texts were asked for again", model.texts.Load()-6)
	}
	if !strings.Contains(with, `"embeddings"`) || !strings.Contains(with, " + concepts") {
		t.Error("no reason of a proposal is of the vectors, or the model is not named")
	}
	if listed := must(t, "embed", "--data", data, "--list"); !strings.Contains(listed, "concepts") || !strings.Contains(listed, "6") {
		t.Errorf("listed: %s", listed)
	}
	must(t, "embed", "--data", data, "--drop", "concepts")
	if code, _, _ := concord(t, "embed", "--data", data, "--drop", "concepts"); code != exitMissing {
		t.Errorf("what is not there is dropped with %d", code)
	}
	for name, wrong := range map[string][]string{"nothing": {"embed", "--data", data}, "no model": {"embed", "--data", data, "--embeddings-url", model.URL},
		"public": {"embed", "--data", data, "--embeddings-url", "http://8.8.8.8/v1", "--embeddings-model", "m"}} {
		if code, _, errs := concord(t, wrong...); code == exitOK || errs == "" {
			t.Errorf("%s: %d, %s", name, code, errs)
		}
	}
}

// A server asks for vectors by itself, and its matcher has them as soon as they
// are there; new texts follow.
func TestServerEmbeds(t *testing.T) {
	data, model := exitsData(t), newConceptModel(t)
	e := quiet()
	p, err := e.openProgram(t.Context(), config{Data: data}, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.close() })
	fs := e.flags()
	endpoint := e.embeddings(fs)
	if _, err := parse(fs, []string{"--embeddings-url", model.URL + "/v1", "--embeddings-model", "concepts"}); err != nil {
		t.Fatal(err)
	}
	if p.embedder, err = endpoint(); err != nil {
		t.Fatal(err)
	}
	live := &liveMatcher{program: p}
	before, err := live.current(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var background sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	background.Go(func() { p.keepEmbedding(ctx) })
	t.Cleanup(background.Wait)
	t.Cleanup(stop)
	wait := func(what string, done func() bool) {
		t.Helper()
		for end := time.Now().Add(time.Minute); !done(); time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal(what)
			}
		}
	}
	wait("no vectors came", func() bool { return p.embeddedMark.Load() == 1 })
	after, err := live.current(t.Context())
	if err != nil || after == before || !strings.HasSuffix(after.Model(), " + concepts") {
		t.Errorf("the matcher is the one without vectors: %s, %v", after.Model(), err)
	}
	if again, err := live.current(t.Context()); err != nil || again != after {
		t.Errorf("a matcher is made anew without need: %v", err)
	}
	file := filepath.Join(t.TempDir(), "more.txt")
	write(t, file, "GB 88888-2026 疏散走道规范\n\n1 走道\n\n1.1 疏散走道的净宽度不应小于 1.10 m。\n")
	must(t, "import", "--data", data, file)
	wait("the new text got no vector", func() bool { return p.embeddedMark.Load() == 2 && model.texts.Load() > 6 })
}
