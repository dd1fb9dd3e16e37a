package web

import (
	"sort"
	"strings"
	"unicode/utf8"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// Piece is a stretch of text that is shown in one way. Marked texts reach the
// templates as pieces, so that no text of a clause is ever markup.
type Piece struct {
	Text  string
	Class string // "" for plain text
	N     int    // small number of an aligned term, 0 for none
	ID    string // anchor, "" for none
	Keep  bool   // isolated and unbroken: numbers with units, designations
	Ghost bool   // a hidden character, Text names it
	Href  string // of a link, "" for none
}

// Hit tells whether the piece is something a search found.
func (p Piece) Hit() bool { return strings.Contains(p.Class, "hit") }

// layer asks for a stretch to be shown in some way.
type layer struct {
	span  lexicon.Span
	class string
	n     int
	id    string
	keep  bool
	href  string
}

// pieces cuts a text along the edges of layers. Layers may overlap and may be
// wrong: what lies outside the text is cut off, edges inside a character move
// to its start.
func pieces(text string, layers []layer) []Piece {
	layers, edges := fitted(text, layers)
	var out []Piece
	var active []layer
	next := 0
	for i := 0; i+1 < len(edges); i++ {
		start, end := edges[i], edges[i+1]
		active = keepOpen(active, start)
		for next < len(layers) && layers[next].span.Start == start {
			active = append(active, layers[next])
			next++
		}
		out = appendPiece(out, text[start:end], start, active)
	}
	return out
}

// fitted clamps layers to the text, drops empty ones, sorts them by start and
// lists all edges.
func fitted(text string, layers []layer) ([]layer, []int) {
	var fit []layer
	at := map[int]bool{0: true, len(text): true}
	for _, l := range layers {
		l.span.Start, l.span.End = runeStart(text, l.span.Start), runeStart(text, l.span.End)
		if l.span.Start >= l.span.End {
			continue
		}
		fit = append(fit, l)
		at[l.span.Start], at[l.span.End] = true, true
	}
	sort.SliceStable(fit, func(i, j int) bool { return fit[i].span.Start < fit[j].span.Start })
	edges := make([]int, 0, len(at))
	for e := range at {
		edges = append(edges, e)
	}
	sort.Ints(edges)
	return fit, edges
}

// runeStart moves an offset into the text and back to a character's start.
func runeStart(text string, at int) int {
	if at >= len(text) {
		return len(text)
	}
	at = max(at, 0)
	for at > 0 && !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}

func keepOpen(active []layer, at int) []layer {
	out := active[:0]
	for _, l := range active {
		if l.span.End > at {
			out = append(out, l)
		}
	}
	return out
}

// appendPiece adds a stretch with everything the open layers ask for; the
// number and the anchor of a layer stand at its start alone.
func appendPiece(out []Piece, text string, start int, active []layer) []Piece {
	p := Piece{}
	var classes []string
	for _, l := range active {
		if l.class != "" && !contains(classes, l.class) {
			classes = append(classes, l.class)
		}
		p.Keep = p.Keep || l.keep
		if l.href != "" {
			p.Href = l.href
		}
		if l.span.Start == start {
			if p.N == 0 {
				p.N = l.n
			}
			if p.ID == "" {
				p.ID = l.id
			}
		}
	}
	p.Class = strings.Join(classes, " ")
	return appendVisible(out, p, text)
}

func contains(list []string, s string) bool {
	for _, have := range list {
		if have == s {
			return true
		}
	}
	return false
}

// hidden names characters that are not seen but change what is: they are shown
// as small marks, because a text that binds must not hide anything.
var hidden = map[rune]string{
	'\u200b': "ZWSP", '\u200c': "ZWNJ", '\u200d': "ZWJ", '\u200e': "LRM", '\u200f': "RLM", '\u061c': "ALM",
	'\u202a': "LRE", '\u202b': "RLE", '\u202c': "PDF", '\u202d': "LRO", '\u202e': "RLO",
	'\u2060': "WJ", '\u2066': "LRI", '\u2067': "RLI", '\u2068': "FSI", '\u2069': "PDI", '\ufeff': "BOM", '\u00ad': "SHY",
}

// appendVisible adds a piece, with every hidden character as a piece of its own.
func appendVisible(out []Piece, p Piece, text string) []Piece {
	rest := text
	for {
		at := strings.IndexFunc(rest, func(r rune) bool { return hidden[r] != "" })
		if at < 0 {
			break
		}
		r, size := utf8.DecodeRuneInString(rest[at:])
		if at > 0 {
			p.Text = rest[:at]
			out = append(out, p)
			p.N, p.ID = 0, ""
		}
		out = append(out, Piece{Text: hidden[r], Ghost: true})
		rest = rest[at+size:]
	}
	if rest == "" {
		return out
	}
	p.Text = rest
	return append(out, p)
}

// plain is a text without any marks but those of hidden characters.
func plain(text string) []Piece { return pieces(text, nil) }

// Wording is a clause as a page shows it.
type Wording struct {
	ID           corpus.ClauseID
	Label        string
	Heading      []Piece
	Text         []Piece
	Rows         [][]tableCell // of a table, which are then shown instead of Text
	Language     corpus.Language
	Kind         corpus.Kind
	Normative    bool
	Illustrative bool
	Cut          corpus.Rights // why the text is not whole, "" when it is
	Path         []string
}

// wording makes the view of a clause under its standard's rights, with layers
// over the clause's full wording.
func wording(c corpus.Clause, std corpus.Standard, layers []layer) Wording {
	shown := std.Rights.Shown(c)
	w := Wording{
		ID: c.ID, Label: c.Label, Language: c.Language, Kind: c.Kind, Normative: c.Kind.Normative(),
		Illustrative: c.Illustrative, Path: c.Path,
	}
	if w.Label == "" {
		w.Label = c.ID.Key()
	}
	offset := c.TextOffset()
	body := shown.Text
	if shown.Text != c.Text {
		w.Cut = std.Rights
		body = strings.TrimSuffix(shown.Text, "…")
	}
	if c.Heading != "" {
		w.Heading = pieces(c.Heading, shifted(layers, 0, len(c.Heading)))
	}
	if body != "" {
		w.Text = pieces(body, shifted(layers, offset, offset+len(body)))
	}
	if w.Cut == "" && c.Unit() == corpus.NumberTable {
		w.Rows = tableCells(body, shifted(layers, offset, offset+len(body)))
	}
	if w.Cut != "" && body != "" {
		w.Text = append(w.Text, Piece{Text: "…"})
	}
	return w
}

// shifted are the layers that touch a window of the wording, counted from the
// window's start.
func shifted(layers []layer, from, to int) []layer {
	var out []layer
	for _, l := range layers {
		if l.span.End <= from || l.span.Start >= to {
			continue
		}
		if l.span.Start < from { // its number and anchor stand before the window
			l.n, l.id = 0, ""
		}
		l.span.Start, l.span.End = max(l.span.Start, from)-from, min(l.span.End, to)-from
		out = append(out, l)
	}
	return out
}

// readingLayers are the marks that every reading of a clause gives: numbers
// with units, obligation words, cited standards, conditions.
func readingLayers(r lexicon.Reading) []layer {
	var out []layer
	for _, c := range r.Conditions {
		class := "cond"
		if c.Exception {
			class = "exc"
		}
		out = append(out, layer{span: c.Span, class: class})
	}
	for _, q := range r.Quantities {
		out = append(out, layer{span: q.Span, class: "qty", keep: true})
	}
	for _, o := range r.Obligations {
		out = append(out, layer{span: o.Span, class: "obl"})
	}
	for _, c := range r.Citations {
		out = append(out, layer{span: c.Span, class: "cit", keep: true})
	}
	return out
}

// reading is what the lexicon reads of a clause, or nothing without a lexicon.
func (s *Server) reading(c corpus.Clause, std corpus.Standard) lexicon.Reading {
	if s.read == nil {
		return lexicon.Reading{Language: c.Language}
	}
	return s.read.Read(c, std.Tradition)
}

// strongest is the strongest degree of obligation in a reading, "" for none.
func strongest(r lexicon.Reading) lexicon.Degree {
	var best lexicon.Degree
	rank := len(degrees)
	for _, o := range r.Obligations {
		for i, d := range degrees {
			if o.Degree == d && i < rank {
				best, rank = d, i
			}
		}
	}
	return best
}

// degrees are the degrees of obligation from strong to weak, for this order.
var degrees = []lexicon.Degree{
	lexicon.DegreeProhibit, lexicon.DegreeRequire, lexicon.DegreeDiscourage, lexicon.DegreeRecommend, lexicon.DegreeNeedNot,
	lexicon.DegreePermit, lexicon.DegreeCapability, lexicon.DegreeExternal, lexicon.DegreeStatement,
}
