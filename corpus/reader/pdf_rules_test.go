package reader

import (
	"fmt"
	"strings"
	"testing"

	"concord/corpus"
	"concord/corpus/reader/pdfium"
)

// twoColumns are pages of clauses in two columns; the second of them may hold something
// else on the right.
func twoColumns(right []markAt) pdfFile {
	var f pdfFile
	for p := range 4 {
		var page []markAt
		for side, x := range []float64{60, 310} {
			n := 2*p + side + 1
			if p == 1 && side == 1 && right != nil {
				page = append(page, right...)
				continue
			}
			var lines []string
			for k := 1; k <= 4; k++ {
				lines = append(lines, fmt.Sprintf("%d.%d The door of a stair shall be as wide as", n, k), fmt.Sprintf("the flight %d it leads to and shall not open", n), fmt.Sprintf("over a landing of kind %d-%d.", n, k))
			}
			page = append(page, column(x, 90, 10, "regular", lines...)...)
		}
		f.pages = append(f.pages, page)
	}
	return f
}

// A table that fills a column of a page is read in its column where other pages of the
// document have the gutter; one that goes across both columns is not cut at it.
func TestPDFTableInColumn(t *testing.T) {
	const clause = "The door of a stair shall be as wide as the flight 3 it leads to and shall not open over a landing of kind 3-2."
	table := []markAt{{310, 92, 10, "bold", "Table 1 — Doors"}}
	for k := range 14 {
		y := 115 + 19*float64(k)
		table = append(table, markAt{310, y, 10, "regular", fmt.Sprintf("Door %d", k)}, markAt{390, y, 10, "regular", fmt.Sprint(900 + k)}, markAt{460, y, 10, "regular", fmt.Sprint(2000 + k)})
	}
	got, _ := wordingsOf(t, twoColumns(table))
	if got["3.2"] != clause || !strings.Contains(got["3.4~table-1"], "Door | 13 | 913 | 2013") {
		t.Errorf("got %q", got)
	}
	var across []markAt // the control: every row has a cell on both sides of the gutter
	for k := range 14 {
		y := 300 + 19*float64(k)
		across = append(across, markAt{60, y, 10, "regular", fmt.Sprintf("Door %d", k)}, markAt{130, y, 10, "regular", fmt.Sprint(900 + k)}, markAt{200, y, 10, "regular", fmt.Sprint(2000 + k)}, markAt{310, y, 10, "regular", fmt.Sprintf("shall open outwards and have a pane %d", k)})
	}
	f := twoColumns([]markAt{{60, 280, 10, "bold", "Table 1 — Doors of stairs and of the ways that lead to them, whatever their kind"}})
	f.pages[1] = append(f.pages[1], across...)
	got, _ = wordingsOf(t, f)
	if found := strings.ReplaceAll(fmt.Sprint(got), "| ", ""); !strings.Contains(found, "Door 5 905 2005 shall open outwards and have a pane 5") {
		t.Errorf("the table across both columns was cut: %q", found)
	}
}

// A table of contents whose pages stand behind a blank, without dots and not at the edge,
// is known by its words, which come again.
func TestPDFContentsBehindBlanks(t *testing.T) {
	page := func(last string) []markAt {
		return column(60, 60, 10, "regular", "1 General 2", "1.1 Use 2", "1.2 Steps 2", "2 Landings 3", "2.1 Size 3", "2.2 "+last)
	}
	text := []markAt{
		{60, 80, 14, "bold", "1 General"}, {60, 110, 12, "bold", "1.1 Use"}, {60, 130, 10, "regular", "A stair shall be used by all."}, {60, 160, 12, "bold", "1.2 Steps"}, {60, 180, 10, "regular", "A stair has 3"}, {60, 195, 10, "regular", "steps or more."},
		{60, 220, 14, "bold", "2 Landings"}, {60, 250, 12, "bold", "2.1 Size"}, {60, 270, 10, "regular", "A landing shall be level."}, {60, 300, 12, "bold", "2.2 Doors"}, {60, 320, 10, "regular", "A door shall not open over steps."},
	}
	got, doc := wordingsOf(t, pdfFile{pages: [][]markAt{page("Doors3"), text}}) // the last without a blank, as where a tab has no width
	if got["1.1"] != "Use\nA stair shall be used by all." || got["2"] != "Landings" || got["2.2"] != "Doors\nA door shall not open over steps." {
		t.Errorf("got %q", got)
	}
	for _, c := range doc.Clauses {
		if strings.Contains(c.ID.Key(), "~2") {
			t.Errorf("%s is of the table of contents", c.ID.Key())
		}
	}
}

// Notes in small type at the foot of a column are notes, whatever stands above them; a
// figure and words there are a footnote.
func TestPDFSmallNotes(t *testing.T) {
	_, doc := wordingsOf(t, pdfFile{pages: [][]markAt{onePage(column(60, 700, 7, "regular", "NOTE 1 Landings are measured along the line of walking.")...)}})
	found := false
	for _, c := range doc.Clauses {
		found = found || c.Kind == corpus.KindNote && c.Label == "NOTE 1" && strings.HasPrefix(c.Text, "Landings are")
	}
	if !found {
		t.Errorf("no note among %+v", doc.Clauses)
	}
}

// Footnotes in type of the text's size belong to the clause that calls them by a raised
// figure, wherever on the page it is; a raised figure that nothing calls opens none.
func TestPDFRaisedFootnotes(t *testing.T) {
	foot := []markAt{{60, 695, 6, "regular", "1"}, {68, 700, 10, "regular", "Measured between the walls."}, {60, 711, 6, "regular", "2"}, {68, 716, 10, "regular", "Of the same flight, also where it turns"}, {68, 728, 10, "regular", "round a newel."}}
	calls := []markAt{{250, 157, 6, "regular", "1"}, {300, 175, 6, "regular", "2"}}
	notes := func(more ...markAt) map[string]string {
		_, doc := wordingsOf(t, pdfFile{pages: [][]markAt{onePage(more...)}})
		out := map[string]string{}
		for _, c := range doc.Clauses {
			if c.Kind == corpus.KindNote {
				out[c.Parent.Key()] += c.Label + " " + c.Text
			}
		}
		return out
	}
	if got := notes(append(calls, foot...)...); len(got) != 2 || got["1.1"] != "1 Measured between the walls." || got["1.2"] != "2 Of the same flight, also where it turns round a newel." {
		t.Errorf("got %q", got)
	}
	if got := notes(foot...); len(got) != 0 {
		t.Errorf("nobody calls them: %q", got)
	}
}

// The word for an annex, what it binds to and its title may be three headings below each
// other, in any script; a mark in brackets opens an item still.
func TestPDFAnnexInThreeLines(t *testing.T) {
	page := onePage(markAt{230, 300, 14, "bold", "Annex A"}, markAt{230, 330, 14, "bold", "(normative)"}, markAt{230, 360, 14, "bold", "Strength of steps"}, markAt{60, 400, 10, "regular", "A.1 A step shall carry a load of 2 kN."})
	_, doc := wordingsOf(t, pdfFile{pages: [][]markAt{page}})
	for _, c := range doc.Clauses {
		if c.ID.Key() == "A" && (c.Heading != "Strength of steps" || c.Label != "Annex A (normative)") {
			t.Errorf("the annex is %+v", c)
		}
	}
	for text, item := range map[string]bool{"（规范性）": false, "(норм)": true, "（1）楼梯": true, "(a) steps": true} {
		if isItem(text) != item {
			t.Errorf("%q is an item: %v", text, !item)
		}
	}
}

// Units and symbols in a text of another script are no gibberish, however few their
// vowels; a text of nothing but such letters is.
func TestPDFSymbolsAreNoGibberish(t *testing.T) {
	var f pdfFile
	for page := range 4 {
		var marks []markAt
		for i := range 40 {
			marks = append(marks, markAt{60, 60 + 18*float64(i), 10, "han", fmt.Sprintf("%d.0.%d 楼梯净宽不应小于%dmm荷载不应小于kN扶手应连续设置mm。", page+1, i+1, 7*i+page)})
		}
		f.pages = append(f.pages, marks)
	}
	docs, err := Read("a.pdf", strings.NewReader(string(f.bytes())), Hint{})
	if err != nil || len(docs[0].Clauses) < 40 {
		t.Fatalf("refused: %v", err)
	}
	blind := column(60, 60, 10, "regular", strings.Split(strings.Repeat("zkn mkn kNm mmk szt pqr wdf ghj\n", 40), "\n")...)
	if _, err := Read("a.pdf", strings.NewReader(string(pdfFile{pages: [][]markAt{blind}}.bytes())), Hint{}); err == nil || !strings.Contains(err.Error(), "gibberish") {
		t.Errorf("letters without vowels are read: %v", err)
	}
}

// What a file writes after the rest of a line is read where it stands in it; what stands
// behind the line, or nowhere in it, stays where it is.
func TestSignsOfAnotherFont(t *testing.T) {
	at := func(text string, xs ...float64) []pdfium.Char {
		var out []pdfium.Char
		for i, r := range []rune(text) {
			out = append(out, pdfium.Char{Rune: r, X0: xs[i], X1: xs[i] + 10, Base: 50, Size: 10})
		}
		return out
	}
	for _, row := range []struct {
		chars []pdfium.Char
		want  string
	}{
		{at("在七。测量℃", 0, 10, 30, 40, 50, 20), "在七℃。测量"},
		{at("在七。测量℃后", 0, 10, 30, 40, 50, 20, 60), "在七℃。测量后"},
		{at("在七。测量℃", 0, 10, 20, 30, 40, 50), "在七。测量℃"},
		{at("在七。测量℃", 0, 10, 20, 30, 40, 15), "在七。测量℃"}, // no hole
	} {
		if got := piecesOf(row.chars); len(got) != 1 || got[0].text != row.want {
			t.Errorf("got %+v, want %q", got, row.want)
		}
	}
}

// A blank as wide as a Han character parts words of such scripts, as the word for a note
// from the note; a gap of justified lines does not.
func TestWideBlanks(t *testing.T) {
	for _, row := range []struct {
		blank bool
		gap   float64
		want  string
	}{{true, 10, "注記\u3000棚板"}, {true, 3, "注記棚板"}, {false, 3, "注記棚板"}} {
		x := 0.0
		var chars []pdfium.Char
		for i, r := range []rune("注記棚板") {
			if i == 2 {
				if row.blank {
					chars = append(chars, pdfium.Char{Rune: ' ', X0: x, X1: x + row.gap, Base: 50, Size: 10})
				}
				x += row.gap
			}
			chars = append(chars, pdfium.Char{Rune: r, X0: x, X1: x + 10, Base: 50, Size: 10})
			x += 10
		}
		if got := piecesOf(chars); len(got) != 1 || got[0].text != row.want {
			t.Errorf("got %+v, want %q", got, row.want)
		}
	}
}

// Arabic as Chromium and LibreOffice print it: a ligature with a vowel sign is one glyph,
// parted into places of one width in the wrong order; both brackets of a pair are the same
// character; a vowel sign reaches over the blank behind its word; a term and its foreign
// name stand on one line of a page from right to left.
func TestArabicOfBrowsers(t *testing.T) {
	// Places from the right edge, as on a mirrored page.
	line := func(spec string) []pdfium.Char {
		var out []pdfium.Char
		for _, part := range strings.Split(spec, " ") {
			var r rune
			var x0, x1 float64
			fmt.Sscanf(part, "%c:%f:%f", &r, &x0, &x1)
			if r == '_' {
				r = ' '
			}
			out = append(out, pdfium.Char{Rune: r, X0: 500 - x1, X1: 500 - x0, Base: 50, Size: 10})
		}
		return out
	}
	for spec, want := range map[string]string{
		"ح:0:6 م:6:13 ً:17:18 ا:18:19 ل:19:20 _:20:20 ل:23:26 ا:26:29":                       "حملاً لا",
		"):0:5 م:5:12 ع:12:18 ي:18:24 ا:24:28 ر:28:33 ي:33:40 ):40:45":                       "(معياري)",
		"م:0:6 ل:6:12 ا:12:16 ً:13:19 _:16:20 ي:20:26 ق:26:32":                               "ملاً يق",
		"ا:0:4 ل:4:8 ق:8:14 م:14:20 t:24:30 h:30:36 g:36:42 i:42:48 r:48:54 p:54:60 u:60:66": "القم upright",
	} {
		filler := glyphs("مواصفة قياسية للسلالم في المباني", 100, 90)
		chars, _ := readingOrder(append(line(spec), filler...), 500)
		got := piecesOf(chars)
		if len(got) == 0 || got[0].text != want {
			t.Errorf("got %+v, want %q", got, want)
		}
	}
}

// Whether a blank stands between kana and Latin letters is typesetting.
func TestAgreeOnKana(t *testing.T) {
	if got := alike("3 mmを超える亀裂", "3 mm を超える亀裂"); got != 1 {
		t.Errorf("the same words agree by %g", got)
	}
	if got := alike("3 mmを超える亀裂", "3 mm に満たない亀裂"); got > 0.9 {
		t.Errorf("other words agree by %g", got)
	}
}

// Articles of laws open their paragraphs in the type of the text, also where the chapters
// are headings in bold; where articles are headings too, what begins with one in a sentence
// is text.
func TestPDFArticlesBelowChapters(t *testing.T) {
	law := func(headed string) string {
		marks := append(column(60, 80, 16, "bold", "Chapter 1 General"), column(60, 330, 16, "bold", "Chapter 2 Doors", "", "", "Chapter 3 Final provisions")...)
		for i, text := range []string{"Doors open towards the way out.", "Stairs are lit.", "Ramps are not steep.", "Rails are fixed.", "Keys hang beside the door."} {
			marks = append(marks, markAt{60, 120 + 40*float64(i), 11, headed, fmt.Sprintf("Article %d %s", i+1, text)})
			if headed == "bold" {
				marks[len(marks)-1].text = fmt.Sprintf("Article %d", i+1)
				marks = append(marks, markAt{60, 136 + 40*float64(i), 11, "regular", text})
			}
		}
		marks = append(marks, markAt{60, 420, 11, "regular", "Article 2 is applied to old houses from the first of May."})
		_, doc := wordingsOf(t, pdfFile{pages: [][]markAt{marks}})
		var out []string
		for _, c := range doc.Clauses {
			out = append(out, c.ID.Key())
		}
		return strings.Join(out, " ")
	}
	if got := law("regular"); !strings.HasPrefix(got, "chapter-1 1 2 3 4 5 chapter-2") {
		t.Errorf("articles in the text: %s", got)
	}
	if got := law("bold"); got != "chapter-1 1 2 3 4 5 chapter-2 chapter-3" {
		t.Errorf("articles as headings: %s", got)
	}
}

// Several footnotes below each other in small type are one each, also where the figure of
// the next stands tight before its words.
func TestPDFFootnotesBelowEachOther(t *testing.T) {
	marks := onePage(markAt{250, 157, 6, "regular", "1"}, markAt{300, 175, 6, "regular", "2"})
	marks = append(marks, column(60, 700, 7, "regular", "1Measured between the walls.", "2Of the same flight, also where it", "turns round a newel.")...)
	_, doc := wordingsOf(t, pdfFile{pages: [][]markAt{marks}})
	var got []string
	for _, c := range doc.Clauses {
		if c.Kind == corpus.KindNote {
			got = append(got, c.Label+" "+c.Text)
		}
	}
	if strings.Join(got, "|") != "1 Measured between the walls.|2 Of the same flight, also where it turns round a newel." {
		t.Errorf("got %q", got)
	}
}

// The pages of the front are numbered in Roman figures, at the place where all others have
// theirs; a heading that is such a figure alone stays.
func TestPDFRomanPages(t *testing.T) {
	var f pdfFile
	for i, number := range []string{"i", "ii", "1", "2", "3", "4", "5", "6"} {
		f.pages = append(f.pages, append(column(60, 100, 10, "regular", fmt.Sprintf("1.%d Rails are fixed on the stair whose letter is %c.", i+1, 'a'+i)), markAt{290, 800, 10, "regular", number}))
	}
	texts, _ := wordingsOf(t, f)
	whole := fmt.Sprint(texts)
	if strings.Contains(whole, "ii") || strings.Contains(whole, "\n6") || !strings.Contains(whole, "letter is h.") {
		t.Errorf("page numbers are text: %q", texts)
	}
	f.pages[1][len(f.pages[1])-1].text = "iv" // grows with no page
	if texts, _ = wordingsOf(t, f); !strings.Contains(fmt.Sprint(texts), "iv") {
		t.Errorf("a figure that grows with no page is gone: %q", texts)
	}
}

// Articles that are headings may hold words that bind elsewhere; a heading goes on with a
// word in brackets below its full line, and one in small letters is one by its size.
func TestPDFHeadingsByLooks(t *testing.T) {
	var marks []markAt
	for i, title := range []string{"Name", "Right that must be given", "Home", "Age", "Guardian"} {
		marks = append(marks, markAt{60, 80 + 50*float64(i), 11, "bold", fmt.Sprintf("Article %d. %s", i+1, title)},
			markAt{60, 96 + 50*float64(i), 11, "regular", "The text of the article ends here."})
	}
	_, doc := wordingsOf(t, pdfFile{pages: [][]markAt{marks}})
	for _, c := range doc.Clauses {
		if c.ID.Key() == "2" && c.Heading != "Right that must be given" {
			t.Errorf("%+v", c)
		}
	}
	sized := append(column(60, 80, 16, "bold", "1 Rules"), column(60, 120, 14, "bold", "1.1 Network information service of the whole house", "(NIS) files")...)
	sized = append(sized, column(60, 170, 10, "regular", "The text of the service ends here.")...)
	sized = append(sized, column(60, 200, 14, "bold", "1.2 control")...)
	sized = append(sized, column(60, 230, 10, "regular", "The text of this file ends here, after its words have gone on.")...)
	texts, doc := wordingsOf(t, pdfFile{pages: [][]markAt{sized}})
	if texts["1.1"] != "Network information service of the whole house (NIS) files\nThe text of the service ends here." || !strings.HasPrefix(texts["1.2"], "control\n") || doc.Clauses[len(doc.Clauses)-1].Heading != "control" {
		t.Errorf("%q", texts)
	}
}
