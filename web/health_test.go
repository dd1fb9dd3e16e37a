package web

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"concord/corpus"
	"concord/review"
)

// careTaker is a keeper that notes what it is asked for.
type careTaker struct {
	health Health
	done   []string
	err    error
}

func (k *careTaker) Health(context.Context) (Health, error) { return k.health, nil }
func (k *careTaker) BackUp(_ context.Context, actor string) (review.Backup, error) {
	k.done = append(k.done, "backup "+actor)
	return review.Backup{}, k.err
}
func (k *careTaker) TryBackup(_ context.Context, file, actor string) (review.Backup, error) {
	k.done = append(k.done, "try "+file+" "+actor)
	return review.Backup{}, k.err
}
func (k *careTaker) RebuildIndex(_ context.Context, actor string) error {
	k.done = append(k.done, "index "+actor)
	return k.err
}

func (k *careTaker) Sign(p review.Proof) (review.Proof, error) {
	return p.Signed(ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))), nil
}

// TestHealthPage reads figures and warnings from the page and presses its buttons.
func TestHealthPage(t *testing.T) {
	k := &careTaker{health: Health{Database: 300 << 20, WAL: 1536, Free: 9 << 30, Disk: 100 << 30, IndexNumber: 7, IndexClauses: 1234, IndexBehind: 3, Schema: 21, Engine: "3.54.1", Started: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC), Version: "9.9"}}
	s := newSite(t, func(c *Config) { c.Keeper = k })
	admin := s.signedIn("admin")
	admin.holds("/admin/health", []string{"300 MiB", "1.5 KiB", "9 GiB of 100 GiB free (9\u00a0%)", "nearly full", "1,234", "3.54.1", "9.9", "<dd>7</dd>"}, []string{"nothing is written any more"})
	k.health.Free, k.health.ReadOnly = 50<<30, true
	admin.holds("/admin/health", []string{"nothing is written any more"}, []string{"nearly full"})
	for _, b := range []review.Backup{
		{File: "concord-1.db", At: s.clock.now().Add(-2 * time.Hour), Bytes: 5 << 20, Rows: 77, Tested: s.clock.now().Add(-time.Hour)},
		{File: "concord-2.db", At: s.clock.now().Add(-time.Hour), Bytes: 6 << 20, Rows: 88, Tested: s.clock.now(), Problems: 2},
	} {
		if err := s.db.NoteBackup(t.Context(), b, "made", "cli"); err != nil {
			t.Fatal(err)
		}
	}
	admin.holds("/admin/health", []string{"problems: 2", "sound", `08:00</time> <bdi class="mono small" dir="ltr">concord-1.db</bdi>`, "6 MiB"}, nil)
	id := s.people["admin"].ID.String()
	for _, c := range []struct {
		form url.Values
		want string
	}{
		{url.Values{"do": {"backup"}}, "backup " + id}, {url.Values{"do": {"tried"}, "file": {"concord-1.db"}}, "try concord-1.db " + id}, {url.Values{"do": {"index"}}, "index " + id},
	} {
		got := admin.submit("/admin/health", "/admin/health", c.form)
		if got.status != http.StatusSeeOther || !slices.Contains(k.done, c.want) {
			t.Errorf("%v: %d, done %q", c.form, got.status, k.done)
		}
		if page := admin.get(got.header.Get("Location")); !strings.Contains(page.body, `role="status">✓`) {
			t.Errorf("%v: the page does not say that it was done", c.form)
		}
	}
	k.err = fmt.Errorf("busy: %w", corpus.ErrConflict)
	if got := admin.submit("/admin/health", "/admin/health", url.Values{"do": {"backup"}}); got.status != http.StatusConflict || !strings.Contains(got.body, "under way already") {
		t.Errorf("a second backup: %d", got.status)
	}
	if got := admin.submit("/admin/health", "/admin/health", url.Values{"do": {"format"}}); got.status != http.StatusBadRequest {
		t.Errorf("something else: %d", got.status)
	}
	newSite(t).signedIn("admin").holds("/admin/health", []string{"not looked after from here"}, []string{`name="do" value="backup"`})
}

// TestSettings saves notices, languages and backups, and looks where they count.
func TestSettings(t *testing.T) {
	s := newSite(t)
	admin, visitor := s.signedIn("admin"), s.browser()
	form := url.Values{"notice.en": {"Ministry of <b>Doors</b>"}, "banner.ar": {"أعمال الليلة"}, "language": {"en", "ar"}, "hours": {"24"}, "keep": {"7"}}
	if got := admin.submit("/admin/settings", "/admin/settings", form); got.status != http.StatusSeeOther {
		t.Fatalf("save: %d", got.status)
	}
	visitor.holds("/sign-in", []string{"Ministry of &lt;b&gt;Doors", `class="note warn banner said" lang="ar" dir="rtl">أعمال الليلة`, `name="language" value="ar"`}, []string{`name="language" value="fr"`})
	if got := visitor.speak("fr").get("/sign-in"); !strings.Contains(got.body, `<html lang="en"`) {
		t.Error("a language that is not offered is spoken")
	}
	if got := visitor.speak("ar").get("/sign-in"); !strings.Contains(got.body, `lang="en" dir="ltr">Ministry of`) {
		t.Error("the notice in English is not said as such on the Arabic page")
	}
	admin.holds("/admin/settings", []string{`name="hours" type="number" min="0" max="744" value="24"`, `value="7"`, "80 MiB"}, nil)
	for name, bad := range map[string]url.Values{
		"a long notice": {"notice.en": {strings.Repeat("a", review.MaxNoticeRunes+1)}}, "no number": {"hours": {"often"}}, "too seldom": {"hours": {"745"}}, "no language": {"language": {"tlh"}},
	} {
		if got := admin.submit("/admin/settings", "/admin/settings", bad); got.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, got.status)
		}
	}
	if now, err := s.db.Settings(t.Context()); err != nil || now.BackupHours != 24 || now.Notice["en"] == "" {
		t.Errorf("what was refused was saved: %+v, %v", now, err)
	}
	if got := admin.submit("/admin/settings", "/admin/settings", url.Values{"notice.en": {strings.Repeat("门", review.MaxNoticeRunes)}}); got.status != http.StatusSeeOther {
		t.Errorf("a notice at the limit: %d", got.status)
	}
	visitor.speak("fr").holds("/sign-in", []string{`<html lang="fr"`}, []string{"أعمال"})
}
