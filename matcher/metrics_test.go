package matcher

import (
	"math"
	"slices"
	"testing"

	"concord/corpus"
)

func TestJudge(t *testing.T) {
	long := make([]bool, 120)
	long[109] = true
	log2 := math.Log2
	cases := []struct {
		name  string
		right []bool
		pairs int
		want  Metrics
	}{
		{"first of one", []bool{true, false}, 1, Metrics{1, 1, 1, 1, 1, 1, 1}},
		{"second of one", []bool{false, true}, 1, Metrics{0, 1, 1, 1, 0.5, 0.5, 1 / log2(3)}},
		{"first and third of two", []bool{true, false, true}, 2, Metrics{0.5, 1, 1, 1, 1, (1 + 2.0/3) / 2, (1 + 1/log2(4)) / (1 + 1/log2(3))}},
		{"one of two found", []bool{true}, 2, Metrics{0.5, 0.5, 0.5, 0.5, 1, 0.5, 1 / (1 + 1/log2(3))}},
		{"at rank 11", append(make([]bool, 10), true), 1, Metrics{0, 0, 0, 1, 0, 1.0 / 11, 0}},
		{"beyond a hundred", long, 1, Metrics{}},
		{"nothing found", nil, 3, Metrics{}},
		{"nothing to find", []bool{false}, 0, Metrics{}},
	}
	for _, c := range cases {
		got := judge(c.right, c.pairs)
		for i, v := range got.values() {
			if want := *c.want.values()[i]; math.Abs(*v-want) > 1e-9 {
				t.Errorf("%s: figure %d is %g, want %g", c.name, i, *v, want)
			}
		}
	}
}

func TestMeanOfMetrics(t *testing.T) {
	got := mean([]Metrics{{Recall1: 1, MAP100: 0.5}, {MAP100: 0.25}})
	if got.Recall1 != 0.5 || got.MAP100 != 0.375 || mean(nil) != (Metrics{}) {
		t.Errorf("means are %+v and %+v", got, mean(nil))
	}
}

// TestBM25ByHand checks the formula on three documents of 2, 2 and 4 tokens:
// average 8/3; "fire" stands in two of three, "wall" in one.
func TestBM25ByHand(t *testing.T) {
	b := newBM25([][]string{{"fire", "door"}, {"roof", "slope"}, {"fire", "fire", "wall", "door"}})
	idf := math.Log(1 + (3-2+0.5)/(2+0.5)) // ln 1.6
	if math.Abs(b.idf("fire")-idf) > 1e-12 {
		t.Errorf("idf is %g, want %g", b.idf("fire"), idf)
	}
	short := idf * 1 * 2.2 / (1 + 1.2*(0.25+0.75*2/(8.0/3)))
	long := idf * 2 * 2.2 / (2 + 1.2*(0.25+0.75*4/(8.0/3)))
	got := b.scores([]string{"fire"})
	for i, want := range []float64{short, 0, long} {
		if math.Abs(got[i]-want) > 1e-12 {
			t.Errorf("document %d scores %g, want %g", i, got[i], want)
		}
	}
	if twice := b.scores([]string{"fire", "fire"})[0]; math.Abs(twice-2*short) > 1e-12 {
		t.Errorf("a token asked twice scores %g, want %g", twice, 2*short)
	}
	if ranked := b.rank([]string{"unknown"}); len(ranked) != 0 {
		t.Errorf("an unknown token finds %v", ranked)
	}
}

func TestBM25Tokens(t *testing.T) {
	cases := []struct {
		name string
		text string
		want []string
	}{
		{"words", "Fire-resisting doors, 1.2 m", []string{"fire", "resisting", "doors", "1", "2", "m"}},
		{"bigrams", "防火墙应", []string{"防火", "火墙", "墙应"}},
		{"one character", "第5条", []string{"第", "5", "条"}},
		{"mixed", "采用TLS协议", []string{"采用", "tls", "协议"}},
		{"marks", "Ёлка é", []string{"ёлка", "é"}},
		{"nothing", " .,; ", nil},
	}
	for _, c := range cases {
		if got := bm25Tokens(corpus.Clause{Text: c.text}); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestTiesCountAgainstUs: of targets with the same words and score, the right
// ones are judged last.
func TestTiesCountAgainstUs(t *testing.T) {
	b := blinded{digests: []string{"x", "x", "y"}}
	cases := []struct {
		name    string
		ranking []scored
		want    []bool
	}{
		{"same words, same score", []scored{{0, 1}, {1, 1}}, []bool{false, true}},
		{"same words, other score", []scored{{0, 2}, {1, 1}}, []bool{true, false}},
		{"other words, same score", []scored{{0, 1}, {2, 1}}, []bool{true, false}},
	}
	for _, c := range cases {
		if got := b.right(c.ranking, map[int]bool{0: true}); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
