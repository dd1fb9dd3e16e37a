package reader

import (
	"bytes"
	"strings"
	"testing"
)

// Numbering formats of Word are written as LibreOffice prints the same file, and Word by its
// standard (ECMA-376-1, 17.18.59).
func TestNumberFormats(t *testing.T) {
	for format, want := range map[string]string{
		"russianLower":           "а б в г д е ж з и к л м н о п р с т у ф х ц ч",
		"russianUpper":           "А Б В Г Д Е Ж З И К Л М Н О П Р С Т У Ф Х Ц Ч",
		"arabicAlpha":            "أ ب ت ث ج ح خ د ذ ر ز س ش ص ض ط ظ ع غ ف ق ك ل",
		"hebrew1":                "א ב ג ד ה ו ז ח ט י יא יב יג יד טו טז יז יח יט כ כא כב כג",
		"hebrew2":                "א ב ג ד ה ו ז ח ט י כ ל מ נ ס ע פ צ ק ר ש ת אא",
		"chineseCounting":        "一 二 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五 十六 十七 十八 十九 二十 二十一 二十二 二十三",
		"chineseLegalSimplified": "壹 贰 叁 肆 伍 陆 柒 捌 玖 壹拾 壹拾壹 壹拾贰 壹拾叁 壹拾肆 壹拾伍 壹拾陆 壹拾柒 壹拾捌 壹拾玖 贰拾 贰拾壹 贰拾贰 贰拾叁",
		"ideographTraditional":   "甲 乙 丙 丁 戊 己 庚 辛 壬 癸 11 12 13 14 15 16 17 18 19 20 21 22 23",
		"ideographZodiac":        "子 丑 寅 卯 辰 巳 午 未 申 酉 戌 亥 13 14 15 16 17 18 19 20 21 22 23",
		"aiueoFullWidth":         "ア イ ウ エ オ カ キ ク ケ コ サ シ ス セ ソ タ チ ツ テ ト ナ ニ ヌ",
		"irohaFullWidth":         "イ ロ ハ ニ ホ ヘ ト チ リ ヌ ル ヲ ワ カ ヨ タ レ ソ ツ ネ ナ ラ ム",
		"ganada":                 "가 나 다 라 마 바 사 아 자 차 카 타 파 하",
		"koreanDigital":          "일 이 삼 사 오 육 칠 팔 구 일영 일일 일이 일삼 일사 일오 일육 일칠 일팔 일구 이영 이일 이이 이삼",
		"koreanCounting":         "일 이 삼 사 오 육 칠 팔 구 십 십일 십이 십삼 십사 십오 십육 십칠 십팔 십구 이십 이십일 이십이 이십삼",
		"thaiLetters":            "ก ข ค ง จ ฉ ช ซ ฌ ญ ฎ ฏ ฐ ฑ ฒ ณ ด ต ถ ท ธ น บ",
		"decimalZero":            "01 02 03 04 05 06 07 08 09 10 11 12",
		"ordinal":                "1st 2nd 3rd 4th 5th 6th 7th 8th 9th 10th 11th 12th 13th 14th 15th 16th 17th 18th 19th 20th 21st 22nd 23rd",
		"lowerRoman":             "i ii iii iv v vi vii viii ix x xi xii",
		"none of them":           "1 2 3",
	} {
		for i, label := range strings.Fields(want) {
			if got := formatCount(format, i+1); got != label {
				t.Errorf("%s, %d: got %q, want %q", format, i+1, got, label)
			}
		}
	}
	for format := range letterRows {
		if got := formatCount(format, 0); got != "0" {
			t.Errorf("%s, 0: got %q", format, got)
		}
	}
}

// Signs that Word keeps as places of the Symbol font are read as what they show, and a
// picture sign of another font as nothing.
func TestWordSymbols(t *testing.T) {
	body := `<w:document xmlns:w="x"><w:body><w:p><w:r><w:t>1.1 The width is </w:t></w:r><w:r><w:sym w:font="Symbol" w:char="F0B3"/><w:t> 900 mm, the slope </w:t></w:r>` +
		`<w:r><w:rPr><w:rFonts w:ascii="Symbol"/></w:rPr><w:t>` + "\uf0a3" + `</w:t></w:r><w:r><w:t> 5 % at 20 </w:t><w:sym w:font="Symbol" w:char="00B0"/><w:t>C, </w:t><w:sym w:font="Symbol" w:char="F06D"/><w:t>g</w:t><w:sym w:font="Wingdings" w:char="F0FC"/><w:sym w:font="Arial" w:char="2126"/><w:t>.</w:t></w:r></w:p></w:body></w:document>`
	docs, err := Read("a.docx", bytes.NewReader(packed("word/document.xml", body)), Hint{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := docs[0].Clauses[0].Text, "The width is ≥ 900 mm, the slope ≤ 5 % at 20 °C, μgΩ."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
