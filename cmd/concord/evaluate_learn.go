package main

import (
	"context"
	"fmt"

	"concord/corpus"
	"concord/matcher"
)

// evaluateLearning measures what translations learned from the sets of the named
// folders bring the sets of other families, and with half what the first half of
// a set brings its other half.
func (e env) evaluateLearning(ctx context.Context, sets []matcher.Set, learn string, half, asJSON bool, opts matcher.Options) error {
	from, err := loadSets(list[string](learn), false)
	if err != nil {
		return err
	}
	bar := e.startProgress("evaluating")
	var out []matcher.Transfer
	var measured []matcher.Way
	if learn != "" {
		measured = append(measured, matcher.WayTogether, matcher.WayAlone)
	}
	if half {
		measured = append(measured, matcher.WayHalf, matcher.WayHalfAlone)
	}
	for i, set := range sets {
		for _, way := range measured {
			t, ok, err := matcher.MeasureTransfer(ctx, set, from, way, opts)
			if err != nil {
				return err
			}
			if ok {
				out = append(out, t)
			}
		}
		bar.at(i+1, len(sets))
	}
	bar.end("%d sets, %d comparisons", len(sets), len(out))
	if len(out) == 0 {
		return fmt.Errorf("no set has the languages of pairs of another family, so nothing can be learned for it: %w", corpus.ErrNotFound)
	}
	if asJSON {
		return printJSON(e.stdout, map[string]any{"transfers": out})
	}
	return matcher.WriteTransfers(e.stdout, out)
}
