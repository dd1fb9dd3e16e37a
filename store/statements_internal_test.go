package store

import (
	"fmt"
	"testing"
)

// TestKeptStatements holds what a connection keeps against the ways in which keeping
// could go wrong: rows of the same query within each other, a table that changed
// since, a statement that failed, and too many of them.
func TestKeptStatements(t *testing.T) {
	ctx := t.Context()
	db, err := openPool("file:" + t.TempDir() + "/kept.db")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	run := func(query string, args ...any) {
		t.Helper()
		if _, err := tx.ExecContext(ctx, query, args...); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	run("CREATE TABLE t (n INTEGER PRIMARY KEY)")
	const put, all = "INSERT INTO t (n) VALUES ($1)", "SELECT * FROM t WHERE n < $1 ORDER BY n"
	for n := range 3 {
		run(put, n)
	}
	columns, pairs := 0, ""
	outer, err := tx.QueryContext(ctx, all, 3)
	if err != nil {
		t.Fatal(err)
	}
	for outer.Next() {
		var a, b int
		if err := outer.Scan(&a); err != nil {
			t.Fatal(err)
		}
		inner, err := tx.QueryContext(ctx, all, a)
		if err != nil {
			t.Fatal(err)
		}
		for inner.Next() {
			if err := inner.Scan(&b); err != nil {
				t.Fatal(err)
			}
			pairs += fmt.Sprint(a, b, " ")
		}
		inner.Close()
	}
	outer.Close()
	if want := "1 0 2 0 2 1 "; pairs != want {
		t.Errorf("rows within rows are %q, want %q", pairs, want)
	}
	if _, err := tx.ExecContext(ctx, put, 0); err == nil {
		t.Error("the same key went in twice")
	}
	run(put, 3) // what failed is not in the way of the next
	run("ALTER TABLE t ADD COLUMN more TEXT")
	rows, err := tx.QueryContext(ctx, all, 9)
	if err != nil {
		t.Fatal(err)
	}
	if names, err := rows.Columns(); err == nil {
		columns = len(names)
	}
	for rows.Next() {
	}
	if rows.Close(); columns != 2 || rows.Err() != nil {
		t.Errorf("after the table changed there are %d columns, want 2: %v", columns, rows.Err())
	}
	for n := range keptStatements + 20 {
		run(fmt.Sprintf("UPDATE t SET more = '%d' WHERE n = 0", n))
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	c, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	err = c.Raw(func(conn any) error {
		if n := len(conn.(*keepingConn).idle); n != keptStatements {
			return fmt.Errorf("%d statements are kept, want %d", n, keptStatements)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
