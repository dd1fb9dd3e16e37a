package matcher

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/corpus/translation"
)

// saysTheSame are the relations of pairs that translations are learned from.
var saysTheSame = []string{"equal", string(corpus.RelationIdentical), string(corpus.RelationEquivalent)}

// LearnTranslations learns a table for every two languages from the pairs of sets
// that say the same, in order of the languages.
func LearnTranslations(lex *lexicon.Lexicon, sets ...Set) []translation.Table {
	pairs := make(map[translation.Languages][]translation.Pair)
	for _, s := range sets {
		s.translations(lex, pairs)
	}
	var out []translation.Table
	keys := make([]translation.Languages, 0, len(pairs))
	for key := range pairs {
		keys = append(keys, key)
	}
	corpus.SortRows(keys, translation.Languages.Compare)
	for _, key := range keys {
		out = append(out, translation.Learn(key[0], key[1], pairs[key], translation.Settings{}))
	}
	return out
}

// translations adds a set's pairs in two languages.
func (s Set) translations(lex *lexicon.Lexicon, pairs map[translation.Languages][]translation.Pair) {
	read := func(clauses []corpus.Clause) map[corpus.ClauseID]corpus.Clause {
		out := make(map[corpus.ClauseID]corpus.Clause, len(clauses))
		for _, c := range clauses {
			out[c.ID] = c
		}
		return out
	}
	sources, targets := read(s.Sources), read(s.Targets)
	for _, p := range s.Pairs {
		a, b := sources[p.Source], targets[p.Target]
		key, turned := translation.NewLanguages(a.Language, b.Language)
		if key[0] == key[1] || !slices.Contains(saysTheSame, p.Relation) {
			continue
		}
		if turned {
			a, b = b, a
		}
		pairs[key] = append(pairs[key], translation.Pair{
			Source: translation.Read(lex, a.Wording(), a.Language), Target: translation.Read(lex, b.Wording(), b.Language),
		})
	}
}

// Transfer is what translations learned elsewhere bring a set: the figures
// without and with them.
type Transfer struct {
	Set    string `json:"set"`
	Family string `json:"family"`
	// From names the sets learned from, none of the same family but for WayHalf.
	From    []string `json:"from"`
	Pairs   int      `json:"pairs"`   // learned from, in the languages of the set
	Entries int      `json:"entries"` // of the table
	Sources int      `json:"sources"` // judged
	Before  Means    `json:"without"`
	After   Means    `json:"with"`
	Finder  Gain     `json:"finder_gain"`
	Matcher Gain     `json:"matcher_gain"`
	// Calibration is the expected calibration error without and with them.
	Calibration [2]float64 `json:"ece"`
	Machine     bool       `json:"machine_written"`
	Way         Way        `json:"way"`
}

// Way is how a transfer is measured.
type Way string

// The ways of measuring a transfer.
const (
	WayTogether Way = "together" // learned from other families; the matcher knows both standards
	WayAlone    Way = "alone"    // learned from other families; each source is a clause of an unknown standard
	WayHalf     Way = "half"     // learned from the first half of the set's own sources, measured on the others
	// WayHalfAlone is WayHalf where each source is a clause of an unknown standard.
	WayHalfAlone Way = "half-alone"
)

// ways lists them with their headings.
var ways = []struct {
	way     Way
	heading string
}{
	{WayTogether, "translations learned from other families, measured without and with them (MAP)"},
	{WayAlone, "the same where the matcher sees one clause and not its standard, so that it learns nothing by itself"},
	{WayHalf, "translations learned from the first half of the same set, measured on the other half"},
	{WayHalfAlone, "the first half of the same set, where the matcher sees one clause and not its standard"},
}

// MeasureTransfer measures a set without and with translations learned from the
// sets of other families, or for WayHalf from the pairs of the first half of its
// own sources, as its file lists them. ok is false, and nothing is measured, when
// those teach nothing of the set's languages.
func MeasureTransfer(ctx context.Context, set Set, from []Set, way Way, opts Options) (out Transfer, ok bool, err error) {
	opts.Alone = way == WayAlone || way == WayHalfAlone
	if way == WayHalf || way == WayHalfAlone {
		first, rest := set.halves()
		return measureTransfer(ctx, rest, []Set{first}, way, opts)
	}
	var others []Set
	for _, s := range from {
		if s.Family != set.Family {
			others = append(others, s)
		}
	}
	return measureTransfer(ctx, set, others, way, opts)
}

// halves are the set with the pairs of the first half of its sources, and with
// the others.
func (s Set) halves() (first, rest Set) {
	early := make(map[corpus.ClauseID]bool)
	for _, c := range s.Sources[:len(s.Sources)/2] {
		early[c.ID] = true
	}
	first, rest = s, s
	first.Pairs, rest.Pairs = nil, nil
	for _, p := range s.Pairs {
		if early[p.Source] {
			first.Pairs = append(first.Pairs, p)
		} else {
			rest.Pairs = append(rest.Pairs, p)
		}
	}
	return first, rest
}

func measureTransfer(ctx context.Context, set Set, from []Set, way Way, opts Options) (Transfer, bool, error) {
	out := Transfer{Set: set.Name, Family: set.Family, Machine: set.Unconfirmed, Way: way}
	tables := slices.DeleteFunc(LearnTranslations(opts.Lexicon, from...), func(t translation.Table) bool {
		return len(t.Entries) == 0 || !set.speaks(translation.Languages{t.Source, t.Target})
	})
	for _, s := range from {
		pairs := make(map[translation.Languages][]translation.Pair)
		s.translations(opts.Lexicon, pairs)
		for key := range pairs {
			if set.speaks(key) && !slices.Contains(out.From, s.Name) {
				out.From = append(out.From, s.Name)
			}
		}
	}
	if len(tables) == 0 {
		return out, false, nil
	}
	for _, t := range tables {
		out.Pairs, out.Entries = out.Pairs+t.Pairs, out.Entries+len(t.Entries)
	}
	opts.Tables = nil
	before, err := Evaluate(ctx, set, opts)
	if err != nil {
		return out, false, err
	}
	opts.Tables = tables
	after, err := Evaluate(ctx, set, opts)
	if err != nil {
		return out, false, err
	}
	out.Sources = before.Sources
	out.Before, out.After = before.means(), after.means()
	out.Calibration = [2]float64{before.Quality.Confidence.ECE, after.Quality.Confidence.ECE}
	out.Finder, out.Matcher = gainOver(after.found, before.found), gainOver(after.ranked, before.ranked)
	return out, true, nil
}

// speaks tells whether the sides of a set are in the two languages.
func (s Set) speaks(l translation.Languages) bool {
	if len(s.Sources) == 0 || len(s.Targets) == 0 {
		return false
	}
	own, _ := translation.NewLanguages(s.Sources[0].Language, s.Targets[0].Language)
	return own == l
}

// means are the figures of one set.
func (r SetResult) means() Means {
	return Means{BM25: r.BM25, Retrieval: r.Retrieval, Matcher: r.Matcher}
}

// WriteTransfers writes what translations learned elsewhere bring, set by set.
func WriteTransfers(w io.Writer, all []Transfer) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, x := range ways {
		part := slices.DeleteFunc(slices.Clone(all), func(t Transfer) bool { return t.Way != x.way })
		if len(part) == 0 {
			continue
		}
		title(tw, x.heading)
		fmt.Fprintln(tw, "set\tlearned from\tentries\tjudged\tR@50 without\twith\tfinder without\twith\tgain\tmatcher without\twith\tgain\tfrom\tto\tp\tECE without\twith\t")
		var sums [4]float64
		for _, t := range part {
			name := t.Set
			if t.Machine {
				name += "*"
			}
			figures := [4]float64{t.Before.Retrieval.MAP100, t.After.Retrieval.MAP100, t.Before.Matcher.MAP100, t.After.Matcher.MAP100}
			fmt.Fprintf(tw, "%s\t%d pairs\t%d\t%d\t%.3f\t%.3f\t%.3f\t%.3f\t%+.3f\t%.3f\t%.3f\t%+.3f\t%+.3f\t%+.3f\t%.4f\t%.3f\t%.3f\t\n", name, t.Pairs, t.Entries, t.Sources,
				t.Before.Retrieval.Recall50, t.After.Retrieval.Recall50, figures[0], figures[1], t.Finder.MAP, figures[2], figures[3], t.Matcher.MAP, t.Matcher.Low, t.Matcher.High, t.Matcher.P, t.Calibration[0], t.Calibration[1])
			for i, f := range figures {
				sums[i] += f
			}
		}
		n := len(part)
		fmt.Fprintf(tw, "mean\t\t\t\t\t\t%.3f\t%.3f\t%+.3f\t%.3f\t%.3f\t%+.3f\t\t\t\t\t\t\n", ratioOf(sums[0], n), ratioOf(sums[1], n), ratioOf(sums[1]-sums[0], n),
			ratioOf(sums[2], n), ratioOf(sums[3], n), ratioOf(sums[3]-sums[2], n))
		for _, t := range part {
			if x.way == WayTogether {
				fmt.Fprintf(tw, "%s: %s\t\n", t.Set, strings.Join(t.From, ", "))
			}
		}
	}
	if err := tw.Flush(); err != nil {
		return fmt.Errorf("write the evaluation: %w", err)
	}
	return nil
}
