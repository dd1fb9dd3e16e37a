package web

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"concord/corpus"
	"concord/review"
)

// earlierText is a wording that a clause of a match had, with what the next one lost of
// it and the decisions that were made on it.
type earlierText struct {
	Label    string
	Language corpus.Language
	Until    time.Time
	Text     []Piece
	On       []int64 // numbers of decisions that the person may see
}

// earlierTexts are the wordings that the clauses of a match had before the present ones,
// as far as rights allow them.
func (s *Server) earlierTexts(ctx context.Context, shown review.Match, clauses map[corpus.ClauseID]corpus.Clause, sh shelf) ([]earlierText, error) {
	old, able := s.store.(OldTexts)
	if !able {
		return nil, nil
	}
	found, err := old.EarlierTexts(ctx, slices.Concat(shown.Sources, shown.Targets)...)
	if err != nil {
		return nil, fmt.Errorf("read the earlier texts: %w", err)
	}
	var out []earlierText
	next := map[corpus.ClauseID]corpus.Clause{}
	for _, e := range found {
		id := e.Clause.ID
		after, known := next[id]
		if !known {
			after = clauses[id]
		}
		next[id] = e.Clause
		rights := sh[e.Clause.Standard].Standard.Rights
		row := earlierText{Label: e.Clause.Label, Language: e.Clause.Language, Until: e.Ended}
		row.Text, _ = marked(rights.Shown(e.Clause).Wording(), rights.Shown(after).Wording())
		for _, d := range shown.Decisions {
			if slices.ContainsFunc(d.Seen, func(x review.Seen) bool { return x.Clause == id && x.Digest == e.Digest }) {
				row.On = append(row.On, d.Seq)
			}
		}
		out = append(out, row)
	}
	return out, nil
}

// changedText is a clause whose wording is not what was decided on.
type changedText struct {
	Label    string
	Language corpus.Language
	Old, New []Piece
	Lost     bool // the old wording is not kept
}

// changedTexts compares the present texts with those of the last decision that
// may be seen.
func (s *Server) changedTexts(ctx context.Context, shown, m review.Match, clauses map[corpus.ClauseID]corpus.Clause, sh shelf) ([]changedText, error) {
	if !m.Suspect || len(shown.Decisions) == 0 {
		return nil, nil
	}
	return s.differences(ctx, lastSeen(shown), m, clauses, sh)
}

// lastSeen is what the last decision with texts was made on.
func lastSeen(m review.Match) []review.Seen {
	for i := len(m.Decisions) - 1; i >= 0; i-- {
		if len(m.Decisions[i].Seen) > 0 {
			return m.Decisions[i].Seen
		}
	}
	return nil
}

// differences shows, for every clause that was seen with another wording, the
// old and the new one.
func (s *Server) differences(ctx context.Context, seen []review.Seen, m review.Match, clauses map[corpus.ClauseID]corpus.Clause, sh shelf) ([]changedText, error) {
	old, able := s.store.(OldTexts)
	var out []changedText
	for _, sn := range seen {
		now, present := clauses[sn.Clause]
		if !present || m.Digests[sn.Clause] == sn.Digest {
			continue
		}
		row := changedText{Label: now.Label, Language: now.Language, Lost: true}
		rights := sh[now.Standard].Standard.Rights
		row.New = plain(rights.Shown(now).Wording())
		if able {
			was, err := old.TextAt(ctx, sn.Clause, sn.Digest)
			switch {
			case err == nil:
				row.Lost = false
				row.Old, row.New = marked(rights.Shown(was).Wording(), rights.Shown(now).Wording())
			case !errors.Is(err, corpus.ErrNotFound):
				return nil, fmt.Errorf("read the old wording of %s: %w", sn.Clause, err)
			}
		}
		out = append(out, row)
	}
	return out, nil
}
