package web

import (
	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/matcher"
)

// reach is how far a clause's wording may be shown: its first shown bytes of all
// there are. What is computed from a wording, such as a proposal, passes through
// it on its way out, as the wording itself passes through corpus.Rights.
type reach struct{ shown, all int }

// reachOf is the reach of a clause under its standard's rights. The mark that
// ends an excerpt is no part of the wording.
func reachOf(c corpus.Clause, r corpus.Rights) reach {
	full, shown := c.Wording(), r.Shown(c).Wording()
	n := 0
	for n < len(full) && n < len(shown) && full[n] == shown[n] {
		n++
	}
	return reach{n, len(full)}
}

// whole tells whether the wording may be shown to its end.
func (r reach) whole() bool { return r.shown == r.all }

// within keeps the spans that end inside of what may be shown.
func (r reach) within(spans []lexicon.Span) []lexicon.Span {
	if r.whole() {
		return spans
	}
	var out []lexicon.Span
	for _, span := range spans {
		if span.End <= r.shown {
			out = append(out, span)
		}
	}
	return out
}

// printed is what a side of a row prints, "" when any of it stands where the
// wording may not be shown, or nobody says where it stands.
func (r reach) printed(text string, spans []lexicon.Span) string {
	if r.whole() || len(spans) > 0 && len(r.within(spans)) == len(spans) {
		return text
	}
	return ""
}

// proposalShown is a proposal as it may leave the program. Of two texts that may
// be shown whole that is everything. Else places outside of what is shown are
// left out, and so is what quotes them: the words of a row, what sets one side's
// figure against the other's, and all conditions, whose sentences hold words of
// both. Reasons and differences keep their number and order.
func proposalShown(p matcher.Proposal, a, b reach) matcher.Proposal {
	if a.whole() && b.whole() {
		return p
	}
	p.AToB = corpus.Recognition{Answer: p.AToB.Answer}
	p.BToA = corpus.Recognition{Answer: p.BToA.Answer}
	reasons := make([]matcher.Reason, len(p.Reasons))
	for i, r := range p.Reasons {
		r.Source, r.Target = a.within(r.Source), b.within(r.Target)
		reasons[i] = r
	}
	rows := make([]matcher.Difference, len(p.Differences))
	for i, d := range p.Differences {
		rows[i] = differenceShown(d, a, b)
	}
	var aligned []matcher.Alignment
	for _, al := range p.Alignments {
		if al.Source.End <= a.shown && al.Target.End <= b.shown {
			aligned = append(aligned, al)
		}
	}
	p.Reasons, p.Differences, p.Alignments = reasons, rows, aligned
	return p
}

// differenceShown is one row within the rights of both texts. A factor or a
// difference together with one side's figure would give the other's away.
func differenceShown(d matcher.Difference, a, b reach) matcher.Difference {
	out := d
	out.A, out.B = a.printed(d.A, d.SpansA), b.printed(d.B, d.SpansB)
	out.SpansA, out.SpansB = a.within(d.SpansA), b.within(d.SpansB)
	if out.A != d.A || out.B != d.B {
		out.Factor, out.Delta, out.Unit = 0, 0, ""
	}
	return out
}
