package web

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/corpus/termbase"
)

// termRow is an entry in a list: a user's, or one that the program brings.
type termRow struct {
	termbase.Kept
	Shipped bool
	Used    string            // how many clauses name it; "" where that is not known
	Read    lexicon.ConceptID // that they are read with, where Used is known
	words   string            // what it is found by
}

// concept is the concept that clauses are read with.
func (r termRow) concept() lexicon.ConceptID {
	if r.Shipped {
		return lexicon.ConceptID(r.ID)
	}
	return termbase.ConceptID(r.ID)
}

// termShelf is all entries, read once for each revision of the termbase.
type termShelf struct {
	mu        sync.Mutex
	revision  [3]int64 // of the entries, of what was confirmed, and since when that counts
	loaded    bool
	waiting   []termbase.Proposal
	rows      []termRow
	conflicts []termbase.Conflict
	uploads   termUploads
}

// termsNow gives the entries and conflicts there are now. Nobody changes them.
func (s *Server) termsNow(ctx context.Context) (rows []termRow, conflicts []termbase.Conflict, err error) {
	var revision [3]int64
	if revision[0], err = s.store.TermRevision(ctx); err != nil {
		return nil, nil, err
	}
	from := s.settings(ctx).TwoPreferred
	if !from.IsZero() {
		revision[2] = from.UnixMicro()
		if revision[1], err = s.store.TermConfirmations(ctx); err != nil {
			return nil, nil, err
		}
	}
	s.terms.mu.Lock()
	defer s.terms.mu.Unlock()
	if s.terms.loaded && s.terms.revision == revision {
		return s.terms.rows, s.terms.conflicts, nil
	}
	kept, err := s.store.Terms(ctx)
	if err != nil {
		return nil, nil, err
	}
	if s.terms.waiting, err = s.store.TermsWaiting(ctx, from); err != nil {
		return nil, nil, err
	}
	for _, k := range kept {
		words := k.Words()
		if len(s.terms.waiting) > 0 {
			k.Entry = k.Counted(s.terms.waiting, termbase.Proposed)
		}
		rows = append(rows, termRow{Kept: k, words: words})
	}
	for _, c := range s.shipped {
		e := termbase.Shipped(c)
		rows = append(rows, termRow{Kept: termbase.Kept{Entry: e}, Shipped: true, words: e.Words()})
	}
	s.terms.rows, s.terms.conflicts = rows, termbase.Conflicts(termbase.InUse(kept))
	s.terms.revision, s.terms.loaded = revision, true
	return rows, s.terms.conflicts, nil
}

// Choices of the list of terms.
var (
	termOrigins = []string{"", "users", "shipped", "withdrawn"}
	termSorts   = []string{"term", "id", "changed"}
)

// exportShipped is the command that writes the terms of the program.
const exportShipped = "concord lexicon export --shipped"

// termsPerPage is how many entries one page lists.
const termsPerPage = 50

// termQuery is the state of the list, kept in its address.
type termQuery struct {
	Text, Domain, From, Sort string
	Language                 corpus.Language
	Status                   termbase.Status
	Page                     int
}

func readTermQuery(v url.Values) termQuery {
	q := termQuery{
		Text: clip(strings.TrimSpace(v.Get("q")), 200), Domain: clip(v.Get("domain"), 500), From: v.Get("from"), Sort: v.Get("sort"),
		Language: corpus.Language(clip(v.Get("lang"), 40)), Status: termbase.Status(v.Get("status")), Page: 1,
	}
	if !slices.Contains(termOrigins, q.From) {
		q.From = ""
	}
	if !slices.Contains(termSorts, q.Sort) {
		q.Sort = "term"
	}
	if !slices.Contains(termbase.Statuses, q.Status) {
		q.Status = ""
	}
	if n, err := strconv.Atoi(v.Get("page")); err == nil && n > 1 && n < 1_000_000 {
		q.Page = n
	}
	return q
}

// values are the state of the list without its page.
func (q termQuery) values() url.Values {
	v := filterOf(map[string]string{"q": q.Text, "domain": q.Domain, "from": q.From, "lang": string(q.Language), "status": string(q.Status)})
	if q.Sort != "term" {
		v.Set("sort", q.Sort)
	}
	return v
}

// address is the list on another page.
func (q termQuery) address(page int) string {
	v := q.values()
	if page > 1 {
		v.Set("page", strconv.Itoa(page))
	}
	return withQuery("/terms", v)
}

// of selects entries and brings them into the order of the list.
func (q termQuery) of(rows []termRow, in corpus.Language) []termRow {
	var found []termRow
	for _, r := range rows {
		if q.wants(r) {
			found = append(found, r)
		}
	}
	q.sort(found, either(q.Language, in))
	return found
}

// wants tells whether an entry passes the filters.
func (q termQuery) wants(r termRow) bool {
	switch {
	case q.From == "users" && (r.Shipped || r.Withdrawn), q.From == "shipped" && !r.Shipped, (q.From == "withdrawn") != r.Withdrawn,
		q.Domain != "" && r.Domain != q.Domain, !termbase.HasWords(r.words, q.Text):
		return false
	case q.Language == "" && q.Status == "":
		return true
	}
	return slices.ContainsFunc(r.Terms, func(t termbase.Term) bool {
		return (q.Language == "" || t.Language == q.Language) && (q.Status == "" || t.Status == q.Status)
	})
}

// sort brings rows into the order of the list; equal ones stay in order of id,
// users' entries before shipped ones.
func (q termQuery) sort(rows []termRow, in corpus.Language) {
	switch q.Sort {
	case "id":
		corpus.SortRows(rows, func(a, b termRow) int { return cmp.Compare(a.ID, b.ID) })
	case "changed":
		corpus.SortRows(rows, func(a, b termRow) int { return b.At.Compare(a.At) })
	default:
		keys := make(map[string]string, len(rows))
		for _, r := range rows {
			keys[r.ID] = sortKey(r.Label(in))
		}
		corpus.SortRows(rows, func(a, b termRow) int { return cmp.Compare(keys[a.ID], keys[b.ID]) })
	}
}

// termsPage is the list of terms.
type termsPage struct {
	Shell
	Query      termQuery
	Rows       []termRow
	Columns    []corpus.Language
	Languages  []corpus.Language
	Domains    []string
	Statuses   []termbase.Status
	Origins    []string
	Sorts      []string
	Formats    []string
	Files      []fileLink
	Conflicts  int
	First      int
	Last       int
	Total      int
	Waiting    int    // candidates
	Own        bool   // there is an entry of users in use
	Command    string // that writes the shipped ones
	Prev, Next string
}

// maxDomains is how many subject fields the list offers to filter by.
const maxDomains = 100

// termsPage lists the terms of users and those that the program brings.
func (s *Server) termsPage(c echo.Context, a asker) error {
	rows, conflicts, err := s.termsNow(c.Request().Context())
	if err != nil {
		return err
	}
	p := termsPage{Query: readTermQuery(c.QueryParams()), Statuses: termbase.Statuses, Origins: termOrigins, Sorts: termSorts, Formats: termbase.Names(true), Conflicts: len(conflicts)}
	langs, domains := map[corpus.Language]bool{}, map[string]bool{}
	for _, r := range rows {
		for _, t := range r.Terms {
			langs[t.Language] = true
		}
		if r.Domain != "" && len(domains) < maxDomains {
			domains[r.Domain] = true
		}
	}
	in := corpus.Language(a.words.tag)
	found := p.Query.of(rows, in)
	p.Files = fileLinks("/terms/list", p.Query.values())
	p.Languages, p.Domains, p.Columns = keys(langs), keys(domains), termColumns(p.Query.Language, in)
	p.Total = len(found)
	size := s.aPage(termsPerPage)
	p.Query.Page = max(1, min(p.Query.Page, (p.Total+size-1)/size))
	start := (p.Query.Page - 1) * size
	end := min(start+size, p.Total)
	p.Rows, p.First, p.Last = found[start:end], start+1, end
	if err := s.countUses(c.Request().Context(), a.words, p.Rows); err != nil {
		return err
	}
	if start > 0 {
		p.Prev = p.Query.address(p.Query.Page - 1)
	}
	if end < p.Total {
		p.Next = p.Query.address(p.Query.Page + 1)
	}
	p.Command = exportShipped
	p.Own = slices.ContainsFunc(rows, func(r termRow) bool { return !r.Shipped && !r.Withdrawn })
	if _, p.Waiting, err = s.store.Candidates(c.Request().Context(), termbase.CandidateFilter{Limit: 1}); err != nil {
		return err
	}
	p.Shell = s.shell(c, a, a.words.say("terms.title"))
	return s.show(c, a, http.StatusOK, "terms", &p)
}

// countUses fills in how many clauses name each entry that is in use.
func (s *Server) countUses(ctx context.Context, w *words, rows []termRow) error {
	namer, able := s.search.(Namer)
	if !able {
		return nil
	}
	ctx, leave, err := s.searching(ctx)
	if err != nil {
		return err
	}
	defer leave()
	var read []lexicon.ConceptID
	for i, r := range rows {
		if !r.Withdrawn {
			rows[i].Read = s.conceptRead(r)
			read = append(read, rows[i].Read)
		}
	}
	used, err := namer.Naming(ctx, read...)
	if err != nil {
		return fmt.Errorf("count the clauses of terms: %w", err)
	}
	for i, r := range rows {
		if r.Read != "" {
			rows[i].Used = w.number(used[r.Read])
		}
	}
	return nil
}

// Under are the terms that stand in the column of a language: a plain language
// takes in its scripts and regions (zh those of zh-Hant).
func (r termRow) Under(column corpus.Language) []termbase.Term {
	var out []termbase.Term
	for _, t := range r.Terms {
		if t.Language == column || t.Language.Base() == column {
			out = append(out, t)
		}
	}
	return out
}

// termColumns are the languages side by side: what was asked for, that of the
// page, and the ones most negotiations need.
func termColumns(asked, page corpus.Language) []corpus.Language {
	var out []corpus.Language
	for _, l := range []corpus.Language{asked, page, "zh", "en", "ru"} {
		if l != "" && !slices.Contains(out, l) && len(out) < 4 {
			out = append(out, l)
		}
	}
	return out
}

func either[T comparable](a, b T) T {
	var zero T
	if a != zero {
		return a
	}
	return b
}

// keys are the keys of a set in order.
func keys[K cmp.Ordered](set map[K]bool) []K {
	out := make([]K, 0, len(set))
	for k := range set {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// termPage is one entry, its languages side by side.
type termPage struct {
	Shell
	Entry     termbase.Kept
	Shipped   bool
	Concept   lexicon.ConceptID // that clauses are read with
	Languages []termLanguage
	Loose     []termbase.Definition // in languages without a term
	Conflicts []termbase.Conflict
	History   []termVersion
	Forms     []seenForms // as texts write it, where that is asked for
	Asked     bool        // it is
	Down      bool        // there is no index
	Confirmed bool
	Waiting   []waitingTerm // preferred terms that a second person must confirm
	May       bool
	Seen      string // of a withdrawal's preview
	Effect    *termEffect
	Saved     bool
}

// termLanguage is what an entry says in one language.
type termLanguage struct {
	Language   corpus.Language
	Terms      []termbase.Term
	Definition string
}

// termVersion is a version of an entry with the name of who made it.
type termVersion struct {
	termbase.Kept
	Name string
}

// termURL is the address of an entry; ids may hold anything.
func termURL(id string) string { return "/terms/entry?" + url.Values{"id": {id}}.Encode() }

// termEntry shows one entry.
func (s *Server) termEntry(c echo.Context, a asker) error {
	p, err := s.termPageOf(c, a, c.QueryParam("id"))
	if err != nil {
		return err
	}
	p.Saved, p.Confirmed, p.Asked = c.QueryParam("saved") != "", c.QueryParam("confirmed") != "", c.QueryParam("forms") != ""
	if p.Down = s.search == nil; p.Asked && !p.Down && !p.Entry.Withdrawn {
		if p.Forms, err = s.formsSeen(c.Request().Context(), termRow{Kept: p.Entry, Shipped: p.Shipped}); err != nil {
			return err
		}
		languagesFirst(p.Forms, corpus.Language(a.words.tag))
	}
	return s.show(c, a, http.StatusOK, "term", &p)
}

func (s *Server) termPageOf(c echo.Context, a asker, id string) (termPage, error) {
	ctx := c.Request().Context()
	rows, conflicts, err := s.termsNow(ctx)
	if err != nil {
		return termPage{}, err
	}
	at := slices.IndexFunc(rows, func(r termRow) bool { return r.ID == id })
	if at < 0 {
		return termPage{}, fmt.Errorf("term %q: %w", clip(id, 80), corpus.ErrNotFound)
	}
	row := rows[at]
	p := termPage{Entry: row.Kept, Shipped: row.Shipped, Concept: row.concept(), May: !row.Shipped && a.person.May("review")}
	for _, l := range row.Languages() {
		p.Languages = append(p.Languages, termLanguage{l, row.In(l), row.Definition(l)})
	}
	for _, d := range row.Definitions {
		if len(row.In(d.Language)) == 0 {
			p.Loose = append(p.Loose, d)
		}
	}
	for _, one := range conflicts {
		if slices.Contains(one.Entries, id) {
			p.Conflicts = append(p.Conflicts, one)
		}
	}
	if !row.Shipped {
		versions, err := s.store.TermVersions(ctx, id)
		if err != nil {
			return p, err
		}
		names, err := s.names(ctx)
		if err != nil {
			return p, err
		}
		for _, v := range versions {
			p.History = append(p.History, termVersion{v, names.actor(v.By)})
		}
		for _, x := range s.waitingTerms() {
			if x.Entry == id {
				p.Waiting = append(p.Waiting, waitingTerm{x, names.actor(x.By), a.person.May("review") && x.By != a.person.ID.String()})
			}
		}
	}
	p.Shell = s.shell(c, a, row.Label(corpus.Language(a.words.tag)))
	return p, nil
}

// conflictRow is a conflict with its entries side by side, as they are in its language.
type conflictRow struct {
	termbase.Conflict
	Sides []conflictSide
}

// conflictSide is one of the entries.
type conflictSide struct {
	ID, Domain string
	Names      []termbase.Term // in the language of the conflict
	Definition []Piece         // what only this one says is marked
	From       string          // source of the entry
}

// besides lays the entries of conflicts side by side.
func besides(conflicts []termbase.Conflict, rows []termRow) []conflictRow {
	byID := make(map[string]termRow, len(rows))
	for _, r := range rows {
		if !r.Shipped {
			byID[r.ID] = r
		}
	}
	out := make([]conflictRow, len(conflicts))
	for i, c := range conflicts {
		out[i].Conflict = c
		var texts []string
		for _, id := range c.Entries {
			texts = append(texts, byID[id].definitionUnder(c.Language))
		}
		for j, id := range c.Entries {
			r := byID[id]
			definition := plain(texts[j])
			if first, second := texts[0], texts[max(j, 1)]; first != "" && second != "" {
				was, now := marked(first, second)
				if definition = now; j == 0 {
					definition = was
				}
			}
			out[i].Sides = append(out[i].Sides, conflictSide{id, r.Domain, r.Under(c.Language), definition, r.Origin.File})
		}
	}
	return out
}

// definitionUnder is the definition in a language, of whichever script or region.
func (r termRow) definitionUnder(column corpus.Language) string {
	for _, d := range r.Definitions {
		if d.Language == column || d.Language.Base() == column {
			return d.Text
		}
	}
	return ""
}

// termExport sends the users' entries as a file.
func (s *Server) termExport(c echo.Context, _ asker) error {
	f, err := termbase.ByName(pathPart(c, "format"))
	if err != nil {
		return err
	}
	if f.Write == nil {
		return fmt.Errorf("the format %s is only read: %w", f.Name, corpus.ErrNotFound)
	}
	ctx := c.Request().Context()
	kept, err := s.store.Terms(ctx)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	entries := termbase.InUse(kept)
	if len(entries) == 0 { // a file of TBX without any would break its schema
		return corpus.Refuse(corpus.ErrConflict, "terms-no-own", "there are no terms of users to export; {command} writes those that the program brings", "command", exportShipped)
	}
	waiting, err := s.store.TermsWaiting(ctx, s.settings(ctx).TwoPreferred)
	if err != nil {
		return err
	}
	for i, e := range entries {
		if len(waiting) > 0 {
			entries[i] = e.Counted(waiting, termbase.Admitted)
		}
	}
	if err := f.Write(&b, entries); err != nil {
		return err
	}
	return download(c, "concord-terms-"+day(s.now())+f.Extension, f.MediaType, b.Bytes())
}
