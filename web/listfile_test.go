package web

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"concord/corpus"
	"concord/review"
)

// csvOf reads a list's file.
func csvOf(t *testing.T, got answer) [][]string {
	t.Helper()
	if got.status != http.StatusOK || !strings.HasPrefix(got.header.Get("Content-Type"), "text/csv") {
		t.Fatalf("%d %s", got.status, got.header.Get("Content-Type"))
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(got.body, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestListsAsFiles holds the files of lists against the filter of their pages, in
// both formats, with a dossier's name that a spreadsheet would reckon.
func TestListsAsFiles(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	s.dossier.Name = "=1+1"
	if err := s.db.SaveDossier(ctx, s.dossier, "cli"); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []review.RunKind{review.RunWhole, review.RunNew} {
		run, err := s.db.AddRun(ctx, s.dossier.ID, review.RunRequest{Kind: kind, Least: review.RunLeast}, "cli", review.RunServer)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.db.StopRun(ctx, run.ID, "cli"); err != nil {
			t.Fatal(err)
		}
	}
	admin := s.signedIn("admin")
	for path, want := range map[string]int{
		"/runs/export/csv": 3, "/runs/export/csv?kind=whole": 2, "/runs/export/csv?state=done": 1, "/runs/export/csv?from=50": 3,
		"/admin/audit/export/csv?action=run.stopped": 3, "/admin/audit/export/csv?action=nothing": 1,
	} {
		rows := csvOf(t, admin.get(path))
		if len(rows) != want {
			t.Errorf("%s: %d lines, want %d", path, len(rows), want)
		}
		if strings.HasPrefix(path, "/runs") && len(rows) > 1 && rows[1][0] != "'=1+1" {
			t.Errorf("%s: the name is a formula: %q", path, rows[1][0])
		}
	}
	book, err := excelize.OpenReader(bytes.NewReader([]byte(admin.get("/runs/export/xlsx?kind=whole").body)))
	if err != nil {
		t.Fatal(err)
	}
	cells, err := book.GetRows(book.GetSheetList()[0])
	if err != nil || !strings.Contains(strings.Join(cells[len(cells)-1], "|"), "=1+1") {
		t.Errorf("the workbook: %v %v", cells, err)
	}
	if page := admin.get("/runs?kind=whole").body; !strings.Contains(page, `href="/runs/export/xlsx?kind=whole"`) || !strings.Contains(page, "List as CSV") {
		t.Error("the page does not offer its files under its filter")
	}
	whole := csvOf(t, admin.get("/admin/audit/export/csv"))
	if n, err := s.db.VerifyAudit(ctx); err != nil || int64(len(whole)-1) != int64(n) {
		t.Errorf("%d rows of the audit, %d in the file, %v", n, len(whole)-1, err)
	}
	for path, status := range map[string]int{"/admin/audit/export/csv": http.StatusForbidden, "/runs/export/csv": http.StatusOK, "/runs/export/pdf": http.StatusNotFound} {
		if got := s.signedIn("reader").get(path); got.status != status {
			t.Errorf("a reader, %s: %d", path, got.status)
		}
	}
	if err := fits(maxListRows); err != nil {
		t.Error(err)
	}
	if err := fits(maxListRows + 1); !errors.Is(err, corpus.ErrLimit) {
		t.Errorf("a list too long for a file: %v", err)
	}
}
