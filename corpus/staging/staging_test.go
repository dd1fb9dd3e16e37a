package staging

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"concord/corpus"
)

// document is a small standard: a chapter and clauses under it.
func document(texts ...string) *corpus.Document {
	std := corpus.StandardID("cn-gb-1-2020")
	doc := &corpus.Document{Standard: corpus.Standard{ID: std, Designation: "GB 1-2020", Jurisdiction: "CN", Language: "zh", Rights: corpus.RightsFull,
		Titles: []corpus.Title{{Language: "zh", Text: "标准"}}, Edition: "2020"}}
	head := corpus.NewClauseID(std, "5")
	doc.Clauses = []corpus.Clause{{ID: head, Standard: std, Label: "5", Number: "5", Kind: corpus.KindHeading, Heading: "门", Language: "zh"}}
	for i, text := range texts {
		key := fmt.Sprintf("5.%d", i+1)
		doc.Clauses = append(doc.Clauses, corpus.Clause{ID: corpus.NewClauseID(std, key), Standard: std, Parent: head, Order: i + 1, Label: key, Number: key,
			Kind: corpus.KindProvision, Text: text, Language: "zh", Path: []string{"门"}})
	}
	return doc
}

func staged(texts ...string) *Import {
	i := New(uuid.Nil, "a.txt", "d", "cli", time.Time{}, document(texts...))
	return &i
}

// correct makes corrections that have to succeed.
func correct(t *testing.T, i *Import, ops ...Operation) {
	t.Helper()
	for _, op := range ops {
		if err := i.Correct(op); err != nil {
			t.Fatalf("%+v: %v", op, err)
		}
	}
}

// lines are the clauses of the corrected document, one a line.
func lines(t *testing.T, i *Import) []string {
	t.Helper()
	s, err := i.Corrected()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, c := range s.Document().Clauses {
		out = append(out, fmt.Sprintf("%s<%s %s|%s|%s %v", c.ID.Key(), c.Parent.Key(), c.Kind, c.Heading, c.Text, c.Path))
	}
	return out
}

// What has its key from a clause goes along when that is renumbered, with what has its key
// from it; another clause of the same number and its own tables stay. A correction that
// names the old key, from before things went along, is still good.
func TestRenumberTakesUnitsAlong(t *testing.T) {
	doc := document("one", "last")
	std := doc.Standard.ID
	for _, c := range [][2]string{{"5.2~table-1", "5.2"}, {"5.2~table-1~note1", "5.2~table-1"}, {"5.2~note1", "5.2"}, {"5.2~2", "5"}, {"5.2~2~figure-2", "5.2~2"}} {
		doc.Clauses = append(doc.Clauses, corpus.Clause{ID: corpus.NewClauseID(std, c[0]), Standard: std, Parent: corpus.NewClauseID(std, c[1]), Order: len(doc.Clauses), Label: "x", Number: c[0], Kind: corpus.KindNote, Text: "t", Language: "zh", Path: []string{"门"}})
	}
	i := New(uuid.Nil, "a.txt", "d", "cli", time.Time{}, doc)
	correct(t, &i, Operation{Act: Renumber, Clause: "5.2", Label: "5.3"}, Operation{Act: Edit, Clause: "5.2~note1", Text: "new"})
	want := []string{"5<", "5.1<5", "5.3<5", "5.3~table-1<5.3", "5.3~table-1~note1<5.3~table-1", "5.3~note1<5.3", "5.2~2<5", "5.2~2~figure-2<5.2~2"}
	s, err := i.Corrected()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range s.Document().Clauses {
		got = append(got, c.ID.Key()+"<"+c.Parent.Key())
		if c.Number != c.ID.Key() {
			t.Errorf("%s has the number %s", c.ID, c.Number)
		}
		if c.ID.Key() == "5.3~note1" && c.Text != "new" {
			t.Errorf("the note says %q", c.Text)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	for _, p := range s.Document().Validate() {
		t.Errorf("the corrected document: %s", p)
	}
}

func TestCorrections(t *testing.T) {
	for _, c := range []struct {
		name string
		ops  []Operation
		want []string // of the clauses after the chapter
	}{
		{"split at a number that opens the second part", []Operation{{Act: Split, Clause: "5.1", At: 4}},
			[]string{"5.1<5 provision||one [门]", "5.3<5 provision||two [门]", "5.2<5 provision||last [门]"}},
		{"split with a number given", []Operation{{Act: Split, Clause: "5.1", At: 4, Label: "5.1.1"}},
			[]string{"5.1<5 provision||one [门]", "5.1.1<5.1 provision||5.3 two [门]", "5.2<5 provision||last [门]"}},
		{"merge", []Operation{{Act: Merge, Clause: "5.2", Join: " "}}, []string{"5.1<5 provision||one\n5.3 two last [门]"}},
		{"merge with its number, which was none", []Operation{{Act: Merge, Clause: "5.2", Join: "\n", Number: true}}, []string{"5.1<5 provision||one\n5.3 two\n5.2 last [门]"}},
		{"merge into a heading", []Operation{{Act: Merge, Clause: "5.1"}}, []string{"5.2<5 provision||last [门]"}},
		{"renumber", []Operation{{Act: Renumber, Clause: "5.2", Label: "5.1.7"}}, []string{"5.1<5 provision||one\n5.3 two [门]", "5.1.7<5.1 provision||last [门]"}},
		{"retype to a table", []Operation{{Act: Retype, Clause: "5.2", Kind: corpus.KindFormula}, {Act: Retype, Clause: "5.2", Kind: corpus.KindTable}}, []string{"5.1<5 provision||one\n5.3 two [门]", "5.2<5 table||last [门]"}},
		{"retype back", []Operation{{Act: Retype, Clause: "5.2", Kind: corpus.KindFigure}, {Act: Retype, Clause: "5.2", Kind: corpus.KindProvision}}, []string{"5.1<5 provision||one\n5.3 two [门]", "5.2<5 provision||last [门]"}},
		{"retype", []Operation{{Act: Retype, Clause: "5.2", Kind: corpus.KindNote}}, []string{"5.1<5 provision||one\n5.3 two [门]", "5.2<5 note||last [门]"}},
		{"edit", []Operation{{Act: Edit, Clause: "5.2", Heading: "窗", Text: " new\r\ntext "}}, []string{"5.1<5 provision||one\n5.3 two [门]", "5.2<5 provision|窗|new\ntext [门]"}},
		{"delete", []Operation{{Act: Delete, Clause: "5.1"}}, []string{"5.2<5 provision||last [门]"}},
		{"delete and restore", []Operation{{Act: Delete, Clause: "5.1"}, {Act: Restore, Clause: "5.1"}}, []string{"5.1<5 provision||one\n5.3 two [门]", "5.2<5 provision||last [门]"}},
		{"delete a parent", []Operation{{Act: Renumber, Clause: "5.2", Label: "5.1.1"}, {Act: Delete, Clause: "5.1"}}, []string{"5.1.1<5 provision||last [门]"}},
		{"another heading of the chapter", []Operation{{Act: Edit, Clause: "5", Heading: "窗"}}, []string{"5.1<5 provision||one\n5.3 two [窗]", "5.2<5 provision||last [窗]"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := staged("one\n5.3 two", "last")
			correct(t, i, c.ops...)
			if got := lines(t, i)[1:]; !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
			s, _ := i.Corrected()
			for _, p := range s.Document().Validate() {
				t.Errorf("the corrected document: %s", p)
			}
			for range c.ops {
				if err := i.Undo(); err != nil {
					t.Fatal(err)
				}
			}
			if got, want := lines(t, i), lines(t, staged("one\n5.3 two", "last")); !slices.Equal(got, want) {
				t.Errorf("taken back: %q, want %q", got, want)
			}
		})
	}
}

func TestRefusedCorrections(t *testing.T) {
	for _, c := range []struct {
		rule string
		op   Operation
	}{
		{"correct-gone", Operation{Act: Split, Clause: "9"}},
		{"correct-cut", Operation{Act: Split, Clause: "5.1", At: 0}},
		{"correct-cut", Operation{Act: Split, Clause: "5.1", At: -1}},
		{"correct-cut", Operation{Act: Split, Clause: "5.1", At: 999}},
		{"correct-cut", Operation{Act: Split, Clause: "5.2", At: 1, Label: "5.9"}}, // inside a character
		{"correct-number", Operation{Act: Split, Clause: "5.1", At: 3}},
		{"correct-taken", Operation{Act: Split, Clause: "5.1", At: 3, Label: "5.2"}},
		{"correct-label", Operation{Act: Renumber, Clause: "5.1", Label: " "}},
		{"correct-label", Operation{Act: Renumber, Clause: "5.1", Label: "5\x00"}},
		{"correct-label", Operation{Act: Renumber, Clause: "5.1", Label: strings.Repeat("5.", 60)}},
		{"correct-taken", Operation{Act: Renumber, Clause: "5.1", Label: "5.2"}},
		{"correct-first", Operation{Act: Merge, Clause: "5"}},
		{"correct-join", Operation{Act: Merge, Clause: "5.2", Join: "and"}},
		{"correct-kind", Operation{Act: Retype, Clause: "5.1", Kind: "nonsense"}},
		{"correct-empty", Operation{Act: Edit, Clause: "5.1", Text: " \n"}},
		{"correct-long", Operation{Act: Edit, Clause: "5.1", Text: strings.Repeat("a", corpus.MaxClauseBytes+1)}},
		{"correct-act", Operation{Act: "explode", Clause: "5.1"}},
		{"correct-problem", Operation{Act: Ignore, Problem: "x"}},
		{"correct-fields", Operation{Act: Identify}},
		{"correct-fields", Operation{Act: Identify, Set: map[string]string{"designation": "GB 2", "colour": "red"}}},
		{"correct-field", Operation{Act: Identify, Set: map[string]string{"designation": " "}}},
		{"correct-field", Operation{Act: Identify, Set: map[string]string{"rights": "all"}}},
		{"correct-field", Operation{Act: Identify, Set: map[string]string{"jurisdiction": "../x"}}},
		{"correct-field", Operation{Act: Identify, Set: map[string]string{"in-force": "2020-13-01"}}},
	} {
		i := staged("one two three", "二三")
		before := lines(t, i)
		err := i.Correct(c.op)
		r, is := corpus.RefusalOf(err)
		if !is || r.Rule != c.rule {
			t.Errorf("%+v: %v, want %s", c.op, err, c.rule)
		}
		if got := lines(t, i); len(i.Operations) != 0 || !slices.Equal(got, before) {
			t.Errorf("%+v: refused, and changed %q", c.op, got)
		}
	}
}

func TestSettledIsNotCorrected(t *testing.T) {
	i := staged("one two")
	correct(t, i, Operation{Act: Delete, Clause: "5.1"})
	i.State = Accepted
	if err := i.Correct(Operation{Act: Restore, Clause: "5.1"}); !errors.Is(err, corpus.ErrConflict) {
		t.Errorf("corrected after it was accepted: %v", err)
	}
	if err := i.Undo(); !errors.Is(err, corpus.ErrConflict) {
		t.Errorf("taken back after it was accepted: %v", err)
	}
}

func TestLimitOfCorrections(t *testing.T) {
	i := staged("one two")
	i.Operations = make([]Operation, 0, MaxOperations)
	for range 7 {
		correct(t, i, Operation{Act: Edit, Clause: "5.1", Text: strings.Repeat("a", corpus.MaxClauseBytes)}, Operation{Act: Edit, Clause: "5.1", Text: "b"})
	}
	err := i.Correct(Operation{Act: Edit, Clause: "5.1", Text: strings.Repeat("a", corpus.MaxClauseBytes)})
	if err == nil {
		err = i.Correct(Operation{Act: Edit, Clause: "5.1", Text: strings.Repeat("c", corpus.MaxClauseBytes)})
	}
	if !errors.Is(err, corpus.ErrLimit) {
		t.Errorf("more than %d bytes of corrections: %v", MaxOperationData, err)
	}
}

func TestIdentity(t *testing.T) {
	i := staged("one")
	i.Document.Problems = []corpus.Problem{{Severity: corpus.SeverityWarning, Place: "identity", Message: "guessed"}}
	correct(t, i, Operation{Act: Identify, Set: map[string]string{"designation": "GB 2-2021", "title": "新", "language": "en", "domain": "park"}})
	s, err := i.Corrected()
	if err != nil {
		t.Fatal(err)
	}
	doc := s.Document()
	if doc.Standard.ID != "cn-gb-2-2021" || doc.Clauses[1].ID != "cn-gb-2-2021/5.1" || doc.Clauses[1].Parent != "cn-gb-2-2021/5" || doc.Clauses[1].Language != "en" {
		t.Errorf("%+v", doc)
	}
	if doc.Standard.Title("en").Text != "新" || i.Designation != "GB 2-2021" || i.Warnings != 0 {
		t.Errorf("%+v, %+v", doc.Standard, i.Summary)
	}
	if i.Document.Standard.Designation != "GB 1-2020" || i.Document.Standard.Titles[0].Text != "标准" || i.Document.Clauses[1].Language != "zh" {
		t.Error("the document as it was read was changed")
	}
}

func TestRepeat(t *testing.T) {
	old := staged("one two", "three", "four five", "six")
	correct(t, old,
		Operation{Act: Split, Clause: "5.1", At: 3, Label: "5.1.1"},
		Operation{Act: Retype, Clause: "5.1.1", Kind: corpus.KindNote}, // on what a correction made
		Operation{Act: Delete, Clause: "5.2"},
		Operation{Act: Split, Clause: "5.3", At: 4, Label: "5.3.1"},
		Operation{Act: Retype, Clause: "5.3.1", Kind: corpus.KindNote},
		Operation{Act: Identify, Set: map[string]string{"designation": "GB 7-2020", "domain": "park", "edition": "2020"}},
		Operation{Act: Identify, Set: map[string]string{"title": "only of this edition"}},
	)
	now := staged("one two", "three", "four changed five", "six")
	made, err := now.Repeat(old.Operations)
	if err != nil {
		t.Fatal(err)
	}
	var unfit []string
	for _, op := range now.Unfit {
		unfit = append(unfit, string(op.Act)+" "+op.Clause)
	}
	if want := []string{"split 5.3", "retype 5.3.1"}; made != 4 || !slices.Equal(unfit, want) {
		t.Errorf("%d made, %q do not fit, want %q", made, unfit, want)
	}
	s, _ := now.Corrected()
	if s.Standard.Designation != "GB 1-2020" || s.Standard.Domain != "park" || s.Standard.Edition != "2020" {
		t.Errorf("identity %+v", s.Standard)
	}
	same := staged("one two", "three", "four five", "six")
	if _, err := same.Repeat(old.Operations); err != nil || len(same.Unfit) > 0 {
		t.Errorf("on the same text: %v, %+v", err, same.Unfit)
	}
}

func TestProblems(t *testing.T) {
	doc := document("one", "two", "three\n5.4 four begins here", "x")
	doc.Clauses[2].Label, doc.Clauses[2].ID, doc.Clauses[2].Number = "5.2", "cn-gb-1-2020/5.2", "5.2"
	doc.Clauses = slices.Delete(doc.Clauses, 2, 3) // 5.2
	doc.Clauses[3].ID, doc.Clauses[3].Label, doc.Clauses[3].Number = "cn-gb-1-2020/5.5", "5.5", "5.5"
	doc.Problems = []corpus.Problem{{Severity: corpus.SeverityWarning, Place: "page 3, clause 5.3", Message: "the reader's"}}
	s := NewSheet(doc)
	var got []string
	for _, p := range s.Problems(s.Document()) {
		key, _ := s.Locate(p)
		got = append(got, key+": "+p.Message)
	}
	want := []string{"5.3: the reader's", "5.3: 5.2 is missing between 5.1 and 5.3", "5.3: the number 5.4 opens a line of the text", "5.5: 5.4 is missing between 5.3 and 5.5"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	for _, p := range s.Problems(s.Document()) {
		key, _ := s.Locate(p)
		want := 0
		if p.Rule == "number-opens" {
			want = len("three\n")
		}
		if at := s.SplitAt(p, key); at != want {
			t.Errorf("%s: a split at %d, want %d", p.Message, at, want)
		}
	}
	for _, p := range s.Problems(s.Document()) {
		if err := s.Apply(Operation{Act: Ignore, Problem: Fingerprint(p)}); err != nil {
			t.Fatal(err)
		}
	}
	if left := s.Problems(s.Document()); len(left) > 0 {
		t.Errorf("ignored problems are still there: %v", left)
	}
	if clean := NewSheet(document("one", "two")); len(clean.Problems(clean.Document())) > 0 {
		t.Error("a clean document has problems")
	}
}

// A number that follows a sentence of a clause or of a note to it, and one above what is
// below it, are missed clauses; a reference, a quantity and a number that is there are not.
// What is split off a note with such a number is a clause.
func TestMissedClauses(t *testing.T) {
	doc := document("A door. 5.2 A gate shall open.", "")
	note := doc.Clauses[1]
	doc.Clauses[2].ID, doc.Clauses[2].Label, doc.Clauses[2].Text = "cn-gb-1-2020/5.2.1", "5.2.1", "It is 1.5.3 m wide, see also 5.2.2 and A. 5.2.2 mm of it. 5.2.1 Again."
	for _, c := range []struct {
		kind  corpus.Kind
		id    string
		label string
		text  string
		want  string
	}{
		{corpus.KindProvision, "5.1", "5.1", note.Text, "5.1: number-inside, 5.2.1: number-missing"},
		{corpus.KindNote, "5.1~note1", "NOTE", note.Text, "5.1~note1: number-inside, 5.2.1: number-missing"},
		{corpus.KindProvision, "5.1", "5.1", "A door as in 5.2 is closed.", "5.2.1: number-missing"},
	} {
		one := note
		one.Text = "A door."
		two := note
		two.ID, two.Kind, two.Label, two.Number, two.Text = corpus.NewClauseID(note.Standard, c.id), c.kind, c.label, c.id, c.text
		d := &corpus.Document{Standard: doc.Standard, Clauses: []corpus.Clause{doc.Clauses[0], two, doc.Clauses[2]}}
		if c.kind == corpus.KindNote {
			two.Parent = one.ID
			d.Clauses = []corpus.Clause{doc.Clauses[0], one, two, doc.Clauses[2]}
		}
		s := NewSheet(d)
		var got []string
		for _, p := range s.Problems(s.Document()) {
			key, _ := s.Locate(p)
			got = append(got, key+": "+p.Rule)
			if p.Rule != "number-inside" {
				continue
			}
			at := s.SplitAt(p, key)
			if want := strings.Index(c.text, "5.2"); at != want {
				t.Fatalf("%s: a split at %d, want %d", p.Message, at, want)
			}
			cut := NewSheet(d)
			if err := cut.Apply(Operation{Act: Split, Clause: key, At: at, Digest: digestOf(t, cut, key)}); err != nil {
				t.Fatal(err)
			}
			i, err := cut.find("5.2")
			if err != nil || cut.Rows[i].Kind != corpus.KindProvision || cut.Rows[i].Text != "A gate shall open." || cut.Rows[i].Parent.Key() != "5" {
				t.Errorf("%s: split off it is %+v, %v", key, cut.Rows[i].Clause, err)
			}
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
}

func digestOf(t *testing.T, s *Sheet, key string) corpus.Digest {
	t.Helper()
	at, err := s.find(key)
	if err != nil {
		t.Fatal(err)
	}
	return s.Rows[at].Digest()
}

// An error cannot be ignored away.
func TestErrorsStay(t *testing.T) {
	doc := document("one")
	doc.Standard.Designation = ""
	doc.Problems = doc.Validate()
	s := NewSheet(doc)
	p := s.Problems(s.Document())
	if len(p) != 1 {
		t.Fatalf("%v", p)
	}
	if err := s.Apply(Operation{Act: Ignore, Problem: Fingerprint(p[0])}); err != nil {
		t.Fatal(err)
	}
	if len(s.Problems(s.Document())) != 1 {
		t.Error("an error was ignored")
	}
	if err := s.Apply(Operation{Act: Identify, Set: map[string]string{"designation": "GB 3-2020"}}); err != nil {
		t.Fatal(err)
	}
	if left := s.Problems(s.Document()); len(left) != 0 {
		t.Errorf("the error is mended, and said: %v", left)
	}
}

func TestCompareEditions(t *testing.T) {
	old := document("same", "one width", "moves", "leaves", "twin", "twin").Clauses
	now := document("same", "two width", "comes", "new").Clauses
	now = append(now, now[1])
	now[5].ID, now[5].Text = "cn-gb-1-2020/6.1", "moves"
	twin := now[5]
	twin.ID, twin.Text = "cn-gb-1-2020/6.2", "twin"
	now = append(now, twin)
	changes, same := Compare(old, now)
	var got []string
	for _, c := range changes {
		line := string(c.Kind)
		for _, side := range []*corpus.Clause{c.Old, c.New} {
			if side != nil {
				line += " " + side.ID.Key()
			}
		}
		got = append(got, line)
	}
	want := []string{"changed 5.2 5.2", "new 5.3", "changed 5.4 5.4", "moved 5.3 6.1", "new 6.2", "gone 5.5", "gone 5.6"}
	if same != 2 || !slices.Equal(got, want) {
		t.Errorf("%d same, %q", same, got)
	}
	changes, same = Compare(document("a", "b", "c").Clauses, func() []corpus.Clause {
		cs := document("a", "b", "c").Clauses
		cs[2].ID = "cn-gb-1-2020/7"
		return cs
	}())
	if len(changes) != 1 || changes[0].Kind != ChangeMoved || changes[0].Old.ID.Key() != "5.2" || changes[0].New.ID.Key() != "7" || same != 3 {
		t.Errorf("moved: %+v, %d", changes, same)
	}
	changes, same = Compare(document("a", "b", "c", "d").Clauses, document("a", "put in", "b", "c", "e").Clauses) // renumbers what follows
	got = nil
	for _, c := range changes {
		line := string(c.Kind)
		if c.Old != nil {
			line += " " + c.Old.Text
		}
		got = append(got, line)
	}
	if want := []string{"new", "moved b", "moved c", "new", "gone d"}; same != 2 || !slices.Equal(got, want) {
		t.Errorf("renumbered: %d same, %q", same, got)
	}
}

func TestWords(t *testing.T) {
	for _, c := range []struct{ a, b, onlyA, onlyB string }{
		{"the width is 0.8 m wide", "the width is 0.9 m at least", "0.8|wide", "0.9|at least"},
		{"门的净宽度不应小于0.8m", "门的净高度不应小于0.8m", "宽", "高"},
		{"same", "same", "", ""}, {"", "new", "", "new"}, {"old", "", "old", ""},
		{"ширина двери", "высота двери", "ширина", "высота"}, {"0,9.", "0,8.", "0,9", "0,8"},
	} {
		a, b := Words(c.a, c.b)
		if got := cutOut(c.a, a); got != c.onlyA {
			t.Errorf("%q → %q: only in the first: %q", c.a, c.b, got)
		}
		if got := cutOut(c.b, b); got != c.onlyB {
			t.Errorf("%q → %q: only in the second: %q", c.a, c.b, got)
		}
	}
}

func cutOut(s string, list []Stretch) string {
	var out []string
	for _, x := range list {
		out = append(out, s[x.Start:x.End])
	}
	return strings.Join(out, "|")
}

// What is in common is the same on both sides, however the texts differ.
func TestWordsAreTheRest(t *testing.T) {
	words := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "门", "口", " ", "\n", "x1", "—"}), 0, 40)
	rapid.Check(t, func(t *rapid.T) {
		a, b := strings.Join(words.Draw(t, "a"), ""), strings.Join(words.Draw(t, "b"), "")
		onlyA, onlyB := Words(a, b)
		if x, y := rest(a, onlyA), rest(b, onlyB); x != y {
			t.Fatalf("%q and %q have %q and %q in common", a, b, x, y)
		}
	})
}

func rest(s string, without []Stretch) string {
	var b strings.Builder
	at := 0
	for _, x := range without {
		b.WriteString(s[at:x.Start])
		at = x.End
	}
	return b.String() + s[at:]
}

// texts draws wordings as readers make them: trimmed, of one line or several.
var texts = rapid.Custom(func(t *rapid.T) string {
	s := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"door", "门", "ширина", "5.3", " ", "\n", "\n\n", "0,9", "ـباب", "\u00a0"}), 1, 20).Draw(t, "parts"), "")
	if s = strings.TrimSpace(s); s == "" {
		return "text"
	}
	return s
})

// A split and a merge with the white space that was between give the original.
func TestSplitThenMerge(t *testing.T) {
	cut, tried := 0, 0
	defer func() {
		if 2*cut < tried {
			t.Errorf("only %d of %d splits were made: the property sees little", cut, tried)
		}
	}()
	rapid.Check(t, func(t *rapid.T) {
		i := staged(rapid.SliceOfN(texts, 1, 5).Draw(t, "texts")...)
		if rapid.Bool().Draw(t, "heading") {
			i.Document.Clauses[1].Heading = "Heading"
		}
		at := rapid.IntRange(1, len(i.Document.Clauses)-1).Draw(t, "clause")
		c := i.Document.Clauses[at]
		var places []int // between characters, inside the text
		for at := range c.Text {
			if at > 0 {
				places = append(places, at)
			}
		}
		if places == nil {
			return // a heading, or one character
		}
		tried++
		place := rapid.SampledFrom(places).Draw(t, "place")
		s, _ := i.Corrected()
		before := s.Document()
		_, between, _, _ := Cut(c.Text, place)
		if err := i.Correct(Operation{Act: Split, Clause: c.ID.Key(), At: place, Label: "77.1"}); err != nil {
			return // nothing but white space on one side
		}
		cut++
		if err := i.Correct(Operation{Act: Merge, Clause: "77.1", Join: between}); err != nil {
			t.Fatal(err)
		}
		s, _ = i.Corrected()
		if after := s.Document(); !reflect.DeepEqual(after, before) {
			t.Fatalf("got  %+v\nwant %+v", after, before)
		}
	})
}

// operations draws any operation on a few keys.
var operations = rapid.Custom(func(t *rapid.T) Operation {
	keys := rapid.SampledFrom([]string{"5", "5.1", "5.2", "5.3", "5.2.1", "6", "6.1"})
	return Operation{
		Act: rapid.SampledFrom(Acts).Draw(t, "act"), Clause: keys.Draw(t, "clause"), At: rapid.IntRange(0, 12).Draw(t, "at"), Label: keys.Draw(t, "label"),
		Join: rapid.SampledFrom([]string{"", " ", "\n"}).Draw(t, "join"), Number: rapid.Bool().Draw(t, "number"), Kind: rapid.SampledFrom(Kinds).Draw(t, "kind"),
		Heading: rapid.SampledFrom([]string{"", "H"}).Draw(t, "heading"), Text: texts.Draw(t, "text"), Problem: strings.Repeat("0", fingerprintLength),
		Set: map[string]string{rapid.SampledFrom([]string{"designation", "domain", "language", "title"}).Draw(t, "field"): rapid.SampledFrom([]string{"GB 5-2021", "park", "en"}).Draw(t, "value")},
	}
})

// Whatever people correct: the list repeated on the same document gives the same
// result, nothing of it is unfit, and the structure stays sound.
func TestCorrectionsRepeat(t *testing.T) {
	fitted, refused := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(texts, 3, 3).Draw(t, "texts")
		i := staged(words...)
		for _, op := range rapid.SliceOfN(operations, 1, 12).Draw(t, "operations") {
			if op.Act != Identify {
				op.Set = nil
			}
			if i.Correct(op) != nil {
				refused++
				continue
			}
			fitted++
		}
		s, err := i.Corrected()
		if err != nil {
			t.Fatal(err)
		}
		again, err := i.Corrected()
		if err != nil || !reflect.DeepEqual(s.Document(), again.Document()) {
			t.Fatalf("worked out twice, it differs: %v", err)
		}
		for _, p := range s.Document().Validate() {
			if len(s.Document().Clauses) > 0 {
				t.Fatalf("after %+v: %s", i.Operations, p)
			}
		}
		next := staged(words...)
		if _, err := next.Repeat(i.Operations); err != nil || len(next.Unfit) > 0 {
			t.Fatalf("on the same text: %v, unfit %+v", err, next.Unfit)
		}
		repeated, err := next.Corrected()
		if err != nil {
			t.Fatal(err)
		}
		a, b := s.Document(), repeated.Document()
		for k := range b.Clauses { // the name of the edition is not carried over
			b.Clauses[k].ID, b.Clauses[k].Parent, b.Clauses[k].Standard = a.Clauses[k].ID, a.Clauses[k].Parent, a.Clauses[k].Standard
		}
		if !reflect.DeepEqual(a.Clauses, b.Clauses) {
			t.Fatalf("repeated: %+v\nwant %+v", b.Clauses, a.Clauses)
		}
	})
	if fitted == 0 || refused == 0 {
		t.Errorf("the property sees only one side: %d fitted, %d refused", fitted, refused)
	}
}

func TestNamesOfFiles(t *testing.T) {
	for name, want := range map[string]string{
		"../../etc/passwd": "passwd", `C:\x\标准.pdf`: "标准.pdf", "a\u202efdp.exe": "afdp.exe", "": "?", "a/": "?", "x\r\ny": "xy",
		strings.Repeat("长", 400): strings.Repeat("长", MaxFileName-1) + "…",
	} {
		if got := FileName(name); got != want {
			t.Errorf("%q became %q", name, got)
		}
	}
}

func TestSameWork(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"GB 50016-2014", "GB50016-2018", true}, {"GB 50016-2014", "GB 50017-2014", false}, {"СП 1.13130.2009", "СП 1.13130.2020", true},
		{"House rules", "house  RULES", true}, {"House rules", "Other rules", false},
		{"XS 4711:2024", "XS 4711:2026", true},
		{"Building Code (2020)", "Building Code", true},
		{"XS 4711:2024", "XS 4712:2024", false},
		{"XS 2024", "XT 2024", false},
	} {
		if SameWork(c.a, c.b) != c.same {
			t.Errorf("%q and %q: not %v", c.a, c.b, c.same)
		}
	}
}

// TestClassesOfAStandard: the classes may be entered as covers print them, now and later;
// what is no class is refused.
func TestClassesOfAStandard(t *testing.T) {
	at := func(name string) Field {
		return Fields[slices.IndexFunc(Fields, func(f Field) bool { return f.Name == name })]
	}
	for typed, want := range map[string]string{"c 80；p16": "C80, P16", "C80": "C80", "": ""} {
		got := at("ccs").Usual(typed)
		if got != want || !at("ccs").Fits(got) {
			t.Errorf("%q is %q, want %q", typed, got, want)
		}
		std, err := Restated(corpus.Standard{ID: "cn-gb-1"}, map[string]string{"ccs": got, "ics": "13.220.20, 35"})
		if err != nil || strings.Join(std.CCS, ", ") != want || len(std.ICS) != 2 {
			t.Errorf("%v %v %v", std.CCS, std.ICS, err)
		}
	}
	for _, bad := range []string{"I80", "C8", "C801", "80"} {
		if at("ccs").Fits(at("ccs").Usual(bad)) {
			t.Errorf("%q is taken for a class", bad)
		}
	}
}

// An amendment names the standard it lies on and is no edition of it.
func TestAmendmentIsNoEdition(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"ISO 99077:2019", "ISO 99077:2024", true},
		{"ISO 99077:2024/Amd 1:2025", "ISO 99077:2024", false},
		{"ISO 99077:2024", "ISO 99077:2024/Amd 1:2025", false},
		{"ISO 99077:2024/Amd 1:2025", "ISO 99077:2024/Amd 1:2025", true},
		{"ISO 99077:2024", "ISO 99078:2024", false},
	} {
		if got := SameWork(c.a, c.b); got != c.want {
			t.Errorf("%s, %s: %v", c.a, c.b, got)
		}
	}
}
