package matcher

import (
	"context"
	"fmt"
	"testing"

	"concord/corpus"
	"concord/corpus/lexicon"
)

// chapterClause is a clause of a chapter, for the tests here.
func chapterClause(standard, id, chapter, text string, lang corpus.Language) corpus.Clause {
	c := corpus.Clause{ID: corpus.ClauseID(standard + "/" + id), Standard: corpus.StandardID(standard), Text: text, Language: lang}
	if chapter != "" {
		c.Path = []string{chapter}
	}
	return c
}

// The same sentence stands in a chapter on stairs and in one on lifts: the
// company it stands in says which one is meant. Without chapters nothing does.
func TestSurroundingsTellTwinsApart(t *testing.T) {
	const twin = "The width shall not be less than 1,100 mm."
	build := func(stairs, lifts string) []Proposal {
		m := testMatcher(t)
		clauses := []corpus.Clause{
			chapterClause("a", "1", stairs, twin, "en"),
			chapterClause("a", "2", stairs, "Stairwells shall have handrails on both sides of every flight.", "en"),
			chapterClause("a", "3", stairs, "Treads of a flight shall be of the same height.", "en"),
			chapterClause("b", "lift", lifts, twin, "en"),
			chapterClause("b", "lift-2", lifts, "Every lift car shall have an emergency telephone.", "en"),
			chapterClause("b", "lift-3", lifts, "The lift shaft shall be ventilated.", "en"),
			chapterClause("b", "stair", stairs, twin, "en"),
			chapterClause("b", "stair-2", stairs, "A handrail shall be provided along each flight of a stairwell.", "en"),
			chapterClause("b", "stair-3", stairs, "Risers and treads shall not vary within a flight.", "en"),
		}
		if err := m.Load(nil, clauses); err != nil {
			t.Fatal(err)
		}
		got, err := m.Match(context.Background(), clauses[0], []corpus.StandardID{"b"}, 2)
		if err != nil || len(got) != 2 {
			t.Fatalf("%d proposals, %v", len(got), err)
		}
		return got
	}
	got := build("1 Ways up", "2 Machines")
	if got[0].Target != "b/stair" || got[0].Score <= got[1].Score {
		t.Errorf("the first is %s with %.3f before %s with %.3f", got[0].Target, got[0].Score, got[1].Target, got[1].Score)
	}
	if reason(got[0], "surroundings") <= reason(got[1], "surroundings") {
		t.Errorf("surroundings give %.3f and %.3f", reason(got[0], "surroundings"), reason(got[1], "surroundings"))
	}
	// The control: without chapters the twins cannot be told apart.
	if got = build("", ""); got[0].Score != got[1].Score || reason(got[0], "surroundings") != 0 {
		t.Errorf("without chapters %.3f and %.3f, surroundings %.3f", got[0].Score, got[1].Score, reason(got[0], "surroundings"))
	}
}

// reason is the effect of a signal in a proposal.
func reason(p Proposal, signal string) float64 {
	for _, r := range p.Reasons {
		if r.Signal == signal {
			return r.Effect
		}
	}
	return 0
}

// A chapter is one of a standard, in a language.
func TestChaptersAreOfOneStandardAndLanguage(t *testing.T) {
	m := testMatcher(t)
	see := func(standard, chapter string, lang corpus.Language) *view {
		return newView(m.factsOf(chapterClause(standard, "1", chapter, "Doors shall open outwards.", lang), corpus.TraditionUnknown), &statistics{neutral: true})
	}
	of, all := chaptersOf([]*view{see("a", "x", "en"), see("a", "x", "en"), see("b", "x", "en"), see("a", "", "en"), see("a", "y", "en"), see("a", "x", "fr")}, &statistics{neutral: true})
	if fmt.Sprint(of) != "[0 0 1 -1 2 3]" || len(all) != 4 {
		t.Errorf("%v of %d chapters", of, len(all))
	}
	s := surroundings{source: of, target: of, alike: []map[int]float64{{0: 0.5}, nil, nil, nil}}
	for _, row := range []struct {
		source, target int
		want           float64
	}{{0, 1, 0.5}, {1, 0, 0.5}, {0, 2, 0}, {3, 0, 0}, {0, 3, 0}, {-1, 0, 0}, {0, -1, 0}, {99, 0, 0}, {2, 2, 0}} {
		if got := s.between(row.source, row.target); got != row.want {
			t.Errorf("between %d and %d: %v, want %v", row.source, row.target, got, row.want)
		}
	}
}

// Targets in a language where scores run lower are lifted by how much lower
// they run; targets in one language are left alone.
func TestLevels(t *testing.T) {
	m := testMatcher(t)
	var clauses []corpus.Clause
	for i := range 14 {
		clauses = append(clauses,
			chapterClause("a", fmt.Sprint(i), "", fmt.Sprintf("The operator shall keep a record of fire inspection number %d for the building.", i), "en"),
			chapterClause("b", fmt.Sprint(i), "", fmt.Sprintf("Fire inspection records of the building shall be kept by the operator, form %d.", i+40), "en"),
			chapterClause("c", fmt.Sprint(i), "", fmt.Sprintf("L'exploitant conserve un registre des inspections incendie du bâtiment, formulaire %d.", i+40), "fr"))
	}
	if err := m.Load(nil, clauses); err != nil {
		t.Fatal(err)
	}
	several := m.scene("a", []corpus.StandardID{"b", "c"}).pair.levels
	if several["en"] != 0 || several["fr"] <= 0 || several["fr"] > 1 {
		t.Errorf("levels %v", several)
	}
	for _, one := range []corpus.StandardID{"b", "c"} {
		if got := m.scene("a", []corpus.StandardID{one}).pair.levels; got != nil {
			t.Errorf("targets of %s alone have the levels %v", one, got)
		}
	}
}

// Other clauses say which sections go together: what a clause's own confident
// pair says of them would help every target beside its best one, and not that one.
func TestSectionsAreJudgedByOthers(t *testing.T) {
	in := func(section string) *view {
		return &view{facts: &facts{sections: []termID{idOf(familySection, section)}}}
	}
	p := &pairing{sources: []*view{in("Doors"), in("Doors"), in("Lifts")}, views: []*view{in("Exits"), in("Exits"), in("Exits"), in("Cars")}}
	value := func(source, target int) float64 {
		return sectionsValue(&comparison{a: p.sources[max(0, source)], b: p.views[target], pair: p, si: source, ti: target})
	}
	for _, row := range []struct {
		name           string
		pairs          []likely
		source, target int
		some           bool
	}{
		{"its own pair alone, beside its best target", []likely{{0, 0, 0.8}}, 0, 1, false},
		{"its own pair alone, its best target", []likely{{0, 0, 0.8}}, 0, 0, false},
		{"the target's own pair alone", []likely{{1, 1, 0.8}}, 0, 1, false},
		{"another clause of the section", []likely{{0, 0, 0.8}, {1, 2, 0.5}}, 0, 1, true},
		{"another clause, the best target itself", []likely{{0, 0, 0.8}, {1, 2, 0.5}}, 0, 0, true},
		{"another section", []likely{{0, 0, 0.8}, {1, 2, 0.5}}, 2, 1, false},
		{"a clause of another text", []likely{{0, 0, 0.8}}, -1, 1, true},
	} {
		p.sections = p.learnSections(row.pairs)
		if got := value(row.source, row.target); got > 0 != row.some || got < 0 || got > 1 {
			t.Errorf("%s: %.3f", row.name, got)
		}
	}
}

// Among clauses that all oblige, obliging says nothing; a permission says a lot.
func TestObligationAgainstTheUsual(t *testing.T) {
	of := func(d lexicon.Degree) *view { return &view{facts: &facts{degree: d}} }
	targets := []*view{of(lexicon.DegreeRequire), of(lexicon.DegreeRequire), of(lexicon.DegreeRequire), of(lexicon.DegreePermit), of("")}
	p := &pairing{usualDegree: usualDegree(targets)}
	for _, row := range []struct {
		a, b lexicon.Degree
		pair *pairing
		want float64
	}{
		{lexicon.DegreeRequire, lexicon.DegreeRequire, p, 0.25},
		{lexicon.DegreeRequire, lexicon.DegreePermit, p, -0.75},
		{lexicon.DegreePermit, lexicon.DegreePermit, p, 0.75},
		{lexicon.DegreeProhibit, lexicon.DegreeRequire, p, 0.125},
		{lexicon.DegreeRequire, "", p, 0},
		{"", lexicon.DegreeRequire, p, 0},
		{lexicon.DegreeRequire, lexicon.DegreeRequire, &pairing{usualDegree: usualDegree(targets[:3])}, 0},
		{lexicon.DegreeRequire, lexicon.DegreeRequire, nil, 1},
	} {
		if got := obligationValue(&comparison{a: of(row.a), b: of(row.b), pair: row.pair}); got != row.want {
			t.Errorf("%q against %q: %v, want %v", row.a, row.b, got, row.want)
		}
	}
}
