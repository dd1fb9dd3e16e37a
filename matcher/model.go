package matcher

import (
	_ "embed"
	"fmt"
	"math"
	"strconv"
	"strings"

	"concord/corpus"
)

// Model is the table of weights and constants a proposal was made with.
type Model struct {
	Name    string
	Version string
	weights map[string][2]float64 // by signal: within one language, across languages
	values  map[string]float64
	tuned   map[Languages]Model // what differs for the texts of two languages
}

//go:embed model.tsv
var defaultModel string

// DefaultModel is the model inside the program.
func DefaultModel() (Model, error) { return ParseModel(defaultModel) }

// ParseModel reads a model: lines of tab-separated cells, "name" and "version"
// with one value, "weight" with a signal and its weights within one language
// and across languages, "value" with a constant. Blank lines and lines that
// begin with # are skipped. An unknown signal or constant, a missing one and a
// number that is none are corpus.ErrInvalid and name the line.
func ParseModel(text string) (Model, error) {
	m := Model{weights: make(map[string][2]float64), values: make(map[string]float64)}
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimRight(line, "\r\n")
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := m.parse(strings.Split(line, "\t")); err != nil {
			return Model{}, fmt.Errorf("read model, line %d: %w: %w", n, corpus.ErrInvalid, err)
		}
	}
	return m, m.complete()
}

// parse reads one line.
func (m *Model) parse(cells []string) error {
	number := func(i int) (float64, error) {
		v, err := strconv.ParseFloat(cells[i], 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return 0, fmt.Errorf("%q is not a number", cells[i])
		}
		return v, nil
	}
	switch {
	case cells[0] == "name" && len(cells) >= 2:
		m.Name = cells[1]
	case cells[0] == "version" && len(cells) >= 2:
		m.Version = cells[1]
	case cells[0] == "weight" && len(cells) >= 4:
		same, err := number(2)
		if err != nil {
			return err
		}
		across, err := number(3)
		m.weights[cells[1]] = [2]float64{same, across}
		return err
	case cells[0] == "value" && len(cells) >= 3:
		v, err := number(2)
		m.values[cells[1]] = v
		return err
	default:
		return fmt.Errorf("%q is no name, version, weight or value with its cells", strings.Join(cells, " "))
	}
	return nil
}

// complete checks that everything the program uses is there, and nothing else.
func (m *Model) complete() error {
	if m.Name == "" || m.Version == "" {
		return fmt.Errorf("read model: %w: name or version is missing", corpus.ErrInvalid)
	}
	known := make(map[string]bool)
	for _, s := range signals {
		known[s.name] = true
		if _, ok := m.weights[s.name]; !ok {
			return fmt.Errorf("read model: %w: no weight for the signal %q", corpus.ErrInvalid, s.name)
		}
	}
	for _, name := range sortedKeys(m.weights) {
		if !known[name] {
			return fmt.Errorf("read model: %w: there is no signal %q", corpus.ErrInvalid, name)
		}
	}
	for _, name := range modelValues {
		if _, ok := m.values[name]; !ok {
			return fmt.Errorf("read model: %w: the value %q is missing", corpus.ErrInvalid, name)
		}
	}
	return nil
}

// modelValues are the constants a model must give.
var modelValues = []string{
	"confidence-bias", "confidence-score", "confidence-ahead", "confidence-alone-bias", "confidence-alone-score",
	"counterpart-from", "relation-none-below", "contained-from", "contained-from-across", "contained-parallel", "contained-margin", "parallel-from", "parallel-lag", "part-margin", "yes-from",
}

// ID is the name that proposals carry.
func (m Model) ID() string { return m.Name + " " + m.Version }

// confidence is the chance that a proposed pair is right, by a logistic curve
// over the score and over how far it is ahead of the best other candidate of
// the same source. Without a search (ahead is nil) it has a curve of its own,
// since scores of two texts alone are on another scale.
func (m Model) confidence(score float64, ahead *float64) float64 {
	if ahead == nil {
		return logistic(m.values["confidence-alone-bias"] + m.values["confidence-alone-score"]*score)
	}
	return logistic(m.values["confidence-bias"] + m.values["confidence-score"]*score + m.values["confidence-ahead"]*bounded(*ahead))
}

// logistic maps any number to 0 to 1.
func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// bounded keeps a lead within -1 and 1: beyond, more says nothing more.
func bounded(ahead float64) float64 { return max(-1, min(1, ahead)) }
