package store_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
	"concord/store"
)

// others is a mapping of somebody else: of a pair, of a set, of a gap, and of a
// standard that is not there.
func others(d uuid.UUID, as review.ImportedAs) (review.ImportedSet, []review.ImportedRow) {
	ref := func(standard, clause string) review.Ref { return review.Ref{Standard: standard, Clause: clause} }
	return review.ImportedSet{As: as, Dossier: d, Format: "strm", File: "x.csv", Digest: "d1", Title: "theirs", Authors: []string{"They"}, License: "CC-BY"}, []review.ImportedRow{
		{Place: "line 2", Sources: []review.Ref{ref("cn-a-2020", "5.1")}, Targets: []review.Ref{ref("Demo ru-b-2020", "5.1")}, Verdict: "equivalent"},
		{Place: "line 3", Sources: []review.Ref{ref("cn-a-2020", "5.2")}, Targets: []review.Ref{ref("ru-b-2020", "5.2"), ref("ru-b-2020", "5.3")}, Verdict: "subset"},
		{Place: "line 4", Sources: []review.Ref{ref("cn-a-2020", "5.2")}, Against: "kz-c-2020.json", Verdict: review.VerdictNoCounterpart},
		{Place: "line 5", Sources: []review.Ref{ref("kz-c-2020.json", "5.1")}, Targets: []review.Ref{ref("cn-a-2020", "5.1")}, Verdict: "equivalent"},
		{Place: "line 6", Sources: []review.Ref{ref("cn-a-2020", "5.99")}, Targets: []review.Ref{ref("ru-b-2020", "5.1")}, Verdict: "equivalent"},
	}
}

func imported(t *testing.T, db *store.DB, s review.ImportedSet, rows []review.ImportedRow) review.ImportedSet {
	t.Helper()
	set, _, err := db.SaveImported(t.Context(), s, rows, []byte("the file"), "cli")
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// TestImportedRowsWaitForTheirStandard: what names something unknown is pending,
// and is found by itself when the standard arrives, and when a clause does.
func TestImportedRowsWaitForTheirStandard(t *testing.T) {
	s := newScene(t, open(t), review.PolicyTwoReviewers, 3)
	set, rows := others(s.dossier.ID, review.ImportedDecisions)
	kept := imported(t, s.db, set, rows)
	if kept.Rows != 5 || kept.Pending != 3 || kept.Title != "theirs" || kept.Authors[0] != "They" {
		t.Errorf("kept %+v", kept)
	}
	pending, err := s.db.ImportedRows(t.Context(), kept.ID, true, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	if len(pending) != 3 || pending[0].Place != "line 4" || !pending[0].Pending {
		t.Errorf("pending are %+v", pending)
	}
	save(t, s.db, document("kz-c-2020", "KZ", "ru", 2))
	if kept, err = s.db.ImportedSet(t.Context(), kept.ID); err != nil || kept.Pending != 1 {
		t.Errorf("%d rows wait after the standard came, %v", kept.Pending, err)
	}
	save(t, s.db, document("cn-a-2020", "CN", "zh", 99))
	if kept, err = s.db.ImportedSet(t.Context(), kept.ID); err != nil || kept.Pending != 0 {
		t.Errorf("%d rows wait after the clause came, %v", kept.Pending, err)
	}
	said, err := s.db.OthersSay(t.Context(), "cn-a-2020/5.1", "ru-b-2020/5.3", "cn-a-2020/5.3")
	if err != nil {
		t.Fatal(err)
	}
	if len(said["cn-a-2020/5.1"]) != 2 || len(said["ru-b-2020/5.3"]) != 1 || len(said["cn-a-2020/5.3"]) != 0 {
		t.Errorf("others say %+v", said)
	}
	if row := said["ru-b-2020/5.3"][0].Row; row.Targets[1].Found != "ru-b-2020/5.3" || row.Sources[0].Found != "cn-a-2020/5.2" {
		t.Errorf("found %+v", row)
	}
	if report, err := s.db.Check(t.Context()); err != nil || !report.Sound() {
		t.Errorf("check: %v %v", report.Problems, err)
	}
}

// TestImportedIsNoOpinion: whatever others decided, a match of ours waits for our
// own two opinions.
func TestImportedIsNoOpinion(t *testing.T) {
	s := newScene(t, open(t), review.PolicyTwoReviewers, 3)
	li, petrov := person(t, s.db, "li", review.RoleReviewer, "CN"), person(t, s.db, "petrov", review.RoleReviewer, "RU")
	for _, as := range review.ImportedKinds {
		set, rows := others(s.dossier.ID, as)
		imported(t, s.db, set, rows)
	}
	state := func(want review.State) {
		t.Helper()
		m, _, err := s.db.Match(t.Context(), s.matches[0].ID)
		if err != nil || m.State != want {
			t.Errorf("the match is %s, want %s (%v)", m.State, want, err)
		}
	}
	state(review.StateProposed)
	m := s.decide(t, li, opinion(s.matches[0], "equivalent"))
	state(review.StateOpinion)
	set, rows := others(s.dossier.ID, review.ImportedDecisions)
	set.Digest = "d2"
	imported(t, s.db, set, rows)
	state(review.StateOpinion)
	s.decide(t, petrov, opinion(m, "equivalent"))
	state(review.StateConfirmed) // the control: a second person does settle it
}

// TestImportedSetsStayApart: the same file is kept once, another one beside it.
func TestImportedSetsStayApart(t *testing.T) {
	s := newScene(t, open(t), review.PolicyTwoReviewers, 1)
	set, rows := others(uuid.Nil, review.ImportedProposals)
	first := imported(t, s.db, set, rows)
	again, known, err := s.db.SaveImported(t.Context(), set, rows, []byte("the file"), "cli")
	if err != nil || !known || again.ID != first.ID {
		t.Errorf("the same file again: %v %v", known, err)
	}
	set.Digest, rows[0].Verdict = "d2", "none"
	imported(t, s.db, set, rows)
	all, err := s.db.Imported(t.Context())
	if err != nil || len(all) != 2 {
		t.Fatalf("%d sets, %v", len(all), err)
	}
	said, err := s.db.OthersSay(t.Context(), "ru-b-2020/5.1")
	if err != nil {
		t.Fatal(err)
	}
	if both := said["ru-b-2020/5.1"]; len(both) != 4 || both[1].Row.Verdict != "none" || both[3].Row.Verdict != "equivalent" {
		t.Errorf("the competing statements are %+v", both)
	}
	content, err := s.db.ImportedFile(t.Context(), first.ID)
	if err != nil || !bytes.Equal(content, []byte("the file")) {
		t.Errorf("the file is %q, %v", content, err)
	}
	if _, _, err := s.db.SaveImported(t.Context(), review.ImportedSet{As: "opinions", Digest: "d3"}, nil, nil, "cli"); !errors.Is(err, corpus.ErrInvalid) {
		t.Errorf("another kind gives %v", err)
	}
	if _, err := s.db.ImportedSet(t.Context(), newID(t)); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("an unknown set gives %v", err)
	}
}
