package matcher

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"concord/corpus"
)

// Change says how a set's ranking differs from that of an earlier run, on the
// sources that both judged.
type Change struct {
	Set     string `json:"set"`
	Sources int    `json:"sources"` // judged in both runs
	Better  int    `json:"better"`
	Worse   int    `json:"worse"`
	Gain    Gain   `json:"gain"`
	// Relation and WrongYes are the figures of the earlier run and of this one.
	Relation [2]float64 `json:"relation"` // share of relations said right
	WrongYes [2]int     `json:"wrong_yes"`
}

// maxReport bounds the file of an earlier run.
const maxReport = 256 << 20

// ReadReport reads a report written by WriteJSON. One without the figures of
// single sources, as reports had none before, is corpus.ErrInvalid.
func ReadReport(r io.Reader) (Report, error) {
	var out Report
	if err := json.NewDecoder(io.LimitReader(r, maxReport)).Decode(&out); err != nil {
		return out, fmt.Errorf("%w: this is no report of concord evaluate --json: %w", corpus.ErrInvalid, err)
	}
	for _, s := range out.Sets {
		if len(s.BySource) > 0 {
			return out, nil
		}
	}
	return out, fmt.Errorf("%w: the report has no figures of single sources (by_source); make it anew with concord evaluate --json", corpus.ErrInvalid)
}

// Since compares the report with an earlier one, set by set; sets that only one
// of them has are left out. The interval and p are those of a paired test over
// the sources (see Gain).
func (r *Report) Since(before Report) {
	r.Changes = nil
	for _, now := range r.Sets {
		for _, then := range before.Sets {
			if then.Set == now.Set {
				r.Changes = append(r.Changes, now.since(then))
			}
		}
	}
}

func (s SetResult) since(before SetResult) Change {
	c := Change{Set: s.Set, Relation: [2]float64{before.Quality.Relation.Accuracy, s.Quality.Relation.Accuracy}}
	for i, q := range []RecognitionFigures{before.Quality.Recognition, s.Quality.Recognition} {
		c.WrongYes[i] = q.AToB.WrongYes + q.BToA.WrongYes
	}
	then := make(map[string]float64, len(before.BySource))
	for _, j := range before.BySource {
		then[j.Source] = j.Matcher
	}
	var new, old []float64
	for _, j := range s.BySource {
		earlier, there := then[j.Source]
		if !there {
			continue
		}
		new, old = append(new, j.Matcher), append(old, earlier)
		switch {
		case j.Matcher > earlier:
			c.Better++
		case j.Matcher < earlier:
			c.Worse++
		}
	}
	c.Sources, c.Gain = len(new), gainOver(new, old)
	return c
}

// writeChanges writes how the run differs from an earlier one.
func (r Report) writeChanges(w io.Writer) error {
	if len(r.Changes) == 0 {
		return nil
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	title(tw, "since the earlier run: difference in MAP on the sources of both, its 95 % interval and p; relation right and wrong yes then and now")
	fmt.Fprintln(tw, "set\tsources\tbetter\tworse\tMAP\tfrom\tto\tp\trelation\tnow\twrong yes\tnow\t")
	for _, c := range r.Changes {
		fmt.Fprintf(tw, "%s\t%d\t%d\t%d\t%+.3f\t%+.3f\t%+.3f\t%.4f\t%.3f\t%.3f\t%d\t%d\t\n", c.Set, c.Sources, c.Better, c.Worse,
			c.Gain.MAP, c.Gain.Low, c.Gain.High, c.Gain.P, c.Relation[0], c.Relation[1], c.WrongYes[0], c.WrongYes[1])
	}
	if err := tw.Flush(); err != nil {
		return fmt.Errorf("write the evaluation: %w", err)
	}
	return nil
}
