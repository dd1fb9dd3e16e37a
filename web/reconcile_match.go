package web

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/corpus/termbase"
	"concord/index"
)

// What a finding is worth, of 100. An identical name is 100; a name that leaves
// something open, such as the year, is less and never a match by itself.
const (
	recSame       = 100.0
	recAnyEdition = 90.0 // a designation without its year
	recOldName    = 85.0 // a term that should not be used any more
	recBegins     = 80.0 // the name begins so, by the share that is given
	recWithin     = 70.0 // a standard that the text names with something behind it
	recOther      = 65.0 // another edition
	recWords      = 95.0 // words in common, by their share
	recSearched   = 50.0 // the best answer of the search index
	recLoose      = 40.0 // a term that has all the words
)

// recEntity is something that can be named: a standard, a clause or a concept.
type recEntity struct {
	id, name, about string
	kind            string
	lang            corpus.Language  // of the name
	standard        *corpus.Standard // of which it is, or in which it stands
	clause          corpus.Clause    // as it may be shown
	whole           bool             // nothing of the clause is held back
	term            *termRow
}

// recFound is an entity that answers a query.
type recFound struct {
	*recEntity
	score   float64
	same    bool    // its name is what was asked for
	match   bool    // it alone
	overlap float64 // words in common, 0 to 1
}

// recDesk is what one request matches against.
type recDesk struct {
	s         *Server
	ctx       context.Context
	open      bool
	lang      corpus.Language
	standards []*recHeld
	byID      map[corpus.StandardID]int
	clauses   map[corpus.StandardID][]corpus.Clause
	terms     *recTerms
}

// recHeld is a standard with its designation taken apart.
type recHeld struct {
	corpus.Standard
	parsed corpus.Designation
	folded string
}

// recDesk reads what the caller may know of: without a key, only standards whose
// publishers let texts or excerpts be shown.
func (s *Server) recDesk(c *recCall) (*recDesk, error) {
	holdings, err := s.store.Standards(c.ctx)
	if err != nil {
		return nil, err
	}
	d := &recDesk{s: s, ctx: c.ctx, open: c.open, lang: c.lang, byID: map[corpus.StandardID]int{}, clauses: map[corpus.StandardID][]corpus.Clause{}}
	for _, h := range holdings {
		if c.open && levelOf(h.Standard.Rights) == corpus.RightsTitles {
			continue
		}
		parsed, err := corpus.ParseDesignation(h.Standard.Designation)
		if err != nil {
			parsed = corpus.Designation{} // is found as it is written
		}
		d.byID[h.Standard.ID] = len(d.standards)
		d.standards = append(d.standards, &recHeld{h.Standard, parsed, recFold(h.Standard.Designation)})
	}
	d.terms, err = s.recTermsNow(c.ctx)
	return d, err
}

// recFold makes two ways of writing a name one: case, width, dashes and blanks.
func recFold(s string) string {
	s = termbase.Fold(s)
	s = strings.NewReplacer("—", "-", "–", "-", "−", "-", "‑", "-", "：", ":", "∶", ":").Replace(s)
	return strings.Join(strings.Fields(s), " ")
}

// standard is a standard as an entity.
func (d *recDesk) standard(s *corpus.Standard) *recEntity {
	title := s.Title(d.lang)
	return &recEntity{id: string(s.ID), name: s.Designation, about: recJoin(title.Text, string(s.Jurisdiction), string(s.Language), string(s.Status)), kind: recStandard, lang: s.Language, standard: s}
}

// clause is a clause as an entity. This is where its text passes the gate of
// rights.
func (d *recDesk) clause(c *corpus.Clause, s *corpus.Standard) *recEntity {
	shown := s.Rights.Shown(*c)
	name := s.Designation
	if label := strings.TrimSpace(cmp.Or(shown.Label, shown.Number)); label != "" {
		name += " " + label
	}
	text := strings.Join(strings.Fields(shown.Text), " ")
	if cut := recCut(text, 200); cut != text {
		text = cut + "…"
	}
	return &recEntity{id: string(c.ID), name: name, about: recJoin(shown.Heading, text), kind: recClause, lang: s.Language, standard: s, clause: shown, whole: reachOf(*c, s.Rights).whole()}
}

// recConceptMark begins the ids of concepts, which else could be those of
// standards.
const recConceptMark = "concept:"

// concept is an entry as an entity.
func (d *recDesk) concept(r *termRow) *recEntity {
	var others []string
	name, lang := "", corpus.Language("")
	for _, l := range []corpus.Language{d.lang, d.lang.Base(), "en"} {
		if in := r.In(l); len(in) > 0 && name == "" {
			name, lang = in[0].Text, l
		}
	}
	if name == "" && len(r.Terms) > 0 {
		name, lang = r.Terms[0].Text, r.Terms[0].Language
	}
	for _, t := range r.Terms {
		if t.Text != name && t.Status == termbase.Preferred && len(others) < 6 {
			others = append(others, t.Text)
		}
	}
	return &recEntity{id: recConceptMark + string(r.concept()), name: cmp.Or(name, r.ID), about: recJoin(others...), kind: recTerm, lang: lang, term: r}
}

// recJoin puts what there is into one line.
func recJoin(parts ...string) string { return strings.Join(given(parts), " · ") }

// recCut is the beginning of a text, in characters.
func recCut(s string, most int) string {
	for i := range s {
		if most == 0 {
			return s[:i]
		}
		most--
	}
	return s
}

// clausesOf reads a standard's clauses once.
func (d *recDesk) clausesOf(id corpus.StandardID) ([]corpus.Clause, error) {
	if list, read := d.clauses[id]; read {
		return list, nil
	}
	list, err := d.s.store.ClausesOf(d.ctx, id)
	if err != nil {
		return nil, err
	}
	d.clauses[id] = list
	return list, nil
}

// entities finds entities by their ids; those that are not there, or that the
// caller may not know of, are left out.
func (d *recDesk) entities(ids []string) (map[string]*recEntity, error) {
	out := map[string]*recEntity{}
	var clauses []corpus.ClauseID
	for _, id := range ids {
		if concept, is := strings.CutPrefix(id, recConceptMark); is {
			if row, there := d.terms.byConcept[lexicon.ConceptID(concept)]; there && d.may(&d.terms.rows[row]) {
				out[id] = d.concept(&d.terms.rows[row])
			}
			continue
		}
		at, there := d.byID[corpus.ClauseID(id).Standard()]
		switch {
		case !there:
		case strings.Contains(id, "/"):
			clauses = append(clauses, corpus.ClauseID(id))
		default:
			out[id] = d.standard(&d.standards[at].Standard)
		}
	}
	if len(clauses) == 0 {
		return out, nil
	}
	found, err := d.s.store.Clauses(d.ctx, clauses...)
	if err != nil {
		return nil, err
	}
	for i, c := range found {
		out[string(c.ID)] = d.clause(&found[i], &d.standards[d.byID[c.Standard]].Standard)
	}
	return out, nil
}

// may tells whether an entry may be shown: users' entries have no level of
// rights, so that only keys see them.
func (d *recDesk) may(r *termRow) bool { return !r.Withdrawn && (r.Shipped || !d.open) }

// match finds what a query names, best first. With search it also asks the index
// for clauses that say the same.
func (d *recDesk) match(q recQuery, search bool) ([]*recFound, error) {
	found := map[string]*recFound{}
	add := func(e *recEntity, score, overlap float64, same bool) {
		old := found[e.id]
		if old == nil {
			old = &recFound{}
		}
		if !q.wants(e.kind) || old.score > score {
			return
		}
		found[e.id] = &recFound{recEntity: e, score: score, same: same || old.same, overlap: max(overlap, old.overlap)}
	}
	for _, id := range given([]string{q.id, q.text}) {
		byID, err := d.entities([]string{id})
		if err != nil {
			return nil, err
		}
		for _, e := range byID {
			add(e, recSame, 1, true)
		}
	}
	if q.text != "" {
		if err := d.byName(q, add); err != nil {
			return nil, err
		}
		// a designation names a standard; the index would only give its clauses
		if _, err := corpus.ParseDesignation(q.text); search && err != nil && (q.wants(recClause) || q.wants(recTerm)) {
			if err := d.bySearch(q, add); err != nil {
				return nil, err
			}
		}
	}
	return d.ranked(q, found)
}

// recAdd notes a finding.
type recAdd func(e *recEntity, score, overlap float64, same bool)

// byName looks at designations, labels, titles and terms.
func (d *recDesk) byName(q recQuery, add recAdd) error {
	folded := recFold(q.text)
	asked, err := corpus.ParseDesignation(q.text)
	isDesignation := err == nil
	for _, h := range d.standards {
		if q.wants(recStandard) {
			if score, overlap, same := h.score(folded, asked, isDesignation); score > 0 {
				add(d.standard(&h.Standard), score, overlap, same)
			}
		}
		worth, rest := h.leads(q.text, folded)
		if rest == "" {
			continue
		}
		if q.wants(recClause) {
			if err := d.byLabel(h, rest, worth, add); err != nil {
				return err
			}
		}
		add(d.standard(&h.Standard), min(worth, recWithin), 0, false)
	}
	if q.wants(recTerm) {
		d.byTerm(folded, add)
	}
	return nil
}

// score is how well a text names the standard.
func (h *recHeld) score(folded string, asked corpus.Designation, isDesignation bool) (score, overlap float64, same bool) {
	if folded == h.folded {
		return recSame, 1, true
	}
	if isDesignation && h.parsed.Publisher != "" {
		switch {
		case asked.Same(h.parsed) && asked.Year == h.parsed.Year && asked.Amendment == h.parsed.Amendment && asked.Revised == h.parsed.Revised:
			return recSame, 1, true
		case asked.Same(h.parsed):
			return recAnyEdition, 1, false
		case asked.SameWork(h.parsed):
			return recOther, 0, false
		}
	}
	if strings.HasPrefix(h.folded, folded) {
		score = recBegins * max(0.5, recShare(folded, h.folded))
	}
	for _, t := range h.Titles {
		title := recFold(t.Text)
		if title == folded || recFold(h.Designation+" "+t.Text) == folded {
			return recSame, 1, true
		}
		if o := recOverlap(folded, title); o > overlap {
			overlap = o
		}
		if strings.HasPrefix(title, folded) {
			score = max(score, recBegins*max(0.5, recShare(folded, title)))
		}
	}
	if overlap >= 0.3 {
		score = max(score, recWords*overlap)
	}
	return score, overlap, false
}

// leads tells what stands behind the standard's designation at the beginning of
// a text, and what a clause named so is worth: less when the year is left out or
// another.
func (h *recHeld) leads(text, folded string) (worth float64, rest string) {
	if behind, led := strings.CutPrefix(folded, h.folded+" "); led && h.folded != "" {
		return recSame, strings.TrimSpace(behind)
	}
	if h.parsed.Publisher == "" {
		return 0, ""
	}
	text = strings.TrimSpace(text)
	named := corpus.FindDesignations(text)
	if len(named) == 0 || named[0].Start != 0 || !named[0].Designation.SameWork(h.parsed) {
		return 0, ""
	}
	is := named[0].Designation
	rest = strings.TrimLeft(text[named[0].End:], " ,;，、:：\u00a0\u3000")
	switch {
	case is.Same(h.parsed) && is.Year == h.parsed.Year:
		return recSame, rest
	case is.Same(h.parsed):
		return recAnyEdition, rest
	}
	return recOther, rest
}

// byLabel finds the clauses of a standard that a label names, with perhaps a
// heading behind it.
func (d *recDesk) byLabel(h *recHeld, rest string, worth float64, add recAdd) error {
	clauses, err := d.clausesOf(h.ID)
	if err != nil {
		return err
	}
	number, behind, isNumber := corpus.LeadingNumber(rest)
	want, folded := number.String(), recFold(rest)
	begun := 0
	for i := range clauses {
		c := &clauses[i]
		label := recFold(c.Label)
		switch {
		case folded == label || folded == recFold(c.Number), isNumber && c.Number == want && (behind == "" || recFold(behind) == recFold(c.Heading)):
			add(d.clause(c, &h.Standard), worth, 1, worth == recSame)
		case isNumber && c.Number == want:
			add(d.clause(c, &h.Standard), worth*0.9, 0, false)
		case begun < recMostLimit && (isNumber && behind == "" && strings.HasPrefix(c.Number, want) || label != "" && strings.HasPrefix(label, folded)):
			add(d.clause(c, &h.Standard), min(worth, recBegins)*0.9*max(0.5, recShare(want, c.Number)), 0, false)
			begun++
		}
	}
	return nil
}

// bySearch asks the index for clauses that say the same and for concepts that
// the text was understood as. Without a key only whole texts are searched, so
// that nobody finds out words that are held back.
func (d *recDesk) bySearch(q recQuery, add recAdd) error {
	if d.s.search == nil {
		return nil
	}
	asked := index.Query{Text: recPlain(q.text), Language: q.lang, Limit: 20}
	if d.open {
		for _, h := range d.standards {
			if h.Rights == corpus.RightsFull {
				asked.Standards = append(asked.Standards, h.ID)
			}
		}
	}
	if asked.Text == "" || d.open && len(asked.Standards) == 0 {
		return nil
	}
	leave, err := d.s.seeking.enter(d.ctx)
	if err != nil {
		return err
	}
	res, err := d.s.search.Search(d.ctx, asked)
	leave()
	if errors.Is(err, corpus.ErrInvalid) || errors.Is(err, corpus.ErrLimit) {
		return nil // a name that is no query: there is nothing to find by it
	}
	if err != nil {
		return err
	}
	for _, u := range res.Understood {
		row, there := d.terms.byConcept[u.Concept]
		if !there || !d.may(&d.terms.rows[row]) {
			continue
		}
		covers := float64(u.Span.End-u.Span.Start) / float64(len(asked.Text))
		add(d.concept(&d.terms.rows[row]), recLoose*(1+covers), 0, false)
	}
	if !q.wants(recClause) || len(res.Hits) == 0 {
		return nil
	}
	ids := make([]string, len(res.Hits))
	for i, h := range res.Hits {
		ids[i] = string(h.Clause)
	}
	byID, err := d.entities(ids)
	if err != nil {
		return err
	}
	folded := recFold(q.text)
	for _, h := range res.Hits {
		e, there := byID[string(h.Clause)]
		if !there { // removed since, or not for this caller
			continue
		}
		text := recFold(e.clause.Text)
		overlap := max(recOverlap(folded, text), recOverlap(folded, recFold(e.clause.Heading)))
		same := e.whole && text != "" && (folded == text || folded == recFold(e.clause.Wording()))
		score := max(recWords*overlap*0.95, recSearched*h.Score/max(res.Hits[0].Score, math.SmallestNonzeroFloat64))
		if same {
			score = recSame
		}
		add(e, score, overlap, same)
	}
	return nil
}

// recPlain is a text as the index takes it for plain words: without the marks of
// its language, and no more words than it reads.
func recPlain(text string) string {
	text = strings.NewReplacer(`"`, " ", "“", " ", "”", " ", "„", " ", "«", " ", "»", " ", "「", " ", "」", " ", "*", " ", ":", " ").Replace(text)
	words := strings.Fields(text)
	for i, w := range words {
		words[i] = recCut(strings.TrimLeft(w, "-"), 200)
	}
	words = given(words)
	return strings.Join(words[:min(len(words), index.MaxQueryTerms)], " ")
}

// ranked holds findings to the conditions, puts them in order and says which is a
// match: the only one whose name is what was asked for.
func (d *recDesk) ranked(q recQuery, found map[string]*recFound) ([]*recFound, error) {
	var list []*recFound
	values := d.values()
	if len(q.conds) > 0 {
		var all []*recEntity
		for _, f := range found {
			all = append(all, f.recEntity)
		}
		if err := values.prepare(all, q.properties()); err != nil {
			return nil, err
		}
	}
	for _, f := range found {
		kept := true
		for _, cond := range q.conds {
			if values.meets(f.recEntity, cond) {
				continue
			}
			if cond.required {
				kept = false
				break
			}
			f.score, f.same = f.score*0.6, false
		}
		if kept {
			f.score, f.overlap = math.Round(f.score*10)/10, math.Round(f.overlap*1000)/1000
			list = append(list, f)
		}
	}
	corpus.SortRows(list, func(a, b *recFound) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.id, b.id))
	})
	same := 0
	for _, f := range list {
		if f.same {
			same++
		}
	}
	for i := range list {
		list[i].match = same == 1 && list[i].same
	}
	return list[:min(len(list), q.limit)], nil
}

// properties are those that the query has conditions on.
func (q recQuery) properties() []string {
	var out []string
	for _, c := range q.conds {
		out = append(out, c.property)
	}
	return out
}

// recShare is how much of a name is given.
func recShare(part, whole string) float64 {
	return float64(utf8.RuneCountInString(part)) / float64(max(1, utf8.RuneCountInString(whole)))
}

// recOverlap is how much two folded texts have in common: pairs of characters of
// both over those of each (Dice's coefficient), which works in every script. Of a
// long text the beginning counts.
func recOverlap(a, b string) float64 {
	pairs := func(s string) map[[2]rune]int {
		out := map[[2]rune]int{}
		runes := []rune(s)
		for i := 1; i < min(len(runes), 2*recMostText); i++ {
			out[[2]rune{runes[i-1], runes[i]}]++
		}
		return out
	}
	x, y := pairs(a), pairs(b)
	both, all := 0, 0
	for p, n := range x {
		both += min(n, y[p])
		all += n
	}
	for _, n := range y {
		all += n
	}
	if all == 0 {
		return 0
	}
	return 2 * float64(both) / float64(all)
}

// recTerms is the termbase as names are looked up in it. It is made once for each
// revision and then only read.
type recTerms struct {
	rows      []termRow
	byConcept map[lexicon.ConceptID]int
	words     []recWord // sorted
}

// recWord is a name of an entry.
type recWord struct {
	word string
	row  int
	old  bool // should not be used any more
}

// recTermsNow is the termbase as it is now.
func (s *Server) recTermsNow(ctx context.Context) (*recTerms, error) {
	rows, _, err := s.termsNow(ctx)
	if err != nil {
		return nil, err
	}
	s.reconcile.mu.Lock()
	defer s.reconcile.mu.Unlock()
	if t := s.reconcile.terms; t != nil && len(t.rows) == len(rows) && (len(rows) == 0 || &t.rows[0] == &rows[0]) {
		return t, nil // a new revision has a list of its own
	}
	t := &recTerms{rows: rows, byConcept: make(map[lexicon.ConceptID]int, len(rows))}
	for i, r := range rows {
		if r.Withdrawn {
			continue
		}
		t.byConcept[r.concept()] = i
		for _, term := range r.Terms {
			t.words = append(t.words, recWord{recFold(term.Text), i, term.Status == termbase.Deprecated || term.Status == termbase.Forbidden})
		}
	}
	corpus.SortRows(t.words, func(a, b recWord) int { return cmp.Or(cmp.Compare(a.word, b.word), cmp.Compare(a.row, b.row)) })
	s.reconcile.terms = t
	return t, nil
}

// byTerm finds entries by a name in any language.
func (d *recDesk) byTerm(folded string, add recAdd) {
	from, _ := slices.BinarySearchFunc(d.terms.words, folded, func(w recWord, text string) int { return cmp.Compare(w.word, text) })
	begun := 0
	for _, w := range d.terms.words[from:] {
		if !strings.HasPrefix(w.word, folded) || begun > 4*recMostLimit {
			break
		}
		row := &d.terms.rows[w.row]
		if !d.may(row) {
			continue
		}
		begun++
		switch {
		case w.word == folded && w.old:
			add(d.concept(row), recOldName, 1, false)
		case w.word == folded:
			add(d.concept(row), recSame, 1, true)
		default:
			add(d.concept(row), recBegins*max(0.5, recShare(folded, w.word)), 0, false)
		}
	}
	if begun > 0 || utf8.RuneCountInString(folded) < 3 {
		return
	}
	for i := range d.terms.rows {
		row := &d.terms.rows[i]
		if begun < recMostLimit && d.may(row) && termbase.HasWords(row.words, folded) {
			add(d.concept(row), recLoose, 0, false)
			begun++
		}
	}
}
