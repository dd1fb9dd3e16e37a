package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"strings"
	"sync"
	"sync/atomic"

	"concord/corpus"
	"concord/review"
)

// standing is where every clause with a match stands, kept in memory for searches: a
// search looks at a hundred thousand clauses and cannot ask for each. It follows the
// feed, so that what others wrote into the file is seen, too.
type standing struct {
	dropped atomic.Int64 // transactions of this program that deleted matches

	mu    sync.Mutex
	whole map[corpus.ClauseID]review.State // nil before the first question; never changed
	later map[corpus.ClauseID]review.State // what changed since; never changed
	seq   int64                            // of the feed, up to which both are
	drops int64                            // as dropped was then
	at    uint64                           // how often they were something else
}

// When all is read anew instead of what changed: at so many entries of the feed, and
// when so many clauses have changed since the whole was read.
const (
	maxFollowed = 20_000
	maxLater    = 5_000
)

// standingRanks numbers states in the order of review.Telling.
var standingRanks = func() string {
	var b strings.Builder
	b.WriteString("MIN(CASE m.state")
	for i, s := range review.Telling {
		fmt.Fprintf(&b, " WHEN '%s' THEN %d", s, i)
	}
	return b.String() + " END)"
}()

// ClauseStates says where clauses stand: the first of review.Telling among the matches
// of each, in any dossier, "" where there is none. It is what everybody sees of a
// match (review.Shown hides answers, never the state). What is returned does not
// change any more; at is another number, from 1, whenever it may be something else.
func (db *DB) ClauseStates(ctx context.Context) (of func(corpus.ClauseID) review.State, at uint64, err error) {
	s := &db.standing
	s.mu.Lock()
	defer s.mu.Unlock()
	drops := s.dropped.Load()
	err = db.read(ctx, "find where clauses stand", func(tx *sql.Tx) error { return s.follow(ctx, tx, drops) })
	whole, later := s.whole, s.later
	return func(id corpus.ClauseID) review.State {
		if state, changed := later[id]; changed {
			return state
		}
		return whole[id]
	}, s.at, err
}

// follow takes in what changed.
func (s *standing) follow(ctx context.Context, tx *sql.Tx, drops int64) error {
	var seq int64
	if err := tx.QueryRowContext(ctx, "SELECT COALESCE(MAX(seq), 0) FROM feed").Scan(&seq); err != nil {
		return err
	}
	if s.whole != nil && seq == s.seq && drops == s.drops {
		return nil
	}
	anew := s.whole == nil || drops != s.drops || seq < s.seq || seq-s.seq > maxFollowed
	if !anew { // proposals go with a clause that leaves its standard
		err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM feed f JOIN clauses c ON c.id = f.object
			WHERE f.seq > $1 AND f.kind = 'clause' AND c.removed = 1)`, s.seq).Scan(&anew)
		if err != nil {
			return err
		}
	}
	var changed []corpus.ClauseID
	if !anew {
		rows, err := tx.QueryContext(ctx, `SELECT DISTINCT mc.clause FROM feed f JOIN match_clauses mc ON mc.match = f.object
			WHERE f.seq > $1 AND f.kind = 'match'`, s.seq)
		if changed, err = collect(rows, err, func(r row) (id corpus.ClauseID, err error) { return id, r.Scan(&id) }); err != nil {
			return err
		}
		anew = len(changed)+len(s.later) > maxLater
	}
	whole, later := s.whole, maps.Clone(s.later)
	if anew {
		whole, later = map[corpus.ClauseID]review.State{}, nil
		rows, err := tx.QueryContext(ctx, "SELECT mc.clause, "+standingRanks+" FROM match_clauses mc JOIN matches m ON m.id = mc.match GROUP BY mc.clause")
		if _, err = collect(rows, err, func(r row) (struct{}, error) { return struct{}{}, standsAt(r, whole) }); err != nil {
			return err
		}
	} else if len(changed) > 0 {
		if later == nil {
			later = map[corpus.ClauseID]review.State{}
		}
		_, err := inBatches(ctx, tx, "SELECT mc.clause, "+standingRanks+" FROM match_clauses mc JOIN matches m ON m.id = mc.match WHERE mc.clause IN (?) GROUP BY mc.clause", nil, changed,
			func(r row) (struct{}, error) { return struct{}{}, standsAt(r, later) })
		if err != nil {
			return err
		}
	}
	if anew || len(changed) > 0 {
		s.at++
	}
	s.whole, s.later, s.seq, s.drops = whole, later, seq, drops
	return nil
}

// standsAt notes where one clause stands.
func standsAt(r row, in map[corpus.ClauseID]review.State) error {
	var id corpus.ClauseID
	var rank int
	err := r.Scan(&id, &rank)
	if err == nil {
		in[id] = review.Telling[rank]
	}
	return err
}
