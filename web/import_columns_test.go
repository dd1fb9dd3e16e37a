package web

import (
	"context"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"concord/corpus/staging"
)

// A table whose headers say nothing.
const muteTable = "A1;A2;A3;A4\n5.1;Doors;The clear width shall be at least 0.8 m.;normative\n5.2;Stairs;Handrails should stand on both sides.;informative\n"

// waiting is the import that came last.
func (s *site) waiting() staging.Import {
	s.t.Helper()
	list, err := s.db.StagedList(context.Background(), staging.Staged, uuid.Nil, 1)
	if err != nil || len(list) != 1 {
		s.t.Fatalf("waiting: %+v %v", list, err)
	}
	i, err := s.db.Staged(context.Background(), list[0].ID)
	if err != nil {
		s.t.Fatal(err)
	}
	return i
}

// What nobody can read is said by a person once; the next table of the publisher is
// read so by itself, until it is forgotten.
func TestImportColumns(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("admin")
	bring := func(name string) (staging.Import, string) {
		t.Helper()
		if got := b.bringIn(map[string]string{name: muteTable + "5.3;" + name + ";It shall be marked.;\n"}, "designation", "ISO 88:2020"); got.status != http.StatusOK || !strings.Contains(got.body, "/columns") {
			t.Fatalf("sent: %d %s", got.status, got.body)
		}
		i := s.waiting()
		return i, "/imports/" + i.ID.String()
	}
	i, base := bring("a.csv")
	if i.Clauses != 0 || i.Errors == 0 {
		t.Fatalf("it was read by itself: %+v", i)
	}
	b.holds(base, []string{"not recognised among the headers", `href="` + base + `/columns"`}, nil)
	b.holds(base+"/columns", []string{"A1", "Doors", "No column is said to hold: number", "No column is said to hold: text"}, []string{"Columns are remembered"})

	say := func(form url.Values) answer {
		t.Helper()
		form.Set("sheet", "")
		form.Set("header", "1")
		return b.change(i.ID, "columns", form)
	}
	good := func() url.Values {
		return url.Values{"c0": {"number"}, "c1": {"title"}, "c2": {"text"}, "c3": {"kind"}, "do": {"read"}}
	}
	for name, c := range map[string]struct {
		role map[string]string
		says string
	}{
		"no text":      {map[string]string{"c2": ""}, "No column is said to hold: text"},
		"no number":    {map[string]string{"c0": ""}, "No column is said to hold: number"},
		"one twice":    {map[string]string{"c1": "text"}, "Columns B and C are both said to hold: text"},
		"not a role":   {map[string]string{"c3": "<b>"}, "is not something that a column can hold"},
		"beyond":       {map[string]string{"c3": "", "c4": "note", "c5": "kind"}, "is beyond the last one, D"},
		"other header": {map[string]string{"header": "99"}, "Line 99 is blank or too far down"},
	} {
		form := good()
		form.Set("sheet", "")
		form.Set("header", "1")
		for k, v := range c.role {
			form.Set(k, v)
		}
		got := b.change(i.ID, "columns", form)
		if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, c.says) || !strings.Contains(got.body, `role="alert"`) {
			t.Errorf("%s: %d, the page does not say %q", name, got.status, c.says)
		}
	}
	if now := s.waiting(); now.Version != i.Version || now.Clauses != 0 {
		t.Errorf("a refused form changed it: %+v", now)
	}
	shown := good()
	shown.Set("do", "preview")
	if got := say(shown); got.status != http.StatusOK || !strings.Contains(got.body, `<strong>5.1</strong></bdi> <strong><bdi translate="no">Doors`) || strings.Contains(got.body, "No column is said") {
		t.Errorf("preview: %d %s", got.status, got.body)
	}
	if now := s.waiting(); now.Version != i.Version {
		t.Error("a preview changed it")
	}
	form := good()
	form.Set("remember", "1")
	if got := say(form); got.status != http.StatusSeeOther {
		t.Fatalf("read: %d %s", got.status, got.body)
	}
	now := s.waiting()
	if now.ID != i.ID || now.Clauses != 3 || now.Errors != 0 || now.Version != i.Version+1 {
		t.Fatalf("read again: %+v", now)
	}
	doc := now.Document
	if doc.Clauses[0].Heading != "Doors" || doc.Clauses[1].Kind != "informative" || doc.Clauses[0].Kind != "provision" {
		t.Errorf("the clauses: %+v", doc.Clauses)
	}
	b.holds(base+"/columns", []string{"Columns are remembered"}, []string{"No column is said"})
	if got := b.change(i.ID, "columns", url.Values{"version": {"1"}, "c0": {"number"}, "c1": {"text"}, "do": {"read"}}); got.status != http.StatusConflict || !strings.Contains(got.body, "meanwhile") {
		t.Errorf("an old form: %d", got.status)
	}

	next, base := bring("b.csv")
	if next.ID == i.ID || next.Clauses != 3 || next.Errors != 0 || !next.Document.Table.Known {
		t.Fatalf("the next table: %+v", next)
	}
	b.holds(base, []string{"as in the last table of"}, nil)
	if got := b.change(next.ID, "columns", url.Values{"do": {"forget"}}); got.status != http.StatusSeeOther {
		t.Fatalf("forget: %d", got.status)
	}
	if third, _ := bring("c.csv"); third.Clauses != 0 {
		t.Error("what was forgotten is still known")
	}
	// Another publisher's tables are not touched by it.
	say(form)
	if got := b.bringIn(map[string]string{"d.csv": muteTable}, "designation", "GB 50016-2014"); got.status != http.StatusOK {
		t.Fatal(got.status)
	}
	if other := s.waiting(); other.Clauses != 0 {
		t.Error("the columns of one publisher were used for another")
	}
	if got := s.signedIn("lina").get(base + "/columns"); got.status != http.StatusForbidden {
		t.Errorf("who may not import sees columns: %d", got.status)
	}
	b.bringIn(map[string]string{"e.txt": upText}, "designation", "ISO 89:2020")
	if got := b.get("/imports/" + s.waiting().ID.String() + "/columns"); got.status != http.StatusNotFound {
		t.Errorf("columns of what is no table: %d", got.status)
	}
}

// A clause is ticked in the wording that was shown, and the tick goes with another
// wording or is taken back.
func TestImportLooked(t *testing.T) {
	s := newSite(t)
	b := s.signedIn("admin")
	if got := b.bringIn(map[string]string{"a.txt": upText}, "designation", "ISO 88:2020", "language", "en"); got.status != http.StatusOK {
		t.Fatal(got.status)
	}
	i := s.waiting()
	base := "/imports/" + i.ID.String()
	b.holds(base, []string{"Looked at: 0 of 2", "clause=5.1#edit"}, nil)
	look := func(clause string, more ...string) answer {
		t.Helper()
		form := formFields(t, b.get(base+"?clause="+clause).body, base+"/looked")
		for n := 0; n+1 < len(more); n += 2 {
			form.Set(more[n], more[n+1])
		}
		return b.post(base+"/looked", form)
	}
	if got := look("5.1"); got.status != http.StatusSeeOther || !strings.Contains(got.header.Get("Location"), "clause=5.2") {
		t.Fatalf("ticked: %d %s", got.status, got.header.Get("Location"))
	}
	b.holds(base+"?clause=5.1", []string{"Looked at: 1 of 2", "✓ looked at", "Take back: looked at"}, nil)
	if got := look("5.2", "digest", "another"); got.status != http.StatusConflict {
		t.Errorf("another wording: %d", got.status)
	}
	if got := look("5.2", "clause", "9.9"); got.status != http.StatusNotFound {
		t.Errorf("no such clause: %d", got.status)
	}
	if got := look("5.1", "back", "1"); got.status != http.StatusSeeOther {
		t.Errorf("taken back: %d", got.status)
	}
	b.holds(base, []string{"Looked at: 0 of 2"}, []string{"✓ looked at"})
	look("5.1")
	if got := b.change(i.ID, "correct", url.Values{"clause": {"5.1"}, "act": {"edit"}, "heading": {""}, "text": {"Another text."}}); got.status != http.StatusSeeOther {
		t.Fatalf("corrected: %d %s", got.status, got.body)
	}
	b.holds(base, []string{"Looked at: 0 of 2"}, nil)
	b.change(i.ID, "undo", nil)
	b.holds(base, []string{"Looked at: 1 of 2"}, nil)
	b.change(i.ID, "discard", nil)
	if got := b.submit("/help", base+"/looked", url.Values{"clause": {"5.1"}, "digest": {"x"}}); got.status == http.StatusSeeOther {
		t.Errorf("a settled import was ticked")
	}
}

// Each file of a form is sent with the others, under names that are safe.
func TestFilesBesideAnother(t *testing.T) {
	files := []*multipart.FileHeader{{Filename: "low.json"}, {Filename: "../doors.json"}, {Filename: "a.txt"}}
	names := ""
	for i := range files {
		for _, b := range besideOf(files, i) {
			names += b.Name + " "
		}
		names += "| "
	}
	if names != "doors.json a.txt | low.json a.txt | low.json doors.json | " || besideOf(files[:1], 0) != nil {
		t.Error(names)
	}
}
