package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"concord/review"
)

// Report is what Check found.
type Report struct {
	Problems  []string                     // one sentence each; none when all is well
	Pragmas   map[string]map[string]string // by pool ("writer", "reader") and name
	AuditRows int64                        // rows of the chain that are right
	Matches   int                          // whose derived state was worked out anew
	Counts    map[string]int64             // rows by table
}

// Sound tells whether nothing was found.
func (r Report) Sound() bool { return len(r.Problems) == 0 }

// problem adds a finding.
func (r *Report) problem(format string, args ...any) {
	r.Problems = append(r.Problems, fmt.Sprintf(format, args...))
}

// maxProblems ends a check that finds ever more of the same.
const maxProblems = 100

// Check examines the whole database: the file and its foreign keys, the settings
// of both pools, the schema, the audit chain, that every decision has its audit
// row and version and the other way round, and that what is derived from
// decisions is what the rules say. Findings are in the report; an error means
// that the check could not be done.
func (db *DB) Check(ctx context.Context) (Report, error) {
	r := Report{}
	if err := db.checkPragmas(ctx, &r); err != nil {
		return r, err
	}
	err := db.read(ctx, "check the database", func(tx *sql.Tx) error {
		for _, check := range []func(context.Context, querier, *Report) error{
			checkFile, checkSchema, checkChain, checkTrail, checkRounds, checkFeed, checkTranslations, checkModels, checkMisreadings, checkControls, checkPositions, checkReservations, checkDrafts, checkTemplates, checkAmended, checkTermShifts, checkEffects, checkOrderEffects, checkCounts, checkDerived, db.checkSecond, countRows,
		} {
			if err := check(ctx, tx, &r); err != nil {
				return err
			}
		}
		return nil
	})
	return r, err
}

// Counts counts the rows of each table.
func (db *DB) Counts(ctx context.Context) (map[string]int64, error) {
	r := Report{}
	err := db.read(ctx, "count rows", func(tx *sql.Tx) error { return countRows(ctx, tx, &r) })
	return r.Counts, err
}

// checkFile runs SQLite's own checks.
func checkFile(ctx context.Context, q querier, r *Report) error {
	rows, err := q.QueryContext(ctx, "PRAGMA integrity_check(20)")
	found, err := collect(rows, err, scanString)
	if err != nil {
		return err
	}
	if !slices.Equal(found, []string{"ok"}) {
		r.problem("the file is damaged: %s", strings.Join(found, "; "))
	}
	rows, err = q.QueryContext(ctx, "PRAGMA foreign_key_check")
	orphans, err := collect(rows, err, func(r row) (string, error) {
		var table string
		var id, parent, key any
		return table, r.Scan(&table, &id, &parent, &key)
	})
	if err != nil {
		return err
	}
	if len(orphans) > 0 {
		r.problem("%d rows refer to something that is not there, the first in %s", len(orphans), orphans[0])
	}
	return nil
}

// expectedPragmas are the settings that must hold on every connection, as SQLite
// reports them.
var expectedPragmas = map[string]string{
	"busy_timeout": "10000", "journal_mode": "wal", "synchronous": "2", "foreign_keys": "1",
	"journal_size_limit": "67108864", "trusted_schema": "0", "cell_size_check": "1",
}

// checkPragmas reads the settings of both pools back.
func (db *DB) checkPragmas(ctx context.Context, r *Report) error {
	r.Pragmas = map[string]map[string]string{}
	for name, pool := range map[string]*sql.DB{"writer": db.writer, "reader": db.reader} {
		got, err := pragmaValues(ctx, pool)
		if err != nil {
			return db.failure(ctx, err, "read the settings of the "+name)
		}
		r.Pragmas[name] = got
		want := map[string]string{"query_only": map[string]string{"writer": "0", "reader": "1"}[name]}
		for k, v := range expectedPragmas {
			want[k] = v
		}
		for k, v := range want {
			if got[k] != v {
				r.problem("the %s has %s = %s, it should be %s", name, k, got[k], v)
			}
		}
	}
	return nil
}

// pragmaValues reads the settings of one connection of a pool.
func pragmaValues(ctx context.Context, pool *sql.DB) (map[string]string, error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	out := map[string]string{}
	for _, name := range pragmaNames() {
		if out[name], err = scanString(conn.QueryRowContext(ctx, "PRAGMA "+name)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// pragmaNames lists the settings that are checked, in order.
func pragmaNames() []string {
	names := []string{"query_only"}
	for name := range expectedPragmas {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// checkSchema compares tables, indexes and triggers with those the migrations
// make: a missing trigger would be a missing promise.
func checkSchema(ctx context.Context, q querier, r *Report) error {
	have, err := schema(ctx, q)
	if err != nil {
		return err
	}
	fresh, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return err
	}
	defer fresh.Close()
	fresh.SetMaxOpenConns(1) // every connection to :memory: is a database of its own
	if err := migrate(ctx, fresh); err != nil {
		return err
	}
	want, err := schema(ctx, fresh)
	if err != nil {
		return err
	}
	for _, s := range want {
		if !slices.Contains(have, s) {
			r.problem("the schema lacks or changed: %s", firstLine(s))
		}
	}
	for _, s := range have {
		if !slices.Contains(want, s) {
			r.problem("the schema has what does not belong there: %s", firstLine(s))
		}
	}
	return nil
}

// schema lists the statements that made the tables, indexes and triggers.
func schema(ctx context.Context, q querier) ([]string, error) {
	rows, err := q.QueryContext(ctx, "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type, name")
	return collect(rows, err, scanString)
}

// firstLine is the first line of a statement.
func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// checkChain goes through the audit.
func checkChain(ctx context.Context, q querier, r *Report) error {
	rows, err := verifyAudit(ctx, q)
	r.AuditRows = rows
	if err != nil {
		if ctx.Err() != nil {
			return err
		}
		r.problem("%s", err)
	}
	return nil
}

// checkTrail compares decisions with the audit: each has the row that was
// written with it, about the same match, version and content, and no row is left.
func checkTrail(ctx context.Context, q querier, r *Report) error {
	type trail struct{ object, action, payload string }
	rows, err := q.QueryContext(ctx, "SELECT seq FROM control_answers")
	numbers, err := collect(rows, err, func(r row) (n int64, err error) { return n, r.Scan(&n) })
	if err != nil {
		return err
	}
	elsewhere := map[int64]bool{} // numbers that answers on controls have
	for _, n := range numbers {
		elsewhere[n] = true
	}
	var after int64
	for len(r.Problems) < maxProblems {
		rows, err := q.QueryContext(ctx, `SELECT d.version, COALESCE(m.version, 0), COALESCE(a.payload, ''), `+prefixed("d", decisionColumns)+`
			FROM decisions d LEFT JOIN matches m ON m.id = d.match
			LEFT JOIN audit a ON a.object = d.match AND a.version = d.version AND a.action = 'decision.' || d.kind AND a.actor = d.person
			WHERE d.seq > $1 ORDER BY d.seq LIMIT $2`, after, maxDecisions)
		type pair struct {
			decision       review.Decision
			version, match int
			payload        string
		}
		found, err := collect(rows, err, func(r row) (p pair, err error) {
			return p, r.Scan(append([]any{&p.version, &p.match, &p.payload}, decisionTargets(&p.decision)...)...)
		})
		if err != nil {
			return err
		}
		for _, p := range found {
			for elsewhere[after+1] {
				after++
			}
			if p.decision.Seq != after+1 {
				r.problem("decision %d is missing", after+1)
			}
			after = p.decision.Seq
			hash, err := review.PayloadHash(p.decision)
			if err != nil {
				return err
			}
			if hash != p.payload {
				r.problem("decision %s was changed or has no audit row", p.decision.ID)
			}
			if p.version > p.match {
				r.problem("match %s has version %d, but decision %s made version %d", p.decision.Match, p.match, p.decision.ID, p.version)
			}
		}
		if len(found) < maxDecisions {
			break
		}
	}
	rows, err = q.QueryContext(ctx, `SELECT a.object, a.action, a.payload FROM audit a WHERE a.action LIKE 'decision.%'
		AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.match = a.object AND d.version = a.version) LIMIT 20`)
	left, err := collect(rows, err, func(r row) (t trail, err error) { return t, r.Scan(&t.object, &t.action, &t.payload) })
	for _, t := range left {
		r.problem("the audit tells of a %s on match %s that is not there", strings.TrimPrefix(t.action, "decision."), t.object)
	}
	return err
}

// prefixed puts a table's name before each column of a list.
func prefixed(table, columns string) string {
	var out []string
	for _, c := range strings.Split(columns, ",") {
		out = append(out, table+"."+strings.TrimSpace(c))
	}
	return strings.Join(out, ", ")
}

// derived is what the database keeps of a match's derived state.
type derived struct {
	id, state, verdict, aToB, bToA string
	suspect, gone                  bool
}

// checkDerived works the state of every match out anew and compares.
func checkDerived(ctx context.Context, q querier, r *Report) error {
	after := ""
	for len(r.Problems) < maxProblems {
		rows, err := q.QueryContext(ctx, `SELECT id, state, verdict, a_to_b, b_to_a, suspect, gone FROM matches
			WHERE id > $1 ORDER BY id LIMIT $2`, after, batch)
		have, err := collect(rows, err, func(r row) (d derived, err error) {
			return d, r.Scan(&d.id, &d.state, &d.verdict, &d.aToB, &d.bToA, &d.suspect, &d.gone)
		})
		if err != nil {
			return err
		}
		if err := compareDerived(ctx, q, r, have); err != nil {
			return err
		}
		r.Matches += len(have)
		if len(have) < batch {
			return nil
		}
		after = have[len(have)-1].id
	}
	return nil
}

// compareDerived compares one batch of matches.
func compareDerived(ctx context.Context, q querier, r *Report, have []derived) error {
	ids := make([]string, len(have))
	for i, d := range have {
		ids[i] = d.id
	}
	matches, _, err := loadMatches(ctx, q, ids)
	if err != nil {
		return err
	}
	answerers, err := inBatches(ctx, q, "SELECT match || ' ' || person || ' ' || party FROM match_opinions WHERE match IN (?)", nil, ids, scanString)
	if err != nil {
		return err
	}
	var want []string
	for i, m := range matches {
		verdict, aToB, bToA := outcomeColumns(m)
		if d := (derived{ids[i], string(m.State), verdict, aToB, bToA, m.Suspect, m.Gone()}); d != have[i] {
			r.problem("match %s is kept as %+v, but its decisions say %+v", m.ID, have[i], d)
		}
		for _, o := range m.Opinions() {
			want = append(want, m.ID.String()+" "+o.Person.String()+" "+string(o.Party))
		}
	}
	slices.Sort(want)
	slices.Sort(answerers)
	if !slices.Equal(want, answerers) {
		r.problem("who has answered is not kept right between match %s and %s", ids[0], ids[len(ids)-1])
	}
	return nil
}

// tables lists what countRows counts.
var tables = []string{
	"standards", "clauses", "clause_texts", "people", "sessions", "invites", "second_factors", "recovery_codes", "notices", "identities", "keys", "dossiers", "dossier_standards",
	"matches", "match_clauses", "proposals", "decisions", "match_opinions", "audit", "rounds", "round_signatures", "staged", "staged_documents", "staged_sources", "terms", "term_versions",
	"imported_sets", "imported_rows", "imported_refs", "feed",
	"translation_tables", "translation_use", "translation_answers", "saved_searches", "person_keys", "misreadings", "runs", "skips", "collections", "collection_clauses", "positions", "reservations", "reservation_drafts", "controls", "control_answers", "control_skips", "templates", "template_letterheads",
	"overlays", "amended", "effect_corrections", "staged_files", "staged_pages", "news", "news_choices",
}

// countRows counts the rows of each table.
func countRows(ctx context.Context, q querier, r *Report) error {
	var parts []string
	for _, name := range tables {
		parts = append(parts, "SELECT '"+name+"', COUNT(*) FROM "+name)
	}
	type count struct {
		table string
		rows  int64
	}
	rows, err := q.QueryContext(ctx, strings.Join(parts, " UNION ALL "))
	found, err := collect(rows, err, func(r row) (c count, err error) { return c, r.Scan(&c.table, &c.rows) })
	r.Counts = make(map[string]int64, len(found))
	for _, c := range found {
		r.Counts[c.table] = c.rows
	}
	return err
}
