package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

// Errors of our own.
var (
	errForeign   = errors.New("the request comes from another site")
	errToken     = errors.New("the form is out of date")
	errSignedOut = errors.New("you are not signed in")
	errBusy      = errors.New("too many people ask at this moment")
	errNoSearch  = errors.New("this server runs without a search index")
)

// waitError says that something was tried too often.
type waitError struct{ wait time.Duration }

func (e waitError) Error() string {
	return fmt.Sprintf("tried too often, wait %d seconds", seconds(e.wait))
}

// seconds rounds a wait up, at least one.
func seconds(d time.Duration) int { return max(1, int(math.Ceil(d.Seconds()))) }

// kind is one line of the table of errors: what it is, the status, the key of
// its words on the page (error.<key>.title and .cure), and whether the error's
// own sentence is meant for people.
type kind struct {
	is     error
	status int
	key    string
	tell   bool
	retry  int // seconds for Retry-After, 0 for none
}

// kinds is the table, most telling first: an error is shown as the first line
// it is. What matches no line is a failure of ours.
var kinds = []kind{
	{is: errForeign, status: http.StatusForbidden, key: "foreign"},
	{is: errToken, status: http.StatusForbidden, key: "token"},
	{is: errSignedOut, status: http.StatusUnauthorized, key: "signed-out"},
	{is: errBusy, status: http.StatusServiceUnavailable, key: "busy", retry: 2},
	{is: errNoSearch, status: http.StatusServiceUnavailable, key: "no-search"},
	{is: review.ErrSecondKey, status: http.StatusServiceUnavailable, key: "unavailable", tell: true},
	{is: review.ErrGuard, status: http.StatusUnprocessableEntity, key: "guard", tell: true},
	{is: corpus.ErrNotFound, status: http.StatusNotFound, key: "not-found"},
	{is: corpus.ErrForbidden, status: http.StatusForbidden, key: "forbidden", tell: true},
	{is: corpus.ErrConflict, status: http.StatusConflict, key: "conflict", tell: true},
	{is: corpus.ErrLimit, status: http.StatusBadRequest, key: "limit", tell: true},
	{is: corpus.ErrInvalid, status: http.StatusBadRequest, key: "invalid", tell: true},
	{is: context.DeadlineExceeded, status: http.StatusServiceUnavailable, key: "busy", retry: 5},
	{is: context.Canceled, status: http.StatusServiceUnavailable, key: "busy", retry: 5},
}

// failure is what matches no line.
var failure = kind{status: http.StatusInternalServerError, key: "failure"}

// unavailable makes lines for errors of the records that mean "not now".
func unavailable(list []error) []kind {
	var out []kind
	for _, err := range list {
		out = append(out, kind{is: err, status: http.StatusServiceUnavailable, key: "unavailable", retry: 30})
	}
	return out
}

// classify finds an error's line. Errors of net/http and echo, which are types
// and not values, are found first.
func (s *Server) classify(err error) kind {
	var wait waitError
	var large *http.MaxBytesError
	var echoed *echo.HTTPError
	switch {
	case errors.As(err, &wait):
		return kind{status: http.StatusTooManyRequests, key: "too-often", retry: seconds(wait.wait)}
	case errors.As(err, &large):
		return kind{status: http.StatusRequestEntityTooLarge, key: "too-large"}
	case errors.As(err, &echoed):
		return ofStatus(echoed.Code)
	}
	for _, k := range s.kinds {
		if errors.Is(err, k.is) {
			return k
		}
	}
	return failure
}

// ofStatus is the line for an error that is only a status.
func ofStatus(status int) kind {
	switch status {
	case http.StatusNotFound:
		return kind{status: status, key: "not-found"}
	case http.StatusMethodNotAllowed:
		return kind{status: status, key: "method"}
	case http.StatusRequestEntityTooLarge:
		return kind{status: status, key: "too-large"}
	}
	if status >= 400 && status < 500 {
		return kind{status: status, key: "invalid"}
	}
	return failure
}

// sentence is an error's own words without the kind at the end.
func sentence(err error) string { return corpus.Sentence(err, review.ErrGuard, errUnmet) }

// errorPage is the page of an error.
type errorPage struct {
	Shell
	Heading, Cure string
	Detail        said // the refusal's own sentence, "" when not for people
	Status        int
	ID            string
}

// showError is the one place where errors become answers.
func (s *Server) showError(err error, c echo.Context) {
	if errors.As(err, new(*echo.HTTPError)) && otherVersion(c.Request().URL.Path) {
		err = errVersion
	}
	k := s.classify(err)
	id, _ := c.Get(atID).(string)
	if k.status >= 500 && !errors.Is(err, context.Canceled) {
		s.log.LogAttrs(c.Request().Context(), slog.LevelError, "request failed", slog.String("id", id),
			slog.String("method", c.Request().Method), slog.String("path", c.Request().URL.Path), slog.Any("error", err))
	}
	if c.Response().Committed {
		return
	}
	if k.retry > 0 {
		c.Response().Header().Set("Retry-After", strconv.Itoa(k.retry))
	}
	if err := s.writeError(c, k, err, id); err != nil {
		s.log.Error("show an error", "id", id, "error", err)
	}
}

// writeError writes the page, or a small JSON object for scripts.
func (s *Server) writeError(c echo.Context, k kind, err error, id string) error {
	if strings.HasPrefix(c.Request().URL.Path, apiPrefix) {
		return s.writeProblem(c, k, err, id)
	}
	a, failed := s.asker(c)
	if failed != nil { // the records are down: show the page of a stranger
		a.signedIn = false
	}
	p := errorPage{
		Heading: a.words.say("error." + k.key + ".title"), Cure: a.words.say("error." + k.key + ".cure"),
		Status: k.status, ID: id,
	}
	if k.tell {
		p.Detail = a.words.refusal(err)
	}
	if wantsJSON(c.Request()) {
		return c.JSON(k.status, map[string]any{"status": k.status, "title": p.Heading, "cure": p.Cure, "detail": p.Detail.Text, "id": id})
	}
	p.Shell = s.shell(c, a, p.Heading)
	return s.show(c, a, k.status, "error", &p)
}
