package lexicon

import (
	"sort"
	"strings"
	"unicode/utf8"

	"concord/corpus"
)

// cited is a citation while it is put together, in folded bytes.
type cited struct {
	Span
	designation string
	clause      string
}

// citations lists the standards and clauses a text cites, and the stretches of
// folded text that are not free for quantities.
func (lex *Lexicon) citations(t *text) ([]Citation, []Span) {
	all := append(lex.standardsCited(t), lex.clausesCited(t)...)
	sort.SliceStable(all, func(i, j int) bool { return all[i].Start < all[j].Start })
	var taken []Span
	var joined []cited
	for _, c := range all {
		taken = append(taken, c.Span)
		if n := len(joined); n > 0 {
			if c.Start < joined[n-1].End {
				continue
			}
			if one, ok := together(t.folded.Text, joined[n-1], c); ok {
				joined[n-1] = one
				continue
			}
		}
		joined = append(joined, c)
	}
	var out []Citation
	for _, c := range joined {
		out = append(out, Citation{Span: t.folded.Span(c.Start, c.End), Designation: c.designation, Clause: c.clause})
	}
	return out, taken
}

// standardsCited are the designations, found by package corpus in the text as
// printed and brought into folded bytes by the tokens they cover.
func (lex *Lexicon) standardsCited(t *text) []cited {
	found := corpus.FindDesignations(t.original)
	if len(found) == 0 {
		return nil
	}
	var out []cited
	k := 0
	for _, f := range found {
		var c cited
		for ; k < len(t.tokens); k++ {
			s := t.folded.Span(t.tokens[k].start, t.tokens[k].end)
			if s.Start >= f.End {
				break
			}
			if s.Start < f.Start {
				continue
			}
			if c.End == 0 {
				c.Start = t.tokens[k].start
			}
			c.End = t.tokens[k].end
		}
		if c.End > c.Start {
			c.designation = f.Designation.String()
			out = append(out, c)
		}
	}
	return out
}

// maxListed is how many clause numbers of one list are read.
const maxListed = 20

// clausesCited reads the clause numbers after reference words: "clause 5.3.1",
// "第5.3.1条", "п. 5.3.1", and the rest of a list of them.
func (lex *Lexicon) clausesCited(t *text) []cited {
	var out []cited
	keep := func(r phraseRef) bool {
		return r.kind == phraseReference && (lex.references[r.row] == referenceClause || lex.references[r.row] == referenceVerb)
	}
	for _, h := range ofKind(t.hits, phraseReference, keep) {
		verb := true
		for _, r := range h.refs {
			verb = verb && lex.references[r.row] == referenceVerb
		}
		start, at := t.tokens[h.first].start, t.tokens[h.last].end
		for range maxListed {
			from, end, ok := labelAt(t.folded.Text, at, verb)
			if !ok {
				break
			}
			s := t.folded.Span(from, end)
			if n := corpus.ParseNumber(t.original[s.Start:s.End]); !n.IsZero() {
				out = append(out, cited{Span: Span{start, end}, clause: n.String()})
			}
			next := listGoesOn(t.folded.Text, end)
			if next == end {
				break
			}
			start, at = next, next
		}
	}
	return out
}

// listGoesOn skips what parts two clause numbers of a list.
func listGoesOn(text string, end int) int {
	rest := strings.TrimLeft(text[end:], " ")
	for _, sep := range []string{",", "、", "and ", "or ", "и ", "или ", "et ", "ou ", "y ", "o ", "和", "或", "及", "至", "~", "–", "to ", "bis ", "und ", "و", "第"} {
		if after, ok := strings.CutPrefix(rest, sep); ok {
			return len(text) - len(strings.TrimLeft(after, " "))
		}
	}
	return end
}

// labelAt reads a clause number behind a reference word. After a verb ("see",
// "符合") it must look like one: with a point, or of three digits and no more.
func labelAt(text string, at int, verb bool) (start, end int, ok bool) {
	start = at
	for start < len(text) && start-at < 4 && strings.IndexByte(" .(:", text[start]) >= 0 {
		start++
	}
	article := strings.HasSuffix(text[:start], "第")
	if !article && strings.HasPrefix(text[start:], "第") {
		article, start = true, start+len("第")
	}
	if article {
		return articleAt(text, start)
	}
	end = start
	digits, points := 0, 0
	for end < len(text) {
		r, size := utf8.DecodeRuneInString(text[end:])
		s := scriptOf(r)
		switch {
		case s == scriptDigit:
			digits++
		case r == '.' || r == '-' && digits > 0:
			if next, _ := utf8.DecodeRuneInString(text[min(end+size, len(text)):]); scriptOf(next) != scriptDigit {
				return finishLabel(text, start, end, digits, points, verb)
			}
			points++
		case r == '(' && digits > 0 && clauseTail(text[end:]):
			points++
			end += strings.IndexByte(text[end:], ')') + 1
			continue
		case (s == scriptLatin || s == scriptCyrillic) && letterOfLabel(text, start, end, size):
		default:
			return finishLabel(text, start, end, digits, points, verb)
		}
		end += size
	}
	return finishLabel(text, start, end, digits, points, verb)
}

// letterOfLabel allows the letter of an annex before a point, and one behind a
// number that no other letter follows: A.8.1, 5.3.1a.
func letterOfLabel(text string, start, at, size int) bool {
	next, _ := utf8.DecodeRuneInString(text[min(at+size, len(text)):])
	if at == start {
		return next == '.'
	}
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	s := scriptOf(next)
	return scriptOf(before) == scriptDigit && s != scriptLatin && s != scriptCyrillic && s != scriptDigit
}

func finishLabel(text string, start, end, digits, points int, verb bool) (int, int, bool) {
	if digits == 0 || digits > 12 || end-start > 40 {
		return start, end, false
	}
	if verb && points == 0 && digits != 3 {
		return start, end, false
	}
	next, _ := utf8.DecodeRuneInString(text[min(end, len(text)):])
	if verb && (next == '%' || next == '°' || scriptOf(next) == scriptLatin || scriptOf(next) == scriptCyrillic) {
		return start, end, false
	}
	return start, end, true
}

// articleAt reads 第…条 with its 款 and 项 left to the label's parser; ordinals
// of other things are none.
func articleAt(text string, start int) (from, end int, ok bool) {
	end = start
	for end < len(text) && end-start < 40 {
		r, size := utf8.DecodeRuneInString(text[end:])
		switch {
		case scriptOf(r) == scriptDigit, isHanNumeral(r), r == '.', r == '-', scriptOf(r) == scriptLatin, r == ' ':
			end += size
			continue
		case end > start && strings.ContainsRune("条款项章节", r):
			end += size
			if more, ok := strings.CutPrefix(text[end:], "之"); ok {
				if n, ok := hanAt(more, 0); ok {
					end += len("之") + n.end
				}
			}
			return start - len("第"), end, true
		}
		return start, end, false
	}
	return start, end, false
}

// ties are the words that may stand between a designation and the clause of it
// that is cited (own table).
var ties = map[string]bool{"": true, ",": true, "of": true, "in": true, "de": true, "de la": true, "du": true, "del": true, "من": true, "по": true, "的": true, "中": true, "中的": true, "der": true, "von": true, "(": true, "»": true, "》": true, "”": true, "в": true, "of the": true, "de l'": true, "of standard": true, "of standards": true, "de la norme": true, "стандарта": true, "standard": true}

// together joins a designation and a clause of it, in either order.
func together(text string, a, b cited) (cited, bool) {
	if (a.designation == "") == (b.designation == "") || a.designation != "" && a.clause != "" {
		return a, false
	}
	if !ties[strings.TrimSpace(text[a.End:b.Start])] {
		return a, false
	}
	return cited{Span: Span{a.Start, b.End}, designation: a.designation + b.designation, clause: a.clause + b.clause}, true
}
