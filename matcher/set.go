package matcher

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"concord/corpus"
)

// Set is a crosswalk made by people, to measure matching on: the clauses of two
// sides and the pairs between them.
type Set struct {
	Name    string
	Sources []corpus.Clause
	Targets []corpus.Clause
	Pairs   []Pair
	// Unconfirmed says that the pairs were written by a machine and confirmed by
	// nobody; every figure from such a set is shown with that remark.
	Unconfirmed bool
	// Partial says that the pairs are not all there are: a pair that is not
	// listed is unknown, not wrong.
	Partial bool
	// Family names the sets that share texts with this one and must never stand
	// on the other side of a split between fitting and testing.
	Family string
	// Without lists sources of which it is known that they have no counterpart;
	// in a set that is not partial those are all sources without a pair.
	Without []corpus.ClauseID
	// Traditions are the drafting traditions of the two sides, where known.
	Traditions [2]corpus.Tradition
	// Domains are those of the sources, where the set states them.
	Domains map[corpus.ClauseID]string
}

// unconfirmed is the sentence of SOURCE.md that marks such a set.
const unconfirmed = "machine-written gold, unconfirmed"

// The words of SOURCE.md that say that a set is partial, and the one before the
// name of its family.
var (
	partialWords = []string{"not exhaustive", "unlisted pair is unknown"}
	familyName   = regexp.MustCompile(`(?m)family: *([a-z0-9]+)`)
)

// describe takes over what SOURCE.md says about the set.
func (s *Set) describe(about string) {
	about = strings.ToLower(about)
	s.Unconfirmed = strings.Contains(about, unconfirmed)
	for _, words := range partialWords {
		s.Partial = s.Partial || strings.Contains(about, words)
	}
	s.Family = s.Name
	if m := familyName.FindStringSubmatch(about); m != nil {
		s.Family = m[1] // "asvs403-500" is of the family "asvs403"
	}
}

// Pair is one row of a crosswalk, read source to target.
type Pair struct {
	Source, Target corpus.ClauseID
	// Relation is equal, subset, superset, intersects, related, or none for a
	// hard negative: two clauses that look alike and do not correspond.
	Relation string
}

// Limits on the files of a set, which may come from anywhere.
const (
	maxSetLine  = 2 << 20
	maxSetLines = 500_000
)

// LoadSet reads a set from a folder with source.jsonl, target.jsonl (a clause a
// line: standard, lang, clause, path, title, text) and qrels.tsv (source,
// target, relation); SOURCE.md, when it is there, says whether people made the
// pairs. Errors name file and line; a pair whose clause is not
// there is an error of kind corpus.ErrInvalid.
func LoadSet(dir string) (Set, error) {
	set := Set{Name: filepath.Base(filepath.Clean(dir))}
	var err error
	if set.Sources, set.Domains, err = loadSide(filepath.Join(dir, "source.jsonl"), "source"); err != nil {
		return Set{}, err
	}
	if set.Targets, _, err = loadSide(filepath.Join(dir, "target.jsonl"), "target"); err != nil {
		return Set{}, err
	}
	if set.Pairs, err = loadPairs(filepath.Join(dir, "qrels.tsv")); err != nil {
		return Set{}, err
	}
	about, err := os.ReadFile(filepath.Join(dir, "SOURCE.md"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return Set{}, fmt.Errorf("read evaluation set: %w", err)
	}
	set.describe(string(about))
	return set, set.check()
}

// IsSet tells whether a folder looks like a set.
func IsSet(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "qrels.tsv"))
	return err == nil
}

// LoadSets reads the set in dir or, when dir is none itself, every set in the
// folders directly below it, in order of name. No set at all is
// corpus.ErrNotFound.
func LoadSets(dir string) ([]Set, error) {
	if IsSet(dir) {
		set, err := LoadSet(dir)
		return []Set{set}, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read evaluation sets: %w", err)
	}
	var sets []Set
	for _, e := range entries {
		sub := filepath.Join(dir, e.Name())
		if !IsSet(sub) {
			continue
		}
		set, err := LoadSet(sub)
		if err != nil {
			return nil, err
		}
		sets = append(sets, set)
	}
	if len(sets) == 0 {
		return nil, fmt.Errorf("%s: no folder with a qrels.tsv: %w; give the folder of an evaluation set", dir, corpus.ErrNotFound)
	}
	return sets, nil
}

// setLine is one line of source.jsonl or target.jsonl.
type setLine struct {
	Lang   string   `json:"lang"`
	Domain string   `json:"domain"`
	Clause string   `json:"clause"`
	Path   []string `json:"path"`
	Title  string   `json:"title"`
	Text   string   `json:"text"`
}

// loadSide reads the clauses of one side as one standard of the given name, and
// their domains.
func loadSide(file, side string) ([]corpus.Clause, map[corpus.ClauseID]string, error) {
	var out []corpus.Clause
	domains := make(map[corpus.ClauseID]string)
	err := eachLine(file, func(n int, line string) error {
		var l setLine
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			return fmt.Errorf("%w: %w", corpus.ErrInvalid, err)
		}
		if l.Clause == "" {
			return fmt.Errorf("%w: the line has no clause id", corpus.ErrInvalid)
		}
		if l.Domain != "" {
			domains[corpus.ClauseID(l.Clause)] = l.Domain
		}
		out = append(out, corpus.Clause{
			ID: corpus.ClauseID(l.Clause), Standard: corpus.StandardID(side), Order: n - 1, Kind: corpus.KindProvision,
			Heading: l.Title, Text: l.Text, Language: corpus.Language(l.Lang), Path: l.Path,
		})
		return nil
	})
	return out, domains, err
}

// loadPairs reads qrels.tsv.
func loadPairs(file string) ([]Pair, error) {
	var out []Pair
	err := eachLine(file, func(n int, line string) error {
		cells := strings.Split(line, "\t")
		if len(cells) < 2 {
			return fmt.Errorf("%w: want source, target and relation with tabs between", corpus.ErrInvalid)
		}
		if n == 1 && cells[0] == "source" {
			return nil
		}
		p := Pair{Source: corpus.ClauseID(cells[0]), Target: corpus.ClauseID(cells[1])}
		if len(cells) > 2 {
			p.Relation = cells[2]
		}
		out = append(out, p)
		return nil
	})
	return out, err
}

// eachLine calls do for every line that is not blank; its errors get file and
// line number.
func eachLine(file string, do func(n int, line string) error) error {
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("read evaluation set: %w", err)
	}
	defer f.Close()
	return scanLines(f, file, do)
}

func scanLines(r io.Reader, file string, do func(n int, line string) error) error {
	scan := bufio.NewScanner(r)
	scan.Buffer(make([]byte, 64<<10), maxSetLine)
	n := 0
	for scan.Scan() {
		if n++; n > maxSetLines {
			return fmt.Errorf("%s: %w: more than %d lines", file, corpus.ErrLimit, maxSetLines)
		}
		line := strings.TrimRight(strings.TrimPrefix(scan.Text(), "\ufeff"), "\r")
		if strings.TrimSpace(line) == "" {
			continue
		}
		if err := do(n, line); err != nil {
			return fmt.Errorf("%s, line %d: %w", file, n, err)
		}
	}
	if errors.Is(scan.Err(), bufio.ErrTooLong) {
		return fmt.Errorf("%s, line %d: %w: longer than %d bytes", file, n+1, corpus.ErrLimit, maxSetLine)
	}
	if scan.Err() != nil {
		return fmt.Errorf("read %s: %w", file, scan.Err())
	}
	return nil
}

// check finds doubled ids and pairs whose clauses are not there.
func (s Set) check() error {
	there := make(map[corpus.ClauseID]bool)
	for _, side := range []struct {
		name    string
		clauses []corpus.Clause
	}{{"source", s.Sources}, {"target", s.Targets}} {
		seen := make(map[corpus.ClauseID]bool)
		for _, c := range side.clauses {
			if seen[c.ID] {
				return fmt.Errorf("set %s: %w: the %s clause %q is given twice", s.Name, corpus.ErrInvalid, side.name, c.ID)
			}
			seen[c.ID] = true
			there[corpus.ClauseID(side.name)+"/"+c.ID] = true
		}
	}
	for _, p := range s.Pairs {
		if !there["source/"+p.Source] || !there["target/"+p.Target] {
			return fmt.Errorf("set %s: %w: the pair %s, %s names a clause that is not there", s.Name, corpus.ErrInvalid, p.Source, p.Target)
		}
	}
	return nil
}

// blinded is a set with everything taken away that a matcher may not look at:
// ids, numbers and the order of the lines. Clauses stand in the order of a
// digest of their words and are numbered by their place in it.
type blinded struct {
	sources, targets []corpus.Clause
	relevant         []map[int]bool // by source: the targets that are right
	without          map[int]bool   // sources known to have no counterpart
	digests          []string       // by target, to know which have the same words
}

// blind blinds a set. Shuffling lines or renaming ids gives the same blinded
// set, but for clauses with the very same words and path.
func (s Set) blind() blinded {
	var b blinded
	var sourceAt, targetAt map[corpus.ClauseID]int
	b.sources, _, sourceAt = blindSide(s.Sources)
	b.targets, b.digests, targetAt = blindSide(s.Targets)
	b.relevant = make([]map[int]bool, len(b.sources))
	b.without = make(map[int]bool)
	for _, id := range s.Without {
		b.without[sourceAt[id]] = true
	}
	for _, p := range s.Pairs {
		if p.Relation == notAPair {
			continue
		}
		at := sourceAt[p.Source]
		if b.relevant[at] == nil {
			b.relevant[at] = make(map[int]bool)
		}
		b.relevant[at][targetAt[p.Target]] = true
	}
	return b
}

// blindSide sorts one side by digest and renames its clauses.
func blindSide(clauses []corpus.Clause) ([]corpus.Clause, []string, map[corpus.ClauseID]int) {
	type item struct {
		clause corpus.Clause
		digest string
	}
	items := make([]item, len(clauses))
	for i, c := range clauses {
		items[i] = item{c, wordingDigest(c)}
	}
	corpus.SortRows(items, func(a, b item) int { return cmp.Compare(a.digest, b.digest) })
	out := make([]corpus.Clause, len(items))
	digests := make([]string, len(items))
	at := make(map[corpus.ClauseID]int, len(items))
	for i, it := range items {
		c := it.clause
		at[c.ID] = i
		out[i] = corpus.Clause{
			ID: corpus.NewClauseID(c.Standard, fmt.Sprintf("%06d", i)), Standard: c.Standard, Kind: corpus.KindProvision,
			Heading: c.Heading, Text: c.Text, Language: c.Language, Path: c.Path,
		}
		digests[i] = it.digest
	}
	return out, digests, at
}

// wordingDigest fingerprints what an evaluation may look at: language, path,
// title and text. It also breaks ties wherever the order of two clauses would
// otherwise depend on their ids.
func wordingDigest(c corpus.Clause) string { return digestWith(c.Digest(), c) }

// digestWith is wordingDigest where the digest of heading and text is known.
func digestWith(text corpus.Digest, c corpus.Clause) string {
	h := sha256.New()
	io.WriteString(h, string(text))
	for _, p := range c.Path {
		io.WriteString(h, "\x00"+p)
	}
	io.WriteString(h, "\x01"+string(c.Language))
	return hex.EncodeToString(h.Sum(nil)[:12])
}
