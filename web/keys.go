package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"concord/review"
)

// keysPage lists integrators' keys.
type keysPage struct {
	Shell
	List   listing
	Rows   []keyRow
	Scopes []scopeOption
	Name   string
	Days   int
	// Networks and Rate are as they were typed.
	Networks, Rate string
	Usual          int    // requests a minute of a key without a rate
	Made           string // a new key, shown once
	Problem        said
}

type keyRow struct {
	review.Key
	Works bool
	Maker string
}

type scopeOption struct {
	Scope  review.Scope
	Chosen bool
}

// keys lists the keys.
func (s *Server) keys(c echo.Context, a asker) error {
	return s.showKeys(c, a, http.StatusOK, keysPage{Days: 90}, []review.Scope{review.ScopeSearch, review.ScopeRead})
}

func (s *Server) showKeys(c echo.Context, a asker, status int, p keysPage, chosen []review.Scope) error {
	list, rows, err := s.keyList(c, a)
	if err != nil {
		return err
	}
	p.Rows = pageOf(s, &list, rows)
	p.List = list
	for _, scope := range review.Scopes {
		p.Scopes = append(p.Scopes, scopeOption{scope, slices.Contains(chosen, scope)})
	}
	p.Usual = apiSearches * int(time.Minute/apiWindow)
	p.Shell = s.shell(c, a, a.words.say("keys.title"))
	return s.show(c, a, status, "keys", &p)
}

// addKey makes a key and shows it, once.
func (s *Server) addKey(c echo.Context, a asker) error {
	form := c.Request().PostForm
	p := keysPage{Name: clip(strings.TrimSpace(form.Get("name")), 200), Networks: clip(form.Get("networks"), 1000), Rate: clip(form.Get("rate"), 10)}
	p.Days, _ = strconv.Atoi(form.Get("days")) // anything else is refused below
	scopes := slices.DeleteFunc(list[review.Scope](form, "scope"), func(x review.Scope) bool { return !slices.Contains(review.Scopes, x) })
	refuse := func(why said) error {
		p.Problem = why
		return s.showKeys(c, a, http.StatusUnprocessableEntity, p, scopes)
	}
	problem := ""
	switch {
	case p.Name == "":
		problem = "name"
	case p.Days < 1 || p.Days > int(review.KeyLife/(24*time.Hour)):
		problem = "days"
	case len(scopes) == 0:
		problem = "scopes"
	}
	if problem != "" {
		return refuse(said{Text: a.words.say("keys.problem." + problem)})
	}
	secret, key, err := review.NewKey(p.Name, scopes, s.now(), time.Duration(p.Days)*24*time.Hour)
	if err != nil {
		return err
	}
	key.By = a.person.ID
	if key, err = key.Bounded(p.Networks, p.Rate); err != nil {
		return refuse(a.words.refusal(err))
	}
	if err := s.store.NewKey(c.Request().Context(), key, a.person.ID.String()); err != nil {
		return fmt.Errorf("make a key: %w", err)
	}
	return s.showKeys(c, a, http.StatusOK, keysPage{Made: secret, Days: 90}, nil)
}

// endKey ends a key for good.
func (s *Server) endKey(c echo.Context, a asker) error {
	if err := s.store.EndKey(c.Request().Context(), c.Param("id"), a.person.ID.String()); err != nil {
		return fmt.Errorf("end the key: %w", err)
	}
	return c.Redirect(http.StatusSeeOther, "/admin/keys")
}
