package index

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// TestMain lets the test binary be its own child: a damaged file can end the
// process that reads it.
func TestMain(m *testing.M) {
	if part := os.Getenv("CONCORD_TEST_PROBE"); part != "" {
		if err := Probe(context.Background(), part); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// probeChild probes a part in a process of its own.
func probeChild(ctx context.Context, part string) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	child := exec.CommandContext(ctx, os.Args[0])
	child.Env = append(os.Environ(), "CONCORD_TEST_PROBE="+part)
	return child.Run()
}

// shelf is a store of changes for tests.
type shelf struct{ changes []corpus.Change }

func (s *shelf) Changes(_ context.Context, after int64, limit int) ([]corpus.Change, error) {
	var out []corpus.Change
	for _, c := range s.changes {
		if c.Mark > after && len(out) < limit {
			out = append(out, c)
		}
	}
	return out, nil
}

// put adds a clause under the next mark.
func (s *shelf) put(standard corpus.Standard, number, heading, text string) {
	c := corpus.Clause{ID: corpus.NewClauseID(standard.ID, number), Standard: standard.ID, Label: number, Number: number,
		Kind: corpus.KindProvision, Heading: heading, Text: text, Language: standard.Language}
	s.changes = append(s.changes, corpus.Change{Mark: int64(len(s.changes) + 1), Clause: c, Standard: standard})
}

func (s *shelf) clause(id corpus.ClauseID) corpus.Clause {
	for _, c := range s.changes {
		if c.Clause.ID == id {
			return c.Clause
		}
	}
	return corpus.Clause{}
}

var (
	chinese = corpus.Standard{ID: "cn-x", Designation: "GB 99001-2024", Jurisdiction: "CN", Language: "zh", Domain: "engineering", Issuer: "A", Status: "in-force", Tradition: corpus.TraditionGBConstruction}
	english = corpus.Standard{ID: "gb-x", Designation: "BS 99002:2020", Jurisdiction: "GB", Language: "en", Domain: "engineering", Issuer: "B", Status: "in-force", Tradition: corpus.TraditionISO}
	russian = corpus.Standard{ID: "ru-x", Designation: "СП 990.13330.2020", Jurisdiction: "RU", Language: "ru", Domain: "engineering", Issuer: "C", Status: "draft", Tradition: corpus.TraditionRUBuilding}
	thai    = corpus.Standard{ID: "th-x", Designation: "TIS 9900-2563", Jurisdiction: "TH", Language: "th", Domain: "park", Issuer: "D"}
	kazakh  = corpus.Standard{ID: "kz-x", Designation: "ҚР СТ 9900-2021", Jurisdiction: "KZ", Language: "kk", Domain: "digital", Issuer: "E"}
)

// small is a shelf with a clause or two in five languages.
func small() *shelf {
	s := &shelf{}
	s.put(chinese, "5.3.1", "防护栏杆", "临边作业的防护栏杆高度不应小于１．２ｍ，应能承受水平荷载。")
	s.put(chinese, "6.1.1", "", "每个防火分区的安全出口不应少于两个。")
	s.put(english, "4.2", "Guardrails", "Guardrails at open edges shall be at least 1200 mm high. See ISO 9001:2015.")
	s.put(english, "4.3", "", "Doors may open inwards where fewer than ten persons use the room.")
	s.put(russian, "7.1", "", "Высота ограждения должна быть не менее 1,2 м.")
	s.put(thai, "3", "", "ความสูงของราวกันตกต้องไม่น้อยกว่า 1.1 เมตร")
	s.put(kazakh, "2", "", "Қоршаудың биіктігі кемінде 1,1 м болуы тиіс.")
	return s
}

// loaded is the lexicon, loaded when the first test needs it: a probing child
// does without.
var loaded = sync.OnceValue(func() *lexicon.Lexicon {
	lex, err := lexicon.Load()
	if err != nil {
		panic(err)
	}
	return lex
})

// open opens an index and fills it.
func open(t testing.TB, folder string, s *shelf) *Index {
	t.Helper()
	ix, err := Open(context.Background(), folder, loaded(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ix.Close() })
	if _, err := ix.Follow(context.Background(), s, nil); err != nil {
		t.Fatal(err)
	}
	return ix
}

func find(t testing.TB, ix *Index, q Query) []corpus.ClauseID {
	t.Helper()
	res, err := ix.Search(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	var out []corpus.ClauseID
	for _, h := range res.Hits {
		out = append(out, h.Clause)
	}
	return out
}

// TestNaming: what is counted of a concept are the clauses whose reading names it.
func TestNaming(t *testing.T) {
	shelf := small()
	ix := open(t, t.TempDir(), shelf)
	want := map[lexicon.ConceptID]int{"no-such-concept": 0}
	for _, c := range shelf.changes {
		for _, m := range ix.readClause(c.Clause).Concepts {
			want[m.Concept] = 0
		}
	}
	for id := range want {
		for _, c := range shelf.changes {
			if slices.ContainsFunc(ix.readClause(c.Clause).Concepts, func(m lexicon.Mention) bool { return m.Concept == id }) {
				want[id]++
			}
		}
	}
	got, err := ix.Naming(context.Background(), slices.Collect(maps.Keys(want))...)
	if err != nil || !maps.Equal(got, want) || want["guardrail"] < 3 {
		t.Errorf("got %v, %v; the readings say %v", got, err, want)
	}
}

func TestSearch(t *testing.T) {
	ix := open(t, t.TempDir(), small())
	cases := []struct {
		name  string
		query Query
		first corpus.ClauseID
		not   corpus.ClauseID
	}{
		{"an English word, stemmed", Query{Text: "guardrail"}, "gb-x/4.2", "gb-x/4.3"},
		{"Chinese characters", Query{Text: "安全出口"}, "cn-x/6.1.1", "cn-x/5.3.1"},
		{"a Russian word in another case", Query{Text: "ограждений"}, "ru-x/7.1", "gb-x/4.3"},
		{"Thai without spaces", Query{Text: "ราวกันตก"}, "th-x/3", "kz-x/2"},
		{"Kazakh, found in Russian through its term", Query{Text: "Қоршаудың"}, "kz-x/2", "th-x/3"},
		{"a phrase", Query{Text: `"open edges"`}, "gb-x/4.2", "gb-x/4.3"},
		{"a phrase in the wrong order", Query{Text: `"edges open"`}, "", "gb-x/4.2"},
		{"a word left out", Query{Text: "shall may -edges", Language: "en"}, "", "gb-x/4.2"},
		{"a prefix", Query{Text: "guardr*"}, "gb-x/4.2", "gb-x/4.3"},
		{"a clause number", Query{Text: "5.3.1"}, "cn-x/5.3.1", "gb-x/4.2"},
		{"a clause of a standard, as China writes it", Query{Text: "GB99001-2024第6.1.1条"}, "cn-x/6.1.1", ""},
		{"a clause of a standard in small letters", Query{Text: "gb 99001—2024 6.1.1"}, "cn-x/6.1.1", "gb-x/4.3"},
		{"a clause of a standard, as Russia writes it", Query{Text: "сп 990.13330.2020 пункт 7.1"}, "ru-x/7.1", "gb-x/4.3"},
		{"a designation in running text", Query{Text: "ISO 9001:2015"}, "gb-x/4.2", "gb-x/4.3"},
		{"a spelling mistake", Query{Text: "gaurdrails"}, "", "cn-x/5.3.1"},
		{"one letter off", Query{Text: "guardraol"}, "gb-x/4.2", "cn-x/6.1.1"},
		{"only one country", Query{Text: "guardrail", Jurisdictions: []corpus.Jurisdiction{"RU"}}, "ru-x/7.1", "gb-x/4.2"},
		{"only one country, written", Query{Text: "guardrail jurisdiction:ru"}, "ru-x/7.1", "gb-x/4.2"},
		{"only what binds", Query{Text: "doors edges obligation:permit"}, "gb-x/4.3", "gb-x/4.2"},
		{"only filters", Query{Domains: []corpus.Domain{"park"}}, "th-x/3", "cn-x/5.3.1"},
		{"a concept in every language", Query{Concepts: []lexicon.ConceptID{"guardrail"}, Languages: []corpus.Language{"ru"}}, "ru-x/7.1", "gb-x/4.3"},
		{"two concepts, both named", Query{Concepts: []lexicon.ConceptID{"guardrail", "roof-opening"}, Languages: []corpus.Language{"en"}}, "gb-x/4.2", "gb-x/4.3"},
		{"two concepts, one of them not named", Query{Concepts: []lexicon.ConceptID{"guardrail", "no-such-concept"}}, "", "gb-x/4.2"},
		{"nothing asked", Query{}, "", "cn-x/5.3.1"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := find(t, ix, c.query)
			if c.first != "" && (len(got) == 0 || got[0] != c.first) {
				t.Errorf("found %v, want %s first", got, c.first)
			}
			if slices.Contains(got, c.not) {
				t.Errorf("found %v, and %s should not be there", got, c.not)
			}
		})
	}
}

// TestSmallLettersNameStandards holds when words in small letters name a standard:
// never where they begin with a function word.
func TestSmallLettersNameStandards(t *testing.T) {
	ix := open(t, t.TempDir(), small())
	for _, c := range []struct {
		text, want string
		language   corpus.Language
	}{
		{"iso 9001:2015 records", "ISO 9001:2015", "en"},
		{"une 100 personnes", "", "fr"},
		{"noise limit 85 db", "", "en"},
		{"ｉｓｏ　９００１：２０１５ records", "ISO 9001:2015", "en"},
		{"article 33", "", "en"},
	} {
		res, err := ix.Search(context.Background(), Query{Text: c.text, Language: c.language})
		got := ""
		for _, cited := range res.Cited {
			got += cited.Designation
		}
		if err != nil || got != c.want {
			t.Errorf("%q names %q, %v; want %q", c.text, got, err, c.want)
		}
	}
}

// TestDesignationsAreFoundHoweverTheyArePrinted: in the other script, without the year,
// full-width, in another language of the Union.
func TestDesignationsAreFoundHoweverTheyArePrinted(t *testing.T) {
	s := small()
	gost, eu, fullWidth := russian, english, chinese
	gost.ID, gost.Designation = "ru-gost", "ГОСТ Р 99580.1—2017"
	eu.ID, eu.Designation, eu.Language = "eu-act", "Règlement (UE) n° 910/2014", "fr"
	fullWidth.ID, fullWidth.Designation = "cn-t", "GB/T 99239-2019"
	s.put(gost, "3.3", "", "Инцидент регистрируют.")
	s.put(eu, "25", "", "La signature est recevable comme preuve.")
	s.put(fullWidth, "8.1", "", "应设置门禁。")
	ix := open(t, t.TempDir(), s)
	for text, want := range map[string]corpus.ClauseID{
		"gost r 99580.1":                         "ru-gost/3.3",
		"GOST R 99580.1-2017":                    "ru-gost/3.3",
		"гост р 99580.1":                         "ru-gost/3.3",
		"gost r 99580.2":                         "",
		"Regulation (EU) No 910/2014 Article 25": "eu-act/25",
		"regulation (eu) no 910/2015":            "",
		"ｇｂ／ｔ　99239—2019":                        "cn-t/8.1",
		"ＧＢ／Ｔ　９９２３９":                             "cn-t/8.1",
	} {
		got := find(t, ix, Query{Text: text})
		if want == "" && len(got) > 0 || want != "" && (len(got) == 0 || got[0] != want) {
			t.Errorf("%q finds %v, want %q", text, got, want)
		}
	}
	res, err := ix.Search(context.Background(), Query{Text: "门禁 ｇｂ／ｔ　99239"})
	if err != nil || len(res.Cited) != 1 || len("门禁 ") != res.Cited[0].Span.Start || len("门禁 ｇｂ／ｔ　99239") != res.Cited[0].Span.End {
		t.Errorf("named %+v, %v", res.Cited, err)
	}
}

func TestSearchAcrossLanguages(t *testing.T) {
	ix := open(t, t.TempDir(), small())
	for _, text := range []string{"guardrail height", "防护栏杆", "высота ограждения"} {
		got := find(t, ix, Query{Text: text})
		for _, want := range []corpus.ClauseID{"cn-x/5.3.1", "gb-x/4.2", "ru-x/7.1"} {
			if !slices.Contains(got, want) {
				t.Errorf("%q found %v, not %s", text, got, want)
			}
		}
	}
	if got := find(t, ix, Query{Text: "防护栏杆", Exact: true}); !slices.Equal(got, []corpus.ClauseID{"cn-x/5.3.1"}) {
		t.Errorf("only the exact words found %v", got)
	}
	res, err := ix.Search(context.Background(), Query{Text: "guardrail"})
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Understood) == 0 {
		t.Fatal("the query was understood as nothing")
	}
	u := res.Understood[0]
	if u.Labels["zh"] == "" || u.Labels["ru"] == "" || u.Span != (lexicon.Span{Start: 0, End: 9}) {
		t.Errorf("understood %+v", u)
	}
	without := find(t, ix, Query{Text: "guardrail", Without: []lexicon.ConceptID{u.Concept}})
	if slices.Contains(without, corpus.ClauseID("cn-x/5.3.1")) {
		t.Errorf("with the chip taken off it still found %v", without)
	}
}

// TestTermsAreFoundByWhatTheirNamesContain asks for a term that no clause names:
// its Chinese name is made of other concepts than its English one, and the clause
// has those of the English one.
func TestTermsAreFoundByWhatTheirNamesContain(t *testing.T) {
	s := &shelf{}
	s.put(english, "1", "", "Signs shall be legible.")
	s.put(english, "2", "", "Signs shall mark every exit.")
	s.put(english, "3", "", "The minimum cover shall be 25 mm.")
	s.put(chinese, "4", "", "混凝土应养护。")
	ix := open(t, t.TempDir(), s)
	if got := find(t, ix, Query{Text: "疏散指示标志"}); len(got) == 0 || got[0] != "gb-x/2" || slices.Contains(got, "gb-x/3") {
		t.Errorf("exits and signs found %v", got)
	}
	res, err := ix.Search(context.Background(), Query{Text: "疏散指示标志"})
	if err != nil || len(res.Hits) == 0 || !slices.Equal(res.Hits[0].By, []string{"part"}) {
		t.Errorf("exits and signs were found by %v, %v", res.Hits, err)
	}
	for query, by := range map[string]string{"cover to the reinforcement": "term", "means of escape": "related", "legibel": "word"} {
		if res, err = ix.Search(context.Background(), Query{Text: query}); err != nil || len(res.Hits) == 0 || !slices.Equal(res.Hits[0].By, []string{by}) {
			t.Errorf("%s was found by %v, not by %s alone; %v", query, res.Hits, by, err)
		}
	}
	if got := find(t, ix, Query{Text: "疏散指示标志", Exact: true}); len(got) > 0 {
		t.Errorf("the words alone found %v", got)
	}
	// The term tells of the concrete that the query names beside it.
	if got := find(t, ix, Query{Text: "recubrimiento mínimo del hormigón de las armaduras"}); !slices.Contains(got, "gb-x/3") {
		t.Errorf("cover of the concrete found %v", got)
	}
	if got := find(t, ix, Query{Text: "hormigón de las armaduras"}); slices.Contains(got, "gb-x/3") {
		t.Errorf("concrete alone found %v", got)
	}
}

func TestFoundByAndFacets(t *testing.T) {
	ix := open(t, t.TempDir(), small())
	res, err := ix.Search(context.Background(), Query{Text: "guardrail 1200 mm"})
	if err != nil {
		t.Fatal(err)
	}
	by := map[corpus.ClauseID][]string{}
	for _, h := range res.Hits {
		by[h.Clause] = h.By
	}
	if !slices.Contains(by["gb-x/4.2"], "word") || !slices.Contains(by["gb-x/4.2"], "number") {
		t.Errorf("the English clause was found by %v", by["gb-x/4.2"])
	}
	if !slices.Contains(by["cn-x/5.3.1"], "number") || slices.Contains(by["cn-x/5.3.1"], "word") {
		t.Errorf("the Chinese clause was found by %v", by["cn-x/5.3.1"])
	}
	total := 0
	for _, f := range res.Facets["jurisdiction"] {
		total += f.Count
	}
	if total != res.Total {
		t.Errorf("the facet of jurisdictions counts %d of %d hits", total, res.Total)
	}
}

func TestHighlight(t *testing.T) {
	s := small()
	ix := open(t, t.TempDir(), s)
	cases := []struct {
		name   string
		query  Query
		clause corpus.ClauseID
		want   string
	}{
		{"a word", Query{Text: "edges"}, "gb-x/4.2", "edges"},
		{"a concept of another language", Query{Text: "guardrail"}, "cn-x/5.3.1", "防护栏杆|防护栏杆"},
		{"a quantity in other units", Query{Text: "1.2 m"}, "gb-x/4.2", "1200 mm"},
		{"a full-width quantity", Query{Text: "1.2 m"}, "cn-x/5.3.1", "１．２ｍ"},
		{"nothing", Query{Text: "window"}, "gb-x/4.2", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			clause := s.clause(c.clause)
			var got []string
			for _, sp := range ix.Highlight(c.query, clause) {
				got = append(got, clause.Wording()[sp.Start:sp.End])
			}
			if !strings.Contains(strings.Join(got, "|"), c.want) || c.want == "" && len(got) > 0 {
				t.Errorf("highlighted %q, want %q", got, c.want)
			}
		})
	}
}

func TestFollowTakesChangesAndRemovals(t *testing.T) {
	s := small()
	ix := open(t, t.TempDir(), s)
	changed := s.changes[2]
	changed.Mark, changed.Clause.Text = int64(len(s.changes)+1), "Handrails shall be rounded."
	s.changes = append(s.changes, changed)
	gone := s.changes[3]
	gone.Mark, gone.Removed = int64(len(s.changes)+1), true
	s.changes = append(s.changes, gone)
	n, err := ix.Follow(context.Background(), s, nil)
	if err != nil || n != 2 {
		t.Fatalf("took in %d changes, %v", n, err)
	}
	if got := find(t, ix, Query{Text: "edges", Exact: true}); len(got) != 0 { // its kin are in another clause
		t.Errorf("the old text is still found: %v", got)
	}
	if got := find(t, ix, Query{Text: "inwards"}); len(got) != 0 {
		t.Errorf("the removed clause is still found: %v", got)
	}
	if n, err := ix.Follow(context.Background(), s, nil); n != 0 || err != nil {
		t.Errorf("followed again: %d, %v", n, err)
	}
}

func TestReopenKeepsTheMark(t *testing.T) {
	folder, s := t.TempDir(), small()
	ix := open(t, folder, s)
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := ix.Search(context.Background(), Query{Text: "door"}); !errors.Is(err, ErrClosed) {
		t.Errorf("a closed index answered %v", err)
	}
	again, err := Open(context.Background(), folder, loaded(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if again.Mark() != int64(len(s.changes)) || again.State() != StateComplete {
		t.Errorf("mark %d, state %s", again.Mark(), again.State())
	}
}

func TestAnotherDatabaseIsAnotherIndex(t *testing.T) {
	folder := t.TempDir()
	for _, c := range []struct{ database, state string }{{"a", StateComplete}, {"a", StateComplete}, {"b", StateReduced}, {"b", StateComplete}} {
		ix, err := Open(context.Background(), folder, loaded(), Options{Database: c.database})
		if err != nil {
			t.Fatal(err)
		}
		if ix.State() != c.state {
			t.Errorf("opened for %s: %s, want %s", c.database, ix.State(), c.state)
		}
		if err := ix.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSecondOpeningNamesTheHolder(t *testing.T) {
	folder := t.TempDir()
	open(t, folder, small())
	_, err := Open(context.Background(), folder, loaded(), Options{})
	if !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), fmt.Sprint(os.Getpid())) {
		t.Errorf("got %v", err)
	}
}

func TestRebuildIsEqual(t *testing.T) {
	s := small()
	ix := open(t, t.TempDir(), s)
	queries := []string{"guardrail height", "防火分区", "ограждение", "1.2 m", "door*", "obligation:require"}
	var before [][]corpus.ClauseID
	for _, q := range queries {
		before = append(before, find(t, ix, Query{Text: q}))
	}
	if err := ix.Rebuild(context.Background(), s, nil); err != nil {
		t.Fatal(err)
	}
	for i, q := range queries {
		if got := find(t, ix, Query{Text: q}); !slices.Equal(got, before[i]) {
			t.Errorf("%q: %v before, %v after", q, before[i], got)
		}
	}
	folders, _ := filepath.Glob(filepath.Join(ix.folder, "gen-*"))
	if len(folders) != 1 {
		t.Errorf("generations left: %v", folders)
	}
}

// TestDamageIsFound changes one bit, cuts, empties or removes a file of a good
// index, and asks that the next start either answers right or begins anew: no
// wrong answer. Its control is the same index unharmed.
func TestDamageIsFound(t *testing.T) {
	folder, s := t.TempDir(), small()
	ix := open(t, folder, s)
	queries := []string{"guardrail", "防火分区", "не менее 1,2 м", "doors", "тиіс"}
	var right [][]corpus.ClauseID
	for _, q := range queries {
		right = append(right, find(t, ix, Query{Text: q}))
	}
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
	files := filesOf(t, folder)
	rnd := rand.New(rand.NewPCG(1, 2))
	rounds := 40
	if testing.Short() {
		rounds = 10
	}
	noticed := 0
	for round := range rounds + 1 {
		copied := t.TempDir()
		if err := os.CopyFS(copied, os.DirFS(folder)); err != nil {
			t.Fatal(err)
		}
		harm := "nothing"
		if round > 0 {
			harm = damage(t, rnd, filepath.Join(copied, files[rnd.IntN(len(files))]))
		}
		damaged, err := Open(context.Background(), copied, loaded(), Options{Probe: probeChild})
		if err != nil {
			t.Fatalf("%s: the index did not open again: %v", harm, err)
		}
		if damaged.State() == StateReduced {
			noticed++
		}
		if round == 0 && damaged.State() != StateComplete {
			t.Fatalf("an unharmed index was thrown away")
		}
		if _, err := damaged.Follow(context.Background(), s, nil); err != nil {
			t.Fatalf("%s: %v", harm, err)
		}
		for i, q := range queries {
			if got := find(t, damaged, Query{Text: q}); !slices.Equal(got, right[i]) {
				t.Errorf("after %s, %q found %v, want %v", harm, q, got, right[i])
			}
		}
		if err := damaged.Close(); err != nil {
			t.Errorf("%s: close: %v", harm, err)
		}
	}
	if noticed < rounds/2 {
		t.Errorf("only %d of %d damages were noticed", noticed, rounds)
	}
	t.Logf("%d of %d damaged indexes were rebuilt, no wrong answer", noticed, rounds)
}

// filesOf lists the files of a folder that hold data.
func filesOf(t *testing.T, folder string) []string {
	var out []string
	err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && d.Name() != "LOCK" {
			rel, _ := filepath.Rel(folder, path)
			out = append(out, rel)
		}
		return err
	})
	if err != nil || len(out) == 0 {
		t.Fatalf("no files: %v", err)
	}
	slices.Sort(out)
	return out
}

// damage harms one file and says how.
func damage(t *testing.T, rnd *rand.Rand, path string) string {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	old := bytes.Clone(body)
	name := filepath.Base(path)
	switch how := rnd.IntN(4); {
	case how == 0 && len(body) > 0:
		body = body[:rnd.IntN(len(body))]
		name = "cutting " + name
	case how == 1:
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		return "removing " + name
	case len(body) > 0:
		body[rnd.IntN(len(body))] ^= 1 << rnd.IntN(8)
		name = "one bit of " + name
	}
	if bytes.Equal(old, body) {
		return "nothing"
	}
	if err := os.WriteFile(path, body, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestTwoUncleanEndsRebuild(t *testing.T) {
	folder := t.TempDir()
	now := time.Now()
	for i, unclean := range []bool{false, false, true} {
		if err := uncleanTwice(folder, now.Add(time.Duration(i)*time.Minute)); (err != nil) != unclean {
			t.Errorf("opening %d after unclean ends: %v", i, err)
		}
	}
	if err := uncleanTwice(folder, now.Add(time.Hour)); err != nil {
		t.Errorf("an hour later: %v", err)
	}
}

// hostile are queries that take down an engine whose own language they reach.
func hostile() []string {
	out := []string{"*", "*a*", "/.*/", "?*?*", "a* b* c* d*", strings.Repeat("x", 200_000), strings.Repeat("(", 400), `/(.*a.{12}){6}/`,
		strings.Repeat("abcdefgh~2 ", 30), strings.Repeat("word ", 10_000), "text_en:*", "\x00\x01", "a\u202eb", strings.Repeat("\"", 300), "-*"}
	for i := range 30 {
		out = append(out, strings.Repeat(string(rune('a'+i%26)), i*9)+"*")
	}
	return out
}

func TestHostileQueriesAreCheapOrRefused(t *testing.T) {
	ix := open(t, t.TempDir(), small())
	for _, text := range hostile() {
		_, err := ix.Search(context.Background(), Query{Text: text})
		if err != nil && !errors.Is(err, corpus.ErrLimit) && !errors.Is(err, corpus.ErrInvalid) {
			t.Errorf("%.20q: %v", text, err)
		}
	}
	for _, q := range []Query{{Text: "a", Limit: MaxPageSize + 1}, {Text: "a", From: MaxOffset}, {Text: "a", From: -1}, {Text: "a", Limit: -1}} {
		if _, err := ix.Search(context.Background(), q); !errors.Is(err, corpus.ErrLimit) {
			t.Errorf("%+v: %v", q, err)
		}
	}
}

// A query in Kazakh in Latin letters finds what is written in Cyrillic ones, by terms
// and by words that are in no table.
func TestKazakhQueriesInLatinLetters(t *testing.T) {
	s := &shelf{}
	s.put(kazakh, "1", "", "Өрт қауіпсіздігі талаптары қашықтықтарда тексеріледі.")
	s.put(kazakh, "2", "", "Есіктердің ені белгіленген.")
	ix := open(t, t.TempDir(), s)
	for _, ask := range []string{"ört qauıpsızdıgı", "órt qaýipsizdigi", "qaşyqtyqtarda tekserıledı"} {
		got, err := ix.Search(context.Background(), Query{Text: ask})
		if err != nil || got.Total != 1 || len(got.Hits) != 1 || got.Hits[0].Clause.Key() != "1" {
			t.Errorf("%q finds %d clauses (%v)", ask, got.Total, err)
		}
	}
}

// Languages without a stemmer of Bleve's find other forms of a word through the
// lexicon's stems; another word is not found.
func TestStemsOfTheLexicon(t *testing.T) {
	for lang, words := range map[corpus.Language][3]string{
		"kk": {"Есіктердің ені белгіленген қашықтықтарда тексеріледі.", "есіктер", "қашықтыққа"},
		"id": {"Pintunya harus memenuhi persyaratan ketinggian.", "pintu", "ketinggian"},
	} {
		s := &shelf{}
		standard := english
		standard.ID, standard.Language = corpus.StandardID("x-"+lang), lang
		s.put(standard, "1", "", words[0])
		ix := open(t, t.TempDir(), s)
		for _, ask := range words[1:] {
			if got, err := ix.Search(context.Background(), Query{Text: ask, Language: lang, Exact: true}); err != nil || got.Total != 1 {
				t.Errorf("%s: %q finds %d clauses (%v)", lang, ask, got.Total, err)
			}
		}
		if got, _ := ix.Search(context.Background(), Query{Text: "zzgrawitacja", Language: lang, Exact: true}); got.Total != 0 {
			t.Errorf("%s: a word that is not there is found", lang)
		}
	}
}
