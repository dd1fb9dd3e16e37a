package export

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
	"concord/review/exchange"
)

// oscalVersion is the version of OSCAL that is written; the mapping model came
// with 1.2.0.
const oscalVersion = "1.2.1"

// The model of the format under short names.
type (
	oscalFile         = exchange.OSCALFile
	oscalCollection   = exchange.OSCALCollection
	oscalMetadata     = exchange.OSCALMetadata
	oscalProp         = exchange.OSCALProp
	oscalRole         = exchange.OSCALRole
	oscalParty        = exchange.OSCALParty
	oscalProvenance   = exchange.OSCALProvenance
	oscalResponsible  = exchange.OSCALResponsible
	oscalMapping      = exchange.OSCALMapping
	oscalResource     = exchange.OSCALResource
	oscalMap          = exchange.OSCALMap
	oscalItem         = exchange.OSCALItem
	oscalQualifier    = exchange.OSCALQualifier
	oscalGaps         = exchange.OSCALGaps
	oscalUnmapped     = exchange.OSCALUnmapped
	oscalBackMatter   = exchange.OSCALBackMatter
	oscalBackResource = exchange.OSCALBackResource
	oscalRlink        = exchange.OSCALRlink
)

// OSCAL writes a mapping collection, one mapping for each pair of standards. The
// collection's uuid changes with the state of the database, those of mappings
// and maps do not. Where no pair is agreed there is no such file
// (corpus.ErrInvalid), since the model asks for at least one map.
func OSCAL(w io.Writer, s Set) error { return atOnce(w, s.settled(), oscalLines) }

// oscalLines is OSCAL of items that come one by one. The maps of each pair of standards
// wait in a file until what stands before them is known.
func oscalLines(w io.Writer, s Set, rows Rows) error {
	p, err := newSpool()
	if err != nil {
		return err
	}
	defer p.close()
	gaps := map[facingPair][2][]string{}
	err = rows(func(i Item) error {
		i = s.facing(i)
		from, to := i.Match.Sources[0].Standard(), i.Match.Against
		if i.Match.State != review.StateAbsent {
			at := facingPair{from, to}.place()
			return p.add(at, 0, 1, func(w io.Writer) error { return writeMap(w, s.oscalMap(i), p.parts[partName(at, 0)] != nil) })
		}
		pair, side := facingPair{from, to}, 0
		if s.fromB(i) {
			pair, side = facingPair{to, from}, 1
		}
		lists := gaps[pair]
		lists[side] = append(lists[side], oscalIDs(i.Sources)...)
		gaps[pair] = lists
		return nil
	})
	if err != nil {
		return err
	}
	s.kept = p
	c, err := s.oscal(gaps)
	if err != nil {
		return err
	}
	var out strings.Builder
	if err := (oscalFile{Collection: c}).Write(&out); err != nil {
		return err
	}
	document := out.String()
	for _, m := range c.Mappings {
		var one strings.Builder
		if err := writeMap(&one, m.Maps[0], false); err != nil {
			return err
		}
		document = strings.Replace(document, one.String(), spooled(m.Maps[0].UUID), 1)
	}
	if err := p.write(w, document); err != nil {
		return fmt.Errorf("write OSCAL: %w", err)
	}
	return nil
}

// writeMap writes a map as it stands in a collection, five levels deep.
func writeMap(w io.Writer, m oscalMap, more bool) error {
	var b bytes.Buffer
	if more {
		b.WriteString(",\n")
	}
	if err := writeIndented(&b, 5, m); err != nil {
		return fmt.Errorf("write OSCAL: %w", err)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// named5 makes a uuid of version 5 from what names a thing within the dossier.
func (s Set) named5(parts ...string) string {
	return uuid.NewSHA1(s.Dossier.ID, []byte(strings.Join(parts, "\x00"))).String()
}

// prop makes a property of ours; a value is one line.
func (s Set) prop(name, value string) oscalProp {
	return oscalProp{Name: name, NS: s.Options.BaseURI + "/ns", Value: oneLine(value)}
}

// props makes properties, leaving empty ones out.
func (s Set) props(pairs ...string) []oscalProp {
	var out []oscalProp
	for n := 0; n+1 < len(pairs); n += 2 {
		if p := s.prop(pairs[n], pairs[n+1]); p.Value != "" {
			out = append(out, p)
		}
	}
	return out
}

// oscal builds the collection, in each mapping one map that names the file of all.
func (s Set) oscal(gaps map[facingPair][2][]string) (oscalCollection, error) {
	mappings, unsaid := s.oscalMappings(gaps)
	if len(mappings) == 0 {
		return oscalCollection{}, fmt.Errorf("write OSCAL: no pair of clauses is agreed in %q, and a mapping collection needs one: %w", s.Dossier.Name, corpus.ErrInvalid)
	}
	when := s.Options.Now.UTC().Format(time.RFC3339)
	c := oscalCollection{
		UUID: s.named5("collection", s.AuditHash, fmt.Sprint(s.AuditSeq), when),
		Metadata: oscalMetadata{
			Title: orElse(oneLine(s.Dossier.Name), s.Dossier.ID.String()), LastModified: when, Version: when, OSCALVersion: oscalVersion,
			Props: s.props("policy", string(s.Dossier.Policy), "audit-row", fmt.Sprint(s.AuditSeq), "audit-hash", s.AuditHash),
			Roles: []oscalRole{{ID: "reviewer", Title: "Reviewer"}},
		},
		Provenance: oscalProvenance{Method: "hybrid", Rationale: "semantic", Status: "not-complete",
			Description: "Candidates were proposed by a program; every map was agreed by people under the policy of the dossier. Nothing follows from what is not mapped.",
			Remarks:     unsaid},
		Mappings: mappings,
	}
	if s.Round != nil {
		c.Metadata.Props = append(c.Metadata.Props, s.props("round", fmt.Sprint(s.Round.Number), "round-name", oneLine(s.Round.Name),
			"round-checksum", s.Round.Checksum, "texts-changed-since", fmt.Sprint(len(s.Round.Moved)))...)
	}
	c.Metadata.Props = append(c.Metadata.Props, s.reservedProps(s.Reserved)...)
	if s.Dossier.Closed {
		c.Provenance.Status = "complete"
	}
	if s.demonstration() {
		c.Provenance.Description += " Demonstration: made on texts in our own words, not on the official wording."
	}
	responsible := oscalResponsible{Role: "reviewer"}
	for _, p := range s.Dossier.Parties() {
		party := oscalParty{UUID: s.named5("party", string(p)), Type: "organization", Name: orElse(oneLine(string(p)), "?")}
		c.Metadata.Parties = append(c.Metadata.Parties, party)
		responsible.Parties = append(responsible.Parties, party.UUID)
	}
	if len(responsible.Parties) > 0 {
		c.Provenance.Responsible = []oscalResponsible{responsible}
	}
	c.BackMatter = &oscalBackMatter{}
	for _, side := range s.Dossier.Sides {
		for _, id := range side.Standards {
			c.BackMatter.Resources = append(c.BackMatter.Resources, s.oscalResource(id))
		}
	}
	return c, nil
}

// reservedProps are reservations as properties of what they are against. The model's
// qualifiers say what controls ask for, and are no place for what a party declares.
func (s Set) reservedProps(list []review.Reservation) []oscalProp {
	var out []oscalProp
	for n, line := range caveats(list) {
		p := s.prop("reservation", line)
		p.UUID = s.named5("reservation", list[n].ID.String())
		out = append(out, p)
	}
	return out
}

// orElse is a text, or another one where it is empty.
func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// oscalResource describes a standard in the back matter.
func (s Set) oscalResource(id corpus.StandardID) oscalBackResource {
	std := s.Standards[id]
	title := orElse(oneLine(std.Designation+" "+std.Title(std.Language).Text), string(id))
	return oscalBackResource{
		UUID: s.named5("standard", string(id)), Title: title, Rlinks: []oscalRlink{{Href: s.Options.BaseURI + "/standards/" + string(id)}},
		Props: s.props("edition", std.Edition, "jurisdiction", string(std.Jurisdiction), "language", string(std.Language)),
	}
}

// facingPair is a pair of standards, first side first.
type facingPair struct{ a, b corpus.StandardID }

// place names what is kept of the pair in files, in letters that no format escapes.
func (p facingPair) place() string { return fmt.Sprintf("x%x", string(p.a)+" "+string(p.b)) }

// oscalMappings are the mappings by pair of standards in their order, and in
// words the gaps of pairs for which the model has no place.
func (s Set) oscalMappings(gaps map[facingPair][2][]string) (out []oscalMapping, unsaid string) {
	var lost []string
	for _, p := range s.facingPairs() {
		if !s.holds(p.place()) {
			for _, ids := range gaps[p] {
				if len(ids) > 0 {
					lost = append(lost, fmt.Sprintf("%s and %s: no counterpart for %s", p.a, p.b, strings.Join(ids, ", ")))
				}
			}
			continue
		}
		out = append(out, oscalMapping{
			UUID: s.named5("mapping", string(p.a), string(p.b)), Maps: []oscalMap{{UUID: p.place()}},
			Source: oscalResource{Type: "catalog", Href: "#" + s.named5("standard", string(p.a))}, Target: oscalResource{Type: "catalog", Href: "#" + s.named5("standard", string(p.b))},
			SourceGaps: s.oscalGaps("source", p, gaps[p][0]), TargetGaps: s.oscalGaps("target", p, gaps[p][1]),
		})
	}
	if len(lost) > 0 {
		unsaid = "Agreed gaps between standards without any map, which a mapping cannot hold: " + strings.Join(lost, "; ")
	}
	return out, unsaid
}

// facingPairs are all pairs of standards of the first side and another one.
func (s Set) facingPairs() []facingPair {
	var out []facingPair
	for n, side := range s.Dossier.Sides {
		if n == 0 {
			continue
		}
		for _, a := range s.Dossier.Sides[0].Standards {
			for _, b := range side.Standards {
				out = append(out, facingPair{a, b})
			}
		}
	}
	return out
}

func (s Set) oscalGaps(side string, p facingPair, ids []string) *oscalGaps {
	if len(ids) == 0 {
		return nil
	}
	return &oscalGaps{UUID: s.named5("gaps", side, string(p.a), string(p.b)), Unmapped: []oscalUnmapped{{IDs: ids}}}
}

// oscalMap is one agreed match.
func (s Set) oscalMap(i Item) oscalMap {
	o := i.Match.Outcome
	match, decisions, versions := i.provenance()
	m := oscalMap{UUID: s.named5("map", match), Relationship: exchange.OSCALRelations[corpus.Relation(o.Verdict)], Rationale: "semantic"}
	if o.Verdict == review.Verdict(corpus.RelationIdentical) {
		m.Rationale = "syntactic"
	}
	for _, id := range oscalIDs(i.Sources) {
		m.Sources = append(m.Sources, oscalItem{Type: "control", IDRef: id})
	}
	for _, id := range oscalIDs(i.Targets) {
		m.Targets = append(m.Targets, oscalItem{Type: "control", IDRef: id})
	}
	for _, side := range []struct {
		subject    string
		conditions []string
	}{{"target", o.AToB.Conditions}, {"source", o.BToA.Conditions}} {
		for _, condition := range side.conditions {
			if text := oneLine(condition); text != "" {
				m.Qualifiers = append(m.Qualifiers, oscalQualifier{Subject: side.subject, Predicate: "has-requirement", Category: "addressable", Description: text})
			}
		}
	}
	m.Props = s.props("match", match, "decided", i.date(), "recognition-a-to-b", string(o.AToB.Answer), "recognition-b-to-a", string(o.BToA.Answer))
	for _, id := range strings.Fields(decisions) {
		m.Props = append(m.Props, s.prop("decision", id))
	}
	for _, version := range strings.Fields(versions) {
		m.Props = append(m.Props, s.prop("text-version", version))
	}
	m.Props = append(m.Props, s.reservedProps(i.Reserved)...)
	var notes []string
	for _, t := range i.reasons(phrasesIn("en")) {
		notes = append(notes, oneLine(t.s))
	}
	m.Remarks = strings.Join(notes, " ")
	return m
}

func oscalIDs(clauses []corpus.Clause) []string {
	var out []string
	for _, c := range clauses {
		out = append(out, oscalID(c.ID.Key()))
	}
	return slices.Compact(out)
}

// oscalID makes a token of a clause's key: it begins with a letter, and what a
// token may not hold is written as its code point (INTEROP.md 2.3).
func oscalID(key string) string {
	var b strings.Builder
	for n, r := range key {
		letter := unicode.IsLetter(r) || r == '_'
		if n == 0 && !letter {
			b.WriteByte('c')
		}
		if letter || unicode.IsNumber(r) || r == '.' || r == '-' {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "_x%X_", r)
		}
	}
	return b.String()
}
