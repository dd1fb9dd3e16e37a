package reader

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"concord/corpus"
)

// complete settles a document's identity: hints first, then what the file says,
// then what the designation's publisher, the file's name and the language of the
// text suggest. Every guess is said in a problem. It also cleans the wording of
// every clause and gives identifiers.
func complete(doc *corpus.Document, name string, hint Hint) {
	s := &doc.Standard
	guess := func(p corpus.Problem) { doc.Problems = append(doc.Problems, p) }
	override(s, hint)
	s.Source = filepath.Base(name)
	named := s.Designation != "" && s.Jurisdiction != "" // by the file itself
	if s.Designation == "" && len(s.Titles) > 0 {
		if found := corpus.FindDesignations(s.Titles[0].Text); len(found) > 0 && found[0].Start == 0 {
			s.Designation = s.Titles[0].Text[:found[0].End]
			guess(corpus.Say(corpus.SeverityWarning, "identity", "designation-from-title", "the designation {value} was taken from the title", "give --standard if it is another", "value", quote(s.Designation)))
		}
	}
	if s.Designation == "" {
		if s.Designation = designationFromName(name); s.Designation != "" {
			guess(corpus.Say(corpus.SeverityWarning, "identity", "designation-from-name", "the designation {value} was taken from the file's name", "give --standard if it is another", "value", quote(s.Designation)))
		}
	}
	doc.Problems = slices.DeleteFunc(doc.Problems, func(p corpus.Problem) bool { // what overruled it was given
		return p.Rule == coverRule && p.Values[1] != quote(s.Designation)
	})
	publisher, known := corpus.PublisherOf(s.Designation)
	if s.Language == "" {
		s.Language = languageOf(doc)
		if s.Language == "" && known {
			s.Language = publisher.Language
		}
		if s.Language != "" {
			guess(corpus.Say(corpus.SeverityNote, "language", "language-guessed", "the language was taken to be {tongue}", "give --lang if it is another", "tongue", string(s.Language)))
		}
	}
	if n, at, tongue := otherTongue(doc); n > 0 {
		doc.Problems = append(doc.Problems, corpus.Say(corpus.SeverityNote, "language", "languages-mixed", "clauses in another script than most: {count}; the first of them: {clause} ({tongue})", "if it is a translation, import each language as a standard of its own", "count", n, "clause", quote(at), "tongue", string(tongue)))
	}
	if known {
		s.Issuer = first(s.Issuer, publisher.Issuer)
		s.Jurisdiction = first(s.Jurisdiction, publisher.Jurisdiction)
		s.Tradition = first(s.Tradition, publisher.Tradition)
	}
	if s.Jurisdiction == "" {
		s.Jurisdiction = first(homeOf[s.Language], "INT")
		guess(corpus.Say(corpus.SeverityWarning, "identity", "jurisdiction-guessed", "the jurisdiction is not given and was taken to be {place}", "give --jurisdiction if it is another", "place", string(s.Jurisdiction)))
	}
	s.Tradition = first(s.Tradition, traditionOf(s, doc))
	s.Rights = first(s.Rights, corpus.RightsFull)
	if len(s.Titles) == 0 {
		s.Titles = []corpus.Title{{Language: s.Language, Text: s.Designation}}
	}
	for i := range s.Titles {
		if s.Titles[i].Language == "" {
			s.Titles[i].Language = s.Language
		}
	}
	if s.Edition == "" {
		if d, err := corpus.ParseDesignation(s.Designation); err == nil {
			s.Edition = d.Year
			if len(s.Adopts) == 0 {
				s.Adopts = d.Adopts
			}
		}
	}
	if len(s.Adopts) == 0 {
		if adoption, said := declaredAdoption(doc); adoption.Designation != "" {
			s.Adopts = []corpus.Adoption{adoption}
			guess(corpus.Say(corpus.SeverityNote, "identity", "adoption-read", "the adoption of {name} ({degree}) was taken from the words {words}", "", "name", adoption.Designation, "degree", string(adoption.Degree), "words", quote(shorten(strings.TrimSpace(said), 160))))
		}
	}
	classify(doc)
	if s.ID == "" && hint.Designation == "" && hint.Jurisdiction == "" {
		s.ID = identifierFromName(name, s.Jurisdiction, named)
	}
	if s.ID == "" {
		s.ID = editionID(s, publisher.Language, known)
	}
	if s.Domain == "" {
		if s.Domain = domainOf(doc); s.Domain != "" {
			guess(corpus.Say(corpus.SeverityWarning, "identity", "domain-guessed", "the domain was taken to be {domain} from the words of the text", "give --domain if it is another", "domain", string(s.Domain)))
		}
	}
	tidy(doc)
}

// editionID is the identifier of a text. Of a publisher that writes in several
// languages, or translates, each language is an edition of its own: the one in
// another language than the publisher's (English where there are several) has
// the language's tag behind.
func editionID(s *corpus.Standard, own corpus.Language, known bool) corpus.StandardID {
	id := corpus.NewStandardID(s.Designation, s.Jurisdiction)
	own = first(own, "en")
	if !known || s.Language == "" || s.Language.Base() == own.Base() {
		return id
	}
	return id + "-" + corpus.StandardID(strings.ToLower(string(s.Language)))
}

// first is the first value that is set.
//
//go:noinline
func first[T comparable](values ...T) T {
	var zero T
	for _, v := range values {
		if v != zero {
			return v
		}
	}
	return zero
}

func quote(s string) string { return "\"" + s + "\"" }

// override puts the hints over what the file says.
func override(s *corpus.Standard, hint Hint) {
	s.Designation = first(strings.TrimSpace(hint.Designation), s.Designation)
	s.Issuer = first(hint.Issuer, s.Issuer)
	s.Jurisdiction = first(hint.Jurisdiction, s.Jurisdiction)
	s.Language = first(hint.Language, s.Language)
	s.Domain = first(hint.Domain, s.Domain)
	s.Tradition = first(hint.Tradition, s.Tradition)
	s.Edition = first(hint.Edition, s.Edition)
	s.Rights = first(hint.Rights, s.Rights)
	if hint.Title != "" {
		s.Titles = []corpus.Title{{Language: s.Language, Text: hint.Title}}
	}
	if hint.Designation != "" || hint.Jurisdiction != "" {
		s.ID = ""
	}
}

// identifierPattern is what a standard's identifier looks like.
var identifierPattern = regexp.MustCompile(`^[a-z]{2,4}(-[a-z0-9]+)+$`)

// identifierFromName lets a file that names its standard itself and is called
// after an identifier of its jurisdiction (ae-fire-life-safety-code.md) keep that
// identifier.
func identifierFromName(name string, jurisdiction corpus.Jurisdiction, named bool) corpus.StandardID {
	stem := strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
	if !named || !hasSuffix(name, ".md") || !identifierPattern.MatchString(stem) || !strings.HasPrefix(stem, strings.ToLower(string(jurisdiction))+"-") {
		return ""
	}
	return corpus.StandardID(stem)
}

// languageSuffix is a language tag at the end of a file's name.
var languageSuffix = regexp.MustCompile(`(?i)[-_. ](zh|en|ru|fr|ar|es|de|vi|id|kk|tr|ja|ko|it|pt|nl|zh-cn|zh-tw|zh-hans|zh-hant|cn)$`)

// designationFromName finds a designation in a file's name, else takes the name
// itself without ending and language tag.
func designationFromName(name string) string {
	name = strings.ReplaceAll(name, "\\", "/")
	stem := filepath.Base(name)
	if folder := filepath.Base(filepath.Dir(name)); strings.HasPrefix(strings.ToLower(stem), "index.") && folder != "." && folder != "/" {
		stem = folder // the first page of a web site says nothing by its name
	}
	if i := strings.LastIndexByte(stem, '.'); i > 0 && len(stem)-i <= 9 && !endsInDigit(stem) {
		stem = stem[:i]
	}
	stem = strings.TrimSuffix(stem, ".flat")
	stem = languageSuffix.ReplaceAllString(stem, "")
	spaced := strings.ReplaceAll(stem, "_", " ")
	if found := corpus.FindDesignations(spaced); len(found) > 0 && found[0].Start == 0 {
		return strings.TrimSpace(found[0].Designation.String())
	}
	stem = strings.Join(strings.Fields(spaced), " ")
	if strings.IndexFunc(stem, func(r rune) bool { return r != '.' && r != '-' }) < 0 {
		return ""
	}
	return shorten(stem, 120)
}

// homeOf are languages that point to one state. Guesses from them are said.
var homeOf = map[corpus.Language]corpus.Jurisdiction{
	"zh": "CN", "zh-Hant": "TW", "vi": "VN", "id": "ID", "kk": "KZ", "tr": "TR", "ja": "JP", "ko": "KR", "de": "DE", "it": "IT", "nl": "NL",
}

// languageOf guesses the language of a document from its clauses.
func languageOf(doc *corpus.Document) corpus.Language {
	var b strings.Builder
	step := len(doc.Clauses)/400 + 1
	for i := 0; i < len(doc.Clauses) && b.Len() < headBytes; i += step {
		b.WriteString(doc.Clauses[i].Heading + "\n" + doc.Clauses[i].Text + "\n")
	}
	return GuessLanguage(b.String())
}

// traditionOf guesses how a text is drafted from where it binds and whether it
// is cut into articles.
func traditionOf(s *corpus.Standard, doc *corpus.Document) corpus.Tradition {
	articles := 0
	for _, c := range doc.Clauses {
		if n, _, ok := leadingNumber(c.Label); ok && n.Rank == "article" {
			articles++
		}
	}
	law := articles*2 > len(doc.Clauses)/2
	for _, row := range traditionTable {
		if (row.jurisdiction == "" || row.jurisdiction == s.Jurisdiction) && (row.language == "" || row.language == s.Language.Base()) && row.law == law {
			return row.tradition
		}
	}
	return corpus.TraditionUnknown
}

// traditionTable: where a designation says nothing, jurisdiction, language and
// whether the text is cut into articles do (own classification).
var traditionTable = []struct {
	jurisdiction corpus.Jurisdiction
	language     corpus.Language
	law          bool
	tradition    corpus.Tradition
}{
	{"EU", "", true, corpus.TraditionEULaw},
	{"", "zh", true, corpus.TraditionCNLaw},
	{"CN", "zh", false, corpus.TraditionGB},
	{"", "ru", true, corpus.TraditionRULaw},
	{"", "kk", true, corpus.TraditionRULaw},
	{"", "ru", false, corpus.TraditionGOST},
	{"", "de", true, corpus.TraditionDELaw},
	{"", "fr", true, corpus.TraditionFRLaw},
	{"FR", "fr", false, corpus.TraditionFRStandard},
	{"", "es", true, corpus.TraditionESLaw},
	{"ES", "es", false, corpus.TraditionESStandard},
	{"", "ar", true, corpus.TraditionARLaw},
	{"", "ar", false, corpus.TraditionARStandard},
	{"", "vi", true, corpus.TraditionVNLaw},
	{"", "id", true, corpus.TraditionIDLaw},
	{"US", "en", true, corpus.TraditionUSCode},
	{"US", "en", false, corpus.TraditionUSCode},
	{"INT", "", false, corpus.TraditionISO},
}

// domainWords are words that only one field's standards are full of, in small
// letters (own choice).
var domainWords = []struct {
	domain corpus.Domain
	words  []string
}{
	{corpus.DomainEngineering, []string{"建筑", "建築", "消防", "结构", "混凝土", "疏散", "construction", "building", "fire", "stair", "structural", "concrete", "здани", "сооружен", "пожар", "эвакуац", "construcción", "edificio", "incendio", "bâtiment", "incendie", "البناء", "الحريق", "المباني", "baustelle", "gebäude", "xây dựng", "công trình", "bangunan"}},
	{corpus.DomainPark, []string{"园区", "園區", "工业区", "industrial estate", "industrial park", "industrial zone", "industrial parks", "wastewater", "effluent", "индустриальн", "промышленн", "zone industrielle", "parque industrial", "المنطقة الصناعية", "المدينة الصناعية", "kawasan industri", "khu công nghiệp"}},
	{corpus.DomainDigital, []string{"数据", "网络安全", "信息系统", "資訊", "authentication", "password", "cyber", "encryption", "software", "information security", "personal data", "user agent", "web page", "данных", "аутентификац", "пользовател", "données", "logiciel", "cybersécurité", "page web", "datos personales", "ciberseguridad", "contraseña", "كلمة المرور", "التطبيق", "المصادقة", "البيانات", "daten", "informationssicherheit"}},
}

// domainOf guesses the field from its words: the leader must have twice the
// count of the next.
func domainOf(doc *corpus.Document) corpus.Domain {
	counts := make([]int, len(domainWords))
	step := len(doc.Clauses)/300 + 1
	for i := 0; i < len(doc.Clauses); i += step {
		c := doc.Clauses[i]
		text := strings.ToLower(c.Heading + " " + shorten(c.Text, 600))
		for d, row := range domainWords {
			for _, w := range row.words {
				counts[d] += strings.Count(text, w)
			}
		}
	}
	best, second := -1, 0
	for d, n := range counts {
		switch {
		case best < 0 || n > counts[best]:
			if best >= 0 {
				second = max(second, counts[best])
			}
			best = d
		default:
			second = max(second, n)
		}
	}
	if counts[best] < 5 || counts[best] < 2*second {
		return ""
	}
	return domainWords[best].domain
}

// tidy cleans every wording, brings identifiers to the settled standard, and
// fills in what a reader could not know.
func tidy(doc *corpus.Document) {
	var h hygiene
	rename := func(id corpus.ClauseID) corpus.ClauseID {
		if id == "" {
			return ""
		}
		return corpus.NewClauseID(doc.Standard.ID, id.Key())
	}
	for i := range doc.Clauses {
		c := &doc.Clauses[i]
		c.ID, c.Parent, c.Standard = rename(c.ID), rename(c.Parent), doc.Standard.ID
		c.Language = first(c.Language, doc.Standard.Language)
		c.Heading = strings.TrimSpace(h.clean(c.Heading))
		c.Text = strings.TrimSpace(h.clean(c.Text))
		c.Label = h.clean(c.Label)
		for j := range c.Path {
			c.Path[j] = h.clean(c.Path[j])
		}
	}
	for i := range doc.Standard.Titles {
		doc.Standard.Titles[i].Text = h.clean(doc.Standard.Titles[i].Text)
	}
	doc.Problems = append(doc.Problems, h.notes()...)
}
