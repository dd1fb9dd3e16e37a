package web

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"

	"concord/corpus/staging"
)

// TestUploadInChromium sends a file from the page: what was read shows without a
// page load, a second file can be sent from there, and the bar goes away.
func TestUploadInChromium(t *testing.T) {
	s := newSite(t)
	b := s.openTab(t, "admin")
	b.look(1366, "light", "en")
	b.open("/imports")
	ask[bool](b, "window.stays = true")
	for n, name := range []string{"GB 77-2021.txt", "GB 78-2021.txt"} {
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, []byte("5.1 疏散门的净宽度不应小于0.9m。\n5.2 安全出口不应少于2个。\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		b.do(chromedp.SetUploadFiles(`input[name=files]`, []string{file}))
		ask[bool](b, "(document.querySelector('form[data-long]').requestSubmit(), true)")
		b.wait("document.querySelectorAll('main').length === 1 && document.body.innerText.includes('" + name + "')")
		if !ask[bool](b, "window.stays === true") {
			t.Errorf("file %d: the page was loaded anew", n+1)
		}
		if ask[bool](b, "!document.querySelector('[data-work]').hidden || document.querySelector('form[data-long] button.b1').disabled") {
			t.Errorf("file %d: the page still says that it is reading", n+1)
		}
		b.healthy("/imports after "+name, 1366)
	}
	waiting, err := s.db.StagedList(t.Context(), staging.Staged, uuid.Nil, 50)
	if err != nil || len(waiting) < 3 {
		t.Errorf("%d imports wait, %v", len(waiting), err)
	}
}
