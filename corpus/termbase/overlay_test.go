package termbase

import (
	"reflect"
	"testing"

	"concord/corpus/lexicon"
)

func TestOverlay(t *testing.T) {
	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	entries := []Entry{
		{ID: "same", Terms: []Term{{"en", "multi-factor authentication", Preferred, ""}, {"ru", "многофакторная аутентификация", Preferred, ""}, {"en", "zqlogin", Forbidden, ""}}},
		{ID: "one language only", Terms: []Term{{"en", "password", Preferred, ""}, {"ru", "зъюх", Preferred, ""}}},
	}
	got := Overlay(lex, entries)
	if got[0].ID != "multi-factor-authentication" || got[1].ID != ConceptID("one language only") {
		t.Fatalf("%v %v", got[0].ID, got[1].ID)
	}
	with := lex.With(got)
	if ids := with.Named("zqlogin", "en"); !reflect.DeepEqual(ids, []lexicon.ConceptID{"multi-factor-authentication"}) {
		t.Errorf("a forbidden form is not understood: %v", ids)
	}
}

func TestConflicts(t *testing.T) {
	entries := []Entry{
		{ID: "a", Terms: []Term{{"en", "Rail", Preferred, ""}, {"zh", "栏", Preferred, ""}}, Definitions: []Definition{{"en", "of a stair"}}},
		{ID: "b", Terms: []Term{{"en-GB", "rail", Admitted, ""}}, Definitions: []Definition{{"en-GB", "of a train"}}},
		{ID: "c", Terms: []Term{{"zh", "栏", Forbidden, ""}, {"en", "gate", Preferred, ""}}},
		{ID: "d", Terms: []Term{{"en", "gate", Preferred, ""}, {"fr", "rail", Preferred, ""}}},
	}
	want := []Conflict{
		{ConflictDefinition, "en", "Rail", []string{"a", "b"}},
		{ConflictWord, "en", "gate", []string{"c", "d"}},
		{ConflictStatus, "zh", "栏", []string{"a", "c"}},
	}
	if got := Conflicts(entries); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
	if got := Conflicts(entries[:1]); len(got) != 0 {
		t.Errorf("one entry contradicts itself: %v", got)
	}
}
