package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// SearchAsk is a search. Of the values of one filter any will do, of several filters
// all must hold.
type SearchAsk struct {
	Query         string   // words of any language, designations, numbers, values: "ramp slope <= 1:12"
	Languages     []string // zh, en, ru ...
	Jurisdictions []string // CN, RU, EU ...
	Domains       []string // engineering, park, digital
	Standards     []string // ids
	Obligations   []string // require, prohibit, recommend ...
	Statuses      []string // in-force, superseded, withdrawn, draft
	States        []string // of the clause's matches: confirmed, proposed ... or none
	Exact         bool     // only the words themselves, none of other languages
	// Other are further parameters of the operation by their names, as issuer or least.
	Other url.Values
}

// values are the parameters of a search.
func (a SearchAsk) values() url.Values {
	out := url.Values{}
	for name, values := range a.Other {
		out[name] = values
	}
	for name, values := range map[string][]string{"lang": a.Languages, "jurisdiction": a.Jurisdictions, "domain": a.Domains, "standard": a.Standards, "obligation": a.Obligations, "status": a.Statuses, "state": a.States} {
		if len(values) > 0 {
			out[name] = values
		}
	}
	if a.Query != "" {
		out.Set("q", a.Query)
	}
	if a.Exact {
		out.Set("exact", "true")
	}
	return out
}

// The types of a search and of proposals, as those of types.go.
type (
	// Hit is one clause that a search found. Its score compares within one answer alone.
	Hit struct {
		Clause     Clause   `json:"clause"`
		Score      float64  `json:"score"`
		FoundBy    []string `json:"foundBy"`
		Highlights []Span   `json:"highlights"`
	}
	// FacetValue counts the hits with one value.
	FacetValue struct {
		Value string `json:"value"`
		Count int    `json:"count"`
	}
	// Understood is a concept that a place of the query was understood as.
	Understood struct {
		Concept string            `json:"concept"`
		Span    Span              `json:"span"`
		Labels  map[string]string `json:"labels"` // by language
	}
	// Learned is a word of the query with words of other languages that texts show.
	Learned struct {
		Word       string      `json:"word"`
		Span       Span        `json:"span"`
		Renderings []Rendering `json:"renderings"`
	}
	// Rendering is a word of another language, and how surely it is meant.
	Rendering struct {
		Language string  `json:"lang"`
		Text     string  `json:"text"`
		Strength float64 `json:"strength"`
		Pairs    int     `json:"pairs"`
	}
	// SearchPage is a page of hits, best first, with what is true of all of them.
	SearchPage struct {
		Total      int                     `json:"total"`
		Items      []Hit                   `json:"items"`
		Next       string                  `json:"next,omitempty"` // for SearchPage, "" after the last
		Facets     map[string][]FacetValue `json:"facets"`
		Understood []Understood            `json:"understood"`
		Learned    []Learned               `json:"learned"`
		Fuzzy      bool                    `json:"fuzzy"`
		Index      string                  `json:"index"` // "complete", or how far it is
	}
	// Proposals are clauses that may correspond to a clause; nobody agreed to them.
	Proposals struct {
		Clause string     `json:"clause"`
		Items  []Proposal `json:"items"`
	}
	// Proposal is what a program says of one pair: the clause asked for is side A.
	Proposal struct {
		Source       string       `json:"source"`
		Target       Clause       `json:"target"`
		SourceDigest string       `json:"sourceDigest"`
		Score        float64      `json:"score"`
		Confidence   float64      `json:"confidence"`
		Relation     string       `json:"relation"`
		AToB         Recognition  `json:"aToB"`
		BToA         Recognition  `json:"bToA"`
		Reasons      []Reason     `json:"reasons"`
		Differences  []Difference `json:"differences"`
		Alignments   []Alignment  `json:"alignments"`
		Model        string       `json:"model"`
	}
)

// Search walks through the hits of a search, best first. The server shows no more than
// some thousands of them; narrow the search for others. For counts and facets, see
// SearchPage.
func (c *Client) Search(ctx context.Context, ask SearchAsk) iter.Seq2[Hit, error] {
	query := ask.values()
	query.Set("limit", "100")
	return all[Hit](ctx, c, "/api/v1/search", query)
}

// SearchPage reads one page of a search: the first with the cursor "", the following
// ones with Next of the page before. Limit is from 1 to 100.
func (c *Client) SearchPage(ctx context.Context, ask SearchAsk, cursor string, limit int) (SearchPage, error) {
	query := ask.values()
	query.Set("limit", strconv.Itoa(limit))
	if cursor != "" {
		query.Set("cursor", cursor)
	}
	var p SearchPage
	return p, c.ask(ctx, http.MethodGet, "/api/v1/search", query, nil, &p)
}

// Standard reads one standard.
func (c *Client) Standard(ctx context.Context, id string) (Standard, error) {
	var s Standard
	return s, c.ask(ctx, http.MethodGet, "/api/v1/standards/"+url.PathEscape(id), nil, nil, &s)
}

// clausePath is the address of a clause: the standard's id ends with the first slash,
// and the key may have others.
func clausePath(id string) string {
	standard, key, _ := strings.Cut(id, "/")
	return "/api/v1/clauses/" + url.PathEscape(standard) + "/" + url.PathEscape(key)
}

// Clause reads one clause by its id, as "cn-gb-50016-2014/5.5.18".
func (c *Client) Clause(ctx context.Context, id string) (Clause, error) {
	var clause Clause
	return clause, c.ask(ctx, http.MethodGet, clausePath(id), nil, nil, &clause)
}

// Proposals has clauses of other standards compared with one, the best ones first. Among
// are the ids of the standards to look in, all of other jurisdictions without any.
func (c *Client) Proposals(ctx context.Context, clause string, among ...string) (Proposals, error) {
	query := url.Values{}
	if len(among) > 0 {
		query["among"] = among
	}
	var p Proposals
	return p, c.ask(ctx, http.MethodGet, clausePath(clause)+"/proposals", query, nil, &p)
}

// RoundMatches lists the matches that a round froze.
func (c *Client) RoundMatches(ctx context.Context, dossier string, round int) iter.Seq2[Match, error] {
	return all[Match](ctx, c, "/api/v1/dossiers/"+url.PathEscape(dossier)+"/rounds/"+strconv.Itoa(round)+"/matches", url.Values{"limit": {"200"}})
}
