package translation

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand"
	"reflect"
	"strings"
	"testing"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// invented is a corpus with known translations: word w of the source is word w of
// the target, sentences are drawn with common and rare words and turned about,
// and words are lost and added on the way.
func invented(rng *rand.Rand, pairs, words int, noise float64) []Pair {
	zipf := rand.NewZipf(rng, 1.3, 4, uint64(words-1))
	out := make([]Pair, pairs)
	for i := range out {
		for range 8 + rng.Intn(12) {
			w := zipf.Uint64()
			out[i].Source = append(out[i].Source, word("s", w))
			if rng.Float64() >= noise {
				out[i].Target = append(out[i].Target, word("t", w))
			}
			if rng.Float64() < noise {
				out[i].Target = append(out[i].Target, word("t", zipf.Uint64()))
			}
		}
		for range 4 { // some words change places
			a, b := rng.Intn(len(out[i].Target)), rng.Intn(len(out[i].Target))
			out[i].Target[a], out[i].Target[b] = out[i].Target[b], out[i].Target[a]
		}
	}
	return out
}

// oftenEnough is how often a word must stand there for its rendering to be wanted.
const oftenEnough = 5

func word(side string, n uint64) Word {
	form := fmt.Sprintf("%s%d", side, n)
	return Word{Form: form, Printed: form}
}

// right counts the words that have a rendering, and those whose best one is right,
// of the words that are seen often enough.
func right(t Table, seen map[string]int) (found, right int) {
	best := map[string]Entry{}
	for _, e := range t.Entries {
		if have, ok := best[e.Source]; !e.Phrase() && (!ok || e.Strength() > have.Strength()) {
			best[e.Source] = e
		}
	}
	for s, e := range best {
		if seen[s] < oftenEnough {
			continue
		}
		found++
		if s[1:] == e.Target[1:] {
			right++
		}
	}
	return found, right
}

func TestKnownTranslationsAreRecovered(t *testing.T) {
	for _, tt := range []struct {
		noise        float64
		found, right float64 // of the words seen five times, and of those found
	}{{0, 0.95, 0.99}, {0.15, 0.9, 0.95}, {0.4, 0.7, 0.9}} {
		pairs := invented(rand.New(rand.NewSource(1)), 600, 400, tt.noise)
		seen := map[string]int{}
		for _, p := range pairs {
			for _, w := range p.Source {
				seen[w.Form]++
			}
		}
		common := 0
		for _, n := range seen {
			if n >= oftenEnough {
				common++
			}
		}
		found, ok := right(Learn("en", "fr", pairs, Settings{}), seen)
		t.Logf("noise %.2f: %d of %d common words found, %d right", tt.noise, found, common, ok)
		if float64(found) < tt.found*float64(common) || float64(ok) < tt.right*float64(found) {
			t.Errorf("noise %.2f: %d of %d common words found, %d right", tt.noise, found, common, ok)
		}
	}
}

// The negative control: texts dealt out at random teach next to nothing.
func TestNoiseTeachesNothing(t *testing.T) {
	rng := rand.New(rand.NewSource(2))
	pairs := invented(rng, 600, 400, 0)
	real := len(Learn("en", "fr", pairs, Settings{}).Entries)
	targets := make([]Text, len(pairs))
	for i, p := range pairs {
		targets[i] = p.Target
	}
	rng.Shuffle(len(targets), func(i, j int) { targets[i], targets[j] = targets[j], targets[i] })
	for i := range pairs {
		pairs[i].Target = targets[i]
	}
	table := Learn("en", "fr", pairs, Settings{})
	strong := 0
	for _, e := range table.Entries {
		if e.Strength() >= 0.3 {
			strong++
		}
	}
	t.Logf("%d entries of true pairs, %d of wrong ones, %d of them strong", real, len(table.Entries), strong)
	if len(table.Entries) > real/10 || strong > 3 {
		t.Errorf("%d entries of wrong pairs, %d strong, beside %d of true ones", len(table.Entries), strong, real)
	}
}

// The same pairs in another order give the same table but for the examples; the
// same order gives the very same.
func TestLearnIsDeterministic(t *testing.T) {
	pairs := invented(rand.New(rand.NewSource(3)), 200, 100, 0.2)
	one, two := Learn("en", "fr", pairs, Settings{}), Learn("en", "fr", pairs, Settings{})
	if !reflect.DeepEqual(one, two) {
		t.Error("the same pairs give two tables")
	}
	rand.New(rand.NewSource(4)).Shuffle(len(pairs), func(i, j int) { pairs[i], pairs[j] = pairs[j], pairs[i] })
	three := Learn("en", "fr", pairs, Settings{})
	for _, table := range []Table{one, three} {
		for i := range table.Entries {
			table.Entries[i].Examples = nil
		}
	}
	if !reflect.DeepEqual(one, three) {
		t.Error("the order of the pairs changes the table")
	}
}

// A doubled pair proves no more than one, and unlike lengths prove nothing.
func TestWhatIsLeftOut(t *testing.T) {
	pairs := invented(rand.New(rand.NewSource(5)), 50, 40, 0)
	again := Learn("en", "fr", append(append([]Pair{}, pairs...), pairs...), Settings{})
	if again.Pairs != 50 || again.LeftOut != 50 {
		t.Errorf("%d pairs, %d left out", again.Pairs, again.LeftOut)
	}
	pairs[0].Target = append(pairs[0].Target, make(Text, 200)...)
	pairs[1].Source = nil
	if table := Learn("en", "fr", pairs, Settings{}); table.Pairs != 48 || table.LeftOut != 2 {
		t.Errorf("%d pairs, %d left out", table.Pairs, table.LeftOut)
	}
	if table := Learn("en", "fr", nil, Settings{}); len(table.Entries) != 0 || table.Pairs != 0 {
		t.Errorf("nothing teaches %+v", table)
	}
}

// readPairs reads sentences of two languages.
func readPairs(t testing.TB, source, target corpus.Language, lines ...string) []Pair {
	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	var out []Pair
	for _, l := range lines {
		a, b, _ := strings.Cut(l, " = ")
		out = append(out, Pair{Source: Read(lex, a, source), Target: Read(lex, b, target)})
	}
	return out
}

func TestPhrases(t *testing.T) {
	var lines []string
	for i, rest := range [][2]string{
		{"门", "Doors"}, {"墙体", "Walls"}, {"楼梯", "Stairs"}, {"屋面", "Roofs"}, {"地板", "Floors"}, {"电梯", "Lifts"},
	} {
		lines = append(lines, []string{"本", "各", "每"}[i%3]+"防火分区"+rest[0]+" = "+rest[1]+[]string{" inside a ", " of the ", ", any "}[i%3]+"fire compartment")
		lines = append(lines, fmt.Sprintf("%s宽度%d = %s: width %d", rest[0], i, rest[1], i))
	}
	table := Learn("zh", "en", readPairs(t, "zh", "en", lines...), Settings{})
	var found *Entry
	for i, e := range table.Entries {
		if e.TargetPrinted == "fire compartment" {
			found = &table.Entries[i]
		}
		if e.Under >= 0 && table.Entries[e.Under].Under >= 0 {
			t.Errorf("%s stands under a part", e.Source)
		}
	}
	if found == nil || found.SourcePrinted != "防火分区" || found.Count != 6 || found.Forward != 1 || len(found.Examples) != maxExamples {
		t.Errorf("the phrase is %+v", found)
	}
	for _, e := range table.Entries {
		if e.Source == "火分" && e.Under < 0 {
			t.Errorf("half a word is shown: %+v", e)
		}
	}
}

func TestReadJoins(t *testing.T) {
	pairs := readPairs(t, "en", "zh", "Means of escape shall have width 900 mm of the door-frame = 应：疏散通道的宽度。门")
	got := ""
	for _, p := range []Text{pairs[0].Source, pairs[0].Target} {
		for _, w := range p {
			got += fmt.Sprintf("%s %v %v|", w.Printed, w.Joined, w.Overlaps)
		}
		got += "\n"
	}
	want := "means false false|escape true false|width false false|mm false false|door false false|frame true false|\n疏散 false false|散通 true true|通道 true true|宽度 false false|门 false false|\n"
	if got != want {
		t.Errorf("got %s want %s", got, want)
	}
	if p := pairs[0].Source.printed(0, 1); p != "means of escape" {
		t.Errorf("printed as %q", p)
	}
	if p := pairs[0].Target.printed(0, 2); p != "疏散通道" {
		t.Errorf("printed as %q", p)
	}
}

// Fisher's exact test against sums worked out by hand, and the bound of pairs
// that occur once (Johnson and others 2007: ln N).
func TestSurprise(t *testing.T) {
	for _, tt := range []struct {
		both, source, target, n int
		want                    float64
	}{
		{1, 1, 1, 100, math.Log(100)},
		{3, 3, 3, 10, math.Log(120)},                          // 1 / C(10,3)
		{2, 3, 3, 10, -math.Log(22.0 / 120)},                  // (3*7 + 1) / 120
		{0, 3, 3, 10, 0}, {4, 3, 3, 10, 0}, {1, 20, 3, 10, 0}, // nothing, and counts that cannot be
	} {
		if got := surprise(tt.both, tt.source, tt.target, tt.n); math.Abs(got-tt.want) > 1e-9 {
			t.Errorf("%+v: %g", tt, got)
		}
	}
	if association(2, 10, 20, 100) != 0 || association(9, 10, 20, 100) < 20 {
		t.Errorf("G² is %g and %g", association(2, 10, 20, 100), association(9, 10, 20, 100))
	}
}

func TestStatusWeighs(t *testing.T) {
	table := Table{Entries: []Entry{
		{Source: "a b", Target: "x", Forward: 0.3, Backward: 0.3, Under: -1},
		{Source: "a", Target: "x", Forward: 0.2, Backward: 0.9, Under: 0},
		{Source: "c", Target: "y", Forward: 0.1, Backward: 0.2, Under: -1},
	}}
	said := map[string]Status{"a b": Rejected, "c": Accepted}
	got := table.Weighed(func(s, _ string) Status {
		if st, ok := said[s]; ok {
			return st
		}
		return Proposed
	})
	if len(got.Entries) != 1 || got.Entries[0].Source != "c" || got.Entries[0].Strength() != 0.5 {
		t.Errorf("%+v", got.Entries)
	}
	if again := table.Weighed(nil); !reflect.DeepEqual(again, table) {
		t.Error("without statuses the table changes")
	}
	if !reflect.DeepEqual(table.Flipped().Flipped(), table) || table.Flipped().Entries[1].Source != "x" {
		t.Error("flipping twice is not the same")
	}
}

func TestTableRoundTrip(t *testing.T) {
	want := Learn("zh", "en", invented(rand.New(rand.NewSource(6)), 200, 80, 0.1), Settings{})
	var b bytes.Buffer
	if err := want.Write(&b); err != nil {
		t.Fatal(err)
	}
	got, err := ReadTable(bytes.NewReader(b.Bytes()))
	if err != nil || len(want.Entries) < 20 || !reflect.DeepEqual(got, want) {
		t.Errorf("%d entries, %v", len(got.Entries), err)
	}
}

// head and row begin a table that is right.
const (
	head = "concord-translation\t1\tzh\ten\t5\t0\n"
	row  = "a\tb\ta\tb\t0.5\t1\t2\t2\t3\t4.5\t0,1\t-1\n"
)

func TestBadTables(t *testing.T) {
	if _, err := ReadTable(strings.NewReader(head + row)); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"empty": "", "another file": "name\tx\n", "no language": "concord-translation\t1\tzh\t\t5\t0\n", "few cells": head + "a\tb\n",
		"chance above 1": head + strings.Replace(row, "0.5", "1.5", 1), "not a number": head + strings.Replace(row, "0.5", "NaN", 1),
		"twice": head + row + row, "under nothing": head + strings.Replace(row, "-1", "7", 1), "under itself": head + strings.Replace(row, "-1", "0", 1),
		"many examples": head + strings.Replace(row, "0,1", "0,1,2,3", 1), "a bell": head + strings.Replace(row, "a", "\a", 1), "negative count": head + strings.Replace(row, "\t2\t2", "\t-2\t2", 1),
		"no UTF-8": head + strings.Replace(row, "a", "\xff", 1),
	} {
		if _, err := ReadTable(strings.NewReader(text)); !errors.Is(err, corpus.ErrInvalid) && !errors.Is(err, corpus.ErrLimit) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ReadTable(strings.NewReader(head + strings.Repeat("x", maxLine+1))); !errors.Is(err, corpus.ErrLimit) || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("a long line: %v", err)
	}
}

// FuzzReadTable: whatever is read without an error is written and read back the
// same.
func FuzzReadTable(f *testing.F) {
	f.Add(head + row)
	f.Add(head)
	f.Add(head + strings.Replace(row, "0,1", "", 1))
	f.Fuzz(func(t *testing.T, text string) {
		table, err := ReadTable(strings.NewReader(text))
		if err != nil {
			return
		}
		table.Weighed(func(string, string) Status { return Accepted })
		var b bytes.Buffer
		if err := table.Write(&b); err != nil {
			t.Fatal(err)
		}
		again, err := ReadTable(&b)
		if err != nil || !reflect.DeepEqual(again, table) {
			t.Fatalf("read back: %v", err)
		}
	})
}

// BenchmarkLearn learns from 10,000 pairs of clauses of 60 words.
func BenchmarkLearn(b *testing.B) {
	rng := rand.New(rand.NewSource(9))
	pairs := invented(rng, 10_000, 8_000, 0.2)
	more := invented(rng, 40_000, 8_000, 0.2)
	for i := range pairs {
		for k := range 4 {
			pairs[i].Source = append(pairs[i].Source, more[4*i+k].Source...)
			pairs[i].Target = append(pairs[i].Target, more[4*i+k].Target...)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		table := Learn("en", "fr", pairs, Settings{})
		b.ReportMetric(float64(len(table.Entries)), "entries")
	}
}
