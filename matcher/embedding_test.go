package matcher

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"concord/corpus"
	"concord/corpus/embedding"
)

// directions gives clauses of one number in two standards one direction, and those
// of another number another.
func directions(t *testing.T, clauses []corpus.Clause) map[corpus.Digest]embedding.Vector {
	t.Helper()
	out := make(map[corpus.Digest]embedding.Vector)
	for i, c := range clauses {
		values := make([]float32, len(clauses))
		values[i%2] = 1 // a/1 as b/1, a/2 as b/2
		v, err := embedding.New(values)
		if err != nil {
			t.Fatal(err)
		}
		out[c.Digest()] = v
	}
	return out
}

// Vectors find what shares no word, number or term, for a clause of the corpus
// and for one from outside; the reason says so, the score stays the sum of its
// reasons, proposals name the model, and without vectors nothing of it happens.
func TestEmbeddingsAreEvidence(t *testing.T) {
	plain := testMatcher(t)
	standards, clauses := strange()
	vectors := directions(t, clauses)
	for name, source := range map[string]corpus.Clause{"of the corpus": clauses[0], "of nowhere": {ID: "x/1", Standard: "x", Language: "en", Text: clauses[0].Text}} {
		for _, with := range []bool{true, false} {
			m := NewLearned(plain.lex, plain.model)
			if with {
				m.Embed(Embeddings{Model: "letters", Vectors: vectors})
			}
			if err := m.Load(standards, clauses); err != nil {
				t.Fatal(err)
			}
			found, err := m.Match(t.Context(), source, []corpus.StandardID{"b"}, 2)
			if err != nil {
				t.Fatal(err)
			}
			effect, sum, model := 0.0, 0.0, ""
			if len(found) > 0 {
				for _, r := range found[0].Reasons {
					if sum += r.Effect; r.Signal == "embeddings" {
						effect = r.Effect
					}
				}
				if math.Abs(sum-found[0].Score) > 1e-12 {
					t.Errorf("%s: score %g, reasons %g", name, found[0].Score, sum)
				}
				model = found[0].Model
			}
			if right := len(found) > 0 && found[0].Target == "b/1" && effect > 0.15 && strings.HasSuffix(model, " + letters"); right != with {
				t.Errorf("%s, with vectors %v: %+v", name, with, found)
			}
			if alone := m.Compare(clauses[0], clauses[2]); alone.Score != plain.Compare(clauses[0], clauses[2]).Score {
				t.Errorf("two texts alone are compared with vectors: %g", alone.Score)
			}
		}
	}
}

// What all texts of a language share counts for nothing: with it in every vector
// a clause is as far from those beside the point as without.
func TestEmbeddingsOfALanguage(t *testing.T) {
	plain := testMatcher(t)
	var standards []corpus.Standard
	var clauses []corpus.Clause
	vectors := make(map[corpus.Digest]embedding.Vector)
	const n = 2 * enoughForMean
	for k, lang := range []corpus.Language{"en", "ru"} {
		id := corpus.StandardID(fmt.Sprintf("of-%s", lang))
		standards = append(standards, corpus.Standard{ID: id, Language: lang})
		for i := range n {
			c := corpus.Clause{ID: corpus.NewClauseID(id, fmt.Sprint(i)), Standard: id, Kind: corpus.KindProvision, Language: lang, Text: fmt.Sprintf("%c%c", 'q'+rune(i%7), 'b'+rune(i/7))}
			if lang == "ru" {
				c.Text = fmt.Sprintf("%c%c", 'ж'+rune(i%7), 'ц'+rune(i/7))
			}
			values := make([]float32, n+2)
			values[i], values[n+k] = 1, 5 // its meaning, and five times as much its language
			v, err := embedding.New(values)
			if err != nil {
				t.Fatal(err)
			}
			clauses, vectors[c.Digest()] = append(clauses, c), v
		}
	}
	m := New(plain.lex, plain.model)
	m.Embed(Embeddings{Model: "m", Vectors: vectors})
	if err := m.Load(standards, clauses); err != nil {
		t.Fatal(err)
	}
	at := func(id corpus.ClauseID) embedding.Vector {
		col := m.corpus.Load()
		place, _ := col.place(id)
		return m.at(col, place).meaning
	}
	if c := at("of-en/1").Cosine(at("of-ru/1")); c < 0.5 {
		t.Errorf("the same in two languages has cosine %.2f", c)
	}
	if c := at("of-en/1").Cosine(at("of-en/2")); math.Abs(c) > 0.1 {
		t.Errorf("two texts of one language have cosine %.2f", c)
	}
	if c := vectors[clauses[1].Digest()].Cosine(vectors[clauses[2].Digest()]); c < 0.9 {
		t.Errorf("they had %.2f before: the test shows nothing", c)
	}
}
