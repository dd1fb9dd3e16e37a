package reader

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"concord/corpus"
)

// subdivide gives the numbered paragraphs of articles, of headed sections of
// statutes and the numbered points of a law's annexes entries of their own, under
// the number people cite: Article 5(1), § 2(3), section 12(2A), point 3 of Annex I.
// Formats whose structure says what a paragraph is give these by themselves; this
// makes the others alike. Marks are taken in sequence from 1, all of one form, so
// that items of a list inside a paragraph and references broken off a line stay
// text.
func subdivide(entries []*entry) []*entry {
	sections := statuteSections(entries)
	rounds := roundParagraphs(entries)
	law := hasArticles(entries)
	out := make([]*entry, 0, len(entries))
	for i := 0; i < len(entries); i++ {
		e := entries[i]
		out = append(out, e)
		if !holdsParagraphs(e, sections, law) && !(rounds && opensRound(e)) {
			continue
		}
		parts := paragraphsOf(e)
		if len(parts) == 0 {
			continue
		}
		own := 0
		for i+1 < len(entries) && entries[i+1].standsIn(e) { // notes and units go to the paragraph they stand in
			i++
			note := entries[i]
			if note.owner != e { // of a table
				out = append(out, note)
				continue
			}
			for own < len(parts) && parts[own].line <= note.after {
				out = append(out, parts[own].entry)
				own++
			}
			if own > 0 && note.after > 0 {
				note.owner = parts[own-1].entry
			}
			out = append(out, note)
		}
		for ; own < len(parts); own++ {
			out = append(out, parts[own].entry)
		}
	}
	return out
}

// roundParagraphs tells whether nearly all clauses with dotted numbers begin with (1), as
// in the Eurocodes, where paragraphs are cited with their clause: 6.2.1(2)P.
func roundParagraphs(entries []*entry) bool {
	with, without := 0, 0
	for _, e := range entries {
		switch {
		case e.number.Kind != corpus.NumberClause || e.number.Depth() < 2 || len(e.text) == 0 || e.owner != nil || e.comment:
		case opensRound(e):
			with++
		default:
			without++
		}
	}
	return with >= 4 && with > without
}

// opensRound tells whether the text of a clause begins with (1).
func opensRound(e *entry) bool {
	if e.number.Kind != corpus.NumberClause || e.number.Depth() < 2 || len(e.text) == 0 || e.owner != nil || e.comment {
		return false
	}
	value, _, form := paragraphMark(e.text[0])
	return value == "1" && form == "()"
}

// standsIn tells whether an entry is a note or unit of another, or a note of such a
// unit.
func (e *entry) standsIn(clause *entry) bool {
	return e.owner != nil && (e.owner == clause || e.owner.owner == clause)
}

// hasArticles tells whether a document is cut into articles.
func hasArticles(entries []*entry) bool {
	articles, others := 0, 0
	for _, e := range entries {
		switch {
		case e.number.Kind != corpus.NumberClause || e.annex != "":
		case e.number.Rank == "article":
			articles++
		default:
			others++
		}
	}
	return articles > 0 && articles >= others
}

// statuteSections tells whether a document is cut into headed sections with a
// figure each, as acts of the common-law tradition are: there (1) is a subsection,
// in a standard with dotted numbers it is an item or the number of a formula.
func statuteSections(entries []*entry) bool {
	headed, dotted := 0, 0
	for _, e := range entries {
		switch {
		case e.number.Kind != corpus.NumberClause || e.number.Rank != "" || e.annex != "" || len(e.number.Parts) == 0:
		case e.number.Depth() > 1 && !strings.HasPrefix(e.number.Parts[1], "("):
			dotted++
		case e.number.Depth() == 1 && startsNumeric(e.number.Parts[0]) && e.heading != "":
			headed++
		}
	}
	return headed >= 3 && headed > 3*dotted
}

// holdsParagraphs tells whether paragraphs of an entry are cited with it.
func holdsParagraphs(e *entry, sections, law bool) bool {
	n := e.number
	switch {
	case e.comment || len(e.text) == 0 || e.owner != nil || e.kind != "":
		return false
	case n.Kind == corpus.NumberAnnex:
		return law || sections
	case n.Kind != corpus.NumberClause || strings.Contains(n.String(), "("):
		return false
	case n.Rank == "article":
		return true
	}
	return sections && n.Depth() == 1 && startsNumeric(n.Parts[0]) && e.heading != ""
}

// paragraph is a piece of an entry, with the line of it at which it began.
type paragraph struct {
	*entry
	line int
}

// paragraphsOf takes the paragraphs out of an entry's text. What stands before the
// first one stays.
func paragraphsOf(e *entry) []paragraph {
	var parts []paragraph
	var kept []string
	listed := false // （一） came: what has a figure below it is its part
	s := markSequence{letters: strings.HasPrefix(e.number.Label, "§") || coded.MatchString(e.number.Label+" A"), round: e.number.Kind == corpus.NumberClause && (e.number.Rank != "article" || strings.HasSuffix(e.number.Label, "§"))}
	for i, text := range e.text {
		for _, line := range strings.Split(text, "\n") {
			value, rest, ok := s.next(line)
			listed = listed || hanItem.MatchString(line)
			if listed && len(parts) == 0 {
				ok = false
			}
			switch {
			case ok: // what a mark alone marks stands on the next line
				number := paragraphNumber(value, e)
				if after, principle := strings.CutPrefix(rest, "P "); principle && s.form == "()" { // of a Eurocode: (2)P
					number.Parts[len(number.Parts)-1] += "P"
					number.Label, rest = number.Label+"P", after
				}
				p := &entry{number: number, annex: e.annex, line: e.line, page: e.page, level: e.level, official: e.official}
				if e.level > 0 {
					p.level++
				}
				if e.number.Kind == corpus.NumberAnnex {
					p.annex = annexKey(e)
				}
				if rest != "" {
					p.text = []string{rest}
				}
				parts = append(parts, paragraph{p, i + 1})
			case len(parts) > 0:
				last := parts[len(parts)-1].entry
				last.text = append(last.text, line)
			default:
				kept = append(kept, line)
			}
		}
	}
	if len(parts) == 0 || len(parts) == 1 && len(kept) > 0 {
		return nil // one figure after other text is no numbering
	}
	for _, p := range parts {
		if len(p.text) == 0 {
			return nil
		}
	}
	switch n := len(kept); {
	case n == 1 && e.heading == "" && e.number.Kind != corpus.NumberAnnex && longTitle(kept[0]):
		e.heading, kept = kept[0], nil
	case n > 0 && e.number.Kind != corpus.NumberAnnex && !leadsIn(kept[n-1]) && sectionOf(e.heading) != sectionTerms:
		return nil // the parts of one sentence
	}
	e.text = kept
	return parts
}

// hanItem opens an item of Chinese law, 第（一）项.
var hanItem = regexp.MustCompile(`^[(（][一二三四五六七八九十]{1,3}[)）]`)

// markSequence follows the marks of the paragraphs of one article.
type markSequence struct {
	letters bool // (a), (b) number the paragraphs too, as in the codes of the United States
	round   bool // nothing but (1), (2)
	form    string
	last    int
	inside  bool // a figure came below a lettered paragraph
}

// next takes the mark of a line when it is the next one of the sequence.
func (s *markSequence) next(line string) (value, rest string, ok bool) {
	value, rest, form := paragraphMark(line)
	switch {
	case form == "" || strings.Contains(rest, " | ") || s.round && form != "()":
		return "", "", false
	case s.form == "" && form == "()" && value == "a" && s.letters:
		s.form, s.last = "(a)", 1
		return value, rest, true
	case s.form == "(a)":
		return value, rest, form == "()" && s.letter(value)
	case s.form != "" && s.form != form:
		return "", "", false
	}
	n, err := strconv.Atoi(strings.TrimRightFunc(value, unicode.IsLetter))
	if err != nil || n != s.last+1 && !(n == s.last && n > 0 && unicode.IsLetter(rune(value[len(value)-1]))) {
		return "", "", false
	}
	s.form, s.last = form, n
	return value, rest, true
}

// letter takes the next letter of a sequence (a), (b) ... (i) below a figure is a
// Roman number.
func (s *markSequence) letter(value string) bool {
	if len(value) != 1 || value[0] < 'a' || value[0] > 'z' {
		s.inside = s.inside || value != "" && value[0] <= '9'
		return false
	}
	if int(value[0]-'a') != s.last || value == "i" && s.inside {
		return false
	}
	s.last, s.inside = s.last+1, false
	return true
}

// paragraphMark reads the mark that opens a line: (1), 1., 1), （1）, (١), 1 –. The
// form says which marks belong to one numbering.
func paragraphMark(line string) (value, rest, form string) {
	line = strings.TrimLeft(line, " \t　\u00a0")
	open, size := utf8.DecodeRuneInString(line)
	round := open == '(' || open == '（'
	if round {
		line = line[size:]
	}
	end := 0
	for i, r := range line {
		d, digit := corpus.Digit(r)
		switch {
		case digit:
			value += strconv.Itoa(d)
		case r < utf8.RuneSelf && unicode.IsLetter(r):
			value += string(r)
		default:
			end = i
		}
		if end > 0 || len(value) > 4 || !digit && !(r < utf8.RuneSelf && unicode.IsLetter(r)) {
			break
		}
	}
	if value == "" || end == 0 || len(value) > 4 {
		return "", "", ""
	}
	mark, size := utf8.DecodeRuneInString(line[end:])
	rest = line[end+size:]
	after, _ := utf8.DecodeRuneInString(rest)
	_, digit := corpus.Digit(after)
	switch {
	case round && (mark == ')' || mark == '）'):
		form = "()"
	case round || !unicode.IsDigit(rune(value[0])):
		return "", "", ""
	case mark == ')' || mark == '）':
		form = ")"
	case (mark == '.' || mark == '．' || mark == '、') && !digit:
		form = "."
	case (mark == '-' || mark == '–' || mark == '—' || mark == 'ـ') && unicode.IsSpace(after):
		form = "-"
	default:
		return "", "", ""
	}
	rest = strings.TrimSpace(rest)
	if rest != "" && strings.IndexFunc(rest, unicode.IsLetter) < 0 {
		return "", "", ""
	}
	return value, rest, form
}

// longTitle tells whether the only line between the number of an article and its
// first paragraph is its title, however long.
func longTitle(s string) bool {
	return !endsSentence(s) && !leadsIn(s) && !startsLower(s) && !readsOn(s) && utf8.RuneCountInString(s) <= 300
}

// leadsIn tells whether a text can stand before paragraphs or points of their own:
// a sentence, or words that end in a colon or dash.
func leadsIn(text string) bool {
	return endsSentence(text) || strings.HasSuffix(text, "—") || strings.HasSuffix(text, "–")
}
