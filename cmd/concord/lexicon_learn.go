package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"

	"concord/corpus"
	"concord/corpus/translation"
	"concord/store"
)

// learnFlags are the flags of lexicon learn and lexicon learned.
type learnFlags struct {
	pair, from, editions, as, status string
	minCount, limit, version         int
	least                            float64
	dry                              bool
}

func (f *learnFlags) define(fs *flag.FlagSet) {
	fs.StringVar(&f.pair, "pair", "", "two `languages`, as in zh-en; without it every two that there is something for")
	fs.StringVar(&f.from, "from", strings.Join(learnedFrom, ","), "what to learn from, of editions, terms, matches")
	fs.StringVar(&f.editions, "editions", "", "further parallel editions by `ids`, as in A=B,C=D")
	fs.IntVar(&f.minCount, "min-count", 2, "how many pairs of clauses must show a translation (1 to 1000)")
	fs.Float64Var(&f.least, "least", 0.2, "least strength of the candidates shown, 0 to 1")
	fs.IntVar(&f.limit, "limit", 30, "how many candidates are shown (1 to 100000)")
	fs.IntVar(&f.version, "version", 0, "`number` of the version shown; 0 is the one in use")
	fs.StringVar(&f.status, "status", "", "show only candidates that are proposed, accepted or rejected")
	fs.StringVar(&f.as, "as", "", "`login` of the person who accepts or rejects")
	fs.BoolVar(&f.dry, "dry-run", false, "show what would be learned and keep nothing")
}

// check refuses what cannot be meant.
func (f learnFlags) check() error {
	statuses := []string{"", string(translation.Proposed), string(translation.Accepted), string(translation.Rejected)}
	switch {
	case f.minCount < 1 || f.minCount > 1000:
		return usage("the minimum count is 1 to 1000")
	case f.limit < 1 || f.limit > 100_000 || f.least < 0 || f.least > 1:
		return usage("the limit is 1 to 100000 and the least strength 0 to 1")
	case !slices.Contains(statuses, f.status):
		return usage("the status is proposed, accepted or rejected")
	}
	for _, kind := range list[string](f.from) {
		if !slices.Contains(learnedFrom, kind) {
			return usage("--from knows %s, not %q", strings.Join(learnedFrom, ", "), kind)
		}
	}
	return nil
}

// languages are those of --pair in the order they are kept in; turned says that
// the person named them the other way round.
func (f learnFlags) languages() (key translation.Languages, turned bool, err error) {
	a, b, ok := strings.Cut(strings.ToLower(f.pair), "-")
	if !ok || len(a) < 2 || len(b) < 2 || a == b || strings.Contains(b, "-") {
		return key, false, usage("say with --pair which two languages, as in zh-en")
	}
	key, turned = translation.NewLanguages(corpus.Language(a), corpus.Language(b))
	return key, turned, nil
}

// named are the editions of --editions.
func (f learnFlags) named() ([][2]corpus.StandardID, error) {
	var out [][2]corpus.StandardID
	for _, part := range list[string](f.editions) {
		a, b, ok := strings.Cut(part, "=")
		if !ok || a == "" || b == "" || a == b {
			return nil, usage("--editions wants two ids with = between, not %q", part)
		}
		out = append(out, [2]corpus.StandardID{corpus.StandardID(a), corpus.StandardID(b)})
	}
	return out, nil
}

// learn learns a version of every two languages, keeps it and puts it in use.
func (p *program) learn(ctx context.Context, e env, c config, f learnFlags) error {
	named, err := f.named()
	if err != nil {
		return err
	}
	var only translation.Languages
	if f.pair != "" {
		if only, _, err = f.languages(); err != nil {
			return err
		}
	}
	found, err := p.gatherPairs(ctx, list[string](f.from), named)
	if err != nil {
		return err
	}
	keys := make([]translation.Languages, 0, len(found))
	for key := range found {
		if f.pair == "" || key == only {
			keys = append(keys, key)
		}
	}
	corpus.SortRows(keys, translation.Languages.Compare)
	if len(keys) == 0 {
		return fmt.Errorf("nothing to learn from: no parallel editions, bilingual terms or agreed matches of two languages in the store; import the same standard in both languages or name two with --editions A=B: %w", corpus.ErrNotFound)
	}
	var shown []learnedView
	for _, key := range keys {
		l, err := p.learnPair(ctx, e, key, *found[key], f)
		if err != nil {
			return err
		}
		view, err := p.view(ctx, l, f)
		if err != nil {
			return err
		}
		shown = append(shown, view)
	}
	return printLearned(e.stdout, c, shown)
}

// learnPair learns the table of two languages.
func (p *program) learnPair(ctx context.Context, e env, key translation.Languages, g gathered, f learnFlags) (store.LearnedTable, error) {
	bar := e.startProgress(fmt.Sprintf("learning %s-%s", key[0], key[1]))
	l := store.LearnedTable{Table: translation.Learn(key[0], key[1], g.pairs, translation.Settings{MinCount: f.minCount}), Origin: g.origin}
	bar.end("%d pairs, %d candidates", l.Table.Pairs, len(l.Table.Entries))
	l.Origin.LeftOut, l.Origin.MinCount, l.Entries = l.Table.LeftOut, f.minCount, len(l.Table.Entries)
	l.Clauses = examples(&l.Table, g.clauses)
	if f.dry {
		return l, nil
	}
	actor, err := p.actor(ctx, f.as)
	if err != nil {
		return l, err
	}
	if l, err = p.store.KeepTranslations(ctx, l, actor); err != nil {
		return l, err
	}
	l.InUse = true
	return l, p.store.UseTranslations(ctx, key[0], key[1], l.Table.Number, actor)
}

// actor is the id of a person, or the command line where none is named.
func (p *program) actor(ctx context.Context, login string) (string, error) {
	if login == "" {
		return "cli", nil
	}
	person, _, err := p.store.PersonByLogin(ctx, login)
	return person.ID.String(), err
}

// examples are the pairs of clauses that the entries name; the entries are
// renumbered to them.
func examples(t *translation.Table, all [][2]corpus.ClauseID) [][2]corpus.ClauseID {
	var out [][2]corpus.ClauseID
	place := map[int]int{}
	for i, e := range t.Entries {
		t.Entries[i].Examples = nil
		for _, x := range e.Examples {
			at, there := place[x]
			if !there {
				at = len(out)
				place[x] = at
				out = append(out, all[x])
			}
			t.Entries[i].Examples = append(t.Entries[i].Examples, at)
		}
	}
	return out
}

// candidate is an entry as a person sees it.
type candidate struct {
	Source   string               `json:"source"`
	Target   string               `json:"target"`
	Forms    [2]string            `json:"forms"` // as they are compared
	Count    int                  `json:"count"`
	Forward  float64              `json:"forward"`  // chance of the target where the source stands
	Backward float64              `json:"backward"` // chance of the source where the target stands
	Strength float64              `json:"strength"`
	Surprise float64              `json:"surprise"`
	Status   translation.Status   `json:"status"`
	Examples [][2]corpus.ClauseID `json:"examples"`
}

// learnedView is a version with its candidates, in the languages' order that was
// asked for.
type learnedView struct {
	Source     corpus.Language `json:"source"`
	Target     corpus.Language `json:"target"`
	Version    int             `json:"version"` // 0 when it was not kept
	InUse      bool            `json:"inUse"`
	Pairs      int             `json:"pairs"`
	Entries    int             `json:"entries"`
	Origin     store.Origin    `json:"origin"`
	Candidates []candidate     `json:"candidates"`
}

// view makes a version ready to be shown: entries that are no part of a longer
// one, the strongest first.
func (p *program) view(ctx context.Context, l store.LearnedTable, f learnFlags) (learnedView, error) {
	answers, err := p.store.TranslationAnswers(ctx, l.Table.Source, l.Table.Target)
	if err != nil {
		return learnedView{}, err
	}
	status := store.StatusOf(answers)
	v := learnedView{Source: l.Table.Source, Target: l.Table.Target, Version: l.Table.Number, InUse: l.InUse, Pairs: l.Table.Pairs, Entries: l.Entries, Origin: l.Origin, Candidates: []candidate{}}
	_, turned, _ := f.languages()
	if turned {
		v.Source, v.Target = v.Target, v.Source
	}
	for _, e := range l.Table.Entries {
		c := candidate{Source: e.SourcePrinted, Target: e.TargetPrinted, Forms: [2]string{e.Source, e.Target}, Count: e.Count,
			Forward: e.Forward, Backward: e.Backward, Strength: e.Strength(), Surprise: e.Surprise, Status: status(e.Source, e.Target)}
		if e.Under >= 0 || c.Strength < f.least || f.status != "" && string(c.Status) != f.status || len(v.Candidates) == f.limit {
			continue
		}
		for _, x := range e.Examples {
			pair := l.Clauses[x]
			if turned {
				pair[0], pair[1] = pair[1], pair[0]
			}
			c.Examples = append(c.Examples, pair)
		}
		if turned {
			c.Source, c.Target, c.Forward, c.Backward = c.Target, c.Source, c.Backward, c.Forward
			c.Forms[0], c.Forms[1] = c.Forms[1], c.Forms[0]
		}
		v.Candidates = append(v.Candidates, c)
	}
	return v, nil
}

// describe says in a line what a version was learned from.
func (v learnedView) describe() string {
	var from []string
	for _, kind := range learnedFrom {
		if n := v.Origin.Pairs[kind]; n > 0 {
			from = append(from, fmt.Sprintf("%s %d", kind, n))
		}
	}
	state := "not kept"
	switch {
	case v.InUse:
		state = fmt.Sprintf("version %d, in use", v.Version)
	case v.Version > 0:
		state = fmt.Sprintf("version %d", v.Version)
	}
	return fmt.Sprintf("%s-%s, %s: learned from %d pairs of clauses (%s; %d left out), %d candidates, %d shown",
		v.Source, v.Target, state, v.Pairs, cmp.Or(strings.Join(from, ", "), "none"), v.Origin.LeftOut, v.Entries, len(v.Candidates))
}
