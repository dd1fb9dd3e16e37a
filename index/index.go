package index

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/blevesearch/bleve/v2/search/searcher"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// Errors of opening, told apart with errors.Is.
var (
	// ErrInUse says that another process has the index open.
	ErrInUse = errors.New("the search index is in use by another process")
	// ErrClosed says that the index was closed.
	ErrClosed = errors.New("the search index is closed")
)

// Options are what may be chosen when opening.
type Options struct {
	// Probe opens an index folder read-only and reads from it, best in a child
	// process, because a damaged file can end the process that reads it. Nil
	// probes within this process.
	Probe func(ctx context.Context, folder string) error
	// Database names the store that is followed; an index of another one (a
	// restored backup has a name of its own) is built anew. "" does not ask.
	Database string
	Log      *slog.Logger // nil is silent
	// Translations gives the learned translations that queries use; nil has none.
	Translations Translations
	Now          func() time.Time
}

// Index finds clauses. It is safe for use by many at once.
//
// On disk it is a folder of generations: gen-000001/cn, gen-000001/ru, ... one
// Bleve index per jurisdiction; CURRENT names the generation that answers.
type Index struct {
	folder string
	lex    *lexicon.Lexicon
	opts   Options
	gate   gate
	lock   *os.File

	following sync.Mutex // one Follow or Rebuild at a time
	columns   columns
	lists     lists
	readings  kept[readText, lexicon.Reading]
	said      kept[saidKey, string]
	narrower  map[lexicon.ConceptID][]lexicon.ConceptID
	kin       map[lexicon.ConceptID][]lexicon.ConceptID
	learned   atomic.Pointer[dictionary]

	mu    sync.RWMutex
	gen   *generation // nil when closed
	state string
}

// The states of an index: how complete its answers are.
const (
	StateComplete   = "complete"
	StateRebuilding = "rebuilding" // answers come from the old generation
	StateReduced    = "reduced"    // was damaged or missing, is being filled
)

// Open opens the index in a folder, or makes a new one. It checks what is
// there: the lock, the mapping's version, the checksum of every file, and a
// probe that reads it; anything doubtful is thrown away, since Follow builds it
// anew from the store. Errors: ErrInUse, or why the folder cannot be used.
func Open(ctx context.Context, folder string, lex *lexicon.Lexicon, opts Options) (*Index, error) {
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	searcher.DisjunctionMaxClauseCount = 1024
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("open the search index: %w", err)
	}
	lock, err := lockFolder(folder)
	if err != nil {
		return nil, err
	}
	ix := &Index{folder: folder, lex: lex, opts: opts, gate: newGate(), lock: lock, state: StateComplete, narrower: narrower(lex), kin: lex.Kin()}
	if err := ix.openCurrent(ctx); err != nil {
		_ = lock.Close()
		return nil, err
	}
	return ix, nil
}

// maxNarrower bounds how many narrower concepts stand for a concept in a query.
const maxNarrower = 24

// narrower lists the concepts right below each concept, without those that have
// too many to say anything.
func narrower(lex *lexicon.Lexicon) map[lexicon.ConceptID][]lexicon.ConceptID {
	out := map[lexicon.ConceptID][]lexicon.ConceptID{}
	for _, c := range lex.Concepts() {
		if c.Broader != "" {
			out[c.Broader] = append(out[c.Broader], c.ID)
		}
	}
	maps.DeleteFunc(out, func(_ lexicon.ConceptID, list []lexicon.ConceptID) bool { return len(list) > maxNarrower })
	return out
}

// version is what a generation was built as: the mapping, and the database it
// follows.
func (o Options) version() string { return strings.TrimSpace(mappingVersion + " " + o.Database) }

// lockFolder takes the folder's lock, which names its holder.
func lockFolder(folder string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(folder, "LOCK"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the search index: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		holder := make([]byte, 20)
		n, _ := f.ReadAt(holder, 0)
		_ = f.Close()
		return nil, fmt.Errorf("%w (process %s)", ErrInUse, strings.TrimSpace(string(holder[:n])))
	}
	if err := f.Truncate(0); err == nil {
		_, err = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
		if err != nil {
			_ = f.Close()
			return nil, fmt.Errorf("open the search index: %w", err)
		}
	}
	return f, nil
}

// openCurrent opens the generation that answers, or begins an empty one when
// there is none that can be trusted.
func (ix *Index) openCurrent(ctx context.Context) error {
	n := ix.currentNumber()
	if n > 0 {
		gen, err := ix.openGeneration(ctx, n)
		if err == nil {
			ix.gen = gen
			ix.sweep(n)
			return nil
		}
		ix.opts.Log.Warn("the search index is rebuilt", "cause", err)
		ix.state = StateReduced
	}
	gen, err := ix.newGeneration(n + 1)
	if err != nil {
		return err
	}
	if err := ix.point(gen.number); err != nil {
		return err
	}
	ix.gen = gen
	ix.sweep(gen.number)
	return nil
}

// Close ends the index; searches after it fail with ErrClosed.
func (ix *Index) Close() error {
	ix.following.Lock()
	defer ix.following.Unlock()
	ix.mu.Lock()
	gen := ix.gen
	ix.gen = nil
	ix.mu.Unlock()
	if gen == nil {
		return nil
	}
	err := gen.close()
	if e := os.Remove(filepath.Join(gen.folder, dirtyMark)); e != nil && !os.IsNotExist(e) {
		err = errors.Join(err, e)
	}
	return errors.Join(err, ix.lock.Close())
}

// State says how complete answers are.
func (ix *Index) State() string {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return ix.state
}

func (ix *Index) setState(s string) {
	ix.mu.Lock()
	ix.state = s
	ix.mu.Unlock()
}

// Mark is the mark of the last change that was taken in.
func (ix *Index) Mark() int64 {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if ix.gen == nil {
		return 0
	}
	return ix.gen.mark
}

// Number is that of the generation that answers, 0 when the index is closed.
func (ix *Index) Number() int {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if ix.gen == nil {
		return 0
	}
	return ix.gen.number
}

// Count is the number of clauses in the index.
func (ix *Index) Count() (int, error) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if ix.gen == nil {
		return 0, ErrClosed
	}
	return ix.gen.count()
}

// Naming counts, for each of some concepts, the clauses that name it, in any language.
func (ix *Index) Naming(ctx context.Context, concepts ...lexicon.ConceptID) (map[lexicon.ConceptID]int, error) {
	count, err := ix.counter(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[lexicon.ConceptID]int, len(concepts))
	for _, id := range concepts {
		out[id] = int(count.of(fieldNeutral, tokenConcept+string(id)))
	}
	return out, errors.Join(count.err, count.close())
}

// present lists the languages of the texts in the index.
func (ix *Index) present() []corpus.Language {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if ix.gen == nil {
		return nil
	}
	return ix.gen.languages
}

// currentNumber reads which generation answers; 0 when none.
func (ix *Index) currentNumber() int {
	b, err := os.ReadFile(filepath.Join(ix.folder, "CURRENT"))
	if err != nil {
		return 0
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil || n < 1 {
		return 0
	}
	return n
}

// point makes a generation the one that answers, by writing CURRENT beside and
// renaming it into place.
func (ix *Index) point(n int) error {
	path := filepath.Join(ix.folder, "CURRENT")
	if err := writeSynced(path+".new", []byte(strconv.Itoa(n)+"\n")); err != nil {
		return fmt.Errorf("name the current search index: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("name the current search index: %w", err)
	}
	return syncFolder(ix.folder)
}

// sweep removes the generations that do not answer.
func (ix *Index) sweep(keep int) {
	entries, err := os.ReadDir(ix.folder)
	if err != nil {
		return
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "gen-") && e.Name() != generationName(keep) {
			if err := os.RemoveAll(filepath.Join(ix.folder, e.Name())); err != nil {
				ix.opts.Log.Warn("an old search index stays", "folder", e.Name(), "cause", err)
			}
		}
	}
}

// writeSynced writes a file and waits until it is on the disk.
func writeSynced(path string, body []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(body)
	return errors.Join(err, f.Sync(), f.Close())
}

// syncFolder waits until a folder's entries are on the disk.
func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
