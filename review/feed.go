package review

// FeedKind is what a row of the feed is about.
type FeedKind string

// The kinds of things whose changes the feed tells.
const (
	FeedStandard FeedKind = "standard"
	FeedClause   FeedKind = "clause"
	FeedDossier  FeedKind = "dossier"
	FeedMatch    FeedKind = "match"
	FeedRound    FeedKind = "round"
)

// FeedKinds lists every kind.
var FeedKinds = []FeedKind{FeedStandard, FeedClause, FeedDossier, FeedMatch, FeedRound}

// FeedEntry says that a thing changed. Numbers follow each other without a gap, so
// that a reader who misses one notices. How the thing stands is read apart: it may
// have changed again by then, and then a later entry says so.
type FeedEntry struct {
	Seq     int64
	Kind    FeedKind
	Object  string // the id; of a round, the dossier's id, "/" and the number
	Removed bool   // a clause that is not in its standard any more
}
