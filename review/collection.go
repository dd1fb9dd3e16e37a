package review

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"concord/corpus"
)

// Collection is a list of clauses that somebody gathers under a name, from
// whatever standards: the widths of exits in eight countries. It is theirs alone,
// and says nothing about the clauses: what corresponds is decided in dossiers.
type Collection struct {
	ID      uuid.UUID
	Person  uuid.UUID
	Name    string
	Clauses []corpus.ClauseID // in the order they were gathered, each once
	Created time.Time
}

// The limits of collections (our own): of one person, clauses of one.
const (
	MaxCollections = 100
	MaxCollected   = 500
)

// With adds clauses that are not there yet, at the end: corpus.ErrLimit when they
// are more than MaxCollected together. The collection itself stays as it is.
func (c Collection) With(clauses ...corpus.ClauseID) (Collection, error) {
	c.Clauses = slices.Clone(c.Clauses)
	for _, id := range clauses {
		if !slices.Contains(c.Clauses, id) {
			c.Clauses = append(c.Clauses, id)
		}
	}
	if len(c.Clauses) > MaxCollected {
		return c, corpus.Refuse(corpus.ErrLimit, "collection-long", "a collection holds at most {most} clauses", "most", MaxCollected)
	}
	return c, nil
}

// Without takes a clause out.
func (c Collection) Without(clause corpus.ClauseID) Collection {
	c.Clauses = slices.DeleteFunc(slices.Clone(c.Clauses), func(id corpus.ClauseID) bool { return id == clause })
	return c
}

// Check says what is wrong with the name: corpus.ErrInvalid or corpus.ErrLimit.
func (c Collection) Check() error {
	switch name := strings.TrimSpace(c.Name); {
	case name == "":
		return corpus.Refuse(corpus.ErrInvalid, "collection-name", "give the collection a name")
	case utf8.RuneCountInString(name) > MaxSavedName:
		return corpus.Refuse(corpus.ErrLimit, "collection-name-long", "the name of a collection has at most {most} characters", "most", MaxSavedName)
	}
	return nil
}
