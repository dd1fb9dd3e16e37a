package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"concord/review"
)

// What coverage counts is in the address of the matrix, of the page with details and
// of their files; one that is mistyped counts nothing and is seen.
func TestCoverageIsFiltered(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("lina")
	const asked = "sector=13.220&year=2020&binding=1"
	for _, c := range []struct {
		path string
		want []string
		not  []string
	}{
		{"/?" + asked, []string{"<option selected>13.220</option>", "<option selected>2020</option>", `name="binding" value="1" checked`, "/coverage?binding=1&amp;domain=&amp;sector=13.220&amp;year=2020&amp;from=CN&amp;to=RU", "/coverage/export/csv?binding=1&amp;sector=13.220&amp;year=2020"}, nil},
		{"/coverage?from=CN&to=RU&" + asked, []string{"<option selected>13.220</option>", "GB-1-2020", "/coverage/export/csv?binding=1&amp;from=CN&amp;sector=13.220&amp;to=RU&amp;year=2020", `name="from" value="CN"`}, nil},
		{"/coverage/export/csv?" + asked, []string{"GB-1-2020"}, nil},
		{"/", []string{"13.220", "not started"}, []string{"selected>13", "0 %"}},
		{"/?sector=C80", []string{"<option selected>C80</option>", "<option>C</option>", "sector=C80&amp;from=CN&amp;to=RU"}, nil},
		{"/?sector=91", []string{"<option selected>91</option>"}, []string{`<table class="matrix">`}},
		{"/coverage/export/csv?year=1999", nil, []string{"GB-1-2020"}},
		{"/coverage?year=%3Cb%3E&sector=%25", []string{"&lt;b&gt;", "<option selected>%</option>"}, []string{"<b>", "GB-1-2020"}},
	} {
		page := b.get(c.path)
		if page.status != 200 {
			t.Fatalf("%s: %d", c.path, page.status)
		}
		for _, want := range c.want {
			if !strings.Contains(page.body, want) {
				t.Errorf("%s has no %s", c.path, want)
			}
		}
		for _, not := range c.not {
			if strings.Contains(page.body, not) {
				t.Errorf("%s has %s", c.path, not)
			}
		}
	}
}

// The counts of a cell are of every clause: those that only the program proposed something
// for are told among those on which nobody has answered.
func TestMatrixTellsProposals(t *testing.T) {
	c := matrixCell{Coverage: review.Coverage{Normative: 10, Proposed: 4, Opinion: 1, Confirmed: 2, Disputed: 1, Absent: 1}}
	if n := c.Unanswered(); n != 5 || n+c.Opinion+c.Confirmed+c.Disputed+c.Absent != c.Normative {
		t.Errorf("%d unanswered", n)
	}
	s := newSite(t)
	lina := s.signedIn("lina")
	if got := lina.decideOn(s.reload(s.matches[1]), "", url.Values{"verdict": {"equivalent"}, "reason": {"scope"}}); got.status != http.StatusSeeOther {
		t.Fatal(got.status)
	}
	list, err := s.db.CoverageOf(t.Context(), "jurisdiction", review.CoverageFilter{})
	if err != nil || list[0].Proposed == 0 || list[0].From != "CN" {
		t.Fatalf("%+v, %v", list, err)
	}
	if want, body := fmt.Sprintf("∅ 0 · %d</span>", list[0].Normative-1), lina.get("/").body; !strings.Contains(body, want) {
		t.Errorf("no %q on the matrix", want)
	}
}
