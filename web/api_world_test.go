package web

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/index"
	"concord/matcher"
	"concord/review"
	"concord/store"
)

// Words that must never leave, because rights or blindness forbid it, and their
// counterparts that must, so that the tests cannot pass on empty answers.
const (
	hiddenText  = "quixandrel" // stands in a text of which titles alone may be shown
	hiddenTail  = "zephyrunta" // stands behind the first 160 characters of an excerpt
	hiddenLimit = "87319465"   // a figure in both, longer than any that ids and scores have by chance
	blindNote   = "marlopense" // the note of an opinion that is still blind
	shownText   = "velmoridan"
	shownNote   = "parquendel"
)

// apiWorld is a whole installation: the real store, index, lexicon and matcher,
// with standards under every level of rights and matches in every state.
type apiWorld struct {
	db       *store.DB
	folder   string // of its files
	clock    *clock
	log      *bytes.Buffer
	server   *Server
	doc      *openapi3.T
	keys     map[string]string // by name: all, search, read, export, expired, ended
	docs     map[corpus.StandardID]*corpus.Document
	matches  map[string]uuid.UUID // by what became of them
	open     review.Dossier       // texts of full rights
	closed   review.Dossier       // texts of restricted rights
	cn, ru   review.Person
	answered map[string]bool // operations that answered 200 or 304
}

// apiText160 is longer than an excerpt.
var apiText160 = strings.Repeat("Doors on escape routes open in the direction of escape. ", 3)

// apiDocument makes a standard of our own words.
func apiDocument(id corpus.StandardID, j corpus.Jurisdiction, lang corpus.Language, rights corpus.Rights, texts ...string) *corpus.Document {
	doc := &corpus.Document{Standard: corpus.Standard{
		ID: id, Designation: "DEMO " + strings.ToUpper(string(id)), Titles: []corpus.Title{{Language: lang, Text: "Exits of " + string(id)}}, Issuer: "Concord",
		Jurisdiction: j, Language: lang, Domain: corpus.DomainEngineering, Edition: "2020", Status: corpus.StatusInForce, Rights: rights, Demonstration: true,
		Notice: "our own words", Adopts: []corpus.Adoption{{Designation: "ISO 99999:2020", Degree: corpus.Modified}}, Replaces: []string{"DEMO 1"},
	}}
	add := func(key, parent, heading, text string, kind corpus.Kind) {
		c := corpus.Clause{ID: corpus.NewClauseID(id, key), Standard: id, Order: len(doc.Clauses), Label: key, Number: key, Kind: kind, Heading: heading, Text: text, Language: lang}
		if parent != "" {
			c.Parent, c.Path = corpus.NewClauseID(id, parent), []string{"Evacuation"}
		}
		doc.Clauses = append(doc.Clauses, c)
	}
	add("5", "", "Evacuation", "", corpus.KindHeading)
	for i, text := range texts {
		add(fmt.Sprintf("5.%d", i+1), "5", "Escape routes", text, corpus.KindRequirement)
	}
	return doc
}

// newAPIWorld puts everything together, for a test that changes it.
func newAPIWorld(t *testing.T) *apiWorld {
	t.Helper()
	w := makeAPIWorld(t, t.TempDir())
	t.Cleanup(func() { _ = w.db.Close() }) // a test may have closed it
	return w
}

// sharedAPIWorld is the world of all tests that only read.
func sharedAPIWorld(t *testing.T) *apiWorld {
	t.Helper()
	if kept.world == nil {
		kept.world = makeAPIWorld(t, filepath.Join(keptDir(t), "world"))
	}
	return kept.world
}

// kept is what tests share, since it takes long to make and is only read; tests
// run one after another.
var kept struct {
	dir   string
	world *apiWorld
	parts *apiParts
	held  map[heldAnswer]bool
	rec   *recWorld
}

// apiParts are the parts of a world that hang on its texts alone. The index and
// the matcher hold the texts as a world has them at its beginning.
type apiParts struct {
	lex     *lexicon.Lexicon
	doc     *openapi3.T
	index   *index.Index
	matcher *matcher.Matcher
}

func TestMain(m *testing.M) {
	code := m.Run()
	if kept.world != nil {
		_ = kept.world.db.Close()
	}
	if kept.rec != nil {
		_ = kept.rec.db.Close()
	}
	if kept.parts != nil {
		_ = kept.parts.index.Close()
	}
	if kept.dir != "" {
		_ = os.RemoveAll(kept.dir)
	}
	os.Exit(code)
}

// keptDir is a folder that outlives a test.
func keptDir(t *testing.T) string {
	t.Helper()
	if kept.dir == "" {
		dir, err := os.MkdirTemp("", "concord-web")
		apiMust(t, err)
		kept.dir = dir
	}
	return kept.dir
}

// makeAPIWorld makes a world in a folder.
func makeAPIWorld(t *testing.T, dir string) *apiWorld {
	t.Helper()
	w := &apiWorld{clock: &clock{at: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}, log: &bytes.Buffer{}, keys: map[string]string{},
		docs: map[corpus.StandardID]*corpus.Document{}, matches: map[string]uuid.UUID{}, answered: map[string]bool{}}
	var err error
	apiMust(t, os.MkdirAll(dir, 0o700))
	w.folder = dir
	w.db, err = store.Open(context.Background(), filepath.Join(dir, "concord.db"), store.Options{Now: w.clock.now})
	apiMust(t, err)
	w.fill(t)
	w.decide(t)
	_, err = w.db.FreezeRound(t.Context(), w.open.ID, "First round", w.cn)
	apiMust(t, err)
	w.answerAfterRound(t)
	w.makeKeys(t)
	w.serve(t)
	return w
}

func apiMust(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fill keeps four standards and two dossiers.
func (w *apiWorld) fill(t *testing.T) {
	cn := apiDocument("cn-a-2020", "CN", "zh", corpus.RightsFull,
		"疏散走道的净宽度不应小于1.1m。"+shownText, "疏散门应向疏散方向开启。", "安全出口不应少于两个。", "疏散楼梯间应设置应急照明。", "防火门应能自行关闭。", "疏散距离不应大于40m。", "疏散走道不应设置门槛。")
	for _, key := range []string{"A/2", "5%41", "图 1"} { // keys that a path must escape
		cn.Clauses = append(cn.Clauses, corpus.Clause{ID: corpus.NewClauseID("cn-a-2020", key), Standard: "cn-a-2020", Order: len(cn.Clauses), Label: key, Number: key, Kind: corpus.KindTable, Text: "疏散宽度表 " + key, Language: "zh"})
	}
	ru := apiDocument("ru-b-2020", "RU", "ru", corpus.RightsFull,
		"Ширина коридора в свету должна быть не менее 1,2 м.", "Двери на путях эвакуации должны открываться по направлению выхода.", "Число выходов должно быть не менее двух.",
		"Лестничные клетки должны иметь аварийное освещение.", "Противопожарные двери должны закрываться сами.", "Расстояние до выхода должно быть не более 45 м.", "Пороги в коридорах не допускаются.")
	de := apiDocument("de-c-2020", "DE", "en", corpus.RightsTitles,
		"Escape corridors shall be at least "+hiddenLimit+" mm wide, "+hiddenText+".", "The "+hiddenText+" door shall open outwards where more than "+hiddenLimit+" persons use it.")
	gb := apiDocument("gb-d-2020", "GB", "en", corpus.RightsExcerpt,
		apiText160+"The clear width of a corridor shall be at least "+hiddenLimit+" mm, "+hiddenTail+".", "Doors shall open outwards. "+apiText160+hiddenTail+" "+hiddenLimit+" persons.")
	// A chapter without a heading is named by its text.
	de.Clauses = append(de.Clauses, corpus.Clause{ID: corpus.NewClauseID("de-c-2020", "6"), Standard: "de-c-2020", Order: len(de.Clauses), Label: "6", Number: "6", Kind: corpus.KindHeading, Text: "On " + hiddenText, Language: "en"})
	for _, doc := range []*corpus.Document{cn, ru, de, gb} {
		w.docs[doc.Standard.ID] = doc
		_, err := w.db.Save(t.Context(), doc, "cli")
		apiMust(t, err)
	}
	w.open = w.dossier(t, "China and Russia", "CN", cn.Standard.ID, "RU", ru.Standard.ID)
	w.closed = w.dossier(t, "Germany and Britain", "CN", de.Standard.ID, "RU", gb.Standard.ID)
	w.cn, w.ru = w.person(t, "wang", "CN"), w.person(t, "ivanov", "RU")
}

func (w *apiWorld) dossier(t *testing.T, name string, a review.Party, as corpus.StandardID, b review.Party, bs corpus.StandardID) review.Dossier {
	d := review.Dossier{ID: apiUUID(t), Name: name, Domain: corpus.DomainEngineering, Policy: review.PolicyBothParties,
		Sides: []review.Side{{Party: a, Standards: []corpus.StandardID{as}}, {Party: b, Standards: []corpus.StandardID{bs}}}}
	apiMust(t, w.db.SaveDossier(t.Context(), d, "cli"))
	return d
}

func (w *apiWorld) person(t *testing.T, login string, party review.Party) review.Person {
	p := review.Person{ID: apiUUID(t), Login: login, Name: "Name of " + login, Role: review.RoleAdjudicator, Party: party, Languages: []corpus.Language{"en"}}
	apiMust(t, w.db.SavePerson(t.Context(), p, "cli"))
	return p
}

func apiUUID(t testing.TB) uuid.UUID {
	t.Helper()
	id, err := uuid.NewV7()
	apiMust(t, err)
	return id
}

// decide brings matches into every state.
func (w *apiWorld) decide(t *testing.T) {
	cn, ru := w.docs["cn-a-2020"].Clauses, w.docs["ru-b-2020"].Clauses
	de, gb := w.docs["de-c-2020"].Clauses, w.docs["gb-d-2020"].Clauses
	names := []string{"confirmed", "disputed", "opinion", "proposed", "rejected", "suspect", "suspect-opinion"}
	for i, name := range names {
		w.matches[name] = w.propose(t, w.open, cn[i+1], ru[i+1])
	}
	w.matches["restricted"] = w.propose(t, w.closed, de[1], gb[1])
	subset, none := review.Verdict(corpus.RelationSubset), review.Verdict(corpus.RelationNone)
	w.answer(t, "confirmed", w.cn, subset, shownNote)
	w.answer(t, "confirmed", w.ru, subset, "")
	w.answer(t, "disputed", w.cn, subset, "")
	w.answer(t, "disputed", w.ru, none, "")
	w.answer(t, "opinion", w.cn, subset, blindNote)
	w.answer(t, "rejected", w.cn, none, "")
	w.answer(t, "rejected", w.ru, none, "")
	for _, name := range []string{"suspect", "suspect-opinion", "restricted"} {
		w.answer(t, name, w.cn, subset, "")
		w.answer(t, name, w.ru, subset, "")
	}
	w.docs["ru-b-2020"].Clauses[6].Text += " Иное не допускается."
	w.docs["ru-b-2020"].Clauses[7].Text += " Иное не допускается."
	_, err := w.db.Save(t.Context(), w.docs["ru-b-2020"], "cli")
	apiMust(t, err)
	w.answer(t, "suspect-opinion", w.ru, none, blindNote)
	absent, err := w.db.Absent(t.Context(), w.open.ID, []corpus.ClauseID{cn[8].ID}, "ru-b-2020")
	apiMust(t, err)
	w.matches["absent"] = absent.ID
	w.answer(t, "absent", w.cn, review.VerdictNoCounterpart, "")
	w.answer(t, "absent", w.ru, review.VerdictNoCounterpart, "")
}

func (w *apiWorld) propose(t *testing.T, d review.Dossier, a, b corpus.Clause) uuid.UUID {
	p := matcher.Proposal{Source: a.ID, Target: b.ID, SourceDigest: a.Digest(), TargetDigest: b.Digest(), Score: 2, Confidence: 0.8, Relation: corpus.RelationOverlap,
		Reasons: []matcher.Reason{{Signal: "concepts", Value: 1, Effect: 2}}, Model: "test 1"}
	row := matcher.Difference{Aspect: matcher.AspectQuantity, Finding: matcher.FindingEqual, Factor: 1, Unit: "m"} // quotes all of both
	row.A, row.B = a.Wording(), b.Wording()
	row.SpansA, row.SpansB = []lexicon.Span{{End: len(row.A)}}, []lexicon.Span{{End: len(row.B)}}
	p.Differences = []matcher.Difference{row}
	_, _, err := w.db.Propose(t.Context(), d.ID, []matcher.Proposal{p})
	apiMust(t, err)
	page, err := w.db.Matches(t.Context(), review.Filter{Clause: a.ID})
	apiMust(t, err)
	if len(page.Matches) != 1 {
		t.Fatalf("%s stands in %d matches", a.ID, len(page.Matches))
	}
	return page.Matches[0].ID
}

// answer gives a complete opinion on the present texts.
func (w *apiWorld) answer(t *testing.T, name string, p review.Person, v review.Verdict, note string) {
	t.Helper()
	w.clock.move(time.Minute)
	m, _, err := w.db.Match(t.Context(), w.matches[name])
	apiMust(t, err)
	a := review.Answer{Match: m.ID, Kind: review.KindOpinion, Verdict: v, Note: note}
	for _, id := range m.Clauses() {
		a.Seen = append(a.Seen, review.Seen{Clause: id, Digest: m.Digests[id], Amended: m.Amended[id]})
	}
	aToB, bToA := corpus.RecognitionOf(corpus.Relation(v))
	a.AToB, a.BToA = corpus.Recognition{Answer: aToB}, corpus.Recognition{Answer: bToA}
	if v == review.VerdictNoCounterpart {
		a.Search = "threshold, sill"
	}
	_, _, err = (&review.Desk{Records: w.db, Now: w.clock.now}).Decide(t.Context(), p, a)
	apiMust(t, err)
}

// answerAfterRound settles one more match, so that the round differs from now.
func (w *apiWorld) answerAfterRound(t *testing.T) {
	cn, ru := w.docs["cn-a-2020"].Clauses, w.docs["ru-b-2020"].Clauses
	w.matches["after round"] = w.propose(t, w.open, cn[9], ru[5])
	w.answer(t, "after round", w.cn, review.Verdict(corpus.RelationSubset), "")
	w.answer(t, "after round", w.ru, review.Verdict(corpus.RelationSubset), "")
}

// makeKeys makes a key of every kind.
func (w *apiWorld) makeKeys(t *testing.T) {
	add := func(name string, created time.Time, life time.Duration, scopes ...review.Scope) string {
		secret, key, err := review.NewKey(name, scopes, created, life)
		apiMust(t, err)
		apiMust(t, w.db.NewKey(t.Context(), key, "cli"))
		w.keys[name] = secret
		return key.ID
	}
	now := w.clock.now()
	add("all", now, review.KeyLife, review.Scopes...)
	for _, s := range review.Scopes {
		add(string(s), now, review.KeyLife, s)
	}
	add("none", now, review.KeyLife)
	add("expired", now.Add(-2*time.Hour), time.Hour, review.Scopes...)
	apiMust(t, w.db.EndKey(t.Context(), add("ended", now, review.KeyLife, review.Scopes...), "cli"))
}

// apiLive is the matcher over the world's standards.
type apiLive struct{ *matcher.Matcher }

func (l apiLive) Match(ctx context.Context, c corpus.Clause, among []corpus.StandardID, limit int) ([]matcher.Proposal, error) {
	return l.Matcher.Match(ctx, c, among, limit)
}

// serve makes the server over the store.
func (w *apiWorld) serve(t *testing.T) {
	parts := w.parts(t)
	w.doc = parts.doc
	var err error
	w.server, err = New(Config{Store: w.db, Records: w.db, Propose: apiLive{parts.matcher}, Search: parts.index, Read: parts.lex, Compare: parts.matcher, Exports: filepath.Join(w.folder, "exports"), Now: w.clock.now, Version: "test",
		Unavailable: []error{index.ErrBusy, index.ErrClosed, store.ErrReadOnly}, Log: slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	apiMust(t, err)
}

// parts makes lexicon, index and matcher of the first world, which serve all.
func (w *apiWorld) parts(t *testing.T) *apiParts {
	t.Helper()
	if kept.parts != nil {
		return kept.parts
	}
	p := &apiParts{doc: apiDoc(t)}
	var err error
	p.lex, err = lexicon.Load()
	apiMust(t, err)
	model, err := matcher.DefaultModel()
	apiMust(t, err)
	p.matcher = matcher.New(p.lex, model)
	var standards []corpus.Standard
	var clauses []corpus.Clause
	for _, id := range slices.Sorted(maps.Keys(w.docs)) {
		standards, clauses = append(standards, w.docs[id].Standard), append(clauses, w.docs[id].Clauses...)
	}
	apiMust(t, p.matcher.Load(standards, clauses))
	p.index, err = index.Open(context.Background(), filepath.Join(keptDir(t), "index"), p.lex, index.Options{})
	apiMust(t, err)
	_, err = p.index.Follow(context.Background(), w.db, nil)
	apiMust(t, err)
	kept.parts = p
	return p
}

// clauseIDs are all clauses of the world.
func (w *apiWorld) clauseIDs() []corpus.ClauseID {
	var out []corpus.ClauseID
	for _, doc := range w.docs {
		for _, c := range doc.Clauses {
			out = append(out, c.ID)
		}
	}
	slices.Sort(out)
	return out
}
