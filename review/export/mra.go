package export

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"concord/corpus"
)

// MRA writes a sectoral annex as agreements on mutual recognition carry it: scope
// and coverage, and Sections I to V. Section I, the requirements of both sides, is
// filled from what was agreed, both directions apart; Sections II to V, which name
// bodies, authorities and procedures, are left to the parties with the lines they
// need. The division is that of the EU's agreements on mutual recognition (for
// instance the Agreement between the EC and Australia, 1998).
func MRA(w io.Writer, s Set) error { return writeDOCX(w, s.formMRA()) }

// Lines left to write on, for each party.
const blankLines = 3

// formMRA is the report in the form of an annex.
func (s Set) formMRA() report {
	r := s.newReport()
	w := r.words
	r.serif = true
	r.tables = []table{s.mraScope(w), s.mraInstruments(w), s.mraRecognised(w, false), s.mraRecognised(w, true), s.mraOpen(w),
		s.blanks(w, "mra-2", "party", 20, "body", 50, "body-number", 24, "body-scope", 44),
		s.blanks(w, "mra-3", "party", 20, "authority", 60, "authority-contact", 58)}
	for _, section := range []string{"mra-4", "mra-5"} {
		t := w.sheet(section, "note."+section, "")
		t.landing, t.columns = true, []column{{width: 6}, {width: 132}}
		for n := range blankLines {
			t.rows = append(t.rows, []cell{plain(fmt.Sprint(n + 1)), plain("…")})
		}
		r.tables = append(r.tables, t)
	}
	r.tables = append(r.tables, s.record(w), s.about(w))
	return r
}

// mraScope says what the annex covers: the standards of both parties and how many
// of their clauses are settled.
func (s Set) mraScope(w phrases) table {
	t := w.sheet("mra-scope", "note.mra-scope", "")
	t.columns = w.columns("party", 20, "standard", 34, "standard-title", 60, "edition", 14)
	for _, side := range s.Dossier.Sides {
		for _, id := range side.Standards {
			std := s.Standards[id]
			title := std.Title(std.Language)
			t.rows = append(t.rows, []cell{plain(string(side.Party)), of(named(std.Designation, std.Language)), of(text{s: title.Text, lang: title.Language}), plain(std.Edition)})
		}
	}
	return t
}

// mraInstruments is the two-column table of Section I: each party's clauses that
// stand in an agreed match, by standard.
func (s Set) mraInstruments(w phrases) table {
	t := w.sheet("mra-1", "note.mra-1", "empty.comparison")
	t.columns = w.columns("a", 69, "b", 69)
	gather := func(clauses func(Item) []corpus.Clause) []text {
		by := map[corpus.StandardID][]corpus.Clause{}
		for _, i := range s.pairs() {
			for _, c := range clauses(i) {
				if !slices.ContainsFunc(by[c.Standard], func(x corpus.Clause) bool { return x.ID == c.ID }) {
					by[c.Standard] = append(by[c.Standard], c)
				}
			}
		}
		var out []text
		for _, id := range s.usedStandards() {
			if len(by[id]) > 0 {
				slices.SortStableFunc(by[id], func(a, b corpus.Clause) int { return a.Order - b.Order })
				var names []string
				for _, c := range by[id] {
					names = append(names, c.Label)
				}
				out = append(out, strongly(s.designation(by[id])), text{s: strings.Join(names, ", "), lang: by[id][0].Language})
			}
		}
		return out
	}
	a, b := gather(func(i Item) []corpus.Clause { return i.Sources }), gather(func(i Item) []corpus.Clause { return i.Targets })
	if len(a)+len(b) > 0 {
		t.rows = [][]cell{{of(a...), of(b...)}}
	}
	return t
}

// mraRecognised lists what one side accepts for its own requirement: the other
// side's requirement, whether at once or with conditions, and which.
func (s Set) mraRecognised(w phrases, byA bool) table {
	key := map[bool]string{false: "mra-by-b", true: "mra-by-a"}[byA]
	t := w.sheet(key, "note."+key, "empty.mra-recognised")
	t.columns = w.columns("no", 6, "required", 38, "accepted", 38, "answer", 16, "conditions", 40)
	for n, i := range s.pairs() {
		recognition, own, other := i.Match.Outcome.AToB, i.Targets, i.Sources
		if byA {
			recognition, own, other = i.Match.Outcome.BToA, i.Sources, i.Targets
		}
		if recognition.Answer != corpus.AnswerYes && recognition.Answer != corpus.AnswerConditions {
			continue
		}
		t.rows = append(t.rows, []cell{
			plain(fmt.Sprint(n + 1)), of(s.requirement(own)...), of(s.requirement(other)...), of(w.answer(recognition)), of(conditions(recognition)...),
		})
	}
	return t
}

// requirement names clauses with their headings.
func (s Set) requirement(clauses []corpus.Clause) []text {
	out := []text{s.designation(clauses), clauseLabels(clauses)}
	for _, c := range clauses {
		out = append(out, text{s: c.Heading, lang: c.Language})
	}
	return out
}

// mraOpen lists what is settled and not recognised: requirements without a
// counterpart on either side, and pairs that a side does not accept.
func (s Set) mraOpen(w phrases) table {
	t := w.sheet("mra-not", "note.mra-not", "empty.mra-not")
	t.columns = w.columns("a", 44, "b", 44, "relation", 18, "reasons", 32)
	for _, i := range s.pairs() {
		o := i.Match.Outcome
		if o.AToB.Answer == corpus.AnswerNo || o.BToA.Answer == corpus.AnswerNo {
			remarks := []text{w.text("relation." + string(o.Verdict))}
			if o.AToB.Answer == corpus.AnswerNo {
				remarks = append(remarks, w.text("mra.b-refuses"))
			}
			if o.BToA.Answer == corpus.AnswerNo {
				remarks = append(remarks, w.text("mra.a-refuses"))
			}
			t.rows = append(t.rows, []cell{of(s.requirement(i.Sources)...), of(s.requirement(i.Targets)...), of(remarks...), of(i.reasons(w)...)})
		}
	}
	for _, fromB := range []bool{false, true} {
		for _, i := range s.gaps(fromB) {
			a, b := of(s.requirement(i.Sources)...), plain("—")
			if fromB {
				a, b = b, a
			}
			t.rows = append(t.rows, []cell{a, b, of(w.text("relation." + string(i.Match.Outcome.Verdict))), of(i.reasons(w)...)})
		}
	}
	return t
}

// blanks is a table for the parties to fill in.
func (s Set) blanks(w phrases, key string, columns ...any) table {
	t := w.sheet(key, "note."+key, "")
	t.columns = w.columns(columns...)
	for _, side := range s.Dossier.Sides {
		for range blankLines {
			row := make([]cell, len(t.columns))
			row[0] = plain(string(side.Party))
			t.rows = append(t.rows, row)
		}
	}
	return t
}
