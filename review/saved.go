package review

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"concord/corpus"
)

// SavedSearch is a search that somebody keeps under a name. It is theirs alone.
type SavedSearch struct {
	ID      uuid.UUID
	Person  uuid.UUID
	Name    string
	Query   string // words and filters, as the query of an address
	Created time.Time
}

// The limits of saved searches (our own): of one person, characters of a name,
// bytes of a query.
const (
	MaxSavedSearches = 100
	MaxSavedName     = 120
	MaxSavedQuery    = 4000
)

// Check says what is wrong with a search that is to be saved: corpus.ErrInvalid.
func (s SavedSearch) Check() error {
	switch name := strings.TrimSpace(s.Name); {
	case s.ID == uuid.Nil || s.Person == uuid.Nil:
		return fmt.Errorf("a saved search needs an id and a person: %w", corpus.ErrInvalid)
	case name == "":
		return corpus.Refuse(corpus.ErrInvalid, "saved-name", "give the search a name")
	case utf8.RuneCountInString(name) > MaxSavedName:
		return corpus.Refuse(corpus.ErrLimit, "saved-name-long", "the name of a search has at most {n} characters", "n", fmt.Sprint(MaxSavedName))
	case s.Query == "":
		return corpus.Refuse(corpus.ErrInvalid, "saved-empty", "search for something first")
	case len(s.Query) > MaxSavedQuery:
		return corpus.Refuse(corpus.ErrLimit, "saved-long", "the search is too long to be saved")
	}
	return nil
}
