package export

import "fmt"

// document is the report for paper: the same tables as the workbook's, the
// comparison with fewer and fuller columns, and at the end the record of what
// every line rests on.
func (s Set) document() report {
	r := s.newReport()
	w := r.words
	r.tables = append([]table{s.narrowComparison(w), s.indicators(w), s.gapList(w, false), s.gapList(w, true)}, s.reservations(w)...)
	r.tables = append(r.tables, s.record(w), s.about(w))
	return r
}

// narrowComparison is the bilingual table as it fits a page.
func (s Set) narrowComparison(w phrases) table {
	t := w.sheet("comparison", "note.comparison", "empty.comparison")
	t.columns = w.columns("no", 6, "a", 36, "b", 36, "relation", 12, "a-to-b", 20, "b-to-a", 20, "reasons", 26)
	if pairs := s.pairs(); len(pairs) > 0 && len(s.Dossier.Sides) > 1 {
		t.columns[1].title.s += " · " + oneLine(string(s.Dossier.Sides[0].Party))
		t.columns[2].title.s += " · " + oneLine(string(s.Dossier.Sides[1].Party))
	}
	for n, i := range s.pairs() {
		o := i.Match.Outcome
		a, b := strongly(s.designation(i.Sources)), strongly(s.designation(i.Targets))
		t.rows = append(t.rows, []cell{
			plain(fmt.Sprint(n + 1)),
			of(append([]text{a, clauseLabels(i.Sources)}, wordings(i.Sources)...)...),
			of(append([]text{b, clauseLabels(i.Targets)}, wordings(i.Targets)...)...),
			of(w.text("relation." + string(o.Verdict))), of(w.recognition(o.AToB)...), of(w.recognition(o.BToA)...), of(i.remarks(w)...),
		})
	}
	return t
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
	}{{"", s.pairs()}, {"A ", s.gaps(false)}, {"B ", s.gaps(true)}}
	for _, list := range lists {
		for n, i := range list.items {
			match, decisions, versions := i.provenance()
			t.rows = append(t.rows, []cell{plain(fmt.Sprint(list.before, n+1)), plain(match), plain(decisions), plain(versions), plain(i.date())})
		}
	}
	return t
}
