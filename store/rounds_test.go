package store_test

import (
	"database/sql"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"concord/corpus"
	"concord/review"
	"concord/review/export"
	"concord/store"
)

// agreed is a scene of four matches of which both parties agreed on two, one has
// one opinion and one none.
func agreed(t *testing.T, db *store.DB) (s *scene, cn, ru review.Person) {
	t.Helper()
	s = newScene(t, db, review.PolicyBothParties, 4)
	cn, ru = person(t, db, "li", review.RoleReviewer, "CN"), person(t, db, "ivan", review.RoleReviewer, "RU")
	for i, v := range []review.Verdict{"equivalent", "overlap"} {
		s.decide(t, cn, opinion(s.matches[i], v))
		s.decide(t, ru, opinion(s.matches[i], v))
	}
	s.decide(t, cn, opinion(s.matches[2], "equivalent"))
	return s, cn, ru
}

func freeze(t *testing.T, s *scene, name string, p review.Person) review.Frozen {
	t.Helper()
	f, err := s.db.FreezeRound(t.Context(), s.dossier.ID, name, p)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// A round holds what is agreed and nothing else, knows what it left out, and
// stands on the audit row before it.
func TestFreezeRound(t *testing.T) {
	s, cn, ru := agreed(t, open(t))
	seq, hash, err := s.db.AuditHead(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	f := freeze(t, s, "  First\nround ", cn)
	r := f.Round
	if r.Number != 1 || r.Name != "First round" || r.Person != cn.ID || r.Party != "CN" || r.Signer != cn.Name {
		t.Errorf("got %d %q by %s of %s", r.Number, r.Name, r.Signer, r.Party)
	}
	if r.Audit != (review.Checkpoint{Seq: seq, Hash: hash}) {
		t.Errorf("stands on %+v, the head was %d %s", r.Audit, seq, hash)
	}
	if len(r.Matches) != 2 || len(r.Clauses) != 4 || r.LeftOut[review.StateOpinion] != 1 || r.LeftOut[review.StateProposed] != 1 {
		t.Errorf("%d matches, %d clauses, left out %v", len(r.Matches), len(r.Clauses), r.LeftOut)
	}
	open := map[corpus.ClauseID]corpus.StandardID{}
	for _, u := range r.Unmatched {
		open[u.Clause] = u.Against
	}
	for i, m := range s.matches {
		against, there := open[m.Sources[0]]
		back, behind := open[m.Targets[0]]
		if there != (i > 1) || behind != (i > 1) || there && (against != m.Against || back != m.Sources[0].Standard()) {
			t.Errorf("match %d: its clauses are open %t, %t: %v", i, there, behind, r.Unmatched)
		}
	}
	for _, m := range r.Matches {
		if !m.Agreed() {
			t.Errorf("match %s is in the round and %s", m.ID, m.State)
		}
	}
	if got := review.Unsigned(r.Dossier, f.Signatures); !slices.Equal(got, []review.Party{"RU"}) {
		t.Errorf("RU has not signed, but %v is missing", got)
	}
	if _, err := s.db.SignRound(t.Context(), s.dossier.ID, 1, "another", ru); !errors.Is(err, corpus.ErrConflict) {
		t.Errorf("signing another checksum: %v", err)
	}
	for range 2 { // the second time changes nothing
		if f, err = s.db.SignRound(t.Context(), s.dossier.ID, 1, f.Checksum, ru); err != nil {
			t.Fatal(err)
		}
	}
	if len(f.Signatures) != 2 || len(review.Unsigned(r.Dossier, f.Signatures)) != 0 {
		t.Errorf("signatures %+v", f.Signatures)
	}
	report, err := s.db.Check(t.Context())
	if err != nil || !report.Sound() {
		t.Errorf("%v %v", report.Problems, err)
	}
}

func TestFreezeRoundRefuses(t *testing.T) {
	s, cn, _ := agreed(t, open(t))
	us := person(t, s.db, "sam", review.RoleReviewer, "US")
	reader := person(t, s.db, "wang", review.RoleReader, "CN")
	admin := person(t, s.db, "root", review.RoleAdmin, "CN")
	off := cn
	off.Disabled = true
	for name, p := range map[string]review.Person{"no party of it": us, "a reader": reader, "an admin": admin, "disabled": off} {
		if _, err := s.db.FreezeRound(t.Context(), s.dossier.ID, "R1", p); !errors.Is(err, corpus.ErrForbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.db.FreezeRound(t.Context(), s.dossier.ID, " ", cn); !errors.Is(err, corpus.ErrInvalid) {
		t.Errorf("no name: %v", err)
	}
	if _, err := s.db.FreezeRound(t.Context(), newID(t), "R1", cn); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("no dossier: %v", err)
	}
	rounds, err := s.db.Rounds(t.Context(), s.dossier.ID)
	if err != nil || len(rounds) != 0 {
		t.Errorf("%d rounds were kept, %v", len(rounds), err)
	}
	empty := newScene(t, open(t), review.PolicyBothParties, 1)
	li := person(t, empty.db, "li", review.RoleReviewer, "CN")
	if _, err := empty.db.FreezeRound(t.Context(), empty.dossier.ID, "R1", li); !errors.Is(err, corpus.ErrInvalid) {
		t.Errorf("nothing agreed: %v", err)
	}
}

// The same round sent twice is one; another name for the same content, or the
// same name for other content, is refused.
func TestFreezeRoundTwice(t *testing.T) {
	s, cn, ru := agreed(t, open(t))
	first := freeze(t, s, "R1", cn)
	if again := freeze(t, s, "R1", cn); again.Checksum != first.Checksum || again.Round.Number != 1 {
		t.Errorf("sent twice: %d %s, then %d %s", first.Round.Number, first.Checksum, again.Round.Number, again.Checksum)
	}
	if _, err := s.db.FreezeRound(t.Context(), s.dossier.ID, "R2", cn); !errors.Is(err, corpus.ErrConflict) {
		t.Errorf("nothing changed: %v", err)
	}
	s.decide(t, ru, opinion(s.matches[2], "equivalent"))
	if _, err := s.db.FreezeRound(t.Context(), s.dossier.ID, "R1", cn); !errors.Is(err, corpus.ErrConflict) {
		t.Errorf("name taken: %v", err)
	}
	second := freeze(t, s, "R2", ru)
	if second.Round.Number != 2 || second.Checksum == first.Checksum {
		t.Errorf("second round %d %s", second.Round.Number, second.Checksum)
	}
	changes := first.Round.Compare(second.Round)
	if len(changes) != 1 || !slices.Equal(changes[0].Kinds, []review.ChangeKind{review.ChangeAdded}) || changes[0].After.ID != s.matches[2].ID {
		t.Errorf("changes %+v", changes)
	}
}

// When a text changes, the round keeps the old one, says which moved, and the
// match is withdrawn from what could be frozen now.
func TestRoundWhenTextsChange(t *testing.T) {
	s, cn, _ := agreed(t, open(t))
	before := freeze(t, s, "R1", cn)
	save(t, s.db, document("cn-a-2020", "CN", "zh", 4, "The width of exit 1 shall be at least 2000 mm."))
	after, err := s.db.Round(t.Context(), s.dossier.ID, 1)
	if err != nil {
		t.Fatal(err)
	}
	if after.Checksum != before.Checksum || after.Round.Clauses[0].Text != s.cn.Clauses[0].Text {
		t.Error("the round changed with its texts")
	}
	m, _, err := s.db.Match(t.Context(), s.matches[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	present := after.Round.Digests()
	if moved := after.Round.Moved(present, nil); len(moved) != 0 {
		t.Errorf("nothing moved, but %v", moved)
	}
	for id, digest := range m.Digests {
		present[id] = digest
	}
	if moved := after.Round.Moved(present, nil); !slices.Equal(moved, []corpus.ClauseID{s.cn.Clauses[0].ID}) {
		t.Errorf("moved %v", moved)
	}
	if moved, err := export.Moved(t.Context(), s.db, after.Round); err != nil || !slices.Equal(moved, []corpus.ClauseID{s.cn.Clauses[0].ID}) {
		t.Errorf("moved in the library: %v, %v", moved, err)
	}
	draft, err := s.db.DraftRound(t.Context(), s.dossier.ID)
	if err != nil || draft.Suspect != 1 || len(draft.Matches) != 1 {
		t.Fatalf("draft of %d, %d suspect, %v", len(draft.Matches), draft.Suspect, err)
	}
	changes := after.Round.Compare(draft)
	if len(changes) != 1 || changes[0].Kinds[0] != review.ChangeWithdrawn {
		t.Errorf("changes %+v", changes)
	}
}

// A frozen round cannot be written by hand, and where somebody took the guard
// away first, reading and checking notice.
func TestRoundIsReadOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "concord.db")
	db := openAt(t, path, time.Now)
	s, cn, _ := agreed(t, db)
	freeze(t, s, "R1", cn)
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	for _, q := range []string{"UPDATE rounds SET name = 'x'", "DELETE FROM rounds", "UPDATE round_signatures SET name = 'x'", "DELETE FROM round_signatures"} {
		if _, err := raw.Exec(q); err == nil {
			t.Errorf("%s went through", q)
		}
	}
	for _, q := range []string{"DROP TRIGGER rounds_stand", "UPDATE rounds SET body = replace(body, 'equivalent', 'identical')"} {
		if _, err := raw.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.Round(t.Context(), s.dossier.ID, 1); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("a changed round was read: %v", err)
	}
	report, err := db.Check(t.Context())
	if err != nil || !slices.ContainsFunc(report.Problems, func(p string) bool { return len(p) > 7 && p[:7] == "round 1" }) {
		t.Errorf("check says %v %v", report.Problems, err)
	}
}

// A clause that left its standard has moved, though its wording is kept; and what has to
// be looked at again counts as agreed neither in the next round nor in documents.
func TestRoundWhenClausesLeave(t *testing.T) {
	s, cn, _ := agreed(t, open(t))
	before := freeze(t, s, "R1", cn)
	agreedOf := func(list []review.Coverage) (n int) {
		for _, c := range list {
			if c.From == string(s.cn.Standard.ID) {
				n += c.Confirmed
			}
		}
		return n
	}
	set := func() export.Set {
		t.Helper()
		set, err := export.Gather(t.Context(), s.db, s.dossier.ID, export.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return set
	}
	if n := agreedOf(before.Round.Coverage); n != 2 || agreedOf(set().Coverage) != 2 {
		t.Fatalf("%d agreed in the round", n)
	}
	shorter := *s.cn
	shorter.Clauses = shorter.Clauses[1:]
	save(t, s.db, &shorter)
	if moved, err := export.Moved(t.Context(), s.db, before.Round); err != nil || !slices.Equal(moved, []corpus.ClauseID{s.cn.Clauses[0].ID}) {
		t.Errorf("moved: %v, %v", moved, err)
	}
	save(t, s.db, document("cn-a-2020", "CN", "zh", 4, "The width of exit 1 shall be at least 2000 mm."))
	draft, err := s.db.DraftRound(t.Context(), s.dossier.ID)
	if err != nil || draft.Suspect != 1 {
		t.Fatalf("%d suspect, %v", draft.Suspect, err)
	}
	if n, m := agreedOf(draft.Coverage), agreedOf(set().Coverage); n != 1 || m != 1 || len(set().Items) != 1 {
		t.Errorf("%d agreed in the draft, %d in documents of %d", n, m, len(set().Items))
	}
}
