package main

import (
	"fmt"
	"io/fs"
	"slices"

	"concord/corpus"
	"concord/corpus/reader"
	"concord/corpus/samples"
	"concord/matcher"
)

// sampleFamily is the family of every set of the sample concordance: one hand
// wrote them all.
const sampleFamily = "samples"

// sampleSets makes a set of every two standards of the built-in concordance,
// which is machine-written and not exhaustive. Rows with more than one clause on
// a side are people's work and left out.
func sampleSets() ([]matcher.Set, error) {
	documents, err := sampleDocuments()
	if err != nil {
		return nil, err
	}
	gold, err := samples.Gold()
	if err != nil {
		return nil, err
	}
	sets := make(map[[2]corpus.StandardID]*matcher.Set)
	for _, g := range gold {
		if len(g.Sources) != 1 || len(g.Targets) > 1 {
			continue
		}
		key := [2]corpus.StandardID{g.Sources[0].Standard(), g.Against}
		if sets[key] == nil {
			sets[key] = sampleSet(documents, key)
		}
		set := sets[key]
		if !has(set.Sources, g.Sources[0]) || len(g.Targets) == 1 && !has(set.Targets, g.Targets[0]) {
			continue // a heading or a note, which is never proposed
		}
		if len(g.Targets) == 0 {
			set.Without = append(set.Without, g.Sources[0])
			continue
		}
		set.Pairs = append(set.Pairs, matcher.Pair{Source: g.Sources[0], Target: g.Targets[0], Relation: string(g.Relation)})
	}
	var out []matcher.Set
	var keys [][2]corpus.StandardID
	for key := range sets {
		keys = append(keys, key)
	}
	corpus.SortRows(keys, func(a, b [2]corpus.StandardID) int { return slices.Compare(a[:], b[:]) })
	for _, key := range keys {
		if set := *sets[key]; judged(set) {
			out = append(out, set)
		}
	}
	return out, nil
}

// has tells whether a clause is among others.
func has(clauses []corpus.Clause, id corpus.ClauseID) bool {
	return slices.ContainsFunc(clauses, func(c corpus.Clause) bool { return c.ID == id })
}

// judged tells whether a set has a pair that is no hard negative.
func judged(set matcher.Set) bool {
	return slices.ContainsFunc(set.Pairs, func(p matcher.Pair) bool { return p.Relation != string(corpus.RelationNone) })
}

// sampleSet is the set of two standards, without pairs.
func sampleSet(documents map[corpus.StandardID]*corpus.Document, key [2]corpus.StandardID) *matcher.Set {
	set := &matcher.Set{Name: fmt.Sprintf("%s>%s", key[0], key[1]), Unconfirmed: true, Partial: true, Family: sampleFamily}
	side := func(i int, name corpus.StandardID) (out []corpus.Clause) {
		d := documents[key[i]]
		if d == nil {
			return nil
		}
		set.Traditions[i] = d.Standard.Tradition
		for _, c := range d.Clauses {
			if c.Kind.Normative() {
				c.Standard = name
				out = append(out, c)
			}
		}
		return out
	}
	set.Sources, set.Targets = side(0, "source"), side(1, "target")
	return set
}

// sampleDocuments reads the sample standards.
func sampleDocuments() (map[corpus.StandardID]*corpus.Document, error) {
	files := samples.Standards()
	names, err := fs.Glob(files, "*.md")
	if err != nil {
		return nil, fmt.Errorf("list the sample standards: %w", err)
	}
	out := make(map[corpus.StandardID]*corpus.Document)
	for _, name := range names {
		f, err := files.Open(name)
		if err != nil {
			return nil, fmt.Errorf("open the sample %s: %w", name, err)
		}
		docs, err := reader.Read(name, f, reader.Hint{})
		f.Close()
		if err != nil {
			return nil, fmt.Errorf("read the sample %s: %w", name, err)
		}
		for _, d := range docs {
			out[d.Standard.ID] = d
		}
	}
	return out, nil
}
