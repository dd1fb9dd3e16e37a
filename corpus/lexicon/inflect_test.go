package lexicon

import (
	"slices"
	"testing"

	"concord/corpus"
)

// names tells whether a text of a language names a concept.
func names(lex *Lexicon, lang corpus.Language, text string, want ConceptID) bool {
	return slices.ContainsFunc(lex.Read(corpus.Clause{Text: text, Language: lang}, "").Concepts, func(m Mention) bool { return m.Concept == want })
}

// Words in piles of endings are found as their terms are; a word that only ends like
// another one, or whose stem meets that of another by chance, is not.
func TestPiledEndings(t *testing.T) {
	lex := theLexicon(t)
	for _, row := range []struct {
		lang corpus.Language
		word string
		want ConceptID
		is   bool
	}{
		{"tr", "kullanılmasının", "use", true},
		{"tr", "kullanılabilecek", "use", true},
		{"tr", "kullanıcılarına", "user", true},
		{"tr", "kapıların", "door", true},
		{"tr", "saldırılarını", "attack", true},
		{"tr", "doğrulandığı", "verify", true},
		{"tr", "deneyimler", "sea", false},
		{"tr", "isteyen", "name", false},
		{"tr", "yükleyin", "high", false},
		{"tr", "kendisine", "final", false},
		{"kk", "есіктердің", "door", true},
		{"kk", "орнатылған", "install", true},
		{"kk", "қолданылатын", "use", true},
		{"kk", "орнаменттер", "install", false},
		{"kk", "салынған", "consequence", false},
		{"ko", "설치하여야", "install", true},
		{"ko", "설치된", "install", true},
		{"ko", "설치해야", "install", true},
		{"ko", "설치하는지를", "install", true},
		{"ko", "일반적인", "general", true},
		{"ko", "벽을", "wall", true},
		{"ko", "문을", "door", true},
		{"ko", "문의", "door", false},
		{"ko", "벽보", "wall", false},
	} {
		if got := names(lex, row.lang, row.word, row.want); got != row.is {
			t.Errorf("%q of %s names %s: %t, want %t", row.word, row.lang, row.want, got, row.is)
		}
	}
}

// A Korean compound is understood through its parts; a particle is no end of one.
func TestKoreanCompounds(t *testing.T) {
	lex := theLexicon(t)
	for _, want := range []ConceptID{"protect", "apparatus"} {
		if !names(lex, "ko", "보호장치가 있다", want) {
			t.Errorf("보호장치 does not name %s", want)
		}
	}
	if names(lex, "ko", "국제연합의 결의", "agreement") {
		t.Error("연합의 is read as 합의")
	}
}

// Forms added later are found inflected too, and only then.
func TestPiledEndingsOfAddedForms(t *testing.T) {
	lex := theLexicon(t)
	text := corpus.Clause{Text: "zurnacıların", Language: "tr"}
	has := func(l *Lexicon) bool {
		return slices.ContainsFunc(l.Read(text, "").Concepts, func(m Mention) bool { return m.Concept == "zurna-player" })
	}
	more := []Concept{{ID: "zurna-player", Domain: "general", Forms: map[corpus.Language][]string{"tr": {"zurnacı"}}}}
	if !has(lex.With(more)) || has(lex) {
		t.Error("an added form is not found with its endings, or a form is found that was not added")
	}
	if probe := lex.Probe(more); !probe.MayChange(text) || probe.MayChange(corpus.Clause{Text: "kapıların", Language: "tr"}) {
		t.Error("the probe does not find the added form with its endings, or finds another word")
	}
}

// Japanese verbs, adjectives and loanwords are found as they stand in sentences.
func TestJapaneseForms(t *testing.T) {
	lex := theLexicon(t)
	for _, row := range []struct {
		text string
		want ConceptID
		is   bool
	}{
		{"階段を設けなければならない。", "set-up", true},
		{"火災を防ぎ、", "prevent", true},
		{"火災を防いだ。", "prevent", true},
		{"書類を提出した。", "submit", true},
		{"電波が高く、", "high", true},
		{"その高さは", "high", false},
		{"措置を講じなければ", "take-measures", true},
	} {
		if _, known := lex.Concept(row.want); !known {
			t.Errorf("no concept %s", row.want)
		}
		if got := names(lex, "ja", row.text, row.want); got != row.is {
			t.Errorf("%q names %s: %t, want %t", row.text, row.want, got, row.is)
		}
	}
}

// Portuguese plurals that change their end meet their singular, and spellings of
// before 1990 those of today; short words that end alike are left alone.
func TestPortuguesePlurals(t *testing.T) {
	lex := theLexicon(t)
	for one, many := range map[string]string{"condição": "condições", "visível": "visíveis", "papel": "papéis", "sinal": "sinais", "imagem": "imagens", "ação": "acções", "projeto": "projectos", "exceção": "excepção"} {
		if lex.stem(one, "pt") != lex.stem(many, "pt") {
			t.Errorf("%s is %s, %s is %s", one, lex.stem(one, "pt"), many, lex.stem(many, "pt"))
		}
	}
	for a, b := range map[string]string{"pais": "pal", "leis": "lel", "apto": "ato"} {
		if lex.stem(a, "pt") == lex.stem(b, "pt") {
			t.Errorf("%s and %s meet", a, b)
		}
	}
}

// Words added for one sense are not read in another that is near: by their form
// (Korean 공정 is a process and a fair one), by their end (Turkish kat and katı) or by a
// longer term (Dutch vast and vaste stof).
func TestAddedSensesStayApart(t *testing.T) {
	lex := theLexicon(t)
	for _, row := range []struct {
		lang      corpus.Language
		text      string
		want, not ConceptID
	}{
		{"ko", "공정하고 투명한 절차", "equal-treatment", "industrial-process"},
		{"ko", "생산 공정", "industrial-process", "equal-treatment"},
		{"ko", "요소의 속성", "attribute-of-element", "property"},
		{"tr", "katı atık", "solid", "storey"},
		{"tr", "zemin katın", "storey", "solid"},
		{"tr", "bu Yönetmelik hakkında bilgi", "information", "right"},
		{"tr", "vatandaşların hakları", "right", "regulation"},
		{"nl", "een vaste trap", "fixed", "solid"},
		{"nl", "een vaste stof", "solid", ""},
		{"pt", "a célula da tabela", "table-cell", "detention-cell"},
		{"it", "la cella della tabella", "table-cell", "detention-cell"},
		{"it", "è ben giusto", "", "right"},
		{"it", "il diritto dei lavoratori", "right", ""},
		{"kk", "құжатты бекіту", "approve", "close"},
		{"ja", "属性の一覧", "attribute-of-element", "property"},
		{"ja", "人工の照明", "lighting", "person"},
	} {
		if row.want != "" && !names(lex, row.lang, row.text, row.want) {
			t.Errorf("%q of %s does not name %s: %v", row.text, row.lang, row.want, lex.Read(corpus.Clause{Text: row.text, Language: row.lang}, "").Concepts)
		}
		if row.not != "" && names(lex, row.lang, row.text, row.not) {
			t.Errorf("%q of %s is read as %s", row.text, row.lang, row.not)
		}
	}
}
