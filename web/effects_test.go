package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"concord/corpus"
	"concord/review"
)

// amend keeps an amendment of the standard of a match's source, whose first clause
// replaces the source and whose second says nothing that is recognised.
func (s *site) amend(m review.Match) *corpus.Document {
	s.t.Helper()
	base, err := s.db.Standard(context.Background(), m.Sources[0].Standard())
	if err != nil {
		s.t.Fatal(err)
	}
	over := document("amending", base.Standard.Jurisdiction, base.Standard.Language, corpus.RightsFull, m.Sources[0].Key()+"修改为：疏散门净宽不应小于1.7m。", "本修改单自发布之日起实施。")
	over.Standard.Designation, over.Standard.Adopts = "XG 1-2024", nil
	over.Standard.Overlay, over.Standard.Base = corpus.OverlayAmendment, base.Standard.Designation
	if _, err := s.db.Save(context.Background(), over, "cli"); err != nil {
		s.t.Fatal(err)
	}
	return over
}

// A decided match turns suspect by an amendment: the desk names it, an answer that
// was begun before is not taken, and one that knows it is.
func TestAmendedMatchIsAnsweredAnew(t *testing.T) {
	s := newSite(t)
	m := s.matches[1]
	s.agree(m, "equivalent")
	lina, path := s.signedIn("lina"), "/matches/"+m.ID.String()
	lina.holds(path, nil, []string{`id="amended"`})
	over := s.amend(m)
	if now := s.reload(m); !now.Suspect || now.State != review.StateConfirmed {
		t.Fatalf("the match is %s, suspect %v", now.State, now.Suspect)
	}
	lina.holds(path, []string{`id="amended"`, "amended by XG 1-2024, clause 第5.1条", clauseURL(over.Clauses[1].ID), "replaced"}, []string{"A text changed"})
	before := s.reload(m)
	if got := lina.decideOn(m, "", url.Values{"verdict": {"subset"}, "reason": {"other"}}); got.status != http.StatusSeeOther {
		t.Fatalf("answered anew: %d %s", got.status, got.body)
	}
	after := s.reload(m)
	if len(after.Decisions) != len(before.Decisions)+1 || len(after.Decisions[len(after.Decisions)-1].Seen[0].Amended) != 1 {
		t.Errorf("the answer does not know the amendment: %+v", after.Decisions[len(after.Decisions)-1])
	}
}

// Somebody reads a match while an amendment of it is accepted.
func TestAmendedWhileItIsRead(t *testing.T) {
	s := newSite(t)
	m, lina := s.matches[1], s.signedIn("lina")
	action := "/matches/" + m.ID.String() + "/decide"
	form := formFields(t, lina.get("/matches/"+m.ID.String()).body, action)
	s.amend(m)
	for k, v := range map[string]string{"verdict": "equivalent", "a_to_b": "yes", "b_to_a": "yes", "reason": "other"} {
		form.Set(k, v)
	}
	got := lina.post(action, form)
	if got.status != http.StatusConflict || !strings.Contains(got.body, "amended by XG 1-2024, clause 第5.1条") {
		t.Errorf("an answer from before the amendment: %d", got.status)
	}
	if now := s.reload(m); len(now.Decisions) != 0 {
		t.Errorf("it was kept: %+v", now.Decisions)
	}
}

// What a person says of an effect on the overlay's page counts at once, and is taken
// back there.
func TestEffectIsCorrected(t *testing.T) {
	s := newSite(t)
	m := s.matches[1]
	s.agree(m, "equivalent")
	over := s.amend(m)
	page := standardURL(over.Standard.ID)
	suspect := func(want bool) {
		t.Helper()
		if now := s.reload(m); now.Suspect != want {
			t.Errorf("suspect is %v", now.Suspect)
		}
	}
	s.signedIn("reader").holds(page, []string{"What it changes in the base"}, []string{page + "/effects"})
	b := s.signedIn("admin")
	suspect(true)
	form := formFields(t, b.get(page).body, page+"/effects")
	if form.Get("read_act") != "replaced" || form.Get("read_number") != m.Sources[0].Key() {
		t.Fatalf("the form says %v", form)
	}
	say := func(with url.Values) answer {
		t.Helper()
		out := url.Values{}
		for k, v := range form {
			out[k] = v
		}
		for k, v := range with {
			out[k] = v
		}
		return b.post(page+"/effects", out)
	}
	if got := say(url.Values{"act": {"none"}}); got.status != http.StatusSeeOther {
		t.Fatalf("said: %d %s", got.status, got.body)
	}
	suspect(false)
	b.holds(page, []string{"Corrections by people", "no effect", "<s>replaced"}, []string{"1.7m</"})
	list, err := s.db.EffectCorrections(context.Background(), over.Standard.ID)
	if err != nil || len(list) != 1 {
		t.Fatalf("kept: %+v %v", list, err)
	}
	if got := b.submit(page, "/effects/"+list[0].ID.String()+"/undo", url.Values{}); got.status != http.StatusSeeOther {
		t.Fatalf("taken back: %d", got.status)
	}
	suspect(true)
	if got := say(url.Values{"act": {"deleted"}, "number": {"somewhere"}}); got.status != http.StatusBadRequest || !strings.Contains(got.body, "is no number of a clause") {
		t.Errorf("a number that is none: %d", got.status)
	}
	if got := say(url.Values{"act": {"deleted"}, "number": {"5.3"}}); got.status != http.StatusSeeOther {
		t.Errorf("another clause: %d", got.status)
	}
	suspect(false)
	base, number := standardURL(m.Sources[0].Standard()), m.Sources[0].Key()
	b.holds(base+"/clauses/5.3", []string{"deleted", "Corrected by a person"}, nil)
	b.holds(base+"/clauses/"+number, nil, []string{`id="overlays"`})
	b.holds(base+"/consolidated", []string{"deleted"}, []string{"1.7m"})
	// What was not recognised is added by the label of its clause.
	found := url.Values{"by": {""}, "digest": {""}, "read_act": {""}, "read_number": {""}, "clause": {over.Clauses[2].Label}, "act": {"reworded"}, "number": {number}}
	if got := say(found); got.status != http.StatusSeeOther {
		t.Fatalf("added: %d %s", got.status, got.body)
	}
	suspect(true)
	b.holds(base+"/clauses/"+number, []string{"Found by a person", "words changed"}, nil)
	found.Set("clause", "99")
	if got := say(found); got.status != http.StatusNotFound {
		t.Errorf("of no clause: %d", got.status)
	}
}
