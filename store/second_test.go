package store

import (
	"context"
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

// TestPeopleMadeAnew brings a database of the schema before to the present one:
// people, what refers to them and the checks stay.
func TestPeopleMadeAnew(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "c.db")
	steps, err := migrations(migrationFiles)
	if err != nil {
		t.Fatal(err)
	}
	at := 0
	for i, step := range steps {
		if strings.HasSuffix(step.name, "_accounts.sql") {
			at = i
		}
	}
	old, err := sql.Open("sqlite", "file:"+path+"?_pragma=foreign_keys(1)&_pragma=journal_mode(wal)")
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range steps[:at] {
		if err := step.apply(ctx, old); err != nil {
			t.Fatal(step.name, err)
		}
	}
	id := uuid.Must(uuid.NewV7()).String()
	now := stamp(time.Now())
	for _, q := range []string{
		"INSERT INTO people VALUES ('" + id + "', 'Li', 'li', 'Li Na', 'reviewer', 'CN', '[]', 0, 'hash', '" + now + "')",
		"INSERT INTO sessions VALUES ('h', '" + id + "', '" + now + "', '" + now + "', '" + now + "', 'browser')",
	} {
		if _, err := old.ExecContext(ctx, q); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := old.ExecContext(ctx, "UPDATE people SET role = 'importer'"); err == nil {
		t.Fatal("the check finds nothing: the old schema takes an importer")
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := Open(ctx, path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	p, hash, err := db.PersonByLogin(ctx, "li")
	if err != nil || hash != "hash" || p.Name != "Li Na" {
		t.Fatalf("%v %q %v", p, hash, err)
	}
	if all, err := db.Sessions(ctx, p.ID); err != nil || len(all) != 1 {
		t.Errorf("sessions %v %v", all, err)
	}
	p.Role = review.RoleImporter
	if err := db.SavePerson(ctx, p, "cli"); err != nil {
		t.Error(err)
	}
	if _, err := db.writer.ExecContext(ctx, "UPDATE people SET role = 'king'"); err == nil {
		t.Error("the new table takes any role")
	}
	if _, err := db.writer.ExecContext(ctx, "DELETE FROM people"); err != nil {
		t.Error(err) // nothing refers to the person any more: the role changed, the session ended
	}
	if _, err := db.writer.ExecContext(ctx, "INSERT INTO sessions VALUES ('h', 'nobody', '', '', '', '')"); err == nil {
		t.Error("what refers to people is not checked any more")
	}
	r, err := db.Check(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Sound() {
		t.Errorf("%v", r.Problems)
	}
}

func TestSecondFactor(t *testing.T) {
	ctx := context.Background()
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	db, err := Open(ctx, filepath.Join(t.TempDir(), "c.db"), Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	p := review.Person{ID: uuid.Must(uuid.NewV7()), Login: "li", Name: "Li", Role: review.RoleReviewer, Party: "CN"}
	other := review.Person{ID: uuid.Must(uuid.NewV7()), Login: "wu", Name: "Wu", Role: review.RoleReviewer, Party: "CN"}
	for _, x := range []review.Person{p, other} {
		if err := db.SavePerson(ctx, x, "cli"); err != nil {
			t.Fatal(err)
		}
	}
	secret := review.NewTOTPSecret()
	code := func() string { c, _ := review.TOTPCode(secret, now.Unix()/30); return c }
	if err := db.UseSecondFactor(ctx, p.ID, code(), now); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("a code without a second factor: %v", err)
	}
	if err := db.BeginSecondFactor(ctx, p.ID, secret); err != nil {
		t.Fatal(err)
	}
	if err := db.UseSecondFactor(ctx, p.ID, code(), now); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("it counts before it is confirmed: %v", err)
	}
	codes, hashes := review.NewRecoveryCodes()
	if err := db.ConfirmSecondFactor(ctx, p.ID, "000000", now, hashes, ""); !errors.Is(err, corpus.ErrForbidden) {
		t.Errorf("confirmed by a wrong code: %v", err)
	}
	if err := db.ConfirmSecondFactor(ctx, p.ID, code(), now, hashes, ""); err != nil {
		t.Fatal(err)
	}
	if f, err := db.SecondFactor(ctx, p.ID); err != nil || !f.On() || f.Secret != "" || f.Codes != review.RecoveryCodes {
		t.Errorf("%+v %v", f, err)
	}
	if err := db.BeginSecondFactor(ctx, p.ID, review.NewTOTPSecret()); !errors.Is(err, corpus.ErrConflict) {
		t.Errorf("a second secret in the place of one that counts: %v", err)
	}
	if err := db.UseSecondFactor(ctx, p.ID, code(), now); !errors.Is(err, corpus.ErrForbidden) {
		t.Errorf("the code that confirmed works again: %v", err)
	}
	now = now.Add(30 * time.Second)
	// of many at once with one code, one gets through
	results := make(chan error)
	for range 8 {
		go func() { results <- db.UseSecondFactor(ctx, p.ID, code(), now) }()
	}
	through := 0
	for range 8 {
		if err := <-results; err == nil {
			through++
		} else if !errors.Is(err, corpus.ErrForbidden) {
			t.Error(err)
		}
	}
	if through != 1 {
		t.Errorf("%d got through with one code", through)
	}
	if err := db.UseSecondFactor(ctx, p.ID, codes[3], now); err != nil {
		t.Errorf("a recovery code: %v", err)
	}
	if err := db.UseSecondFactor(ctx, p.ID, codes[3], now); !errors.Is(err, corpus.ErrForbidden) {
		t.Errorf("a recovery code works twice: %v", err)
	}
	_, fresh := review.NewRecoveryCodes()
	if err := db.RenewRecoveryCodes(ctx, p.ID, codes[4], now, fresh); err != nil {
		t.Fatal(err)
	}
	if err := db.UseSecondFactor(ctx, p.ID, codes[5], now); !errors.Is(err, corpus.ErrForbidden) {
		t.Errorf("a recovery code of before: %v", err)
	}
	if err := db.EndSecondFactor(ctx, p.ID, "123", now); !errors.Is(err, corpus.ErrForbidden) {
		t.Errorf("switched off by a wrong code: %v", err)
	}
	if err := db.ResetSecondFactor(ctx, other.ID, "admin"); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("reset of what is not there: %v", err)
	}
	if err := db.ResetSecondFactor(ctx, p.ID, "admin"); err != nil {
		t.Fatal(err)
	}
	if f, err := db.SecondFactor(ctx, p.ID); err != nil || f != (review.SecondFactor{}) {
		t.Errorf("%+v %v", f, err)
	}
	for _, want := range []int{1, 0} {
		if told, err := db.TakeNotices(ctx, p.ID); err != nil || len(told) != want {
			t.Errorf("told %v %v", told, err)
		}
	}
	rows, err := db.Audit(ctx, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	var trail []string
	for _, r := range rows {
		if rest, ok := strings.CutPrefix(r.Action, "second."); ok {
			trail = append(trail, rest)
		}
	}
	if got := strings.Join(trail, " "); got != "begun confirmed used recovery recovery codes reset" {
		t.Errorf("the audit tells: %s", got)
	}
	if r, err := db.Check(ctx); err != nil || !r.Sound() {
		t.Errorf("%v %v", r.Problems, err)
	}
}
