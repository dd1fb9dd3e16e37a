package export

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"concord/corpus"
	"concord/review"
)

// fhirMap is a ConceptMap of HL7 FHIR R5 (https://hl7.org/fhir/R5/conceptmap.html),
// as far as we fill it.
type fhirMap struct {
	ResourceType string      `json:"resourceType"`
	URL          string      `json:"url"`
	Version      string      `json:"version"`
	Title        string      `json:"title,omitempty"`
	Status       string      `json:"status"`
	Date         string      `json:"date"`
	Description  string      `json:"description"`
	Copyright    string      `json:"copyright"`
	Group        []fhirGroup `json:"group,omitempty"`
}

type fhirGroup struct {
	Source  string        `json:"source"`
	Target  string        `json:"target"`
	Element []fhirElement `json:"element"`
}

type fhirElement struct {
	Code    string       `json:"code"`
	Display string       `json:"display,omitempty"`
	NoMap   bool         `json:"noMap,omitempty"`
	Target  []fhirTarget `json:"target,omitempty"`
}

type fhirTarget struct {
	Code         string `json:"code"`
	Display      string `json:"display,omitempty"`
	Relationship string `json:"relationship"`
	Comment      string `json:"comment"`
}

// fhirRelationships is the required value set of the relationship; it reads from
// source to target, and what asks less is the narrower (DOMAIN.md 2.11).
var fhirRelationships = map[review.Verdict]string{
	review.Verdict(corpus.RelationIdentical): "equivalent", review.Verdict(corpus.RelationEquivalent): "equivalent",
	review.Verdict(corpus.RelationSubset): "source-is-narrower-than-target", review.Verdict(corpus.RelationSuperset): "source-is-broader-than-target",
	review.Verdict(corpus.RelationOverlap): "related-to", review.Verdict(corpus.RelationNone): "not-related-to",
}

// FHIR writes a ConceptMap of FHIR R5: one group for each pair of standards, first
// side as source, and one the other way for the gaps of the second side. It relates
// single concepts: sets of clauses are written as what follows for their parts.
func FHIR(w io.Writer, s Set) error {
	words := phrasesIn("en")
	about := append(s.particulars(), caveatNotes(s.Reserved, onAll)...)
	now := s.Options.Now.UTC().Format("2006-01-02T15:04:05Z")
	m := fhirMap{ResourceType: "ConceptMap", URL: s.Options.BaseURI + "/dossiers/" + s.Dossier.ID.String() + "/fhir", Version: now, Title: oneLine(s.Dossier.Name),
		Status: "active", Date: now, Description: strings.Join(about, "\n"), Copyright: s.Options.License}
	for _, p := range s.facingPairs() {
		for _, way := range []facingPair{p, {p.b, p.a}} {
			if g := s.fhirGroup(words, way); len(g.Element) > 0 {
				m.Group = append(m.Group, g)
			}
		}
	}
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", " ")
	if err := out.Encode(m); err != nil {
		return fmt.Errorf("write FHIR: %w", err)
	}
	return nil
}

// fhirGroup are the agreed lines of one standard against another, an element for
// each clause in the order of the text.
func (s Set) fhirGroup(w phrases, p facingPair) fhirGroup {
	g := fhirGroup{Source: iri(s.Options.BaseURI + "/standards/" + string(p.a)), Target: iri(s.Options.BaseURI + "/standards/" + string(p.b))}
	at := map[string]int{}
	element := func(c corpus.Clause) *fhirElement {
		code := oneLine(c.ID.Key())
		n, known := at[code]
		if !known {
			n, at[code] = len(g.Element), len(g.Element)
			g.Element = append(g.Element, fhirElement{Code: code, Display: label(c)})
		}
		return &g.Element[n]
	}
	for _, i := range s.Items {
		i = s.facing(i)
		if i.Match.Sources[0].Standard() != p.a || i.Match.Against != p.b {
			continue
		}
		verdict := cisoVerdict(i.Match.Outcome.Verdict, len(i.Sources), len(i.Targets))
		if i.Match.State == review.StateRejected {
			verdict = review.Verdict(corpus.RelationNone) // of the parts as of the whole
		}
		for _, a := range i.Sources {
			e := element(a)
			for _, b := range i.Targets {
				e.Target = append(e.Target, fhirTarget{Code: oneLine(b.ID.Key()), Display: label(b), Relationship: fhirRelationships[verdict], Comment: s.fhirComment(w, i)})
			}
			e.NoMap = len(e.Target) == 0
		}
	}
	return g
}

// fhirComment says what was agreed on the whole line and what it rests on.
func (s Set) fhirComment(w phrases, i Item) string {
	match, decisions, versions := i.provenance()
	parts := []string{w.say("relation." + string(i.Match.Outcome.Verdict))}
	for _, way := range []struct {
		key string
		r   corpus.Recognition
	}{{"a-to-b", i.Match.Outcome.AToB}, {"b-to-a", i.Match.Outcome.BToA}} {
		line := w.say("col."+way.key) + ": " + w.answer(way.r).s
		for _, c := range way.r.Conditions {
			line += "; " + c
		}
		parts = append(parts, line)
	}
	parts = append(parts, w.say("col.match")+": "+match, w.say("col.decisions")+": "+decisions, w.say("col.versions")+": "+versions)
	parts = append(parts, caveatNotes(i.Reserved, "")...)
	return oneLine(strings.Join(parts, " · "))
}
