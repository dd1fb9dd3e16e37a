package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// concordJSON runs a command and reads what it prints.
func concordJSON[T any](t *testing.T, args ...string) (T, error) {
	t.Helper()
	var out, problems bytes.Buffer
	e := quiet()
	e.stdout, e.stderr = &out, &problems
	i := slices.IndexFunc(commands(), func(c command) bool { return c.name == args[0] })
	e.command = commands()[i]
	var got T
	if err := e.command.run(t.Context(), e, args[1:]); err != nil {
		return got, err
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%s: %v in %s", strings.Join(args, " "), err, out.String())
	}
	return got, nil
}

// decidedDossier is a dossier of the sample with one party's reviewer on each side,
// in which everything proposed is settled: what the sample's concordance has is
// confirmed, and the rest rejected by both.
func decidedDossier(t *testing.T) (*program, review.Dossier) {
	t.Helper()
	p, d := runDossier(t, []corpus.StandardID{"cn-gb-55019-2021"}, []corpus.StandardID{"ru-sp-59-13330-2020"})
	m, err := p.loadMatcher(t.Context(), "cn-gb-55019-2021", "ru-sp-59-13330-2020")
	if err != nil {
		t.Fatal(err)
	}
	clauses, err := p.bindingClauses(t.Context(), "cn-gb-55019-2021")
	if err != nil {
		t.Fatal(err)
	}
	found, err := proposalsOf(t.Context(), m, clauses, []corpus.StandardID{"ru-sp-59-13330-2020"}, 3, review.RunLeast, func(int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := p.store.Propose(t.Context(), d.ID, found); err != nil {
		t.Fatal(err)
	}
	var people []review.Person
	for _, party := range []review.Party{"CN", "RU"} {
		who := review.Person{ID: uuid.Must(uuid.NewV7()), Login: "judge-" + string(party), Name: "Judge of " + string(party), Role: review.RoleReviewer, Party: party, Languages: []corpus.Language{"zh", "ru", "en"}}
		if err := p.store.SavePerson(t.Context(), who, "cli"); err != nil {
			t.Fatal(err)
		}
		people = append(people, who)
	}
	desk := p.desk()
	f := review.Filter{Dossier: d.ID, Limit: review.MaxPage}
	for {
		page, err := p.store.Matches(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range page.Matches {
			verdict := review.Verdict(corpus.RelationOverlap)
			if match.Proposal.Confidence < 0.2 {
				verdict = review.Verdict(corpus.RelationNone)
			}
			for _, who := range people {
				a := review.Answer{Match: match.ID, Kind: review.KindOpinion, Verdict: verdict, AToB: corpus.Recognition{Answer: corpus.AnswerNo}, BToA: corpus.Recognition{Answer: corpus.AnswerNo}}
				for _, id := range match.Clauses() {
					a.Seen = append(a.Seen, review.Seen{Clause: id, Digest: match.Digests[id], Amended: match.Amended[id]})
				}
				if got, _, err := desk.Decide(t.Context(), who, a); err != nil {
					t.Fatal(err)
				} else if got.State == review.StateConfirmed {
					break
				}
			}
		}
		if f.Cursor = page.Next; page.Next == "" {
			return p, d
		}
	}
}

// A version is fitted from what was settled, changes nothing until it is used,
// stands in what runs and proposals name as their model, and can be switched off.
func TestModelOfDecisions(t *testing.T) {
	p, d := decidedDossier(t)
	data := p.config.Data
	shipped, err := matcher.DefaultModel()
	if err != nil {
		t.Fatal(err)
	}
	_, from, err := p.decided(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(from, func(x review.LearnedFrom) bool { return x.Dossier == d.ID })
	if i < 0 || !from[i].Enough() {
		t.Fatalf("the dossier gives %+v", from)
	}
	proposal := func() string {
		t.Helper()
		m, err := p.loadMatcher(t.Context(), "cn-gb-55019-2021", "ru-sp-59-13330-2020")
		if err != nil {
			t.Fatal(err)
		}
		clauses, err := p.bindingClauses(t.Context(), "cn-gb-55019-2021")
		if err != nil {
			t.Fatal(err)
		}
		found, err := m.Match(t.Context(), clauses[0], []corpus.StandardID{"ru-sp-59-13330-2020"}, 3)
		if err != nil || len(found) == 0 {
			t.Fatal(found, err)
		}
		if found[0].Model != m.Model() {
			t.Errorf("the proposal names %q, the matcher %q", found[0].Model, m.Model())
		}
		return fmt.Sprintf("%+v", found)
	}
	before := proposal()
	if !strings.Contains(before, shipped.ID()) {
		t.Errorf("without a fit the model is %s", before)
	}
	m, err := concordJSON[review.LearnedModel](t, "model", "fit", "--json", "--data", data)
	if err != nil || m.Number != 1 || m.Fit.Agreed < matcher.FitEach || m.Fit.Ranking.Of == 0 || m.Fit.Confident.Of == 0 || m.InUse {
		t.Fatalf("the fit is %+v, %v", m, err)
	}
	if again, err := concordJSON[review.LearnedModel](t, "model", "fit", "--json", "--data", data); err != nil || again.Number != 1 || again.Checksum != m.Checksum {
		t.Errorf("the same decisions give version %d with %s, %v", again.Number, again.Checksum, err)
	}
	if proposal() != before {
		t.Error("a version that nobody uses changes proposals")
	}
	use := []string{"model", "use", "1", "--json", "--data", data}
	if m.Fit.Worse() {
		if _, err := concordJSON[map[string]any](t, use...); !errors.Is(err, corpus.ErrConflict) {
			t.Errorf("a worse version is used: %v", err)
		}
		use = append(use, "--anyway")
	}
	if got, err := concordJSON[map[string]any](t, use...); err != nil || got["model"] != shipped.ID()+"+learned.1" {
		t.Errorf("in use: %v, %v", got, err)
	}
	if with := proposal(); with == before || !strings.Contains(with, "+learned.1") {
		t.Errorf("the version in use makes no difference: %s", with)
	}
	run, err := p.store.AddRun(t.Context(), d.ID, wholeRun, "cli", review.RunCommand)
	if err != nil {
		t.Fatal(err)
	}
	if run, err = p.work(t.Context(), run, p.loaderOf(run), func(review.Run) {}); err != nil || run.Model != shipped.ID()+"+learned.1" || run.Refreshed != 0 {
		t.Errorf("the run has the model %q and brought %d settled ones up to date, %v", run.Model, run.Refreshed, err)
	}
	live := &liveMatcher{program: p}
	if now, err := live.current(t.Context()); err != nil || now.Model() != shipped.ID()+"+learned.1" {
		t.Errorf("the server matches with %v, %v", now.Model(), err)
	}
	if _, err := concordJSON[map[string]any](t, "model", "off", "--json", "--data", data); err != nil {
		t.Fatal(err)
	}
	if now, err := live.current(t.Context()); err != nil || now.Model() != shipped.ID() {
		t.Errorf("switched off, the server matches with %v, %v", now.Model(), err)
	}
	if proposal() != before {
		t.Error("switched off, the proposals are others than before")
	}
}

// Wrong words, wrong people and too few decisions are refused with their reason.
func TestModelRefuses(t *testing.T) {
	data := t.TempDir()
	p, err := quiet().openProgram(t.Context(), config{Data: data}, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.close() })
	reader := review.Person{ID: uuid.Must(uuid.NewV7()), Login: "reader", Name: "Reader", Role: review.RoleReader}
	if err := p.store.SavePerson(t.Context(), reader, "cli"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want error
	}{
		{[]string{}, errUsage}, {[]string{"fit", "now"}, errUsage}, {[]string{"use"}, errUsage}, {[]string{"use", "0"}, errUsage}, {[]string{"use", "one"}, errUsage},
		{[]string{"fit"}, corpus.ErrInvalid}, {[]string{"use", "1"}, corpus.ErrNotFound}, {[]string{"off", "--as", "reader"}, corpus.ErrForbidden},
	} {
		if _, err := concordJSON[map[string]any](t, append([]string{"model", "--data", data, "--json"}, c.args...)...); !errors.Is(err, c.want) {
			t.Errorf("model %v: %v, want %v", c.args, err, c.want)
		}
	}
	got, err := concordJSON[map[string]any](t, "model", "list", "--json", "--data", data)
	if err != nil || got["enough"] != false || fmt.Sprint(got["versions"]) != "[]" {
		t.Errorf("the list is %v, %v", got, err)
	}
}

// A version that was fitted on another shipped model does not count, and says so.
func TestModelOfAnotherBase(t *testing.T) {
	p, err := quiet().openProgram(t.Context(), config{Data: t.TempDir()}, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.close() })
	m, err := p.store.KeepModel(t.Context(), review.LearnedModel{Fit: matcher.Fit{Base: "concord-base 0", Body: "base\tconcord-base 0\t00\n"}}, "cli")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.store.UseModel(t.Context(), m.Number, false, "cli"); err != nil {
		t.Fatal(err)
	}
	shipped, err := matcher.DefaultModel()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := p.model(t.Context()); err != nil || got.ID() != shipped.ID() {
		t.Errorf("the model is %s, %v", got.ID(), err)
	}
	if cause, err := (&learner{program: p}).Unfit(t.Context()); err != nil || !errors.Is(cause, corpus.ErrConflict) {
		t.Errorf("why: %v, %v", cause, err)
	}
}
