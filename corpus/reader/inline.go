package reader

import (
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	linkPattern  = regexp.MustCompile(`(!?)\[([^\[\]]*)\]\(([^()\s]*(?:\([^()]*\)[^()\s]*)*)(?:\s+"[^"]*")?\s*\)`)
	tagPattern   = regexp.MustCompile(`</?[a-zA-Z][a-zA-Z0-9-]*(?:\s[^<>]*)?/?>`)
	breakPattern = regexp.MustCompile(`(?i)<br\s*/?>`)
	liquid       = regexp.MustCompile(`\{%[^%]*%\}|\{\{[^{}]*\}\}|\{:[^{}]*\}`) // Liquid, and attributes of kramdown
	autoLink     = regexp.MustCompile(`<(https?://[^<>\s]+)>`)
)

// inline turns Markdown's marks inside a line into plain text: emphasis, links,
// pictures, tags, escapes and entities go, their words stay. Formulas between
// dollar signs and code between backticks are kept as they are.
func inline(s string) string {
	if !strings.ContainsAny(s, "*_`[]<>&\\{$~!") {
		return s
	}
	var b strings.Builder
	for s != "" {
		start := strings.IndexAny(s, "$`")
		if start < 0 {
			b.WriteString(plain(s))
			break
		}
		mark := s[start : start+1]
		if start > 0 && s[start-1] == '\\' {
			b.WriteString(plain(s[:start+1]))
			s = s[start+1:]
			continue
		}
		if mark == "$" && strings.HasPrefix(s[start:], "$$") {
			mark = "$$"
		}
		end := strings.Index(s[start+len(mark):], mark)
		if end < 0 {
			b.WriteString(plain(s))
			break
		}
		end += start + len(mark)
		b.WriteString(plain(s[:start]))
		kept := s[start : end+len(mark)]
		if mark == "`" {
			kept = kept[1 : len(kept)-1]
		}
		b.WriteString(kept)
		s = s[end+len(mark):]
	}
	return b.String()
}

// plain is inline for text without formulas and code.
func plain(s string) string {
	s = liquid.ReplaceAllString(s, "")
	s = breakPattern.ReplaceAllString(s, "\n")
	s = autoLink.ReplaceAllString(s, "$1")
	for range 3 { // links in links, and pictures in links
		next := linkPattern.ReplaceAllStringFunc(s, func(m string) string {
			parts := linkPattern.FindStringSubmatch(m)
			if parts[1] == "!" {
				return ""
			}
			return parts[2]
		})
		if next == s {
			break
		}
		s = next
	}
	s = tagPattern.ReplaceAllString(s, "")
	s = emphasis(s, "**")
	s = emphasis(s, "__")
	s = emphasis(s, "~~")
	s = emphasis(s, "*")
	s = emphasis(s, "_")
	s = unescape(s)
	if strings.Contains(s, "&") {
		s = html.UnescapeString(s)
	}
	return s
}

// emphasis removes pairs of a mark around words: the opening one stands before
// a character that is no blank, the closing one after such a character, and an
// underscore never inside a word. Marks without a partner stay.
func emphasis(s, mark string) string {
	if !strings.Contains(s, mark) {
		return s
	}
	var b strings.Builder
	for {
		open := indexMark(s, mark, true)
		if open < 0 {
			break
		}
		end := indexMark(s[open+len(mark):], mark, false)
		if end < 0 {
			break
		}
		end += open + len(mark)
		b.WriteString(s[:open])
		b.WriteString(s[open+len(mark) : end])
		s = s[end+len(mark):]
	}
	b.WriteString(s)
	return b.String()
}

func indexMark(s, mark string, opening bool) int {
	for from := 0; ; {
		i := strings.Index(s[from:], mark)
		if i < 0 {
			return -1
		}
		i += from
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		after, _ := utf8.DecodeRuneInString(s[i+len(mark):])
		none := i == 0
		ok := before != '\\' || none
		if mark[0] == '_' && isWordRune(before) && !none && isWordRune(after) {
			ok = false
		}
		if opening && (after == utf8.RuneError || unicode.IsSpace(after)) {
			ok = false
		}
		if !opening && (none || unicode.IsSpace(before)) {
			ok = false
		}
		if mark[0] == '*' && len(mark) == 1 && !none && unicode.IsDigit(before) && opening { // 5.23* and 2*3
			ok = false
		}
		if ok {
			return i
		}
		from = i + len(mark)
	}
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// unescape removes the backslash before punctuation.
func unescape(s string) string {
	if !strings.Contains(s, "\\") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && strings.IndexByte("\\`*_{}[]()#+-.!|<>~$\"'&:", s[i+1]) >= 0 {
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
