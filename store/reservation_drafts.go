package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// sealedDraft is a version with what its audit row is made from.
type sealedDraft struct {
	review.ReservationDraft
	salt string
}

const draftColumns = "x.id, x.version, x.dossier, x.match, x.party, x.text, x.state, x.person, x.at, x.salt"

func scanDraft(r row) (sealedDraft, error) {
	var x sealedDraft
	return x, r.Scan(idColumn{&x.ID}, &x.Version, idColumn{&x.Dossier}, idColumn{&x.Match}, &x.Party, &x.Text, &x.State, idColumn{&x.Person}, timeColumn{&x.At}, &x.salt)
}

// payload is what the audit row of a version is the digest of; see
// sealedPosition.payload for the salt.
func (x sealedDraft) payload() any {
	return []any{x.salt, x.ID, x.Dossier, x.Match, x.Party, x.Text, x.State}
}

// object is what the audit names: the match, or the dossier.
func (x sealedDraft) object() string {
	return reservedObject(review.Reservation{Dossier: x.Dossier, Match: x.Match})
}

// keepDraft adds a version with its audit row, which does not hold its words.
func (c *changing) keepDraft(ctx context.Context, next review.ReservationDraft) error {
	x := sealedDraft{next, rand.Text()}
	c.note(x.Person.String(), "draft."+string(x.State), x.object(), x.Version, x.payload())
	return insert(ctx, c.Tx, "INSERT INTO reservation_drafts (id, version, dossier, match, party, text, state, person, at, salt)", "", [][]any{{
		x.ID.String(), x.Version, x.Dossier.String(), matchKey(x.Match), string(x.Party), x.Text, string(x.State), x.Person.String(), stamp(x.At), x.salt}})
}

// matchOf is a match of a dossier, nil for uuid.Nil.
func matchOf(ctx context.Context, q querier, d review.Dossier, id uuid.UUID) (*review.Match, error) {
	if id == uuid.Nil {
		return nil, nil
	}
	m, _, err := loadMatch(ctx, q, id)
	if err == nil && m.Dossier != d.ID {
		err = notFound("match", id)
	}
	return &m, err
}

// SaveDraft keeps another version of a draft of a person's party, or with the zero id
// a new one, against a match of the dossier or with uuid.Nil against the whole. Errors
// as of review.NextDraft; corpus.ErrNotFound when the dossier has no such match, or
// the person may see no such draft; corpus.ErrLimit.
func (db *DB) SaveDraft(ctx context.Context, ask review.ReservationDraft, actor review.Person) (review.ReservationDraft, error) {
	var out review.ReservationDraft
	err := db.write(ctx, "keep a draft of a reservation", func(c *changing) error {
		d, err := dossier(ctx, c.Tx, ask.Dossier)
		if err != nil {
			return err
		}
		var kept review.ReservationDraft
		if ask.ID != uuid.Nil {
			if kept, d, err = seenDraft(ctx, c.Tx, ask.ID, actor); err != nil {
				return err
			}
		} else {
			if ask.Match, err = matchBehind(ctx, c.Tx, ask.Match); err != nil {
				return err
			}
			if _, err = matchOf(ctx, c.Tx, d, ask.Match); err != nil {
				return err
			}
			n := 0
			if err := c.QueryRowContext(ctx, "SELECT COUNT(DISTINCT id) FROM reservation_drafts WHERE dossier = $1 AND party = $2", d.ID.String(), string(actor.Party)).Scan(&n); err != nil {
				return err
			}
			if n >= review.MaxReservations {
				return fmt.Errorf("a party has at most %d drafts of reservations in a dossier: %w", review.MaxReservations, corpus.ErrLimit)
			}
			if ask.ID, err = newID(); err != nil {
				return err
			}
		}
		if out, err = review.NextDraft(d, kept, ask, actor, c.now); err != nil {
			return err
		}
		if out.Text == kept.Text && out.State == kept.State { // no version for the same words
			out = kept
			return nil
		}
		return c.keepDraft(ctx, out)
	})
	return out, err
}

// seenDraft is the version that counts of a draft that a person may see, with its
// dossier. Whoever may not is told what whoever asks for one that never was is told.
func seenDraft(ctx context.Context, q querier, id uuid.UUID, p review.Person) (x review.ReservationDraft, d review.Dossier, err error) {
	list, err := readDrafts(ctx, q, "x.id = $1 ORDER BY x.version DESC LIMIT 1", id.String())
	if err != nil {
		return x, d, err
	}
	if len(list) > 0 {
		x = list[0].ReservationDraft
		if d, err = dossier(ctx, q, x.Dossier); err != nil {
			return x, d, err
		}
	}
	if !review.DraftShown(x, d, p) {
		return x, d, notFound("draft", id)
	}
	return x, d, nil
}

// readDrafts reads versions of drafts.
func readDrafts(ctx context.Context, q querier, where string, args ...any) ([]sealedDraft, error) {
	rows, err := q.QueryContext(ctx, "SELECT "+draftColumns+" FROM reservation_drafts x WHERE "+where, args...)
	return collect(rows, err, scanDraft)
}

// DeclareDraft declares the version of a draft that a person read, with the audit rows
// of its end and of the reservation. Errors as of review.DeclareDraft;
// corpus.ErrNotFound when the person may see no such draft; corpus.ErrLimit.
func (db *DB) DeclareDraft(ctx context.Context, id uuid.UUID, version int, actor review.Person) (review.Reservation, error) {
	var made review.Reservation
	err := db.write(ctx, "declare a reservation", func(c *changing) error {
		kept, d, err := seenDraft(ctx, c.Tx, id, actor)
		if err != nil {
			return err
		}
		on, err := matchOf(ctx, c.Tx, d, kept.Match)
		if err != nil {
			return err
		}
		ended, r, err := review.DeclareDraft(kept, d, on, version, actor, c.now)
		if err != nil {
			return err
		}
		if err := c.keepDraft(ctx, ended); err != nil {
			return err
		}
		made, err = c.declare(ctx, r)
		return err
	})
	return made, err
}

// Drafts lists what review.DraftShown leaves a person of a dossier's drafts that wait
// to be declared, in the order they were begun.
func (db *DB) Drafts(ctx context.Context, dossierID uuid.UUID, p review.Person) ([]review.ReservationDraft, error) {
	return db.drafts(ctx, dossierID, p, "")
}

// DraftsOn lists those of them against one match, or with uuid.Nil against the whole.
func (db *DB) DraftsOn(ctx context.Context, dossierID, match uuid.UUID, p review.Person) ([]review.ReservationDraft, error) {
	out, err := db.drafts(ctx, dossierID, p, "AND x.match = COALESCE((SELECT k.match FROM controls k WHERE k.id = $2), $2)", matchKey(match))
	for i := range out {
		out[i].Match = match // as it was asked for
	}
	return out, err
}

// drafts reads drafts of a dossier and lets through what the person may see.
func (db *DB) drafts(ctx context.Context, dossierID uuid.UUID, p review.Person, and string, args ...any) ([]review.ReservationDraft, error) {
	var out []review.ReservationDraft
	err := db.read(ctx, "list drafts of reservations", func(tx *sql.Tx) error {
		d, err := dossier(ctx, tx, dossierID)
		if err != nil {
			return err
		}
		all, err := readDrafts(ctx, tx, `x.dossier = $1 AND x.state = 'kept'
			AND x.version = (SELECT MAX(y.version) FROM reservation_drafts y WHERE y.id = x.id) `+and+" ORDER BY x.id", append([]any{d.ID.String()}, args...)...)
		for _, x := range all {
			if review.DraftShown(x.ReservationDraft, d, p) {
				out = append(out, x.ReservationDraft)
			}
		}
		return err
	})
	return out, err
}

// checkDrafts compares drafts with the audit rows that were written with them.
func checkDrafts(ctx context.Context, q querier, r *Report) error {
	found, err := readDrafts(ctx, q, "1 ORDER BY x.id, x.version")
	if err != nil {
		return err
	}
	trail, err := tracedBy(ctx, q, "drafts of reservations", "actor || ' ' || action || ' ' || object || ' ' || version", "draft.%")
	if err != nil {
		return err
	}
	for _, x := range found {
		there, err := trail.row(fmt.Sprintf("%s draft.%s %s %d", x.Person, x.State, x.object(), x.Version), x.payload())
		if err != nil {
			return err
		}
		if !there {
			r.problem("version %d of the draft %s of a reservation was changed or has no audit row", x.Version, x.ID)
		}
	}
	trail.done(r)
	return nil
}
