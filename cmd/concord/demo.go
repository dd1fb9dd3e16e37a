package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/corpus/reader"
	"concord/corpus/samples"
	"concord/matcher"
	"concord/review"
	"concord/web"
)

var demoCommand = command{
	name: "demo", args: "",
	summary: "try everything on the built-in sample corpus",
	example: "concord demo --no-serve --data /tmp/concord-demo",
	run:     runDemo,
}

// adminPerson is who runs the installation.
var adminPerson = review.Person{Name: "Administrator", Role: review.RoleAdmin, Languages: []corpus.Language{"en"}}

func runDemo(ctx context.Context, e env, args []string) error {
	fs := e.flags()
	c := e.common(fs)
	c.addr(e, fs)
	c.url(e, fs)
	noServe := fs.Bool("no-serve", false, "stop after printing what was found")
	if _, err := parse(fs, args); err != nil {
		return err
	}
	p, err := e.openProgram(ctx, *c, true)
	if err != nil {
		return err
	}
	defer p.close()
	ix, err := p.openIndex(ctx)
	if err != nil {
		return err
	}
	d := demo{program: p, env: e}
	if err := d.prepare(ctx); err != nil {
		return errors.Join(err, ix.Close())
	}
	if _, err := p.followIndex(ctx, e, ix); err != nil {
		return errors.Join(err, ix.Close())
	}
	if err := d.summary(ctx); err != nil {
		return errors.Join(err, ix.Close())
	}
	if *noServe {
		return ix.Close()
	}
	debug.FreeOSMemory() // what was needed to fill the folder is not needed to serve
	return errors.Join(p.serve(ctx, e, ix, web.Config{}), ix.Close())
}

// demo fills an empty data folder with the sample corpus and a beginning of
// review, through the same code as everything else. Run again, it adds what is
// missing and changes nothing.
type demo struct {
	*program
	env env
}

// demoPeople are those who have answered in the demonstration; their links are
// printed, so that one can sign in as each side.
func demoPeople(parties []review.Party) []review.Person {
	people := []review.Person{adminPerson, {Name: "Demo adjudicator", Role: review.RoleAdjudicator, Party: "JOINT", Languages: []corpus.Language{"en", "zh", "ru"}}}
	people[0].Login, people[1].Login = "admin", "judge"
	for _, party := range parties {
		people = append(people, review.Person{
			Login: strings.ToLower(string(party)), Name: "Demo reviewer " + string(party), Role: review.RoleReviewer,
			Party: party, Languages: []corpus.Language{"en"},
		})
	}
	return people
}

// prepare reads, keeps, matches and begins the review.
func (d demo) prepare(ctx context.Context) error {
	if err := d.readSamples(ctx); err != nil {
		return err
	}
	dossiers, err := samples.Dossiers()
	if err != nil {
		return err
	}
	var parties []review.Party
	for _, sample := range dossiers {
		for _, side := range sample.Sides {
			if !slices.Contains(parties, review.Party(side.Party)) {
				parties = append(parties, review.Party(side.Party))
			}
		}
	}
	slices.Sort(parties)
	people, err := d.people(ctx, parties)
	if err != nil {
		return err
	}
	m, err := d.loadMatcher(ctx)
	if err != nil {
		return err
	}
	for _, sample := range dossiers {
		dossier, fresh, err := d.dossier(ctx, sample)
		if err != nil {
			return err
		}
		if !fresh {
			continue
		}
		if err := d.propose(ctx, m, dossier); err != nil {
			return err
		}
		if err := d.answer(ctx, m, dossier, people); err != nil {
			return err
		}
	}
	return nil
}

// readSamples imports the embedded standards.
func (d demo) readSamples(ctx context.Context) error {
	files := samples.Standards()
	names, err := fs.Glob(files, "*.md")
	if err != nil {
		return fmt.Errorf("list the sample standards: %w", err)
	}
	rows := d.importFiles(ctx, d.env, source{func(name string) (io.ReadCloser, error) { return files.Open(name) }, readHere}, names, reader.Hint{}, keeping{})
	for _, row := range rows {
		if row.Done == doneFailed {
			return fmt.Errorf("the sample %s cannot be read: %s", row.File, strings.Join(problemLines(row), "; "))
		}
	}
	return nil
}

// people keeps the demonstration's people and returns them by party.
func (d demo) people(ctx context.Context, parties []review.Party) (map[review.Party]review.Person, error) {
	out := map[review.Party]review.Person{}
	for _, person := range demoPeople(parties) {
		have, _, err := d.store.PersonByLogin(ctx, person.Login)
		if errors.Is(err, corpus.ErrNotFound) {
			have, err = d.newPerson(ctx, person.Login, person)
		}
		if err != nil {
			return nil, err
		}
		out[have.Party] = have
	}
	return out, nil
}

// dossier keeps a sample dossier under an id made of its name, and tells
// whether it is new.
func (d demo) dossier(ctx context.Context, sample samples.Dossier) (review.Dossier, bool, error) {
	id := uuid.NewSHA1(uuid.NameSpaceURL, []byte("concord:demo:"+sample.Name))
	have, err := d.store.Dossier(ctx, id)
	if err == nil {
		return have, false, nil
	}
	if !errors.Is(err, corpus.ErrNotFound) {
		return review.Dossier{}, false, err
	}
	dossier := review.Dossier{ID: id, Name: sample.Name, Domain: sample.Domain, Policy: review.Policy(sample.Policy), Created: d.now().UTC()}
	for _, side := range sample.Sides {
		dossier.Sides = append(dossier.Sides, review.Side{Party: review.Party(side.Party), Standards: side.Standards})
	}
	if err := dossier.Check(); err != nil {
		return review.Dossier{}, false, err
	}
	return dossier, true, d.store.SaveDossier(ctx, dossier, "cli")
}

// propose matches the first side's standards against the others'.
func (d demo) propose(ctx context.Context, m *matcher.Matcher, dossier review.Dossier) error {
	run, err := d.store.AddRun(ctx, dossier.ID, review.RunRequest{Kind: review.RunWhole, Least: keptConfidence}, "cli", review.RunCommand)
	if err != nil {
		return err
	}
	_, err = d.matchHere(ctx, d.env, run, func(context.Context) (*matcher.Matcher, error) { return m, nil })
	return err
}

// summary prints what is there and how to sign in.
func (d demo) summary(ctx context.Context) error {
	holdings, err := d.store.Standards(ctx)
	if err != nil {
		return err
	}
	clauses, jurisdictions, languages := 0, map[corpus.Jurisdiction]bool{}, map[corpus.Language]bool{}
	for _, h := range holdings {
		clauses += h.Clauses
		jurisdictions[h.Standard.Jurisdiction], languages[h.Standard.Language.Base()] = true, true
	}
	out := d.env.stdout
	fmt.Fprintf(out, "\n%d standards, %d clauses, %d jurisdictions, %d languages\n", len(holdings), clauses, len(jurisdictions), len(languages))
	dossiers, err := d.store.Dossiers(ctx)
	if err != nil {
		return err
	}
	t := newTable(out, "DOSSIER", "POLICY", "MATCHES", "CONFIRMED", "ONE OPINION", "DISPUTED", "PROPOSED")
	for _, dossier := range dossiers {
		cells := []string{dossier.Name, string(dossier.Policy)}
		for _, states := range [][]review.State{nil, {review.StateConfirmed}, {review.StateOpinion}, {review.StateDisputed}, {review.StateProposed}} {
			page, err := d.store.Matches(ctx, review.Filter{Dossier: dossier.ID, States: states, Limit: 1})
			if err != nil {
				return err
			}
			cells = append(cells, fmt.Sprint(page.Total))
		}
		t.row(cells...)
	}
	if err := t.flush(); err != nil {
		return err
	}
	return d.links(ctx)
}

// links prints a one-time sign-in link for everybody who has no password yet.
func (d demo) links(ctx context.Context) error {
	people, err := d.store.People(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(d.env.stdout, "\nThe texts are a demonstration in our own words, not the official standards.\nSign in once with one of these links and choose a password:\n")
	for _, person := range people {
		_, hash, err := d.store.PersonByLogin(ctx, person.Login)
		if err != nil {
			return err
		}
		if hash != "" {
			fmt.Fprintf(d.env.stdout, "  %-8s %-12s has a password\n", person.Login, person.Role)
			continue
		}
		link, err := d.invite(ctx, d.config, person)
		if err != nil {
			return err
		}
		fmt.Fprintf(d.env.stdout, "  %-8s %-12s %s\n", person.Login, person.Role, link)
	}
	return nil
}
