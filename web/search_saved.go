package web

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/review"
)

// savedRow is a saved search as the page lists it.
type savedRow struct {
	ID      uuid.UUID
	Name    string
	Href    string
	This    bool // it is the search on the page
	Created time.Time
	words   string // that it looks for
	place   string // the first country it is narrowed to
}

// savedFields are the parts of a search's address that are saved: not the page.
var savedFields = []string{"q", "exact", "without", "unlearned", "jurisdiction", "language", "domain", "issuer", "standard", "obligation", "status", "quantity", "least", "most", "state", "order"}

// savedQuery is what is saved of an address, always in the same order.
func savedQuery(v url.Values) string {
	out := url.Values{}
	for _, field := range savedFields {
		for _, text := range list[string](url.Values{field: v[field]}, field) {
			out.Add(field, text)
		}
	}
	if text := v.Get("q"); text != "" {
		out.Set("q", clip(text, 2000))
	}
	return out.Encode()
}

// savedSearches lists somebody's searches, marking the one on the page.
func (s *Server) savedSearches(c echo.Context, a asker, now string) ([]savedRow, error) {
	saved, err := s.store.SavedSearches(c.Request().Context(), a.person.ID)
	if err != nil {
		return nil, err
	}
	var out []savedRow
	for _, x := range saved {
		v, err := url.ParseQuery(x.Query)
		if err != nil {
			v = url.Values{}
		}
		out = append(out, savedRow{x.ID, x.Name, "/search?" + x.Query, x.Query == now, x.Created, v.Get("q"), v.Get("jurisdiction")})
	}
	return out, nil
}

// saveSearch keeps the search on the page under a name.
func (s *Server) saveSearch(c echo.Context, a asker) error {
	v, err := url.ParseQuery(clip(c.FormValue("query"), 4*review.MaxSavedQuery))
	if err != nil {
		v = url.Values{}
	}
	saved := review.SavedSearch{ID: uuid.Must(uuid.NewV7()), Person: a.person.ID, Name: c.FormValue("name"), Query: savedQuery(v)}
	if err := s.store.SaveSearch(c.Request().Context(), saved); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/search?"+saved.Query+"&done=saved#saved")
}

// renameSearch gives a saved search another name.
func (s *Server) renameSearch(c echo.Context, a asker) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	if err := s.store.RenameSearch(c.Request().Context(), review.SavedSearch{ID: id, Person: a.person.ID, Name: c.FormValue("name"), Query: "-"}); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/search/saved")
}

// dropSearch forgets a saved search and shows it once more, so that it can be
// saved again.
func (s *Server) dropSearch(c echo.Context, a asker) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	dropped, err := s.store.DropSearch(c.Request().Context(), a.person.ID, id)
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/search?"+dropped.Query+"&done=dropped#saved")
}

// savedDone is what the page says was done, "" for nothing it knows.
func savedDone(c echo.Context) string {
	if done := c.QueryParam("done"); slices.Contains([]string{"saved", "dropped"}, done) {
		return done
	}
	return ""
}
