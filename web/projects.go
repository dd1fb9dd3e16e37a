package web

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

// projectsPage lists the dossiers with how each is reviewed, side by side.
type projectsPage struct {
	Shell
	List listing
	Rows []review.Dossier
}

// projects lists how dossiers are reviewed.
func (s *Server) projects(c echo.Context, a asker) error {
	l, rows, err := s.projectList(c, a)
	if err != nil {
		return err
	}
	p := projectsPage{Rows: pageOf(s, &l, rows)}
	p.List = l
	p.Shell = s.shell(c, a, a.words.say("projects.title"))
	return s.show(c, a, http.StatusOK, "projects", &p)
}

// explainMode is when a dossier shows reasons, as lists filter by it.
func explainMode(d *review.Dossier) string {
	return cmp.Or(string(d.Explain), "usual")
}

// projectList is the list in the state of the address, and its rows.
func (s *Server) projectList(c echo.Context, a asker) (listing, []review.Dossier, error) {
	all, err := s.store.Dossiers(c.Request().Context())
	if err != nil {
		return listing{}, nil, fmt.Errorf("list the dossiers: %w", err)
	}
	d := listOf[*review.Dossier]{
		words: func(d *review.Dossier) string { return d.Name },
		filters: []listFilter[*review.Dossier]{
			{name: "policy", key: "list.policy", value: func(d *review.Dossier) string { return string(d.Policy) }, label: a.words.under("policy."), all: asText(review.Policies)},
			{name: "explain", key: "explain.title", value: explainMode, label: a.words.under("explain."), all: []string{"usual", "beside", "after", "never"}},
			{name: "names", key: "projects.nameless", value: func(d *review.Dossier) string { return yesNo(d.Nameless) }, label: a.words.under(""), all: []string{"yes", "no"}},
			{name: "state", key: "dossier.state", value: dossierState, label: a.words.under("list.dossier."), all: []string{"open", "closed"}},
		},
		sorts: []listSort[*review.Dossier]{
			{"name", "people.name", byText(func(d *review.Dossier) string { return d.Name })},
			{"newest", "list.newest", func(x, y *review.Dossier) int { return y.Created.Compare(x.Created) }},
			{"talk", "talk.title", func(x, y *review.Dossier) int { return cmp.Compare(x.TalkDays, y.TalkDays) }},
			{"controls", "controls.title", func(x, y *review.Dossier) int { return cmp.Compare(y.Controls, x.Controls) }},
		},
	}
	l, rows := listed(d, "/admin/projects", c.QueryParams(), all)
	return l, rows, nil
}

// projectColumns are the columns of the list as a file.
var projectColumns = []listColumn{
	{"audit.dossier", 36}, {"list.policy", 26}, {"projects.opinions", 10}, {"projects.nameless", 12}, {"explain.title", 30}, {"controls.title", 12}, {"talk.title", 12}, {"dossier.state", 12},
}

// projectsExport gives the list as a file.
func (s *Server) projectsExport(c echo.Context, a asker) error {
	if _, _, err := listFormat(c); err != nil {
		return err
	}
	_, rows, err := s.projectList(c, a)
	if err != nil {
		return err
	}
	w := a.words
	out := listFile{name: "projects", title: w.say("projects.title"), columns: projectColumns}
	for _, d := range rows {
		out.rows = append(out.rows, []string{
			d.Name, w.say("policy." + string(d.Policy)), itoa(opinions(d.Policy)), w.say(yesNo(d.Nameless)), w.say("explain." + explainMode(&d)), itoa(d.Controls) + " %", itoa(d.TalkDays), w.say("list.dossier." + dossierState(&d)),
		})
	}
	return s.sendList(c, a, out)
}

// opinions is how many answers agree a match under a policy.
func opinions(p review.Policy) int {
	if p == review.PolicyOneReviewer {
		return 1
	}
	return 2
}

// protocolPage says what a change of how a dossier is reviewed does, and asks for the
// password.
type protocolPage struct {
	Shell
	Dossier review.Dossier
	Effects []protocolEffect
	Fields  []listOption // of the form that asked
	Problem said
}

// protocolEffect is one effect in a number; Key names its words.
type protocolEffect struct {
	Key string
	N   int
}

// protocolEffects are what a change does to what is under way, where it takes away
// what protects answers: names that are hidden, time to talk, reasons that come late,
// and how many must agree. None is the empty list.
func (s *Server) protocolEffects(ctx context.Context, before, after review.Dossier) ([]protocolEffect, error) {
	var out []protocolEffect
	count := func(key string, states []review.State, is func(review.Match) bool) error {
		n := 0
		for q := (review.Filter{Dossier: before.ID, States: states, Limit: review.MaxPage}); ; {
			page, err := s.store.Matches(ctx, q)
			if err != nil {
				return fmt.Errorf("count what changes: %w", err)
			}
			if is == nil {
				n = page.Total
				break
			}
			for _, m := range page.Matches {
				if is(m) {
					n++
				}
			}
			if q.Cursor = page.Next; q.Cursor == "" {
				break
			}
		}
		if n > 0 {
			out = append(out, protocolEffect{key, n})
		}
		return nil
	}
	disputed := []review.State{review.StateDisputed}
	if before.Nameless && !after.Nameless {
		if err := count("projects.effect.names", disputed, nil); err != nil {
			return nil, err
		}
	}
	if after.TalkDays < before.TalkDays {
		now := s.now()
		if err := count("projects.effect.talk", disputed, func(m review.Match) bool { return m.TalkUntil(before).After(now) && !m.TalkUntil(after).After(now) }); err != nil {
			return nil, err
		}
	}
	opens := func(t review.Task) bool { return after.Explains(t) && !before.Explains(t) }
	if opens(review.TaskFirst) || opens(review.TaskSecond) {
		if err := count("projects.effect.explain", []review.State{review.StateProposed, review.StateOpinion}, nil); err != nil {
			return nil, err
		}
	}
	if opinions(after.Policy) < opinions(before.Policy) {
		changes := func(m review.Match) bool {
			was := m.State
			review.Derive(&m, after)
			return m.State != was
		}
		if err := count("projects.effect.state", nil, changes); err != nil {
			return nil, err
		}
		if err := count("projects.effect.opinions", []review.State{review.StateProposed}, nil); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// protocolFields are the fields of the form that changes how a dossier is reviewed.
var protocolFields = []string{"controls", "explain", "talk", "nameless", "policy"}

// showProtocol asks for the password before a change that has effects.
func (s *Server) showProtocol(c echo.Context, a asker, d review.Dossier, effects []protocolEffect, form url.Values, problem said) error {
	p := protocolPage{Dossier: d, Effects: effects, Problem: problem}
	for _, name := range protocolFields {
		if form.Has(name) {
			p.Fields = append(p.Fields, listOption{name, clip(form.Get(name), 60)})
		}
	}
	p.Shell = s.shell(c, a, d.Name+" – "+a.words.say("settings-of.title"))
	return s.show(c, a, http.StatusUnprocessableEntity, "protocol", &p)
}

// saveProtocol changes how a dossier is reviewed. What weakens its protection says
// first in numbers what it does, and asks for one's own password.
func (s *Server) saveProtocol(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	before, err := s.pathDossier(c)
	if err != nil {
		return err
	}
	form := c.Request().PostForm
	d, err := withSettings(before, form)
	if err != nil {
		return err
	}
	effects, err := s.protocolEffects(ctx, before, d)
	if err != nil {
		return err
	}
	if len(effects) > 0 {
		if !form.Has("old") {
			return s.showProtocol(c, a, d, effects, form, said{})
		}
		why, err := s.ownPassword(c, a)
		if err != nil {
			return err
		}
		if why.Text != "" {
			return s.showProtocol(c, a, d, effects, form, why)
		}
	}
	if err := s.store.SaveDossier(ctx, d, a.person.ID.String()); err != nil {
		return fmt.Errorf("change how the dossier is reviewed: %w", err)
	}
	return c.Redirect(http.StatusSeeOther, "/dossiers/"+d.ID.String()+"?set=1#settings")
}

// policyOf is the policy of a form, the one there is where it names none.
func policyOf(form url.Values, now review.Policy) (review.Policy, error) {
	if !form.Has("policy") {
		return now, nil
	}
	p := review.Policy(form.Get("policy"))
	if !slices.Contains(review.Policies, p) {
		return now, corpus.Refuse(corpus.ErrInvalid, "no-choice", "\"{value}\" is not a policy", "value", clip(string(p), 40))
	}
	return p, nil
}
