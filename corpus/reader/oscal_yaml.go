package reader

import (
	"fmt"
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
		return nil, nil, fmt.Errorf("the YAML is larger than %d MB; give the catalog as JSON: %w", maxYAMLBytes>>20, corpus.ErrLimit)
	}
	if indent, brackets := deepest(text); indent > maxYAMLIndent || brackets > maxYAMLBrackets {
		return nil, nil, fmt.Errorf("the YAML is nested too deep (%d blanks, %d open brackets); flatten it: %w", indent, brackets, corpus.ErrLimit)
	}
	if aliased(text) {
		return nil, nil, fmt.Errorf("anchors and aliases are not allowed in YAML; write the values out: %w", corpus.ErrInvalid)
	}
	json, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		return nil, nil, fmt.Errorf("not valid YAML (%s): %w", shorten(first, 160), corpus.ErrInvalid)
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
