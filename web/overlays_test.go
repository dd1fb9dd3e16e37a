package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"concord/corpus"
)

// saveOverlays keeps a base in English, an amendment of it, a corrigendum whose
// text may not be shown, one in another language, and a standard that only cites.
func (s *site) saveOverlays() {
	s.t.Helper()
	base := document("int-iso-99001-2015", "INT", "en", corpus.RightsFull, "A gate shall be 1.0 m wide.", "A gate shall be painted.", "A gate shall open outwards.")
	amd := document("int-iso-99001-2015-amd-1-2020", "INT", "en", corpus.RightsFull, "Replace 5.1 by the following:\nA gate shall be 1.2 m wide.", "Delete 5.2.", "Add a new clause 5.4: A gate shall have a latch.")
	cor := document("int-iso-99001-2015-cor-1-2021", "INT", "en", corpus.RightsTitles, "Replace 5.3 by the following: A gate shall open quixotically.")
	ru := document("int-iso-99001-2015-amd-1-2020-ru", "INT", "ru", corpus.RightsFull, "Пункт 5.1 исключить.")
	citing := document("int-iso-99002-2015", "INT", "en", corpus.RightsFull, "Replace gates that do not meet ISO 99001:2015.")
	for d, name := range map[*corpus.Document]string{base: "ISO 99001:2015", amd: "ISO 99001:2015/Amd 1:2020", cor: "ISO 99001:2015/Cor 1:2021", ru: "ISO 99001:2015/Amd 1:2020", citing: "ISO 99002:2015"} {
		d.Standard.Designation, d.Standard.Adopts = name, nil
		if _, err := s.db.Save(context.Background(), d, "cli"); err != nil {
			s.t.Fatal(err)
		}
	}
}

func TestOverlaysOnPages(t *testing.T) {
	s := newSite(t)
	s.saveOverlays()
	b := s.signedIn("reader")
	holds := b.holds
	base, amd := "/standards/int-iso-99001-2015", "/standards/int-iso-99001-2015-amd-1-2020"
	holds(base, []string{`id="overlays"`, `href="` + amd + `"`, "replaced: 1", "added: 1", "deleted: 1", "in another language", base + "/consolidated"}, []string{"99002", `id="base"`})
	holds(amd, []string{`id="base"`, "Amendment to ISO 99001:2015", `href="` + base + `"`, "Delete 5.2", `href="` + base + `/clauses/5.2"`}, []string{`id="overlays"`})
	holds("/standards/int-iso-99002-2015", nil, []string{`id="overlays"`, `id="base"`})
	holds("/standards/gb-1-2020", nil, []string{`id="overlays"`, `id="base"`})
	// The base's own text stays what it is; the words that differ are marked beside it.
	holds(base+"/clauses/5.1", []string{`id="overlays"`, "A gate shall be 1.0 m wide.", `<span class="del">`, `<span class="ins">`, "replaced", "By the words:", `href="` + amd + `/clauses/5.1"`}, []string{"deleted</strong>", "latch"})
	holds(base+"/clauses/5.3", []string{`id="overlays"`, "replaced"}, []string{"quixotically", "Replace 5.3"})
	holds(amd+"/clauses/5.2", []string{"What it changes in the base", "deleted"}, []string{"replaced</strong>"})
	holds(base+"/consolidated", []string{"It is not an official text", "1.2", "A gate shall have a latch.", "added", "deleted"}, []string{"quixotically"})
	holds("/standards/gb-1-2020/consolidated", []string{"Nothing kept here amends"}, []string{"It is not an official text"})
	if got := b.get(amd + "/consolidated"); got.status != http.StatusSeeOther || got.header.Get("Location") != base+"/consolidated" {
		t.Errorf("the reading of an overlay: %d %s", got.status, got.header.Get("Location"))
	}
	if got := b.get("/standards/none/consolidated"); got.status != http.StatusNotFound {
		t.Errorf("of nothing: %d", got.status)
	}
}

// A person says that what looks like an overlay is none, or lies on another base.
func TestOverlayIsCorrected(t *testing.T) {
	s := newSite(t)
	s.saveOverlays()
	b := s.signedIn("admin")
	base, amd := "/standards/int-iso-99001-2015", "/standards/int-iso-99001-2015-amd-1-2020"
	say := func(form url.Values) {
		t.Helper()
		if got := b.submit(amd, amd+"/identity", form); got.status != http.StatusSeeOther {
			t.Fatalf("said: %d", got.status)
		}
	}
	say(url.Values{"overlay": {"none"}, "base": {""}})
	if body := b.get(base).body; strings.Contains(body, `href="`+amd+`"`) {
		t.Error("it is still an overlay")
	}
	say(url.Values{"overlay": {""}, "base": {"ISO 99002:2015"}})
	if body := b.get("/standards/int-iso-99002-2015").body; !strings.Contains(body, `href="`+amd+`"`) {
		t.Error("it does not lie on the base that was said")
	}
	if got := b.submit("/standards/gb-1-2020", "/standards/gb-1-2020/identity", url.Values{"overlay": {"amendment"}, "base": {""}}); got.status != http.StatusBadRequest || !strings.Contains(got.body, "Give the designation of the standard") {
		t.Errorf("an amendment of nothing: %d", got.status)
	}
	if body := b.get("/standards/gb-1-2020").body; strings.Contains(body, `id="base"`) {
		t.Error("what was refused is kept")
	}
	say(url.Values{"overlay": {""}, "base": {""}})
	if body := b.get(base).body; !strings.Contains(body, `href="`+amd+`"`) {
		t.Error("taken back, it is no overlay again")
	}
}

// The interface tells of an overlay what it lies on, and of a base what lies on it.
func TestOverlaysInInterface(t *testing.T) {
	w := newAPIWorld(t)
	if got := readAPI[apiStandard](t, w, "/api/v1/standards/cn-a-2020"); got.Overlay != nil || got.OverlaidBy != nil {
		t.Fatalf("before: %+v %v", got.Overlay, got.OverlaidBy)
	}
	amd := apiDocument("cn-a-2020-amd", "CN", "zh", corpus.RightsFull, "删除第5.1条。")
	amd.Standard.Overlay, amd.Standard.Base = corpus.OverlayAmendment, "DEMO CN-A-2020"
	if _, err := w.db.Save(context.Background(), amd, "cli"); err != nil {
		t.Fatal(err)
	}
	if got := readAPI[apiStandard](t, w, "/api/v1/standards/cn-a-2020-amd"); got.Overlay == nil || got.Overlay.Kind != corpus.OverlayAmendment || len(got.Overlay.Bases) != 1 || got.Overlay.Bases[0] != "cn-a-2020" {
		t.Errorf("the overlay: %+v", got.Overlay)
	}
	if got := readAPI[apiStandard](t, w, "/api/v1/standards/cn-a-2020"); got.Overlay != nil || len(got.OverlaidBy) != 1 || got.OverlaidBy[0] != "cn-a-2020-amd" {
		t.Errorf("the base: %+v %v", got.Overlay, got.OverlaidBy)
	}
}

// The desk tells what an amendment does to the clause that is being compared, on the
// side of its standard, and nothing where none lies on it.
func TestAmendedOnTheDesk(t *testing.T) {
	s := newSite(t)
	b, m := s.signedIn("lina"), s.matches[0]
	path := "/matches/" + m.ID.String()
	if got := b.get(path); got.status != http.StatusOK || strings.Contains(got.body, `class="around amended"`) {
		t.Fatalf("before there is an amendment: %d, or the desk speaks of one", got.status)
	}
	base, err := s.db.Standard(context.Background(), m.Sources[0].Standard())
	if err != nil {
		t.Fatal(err)
	}
	number := m.Sources[0].Key()
	over := document("amending", base.Standard.Jurisdiction, base.Standard.Language, corpus.RightsFull, number+"修改为：疏散门净宽不应小于1.7m。", "删除第9.9条。")
	over.Standard.Designation, over.Standard.Adopts = "XG 1-2024", nil
	over.Standard.Overlay, over.Standard.Base = corpus.OverlayAmendment, base.Standard.Designation
	if _, err := s.db.Save(context.Background(), over, "cli"); err != nil {
		t.Fatal(err)
	}
	page := b.get(path).body
	if n := strings.Count(page, `class="around amended"`); n != 1 {
		t.Errorf("the desk speaks of amendments on %d sides, want the one", n)
	}
	_, box, _ := strings.Cut(page, `class="around amended"`)
	box, _, _ = strings.Cut(box, "</details>")
	if !strings.Contains(box, "replaced") || !strings.Contains(box, "XG 1-2024") || strings.Contains(box, "9.9") {
		t.Errorf("the box says %s", box)
	}
}
