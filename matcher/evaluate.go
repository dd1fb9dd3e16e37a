package matcher

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// Options are what an evaluation measures.
type Options struct {
	Lexicon *lexicon.Lexicon
	Model   Model
	// Limit is how many candidates of a source are found and ranked; 0 means
	// 100, which is as deep as a ranking is judged.
	Limit int
}

// SetResult is what was measured on one set: the BM25 baseline, the finder's
// fused ranking by itself, and the matcher's ranking.
type SetResult struct {
	Set       string  `json:"set"`
	Sources   int     `json:"sources"` // judged: sources with at least one pair
	BM25      Metrics `json:"bm25"`
	Retrieval Metrics `json:"retrieval"`
	Matcher   Metrics `json:"matcher"`
	// ClausesPerSecond counts all sources over the whole time from reading both
	// sides to the last ranking, without BM25 and without writing reasons.
	ClausesPerSecond float64 `json:"clauses_per_second"`
	// Unconfirmed marks a set whose pairs a machine wrote; the table says so.
	Unconfirmed bool `json:"-"`
	// Relations compares the relation said for the judged pairs with the one in
	// the set; it is not part of the JSON report.
	Relations Confusion `json:"-"`
}

// Confusion counts pairs by the relation in the set, then by the relation said.
type Confusion map[string]map[corpus.Relation]int

// Report is the result over several sets, with means over the sets.
type Report struct {
	Sets []SetResult `json:"sets"`
	Mean Means       `json:"mean"`
}

// Means are the means over all sets, each set counting alike.
type Means struct {
	BM25      Metrics `json:"bm25"`
	Retrieval Metrics `json:"retrieval"`
	Matcher   Metrics `json:"matcher"`
}

// NewReport averages the results of several sets.
func NewReport(results []SetResult) Report {
	r := Report{Sets: results}
	pick := func(of func(SetResult) Metrics) Metrics {
		all := make([]Metrics, len(results))
		for i, s := range results {
			all[i] = of(s)
		}
		return mean(all).rounded()
	}
	r.Mean.BM25 = pick(func(s SetResult) Metrics { return s.BM25 })
	r.Mean.Retrieval = pick(func(s SetResult) Metrics { return s.Retrieval })
	r.Mean.Matcher = pick(func(s SetResult) Metrics { return s.Matcher })
	return r
}

// Evaluate measures a set, blinded: the matcher sees titles, texts and paths,
// but no ids, no numbers and no order of lines; shuffling the files or renaming
// the ids changes no figure. Sources without a pair are matched too (they are
// rivals for the targets) but not judged.
func Evaluate(ctx context.Context, set Set, opts Options) (SetResult, error) {
	b := set.blind()
	out := SetResult{Set: set.Name, Unconfirmed: set.Unconfirmed}
	for _, relevant := range b.relevant {
		if len(relevant) > 0 {
			out.Sources++
		}
	}
	if out.Sources == 0 {
		return out, fmt.Errorf("evaluate %s: %w: no source has a pair", set.Name, corpus.ErrInvalid)
	}
	out.BM25 = b.bm25().rounded()
	begin := time.Now()
	m := New(opts.Lexicon, opts.Model)
	if err := m.Load(nil, slices.Concat(b.sources, b.targets)); err != nil {
		return out, fmt.Errorf("evaluate %s: %w", set.Name, err)
	}
	run := m.evaluation(b, cmp.Or(opts.Limit, depth))
	rankings := make([][]scored, len(b.sources))
	parallel(len(b.sources), func(i int) {
		if ctx.Err() == nil {
			rankings[i] = run.rank(i)
		}
	})
	out.ClausesPerSecond = float64(len(b.sources)) / time.Since(begin).Seconds()
	if err := ctx.Err(); err != nil {
		return out, fmt.Errorf("evaluate %s: %w", set.Name, err)
	}
	out.Matcher = b.measure(func(i int) []scored { return rankings[i] }).rounded()
	out.Retrieval = b.measure(run.find).rounded()
	out.Relations = run.relations(set, b)
	return out, nil
}

// bm25 measures the baseline.
func (b blinded) bm25() Metrics {
	docs := make([][]string, len(b.targets))
	for i, c := range b.targets {
		docs[i] = bm25Tokens(c)
	}
	ranker := newBM25(docs)
	return b.measure(func(source int) []scored { return ranker.rank(bm25Tokens(b.sources[source])) })
}

// measure averages the metrics of a ranking over the judged sources.
func (b blinded) measure(rank func(source int) []scored) Metrics {
	var all []Metrics
	for i, relevant := range b.relevant {
		if len(relevant) > 0 {
			all = append(all, judge(b.right(rank(i), relevant), len(relevant)))
		}
	}
	return mean(all)
}

// right says for each rank whether its target is a right one. Among targets
// with the very same words and score the right ones are put last: nothing but
// chance could put them first, and an evaluation must not hang on chance.
func (b blinded) right(ranking []scored, relevant map[int]bool) []bool {
	out := make([]bool, len(ranking))
	for i := 0; i < len(ranking); {
		j, n := i, 0
		for ; j < len(ranking) && b.same(ranking[i], ranking[j]); j++ {
			if relevant[ranking[j].doc] {
				n++
			}
		}
		for k := j - n; k < j; k++ {
			out[k] = true
		}
		i = j
	}
	return out
}

// same tells whether two ranked targets cannot be told apart.
func (b blinded) same(x, y scored) bool {
	return x.score == y.score && b.digests[x.doc] == b.digests[y.doc]
}

// evaluation is a matcher loaded with a blinded set.
type evaluation struct {
	m     *Matcher
	b     blinded
	scene scene
	limit int
}

func (m *Matcher) evaluation(b blinded, limit int) evaluation {
	return evaluation{m, b, m.scene("source", []corpus.StandardID{"target"}), limit}
}

// rank ranks the targets of a source with every signal.
func (e evaluation) rank(source int) []scored {
	return e.numbered(e.m.rank(e.scene, e.m.ask(e.scene, e.b.sources[source]), e.limit))
}

// find ranks them by the finder alone.
func (e evaluation) find(source int) []scored {
	return e.numbered(e.m.candidates(e.scene, e.m.ask(e.scene, e.b.sources[source]), e.limit))
}

// numbered turns places into numbers of targets. Both are in order of digest.
func (e evaluation) numbered(ranking []scored) []scored {
	if len(e.scene.ranges) == 0 {
		return nil
	}
	for i := range ranking {
		ranking[i].doc -= e.scene.ranges[0].Lo
	}
	return ranking
}

// relations compares relations pair by pair.
func (e evaluation) relations(set Set, b blinded) Confusion {
	said := make(map[string]corpus.Relation)
	for i, relevant := range b.relevant {
		a := e.m.ask(e.scene, b.sources[i])
		w := e.scene.workspace(a.view)
		for _, t := range sortedKeys(relevant) {
			v, n := e.scene.target(e.scene.ranges[0].Lo + t)
			p := e.m.propose(newComparison(a.view, v, e.scene.pair, a.at, n, w))
			said[fmt.Sprintf("%d %d", i, t)] = p.Relation
		}
	}
	_, _, sourceAt := blindSide(set.Sources)
	_, _, targetAt := blindSide(set.Targets)
	out := make(Confusion)
	for _, p := range set.Pairs {
		if out[p.Relation] == nil {
			out[p.Relation] = make(map[corpus.Relation]int)
		}
		out[p.Relation][said[fmt.Sprintf("%d %d", sourceAt[p.Source], targetAt[p.Target])]]++
	}
	return out
}

// WriteJSON writes the report as JSON.
func (r Report) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	if err := enc.Encode(r); err != nil {
		return fmt.Errorf("write the evaluation: %w", err)
	}
	return nil
}

// WriteText writes the report as a table: BM25's figures beside the matcher's,
// and their ratio for MAP. The sources are those judged.
func (r Report) WriteText(w io.Writer) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "set\tjudged\tR@1 bm25\tmatcher\tR@10 bm25\tmatcher\tR@50 found\tMRR bm25\tmatcher\tMAP bm25\tfinder\tmatcher\tratio\tnDCG bm25\tmatcher\tclauses/s\t")
	row := func(name, judged string, b, f, m Metrics, rate string) {
		fmt.Fprintf(tw, "%s\t%s\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%s\t%.3f\t%.3f\t%s\t\n", name, judged, b.Recall1, m.Recall1, b.Recall10, m.Recall10, f.Recall50,
			b.MRR10, m.MRR10, b.MAP100, f.MAP100, m.MAP100, times(m.MAP100, b.MAP100), b.NDCG10, m.NDCG10, rate)
	}
	remark := ""
	for _, s := range r.Sets {
		name := s.Set
		if s.Unconfirmed {
			name, remark = name+"*", "* "+unconfirmed+"\n"
		}
		row(name, fmt.Sprint(s.Sources), s.BM25, s.Retrieval, s.Matcher, fmt.Sprintf("%.0f", s.ClausesPerSecond))
	}
	row("mean", "", r.Mean.BM25, r.Mean.Retrieval, r.Mean.Matcher, "")
	if err := tw.Flush(); err != nil {
		return fmt.Errorf("write the evaluation: %w", err)
	}
	if _, err := io.WriteString(w, remark); err != nil {
		return fmt.Errorf("write the evaluation: %w", err)
	}
	return nil
}

// times is a ratio as text, "-" where there is nothing to divide by.
func times(x, y float64) string {
	if y == 0 {
		return "-"
	}
	return fmt.Sprintf("x%.2f", x/y)
}
