package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/index"
	"concord/matcher"
	"concord/review"
	"concord/store"
	"concord/web"
)

var serveCommand = command{
	name: "serve", args: "",
	summary: "serve the pages and the interface",
	example: "concord serve --data /var/lib/concord --addr 127.0.0.1:8080 --url https://concord.ministry.example",
	run:     runServe,
}

// version is the program's, shown in footers and exports.
const version = "0.1.0"

func runServe(ctx context.Context, e env, args []string) error {
	fs := e.flags()
	c := e.common(fs)
	c.addr(e, fs)
	c.url(e, fs)
	required := fs.String("require-totp", e.setting("CONCORD_REQUIRE_TOTP", ""), "`roles` that must set up a second factor, separated by commas: admin,adjudicator (CONCORD_REQUIRE_TOTP)")
	open := fs.String("reconcile-open", e.setting("CONCORD_RECONCILE_OPEN", ""), "who may reconcile without a key: `loopback`, for programs on this machine, or all; only standards whose texts or excerpts may be shown (CONCORD_RECONCILE_OPEN)")
	proxies := fs.String("trusted-proxy", e.setting("CONCORD_TRUSTED_PROXY", ""), "`addresses` or networks of proxies whose X-Forwarded-For is believed, separated by commas (CONCORD_TRUSTED_PROXY; default none)")
	fs.StringVar(&c.Backups, "backups", e.setting("CONCORD_BACKUPS", ""), "`folder` that the server writes backups into (CONCORD_BACKUPS; default backups in the data folder, better another disk)")
	provider, endpoint := e.oidc(fs), e.embeddings(fs)
	if _, err := parse(fs, args); err != nil {
		return err
	}
	elsewhere, err := provider()
	if err != nil {
		return err
	}
	embedder, err := endpoint()
	if err != nil {
		return err
	}
	secondFactor := list[review.Role](*required)
	for _, role := range secondFactor {
		if !slices.Contains(review.Roles, role) {
			return usage("%q in --require-totp is not a role; the roles are %v", role, review.Roles)
		}
	}
	if !slices.Contains([]string{web.ReconcileClosed, web.ReconcileLoopback, web.ReconcileAll}, *open) {
		return usage("--reconcile-open is loopback or all, not %q", *open)
	}
	p, err := e.openProgram(ctx, *c, true)
	if err != nil {
		return err
	}
	defer p.close()
	p.embedder = embedder
	if err := p.store.SecondProblem(ctx); err != nil {
		fmt.Fprintln(e.stderr, "warning:", err) // recovery codes work, and an administrator can reset
	}
	ix, err := p.openIndex(ctx)
	if err != nil {
		return err
	}
	if err := p.firstAdmin(ctx, e, *c); err != nil {
		return errors.Join(err, ix.Close())
	}
	return errors.Join(p.serve(ctx, e, ix, web.Config{RequireSecondFactor: secondFactor, OIDC: elsewhere, ReconcileOpen: *open, TrustedProxies: list[string](*proxies)}), ix.Close())
}

// firstAdmin prints a one-time link when nobody can sign in yet.
func (p *program) firstAdmin(ctx context.Context, e env, c config) error {
	people, err := p.store.People(ctx)
	if err != nil || len(people) > 0 {
		return err
	}
	return p.addPerson(ctx, e, c, "admin", adminPerson)
}

// serve answers until the context ends, while the index follows the store. What
// was asked on the command line is taken from asked.
func (p *program) serve(ctx context.Context, e env, ix *index.Index, asked web.Config) error {
	live := &liveMatcher{program: p}
	children := newChildReader(p.config)
	defer children.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	dossiers, err := newRuns(ctx, p, live.current)
	if err != nil {
		return err
	}
	defer dossiers.wait()
	defer cancel()
	care := &keeper{program: p, ix: ix, children: children, runs: dossiers, started: p.now(), ctx: ctx}
	if _, err := care.signingKey(); err != nil {
		return err
	}
	defer care.work.Wait()
	defer cancel()
	server, err := web.New(web.Config{
		Store: p.store, Records: p.store, Search: ix, Read: p.terms, Compare: live, Propose: live, Runs: dossiers, Learn: &learner{program: p}, Keeper: care, Import: importer{p, children.Read, children.Draw}, Label: p.label, Effects: p, Concepts: p.terms.shipped.Concepts(), BaseURL: p.config.baseURL(), Version: version,
		Unavailable: []error{index.ErrBusy, index.ErrClosed, store.ErrReadOnly}, RequireSecondFactor: asked.RequireSecondFactor, OIDC: asked.OIDC, ReconcileOpen: asked.ReconcileOpen, TrustedProxies: asked.TrustedProxies, Exports: filepath.Join(p.config.Data, "exports"), Now: p.now, Log: p.log,
	})
	if err != nil {
		return err
	}
	var background sync.WaitGroup
	background.Go(func() { p.keepFollowing(ctx, ix) })
	background.Go(func() { care.backUpByItself(ctx) })
	background.Go(func() { p.keepEmbedding(ctx) })
	fmt.Fprintf(e.stderr, "Concord serves %s; stop it with Ctrl+C\n", p.config.baseURL())
	err = server.Serve(ctx, p.config.Addr)
	cancel()
	background.Wait()
	return err
}

// label names a concept in a language.
func (p *program) label(id lexicon.ConceptID, in corpus.Language) string {
	concept, known := p.terms.now.Load().Concept(id)
	if !known {
		return ""
	}
	return concept.Label(in)
}

// followEvery is how often the server looks for changes that other processes
// made.
const followEvery = 2 * time.Second

// keepFollowing brings the index up to date until the context ends.
func (p *program) keepFollowing(ctx context.Context, ix *index.Index) {
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	compared := int64(-1) // the mark that sets were compared at
	for {
		if err := p.terms.refresh(ctx, p.store); err != nil && ctx.Err() == nil {
			p.log.Error("the terms do not follow", "cause", err)
		}
		if _, err := ix.Follow(ctx, p.store, nil); err != nil && ctx.Err() == nil {
			p.log.Error("the search index does not follow", "cause", err)
		}
		if at, err := p.followSets(ctx, compared); err == nil {
			compared = at
		} else if ctx.Err() == nil {
			p.log.Error("the comparisons of sets do not follow", "cause", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// followSets compares the sets whose texts changed after a mark, and returns the
// mark that they were compared at.
func (p *program) followSets(ctx context.Context, after int64) (int64, error) {
	mark, err := p.store.LastMark(ctx)
	if err != nil || mark == after {
		return after, err
	}
	_, err = p.compareSets(ctx, uuid.Nil, false, p.bareMatcher)
	return mark, err
}

// liveMatcher is a matcher over everything in the store, made when it is first
// asked and made anew when the store has changed. It is safe for concurrent use.
type liveMatcher struct {
	program *program

	mu      sync.Mutex
	matcher *matcher.Matcher
	mark    int64
	learned int64 // mark of the translations it was made with
	terms   int64 // revision of the users' terms
	model   int   // number of the fitted model, 0 for the shipped one
	vectors int64 // count of the times that new vectors came
}

// current is the matcher over the store as it is now.
func (l *liveMatcher) current(ctx context.Context) (*matcher.Matcher, error) {
	mark, err := l.program.store.LastMark(ctx)
	if err != nil {
		return nil, err
	}
	learned, err := l.program.store.TranslationsMark(ctx)
	if err != nil {
		return nil, err
	}
	model, err := l.program.store.UsedModel(ctx)
	if err != nil {
		return nil, err
	}
	if err := l.program.terms.refresh(ctx, l.program.store); err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	terms, vectors := l.program.terms.revision.Load(), l.program.embeddedMark.Load()
	if l.matcher != nil && l.mark == mark && l.terms == terms && l.learned == learned && l.model == model && l.vectors == vectors {
		return l.matcher, nil
	}
	m, err := l.program.loadMatcher(ctx)
	if err != nil {
		return nil, err
	}
	l.matcher, l.mark, l.learned, l.terms, l.model, l.vectors = m, mark, learned, terms, model, vectors
	return m, nil
}

// Match proposes equivalents of a clause.
func (l *liveMatcher) Match(ctx context.Context, c corpus.Clause, among []corpus.StandardID, limit int) ([]matcher.Proposal, error) {
	m, err := l.current(ctx)
	if err != nil {
		return nil, err
	}
	found, err := m.Match(ctx, c, among, limit)
	if !errors.Is(err, matcher.ErrDamaged) {
		return found, err
	}
	l.program.log.Warn("the saved postings are not used, they are made anew", "cause", err)
	l.forget(m)
	if m, err = l.current(ctx); err != nil {
		return nil, err
	}
	return m.Match(ctx, c, among, limit)
}

// forget lets go of a matcher whose postings turned out damaged, if nobody has yet.
func (l *liveMatcher) forget(m *matcher.Matcher) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.matcher == m {
		l.matcher = nil
	}
}

// Compare compares two clauses.
func (l *liveMatcher) Compare(source, target corpus.Clause) matcher.Proposal {
	m, err := l.current(context.Background())
	if err != nil {
		l.program.log.Error("the matcher cannot be made", "cause", err)
		return matcher.Proposal{Source: source.ID, Target: target.ID}
	}
	return m.Compare(source, target)
}
