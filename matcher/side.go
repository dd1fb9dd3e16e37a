package matcher

import (
	"math"
	"strings"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// Part is one clause of a side that was compared as one text.
type Part struct {
	Clause corpus.ClauseID `json:"clause"`
	Digest corpus.Digest   `json:"digest"` // of the wording that was read
	At     lexicon.Span    `json:"at"`     // bytes of the side's wording that it takes
}

// Join is a side of several clauses as one clause, to be compared: all their
// wordings, a line each, under an id that is no clause's. A single clause is
// itself. A prefix of the joined wording holds no more than the prefixes of the
// single ones, so that the rights of the standard bound it as they bound them. The
// clauses must be of one standard, and at least one.
func Join(clauses []corpus.Clause) (corpus.Clause, []Part) {
	one := clauses[0]
	var keys, texts []string
	var parts []Part
	at := 0
	for _, c := range clauses {
		text := c.Wording()
		parts = append(parts, Part{c.ID, c.Digest(), lexicon.Span{Start: at, End: at + len(text)}})
		keys, texts = append(keys, c.ID.Key()), append(texts, text)
		at += len(text) + len("\n")
	}
	if len(clauses) > 1 {
		one.ID, one.Heading, one.Text = corpus.NewClauseID(one.ID.Standard(), strings.Join(keys, " + ")), "", strings.Join(texts, "\n")
	}
	return one, parts
}

// CompareSides compares two sides of a match by a function that compares two
// clauses, such as Matcher.Compare, each side as Join makes it one.
func CompareSides(compare func(source, target corpus.Clause) Proposal, sources, targets []corpus.Clause) Proposal {
	a, partsA := Join(sources)
	b, partsB := Join(targets)
	p := compare(a, b)
	if len(partsA) > 1 {
		p.SourceParts = partsA
	}
	if len(partsB) > 1 {
		p.TargetParts = partsB
	}
	return p
}

// Sides are the clauses of both sides. A side of one clause takes all there is.
func (p Proposal) Sides() (source, target []Part) {
	side := func(parts []Part, id corpus.ClauseID, digest corpus.Digest) []Part {
		if len(parts) > 0 {
			return parts
		}
		return []Part{{id, digest, lexicon.Span{End: math.MaxInt}}}
	}
	return side(p.SourceParts, p.Source, p.SourceDigest), side(p.TargetParts, p.Target, p.TargetDigest)
}

// Reads tells whether the proposal was made on the wordings with these digests:
// "" for a clause that is not there.
func (p Proposal) Reads(digest func(corpus.ClauseID) corpus.Digest) bool {
	source, target := p.Sides()
	for _, parts := range [][]Part{source, target} {
		for _, part := range parts {
			if digest(part.Clause) != part.Digest {
				return false
			}
		}
	}
	return true
}

// PartAt finds the clause of a side that a place of its wording stands in whole,
// and the place in that clause's own wording.
func PartAt(parts []Part, place lexicon.Span) (Part, lexicon.Span, bool) {
	for _, part := range parts {
		if place.Start >= part.At.Start && place.End <= part.At.End {
			return part, lexicon.Span{Start: place.Start - part.At.Start, End: place.End - part.At.Start}, true
		}
	}
	return Part{}, lexicon.Span{}, false
}

// ClausesOf lists the clauses of a side.
func ClausesOf(parts []Part) []corpus.ClauseID {
	out := make([]corpus.ClauseID, len(parts))
	for i, part := range parts {
		out[i] = part.Clause
	}
	return out
}
