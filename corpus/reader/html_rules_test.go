package reader

import (
	"fmt"
	"strings"
	"testing"
)

// What other writers of web pages do: docutils marks notes and footnotes as asides and calls
// every page English, Asciidoctor lays notes out as tables and boxes examples, Pandoc hides
// the captions of figures from those who hear the page and repeats formulas in LaTeX. An
// aside that says nothing of the kind stays no text.
func TestPagesOfOtherWriters(t *testing.T) {
	rows := strings.Repeat("<p>Стеллаж должен выдерживать нагрузку и следует закреплять так, чтобы его нельзя было снять.</p>", 4)
	for _, row := range []struct{ name, page, want string }{
		{"docutils", `<html lang="en"><body><h1>1 Racks</h1><p>1.1 A rack shall stand.<a class="footnote-reference brackets" href="#f1" id="i1" role="doc-noteref">1</a></p><aside class="admonition note"><p class="admonition-title">Note</p><p>Racks are tall.</p></aside><aside class="footnote-list brackets"><aside class="footnote brackets" id="f1" role="doc-footnote"><span class="label"><span class="fn-bracket">[</span><a role="doc-backlink" href="#i1">1</a><span class="fn-bracket">]</span></span><p>Of steel.</p></aside></aside><aside class="system-message"><p>Unknown command.</p></aside><aside><p>Buy our racks.</p></aside><p>1.2 A rack shall be level.</p></body></html>`,
			"en note 1 “Of steel.” note Note “Racks are tall.”"},
		{"Asciidoctor", `<html lang="en"><body><h1>1 Racks</h1><p>1.1 A rack shall stand.<sup class="footnote">[<a id="_footnoteref_1" class="footnote" href="#_footnotedef_1">1</a>]</sup></p><div class="admonitionblock note"><table><tr><td class="icon"><div class="title">Note</div></td><td class="content">Racks are tall.</td></tr></table></div><div class="exampleblock"><div class="content"><p>Five racks.</p></div></div><p>1.2 A rack shall be level.</p><div id="footnotes"><div class="footnote" id="_footnotedef_1"><a href="#_footnoteref_1">1</a>. Of steel.</div></div></body></html>`,
			"en note 1 “Of steel.” note Note “Racks are tall.” example EXAMPLE “Five racks.”"},
		{"Pandoc", `<html lang="de"><body><h1>1 Regale</h1><p>1.1 Ein Regal muss stehen.</p><figure><img src="a.png" alt="Bild 1 — Regal"/><figcaption aria-hidden="true">Bild 1 — Regal</figcaption></figure><p>1.2 Es gilt <math><semantics><mi>F</mi><annotation encoding="application/x-tex">\text{force of the whole rack above the floor}</annotation></semantics></math>.</p></body></html>`,
			"de figure Bild 1 “”"},
		{"a template's language", `<html lang="en"><body><h1>1 Общие требования</h1><p>1.1 Стеллаж.</p><p>1.2 Полка.</p>` + rows + `</body></html>`, "ru"},
	} {
		docs, err := Read("a.html", strings.NewReader(row.page), Hint{})
		if err != nil {
			t.Fatal(err)
		}
		got := []string{string(docs[0].Standard.Language)}
		for _, c := range docs[0].Clauses {
			if c.Kind == "note" || c.Kind == "example" || c.Kind == "figure" {
				got = append(got, fmt.Sprintf("%s %s “%s”", c.Kind, c.Label, c.Text))
			}
			if strings.Contains(c.Text, "Buy our") || strings.Contains(c.Text, "Unknown") {
				t.Errorf("%s: %q is no text", row.name, c.Text)
			}
		}
		if strings.Join(got, " ") != row.want {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
		for _, p := range docs[0].Problems {
			if strings.Contains(p.Message, "no clause") && row.name == "Pandoc" {
				t.Errorf("%s: %v", row.name, p)
			}
		}
	}
}

// Footnotes of every page of a book are its own, though each page counts from one.
func TestFootnotesOfJoinedPages(t *testing.T) {
	page := func(n int) string {
		return fmt.Sprintf(`<html><body><h1>%[1]d Racks</h1><p>%[1]d.1 A rack shall stand.<a href="#fn1" id="fnref1">1</a></p><section><ol><li id="fn1"><p>Of kind %[1]d.<a href="#fnref1">↩</a></p></li></ol></section></body></html>`, n)
	}
	b := newBook()
	for n := 1; n <= 3; n++ {
		if err := b.add(fmt.Sprintf("%d.xhtml", n), page(n)); err != nil {
			t.Fatal(err)
		}
	}
	docs, err := b.read("Racks", "en", Hint{})
	if err != nil {
		t.Fatal(err)
	}
	var notes []string
	for _, c := range docs[0].Clauses {
		if c.Kind == "note" {
			notes = append(notes, string(c.Parent.Key())+" "+c.Text)
		}
	}
	if got := strings.Join(notes, ", "); got != "1.1 Of kind 1., 2.1 Of kind 2., 3.1 Of kind 3." {
		t.Errorf("got %q", got)
	}
}

// A Persian standard is Persian and not Arabic, with its numbers, notes, tables and annexes.
func TestPersian(t *testing.T) {
	const text = "قفسه\u200cهای انبار\n\nپیش\u200cگفتار\n\nاین استاندارد را کمیتهٔ تجهیزات کارگاه تهیه کرده است.\n\n۱ هدف\n\nهدف از این استاندارد تعیین الزامات قفسه\u200cهای فولادی است.\n\n۳ اصطلاحات و تعاریف\n\n۳-۱\nقفسه rack\nسازه\u200cای که کالا روی آن نگهداری می\u200cشود\n\n۴ الزامات\n\n۴-۱ بارها\n\n۴-۱-۱ تیر باید بار را بدون تغییر شکل تحمل کند.\n\nیادآوری ۱- تیر همراه با پایه بررسی می\u200cشود.\n\n۴-۱-۲ فاصله نباید کمتر از ۲۵۰ میلی\u200cمتر باشد.\n\nپیوست ب\n(آگاهی\u200cدهنده)\nنمونه\u200cها\n\nقفسه\u200cها گوناگون\u200cاند.\n"
	docs, err := Read("fa.txt", strings.NewReader(text), Hint{})
	if err != nil {
		t.Fatal(err)
	}
	if got := docs[0].Standard.Language; got != "fa" {
		t.Errorf("the language is %q", got)
	}
	kinds := map[string]string{}
	for _, c := range docs[0].Clauses {
		kinds[c.ID.Key()] = string(c.Kind)
	}
	for key, want := range map[string]string{"پیش-گفتار": "informative", "3.1": "definition", "4.1.1": "provision", "4.1.1~note1": "note", "4.1.2": "provision", "ب": "informative"} {
		if kinds[key] != want {
			t.Errorf("%s is %q, want %q: %v", key, kinds[key], want, kinds)
		}
	}
	if got := GuessLanguage("يجب أن يتحمل الجزء حملاً لا يقل عن ثلاثمائة نيوتن في كل حال"); got != "ar" {
		t.Errorf("Arabic is taken for %q", got)
	}
}

// A document whose clauses are in several scripts says so; one with codes and foreign names
// does not.
func TestLanguagesMixed(t *testing.T) {
	mixed := func(text string) string {
		docs, err := Read("a.txt", strings.NewReader(text), Hint{})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range docs[0].Problems {
			if p.Rule == "languages-mixed" {
				return p.String()
			}
		}
		return ""
	}
	rail := "1 Rules\n\n1.1 The rail shall be at least 900 mm high on both sides.\n\n"
	if got := mixed(rail + "1.2 Высота ограждения должна быть не менее 900 мм с двух сторон.\n\n1.3 The stairs shall be lit by day and by night.\n"); !strings.Contains(got, "most: 1;") || !strings.Contains(got, "1.2") || !strings.Contains(got, "(ru)") {
		t.Errorf("got %q", got)
	}
	if got := mixed(rail + "1.2 The mark ГОСТ Р shall stand on every rail of the stair.\n"); got != "" {
		t.Errorf("one language: %q", got)
	}
}
