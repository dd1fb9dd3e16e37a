package reader

import (
	"strconv"
	"strings"

	"concord/corpus"
)

// leadingNumber is corpus.LeadingNumber that also takes the addition of an
// inserted article or section, "Article 22-1"; "Article 22-25" is a range and no addition.
func leadingNumber(s string) (corpus.Number, string, bool) {
	n, rest, ok := corpus.LeadingNumber(s)
	if !ok || n.Rank != "article" && n.Kind != corpus.NumberDivision || !strings.HasPrefix(rest, "-") || strings.Contains(n.Label, "-") {
		return n, rest, ok
	}
	size := 1
	for size < len(rest) && rest[size] >= '0' && rest[size] <= '9' {
		size++
	}
	base, _ := strconv.Atoi(n.Parts[len(n.Parts)-1])
	if added, err := strconv.Atoi(rest[1:size]); err != nil || added > base || size > 3 {
		return n, rest, ok
	}
	parts := append([]string(nil), n.Parts...)
	parts[len(parts)-1] += rest[:size]
	n.Parts, n.Label = parts, n.Label+rest[:size]
	return n, strings.TrimLeft(rest[size:], " .:　"), true
}

// parseNumber is corpus.ParseNumber for the same labels.
func parseNumber(label string) corpus.Number {
	if n, rest, ok := leadingNumber(label); ok && rest == "" && strings.HasSuffix(strings.TrimSpace(label), n.Label) {
		return n
	}
	return corpus.ParseNumber(label)
}
