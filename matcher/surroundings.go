package matcher

import (
	"slices"
	"strings"

	"concord/matcher/sparse"
)

// surroundings says which chapters of two standards are about the same, by all
// their words together: a clause is told from its look-alikes by the company it
// stands in. A chapter is the clauses under one path of headings. Judging a
// passage by its own likeness and that of what it stands in goes back to Salton,
// Allan and Buckley (Approaches to Passage Retrieval in Full Text Information
// Systems, 1993).
type surroundings struct {
	source []int             // by source: its chapter, -1 without a path
	target []int             // by target
	alike  []map[int]float64 // by source chapter: its likest target chapters, 0 to 1
}

// chapterDepth is how many target chapters of each source chapter are kept.
const chapterDepth = 100

// chapter is the words of all clauses under one path.
type chapter struct {
	*view        // the first of them stands for the language
	own   vector // words and concepts: for chapters in the same language
	any   vector // concepts and names: for chapters in another one
	all   bag    // what both are made of
}

// newSurroundings compares the chapters of both sides.
func (p *pairing) newSurroundings() surroundings {
	var s surroundings
	var sources, targets []*chapter
	s.source, sources = chaptersOf(p.sources, p.stats)
	s.target, targets = chaptersOf(p.views, p.stats)
	numbers := make(map[termID]uint32)
	terms := func(c *chapter) []sparse.Term {
		v := newVector(c.all, p.stats)
		out := make([]sparse.Term, 0, len(v.terms))
		for _, t := range v.terms {
			n, ok := numbers[t.id]
			if !ok {
				n = uint32(len(numbers))
				numbers[t.id] = n
			}
			out = append(out, sparse.Term{ID: n, Weight: float32(float64(t.w) / v.norm)})
		}
		return out
	}
	var b sparse.Builder
	for _, c := range targets {
		b.Add("", terms(c))
	}
	s.alike = make([]map[int]float64, len(sources))
	ix, err := b.Build()
	if err != nil { // only above sparse.MaxDocs, far beyond maxPairingTargets
		return s
	}
	queries := make([][]sparse.Term, len(sources))
	for i, c := range sources {
		queries[i] = terms(c)
	}
	parallel(len(sources), func(i int) {
		s.alike[i] = make(map[int]float64)
		for _, h := range ix.Search(queries[i], ix.All(), chapterDepth) {
			s.alike[i][h.Doc] = sources[i].likeness(targets[h.Doc])
		}
	})
	return s
}

// likeness is the cosine of what two chapters can share.
func (c *chapter) likeness(d *chapter) float64 {
	if c.lang == d.lang {
		return compare(c.own, d.own).cosine
	}
	return compare(c.any, d.any).cosine
}

// chaptersOf gathers the clauses of one side by standard, language and path.
func chaptersOf(views []*view, stats *statistics) (of []int, all []*chapter) {
	of = make([]int, len(views))
	at := make(map[string]int)
	var own, others []bag
	for i, v := range views {
		of[i] = -1
		if len(v.clause.Path) == 0 {
			continue
		}
		key := string(v.clause.Standard) + "\x00" + string(v.lang) + "\x00" + strings.Join(v.clause.Path, "\x00")
		n, there := at[key]
		if !there {
			n = len(all)
			at[key] = n
			all, own, others = append(all, &chapter{view: v}), append(own, nil), append(others, nil)
		}
		of[i] = n
		own[n] = append(append(own[n], v.wordBag...), v.conceptBag...)
		others[n] = append(append(others[n], v.conceptBag...), v.tokenBag...)
	}
	parallel(len(all), func(n int) {
		c := all[n]
		c.all = append(slices.Clone(own[n]), others[n]...).sorted()
		c.own, c.any = newVector(own[n].sorted(), stats), newVector(others[n].sorted(), stats)
	})
	return of, all
}

// between is how much the chapters of a source and a target are alike, 0 where
// one has none. Numbers below 0 stand for a clause of another text.
func (s *surroundings) between(source, target int) float64 {
	if source < 0 || target < 0 || source >= len(s.source) || s.source[source] < 0 || s.target[target] < 0 {
		return 0
	}
	return s.alike[s.source[source]][s.target[target]]
}

// surroundingsValue is how much the chapters that the two clauses stand in are
// alike.
func surroundingsValue(c *comparison) float64 {
	if c.pair == nil {
		return 0
	}
	return c.pair.surroundings.between(c.si, c.ti)
}
