package web

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// longDossier adds two standards of n clauses, a dossier of both with a share of
// controls, and agrees on the first matches of it by the first two of a crowd.
func (s *site) longDossier(n, agreed, share int) (review.Dossier, []review.Match) {
	s.t.Helper()
	ctx := context.Background()
	var cn, ru []string
	for i := range n {
		cn, ru = append(cn, fmt.Sprintf("门 %d 的净宽度不应小于 0.8 m。", i+100)), append(ru, fmt.Sprintf("Ширина двери %d не менее 0,8 м.", i+100))
	}
	a, b := document("gb-7-2020", "CN", "zh", corpus.RightsFull, cn...), document("sp-7-2020", "RU", "ru", corpus.RightsFull, ru...)
	for _, d := range []*corpus.Document{a, b} {
		if _, err := s.db.Save(ctx, d, "cli"); err != nil {
			s.t.Fatal(err)
		}
	}
	d := review.Dossier{ID: uuid.Must(uuid.NewV7()), Name: "Long", Policy: review.PolicyBothParties, Created: s.clock.now(), Controls: share,
		Sides: []review.Side{{Party: "CN", Standards: []corpus.StandardID{"gb-7-2020"}}, {Party: "RU", Standards: []corpus.StandardID{"sp-7-2020"}}}}
	if err := s.db.SaveDossier(ctx, d, "cli"); err != nil {
		s.t.Fatal(err)
	}
	var list []matcher.Proposal
	for i := range n {
		list = append(list, proposal(a.Clauses[i+1], b.Clauses[i+1]))
	}
	if _, _, err := s.db.Propose(ctx, d.ID, list); err != nil {
		s.t.Fatal(err)
	}
	page, err := s.db.Matches(ctx, review.Filter{Dossier: d.ID, Limit: review.MaxPage})
	if err != nil {
		s.t.Fatal(err)
	}
	desk := review.Desk{Records: s.db, Now: s.clock.now}
	for _, m := range page.Matches[4 : 4+agreed] { // clauses with as many others around them as any
		for _, login := range []string{"reviewer0", "reviewer1"} {
			answer := review.Answer{Match: m.ID, Kind: review.KindOpinion, Verdict: "subset", AToB: corpus.Recognition{Answer: "no"}, BToA: corpus.Recognition{Answer: "yes"}}
			for _, id := range m.Clauses() {
				answer.Seen = append(answer.Seen, review.Seen{Clause: id, Digest: m.Digests[id]})
			}
			if _, _, err := desk.Decide(ctx, s.people[login], answer); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	return d, page.Matches
}

var (
	idsInPages  = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)
	keysInPages = regexp.MustCompile(`(name="(?:key|token)" value="|nonce="|"id":")[^"]*`)
	hexInPages  = regexp.MustCompile(`\b[0-9a-f]{32,64}\b`)
	digitsThere = regexp.MustCompile(`\d+`)
)

// shape is a page or an answer without ids, keys, digests and figures.
func shape(body string) string {
	body = keysInPages.ReplaceAllString(idsInPages.ReplaceAllString(body, "ID"), "${1}KEY")
	return digitsThere.ReplaceAllString(hexInPages.ReplaceAllString(body, "HEX"), "0")
}

// unlike is where a text parts from the nearest of others.
func unlike(text string, others map[string]bool) string {
	most, nearest := 0, ""
	for other := range others {
		n := 0
		for n < min(len(text), len(other)) && text[n] == other[n] {
			n++
		}
		if n >= most {
			most, nearest = n, other
		}
	}
	return fmt.Sprintf("%.300q instead of %.300q", text[most:], nearest[most:])
}

// TestControlsCannotBeTold: the page of a control, what it says after the answer,
// for a browser and for a script, the lists of one's own answers and what
// programs are told differ in nothing from those of other matches.
func TestControlsCannotBeTold(t *testing.T) {
	s := newSite(t)
	s.crowd(4)
	d, _ := s.longDossier(70, 25, 5)
	b := s.signedIn("reviewer2")
	queue := "task=first&dossier=" + d.ID.String()
	pages, replies, again, told := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	met := 0
	var ask []func() // of the controls, when all others are known
	for step := range 44 {
		s.clock.move(time.Second)
		id := b.first(queue)
		path := "/matches/" + id + "?" + queue
		page := b.get(path)
		m, _, err := s.db.Match(context.Background(), uuid.MustParse(id))
		if err != nil {
			t.Fatal(err)
		}
		form := formFields(t, page.body, "/matches/"+id+"/decide")
		form.Set("verdict", "overlap")
		form.Set("a_conditions", "x")
		form.Set("b_conditions", "x")
		var header []string
		if step%2 == 0 {
			header = []string{"Accept", "application/json"}
		}
		reply := b.post("/matches/"+id+"/decide", form, header...)
		if reply.status != http.StatusOK && reply.status != http.StatusSeeOther {
			t.Fatalf("answer %d: %d %.300s", step, reply.status, reply.body)
		}
		after := b.get("/matches/" + id)
		api, err := json.Marshal(newAPIMatch(s.reload(m))) // what programs are told
		if err != nil {
			t.Fatal(err)
		}
		heads := func(a answer) string { return fmt.Sprint(a.status, slices.Sorted(maps.Keys(a.header))) }
		have := []struct {
			of    map[string]bool
			shape string
		}{
			{pages, heads(page) + shape(page.body)}, {replies, fmt.Sprint(reply.status, len(header), shape(reply.body), heads(reply))},
			{again, heads(after) + shape(after.body)}, {told, shape(string(api))},
		}
		for i, x := range have {
			if m.Control && step > 11 { // before, the list of one's last answers still grows
				ask = append(ask, func() {
					if !x.of[x.shape] {
						t.Errorf("step %d: the control can be told by answer %d: %s", step, i, unlike(x.shape, x.of))
					}
				})
			}
			if !m.Control && step > 11 {
				x.of[x.shape] = true
			}
		}
		if m.Control {
			if step > 11 {
				met++
			}
			if strings.Contains(page.body+after.body+string(api), "Reviewer 0") || strings.Contains(string(api), `"confirmed"`) {
				t.Error("what was agreed shows")
			}
		}
	}
	for _, is := range ask {
		is()
	}
	if met < 1 {
		t.Fatalf("%d controls were met", met)
	}
	mine := b.get("/decisions")
	if strings.Count(mine.body, "/undo") < 44 {
		t.Errorf("%d of 44 answers are listed", strings.Count(mine.body, "/undo"))
	}
}

// TestOwnControlsOnTheOverview: the result is on one's own overview from the next
// day on, and on nobody else's pages.
func TestOwnControlsOnTheOverview(t *testing.T) {
	s := newSite(t)
	s.crowd(4)
	d, _ := s.longDossier(60, 25, 5)
	b := s.signedIn("reviewer2")
	for range 25 {
		s.clock.move(time.Second)
		id := b.first("task=first&dossier=" + d.ID.String())
		verdict := url.Values{"verdict": {"subset"}, "a_to_b": {"no"}, "b_to_a": {"yes"}}
		if got := b.decideOn(review.Match{ID: uuid.MustParse(id)}, "?task=first&dossier="+d.ID.String(), verdict); got.status != http.StatusSeeOther {
			t.Fatalf("%d %.200s", got.status, got.body)
		}
	}
	b.holds("/", nil, []string{"Control items right"})
	s.clock.move(24 * time.Hour)
	b = s.signedIn("reviewer2")
	b.holds("/", []string{"Control items right: 1 of 1, until yesterday"}, nil)
	for _, login := range []string{"admin", "judge", "reviewer3", "speaker"} {
		other := s.signedIn(login)
		pages := []string{"/", "/dossiers/" + d.ID.String(), "/dossiers/" + d.ID.String() + "/agreement"}
		if login == "admin" {
			pages = append(pages, "/admin/people", "/admin/audit")
		}
		for _, page := range pages {
			other.holds(page, nil, []string{"Control items right"})
		}
	}
}

// TestControlSettings: an administrator sets the share, everybody sees it, and a
// dossier that one answer settles takes none.
func TestControlSettings(t *testing.T) {
	s := newSite(t)
	admin, page := s.signedIn("admin"), "/dossiers/"+s.dossier.ID.String()
	if got := admin.submit(page, page+"/settings", url.Values{"controls": {"2"}, "talk": {"5"}, "explain": {"after"}, "nameless": {"1"}}); got.status != http.StatusSeeOther {
		t.Fatalf("%d %.300s", got.status, got.body)
	}
	admin.holds(page+"?set=1", []string{"<option value=\"2\" selected>2\u00a0% of a queue (usual)"}, nil)
	s.signedIn("lina").holds(page, []string{"Control items: 2\u00a0%"}, []string{page + "/settings"})
	for _, bad := range []string{"6", "-1", "x", ""} {
		if got := admin.submit(page, page+"/settings", url.Values{"controls": {bad}, "talk": {"5"}}); got.status != http.StatusUnprocessableEntity && got.status != http.StatusBadRequest {
			t.Errorf("a share of %q: %d", bad, got.status)
		}
	}
	for _, bad := range []url.Values{{"controls": {"2"}}, {"controls": {"2"}, "talk": {"61"}}, {"controls": {"2"}, "talk": {"5"}, "explain": {"sometimes"}}} {
		if got := admin.submit(page, page+"/settings", bad); got.status != http.StatusUnprocessableEntity && got.status != http.StatusBadRequest {
			t.Errorf("%v: %d", bad, got.status)
		}
	}
	d, err := s.db.Dossier(context.Background(), s.dossier.ID)
	if err != nil || d.Controls != 2 || d.TalkDays != 5 || d.Explain != review.ExplainAfter || !d.Nameless || !slices.Equal(d.Parties(), s.dossier.Parties()) {
		t.Errorf("%+v %v", d, err)
	}
	if got := s.signedIn("lina").post(page+"/settings", url.Values{"controls": {"0"}}); got.status != http.StatusForbidden {
		t.Errorf("a reviewer sets the share: %d", got.status)
	}
}
