package exchange

import (
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"concord/corpus"
	"concord/review"
)

// cisoFile is a library of CISO Assistant as it came. It has more than mappings, and
// what is not read is not lost when it is written again.
type cisoFile []byte

// Write writes the library.
func (f cisoFile) Write(w io.Writer) error {
	if _, err := w.Write(f); err != nil {
		return fmt.Errorf("write CISO Assistant YAML: %w", err)
	}
	return nil
}

// cisoSets is the line that tells a library with mapping sets from other text.
var cisoSets = regexp.MustCompile(`(?m)^[ \t]*-?[ \t]*requirement_mapping_sets?:[ \t]*\r?$`)

// cisoLine is a line of such a library: how far it is indented, whether it begins an
// item, a name and a value.
var cisoLine = regexp.MustCompile(`^( *)(- +)?([a-z_]+):(?:[ \t]+(.*?))?[ \t]*$`)

// cisoMap is one mapping of a library.
type cisoMap struct {
	line                                   int
	source, target, relationship, strength string
	rationale                              string
}

// readCISO reads the mappings of a library of CISO Assistant (INTEROP.md 2.4), which
// writes its YAML one value a line. The lines are read as they stand: libraries of YAML
// take time that grows with the square of what hostile files have. A set that says of
// the same standards the other way round what was said already says nothing new.
func (s *Set) readCISO(body []byte) error {
	s.Format, s.document = "ciso", cisoFile(body)
	within, from, to := false, "", ""
	depth := 0 // of the line that begins the sets
	var now *cisoMap
	said := map[[2]string]review.Verdict{}
	end := func() {
		if now != nil {
			s.cisoStatement(*now, from, to, said)
		}
		now = nil
	}
	n := 0
	for text := range strings.Lines(string(body)) {
		if n++; len(text) > maxCell {
			return fmt.Errorf("line %d: it has more than %d KB: %w", n, maxCell>>10, corpus.ErrLimit)
		}
		m := cisoLine.FindStringSubmatch(strings.TrimRight(text, "\r\n"))
		if m == nil {
			continue
		}
		name, value := m[3], cisoScalar(m[4])
		if within && (len(m[1]) < depth || len(m[1]) == depth && m[2] == "") {
			end()
			within = false
		}
		switch {
		case name == "requirement_mapping_sets" || name == "requirement_mapping_set":
			within, depth = true, len(m[1])
		case !within && m[1] == "":
			s.cisoHead(name, value)
		case !within:
		case name == "source_framework_urn":
			end()
			from = cisoName(value)
		case name == "target_framework_urn":
			end()
			to = cisoName(value)
		default:
			if m[2] != "" {
				end()
				if strings.HasSuffix(name, "_requirement_urn") || name == "relationship" || name == "rationale" || name == "strength_of_relationship" || name == "annotation" {
					now = &cisoMap{line: n}
				}
			}
			if now != nil {
				now.set(name, value)
			}
		}
		if len(s.Statements) > maxRows {
			return fmt.Errorf("line %d: a mapping has at most %d rows: %w", n, maxRows, corpus.ErrLimit)
		}
	}
	end()
	if len(s.Statements) == 0 && len(s.Problems) == 0 {
		return fmt.Errorf("it is a library of CISO Assistant without any mapping that is written one value a line: %w", corpus.ErrInvalid)
	}
	return nil
}

// cisoHead reads what is said of the library.
func (s *Set) cisoHead(name, value string) {
	switch name {
	case "urn":
		s.Name = value
	case "name":
		s.Title = value
	case "version":
		s.Version = value
	case "publication_date":
		s.Date = value
	case "copyright":
		s.License = value
	case "provider":
		if value != "" {
			s.Authors = []string{value}
		}
	}
}

// set keeps a value of a mapping.
func (m *cisoMap) set(name, value string) {
	switch name {
	case "source_requirement_urn":
		m.source = value
	case "target_requirement_urn":
		m.target = value
	case "relationship":
		m.relationship = value
	case "rationale":
		m.rationale = value
	case "strength_of_relationship":
		m.strength = value
	}
}

// cisoStatement is a mapping as a statement, or names what is wrong with it.
func (s *Set) cisoStatement(m cisoMap, from, to string, said map[[2]string]review.Verdict) {
	place := line(m.line)
	if m.source == "" || m.target == "" {
		s.say(sideless(place))
		return
	}
	relation, known := strmVerdicts[strings.ReplaceAll(m.relationship, "_", "")]
	if !known {
		s.say(unknownRelation(place, m.relationship))
		return
	}
	if n, err := strconv.ParseFloat(m.strength, 64); m.strength != "" && (err != nil || n < 0 || n > 10) {
		s.problem(place, "", "the strength %q is not a number from 0 to 10 and is not taken", shortened(m.strength))
	}
	if relation == corpus.RelationEquivalent && m.rationale == "syntactic" {
		relation = corpus.RelationIdentical
	}
	verdict := review.Verdict(relation)
	if other, there := said[[2]string{m.target, m.source}]; there {
		if back, states := other.Relation(); states && back.Inverse() == relation {
			return
		}
	}
	said[[2]string{m.source, m.target}] = verdict
	s.Statements = append(s.Statements, review.ImportedRow{Place: place, Verdict: verdict, Justification: m.rationale,
		Sources: []review.Ref{cisoRef(m.source, from)}, Targets: []review.Ref{cisoRef(m.target, to)}})
}

// cisoRef is the clause that a URN names, of the standard that the set names where the
// URN says nothing else: "urn:packager:risk:req_node:standard:clause".
func cisoRef(urn, standard string) review.Ref {
	if _, rest, found := strings.Cut(urn, ":req_node:"); found {
		if node, clause, both := strings.Cut(rest, ":"); both {
			return review.Ref{Standard: uncoded(node), Clause: uncoded(clause)}
		}
	}
	return review.Ref{Standard: standard, Clause: uncoded(urn[strings.LastIndexByte(urn, ':')+1:])}
}

// cisoName is the standard that the URN of a framework names.
func cisoName(urn string) string { return uncoded(urn[strings.LastIndexByte(urn, ':')+1:]) }

// coded is a sign that our own URNs write as its code point.
var coded = regexp.MustCompile(`_x([0-9a-f]{1,6})_`)

// uncoded is a part of a URN with its signs.
func uncoded(part string) string {
	return coded.ReplaceAllStringFunc(part, func(code string) string {
		n, err := strconv.ParseInt(code[2:len(code)-1], 16, 32)
		if err != nil || n > 0x10ffff {
			return code
		}
		return string(rune(n))
	})
}

// cisoScalar is a value of one line: in quotes, or plain and without a comment.
func cisoScalar(text string) string {
	switch {
	case strings.HasPrefix(text, `"`):
		if plain, err := strconv.Unquote(text); err == nil {
			return plain
		}
	case len(text) > 1 && strings.HasPrefix(text, "'") && strings.HasSuffix(text, "'"):
		return strings.ReplaceAll(text[1:len(text)-1], "''", "'")
	}
	plain, _, _ := strings.Cut(text, " #")
	return strings.TrimSpace(plain)
}
