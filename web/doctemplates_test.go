package web

import (
	"archive/zip"
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"concord/review"
	"concord/review/export"
)

// ownArrangement is an arrangement of every kind of document.
const ownArrangement = "[report]\nsections = comparison\ntitle = Side by side\nintro = <b>Between {parties}</b>\n[workbook]\ntitle = W\n[gb]\nsections = differences\n[gost]\nsections = db\n[mra]\nsections = signatures\n"

// addTemplate keeps a template of all dossiers with two versions.
func (s *site) addTemplate() uuid.UUID {
	s.t.Helper()
	t := review.Template{Name: "House style", Arrangement: "[report]\ntitle = X\n"}
	for range 2 {
		kept, err := s.db.SaveTemplate(context.Background(), t, s.people["lina"])
		if err != nil {
			s.t.Fatal(err)
		}
		t = kept
		t.Arrangement = ownArrangement
	}
	return t.ID
}

// letterhead is a .docx whose body holds a paragraph of its own around {{content}}.
func letterhead(t *testing.T, more map[string]string) string {
	t.Helper()
	const w = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	const rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	parts := map[string]string{
		"[Content_Types].xml":          `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
		"_rels/.rels":                  `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="` + rel + `officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/_rels/document.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="` + rel + `styles" Target="styles.xml"/></Relationships>`,
		"word/styles.xml":              `<w:styles ` + w + `></w:styles>`,
		"word/document.xml":            `<w:document ` + w + `><w:body><w:p><w:r><w:t>MINISTRY {{par</w:t></w:r><w:r><w:t>ties}}</w:t></w:r></w:p><w:p><w:r><w:t>{{content}}</w:t></w:r></w:p></w:body></w:document>`,
	}
	for name, body := range more {
		parts[name] = body
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, body := range parts {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// A negotiator writes a template on the page, sees what it gives and what is wrong with
// it, and makes documents with it.
func TestTemplatesOnPages(t *testing.T) {
	s := newSite(t)
	s.agree(s.matches[1], "equivalent")
	b := s.signedIn("lina")
	id := s.dossier.ID.String()
	form := func(with url.Values) url.Values {
		out := url.Values{"dossier": {id}, "name": {"Ours"}, "arrangement": {ownArrangement}, "do": {"save"}, "kind": {"report"}}
		for k, v := range with {
			out[k] = v
		}
		return out
	}
	page := "/templates/new?dossier=" + id
	b.holds(page, []string{"[mra.requirements]", `name="dossier" value="` + id}, nil)
	if got := b.submit(page, "/templates", form(url.Values{"do": {"preview"}})); got.status != http.StatusOK || !strings.Contains(got.body, "Side by side") || !strings.Contains(got.body, "&lt;b&gt;Between CN — RU&lt;/b&gt;") {
		t.Errorf("no preview: %d", got.status)
	}
	list, err := s.db.Templates(t.Context())
	if err != nil || len(list) != 1 {
		t.Fatalf("a preview was kept: %+v %v", list, err)
	}
	got := b.submit(page, "/templates", form(url.Values{"arrangement": {"[report]\ncolour = red\n[letter]\n"}}))
	if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "Line 2: colour is no key here") || !strings.Contains(got.body, "Line 3: [letter] is no document") || !strings.Contains(got.body, "colour = red") {
		t.Errorf("flaws are not told: %d", got.status)
	}
	if got := b.upload(page, "/templates", "bad.docx", letterhead(t, map[string]string{"word/vbaProject.bin": "x"}), map[string]string{"dossier": id, "name": "Ours", "do": "save"}); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "macro") {
		t.Errorf("a macro: %d", got.status)
	}
	if got := b.upload(page, "/templates", "large.docx", strings.Repeat("x", review.MaxLetterhead+1), map[string]string{"dossier": id, "name": "Ours", "do": "save"}); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "4 MB") {
		t.Errorf("a large file: %d", got.status)
	}
	head := letterhead(t, nil)
	if got := b.upload(page, "/templates", "head.docx", head, map[string]string{"dossier": id, "name": "Ours", "arrangement": ownArrangement, "do": "save"}); got.status != http.StatusOK && got.status != http.StatusSeeOther {
		t.Fatalf("not kept: %d %.900s", got.status, got.body)
	}
	if list, err = s.db.Templates(t.Context()); err == nil {
		list = review.TemplatesAt(list, s.dossier.ID)
	}
	if err != nil || len(list) != 2 || list[0].File != "head.docx" {
		t.Fatalf("%+v %v", list, err)
	}
	own := "/templates/" + list[0].ID.String()
	if got := b.get(own + "/letterhead"); got.body != head || !strings.Contains(got.header.Get("Content-Disposition"), "Ours-1.docx") || !strings.Contains(got.header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("the letterhead comes back otherwise: %d %v", got.status, got.header)
	}
	b.holds("/dossiers/"+id, []string{"/export/mra-html?template=" + list[0].ID.String(), "/export/xlsx?template="}, []string{"/export/csv?template="})
	for _, f := range export.Formats {
		got := b.get("/dossiers/" + id + "/export/" + f.Name + "?template=" + list[0].ID.String())
		if export.DocumentOf(f.Name) == "" {
			if got.status != http.StatusUnprocessableEntity && got.status != http.StatusBadRequest {
				t.Errorf("%s with a template: %d", f.Name, got.status)
			}
			continue
		}
		text := unpacked(t, got.body)
		if got.status != http.StatusOK || !strings.Contains(text, "Ours · 1 · SHA-256 ") {
			t.Errorf("%s does not name the template: %d", f.Name, got.status)
		}
		if strings.HasSuffix(f.Extension, ".docx") && !strings.Contains(text, "MINISTRY CN — RU") {
			t.Errorf("%s is not on the letterhead", f.Name)
		}
	}
	frozen, err := s.db.FreezeRound(t.Context(), s.dossier.ID, "One", s.people["lina"])
	if err != nil {
		t.Fatal(err)
	}
	if got := b.get("/dossiers/" + id + "/rounds/1/export/docx?template=" + list[0].ID.String()); !strings.Contains(unpacked(t, got.body), frozen.Checksum) {
		t.Error("the round's document lacks its checksum")
	}
	kept := url.Values{"id": {list[0].ID.String()}, "version": {"1"}, "name": {"Ours"}, "arrangement": {"[report]\ntitle = Second\n"}, "do": {"save"}}
	if got := b.submit(own, "/templates", kept); got.status >= 400 {
		t.Fatalf("not changed: %d", got.status)
	}
	if got := b.submit(own, "/templates", kept); got.status != http.StatusConflict {
		t.Errorf("written over another version: %d", got.status)
	}
	if now, err := s.db.Template(t.Context(), list[0].ID, 0); err != nil || now.Version != 2 || now.File != "head.docx" {
		t.Errorf("%+v %v", now, err)
	}
	if got := b.submit(own, own+"/restore", url.Values{"version": {"1"}}); got.status >= 400 {
		t.Errorf("not restored: %d", got.status)
	}
	if got := b.submit(own, own+"/restore", url.Values{"version": {"0"}}); got.status >= 400 {
		t.Errorf("not the program's own: %d", got.status)
	}
	if now, err := s.db.Template(t.Context(), list[0].ID, 0); err != nil || now.Version != 4 || now.Arrangement != export.DefaultArrangement() {
		t.Errorf("version %d %v", now.Version, err)
	}
	reader := s.signedIn("reader")
	if got := reader.get(own); got.status != http.StatusOK || strings.Contains(got.body, `value="save"`) || strings.Contains(got.body, "/drop") {
		t.Errorf("a reader: %d", got.status)
	}
	if got := b.submit(own, own+"/drop", url.Values{}); got.status >= 400 {
		t.Errorf("not dropped: %d", got.status)
	}
	if got := b.get("/dossiers/" + id + "/export/docx?template=" + list[0].ID.String()); got.status != http.StatusNotFound {
		t.Errorf("a dropped template is used: %d", got.status)
	}
	for _, m := range s.matches { // nothing of all this decided anything
		if m.ID != s.matches[1].ID && s.reload(m).Version != m.Version {
			t.Errorf("match %s changed", m.ID)
		}
	}
}

// What is answered and not agreed stands in documents that can mark it, when it is asked
// for, without the answer; a template of another dossier is not used.
func TestOneSidedDownloads(t *testing.T) {
	s := newSite(t)
	s.agree(s.matches[1], "equivalent")
	s.signedIn("lina").decideOn(s.reload(s.matches[2]), "", url.Values{"verdict": {"equivalent"}, "note": {"PRIVATE REASON"}})
	if got := s.reload(s.matches[2]); got.State != review.StateOpinion {
		t.Fatalf("the match is %s", got.State)
	}
	b := s.signedIn("reader")
	base := "/dossiers/" + s.dossier.ID.String() + "/export/"
	waiting := s.matches[2].ID.String()
	for _, f := range export.Formats {
		plain, with := b.get(base+f.Name), b.get(base+f.Name+"?onesided=1")
		if strings.Contains(unpacked(t, plain.body), waiting) {
			t.Errorf("%s has what is not agreed without being asked", f.Name)
		}
		text := unpacked(t, with.body)
		if f.Marks != (with.status == http.StatusOK && strings.Contains(text, waiting)) || strings.Contains(text, "PRIVATE REASON") {
			t.Errorf("%s: %d, can mark %v", f.Name, with.status, f.Marks)
		}
	}
	b.holds("/dossiers/"+s.dossier.ID.String(), []string{"/export/docx?onesided=1"}, []string{"/export/oscal?onesided=1"})
	other := review.Dossier{ID: uuid.Must(uuid.NewV7()), Name: "Other", Policy: s.dossier.Policy, Sides: s.dossier.Sides, Created: s.clock.now()}
	if err := s.db.SaveDossier(t.Context(), other, "cli"); err != nil {
		t.Fatal(err)
	}
	foreign, err := s.db.SaveTemplate(t.Context(), review.Template{Dossier: other.ID, Name: "Theirs", Arrangement: ownArrangement}, s.people["lina"])
	if err != nil {
		t.Fatal(err)
	}
	if got := b.get(base + "docx?template=" + foreign.ID.String()); got.status != http.StatusNotFound {
		t.Errorf("a template of another dossier: %d", got.status)
	}
}
