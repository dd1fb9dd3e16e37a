package reader

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"concord/corpus"
)

// wordingsOf reads a PDF and gives the wordings of its clauses by key.
func wordingsOf(t *testing.T, f pdfFile) (map[string]string, *corpus.Document) {
	t.Helper()
	docs, err := Read("a.pdf", bytes.NewReader(f.bytes()), Hint{})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, c := range docs[0].Clauses {
		out[c.ID.Key()] = strings.TrimSpace(c.Heading + "\n" + c.Text)
	}
	return out, docs[0]
}

// onePage is a page of a standard in type of one size.
func onePage(more ...markAt) []markAt {
	return append([]markAt{
		{60, 80, 20, "bold", "Rules for Small Stairs"},
		{60, 130, 14, "bold", "1 General"},
		{60, 150, 10, "regular", "1.1 A stair of a small building shall be at least 900 mm wide and have a handrail"},
		{60, 162, 10, "regular", "on one side at least, which is easy to grip."},
		{60, 180, 10, "regular", "1.2 The steps of one flight shall be alike in rise and going."},
		{60, 210, 14, "bold", "2 Landings"},
		{60, 230, 10, "regular", "2.1 A landing shall be as long as the stair is wide."},
		{60, 250, 10, "regular", "2.2 Doors shall not open over the steps."},
	}, more...)
}

func TestPDF(t *testing.T) {
	got, doc := wordingsOf(t, pdfFile{pages: [][]markAt{onePage()}})
	for key, want := range map[string]string{
		"1":   "General",
		"1.1": "A stair of a small building shall be at least 900 mm wide and have a handrail on one side at least, which is easy to grip.",
		"1.2": "The steps of one flight shall be alike in rise and going.",
		"2":   "Landings",
		"2.2": "Doors shall not open over the steps.",
	} {
		if got[key] != want {
			t.Errorf("%s is %q, want %q", key, got[key], want)
		}
	}
	if doc.Standard.Titles[0].Text != "Rules for Small Stairs" {
		t.Errorf("the title is %q", doc.Standard.Titles[0].Text)
	}
}

// What browsers print at the foot is no text: the number of the page and of all,
// and where a document has one page its number alone.
func TestPDFNumbersOfPages(t *testing.T) {
	for n := 1; n <= 3; n++ {
		var f pdfFile
		for at := 1; at <= n; at++ {
			said := fmt.Sprintf("%d/%d", at, n)
			f.pages = append(f.pages, []markAt{{60, 150, 10, "regular", fmt.Sprintf("%d.1 The door number %d shall open to the outside at any time.", at, at)}, {60, 170, 10, "regular", fmt.Sprintf("%d.2 The lock shall open without a key from the inside of it.", at)}, {540, 780, 8, "regular", said}})
		}
		if got, _ := wordingsOf(t, f); len(got) != 2*n || strings.Contains(got["1.2"], "1/") || got["1.2"] == "" {
			t.Errorf("of %d pages: %q", n, got)
		}
	}
	got, _ := wordingsOf(t, pdfFile{pages: [][]markAt{onePage(markAt{300, 262, 10, "regular", "7"})}})
	if !strings.Contains(got["2.2"]+got["7"], "7") && !slices.Contains(slices.Collect(maps.Keys(got)), "7") {
		t.Errorf("a figure below the text is taken for the number of the page: %q", got)
	}
}

// The cells of a narrow table stand hardly further apart than words.
func TestPDFNarrowTable(t *testing.T) {
	table := []markAt{{60, 270, 10, "regular", "Table 1 - Sizes"}}
	for i, cells := range [][]string{{"Use", "Height", "Load"}, {"Dwelling", "900 mm", "500 N"}, {"School", "950 mm", "750 N"}, {"Ward", "1000 mm", "1000 N"}} {
		for k, cell := range cells {
			table = append(table, markAt{60 + []float64{0, 42, 90}[k], 285 + 14*float64(i), 10, map[bool]string{true: "bold", false: "regular"}[i == 0], cell})
		}
	}
	got, _ := wordingsOf(t, pdfFile{pages: [][]markAt{onePage(table...)}})
	if want := "Sizes\nUse | Height | Load\nDwelling | 900 mm | 500 N\nSchool | 950 mm | 750 N\nWard | 1000 mm | 1000 N"; got["2.2~table-1"] != want {
		t.Errorf("got %q, want %q", got, want)
	}
	got, _ = wordingsOf(t, pdfFile{pages: [][]markAt{onePage(table[1:]...)}}) // the control: no caption, no such table
	if strings.Contains(fmt.Sprint(got), "School | 950 mm") {
		t.Errorf("without a caption: %q", got)
	}
}

// A column of short clauses and headings is one, as long as paragraphs run on in it.
func TestPDFColumnsOfShortLines(t *testing.T) {
	side := func(x float64, chapter int) []markAt {
		var out []markAt
		y := 120.0
		put := func(size float64, font, text string) {
			out, y = append(out, markAt{x, y, size, font, text}), y+size*1.5
		}
		put(12, "bold", fmt.Sprintf("%d Doors", chapter))
		for i := 1; i <= 2; i++ {
			put(10, "regular", fmt.Sprintf("%d.%d The door of a stair shall be as wide as", chapter, i))
			put(10, "regular", "the flight it leads to and shall not open")
			put(10, "regular", "over the steps or over a landing of any")
			put(10, "regular", "kind.")
		}
		for i := 3; i <= 9; i++ {
			put(10, "regular", fmt.Sprintf("%d.%d Item", chapter, i))
		}
		return out
	}
	got, _ := wordingsOf(t, pdfFile{pages: [][]markAt{append(side(60, 1), side(310, 2)...)}})
	if want := "The door of a stair shall be as wide as the flight it leads to and shall not open over the steps or over a landing of any kind."; got["1.1"] != want || got["2.2"] != want {
		t.Errorf("got %q", got)
	}
}

// A page that lies on its side and is shown turned is read as it is seen.
func TestPDFTurned(t *testing.T) {
	upright, _ := wordingsOf(t, pdfFile{pages: [][]markAt{onePage()}})
	turned, _ := wordingsOf(t, pdfFile{pages: [][]markAt{onePage()}, turned: true})
	if !maps.Equal(upright, turned) {
		t.Errorf("turned it is %q, upright %q", turned, upright)
	}
}

func TestPDFColumns(t *testing.T) {
	left := []string{
		"1.1 The left column comes first, and", "all of its lines are read before the", "lines that stand beside them on the",
		"other side of the gutter of the page.", "1.2 Alarms shall be heard in each", "room of a dwelling, also with doors",
		"that are closed, and at night when", "people are asleep in their rooms.", "1.3 Signs shall be lit from inside or",
		"outside for as long as people may", "be in the building after a failure", "of the supply, which is one hour."}
	right := []string{
		"1.4 Lamps along the way out shall be", "fed from a second source that takes", "over within half a second when the",
		"first one fails for whatever reason.", "1.5 Ways out shall be kept free at all", "times of goods and of furniture that",
		"could make them narrower than they", "must be for the people in the room.", "1.6 Doors on the way out shall open",
		"in the direction in which people walk", "when they leave the room in a hurry", "and must not be locked from inside."}
	page := []markAt{{60, 60, 16, "bold", "1 Alarms, signs and ways out of a building, across both columns"}}
	page = append(page, column(60, 90, 10, "regular", left...)...)
	page = append(page, column(320, 90, 10, "regular", right...)...)
	got, _ := wordingsOf(t, pdfFile{pages: [][]markAt{page}})
	for i := 1; i <= 6; i++ {
		lines := append(slices.Clone(left), right...)[(i-1)*4 : i*4]
		want := strings.Join(strings.Fields(strings.Join(lines, " "))[1:], " ")
		if key := fmt.Sprintf("1.%d", i); got[key] != want {
			t.Errorf("%s is %q, want %q", key, got[key], want)
		}
	}
}

// What comes again at the same height of each page is no text; a heading that
// happens to stand there is.
func TestPDFFurniture(t *testing.T) {
	var pages [][]markAt
	for i := range 6 {
		page := []markAt{
			{60, 40, 9, "regular", "Rules for Small Stairs, second edition"},
			{280, 810, 9, "regular", fmt.Sprint(i + 9)},
			{60, 90, 10, "regular", fmt.Sprintf("%d.1 The rule number %d of the chapter is not like the others.", i+1, i*i)},
			{60, 120, 10, "regular", fmt.Sprintf("%d.2 The step has %d mm.", i+1, 170+i)},
		}
		if i%2 == 0 {
			page[2] = markAt{60, 90, 10, "bold", fmt.Sprintf("%d General", i+1)}
		}
		pages = append(pages, page)
	}
	got, doc := wordingsOf(t, pdfFile{pages: pages})
	if got["3"] != "General" || got["3.2"] != "The step has 172 mm." {
		t.Errorf("the heading at the top of a page was lost: %q", got)
	}
	for _, c := range doc.Clauses {
		if w := c.Wording(); strings.Contains(w, "edition") || strings.Contains(w, "11") || strings.Contains(w, "14") {
			t.Errorf("a header or page number is in the text: %q", w)
		}
	}
}

// Chapters that begin on each page have numbers that grow with the pages, and are
// larger than the text.
func TestPDFChapterOnEachPage(t *testing.T) {
	var pages [][]markAt
	for i := range 5 {
		pages = append(pages, []markAt{
			{60, 80, 14, "bold", fmt.Sprintf("%d Stairs", i+1)}, {280, 810, 12, "regular", fmt.Sprint(i + 1)},
			{60, 110, 10, "regular", fmt.Sprintf("%d.1 There shall be a handrail on each side of the stairs.", i+1)},
		})
	}
	got, _ := wordingsOf(t, pdfFile{pages: pages})
	if len(got) != 10 || got["4"] != "Stairs" || got["4.1"] != "There shall be a handrail on each side of the stairs." {
		t.Errorf("read %q", got)
	}
}

func TestPDFHyphens(t *testing.T) {
	page := column(60, 90, 10, "regular",
		"1.1 The doors of a staircase shall be of the self-closing kind and lead to a place of evacu-",
		"ation without a step in the way of wheelchairs, and each of them shall be a good self-",
		"closing door that needs no hand.",
		"1.2 The width of the way out is not made smaller by them.",
		"1.3 The pressure on the handle is small.")
	got, _ := wordingsOf(t, pdfFile{pages: [][]markAt{page}})
	if !strings.Contains(got["1.1"], "evacuation without") {
		t.Errorf("the broken word was not joined: %q", got["1.1"])
	}
	if strings.Count(got["1.1"], "self-closing") != 2 {
		t.Errorf("the hyphen of self-closing was lost: %q", got["1.1"])
	}
}

// A line that begins with the number the line above refers to opens nothing.
func TestPDFReferencesAtLineEnds(t *testing.T) {
	page := append(onePage(), column(60, 300, 10, "regular",
		"2.3 Where a stair leads to a door of a public building it shall be built as is laid down in the section",
		"504. The rules for doors hold as well, and those for ramps too, and they are given in the rule of clause",
		"2.1 of this document, and further in the handbook that the Committee for Small Buildings and Stairs",
		"(CSBS) keeps on its pages.", "2.4 Mats shall lie flat.")...)
	got, _ := wordingsOf(t, pdfFile{pages: [][]markAt{page}})
	if want := "in the section 504. The rules"; !strings.Contains(got["2.3"], want) || !strings.Contains(got["2.3"], "of clause 2.1 of this document") || !strings.HasSuffix(got["2.3"], "Stairs (CSBS) keeps on its pages.") {
		t.Errorf("2.3 is %q", got["2.3"])
	}
	if got["2.4"] != "Mats shall lie flat." {
		t.Errorf("2.4 is %q", got["2.4"])
	}
}

func TestPDFBookmarks(t *testing.T) {
	page := []markAt{
		{60, 90, 10, "regular", "Purpose of the rules"},
		{60, 110, 10, "regular", "These rules protect people in small buildings from falling on stairs."},
		{60, 140, 10, "regular", "Places where they hold"},
		{60, 160, 10, "regular", "They hold in dwellings with two storeys at most and nowhere else at all."},
	}
	with, _ := wordingsOf(t, pdfFile{pages: [][]markAt{page}, bookmarks: []string{"Purpose of the rules", "Places where they hold"}})
	if !strings.HasPrefix(with["places-where-they-hold"], "Places where they hold\nThey hold") {
		t.Errorf("the bookmark made no heading: %q", with)
	}
	_, err := Read("a.pdf", bytes.NewReader(pdfFile{pages: [][]markAt{page}}.bytes()), Hint{})
	if err == nil {
		t.Error("without bookmarks there are no headings in the page, and yet some were found")
	}
}

func TestPDFTable(t *testing.T) {
	rows := [][3]string{{"Use", "Rise", "Going"}, {"Dwelling", "220 mm", "220 mm"}, {"School", "170 mm", "280 mm"}, {"Hospital", "160 mm", "300 mm"}}
	var table []markAt
	for i, r := range rows {
		for k, cell := range r {
			table = append(table, markAt{60 + 150*float64(k), 300 + 14*float64(i), 10, "regular", cell})
		}
	}
	got, _ := wordingsOf(t, pdfFile{pages: [][]markAt{onePage(table...)}})
	if want := "Use | Rise | Going\nDwelling | 220 mm | 220 mm\nSchool | 170 mm | 280 mm"; !strings.Contains(got["2.2"], want) {
		t.Errorf("the table is %q", got["2.2"])
	}
}

func TestPDFChinese(t *testing.T) {
	page := append([]markAt{{200, 70, 22, "han", "小型建筑楼梯标准"}, {230, 100, 14, "han", "GB 59999-2031"}, {60, 140, 14, "han", "1 总则"}},
		column(60, 170, 10, "han", "1.0.1 为了防止人员在楼梯上跌倒，保护人身安全，制定本标准，并且适用于两层以下的住宅建筑以及",
			"与其相似的小型建筑。", "1.0.2 楼梯的净宽不应小于0.9m。", "1.0.3 梯段的踏步应一致。")...)
	got, doc := wordingsOf(t, pdfFile{pages: [][]markAt{page}})
	if want := "为了防止人员在楼梯上跌倒，保护人身安全，制定本标准，并且适用于两层以下的住宅建筑以及与其相似的小型建筑。"; got["1.0.1"] != want {
		t.Errorf("1.0.1 is %q", got["1.0.1"])
	}
	if doc.Standard.Designation != "GB 59999-2031" || doc.Standard.Jurisdiction != "CN" || doc.Standard.Language.Base() != "zh" || doc.Standard.Titles[0].Text != "小型建筑楼梯标准" {
		t.Errorf("the identity is %+v", doc.Standard)
	}
}

// The subsections of a law are cited with their section: 3(2).
func TestPDFSubsections(t *testing.T) {
	page := slices.Concat(
		column(60, 80, 12, "bold", "1. Name of the law"), column(60, 100, 10, "regular", "This law is called the Stairs Law."),
		column(60, 130, 12, "bold", "2. Duties of owners"),
		column(60, 150, 10, "regular", "(1) An owner must keep the stairs clean:", "(a) of snow;", "(b) of leaves.", "(2) An owner must repair broken steps.", "(2A) A tenant must tell the owner of them."),
		column(60, 230, 12, "bold", "3. Fines"), column(60, 250, 10, "regular", "(1) Who breaks this law pays a fine."))
	got, _ := wordingsOf(t, pdfFile{pages: [][]markAt{page}})
	for key, want := range map[string]string{
		"2(1)":  "An owner must keep the stairs clean:\n(a) of snow;\n(b) of leaves.",
		"2(2)":  "An owner must repair broken steps.",
		"2(2A)": "A tenant must tell the owner of them.",
		"3(1)":  "Who breaks this law pays a fine.",
	} {
		if got[key] != want {
			t.Errorf("%s is %q, want %q", key, got[key], want)
		}
	}
}

func TestPDFContents(t *testing.T) {
	contents := []markAt{{60, 60, 16, "bold", "Contents"}}
	for i, name := range []string{"1 General", "1.1 Purpose", "1.2 Places", "2 Landings", "2.1 Length"} {
		y := 90 + 14*float64(i)
		contents = append(contents, markAt{60, y, 10, "regular", name}, markAt{500, y, 10, "regular", fmt.Sprint(i/2 + 2)})
	}
	got, doc := wordingsOf(t, pdfFile{pages: [][]markAt{contents, onePage()}})
	if got["1.2"] != "The steps of one flight shall be alike in rise and going." || len(doc.Clauses) > 8 {
		t.Errorf("the table of contents was read as text: %q", got)
	}
}

func TestPDFRefused(t *testing.T) {
	whole := pdfFile{pages: [][]markAt{onePage()}}.bytes()
	blind := onePage()
	for i := range blind {
		blind[i].font = "blind"
	}
	shifted := onePage()
	for i := range shifted { // letters of a font that was made smaller without a map
		shifted[i].text = strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' {
				return []rune("bcdfghjklmnpqrstvwxzbcdfgh")[r-'a']
			}
			return r
		}, strings.Repeat(shifted[i].text+" ", 3))
	}
	for _, row := range []struct {
		name string
		raw  []byte
		want string
	}{
		{"no text", pdfFile{pages: [][]markAt{nil, nil, {{280, 810, 9, "regular", "3"}}}}.bytes(), "OCRmyPDF"},
		{"encrypted", pdfFile{pages: [][]markAt{onePage()}, encrypted: true, password: "secret"}.bytes(), "qpdf --decrypt"},
		{"font without map", pdfFile{pages: [][]markAt{blind}}.bytes(), "gibberish"},
		{"letters in another order", pdfFile{pages: [][]markAt{shifted}}.bytes(), "gibberish"},
		{"text on its side", pdfFile{pages: [][]markAt{onePage()}, sideways: true}.bytes(), "sideways"},
		{"no PDF at all", []byte("1 General\n\n1.1 A stair has steps.\n"), "does not begin like one"},
		{"only the first line", []byte("%PDF-1.7\n"), "damaged"},
		{"cut in the middle", bytes.ReplaceAll(whole[:len(whole)/3], []byte("obj"), []byte("xxx")), "damaged"},
		{"no pages", pdfFile{}.bytes(), "no pages"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := Read("stairs.pdf", bytes.NewReader(row.raw), Hint{})
			if err == nil || !errors.Is(err, corpus.ErrInvalid) || !strings.Contains(err.Error(), row.want) || !strings.HasPrefix(err.Error(), "stairs.pdf: ") {
				t.Errorf("got %v, want %q", err, row.want)
			}
			if err != nil && strings.Contains(corpus.Sentence(err), "\n") {
				t.Errorf("the message is no sentence: %q", err)
			}
		})
	}
	many := pdfFile{pages: make([][]markAt, maxPDFPages+1)}
	if _, err := Read("a.pdf", bytes.NewReader(many.bytes()), Hint{}); !errors.Is(err, corpus.ErrLimit) || !strings.Contains(err.Error(), "split it") {
		t.Errorf("too many pages: %v", err)
	}
}

// A PDF that is encrypted against printing only opens without a password.
func TestPDFEncryptedWithoutPassword(t *testing.T) {
	got, _ := wordingsOf(t, pdfFile{pages: [][]markAt{onePage()}, encrypted: true})
	if got["2.2"] != "Doors shall not open over the steps." {
		t.Errorf("read %q", got)
	}
}

// A page without text among others is said with its number.
func TestPDFEmptyPage(t *testing.T) {
	_, doc := wordingsOf(t, pdfFile{pages: [][]markAt{onePage(), nil, onePage(markAt{60, 400, 10, "regular", "2.3 One more rule."})}})
	if !slices.ContainsFunc(doc.Problems, func(p corpus.Problem) bool { return p.Place == "page 2" && strings.Contains(p.Cure, "OCRmyPDF") }) {
		t.Errorf("the empty page is not told: %v", doc.Problems)
	}
}

// A number that comes twice is told with its page.
func TestPDFRepeatedNumber(t *testing.T) {
	_, doc := wordingsOf(t, pdfFile{pages: [][]markAt{{{60, 400, 10, "regular", "Rules that were copied together from two other ones."}},
		onePage(markAt{60, 400, 14, "bold", "2 Landings again"}, markAt{60, 420, 10, "regular", "2.3 They are level."})}})
	if !slices.ContainsFunc(doc.Problems, func(p corpus.Problem) bool { return p.Place == "page 2, clause 2" }) {
		t.Errorf("the page of the repeated number is not told: %v", doc.Problems)
	}
}

func TestPDFSameTwice(t *testing.T) {
	raw := pdfFile{pages: [][]markAt{onePage(), onePage()}, bookmarks: []string{"1 General", "2 Landings"}}.bytes()
	var first *corpus.Document
	for range 3 {
		docs, err := Read("a.pdf", bytes.NewReader(raw), Hint{})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = docs[0]
		} else if !reflect.DeepEqual(docs[0], first) {
			t.Fatal("the same file was read otherwise the second time")
		}
	}
}

func FuzzPDF(f *testing.F) {
	f.Add(pdfFile{pages: [][]markAt{onePage()}}.bytes())
	f.Add(pdfFile{pages: [][]markAt{onePage(), nil}, bookmarks: []string{"1 General"}, title: "Rules", turned: true}.bytes())
	f.Add(pdfFile{pages: [][]markAt{{{60, 90, 10, "han", "1.0.1 楼梯的净宽不应小于0.9m。"}}}, encrypted: true}.bytes())
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) > 64<<10 || !bytes.HasPrefix(raw, []byte("%PDF-")) {
			return // the rest is refused at once
		}
		check(t, "a.pdf", raw, Hint{})
	})
}

// BenchmarkPDFPages shows that the cost grows with the pages and not faster.
func BenchmarkPDFPages(b *testing.B) {
	for _, n := range []int{50, 100, 200, 400} {
		f := pdfFile{}
		for i := range n {
			page := []markAt{{60, 40, 9, "regular", "Rules for Small Stairs"}, {280, 810, 9, "regular", fmt.Sprint(i + 1)}, {60, 80, 14, "bold", fmt.Sprintf("%d Stairs of kind %d", i+1, i+1)}}
			for k := range 40 {
				page = append(page, markAt{60, 100 + 16*float64(k), 10, "regular", fmt.Sprintf("%d.%d A stair of this kind shall have at least %d steps and a handrail.", i+1, k+1, k+3)})
			}
			f.pages = append(f.pages, page)
		}
		raw := f.bytes()
		b.Run(fmt.Sprintf("%d-pages", n), func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				docs, err := Read("a.pdf", bytes.NewReader(raw), Hint{})
				if err != nil || len(docs[0].Clauses) < 41*n {
					b.Fatal(len(docs[0].Clauses), err)
				}
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "pages/s")
		})
	}
}

// BenchmarkPDF reads the real files.
func BenchmarkPDF(b *testing.B) {
	for _, name := range []string{"za-cape-town-fire-safety/community-fire-safety.pdf", "uk-approved-document-m2/Approved_Document_M_vol_2.pdf", "us-ada-md/guidance-2010-standards.pdf"} {
		raw, err := os.ReadFile(filepath.Join(realDir, name))
		if err != nil {
			b.Skip("the real files are not on this machine")
		}
		p, err := openPDF(raw)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(filepath.Base(name), func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				if _, err := Read(name, bytes.NewReader(raw), Hint{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(p.pages)*b.N)/b.Elapsed().Seconds(), "pages/s")
		})
	}
}

// A footnote at the foot of a page is a note of the clause it stands below, in small type
// or, where it is of the text's size, by a figure right before its words that a word above
// calls. A figure that nothing calls, or in the middle of a page, opens no footnote.
func TestPDFFootnotes(t *testing.T) {
	for _, row := range []struct {
		name string
		more []markAt
		want string // the note
	}{
		{"small type", column(60, 780, 7, "regular", "1 Of nobody at all."), "Of nobody at all."},
		{"called", append(column(60, 262, 10, "regular", "Handrails are not counted.1"), column(60, 780, 10, "regular", "1Of nobody at all.")...), "Of nobody at all."},
		{"not called", column(60, 780, 10, "regular", "1Of nobody at all."), ""},
		{"in the middle", append(column(60, 262, 10, "regular", "Handrails are not counted.1"), column(60, 300, 10, "regular", "1Of nobody at all.")...), ""},
	} {
		_, doc := wordingsOf(t, pdfFile{pages: [][]markAt{onePage(row.more...)}})
		got := ""
		for _, c := range doc.Clauses {
			if c.Kind == corpus.KindNote {
				got += c.Text
			}
		}
		if got != row.want {
			t.Errorf("%s: the note is %q, want %q", row.name, got, row.want)
		}
	}
}
