package review

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
)

// Drafts are shown to those who keep positions of their party, and are changed,
// dropped and declared once each, by the version that was read.
func TestReservationDrafts(t *testing.T) {
	d := Dossier{ID: uuid.New(), Sides: []Side{{Party: "CN"}, {Party: "RU"}}}
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	as := func(role Role, party Party) Person { return Person{ID: uuid.New(), Role: role, Party: party} }
	cn := as(RoleNegotiator, "CN")
	first, err := NextDraft(d, ReservationDraft{}, ReservationDraft{ID: uuid.New(), Text: " until 2027 "}, cn, now)
	if err != nil || first.Version != 1 || first.State != DraftKept || first.Text != "until 2027" || first.Party != "CN" {
		t.Fatalf("%+v %v", first, err)
	}
	for who, c := range map[string]struct {
		p    Person
		sees bool
	}{
		"its negotiator": {cn, true}, "its reviewer": {as(RoleReviewer, "CN"), true}, "its reader": {as(RoleReader, "CN"), false}, "its adjudicator": {as(RoleAdjudicator, "CN"), false},
		"the other side": {as(RoleNegotiator, "RU"), false}, "a party outside": {as(RoleNegotiator, "KZ"), false}, "an administrator": {as(RoleAdmin, "CN"), false},
	} {
		if got := DraftShown(first, d, c.p); got != c.sees {
			t.Errorf("%s: sees it %v", who, got)
		}
	}
	second, err := NextDraft(d, first, ReservationDraft{Version: 1, Text: "until 2028", Match: uuid.New()}, cn, now)
	if err != nil || second.Version != 2 || second.Match != uuid.Nil || second.ID != first.ID {
		t.Fatalf("a change moves it elsewhere: %+v %v", second, err)
	}
	dropped, err := NextDraft(d, second, ReservationDraft{Version: 2}, cn, now)
	if err != nil || dropped.State != DraftDropped {
		t.Fatalf("%+v %v", dropped, err)
	}
	ended, r, err := DeclareDraft(second, d, nil, 2, cn, now)
	if err != nil || ended.State != DraftDeclared || ended.Version != 3 || r.Text != "until 2028" || r.ID == second.ID || !r.At.Equal(now) {
		t.Fatalf("%+v %+v %v", ended, r, err)
	}
	open := &Match{ID: uuid.New(), Dossier: d.ID}
	closed := d
	closed.Closed = true
	for name, c := range map[string]struct {
		err  error
		want error
	}{
		"a new one without words": {errOf2(NextDraft(d, ReservationDraft{}, ReservationDraft{Text: " "}, cn, now)), corpus.ErrInvalid},
		"an old version":          {errOf2(NextDraft(d, second, ReservationDraft{Version: 1, Text: "x"}, cn, now)), corpus.ErrConflict},
		"one that was dropped":    {errOf2(NextDraft(d, dropped, ReservationDraft{Version: 3, Text: "x"}, cn, now)), corpus.ErrConflict},
		"one that was declared":   {errOf2(NextDraft(d, ended, ReservationDraft{Version: 3, Text: "x"}, cn, now)), corpus.ErrConflict},
		"the other side's role":   {errOf2(NextDraft(d, ReservationDraft{}, ReservationDraft{Text: "x"}, as(RoleAdmin, "CN"), now)), corpus.ErrForbidden},
		"a closed dossier":        {errOf2(NextDraft(closed, second, ReservationDraft{Version: 2, Text: "x"}, cn, now)), corpus.ErrForbidden},
		"declared as another":     {errOf3(DeclareDraft(second, d, nil, 1, cn, now)), corpus.ErrConflict},
		"declared twice":          {errOf3(DeclareDraft(ended, d, nil, 3, cn, now)), corpus.ErrConflict},
		"against an open match":   {errOf3(DeclareDraft(second, d, open, 2, cn, now)), corpus.ErrInvalid},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%s: %v", name, c.err)
		}
	}
}

func errOf2[A any](_ A, err error) error { return err }

func errOf3[A, B any](_ A, _ B, err error) error { return err }
