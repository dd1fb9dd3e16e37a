package staging

import (
	"errors"

	"concord/corpus"
)

// AsRemembered gives the documents of a table read as a person said of the last one
// that had the same publisher and headers, and says so; known finds that
// (corpus.ErrNotFound for nothing), again reads the file so. Columns that do not fit
// the file are left, and that is said too.
func AsRemembered(docs []*corpus.Document, known func(publisher, key string) (corpus.Columns, error), again func(corpus.Columns) ([]*corpus.Document, error)) ([]*corpus.Document, error) {
	for _, doc := range docs {
		if doc.Table == nil || !doc.Table.Columns.IsZero() {
			return docs, nil // no table, one of several in a container, or its columns were said
		}
	}
	if len(docs) == 0 {
		return docs, nil
	}
	t := docs[0].Table
	columns, err := known(t.Publisher, t.Key)
	if errors.Is(err, corpus.ErrNotFound) {
		return docs, nil
	}
	if err != nil {
		return nil, err
	}
	read, err := again(columns)
	if errors.Is(err, corpus.ErrInvalid) {
		docs[0].SayUnfit(t.Publisher)
		return docs, nil
	}
	if err != nil {
		return nil, err
	}
	for _, doc := range read {
		doc.Recall(t)
	}
	return read, nil
}

// Looked is a clause of an import that somebody has looked at.
type Looked struct {
	Clause string        // key within the standard
	Digest corpus.Digest // of the wording that was seen
	By     string
}

// LookedAt are the clauses of a sheet, by key, that somebody has looked at in the
// wording that they have now.
func (s *Sheet) LookedAt(list []Looked) map[string]bool {
	seen := make(map[string]corpus.Digest, len(list))
	for _, l := range list {
		seen[l.Clause] = l.Digest
	}
	out := map[string]bool{}
	for _, r := range s.Rows {
		if key := r.ID.Key(); !r.Deleted && seen[key] != "" && seen[key] == r.Digest() {
			out[key] = true
		}
	}
	return out
}
