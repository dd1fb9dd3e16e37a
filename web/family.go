package web

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// familyRow is another pair of the queue with word for word the same two texts.
type familyRow struct {
	Match   uuid.UUID
	Version int
	A, B    Ref
	PathA   []string // headings the clause stands under
	PathB   []string
	Ticked  bool
}

// Value is the row as the form sends it.
func (r familyRow) Value() string { return r.Match.String() + " " + strconv.Itoa(r.Version) }

// family finds the other pairs of the queue that may be answered together with a
// match: nothing for a match that is not a pair, and for disputes, which are
// decided one by one.
func (s *Server) family(ctx context.Context, q queue, m review.Match, sh shelf, a asker) ([]familyRow, error) {
	alike, ok := m.Family()
	if !ok || q.task == review.TaskAdjudicate {
		return nil, nil
	}
	page, err := s.store.Matches(ctx, review.Filter{Dossier: m.Dossier, Task: q.task, Of: &a.person, Alike: alike, Order: review.OrderChapter, Limit: review.MaxFamily})
	if err != nil {
		return nil, fmt.Errorf("find pairs with the same texts: %w", err)
	}
	others := slices.DeleteFunc(page.Matches, func(other review.Match) bool {
		_, also := other.Family()
		return other.ID == m.ID || !also
	})
	others = others[:min(len(others), review.MaxFamily-1)]
	var ids []corpus.ClauseID
	for _, other := range others {
		ids = append(ids, other.Clauses()...)
	}
	clauses, err := s.clausesByID(ctx, ids...)
	if err != nil {
		return nil, fmt.Errorf("read pairs with the same texts: %w", err)
	}
	var out []familyRow
	for _, other := range others {
		source, target := other.Sources[0], other.Targets[0]
		out = append(out, familyRow{
			Match: other.ID, Version: other.Version, A: sh.refs(other.Sources)[0], B: sh.refs(other.Targets)[0],
			PathA: clauses[source].Path, PathB: clauses[target].Path,
		})
	}
	return out, nil
}

// readAlike reads the pairs that were ticked.
func readAlike(v url.Values) []review.Alike {
	var out []review.Alike
	for _, value := range v["also"] {
		id, version, _ := strings.Cut(value, " ")
		match, err := uuid.Parse(id)
		seen, bad := strconv.Atoi(version)
		if err == nil && bad == nil && seen > 0 {
			out = append(out, review.Alike{Match: match, Version: seen})
		}
	}
	return out
}

// togetherSaid says what became of the pairs that were answered with the first.
func (s *Server) togetherSaid(a asker, kept, left int) string {
	var parts []string
	if kept > 0 {
		parts = append(parts, a.words.say("family.kept", "n", kept))
	}
	if left > 0 {
		parts = append(parts, a.words.say("family.left", "n", left))
	}
	return strings.Join(parts, " ")
}

// undone are the decisions that one undo takes back: the decision itself and those
// that were given together with it, which may be several.
func (s *Server) undone(ctx context.Context, a asker, decision uuid.UUID) ([]review.Decision, error) {
	mine, err := s.store.DecisionsBy(ctx, a.person.ID, 4*review.MaxFamily)
	if err != nil {
		return nil, fmt.Errorf("find what was decided together: %w", err)
	}
	key, gone := "", map[uuid.UUID]bool{}
	for _, d := range mine {
		if d.ID == decision {
			key = d.FamilyKey()
		}
		if d.Kind == review.KindWithdrawal {
			gone[d.Withdraws] = true
		}
	}
	var out []review.Decision
	for _, d := range mine {
		if d.ID == decision || key != "" && d.FamilyKey() == key && d.Kind != review.KindWithdrawal && !gone[d.ID] {
			out = append(out, d)
		}
	}
	return out, nil
}
