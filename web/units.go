package web

import (
	"strings"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// tableCell is a cell of a table as a page shows it.
type tableCell struct {
	Text  []Piece
	Scope string // "col" or "row" of a header, "" of a value
	Span  int    // columns of a line that has one cell, else 0
}

// tableCells makes a table of a text of rows, or nothing of a text that has none.
// The first row of several cells heads the columns and the first cell of each row
// heads the row (our own rule: the formats seldom say, and the text does not). A
// line of one cell stands over all columns.
func tableCells(body string, layers []layer) [][]tableCell {
	rows := corpus.UnitRows(body)
	width := 0
	for _, row := range rows {
		width = max(width, len(row))
	}
	if width < 2 {
		return nil
	}
	var out [][]tableCell
	headed := false
	for _, row := range rows {
		if len(row) == 1 {
			if row[0][0] < row[0][1] {
				out = append(out, []tableCell{{Text: pieces(body[row[0][0]:row[0][1]], shifted(layers, row[0][0], row[0][1])), Span: width}})
			}
			continue
		}
		var cells []tableCell
		for i, c := range row {
			cell := tableCell{Text: pieces(body[c[0]:c[1]], shifted(layers, c[0], c[1]))}
			switch {
			case c[0] == c[1]:
			case !headed:
				cell.Scope = "col"
			case i == 0:
				cell.Scope = "row"
			}
			cells = append(cells, cell)
		}
		for len(cells) < width { // ended early: merged cells are written once
			cells = append(cells, tableCell{})
		}
		headed = true
		out = append(out, cells)
	}
	return out
}

// unitLinks are links from the places where a clause names a table, figure or
// formula of its standard. Of several with one number the clause's own comes
// first, then the nearest before it.
func unitLinks(clauses []corpus.Clause, at int) []layer {
	var out []layer
	for _, ref := range corpus.FindUnitReferences(clauses[at].Wording()) {
		if id := unitNamed(clauses, at, ref.Key); id != "" && id != clauses[at].ID {
			out = append(out, layer{span: lexicon.Span{Start: ref.Start, End: ref.End}, href: clauseURL(id)})
		}
	}
	return out
}

func unitNamed(clauses []corpus.Clause, at int, key string) corpus.ClauseID {
	var before, after corpus.ClauseID
	for i, c := range clauses {
		own := c.ID.Key()
		if c.Unit() == "" || own[strings.LastIndexByte(own, '~')+1:] != key {
			continue
		}
		switch {
		case c.Parent == clauses[at].ID:
			return c.ID
		case i < at:
			before = c.ID
		case after == "":
			after = c.ID
		}
	}
	if before != "" {
		return before
	}
	return after
}

// unitOf is the clause that a table, figure or formula stands in, with what that
// obliges to: shown beside the unit, and no part of its reading.
type unitOf struct {
	Clause     Ref
	Obligation lexicon.Degree
}

// unitView adds to a clause's page the units that stand in it, and to a unit's the
// clause it stands in.
func (s *Server) unitView(p *clausePage, sh shelf, clauses []corpus.Clause, at int) {
	cl, std := clauses[at], p.Standard
	for _, other := range clauses {
		switch {
		case other.Parent == cl.ID && other.Unit() != "":
			p.Units = append(p.Units, wording(other, std, readingLayers(s.reading(other, std))))
		case other.ID == cl.Parent && cl.Unit() != "":
			p.UnitOf = &unitOf{sh.refs([]corpus.ClauseID{other.ID})[0], strongest(s.reading(other, std))}
		}
	}
}
