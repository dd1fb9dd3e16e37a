package store_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite"
)

// raw opens a database behind the store's back, as somebody with a SQL shell
// would.
func raw(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// runSQL runs statements behind the store's back.
func runSQL(t testing.TB, db *sql.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.Exec(query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// withoutTriggers runs do while no trigger watches, and puts the triggers back:
// a forger who knows the schema.
func withoutTriggers(t testing.TB, db *sql.DB, do func()) {
	t.Helper()
	rows, err := db.Query("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
	if err != nil {
		t.Fatal(err)
	}
	triggers := map[string]string{}
	for rows.Next() {
		var name, body string
		if err := rows.Scan(&name, &body); err != nil {
			t.Fatal(err)
		}
		triggers[name] = body
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	for name := range triggers {
		runSQL(t, db, "DROP TRIGGER "+name)
	}
	do()
	for _, body := range triggers {
		runSQL(t, db, body)
	}
}

// copyFile copies a closed database into a folder of the test.
func copyFile(t testing.TB, from string) string {
	t.Helper()
	body, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "concord.db")
	if err := os.WriteFile(to, body, 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}
