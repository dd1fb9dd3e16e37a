package termbase

import (
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"testing"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/corpus/samples"
)

// texts are clauses of the samples, and some with made-up words in them.
func texts(t *testing.T) []corpus.Clause {
	t.Helper()
	var out []corpus.Clause
	err := fs.WalkDir(samples.Standards(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := fs.ReadFile(samples.Standards(), path)
		for i, line := range strings.Split(string(body), "\n") {
			if i%12 == 0 && len(line) > 40 {
				out = append(out, corpus.Clause{ID: corpus.NewClauseID(corpus.StandardID(path), strconv.Itoa(i)), Text: line})
			}
		}
		return err
	})
	if err != nil || len(out) < 100 {
		t.Fatal(len(out), err)
	}
	for i, c := range []corpus.Clause{
		{Language: "en", Text: "The zqxv rail of the stairs shall be firm."}, {Language: "en", Text: "The rail shall be firm."}, {Language: "ru", Text: "Зъюхами ограждают лестницы."},
		{Language: "zh", Text: "楼梯应设防护栏杆和门。"}, {Language: "de", Text: "Die Zqxvtür ist rauchdicht."}, {Language: "ar", Text: "يجب أن يكون الدرابزين ثابتا."},
	} {
		c.ID = corpus.NewClauseID("x", string(rune('a'+i)))
		out = append(out, c)
	}
	return out
}

// What Moves says of a clause is what reading it whole with both lexicons says, for
// every change of an entry, and nothing where no form comes or goes.
func TestMoves(t *testing.T) {
	shipped, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	all := texts(t)
	base := Entry{ID: "rail", Terms: []Term{{"en", "zqxv rail", Preferred, ""}, {"ru", "зъюх", Preferred, ""}}}
	with := func(terms ...Term) Entry { return Entry{ID: "rail", Terms: append(slices.Clone(base.Terms), terms...)} }
	described := with()
	described.Definitions, described.Note, described.Domain = []Definition{{"en", "what keeps people from falling"}}, "of stairs", "engineering"
	forbidden := with()
	forbidden.Terms[0].Status = Forbidden
	kept := []Kept{{Entry: base}}
	for _, c := range []struct {
		name   string
		kept   []Kept
		change Change
		any    bool
		least  int // clauses that it moves
	}{
		{"a new entry", nil, Change{Put: []Entry{base}}, true, 2},
		{"a definition", kept, Change{Put: []Entry{described}}, false, 0},
		{"a status", kept, Change{Put: []Entry{forbidden}}, false, 0},
		{"a form that no text has", kept, Change{Put: []Entry{with(Term{"en", "qqvvzz", Admitted, ""})}}, true, 0},
		{"a form of one word inside", kept, Change{Put: []Entry{with(Term{"en", "zqxv", Admitted, ""})}}, true, 0},
		{"a Chinese form", kept, Change{Put: []Entry{with(Term{"zh", "防护栏杆", Preferred, ""})}}, true, 1},
		{"a German form in a compound", kept, Change{Put: []Entry{with(Term{"de", "Zqxv", Preferred, ""})}}, true, 0},
		{"an Arabic form", kept, Change{Put: []Entry{with(Term{"ar", "درابزين", Preferred, ""})}}, true, 1},
		{"a withdrawal", kept, Change{Withdraw: []string{"rail"}}, true, 2},
		{"one that was withdrawn comes back", []Kept{{Entry: base, Withdrawn: true}}, Change{Put: []Entry{base}}, true, 2},
		{"a withdrawal of what is withdrawn", []Kept{{Entry: base, Withdrawn: true}}, Change{Withdraw: []string{"rail"}}, false, 0},
		{"a common word", kept, Change{Put: []Entry{{ID: "w", Terms: []Term{{"en", "width", Preferred, ""}}}}}, true, 1},
	} {
		m := c.change.Moves(shipped, c.kept)
		if m.Any() != c.any {
			t.Errorf("%s: any form %v", c.name, m.Any())
		}
		before, after := shipped.With(Overlay(shipped, InUse(c.kept))), shipped.With(Overlay(shipped, c.change.After(c.kept)))
		moved := 0
		for _, x := range all {
			a, b := before.Read(x, corpus.TraditionISO).Concepts, after.Read(x, corpus.TraditionISO).Concepts
			s, is := m.Of(x)
			if is == slices.Equal(a, b) {
				t.Errorf("%s: clause %s moves: %v; read with both: %v, %v", c.name, x.ID, is, a, b)
			}
			if !is {
				continue
			}
			moved++
			if s.Digest != x.Digest() || s.Before == s.After || len(s.Entries) != 1 ||
				s.Before != Reading(shipped, before, x) || s.After != Reading(shipped, after, x) {
				t.Errorf("%s: clause %s: %+v", c.name, x.ID, s)
			}
		}
		if moved < c.least || c.least == 0 && moved > 0 && c.name != "a form of one word inside" && c.name != "a German form in a compound" {
			t.Errorf("%s: %d clauses move, at least %d should", c.name, moved, c.least)
		}
	}
}

func TestMove(t *testing.T) {
	en := func(status Status, text ...string) *Entry {
		e := &Entry{ID: "x"}
		for _, s := range text {
			e.Terms = append(e.Terms, Term{"en", s, status, ""})
		}
		return e
	}
	for i, c := range []struct {
		move Move
		same bool
	}{
		{Move{"x", nil, nil}, true}, {Move{"x", en(Preferred, "a"), nil}, false}, {Move{"x", nil, en(Preferred, "a")}, false},
		{Move{"x", en(Preferred, "a"), en(Forbidden, "a")}, true}, {Move{"x", en(Preferred, "a"), en(Preferred, "a", "b")}, false},
	} {
		if c.move.Same() != c.same {
			t.Errorf("case %d: %v", i, c.move.Same())
		}
	}
}
