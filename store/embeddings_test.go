package store_test

import (
	"testing"

	"concord/corpus"
	"concord/corpus/embedding"
)

// Wordings without a vector are listed once each, also where several clauses have
// the same; what is kept stays, by model, and goes by model. A replaced wording's
// vector is not handed out any more, and the new wording waits for one.
func TestEmbeddings(t *testing.T) {
	db := open(t)
	save(t, db, document("cn-x", "CN", "en", 4, "one", "two", "two", "three"))
	todo, err := db.Unembedded(t.Context(), "m", "", 10)
	if err != nil || len(todo) != 3 {
		t.Fatalf("%d wordings wait: %v", len(todo), err)
	}
	if n, err := db.CountUnembedded(t.Context(), "m"); err != nil || n != 3 {
		t.Errorf("%d wordings are counted: %v", n, err)
	}
	if page, err := db.Unembedded(t.Context(), "m", todo[0].Digest(), 1); err != nil || len(page) != 1 || page[0].Digest() != todo[1].Digest() {
		t.Errorf("the second page is %+v: %v", page, err)
	}
	v, err := embedding.New([]float32{1, 2, -3})
	if err != nil {
		t.Fatal(err)
	}
	kept := map[corpus.Digest]embedding.Vector{todo[0].Digest(): v, todo[1].Digest(): v}
	for range 2 {
		if err := db.KeepEmbeddings(t.Context(), "m", kept); err != nil {
			t.Fatal(err)
		}
	}
	found, err := db.Embeddings(t.Context(), "m")
	if err != nil || len(found) != 2 || found[todo[0].Digest()].Cosine(v) < 0.9999 {
		t.Fatalf("%v: %v", found, err)
	}
	if left, err := db.Unembedded(t.Context(), "m", "", 10); err != nil || len(left) != 1 || left[0].Digest() != todo[2].Digest() {
		t.Errorf("%+v wait still: %v", left, err)
	}
	if other, err := db.Unembedded(t.Context(), "n", "", 10); err != nil || len(other) != 3 {
		t.Errorf("%d wait for another model: %v", len(other), err)
	}
	save(t, db, document("cn-x", "CN", "en", 4, "ONE", "TWO", "TWO", "THREE"))
	if found, err := db.Embeddings(t.Context(), "m"); err != nil || len(found) != 0 {
		t.Errorf("%d vectors of wordings that are gone: %v", len(found), err)
	}
	if n, err := db.DropEmbeddings(t.Context(), "m"); err != nil || n != 2 {
		t.Errorf("%d dropped: %v", n, err)
	}
	if models, err := db.EmbeddedModels(t.Context()); err != nil || len(models) != 0 {
		t.Errorf("%v: %v", models, err)
	}
}
