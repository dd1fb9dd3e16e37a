package store_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"concord/review"
	"concord/store"
)

// auditScene is the path of a closed database with a chain of many kinds of rows.
func auditScene(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "concord.db")
	db, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := newScene(t, db, review.PolicyTwoReviewers, 12)
	wang := person(t, db, "wang", review.RoleReviewer, "CN")
	ivanov := person(t, db, "ivanov", review.RoleReviewer, "RU")
	for i, m := range s.matches {
		m = s.decide(t, wang, opinion(m, equivalent))
		if i%3 == 0 {
			if _, err := s.desk.Undo(t.Context(), wang, m.ID, m.Decisions[0].ID); err != nil {
				t.Fatal(err)
			}
			continue
		}
		s.decide(t, ivanov, opinion(m, equivalent))
	}
	sound(t, db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// forgery is one way of altering the chain; n is the number of rows.
type forgery struct {
	name string
	do   func(t *testing.T, db *sql.DB, rnd *rand.Rand, n int)
}

// auditColumns are the columns a forger may edit, with a value of the same form.
var auditColumns = map[string]func(*rand.Rand) any{
	"at": func(r *rand.Rand) any {
		return start.Add(time.Duration(r.IntN(1e9))).Format("2006-01-02T15:04:05.000000Z")
	},
	"actor":   func(r *rand.Rand) any { return fmt.Sprintf("actor-%d", r.IntN(1e9)) },
	"action":  func(r *rand.Rand) any { return "standard.saved2" },
	"object":  func(r *rand.Rand) any { return fmt.Sprintf("object-%d", r.IntN(1e9)) },
	"version": func(r *rand.Rand) any { return 1000 + r.IntN(1000) },
	"payload": func(r *rand.Rand) any { return fmt.Sprintf("%064x", r.Uint64()) },
	"prev":    func(r *rand.Rand) any { return fmt.Sprintf("%064x", r.Uint64()) },
	"hash":    func(r *rand.Rand) any { return fmt.Sprintf("%064x", r.Uint64()) },
}

// forgeries are all the kinds; every kind is tried many times.
func forgeries() []forgery {
	list := []forgery{
		{"a row deleted", func(t *testing.T, db *sql.DB, rnd *rand.Rand, n int) {
			runSQL(t, db, "DELETE FROM audit WHERE seq = $1", 1+rnd.IntN(n))
		}},
		{"a row deleted and the gap closed", func(t *testing.T, db *sql.DB, rnd *rand.Rand, n int) {
			seq := 1 + rnd.IntN(n)
			runSQL(t, db, "DELETE FROM audit WHERE seq = $1", seq)
			for i := seq + 1; i <= n; i++ {
				runSQL(t, db, "UPDATE audit SET seq = $1 WHERE seq = $2", i-1, i)
			}
			runSQL(t, db, "UPDATE audit_head SET seq = seq - 1")
		}},
		{"a row put in", func(t *testing.T, db *sql.DB, rnd *rand.Rand, n int) {
			seq := 1 + rnd.IntN(n)
			for i := n; i >= seq; i-- {
				runSQL(t, db, "UPDATE audit SET seq = $1 WHERE seq = $2", i+1, i)
			}
			runSQL(t, db, `INSERT INTO audit SELECT $1, at, actor, action, object, version, payload, prev, hash FROM audit WHERE seq = $2`, seq, seq+1)
			runSQL(t, db, "UPDATE audit_head SET seq = seq + 1")
		}},
		{"two rows exchanged", func(t *testing.T, db *sql.DB, rnd *rand.Rand, n int) {
			a := 1 + rnd.IntN(n-1)
			b := a + 1 + rnd.IntN(n-a)
			runSQL(t, db, "UPDATE audit SET seq = -1 WHERE seq = $1", a)
			runSQL(t, db, "UPDATE audit SET seq = $1 WHERE seq = $2", a, b)
			runSQL(t, db, "UPDATE audit SET seq = $1 WHERE seq = -1", b)
		}},
		{"a row edited and hashed anew", func(t *testing.T, db *sql.DB, rnd *rand.Rand, n int) { reseal(t, db, 1+rnd.IntN(n)) }},
		{"the tail cut", func(t *testing.T, db *sql.DB, rnd *rand.Rand, n int) {
			runSQL(t, db, "DELETE FROM audit WHERE seq > $1", n-1-rnd.IntN(n/2))
		}},
		{"the tail cut and the head mended", func(t *testing.T, db *sql.DB, rnd *rand.Rand, n int) {
			runSQL(t, db, "DELETE FROM audit WHERE seq > $1", n-1-rnd.IntN(n/2))
			runSQL(t, db, "UPDATE audit_head SET (seq, hash) = (SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1)")
		}},
		{"a decision edited", func(t *testing.T, db *sql.DB, rnd *rand.Rand, _ int) {
			column := []string{"person = (SELECT id FROM people WHERE id <> person LIMIT 1)", "party = 'XX'", "note = 'x'", "at = '2020-01-01T00:00:00.000000Z'", "model = 'x'", "seen = '[]'",
				`a_to_b = '{"answer":"conditions","conditions":["x"]}'`, `reasons = '["scope"]'`, "search = 'x'"}[rnd.IntN(9)]
			runSQL(t, db, "UPDATE decisions SET "+column+" WHERE seq = (SELECT seq FROM decisions ORDER BY seq LIMIT 1 OFFSET $1)", rnd.IntN(16))
		}},
	}
	for column, value := range auditColumns {
		list = append(list, forgery{column + " edited", func(t *testing.T, db *sql.DB, rnd *rand.Rand, n int) {
			runSQL(t, db, "UPDATE audit SET "+column+" = $1 WHERE seq = $2", value(rnd), 1+rnd.IntN(n))
		}})
	}
	return list
}

// reseal edits a row and gives it the hash it should then have.
func reseal(t *testing.T, db *sql.DB, seq int) {
	t.Helper()
	var e review.Entry
	var at string
	err := db.QueryRow("SELECT seq, at, action, object, version, payload, prev FROM audit WHERE seq = $1", seq).
		Scan(&e.Seq, &at, &e.Action, &e.Object, &e.Version, &e.Payload, &e.Prev)
	if err != nil {
		t.Fatal(err)
	}
	if e.At, err = time.Parse(time.RFC3339, at); err != nil {
		t.Fatal(err)
	}
	e.Actor = "somebody else"
	e = e.Sealed(e.Prev)
	runSQL(t, db, "UPDATE audit SET actor = $1, hash = $2 WHERE seq = $3", e.Actor, e.Hash, seq)
}

// Of two hundred random alterations of chain and decisions every one is found.
func TestEveryAlterationIsFound(t *testing.T) {
	whole := auditScene(t)
	kinds := forgeries()
	tries := 200
	if testing.Short() {
		tries = 3 * len(kinds)
	}
	rnd := rand.New(rand.NewPCG(11, 12))
	found := 0
	for i := range tries {
		kind := kinds[i%len(kinds)]
		if alter(t, whole, func(db *sql.DB, n int) { kind.do(t, db, rnd, n) }) {
			found++
		} else {
			t.Errorf("alteration %d was not found: %s", i, kind.name)
		}
	}
	t.Logf("%d of %d alterations found", found, tries)
	if alter(t, whole, func(*sql.DB, int) {}) {
		t.Error("something was found although nothing was altered")
	}
}

// alter forges a copy and tells whether the check finds it.
func alter(t *testing.T, whole string, do func(db *sql.DB, rows int)) bool {
	t.Helper()
	path := copyFile(t, whole)
	forger := raw(t, path)
	var n int
	if err := forger.QueryRow("SELECT COUNT(*) FROM audit").Scan(&n); err != nil {
		t.Fatal(err)
	}
	withoutTriggers(t, forger, func() { do(forger, n) })
	if err := forger.Close(); err != nil {
		t.Fatal(err)
	}
	db := openAt(t, path, time.Now)
	r, err := db.Check(t.Context())
	return err != nil || !r.Sound()
}

// Who rewrites the whole chain is found only by a head noted elsewhere; that is
// what AuditHead is for.
func TestARewrittenChainDiffersFromTheNotedHead(t *testing.T) {
	whole := auditScene(t)
	db := openAt(t, whole, time.Now)
	seq, hash, err := db.AuditHead(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	entries, err := db.Audit(t.Context(), 0, 0)
	if err != nil || int64(len(entries)) != seq || entries[seq-1].Hash != hash {
		t.Fatalf("%d entries, head %d, %v", len(entries), seq, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	path := copyFile(t, whole)
	forger := raw(t, path)
	withoutTriggers(t, forger, func() {
		prev := ""
		for i, e := range entries {
			if i == 3 {
				e.Actor = "somebody else"
			}
			e = e.Sealed(prev)
			prev = e.Hash
			runSQL(t, forger, "UPDATE audit SET actor = $1, prev = $2, hash = $3 WHERE seq = $4", e.Actor, e.Prev, e.Hash, e.Seq)
		}
		runSQL(t, forger, "UPDATE audit_head SET hash = $1", prev)
	})
	forger.Close()
	forged := openAt(t, path, time.Now)
	if _, err := forged.VerifyAudit(t.Context()); err != nil {
		t.Errorf("a chain rewritten to the end holds in itself: %v", err)
	}
	if _, now, err := forged.AuditHead(t.Context()); err != nil || now == hash {
		t.Errorf("but its head is another one: %v", err)
	}
}

// Decisions and audit rows stand, also against SQL by hand.
func TestTriggersHold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "concord.db")
	db := openAt(t, path, time.Now)
	s := newScene(t, db, review.PolicyBothParties, 3)
	wang := person(t, db, "wang", review.RoleReviewer, "CN")
	ivanov := person(t, db, "ivanov", review.RoleReviewer, "RU")
	for _, m := range s.matches[:2] {
		s.decide(t, wang, opinion(m, equivalent))
	}
	s.decide(t, ivanov, opinion(s.matches[1], subset))
	one, two := s.matches[0].ID.String(), s.matches[1].ID.String()
	insert := `INSERT INTO decisions SELECT (SELECT MAX(seq) + 1 FROM decisions), $1, match, version + 100, %s, person, party, verdict,
		a_to_b, b_to_a, reasons, note, search, withdraws, seen, model, at, %s FROM decisions WHERE match = $2 LIMIT 1`
	cases := []struct {
		name, sql string
		args      []any
		says      string // "" when it is allowed
	}{
		{"change a decision", "UPDATE decisions SET note = 'x'", nil, "only added"},
		{"delete a decision", "DELETE FROM decisions", nil, "only added"},
		{"change an audit row", "UPDATE audit SET actor = 'x'", nil, "only added"},
		{"delete an audit row", "DELETE FROM audit", nil, "only added"},
		{"leave a gap in the audit", "INSERT INTO audit SELECT seq + 1000, at, actor, action, object, version, payload, prev, hash FROM audit LIMIT 1", nil, "without a gap"},
		{"delete a clause", "DELETE FROM clauses WHERE id = 'cn-a-2020/5.1'", nil, "never deleted"},
		{"take a version back", "UPDATE matches SET version = 1 WHERE id = $1", []any{one}, "only grows"},
		{"an unknown state", "UPDATE matches SET state = 'fine' WHERE id = $1", []any{one}, "CHECK"},
		{"confirm on one answer", "UPDATE matches SET state = 'confirmed' WHERE id = $1", []any{one}, "second opinion"},
		{"confirm on answers of two parties", "UPDATE matches SET state = 'confirmed' WHERE id = $1", []any{two}, ""},
		{"a match that begins confirmed", "INSERT INTO matches SELECT 'x', dossier, 'x', source_standard, position, against, 1, 'confirmed', 0, 0, '', '', '', 0, 0, 0, updated, 0 FROM matches LIMIT 1", nil, "begins without"},
		{"an adjudicator who answered", fmt.Sprintf(insert, "'adjudication'", "''"), []any{"a1", one}, "gave no opinion"},
		{"a withdrawal of nothing", fmt.Sprintf(insert, "'withdrawal'", "''"), []any{"a2", one}, "CHECK"},
		{"an answer of nobody", strings.Replace(fmt.Sprintf(insert, "'opinion'", "''"), "person,", "'nobody',", 1), []any{"a3", one}, "FOREIGN KEY"},
		{"one more answer of the same kind", fmt.Sprintf(insert, "'opinion'", "'k'"), []any{"a4", one}, ""},
		{"the same key again", strings.Replace(fmt.Sprintf(insert, "'opinion'", "'k'"), "version + 100", "version + 101", 1), []any{"a5", one}, "UNIQUE"},
	}
	forger := raw(t, path)
	runSQL(t, forger, "PRAGMA foreign_keys = 1")
	forger.SetMaxOpenConns(1)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := forger.Exec(c.sql, c.args...)
			if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want %q", err, c.says)
			}
		})
	}
}

// What matters leaves an audit row of its own.
func TestWhatIsAudited(t *testing.T) {
	db := open(t)
	s := newScene(t, db, review.PolicyTwoReviewers, 1)
	wang := person(t, db, "wang", review.RoleReviewer, "CN")
	m := s.decide(t, wang, opinion(s.matches[0], equivalent))
	if _, err := s.desk.Undo(t.Context(), wang, m.ID, m.Decisions[0].ID); err != nil {
		t.Fatal(err)
	}
	session(t, db, wang, "s", start)
	for _, err := range []error{
		db.EndSession(t.Context(), "s"), db.SetPassword(t.Context(), wang.ID, "h", "cli"),
		db.NewInvite(t.Context(), wang.ID, "i", start.Add(time.Hour)),
		db.NewKey(t.Context(), review.Key{ID: "k", Hash: "h", Created: start, Expires: start.Add(time.Hour)}, "cli"), db.EndKey(t.Context(), "k", "cli"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.UseInvite(t.Context(), "i", start); err != nil {
		t.Fatal(err)
	}
	entries, err := db.Audit(t.Context(), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Action)
	}
	want := "standard.saved standard.saved dossier.saved matches.proposed person.saved decision.opinion decision.withdrawal " +
		"session.begun session.ended person.password invite.made key.made key.ended invite.used"
	if strings.Join(got, " ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, " "), want)
	}
	if part, err := db.Audit(t.Context(), 5, 2); err != nil || len(part) != 2 || part[0].Seq != 6 || part[0].Actor != wang.ID.String() || part[0].Object != m.ID.String() || part[0].Version != 2 {
		t.Errorf("two rows after the fifth: %+v, %v", part, err)
	}
}
