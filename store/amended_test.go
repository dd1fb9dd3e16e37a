package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"concord/corpus"
	"concord/review"
	"concord/review/export"
	"concord/store"
)

// lawScene is a scene whose Chinese standard can be amended, with its first two
// matches agreed by both parties.
func lawScene(t *testing.T, db *store.DB) (s *scene, cn, ru review.Person) {
	t.Helper()
	s = newScene(t, db, review.PolicyBothParties, 4)
	s.cn.Standard.Designation = "GB 90001-2020"
	save(t, db, s.cn)
	cn, ru = person(t, db, "li", review.RoleReviewer, "CN"), person(t, db, "ivan", review.RoleReviewer, "RU")
	for _, m := range s.matches[:2] {
		s.decide(t, cn, opinion(s.now(t, m), "equivalent"))
		s.decide(t, ru, opinion(s.now(t, m), "equivalent"))
	}
	return s, cn, ru
}

// now is a match as it stands.
func (s *scene) now(t *testing.T, m review.Match) review.Match {
	t.Helper()
	out, _, err := s.db.Match(t.Context(), m.ID)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// amendment is an amendment of lawScene's standard.
func amendment(texts ...string) *corpus.Document {
	doc := document("cn-a-2020-xg1", "CN", "zh", len(texts), texts...)
	doc.Standard.Designation = "GB 90001-2020/XG1-2026"
	for i := range doc.Clauses {
		c := &doc.Clauses[i]
		c.ID, c.Number, c.Label, c.Heading = corpus.NewClauseID(doc.Standard.ID, string(rune('1'+i))), string(rune('1'+i)), string(rune('1'+i)), ""
	}
	return doc
}

// standing is the state of a match with whether it is suspect, and that the database
// is sound.
func (s *scene) standing(t *testing.T, m review.Match, state review.State, suspect bool) review.Match {
	t.Helper()
	now := s.now(t, m)
	if now.State != state || now.Suspect != suspect {
		t.Errorf("match %s is %s, suspect %v; want %s, %v", m.ID, now.State, now.Suspect, state, suspect)
	}
	page, err := s.db.Matches(t.Context(), review.Filter{Dossier: s.dossier.ID, Suspect: &suspect, Limit: review.MaxPage})
	if err != nil || !slices.ContainsFunc(page.Matches, func(x review.Match) bool { return x.ID == m.ID }) {
		t.Errorf("the list of matches with suspect %v lacks %s: %v", suspect, m.ID, err)
	}
	if r, err := s.db.Check(t.Context()); err != nil || !r.Sound() {
		t.Errorf("the database: %v %v", r.Problems, err)
	}
	return now
}

const replaces = "第5.1条修改为：出口宽度不应小于1200 mm。"

// A decided match turns suspect by an amendment of a clause it was decided on, and by
// nothing else: with the reason, told before it is saved, and back when the amendment
// goes, says something else, lies on another base or is none.
func TestAmendmentMakesSuspect(t *testing.T) {
	s, cn, ru := lawScene(t, open(t))
	amd := amendment(replaces, "增加第5.9条：出口应有标志。")
	told, err := s.db.Affected(t.Context(), amd)
	if err != nil || len(told) != 1 || told[0].Suspect != 1 {
		t.Errorf("told before: %+v %v", told, err)
	}
	if diff := save(t, s.db, amd); diff.Suspect != 1 {
		t.Errorf("saving said that %d turn suspect", diff.Suspect)
	}
	m := s.standing(t, s.matches[0], review.StateConfirmed, true)
	want := []review.Amending{{Clause: s.cn.Clauses[0].ID, Amendment: corpus.Amendment{By: amd.Clauses[0].ID, Act: corpus.EffectReplaced}}}
	got := m.AmendedAnswers()
	for i := range got {
		got[i].Digest = ""
	}
	if !slices.Equal(got, want) {
		t.Errorf("the reason is %+v", got)
	}
	s.standing(t, s.matches[1], review.StateConfirmed, false)
	s.standing(t, s.matches[2], review.StateProposed, false)
	if task := review.TaskFor(m, s.dossier, cn); task != review.TaskAgain {
		t.Errorf("it asks %q of who answered", task)
	}

	blind := opinion(m, "equivalent")
	blind.Seen = []review.Seen{{Clause: m.Sources[0], Digest: m.Digests[m.Sources[0]]}, {Clause: m.Targets[0], Digest: m.Digests[m.Targets[0]]}}
	if _, _, err := s.desk.Decide(t.Context(), cn, blind); !errors.Is(err, review.ErrStale) {
		t.Errorf("an answer that does not know the amendment: %v", err)
	}
	// Saved again, nothing changes; gone, the answers stand as before.
	if diff := save(t, s.db, amd); diff.Suspect != 0 {
		t.Errorf("saved again: %+v", diff)
	}
	save(t, s.db, amendment("第5.3条修改为：门应向外开启。"))
	s.standing(t, s.matches[0], review.StateConfirmed, false)
	save(t, s.db, amd)
	s.standing(t, s.matches[0], review.StateConfirmed, true)
	for _, set := range []func(corpus.Standard) corpus.Standard{
		func(x corpus.Standard) corpus.Standard { x.Overlay = corpus.OverlayNone; return x },
		func(x corpus.Standard) corpus.Standard { x.Overlay, x.Base = "", "GB 90002-2020"; return x },
	} {
		change := func(f func(corpus.Standard) corpus.Standard) {
			t.Helper()
			if err := s.db.Restate(t.Context(), amd.Standard.ID, func(x corpus.Standard) (corpus.Standard, error) { return f(x), nil }, "cli"); err != nil {
				t.Fatal(err)
			}
		}
		change(set)
		s.standing(t, s.matches[0], review.StateConfirmed, false)
		change(func(x corpus.Standard) corpus.Standard { x.Overlay, x.Base = "", ""; return x })
		s.standing(t, s.matches[0], review.StateConfirmed, true)
	}

	// Answered anew, knowing it; then the amendment says something else.
	s.decide(t, cn, opinion(s.now(t, m), "subset"))
	s.standing(t, m, review.StateConfirmed, true)
	s.decide(t, ru, opinion(s.now(t, m), "subset"))
	again := s.standing(t, m, review.StateConfirmed, false)
	if again.Outcome.Verdict != "subset" {
		t.Errorf("agreed anew as %s", again.Outcome.Verdict)
	}
	if last := again.Decisions[len(again.Decisions)-1]; len(last.Seen[0].Amended) != 1 || last.Seen[0].Amended[0].By != amd.Clauses[0].ID {
		t.Errorf("the decision does not say what it knew: %+v", last.Seen)
	}
	save(t, s.db, amendment("第5.1条修改为：出口宽度不应小于1500 mm。"))
	s.standing(t, m, review.StateConfirmed, true)
	save(t, s.db, amd)
	s.standing(t, m, review.StateConfirmed, false)
	// Without the amendment it is what was agreed without it.
	save(t, s.db, amendment("增加第5.9条：出口应有标志。"))
	if back := s.standing(t, m, review.StateConfirmed, false); back.Outcome.Verdict != "equivalent" {
		t.Errorf("without the amendment it is agreed as %s", back.Outcome.Verdict)
	}
}

// The base may come after its amendment, or change below it.
func TestAmendedBaseComesLater(t *testing.T) {
	db := open(t)
	save(t, db, amendment(replaces))
	s, _, _ := lawScene(t, db)
	m := s.standing(t, s.matches[0], review.StateConfirmed, false)
	if len(m.Decisions[0].Seen[0].Amended) != 1 {
		t.Fatalf("the first answer did not know the amendment: %+v", m.Decisions[0].Seen)
	}
	moved := document("cn-a-2020", "CN", "zh", 4)
	moved.Standard.Designation = s.cn.Standard.Designation
	moved.Clauses[0].Number, moved.Clauses[0].Label = "7.1", "7.1"
	save(t, db, moved)
	s.standing(t, m, review.StateConfirmed, true) // nobody agreed on it unamended
	save(t, db, s.cn)
	s.standing(t, m, review.StateConfirmed, false)
}

// What an older version kept is worked out when the database is opened.
func TestAmendmentsAreWorkedOutAtOpen(t *testing.T) {
	path := t.TempDir() + "/concord.db"
	s, _, _ := lawScene(t, openAt(t, path, time.Now))
	save(t, s.db, amendment(replaces))
	raw := raw(t, path)
	for _, q := range []string{"DELETE FROM amended", "DELETE FROM overlays", "UPDATE matches SET suspect = 0, version = version + 1", "UPDATE meta SET value = 'older' WHERE name = 'effects'"} {
		runSQL(t, raw, q)
	}
	if r, err := s.db.Check(t.Context()); err != nil || len(r.Problems) < 3 {
		t.Errorf("the check finds %q, %v", r.Problems, err)
	}
	s.db = openAt(t, path, time.Now)
	s.standing(t, s.matches[0], review.StateConfirmed, true)
}

// What a person says of an effect holds instead of what was read, for matches too,
// and is taken back.
func TestCorrectEffect(t *testing.T) {
	s, _, _ := lawScene(t, open(t))
	amd := amendment(replaces, "本修改单自发布之日起实施。")
	save(t, s.db, amd)
	one, two := amd.Clauses[0], amd.Clauses[1]
	read := corpus.EffectRead{Act: corpus.EffectReplaced, Number: "5.1"}
	say := func(c corpus.Clause, read, said corpus.EffectRead) error {
		_, err := s.db.CorrectEffect(t.Context(), amd.Standard.ID, corpus.EffectCorrection{By: c.ID, Digest: c.Digest(), Read: read, Said: said}, "cli")
		return err
	}
	standing := func(first, second bool) {
		t.Helper()
		s.standing(t, s.matches[0], review.StateConfirmed, first)
		s.standing(t, s.matches[1], review.StateConfirmed, second)
	}
	standing(true, false)
	if err := say(one, read, corpus.EffectRead{Act: corpus.EffectNone}); err != nil {
		t.Fatal(err)
	}
	standing(false, false)
	if err := say(one, read, corpus.EffectRead{Act: corpus.EffectReplaced, Number: "５.２"}); err != nil {
		t.Fatal(err)
	}
	standing(false, true)
	list, err := s.db.EffectCorrections(t.Context(), amd.Standard.ID)
	if err != nil || len(list) != 1 || list[0].Said.Number != "5.2" {
		t.Fatalf("the later one takes the place of the earlier: %+v %v", list, err)
	}
	if _, err := s.db.UndoEffect(t.Context(), list[0].ID, "cli"); err != nil {
		t.Fatal(err)
	}
	standing(true, false)
	if _, err := s.db.UndoEffect(t.Context(), list[0].ID, "cli"); !errors.Is(err, corpus.ErrConflict) {
		t.Errorf("taken back twice: %v", err)
	}
	// What was not read is said, and bound to the wording.
	if err := say(two, corpus.EffectRead{}, corpus.EffectRead{Act: corpus.EffectDeleted, Number: "5.2"}); err != nil {
		t.Fatal(err)
	}
	standing(true, true)
	save(t, s.db, amendment(replaces, "本修改单自2026年起实施。"))
	standing(true, false)
	for name, tt := range map[string]struct {
		c          corpus.Clause
		read, said corpus.EffectRead
		want       error
	}{
		"no act":           {one, read, corpus.EffectRead{Act: "burnt", Number: "5.1"}, corpus.ErrInvalid},
		"no number":        {one, read, corpus.EffectRead{Act: corpus.EffectDeleted, Number: "the first"}, corpus.ErrInvalid},
		"as it was read":   {one, read, read, corpus.ErrInvalid},
		"another wording":  {two, corpus.EffectRead{}, corpus.EffectRead{Act: corpus.EffectDeleted, Number: "5.2"}, corpus.ErrConflict},
		"another document": {s.cn.Clauses[0], read, corpus.EffectRead{Act: corpus.EffectNone}, corpus.ErrNotFound},
	} {
		if err := say(tt.c, tt.read, tt.said); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.db.CorrectEffect(t.Context(), s.cn.Standard.ID, corpus.EffectCorrection{By: s.cn.Clauses[0].ID, Digest: s.cn.Clauses[0].Digest(), Said: read}, "cli"); !errors.Is(err, corpus.ErrInvalid) {
		t.Errorf("of a standard that is no overlay: %v", err)
	}
	standing(true, false)
}

// A round holds what was agreed knowing an amendment, and tells when one comes or
// goes; what is suspect by one is in no export.
func TestRoundsKnowAmendments(t *testing.T) {
	s, cn, ru := lawScene(t, open(t))
	before := freeze(t, s, "R1", cn)
	moved := func(f review.Frozen) int {
		t.Helper()
		list, err := export.Moved(t.Context(), s.db, f.Round)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	exported := func() int {
		t.Helper()
		set, err := export.Gather(t.Context(), s.db, s.dossier.ID, export.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return len(set.Items)
	}
	if moved(before) != 0 || exported() != 2 {
		t.Fatalf("before: %d moved, %d exported", moved(before), exported())
	}
	save(t, s.db, amendment(replaces))
	if moved(before) != 1 || exported() != 1 {
		t.Errorf("amended: %d moved, %d exported", moved(before), exported())
	}
	for _, p := range []review.Person{cn, ru} {
		s.decide(t, p, opinion(s.now(t, s.matches[0]), "equivalent"))
	}
	freeze(t, s, "R2", cn)
	kept, err := s.db.Round(t.Context(), s.dossier.ID, 2)
	if err != nil {
		t.Fatal(err)
	}
	if moved(kept) != 0 || exported() != 2 {
		t.Errorf("agreed anew: %d moved, %d exported", moved(kept), exported())
	}
	for _, m := range kept.Round.Matches {
		if len(m.Opinions()) != 2 {
			t.Errorf("the round has %d opinions of %s", len(m.Opinions()), m.ID)
		}
	}
	first, err := s.db.Round(t.Context(), s.dossier.ID, 1)
	if err != nil {
		t.Fatal(err)
	}
	if d := first.Round.Compare(kept.Round); len(d) != 1 || !slices.Contains(d[0].Kinds, review.ChangeText) {
		t.Errorf("between the rounds: %+v", d)
	}
	save(t, s.db, amendment("增加第5.9条：出口应有标志。"))
	if moved(kept) != 1 || moved(first) != 0 {
		t.Errorf("without the amendment: %d and %d moved", moved(kept), moved(first))
	}
}
