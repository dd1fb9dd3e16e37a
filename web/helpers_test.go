package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/corpus/reader"
	"concord/corpus/staging"
	"concord/index"
	"concord/matcher"
	"concord/review"
	"concord/store"
)

// password is the password of everybody in the tests.
const password = "correct horse battery"

// hashes keeps one hash per login for all tests: hashing is slow on purpose.
var hashes sync.Map

func hashOf(t testing.TB, login string) string {
	t.Helper()
	if h, ok := hashes.Load(login); ok {
		return h.(string)
	}
	h, err := review.HashPassword(login, password)
	if err != nil {
		t.Fatal(err)
	}
	hashes.Store(login, h)
	return h
}

// clock is a clock that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.at }
func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// site is a server over a real store with two standards, a dossier, matches
// and one person of every role.
type site struct {
	secondKey string // file with the key of the second factors
	t         testing.TB
	db        *store.DB
	server    *Server
	http      *httptest.Server
	clock     *clock
	people    map[string]review.Person
	dossier   review.Dossier
	matches   []review.Match
	// imported is a mapping of others: one row that is known, one that waits.
	imported uuid.UUID
	template uuid.UUID
	staged   staging.Import // a second text of gb-1-2020, with problems
}

// finder is a search that finds every clause it is given; the real index has
// tests of its own.
type finder struct {
	hits    []corpus.ClauseID
	learned []index.Learned
	meant   string
	err     error
}

func (f finder) Search(_ context.Context, q index.Query) (index.Results, error) {
	if f.err != nil {
		return index.Results{}, f.err
	}
	r := index.Results{
		Learned: f.learned, Meant: f.meant,
		Off:   []index.Understood{{Concept: "door", Labels: map[corpus.Language]string{"en": "door leaf", "zh": "门"}}},
		Total: len(f.hits), Took: time.Millisecond, Cited: []index.Cited{{Designation: "GB 1-2020"}},
		Understood: []index.Understood{{Concept: "door", Labels: map[corpus.Language]string{"en": "door", "zh": "门", "ar": "باب"}}},
		Facets:     map[string][]index.Count{"jurisdiction": {{Value: "CN", Count: 2}}, "obligation": {{Value: "require", Count: 1}}},
	}
	if !q.Choices {
		r.Meant = ""
	}
	if at := strings.Index(q.Text, ">="); at >= 0 {
		r.Asked = []index.Asked{{Span: lexicon.Span{Start: at, End: len(q.Text)}, Bound: lexicon.BoundAtLeast, Printed: "1000 mm"}}
	}
	hits := slices.Clone(f.hits)
	if q.Order == index.OrderStandard {
		slices.Sort(hits)
	}
	for _, id := range hits {
		r.Hits = append(r.Hits, index.Hit{Clause: id, Score: 1, By: []string{"word", "term"}})
	}
	return r, nil
}

func (f finder) Highlight(_ index.Query, c corpus.Clause) []lexicon.Span {
	return []lexicon.Span{{Start: 0, End: min(4, len(c.Wording()))}}
}

func (f finder) Met(q index.Query, _ lexicon.Reading) []index.Met {
	if !strings.Contains(q.Text, ">=") {
		return nil
	}
	return []index.Met{{Bound: lexicon.BoundAtLeast, Low: 1234, High: 1234, Unit: "mm"}}
}

func (f finder) State() string { return "complete" }

// document makes a standard with a few clauses.
func document(id corpus.StandardID, place corpus.Jurisdiction, lang corpus.Language, rights corpus.Rights, texts ...string) *corpus.Document {
	d := &corpus.Document{Standard: corpus.Standard{
		ID: id, Designation: strings.ToUpper(string(id)), Titles: []corpus.Title{{Language: lang, Text: "Title of " + string(id)}, {Language: "ar", Text: "عنوان"}},
		Issuer: "Issuer", Jurisdiction: place, Language: lang, Domain: corpus.DomainEngineering, Edition: "2020", Status: corpus.StatusInForce,
		Rights: rights, Demonstration: true, Notice: "own words", Adopts: []corpus.Adoption{{Designation: "ISO 1", Degree: corpus.Identical}},
		Replaces: []string{"OLD 1"}, ReplacedBy: []string{"NEW 1"}, ICS: []string{"13.220.20"}, CCS: []string{"C80"}, InForce: "2020-05-01",
	}}
	head := corpus.NewClauseID(id, "5")
	d.Clauses = append(d.Clauses, corpus.Clause{ID: head, Standard: id, Order: 0, Label: "5", Number: "5", Kind: corpus.KindHeading, Heading: "Doors", Language: lang})
	for i, text := range texts {
		key := fmt.Sprintf("5.%d", i+1)
		d.Clauses = append(d.Clauses, corpus.Clause{
			ID: corpus.NewClauseID(id, key), Standard: id, Parent: head, Order: i + 1, Label: "第" + key + "条", Number: key, Kind: corpus.KindRequirement,
			Text: text, Language: lang, Path: []string{"Doors"}, Illustrative: true,
		})
	}
	return d
}

// limitRow is a difference that speaks against an equality: B is stricter.
func limitRow() matcher.Difference {
	return matcher.Difference{
		Aspect: matcher.AspectQuantity, Concept: "door", A: ">= 0.8 m", B: ">= 0.9 m", Finding: matcher.FindingBStricter, Factor: 1.125, Delta: 0.1, Unit: "m",
		SpansA: []lexicon.Span{{Start: 0, End: 5}}, SpansB: []lexicon.Span{{Start: 0, End: 5}},
	}
}

// proposal is a full proposal for a pair.
func proposal(a, b corpus.Clause, rows ...matcher.Difference) matcher.Proposal {
	return matcher.Proposal{
		Source: a.ID, Target: b.ID, SourceDigest: a.Digest(), TargetDigest: b.Digest(), Score: 0.8, Confidence: 0.8, Relation: corpus.RelationSubset, Model: "test 1",
		AToB: corpus.Recognition{Answer: corpus.AnswerConditions, Conditions: []string{"needs door >= 0.9 m (has >= 0.8 m)"},
			Details: []corpus.Condition{{Kind: "quantity-stricter", Concept: "door", Need: ">= 0.9 m", Has: ">= 0.8 m"}}},
		BToA:        corpus.Recognition{Answer: corpus.AnswerYes},
		Reasons:     []matcher.Reason{{Signal: "concepts", Value: 0.5, Effect: 0.6, Source: []lexicon.Span{{Start: 0, End: 4}}, Target: []lexicon.Span{{Start: 0, End: 4}}}, {Signal: "quantities", Value: 1, Effect: -0.1}},
		Differences: append(rows, matcher.Difference{Aspect: matcher.AspectTerm, A: "glass", Finding: matcher.FindingOnlyA, SpansA: []lexicon.Span{{Start: 6, End: 9}}}, matcher.Difference{Aspect: matcher.AspectObligation, A: "shall", B: "shall", Finding: matcher.FindingEqual}),
		Alignments:  []matcher.Alignment{{Kind: "concept", Concept: "door", Source: lexicon.Span{Start: 0, End: 4}, Target: lexicon.Span{Start: 0, End: 4}}},
	}
}

// option changes the configuration of a site.
type option func(*Config)

// newSite makes a site; the first pair's limit differs, the others are alike.
func newSite(t testing.TB, options ...option) *site {
	t.Helper()
	ctx := context.Background()
	s := &site{t: t, clock: &clock{at: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}, people: map[string]review.Person{}}
	s.secondKey = filepath.Join(t.TempDir(), "second.key")
	db, err := store.Open(ctx, filepath.Join(t.TempDir(), "c.db"), store.Options{Now: s.clock.now, SecondKey: s.secondKey})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	s.db = db
	a := document("gb-1-2020", "CN", "zh", corpus.RightsFull, "疏散门的净宽度不应小于 0.8 m。", "安全出口不应少于 2 个。", "疏散走道的长度不应大于 40 m。", "应设置应急照明。")
	b := document("sp-1-2020", "RU", "ru", corpus.RightsFull, "Ширина двери должна быть не менее 0,9 м.", "Следует предусматривать не менее двух выходов.", "Длина коридора не более 40 м.", "<script>alert(1)</script> \"'&\u202e скрыто")
	paid := document("iso-9-2020", "INT", "en", corpus.RightsExcerpt, strings.Repeat("secret words of a paid text ", 30))
	for _, d := range []*corpus.Document{a, b, paid} {
		if _, err := db.Save(ctx, d, "cli"); err != nil {
			t.Fatal(err)
		}
	}
	s.addPeople(ctx)
	s.dossier = review.Dossier{ID: uuid.Must(uuid.NewV7()), Name: "Doors", Domain: corpus.DomainEngineering, Policy: review.PolicyBothParties, Created: s.clock.now(),
		Sides: []review.Side{{Party: "CN", Standards: []corpus.StandardID{"gb-1-2020"}}, {Party: "RU", Standards: []corpus.StandardID{"sp-1-2020"}}}}
	if err := db.SaveDossier(ctx, s.dossier, "cli"); err != nil {
		t.Fatal(err)
	}
	var list []matcher.Proposal
	for i := 1; i < len(a.Clauses); i++ {
		var rows []matcher.Difference
		if i == 1 {
			rows = append(rows, limitRow())
		}
		list = append(list, proposal(a.Clauses[i], b.Clauses[i], rows...))
	}
	if _, _, err := db.Propose(ctx, s.dossier.ID, list); err != nil {
		t.Fatal(err)
	}
	page, err := db.Matches(ctx, review.Filter{Order: review.OrderChapter})
	if err != nil {
		t.Fatal(err)
	}
	s.matches = page.Matches
	s.importOthers(ctx)
	s.template = s.addTemplate()
	s.stageOne(ctx)
	s.serve(options...)
	return s
}

// importOthers keeps a mapping of others with words that pages must escape.
func (s *site) importOthers(ctx context.Context) {
	ref := func(standard, clause string) []review.Ref { return []review.Ref{{Standard: standard, Clause: clause}} }
	set, _, err := s.db.SaveImported(ctx, review.ImportedSet{As: review.ImportedDecisions, Format: "sssom", File: "their.sssom.tsv", Digest: strings.Repeat("ab", 32), Title: "Theirs <b>&", Version: "1",
		Authors: []string{"Они"}, License: "https://creativecommons.org/licenses/by/4.0/", Tool: "mapper 1", Method: "human", Problems: []corpus.Problem{{Severity: corpus.SeverityWarning, Place: "line 7", Message: "no object"}}},
		[]review.ImportedRow{
			{Place: "line 5", Sources: ref("gb-1-2020", "5.1"), Targets: ref("sp-1-2020", "5.1"), Verdict: "equivalent", Author: "<i>Li</i>", Date: "2025-01-01", Note: "their <script>note</script>"},
			{Place: "line 6", Sources: ref("gb-1-2020", "5.2"), Targets: ref("https://elsewhere.example/a-very-long-address/of-a-standard/that-is-not-here", "9"), Verdict: "overlap"},
		}, []byte("file"), "cli")
	if err != nil {
		s.t.Fatal(err)
	}
	s.imported = set.ID
}

// stageOne brings a second text of the first standard in: one clause changed, one
// gone, one with markup, two in one, and something to look at.
func (s *site) stageOne(ctx context.Context) {
	s.t.Helper()
	doc := document("gb-1-2020", "CN", "zh", corpus.RightsFull, "疏散门的净宽度不应小于 0.9 m。", "安全出口不应少于 2 个。", "<img src=x onerror=alert(1)>", "应设置应急照明。\n5.5 疏散指示标志应清晰。备用电源应可靠。")
	doc.Problems = []corpus.Problem{{Severity: corpus.SeverityWarning, Place: "clause 5.2", Message: "<b>look</b> at it", Cure: "compare it"}, {Severity: corpus.SeverityWarning, Place: "identity", Message: "it was guessed"}}
	doc.Source = &corpus.Source{Form: corpus.SourceText, Count: 4, Places: map[string]corpus.SourceSpan{"5.1": {From: 2, To: 2}, "5.4": {From: 3, To: 4}}, Lines: []corpus.SourceLine{
		{Text: "<img src=x onerror=alert(1)> نص عربي", No: 1, Known: true}, {Text: "5.1 疏散门的净宽度不应小于 0.9 m。", No: 2},
		{Text: "5.4 应设置应急照明。", No: 3}, {Text: "5.5 疏散指示标志应清晰。\u202e备用电源应可靠。", No: 4}}}
	doc.Problems = append(doc.Problems, corpus.Problem{Severity: corpus.SeverityNote, Place: "line 1", Message: "it became no clause", Kind: corpus.ProblemNotRead, Source: corpus.SourceSpan{From: 1, To: 1}})
	doc.Table = &corpus.Table{Publisher: "<b>SAC</b>", Key: "k", Sheets: []corpus.TableSheet{
		{Name: "<i>one</i>", Top: [][]string{{"编号", "<img src=x onerror=alert(1)>", "نص"}, {"5.1", "疏散门的净宽度不应小于 0.9 m。", "\u202eنص عربي"}}, Lines: []int{1, 3}, Header: 1, Of: map[string]int{"number": 0, "text": 1}, Read: true},
		{Name: "two", Top: [][]string{{"a"}}, Lines: []int{2}, Header: 2}}}
	i, err := s.db.Stage(ctx, `<script>alert("name").txt`, "0123", s.people["admin"].ID.String(), doc)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.db.KeepStagedFile(ctx, i.ID, strings.NewReader("5.1 疏散门的净宽度不应小于 0.9 m。")); err != nil {
		s.t.Fatal(err)
	}
	s.staged = i
}

// readers read in this process; the program reads in a child.
type readers struct{ db *store.DB }

func (r readers) Stage(ctx context.Context, name string, file io.Reader, hint staging.Hint, actor string) ([]staging.Import, error) {
	raw, err := io.ReadAll(file)
	if err != nil {
		return nil, err
	}
	read := func(columns corpus.Columns) ([]*corpus.Document, error) {
		return reader.Read(name, bytes.NewReader(raw), reader.Hint{Designation: hint.Designation, Jurisdiction: hint.Jurisdiction, Language: hint.Language, Domain: hint.Domain, Rights: hint.Rights, Columns: columns})
	}
	docs, err := read(corpus.Columns{})
	if err == nil {
		docs, err = staging.AsRemembered(docs, func(publisher, key string) (corpus.Columns, error) {
			return r.db.RememberedColumns(ctx, publisher, key)
		}, read)
	}
	var out []staging.Import
	for _, doc := range docs {
		i, failed := r.db.Stage(ctx, name, fmt.Sprintf("%x", sha256.Sum256(raw)), actor, doc)
		if failed != nil {
			return nil, failed
		}
		if err := r.db.KeepStagedFile(ctx, i.ID, bytes.NewReader(raw)); err != nil {
			return nil, err
		}
		out = append(out, i)
	}
	return out, err
}

func (r readers) Reread(ctx context.Context, i staging.Import, columns corpus.Columns, actor string) (staging.Import, error) {
	file, err := r.db.StagedFile(ctx, i.ID)
	if err != nil {
		return i, err
	}
	docs, err := reader.Read(i.File, file, reader.Hint{Designation: i.Document.Table.Given["designation"], Columns: columns})
	if err != nil {
		return i, err
	}
	for _, doc := range docs {
		doc.Table.Publisher, doc.Table.Key = i.Document.Table.Publisher, i.Document.Table.Key
	}
	return r.db.RereadStaged(ctx, i.ID, i.Version, actor, docs)
}

func (r readers) Draw(ctx context.Context, i staging.Import, pages []int) error {
	file, err := r.db.StagedFile(ctx, i.ID)
	if err != nil {
		return err
	}
	pictures := map[int][]byte{}
	err = reader.Pictures(file, pages, func(page int, picture []byte) error { pictures[page] = picture; return nil })
	if err != nil {
		return err
	}
	return r.db.KeepStagedPages(ctx, i.ID, pictures)
}

func (r readers) Finished(_ context.Context, i staging.Import) (*corpus.Document, error) {
	sheet, err := i.Corrected()
	if err != nil {
		return nil, err
	}
	return sheet.Document(), nil
}

func (r readers) Accept(ctx context.Context, i staging.Import, actor string) (corpus.EditionDiff, error) {
	doc, err := r.Finished(ctx, i)
	if err != nil {
		return corpus.EditionDiff{}, err
	}
	return r.db.AcceptStaged(ctx, i.ID, i.Version, actor, doc)
}

// addPeople makes one person of every role, and a second reviewer for RU.
func (s *site) addPeople(ctx context.Context) {
	for _, p := range []review.Person{
		{Login: "reader", Name: "Reader", Role: review.RoleReader, Party: "CN"}, {Login: "lina", Name: "Li Na", Role: review.RoleReviewer, Party: "CN", Languages: []corpus.Language{"zh", "en"}},
		{Login: "ivan", Name: "Иван", Role: review.RoleReviewer, Party: "RU"}, {Login: "judge", Name: "Judge", Role: review.RoleAdjudicator, Party: "JOINT"},
		{Login: "speaker", Name: "Speaker", Role: review.RoleNegotiator, Party: "CN"}, {Login: "carrier", Name: "Carrier", Role: review.RoleImporter},
		{Login: "admin", Name: "Admin", Role: review.RoleAdmin},
	} {
		p.ID, p.Created = uuid.Must(uuid.NewV7()), s.clock.now()
		if err := s.db.SavePerson(ctx, p, "cli"); err != nil {
			s.t.Fatal(err)
		}
		if err := s.db.SetPassword(ctx, p.ID, hashOf(s.t, p.Login), "cli"); err != nil {
			s.t.Fatal(err)
		}
		s.people[p.Login] = p
	}
}

// serve starts the server.
func (s *site) serve(options ...option) {
	cfg := Config{
		Store: s.db, Import: readers{s.db}, Search: finder{hits: []corpus.ClauseID{"gb-1-2020/5.1", "sp-1-2020/5.4", "iso-9-2020/5.1"}}, Now: s.clock.now,
		Log: slog.New(slog.DiscardHandler), Version: "test", BaseURL: "http://localhost:8080", Exports: filepath.Join(s.t.TempDir(), "exports"),
		Label: func(id lexicon.ConceptID, l corpus.Language) string { return string(id) + "-" + string(l) },
	}
	for _, o := range options {
		o(&cfg)
	}
	server, err := New(cfg)
	if err != nil {
		s.t.Fatal(err)
	}
	s.server = server
	s.http = httptest.NewServer(server.Handler())
	s.t.Cleanup(s.http.Close)
}

// browser is somebody's browser: cookies, no scripts, no following redirects.
type browser struct {
	t    testing.TB
	site *site
	http *http.Client
}

func (s *site) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &browser{s.t, s, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// signedIn is a browser of somebody signed in, without asking for a password:
// the sign-in has tests of its own.
func (s *site) signedIn(login string) *browser {
	s.t.Helper()
	b := s.browser()
	secret, err := review.NewSecret()
	if err != nil {
		s.t.Fatal(err)
	}
	now := s.clock.now()
	session := review.Session{Hash: review.HashSecret(secret), Person: s.people[login].ID, Created: now, LastSeen: now, Expires: now.Add(review.SessionAbsolute), Agent: "test"}
	if err := s.db.NewSession(context.Background(), session); err != nil {
		s.t.Fatal(err)
	}
	u, _ := url.Parse(s.http.URL)
	b.http.Jar.SetCookies(u, []*http.Cookie{{Name: cookieSession, Value: secret, Path: "/"}})
	return b
}

// answer is what came back.
type answer struct {
	status int
	body   string
	header http.Header
}

func (b *browser) do(req *http.Request) answer {
	b.t.Helper()
	res, err := b.http.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{res.StatusCode, string(body), res.Header}
}

// holds tells where a page lacks what is wanted, or has what is not.
func (b *browser) holds(path string, wanted, unwanted []string) {
	b.t.Helper()
	got := b.get(path)
	if got.status != http.StatusOK {
		b.t.Fatalf("%s: %d", path, got.status)
	}
	for _, w := range wanted {
		if !strings.Contains(got.body, w) {
			b.t.Errorf("%s has no %s", path, w)
		}
	}
	for _, w := range unwanted {
		if strings.Contains(got.body, w) {
			b.t.Errorf("%s has %s", path, w)
		}
	}
}

func (b *browser) get(path string, header ...string) answer {
	b.t.Helper()
	req, err := http.NewRequest(http.MethodGet, b.site.http.URL+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return b.do(req)
}

// post sends a form as it is, with headers in pairs.
func (b *browser) post(path string, form url.Values, header ...string) answer {
	b.t.Helper()
	req, err := http.NewRequest(http.MethodPost, b.site.http.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return b.do(req)
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([a-z_]+)" value="([^"]*)">`)

// token reads the token of a page's forms.
func token(t testing.TB, body string) string {
	t.Helper()
	for _, m := range hiddenField.FindAllStringSubmatch(body, -1) {
		if m[1] == "token" {
			return m[2]
		}
	}
	t.Fatalf("the page has no form token:\n%.600s", body)
	return ""
}

// submit opens a page and sends a form with its token.
func (b *browser) submit(page, action string, form url.Values, header ...string) answer {
	b.t.Helper()
	got := b.get(page)
	form.Set("token", token(b.t, got.body))
	return b.post(action, form, header...)
}

// form reads the hidden fields of the form that sends to an action.
func formFields(t testing.TB, body, action string) url.Values {
	t.Helper()
	_, rest, found := strings.Cut(body, ` action="`+action+`"`)
	if !found {
		t.Fatalf("the page has no form for %s", action)
	}
	rest, _, _ = strings.Cut(rest, "</form>")
	out := url.Values{}
	for _, m := range hiddenField.FindAllStringSubmatch(rest, -1) {
		out.Add(m[1], strings.NewReplacer("&#43;", "+", "&amp;", "&", "&#34;", `"`).Replace(m[2]))
	}
	return out
}

// decideOn opens a match and answers it.
func (b *browser) decideOn(m review.Match, query string, with url.Values, header ...string) answer {
	b.t.Helper()
	page := b.get("/matches/" + m.ID.String() + query)
	if page.status != http.StatusOK {
		b.t.Fatalf("the match does not open: %d", page.status)
	}
	action := "/matches/" + m.ID.String() + "/decide"
	form := formFields(b.t, page.body, action)
	for name, values := range with {
		form[name] = values
	}
	return b.post(action, form, header...)
}

// reload reads a match from the store.
func (s *site) reload(m review.Match) review.Match {
	s.t.Helper()
	out, _, err := s.db.Match(context.Background(), m.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

// crowd adds n reviewers of both parties in turn.
func (s *site) crowd(n int) []string {
	s.t.Helper()
	var logins []string
	for i := range n {
		p := review.Person{ID: uuid.Must(uuid.NewV7()), Login: fmt.Sprintf("reviewer%d", i), Name: fmt.Sprintf("Reviewer %d", i), Role: review.RoleReviewer, Party: []review.Party{"CN", "RU"}[i%2], Created: s.clock.now()}
		if err := s.db.SavePerson(context.Background(), p, "cli"); err != nil {
			s.t.Fatal(err)
		}
		s.people[p.Login] = p
		logins = append(logins, p.Login)
	}
	return logins
}
