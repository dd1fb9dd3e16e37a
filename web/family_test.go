package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

var alsoField = regexp.MustCompile(`name="also" value="([^"]+)"`)

// boilerplate adds a dossier whose first n pairs have the same two texts, and two
// more: one with another number, one with another sign.
func (s *site) boilerplate(n int) {
	s.t.Helper()
	ctx := context.Background()
	var texts, other []string
	for range n {
		texts, other = append(texts, "其他要求应符合 5 项规定。"), append(other, "Прочие требования должны соответствовать 5 правилам.")
	}
	texts, other = append(texts, "其他要求应符合 6 项规定。", "其他要求应符合 5 项规定！"), append(other, other[0], other[0])
	a, b := document("gb-3-2020", "CN", "zh", corpus.RightsFull, texts...), document("sp-3-2020", "RU", "ru", corpus.RightsFull, other...)
	for _, d := range []*corpus.Document{a, b} {
		if _, err := s.db.Save(ctx, d, "cli"); err != nil {
			s.t.Fatal(err)
		}
	}
	s.dossier = review.Dossier{ID: uuid.Must(uuid.NewV7()), Name: "Boilerplate", Domain: corpus.DomainEngineering, Policy: review.PolicyBothParties, Created: s.clock.now(),
		Sides: []review.Side{{Party: "CN", Standards: []corpus.StandardID{"gb-3-2020"}}, {Party: "RU", Standards: []corpus.StandardID{"sp-3-2020"}}}}
	if err := s.db.SaveDossier(ctx, s.dossier, "cli"); err != nil {
		s.t.Fatal(err)
	}
	var list []matcher.Proposal
	for i := 1; i < len(a.Clauses); i++ {
		list = append(list, proposal(a.Clauses[i], b.Clauses[i]))
	}
	if _, _, err := s.db.Propose(ctx, s.dossier.ID, list); err != nil {
		s.t.Fatal(err)
	}
	page, err := s.db.Matches(ctx, review.Filter{Dossier: s.dossier.ID, Order: review.OrderChapter})
	if err != nil {
		s.t.Fatal(err)
	}
	s.matches = page.Matches
}

// answered counts the matches with an opinion of somebody.
func (s *site) answered(login string) (n int) {
	s.t.Helper()
	for _, m := range s.matches {
		for _, o := range s.reload(m).Opinions() {
			if o.Person == s.people[login].ID {
				n++
			}
		}
	}
	return n
}

func TestFamilyIsAnsweredTogetherAndUndoneTogether(t *testing.T) {
	s := newSite(t)
	s.boilerplate(5)
	lina := s.signedIn("lina")
	first := s.matches[0]
	query := "?task=first&dossier=" + s.dossier.ID.String()
	page := lina.get("/matches/" + first.ID.String() + query)
	also := alsoField.FindAllStringSubmatch(page.body, -1)
	if len(also) != 4 || !strings.Contains(page.body, "4 more pairs here have word for word the same two texts") {
		t.Fatalf("%d pairs are offered, want 4: another number or sign makes another family", len(also))
	}
	if body := lina.get("/matches/" + s.matches[5].ID.String() + query).body; alsoField.MatchString(body) {
		t.Error("the pair with another number is offered others")
	}
	if body := s.signedIn("reader").get("/matches/" + first.ID.String() + query).body; alsoField.MatchString(body) {
		t.Error("a reader is offered to answer")
	}
	// One of the four is answered by somebody else of the same party meanwhile, one
	// is not ticked, and one that is not alike is smuggled in.
	stranger := s.crowd(1)[0]
	if got := s.signedIn(stranger).decideOn(s.matches[2], "?task=first", url.Values{"verdict": {"none"}}); got.status != http.StatusSeeOther {
		t.Fatalf("the other's answer: %d", got.status)
	}
	smuggled := s.matches[5].ID.String() + " " + fmt.Sprint(s.matches[5].Version)
	got := lina.decideOn(first, query, url.Values{"verdict": {"equivalent"}, "also": {also[0][1], also[1][1], also[2][1], smuggled}})
	if got.status != http.StatusSeeOther {
		t.Fatalf("status %d\n%.300s", got.status, got.body)
	}
	if n := s.answered("lina"); n != 3 {
		t.Errorf("%d matches are answered, want 3", n)
	}
	if len(s.reload(s.matches[5]).Decisions) != 0 {
		t.Error("a pair with another number was answered along")
	}
	next := lina.get(got.header.Get("Location"))
	for _, want := range []string{"With it 2 more pairs with the same texts.", "2 pairs were left as they are"} {
		if !strings.Contains(next.body, want) {
			t.Errorf("the next page does not say %q", want)
		}
	}
	if report, err := s.db.Check(context.Background()); err != nil || len(report.Problems) > 0 {
		t.Errorf("check: %+v, %v", report, err)
	}
	// One undo takes all three back, and nothing of others.
	undo := formFields(t, next.body, regexp.MustCompile(`/matches/[0-9a-f-]+/undo`).FindString(next.body))
	if got := lina.post(regexp.MustCompile(`/matches/[0-9a-f-]+/undo`).FindString(next.body), undo); got.status != http.StatusSeeOther {
		t.Fatalf("undo: %d %.300s", got.status, got.body)
	}
	if n := s.answered("lina"); n != 0 {
		t.Errorf("%d answers stand after the undo", n)
	}
	if n := s.answered(stranger); n != 1 {
		t.Errorf("the undo took %d answers of somebody else", 1-n)
	}
}

// TestUndoAloneStaysAlone is the control: answers given one by one are undone one
// by one.
func TestUndoAloneStaysAlone(t *testing.T) {
	s := newSite(t)
	s.boilerplate(3)
	lina := s.signedIn("lina")
	for _, m := range s.matches[:2] {
		if got := lina.decideOn(m, "?task=first", url.Values{"verdict": {"equivalent"}}); got.status != http.StatusSeeOther {
			t.Fatalf("status %d", got.status)
		}
	}
	last := s.reload(s.matches[1]).Decisions[0]
	if got := lina.submit("/review", "/matches/"+last.Match.String()+"/undo", url.Values{"decision": {last.ID.String()}}); got.status != http.StatusSeeOther {
		t.Fatalf("undo: %d", got.status)
	}
	if n := s.answered("lina"); n != 1 {
		t.Errorf("%d answers stand, want 1", n)
	}
}

func TestFamilyOfTheSecondOpinionIsBlind(t *testing.T) {
	s := newSite(t)
	s.boilerplate(3)
	lina, ivan := s.signedIn("lina"), s.signedIn("ivan")
	query := "?task=first&dossier=" + s.dossier.ID.String()
	also := alsoField.FindAllStringSubmatch(lina.get("/matches/"+s.matches[0].ID.String()+query).body, -1)
	if got := lina.decideOn(s.matches[0], query, url.Values{"verdict": {"equivalent"}, "note": {"a very private thought"}, "also": {also[0][1], also[1][1]}}); got.status != http.StatusSeeOther {
		t.Fatalf("status %d", got.status)
	}
	query = "?task=second&dossier=" + s.dossier.ID.String()
	body := ivan.get("/matches/" + s.matches[0].ID.String() + query).body
	also = alsoField.FindAllStringSubmatch(body, -1)
	if len(also) != 2 || strings.Contains(body, "private thought") {
		t.Fatalf("%d pairs are offered to the second, want 2, blind", len(also))
	}
	if got := ivan.decideOn(s.matches[0], query, url.Values{"verdict": {"equivalent"}, "also": {also[0][1], also[1][1]}}); got.status != http.StatusSeeOther {
		t.Fatalf("status %d", got.status)
	}
	for _, m := range s.matches[:3] {
		if m = s.reload(m); m.State != review.StateConfirmed {
			t.Errorf("%s is %s, want confirmed", m.ID, m.State)
		}
	}
}
