package web

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/corpus/staging"
)

func isNotFound(err error) bool { return errors.Is(err, corpus.ErrNotFound) }

// importBytes is how much a form of a correction may send: the longest clause,
// escaped.
const importBytes = 4 << 20

// seenVersion is the version of the import that the form was made for.
func seenVersion(c echo.Context) int {
	n, err := strconv.Atoi(c.FormValue("version"))
	if err != nil {
		return 0
	}
	return n
}

// correctImport makes the corrections of one form.
func (s *Server) correctImport(c echo.Context, a asker) error {
	key := c.FormValue("clause")
	return s.changeImport(c, a, key, func(i *staging.Import) (string, error) {
		sheet, err := i.Corrected()
		if err != nil {
			return "", err
		}
		ops, err := askedFor(c, sheet, key)
		if err != nil {
			return "", err
		}
		for _, op := range ops {
			op.By, op.When = a.person.ID.String(), s.now().UTC()
			if err := i.Correct(op); err != nil {
				return "", err
			}
		}
		return after(c, sheet, ops, key), nil
	})
}

// askedFor reads what a form asks for.
func askedFor(c echo.Context, sheet *staging.Sheet, key string) ([]staging.Operation, error) {
	act := staging.Act(c.FormValue("act"))
	op := staging.Operation{Act: act, Clause: key}
	switch act {
	case staging.Identify:
		op = staging.Operation{Act: act, Set: changedFields(c, sheet.Standard)}
		if len(op.Set) == 0 {
			return nil, nil
		}
	case staging.Ignore:
		op = staging.Operation{Act: act, Problem: c.FormValue("problem")}
	case staging.Merge:
		op.Number = c.FormValue("number") != ""
		if op.Join = "\n"; c.FormValue("line") != "" {
			op.Join = " "
		}
	case staging.Edit, staging.Split:
		return edits(c, sheet, key, act)
	case staging.Retype:
		op.Kind = corpus.Kind(c.FormValue("kind"))
	}
	return []staging.Operation{op}, nil
}

// changedFields are the fields of the identity that a form changes.
func changedFields(c echo.Context, std corpus.Standard) map[string]string {
	set := map[string]string{}
	for _, f := range staging.Fields {
		if _, sent := c.Request().PostForm[f.Name]; !sent {
			continue
		}
		if v := f.Usual(strings.TrimSpace(c.FormValue(f.Name))); v != f.Get(std) {
			set[f.Name] = v
		}
	}
	return set
}

// edits are the corrections of the form of a clause: its text, kind and number as
// far as they were changed, and the cut that was asked for.
func edits(c echo.Context, sheet *staging.Sheet, key string, act staging.Act) ([]staging.Operation, error) {
	form := c.Request().PostForm
	var ops []staging.Operation
	var now *staging.Row
	for n := range sheet.Rows {
		if sheet.Rows[n].ID.Key() == key {
			now = &sheet.Rows[n]
		}
	}
	if now == nil {
		return nil, corpus.Refuse(corpus.ErrNotFound, "correct-gone", "there is no clause {clause}", "clause", key)
	}
	if _, sent := form["text"]; sent {
		heading, text := staging.Tidy(form.Get("heading")), staging.Tidy(form.Get("text"))
		if heading != now.Heading || text != staging.Tidy(now.Text) {
			ops = append(ops, staging.Operation{Act: staging.Edit, Clause: key, Heading: heading, Text: text})
		}
	}
	if kind := corpus.Kind(form.Get("kind")); kind != "" && kind != now.Kind {
		ops = append(ops, staging.Operation{Act: staging.Retype, Clause: key, Kind: kind})
	}
	if act == staging.Split {
		at, err := strconv.Atoi(form.Get("at"))
		if err != nil {
			return nil, corpus.Refuse(corpus.ErrInvalid, "correct-cut", "put the cursor inside the text of {clause}, where the second clause begins", "clause", key)
		}
		ops = append(ops, staging.Operation{Act: staging.Split, Clause: key, At: at, Label: strings.TrimSpace(form.Get("second"))})
	}
	if label := strings.TrimSpace(form.Get("label")); label != "" && label != now.Label {
		ops = append(ops, staging.Operation{Act: staging.Renumber, Clause: key, Label: label})
	}
	return ops, nil
}

// after is the clause to look at next, by its place: what was split, renumbered or
// merged has another key now.
func after(c echo.Context, before *staging.Sheet, ops []staging.Operation, key string) string {
	for _, op := range ops {
		if op.Act == staging.Renumber || op.Act == staging.Merge {
			for n := range before.Rows {
				if before.Rows[n].ID.Key() == key && op.Act == staging.Merge {
					return "@" + strconv.Itoa(max(0, n-1))
				} else if before.Rows[n].ID.Key() == key {
					return "@" + strconv.Itoa(n)
				}
			}
		}
	}
	return key
}

// changeImport changes an import as it was seen and shows it again; a refusal is
// said on the screen, with what was typed in its fields.
func (s *Server) changeImport(c echo.Context, a asker, key string, change func(*staging.Import) (string, error)) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	next := key
	i, err := s.store.CorrectStaged(c.Request().Context(), id, seenVersion(c), func(i *staging.Import) (err error) {
		next, err = change(i)
		return err
	})
	if _, refused := corpus.RefusalOf(err); refused && !isNotFound(err) {
		now, failed := s.pathImport(c)
		if failed != nil {
			return failed
		}
		status := http.StatusUnprocessableEntity
		if errors.Is(err, corpus.ErrConflict) {
			status = http.StatusConflict
		}
		return s.showImport(c, a, status, now, &importPage{Problem: a.words.refusal(err), Typed: c.Request().PostForm}, key)
	}
	if err != nil {
		return fmt.Errorf("correct the import: %w", err)
	}
	return c.Redirect(http.StatusSeeOther, s.backTo(i, next))
}

// backTo is the screen after a change.
func (s *Server) backTo(i staging.Import, key string) string {
	base := "/imports/" + i.ID.String()
	if place, counted := strings.CutPrefix(key, "@"); counted {
		sheet, err := i.Corrected()
		n, bad := strconv.Atoi(place)
		if err == nil && bad == nil && n < len(sheet.Rows) {
			return clauseLink(base, sheet.Rows[n].ID.Key())
		}
		key = ""
	}
	if key == "" {
		return base
	}
	return clauseLink(base, key)
}

// undoCorrection takes the last correction back.
func (s *Server) undoCorrection(c echo.Context, a asker) error {
	return s.changeImport(c, a, c.FormValue("clause"), func(i *staging.Import) (string, error) {
		key := c.FormValue("clause")
		if n := len(i.Operations); n > 0 && i.Operations[n-1].Clause != "" {
			key = i.Operations[n-1].Clause
		}
		return key, i.Undo()
	})
}

// repeatCorrections makes the corrections of an earlier edition.
func (s *Server) repeatCorrections(c echo.Context, a asker) error {
	from, err := uuid.Parse(c.FormValue("from"))
	if err != nil {
		return fmt.Errorf("no import has the id %q: %w", c.FormValue("from"), corpus.ErrNotFound)
	}
	earlier, err := s.store.Staged(c.Request().Context(), from)
	if err != nil {
		return fmt.Errorf("find the earlier import: %w", err)
	}
	return s.changeImport(c, a, "", func(i *staging.Import) (string, error) {
		if !staging.SameWork(i.Designation, earlier.Designation) {
			return "", corpus.Refuse(corpus.ErrInvalid, "import-other", "{designation} is another standard", "designation", earlier.Designation)
		}
		_, err := i.Repeat(earlier.Operations)
		return "", err
	})
}

// acceptImport saves an import and shows the standard.
func (s *Server) acceptImport(c echo.Context, a asker) error {
	i, err := s.pathImport(c)
	if err != nil {
		return err
	}
	if s.importer == nil {
		return corpus.Refuse(corpus.ErrInvalid, "import-off", "this server does not read files")
	}
	if i.State == staging.Staged && i.Version != seenVersion(c) {
		return corpus.Refuse(corpus.ErrConflict, "staged-changed", "somebody else has corrected this import meanwhile; look at it again")
	}
	if _, err := s.importer.Accept(c.Request().Context(), i, a.person.ID.String()); err != nil {
		return fmt.Errorf("accept the import: %w", err)
	}
	return c.Redirect(http.StatusSeeOther, "/imports/"+i.ID.String())
}

// discardImport ends an import.
func (s *Server) discardImport(c echo.Context, a asker) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	if err := s.store.DiscardStaged(c.Request().Context(), id, seenVersion(c), a.person.ID.String()); err != nil {
		return fmt.Errorf("discard the import: %w", err)
	}
	return c.Redirect(http.StatusSeeOther, "/imports")
}
