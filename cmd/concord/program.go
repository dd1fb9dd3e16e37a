package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"sync/atomic"
	"time"

	"concord/corpus"
	"concord/corpus/embedding"
	"concord/corpus/lexicon"
	"concord/index"
	"concord/matcher"
	"concord/review"
	"concord/store"
)

// program is the parts, put together. A part that a command does not need is
// not opened.
type program struct {
	config config
	log    *slog.Logger
	now    func() time.Time

	store   *store.DB
	lexicon *lexicon.Lexicon // with the users' terms as they were when the program began
	terms   *understanding   // with those there are now

	embedder     embedding.Source // nil unless an endpoint is named
	embeddedMark atomic.Int64     // counts the times that new vectors came
}

// openProgram opens the store and the lexicon in the data folder, making the
// folder when create is set; otherwise a missing database is an error that says
// how to begin.
func (e env) openProgram(ctx context.Context, c config, create bool) (*program, error) {
	if _, err := os.Stat(c.database()); err != nil && !create {
		return nil, fmt.Errorf("there is no database in %s, begin with `concord demo` or `concord import`: %w", c.Data, corpus.ErrNotFound)
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	p := &program{config: c, now: time.Now, log: slog.New(slog.NewTextHandler(e.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))}
	lex, err := lexicon.Load()
	if err != nil {
		return nil, err
	}
	p.store, err = store.Open(ctx, c.database(), store.Options{Now: p.now, SecondKey: c.SecondKey})
	if err != nil {
		return nil, err
	}
	p.terms = &understanding{shipped: lex}
	if err := p.terms.refresh(ctx, p.store); err != nil {
		return nil, errors.Join(err, p.store.Close())
	}
	p.lexicon = p.terms.now.Load()
	return p, nil
}

// close closes what was opened.
func (p *program) close() error { return p.store.Close() }

// openIndex opens the search index; the caller closes it.
func (p *program) openIndex(ctx context.Context) (*index.Index, error) {
	return index.Open(ctx, p.config.indexFolder(), p.lexicon, index.Options{Probe: probeInChild, Database: p.indexed(), Log: p.log, Now: p.now, Translations: p.store})
}

// indexed names what the index is made from: the database, and the terms that its
// clauses were read with. Other terms make another index.
func (p *program) indexed() string {
	if revision := p.terms.began; revision > 0 {
		return fmt.Sprintf("%s terms %d", p.store.Generation(), revision)
	}
	return p.store.Generation()
}

// probeInChild reads a part of the index in a process of its own, since a
// damaged file can end the process that reads it.
func probeInChild(ctx context.Context, part string) error {
	self, err := os.Executable()
	if err != nil {
		return index.Probe(ctx, part)
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, self, probeCommand.name, part).CombinedOutput()
	if err != nil {
		return fmt.Errorf("probe: %w: %s", err, plain(short(string(out), 200)))
	}
	return nil
}

// followIndex brings the index up to date with the store, showing how far it is.
func (p *program) followIndex(ctx context.Context, e env, ix *index.Index) (int, error) {
	last, err := p.store.LastMark(ctx)
	if err != nil {
		return 0, err
	}
	todo := int(last - ix.Mark())
	if todo <= 0 {
		return 0, nil
	}
	bar := e.startProgress("indexing")
	n, err := ix.Follow(ctx, p.store, func(done int) { bar.at(done, max(todo, done)) })
	if err != nil {
		return n, err
	}
	bar.end("%d clauses", n)
	return n, nil
}

// indexAfterImport follows the store, unless a server has the index: then the
// server follows by itself.
func (p *program) indexAfterImport(ctx context.Context, e env) error {
	ix, err := p.openIndex(ctx)
	if errors.Is(err, index.ErrInUse) {
		fmt.Fprintln(e.stderr, "a running server has the search index and follows by itself")
		return nil
	}
	if err != nil {
		return err
	}
	_, err = p.followIndex(ctx, e, ix)
	return errors.Join(err, ix.Close())
}

// loadMatcher reads every clause of the given standards (all when none) and
// makes a matcher over them.
func (p *program) loadMatcher(ctx context.Context, only ...corpus.StandardID) (*matcher.Matcher, error) {
	model, err := p.model(ctx)
	if err != nil {
		return nil, err
	}
	return p.matcherWith(ctx, model, only...)
}

// matcherWith makes a matcher with a model, as loadMatcher does.
func (p *program) matcherWith(ctx context.Context, model matcher.Model, only ...corpus.StandardID) (*matcher.Matcher, error) {
	holdings, err := p.store.Standards(ctx)
	if err != nil {
		return nil, err
	}
	var standards []corpus.Standard
	size := 0
	for _, h := range holdings {
		if len(only) == 0 || slices.Contains(only, h.Standard.ID) {
			standards = append(standards, h.Standard)
			size += h.Clauses
		}
	}
	corpus.SortRows(standards, func(a, b corpus.Standard) int { return cmp.Compare(a.ID, b.ID) })
	clauses := func(yield func([]corpus.Clause, error) bool) { // the matcher keeps what it needs
		for _, s := range standards {
			if part, err := p.store.ClausesOf(ctx, s.ID); !yield(part, err) || err != nil {
				return
			}
		}
	}
	tables, err := p.store.TranslationsInUse(ctx)
	if err != nil {
		return nil, err
	}
	m := matcher.NewLearned(p.terms.now.Load(), model, tables...)
	if err := p.embed(ctx, m); err != nil {
		return nil, err
	}
	if len(only) == 0 && size >= savedFrom {
		return m, p.loadSaved(m, standards, clauses)
	}
	if err := m.LoadKnown(standards, clauses, matcher.Gists{}); err != nil {
		return nil, err
	}
	return m, nil
}

// desk is where decisions are made.
func (p *program) desk() *review.Desk { return &review.Desk{Records: p.store, Now: p.now} }
