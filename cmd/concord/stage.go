package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/corpus/reader"
	"concord/corpus/staging"
)

// importer reads files of strangers in a child process, keeps what they say apart,
// and saves it when it is accepted. It stands behind the pages of imports.
type importer struct {
	*program
	read readFunc
	draw drawFunc // nil makes no pictures
}

// drawFunc makes pictures of pages of a file; childReader.Draw.
type drawFunc func(ctx context.Context, name string, file io.Reader, pages []int) (map[int][]byte, error)

// Stage reads one file and keeps each of its documents apart. The error is for a
// file that cannot be read, or of which something could not be kept.
func (p importer) Stage(ctx context.Context, name string, file io.Reader, hint staging.Hint, actor string) ([]staging.Import, error) {
	sum := sha256.New()
	kept, err := os.CreateTemp("", "concord-upload-")
	if err != nil {
		return nil, fmt.Errorf("%s: keep the file: %w", name, err)
	}
	defer os.Remove(kept.Name())
	defer kept.Close()
	beside := hint.Beside
	from := io.TeeReader(file, io.MultiWriter(sum, kept))
	docs, err := p.readRemembered(ctx, reader.Hint{Designation: hint.Designation, Jurisdiction: hint.Jurisdiction, Language: hint.Language,
		Domain: hint.Domain, Tradition: hint.Tradition, Rights: hint.Rights}, func(hint reader.Hint) ([]*corpus.Document, error) {
		if !hint.Columns.IsZero() { // the file was read once
			return p.read(ctx, name, io.NewSectionReader(kept, 0, math.MaxInt64), hint)
		}
		docs, err := p.read(ctx, name, from, hint)
		if err != nil {
			docs, err = p.withBeside(ctx, name, from, kept, beside, hint, err)
		}
		if err != nil {
			return nil, err
		}
		if _, err := io.Copy(io.Discard, from); err != nil { // what the reader had no need of
			return nil, fmt.Errorf("%s: read: %w", name, err)
		}
		return docs, nil
	})
	if err != nil {
		return nil, err
	}
	digest := hex.EncodeToString(sum.Sum(nil))
	var out []staging.Import
	for _, doc := range docs {
		i, err := p.store.Stage(ctx, name, digest, actor, doc)
		if err != nil {
			return out, err
		}
		out = append(out, i)
	}
	if len(out) == 0 {
		return out, nil
	}
	if _, err := kept.Seek(0, io.SeekStart); err != nil {
		return out, fmt.Errorf("%s: keep the file: %w", name, err)
	}
	return out, p.store.KeepStagedFile(ctx, out[0].ID, kept)
}

// maxWaiting is how many waiting imports are looked through for a catalog.
const maxWaiting = 200

// withBeside reads a profile that was refused alone with the files sent together with it,
// and with the waiting imports whose names it gives.
func (p importer) withBeside(ctx context.Context, name string, body io.Reader, kept *os.File, beside []staging.Beside, hint reader.Hint, alone error) ([]*corpus.Document, error) {
	wanted, is := profileAlone(alone)
	if !is {
		return nil, alone
	}
	if _, err := io.Copy(io.Discard, body); err != nil {
		return nil, fmt.Errorf("%s: read: %w", name, err)
	}
	names := []string{name}
	files := map[string]func() (io.ReadCloser, error){name: func() (io.ReadCloser, error) {
		return io.NopCloser(io.NewSectionReader(kept, 0, math.MaxInt64)), nil
	}}
	add := func(b staging.Beside) {
		if files[b.Name] == nil {
			names, files[b.Name] = append(names, b.Name), b.Open
		}
	}
	for _, b := range beside {
		add(b)
	}
	waiting, err := p.store.StagedList(ctx, staging.Staged, uuid.Nil, maxWaiting)
	if err != nil {
		return nil, err
	}
	for _, i := range waiting {
		if stem := strings.TrimSuffix(i.File, filepath.Ext(i.File)); stem != "" && strings.Contains(wanted, stem) {
			add(staging.Beside{Name: i.File, Open: func() (io.ReadCloser, error) {
				file, err := p.store.StagedFile(ctx, i.ID)
				return io.NopCloser(file), err
			}})
		}
	}
	from := source{func(name string) (io.ReadCloser, error) { return files[name]() }, p.read}
	docs, err := from.beside(ctx, name, names, hint, alone)
	if _, is := profileAlone(err); is {
		return p.withKept(ctx, from, name, hint, err)
	}
	return docs, err
}

// readRemembered reads a file, a table as the last one of its publisher was said to
// be read.
func (p *program) readRemembered(ctx context.Context, hint reader.Hint, read func(reader.Hint) ([]*corpus.Document, error)) ([]*corpus.Document, error) {
	remembered, err := p.store.KnownColumns(ctx)
	if err != nil {
		return nil, err
	}
	hint.Known = remembered // for tables in a container
	docs, err := read(hint)
	if err != nil {
		return nil, err
	}
	known := func(publisher, key string) (corpus.Columns, error) {
		return p.store.RememberedColumns(ctx, publisher, key)
	}
	return staging.AsRemembered(docs, known, func(columns corpus.Columns) ([]*corpus.Document, error) {
		hint.Columns = columns
		return read(hint)
	})
}

// Reread reads the file of an import again with columns that a person said, for the
// import as it was seen.
func (p importer) Reread(ctx context.Context, i staging.Import, columns corpus.Columns, actor string) (staging.Import, error) {
	if i.Document == nil || i.Document.Table == nil {
		return i, corpus.Refuse(corpus.ErrInvalid, "reread-table", "this import is no table of clauses")
	}
	file, err := p.store.StagedFile(ctx, i.ID)
	if errors.Is(err, corpus.ErrNotFound) {
		return i, corpus.Refuse(corpus.ErrInvalid, "reread-gone", "the file is not kept any more; discard this import and send the file again")
	}
	if err != nil {
		return i, err
	}
	t := i.Document.Table
	docs, err := p.read(ctx, i.File, file, hintGiven(t.Given, columns))
	if err != nil {
		return i, err
	}
	for _, doc := range docs {
		doc.Table.Publisher, doc.Table.Key = t.Publisher, t.Key
	}
	return p.store.RereadStaged(ctx, i.ID, i.Version, actor, docs)
}

// hintGiven is what a person said of a file when it was first read.
func hintGiven(given map[string]string, columns corpus.Columns) reader.Hint {
	return reader.Hint{Designation: given["designation"], Title: given["title"], Issuer: given["issuer"], Edition: given["edition"], Jurisdiction: corpus.Jurisdiction(given["jurisdiction"]),
		Language: corpus.Language(given["language"]), Domain: corpus.Domain(given["domain"]), Tradition: corpus.Tradition(given["tradition"]), Rights: corpus.Rights(given["rights"]), Columns: columns}
}

// Draw makes pictures of pages of an import's file and keeps them with it. Errors:
// corpus.ErrNotFound where no file is kept, corpus.ErrInvalid where it has no pages
// to be drawn.
func (p importer) Draw(ctx context.Context, i staging.Import, pages []int) error {
	if p.draw == nil {
		return corpus.Refuse(corpus.ErrInvalid, "import-off", "this server does not read files")
	}
	file, err := p.store.StagedFile(ctx, i.ID)
	if err != nil {
		return err
	}
	pictures, err := p.draw(ctx, i.File, file, pages)
	if err != nil {
		return err
	}
	return p.store.KeepStagedPages(ctx, i.ID, pictures)
}

// Finished is the document that accepting an import would save: corrected, kept
// apart from a text in another language, its provisions told apart by the lexicon.
func (p *program) Finished(ctx context.Context, i staging.Import) (*corpus.Document, error) {
	s, err := i.Corrected()
	if err != nil {
		return nil, err
	}
	doc := s.Document()
	if err := p.apart(ctx, doc); err != nil {
		return nil, err
	}
	refineKinds(p.lexicon, doc)
	return doc, nil
}

// Accept saves an import as it was seen.
func (p *program) Accept(ctx context.Context, i staging.Import, actor string) (corpus.EditionDiff, error) {
	doc, err := p.Finished(ctx, i)
	if err != nil {
		return corpus.EditionDiff{}, err
	}
	return p.store.AcceptStaged(ctx, i.ID, i.Version, actor, doc)
}

// digest is the SHA-256 of a file.
func (s source) digest(name string) (string, error) {
	f, err := s.open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", fmt.Errorf("%s: read: %w", name, err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// keepFile keeps the file of an import with it.
func (p *program) keepFile(ctx context.Context, from source, name string, i staging.Import) error {
	f, err := from.open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return p.store.KeepStagedFile(ctx, i.ID, f)
}
