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

// What a page made by Sphinx prints and the text it was made from are read alike:
// definition lists and glossaries, titles in the place of references to sections,
// enumerations that count by themselves, footnotes, and what directives hold.
func TestSphinxSourceAndPage(t *testing.T) {
	source := `Rails
=====

.. _terms:

1 Terms and definitions
-----------------------

.. glossary::

   handrail
      Rail that a hand holds.

   kerb rail
   kick rail
      Rail at the foot.

2 Requirements
--------------

Rails as in :ref:` + "`terms`" + ` are firm [#]_.

height
   900 mm

#. They are clean.
#. They are dry.

   Wet ones are wiped.

.. versionadded:: 2.0
   They are seen.

.. image:: rail.png
   :alt: a rail

.. [#]
   By hand.
`
	page := `<!DOCTYPE html><html lang="en"><head><title>Rails</title></head><body><h1>Rails</h1><h2>1 Terms and definitions</h2><dl class="glossary"><dt>handrail</dt><dd>Rail that a hand holds.</dd><dt>kerb rail</dt><dt>kick rail</dt><dd>Rail at the foot.</dd></dl>
<h2>2 Requirements</h2><p>Rails as in <a href="#terms">1 Terms and definitions</a> are firm <a class="footnote-reference brackets" href="#id2" id="id1">1</a>.</p><dl><dt>height</dt><dd>900 mm</dd></dl><ol><li>They are clean.</li><li><p>They are dry.</p><p>Wet ones are wiped.</p></li></ol><p>They are seen.</p>
<dl class="footnote brackets"><dt class="label" id="id2"><span class="brackets"><a class="fn-backref" href="#id1">1</a></span></dt><dd><p>By hand.</p></dd></dl></body></html>`
	for name, text := range map[string]string{"rails.rst": source, "rails.html": page} {
		doc := readOwn(t, name, text)
		for key, want := range map[string]string{
			"1.handrail": "Rail that a hand holds.", "1.kerb-rail-kick-rail": "Rail at the foot.", "2~note1": "By hand.",
			"2": "Rails as in 1 Terms and definitions are firm.\nheight: 900 mm\n1. They are clean.\n2. They are dry.\nWet ones are wiped.\nThey are seen.",
		} {
			if got := clauseOf(t, doc, key).Text; got != want {
				t.Errorf("%s: %s says %q, want %q", name, key, got, want)
			}
		}
		if len(doc.Clauses) != 5 || clauseOf(t, doc, "2~note1").Label != "1" {
			t.Errorf("%s: %d clauses, the footnote is called %q", name, len(doc.Clauses), clauseOf(t, doc, "2~note1").Label)
		}
	}
}

// A definition list is read alike in the lightweight markups, and a section without a
// number is no title where the document has one.
func TestTermsOfLightweightMarkup(t *testing.T) {
	for name, text := range map[string]string{
		"rails.adoc": "= Rails\n\n== Terms and definitions\n\nhandrail:: Rail that\na hand holds.\n\nkerb rail::\nkick rail::\n  Rail at the foot.\n\n== Requirements\n\nheight:: 900 mm\n\nThey are firm.\n",
		"rails.md":   "# Rails\n\n## Terms and definitions\n\nhandrail\n: Rail that\n  a hand holds.\n\nkerb rail\nkick rail\n\n:   Rail at the foot.\n\n## Requirements\n\nheight\n: 900 mm\n\nThey are firm.\n",
		"rails.rst":  "Rails\n=====\n\nTerms and definitions\n---------------------\n\n.. glossary::\n\n   handrail\n      Rail that\n      a hand holds.\n\n   kerb rail\n   kick rail\n      Rail at the foot.\n\nRequirements\n------------\n\nheight\n   900 mm\n\nThey are firm.\n",
	} {
		doc := readOwn(t, name, text)
		for key, want := range map[string]string{"handrail": "Rail that a hand holds.", "kerb-rail-kick-rail": "Rail at the foot.", "requirements": "height: 900 mm\nThey are firm."} {
			if got := clauseOf(t, doc, key); got.Text != want || (got.Kind == corpus.KindDefinition) != (key != "requirements") {
				t.Errorf("%s: %s is a %s: %q, want %q", name, key, got.Kind, got.Text, want)
			}
		}
		if got := doc.Standard.Titles[0].Text; got != "Rails" {
			t.Errorf("%s is called %q", name, got)
		}
	}
}
