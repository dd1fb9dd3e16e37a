package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"concord/corpus"
	"concord/corpus/termbase"
	"concord/index"
	"concord/store"
)

// recWorld is the world of the interface with standards of known designations,
// terms, and a service that is open to whom is said.
type recWorld struct {
	*apiWorld
	schemas map[string]*jsonschema.Schema // nil where they are not beside the checkout
	checked int
}

// sharedRecWorld is the world of all tests that only read, opened to whom is said.
func sharedRecWorld(t *testing.T, open string) *recWorld {
	t.Helper()
	if kept.rec == nil {
		kept.rec = makeRecWorld(t, filepath.Join(keptDir(t), "reconcile"))
	}
	return kept.rec.opened(t, open)
}

// makeRecWorld makes a world in a folder.
func makeRecWorld(t *testing.T, dir string) *recWorld {
	t.Helper()
	w := &recWorld{apiWorld: makeAPIWorld(t, dir)}
	add := func(id corpus.StandardID, designation, title string, lang corpus.Language, rights corpus.Rights, labels ...string) {
		doc := &corpus.Document{Standard: corpus.Standard{ID: id, Designation: designation, Titles: []corpus.Title{{Language: lang, Text: title}}, Issuer: "Concord",
			Jurisdiction: "CN", Language: lang, Domain: corpus.DomainEngineering, Edition: designation[len(designation)-4:], Status: corpus.StatusInForce, Rights: rights, Demonstration: true, Notice: "our own words"}}
		for i, label := range labels {
			number := corpus.ParseNumber(label).String()
			doc.Clauses = append(doc.Clauses, corpus.Clause{ID: corpus.NewClauseID(id, number), Standard: id, Order: i, Label: label, Number: number,
				Kind: corpus.KindRequirement, Heading: "疏散宽度", Text: "自编的条文 " + label + " 不应小于1.2m。", Language: lang})
		}
		_, err := w.db.Save(t.Context(), doc, "cli")
		apiMust(t, err)
	}
	add("cn-gb-50016-2014", "GB 50016-2014", "建筑设计防火规范", "zh", corpus.RightsFull, "5.5.17", "第5.5.18条", "5.5.1")
	add("cn-gb-50016-2006", "GB 50016-2006", "建筑设计防火规范（旧）", "zh", corpus.RightsFull, "5.5.17")
	add("iso-9001-2015-en", "ISO 9001:2015", "Quality systems", "en", corpus.RightsFull, "4.1")
	add("iso-9001-2015-fr", "ISO 9001:2015", "Systèmes de qualité", "fr", corpus.RightsFull, "4.1")
	apiMust(t, w.db.SaveTerm(t.Context(), termbase.Entry{ID: "our-rail", Terms: []termbase.Term{{Language: "zh", Text: "自编护栏术语", Status: termbase.Preferred}, {Language: "ar", Text: "درابزين تجريبي", Status: termbase.Preferred}}}, 0, termbase.Shifts{}, "cli"))
	w.schemas = recSchemas(t)
	return w.opened(t, ReconcileClosed)
}

// opened is the world with a server of its own under another switch.
func (w *recWorld) opened(t *testing.T, open string) *recWorld {
	t.Helper()
	parts, api := w.parts(t), *w.apiWorld
	w = &recWorld{apiWorld: &api, schemas: w.schemas}
	var err error
	w.server, err = New(Config{Store: w.db, Records: w.db, Search: parts.index, Read: parts.lex, Concepts: parts.lex.Concepts(), ReconcileOpen: open, Now: w.clock.now, Version: "test",
		Unavailable: []error{index.ErrBusy, index.ErrClosed, store.ErrReadOnly}})
	apiMust(t, err)
	return w
}

// recSchemas are the official schemas, which are not part of the repository.
func recSchemas(t *testing.T) map[string]*jsonschema.Schema {
	t.Helper()
	folder := ""
	for _, p := range []string{"../../shared/reference/schemas/reconciliation", "../../../shared/reference/schemas/reconciliation"} {
		if _, err := os.Stat(p); err == nil {
			folder = p
		}
	}
	if folder == "" {
		return nil
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft7)
	// the manifest refers to the definition of a key in Swagger 2
	swagger, err := jsonschema.UnmarshalJSON(strings.NewReader(`{"definitions":{"securityDefinitions":{"additionalProperties":{"type":"object","required":["type","name","in"],"additionalProperties":false,
		"properties":{"type":{"enum":["apiKey"]},"name":{"type":"string"},"in":{"enum":["header","query"]},"description":{"type":"string"}}}}}}`))
	apiMust(t, err)
	apiMust(t, compiler.AddResource("http://swagger.io/v2/schema.json", swagger))
	var names []string
	for _, version := range []string{rec02, rec10} {
		files, err := filepath.Glob(filepath.Join(folder, version, "*.json"))
		apiMust(t, err)
		for _, path := range files {
			name := version + "/" + strings.TrimSuffix(filepath.Base(path), ".json")
			if strings.HasSuffix(name, "/openapi") {
				continue
			}
			f, err := os.Open(path)
			apiMust(t, err)
			schema, err := jsonschema.UnmarshalJSON(f)
			f.Close()
			apiMust(t, err)
			delete(schema.(map[string]any), "$schema") // names no draft that there is
			delete(schema.(map[string]any), "$id")     // several have the same
			apiMust(t, compiler.AddResource("https://schemas.test/"+name+".json", schema))
			names = append(names, name)
		}
	}
	out := map[string]*jsonschema.Schema{}
	for _, name := range names {
		out[name], err = compiler.Compile("https://schemas.test/" + name + ".json")
		apiMust(t, err)
	}
	return out
}

// fitsSchema holds a body to an official schema.
func (w *recWorld) fitsSchema(name string, body []byte) error {
	if w.schemas == nil {
		return nil
	}
	schema := w.schemas[name]
	if schema == nil {
		return fmt.Errorf("there is no schema %s", name)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(body)))
	if err != nil {
		return err
	}
	w.checked++
	return schema.Validate(value)
}

// recAsk is a request of the service.
type recAsk struct {
	method, path, key, body, media string
	header                         map[string]string
	from, host                     string
}

func (w *recWorld) send(q recAsk) *httptest.ResponseRecorder {
	w.clock.move(time.Second)
	if q.method == "" {
		q.method = http.MethodGet
	}
	req := httptest.NewRequest(q.method, q.path, strings.NewReader(q.body))
	if q.media != "" {
		req.Header.Set("Content-Type", q.media)
	}
	if q.key != "" {
		req.Header.Set("Authorization", "Bearer "+q.key)
	}
	if q.from != "" {
		req.RemoteAddr = q.from
	}
	if q.host != "" {
		req.Host = q.host
	}
	for name, value := range q.header {
		req.Header.Set(name, value)
	}
	rec := httptest.NewRecorder()
	w.server.Handler().ServeHTTP(rec, req)
	return rec
}

// good sends and holds the answer to a schema.
func (w *recWorld) good(t *testing.T, schema string, q recAsk) []byte {
	t.Helper()
	rec := w.send(q)
	if rec.Code != http.StatusOK {
		t.Fatalf("%s %s: %d %s", q.method, q.path, rec.Code, rec.Body)
	}
	if h := rec.Header(); h.Get("Access-Control-Allow-Origin") != "*" || h.Get("Access-Control-Allow-Credentials") != "" || h.Get("Set-Cookie") != "" {
		t.Errorf("%s: the headers are %v", q.path, h)
	}
	if schema != "" {
		if err := w.fitsSchema(schema, rec.Body.Bytes()); err != nil {
			t.Errorf("%s %s: %v\n%.600s", q.method, q.path, err, rec.Body)
		}
	}
	return rec.Body.Bytes()
}

func form(field, value string) string { return url.Values{field: {value}}.Encode() }

const formMedia = "application/x-www-form-urlencoded"

// ask02 asks a batch of 0.2 by a form.
func (w *recWorld) ask02(t *testing.T, key string, queries map[string]any) map[string][]rec02Candidate {
	t.Helper()
	batch, err := json.Marshal(queries)
	apiMust(t, err)
	if err := w.fitsSchema("0.2/reconciliation-query-batch", batch); err != nil {
		t.Fatalf("the test asks what is no query: %v", err)
	}
	body := w.good(t, "0.2/reconciliation-result-batch", recAsk{method: http.MethodPost, path: recPath, key: key, media: formMedia, body: form("queries", string(batch))})
	var out map[string]struct {
		Result []rec02Candidate `json:"result"`
	}
	apiMust(t, json.Unmarshal(body, &out))
	found := map[string][]rec02Candidate{}
	for name := range queries {
		found[name] = out[name].Result
	}
	return found
}

// one asks one query of 0.2.
func (w *recWorld) one(t *testing.T, key string, query map[string]any) []rec02Candidate {
	t.Helper()
	return w.ask02(t, key, map[string]any{"q": query})["q"]
}

func TestReconcileMatches(t *testing.T) {
	w := sharedRecWorld(t, "")
	if w.schemas == nil {
		t.Log("the official schemas are not beside this checkout, so answers are not held to them")
	}
	door := ""
	for _, c := range w.server.shipped {
		if slices.Contains(c.Forms["en"], "fire door") {
			door = recConceptMark + string(c.ID)
		}
	}
	if door == "" {
		t.Fatal("the termbase has no fire door")
	}
	for name, c := range map[string]struct {
		query, kind string
		want        string // the first
		match       bool
		least, most float64
	}{
		"designation":             {"GB 50016-2014", "standard", "cn-gb-50016-2014", true, 100, 100},
		"other dash, no blank":    {"GB50016—2014", "standard", "cn-gb-50016-2014", true, 100, 100},
		"id":                      {"cn-gb-50016-2014", "", "cn-gb-50016-2014", true, 100, 100},
		"no year":                 {"GB 50016", "standard", "cn-gb-50016-2006", false, 90, 90},
		"unknown year":            {"GB 50016-1999", "standard", "cn-gb-50016-2006", false, 65, 65},
		"unknown pattern":         {"demo cn-a-2020", "standard", "cn-a-2020", true, 100, 100},
		"title":                   {"建筑设计防火规范", "standard", "cn-gb-50016-2014", true, 100, 100},
		"words of a title":        {"quality system", "standard", "iso-9001-2015-en", false, 60, 99},
		"two of the same":         {"ISO 9001:2015", "standard", "iso-9001-2015-en", false, 100, 100},
		"clause":                  {"GB 50016-2014 5.5.17", "clause", "cn-gb-50016-2014/5.5.17", true, 100, 100},
		"clause in words":         {"GB 50016-2014 第5.5.17条", "clause", "cn-gb-50016-2014/5.5.17", true, 100, 100},
		"label in words":          {"GB 50016-2014, 5.5.18", "clause", "cn-gb-50016-2014/5.5.18", true, 100, 100},
		"clause with its heading": {"GB 50016-2014 5.5.17 疏散宽度", "clause", "cn-gb-50016-2014/5.5.17", true, 100, 100},
		"clause, other heading":   {"GB 50016-2014 5.5.17 栏杆", "clause", "cn-gb-50016-2014/5.5.17", false, 80, 95},
		"clause, no year":         {"GB 50016 5.5.18", "clause", "cn-gb-50016-2014/5.5.18", false, 90, 90},
		"clause of no pattern":    {"DEMO RU-B-2020 5.1", "clause", "ru-b-2020/5.1", true, 100, 100},
		"clause id":               {"ru-b-2020/5.1", "clause", "ru-b-2020/5.1", true, 100, 100},
		"text of a clause":        {"疏散门应向疏散方向开启。", "clause", "cn-a-2020/5.2", true, 100, 100},
		"words of a clause":       {"двери на путях эвакуации", "clause", "ru-b-2020/5.2", false, 20, 99},
		"term in English":         {"fire door", "term", door, true, 100, 100},
		"term in Chinese":         {"防火门", "term", door, true, 100, 100},
		"term of users":           {"自编护栏术语", "", recConceptMark + string(termbase.ConceptID("our-rail")), true, 100, 100},
		"beginning of a term":     {"fire doo", "term", "", false, 40, 80},
	} {
		t.Run(name, func(t *testing.T) {
			q := map[string]any{"query": c.query, "limit": 50}
			if c.kind != "" {
				q["type"] = c.kind
			}
			found := w.one(t, w.keys["search"], q)
			if len(found) == 0 {
				t.Fatal("nothing is found")
			}
			matches := 0
			for i, f := range found {
				if f.Match {
					matches++
				}
				if i > 0 && f.Score > found[i-1].Score || f.Score < 0 || f.Score > 100 || c.kind != "" && f.Type[0].ID != c.kind {
					t.Errorf("%d: %+v", i, f)
				}
			}
			if first := found[0]; c.want != "" && first.ID != c.want || first.Match != c.match || first.Score < c.least || first.Score > c.most {
				t.Errorf("first of %d: %+v", len(found), first)
			}
			if want := map[bool]int{true: 1}[c.match]; matches != want {
				t.Errorf("%d matches", matches)
			}
		})
	}
	if found := w.one(t, w.keys["search"], map[string]any{"query": "xqzzyv"}); len(found) != 0 {
		t.Errorf("nonsense finds %+v", found)
	}
	if w.schemas != nil && w.checked == 0 {
		t.Error("no answer was held to a schema")
	}
}

// TestReconcileConditions: properties and types choose among candidates.
func TestReconcileConditions(t *testing.T) {
	w := sharedRecWorld(t, "")
	key := w.keys["all"]
	property := func(pid string, v any) map[string]any {
		return map[string]any{"query": "ISO 9001:2015", "type": []string{"standard"}, "properties": []any{map[string]any{"pid": pid, "v": v}}}
	}
	found := w.one(t, key, property("language", "fr"))
	if len(found) != 2 || found[0].ID != "iso-9001-2015-fr" || !found[0].Match || found[1].Match {
		t.Errorf("with its language: %+v", found)
	}
	if found := w.one(t, key, property("language", []any{"de", map[string]any{"id": "en"}})); found[0].ID != "iso-9001-2015-en" || !found[0].Match {
		t.Errorf("with two languages: %+v", found)
	}
	got := w.ask02(t, key, map[string]any{
		"none": map[string]any{"query": "fire door", "type": "person"}, "both": map[string]any{"query": "fire door", "type": []string{"standard", "term"}, "type_strict": "all"},
		"any":   map[string]any{"query": "fire door", "type": []string{"standard", "concept"}, "type_strict": "any"},
		"built": map[string]any{"properties": []any{map[string]any{"pid": "designation", "v": "GB 50016-2014"}, map[string]any{"pid": "label", "v": "5.5.17"}}},
	})
	if len(got["none"]) != 0 || len(got["both"]) != 0 || len(got["any"]) == 0 {
		t.Errorf("types: %+v", got)
	}
	if built := got["built"]; len(built) == 0 || built[0].ID != "cn-gb-50016-2014/5.5.17" || !built[0].Match {
		t.Errorf("from properties: %+v", built)
	}

	ask10 := func(text string) [][]rec10Candidate {
		t.Helper()
		if err := w.fitsSchema("1.0-draft/reconciliation-query-batch", []byte(text)); err != nil {
			t.Fatalf("the test asks what is no query: %v", err)
		}
		var out struct {
			Results []struct {
				Candidates []rec10Candidate `json:"candidates"`
			} `json:"results"`
		}
		apiMust(t, json.Unmarshal(w.good(t, "1.0-draft/reconciliation-result-batch", recAsk{method: http.MethodPost, path: recPath10 + "/match", key: key, media: "application/json", body: text}), &out))
		var lists [][]rec10Candidate
		for _, r := range out.Results {
			lists = append(lists, r.Candidates)
		}
		return lists
	}
	lists := ask10(`{"queries":[
		{"type":"standard","conditions":[{"matchType":"name","propertyValue":"ISO 9001:2015"},{"matchType":"property","propertyId":"language","propertyValue":"fr","required":true}]},
		{"conditions":[{"matchType":"id","propertyValue":"cn-gb-50016-2014/5.5.17"}]},
		{"type":"standard","conditions":[{"matchType":"name","propertyValue":"ISO 9001:2015"},{"matchType":"property","propertyId":"language","propertyValue":["fr","de"],"required":true,"matchQuantifier":"none"}]},
		{"type":"standard","conditions":[{"matchType":"name","propertyValue":"ISO 9001:2015"},{"matchType":"property","propertyId":"language","propertyValue":["fr","en"],"required":true,"matchQuantifier":"all"}]},
		{"lang":"zh","conditions":[{"matchType":"name","propertyValue":"防火门"}]}]}`)
	for i, want := range []string{"iso-9001-2015-fr", "cn-gb-50016-2014/5.5.17", "iso-9001-2015-en", ""} {
		if want == "" && len(lists[i]) != 0 || want != "" && (len(lists[i]) != 1 || lists[i][0].ID != want || !lists[i][0].Match) {
			t.Errorf("%d: %+v, want %s alone", i, lists[i], want)
		}
	}
	if len(lists) != 5 || len(lists[4]) == 0 || lists[4][0].Language == "" {
		t.Errorf("%+v", lists)
	}
}

func TestReconcileSchemas(t *testing.T) {
	w := sharedRecWorld(t, "")
	if w.schemas == nil {
		t.Skip("the official schemas are not beside this checkout")
	}
	for version, path := range map[string]string{rec02: recPath, rec10: recPath10} {
		w.good(t, version+"/manifest", recAsk{path: path}) // needs no key
		for _, of := range []string{"property", "type"} {
			plural := map[string]string{"property": "properties", "type": "types"}[of]
			if body := w.good(t, version+"/suggest-"+plural+"-response", recAsk{path: path + "/suggest/" + of + "?prefix=st"}); !strings.Contains(string(body), `"standard"`) {
				t.Errorf("%s: %s", of, body)
			}
		}
		for _, prefix := range []string{"GB 500", "fire", "建筑", "GB 50016-2014 5.5"} {
			body := w.good(t, version+"/suggest-entities-response", recAsk{path: path + "/suggest/entity?limit=50&prefix=" + url.QueryEscape(prefix), key: w.keys["search"]})
			if !strings.Contains(string(body), `"id"`) || prefix == "GB 50016-2014 5.5" && !strings.Contains(string(body), "cn-gb-50016-2014/5.5.17") {
				t.Errorf("%s: %s", prefix, body)
			}
		}
		if body := w.good(t, version+"/data-extension-property-proposal", recAsk{path: path + "/extend/propose?type=clause"}); !strings.Contains(string(body), "equivalents") || strings.Contains(string(body), "definition") {
			t.Errorf("%s", body)
		}
	}
	for name, broken := range map[string]string{"0.2/manifest": `{"versions":["0.2"]}`, "1.0-draft/manifest": `{"versions":["0.2"],"name":"x","view":{"url":"x{id}"}}`, "0.2/data-extension-response": `{"meta":[],"rows":{"x":{"y":[{"bool":true}]}}}`,
		"1.0-draft/data-extension-response": `{"meta":[],"rows":[{"id":"x","properties":[{"id":"y","values":[{"bool":true}]}]}]}`, "0.2/reconciliation-result-batch": `{"q":{"result":[{"id":"x"}]}}`,
		"1.0-draft/reconciliation-result-batch": `{"results":[{"candidates":[{"id":"x","name":"y","features":[{"id":"z","value":1}]}]}]}`, "0.2/suggest-entities-response": `{"result":[{"id":"x"}]}`} {
		if w.fitsSchema(name, []byte(broken)) == nil {
			t.Errorf("the check finds nothing: %s passes as %s", broken, name)
		}
	}
	rest := func(from int) string {
		return string(w.good(t, "0.2/suggest-entities-response", recAsk{path: fmt.Sprintf("%s/suggest/entity?prefix=fire&cursor=%d", recPath, from), key: w.keys["search"]}))
	}
	if rest(0) == rest(10) || rest(50) != "{\"result\":[]}\n" {
		t.Errorf("the cursor does not go on: %s", rest(50))
	}
}

// recExtended is an answer of either version as texts.
func (w *recWorld) extended(t *testing.T, version, key string, ids []string, properties ...string) map[string]map[string][]recValue {
	t.Helper()
	asked := map[string]any{"ids": ids, "properties": []any{}}
	for _, p := range properties {
		asked["properties"] = append(asked["properties"].([]any), map[string]any{"id": p})
	}
	body, err := json.Marshal(asked)
	apiMust(t, err)
	apiMust(t, w.fitsSchema(version+"/data-extension-query", body))
	out := map[string]map[string][]recValue{}
	if version == rec02 {
		var answer struct {
			Rows map[string]map[string][]recValue `json:"rows"`
		}
		apiMust(t, json.Unmarshal(w.good(t, "0.2/data-extension-response", recAsk{method: http.MethodPost, path: recPath, key: key, media: formMedia, body: form("extend", string(body))}), &answer))
		return answer.Rows
	}
	var answer struct {
		Rows []rec10Row `json:"rows"`
	}
	apiMust(t, json.Unmarshal(w.good(t, "1.0-draft/data-extension-response", recAsk{method: http.MethodPost, path: recPath10 + "/extend", key: key, media: "application/json", body: string(body)}), &answer))
	for _, r := range answer.Rows {
		out[r.ID] = map[string][]recValue{}
		for _, cell := range r.Properties {
			out[r.ID][cell.ID] = cell.Values
		}
	}
	return out
}

// allProperties are the ids of all properties.
func allProperties() []string {
	var out []string
	for _, p := range recProperties {
		out = append(out, p.ID)
	}
	return out
}

func TestReconcileExtends(t *testing.T) {
	w := sharedRecWorld(t, "")
	rail := recConceptMark + string(termbase.ConceptID("our-rail"))
	ids := []string{"cn-a-2020/5.1", "cn-a-2020/5.2", "cn-a-2020/5.3", "cn-a-2020/5.5", "cn-a-2020/5.6", "cn-gb-50016-2014", rail, "no-such/1", "gb-d-2020/5.1"}
	used := map[string]bool{}
	for _, version := range []string{rec02, rec10} {
		got := w.extended(t, version, w.keys["read"], ids, allProperties()...)
		if len(got) != len(ids) {
			t.Fatalf("%s: %d rows", version, len(got))
		}
		for _, row := range got {
			for name, values := range row {
				used[name] = used[name] || len(values) > 0
			}
		}
		text := func(id, property string) string {
			if v := got[id][property]; len(v) > 0 {
				return v[0].Text
			}
			return ""
		}
		count := func(id string) int {
			if v := got[id]["equivalent-count"]; len(v) == 1 && v[0].Number != nil {
				return *v[0].Number
			}
			return -1
		}
		if text("cn-gb-50016-2014", "title") != "建筑设计防火规范" || text("cn-gb-50016-2014", "edition") != "2014" || text("cn-a-2020/5.1", "obligation") != "require" && text("cn-a-2020/5.1", "obligation") != "prohibit" || !strings.Contains(text("cn-a-2020/5.1", "text"), shownText) {
			t.Errorf("%s: %+v", version, got)
		}
		// confirmed, then disputed, opinion, rejected, suspect
		if v := got["cn-a-2020/5.1"]["equivalents"]; len(v) != 1 || v[0].ID != "ru-b-2020/5.1" || v[0].Name != "DEMO RU-B-2020 5.1" || count("cn-a-2020/5.1") != 1 {
			t.Errorf("%s: the agreed equivalent is %+v", version, v)
		}
		for _, id := range ids[1:5] {
			if v := got[id]["equivalents"]; len(v) != 0 || count(id) != 0 {
				t.Errorf("%s: %s, which is not agreed, has %+v", version, id, v)
			}
		}
		if v := got[rail]["term"]; len(v) != 2 || (version == rec10) != (v[0].Dir == "rtl" && v[0].Language == "ar") {
			t.Errorf("%s: terms %+v", version, v)
		}
		for name, values := range got["no-such/1"] {
			if len(values) != 0 {
				t.Errorf("%s: an unknown id has %s %+v", version, name, values)
			}
		}
		if text("gb-d-2020/5.1", "obligation") != "" || !strings.HasSuffix(text("gb-d-2020/5.1", "text"), "…") {
			t.Errorf("%s: an excerpt gives %+v", version, got["gb-d-2020/5.1"])
		}
	}
	for _, p := range recProperties {
		if !used[p.ID] && p.ID != "definition" {
			t.Errorf("the property %s has no value anywhere", p.ID)
		}
	}
}

func TestReconcilePreview(t *testing.T) {
	w := sharedRecWorld(t, "")
	for id, want := range map[string]string{"cn-gb-50016-2014": "建筑设计防火规范", "cn-gb-50016-2014/5.5.17": "自编的条文", recConceptMark + string(termbase.ConceptID("our-rail")): "درابزين"} {
		for _, path := range []string{recPath, recPath10} {
			rec := w.send(recAsk{path: path + "/preview?id=" + url.QueryEscape(id), key: w.keys["read"]})
			body, h := rec.Body.String(), rec.Header()
			if rec.Code != http.StatusOK || !strings.Contains(body, want) || !strings.HasPrefix(h.Get("Content-Type"), "text/html") {
				t.Errorf("%s: %d %s", id, rec.Code, body)
			}
			policy := h.Get("Content-Security-Policy")
			if h.Get("X-Frame-Options") != "" || !strings.Contains(policy, "frame-ancestors *") || !strings.Contains(policy, "sandbox") || strings.Contains(policy, "script-src") || strings.Contains(body, "<script") {
				t.Errorf("%s: policy %q", id, policy)
			}
		}
		rec := w.send(recAsk{path: recPath + "/view?id=" + url.QueryEscape(id)})
		if to := rec.Header().Get("Location"); rec.Code != http.StatusSeeOther || !strings.HasPrefix(to, "/standards/") && !strings.HasPrefix(to, "/concept") {
			t.Errorf("%s: leads to %q", id, to)
		}
	}
	for accept, want := range map[string][]string{"ru-RU,en;q=0.5": {`lang="ru" dir="ltr"`, "<dt>Статус</dt>", "действует"}, "ar": {`lang="ar" dir="rtl"`}, "zh-CN": {`lang="zh" dir="ltr"`}, "": {`lang="en" dir="ltr"`, "<dt>Status</dt>", "in force"}} {
		body := w.send(recAsk{path: recPath + "/preview?id=cn-gb-50016-2014", key: w.keys["read"], header: map[string]string{"Accept-Language": accept}}).Body.String()
		for _, text := range want {
			if !strings.Contains(body, text) || strings.Contains(body, "in-force") || strings.Contains(body, "⟦") || accept != "" && strings.Contains(body, "<dt>Status") {
				t.Errorf("in %q without %q: %s", accept, text, body)
			}
		}
	}
	if rec := w.send(recAsk{path: recPath + "/preview?id=no-such", key: w.keys["read"]}); rec.Code != http.StatusNotFound {
		t.Errorf("an unknown id: %d", rec.Code)
	}
	for _, id := range []string{"//evil.example/x", "https://evil.example", `\\evil.example`, "../admin/keys", ""} {
		if to := w.send(recAsk{path: recPath + "/view?id=" + url.QueryEscape(id)}).Header().Get("Location"); !strings.HasPrefix(to, "/standards") || strings.Contains(to, "/..") {
			t.Errorf("%q leads to %q", id, to)
		}
	}
	hostile := recFlyout{Name: "<script>alert(1)</script>", Text: `"><img src=x onerror=alert(1)>`, Rows: []recFlyoutRow{{"x", []recValue{{Text: "<script>", Language: `"><script>`}}}}, Page: "javascript:alert(1)"}
	var b strings.Builder
	apiMust(t, recFlyoutPage.Execute(&b, hostile))
	if strings.Contains(b.String(), "<script>") || strings.Contains(b.String(), "<img") || strings.Contains(b.String(), `href="javascript`) {
		t.Errorf("a hostile text is written as it is: %s", b.String())
	}
}

// TestReconcileTermsInTheAskersLanguage: terms are found, completed, shown and extended
// as the type term, and by the name it had before; every name of a type or a property is
// in the language of the header or the parameter, valid by the schemas, and in English
// where the pages do not speak it.
func TestReconcileTermsInTheAskersLanguage(t *testing.T) {
	w := sharedRecWorld(t, "")
	key := w.keys["all"]
	rail := recConceptMark + string(termbase.ConceptID("our-rail"))
	chinese := map[string]string{"Accept-Language": "zh-CN,en;q=0.5"}
	for version, path := range map[string]string{rec02: recPath, rec10: recPath10} {
		for _, c := range []struct {
			header                      map[string]string
			lang, term, status, without string
		}{
			{chinese, "", `"name":"术语"`, `"name":"状态"`, "Term"},
			{nil, "zh", `"name":"术语"`, `"name":"状态"`, "Term"},
			{chinese, "ar", `"name":"المصطلح"`, `"name":"حالة السريان"`, "术语"}, // the parameter says more
			{nil, "", `"name":"Term"`, `"name":"Status"`, "术语"},
			{nil, "tlh", `"name":"Term"`, `"name":"Status"`, "术语"},
		} {
			at := func(path string) recAsk {
				u, err := url.Parse(path)
				apiMust(t, err)
				if q := u.Query(); c.lang != "" {
					q.Set("lang", c.lang)
					u.RawQuery = q.Encode()
				}
				return recAsk{path: u.String(), header: c.header, key: key}
			}
			for _, ask := range []struct{ schema, path, has string }{
				{"manifest", path, c.term},
				{"suggest-types-response", path + "/suggest/type?prefix=t", c.term},
				{"suggest-properties-response", path + "/suggest/property?prefix=st", c.status},
				{"data-extension-property-proposal", path + "/extend/propose?type=standard", c.status},
				{"suggest-entities-response", path + "/suggest/entity?type=term&prefix=" + url.QueryEscape("fire door"), c.term},
			} {
				body := string(w.good(t, version+"/"+ask.schema, at(ask.path)))
				if !strings.Contains(body, ask.has) || strings.Contains(body, `"name":"`+c.without+`"`) {
					t.Errorf("%s %s %q: no %s in %s", version, ask.path, c.lang, ask.has, body)
				}
			}
			q := at(path)
			q.method = http.MethodPost
			schema, has := "0.2/data-extension-response", c.status
			if q.media, q.body = formMedia, form("extend", `{"ids":["cn-a-2020"],"properties":[{"id":"status"},{"id":"standard"}]}`); version == rec10 {
				q = at(path + "/extend")
				q.method, q.media, q.body, schema = http.MethodPost, "application/json", `{"ids":["cn-a-2020"],"properties":[{"id":"status"},{"id":"standard"}]}`, "1.0-draft/data-extension-response"
			}
			if body := string(w.good(t, schema, q)); !strings.Contains(body, has) {
				t.Errorf("%s: no %s in %s", version, has, body)
			}
		}
		for _, kind := range []string{"term", "concept"} {
			if body := string(w.good(t, version+"/suggest-entities-response", recAsk{path: path + "/suggest/entity?type=" + kind + "&prefix=" + url.QueryEscape("自编护栏"), key: key})); !strings.Contains(body, rail) || !strings.Contains(body, `"id":"term"`) {
				t.Errorf("%s %s: %s", version, kind, body)
			}
			if body := string(w.good(t, version+"/data-extension-property-proposal", recAsk{path: path + "/extend/propose?type=" + kind})); !strings.Contains(body, "definition") || strings.Contains(body, "designation") {
				t.Errorf("%s %s: %s", version, kind, body)
			}
		}
		if got := w.extended(t, version, key, []string{rail}, "term", "language", "designation")[rail]; len(got["term"]) == 0 || len(got["language"]) == 0 || len(got["designation"]) != 0 {
			t.Errorf("%s: %+v", version, got)
		}
		if rec := w.send(recAsk{path: path + "/preview?lang=zh&id=" + url.QueryEscape(rail), key: key}); rec.Code != http.StatusOK || !strings.Contains(rec.Body.String(), "<p>术语</p>") {
			t.Errorf("preview: %d %s", rec.Code, rec.Body)
		}
	}
	for _, kind := range []string{"term", "concept"} {
		found := w.one(t, key, map[string]any{"query": "自编护栏术语", "type": kind})
		if len(found) == 0 || found[0].ID != rail || !found[0].Match || found[0].Type[0].ID != "term" {
			t.Errorf("%s: %+v", kind, found)
		}
	}
	if found := w.one(t, key, map[string]any{"query": "自编护栏术语", "type": "standard"}); len(found) != 0 && found[0].ID == rail {
		t.Errorf("a term is a standard: %+v", found)
	}
}
