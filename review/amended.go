package review

import (
	"slices"
	"strings"

	"concord/corpus"
)

// amendmentsKey names a set of changes by amendments, whatever their order: "" of
// none.
func amendmentsKey(list []corpus.Amendment) string {
	digests := make([]string, len(list))
	for i, a := range list {
		digests[i] = "+" + string(a.Digest)
	}
	slices.Sort(digests)
	return strings.Join(digests, "")
}

// Present are the texts of all clauses as they stand now, with the amendments that
// change them: what a person who is shown the match sees.
func (m Match) Present() []Seen {
	out := make([]Seen, 0, len(m.Sources)+len(m.Targets))
	for _, id := range m.Clauses() {
		out = append(out, Seen{Clause: id, Digest: m.Digests[id], Amended: m.Amended[id], Terms: m.Terms[id]})
	}
	return out
}

// known is what was seen with the amendments as the match has them, whose digests
// are those the person sent.
func (m Match) known(seen []Seen) []Seen {
	out := slices.Clone(seen)
	for i, s := range out {
		if len(s.Amended) > 0 {
			out[i].Amended = m.Amended[s.Clause]
		}
	}
	return out
}

// Amending is one change by an amendment that came, or ended, since a text was seen.
type Amending struct {
	Clause corpus.ClauseID `json:"clause"` // of the base
	corpus.Amendment
	Ended bool `json:"ended,omitempty"` // it was known and applies no more
}

// AmendedSince lists what amendments do to the clauses of a match now that was not
// known when the texts were seen, and what was known and has ended.
func (m Match) AmendedSince(seen []Seen) []Amending {
	var out []Amending
	has := func(list []corpus.Amendment, a corpus.Amendment) bool {
		return slices.ContainsFunc(list, func(x corpus.Amendment) bool { return x.Digest == a.Digest })
	}
	for _, s := range seen {
		if !slices.Contains(m.Clauses(), s.Clause) {
			continue
		}
		for _, a := range m.Amended[s.Clause] {
			if !has(s.Amended, a) {
				out = append(out, Amending{s.Clause, a, false})
			}
		}
		for _, a := range s.Amended {
			if !has(m.Amended[s.Clause], a) {
				out = append(out, Amending{s.Clause, a, true})
			}
		}
	}
	return out
}

// SetTerms says what the termbase makes of a clause now.
func (m *Match) SetTerms(id corpus.ClauseID, state corpus.Digest) {
	if m.Terms == nil {
		m.Terms = map[corpus.ClauseID]corpus.Digest{}
	}
	m.Terms[id] = state
}

// TermsSince lists the texts that were seen with other terms than there are now.
func (m Match) TermsSince(seen []Seen) []Seen {
	var out []Seen
	for _, s := range seen {
		if slices.Contains(m.Clauses(), s.Clause) && s.Terms != m.Terms[s.Clause] {
			out = append(out, s)
		}
	}
	return out
}

// TermsAnswered lists the texts that were last answered, where that was not on the
// present ones, with other terms than there are now.
func (m Match) TermsAnswered() []Seen {
	active := m.active()
	for i := len(active) - 1; i >= 0; i-- {
		if !m.isCurrent(active[i]) {
			return m.TermsSince(active[i].Seen)
		}
	}
	return nil
}

// AmendedAnswers lists what amendments changed since the texts were last answered
// that are not the present ones: why an answered match is suspect though no text
// changed.
func (m Match) AmendedAnswers() []Amending {
	active := m.active()
	for i := len(active) - 1; i >= 0; i-- {
		if !m.isCurrent(active[i]) {
			return m.AmendedSince(active[i].Seen)
		}
	}
	return nil
}
