package matcher

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"concord/corpus"
)

// Languages are the base languages of two texts in the order of letters, as in
// "en-zh", so that both directions are one.
type Languages string

// NewLanguages puts two languages in order.
func NewLanguages(a, b corpus.Language) Languages {
	a, b = a.Base(), b.Base()
	if b < a {
		a, b = b, a
	}
	return Languages(a + "-" + b)
}

// languagesOf are those of a pair.
func languagesOf(a, b *view) Languages { return NewLanguages(a.lang, b.lang) }

// between is the model for the texts of two languages: its own, unless something
// was fitted for them.
func (m Model) between(l Languages) Model {
	if t, there := m.tuned[l]; there {
		return t
	}
	return m
}

// weightsOf are the weights that count for a pair.
func (m *Matcher) weightsOf(c *comparison) [][2]float64 {
	if len(m.tuned) > 0 {
		if w, there := m.tuned[languagesOf(c.a, c.b)]; there {
			return w
		}
	}
	return m.weights
}

// Digest fingerprints the weights and constants: what was fitted on top of them
// fits no others.
func (m Model) Digest() string {
	h := sha256.New()
	fmt.Fprintln(h, m.ID())
	for _, name := range sortedKeys(m.weights) {
		fmt.Fprintln(h, "weight", name, m.weights[name])
	}
	for _, name := range sortedKeys(m.values) {
		fmt.Fprintln(h, "value", name, m.values[name])
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// confidenceCurve names the constants of the curve of a search, in the order of
// viewpoints.
var confidenceCurve = viewpoints[0].names

// tunedText writes what a fitted model changes: a line "base" with the name and
// digest of the model it stands on, then lines as a model has them; a line of one
// pair of languages begins with "for" and the pair. All numbers have four digits
// after the point, so that the last bits of a sum make no other version.
func tunedText(base Model, fitted map[Languages]tuning) string {
	var b strings.Builder
	fmt.Fprintf(&b, "base\t%s\t%s\n", base.ID(), base.Digest())
	number := func(x float64) string { return strconv.FormatFloat(four(x)+0, 'f', -1, 64) }
	for _, l := range sortedKeys(fitted) {
		prefix, t := "", fitted[l]
		if l != "" {
			prefix = "for\t" + string(l) + "\t"
		}
		for k, w := range t.weights {
			fmt.Fprintf(&b, "%sweight\t%s\t%s\t%s\n", prefix, signals[k].name, number(w[0]), number(w[1]))
		}
		for i, name := range confidenceCurve {
			fmt.Fprintf(&b, "%svalue\t%s\t%s\n", prefix, name, number(t.curve[i]))
		}
	}
	return b.String()
}

// Tuned is the model with what was fitted on top of it, as Fit.Body has it; the
// number of the version becomes part of its name. A body for another model is
// corpus.ErrConflict, one that cannot be read corpus.ErrInvalid.
func (m Model) Tuned(body string, number int) (Model, error) {
	out := m
	out.Version = fmt.Sprintf("%s+learned.%d", m.Version, number)
	out.weights, out.values, out.tuned = maps.Clone(m.weights), maps.Clone(m.values), make(map[Languages]Model)
	n := 0
	for line := range strings.Lines(body) {
		n++
		cells := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if n == 1 {
			if len(cells) != 3 || cells[0] != "base" {
				return Model{}, fmt.Errorf("read a fitted model, line 1: %w: it does not name its base", corpus.ErrInvalid)
			}
			if cells[1] != m.ID() || cells[2] != m.Digest() {
				return Model{}, corpus.Refuse(corpus.ErrConflict, "model-base", "version {number} was fitted on {base}, this program has {have}; fit anew", "number", number, "base", cells[1], "have", m.ID())
			}
			continue
		}
		if err := out.tune(cells); err != nil {
			return Model{}, fmt.Errorf("read a fitted model, line %d: %w: %w", n, corpus.ErrInvalid, err)
		}
	}
	if n == 0 {
		return Model{}, fmt.Errorf("read a fitted model: %w: it is empty", corpus.ErrInvalid)
	}
	if err := out.complete(); err != nil {
		return Model{}, err
	}
	for _, t := range out.tuned {
		if err := t.complete(); err != nil {
			return Model{}, err
		}
	}
	return out, nil
}

// tune reads one line; those of a pair of languages change a copy of what the
// lines before them made.
func (m *Model) tune(cells []string) error {
	if cells[0] != "for" {
		if cells[0] != "weight" && cells[0] != "value" {
			return fmt.Errorf("%q is no weight or value", strings.Join(cells, " "))
		}
		return m.parse(cells)
	}
	if len(cells) < 4 || cells[2] == "for" {
		return fmt.Errorf("%q has too few cells", strings.Join(cells, " "))
	}
	l := Languages(cells[1])
	t, there := m.tuned[l]
	if !there {
		t = *m
		t.weights, t.values, t.tuned = maps.Clone(m.weights), maps.Clone(m.values), nil
	}
	err := t.tune(cells[2:])
	m.tuned[l] = t
	return err
}
