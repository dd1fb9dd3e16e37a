package exchange

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"concord/corpus"
	"concord/review"
)

// STRMHeader are the columns of NIST's template for online informative references
// (OLIR), which carry the set relations of NIST IR 8477.
var STRMHeader = []string{
	"Focal Document Element", "Focal Document Element Description", "Security Control Baseline", "Reference Document Element",
	"Reference Document Element Description", "Comments", "Rationale", "Relationship", "Fulfilled by (Y/N)", "Group Identifier", "Strength of Relationship",
}

// The columns by their place in STRMHeader.
const (
	strmFocal = iota
	strmFocalText
	strmBaseline
	strmReference
	strmReferenceText
	strmComments
	strmRationale
	strmRelationship
	strmFulfilled
	strmGroup
	strmStrength
)

// strmOther are the names that other tables give to the columns (INTEROP.md 2.4:
// a twelve-column table in use, and CISO Assistant's).
var strmOther = map[string]int{
	"fde#": strmFocal, "source_node_id": strmFocal, "focaldocumentelement(fde)": strmFocalText, "targetid#": strmReference, "target_node_id": strmReference,
	"nistir-8477rational": strmRationale, "strmrationale": strmComments, "strmrelationship": strmRelationship, "notes": strmComments, "strength_of_relationship": strmStrength,
}

// STRM is a table of set relations in the order of STRMHeader.
type STRM struct{ Rows [][]string }

// Write writes the table with its head.
func (t STRM) Write(w io.Writer) error {
	return writeTable(w, "STRM", append([][]string{STRMHeader}, t.Rows...)...)
}

// strmPlaces says in which column of a file each column of STRMHeader stands, -1
// where it does not.
type strmPlaces [11]int

// strmColumns finds the columns by their names.
func strmColumns(head []string) strmPlaces {
	var out strmPlaces
	for n := range out {
		out[n] = -1
	}
	fold := func(s string) string {
		return strings.ToLower(strings.Join(strings.Fields(strings.TrimSuffix(strings.TrimSpace(s), "*")), ""))
	}
	for at, name := range head {
		n := slices.IndexFunc(STRMHeader, func(h string) bool { return fold(h) == fold(name) })
		if other, known := strmOther[fold(name)]; n < 0 && known {
			n = other
		}
		if n >= 0 && out[n] < 0 {
			out[n] = at
		}
	}
	return out
}

// complete tells whether the columns that a relation needs are there.
func (p strmPlaces) complete() bool {
	return p[strmFocal] >= 0 && p[strmReference] >= 0 && p[strmRelationship] >= 0
}

// strmVerdicts is the table of relationships, folded to letters; equal by syntax
// is identical.
var strmVerdicts = map[string]corpus.Relation{
	"equal": corpus.RelationEquivalent, "subsetof": corpus.RelationSubset, "subset": corpus.RelationSubset, "supersetof": corpus.RelationSuperset,
	"superset": corpus.RelationSuperset, "intersectswith": corpus.RelationOverlap, "intersects": corpus.RelationOverlap, "intersect": corpus.RelationOverlap,
	"norelationship": corpus.RelationNone, "notrelatedto": corpus.RelationNone, "notrelated": corpus.RelationNone,
}

// readSTRM reads the rows under a head.
func (s *Set) readSTRM(head []string, rows []tableRow) error {
	s.Format = "strm"
	places := strmColumns(head)
	table := &STRM{}
	s.document = table
	groups := map[string]int{}
	for _, r := range rows {
		if r.empty() {
			continue
		}
		cells := make([]string, len(STRMHeader))
		for n := range cells {
			cells[n] = r.cell(places[n])
		}
		statement, ok := s.strmStatement(cells, line(r.line))
		if !ok {
			continue
		}
		table.Rows = append(table.Rows, cells)
		s.gather(statement, strmGroupOf(cells[strmGroup]), groups)
	}
	return nil
}

// strmGroupOf is the group without the element it is printed behind: "ID:G1".
func strmGroupOf(cell string) string {
	if at := strings.LastIndexByte(cell, ':'); at >= 0 {
		return cell[at+1:]
	}
	return cell
}

// strmStatement reads one row, or names what is wrong with it.
func (s *Set) strmStatement(cells []string, place string) (review.ImportedRow, bool) {
	r := review.ImportedRow{Place: place, Justification: strings.ToLower(strings.TrimSpace(cells[strmRationale])), Note: OneLine(cells[strmComments])}
	folded := strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' {
			return c
		}
		return -1
	}, strings.ToLower(cells[strmRelationship]))
	relation, known := strmVerdicts[folded]
	if !known {
		s.say(unknownRelation(place, cells[strmRelationship]))
		return r, false
	}
	if relation == corpus.RelationEquivalent && r.Justification == "syntactic" {
		relation = corpus.RelationIdentical
	}
	r.Verdict = review.Verdict(relation)
	if r.Justification != "" && !slices.Contains([]string{"syntactic", "semantic", "functional"}, r.Justification) {
		s.problem(place, "", "the rationale %q is none of syntactic, semantic, functional; the row is read all the same", shortened(r.Justification))
	}
	if v := strings.TrimSpace(cells[strmStrength]); v != "" {
		if n, err := strconv.ParseFloat(v, 64); err != nil || n < 0 || n > 10 {
			s.problem(place, "", "the strength %q is not a number from 0 to 10 and is not taken", shortened(v))
		}
	}
	if strings.TrimSpace(cells[strmFocal]) == "" || strings.TrimSpace(cells[strmReference]) == "" {
		s.say(sideless(place))
		return r, false
	}
	r.Sources = []review.Ref{strmRef(cells[strmFocal])}
	if reference := cells[strmReference]; relation == corpus.RelationNone && standardID(reference) && strings.HasPrefix(r.Note, STRMWhole) {
		r.Against, r.Verdict = reference, review.VerdictNoCounterpart
		return r, true
	}
	r.Targets = []review.Ref{strmRef(cells[strmReference])}
	return r, true
}

// STRMWhole begins the comment of a row of ours whose reference is a whole
// standard, in which no counterpart was found.
const STRMWhole = "No counterpart was found in the whole document."

// strmRef is an element: of ours a clause's id, of others a clause of the document
// of that side.
func strmRef(element string) review.Ref {
	element = strings.TrimSpace(element)
	id := corpus.ClauseID(element)
	if standard, key, ours := strings.Cut(element, "/"); ours && standardID(standard) && key != "" {
		return review.Ref{Standard: string(id.Standard()), Clause: id.Key()}
	}
	return review.Ref{Clause: element}
}

// standardID tells whether a word looks like an id of ours: lower case, with a
// hyphen behind the jurisdiction.
func standardID(s string) bool {
	return strings.Contains(s, "-") && !strings.ContainsFunc(s, func(r rune) bool {
		return r != '-' && r != '.' && (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
}
