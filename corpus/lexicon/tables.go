package lexicon

import (
	"io/fs"
	"strconv"
	"strings"

	"concord/corpus"
)

// obligationRow is a row of data/obligation.tsv.
type obligationRow struct {
	traditions []corpus.Tradition // none for every tradition
	degree     Degree             // "" for a trap: the words look like an obligation and are none
}

// degrees are the words allowed in the column degree; "none" marks a trap.
var degrees = map[string]Degree{
	"prohibit": DegreeProhibit, "require": DegreeRequire, "discourage": DegreeDiscourage, "recommend": DegreeRecommend,
	"need-not": DegreeNeedNot, "permit": DegreePermit, "capability": DegreeCapability, "external": DegreeExternal,
	"statement": DegreeStatement, "none": "",
}

func (lex *Lexicon) loadObligations(fsys fs.FS) error {
	t, err := readTable(fsys, "data/obligation.tsv", "language", "tradition", "pattern", "degree", "example", "source", "note")
	if err != nil {
		return err
	}
	for _, r := range t.rows {
		degree, ok := degrees[r.cells[3]]
		if !ok {
			return r.bad("write one of the degrees, or none for a trap", "the degree %q is not known", r.cells[3])
		}
		row := obligationRow{degree: degree}
		if r.cells[1] != "*" {
			for _, one := range strings.Split(r.cells[1], ",") {
				row.traditions = append(row.traditions, corpus.Tradition(one))
			}
		}
		lex.obligations = append(lex.obligations, row)
		if !lex.addPhrase(corpus.Language(r.cells[0]), r.cells[2], phraseRef{phraseObligation, len(lex.obligations) - 1}) {
			return r.bad("write words", "the pattern %q has none", r.cells[2])
		}
	}
	return nil
}

// place says where the words of a bound stand.
type place uint8

const (
	placeBefore  place = iota // right before the number
	placeAfter                // right after the number or its unit
	placeFar                  // before it, with a few words between
	placeNot                  // negates a comparison that follows
	placeFiller               // may stand between a negation and a comparison
	placeBetween              // may stand between a comparison and its number
)

var places = map[string]place{"before": placeBefore, "after": placeAfter, "far": placeFar, "not": placeNot, "filler": placeFiller, "between": placeBetween}

// boundRow is a row of data/bounds.tsv.
type boundRow struct {
	place  place
	bound  Bound
	gapped bool // other words stand between the first and the last
}

var bounds = map[string]bool{">=": true, "<=": true, ">": true, "<": true, "=": true, "..": true, "": true}

func (lex *Lexicon) loadBounds(fsys fs.FS) error {
	t, err := readTable(fsys, "data/bounds.tsv", "language", "position", "bound", "pattern", "source")
	if err != nil {
		return err
	}
	for _, r := range t.rows {
		p, ok := places[r.cells[1]]
		if !ok {
			return r.bad("write before, after, far, not, filler or between", "the position %q is not known", r.cells[1])
		}
		if !bounds[r.cells[2]] {
			return r.bad("write >=, <=, >, <, = or ..", "the bound %q is not known", r.cells[2])
		}
		lex.bounds = append(lex.bounds, boundRow{p, Bound(r.cells[2]), strings.Contains(r.cells[3], "…")})
		if !lex.addPhrase(corpus.Language(r.cells[0]), r.cells[3], phraseRef{phraseBound, len(lex.bounds) - 1}) {
			return r.bad("write words", "the pattern %q has none", r.cells[3])
		}
	}
	return nil
}

// referenceKind says what a number next to a reference word is.
type referenceKind string

const (
	referenceClause referenceKind = "clause" // a clause number follows
	referenceVerb   referenceKind = "verb"   // as clause, but ordinary numbers may follow too
	referenceOther  referenceKind = "other"  // a table, version, class ... follows
	referenceMonth  referenceKind = "month"  // a date, or in Chinese a number of a clause before
	referenceWord   referenceKind = "word"   // a word that only begins like a unit
)

func (lex *Lexicon) loadReferences(fsys fs.FS) error {
	t, err := readTable(fsys, "data/references.tsv", "language", "kind", "pattern", "source")
	if err != nil {
		return err
	}
	for _, r := range t.rows {
		kind := referenceKind(r.cells[1])
		switch kind {
		case referenceClause, referenceVerb, referenceOther, referenceMonth, referenceWord:
		default:
			return r.bad("write clause, verb, other, month or word", "the kind %q is not known", kind)
		}
		lex.references = append(lex.references, kind)
		if !lex.addPhrase(corpus.Language(r.cells[0]), r.cells[2], phraseRef{phraseReference, len(lex.references) - 1}) {
			return r.bad("write words", "the pattern %q has none", r.cells[2])
		}
	}
	return nil
}

// conditionRow is a row of data/conditions.tsv.
type conditionRow struct {
	closes    bool // the words stand at the end of the condition
	surely    bool // and mean that wherever they stand, not before a comma alone
	exception bool
}

func (lex *Lexicon) loadConditions(fsys fs.FS) error {
	t, err := readTable(fsys, "data/conditions.tsv", "language", "position", "kind", "pattern", "source")
	if err != nil {
		return err
	}
	for _, r := range t.rows {
		position, kind := r.cells[1], r.cells[2]
		if position != "open" && position != "close" && position != "ends" || kind != "condition" && kind != "exception" {
			return r.bad("write open, close or ends, condition or exception", "position %q of kind %q is not known", position, kind)
		}
		lex.conditions = append(lex.conditions, conditionRow{position != "open", position == "ends", kind == "exception"})
		if !lex.addPhrase(corpus.Language(r.cells[0]), r.cells[3], phraseRef{phraseCondition, len(lex.conditions) - 1}) {
			return r.bad("write words", "the pattern %q has none", r.cells[3])
		}
	}
	return nil
}

// numberWord is a row of data/numberwords.tsv: a value, or with scale what the
// number before it is multiplied by.
type numberWord struct {
	value float64
	scale bool
}

func (lex *Lexicon) loadNumberWords(fsys fs.FS) error {
	t, err := readTable(fsys, "data/numberwords.tsv", "language", "word", "value", "source")
	if err != nil {
		return err
	}
	for _, r := range t.rows {
		digits, scale := strings.CutPrefix(r.cells[2], "x")
		value, err := strconv.ParseFloat(digits, 64)
		if err != nil || value <= 0 {
			return r.bad("write a number above 0, with x before it for a multiplier", "the value %q is no number", r.cells[2])
		}
		lex.numbers = append(lex.numbers, numberWord{value, scale})
		if !lex.addPhrase(corpus.Language(r.cells[0]), r.cells[1], phraseRef{phraseNumber, len(lex.numbers) - 1}) {
			return r.bad("write a word", "the word %q has no letters", r.cells[1])
		}
	}
	return nil
}

func (lex *Lexicon) loadAbbreviations(fsys fs.FS) error {
	t, err := readTable(fsys, "data/abbreviations.tsv", "word", "source")
	if err != nil {
		return err
	}
	lex.abbreviations = map[string]bool{}
	for _, r := range t.rows {
		lex.abbreviations[r.cells[0]] = true
	}
	return nil
}
