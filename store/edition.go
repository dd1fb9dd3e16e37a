package store

import (
	"cmp"
	"context"
	"reflect"
	"slices"

	"concord/corpus"
	"concord/review"
)

// edition is a document held against what is kept of its standard: what saving
// it would do, worked out before anything is written.
type edition struct {
	doc      *corpus.Document
	was      map[corpus.ClauseID]kept
	diff     corpus.EditionDiff
	restated bool // the standard's description differs, so an index must hear of every clause
	touched  []corpus.ClauseID
	digests  map[corpus.ClauseID]corpus.Digest // of the document's clauses
	kept     *corpus.Standard                  // the standard as it is kept, nil of a new one
	relaid   []relaid                          // the bases whose amendments it changes; set by rederive
}

// newEdition compares a document with what is kept.
func newEdition(ctx context.Context, q querier, doc *corpus.Document) (*edition, error) {
	e := &edition{doc: doc, was: map[corpus.ClauseID]kept{}, digests: map[corpus.ClauseID]corpus.Digest{}}
	known, err := inBatches(ctx, q, "SELECT body, clauses, normative FROM standards WHERE id IN (?)", nil, []corpus.StandardID{doc.Standard.ID}, scanHolding)
	if err != nil {
		return nil, err
	}
	if len(known) > 0 {
		e.diff.Known = true
		e.kept = &known[0].Standard
		e.doc = withSaid(doc, known[0].Standard)
		e.restated = restated(known[0].Standard, e.doc.Standard)
	}
	before, err := keptClauses(ctx, q, doc.Standard.ID)
	if err != nil {
		return nil, err
	}
	for _, k := range before {
		e.was[k.clause.ID] = k
	}
	e.compare(before)
	return e, nil
}

// withSaid is the document with what was said of the kept standard and a file
// does not say.
func withSaid(doc *corpus.Document, was corpus.Standard) *corpus.Document {
	out := *doc
	s := &out.Standard
	s.Authenticity = cmp.Or(s.Authenticity, was.Authenticity)
	s.Overlay, s.Base = cmp.Or(s.Overlay, was.Overlay), cmp.Or(s.Base, was.Base)
	if len(s.ICS)+len(s.CCS) == 0 {
		s.ICS, s.CCS = was.ICS, was.CCS
	}
	return &out
}

// compare fills the difference.
func (e *edition) compare(before []kept) {
	for _, c := range e.doc.Clauses {
		digest := c.Digest()
		e.digests[c.ID] = digest
		was, known := e.was[c.ID]
		switch {
		case !known:
			e.diff.New = append(e.diff.New, c.ID)
		case was.removed:
			e.diff.New = append(e.diff.New, c.ID)
			e.touched = append(e.touched, c.ID)
		case was.digest != digest:
			e.diff.Changed = append(e.diff.Changed, c.ID)
			e.touched = append(e.touched, c.ID)
		default:
			e.diff.Same = append(e.diff.Same, c.ID)
		}
	}
	for _, k := range before {
		if _, stays := e.digests[k.clause.ID]; !stays && !k.removed {
			e.diff.Gone = append(e.diff.Gone, k.clause.ID)
			e.touched = append(e.touched, k.clause.ID)
		}
	}
}

// restated tells whether a standard's description changed in anything but the
// name of the file it came from.
func restated(a, b corpus.Standard) bool {
	a.Source, b.Source = "", ""
	before, errA := asJSON(a)
	after, errB := asJSON(b)
	return errA != nil || errB != nil || before != after
}

// maxToldClauses is how many clauses of a new text the audit tells.
const maxToldClauses = 200

// told is what the edition changes of a standard that was kept, for people to read:
// what is said of it, and the wording of clauses that changed, came or went.
func (e *edition) told() (before, after any) {
	type text struct {
		Standard corpus.Standard   `json:"standard"`
		Clauses  map[string]string `json:"clauses"`
	}
	if e.kept == nil {
		return nil, map[string]any{"standard": e.doc.Standard, "count": len(e.doc.Clauses)}
	}
	was, now := text{*e.kept, map[string]string{}}, text{e.doc.Standard, map[string]string{}}
	told := map[corpus.ClauseID]bool{}
	for _, list := range [][]corpus.ClauseID{e.diff.Changed, e.diff.Gone, e.diff.New} {
		for _, id := range list[:min(len(list), maxToldClauses-len(told))] {
			told[id] = true
			if k, kept := e.was[id]; kept && !k.removed {
				was.Clauses[id.Key()] = k.clause.Wording()
			}
		}
	}
	for _, c := range e.doc.Clauses {
		if told[c.ID] {
			now.Clauses[c.ID.Key()] = c.Wording()
		}
	}
	return was, now
}

// save writes the edition.
func (e *edition) save(ctx context.Context, c *changing, actor string) (corpus.EditionDiff, error) {
	rederived, err := e.rederive(ctx, c.Tx)
	if err != nil {
		return e.diff, err
	}
	e.diff.Suspect = suspects(rederived)
	steps := []func(context.Context, *changing) error{e.saveStandard, e.saveClauses, e.saveOldTexts, e.saveGone}
	for _, step := range steps {
		if err := step(ctx, c); err != nil {
			return e.diff, err
		}
	}
	c.note(actor, "standard.saved", string(e.doc.Standard.ID), 0, struct {
		Standard corpus.Standard
		Clauses  map[corpus.ClauseID]corpus.Digest
	}{e.doc.Standard, e.digests})
	if err := c.tell(e.told()); err != nil {
		return e.diff, err
	}
	if err := c.saveOverlay(ctx, e.doc.Standard); err != nil {
		return e.diff, err
	}
	if err := c.saveRelaid(ctx, e.relaid); err != nil {
		return e.diff, err
	}
	if err := saveRederived(ctx, c, rederived, actor); err != nil {
		return e.diff, err
	}
	if err := e.saveMatchPositions(ctx, c); err != nil {
		return e.diff, err
	}
	return e.diff, c.settleImported(ctx, e.doc.Standard.ID)
}

// saveStandard writes the description and the counts.
func (e *edition) saveStandard(ctx context.Context, c *changing) error {
	s := e.doc.Standard
	body, err := asJSON(s)
	if err != nil {
		return err
	}
	normative := 0
	for _, cl := range e.doc.Clauses {
		normative += number(cl.Kind.Normative())
	}
	_, err = c.ExecContext(ctx, `INSERT INTO standards (id, designation, jurisdiction, language, domain, issuer, status, body, clauses, normative, saved)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (id) DO UPDATE SET designation = excluded.designation, jurisdiction = excluded.jurisdiction,
			language = excluded.language, domain = excluded.domain, issuer = excluded.issuer, status = excluded.status,
			body = excluded.body, clauses = excluded.clauses, normative = excluded.normative, saved = excluded.saved`,
		string(s.ID), s.Designation, string(s.Jurisdiction), string(s.Language), string(s.Domain), s.Issuer, string(s.Status),
		body, len(e.doc.Clauses), normative, stamp(c.now))
	return err
}

// saveClauses writes the clauses that differ from what is kept. One that only
// moved keeps its mark.
func (e *edition) saveClauses(ctx context.Context, c *changing) error {
	mark, err := lastMark(ctx, c.Tx)
	if err != nil {
		return err
	}
	var rows [][]any
	for i, cl := range e.doc.Clauses {
		cl.Order = i
		cl.Standard = e.doc.Standard.ID
		was, known := e.was[cl.ID]
		m := was.mark
		switch {
		case !known || was.removed || e.restated || !sameApartFromOrder(was.clause, cl):
			mark++
			m = mark
		case was.clause.Order == i:
			continue
		}
		r, err := clauseRow(cl, m)
		if err != nil {
			return err
		}
		rows = append(rows, r)
	}
	return insert(ctx, c.Tx, upsertClause, onKnownClause, rows)
}

// sameApartFromOrder tells whether two clauses differ at most in their place.
func sameApartFromOrder(a, b corpus.Clause) bool {
	if len(a.Path) != len(b.Path) || !slices.Equal(a.Path, b.Path) {
		return false
	}
	a.Path, b.Path = nil, nil
	a.Order, b.Order = 0, 0
	return reflect.DeepEqual(a, b)
}

// saveOldTexts keeps the wordings that are being replaced.
func (e *edition) saveOldTexts(ctx context.Context, c *changing) error {
	var rows [][]any
	for _, id := range e.touched {
		was := e.was[id]
		if now, stays := e.digests[id]; !stays || now == was.digest {
			continue
		}
		body, err := asJSON(was.clause)
		if err != nil {
			return err
		}
		rows = append(rows, []any{string(id), string(was.digest), body, stamp(c.now)})
	}
	return insert(ctx, c.Tx, "INSERT INTO clause_texts (clause, digest, body, ended)", "ON CONFLICT (clause, digest) DO NOTHING", rows)
}

// saveGone marks what left the standard. It sorts behind what stayed, and the
// proposals on it that nobody answered are dropped: nobody could answer them.
func (e *edition) saveGone(ctx context.Context, c *changing) error {
	mark, err := lastMark(ctx, c.Tx)
	if err != nil {
		return err
	}
	var rows [][]any
	for i, id := range e.diff.Gone {
		r, err := clauseRow(e.was[id].clause, mark+int64(i)+1)
		if err != nil {
			return err
		}
		r[len(r)-1] = 1
		rows = append(rows, r)
	}
	if err := insert(ctx, c.Tx, upsertClause, onKnownClause, rows); err != nil {
		return err
	}
	return dropDeadProposals(ctx, c, e.diff.Gone)
}

// saveMatchPositions brings the copies of places and of gone clauses in matches
// up to date.
func (e *edition) saveMatchPositions(ctx context.Context, c *changing) error {
	if !e.diff.Known {
		return nil
	}
	_, err := c.ExecContext(ctx, `UPDATE matches SET
			position = (SELECT MIN(cl.position) FROM match_clauses mc JOIN clauses cl ON cl.id = mc.clause WHERE mc.match = matches.id AND mc.side = 'a'),
			gone = (SELECT MAX(cl.removed) FROM match_clauses mc JOIN clauses cl ON cl.id = mc.clause WHERE mc.match = matches.id)
		WHERE source_standard = $1 OR against = $1`, string(e.doc.Standard.ID))
	return err
}

// rederived is an answered match before and after the edition.
type rederived struct {
	before, after review.Match
}

// changed tells whether anything about the match follows differently now.
func (r rederived) changed() bool {
	before, after := r.before, r.after
	return before.State != after.State || before.Suspect != after.Suspect || before.Gone() != after.Gone() ||
		!reflect.DeepEqual(before.Outcome, after.Outcome) || !slices.EqualFunc(before.Opinions(), after.Opinions(), sameDecision)
}

// rederive works out what becomes of the answered matches on changed clauses, and on
// those that overlays will amend otherwise.
func (e *edition) rederive(ctx context.Context, q querier) ([]rederived, error) {
	var err error
	if e.relaid, err = (layering{q, e.doc, e.kept}).relay(ctx); err != nil {
		return nil, err
	}
	return rederive(ctx, q, append(changedIn(e.relaid), e.touched...), func(m review.Match) review.Match {
		return withRelaid(e.applied(m), e.relaid)
	})
}

// rederive works out what becomes of the answered matches on clauses.
func rederive(ctx context.Context, q querier, touched []corpus.ClauseID, apply func(review.Match) review.Match) ([]rederived, error) {
	if len(touched) == 0 {
		return nil, nil
	}
	ids, err := inBatches(ctx, q, `SELECT DISTINCT mc.match FROM match_clauses mc
		WHERE mc.clause IN (?) AND EXISTS (SELECT 1 FROM decisions d WHERE d.match = mc.match)`, nil, touched, scanString)
	if err != nil {
		return nil, err
	}
	slices.Sort(ids) // batches may name a match twice
	matches, dossiers, err := loadMatches(ctx, q, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	var out []rederived
	for _, before := range matches {
		after := apply(before)
		review.Derive(&after, dossiers[before.Dossier])
		if r := (rederived{before, after}); r.changed() {
			out = append(out, r)
		}
	}
	return out, nil
}

// applied is a match with the digests as they will be.
func (e *edition) applied(m review.Match) review.Match {
	digests := map[corpus.ClauseID]corpus.Digest{}
	for id, digest := range m.Digests {
		if id.Standard() != e.doc.Standard.ID {
			digests[id] = digest
		}
	}
	for _, id := range m.Clauses() {
		if digest, there := e.digests[id]; there {
			digests[id] = digest
		}
	}
	m.Digests = digests
	return m
}

// suspects counts the matches that become suspect.
func suspects(all []rederived) int {
	n := 0
	for _, r := range all {
		n += number(r.after.Suspect && !r.before.Suspect)
	}
	return n
}

// saveRederived writes what follows for the matches, with an audit row each.
func saveRederived(ctx context.Context, c *changing, all []rederived, actor string) error {
	matches := make([]review.Match, 0, len(all))
	for _, r := range all {
		m := r.after
		m.Version++
		m.Updated = c.now
		action := "match.rederived"
		switch {
		case m.Suspect && !r.before.Suspect:
			action = "match.suspect"
		case !m.Suspect && r.before.Suspect:
			action = "match.restored"
		}
		c.note(actor, action, m.ID.String(), m.Version, struct {
			State   review.State
			Suspect bool
			Digests map[corpus.ClauseID]corpus.Digest
			Amended map[corpus.ClauseID][]corpus.Amendment `json:",omitempty"`
			Terms   map[corpus.ClauseID]corpus.Digest      `json:",omitempty"`
		}{m.State, m.Suspect, m.Digests, m.Amended, m.Terms})
		matches = append(matches, m)
	}
	return updateMatches(ctx, c, matches)
}
