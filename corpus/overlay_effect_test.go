package corpus

import (
	"fmt"
	"strings"
	"testing"
)

// made makes clauses of lines "number|text"; a text without number is one too.
func made(id StandardID, lines ...string) []Clause {
	var out []Clause
	for i, line := range lines {
		number, text, _ := strings.Cut(line, "|")
		c := Clause{ID: NewClauseID(id, fmt.Sprintf("%d-%s", i, number)), Standard: id, Order: i, Number: number, Label: number, Kind: KindProvision, Text: text}
		if text == "" {
			c.Kind, c.Heading = KindHeading, "Chapter"
		}
		out = append(out, c)
	}
	return out
}

// What overlays do, by orders in seven languages and by numbers.
func TestEffects(t *testing.T) {
	base := made("b", "5|", "5.1|A gate shall be 1.0 m wide.", "5.2|A gate shall be painted.", "5.3|A gate shall open outwards.", "6|", "6.1|A fence shall be 2 m high.")
	for _, tt := range []struct {
		name    string
		kind    OverlayKind
		overlay []string
		want    []string // act, number, whether the base has it, new text
	}{
		{"English", OverlayAmendment, []string{
			"1|Replace 5.1 by the following:\n5.1 A gate shall be 1.2 m wide.", "2|Delete subclause 5.2.", "3|Add the following new subclause 5.4:\nA gate shall have a latch.", "4|In 6.1, replace \"2 m\" with \"2.4 m\"."},
			[]string{"replaced 5.1 true A gate shall be 1.2 m wide.", "deleted 5.2 true ", "added 5.4 false A gate shall have a latch.", "reworded 6.1 true "}},
		{"English, passive", OverlayAmendment, []string{"1|Clause 5.1 is replaced by the following: \"A gate shall be 1.2 m wide.\"", "2|Clause 5.3 is deleted."},
			[]string{"replaced 5.1 true A gate shall be 1.2 m wide.", "deleted 5.3 true "}},
		{"the order under the clause's number", OverlayAmendment, []string{"5.1|Replace the existing text with the following:\nA gate shall be 1.2 m wide.", "5.2|Delete the whole subclause."},
			[]string{"replaced 5.1 true A gate shall be 1.2 m wide.", "deleted 5.2 true "}},
		{"the text in the next clause", OverlayAmendment, []string{"|Replace subclause 5.1 by the following:", "5.1|A gate shall be 1.2 m wide."},
			[]string{"replaced 5.1 true A gate shall be 1.2 m wide."}},
		{"two orders in one clause", OverlayCorrigendum, []string{"1|Replace 5.1 with:\nA gate shall be 1.2 m wide.\nDelete 5.2."},
			[]string{"replaced 5.1 true A gate shall be 1.2 m wide.", "deleted 5.2 true "}},
		{"Chinese", OverlayAmendment, []string{
			"一|第5.1条修改为：\n5.1 大门净宽不应小于1.2 m。", "二|删除第5.2条。", "三|增加第5.4条：大门应设插销。", "四|第6.1条中“2 m”改为“2.4 m”。"},
			[]string{"replaced 5.1 true 大门净宽不应小于1.2 m。", "deleted 5.2 true ", "added 5.4 false 大门应设插销。", "reworded 6.1 true "}},
		{"Chinese, 将", OverlayAmendment, []string{"1|将5.1修改为：“大门净宽不应小于1.2 m。”", "2|5.3条予以删除。"}, []string{"replaced 5.1 true 大门净宽不应小于1.2 m。", "deleted 5.3 true "}},
		{"Russian", OverlayAmendment, []string{
			"1|Пункт 5.1 изложить в новой редакции:\n«5.1 Ширина ворот не менее 1,2 м.».", "2|Пункт 5.2 исключить.", "3|Раздел 5 дополнить пунктом 5.4: «Ворота должны иметь засов».", "4|В пункте 6.1 слова «2 м» заменить словами «2,4 м»."},
			[]string{"replaced 5.1 true Ширина ворот не менее 1,2 м.", "deleted 5.2 true ", "added 5.4 false Ворота должны иметь засов", "reworded 6.1 true "}},
		{"French", OverlayAmendment, []string{
			"1|Le paragraphe 5.1 est remplacé par le texte suivant\u00a0:\n«\u00a0La porte a 1,2 m de largeur.\u00a0»", "2|L’article 5.2 est supprimé.", "3|Le point 5.4 suivant est inséré : La porte a un loquet.", "4|Au paragraphe 6.1, les mots « 2 m » sont remplacés par « 2,4 m »."},
			[]string{"replaced 5.1 true La porte a 1,2 m de largeur.", "deleted 5.2 true ", "added 5.4 false La porte a un loquet.", "reworded 6.1 true "}},
		{"French, told to do", OverlayAmendment, []string{"1|Remplacer l'article 5.1 par ce qui suit : La porte a 1,2 m.", "2|Supprimer le paragraphe 5.2.", "3|Ajouter un nouveau paragraphe 5.4 : Un loquet."},
			[]string{"replaced 5.1 true La porte a 1,2 m.", "deleted 5.2 true ", "added 5.4 false Un loquet."}},
		{"Spanish", OverlayAmendment, []string{
			"1|El apartado 5.1 se sustituye por el texto siguiente:\n«La puerta tendrá 1,2 m de ancho.»", "2|Se suprime el apartado 5.2.", "3|Se añade un nuevo apartado 5.4: La puerta tendrá pestillo.", "4|En el apartado 6.1, las palabras «2 m» se sustituyen por «2,4 m»."},
			[]string{"replaced 5.1 true La puerta tendrá 1,2 m de ancho.", "deleted 5.2 true ", "added 5.4 false La puerta tendrá pestillo.", "reworded 6.1 true "}},
		{"German", OverlayAmendment, []string{
			"1|Abschnitt 5.1 wird wie folgt gefasst:\n„Ein Tor ist 1,2 m breit.“", "2|Abschnitt 5.2 wird gestrichen.", "3|Folgender Abschnitt 5.4 wird eingefügt: Ein Tor hat einen Riegel.", "4|In Abschnitt 6.1 wird die Angabe „2 m“ durch „2,4 m“ ersetzt."},
			[]string{"replaced 5.1 true Ein Tor ist 1,2 m breit.", "deleted 5.2 true ", "added 5.4 false Ein Tor hat einen Riegel.", "reworded 6.1 true "}},
		{"Arabic, with its own digits", OverlayAmendment, []string{
			"1|يستعاض عن البند ٥.١ بما يلي:\nيجب ألا يقل عرض البوابة عن ١.٢ م.", "2|يحذف البند (٥.٢).", "3|يضاف بند جديد برقم 5.4: يجب أن يكون للبوابة مزلاج.", "4|في البند 6.1 يستعاض عن عبارة «2 م» بعبارة «2.4 م»."},
			[]string{"replaced 5.1 true يجب ألا يقل عرض البوابة عن ١.٢ م.", "deleted 5.2 true ", "added 5.4 false يجب أن يكون للبوابة مزلاج.", "reworded 6.1 true "}},
		{"numbers alone", OverlayAmendment, []string{"5|", "5.1|A gate shall be 1.2 m wide.", "5.2|A gate shall be painted.", "5.4|A gate shall have a latch.", "9.1|Foreign."},
			[]string{"replaced 5.1 true A gate shall be 1.2 m wide.", "added 5.4 false A gate shall have a latch."}},
		{"a clause that the base lacks", OverlayAmendment, []string{"1|Replace 7.7 by the following: A wall."}, []string{"replaced 7.7 false A wall."}},
		{"an annex chooses", OverlayAnnex, []string{"NA.1|Scope of this annex.", "NA.2|NDP to 5.1\nThe value 1.2 m is used."}, []string{"choice 5.1 true NDP to 5.1\nThe value 1.2 m is used."}},
		// Controls: prose that speaks of replacing orders nothing.
		{"an annex has no effect by number", OverlayAnnex, []string{"5.1|A gate shall be 1.2 m wide."}, nil},
		{"prose", OverlayAnnex, []string{"1|Users may replace 5 gates by one fence.", "2|Изношенные ворота следует заменить.", "3|损坏的大门应更换。", "4|See 5.1 and 5.2.",
			"5|Conformément à l’article 5.1, la porte est remplacée par une autre.", "6|Según el apartado 5.1, la puerta se sustituye por otra.", "7|Nach Abschnitt 5.1 wird das Tor ersetzt.", "8|وفق البند 5.1 تستبدل البوابة."}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, e := range Effects(tt.kind, base, made("o", tt.overlay...)) {
				text := e.New.Text
				got = append(got, fmt.Sprintf("%s %s %v %s", e.Act, e.Number, e.Base != "", text))
			}
			if strings.Join(got, "|") != strings.Join(tt.want, "|") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

// A rewording gives its whole line as the reason, an order the words that order.
func TestEffectReasons(t *testing.T) {
	base := made("b", "5.1|A.", "6.1|B.")
	got := Effects(OverlayAmendment, base, made("o", "1|第5.1条修改为：C。\n第6.1条中“2 m”改为“2.4 m”。", "2|D."))
	if len(got) != 2 || got[0].Why != "第5.1条修改为" || got[1].Why != "第6.1条中“2 m”改为“2.4 m”。" || got[0].New.Text != "C。" || got[0].By != "o/0-1" {
		t.Errorf("%+v", got)
	}
	if got := Effects(OverlayAmendment, base, made("o", "5.1|New.")); len(got) != 1 || got[0].Why != "" {
		t.Errorf("by number: %+v", got)
	}
}

// The consolidated reading has what applies now, in the place it belongs.
func TestConsolidate(t *testing.T) {
	base := made("b", "5|", "5.1|Wide.", "5.2|Painted.", "5.10|Lit.", "6|", "6.1|High.")
	first := Effects(OverlayAmendment, base, made("o", "1|Replace 5.1 by: Wider.", "2|Delete 5.2.", "3|Add a new clause 5.3: Latched.", "4|Add a new clause 6.2: Straight."))
	second := Effects(OverlayAmendment, base, made("p", "1|Replace 5.1 by: Widest."))
	var got []string
	for _, a := range Consolidate(base, append(first, second...)) {
		c, applies := a.Now()
		if c.Kind == KindHeading {
			c.Text = "*"
		}
		got = append(got, fmt.Sprintf("%s %s %v", a.number(), c.Text, applies))
	}
	want := "5 * true|5.1 Widest. true|5.2 Painted. false|5.3 Latched. true|5.10 Lit. true|6 * true|6.1 High. true|6.2 Straight. true"
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	if base[1].Text != "Wide." {
		t.Error("the base's own text was changed")
	}
}
