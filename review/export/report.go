package export

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// report is an export as people read it: titles and tables, the same for every
// kind of document.
type report struct {
	title  text
	lang   corpus.Language // of headings; decides the direction of the page
	words  phrases
	made   time.Time
	notice string // stands on every page, "" for none
	serif  bool   // typeset as national standards are
	intro  []text // stands before the tables
	tables []table
	head   *Letterhead       // of Word documents, nil for none
	values map[string]string // what a letterhead may name
}

// table is one table; in a workbook it is one sheet.
type table struct {
	key     string   // names it in arrangements
	name    string   // of the sheet
	about   []string // what {a} and {b} stand for in its words, nil for the parties
	texts   []text   // paragraphs under the note
	title   text
	note    text // a sentence under the title
	empty   text // what to say instead when there are no rows
	columns []column
	rows    [][]cell
	landing bool // rows are name and value, without a head
	small   bool // all columns but the first hold ids, which are printed small
	spooled bool // its rows are in files (spool)
	// later makes the n-th of so many rows that would be too many to hold at once; order
	// is which of their cells stand in which column, nil for all.
	later  func(n int) ([]cell, error)
	latest int
	order  []int
	whole  bool   // its rows are of all items, and none of a page of them
	ends   []int  // where its parts end but the last: those of a page stand after the same ones of the page before
	pair   string // tells tables of one key apart, "" where there is one
	ids    int    // how many of the last columns hold ids, which no printed page needs
}

// place names the table among those whose rows are in files.
func (t table) place() string { return t.key + t.pair }

// column is a column of a table; width is in characters of a workbook and a
// share of the page in a document.
type column struct {
	title text
	width float64
	key   string // names it in arrangements
}

// cell is paragraphs, each in its own language, or a number.
type cell struct {
	texts  []text
	number *float64
}

// text is a stretch of text in one language; "" is a language nobody told us.
type text struct {
	s      string
	lang   corpus.Language
	strong bool
}

// of makes a cell of texts, leaving empty ones out.
func of(texts ...text) cell {
	var c cell
	for _, t := range texts {
		if t.s = strings.TrimSpace(clean(t.s)); t.s != "" {
			c.texts = append(c.texts, t)
		}
	}
	return c
}

// plain makes a cell of a text in no language: numbers, ids, dates.
func plain(s string) cell { return of(text{s: s}) }

// String is the cell as one string.
func (c cell) String() string {
	var out []string
	for _, t := range c.texts {
		out = append(out, t.s)
	}
	return strings.Join(out, "\n")
}

// figure makes a cell of a number, an empty one for nothing.
func figure(v float64) cell {
	if v == 0 {
		return cell{}
	}
	return cell{number: &v}
}

// sideA tells whether a standard stands on the first side of the dossier.
func (s Set) sideA(id corpus.StandardID) bool {
	return len(s.Dossier.Sides) > 0 && slices.Contains(s.Dossier.Sides[0].Standards, id)
}

// fromB tells whether an item asks from the second side.
func (s Set) fromB(i Item) bool {
	return len(i.Match.Sources) > 0 && !s.sideA(i.Match.Sources[0].Standard())
}

// facing is an item with the first side's clauses as sources: a pair that was
// made from the other side is turned round, with everything that was said of it.
func (s Set) facing(i Item) Item {
	if !s.fromB(i) || len(i.Targets) == 0 {
		return i
	}
	i.Sources, i.Targets = i.Targets, i.Sources
	m := i.Match
	m.Sources, m.Targets, m.Against = m.Targets, m.Sources, m.Sources[0].Standard()
	o := *m.Outcome
	if r, related := o.Verdict.Relation(); related {
		o.Verdict = review.Verdict(r.Inverse())
	}
	o.AToB, o.BToA = o.BToA, o.AToB
	m.Outcome = &o
	i.Match = m
	turnedRows := make([]matcher.Difference, len(i.Differences))
	for n, d := range i.Differences {
		turnedRows[n] = turned(d)
	}
	if i.Differences != nil {
		i.Differences = turnedRows
	}
	return i
}

// pairs are the confirmed items, first side as sources.
func (s Set) pairs() []Item {
	var out []Item
	for _, i := range s.Items {
		if i.Match.State == review.StateConfirmed {
			out = append(out, s.facing(i))
		}
	}
	return out
}

// lines are the pairs, then what one side has answered, first side as sources.
func (s Set) lines() []Item {
	out := s.pairs()
	for _, i := range s.Waiting {
		out = append(out, s.facing(i))
	}
	return out
}

// waits tells whether the item is not agreed.
func (i Item) waits() bool { return i.Match.State == review.StateOpinion }

// mark is the sign of what is not agreed (UX.md 2).
const mark = "◔"

// number is the number of a line, with the mark where it is not agreed.
func (i Item) number(n int) cell {
	if i.waits() {
		return plain(fmt.Sprint(mark, " ", n))
	}
	return plain(fmt.Sprint(n))
}

// state says whether a line is agreed.
func (i Item) state(w phrases) text {
	if i.waits() {
		return w.text("state.opinion")
	}
	return w.text("state.agreed")
}

// related is what was agreed on, nothing while it is not.
func (i Item) related(w phrases) text {
	if i.waits() {
		return text{}
	}
	return w.text("relation." + string(i.Match.Outcome.Verdict))
}

// gaps are the items agreed to have no counterpart, asked from one side.
func (s Set) gaps(fromB bool) []Item {
	var out []Item
	for _, i := range s.Items {
		if i.Match.State == review.StateAbsent && s.fromB(i) == fromB {
			out = append(out, i)
		}
	}
	return out
}

// tell says how much is agreed, a number a row: where several stood in one cell, readers
// from right to left paired them with the words of the label the wrong way round.
func (s Set) tell(add func(key string, c cell)) {
	n := s.tallied()
	number := func(key string, n int) { add("about."+key, plain(fmt.Sprint(n))) }
	number("pairs", n.pairs)
	number("gaps-a", n.gapsA)
	number("gaps-b", n.gapsB)
	number("unrelated", n.unrelated)
	for _, way := range []string{"forth", "back"} {
		agreed, absent, all := s.standing(way == "back")
		number(way+"-agreed", agreed)
		number(way+"-absent", absent)
		number(way+"-all", all)
	}
}

// standing counts one direction: clauses with an agreed counterpart, those agreed to have
// none, and all normative ones.
func (s Set) standing(fromB bool) (agreed, absent, all int) {
	for _, c := range s.Coverage {
		if s.sideA(corpus.StandardID(c.From)) != fromB {
			agreed, absent, all = agreed+c.Confirmed, absent+c.Absent, all+c.Normative
		}
	}
	return agreed, absent, all
}

// newReport begins a report in the language of the options.
func (s Set) newReport() report {
	w := phrasesIn(s.Options.Language)
	w.sentence = s.Options.Sentence
	r := report{title: text{s: oneLine(s.Dossier.Name)}, lang: w.lang, words: w, made: s.Options.Now.UTC()}
	r.notice = s.notices(w)
	if t := s.Options.Template; t != nil {
		r.head = t.letterhead
	}
	return r
}

// columns makes columns from keys and widths.
func (p phrases) columns(list ...any) []column {
	var out []column
	for n := 0; n+1 < len(list); n += 2 {
		out = append(out, column{p.text("col." + list[n].(string)), float64(list[n+1].(int)), list[n].(string)})
	}
	return out
}

// sheet begins a table whose words are those of a key.
func (p phrases) sheet(key, note, empty string) table {
	t := table{key: key, name: p.say("sheet." + key), title: p.text("title." + key)}
	if note != "" {
		t.note = p.text(note)
	}
	if empty != "" {
		t.empty = p.text(empty)
	}
	return t
}

// designation is the standard of a side as a text in its language.
func (s Set) designation(clauses []corpus.Clause) text {
	if len(clauses) == 0 {
		return text{}
	}
	return named(s.designations(clauses), clauses[0].Language)
}

// wordings are the texts of a side, each headed by its label where there are
// several.
func wordings(clauses []corpus.Clause) []text {
	var out []text
	for _, c := range clauses {
		if len(clauses) > 1 {
			out = append(out, text{s: c.Label, lang: c.Language, strong: true})
		}
		out = append(out, text{s: c.Heading, lang: c.Language, strong: true}, text{s: c.Text, lang: c.Language})
	}
	return out
}

// clauseLabels are the labels of a side as a text in its language.
func clauseLabels(clauses []corpus.Clause) text {
	if len(clauses) == 0 {
		return text{}
	}
	t := named(labels(clauses), clauses[0].Language)
	t.strong = true
	return t
}

// reasons are what the people who agreed wrote, each sentence once.
func (i Item) reasons(w phrases) []text {
	var out []text
	add := func(t text) {
		if t.s != "" && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	for _, d := range i.agreedBy() {
		for _, code := range d.Reasons {
			add(w.text("reason." + code))
		}
	}
	for _, d := range i.agreedBy() {
		add(text{s: d.Note})
		add(text{s: d.Search})
	}
	return out
}

// remarks are the reasons, then what parties reserve against the match.
func (i Item) remarks(w phrases) []text { return append(i.reasons(w), w.reserved(i.Reserved)...) }

// reserved prints reservations, each headed by whose it is and since when.
func (w phrases) reserved(list []review.Reservation) []text {
	var out []text
	for _, r := range list {
		head := w.text("reservation.of")
		head.s, head.strong = strings.Replace(head.s, "{party}", oneLine(string(r.Party)), 1)+" · "+r.At.UTC().Format("2006-01-02"), true
		out = append(out, head, text{s: r.Text})
	}
	return out
}

// reservations lists what parties reserve: first against the whole, then match by
// match. Documents without any have no such table.
func (s Set) reservations(w phrases) []table {
	t := w.sheet("reservations", "note.reservations", "")
	t.columns = w.columns("about", 40, "reservation", 98)
	if len(s.Reserved) > 0 {
		t.rows = append(t.rows, []cell{of(w.text("reservation.whole")), of(w.reserved(s.Reserved)...)})
	}
	for _, i := range s.Items {
		if len(i.Reserved) > 0 {
			i = s.facing(i)
			t.rows = append(t.rows, []cell{of(s.designation(i.Sources), clauseLabels(i.Sources), s.designation(i.Targets), clauseLabels(i.Targets)), of(w.reserved(i.Reserved)...)})
		}
	}
	if len(t.rows) == 0 && !s.holds(t.key) {
		return nil
	}
	return []table{t}
}

// recognition is one direction: the answer, then its conditions.
func (w phrases) recognition(r corpus.Recognition) []text {
	out := []text{w.answer(r)}
	return append(out, w.conditions(r)...)
}

func (w phrases) answer(r corpus.Recognition) text {
	if r.Answer == corpus.AnswerOpen {
		return w.text("answer.open")
	}
	return w.text("answer." + string(r.Answer))
}

// conditions are those of a recognition: what the comparison suggested in the
// language of the document, a person's own words in theirs.
func (w phrases) conditions(r corpus.Recognition) []text {
	var out []text
	for n, c := range r.Conditions {
		d := r.Detail(n)
		t := text{s: bounds.Replace(c), lang: d.Language}
		if !d.Own() && w.sentence != nil {
			if s := w.sentence(d, w.lang); s != "" {
				t = text{s: s, lang: w.lang}
			}
		}
		out = append(out, t)
	}
	return out
}

// provenance are the ids a line rests on: its match, its decisions and the
// digests of its texts.
func (i Item) provenance() (match, decisions, versions string) {
	var ids, digests []string
	for _, d := range i.agreedBy() {
		ids = append(ids, d.ID.String())
	}
	for _, id := range i.Match.Clauses() {
		digests = append(digests, string(id)+"@"+string(i.Match.Digests[id]))
	}
	return i.Match.ID.String(), strings.Join(ids, "\n"), strings.Join(digests, "\n")
}

// bounds prints the signs of limits as people write them.
var bounds = strings.NewReplacer(">=", "≥", "<=", "≤")

// indicators is the comparison of figures: one row per figure of an agreed pair.
// Numbers in n are those of the comparison table.
func (s Set) indicators(w phrases) table {
	t := w.sheet("indicators", "note.indicators", "empty.indicators")
	t.columns = w.columns("no", 6, "parameter", 22, "clause-a", 20, "value-a", 18, "clause-b", 20, "value-b", 18, "stricter", 16, "factor", 16, "delta", 14, "unit", 12, "remark", 20)
	for n, i := range s.lines() {
		for _, d := range i.Differences {
			if d.Aspect == matcher.AspectQuantity {
				t.rows = append(t.rows, s.indicator(w, s.before.pairs+s.before.waiting+n+1, i, d))
			}
		}
	}
	return t
}

// indicator is one row of figures.
func (s Set) indicator(w phrases, n int, i Item, d matcher.Difference) []cell {
	a, b := i.Sources[0], i.Targets[0]
	var remarks []text
	if d.Threshold {
		remarks = append(remarks, w.text("remark.threshold"))
	}
	if d.A == "" && d.Finding != matcher.FindingOnlyB || d.B == "" && d.Finding != matcher.FindingOnlyA {
		remarks = append(remarks, w.text("remark.hidden"))
	}
	delta, unit := lasting(d.Delta, d.Unit)
	return []cell{
		i.number(n), of(text{s: s.parameter(d, w.lang), lang: w.lang}),
		of(s.designation(i.Sources), clauseLabels(i.Sources)), of(text{s: bounds.Replace(d.A), lang: a.Language}),
		of(s.designation(i.Targets), clauseLabels(i.Targets)), of(text{s: bounds.Replace(d.B), lang: b.Language}),
		of(w.text("finding." + string(d.Finding))), figure(d.Factor), figure(delta), plain(unit), of(remarks...),
	}
}

// lasting is a difference in the largest unit of time that it reaches, of those that
// the SI brochure (table 8) accepts beside the second; nobody reads months in seconds.
// What is a whole number of years or months, as the lexicon reads them, is told in them
// (UCUM "a", "mo"): 12 months are 6 months more than 6, and not 182.6 days.
func lasting(delta float64, unit string) (float64, string) {
	for _, in := range []struct {
		seconds float64
		code    string
	}{{31557600, "a"}, {2629800, "mo"}} {
		if n := delta / in.seconds; unit == "s" && n != 0 && math.Abs(n-math.Round(n)) < 1e-9 {
			return math.Round(n), in.code
		}
	}
	for _, in := range []struct {
		seconds float64
		code    string
	}{{86400, "d"}, {3600, "h"}, {60, "min"}} {
		if unit == "s" && math.Abs(delta) >= in.seconds {
			return delta / in.seconds, in.code
		}
	}
	return delta, unit
}

// parameter names what a figure measures, "" when nobody knows.
func (s Set) parameter(d matcher.Difference, in corpus.Language) string {
	if s.Options.Label == nil || d.Concept == "" {
		return ""
	}
	return s.Options.Label(string(d.Concept), in)
}

// gapList lists the clauses of one side that have no counterpart.
func (s Set) gapList(w phrases, fromB, ids bool) table {
	t := w.sheet(map[bool]string{false: "gaps-a", true: "gaps-b"}[fromB], "note.gaps", "empty.gaps")
	t.columns = w.columns("no", 6, "standard", 20, "clause", 14, "text", 60, "against", 20, "search", 44, "decided", 12)
	if ids {
		t.ids, t.columns = 3, append(t.columns, w.columns("match", 38, "decisions", 38, "versions", 44)...)
	}
	for n, i := range s.gaps(fromB) {
		against := s.Standards[i.Match.Against]
		t.rows = append(t.rows, []cell{
			plain(fmt.Sprint(s.before.gaps(fromB) + n + 1)), of(s.designation(i.Sources)), of(clauseLabels(i.Sources)), of(wordings(i.Sources)...),
			of(named(against.Designation, against.Language)), of(i.remarks(w)...), plain(i.date()),
		})
		if match, decisions, versions := i.provenance(); ids {
			t.rows[n] = append(t.rows[n], plain(match), plain(decisions), plain(versions))
		}
	}
	return t
}

// unmatched lists of what nothing was agreed when the round was frozen. Documents of what
// is agreed now, and of rounds that note nothing of it, have no such table.
func (s Set) unmatched(w phrases) []table {
	if s.Round == nil || s.Round.Unmatched == nil {
		return nil
	}
	t := w.sheet("open", "note.open", "empty.open")
	t.whole = true
	t.columns = w.columns("no", 6, "standard", 40, "clause", 30, "against", 40)
	for n, u := range s.Round.Unmatched {
		from, against := s.Standards[u.Clause.Standard()], s.Standards[u.Against]
		t.rows = append(t.rows, []cell{plain(fmt.Sprint(n + 1)), of(named(from.Designation, from.Language)), of(named(orElse(u.Label, u.Clause.Key()), from.Language)), of(named(against.Designation, against.Language))})
	}
	return []table{t}
}

// about says what the document is, from what and when it was made.
func (s Set) about(w phrases) table {
	t := w.sheet("about", "", "")
	t.whole, t.landing, t.columns = true, true, []column{{width: 48}, {width: 90}}
	add := func(key string, c cell) { t.rows = append(t.rows, []cell{of(w.text("about." + key)), c}) }
	add("dossier", of(text{s: s.Dossier.Name}, text{s: s.Options.BaseURI + "/dossiers/" + s.Dossier.ID.String()}))
	for n, side := range s.Dossier.Sides {
		add([]string{"side-a", "side-b"}[min(n, 1)], of(s.sideTexts(side, w.lang)...))
	}
	n := s.tallied()
	add("policy", of(w.text("policy."+string(s.Dossier.Policy))))
	s.aboutRound(add)
	add("filter", of(s.filter(w)...))
	if s.Options.OneSided {
		add("waiting", plain(fmt.Sprint(n.waiting)))
	}
	s.tell(func(key string, c cell) { t.rows = append(t.rows, []cell{of(w.text(key)), c}) })
	add("uncompared", plain(fmt.Sprint(n.uncompared)))
	if t := s.Options.Template; t != nil {
		add("template", plain(t.line()))
	}
	add("made", plain(s.Options.Now.UTC().Format("2006-01-02 15:04:05 UTC")))
	add("program", plain(strings.TrimSpace("Concord "+s.Options.Version)))
	if s.AuditSeq > 0 {
		add("database", plain(fmt.Sprintf("%d · %s", s.AuditSeq, s.AuditHash)))
	}
	if s.demonstration() {
		add("notice", of(w.text("about.demonstration")))
	}
	return t
}

// particulars are what about says, a line each, in English.
func (s Set) particulars() []string {
	var out []string
	for _, row := range s.about(phrasesIn("en")).rows {
		out = append(out, oneLine(strings.TrimSuffix(row[0].String(), ":")+": "+row[1].String()))
	}
	return out
}

// filter says what the document leaves out.
func (s Set) filter(w phrases) []text {
	out := []text{w.text("about.filter-agreed")}
	if s.Options.OneSided {
		out[0] = w.text("about.filter-onesided")
	}
	if only := s.Options.Only; only != nil {
		out = append(out, text{s: only.Said})
	}
	return out
}

// sideTexts are a party and its standards with their titles.
func (s Set) sideTexts(side review.Side, in corpus.Language) []text {
	out := []text{{s: string(side.Party), strong: true}}
	for _, id := range side.Standards {
		out = append(out, s.instrument(id, in)...)
	}
	return out
}

// instrument is a standard with its titles: in its own language and, where there
// is one, in that of the document.
func (s Set) instrument(id corpus.StandardID, in corpus.Language) []text {
	std := s.Standards[id]
	if std.ID == "" {
		return []text{{s: string(id)}}
	}
	title := std.Title(std.Language)
	out := []text{{s: std.Designation + " " + title.Text, lang: title.Language}}
	if here := std.Title(in); here.Language.Base() == in.Base() && here != title {
		out = append(out, text{s: here.Text, lang: here.Language})
	}
	return out
}

// unrelated counts the pairs agreed to have nothing in common.
func (s Set) unrelated() (n int) {
	for _, i := range s.Items {
		if i.Match.State == review.StateRejected {
			n++
		}
	}
	return n
}

// uncompared counts the pairs whose figures nobody compared.
func (s Set) uncompared() (n int) {
	for _, i := range s.pairs() {
		if i.Differences == nil {
			n++
		}
	}
	return n
}

// rounded keeps six significant digits of a figure, as many as any text states.
func rounded(v float64) float64 {
	out, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 6, 64), 64)
	if err != nil {
		return v
	}
	return out
}
