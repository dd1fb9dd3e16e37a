package reader

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// spacedWords are words that open a line and are printed with blanks between their
// letters: for emphasis (GOST 1.5), or to fill the line (GB/T 1.1 annex headings).
var spacedWords = []string{
	"примечание", "примечания", "таблица", "рисунок", "приложение", "пример", "примеры", "содержание", "предисловие", "введение", "библиография", "продолжение", "окончание",
	"附录", "附錄", "条文说明", "條文說明", "参考文献", "前言", "引言", "目次", "目录", "用词说明", "索引",
}

// closeSpaced joins the word a line opens with, where it is one of spacedWords and has
// blanks between its letters: "П р и м е ч а н и е — Rails", "附  录  A".
func closeSpaced(s string) string {
	head, size := utf8.DecodeRuneInString(s)
	if after, _ := utf8.DecodeRuneInString(s[size:]); !isBlank(after) || head == utf8.RuneError {
		return s
	}
	longest, end := "", 0
	for _, word := range spacedWords {
		if joined, at := spacedAs(s, word); len(joined) > len(longest) {
			longest, end = joined, at
		}
	}
	if end == 0 {
		return s
	}
	rest := strings.TrimLeftFunc(s[end:], isBlank)
	if rest == "" || len(rest) == len(s[end:]) && !isHan(head) {
		return longest + rest
	}
	return longest + " " + rest
}

// spacedAs is the text's own letters of a word that it opens with, and where they end;
// "" where it opens otherwise or a letter of the same word follows.
func spacedAs(s, word string) (joined string, end int) {
	var b strings.Builder
	for _, want := range word {
		rest := strings.TrimLeftFunc(s[end:], isBlank)
		r, size := utf8.DecodeRuneInString(rest)
		if unicode.ToLower(r) != want {
			return "", 0
		}
		b.WriteRune(r)
		end = len(s) - len(rest) + size
	}
	if next, _ := utf8.DecodeRuneInString(s[end:]); unicode.IsLetter(next) && unicode.Is(unicode.Cyrillic, next) {
		return "", 0
	}
	return b.String(), end
}

func isBlank(r rune) bool { return r == ' ' || r == '\t' || r == 0xa0 || r == '　' }

// onlySpaced tells whether a text is nothing but such a word.
func onlySpaced(s string) bool {
	s = strings.Trim(s, "“”")
	joined := closeSpaced(s)
	return joined != s && !strings.Contains(joined, " ")
}

// closeHan joins a heading of single Han characters that blanks part to fill its line:
// "总　则", "荷 载".
func closeHan(s string) string {
	fields := strings.Fields(s)
	if len(fields) < 2 || len(fields) > 6 {
		return s
	}
	for _, f := range fields {
		if r, size := utf8.DecodeRuneInString(f); size != len(f) || !isHan(r) {
			return s
		}
	}
	return strings.Join(fields, "")
}
