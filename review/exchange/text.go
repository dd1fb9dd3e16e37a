package exchange

import (
	"strings"
	"unicode"
)

// Clean takes control characters out of a text, which no table can carry.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, s)
}

// OneLine folds white space, for cells that must not break.
func OneLine(s string) string { return strings.Join(strings.Fields(Clean(s)), " ") }

// Inert puts a quote mark before a cell that spreadsheet programs would run as a
// formula: those that begin, perhaps behind blanks, with = + - @, also in full
// width, or with a tab or carriage return (ASVS 5.0 V1.2.10).
func Inert(cell string) string {
	trimmed := strings.TrimLeft(cell, " \u00a0\u3000")
	if trimmed == "" {
		return cell
	}
	if strings.ContainsAny(string([]rune(trimmed)[0]), "=+-@\t\r\n|＝＋－＠") {
		return "'" + cell
	}
	return cell
}

// alive takes the quote mark away that Inert put.
func alive(cell string) string {
	if rest, quoted := strings.CutPrefix(cell, "'"); quoted && Inert(rest) == cell {
		return rest
	}
	return cell
}
