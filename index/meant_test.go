package index

import (
	"context"
	"slices"
	"testing"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// What a person may have meant is said where a word is in no text and in no table,
// and never where the words stand as written.
func TestMeant(t *testing.T) {
	ix := open(t, t.TempDir(), small())
	for _, c := range []struct{ text, want string }{
		{"guardrial", "guardrail"},
		{"guardrial hieght", "guardrail height"},
		{"height of ｇuardrial 1200 mm", "height of guardrail 1200 mm"},
		{"аграждение", "ограждение"},
		{"guardrail height", ""},
		{"inwards", ""},   // in a text
		{"xyzzyxq", ""},   // near nothing
		{"evacuaton", ""}, // near a word that no text says
		{`"guardrial"`, ""},
		{"-guardrial door", ""},
		{"guardri*", ""},
	} {
		res, err := ix.Search(context.Background(), Query{Text: c.text, Choices: true})
		if err != nil {
			t.Fatalf("%s: %v", c.text, err)
		}
		if res.Meant != c.want {
			t.Errorf("%q may have meant %q, want %q", c.text, res.Meant, c.want)
		}
	}
	for name, q := range map[string]Query{
		"not asked for": {Text: "guardrial"}, "exact": {Text: "guardrial", Choices: true, Exact: true}, "second page": {Text: "guardrial", Choices: true, From: 20},
		"filters leave nothing": {Text: "guardrial", Choices: true, Jurisdictions: []corpus.Jurisdiction{"SA"}},
	} {
		if res, err := ix.Search(context.Background(), q); err != nil || res.Meant != "" {
			t.Errorf("%s: %q %v", name, res.Meant, err)
		}
	}
}

// A filter's other values are counted as if it were not set; the hits and the values
// of all other filters are of the narrowed query.
func TestChoicesBesideAFilter(t *testing.T) {
	ix := open(t, t.TempDir(), small())
	ask := func(q Query) (Results, []string) {
		res, err := ix.Search(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		var places []string
		for _, c := range res.Facets["jurisdiction"] {
			places = append(places, c.Value)
		}
		slices.Sort(places)
		return res, places
	}
	all, every := ask(Query{Text: "guardrail"})
	if len(every) < 3 {
		t.Fatalf("the word is found in %v alone", every)
	}
	one := Query{Text: "guardrail", Jurisdictions: []corpus.Jurisdiction{"CN"}}
	if _, places := ask(one); !slices.Equal(places, []string{"CN"}) {
		t.Errorf("a program is told of %v", places)
	}
	one.Choices = true
	res, places := ask(one)
	if !slices.Equal(places, every) || !slices.Equal(res.Facets["jurisdiction"], all.Facets["jurisdiction"]) {
		t.Errorf("with CN chosen there are %v to choose from, without %v", res.Facets["jurisdiction"], all.Facets["jurisdiction"])
	}
	if res.Total != 1 || len(res.Facets["language"]) != 1 {
		t.Errorf("%d clauses of the languages %v", res.Total, res.Facets["language"])
	}
	one.Languages = []corpus.Language{"ru"}
	res, places = ask(one)
	if res.Total != 0 || !slices.Equal(places, []string{"RU"}) || len(res.Facets["language"]) != 1 || res.Facets["language"][0].Value != "zh" {
		t.Errorf("CN and Russian: %d clauses, places %v, languages %v", res.Total, places, res.Facets["language"])
	}
}

// A term that was taken off is named, so that it can be put back; what is no term is not.
func TestTakenOffIsNamed(t *testing.T) {
	ix := open(t, t.TempDir(), small())
	res, err := ix.Search(context.Background(), Query{Text: "guardrail", Without: []lexicon.ConceptID{"guardrail", "no-such-term"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Understood) != 0 || len(res.Off) != 1 || res.Off[0].Concept != "guardrail" || res.Off[0].Labels["zh"] == "" {
		t.Errorf("understood %v, off %v", res.Understood, res.Off)
	}
}
