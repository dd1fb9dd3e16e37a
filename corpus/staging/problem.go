package staging

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"

	"concord/corpus"
)

// Problems are what a person should look at: what the reader said and is not
// settled, what is wrong with the corrected document, and numbers that look as
// if a clause were missing or two had become one.
func (s *Sheet) Problems(doc *corpus.Document) []corpus.Problem {
	var out []corpus.Problem
	add := func(list []corpus.Problem) {
		for _, p := range list {
			if !s.ignored[Fingerprint(p)] || p.Severity == corpus.SeverityError {
				out = append(out, p)
			}
		}
	}
	add(doc.Validate())
	for _, p := range s.read {
		if !s.identified || p.Place != placeIdentity && p.Place != "language" || p.Severity == corpus.SeverityError {
			add([]corpus.Problem{p})
		}
	}
	add(doubts(doc))
	return out
}

// placeIdentity is where readers say that they guessed the identity.
const placeIdentity = "identity"

// fingerprintLength is of Fingerprint, in letters.
const fingerprintLength = 24

// Fingerprint names a problem by its place and words, so that it can be ignored
// in the next edition, too.
func Fingerprint(p corpus.Problem) string {
	sum := sha256.Sum256([]byte(p.Place + "\x00" + p.Message))
	return hex.EncodeToString(sum[:])[:fingerprintLength]
}

// doubts are numbers that look wrong: one that is left out between neighbours,
// and one that opens a line inside the clause before it.
func doubts(doc *corpus.Document) []corpus.Problem {
	var out []corpus.Problem
	last := map[corpus.ClauseID]corpus.Number{} // of the children so far
	have := map[string]bool{}
	for _, c := range doc.Clauses {
		have[corpus.ParseNumber(c.Label).String()] = true
	}
	for _, c := range doc.Clauses {
		if len(out) >= maxDoubts {
			return out
		}
		n := corpus.ParseNumber(c.Label)
		if n.IsZero() || n.Kind != corpus.NumberClause {
			continue
		}
		if before, seen := last[c.Parent]; seen {
			if next, ok := following(before); ok && skips(next, n) && !have[next.String()] {
				out = append(out, corpus.Say(corpus.SeverityNote, "clause "+c.ID.Key(), "number-missing", "{next} is missing between {before} and {after}",
					"look whether it was read as a part of another clause, or as another number", "next", next.String(), "before", before.String(), "after", n.String()))
			}
		}
		last[c.Parent] = n
		if next, ok := following(n); ok && !have[next.String()] && opensLine(c.Text, next) > 0 {
			out = append(out, corpus.Say(corpus.SeverityNote, "clause "+c.ID.Key(), "number-opens", "the number {next} opens a line of the text", "split the clause there if it is a clause of its own", "next", next.String()))
		}
	}
	return out
}

// following is the number after one of figures.
func following(n corpus.Number) (corpus.Number, bool) {
	if n.Depth() == 0 {
		return n, false
	}
	v, err := strconv.Atoi(n.Parts[n.Depth()-1])
	if err != nil || v > 9999 {
		return n, false
	}
	n.Parts = append(append([]string(nil), n.Parts[:n.Depth()-1]...), strconv.Itoa(v+1))
	return n, true
}

// skips tells whether a number is a little behind the one that was due: a jump of
// more than a few is another numbering.
func skips(due, n corpus.Number) bool {
	if due.Depth() != n.Depth() || due.Depth() < 2 || due.Parent().String() != n.Parent().String() {
		return false
	}
	a, _ := strconv.Atoi(due.Parts[due.Depth()-1])
	b, err := strconv.Atoi(n.Parts[n.Depth()-1])
	return err == nil && b > a && b-a <= 3
}

// opensLine is where a line of a text, not the first, opens with a number: the byte at
// which the line begins, 0 where none does.
func opensLine(text string, n corpus.Number) int {
	if n.Depth() < 2 {
		return 0
	}
	at := 0
	for i, line := range strings.Split(text, "\n") {
		if found, rest, ok := corpus.LeadingNumber(line); i > 0 && ok && rest != "" && found.String() == n.String() {
			return at
		}
		at += len(line) + 1
	}
	return 0
}

// SplitAt is where a problem would have its clause split, as Operation.At has it: the
// byte of the text at which the number that it names opens a line. 0 for problems that
// no split mends.
func (s *Sheet) SplitAt(p corpus.Problem, key string) int {
	if p.Rule != "number-opens" {
		return 0
	}
	for _, r := range s.Rows {
		if n := corpus.ParseNumber(r.Label); r.ID.Key() == key && !r.Deleted {
			if next, ok := following(n); ok {
				return opensLine(r.Text, next)
			}
		}
	}
	return 0
}

// inPlace finds the clause that a problem names.
var inPlace = regexp.MustCompile(`clause (\S+)`)

// Locate is the key of the clause that a problem is about; "identity" is true when
// it is about the standard itself.
func (s *Sheet) Locate(p corpus.Problem) (key string, identity bool) {
	if m := inPlace.FindStringSubmatch(p.Place); m != nil {
		for _, r := range s.Rows {
			if r.ID.Key() == m[1] {
				return m[1], false
			}
		}
		for _, r := range s.Rows {
			if r.Label == strings.TrimPrefix(p.Place, "clause ") {
				return r.ID.Key(), false
			}
		}
	}
	return "", p.Place == placeIdentity || p.Place == "language"
}
