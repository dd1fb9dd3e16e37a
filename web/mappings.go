package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

// Mappings are what others made, kept beside our own matches.
type Mappings interface {
	// Imported lists the imported sets, the last one first.
	Imported(ctx context.Context) ([]review.ImportedSet, error)
	// OthersSay lists the imported rows that name each clause.
	OthersSay(ctx context.Context, ids ...corpus.ClauseID) (map[corpus.ClauseID][]review.Said, error)
	ImportedRows
}

// ImportedRows reads one imported set.
type ImportedRows interface {
	// ImportedSet returns one; corpus.ErrNotFound when there is none.
	ImportedSet(ctx context.Context, id uuid.UUID) (review.ImportedSet, error)
	// ImportedRows lists rows behind a number, pending ones alone when asked.
	ImportedRows(ctx context.Context, set uuid.UUID, pending bool, after, limit int) ([]review.ImportedRow, error)
}

// mappingsView is the page of what others made.
type mappingsView struct {
	Shell
	List listing
	Sets []review.ImportedSet
}

// mappings answers the list of imported sets.
func (s *Server) mappings(c echo.Context, a asker) error {
	l, sets, err := s.mappingList(c, a)
	if err != nil {
		return err
	}
	p := &mappingsView{Shell: s.shell(c, a, a.words.say("mappings.title")), Sets: pageOf(s, &l, sets)}
	p.List = l
	return s.show(c, a, http.StatusOK, "mappings", p)
}

// mappingView is the page of one imported set.
type mappingView struct {
	Shell
	Set  review.ImportedSet
	Said []saidProblem // its problems
	List listing
	Rows []othersRow
}

// mapping answers the rows of one imported set.
func (s *Server) mapping(c echo.Context, a asker) error {
	set, l, rows, err := s.rowList(c, a)
	if err != nil {
		return err
	}
	p := &mappingView{Set: set, Rows: pageOf(s, &l, rows)}
	p.List = l
	for _, problem := range set.Problems {
		p.Said = append(p.Said, a.words.problem(problem))
	}
	p.Shell = s.shell(c, a, set.Source())
	return s.show(c, a, http.StatusOK, "mapping", p)
}

// othersRow is one statement of others.
type othersRow struct {
	review.Said
	From, To []othersRef
}

// othersRef is a clause by our id, or in the words of the file.
type othersRef struct {
	Found corpus.ClauseID
	Name  string
}

func newOthersRow(said review.Said) othersRow {
	refs := func(list []review.Ref) []othersRef {
		var out []othersRef
		for _, r := range list {
			name := strings.TrimSpace(r.Standard + " " + r.Clause)
			if r.Found != "" {
				name = string(r.Found)
			}
			out = append(out, othersRef{r.Found, clip(name, 120)})
		}
		return out
	}
	row := othersRow{Said: said, From: refs(said.Row.Sources), To: refs(said.Row.Targets)}
	if len(row.To) == 0 {
		row.To = []othersRef{{Name: clip(said.Row.Against, 120)}}
	}
	return row
}

// othersOf is what others say of one clause.
func (s *Server) othersOf(ctx context.Context, id corpus.ClauseID) ([]othersRow, error) {
	said, err := s.store.OthersSay(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("find what others say: %w", err)
	}
	var out []othersRow
	for _, x := range said[id] {
		out = append(out, newOthersRow(x))
	}
	return out, nil
}

// othersOfMatch is what others say of a match: what names a clause of either side,
// or of the one side that asks for a counterpart.
func (s *Server) othersOfMatch(ctx context.Context, m review.Match) ([]othersRow, error) {
	said, err := s.store.OthersSay(ctx, m.Clauses()...)
	if err != nil {
		return nil, fmt.Errorf("find what others say: %w", err)
	}
	type row struct {
		set    string
		number int
	}
	at := func(x review.Said) row { return row{x.Set.ID.String(), x.Row.Number} }
	facing := map[row]bool{}
	for _, id := range m.Targets {
		for _, x := range said[id] {
			facing[at(x)] = true
		}
	}
	var out []othersRow
	seen := map[row]bool{}
	for _, id := range m.Sources {
		for _, x := range said[id] {
			if seen[at(x)] || len(m.Targets) > 0 && !facing[at(x)] || len(m.Targets) == 0 && len(x.Row.Targets) > 0 {
				continue
			}
			seen[at(x)] = true
			out = append(out, newOthersRow(x))
		}
	}
	return out, nil
}
