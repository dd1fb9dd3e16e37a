package store_test

import (
	"database/sql"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// A reservation changes no match, stands in the round that is frozen after it, and
// is told by the difference of rounds; a round from before it stays as it was.
func TestReservations(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.db")
	db := openAt(t, path, time.Now)
	s, cn, ru := agreed(t, db)
	first := freeze(t, s, "R1", cn)
	body, err := first.Round.Canonical()
	if err != nil || strings.Contains(string(body), "reservations") || review.Checksum(body) != first.Checksum {
		t.Fatalf("a round without reservations is written otherwise than before there were any: %v", err)
	}
	before, _, err := db.Match(t.Context(), s.matches[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	one, err := db.Reserve(t.Context(), s.dossier.ID, s.matches[0].ID, " until 2027 ", cn)
	if err != nil || one.Text != "until 2027" || one.Party != "CN" {
		t.Fatalf("%+v %v", one, err)
	}
	whole, err := db.Reserve(t.Context(), s.dossier.ID, uuid.Nil, "subject to ratification", ru)
	if err != nil {
		t.Fatal(err)
	}
	reader := person(t, db, "reader", review.RoleReader, "CN")
	outside := person(t, db, "kz", review.RoleNegotiator, "KZ")
	for name, c := range map[string]struct {
		match uuid.UUID
		text  string
		who   review.Person
		want  error
	}{
		"an open match": {s.matches[2].ID, "x", cn, corpus.ErrInvalid},
		"no text":       {uuid.Nil, " \n", cn, corpus.ErrInvalid},
		"too long":      {uuid.Nil, strings.Repeat("я", review.MaxNoteRunes+1), cn, corpus.ErrLimit},
		"no such match": {uuid.New(), "x", cn, corpus.ErrNotFound},
		"a reader":      {uuid.Nil, "x", reader, corpus.ErrForbidden},
		"another party": {uuid.Nil, "x", outside, corpus.ErrForbidden},
	} {
		if _, err := db.Reserve(t.Context(), s.dossier.ID, c.match, c.text, c.who); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	after, _, err := db.Match(t.Context(), s.matches[0].ID)
	if err != nil || after.Version != before.Version || after.State != before.State || !after.Agreed() {
		t.Errorf("the match changed: %+v %v", after, err)
	}
	second := freeze(t, s, "R2", cn)
	if r := second.Round.Reservations; len(r) != 2 || r[0].ID != one.ID || r[1].ID != whole.ID {
		t.Fatalf("the round holds %+v", r)
	}
	changes := first.Round.Compare(second.Round)
	if len(changes) != 1 || !slices.Equal(changes[0].Kinds, []review.ChangeKind{review.ChangeReservation}) || changes[0].After.ID != s.matches[0].ID {
		t.Errorf("changes %+v", changes)
	}
	if declared, ended := first.Round.ReservedDiffer(second.Round); len(declared) != 2 || len(ended) != 0 {
		t.Errorf("declared %v, ended %v", declared, ended)
	}
	if _, err := db.WithdrawReservation(t.Context(), one.ID, ru); !errors.Is(err, corpus.ErrForbidden) {
		t.Errorf("the other side withdraws: %v", err)
	}
	if _, err := db.WithdrawReservation(t.Context(), one.ID, cn); err != nil {
		t.Fatal(err)
	}
	if _, err := db.WithdrawReservation(t.Context(), one.ID, cn); !errors.Is(err, corpus.ErrConflict) {
		t.Errorf("withdrawn twice: %v", err)
	}
	list, err := db.Reservations(t.Context(), s.dossier.ID)
	if err != nil || len(list) != 2 || list[0].Withdrawn.IsZero() {
		t.Errorf("the history is not kept: %+v %v", list, err)
	}
	draft, err := db.DraftRound(t.Context(), s.dossier.ID)
	if err != nil || len(draft.Reservations) != 1 {
		t.Errorf("the draft holds %+v %v", draft.Reservations, err)
	}
	if _, ended := second.Round.ReservedDiffer(draft); len(ended) != 1 || ended[0].ID != one.ID {
		t.Errorf("ended %v", ended)
	}
	for n, f := range map[int]review.Frozen{1: first, 2: second} {
		if again, err := db.Round(t.Context(), s.dossier.ID, n); err != nil || again.Checksum != f.Checksum || len(again.Round.Reservations) != len(f.Round.Reservations) {
			t.Errorf("round %d: %v", n, err)
		}
	}
	sound(t, db)
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	for _, q := range []string{"UPDATE reservations SET text = 'x'", "UPDATE reservations SET withdrawn = ''", "DELETE FROM reservations"} {
		if _, err := raw.Exec(q); err == nil {
			t.Errorf("%s went through", q)
		}
	}
	for _, q := range []string{"DROP TRIGGER reservations_stand", "UPDATE reservations SET text = 'x'"} {
		if _, err := raw.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	if r, err := db.Check(t.Context()); err != nil || !strings.Contains(strings.Join(r.Problems, "\n"), "reservation "+one.ID.String()) {
		t.Errorf("check says %v %v", r.Problems, err)
	}
}
