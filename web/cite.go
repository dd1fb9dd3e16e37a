package web

import (
	"strings"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/matcher"
)

// Citation is the clause as people cite it: designation, number, title and permanent
// address.
func (p *clausePage) Citation() string {
	parts := []string{p.Standard.Designation + " " + p.Clause.Label}
	if title := p.Standard.Title(p.Standard.Language).Text; title != "" {
		parts = append(parts, title)
	}
	return strings.Join(append(parts, p.Address), ". ")
}

// shownLimit is a limit as it is printed, with its value in SI units in the figures of
// the reader's language, "" where the print says the same.
type shownLimit struct{ Printed, SI string }

// normalised are the limits of a clause with their values beside what is printed.
func (s *Server) normalised(r lexicon.Reading, c corpus.Clause, w *words) []shownLimit {
	values := map[string]string{}
	for _, l := range matcher.LimitsOf(r, string(c.Standard)) {
		if values[l.Printed] == "" {
			values[l.Printed] = s.conceptLimit(l, c.Language, w).SIValue
		}
	}
	var out []shownLimit
	for _, printed := range limits(r) {
		shown := shownLimit{printed, values[printed]}
		if sameFigure(printed, shown.SI) {
			shown.SI = ""
		}
		out = append(out, shown)
	}
	return out
}

// sameFigure tells whether a print has a value already, but for blanks and the sign of
// its bound.
func sameFigure(printed, value string) bool {
	bare := func(text string) string {
		return strings.Trim(strings.Join(strings.Fields(strings.ReplaceAll(text, "\u00a0", " ")), ""), "≤≥<>=")
	}
	return strings.Contains(bare(printed), bare(value))
}
