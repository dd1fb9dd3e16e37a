package index

import (
	"strings"

	"github.com/blevesearch/bleve/v2/analysis/lang/ar"
	"github.com/blevesearch/bleve/v2/analysis/lang/bg"
	"github.com/blevesearch/bleve/v2/analysis/lang/ca"
	"github.com/blevesearch/bleve/v2/analysis/lang/cjk"
	"github.com/blevesearch/bleve/v2/analysis/lang/ckb"
	"github.com/blevesearch/bleve/v2/analysis/lang/cs"
	"github.com/blevesearch/bleve/v2/analysis/lang/da"
	"github.com/blevesearch/bleve/v2/analysis/lang/de"
	"github.com/blevesearch/bleve/v2/analysis/lang/el"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/lang/es"
	"github.com/blevesearch/bleve/v2/analysis/lang/eu"
	"github.com/blevesearch/bleve/v2/analysis/lang/fa"
	"github.com/blevesearch/bleve/v2/analysis/lang/fi"
	"github.com/blevesearch/bleve/v2/analysis/lang/fr"
	"github.com/blevesearch/bleve/v2/analysis/lang/ga"
	"github.com/blevesearch/bleve/v2/analysis/lang/gl"
	"github.com/blevesearch/bleve/v2/analysis/lang/hi"
	"github.com/blevesearch/bleve/v2/analysis/lang/hr"
	"github.com/blevesearch/bleve/v2/analysis/lang/hu"
	"github.com/blevesearch/bleve/v2/analysis/lang/hy"
	"github.com/blevesearch/bleve/v2/analysis/lang/id"
	"github.com/blevesearch/bleve/v2/analysis/lang/it"
	"github.com/blevesearch/bleve/v2/analysis/lang/nl"
	"github.com/blevesearch/bleve/v2/analysis/lang/no"
	"github.com/blevesearch/bleve/v2/analysis/lang/pt"
	"github.com/blevesearch/bleve/v2/analysis/lang/ro"
	"github.com/blevesearch/bleve/v2/analysis/lang/ru"
	"github.com/blevesearch/bleve/v2/analysis/lang/sv"
	"github.com/blevesearch/bleve/v2/analysis/lang/tr"

	"concord/corpus"
)

// language says how texts of one language are analysed for search: by a whole
// analyzer of Bleve, or as Unicode words in lower case, of which a stop list of
// Bleve or of our own takes the function words.
type language struct {
	tag      corpus.Language
	analyzer string // of Bleve
	stopList string // token filter of Bleve
	stop     string // our own stop words, separated by blanks
	stems    bool   // words are indexed by the lexicon's stems, where Bleve has no stemmer
	bigrams  bool   // written without spaces: character pairs (Thai, Lao, Khmer, Burmese)
}

// languages is the one table of analyzers. A language that is not in it is read
// as other: Unicode words in lower case. Our own stop words are the commonest
// function words of each language, from own knowledge.
var languages = []language{
	{tag: "ar", analyzer: ar.AnalyzerName}, {tag: "ckb", analyzer: ckb.AnalyzerName}, {tag: "da", analyzer: da.AnalyzerName},
	{tag: "de", analyzer: de.AnalyzerName}, {tag: "en", analyzer: en.AnalyzerName}, {tag: "es", analyzer: es.AnalyzerName},
	{tag: "fa", analyzer: fa.AnalyzerName}, {tag: "fi", analyzer: fi.AnalyzerName}, {tag: "fr", analyzer: fr.AnalyzerName},
	{tag: "hi", analyzer: hi.AnalyzerName}, {tag: "hr", analyzer: hr.AnalyzerName}, {tag: "hu", analyzer: hu.AnalyzerName},
	{tag: "it", analyzer: it.AnalyzerName}, {tag: "nl", analyzer: nl.AnalyzerName}, {tag: "no", analyzer: no.AnalyzerName},
	{tag: "pt", analyzer: pt.AnalyzerName}, {tag: "ro", analyzer: ro.AnalyzerName},
	{tag: "ru", analyzer: ru.AnalyzerName}, {tag: "sv", analyzer: sv.AnalyzerName}, {tag: "tr", analyzer: tr.AnalyzerName},
	{tag: "zh", analyzer: cjk.AnalyzerName}, {tag: "ja", analyzer: cjk.AnalyzerName}, {tag: "ko", analyzer: cjk.AnalyzerName},
	{tag: "bg", stopList: bg.StopName}, {tag: "ca", stopList: ca.StopName}, {tag: "cs", stopList: cs.StopName, stems: true},
	{tag: "el", stopList: el.StopName}, {tag: "eu", stopList: eu.StopName}, {tag: "ga", stopList: ga.StopName},
	{tag: "gl", stopList: gl.StopName}, {tag: "hy", stopList: hy.StopName}, {tag: "id", stopList: id.StopName, stems: true},
	// Bleve's Polish stemmer carries a table of 2.2 MB for one language.
	{tag: "pl", stems: true, stop: "i oraz lub albo w we z ze na do od dla po przez przy pod nad o u za nie się jest są być został została ten ta to który która które jak jako"},
	{tag: "ms", stems: true, stop: "dan yang di ke dari untuk dengan pada ini itu adalah atau oleh dalam tidak akan telah hendaklah bagi sebagai kepada"},
	{tag: "vi", stop: "và của các là có được cho trong với không này đó những một khi để theo tại từ phải bị thì mà hoặc nếu đến về trên như cũng"},
	{tag: "kk", stems: true, stop: "және мен бен пен үшін бұл сол осы немесе болып болуы бойынша туралы де да кейін дейін емес бар жоқ тиіс керек сияқты арқылы"},
	{tag: "uz", stems: true, stop: "va bilan uchun bu shu yoki ham emas kerak lozim boʻlgan bo'lgan esa har qanday boʻyicha bo'yicha va/yoki"},
	{tag: "ky", stems: true, stop: "жана менен үчүн бул ошол же болуп боюнча жөнүндө да де эмес бар жок керек тийиш аркылуу"},
	{tag: "mn", stems: true, stop: "ба болон нь энэ тэр юм бол байна байх эсхүл буюу тухай дагуу хүртэл биш мөн гэж"},
	{tag: "th", bigrams: true}, {tag: "lo", bigrams: true}, {tag: "km", bigrams: true}, {tag: "my", bigrams: true},
	{tag: other},
}

// other is the field for texts of any language without a row of its own.
const other corpus.Language = "und"

// fieldLanguage is the row a text of a language is indexed under.
func fieldLanguage(l corpus.Language) corpus.Language {
	base := l.Base()
	for _, row := range languages {
		if row.tag == base {
			return base
		}
	}
	return other
}

// textField and headingField name the fields of one language.
func textField(l corpus.Language) string    { return "text_" + string(l) }
func headingField(l corpus.Language) string { return "heading_" + string(l) }

// analyzerName is the name under which a language's analyzer is registered in
// the mapping.
func (l language) analyzerName() string {
	if l.analyzer != "" {
		return l.analyzer
	}
	return "concord_" + string(l.tag)
}

// stopTokens are the stop words of our own, as Bleve's token map wants them.
func (l language) stopTokens() []any {
	var out []any
	for _, w := range strings.Fields(l.stop) {
		out = append(out, w)
	}
	return out
}
