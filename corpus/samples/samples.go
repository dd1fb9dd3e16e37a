// Package samples is the built-in demonstration corpus: standards of several
// countries in our own wording, and a concordance of their clauses.
//
// The texts state facts of real standards but are not the official texts; each
// file says so. Standards are Markdown with a front matter, equivalences are
// tables, so that an expert can read and correct both. It reads no standard
// itself: that is the reader's work.
package samples

import (
	_ "embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"concord/corpus"
	"concord/corpus/packed"
)

// archive holds the folders standards and gold and the two tables beside them.
// After a change of a file: go test ./corpus/samples -run Packed -update
//
//go:embed samples.xz
var archive []byte

// files are the samples inside the program. They are only read.
var files = packed.Open(archive)

// Standards is a file system with one Markdown file per standard.
func Standards() fs.FS {
	sub, err := fs.Sub(files, "standards")
	if err != nil {
		panic(fmt.Sprintf("the embedded folder standards must be there: %v", err))
	}
	return sub
}

// Searches is the judged set of searches over the built-in corpus, with the name
// of its file; index.ReadJudged reads it.
func Searches() (name, body string, err error) {
	b, err := fs.ReadFile(files, "searches.tsv")
	if err != nil {
		return "", "", fmt.Errorf("read the judged searches: %w", err)
	}
	return "searches.tsv", string(b), nil
}

// Pair is one row of the gold concordance: source and target clauses with the
// relation read from source to target. A pair without targets says that the
// standard Against has no counterpart; a pair with RelationNone is a hard
// negative, two clauses that look alike and do not correspond.
type Pair struct {
	Sources  []corpus.ClauseID
	Targets  []corpus.ClauseID
	Against  corpus.StandardID
	Relation corpus.Relation // "" when there is no counterpart
	Note     string          // why, in English
	Place    string          // file and line
}

// noCounterpart is the relation column of a pair without targets.
const noCounterpart = "no-counterpart"

// goldHeader is the first line of every table.
const goldHeader = "sources\ttargets\trelation\tnote"

// Gold reads the concordance in the order of the files' names and lines. The
// error names file and line of a row that is not one.
func Gold() ([]Pair, error) {
	names, err := fs.Glob(files, "gold/*.tsv")
	if err != nil {
		return nil, fmt.Errorf("list the gold tables: %w", err)
	}
	var out []Pair
	for _, name := range names {
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		pairs, err := readGold(path.Base(name), string(body))
		if err != nil {
			return nil, err
		}
		out = append(out, pairs...)
	}
	return out, nil
}

// readGold reads one table.
func readGold(name, body string) ([]Pair, error) {
	lines := strings.Split(strings.TrimRight(body, "\n"), "\n")
	if lines[0] != goldHeader {
		return nil, fmt.Errorf("%s line 1: the header must be %q: %w", name, goldHeader, corpus.ErrInvalid)
	}
	var out []Pair
	for i, line := range lines[1:] {
		place := fmt.Sprintf("%s line %d", name, i+2)
		p, err := readPair(line)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", place, err)
		}
		p.Place = place
		out = append(out, p)
	}
	return out, nil
}

// readPair reads one row.
func readPair(line string) (Pair, error) {
	cells := strings.Split(line, "\t")
	if len(cells) != 4 {
		return Pair{}, fmt.Errorf("a row has 4 cells, this one has %d: %w", len(cells), corpus.ErrInvalid)
	}
	p := Pair{Sources: ids(cells[0]), Note: cells[3]}
	if cells[2] == noCounterpart {
		p.Against = corpus.StandardID(cells[1])
		return p, nil
	}
	p.Targets, p.Relation = ids(cells[1]), corpus.Relation(cells[2])
	if !slices.Contains(corpus.Relations, p.Relation) {
		return Pair{}, fmt.Errorf("%q is not a relation: %w", cells[2], corpus.ErrInvalid)
	}
	p.Against = p.Targets[0].Standard()
	return p, nil
}

// ids splits clause ids joined by a plus sign.
func ids(cell string) []corpus.ClauseID {
	var out []corpus.ClauseID
	for _, id := range strings.Split(cell, "+") {
		out = append(out, corpus.ClauseID(strings.TrimSpace(id)))
	}
	return out
}
