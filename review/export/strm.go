package export

import (
	"fmt"
	"io"
	"strings"

	"concord/corpus"
	"concord/review"
	"concord/review/exchange"
)

// strmRelations is the table from verdicts to relationships, with the rationale
// and the strength from 0 (none) to 10 (equal); the strengths in between are the
// base values of a formula in use (INTEROP.md 2.4).
var strmRelations = map[review.Verdict]struct{ relationship, rationale, strength string }{
	review.Verdict(corpus.RelationIdentical):  {"equal", "syntactic", "10"},
	review.Verdict(corpus.RelationEquivalent): {"equal", "semantic", "10"},
	review.Verdict(corpus.RelationSubset):     {"subset of", "semantic", "7"},
	review.Verdict(corpus.RelationSuperset):   {"superset of", "semantic", "7"},
	review.Verdict(corpus.RelationOverlap):    {"intersects with", "semantic", "4"},
	review.Verdict(corpus.RelationNone):       {"not related to", "semantic", "0"},
	review.VerdictNoCounterpart:               {"not related to", "semantic", "0"},
}

// STRM writes one row for each pair of clauses; rows of one match that relates
// sets share a group. A clause without a counterpart stands against the whole
// standard that was searched.
func STRM(w io.Writer, s Set) error { return strmLines(w, s, held(s.Items)) }

// strmLines is STRM of items that come one by one.
func strmLines(w io.Writer, s Set, rows Rows) error {
	out, group := exchange.NewTable(w), 0
	out.Row(exchange.STRMHeader)
	err := rows(func(i Item) error {
		i = s.facing(i)
		mark := ""
		if len(i.Sources)*len(i.Targets) > 1 {
			group++
			mark = fmt.Sprintf("G%d", group)
		}
		for _, row := range s.strmRows(i, mark) {
			out.Row(row)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return out.End("STRM")
}

// strmRows are the rows of one match.
func (s Set) strmRows(i Item, group string) [][]string {
	o := i.Match.Outcome
	r := strmRelations[o.Verdict]
	comments := ""
	for _, t := range i.reasons(phrasesIn("en")) {
		comments += t.s + "\n"
	}
	comments += strings.Join(append(caveatNotes(i.Reserved, ""), caveatNotes(s.Reserved, onAll)...), "\n") + "\n"
	if s.Round != nil {
		comments += s.notices(phrasesIn("en"))
	}
	comments = oneLine(comments)
	targets := i.Targets
	if len(targets) == 0 {
		against := s.Standards[i.Match.Against]
		targets = []corpus.Clause{{ID: corpus.ClauseID(i.Match.Against), Text: against.Designation}}
		comments = oneLine(exchange.STRMWhole + " " + comments)
	}
	fulfilled := "N"
	if o.BToA.Answer == corpus.AnswerYes {
		fulfilled = "Y"
	}
	var out [][]string
	for _, a := range i.Sources {
		for _, b := range targets {
			mark := ""
			if group != "" {
				mark = string(b.ID) + ":" + group
			}
			out = append(out, []string{string(a.ID), a.Wording(), "", string(b.ID), b.Wording(), comments, r.rationale, r.relationship, fulfilled, mark, r.strength})
		}
	}
	return out
}
