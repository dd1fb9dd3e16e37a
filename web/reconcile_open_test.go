package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"concord/corpus"
	"concord/corpus/termbase"
)

// everything is everything the service can be asked, by a key or without one:
// all entities in all ways, as one text.
func (w *recWorld) everything(t *testing.T, key string, header func(*recAsk)) string {
	t.Helper()
	var all strings.Builder
	send := func(q recAsk) {
		q.key = key
		if header != nil {
			header(&q)
		}
		rec := w.send(q)
		if rec.Code != http.StatusOK && rec.Code != http.StatusNotFound {
			t.Fatalf("%s %s: %d %s", q.method, q.path, rec.Code, rec.Body)
		}
		if rec.Code == http.StatusOK { // the others say the id that was asked for
			all.WriteString(rec.Body.String())
		}
	}
	var ids []string
	for _, id := range w.clauseIDs() {
		ids = append(ids, string(id))
	}
	for id, doc := range w.docs {
		ids = append(ids, string(id), doc.Standard.Designation)
	}
	for _, id := range ids {
		for _, path := range []string{recPath, recPath10} {
			send(recAsk{path: path + "/preview?id=" + url.QueryEscape(id)})
			send(recAsk{path: path + "/suggest/entity?limit=50&prefix=" + url.QueryEscape(id)})
		}
		properties := []map[string]string{}
		for _, p := range allProperties() {
			properties = append(properties, map[string]string{"id": p})
		}
		asked, err := json.Marshal(map[string]any{"ids": []string{id}, "properties": properties})
		apiMust(t, err)
		send(recAsk{method: http.MethodPost, path: recPath, media: formMedia, body: form("extend", string(asked))})
		send(recAsk{method: http.MethodPost, path: recPath10 + "/extend", media: "application/json", body: string(asked)})
		queries, err := json.Marshal(map[string]any{"a": map[string]any{"query": id, "limit": 50}, "b": map[string]any{"query": id + " door", "limit": 50}})
		apiMust(t, err)
		send(recAsk{method: http.MethodPost, path: recPath, media: formMedia, body: form("queries", string(queries))})
		send(recAsk{path: recPath + "?" + form("queries", string(queries))})
		queries, err = json.Marshal(map[string]any{"queries": []any{map[string]any{"limit": 50, "conditions": []any{map[string]any{"matchType": "name", "propertyValue": id}}}}})
		apiMust(t, err)
		send(recAsk{method: http.MethodPost, path: recPath10 + "/match", media: "application/json", body: string(queries)})
	}
	return all.String()
}

// TestReconcileHides: what rights and blindness hide is in no answer, by a key or
// without; without a key a standard of which titles alone may be shown is not
// there, nor is a term of users.
func TestReconcileHides(t *testing.T) {
	w := makeRecWorld(t, t.TempDir())
	defer w.db.Close()
	byKey := w.everything(t, w.keys["all"], nil)
	w = w.opened(t, ReconcileAll)
	without := w.everything(t, "", nil)
	for name, text := range map[string]string{"a key": byKey, "no key": without} {
		for _, secret := range []string{hiddenText, hiddenTail, hiddenLimit, blindNote} {
			if strings.Contains(text, secret) {
				t.Errorf("by %s, %q is told", name, secret)
			}
		}
		for _, shown := range []string{shownText, "Doors on escape routes open", "ru-b-2020/5.1", "DEMO GB-D-2020"} {
			if !strings.Contains(text, shown) {
				t.Errorf("by %s, %q is not told", name, shown)
			}
		}
	}
	for _, told := range []string{`"id":"de-c-2020","name"`, `"name":"DEMO DE-C-2020`, `"str":"DEMO DE-C-2020`} {
		if !strings.Contains(byKey, told) || strings.Contains(without, told) {
			t.Errorf("%s: by a key %v, without %v", told, strings.Contains(byKey, told), strings.Contains(without, told))
		}
	}
	// words that are held back are no way to find a clause, without a key
	hidden := map[string]any{"query": hiddenTail + " " + hiddenText, "limit": 50}
	if found := w.one(t, "", hidden); slices.ContainsFunc(found, func(f rec02Candidate) bool { return strings.HasPrefix(f.ID, "gb-d") || strings.HasPrefix(f.ID, "de-c") }) {
		t.Errorf("hidden words find %+v", found)
	}
	rail := recConceptMark + string(termbase.ConceptID("our-rail"))
	if found := w.one(t, "", map[string]any{"query": "自编护栏术语"}); slices.ContainsFunc(found, func(f rec02Candidate) bool { return f.ID == rail }) {
		t.Error("without a key, a term of users is found")
	}
	if rec := w.send(recAsk{path: recPath + "/preview?id=" + url.QueryEscape(rail)}); rec.Code != http.StatusNotFound {
		t.Errorf("without a key, a term of users is shown: %d", rec.Code)
	}
	// the check finds something when the gate is open
	doc := w.docs["de-c-2020"]
	doc.Standard.Rights = corpus.RightsFull
	_, err := w.db.Save(t.Context(), doc, "cli")
	apiMust(t, err)
	if !strings.Contains(w.everything(t, "", nil), hiddenText) {
		t.Error("the check finds nothing: a text that may be shown is not told")
	}
}

// recRequests are one request of everything that is not open to anyone.
func recRequests() map[string]recAsk {
	batch, body10 := `{"q":{"query":"door"}}`, `{"queries":[{"conditions":[{"matchType":"name","propertyValue":"door"}]}]}`
	extend := `{"ids":["cn-a-2020"],"properties":[{"id":"title"}]}`
	return map[string]recAsk{
		"match":        {method: http.MethodPost, path: recPath, media: formMedia, body: form("queries", batch)},
		"match by GET": {path: recPath + "?" + form("queries", batch)},
		"extend":       {method: http.MethodPost, path: recPath, media: formMedia, body: form("extend", extend)},
		"suggest":      {path: recPath + "/suggest/entity?prefix=door"},
		"preview":      {path: recPath + "/preview?id=cn-a-2020"},
		"match 1.0":    {method: http.MethodPost, path: recPath10 + "/match", media: "application/json", body: body10},
		"extend 1.0":   {method: http.MethodPost, path: recPath10 + "/extend", media: "application/json", body: extend},
		"suggest 1.0":  {path: recPath10 + "/suggest/entity?prefix=door"},
		"preview 1.0":  {path: recPath10 + "/preview?id=cn-a-2020"},
	}
}

func TestReconcileKeys(t *testing.T) {
	w := sharedRecWorld(t, "")
	needs := func(name string) string {
		if strings.HasPrefix(name, "extend") || strings.HasPrefix(name, "preview") {
			return "read"
		}
		return "search"
	}
	for name, q := range recRequests() {
		for key, want := range map[string]int{"": 401, "expired": 401, "ended": 401, "none": 403, "all": 200, "search": 403, "read": 403, "export": 403} {
			if key == needs(name) {
				want = 200
			}
			q.key = w.keys[key]
			rec := w.send(q)
			if rec.Code != want {
				t.Errorf("%s with the key %q: %d, want %d: %s", name, key, rec.Code, want, rec.Body)
			}
			if rec.Header().Get("Access-Control-Allow-Origin") != "*" {
				t.Errorf("%s with the key %q: a page cannot read the answer", name, key)
			}
		}
		// a key in the address is none, nor is a session
		q.key = ""
		joint := "?"
		if strings.Contains(q.path, "?") {
			joint = "&"
		}
		q.path += joint + "key=" + w.keys["all"] + "&access_token=" + w.keys["all"]
		if rec := w.send(q); rec.Code != http.StatusUnauthorized {
			t.Errorf("%s with the key in the address: %d", name, rec.Code)
		}
	}
	if m := w.good(t, "0.2/manifest", recAsk{path: recPath}); !strings.Contains(string(m), `"authentication":{"type":"apiKey","name":"Authorization","in":"header"}`) {
		t.Errorf("the manifest does not say how a key is sent: %s", m)
	}
}

func TestReconcileOpen(t *testing.T) {
	w := sharedRecWorld(t, ReconcileLoopback)
	ours := func(q *recAsk) { q.from, q.host = "127.0.0.1:5000", "localhost:8080" }
	for name, c := range map[string]struct {
		change func(q *recAsk)
		want   int
	}{
		"this machine":            {func(*recAsk) {}, 200},
		"this machine, IPv6":      {func(q *recAsk) { q.from, q.host = "[::1]:5000", "[::1]:8080" }, 200},
		"OpenRefine in a browser": {func(q *recAsk) { q.header = map[string]string{"Origin": "http://127.0.0.1:3333"} }, 200},
		"its frame": {func(q *recAsk) {
			q.header = map[string]string{"Referer": "http://127.0.0.1:3333/", "Sec-Fetch-Site": "cross-site"}
		}, 200},
		"another machine":             {func(q *recAsk) { q.from = "10.0.0.9:5000" }, 401},
		"another name of this server": {func(q *recAsk) { q.host = "rebound.example:8080" }, 401},
		"a page of another site":      {func(q *recAsk) { q.header = map[string]string{"Origin": "https://evil.example"} }, 401},
		"a page without an origin":    {func(q *recAsk) { q.header = map[string]string{"Origin": "null"} }, 401},
		"a frame of another site":     {func(q *recAsk) { q.header = map[string]string{"Sec-Fetch-Site": "cross-site"} }, 401},
		"a link from another site":    {func(q *recAsk) { q.header = map[string]string{"Referer": "https://evil.example/"} }, 401},
		"passed on by a proxy":        {func(q *recAsk) { q.header = map[string]string{"X-Forwarded-For": "10.0.0.9"} }, 401},
		"passed on, in the new way":   {func(q *recAsk) { q.header = map[string]string{"Forwarded": "for=10.0.0.9"} }, 401},
	} {
		for request, q := range recRequests() {
			ours(&q)
			c.change(&q)
			if rec := w.send(q); rec.Code != c.want {
				t.Errorf("%s, %s: %d, want %d", name, request, rec.Code, c.want)
			}
			q.key = w.keys["all"]
			if rec := w.send(q); rec.Code != 200 {
				t.Errorf("%s, %s by a key: %d", name, request, rec.Code)
			}
			q.key = w.keys["ended"]
			if rec := w.send(q); rec.Code != 401 {
				t.Errorf("%s, %s by an ended key: %d", name, request, rec.Code)
			}
		}
	}
	w = w.opened(t, ReconcileAll)
	for request, q := range recRequests() {
		q.from, q.header = "10.0.0.9:5000", map[string]string{"Origin": "https://any.example"}
		if rec := w.send(q); rec.Code != 200 {
			t.Errorf("open to all, %s: %d", request, rec.Code)
		}
	}
	if m := w.good(t, "0.2/manifest", recAsk{path: recPath}); strings.Contains(string(m), "authentication") {
		t.Error("the manifest asks for a key although none is needed")
	}
	// nothing else is open
	for _, path := range []string{"/api/v1/standards", "/api/v1/search?q=door"} {
		rec := w.send(recAsk{path: path, from: "127.0.0.1:5000", host: "localhost:8080"})
		if rec.Code != http.StatusUnauthorized || rec.Header().Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: %d", path, rec.Code)
		}
	}
	if _, err := New(Config{Store: w.db, ReconcileOpen: "everybody"}); err == nil {
		t.Error("an unknown switch is taken")
	}
}

func TestReconcileLimits(t *testing.T) {
	w := sharedRecWorld(t, ReconcileAll)
	batch := func(n int, text string) string {
		queries := map[string]any{}
		for i := range n {
			queries[fmt.Sprint("q", i)] = map[string]any{"query": text, "type": "standard", "limit": 1000}
		}
		body, err := json.Marshal(queries)
		apiMust(t, err)
		return form("queries", string(body))
	}
	ids := func(n int) string {
		body, err := json.Marshal(map[string]any{"ids": slices.Repeat([]string{"cn-a-2020"}, n), "properties": []any{map[string]string{"id": "title"}}})
		apiMust(t, err)
		return string(body)
	}
	json10 := func(path, body string) recAsk {
		return recAsk{method: http.MethodPost, path: recPath10 + path, media: "application/json", body: body}
	}
	post := func(body string) recAsk {
		return recAsk{method: http.MethodPost, path: recPath, media: formMedia, body: body}
	}
	q10 := `{"conditions":[{"matchType":"name","propertyValue":"door"}]}`
	for name, c := range map[string]struct {
		q    recAsk
		want int
	}{
		"50 queries":                 {post(batch(50, "GB 1")), 200},
		"51 queries":                 {post(batch(51, "GB 1")), 413},
		"51 queries of 1.0":          {json10("/match", `{"queries":[`+strings.Repeat(q10+",", 50)+q10+`]}`), 413},
		"50 rows":                    {post(form("extend", ids(50))), 200},
		"51 rows":                    {post(form("extend", ids(51))), 413},
		"51 rows of 1.0":             {json10("/extend", ids(51)), 413},
		"512 characters":             {post(batch(1, strings.Repeat("界", 512))), 200},
		"513 characters":             {post(batch(1, strings.Repeat("界", 513))), 400},
		"513 characters to complete": {recAsk{path: recPath + "/suggest/entity?prefix=" + strings.Repeat("x", 513)}, 400},
		"a body too large":           {post(batch(1, strings.Repeat("x", recBytes))), 413},
		"a large body of 1.0":        {json10("/match", `{"queries":["`+strings.Repeat("x", recBytes)+`"]}`), 413},
		"no object":                  {post(form("queries", `[1]`)), 400},
		"null":                       {post(form("queries", `null`)), 400},
		"an empty query":             {post(form("queries", `{"q":{}}`)), 400},
		"an empty form":              {post(""), 400},
		"another type_strict":        {post(form("queries", `{"q":{"query":"x","type_strict":"maybe"}}`)), 400},
		"a value of no kind":         {post(form("queries", `{"q":{"query":"x","properties":[{"pid":"title","v":{"name":"y"}}]}}`)), 400},
		"an unknown property":        {post(form("extend", `{"ids":["cn-a-2020"],"properties":[{"id":"secret"}]}`)), 400},
		"no JSON":                    {recAsk{method: http.MethodPost, path: recPath10 + "/match", media: formMedia, body: "queries=1"}, 415},
		"no conditions":              {json10("/match", `{"queries":[{}]}`), 400},
		"marks of the search":        {post(form("queries", `{"q":{"query":"\"door -x* lang:zh \u201c a*b* `+strings.Repeat("w ", 100)+`"}}`)), 200},
		"a negative limit":           {recAsk{path: recPath + "/suggest/type?limit=-1"}, 400},
		"PUT":                        {recAsk{method: http.MethodPut, path: recPath}, 405},
	} {
		t.Run(name, func(t *testing.T) {
			w.clock.move(recWindow)
			if rec := w.send(c.q); rec.Code != c.want {
				t.Errorf("%d, want %d: %.300s", rec.Code, c.want, rec.Body)
			}
		})
	}
	w.clock.move(recWindow)
	if found := w.one(t, "", map[string]any{"query": "fire", "limit": 1000}); len(found) != recMostLimit {
		t.Errorf("%d candidates, want %d", len(found), recMostLimit)
	}
	if found := w.one(t, "", map[string]any{"query": "fire", "limit": 3}); len(found) != 3 {
		t.Errorf("%d candidates, want 3", len(found))
	}
	if rec := w.send(recAsk{path: recPath + "?callback=evil&" + form("queries", `{"q":{"query":"x"}}`)}); strings.Contains(rec.Body.String(), "evil") || !strings.HasPrefix(rec.Header().Get("Content-Type"), "application/json") {
		t.Errorf("the service speaks JSONP: %s", rec.Body)
	}

	// 51 of 300 a batch: five are answered, the sixth waits, others are not held up
	w.clock.move(recWindow)
	full := post(batch(50, "GB 1"))
	full.from = "[2001:db8::1]:5000"
	for i := range 5 {
		if rec := w.send(full); rec.Code != 200 {
			t.Fatalf("batch %d: %d", i+1, rec.Code)
		}
	}
	full.from = "[2001:db8::2]:5000" // of the same network
	if rec := w.send(full); rec.Code != http.StatusTooManyRequests || rec.Header().Get("Retry-After") == "" || rec.Header().Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("a batch too many: %d %v", rec.Code, rec.Header())
	}
	full.from = "10.0.0.9:5000"
	if rec := w.send(full); rec.Code != 200 {
		t.Errorf("another address: %d", rec.Code)
	}
	w.clock.move(recWindow)
	full.from = "[2001:db8::2]:5000"
	if rec := w.send(full); rec.Code != 200 {
		t.Errorf("after waiting: %d", rec.Code)
	}
}

// TestReconcileCORS: pages of other sites may ask the service and nothing else.
func TestReconcileCORS(t *testing.T) {
	w := sharedRecWorld(t, "")
	paths := 0
	for _, r := range w.server.routes() {
		path := strings.NewReplacer(":id", "cn-a-2020", ":key", "5.1", ":number", "1", ":name", "concord.css", ":token", "x", ":format", "csv").Replace(r.path)
		rec := w.send(recAsk{method: http.MethodOptions, path: path, header: map[string]string{"Origin": "https://any.example", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}})
		h := rec.Header()
		if !strings.HasPrefix(r.path, recPath) {
			if h.Get("Access-Control-Allow-Origin") != "" || rec.Code != http.StatusMethodNotAllowed {
				t.Errorf("%s: %d, origin %q", r.path, rec.Code, h.Get("Access-Control-Allow-Origin"))
			}
			continue
		}
		paths++
		if rec.Code != http.StatusNoContent || h.Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(h.Get("Access-Control-Allow-Headers"), "Authorization") || h.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: %d %v", r.path, rec.Code, h)
		}
	}
	if paths < 20 {
		t.Errorf("%d routes of the service", paths)
	}
}
