package lexicon

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// limits lists the conditions and exceptions. A phrase that opens one ("if",
// "除…外") reaches to the end of its clause: the next comma, semicolon or dash,
// or the end of the sentence; one that spans a gap reaches to its own end if
// that is further. A phrase that closes one (时, жағдайда) reaches back to the
// beginning of its clause. It counts only where a comma follows, because elsewhere
// 时 and 的 are ordinary words, unless the table says that it is none (경우에는; own
// rule).
func (lex *Lexicon) limits(t *text) []Condition {
	var found []cited
	exception := map[Span]bool{}
	for _, h := range t.hits {
		for _, r := range h.refs {
			if r.kind != phraseCondition {
				continue
			}
			row := lex.conditions[r.row]
			s, ok := t.reach(h, row)
			if !ok || t.carried(h) {
				continue
			}
			found = append(found, cited{Span: s})
			exception[s] = exception[s] || row.exception
		}
	}
	sort.SliceStable(found, func(i, j int) bool {
		if found[i].Start != found[j].Start {
			return found[i].Start < found[j].Start
		}
		return found[i].End > found[j].End
	})
	var out []Condition
	end := -1
	for _, c := range found {
		if c.End <= end {
			if n := len(out); exception[c.Span] && c.Start == found[0].Start && n > 0 {
				out[n-1].Exception = true
			}
			continue
		}
		end = c.End
		out = append(out, Condition{Span: t.folded.Span(c.Start, c.End), Exception: exception[c.Span]})
	}
	return out
}

// carriers are the words that "upon" belongs to without opening a condition (own
// table).
var carriers = map[string]bool{
	"rely": true, "relies": true, "relied": true, "relying": true, "depend": true, "depends": true, "depended": true, "based": true, "agreed": true, "agree": true, "call": true, "called": true,
	"imposed": true, "impose": true, "built": true, "build": true, "act": true, "acted": true, "decided": true, "placed": true, "conferred": true, "incumbent": true, "bear": true, "bears": true, "entered": true, "improve": true, "expand": true, "there": true,
}

// carried tells "upon" in "relied upon" from "upon delivery".
func (t *text) carried(h hit) bool {
	word := func(i int) string { return t.folded.Text[t.tokens[i].start:t.tokens[i].end] }
	return h.first > 0 && h.first == h.last && word(h.first) == "upon" && carriers[word(h.first-1)]
}

// reach is the stretch of a condition, in folded bytes.
func (t *text) reach(h hit, row conditionRow) (Span, bool) {
	first, last := t.tokens[h.first], t.tokens[h.last]
	sentence := t.sentences[first.sentence]
	if !row.closes {
		if h.first > 0 && first.han && t.tokens[h.first-1].han && first.glued && h.first == h.last {
			return Span{}, false // one character amid a word: 例如, 应当
		}
		return Span{first.start, t.clauseEnd(last.end, sentence.End)}, true
	}
	after, _ := utf8.DecodeRuneInString(strings.TrimLeft(t.folded.Text[last.end:], " "))
	if !row.surely && after != '，' && after != ',' && after != '、' && after != '：' && after != ':' {
		return Span{}, false
	}
	start := h.first
	for start > 0 && h.first-start < maxConditionTokens && t.tokens[start-1].sentence == first.sentence && !parted(t.folded.Text[t.tokens[start-1].end:t.tokens[start].start]) {
		start--
	}
	if h.last-start < 2 || h.first > 0 && t.folded.Text[t.tokens[h.first-1].start:last.end] == "小时" {
		return Span{}, false
	}
	return Span{t.tokens[start].start, last.end}, true
}

// The longest condition, in bytes forward and in tokens backward: a text
// without any punctuation must not take the square of its length.
const (
	maxCondition       = 1024
	maxConditionTokens = 256
)

// clauseEnd is where the clause that goes on at a byte ends.
func (t *text) clauseEnd(at, sentenceEnd int) int {
	text := t.folded.Text
	end := at
	for end < sentenceEnd && end-at < maxCondition {
		r, size := utf8.DecodeRuneInString(text[end:])
		if (r == ',' || r == '.') && end+1 < len(text) && isDigit(text[end+1]) {
			end += size
			continue
		}
		if strings.ContainsRune("，,；;。:：—!?！？\n،؛", r) || (r == '.' && end+1 >= sentenceEnd) {
			break
		}
		end += size
	}
	return at + len(strings.TrimRight(text[at:end], " "))
}

// parted tells whether punctuation ends a clause between two tokens; 、 and
// brackets do not.
func parted(gap string) bool {
	return strings.ContainsAny(gap, "，,；;。:：!?！？\n،؛")
}
