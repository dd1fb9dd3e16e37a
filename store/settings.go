package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"concord/review"
)

// settingsName is the one row that the settings are kept in.
const settingsName = "all"

// Settings is what administrators set, the zero value before.
func (db *DB) Settings(ctx context.Context) (review.Settings, error) {
	var out review.Settings
	err := db.read(ctx, "read the settings", func(tx *sql.Tx) (err error) {
		out, err = settings(ctx, tx)
		return err
	})
	return out, err
}

func settings(ctx context.Context, q querier) (out review.Settings, err error) {
	var body string
	err = q.QueryRowContext(ctx, "SELECT value FROM settings WHERE name = $1", settingsName).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return out, nil
	}
	if err != nil {
		return out, err
	}
	return out, json.Unmarshal([]byte(body), &out)
}

// SaveSettings keeps what an administrator set.
func (db *DB) SaveSettings(ctx context.Context, s review.Settings, actor string) error {
	return db.write(ctx, "save the settings", func(c *changing) error {
		body, err := asJSON(s)
		if err != nil {
			return err
		}
		var was review.Settings
		var kept string
		err = c.QueryRowContext(ctx, "SELECT value FROM settings WHERE name = $1", settingsName).Scan(&kept)
		if err == nil {
			err = json.Unmarshal([]byte(kept), &was)
		}
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		c.note(actor, "settings.saved", "settings", 0, s)
		if err := c.tell(was, s); err != nil {
			return err
		}
		_, err = c.ExecContext(ctx, "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", settingsName, body)
		return err
	})
}
