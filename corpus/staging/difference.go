package staging

import (
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"concord/corpus"
)

// ChangeKind is what became of a clause from one edition to another.
type ChangeKind string

// The kinds of change. Moved is the same wording under another number.
const (
	ChangeNew     ChangeKind = "new"
	ChangeChanged ChangeKind = "changed"
	ChangeMoved   ChangeKind = "moved"
	ChangeGone    ChangeKind = "gone"
)

// ChangeKinds lists every kind in the order pages show them.
var ChangeKinds = []ChangeKind{ChangeChanged, ChangeNew, ChangeMoved, ChangeGone}

// Change is one clause that differs between two editions. Old is nil of a new
// one, New of one that is gone.
type Change struct {
	Kind     ChangeKind
	Old, New *corpus.Clause
}

// Compare lists what differs between the clauses of two editions, in the order of
// the new one with what is gone at its end, and counts what is the same. Clauses
// correspond by their keys; of the others, one has moved when its wording stands under
// exactly one other key on each side, also where its old number has another text now: one
// clause put in renumbers all behind it.
func Compare(old, now []corpus.Clause) (changes []Change, same int) {
	was := map[string]*corpus.Clause{}
	stays := map[string]bool{} // under its key with its wording
	for i := range old {
		was[old[i].ID.Key()] = &old[i]
	}
	come := map[corpus.Digest]int{}
	for i := range now {
		key, digest := now[i].ID.Key(), now[i].Digest()
		if before := was[key]; before != nil && before.Digest() == digest {
			stays[key] = true
			same++
			continue
		}
		come[digest]++
	}
	left := map[corpus.Digest][]*corpus.Clause{}
	for i := range old {
		if !stays[old[i].ID.Key()] {
			d := old[i].Digest()
			left[d] = append(left[d], &old[i])
		}
	}
	told := map[*corpus.Clause]bool{} // what became of it
	movedHere := func(c *corpus.Clause) *corpus.Clause {
		d := c.Digest()
		if len(left[d]) != 1 || come[d] != 1 {
			return nil
		}
		return left[d][0]
	}
	for i := range now { // before what was under the same number is compared
		if !stays[now[i].ID.Key()] {
			if from := movedHere(&now[i]); from != nil {
				told[from] = true
			}
		}
	}
	for i := range now {
		c := &now[i]
		if stays[c.ID.Key()] {
			continue
		}
		before := was[c.ID.Key()]
		switch from := movedHere(c); {
		case from != nil:
			changes = append(changes, Change{ChangeMoved, from, c})
		case before != nil && !told[before]:
			told[before] = true
			changes = append(changes, Change{ChangeChanged, before, c})
		default:
			changes = append(changes, Change{ChangeNew, nil, c})
		}
	}
	for i := range old {
		if c := &old[i]; !stays[c.ID.Key()] && !told[c] {
			changes = append(changes, Change{ChangeGone, c, nil})
		}
	}
	return changes, same
}

// Stretch is a part of a text, in bytes.
type Stretch struct{ Start, End int }

// Words says which stretches of two texts are only in the first and only in the
// second, word by word; in scripts without blanks character by character. Texts
// that differ over more than about a thousand words get one stretch each, from
// the first difference to the last.
func Words(a, b string) (onlyA, onlyB []Stretch) {
	x, y := tokens(a), tokens(b)
	head := 0
	for head < len(x) && head < len(y) && x[head].text == y[head].text {
		head++
	}
	tail := 0
	for tail < len(x)-head && tail < len(y)-head && x[len(x)-1-tail].text == y[len(y)-1-tail].text {
		tail++
	}
	x, y = x[head:len(x)-tail], y[head:len(y)-tail]
	inA, inB := make([]bool, len(x)), make([]bool, len(y)) // in common
	if len(x)*len(y) <= maxDiffCells {
		common(x, y, inA, inB)
	}
	return stretches(x, inA), stretches(y, inB)
}

// token is a word, a character or a run of white space.
type token struct {
	text string
	at   int
}

func tokens(s string) []token {
	var out []token
	start, kind := 0, -1
	for i, r := range s {
		k := tokenKind(r)
		if kind == 1 && insideNumber(s, i, r) {
			k = 1
		}
		if i > 0 && (k != kind || k == 0) {
			out = append(out, token{s[start:i], start})
			start = i
		}
		kind = k
	}
	if start < len(s) {
		out = append(out, token{s[start:], start})
	}
	return out
}

// insideNumber tells whether a mark stands between two figures: 0.8 is one word.
func insideNumber(s string, at int, mark rune) bool {
	if mark != '.' && mark != ',' && mark != '٫' {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(s[:at])
	after, _ := utf8.DecodeRuneInString(s[at+utf8.RuneLen(mark):])
	return unicode.IsDigit(before) && unicode.IsDigit(after)
}

// tokenKind is 0 for characters that stand alone, 1 for those of words, 2 for
// white space.
func tokenKind(r rune) int {
	switch {
	case unicode.IsSpace(r):
		return 2
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer):
		return 0
	case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
		return 1
	}
	return 0
}

// common marks a longest common sequence of tokens.
func common(x, y []token, inA, inB []bool) {
	width := len(y) + 1
	longest := make([]uint32, (len(x)+1)*width)
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			if x[i].text == y[j].text {
				longest[i*width+j] = longest[(i+1)*width+j+1] + 1
			} else {
				longest[i*width+j] = max(longest[(i+1)*width+j], longest[i*width+j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(x) && j < len(y); {
		switch {
		case x[i].text == y[j].text:
			inA[i], inB[j] = true, true
			i, j = i+1, j+1
		case longest[(i+1)*width+j] >= longest[i*width+j+1]:
			i++
		default:
			j++
		}
	}
}

// stretches joins neighbouring tokens that are not in common.
func stretches(list []token, in []bool) []Stretch {
	var out []Stretch
	for i, t := range list {
		if in[i] {
			continue
		}
		end := t.at + len(t.text)
		if n := len(out); n > 0 && i > 0 && !in[i-1] {
			out[n-1].End = end
			continue
		}
		out = append(out, Stretch{t.at, end})
	}
	return out
}

// Affected is what accepting an import would do to the answered matches of one
// dossier.
type Affected struct {
	Dossier  uuid.UUID `json:"dossier"`
	Name     string    `json:"name"`
	Suspect  int       `json:"suspect"`            // become suspect
	Gone     int       `json:"gone,omitempty"`     // lose a clause
	Restored int       `json:"restored,omitempty"` // are suspect no more
}
