package matcher

import (
	"math"
	"strings"
	"unicode"

	"concord/corpus"
)

// propose writes down everything the matcher says about a pair. ahead is how far
// its score is ahead of the best other candidate of the same source, nil when
// there was no search.
func (m *Matcher) propose(c *comparison, ahead *float64) Proposal {
	p := Proposal{
		Source: c.a.clause.ID, Target: c.b.clause.ID, SourceDigest: c.a.facts.text, TargetDigest: c.b.facts.text, Model: m.model.ID(),
	}
	p.Score, p.Reasons = m.reasons(c)
	p.Confidence = m.model.between(languagesOf(c.a, c.b)).confidence(p.Score, ahead)
	p.Differences = c.differences()
	p.Alignments = c.alignments()
	held := m.holdings(c)
	p.Relation = m.relation(c, p.Score, p.Differences, held)
	p.AToB, p.BToA = m.recognitions(p.Relation, p.Differences, held)
	return p
}

// holdings is how much of each side's content the other side has, 0 to 1.
type holdings struct {
	ofA, ofB float64
	from     float64 // the share from which a side counts as contained
}

// held takes the shared mass of the words in one language, and of the concepts
// and learned words across languages, whichever shows more: what neither shows
// is not known to be missing.
func (c *comparison) held() holdings {
	if c.across {
		return holdings{ofA: math.Max(c.concepts.ofSource, c.renderedA), ofB: math.Max(c.concepts.ofTarget, c.renderedB)}
	}
	return holdings{ofA: math.Max(c.words.ofSource, c.concepts.ofSource), ofB: math.Max(c.words.ofTarget, c.concepts.ofTarget)}
}

// leastUsual bounds how far the yard stick may shrink, within one language and
// across: two standards whose best pairs share little are not thereby alike.
var leastUsual = [2]float64{0.5, 0.4}

// holdings measures what each side holds of the other against what is usual
// between the two standards.
func (m *Matcher) holdings(c *comparison) holdings {
	h := c.held()
	h.from = m.model.values["contained-from"]
	if c.pair == nil || c.pair.usual[side(c.across)].ofA == 0 {
		if c.across {
			h.from = m.model.values["contained-from-across"]
		}
		return h
	}
	usual, least := c.pair.usual[side(c.across)], leastUsual[side(c.across)]
	h.ofA, h.ofB = ratio(h.ofA, math.Max(least, usual.ofA)), ratio(h.ofB, math.Max(least, usual.ofB))
	return h
}

// relation classifies a pair. Identical needs the same words in one language;
// below a score there is none; else each side asks more than the other when it
// has content the other lacks, a stricter limit or obligation, or binds where
// the other makes a condition. Neither asking more is equivalent, one alone is
// subset or superset, both is overlap. Equivalent is therefore never said when
// a limit or an obligation differs.
//
// Two things are known from the pair of standards, not of clauses. Between
// standards that run parallel, clauses that are each other's best by far say the
// same unless something shows that they do not, so less content has to be found
// again, and a quantity whose number the other side prints is not missing there.
// And a clause that another one fits much better is a part of something larger
// there: the target that other sources fit better gathers several, and asks more
// than this one, whether each side has content of its own or both have the same.
// A condition that only one side makes then says nothing, since it may be of
// another part. Two languages of parallel standards are left out of that where the
// content is the same: translations differ in how much of them is read.
func (m *Matcher) relation(c *comparison, score float64, rows []Difference, h holdings) corpus.Relation {
	switch {
	case c.a.lang == c.b.lang && m.sameWording(c.a.clause.Text, c.b.clause.Text, c.a.lang):
		return corpus.RelationIdentical
	case score < m.model.values["relation-none-below"]:
		return corpus.RelationNone
	}
	behind := c.behind()
	parallel := c.pair != nil && c.pair.parallel >= m.model.values["parallel-from"]
	if parallel && max(behind.source, behind.target) <= m.model.values["parallel-lag"] {
		h.from = min(h.from, m.model.values["contained-parallel"])
	}
	more := moreContent(h, m.model.values["contained-margin"])
	part := behind.part(m.model.values["part-margin"])
	within := more.a == more.b && part.a != part.b && (more.a || !c.across || !parallel)
	if within {
		more = part
	}
	for _, d := range rows {
		if within && conditional(d) {
			continue
		}
		if !c.across || !faint(d) && !c.unmarked(d) && !(parallel && d.unread) {
			more = more.and(asksMore(d))
		}
	}
	switch {
	case more.a && more.b:
		return corpus.RelationOverlap
	case more.a:
		return corpus.RelationSuperset
	case more.b:
		return corpus.RelationSubset
	}
	return corpus.RelationEquivalent
}

// asking says which sides ask more than the other.
type asking struct{ a, b bool }

func (x asking) and(y asking) asking { return asking{x.a || y.a, x.b || y.b} }

// moreContent compares what each side has beyond the other. When each holds the
// other neither asks more; else the one that is clearly held less does, and
// close ones both do.
func moreContent(h holdings, margin float64) asking {
	switch {
	case min(h.ofA, h.ofB) >= h.from:
		return asking{}
	case h.ofA >= h.ofB+margin:
		return asking{b: true}
	case h.ofB >= h.ofA+margin:
		return asking{a: true}
	}
	return asking{a: true, b: true}
}

// lag is how far a pair is behind the best pair of its source, and of its
// target: 0 for the best, 1 for none at all.
type lag struct{ source, target float64 }

// behind measures the lags among the pairs that were studied; both are 0 for a
// clause that was not.
func (c *comparison) behind() lag {
	if c.pair == nil || c.si < 0 || c.ti < 0 || len(c.pair.best) == 0 || c.pair.best[c.si] <= 0 {
		return lag{}
	}
	short := func(best float64) float64 { return max(0, 1-ratio(c.early, best)) }
	return lag{short(c.pair.best[c.si]), short(c.pair.rivals[c.ti].best[0])}
}

// part says which side asks more where both have content of their own: the one
// that others fit better by the margin is the larger.
func (l lag) part(margin float64) asking {
	switch {
	case l.target > l.source+margin:
		return asking{b: true}
	case l.source > l.target+margin:
		return asking{a: true}
	}
	return asking{a: true, b: true}
}

// faint tells whether a row is too faint, across languages, to say which side
// asks more: conditions and counts read on one side only are oftener missed on
// the other than missing there, and translators keep a value but not whether it is
// included.
func faint(d Difference) bool {
	switch d.Finding {
	case FindingOnlyA, FindingOnlyB:
		return conditional(d) || d.count
	case FindingAStricter, FindingBStricter:
		return d.Aspect == AspectQuantity && d.Factor == 1 && d.Delta == 0
	}
	return false
}

// unmarked tells whether a row says that one side obliges less, across languages,
// while part of that side's text stands in the plain indicative: statutes in
// Chinese, Russian, German or French oblige so (主管機關處罰, "устанавливается"),
// and a permission beside it is not all the clause says.
func (c *comparison) unmarked(d Difference) bool {
	if d.Aspect != AspectObligation {
		return false
	}
	switch d.Finding {
	case FindingAStricter:
		return c.b.partlyMarked()
	case FindingBStricter:
		return c.a.partlyMarked()
	}
	return false
}

// markedShare is how much of a text must stand in sentences with a word of
// obligation for the text to count as wholly marked (our own choice: a heading
// and the lead of a list are not marked either).
const markedShare = 0.8

// partlyMarked tells whether a good part of the text has no word of obligation.
func (f *facts) partlyMarked() bool {
	end, marked := 0, 0
	for _, o := range f.reading.Obligations {
		marked += max(0, o.Sentence.End-max(end, o.Sentence.Start))
		end = max(end, o.Sentence.End)
	}
	return float64(marked) < markedShare*float64(len(f.clause.Text))
}

// conditional tells whether a row says when one side binds and the other has no
// such row.
func conditional(d Difference) bool {
	only := d.Finding == FindingOnlyA || d.Finding == FindingOnlyB
	return only && (d.Aspect == AspectCondition || d.Threshold)
}

// asksMore says what one row of the difference table means. A side that makes a
// condition asks less: it binds in fewer cases. Terms are content and counted
// there.
func asksMore(d Difference) asking {
	aspect := d.Aspect
	if d.Threshold {
		aspect = AspectCondition
	}
	switch d.Finding {
	case FindingAStricter:
		return asking{a: true}
	case FindingBStricter:
		return asking{b: true}
	case FindingOnlyA:
		switch aspect {
		case AspectQuantity, AspectCitation:
			return asking{a: true}
		case AspectCondition:
			return asking{b: true}
		}
	case FindingOnlyB:
		switch aspect {
		case AspectQuantity, AspectCitation:
			return asking{b: true}
		case AspectCondition:
			return asking{a: true}
		}
	case FindingNotComparable:
		if d.Aspect == AspectQuantity || d.Aspect == AspectObligation && d.A != "" && d.B != "" {
			return asking{a: true, b: true}
		}
	}
	return asking{}
}

// sameWording tells whether two texts have the same words in the same order:
// what folding evens out (case, width, script forms), white space and
// punctuation between words are forgiven, signs that belong to numbers and
// formulae are not.
func (m *Matcher) sameWording(a, b string, lang corpus.Language) bool {
	return m.lex.SameFolded(a, b, lang, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(";:!?\"'“”‘’«»。、；：？！،؛؟", r)
	})
}
