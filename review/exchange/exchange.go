// Package exchange reads the mappings of others: SSSOM/TSV, OSCAL mapping
// collections, JSKOS, SKOS in Turtle and JSON-LD, ConceptMaps of FHIR, mappings of CISO
// Assistant, tables of set relations (NIST IR 8477, OLIR columns) and our own CSV. It also holds the models of these formats, which review/export fills.
//
// It is lenient in reading: what can be understood is taken, what cannot is named
// with its line. It is strict in writing. It knows no store, decides nothing, and
// what it reads is never an opinion of ours. Its one surprise: a Set keeps its file
// in the model of its format as well, so that writing it again loses nothing.
package exchange

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"concord/corpus"
	"concord/review"
)

// The limits of what is read (RELIABILITY.md 4.5).
const (
	MaxBytes    = 64 << 20 // of a file
	maxHead     = 256 << 10
	maxHeadLine = 8 << 10 // the YAML library takes time that grows with the square of a line
	maxBrackets = 200     // of a head, and with the square of these
	maxRows     = 200_000
	maxColumns  = 256
	maxCell     = 32 << 10 // bytes
	maxUnpacked = 128 << 20
	maxProblems = 200 // that are listed one by one
)

// Set is a mapping as it was read: where it comes from, what it says, and the
// file in the model of its format.
type Set struct {
	review.ImportedSet
	Statements []review.ImportedRow
	document   document
	unlisted   int  // problems beyond maxProblems
	unended    bool // the last line has no end
}

// document is a file in the model of its format.
type document interface{ Write(w io.Writer) error }

// Write writes the set in the format it was read from, in the canonical form.
func (s Set) Write(w io.Writer) error { return s.document.Write(w) }

// Options say what a file leaves open.
type Options struct {
	// Source and Target name the standards of both sides where the file names none.
	Source, Target string
	// Names gives names of standards in the file another one, as an id of ours.
	Names map[string]string
}

// Read reads a mapping from a file's bytes. The format is told by the content, not
// by the name. A statement that cannot be read is left out and named in Problems;
// only a file that is none of the formats, or over a limit, is an error
// (corpus.ErrInvalid, corpus.ErrLimit).
func Read(name string, body []byte, o Options) (Set, error) {
	if len(body) > MaxBytes {
		return Set{}, fmt.Errorf("%s has %d MB, a mapping has at most %d: %w", name, len(body)>>20, MaxBytes>>20, corpus.ErrLimit)
	}
	sum := sha256.Sum256(body)
	s := Set{ImportedSet: review.ImportedSet{File: filepath.Base(name), Digest: hex.EncodeToString(sum[:])}}
	if err := s.read(body, o); err != nil {
		return Set{}, fmt.Errorf("%s: %w", name, err)
	}
	for n := range s.Statements {
		s.Statements[n].Number = n + 1
		o.name(&s.Statements[n])
	}
	s.Rows = len(s.Statements)
	s.contradictions()
	s.cycles()
	if s.unlisted > 0 {
		s.Problems = append(s.Problems, corpus.Problem{Severity: corpus.SeverityWarning, File: s.File, Message: fmt.Sprintf("%d more problems are not listed", s.unlisted)})
	}
	return s, nil
}

// read finds the format and reads.
func (s *Set) read(body []byte, o Options) error {
	if bytes.HasPrefix(body, []byte("PK\x03\x04")) {
		rows, err := sheetRows(body)
		if err != nil {
			return err
		}
		return s.readTable(rows, o)
	}
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	s.unended = !bytes.HasSuffix(body, []byte("\n"))
	if !utf8.Valid(body) {
		return fmt.Errorf("it is not UTF-8 text, save it as UTF-8: %w", corpus.ErrInvalid)
	}
	start := bytes.TrimLeft(body, " \t\r\n")
	switch jsonKind(start) {
	case "fhir":
		return s.readFHIR(body)
	case "jskos":
		return s.readJSKOS(body)
	case "jsonld":
		return s.readJSONLD(body)
	}
	switch {
	case bytes.HasPrefix(start, []byte("{")):
		return s.readOSCAL(body)
	case turtleHead.Match(start):
		return s.readTurtle(body)
	case cisoSets.Match(body):
		return s.readCISO(body)
	case bytes.HasPrefix(start, []byte("#")) || bytes.HasPrefix(start, []byte("subject_id\t")):
		return s.readSSSOM(start, bytes.Count(body[:len(body)-len(start)], []byte("\n")))
	}
	rows, err := textRows(body)
	if err != nil {
		return err
	}
	return s.readTable(rows, o)
}

// jsonKind tells by the fields of the first object what JSON is: "jskos" for a mapping
// with its ends, "fhir" for a resource, "jsonld" for another object with keywords of
// JSON-LD, which JSKOS may have too; "" for anything else.
func jsonKind(body []byte) (kind string) {
	d := json.NewDecoder(bytes.NewReader(body))
	for first, err := d.Token(); first != json.Delim('{'); first, err = d.Token() {
		if err != nil || first != json.Delim('[') {
			return ""
		}
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return kind
		}
		switch name, _ := key.(string); {
		case name == "from" || name == "to":
			return "jskos"
		case name == "resourceType":
			return "fhir"
		case name == "mapping-collection":
			return ""
		case strings.HasPrefix(name, "@"):
			kind = "jsonld"
		}
		var skipped json.RawMessage
		if d.Decode(&skipped) != nil {
			return kind
		}
	}
	return kind
}

// name fills in what the options say about the standards of a statement.
func (o Options) name(r *review.ImportedRow) {
	given := func(name, fallback string) string {
		if name == "" {
			name = fallback
		}
		if other, known := o.Names[name]; known {
			return other
		}
		return name
	}
	for n := range r.Sources {
		r.Sources[n].Standard = given(r.Sources[n].Standard, o.Source)
	}
	for n := range r.Targets {
		r.Targets[n].Standard = given(r.Targets[n].Standard, o.Target)
	}
	if len(r.Targets) == 0 {
		r.Against = given(r.Against, o.Target)
	}
}

// problem notes something wrong at a place of the file.
func (s *Set) problem(place, cure, format string, args ...any) {
	s.say(corpus.Problem{Severity: corpus.SeverityWarning, Place: place, Message: fmt.Sprintf(format, args...), Cure: cure})
}

// say notes something wrong that pages say in their language.
func (s *Set) say(p corpus.Problem) {
	if len(s.Problems) >= maxProblems {
		s.unlisted++
		return
	}
	p.File = s.File
	s.Problems = append(s.Problems, p)
}

// unknownRelation is a relation that a format does not have: its row says nothing.
func unknownRelation(place, value string) corpus.Problem {
	return corpus.Say(corpus.SeverityWarning, place, "mapping-value", "the relation \"{value}\" is none that this format has; the row is left out", "correct the value in the file", "value", shortened(value))
}

// sideless is a row that lacks what it maps, or to what.
func sideless(place string) corpus.Problem {
	return corpus.Say(corpus.SeverityWarning, place, "mapping-side", "one of its sides names nothing; the row is left out", "fill in what is missing, or get the whole file if it is cut off")
}

// cutOff says that a table ends in the middle of a row: its last line has no end and
// fewer cells than the head. Programs that leave out the last end, or trailing cells,
// do not do both.
func (s *Set) cutOff(place string, cells, head int) {
	if s.unended && cells < head {
		s.problem(place, "get the whole file", "the last line has %d cells of %d and no end: the file seems to be cut off", cells, head)
	}
}

// line names a line of the file.
func line(n int) string { return fmt.Sprintf("line %d", n) }

// shortened cuts what is quoted in a message.
func shortened(s string) string {
	r := []rune(strings.ToValidUTF8(s, "\uFFFD"))
	if len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return string(r)
}
