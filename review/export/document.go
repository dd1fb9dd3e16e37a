package export

import (
	"slices"

	"concord/corpus"
)

// document is the report for paper: the same tables as the workbook's, the
// comparison with fewer and fuller columns, and at the end the record of what
// every line rests on.
func (s Set) document() report {
	r := s.newReport()
	w := r.words
	r.tables = append([]table{s.narrowComparison(w), s.indicators(w), s.gapList(w, false, false), s.gapList(w, true, false)}, append(s.unmatched(w), s.reservations(w)...)...)
	r.tables = append(r.tables, s.record(w), s.about(w))
	return r
}

// narrowComparison is the bilingual table as it fits a page.
func (s Set) narrowComparison(w phrases) table {
	t := w.sheet("comparison", s.comparisonNote(), "empty.comparison")
	t.columns = w.columns("no", 6, "state", 10, "a", 36, "b", 36, "relation", 15, "a-to-b", 20, "b-to-a", 20, "reasons", 26)
	if n := s.tallied(); n.pairs+n.waiting > 0 && len(s.Dossier.Sides) > 1 {
		t.columns[2].title.s += " · " + oneLine(string(s.Dossier.Sides[0].Party))
		t.columns[3].title.s += " · " + oneLine(string(s.Dossier.Sides[1].Party))
	}
	for n, i := range s.lines() {
		o := i.Match.Outcome
		a, b := strongly(s.designation(i.Sources)), strongly(s.designation(i.Targets))
		row := []cell{
			i.number(s.before.pairs + s.before.waiting + n + 1), of(i.state(w)),
			of(append([]text{a, clauseLabels(i.Sources)}, wordings(i.Sources)...)...),
			of(append([]text{b, clauseLabels(i.Targets)}, wordings(i.Targets)...)...),
			of(i.related(w)), of(i.recognition(w, o.AToB)...), of(i.recognition(w, o.BToA)...), of(i.remarks(w)...),
		}
		t.rows = append(t.rows, row)
	}
	return s.stated(t)
}

// comparisonNote is the key of the sentence under the comparison.
func (s Set) comparisonNote() string {
	if s.Options.OneSided {
		return "note.comparison-onesided"
	}
	return "note.comparison"
}

// stated is a table without the column of states where everything in it is agreed.
func (s Set) stated(t table) table {
	at := slices.IndexFunc(t.columns, func(c column) bool { return c.key == "state" })
	if s.Options.OneSided || at < 0 {
		return t
	}
	t.columns = slices.Delete(t.columns, at, at+1)
	for n, row := range t.rows {
		t.rows[n] = slices.Delete(row, at, at+1)
	}
	return t
}

// recognition is one direction of a line, nothing while it is not agreed.
func (i Item) recognition(w phrases, r corpus.Recognition) []text {
	if i.waits() {
		return nil
	}
	return w.recognition(r)
}

func strongly(t text) text { t.strong = true; return t }

// record lists what the lines of the comparison and of the gap lists rest on.
func (s Set) record(w phrases) table {
	t := w.sheet("record", "note.record", "")
	t.small = true
	t.columns = w.columns("no", 6, "match", 38, "decisions", 38, "versions", 62, "decided", 12)
	lists := []struct {
		before string
		items  []Item
		from   int
	}{{"", s.lines(), s.before.pairs + s.before.waiting}, {"A ", s.gaps(false), s.before.gapsA}, {"B ", s.gaps(true), s.before.gapsB}}
	for _, list := range lists {
		for n, i := range list.items {
			match, decisions, versions := i.provenance()
			t.rows = append(t.rows, []cell{of(text{s: list.before + i.number(list.from+n+1).String()}), plain(match), plain(decisions), plain(versions), plain(i.date())})
		}
		t.ends = append(t.ends, len(t.rows))
	}
	t.ends = t.ends[:2]
	return t
}
