package export

import (
	"slices"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// quoted are the aspects of a comparison that documents print: both quote the
// texts and judge nothing.
var quoted = []matcher.Aspect{matcher.AspectQuantity, matcher.AspectCitation}

// differences are the figures and citations of an agreed match, nil when it was
// never compared on the texts that stand now. Words of a text that may not be
// shown whole are left out, and with them what would give a figure away.
func differences(m review.Match, whole map[corpus.ClauseID]bool) []matcher.Difference {
	if !m.Compared() {
		return nil
	}
	source, target := m.Proposal.Sides()
	all := func(side []matcher.Part) bool {
		return !slices.ContainsFunc(side, func(part matcher.Part) bool { return !whole[part.Clause] })
	}
	a, b := all(source), all(target)
	out := []matcher.Difference{}
	for _, d := range m.Proposal.Differences {
		if slices.Contains(quoted, d.Aspect) {
			out = append(out, Within(d, a, b))
		}
	}
	return out
}

// Within is a row within the rights of both texts. A factor or a difference
// together with one side's figure would give the other's away.
func Within(d matcher.Difference, a, b bool) matcher.Difference {
	d.SpansA, d.SpansB = nil, nil
	if a && b {
		return d
	}
	d.Factor, d.Delta, d.Unit = 0, 0, ""
	if !a {
		d.A = ""
	}
	if !b {
		d.B = ""
	}
	return d
}

// turned is a row read from B to A.
func turned(d matcher.Difference) matcher.Difference {
	d.A, d.B, d.Delta = d.B, d.A, -d.Delta
	if d.Factor != 0 {
		d.Factor = 1 / d.Factor
	}
	if other, changes := turnedFindings[d.Finding]; changes {
		d.Finding = other
	}
	return d
}

// turnedFindings are the findings that name a side.
var turnedFindings = map[matcher.Finding]matcher.Finding{
	matcher.FindingAStricter: matcher.FindingBStricter, matcher.FindingBStricter: matcher.FindingAStricter,
	matcher.FindingOnlyA: matcher.FindingOnlyB, matcher.FindingOnlyB: matcher.FindingOnlyA,
}
