package reader

import (
	"strings"
	"testing"

	"concord/corpus"
)

// readOwn reads a text of ours under a name.
func readOwn(t *testing.T, name, text string) *corpus.Document {
	t.Helper()
	docs, err := Read(name, strings.NewReader(text), Hint{})
	if err != nil {
		t.Fatal(err)
	}
	return docs[0]
}

// clauseOf is the clause of a key, with a failed test where there is none.
func clauseOf(t *testing.T, doc *corpus.Document, key string) corpus.Clause {
	t.Helper()
	for _, c := range doc.Clauses {
		if c.ID.Key() == key {
			return c
		}
	}
	var keys []string
	for _, c := range doc.Clauses {
		keys = append(keys, c.ID.Key())
	}
	t.Fatalf("no clause %s among %q", key, keys)
	return corpus.Clause{}
}

// unionAct is an act as the Official Journal has it, with the index of its files.
func unionAct(language, title, articleWord string) string {
	return `<ACT><BIB.INSTANCE><DOCUMENT.REF FILE="L_X.doc.xml"><LG.OJ>` + language + `</LG.OJ></DOCUMENT.REF><LG.DOC>` + language + `</LG.DOC></BIB.INSTANCE>
<TITLE><TI><P>` + title + `</P></TI></TITLE><ENACTING.TERMS>
<ARTICLE><TI.ART>` + articleWord + ` 1</TI.ART><STI.ART><P>A</P></STI.ART><ALINEA>The handrail is as in Annex I.</ALINEA></ARTICLE>
<ARTICLE><TI.ART>` + articleWord + ` 2</TI.ART><STI.ART><P>B</P></STI.ART><ALINEA>The factor is <FORMULA.S>K = <EXPR><EXPR>1</EXPR><OVER/><EXPR><ROOT/><EXPR>1 – R</EXPR></EXPR></EXPR> · <HT TYPE="ITALIC">e</HT><IND LOC="SUP">– 2</IND> · <FRACTION><DIVIDEND>a + b</DIVIDEND><DIVISOR>c</DIVISOR></FRACTION></FORMULA.S></ALINEA></ARTICLE>
</ENACTING.TERMS></ACT>`
}

// An act is one standard in all its languages, and each edition finds the others.
func TestUnionActsInSeveralLanguages(t *testing.T) {
	var all []corpus.Standard
	for language, words := range map[string][2]string{
		"EN": {"Council Directive 1999/77/EC of 3 May 1999 on handrails", "Article"},
		"FR": {"Directive 1999/77/CE du Conseil du 3 mai 1999 relative aux mains courantes et modifiant la directive 76/769/CEE", "Article"},
		"DE": {"Richtlinie 1999/77/EG des Rates vom 3. Mai 1999 über Handläufe", "Artikel"},
		"FI": {"Neuvoston direktiivi 1999/77/EY, annettu 3 päivänä toukokuuta 1999", "Artikla"},
	} {
		s := readOwn(t, "act-"+language+".xml", unionAct(language, words[0], words[1])).Standard
		want := corpus.StandardID("eu-directive-1999-77-ec")
		if language != "EN" {
			want += "-" + corpus.StandardID(strings.ToLower(language))
		}
		if s.ID != want {
			t.Errorf("%s: its identifier is %s, want %s (%q)", language, s.ID, want, s.Designation)
		}
		all = append(all, s)
	}
	editions := corpus.NewEditions(all)
	for _, s := range all {
		if got := editions.Parallel(s); len(got) != 3 {
			t.Errorf("%s has %d parallel editions, want 3", s.ID, len(got))
		}
	}
	for _, title := range []string{"Corrigendum to Directive 1999/77/EC", "Proposal for a Directive amending Directive 1999/77/EC"} {
		if got := euDesignation(title); got != "" {
			t.Errorf("%q is called %q", title, got)
		}
	}
	if got := euDesignation("COMMISSION DELEGATED REGULATION (EU) 2016/364 of 1 July 2015"); got != "Regulation (EU) 2016/364" {
		t.Errorf("a delegated act is called %q", got)
	}
}

// A consolidated text is known by its number in the registers where its title has none
// that can be read, its change marks are not text, and its footnotes stand where they
// are called.
func TestConsolidatedUnionPage(t *testing.T) {
	page := `<html><head><title>Consolidated TEXT: 31999L0077 — EN — 20.06.2013</title></head><body><p class="reference">1999L0077 — EN — 20.06.2013 — 003.001</p>
<table><tr><td><p class="arrow">►B</p></td><td><p class="title-doc-first">%</p><p class="title-doc-first">of 3 May 1999</p></td></tr></table>
<p class="normal">THE COUNCIL, Having regard to the Treaty <a href="#E1" id="src.E1">( 1 )</a>,</p>
<p class="title-article-norm">Article 1</p><p class="norm">Handrails shall be continuous.</p>
<table><tr><td><p class="arrow">▼M1</p></td><td><p class="norm">Ramps shall have kerbs.</p></td></tr></table>
<p class="title-article-norm">Article 2</p><p class="norm">Member States shall comply.</p>
<p class="footnote">(<a href="#src.E1" id="E1">1</a>) Opinion of 13 January.</p></body></html>`
	for title, want := range map[string]string{"DIRECTIVE 1999/77/EC OF THE COUNCIL": "DIRECTIVE 1999/77/EC", "AN UNREADABLE TITLE": "Directive 1999/77/EC"} {
		doc := readOwn(t, "page.html", strings.Replace(page, "%", title, 1))
		if s := doc.Standard; !strings.EqualFold(s.Designation, want) || s.Language != "en" || s.ID != "eu-directive-1999-77-ec" || s.Titles[0].Text != title+" of 3 May 1999" {
			t.Errorf("%s: identity %q, %s, %s, %v", title, s.Designation, s.Language, s.ID, s.Titles)
		}
		if got := clauseOf(t, doc, "1").Text; got != "Handrails shall be continuous.\nRamps shall have kerbs." {
			t.Errorf("Article 1: %q", got)
		}
		if got := clauseOf(t, doc, "preamble~note1"); got.Text != "Opinion of 13 January." || got.Parent.Key() != "preamble" {
			t.Errorf("the footnote: %+v", got)
		}
	}
}

// An annex in a file of its own is part of the act that names the same index, and of no
// other; the index is no document.
func TestFormexFilesOfOneAct(t *testing.T) {
	annex := func(index, title string) string {
		return `<ANNEX><BIB.INSTANCE><DOCUMENT.REF FILE="` + index + `"><LG.OJ>EN</LG.OJ></DOCUMENT.REF></BIB.INSTANCE><TITLE><TI><P>` + title + `</P></TI></TITLE><CONTENTS><P>It is 900 mm high.</P></CONTENTS></ANNEX>`
	}
	act := unionAct("EN", "Directive 1999/77/EC of the Council", "Article")
	text, docs := keysOf(t,
		"oj/L_X.doc.xml", `<DOC><FMX><DOC.MAIN.PUB><REF.PHYS FILE="L_X.01.xml"/></DOC.MAIN.PUB></FMX></DOC>`,
		"oj/L_X.01.xml", act, "oj/L_X.02.xml", annex("L_X.doc.xml", "ANNEX I"), "oj/L_X.03.xml", annex("L_X.doc.xml", "ANNEX II"),
		"oj/L_Y.01.xml", strings.NewReplacer("L_X", "L_Y", "77/EC", "78/EC").Replace(act), "oj/L_Y.02.xml", annex("L_Y.doc.xml", "ANNEX I"))
	want := []string{"# eu-directive-1999-77-ec", "1 | A | The handrail is as in Annex I.", "2 | B | The factor is K = (1)/(√(1 – R)) · e^(– 2) · (a + b)/(c)", "annex-1 |  | It is 900 mm high.", "annex-2 |  | It is 900 mm high.",
		"# eu-directive-1999-78-ec", "1 | A |", "2 | B |", "annex-1 |  | It is 900 mm high."}
	rest := text
	for _, line := range want {
		_, after, found := strings.Cut(rest, line)
		if !found {
			t.Fatalf("no %q in its place in\n%s", line, text)
		}
		rest = after
	}
	if len(docs) != 2 {
		t.Errorf("%d documents, want 2", len(docs))
	}
	for _, doc := range docs {
		for _, p := range doc.Problems {
			if p.Rule == "left-out" {
				t.Errorf("%s: %s", p.File, p.Message)
			}
		}
	}
	if alone := readOwn(t, "L_X.01.xml", act); len(alone.Clauses) != 2 {
		t.Errorf("alone the act has %d clauses, want 2", len(alone.Clauses))
	}
}

// Roots of MathML keep what is inside them.
func TestMathRoots(t *testing.T) {
	root, err := parseXML(`<math><mroot><mfrac><mi>a</mi><mi>b</mi></mfrac><mn>3</mn></mroot><msqrt><mfrac><mi>c</mi><mi>d</mi></mfrac></msqrt></math>`)
	if err != nil {
		t.Fatal(err)
	}
	if got := mathText(root); got != "³√((a)/(b))√((c)/(d))" {
		t.Errorf("got %q", got)
	}
}
