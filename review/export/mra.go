package export

import (
	"fmt"
	"io"
	"strings"

	"concord/corpus"
	"concord/review"
)

// MRA writes a draft sectoral annex to a mutual recognition agreement: Sections I
// to V as the agreements of the European type order them (I requirements of both
// Parties, II designated conformity assessment bodies, III designating
// authorities, IV procedures for designating, V additional provisions). Section I
// and the conditions in Section V come from what was agreed; what the program
// cannot know is marked as a blank for the Parties.
func MRA(w io.Writer, s Set) error {
	return atOnce(w, s.settled(), mraLines)
}

var (
	mraLines     = wordLines(DocumentMRA, Set.annexMRA)
	mraPageLines = pageLines(DocumentMRA, Set.annexMRA)
)

// MRAPage writes the same annex as one page for browsers.
func MRAPage(w io.Writer, s Set) error {
	return atOnce(w, s.settled(), mraPageLines)
}

// annexMRA is the annex in the language of the options.
func (s Set) annexMRA() report {
	r := s.newReport()
	w := r.words
	r.serif = true
	r.title = text{s: strings.Replace(w.say("mra.annex"), "{name}", oneLine(s.Dossier.Name), 1), lang: w.lang}
	pairs := s.narrowComparison(w)
	pairs.key, pairs.title, pairs.note = "requirements", w.text("mra.requirements"), w.text("mra.requirements.note")
	r.tables = []table{s.mraScope(w), s.mraInstruments(w), s.mraRecognition(w), pairs}
	for _, fromB := range []bool{false, true} {
		gaps := s.gapList(w, fromB, false)
		gaps.title.s = w.say("mra.section-1") + " — " + gaps.title.s
		r.tables = append(r.tables, gaps)
	}
	r.tables = append(r.tables,
		s.mraBlanks(w, "bodies", 2, 30, "body", 44, "address", 44, "identification", 26, "activities", 44),
		s.mraBlanks(w, "authorities", 1, 30, "authority", 50, "address", 50, "basis", 50),
		s.mraBlanks(w, "procedures", 1, 30, "criteria", 50, "suspension", 50, "notification", 50),
		s.mraProvisions(w))
	r.tables = append(r.tables, s.reservations(w)...)
	r.tables = append(r.tables, s.mraSignatures(w), s.record(w), s.about(w))
	return r
}

// mraTable begins a table of the annex that is of the whole.
func (p phrases) mraTable(key string) table {
	return table{key: key, whole: true, name: p.say("mra." + key), title: p.text("mra." + key), note: p.text("mra." + key + ".note")}
}

// mraColumns makes columns from keys of the annex and widths.
func (p phrases) mraColumns(list ...any) []column {
	var out []column
	for n := 0; n+1 < len(list); n += 2 {
		out = append(out, column{p.text("mra.col." + list[n].(string)), float64(list[n+1].(int)), list[n].(string)})
	}
	return out
}

// blank is a cell that the Parties are to fill.
func (p phrases) blank() cell { return of(p.text("mra.blank")) }

// sideLetter names a side in documents: A, B and so on.
func sideLetter(n int) string { return annex(annexLetters, n) }

// sideName is a party as the rows of the annex name it: its letter and name.
func sideName(n int, side review.Side) cell {
	return of(text{s: sideLetter(n) + " · " + oneLine(string(side.Party)), strong: true})
}

// mraScope is the part before the sections: who, about what, how far agreed.
func (s Set) mraScope(w phrases) table {
	t := w.mraTable("scope")
	t.landing, t.columns = true, []column{{width: 48}, {width: 90}}
	add := func(key string, c cell) { t.rows = append(t.rows, []cell{of(w.text(key)), c}) }
	for n, side := range s.Dossier.Sides {
		add([]string{"about.side-a", "about.side-b"}[min(n, 1)], of(text{s: oneLine(string(side.Party)), strong: true}))
	}
	sector := w.blank()
	if s.Dossier.Domain != "" {
		sector = of(w.text("domain." + string(s.Dossier.Domain)))
	}
	add("mra.sector", sector)
	add("mra.products", w.blank())
	add("mra.objective", w.blank())
	s.tell(add)
	return t
}

// mraInstruments is the table of Section I in its classic form: the instruments
// of each Party beside each other.
func (s Set) mraInstruments(w phrases) table {
	t := w.mraTable("section-1")
	rows := 0
	for n, side := range s.Dossier.Sides {
		t.columns = append(t.columns, column{text{s: sideLetter(n) + " · " + oneLine(string(side.Party))}, 70, strings.ToLower(sideLetter(n))})
		rows = max(rows, len(side.Standards))
	}
	for at := range rows {
		var row []cell
		for _, side := range s.Dossier.Sides {
			c := cell{}
			if at < len(side.Standards) {
				c = of(s.instrument(side.Standards[at], w.lang)...)
			}
			row = append(row, c)
		}
		t.rows = append(t.rows, row)
	}
	var others []cell
	for range s.Dossier.Sides {
		others = append(others, of(w.text("mra.other-instruments"), w.text("mra.blank")))
	}
	t.rows = append(t.rows, others)
	return t
}

// mraRecognition counts the answers of each direction for every pair of
// standards that has an agreed line.
func (s Set) mraRecognition(w phrases) table {
	t := w.mraTable("recognition")
	t.empty = w.text("empty.comparison")
	t.columns = w.columns("standard-a", 30, "standard-b", 30)
	t.columns = append(t.columns, w.mraColumns("direction", 26, "accepted", 14, "conditional", 16, "refused", 14, "open", 14, "gaps", 20)...)
	sum := s.summing()
	for _, p := range s.facingPairs() {
		if items, _ := s.between(p); len(items) > 0 {
			both := sum.answers[p]
			for n := range both {
				s.answers(items, n == 0, &both[n])
			}
			sum.answers[p] = both
		}
		both, said := sum.answers[p]
		if !said || s.paging {
			continue
		}
		a, b := s.Standards[p.a], s.Standards[p.b]
		for n, counts := range both {
			row := []cell{of(named(a.Designation, a.Language)), of(named(b.Designation, b.Language)), of(w.text([]string{"col.a-to-b", "col.b-to-a"}[n]))}
			for _, count := range counts {
				row = append(row, plain(fmt.Sprint(count)))
			}
			t.rows = append(t.rows, row)
		}
	}
	return t
}

// answers counts what items say of one direction: yes, on conditions, no, open, and
// gaps. Conformity with A lets nobody conform with what only B asks, so the gaps that
// count from A to B are those of B's clauses.
func (s Set) answers(items []Item, forth bool, n *[5]int) {
	for _, i := range items {
		if len(i.Targets) == 0 {
			if s.fromB(i) == forth {
				n[4]++
			}
			continue
		}
		r := i.Match.Outcome.BToA
		if forth {
			r = i.Match.Outcome.AToB
		}
		switch r.Answer {
		case corpus.AnswerYes:
			n[0]++
		case corpus.AnswerConditions:
			n[1]++
		case corpus.AnswerNo:
			n[2]++
		default:
			n[3]++
		}
	}
}

// mraBlanks is a section that only the Parties can fill: the party stands in the
// first column, so many rows for each.
func (s Set) mraBlanks(w phrases, key string, rows, party int, columns ...any) table {
	t := w.mraTable(key)
	t.columns = w.mraColumns(append([]any{"party", party}, columns...)...)
	for n, side := range s.Dossier.Sides {
		for range rows {
			row := []cell{sideName(n, side)}
			for len(row) < len(t.columns) {
				row = append(row, w.blank())
			}
			t.rows = append(t.rows, row)
		}
	}
	return t
}

// mraProvisions is Section V: every agreed condition once for each direction,
// with the lines of Section I that it binds, and a row for what else is agreed.
func (s Set) mraProvisions(w phrases) table {
	t := w.mraTable("provisions")
	t.columns = w.mraColumns("no", 6, "direction", 26, "provision", 76, "lines", 40)
	sum := s.summing()
	for n, i := range s.pairs() {
		for way, r := range []corpus.Recognition{i.Match.Outcome.AToB, i.Match.Outcome.BToA} {
			for _, c := range of(w.conditions(r)...).texts {
				sum.bind(way, c, s.before.pairs+n+1)
			}
		}
	}
	if s.paging {
		return t
	}
	forth, all := len(sum.provisions[0]), len(sum.provisions[0])+len(sum.provisions[1])
	t.latest, t.later = all+1, func(n int) ([]cell, error) {
		if n == all {
			return []cell{plain(fmt.Sprint(n + 1)), w.blank(), w.blank(), w.blank()}, nil
		}
		way, direction, at := 0, w.text("col.a-to-b"), n
		if n >= forth {
			way, direction, at = 1, w.text("col.b-to-a"), n-forth
		}
		p := sum.provisions[way][at]
		c, err := sum.words(p)
		lines := strings.Trim(strings.ReplaceAll(fmt.Sprint(p.lines), " ", ", "), "[]")
		return []cell{plain(fmt.Sprint(n + 1)), of(direction), of(c), plain(lines)}, err
	}
	for n := 0; sum.spool == nil && n < t.latest; n++ { // all are held: the preview's
		row, _ := t.later(n) // nothing is read that could fail
		t.rows = append(t.rows, row)
	}
	return t
}

// mraSignatures is the block to sign. Who signed the round is told in the
// particulars; a signature under the annex is another act.
func (s Set) mraSignatures(w phrases) table {
	t := w.mraTable("signatures")
	t.columns = w.mraColumns("party", 30, "signatory", 50, "place-date", 40, "signature", 50)
	for n, side := range s.Dossier.Sides {
		t.rows = append(t.rows, []cell{sideName(n, side), w.blank(), w.blank(), w.blank()})
	}
	return t
}
