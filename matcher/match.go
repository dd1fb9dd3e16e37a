package matcher

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"concord/corpus"
	"concord/matcher/sparse"
)

// Sizes up to which two standards are studied together before matching (their
// rarities, learned words, sections, rivals). Above, clauses are compared with
// the statistics of the whole corpus.
const (
	maxPairingSources = 6_000
	maxPairingTargets = 30_000
	maxKept           = 30_000 // clauses of both sides in the pairings kept in memory
)

// compareDepth is how many candidates are compared before the best are kept.
const compareDepth = 60

// maxLimit is the most proposals one call gives for a clause.
const maxLimit = 1000

// scene is what a clause is matched in: the corpus as it was when the call
// began, the targets, and what is known of the two standards together.
type scene struct {
	col    *collection
	ranges []sparse.Range
	pair   *pairing // nil when the standards are unknown or too large
	alone  bool     // one clause is matched, which may take every core
}

// scene prepares matching clauses of one standard among others; none given
// means every other standard of the corpus.
func (m *Matcher) scene(source corpus.StandardID, among []corpus.StandardID) scene {
	col := m.corpus.Load()
	if col.size == 0 {
		return scene{col: col}
	}
	names := make([]string, 0, len(among))
	for _, id := range among {
		names = append(names, string(id))
	}
	if len(among) == 0 {
		for _, id := range col.names {
			if id != source {
				names = append(names, string(id))
			}
		}
	}
	slices.Sort(names)
	s := scene{col: col, ranges: col.rankings[wordRanking].Among(slices.Compact(names)...)}
	own, known := col.standards[source]
	if targets := size(s.ranges); known && own[1]-own[0] <= maxPairingSources && targets > 0 && targets <= maxPairingTargets {
		s.pair = m.pairing(col, source, own, names, s.ranges)
	}
	return s
}

// size is how many places the ranges hold.
func size(ranges []sparse.Range) int {
	n := 0
	for _, r := range ranges {
		n += r.Hi - r.Lo
	}
	return n
}

// pairing returns the pairing of a standard with others, built on first use and
// kept with a few more.
func (m *Matcher) pairing(col *collection, source corpus.StandardID, own [2]int, names []string, ranges []sparse.Range) *pairing {
	key := string(source) + "\x00" + strings.Join(names, "\x00")
	col.mu.Lock()
	p, there := col.pairings[key]
	if !there {
		p = &preparing{size: own[1] - own[0] + size(ranges)}
		col.pairings[key] = p
		col.recent = append(col.recent, key)
		col.kept += p.size
		for col.kept > maxKept && len(col.recent) > 1 {
			col.kept -= col.pairings[col.recent[0]].size
			delete(col.pairings, col.recent[0])
			col.recent = col.recent[1:]
		}
	}
	col.mu.Unlock()
	p.once.Do(func() { p.pair = m.newPairing(col, own[0], own[1], ranges) })
	return p.pair
}

// asked is a clause being matched in a scene.
type asked struct {
	view   *view
	sought *sought // to be compared with sketches, nil in a pairing
	at     int     // number among the pairing's sources, -1 when it is not one
	self   int     // place in the collection, -1 when it is not there
}

// ask views a clause in the scene. A clause of the corpus whose wording is
// still the same is not read again.
func (m *Matcher) ask(s scene, c corpus.Clause) asked {
	a := asked{at: -1, self: -1}
	var f *facts
	if place, ok := s.col.place(c.ID); ok {
		a.self = place
		if k := s.col.clause(place); k.Heading == c.Heading && k.Text == c.Text && k.Language == c.Language && slices.Equal(k.Path, c.Path) || wordingDigest(k) == wordingDigest(c) {
			f = m.at(s.col, place)
		}
	}
	if f != nil && s.pair != nil && a.self >= s.pair.first && a.self < s.pair.last {
		a.at = a.self - s.pair.first
		a.view = s.pair.sources[a.at]
		return a
	}
	if f == nil {
		f = m.factsOf(c, s.col.traditions[c.Standard])
		f.meaning = s.col.embedded.of(f.text, f.lang)
	}
	if s.pair == nil {
		a.view = newView(f, s.col.stats)
		a.sought = s.col.newSought(a.view)
		return a
	}
	a.view = newView(f, s.pair.stats)
	s.pair.numberKnown(a.view)
	return a
}

// target is a place in the collection as the scene views it beside a source.
func (m *Matcher) target(s scene, source *view, place int) (v *view, number int) {
	if s.pair != nil {
		n := s.pair.targetAt[place]
		return s.pair.views[n], n
	}
	f := m.at(s.col, place)
	if len(m.known.dictionaries) > 0 { // translations look words up on both sides
		return newView(f, s.col.stats), -1
	}
	return newViewBeside(f, s.col.stats, f.lang != source.lang), -1
}

// score compares a clause with a place. Without a pairing a sketch of the target does,
// unless there are translations, which look words up on both sides.
func (m *Matcher) score(s scene, a asked, place int, w *workspace) float64 {
	if s.pair == nil && len(m.known.dictionaries) == 0 {
		return m.glanceAt(s, a, place)
	}
	v, n := m.target(s, a.view, place)
	return m.total(newComparison(a.view, v, s.pair, a.at, n, w), true)
}

// candidates finds the places worth comparing, without the clause itself.
func (m *Matcher) candidates(s scene, a asked, limit int) []scored {
	found := m.find(s, a, limit+1)
	found = slices.DeleteFunc(found, func(x scored) bool { return x.doc == a.self })
	return found[:min(limit, len(found))]
}

// rank finds candidates and compares them: places with scores, best first, ties
// by place, which is the order of the wording's digest within a standard.
func (m *Matcher) rank(s scene, a asked, depth int) []scored {
	out := m.candidates(s, a, depth)
	w := s.workspace(a.view)
	score := func(i int) { out[i].score = m.score(s, a, out[i].doc, w) }
	if s.alone && s.pair == nil { // the workspace is one
		parallel(len(out), score)
	} else {
		for i := range out {
			score(i)
		}
	}
	slices.SortFunc(out, byScore)
	return out
}

// Similar implements Finder over the corpus loaded: the rankings alone, without
// comparing.
func (m *Matcher) Similar(ctx context.Context, c corpus.Clause, among []corpus.StandardID, limit int) ([]Candidate, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("find candidates for %s: %w", c.ID, err)
	}
	s := m.scene(c.Standard, among)
	if s.col.size == 0 || limit <= 0 {
		return nil, nil
	}
	var out []Candidate
	for _, x := range m.candidates(s, m.ask(s, c), min(limit, maxLimit)) {
		out = append(out, Candidate{Clause: s.col.rows.id(x.doc), Score: x.score})
	}
	return out, s.col.damaged()
}

// Match proposes the best counterparts of a clause among the clauses of the
// given standards (every other standard of the corpus when none is given), best
// first, at most limit. The clause need not be in the corpus; when its standard
// is, what was learned from the two standards together is used.
func (m *Matcher) Match(ctx context.Context, c corpus.Clause, among []corpus.StandardID, limit int) ([]Proposal, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("match %s: %w", c.ID, err)
	}
	s := m.scene(c.Standard, among)
	s.alone = true
	out := m.matchIn(s, c, limit)
	if err := s.col.damaged(); err != nil {
		return nil, err
	}
	return out, nil
}

// matchIn matches one clause in a scene.
func (m *Matcher) matchIn(s scene, c corpus.Clause, limit int) []Proposal {
	limit = min(limit, maxLimit)
	if s.col.size == 0 || limit <= 0 {
		return nil
	}
	a := m.ask(s, c)
	best := m.rank(s, a, max(compareDepth, limit))
	w := s.workspace(a.view)
	out := make([]Proposal, 0, min(limit, len(best)))
	for i := range best[:min(limit, len(best))] {
		out = append(out, m.proposeAt(s, a, w, best, i))
	}
	return out
}

// proposeAt proposes the i-th of a ranking.
func (m *Matcher) proposeAt(s scene, a asked, w *workspace, ranking []scored, i int) Proposal {
	v, n := m.target(s, a.view, ranking[i].doc)
	ahead := lead(ranking, i)
	return m.propose(newComparison(a.view, v, s.pair, a.at, n, w), &ahead)
}

// lead is how far the i-th of a ranking is ahead of the best other one; below 0
// for all but the first.
func lead(ranking []scored, i int) float64 {
	switch {
	case i > 0:
		return ranking[i].score - ranking[0].score
	case len(ranking) > 1:
		return ranking[0].score - ranking[1].score
	}
	return ranking[0].score
}

// batch is how many clauses are matched before their proposals are handed over.
const batch = 64

// MatchAll matches many clauses on every core and hands over the proposals of
// each clause in the order of the clauses. Targets of each clause are as for
// Match. progress (which may be nil) hears how many are done; an error of yield
// or the end of the context stops the work and is returned.
func (m *Matcher) MatchAll(ctx context.Context, sources []corpus.Clause, among []corpus.StandardID, limit int, progress func(done, total int), yield func([]Proposal) error) error {
	scenes := make(map[corpus.StandardID]scene)
	for start := 0; start < len(sources); start += batch {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("match %d clauses: %w", len(sources), err)
		}
		part := sources[start:min(start+batch, len(sources))]
		for _, c := range part {
			if _, there := scenes[c.Standard]; !there {
				scenes[c.Standard] = m.scene(c.Standard, among)
			}
		}
		found := make([][]Proposal, len(part))
		parallel(len(part), func(i int) { found[i] = m.matchIn(scenes[part[i].Standard], part[i], limit) })
		for _, c := range part {
			if err := scenes[c.Standard].col.damaged(); err != nil {
				return err
			}
		}
		for _, proposals := range found {
			if err := yield(proposals); err != nil {
				return err
			}
		}
		if progress != nil {
			progress(start+len(part), len(sources))
		}
	}
	return nil
}

// Compare proposes what one clause is to another from the two texts alone: the
// same pair gives the same proposal whatever the corpus. Terms count as equally
// rare, and nothing learned from the corpus is used.
func (m *Matcher) Compare(source, target corpus.Clause) Proposal {
	stats := &statistics{neutral: true}
	a := newView(m.factsOf(source, corpus.TraditionUnknown), stats)
	b := newView(m.factsOf(target, corpus.TraditionUnknown), stats)
	return m.propose(newComparison(a, b, nil, -1, -1, nil), nil)
}

// Model names the weights and their version, as proposals do.
func (m *Matcher) Model() string { return m.model.ID() }
