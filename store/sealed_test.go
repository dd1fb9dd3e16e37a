package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/review"
)

// sealedWorld is a database with two people; the first has a second factor.
type sealedWorld struct {
	db     *DB
	path   string
	people [2]review.Person
	secret string
	codes  []string
	now    time.Time
}

func newSealedWorld(t *testing.T) *sealedWorld {
	ctx := context.Background()
	w := &sealedWorld{path: filepath.Join(t.TempDir(), "c.db"), now: time.Date(2026, 3, 4, 5, 6, 0, 0, time.UTC), secret: review.NewTOTPSecret()}
	w.open(t, w.path)
	for i, login := range []string{"li", "wu"} {
		w.people[i] = review.Person{ID: uuid.Must(uuid.NewV7()), Login: login, Name: login, Role: review.RoleReader}
		if err := w.db.SavePerson(ctx, w.people[i], "cli"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(w.db.keyFile); err == nil {
		t.Fatal("there is a key before it is needed")
	}
	if err := w.db.BeginSecondFactor(ctx, w.people[0].ID, w.secret); err != nil {
		t.Fatal(err)
	}
	codes, hashes := review.NewRecoveryCodes()
	if err := w.db.ConfirmSecondFactor(ctx, w.people[0].ID, w.code(), w.now, hashes, ""); err != nil {
		t.Fatal(err)
	}
	w.codes = codes
	return w
}

func (w *sealedWorld) open(t *testing.T, path string) {
	t.Helper()
	db, err := Open(context.Background(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	w.db = db
}

// code is the code of the app now.
func (w *sealedWorld) code() string {
	code, err := review.TOTPCode(w.secret, w.now.Unix()/30)
	if err != nil {
		panic(err)
	}
	return code
}

// use spends the next code of the app.
func (w *sealedWorld) use() error {
	w.now = w.now.Add(time.Minute)
	return w.db.UseSecondFactor(context.Background(), w.people[0].ID, w.code(), w.now)
}

func (w *sealedWorld) kept(t *testing.T) string {
	text, err := scanString(w.db.writer.QueryRow("SELECT secret FROM second_factors WHERE person = $1", w.people[0].ID.String()))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// everywhere tells whether a text is in any file of the database.
func everywhere(t *testing.T, path, text string) bool {
	t.Helper()
	files, _ := filepath.Glob(path + "*")
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(body), text) {
			return true
		}
	}
	return false
}

// TestSecondFactorsSealed: a restored backup is no second factor without its key;
// the error names file and cure; recovery codes and a reset work.
func TestSecondFactorsSealed(t *testing.T) {
	ctx := context.Background()
	w := newSealedWorld(t)
	keyFile := w.db.keyFile
	info, err := os.Stat(keyFile)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v %v", err, info)
	}
	if everywhere(t, w.path, w.secret) || !everywhere(t, w.path, w.kept(t)) {
		t.Error("the secret is in the database, or the search finds nothing")
	}
	if err := w.use(); err != nil {
		t.Errorf("the control: %v", err)
	}
	backup := filepath.Join(t.TempDir(), "back.db")
	if err := w.db.Backup(ctx, backup); err != nil {
		t.Fatal(err)
	}
	w.open(t, backup) // without the key
	elsewhere := w.db.keyFile
	refused := func(name string, parts ...string) {
		t.Helper()
		err := w.use()
		if !errors.Is(err, review.ErrSecondKey) {
			t.Errorf("%s: %v", name, err)
			return
		}
		for _, part := range parts {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: the error does not name %q: %v", name, part, err)
			}
		}
		if w.db.SecondProblem(ctx) == nil {
			t.Errorf("%s: nobody is told at the start", name)
		}
		if r, err := w.db.Check(ctx); err != nil || r.Sound() {
			t.Errorf("%s: the check finds nothing: %v", name, err)
		}
	}
	refused("no key", elsewhere, "missing", "reset-second")
	if err := w.db.BeginSecondFactor(ctx, w.people[1].ID, review.NewTOTPSecret()); !errors.Is(err, review.ErrSecondKey) {
		t.Errorf("another key is made though the first is only missing: %v", err)
	}
	if err := w.db.UseSecondFactor(ctx, w.people[0].ID, w.codes[0], w.now); err != nil {
		t.Errorf("a recovery code: %v", err)
	}
	if err := makeSecondKey(elsewhere); err != nil {
		t.Fatal(err)
	}
	refused("another key", elsewhere, "another key", "reset-second")
	if err := os.WriteFile(elsewhere, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	refused("a damaged key", elsewhere, "damaged")
	key, err := os.ReadFile(keyFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(elsewhere, key, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := w.use(); err != nil {
		t.Errorf("with the key put back: %v", err)
	}
	if err := w.db.SecondProblem(ctx); err != nil {
		t.Error(err)
	}

	// changed rows
	kept := w.kept(t)
	set := func(person uuid.UUID, text string) {
		t.Helper()
		if _, err := w.db.writer.Exec("UPDATE second_factors SET secret = $1 WHERE person = $2", text, person.String()); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{"a bit": flip(kept, len(kept)-3), "the nonce": flip(kept, len("v1.01234567.")+2), "cut": kept[:len(kept)-6], "empty": kept[:len("v1.01234567.")], "no text": "v1."} {
		set(w.people[0].ID, text)
		refused(name)
	}
	// the row of somebody else
	if err := w.db.BeginSecondFactor(ctx, w.people[1].ID, review.NewTOTPSecret()); err != nil {
		t.Fatal(err)
	}
	other, err := scanString(w.db.writer.QueryRow("SELECT secret FROM second_factors WHERE person = $1", w.people[1].ID.String()))
	if err != nil {
		t.Fatal(err)
	}
	set(w.people[0].ID, other)
	refused("somebody else's row", "changed")
	set(w.people[0].ID, kept)
	if err := w.use(); err != nil {
		t.Errorf("put back: %v", err)
	}

	// lost for good: reset, and a new beginning makes a new key
	if err := os.Remove(elsewhere); err != nil {
		t.Fatal(err)
	}
	for _, p := range w.people {
		if err := w.db.ResetSecondFactor(ctx, p.ID, "admin"); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.db.BeginSecondFactor(ctx, w.people[0].ID, w.secret); err != nil {
		t.Error(err)
	}
	if f, err := w.db.SecondFactor(ctx, w.people[0].ID); err != nil || f.Secret != w.secret {
		t.Errorf("%v %v", f, err)
	}
}

// flip changes one character.
func flip(s string, at int) string {
	c := byte('A')
	if s[at] == 'A' {
		c = 'B'
	}
	return s[:at] + string(c) + s[at+1:]
}

// TestPlainSecretsAreSealed: what an earlier version kept as it was is sealed at the
// start, works as before, and is in none of the files any more.
func TestPlainSecretsAreSealed(t *testing.T) {
	w := newSealedWorld(t)
	if _, err := w.db.writer.Exec("UPDATE second_factors SET secret = $1", w.secret); err != nil {
		t.Fatal(err)
	}
	// more rows than one, so that what is freed in a page stays unless it is overwritten
	others := []string{w.secret}
	for i := range 8 {
		p := review.Person{ID: uuid.Must(uuid.NewV7()), Login: string(rune('a' + i)), Name: "x", Role: review.RoleReader}
		if err := w.db.SavePerson(context.Background(), p, "cli"); err != nil {
			t.Fatal(err)
		}
		others = append(others, review.NewTOTPSecret())
		if _, err := w.db.writer.Exec("INSERT INTO second_factors (person, secret, confirmed, last_step) VALUES ($1, $2, '', 0)", p.ID.String(), others[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if r, err := w.db.Check(context.Background()); err != nil || r.Sound() {
		t.Errorf("the check does not see a plain secret: %v", err)
	}
	if err := w.db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(w.db.keyFile); err != nil {
		t.Fatal(err)
	}
	if !everywhere(t, w.path, w.secret) {
		t.Fatal("the search finds nothing")
	}
	w.open(t, w.path)
	for i, secret := range others {
		if everywhere(t, w.path, secret) {
			t.Errorf("the plain secret %d is in the files still", i)
		}
	}
	if !strings.HasPrefix(w.kept(t), sealedMark) {
		t.Errorf("kept as %q", w.kept(t))
	}
	if err := w.use(); err != nil {
		t.Errorf("the code after sealing: %v", err)
	}
	before := w.kept(t)
	if err := w.db.Close(); err != nil {
		t.Fatal(err)
	}
	w.open(t, w.path)
	if w.kept(t) != before {
		t.Error("sealed once more at the next start")
	}
}
