package reader

import (
	"strings"
	"unicode"

	"concord/corpus"
)

// profile is what running text of a Latin-script language looks like: its
// commonest function words and letters of its own (own tables).
type profile struct {
	language corpus.Language
	words    string
	letters  string
}

var profiles = []profile{
	{"en", "the of and to in shall be for is a or not with by on at that are as from which should this than", ""},
	{"fr", "le la les des de du et en est un une dans pour par sur au aux que doit doivent être ne pas sont ou ce cette", "éèàêçôîûùœ"},
	{"es", "el la los las de del y en que un una para por con se es no debe deben al como su sus o será", "ñáíóú¿¡"},
	{"de", "der die das und in zu den von mit ist für auf des dem ein eine nicht werden sind oder im bei nach muss darf", "äöüß"},
	{"pt", "o a os as de do da dos das e em que um uma para por com se não deve devem ao no na ou são ser", "ãõçáéíóúâêô"},
	{"it", "il lo la i gli le di del della dei e in che un una per con da non deve devono al nel sono o essere è", "àèéìòù"},
	{"vi", "của và các có được cho trong là không phải theo với tại này khi hoặc đến về quy định thì", "ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"},
	{"id", "yang dan di dari untuk dengan pada harus dalam tidak atau ini oleh sebagai adalah ke dapat wajib setiap", ""},
	{"tr", "ve bir bu için ile olarak de da olan veya en her ne gibi daha kadar göre olmalıdır", "ğışöüçİ"},
	{"nl", "de het een van en in is op te dat die voor met zijn niet aan moet moeten worden bij of als door", "ĳ"},
}

// Characters written differently in simplified and traditional Chinese, enough
// to tell a page of either (own choice of frequent ones).
const (
	simplifiedOnly  = "与专业个为书产从们价会体关务动区医协单厂历压县发变后吗听员团园围国图圆场坏块垫墙处备复头夹奖孙学宁实宽对导层属岁币师带帮广库应开异弃张弹归当录彻忆怀态总恳恶悬户扑扩护报担择损换据断无旧时术机杀杂权条来构枪标栏树样档检椭楼欢欧毁气汇汉汤沟没注泪泽洁浅浆测济渐温湾湿满滤滨灭灯灾炉点烟烦烧热爱爷牵状独狭环现电画疗监盖盘矿码砖础确碍离种积称窜笔筑简类紧约级纪纯纲纳纵纸线练组细织终经结给络绝统继续维综编缘缝缩网罗罚规计认讯记设证识说车转边达过运还这进远连适选长门问间验"
	traditionalOnly = "來個們備價動務匯區協員問單嗎國圍園圓圖團報場塊墊壓壞夾孫學實寧寬專對導層屬師帶幣幫庫廠廣張彈後從徹惡愛態憶懇應懷懸戶換損撲擇擔據擴斷時書會條棄業構槍樓標樣樹機橢檔檢欄權歐歡歲歷歸殺毀氣沒淚淺測湯溝溫滅滿漢漸漿潔澤濕濟濱濾灣災為無煙煩熱燈燒爐爺牆牽狀狹獎獨現環產畫異當療發監盤確碼磚礎礙礦種稱積竄筆築簡紀約納純紙級細終組結絕絡給統經綜維綱網緊線緣編練縣縫縮縱總織繼續罰羅聽與舊蓋處術複規計訊記設註認說證識護變車轉這連進運過達遠適選還邊醫錄長門開間關雜離電頭類驗體點"
)

// hanForms tells simplified ('s') from traditional ('t') characters, made once.
var hanForms = hanIndex()

func hanIndex() map[rune]byte {
	forms := map[rune]byte{}
	for _, r := range simplifiedOnly {
		forms[r] = 's'
	}
	for _, r := range traditionalOnly {
		forms[r] = 't'
	}
	return forms
}

// ownScripts are scripts that are the sign of one language before all others.
var ownScripts = []struct {
	script   *unicode.RangeTable
	language corpus.Language
}{{unicode.Thai, "th"}, {unicode.Khmer, "km"}, {unicode.Lao, "lo"}, {unicode.Devanagari, "hi"}, {unicode.Greek, "el"}, {unicode.Hebrew, "he"}, {unicode.Georgian, "ka"}}

// GuessLanguage says which language a text is most likely in, by script, by
// letters of its own and by function words; "" when it cannot tell.
func GuessLanguage(text string) corpus.Language {
	if len(text) > headBytes {
		text = text[:headBytes]
	}
	var han, kana, hangul, cyrillic, kazakh, arabic, persian, forms, latin int
	other, most := map[corpus.Language]int{}, corpus.Language("")
	for _, r := range text {
		switch {
		case !unicode.IsLetter(r):
		case unicode.In(r, unicode.Han):
			han++
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			kana++
		case unicode.In(r, unicode.Hangul):
			hangul++
		case unicode.In(r, unicode.Cyrillic):
			cyrillic++
			if strings.ContainsRune("әғқңөұүһӘҒҚҢӨҰҮҺ", r) {
				kazakh++
			}
		case unicode.In(r, unicode.Arabic):
			arabic++
			if strings.ContainsRune("پچژگ", r) {
				persian++
			}
			if r == 'ی' || r == 'ک' { // Arabic is written with ي and ك
				forms++
			}
		case unicode.In(r, unicode.Latin):
			latin++
		default:
			for _, s := range ownScripts {
				if unicode.Is(s.script, r) {
					if other[s.language]++; other[s.language] > other[most] {
						most = s.language
					}
				}
			}
		}
	}
	// A Han character says as much as two or three letters.
	east := 3 * (han + kana + hangul)
	switch {
	case most != "" && other[most] > max(east, latin, cyrillic, arabic):
		return most
	case east > latin && east > cyrillic && east > arabic:
		return eastAsian(text, han, kana, hangul)
	case cyrillic > latin && cyrillic > arabic:
		if kazakh*50 > cyrillic {
			return "kk"
		}
		return "ru"
	case arabic > latin/2 && (persian*80 > arabic || persian > 0 && forms*20 > arabic): // Arabic has none of these letters
		return "fa"
	case arabic > latin/2 && arabic > 0:
		return "ar"
	case latin > 0:
		return latinLanguage(text)
	}
	return ""
}

func eastAsian(text string, han, kana, hangul int) corpus.Language {
	switch {
	case hangul > han+kana:
		return "ko"
	case kana*10 > han:
		return "ja"
	}
	simplified, traditional := 0, 0
	for _, r := range text {
		switch hanForms[r] {
		case 's':
			simplified++
		case 't':
			traditional++
		}
	}
	if traditional > simplified {
		return "zh-Hant"
	}
	return "zh"
}

// latinLanguage counts function words and letters; ties go to the earlier row.
func latinLanguage(text string) corpus.Language {
	if len(text) > 32<<10 {
		text = text[:32<<10]
	}
	counts := map[string]int{}
	letters := map[rune]int{}
	total := 0
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		counts[w]++
		total++
	}
	for _, r := range strings.ToLower(text) {
		if r >= 0x80 {
			letters[r]++
		}
	}
	best, score := corpus.Language(""), 0
	for _, p := range profiles {
		s := 0
		for _, w := range strings.Fields(p.words) {
			s += counts[w]
		}
		for _, r := range p.letters {
			s += letters[r] / 2
		}
		if s > score {
			best, score = p.language, s
		}
	}
	if score*20 < total {
		return ""
	}
	return best
}

// A clause is in another script than its document when nearly all its letters are; codes and
// names are in Latin letters anywhere (own choice).
const (
	clauseLetters = 30 // of a clause that says something of its language
	mixedShare    = 20 // one clause in so many makes a document mixed
)

// otherTongue counts the clauses of a document whose text is in another script than that of
// most, and names the first of them and its language. 0 where they are few.
func otherTongue(doc *corpus.Document) (n int, label string, tongue corpus.Language) {
	var counts, first [scripts]int
	told, most := 0, 0
	for i, c := range doc.Clauses {
		script := scriptOf(c.Text)
		if script == 0 || c.Unit() != "" {
			continue
		}
		if counts[script]++; counts[script] == 1 {
			first[script] = i
		}
		told++
	}
	for script, k := range counts {
		if k > counts[most] {
			most = script
		}
	}
	at := len(doc.Clauses)
	for script, k := range counts {
		if script != most && k > 0 {
			n, at = n+k, min(at, first[script])
		}
	}
	if n*mixedShare < told || n == 0 {
		return 0, "", ""
	}
	return n, doc.Clauses[at].Label, GuessLanguage(doc.Clauses[at].Text)
}

// scripts is how many kinds of script scriptOf knows, with 0 for none.
const scripts = 6

// scriptOf is the script of nine letters in ten of a text, 0 where there are few letters or
// several scripts. What East Asia writes together is one, and so are those not named here.
func scriptOf(text string) int {
	var counts [scripts]int
	letters := 0
	for _, r := range text {
		if !unicode.IsLetter(r) {
			continue
		}
		script, weight := 5, 1
		switch {
		case r < 0x250:
			script = 1
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
			script, weight = 2, 3 // one says as much as three letters
		case unicode.Is(unicode.Cyrillic, r):
			script = 3
		case unicode.Is(unicode.Arabic, r):
			script = 4
		}
		counts[script] += weight
		letters += weight
	}
	for script, n := range counts {
		if letters >= clauseLetters && n*10 >= letters*9 {
			return script
		}
	}
	return 0
}
