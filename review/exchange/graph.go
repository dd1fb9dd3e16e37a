package exchange

import (
	"fmt"
	"io"
	"slices"

	"concord/corpus"
	"concord/review"
)

// graph is what a file of RDF says, node by node in the order in which the file first
// names them. It holds no more than mappings need: what stands in blank nodes is read
// and left.
type graph struct {
	nodes   []*graphNode
	at      map[string]*graphNode
	triples int
}

// graphNode is one subject.
type graphNode struct {
	iri, place string
	says       map[string][]graphValue // by the IRI of the predicate
}

// graphValue is an IRI, or a text in a language.
type graphValue struct{ iri, text, language string }

// maxTriples bounds what a graph holds: ten facts for each mapping that is read.
const maxTriples = 10 * maxRows

// node is the node of an IRI, which a place of the file names.
func (g *graph) node(iri, place string) *graphNode {
	if g.at == nil {
		g.at = map[string]*graphNode{}
	}
	n := g.at[iri]
	if n == nil {
		n = &graphNode{iri: iri, place: place, says: map[string][]graphValue{}}
		g.at[iri] = n
		g.nodes = append(g.nodes, n)
	}
	return n
}

// say adds a fact; corpus.ErrLimit when there are too many.
func (g *graph) say(n *graphNode, predicate string, v graphValue) error {
	if g.triples++; g.triples > maxTriples {
		return fmt.Errorf("%s: it says more than %d things, split the file: %w", n.place, maxTriples, corpus.ErrLimit)
	}
	n.says[predicate] = append(n.says[predicate], v)
	return nil
}

// The vocabularies that mappings are written in.
const (
	dctermsNS = "http://purl.org/dc/terms/"
	rdfNS     = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	owlNS     = "http://www.w3.org/2002/07/owl#"
)

// matchPredicates are the predicates that relate concepts of two schemes, in the order in
// which statements of one concept are read.
var matchPredicates = []struct {
	iri   string
	named string // in sssomPredicates
}{
	{owlNS + "sameAs", "owl:sameAs"}, {skosCore + "exactMatch", "skos:exactMatch"}, {skosCore + "broadMatch", "skos:broadMatch"}, {skosCore + "narrowMatch", "skos:narrowMatch"},
	{skosCore + "closeMatch", "skos:closeMatch"}, {skosCore + "relatedMatch", "skos:relatedMatch"},
}

// readGraph takes the mappings of a graph: every statement of a mapping property, once
// where both of its ends say it.
func (s *Set) readGraph(g *graph, format string) error {
	s.Format = format
	said := map[[2]string]corpus.Relation{}
	for _, n := range g.nodes {
		if title := n.first(dctermsNS + "title"); title != "" && s.Title == "" && !slices.ContainsFunc(n.says[rdfNS+"type"], func(v graphValue) bool {
			return v.iri == skosCore+"ConceptScheme" || v.iri == skosCore+"Concept"
		}) {
			s.Title, s.Name, s.Date, s.License = OneLine(title), n.iri, n.first(dctermsNS+"created", dctermsNS+"date", dctermsNS+"issued"), n.first(dctermsNS+"license", dctermsNS+"rights")
		}
		for _, p := range matchPredicates {
			for _, v := range n.says[p.iri] {
				if v.iri == "" {
					s.problem(n.place, "give the address of a concept", "%s says %q, which is no address; it is left out", p.named, shortened(v.text))
					continue
				}
				relation := sssomPredicates[p.named]
				if there, known := said[[2]string{v.iri, n.iri}]; known && there == relation.Inverse() {
					continue // said from the other end
				}
				said[[2]string{n.iri, v.iri}] = relation
				if len(s.Statements) >= maxRows {
					return fmt.Errorf("it has more than %d mappings, split the file: %w", maxRows, corpus.ErrLimit)
				}
				s.Statements = append(s.Statements, review.ImportedRow{Place: n.place, Verdict: review.Verdict(relation), Sources: []review.Ref{g.ref(n.iri)}, Targets: []review.Ref{g.ref(v.iri)}, Note: OneLine(n.first(skosCore + "note"))})
			}
		}
	}
	if len(s.Statements) == 0 && len(s.Problems) == 0 {
		return fmt.Errorf("it is RDF, but has no mapping property of SKOS (exactMatch, broadMatch, narrowMatch, closeMatch, relatedMatch): %w", corpus.ErrInvalid)
	}
	return nil
}

// first is the first text, or IRI, of the first of some predicates that is there.
func (n *graphNode) first(predicates ...string) string {
	for _, p := range predicates {
		for _, v := range n.says[p] {
			return orElse(v.text, v.iri)
		}
	}
	return ""
}

// ref names a concept as JSKOS would: by our address, its notation, or the end of its
// address; its scheme by our address, what identifies it, or its address.
func (g *graph) ref(iri string) review.Ref {
	item := JSKOSItem{URI: iri}
	n := g.at[iri]
	if n == nil {
		return item.ref(nil)
	}
	if notation := n.first(skosCore+"notation", dctermsNS+"identifier"); notation != "" {
		item.Notation = []string{notation}
	}
	for _, v := range n.says[skosCore+"prefLabel"] {
		if item.PrefLabel == nil {
			item.PrefLabel = map[string]string{}
		}
		item.PrefLabel[v.language] = v.text
	}
	scheme := JSKOSItem{URI: n.first(skosCore+"inScheme", skosCore+"topConceptOf")}
	if scheme.URI == "" {
		return item.ref(nil)
	}
	if about := g.at[scheme.URI]; about != nil {
		if name := about.first(dctermsNS+"identifier", skosCore+"notation"); name != "" {
			scheme.Notation = []string{name}
		}
	}
	return item.ref(&scheme)
}

// verbatim is a file that is written again as it was: RDF and ConceptMaps of others have
// more than we model.
type verbatim []byte

// Write writes the bytes that were read.
func (v verbatim) Write(w io.Writer) error {
	if _, err := w.Write(v); err != nil {
		return fmt.Errorf("write the file again: %w", err)
	}
	return nil
}
