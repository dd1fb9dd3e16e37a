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
	// OrderEffect puts first what does most for the coverage, and of that the surest.
	// The effect of a match is a sum over the normative clauses of both its sides (our
	// own): 0 for a clause that another match of the dossier, between the same two
	// standards, has settled already (confirmed, or without a counterpart), 1 for one
	// that other matches are still open about, and 2 for one that no other match
	// touches, so that only this one can settle it.
	OrderEffect Order = "effect"
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
	// Speed selects the dossiers that are answered at this speed.
	Speed Speed
	// Without leaves matches out: those that somebody else has before them. Only
	// leaves out all others, unless it is empty.
	Without, Only []uuid.UUID

	Order  Order
	Cursor string // Page.Next of the page before; "" for the first
	Limit  int    // 1 to MaxPage; 0 means 50
	// Placed asks for Page.Before, Page.Last and Page.Done as well.
	Placed bool
	// Bare asks for the ids of the matches alone; a control among them comes whole.
	Bare bool
}

// MaxPage is the longest page of a list.
const MaxPage = 200

// Page is one page of matches.
type Page struct {
	Matches []Match
	Total   int    // of all pages
	Next    string // "" on the last page
	Before  int    // matches on the pages before this one
	// Last is the match before the first of this page, uuid.Nil where there is none, and
	// Back the cursor of the page that ends with it; where Filter.Placed asks for it.
	Last uuid.UUID
	Back string
	// Done counts what somebody has taken past the task of the filter, in the
	// open dossiers of the person's party: what was in such a queue and is in it no
	// more. It is counted for TaskFirst, of which every match with an answer is done,
	// and for TaskSecond, of which those are that two people answered; else it is 0.
	// Done and Total together are the size of the queue, which stays the same
	// whoever answers.
	Done int
}

// CoverageFilter selects what is counted: the standards whose clauses are, and the
// matches that count.
type CoverageFilter struct {
	Dossier uuid.UUID // uuid.Nil for all
	Domain  corpus.Domain
	Sector  string // of the ICS, as "13" or "13.220", or of the CCS, as "C" or "C80"
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
