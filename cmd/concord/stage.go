package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"concord/corpus"
	"concord/corpus/reader"
	"concord/corpus/staging"
)

// importer reads files of strangers in a child process, keeps what they say apart,
// and saves it when it is accepted. It stands behind the pages of imports.
type importer struct {
	*program
	read readFunc
}

// Stage reads one file and keeps each of its documents apart. The error is for a
// file that cannot be read, or of which something could not be kept.
func (p importer) Stage(ctx context.Context, name string, file io.Reader, hint staging.Hint, actor string) ([]staging.Import, error) {
	sum := sha256.New()
	from := io.TeeReader(file, sum)
	docs, err := p.read(ctx, name, from, reader.Hint{Designation: hint.Designation, Jurisdiction: hint.Jurisdiction, Language: hint.Language,
		Domain: hint.Domain, Tradition: hint.Tradition, Rights: hint.Rights})
	if err != nil {
		return nil, err
	}
	if _, err := io.Copy(io.Discard, from); err != nil { // what the reader had no need of
		return nil, fmt.Errorf("%s: read: %w", name, err)
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
	return out, nil
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
