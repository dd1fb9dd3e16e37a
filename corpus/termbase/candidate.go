package termbase

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"concord/corpus"
)

// CandidateFrom says what a candidate was found in.
type CandidateFrom string

// Where candidates are found, surest first.
const (
	FromDefinition CandidateFrom = "definition" // a definition that prints its term in two languages
	FromEditions   CandidateFrom = "editions"   // the same definition in two parallel editions
	FromLearned    CandidateFrom = "learned"    // translations learned from pairs of texts
)

// CandidateOrigins are all of them.
var CandidateOrigins = []CandidateFrom{FromDefinition, FromEditions, FromLearned}

// Candidate is a pair of forms that may be names of one thing: nobody has said so yet.
type Candidate struct {
	ID             int64           // the place in the queue, given by the store
	Source, Target corpus.Language // base languages in the order of letters
	Word           string          // as printed, in the source language
	Rendering      string          // in the target language
	From           CandidateFrom
	Clauses        [2]corpus.ClauseID // where each form stands, "" where that is not known
}

// NewCandidate brings two forms into order. ok is false for what is no pair: one
// language twice, an empty form or one that is too long for a term.
func NewCandidate(a, b Term, from CandidateFrom, inA, inB corpus.ClauseID) (c Candidate, ok bool) {
	a.Language, b.Language = a.Language.Base(), b.Language.Base()
	if a.Language > b.Language {
		a, b, inA, inB = b, a, inB, inA
	}
	a.Text, b.Text = line(a.Text), line(b.Text)
	for _, text := range []string{a.Text, b.Text} {
		if text == "" || len([]rune(text)) > maxTerm {
			return c, false
		}
	}
	return Candidate{0, a.Language, b.Language, a.Text, b.Text, from, [2]corpus.ClauseID{inA, inB}}, a.Language != b.Language && a.Language != ""
}

// Key names the pair of forms, whatever it is found in and however it is printed.
func (c Candidate) Key() [4]string {
	return [4]string{string(c.Source), string(c.Target), Fold(c.Word), Fold(c.Rendering)}
}

// CandidateAnswer is what a person says of a candidate.
type CandidateAnswer string

// The answers.
const (
	CandidatePreferred CandidateAnswer = "preferred"
	CandidateAdmitted  CandidateAnswer = "admitted"
	CandidateNone      CandidateAnswer = "none" // no pair: it never comes back
)

// CandidateAnswers are all of them.
var CandidateAnswers = []CandidateAnswer{CandidatePreferred, CandidateAdmitted, CandidateNone}

// Status is that of the terms which an answer writes, "" where it writes none.
func (a CandidateAnswer) Status() Status {
	if a == CandidateNone {
		return ""
	}
	return Status(a)
}

// Into is the entry that an answer makes or changes, with the version it changes, 0
// for a new one. A pair goes to the entry in use that has one of its forms already;
// what the other form is there for stays, and both forms get the status.
func (c Candidate) Into(kept []Kept, status Status, origin Origin) (Entry, int) {
	id := c.id()
	have := func(e Entry, lang corpus.Language, text string) int {
		return slices.IndexFunc(e.Terms, func(t Term) bool { return t.Language.Base() == lang && Fold(t.Text) == Fold(text) })
	}
	e, version := Entry{ID: id, Origin: origin}, 0
	found := false
	for _, k := range kept {
		if k.ID == id {
			version = k.Version // withdrawn before, or it has one of the forms itself
		}
		if !k.Withdrawn && !found && (have(k.Entry, c.Source, c.Word) >= 0 || have(k.Entry, c.Target, c.Rendering) >= 0) {
			e, version, found = k.Entry, k.Version, true
			break
		}
	}
	e.Terms = slices.Clone(e.Terms)
	for _, t := range []Term{{Language: c.Source, Text: c.Word, Status: status}, {Language: c.Target, Text: c.Rendering, Status: status}} {
		if at := have(e, t.Language, t.Text); at < 0 {
			e.Terms = append(e.Terms, t)
		} else if status == Preferred {
			e.Terms[at].Status = status
		}
	}
	return e.Clean(), version
}

// id names the entry of a pair that goes to none.
func (c Candidate) id() string {
	key := c.Key()
	sum := sha256.Sum256([]byte(strings.Join(key[:], "\x00")))
	return "pair-" + hex.EncodeToString(sum[:5])
}

// CandidateFilter selects candidates that wait.
type CandidateFilter struct {
	Behind         int64           // the id of the last one that was passed over
	Source, Target corpus.Language // "" for any
	From           CandidateFrom   // "" for any
	Limit          int
}

// CandidateCount is how many wait of two languages.
type CandidateCount struct {
	Source, Target corpus.Language
	N              int
}

// CandidateSaid is what a person said of a candidate.
type CandidateSaid struct {
	Candidate
	Said    string // names the answer
	Answer  CandidateAnswer
	Entry   string // that it wrote, "" for none
	Version int    // of it
	Person  string // id
	At      time.Time
}
