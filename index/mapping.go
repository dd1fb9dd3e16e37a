package index

import (
	"fmt"
	"slices"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/analysis/token/lowercase"
	"github.com/blevesearch/bleve/v2/analysis/token/stop"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/unicode"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/whitespace"
	"github.com/blevesearch/bleve/v2/analysis/tokenmap"
	"github.com/blevesearch/bleve/v2/mapping"
)

// mappingVersion changes with anything that changes what is indexed: fields,
// analyzers, neutral tokens. An index of another version is built anew beside
// the old one.
const mappingVersion = "11"

// The fields that are not of one language.
const (
	fieldNeutral = "neutral" // concepts, quantities, citations and names, in any language
	fieldSaid    = "said"    // what a clause says, stored to look at again, see lookAgain
	fieldCounted = "counted" // the values of all facet fields in one, see joinFacets
)

// facetFields are the fields results are counted by, and Query filters on. Each
// has one value a clause. They are counted through fieldCounted: Bleve visits a
// field of every hit to count it, and six visits took half of a search's time.
var facetFields = []string{"jurisdiction", "language", "domain", "issuer", "obligation", "status"}

// keywordFields are filtered on; of them the quantities are counted, as the last value of
// fieldCounted, with quantitySign between them.
var keywordFields = []string{"standard", FacetQuantity}

// newMapping is the static mapping: one text and one heading field per
// language, the neutral field, the values by dimension, and the facets. Nothing
// is stored but ids.
func newMapping() (*mapping.IndexMappingImpl, error) {
	im := bleve.NewIndexMapping()
	im.StoreDynamic, im.IndexDynamic, im.DocValuesDynamic = false, false, false
	im.DefaultAnalyzer = keyword.Name
	doc := bleve.NewDocumentStaticMapping()
	for _, l := range languages {
		if err := addAnalyzer(im, l); err != nil {
			return nil, err
		}
		for _, name := range []string{textField(l.tag), headingField(l.tag)} {
			f := bleve.NewTextFieldMapping()
			f.Analyzer = l.analyzerName()
			f.Store, f.DocValues, f.IncludeInAll = false, false, false
			f.IncludeTermVectors = true // phrases need positions
			doc.AddFieldMappingsAt(name, f)
		}
	}
	doc.AddFieldMappingsAt(fieldNeutral, keywordField(false))
	doc.AddFieldMappingsAt(fieldCounted, keywordField(true))
	said := bleve.NewTextFieldMapping()
	said.Index, said.DocValues, said.IncludeInAll, said.Store = false, false, false, true
	doc.AddFieldMappingsAt(fieldSaid, said)
	for _, dimension := range valueDimensions {
		for _, name := range []string{floorField(dimension), ceilingField(dimension)} {
			f := bleve.NewNumericFieldMapping()
			f.Store, f.DocValues, f.IncludeInAll = false, false, false
			doc.AddFieldMappingsAt(name, f)
		}
	}
	for _, name := range append(slices.Clone(facetFields), keywordFields...) {
		doc.AddFieldMappingsAt(name, keywordField(false))
	}
	im.DefaultMapping = doc
	return im, nil
}

// keywordField is a field of whole values, counted in facets when asked.
func keywordField(counted bool) *mapping.FieldMapping {
	f := bleve.NewTextFieldMapping()
	f.Analyzer = keyword.Name
	f.Store, f.IncludeInAll, f.IncludeTermVectors = false, false, false
	f.DocValues = counted
	return f
}

// addAnalyzer registers a language's analyzer where Bleve has none.
func addAnalyzer(im *mapping.IndexMappingImpl, l language) error {
	if l.analyzer != "" {
		return nil
	}
	filters := []string{lowercase.Name}
	switch {
	case l.stopList != "":
		filters = append(filters, l.stopList)
	case l.stop != "":
		tokens, filter := "concord_tokens_"+string(l.tag), "concord_stop_"+string(l.tag)
		if err := im.AddCustomTokenMap(tokens, map[string]any{"type": tokenmap.Name, "tokens": l.stopTokens()}); err != nil {
			return fmt.Errorf("stop words of %s: %w", l.tag, err)
		}
		if err := im.AddCustomTokenFilter(filter, map[string]any{"type": stop.Name, "stop_token_map": tokens}); err != nil {
			return fmt.Errorf("stop filter of %s: %w", l.tag, err)
		}
		filters = append(filters, filter)
	}
	err := im.AddCustomAnalyzer(l.analyzerName(), map[string]any{
		"type": custom.Name, "tokenizer": l.tokenizer(), "token_filters": filters,
	})
	if err != nil {
		return fmt.Errorf("analyzer of %s: %w", l.tag, err)
	}
	return nil
}

// tokenizer splits at blanks where we wrote character pairs (Unicode words know
// no Thai, Lao, Khmer or Burmese), and into Unicode words elsewhere.
func (l language) tokenizer() string {
	if l.bigrams {
		return whitespace.Name
	}
	return unicode.Name
}
