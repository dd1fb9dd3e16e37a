package main

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"concord/corpus"
	"concord/corpus/embedding"
	"concord/matcher"
)

var embedCommand = command{
	name: "embed", args: "",
	summary: "ask a model outside for vectors of all texts, as one more signal of the matcher",
	example: "concord embed --embeddings-url http://127.0.0.1:8081/v1 --embeddings-model bge-m3\nconcord embed --list\nconcord embed --drop bge-m3 (forgets its vectors)",
	run:     runEmbed,
}

func runEmbed(ctx context.Context, e env, args []string) error {
	fs := e.flags()
	c := e.common(fs)
	c.json(fs)
	endpoint := e.embeddings(fs)
	drop := fs.String("drop", "", "forget the vectors of this `model`")
	show := fs.Bool("list", false, "only count the vectors of each model")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	source, err := endpoint()
	switch {
	case err != nil:
		return err
	case len(rest) > 0 || *drop != "" && *show:
		return usage("give an endpoint, or --list, or --drop MODEL")
	case source == nil && *drop == "" && !*show:
		return usage("name an endpoint with --embeddings-url and its model with --embeddings-model")
	}
	p, err := e.openProgram(ctx, *c, false)
	if err != nil {
		return err
	}
	defer p.close()
	switch {
	case *drop != "":
		n, err := p.store.DropEmbeddings(ctx, *drop)
		if err != nil {
			return err
		}
		if n == 0 {
			return fmt.Errorf("there are no vectors of a model %q, --list names the models: %w", *drop, corpus.ErrNotFound)
		}
		return e.embedded(c.JSON, "%d vectors of %s are forgotten\n", map[string]any{"dropped": n, "model": *drop}, n, *drop)
	case *show:
		return p.listEmbedded(ctx, e, c.JSON)
	}
	p.embedder = source
	bar := e.startProgress("embedding")
	n, err := p.embedMissing(ctx, bar.at)
	if err != nil {
		return fmt.Errorf("%w; %d new vectors are kept, the same command goes on from there", err, n)
	}
	bar.end("%d texts", n)
	return e.embedded(c.JSON, "%d texts have a vector of %s now that had none\n", map[string]any{"embedded": n, "model": source.Model()}, n, source.Model())
}

// embedded prints what was done, as JSON or as a sentence.
func (e env) embedded(asJSON bool, sentence string, result map[string]any, values ...any) error {
	if asJSON {
		return printJSON(e.stdout, result)
	}
	for i, v := range values {
		if s, ok := v.(string); ok {
			values[i] = plain(s)
		}
	}
	_, err := fmt.Fprintf(e.stdout, sentence, values...)
	return err
}

// listEmbedded counts the vectors of each model.
func (p *program) listEmbedded(ctx context.Context, e env, asJSON bool) error {
	models, err := p.store.EmbeddedModels(ctx)
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(e.stdout, map[string]any{"models": models})
	}
	t := newTable(e.stdout, "MODEL", "VECTORS")
	for _, name := range slices.Sorted(maps.Keys(models)) {
		t.row(name, fmt.Sprint(models[name]))
	}
	return t.flush()
}

// embeddings adds the flags of an endpoint of embeddings, and returns how to read
// them once they are parsed: nil when no address is given. The key comes from the
// environment or a file, never from a flag, which others can see.
func (e env) embeddings(fs *flag.FlagSet) func() (embedding.Source, error) {
	var o embedding.Config
	fs.StringVar(&o.URL, "embeddings-url", e.setting("CONCORD_EMBEDDINGS_URL", ""), "`address` of an endpoint with /v1/embeddings in the own network, for one more signal (CONCORD_EMBEDDINGS_URL)")
	fs.StringVar(&o.Model, "embeddings-model", e.setting("CONCORD_EMBEDDINGS_MODEL", ""), "`name` of its model (CONCORD_EMBEDDINGS_MODEL)")
	fs.BoolVar(&o.Anywhere, "embeddings-anywhere", e.setting("CONCORD_EMBEDDINGS_ANYWHERE", "") == "1", "let texts of standards leave the private network for that address (CONCORD_EMBEDDINGS_ANYWHERE=1)")
	file := fs.String("embeddings-key-file", e.setting("CONCORD_EMBEDDINGS_KEY_FILE", ""), "`file` with the endpoint's key (CONCORD_EMBEDDINGS_KEY_FILE; the key itself may be in CONCORD_EMBEDDINGS_KEY)")
	return func() (embedding.Source, error) {
		if o.URL == "" {
			return nil, nil
		}
		o.Key = e.getenv("CONCORD_EMBEDDINGS_KEY")
		if *file != "" {
			text, err := os.ReadFile(*file)
			if err != nil {
				return nil, fmt.Errorf("read the key of --embeddings-key-file: %w", err)
			}
			o.Key = strings.TrimSpace(string(text))
		}
		return embedding.NewClient(o)
	}
}

// embedStep is how many texts are asked for before their vectors are kept.
const embedStep = 8 * embedding.Batch

// embedMissing asks for the vectors of all texts that have none and returns how
// many it kept. What was kept stays when it fails, and the next call goes on.
func (p *program) embedMissing(ctx context.Context, progress func(done, total int)) (int, error) {
	done, after := 0, corpus.Digest("")
	todo, err := p.store.CountUnembedded(ctx, p.embedder.Model())
	if err != nil {
		return done, err
	}
	for {
		clauses, err := p.store.Unembedded(ctx, p.embedder.Model(), after, embedStep)
		if err != nil || len(clauses) == 0 {
			return done, err
		}
		texts := make([]string, len(clauses))
		for i, c := range clauses {
			texts[i] = c.Wording()
		}
		vectors, err := p.embedder.Embed(ctx, texts)
		if err != nil {
			return done, err
		}
		found := make(map[corpus.Digest]embedding.Vector, len(vectors))
		for i, v := range vectors {
			after = clauses[i].Digest()
			found[after] = v
		}
		if err := p.store.KeepEmbeddings(ctx, p.embedder.Model(), found); err != nil {
			return done, err
		}
		done += len(clauses)
		if progress != nil {
			progress(done, max(todo, done))
		}
	}
}

// embedBefore brings the vectors up to date before matching. It goes on without
// new ones where the endpoint does not answer: nothing depends on them.
func (p *program) embedBefore(ctx context.Context, e env) error {
	if p.embedder == nil {
		return nil
	}
	if _, err := p.embedMissing(ctx, nil); err != nil {
		if ctx.Err() != nil {
			return err
		}
		fmt.Fprintf(e.stderr, "warning: matching goes on without new vectors: %s\n", plain(err.Error()))
	}
	return nil
}

// embed gives a matcher the vectors there are.
func (p *program) embed(ctx context.Context, m *matcher.Matcher) error {
	if p.embedder == nil {
		return nil
	}
	vectors, err := p.store.Embeddings(ctx, p.embedder.Model())
	if err != nil {
		return err
	}
	m.Embed(matcher.Embeddings{Model: p.embedder.Model(), Vectors: vectors})
	return nil
}

// embedAgainAfter is how long a server waits when an endpoint did not answer.
const embedAgainAfter = time.Minute

// keepEmbedding asks for vectors of new texts until the context ends. It notes in
// embeddedMark when some came, so that the next matcher has them.
func (p *program) keepEmbedding(ctx context.Context) {
	if p.embedder == nil {
		return
	}
	looked, said := int64(-1), ""
	for {
		wait := followEvery
		mark, err := p.store.LastMark(ctx)
		if err == nil && mark != looked {
			var n int
			if n, err = p.embedMissing(ctx, nil); err == nil {
				looked, said = mark, ""
			}
			if n > 0 {
				p.embeddedMark.Add(1)
			}
		}
		if err != nil && ctx.Err() == nil {
			wait = embedAgainAfter
			if err.Error() != said {
				said = err.Error()
				p.log.Warn("matching goes on without new vectors", "cause", said)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

// embedSets asks for the vectors of every text of the sets.
func (e env) embedSets(ctx context.Context, source embedding.Source, sets []matcher.Set) (matcher.Embeddings, error) {
	out := matcher.Embeddings{Model: source.Model(), Vectors: make(map[corpus.Digest]embedding.Vector)}
	var digests []corpus.Digest
	var texts []string
	for _, set := range sets {
		for _, c := range slices.Concat(set.Sources, set.Targets) {
			if _, there := out.Vectors[c.Digest()]; !there {
				out.Vectors[c.Digest()] = embedding.Vector{}
				digests, texts = append(digests, c.Digest()), append(texts, c.Wording())
			}
		}
	}
	bar := e.startProgress("embedding")
	for start := 0; start < len(texts); start += embedStep {
		end := min(start+embedStep, len(texts))
		vectors, err := source.Embed(ctx, texts[start:end])
		if err != nil {
			return out, err
		}
		for i, v := range vectors {
			out.Vectors[digests[start+i]] = v
		}
		bar.at(end, len(texts))
	}
	bar.end("%d texts", len(texts))
	return out, nil
}
