package web

import (
	"context"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/corpus/staging"
)

// looked says on the screen of an import what somebody has looked at, and which
// clause comes next.
func (s *Server) looked(ctx context.Context, p *importPage, sheet *staging.Sheet) error {
	list, err := s.store.StagedLooked(ctx, p.Import.ID)
	if err != nil {
		return fmt.Errorf("read what was looked at: %w", err)
	}
	seen := sheet.LookedAt(list)
	p.Looked, p.Whole = len(seen), 0
	for _, r := range sheet.Rows {
		if !r.Deleted {
			p.Whole++
		}
	}
	for n := range p.Clauses {
		p.Clauses[n].Looked = seen[p.Clauses[n].Key]
	}
	open := ""
	if p.Edit != nil {
		open = p.Edit.Key
		p.Edit.Looked = seen[open]
	}
	if next := nextUnseen(sheet, seen, open); next != "" && next != open {
		p.Unseen = clauseLink("/imports/"+p.Import.ID.String(), next)
	}
	return nil
}

// nextUnseen is the key of the next clause after one that nobody has looked at, from the
// first again after the last; "" when there is none.
func nextUnseen(sheet *staging.Sheet, seen map[string]bool, after string) string {
	at := 0
	for n, r := range sheet.Rows {
		if r.ID.Key() == after {
			at = n + 1
		}
	}
	for n := range sheet.Rows {
		if r := sheet.Rows[(at+n)%len(sheet.Rows)]; !r.Deleted && !seen[r.ID.Key()] {
			return r.ID.Key()
		}
	}
	return ""
}

// lookImport ticks a clause as looked at in the wording that was shown, or takes
// that back, and shows the next one.
func (s *Server) lookImport(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	i, err := s.pathImport(c)
	if err != nil {
		return err
	}
	sheet, err := i.Corrected()
	if err != nil {
		return err
	}
	l := staging.Looked{Clause: c.FormValue("clause"), Digest: corpus.Digest(c.FormValue("digest")), By: a.person.ID.String()}
	found := false
	for _, r := range sheet.Rows {
		if r.ID.Key() == l.Clause && !r.Deleted {
			if found = true; r.Digest() != l.Digest {
				return s.showImport(c, a, http.StatusConflict, i, &importPage{Problem: a.words.refusal(corpus.Refuse(corpus.ErrConflict, "correct-moved", "the text of {clause} is another one than the correction was made for", "clause", l.Clause))}, l.Clause)
			}
		}
	}
	if !found {
		return fmt.Errorf("clause %q of import %s: %w", clip(l.Clause, 60), i.ID, corpus.ErrNotFound)
	}
	next := l.Clause
	if c.FormValue("back") != "" {
		l.Digest = ""
	}
	if err := s.store.LookStaged(ctx, i.ID, l); err != nil {
		return fmt.Errorf("look at an import: %w", err)
	}
	if l.Digest != "" {
		list, err := s.store.StagedLooked(ctx, i.ID)
		if err != nil {
			return fmt.Errorf("read what was looked at: %w", err)
		}
		if to := nextUnseen(sheet, sheet.LookedAt(list), l.Clause); to != "" {
			next = to
		}
	}
	return c.Redirect(http.StatusSeeOther, clauseLink("/imports/"+i.ID.String(), next))
}
