package web

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

// What a decision in a list is, as its filter names it.
const (
	decisionStands    = "stands"
	decisionUndone    = "undone"
	decisionWithdraws = "withdraws"
)

// Standing is what became of a decision.
func (d decisionRow) Standing() string {
	switch {
	case d.Kind == review.KindWithdrawal:
		return decisionWithdraws
	case d.Undone:
		return decisionUndone
	}
	return decisionStands
}

// refNames is the names of clauses in one line.
func refNames(refs []Ref, between string) string {
	var out []string
	for _, r := range refs {
		out = append(out, r.Designation+" "+r.Key)
	}
	return strings.Join(out, between)
}

// decisionList is the list of one's own decisions in the state of the address.
func (s *Server) decisionList(c echo.Context, sh shelf, a asker) (listing, []decisionRow, error) {
	all, err := s.myDecisions(c.Request().Context(), sh, a, maxListRows+1)
	if err != nil {
		return listing{}, nil, err
	}
	d := listOf[*decisionRow]{
		words: func(d *decisionRow) string { return refNames(d.Refs, " ") },
		filters: []listFilter[*decisionRow]{
			{name: "verdict", key: "dossier.relation", value: func(d *decisionRow) string { return string(d.Verdict) }, label: a.words.under("verdict."), all: asText(review.Verdicts)},
			{name: "standing", key: "imports.state", value: (*decisionRow).Standing, label: a.words.under("decisions."), all: []string{decisionStands, decisionUndone, decisionWithdraws}},
		},
		sorts: []listSort[*decisionRow]{
			{"newest", "list.newest", nil},
			{"oldest", "list.oldest", func(x, y *decisionRow) int { return cmp.Compare(x.Seq, y.Seq) }},
			{"clause", "concept.clause", byText(func(d *decisionRow) string { return refNames(d.Refs, " ") })},
		},
	}
	l, rows := listed(d, "/decisions", c.QueryParams(), all)
	return l, rows, nil
}

// decisionColumns are the columns of one's own decisions as a file.
var decisionColumns = []listColumn{
	{"audit.number", 8}, {"audit.at", 18}, {"dossier.relation", 24}, {"imports.state", 16}, {"search.file.matches", 60}, {"list.address", 44},
}

// decisionsExport gives one's own decisions as a file.
func (s *Server) decisionsExport(c echo.Context, a asker) error {
	if _, _, err := listFormat(c); err != nil {
		return err
	}
	sh, _, err := s.shelf(c.Request().Context())
	if err != nil {
		return err
	}
	_, rows, err := s.decisionList(c, sh, a)
	if err != nil {
		return err
	}
	out := listFile{name: "decisions", title: a.words.say("decisions.title"), columns: decisionColumns}
	for _, d := range rows {
		verdict := ""
		if d.Kind != review.KindWithdrawal {
			verdict = a.words.say("verdict." + string(d.Verdict))
		}
		out.rows = append(out.rows, []string{
			fmt.Sprint(d.Seq), moment(d.At), verdict, a.words.say("decisions." + d.Standing()), refNames(d.Refs, " ↔ "), s.base.String() + "/matches/" + d.Match.String(),
		})
	}
	return s.sendList(c, a, out)
}

// savedPage is the list of one's saved searches.
type savedPage struct {
	Shell
	List listing
	Rows []savedRow
}

// MaxName is how many characters the name of a saved search has at most.
func (p *savedPage) MaxName() int { return review.MaxSavedName }

// Words are what a saved search looks for, without its filters.
func (r savedRow) Words() string { return r.words }

// savedList is the list of one's saved searches in the state of the address.
func (s *Server) savedList(c echo.Context, a asker) (listing, []savedRow, error) {
	all, err := s.savedSearches(c, a, "")
	if err != nil {
		return listing{}, nil, err
	}
	d := listOf[*savedRow]{
		words: func(r *savedRow) string { return r.Name + " " + r.words },
		sorts: []listSort[*savedRow]{
			{"name", "saved.title", nil},
			{"newest", "list.newest", func(x, y *savedRow) int { return y.Created.Compare(x.Created) }},
		},
		filters: []listFilter[*savedRow]{{name: "place", key: "facet.jurisdiction", value: func(r *savedRow) string { return r.place }, label: func(v string) string { return a.words.place(corpus.Jurisdiction(v)) }}},
	}
	l, rows := listed(d, "/search/saved", c.QueryParams(), all)
	return l, rows, nil
}

// savedPage lists one's saved searches.
func (s *Server) savedPage(c echo.Context, a asker) error {
	l, rows, err := s.savedList(c, a)
	if err != nil {
		return err
	}
	p := &savedPage{Rows: pageOf(s, &l, rows)}
	p.List = l
	p.Shell = s.shell(c, a, a.words.say("saved.title")+" – "+a.words.say("search.title"))
	return s.show(c, a, http.StatusOK, "saved", p)
}

// savedColumns are the columns of saved searches as a file.
var savedColumns = []listColumn{{"saved.title", 40}, {"search.words", 40}, {"list.made", 18}, {"list.address", 80}}

// savedExport gives one's saved searches as a file.
func (s *Server) savedExport(c echo.Context, a asker) error {
	if _, _, err := listFormat(c); err != nil {
		return err
	}
	_, rows, err := s.savedList(c, a)
	if err != nil {
		return err
	}
	out := listFile{name: "searches", title: a.words.say("saved.title"), columns: savedColumns}
	for _, r := range rows {
		out.rows = append(out.rows, []string{r.Name, r.words, moment(r.Created), s.base.String() + r.Href})
	}
	return s.sendList(c, a, out)
}

// collectionList is the list of one's collections in the state of the address.
func (s *Server) collectionList(c echo.Context, a asker) (listing, []review.Collection, error) {
	all, err := s.store.Collections(c.Request().Context(), a.person.ID)
	if err != nil {
		return listing{}, nil, fmt.Errorf("list your collections: %w", err)
	}
	d := listOf[*review.Collection]{
		words:   func(x *review.Collection) string { return x.Name },
		filters: []listFilter[*review.Collection]{{name: "year", key: "list.year", value: func(x *review.Collection) string { return x.Created.UTC().Format("2006") }}},
		sorts: []listSort[*review.Collection]{
			{"name", "people.name", nil},
			{"newest", "list.newest", func(x, y *review.Collection) int { return y.Created.Compare(x.Created) }},
			{"size", "standards.clauses", func(x, y *review.Collection) int { return cmp.Compare(len(y.Clauses), len(x.Clauses)) }},
		},
	}
	l, rows := listed(d, "/collections", c.QueryParams(), all)
	return l, rows, nil
}

// collectionListColumns are the columns of the list of collections as a file.
var collectionListColumns = []listColumn{{"people.name", 40}, {"standards.clauses", 10}, {"list.made", 18}, {"list.address", 60}}

// collectionsExport gives the list of one's collections as a file.
func (s *Server) collectionsExport(c echo.Context, a asker) error {
	if _, _, err := listFormat(c); err != nil {
		return err
	}
	_, rows, err := s.collectionList(c, a)
	if err != nil {
		return err
	}
	out := listFile{name: "collections", title: a.words.say("collection.title"), columns: collectionListColumns}
	for _, x := range rows {
		out.rows = append(out.rows, []string{x.Name, itoa(len(x.Clauses)), moment(x.Created), s.base.String() + "/collections/" + x.ID.String()})
	}
	return s.sendList(c, a, out)
}

// collectedList is the clauses of a collection in the state of the address, in the
// order they were gathered where nothing else is asked.
func collectedList(c echo.Context, p *collectionPage, w *words) (listing, []collectedRow) {
	name := func(r *collectedRow) string { return r.Designation + " " + r.Key }
	d := listOf[*collectedRow]{
		words: func(r *collectedRow) string { return name(r) + " " + textOf(r.Wording.Heading, r.Wording.Text) },
		filters: []listFilter[*collectedRow]{
			{name: "place", key: "facet.jurisdiction", value: func(r *collectedRow) string { return string(r.Standard.Jurisdiction) }, label: func(v string) string { return w.place(corpus.Jurisdiction(v)) }},
			{name: "language", key: "facet.language", value: func(r *collectedRow) string { return string(r.Standard.Language) }, label: func(v string) string { return w.tongue(corpus.Language(v)) }},
		},
		sorts: []listSort[*collectedRow]{
			{"kept", "list.kept", nil},
			{"clause", "concept.clause", byText(name)},
			{"place", "facet.jurisdiction", byText(func(r *collectedRow) string { return w.place(r.Standard.Jurisdiction) })},
		},
	}
	return listed(d, "/collections/"+p.Collection.ID.String(), c.QueryParams(), p.Rows)
}
