package matcher

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"fmt"
	"runtime"
	"slices"
	"sort"
	"sync"
	"sync/atomic"

	"concord/corpus"
	"concord/matcher/sparse"
)

// collection is a corpus in memory: its clauses, postings for each ranking, and how
// rare its terms are. Candidates are compared by sketches; what a clause says is read
// again when it is proposed, and kept for a while. It is built once and only read afterwards; a change of the
// corpus builds another one and swaps it in.
type collection struct {
	rows       rows                         // the clauses, by standard, then digest of wording, then id
	size       int                          // how many
	langs      []uint8                      // base language of each wording: a place in languages
	languages  []corpus.Language            //
	standards  map[corpus.StandardID][2]int // first place and the one after the last
	names      []corpus.StandardID          // of the standards, in order
	traditions map[corpus.StandardID]corpus.Tradition
	stats      *statistics     // over whole
	whole      *vocabulary     // numbers of the postings, and counts
	file       *sparse.Pages   // that all of these lie in, nil for none
	texts      []byte          // fingerprint of the clauses and what they are read with
	digests    []string        // of the wordings, by place; gone once they are studied
	rankings   []*sparse.Index // as in rankings
	sketches   *sketches       // of all clauses
	embedded   *embedded       // nil without embeddings
	shelf      *shelf          // of clauses read last

	mu       sync.Mutex
	pairings map[string]*preparing // by source and targets, see pairing
	recent   []string              // keys, oldest first
	kept     int                   // clauses in the pairings
}

// lang is the base language of the wording at a place.
func (col *collection) lang(place int) corpus.Language { return col.languages[col.langs[place]] }

// ranking is one way of finding candidates: clauses that share terms of a bag,
// by cosine. Weights come from the signal of the same name.
type ranking struct {
	signal string
	bag    func(*facts) bag
}

// rankings lists the ways of finding; another way is another line here.
var rankings = []ranking{
	{"words", func(f *facts) bag { return f.wordBag }},
	{"concepts", func(f *facts) bag { return f.conceptBag }},
	{"names", func(f *facts) bag { return f.tokenBag }},
	{"cognates", func(f *facts) bag { return f.gramBag }},
	{"headings", func(f *facts) bag { return f.headBag }},
}

// countedRankings is how many of the rankings, from the first, have terms of their
// own; the headings' terms are those of words and concepts.
const countedRankings = 4

// wordRanking is the ranking over which translated words are looked up.
const wordRanking = 0

// standardAt is the standard of the clause at a place.
func (col *collection) standardAt(place int) corpus.StandardID {
	n := sort.Search(len(col.names), func(i int) bool { return col.standards[col.names[i]][1] > place })
	return col.names[n]
}

// clause is that at a place, with what the matcher looks at.
//
//go:noinline
func (col *collection) clause(place int) corpus.Clause {
	c := col.rows.clause(place)
	c.Standard = col.standardAt(place)
	return c
}

// place is where a clause stands.
func (col *collection) place(id corpus.ClauseID) (int, bool) {
	place, _, there := col.rows.find(id)
	return place, there
}

// damaged is ErrDamaged once a page of the collection's file was found damaged:
// nothing that was worked out with it counts. Whoever asks keeps the file until then.
//
//go:noinline
func (col *collection) damaged() error {
	err := col.file.Damaged()
	runtime.KeepAlive(col.file)
	return err
}

// newCollection reads all clauses, on every core, and builds the postings.
func (m *Matcher) newCollection(standards []corpus.Standard, clauses Clauses) (*collection, error) {
	col, err := arrange(standards, clauses, true)
	if err != nil {
		return nil, err
	}
	if err := m.study(col, &books{}); err != nil {
		return nil, fmt.Errorf("build the matcher's corpus: %w", err)
	}
	col.embedded = m.newEmbedded(col)
	return col, nil
}

// arrange fingerprints the clauses that can bind, unread, and keeps them in their order
// if they are to be kept.
func arrange(standards []corpus.Standard, clauses Clauses, keep bool) (*collection, error) {
	col := &collection{standards: make(map[corpus.StandardID][2]int), traditions: make(map[corpus.StandardID]corpus.Tradition, len(standards)), pairings: make(map[string]*preparing)}
	for _, s := range standards {
		col.traditions[s.ID] = s.Tradition
	}
	type row struct {
		digest string
		at     int
	}
	var rows []row
	hash := sha256.New()
	texts := bufio.NewWriterSize(hash, 1<<16)
	var failed error
	clauses(func(part []corpus.Clause, err error) bool { // called, since a loop over it is more program
		if failed = err; err != nil {
			return false
		}
		rows = rows[:0]
		for i, c := range part {
			if c.Kind == "" || c.Kind.Normative() {
				rows = append(rows, row{at: i})
			}
		}
		if len(rows) == 0 {
			return true
		}
		standard := part[0].Standard
		if n := len(col.names); n > 0 && col.names[n-1] >= standard {
			failed = fmt.Errorf("build the matcher's corpus: %w: the clauses of %s do not come in the order of standards", corpus.ErrInvalid, standard)
			return false
		}
		col.names = append(col.names, standard)
		col.standards[standard] = [2]int{col.size, col.size + len(rows)}
		parallel(len(rows), func(i int) { rows[i].digest = wordingDigest(part[rows[i].at]) })
		corpus.SortRows(rows, func(a, b row) int {
			return cmp.Or(cmp.Compare(a.digest, b.digest), cmp.Compare(part[a.at].ID, part[b.at].ID))
		})
		for _, r := range rows {
			c := &part[r.at]
			if keep {
				col.rows.add(c)
				col.digests = append(col.digests, r.digest)
			}
			fingerprint(texts, string(c.ID), string(standard), string(col.traditions[standard]), r.digest)
		}
		col.size += len(rows)
		return true
	})
	if failed != nil {
		return nil, failed
	}
	_ = texts.Flush() // a hash takes everything
	col.texts = hash.Sum(nil)
	col.shelf = &shelf{kept: make([]atomic.Pointer[kept], col.size), room: shelved}
	col.rows.done()
	if !keep {
		return col, nil
	}
	col.rows.index(func(place int) {
		failed = fmt.Errorf("build the matcher's corpus: %w: clause %s is given twice", corpus.ErrInvalid, col.rows.id(place))
	})
	return col, failed
}

// studied is how many clauses are read before their terms are numbered, which is
// done in their order.
const studied = 4096

// study reads every clause that the books do not know, numbers and counts the terms,
// and builds one index for each ranking.
func (m *Matcher) study(col *collection, books *books) error {
	read := make([]*facts, min(studied, col.size))
	return m.number(col, func(start int, part []gist) {
		var unknown []int
		for i := range part {
			known := false
			if part[i], known = books.find(col.gistKey(start + i)); !known {
				unknown = append(unknown, i)
			}
		}
		parallel(len(unknown), func(i int) {
			read[i] = m.factsAt(col, start+unknown[i])
			part[unknown[i]] = read[i].gist()
		})
		for i, at := range unknown {
			col.shelf.wait(start+at, read[i])
		}
	}, books)
}

// number numbers and counts the terms of the gists that fill gives for the places from
// start on, writes the gists down, and builds the indexes.
func (m *Matcher) number(col *collection, fill func(start int, part []gist), books *books) error {
	n := col.size
	whole := &vocabulary{clauses: n}
	col.langs = make([]uint8, n)
	col.whole, col.stats, col.sketches = whole, &statistics{whole: whole, clauses: n}, &sketches{}
	var pairs []uint64
	gists := make([]gist, min(studied, n))
	for start := 0; start < n; start += studied {
		part := gists[:min(studied, n-start)]
		fill(start, part)
		for i, g := range part {
			at := slices.Index(col.languages, g.lang)
			if at < 0 {
				if at = len(col.languages); at > 255 {
					return fmt.Errorf("%w: more than 256 languages", corpus.ErrInvalid)
				}
				col.languages = append(col.languages, g.lang)
			}
			col.langs[start+i] = uint8(at)
			col.sketches.add(whole, g)
			pairs = g.appendPhrases(pairs)
			books.write(col.gistKey(start+i), g, &whole.numbers)
		}
		books.flush()
	}
	col.digests = nil
	if err := books.close(); err != nil {
		return err
	}
	whole.phrases = newTally(pairs)
	whole.weigh()
	col.sketches.done()
	col.sketches.weigh(whole)
	col.rankings = make([]*sparse.Index, len(rankings))
	for k := range rankings {
		ix, err := col.postings(k)
		if err != nil {
			return err
		}
		col.rankings[k] = ix
	}
	return nil
}

// postings builds the index of a ranking, of the terms that tell something.
func (col *collection) postings(k int) (*sparse.Index, error) {
	group := func(doc int) string { return string(col.standardAt(doc)) }
	return sparse.Make(col.size, group, func(doc int, out []sparse.Term) []sparse.Term {
		x, norm := col.sketches.at(doc), col.sketches.norm(doc)[k]
		x.skipHead()
		x.skip(k)
		x.bag(func(number uint32, amount float32) {
			if col.tells(k, number) {
				w := damp(amount) * col.whole.rare[number]
				out = append(out, sparse.Term{ID: number, Weight: float32(float64(w) / norm)})
			}
		})
		return out
	})
}

// terms turns a vector into numbered terms of length one; unknown ones go.
func (col *collection) terms(v vector) []sparse.Term {
	out := make([]sparse.Term, 0, len(v.terms))
	for _, t := range v.terms {
		if n, ok := col.whole.numbers.find(t.id); ok {
			out = append(out, sparse.Term{ID: n, Weight: float32(float64(t.w) / v.norm)})
		}
	}
	return out
}

// parallel runs do for 0 to n-1 on every core. The work must not depend on the
// order it is done in.
func parallel(n int, do func(i int)) {
	workers := min(n, runtime.GOMAXPROCS(0))
	if workers <= 1 {
		for i := range n {
			do(i)
		}
		return
	}
	chunk := max(1, min(16, n/(4*workers)))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for {
				start := int(next.Add(int64(chunk))) - chunk
				if start >= n {
					return
				}
				for i := start; i < min(start+chunk, n); i++ {
					do(i)
				}
			}
		})
	}
	wg.Wait()
}
