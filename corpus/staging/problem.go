package staging

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

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

// doubts are numbers that look wrong: one that is left out between neighbours, or above
// what is below it, and one that opens a line or follows a sentence inside the clause
// before it or in a note to that.
func doubts(doc *corpus.Document) []corpus.Problem {
	var out []corpus.Problem
	last := map[corpus.ClauseID]corpus.Number{} // of the children so far
	have := map[string]bool{}
	for _, c := range doc.Clauses {
		have[corpus.ParseNumber(c.Label).String()] = true
	}
	owners := map[corpus.ClauseID]corpus.Number{} // of clauses and of what stands with them
	for _, c := range doc.Clauses {
		if len(out) >= maxDoubts {
			return out
		}
		n := corpus.ParseNumber(c.Label)
		if n.IsZero() || n.Kind != corpus.NumberClause || besides[c.Kind] {
			n = owners[c.Parent]
			if !besides[c.Kind] || n.IsZero() {
				continue
			}
		} else {
			if before, seen := last[c.Parent]; seen {
				if next, ok := following(before); ok && (skips(next, n) || isBelow(n, next)) && !have[next.String()] {
					out = append(out, corpus.Say(corpus.SeverityNote, "clause "+c.ID.Key(), "number-missing", "{next} is missing between {before} and {after}",
						"look whether it was read as a part of another clause, or as another number", "next", next.String(), "before", before.String(), "after", n.String()))
				}
			}
			last[c.Parent] = n
			owners[c.ID] = n
		}
		next, ok := following(n)
		if !ok || have[next.String()] {
			continue
		}
		switch at, inside := opensText(c.Text, next); {
		case at > 0 && inside:
			out = append(out, corpus.Say(corpus.SeverityNote, "clause "+c.ID.Key(), "number-inside", "the number {next} stands behind a sentence of the text", "split the clause there if it is a clause of its own", "next", next.String()))
		case at > 0:
			out = append(out, corpus.Say(corpus.SeverityNote, "clause "+c.ID.Key(), "number-opens", "the number {next} opens a line of the text", "split the clause there if it is a clause of its own", "next", next.String()))
		}
	}
	return out
}

// isBelow tells whether a number is below another: 4.1.2.1 below 4.1.2.
func isBelow(n, above corpus.Number) bool {
	return above.Depth() > 1 && n.Depth() > above.Depth() && slices.Equal(n.Parts[:above.Depth()], above.Parts)
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

// opensText is where a number opens a line of a text, not the first, or stands inside one
// behind the end of a sentence with words after it: the byte at which it begins, 0 where it
// does neither.
func opensText(text string, n corpus.Number) (at int, inside bool) {
	if n.Depth() < 2 {
		return 0, false
	}
	opens := func(s string) bool {
		found, rest, ok := corpus.LeadingNumber(s)
		return ok && rest != "" && found.String() == n.String()
	}
	for i, line := range strings.Split(text, "\n") {
		if i > 0 && opens(line) {
			return at, false
		}
		at += len(line) + 1
	}
	number := strings.Join(n.Parts, ".")
	for at = strings.Index(text, number); at > 0; {
		before := strings.TrimRight(text[:at], " \u00a0\u3000")
		last, _ := utf8.DecodeLastRuneInString(before)
		after, _ := utf8.DecodeRuneInString(strings.TrimLeft(text[at+len(number):], " \u00a0\u3000"))
		if strings.ContainsRune(".。؟!？！", last) && unicode.IsLetter(after) && !unicode.IsLower(after) && opens(text[at:]) {
			return at, true
		}
		next := strings.Index(text[at+1:], number)
		if next < 0 {
			break
		}
		at += 1 + next
	}
	return 0, false
}

// SplitAt is where a problem would have its clause split, as Operation.At has it: the
// byte of the text at which the number that it names stands. 0 for problems that
// no split mends.
func (s *Sheet) SplitAt(p corpus.Problem, key string) int {
	if p.Rule != "number-opens" && p.Rule != "number-inside" {
		return 0
	}
	for _, r := range s.Rows {
		if r.ID.Key() != key || r.Deleted {
			continue
		}
		n := corpus.ParseNumber(r.Label)
		if besides[r.Kind] {
			if i := slices.IndexFunc(s.Rows, func(above Row) bool { return above.ID == r.Parent }); i >= 0 {
				n = corpus.ParseNumber(s.Rows[i].Label)
			}
		}
		if next, ok := following(n); ok {
			at, _ := opensText(r.Text, next)
			return at
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
