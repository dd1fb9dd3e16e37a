package web

import (
	"strings"
	"testing"
	"unicode"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// printedTexts are clauses in five languages as standards print them: with units,
// brackets, quotes, long words and, in Arabic, words that are written as one.
var printedTexts = map[corpus.Language][]string{
	"en": {"The clear width of doors shall be not less than 0.9 m (see 5.2).", "Exits shall be “clearly” marked, e.g. by signs of 50 mm × 100 mm."},
	"zh": {"疏散门的净宽度不应小于 0.9 m（见第5.2条）。", "安全出口应设置“明显”的标志，尺寸不应小于50mm×100mm。"},
	"ru": {"Ширина двери в свету должна быть не менее 0,9 м (см. 5.2).", "Противопожарные самозакрывающиеся двери следует обозначать «чётко», не менее 50×100 мм."},
	"ar": {"يجب ألا يقل العرض الصافي للأبواب عن 0.9 m (انظر 5.2).", "لا يجوز أن تقل أبعاد العلامات عن ٥٠ مم، ويجب أن تكون واضحة."},
	"fr": {"La largeur libre des portes doit être d’au moins 0,9 m (voir 5.2).", "Les issues doivent être signalées « clairement », à l’aide de panneaux d’au moins 50 mm × 100 mm."},
}

// TestPrintedPages prints a standard and a comparison in five languages with Chromium
// and reads the files with our own reader: each text stands in it, in its order, and
// nothing of the page is lost.
func TestPrintedPages(t *testing.T) {
	s := newSite(t)
	b := s.tabIn(t, startChromium(t))
	b.signIn("reader")
	en := document("print-en", "US", "en", corpus.RightsFull, printedTexts["en"]...)
	if _, err := s.db.Save(t.Context(), en, "cli"); err != nil {
		t.Fatal(err)
	}
	for _, language := range []corpus.Language{"en", "zh", "ru", "ar", "fr"} {
		d := document(corpus.StandardID("print-"+string(language)), "SA", language, corpus.RightsFull, printedTexts[language]...)
		if language == "en" {
			d = document("print-en-2", "SA", language, corpus.RightsFull, printedTexts[language]...)
		}
		if _, err := s.db.Save(t.Context(), d, "cli"); err != nil {
			t.Fatal(err)
		}
		pageLanguage := string(language)
		b.look(1366, "dark", pageLanguage)
		b.open("/standards/" + string(d.Standard.ID))
		lost := b.lostInPrint(t, printedTexts[language])
		if len(lost) > 0 {
			t.Errorf("%s: the printed standard lacks %q", language, lost)
		}
		s.comparePrinted(t, en, d)
		b.open("/compare?a=print-en&b=" + string(d.Standard.ID))
		if n := ask[int](b, "document.querySelectorAll('.pairtable .wording').length"); n != 4 {
			t.Errorf("%s: %d texts are compared", language, n)
		}
		if lost := b.lostInPrint(t, nil); len(lost) > 0 {
			t.Errorf("%s: the printed comparison lacks %q", language, lost)
		}
	}
	// the control: what print hides is lost
	b.open("/standards/print-en")
	b.dress("@media print { main .wording { display: none; } }")
	if len(b.lostInPrint(t, printedTexts["en"])) == 0 {
		t.Error("a text that is not printed is not missed")
	}
}

// comparePrinted makes a dossier of two standards whose pairs are agreed.
func (s *site) comparePrinted(t *testing.T, a, b *corpus.Document) {
	t.Helper()
	d := review.Dossier{ID: uuid.Must(uuid.NewV7()), Name: "Print", Domain: corpus.DomainEngineering, Policy: review.PolicyOneReviewer, Created: s.clock.now(),
		Sides: []review.Side{{Party: "CN", Standards: []corpus.StandardID{a.Standard.ID}}, {Party: "RU", Standards: []corpus.StandardID{b.Standard.ID}}}}
	if err := s.db.SaveDossier(t.Context(), d, "cli"); err != nil {
		t.Fatal(err)
	}
	var list []matcher.Proposal
	for i := 1; i < len(a.Clauses); i++ {
		list = append(list, proposal(a.Clauses[i], b.Clauses[i]))
	}
	if _, _, err := s.db.Propose(t.Context(), d.ID, list); err != nil {
		t.Fatal(err)
	}
	for _, m := range s.allMatches(d) {
		s.say("lina", m, "equivalent", "", plainYes, plainYes)
	}
}

// lostInPrint lists what the printed page lacks: texts that do not stand in it as they
// are, and characters that the page shows in print more often than the file has them.
func (b *tab) lostInPrint(t *testing.T, texts []string) []string {
	t.Helper()
	printed := norm.NFKC.String(b.printed())
	var lost []string
	for _, text := range texts {
		for _, part := range partsInOrder(text) {
			if !containsLoose(printed, norm.NFKC.String(unspaced(part))) {
				lost = append(lost, part)
			}
		}
	}
	b.do(emulatedPrint("print"))
	shown := norm.NFKC.String(unspaced(ask[string](b, textShown)))
	b.do(emulatedPrint(""))
	have := map[rune]int{}
	for _, r := range mirrored.Replace(printed) {
		have[r]++
	}
	for _, r := range mirrored.Replace(shown) {
		if have[r]--; have[r] == -1 {
			lost = append(lost, string(r))
		}
	}
	if len(lost) > 0 {
		t.Logf("printed: %.1200s", printed)
	}
	return lost
}

// textShown is what the page shows, without what is for readers of screens alone.
const textShown = `(() => { const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), out = [];
	for (let n; (n = walk.nextNode()); ) { const p = n.parentElement; if (!p.closest('.vh, script, noscript, [hidden]') && p.getClientRects().length && getComputedStyle(p).visibility !== 'hidden') out.push(n.data); }
	return out.join(' '); })()`

// mirrored makes one of brackets that are drawn as each other from right to left.
var mirrored = strings.NewReplacer(")", "(", "]", "[", "»", "«", "›", "‹")

// partsInOrder are the stretches of a text that a printed file keeps in their order:
// the whole of it, but of Arabic the words, since where a number or a bracket belongs
// in a line from right to left is not said by where it is drawn (UAX #9).
func partsInOrder(text string) []string {
	if !strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Arabic, r) }) {
		return []string{text}
	}
	var out []string
	for _, word := range strings.Fields(text) {
		out = append(out, strings.Trim(word, "().،"))
	}
	return out
}

// containsLoose tells whether a text stands in another one in its order; hyphens that
// the browser put at ends of lines do not count.
func containsLoose(whole, text string) bool {
	bare := func(s string) string { return strings.NewReplacer("-", "", "‐", "", "\u00ad", "").Replace(s) }
	return strings.Contains(bare(whole), bare(text))
}

// emulatedPrint shows the page as it is printed, or on the screen again.
func emulatedPrint(media string) chromedp.Action[chromedp.Void] {
	return command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media})
}
