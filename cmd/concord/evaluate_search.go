package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/corpus/samples"
	"concord/index"
)

// maxJudged bounds a file of judged searches, in bytes.
const maxJudged = 4 << 20

// searchReport is how well search answers a judged set. Figures are means of
// nDCG@10 over queries.
type searchReport struct {
	Queries int                  `json:"queries"`
	All     float64              `json:"all"`   // over the texts of all languages at once
	Same    float64              `json:"same"`  // over the texts of the query's own language
	Cross   float64              `json:"cross"` // over the texts of each other language alone
	Pairs   []searchPair         `json:"pairs"`
	Results []index.JudgedResult `json:"results"`
}

// searchPair is the mean over the queries of one language on the texts of
// another.
type searchPair struct {
	From    corpus.Language `json:"from"`
	To      corpus.Language `json:"to"`
	Queries int             `json:"queries"`
	NDCG10  float64         `json:"ndcg@10"`
}

// weak is the figure below which a query is listed.
const weak = 0.7

// evaluateSearch measures search over the built-in corpus, in an index of its
// own that is thrown away.
func (e env) evaluateSearch(ctx context.Context, c config, files []string) error {
	set, err := judgedSets(files)
	if err != nil {
		return err
	}
	lex, err := lexicon.Load()
	if err != nil {
		return err
	}
	report, err := measureSearch(ctx, lex, set)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(e.stdout, report)
	}
	return report.write(e.stdout)
}

// judgedSets reads the judged sets of the files, else the built-in one.
func judgedSets(files []string) ([]index.Judged, error) {
	if len(files) == 0 {
		name, body, err := samples.Searches()
		if err != nil {
			return nil, err
		}
		return index.ReadJudged(name, body)
	}
	var out []index.Judged
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(io.LimitReader(f, maxJudged+1))
		if err = errors.Join(err, f.Close()); err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		if len(body) > maxJudged {
			return nil, fmt.Errorf("%s has more than %d bytes, split it: %w", name, maxJudged, corpus.ErrLimit)
		}
		set, err := index.ReadJudged(name, string(body))
		if err != nil {
			return nil, err
		}
		out = append(out, set...)
	}
	return out, nil
}

// sampleShelf is the built-in corpus as an index follows it.
type sampleShelf []corpus.Change

// Changes implements index.Source.
func (s sampleShelf) Changes(_ context.Context, after int64, limit int) ([]corpus.Change, error) {
	from := min(int(after), len(s))
	return s[from:min(len(s), from+limit)], nil
}

// language is the language of a clause, "" when it is not there.
func (s sampleShelf) language(id corpus.ClauseID) corpus.Language {
	if i := slices.IndexFunc(s, func(c corpus.Change) bool { return c.Clause.ID == id }); i >= 0 {
		return s[i].Clause.Language.Base()
	}
	return ""
}

// newSampleShelf reads the built-in corpus.
func newSampleShelf() (sampleShelf, error) {
	documents, err := sampleDocuments()
	if err != nil {
		return nil, err
	}
	ids := make([]corpus.StandardID, 0, len(documents))
	for id := range documents {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	var out sampleShelf
	for _, id := range ids {
		for _, c := range documents[id].Clauses {
			out = append(out, corpus.Change{Mark: int64(len(out) + 1), Clause: c, Standard: documents[id].Standard})
		}
	}
	return out, nil
}

// measureSearch asks a judged set of the built-in corpus.
func measureSearch(ctx context.Context, lex *lexicon.Lexicon, set []index.Judged) (searchReport, error) {
	shelf, err := newSampleShelf()
	if err != nil {
		return searchReport{}, err
	}
	folder, err := os.MkdirTemp("", "concord-evaluate-")
	if err != nil {
		return searchReport{}, fmt.Errorf("make a folder for the index: %w", err)
	}
	defer os.RemoveAll(folder)
	ix, err := index.Open(ctx, folder, lex, index.Options{})
	if err != nil {
		return searchReport{}, err
	}
	var results []index.JudgedResult
	if _, err = ix.Follow(ctx, shelf, nil); err == nil {
		results, err = ix.Judge(ctx, set, shelf.language)
	}
	if err = errors.Join(err, ix.Close()); err != nil {
		return searchReport{}, err
	}
	return newSearchReport(results), nil
}

// newSearchReport adds up results.
func newSearchReport(results []index.JudgedResult) searchReport {
	r := searchReport{Results: results}
	same, cross := 0, 0
	at := map[[2]corpus.Language]int{}
	for _, x := range results {
		switch x.To {
		case "":
			r.Queries++
			r.All += x.NDCG10
		case x.From:
			same++
			r.Same += x.NDCG10
		default:
			cross++
			r.Cross += x.NDCG10
		}
		key := [2]corpus.Language{x.From, x.To}
		i, known := at[key]
		if !known {
			i = len(r.Pairs)
			at[key] = i
			r.Pairs = append(r.Pairs, searchPair{From: x.From, To: x.To})
		}
		r.Pairs[i].Queries++
		r.Pairs[i].NDCG10 += x.NDCG10
	}
	for i := range r.Pairs {
		r.Pairs[i].NDCG10 /= float64(r.Pairs[i].Queries)
	}
	r.All, r.Same, r.Cross = r.All/float64(max(1, r.Queries)), r.Same/float64(max(1, same)), r.Cross/float64(max(1, cross))
	return r
}

// write prints the figures, a row for each language of the queries, and the
// queries that fail over all texts.
func (r searchReport) write(w io.Writer) error {
	var from, to []corpus.Language
	figure := map[[2]corpus.Language]float64{}
	for _, p := range r.Pairs {
		figure[[2]corpus.Language{p.From, p.To}] = p.NDCG10
		from, to = append(from, p.From), append(to, p.To)
	}
	slices.Sort(from)
	slices.Sort(to)
	from, to = slices.Compact(from), slices.Compact(to)
	head := []string{"QUERY"}
	for _, l := range to {
		head = append(head, orAll(l))
	}
	t := newTable(w, head...)
	for _, f := range from {
		row := []string{string(f)}
		for _, l := range to {
			cell := "–"
			if v, asked := figure[[2]corpus.Language{f, l}]; asked {
				cell = fmt.Sprintf("%.3f", v)
			}
			row = append(row, cell)
		}
		t.row(row...)
	}
	if err := t.flush(); err != nil {
		return err
	}
	fmt.Fprintf(w, "\nnDCG@10 of %d queries over all texts %.3f; same language %.3f, other languages %.3f (%.0f %% of it)\n",
		r.Queries, r.All, r.Same, r.Cross, 100*r.Cross/max(r.Same, 1e-9))
	return r.writeWeak(w)
}

// orAll names the texts of a language, or all.
func orAll(l corpus.Language) string {
	if l == "" {
		return "all texts"
	}
	return string(l)
}

// writeWeak lists the queries that fail, worst first.
func (r searchReport) writeWeak(w io.Writer) error {
	var bad []index.JudgedResult
	for _, x := range r.Results {
		if x.To == "" && x.NDCG10 < weak {
			bad = append(bad, x)
		}
	}
	if len(bad) == 0 {
		return nil
	}
	corpus.Sort(bad, func(a, b index.JudgedResult) int { return int(1e6 * (a.NDCG10 - b.NDCG10)) })
	fmt.Fprintf(w, "\n%d queries below %.2f:\n", len(bad), weak)
	t := newTable(w, "NDCG", "QUERY", "MISSED AMONG TEN", "WRONG BEFORE THE LAST RIGHT")
	for _, x := range bad {
		t.row(fmt.Sprintf("%.3f", x.NDCG10), string(x.From)+" "+x.Query, few(x.Missed), few(x.Wrong))
	}
	return t.flush()
}

// few lists the first ids.
func few(ids []corpus.ClauseID) string {
	out := ""
	for i, id := range ids {
		if i == 3 {
			return out + fmt.Sprintf(" and %d more", len(ids)-3)
		}
		out += " " + string(id)
	}
	return out
}
