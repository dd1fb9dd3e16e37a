package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

// dossiersPage is the list of negotiations.
type dossiersPage struct {
	Shell
	List listing
	Rows []dossierRow
}

// dossierRow is a dossier with how far it is, one line per direction.
type dossierRow struct {
	review.Dossier
	Forth, Back counts
}

// dossierRows reads dossiers with their progress, latest first, at most so many.
func (s *Server) dossierRows(ctx context.Context, _ asker, most int) ([]dossierRow, error) {
	all, err := s.store.Dossiers(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the dossiers: %w", err)
	}
	corpus.SortRows(all, func(x, y review.Dossier) int { return y.Created.Compare(x.Created) })
	if len(all) > most {
		all = all[:most]
	}
	return s.withProgress(ctx, all)
}

// withProgress counts how far dossiers are.
func (s *Server) withProgress(ctx context.Context, list []review.Dossier) ([]dossierRow, error) {
	var out []dossierRow
	var err error
	for _, d := range list {
		row := dossierRow{Dossier: d}
		if row.Forth, row.Back, err = s.directions(ctx, d); err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, nil
}

// directions sums the coverage of a dossier: from its first side to the others,
// and back.
func (s *Server) directions(ctx context.Context, d review.Dossier) (forth, back counts, err error) {
	list, err := s.store.Coverage(ctx, "standard", d.ID, "")
	if err != nil {
		return forth, back, fmt.Errorf("count the coverage of %s: %w", d.Name, err)
	}
	for _, c := range list {
		sum := &back
		if len(d.Sides) > 0 && slices.Contains(d.Sides[0].Standards, corpus.StandardID(c.From)) {
			sum = &forth
		}
		sum.Normative += c.Normative
		sum.Confirmed += c.Confirmed
		sum.Absent += c.Absent
		sum.Opinion += c.Opinion
		sum.Disputed += c.Disputed
		sum.Rejected += c.Rejected
		sum.Proposed += c.Proposed
		sum.Suspect += c.Suspect
	}
	return forth, back, nil
}

// dossiers lists all dossiers.
func (s *Server) dossiers(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	l, list, err := s.dossierList(ctx, c.QueryParams(), a)
	if err != nil {
		return err
	}
	var p dossiersPage
	if p.Rows, err = s.withProgress(ctx, pageOf(s, &l, list)); err != nil {
		return err
	}
	p.List = l
	p.Shell = s.shell(c, a, a.words.say("dossiers.title"))
	return s.show(c, a, http.StatusOK, "dossiers", &p)
}

// dossierPage is one dossier.
type dossierPage struct {
	Shell
	Run         *runCard // nil where matching is done on the command line
	Dossier     review.Dossier
	Sides       []sideRow
	Forth, Back counts
	Parties     []review.Party
	Mine        bool // my party takes part
	Answered    bool // a match is
	Holds       bool // the person keeps positions of their party
	States      []stateLink
	List        listing
	Rows        []matchRow
	Made        bool
	Set         bool // the settings were just changed
	Exports     exportsCard
	Guideline   guidelineView
	Guided      bool // it was just changed
}

// sideRow is one side of a dossier.
type sideRow struct {
	Party     review.Party
	Standards []corpus.Standard
}

// matchFields are those of a match without its methods, for rows that embed them: the
// program would hold a copy of every method for each kind of row (4 KB a kind).
type matchFields review.Match

// matchRow is a match in a list.
type matchRow struct {
	matchFields
	From, To []Ref
	Against  string
	Relation corpus.Relation // agreed, or "" while open
	Task     review.Task
}

// dossier shows one dossier with its matches.
func (s *Server) dossier(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	d, err := s.pathDossier(c)
	if err != nil {
		return err
	}
	sh, _, err := s.shelf(ctx)
	if err != nil {
		return err
	}
	p := dossierPage{Dossier: d, Parties: d.Parties(), Mine: d.TakesPart(a.person.Party), Made: c.QueryParam("made") != "", Set: c.QueryParam("set") != "", Holds: review.MayHold(d, a.person) == nil}
	for _, side := range d.Sides {
		row := sideRow{Party: side.Party}
		for _, id := range side.Standards {
			std := sh[id].Standard
			if std.ID == "" {
				std = corpus.Standard{ID: id, Designation: string(id)}
			}
			row.Standards = append(row.Standards, std)
		}
		p.Sides = append(p.Sides, row)
	}
	if p.Forth, p.Back, err = s.directions(ctx, d); err != nil {
		return err
	}
	if err := s.dossierMatches(ctx, &p, sh, c.QueryParams(), a); err != nil {
		return err
	}
	answered, err := s.store.Matches(ctx, review.Filter{Dossier: d.ID, States: slices.DeleteFunc(slices.Clone(review.States), func(st review.State) bool { return st == review.StateProposed }), Limit: 1})
	if err != nil {
		return fmt.Errorf("look for answers: %w", err)
	}
	p.Answered = answered.Total > 0
	if p.Exports, err = s.exports(ctx, d.ID); err != nil {
		return err
	}
	if p.Run, err = s.runCard(ctx, d, sh, a); err != nil {
		return err
	}
	if p.Guideline, err = s.guidelineOf(ctx, d); err != nil {
		return err
	}
	p.Guided = c.QueryParam("guided") != ""
	p.Shell = s.shell(c, a, d.Name+" – "+a.words.say("dossiers.title"))
	return s.show(c, a, http.StatusOK, "dossier", &p)
}

// dossierMatches reads one page of a dossier's matches.
func (s *Server) dossierMatches(ctx context.Context, p *dossierPage, sh shelf, v url.Values, a asker) (err error) {
	page := "/dossiers/" + p.Dossier.ID.String()
	q := readMatchQuery(page, v)
	q.dossier = p.Dossier.ID
	var from, to []corpus.StandardID
	for i, side := range p.Dossier.Sides {
		if i == 0 {
			from = side.Standards
		} else {
			to = append(to, side.Standards...)
		}
	}
	p.List, p.States = q.listing(a.words, sh, from, to), q.stateLinks()
	p.List.Files = fileLinks(page+"/matches", q.values())
	p.Rows, err = s.matchPage(ctx, q, &p.List, sh, a)
	return err
}

// newMatchRow makes a line of a list, as the person may see it.
func newMatchRow(m review.Match, d review.Dossier, sh shelf, a asker) matchRow {
	row := matchRow{matchFields: matchFields(review.Shown(m, a.person)), From: sh.refs(m.Sources), To: sh.refs(m.Targets), Against: sh.name(m.Against)}
	row.Task = review.TaskFor(m, d, a.person)
	if m.Outcome != nil {
		row.Relation = relationOf(m.Outcome.Verdict)
	}
	return row
}

// dossierFormPage is where an admin makes a dossier.
type dossierFormPage struct {
	Shell
	Name     string
	Domain   corpus.Domain
	Policy   review.Policy
	Policies []review.Policy
	Domains  []corpus.Domain
	Sides    []dossierSide
	Problem  said
	Empty    bool // no standards to choose from
}

// dossierSide is one side on the form.
type dossierSide struct {
	N       int
	Party   string
	Choices []standardChoice
}

// standardChoice is a standard that may be chosen.
type standardChoice struct {
	corpus.Standard
	Chosen bool
}

// dossierForm shows an empty form.
func (s *Server) dossierForm(c echo.Context, a asker) error {
	form, known := url.Values{}, c.QueryParams() // two parties that somebody wanted matched, with all that is theirs
	_, all, err := s.shelf(c.Request().Context())
	if err != nil {
		return err
	}
	for _, n := range []string{"1", "2"} {
		party := strings.ToUpper(clip(strings.TrimSpace(known.Get("party"+n)), 40))
		form.Set("party"+n, party)
		for _, h := range all {
			if party != "" && string(h.Standard.Jurisdiction) == party {
				form.Add("standards"+n, string(h.Standard.ID))
			}
		}
	}
	return s.showDossierForm(c, a, http.StatusOK, dossierFormPage{Policy: review.PolicyBothParties}, form)
}

func (s *Server) showDossierForm(c echo.Context, a asker, status int, p dossierFormPage, form url.Values) error {
	_, all, err := s.shelf(c.Request().Context())
	if err != nil {
		return err
	}
	p.Policies, p.Domains, p.Empty = review.Policies, corpus.Domains, len(all) == 0
	for _, n := range []string{"1", "2"} {
		side := dossierSide{N: len(p.Sides) + 1, Party: form.Get("party" + n)}
		for _, h := range all {
			side.Choices = append(side.Choices, standardChoice{h.Standard, contains(form["standards"+n], string(h.Standard.ID))})
		}
		p.Sides = append(p.Sides, side)
	}
	p.Shell = s.shell(c, a, a.words.say("dossier.new"))
	return s.show(c, a, status, "dossier-form", &p)
}

// makeDossier saves a dossier, or shows the form again with what is wrong.
func (s *Server) makeDossier(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	form := c.Request().PostForm
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("make a dossier id: %w", err)
	}
	d := review.Dossier{
		ID: id, Name: clip(strings.TrimSpace(form.Get("name")), 300), Domain: corpus.Domain(form.Get("domain")),
		Policy: review.Policy(form.Get("policy")), Created: s.now().UTC(), TalkDays: review.UsualTalkDays,
	}
	for _, n := range []string{"1", "2"} {
		d.Sides = append(d.Sides, review.Side{
			Party:     review.Party(strings.ToUpper(clip(strings.TrimSpace(form.Get("party"+n)), 40))),
			Standards: list[corpus.StandardID](form, "standards"+n),
		})
	}
	if err := s.checkDossier(ctx, d); err != nil {
		if !errors.Is(err, corpus.ErrInvalid) {
			return err
		}
		p := dossierFormPage{Name: d.Name, Domain: d.Domain, Policy: d.Policy, Problem: a.words.refusal(err)}
		return s.showDossierForm(c, a, http.StatusUnprocessableEntity, p, form)
	}
	if err := s.store.SaveDossier(ctx, d, a.person.ID.String()); err != nil {
		return fmt.Errorf("save the dossier: %w", err)
	}
	return c.Redirect(http.StatusSeeOther, "/dossiers/"+d.ID.String()+"?made=1")
}

// checkDossier is Dossier.Check, and that every standard is kept here.
func (s *Server) checkDossier(ctx context.Context, d review.Dossier) error {
	if err := d.Check(); err != nil {
		return err
	}
	if d.Domain != "" && !slices.Contains(corpus.Domains, d.Domain) {
		return corpus.Refuse(corpus.ErrInvalid, "no-choice", "\"{value}\" is not a field", "value", d.Domain)
	}
	sh, _, err := s.shelf(ctx)
	if err != nil {
		return err
	}
	for _, side := range d.Sides {
		for _, id := range side.Standards {
			if _, found := sh[id]; !found {
				return corpus.Refuse(corpus.ErrInvalid, "standard-unknown", "the standard \"{standard}\" is not kept here", "standard", id)
			}
		}
	}
	return nil
}

// pathDossier finds the dossier that the path names.
func (s *Server) pathDossier(c echo.Context) (review.Dossier, error) {
	id, err := pathID(c)
	if err != nil {
		return review.Dossier{}, err
	}
	d, err := s.store.Dossier(c.Request().Context(), id)
	if err != nil {
		return review.Dossier{}, fmt.Errorf("find the dossier: %w", err)
	}
	return d, nil
}

// closeDossier closes a dossier or opens it again.
func (s *Server) closeDossier(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	d, err := s.pathDossier(c)
	if err != nil {
		return err
	}
	d.Closed = c.FormValue("closed") == "1"
	if err := s.store.SaveDossier(ctx, d, a.person.ID.String()); err != nil {
		return fmt.Errorf("close the dossier: %w", err)
	}
	return c.Redirect(http.StatusSeeOther, "/dossiers/"+d.ID.String())
}
