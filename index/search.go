package index

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// ErrBusy says that too many searches are waiting; try again in a moment.
var ErrBusy = errors.New("too many searches at once, try again in a moment")

// searchTime bounds one search.
const searchTime = 5 * time.Second

// unit is one thing the query asks for: a concept with the words that name it,
// or a word alone. A clause need not have every unit (see enough).
type unit struct {
	text     string
	span     lexicon.Span
	concepts []lexicon.ConceptID
	respelt  bool              // the concepts are those of near spellings, see respell
	parts    []lexicon.Mention // concepts of words inside the term: "waste" in "hazardous waste"
	tokens   []string          // neutral tokens of a quantity or a designation
	prefix   bool
	learned  [][]Rendering // of each word or phrase in turn, nil for one that has none
}

// plan is a query ready to run.
type plan struct {
	query   Query
	units   []unit
	phrases []term
	nots    []term
	asked   []Asked
	// narrowed is the range of the filters, one or none.
	narrowed []Asked
	numbers  []string // neutral tokens of quantities
	cited    []string // neutral tokens of designations
	found    []Understood
	names    []Cited
	typed    []Typed
	learned  []Learned
	lex      *lexicon.Lexicon
	fuzzy    bool              // near spellings are taken
	language corpus.Language   // of the words
	present  []corpus.Language // languages of the texts in the index when the plan was made
}

// Search answers a query. Errors: corpus.ErrInvalid and corpus.ErrLimit with a
// sentence when the query is refused, ErrBusy, ErrClosed.
func (ix *Index) Search(ctx context.Context, q Query) (Results, error) {
	started := time.Now()
	ix.learn(ctx)
	p, err := ix.plan(q)
	if err != nil {
		return Results{}, err
	}
	if err := ix.gate.enter(ctx); err != nil {
		return Results{}, err
	}
	defer ix.gate.leave()
	ctx, cancel := context.WithTimeout(ctx, searchTime)
	defer cancel()
	if err := ix.respell(ctx, &p); err != nil {
		return Results{}, err
	}
	res, err := ix.run(ctx, p)
	if err == nil && res.Total == 0 && p.canBeFuzzy() {
		p.fuzzy = true
		res, err = ix.run(ctx, p)
		res.Fuzzy = res.Total > 0
	}
	if err == nil && q.Choices {
		err = ix.otherChoices(ctx, p, res.Facets)
	}
	if err == nil && q.Choices && q.From == 0 {
		res.Meant, err = ix.meant(ctx, &p)
	}
	if err != nil {
		return Results{}, err
	}
	for _, id := range q.Without {
		if _, known := ix.lex.Concept(id); known {
			res.Off = append(res.Off, ix.understood(lexicon.Mention{Concept: id}, p.present))
		}
	}
	res.Understood, res.Learned, res.Asked, res.Cited, res.Typed = p.found, p.learned, p.asked, p.names, p.typed
	res.Took = time.Since(started)
	return res, nil
}

// plan reads the query and looks its words up in the lexicon.
func (ix *Index) plan(q Query) (plan, error) {
	if q.Limit == 0 {
		q.Limit = 20
	}
	if q.Limit < 1 || q.Limit > MaxPageSize {
		return plan{}, corpus.Refuse(corpus.ErrLimit, "page-size", "a page has 1 to {most} hits, not {has}", "most", MaxPageSize, "has", q.Limit)
	}
	if q.From < 0 || q.From+q.Limit > MaxOffset {
		return plan{}, corpus.Refuse(corpus.ErrLimit, "page-far", "only the first {most} hits can be paged through, narrow the search", "most", MaxOffset)
	}
	if n := len(q.Concepts); n > MaxQueryTerms {
		return plan{}, corpus.Refuse(corpus.ErrLimit, "query-terms", "the query has {has} terms, at most {most} are allowed", "has", n, "most", MaxQueryTerms)
	}
	n := narrowed(q.Text)
	q.Text = n.text
	p, err := ix.planOf(q)
	if err != nil {
		return plan{}, err
	}
	p.givenSpans(n)
	return p, nil
}

// planOf is the plan of a query in the usual letters.
func (ix *Index) planOf(q Query) (plan, error) {
	parsed, err := parse(q.Text)
	if err != nil {
		return plan{}, err
	}
	if q.Order != OrderRelevance && q.Order != OrderStandard {
		return plan{}, corpus.Refuse(corpus.ErrInvalid, "query-order", "{order} is no order of hits", "order", q.Order)
	}
	q.addFilters(parsed.typed)
	p := plan{query: q, typed: parsed.typed, lex: ix.lex, present: ix.present()}
	plain := []byte(strings.Repeat(" ", len(q.Text)))
	var words []term
	for _, t := range parsed.terms {
		switch {
		case t.not:
			p.nots = append(p.nots, t)
		case t.phrase:
			p.phrases = append(p.phrases, t)
		case t.prefix:
			p.units = append(p.units, unit{text: t.text, span: t.span, prefix: true})
		default:
			words = append(words, t)
			copy(plain[t.span.Start:t.span.End], t.text)
		}
	}
	for at, r := range q.Text {
		if strings.ContainsRune(comparisons+unitSigns, r) {
			copy(plain[at:], string(r)) // a sign between blanks is no word
		}
	}
	ix.understand(&p, string(plain), words)
	return p, ix.addRange(&p)
}

// addFilters adds the filters written into the text to those of the form.
func (q *Query) addFilters(list []Typed) {
	for _, t := range list {
		switch t.Field {
		case "jurisdiction":
			q.Jurisdictions = append(q.Jurisdictions, corpus.Jurisdiction(strings.ToUpper(t.Value)))
		case "lang":
			q.Languages = append(q.Languages, corpus.Language(t.Value))
		case "domain":
			q.Domains = append(q.Domains, corpus.Domain(strings.ToLower(t.Value)))
		case "issuer":
			q.Issuers = append(q.Issuers, t.Value)
		case "standard":
			q.Standards = append(q.Standards, corpus.StandardID(t.Value))
		case "obligation":
			q.Obligations = append(q.Obligations, lexicon.Degree(strings.ToLower(t.Value)))
		case "status":
			q.Statuses = append(q.Statuses, corpus.Status(strings.ToLower(t.Value)))
		}
	}
}

// understand splits the words of a query into units by the concepts they name.
func (ix *Index) understand(p *plan, plain string, words []term) {
	reading := ix.readText(plain, p.query.Language)
	covered := make([]bool, len(plain))
	for _, c := range ix.citations(plain, reading) {
		tokens := standardTokens(c.Designation)
		if c.Designation != "" { // "article 33" alone names no standard
			p.names, p.cited = append(p.names, Cited{c.Span, c.Designation}), append(p.cited, tokens...)
		}
		p.cover(plain, c.Span, tokens, covered)
		if c.Clause != "" { // "第5.5.17条": the standard and the number, each by itself
			p.units = append(p.units, unit{text: c.Clause, span: c.Span, tokens: []string{tokenNumber + fold(c.Clause)}})
		}
	}
	for _, q := range reading.Quantities {
		article := q.Low == 1 && q.High == 1 || q.Bound == lexicon.BoundNone
		if q.Unit == "" && article && strings.IndexFunc(q.Printed, unicode.IsNumber) < 0 {
			continue // "jusqu'à une issue" asks for an exit, not for the number one
		}
		if a, ranged := ix.askedFor(plain, q, reading); ranged {
			for i := a.Span.Start; i < a.Span.End; i++ {
				covered[i] = true
			}
			for _, m := range ix.termsWithin(plain, a.Span, q, reading) {
				for i := m.Start; i < m.End; i++ {
					covered[i] = false
				}
				a.Span = q.Span // without it the words around the term stay
			}
			p.asked = append(p.asked, a)
			continue
		}
		tokens := quantityTokens(q)
		p.numbers = append(p.numbers, tokens...)
		p.cover(plain, q.Span, tokens, covered)
	}
	if !p.query.Exact {
		for _, m := range reading.Concepts {
			p.addMention(ix, plain, m, covered)
		}
	}
	for _, t := range words {
		for _, rest := range uncovered(plain, t.span, covered) {
			p.units = append(p.units, unit{text: plain[rest.Start:rest.End], span: rest})
		}
	}
	p.dropFillers(reading.Words)
	ix.translate(p, reading.Language)
	p.language = reading.Language
	for i := range p.asked {
		for _, u := range p.units {
			p.asked[i].Measures = append(p.asked[i].Measures, u.concepts...)
		}
	}
	corpus.SortRows(p.units, func(a, b unit) int { return a.span.Start - b.span.Start })
}

// citations are the standards that a query names: as it is written, or else, since
// people type "gb 50016" as well, as it reads in capitals, where the designation
// begins with no function word ("une 100").
func (ix *Index) citations(plain string, r lexicon.Reading) []lexicon.Citation {
	capitals := strings.ToUpper(plain)
	named := func(c lexicon.Citation) bool {
		return c.Designation != "" && slices.ContainsFunc(r.Words, func(w lexicon.Word) bool { return w.Span.Start == c.Span.Start })
	}
	if slices.ContainsFunc(r.Citations, func(c lexicon.Citation) bool { return c.Designation != "" }) || len(capitals) != len(plain) || strings.IndexFunc(plain, unicode.IsNumber) < 0 {
		return r.Citations
	}
	if in := ix.readText(capitals, r.Language).Citations; slices.ContainsFunc(in, named) {
		return slices.DeleteFunc(slices.Clone(in), func(c lexicon.Citation) bool { return c.Designation != "" && !named(c) })
	}
	return r.Citations
}

// dropFillers takes out the function words, which say nothing and which no text
// of another language has: those that the lexicon does not count among the
// content words, and single Han characters between terms (的, 和). A query of
// nothing else keeps them, but for one that asks for a range.
func (p *plan) dropFillers(words []lexicon.Word) {
	filler := func(u unit) bool {
		if u.prefix || len(u.concepts)+len(u.tokens) > 0 || strings.IndexFunc(u.text, unicode.IsNumber) >= 0 {
			return false
		}
		if scriptOf(u.text) == scriptHan {
			return utf8.RuneCountInString(strings.TrimFunc(u.text, unicode.IsPunct)) == 1
		}
		return !slices.ContainsFunc(words, func(w lexicon.Word) bool { return w.Span.Start < u.span.End && u.span.Start < w.Span.End })
	}
	if kept := slices.DeleteFunc(slices.Clone(p.units), filler); len(kept)+len(p.asked) > 0 {
		p.units = kept
	}
}

// cover makes a unit of a quantity or a designation.
func (p *plan) cover(plain string, s lexicon.Span, tokens []string, covered []bool) {
	if slices.Contains(covered[s.Start:s.End], true) {
		return
	}
	for i := s.Start; i < s.End; i++ {
		covered[i] = true
	}
	p.units = append(p.units, unit{text: plain[s.Start:s.End], span: s, tokens: tokens})
}

// addMention makes a unit of a concept named in the query, unless its chip was
// taken off. A mention inside a longer one is a part of it: the longer one is
// what was meant, and the part is better than nothing.
func (p *plan) addMention(ix *Index, plain string, m lexicon.Mention, covered []bool) {
	if slices.Contains(p.query.Without, m.Concept) {
		return
	}
	for i := range p.units {
		if p.units[i].span == m.Span {
			p.units[i].concepts = append(p.units[i].concepts, m.Concept)
			p.found = append(p.found, ix.understood(m, p.present))
			return
		}
	}
	if slices.Contains(covered[m.Span.Start:m.Span.End], true) {
		for i := range p.units {
			if u := &p.units[i]; len(u.concepts) > 0 && u.span.Start <= m.Span.Start && m.Span.End <= u.span.End {
				u.parts = append(u.parts, m)
			}
		}
		return
	}
	for i := m.Span.Start; i < m.Span.End; i++ {
		covered[i] = true
	}
	p.units = append(p.units, unit{text: plain[m.Span.Start:m.Span.End], span: m.Span, concepts: []lexicon.ConceptID{m.Concept}})
	p.found = append(p.found, ix.understood(m, p.present))
}

// understood names a concept in every language of the index.
func (ix *Index) understood(m lexicon.Mention, present []corpus.Language) Understood {
	u := Understood{Concept: m.Concept, Span: m.Span, Labels: map[corpus.Language]string{}}
	concept, known := ix.lex.Concept(m.Concept)
	if !known {
		return u
	}
	for _, l := range present {
		if label := concept.Label(l); label != "" {
			u.Labels[l] = label
		}
	}
	return u
}

// uncovered are the stretches of a span that no concept covers and that hold a
// letter or digit.
func uncovered(text string, s lexicon.Span, covered []bool) []lexicon.Span {
	var out []lexicon.Span
	start := -1
	flush := func(end int) {
		if start >= 0 && longestRun(text[start:end]) > 0 {
			out = append(out, lexicon.Span{Start: start, End: end})
		}
		start = -1
	}
	for i := s.Start; i < s.End; i++ {
		switch {
		case covered[i]:
			flush(i)
		case start < 0:
			start = i
		}
	}
	flush(s.End)
	return out
}

// canBeFuzzy tells whether a near spelling may be tried: single words of at
// least minFuzzyRunes letters in a script with an alphabet.
func (p plan) canBeFuzzy() bool {
	return slices.ContainsFunc(p.units, fuzzyUnit)
}

// near tells whether near spellings of a unit are taken.
func (p plan) near(u unit) bool { return p.fuzzy && fuzzyUnit(u) }

func fuzzyUnit(u unit) bool {
	s := scriptOf(u.text)
	return !u.prefix && len([]rune(u.text)) >= minFuzzyRunes && !strings.ContainsRune(u.text, ' ') && s != scriptHan && s != scriptOther
}

// run asks Bleve and makes an answer of what it says.
func (ix *Index) run(ctx context.Context, p plan) (Results, error) {
	main, asks, err := ix.build(ctx, p)
	if err != nil {
		return Results{}, err
	}
	if !asks && !p.query.filtered() {
		return Results{Facets: map[string][]Count{}}, nil
	}
	states, release, err := ix.states(p.query.Jurisdictions)
	if err != nil {
		return Results{}, err
	}
	res, err := ix.answer(ctx, p, states, main)
	if err = errors.Join(err, release()); err != nil {
		return Results{}, fmt.Errorf("search: %w", err)
	}
	return res, nil
}

// answer makes a page of hits of what a query finds in some states.
func (ix *Index) answer(ctx context.Context, p plan, states []state, main query.Query) (Results, error) {
	wanted := p.query.From + p.query.Limit
	if p.looksAgain() {
		wanted = max(secondLook, wanted)
	}
	hits, counts, err := ix.collect(ctx, states, main, p.query, wanted)
	if err != nil {
		return Results{}, err
	}
	res := Results{Total: counts.total, Facets: counts.facets()}
	if len(states) == 0 {
		res.Facets = map[string][]Count{}
	}
	if p.looksAgain() {
		best := hits[:min(secondLook, len(hits))]
		says, err := ix.saidByAll(states, best)
		if err != nil {
			return Results{}, err
		}
		p.lookAgain(best, says)
	}
	hits = hits[min(p.query.From, len(hits)):min(p.query.From+p.query.Limit, len(hits))]
	for _, h := range hits {
		res.Hits = append(res.Hits, Hit{Clause: corpus.ClauseID(h.id), Score: h.score})
	}
	return res, ix.foundBy(ctx, p, states, hits, res.Hits)
}

// looksAgain tells whether the page has hits that are looked at again.
func (p plan) looksAgain() bool {
	return p.query.From < secondLook && len(p.units) > 0 && p.query.Order == OrderRelevance
}

// saidByAll is what the clauses of hits say, as it is stored.
func (ix *Index) saidByAll(states []state, hits []found) ([]string, error) {
	out := make([]string, len(hits))
	for i, h := range hits {
		var err error
		if out[i], err = ix.saidBy(states[h.state], h); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// filtered tells whether the query narrows by anything but words.
func (q Query) filtered() bool {
	return len(q.Jurisdictions)+len(q.Languages)+len(q.Domains)+len(q.Issuers)+len(q.Standards)+len(q.Obligations)+len(q.Statuses)+len(q.Concepts)+len(q.Quantities)+len(q.States) > 0
}

// build makes Bleve's query of a plan, and tells whether it asks for words.
func (ix *Index) build(ctx context.Context, p plan) (query.Query, bool, error) {
	var must, mustNot []query.Query
	asks := len(p.units)+len(p.phrases)+len(p.values()) > 0
	if len(p.units) > 0 {
		ranked, err := ix.rank(ctx, p)
		if err != nil {
			return nil, false, err
		}
		must = append(must, ranked)
	}
	for _, t := range p.phrases {
		must = append(must, p.phraseQuery(t))
	}
	for _, a := range p.values() {
		must = append(must, a.query())
	}
	if len(p.units)+len(p.phrases) == 0 {
		must = append(must, bleve.NewMatchAllQuery())
	}
	for _, t := range p.nots {
		mustNot = append(mustNot, p.notQuery(t))
	}
	must = append(must, p.query.filterQueries()...)
	for _, id := range p.query.Concepts {
		must = append(must, ix.conceptQuery(id))
	}
	if ranked, only := must[0].(*rankQuery); only && len(must) == 1 && len(mustNot) == 0 {
		return ranked, asks, nil // a conjunction of one would cost for each clause
	}
	b := bleve.NewBooleanQuery()
	b.AddMust(must...)
	b.AddMustNot(mustNot...)
	return b, asks, nil
}

// conceptQuery finds the clauses that name a concept, its own name before one of
// a narrower concept and that before one in the headings above.
func (ix *Index) conceptQuery(id lexicon.ConceptID) query.Query {
	weighted := func(token string, worth float64) query.Query {
		q := bleve.NewTermQuery(token)
		q.SetField(fieldNeutral)
		q.SetBoost(worth)
		return q
	}
	any := []query.Query{weighted(tokenConcept+string(id), worthConcept), weighted(tokenPath+string(id), worthPath)}
	for _, narrow := range ix.narrower[id] {
		any = append(any, weighted(tokenConcept+string(narrow), worthNarrow))
	}
	return bleve.NewDisjunctionQuery(any...)
}

// wordQuery looks for a unit's words in one field.
func (p plan) wordQuery(u unit, l corpus.Language, field string, fuzzy bool) query.Query {
	if u.prefix {
		q := bleve.NewPrefixQuery(searchable(p.lex, u.text, l))
		q.SetField(field)
		return q
	}
	q := bleve.NewMatchQuery(searchable(p.lex, u.text, l))
	q.SetField(field)
	q.SetOperator(query.MatchQueryOperatorAnd)
	if fuzzy {
		q.SetFuzziness(1)
		q.SetPrefix(2)
	}
	return q
}

// neutralQuery looks for one language-independent token.
func neutralQuery(token string) query.Query {
	q := bleve.NewTermQuery(token)
	q.SetField(fieldNeutral)
	return q
}

// phraseQuery looks for words in their order.
func (p plan) phraseQuery(t term) query.Query {
	var any []query.Query
	for _, l := range p.fields(t.text) {
		for _, field := range []string{textField(l), headingField(l)} {
			q := bleve.NewMatchPhraseQuery(searchable(p.lex, t.text, l))
			q.SetField(field)
			any = append(any, q)
		}
	}
	return bleve.NewDisjunctionQuery(any...)
}

// notQuery looks for what must not be there.
func (p plan) notQuery(t term) query.Query {
	if t.phrase {
		return p.phraseQuery(t)
	}
	var any []query.Query
	for _, l := range p.fields(t.text) {
		for _, field := range []string{textField(l), headingField(l)} {
			any = append(any, p.wordQuery(unit{text: t.text, prefix: t.prefix}, l, field, false))
		}
	}
	any = append(any, neutralQuery(tokenName+fold(t.text)))
	return bleve.NewDisjunctionQuery(any...)
}

// filterQueries are the query's filters; within one field any value will do.
func (q Query) filterQueries() []query.Query {
	values := map[string][]string{"issuer": q.Issuers}
	for _, l := range q.Languages {
		values["language"] = append(values["language"], string(l.Base()))
	}
	for _, d := range q.Domains {
		values["domain"] = append(values["domain"], string(d))
	}
	for _, s := range q.Standards {
		values["standard"] = append(values["standard"], string(s))
	}
	for _, o := range q.Obligations {
		values["obligation"] = append(values["obligation"], string(o))
	}
	for _, s := range q.Statuses {
		values["status"] = append(values["status"], string(s))
	}
	values[FacetQuantity] = q.Quantities
	var out []query.Query
	for _, field := range append(slices.Clone(facetFields), keywordFields...) {
		var any []query.Query
		for _, v := range values[field] {
			t := bleve.NewTermQuery(v)
			t.SetField(field)
			t.SetBoost(0)
			any = append(any, t)
		}
		if len(any) > 0 {
			d := bleve.NewDisjunctionQuery(any...)
			d.SetBoost(0)
			out = append(out, d)
		}
	}
	return out
}

// largest lists counts, largest first, ties by value, without the empty value.
func largest(sums map[string]int) []Count {
	var counts []Count
	for value, n := range sums {
		if value != "" {
			counts = append(counts, Count{Value: value, Count: n})
		}
	}
	corpus.SortRows(counts, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
	})
	return counts[:min(len(counts), MaxFacetSize)]
}

// fields are the languages whose fields a word is looked for in: those present
// in the index and written in the word's script.
func (p plan) fields(word string) []corpus.Language {
	want := scriptOf(word)
	var out []corpus.Language
	for _, l := range p.present {
		if script(l) == want {
			out = append(out, fieldLanguage(l))
		}
	}
	if len(out) == 0 {
		return []corpus.Language{other}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// gate lets a bounded number of searches run and a bounded number wait.
type gate struct {
	running, waiting chan struct{}
}

func newGate() gate {
	return gate{running: make(chan struct{}, 2*runtime.GOMAXPROCS(0)), waiting: make(chan struct{}, 50)}
}

func (g gate) enter(ctx context.Context) error {
	select {
	case g.running <- struct{}{}:
		return nil
	default:
	}
	select {
	case g.waiting <- struct{}{}:
	default:
		return ErrBusy
	}
	defer func() { <-g.waiting }()
	select {
	case g.running <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g gate) leave() { <-g.running }
