package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/review"
)

// The page of projects shows how each dossier is reviewed, and only to who manages.
func TestProjects(t *testing.T) {
	s := newSite(t)
	d := s.dossier
	d.Nameless, d.TalkDays, d.Controls, d.Explain = true, 9, 3, review.ExplainNever
	if err := s.db.SaveDossier(t.Context(), d, "cli"); err != nil {
		t.Fatal(err)
	}
	admin := s.signedIn("admin")
	row := `<td>` + s.server.words["en"].say("policy."+string(d.Policy)) + `</td><td class="num">2</td><td>✓ yes</td><td>Never</td><td class="num">3` + "\u00a0" + `% of a queue</td><td class="num">9</td>`
	admin.holds("/admin/projects", []string{row, `href="/dossiers/` + d.ID.String() + `#settings"`}, nil)
	admin.holds("/admin/projects?names=yes", []string{row}, nil)
	admin.holds("/admin/projects?names=no", nil, []string{row})
	if got := s.signedIn("lina").get("/admin/projects"); got.status != http.StatusForbidden {
		t.Errorf("who does not manage: %d", got.status)
	}
}

// A change that takes protection away says in numbers what it does and asks for the
// password; one that takes nothing away does not.
func TestProtocolEffects(t *testing.T) {
	s := newSite(t)
	d, m := s.dossier, s.matches[1]
	d.Nameless, d.TalkDays, d.Explain = true, 9, review.ExplainAfter
	if err := s.db.SaveDossier(t.Context(), d, "cli"); err != nil {
		t.Fatal(err)
	}
	s.signedIn("lina").decideOn(m, "", url.Values{"verdict": {"equivalent"}})
	s.signedIn("ivan").decideOn(m, "", url.Values{"verdict": {"none"}, "a_to_b": {"no"}, "b_to_a": {"no"}})
	if st := s.reload(m).State; st != review.StateDisputed {
		t.Fatalf("it is %s", st)
	}
	s.clock.move(3 * 24 * time.Hour)
	admin, page := s.signedIn("admin"), "/dossiers/"+d.ID.String()
	form := func(more ...string) url.Values {
		v := url.Values{"controls": {"0"}, "talk": {"9"}, "explain": {"after"}, "nameless": {"1"}}
		for n := 0; n+1 < len(more); n += 2 {
			if v.Set(more[n], more[n+1]); more[n+1] == "" {
				v.Del(more[n])
			}
		}
		return v
	}
	proposed, err := s.db.Matches(t.Context(), review.Filter{Dossier: d.ID, States: []review.State{review.StateProposed, review.StateOpinion}})
	if err != nil || proposed.Total == 0 {
		t.Fatal(proposed.Total, err)
	}
	w := s.server.words["en"]
	for name, c := range map[string]struct {
		form url.Values
		says string
	}{
		"names shown":     {form("nameless", ""), w.say("projects.effect.names", "n", 1)},
		"time taken away": {form("talk", "2"), w.say("projects.effect.talk", "n", 1)},
		"reasons before":  {form("explain", "beside"), w.say("projects.effect.explain", "n", proposed.Total)},
	} {
		for _, old := range []string{"", "wrong"} {
			if old != "" {
				c.form.Set("old", old)
			}
			got := admin.submit(page, page+"/settings", c.form)
			if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, c.says) || !strings.Contains(got.body, `name="old"`) {
				t.Errorf("%s, password %q: %d, the page does not say %q", name, old, got.status, c.says)
			}
			s.clock.move(time.Minute)
		}
	}
	now, err := s.db.Dossier(t.Context(), d.ID)
	if err != nil || !now.Nameless || now.TalkDays != 9 || now.Explain != review.ExplainAfter {
		t.Fatalf("it was changed without the password: %+v %v", now, err)
	}
	for name, v := range map[string]url.Values{"more time": form("talk", "20"), "time that is long gone stays so": form("talk", "10"), "never": form("explain", "never", "talk", "10")} {
		if got := admin.submit(page, page+"/settings", v); got.status != http.StatusSeeOther {
			t.Errorf("%s asks for the password: %d", name, got.status)
		}
	}
	if got := admin.submit(page, page+"/settings", form("talk", "2", "old", password)); got.status != http.StatusSeeOther {
		t.Errorf("with the password: %d", got.status)
	}
	if got := admin.submit(page, page+"/settings", form("policy", "one-reviewer", "talk", "2", "old", password)); got.status != http.StatusConflict {
		t.Errorf("the policy of what is answered: %d", got.status)
	}
	admin.holds(page, []string{"Somebody has answered, so this stands"}, nil)
}

// The policy can be lowered while nobody has answered, after the password.
func TestPolicyBeforeAnswers(t *testing.T) {
	s := newSite(t)
	d := s.dossier
	d.ID, d.Name = uuid.Must(uuid.NewV7()), "Fresh"
	if err := s.db.SaveDossier(t.Context(), d, "cli"); err != nil {
		t.Fatal(err)
	}
	admin, page := s.signedIn("admin"), "/dossiers/"+d.ID.String()
	if got := admin.submit(page, page+"/settings", url.Values{"controls": {"0"}, "talk": {"5"}, "policy": {"one-reviewer"}}); got.status != http.StatusSeeOther {
		t.Errorf("without a match it does nothing: %d", got.status)
	}
	if now, err := s.db.Dossier(t.Context(), d.ID); err != nil || now.Policy != review.PolicyOneReviewer {
		t.Errorf("%+v %v", now, err)
	}
	if got := admin.submit(page, page+"/settings", url.Values{"controls": {"0"}, "talk": {"5"}, "policy": {"nobody"}}); got.status == http.StatusSeeOther {
		t.Error("a policy that there is not was taken")
	}
}
