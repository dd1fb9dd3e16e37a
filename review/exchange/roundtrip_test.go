package exchange_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
	"concord/review/exchange"
	"concord/review/export"
)

// shelf is a store of one generated dossier.
type shelf struct {
	dossier   review.Dossier
	standards []corpus.Standard
	clauses   map[corpus.ClauseID]corpus.Clause
	matches   []review.Match
	reserved  []review.Reservation
}

func (s shelf) Clauses(_ context.Context, ids ...corpus.ClauseID) ([]corpus.Clause, error) {
	var out []corpus.Clause
	for _, id := range ids {
		if c, ok := s.clauses[id]; ok {
			out = append(out, c)
		}
	}
	return out, nil
}

func (s shelf) Standards(context.Context) ([]corpus.Holding, error) {
	var out []corpus.Holding
	for _, st := range s.standards {
		out = append(out, corpus.Holding{Standard: st})
	}
	return out, nil
}

func (s shelf) Reservations(context.Context, uuid.UUID) ([]review.Reservation, error) {
	return s.reserved, nil
}

func (s shelf) CoverageOf(context.Context, string, review.CoverageFilter) ([]review.Coverage, error) {
	return nil, nil
}
func (s shelf) Dossier(context.Context, uuid.UUID) (review.Dossier, error) { return s.dossier, nil }
func (s shelf) Matches(context.Context, review.Filter) (review.Page, error) {
	return review.Page{Matches: s.matches, Total: len(s.matches)}, nil
}

// awkward are pieces that formats stumble over.
var awkward = []string{"=1+1", `say "so"`, "a\tb", "line\nbreak", "高度不应小于1.1m", "не менее 1,2 м", "≥ 5 %", "x|y\\z", "'quoted", "# no comment", "", "a: b", "- item", "  blank  ", "+49", "\u202eرقم", "C:\\x", "{json}", "1.10", "null", "2026-01-01"}

func piece(r *rand.Rand) string { return awkward[r.IntN(len(awkward))] }

// keys are the kinds of keys clauses have.
var keys = []string{"5.%d", "A.%d", "附录B.%d", "%d", "5%%41.%d", "图 %d", "Table %d/2", "п.%d", "c%d", "4.2~note-%d"}

// generated is a dossier of a seed: two to three sides, every verdict, sets of
// clauses, texts with everything that formats stumble over.
func generated(seed uint64) shelf {
	r := rand.New(rand.NewPCG(seed, 8))
	id := func(n int) uuid.UUID { return uuid.NewSHA1(uuid.Nil, fmt.Appendf(nil, "%d/%d", seed, n)) }
	s := shelf{clauses: map[corpus.ClauseID]corpus.Clause{}, dossier: review.Dossier{ID: id(0), Name: "Dossier " + piece(r), Policy: review.PolicyTwoReviewers, Closed: r.IntN(4) == 0}}
	for n, party := range []review.Party{"CN", "RU", "KZ"}[:2+r.IntN(2)] {
		side := review.Side{Party: party}
		for k := range 1 + r.IntN(2) {
			st := corpus.Standard{ID: corpus.StandardID(fmt.Sprintf("%s-std-%d-20%d0", strings.ToLower(string(party)), k, n)), Designation: fmt.Sprintf("STD %d%d %s", n, k, piece(r)), Edition: []string{"2020", "", piece(r)}[r.IntN(3)],
				Language: "zh", Jurisdiction: corpus.Jurisdiction(party), Rights: []corpus.Rights{corpus.RightsFull, corpus.RightsExcerpt, corpus.RightsTitles}[r.IntN(3)], Demonstration: r.IntN(2) == 0}
			s.standards, side.Standards = append(s.standards, st), append(side.Standards, st.ID)
			for c := range 12 {
				key := fmt.Sprintf(keys[r.IntN(len(keys))], c)
				s.clauses[corpus.NewClauseID(st.ID, key)] = corpus.Clause{ID: corpus.NewClauseID(st.ID, key), Standard: st.ID, Order: c, Label: key, Number: key, Heading: piece(r), Text: piece(r) + " " + piece(r), Language: "zh"}
			}
		}
		s.dossier.Sides = append(s.dossier.Sides, side)
	}
	for n := range 1 + r.IntN(12) {
		s.matches = append(s.matches, s.match(r, id, n))
	}
	s.matches = append(s.matches, s.pair(r, id)) // OSCAL has no file without any
	for n := range r.IntN(4) {                   // some dossiers have none
		x := review.Reservation{ID: id(2000 + n), Party: review.Party(piece(r) + "CN"), Text: "r " + piece(r), At: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)}
		if n > 0 {
			x.Match = s.matches[r.IntN(len(s.matches))].ID
		}
		s.reserved = append(s.reserved, x)
	}
	slices.SortStableFunc(s.matches, func(a, b review.Match) int { return cmp.Compare(a.Sources[0], b.Sources[0]) })
	return s
}

// some picks clauses of a standard.
func (s shelf) some(r *rand.Rand, id corpus.StandardID, most int) []corpus.ClauseID {
	var all []corpus.ClauseID
	for c := range s.clauses {
		if c.Standard() == id {
			all = append(all, c)
		}
	}
	slices.Sort(all)
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:1+r.IntN(most)]
}

// match is an agreed match of any verdict; one in three relates sets.
func (s shelf) match(r *rand.Rand, id func(int) uuid.UUID, n int) review.Match {
	first, other := s.dossier.Sides[0], s.dossier.Sides[1+r.IntN(len(s.dossier.Sides)-1)]
	from, to := first.Standards[r.IntN(len(first.Standards))], other.Standards[r.IntN(len(other.Standards))]
	if r.IntN(6) == 0 {
		from, to = to, from // a match made by hand, or a gap of the other side
	}
	verdict := review.Verdicts[r.IntN(7)]
	most := 1 + 2*(r.IntN(3)/2)
	m := review.Match{ID: id(100 + n), Dossier: s.dossier.ID, Sources: s.some(r, from, most), Against: to, State: review.StateConfirmed, Digests: map[corpus.ClauseID]corpus.Digest{}}
	switch verdict {
	case review.VerdictNoCounterpart:
		m.State = review.StateAbsent
	case review.Verdict(corpus.RelationNone):
		m.State, m.Targets = review.StateRejected, s.some(r, to, most)
	default:
		m.Targets = s.some(r, to, most)
	}
	m.Outcome = &review.Outcome{Verdict: verdict, AToB: answer(r), BToA: answer(r)}
	for k := range 1 + r.IntN(2) {
		d := review.Decision{ID: id(1000 + 10*n + k), Kind: review.KindOpinion, Party: review.Party([]string{"CN", "RU|x", "KZ"}[r.IntN(3)]), Verdict: verdict, Note: piece(r), At: time.Date(2026, 1, 1+r.IntN(20), 0, 0, 0, 0, time.UTC)}
		m.Decisions, m.Outcome.By = append(m.Decisions, d), append(m.Outcome.By, d.ID)
	}
	for _, c := range m.Clauses() {
		m.Digests[c] = s.clauses[c].Digest()
	}
	return m
}

// pair is a related pair of the first standards.
func (s shelf) pair(r *rand.Rand, id func(int) uuid.UUID) review.Match {
	for n := 0; ; n++ {
		m := s.match(r, id, 500+n)
		if len(m.Targets) > 0 && m.State == review.StateConfirmed {
			return m
		}
	}
}

func answer(r *rand.Rand) corpus.Recognition {
	a := corpus.Recognition{Answer: []corpus.Answer{corpus.AnswerYes, corpus.AnswerNo, corpus.AnswerConditions}[r.IntN(3)]}
	if a.Answer == corpus.AnswerConditions {
		a.Conditions = []string{"add " + piece(r), piece(r)}
	}
	return a
}

// trips are the formats that must come back byte by byte.
var trips = []string{"sssom", "sssom-1.0", "oscal", "strm", "csv", "jskos"}

func exported(t *testing.T, format string, set export.Set) []byte {
	t.Helper()
	f, err := export.ByName(format)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.Write(&out, set); err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return out.Bytes()
}

func gather(t *testing.T, s shelf) export.Set {
	t.Helper()
	set, err := export.Gather(t.Context(), s, s.dossier.ID, export.Options{Now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC), Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// TestRoundTrips: what is exported, read and written again is the same bytes, of
// 200 generated dossiers in every format; and what was read of the clauses and the
// relations is what the dossier agreed on.
func TestRoundTrips(t *testing.T) {
	statements := 0
	for seed := range uint64(200) {
		s := generated(seed)
		set := gather(t, s)
		for _, format := range trips {
			before := exported(t, format, set)
			read, err := exchange.Read("x", before, exchange.Options{})
			if err != nil {
				t.Fatalf("seed %d, %s: %v\n%s", seed, format, err, before)
			}
			if after := written(t, read); !bytes.Equal(before, after) {
				t.Fatalf("seed %d, %s is not the same again: %s", seed, format, firstDifference(before, after))
			}
			if want, got := agreed(set, format), understood(t, read, s); !slices.Equal(got, want) {
				t.Fatalf("seed %d, %s: read\n%s\nagreed\n%s", seed, format, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			statements += len(read.Statements)
		}
	}
	t.Logf("200 dossiers in %d formats, %d statements", len(trips), statements)
}

func written(t *testing.T, s exchange.Set) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := s.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestRoundTripsFindALoss is the negative control: a byte of content that is
// another shows, in the bytes and in what is understood.
func TestRoundTripsFindALoss(t *testing.T) {
	s := generated(1)
	set := gather(t, s)
	for format, change := range map[string][2]string{"sssom": {"skos:", "owl:bad"}, "oscal": {`"relationship": "`, `"relationship": "x`}, "strm": {"-std-0-", "-std-9-"}, "jskos": {"/clauses/", "/clauses/x"}} {
		before := exported(t, format, set)
		broken := bytes.Replace(before, []byte(change[0]), []byte(change[1]), 1)
		if format == "sssom" {
			at := bytes.LastIndex(before, []byte(change[0]))
			broken = slices.Concat(before[:at], []byte(change[1]), before[at+len(change[0]):])
		}
		read, err := exchange.Read("x", broken, exchange.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if slices.Equal(agreed(set, format), understood(t, read, s)) {
			t.Errorf("%s: a broken file is understood as the right one", format)
		}
		if bytes.Equal(written(t, read), before) {
			t.Errorf("%s: a broken file is written as the right one", format)
		}
	}
}

func firstDifference(a, b []byte) string {
	x, y := strings.Split(string(a), "\n"), strings.Split(string(b), "\n")
	for n := range x {
		if n >= len(y) || x[n] != y[n] {
			return fmt.Sprintf("line %d\n%q\n%q", n+1, x[n], append(y, "")[min(n, len(y))])
		}
	}
	return fmt.Sprintf("%d more lines", len(y)-len(x))
}

// agreed lists what a format can say of a set's matches, as text.
func agreed(set export.Set, format string) []string {
	var out []string
	mapped := map[[2]corpus.StandardID]bool{}
	for _, i := range set.Items {
		a, b := i.Match.Sources[0].Standard(), i.Match.Against
		if len(i.Targets) > 0 {
			mapped[[2]corpus.StandardID{a, b}], mapped[[2]corpus.StandardID{b, a}] = true, true
		}
	}
	for _, i := range set.Items {
		verdict := i.Match.Outcome.Verdict
		if format == "oscal" && len(i.Targets) == 0 && !mapped[[2]corpus.StandardID{i.Match.Sources[0].Standard(), i.Match.Against}] {
			continue // the model has no place for it but the remarks
		}
		sources, targets := i.Match.Sources, i.Match.Targets
		if format == "jskos" && verdict == review.Verdict(corpus.RelationNone) {
			continue // SKOS denies nothing
		}
		facing := format == "oscal" || format == "strm" || format == "jskos"
		if facing && len(targets) > 0 && !first(set, sources[0].Standard()) {
			rel, _ := verdict.Relation()
			sources, targets, verdict = targets, sources, review.Verdict(rel.Inverse())
		}
		if format == "sssom" || format == "sssom-1.0" {
			if verdict == review.Verdict(corpus.RelationIdentical) {
				verdict = review.Verdict(corpus.RelationEquivalent) // one predicate for both
			}
		}
		if verdict == review.VerdictNoCounterpart && format != "csv" && format != "jskos" { // one statement for each clause
			for _, c := range sources {
				out = append(out, line(verdict, []corpus.ClauseID{c}, nil))
			}
			continue
		}
		out = append(out, line(verdict, sources, targets))
	}
	slices.Sort(out)
	return out
}

func first(set export.Set, id corpus.StandardID) bool {
	return slices.Contains(set.Dossier.Sides[0].Standards, id)
}

// understood lists what was read, with the clauses found by their names.
func understood(t *testing.T, set exchange.Set, s shelf) []string {
	t.Helper()
	names := map[corpus.StandardID]review.ClauseNames{}
	for _, st := range s.standards {
		var own []corpus.Clause
		for id, c := range s.clauses {
			if id.Standard() == st.ID {
				own = append(own, c)
			}
		}
		names[st.ID] = review.NameClauses(own)
	}
	find := func(refs []review.Ref) []corpus.ClauseID {
		var out []corpus.ClauseID
		for _, r := range refs {
			for _, st := range s.standards {
				if review.NamesStandard(r.Standard, st) {
					out = append(out, names[st.ID].Find(r.Clause))
				}
			}
		}
		return out
	}
	var out []string
	for _, r := range set.Statements {
		out = append(out, line(r.Verdict, find(r.Sources), find(r.Targets)))
	}
	slices.Sort(out)
	return out
}

func line(v review.Verdict, a, b []corpus.ClauseID) string {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return fmt.Sprint(v, " ", a, " ", b)
}
