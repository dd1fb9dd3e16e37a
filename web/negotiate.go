package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
)

// mediaLinked is JSON-LD 1.1.
const mediaLinked = "application/ld+json"

// wanted is how much a request's Accept wants one of some media types, from 0 to 1
// (RFC 9110, section 12.5.1; the parameter q alone is looked at).
func wanted(r *http.Request, medias ...string) float64 {
	best := 0.0
	for _, part := range strings.Split(r.Header.Get("Accept"), ",") {
		name, params, _ := strings.Cut(part, ";")
		name = strings.ToLower(strings.TrimSpace(name))
		q := 1.0
		for _, p := range strings.Split(params, ";") {
			if v, is := strings.CutPrefix(strings.TrimSpace(p), "q="); is {
				if n, err := strconv.ParseFloat(v, 64); err == nil && n >= 0 && n <= 1 {
					q = n
				} else {
					q = 0
				}
			}
		}
		for _, media := range medias {
			if name == media {
				best = max(best, q)
			}
		}
	}
	return best
}

// asksData tells whether a request wants data rather than a page; who says nothing,
// or takes either, gets the page.
func asksData(r *http.Request) bool {
	return wanted(r, echo.MIMEApplicationJSON, mediaLinked) > wanted(r, "text/html", "application/xhtml+xml", "text/*", "*/*")
}

// clauseData and standardData are where the interface tells what a page shows.
func clauseData(c echo.Context) string {
	return "/api/v1/clauses/" + url.PathEscape(pathPart(c, "id")) + "/" + url.PathEscape(pathPart(c, "key"))
}

func standardData(c echo.Context) string {
	return "/api/v1/standards/" + url.PathEscape(pathPart(c, "id"))
}

// linkedClause is a clause as a concept of SKOS, in JSON-LD.
func (s *Server) linkedClause(x apiClause) ([]byte, error) {
	text := func(value string) map[string]string {
		out := map[string]string{"@value": value}
		if x.Language != "" {
			out["@language"] = string(x.Language)
		}
		return out
	}
	scheme := s.base.String() + "/standards/" + url.PathEscape(string(x.Standard))
	node := map[string]any{
		"@context": map[string]string{"skos": "http://www.w3.org/2004/02/skos/core#", "dcterms": "http://purl.org/dc/terms/"},
		"@id":      scheme + "/clauses/" + url.PathEscape(x.ID.Key()), "@type": "skos:Concept",
		"skos:inScheme": map[string]string{"@id": scheme}, "skos:notation": x.Label, "dcterms:identifier": string(x.ID), "dcterms:isPartOf": x.Designation,
	}
	if x.Heading != "" {
		node["skos:prefLabel"] = text(x.Heading)
	}
	if x.Text != "" {
		node["dcterms:description"] = text(x.Text)
	}
	body, err := json.Marshal(node)
	if err != nil {
		return nil, fmt.Errorf("write JSON-LD: %w", err)
	}
	return append(body, '\n'), nil
}
