package store_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
	"concord/store"
)

// start is when every test begins.
var start = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// open opens a new database in a folder of the test.
func open(t testing.TB) *store.DB {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "concord.db"), time.Now)
}

func openAt(t testing.TB, path string, now func() time.Time) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), path, store.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// document is a standard of n numbered clauses; texts replaces single ones.
func document(id corpus.StandardID, jurisdiction corpus.Jurisdiction, lang corpus.Language, n int, texts ...string) *corpus.Document {
	doc := &corpus.Document{Standard: corpus.Standard{
		ID: id, Designation: "Demo " + string(id), Titles: []corpus.Title{{Language: lang, Text: "Title of " + string(id)}},
		Issuer: "issuer", Jurisdiction: jurisdiction, Language: lang, Domain: corpus.DomainEngineering,
		Edition: "2020", Status: corpus.StatusInForce, Rights: corpus.RightsFull, Demonstration: true, Notice: "own words",
	}}
	for i := range n {
		text := fmt.Sprintf("%s: the width of exit %d shall be at least %d mm.", id, i+1, 900+i)
		if i < len(texts) && texts[i] != "" {
			text = texts[i]
		}
		number := fmt.Sprintf("5.%d", i+1)
		doc.Clauses = append(doc.Clauses, corpus.Clause{
			ID: corpus.NewClauseID(id, number), Standard: id, Order: i, Label: number, Number: number,
			Kind: corpus.KindRequirement, Heading: "Exits", Text: text, Language: lang, Path: []string{"Evacuation"},
		})
	}
	return doc
}

// save keeps a document or ends the test.
func save(t testing.TB, db *store.DB, doc *corpus.Document) corpus.EditionDiff {
	t.Helper()
	diff, err := db.Save(t.Context(), doc, "cli")
	if err != nil {
		t.Fatal(err)
	}
	return diff
}

func newID(t testing.TB) uuid.UUID {
	t.Helper()
	id, err := uuid.NewV7()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// person keeps a new person.
func person(t testing.TB, db *store.DB, login string, role review.Role, party review.Party) review.Person {
	t.Helper()
	p := review.Person{ID: newID(t), Login: login, Name: "Name of " + login, Role: role, Party: party, Languages: []corpus.Language{"zh", "en"}}
	if err := db.SavePerson(t.Context(), p, "cli"); err != nil {
		t.Fatal(err)
	}
	p, err := db.Person(t.Context(), p.ID)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// dossier keeps a new dossier of CN and RU with one standard each.
func dossier(t testing.TB, db *store.DB, policy review.Policy, cn, ru corpus.StandardID) review.Dossier {
	t.Helper()
	d := review.Dossier{ID: newID(t), Name: "Exits", Domain: corpus.DomainEngineering, Policy: policy, Sides: []review.Side{
		{Party: "CN", Standards: []corpus.StandardID{cn}}, {Party: "RU", Standards: []corpus.StandardID{ru}},
	}}
	if err := db.SaveDossier(t.Context(), d, "cli"); err != nil {
		t.Fatal(err)
	}
	d, err := db.Dossier(t.Context(), d.ID)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// proposal relates two clauses as a matcher would.
func proposal(source, target corpus.Clause, confidence float64) matcher.Proposal {
	return matcher.Proposal{
		Source: source.ID, Target: target.ID, SourceDigest: source.Digest(), TargetDigest: target.Digest(),
		Score: confidence * 10, Confidence: confidence, Relation: corpus.RelationOverlap,
		AToB: corpus.Recognition{Answer: corpus.AnswerYes}, BToA: corpus.Recognition{Answer: corpus.AnswerNo},
		Reasons: []matcher.Reason{{Signal: "concepts", Value: 1, Effect: confidence * 10}}, Model: "test 1",
	}
}

// scene is a database with two standards, a dossier and one open proposal for
// every clause of the first.
type scene struct {
	db      *store.DB
	cn, ru  *corpus.Document
	dossier review.Dossier
	desk    *review.Desk
	matches []review.Match // in the order of the clauses
}

func newScene(t testing.TB, db *store.DB, policy review.Policy, n int) *scene {
	t.Helper()
	s := &scene{db: db, cn: document("cn-a-2020", "CN", "zh", n), ru: document("ru-b-2020", "RU", "ru", n)}
	save(t, db, s.cn)
	save(t, db, s.ru)
	s.dossier = dossier(t, db, policy, s.cn.Standard.ID, s.ru.Standard.ID)
	s.desk = &review.Desk{Records: db, Now: time.Now}
	var all []matcher.Proposal
	for i := range n {
		all = append(all, proposal(s.cn.Clauses[i], s.ru.Clauses[i], float64(i+1)/float64(n+1)))
	}
	if _, _, err := db.Propose(t.Context(), s.dossier.ID, all); err != nil {
		t.Fatal(err)
	}
	page, err := db.Matches(t.Context(), review.Filter{Dossier: s.dossier.ID, Limit: review.MaxPage})
	if err != nil {
		t.Fatal(err)
	}
	s.matches = page.Matches
	return s
}

// seen is what somebody who reads the match now has read.
func seen(m review.Match) []review.Seen {
	var out []review.Seen
	for _, id := range m.Clauses() {
		out = append(out, review.Seen{Clause: id, Digest: m.Digests[id], Amended: m.Amended[id], Terms: m.Terms[id]})
	}
	return out
}

// opinion is a complete answer with a verdict.
func opinion(m review.Match, verdict review.Verdict) review.Answer {
	a := review.Answer{Match: m.ID, Kind: review.KindOpinion, Verdict: verdict, Seen: seen(m)}
	aToB, bToA := corpus.RecognitionOf(corpus.Relation(verdict))
	if aToB == corpus.AnswerOpen {
		aToB, bToA = corpus.AnswerNo, corpus.AnswerNo
	}
	a.AToB, a.BToA = corpus.Recognition{Answer: aToB}, corpus.Recognition{Answer: bToA}
	for _, r := range []*corpus.Recognition{&a.AToB, &a.BToA} {
		if r.Answer == corpus.AnswerConditions {
			r.Conditions = []string{"measure the width"}
		}
	}
	if verdict == review.VerdictNoCounterpart {
		a.Search = "width, exits, stairs"
	}
	return a
}

// decide answers or ends the test.
func (s *scene) decide(t testing.TB, p review.Person, a review.Answer) review.Match {
	t.Helper()
	m, _, err := s.desk.Decide(context.Background(), p, a)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
