package matcher

import (
	"fmt"
	"io"
	"text/tabwriter"

	"concord/corpus"
)

// WriteText writes the report as a table: BM25's figures beside the matcher's,
// and their ratio for MAP, and how sure the lead is; then slices, relation,
// recognition, confidence, the prediction of no counterpart, and what changed
// since an earlier run. The sources are those judged.
func (r Report) WriteText(w io.Writer) error {
	if err := r.writeRanking(w); err != nil {
		return err
	}
	if err := r.writeGains(w); err != nil {
		return err
	}
	if err := r.writeSlices(w); err != nil {
		return err
	}
	if err := r.writeQuality(w); err != nil {
		return err
	}
	return r.writeChanges(w)
}

// writeRanking writes the table of rankings.
func (r Report) writeRanking(w io.Writer) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "set\tjudged\tR@1 bm25\tmatcher\tR@10 bm25\tmatcher\tR@50 found\tMRR bm25\tmatcher\tMAP bm25\tfinder\tmatcher\tratio\tnDCG bm25\tmatcher\tclauses/s\t")
	row := func(name, judged string, b, f, m Metrics, rate string) {
		fmt.Fprintf(tw, "%s\t%s\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%s\t%.3f\t%.3f\t%s\t\n", name, judged, b.Recall1, m.Recall1, b.Recall10, m.Recall10, f.Recall50,
			b.MRR10, m.MRR10, b.MAP100, f.MAP100, m.MAP100, times(m.MAP100, b.MAP100), b.NDCG10, m.NDCG10, rate)
	}
	remark := ""
	for _, s := range r.Sets {
		name := s.Set
		if s.Unconfirmed {
			name, remark = name+"*", "* "+unconfirmed+"\n"
		}
		row(name, fmt.Sprint(s.Sources), s.BM25, s.Retrieval, s.Matcher, fmt.Sprintf("%.0f", s.ClausesPerSecond))
	}
	row("mean", "", r.Mean.BM25, r.Mean.Retrieval, r.Mean.Matcher, "")
	if err := tw.Flush(); err != nil {
		return fmt.Errorf("write the evaluation: %w", err)
	}
	if _, err := io.WriteString(w, remark); err != nil {
		return fmt.Errorf("write the evaluation: %w", err)
	}
	return nil
}

// times is a ratio as text, "-" where there is nothing to divide by.
func times(x, y float64) string {
	if y == 0 {
		return "-"
	}
	return fmt.Sprintf("x%.2f", x/y)
}

// title heads a table.
func title(tw io.Writer, text string) { fmt.Fprintf(tw, "\n%s\n", text) }

// writeQuality writes the tables beside the ranking.
func (r Report) writeQuality(w io.Writer) error {
	pools := []struct {
		name string
		of   Quality
	}{{"made by people", r.People}, {"machine-written*", r.Machine}}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	r.writeRelations(tw)
	for _, p := range pools {
		p.of.Relation.write(tw, p.name)
	}
	title(tw, "recognition of right pairs and hard negatives, each way: claimed yes where the set says no (the dangerous error)")
	fmt.Fprintln(tw, "\tpairs\tset says no\twrong yes\tset says conditions\tearly yes\tyes in all\tright answer\t")
	for _, p := range pools {
		p.of.Recognition.AToB.write(tw, p.name+", A→B")
		p.of.Recognition.BToA.write(tw, p.name+", B→A")
	}
	r.writeConfidence(tw)
	for _, p := range pools {
		p.of.Confidence.write(tw, p.name)
	}
	r.writeCounterparts(tw)
	if err := tw.Flush(); err != nil {
		return fmt.Errorf("write the evaluation: %w", err)
	}
	return nil
}

// marked is a set's name with the marks of the tables.
func (s SetResult) marked() string {
	name := s.Set
	if s.Unconfirmed {
		name += "*"
	}
	if s.Partial {
		name += "°"
	}
	return name
}

// writeRelations compares relations set by set.
func (r Report) writeRelations(tw io.Writer) {
	title(tw, "relation of right pairs whose set states one, beside always the commonest and always overlap")
	fmt.Fprintln(tw, "set\tpairs\tright\tcommonest\toverlap\tmacro F1\tcommonest\toverlap\t")
	row := func(name string, f RelationFigures) {
		if f.Pairs > 0 {
			fmt.Fprintf(tw, "%s\t%d\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t\n", name, f.Pairs, f.Accuracy, f.Commonest, f.Overlap, f.MacroF1, f.CommonestF1, f.OverlapF1)
		}
	}
	for _, s := range r.Sets {
		row(s.marked(), s.Quality.Relation)
	}
	row("made by people", r.People.Relation)
	row("machine-written*", r.Machine.Relation)
}

// write writes a table of confusion.
func (f RelationFigures) write(tw io.Writer, name string) {
	if len(f.Confusion) == 0 {
		return
	}
	title(tw, "relations, in the set (rows) and as said (columns), sets "+name)
	for _, r := range corpus.Relations {
		fmt.Fprintf(tw, "\t%s", r)
	}
	fmt.Fprintln(tw, "\t")
	for _, kind := range sortedKeys(f.Confusion) {
		fmt.Fprint(tw, kind)
		for _, r := range corpus.Relations {
			fmt.Fprintf(tw, "\t%d", f.Confusion[kind][r])
		}
		fmt.Fprintln(tw, "\t")
	}
}

// write writes one direction of recognition.
func (f DirectionFigures) write(tw io.Writer, name string) {
	if f.Pairs == 0 {
		return
	}
	conditions := 0
	for _, n := range f.Answers[corpus.AnswerConditions] {
		conditions += n
	}
	part := func(n, of int) string { return fmt.Sprintf("%d (%.3f)", n, ratioOf(float64(n), of)) }
	fmt.Fprintf(tw, "%s\t%d\t%d\t%s\t%d\t%s\t%d\t%s\t\n", name, f.Pairs, f.No, part(f.WrongYes, f.No), conditions, part(f.EarlyYes, conditions), f.Yes, part(f.Right, f.Pairs))
}

// writeConfidence compares confidence with what is right, set by set.
func (r Report) writeConfidence(tw io.Writer) {
	title(tw, fmt.Sprintf("confidence of the first %d proposals of each source; ° the set does not list every right pair", proposedDepth))
	fmt.Fprintln(tw, "set\tpairs\tright\tECE\tBrier\tBrier of base rate\tnine in ten from\tof proposals\tof right ones\t")
	row := func(name string, f CalibrationFigures) {
		if f.Pairs == 0 {
			return
		}
		from, all, right := "-", "-", "-"
		if t := f.NineInTen; t.Confidence > 0 {
			from, all, right = fmt.Sprintf("%.2f", t.Confidence), fmt.Sprintf("%.3f", t.OfAll), fmt.Sprintf("%.3f", t.OfRight)
		}
		fmt.Fprintf(tw, "%s\t%d\t%.3f\t%.3f\t%.3f\t%.3f\t%s\t%s\t%s\t\n", name, f.Pairs, ratioOf(float64(f.Right), f.Pairs), f.ECE, f.Brier, f.Always, from, all, right)
	}
	for _, s := range r.Sets {
		row(s.marked(), s.Quality.Confidence)
	}
	row("made by people", r.People.Confidence)
	row("machine-written*", r.Machine.Confidence)
}

// write writes the reliability table.
func (f CalibrationFigures) write(tw io.Writer, name string) {
	if f.Pairs == 0 {
		return
	}
	title(tw, "reliability of confidence, sets "+name)
	fmt.Fprintln(tw, "from\tpairs\tmean confidence\tright\t")
	for _, d := range f.Deciles {
		if d.Pairs > 0 {
			fmt.Fprintf(tw, "%.1f\t%d\t%.3f\t%.3f\t\n", d.From, d.Pairs, d.Confidence, d.Right)
		}
	}
}

// writeCounterparts judges the prediction of no counterpart, where a set has
// sources without one.
func (r Report) writeCounterparts(tw io.Writer) {
	title(tw, "no counterpart likely, predicted of sources of which it is known")
	fmt.Fprintln(tw, "set\tsources\twithout\tpredicted\tright\tprecision\trecall\t")
	row := func(name string, f CounterpartFigures) {
		if f.Without > 0 {
			fmt.Fprintf(tw, "%s\t%d\t%d\t%d\t%d\t%.3f\t%.3f\t\n", name, f.Sources, f.Without, f.Said, f.Right, ratioOf(float64(f.Right), f.Said), ratioOf(float64(f.Right), f.Without))
		}
	}
	for _, s := range r.Sets {
		row(s.marked(), s.Quality.Counterpart)
	}
	row("made by people", r.People.Counterpart)
	row("machine-written*", r.Machine.Counterpart)
}
