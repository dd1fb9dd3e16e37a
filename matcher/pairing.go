package matcher

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/matcher/sparse"
)

// pairing is what is known about a source standard and the target standards
// taken together, before any label: how rare each term is between them, which
// words render each other, which sections correspond, and which clauses are
// sought after. It is built once from the texts and only read afterwards.
type pairing struct {
	first, last  int // places of the source standard in the collection
	ranges       []sparse.Range
	targets      []int       // places of the targets
	targetAt     map[int]int // place -> number
	stats        *statistics
	sources      []*view
	views        []*view // of the targets
	surroundings surroundings
	levels       levels
	table        learned
	sourceWords  []termID // by local number
	sourceNumber map[termID]int32
	targetWords  []termID
	sections     sections
	rivals       []rival                    // by target
	best         []float64                  // by source: what its best target scores, 0 for a source not studied
	parallel     float64                    // share of the sources that have one clear counterpart
	usualDegree  map[lexicon.Degree]float64 // how far a degree of obligation is that of the targets in general
	usual        [2]holdings                // median of what confident pairs hold of each other, within one language and across
}

// preparing builds a pairing once, whoever asks first.
type preparing struct {
	once sync.Once
	pair *pairing
	size int // clauses of both sides
}

// rival is what a target's best sources score.
type rival struct {
	best   [3]float64
	source [3]int // numbers, -1 for none
}

// learnRounds is how often words are learned from the pairs that look best and
// the pairs chosen anew.
const learnRounds = 3

// newPairing builds the pairing of the clauses first to last with targets.
func (m *Matcher) newPairing(col *collection, first, last int, ranges []sparse.Range) *pairing {
	p := &pairing{first: first, last: last, ranges: ranges, targetAt: make(map[int]int)}
	for _, r := range ranges {
		for place := r.Lo; place < r.Hi; place++ {
			p.targetAt[place] = len(p.targets)
			p.targets = append(p.targets, place)
		}
	}
	m.weigh(col, p)
	p.surroundings = p.newSurroundings()
	rows := m.rows(col, p)
	var pairs []likely
	for round := range learnRounds {
		pairs = p.confident(rows, round)
		p.learn(pairs)
		p.sections = p.learnSections(pairs)
		rows = m.rows(col, p)
	}
	p.levels = m.newLevels(col, p)
	p.noteRivals(rows)
	p.noteParallel(rows)
	p.noteUsual(pairs)
	return p
}

// weigh counts the terms of both sides and makes the views.
func (m *Matcher) weigh(col *collection, p *pairing) {
	sources, targets := make([]*facts, p.last-p.first), make([]*facts, len(p.targets))
	parallel(len(sources), func(i int) { sources[i] = m.at(col, p.first+i) })
	parallel(len(targets), func(i int) { targets[i] = m.at(col, p.targets[i]) })
	p.stats = countTerms(slices.Concat(sources, targets))
	p.sources, p.views = make([]*view, len(sources)), make([]*view, len(targets))
	parallel(len(sources), func(i int) { p.sources[i] = newView(sources[i], p.stats) })
	parallel(len(targets), func(i int) { p.views[i] = newView(targets[i], p.stats) })
	p.usualDegree = usualDegree(p.views)
	p.sourceWords, p.sourceNumber = numberWords(p.sources)
	p.targetWords, _ = numberWords(p.views)
}

// numberWords numbers the words of one side and writes the numbers into the
// views. It returns the words by number and the numbers by word.
func numberWords(views []*view) ([]termID, map[termID]int32) {
	numbers := make(map[termID]int32)
	var words []termID
	for _, v := range views {
		v.local = make([]int32, len(v.words.terms))
		for i, t := range v.words.terms {
			n, ok := numbers[t.id]
			if !ok {
				n = int32(len(words))
				numbers[t.id] = n
				words = append(words, t.id)
			}
			v.local[i] = n
		}
	}
	return words, numbers
}

// numberKnown gives a view of another clause the numbers of the source words it
// shares; the others get -1.
func (p *pairing) numberKnown(v *view) {
	v.local = make([]int32, len(v.words.terms))
	for i, t := range v.words.terms {
		n, ok := p.sourceNumber[t.id]
		if !ok {
			n = -1
		}
		v.local[i] = n
	}
}

// maxLearners is how many sources at most take part in learning: those of a
// larger standard are taken at even steps, which in the order of the digests is
// as good as drawing lots.
const maxLearners = 1500

// rowDepth is how many candidates of each source the learning looks at.
const rowDepth = 30

// rows scores, for every source, its candidates by the early signals, best
// first. Candidates are named by target number.
func (m *Matcher) rows(col *collection, p *pairing) [][]scored {
	out := make([][]scored, len(p.sources))
	step := 1 + (len(out)-1)/maxLearners
	parallel((len(out)+step-1)/step, func(k int) {
		i := k * step
		w := p.workspace(p.sources[i])
		found := m.find(p.scene(col), asked{view: p.sources[i], at: i, self: -1}, rowDepth)
		for _, f := range found {
			n := p.targetAt[f.doc]
			if p.targets[n] == p.first+i {
				continue
			}
			c := newComparison(p.sources[i], p.views[n], p, i, n, w)
			out[i] = append(out[i], scored{n, m.total(c, false)})
		}
		slices.SortFunc(out[i], byScore)
	})
	return out
}

// scene is that of the pairing while it is made.
func (p *pairing) scene(col *collection) scene { return scene{col: col, ranges: p.ranges, pair: p} }

// workspace marks which local words a clause has, for the learned table.
type workspace struct{ source, target []bool }

// workspace marks the source's words.
func (p *pairing) workspace(source *view) *workspace {
	w := &workspace{source: make([]bool, len(p.sourceWords)), target: make([]bool, len(p.targetWords))}
	for _, n := range source.local {
		if n >= 0 {
			w.source[n] = true
		}
	}
	return w
}

// workspace is that of the scene's pairing; nil without one.
func (s scene) workspace(source *view) *workspace {
	if s.pair == nil {
		return nil
	}
	return s.pair.workspace(source)
}

// markTarget marks the target's words, or takes the marks away.
func (w *workspace) markTarget(target *view, mark bool) {
	for _, n := range target.local {
		if n >= 0 {
			w.target[n] = mark
		}
	}
}

// likely is a pair that looks right, with the confidence in it.
type likely struct {
	source, target int
	weight         float64
}

// confident picks the pairs that are best both ways, the clearest first: a
// pair is clear when the second best of either side is far behind. The share
// that is kept grows from round to round.
func (p *pairing) confident(rows [][]scored, round int) []likely {
	best := make([][2]scored, len(p.targets)) // by target: best and second source
	for s, row := range rows {
		for _, x := range row {
			b := &best[x.doc]
			switch {
			case x.score > b[0].score:
				b[1], b[0] = b[0], scored{s, x.score}
			case x.score > b[1].score:
				b[1] = scored{s, x.score}
			}
		}
	}
	var out []likely
	for s, row := range rows {
		if len(row) == 0 || row[0].score <= 0 || best[row[0].doc][0].score > row[0].score {
			continue
		}
		second := 0.0
		if len(row) > 1 {
			second = row[1].score
		}
		if b := best[row[0].doc]; b[0].doc != s {
			second = row[0].score // as good for another source
		} else {
			second = max(second, b[1].score)
		}
		out = append(out, likely{s, row[0].doc, 1 - second/row[0].score})
	}
	corpus.SortRows(out, func(a, b likely) int { return cmp.Compare(b.weight, a.weight) })
	keep := float64(len(out)) * min(1, 0.5+0.25*float64(round))
	return out[:int(math.Ceil(keep))]
}

// learn trains the word table on pairs of different languages, each language of
// the targets by itself: a word has its renderings in every one of them.
func (p *pairing) learn(pairs []likely) {
	train := make(map[corpus.Language][]trainingPair)
	for _, l := range pairs {
		s, t := p.sources[l.source], p.views[l.target]
		if s.lang != t.lang {
			train[t.lang] = append(train[t.lang], trainingPair{rarest(s), rarest(t), 0.2 + l.weight})
		}
	}
	p.table = learned{}
	for _, lang := range sortedKeys(train) {
		p.table.add(learn(train[lang], len(p.sourceWords), len(p.targetWords)))
	}
}

// rarest lists the local numbers of a clause's rarest words.
func rarest(v *view) []int32 {
	order := make([]int, len(v.local))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(v.words.terms[b].w, v.words.terms[a].w) })
	out := make([]int32, 0, min(len(order), maxLearnWords))
	for _, i := range order[:cap(out)] {
		out = append(out, v.local[i])
	}
	return out
}

// sections counts which sections' clauses correspond, by confident pairs.
type sections struct {
	together map[[2]termID]float64
	source   map[termID]float64
	target   map[termID]float64
	// the confident pair of a source and of a target, by number; its weight as counted
	bySource, byTarget map[int]likely
}

// learnSections counts the sections of confident pairs.
func (p *pairing) learnSections(pairs []likely) sections {
	s := sections{make(map[[2]termID]float64), make(map[termID]float64), make(map[termID]float64), make(map[int]likely), make(map[int]likely)}
	for _, l := range pairs {
		w := 0.2 + l.weight
		counted := likely{l.source, l.target, w}
		s.bySource[l.source], s.byTarget[l.target] = counted, counted
		for _, x := range p.sources[l.source].sections {
			s.source[x] += w
			for _, y := range p.views[l.target].sections {
				s.together[[2]termID{x, y}] += w
			}
		}
		for _, y := range p.views[l.target].sections {
			s.target[y] += w
		}
	}
	return s
}

// said lists the confident pairs of the two clauses themselves, which do not speak
// for their sections when these two are judged: else the best target of a source
// that stands alone in its section would speak for every other target beside it.
func (s *sections) said(source, target int) (out [2]likely, n int) {
	if l, there := s.bySource[source]; there {
		out[n], n = l, n+1
	}
	if l, there := s.byTarget[target]; there && l.source != source {
		out[n], n = l, n+1
	}
	return out, n
}

// leftOver is what may be left of a sum that everything was taken from again.
const leftOver = 1e-9

// sectionsValue is how surely the source's sections go with the target's,
// judged by the other clauses of the same sections.
func sectionsValue(c *comparison) float64 {
	if c.pair == nil || len(c.a.sections) == 0 || len(c.b.sections) == 0 {
		return 0
	}
	s := &c.pair.sections
	said, own := s.said(c.si, c.ti)
	sum := 0.0
	for _, x := range c.a.sections {
		best := 0.0
		for _, y := range c.b.sections {
			n := s.together[[2]termID{x, y}]
			if n == 0 {
				continue
			}
			ofX, ofY := s.source[x], s.target[y]
			for _, l := range said[:own] {
				inX, inY := slices.Contains(c.pair.sources[l.source].sections, x), slices.Contains(c.pair.views[l.target].sections, y)
				if inX {
					ofX -= l.weight
				}
				if inY {
					ofY -= l.weight
				}
				if inX && inY {
					n -= l.weight
				}
			}
			if n > leftOver {
				best = max(best, n/(math.Sqrt(max(0, ofX)*max(0, ofY))+0.5))
			}
		}
		sum += best
	}
	return sum / float64(len(c.a.sections))
}

// noteRivals keeps the best sources of every target.
func (p *pairing) noteRivals(rows [][]scored) {
	p.rivals = make([]rival, len(p.targets))
	for i := range p.rivals {
		p.rivals[i].source = [3]int{-1, -1, -1}
	}
	for s, row := range rows {
		for _, x := range row {
			p.rivals[x.doc].add(s, x.score)
		}
	}
}

// add keeps the three best.
func (r *rival) add(source int, score float64) {
	for i := range r.best {
		if r.source[i] < 0 || score > r.best[i] {
			r.best[i], score = score, r.best[i]
			r.source[i], source = source, r.source[i]
			if source < 0 {
				return
			}
		}
	}
}

// rivalsValue is how far the target's best other source is ahead of this one: 0
// when this is the best, down to -1.
func rivalsValue(c *comparison) float64 {
	if c.pair == nil || c.ti < 0 || len(c.pair.rivals) == 0 {
		return 0
	}
	r := &c.pair.rivals[c.ti]
	for i, s := range r.source {
		if s >= 0 && s != c.si {
			return max(-1, min(0, c.early-r.best[i]))
		}
	}
	return 0
}

// clearBehind is the share of the best score that the second must stay below for
// the best to be clear.
const clearBehind = 0.8

// noteParallel measures how far the two standards run parallel, as editions,
// translations and adoptions do: the share of sources whose best target is by far
// their best, and they its best.
func (p *pairing) noteParallel(rows [][]scored) {
	p.best = make([]float64, len(p.sources))
	matched, all := 0, 0
	for s, row := range rows {
		if len(row) == 0 {
			continue
		}
		all++
		p.best[s] = row[0].score
		alone := len(row) == 1 || row[1].score < clearBehind*row[0].score
		if alone && p.rivals[row[0].doc].source[0] == s {
			matched++
		}
	}
	p.parallel = ratioOf(float64(matched), all)
}

// noteUsual measures how much confident pairs hold of each other. Translation
// and another drafter lose words, and one language's terms may be in the tables
// more fully than the other's: what is usual between two standards is the yard
// stick for a pair of them.
func (p *pairing) noteUsual(pairs []likely) {
	var ofA, ofB [2][]float64
	for _, l := range pairs {
		a, b := p.sources[l.source], p.views[l.target]
		c := newComparison(a, b, p, l.source, l.target, p.workspace(a))
		h, i := c.held(), side(c.across)
		ofA[i], ofB[i] = append(ofA[i], h.ofA), append(ofB[i], h.ofB)
	}
	for i := range p.usual {
		p.usual[i] = holdings{ofA: median(ofA[i]), ofB: median(ofB[i])}
	}
}

// median of an unsorted list, 0 for an empty one.
func median(all []float64) float64 {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[len(all)/2]
}
