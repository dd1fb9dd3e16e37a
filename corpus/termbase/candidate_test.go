package termbase

import (
	"testing"
	"time"
)

func TestNewCandidate(t *testing.T) {
	for _, c := range []struct {
		a, b Term
		ok   bool
	}{
		{Term{Language: "zh-Hant", Text: " 欄 杆 "}, Term{Language: "en-GB", Text: "rail"}, true},
		{Term{Language: "zh", Text: "栏杆"}, Term{Language: "zh-Hant", Text: "欄杆"}, false},
		{Term{Language: "zh", Text: "栏杆"}, Term{Language: "en", Text: " "}, false},
		{Term{Text: "栏杆"}, Term{Language: "en", Text: "rail"}, false},
	} {
		got, ok := NewCandidate(c.a, c.b, FromDefinition, "x/1", "y/2")
		if ok != c.ok {
			t.Errorf("%v %v: %v", c.a, c.b, ok)
		}
		if ok && (got.Source != "en" || got.Target != "zh" || got.Clauses[0] != "y/2" || got.Rendering != "欄 杆") {
			t.Errorf("in order: %+v", got)
		}
	}
	a, _ := NewCandidate(Term{Language: "en", Text: "Ｒail"}, Term{Language: "zh", Text: "栏杆"}, FromDefinition, "", "")
	b, _ := NewCandidate(Term{Language: "zh", Text: "栏杆"}, Term{Language: "en", Text: "rail"}, FromLearned, "", "")
	if a.Key() != b.Key() {
		t.Errorf("the same pair has two keys: %v %v", a.Key(), b.Key())
	}
}

// A pair goes to the entry in use that has one of its forms, and to none that is
// withdrawn.
func TestCandidateInto(t *testing.T) {
	c, _ := NewCandidate(Term{Language: "en", Text: "rail"}, Term{Language: "zh", Text: "栏杆"}, FromDefinition, "", "")
	fresh, version := c.Into(nil, Admitted, Origin{By: "Li"})
	if version != 0 || len(fresh.Terms) != 2 || fresh.Terms[0].Status != Admitted || fresh.Origin.By != "Li" || fresh.Validate() != nil {
		t.Errorf("a new entry: %+v %d", fresh, version)
	}
	have := Kept{Entry: Entry{ID: "r", Terms: []Term{{"en", "Rail", Admitted, "US"}}, Definitions: []Definition{{"en", "bar"}}}, Version: 4}
	for name, want := range map[string]struct {
		kept    []Kept
		status  Status
		id      string
		version int
		first   Status
	}{
		"an entry that has one form":           {[]Kept{have}, Preferred, "r", 4, Preferred},
		"its status stays where it is lower":   {[]Kept{{Entry: Entry{ID: "r", Terms: []Term{{"en", "rail", Preferred, ""}}}, Version: 2}}, Admitted, "r", 2, Preferred},
		"one that is withdrawn":                {[]Kept{{Entry: have.Entry, Version: 4, Withdrawn: true}}, Preferred, fresh.ID, 0, Preferred},
		"the pair's own that was undone":       {[]Kept{{Entry: fresh, Version: 2, Withdrawn: true}}, Preferred, fresh.ID, 2, Preferred},
		"the word in another language is none": {[]Kept{{Entry: Entry{ID: "x", Terms: []Term{{"fr", "rail", Preferred, ""}}}, Version: 1}}, Preferred, fresh.ID, 0, Preferred},
	} {
		e, version := c.Into(want.kept, want.status, Origin{})
		if e.ID != want.id || version != want.version || len(e.Terms) != 2 || e.Terms[0].Status != want.first {
			t.Errorf("%s: %+v over %d", name, e, version)
		}
	}
}

func TestWaiting(t *testing.T) {
	from := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	version := func(n int, by string, day int, status Status) Kept {
		return Kept{Entry: Entry{ID: "r", Terms: []Term{{"en", "rail", status, ""}}}, Version: n, By: by, At: from.AddDate(0, 0, day)}
	}
	said := func(since int, person string) []Confirmation {
		return []Confirmation{{"r", since, "en", "rail", person}}
	}
	gone := version(3, "li", 3, Preferred)
	gone.Withdrawn = true
	for _, c := range []struct {
		name     string
		versions []Kept
		said     []Confirmation
		from     time.Time
		by       string // who proposed, "" where nothing waits
	}{
		{"proposed", []Kept{version(1, "li", 1, Preferred)}, nil, from, "li"},
		{"no rule", []Kept{version(1, "li", 1, Preferred)}, nil, time.Time{}, ""},
		{"before the rule", []Kept{version(1, "li", -1, Preferred)}, nil, from, ""},
		{"before the rule and changed since", []Kept{version(2, "wang", 2, Preferred), version(1, "li", -1, Preferred)}, nil, from, ""},
		{"admitted", []Kept{version(1, "li", 1, Admitted)}, nil, from, ""},
		{"confirmed", []Kept{version(1, "li", 1, Preferred)}, said(1, "wang"), from, ""},
		{"one's own", []Kept{version(1, "li", 1, Preferred)}, said(1, "li"), from, "li"},
		{"another changed it since", []Kept{version(2, "wang", 2, Preferred), version(1, "li", 1, Preferred)}, nil, from, "li"},
		{"proposed anew", []Kept{version(3, "wang", 3, Preferred), version(2, "li", 2, Admitted), version(1, "li", 1, Preferred)}, said(1, "ivan"), from, "wang"},
		{"withdrawn", []Kept{gone}, nil, from, ""},
		{"back from a withdrawal", []Kept{version(4, "wang", 4, Preferred), gone, version(1, "li", 1, Preferred)}, said(1, "ivan"), from, "wang"},
	} {
		got := Waiting(c.versions, c.said, c.from)
		if (len(got) == 1) != (c.by != "") || len(got) == 1 && got[0].By != c.by {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	e := Entry{ID: "r", Terms: []Term{{"en", "rail", Preferred, ""}, {"en", "bar", Preferred, ""}, {"en", "old", Deprecated, ""}}}
	got := e.Counted([]Proposal{{Entry: "r", Language: "en", Text: "rail"}}, Proposed)
	if got.Terms[0].Text != "bar" || got.Terms[1].Status != Proposed || e.Terms[0].Status != Preferred {
		t.Errorf("%+v", got)
	}
}
