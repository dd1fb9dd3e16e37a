package matcher

import (
	"context"
	"math"
	"reflect"
	"strings"
	"testing"

	"concord/corpus"
	"concord/corpus/translation"
)

// strange are clauses whose words no term of the termbase knows.
func strange() ([]corpus.Standard, []corpus.Clause) {
	clause := func(standard, number, lang, text string) corpus.Clause {
		return corpus.Clause{ID: corpus.NewClauseID(corpus.StandardID(standard), number), Standard: corpus.StandardID(standard), Number: number,
			Kind: corpus.KindProvision, Language: corpus.Language(lang), Text: text}
	}
	return []corpus.Standard{{ID: "a", Language: "en"}, {ID: "b", Language: "ru"}}, []corpus.Clause{
		clause("a", "1", "en", "Zorblax quendle."), clause("a", "2", "en", "Frimble gostak."),
		clause("b", "1", "ru", "Жупелка брындается."), clause("b", "2", "ru", "Хрымза кондыбает."),
	}
}

// strangeTable is a table that knows one word of the first clauses.
func strangeTable(m *Matcher, a, b corpus.Clause) translation.Table {
	s, t := translation.Read(m.lex, a.Text, a.Language), translation.Read(m.lex, b.Text, b.Language)
	return translation.Table{Source: "en", Target: "ru", Number: 4, Pairs: 17, Entries: []translation.Entry{
		{Source: s[0].Form, Target: t[0].Form, Forward: 0.8, Backward: 0.8, Count: 3, SourceCount: 3, TargetCount: 3, Under: -1},
	}}
}

// TestTranslatedForms: a learned word meets its inflections in a language without terms,
// once for all of them.
func TestTranslatedForms(t *testing.T) {
	k := testMatcher(t).known
	entry := func(target string, forward float64) translation.Entry {
		return translation.Entry{Source: "shelter", Target: target, Forward: forward, Backward: forward, Count: 3, SourceCount: 3, TargetCount: 3, Under: -1}
	}
	d := k.newDictionaries([]translation.Table{{Source: "en", Target: "el", Entries: []translation.Entry{entry("καταφυγιο", 0.4), entry("καταφυγια", 0.8), entry("σκεπη", 0.3)}}})
	words := d[[2]corpus.Language{"en", "el"}].words[wordsOf("en").followed("shelter")]
	if len(words) != 2 || words[0].id != wordsOf("el").followed(k.form("καταφυγιου", "el")) || words[0].strength < words[1].strength {
		t.Errorf("%+v", words)
	}
	if back := d[[2]corpus.Language{"el", "en"}].words[words[0].id]; len(back) != 1 {
		t.Errorf("back: %+v", back)
	}
}

// A table finds what nothing else would, says why with the places on both sides
// and what it was learned from, and the score stays the sum of its reasons.
func TestTranslationsAreEvidence(t *testing.T) {
	plain := testMatcher(t)
	standards, clauses := strange()
	for name, source := range map[string]corpus.Clause{"of the corpus": clauses[0], "of nowhere": {ID: "x/1", Standard: "x", Language: "en", Text: clauses[0].Text}} {
		m := NewLearned(plain.lex, plain.model, strangeTable(plain, clauses[0], clauses[2]))
		if err := m.Load(standards, clauses); err != nil {
			t.Fatal(err)
		}
		found, err := m.Match(context.Background(), source, []corpus.StandardID{"b"}, 2)
		if err != nil || len(found) == 0 || found[0].Target != "b/1" {
			t.Fatalf("%s: %+v, %v", name, found, err)
		}
		sum, shown := 0.0, Reason{}
		for _, r := range found[0].Reasons {
			if sum += r.Effect; r.Signal == "translated" {
				shown = r
			}
		}
		if math.Abs(sum-found[0].Score) > 1e-12 {
			t.Errorf("%s: score %g, reasons %g", name, found[0].Score, sum)
		}
		if shown.LearnedFrom != 17 || len(shown.Source) != 1 || len(shown.Target) != 1 || shown.Source[0].End != len("Zorblax") || shown.Target[0].End != len("Жупелка") {
			t.Errorf("%s: the reason is %+v", name, shown)
		}
		if !strings.HasSuffix(found[0].Model, " + en-ru 4") {
			t.Errorf("%s: the model is %s", name, found[0].Model)
		}
		for _, p := range found[1:] {
			if p.Score >= found[0].Score {
				t.Errorf("%s: %s scores %g", name, p.Target, p.Score)
			}
		}
	}
	back := NewLearned(plain.lex, plain.model, strangeTable(plain, clauses[0], clauses[2]))
	if p := back.Compare(clauses[2], clauses[0]); !strings.Contains(reasonNames(p), "translated") {
		t.Errorf("the other way round the reasons are %s", reasonNames(p))
	}
}

func reasonNames(p Proposal) string {
	var names []string
	for _, r := range p.Reasons {
		names = append(names, r.Signal)
	}
	return strings.Join(names, " ")
}

// Without a table, with an empty one, and with one of other languages nothing
// changes, to the last bit; with one that knows the languages something does.
func TestWithoutTranslationsNothingChanges(t *testing.T) {
	plain := testMatcher(t)
	set, err := LoadSet("testdata/sets/security-fr-ru")
	if err != nil {
		t.Fatal(err)
	}
	match := func(tables ...translation.Table) (out [][]Proposal) {
		m := NewLearned(plain.lex, plain.model, tables...)
		if err := m.Load(set.standards(), append(append([]corpus.Clause{}, set.Sources...), set.Targets...)); err != nil {
			t.Fatal(err)
		}
		for _, c := range set.Sources {
			found, err := m.Match(context.Background(), c, []corpus.StandardID{"target"}, 5)
			if err != nil {
				t.Fatal(err)
			}
			for i := range found {
				found[i].Model = ""
			}
			out = append(out, found)
		}
		return out
	}
	want := match()
	entry := []translation.Entry{{Source: "a", Target: "b", Forward: 1, Backward: 1, Under: -1}}
	if !reflect.DeepEqual(match(translation.Table{Source: "fr", Target: "ru"}), want) || !reflect.DeepEqual(match(translation.Table{Source: "en", Target: "zh", Entries: entry}), want) {
		t.Error("tables that say nothing change the proposals")
	}
	tables := LearnTranslations(plain.lex, set)
	if len(tables) != 1 || tables[0].Source != "fr" || tables[0].Pairs == 0 {
		t.Fatalf("learned %+v", tables)
	}
	a, b := translation.Read(plain.lex, set.Sources[0].Wording(), "fr"), translation.Read(plain.lex, set.Targets[0].Wording(), "ru")
	tables[0].Entries = nil
	for _, x := range a {
		for _, y := range b {
			tables[0].Entries = append(tables[0].Entries, translation.Entry{Source: x.Form, Target: y.Form, Forward: 1, Backward: 1, Under: -1})
		}
	}
	if reflect.DeepEqual(match(tables...), want) {
		t.Error("a table of the languages changes nothing")
	}
}

// The split keeps to families, and the halves share no source.
func TestTransferKeepsFamiliesApart(t *testing.T) {
	set, err := LoadSet("testdata/sets/security-fr-ru")
	if err != nil {
		t.Fatal(err)
	}
	if _, ok, err := MeasureTransfer(context.Background(), set, []Set{set}, WayTogether, testOptions(t)); ok || err != nil {
		t.Errorf("a set teaches its own family: %v, %v", ok, err)
	}
	first, rest := set.halves()
	early := map[corpus.ClauseID]bool{}
	for _, p := range first.Pairs {
		early[p.Source] = true
	}
	for _, p := range rest.Pairs {
		if early[p.Source] {
			t.Errorf("%s is in both halves", p.Source)
		}
	}
	if len(first.Pairs) == 0 || len(rest.Pairs) == 0 || len(first.Pairs)+len(rest.Pairs) != len(set.Pairs) {
		t.Errorf("%d and %d pairs of %d", len(first.Pairs), len(rest.Pairs), len(set.Pairs))
	}
}
