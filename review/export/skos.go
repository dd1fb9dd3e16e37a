package export

import (
	"bufio"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"concord/corpus"
	"concord/review"
)

// SKOS writes the related pairs as SKOS mapping relations in Turtle (W3C). SKOS
// can deny nothing: rejected pairs and gaps are not in it.
func SKOS(w io.Writer, s Set) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n@prefix dcterms: <http://purl.org/dc/terms/> .\n@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n\n")
	fmt.Fprintf(out, "<%s> dcterms:title %s ;\n  dcterms:created %s^^xsd:dateTime", iri(s.Options.BaseURI+"/dossiers/"+s.Dossier.ID.String()+"/skos"),
		literal(oneLine(s.Dossier.Name), ""), literal(s.Options.Now.UTC().Format("2006-01-02T15:04:05Z"), ""))
	if s.Round != nil {
		fmt.Fprintf(out, " ;\n  dcterms:description %s", literal(s.notices(phrasesIn("en")), "en"))
	} else if s.demonstration() {
		fmt.Fprintf(out, " ;\n  dcterms:description %s", literal("Demonstration: made on texts in our own words, not on the official wording.", "en"))
	}
	for _, note := range caveatNotes(s.Reserved, onAll) {
		fmt.Fprintf(out, " ;\n  skos:editorialNote %s", literal(note, ""))
	}
	fmt.Fprint(out, " .\n\n")
	clauses := map[corpus.ClauseID]corpus.Clause{}
	relations := map[corpus.ClauseID][]string{} // and notes
	for _, i := range s.pairs() {
		predicate := sssomPredicates[i.Match.Outcome.Verdict].predicate
		for _, side := range [][2][]corpus.ClauseID{{i.Match.Sources, i.Match.Targets}, {i.Match.Targets, i.Match.Sources}} {
			for _, id := range side[0] {
				for _, note := range caveatNotes(i.Reserved, " on "+joinedIDs(side[1])) {
					relations[id] = append(relations[id], "skos:editorialNote "+literal(note, ""))
				}
			}
		}
		for _, a := range i.Sources {
			clauses[a.ID] = a
			for _, b := range i.Targets {
				clauses[b.ID] = b
				relations[a.ID] = append(relations[a.ID], skosPredicate(i, predicate)+" <"+iri(s.clauseIRI(b.ID))+">")
			}
		}
	}
	for _, id := range s.usedStandards() {
		std := s.Standards[id]
		title := std.Title(std.Language)
		fmt.Fprintf(out, "<%s> a skos:ConceptScheme ;\n  dcterms:identifier %s ;\n  dcterms:title %s .\n\n", iri(s.Options.BaseURI+"/standards/"+string(id)),
			literal(oneLine(std.Designation), ""), literal(oneLine(title.Text), title.Language))
	}
	var ids []corpus.ClauseID
	for id := range clauses {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		s.skosConcept(out, clauses[id], relations[id])
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write SKOS: %w", err)
	}
	return nil
}

// skosPredicate keeps to close matches where sets are related: an exact match of
// one clause with each of several would say that those are one.
func skosPredicate(i Item, predicate string) string {
	if predicate == "skos:exactMatch" && len(i.Sources)*len(i.Targets) > 1 {
		return "skos:relatedMatch"
	}
	if i.Match.Outcome.Verdict == review.Verdict(corpus.RelationOverlap) {
		return "skos:closeMatch"
	}
	return predicate
}

// joinedIDs names the clauses of a side.
func joinedIDs(ids []corpus.ClauseID) string {
	var out []string
	for _, id := range ids {
		out = append(out, string(id))
	}
	return oneLine(strings.Join(out, " + "))
}

// skosConcept writes a clause with its relations and notes.
func (s Set) skosConcept(w io.Writer, c corpus.Clause, relations []string) {
	fmt.Fprintf(w, "<%s> a skos:Concept ;\n  skos:inScheme <%s> ;\n  skos:notation %s", iri(s.clauseIRI(c.ID)), iri(s.Options.BaseURI+"/standards/"+string(c.Standard)), literal(oneLine(c.Label), ""))
	if c.Heading != "" {
		fmt.Fprintf(w, " ;\n  skos:prefLabel %s", literal(oneLine(c.Heading), c.Language))
	}
	slices.Sort(relations)
	for _, r := range slices.Compact(relations) {
		fmt.Fprintf(w, " ;\n  %s", r)
	}
	fmt.Fprint(w, " .\n\n")
}

// clauseIRI is the permanent address of a clause.
func (s Set) clauseIRI(id corpus.ClauseID) string {
	return s.Options.BaseURI + "/standards/" + string(id.Standard()) + "/clauses/" + url.PathEscape(id.Key())
}

// iri escapes what an IRI of Turtle may not hold.
func iri(s string) string {
	var b strings.Builder
	for _, r := range clean(s) {
		if r <= ' ' || strings.ContainsRune("<>\"{}|^`\\", r) {
			fmt.Fprintf(&b, "%%%02X", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// literal is a string of Turtle in a language; tags that are not like one are
// left out.
func literal(s string, l corpus.Language) string {
	s = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(s) + `"`
	if l == "" || strings.ContainsFunc(string(l), func(r rune) bool { return r != '-' && (r < '0' || r > 'z' || r > '9' && r < 'A' || r > 'Z' && r < 'a') }) {
		return s
	}
	return s + "@" + string(l)
}
