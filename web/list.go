package web

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"concord/corpus"
)

// listPage is how many rows a page of a list has.
const listPage = 50

// listOf says what the rows of a list are found, filtered and sorted by. A list
// that is read whole is made of one; its address then holds all of its state, and
// its files carry the same one. T is a pointer to a row: those of all lists share one
// copy of this code, which rows themselves would not (712 KB of program, measured).
type listOf[T any] struct {
	words   func(T) string // what words are looked for in; nil where none are asked for
	filters []listFilter[T]
	sorts   []listSort[T] // the first is how the list stands when nothing is asked
}

// listFilter selects rows by a value of theirs.
type listFilter[T any] struct {
	name, key string              // parameter of the address, key of its label
	value     func(T) string      // of a row
	label     func(string) string // of a value on the page; nil for the value itself
	all       []string            // values in their order; nil for those that occur, by label
}

// listSort is an order of rows; equal ones stay as the records have them.
type listSort[T any] struct {
	name, key string
	compare   func(x, y T) int // nil for the records' own order
}

// listing is the state of a list as its page shows it: the form that changes it, the
// pages around it and its files.
type listing struct {
	Path    string
	Keep    []listOption // parameters that are not the list's own: name and value
	Finds   bool
	Query   string
	Filters []listChoice
	Sorts   []listOption // name and key of the label
	Sort    string
	Files   []fileLink
	All     int // rows without a filter
	Total   int // under the filter
	First   int // on the page, counted from 1
	Last    int
	Start   string // the first page, where the records know no way back
	Prev    string
	Next    string
	page    int
	values  url.Values
}

// listChoice is a filter with its values.
type listChoice struct {
	Name, Key, Value string
	Options          []listOption
}

// listOption is a value with what it is called.
type listOption struct{ Value, Label string }

// Any tells whether something is asked for that may leave rows out.
func (l listing) Any() bool {
	return l.Query != "" || slices.ContainsFunc(l.Filters, func(c listChoice) bool { return c.Value != "" })
}

// Clear is the address without filters.
func (l listing) Clear() string {
	v := url.Values{}
	for _, o := range l.Keep {
		v.Add(o.Value, o.Label)
	}
	return withQuery(l.Path, v)
}

// at is the address of another page of the list in its state.
func (l listing) at(page int) string {
	v := url.Values{}
	for name, list := range l.values {
		v[name] = list
	}
	if page > 1 {
		v.Set("page", strconv.Itoa(page))
	}
	return withQuery(l.Path, v)
}

// listed reads the state of a list from an address and gives the rows it selects, in
// its order; see listOf.of.
func listed[T any](d listOf[*T], path string, v url.Values, rows []T, keep ...string) (listing, []T) {
	at := make([]*T, len(rows))
	for i := range rows {
		at[i] = &rows[i]
	}
	l, at := d.of(path, v, at, keep...)
	out := make([]T, len(at))
	for i, row := range at {
		out[i] = *row
	}
	return l, out
}

// of reads the state of a list from an address and gives the rows it selects, in
// its order. keep names parameters of the page that the list leaves as they are.
// A value that no row has selects nothing, so that a mistyped filter is seen.
func (d listOf[T]) of(path string, v url.Values, rows []T, keep ...string) (listing, []T) {
	l := listing{Path: path, Finds: d.words != nil, All: len(rows), page: 1, values: url.Values{}}
	for _, name := range keep {
		if value := clip(v.Get(name), 200); value != "" {
			l.Keep = append(l.Keep, listOption{name, value})
			l.values.Set(name, value)
		}
	}
	out := slices.Clone(rows)
	for _, f := range d.filters {
		c := f.choice(clip(v.Get(f.name), 200), rows)
		l.Filters = append(l.Filters, c)
		if c.Value != "" {
			l.values.Set(f.name, c.Value)
			out = slices.DeleteFunc(out, func(row T) bool { return f.value(row) != c.Value })
		}
	}
	if l.Query = clip(strings.TrimSpace(v.Get("q")), 200); d.words == nil {
		l.Query = ""
	}
	if l.Query != "" {
		l.values.Set("q", l.Query)
		wanted := strings.Fields(lookText(l.Query))
		out = slices.DeleteFunc(out, func(row T) bool { return !hasAll(lookText(d.words(row)), wanted) })
	}
	l.Total = len(out)
	d.sort(&l, v.Get("sort"), out)
	if n, err := strconv.Atoi(v.Get("page")); err == nil && n > 1 && n < 1_000_000 {
		l.page = n
	}
	l.Files = fileLinks(path, l.values)
	return l, out
}

// sort brings rows into the order that is asked for, the first one where none is.
func (d listOf[T]) sort(l *listing, asked string, rows []T) {
	for i, s := range d.sorts {
		l.Sorts = append(l.Sorts, listOption{s.name, s.key})
		if i > 0 && s.name == asked {
			l.Sort = asked
			l.values.Set("sort", asked)
		}
	}
	i := max(0, slices.IndexFunc(d.sorts, func(s listSort[T]) bool { return s.name == l.Sort }))
	if len(d.sorts) == 0 {
		return
	}
	l.Sort = d.sorts[i].name
	if compare := d.sorts[i].compare; compare != nil {
		corpus.SortRows(rows, compare)
	}
}

// choice is a filter as the page offers it.
func (f listFilter[T]) choice(asked string, rows []T) listChoice {
	values := f.all
	if values == nil {
		seen := map[string]bool{"": true}
		for _, row := range rows {
			if value := f.value(row); !seen[value] {
				seen[value] = true
				values = append(values, value)
			}
		}
	}
	return choiceOf(f.name, f.key, asked, values, f.label, f.all == nil)
}

// choiceOf is a filter with these values, by their labels where asked; a value that
// is none of them stays, so that a mistyped filter is seen.
func choiceOf(name, key, asked string, values []string, label func(string) string, byLabel bool) listChoice {
	c := listChoice{Name: name, Key: key, Value: asked}
	for _, value := range values {
		o := listOption{value, value}
		if label != nil {
			o.Label = label(value)
		}
		c.Options = append(c.Options, o)
	}
	if byLabel {
		corpus.SortRows(c.Options, func(x, y listOption) int { return strings.Compare(sortKey(x.Label), sortKey(y.Label)) })
	}
	if asked != "" && !slices.Contains(values, asked) {
		c.Options = append(c.Options, listOption{asked, asked})
	}
	return c
}

// pageOf cuts a list to the page that is asked for.
func pageOf[T any](s *Server, l *listing, rows []T) []T {
	from, to := l.cut(s.aPage(listPage), len(rows))
	return rows[from:to]
}

// cut is where the page that is asked for begins and ends, with the pages around it.
func (l *listing) cut(size, n int) (from, to int) {
	l.page = max(1, min(l.page, (n+size-1)/size))
	from = (l.page - 1) * size
	to = min(from+size, n)
	if l.First, l.Last = from+1, to; to == 0 {
		l.First = 0
	}
	if from > 0 {
		l.Prev = l.at(l.page - 1)
	}
	if to < n {
		l.Next = l.at(l.page + 1)
	}
	return from, to
}

// aPage is how many rows a page of a list has, usually as many as are given.
func (s *Server) aPage(usual int) int {
	if s.rowsAPage > 0 {
		return s.rowsAPage
	}
	return usual
}

// byText compares rows by a text of theirs as people sort names.
func byText[T any](text func(T) string) func(x, y T) int {
	return func(x, y T) int { return strings.Compare(sortKey(text(x)), sortKey(text(y))) }
}

// lookText is a text as words are looked for in: without letter case, accents and
// forms of width, digits of any script as ASCII ones. й stays a letter of its own.
func lookText(text string) string {
	var b strings.Builder
	last := rune(0)
	for _, r := range norm.NFKD.String(text) {
		switch {
		case unicode.Is(unicode.Nd, r):
			r = '0' + rune(corpus.DecimalValue(r))
		case unicode.Is(unicode.Mn, r) && !(r == '\u0306' && (last == 'и' || last == 'И')):
			continue
		}
		b.WriteRune(unicode.ToLower(r))
		last = r
	}
	return strings.ReplaceAll(b.String(), "и\u0306", "й")
}

// numberRun is a number in a text that is sorted by.
var numberRun = regexp.MustCompile(`[0-9]+`)

// sortKey is a text as names are sorted by: plain, with numbers by their value. The
// tables of x/text/collate would cost the program more than it may still grow.
func sortKey(text string) string {
	return numberRun.ReplaceAllStringFunc(lookText(text), func(n string) string {
		n = strings.TrimLeft(n, "0")
		return strings.Repeat("0", max(0, 12-len(n))) + n
	})
}

// hasAll tells whether a folded text has all words.
func hasAll(text string, words []string) bool {
	for _, word := range words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// under says values as the words below a key: the label of a filter.
func (w *words) under(key string) func(string) string {
	return func(value string) string { return w.say(key + value) }
}
