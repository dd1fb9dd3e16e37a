package matcher

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"concord/corpus"
)

// Judged is what was measured on one judged source: kept with a report so that
// slices can be cut from it and a later run be compared with it, source by
// source.
type Judged struct {
	Source    string   `json:"source"` // the first 16 hexadecimal digits of the digest of its wording, with #2, #3 ... for the same words again
	Languages string   `json:"languages"`
	Domain    string   `json:"domain,omitempty"`
	Relations []string `json:"relations,omitempty"` // that the set states, sorted
	Words     int      `json:"words"`               // content words read in the source
	BM25      float64  `json:"bm25"`                // average precision at 100
	Retrieval float64  `json:"retrieval"`
	Matcher   float64  `json:"matcher"`
	First     bool     `json:"first"` // a right target comes first
}

// judgedSources describes the judged sources of a set. The metrics are in the
// order of the blinded sources.
func (e evaluation) judgedSources(set Set, kinds []map[int][]string, floor, found, ranked []Metrics) []Judged {
	domains := set.domains()
	var out []Judged
	for i, relevant := range e.b.relevant {
		if len(relevant) == 0 {
			continue
		}
		n := len(out)
		a := e.m.ask(e.scene, e.b.sources[i])
		j := Judged{
			Source: a.view.digest[:min(16, len(a.view.digest))], Languages: e.languages(a.view.lang, relevant), Domain: domains[i], Words: len(a.view.facts.words),
			BM25: round4(floor[n].MAP100), Retrieval: round4(found[n].MAP100), Matcher: round4(ranked[n].MAP100), First: ranked[n].Recall1 > 0,
		}
		for _, t := range sortedKeys(kinds[i]) {
			for _, kind := range kinds[i][t] {
				if kind != "" && kind != notAPair {
					j.Relations = append(j.Relations, kind)
				}
			}
		}
		slices.Sort(j.Relations)
		j.Relations = slices.Compact(j.Relations)
		out = append(out, j)
	}
	number(out)
	return out
}

// number orders sources by their wording, and those with the same words by their
// figures, so that neither ids nor the order of lines has a part in it, and
// tells the latter apart.
func number(all []Judged) {
	corpus.SortRows(all, func(a, b Judged) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(b.Matcher, a.Matcher), cmp.Compare(b.Retrieval, a.Retrieval), cmp.Compare(b.BM25, a.BM25),
			cmp.Compare(a.Domain, b.Domain), slices.Compare(a.Relations, b.Relations), cmp.Compare(truth(a.First), truth(b.First)), cmp.Compare(a.Languages, b.Languages))
	})
	n := 1
	for i := 1; i < len(all); i++ {
		plain, _, _ := strings.Cut(all[i-1].Source, "#")
		if n++; all[i].Source != plain {
			n = 1
			continue
		}
		all[i].Source = fmt.Sprintf("%s#%d", plain, n)
	}
}

// languages names the language of a source and those of its right targets.
func (e evaluation) languages(source corpus.Language, relevant map[int]bool) string {
	var targets []string
	for t := range relevant {
		targets = append(targets, string(e.scene.col.lang(e.scene.ranges[0].Lo+t)))
	}
	slices.Sort(targets)
	return string(source) + "-" + strings.Join(slices.Compact(targets), "+")
}

// domains are those of the sources, in the order of the blinded set.
func (s Set) domains() map[int]string {
	_, _, at := blindSide(s.Sources)
	out := make(map[int]string, len(at))
	for id, domain := range s.Domains {
		out[at[id]] = domain
	}
	return out
}

// Slice is the judged sources that have something in common, over all sets made
// by people.
type Slice struct {
	Of      string  `json:"of"` // languages, domain, relation or length
	Value   string  `json:"value"`
	Sources int     `json:"sources"`
	BM25    float64 `json:"bm25"` // mean average precision at 100
	Matcher float64 `json:"matcher"`
	First   float64 `json:"first"` // share of sources with a right target in front
}

// lengths are the slices by length, in content words (own bounds: a title, a
// sentence, a paragraph, more).
var lengths = []struct {
	below int
	name  string
}{{9, "1 to 8 words"}, {26, "9 to 25 words"}, {81, "26 to 80 words"}, {1 << 30, "more than 80 words"}}

func lengthOf(words int) string {
	for _, l := range lengths {
		if words < l.below {
			return l.name
		}
	}
	return ""
}

// slicesOf cuts the judged sources of the sets made by people.
func slicesOf(sets []SetResult) []Slice {
	type key struct{ of, value string }
	all := make(map[key]*Slice)
	add := func(of, value string, j Judged) {
		s := all[key{of, value}]
		if s == nil {
			s = &Slice{Of: of, Value: value}
			all[key{of, value}] = s
		}
		s.Sources++
		s.BM25, s.Matcher, s.First = s.BM25+j.BM25, s.Matcher+j.Matcher, s.First+float64(truth(j.First))
	}
	for _, set := range sets {
		if set.Unconfirmed {
			continue
		}
		for _, j := range set.BySource {
			add("languages", j.Languages, j)
			add("domain", cmp.Or(j.Domain, "unknown"), j)
			for _, relation := range j.Relations {
				add("relation", relation, j)
			}
			add("length", lengthOf(j.Words), j)
		}
	}
	var out []Slice
	for _, s := range all {
		n := float64(s.Sources)
		s.BM25, s.Matcher, s.First = round4(s.BM25/n), round4(s.Matcher/n), round4(s.First/n)
		out = append(out, *s)
	}
	order := func(s Slice) int {
		return slices.IndexFunc(lengths, func(l struct {
			below int
			name  string
		}) bool {
			return l.name == s.Value
		})
	}
	corpus.SortRows(out, func(a, b Slice) int {
		return cmp.Or(cmp.Compare(a.Of, b.Of), cmp.Compare(order(a), order(b)), cmp.Compare(a.Value, b.Value))
	})
	return out
}

// writeSlices writes the table of slices.
func (r Report) writeSlices(w io.Writer) error {
	if len(r.Slices) == 0 {
		return nil
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	title(tw, "slices of the judged sources of all sets made by people (MAP@100; first: a right target comes first)")
	fmt.Fprintln(tw, "by\t\tsources\tbm25\tmatcher\tfirst\t")
	for _, s := range r.Slices {
		fmt.Fprintf(tw, "%s\t%s\t%d\t%.3f\t%.3f\t%.3f\t\n", s.Of, s.Value, s.Sources, s.BM25, s.Matcher, s.First)
	}
	if err := tw.Flush(); err != nil {
		return fmt.Errorf("write the evaluation: %w", err)
	}
	return nil
}
