package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

// problem is an error as RFC 9457 wants it.
type problem struct {
	Type     string `json:"type"` // address of the kind of problem
	Title    string `json:"title"`
	Status   int    `json:"status"`
	Detail   string `json:"detail,omitempty"`
	Instance string `json:"instance"` // path of the request
	Code     string `json:"code"`     // stable, for programs
	ID       string `json:"id"`       // of the request, for the operator's log
}

// problemTitles are the titles by code; the interface speaks English. The
// catalogue in openapi.json says the same, with the cure, which a test checks.
var problemTitles = map[string]string{
	"no-key": "a key is needed", "bad-key": "the key is not good", "forbidden": "not allowed", "not-found": "not there",
	"version": "no such version", "conflict": "in conflict with what is there", "invalid": "the request is not valid", "limit": "over a limit", "too-large": "the body is too large", "media": "the body is not JSON", "unmet": "it is not as you read it",
	"too-often": "too many requests", "method": "the method does not exist here", "busy": "busy, try again",
	"unavailable": "not available now", "no-search": "there is no search index", "failure": "a failure of ours",
}

// detail is an error in the words of a problem.
func detail(err error) string { return corpus.Told(err, review.ErrGuard, errUnmet) }

// writeProblem answers an error under apiPrefix.
func (s *Server) writeProblem(c echo.Context, k kind, err error, id string) error {
	p := problem{Status: k.status, Code: k.key, Instance: c.Request().URL.EscapedPath(), ID: id}
	if k.tell || k.status == http.StatusNotFound && !errors.As(err, new(*echo.HTTPError)) {
		p.Detail = detail(err)
	}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		p.Detail = fmt.Sprintf("a body here has at most %d bytes", large.Limit)
	}
	if p.Status == http.StatusUnauthorized {
		c.Response().Header().Set("WWW-Authenticate", `Bearer realm="concord"`)
	}
	p.Title = problemTitles[p.Code]
	p.Type = s.base.String() + "/api/docs#problem-" + p.Code
	body, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("write a problem: %w", err)
	}
	return c.Blob(p.Status, "application/problem+json", body)
}
