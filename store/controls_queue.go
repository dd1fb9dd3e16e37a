package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// dueControls is where a person stands with the controls of one dossier.
type dueControls struct {
	dossier review.Dossier
	turns   review.Turns
	from    time.Time // since when the share is asked for
	given   int       // first opinions that the person gave since
	turn    int       // of the control drawn last
	waiting []keptControl
}

// come is how many turns have come when a person has answered given of all matches
// there are for them. None comes while fewer follow than a control is put behind:
// it would stand behind the last.
func (s dueControls) come(given, all int) int { return s.turns.By(min(given, all-controlAhead)) }

// due tells whether a control is to be drawn while n matches are left: none waits,
// and since the last one a turn has come. A turn that comes while one waits comes
// when that is answered; of several, as after a time with nothing to draw, all but
// one are lost.
func (s dueControls) due(n int) bool {
	return len(s.waiting) == 0 && s.come(s.given, s.given+n) > s.turn
}

// left is how many controls are among the next n matches of the queue. It goes
// down by one for each that is answered, as the matches do, and stays what it was
// with n + left when one is drawn, so that no count tells of either.
func (s dueControls) left(n int) int {
	if n == 0 {
		return 0
	}
	all := s.given + n
	return max(0, s.come(all, all)-max(s.come(s.given, all)-1, s.turn)) + len(s.waiting)
}

// controlsOf reads where a person stands in the dossiers that ask for controls:
// in one, or with uuid.Nil in all.
func controlsOf(ctx context.Context, q querier, p review.Person, in uuid.UUID, now time.Time) ([]dueControls, error) {
	if !p.May(review.ActionReview) {
		return nil, nil
	}
	w := &where{}
	w.add("d.controls > 0 AND d.closed = 0 AND EXISTS (SELECT 1 FROM dossier_standards s WHERE s.dossier = d.id AND s.party = ?)", string(p.Party))
	if in != uuid.Nil {
		w.add("d.id = ?", in.String())
	}
	rows, err := q.QueryContext(ctx, "SELECT d.id, d.controls_from FROM dossiers d"+w.sql()+" ORDER BY d.id", w.args...)
	found, err := collect(rows, err, func(r row) (s dueControls, err error) {
		return s, r.Scan(idColumn{&s.dossier.ID}, timeColumn{&s.from})
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	var salt string
	if err := q.QueryRowContext(ctx, "SELECT value FROM meta WHERE name = 'control salt'").Scan(&salt); err != nil {
		return nil, err
	}
	for i := range found {
		s := &found[i]
		if s.dossier, err = dossier(ctx, q, s.dossier.ID); err != nil {
			return nil, err
		}
		s.turns = review.Turns{Salt: salt, Person: p.ID, Dossier: s.dossier.ID, Share: s.dossier.Controls}
		if err := s.count(ctx, q, p, now); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// count fills in what the person answered and what waits.
func (s *dueControls) count(ctx context.Context, q querier, p review.Person, now time.Time) error {
	err := q.QueryRowContext(ctx, `SELECT (SELECT COUNT(DISTINCT d.match) FROM decisions d JOIN matches m ON m.id = d.match
			WHERE m.dossier = $1 AND d.person = $2 AND d.at >= $3 AND d.kind = 'opinion' AND d.verdict <> 'unsure'
			AND NOT EXISTS (SELECT 1 FROM decisions w WHERE w.withdraws = d.id)
			AND NOT EXISTS (SELECT 1 FROM decisions o WHERE o.match = d.match AND o.seq < d.seq AND o.person <> d.person)),
		(SELECT COALESCE(MAX(k.turn), 0) FROM controls k WHERE k.dossier = $1 AND k.person = $2 AND k.drawn >= $3)`,
		s.dossier.ID.String(), p.ID.String(), stamp(s.from)).Scan(&s.given, &s.turn)
	if err != nil {
		return err
	}
	rows, err := q.QueryContext(ctx, "SELECT "+controlColumns+` FROM controls k JOIN matches m ON m.id = k.match AND m.suspect = 0 AND m.gone = 0
		WHERE k.dossier = $1 AND k.person = $2
		AND NOT EXISTS (SELECT 1 FROM control_skips z WHERE z.match = k.id AND z.person = k.person AND (z.until = '' OR z.until > $3)
			AND NOT EXISTS (SELECT 1 FROM control_answers a WHERE a.match = k.id AND a.at > z.created))
		AND NOT EXISTS (SELECT 1 FROM control_answers a WHERE a.match = k.id AND a.kind = 'opinion' AND a.verdict <> 'unsure'
			AND NOT EXISTS (SELECT 1 FROM control_answers w WHERE w.withdraws = a.id)) ORDER BY k.id`,
		s.dossier.ID.String(), p.ID.String(), stamp(now))
	open, err := collect(rows, err, scanControl)
	if err != nil {
		return err
	}
	for _, k := range open { // what is not known any more waits for nobody
		_, is, posed, d, err := loadControl(ctx, q, k.ID)
		if err != nil {
			return err
		}
		if is.Known() && review.TaskFor(posed, d, p) == review.TaskFirst {
			s.waiting = append(s.waiting, k)
		}
	}
	return nil
}

// controlsLeft is how many controls a person's queues of first opinions hold, and
// which wait in them now. A queue without matches has none.
func controlsLeft(ctx context.Context, q querier, p review.Person, in uuid.UUID, now time.Time) (left int, waiting []keptControl, err error) {
	list, err := controlsOf(ctx, q, p, in, now)
	if err != nil {
		return 0, nil, err
	}
	for _, s := range list {
		n, err := countFirst(ctx, q, p, s.dossier.ID, review.SpeedAny, now)
		if err != nil {
			return 0, nil, err
		}
		most, err := drawable(ctx, q, p, s.dossier, "ORDER BY m.id LIMIT $4", s.left(n)-len(s.waiting))
		if err != nil {
			return 0, nil, err
		}
		if n > 0 {
			left += min(s.left(n), len(s.waiting)+len(most))
			waiting = append(waiting, s.waiting...)
		}
	}
	return left, waiting, nil
}

// notable are the matches that may become a control of a person (review.MayControl
// says the rest): of which neither the person nor the queue has shown or will show
// what was agreed, and that nothing of the person's party or of the match marks.
const notable = `SELECT m.id FROM matches m WHERE m.dossier = $1 AND m.state IN ('confirmed', 'rejected') AND m.suspect = 0 AND m.gone = 0
	AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.match = m.id AND (d.person = $2 OR d.kind = 'adjudication'))
	AND (SELECT COUNT(*) FROM match_opinions o WHERE o.match = m.id) >= 2
	AND (SELECT COUNT(*) FROM match_clauses n WHERE n.match = m.id) = 2
	AND NOT EXISTS (SELECT 1 FROM controls k WHERE k.match = m.id AND k.person = $2)
	AND NOT EXISTS (SELECT 1 FROM skips s WHERE s.match = m.id AND s.person = $2)
	AND NOT EXISTS (SELECT 1 FROM sample_answers a WHERE a.match = m.id AND a.person = $2)
	AND NOT EXISTS (SELECT 1 FROM positions x WHERE x.match = m.id AND x.party = $3)
	AND NOT EXISTS (SELECT 1 FROM reservations r WHERE r.match = m.id)
	AND NOT EXISTS (SELECT 1 FROM reservation_drafts x WHERE x.match = m.id AND x.party = $3)
	AND NOT EXISTS (SELECT 1 FROM match_clauses a JOIN match_clauses b ON b.clause = a.clause AND b.match <> a.match JOIN matches x ON x.id = b.match
		WHERE a.match = m.id AND a.side = 'a' AND x.dossier = m.dossier
		AND (x.state = 'proposed' AND x.gone = 0 OR EXISTS (SELECT 1 FROM decisions d WHERE d.match = x.id AND d.person = $2))) `

// drawable finds up to n matches that may become a control, in an order.
func drawable(ctx context.Context, q querier, p review.Person, d review.Dossier, order string, n int, args ...any) ([]review.Match, error) {
	if n <= 0 {
		return nil, nil
	}
	rows, err := q.QueryContext(ctx, notable+order, append([]any{d.ID.String(), p.ID.String(), string(p.Party), n}, args...)...)
	ids, err := collect(rows, err, scanString)
	if err != nil {
		return nil, err
	}
	found, _, err := loadMatches(ctx, q, ids)
	return slices.DeleteFunc(found, func(m review.Match) bool { return !review.MayControl(m, d, p) }), err
}

// DrawControl draws the control that is due to a person who has just answered a
// match of a queue, or does nothing when none is. It comes a little behind that
// match in the order of the queue: a page keeps the next three ready.
func (db *DB) DrawControl(ctx context.Context, p review.Person, behind uuid.UUID, order review.Order) error {
	due := false
	look := func(q querier) (s dueControls, n int, err error) {
		var in uuid.UUID
		err = q.QueryRowContext(ctx, "SELECT dossier FROM matches WHERE id = $1", behind.String()).Scan(idColumn{&in})
		if errors.Is(err, sql.ErrNoRows) { // a control: it made no turn come
			return s, n, nil
		}
		if err != nil {
			return s, n, err
		}
		list, err := controlsOf(ctx, q, p, in, db.now())
		if err != nil || len(list) != 1 {
			return s, n, err
		}
		n, err = countFirst(ctx, q, p, in, review.SpeedAny, db.now())
		due = err == nil && list[0].due(n)
		return list[0], n, err
	}
	err := db.read(ctx, "look for a control item", func(tx *sql.Tx) error {
		_, _, err := look(tx)
		return err
	})
	if err != nil || !due {
		return err
	}
	if order != review.OrderConfidence && order != review.OrderUncertain && order != review.OrderEffect {
		order = review.OrderChapter
	}
	return db.write(ctx, "draw a control item", func(c *changing) error {
		due = false
		s, n, err := look(c.Tx)
		if err != nil || !due {
			return err
		}
		return c.drawControl(ctx, p, s, n, behind, order)
	})
}

// queuePlace is where something stands in each order of a queue.
type queuePlace struct {
	standard                string
	position                int
	confidence, uncertainty float64
	effect                  int
}

const placeColumns = "m.source_standard, m.position, m.confidence, m.uncertainty, m.effect"

func scanQueuePlace(r row) (p queuePlace, err error) {
	return p, r.Scan(&p.standard, &p.position, &p.confidence, &p.uncertainty, &p.effect)
}

// controlAhead is how many matches further on a control is put at least, and
// controlChoice among how many it is chosen.
const (
	controlAhead  = 5
	controlChoice = 6
)

// drawControl chooses a match and writes the control, where n matches are left. Of the notable ones it takes
// one near to what comes next, so that it fits into the order; where that would lie
// behind the person already, it gets the place of what comes next.
func (c *changing) drawControl(ctx context.Context, p review.Person, s dueControls, n int, behind uuid.UUID, order review.Order) error {
	here, err := scanQueuePlace(c.QueryRowContext(ctx, "SELECT "+placeColumns+" FROM matches m WHERE m.id = $1", behind.String()))
	if err != nil {
		return err
	}
	next, err := c.placeAhead(ctx, p, s.dossier.ID, here, behind, order)
	if err != nil {
		return err
	}
	near, args := "ORDER BY m.source_standard < $5 OR m.source_standard = $5 AND m.position < $6, m.source_standard, m.position, m.id LIMIT $4", []any{next.standard, next.position}
	switch order {
	case review.OrderConfidence:
		near, args = "ORDER BY m.confidence > $5, m.confidence DESC, m.id LIMIT $4", []any{next.confidence}
	case review.OrderUncertain:
		near, args = "ORDER BY m.uncertainty < $5, m.uncertainty, m.id LIMIT $4", []any{next.uncertainty}
	case review.OrderEffect:
		near, args = "ORDER BY m.effect > $5 OR m.effect = $5 AND m.confidence > $6, m.effect DESC, m.confidence DESC, m.id LIMIT $4", []any{next.effect, next.confidence}
	}
	found, err := drawable(ctx, c.Tx, p, s.dossier, near, controlChoice, args...)
	if err != nil || len(found) == 0 {
		return err
	}
	var chance [1]byte
	rand.Read(chance[:]) // never fails (crypto/rand)
	chosen := found[int(chance[0])%len(found)]
	its, err := scanQueuePlace(c.QueryRowContext(ctx, "SELECT "+placeColumns+" FROM matches m WHERE m.id = $1", chosen.ID.String()))
	if err != nil {
		return err
	}
	if cmp.Or(cmp.Compare(its.standard, next.standard), cmp.Compare(its.position, next.position)) < 0 {
		its.standard, its.position = next.standard, next.position
	}
	if order == review.OrderConfidence {
		its.confidence = min(its.confidence, next.confidence)
	}
	if order == review.OrderEffect && (its.effect > next.effect || its.effect == next.effect && its.confidence > next.confidence) {
		its.effect, its.confidence = next.effect, next.confidence
	}
	if order == review.OrderUncertain {
		its.uncertainty = max(its.uncertainty, next.uncertainty)
	}
	return insert(ctx, c.Tx, "INSERT INTO controls (id, person, dossier, match, turn, drawn, standard, position, confidence, uncertainty, effect, salt)", "", [][]any{{
		controlID(chosen.ID).String(), p.ID.String(), s.dossier.ID.String(), chosen.ID.String(), s.come(s.given, s.given+n), stamp(c.now),
		its.standard, its.position, its.confidence, its.uncertainty, its.effect, rand.Text()}})
}

// placeAhead is the place of what comes controlAhead matches behind one in a
// person's queue, or of the last, or of the match itself where nothing comes.
func (c *changing) placeAhead(ctx context.Context, p review.Person, in uuid.UUID, here queuePlace, behind uuid.UUID, order review.Order) (queuePlace, error) {
	f := review.Filter{Dossier: in, Task: review.TaskFirst, Of: &p, Order: order}
	w, err := filter(f, c.now)
	if err != nil {
		return here, err
	}
	keys := map[review.Order][]any{review.OrderChapter: {here.standard, here.position}, review.OrderConfidence: {here.confidence}, review.OrderUncertain: {here.uncertainty}, review.OrderEffect: {here.effect, here.confidence}}[order]
	w.after(cursor{Order: order, Keys: keys, ID: behind.String()})
	rows, err := c.QueryContext(ctx, "SELECT "+placeColumns+" FROM matches m"+w.sql()+" ORDER BY "+sortings[order].orderBy(false)+" LIMIT "+w.arg(controlAhead), w.args...)
	ahead, err := collect(rows, err, scanQueuePlace)
	if err != nil || len(ahead) == 0 {
		return here, err
	}
	return ahead[len(ahead)-1], nil
}

// withControls puts the controls that a person's queue holds into one page of it,
// each in its place; or adds those that a list of ids names. Lists that are no
// queue have none.
func withControls(ctx context.Context, q querier, f review.Filter, ends []cursor, page *review.Page, now time.Time) error {
	if f.Task == review.TaskNone && len(f.Only) > 0 {
		ids := make([]string, len(f.Only))
		for i, id := range f.Only {
			ids[i] = id.String()
		}
		posed, err := poseControls(ctx, q, ids)
		page.Matches, page.Total = append(page.Matches, posed...), page.Total+len(posed)
		return err
	}
	if f.Task != review.TaskFirst || f.Standard != "" || f.Against != "" || f.Clause != "" || len(f.States) > 0 || len(f.Only) > 0 {
		return nil
	}
	if f.Speed == review.SpeedTriage { // a control was agreed by two
		return nil
	}
	left, waiting, err := controlsLeft(ctx, q, *f.Of, f.Dossier, now)
	if err != nil {
		return err
	}
	if f.Alike == [2]corpus.Digest{} {
		page.Total += left
	}
	for _, k := range waiting {
		if slices.Contains(f.Without, k.ID) {
			continue
		}
		at, err := controlPlace(ctx, q, k.ID, f.Order)
		if err != nil {
			return err
		}
		if f.Cursor != "" {
			start, err := readCursor(f.Cursor, f.Order)
			if err != nil {
				return err
			}
			if !start.before(at) {
				page.Before++
				continue
			}
		}
		if page.Next != "" && len(ends) > 0 && !at.before(ends[len(ends)-1]) {
			continue
		}
		_, _, posed, _, err := loadControl(ctx, q, k.ID)
		if err != nil {
			return err
		}
		if its, _ := posed.Family(); f.Alike != [2]corpus.Digest{} && its != f.Alike {
			continue
		}
		i := slices.IndexFunc(ends, at.before)
		if i < 0 {
			i = len(ends)
		}
		ends = slices.Insert(slices.Clone(ends), i, at)
		page.Matches = slices.Insert(page.Matches, i, posed)
	}
	return nil
}

// controlPlace is where a control stands in an order.
func controlPlace(ctx context.Context, q querier, id uuid.UUID, order review.Order) (cursor, error) {
	var p queuePlace
	err := q.QueryRowContext(ctx, "SELECT standard, position, confidence, uncertainty, effect FROM controls WHERE id = $1", id.String()).
		Scan(&p.standard, &p.position, &p.confidence, &p.uncertainty, &p.effect)
	c := cursor{Order: order, ID: id.String()}
	switch order {
	case review.OrderConfidence:
		c.Keys = []any{p.confidence}
	case review.OrderUncertain:
		c.Keys = []any{p.uncertainty}
	case review.OrderEffect:
		c.Keys = []any{float64(p.effect), p.confidence}
	default:
		c.Keys = []any{p.standard, float64(p.position)}
	}
	return c, err
}

// before tells whether a row stands before another in their order.
func (c cursor) before(other cursor) bool {
	for i, k := range c.Keys {
		way := compareKeys(k, other.Keys[i])
		if sortings[c.Order].falling {
			way = -way
		}
		if way != 0 {
			return way < 0
		}
	}
	return c.ID < other.ID
}

// compareKeys compares two values of one column, which are text or numbers.
func compareKeys(a, b any) int {
	number := func(v any) float64 {
		switch n := v.(type) {
		case int64:
			return float64(n)
		case float64:
			return n
		}
		return 0
	}
	if x, ok := a.(string); ok {
		y, _ := b.(string)
		return cmp.Compare(x, y)
	}
	return cmp.Compare(number(a), number(b))
}
