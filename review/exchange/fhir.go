package exchange

import (
	"fmt"
	"strings"

	"concord/corpus"
	"concord/review"
)

// conceptMap is a ConceptMap of HL7 FHIR (R4, R4B and R5,
// https://hl7.org/fhir/conceptmap.html), as far as it says something of clauses.
type conceptMap struct {
	ResourceType string `json:"resourceType"`
	URL          string `json:"url"`
	Version      string `json:"version"`
	Name         string `json:"name"`
	Title        string `json:"title"`
	Date         string `json:"date"`
	Publisher    string `json:"publisher"`
	Copyright    string `json:"copyright"`
	Group        []struct {
		Source  string `json:"source"`
		Target  string `json:"target"`
		Element []struct {
			Code    string `json:"code"`
			Display string `json:"display"`
			NoMap   bool   `json:"noMap"`
			Target  []struct {
				Code         string `json:"code"`
				Display      string `json:"display"`
				Relationship string `json:"relationship"` // R5
				Equivalence  string `json:"equivalence"`  // R4
				Comment      string `json:"comment"`
			} `json:"target"`
		} `json:"element"`
	} `json:"group"`
}

// fhirRelations are the relationships of R5, read from source to target, and the
// equivalences of R4, which say what the target is: where it is wider or subsumes, the
// source is the narrower one, whose requirements the target's have among theirs
// (DOMAIN.md 2.11).
var fhirRelations = map[string]review.Verdict{
	"equivalent": review.Verdict(corpus.RelationEquivalent), "source-is-narrower-than-target": review.Verdict(corpus.RelationSubset),
	"source-is-broader-than-target": review.Verdict(corpus.RelationSuperset), "related-to": review.Verdict(corpus.RelationOverlap), "not-related-to": review.Verdict(corpus.RelationNone),
	"equal": review.Verdict(corpus.RelationEquivalent), "wider": review.Verdict(corpus.RelationSubset), "subsumes": review.Verdict(corpus.RelationSubset),
	"narrower": review.Verdict(corpus.RelationSuperset), "specializes": review.Verdict(corpus.RelationSuperset), "relatedto": review.Verdict(corpus.RelationOverlap),
	"inexact": review.Verdict(corpus.RelationOverlap), "disjoint": review.Verdict(corpus.RelationNone), "unmatched": review.VerdictNoCounterpart,
}

// readFHIR reads a ConceptMap.
func (s *Set) readFHIR(body []byte) error {
	s.Format = "fhir"
	var m conceptMap
	if err := readJSON(body, &m); err != nil {
		return err
	}
	if m.ResourceType != "ConceptMap" {
		return fmt.Errorf("it is a resource of FHIR, but a %s and no ConceptMap: %w", orElse(shortened(m.ResourceType), "nameless one"), corpus.ErrInvalid)
	}
	s.Name, s.Title, s.Version, s.Date, s.License = m.URL, orElse(m.Title, m.Name), m.Version, m.Date, m.Copyright
	if m.Publisher != "" {
		s.Authors = []string{m.Publisher}
	}
	for g, group := range m.Group {
		source, target := schemeName(group.Source), schemeName(group.Target)
		for n, e := range group.Element {
			place := fmt.Sprintf("group %d, element %d", g+1, n+1)
			from := review.Ref{Standard: source, Clause: e.Code, Label: OneLine(orElse(e.Display, e.Code))}
			if e.NoMap && e.Code != "" {
				s.Statements = append(s.Statements, review.ImportedRow{Place: place, Verdict: review.VerdictNoCounterpart, Sources: []review.Ref{from}, Against: target})
			}
			for k, t := range e.Target {
				here := place
				if len(e.Target) > 1 {
					here = fmt.Sprintf("%s, target %d", place, k+1)
				}
				said := orElse(t.Relationship, t.Equivalence)
				verdict, known := fhirRelations[said]
				switch {
				case !known:
					s.say(unknownRelation(here, said))
				case e.Code == "", t.Code == "" && verdict != review.VerdictNoCounterpart:
					s.say(sideless(here))
				case verdict == review.VerdictNoCounterpart:
					s.Statements = append(s.Statements, review.ImportedRow{Place: here, Verdict: verdict, Sources: []review.Ref{from}, Against: target, Note: OneLine(t.Comment)})
				default:
					to := review.Ref{Standard: target, Clause: t.Code, Label: OneLine(orElse(t.Display, t.Code))}
					s.Statements = append(s.Statements, review.ImportedRow{Place: here, Verdict: verdict, Sources: []review.Ref{from}, Targets: []review.Ref{to}, Note: OneLine(t.Comment)})
				}
			}
			if len(s.Statements) > maxRows {
				return fmt.Errorf("it has more than %d mappings, split the file: %w", maxRows, corpus.ErrLimit)
			}
		}
	}
	if len(s.Statements) == 0 && len(s.Problems) == 0 {
		return fmt.Errorf("the ConceptMap maps nothing: %w", corpus.ErrInvalid)
	}
	s.document = verbatim(body)
	return nil
}

// schemeName is how a code system is called: the standard at an address of ours, else
// its address, without the version that may stand behind it.
func schemeName(canonical string) string {
	address, _, _ := strings.Cut(canonical, "|")
	return (&JSKOSItem{URI: address}).name()
}
