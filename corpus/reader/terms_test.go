package reader

import (
	"testing"

	"concord/corpus"
)

// A list of terms of a web page is definitions where the page or the section says so, one
// clause a term with its synonyms and notes; elsewhere its names open lines of the text.
func TestTermsOfPages(t *testing.T) {
	doc := readOwn(t, "rails.html", `<!DOCTYPE html><html lang="en"><head><title>Rails</title></head><body><h1>Rails</h1><h2>1 Scope</h2><p>This covers rails.</p>
<h2>2 Terms and definitions</h2><dl><dt>handrail</dt><dd>Rail that a hand holds.</dd><dd>Note: made of wood.</dd><div><dt>kerb rail</dt><dt>kick rail</dt><dd><p>Rail at the foot.</p><p>It may be low.</p></dd></div></dl>
<p><dfn>guard</dfn> means a rail at an edge.</p><p>It includes its posts.</p>
<h2>3 Requirements</h2><p><dfn>Rails</dfn> are smooth.</p><dl><dt>height</dt><dd>900 mm</dd><dt>width</dt><dd>40 mm</dd></dl><p>They are firm.</p><dl><dt><dfn>firm</dfn></dt><dd>Not moving by hand.</dd></dl><p>They are clean.</p></body></html>`)
	for key, want := range map[string]corpus.Clause{
		"2.handrail":            {Kind: corpus.KindDefinition, Heading: "handrail", Text: "Rail that a hand holds."},
		"2.handrail~note1":      {Kind: corpus.KindNote, Text: "made of wood."},
		"2.kerb-rail-kick-rail": {Kind: corpus.KindDefinition, Heading: "kerb rail; kick rail", Text: "Rail at the foot.\nIt may be low."},
		"2.guard":               {Kind: corpus.KindDefinition, Heading: "guard", Text: "guard means a rail at an edge.\nIt includes its posts."},
		"3":                     {Kind: corpus.KindProvision, Heading: "Requirements", Text: "Rails are smooth.\nheight: 900 mm\nwidth: 40 mm\nThey are firm.\nThey are clean."},
		"3.firm":                {Kind: corpus.KindDefinition, Heading: "firm", Text: "Not moving by hand."},
	} {
		if got := clauseOf(t, doc, key); got.Kind != want.Kind || got.Heading != want.Heading || got.Text != want.Text {
			t.Errorf("%s: %s, %q, %q; want %s, %q, %q", key, got.Kind, got.Heading, got.Text, want.Kind, want.Heading, want.Text)
		}
	}
	if got := len(doc.Clauses); got != 8 {
		t.Errorf("%d clauses, want 8", got)
	}
}
