package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/corpus/staging"
)

// layersOf is what lies on a standard, or what it lies on.
type layersOf struct {
	Kind    corpus.OverlayKind // of the standard itself, "" of one that is no overlay
	Base    string             // designation of its base
	Bases   []corpus.Standard  // kept ones of that designation
	Over    []overRow          // what lies on it
	Effects []effectRow        // what it does to its base, or what is done to it, in order
	Said    []saidEffect       // what people said of its effects
	Fix     bool               // the person may correct them
}

// overRow is an overlay of the standard of the page.
type overRow struct {
	Standard corpus.Standard
	Kind     corpus.OverlayKind
	Counts   []effectCount
	Foreign  bool // in another language than the base: its effects are not worked out
}

// effectCount is how often an overlay does one thing.
type effectCount struct {
	Act corpus.EffectAct
	N   int
}

// effectRow is what an overlay does to one clause, as far as rights let it be shown.
type effectRow struct {
	corpus.Effect
	Kind     corpus.OverlayKind
	Overlay  corpus.Standard
	ByLabel  string
	Why      string // "" also where rights keep the overlay's words
	Old, New []Piece
	Language corpus.Language
	Fix      *effectForm // nil where the page does not offer it
	effect   corpus.Effect
}

// layers works out what lies on a standard and what it lies on.
func (s *Server) layers(ctx context.Context, o *corpus.Overlays, std corpus.Standard, clauses []corpus.Clause) (layersOf, error) {
	var out layersOf
	if over, is := corpus.OverlayOf(std); is {
		out.Kind, out.Base, out.Bases = over.Kind, over.Base, o.Bases(std)
		if len(out.Bases) > 0 && out.Bases[0].Language.Base() == std.Language.Base() {
			base, err := s.store.ClausesOf(ctx, out.Bases[0].ID)
			if err != nil {
				return out, fmt.Errorf("read the clauses of %s: %w", out.Bases[0].ID, err)
			}
			laid, err := s.laid(ctx, corpus.Over{Standard: std, Overlay: over}, clauses)
			if err != nil {
				return out, err
			}
			out.Effects = newEffectRows(laid, out.Bases[0], base)
		}
		return out, nil
	}
	for i, over := range o.On(std) {
		row := overRow{Standard: over.Standard, Kind: over.Overlay.Kind, Foreign: !over.Worked(std)}
		if !row.Foreign && i < corpus.MaxOverlays {
			own, err := s.store.ClausesOf(ctx, over.Standard.ID)
			if err != nil {
				return out, fmt.Errorf("read the clauses of %s: %w", over.Standard.ID, err)
			}
			laid, err := s.laid(ctx, over, own)
			if err != nil {
				return out, err
			}
			effects := newEffectRows(laid, std, clauses)
			row.Counts = countActs(effects)
			out.Effects = append(out.Effects, effects...)
		}
		out.Over = append(out.Over, row)
	}
	return out, nil
}

// laid is an overlay with what people said of its effects.
func (s *Server) laid(ctx context.Context, over corpus.Over, clauses []corpus.Clause) (corpus.Laid, error) {
	said, err := s.store.EffectCorrections(ctx, over.Standard.ID)
	if err != nil {
		return corpus.Laid{}, fmt.Errorf("read what was said of %s: %w", over.Standard.ID, err)
	}
	return corpus.Laid{Over: over, Clauses: clauses, Corrections: staging.Said(said)}, nil
}

// amending is what amendments and annexes do to clauses of a standard, nil where
// nothing lies on it.
func (s *Server) amending(ctx context.Context, o *corpus.Overlays, std corpus.Standard, ids []corpus.ClauseID) ([]effectRow, error) {
	if len(ids) == 0 || len(o.On(std)) == 0 {
		return nil, nil
	}
	clauses, err := s.store.ClausesOf(ctx, std.ID)
	if err != nil {
		return nil, fmt.Errorf("read the clauses of %s: %w", std.ID, err)
	}
	l, err := s.layers(ctx, o, std, clauses)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(l.Effects, func(e effectRow) bool { return !slices.Contains(ids, e.Base) }), nil
}

func countActs(effects []effectRow) []effectCount {
	var out []effectCount
	for _, act := range corpus.EffectActs {
		n := 0
		for _, e := range effects {
			n += number(e.Act == act)
		}
		if n > 0 {
			out = append(out, effectCount{act, n})
		}
	}
	return out
}

func number(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// newEffectRows works out what an overlay does to a base and cuts it to what the
// rights of both show. Words are compared only where both texts may be shown whole.
func newEffectRows(laid corpus.Laid, base corpus.Standard, baseClauses []corpus.Clause) []effectRow {
	byID := map[corpus.ClauseID]corpus.Clause{}
	kind, over := laid.Overlay.Kind, laid.Standard
	for _, list := range [][]corpus.Clause{baseClauses, laid.Clauses} {
		for _, c := range list {
			byID[c.ID] = c
		}
	}
	var out []effectRow
	for _, e := range laid.Effects(baseClauses) {
		row := effectRow{Effect: e, Kind: kind, Overlay: over, ByLabel: byID[e.By].Label, Language: over.Language, effect: e}
		if row.ByLabel == "" {
			row.ByLabel = e.By.Key()
		}
		if over.Rights == corpus.RightsFull {
			row.Why = e.Why
		}
		was, now := byID[e.Base], e.New
		shownWas, shownNow := base.Rights.Shown(was), over.Rights.Shown(now)
		if e.Act == corpus.EffectReplaced && was.ID != "" && shownWas.Text == was.Text && shownNow.Text == now.Text {
			if now.Heading == "" {
				was.Heading = "" // the order gives the text alone
			}
			row.Old, row.New = marked(was.Wording(), now.Wording())
		} else {
			row.New = plain(shownNow.Wording())
		}
		out = append(out, row)
	}
	return out
}

// about keeps what concerns one clause: of the base, or of the overlay.
func (l layersOf) about(id corpus.ClauseID) layersOf {
	l.Effects = slices.DeleteFunc(slices.Clone(l.Effects), func(e effectRow) bool { return e.Base != id && e.By != id && e.effect.New.ID != id })
	return l
}

// consolidatedPage is a base with what its overlays did to it.
type consolidatedPage struct {
	Shell
	Standard         corpus.Standard
	Name             corpus.Title
	Over             []overRow
	Rows             []appliedRow
	FirstRow, Total  int // of the page's rows, counted from 1, and of all
	LastRow          int
	PrevFrom, NextTo string // addresses of the pages around it
}

// appliedRow is one clause of the consolidated reading.
type appliedRow struct {
	Label   string
	Wording Wording
	Base    corpus.ClauseID // "" of an added one
	Effects []effectRow
	Gone    bool
}

// consolidated shows what applies of a standard now.
func (s *Server) consolidated(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	h, clauses, err := s.standardOf(c)
	if err != nil {
		return err
	}
	sh, all, err := s.shelf(ctx)
	if err != nil {
		return err
	}
	l, err := s.layers(ctx, corpus.OverlaysOf(all), h.Standard, clauses)
	if err != nil {
		return err
	}
	if l.Kind != "" { // an overlay has no reading of its own: its base has
		if len(l.Bases) > 0 {
			return c.Redirect(http.StatusSeeOther, standardURL(l.Bases[0].ID)+"/consolidated")
		}
		return c.Redirect(http.StatusSeeOther, standardURL(h.Standard.ID))
	}
	p := &consolidatedPage{Standard: h.Standard, Name: h.Standard.Title(corpus.Language(a.words.tag)), Over: l.Over}
	rows := appliedRows(sh, h.Standard, clauses, l.Effects)
	p.Total = len(rows)
	from := pageStart(c.QueryParam("from"))
	if from >= p.Total {
		from = 0
	}
	to := min(from+clausesPerPage, p.Total)
	p.Rows, p.LastRow = rows[from:to], to
	if p.Total > 0 {
		p.FirstRow = from + 1
	}
	page := func(n int) string { return fmt.Sprintf("%s/consolidated?from=%d", standardURL(h.Standard.ID), n) }
	if from > 0 {
		p.PrevFrom = page(max(0, from-clausesPerPage))
	}
	if to < p.Total {
		p.NextTo = page(to)
	}
	p.Shell = s.shell(c, a, a.words.say("overlay.consolidated")+" – "+h.Standard.Designation)
	return s.show(c, a, http.StatusOK, "consolidated", p)
}

// appliedRows puts the reading together; each text is shown under the rights of
// the standard it is from.
func appliedRows(sh shelf, base corpus.Standard, clauses []corpus.Clause, effects []effectRow) []appliedRow {
	list := make([]corpus.Effect, len(effects))
	type key struct {
		by     corpus.ClauseID
		number string
		act    corpus.EffectAct
	}
	rows := map[key]effectRow{}
	for i, e := range effects {
		list[i] = e.effect
		rows[key{e.By, e.Number, e.Act}] = e
	}
	var out []appliedRow
	for _, x := range corpus.Consolidate(clauses, list) {
		now, applies := x.Now()
		std := base
		if now.Standard != base.ID {
			std = sh.standard(now.Standard)
		}
		if now.Heading == "" && x.Base.ID != "" {
			now.Heading = x.Base.Heading
		}
		row := appliedRow{Wording: wording(now, std, nil), Base: x.Base.ID, Gone: !applies, Label: now.Label}
		for _, e := range x.Effects {
			row.Effects = append(row.Effects, rows[key{e.By, e.Number, e.Act}])
		}
		out = append(out, row)
	}
	return out
}

// apiOverlay says what a standard lies on; Bases are the kept ones.
type apiOverlay struct {
	Kind  corpus.OverlayKind  `json:"kind"`
	Base  string              `json:"base"`
	Bases []corpus.StandardID `json:"bases"`
}

// around is what a standard is told with: parallel editions, overlays and bases
// among all that is kept.
type around struct {
	editions *corpus.Editions
	overlays *corpus.Overlays
}

func newAround(all []corpus.Holding) around {
	return around{corpus.EditionsOf(all), corpus.OverlaysOf(all)}
}

// keptAround is around as it was at a mark of the standards.
type keptAround struct {
	mark int64
	around
}

// near is around as it is now. All standards are read again only when one of them
// changed: an answer about one clause asks for one number.
func (s *Server) near(ctx context.Context) (around, error) {
	mark, err := s.store.StandardsMark(ctx)
	if err != nil {
		return around{}, fmt.Errorf("list the standards: %w", err)
	}
	if kept := s.arounds.Load(); kept != nil && kept.mark == mark {
		return kept.around, nil
	}
	all, err := s.store.Standards(ctx) // may be newer than the mark, and is then read again
	if err != nil {
		return around{}, fmt.Errorf("list the standards: %w", err)
	}
	made := keptAround{mark, newAround(all)}
	s.arounds.Store(&made)
	return made.around, nil
}

// overlay is what a standard lies on, nil of one that is no overlay.
func (x around) overlay(s corpus.Standard) *apiOverlay {
	over, is := corpus.OverlayOf(s)
	if !is {
		return nil
	}
	out := &apiOverlay{Kind: over.Kind, Base: over.Base, Bases: []corpus.StandardID{}}
	for _, b := range x.overlays.Bases(s) {
		out.Bases = append(out.Bases, b.ID)
	}
	return out
}

// overlaidBy names what lies on a standard, in the order it applies.
func (x around) overlaidBy(s corpus.Standard) []corpus.StandardID {
	var out []corpus.StandardID
	for _, over := range x.overlays.On(s) {
		out = append(out, over.Standard.ID)
	}
	return out
}
