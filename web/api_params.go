package web

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"concord/corpus"
)

// queryOf reads the query of a request. What net/url cannot read is refused,
// since it would be a parameter that is ignored.
func queryOf(r *http.Request, params []string) (url.Values, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, fmt.Errorf("the query of the address is not escaped as it must be: %w", corpus.ErrInvalid)
	}
	return query, wellFormed(query, params)
}

// wellFormed refuses query parameters that the operation does not have, by
// name, and values that stand too often, are too long or are no text.
func wellFormed(query url.Values, params []string) error {
	for _, name := range sortedNames(query) {
		values := query[name]
		most := 1
		switch {
		case slices.Contains(params, name+"*"):
			most = maxValues
		case !slices.Contains(params, name) || strings.HasSuffix(name, "*"):
			return fmt.Errorf("there is no parameter %q here, there are %s: %w", clip(name, 40), orNone(params), corpus.ErrInvalid)
		}
		if len(values) > most {
			return fmt.Errorf("the parameter %s may be given %d times at most: %w", name, most, corpus.ErrInvalid)
		}
		for _, v := range values {
			if len(v) > apiMostParam || !utf8.ValidString(v) {
				return fmt.Errorf("a value of the parameter %s is not text of at most %d bytes: %w", name, apiMostParam, corpus.ErrInvalid)
			}
		}
	}
	return nil
}

func sortedNames(query url.Values) []string {
	var out []string
	for name := range query {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

func orNone(params []string) string {
	if len(params) == 0 {
		return "none"
	}
	return strings.ReplaceAll(strings.Join(params, ", "), "*", "")
}

// limitOf reads how many are wanted, from 1 to most.
func limitOf(query url.Values, fallback, most int) (int, error) {
	text := query.Get("limit")
	if text == "" {
		return fallback, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return 0, fmt.Errorf("limit is a number from 1 to %d: %w", most, corpus.ErrInvalid)
	}
	return n, nil
}

// cursorOf hides a place in a list; only placeOf reads it.
func cursorOf(kind, place string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(kind + ":" + place))
}

// placeOf reads a cursor of the same kind; "" is the beginning.
func placeOf(kind, cursor string) (string, error) {
	if cursor == "" {
		return "", nil
	}
	body, err := base64.RawURLEncoding.DecodeString(cursor)
	place, mine := strings.CutPrefix(string(body), kind+":")
	if err != nil || !mine || place == "" {
		return "", fmt.Errorf("the cursor is not from this list: %w", corpus.ErrInvalid)
	}
	return place, nil
}

// body reads the body of a request into a struct; shape is what it looks like. What is
// wrong with it is said in words of JSON and none of Go.
func (c call) body(into any, shape string) error {
	if media, _, err := mime.ParseMediaType(c.echo.Request().Header.Get("Content-Type")); err != nil || media != "application/json" {
		return errMedia
	}
	dec := json.NewDecoder(c.echo.Request().Body)
	dec.DisallowUnknownFields()
	err := dec.Decode(into)
	if err == nil {
		if _, err = dec.Token(); errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil || !errors.As(err, new(*http.MaxBytesError)) {
			return fmt.Errorf("something follows the object in the body: %w", corpus.ErrInvalid)
		}
	}
	var large *http.MaxBytesError
	var other *json.UnmarshalTypeError
	reason := strings.TrimPrefix(err.Error(), "json: ")
	switch {
	case errors.As(err, &large):
		return err
	case errors.As(err, &other) && other.Field != "":
		reason = fmt.Sprintf("%s is a %s at byte %d", other.Field, other.Value, other.Offset)
	case errors.As(err, &other):
		reason = "it is no object, but of the kind " + other.Value
	case errors.Is(err, io.ErrUnexpectedEOF):
		reason = "it ends too early"
	case errors.Is(err, io.EOF):
		reason = "it is empty"
	}
	return fmt.Errorf("the body is not %s: %s: %w", shape, reason, corpus.ErrInvalid)
}

// bulk reads a body of clause ids, each once, in the order of the body.
func (c call) bulk() ([]corpus.ClauseID, error) {
	var body apiIDs
	if err := c.body(&body, `{"clauses": ["..."]}`); err != nil {
		return nil, err
	}
	switch n := len(body.Clauses); {
	case n == 0:
		return nil, fmt.Errorf("the body names no clause: name 1 to %d: %w", apiMostBulk, corpus.ErrInvalid)
	case n > apiMostBulk:
		return nil, fmt.Errorf("the body names %d clauses, at most %d are answered at once: split the list: %w", n, apiMostBulk, corpus.ErrLimit)
	}
	return distinct(body.Clauses), nil
}

// clauseID is the clause named in the path.
func (c call) clauseID() corpus.ClauseID {
	return corpus.NewClauseID(c.standardID(), c.part("key"))
}

// standardID is the standard named in the path.
func (c call) standardID() corpus.StandardID { return corpus.StandardID(c.part("id")) }

// part is a part of the path.
func (c call) part(name string) string {
	if c.path != nil {
		return c.path[name]
	}
	return pathPart(c.echo, name)
}

// distinct keeps the first of each value.
func distinct[T comparable](list []T) []T {
	seen := make(map[T]bool, len(list))
	return slices.DeleteFunc(list, func(v T) bool {
		again := seen[v]
		seen[v] = true
		return again
	})
}

// oneOf refuses values of a parameter that are none of those there are.
func oneOf[T ~string](name string, values []string, allowed []T) error {
	for _, v := range values {
		if !slices.Contains(allowed, T(v)) {
			return fmt.Errorf("%s is not %q, there are %s: %w", name, clip(v, 40), orNone(asText(allowed)), corpus.ErrInvalid)
		}
	}
	return nil
}

// yesOrNo reads a parameter that is true or false, false when it is not given.
func yesOrNo(query url.Values, name string) (bool, error) {
	switch query.Get(name) {
	case "true":
		return true, nil
	case "false", "":
		return false, nil
	}
	return false, fmt.Errorf("%s is true or false: %w", name, corpus.ErrInvalid)
}

// typed gives strings their type.
func typed[T ~string](values []string) []T {
	var out []T
	for _, v := range values {
		out = append(out, T(v))
	}
	return out
}

// given are the values that say anything.
func given(values []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
}

// pathID is the uuid in the path; what is none is not there.
func (c call) pathID(what string) (uuid.UUID, error) {
	id, err := uuid.Parse(c.part("id"))
	if err != nil {
		return uuid.Nil, fmt.Errorf("there is no %s %s: %w", what, clip(c.part("id"), 40), corpus.ErrNotFound)
	}
	return id, nil
}
