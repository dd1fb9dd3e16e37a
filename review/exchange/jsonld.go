package exchange

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// jsonld reads JSON-LD (W3C, JSON-LD 1.1) into a graph: nodes in @graph, in a list or
// within each other, with a context that stands in the file. A context elsewhere is not
// fetched, and of the others prefixes, terms, @vocab and coercion
// to addresses are understood, which is what writers of SKOS use.
type jsonld struct {
	graph    *graph
	terms    map[string]string // to addresses
	addressy map[string]bool   // terms whose texts are addresses
	vocab    string
	nodes    int
}

// readJSONLD reads a file of SKOS.
func (s *Set) readJSONLD(body []byte) error {
	var root any
	if err := readJSON(body, &root); err != nil {
		return err
	}
	j := &jsonld{graph: &graph{}, terms: map[string]string{"skos": skosCore, "dcterms": dctermsNS, "dct": dctermsNS, "rdf": rdfNS, "owl": owlNS}, addressy: map[string]bool{}}
	if top, is := root.(map[string]any); is {
		if elsewhere := j.context(top["@context"]); elsewhere != "" {
			s.problem("@context", "write its prefixes and terms into the file", "the context at %s is not fetched, names that it explains are left out", shortened(elsewhere))
		}
	}
	if _, err := j.values(root); err != nil {
		return err
	}
	s.document = verbatim(body)
	return s.readGraph(j.graph, "jsonld")
}

// context takes in a context, and says which one stands elsewhere.
func (j *jsonld) context(c any) (elsewhere string) {
	switch c := c.(type) {
	case string:
		return c
	case []any:
		for _, one := range c {
			elsewhere = orElse(elsewhere, j.context(one))
		}
	case map[string]any:
		for range 2 { // a term may be explained by one that comes later
			for _, name := range slices.Sorted(maps.Keys(c)) {
				switch is := c[name].(type) {
				case string:
					if name == "@vocab" {
						j.vocab = j.expand(is)
					} else if !strings.HasPrefix(name, "@") && !strings.HasPrefix(is, "@") {
						j.terms[name] = j.expand(is)
					}
				case map[string]any:
					if id, _ := is["@id"].(string); id != "" {
						j.terms[name] = j.expand(id)
					}
					kind, _ := is["@type"].(string)
					j.addressy[name] = kind == "@id" || kind == "@vocab"
				}
			}
		}
	}
	return elsewhere
}

// expand makes an address of a term or of a name with a prefix.
func (j *jsonld) expand(name string) string {
	if to, known := j.terms[name]; known {
		return to
	}
	if prefix, local, colon := strings.Cut(name, ":"); colon && !strings.HasPrefix(local, "//") {
		if to, known := j.terms[prefix]; known {
			return to + local
		}
		return name
	}
	if j.vocab != "" && !strings.Contains(name, ":") {
		return j.vocab + name
	}
	return name
}

// values reads a value of any kind as what a predicate says; nodes within it go into the
// graph.
func (j *jsonld) values(v any) ([]graphValue, error) {
	switch v := v.(type) {
	case string:
		return []graphValue{{text: v}}, nil
	case float64, bool:
		return []graphValue{{text: fmt.Sprint(v)}}, nil
	case []any:
		var out []graphValue
		for _, one := range v {
			more, err := j.values(one)
			if err != nil {
				return nil, err
			}
			out = append(out, more...)
		}
		return out, nil
	case map[string]any:
		for _, wrapped := range []string{"@list", "@set"} {
			if list, is := v[wrapped]; is {
				return j.values(list)
			}
		}
		if text, is := v["@value"]; is {
			language, _ := v["@language"].(string)
			return []graphValue{{text: fmt.Sprint(text), language: strings.ToLower(language)}}, nil
		}
		return j.object(v)
	}
	return nil, nil
}

// object reads a node.
func (j *jsonld) object(v map[string]any) ([]graphValue, error) {
	if inside, is := v["@graph"]; is {
		if _, err := j.values(inside); err != nil {
			return nil, err
		}
	}
	id, _ := v["@id"].(string)
	if id == "" || strings.HasPrefix(id, "_:") {
		for _, name := range slices.Sorted(maps.Keys(v)) { // a blank node, with nodes within it
			if !strings.HasPrefix(name, "@") {
				if _, err := j.values(v[name]); err != nil {
					return nil, err
				}
			}
		}
		return nil, nil
	}
	if !strings.HasPrefix(id, "http:") && !strings.HasPrefix(id, "https:") {
		id = j.address(id)
	}
	j.nodes++
	n := j.graph.node(id, fmt.Sprintf("node %d", j.nodes))
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if name == "@type" {
			kinds, err := j.values(v[name])
			if err != nil {
				return nil, err
			}
			for _, k := range kinds {
				if err := j.graph.say(n, rdfNS+"type", graphValue{iri: j.expand(k.text)}); err != nil {
					return nil, err
				}
			}
		}
		if strings.HasPrefix(name, "@") {
			continue
		}
		said, err := j.values(v[name])
		if err != nil {
			return nil, err
		}
		predicate := j.expand(name)
		for _, x := range said {
			if x.text != "" && j.addressy[name] {
				x = graphValue{iri: j.address(x.text)}
			}
			if err := j.graph.say(n, predicate, x); err != nil {
				return nil, err
			}
		}
	}
	return []graphValue{{iri: id}}, nil
}

// address is an address that may be written with a prefix; terms of the vocabulary are
// none.
func (j *jsonld) address(text string) string {
	if prefix, local, colon := strings.Cut(text, ":"); colon && !strings.HasPrefix(local, "//") {
		if to, known := j.terms[prefix]; known {
			return to + local
		}
	}
	return text
}
