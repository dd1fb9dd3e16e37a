package lexicon

import (
	"fmt"
	"strings"
	"testing"

	"concord/corpus"
)

func TestCitations(t *testing.T) {
	lex := theLexicon(t)
	for _, tt := range []struct{ lang, text, want string }{
		{"zh", "应符合现行国家标准GB 50016-2014的规定。", "GB 50016-2014/"},
		{"zh", "应符合GB 50016-2014第5.3.1条的规定。", "GB 50016-2014/5.3.1"},
		{"zh", "应符合本规范第5.3.1条和第5.3.2条的规定。", "/5.3.1 /5.3.2"},
		{"zh", "第二十三条之一", "/23-1"},
		{"zh", "见5.3.1", "/5.3.1"},
		{"zh", "第3天和第二次", ""},
		{"zh", "应符合表5.3.1的规定", ""},
		{"zh", "应满足3个条件", ""},
		{"en", "in accordance with clause 5.3.1 of ISO 9001:2015", "ISO 9001:2015/5.3.1"},
		{"en", "See Table 1 and Figure 2.", ""},
		{"en", "referred to in Articles 25 and 26", "/25 /26"},
		{"en", "complying with 4.13", "/4.13"},
		{"en", "complying with 305", "/305"},
		{"en", "see 5 walls", ""},
		{"en", "Annex A.8.1 applies", "/A.8.1"},
		{"ru", "по п. 5.3.1 ГОСТ Р 1.5-2012", "ГОСТ Р 1.5-2012/5.3.1"},
		{"ru", "согласно статье 12 и таблице 3", "/12"},
		{"fr", "conformément à l'article 12", "/12"},
		{"es", "según el apartado 4.2", "/4.2"},
		{"ar", "وفقا للمادة ١٢", "/12"},
		{"de", "nach Abschnitt 5.3.1", "/5.3.1"},
		{"en", "a wall of 5.3 m", ""},
	} {
		var got []string
		r := lex.Read(corpus.Clause{Text: tt.text, Language: corpus.Language(tt.lang)}, "")
		for _, c := range r.Citations {
			got = append(got, c.Designation+"/"+c.Clause)
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%q cites %q, want %q", tt.text, s, tt.want)
		}
		if tt.want != "" && len(r.Quantities) != 0 {
			t.Errorf("%q has quantities %v", tt.text, r.Quantities)
		}
	}
}

func TestConditions(t *testing.T) {
	lex := theLexicon(t)
	for _, tt := range []struct{ lang, text, want string }{
		{"zh", "当建筑高度大于24m时，应设置消防电梯。", "当建筑高度大于24m时"},
		{"zh", "除本规范另有规定外，应设置外墙。", "!除本规范另有规定外"},
		{"zh", "采用自然通风时，窗应可开启。", "采用自然通风时"},
		{"zh", "建筑高度大于50m的，应设避难层。", "建筑高度大于50m的"},
		{"zh", "例如外墙的高度为2小时，应当记录。", ""},
		{"en", "If the height exceeds 24 m, a lift shall be provided.", "If the height exceeds 24 m"},
		{"en", "Doors shall close unless they are held open.", "!unless they are held open"},
		{"en", "Doors shall close, except where 1.2 m is exceeded, and lock.", "!except where 1.2 m is exceeded"},
		{"en", "Doors shall close.", ""},
		{"ru", "При высоте более 28 м, лифт обязателен.", "При высоте более 28 м"},
		{"ru", "Двери закрывают, за исключением наружных.", "!за исключением наружных"},
		{"fr", "Sauf disposition contraire, la porte ferme.", "!Sauf disposition contraire"},
		{"fr", "Lorsque la hauteur dépasse 2,5 m, un garde-corps est exigé.", "Lorsque la hauteur dépasse 2,5 m"},
		{"es", "Cuando exista riesgo, se cerrará, excepto de noche.", "Cuando exista riesgo|!excepto de noche"},
		{"ar", "إذا زاد الارتفاع، يجب التركيب باستثناء المخازن.", "إذا زاد الارتفاع|!باستثناء المخازن"},
		{"de", "Wenn es brennt, schließt die Tür.", "Wenn es brennt"},
	} {
		var got []string
		for _, c := range lex.Read(corpus.Clause{Text: tt.text, Language: corpus.Language(tt.lang)}, "").Conditions {
			s := tt.text[c.Span.Start:c.Span.End]
			if c.Exception {
				s = "!" + s
			}
			got = append(got, s)
		}
		if s := strings.Join(got, "|"); s != tt.want {
			t.Errorf("%q: %q, want %q", tt.text, s, tt.want)
		}
	}
}

func TestSentences(t *testing.T) {
	lex := theLexicon(t)
	text := "The wall, e.g. of brick, shall stand. It may lean by 1.5 m at most; it should not fall.\n2. No. 5 shall close."
	r := lex.Read(corpus.Clause{Text: text, Language: "en"}, "")
	var got []string
	for _, o := range r.Obligations {
		got = append(got, fmt.Sprint(text[o.Sentence.Start:o.Sentence.End]))
	}
	want := "The wall, e.g. of brick, shall stand.|It may lean by 1.5 m at most;|it should not fall.|2. No. 5 shall close."
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("sentences %q, want %q", s, want)
	}
}

// printReading writes a reading in full, to compare two.
func printReading(r Reading) string { return fmt.Sprintf("%+v", r) }
