package export

import (
	"cmp"
	"crypto/sha256"
	"strings"

	"concord/corpus"
)

// sums are what tables of the whole say of all items. They grow page by page, since the
// items are not kept.
type sums struct {
	cited      map[string][2][]string   // clauses of each side that cite a standard, by its designation
	answers    map[facingPair][2][5]int // of both directions, see Set.answers
	provisions [2][]provision           // those from A to B, then the others, in the order they were met
	known      map[[sha256.Size]byte]int
	spool      *spool // where the words of provisions wait; nil where all items are held
	failed     error  // the first failure of writing there
}

// provision is a condition of one direction with the lines that it binds. Its words, of
// which a dossier may have as many as lines, are held only where there is no spool.
type provision struct {
	condition text
	at        [2]int64 // where they begin and end in the spool
	lines     []int
}

// bind notes that a condition of a direction (0 is from A to B) binds a line.
func (s *sums) bind(way int, c text, line int) {
	words := string(c.lang) + "\x00" + c.s
	key := sha256.Sum256([]byte{"ab"[way]})
	key = sha256.Sum256(append(key[:], words...))
	n, known := s.known[key]
	if !known {
		n = len(s.provisions[way])
		s.known[key] = n
		p := provision{condition: c}
		if s.spool != nil {
			p = provision{at: [2]int64{s.spool.size, s.spool.size + int64(len(words))}}
			if err := writeString(s.spool, words); err != nil && s.failed == nil {
				s.failed = err
			}
		}
		s.provisions[way] = append(s.provisions[way], p)
	}
	p := &s.provisions[way][n]
	if have := p.lines; len(have) == 0 || have[len(have)-1] != line {
		p.lines = append(have, line)
	}
}

// words are those of a provision.
func (s *sums) words(p provision) (text, error) {
	if s.spool == nil {
		return p.condition, nil
	}
	if err := cmp.Or(s.failed, s.spool.to.Flush()); err != nil {
		return text{}, err
	}
	b := make([]byte, p.at[1]-p.at[0])
	if _, err := s.spool.file.ReadAt(b, p.at[0]); err != nil {
		return text{}, err
	}
	lang, words, _ := strings.Cut(string(b), "\x00")
	return text{s: words, lang: corpus.Language(lang)}, nil
}

// summing are the sums of the pages before, or new ones where all items are held.
func (s Set) summing() *sums {
	if s.sums != nil {
		return s.sums
	}
	return newSums(nil)
}

func newSums(p *spool) *sums {
	return &sums{cited: map[string][2][]string{}, answers: map[facingPair][2][5]int{}, known: map[[sha256.Size]byte]int{}, spool: p}
}
