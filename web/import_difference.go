package web

import (
	"context"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/corpus/staging"
)

// differencePage is what accepting an import would change.
type differencePage struct {
	Shell
	Import   staging.Import
	Standard corpus.Standard
	Open     bool
	Fatal    bool
	Able     bool
	Against  corpus.Standard // what it is compared with; no ID for nothing
	Same     bool            // that is the standard which accepting changes
	Counts   []changeCount
	Stay     int // unchanged clauses
	Rows     []changeRow
	More     int // changes that are not listed
	Affected []staging.Affected
}

// changeCount is how many clauses changed in one way.
type changeCount struct {
	Kind staging.ChangeKind
	N    int
}

// changeRow is one clause that differs.
type changeRow struct {
	Kind               staging.ChangeKind
	OldLabel, NewLabel string
	Language           corpus.Language
	Old, New           []Piece
}

// mostChanges is how many changes one page lists.
const mostChanges = 400

// importDifference answers what accepting would change.
func (s *Server) importDifference(c echo.Context, a asker) error {
	i, err := s.pathImport(c)
	if err != nil {
		return err
	}
	p := &differencePage{Import: i, Open: i.State == staging.Staged, Able: s.importer != nil, Standard: corpus.Standard{Designation: i.Designation, Language: i.Language}}
	if p.Open && p.Able {
		if err := s.differ(c.Request().Context(), p); err != nil {
			return err
		}
	}
	p.Shell = s.shell(c, a, i.Designation+" – "+a.words.say("import.difference"))
	return s.show(c, a, http.StatusOK, "difference", p)
}

// differ compares an import with what is kept.
func (s *Server) differ(ctx context.Context, p *differencePage) error {
	doc, err := s.importer.Finished(ctx, p.Import)
	if err != nil {
		return fmt.Errorf("finish the import: %w", err)
	}
	p.Standard = doc.Standard
	if p.Fatal = corpus.Fatal(doc.Problems); p.Fatal {
		return nil
	}
	if err := s.against(ctx, p, doc.Standard); err != nil || p.Against.ID == "" {
		return err
	}
	old, err := s.store.ClausesOf(ctx, p.Against.ID)
	if err != nil {
		return fmt.Errorf("read what is kept: %w", err)
	}
	var changes []staging.Change
	changes, p.Stay = staging.Compare(old, doc.Clauses)
	p.list(changes)
	if p.Same {
		if p.Affected, err = s.store.Affected(ctx, doc); err != nil {
			return fmt.Errorf("look what becomes suspect: %w", err)
		}
	}
	return nil
}

// against finds what an import is compared with: the standard that accepting it
// changes, or else the latest other edition in the same language.
func (s *Server) against(ctx context.Context, p *differencePage, std corpus.Standard) error {
	_, all, err := s.shelf(ctx)
	if err != nil {
		return err
	}
	for _, h := range all {
		switch k := h.Standard; {
		case k.ID == std.ID:
			p.Against, p.Same = k, true
			return nil
		case k.Jurisdiction == std.Jurisdiction && k.Language.Base() == std.Language.Base() && staging.SameWork(k.Designation, std.Designation) && k.Edition >= p.Against.Edition:
			p.Against = k
		}
	}
	return nil
}

// list counts and shows changes.
func (p *differencePage) list(changes []staging.Change) {
	count := map[staging.ChangeKind]int{}
	for _, ch := range changes {
		count[ch.Kind]++
		if len(p.Rows) == mostChanges {
			p.More++
			continue
		}
		p.Rows = append(p.Rows, newChangeRow(ch, p.Against.Rights))
	}
	for _, k := range staging.ChangeKinds {
		p.Counts = append(p.Counts, changeCount{k, count[k]})
	}
}

// newChangeRow marks the words that differ. What is kept is shown under its rights,
// which whoever brings the next edition in may not have; then nothing is marked.
func newChangeRow(ch staging.Change, rights corpus.Rights) changeRow {
	row := changeRow{Kind: ch.Kind}
	old, now, whole := "", "", true
	if ch.Old != nil {
		shown := rights.Shown(*ch.Old)
		row.OldLabel, row.Language, old, whole = ch.Old.Label, ch.Old.Language, shown.Wording(), shown.Text == ch.Old.Text
	}
	if ch.New != nil {
		row.NewLabel, row.Language, now = ch.New.Label, ch.New.Language, ch.New.Wording()
	}
	if ch.Kind == staging.ChangeChanged && whole {
		row.Old, row.New = marked(old, now)
	} else {
		row.Old, row.New = plain(old), plain(now)
	}
	return row
}

// marked marks the words that differ between two wordings.
func marked(was, now string) (old, present []Piece) {
	onlyOld, onlyNew := staging.Words(was, now)
	return pieces(was, stretchLayers(onlyOld, "del")), pieces(now, stretchLayers(onlyNew, "ins"))
}

func stretchLayers(list []staging.Stretch, class string) []layer {
	out := make([]layer, len(list))
	for i, st := range list {
		out[i] = layer{span: lexicon.Span{Start: st.Start, End: st.End}, class: class}
	}
	return out
}
