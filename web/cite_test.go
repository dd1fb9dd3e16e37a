package web

import (
	"strings"
	"testing"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/matcher"
)

// TestNormalisedIsReadable: the value beside a print is in a unit in which it has few
// zeros, and none stands there where the print says it already.
func TestNormalisedIsReadable(t *testing.T) {
	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t, func(c *Config) { c.Read = lex })
	for text, want := range map[string]string{
		"设计使用年限不应小于50年。":                                              "≥ 50 a",
		"裂缝宽度不应大于 0.30mm。":                                            "",
		"The pressure shall not exceed 30 bar.":                       "≤ 3 MPa",
		"The fire resistance shall be at least 120 minutes.":          "≥ 2 h",
		"The height shall be at least 90 cm.":                         "≥ 0.9 m",
		"The width shall be at least 1.00 m.":                         "",
		"The load shall be at least 12.50 kPa.":                       "",
		"The load shall be at least 10 kPa and 1.05 kPa at the edge.": "",
		"The pipe shall be at least 2 inches wide.":                   "≥ 50.8 mm",
		"The mass shall not exceed 2.5 t.":                            "",
		"The distance shall be at least 1 mile.":                      "≥ 1.609 km",
		"The temperature shall not exceed 40 °C.":                     "",
		"The number of exits shall be at least 2.":                    "",
		"The current shall not exceed 500 microamperes at 0.25 mA.":   "",
	} {
		c := corpus.Clause{ID: "x/1", Standard: "x", Text: text, Language: map[bool]corpus.Language{true: "zh", false: "en"}[text[0] > 0xe0]}
		got := ""
		for _, l := range s.server.normalised(s.server.reading(c, corpus.Standard{}), c, s.server.words["en"]) {
			got = l.SI
			break
		}
		if got != strings.ReplaceAll(want, " ", "\u00a0") {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// TestLimitsOfOneThingHaveOneUnit: what a table compares is said in one unit, whatever
// each country prints; other things in the table have units of their own.
func TestLimitsOfOneThingHaveOneUnit(t *testing.T) {
	s := newSite(t)
	limit := func(of lexicon.ConceptID, si string, low float64) *conceptLimit {
		return &conceptLimit{Limit: matcher.Limit{Of: of, SI: si, Quantity: lexicon.Quantity{Low: low, High: low, Bound: lexicon.BoundAtLeast}}}
	}
	rows := []*conceptRow{
		{Limits: []*conceptLimit{limit("gap", "m", 0.9), limit("strength", "Pa", 4e8), limit("wall", "m", 0.9)}},
		{Limits: []*conceptLimit{limit("gap", "m", 0.025), limit("gap", "s", 90), limit("gap", "m", 0)}},
	}
	inOneUnit(rows, s.server.words["en"])
	var got []string
	for _, r := range rows {
		for _, l := range r.Limits {
			got = append(got, strings.ReplaceAll(l.SIValue, "\u00a0", " "))
		}
	}
	if want := "≥ 900 mm, ≥ 400 MPa, ≥ 0.9 m, ≥ 25 mm, ≥ 1.5 min, ≥ 0 mm"; strings.Join(got, ", ") != want {
		t.Errorf("%q, want %s", got, want)
	}
}
