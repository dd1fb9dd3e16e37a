package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"concord/corpus"
)

// saveEditions keeps one standard in three languages, the last with rights to
// excerpts only, and one that merely has a similar number.
func (s *site) saveEditions() {
	s.t.Helper()
	en := document("cn-gb-99001-2020-en", "CN", "en", corpus.RightsFull, "A gate shall open outwards.", "A fence shall be 2 m high.")
	ar := document("cn-gb-99001-2020-ar", "CN", "ar", corpus.RightsExcerpt, "يجب أن تفتح البوابة إلى الخارج. "+strings.Repeat("hidden words of a paid text ", 20))
	zh := document("cn-gb-99001-2020", "CN", "zh", corpus.RightsFull, "大门应向外开启。", "围栏高度应为 2 m。")
	other := document("cn-gb-99001-2011-en", "CN", "en", corpus.RightsFull, "An older gate.")
	for _, d := range []*corpus.Document{zh, en, ar, other} {
		d.Standard.Designation = "GB 99001-2020"
		if d == other {
			d.Standard.Designation = "GB 99001-2011"
		}
		d.Standard.Demonstration, d.Standard.Notice, d.Standard.Adopts = false, "", nil
		if _, err := s.db.Save(context.Background(), d, "cli"); err != nil {
			s.t.Fatal(err)
		}
	}
}

func TestParallelEditionsOnPages(t *testing.T) {
	s := newSite(t)
	s.saveEditions()
	b := s.signedIn("reader")
	holds := b.holds
	holds("/standards/cn-gb-99001-2020", []string{`id="editions"`, `href="/standards/cn-gb-99001-2020-en"`, `href="/standards/cn-gb-99001-2020-ar"`, "official text", "reference translation", "assumed from the language"},
		[]string{"2011-en", "/identity"})
	holds("/standards/cn-gb-99001-2011-en", nil, []string{`id="editions"`})
	holds("/standards/gb-1-2020", []string{`href="/standards/sp-1-2020"`, "identical adoption (IDT)"}, []string{"official text", "99001"})
	clause := "/standards/cn-gb-99001-2020/clauses/5.1"
	holds(clause, []string{`href="/standards/cn-gb-99001-2020-en/clauses/5.1"`, `?beside=cn-gb-99001-2020-en"`}, []string{"open outwards", `id="beside"`})
	holds(clause+"?beside=cn-gb-99001-2020-en", []string{`id="beside"`, "open outwards", "Show this clause alone"}, nil)
	holds(clause+"?beside=cn-gb-99001-2020-ar", []string{`id="beside"`, "البوابة"}, []string{strings.Repeat("hidden words of a paid text ", 6)})
	// What is no parallel edition is not shown beside it, whoever asks.
	holds(clause+"?beside=cn-gb-99001-2011-en", nil, []string{`id="beside"`, "An older gate"})
	holds("/standards/cn-gb-99001-2020/clauses/5.2", []string{"no single clause of this number"}, nil)
}

// Who may import says what a kept edition is; it is audited, may be taken back,
// and outlives a new text of the standard that does not say.
func TestSayWhatAnEditionIs(t *testing.T) {
	s := newSite(t)
	s.saveEditions()
	ctx := context.Background()
	const id, page = "cn-gb-99001-2020-en", "/standards/cn-gb-99001-2020-en"
	kept := func() corpus.Authenticity {
		t.Helper()
		h, err := s.db.Standard(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		return h.Standard.Authenticity
	}
	b := s.signedIn("admin")
	say := func(form url.Values) answer { return b.submit(page, page+"/identity", form) }
	if got := say(url.Values{"authenticity": {"official"}}); got.status != http.StatusSeeOther || kept() != corpus.AuthenticityOfficial {
		t.Fatalf("said: %d, kept %q", got.status, kept())
	}
	if body := b.get(page + "?done=said").body; !strings.Contains(body, "<span>official text</span>") || !strings.Contains(body, "It can be changed again") {
		t.Error("what was said is not on the page, or as an assumption")
	}
	doc := document(id, "CN", "en", corpus.RightsFull, "A gate shall open inwards.")
	doc.Standard.Designation = "GB 99001-2020"
	if _, err := s.db.Save(ctx, doc, "cli"); err != nil || kept() != corpus.AuthenticityOfficial {
		t.Errorf("after a new text: %q, %v", kept(), err)
	}
	for name, form := range map[string]url.Values{"an unknown value": {"authenticity": {"divine"}}} {
		if got := say(form); got.status != http.StatusBadRequest || kept() != corpus.AuthenticityOfficial {
			t.Errorf("%s: %d, kept %q", name, got.status, kept())
		}
	}
	// A field that is not for kept standards changes nothing.
	if got := say(url.Values{"designation": {"GB 1-1999"}}); got.status != http.StatusBadRequest {
		t.Errorf("another designation: %d", got.status)
	}
	if got := say(url.Values{"authenticity": {""}}); got.status != http.StatusSeeOther || kept() != "" {
		t.Errorf("taken back: %d, kept %q", got.status, kept())
	}
	if got := s.signedIn("reader").submit("/help", page+"/identity", url.Values{"authenticity": {"official"}}); got.status != http.StatusForbidden || kept() != "" {
		t.Errorf("a reader: %d", got.status)
	}
}

// The interface names parallel editions of a standard, and of one clause that of
// the same number.
func TestParallelInInterface(t *testing.T) {
	w := newAPIWorld(t)
	en := apiDocument("cn-a-2020-en", "CN", "en", corpus.RightsTitles, "A door opens.")
	en.Standard.Designation, en.Standard.Authenticity = "DEMO CN-A-2020", corpus.AuthenticityReference
	if _, err := w.db.Save(context.Background(), en, "cli"); err != nil {
		t.Fatal(err)
	}
	std := readAPI[apiStandard](t, w, "/api/v1/standards/cn-a-2020")
	if len(std.Parallel) != 1 || std.Parallel[0] != (apiParallel{Standard: "cn-a-2020-en", Designation: "DEMO CN-A-2020", Language: "en", Authenticity: corpus.AuthenticityReference, Stated: true, By: corpus.ParallelByDesignation}) {
		t.Errorf("of the standard: %+v", std.Parallel)
	}
	clause := readAPI[apiClause](t, w, "/api/v1/clauses/cn-a-2020/5.1")
	if len(clause.Parallel) != 1 || clause.Parallel[0].Clause != "cn-a-2020-en/5.1" {
		t.Errorf("of the clause: %+v", clause.Parallel)
	}
	if c := readAPI[apiClause](t, w, "/api/v1/clauses/cn-a-2020/5.2"); len(c.Parallel) != 0 {
		t.Errorf("of a clause that the other has not: %+v", c.Parallel)
	}
	if other := readAPI[apiStandard](t, w, "/api/v1/standards/ru-b-2020"); len(other.Parallel) != 0 {
		t.Errorf("of another standard: %+v", other.Parallel)
	}
}
