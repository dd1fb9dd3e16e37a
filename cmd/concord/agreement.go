package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

var agreementCommand = command{
	name: "agreement", args: "",
	summary: "measure how well reviewers agree, and what audits found",
	example: "concord agreement\nconcord agreement --dossier 0197... --json",
	run:     runAgreement,
}

// agreementResult is what is known of one dossier's quality.
type agreementResult struct {
	Dossier   uuid.UUID              `json:"dossier"`
	Name      string                 `json:"name"`
	Agreement review.AgreementReport `json:"agreement"`
	Audits    []review.SampleResult  `json:"audits"`
}

func runAgreement(ctx context.Context, e env, args []string) error {
	fs := e.flags()
	c := e.common(fs)
	c.json(fs)
	name := fs.String("dossier", "", "`id` or name of one dossier; without it all of them")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return usage("what is %q?", rest[0])
	}
	p, err := e.openProgram(ctx, *c, false)
	if err != nil {
		return err
	}
	defer p.close()
	dossiers, err := p.store.Dossiers(ctx)
	if err != nil {
		return err
	}
	if *name != "" {
		id, err := p.findDossier(ctx, *name)
		if err != nil {
			return err
		}
		d, err := p.store.Dossier(ctx, id)
		if err != nil {
			return err
		}
		dossiers = []review.Dossier{d}
	}
	results := []agreementResult{}
	for _, d := range dossiers {
		r, err := p.agreement(ctx, d)
		if err != nil {
			return err
		}
		results = append(results, r)
	}
	if c.JSON {
		return printJSON(e.stdout, results)
	}
	return printAgreement(e, results)
}

// agreement measures one dossier.
func (p *program) agreement(ctx context.Context, d review.Dossier) (agreementResult, error) {
	out := agreementResult{Dossier: d.ID, Name: d.Name}
	languages := map[corpus.StandardID]corpus.Language{}
	standards, err := p.store.Standards(ctx)
	if err != nil {
		return out, err
	}
	for _, h := range standards {
		languages[h.Standard.ID] = h.Standard.Language
	}
	var double []review.DoubleAnswer
	f := review.Filter{Dossier: d.ID, Limit: review.MaxPage, Order: review.OrderChapter, States: review.Answered}
	for {
		page, err := p.store.Matches(ctx, f)
		if err != nil {
			return out, err
		}
		for _, m := range page.Matches {
			if x, ok := review.Independent(m, d); ok {
				double = append(double, x)
			}
		}
		if f.Cursor = page.Next; f.Cursor == "" {
			break
		}
	}
	answers, err := p.store.SampleAnswers(ctx, d.ID)
	if err != nil {
		return out, err
	}
	out.Agreement = review.MeasureAgreement(double, func(id corpus.StandardID) corpus.Language { return languages[id] })
	out.Audits = review.SampleResults(answers)
	return out, nil
}

// printAgreement prints one line per dossier and language pair, and one per
// audit.
func printAgreement(e env, results []agreementResult) error {
	t := newTable(e.stdout, "DOSSIER", "LANGUAGES", "ANSWERED TWICE", "SAME RELATION", "KAPPA")
	audits := 0
	for _, r := range results {
		audits += len(r.Audits)
		t.row(r.Name, "all", strconv.Itoa(r.Agreement.Relation.N), percent(r.Agreement.Relation.Raw(), r.Agreement.Relation.N), kappa(r.Agreement.Relation))
		for _, l := range r.Agreement.Languages {
			t.row("", fmt.Sprintf("%s-%s", l.From, l.To), strconv.Itoa(l.N), percent(l.Raw(), l.N), kappa(l.Agreement))
		}
	}
	if err := t.flush(); err != nil || audits == 0 {
		return err
	}
	fmt.Fprintln(e.stdout)
	t = newTable(e.stdout, "AUDIT OF", "SEED", "ANSWERED", "DRAWN FROM", "RELATION RIGHT", "95 %", "ALL RIGHT", "95 %")
	for _, r := range results {
		for _, a := range r.Audits {
			t.row(r.Name, strconv.FormatUint(uint64(a.Seed), 10), strconv.Itoa(a.Whole.N), strconv.Itoa(a.Population),
				percent(a.Relation.Value(), a.Relation.N), between(a.Relation), percent(a.Whole.Value(), a.Whole.N), between(a.Whole))
		}
	}
	return t.flush()
}

// percent is a share as people read it, a dash of nothing.
func percent(share float64, n int) string {
	if n == 0 {
		return "-"
	}
	return strconv.FormatFloat(share*100, 'f', 1, 64) + " %"
}

// kappa is Cohen's kappa with two digits, a dash where it is not defined.
func kappa(a review.Agreement) string {
	if a.Kappa == nil {
		return "-"
	}
	return strconv.FormatFloat(*a.Kappa, 'f', 2, 64)
}

// between is the interval of a share.
func between(s review.Share) string {
	return fmt.Sprintf("%.1f to %.1f", s.Low*100, s.High*100)
}
