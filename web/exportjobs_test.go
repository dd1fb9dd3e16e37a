package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// longRows is how many matches the long dossier of the tests has.
const longRows = 2050

// background has documents of more than so many rows written in the background.
func background(t *testing.T, rows int) option {
	folder := filepath.Join(t.TempDir(), "exports")
	return func(c *Config) { c.Exports, c.ExportRows = folder, rows }
}

// long makes a dossier of many agreed matches and a round of it.
func (s *site) long() review.Dossier {
	s.t.Helper()
	ctx := context.Background()
	texts := make([]string, longRows)
	for n := range texts {
		texts[n] = fmt.Sprintf("The door number %d is wide.", n)
	}
	a, b := document("long-a-2020", "CN", "en", corpus.RightsFull, texts...), document("long-b-2020", "RU", "en", corpus.RightsFull, texts...)
	d := review.Dossier{ID: uuid.Must(uuid.NewV7()), Name: "Long", Domain: corpus.DomainEngineering, Policy: review.PolicyOneReviewer, Created: s.clock.now(),
		Sides: []review.Side{{Party: "CN", Standards: []corpus.StandardID{"long-a-2020"}}, {Party: "RU", Standards: []corpus.StandardID{"long-b-2020"}}}}
	for _, doc := range []*corpus.Document{a, b} {
		if _, err := s.db.Save(ctx, doc, "cli"); err != nil {
			s.t.Fatal(err)
		}
	}
	if err := s.db.SaveDossier(ctx, d, "cli"); err != nil {
		s.t.Fatal(err)
	}
	var list []matcher.Proposal
	for n := 1; n < len(a.Clauses); n++ {
		list = append(list, proposal(a.Clauses[n], b.Clauses[n]))
	}
	if _, _, err := s.db.Propose(ctx, d.ID, list); err != nil {
		s.t.Fatal(err)
	}
	desk := &review.Desk{Records: s.db, Now: s.clock.now}
	f := review.Filter{Dossier: d.ID, Limit: review.MaxPage, Order: review.OrderChapter}
	for {
		page, err := s.db.Matches(ctx, f)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, m := range page.Matches {
			answer := review.Answer{Match: m.ID, Kind: review.KindOpinion, Verdict: "equivalent", AToB: corpus.Recognition{Answer: corpus.AnswerYes}, BToA: corpus.Recognition{Answer: corpus.AnswerYes}}
			for _, id := range m.Clauses() {
				answer.Seen = append(answer.Seen, review.Seen{Clause: id, Digest: m.Digests[id]})
			}
			if _, _, err := desk.Decide(ctx, s.people["lina"], answer); err != nil {
				s.t.Fatal(err)
			}
		}
		if page.Next == "" {
			return d
		}
		f.Cursor = page.Next
	}
}

// offered fills in the form that a long document is offered with.
func (b *browser) offered(path string) (string, answer) {
	b.t.Helper()
	page := b.get(path)
	if page.status != http.StatusOK || page.header.Get("Content-Disposition") != "" || !strings.Contains(page.body, `action="/exports"`) {
		b.t.Fatalf("%s is not offered: %d %.300s", path, page.status, page.body)
	}
	form := url.Values{}
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([a-z]+)" value="([^"]*)">`).FindAllStringSubmatch(page.body[strings.Index(page.body, `action="/exports"`):], -1) {
		form.Set(m[1], strings.ReplaceAll(m[2], "&amp;", "&"))
	}
	got := b.submit(path, "/exports", form)
	if got.status != http.StatusSeeOther {
		b.t.Fatalf("%s is not begun: %d %.300s", path, got.status, got.body)
	}
	return got.header.Get("Location"), page
}

// TestLongExports goes the whole way with a dossier of more than 2,000 matches: it is
// offered, waits, is written, and is handed to its person alone until its day is over.
func TestLongExports(t *testing.T) {
	s := newSite(t, background(t, 0))
	d := s.long()
	dossier := "/dossiers/" + d.ID.String()
	if got := s.signedIn("speaker").submit(dossier+"/rounds", dossier+"/rounds", url.Values{"name": {"First"}}); got.status != http.StatusSeeOther {
		t.Fatalf("no round: %d", got.status)
	}
	round, err := s.db.Round(t.Context(), d.ID, 1)
	if err != nil {
		t.Fatal(err)
	}
	b, other := s.signedIn("reader"), s.signedIn("ivan")
	pair := "/compare/export/csv?a=long-a-2020&b=long-b-2020&dossier=" + d.ID.String()
	for name, path := range map[string]string{"dossier": dossier + "/export/csv", "round": dossier + "/rounds/1/export/csv", "comparison": pair} {
		job, offer := b.offered(path)
		if !strings.Contains(offer.body, "2,050") {
			t.Errorf("%s: the offer does not say how long it is", name)
		}
		b.holds(job, []string{"Waiting for its turn", `http-equiv="refresh"`, `data-run="`}, []string{"/file\"", "⟦"})
		if got := b.get(job + "/file"); got.status != http.StatusSeeOther || got.header.Get("Location") != job {
			t.Errorf("%s: a file before its time: %d", name, got.status)
		}
		if again, _ := b.offered(path); again != job {
			t.Errorf("%s: asked twice it is begun twice", name)
		}
		if !s.server.jobs.next(t.Context()) || s.server.jobs.next(t.Context()) {
			t.Fatalf("%s: not one job was done", name)
		}
		b.holds(job, []string{"It is written", "Rows: 2,050", job + "/file"}, []string{`http-equiv="refresh"`})
		b.holds("/runs", []string{job + "/file", "Download"}, nil)
		got := b.get(job + "/file")
		if got.status != http.StatusOK || strings.Count(got.body, "\r\n") != longRows+1 || !strings.Contains(got.header.Get("Content-Disposition"), "concord-Long-2026-03-01.csv") {
			t.Errorf("%s: %d, %d lines, %s", name, got.status, strings.Count(got.body, "\r\n"), got.header.Get("Content-Disposition"))
		}
		if stands := strings.Contains(got.body, round.Checksum); stands != (name == "round") {
			t.Errorf("%s: the round's checksum stands in it: %v", name, stands)
		}
		for _, path := range []string{job, job + "/file"} {
			if got := other.get(path); got.status != http.StatusNotFound {
				t.Errorf("%s: another person gets %d of %s", name, got.status, path)
			}
		}
		if got := other.submit("/runs", job+"/end", url.Values{}); got.status != http.StatusNotFound {
			t.Errorf("%s: another person may end it: %d", name, got.status)
		}
		if got := s.browser().get(job + "/file"); got.status != http.StatusSeeOther {
			t.Errorf("%s: a stranger gets %d", name, got.status)
		}
	}
	// What is short is still made at once.
	s.agree(s.matches[1], "equivalent")
	if got := b.get("/dossiers/" + s.dossier.ID.String() + "/export/csv"); got.header.Get("Content-Disposition") == "" {
		t.Error("a short document is not made at once")
	}
	if jobs := s.server.jobs.of(s.people["reader"].ID.String()); len(jobs) != 3 {
		t.Fatalf("%d jobs are kept", len(jobs))
	}
	s.clock.move(exportKeep - time.Second)
	b = s.signedIn("reader")
	job := "/exports/" + s.server.jobs.of(s.people["reader"].ID.String())[0].ID.String()
	if got := b.get(job + "/file"); got.status != http.StatusOK {
		t.Errorf("within its day: %d", got.status)
	}
	s.clock.move(time.Second)
	if got := b.get(job + "/file"); got.status != http.StatusNotFound {
		t.Errorf("after its day: %d", got.status)
	}
	if left, _ := os.ReadDir(s.server.jobs.folder); len(left) != 0 {
		t.Errorf("%d files stay", len(left))
	}
}

// TestLongExportRights: what a file was written under must still hold when it is
// fetched, and who may not read any more gets none.
func TestLongExportRights(t *testing.T) {
	s := newSite(t, background(t, 1))
	s.agree(s.matches[0], "subset")
	s.agree(s.matches[1], "equivalent")
	b := s.signedIn("reader")
	path := "/dossiers/" + s.dossier.ID.String() + "/export/html"
	job, _ := b.offered(path)
	s.server.jobs.next(t.Context())
	if got := b.get(job + "/file"); got.status != http.StatusOK || !strings.Contains(got.body, "Ширина двери") {
		t.Fatalf("%d", got.status)
	}
	doc := document("sp-1-2020", "RU", "ru", "titles", "Ширина двери должна быть не менее 0,9 м.", "Следует предусматривать не менее двух выходов.", "Длина коридора не более 40 м.", "скрыто")
	if _, err := s.db.Save(t.Context(), doc, "cli"); err != nil {
		t.Fatal(err)
	}
	if got := b.get(job + "/file"); got.status != http.StatusConflict || strings.Contains(got.body, "Ширина") {
		t.Errorf("texts that may not be shown any more leave: %d", got.status)
	}
	again, _ := b.offered(path)
	s.server.jobs.next(t.Context())
	if got := b.get(again + "/file"); got.status != http.StatusOK || strings.Contains(got.body, "Ширина двери") {
		t.Errorf("written anew: %d", got.status)
	}
	last, _ := b.offered("/dossiers/" + s.dossier.ID.String() + "/export/csv")
	p := s.people["reader"]
	p.Disabled = true
	if err := s.db.SavePerson(t.Context(), p, "cli"); err != nil {
		t.Fatal(err)
	}
	s.server.jobs.next(t.Context())
	if j, _ := s.server.jobs.one(p.ID.String(), uuid.MustParse(strings.TrimPrefix(last, "/exports/"))); j.State != exportFailed {
		t.Errorf("for somebody disabled it is %s", j.State)
	}
	if got := b.get(job + "/file"); got.status != http.StatusSeeOther {
		t.Errorf("somebody disabled gets %d", got.status)
	}
}

// TestExportJobsEnd: they stop, are deleted, are not too many, and outlive a server.
func TestExportJobsEnd(t *testing.T) {
	s := newSite(t, background(t, 1))
	s.agree(s.matches[0], "subset")
	s.agree(s.matches[1], "equivalent")
	b := s.signedIn("reader")
	base := "/dossiers/" + s.dossier.ID.String() + "/export/"
	job, _ := b.offered(base + "csv")
	if got := b.submit(job, job+"/end", url.Values{}); got.header.Get("Location") != job {
		t.Errorf("stop: %d to %s", got.status, got.header.Get("Location"))
	}
	b.holds(job, []string{"It was stopped"}, []string{"/file\""})
	if s.server.jobs.next(t.Context()) {
		t.Error("a stopped job is worked on")
	}
	if got := b.submit(job, job+"/end", url.Values{}); got.header.Get("Location") != "/runs#exports" || b.get(job).status != http.StatusNotFound {
		t.Errorf("delete: %d", got.status)
	}
	// One that is stopped while it is written leaves no file and no finished job.
	shelf := s.server.jobs
	write := shelf.write
	begun, ended := make(chan uuid.UUID), make(chan bool)
	shelf.write = func(ctx context.Context, j exportJob, w io.Writer, _ func(func(*exportJob)) error) error {
		begun <- j.ID
		<-ctx.Done()
		return ctx.Err()
	}
	job, _ = b.offered(base + "csv")
	go func() { ended <- shelf.next(context.Background()) }()
	<-begun
	at := time.Now()
	b.submit(job, job+"/end", url.Values{})
	<-ended
	if took := time.Since(at); took > 2*time.Second {
		t.Errorf("stopping takes %s", took)
	}
	b.holds(job, []string{"It was stopped"}, nil)
	b.submit(job, job+"/end", url.Values{})
	// A server that goes down leaves its job to the next one; twice killed, it says so.
	job, _ = b.offered(base + "csv")
	life, end := context.WithCancel(t.Context())
	go func() { ended <- shelf.next(life) }()
	id := <-begun
	killed, err := newExportShelf(shelf.folder, s.clock.now, s.server.log) // as if the first had been killed
	if err != nil {
		t.Fatal(err)
	}
	if j, err := killed.one(s.people["reader"].ID.String(), id); err != nil || j.State != exportWaiting || j.Tries != 1 {
		t.Errorf("after a kill: %+v %v", j, err)
	}
	killed.write = func(context.Context, exportJob, io.Writer, func(func(*exportJob)) error) error { panic("killed") }
	func() {
		defer func() { _ = recover() }()
		killed.mu.Lock()
		killed.jobs[id].State, killed.jobs[id].Tries = exportWorking, 2
		killed.keep(killed.jobs[id])
		killed.mu.Unlock()
	}()
	twice, err := newExportShelf(shelf.folder, s.clock.now, s.server.log)
	if err != nil {
		t.Fatal(err)
	}
	if j, err := twice.one(s.people["reader"].ID.String(), id); err != nil || j.State != exportFailed || j.Problem == "" {
		t.Errorf("after two kills: %+v %v", j, err)
	}
	end()
	<-ended
	shelf.write = write
	if j, _ := shelf.one(s.people["reader"].ID.String(), id); j.State != exportWaiting || j.Tries != 0 {
		t.Errorf("after a quiet end: %+v", j)
	}
	shelf.next(t.Context())
	if got := b.get(job + "/file"); got.status != http.StatusOK {
		t.Errorf("the next server does not do it: %d", got.status)
	}
	third, err := newExportShelf(shelf.folder, s.clock.now, s.server.log)
	if err != nil || len(third.jobs) != 1 || !third.jobs[id].Ready() {
		t.Errorf("a file does not outlive its server: %v", err)
	}
	// Files without a job, and jobs that nobody can read, go.
	for name, body := range map[string]string{uuid.NewString() + ".out": "x", uuid.NewString() + ".json": "{", id.String() + ".part": "x"} {
		if err := os.WriteFile(filepath.Join(shelf.folder, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := newExportShelf(shelf.folder, s.clock.now, s.server.log); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(shelf.folder); len(left) != 2 {
		t.Errorf("%d files stay, want the job and its document", len(left))
	}
	for n := range exportsEach - 1 {
		if _, err := shelf.add(s.people["reader"].ID.String(), exportAsk{Dossier: s.dossier.ID, Format: "csv", Round: n + 1}, "x", ""); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := shelf.add(s.people["reader"].ID.String(), exportAsk{Format: "csv"}, "x", ""); !errors.Is(err, corpus.ErrLimit) {
		t.Errorf("one job too many: %v", err)
	}
}
