package exchange

import (
	"io"
	"regexp"
	"slices"
	"strings"

	"concord/corpus"
	"concord/review"
)

// ownTable is a CSV of ours.
type ownTable struct{ rows [][]string }

// Write writes the table as it was.
func (t ownTable) Write(w io.Writer) error {
	return writeTable(w, "CSV", t.rows...)
}

// ownColumns finds the columns of our own CSV by name, nil when it is another
// table.
func ownColumns(head []string) map[string]int {
	out := map[string]int{}
	for n, name := range head {
		out[strings.TrimSpace(name)] = n
	}
	for _, needed := range []string{"match", "verdict", "a_standard", "a_clauses", "b_standard", "b_clauses"} {
		if _, there := out[needed]; !there {
			return nil
		}
	}
	return out
}

// version is a clause with the digest of its text, as a CSV of ours has it.
var version = regexp.MustCompile(`(\S[^@]*)@[0-9a-f]*(?:\s+|$)`)

// readOwn reads our own CSV. The ids stand in text_versions; in a table without
// them, standards and labels name the clauses.
func (s *Set) readOwn(columns map[string]int, head []string, rows []tableRow) error {
	s.Format, s.Tool = "csv", "Concord"
	table := &ownTable{rows: [][]string{head}}
	s.document = table
	at := func(r tableRow, name string) string {
		if n, there := columns[name]; there {
			return r.cell(n)
		}
		return ""
	}
	for _, r := range rows {
		if r.empty() {
			continue
		}
		place := line(r.line)
		verdict := review.Verdict(at(r, "verdict"))
		if !slices.Contains(review.Verdicts, verdict) || verdict == review.VerdictUnsure {
			s.say(unknownRelation(place, string(verdict)))
			continue
		}
		statement := review.ImportedRow{Place: place, Verdict: verdict, Date: at(r, "decided"), Note: OneLine(at(r, "notes"))}
		statement.Sources = labelled(at(r, "a_standard"), at(r, "a_clauses"))
		statement.Targets = labelled(at(r, "b_standard"), at(r, "b_clauses"))
		if verdict == review.VerdictNoCounterpart {
			statement.Targets, statement.Against = nil, at(r, "b_standard")
		}
		if len(statement.Sources) == 0 || len(statement.Targets) == 0 && verdict != review.VerdictNoCounterpart {
			s.say(sideless(place))
			continue
		}
		exactly(&statement, at(r, "text_versions"))
		table.rows = append(table.rows, r.cells)
		s.Statements = append(s.Statements, statement)
	}
	return nil
}

// labelled are the clauses of a side as the table prints them.
func labelled(standards, clauses string) []review.Ref {
	names := strings.Split(standards, " + ")
	var out []review.Ref
	for n, label := range strings.Split(clauses, " + ") {
		if label != "" {
			out = append(out, review.Ref{Standard: names[min(n, len(names)-1)], Clause: label, Label: label})
		}
	}
	return out
}

// exactly puts the ids of the text versions in place of labels, when there is one
// for each clause.
func exactly(r *review.ImportedRow, versions string) {
	found := version.FindAllStringSubmatch(versions, -1)
	if len(found) != len(r.Sources)+len(r.Targets) {
		return
	}
	set := func(refs []review.Ref, from int) {
		for n := range refs {
			id := corpus.ClauseID(found[from+n][1])
			refs[n].Standard, refs[n].Clause = string(id.Standard()), id.Key()
		}
	}
	set(r.Sources, 0)
	set(r.Targets, len(r.Sources))
}
