package web

import (
	"math"
	"regexp"
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

// shownLimit is a limit as it is printed, with its value in a unit of the SI, or one
// beside it, in the figures of the reader's language, "" where the print says the same.
type shownLimit struct{ Printed, SI string }

// normalised are the limits of a clause with their values beside what is printed.
func (s *Server) normalised(r lexicon.Reading, c corpus.Clause, w *words) []shownLimit {
	values := map[string]string{}
	for _, l := range matcher.LimitsOf(r, string(c.Standard)) {
		if values[l.Printed] == "" {
			by, unit := handyUnit(max(math.Abs(l.Low), math.Abs(l.High)), l.SI)
			values[l.Printed] = limitValue(l, by, unit, w)
		}
	}
	var out []shownLimit
	for _, printed := range limits(r) {
		shown := shownLimit{printed, values[printed]}
		if sameFigure(printed, shown.SI) || celsius.MatchString(printed) {
			shown.SI = ""
		}
		out = append(out, shown)
	}
	return out
}

// celsius are degrees that everybody reads as they are, better than kelvins.
var celsius = regexp.MustCompile(`℃|°\s*[CСس]`)

// idle are the zeros behind the last figure of a decimal fraction, with the mark where
// nothing else is behind it.
var idle = regexp.MustCompile(`(?:[.,]|([.,]\d*[1-9]))0+(\D|$)`)

// sameFigure tells whether a print has a value already, but for blanks, zeros that say
// nothing, and the sign of its bound.
func sameFigure(printed, value string) bool {
	bare := func(text string) string {
		text = idle.ReplaceAllString(text, "$1$2")
		return strings.Trim(strings.Join(strings.Fields(strings.ReplaceAll(text, "\u00a0", " ")), ""), "≤≥<>=")
	}
	return strings.Contains(bare(printed), bare(value))
}

// handyUnits are the units that a value in an SI unit is said in, each from a value in
// the SI unit on, with what the value is multiplied by (our own choice among the prefixes
// of ISO 80000-1 and the units beside the SI of ISO 80000-3; a year is 365.25 days).
var handyUnits = map[string][]struct {
	from, by float64
	unit     string
}{
	"m":   {{1e3, 1e-3, "km"}, {0.1, 1, "m"}, {0, 1e3, "mm"}},
	"m2":  {{1e6, 1e-6, "km2"}, {0.01, 1, "m2"}, {0, 1e6, "mm2"}},
	"s":   {{31557600, 1. / 31557600, "a"}, {86400, 1. / 86400, "d"}, {3600, 1. / 3600, "h"}, {60, 1. / 60, "min"}, {0.1, 1, "s"}, {0, 1e3, "ms"}},
	"kg":  {{1e3, 1e-3, "t"}, {0.1, 1, "kg"}, {0, 1e3, "g"}},
	"Pa":  {{1e6, 1e-6, "MPa"}, {1e3, 1e-3, "kPa"}, {0, 1, "Pa"}},
	"N":   {{1e3, 1e-3, "kN"}, {0, 1, "N"}},
	"N/m": {{1e3, 1e-3, "kN/m"}, {0, 1, "N/m"}},
	"W":   {{1e6, 1e-6, "MW"}, {1e3, 1e-3, "kW"}, {0, 1, "W"}},
	"V":   {{1e3, 1e-3, "kV"}, {0, 1, "V"}},
	"A":   {{0.1, 1, "A"}, {0, 1e3, "mA"}},
	"Hz":  {{1e6, 1e-6, "MHz"}, {1e3, 1e-3, "kHz"}, {0, 1, "Hz"}},
}

// handyUnit says in which unit a value is read without counting zeros, and what a value
// in the SI unit is multiplied by for it.
func handyUnit(value float64, si string) (by float64, unit string) {
	for _, u := range handyUnits[si] {
		if value >= u.from && value > 0 {
			return u.by, u.unit
		}
	}
	return 1, si
}
