package matcher

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/corpus/translation"
)

// Options are what an evaluation measures.
type Options struct {
	Lexicon *lexicon.Lexicon
	Model   Model
	// Limit is how many candidates of a source are found and ranked; 0 means
	// 100, which is as deep as a ranking is judged.
	Limit int
	// Fit also measures what Report.WriteFit needs.
	Fit bool
	// Tables of translations are further evidence, see NewLearned.
	Tables []translation.Table
	// Embeddings are further evidence, see Matcher.Embed.
	Embeddings Embeddings
	// Alone gives the matcher the targets only, so that each source is a clause of
	// an unknown standard and nothing is learned from the two sides together.
	Alone bool
}

// SetResult is what was measured on one set: the BM25 baseline, the finder's
// fused ranking by itself, and the matcher's ranking.
type SetResult struct {
	Set       string  `json:"set"`
	Sources   int     `json:"sources"` // judged: sources with at least one pair
	BM25      Metrics `json:"bm25"`
	Retrieval Metrics `json:"retrieval"`
	Matcher   Metrics `json:"matcher"`
	// OverBM25 and OverFinder say how sure the matcher's lead in MAP is.
	OverBM25   Gain `json:"over_bm25"`
	OverFinder Gain `json:"over_retrieval"`
	// ClausesPerSecond counts all sources over the whole time from reading both
	// sides to the last ranking, without BM25 and without writing reasons.
	ClausesPerSecond float64 `json:"clauses_per_second"`
	// Unconfirmed marks a set whose pairs a machine wrote; the table says so.
	Unconfirmed bool `json:"-"`
	// Quality is what was measured beside the ranking.
	Quality Quality `json:"quality"`
	// Partial marks a set that does not list every right pair.
	Partial bool   `json:"partial"`
	Family  string `json:"family"`
	// Machine repeats Unconfirmed for readers of the JSON.
	Machine bool `json:"machine_written"`
	// BySource are the judged sources one by one.
	BySource []Judged `json:"by_source"`
	lessons  []*lesson
	// average precision by judged source, of the matcher and of the finder
	ranked, found []float64
}

// Report is the result over several sets, with means over the sets.
type Report struct {
	Sets []SetResult `json:"sets"`
	Mean Means       `json:"mean"`
	// Quality over all pairs of the sets made by people, and of those written by
	// a machine.
	People  Quality `json:"quality_people"`
	Machine Quality `json:"quality_machine_written"`
	// Slices are cut from the sets made by people.
	Slices []Slice `json:"slices"`
	// Changes compare with an earlier run, after Since.
	Changes []Change `json:"changes,omitempty"`
}

// Means are the means over all sets, each set counting alike.
type Means struct {
	BM25      Metrics `json:"bm25"`
	Retrieval Metrics `json:"retrieval"`
	Matcher   Metrics `json:"matcher"`
}

// NewReport averages the results of several sets.
func NewReport(results []SetResult) Report {
	r := Report{Sets: results, Slices: slicesOf(results)}
	pick := func(of func(SetResult) Metrics) Metrics {
		all := make([]Metrics, len(results))
		for i, s := range results {
			all[i] = of(s)
		}
		return mean(all).rounded()
	}
	var people, machine []Quality
	for _, s := range results {
		if s.Unconfirmed {
			machine = append(machine, s.Quality)
		} else {
			people = append(people, s.Quality)
		}
	}
	r.People, r.Machine = pooled(people), pooled(machine)
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
	out := SetResult{Set: set.Name, Unconfirmed: set.Unconfirmed, Machine: set.Unconfirmed, Partial: set.Partial, Family: set.Family}
	for _, relevant := range b.relevant {
		if len(relevant) > 0 {
			out.Sources++
		}
	}
	if out.Sources == 0 {
		return out, fmt.Errorf("evaluate %s: %w: no source has a pair", set.Name, corpus.ErrInvalid)
	}
	floor := b.bm25()
	out.BM25 = mean(floor).rounded()
	begin := time.Now()
	m := NewLearned(opts.Lexicon, opts.Model, opts.Tables...)
	m.Embed(opts.Embeddings)
	clauses := b.targets
	if !opts.Alone {
		clauses = slices.Concat(b.sources, b.targets)
	}
	if err := m.Load(set.standards(), clauses); err != nil {
		return out, fmt.Errorf("evaluate %s: %w", set.Name, err)
	}
	run := m.evaluation(b, cmp.Or(opts.Limit, depth))
	run.fit = opts.Fit
	kinds := set.kinds(len(b.sources))
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
	ranked, found := b.measure(func(i int) []scored { return rankings[i] }), b.measure(run.find)
	out.Matcher, out.Retrieval = mean(ranked).rounded(), mean(found).rounded()
	out.BySource = run.judgedSources(set, kinds, floor, found, ranked)
	out.ranked, out.found = precisions(ranked), precisions(found)
	out.OverBM25 = gainOver(out.ranked, precisions(floor))
	out.OverFinder = gainOver(out.ranked, out.found)
	out.Quality = run.quality(set.Partial, kinds, rankings)
	if opts.Fit {
		out.lessons = run.lessons()
	}
	return out, nil
}

// bm25 measures the baseline on every judged source.
func (b blinded) bm25() []Metrics {
	docs := make([][]string, len(b.targets))
	for i, c := range b.targets {
		docs[i] = bm25Tokens(c)
	}
	ranker := newBM25(docs)
	return b.measure(func(source int) []scored { return ranker.rank(bm25Tokens(b.sources[source])) })
}

// measure computes the metrics of a ranking on every judged source.
func (b blinded) measure(rank func(source int) []scored) []Metrics {
	var all []Metrics
	for i, relevant := range b.relevant {
		if len(relevant) > 0 {
			all = append(all, judge(b.right(rank(i), relevant), len(relevant)))
		}
	}
	return all
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
	fit   bool
}

func (m *Matcher) evaluation(b blinded, limit int) evaluation {
	return evaluation{m: m, b: b, scene: m.scene("source", []corpus.StandardID{"target"}), limit: limit}
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

// standards are the two sides as the matcher's corpus knows them.
func (s Set) standards() []corpus.Standard {
	return []corpus.Standard{{ID: "source", Tradition: s.Traditions[0]}, {ID: "target", Tradition: s.Traditions[1]}}
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
