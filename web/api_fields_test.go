package web

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"
)

func TestSelection(t *testing.T) {
	type leaf struct {
		ID   string `json:"id"`
		Text string `json:"text"`
	}
	type whole struct {
		Items  []leaf          `json:"items"`
		One    *leaf           `json:"one,omitempty"`
		By     map[string]leaf `json:"by"`
		Next   string          `json:"next"`
		hidden string
	}
	const body = `{"items":[{"id":"a","text":"x"},{"id":"b","text":"y"}],"one":{"id":"c","text":"z"},"by":{"k":{"id":"d","text":"w"}},"next":"n"}`
	for fields, want := range map[string]string{
		"next":              `{"next":"n"}`,
		"items.id, next":    `{"items":[{"id":"a"},{"id":"b"}],"next":"n"}`,
		"items.id,items":    `{"items":[{"id":"a","text":"x"},{"id":"b","text":"y"}]}`,
		"items,items.id":    `{"items":[{"id":"a","text":"x"},{"id":"b","text":"y"}]}`,
		"one.text":          `{"one":{"text":"z"}}`,
		"by.k.id":           `{"by":{"k":{"id":"d"}}}`,
		"by.other.id":       `{"by":{}}`,
		"nothing":           "",
		"":                  "",
		"items.":            "",
		"items..id":         "",
		"next.id":           "",
		"items.id.deeper":   "",
		"hidden":            "",
		"Items":             "",
		"next,nothing,next": "",
		strings.TrimSuffix(strings.Repeat("next,", maxFields+1), ","): "",
	} {
		got, err := selectionOf(fields, reflect.TypeFor[whole]())
		if (err != nil) != (want == "") {
			t.Errorf("%.40q: %v", fields, err)
		}
		if err != nil {
			continue
		}
		var tree any
		if err := json.Unmarshal([]byte(body), &tree); err != nil {
			t.Fatal(err)
		}
		if text, _ := json.Marshal(got.of(tree)); !sameJSON(t, string(text), want) {
			t.Errorf("%q: %s, want %s", fields, text, want)
		}
	}
	_ = whole{}.hidden
}

func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		t.Fatalf("%s or %s is no JSON", a, b)
	}
	return reflect.DeepEqual(x, y)
}

// TestFieldsOverHTTP asks lists and single things for some of their fields. The
// document's own examples of selections are asked for too.
func TestFieldsOverHTTP(t *testing.T) {
	w := sharedAPIWorld(t)
	all := w.get(t, "/api/v1/standards?limit=2")
	some := w.get(t, "/api/v1/standards?limit=2&fields=items.id,next")
	if some.Code != http.StatusOK || some.Header().Get("Content-Type") != selectionMedia || all.Header().Get("Content-Type") == selectionMedia {
		t.Fatalf("%d %s, %s", some.Code, some.Header().Get("Content-Type"), all.Header().Get("Content-Type"))
	}
	if strings.Contains(some.Body.String(), "designation") || !strings.Contains(all.Body.String(), "designation") || !strings.Contains(some.Body.String(), `"next"`) {
		t.Errorf("%s", some.Body.String())
	}
	if a, b := all.Header().Get("Etag"), some.Header().Get("Etag"); a == "" || b == "" || a == b {
		t.Errorf("the tags %s and %s", a, b)
	}
	other := w.get(t, "/api/v1/standards?limit=2&fields=items.designation")
	if other.Header().Get("Etag") == some.Header().Get("Etag") {
		t.Error("two selections have one tag")
	}
	bad := w.ask(t, apiAsk{path: "/api/v1/standards?fields=items.id,items.colour", key: w.keys["all"]})
	if bad.Code != http.StatusBadRequest || !strings.Contains(bad.Body.String(), "items.colour") || !strings.Contains(bad.Header().Get("Content-Type"), "problem+json") {
		t.Errorf("an unknown field: %d %s", bad.Code, bad.Body.String())
	}
	// A cursor of the selection goes on in the whole list, and back.
	var page struct{ Next string }
	if err := json.Unmarshal(some.Body.Bytes(), &page); err != nil || page.Next == "" {
		t.Fatalf("%v: %s", err, some.Body.String())
	}
	if got := w.get(t, "/api/v1/standards?limit=2&cursor="+page.Next); got.Code != http.StatusOK {
		t.Errorf("the cursor of a selection: %d", got.Code)
	}
	for path, item := range apiDoc(t).Paths.Map() {
		if item.Get == nil || item.Get.Responses.Value("200").Value.Content[selectionMedia] == nil {
			if item.Get != nil && strings.HasPrefix(path, "/api/v1/") && !strings.HasSuffix(path, "/export") && !strings.HasPrefix(path, "/api/v1/exports") {
				t.Errorf("%s has no selection", path)
			}
		}
	}
}
