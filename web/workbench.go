package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// workbenchPage is one match, to be read and answered.
type workbenchPage struct {
	Shell
	Bound     bound
	Match     review.Match // as the person may see it
	Dossier   review.Dossier
	Task      review.Task
	Queue     queueView
	Differs   []diffRow
	Same      []diffRow
	Terms     termsRow
	Compared  bool // a comparison of the present texts stands behind the tables
	A, B      side
	Form      answerForm
	Can       bool      // the person may answer now
	Why       string    // key of why not, when Can is false
	Blind     bool      // other answers exist or may exist that are hidden
	Explained bool      // reasons and scores are shown to the person now
	Talk      time.Time // until when both sides of the dispute may talk; zero for no longer
	Whys      []whyRow
	Relation  corpus.Relation // suggested
	Score     float64
	Sure      string     // key: high, medium, low
	Percent   int        // confidence
	Record    *keptShare // what became of suggestions as sure as this; nil for few
	Model     string
	Others    []otherRow
	Set       setForm
	Find      findOther
	Reserved  *reservationsBox
	Position  *positionRow // of one's own party; nil for who keeps none
	Elsewhere []othersRow  // what imported mappings say of these clauses
	Skips     []notedSkip
	Guideline guidelineView
	Answers   []answerCol
	AnswersBy string // "agree" words of the two answers
	History   []decisionRow
	Earlier   []earlierText
	Mine      []decisionRow
	last      *decisionRow // what undo takes back, nil for nothing
	Family    []familyRow  // pairs of the queue that the answer may be kept for as well
	Saved     int64        // number of the decision just saved
	Together  string       // what became of pairs answered with it
	Changed   []changedText
	Amended   []amendedRow // what amendments changed since
	Moved     []movedTerm  // what changes of the terms read otherwise since
	Conflict  bool
	Problem   string // key of what is missing from the answer
	Detail    said   // sentence of the rule when there is no key
}

// SavedText is the number of the decision just saved, as lists print it.
func (p *workbenchPage) SavedText() string { return "#" + itoa(int(p.Saved)) }

// NextAddress is where a saved answer leads: on in the queue, to the queues
// when it was the last, or back to this match outside of a queue.
func (p *workbenchPage) NextAddress() string {
	switch {
	case p.Queue.Next != "":
		return p.Queue.Next
	case p.Queue.In:
		v := url.Values{}
		for _, f := range p.Queue.Fields {
			v.Set(f.Name, f.Value)
		}
		v.Del("at")
		return withQuery("/review/next", v)
	}
	return "/matches/" + p.Match.ID.String()
}

// Take is the address of this page with an answer taken over into the form.
func (p *workbenchPage) Take(decision uuid.UUID) string {
	v := url.Values{"take": {decision.String()}}
	for _, f := range p.Queue.Fields {
		v.Set(f.Name, f.Value)
	}
	return "/matches/" + p.Match.ID.String() + "?" + v.Encode() + "#decide"
}

// Differ is the class of a part of the answers side by side in which they
// differ, "" where they agree.
func (p *workbenchPage) Differ(part string) string {
	for _, x := range p.Answers[1:] {
		first := p.Answers[0]
		same := map[string]bool{"verdict": x.Verdict == first.Verdict, "forth": x.AToB.Answer == first.AToB.Answer, "back": x.BToA.Answer == first.BToA.Answer}
		if !same[part] {
			return "unlike"
		}
	}
	return ""
}

// Other is the address of another candidate, in the queue we are in.
func (p *workbenchPage) Other(id uuid.UUID) string {
	v := url.Values{}
	for _, f := range p.Queue.Fields {
		v.Set(f.Name, f.Value)
	}
	return withQuery("/matches/"+id.String(), v)
}

// undoDepth is how many of a person's decisions are looked through for the one to
// undo: fifty that were undone are a hundred (UX.md 7.3).
const undoDepth = 110

// lastUndoable is the person's latest decision that may be undone, or nil.
func lastUndoable(mine []decisionRow) *decisionRow {
	for i := range mine {
		if mine[i].Undo && !mine[i].Undone {
			return &mine[i]
		}
	}
	return nil
}

// UndoDecision, UndoMatch and UndoSeq name what the undo button takes back;
// UndoDecision is "" when there is nothing.
func (p *workbenchPage) UndoDecision() string {
	if d := p.last; d != nil {
		return d.ID.String()
	}
	return ""
}

// UndoMatch is the match of UndoDecision.
func (p *workbenchPage) UndoMatch() string {
	if d := p.last; d != nil {
		return d.Match.String()
	}
	return p.Match.ID.String()
}

// UndoSeq is the number of UndoDecision, 0 for none.
func (p *workbenchPage) UndoSeq() int64 {
	if d := p.last; d != nil {
		return d.Seq
	}
	return 0
}

// Withdrawn are the standards of both sides that are not in use any more.
func (p *workbenchPage) Withdrawn() []corpus.Standard { return withdrawn(p.A.Standard, p.B.Standard) }

// withdrawn are those of some standards that are not in use any more.
func withdrawn(of ...corpus.Standard) []corpus.Standard {
	return slices.DeleteFunc(of, func(s corpus.Standard) bool { return s.Status != corpus.StatusWithdrawn })
}

// queueView is the queue as the page shows it.
type queueView struct {
	In   bool
	Word string // of the queue, for the messages
	position
	Fields []field // hidden fields that keep the queue in the form
}

// field is a hidden field of a form.
type field struct{ Name, Value string }

// match shows one match.
func (s *Server) match(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	m, d, err := s.pathMatch(c)
	if err != nil {
		return err
	}
	p, err := s.workbench(ctx, m, d, a)
	if err != nil {
		return err
	}
	if err := s.placeInQueue(c, p, a); err != nil {
		return err
	}
	if p.Find, err = s.findOther(ctx, m, d, c.QueryParam("find"), a); err != nil {
		return err
	}
	take, _ := uuid.Parse(c.QueryParam("take"))
	p.Form.takeOver(p.Match, take, func(r corpus.Recognition) string { return a.words.conditionLines(s.label, r) })
	return s.showWorkbench(c, a, http.StatusOK, p)
}

// showWorkbench gives the page its title and writes it.
func (s *Server) showWorkbench(c echo.Context, a asker, status int, p *workbenchPage) error {
	names := make([]string, 0, 2)
	for _, sd := range []side{p.A, p.B} {
		name := sd.Standard.Designation
		if len(sd.Clauses) > 0 {
			name += " " + sd.Clauses[0].Label
		}
		names = append(names, name)
	}
	var err error
	if p.Bound, err = s.bound(c, a); err != nil {
		return err
	}
	title := strings.Join(names, " ↔ ") + " – " + a.words.say("review.title")
	if p.Queue.Place > 0 {
		title = a.words.say("workbench.place-short", "place", p.Queue.Place, "whole", p.Queue.Whole) + " · " + title
	}
	p.Shell = s.shell(c, a, title)
	p.Shell.Script = true
	if p.Reserved, err = s.reservationsOn(c.Request().Context(), p.Dossier, &p.Match, a, p.Token); err != nil {
		return err
	}
	return s.show(c, a, status, "workbench", p)
}

// placeInQueue fills in where the match stands in the queue of the address or
// the form, and the person's last decisions.
func (s *Server) placeInQueue(c echo.Context, p *workbenchPage, a asker) error {
	ctx := c.Request().Context()
	if !a.person.May(review.ActionReview) {
		return nil
	}
	sh, _, err := s.shelf(ctx)
	if err != nil {
		return err
	}
	mine, err := s.myDecisions(ctx, sh, a, undoDepth)
	if err != nil {
		return err
	}
	p.Mine, p.last = mine[:min(len(mine), 10)], lastUndoable(mine)
	if len(p.Mine) > 0 && c.QueryParam("saved") == fmt.Sprint(p.Mine[0].Seq) {
		p.Saved = p.Mine[0].Seq
		kept, _ := strconv.Atoi(c.QueryParam("with")) // anything else is none
		left, _ := strconv.Atoi(c.QueryParam("left"))
		p.Together = s.togetherSaid(a, min(kept, review.MaxFamily), min(left, review.MaxFamily))
	}
	values := c.QueryParams()
	if c.Request().Method == http.MethodPost {
		values = c.Request().PostForm
	}
	q, in := readQueue(values)
	if !in {
		return nil
	}
	pos, err := s.find(ctx, q, p.Match.ID, a)
	if err != nil {
		return err
	}
	p.Queue = queueView{In: true, Word: queueWord(q.task, q.speed), position: pos}
	for name, v := range q.values() {
		p.Queue.Fields = append(p.Queue.Fields, field{name, v[0]})
	}
	corpus.SortRows(p.Queue.Fields, func(x, y field) int { return strings.Compare(x.Name, y.Name) })
	if p.Can {
		p.Family, err = s.family(ctx, q, p.Match, sh, a)
	}
	return err
}

// workbench gathers everything the page shows of a match.
func (s *Server) workbench(ctx context.Context, m review.Match, d review.Dossier, a asker) (*workbenchPage, error) {
	sh, _, err := s.shelf(ctx)
	if err != nil {
		return nil, err
	}
	clauses, err := s.clausesOf(ctx, m)
	if err != nil {
		return nil, err
	}
	n, err := s.namesFor(ctx, len(m.Decisions))
	if err != nil {
		return nil, err
	}
	p := &workbenchPage{Match: review.Shown(m, a.person), Dossier: d, Task: review.TaskFor(m, d, a.person)}
	p.Explained = d.Explains(p.Task)
	if until := m.TalkUntil(d); s.now().Before(until) {
		p.Talk = until
	}
	p.Blind = !m.State.Settled() && m.State != review.StateDisputed
	m.Proposal = s.proposalOf(m, clauses)
	b := newBench(s, a, sh, m, clauses, m.Proposal)
	if err := b.sides(ctx, p, m); err != nil {
		return nil, err
	}
	b.compare(p)
	if b.proposal != nil {
		if err := s.record(ctx, p, b.proposal.Confidence); err != nil {
			return nil, err
		}
	}
	p.Can, p.Why = mayAnswer(m, d, a.person, p.Task)
	if p.Can && p.Task == review.TaskAdjudicate && !p.Talk.IsZero() {
		p.Can, p.Why = false, "talk"
	}
	b.misreadings(p, m)
	p.Form = b.form(m, p)
	p.History = n.rows(m, d, a)
	if p.Earlier, err = s.earlierTexts(ctx, p.Match, b.clauses, sh); err != nil {
		return nil, err
	}
	p.Answers = n.answers(p.Match, d, a)
	if p.Skips, err = s.notedSkips(ctx, m, a); err != nil {
		return nil, err
	}
	p.AnswersBy = agreement(p.Answers)
	if p.Guideline, err = s.guidelineOf(ctx, d); err != nil {
		return nil, err
	}
	list, err := s.ofSource(ctx, m)
	if err != nil {
		return nil, err
	}
	if p.Others, err = s.others(ctx, m, list, sh, a, p.Explained); err != nil {
		return nil, err
	}
	kept := m
	kept.Proposal = p.Match.Proposal
	if p.Set, err = s.setForm(ctx, kept, list, d, sh, a); err != nil {
		return nil, err
	}
	if p.Position, err = s.positionOn(ctx, m, d, a); err != nil {
		return nil, err
	}
	if p.Elsewhere, err = s.othersOfMatch(ctx, m); err != nil {
		return nil, err
	}
	if m.Suspect {
		since := m
		since.Decisions = p.Match.Decisions
		if p.Amended, err = s.amendedRows(ctx, since.AmendedAnswers(), clauses, sh); err != nil {
			return nil, err
		}
		if p.Moved, err = s.movedTerms(ctx, since.TermsAnswered(), clauses); err != nil {
			return nil, err
		}
	}
	p.Changed, err = s.changedTexts(ctx, p.Match, m, clauses, sh)
	return p, err
}

// clausesOf reads the clauses of both sides.
func (s *Server) clausesOf(ctx context.Context, m review.Match) (map[corpus.ClauseID]corpus.Clause, error) {
	out, err := s.clausesByID(ctx, m.Clauses()...)
	if err != nil {
		return nil, fmt.Errorf("read the clauses of the match: %w", err)
	}
	return out, nil
}

// clausesByID reads clauses; those that are not kept are left out.
func (s *Server) clausesByID(ctx context.Context, ids ...corpus.ClauseID) (map[corpus.ClauseID]corpus.Clause, error) {
	list, err := s.store.Clauses(ctx, ids...)
	if err != nil {
		return nil, err
	}
	return byClauseID(list), nil
}

// byClauseID are clauses by their ids.
func byClauseID(list []corpus.Clause) map[corpus.ClauseID]corpus.Clause {
	out := make(map[corpus.ClauseID]corpus.Clause, len(list))
	for _, c := range list {
		out[c.ID] = c
	}
	return out
}

// Comparison compares the present texts of a match; see review.Comparer.
func (s *Server) Comparison(ctx context.Context, m review.Match) (*matcher.Proposal, error) {
	clauses, err := s.clausesOf(ctx, m)
	if err != nil {
		return nil, err
	}
	return s.proposalOf(m, clauses), nil
}

// proposalOf is the comparison of the present texts: the kept proposal when it
// was made on them, else a new comparison, of several clauses as one, else nil.
func (s *Server) proposalOf(m review.Match, clauses map[corpus.ClauseID]corpus.Clause) *matcher.Proposal {
	if compared(m.Proposal, clauses) {
		return m.Proposal
	}
	source, target := inTurn(m.Sources, clauses), inTurn(m.Targets, clauses)
	if s.compare == nil || len(source) == 0 || len(target) == 0 || len(source)+len(target) < len(m.Clauses()) {
		return nil
	}
	made := matcher.CompareSides(s.compare.Compare, source, target)
	return &made
}

// compared tells whether a kept comparison is of these texts.
func compared(p *matcher.Proposal, clauses map[corpus.ClauseID]corpus.Clause) bool {
	return p != nil && p.Reads(func(id corpus.ClauseID) corpus.Digest { return clauses[id].Digest() })
}

// inTurn are the clauses of a side that are there, in its order.
func inTurn(ids []corpus.ClauseID, clauses map[corpus.ClauseID]corpus.Clause) []corpus.Clause {
	var out []corpus.Clause
	for _, id := range ids {
		if c, there := clauses[id]; there {
			out = append(out, c)
		}
	}
	return out
}

// mayAnswer tells whether a person may answer now, or the key of why not. It
// mirrors review.TaskFor and adds that one may change one's own answer.
func mayAnswer(m review.Match, d review.Dossier, p review.Person, task review.Task) (bool, string) {
	own := slices.ContainsFunc(m.Opinions(), func(o review.Decision) bool { return o.Person == p.ID })
	switch {
	case task != review.TaskNone:
		return true, ""
	case !p.May(review.ActionReview):
		return false, "role"
	case d.Closed:
		return false, "closed"
	case m.Gone():
		return false, "gone"
	case own && !m.State.Settled():
		return true, ""
	case m.State.Settled() && !m.Suspect:
		return false, "settled"
	case !d.TakesPart(p.Party):
		return false, "party"
	case m.State == review.StateDisputed:
		return false, "dispute"
	}
	return false, "answered"
}

// answerCol is one standing answer, beside others.
type answerCol struct {
	review.Decision
	Name string
}

// answers are the standing answers that are shown side by side.
func (n names) answers(shown review.Match, in review.Dossier, a asker) []answerCol {
	var out []answerCol
	for _, d := range shown.Opinions() {
		col := answerCol{Decision: d, Name: n.of(d.Person)}
		if in.HidesNames(shown, a.person.ID) {
			col.Name, col.Party = a.nameless(shown, d.Person), ""
		}
		out = append(out, col)
	}
	return out
}

// agreement says in what two answers differ: the key of a sentence.
func agreement(list []answerCol) string {
	if len(list) < 2 {
		return ""
	}
	a, b := list[0], list[1]
	directions := a.AToB.Answer == b.AToB.Answer && a.BToA.Answer == b.BToA.Answer
	switch {
	case a.Verdict == b.Verdict && directions:
		return "all"
	case a.Verdict == b.Verdict:
		return "relation"
	case directions:
		return "directions"
	}
	return "nothing"
}
