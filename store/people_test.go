package store_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
	"concord/store"
)

func TestPeople(t *testing.T) {
	db := open(t)
	wang := person(t, db, "Wang.Li", review.RoleReviewer, "CN")
	got, hash, err := db.PersonByLogin(t.Context(), " wang.LI ")
	if err != nil || hash != "" || !reflect.DeepEqual(got, wang) {
		t.Errorf("got %+v, %q, %v; want %+v", got, hash, err, wang)
	}
	same := wang
	same.ID = newID(t)
	if err := db.SavePerson(t.Context(), same, "cli"); !errors.Is(err, corpus.ErrConflict) {
		t.Errorf("a login that is taken gives %v", err)
	}
	if _, _, err := db.PersonByLogin(t.Context(), "nobody"); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("an unknown login gives %v", err)
	}
	for name, p := range map[string]review.Person{
		"no id": {Login: "a", Role: review.RoleReader}, "no login": {ID: newID(t), Login: " ", Role: review.RoleReader}, "no role": {ID: newID(t), Login: "b", Role: "king"},
	} {
		if err := db.SavePerson(t.Context(), p, "cli"); !errors.Is(err, corpus.ErrInvalid) {
			t.Errorf("%s gives %v", name, err)
		}
	}
	if err := db.SetPassword(t.Context(), wang.ID, "$hash", "cli"); err != nil {
		t.Fatal(err)
	}
	wang.Name = "Wang Li"
	if err := db.SavePerson(t.Context(), wang, "cli"); err != nil {
		t.Fatal(err)
	}
	if got, hash, err := db.PersonByLogin(t.Context(), "wang.li"); err != nil || hash != "$hash" || got.Name != "Wang Li" {
		t.Errorf("changing a name keeps the password: %+v, %q, %v", got, hash, err)
	}
	if err := db.SetPassword(t.Context(), uuid.New(), "$hash", "cli"); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("a password for nobody gives %v", err)
	}
	person(t, db, "adam", review.RoleAdmin, "CN")
	if all, err := db.People(t.Context()); err != nil || len(all) != 2 || all[0].Login != "adam" {
		t.Errorf("people come by login: %+v, %v", all, err)
	}
}

// session begins a session for a person.
func session(t *testing.T, db *store.DB, p review.Person, hash string, at time.Time) {
	t.Helper()
	err := db.NewSession(t.Context(), review.Session{Hash: hash, Person: p.ID, Created: at, LastSeen: at, Expires: at.Add(review.SessionAbsolute), Agent: strings.Repeat("й", 500)})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSessionLimits(t *testing.T) {
	db := open(t)
	wang := person(t, db, "wang", review.RoleReviewer, "CN")
	// visits are the times at which the browser is seen; the last one is judged
	cases := []struct {
		name   string
		visits []time.Duration
		ends   bool
	}{
		{"at once", []time.Duration{0}, false},
		{"just before it is idle too long", []time.Duration{review.SessionIdle - time.Second}, false},
		{"idle too long", []time.Duration{review.SessionIdle}, true},
		{"kept alive", []time.Duration{29 * time.Minute, 58 * time.Minute, 87 * time.Minute}, false},
		{"a visit within a minute counts as the first", []time.Duration{59 * time.Second, review.SessionIdle + 30*time.Second}, true},
		{"a clock set back", []time.Duration{-time.Hour}, false},
	}
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			hash := string(rune('a' + i))
			session(t, db, wang, hash, start)
			var err error
			for _, v := range c.visits {
				_, _, err = db.Session(t.Context(), hash, start.Add(v))
			}
			if errors.Is(err, corpus.ErrNotFound) != c.ends || !c.ends && err != nil {
				t.Errorf("got %v, ends should be %v", err, c.ends)
			}
		})
	}
	t.Run("the absolute end comes in spite of visits", func(t *testing.T) {
		session(t, db, wang, "long", start)
		for at := time.Duration(0); at < review.SessionAbsolute; at += 20 * time.Minute {
			if _, _, err := db.Session(t.Context(), "long", start.Add(at)); err != nil {
				t.Fatalf("after %v: %v", at, err)
			}
		}
		if _, _, err := db.Session(t.Context(), "long", start.Add(review.SessionAbsolute)); !errors.Is(err, corpus.ErrNotFound) {
			t.Errorf("after twelve hours: %v", err)
		}
	})
	if got, p, err := db.Session(t.Context(), "a", start); err != nil || p.ID != wang.ID || len(got.Agent) > 200 || !strings.HasPrefix(got.Agent, "йй") {
		t.Errorf("got %+v of %s, %v", got, p.Login, err)
	}
}

// sessionScene is a person with one session.
type sessionScene struct {
	db *store.DB
	p  review.Person
}

func newSessionScene(t *testing.T) *sessionScene {
	t.Helper()
	f := &sessionScene{db: open(t)}
	f.p = person(t, f.db, "wang", review.RoleReviewer, "CN")
	session(t, f.db, f.p, "s", start)
	return f
}

func TestWhatEndsSessions(t *testing.T) {
	cases := []struct {
		name string
		do   func(t *testing.T, f *sessionScene) error
		ends bool
	}{
		{"another name", func(t *testing.T, f *sessionScene) error {
			f.p.Name = "x"
			return f.db.SavePerson(t.Context(), f.p, "cli")
		}, false},
		{"another role", func(t *testing.T, f *sessionScene) error {
			f.p.Role = review.RoleAdmin
			return f.db.SavePerson(t.Context(), f.p, "cli")
		}, true},
		{"another party", func(t *testing.T, f *sessionScene) error {
			f.p.Party = "RU"
			return f.db.SavePerson(t.Context(), f.p, "cli")
		}, true},
		{"disabled", func(t *testing.T, f *sessionScene) error {
			f.p.Disabled = true
			return f.db.SavePerson(t.Context(), f.p, "cli")
		}, true},
		{"a new password", func(t *testing.T, f *sessionScene) error { return f.db.SetPassword(t.Context(), f.p.ID, "h", "cli") }, true},
		{"signing out", func(t *testing.T, f *sessionScene) error { return f.db.EndSession(t.Context(), "s") }, true},
		{"signing out everywhere", func(t *testing.T, f *sessionScene) error { return f.db.EndSessions(t.Context(), f.p.ID) }, true},
		{"another session's end", func(t *testing.T, f *sessionScene) error { return f.db.EndSession(t.Context(), "other") }, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := newSessionScene(t)
			if err := c.do(t, f); err != nil {
				t.Fatal(err)
			}
			_, _, err := f.db.Session(t.Context(), "s", start)
			if errors.Is(err, corpus.ErrNotFound) != c.ends {
				t.Errorf("got %v, ends should be %v", err, c.ends)
			}
			list, err := f.db.Sessions(t.Context(), f.p.ID)
			if err != nil || (len(list) == 0) != c.ends {
				t.Errorf("%d sessions are left, %v", len(list), err)
			}
		})
	}
}

func TestInvitesWorkOnce(t *testing.T) {
	db := open(t)
	wang := person(t, db, "wang", review.RoleReviewer, "CN")
	invite := func(hash string) {
		t.Helper()
		if err := db.NewInvite(t.Context(), wang.ID, hash, start.Add(review.InviteLife)); err != nil {
			t.Fatal(err)
		}
	}
	use := func(hash string, at time.Time) error {
		_, err := db.UseInvite(t.Context(), hash, at)
		return err
	}
	invite("first")
	if p, err := db.Invite(t.Context(), "first", start); err != nil || p.ID != wang.ID {
		t.Errorf("looking shows %+v, %v", p, err)
	}
	if err := use("first", start.Add(review.InviteLife)); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("too late gives %v", err)
	}
	if err := use("first", start); err != nil {
		t.Errorf("the first use gives %v", err)
	}
	if err := use("first", start); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("the second use gives %v", err)
	}
	invite("second")
	invite("third")
	if err := use("second", start); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("a link that a newer one replaced gives %v", err)
	}
	if err := db.SetPassword(t.Context(), wang.ID, "h", "cli"); err != nil {
		t.Fatal(err)
	}
	if err := use("third", start); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("a link from before the password was set gives %v", err)
	}
	invite("fourth")
	wang.Disabled = true
	if err := db.SavePerson(t.Context(), wang, "cli"); err != nil {
		t.Fatal(err)
	}
	if err := use("fourth", start); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("a disabled person's link gives %v", err)
	}
	if err := db.NewInvite(t.Context(), uuid.New(), "x", start); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("a link for nobody gives %v", err)
	}
}

func TestKeys(t *testing.T) {
	db := open(t)
	admin := person(t, db, "root", review.RoleAdmin, "CN")
	k := review.Key{ID: "k1", Name: "portal", Hash: "h", Scopes: []review.Scope{review.ScopeSearch, review.ScopeRead}, Created: start, Expires: start.Add(review.KeyLife), By: admin.ID}
	if err := db.NewKey(t.Context(), k, admin.ID.String()); err != nil {
		t.Fatal(err)
	}
	if got, err := db.KeyByID(t.Context(), "k1"); err != nil || !reflect.DeepEqual(got, k) {
		t.Errorf("got %+v, %v; want %+v", got, err, k)
	}
	if err := db.NewKey(t.Context(), k, "cli"); !errors.Is(err, corpus.ErrConflict) {
		t.Errorf("the same id again gives %v", err)
	}
	k2 := k
	k2.ID, k2.Expires = "k2", start.Add(review.KeyLife+time.Second)
	if err := db.NewKey(t.Context(), k2, "cli"); !errors.Is(err, corpus.ErrInvalid) {
		t.Errorf("more than a year gives %v", err)
	}
	for _, at := range []time.Duration{2 * time.Hour, 2*time.Hour + 59*time.Second} {
		if err := db.TouchKey(t.Context(), "k1", start.Add(at)); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := db.KeyByID(t.Context(), "k1"); err != nil || !got.LastUsed.Equal(start.Add(2*time.Hour)) {
		t.Errorf("use is noted once a minute, got %v, %v", got.LastUsed, err)
	}
	if err := db.EndKey(t.Context(), "k1", "cli"); err != nil {
		t.Fatal(err)
	}
	got, err := db.KeyByID(t.Context(), "k1")
	if err != nil || got.Allows(review.ScopeSearch, start) {
		t.Errorf("an ended key works still: %+v, %v", got, err)
	}
	ended := got.Ended
	if err := db.EndKey(t.Context(), "k1", "cli"); err != nil {
		t.Fatal(err)
	}
	if list, err := db.Keys(t.Context()); err != nil || len(list) != 1 || !list[0].Ended.Equal(ended) {
		t.Errorf("ended twice: %+v, %v", list, err)
	}
	if err := db.EndKey(t.Context(), "k9", "cli"); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("an unknown key gives %v", err)
	}
}

func TestDossierStandsAfterTheFirstAnswer(t *testing.T) {
	db := open(t)
	s := newScene(t, db, review.PolicyTwoReviewers, 1)
	s.dossier.Policy = review.PolicyOneReviewer
	if err := db.SaveDossier(t.Context(), s.dossier, "cli"); err != nil {
		t.Errorf("before the first answer the policy may change: %v", err)
	}
	s.decide(t, person(t, db, "wang", review.RoleReviewer, "CN"), opinion(s.matches[0], equivalent))
	s.dossier.Name = "Exits and stairs"
	if err := db.SaveDossier(t.Context(), s.dossier, "cli"); err != nil {
		t.Errorf("the name may always change: %v", err)
	}
	if got, err := db.Dossiers(t.Context()); err != nil || len(got) != 1 || !reflect.DeepEqual(got[0], s.dossier) {
		t.Errorf("got %+v, %v", got, err)
	}
	for name, edit := range map[string]func(*review.Dossier){
		"policy":  func(d *review.Dossier) { d.Policy = review.PolicyBothParties },
		"parties": func(d *review.Dossier) { d.Sides = append([]review.Side(nil), d.Sides...); d.Sides[1].Party = "KZ" },
	} {
		d := s.dossier
		edit(&d)
		if err := db.SaveDossier(t.Context(), d, "cli"); !errors.Is(err, corpus.ErrConflict) {
			t.Errorf("another %s gives %v", name, err)
		}
	}
	d := s.dossier
	d.Sides = []review.Side{d.Sides[0], {Party: "RU", Standards: []corpus.StandardID{"ru-unknown"}}}
	if err := db.SaveDossier(t.Context(), d, "cli"); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("an unknown standard gives %v", err)
	}
	if _, err := db.Dossier(t.Context(), uuid.New()); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("an unknown dossier gives %v", err)
	}
}
