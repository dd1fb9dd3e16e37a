package store_test

import (
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// A draft is its party's alone: nothing that reads reservations, the feed, the news or
// a round knows of it until it is declared, in one act with two audit rows.
func TestReservationDrafts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.db")
	db := openAt(t, path, time.Now)
	s, cn, ru := agreed(t, db)
	ctx := t.Context()
	feed := func() int {
		list, err := db.Feed(ctx, 0, 1000)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	before := feed()
	save := func(p review.Person, ask review.ReservationDraft) (review.ReservationDraft, error) {
		ask.Dossier = s.dossier.ID
		return db.SaveDraft(ctx, ask, p)
	}
	must := func(x review.ReservationDraft, err error) review.ReservationDraft {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	one := must(save(cn, review.ReservationDraft{Match: s.matches[0].ID, Text: "until 2026"}))
	one = must(save(cn, review.ReservationDraft{ID: one.ID, Version: 1, Text: "until 2027"}))
	if same := must(save(cn, review.ReservationDraft{ID: one.ID, Version: 2, Text: "until 2027 "})); same.Version != 2 {
		t.Errorf("the same words make version %d", same.Version)
	}
	open := must(save(cn, review.ReservationDraft{Match: s.matches[2].ID, Text: "for the open one"}))
	whole := must(save(ru, review.ReservationDraft{Text: "subject to ratification"}))
	gone := must(save(cn, review.ReservationDraft{Text: "never mind"}))
	must(save(cn, review.ReservationDraft{ID: gone.ID, Version: 1}))
	for who, c := range map[string]struct {
		p    review.Person
		want []uuid.UUID
	}{
		"CN": {cn, []uuid.UUID{one.ID, open.ID}}, "RU": {ru, []uuid.UUID{whole.ID}},
		"a reader": {person(t, db, "reader", review.RoleReader, "CN"), nil}, "KZ": {person(t, db, "kz", review.RoleNegotiator, "KZ"), nil},
	} {
		list, err := db.Drafts(ctx, s.dossier.ID, c.p)
		var got []uuid.UUID
		for _, x := range list {
			got = append(got, x.ID)
		}
		if err != nil || len(got) != len(c.want) || len(got) > 0 && got[0] != c.want[0] {
			t.Errorf("%s sees %v %v, want %v", who, got, err, c.want)
		}
	}
	if list, err := db.DraftsOn(ctx, s.dossier.ID, s.matches[0].ID, cn); err != nil || len(list) != 1 || list[0].Text != "until 2027" {
		t.Errorf("on the match: %+v %v", list, err)
	}
	// Whoever may not see a draft is told what whoever asks for none is told.
	missing := uuid.New()
	_, theirs := save(ru, review.ReservationDraft{ID: one.ID, Version: 2, Text: "x"})
	_, none := save(ru, review.ReservationDraft{ID: missing, Version: 2, Text: "x"})
	if !errors.Is(theirs, corpus.ErrNotFound) || strings.ReplaceAll(theirs.Error(), one.ID.String(), missing.String()) != none.Error() {
		t.Errorf("%v is not %v", theirs, none)
	}
	for name, err := range map[string]error{
		"theirs":        errorOf(db.DeclareDraft(ctx, one.ID, 2, ru)),
		"none":          errorOf(db.DeclareDraft(ctx, missing, 1, cn)),
		"a wrong match": errorOf(save(cn, review.ReservationDraft{Match: missing, Text: "x"})),
	} {
		if !errors.Is(err, corpus.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := errorOf(db.DeclareDraft(ctx, one.ID, 1, cn)); !errors.Is(err, corpus.ErrConflict) {
		t.Errorf("a version that was not read: %v", err)
	}
	if err := errorOf(db.DeclareDraft(ctx, open.ID, 1, cn)); !errors.Is(err, corpus.ErrInvalid) {
		t.Errorf("against an open match: %v", err)
	}
	// Nothing knows of them.
	list, err := db.Reservations(ctx, s.dossier.ID)
	all, err2 := db.ReservedOnAll(ctx, s.dossier.ID)
	m, _, err3 := db.Match(ctx, s.matches[0].ID)
	if now := feed(); now != before {
		t.Errorf("the feed tells of %d drafts", now-before)
	}
	first := freeze(t, s, "R1", cn)
	if err := errors.Join(err, err2, err3); err != nil || len(list)+len(all)+len(m.Reserved)+len(first.Round.Reservations) > 0 {
		t.Errorf("%v %v %v %v %v", list, all, m.Reserved, first.Round.Reservations, err)
	}
	before = feed()
	sound(t, db)
	declared, err := db.DeclareDraft(ctx, one.ID, 2, cn)
	if err != nil || declared.Text != "until 2027" || declared.ID == one.ID {
		t.Fatalf("%+v %v", declared, err)
	}
	if err := errorOf(db.DeclareDraft(ctx, one.ID, 3, cn)); !errors.Is(err, corpus.ErrConflict) {
		t.Errorf("declared twice: %v", err)
	}
	if m, _, err = db.Match(ctx, s.matches[0].ID); err != nil || len(m.Reserved) != 1 || feed() != before+1 {
		t.Errorf("the declared one is not told: %v %v", m.Reserved, err)
	}
	if second := freeze(t, s, "R2", cn); len(second.Round.Reservations) != 1 {
		t.Errorf("the round holds %v", second.Round.Reservations)
	}
	rows, err := db.AuditWhere(ctx, review.EntryFilter{}, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	acts := map[string]int{}
	guess, err := review.PayloadHash([]any{"", one.ID, s.dossier.ID, s.matches[0].ID, cn.Party, "until 2027", review.DraftKept})
	for _, r := range rows {
		acts[r.Action]++
		if err != nil || r.Payload == guess {
			t.Errorf("the words can be guessed from the audit: %v", err)
		}
	}
	if acts["draft.kept"] != 5 || acts["draft.dropped"] != 1 || acts["draft.declared"] != 1 || acts["reservation.declared"] != 1 {
		t.Errorf("the audit tells %v", acts)
	}
	sound(t, db)
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	again := "INSERT INTO reservation_drafts SELECT id, 9, dossier, match, party, text, 'kept', person, at, salt FROM reservation_drafts WHERE state = 'declared'"
	for _, q := range []string{"UPDATE reservation_drafts SET text = 'x'", "DELETE FROM reservation_drafts", again} {
		if _, err := raw.Exec(q); err == nil {
			t.Errorf("%s went through", q)
		}
	}
	for _, q := range []string{"DROP TRIGGER reservation_drafts_stand", "UPDATE reservation_drafts SET text = 'x' WHERE id = '" + open.ID.String() + "'"} {
		if _, err := raw.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	if r, err := db.Check(ctx); err != nil || !strings.Contains(strings.Join(r.Problems, "\n"), "the draft "+open.ID.String()) {
		t.Errorf("check says %v %v", r.Problems, err)
	}
}

func errorOf[A any](_ A, err error) error { return err }

// A database of the schema before drafts comes to the present one with what was
// reserved declared, as it was, and then takes drafts.
func TestReservationsFromBeforeDrafts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.db")
	db := openAt(t, path, time.Now)
	s, cn, _ := agreed(t, db)
	ctx := t.Context()
	kept, err := db.Reserve(ctx, s.dossier.ID, s.matches[0].ID, "until 2027", cn)
	if err != nil {
		t.Fatal(err)
	}
	first := freeze(t, s, "R1", cn)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	old, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{"DROP TABLE reservation_drafts", "PRAGMA user_version = 29"} {
		if _, err := old.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := old.Exec("SELECT 1 FROM reservation_drafts"); err == nil {
		t.Fatal("the old schema has drafts: the test proves nothing")
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	db = openAt(t, path, time.Now)
	list, err := db.Reservations(ctx, s.dossier.ID)
	if err != nil || len(list) != 1 || list[0].ID != kept.ID || list[0].Text != kept.Text || !list[0].Withdrawn.IsZero() {
		t.Fatalf("%+v %v", list, err)
	}
	if again, err := db.Round(ctx, s.dossier.ID, 1); err != nil || again.Checksum != first.Checksum {
		t.Errorf("the round: %v", err)
	}
	if drafts, err := db.Drafts(ctx, s.dossier.ID, cn); err != nil || len(drafts) != 0 {
		t.Errorf("what was declared is a draft: %v %v", drafts, err)
	}
	if _, err := db.SaveDraft(ctx, review.ReservationDraft{Dossier: s.dossier.ID, Text: "x"}, cn); err != nil {
		t.Error(err)
	}
	sound(t, db)
}
