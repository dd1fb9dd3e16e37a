package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"concord/review"
)

func TestReservationsOnPages(t *testing.T) {
	s := positionSite(t)
	id := s.dossier.ID.String()
	match, rounds, declare := "/matches/"+s.matches[1].ID.String(), "/dossiers/"+id+"/rounds", "/dossiers/"+id+"/reservations"
	speaker, ivan := s.signedIn("speaker"), s.signedIn("ivan")
	if body := s.signedIn("reader").get(match).body; strings.Contains(body, `id="reservations"`) {
		t.Error("a reader is offered a reservation")
	}
	if body := speaker.get("/matches/" + s.matches[0].ID.String()).body; strings.Contains(body, `action="`+declare) {
		t.Error("an open match offers a reservation")
	}
	form := formFields(t, speaker.get(match).body, declare)
	form.Set("text", "until <b>2027</b>")
	if got := speaker.post(declare, form); got.status != http.StatusSeeOther || got.header.Get("Location") != match+"#reservations" {
		t.Fatalf("declared: %d %s\n%.300s", got.status, got.header.Get("Location"), got.body)
	}
	form = formFields(t, ivan.get(rounds).body, declare)
	form.Set("text", "subject to ratification")
	if got := ivan.post(declare, form); got.status != http.StatusSeeOther || got.header.Get("Location") != rounds+"#reservations" {
		t.Fatalf("against the whole: %d\n%.300s", got.status, got.body)
	}
	for _, login := range []string{"ivan", "speaker", "reader", "admin"} {
		b := s.signedIn(login)
		if body := b.get(match).body; !strings.Contains(body, "Reservation of CN") || !strings.Contains(body, "until &lt;b&gt;2027") || strings.Contains(body, "/withdraw\"") != (login == "speaker") {
			t.Errorf("%s: the match does not show it, or offers what it should not", login)
		}
		if body := b.get(rounds + "?from=1").body; strings.Count(body, "subject to ratification") != 2 || !strings.Contains(body, "Reservation changed") {
			t.Errorf("%s: the rounds do not tell of it", login)
		}
	}
	if m := s.reload(s.matches[1]); m.State != review.StateConfirmed || !m.Agreed() {
		t.Errorf("the match is %s", m.State)
	}
	if got := ivan.submit(rounds, rounds, url.Values{"name": {"R2"}}); got.status != http.StatusSeeOther {
		t.Fatalf("freeze: %d", got.status)
	}
	if body := s.signedIn("reader").get(rounds + "/2/export/html"); !strings.Contains(body.body, "until &lt;b&gt;2027") || strings.Contains(body.body, privateWord) {
		t.Errorf("the round's document: %d", body.status)
	}
	list, err := s.db.Reservations(t.Context(), s.dossier.ID)
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v %v", list, err)
	}
	if got := ivan.submit(match, "/reservations/"+list[0].ID.String()+"/withdraw", url.Values{}); got.status != http.StatusForbidden {
		t.Errorf("the other side withdraws: %d", got.status)
	}
	if got := speaker.submit(match, "/reservations/"+list[0].ID.String()+"/withdraw", url.Values{}); got.status != http.StatusSeeOther {
		t.Errorf("withdraw: %d", got.status)
	}
	if body := ivan.get(match).body; !strings.Contains(body, "· withdrawn") || !strings.Contains(body, "until &lt;b&gt;2027") {
		t.Error("the history does not show the withdrawal")
	}
	for name, form := range map[string]url.Values{"no text": {"text": {" "}}, "an open match": {"text": {"x"}, "match": {s.matches[0].ID.String()}}} {
		if got := speaker.submit(match, declare, form); got.status < 400 || got.status >= 500 {
			t.Errorf("%s: %d", name, got.status)
		}
	}
}
