package main

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/corpus/reader"
	"concord/corpus/staging"
)

// A profile sent to the pages is read with the catalog sent beside it, or with one that
// waits already; alone, or beside another file, it is refused by its own reason.
func TestProfileSentWithItsCatalog(t *testing.T) {
	const catalog = `{"catalog":{"uuid":"1","metadata":{"title":"Doors","version":"1"},"groups":[{"id":"d","title":"Doors","controls":[{"id":"d-1","title":"Width","parts":[{"name":"statement","prose":"Doors shall be wide."}]},{"id":"d-2","title":"Light","parts":[{"name":"statement","prose":"Doors shall be light."}]}]}]}}`
	const profile = `{"profile":{"uuid":"2","metadata":{"title":"Low doors","version":"1"},"imports":[{"href":"catalogs/doors.json","include-controls":[{"with-ids":["d-2"]}]}]}}`
	e := env{stdout: io.Discard, stderr: io.Discard, getenv: func(string) string { return "" }}
	p, err := e.openProgram(t.Context(), config{Data: t.TempDir()}, true)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	im := importer{p, func(_ context.Context, name string, file io.Reader, hint reader.Hint) ([]*corpus.Document, error) {
		return reader.Read(name, file, hint)
	}, nil}
	beside := func(name, text string) staging.Hint {
		return staging.Hint{Jurisdiction: "INT", Language: "en", Beside: []staging.Beside{{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}}}
	}
	waiting := func() int {
		list, err := p.store.StagedList(t.Context(), staging.Staged, uuid.Nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	send := func(hint staging.Hint) ([]staging.Import, error) {
		return im.Stage(t.Context(), "low.json", strings.NewReader(profile), hint, "cli")
	}
	for name, hint := range map[string]staging.Hint{"alone": {}, "beside a text": beside("a.txt", "1 Doors shall open."), "beside another catalog": beside("walls.json", catalog)} {
		_, err := send(hint)
		if r, refused := corpus.RefusalOf(err); !refused || r.Rule != "profile-alone" || waiting() != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	list, err := send(beside("doors.json", catalog))
	if err != nil || len(list) != 1 || list[0].File != "low.json" || waiting() != 1 {
		t.Fatalf("beside its catalog: %v, %v; %d wait", list, err, waiting())
	}
	doc, err := im.Finished(t.Context(), list[0])
	if err != nil || !strings.Contains(doc.Clauses[len(doc.Clauses)-1].Text, "light") {
		t.Errorf("what it selects: %+v, %v", doc, err)
	}
	for _, c := range doc.Clauses {
		if strings.Contains(c.Text, "wide") {
			t.Errorf("what it does not select: %+v", c)
		}
	}
	if _, err := im.Stage(t.Context(), "doors.json", strings.NewReader(catalog), staging.Hint{Jurisdiction: "INT", Language: "en"}, "cli"); err != nil {
		t.Fatal(err)
	}
	if list, err := send(staging.Hint{Jurisdiction: "INT", Language: "en"}); err != nil || len(list) != 1 {
		t.Errorf("while its catalog waits: %v, %v", list, err)
	}
}
