package export

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"concord/corpus"
	"concord/review/exchange"
)

// csvHeader names the columns; sets of several clauses are joined by " + ".
var csvHeader = []string{
	"match", "state", "verdict", "recognition_a_to_b", "conditions_a_to_b", "recognition_b_to_a", "conditions_b_to_a",
	"a_standard", "a_clauses", "a_lang", "a_text", "b_standard", "b_clauses", "b_lang", "b_text",
	"notes", "decided", "decisions", "text_versions", "demonstration", "reservations", "reservations_on_all",
	"made", "filter",
}

// CSV writes one row per match, in UTF-8 with a byte order mark so that
// spreadsheet programs read it right, and with a quote mark before every cell
// that such a program would take for a formula (ASVS 5.0 V1.2.10).
func CSV(w io.Writer, s Set) error { return csvLines(w, s, held(s.Items, s.Waiting)) }

// csvLines is CSV of items that come one by one.
func csvLines(w io.Writer, s Set, rows Rows) error {
	header := slices.Clone(csvHeader)
	var filter []string
	for _, t := range s.filter(phrasesIn(s.Options.Language)) {
		filter = append(filter, t.s)
	}
	tail := []string{s.Options.Now.UTC().Format(time.RFC3339), oneLine(strings.Join(filter, " · "))}
	if s.Round != nil {
		header = append(header, "round", "round_name", "round_checksum", "texts_changed_since_round")
		tail = append(tail, fmt.Sprint(s.Round.Number), oneLine(s.Round.Name), s.Round.Checksum, fmt.Sprint(len(s.Round.Moved)))
	}
	out := exchange.NewTable(w)
	out.Row(header)
	err := rows(func(i Item) error {
		out.Row(append(s.csvRow(i), tail...))
		return nil
	})
	if err != nil {
		return err
	}
	return out.End("CSV")
}

// csvRow is one match as cells.
func (s Set) csvRow(i Item) []string {
	o := i.Match.Outcome
	var notes, decisions, versions []string
	for _, d := range i.agreedBy() {
		decisions = append(decisions, d.ID.String())
		for _, text := range []string{d.Note, d.Search} {
			if text != "" {
				notes = append(notes, text)
			}
		}
	}
	demonstration := ""
	for _, c := range append(append([]corpus.Clause{}, i.Sources...), i.Targets...) {
		versions = append(versions, string(c.ID)+"@"+string(i.Match.Digests[c.ID]))
		if s.Standards[c.Standard].Demonstration {
			demonstration = "demonstration text, not the official wording"
		}
	}
	return []string{
		i.Match.ID.String(), string(i.Match.State), string(o.Verdict),
		string(o.AToB.Answer), strings.Join(o.AToB.Conditions, "\n"), string(o.BToA.Answer), strings.Join(o.BToA.Conditions, "\n"),
		s.designations(i.Sources), labels(i.Sources), languages(i.Sources), texts(i.Sources),
		s.targetDesignation(i), labels(i.Targets), languages(i.Targets), texts(i.Targets),
		strings.Join(notes, "\n"), i.date(), strings.Join(decisions, " "), strings.Join(versions, " "), demonstration,
		strings.Join(caveats(i.Reserved), "\n"), strings.Join(caveats(s.Reserved), "\n"),
	}
}

// designations are the standards of a side, once each.
func (s Set) designations(clauses []corpus.Clause) string {
	var out []string
	for _, c := range clauses {
		if d := s.Standards[c.Standard].Designation; len(out) == 0 || out[len(out)-1] != d {
			out = append(out, d)
		}
	}
	return strings.Join(out, " + ")
}

// targetDesignation is the target side's standard, also when it has no
// counterpart.
func (s Set) targetDesignation(i Item) string {
	if len(i.Targets) == 0 {
		return s.Standards[i.Match.Against].Designation
	}
	return s.designations(i.Targets)
}

func labels(clauses []corpus.Clause) string {
	return joined(clauses, func(c corpus.Clause) string { return c.Label })
}
func languages(clauses []corpus.Clause) string {
	return joined(clauses[:min(1, len(clauses))], func(c corpus.Clause) string { return string(c.Language) })
}
func texts(clauses []corpus.Clause) string {
	return joined(clauses, func(c corpus.Clause) string { return c.Wording() })
}

func joined(clauses []corpus.Clause, part func(corpus.Clause) string) string {
	var out []string
	for _, c := range clauses {
		out = append(out, part(c))
	}
	return strings.Join(out, " + ")
}
