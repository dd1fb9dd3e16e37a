package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"concord/corpus"
	"concord/matcher"
)

// savedFrom is from how many clauses on a matcher's postings are saved beside the
// database: fewer are read anew in a few seconds.
const savedFrom = 5_000

// postingsFile is where they are saved: a cache, which may be deleted.
func (c config) postingsFile() string { return filepath.Join(c.Data, "cache", "postings") }

// gistsFile is where that is kept which the postings take of each clause, so that an
// import reads no text but the new ones: a cache like the other one.
func (c config) gistsFile() string { return filepath.Join(c.Data, "cache", "gists") }

// loadSaved loads a matcher over the whole store from the saved postings, or reads
// the clauses that are new where there are none that fit, and saves them. A file that
// is damaged or of other texts is replaced; one that cannot be written costs memory, and
// the next start time, and nothing else.
func (p *program) loadSaved(m *matcher.Matcher, standards []corpus.Standard, clauses matcher.Clauses) error {
	path := p.config.postingsFile()
	self, err := thisProgram()
	if err == nil {
		if err = m.LoadSaved(standards, clauses, path, self); err == nil {
			return nil
		}
	}
	switch {
	case errors.Is(err, os.ErrNotExist):
	case errors.Is(err, matcher.ErrStale):
		p.log.Info("the texts or terms changed, the postings are made anew", "file", path)
	default:
		p.log.Warn("the saved postings are not used, they are made anew", "file", path, "cause", err)
	}
	if err := p.loadKnown(m, standards, clauses, self); err != nil {
		return err
	}
	if self != "" {
		err := writePostings(m, path, self)
		if err == nil {
			err = m.Reopen(path, self)
		}
		if err != nil {
			p.log.Warn("the postings are not saved, the next start reads every clause again", "file", path, "cause", err)
		}
	}
	return nil
}

// loadKnown reads the clauses of which no gists are saved, and saves those of all.
func (p *program) loadKnown(m *matcher.Matcher, standards []corpus.Standard, clauses matcher.Clauses, self string) error {
	if self == "" {
		return m.LoadKnown(standards, clauses, matcher.Gists{})
	}
	path, known := p.config.gistsFile(), matcher.Gists{Program: self}
	if f, err := os.Open(path); err == nil {
		defer f.Close()
		if info, err := f.Stat(); err == nil {
			known.From, known.Size = f, info.Size()
		}
	}
	loaded := false
	load := func() error {
		return writeCache(path, func(w io.Writer) error {
			known.To = w
			err := m.LoadKnown(standards, clauses, known)
			loaded = err == nil
			return err
		})
	}
	err := load()
	if err != nil && !loaded && known.From != nil {
		if !errors.Is(err, matcher.ErrStale) {
			p.log.Warn("what is saved of the clauses is not used, every clause is read anew", "file", path, "cause", err)
		}
		known.From = nil
		err = load()
	}
	if err != nil {
		p.log.Warn("what was read of the clauses is not saved, the next import reads every clause again", "file", path, "cause", err)
	}
	if loaded {
		return nil
	}
	return m.LoadKnown(standards, clauses, matcher.Gists{})
}

// writePostings saves a matcher's postings, whole or not at all.
func writePostings(m *matcher.Matcher, path, self string) error {
	return writeCache(path, func(w io.Writer) error { return m.Save(w, self) })
}

// writeCache writes a file of the cache, whole or not at all.
func writeCache(path string, write func(io.Writer) error) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return writeWhole(path, write)
}

// thisProgram fingerprints the program that runs: another one may read texts
// otherwise, and what it saved is not used.
var thisProgram = sync.OnceValues(func() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("name this program: %w", err)
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, bufio.NewReaderSize(f, 1<<20)); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
})
