package review

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
)

func TestPositionsShown(t *testing.T) {
	d := Dossier{ID: uuid.New(), Name: "Doors", Sides: []Side{{Party: "CN"}, {Party: "RU"}}}
	list := []Position{{Dossier: d.ID, Party: "CN", Want: "ours"}, {Dossier: d.ID, Party: "RU", Want: "theirs"}, {Dossier: uuid.New(), Party: "CN", Want: "elsewhere"}}
	for _, c := range []struct {
		name     string
		role     Role
		party    Party
		disabled bool
		sees     string
	}{
		{"a reviewer of the party", RoleReviewer, "CN", false, "ours"},
		{"a negotiator of the party", RoleNegotiator, "CN", false, "ours"},
		{"the other side", RoleReviewer, "RU", false, "theirs"},
		{"a reader of the party", RoleReader, "CN", false, ""},
		{"an adjudicator", RoleAdjudicator, "CN", false, ""},
		{"an administrator", RoleAdmin, "CN", false, ""},
		{"an importer", RoleImporter, "CN", false, ""},
		{"a party that takes no part", RoleReviewer, "KZ", false, ""},
		{"no party", RoleReviewer, "", false, ""},
		{"somebody who left", RoleReviewer, "CN", true, ""},
	} {
		var got []string
		for _, x := range PositionsShown(list, d, Person{Role: c.role, Party: c.party, Disabled: c.disabled}) {
			got = append(got, x.Want)
		}
		if strings.Join(got, " ") != c.sees {
			t.Errorf("%s sees %v, not %q", c.name, got, c.sees)
		}
	}
	if list[0].Want != "ours" || len(list) != 3 {
		t.Error("the gate changed what it was given")
	}
}

func TestNextPosition(t *testing.T) {
	d, p, at := Dossier{ID: uuid.New(), Sides: []Side{{Party: "CN"}, {Party: "RU"}}}, Person{ID: uuid.New(), Role: RoleNegotiator, Party: "CN"}, time.Now()
	good := Position{Want: "  0.5 mA ", Priority: PriorityHigh, Party: "RU", Person: uuid.New()}
	first, err := NextPosition(d, Position{}, good, p, at)
	if err != nil || first.Want != "0.5 mA" || first.Version != 1 || first.Party != "CN" || first.Person != p.ID || first.Dossier != d.ID {
		t.Fatalf("%+v %v", first, err)
	}
	for name, c := range map[string]struct {
		change func(*Dossier, *Position, *Person)
		want   error
	}{
		"closed":          {func(d *Dossier, _ *Position, _ *Person) { d.Closed = true }, corpus.ErrForbidden},
		"a reader":        {func(_ *Dossier, _ *Position, p *Person) { p.Role = RoleReader }, corpus.ErrForbidden},
		"another party":   {func(_ *Dossier, _ *Position, p *Person) { p.Party = "KZ" }, corpus.ErrForbidden},
		"no priority":     {func(_ *Dossier, x *Position, _ *Person) { x.Priority = "urgent" }, corpus.ErrInvalid},
		"too long":        {func(_ *Dossier, x *Position, _ *Person) { x.RedLine = strings.Repeat("я", MaxNoteRunes+1) }, corpus.ErrLimit},
		"an old version":  {func(_ *Dossier, x *Position, _ *Person) { x.Version = 0 }, corpus.ErrConflict},
		"taken back":      {func(_ *Dossier, x *Position, _ *Person) { x.Want = " " }, nil},
		"as long as most": {func(_ *Dossier, x *Position, _ *Person) { x.RedLine = strings.Repeat("я", MaxNoteRunes) }, nil},
	} {
		d, ask, p := d, good, p
		ask.Version = 1
		c.change(&d, &ask, &p)
		if _, err := NextPosition(d, first, ask, p, at); !errors.Is(err, c.want) || (err != nil) != (c.want != nil) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := NextPosition(d, Position{}, Position{Priority: PriorityLow}, p, at); !errors.Is(err, corpus.ErrInvalid) {
		t.Errorf("nothing at all: %v", err)
	}
}
