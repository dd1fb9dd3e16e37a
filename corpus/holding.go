package corpus

import "time"

// Holding is a standard that is kept, with the size of its text: what a list of
// standards shows without reading a single clause.
type Holding struct {
	Standard  Standard `json:"standard"`
	Clauses   int      `json:"clauses"`   // clauses present, removed ones not counted
	Normative int      `json:"normative"` // of these, the ones Kind.Normative counts
}

// EditionDiff says what saving a document changes in what is kept. Every list
// is in reading order of the document, Gone in that of the kept text.
type EditionDiff struct {
	Known   bool       `json:"known"` // the standard was kept before
	New     []ClauseID `json:"new,omitempty"`
	Changed []ClauseID `json:"changed,omitempty"` // the wording differs (see Clause.Digest)
	Gone    []ClauseID `json:"gone,omitempty"`    // kept before, not in the document
	Same    []ClauseID `json:"same,omitempty"`
	Suspect int        `json:"suspect"` // answered matches that become suspect by it
}

// EarlierText is a wording that a clause had until it was replaced.
type EarlierText struct {
	Clause Clause // as it was
	Digest Digest // of its wording
	Ended  time.Time
}

// Change is one entry of the outbox that an index follows: a clause as it is
// now, with its standard. Mark grows with every change of a clause's text or of
// its standard's description; no two clauses share one.
type Change struct {
	Mark     int64
	Clause   Clause
	Standard Standard
	Removed  bool // the clause is not in the standard any more
}
