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

// loadSaved loads a matcher over the whole store from the saved postings, or reads
// every clause where there are none that fit, and saves them. A file that is damaged
// or of other texts is replaced; one that cannot be written costs the next start
// time and nothing else.
func (p *program) loadSaved(m *matcher.Matcher, standards []corpus.Standard, clauses []corpus.Clause) error {
	path := p.config.postingsFile()
	self, err := thisProgram()
	if err == nil {
		if err = readPostings(m, path, standards, clauses, self); err == nil {
			return nil
		}
	}
	switch {
	case errors.Is(err, os.ErrNotExist):
	case errors.Is(err, matcher.ErrStale):
		p.log.Info("the texts or terms changed, every clause is read anew", "file", path)
	default:
		p.log.Warn("the saved postings are not used, every clause is read anew", "file", path, "cause", err)
	}
	if err := m.Load(standards, clauses); err != nil {
		return err
	}
	if self != "" {
		if err := writePostings(m, path, self); err != nil {
			p.log.Warn("the postings are not saved, the next start reads every clause again", "file", path, "cause", err)
		}
	}
	return nil
}

// readPostings loads a matcher from a file.
func readPostings(m *matcher.Matcher, path string, standards []corpus.Standard, clauses []corpus.Clause, self string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	return m.LoadSaved(standards, clauses, f, info.Size(), self)
}

// writePostings saves a matcher's postings, whole or not at all.
func writePostings(m *matcher.Matcher, path, self string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return writeWhole(path, func(w io.Writer) error { return m.Save(w, self) })
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
