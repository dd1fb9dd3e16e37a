package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"

	"concord/review"
)

// newsKept is how long news stay that were seen (our own).
const newsKept = 90 * 24 * time.Hour

// News lists what a person is told and did not mute, latest first, at most limit.
func (db *DB) News(ctx context.Context, person uuid.UUID, limit int) ([]review.News, error) {
	var out []review.News
	err := db.read(ctx, "list news", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT n.seq, n.kind, n.object, n.dossier, n.at, n.seen FROM news n
			WHERE n.person = $1 AND `+notMuted+` ORDER BY n.at DESC, n.seq DESC LIMIT $2`, person.String(), limit)
		out, err = collect(rows, err, func(r row) (n review.News, err error) {
			return n, r.Scan(&n.Seq, &n.Kind, idColumn{&n.Object}, idColumn{&n.Dossier}, timeColumn{&n.At}, timeColumn{&n.Seen})
		})
		return err
	})
	return out, err
}

// notMuted holds for news n whose person wants them.
const notMuted = `NOT EXISTS (SELECT 1 FROM news_choices c, json_each(c.muted) k WHERE c.person = n.person AND k.value = n.kind)`

// UnseenNews counts what is to be brought before a person now, under their choice.
func (db *DB) UnseenNews(ctx context.Context, person uuid.UUID, now time.Time) (int, error) {
	n := 0
	err := db.read(ctx, "count news", func(tx *sql.Tx) error {
		c, err := newsChoice(ctx, tx, person)
		if err != nil || c.Until(now).IsZero() {
			return err
		}
		return tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM news n WHERE n.person = $1 AND n.seen = '' AND n.at < $2 AND "+notMuted, person.String(), stamp(c.Until(now))).Scan(&n)
	})
	return n, err
}

// SeeNews marks what a person is told as seen: one where only says which, else all
// up to a number, so that what came since the page was made stays unseen. What was
// seen long ago goes, but for dossiers, of which nobody is told twice.
func (db *DB) SeeNews(ctx context.Context, person uuid.UUID, upTo, only int64) error {
	return db.write(ctx, "mark news as seen", func(c *changing) error {
		_, err := c.ExecContext(ctx, "UPDATE news SET seen = $1 WHERE person = $2 AND seen = '' AND (seq = $3 OR $3 = 0 AND seq <= $4)", stamp(c.now), person.String(), only, upTo)
		if err == nil {
			_, err = c.ExecContext(ctx, "DELETE FROM news WHERE person = $1 AND seen <> '' AND seen < $2 AND kind <> 'assigned'", person.String(), stamp(c.now.Add(-newsKept)))
		}
		return err
	})
}

// Tell tells a person of something that the records do not see themselves. A dossier
// or person that is gone is told nothing.
func (db *DB) Tell(ctx context.Context, person uuid.UUID, n review.News) error {
	return db.write(ctx, "tell of "+string(n.Kind), func(c *changing) error {
		_, err := c.ExecContext(ctx, `INSERT OR IGNORE INTO news (person, kind, object, dossier, at, seen)
			SELECT p.id, $2, $3, d.id, $5, '' FROM people p, dossiers d WHERE p.id = $1 AND p.disabled = 0 AND d.id = $4`,
			person.String(), string(n.Kind), n.Object.String(), n.Dossier.String(), stamp(c.now))
		return err
	})
}

// NewsChoice is what a person wants to be told.
func (db *DB) NewsChoice(ctx context.Context, person uuid.UUID) (review.NewsChoice, error) {
	var out review.NewsChoice
	err := db.read(ctx, "read what is told", func(tx *sql.Tx) (err error) {
		out, err = newsChoice(ctx, tx, person)
		return err
	})
	return out, err
}

func newsChoice(ctx context.Context, q querier, person uuid.UUID) (review.NewsChoice, error) {
	c, muted := review.NewsChoice{}, ""
	err := q.QueryRowContext(ctx, "SELECT often, muted FROM news_choices WHERE person = $1", person.String()).Scan(&c.Often, &muted)
	if errors.Is(err, sql.ErrNoRows) {
		return review.NewsChoice{Often: review.NewsOftens[0]}, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(muted), &c.Muted)
	}
	return c, err
}

// ChooseNews keeps what a person wants to be told.
func (db *DB) ChooseNews(ctx context.Context, person uuid.UUID, c review.NewsChoice) error {
	muted, err := json.Marshal(append([]review.NewsKind{}, c.Muted...))
	if err != nil {
		return err
	}
	return db.write(ctx, "choose what is told", func(ch *changing) error {
		_, err := ch.ExecContext(ctx, `INSERT INTO news_choices (person, often, muted) VALUES ($1, $2, $3)
			ON CONFLICT (person) DO UPDATE SET often = excluded.often, muted = excluded.muted`, person.String(), string(c.Often), string(muted))
		return err
	})
}
