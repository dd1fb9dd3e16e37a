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

func TestPositions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.db")
	db := openAt(t, path, time.Now)
	s, cn, ru := agreed(t, db)
	before, _, err := db.Match(t.Context(), s.matches[1].ID)
	if err != nil {
		t.Fatal(err)
	}
	feed, err := db.Feed(t.Context(), 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	save := func(p review.Person, match uuid.UUID, version int, want string) error {
		_, err := db.SavePosition(t.Context(), review.Position{Dossier: s.dossier.ID, Match: match, Version: version, Want: want, Priority: review.PriorityHigh}, p)
		return err
	}
	for _, err := range []error{
		save(cn, s.matches[1].ID, 0, "two"), save(cn, s.matches[0].ID, 0, "one"), save(cn, uuid.Nil, 0, "whole"), save(ru, s.matches[0].ID, 0, "theirs"),
		save(cn, s.matches[0].ID, 1, "one anew"), save(cn, s.matches[0].ID, 2, "one anew"), // the same words make no version
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := save(cn, s.matches[0].ID, 1, "late"); !errors.Is(err, corpus.ErrConflict) {
		t.Errorf("an old version: %v", err)
	}
	if err := save(cn, uuid.New(), 0, "x"); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("no such match: %v", err)
	}
	list, err := db.Positions(t.Context(), s.dossier.ID, cn)
	if err != nil || len(list) != 3 || list[0].Want != "whole" || list[1].Want != "one anew" || list[2].Want != "two" {
		t.Fatalf("%+v %v", list, err)
	}
	if len(list[0].Sources) != 0 || len(list[1].Sources) != 1 || list[1].Sources[0] != s.matches[0].Sources[0] || list[1].Targets[0] != s.matches[0].Targets[0] {
		t.Errorf("clauses %+v", list)
	}
	versions, err := db.PositionVersions(t.Context(), s.dossier.ID, s.matches[0].ID, cn)
	if err != nil || len(versions) != 2 || versions[0].Version != 2 || versions[1].Want != "one" {
		t.Errorf("versions %+v %v", versions, err)
	}
	if theirs, err := db.Positions(t.Context(), s.dossier.ID, ru); err != nil || len(theirs) != 1 || theirs[0].Want != "theirs" {
		t.Errorf("the other side: %+v %v", theirs, err)
	}
	if err := save(cn, uuid.Nil, 1, ""); err != nil {
		t.Fatal(err)
	}
	if list, _ := db.Positions(t.Context(), s.dossier.ID, cn); len(list) != 2 {
		t.Errorf("an emptied position is listed: %+v", list)
	}
	// Nothing else moved: neither the match nor the feed.
	after, _, err := db.Match(t.Context(), s.matches[1].ID)
	if err != nil || after.Version != before.Version || after.State != before.State {
		t.Errorf("the match changed: %+v %v", after, err)
	}
	if now, err := db.Feed(t.Context(), 0, 1000); err != nil || len(now) != len(feed) {
		t.Errorf("the feed tells of positions: %d rows, then %d %v", len(feed), len(now), err)
	}
	// The audit names the change without its words.
	rows, err := db.AuditWhere(t.Context(), review.EntryFilter{Action: "position.changed"}, 0, 100)
	if err != nil || len(rows) != 6 {
		t.Fatalf("%d audit rows, %v", len(rows), err)
	}
	for _, r := range rows {
		guess, err := review.PayloadHash([]any{"", s.dossier.ID, s.matches[1].ID, cn.Party, "two", "", "", review.PriorityHigh, false})
		if err != nil || r.Payload == guess {
			t.Errorf("the words can be guessed from the audit: %v", err)
		}
	}
	sound(t, db)
	// A changed row is refused, and where the guard is taken away it is found.
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	for _, q := range []string{"UPDATE positions SET want = 'x'", "DELETE FROM positions"} {
		if _, err := raw.Exec(q); err == nil {
			t.Errorf("%s went through", q)
		}
	}
	for _, q := range []string{"DROP TRIGGER positions_stand", "UPDATE positions SET want = 'x' WHERE want = 'two'"} {
		if _, err := raw.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	r, err := db.Check(t.Context())
	if err != nil || !strings.Contains(strings.Join(r.Problems, "\n"), "of a position on "+s.matches[1].ID.String()) {
		t.Errorf("check says %v %v", r.Problems, err)
	}
}
