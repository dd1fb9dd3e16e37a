package web

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/index"
	"concord/review"
)

// The types below are what programs receive and send. They are apart from the
// types of the program, so that neither binds the other; openapi.json describes
// them, and a test holds the two together.

// apiIDs names clauses.
type apiIDs struct {
	Clauses []corpus.ClauseID `json:"clauses"`
}

// apiList is a page of a list; Next is the cursor of the next page.
type apiList[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
}

// apiSpan is a stretch of a clause's wording: its heading, a line feed and its
// text, in bytes of UTF-8, the end excluded.
type apiSpan struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// newAPISpans keeps the order; there is always a list, though it be empty.
func newAPISpans(spans []lexicon.Span) []apiSpan {
	out := []apiSpan{}
	for _, s := range spans {
		out = append(out, apiSpan(s))
	}
	return out
}

// apiTitle is a title in one language.
type apiTitle struct {
	Language corpus.Language `json:"lang"`
	Text     string          `json:"text"`
}

// apiAdoption says which standard this one adopts, and how far.
type apiAdoption struct {
	Designation string        `json:"designation"`
	Degree      corpus.Degree `json:"degree"`
}

// apiStandard is one edition of one standard.
type apiStandard struct {
	ID            corpus.StandardID   `json:"id"`
	Designation   string              `json:"designation"`
	Titles        []apiTitle          `json:"titles"`
	Issuer        string              `json:"issuer"`
	Jurisdiction  corpus.Jurisdiction `json:"jurisdiction"`
	Language      corpus.Language     `json:"language"`
	Domain        corpus.Domain       `json:"domain"`
	Edition       string              `json:"edition"`
	Status        corpus.Status       `json:"status"`
	InForce       string              `json:"inForce,omitempty"`
	Replaces      []string            `json:"replaces,omitempty"`
	ReplacedBy    []string            `json:"replacedBy,omitempty"`
	Adopts        []apiAdoption       `json:"adopts,omitempty"`
	ICS           []string            `json:"ics,omitempty"`
	CCS           []string            `json:"ccs,omitempty"`
	Rights        corpus.Rights       `json:"rights"`
	Demonstration bool                `json:"demonstration"`
	Notice        string              `json:"notice,omitempty"`
	Clauses       int                 `json:"clauses"`
	Normative     int                 `json:"normative"`
	Authenticity  corpus.Authenticity `json:"authenticity,omitempty"`
	Stated        bool                `json:"authenticityStated"`
	Parallel      []apiParallel       `json:"parallel,omitempty"`
	Overlay       *apiOverlay         `json:"overlay,omitempty"`
	OverlaidBy    []corpus.StandardID `json:"overlaidBy,omitempty"`
}

// newAPIStandard tells a standard with what is around it.
func newAPIStandard(h corpus.Holding, x around) apiStandard {
	mark := markOf(h.Standard)
	s := h.Standard
	titles := []apiTitle{}
	for _, t := range s.Titles {
		titles = append(titles, apiTitle(t))
	}
	var adopts []apiAdoption
	for _, a := range s.Adopts {
		adopts = append(adopts, apiAdoption(a))
	}
	return apiStandard{
		ID: s.ID, Designation: s.Designation, Titles: titles, Issuer: s.Issuer, Jurisdiction: s.Jurisdiction, Language: s.Language,
		Domain: s.Domain, Edition: s.Edition, Status: s.Status, InForce: s.InForce, Replaces: s.Replaces, ReplacedBy: s.ReplacedBy,
		Adopts: adopts, ICS: s.ICS, CCS: s.CCS, Rights: levelOf(s.Rights), Demonstration: s.Demonstration, Notice: s.Notice, Clauses: h.Clauses, Normative: h.Normative,
		Authenticity: mark.Kind, Stated: mark.Said, Parallel: newAPIParallels(editionsOf(x.editions, s)),
		Overlay: x.overlay(s), OverlaidBy: x.overlaidBy(s),
	}
}

// levelOf names what corpus.Rights does with a level that it does not know.
func levelOf(r corpus.Rights) corpus.Rights {
	if r != corpus.RightsFull && r != corpus.RightsExcerpt {
		return corpus.RightsTitles
	}
	return r
}

// apiClause is a clause as the standard's rights let it be shown. Digest is of
// the whole wording, shown or not.
type apiClause struct {
	ID           corpus.ClauseID   `json:"id"`
	Standard     corpus.StandardID `json:"standard"`
	Designation  string            `json:"designation"`
	Parent       corpus.ClauseID   `json:"parent,omitempty"`
	Label        string            `json:"label"`
	Number       string            `json:"number"`
	Kind         corpus.Kind       `json:"kind"`
	Heading      string            `json:"heading,omitempty"`
	Text         string            `json:"text"`
	Language     corpus.Language   `json:"language"`
	Path         []string          `json:"path,omitempty"`
	Illustrative bool              `json:"illustrative"` // the number is ours, not the publisher's
	Rights       corpus.Rights     `json:"rights"`
	Digest       corpus.Digest     `json:"digest"`
	Parallel     []apiParallel     `json:"parallel,omitempty"` // only where one clause is asked for
}

func newAPIClause(c corpus.Clause, s corpus.Standard) apiClause {
	digest := c.Digest()
	c = s.Rights.Shown(c)
	return apiClause{
		ID: c.ID, Standard: c.Standard, Designation: s.Designation, Parent: c.Parent, Label: c.Label, Number: c.Number, Kind: c.Kind,
		Heading: c.Heading, Text: c.Text, Language: c.Language, Path: c.Path, Illustrative: c.Illustrative, Rights: levelOf(s.Rights), Digest: digest,
	}
}

// apiHit is a clause that a search found, with the places of its wording that
// answer it; places are marked in the first apiMostMarked hits of a page.
type apiHit struct {
	Clause     apiClause `json:"clause"`
	Score      float64   `json:"score"` // compares only within this answer
	FoundBy    []string  `json:"foundBy"`
	Highlights []apiSpan `json:"highlights"`
}

// apiCount is one value of a facet.
type apiCount struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// apiUnderstood is a concept the query was understood as, at a place of the
// query; send its id as without to take it off.
type apiUnderstood struct {
	Concept lexicon.ConceptID          `json:"concept"`
	Span    apiSpan                    `json:"span"`
	Labels  map[corpus.Language]string `json:"labels"`
}

func newAPIUnderstood(u index.Understood) apiUnderstood {
	labels := u.Labels
	if labels == nil {
		labels = map[corpus.Language]string{}
	}
	return apiUnderstood{Concept: u.Concept, Span: apiSpan(u.Span), Labels: labels}
}

// apiLearned is a word of the query that only learned translations render; send it
// as unlearned to take them off.
type apiLearned struct {
	Word       string         `json:"word"`
	Span       apiSpan        `json:"span"`
	Renderings []apiRendering `json:"renderings"`
}

// apiRendering is a word of another language, with how surely it is meant and how
// many pairs of clauses show it.
type apiRendering struct {
	Language corpus.Language `json:"lang"`
	Text     string          `json:"text"`
	Strength float64         `json:"strength"`
	Pairs    int             `json:"pairs"`
}

func newAPILearned(l index.Learned) apiLearned {
	out := apiLearned{Word: l.Word, Span: apiSpan(l.Span)}
	for _, r := range l.Into {
		out.Renderings = append(out.Renderings, apiRendering(r))
	}
	return out
}

// apiSearch is the answer of a search.
type apiSearch struct {
	Total      int                   `json:"total"`
	Items      []apiHit              `json:"items"`
	Next       string                `json:"next,omitempty"`
	Facets     map[string][]apiCount `json:"facets"`
	Understood []apiUnderstood       `json:"understood"`
	Learned    []apiLearned          `json:"learned"`
	Fuzzy      bool                  `json:"fuzzy"`
	Index      string                `json:"index"` // how complete the answer is
}

// apiRecognition is one direction of recognition.
type apiRecognition struct {
	Answer     corpus.Answer `json:"answer"` // "" while nobody has said
	Conditions []string      `json:"conditions,omitempty"`
	// Details is the data behind each condition, in the same order.
	Details []apiCondition `json:"details,omitempty"`
}

// apiCondition is a condition as data.
type apiCondition struct {
	Kind     string          `json:"kind,omitempty"` // "" for somebody's own words
	Concept  string          `json:"concept,omitempty"`
	Need     string          `json:"need,omitempty"`
	Has      string          `json:"has,omitempty"`
	Texts    []string        `json:"texts,omitempty"`
	Language corpus.Language `json:"lang,omitempty"`
}

func newAPIRecognition(r corpus.Recognition) apiRecognition {
	out := apiRecognition{Answer: r.Answer, Conditions: r.Conditions}
	for _, d := range r.Details {
		out.Details = append(out.Details, apiCondition(d))
	}
	return out
}

// apiSeen is a text that a decision was made on, with the amendments that were known.
type apiSeen struct {
	Clause  corpus.ClauseID `json:"clause"`
	Digest  corpus.Digest   `json:"digest"`
	Amended []apiAmendment  `json:"amended,omitempty"`
}

// apiAmendment is what an amendment does to a clause: Clause is the one of the base
// where that does not stand beside it, New tells that the match was not answered
// knowing it.
type apiAmendment struct {
	Clause corpus.ClauseID  `json:"clause,omitempty"`
	By     corpus.ClauseID  `json:"by"`
	Act    corpus.EffectAct `json:"act"`
	Digest corpus.Digest    `json:"digest"`
	New    bool             `json:"new,omitempty"`
}

func newAPISeen(s review.Seen) apiSeen {
	out := apiSeen{Clause: s.Clause, Digest: s.Digest}
	for _, x := range s.Amended {
		out.Amended = append(out.Amended, apiAmendment{By: x.By, Act: x.Act, Digest: x.Digest})
	}
	return out
}

// apiAmended lists what amendments do to the clauses of a match now.
func apiAmended(m review.Match) []apiAmendment {
	var out []apiAmendment
	var since []review.Amending
	if m.Suspect {
		since = m.AmendedAnswers()
	}
	for _, id := range m.Clauses() {
		for _, x := range m.Amended[id] {
			fresh := slices.ContainsFunc(since, func(y review.Amending) bool { return !y.Ended && y.Clause == id && y.Digest == x.Digest })
			out = append(out, apiAmendment{Clause: id, By: x.By, Act: x.Act, Digest: x.Digest, New: fresh})
		}
	}
	return out
}

// apiOutcome is what was agreed.
type apiOutcome struct {
	Verdict   review.Verdict `json:"verdict"`
	AToB      apiRecognition `json:"aToB"`
	BToA      apiRecognition `json:"bToA"`
	Decisions []uuid.UUID    `json:"decisions"`
}

// apiDecision is one answer. Who gave it is told by party only.
type apiDecision struct {
	ID        uuid.UUID           `json:"id"`
	Seq       int64               `json:"seq"`
	Match     uuid.UUID           `json:"match"`
	Kind      review.DecisionKind `json:"kind"`
	Party     review.Party        `json:"party"`
	Verdict   review.Verdict      `json:"verdict,omitempty"`
	AToB      apiRecognition      `json:"aToB"`
	BToA      apiRecognition      `json:"bToA"`
	Reasons   []string            `json:"reasons,omitempty"`
	Note      string              `json:"note,omitempty"`
	Search    string              `json:"search,omitempty"`
	Withdraws uuid.UUID           `json:"withdraws,omitzero"`
	Seen      []apiSeen           `json:"seen"`
	Model     string              `json:"model,omitempty"`
	At        time.Time           `json:"at"`
}

func newAPIDecision(d review.Decision) apiDecision {
	seen := []apiSeen{}
	for _, s := range d.Seen {
		seen = append(seen, newAPISeen(s))
	}
	return apiDecision{ID: d.ID, Seq: d.Seq, Match: d.Match, Kind: d.Kind, Party: d.Party, Verdict: d.Verdict, AToB: newAPIRecognition(d.AToB), BToA: newAPIRecognition(d.BToA),
		Reasons: d.Reasons, Note: d.Note, Search: d.Search, Withdraws: d.Withdraws, Seen: seen, Model: d.Model, At: d.At}
}

// apiMatch is a match with the answers that may be seen: while opinions are
// blind, none.
type apiMatch struct {
	ID        uuid.UUID         `json:"id"`
	Dossier   uuid.UUID         `json:"dossier"`
	Sources   []corpus.ClauseID `json:"sources"`
	Targets   []corpus.ClauseID `json:"targets"`
	Against   corpus.StandardID `json:"against"`
	Version   int               `json:"version"`
	State     review.State      `json:"state"`
	Suspect   bool              `json:"suspect"`
	Amended   []apiAmendment    `json:"amended,omitempty"`
	Outcome   *apiOutcome       `json:"outcome,omitempty"`
	Decisions []apiDecision     `json:"decisions"`
	Updated   time.Time         `json:"updated"`
	Features  []apiFeature      `json:"features,omitempty"` // of the kept comparison
	Reserved  []apiReservation  `json:"reservations,omitempty"`
	Compared  *apiComparison    `json:"comparison,omitempty"` // only where one match is asked for
}

// apiReservation is a party's declared caveat that stands. By whom it was declared
// is told by party only.
type apiReservation struct {
	ID    uuid.UUID    `json:"id"`
	Party review.Party `json:"party"`
	Text  string       `json:"text"`
	At    time.Time    `json:"at"`
}

func newAPIReservations(list []review.Reservation) []apiReservation {
	var out []apiReservation
	for _, r := range list {
		out = append(out, apiReservation{r.ID, r.Party, r.Text, r.At})
	}
	return out
}

// onAll are the reservations of a list against the whole of a dossier.
func onAll(list []review.Reservation, dossier uuid.UUID) []review.Reservation {
	return slices.DeleteFunc(review.Reserved(list, nil), func(r review.Reservation) bool { return r.Dossier != dossier })
}

// newAPIMatch passes the match through review.Shown for somebody who is nobody.
func newAPIMatch(m review.Match) apiMatch {
	m = review.Shown(m, review.Person{})
	out := apiMatch{ID: m.ID, Dossier: m.Dossier, Sources: m.Sources, Targets: m.Targets, Against: m.Against, Version: m.Version,
		State: m.State, Suspect: m.Suspect, Amended: apiAmended(m), Decisions: []apiDecision{}, Updated: m.Updated,
		Features: newAPIFeatures(m.Proposal), Reserved: newAPIReservations(m.Reserved)}
	if out.Targets == nil {
		out.Targets = []corpus.ClauseID{}
	}
	if m.Outcome != nil {
		out.Outcome = &apiOutcome{Verdict: m.Outcome.Verdict, AToB: newAPIRecognition(m.Outcome.AToB), BToA: newAPIRecognition(m.Outcome.BToA), Decisions: m.Outcome.By}
	}
	for _, d := range m.Decisions {
		out.Decisions = append(out.Decisions, newAPIDecision(d))
	}
	return out
}

// apiEquivalents are the matches of one clause.
type apiEquivalents struct {
	Clause  corpus.ClauseID `json:"clause"`
	Unknown bool            `json:"unknown,omitempty"` // of many asked for at once: no clause has this id
	Matches []apiMatch      `json:"matches"`
}

// apiSide is one party of a dossier with the standards it brings.
type apiSide struct {
	Party     review.Party        `json:"party"`
	Standards []corpus.StandardID `json:"standards"`
}

// apiDossier is one negotiation.
type apiDossier struct {
	ID      uuid.UUID     `json:"id"`
	Name    string        `json:"name"`
	Domain  corpus.Domain `json:"domain,omitempty"`
	Sides   []apiSide     `json:"sides"`
	Policy  review.Policy `json:"policy"`
	Created time.Time     `json:"created"`
	Closed  bool          `json:"closed"`
	// Reserved are the reservations against everything that is agreed.
	Reserved []apiReservation `json:"reservations,omitempty"`
}

// newAPIDossier tells a dossier; reserved may hold reservations of others.
func newAPIDossier(d review.Dossier, reserved []review.Reservation) apiDossier {
	sides := []apiSide{}
	for _, side := range d.Sides {
		sides = append(sides, apiSide(side))
	}
	return apiDossier{ID: d.ID, Name: d.Name, Domain: d.Domain, Sides: sides, Policy: d.Policy, Created: d.Created, Closed: d.Closed, Reserved: newAPIReservations(onAll(reserved, d.ID))}
}

// apiFeed is a page of the feed of decisions; After is where the next one
// begins, whether or not any decision of this page may be seen.
type apiFeed struct {
	Items []apiDecision `json:"items"`
	After int64         `json:"after"`
	More  bool          `json:"more"`
}
