package reader

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// A line is a running header, a footer or a page number when it stands among the
// outer lines of its page and comes again at the same height (to a hundredth of the
// page) on at least three pages or, in a document of two, on both: with the same
// words, or with a figure that grows with the pages where most pages have one. A
// header that names the chapter comes on every page of the chapter; "Section 5"
// atop a page on which others have text is text. A piece that comes at the same
// place of most pages is a watermark or a tab on the edge.
const (
	outerRows      = 3
	outerShare     = 0.14 // of the page's height, from above and below
	furniturePages = 3
)

// furniture counts on which pages the outer rows come again.
type furniture struct {
	words map[string]map[int]bool // words and height -> pages
	grows map[[2]int]map[int]bool // height and figure less page -> pages
	rows  map[int]map[int]bool    // height -> pages with an outer row there
	body  float64                 // size of most of the text
}

// dropFurniture takes headers, footers and page numbers off the pages.
func dropFurniture(pages [][]row, heights []float64) {
	need := min(furniturePages, max(len(pages), 2))
	f := furniture{map[string]map[int]bool{}, map[[2]int]map[int]bool{}, map[int]map[int]bool{}, bodySize(slices.Concat(pages...))}
	for i, rows := range pages {
		for _, j := range outer(rows, heights[i]) {
			f.count(&rows[j], heightOf(&rows[j], heights[i]))
		}
	}
	for i, rows := range pages {
		drop := map[int]bool{}
		for _, j := range outer(rows, heights[i]) {
			drop[j] = f.comesAgain(&rows[j], heightOf(&rows[j], heights[i]), need) || len(pages) == 1 && isLonePageNumber(rows, j, heights[i])
		}
		kept := rows[:0]
		for j := range rows {
			if !drop[j] {
				kept = append(kept, rows[j])
			}
		}
		pages[i] = kept
	}
}

// count counts a row at its height and the two beside it, since rounding parts
// what is together.
func (f *furniture) count(r *row, height int) {
	for at := height - 1; at <= height+1; at++ {
		seenOn(f.words, fmt.Sprint(wordsOf(r), "@", at), r.page)
		seenOn(f.rows, at, r.page)
		for _, n := range growing(r) {
			seenOn(f.grows, [2]int{at, n}, r.page)
		}
	}
}

func (f *furniture) comesAgain(r *row, height, need int) bool {
	if len(f.words[fmt.Sprint(wordsOf(r), "@", height)]) >= need {
		return true
	}
	if _, title, numbered := leadingNumber(r.text()); numbered && titleLike(title) && r.size > f.body*headingSize {
		return false // chapters that begin on each page
	}
	front := romanPage(strings.Trim(r.text(), aroundNumbers)) > 0 // the few pages of the front are numbered apart from all others
	for _, n := range growing(r) {
		if same := len(f.grows[[2]int{height, n}]); same >= need && same*2 > len(f.rows[height]) || front && same > 1 {
			return true
		}
	}
	return false
}

func seenOn[K comparable](seen map[K]map[int]bool, key K, page int) {
	if seen[key] == nil {
		seen[key] = map[int]bool{}
	}
	seen[key][page] = true
}

// dropWatermarks takes off what stands at the same place of most pages, and returns
// it page by page.
func dropWatermarks(pages []pdfPage) [][]piece {
	type place struct {
		text string
		x, y int
	}
	at := func(p piece) place { return place{p.text, int(math.Round(p.x0 / 2)), int(math.Round(p.base / 2))} }
	seen := map[place]map[int]bool{}
	for _, page := range pages {
		for _, p := range page.pieces {
			seenOn(seen, at(p), page.no)
		}
	}
	dropped := make([][]piece, len(pages))
	for i := range pages {
		pages[i].pieces = slices.DeleteFunc(pages[i].pieces, func(p piece) bool {
			n := len(seen[at(p)])
			drop := n >= furniturePages && n*10 > len(pages)*6
			if drop {
				dropped[i] = append(dropped[i], p)
			}
			return drop
		})
	}
	return dropped
}

func heightOf(r *row, height float64) int { return int(r.base / max(height, 1) * 100) }

// outer are the rows at the head and foot of a page.
func outer(rows []row, height float64) []int {
	heights := make([]float64, len(rows))
	for i := range rows {
		heights[i] = math.Round(rows[i].base)
	}
	slices.Sort(heights)
	heights = slices.Compact(heights)
	if len(heights) == 0 {
		return nil
	}
	high, low := heights[min(outerRows, len(heights))-1], heights[max(len(heights)-outerRows, 0)]
	var out []int
	for i := range rows {
		base, share := math.Round(rows[i].base), rows[i].base/max(height, 1)
		if base <= high && share < outerShare || base >= low && share > 1-outerShare {
			out = append(out, i)
		}
	}
	return out
}

func wordsOf(r *row) string { return strings.ToLower(strings.Join(strings.Fields(r.text()), "")) }

// aroundNumbers is what may stand right beside the number of a page.
const aroundNumbers = "-–—|·•()[]第页頁"

// growing are the first and the last word of a row less the number of its page,
// where they are figures: what stays the same from page to page is a page number.
// Of "3/12", "3 of 12" and "第3页" it is the 3.
func growing(r *row) []int {
	words := strings.Fields(r.text())
	if len(words) == 0 {
		return nil
	}
	at := []string{words[0], words[len(words)-1]}
	if n := len(words); n >= 3 && strings.Trim(words[n-1], "0123456789") == "" {
		at = append(at, words[n-3])
	}
	var out []int
	for _, w := range at {
		w, _, _ = strings.Cut(strings.ToLower(w), "/")
		w = strings.Trim(w, aroundNumbers)
		n, err := strconv.Atoi(w)
		if err != nil {
			n = romanPage(w)
		}
		if n > 0 && n < 100_000 {
			out = append(out, n-r.page)
		}
	}
	return slices.Compact(out)
}

// isLonePageNumber tells whether the last row of a document of one page is its
// page number: a figure at the foot, or "1 / 1", well below the text.
func isLonePageNumber(rows []row, j int, height float64) bool {
	r := &rows[j]
	if j == 0 || j != len(rows)-1 || r.base < (1-outerShare)*height || r.base-rows[j-1].base < 2*rows[j-1].size {
		return false
	}
	words := strings.Trim(wordsOf(r), aroundNumbers)
	return len(words) <= 3 && strings.Trim(words, "0123456789") == "" || words == "1/1"
}

// romanPage is the value of a Roman numeral that stands alone, or 0.
func romanPage(s string) int {
	value, last := 0, 0
	for i := len(s) - 1; i >= 0; i-- {
		n := map[byte]int{'i': 1, 'v': 5, 'x': 10, 'l': 50, 'c': 100}[s[i]]
		if n == 0 || len(s) > 8 {
			return 0
		}
		if n < last {
			value -= n
		} else {
			value, last = value+n, n
		}
	}
	return value
}
