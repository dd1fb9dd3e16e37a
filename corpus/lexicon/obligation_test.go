package lexicon

import (
	"strings"
	"testing"

	"concord/corpus"
)

// TestObligationRows reads the example of every row under its tradition: the
// row's degree must be found on words of the example, or none for a trap.
func TestObligationRows(t *testing.T) {
	lex := theLexicon(t)
	rows, err := readTable(tables, "data/obligation.tsv", "language", "tradition", "pattern", "degree", "example", "source", "note")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows.rows {
		lang, trad, pattern, degree, example := r.cells[0], r.cells[1], r.cells[2], r.cells[3], r.cells[4]
		trad, _, _ = strings.Cut(strings.ReplaceAll(trad, "*", ""), ",")
		got := lex.Read(corpus.Clause{Text: example, Language: corpus.Language(lang)}, corpus.Tradition(trad)).Obligations
		if degree == "none" {
			if len(got) != 0 && degree == "none" && !strings.Contains(pattern, "不得不") {
				t.Errorf("line %d: %q of %s has %v, want none", r.line, example, lang, got)
			}
			continue
		}
		found := false
		for _, o := range got {
			found = found || string(o.Degree) == degree
		}
		if !found {
			t.Errorf("line %d: %q of %s %s (%s) gives %v, want %s", r.line, example, lang, trad, pattern, got, degree)
		}
	}
}

func TestObligationTraps(t *testing.T) {
	lex := theLexicon(t)
	for _, tt := range []struct{ name, lang, tradition, text, want string }{
		{"stress and supply are no must", "zh", "gb", "应力、供应、相应、反应、效应和响应的性能。", ""},
		{"reliable and combustible are no may", "zh", "gb", "可靠的可燃材料及其可行性、许可证。", ""},
		{"suitable is no should", "zh", "gb", "适宜的环境、便宜的事宜。", ""},
		{"energy is no can", "zh", "gb", "能量、性能、功能、节能和智能。", ""},
		{"trap beside a must", "zh", "gb", "供应管道应可靠。", "require"},
		{"must of engineering", "zh", "gb-construction", "必须设置消防车道。", "require"},
		{"must of GB/T 1.1", "zh", "gb", "必须依法分类。", "external"},
		{"must not", "zh", "gb-construction", "严禁烟火，不得堆放。", "prohibit prohibit"},
		{"some codes print 不可", "zh", "gb-construction", "不可封堵。", "prohibit"},
		{"should and should not", "zh", "gb", "宜设门，不宜设窗。", "recommend discourage"},
		{"a reference that does not bind", "zh", "gb-construction", "其他要求应参照有关规定执行。", "recommend"},
		{"a reference that may be followed", "zh", "gb", "可参照本章执行。", "permit"},
		{"a reference that binds", "zh", "gb", "应符合本章的规定。", "require"},
		{"every article binds", "zh", "gb-general-code", "外墙宜密实。", "require"},
		{"every article binds, without a word", "zh", "gb-general-code", "外墙密实。", "require"},
		{"the same elsewhere", "zh", "gb", "外墙密实。", ""},
		{"Taiwan permits with 得", "zh-Hant", "", "主管機關得檢查，不得拒絕。", "permit prohibit"},
		{"obtain is no permission", "zh-Hant", "", "應取得許可。", "require"},
		{"得 does not permit elsewhere", "zh", "", "获得和测得的值得到确认。", ""},
		{"darf nicht", "de", "", "Die Tür darf nicht verschlossen sein.", "prohibit"},
		{"darf, words, nicht", "de", "", "Die Tür darf von innen nicht verschlossen sein.", "prohibit"},
		{"muss nicht", "de", "", "Die Tür muss nicht verschlossen sein.", "need-not"},
		{"muss, and nicht in another clause", "de", "", "Die Tür muss schließen, wenn es nicht brennt.", "require"},
		{"следует in GOST", "ru", "gost", "Стену следует испытать.", "require"},
		{"следует in a translated ISO text", "ru", "iso", "Стену следует испытать.", "recommend"},
		{"не следует in GOST", "ru", "gost", "Стену не следует красить.", "prohibit"},
		{"допускается", "ru", "ru-building", "Допускается устройство лестниц.", "permit"},
		{"не допускается", "ru", "ru-building", "Не допускается устройство лестниц.", "prohibit"},
		{"допускается не", "ru", "ru-building", "Допускается не предусматривать лестницы.", "need-not"},
		{"only", "ru", "gost", "Допускается только вода.", "require"},
		{"the month", "en", "", "The code was adopted in May 2014.", ""},
		{"the month without a preposition", "en", "", "Until 1 May 2014 the old code applied.", ""},
		{"may", "en", "", "The wall may lean.", "permit"},
		{"may not in a code", "en", "us-code", "Doors may not be locked.", "prohibit"},
		{"may not in ISO", "en", "iso", "This may not apply.", ""},
		{"must in ISO", "en", "iso", "Waste must be sorted.", "external"},
		{"must elsewhere", "en", "us-code", "Waste must be sorted.", "require"},
		{"how to read", "en", "iso", "This part should be read together with part 1.", ""},
		{"a can", "en", "", "The waste lies in a metal can.", ""},
		{"hendaknya of Indonesia", "id", "", "Dinding hendaknya rapat.", "recommend"},
		{"hendaklah of Malaysia", "ms", "", "Dinding hendaklah rapat.", "require"},
		{"several degrees", "en", "iso", "The door shall close. It should be red; it may be of glass.", "require recommend permit"},
		{"shall be permitted", "en", "us-code", "Glass shall be permitted.", "permit"},
		{"shall not be required", "en", "us-code", "A ramp shall not be required.", "need-not"},
		{"no person shall", "en", "", "No person shall enter the shaft.", "prohibit"},
		{"elision", "fr", "", "L'exploitant n'est pas tenu de déclarer.", "need-not"},
		{"ne doit pas", "fr", "", "La porte ne doit pas être verrouillée.", "prohibit"},
		{"il convient", "fr", "", "Il convient de fermer et il convient de ne pas fumer.", "recommend discourage"},
		{"no podrá", "es", "", "La puerta no podrá cerrarse.", "prohibit"},
		{"Arabic must not", "ar", "", "يجب ألا تغلق الأبواب ويجب فتحها.", "prohibit require"},
		{"Arabic with vowel marks", "ar", "", "لا يَجُوزُ التدخين.", "prohibit"},
		{"Vietnamese right-hand side", "vi", "", "Cửa ở bên phải phải kín.", "require"},
		{"Turkish endings", "tr", "", "Kapı kapanmalıdır ve kilitlenmemelidir.", "require prohibit"},
		{"Kazakh negated verb", "kk", "", "Есік жабылмауы тиіс.", "prohibit"},
		{"imperative", "en", "", "Verify that passwords are salted.", "require"},
		{"imperative after a list number", "en", "", "1 Verify that passwords are salted.", "require"},
		{"the same word inside", "en", "", "The tests verify the walls.", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := lex.Read(corpus.Clause{Text: tt.text, Language: corpus.Language(tt.lang)}, corpus.Tradition(tt.tradition))
			var got []string
			for _, o := range r.Obligations {
				got = append(got, string(o.Degree))
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("%q: %q, want %q", tt.text, s, tt.want)
			}
		})
	}
}

func TestHeadingsDoNotBind(t *testing.T) {
	lex := theLexicon(t)
	c := corpus.Clause{Heading: "Document what must be kept", Text: "The wall may lean.", Language: "en", Kind: corpus.KindProvision}
	r := lex.Read(c, "")
	if got := Strongest(r.Obligations); got != DegreePermit {
		t.Errorf("strongest is %s, want permit", got)
	}
	if got := lex.Kind(c, r); got != corpus.KindPermission {
		t.Errorf("kind is %s", got)
	}
	c.Kind = corpus.KindNote
	if got := lex.Kind(c, r); got != corpus.KindNote {
		t.Errorf("a note became %s", got)
	}
}
