package store

import (
	"context"
	"database/sql"
	"maps"
	"slices"

	"concord/corpus"
	"concord/review"
)

// amendments are the changes that overlays make to clauses.
type amendments map[corpus.ClauseID][]corpus.Amendment

// layering works out what overlays do to their bases, as it will be once a document
// is kept: what is read of its standard is read of the document.
type layering struct {
	q   querier
	doc *corpus.Document
	was *corpus.Standard // as it is kept, nil of a new one
}

// relaid is a base whose clauses are amended otherwise.
type relaid struct {
	base    corpus.StandardID
	now     amendments
	changed []corpus.ClauseID // of the base
}

// relay lists the bases whose clauses will be amended otherwise, those of the
// document and the document itself.
func (l layering) relay(ctx context.Context) ([]relaid, error) {
	over, bases, err := l.around(ctx)
	if err != nil {
		return nil, err
	}
	var out []relaid
	for _, base := range bases {
		r, err := l.lay(ctx, over, base)
		if err != nil {
			return nil, err
		}
		if len(r.changed) > 0 {
			out = append(out, r)
		}
	}
	return out, nil
}

// around finds the bases that the document may concern, and the overlays with them.
// All that is kept is read where the document is an overlay, or was one; else the
// overlays alone.
func (l layering) around(ctx context.Context) (*corpus.Overlays, []corpus.Standard, error) {
	s := l.doc.Standard
	_, isOver := corpus.OverlayOf(s)
	wasOver := false
	if l.was != nil {
		_, wasOver = corpus.OverlayOf(*l.was)
	}
	query := "SELECT body, clauses, normative FROM standards WHERE id IN (SELECT standard FROM overlays)"
	if isOver || wasOver {
		query = "SELECT body, clauses, normative FROM standards"
	}
	rows, err := l.q.QueryContext(ctx, query)
	kept, err := collect(rows, err, scanHolding)
	if err != nil {
		return nil, nil, err
	}
	kept = slices.DeleteFunc(kept, func(h corpus.Holding) bool { return h.Standard.ID == s.ID })
	over := corpus.OverlaysOf(append(kept, corpus.Holding{Standard: s}))
	bases := map[corpus.StandardID]corpus.Standard{s.ID: s}
	for _, x := range []*corpus.Standard{&s, l.was} {
		if x == nil {
			continue
		}
		for _, b := range over.Bases(*x) {
			bases[b.ID] = b
		}
	}
	ids := slices.Sorted(maps.Keys(bases))
	out := make([]corpus.Standard, len(ids))
	for i, id := range ids {
		out[i] = bases[id]
	}
	return over, out, nil
}

// lay works out the amendments of one base and compares them with the kept ones.
func (l layering) lay(ctx context.Context, over *corpus.Overlays, base corpus.Standard) (relaid, error) {
	r := relaid{base: base.ID, now: amendments{}}
	if _, is := corpus.OverlayOf(base); !is {
		if err := l.work(ctx, over, base, r.now); err != nil {
			return r, err
		}
	}
	before, err := keptAmendments(ctx, l.q, "standard", []corpus.StandardID{base.ID})
	if err != nil {
		return r, err
	}
	for _, id := range slices.Sorted(maps.Keys(r.now)) {
		if !slices.Equal(r.now[id], before[id]) {
			r.changed = append(r.changed, id)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(before)) {
		if _, stays := r.now[id]; !stays {
			r.changed = append(r.changed, id)
		}
	}
	return r, nil
}

// work works out what the overlays of a base do to it.
func (l layering) work(ctx context.Context, over *corpus.Overlays, base corpus.Standard, into amendments) error {
	var laid []corpus.Laid
	for i, o := range over.On(base) {
		if i == corpus.MaxOverlays {
			break
		}
		if !o.Worked(base) {
			continue
		}
		own, err := l.clauses(ctx, o.Standard.ID)
		if err != nil {
			return err
		}
		said, err := standingCorrections(ctx, l.q, o.Standard.ID)
		if err != nil {
			return err
		}
		laid = append(laid, corpus.Laid{Over: o, Clauses: own, Corrections: said})
	}
	if len(laid) == 0 {
		return nil
	}
	clauses, err := l.clauses(ctx, base.ID)
	if err != nil {
		return err
	}
	maps.Copy(into, corpus.Amendments(clauses, laid))
	return nil
}

// clauses are those of a standard, of the document where it is its own.
func (l layering) clauses(ctx context.Context, id corpus.StandardID) ([]corpus.Clause, error) {
	if id == l.doc.Standard.ID && l.doc.Clauses != nil {
		return l.doc.Clauses, nil
	}
	rows, err := l.q.QueryContext(ctx, "SELECT "+clauseColumns+" FROM clauses c WHERE c.standard = $1 AND c.removed = 0 ORDER BY c.position", string(id))
	return collect(rows, err, scanClause)
}

// keptAmendments reads the kept copies by clause or by standard.
func keptAmendments[ID ~string](ctx context.Context, q querier, by string, ids []ID) (amendments, error) {
	type one struct {
		clause corpus.ClauseID
		what   corpus.Amendment
	}
	list, err := inBatches(ctx, q, "SELECT clause, by_clause, act, digest FROM amended WHERE "+by+" IN (?) ORDER BY clause, position", nil, ids,
		func(r row) (x one, err error) {
			return x, r.Scan(&x.clause, &x.what.By, &x.what.Act, &x.what.Digest)
		})
	out := amendments{}
	for _, x := range list {
		out[x.clause] = append(out[x.clause], x.what)
	}
	return out, err
}

// Amended tells what overlays do to clauses now; those that nothing changes are
// left out.
func (db *DB) Amended(ctx context.Context, ids ...corpus.ClauseID) (map[corpus.ClauseID][]corpus.Amendment, error) {
	var out amendments
	err := db.read(ctx, "read what amendments do", func(tx *sql.Tx) (err error) {
		out, err = keptAmendments(ctx, tx, "clause", ids)
		return err
	})
	return out, err
}

// loadAmended adds what amendments do to the clauses of matches.
func loadAmended(ctx context.Context, q querier, ids []string, into map[string]*review.Match) error {
	type end struct {
		match  string
		clause corpus.ClauseID
		what   corpus.Amendment
	}
	ends, err := inBatches(ctx, q, `SELECT mc.match, mc.clause, a.by_clause, a.act, a.digest FROM match_clauses mc JOIN amended a ON a.clause = mc.clause
		WHERE mc.match IN (?) ORDER BY mc.match, mc.clause, a.position`, nil, ids, func(r row) (e end, err error) {
		return e, r.Scan(&e.match, &e.clause, &e.what.By, &e.what.Act, &e.what.Digest)
	})
	for _, e := range ends {
		m := into[e.match]
		if m.Amended == nil {
			m.Amended = map[corpus.ClauseID][]corpus.Amendment{}
		}
		m.Amended[e.clause] = append(m.Amended[e.clause], e.what)
	}
	return err
}

// saveRelaid keeps the copies of what overlays do.
func (c *changing) saveRelaid(ctx context.Context, list []relaid) error {
	for _, r := range list {
		if _, err := c.ExecContext(ctx, "DELETE FROM amended WHERE standard = $1", string(r.base)); err != nil {
			return err
		}
		var rows [][]any
		for _, id := range slices.Sorted(maps.Keys(r.now)) {
			for i, a := range r.now[id] {
				rows = append(rows, []any{string(r.base), string(id), i, string(a.By), string(a.Act), string(a.Digest)})
			}
		}
		if err := insert(ctx, c.Tx, "INSERT INTO amended (standard, clause, position, by_clause, act, digest)", "", rows); err != nil {
			return err
		}
	}
	return nil
}

// saveOverlay keeps whether a standard is an overlay.
func (c *changing) saveOverlay(ctx context.Context, s corpus.Standard) error {
	query := "DELETE FROM overlays WHERE standard = $1"
	if _, is := corpus.OverlayOf(s); is {
		query = "INSERT INTO overlays (standard) VALUES ($1) ON CONFLICT (standard) DO NOTHING"
	}
	_, err := c.ExecContext(ctx, query, string(s.ID))
	return err
}

// withRelaid is a match as the amendments will be.
func withRelaid(m review.Match, list []relaid) review.Match {
	now := map[corpus.ClauseID][]corpus.Amendment{}
	for _, id := range m.Clauses() {
		at := slices.IndexFunc(list, func(r relaid) bool { return r.base == id.Standard() })
		switch {
		case at >= 0 && len(list[at].now[id]) > 0:
			now[id] = list[at].now[id]
		case at < 0 && len(m.Amended[id]) > 0:
			now[id] = m.Amended[id]
		}
	}
	m.Amended = now
	return m
}

// changedIn lists the clauses that will be amended otherwise.
func changedIn(list []relaid) []corpus.ClauseID {
	var out []corpus.ClauseID
	for _, r := range list {
		out = append(out, r.changed...)
	}
	return out
}

// relay brings what overlays do up to date for a standard as it is kept now, with
// all that follows for matches.
func (c *changing) relay(ctx context.Context, l layering, actor string) error {
	list, err := l.relay(ctx)
	if err != nil {
		return err
	}
	rederived, err := rederive(ctx, c.Tx, changedIn(list), func(m review.Match) review.Match { return withRelaid(m, list) })
	if err != nil {
		return err
	}
	if err := c.saveRelaid(ctx, list); err != nil {
		return err
	}
	return saveRederived(ctx, c, rederived, actor)
}

// effectReading is the name in meta of the reading that the kept copies were made by.
const effectReading = "effects"

// layAnew works everything out where another reading made what is kept, as an earlier
// version of the program does.
func (db *DB) layAnew(ctx context.Context) error {
	made, err := collectOne(db.writer.QueryContext(ctx, "SELECT value FROM meta WHERE name = $1", effectReading))
	if err != nil || made == corpus.EffectReading() {
		return err
	}
	return db.write(ctx, "work out what amendments do", func(c *changing) error {
		rows, err := c.QueryContext(ctx, "SELECT body, clauses, normative FROM standards")
		all, err := collect(rows, err, scanHolding)
		if err != nil {
			return err
		}
		for _, h := range all {
			if err := c.saveOverlay(ctx, h.Standard); err != nil {
				return err
			}
		}
		for _, h := range all {
			if _, is := corpus.OverlayOf(h.Standard); is {
				if err := c.relay(ctx, layering{c.Tx, &corpus.Document{Standard: h.Standard}, nil}, "system"); err != nil {
					return err
				}
			}
		}
		_, err = c.ExecContext(ctx, "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", effectReading, corpus.EffectReading())
		return err
	})
}

// collectOne is the one text that was read, "" where there is none.
func collectOne(rows *sql.Rows, err error) (string, error) {
	found, err := collect(rows, err, scanString)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}

// checkAmended works out anew what overlays do and compares.
func checkAmended(ctx context.Context, q querier, r *Report) error {
	rows, err := q.QueryContext(ctx, "SELECT body, clauses, normative FROM standards ORDER BY id")
	all, err := collect(rows, err, scanHolding)
	if err != nil {
		return err
	}
	rows, err = q.QueryContext(ctx, "SELECT standard FROM overlays ORDER BY standard")
	have, err := collect(rows, err, scanString)
	if err != nil {
		return err
	}
	var want []string
	over := corpus.OverlaysOf(all)
	for _, h := range all {
		if _, is := corpus.OverlayOf(h.Standard); is {
			want = append(want, string(h.Standard.ID))
		}
		l, err := layering{q, &corpus.Document{Standard: h.Standard}, nil}.lay(ctx, over, h.Standard)
		if err != nil {
			return err
		}
		for _, id := range l.changed {
			r.problem("what amendments do to clause %s is not kept as their texts say", id)
		}
	}
	if !slices.Equal(have, want) {
		r.problem("the amendments and annexes are kept as %v, but they are %v", have, want)
	}
	if made, err := collectOne(q.QueryContext(ctx, "SELECT value FROM meta WHERE name = $1", effectReading)); err != nil {
		return err
	} else if made != corpus.EffectReading() {
		r.problem("what amendments do was worked out by the reading %q, this program's is %q", made, corpus.EffectReading())
	}
	return nil
}
