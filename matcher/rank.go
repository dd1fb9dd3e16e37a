package matcher

import (
	"cmp"

	"concord/corpus/lexicon"
)

// Limit is one quantity of a clause as a table of many countries ranks it.
type Limit struct {
	lexicon.Quantity
	Owner     string            // whose limit it is; limits of one owner are not compared
	Of        lexicon.ConceptID // what is limited, "" where that is not known
	Threshold bool              // says when the clause binds, and not what it asks
	SI        string            // UCUM code of the unit of Low and High, "" where none is printed
	Rank      Rank
}

// Rank says how a limit stands among those of the others about the same thing.
type Rank string

// The ranks. RankAlone is the zero value: nobody else limits the same.
const (
	RankAlone     Rank = ""
	RankStrictest Rank = "strictest" // nobody else asks more, and somebody asks less
	RankEqual     Rank = "equal"     // all others ask the same
	RankLaxer     Rank = "laxer"     // somebody else asks more
	RankUnlike    Rank = "unlike"    // it cannot be told
)

// Ranks lists every rank that has a name.
var Ranks = []Rank{RankStrictest, RankEqual, RankLaxer, RankUnlike}

// LimitsOf are the limits of a reading, in its order. Numbers without a bound
// limit nothing and are left out.
func LimitsOf(r lexicon.Reading, owner string) []Limit {
	f := facts{reading: r}
	var out []Limit
	for _, q := range r.Quantities {
		if q.Bound != lexicon.BoundNone {
			out = append(out, Limit{Quantity: q, Owner: owner, Of: limited(r, q), Threshold: f.threshold(q), SI: siUnit[q.Dimension]})
		}
	}
	return out
}

// limited is what a quantity limits: the name of a quantity, such as width, that
// is named last before it or, failing that, first behind it. The nearest concept
// alone may be the thing that has the width, or a word like "minimum", and those
// differ from language to language; it is taken where no quantity is named.
func limited(r lexicon.Reading, q lexicon.Quantity) lexicon.ConceptID {
	if quantityNames[q.Measures] {
		return q.Measures
	}
	var last, next lexicon.Mention
	for _, m := range r.Concepts {
		switch {
		case !quantityNames[m.Concept]:
		case m.Span.End <= q.Span.Start:
			if last.Concept == "" || !m.Nested || m.Span.Start > last.Span.End {
				last = m
			}
		case next.Concept == "":
			next = m
		}
	}
	return cmp.Or(last.Concept, next.Concept, q.Measures)
}

// measured is what limits must share to be compared: the concept, the dimension
// and the side that is bounded, since a floor and a ceiling of one thing do not
// answer each other.
type measured struct {
	concept   lexicon.ConceptID
	dimension string
	side      int
}

// RankLimits sets the rank of every limit, by the direction of its bound: of
// floors the greatest asks most, of ceilings the smallest. Thresholds, and
// limits of something that is not known, keep RankAlone.
func RankLimits(list []*Limit) {
	groups := map[measured][]*Limit{}
	for _, l := range list {
		l.Rank = RankAlone
		if l.Of != "" && !l.Threshold {
			key := measured{l.Of, l.Dimension, direction(l.Bound)}
			groups[key] = append(groups[key], l)
		}
	}
	for _, group := range groups {
		for _, l := range group {
			l.Rank = l.among(group)
		}
	}
}

// among ranks a limit within its group.
func (l *Limit) among(group []*Limit) Rank {
	var others, more, less, unlike bool
	for _, o := range group {
		if o.Owner == l.Owner {
			continue
		}
		others = true
		switch quantityFinding(l.Quantity, o.Quantity) {
		case FindingAStricter:
			less = true
		case FindingBStricter:
			more = true
		case FindingNotComparable:
			unlike = true
		}
	}
	switch {
	case !others:
		return RankAlone
	case more:
		return RankLaxer
	case unlike:
		return RankUnlike
	case less:
		return RankStrictest
	}
	return RankEqual
}
