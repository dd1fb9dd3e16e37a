package index

import (
	"context"
	"errors"
	"slices"
	"testing"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/corpus/translation"
)

// tables are learned translations as a store keeps them.
type tables struct {
	mark int64
	list []translation.Table
	err  error
}

func (s *tables) TranslationsMark(context.Context) (int64, error) { return s.mark, s.err }
func (s *tables) TranslationsInUse(context.Context) ([]translation.Table, error) {
	return s.list, s.err
}

// parallel are clauses of which each says the same in English and Russian; their
// subject is a word that no termbase knows.
func parallel() (pairs [][2]string, s *shelf) {
	for _, verb := range [][2]string{{"checked", "проверяется"}, {"painted", "окрашивается"}, {"cleaned", "очищается"}, {"replaced", "заменяется"}, {"closed", "закрывается"}, {"marked", "маркируется"}} {
		pairs = append(pairs, [2]string{"The blorpex is " + verb[0] + ".", "Зубрулька " + verb[1] + "."},
			[2]string{"The door is " + verb[0] + ".", "Дверь " + verb[1] + "."}, [2]string{"The wall is " + verb[0] + ".", "Стена " + verb[1] + "."})
	}
	s = &shelf{}
	s.put(russian, "1", "", "Перед пуском зубрульку смазывают.")
	s.put(russian, "2", "", "Перед пуском насос смазывают.")
	s.put(english, "3", "", "The blorpex is greased before start.")
	return pairs, s
}

// TestWordsAreFoundByLearnedTranslations learns a word from a few parallel clauses
// and finds it in the other language: not before, not by exact words, not when it
// was taken off, and not by a table that is out of use.
func TestWordsAreFoundByLearnedTranslations(t *testing.T) {
	pairs, s := parallel()
	var read []translation.Pair
	for _, p := range pairs {
		read = append(read, translation.Pair{Source: translation.Read(loaded(), p[0], "en"), Target: translation.Read(loaded(), p[1], "ru")})
	}
	kept := &tables{}
	ix, err := Open(context.Background(), t.TempDir(), loaded(), Options{Translations: kept})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ix.Close() })
	if _, err := ix.Follow(context.Background(), s, nil); err != nil {
		t.Fatal(err)
	}
	const there = corpus.ClauseID("ru-x/1")
	if got := find(t, ix, Query{Text: "blorpex"}); !slices.Equal(got, []corpus.ClauseID{"gb-x/3"}) {
		t.Fatalf("before anything is learned: %v", got)
	}
	learned := translation.Learn("en", "ru", read, translation.Settings{MinCount: 2})
	kept.mark, kept.list = 1, []translation.Table{learned}

	res, err := ix.Search(context.Background(), Query{Text: "blorpex"})
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Hits) != 2 || res.Hits[0].Clause != "gb-x/3" || res.Hits[1].Clause != there || !slices.Equal(res.Hits[1].By, []string{"learned"}) {
		t.Errorf("after learning: %+v", res.Hits)
	}
	if len(res.Learned) != 1 || res.Learned[0].Word != "blorpex" || res.Learned[0].Span != (lexicon.Span{Start: 0, End: 7}) {
		t.Fatalf("learned %+v", res.Learned)
	}
	if r := res.Learned[0].Into[0]; r.Language != "ru" || r.Pairs != 6 || r.Strength <= leastStrength || r.Strength > 1 {
		t.Errorf("rendered by %+v", r)
	}
	if spans := ix.Highlight(Query{Text: "blorpex"}, s.clause(there)); len(spans) != 1 || s.clause(there).Text[spans[0].Start:spans[0].End] != "зубрульку" {
		t.Errorf("marked %v", spans)
	}
	if got := find(t, ix, Query{Text: "зубрулька"}); !slices.Contains(got, corpus.ClauseID("gb-x/3")) || slices.Contains(got, corpus.ClauseID("ru-x/2")) {
		t.Errorf("the other way: %v", got)
	}
	for name, q := range map[string]Query{
		"exact words": {Text: "blorpex", Exact: true},
		"taken off":   {Text: "Blorpex", Unlearned: []string{"blorpex"}},
		"as a phrase": {Text: `"blorpex"`},
	} {
		if got := find(t, ix, q); slices.Contains(got, there) {
			t.Errorf("%s: %v", name, got)
		}
	}
	kept.err = errors.New("the store is away")
	if got := find(t, ix, Query{Text: "blorpex"}); !slices.Contains(got, there) {
		t.Errorf("while the store cannot be read: %v", got)
	}
	*kept = tables{mark: 2}
	if got := find(t, ix, Query{Text: "blorpex"}); slices.Contains(got, there) {
		t.Errorf("after the table was taken out of use: %v", got)
	}
}

// TestTheTermbaseIsNotOutvoted gives a word that the termbase knows a learned
// translation: it is not taken.
func TestTheTermbaseIsNotOutvoted(t *testing.T) {
	_, s := parallel()
	ix := open(t, t.TempDir(), s)
	entry := translation.Entry{Source: "guardrail", Target: "зубрульк", SourcePrinted: "guardrail", TargetPrinted: "зубрулька", Forward: 1, Backward: 1, Count: 9}
	ix.learned.Store(newDictionary(1, []translation.Table{{Source: "en", Target: "ru", Entries: []translation.Entry{entry}}}))
	if res, err := ix.Search(context.Background(), Query{Text: "guardrail"}); err != nil || len(res.Learned) > 0 || res.Total > 0 {
		t.Errorf("%+v, %v", res.Learned, err)
	}
	entry.Source = "blorpex"
	for strength, want := range map[float64]int{1: 1, leastStrength / 2: 0} {
		entry.Forward, entry.Backward = strength, strength
		ix.learned.Store(newDictionary(1, []translation.Table{{Source: "en", Target: "ru", Entries: []translation.Entry{entry}}}))
		if res, err := ix.Search(context.Background(), Query{Text: "blorpex wibbling"}); err != nil || len(res.Learned) != want {
			t.Errorf("strength %v: %+v, %v", strength, res.Learned, err)
		}
	}
}
