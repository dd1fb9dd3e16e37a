package web

import (
	"strings"
	"testing"

	"concord/corpus"
	"concord/review"
)

// TestBlindOpinionsStayHidden looks at every answer for the note of an opinion
// that nobody may see yet, and then settles it.
func TestBlindOpinionsStayHidden(t *testing.T) {
	w := newAPIWorld(t)
	w.holdPositions(t)
	all := w.crawl(t)
	if strings.Contains(all, privateWord) {
		t.Error("a party's position is visible")
	}
	if strings.Contains(all, blindNote) {
		t.Error("the note of a blind opinion is visible")
	}
	if !strings.Contains(all, shownNote) {
		t.Error("the note of an agreed opinion is not visible")
	}
	for _, name := range []string{"opinion", "suspect-opinion", "proposed"} {
		m := readAPI[apiMatch](t, w, "/api/v1/matches/"+w.matches[name].String())
		for _, d := range m.Decisions {
			if d.Note == blindNote || name != "suspect-opinion" {
				t.Errorf("%s shows a decision: %+v", name, d)
			}
		}
	}
	w.answer(t, "opinion", w.ru, review.Verdict(corpus.RelationSubset), "")
	if !strings.Contains(w.crawl(t), blindNote) {
		t.Error("the opinion is not visible after it was agreed with")
	}
}

// TestPersonsAreNotNamed checks that only parties leave, never people.
func TestPersonsAreNotNamed(t *testing.T) {
	w := sharedAPIWorld(t)
	all := w.crawl(t)
	for _, p := range []review.Person{w.cn, w.ru} {
		for _, secret := range []string{p.Name, p.Login + `"`, p.ID.String()} {
			if strings.Contains(strings.ReplaceAll(all, "/api/", ""), secret) {
				t.Errorf("%q is visible", secret)
			}
		}
	}
}
