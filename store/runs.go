package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

const runColumns = `id, dossier, kind, actor, place, state, sources, targets, most, least, since, mark, step, clauses, done,
	added, refreshed, model, problem, created, started, ended`

func scanRun(r row) (review.Run, error) {
	var x review.Run
	var sources, targets string
	err := r.Scan(idColumn{&x.ID}, idColumn{&x.Dossier}, &x.Kind, &x.By, &x.Place, &x.State, &sources, &targets, &x.Most, &x.Least, &x.Since, &x.Mark,
		&x.Step, &x.Clauses, &x.Done, &x.Added, &x.Refreshed, &x.Model, &x.Problem, timeColumn{&x.Created}, timeColumn{&x.Started}, timeColumn{&x.Ended})
	if err != nil {
		return x, err
	}
	return x, errors.Join(json.Unmarshal([]byte(sources), &x.Sources), json.Unmarshal([]byte(targets), &x.Targets))
}

// runsWhere reads the runs that a condition selects.
func runsWhere(ctx context.Context, q querier, where string, args ...any) ([]review.Run, error) {
	rows, err := q.QueryContext(ctx, "SELECT "+runColumns+" FROM runs WHERE "+where, args...)
	return collect(rows, err, scanRun)
}

// AddRun plans a run of a dossier (review.PlanRun) and keeps it: waiting for the
// server, or at work when the command line asks. Errors as of PlanRun;
// review.ErrRunning while the dossier has one, review.ErrQueueFull when too many
// wait.
func (db *DB) AddRun(ctx context.Context, dossierID uuid.UUID, q review.RunRequest, actor string, place review.RunPlace) (review.Run, error) {
	var out review.Run
	err := db.write(ctx, "begin a run", func(c *changing) error {
		d, err := dossier(ctx, c.Tx, dossierID)
		if err != nil {
			return err
		}
		last, err := lastWhole(ctx, c.Tx, dossierID)
		if err != nil {
			return err
		}
		r, err := review.PlanRun(d, q, last)
		if err != nil {
			return err
		}
		if err := mayRun(ctx, c.Tx, dossierID, place); err != nil {
			return err
		}
		for _, id := range append(append([]corpus.StandardID{}, r.Sources...), r.Targets...) {
			if _, err := holding(ctx, c.Tx, id); err != nil {
				return err
			}
		}
		if r.ID, err = newID(); err != nil {
			return err
		}
		if r.Mark, err = lastMark(ctx, c.Tx); err != nil {
			return err
		}
		r.By, r.Place, r.Created = actor, place, c.now
		if place == review.RunCommand {
			r.State, r.Started = review.RunWorking, c.now
		}
		out = r
		return insertRun(ctx, c, r)
	})
	return out, err
}

// insertRun writes a new run.
func insertRun(ctx context.Context, c *changing, r review.Run) error {
	sources, err := asJSON(r.Sources)
	if err != nil {
		return err
	}
	targets, err := asJSON(r.Targets)
	if err != nil {
		return err
	}
	c.note(r.By, "run.asked", r.Dossier.String(), 0, r)
	return insert(ctx, c.Tx, "INSERT INTO runs ("+runColumns+", seen)", "", [][]any{{r.ID.String(), r.Dossier.String(), string(r.Kind), r.By, string(r.Place), string(r.State),
		sources, targets, r.Most, r.Least, r.Since, r.Mark, r.Step, r.Clauses, r.Done, r.Added, r.Refreshed, r.Model, r.Problem,
		stamp(r.Created), stamp(r.Started), stamp(r.Ended), stamp(c.now)}})
}

// mayRun refuses a second run of a dossier, and too long a queue.
func mayRun(ctx context.Context, q querier, dossier uuid.UUID, place review.RunPlace) error {
	var same, waiting int
	err := q.QueryRowContext(ctx, `SELECT COALESCE(SUM(dossier = $1), 0), COALESCE(SUM(state = 'waiting'), 0)
		FROM runs WHERE state IN ('waiting', 'working')`, dossier.String()).Scan(&same, &waiting)
	switch {
	case err != nil:
		return err
	case same > 0:
		return review.ErrRunning
	case place == review.RunServer && waiting >= review.MaxWaitingRuns:
		return review.ErrQueueFull
	}
	return nil
}

// lastWhole is the newest finished run of a dossier that looked at all of it, nil
// for none.
func lastWhole(ctx context.Context, q querier, dossier uuid.UUID) (*review.Run, error) {
	found, err := runsWhere(ctx, q, "dossier = $1 AND state = 'done' AND kind IN ('whole', 'new') ORDER BY mark DESC, created DESC LIMIT 1", dossier.String())
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// ResumeRun has a run that stood still go on from its last finished source, in the
// place that asks. review.ErrRunning while its dossier has another,
// review.ErrRunWhole when it is done or has not ended.
func (db *DB) ResumeRun(ctx context.Context, id uuid.UUID, actor string, place review.RunPlace) (review.Run, error) {
	var out review.Run
	err := db.write(ctx, "resume a run", func(c *changing) error {
		r, err := oneRun(ctx, c.Tx, id)
		if err != nil {
			return err
		}
		if !r.State.Resumable() {
			return review.ErrRunWhole
		}
		d, err := dossier(ctx, c.Tx, r.Dossier)
		if err != nil {
			return err
		}
		if d.Closed {
			return corpus.Refuse(corpus.ErrForbidden, "dossier-closed", "the dossier {dossier} is closed", "dossier", d.Name)
		}
		if err := mayRun(ctx, c.Tx, r.Dossier, place); err != nil {
			return err
		}
		r.State, r.Place, r.Problem, r.Ended = review.RunWaiting, place, "", time.Time{}
		if place == review.RunCommand {
			r.State = review.RunWorking
		}
		c.note(actor, "run.resumed", r.Dossier.String(), 0, r)
		out = r
		_, err = c.ExecContext(ctx, "UPDATE runs SET state = $1, place = $2, problem = '', ended = '', seen = $3 WHERE id = $4",
			string(r.State), string(place), stamp(c.now), id.String())
		return err
	})
	return out, err
}

// StopRun ends a run that waits or works; who works on it finds out when it next
// says how far it is. review.ErrRunEnded when it has ended.
func (db *DB) StopRun(ctx context.Context, id uuid.UUID, actor string) error {
	return db.write(ctx, "stop a run", func(c *changing) error {
		r, err := oneRun(ctx, c.Tx, id)
		if err != nil {
			return err
		}
		if r.State.Ended() {
			return review.ErrRunEnded
		}
		c.note(actor, "run.stopped", r.Dossier.String(), 0, r.ID.String())
		_, err = c.ExecContext(ctx, "UPDATE runs SET state = 'stopped', ended = $1 WHERE id = $2", stamp(c.now), id.String())
		return err
	})
}

// NextRun takes the oldest run that waits and says that it is being worked on;
// corpus.ErrNotFound when none waits.
func (db *DB) NextRun(ctx context.Context) (review.Run, error) {
	var out review.Run
	waiting := false // look first, so that an empty queue costs no write
	err := db.read(ctx, "look for a run", func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM runs WHERE state = 'waiting')").Scan(&waiting)
	})
	if err != nil {
		return out, err
	}
	if !waiting {
		return out, notFound("run", "next")
	}
	err = db.write(ctx, "take a run", func(c *changing) error {
		rows, err := c.QueryContext(ctx, `UPDATE runs SET state = 'working', started = CASE started WHEN '' THEN $1 ELSE started END, seen = $1
			WHERE id = (SELECT id FROM runs WHERE state = 'waiting' ORDER BY created, id LIMIT 1) RETURNING `+runColumns, stamp(c.now))
		found, err := collect(rows, err, scanRun)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return notFound("run", "next")
		}
		out = found[0]
		return nil
	})
	return out, err
}

// SaveRun keeps how far a run is, and how it ended. review.ErrRunEnded when it is
// no longer being worked on, because somebody stopped it: then only its counts are
// kept.
func (db *DB) SaveRun(ctx context.Context, r review.Run) error {
	ended := false
	err := db.write(ctx, "keep a run", func(c *changing) error {
		have, err := oneRun(ctx, c.Tx, r.ID)
		if err != nil {
			return err
		}
		if ended = have.State.Ended(); ended {
			r.State, r.Ended, r.Problem = have.State, have.Ended, have.Problem
		} else if r.State.Ended() && r.Ended.IsZero() {
			r.Ended = c.now
		}
		_, err = c.ExecContext(ctx, `UPDATE runs SET state = $1, step = $2, clauses = $3, done = $4, added = $5, refreshed = $6, model = $7, problem = $8, ended = $9, seen = $10
			WHERE id = $11`, string(r.State), r.Step, r.Clauses, r.Done, r.Added, r.Refreshed, r.Model, r.Problem, stamp(r.Ended), stamp(c.now), r.ID.String())
		return err
	})
	if err == nil && ended {
		return review.ErrRunEnded
	}
	return err
}

// InterruptRuns marks the runs that a process left behind: all of the server, when
// it starts, and those of command lines that said nothing for a while.
func (db *DB) InterruptRuns(ctx context.Context, server bool, silent time.Duration) error {
	return db.write(ctx, "find runs left behind", func(c *changing) error {
		_, err := c.ExecContext(ctx, `UPDATE runs SET state = 'interrupted', ended = $1
			WHERE state = 'working' AND (place = 'server' AND $2 OR place = 'cli' AND seen < $3)`, stamp(c.now), number(server), stamp(c.now.Add(-silent)))
		return err
	})
}

// Run returns a run; corpus.ErrNotFound when there is none.
func (db *DB) Run(ctx context.Context, id uuid.UUID) (review.Run, error) {
	var out review.Run
	err := db.read(ctx, "read a run", func(tx *sql.Tx) (err error) {
		out, err = oneRun(ctx, tx, id)
		return err
	})
	return out, err
}

// oneRun reads one run.
func oneRun(ctx context.Context, q querier, id uuid.UUID) (review.Run, error) {
	found, err := runsWhere(ctx, q, "id = $1", id.String())
	if err != nil {
		return review.Run{}, err
	}
	if len(found) == 0 {
		return review.Run{}, notFound("run", id)
	}
	return found[0], nil
}

// runOrders is the SQL of each order.
var runOrders = map[review.RunOrder]string{
	review.RunsNewest: "created DESC, id DESC", review.RunsOldest: "created, id", review.RunsAdded: "added DESC, id DESC",
}

// Runs lists the runs that a filter selects, the newest first unless it says
// otherwise.
func (db *DB) Runs(ctx context.Context, f review.RunFilter) (review.RunPage, error) {
	where, args := "1 = 1", []any{}
	and := func(column string, values ...string) {
		var places []string
		for _, v := range values {
			args = append(args, v)
			places = append(places, "$"+strconv.Itoa(len(args)))
		}
		where += " AND " + column + " IN (" + strings.Join(places, ", ") + ")"
	}
	if len(f.States) > 0 {
		var states []string
		for _, s := range f.States {
			states = append(states, string(s))
		}
		and("state", states...)
	}
	if f.Kind != "" {
		and("kind", string(f.Kind))
	}
	if f.Dossier != uuid.Nil {
		and("dossier", f.Dossier.String())
	}
	order, known := runOrders[f.Order]
	if !known {
		order = runOrders[review.RunsNewest]
	}
	var out review.RunPage
	err := db.read(ctx, "list the runs", func(tx *sql.Tx) (err error) {
		if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM runs WHERE "+where, args...).Scan(&out.Total); err != nil {
			return err
		}
		out.Runs, err = runsWhere(ctx, tx, where+" ORDER BY "+order+" LIMIT "+strconv.Itoa(limited(f.Limit, 100))+" OFFSET "+strconv.Itoa(max(0, f.Offset)), args...)
		return err
	})
	return out, err
}

// ChangedSince lists the clauses of a standard that are there and whose mark is
// above one.
func (db *DB) ChangedSince(ctx context.Context, id corpus.StandardID, mark int64) ([]corpus.ClauseID, error) {
	var out []corpus.ClauseID
	err := db.read(ctx, "find what changed", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT id FROM clauses WHERE standard = $1 AND mark > $2 AND removed = 0 ORDER BY position", string(id), mark)
		out, err = collect(rows, err, func(r row) (id corpus.ClauseID, err error) { return id, r.Scan(&id) })
		return err
	})
	return out, err
}
