package web

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

// coverageNames are the parameters of an address that say what coverage counts.
var coverageNames = []string{"domain", "sector", "year", "binding"}

// coverageForm is what coverage counts, with what may be chosen instead.
type coverageForm struct {
	review.CoverageFilter
	Path    string
	Keep    []listOption // parameters that are not its own
	Domains []corpus.Domain
	Sectors []string
	Years   []string
}

// yearRun is a year in the edition of a standard.
var yearRun = regexp.MustCompile(`(?:19|20)[0-9]{2}`)

// coverageFormOf reads what coverage counts from an address. A sector or a year that no
// standard has counts nothing and stays in the form, so that a mistyped one is seen.
func coverageFormOf(c echo.Context, path string, all []corpus.Holding) coverageForm {
	f := coverageForm{Path: path, Domains: corpus.Domains, CoverageFilter: review.CoverageFilter{
		Domain: corpus.Domain(c.QueryParam("domain")), Sector: clip(c.QueryParam("sector"), 20), Year: clip(c.QueryParam("year"), 20), Binding: c.QueryParam("binding") != "",
	}}
	if !slices.Contains(corpus.Domains, f.Domain) {
		f.Domain = ""
	}
	add := func(list *[]string, value string) {
		if value != "" && !slices.Contains(*list, value) {
			*list = append(*list, value)
		}
	}
	for _, h := range all {
		add(&f.Years, yearRun.FindString(h.Standard.Edition))
		for _, code := range h.Standard.ICS {
			parts := strings.SplitN(code, ".", 3)
			for n := range min(2, len(parts)) {
				add(&f.Sectors, strings.Join(parts[:n+1], "."))
			}
		}
		for _, code := range h.Standard.CCS {
			if add(&f.Sectors, code); len(code) == 3 {
				add(&f.Sectors, code[:1]) // all classes of the letter
			}
		}
	}
	add(&f.Sectors, f.Sector)
	add(&f.Years, f.Year)
	slices.Sort(f.Sectors)
	slices.Sort(f.Years)
	slices.Reverse(f.Years)
	if path == "/coverage" {
		for _, name := range []string{"from", "to"} {
			if value := clip(c.QueryParam(name), 20); value != "" {
				f.Keep = append(f.Keep, listOption{name, value})
			}
		}
	}
	return f
}

// values are the filter as parameters of an address.
func (f coverageForm) values() url.Values {
	v := filterOf(map[string]string{"domain": string(f.Domain), "sector": f.Sector, "year": f.Year})
	if f.Binding {
		v.Set("binding", "1")
	}
	return v
}

// Any tells whether the filter leaves anything out.
func (f coverageForm) Any() bool { return len(f.values()) > 0 }

// Details is the page that counts the same standard by standard.
func (f coverageForm) Details() string {
	v := f.values()
	v.Set("domain", string(f.Domain))
	return "/coverage?" + v.Encode()
}

// Clear is the page without the filter.
func (f coverageForm) Clear() string { return listing{Path: f.Path, Keep: f.Keep}.Clear() }
