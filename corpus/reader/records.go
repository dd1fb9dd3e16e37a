package reader

import (
	"regexp"
	"strings"
	"unicode"

	"concord/corpus"
)

// record is a clause as tables and JSON lines give it: everything in one row.
type record struct {
	standard, issuer, country, lang, domain string
	number, title, text, note               string
	path                                    []step // headings above, outermost first
	line                                    int
	kind                                    corpus.Kind
}

// step is a heading above a record.
type step struct{ number, heading string }

// pathSteps reads headings as printed: "5.1 建筑分类" has a number, "General" none.
func pathSteps(path []string) []step {
	var out []step
	for _, p := range path {
		if p = strings.TrimSpace(p); p == "" {
			continue
		}
		n, rest, ok := leadingNumber(p)
		if !ok || n.Kind == corpus.NumberTable || n.Kind == corpus.NumberFigure || startsLower(rest) {
			out = append(out, step{heading: p})
			continue
		}
		out = append(out, step{number: n.Label, heading: rest})
	}
	return out
}

// assembler builds one document per standard from records in file order.
type assembler struct {
	hint  Hint
	docs  []*corpus.Document
	parts map[string]*assembly
}

// assembly is a document being built.
type assembly struct {
	doc     *corpus.Document
	entries []*entry
	byPath  map[string]*entry
	byLabel map[string]*entry
}

func newAssembler(hint Hint) *assembler {
	return &assembler{hint: hint, parts: map[string]*assembly{}}
}

// add takes a record. An error says that there are too many standards.
func (a *assembler) add(r record) error {
	name := first(r.standard, a.hint.Designation)
	key := name + "\x00" + r.lang
	part := a.parts[key]
	if part == nil {
		if len(a.parts) >= maxStandards {
			return corpus.Refuse(corpus.ErrLimit, "standards-many", "line {line}: the file holds more than {most} standards; split it", "line", r.line, "most", maxStandards)
		}
		part = a.open(name, r)
		a.parts[key] = part
	}
	if len(part.entries) > 3*corpus.MaxClauses {
		return corpus.Refuse(corpus.ErrLimit, "standard-long", "line {line}: the standard \"{standard}\" has far more than {most} clauses; split it", "line", r.line, "standard", shorten(name, 60), "most", corpus.MaxClauses)
	}
	part.take(r)
	return nil
}

// open begins a document with what its first record says of the standard.
func (a *assembler) open(name string, r record) *assembly {
	doc := &corpus.Document{Standard: corpus.Standard{
		Designation: name, Issuer: r.issuer, Language: languageTag(r.lang),
		Jurisdiction: corpus.Jurisdiction(strings.ToUpper(r.country)), Domain: domainNamed(r.domain),
	}}
	if len(r.path) > 0 && name != "" {
		if rest, found := strings.CutPrefix(fullStep(r.path[0]), name); found {
			if title := strings.TrimSpace(strings.Trim(strings.TrimSpace(rest), ":-–—")); title != "" {
				doc.Standard.Titles = []corpus.Title{{Language: doc.Standard.Language, Text: title}}
			}
		}
	}
	a.docs = append(a.docs, doc)
	return &assembly{doc: doc, byPath: map[string]*entry{}, byLabel: map[string]*entry{}}
}

func fullStep(s step) string { return strings.TrimSpace(s.number + " " + s.heading) }

// tagPatternBCP is what a language tag looks like (BCP 47).
var tagPatternBCP = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$`)

// languageTag accepts the usual ways of writing a language.
func languageTag(s string) corpus.Language {
	s = strings.ReplaceAll(strings.TrimSpace(s), "_", "-")
	switch strings.ToLower(s) {
	case "zh-cn", "zh-hans", "cn", "chinese":
		return "zh"
	case "zh-tw", "zh-hk", "zh-hant":
		return "zh-Hant"
	}
	s = first(codes[strings.ToLower(s)], s)
	if !tagPatternBCP.MatchString(s) {
		return ""
	}
	return corpus.Language(s)
}

// codes gives the codes of three letters their shorter ones: languages of ISO 639-2 in
// small letters, countries in capitals as the Publications Office has them.
var codes = pairs(`eng en fra fr fre fr spa es rus ru zho zh chi zh ara ar deu de ger de ita it por pt kaz kk vie vi ind id afr af nld nl dut nl tur tr pol pl jpn ja kor ko
	swe sv fin fi dan da nor no nob nb nno nn isl is est et lav lv lit lt ces cs cze cs slk sk slo sk slv sl hrv hr srp sr hun hu ron ro rum ro bul bg ell el gre el mlt mt gle ga cym cy cat ca eus eu glg gl ukr uk bel be
	heb he hin hi tha th msa ms may ms lao lo khm km mon mn uzb uz kir ky tgk tg aze az hye hy kat ka fas fa swa sw zul zu xho xh sot st tsn tn
	LUX LU FRA FR DEU DE ITA IT ESP ES PRT PT BEL BE NLD NL AUT AT CHE CH GBR GB IRL IE EUR EU`)

// pairs reads a table of two columns.
func pairs(s string) map[string]string {
	table := map[string]string{}
	for words := strings.Fields(s); len(words) > 1; words = words[2:] {
		table[words[0]] = words[1]
	}
	return table
}

func domainNamed(s string) corpus.Domain {
	for _, d := range corpus.Domains {
		if strings.EqualFold(strings.TrimSpace(s), string(d)) {
			return d
		}
	}
	return ""
}

// take turns a record into entries: its headings when they are new, the clause,
// its note.
func (p *assembly) take(r record) {
	steps := r.path
	if len(steps) > 0 && p.doc.Standard.Designation != "" && strings.HasPrefix(fullStep(steps[0]), p.doc.Standard.Designation) {
		steps = steps[1:] // the standard itself
	}
	var above *entry
	trail := ""
	for _, s := range steps {
		trail += "\x00" + fullStep(s)
		e := p.byPath[trail]
		if e == nil {
			e = &entry{number: parseNumber(s.number), heading: s.heading, line: r.line, kind: corpus.KindHeading, parent: above}
			p.byPath[trail] = e
			p.entries = append(p.entries, e)
			if !e.number.IsZero() {
				p.byLabel[e.number.String()] = e
			}
		}
		above = e
	}
	p.clause(r, above)
}

// clause adds the record itself, or fills the heading that has its number.
func (p *assembly) clause(r record, above *entry) {
	n := parseNumber(r.number)
	if n.IsZero() && r.title == "" && r.text == "" {
		return
	}
	if same := p.byLabel[n.String()]; !n.IsZero() && same != nil && same.kind == corpus.KindHeading && len(same.text) == 0 {
		same.heading = first(r.title, same.heading)
		if r.text != "" {
			same.text, same.kind = splitLines(r.text), r.kind
		}
		return
	}
	heading := r.title
	if heading == r.number || heading == r.text {
		heading = ""
	}
	e := &entry{number: n, heading: heading, text: splitLines(r.text), line: r.line, kind: r.kind, parent: above}
	p.entries = append(p.entries, e)
	if r.note != "" {
		p.entries = append(p.entries, &entry{number: corpus.Number{Kind: corpus.NumberNote}, text: splitLines(r.note), line: r.line, kind: corpus.KindNote, owner: e})
	}
}

func splitLines(s string) []string {
	s = strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
	if s == "" {
		return nil
	}
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRightFunc(lines[i], unicode.IsSpace)
	}
	return lines
}

// finish gives keys and parents and returns the documents in file order.
func (a *assembler) finish() []*corpus.Document {
	var out []*corpus.Document
	for _, doc := range a.docs {
		for _, part := range a.parts {
			if part.doc == doc {
				part.turnRound()
				doc.Clauses, doc.Problems = buildRecords(part.entries, doc)
			}
		}
		out = append(out, doc)
	}
	return out
}

// buildRecords is buildClauses for entries whose headings are known: a number
// finds its parent by itself, else the innermost heading is it.
func buildRecords(entries []*entry, doc *corpus.Document) ([]corpus.Clause, []corpus.Problem) {
	o := &outline{byKey: map[string]*entry{}, repeated: map[string]int{}, counts: map[string]int{}, records: true}
	for _, e := range entries {
		above := e.parent
		if e.owner == nil {
			if p := o.byNumber(e); p != nil && (above == nil || below(p, above)) {
				above = p
			}
		} else {
			above = e.owner
		}
		e.parent = above
		key := usable(o.recordKey(e))
		if o.byKey[key] != nil && e.kind == corpus.KindHeading && above != nil && len(e.text) == 0 {
			key = above.key + "." + key
		}
		if o.byKey[key] != nil {
			if !e.number.IsZero() && e.kind != corpus.KindHeading {
				o.repeated[key]++
			}
			key = o.free(key+"~", 2)
		}
		e.key = key
		o.byKey[key] = e
		o.entries = append(o.entries, e)
	}
	o.kinds()
	clauses := o.clauses(&doc.Standard, false)
	o.reportRepeated()
	return clauses, append(doc.Problems, o.problems...)
}

// byNumber finds the entry one or more components above by its number.
func (o *outline) byNumber(e *entry) *entry {
	if e.number.Kind != corpus.NumberClause {
		return nil
	}
	for n := e.number.Parent(); !n.IsZero(); n = n.Parent() {
		if p := o.byKey[n.String()]; p != nil {
			return p
		}
	}
	return nil
}

// below tells whether e stands anywhere below above, or is it.
func below(e, above *entry) bool {
	for ; e != nil; e = e.parent {
		if e == above {
			return true
		}
	}
	return false
}

func (o *outline) recordKey(e *entry) string {
	switch {
	case strings.HasPrefix(e.key, "\x00"): // a part of a control
		return e.parent.key + "~" + e.key[1:]
	case e.key != "":
		return e.key
	case e.owner != nil:
		return o.noteKey(e)
	case e.number.IsZero():
		return o.headingKey(e)
	case e.number.Kind == corpus.NumberDivision && e.parent != nil && e.parent.number.Kind == corpus.NumberDivision:
		return e.parent.key + "." + e.number.String()
	}
	return e.number.String()
}

// turnRound finds numbers written in reversed order, as right-to-left editors
// leave them (ق3.1.1 for the third of 1.1), and turns them: along the file the
// first component counts up while the last stands still. The label stays as
// printed.
func (p *assembly) turnRound() {
	forward, backward := 0, 0
	var before []string
	for _, e := range p.entries {
		parts, ok := plainParts(e.number)
		if !ok || len(parts) < 3 {
			continue
		}
		if len(before) == len(parts) {
			switch {
			case valueOf(parts[0]) == valueOf(before[0])+1 && same(parts[1:], before[1:]):
				backward++
			case valueOf(parts[len(parts)-1]) == valueOf(before[len(parts)-1])+1 && same(parts[:len(parts)-1], before[:len(parts)-1]):
				forward++
			}
		}
		before = parts
	}
	if backward < 5 || backward < 4*forward {
		return
	}
	for _, e := range p.entries {
		parts, ok := plainParts(e.number)
		if !ok || len(parts) < 2 {
			continue
		}
		letters := strings.TrimRightFunc(e.number.Parts[0], unicode.IsDigit)
		turned := make([]string, len(parts))
		for i := range parts {
			turned[i] = parts[len(parts)-1-i]
		}
		turned[0] = letters + turned[0]
		e.number.Parts = turned
	}
	p.doc.Problems = append(p.doc.Problems, corpus.Say(corpus.SeverityNote, "numbers", "numbers-reversed", "the clause numbers are written in reversed order and were turned round; labels stay as printed", ""))
}

// plainParts are the components without the letters that open the first.
func plainParts(n corpus.Number) ([]string, bool) {
	if n.Kind != corpus.NumberClause || len(n.Parts) == 0 {
		return nil, false
	}
	parts := append([]string(nil), n.Parts...)
	parts[0] = strings.TrimLeftFunc(parts[0], unicode.IsLetter)
	for _, part := range parts {
		if part == "" || strings.Trim(part, "0123456789") != "" {
			return nil, false
		}
	}
	return parts, true
}

func same(a, b []string) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
