// Package translation learns from pairs of texts that say the same in two
// languages which words and phrases render each other, and how surely.
//
// It takes tokenised texts and gives a Table; where the texts come from, and who
// keeps the table, is not its business. It never touches the termbase: a table
// is evidence with weights, made from counts, and a person may accept or reject
// each row of it. Its one surprise: words are the stems and, for Han and Kana,
// the overlapping pairs of characters that lexicon.Tokens yields, so that a table
// fits the readings of the same lexicon; what a person reads is kept beside them
// as printed.
package translation

import (
	"math"
	"slices"

	"concord/corpus"
)

// Word is a content word of a text, as lexicon.Tokens yields it.
type Word struct {
	Form    string // stem, or two characters of a script without blanks
	Printed string // as it stands in the text, in lower case
	// Joined says that the word stands next to the one before, so that both may
	// belong to one phrase; Overlaps, that it begins with the other's last
	// character, as pairs of Han characters do.
	Joined, Overlaps bool
	// Gap is what stands between it and a word before that it is joined to.
	Gap string
}

// Text is the words of a text in their order.
type Text []Word

// Pair is two texts that say the same in two languages. Weight says how much it
// counts beside others; 0 is taken as 1.
type Pair struct {
	Source, Target Text
	Weight         float64
}

// Entry is one row of a table: what renders what.
type Entry struct {
	Source, Target           string  // forms, joined by one blank in a phrase
	SourcePrinted            string  // as printed most often
	TargetPrinted            string  //
	Forward                  float64 // chance of the target where the source stands, 0 to 1
	Backward                 float64 // chance of the source where the target stands
	Count                    int     // pairs that show it
	SourceCount, TargetCount int     // pairs that have the source, the target
	// Surprise is -ln of the chance that so many pairs have both by accident
	// (Fisher's exact test).
	Surprise float64
	Examples []int // places of the first pairs that show it, in the list learned from
	// Under is the place of the longer entry this one is only a part of, -1 for
	// none: a person judges the longer one and the part follows.
	Under int
	// left says, while a table is made, that both sides are the same words: a text of
	// one language left in the other.
	left bool
}

// Strength is how surely both sides render each other: the geometric mean of the
// chances of both directions, 0 to 1.
func (e Entry) Strength() float64 { return math.Sqrt(e.Forward * e.Backward) }

// Phrase tells whether a side has more than one word.
func (e Entry) Phrase() bool { return phrase(e.Source) || phrase(e.Target) }

// Languages are two base languages in the order of letters, as tables are kept by.
type Languages [2]corpus.Language

// NewLanguages orders two languages and says whether that turned them round.
func NewLanguages(a, b corpus.Language) (l Languages, turned bool) {
	if a, b = a.Base(), b.Base(); b < a {
		return Languages{b, a}, true
	}
	return Languages{a, b}, false
}

// Compare orders pairs of languages by letters.
func (l Languages) Compare(o Languages) int { return slices.Compare(l[:], o[:]) }

// Table is what was learned of two languages, the strongest entries first.
type Table struct {
	Source, Target corpus.Language // base languages
	Number         int             // version, given by who keeps it; 0 for none, and not written
	Pairs          int             // clause pairs it was learned from
	LeftOut        int             // pairs that were doubles, empty, too long or too unlike in length
	Entries        []Entry
}

// Flipped is the same table read the other way.
func (t Table) Flipped() Table {
	out := t
	out.Source, out.Target = t.Target, t.Source
	out.Entries = slices.Clone(t.Entries)
	for i, e := range out.Entries {
		e.Source, e.Target = e.Target, e.Source
		e.SourcePrinted, e.TargetPrinted = e.TargetPrinted, e.SourcePrinted
		e.SourceCount, e.TargetCount = e.TargetCount, e.SourceCount
		e.Forward, e.Backward = e.Backward, e.Forward
		out.Entries[i] = e
	}
	return out
}

// Status is what a person said of an entry.
type Status string

// The statuses.
const (
	Proposed Status = "proposed" // nobody said anything: it counts by its strength
	Accepted Status = "accepted" // it counts at least half
	Rejected Status = "rejected" // it counts nothing, nor do its parts
)

// acceptedStrength is what an accepted entry counts at least (our own choice:
// a person's word is worth more than a weak count, and no more than a strong
// one).
const acceptedStrength = 0.5

// Weighed is the table as evidence: without what was rejected, and with accepted
// entries raised to a strength of one half. status may be nil.
func (t Table) Weighed(status func(source, target string) Status) Table {
	if status == nil {
		return t
	}
	out := t
	out.Entries = nil
	at := make([]int, len(t.Entries))
	for i, e := range t.Entries {
		s := status(e.Source, e.Target)
		if s == Proposed && e.Under >= 0 {
			s = status(t.Entries[e.Under].Source, t.Entries[e.Under].Target)
		}
		at[i] = -1
		if s == Rejected {
			continue
		}
		if strength := e.Strength(); s == Accepted && strength < acceptedStrength {
			e.Forward, e.Backward = max(e.Forward, acceptedStrength), max(e.Backward, acceptedStrength)
		}
		at[i] = len(out.Entries)
		out.Entries = append(out.Entries, e)
	}
	for i, e := range out.Entries {
		if e.Under >= 0 {
			out.Entries[i].Under = at[e.Under]
		}
	}
	return out
}
