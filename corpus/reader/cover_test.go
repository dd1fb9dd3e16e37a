package reader

import (
	"slices"
	"strings"
	"testing"

	"concord/corpus"
)

func readText1(t *testing.T, name, text string, hint Hint) *corpus.Document {
	t.Helper()
	docs, err := Read(name, strings.NewReader(text), hint)
	if err != nil {
		t.Fatal(err)
	}
	return docs[0]
}

// A cover names the standard and its title below what else it prints.
func TestCover(t *testing.T) {
	for _, row := range []struct{ name, cover, rest, designation, title string }{
		{"gb", "ICS 91.040\nP 33\n中华人民共和国国家标准\n\nGB/T 38901—2023\n代替 GB/T 38901—2014\n\n站台间隙通用要求\nClearances of platforms\n2023-05-01发布\n", "1  范围\n本文件规定了间隙。\n\n2  要求\n2.1  站台应设间隙。\n", "GB/T 38901—2023", "站台间隙通用要求"},
		{"title above", "中华人民共和国行业标准\n屋面安装技术标准\nJGJ 998－2021\n", "1 总则\n\n1.0.1 为规范安装，制定本标准。\n", "JGJ 998－2021", "屋面安装技术标准"},
		{"gost", "НАЦИОНАЛЬНЫЙ СТАНДАРТ РОССИЙСКОЙ ФЕДЕРАЦИИ\nГОСТ Р 59999—\n2022\n(ИСО 23456:2019)\n\nПЛАТФОРМЫ\nОбщие требования\n\nИздание официальное\n", "1 Область\n\n1.1 Стандарт устанавливает требования.\n", "ГОСТ Р 59999—2022", "ПЛАТФОРМЫ — Общие требования"},
		{"jis", "日本産業規格                   JIS\n                               E 9998：2021\n\n鉄道のすき間\nClearances\n", "1 適用範囲\n\n1.1 この規格は，すき間について規定する。\n", "JIS E 9998：2021", "鉄道のすき間"},
		{"din", "DEUTSCHE NORM          März 2021\n\nDIN 99998\n\nICS 45.020      Ersatz für DIN 99997:2014-05\n\nBahnsteige –\nAnforderungen an Spalte\n", "1 Bereich\n\n1.1 Die Norm gilt für Spalte.\n", "DIN 99998", "Bahnsteige — Anforderungen an Spalte"},
		{"une", "norma española                UNE 99998\n\nMarzo 2021\n\nTÍTULO       Andenes de ferrocarril\n", "1 Objeto\n\n1.1 Esta norma trata de andenes.\n", "UNE 99998", "Andenes de ferrocarril"},
		{"only what it replaces", "Rules for platforms\n\nReplaces BS 99998:2014 and others\n\nsee also ISO 23456:2019 in part\n", "1 Scope\n\n1.1 Platforms shall have edges.\n", "only what it replaces", "Rules for platforms"},
		{"only behind the foreword", "Rules for platforms\n\nForeword\n\nBS 99998:2014\n\n", "1 Scope\n\n1.1 Platforms shall have edges.\n", "only behind the foreword", "Rules for platforms"},
	} {
		doc := readText1(t, row.name+".txt", row.cover+"\n"+row.rest, Hint{})
		if s := doc.Standard; s.Designation != row.designation || s.Titles[0].Text != row.title {
			t.Errorf("%s: %q, %q", row.name, s.Designation, s.Titles[0].Text)
		}
		said := slices.ContainsFunc(doc.Problems, func(p corpus.Problem) bool { return p.Rule == coverRule })
		if said != (row.designation != row.name) {
			t.Errorf("%s: that the cover was read is said: %v", row.name, said)
		}
	}
	doc := readText1(t, "a.txt", "GB/T 38901—2023\n\n站台\n\n1 总则\n\n1.1 站台应设间隙。\n", Hint{Designation: "GB 5-2020"})
	if doc.Standard.Designation != "GB 5-2020" || slices.ContainsFunc(doc.Problems, func(p corpus.Problem) bool { return p.Rule == coverRule }) {
		t.Errorf("a designation that was given: %q, %v", doc.Standard.Designation, doc.Problems)
	}
}

// Chapters without numbers below them are chapters where the figures lead on to one that
// has some; items of a foreword and of lists are not.
func TestChaptersWithoutClauses(t *testing.T) {
	const foreword = "Предисловие\n\n1 РАЗРАБОТАН Обществом\n\n2 ВНЕСЕН Комитетом\n\n"
	for _, row := range []struct{ name, text, want string }{
		{"close together", "Rules of Doors\n\nForeword\nThese rules are new.\n1 Scope\nThese rules are for doors.\n2 References\nThere are none at present.\n3 Doors\n3.1 Doors shall open.\n3.2 Doors shall close.\n", "foreword 1 2 3 3.1 3.2"},
		{"chapter 0", "Rules of Doors\n\n0 Introduction\nDoors are old.\n1 Scope\nThese rules are for doors.\n2 Doors\n2.1 Doors shall open.\n", "0 1 2 2.1"},
		{"a foreword with items", foreword + "1 Область применения\n\nДля дверей.\n\n2 Двери\n\n2.1 Двери должны открываться.\n", "предисловие 1 2 2.1"},
		{"items of a list", "Rules of Doors\n\n1 Scope\n\n1.1 The kinds are\n2 Glass doors\n3 Steel doors\nand nothing else.\n\n2 Doors\n\n2.1 Doors shall open.\n\n3 Steel\n\n3.1 Steel shall shine.\n", "1 1.1 2 2.1 3 3.1"},
		{"nothing leads on", "Rules of Doors\n\nForeword\nThese are the parts\n1 Glass\n2 Steel\nof the book.\n\n5.1 Doors shall open.\n\n5.2 Doors shall close.\n", "foreword 5.1 5.2"},
		{"arab chapters", "قواعد الأبواب\n\nتقديم\nهذه قواعد جديدة.\n1- المجال\nتسري على الأبواب.\n\n2- المتطلبات\n2/1 يجب أن تفتح الأبواب.\n2/2 يجب أن تغلق الأبواب.\n\nالملحق أ\n(إلزامي)\nالقياس\nأ-1 الجهاز\nيجب أن يكون دقيقاً.\n", "تقديم 1 2 2.1 2.2 أ أ.1"},
	} {
		if got := keysIn(t, "a.txt", []byte(row.text)); got != row.want {
			t.Errorf("%s: %s, want %s", row.name, got, row.want)
		}
	}
}

// Words with blanks between their letters are the words they are.
func TestSpacedWords(t *testing.T) {
	for _, row := range [][2]string{
		{"П р и м е ч а н и е — Износ", "Примечание — Износ"}, {"Т а б л и ц а  1 — Зазоры", "Таблица 1 — Зазоры"}, {"П р и л о ж е н и е А", "Приложение А"},
		{"附  录  A", "附录 A"}, {"附　录　B（规范性）", "附录 B（规范性）"}, {"条 文 说 明", "条文说明"}, {"ВВЕДЕНИЕ", "ВВЕДЕНИЕ"}, {"В в е д е н и е", "Введение"},
		{"п р и м е р ы", "примеры"}, {"А б в г", "А б в г"}, {"附录A 检验", "附录A 检验"}, {"附 注", "附 注"}, {"", ""},
	} {
		if got := closeSpaced(row[0]); got != row[1] {
			t.Errorf("%q: %q, want %q", row[0], got, row[1])
		}
	}
	for _, row := range [][2]string{{"总　则", "总则"}, {"楼 地 面", "楼地面"}, {"光伏 支架", "光伏 支架"}, {"总 则 2", "总 则 2"}, {"总则", "总则"}} {
		if got := closeHan(row[0]); got != row[1] {
			t.Errorf("heading %q: %q", row[0], got)
		}
	}
	text := "屋面标准\n\n1 总  则\n\n1.0.1 为规范安装，制定本标准。\n\n2 要  求\n\n2.0.1 屋面应平整。\n\n附  录  A\n（规范性）\n检验\nA.0.1 检验应记录。\n屋面标准\n条 文 说 明\n1 总  则\n1.0.1 规范安装是必要的。\n2 要  求\n2.0.1 平整才能安装。\n"
	if got := keysIn(t, "a.txt", []byte(text)); got != "1 1.0.1 2 2.0.1 A A.0.1 commentary 1~commentary 1.0.1~commentary 2~commentary 2.0.1~commentary" {
		t.Errorf("commentary: %s", got)
	}
	doc := readText1(t, "a.txt", "1 Зазоры\n\n1.1 Зазор должен быть мал.\n\nП р и м е ч а н и е — Износ не учитывают.\n", Hint{})
	if last := doc.Clauses[len(doc.Clauses)-1]; last.Kind != corpus.KindNote || last.Text != "Износ не учитывают." {
		t.Errorf("note: %+v", last)
	}
	for _, p := range doc.Problems {
		if p.Kind == corpus.ProblemNotRead {
			t.Errorf("said to be lost: %v", p)
		}
	}
}

// A table of contents with pages but no dots ends where the foreword begins, and the
// foreword is kept.
func TestContentsWithPages(t *testing.T) {
	const text = "Foreword\nThese rules are issued by the board of doors.\nThey replace those of 2014, which are withdrawn.\n\n1 Scope\nThese rules are for doors.\n\n2 Doors\n2.1 Doors shall open.\n\nAnnex A (informative)\nDrawings\nA.1 See the drawings.\n"
	want := "foreword 1 2 2.1 A A.1"
	for _, contents := range []string{"", "Contents\nForeword ii\n1 Scope 1\n2 Doors 1\nAnnex A (informative) Drawings 4\n\n", "Contents\nPage\nForeword ........ iii\n1 Scope ........ 1\n2 Doors ........ 1\nAnnex A (informative) Drawings ........ 4\n\n"} {
		if got := keysIn(t, "a.txt", []byte("Rules of Doors\n\n"+contents+text)); got != want {
			t.Errorf("%q: %s, want %s", contents, got, want)
		}
	}
	for in, want := range map[string]string{"foreword ii": "foreword", "scope ..... 12": "scope", "doors of steel": "doors of steel", "mix": "mix", "前言 …… ⅲ": "前言"} {
		if got := withoutPage(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

// Terms in small letters below a heading for them, on the line of their number.
func TestTermsInSmallLetters(t *testing.T) {
	text := "Rules of Doors\n\n1 Scope\n\nFor doors.\n\n2 Terms and definitions\n2.1 leaf\npart of a door that moves\n2.2 frame\npart of a door that stays\n2.3 sill: part below the leaf\n\n3 Doors\n\n3.1 Doors shall have\n3.2 kg of steel and more.\n"
	if got := keysIn(t, "a.txt", []byte(text)); got != "1 2 2.1=leaf 2.2=frame 2.3=sill 3 3.1" {
		t.Errorf("%s", got)
	}
	if term, text := splitTerm("стоянка автомобилей; паркинг: Здание для хранения."); term != "стоянка автомобилей; паркинг" || text != "Здание для хранения." {
		t.Errorf("synonyms: %q, %q", term, text)
	}
	if term, _ := splitTerm("The records shall hold:\na) the date;\nb) the name."); term != "" {
		t.Errorf("a sentence with its list is a term: %q", term)
	}
	law := "نظام الأبواب\n\nالفصل الأول\nالتعاريف\n\nالمادة الأولى:\nيقصد بالكلمات الآتية المعاني المبينة أمامها:\n1- الباب: ما يفتح ويغلق.\n2- الإطار: ما يثبت فيه الباب.\n\nالمادة الثانية:\n1- يجب على المشغل فحص الباب.\n2- يجب أن تشمل السجلات ما يأتي:\nأ- التاريخ.\nب- الاسم.\n\nالمادة الثالثة:\nيعمل بهذا النظام.\n"
	if got := keysIn(t, "a.txt", []byte(law)); got != "chapter-1 1 1(1)=الباب 1(2)=الإطار 2 2(1) 2(2) 3" {
		t.Errorf("law: %s", got)
	}
}

// Rows below a numbered caption are its table, in columns of blanks or between bars; what
// no caption announces stays text.
func TestRowsBelowCaptions(t *testing.T) {
	const head, tail = "1 Doors\n\n1.1 Widths\n\nThe widths shall be as in the table.\n\n", "\n1.2 Doors shall close.\n"
	for _, row := range []struct{ name, body, want string }{
		{"columns", "Table 1 Widths\nPlace    Max.   Min.\n          mm     mm\nStair    1100   900\nRamp     1200   1000\n", "1.1~table-1 [Table 1] Widths: Place | Max. | Min. / | mm | mm / Stair | 1100 | 900 / Ramp | 1200 | 1000"},
		{"han", "表1　门宽\n单位为毫米\n部位    宽度\n楼梯    1100\n坡道    1200\n", "1.1~table-1 [表1] 门宽: 单位为毫米 / 部位 | 宽度 / 楼梯 | 1100 / 坡道 | 1200"},
		{"bars", "表1－门宽\n部位 | 宽度\n楼梯 | 1100\n", "1.1~table-1 [表1] 门宽: 部位 | 宽度 / 楼梯 | 1100"},
		{"no caption", "Place    Max.\nStair    1100\nRamp     1200\n", ""},
		{"a sentence", "Table 1 Widths\n\nThe doors are wide.  They are high.\n", ""},
		{"one row", "Table 1 Widths\n\nPlace    Max.\n\nDoors are wide, and they shall stay so.\n", ""},
	} {
		if units, texts := unitsIn(t, "a.txt", head+row.body+tail); units != row.want {
			t.Errorf("%s: %s, want %s (%s)", row.name, units, row.want, texts)
		}
	}
}

// Specifications of the web: letters of annexes, sections that say they bind nobody, and
// names that hold a figure.
func TestWebSpecification(t *testing.T) {
	page := `<html lang="en"><head><title>Doors 1.0</title></head><body><h1>Doors 1.0</h1><h2>W3C Recommendation of May</h2><p>For all.</p><h2>Abstract</h2><p>It is about doors.</p><h2>1. Introduction</h2><p>This section is non-normative.</p><p>Doors open.</p><h2>2. Doors</h2><p>A door MUST open.</p><h3>2.1 Leaves</h3><p>A leaf MUST move.</p><h2>A. References</h2><h3>A.1 Normative</h3><p>None.</p><h2>B. Thanks</h2><p>To all.</p><h2>D. Drawings</h2><p>None.</p></body></html>`
	doc := readText1(t, "a.html", page, Hint{})
	var got []string
	for _, c := range doc.Clauses {
		got = append(got, c.ID.Key()+":"+string(c.Kind))
	}
	if want := "w3c-recommendation-of-may:informative abstract:informative 1:informative 2:provision 2.1:provision A:heading A.1:provision B:provision B.d.-drawings:provision"; strings.Join(got, " ") != want {
		t.Errorf("%s, want %s", strings.Join(got, " "), want)
	}
}

// Contents that nothing announces stand behind a preface with figures in it, and name
// things in small letters; headings are underlined by rulers of one mark.
func TestContentsBehindPreface(t *testing.T) {
	text := "Guide of Doors\n**************\n\nAsk the board, 51 Long Street, for more:\n\n02110-1301 Doors\n\n* 1. Scope\n\n* 2. Doors\n\n  * 2.1. \"oak\"\n\n  * 2.2. steel\n\n  * 2.3. \"glass\"\n\nEnds\n^^^^\n\n* 3. Ends\n\n" +
		"1. Scope\n********\n\nFor all doors.\n\n2. Doors\n********\n\n2.1. \"oak\"\n~~~~~~~~~~\n\nOak shall be dry.\n\n2.2. steel\n----------\n\nSteel shall shine.\n\n2.3. \"glass\"\n^^^^^^^^^^^^\n\nGlass shall be clear.\n\n3. Ends\n*******\n\nNothing follows.\n"
	got := labelsOf(t, text)
	if want := "1 | Scope | For all doors.\n2 | Doors | \n2.1 | \"oak\" | Oak shall be dry.\n2.2 | steel | Steel shall shine.\n2.3 | \"glass\" | Glass shall be clear.\n3 | Ends | Nothing follows."; !strings.HasSuffix(got, want) {
		t.Errorf("%s", got)
	}
	for line, want := range map[string]bool{"----": true, "^^^^^^": true, "***": false, "-- --": false, "= = =": false, "....": true, "": false, "—————": false} {
		if isUnderline(line) != want {
			t.Errorf("%q is a ruler: %v", line, !want)
		}
	}
}

// All paragraphs of the article for definitions define something, also in a sentence.
func TestDefiningArticle(t *testing.T) {
	text := "Nghị định về cửa\n\nChương I\nQUY ĐỊNH CHUNG\n\nĐiều 1. Phạm vi\n\nNghị định này quy định về cửa.\n\nĐiều 2. Giải thích từ ngữ\n\n1. Cửa là bộ phận đóng mở của nhà.\n\n2. Khung là bộ phận giữ cửa.\n\nĐiều 3. Yêu cầu\n\n1. Cửa phải mở được.\n\n2. Khung phải chắc.\n"
	doc := readText1(t, "a.txt", text, Hint{})
	kinds := ""
	for _, c := range doc.Clauses {
		kinds += c.ID.Key() + ":" + string(c.Kind) + " "
	}
	if !strings.Contains(kinds, "2(1):definition 2(2):definition") || !strings.Contains(kinds, "3(1):provision 3(2):provision") {
		t.Errorf("%s", kinds)
	}
}

// A header that holds the name of a role within more words is taken where no other names
// it, and where what stands below looks like it.
func TestHeadersInMoreWords(t *testing.T) {
	for _, row := range []struct{ name, table, want string }{
		{"ru", "№ п/п;Структурная единица (пункт) акта;Содержание обязательного требования\n1;п. 4.1;Платформа должна иметь зазор.\n2;п. 4.2;Владелец обязан проверять зазор.\n", "4.1||Платформа должна иметь зазор. 4.2||Владелец обязан проверять зазор."},
		{"zh", "条款号,条款标题,条款内容,对应国际标准条款\n4.1,间隙,站台应设置安全间隙。,4.1\n4.2,检查,每季度应检查一次。,4.3\n", "4.1|间隙|站台应设置安全间隙。 4.2|检查|每季度应检查一次。"},
		{"no numbers below", "Colour of the clause,Price\nRed doors,three\nGreen doors,four\n", ""},
		{"no such words", "Colour,Price\n4.1,Doors shall open.\n4.2,Doors shall close.\n", ""},
	} {
		docs, err := Read(row.name+".csv", strings.NewReader(row.table), Hint{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range docs[0].Clauses {
			got = append(got, c.ID.Key()+"|"+c.Heading+"|"+c.Text)
		}
		if strings.Join(got, " ") != row.want {
			t.Errorf("%s: %q", row.name, got)
		}
	}
}

// Marks and numbers of laws: items in lists of terms, figures below the items of Chinese
// law, first divisions of French acts, and paragraphs that run on past one put in later.
func TestMarksOfLaws(t *testing.T) {
	doc := readText1(t, "a.html", `<html lang="de"><body><h1>Türverordnung</h1><h3>§ 1 Bereich</h3><p>(1) Sie gilt für Türen.</p><p>(2) Sie gilt nicht für</p><dl><dt>1.</dt><dd>Tore,</dd><dt>Luken:</dt><dd>kleine.</dd></dl><h3>§ 2 Ende</h3><p>Sie gilt.</p></body></html>`, Hint{})
	if !slices.ContainsFunc(doc.Clauses, func(c corpus.Clause) bool { return strings.HasSuffix(c.Text, "1. Tore,\nLuken: kleine.") }) {
		t.Errorf("%+v", doc.Clauses)
	}
	for _, row := range []struct{ name, text, want string }{
		{"zh items", "门窗条例\n\n第一条　为了安全，制定本条例。\n\n第二条　单位应当：\n（一）检查门窗；\n（二）记录：\n1．日期；\n2．人员。\n\n第三条　本条例自公布之日起施行。\n", "1 2 3"},
		{"zh paragraphs", "门窗条例\n\n第一条　为了安全，制定本条例。\n\n第二条　单位应当：\n1．检查门窗。\n2．记录结果。\n\n第三条　本条例自公布之日起施行。\n", "1 2 2(1) 2(2) 3"},
		{"fr first", "Arrêté des portes\n\nTitre Ier : GÉNÉRALITÉS\n\nArticle 1\n\nLes portes s'ouvrent.\n\nTitre II : FIN\n\nArticle 2\n\nL'arrêté est publié.\n", "title-1 1 title-2 2"},
		{"fr word", "Arrêté des portes\n\nTitre Iernien : GÉNÉRALITÉS\n\nArticle 1\n\nLes portes s'ouvrent.\n", "preamble 1"},
		{"running", "Регламент дверей\n\nI. Область\n\n1. Регламент распространяется на двери.\n\n2. Он не распространяется на ворота.\n\n3. Двери должны открываться.\n\n4. Владелец обязан:\n\nа) проверять двери;\n\n4.1. Журнал хранят 5 лет.\n\n5. Двери окрашивают.\n", "1 2 3 4 4.1 5"},
		{"not running", "Регламент дверей\n\n1 Двери\n\n1.1 Двери открывают.\n\n1.2 Их виды:\n\n1. Стеклянные.\n\n2. Стальные.\n\n2 Ворота\n\n2.1 Ворота закрывают.\n", "1 1.1 1.2 2 2.1"},
	} {
		got := strings.TrimPrefix(keysIn(t, "a.txt", []byte(row.text)), "preamble ")
		if want := strings.TrimPrefix(row.want, "preamble "); got != want {
			t.Errorf("%s: %s, want %s", row.name, got, want)
		}
	}
}
