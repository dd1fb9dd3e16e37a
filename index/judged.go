package index

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"concord/corpus"
)

// Judged is one question with the clauses that answer it, as an expert wrote
// them: the same question in several languages.
type Judged struct {
	Topic   string
	Queries []JudgedQuery
	Grades  map[corpus.ClauseID]int // 2 answers the question, 1 belongs to the answer
}

// JudgedQuery is what a person types, in one language.
type JudgedQuery struct {
	Language corpus.Language
	Text     string
}

// judgedHeader is the first line of a judged set that is no comment.
const judgedHeader = "topic\twhat\tvalue"

// ReadJudged reads a judged set: a table with the columns topic, what, value.
// "what" is a language, and the value a query, or the grade 1 or 2, and the
// value clause ids separated by blanks. Lines that begin with # are comments.
// Errors wrap corpus.ErrInvalid and name file and line.
func ReadJudged(name, body string) ([]Judged, error) {
	var out []Judged
	place := map[string]int{}
	headed := false
	for i, line := range strings.Split(strings.TrimPrefix(body, "\ufeff"), "\n") {
		line = strings.TrimRight(line, "\r\t ")
		bad := func(format string, args ...any) error {
			return fmt.Errorf("%s line %d: %s: %w", name, i+1, fmt.Sprintf(format, args...), corpus.ErrInvalid)
		}
		switch cells := strings.Split(line, "\t"); {
		case line == "" || line[0] == '#':
		case !headed:
			if headed = line == judgedHeader; !headed {
				return nil, bad("the header must be %q", judgedHeader)
			}
		case len(cells) != 3:
			return nil, bad("a row has 3 cells, this one has %d", len(cells))
		default:
			at, known := place[cells[0]]
			if !known {
				at = len(out)
				place[cells[0]] = at
				out = append(out, Judged{Topic: cells[0], Grades: map[corpus.ClauseID]int{}})
			}
			if problem := out[at].add(cells[1], cells[2]); problem != "" {
				return nil, bad("%s", problem)
			}
		}
	}
	for _, j := range out {
		if len(j.Queries) == 0 || len(j.Grades) == 0 {
			return nil, fmt.Errorf("%s: the topic %s needs a query and a clause with grade 1 or 2: %w", name, j.Topic, corpus.ErrInvalid)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: there is no topic in it: %w", name, corpus.ErrInvalid)
	}
	return out, nil
}

// add takes in one row and says what is wrong with it.
func (j *Judged) add(what, value string) string {
	if what != "1" && what != "2" {
		if len(what) < 2 || len(what) > 3 || strings.ToLower(what) != what {
			return fmt.Sprintf("%q is neither a language nor the grade 1 or 2", what)
		}
		j.Queries = append(j.Queries, JudgedQuery{corpus.Language(what), value})
		return ""
	}
	for _, id := range strings.Fields(value) {
		if j.Grades[corpus.ClauseID(id)] != 0 {
			return fmt.Sprintf("the clause %s is judged twice in %s", id, j.Topic)
		}
		j.Grades[corpus.ClauseID(id)] = int(what[0] - '0')
	}
	return ""
}

// JudgedResult is how well one query was answered from one set of texts.
type JudgedResult struct {
	Topic  string            `json:"topic"`
	Query  string            `json:"query"`
	From   corpus.Language   `json:"from"`
	To     corpus.Language   `json:"to"` // "" is all languages at once
	NDCG10 float64           `json:"ndcg@10"`
	Missed []corpus.ClauseID `json:"missed,omitempty"` // answers (grade 2) not among the first ten
	Wrong  []corpus.ClauseID `json:"wrong,omitempty"`  // unjudged ones before the last answer found
}

// judgedDepth is how many hits are judged.
const judgedDepth = 10

// Judge asks every query of a judged set: once over all texts, and once over the
// texts of each language that has an answer. language tells a clause's language,
// "" for a clause that is not there, which is an error.
func (ix *Index) Judge(ctx context.Context, set []Judged, language func(corpus.ClauseID) corpus.Language) ([]JudgedResult, error) {
	var out []JudgedResult
	for _, j := range set {
		by := map[corpus.Language]map[corpus.ClauseID]int{"": j.Grades}
		for id, grade := range j.Grades {
			l := language(id)
			if l == "" {
				return nil, fmt.Errorf("topic %s: there is no clause %s: %w", j.Topic, id, corpus.ErrInvalid)
			}
			if by[l] == nil {
				by[l] = map[corpus.ClauseID]int{}
			}
			by[l][id] = grade
		}
		targets := make([]corpus.Language, 0, len(by))
		for l, grades := range by {
			if slices.Max(values(grades)) == 2 {
				targets = append(targets, l)
			}
		}
		slices.Sort(targets)
		for _, q := range j.Queries {
			for _, to := range targets {
				r, err := ix.judge(ctx, j.Topic, q, to, by[to])
				if err != nil {
					return nil, err
				}
				out = append(out, r)
			}
		}
	}
	return out, nil
}

func values(grades map[corpus.ClauseID]int) []int {
	out := make([]int, 0, len(grades))
	for _, g := range grades {
		out = append(out, g)
	}
	return out
}

// judge asks one query of the texts of one language, "" for all.
func (ix *Index) judge(ctx context.Context, topic string, q JudgedQuery, to corpus.Language, grades map[corpus.ClauseID]int) (JudgedResult, error) {
	r := JudgedResult{Topic: topic, Query: q.Text, From: q.Language, To: to}
	ask := Query{Text: q.Text, Language: q.Language, Limit: judgedDepth}
	if to != "" {
		ask.Languages = []corpus.Language{to}
	}
	found, err := ix.Search(ctx, ask)
	if err != nil {
		return r, fmt.Errorf("ask %q: %w", q.Text, err)
	}
	got := make([]int, len(found.Hits))
	last := 0
	for i, h := range found.Hits {
		if got[i] = grades[h.Clause]; got[i] > 0 {
			last = i
		}
	}
	for i, h := range found.Hits[:min(last, len(found.Hits))] {
		if got[i] == 0 {
			r.Wrong = append(r.Wrong, h.Clause)
		}
	}
	for id, grade := range grades {
		if grade == 2 && !slices.ContainsFunc(found.Hits, func(h Hit) bool { return h.Clause == id }) {
			r.Missed = append(r.Missed, id)
		}
	}
	slices.Sort(r.Missed)
	r.NDCG10 = ndcg(got, values(grades))
	return r, nil
}

// ndcg is the normalised discounted cumulative gain of a ranking's grades among
// its first ten, with the gain 2^grade − 1 (Järvelin and Kekäläinen 2002, as
// Burges et al. 2005 write it); all are the grades there are to find.
func ndcg(got, all []int) float64 {
	best := slices.Clone(all)
	corpus.SortRows(best, func(a, b int) int { return b - a })
	ideal := gain(best)
	if ideal == 0 {
		return 0
	}
	return gain(got) / ideal
}

func gain(grades []int) float64 {
	sum := 0.0
	for i, g := range grades[:min(judgedDepth, len(grades))] {
		sum += (math.Exp2(float64(g)) - 1) / math.Log2(float64(i)+2)
	}
	return sum
}
