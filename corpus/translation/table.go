package translation

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"concord/corpus"
)

// A table is kept as lines of tab-separated cells: a head with the name of the
// format, its version, the languages, and how many pairs were learned from and
// left out; then a line for each entry.
const (
	format  = "concord-translation"
	version = "1"
)

// Limits of a table that is read.
const (
	maxLine = 8 << 10 // bytes
	maxCell = 1 << 10
)

// Write writes the table. The same table gives the same bytes.
func (t Table) Write(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "%s\t%s\t%s\t%s\t%d\t%d\n", format, version, t.Source, t.Target, t.Pairs, t.LeftOut)
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
	for _, e := range t.Entries {
		examples := make([]string, len(e.Examples))
		for i, x := range e.Examples {
			examples[i] = strconv.Itoa(x)
		}
		fmt.Fprintf(b, "%s\t%s\t%s\t%s\t%s\t%s\t%d\t%d\t%d\t%s\t%s\t%d\n", e.Source, e.Target, e.SourcePrinted, e.TargetPrinted,
			number(e.Forward), number(e.Backward), e.Count, e.SourceCount, e.TargetCount, number(e.Surprise), strings.Join(examples, ","), e.Under)
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("write the translation table: %w", err)
	}
	return nil
}

// ReadTable reads what Write wrote. What does not fit is corpus.ErrInvalid, or
// corpus.ErrLimit when it is too much, and names the line.
func ReadTable(r io.Reader) (Table, error) {
	scan := bufio.NewScanner(r)
	scan.Buffer(make([]byte, 0, maxLine), maxLine)
	var t Table
	seen := map[[2]string]bool{}
	line := 0
	for scan.Scan() {
		line++
		if err := t.read(line, strings.Split(scan.Text(), "\t"), seen); err != nil {
			return Table{}, fmt.Errorf("read the translation table, line %d: %w", line, err)
		}
	}
	switch err := scan.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return Table{}, fmt.Errorf("read the translation table, line %d: longer than %d bytes: %w", line+1, maxLine, corpus.ErrLimit)
	case err != nil:
		return Table{}, fmt.Errorf("read the translation table: %w", err)
	case line == 0:
		return Table{}, fmt.Errorf("read the translation table: it is empty: %w", corpus.ErrInvalid)
	}
	for i, e := range t.Entries {
		if e.Under >= len(t.Entries) || e.Under == i || e.Under >= 0 && t.Entries[e.Under].Under >= 0 {
			return Table{}, fmt.Errorf("read the translation table, line %d: its longer entry %d is not one: %w", i+2, e.Under, corpus.ErrInvalid)
		}
	}
	return t, nil
}

// read takes in one line.
func (t *Table) read(line int, cells []string, seen map[[2]string]bool) error {
	for _, c := range cells {
		if len(c) > maxCell || !utf8.ValidString(c) || strings.ContainsFunc(c, unicode.IsControl) {
			return fmt.Errorf("a cell is no text of at most %d bytes: %w", maxCell, corpus.ErrInvalid)
		}
	}
	if line == 1 {
		return t.head(cells)
	}
	if len(t.Entries) >= maxEntries {
		return fmt.Errorf("more than %d entries: %w", maxEntries, corpus.ErrLimit)
	}
	e, err := entryOf(cells)
	if err != nil {
		return err
	}
	key := [2]string{e.Source, e.Target}
	if seen[key] {
		return fmt.Errorf("%q and %q stand there twice: %w", e.Source, e.Target, corpus.ErrInvalid)
	}
	seen[key] = true
	t.Entries = append(t.Entries, e)
	return nil
}

// head reads the first line.
func (t *Table) head(cells []string) error {
	if len(cells) != 6 || cells[0] != format || cells[1] != version || !isLanguage(cells[2]) || !isLanguage(cells[3]) {
		return fmt.Errorf("it does not begin with %s, %s and two languages: %w", format, version, corpus.ErrInvalid)
	}
	t.Source, t.Target = corpus.Language(cells[2]), corpus.Language(cells[3])
	n := numbers{cells: cells}
	t.Pairs, t.LeftOut = n.whole(4, 0), n.whole(5, 0)
	return n.err
}

// isLanguage tells whether a text is a base language.
func isLanguage(s string) bool {
	return len(s) >= 2 && len(s) <= 8 && strings.IndexFunc(s, func(r rune) bool { return r < 'a' || r > 'z' }) < 0
}

// entryOf reads the line of an entry.
func entryOf(cells []string) (Entry, error) {
	if len(cells) != 12 || cells[0] == "" || cells[1] == "" {
		return Entry{}, fmt.Errorf("an entry has 12 cells, the first two with words: %w", corpus.ErrInvalid)
	}
	n := numbers{cells: cells}
	e := Entry{Source: cells[0], Target: cells[1], SourcePrinted: cells[2], TargetPrinted: cells[3]}
	e.Forward, e.Backward, e.Surprise = n.real(4, 1), n.real(5, 1), n.real(9, math.MaxFloat64)
	e.Count, e.SourceCount, e.TargetCount, e.Under = n.whole(6, 1), n.whole(7, 1), n.whole(8, 1), n.whole(11, -1)
	if cells[10] != "" {
		list := strings.Split(cells[10], ",")
		if len(list) > maxExamples {
			return e, fmt.Errorf("more than %d examples: %w", maxExamples, corpus.ErrLimit)
		}
		places := numbers{cells: list}
		for i := range list {
			e.Examples = append(e.Examples, places.whole(i, 0))
		}
		n.err = errors.Join(n.err, places.err)
	}
	return e, n.err
}

// numbers reads cells as numbers and remembers the first that is none.
type numbers struct {
	cells []string
	err   error
}

func (n *numbers) whole(i, least int) int {
	v, err := strconv.Atoi(n.cells[i])
	if err != nil || v < least || v > math.MaxInt32 {
		n.bad(i)
	}
	return v
}

func (n *numbers) real(i int, most float64) float64 {
	v, err := strconv.ParseFloat(n.cells[i], 64)
	if err != nil || !(v >= 0 && v <= most) {
		n.bad(i)
	}
	return v
}

func (n *numbers) bad(i int) {
	if n.err == nil {
		n.err = fmt.Errorf("%q is not the number wanted there: %w", n.cells[i], corpus.ErrInvalid)
	}
}
