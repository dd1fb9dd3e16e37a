package web

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

// fewAnswers is the number of questions below which an agreement says little
// (UX.md 4).
const fewAnswers = 30

// agreementView is the page of how well a dossier's reviewers agree
// and what audits of its agreed matches found.
type agreementView struct {
	Shell
	Dossier   review.Dossier
	Measures  []agreementRow
	Relations []agreementRow
	Languages []agreementRow
	Few       bool
	Sides     [2]review.Party // whose answers are compared, "" where the policy names no sides
	Agreed    int             // matches that a sample can be drawn from
	Results   []sampleRow
	Seed      uint32
	Size      int
	Pace      paceView // of a group and the last groupDays, never of a person
}

// agreementRow is one line of a table of agreement.
type agreementRow struct {
	review.Agreement
	Key      string         // of what it is about, "" where Verdict or languages say it
	Verdict  review.Verdict // of a row about one relation
	From, To corpus.Language
	Used     int
	Both     int
	Percent  int
	Kappa    string // "" where it is not defined
}

// newAgreementRow is a line with its figures in the language of the page.
func (w *words) newAgreementRow(a review.Agreement) agreementRow {
	row := agreementRow{Agreement: a, Percent: percentOf(a.Raw())}
	if a.Kappa != nil {
		row.Kappa = w.marked(strconv.FormatFloat(*a.Kappa, 'f', 2, 64))
	}
	return row
}

// percentOf rounds a share to whole percent.
func percentOf(share float64) int { return int(share*100 + 0.5) }

// sampleRow is one audit in a list.
type sampleRow struct {
	review.SampleResult
	Whole, Relation shareView
	Href            string
}

// shareView is a share with its interval in whole percent.
type shareView struct{ Right, N, Percent, Low, High int }

func newShareView(s review.Share) shareView {
	return shareView{s.Right, s.N, percentOf(s.Value()), int(s.Low * 100), min(100, int(s.High*100)+1)}
}

// reviewed reads the matches of a dossier that somebody has answered.
func (s *Server) reviewed(ctx context.Context, dossier uuid.UUID) ([]review.Match, error) {
	f := review.Filter{Dossier: dossier, Order: review.OrderChapter, Limit: review.MaxPage, States: review.Answered}
	var out []review.Match
	for {
		page, err := s.store.Matches(ctx, f)
		if err != nil {
			return nil, fmt.Errorf("read the answers of the dossier: %w", err)
		}
		out = append(out, page.Matches...)
		if f.Cursor = page.Next; f.Cursor == "" {
			return out, nil
		}
	}
}

// agreementPage answers the page. Only matches that two people have answered are
// counted, which everybody may see by then.
func (s *Server) agreementPage(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	d, err := s.pathDossier(c)
	if err != nil {
		return err
	}
	matches, err := s.reviewed(ctx, d.ID)
	if err != nil {
		return err
	}
	sh, _, err := s.shelf(ctx)
	if err != nil {
		return err
	}
	answers, err := s.store.SampleAnswers(ctx, d.ID)
	if err != nil {
		return fmt.Errorf("read the audits: %w", err)
	}
	p := newAgreementView(a.words, d, matches, func(id corpus.StandardID) corpus.Language { return sh[id].Standard.Language })
	for _, r := range review.SampleResults(answers) {
		p.Results = append(p.Results, sampleRow{r, newShareView(r.Whole), newShareView(r.Relation), sampleAddress(d.ID, r.Seed, max(r.Whole.N, p.Size))})
	}
	if p.Pace, err = s.groupPace(ctx, d.ID, a); err != nil {
		return err
	}
	p.Shell = s.shell(c, a, a.words.say("agree.title")+" – "+d.Name)
	return s.show(c, a, http.StatusOK, "agreement", p)
}

// newAgreementView measures the agreement on matches.
func newAgreementView(w *words, d review.Dossier, matches []review.Match, language func(corpus.StandardID) corpus.Language) *agreementView {
	p := &agreementView{Dossier: d, Size: 20, Seed: newSeed()}
	if parties := d.Parties(); d.Policy == review.PolicyBothParties && len(parties) == 2 {
		p.Sides = [2]review.Party{parties[0], parties[1]}
	}
	var double []review.DoubleAnswer
	for _, m := range matches {
		if x, ok := review.Independent(m, d); ok {
			double = append(double, x)
		}
		if m.Agreed() {
			p.Agreed++
		}
	}
	r := review.MeasureAgreement(double, language)
	p.Few = r.Whole.N > 0 && r.Whole.N < fewAnswers
	if r.Whole.N == 0 {
		return p
	}
	for _, x := range []struct {
		key string
		of  review.Agreement
	}{{"relation", r.Relation}, {"forth", r.AToB}, {"back", r.BToA}, {"whole", r.Whole}} {
		row := w.newAgreementRow(x.of)
		row.Key = x.key
		p.Measures = append(p.Measures, row)
	}
	for _, x := range r.Relations {
		row := w.newAgreementRow(x.Agreement)
		row.Verdict, row.Used, row.Both = x.Verdict, x.Used, x.Both
		p.Relations = append(p.Relations, row)
	}
	for _, x := range r.Languages {
		row := w.newAgreementRow(x.Agreement)
		row.From, row.To = x.From, x.To
		p.Languages = append(p.Languages, row)
	}
	return p
}

// newSeed is a seed that nobody chose, short enough to be written down.
func newSeed() uint32 {
	var b [4]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	return binary.BigEndian.Uint32(b[:]) % 1_000_000
}

// sampleAddress is the page of a sample.
func sampleAddress(dossier uuid.UUID, seed uint32, size int) string {
	return "/dossiers/" + dossier.String() + "/sample?" + url.Values{"seed": {strconv.FormatUint(uint64(seed), 10)}, "size": {itoa(size)}}.Encode()
}

// sampleView is a sample with what its auditor answered.
type sampleView struct {
	Shell
	Dossier    review.Dossier
	Sample     review.Sample
	Size       int
	Whole      shareView
	Relation   shareView
	List       listing
	Items      []sampleItem
	Drawn      int
	Answered   bool   // any of them
	SeedText   string // as printed, without marks between thousands
	JustSaved  string // anchor of the item just answered
	Recognised []corpus.Answer
}

// sampleItem is one match of a sample. Until it is answered, what was agreed is
// not shown.
type sampleItem struct {
	Match    review.Match
	A, B     []Wording
	From, To []Ref
	Against  string
	Verdicts []review.Verdict
	Own      bool // the person took part in the match
	Answer   *review.SampleAnswer
	Name     string // of who answered
}

// readSample reads seed and size of a sample from an address or a form.
func readSample(v url.Values) (seed uint32, size int, err error) {
	n, err := strconv.ParseUint(v.Get("seed"), 10, 32)
	if err != nil {
		return 0, 0, corpus.Refuse(corpus.ErrInvalid, "seed", "\"{value}\" is no seed: write a whole number up to 4294967295", "value", clip(v.Get("seed"), 30))
	}
	size, err = strconv.Atoi(cmp.Or(v.Get("size"), "20"))
	if err != nil || size < review.MinSample || size > review.MaxSample {
		return 0, 0, corpus.Refuse(corpus.ErrInvalid, "sample-size", "a sample has 1 to {most} matches", "most", review.MaxSample)
	}
	return uint32(n), size, nil
}

// draw draws a sample of a dossier and gives its matches by id. What was
// answered under the seed before belongs to the sample, also when matches that
// were agreed later would push it out.
func (s *Server) draw(ctx context.Context, dossier uuid.UUID, seed uint32, size int, answers []review.SampleAnswer) (review.Sample, map[uuid.UUID]review.Match, error) {
	matches, err := s.reviewed(ctx, dossier)
	if err != nil {
		return review.Sample{}, nil, err
	}
	byID := make(map[uuid.UUID]review.Match, len(matches))
	var agreed []uuid.UUID
	for _, m := range matches {
		byID[m.ID] = m
		if m.Agreed() {
			agreed = append(agreed, m.ID)
		}
	}
	sample := review.Draw(agreed, seed, size)
	for _, x := range answers {
		if _, there := byID[x.Match]; x.Seed == seed && there && !slices.Contains(sample.Matches, x.Match) {
			sample.Matches = append(sample.Matches, x.Match)
		}
	}
	return sample, byID, nil
}

// samplePage shows a sample to be answered.
func (s *Server) samplePage(c echo.Context, a asker) error {
	p, err := s.sampled(c, a)
	if err != nil {
		return err
	}
	l, items := sampleList(c, p, a.words)
	p.Drawn = len(p.Items)
	p.Items = pageOf(s, &l, items)
	p.List = l
	p.Shell = s.shell(c, a, a.words.say("sample.title")+" – "+p.Dossier.Name)
	return s.show(c, a, http.StatusOK, "sample", p)
}

// sampled draws the sample that the address names, with what was answered.
func (s *Server) sampled(c echo.Context, a asker) (*sampleView, error) {
	ctx := c.Request().Context()
	d, err := s.pathDossier(c)
	if err != nil {
		return nil, err
	}
	seed, size, err := readSample(c.QueryParams())
	if err != nil {
		return nil, err
	}
	answers, err := s.store.SampleAnswers(ctx, d.ID)
	if err != nil {
		return nil, fmt.Errorf("read the audits: %w", err)
	}
	sample, byID, err := s.draw(ctx, d.ID, seed, size, answers)
	if err != nil {
		return nil, err
	}
	p := &sampleView{Dossier: d, Sample: sample, Size: size, SeedText: strconv.FormatUint(uint64(seed), 10), JustSaved: c.QueryParam("saved"),
		Recognised: []corpus.Answer{corpus.AnswerYes, corpus.AnswerConditions, corpus.AnswerNo}}
	return p, s.sampleItems(ctx, p, byID, answers, a)
}

// sampleItems fills in the matches of a sample with their texts.
func (s *Server) sampleItems(ctx context.Context, p *sampleView, byID map[uuid.UUID]review.Match, answers []review.SampleAnswer, a asker) error {
	sh, _, err := s.shelf(ctx)
	if err != nil {
		return err
	}
	n, err := s.names(ctx)
	if err != nil {
		return err
	}
	var ids []corpus.ClauseID
	for _, id := range p.Sample.Matches {
		ids = append(ids, byID[id].Clauses()...)
	}
	texts := map[corpus.ClauseID]corpus.Clause{}
	if len(ids) > 0 {
		list, err := s.store.Clauses(ctx, ids...)
		if err != nil {
			return fmt.Errorf("read the texts of the sample: %w", err)
		}
		for _, c := range list {
			texts[c.ID] = c
		}
	}
	wordings := func(ids []corpus.ClauseID) []Wording {
		var out []Wording
		for _, id := range ids {
			if c, found := texts[id]; found {
				out = append(out, wording(c, sh[c.Standard].Standard, nil))
			}
		}
		return out
	}
	right, related, done := 0, 0, 0
	for _, id := range p.Sample.Matches {
		m := byID[id]
		item := sampleItem{Match: m, A: wordings(m.Sources), B: wordings(m.Targets), From: sh.refs(m.Sources), To: sh.refs(m.Targets), Against: sh.name(m.Against)}
		item.Own = slices.ContainsFunc(m.Decisions, func(d review.Decision) bool { return d.Person == a.person.ID })
		item.Verdicts = verdictsToAudit(m)
		if i := slices.IndexFunc(answers, func(x review.SampleAnswer) bool { return x.Match == id && x.Seed == p.Sample.Seed }); i >= 0 {
			item.Answer, item.Name = &answers[i], n.of(answers[i].Person)
			done++
			if answers[i].Right {
				right++
			}
			if answers[i].Related {
				related++
			}
		}
		p.Items = append(p.Items, item)
	}
	p.Answered = done > 0
	p.Whole, p.Relation = newShareView(review.Wilson(right, done)), newShareView(review.Wilson(related, done))
	return nil
}

// verdictsToAudit are the verdicts that an audit of a match can give. Where it
// was agreed that there is no counterpart, a relation says that there is one.
func verdictsToAudit(m review.Match) []review.Verdict {
	var out []review.Verdict
	for _, v := range review.Verdicts {
		r, isRelation := v.Relation()
		if pair := len(m.Targets) > 0; pair && isRelation || !pair && (v == review.VerdictNoCounterpart || isRelation && r != corpus.RelationNone && r != corpus.RelationIdentical) {
			out = append(out, v)
		}
	}
	return out
}

// auditMatch keeps an auditor's answer on a match of a sample.
func (s *Server) auditMatch(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	id, err := pathID(c)
	if err != nil {
		return err
	}
	form := c.Request().PostForm
	seed, size, err := readSample(form)
	if err != nil {
		return err
	}
	m, _, err := s.store.Match(ctx, id)
	if err != nil {
		return fmt.Errorf("find the match: %w", err)
	}
	sample, _, err := s.draw(ctx, m.Dossier, seed, size, nil)
	if err != nil {
		return err
	}
	if !slices.Contains(sample.Matches, id) {
		return corpus.Refuse(corpus.ErrConflict, "sample-outside", "this match is not in the sample any more, open the sample again")
	}
	answer := review.SampleAnswer{Match: id, Seed: seed, Population: sample.Population, Verdict: review.Verdict(form.Get("verdict")),
		AToB: corpus.Answer(form.Get("a_to_b")), BToA: corpus.Answer(form.Get("b_to_a")), Note: form.Get("note")}
	if _, err := s.store.AuditMatch(ctx, a.person, answer); err != nil {
		return fmt.Errorf("keep the audit: %w", err)
	}
	return c.Redirect(http.StatusSeeOther, sampleAddress(m.Dossier, seed, size)+"&saved=m-"+id.String()+"#m-"+id.String())
}

// ownAgreement is a person's agreement with those who answered the same matches
// blind, shown from fewAnswers on: Percent, Kappa and N, or nil.
func (s *Server) ownAgreement(ctx context.Context, a asker) (*agreementRow, error) {
	if !a.person.May(review.ActionReview) {
		return nil, nil
	}
	matches, err := s.store.AnsweredTwice(ctx, a.person.ID, 0)
	if err != nil {
		return nil, fmt.Errorf("find what others answered too: %w", err)
	}
	pairs := ownPairs(matches, a.person.ID)
	if len(pairs) < fewAnswers {
		return nil, nil
	}
	row := a.words.newAgreementRow(review.AgreementOf(pairs))
	return &row, nil
}

// ownPairs are a person's verdicts beside those that somebody else gave blind.
func ownPairs(matches []review.Match, person uuid.UUID) [][2]review.Verdict {
	var out [][2]review.Verdict
	for _, m := range matches {
		x, ok := review.Independent(m, review.Dossier{})
		switch {
		case !ok:
		case x.First.Person == person:
			out = append(out, [2]review.Verdict{x.First.Verdict, x.Second.Verdict})
		case x.Second.Person == person:
			out = append(out, [2]review.Verdict{x.Second.Verdict, x.First.Verdict})
		}
	}
	return out
}
