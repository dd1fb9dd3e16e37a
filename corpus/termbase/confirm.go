package termbase

import (
	"cmp"
	"slices"
	"time"

	"concord/corpus"
)

// Proposed is how pages show a preferred term that no second person has confirmed,
// where two must say so. It is no status that an entry is kept with.
const Proposed Status = "proposed"

// Proposal is a preferred term that waits for a second person.
type Proposal struct {
	Entry    string
	Language corpus.Language
	Text     string
	Since    int    // version of the entry since which it is preferred
	By       string // who proposed it: a person's id, or the name of a program
}

// Confirmation is what a second person said of a proposal.
type Confirmation struct {
	Entry    string
	Since    int
	Language corpus.Language
	Text     string
	Person   string
}

// of tells whether a confirmation is of a proposal. Nobody confirms their own.
func (c Confirmation) of(p Proposal) bool {
	return c.Entry == p.Entry && c.Since == p.Since && c.Language == p.Language && c.Text == p.Text && c.Person != p.By
}

// Waiting lists the preferred terms of an entry that were proposed from a moment on
// and that no second person confirmed; versions are latest first, as TermVersions
// gives them. Terms that were preferred before stay so, and a withdrawn entry has none.
func Waiting(versions []Kept, said []Confirmation, from time.Time) []Proposal {
	if len(versions) == 0 || versions[0].Withdrawn || from.IsZero() {
		return nil
	}
	var out []Proposal
	for _, t := range versions[0].Terms {
		if t.Status != Preferred {
			continue
		}
		begin := versions[0]
		for _, v := range versions[1:] {
			if v.Withdrawn || !slices.ContainsFunc(v.Terms, func(o Term) bool { return o.Language == t.Language && o.Text == t.Text && o.Status == Preferred }) {
				break
			}
			begin = v
		}
		p := Proposal{versions[0].ID, t.Language, t.Text, begin.Version, begin.By}
		if !begin.At.Before(from) && !slices.ContainsFunc(said, func(c Confirmation) bool { return c.of(p) }) {
			out = append(out, p)
		}
	}
	return out
}

// Counted is an entry with the terms that wait given another status: Proposed for
// pages, Admitted for files. They stand behind those that are preferred.
func (e Entry) Counted(waiting []Proposal, as Status) Entry {
	e.Terms = slices.Clone(e.Terms)
	for i, t := range e.Terms {
		if slices.ContainsFunc(waiting, func(p Proposal) bool { return p.Entry == e.ID && p.Language == t.Language && p.Text == t.Text }) {
			e.Terms[i].Status = as
		}
	}
	rank := func(t Term) int {
		if t.Status == Proposed {
			return slices.Index(Statuses, Admitted)
		}
		return slices.Index(Statuses, t.Status)
	}
	corpus.SortRows(e.Terms, func(a, b Term) int {
		return cmp.Or(cmp.Compare(a.Language, b.Language), rank(a)-rank(b))
	})
	return e
}
