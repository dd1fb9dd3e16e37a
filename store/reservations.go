package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

const reservationColumns = "id, dossier, match, party, text, person, at, withdrawn"

func scanReservation(r row) (review.Reservation, error) {
	var x review.Reservation
	return x, r.Scan(idColumn{&x.ID}, idColumn{&x.Dossier}, idColumn{&x.Match}, &x.Party, &x.Text, idColumn{&x.Person}, timeColumn{&x.At}, timeColumn{&x.Withdrawn})
}

// reservedObject is what the audit names: the match, or the dossier.
func reservedObject(x review.Reservation) string {
	if x.Whole() {
		return x.Dossier.String()
	}
	return x.Match.String()
}

// Reserve declares a reservation of a person's party against a match of a dossier,
// or with uuid.Nil against the whole, with its audit row. Errors as of
// review.Reserve; corpus.ErrNotFound when the dossier has no such match.
func (db *DB) Reserve(ctx context.Context, dossierID, match uuid.UUID, text string, actor review.Person) (review.Reservation, error) {
	var made review.Reservation
	err := db.write(ctx, "declare a reservation", func(c *changing) error {
		d, err := dossier(ctx, c.Tx, dossierID)
		if err != nil {
			return err
		}
		on, err := matchOf(ctx, c.Tx, d, match)
		if err != nil {
			return err
		}
		r, err := review.Reserve(d, on, text, actor, c.now)
		if err != nil {
			return err
		}
		made, err = c.declare(ctx, r)
		return err
	})
	return made, err
}

// declare keeps a new reservation with its audit row. Errors: corpus.ErrLimit.
func (c *changing) declare(ctx context.Context, x review.Reservation) (review.Reservation, error) {
	n := 0
	if err := c.QueryRowContext(ctx, "SELECT COUNT(*) FROM reservations WHERE dossier = $1", x.Dossier.String()).Scan(&n); err != nil {
		return x, err
	}
	if n >= review.MaxReservations {
		return x, fmt.Errorf("a dossier has at most %d reservations: %w", review.MaxReservations, corpus.ErrLimit)
	}
	var err error
	if x.ID, err = newID(); err != nil {
		return x, err
	}
	c.note(x.Person.String(), "reservation.declared", reservedObject(x), 0, x)
	return x, insert(ctx, c.Tx, "INSERT INTO reservations ("+reservationColumns+")", "", [][]any{{
		x.ID.String(), x.Dossier.String(), matchKey(x.Match), string(x.Party), x.Text, x.Person.String(), stamp(x.At), ""}})
}

// WithdrawReservation takes one back, with its audit row. Errors as of
// review.Reservation.Withdraw; corpus.ErrNotFound when there is none.
func (db *DB) WithdrawReservation(ctx context.Context, id uuid.UUID, actor review.Person) (review.Reservation, error) {
	var after review.Reservation
	err := db.write(ctx, "withdraw a reservation", func(c *changing) error {
		r := c.QueryRowContext(ctx, "SELECT "+reservationColumns+" FROM reservations WHERE id = $1", id.String())
		before, err := one(r, scanReservation, "reservation", id)
		if err != nil {
			return err
		}
		d, err := dossier(ctx, c.Tx, before.Dossier)
		if err != nil {
			return err
		}
		if after, err = before.Withdraw(d, actor, c.now); err != nil {
			return err
		}
		_, err = c.ExecContext(ctx, "UPDATE reservations SET withdrawn = $1 WHERE id = $2", stamp(after.Withdrawn), id.String())
		c.note(actor.ID.String(), "reservation.withdrawn", reservedObject(after), 0, after.ID)
		return err
	})
	return after, err
}

// Reservations lists those of a dossier in the order they were declared, withdrawn
// ones too.
func (db *DB) Reservations(ctx context.Context, dossier uuid.UUID) ([]review.Reservation, error) {
	var out []review.Reservation
	err := db.read(ctx, "list reservations", func(tx *sql.Tx) (err error) {
		out, err = reservations(ctx, tx, dossier)
		return err
	})
	return out, err
}

func reservations(ctx context.Context, q querier, dossier uuid.UUID) ([]review.Reservation, error) {
	rows, err := q.QueryContext(ctx, "SELECT "+reservationColumns+" FROM reservations WHERE dossier = $1 ORDER BY id", dossier.String())
	return collect(rows, err, scanReservation)
}

// loadReserved adds the reservations that stand against matches.
func loadReserved(ctx context.Context, q querier, ids []string, into map[string]*review.Match) error {
	found, err := inBatches(ctx, q, "SELECT "+reservationColumns+" FROM reservations WHERE match IN (?) AND withdrawn = '' ORDER BY id", nil, ids, scanReservation)
	for _, r := range found {
		m := into[r.Match.String()]
		m.Reserved = append(m.Reserved, r)
	}
	return err
}

// ReservedOnAll lists the reservations that stand against the whole of dossiers, in
// the order they were declared.
func (db *DB) ReservedOnAll(ctx context.Context, dossiers ...uuid.UUID) ([]review.Reservation, error) {
	ids := make([]string, len(dossiers))
	for i, d := range dossiers {
		ids[i] = d.String()
	}
	var out []review.Reservation
	err := db.read(ctx, "list reservations", func(tx *sql.Tx) (err error) {
		out, err = inBatches(ctx, tx, "SELECT "+reservationColumns+" FROM reservations WHERE dossier IN (?) AND match = '' AND withdrawn = '' ORDER BY id", nil, ids, scanReservation)
		return err
	})
	return out, err
}

// checkReservations compares reservations with the audit rows that were written with
// them.
func checkReservations(ctx context.Context, q querier, r *Report) error {
	rows, err := q.QueryContext(ctx, "SELECT "+reservationColumns+" FROM reservations ORDER BY id")
	found, err := collect(rows, err, scanReservation)
	if err != nil {
		return err
	}
	trail, err := tracedBy(ctx, q, "reservations", "action || ' ' || object", "reservation.%")
	if err != nil {
		return err
	}
	for _, x := range found {
		declared := x
		declared.Withdrawn = time.Time{}
		steps := map[string]any{"reservation.declared": declared}
		if !x.Withdrawn.IsZero() {
			steps["reservation.withdrawn"] = x.ID
		}
		for action, payload := range steps {
			there, err := trail.row(action+" "+reservedObject(x), payload)
			if err != nil {
				return err
			}
			if !there {
				r.problem("reservation %s was changed or has no audit row of its %s", x.ID, action)
			}
		}
	}
	trail.done(r)
	return nil
}
