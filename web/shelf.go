package web

import (
	"context"
	"fmt"
	"slices"

	"concord/corpus"
	"concord/review"
)

// shelf is all standards by id, read once per page.
type shelf map[corpus.StandardID]corpus.Holding

// shelf reads all standards.
func (s *Server) shelf(ctx context.Context) (shelf, []corpus.Holding, error) {
	all, err := s.store.Standards(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("list the standards: %w", err)
	}
	out := make(shelf, len(all))
	for _, h := range all {
		out[h.Standard.ID] = h
	}
	return out, all, nil
}

// name is a standard's designation, or its id when it is not kept any more.
func (sh shelf) name(id corpus.StandardID) string {
	if h, found := sh[id]; found {
		return h.Standard.Designation
	}
	return string(id)
}

// Ref names a clause on a page: a link with its standard's designation.
type Ref struct {
	ID          corpus.ClauseID
	Key         string
	Designation string
	Place       corpus.Jurisdiction
	Language    corpus.Language
}

// refs names clauses.
func (sh shelf) refs(ids []corpus.ClauseID) []Ref {
	out := make([]Ref, len(ids))
	for i, id := range ids {
		std := sh[id.Standard()].Standard
		out[i] = Ref{ID: id, Key: id.Key(), Designation: sh.name(id.Standard()), Place: std.Jurisdiction, Language: std.Language}
	}
	return out
}

// Chip is a match as it is seen from one clause: where it stands, how the
// clause relates to the other side, and what the other side is.
type Chip struct {
	Match    string
	State    review.State
	Suspect  bool
	Relation corpus.Relation // read from the clause to the other side; "" while open
	Others   []Ref
	Against  string // designation of the other side's standard
	Place    corpus.Jurisdiction
}

// chip turns a match round to the clause's side.
func (sh shelf) chip(m review.Match, id corpus.ClauseID) Chip {
	c := Chip{Match: m.ID.String(), State: m.State, Suspect: m.Suspect}
	others, against := m.Targets, m.Against
	inverse := !slices.Contains(m.Sources, id)
	if inverse {
		others = m.Sources
	}
	if len(others) > 0 {
		against = others[0].Standard()
	}
	if m.Outcome != nil {
		if r, isRelation := m.Outcome.Verdict.Relation(); isRelation {
			c.Relation = r
			if inverse {
				c.Relation = r.Inverse()
			}
		}
	}
	c.Others, c.Against, c.Place = sh.refs(others), sh.name(against), sh[against].Standard.Jurisdiction
	return c
}

// chips are the matches of a clause, as a person may see them; without
// proposals there is nothing a reader would call a match, so those come only
// when asked for.
func (sh shelf) chips(matches []review.Match, id corpus.ClauseID, p review.Person, proposals bool) []Chip {
	var out []Chip
	for _, m := range matches {
		if m.State == review.StateProposed && !proposals {
			continue
		}
		out = append(out, sh.chip(review.Shown(m, p), id))
	}
	return out
}

// relationMarks are the shapes of relations, which never stand without a word.
var relationMarks = map[corpus.Relation]string{
	corpus.RelationIdentical: "≡", corpus.RelationEquivalent: "=", corpus.RelationSuperset: "⊃",
	corpus.RelationSubset: "⊂", corpus.RelationOverlap: "∩", corpus.RelationNone: "∅",
}

// best is the most telling state among matches with the other side in a
// standard ("" for any), "" when there is none, and whether one is suspect.
func best(matches []review.Match, id corpus.ClauseID, against corpus.StandardID) (review.State, bool) {
	rank, suspect := len(review.Telling), false
	for _, m := range matches {
		other := m.Against
		if !slices.Contains(m.Sources, id) && len(m.Sources) > 0 {
			other = m.Sources[0].Standard()
		}
		if against != "" && other != against {
			continue
		}
		suspect = suspect || m.Suspect
		if i := slices.Index(review.Telling, m.State); i >= 0 && i < rank {
			rank = i
		}
	}
	if rank == len(review.Telling) {
		return "", suspect
	}
	return review.Telling[rank], suspect
}

// standard is one of the shelf; of one that is not kept, its id.
func (sh shelf) standard(id corpus.StandardID) corpus.Standard {
	if h, found := sh[id]; found {
		return h.Standard
	}
	return corpus.Standard{ID: id, Designation: string(id)}
}
