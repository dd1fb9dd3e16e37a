package web

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/net/html"

	"concord/corpus"
	"concord/corpus/termbase"
	"concord/matcher"
	"concord/review"
)

// breakers end whatever a text stands in; vectors are what would run. Every name
// that a payload brings in holds the mark, so that it is found wherever it lands.
var (
	breakers = []string{"", `">`, `'>`, "`>", "</textarea>", "</title>", "</script>", "</style>", "</noscript>", "-->", "]]>", `"}}'`, `\"`, "%22%3E", "&quot;&gt;", "\n\n"}
	vectors  = []string{
		"<script>xq7()</script>", "<img src=x onerror=xq7()>", "<svg/onload=xq7()>", `<iframe srcdoc="<script>xq7()</script>">`, `<a href="javascript:xq7()">xq7</a>`,
		"<math><mtext></form><form><mglyph><style></math><img src onerror=xq7()>", "<details open ontoggle=xq7()>", "<input autofocus onfocus=xq7()>", "<body onload=xq7()>",
		"<base href=//xq7.example/>", "<link rel=stylesheet href=//xq7.example>", `<meta http-equiv=refresh content="0;url=javascript:xq7()">`, "<object data=javascript:xq7()>",
		"<embed src=javascript:xq7()>", "<form action=javascript:xq7()><button>xq7", "<video><source onerror=xq7()>", "<xq7 onclick=xq7()>", " onmouseover=xq7() x=",
		" style=animation-name:x onanimationstart=xq7() ", "javascript:xq7()", "{{.Token}}{{xq7}}", "<!--<img src=\"--><img src=x onerror=xq7()//\">", "<scr<script>ipt>xq7()</scr</script>ipt>",
		"<SCRIPT SRC=//xq7.example></SCRIPT>", "<a href=\"java\tscript:xq7()\">x", "<button formaction=javascript:xq7()>x", "<svg><a xlink:href=javascript:xq7()><text>x", "<isindex type=image src=1 onerror=xq7()>",
		"<template><xq7></template>", "<select><option><xq7></select>", "\u202e<xq7>\u2066", "<p id=xq7 class=xq7 hidden>",
	}
)

// xssPayloads are all breakers with all vectors.
func xssPayloads() []string {
	var out []string
	for _, b := range breakers {
		for _, v := range vectors {
			out = append(out, b+v)
		}
	}
	return out
}

// injected lists what a payload brought into a page: elements and attributes with
// its mark, handlers of events, scripts that are not ours, addresses that run.
func injected(page string) []string {
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return []string{err.Error()}
	}
	var out []string
	for n := range doc.Descendants() {
		if n.Type == html.CommentNode {
			if strings.Contains(n.Data, "xq7") {
				out = append(out, "a comment: "+n.Data)
			}
			continue
		}
		if n.Type != html.ElementNode {
			continue
		}
		if strings.Contains(n.Data, "xq7") || slices.Contains([]string{"iframe", "object", "embed", "base", "math", "video", "source", "isindex", "img"}, n.Data) {
			out = append(out, "an element "+n.Data)
		}
		if (n.Data == "script" || n.Data == "style") && n.FirstChild != nil && strings.Contains(n.FirstChild.Data, "xq7") {
			out = append(out, "inside of "+n.Data)
		}
		for _, a := range n.Attr {
			value := strings.ToLower(strings.Map(func(r rune) rune {
				if r <= ' ' {
					return -1
				}
				return r
			}, a.Val))
			switch runs := strings.HasPrefix(value, "javascript:") || strings.HasPrefix(value, "vbscript:") || strings.HasPrefix(value, "data:") || strings.HasPrefix(value, "//"); {
			case strings.Contains(a.Key, "xq7"), strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "srcdoc", a.Key == "http-equiv" && !strings.EqualFold(a.Val, "refresh"):
				out = append(out, fmt.Sprintf("an attribute %s=%q of %s", a.Key, a.Val, n.Data))
			case runs && slices.Contains([]string{"href", "src", "action", "formaction", "xlink:href", "data", "poster"}, a.Key):
				out = append(out, fmt.Sprintf("an address %s=%q of %s", a.Key, a.Val, n.Data))
			case a.Key == "id" && strings.HasPrefix(value, "xq7"), a.Key == "class" && strings.Contains(value, "xq7"):
				out = append(out, fmt.Sprintf("a name %s=%q of %s", a.Key, a.Val, n.Data))
			}
		}
	}
	return out
}

// hostile writes a text into every field that people, documents and other
// programs can fill, and returns the pages that show them, by who looks.
func (s *site) hostile(text string) map[string][]string {
	s.t.Helper()
	ctx := context.Background()
	must := func(err error) {
		s.t.Helper()
		if err != nil {
			s.t.Fatal(err)
		}
	}
	line := strings.Join(strings.Fields(text), " ")
	spiced := func(id corpus.StandardID, place corpus.Jurisdiction, lang corpus.Language) *corpus.Document {
		d := document(id, place, lang, corpus.RightsFull, "不应小于 0.8 m "+text, "应 "+text, "не менее 2 "+text)
		st := &d.Standard
		st.Designation, st.Issuer, st.Notice, st.Edition = "GB 7 "+line, line, line, line
		st.Titles = []corpus.Title{{Language: lang, Text: line}, {Language: "en", Text: line}}
		st.Adopts = []corpus.Adoption{{Designation: line, Degree: corpus.Identical}}
		st.Replaces, st.ReplacedBy, st.ICS, st.CCS = []string{line}, []string{line}, []string{line}, []string{line}
		for i := range d.Clauses {
			d.Clauses[i].Heading, d.Clauses[i].Path = line, []string{line}
			d.Clauses[i].Label = "5." + fmt.Sprint(i) + " " + line
		}
		return d
	}
	a, b := spiced("gb-7-2020", "CN", "zh"), spiced("sp-7-2020", "RU", "ru")
	for _, d := range []*corpus.Document{a, b} {
		_, err := s.db.Save(ctx, d, "cli")
		must(err)
	}
	for login, p := range s.people {
		p.Name = line
		must(s.db.SavePerson(ctx, p, "cli"))
		s.people[login] = p
	}
	dossier := review.Dossier{ID: uuid.Must(uuid.NewV7()), Name: line, Domain: corpus.DomainEngineering, Policy: review.PolicyBothParties, Created: s.clock.now(),
		Sides: []review.Side{{Party: "CN", Standards: []corpus.StandardID{"gb-7-2020"}}, {Party: "RU", Standards: []corpus.StandardID{"sp-7-2020"}}}}
	must(s.db.SaveDossier(ctx, dossier, "cli"))
	var list []matcher.Proposal
	for i := 1; i < len(a.Clauses); i++ {
		row := limitRow()
		row.A, row.B, row.Unit = line, line, line
		p := proposal(a.Clauses[i], b.Clauses[i], row)
		p.AToB.Conditions = []string{line}
		p.AToB.Details, p.Model = []corpus.Condition{{Kind: "quantity-stricter", Concept: "door", Need: line, Has: line}}, line
		list = append(list, p)
	}
	_, _, err := s.db.Propose(ctx, dossier.ID, list)
	must(err)
	page, err := s.db.Matches(ctx, review.Filter{Dossier: dossier.ID, Order: review.OrderChapter})
	must(err)
	desk := &review.Desk{Records: s.db, Now: s.clock.now}
	decide := func(login string, m review.Match, verdict review.Verdict) {
		answer := review.Answer{Match: m.ID, Kind: review.KindOpinion, Verdict: verdict, Reasons: []string{"other"}, Note: text,
			AToB: corpus.Recognition{Answer: corpus.AnswerConditions, Conditions: []string{text}}, BToA: corpus.Recognition{Answer: corpus.AnswerYes}}
		for _, id := range m.Clauses() {
			answer.Seen = append(answer.Seen, review.Seen{Clause: id, Digest: m.Digests[id], Amended: m.Amended[id]})
		}
		_, _, err := desk.Decide(ctx, s.people[login], answer)
		must(err)
	}
	decide("lina", page.Matches[0], "subset")
	decide("ivan", page.Matches[0], "subset")
	decide("lina", page.Matches[1], "subset")
	decide("ivan", page.Matches[1], "overlap")
	_, err = s.db.FreezeRound(ctx, dossier.ID, clip(line, 190), s.people["lina"])
	must(err)
	ref := func(standard, clause string) []review.Ref { return []review.Ref{{Standard: standard, Clause: clause}} }
	set, _, err := s.db.SaveImported(ctx, review.ImportedSet{As: review.ImportedDecisions, Format: "sssom", File: line, Digest: strings.Repeat("cd", 32), Title: line, Version: line,
		Authors: []string{line}, License: line, Tool: line, Method: line, Problems: []corpus.Problem{{Severity: corpus.SeverityWarning, Place: line, Message: line, Cure: line}}},
		[]review.ImportedRow{
			{Place: line, Sources: ref("gb-7-2020", "5.1"), Targets: ref("sp-7-2020", "5.1"), Verdict: "equivalent", Author: line, Date: "2025-01-01", Note: text},
			{Place: line, Sources: ref(line, line), Targets: ref("https://elsewhere.example/"+line, line), Verdict: "overlap", Note: text},
		}, []byte(text), "cli")
	must(err)
	staged := spiced("gb-7-2020", "CN", "zh")
	staged.Problems = []corpus.Problem{{Severity: corpus.SeverityWarning, Place: line, Message: line, Cure: line}, {Severity: corpus.SeverityWarning, Place: "clause 5.2", Message: line}}
	staged.Clauses[2].Text += "\n5.9 " + text
	staged.Table = &corpus.Table{Publisher: line, Key: line, Sheets: []corpus.TableSheet{{Name: line, Top: [][]string{{line, "text"}, {"1", line}}, Lines: []int{1, 2}, Header: 1, Of: map[string]int{"number": 0, "text": 1}, Read: true}}}
	waiting, err := s.db.Stage(ctx, line, "0456", s.people["admin"].ID.String(), staged)
	must(err)
	word := clip(line, 480)
	entry := termbase.Entry{ID: word, Domain: word, Terms: []termbase.Term{{Language: "en", Text: word, Status: termbase.Preferred}, {Language: "zh", Text: word, Status: termbase.Admitted}}}.Clean()
	must(s.db.SaveTerm(ctx, entry, 0, termbase.Shifts{}, s.people["lina"].ID.String()))
	must(s.db.SaveSearch(ctx, review.SavedSearch{ID: uuid.Must(uuid.NewV7()), Person: s.people["lina"].ID, Name: clip(line, review.MaxSavedName), Query: savedQuery(url.Values{"q": {text}})}))
	kept, err := s.db.ChangeCollection(ctx, s.people["lina"].ID, uuid.Must(uuid.NewV7()), func(x review.Collection) (review.Collection, error) {
		x.Name = clip(line, review.MaxSavedName)
		return x.With(a.Clauses[1].ID, b.Clauses[1].ID)
	})
	must(err)
	for _, match := range []uuid.UUID{uuid.Nil, page.Matches[0].ID} {
		for version := range 2 {
			_, err := s.db.SavePosition(ctx, review.Position{Dossier: dossier.ID, Match: match, Version: version, Want: clip(text, 3900) + itoa(version), Fallback: clip(text, 3900), RedLine: clip(text, 3900), Priority: review.PriorityHigh}, s.people["lina"])
			must(err)
		}
	}
	for _, match := range []uuid.UUID{uuid.Nil, page.Matches[0].ID} {
		_, err := s.db.Reserve(ctx, dossier.ID, match, clip(text, 3900), s.people["lina"])
		must(err)
	}
	form, err := s.db.SaveTemplate(ctx, review.Template{Dossier: dossier.ID, Name: clip(line, review.MaxTemplateName), File: clip(line, 100), Letterhead: []byte(text),
		Arrangement: "[report]\ntitle = " + clip(line, 1500) + "\nintro = " + clip(line, 1500) + "\n[report.comparison]\ntitle = " + clip(line, 1500) + "\ncolumn.a = " + clip(line, 1500)}, s.people["lina"])
	must(err)
	_, err = s.db.FreezeRound(ctx, dossier.ID, clip(line, 180)+" 2", s.people["lina"])
	must(err)
	_, key, err := review.NewKey(line, []review.Scope{review.ScopeRead}, s.clock.now(), time.Hour)
	must(err)
	must(s.db.NewKey(ctx, key, "cli"))

	must(s.db.SaveSettings(ctx, review.Settings{Notice: map[string]string{"en": clip(text, 900), "ar": clip(text, 900)}, Banner: map[string]string{"fr": clip(text, 900)}}, "cli"))
	must(s.db.NoteBackup(ctx, review.Backup{File: line, At: s.clock.now()}, "made", "cli"))

	id, q := dossier.ID.String(), url.QueryEscape(text)
	first, second := page.Matches[0].ID.String(), page.Matches[1].ID.String()
	entryPage := "/terms/entry?id=" + url.QueryEscape(string(entry.ID))
	return map[string][]string{
		"lina": {"/", "/review", "/matches/" + first, "/matches/" + second, "/search?q=" + q, "/standards", "/standards?q=" + q, "/standards/gb-7-2020", "/standards/gb-7-2020/clauses/5.1",
			"/compare?a=gb-7-2020&b=sp-7-2020", "/dossiers", "/dossiers/" + id, "/dossiers/" + id + "/rounds", "/dossiers/" + id + "/rounds?from=1", "/dossiers/" + id + "/agreement", "/dossiers/" + id + "/positions", "/dossiers/" + id + "/position", "/dossiers/" + id + "/position?match=" + first, "/mappings", "/mappings/" + set.ID.String(), "/templates", "/templates/" + form.ID.String(), "/templates/new?dossier=" + id,
			"/coverage", "/concept?c=door", "/concept?c=" + q, "/misreadings", "/runs", "/collections", "/collections/" + kept.ID.String(), "/decisions", "/search/saved", "/search/saved?q=" + q + "&place=" + q, "/review/list?task=first&from=" + q, "/dossiers/" + id + "/reservations", "/dossiers/" + id + "/reservations?party=" + q, "/dossiers?parties=" + q, "/decisions?q=" + q + "&verdict=" + q, "/coverage?q=" + q, "/standards/gb-7-2020?q=" + q, "/standards/gb-7-2020/changes?from=sp-7-2020",
			"/profile", "/profile/keys", "/terms?q=" + q, entryPage, "/terms/new?id=" + url.QueryEscape(string(entry.ID)), "/terms/conflicts", "/nowhere/" + url.PathEscape(line)},
		"judge": {"/matches/" + second, "/dossiers/" + id + "/sample?seed=7&size=5"},
		"admin": {"/admin/people", "/admin/people?q=" + q + "&party=" + q, "/admin/keys?by=" + q, "/imports?q=" + q + "&by=" + q, "/admin/people/" + s.people["lina"].ID.String(), "/admin/keys", "/admin/audit", s.rowOf("person.saved"), s.rowOf("settings.saved"), s.rowOf("dossier.saved"), s.rowOf("standard.saved"), "/admin/projects", "/admin/projects?q=" + q, "/admin/health", "/admin/settings", "/dossiers/new", "/imports", "/imports/" + waiting.ID.String(),
			"/imports/" + waiting.ID.String() + "?clause=5.2", "/imports/" + waiting.ID.String() + "/difference", "/imports/" + waiting.ID.String() + "/columns"},
	}
}

// TestStoredPayloads stores every payload in every field and looks at every page
// that shows them. Several payloads stand in each text, so that one site serves
// for them all.
func TestStoredPayloads(t *testing.T) {
	all := xssPayloads()
	if len(all) < 500 {
		t.Fatalf("only %d payloads", len(all))
	}
	const together = 8
	batches := slices.Collect(slices.Chunk(all, together))
	if testing.Short() {
		batches = batches[:6]
	}
	looked, shown := 0, map[string]bool{}
	for _, batch := range batches {
		s := newSite(t, func(c *Config) {
			c.Search = finder{hits: []corpus.ClauseID{"gb-7-2020/5.1", "sp-7-2020/5.2"}}
		})
		pages := s.hostile(strings.Join(batch, " "))
		for login, paths := range pages {
			b := s.signedIn(login)
			for _, path := range paths {
				got := b.get(path)
				if got.status != http.StatusOK && !strings.HasPrefix(path, "/nowhere") {
					t.Errorf("%.80s for %s: status %d", path, login, got.status)
				}
				if strings.Contains(got.body, "xq7") {
					shown[path[:min(12, len(path))]] = true
				}
				for _, found := range injected(got.body) {
					t.Errorf("%.80s for %s: %s (payloads %q ...)", path, login, found, batch[0])
				}
				looked++
			}
		}
		if t.Failed() {
			return
		}
	}
	for _, page := range []string{"/matches", "/search", "/standards", "/compare", "/dossiers", "/mappings", "/coverage", "/terms", "/review", "/decisions", "/profile", "/admin/people", "/admin/keys", "/admin/audit", "/imports"} {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(shown)), func(p string) bool { return strings.HasPrefix(p, page[:min(12, len(page))]) }) {
			t.Errorf("%s shows no payload: the test looks at nothing there", page)
		}
	}
	t.Logf("%d payloads in every field, %d pages", len(all), looked)
}

// TestInjectedBites finds a payload in a page that does not escape, for every
// vector that needs no other place, and nothing in one that does.
func TestInjectedBites(t *testing.T) {
	const page = "<!doctype html><html><head><title>t</title></head><body><main><p title=\"%[2]s\">%[1]s</p></main></body></html>"
	missed := 0
	for _, v := range xssPayloads() {
		if found := injected(fmt.Sprintf(page, html.EscapeString(v), html.EscapeString(v))); len(found) > 0 {
			t.Errorf("escaped %q: %v", v, found)
		}
		if len(injected(fmt.Sprintf(page, v, ""))) == 0 && len(injected(fmt.Sprintf(page, "", v))) == 0 {
			missed++
		}
	}
	if most := len(xssPayloads()) / 4; missed > most {
		t.Errorf("%d of %d payloads are harmless as they stand even where nothing is escaped", missed, len(xssPayloads()))
	}
}
