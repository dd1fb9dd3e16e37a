package web

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"concord/corpus"
	"concord/corpus/reader"
	"concord/corpus/staging"
	"concord/review"
)

// paperJourneys are those that bring documents in and hand documents out.
func paperJourneys() []journey {
	return []journey{
		{name: "search, read, compare, add", who: "lina",
			steps: then(visit("/"), to(`nav a[href="/search"]`), press("Enter"), seeOne("#q"), to("#q"), write("clear width of the evacuation door"), press("Enter"), seeOne(".understood .chip"),
				// hits in languages that nothing was typed in
				see("['zh', 'ru'].every((x) => document.querySelector('.hits bdi[lang=' + x + ']'))"),
				act(func(w *world) {
					w.notes["chips"] = ask[string](w.tab, "String(document.querySelectorAll('.understood .chip').length)")
				}),
				to(".understood .chip a.x:last-child"), press("Enter"), see("document.readyState === 'complete' && location.search.includes('without=clear-width') && !document.querySelector('.understood a[href^=\"/concept\"][href*=clear-width]') && !!document.querySelector('.understood a[href^=\"/concept\"][href*=evacuation]')"),
				press("/"), see("document.activeElement.id === 'q'"), // the box is one key away
				to(`.hits h2 a[href="/standards/gb-1-2020/clauses/5.1"]`), press("Enter"), seeOne("main .wording"),
				to(`main a[href^="/matches/"]`), press("Enter"), see(benched+" && document.querySelectorAll('.side').length === 2"),
				to(`.side a.label[href$="gb-1-2020/clauses/5.1"]`), press("Enter"), seeOne(".collectone"),
				to(".collectone > summary"), press("Enter"), to("#collector input[name=name]"), write("doors أبواب {language}"), press("Enter"), see("location.pathname.startsWith('/collections/') && document.querySelectorAll('.hits li').length === 1")),
			check: func(w *world) {
				list, err := w.site.db.Collections(w.t.Context(), w.site.people["lina"].ID)
				if err != nil || len(list) != 1 || len(list[0].Clauses) != 1 || list[0].Clauses[0] != "gb-1-2020/5.1" {
					w.t.Errorf("collected: %+v %v", list, err)
				}
			}},
		{name: "compare, filter, export, print", who: "reader",
			steps: then(visit("/"), to(`nav a[href="/compare"]`), press("Enter"), seeOne("select[name=a]"), to("select[name=a]"), choose("gb-1-2020"), to("select[name=b]"), choose("sp-1-2020"), to(`form[action="/compare"] button`), press("Enter"),
				seeOne(".compare .pairtable, .compare .ladder"), to(`.tabs a[href*="view=limits"]`), press("Enter"), seeOne(`.tabs a[aria-current][href*="view=limits"]`),
				to("select[name=stricter]"), choose("b"), to("form.filterrow button"), press("Enter"), see("document.readyState === 'complete' && location.search.includes('stricter=b') && document.querySelector('main').innerText.includes('0.9 m')"),
				to(`.tabs a[href*="view=table"], .tabs a:not([href*="view="])`), press("Enter"), seeOne(".pairtable"),
				act(func(w *world) {
					w.print("疏散门的净宽度不应小于 0.8 m。", "Ширина двери должна быть не менее 0,9 м.")
				}),
				to(`.walk a[href^="/dossiers/"]`), press("Enter"), seeOne("#exports"), to(`#exports a[href$="/export/xlsx"]`), press("Enter"),
				act(func(w *world) {
					book, err := excelize.OpenReader(bytes.NewReader(w.downloaded(".xlsx")))
					if err != nil {
						w.t.Fatal(err)
					}
					defer book.Close()
					var all strings.Builder
					for _, sheet := range book.GetSheetList() {
						rows, err := book.GetRows(sheet)
						if err != nil {
							w.t.Fatal(err)
						}
						fmt.Fprintln(&all, rows)
					}
					if !strings.Contains(all.String(), "GB-1-2020") || !strings.Contains(all.String(), "needs a wider door") {
						w.t.Errorf("the agreed match is not in the file:\n%.600s", all.String())
					}
				}))},
		{name: "freeze and difference", who: "speaker", make: func(w *world) {
			dossierFor("freeze", review.PolicyBothParties, 3, nil)(w)
			w.site.both(w.site.matches[0], "equivalent", "", plainYes, plainYes)
		},
			steps: then(visit("/dossiers/{dossier}"), to(`main a[href$="/rounds"]`), press("Enter"), seeOne("#freeze"), to("#freeze input[name=name]"), write("First"), press("Enter"), seeOne("#round-1"),
				act(func(w *world) { // the parties go on
					w.site.both(w.site.matches[1], "superset", "", plainYes, plainNo)
					w.site.rewrite(w.site.matches[0].Sources[0])
				}),
				visit("/dossiers/{dossier}/rounds"), to(`#round-1 a[href*="from=1"]`), press("Enter"), see("document.readyState === 'complete' && document.querySelectorAll('#changes tbody tr').length === 2"),
				to("#freeze input[name=name]"), write("الجولة الثانية"), press("Enter"), seeOne("#round-2"),
				to(`#round-2 a[href*="from=1&to=2"]`), press("Enter"), see("document.readyState === 'complete' && document.querySelectorAll('#changes tbody tr').length === 2")),
			check: func(w *world) {
				if rounds, err := w.site.db.Rounds(w.t.Context(), w.site.dossier.ID); err != nil || len(rounds) != 2 {
					w.t.Errorf("%d rounds, %v", len(rounds), err)
				}
			}},
		{name: "import a PDF, correct, accept", who: "carrier", make: func(w *world) {
			path := filepath.Join(w.downloads, "EN 77-2021.pdf")
			if err := os.WriteFile(path, plainPDF("EN 77:2021", "5 Doors", "5.1 The clear width of doors shall be not less than 0.9 m. Exits shall be marked.",
				"5.2 Corridors shall be lit.", "5.3 Lamps shall be within reach.", "5.5 Stairs shall have a handrail."), 0o600); err != nil {
				w.t.Fatal(err)
			}
			w.notes["file"] = path
		},
			steps: then(visit("/imports"), to("input[type=file]"), file("{file}"), to("#upload button.b1"), press("Enter"), seeOne(`main .list a[href^="/imports/"]`), to(`main .list a[href^="/imports/"]`), press("Enter"), seeOne("#sheet"),
				act(func(w *world) { w.notes["import"] = ask[string](w.tab, "location.pathname") }),
				// the sentence about exits becomes a clause of its own
				to(`.sheetrows a[href*="clause=5.1"]`), press("Enter"), seeOne("#clause-form"), press("E"), see("document.activeElement.name === 'text'"),
				act(func(w *world) {
					w.key("Ctrl+Home")
					w.key("Home")
					for range ask[int](w.tab, "document.activeElement.value.indexOf('Exits')") {
						w.key("ArrowRight")
					}
				}),
				to("input[name=second]"), write("5.1.1"), to("#split-here"), press("Enter"), seeOne("#take-back"), see("document.querySelectorAll('.sheetrows > li').length === 6"),
				// taken back and done again
				press("U"), see("document.readyState === 'complete' && document.querySelectorAll('.sheetrows > li').length === 5"),
				to(`.sheetrows a[href*="clause=5.1"]`), press("Enter"), seeOne("#clause-form"), press("E"),
				act(func(w *world) {
					w.key("Ctrl+Home")
					for range ask[int](w.tab, "document.activeElement.value.indexOf('Exits')") {
						w.key("ArrowRight")
					}
				}),
				to("input[name=second]"), write("5.1.1"), to("#split-here"), press("Enter"), see("document.readyState === 'complete' && document.querySelectorAll('.sheetrows > li').length === 6"),
				// the lamps belong to the corridors
				to(`.sheetrows a[href*="clause=5.3"]`), press("Enter"), see("document.readyState === 'complete' && document.querySelector('#clause-form').elements.label.value.includes('5.3')"), press("G"),
				see("document.readyState === 'complete' && document.querySelectorAll('.sheetrows > li').length === 5"),
				// and the stairs get the number that is free
				to(`.sheetrows a[href*="clause=5.5"]`), press("Enter"), see("document.readyState === 'complete' && document.querySelector('#clause-form').elements.label.value.includes('5.5')"),
				press("R"), see("document.activeElement.name === 'label'"), press("Ctrl+A"), write("5.4"), press("Enter"),
				see("document.readyState === 'complete' && [...document.querySelectorAll('.sheetrows strong')].some((x) => x.textContent === '5.4')"),
				to(`.tabs a[href$="/difference"]`), press("Enter"), seeOne(`form[action$="/accept"]`), to(`form[action$="/accept"] button`), press("Enter"), see("document.readyState === 'complete' && !document.querySelector('form[action$=\"/accept\"]')")),
			check: func(w *world) {
				done, err := w.site.db.StagedList(w.t.Context(), staging.Accepted, uuid.Nil, 5)
				if err != nil || len(done) != 1 {
					w.t.Fatalf("%d imports are accepted: %v", len(done), err)
				}
				var got []string
				for _, c := range w.site.clauses(done[0].Standard) {
					got = append(got, c.Number+" "+strings.Join(strings.Fields(c.Heading+" "+c.Text), " "))
				}
				if want := []string{"5.1 The clear width of doors shall be not less than 0.9 m.", "5.1.1 Exits shall be marked.", "5.2 Corridors shall be lit. Lamps shall be within reach.", "5.4 Stairs shall have a handrail."}; len(got) < 4 || !slices.Equal(got[len(got)-4:], want) {
					w.t.Errorf("accepted is %q, want %q", got, want)
				}
			}},
	}
}

// print prints the page as the browser does and reads the file with our reader.
func (w *world) print(want ...string) {
	w.t.Helper()
	text := w.printed()
	for _, s := range want {
		if !strings.Contains(text, unspaced(s)) {
			w.t.Errorf("the printed page does not hold %q:\n%.1500s", s, text)
		}
	}
}

// printed is the text of the printed page without blanks, as our reader reads it.
func (b *tab) printed() string {
	b.t.Helper()
	body, err := chromedp.Run(b.ctx, chromedp.PrintToPDF())
	if err != nil {
		b.t.Fatal(err)
	}
	docs, err := reader.Read("printed.pdf", bytes.NewReader(body), reader.Hint{Designation: "X 1", Jurisdiction: "INT", Language: "en", Domain: corpus.DomainEngineering, Rights: corpus.RightsFull})
	if err != nil {
		b.t.Fatal(err)
	}
	var out strings.Builder
	for _, d := range docs {
		if d.Source == nil {
			b.t.Fatal("the printed page has no source")
		}
		for _, l := range d.Source.Lines {
			out.WriteString(unspaced(l.Text))
		}
	}
	return out.String()
}

// unspaced is a text without blanks and without what breaks lines.
func unspaced(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\u00ad' || r == '\u200b' || strings.ContainsRune(" \n\t\u00a0\u202f\u2066\u2067\u2068\u2069\u200e\u200f", r) {
			return -1
		}
		return r
	}, s)
}

// plainPDF is a PDF of one page with lines in Helvetica.
func plainPDF(lines ...string) []byte {
	var text strings.Builder
	text.WriteString("BT /F1 11 Tf 60 780 Td 22 TL\n")
	for _, l := range lines {
		fmt.Fprintf(&text, "(%s) Tj T*\n", strings.NewReplacer("(", `\(`, ")", `\)`).Replace(l))
	}
	text.WriteString("ET")
	objects := []string{"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", text.Len(), text.String()), "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"}
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range objects {
		at = append(at, out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	begin := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, a := range at {
		fmt.Fprintf(&out, "%010d 00000 n \n", a)
	}
	fmt.Fprintf(&out, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, begin)
	return out.Bytes()
}
