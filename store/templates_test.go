package store_test

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
	"concord/store"
)

// A template has versions that are never changed; who signs rounds writes them, each
// at their own dossiers; a dropped one comes back under its name.
func TestTemplates(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.db")
	db := openAt(t, path, time.Now)
	s, cn, _ := agreed(t, db)
	reader := person(t, db, "reader", review.RoleReader, "CN")
	outside := person(t, db, "kz", review.RoleNegotiator, "KZ")
	admin := person(t, db, "root", review.RoleAdmin, "")
	own, err := db.SaveTemplate(t.Context(), review.Template{Dossier: s.dossier.ID, Name: " Our  form ", Arrangement: "[report]\r\n", Letterhead: []byte("PK file"), File: "head.docx"}, cn)
	if err != nil || own.Name != "Our form" || own.Version != 1 || own.Arrangement != "[report]\n" || own.Person != cn.ID {
		t.Fatalf("%+v %v", own, err)
	}
	for name, c := range map[string]struct {
		ask  review.Template
		who  review.Person
		want error
	}{
		"a reader":             {review.Template{Name: "x", Arrangement: "x"}, reader, corpus.ErrForbidden},
		"another party":        {review.Template{Dossier: s.dossier.ID, Name: "x", Arrangement: "x"}, outside, corpus.ErrForbidden},
		"no name":              {review.Template{Name: "\n", Arrangement: "x"}, cn, corpus.ErrInvalid},
		"nothing in it":        {review.Template{Name: "x", Arrangement: " "}, cn, corpus.ErrInvalid},
		"a name in use":        {review.Template{Dossier: s.dossier.ID, Name: "OUR form", Arrangement: "x"}, cn, corpus.ErrConflict},
		"a long name":          {review.Template{Name: strings.Repeat("я", review.MaxTemplateName+1), Arrangement: "x"}, cn, corpus.ErrLimit},
		"a long text":          {review.Template{Name: "x", Arrangement: strings.Repeat("x", review.MaxArrangement+1)}, cn, corpus.ErrLimit},
		"a large file":         {review.Template{Name: "x", Letterhead: make([]byte, review.MaxLetterhead+1)}, cn, corpus.ErrLimit},
		"no such dossier":      {review.Template{Dossier: uuid.New(), Name: "x", Arrangement: "x"}, admin, corpus.ErrNotFound},
		"no such template":     {review.Template{ID: uuid.New(), Name: "x", Arrangement: "x"}, cn, corpus.ErrNotFound},
		"written over another": {review.Template{ID: own.ID, Version: 7, Name: "Our form", Arrangement: "x"}, cn, corpus.ErrConflict},
	} {
		if _, err := db.SaveTemplate(t.Context(), c.ask, c.who); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if again, err := db.SaveTemplate(t.Context(), own, cn); err != nil || again.Version != 1 {
		t.Errorf("the same words made version %d: %v", again.Version, err)
	}
	next := own
	next.Arrangement = "[report]\ntitle = X\n"
	if next, err = db.SaveTemplate(t.Context(), next, admin); err != nil || next.Version != 2 {
		t.Fatalf("%+v %v", next, err)
	}
	if _, err := db.SaveTemplate(t.Context(), review.Template{Name: "Everyone", Arrangement: "x"}, outside); err != nil {
		t.Fatal(err)
	}
	everywhere, err := db.Templates(t.Context())
	list := review.TemplatesAt(everywhere, s.dossier.ID)
	if err != nil || len(list) != 2 || list[0].ID != own.ID || list[0].Version != 2 || list[0].Letterhead != nil || list[0].File != "head.docx" || !list[1].ForAll() {
		t.Errorf("%+v %v", list, err)
	}
	if list := review.TemplatesAt(everywhere, uuid.New()); len(list) != 1 {
		t.Errorf("%d stand at another dossier", len(list))
	}
	first, err := db.Template(t.Context(), own.ID, 1)
	if err != nil || first.Arrangement != "[report]\n" || string(first.Letterhead) != "PK file" {
		t.Errorf("%+v %v", first, err)
	}
	gone := next
	gone.Dropped = true
	if _, err := db.SaveTemplate(t.Context(), gone, cn); err != nil {
		t.Fatal(err)
	}
	if list, err := db.Templates(t.Context()); err != nil || len(list) != 1 {
		t.Errorf("a dropped template is listed: %+v %v", list, err)
	}
	back, err := db.SaveTemplate(t.Context(), review.Template{Dossier: s.dossier.ID, Name: "our form", Arrangement: "y"}, cn)
	if err != nil || back.ID != own.ID || back.Version != 4 {
		t.Errorf("%+v %v", back, err)
	}
	if versions, err := db.TemplateVersions(t.Context(), own.ID); err != nil || len(versions) != 4 || versions[0].Version != 4 || !versions[1].Dropped {
		t.Errorf("%+v %v", versions, err)
	}
	report, err := db.Check(t.Context())
	if err != nil || len(report.Problems) > 0 {
		t.Fatalf("%v %v", report.Problems, err)
	}
	for _, change := range []string{"UPDATE templates SET name = 'x'", "DELETE FROM templates", "UPDATE template_letterheads SET body = x'00'", "DELETE FROM template_letterheads"} {
		if _, err := raw(t, path).Exec(change); err == nil {
			t.Errorf("%s was allowed", change)
		}
	}
	spoil := raw(t, path)
	for _, change := range []string{"DROP TRIGGER template_letterheads_stand", "UPDATE template_letterheads SET body = x'00'"} {
		if _, err := spoil.Exec(change); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.Template(t.Context(), own.ID, 1); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("another letterhead was given out: %v", err)
	}
	report, err = db.Check(t.Context())
	if err != nil || !slices.ContainsFunc(report.Problems, func(p string) bool { return strings.Contains(p, "does not fit its checksum") }) {
		t.Errorf("the check finds nothing: %v %v", report.Problems, err)
	}
}
