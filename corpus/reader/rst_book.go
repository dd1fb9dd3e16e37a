package reader

import (
	"regexp"
	"strconv"
	"strings"
)

// A book of reStructuredText is put together by toctrees (Sphinx, "toctree"): the
// documents that one names stand in its place, below the section it stands in, in
// its order. One that says :numbered: numbers their sections, to as many levels as it
// says, beginning again with every toctree (Sphinx,
// environment.collectors.toctree, assign_section_numbers).

// rstMark opens a line, between the documents of a book, that says where one begins:
// with the levels that are numbered where it is the first of its toctree, with = where
// it goes on, and where it ends. No text has such a line after it was cleaned.
const rstMark = "\x1d"

const (
	rstGoesOn = "="
	rstEnds   = "."
)

// rstAllLevels is how deep sections are numbered where nothing else is said.
const rstAllLevels = 99

var (
	rstNumbered = regexp.MustCompile(`^:numbered:\s*(\d{0,2})`)
	rstOutside  = regexp.MustCompile(`^(?:[a-z]+://|self$)`)
)

// rstIncludes names the files that a line of reStructuredText includes: one, or in
// the list of a toctree of Sphinx the next of several, or all that a pattern names.
func rstIncludes() func(string) []inclusion {
	tree := -1 // the indentation of the toctree that is open
	begins, glob := "", false
	same := func(text string) string { return text }
	return func(line string) []inclusion {
		text := strings.TrimSpace(line)
		m := rstDirective.FindStringSubmatch(text)
		switch {
		case m != nil && m[1] == "include":
			tree = -1
			return []inclusion{{name: strings.TrimSpace(m[2]), otherwise: line, write: same}}
		case m != nil && m[1] == "toctree":
			tree, begins, glob = indentOf(line), "0", false
		case tree < 0 || text == "":
		case indentOf(line) <= tree:
			tree = -1
		case rstField.MatchString(text):
			if n := rstNumbered.FindStringSubmatch(text); n != nil {
				begins = n[1]
				if begins == "" {
					begins = strconv.Itoa(rstAllLevels)
				}
			}
			glob = glob || strings.HasPrefix(text, ":glob:")
		default:
			name := text
			if open := strings.LastIndexByte(text, '<'); open >= 0 {
				name = strings.TrimSuffix(text[open+1:], ">")
			}
			if rstOutside.MatchString(name) {
				return []inclusion{{}} // the document itself, or a page elsewhere
			}
			name = strings.TrimSuffix(name, ".rst") + ".rst"
			return []inclusion{{name: name, glob: glob && strings.ContainsAny(name, "*?["), otherwise: ".. include:: " + name + "\n", write: func(text string) string {
				mark := begins
				if begins != "0" {
					begins = rstGoesOn
				}
				return rstMark + mark + "\n\n" + strings.TrimPrefix(text, "\ufeff") + "\n\n" + rstMark + rstEnds + "\n"
			}}}
		}
		return nil
	}
}

// rstDocument is where a document of a book stands in it.
type rstDocument struct {
	above  *rstDocument
	levels map[string]int // of headings by their adornment
	base   int            // the level of the section it stands in
	last   int            // the level of its last heading
	count  *rstCount      // nil for one without numbers
	tree   *rstCount      // of the numbered toctree that is open in it
}

// rstCount numbers the sections of the documents of one toctree.
type rstCount struct {
	base, depth int
	numbers     []int
}

func newRSTDocument(above *rstDocument) *rstDocument {
	d := &rstDocument{above: above, levels: map[string]int{}}
	if above != nil {
		d.base, d.count = above.last, above.count
		d.last = d.base
	}
	return d
}

// turn begins or ends a document of a book.
func (s *rst) turn(mark string) {
	if mark == rstEnds {
		if s.doc.above != nil {
			s.doc = s.doc.above
		}
		return
	}
	d := newRSTDocument(s.doc)
	depth, _ := strconv.Atoi(mark)
	if depth > 0 {
		s.doc.tree = &rstCount{base: d.base, depth: depth}
	}
	if d.count == nil && (depth > 0 || mark == rstGoesOn) {
		d.count = s.doc.tree
	}
	s.doc = d
}

// heading is the level of a heading, and its number where the book numbers it.
func (d *rstDocument) heading(adornment string) (level int, number string) {
	level, known := d.levels[adornment]
	if !known {
		level = len(d.levels) + 1
		d.levels[adornment] = level
	}
	level += d.base
	d.last = level
	if d.count == nil {
		return level, ""
	}
	return level, d.count.next(level - d.count.base)
}

// next is the number of the next section of a level from 1, "" where that is not
// numbered.
func (c *rstCount) next(level int) string {
	if level < 1 || level > c.depth || level > rstAllLevels {
		return ""
	}
	for len(c.numbers) < level {
		c.numbers = append(c.numbers, 0)
	}
	c.numbers = c.numbers[:level]
	c.numbers[level-1]++
	var parts []string
	for _, n := range c.numbers {
		parts = append(parts, strconv.Itoa(n))
	}
	return strings.Join(parts, ".")
}
