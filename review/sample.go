package review

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
)

// Bounds of a sample.
const (
	MinSample = 1
	MaxSample = 200
)

// Sample is a random choice of agreed matches to be answered anew by somebody
// who had no part in them.
type Sample struct {
	Seed       uint32      `json:"seed"`       // printed, so that anybody can draw the same sample
	Population int         `json:"population"` // agreed matches it was drawn from
	Matches    []uuid.UUID `json:"matches"`
}

// Draw draws a simple random sample without replacement: the matches with the
// smallest SHA-256 of seed and id. The same seed gives the same sample from the
// same matches on every machine, and almost the same when matches are added.
func Draw(agreed []uuid.UUID, seed uint32, size int) Sample {
	type ranked struct {
		id  uuid.UUID
		key [sha256.Size]byte
	}
	list := make([]ranked, len(agreed))
	for i, id := range agreed {
		var b [4 + 16]byte
		binary.BigEndian.PutUint32(b[:4], seed)
		copy(b[4:], id[:])
		list[i] = ranked{id, sha256.Sum256(b[:])}
	}
	corpus.SortRows(list, func(x, y ranked) int {
		return cmp.Or(slices.Compare(x.key[:], y.key[:]), slices.Compare(x.id[:], y.id[:]))
	})
	out := Sample{Seed: seed, Population: len(agreed)}
	for _, r := range list[:max(0, min(size, len(list)))] {
		out.Matches = append(out.Matches, r.id)
	}
	return out
}

// SampleAnswer is an auditor's own answer on a match of a sample. It changes
// nothing about the match.
type SampleAnswer struct {
	ID         uuid.UUID     `json:"id"`
	Dossier    uuid.UUID     `json:"dossier"`
	Match      uuid.UUID     `json:"match"`
	Seed       uint32        `json:"seed"`
	Population int           `json:"population"`
	Person     uuid.UUID     `json:"person"`
	Verdict    Verdict       `json:"verdict"`
	AToB       corpus.Answer `json:"aToB"`
	BToA       corpus.Answer `json:"bToA"`
	Note       string        `json:"note,omitempty"`
	// Agreed is what the match's outcome said when the auditor answered.
	Agreed  Verdict   `json:"agreed"`
	Right   bool      `json:"right"`   // relation and both directions are the same
	Related bool      `json:"related"` // the relation is the same
	At      time.Time `json:"at"`
}

// Audit checks an auditor's answer against a match and completes it. Auditors
// may review or adjudicate and had no part in the match; nobody answers on it
// twice in one sample (the store sees to that). Errors as of Decide.
func Audit(m Match, p Person, a SampleAnswer) (SampleAnswer, error) {
	switch {
	case !p.May(ActionReview) && !p.May(ActionAdjudicate):
		return a, corpus.Refuse(corpus.ErrForbidden, "role-review", "your role does not review")
	case slices.ContainsFunc(m.Decisions, func(d Decision) bool { return d.Person == p.ID }):
		return a, corpus.Refuse(corpus.ErrForbidden, "audit-own", "who took part in a match does not audit it")
	case !m.Agreed():
		return a, corpus.Refuse(corpus.ErrConflict, "audit-open", "only a match that is agreed on the present texts is audited")
	case len([]rune(a.Note)) > MaxNoteRunes:
		return a, corpus.Refuse(corpus.ErrLimit, "text-long", "a text has more than {most} characters", "most", MaxNoteRunes)
	}
	relation, isRelation := a.Verdict.Relation()
	switch {
	case !isRelation && (a.Verdict != VerdictNoCounterpart || len(m.Targets) > 0):
		return a, corpus.Refuse(corpus.ErrInvalid, "no-choice", "\"{value}\" is not a verdict", "value", string(a.Verdict))
	case len(m.Targets) > 0:
		forth, back := corpus.RecognitionOf(relation)
		a.AToB, a.BToA = cmp.Or(a.AToB, forth), cmp.Or(a.BToA, back)
	default: // a relation here says that there is a counterpart after all
		a.AToB, a.BToA = "", ""
	}
	for _, x := range []corpus.Answer{a.AToB, a.BToA} {
		if !slices.Contains([]corpus.Answer{corpus.AnswerOpen, corpus.AnswerYes, corpus.AnswerConditions, corpus.AnswerNo}, x) {
			return a, corpus.Refuse(corpus.ErrInvalid, "no-choice", "\"{value}\" is not an answer", "value", string(x))
		}
	}
	a.Dossier, a.Match, a.Person, a.Note = m.Dossier, m.ID, p.ID, strings.TrimSpace(a.Note)
	a.Agreed, a.Related = m.Outcome.Verdict, a.Verdict == m.Outcome.Verdict
	a.Right = a.Related && a.AToB == m.Outcome.AToB.Answer && a.BToA == m.Outcome.BToA.Answer
	return a, nil
}

// Share is a share of a sample with the interval that the share of the whole
// population lies in, at the confidence of 95 %.
type Share struct {
	Right int     `json:"right"`
	N     int     `json:"n"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Value is the share itself, 0 without answers.
func (s Share) Value() float64 {
	if s.N == 0 {
		return 0
	}
	return float64(s.Right) / float64(s.N)
}

// z95 is the 97.5 % quantile of the normal distribution.
const z95 = 1.959963984540054

// Wilson is the score interval of a share at 95 %:
//
//	(p + z²/2n ± z·sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n)
//
// (E. B. Wilson, Probable inference, the law of succession, and statistical
// inference, JASA 22, 1927, 209-212; recommended for small n by L. D. Brown,
// T. T. Cai and A. DasGupta, Statistical Science 16, 2001, 101-133). It takes
// the population for endless, which makes it wider than need be where the
// sample is a large part of it. Without answers it is all of 0 to 1.
func Wilson(right, n int) Share {
	out := Share{Right: right, N: n, High: 1}
	if n <= 0 {
		return out
	}
	p, m := float64(right)/float64(n), float64(n)
	middle := p + z95*z95/(2*m)
	half := z95 * math.Sqrt(p*(1-p)/m+z95*z95/(4*m*m))
	scale := 1 + z95*z95/m
	out.Low, out.High = max(0, (middle-half)/scale), min(1, (middle+half)/scale)
	if right == 0 {
		out.Low = 0 // not what rounding leaves of it
	}
	if right == n {
		out.High = 1
	}
	return out
}

// SampleResult is what an audit of a sample found so far.
type SampleResult struct {
	Seed       uint32    `json:"seed"`
	Population int       `json:"population"` // when it was first answered
	Whole      Share     `json:"whole"`      // relation and both directions right
	Relation   Share     `json:"relation"`
	Last       time.Time `json:"last"`
}

// SampleResults sums up answers by seed, the latest audit first.
func SampleResults(answers []SampleAnswer) []SampleResult {
	var out []SampleResult
	at := map[uint32]int{}
	right, related, n := map[uint32]int{}, map[uint32]int{}, map[uint32]int{}
	for _, a := range answers {
		i, known := at[a.Seed]
		if !known {
			i = len(out)
			at[a.Seed] = i
			out = append(out, SampleResult{Seed: a.Seed, Population: a.Population})
		}
		n[a.Seed]++
		if a.Right {
			right[a.Seed]++
		}
		if a.Related {
			related[a.Seed]++
		}
		if a.At.After(out[i].Last) {
			out[i].Last = a.At
		}
	}
	for i := range out {
		seed := out[i].Seed
		out[i].Whole, out[i].Relation = Wilson(right[seed], n[seed]), Wilson(related[seed], n[seed])
	}
	corpus.SortRows(out, func(x, y SampleResult) int { return cmp.Or(y.Last.Compare(x.Last), cmp.Compare(x.Seed, y.Seed)) })
	return out
}
