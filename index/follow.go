package index

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/blevesearch/bleve/v2"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// Source tells what changed after a mark, in order of the marks, at most limit
// at once. The store is one.
type Source interface {
	Changes(ctx context.Context, after int64, limit int) ([]corpus.Change, error)
}

// followPage is how many changes are taken in at once.
const followPage = 1000

// Follow takes in everything that changed since the last mark and returns how
// many clauses that were. The clauses and the new mark are written in one
// batch, so it can be stopped and repeated at any point. It calls progress,
// which may be nil, after each batch.
func (ix *Index) Follow(ctx context.Context, source Source, progress func(done int)) (int, error) {
	ix.following.Lock()
	defer ix.following.Unlock()
	ix.mu.RLock()
	gen := ix.gen
	ix.mu.RUnlock()
	if gen == nil {
		return 0, ErrClosed
	}
	done, err := ix.fill(ctx, gen, source, progress)
	if err != nil {
		return done, err
	}
	ix.setState(StateComplete)
	return done, nil
}

// Rebuild builds a new generation beside the one that answers and swaps them
// when it is complete.
func (ix *Index) Rebuild(ctx context.Context, source Source, progress func(done int)) error {
	ix.following.Lock()
	defer ix.following.Unlock()
	gen, err := ix.newGeneration(ix.currentNumber() + 1)
	if err != nil {
		return err
	}
	ix.setState(StateRebuilding)
	defer ix.setState(StateComplete)
	if err := uncleanTwice(gen.folder, ix.opts.Now()); err != nil {
		return fmt.Errorf("rebuild the search index: %w", err)
	}
	if _, err := ix.fill(ctx, gen, source, progress); err != nil {
		return fmt.Errorf("rebuild the search index: %w", err)
	}
	if err := ix.point(gen.number); err != nil {
		return err
	}
	ix.mu.Lock()
	old := ix.gen
	ix.gen = gen
	ix.mu.Unlock()
	ix.forgetStates()
	if old != nil {
		if err := old.close(); err != nil {
			ix.opts.Log.Warn("the old search index did not close", "cause", err)
		}
	}
	ix.sweep(gen.number)
	return nil
}

// fill takes changes into a generation until there are no more.
func (ix *Index) fill(ctx context.Context, gen *generation, source Source, progress func(int)) (int, error) {
	done := 0
	for {
		changes, err := source.Changes(ctx, gen.mark, followPage)
		if err != nil {
			return done, fmt.Errorf("ask what changed: %w", err)
		}
		if len(changes) == 0 {
			return done, nil
		}
		if err := ix.takeIn(gen, changes); err != nil {
			return done, err
		}
		done += len(changes)
		if progress != nil {
			progress(done)
		}
		if err := ctx.Err(); err != nil {
			return done, err
		}
	}
}

// forgetStates drops what is kept of states that are asked no more.
func (ix *Index) forgetStates() {
	ix.lists.forget()
	ix.said.forget()
}

// takeIn writes one page of changes: to each part its clauses, and to every
// part the page's last mark and the list of parts.
func (ix *Index) takeIn(gen *generation, changes []corpus.Change) error {
	ix.mu.Lock() // a new part changes the map that searches read
	for _, c := range changes {
		if _, err := gen.part(partName(c.Standard.Jurisdiction)); err != nil {
			ix.mu.Unlock()
			return err
		}
	}
	names := gen.names()
	ix.mu.Unlock()
	last := changes[len(changes)-1].Mark
	batches := map[string]*bleve.Batch{}
	for _, name := range names {
		b := gen.parts[name].NewBatch()
		b.SetInternal(keyMark, []byte(strconv.FormatInt(last, 10)))
		b.SetInternal(keyMembers, []byte(strings.Join(names, " ")))
		batches[name] = b
	}
	for _, c := range changes {
		if err := addChange(batches, partName(c.Standard.Jurisdiction), ix.lex, c); err != nil {
			return err
		}
	}
	for _, name := range names {
		if err := gen.parts[name].Batch(batches[name]); err != nil {
			return fmt.Errorf("write the search index of %s: %w", name, err)
		}
	}
	ix.forgetStates()
	ix.mu.Lock()
	defer ix.mu.Unlock()
	gen.mark = last
	return gen.readLanguages()
}

// addChange puts one change into its part's batch, and takes the clause out of
// the others, since a standard's jurisdiction can be corrected.
func addChange(batches map[string]*bleve.Batch, part string, lex *lexicon.Lexicon, c corpus.Change) error {
	id := string(c.Clause.ID)
	for name, b := range batches {
		if name != part {
			b.Delete(id)
		}
	}
	if c.Removed {
		batches[part].Delete(id)
		return nil
	}
	if err := batches[part].Index(id, document(lex, c)); err != nil {
		return fmt.Errorf("index clause %s: %w", id, err)
	}
	return nil
}

// partName is the folder of a jurisdiction's part.
func partName(j corpus.Jurisdiction) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return -1
	}, strings.ToLower(string(j)))
	if name == "" {
		return "none"
	}
	return name
}
