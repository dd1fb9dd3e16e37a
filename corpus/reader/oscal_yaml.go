package reader

import (
	"io"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"

	"concord/corpus"
)

var oscalYAMLKey = regexp.MustCompile(`(?m)^([a-z-]+):\s*$`)

// detectOSCALYAML recognises the models of OSCAL by their outermost key.
func detectOSCALYAML(name string, head []byte) bool {
	if !hasSuffix(name, ".yaml", ".yml") {
		return false
	}
	m := oscalYAMLKey.FindSubmatch(head)
	if m == nil {
		return false
	}
	return isOSCALModel(string(m[1]))
}

// readOSCALYAML reads a catalog in YAML as the same catalog in JSON is read.
// Anchors and aliases, by which a small text can become a large one, are refused.
func readOSCALYAML(r io.Reader, hint Hint) ([]*corpus.Document, error) {
	text, err := slurp(r)
	if err != nil {
		return nil, err
	}
	return readOSCALText("catalog.yaml", text, hint)
}

func parseOSCALYAML(text string) (*oscalCatalog, *oscalProfile, error) {
	if len(text) > maxYAMLBytes {
		return nil, nil, corpus.Refuse(corpus.ErrLimit, "yaml-large", "the YAML is larger than {mb} MB; give the catalog as JSON", "mb", maxYAMLBytes>>20)
	}
	if indent, brackets := deepest(text); indent > maxYAMLIndent || brackets > maxYAMLBrackets {
		return nil, nil, corpus.Refuse(corpus.ErrLimit, "yaml-deep", "the YAML is nested too deep ({blanks} blanks, {brackets} open brackets); flatten it", "blanks", indent, "brackets", brackets)
	}
	if aliased(text) {
		return nil, nil, corpus.Refuse(corpus.ErrInvalid, "yaml-anchors", "anchors and aliases are not allowed in YAML; write the values out")
	}
	json, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		return nil, nil, corpus.Refuse(corpus.ErrInvalid, "yaml-broken", "not valid YAML ({why})", "why", shorten(first, 160))
	}
	return parseOSCALJSON(string(json))
}

// deepest is how deep YAML is nested: by the blanks that open a line, and by
// brackets that stay open (those in prose count too, which is why many may).
func deepest(text string) (indent, brackets int) {
	open := 0
	for _, line := range strings.Split(text, "\n") {
		body := strings.TrimLeft(line, " ")
		marks := len(body) - len(strings.TrimLeft(body, "- "))
		if body != "" {
			indent = max(indent, len(line)-len(body)+marks)
		}
		open = max(0, open+strings.Count(line, "[")+strings.Count(line, "{")-strings.Count(line, "]")-strings.Count(line, "}"))
		brackets = max(brackets, open)
	}
	return indent, brackets
}
