package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sort"
	"time"

	"github.com/labstack/echo/v4"

	"concord/review"
)

// ownData is everything that is kept of a person, for themselves (GDPR art. 15 and 20).
// No secret is in it, nor the hash of one.
type ownData struct {
	Person      review.Person        `json:"person"`
	Email       string               `json:"email,omitempty"` // at the organisation's sign-in
	Second      time.Time            `json:"secondFactorSince,omitzero"`
	Sessions    []ownSession         `json:"sessions"`
	Keys        []ownKey             `json:"keys"` // of programs, made by the person
	Keyboard    review.KeySet        `json:"keyboard"`
	Searches    []review.SavedSearch `json:"searches"`
	Collections []review.Collection  `json:"collections"`
	Skips       []review.Skip        `json:"skips"`
	Decisions   []review.Decision    `json:"decisions"`
	Paces       []review.Pace        `json:"activeTimes"` // of answers, as the page measured them
	News        []review.News        `json:"news"`
	NewsChoice  review.NewsChoice    `json:"newsChoice"`
	Audit       []review.Entry       `json:"audit"` // what the person did, and what was done to the account
	Made        time.Time            `json:"made"`
}

type ownSession struct {
	Created, LastSeen, Expires time.Time
	Agent                      string
}

type ownKey struct {
	ID, Name         string
	Created, Expires time.Time
}

// maxOwnRows bounds each list of one's own data.
const maxOwnRows = 100_000

// myData sends what is kept of who asks.
func (s *Server) myData(c echo.Context, a asker) error {
	ctx, id := c.Request().Context(), a.person.ID
	out := ownData{Person: a.person, Made: s.now().UTC()}
	var err error
	var sessions []review.Session
	var keys []review.Key
	var second review.SecondFactor
	for _, step := range []func() error{
		func() error { out.Email, err = s.store.Identity(ctx, id); return err },
		func() error { second, err = s.store.SecondFactor(ctx, id); return err },
		func() error { sessions, err = s.store.Sessions(ctx, id); return err },
		func() error { keys, err = s.store.Keys(ctx); return err },
		func() error { out.Keyboard, err = s.store.KeySet(ctx, id); return err },
		func() error { out.Searches, err = s.store.SavedSearches(ctx, id); return err },
		func() error { out.Collections, err = s.store.Collections(ctx, id); return err },
		func() error { out.Skips, err = s.store.Skips(ctx, id, s.now(), maxOwnRows); return err },
		func() error { out.Decisions, err = s.store.DecisionsBy(ctx, id, maxOwnRows); return err },
		func() error { out.Paces, err = s.store.PacesBy(ctx, id, maxOwnRows); return err },
		func() error { out.News, err = s.store.News(ctx, id, maxOwnRows); return err },
		func() error { out.NewsChoice, err = s.store.NewsChoice(ctx, id); return err },
		func() error { out.Audit, err = s.auditOf(c, id.String()); return err },
	} {
		if err := step(); err != nil {
			return fmt.Errorf("gather your data: %w", err)
		}
	}
	out.Second = second.Confirmed
	for _, se := range sessions {
		out.Sessions = append(out.Sessions, ownSession{se.Created, se.LastSeen, se.Expires, se.Agent})
	}
	for _, k := range keys {
		if k.By == id {
			out.Keys = append(out.Keys, ownKey{k.ID, k.Name, k.Created, k.Expires})
		}
	}
	body, err := json.MarshalIndent(out, "", " ")
	if err != nil {
		return fmt.Errorf("write your data: %w", err)
	}
	h := c.Response().Header()
	h.Set("Content-Disposition", attachment("concord-my-data-"+day(s.now())+".json"))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	return c.Blob(http.StatusOK, "application/json", body)
}

// auditOf are the rows of what somebody did and of what was done to the account, in
// order.
func (s *Server) auditOf(c echo.Context, id string) ([]review.Entry, error) {
	var out []review.Entry
	for _, f := range []review.EntryFilter{{Actor: id}, {Object: id}} {
		for after := int64(0); len(out) < maxOwnRows; {
			rows, err := s.store.AuditWhere(c.Request().Context(), f, after, auditPerPage*10)
			if err != nil {
				return nil, err
			}
			if len(rows) == 0 {
				break
			}
			out = append(out, rows...)
			after = rows[len(rows)-1].Seq
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Seq < out[j].Seq }) // slices.SortFunc of so large a type is 28 KB of program
	once := out[:0]
	for i, e := range out {
		if i == 0 || e.Seq != once[len(once)-1].Seq {
			once = append(once, e)
		}
	}
	return once, nil
}
