package review

import (
	"github.com/google/uuid"

	"concord/corpus"
)

// Order is how a list of matches is sorted. Ties go by id.
type Order string

// The orders.
const (
	OrderChapter    Order = "chapter"    // by source standard and position: neighbours help
	OrderConfidence Order = "confidence" // surest first
	OrderUncertain  Order = "uncertain"  // nearest to one half first
	OrderRecent     Order = "recent"     // last changed first
)

// Filter selects matches; empty fields select everything.
type Filter struct {
	Dossier  uuid.UUID
	Standard corpus.StandardID // on the source side
	Against  corpus.StandardID // on the target side
	Clause   corpus.ClauseID   // on either side
	States   []State
	Suspect  *bool
	Verdict  Verdict // of the outcome
	// Alike selects the matches of one clause on each side whose present wordings
	// have these digests: source, target. See Family.
	Alike [2]corpus.Digest
	// Task selects what awaits an answer of the person Of (see TaskFor).
	Task Task
	Of   *Person
	// Without leaves matches out: those that somebody else has before them. Only
	// leaves out all others, unless it is empty.
	Without, Only []uuid.UUID

	Order  Order
	Cursor string // Page.Next of the page before; "" for the first
	Limit  int    // 1 to MaxPage; 0 means 50
}

// MaxPage is the longest page of a list.
const MaxPage = 200

// Page is one page of matches.
type Page struct {
	Matches []Match
	Total   int    // of all pages
	Next    string // "" on the last page
}

// CoverageFilter selects what is counted: the standards whose clauses are, and the
// matches that count.
type CoverageFilter struct {
	Dossier uuid.UUID // uuid.Nil for all
	Domain  corpus.Domain
	Sector  string // of the ICS, as "13" or "13.220"
	Year    string // that the edition names, as printed
	Binding bool   // settled on the present texts, and nothing else
}

// Coverage counts, for one ordered pair of jurisdictions or standards, what has
// become of the normative clauses on the source side.
type Coverage struct {
	From, To  string // jurisdictions or standard ids
	Normative int    // normative clauses of From whose standards stand in a dossier with To
	Proposed  int    // clauses with a proposal nobody answered, and nothing better
	Opinion   int    // with one opinion
	Confirmed int    // with a confirmed match
	Disputed  int
	Rejected  int
	Absent    int // reviewed: no counterpart
	Suspect   int
	Accepted  int // confirmed, and what meets From is recognised by To, perhaps with conditions
}

// NotLookedAt is the number of clauses without anything.
func (c Coverage) NotLookedAt() int {
	return max(0, c.Normative-c.Proposed-c.Opinion-c.Confirmed-c.Disputed-c.Rejected-c.Absent)
}
