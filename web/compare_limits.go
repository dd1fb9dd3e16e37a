package web

import (
	"strings"
	"unicode"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/matcher"
	"concord/review"
)

// limitLine is one parameter of both sides: a limit or the force of the
// obligation, who is stricter and by how much.
type limitLine struct {
	match     uuid.UUID
	No        int // of the match in the table
	State     review.State
	Suspect   bool
	Aspect    matcher.Aspect
	What      string // the concept it is about, in the language of the page
	Threshold bool   // says when the clause binds, and not what it asks
	A, B      limitEnd
	Finding   matcher.Finding
	Factor    string // B over A
	Delta     string // B minus A, in the unit as A prints it where that can be told
	Hidden    bool   // the rights of a standard keep its words back
}

// limitEnd is one side of a row.
type limitEnd struct {
	ID       corpus.ClauseID
	Label    string
	Language corpus.Language
	Printed  string
	Degree   lexicon.Degree // of rows about the obligation
}

// Match is the address of the match a row belongs to.
func (r limitLine) Match() string { return "/matches/" + r.match.String() }

// Mark is the shape of the finding.
func (r limitLine) Mark() string { return findingMarks[r.Finding] }

// limitSum counts the rows of one finding.
type limitSum struct {
	Finding matcher.Finding
	Mark    string
	Count   int
}

// findings lists every finding in the order of the sums.
var findings = []matcher.Finding{
	matcher.FindingAStricter, matcher.FindingBStricter, matcher.FindingEqual, matcher.FindingOnlyA, matcher.FindingOnlyB, matcher.FindingNotComparable,
}

// sumsOf counts rows by finding; findings without rows are left out.
func sumsOf(rows []limitLine) []limitSum {
	n := map[matcher.Finding]int{}
	for _, r := range rows {
		n[r.Finding]++
	}
	var out []limitSum
	for _, f := range findings {
		if n[f] > 0 {
			out = append(out, limitSum{f, findingMarks[f], n[f]})
		}
	}
	return out
}

// limitRows are a match's rows about limits and about obligations that differ,
// under the filter by the stricter side.
func (c *comparedPair) limitRows(m *comparedMatch, x *comparison) (limits, obligations []limitLine) {
	for i, d := range x.rows() {
		if side := c.query.Stricter; side != "" && findingSide(d.Finding) != side {
			continue
		}
		switch {
		case d.Aspect == matcher.AspectQuantity:
			limits = append(limits, c.limitLine(m, x, i))
		case d.Aspect == matcher.AspectObligation && d.Finding != matcher.FindingEqual:
			obligations = append(obligations, c.limitLine(m, x, i))
		}
	}
	return limits, obligations
}

// limitLine makes the row of one difference.
func (c *comparedPair) limitLine(m *comparedMatch, x *comparison, i int) limitLine {
	d, made := x.shown.Differences[i], x.made.Differences[i]
	w := c.asker.words
	row := limitLine{
		match: m.ID, State: m.State, Suspect: m.Suspect, Aspect: d.Aspect, Threshold: d.Threshold, Finding: d.Finding,
		A: c.a.end(x.a, d.A, made.SpansA), B: c.b.end(x.b, d.B, made.SpansB), Hidden: d.A != made.A || d.B != made.B,
	}
	if d.Concept != "" {
		row.What = c.s.label(d.Concept, corpus.Language(w.tag))
	}
	if d.Aspect == matcher.AspectObligation {
		row.A.Degree, row.B.Degree = c.degree(c.a, x.a), c.degree(c.b, x.b)
	}
	if d.Finding == matcher.FindingEqual {
		return row
	}
	if d.Factor > 0 {
		row.Factor = w.decimal(d.Factor)
	}
	if d.Delta != 0 {
		value, unit := c.printedDelta(x, d)
		row.Delta = w.decimal(value)
		if value > 0 {
			row.Delta = "+" + row.Delta
		}
		if unit != "" {
			row.Delta += " " + unit
		}
	}
	return row
}

// end is one side of a row; places say in which clause of a set it stands.
func (d *comparedSide) end(t joinedText, printed string, places []lexicon.Span) limitEnd {
	id := t.at(places)
	e := limitEnd{ID: id, Label: d.byID[id].Label, Language: d.standard.Language, Printed: bounds.Replace(printed)}
	if e.Label == "" {
		e.Label = id.Key()
	}
	return e
}

// degree is the strongest obligation of a text.
func (c *comparedPair) degree(d *comparedSide, t joinedText) lexicon.Degree {
	return strongest(c.s.reading(t.clause, d.standard))
}

// unitKey names a unit as one language prints it.
type unitKey struct {
	language corpus.Language
	printed  string
}

// printedDelta is the difference in the unit as A prints it, else as B does,
// else in the unit of the comparison. Both figures are shown by the row, so the
// unit gives nothing away.
func (c *comparedPair) printedDelta(x *comparison, d matcher.Difference) (float64, string) {
	for _, end := range []struct {
		side  *comparedSide
		text  joinedText
		spans []lexicon.Span
	}{{c.a, x.a, d.SpansA}, {c.b, x.b, d.SpansB}} {
		for _, q := range c.s.reading(end.text.clause, end.side.standard).Quantities {
			if len(end.spans) == 0 || q.Span != end.spans[0] {
				continue
			}
			if scale, unit := c.unitOf(q, end.side.standard); scale > 0 {
				return d.Delta / scale, unit
			}
		}
	}
	return d.Delta, d.Unit
}

// unitOf is the unit of a quantity as it is printed and how many units of its
// dimension it is; 0 when that cannot be told. It has the lexicon read one and
// two of the unit, so that it needs no table of its own and an offset, as of
// degrees, falls out.
func (c *comparedPair) unitOf(q lexicon.Quantity, std corpus.Standard) (float64, string) {
	unit := strings.TrimLeftFunc(q.Printed, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsSymbol(r) && !strings.ContainsRune("%‰′″", r)
	})
	if unit == "" || q.Unit == "" || unit == q.Printed {
		return 0, ""
	}
	key := unitKey{std.Language, unit}
	scale, known := c.units[key]
	if !known {
		one, two := c.readOne("1 "+unit, q, std), c.readOne("2 "+unit, q, std)
		if one != nil && two != nil {
			scale = two.Low - one.Low
		}
		c.units[key] = scale
	}
	return scale, unit
}

// readOne reads a text that is one quantity like another, or nil.
func (c *comparedPair) readOne(text string, like lexicon.Quantity, std corpus.Standard) *lexicon.Quantity {
	list := c.s.reading(corpus.Clause{Standard: std.ID, Text: text, Language: std.Language}, std).Quantities
	if len(list) != 1 || list[0].Unit != like.Unit || list[0].Dimension != like.Dimension || list[0].Span.End != len(text) {
		return nil
	}
	return &list[0]
}
