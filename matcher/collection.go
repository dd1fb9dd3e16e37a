package matcher

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"concord/corpus"
	"concord/matcher/sparse"
)

// collection is a corpus in memory: its clauses, postings for each ranking, and how
// rare its terms are. What a clause says is read again when it is compared, and
// kept for a while. It is built once and only read afterwards; a change of the
// corpus builds another one and swaps it in.
type collection struct {
	clauses    []corpus.Clause   // by standard, then digest of wording, then id
	langs      []uint8           // base language of each wording: a place in languages
	languages  []corpus.Language //
	place      map[corpus.ClauseID]int
	standards  map[corpus.StandardID][2]int // first place and the one after the last
	names      []corpus.StandardID          // of the standards, in order
	traditions map[corpus.StandardID]corpus.Tradition
	stats      *statistics     // over whole
	whole      *vocabulary     // numbers of the postings, and counts
	texts      []byte          // fingerprint of the clauses and what they are read with
	digests    []string        // of the wordings, by place; gone once they are studied
	rankings   []*sparse.Index // as in rankings
	embedded   *embedded       // nil without embeddings
	shelf      shelf           // of clauses read last

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

// newCollection reads all clauses, on every core, and builds the postings.
func (m *Matcher) newCollection(standards []corpus.Standard, clauses []corpus.Clause) (*collection, error) {
	col, err := arrange(standards, clauses)
	if err != nil {
		return nil, err
	}
	if err := m.study(col, &books{}); err != nil {
		return nil, fmt.Errorf("build the matcher's corpus: %w", err)
	}
	col.embedded = m.newEmbedded(col)
	return col, nil
}

// arrange puts the clauses that can bind in their order, unread.
func arrange(standards []corpus.Standard, clauses []corpus.Clause) (*collection, error) {
	col := &collection{standards: make(map[corpus.StandardID][2]int), traditions: make(map[corpus.StandardID]corpus.Tradition, len(standards)), pairings: make(map[string]*preparing)}
	for _, s := range standards {
		col.traditions[s.ID] = s.Tradition
	}
	type row struct {
		digest string
		at     int
	}
	var rows []row
	for i, c := range clauses {
		if c.Kind == "" || c.Kind.Normative() {
			rows = append(rows, row{at: i})
		}
	}
	parallel(len(rows), func(i int) { rows[i].digest = wordingDigest(clauses[rows[i].at]) })
	corpus.SortRows(rows, func(a, b row) int {
		x, y := &clauses[a.at], &clauses[b.at]
		return cmp.Or(cmp.Compare(x.Standard, y.Standard), cmp.Compare(a.digest, b.digest), cmp.Compare(x.ID, y.ID))
	})
	hash := sha256.New()
	texts := bufio.NewWriterSize(hash, 1<<16)
	col.clauses, col.place = make([]corpus.Clause, len(rows)), make(map[corpus.ClauseID]int, len(rows))
	col.digests = make([]string, len(rows))
	for i, r := range rows {
		c := clauses[r.at]
		col.clauses[i], col.digests[i] = c, r.digest
		if at, twice := col.place[c.ID]; twice {
			return nil, fmt.Errorf("build the matcher's corpus: %w: clause %s is given twice (as %q and %q)", corpus.ErrInvalid, c.ID, col.clauses[at].Label, c.Label)
		}
		col.place[c.ID] = i
		span, seen := col.standards[c.Standard]
		if !seen {
			span[0] = i
			col.names = append(col.names, c.Standard)
		}
		span[1] = i + 1
		col.standards[c.Standard] = span
		part(texts, string(c.ID), string(c.Standard), string(col.traditions[c.Standard]), r.digest)
	}
	_ = texts.Flush() // a hash takes everything
	col.texts = hash.Sum(nil)
	col.shelf.views, col.shelf.room = make([]atomic.Pointer[kept], len(rows)), maxShelved
	return col, nil
}

// studied is how many clauses are read before their terms are numbered, which is
// done in their order.
const studied = 4096

// study reads every clause that the books do not know, numbers and counts the terms,
// and builds one index for each ranking.
func (m *Matcher) study(col *collection, books *books) error {
	n := len(col.clauses)
	whole := &vocabulary{clauses: n}
	col.langs = make([]uint8, n)
	col.whole, col.stats = whole, &statistics{whole: whole, clauses: n}
	drafts := make([]draft, len(rankings))
	var pairs []uint64
	gists, read := make([]gist, min(studied, n)), make([]*facts, min(studied, n))
	for start := 0; start < n; start += studied {
		part := gists[:min(studied, n-start)]
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
		for i, g := range part {
			at := slices.Index(col.languages, g.lang)
			if at < 0 {
				if at = len(col.languages); at > 255 {
					return fmt.Errorf("%w: more than 256 languages", corpus.ErrInvalid)
				}
				col.languages = append(col.languages, g.lang)
			}
			col.langs[start+i] = uint8(at)
			for k := range rankings {
				drafts[k].add(whole, g.bags[k], k < countedRankings)
			}
			for _, id := range g.phrases {
				pairs = append(pairs, uint64(id))
			}
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
	col.rankings = make([]*sparse.Index, len(rankings))
	for k := range drafts {
		ix, err := drafts[k].build(col)
		if err != nil {
			return err
		}
		col.rankings[k], drafts[k] = ix, draft{}
	}
	return nil
}

// draft is a ranking's bags, numbered, until all terms are counted.
type draft struct {
	ends   []int // of each clause in the next two
	terms  []uint32
	counts []uint16 // places in values
	values []float32
	known  map[float32]uint16
	more   map[int]float32 // counts for which values had no place, by place in counts
}

// add adds the next clause's bag, and counts its terms unless they are counted
// elsewhere.
func (d *draft) add(whole *vocabulary, b bag, count bool) {
	if d.known == nil {
		d.known, d.values, d.more = map[float32]uint16{1: 0}, []float32{1}, make(map[int]float32)
	}
	for _, e := range b {
		n := whole.numbers.add(e.id)
		if int(n) == len(whole.in) {
			whole.in = append(whole.in, 0)
		}
		if count {
			whole.in[n]++
		}
		d.terms, d.counts = append(d.terms, n), append(d.counts, d.value(e.n))
	}
	d.ends = append(d.ends, len(d.terms))
}

// value is where the next count is found, math.MaxUint16 for more.
func (d *draft) value(n float32) uint16 {
	if n == 1 {
		return 0
	}
	if value, seen := d.known[n]; seen {
		return value
	}
	if len(d.values) == math.MaxUint16 {
		d.more[len(d.counts)] = n
		return math.MaxUint16
	}
	d.known[n] = uint16(len(d.values))
	d.values = append(d.values, n)
	return d.known[n]
}

// damped is the dampened count at a place.
func (d *draft) damped(at int, values []float32) float32 {
	if value := d.counts[at]; value != math.MaxUint16 {
		return values[value]
	}
	return damp(d.more[at])
}

// build builds the index.
func (d *draft) build(col *collection) (*sparse.Index, error) {
	damped := make([]float32, len(d.values))
	for i, n := range d.values {
		damped[i] = damp(n)
	}
	group := func(doc int) string { return string(col.clauses[doc].Standard) }
	return sparse.Make(len(d.ends), group, func(doc int, out []sparse.Term) []sparse.Term {
		start := 0
		if doc > 0 {
			start = d.ends[doc-1]
		}
		var norm float64
		for i := start; i < d.ends[doc]; i++ {
			w := d.damped(i, damped) * col.whole.rare[d.terms[i]]
			norm += float64(w) * float64(w)
			out = append(out, sparse.Term{ID: d.terms[i], Weight: w})
		}
		norm = math.Sqrt(norm)
		for i := range out {
			out[i].Weight = float32(float64(out[i].Weight) / norm)
		}
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
