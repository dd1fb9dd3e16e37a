package export

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"

	"concord/corpus"
	"concord/review"
)

// rdf is one statement about a thing: a predicate and its object, in Turtle and as a
// value of JSON-LD. Predicates and types are CURIEs of rdfPrefixes.
type rdf struct {
	predicate, turtle string
	value             map[string]string
}

// pointsTo is a statement whose object is a thing.
func pointsTo(predicate, iri string) rdf {
	return rdf{predicate, "<" + iri + ">", map[string]string{"@id": iri}}
}

// saysOf is a statement whose object is a text.
func saysOf(predicate, text string, language corpus.Language) rdf {
	x := rdf{predicate, literal(text, language), map[string]string{"@value": text}}
	if language != "" && tagged(language) {
		x.value["@language"] = string(language)
	}
	return x
}

// rdfPrefixes are the vocabularies, in the order of a file's head.
var rdfPrefixes = [][2]string{{"skos", "http://www.w3.org/2004/02/skos/core#"}, {"dcterms", "http://purl.org/dc/terms/"}, {"xsd", "http://www.w3.org/2001/XMLSchema#"}}

// rdfNode is a thing with its statements; kind is its type, "" for none.
type rdfNode struct {
	iri, kind string
	says      []rdf
}

// SKOS writes the related pairs as SKOS mapping relations in Turtle (W3C). SKOS
// can deny nothing: rejected pairs and gaps are not in it.
func SKOS(w io.Writer, s Set) error { return skosLines(w, s, held(s.Items)) }

// skosLines is SKOS of items that come one by one; of them are held the names of
// clauses and what relates them.
func skosLines(w io.Writer, s Set, rows Rows) error {
	out := bufio.NewWriter(w)
	for _, p := range rdfPrefixes {
		fmt.Fprintf(out, "@prefix %s: <%s> .\n", p[0], p[1])
	}
	fmt.Fprintln(out)
	err := s.skosNodes(rows, func(n rdfNode) error {
		var lines []string
		if n.kind != "" {
			lines = append(lines, "a "+n.kind)
		}
		for _, x := range n.says {
			lines = append(lines, x.predicate+" "+x.turtle)
		}
		fmt.Fprintf(out, "<%s> %s .\n\n", n.iri, strings.Join(lines, " ;\n  "))
		return nil
	})
	if err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write SKOS: %w", err)
	}
	return nil
}

// JSONLD writes what SKOS writes, as JSON-LD 1.1: the same graph.
func JSONLD(w io.Writer, s Set) error { return jsonldLines(w, s, held(s.Items)) }

// jsonldLines is JSONLD of items that come one by one, written node by node.
func jsonldLines(w io.Writer, s Set, rows Rows) error {
	out := bufio.NewWriter(w)
	before := "{\n \"@context\": {"
	for _, p := range rdfPrefixes {
		fmt.Fprintf(out, "%s\n  %q: %q", before, p[0], p[1])
		before = ","
	}
	before = "\n },\n \"@graph\": [\n  "
	var body bytes.Buffer
	each := json.NewEncoder(&body)
	each.SetEscapeHTML(false)
	each.SetIndent("  ", " ")
	err := s.skosNodes(rows, func(n rdfNode) error {
		node := map[string]any{"@id": n.iri}
		if n.kind != "" {
			node["@type"] = n.kind
		}
		for _, x := range n.says {
			list, _ := node[x.predicate].([]any)
			node[x.predicate] = append(list, x.value)
		}
		body.Reset()
		if err := each.Encode(node); err != nil {
			return fmt.Errorf("write JSON-LD: %w", err)
		}
		fmt.Fprint(out, before, strings.TrimRight(body.String(), "\n"))
		before = ",\n  "
		return nil
	})
	if err != nil {
		return err
	}
	fmt.Fprint(out, "\n ]\n}\n")
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write JSON-LD: %w", err)
	}
	return nil
}

// skosNodes hands the graph over node by node: the file, the standards, then the clauses by id.
func (s Set) skosNodes(rows Rows, each func(rdfNode) error) error {
	clauses := map[corpus.ClauseID]corpus.Clause{}
	says := map[corpus.ClauseID][]rdf{}
	err := rows(func(i Item) error {
		if i.Match.State != review.StateConfirmed {
			return nil
		}
		i = s.facing(i)
		predicate := skosPredicate(i, sssomPredicates[i.Match.Outcome.Verdict].predicate)
		for _, side := range [][2][]corpus.Clause{{i.Sources, i.Targets}, {i.Targets, i.Sources}} {
			for _, c := range side[0] {
				clauses[c.ID] = corpus.Clause{ID: c.ID, Standard: c.Standard, Label: c.Label, Heading: c.Heading, Language: c.Language}
				for _, note := range caveatNotes(i.Reserved, " on "+clauseNames(side[1])) {
					says[c.ID] = append(says[c.ID], saysOf("skos:editorialNote", note, ""))
				}
			}
		}
		for _, a := range i.Sources {
			for _, b := range i.Targets {
				says[a.ID] = append(says[a.ID], pointsTo(predicate, iri(s.clauseIRI(b.ID))))
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := each(s.skosFile()); err != nil {
		return err
	}
	for _, id := range s.usedStandards() {
		std := s.Standards[id]
		title := std.Title(std.Language)
		err := each(rdfNode{iri(s.Options.BaseURI + "/standards/" + string(id)), "skos:ConceptScheme", []rdf{
			saysOf("dcterms:identifier", oneLine(std.Designation), ""), saysOf("dcterms:title", oneLine(title.Text), title.Language)}})
		if err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(clauses)) {
		if err := each(s.skosConcept(clauses[id], says[id])); err != nil {
			return err
		}
	}
	return nil
}

// skosFile is what is said of the whole.
func (s Set) skosFile() rdfNode {
	made := s.Options.Now.UTC().Format("2006-01-02T15:04:05Z")
	n := rdfNode{iri: iri(s.Options.BaseURI + "/dossiers/" + s.Dossier.ID.String() + "/skos"), says: []rdf{saysOf("dcterms:title", oneLine(s.Dossier.Name), ""),
		{"dcterms:created", literal(made, "") + "^^xsd:dateTime", map[string]string{"@value": made, "@type": "xsd:dateTime"}}}}
	if s.Round != nil {
		n.says = append(n.says, saysOf("dcterms:description", s.notices(phrasesIn("en")), "en"))
	} else if s.demonstration() {
		n.says = append(n.says, saysOf("dcterms:description", "Demonstration: made on texts in our own words, not on the official wording.", "en"))
	}
	for _, note := range caveatNotes(s.Reserved, onAll) {
		n.says = append(n.says, saysOf("skos:editorialNote", note, ""))
	}
	return n
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

// clauseNames names the clauses of a side.
func clauseNames(clauses []corpus.Clause) string {
	return oneLine(joined(clauses, func(c corpus.Clause) string { return string(c.ID) }))
}

// skosConcept is a clause with what else is said of it, each once.
func (s Set) skosConcept(c corpus.Clause, says []rdf) rdfNode {
	n := rdfNode{iri(s.clauseIRI(c.ID)), "skos:Concept", []rdf{pointsTo("skos:inScheme", iri(s.Options.BaseURI+"/standards/"+string(c.Standard))), saysOf("skos:notation", oneLine(c.Label), "")}}
	if c.Heading != "" {
		n.says = append(n.says, saysOf("skos:prefLabel", oneLine(c.Heading), c.Language))
	}
	once := map[string]rdf{}
	for _, x := range says {
		once[x.predicate+" "+x.turtle] = x
	}
	for _, line := range slices.Sorted(maps.Keys(once)) {
		n.says = append(n.says, once[line])
	}
	return n
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
	if l == "" || !tagged(l) {
		return s
	}
	return s + "@" + string(l)
}

// tagged tells whether a language has a tag that files of RDF take.
func tagged(l corpus.Language) bool {
	return !strings.ContainsFunc(string(l), func(r rune) bool { return r != '-' && (r < '0' || r > 'z' || r > '9' && r < 'A' || r > 'Z' && r < 'a') })
}
