package export

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
	"concord/review/exchange"
)

// shelf is a store of one dossier.
type shelf struct {
	dossier   review.Dossier
	standards []corpus.Standard
	clauses   []corpus.Clause
	matches   []review.Match
	reserved  []review.Reservation
}

func (s shelf) Clauses(_ context.Context, ids ...corpus.ClauseID) ([]corpus.Clause, error) {
	var out []corpus.Clause
	for _, id := range ids {
		for _, c := range s.clauses {
			if c.ID == id {
				out = append(out, c)
			}
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
	return []review.Coverage{{From: "cn-a", To: "ru-b", Normative: 9, Confirmed: 5, Absent: 1}, {From: "ru-b", To: "cn-a", Normative: 8, Confirmed: 6, Absent: 2}}, nil
}

func (s shelf) AuditHead(context.Context) (int64, string, error) { return 77, "abcdef", nil }

func (s shelf) Dossier(context.Context, uuid.UUID) (review.Dossier, error) { return s.dossier, nil }

// Matches gives one match a page, so that paging is walked through.
func (s shelf) Matches(_ context.Context, f review.Filter) (review.Page, error) {
	var fit []review.Match
	for _, m := range s.matches {
		if slices.Contains(f.States, m.State) && m.Suspect == *f.Suspect {
			fit = append(fit, m)
		}
	}
	at := 0
	if f.Cursor != "" {
		if _, err := fmt.Sscan(f.Cursor, &at); err != nil {
			return review.Page{}, err
		}
	}
	if at >= len(fit) {
		return review.Page{}, nil
	}
	p := review.Page{Matches: fit[at : at+1], Total: len(fit)}
	if at+1 < len(fit) {
		p.Next = fmt.Sprint(at + 1)
	}
	return p, nil
}

var when = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// sample is a dossier with one match of every kind, a suspect one and a proposal.
func sample() shelf {
	s := shelf{
		dossier: review.Dossier{ID: uuid.MustParse("01970000-0000-7000-8000-000000000001"), Name: "A and B", Policy: review.PolicyBothParties,
			Sides: []review.Side{{Party: "CN", Standards: []corpus.StandardID{"cn-a"}}, {Party: "RU", Standards: []corpus.StandardID{"ru-b"}}}},
		standards: []corpus.Standard{
			{ID: "cn-a", Designation: "GB 1-2020", Edition: "2020", Language: "zh", Jurisdiction: "CN", Rights: corpus.RightsFull, Demonstration: true},
			{ID: "ru-b", Designation: "СП 2", Edition: "2021", Language: "ru", Jurisdiction: "RU", Rights: corpus.RightsTitles},
		},
	}
	for i := range 9 {
		for _, st := range []corpus.StandardID{"cn-a", "ru-b"} {
			key := fmt.Sprintf("5.%d", i+1)
			s.clauses = append(s.clauses, corpus.Clause{ID: corpus.NewClauseID(st, key), Standard: st, Label: key, Number: key, Language: "zh",
				Heading: "H\"1\"", Text: "=SECRET\ttext " + string(st) + " " + key})
		}
	}
	verdicts := append(slices.Clone(review.Verdicts[:7]), "equivalent", "equivalent")
	for i, v := range verdicts {
		s.matches = append(s.matches, s.match(i, v))
	}
	s.matches[7].Suspect = true
	s.matches[8].State = review.StateProposed
	s.matches[2].Targets = append(s.matches[2].Targets, "ru-b/5.9")
	return s
}

func (s shelf) match(i int, v review.Verdict) review.Match {
	a, b := corpus.ClauseID(fmt.Sprintf("cn-a/5.%d", i+1)), corpus.ClauseID(fmt.Sprintf("ru-b/5.%d", i+1))
	decision := review.Decision{ID: uuid.NewSHA1(uuid.Nil, []byte{byte(i)}), Kind: review.KindOpinion, Party: "CN", Verdict: v, Note: "why\nso", At: when}
	m := review.Match{ID: uuid.NewSHA1(uuid.Nil, []byte{byte(i), 1}), Dossier: s.dossier.ID, Sources: []corpus.ClauseID{a}, Targets: []corpus.ClauseID{b},
		Against: "ru-b", Decisions: []review.Decision{decision}, State: review.StateConfirmed,
		Outcome: &review.Outcome{Verdict: v, By: []uuid.UUID{decision.ID}, AToB: corpus.Recognition{Answer: corpus.AnswerConditions, Conditions: []string{"add a rail"}}},
		Digests: map[corpus.ClauseID]corpus.Digest{a: "aa", b: "bb"},
		Proposal: &matcher.Proposal{Source: a, Target: b, SourceDigest: "aa", TargetDigest: "bb", Score: 0.987, Confidence: 0.9, Model: "never exported",
			AToB: corpus.Recognition{Conditions: []string{"never exported"}}, Differences: []matcher.Difference{
				{Aspect: matcher.AspectQuantity, Concept: "width", A: ">= 0.8 m", B: ">= 0.9 m HIDDEN", Finding: matcher.FindingBStricter, Factor: 1.125, Delta: 0.1, Unit: "m"},
				{Aspect: matcher.AspectCitation, A: "ISO 1", B: "ISO 1", Finding: matcher.FindingEqual},
				{Aspect: matcher.AspectTerm, A: "never exported", Finding: matcher.FindingOnlyA},
			}}}
	switch v {
	case review.VerdictNoCounterpart:
		m.State, m.Targets = review.StateAbsent, nil
	case "none":
		m.State = review.StateRejected
	}
	return m
}

func gathered(t *testing.T) Set {
	t.Helper()
	s, err := Gather(context.Background(), sample(), uuid.Nil, Options{Now: when, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestGatherTakesOnlyWhatIsAgreed(t *testing.T) {
	s := gathered(t)
	if len(s.Items) != 7 {
		t.Errorf("%d items, want 7: no proposal and nothing suspect", len(s.Items))
	}
}

// shows tells which formats print the texts of clauses.
var shows = []string{"csv", "xlsx", "docx", "html", "mra", "mra-html", "strm"}

// TestRightsHoldInEveryFormat looks into every format, also inside archives, for
// what may not leave: texts of a standard that allows titles only and the figures
// quoted from them, and anything that only a proposal said.
func TestRightsHoldInEveryFormat(t *testing.T) {
	s := gathered(t)
	for _, f := range Formats {
		text := written(t, f, s)
		for _, never := range []string{"text ru-b", "HIDDEN", "never exported", "0.987"} {
			if strings.Contains(text, never) {
				t.Errorf("%s holds %q", f.Name, never)
			}
		}
		if got := strings.Contains(text, "text cn-a 5.1"); got != slices.Contains(shows, f.Name) {
			t.Errorf("%s shows the text that may be shown: %v", f.Name, got)
		}
	}
}

// TestTheRightsTestFinds is its negative control: with full rights the texts and
// figures of the other side do come out.
func TestTheRightsTestFinds(t *testing.T) {
	shelf := sample()
	shelf.standards[1].Rights = corpus.RightsFull
	s, err := Gather(context.Background(), shelf, uuid.Nil, Options{Now: when, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range Formats {
		text := written(t, f, s)
		if slices.Contains(shows, f.Name) && !strings.Contains(text, "text ru-b 5.1") {
			t.Errorf("%s does not show a text that may be shown", f.Name)
		}
		if f.Name == "xlsx" && !strings.Contains(text, "HIDDEN") {
			t.Error("the figures of both sides may be shown, and are not")
		}
	}
}

// written is an export as text, the parts of an archive one after the other.
func written(t *testing.T, f Format, s Set) string {
	t.Helper()
	var out bytes.Buffer
	if err := f.Write(&out, s); err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	if !bytes.HasPrefix(out.Bytes(), []byte("PK")) {
		return out.String()
	}
	archive, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	var all strings.Builder
	for _, file := range archive.File {
		all.WriteString(part(t, file))
	}
	return all.String()
}

// part is one file of an archive.
func part(t *testing.T, file *zip.File) string {
	t.Helper()
	r, err := file.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	body, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestCSV(t *testing.T) {
	var out bytes.Buffer
	if err := CSV(&out, gathered(t)); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 8 || !slices.Equal(rows[0], csvHeader) {
		t.Fatalf("%d rows, header %v", len(rows), rows[0])
	}
	column := func(name string, row int) string { return rows[row][slices.Index(csvHeader, name)] }
	if got := column("b_clauses", 3); got != "5.3 + 5.9" {
		t.Errorf("the set of targets is %q", got)
	}
	if got := column("conditions_a_to_b", 1); got != "add a rail" {
		t.Errorf("the conditions are %q", got)
	}
	if column("demonstration", 1) == "" {
		t.Error("nothing says that the texts are a demonstration")
	}
}

func TestInert(t *testing.T) {
	harmful := []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x", " =1", "\u3000=HYPERLINK(\"x\")", "|cmd", "\u00a0@x", "=cmd|' /C calc'!A0"}
	for _, cell := range harmful {
		if got := exchange.Inert(cell); !strings.HasPrefix(got, "'") {
			t.Errorf("exchange.Inert(%q) = %q", cell, got)
		}
	}
	for _, cell := range []string{"", "5.3.1", "防火", "a=b", "not - this", "'quoted"} {
		if got := exchange.Inert(cell); got != cell {
			t.Errorf("exchange.Inert(%q) = %q, and nothing was wrong with it", cell, got)
		}
	}
}

// sssomTable reads a SSSOM file back: its head and its rows by column.
func sssomTable(t *testing.T, text string) (map[string]any, []string, []map[string]string) {
	t.Helper()
	if strings.HasPrefix(text, "\ufeff") || strings.Contains(text, "\r") || !strings.HasSuffix(text, "\n") {
		t.Error("SSSOM has no byte order mark, line feeds only, and ends with one")
	}
	var head []string
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for len(lines) > 0 && strings.HasPrefix(lines[0], "#") {
		head = append(head, strings.TrimPrefix(lines[0], "#"))
		lines = lines[1:]
	}
	var meta map[string]any
	if err := yaml.Unmarshal([]byte(strings.Join(head, "\n")), &meta); err != nil {
		t.Fatal(err)
	}
	columns := strings.Split(lines[0], "\t")
	var rows []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		cells := strings.Split(line, "\t")
		if len(cells) != len(columns) {
			t.Fatalf("a row has %d cells of %d", len(cells), len(columns))
		}
		for i, c := range columns {
			row[c] = cells[i]
		}
		rows = append(rows, row)
	}
	if !slices.IsSorted(lines[1:]) {
		t.Error("the rows are not in order")
	}
	return meta, columns, rows
}

func TestSSSOMRelations(t *testing.T) {
	var out bytes.Buffer
	if err := SSSOM11(&out, gathered(t)); err != nil {
		t.Fatal(err)
	}
	meta, _, rows := sssomTable(t, out.String())
	if len(rows) != 8 {
		t.Fatalf("%d rows, want 7 matches with one of two targets", len(rows))
	}
	if meta["license"] != DefaultLicense || meta["sssom_version"] != "1.1" {
		t.Errorf("head %v", meta)
	}
	want := map[string]string{
		"cn_a:5.1": "skos:exactMatch", "cn_a:5.2": "skos:exactMatch", "cn_a:5.3": "skos:narrowMatch", "cn_a:5.4": "skos:broadMatch",
		"cn_a:5.5": "skos:closeMatch", "cn_a:5.6": "skos:exactMatch Not", "cn_a:5.7": "skos:exactMatch sssom:NoTermFound",
	}
	for _, row := range rows {
		got := row["predicate_id"]
		if row["predicate_modifier"] != "" {
			got += " " + row["predicate_modifier"]
		}
		if row["object_id"] == "sssom:NoTermFound" {
			got += " sssom:NoTermFound"
		}
		if got != want[row["subject_id"]] {
			t.Errorf("%s is %q, want %q", row["subject_id"], got, want[row["subject_id"]])
		}
		if (row["ext_group"] != "") != (row["subject_id"] == "cn_a:5.3") {
			t.Errorf("%s has the group %q", row["subject_id"], row["ext_group"])
		}
	}
}

// TestSSSOMKeepsToTheSchema checks columns, their order, required slots,
// prefixes and the justification's pattern against the official schema.
func TestSSSOMKeepsToTheSchema(t *testing.T) {
	body, err := os.ReadFile("../../../shared/reference/schemas/sssom_schema.yaml")
	if err != nil {
		t.Skip("the official schema is not beside this checkout")
	}
	var schema struct {
		Classes map[string]struct {
			Slots []string
		}
		Slots map[string]struct {
			Pattern     string
			Annotations map[string]any
		}
	}
	if err := yaml.Unmarshal(body, &schema); err != nil {
		t.Fatal(err)
	}
	for _, f := range []Format{mustBe(t, "sssom"), mustBe(t, "sssom-1.0")} {
		var out bytes.Buffer
		if err := f.Write(&out, gathered(t)); err != nil {
			t.Fatal(err)
		}
		meta, columns, rows := sssomTable(t, out.String())
		last := -1
		for _, c := range columns {
			if strings.HasPrefix(c, "ext_") {
				continue
			}
			at := slices.Index(schema.Classes["mapping"].Slots, c)
			if at <= last {
				t.Errorf("%s: column %s is unknown or out of order", f.Name, c)
			}
			last = at
			if f.Name == "sssom-1.0" && fmt.Sprint(schema.Slots[c].Annotations["added_in"]) == "1.1" {
				t.Errorf("%s: column %s came with 1.1", f.Name, c)
			}
		}
		for key := range meta {
			if !slices.Contains(schema.Classes["mapping set"].Slots, key) {
				t.Errorf("%s: the head's %s is not a slot", f.Name, key)
			}
		}
		prefixes := meta["curie_map"].(map[string]any)
		justification := regexp.MustCompile(schema.Slots["mapping_justification"].Pattern)
		for _, row := range rows {
			if !justification.MatchString(row["mapping_justification"]) {
				t.Errorf("%s: justification %q", f.Name, row["mapping_justification"])
			}
			for _, slot := range []string{"subject_id", "predicate_id", "object_id"} {
				prefix, local, ok := strings.Cut(row[slot], ":")
				_, declared := prefixes[prefix]
				if !ok || local == "" || !declared && prefix != "skos" && prefix != "sssom" {
					t.Errorf("%s: %s %q has an undeclared prefix", f.Name, slot, row[slot])
				}
			}
		}
	}
}

// mustBe is a format that must be there.
func mustBe(t *testing.T, name string) Format {
	t.Helper()
	f, err := ByName(name)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
