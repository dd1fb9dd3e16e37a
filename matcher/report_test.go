package matcher

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"concord/corpus"
)

// reportOf measures our own sets under a model that change alters.
func reportOf(t *testing.T, change func(*Model)) Report {
	t.Helper()
	sets, err := LoadSets("testdata/sets")
	if err != nil {
		t.Fatal(err)
	}
	model, err := DefaultModel()
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&model)
	}
	var results []SetResult
	for _, set := range sets {
		result, err := Evaluate(t.Context(), set, Options{Lexicon: testOptions(t).Lexicon, Model: model})
		if err != nil {
			t.Fatal(err)
		}
		results = append(results, result)
	}
	return NewReport(results)
}

// again writes a report as JSON and reads it back.
func again(t *testing.T, r Report) Report {
	t.Helper()
	var b bytes.Buffer
	if err := r.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	out, err := ReadReport(&b)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestSince finds no change in the same run, and that a matcher without its
// strongest signals is worse.
func TestSince(t *testing.T) {
	before := again(t, reportOf(t, nil))
	same := reportOf(t, nil)
	same.Since(before)
	if len(same.Changes) != len(same.Sets) {
		t.Fatalf("%d changes of %d sets", len(same.Changes), len(same.Sets))
	}
	for _, c := range same.Changes {
		if c.Better != 0 || c.Worse != 0 || c.Gain.MAP != 0 || c.Sources == 0 || c.Relation[0] != c.Relation[1] {
			t.Errorf("the same run: %+v", c)
		}
	}
	weak := reportOf(t, func(m *Model) {
		for _, s := range []string{"words", "concepts", "learned", "translated", "phrases"} {
			m.weights[s] = [2]float64{}
		}
	})
	weak.Since(before)
	worse := 0
	for _, c := range weak.Changes {
		if c.Worse > c.Better && c.Gain.MAP < 0 {
			worse++
		}
	}
	if worse < len(weak.Changes)/2 {
		t.Errorf("a matcher without words and concepts is worse in %d of %d sets only", worse, len(weak.Changes))
	}
	before.Sets = before.Sets[:1]
	if same.Since(before); len(same.Changes) != 1 || same.Changes[0].Set != before.Sets[0].Set {
		t.Errorf("a set of one run only is compared: %+v", same.Changes)
	}
}

func TestReadReportNamesTheCure(t *testing.T) {
	for _, text := range []string{"", "{", `{"sets":[]}`, `{"sets":[{"set":"x","sources":3}]}`} {
		if _, err := ReadReport(strings.NewReader(text)); !errors.Is(err, corpus.ErrInvalid) || !strings.Contains(err.Error(), "evaluate --json") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestSlices adds up: every judged source made by people is in one slice of each
// kind but relations, and machine-written sets are in none.
func TestSlices(t *testing.T) {
	r := reportOf(t, nil)
	for i := range r.Sets {
		r.Sets[i].Unconfirmed = i == 0
	}
	people := 0
	for _, s := range r.Sets[1:] {
		people += s.Sources
	}
	sums := make(map[string]int)
	for _, s := range slicesOf(r.Sets) {
		sums[s.Of] += s.Sources
		if s.BM25 < 0 || s.Matcher > 1 || s.First > 1 || s.Value == "" {
			t.Errorf("%+v", s)
		}
	}
	for _, of := range []string{"languages", "domain", "length"} {
		if sums[of] != people {
			t.Errorf("%s: %d sources in slices, %d judged", of, sums[of], people)
		}
	}
	if sums["relation"] < people {
		t.Errorf("relations of %d sources, %d judged", sums["relation"], people)
	}
	for words, want := range map[int]string{0: "1 to 8 words", 8: "1 to 8 words", 9: "9 to 25 words", 80: "26 to 80 words", 81: "more than 80 words"} {
		if got := lengthOf(words); got != want {
			t.Errorf("%d words: %q", words, got)
		}
	}
}

// TestWriteHTML writes the same page twice, with every figure of the table,
// nothing fetched from elsewhere, and names of sets as text.
func TestWriteHTML(t *testing.T) {
	r := reportOf(t, nil)
	r.Since(again(t, r))
	r.Sets[0].Set = `<script>alert(1)</script>`
	write := func() string {
		var b bytes.Buffer
		if err := r.WriteHTML(&b, []string{"about & around"}); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	page := write()
	if page != write() {
		t.Error("the page differs from one writing to the next")
	}
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	tables, plots := 0, 0
	for n := range doc.Descendants() {
		switch n.Data {
		case "script", "link", "img", "iframe":
			t.Errorf("the page has an element %s", n.Data)
		case "table":
			tables++
		case "svg":
			plots++
		}
	}
	if tables < 4 || plots < 3 {
		t.Errorf("%d tables and %d plots", tables, plots)
	}
	for _, s := range r.Sets {
		if !strings.Contains(page, "<td>"+fmt.Sprintf("%.3f", s.Matcher.MAP100)+"</td>") {
			t.Errorf("the MAP of %s is not in the page", s.Set)
		}
	}
	if !strings.Contains(page, "about &amp; around") || strings.Contains(page, "NaN") || strings.Contains(page, "ZgotmplZ") {
		t.Error("the page is not as it should be")
	}
}
