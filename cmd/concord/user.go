package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

var userCommand = command{
	name: "user", args: "add LOGIN | invite LOGIN | disable LOGIN | enable LOGIN | reset-second LOGIN | list",
	summary: "add people, give them a one-time sign-in link, disable them",
	example: "concord user add li.na --name \"Li Na\" --role reviewer --party CN --langs zh,en,ru\nconcord user invite li.na",
	run:     runUser,
}

func runUser(ctx context.Context, e env, args []string) error {
	fs := e.flags()
	c := e.common(fs)
	c.json(fs)
	c.addr(e, fs)
	c.url(e, fs)
	person := review.Person{Role: review.RoleReviewer}
	fs.StringVar(&person.Name, "name", "", "the person's name")
	role := fs.String("role", string(review.RoleReviewer), "reader, reviewer, adjudicator, negotiator, importer or admin")
	party := fs.String("party", "", "the `party` the person speaks for: CN, RU ...")
	langs := fs.String("langs", "", "`languages` the person reads, separated by commas")
	words, err := parse(fs, args)
	if err != nil {
		return err
	}
	person.Role, person.Party, person.Languages = review.Role(*role), review.Party(*party), list[corpus.Language](*langs)
	p, err := e.openProgram(ctx, *c, true)
	if err != nil {
		return err
	}
	defer p.close()
	switch {
	case len(words) == 1 && words[0] == "list":
		return p.listPeople(ctx, e, *c)
	case len(words) != 2:
		return usage("one of add LOGIN, invite LOGIN, disable LOGIN, enable LOGIN, reset-second LOGIN, list")
	case words[0] == "add":
		return p.addPerson(ctx, e, *c, words[1], person)
	case words[0] == "invite":
		return p.invitePerson(ctx, e, *c, words[1])
	case words[0] == "reset-second":
		return p.resetSecond(ctx, e, words[1])
	case words[0] == "disable", words[0] == "enable":
		return p.enablePerson(ctx, e, words[1], words[0] == "enable")
	}
	return usage("%q is none of add, invite, disable, enable, reset-second, list", words[0])
}

// addPerson keeps a new person and prints the link that lets them choose a
// password.
func (p *program) addPerson(ctx context.Context, e env, c config, login string, person review.Person) error {
	if !slices.Contains(review.Roles, person.Role) {
		return usage("%q is not a role; the roles are reader, reviewer, adjudicator, negotiator, importer, admin", person.Role)
	}
	if person.Role.NeedsParty() && person.Party == "" {
		return usage("a %s speaks for a party, give --party", person.Role)
	}
	if _, _, err := p.store.PersonByLogin(ctx, login); err == nil {
		return fmt.Errorf("there is a person with the login %s already: %w", login, corpus.ErrConflict)
	} else if !errors.Is(err, corpus.ErrNotFound) {
		return err
	}
	made, err := p.newPerson(ctx, login, person)
	if err != nil {
		return err
	}
	link, err := p.invite(ctx, c, made)
	if err != nil {
		return err
	}
	return printLink(e, c, made, link)
}

// newPerson keeps a person under a new id.
func (p *program) newPerson(ctx context.Context, login string, person review.Person) (review.Person, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return review.Person{}, fmt.Errorf("make an id: %w", err)
	}
	person.ID, person.Login, person.Created = id, login, p.now().UTC()
	if person.Name == "" {
		person.Name = login
	}
	return person, p.store.SavePerson(ctx, person, "cli")
}

// invite makes a one-time link, good for review.InviteLife.
func (p *program) invite(ctx context.Context, c config, person review.Person) (string, error) {
	secret, err := review.NewSecret()
	if err != nil {
		return "", err
	}
	if err := p.store.NewInvite(ctx, person.ID, review.HashSecret(secret), p.now().Add(review.InviteLife)); err != nil {
		return "", err
	}
	return c.baseURL() + "/welcome/" + secret, nil
}

// invitePerson prints a new link for somebody who lost the password or the link.
func (p *program) invitePerson(ctx context.Context, e env, c config, login string) error {
	person, _, err := p.store.PersonByLogin(ctx, login)
	if err != nil {
		return err
	}
	link, err := p.invite(ctx, c, person)
	if err != nil {
		return err
	}
	return printLink(e, c, person, link)
}

func printLink(e env, c config, person review.Person, link string) error {
	if c.JSON {
		return printJSON(e.stdout, map[string]any{"id": person.ID, "login": person.Login, "link": link})
	}
	fmt.Fprintf(e.stdout, "%s (%s) can choose a password once within %s at\n  %s\n", person.Login, person.Role, review.InviteLife, link)
	return nil
}

// enablePerson lets somebody in again, or keeps them out and ends their sessions.
func (p *program) enablePerson(ctx context.Context, e env, login string, in bool) error {
	person, _, err := p.store.PersonByLogin(ctx, login)
	if err != nil {
		return err
	}
	person.Disabled = !in
	if err := p.store.SavePerson(ctx, person, "cli"); err != nil {
		return err
	}
	if in {
		fmt.Fprintf(e.stdout, "%s can sign in again\n", login)
		return nil
	}
	if err := p.store.EndSessions(ctx, person.ID); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "%s cannot sign in any more; the decisions stay\n", login)
	return nil
}

// resetSecond takes the second factor away from somebody who lost it, also from
// the only admin there is.
func (p *program) resetSecond(ctx context.Context, e env, login string) error {
	person, _, err := p.store.PersonByLogin(ctx, login)
	if err != nil {
		return err
	}
	if err := p.store.ResetSecondFactor(ctx, person.ID, "cli"); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "%s signs in with the password alone and is told so\n", login)
	return nil
}

func (p *program) listPeople(ctx context.Context, e env, c config) error {
	people, err := p.store.People(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(e.stdout, map[string]any{"people": people})
	}
	t := newTable(e.stdout, "LOGIN", "NAME", "ROLE", "PARTY", "LANGUAGES", "SINCE")
	for _, person := range people {
		role := string(person.Role)
		if person.Disabled {
			role += " (disabled)"
		}
		var langs []string
		for _, l := range person.Languages {
			langs = append(langs, string(l))
		}
		t.row(person.Login, person.Name, role, string(person.Party), strings.Join(langs, ","), person.Created.Format(time.DateOnly))
	}
	return t.flush()
}
