package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"concord/corpus"
	"concord/corpus/translation"
	"concord/store"
)

// lexiconActions are the actions of concord lexicon that need the store.
var lexiconActions = []string{"learn", "learned"}

// runLearned runs lexicon learn and lexicon learned.
func runLearned(ctx context.Context, e env, args []string) error {
	fs := e.flags()
	c := e.common(fs)
	c.json(fs)
	f := &learnFlags{}
	f.define(fs)
	words, err := parse(fs, args)
	if err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
	}
	p, err := e.openProgram(ctx, *c, false)
	if err != nil {
		return err
	}
	defer p.close()
	if words[0] == "learn" {
		if len(words) > 1 {
			return usage("lexicon learn takes no further words")
		}
		return p.learn(ctx, e, *c, *f)
	}
	return p.learned(ctx, e, *c, *f, words[1:])
}

// learned shows versions and changes what counts.
func (p *program) learned(ctx context.Context, e env, c config, f learnFlags, words []string) error {
	if len(words) == 1 && words[0] == "list" && f.pair == "" {
		return p.listVersions(ctx, e, c)
	}
	key, turned, err := f.languages()
	if err != nil {
		return err
	}
	switch {
	case len(words) == 1 && words[0] == "list":
		l, err := p.store.Translations(ctx, key[0], key[1], f.version)
		if err != nil {
			return err
		}
		v, err := p.view(ctx, l, f)
		if err != nil {
			return err
		}
		return printLearned(e.stdout, c, []learnedView{v})
	case len(words) == 2 && words[0] == "use":
		n, err := strconv.Atoi(words[1])
		if err != nil || n < 1 {
			return usage("%q is not the number of a version", words[1])
		}
		return p.use(ctx, e, key, n, f.as)
	case len(words) == 1 && words[0] == "off":
		return p.use(ctx, e, key, 0, f.as)
	case len(words) == 1 && words[0] == "rollback":
		return p.rollback(ctx, e, key, f.as)
	case len(words) == 3 && (words[0] == "accept" || words[0] == "reject" || words[0] == "undo"):
		if turned {
			words[1], words[2] = words[2], words[1]
		}
		return p.answer(ctx, e, key, f, words)
	}
	return usage("say list, use NUMBER, off, rollback, accept WORD TRANSLATION, reject WORD TRANSLATION or undo WORD TRANSLATION")
}

// use puts a version in use, 0 for none.
func (p *program) use(ctx context.Context, e env, key translation.Languages, number int, as string) error {
	actor, err := p.actor(ctx, as)
	if err != nil {
		return err
	}
	if err := p.store.UseTranslations(ctx, key[0], key[1], number, actor); err != nil {
		return err
	}
	if number == 0 {
		fmt.Fprintf(e.stdout, "no learned translations of %s-%s count now\n", key[0], key[1])
		return nil
	}
	fmt.Fprintf(e.stdout, "version %d of %s-%s counts now\n", number, key[0], key[1])
	return nil
}

// rollback puts the version before the one in use in use.
func (p *program) rollback(ctx context.Context, e env, key translation.Languages, as string) error {
	l, err := p.store.Translations(ctx, key[0], key[1], 0)
	if err != nil {
		return err
	}
	return p.use(ctx, e, key, l.Table.Number-1, as)
}

// judgements are what the words of the command mean.
var judgements = map[string]translation.Status{"accept": translation.Accepted, "reject": translation.Rejected, "undo": translation.Proposed}

// answer says what a person thinks of the entries that are printed, or compared,
// as the two words given.
func (p *program) answer(ctx context.Context, e env, key translation.Languages, f learnFlags, words []string) error {
	if f.as == "" {
		return usage("say with --as LOGIN who says so")
	}
	person, _, err := p.store.PersonByLogin(ctx, f.as)
	if err != nil {
		return err
	}
	l, err := p.store.Translations(ctx, key[0], key[1], f.version)
	if err != nil {
		return err
	}
	var said []store.TranslationAnswer
	for _, x := range l.Table.Entries {
		if meant(words[1], x.Source, x.SourcePrinted) && meant(words[2], x.Target, x.TargetPrinted) {
			said = append(said, store.TranslationAnswer{Source: key[0], Target: key[1], Word: x.Source, Rendering: x.Target, Status: judgements[words[0]]})
		}
	}
	if len(said) == 0 {
		return fmt.Errorf("version %d of %s-%s has no candidate %q with %q; `concord lexicon learned list --pair %s-%s --least 0 --limit 100000` shows all: %w", l.Table.Number, key[0], key[1], words[1], words[2], key[0], key[1], corpus.ErrNotFound)
	}
	if err := p.store.AnswerTranslations(ctx, person, said...); err != nil {
		return err
	}
	for _, a := range said {
		fmt.Fprintf(e.stdout, "%s: %s, %s\n", a.Status, plain(a.Word), plain(a.Rendering))
	}
	return nil
}

// meant tells whether a person means an entry's side by a text.
func meant(text, form, printed string) bool {
	text = strings.Join(strings.Fields(text), " ")
	return text == form || strings.EqualFold(text, printed)
}

// listVersions lists every version of every two languages.
func (p *program) listVersions(ctx context.Context, e env, c config) error {
	all, err := p.store.TranslationTables(ctx)
	if err != nil {
		return err
	}
	type version struct {
		learnedView
		Made  time.Time `json:"made"`
		Maker string    `json:"maker"`
	}
	versions := []version{}
	for _, l := range all {
		versions = append(versions, version{learnedView{Source: l.Table.Source, Target: l.Table.Target, Version: l.Table.Number, InUse: l.InUse,
			Pairs: l.Table.Pairs, Entries: l.Entries, Origin: l.Origin, Candidates: []candidate{}}, l.Made, l.Maker})
	}
	if c.JSON {
		return printJSON(e.stdout, map[string]any{"versions": versions})
	}
	t := newTable(e.stdout, "LANGUAGES", "VERSION", "IN USE", "MADE", "PAIRS", "CANDIDATES", "LEARNED FROM")
	for _, v := range versions {
		use := ""
		if v.InUse {
			use = "yes"
		}
		var from []string
		for _, x := range v.Origin.Editions {
			from = append(from, fmt.Sprintf("%s = %s", x[0], x[1]))
		}
		for _, kind := range learnedFrom[1:] {
			if n := v.Origin.Pairs[kind]; n > 0 {
				from = append(from, fmt.Sprintf("%d %s", n, kind))
			}
		}
		t.row(fmt.Sprintf("%s-%s", v.Source, v.Target), strconv.Itoa(v.Version), use, v.Made.Format(time.DateOnly), strconv.Itoa(v.Pairs), strconv.Itoa(v.Entries), strings.Join(from, ", "))
	}
	return t.flush()
}

// printLearned prints versions with their candidates.
func printLearned(w io.Writer, c config, views []learnedView) error {
	if c.JSON {
		return printJSON(w, map[string]any{"learned": views})
	}
	for _, v := range views {
		if _, err := fmt.Fprintf(w, "%s\n", plain(v.describe())); err != nil {
			return fmt.Errorf("write the result: %w", err)
		}
		t := newTable(w, strings.ToUpper(string(v.Source)), strings.ToUpper(string(v.Target)), "SEEN", "THERE", "BACK", "STATUS", "FOR EXAMPLE")
		for _, x := range v.Candidates {
			var where []string
			for _, pair := range x.Examples {
				where = append(where, string(pair[0]))
			}
			t.row(x.Source, x.Target, strconv.Itoa(x.Count), fmt.Sprintf("%.2f", x.Forward), fmt.Sprintf("%.2f", x.Backward), string(x.Status), strings.Join(where, ", "))
		}
		if err := t.flush(); err != nil {
			return err
		}
	}
	return nil
}
