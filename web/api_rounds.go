package web

import (
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// apiSignature says for which party a round is signed. By whom is told by party
// only, as of decisions.
type apiSignature struct {
	Party review.Party `json:"party"`
	At    time.Time    `json:"at"`
}

// apiRound is one frozen round of a dossier, without its matches.
type apiRound struct {
	Dossier    uuid.UUID      `json:"dossier"`
	Number     int            `json:"number"`
	Name       string         `json:"name"`
	Party      review.Party   `json:"party"` // whose reviewer froze it
	At         time.Time      `json:"at"`
	Checksum   string         `json:"checksum"` // hex SHA-256 of the round
	AuditSeq   int64          `json:"auditSeq"`
	AuditHash  string         `json:"auditHash"`
	Matches    int            `json:"matches"`
	LeftOut    int            `json:"leftOut"` // not agreed
	Suspect    int            `json:"suspect"` // agreed on texts that had changed: left out too
	Signatures []apiSignature `json:"signatures"`
	Unsigned   []review.Party `json:"unsigned"`
	// Reserved are the reservations against the whole that it froze.
	Reserved []apiReservation `json:"reservations,omitempty"`
}

func newAPIRound(f review.Frozen) apiRound {
	r := f.Round
	out := apiRound{Dossier: r.Dossier.ID, Number: r.Number, Name: r.Name, Party: r.Party, At: r.At, Checksum: f.Checksum, AuditSeq: r.Audit.Seq, AuditHash: r.Audit.Hash,
		Matches: len(r.Matches), LeftOut: r.Open(), Suspect: r.Suspect, Signatures: []apiSignature{}, Unsigned: review.Unsigned(r.Dossier, f.Signatures),
		Reserved: newAPIReservations(onAll(r.Reservations, r.Dossier.ID))}
	for _, s := range f.Signatures {
		out.Signatures = append(out.Signatures, apiSignature{s.Party, s.At})
	}
	if out.Unsigned == nil {
		out.Unsigned = []review.Party{}
	}
	return out
}

// apiRoundChange is a match that differs between two rounds; before is missing
// for one that was added, after for one that was withdrawn.
type apiRoundChange struct {
	Match  uuid.UUID           `json:"match"`
	Kinds  []review.ChangeKind `json:"kinds"`
	Before *apiMatch           `json:"before,omitempty"`
	After  *apiMatch           `json:"after,omitempty"`
}

// apiRoundDiff is what changed between two rounds: match by match, then the
// reservations against the whole.
type apiRoundDiff struct {
	Items    []apiRoundChange `json:"items"`
	Declared []apiReservation `json:"declared,omitempty"`
	Ended    []apiReservation `json:"ended,omitempty"`
	Opened   []apiUnmatched   `json:"opened,omitempty"`
	Closed   []apiUnmatched   `json:"closed,omitempty"`
}

// apiUnmatched is a clause of which nothing was agreed towards a standard.
type apiUnmatched struct {
	Clause  corpus.ClauseID   `json:"clause"`
	Label   string            `json:"label,omitempty"`
	Against corpus.StandardID `json:"against"`
}

func newAPIUnmatched(list []review.Unmatched) []apiUnmatched {
	var out []apiUnmatched
	for _, u := range list {
		out = append(out, apiUnmatched(u))
	}
	return out
}

// apiRounds lists the rounds of a dossier, first one first.
func (s *Server) apiRounds(c call) (any, error) {
	id, err := c.pathID("dossier")
	if err != nil {
		return nil, err
	}
	rounds, err := s.store.Rounds(c.ctx, id)
	if err != nil {
		return nil, err
	}
	out := apiList[apiRound]{Items: []apiRound{}}
	for _, f := range rounds {
		out.Items = append(out.Items, newAPIRound(f))
	}
	return out, nil
}

// oneRound is the round of the path.
func (s *Server) oneRound(c call) (review.Frozen, error) {
	id, err := c.pathID("dossier")
	if err != nil {
		return review.Frozen{}, err
	}
	n, err := strconv.Atoi(c.part("number"))
	if err != nil || n < 1 {
		return review.Frozen{}, fmt.Errorf("there is no round %q: %w", clip(c.part("number"), 40), corpus.ErrNotFound)
	}
	return s.store.Round(c.ctx, id, n)
}

func (s *Server) apiRound(c call) (any, error) {
	f, err := s.oneRound(c)
	if err != nil {
		return nil, err
	}
	return newAPIRound(f), nil
}

// apiRoundMatches lists what a round froze, in the round's order.
func (s *Server) apiRoundMatches(c call) (any, error) {
	limit, err := limitOf(c.query, 50, review.MaxPage)
	if err != nil {
		return nil, err
	}
	f, err := s.oneRound(c)
	if err != nil {
		return nil, err
	}
	list := "matches of round " + f.Checksum
	place, err := placeOf(list, c.query.Get("cursor"))
	if err != nil {
		return nil, err
	}
	from := 0
	if place != "" {
		if from, err = strconv.Atoi(place); err != nil || from < 0 || from > len(f.Round.Matches) {
			return nil, fmt.Errorf("the cursor is not from this list: %w", corpus.ErrInvalid)
		}
	}
	out := apiList[apiMatch]{Items: []apiMatch{}}
	to := min(from+limit, len(f.Round.Matches))
	for _, m := range f.Round.Matches[from:to] {
		out.Items = append(out.Items, newAPIMatch(m))
	}
	if to < len(f.Round.Matches) {
		out.Next = cursorOf(list, strconv.Itoa(to))
	}
	return out, nil
}

// apiRoundDiff lists what changed from a round to another one, or to what is
// agreed now.
func (s *Server) apiRoundDiff(c call) (any, error) {
	from, err := s.oneRound(c)
	if err != nil {
		return nil, err
	}
	var to review.Round
	if v := c.query.Get("to"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("to is the number of a round: %w", corpus.ErrInvalid)
		}
		later, err := s.store.Round(c.ctx, from.Round.Dossier.ID, n)
		if err != nil {
			return nil, err
		}
		to = later.Round
	} else if to, err = s.store.DraftRound(c.ctx, from.Round.Dossier.ID); err != nil {
		return nil, err
	}
	shown := func(m *review.Match) *apiMatch {
		if m == nil {
			return nil
		}
		out := newAPIMatch(*m)
		return &out
	}
	declared, ended := from.Round.ReservedDiffer(to)
	dossier := from.Round.Dossier.ID
	out := apiRoundDiff{Items: []apiRoundChange{}, Declared: newAPIReservations(onAll(declared, dossier)), Ended: newAPIReservations(onAll(ended, dossier))}
	opened, closed := from.Round.UnmatchedDiffer(to)
	out.Opened, out.Closed = newAPIUnmatched(opened), newAPIUnmatched(closed)
	for _, ch := range from.Round.Compare(to) {
		out.Items = append(out.Items, apiRoundChange{Match: ch.Match().ID, Kinds: ch.Kinds, Before: shown(ch.Before), After: shown(ch.After)})
	}
	return out, nil
}
