package web

import (
	"cmp"
	"slices"
	"strings"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/index"
)

// filterChip is something that narrows a search: a filter of the form or of the
// text, or a standard that the query names.
type filterChip struct {
	Field  string // of the words facet.<field>
	Label  string
	Remove string // address of the search without it
}

// filterChips makes a chip of all that narrows a search, in the order of the
// page's filters.
func filterChips(found index.Results, q index.Query, sh shelf, w *words) []filterChip {
	var out []filterChip
	for _, c := range found.Cited {
		out = append(out, filterChip{"standard", c.Designation, address(withoutSpan(q, c.Span))})
	}
	for _, t := range found.Typed {
		field := t.Field
		if field == "lang" {
			field = "language"
		}
		out = append(out, filterChip{field, chosenLabel(field, t.Value, sh, w), address(withoutSpan(q, t.Span))})
	}
	for _, field := range append(slices.Clone(facetFields), "standard") {
		for _, value := range chosen(q, field) {
			out = append(out, filterChip{field, chosenLabel(field, value, sh, w), address(withoutValue(q, field, value))})
		}
	}
	if q.Least+q.Most != "" {
		rangeless := q
		rangeless.Least, rangeless.Most, rangeless.From = "", "", 0
		out = append(out, filterChip{"range", rangeText(q), address(rangeless)})
	}
	return out
}

// learnedChip is a word of the query that only learned translations know.
type learnedChip struct {
	index.Learned
	Pairs  int    // pairs of clauses that show the first rendering
	Remove string // address of the search without them
}

// learnedChips makes a chip of each word that is rendered by what was learned.
func learnedChips(list []index.Learned, q index.Query) []learnedChip {
	var out []learnedChip
	for _, l := range list {
		without := q
		without.Unlearned = append(slices.Clone(q.Unlearned), l.Word)
		without.From = 0
		out = append(out, learnedChip{l, l.Into[0].Pairs, address(without)})
	}
	return out
}

// offChip is a term, or a word with its learned translations, that was taken off a
// search: it stays on the page, so that it can be put back.
type offChip struct {
	Name    string
	Learned bool
	Back    string // address of the search with it
}

// offChips makes a chip of all that was taken off, as long as the address says so:
// terms by their name in the language of the page, one that is not known by its id.
func offChips(list []index.Understood, q index.Query, w *words) []offChip {
	var out []offChip
	for _, id := range q.Without {
		chip := offChip{Name: string(id)}
		for _, u := range list {
			if name := cmp.Or(u.Labels[corpus.Language(w.tag).Base()], u.Labels["en"]); u.Concept == id && name != "" {
				chip.Name = name
			}
		}
		with := q
		with.Without, with.From = dropped(q.Without, string(id)), 0
		chip.Back = address(with)
		out = append(out, chip)
	}
	for _, word := range q.Unlearned {
		with := q
		with.Unlearned, with.From = dropped(q.Unlearned, word), 0
		out = append(out, offChip{Name: word, Learned: true, Back: address(with)})
	}
	return out
}

// unfiltered is a query without the filters of the form.
func unfiltered(q index.Query) index.Query {
	return index.Query{Text: q.Text, Exact: q.Exact, Without: q.Without, Unlearned: q.Unlearned, Order: q.Order}
}

// rangeText is the range that a query's values lie in.
func rangeText(q index.Query) string {
	switch {
	case q.Most == "":
		return "≥\u00a0" + q.Least
	case q.Least == "":
		return "≤\u00a0" + q.Most
	}
	return q.Least + "\u00a0… " + q.Most
}

// chosenLabel names a value of a filter: a standard by its designation.
func chosenLabel(field, value string, sh shelf, w *words) string {
	if field == "standard" {
		if s, kept := sh[corpus.StandardID(value)]; kept {
			return s.Standard.Designation
		}
	}
	return facetLabel(field, value, w)
}

// withoutSpan is a query without a stretch of its text, from the first page.
func withoutSpan(q index.Query, s lexicon.Span) index.Query {
	q.Text = strings.Join(strings.Fields(q.Text[:s.Start]+" "+q.Text[s.End:]), " ")
	q.From = 0
	return q
}

// withoutValue is a query without one value of a filter, from the first page.
func withoutValue(q index.Query, field, value string) index.Query {
	q.From = 0
	switch field {
	case "jurisdiction":
		q.Jurisdictions = dropped(q.Jurisdictions, value)
	case "language":
		q.Languages = dropped(q.Languages, value)
	case "domain":
		q.Domains = dropped(q.Domains, value)
	case "issuer":
		q.Issuers = dropped(q.Issuers, value)
	case "standard":
		q.Standards = dropped(q.Standards, value)
	case "obligation":
		q.Obligations = dropped(q.Obligations, value)
	case "status":
		q.Statuses = dropped(q.Statuses, value)
	case index.FacetQuantity:
		q.Quantities = dropped(q.Quantities, value)
	case index.FacetState:
		q.States = dropped(q.States, value)
	}
	return q
}

func dropped[T ~string](list []T, value string) []T {
	return slices.DeleteFunc(slices.Clone(list), func(v T) bool { return string(v) == value })
}

// orderLink is one order of the hits.
type orderLink struct {
	Key  string // of the words search.order.<key>
	Href string
	This bool
}

// orderLinks are the orders of the hits, each as the same search from its first
// page.
func orderLinks(q index.Query) []orderLink {
	var out []orderLink
	for _, o := range []index.Order{index.OrderRelevance, index.OrderStandard} {
		same := q
		same.Order, same.From = o, 0
		key := string(o)
		if o == index.OrderRelevance {
			key = "relevance"
		}
		out = append(out, orderLink{key, address(same), o == q.Order})
	}
	return out
}

// programPath is the path of the same search in the interface; its words for
// the filters are those of the page, but for the language.
func programPath(q index.Query) string {
	q.From = 0
	v := searchValues(q)
	if l := v["language"]; l != nil {
		v["lang"] = l
		v.Del("language")
	}
	if v.Has("exact") {
		v.Set("exact", "true")
	}
	return "/api/v1/search?" + v.Encode()
}
