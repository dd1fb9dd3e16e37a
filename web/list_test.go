package web

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/corpus/termbase"
	"concord/matcher"
	"concord/review"
)

// aList is a page that lists something, with what its address can say.
type aList struct {
	who    string
	path   string // as the table of routes has it
	query  string // that the page needs
	files  string // path of its files, "" for that of the page
	filter string // "name=value" that leaves some rows out and others in
	order  string // "name=value" that brings the rows into another order
	orElse string // another order, where the records' own is by chance
	fixed  string // why it has no order to choose, or no pages
}

// lists are all pages that list something. Whoever makes another one writes it down
// here: TestEveryListIsWrittenDown fails until then.
var lists = []aList{
	{who: "lina", path: "/standards", filter: "place=CN", order: "sort=clauses"},
	{who: "lina", path: "/standards/:id", files: "/standards/:id/clauses", filter: "only=gaps", order: "sort=state"},
	{who: "lina", path: "/search", query: "q=door", filter: "jurisdiction=CN", order: "order=standard", fixed: "the index ranks and pages, which tests of its own hold"},
	{who: "lina", path: "/search/saved", filter: "place=RU", order: "sort=newest"},
	{who: "lina", path: "/collections", filter: "year=2026", order: "sort=newest"},
	{who: "lina", path: "/collections/:id", filter: "place=RU", order: "sort=clause"},
	{who: "lina", path: "/coverage", filter: "standing=started", order: "sort=accepted"},
	{who: "lina", path: "/concept", query: "c=door", filter: "bounded=1", fixed: "one table across all countries, whose order is its point and which ends at 300 clauses"},
	{who: "lina", path: "/mappings", filter: "waits=yes", order: "sort=rows"},
	{who: "lina", path: "/mappings/:id", filter: "pending=yes", order: "sort=to"},
	{who: "admin", path: "/imports", filter: "problems=errors", order: "sort=oldest"},
	{who: "lina", path: "/runs", filter: "kind=whole", order: "order=oldest"},
	{who: "lina", path: "/dossiers", filter: "state=closed", order: "sort=oldest"},
	{who: "lina", path: "/dossiers/:id", files: "/dossiers/:id/matches", filter: "state=confirmed", order: "sort=recent"},
	{who: "lina", path: "/dossiers/:id/reservations", filter: "party=RU", order: "sort=newest"},
	{who: "lina", path: "/dossiers/:id/positions", filter: "status=settled", order: "sort=changed"},
	{who: "judge", path: "/dossiers/:id/sample", query: "seed=7&size=20", filter: "state=right", order: "sort=state", orElse: "sort=clause"},
	{who: "lina", path: "/review/list", query: "task=first", filter: "to=iso-9-2020", order: "sort=uncertain"},
	{who: "lina", path: "/news", filter: "kind=export", order: "sort=oldest"},
	{who: "lina", path: "/decisions", filter: "verdict=equivalent", order: "sort=oldest"},
	{who: "lina", path: "/misreadings", filter: "kind=wrong-unit", order: "sort=oldest"},
	{who: "lina", path: "/terms", files: "/terms/list", filter: "domain=parks+%26+works", order: "sort=id"},
	{who: "lina", path: "/terms/conflicts", filter: "lang=en", order: "sort=word"},
	{who: "admin", path: "/admin/people", filter: "role=reviewer", order: "sort=name"},
	{who: "admin", path: "/admin/keys", filter: "state=ended", order: "sort=expires"},
	{who: "admin", path: "/admin/projects", filter: "state=closed", order: "sort=newest"},
	{who: "admin", path: "/admin/audit", filter: "action=standard.saved", order: "sort=newest"},
}

// notLists are the other pages, with why nothing on them filters, sorts or leaves as
// a file of its own.
var notLists = map[string]string{
	"one thing":         "/templates/:id /admin/health /admin/settings / /compare /help /imports/:id /imports/:id/columns /admin/audit/:seq /imports/:id/difference /matches/:id /mappings/:id /exports/:id /terms/effects/:id /profile /profile/keys /runs/:id /standards/:id/clauses/:key /standards/:id/consolidated /standards/:id/changes /terms/entry /admin/people/:id /admin/model /dossiers/:id/agreement /review",
	"a form":            "/templates/new /sign-in /sign-in/code /terms/candidates /sign-in/elsewhere /sign-in/elsewhere/back /welcome/:token /dossiers/new /dossiers/:id/position /terms/new /terms/import",
	"a handful by name": "/templates",
	"numbered for good": "/dossiers/:id/rounds",
	"no page":           "/compare/export/:format /exports/:id/file /standards/:id/catalog /imports/:id/file /imports/:id/pages/:number /templates/:id/letterhead /profile/data /admin/audit/proof /healthz /static/:name /favicon.ico /review/next /runs/live /events /api/docs /terms/export/:format /dossiers/:id/export/:format /dossiers/:id/rounds/:number/export/:format",
}

// TestEveryListIsWrittenDown holds the table of routes against the lists: each page
// is one of them or is none for a reason, and each list has its files.
func TestEveryListIsWrittenDown(t *testing.T) {
	s := newSite(t)
	known, gets := map[string]bool{}, map[string]bool{}
	for _, paths := range notLists {
		for _, path := range strings.Fields(paths) {
			known[path] = true
		}
	}
	for _, l := range lists {
		known[l.path], known[l.filePath()] = true, true
	}
	for _, r := range s.server.pageRoutes() {
		if r.method == http.MethodGet {
			gets[r.path] = true
			if !known[r.path] {
				t.Errorf("%s is neither a list nor written down as none", r.path)
			}
		}
	}
	for _, l := range lists {
		if !gets[l.path] || !gets[l.filePath()] {
			t.Errorf("%s or its files %s have no route", l.path, l.filePath())
		}
	}
}

// filePath is the route of the list's files.
func (l aList) filePath() string {
	if l.files != "" {
		return l.files + "/export/:format"
	}
	return l.path + "/export/:format"
}

// listFaults says what a page of a list lacks: a form that filters and sorts, the
// files under the same state, a way to the next page in the same state. address is
// that of the page, under a state; files is the path of its files.
func listFaults(body, address, files string, l aList) []string {
	var out []string
	body = html.UnescapeString(body)
	_, state, _ := strings.Cut(address, "?")
	wanted, _ := url.ParseQuery(state)
	if name, _, _ := strings.Cut(l.filter, "="); !strings.Contains(body, `name="`+name+`"`) && !strings.Contains(body, "?"+name+"=") && !strings.Contains(body, "&"+name+"=") {
		out = append(out, "no filter by "+name)
	}
	if name, _, _ := strings.Cut(l.order, "="); l.order != "" && !strings.Contains(body, `name="`+name+`"`) && !strings.Contains(body, name+"=") {
		out = append(out, "no order to choose")
	} else if l.order == "" && l.fixed == "" {
		out = append(out, "no order and no reason why")
	}
	for _, format := range listFormats {
		at := regexp.MustCompile(`href="(` + regexp.QuoteMeta(files+"/export/"+format) + `[^"]*)"`).FindStringSubmatch(body)
		switch {
		case at == nil:
			out = append(out, "no file as "+format)
		case !carries(at[1], wanted):
			out = append(out, "the file "+at[1]+" leaves out the state "+state)
		}
	}
	if l.fixed == "" {
		next := regexp.MustCompile(`<a class="b"(?: href="([^"]*)")? rel="next"(?: href="([^"]*)")?`).FindStringSubmatch(body)
		switch {
		case next == nil:
			out = append(out, "no next page")
		case !carries(next[1]+next[2], wanted):
			out = append(out, "the next page "+next[1]+next[2]+" leaves out the state "+state)
		}
	}
	return out
}

// carries tells whether an address has all of a state.
func carries(address string, state url.Values) bool {
	_, query, _ := strings.Cut(address, "?")
	got, err := url.ParseQuery(query)
	for name, values := range state {
		if strings.Join(values, "") != "" && !slices.Equal(got[name], values) {
			return false
		}
	}
	return err == nil
}

// TestListFaultsAreFound is the control of TestEveryList: a page that lacks one thing
// is found out.
func TestListFaultsAreFound(t *testing.T) {
	l := aList{filter: "place=CN", order: "sort=name"}
	good := `<form method="get"><select name="place"></select><select name="sort"></select></form><a href="/x/export/csv?place=CN&amp;sort=name"></a><a href="/x/export/xlsx?place=CN&amp;sort=name"></a><a class="b" rel="next" href="/x?page=2&amp;place=CN&amp;sort=name">`
	if faults := listFaults(good, "/x?place=CN&sort=name", "/x", l); len(faults) > 0 {
		t.Fatal(faults)
	}
	for cut, want := range map[string]string{
		`name="place"`: "", `name="sort"`: "", `/x/export/csv`: "no file as csv", `/x/export/xlsx`: "no file as xlsx", `rel="next"`: "no next page",
		`?place=CN&amp;`: "the file", `page=2&amp;place=CN`: "the next page",
	} {
		faults := listFaults(strings.Replace(good, cut, "", 1), "/x?place=CN&sort=name", "/x", l)
		if want != "" && !slices.ContainsFunc(faults, func(f string) bool { return strings.HasPrefix(f, want) }) {
			t.Errorf("without %s: %q", cut, faults)
		}
	}
	bare := `<a href="/x/export/csv"></a>`
	if faults := listFaults(bare, "/x", "/x", l); !slices.Contains(faults, "no filter by place") || !slices.Contains(faults, "no order to choose") {
		t.Errorf("a bare page: %q", faults)
	}
}

// rowsSite is a site where every list has several rows, one a page, with names that a
// spreadsheet would reckon.
func rowsSite(t *testing.T) (*site, string) {
	t.Helper()
	s := positionSite(t)
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	lina := s.people["lina"]
	s.clock.move(time.Hour)
	s.dossier.Name = "=1+1"
	must(s.db.SaveDossier(ctx, s.dossier, "cli"))
	other := s.dossier
	other.ID, other.Name, other.Closed, other.Created = uuid.Must(uuid.NewV7()), "=2+2", true, s.clock.now()
	must(s.db.SaveDossier(ctx, other, "cli"))
	third := other
	third.ID, third.Name, third.Closed, third.Sides = uuid.Must(uuid.NewV7()), "-3", false, []review.Side{other.Sides[0], {Party: "INT", Standards: []corpus.StandardID{"iso-9-2020"}}}
	must(s.db.SaveDossier(ctx, third, "cli"))
	iso, err := s.db.ClausesOf(ctx, "iso-9-2020")
	must(err)
	gb, err := s.db.ClausesOf(ctx, "gb-1-2020")
	must(err)
	unlike := proposal(gb[3], iso[1])
	unlike.Confidence = 0.5
	_, _, err = s.db.Propose(ctx, third.ID, []matcher.Proposal{unlike})
	must(err)
	for _, kind := range []review.RunKind{review.RunWhole, review.RunNew} {
		run, err := s.db.AddRun(ctx, s.dossier.ID, review.RunRequest{Kind: kind, Least: review.RunLeast}, "cli", review.RunServer)
		must(err)
		must(s.db.StopRun(ctx, run.ID, "cli"))
		s.clock.move(time.Minute)
	}
	for _, x := range []review.SavedSearch{{Name: "+B1", Query: "q=width"}, {Name: "=A1", Query: "jurisdiction=RU&q=door"}} {
		x.ID, x.Person = uuid.Must(uuid.NewV7()), lina.ID
		must(s.db.SaveSearch(ctx, x))
		s.clock.move(time.Minute)
	}
	kept := uuid.Must(uuid.NewV7())
	for i, id := range []uuid.UUID{kept, uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7())} {
		_, err := s.db.ChangeCollection(ctx, lina.ID, id, func(x review.Collection) (review.Collection, error) {
			x.Name = []string{"=zeta", "@alpha", "-beta"}[i]
			return x.With("sp-1-2020/5.2", "gb-1-2020/5.1", "sp-1-2020/5.1")
		})
		must(err)
		s.clock.move(366 * 24 * time.Hour / 2)
	}
	s.clock.at = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	_, _, err = s.db.SaveImported(ctx, review.ImportedSet{As: review.ImportedProposals, Format: "sssom", File: "=a.tsv", Title: "=Another", Digest: strings.Repeat("cd", 32)},
		[]review.ImportedRow{{Place: "line 1", Sources: []review.Ref{{Standard: "gb-1-2020", Clause: "5.1"}}, Targets: []review.Ref{{Standard: "sp-1-2020", Clause: "5.2"}}, Verdict: "equivalent", Note: "=3+3"}}, []byte("x"), "cli")
	must(err)
	for i, name := range []string{"=b.txt", "a.txt"} {
		doc := document(corpus.StandardID("xx-"+fmt.Sprint(i)+"-2020"), "CN", "zh", corpus.RightsFull, "一。")
		if i == 0 {
			doc.Problems = []corpus.Problem{{Severity: corpus.SeverityError, Place: "line 1", Message: "it is broken"}}
		}
		_, err := s.db.Stage(ctx, name, "9"+fmt.Sprint(i), "cli", doc)
		must(err)
		s.clock.move(time.Minute)
	}
	speaker, ivan := s.people["speaker"], s.people["ivan"]
	_, err = s.db.Reserve(ctx, s.dossier.ID, s.matches[1].ID, "=5+5", speaker)
	must(err)
	s.clock.move(time.Minute)
	_, err = s.db.Reserve(ctx, s.dossier.ID, uuid.Nil, "against all", ivan)
	must(err)
	_, err = s.db.SavePosition(ctx, review.Position{Dossier: s.dossier.ID, Match: s.matches[1].ID, Version: 2, Want: "=7+7", Priority: review.PriorityLow, Settled: true}, speaker)
	must(err)
	_, err = s.db.AuditMatch(ctx, s.people["judge"], review.SampleAnswer{Match: s.matches[1].ID, Seed: 7, Population: 2, Verdict: "equivalent", AToB: "yes", BToA: "yes", Note: "=8+8"})
	must(err)
	s.signedIn("lina").decideOn(s.matches[3], "", url.Values{"verdict": {"none"}, "note": {"nothing shared"}})
	s.addTerms()
	for i, id := range []string{"gate-1", "gate-2"} {
		e := termbase.Entry{ID: id, Terms: []termbase.Term{{Language: "fr", Text: "portail", Status: termbase.Preferred}, {Language: "en", Text: []string{"gate", "portal"}[i], Status: termbase.Preferred}}}.Clean()
		must(s.db.SaveTerm(ctx, e, 0, termbase.Shifts{}, lina.ID.String()))
	}
	for i, name := range []string{"=key", "another"} {
		must(s.db.NewKey(ctx, review.Key{ID: "k" + fmt.Sprint(i), Name: name, Hash: strings.Repeat(fmt.Sprint(i), 64), Scopes: []review.Scope{review.ScopeRead}, Created: s.clock.now(), Expires: s.clock.now().Add(time.Duration(9-i) * time.Hour), By: s.people["admin"].ID}, "cli"))
	}
	must(s.db.EndKey(ctx, "k0", "cli"))
	for _, object := range []uuid.UUID{lina.ID, ivan.ID} {
		must(s.db.Tell(ctx, lina.ID, review.News{Kind: review.NewsExport, Object: object, Dossier: s.dossier.ID}))
		s.clock.move(time.Minute)
	}
	for i, kind := range []string{"wrong-unit", "other"} {
		b := s.signedIn([]string{"lina", "ivan"}[i])
		if got := b.markOn(s.matches[0], kind+" quantity "+[]string{"0 5 " + string(s.matches[0].Targets[0]), "0 5 " + string(s.matches[0].Sources[0])}[i]); got.status != http.StatusSeeOther {
			t.Logf("mark %s: %d", kind, got.status)
		}
		s.clock.move(time.Minute)
	}
	s.server.rowsAPage = 1
	return s, kept.String()
}

// TestEveryList opens every list with one row a page: it filters, sorts, pages and
// leaves as files, each under the state of its address; what its files hold is inert
// in a spreadsheet.
func TestEveryList(t *testing.T) {
	s, collection := rowsSite(t)
	for _, l := range lists {
		t.Run(strings.Trim(l.path, "/"), func(t *testing.T) {
			b := s.signedIn(l.who)
			path, files := s.concrete(l.path), s.concrete(strings.TrimSuffix(l.filePath(), "/export/:format"))
			if l.path == "/collections/:id" {
				path = "/collections/" + collection
				files = path
			}
			at := func(path string, queries ...string) string {
				return strings.TrimRight(path+"?"+strings.Trim(strings.Join(slices.DeleteFunc(append([]string{l.query}, queries...), func(q string) bool { return q == "" }), "&"), "&"), "?")
			}
			state := at(path, l.order)
			got := b.get(state)
			if got.status != http.StatusOK {
				t.Fatalf("%s: %d", state, got.status)
			}
			for _, fault := range listFaults(got.body, state, files, l) {
				t.Errorf("%s: %s", state, fault)
			}
			filtered := at(path, l.filter)
			page := html.UnescapeString(b.get(filtered).body)
			for _, format := range listFormats {
				if at := regexp.MustCompile(`href="(` + regexp.QuoteMeta(files+"/export/"+format) + `[^"]*)"`).FindStringSubmatch(page); l.path != "/concept" && (at == nil || !carries(at[1], stateOf(filtered))) {
					t.Errorf("%s: the file as %s leaves out the filter: %v", filtered, format, at)
				}
			}
			if l.path == "/search" || l.path == "/concept" {
				return // their rows come from an index, which tests of their own have
			}
			all, some, sorted := csvOf(t, b.get(at(files+"/export/csv"))), csvOf(t, b.get(at(files+"/export/csv", l.filter))), csvOf(t, b.get(at(files+"/export/csv", l.order)))
			if len(all) < 3 {
				t.Fatalf("%d lines are too few for this test", len(all))
			}
			if len(some) < 2 || len(some) >= len(all) {
				t.Errorf("%s selects %d of %d lines", l.filter, len(some), len(all))
			}
			if !slices.Equal(sortedLines(sorted), sortedLines(all)) {
				t.Errorf("%s has other rows than without it", l.order)
			}
			if l.orElse != "" && slices.Equal(texted(sorted), texted(all)) {
				sorted = csvOf(t, b.get(at(files+"/export/csv", l.orElse)))
			}
			if slices.Equal(texted(sorted), texted(all)) {
				t.Errorf("%s changes nothing: %v", l.order, texted(all))
			}
			for _, row := range slices.Concat(all, some) {
				for _, cell := range row {
					if cell != "" && strings.ContainsAny(cell[:1], "=+@\t\r") || strings.HasPrefix(cell, "-") {
						t.Errorf("a spreadsheet would reckon %q", cell)
					}
				}
			}
			if got := b.get(at(files + "/export/xlsx")); got.status != http.StatusOK || !strings.HasPrefix(got.body, "PK") {
				t.Errorf("the workbook: %d", got.status)
			}
			if got := b.get(at(files + "/export/pdf")); got.status != http.StatusNotFound {
				t.Errorf("a format that there is not: %d", got.status)
			}
			next := regexp.MustCompile(`<a class="b"(?: href="([^"]*)")? rel="next"(?: href="([^"]*)")?`).FindStringSubmatch(html.UnescapeString(b.get(at(path)).body))
			if next == nil {
				t.Fatal("there is no second page")
			}
			if one, two := mainOf(b.get(at(path)).body), mainOf(b.get(next[1]+next[2]).body); one == two {
				t.Error("the second page shows what the first does")
			}
		})
	}
}

// TestQueueOfADossier: a queue as a list keeps the dossier it was narrowed to.
func TestQueueOfADossier(t *testing.T) {
	s, _ := rowsSite(t)
	b, query := s.signedIn("lina"), "?dossier="+s.dossier.ID.String()+"&task=first"
	all, one := csvOf(t, b.get("/review/list/export/csv?task=first")), csvOf(t, b.get("/review/list/export/csv"+query))
	if len(one) >= len(all) || len(one) < 2 {
		t.Errorf("%d of %d lines are of the dossier", len(one), len(all))
	}
	page := html.UnescapeString(b.get("/review/list" + query).body)
	for _, want := range []string{`href="/review/list/export/csv` + query + `"`, `name="dossier" value="` + s.dossier.ID.String() + `"`, "&task=second"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

// stateOf are the parameters of an address.
func stateOf(address string) url.Values {
	_, query, _ := strings.Cut(address, "?")
	v, _ := url.ParseQuery(query)
	return v
}

// texted are rows as lines.
func texted(rows [][]string) []string {
	var out []string
	for _, row := range rows {
		out = append(out, strings.Join(row, "|"))
	}
	return out
}

// sortedLines are rows as lines, sorted.
func sortedLines(rows [][]string) []string { return slices.Sorted(slices.Values(texted(rows))) }

// mainOf is the content of a page.
func mainOf(body string) string {
	_, body, _ = strings.Cut(body, "<main")
	body, _, _ = strings.Cut(body, "</main>")
	return body
}

// TestListState: what an address says of a list, cut to what makes sense.
func TestListState(t *testing.T) {
	type row struct{ name, kind string }
	d := listOf[*row]{
		words:   func(r *row) string { return r.name },
		filters: []listFilter[*row]{{name: "kind", key: "x", value: func(r *row) string { return r.kind }}},
		sorts:   []listSort[*row]{{"kept", "x", nil}, {"name", "x", byText(func(r *row) string { return r.name })}},
	}
	rows := []row{{"GB 10", "a"}, {"Ещё", "b"}, {"GB 9", "a"}, {"éclair ٣", "b"}, {"йод", "c"}, {"иод", "c"}}
	for query, want := range map[string]string{
		"":                      "GB 10 Ещё GB 9 éclair ٣ йод иод",
		"sort=name":             "éclair ٣ GB 9 GB 10 Ещё иод йод",
		"sort=nonsense&page=-3": "GB 10 Ещё GB 9 éclair ٣ йод иод",
		"kind=a":                "GB 10 GB 9", "kind=nothing": "",
		"q=ECLAIR+3": "éclair ٣", "q=gb&kind=b": "", "q=еще": "Ещё", "q=1": "GB 10", "q=иод": "иод", "page=999999": "GB 10 Ещё GB 9 éclair ٣ йод иод",
	} {
		v, _ := url.ParseQuery(query)
		l, got := listed(d, "/x", v, rows)
		var names []string
		for _, r := range pageOf(&Server{}, &l, got) {
			names = append(names, r.name)
		}
		if strings.Join(names, " ") != want {
			t.Errorf("%s: %q, want %q", query, names, want)
		}
	}
	l, got := listed(d, "/x", url.Values{"kind": {"c"}, "sort": {"name"}, "keep": {"1"}, "other": {"2"}, "page": {"2"}}, rows, "keep")
	page := pageOf(&Server{rowsAPage: 1}, &l, got)
	if len(page) != 1 || page[0].name != "йод" || l.Prev != "/x?keep=1&kind=c&sort=name" || l.Next != "" || l.First != 2 || l.Last != 2 || l.Total != 2 || l.All != 6 ||
		l.Files[0].URL != "/x/export/csv?keep=1&kind=c&sort=name" || l.Clear() != "/x?keep=1" || !l.Any() {
		t.Errorf("%+v %v", l, page)
	}
	if rows[0].name != "GB 10" || rows[1].name != "Ещё" {
		t.Error("the rows that were given are sorted")
	}
}
