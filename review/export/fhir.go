package export

import (
	"bytes"
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
func FHIR(w io.Writer, s Set) error { return atOnce(w, s.settled(), fhirLines) }

// fhirSpooled is an element whose targets are in a file: where each begins and ends.
type fhirSpooled struct {
	code, display string
	targets       [][2]int64
}

// fhirSpooledGroup are the agreed lines of one standard against another, an element for
// each clause in the order of the text.
type fhirSpooledGroup struct {
	elements []fhirSpooled
	at       map[string]int // by code
}

// element is the element of a clause.
func (g *fhirSpooledGroup) element(c corpus.Clause) *fhirSpooled {
	code := oneLine(c.ID.Key())
	n, known := g.at[code]
	if !known {
		n, g.at[code] = len(g.elements), len(g.elements)
		g.elements = append(g.elements, fhirSpooled{code: strings.Clone(code), display: strings.Clone(label(c))})
	}
	return &g.elements[n]
}

// fhirLines is FHIR of items that come one by one. Targets, which say what each line
// rests on, wait in a file; of clauses it holds the names.
func fhirLines(w io.Writer, s Set, rows Rows) error {
	p, err := newSpool()
	if err != nil {
		return err
	}
	defer p.close()
	words := phrasesIn("en")
	groups := map[facingPair]*fhirSpooledGroup{}
	var all tally
	err = rows(func(i Item) error {
		s.Items = []Item{i}
		all = all.and(s.tallied())
		i = s.facing(i)
		pair := facingPair{i.Match.Sources[0].Standard(), i.Match.Against}
		if groups[pair] == nil {
			groups[pair] = &fhirSpooledGroup{at: map[string]int{}}
		}
		return p.addFHIR(groups[pair], words, i, s)
	})
	if err == nil {
		err = p.to.Flush()
	}
	if err != nil {
		return fmt.Errorf("write FHIR: %w", err)
	}
	s.Items, s.counted = nil, &all
	if err := p.writeFHIR(w, s, groups); err != nil {
		return fmt.Errorf("write FHIR: %w", err)
	}
	return nil
}

// addFHIR adds the targets of an item to the elements of its sources.
func (p *spool) addFHIR(g *fhirSpooledGroup, words phrases, i Item, s Set) error {
	verdict := cisoVerdict(i.Match.Outcome.Verdict, len(i.Sources), len(i.Targets))
	if i.Match.State == review.StateRejected {
		verdict = review.Verdict(corpus.RelationNone) // of the parts as of the whole
	}
	for _, a := range i.Sources {
		e := g.element(a)
		for _, b := range i.Targets {
			from := p.size
			if err := writeIndented(p, 6, fhirTarget{Code: oneLine(b.ID.Key()), Display: label(b), Relationship: fhirRelationships[verdict], Comment: s.fhirComment(words, i)}); err != nil {
				return err
			}
			e.targets = append(e.targets, [2]int64{from, p.size})
		}
	}
	return nil
}

// writeIndented writes a value as it stands so many levels deep in a document.
func writeIndented(w io.Writer, levels int, v any) error {
	var b bytes.Buffer
	before := strings.Repeat(" ", levels)
	b.WriteString(before)
	out := json.NewEncoder(&b)
	out.SetEscapeHTML(false)
	out.SetIndent(before, " ")
	if err := out.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
	return err
}

// fhirPlace stands for the elements of a group until they are written.
func fhirPlace(n int) []fhirElement { return []fhirElement{{Code: fmt.Sprint("elements of ", n)}} }

// writeFHIR writes the map around what was kept of its groups.
func (p *spool) writeFHIR(w io.Writer, s Set, groups map[facingPair]*fhirSpooledGroup) error {
	about := append(s.particulars(), caveatNotes(s.Reserved, onAll)...)
	now := s.Options.Now.UTC().Format("2006-01-02T15:04:05Z")
	m := fhirMap{ResourceType: "ConceptMap", URL: s.Options.BaseURI + "/dossiers/" + s.Dossier.ID.String() + "/fhir", Version: now, Title: oneLine(s.Dossier.Name),
		Status: "active", Date: now, Description: strings.Join(about, "\n"), Copyright: s.Options.License}
	var order []*fhirSpooledGroup
	for _, pair := range s.facingPairs() {
		for _, way := range []facingPair{pair, {pair.b, pair.a}} {
			if g := groups[way]; g != nil {
				m.Group = append(m.Group, fhirGroup{Source: iri(s.Options.BaseURI + "/standards/" + string(way.a)), Target: iri(s.Options.BaseURI + "/standards/" + string(way.b)), Element: fhirPlace(len(order))})
				order = append(order, g)
			}
		}
	}
	var frame bytes.Buffer
	if err := writeIndented(&frame, 0, m); err != nil {
		return err
	}
	rest := frame.String() + "\n"
	for n, g := range order {
		var place bytes.Buffer
		if err := writeIndented(&place, 4, fhirPlace(n)[0]); err != nil {
			return err
		}
		before, after, _ := strings.Cut(rest, place.String())
		if err := writeString(w, before); err != nil {
			return err
		}
		if err := p.writeElements(w, g.elements); err != nil {
			return err
		}
		rest = after
	}
	return writeString(w, rest)
}

// writeElements writes the elements of a group, their targets as they were kept.
func (p *spool) writeElements(w io.Writer, elements []fhirSpooled) error {
	for n, e := range elements {
		var head bytes.Buffer
		if err := writeIndented(&head, 4, fhirElement{Code: e.code, Display: e.display, NoMap: len(e.targets) == 0}); err != nil {
			return err
		}
		text := head.String()
		if n > 0 {
			text = ",\n" + text
		}
		if len(e.targets) == 0 {
			if err := writeString(w, text); err != nil {
				return err
			}
			continue
		}
		between := strings.TrimSuffix(text, "\n    }") + ",\n     \"target\": [\n"
		for _, t := range e.targets {
			if err := writeString(w, between); err != nil {
				return err
			}
			if _, err := io.Copy(w, io.NewSectionReader(p.file, t[0], t[1]-t[0])); err != nil {
				return err
			}
			between = ",\n"
		}
		if err := writeString(w, "\n     ]\n    }"); err != nil {
			return err
		}
	}
	return nil
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
