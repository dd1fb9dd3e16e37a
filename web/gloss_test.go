package web

import (
	"slices"
	"strings"
	"testing"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/review"
)

// labels are names of two concepts, one of which has none in Arabic.
func labels(id lexicon.ConceptID, l corpus.Language) string {
	return map[lexicon.ConceptID]map[corpus.Language]string{
		"door": {"en": "door", "zh": "门", "ar": "باب"}, "exit": {"en": "exit", "zh": "出口", "ar": "exit"},
	}[id][l]
}

// finds reads the words it is given, in every text, in its order as a reader does.
type finds map[string]lexicon.ConceptID

func (f finds) Read(c corpus.Clause, _ corpus.Tradition) lexicon.Reading {
	r := lexicon.Reading{Language: c.Language}
	text := c.Wording()
	for word, id := range f {
		for from := 0; ; {
			i := strings.Index(text[from:], word)
			if i < 0 {
				break
			}
			r.Concepts = append(r.Concepts, lexicon.Mention{Concept: id, Span: lexicon.Span{Start: from + i, End: from + i + len(word)}})
			from += i + len(word)
		}
	}
	slices.SortFunc(r.Concepts, func(a, b lexicon.Mention) int { return a.Span.Start - b.Span.Start })
	if i := strings.Index(text, "应"); i >= 0 {
		r.Obligations = append(r.Obligations, lexicon.Obligation{Degree: lexicon.DegreeRequire, Span: lexicon.Span{Start: i, End: i + len("应")}})
	}
	return r
}

// TestReadingAid: each text in another language than the page's has the words that the
// termbase knows, in the order of the text and once each, in the language of the page.
func TestReadingAid(t *testing.T) {
	s := newSite(t, func(c *Config) {
		c.Read, c.Label = finds{"门": "door", "净宽度": "nowhere", "двери": "door"}, labels
	})
	lina := s.signedIn("lina")
	page := "/matches/" + s.matches[0].ID.String()
	body := lina.get(page).body
	if n := strings.Count(body, "Reading aid"); n != 2 {
		t.Fatalf("%d reading aids on an English page with a Chinese and a Russian text", n)
	}
	aid := between(body, `class="around gloss"`, "</details>")
	door, shall := strings.Index(aid, `<dt lang="zh" dir="ltr" translate="no">门</dt><dd>door</dd>`), strings.Index(aid, `translate="no">应</dt><dd>shall</dd>`)
	if door < 0 || shall < door || strings.Count(aid, "<dt") != 2 || !strings.Contains(aid, "Not authoritative") {
		t.Errorf("the aid of the Chinese text: %s", aid)
	}
	lina.holds(page, []string{`<dt lang="ru" dir="ltr" translate="no">двери</dt><dd>door</dd>`}, nil)
	zh := lina.get(page, "Accept-Language", "zh").body
	if !strings.Contains(zh, `<html lang="zh`) || strings.Count(zh, `class="around gloss"`) != 1 {
		t.Errorf("a reader of Chinese is helped with Chinese: %d", strings.Count(zh, `class="around gloss"`))
	}
}

// TestReadingAidOfATongue: what has no name in the language of the page says in which it
// is; nested mentions and words of no concept are left out; the reader's own language
// has no aid.
func TestReadingAidOfATongue(t *testing.T) {
	s := newSite(t, func(c *Config) { c.Read, c.Label = finds{"出口": "exit", "门": "door"}, labels })
	c := corpus.Clause{ID: "gb-1-2020/5.1", Language: "zh", Text: "出口的门，出口。"}
	std := corpus.Standard{Language: "zh", Rights: corpus.RightsFull}
	rows := s.server.gloss(c, std, asker{words: s.server.words["ar"]})
	if len(rows) != 2 || rows[0].Word != "出口" || rows[0].Means[0] != (glossName{"exit", "en"}) || rows[1].Means[0] != (glossName{"باب", ""}) {
		t.Errorf("%+v", rows)
	}
	if rows := s.server.gloss(c, std, asker{words: s.server.words["zh"]}); rows != nil {
		t.Errorf("one's own language: %+v", rows)
	}
}

// TestReadingAidKeepsRights: of a text that may not be shown whole the aid knows no word
// beyond what is shown.
func TestReadingAidKeepsRights(t *testing.T) {
	s := newSite(t, func(c *Config) { c.Read, c.Label = finds{"hidden": "door", "seen": "exit"}, labels })
	c := corpus.Clause{ID: "iso-9-2020/5.1", Language: "en", Text: "seen " + strings.Repeat("word ", 200) + "hidden"}
	for rights, want := range map[corpus.Rights]int{corpus.RightsFull: 2, corpus.RightsExcerpt: 1, corpus.RightsTitles: 0} {
		rows := s.server.gloss(c, corpus.Standard{Language: "en", Rights: rights}, asker{words: s.server.words["zh"], person: review.Person{}})
		if len(rows) != want {
			t.Errorf("%s: %+v", rights, rows)
		}
		for _, r := range rows {
			if r.Word == "hidden" && rights != corpus.RightsFull {
				t.Errorf("%s: a word that is not shown", rights)
			}
		}
	}
}

// TestReadingAidOfAnEdition: the same clause of an edition in the reader's language, else
// in English, as far as its rights allow; what only adopts the same third is no
// translation.
func TestReadingAidOfAnEdition(t *testing.T) {
	s := newSite(t)
	s.saveEditions()
	for _, c := range []struct{ clause, page, standard, words, not string }{
		{"cn-gb-99001-2020/5.1", "en", "cn-gb-99001-2020-en", "A gate shall open outwards.", ""},
		{"cn-gb-99001-2020/5.1", "ru", "cn-gb-99001-2020-en", "A gate shall open outwards.", ""},
		{"cn-gb-99001-2020/5.1", "ar", "cn-gb-99001-2020-ar", "البوابة", strings.Repeat("hidden words of a paid text ", 6)},
		{"gb-1-2020/5.1", "ru", "", "", ""},
	} {
		list, err := s.db.Clauses(t.Context(), corpus.ClauseID(c.clause))
		if err != nil || len(list) != 1 {
			t.Fatalf("%s: %d, %v", c.clause, len(list), err)
		}
		h, err := s.db.Standard(t.Context(), list[0].Standard)
		if err != nil {
			t.Fatal(err)
		}
		aid, err := s.server.aid(t.Context(), list[0], h.Standard, asker{words: s.server.words[c.page]})
		if err != nil {
			t.Fatal(err)
		}
		if aid == nil {
			if c.standard != "" {
				t.Errorf("%s in %s has no aid", c.clause, c.page)
			}
			continue
		}
		text := beginning(aid.Text)
		if string(aid.Standard.ID) != c.standard || !strings.Contains(text, c.words) || c.not != "" && strings.Contains(text, c.not) {
			t.Errorf("%s in %s is aided by %s: %s", c.clause, c.page, aid.Standard.ID, text)
		}
	}
}
