package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"concord/corpus"
)

// openHere opens a new database.
func openHere(t testing.TB) *DB {
	t.Helper()
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "concord.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// Every connection of every pool has every setting, not only the first one.
func TestPragmasOfEveryConnection(t *testing.T) {
	db := openHere(t)
	pools := []struct {
		name  string
		pool  *sql.DB
		conns int
		only  string
	}{{"writer", db.writer, 1, "0"}, {"reader", db.reader, readers, "1"}}
	for _, p := range pools {
		for i := range p.conns {
			conn, err := p.pool.Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close() // all are held at once, so each is another one
			for _, name := range pragmaNames() {
				got, err := scanString(conn.QueryRowContext(t.Context(), "PRAGMA "+name))
				want := expectedPragmas[name]
				if name == "query_only" {
					want = p.only
				}
				if err != nil || got != want {
					t.Errorf("%s connection %d: %s = %q, %v; want %q", p.name, i, name, got, err, want)
				}
			}
		}
		if most := p.pool.Stats().MaxOpenConnections; most != p.conns {
			t.Errorf("the %s has up to %d connections, want %d", p.name, most, p.conns)
		}
	}
}

// The settings are checked, and a wrong one is reported.
func TestCheckReportsAWrongPragma(t *testing.T) {
	db := openHere(t)
	if _, err := db.writer.Exec("PRAGMA synchronous = NORMAL"); err != nil {
		t.Fatal(err)
	}
	r, err := db.Check(t.Context())
	if err != nil || r.Sound() || !strings.Contains(r.Problems[0], "synchronous") {
		t.Errorf("got %+v, %v", r.Problems, err)
	}
}

func TestReadersCannotWrite(t *testing.T) {
	db := openHere(t)
	if _, err := db.reader.Exec("DELETE FROM standards"); err == nil {
		t.Error("a reading connection wrote")
	}
}

// A missing trigger is a missing promise, and is reported.
func TestCheckReportsAMissingTrigger(t *testing.T) {
	db := openHere(t)
	if _, err := db.writer.Exec("DROP TRIGGER audit_stays; CREATE TABLE extra (id INTEGER)"); err != nil {
		t.Fatal(err)
	}
	r, err := db.Check(t.Context())
	if err != nil || len(r.Problems) != 2 || !strings.Contains(r.Problems[0], "audit_stays") || !strings.Contains(r.Problems[1], "extra") {
		t.Errorf("got %+v, %v", r.Problems, err)
	}
}

func TestMigrationNumbers(t *testing.T) {
	file := func(names ...string) fstest.MapFS {
		fs := fstest.MapFS{}
		for _, n := range names {
			fs["migrations/"+n] = &fstest.MapFile{Data: []byte("SELECT 1")}
		}
		return fs
	}
	cases := []struct {
		name  string
		files fstest.MapFS
		ok    bool
	}{
		{"one, two", file("0001_a.sql", "0002_b.sql"), true},
		{"a gap", file("0001_a.sql", "0003_b.sql"), false},
		{"the same twice", file("0001_a.sql", "0001_b.sql"), false},
		{"no number", file("first.sql"), false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if _, err := migrations(c.files); (err == nil) != c.ok {
				t.Errorf("got %v", err)
			}
		})
	}
}

// A migration that fails in the middle leaves the schema as it was.
func TestFailedMigrationLeavesNothing(t *testing.T) {
	db := openHere(t)
	before, err := schema(t.Context(), db.reader)
	if err != nil {
		t.Fatal(err)
	}
	steps, err := migrations(migrationFiles)
	if err != nil {
		t.Fatal(err)
	}
	next := len(steps) + 1
	bad := migration{number: next, name: "bad", sql: "CREATE TABLE half (id INTEGER); CREATE TABLE half (id INTEGER);"}
	if err := bad.apply(t.Context(), db.writer); err == nil {
		t.Fatal("it should have failed")
	}
	after, err := schema(t.Context(), db.reader)
	if err != nil || strings.Join(before, ";") != strings.Join(after, ";") {
		t.Errorf("the schema changed, %v", err)
	}
	good := migration{number: next, name: "good", sql: "CREATE TABLE whole (id INTEGER);"}
	for range 2 { // the second time does nothing
		if err := good.apply(t.Context(), db.writer); err != nil {
			t.Fatal(err)
		}
	}
	if version, err := ours(t.Context(), db.writer); err != nil || version != next {
		t.Errorf("the version is %d, %v", version, err)
	}
}

// big is a document of about a megabyte.
func big(id corpus.StandardID) *corpus.Document {
	doc := &corpus.Document{Standard: corpus.Standard{ID: id, Designation: string(id), Jurisdiction: "CN", Language: "en"}}
	for i := range 100 {
		n := fmt.Sprint(i + 1)
		doc.Clauses = append(doc.Clauses, corpus.Clause{ID: corpus.NewClauseID(id, n), Standard: id, Number: n, Label: n, Kind: corpus.KindProvision, Language: "en", Text: n + strings.Repeat(" words", 1700)})
	}
	return doc
}

// A full disk refuses the write, and nothing else; with space it works again.
func TestFullDisk(t *testing.T) {
	db := openHere(t)
	var pages int
	if err := db.writer.QueryRow("PRAGMA page_count").Scan(&pages); err != nil {
		t.Fatal(err)
	}
	limit := func(n int) {
		t.Helper()
		if _, err := db.writer.Exec(fmt.Sprintf("PRAGMA max_page_count = %d", n)); err != nil {
			t.Fatal(err)
		}
	}
	limit(pages + 5)
	if _, err := db.Save(t.Context(), big("cn-a"), "cli"); !errors.Is(err, ErrFull) {
		t.Errorf("a full disk gives %v", err)
	}
	if db.ReadOnly() {
		t.Error("a full disk is no reason to stop writing for ever")
	}
	if n, err := db.Counts(t.Context()); err != nil || n["clauses"] != 0 || n["audit"] != 0 {
		t.Errorf("something was kept: %v, %v", n, err)
	}
	limit(1 << 30)
	if _, err := db.Save(t.Context(), big("cn-a"), "cli"); err != nil {
		t.Errorf("with space: %v", err)
	}
}

// ioChild is the environment that turns the test binary into a process with a
// limit on the size of files: beyond it the system refuses to write, as a broken
// disk does.
const ioChild = "CONCORD_TEST_IO_CHILD"

func TestFailingDisk(t *testing.T) {
	if os.Getenv(ioChild) != "" {
		t.Skip("this is run in the parent")
	}
	out, err := rerun(t, "^TestFailingDiskChild$", ioChild+"=1")
	if err != nil || !strings.Contains(out, "checked the failing disk") {
		t.Errorf("the child says %v:\n%s", err, out)
	}
}

func TestFailingDiskChild(t *testing.T) {
	if os.Getenv(ioChild) == "" {
		t.Skip("this is run by TestFailingDisk")
	}
	path := filepath.Join(t.TempDir(), "concord.db")
	db, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Save(t.Context(), big("cn-a"), "cli"); err != nil {
		t.Fatal(err)
	}
	wal, err := os.Stat(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	lift := limitFiles(t, uint64(wal.Size())+100_000)
	if _, err := db.Save(t.Context(), big("cn-b"), "cli"); !errors.Is(err, ErrReadOnly) {
		t.Errorf("the failing write gives %v", err)
	}
	lift()
	if err := db.EndSession(t.Context(), "x"); !errors.Is(err, ErrReadOnly) || !db.ReadOnly() {
		t.Errorf("a write after the failure gives %v", err)
	}
	if _, err := db.Standard(t.Context(), "cn-a"); err != nil {
		t.Errorf("reading goes on: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	r, err := again.Check(t.Context())
	if err != nil || !r.Sound() || r.Counts["clauses"] != 100 {
		t.Errorf("opened anew: %v, %v, %v", r.Problems, r.Counts, err)
	}
	if _, err := again.Save(t.Context(), big("cn-b"), "cli"); err != nil {
		t.Errorf("opened anew, it writes: %v", err)
	}
	fmt.Println("checked the failing disk")
}

// The statements that select work do not read whole tables. (Plan of SQLite; a
// scan of a list of a few rows is fine.)
func TestPlansUseIndexes(t *testing.T) {
	db := openHere(t)
	for name, query := range map[string]string{
		"outbox":   "SELECT id FROM clauses c WHERE c.mark > 5 ORDER BY c.mark LIMIT 10",
		"reading":  "SELECT id FROM clauses c WHERE c.standard = 'x' AND c.removed = 0 ORDER BY c.position",
		"chapter":  "SELECT m.id FROM matches m WHERE m.dossier = 'x' AND m.source_standard = 'y' ORDER BY m.source_standard, m.position, m.id LIMIT 50",
		"recent":   "SELECT m.id FROM matches m WHERE m.dossier = 'x' ORDER BY m.updated DESC, m.id LIMIT 50",
		"clause":   "SELECT mc.match FROM match_clauses mc WHERE mc.clause = 'x'",
		"person":   "SELECT id FROM decisions WHERE person = 'x' ORDER BY seq DESC LIMIT 5",
		"of match": "SELECT id FROM decisions WHERE match IN ('x', 'y') ORDER BY seq",
	} {
		rows, err := db.reader.QueryContext(context.Background(), "EXPLAIN QUERY PLAN "+query)
		steps, err := collect(rows, err, func(r row) (string, error) {
			var a, b, c int
			var s string
			return s, r.Scan(&a, &b, &c, &s)
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range steps {
			if strings.HasPrefix(s, "SCAN") {
				t.Errorf("%s: %s", name, s)
			}
		}
	}
}
