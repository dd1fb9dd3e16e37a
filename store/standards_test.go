package store_test

import (
	"errors"
	"fmt"
	"reflect"
	"testing"

	"concord/corpus"
	"concord/store"
)

func TestSaveAndReadBack(t *testing.T) {
	db := open(t)
	doc := document("cn-a-2020", "CN", "zh", 3, "宽度不应小于 0.9 m。\x00\xff")
	doc.Clauses[1].Parent = doc.Clauses[0].ID
	doc.Clauses[2].Path = nil
	doc.Clauses[2].Kind = corpus.KindNote
	diff := save(t, db, doc)
	if diff.Known || len(diff.New) != 3 || len(diff.Changed)+len(diff.Gone)+len(diff.Same) != 0 {
		t.Errorf("the first edition is all new, got %+v", diff)
	}
	got, err := db.ClausesOf(t.Context(), doc.Standard.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, doc.Clauses) {
		t.Errorf("clauses came back as %+v, want %+v", got, doc.Clauses)
	}
	h, err := db.Standard(t.Context(), doc.Standard.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(h, corpus.Holding{Standard: doc.Standard, Clauses: 3, Normative: 2}) {
		t.Errorf("the standard came back as %+v", h)
	}
}

func TestStandardsAreSorted(t *testing.T) {
	db := open(t)
	for _, id := range []corpus.StandardID{"ru-b", "cn-z", "cn-a"} {
		save(t, db, document(id, corpus.Jurisdiction(string(id)[:2]), "en", 1))
	}
	all, err := db.Standards(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []corpus.StandardID
	for _, h := range all {
		got = append(got, h.Standard.ID)
	}
	if want := []corpus.StandardID{"cn-a", "cn-z", "ru-b"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestStandardsOf(t *testing.T) {
	db := open(t)
	a, b := document("cn-a-2020", "CN", "zh", 1, "A"), document("gb-b-2020", "GB", "en", 1, "B")
	save(t, db, a)
	save(t, db, b)
	got, err := db.StandardsOf(t.Context(), b.Standard.ID, "xx-unknown", b.Standard.ID)
	if want := map[corpus.StandardID]corpus.Standard{b.Standard.ID: b.Standard}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
	if none, err := db.StandardsOf(t.Context()); err != nil || len(none) != 0 {
		t.Errorf("nobody's standards are %v, %v", none, err)
	}
}

func TestNotFoundAndInvalid(t *testing.T) {
	db := open(t)
	if _, err := db.Standard(t.Context(), "xx"); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("an unknown standard gives %v", err)
	}
	if _, err := db.ClausesOf(t.Context(), "xx"); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("the clauses of an unknown standard give %v", err)
	}
	doc := document("cn-a", "CN", "zh", 2)
	doc.Clauses[1].ID = doc.Clauses[0].ID
	if _, err := db.Save(t.Context(), doc, "cli"); !errors.Is(err, corpus.ErrInvalid) {
		t.Errorf("a broken document gives %v", err)
	}
	if _, err := db.Standard(t.Context(), "cn-a"); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("a broken document left something behind: %v", err)
	}
}

func TestClausesKeepTheOrderOfTheIDs(t *testing.T) {
	db := open(t)
	doc := document("cn-a", "CN", "zh", 1200)
	save(t, db, doc)
	var ids []corpus.ClauseID
	for i := len(doc.Clauses) - 1; i >= 0; i-- {
		ids = append(ids, doc.Clauses[i].ID, corpus.ClauseID(fmt.Sprintf("cn-a/unknown%d", i)))
	}
	ids = append(ids, doc.Clauses[7].ID)
	got, err := db.Clauses(t.Context(), ids...)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 1201 || got[0].ID != doc.Clauses[1199].ID || got[1199].ID != doc.Clauses[0].ID || got[1200].ID != doc.Clauses[7].ID {
		t.Errorf("got %d clauses from %s to %s", len(got), got[0].ID, got[len(got)-1].ID)
	}
}

// marks lists clause ids in the order of their marks after a mark.
func marks(t *testing.T, db *store.DB, after int64) (ids []string, removed int) {
	t.Helper()
	changes, err := db.Changes(t.Context(), after, 0)
	if err != nil {
		t.Fatal(err)
	}
	last := after
	for _, c := range changes {
		if c.Mark <= last {
			t.Errorf("mark %d follows mark %d", c.Mark, last)
		}
		last = c.Mark
		if c.Standard.ID != c.Clause.Standard || c.Standard.Designation == "" {
			t.Errorf("change of %s comes with standard %+v", c.Clause.ID, c.Standard)
		}
		ids = append(ids, c.Clause.ID.Key())
		if c.Removed {
			removed++
		}
	}
	if top, err := db.LastMark(t.Context()); err != nil || len(changes) > 0 && top != last {
		t.Errorf("the last mark is %d (%v), the last change has %d", top, err, last)
	}
	return ids, removed
}

func TestEditions(t *testing.T) {
	first := func() *corpus.Document { return document("cn-a", "CN", "zh", 5) }
	cases := []struct {
		name    string
		edit    func(*corpus.Document)
		changed []string
		fresh   []string
		gone    []string
		marked  []string // what an index must hear of
	}{
		{name: "the same again", edit: func(*corpus.Document) {}},
		{name: "white space only", edit: func(d *corpus.Document) { d.Clauses[0].Text += "  \n" }, marked: []string{"5.1"}},
		{name: "one text", edit: func(d *corpus.Document) { d.Clauses[1].Text = "new" }, changed: []string{"5.2"}, marked: []string{"5.2"}},
		{name: "another kind, same wording", edit: func(d *corpus.Document) { d.Clauses[2].Kind = corpus.KindNote }, marked: []string{"5.3"}},
		{name: "one taken out, others move up", edit: func(d *corpus.Document) { d.Clauses = append(d.Clauses[:1:1], d.Clauses[2:]...) }, gone: []string{"5.2"}, marked: []string{"5.2"}},
		{name: "one put in", edit: func(d *corpus.Document) {
			c := d.Clauses[0]
			c.ID, c.Number = "cn-a/4.9", "4.9"
			d.Clauses = append([]corpus.Clause{c}, d.Clauses...)
		}, fresh: []string{"4.9"}, marked: []string{"4.9"}},
		{name: "another status", edit: func(d *corpus.Document) { d.Standard.Status = corpus.StatusSuperseded }, marked: []string{"5.1", "5.2", "5.3", "5.4", "5.5"}},
		{name: "another file name", edit: func(d *corpus.Document) { d.Standard.Source = "b.md" }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			db := open(t)
			save(t, db, first())
			before, err := db.LastMark(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			second := first()
			c.edit(second)
			compared, err := db.Compare(t.Context(), second)
			if err != nil {
				t.Fatal(err)
			}
			if after, _ := db.LastMark(t.Context()); after != before {
				t.Error("comparing wrote something")
			}
			saved := save(t, db, second)
			if !reflect.DeepEqual(compared, saved) {
				t.Errorf("compare said %+v, save did %+v", compared, saved)
			}
			if !saved.Known {
				t.Error("the standard was known")
			}
			for what, pair := range map[string][2][]string{"changed": {keys(saved.Changed), c.changed}, "new": {keys(saved.New), c.fresh}, "gone": {keys(saved.Gone), c.gone}} {
				if !reflect.DeepEqual(pair[0], pair[1]) {
					t.Errorf("%s: got %v, want %v", what, pair[0], pair[1])
				}
			}
			marked, removed := marks(t, db, before)
			if !reflect.DeepEqual(marked, c.marked) || removed != len(c.gone) {
				t.Errorf("marked %v with %d removed, want %v with %d", marked, removed, c.marked, len(c.gone))
			}
			got, err := db.ClausesOf(t.Context(), "cn-a")
			if err != nil {
				t.Fatal(err)
			}
			for i := range second.Clauses {
				second.Clauses[i].Order = i
			}
			if !reflect.DeepEqual(got, second.Clauses) {
				t.Errorf("the text is now %+v", got)
			}
		})
	}
}

func keys(ids []corpus.ClauseID) []string {
	var out []string
	for _, id := range ids {
		out = append(out, id.Key())
	}
	return out
}

func TestClauseThatComesBack(t *testing.T) {
	db := open(t)
	full := document("cn-a", "CN", "zh", 2)
	save(t, db, full)
	short := document("cn-a", "CN", "zh", 1)
	save(t, db, short)
	if got, err := db.Clauses(t.Context(), full.Clauses[1].ID); err != nil || len(got) != 1 {
		t.Errorf("a removed clause can still be read by id, got %v, %v", got, err)
	}
	if diff := save(t, db, full); !reflect.DeepEqual(keys(diff.New), []string{"5.2"}) {
		t.Errorf("it comes back as new, got %+v", diff)
	}
	if h, err := db.Standard(t.Context(), "cn-a"); err != nil || h.Clauses != 2 {
		t.Errorf("two clauses again, got %+v, %v", h, err)
	}
}

func TestTextAt(t *testing.T) {
	db := open(t)
	texts := []string{"first wording", "second wording", "third wording"}
	var all []corpus.Clause
	for _, text := range texts {
		doc := document("cn-a", "CN", "zh", 1, text)
		save(t, db, doc)
		all = append(all, doc.Clauses[0])
	}
	for i, c := range all {
		got, err := db.TextAt(t.Context(), c.ID, c.Digest())
		if err != nil || got.Text != texts[i] {
			t.Errorf("edition %d: got %q, %v", i, got.Text, err)
		}
	}
	earlier, err := db.EarlierTexts(t.Context(), all[0].ID)
	if err != nil || len(earlier) != 2 || earlier[0].Clause.Text != texts[1] || earlier[1].Digest != all[0].Digest() || earlier[0].Ended.IsZero() {
		t.Errorf("the earlier texts are %+v, %v", earlier, err)
	}
	if earlier, err := db.EarlierTexts(t.Context(), "cn-a/none"); err != nil || len(earlier) != 0 {
		t.Errorf("an unknown clause has earlier texts: %+v, %v", earlier, err)
	}
	if _, err := db.TextAt(t.Context(), all[0].ID, "0123"); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("a wording that never was gives %v", err)
	}
}
