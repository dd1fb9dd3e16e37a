package store_test

import (
	"slices"
	"testing"

	"concord/corpus"
)

// TestAround finds the same neighbours as reading the whole standard does.
func TestAround(t *testing.T) {
	db := open(t)
	doc := document("cn-gb-1-2020", "CN", "zh", 9)
	save(t, db, doc)
	all, err := db.ClausesOf(t.Context(), doc.Standard.ID)
	if err != nil {
		t.Fatal(err)
	}
	ids := func(list []corpus.Clause) (out []corpus.ClauseID) {
		for _, c := range list {
			out = append(out, c.ID)
		}
		return out
	}
	for i := range all {
		got, err := db.Around(t.Context(), doc.Standard.ID, all[i].ID)
		if want := ids(all[max(0, i-2):min(len(all), i+3)]); err != nil || !slices.Equal(ids(got), want) {
			t.Errorf("around %s: %v %v, want %v", all[i].ID, ids(got), err, want)
		}
	}
	got, err := db.Around(t.Context(), doc.Standard.ID, all[0].ID, all[1].ID, all[len(all)-1].ID, "cn-gb-1-2020/nowhere")
	if want := append(ids(all[:4]), ids(all[len(all)-3:])...); err != nil || !slices.Equal(ids(got), want) {
		t.Errorf("around three: %v %v, want %v", ids(got), err, want)
	}
}
