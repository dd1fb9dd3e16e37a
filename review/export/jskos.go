package export

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"concord/corpus"
	"concord/review"
)

// jskosContext is the JSON-LD context of JSKOS 0.6 (GBV).
const jskosContext = "https://gbv.github.io/jskos/context.json"

// jskosMapping is a mapping as JSKOS 0.6 writes it: sets of concepts on both
// sides, an empty set for "nothing corresponds".
type jskosMapping struct {
	Context    string              `json:"@context"`
	URI        string              `json:"uri"`
	Type       []string            `json:"type"`
	From       jskosBundle         `json:"from"`
	To         jskosBundle         `json:"to"`
	FromScheme jskosItem           `json:"fromScheme"`
	ToScheme   jskosItem           `json:"toScheme"`
	Modified   string              `json:"modified,omitempty"`
	Creator    []jskosItem         `json:"creator,omitempty"`
	Note       map[string][]string `json:"note,omitempty"`
	PartOf     []jskosItem         `json:"partOf"`
	Version    string              `json:"version,omitempty"`
}

type jskosBundle struct {
	Members []jskosItem `json:"memberSet"`
}

type jskosItem struct {
	URI      string            `json:"uri,omitempty"`
	Notation []string          `json:"notation,omitempty"`
	Label    map[string]string `json:"prefLabel,omitempty"`
	InScheme []jskosItem       `json:"inScheme,omitempty"`
}

// JSKOS writes every agreed match as a JSKOS mapping, one a line (ndjson). It can
// say that nothing corresponds, and cannot deny a pair: rejected pairs are not in
// it. What JSKOS has no place for, recognition each way with its conditions, stands
// in notes. People are named by party, never by name.
func JSKOS(w io.Writer, s Set) error {
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for _, i := range s.Items {
		if i = s.facing(i); i.Match.State == review.StateRejected || len(i.Sources) == 0 {
			continue
		}
		if err := enc.Encode(s.jskos(i)); err != nil {
			return fmt.Errorf("write JSKOS: %w", err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write JSKOS: %w", err)
	}
	return nil
}

// jskos is one match.
func (s Set) jskos(i Item) jskosMapping {
	o := i.Match.Outcome
	to := i.Match.Against
	if len(i.Targets) > 0 {
		to = i.Targets[0].Standard
	}
	m := jskosMapping{
		Context: jskosContext, URI: s.Options.BaseURI + "/matches/" + i.Match.ID.String(),
		From: s.jskosBundle(i.Sources), To: s.jskosBundle(i.Targets), FromScheme: s.jskosScheme(i.Sources[0].Standard), ToScheme: s.jskosScheme(to),
		Modified: i.date(), PartOf: []jskosItem{{URI: s.Options.BaseURI + "/dossiers/" + s.Dossier.ID.String(), Label: map[string]string{"und": oneLine(s.Dossier.Name)}}},
	}
	predicate := strings.TrimPrefix(sssomPredicates[o.Verdict].predicate, "skos:")
	if len(i.Targets) == 0 {
		predicate = "mappingRelation"
	}
	m.Type = []string{"http://www.w3.org/2004/02/skos/core#" + predicate}
	var parties []string
	for _, d := range i.agreedBy() {
		if p := string(d.Party); p != "" && !strings.Contains(" "+strings.Join(parties, " ")+" ", " "+p+" ") {
			parties = append(parties, p)
			m.Creator = append(m.Creator, jskosItem{Label: map[string]string{"und": p}})
		}
	}
	w := phrasesIn("en")
	var notes []string
	for _, r := range []struct {
		key   string
		value corpus.Recognition
	}{{"a-to-b", o.AToB}, {"b-to-a", o.BToA}} {
		if len(i.Targets) > 0 {
			words := []string{w.say("col."+r.key) + ": " + w.answer(r.value).s}
			notes = append(notes, oneLine(strings.Join(append(words, r.value.Conditions...), "; ")))
		}
	}
	_, decisions, versions := i.provenance()
	notes = append(notes, "Decisions: "+strings.ReplaceAll(decisions, "\n", " "), "Text versions: "+strings.ReplaceAll(versions, "\n", " "))
	if n := s.notices(w); n != "" {
		notes = append(notes, oneLine(n))
	}
	m.Note = map[string][]string{"en": notes}
	return m
}

// jskosBundle is a side of a mapping.
func (s Set) jskosBundle(clauses []corpus.Clause) jskosBundle {
	b := jskosBundle{Members: []jskosItem{}}
	for _, c := range clauses {
		item := jskosItem{URI: s.clauseIRI(c.ID), Notation: []string{oneLine(c.Label)}, InScheme: []jskosItem{{URI: s.standardIRI(c.Standard)}}}
		if c.Heading != "" {
			item.Label = map[string]string{tagged(c.Language): oneLine(c.Heading)}
		}
		b.Members = append(b.Members, item)
	}
	return b
}

// jskosScheme is a standard.
func (s Set) jskosScheme(id corpus.StandardID) jskosItem {
	std := s.Standards[id]
	item := jskosItem{URI: s.standardIRI(id)}
	if std.ID != "" {
		title := std.Title(std.Language)
		item.Notation, item.Label = []string{oneLine(std.Designation)}, map[string]string{tagged(title.Language): oneLine(title.Text)}
	}
	return item
}

// standardIRI is the permanent address of a standard.
func (s Set) standardIRI(id corpus.StandardID) string {
	return s.Options.BaseURI + "/standards/" + string(id)
}

// tagged is a language's tag, "und" where there is none.
func tagged(l corpus.Language) string {
	if l == "" {
		return "und"
	}
	return string(l)
}
