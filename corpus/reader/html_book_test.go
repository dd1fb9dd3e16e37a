package reader

import (
	"strings"
	"testing"
)

// manualPage is a page of a manual cut at its chapters.
func manualPage(links, body string) string {
	return `<!DOCTYPE html><html lang="en"><head><title>Rail Manual</title>` + links + `</head><body><main>` + body + `</main></body></html>`
}

var manual = []string{
	"manual/ch-2.html", manualPage(`<link rel="prev" href="ch-1.html"/>`, `<h1>2. Ramps</h1><h2>2.1. Slope</h2><p>A ramp shall rise at most 1 in 12<a id="b" class="footnote" href="#f1">1</a>.</p><div class="footnote" id="f1"><a href="#b">1</a> Measured along the ramp.</div><h2>2.2. Kerb</h2><p>A ramp shall have a kerb of 50 mm.</p>`),
	"manual/genindex.html", manualPage("", `<h1>Index</h1><p>kerb, rail, ramp</p>`),
	"manual/index.html", manualPage(`<link rel="next" href="ch-1.html"/><link rel="index" href="genindex.html"/>`,
		`<h1>Rail Manual</h1><p>This manual is for builders.</p><ul><li><a href="ch-1.html">1. Rails</a><ul><li><a href="ch-1.html#a">1.1. Height</a></li><li><a href="ch-1.html#b">1.2. Gap</a></li></ul></li><li><a href="ch-2.html">2. Ramps</a></li></ul>`),
	"manual/ch-1.html", manualPage(`<link rel="prev" href="index.html"/><link rel="next" href="ch-2.html"/>`, `<h1>1. Rails</h1><h2>1.1. Height</h2><p>A rail shall be 900 mm high<a id="b" class="footnote" href="#f1">1</a>.</p><div class="footnote" id="f1"><a href="#b">1</a> Measured from the floor.</div><h2>1.2. Gap</h2><p>No gap shall exceed 100 mm.</p>`),
}

// Pages that follow one another by their links are one document, in the order of
// the links, without its lists of contents and indexes; a footnote is that of its
// own page, whatever the others call theirs.
func TestPagesOfAManual(t *testing.T) {
	got, docs := keysOf(t, manual...)
	want := `# int-manual
preamble |  | This manual is for builders.
1 | Rails | 
1.1 | Height | A rail shall be 900 mm high.
1.1~note1 | 1 | Measured from the floor.
1.2 | Gap | No gap shall exceed 100 mm.
2 | Ramps | 
2.1 | Slope | A ramp shall rise at most 1 in 12.
2.1~note1 | 1 | Measured along the ramp.
2.2 | Kerb | A ramp shall have a kerb of 50 mm.`
	if got != want {
		t.Errorf("the manual is\n%s\nwant\n%s", got, want)
	}
	if len(docs) != 1 {
		t.Fatalf("%d documents", len(docs))
	}
	if at := docs[0].Source; at == nil || len(at.Lines) == 0 {
		t.Error("the manual has no source to lay beside it")
	}
}

// Without links to the next page each page stays a document of its own, and a row
// of pages that leads back into itself ends.
func TestPagesThatAreNoManual(t *testing.T) {
	var apart []string
	for i, s := range manual {
		if i%2 == 1 {
			s = strings.ReplaceAll(s, `rel="next"`, `rel="help"`)
		}
		apart = append(apart, s)
	}
	if got, _ := keysOf(t, apart...); strings.Index(got, "\n# ") < strings.Index(got, "kerb of 50 mm") || !strings.Contains(got, "900 mm") {
		t.Errorf("pages that do not follow one another are\n%s", got)
	}
	circle := []string{
		"a.html", manualPage(`<link rel="next" href="b.html"/>`, `<h1>1. Rails</h1><p>A rail shall be 900 mm high.</p>`),
		"b.html", manualPage(`<link rel="next" href="a.html"/>`, `<h1>2. Ramps</h1><p>A ramp shall have a kerb.</p>`),
	}
	if got, _ := keysOf(t, circle...); strings.Count(got, "900 mm") != 1 || strings.Count(got, "kerb") != 1 {
		t.Errorf("a circle of pages is\n%s", got)
	}
	away := []string{"a.html", manualPage(`<link rel="next" href="https://example.org/b.html"/><link rel="next" href="../../b.html"/>`, `<h1>1. Rails</h1><p>A rail shall be 900 mm high.</p>`)}
	if _, docs := keysOf(t, away...); len(docs) != 1 {
		t.Errorf("%d documents of a page whose next one is elsewhere", len(docs))
	}
}
