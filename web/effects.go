package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/corpus/staging"
	"concord/review"
)

// Effects keeps what people say that amendments and annexes do.
type Effects interface {
	// EffectCorrections lists what was said of an overlay and not taken back.
	EffectCorrections(ctx context.Context, overlay corpus.StandardID) ([]staging.EffectCorrection, error)
	// CorrectEffect keeps one; errors of corpus' kinds.
	CorrectEffect(ctx context.Context, overlay corpus.StandardID, said corpus.EffectCorrection, actor string) (staging.EffectCorrection, error)
	// UndoEffect takes one back; corpus.ErrConflict when that was done before.
	UndoEffect(ctx context.Context, id uuid.UUID, actor string) (staging.EffectCorrection, error)
	// Amended tells what overlays do to clauses now.
	Amended(ctx context.Context, ids ...corpus.ClauseID) (map[corpus.ClauseID][]corpus.Amendment, error)
}

// effectForm is what a form about one effect begins with: how it was read, and what
// holds now.
type effectForm struct {
	Action string
	Token  string
	By     corpus.ClauseID
	Digest corpus.Digest
	Read   corpus.EffectRead
	Said   corpus.EffectRead
	Acts   []corpus.EffectAct
}

// saidEffect is one correction of an effect, with who made it.
type saidEffect struct {
	staging.EffectCorrection
	ByLabel string
	Name    string // of the person, "" for a program
	Day     time.Time
}

// fixable adds to the page of an overlay what its effects are corrected with.
func (s *Server) fixable(ctx context.Context, l *layersOf, std corpus.Standard, clauses []corpus.Clause, a asker, token string) error {
	if l.Kind == "" {
		return nil
	}
	byID := byClauseID(clauses)
	said, err := s.store.EffectCorrections(ctx, std.ID)
	if err != nil {
		return fmt.Errorf("read what was said of %s: %w", std.ID, err)
	}
	who, err := s.names(ctx)
	if err != nil {
		return err
	}
	for _, x := range said {
		row := saidEffect{EffectCorrection: x, ByLabel: byID[x.By].Label, Day: x.At}
		if row.ByLabel == "" {
			row.ByLabel = x.By.Key()
		}
		if id, err := uuid.Parse(x.Person); err == nil {
			row.Name = who.of(id)
		}
		l.Said = append(l.Said, row)
	}
	if l.Fix = a.person.May(review.ActionImport); !l.Fix {
		return nil
	}
	for i, e := range l.Effects {
		form := &effectForm{Action: standardURL(std.ID) + "/effects", Token: token, By: e.By, Digest: byID[e.By].Digest(), Acts: append(slices.Clone(corpus.EffectActs), corpus.EffectNone)}
		form.Said = corpus.EffectRead{Act: e.Act, Number: e.Number}
		switch {
		case e.Was == nil:
			form.Read = form.Said
		case e.Was.Act == "":
			continue // what a person found is taken back and said anew
		default:
			form.Read = *e.Was
		}
		l.Effects[i].Fix = form
	}
	return nil
}

// correctEffect keeps what a person says of an effect, or of a clause of which none
// was read.
func (s *Server) correctEffect(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	h, clauses, err := s.standardOf(c)
	if err != nil {
		return err
	}
	said := corpus.EffectCorrection{
		By: corpus.ClauseID(clip(c.FormValue("by"), 500)), Digest: corpus.Digest(c.FormValue("digest")),
		Read: corpus.EffectRead{Act: corpus.EffectAct(clip(c.FormValue("read_act"), 40)), Number: clip(c.FormValue("read_number"), 60)},
		Said: corpus.EffectRead{Act: corpus.EffectAct(clip(c.FormValue("act"), 40)), Number: c.FormValue("number")},
	}
	if name := strings.TrimSpace(clip(c.FormValue("clause"), 200)); said.By == "" {
		at := slices.IndexFunc(clauses, func(x corpus.Clause) bool { return x.Label == name || x.Number == name || x.ID.Key() == name })
		if at < 0 || name == "" {
			return corpus.Refuse(corpus.ErrNotFound, "effect-clause", "the overlay has no clause {clause}", "clause", name)
		}
		said.By, said.Digest = clauses[at].ID, clauses[at].Digest()
	}
	if _, err := s.store.CorrectEffect(ctx, h.Standard.ID, said, a.person.ID.String()); err != nil {
		return fmt.Errorf("correct what %s does: %w", h.Standard.ID, err)
	}
	return c.Redirect(http.StatusSeeOther, standardURL(h.Standard.ID)+"?done=effect#base")
}

// undoEffect takes what a person said of an effect back.
func (s *Server) undoEffect(c echo.Context, a asker) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	x, err := s.store.UndoEffect(c.Request().Context(), id, a.person.ID.String())
	if err != nil {
		return fmt.Errorf("take a correction back: %w", err)
	}
	return c.Redirect(http.StatusSeeOther, standardURL(x.Standard)+"?done=effect#base")
}

// amendedRow is one change by an amendment that came, or ended, since a match was
// answered.
type amendedRow struct {
	Label    string // of the clause of the base
	Language corpus.Language
	Overlay  corpus.Standard
	By       corpus.ClauseID
	ByLabel  string
	Act      corpus.EffectAct
	Ended    bool
}

// amendedRows names what changed with the labels of clauses.
func (s *Server) amendedRows(ctx context.Context, list []review.Amending, clauses map[corpus.ClauseID]corpus.Clause, sh shelf) ([]amendedRow, error) {
	if len(list) == 0 {
		return nil, nil
	}
	var ids []corpus.ClauseID
	for _, x := range list {
		ids = append(ids, x.By)
	}
	by, err := s.clausesByID(ctx, ids...)
	if err != nil {
		return nil, fmt.Errorf("read what amends a clause: %w", err)
	}
	label := func(c corpus.Clause, id corpus.ClauseID) string {
		if c.Label == "" {
			return id.Key()
		}
		return c.Label
	}
	var out []amendedRow
	for _, x := range list {
		base := clauses[x.Clause]
		row := amendedRow{Label: label(base, x.Clause), Language: base.Language, Overlay: sh.standard(x.By.Standard()), By: x.By, ByLabel: label(by[x.By], x.By), Act: x.Act, Ended: x.Ended}
		if row.Overlay.Designation == "" {
			row.Overlay.Designation = string(x.By.Standard())
		}
		out = append(out, row)
	}
	return out, nil
}
