package samples

import (
	"io/fs"
	"path"
	"strings"
	"testing"

	"concord/corpus"
	"concord/corpus/reader"
)

// read reads every sample standard.
func read(t *testing.T) map[corpus.StandardID]*corpus.Document {
	t.Helper()
	files := Standards()
	names, err := fs.Glob(files, "*.md")
	if err != nil {
		t.Fatal(err)
	}
	out := map[corpus.StandardID]*corpus.Document{}
	for _, name := range names {
		f, err := files.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		docs, err := reader.Read(name, f, reader.Hint{})
		_ = f.Close()
		if err != nil || len(docs) != 1 {
			t.Fatalf("%s: %d documents, %v", name, len(docs), err)
		}
		if want := strings.TrimSuffix(path.Base(name), ".md"); string(docs[0].Standard.ID) != want {
			t.Errorf("%s has the id %s", name, docs[0].Standard.ID)
		}
		out[docs[0].Standard.ID] = docs[0]
	}
	return out
}

func TestEveryStandardReadsWithoutAProblemAndSaysWhatItIs(t *testing.T) {
	for id, doc := range read(t) {
		s := doc.Standard
		for _, p := range doc.Problems {
			if p.Severity != corpus.SeverityNote {
				t.Errorf("%s: %s", id, p)
			}
		}
		if !s.Demonstration || s.Notice == "" || s.Designation == "" || len(s.Titles) == 0 || s.Issuer == "" || s.Tradition == "" {
			t.Errorf("%s does not say that it is a demonstration, or what it is: %+v", id, s)
		}
	}
}

func TestTheCorpusIsLargeEnough(t *testing.T) {
	docs := read(t)
	clauses, normative := 0, 0
	jurisdictions, languages, domains := map[corpus.Jurisdiction]int{}, map[corpus.Language]int{}, map[corpus.Domain]int{}
	for _, doc := range docs {
		for _, c := range doc.Clauses {
			if c.Kind != corpus.KindHeading {
				clauses++
			}
			if c.Kind.Normative() {
				normative++
			}
		}
		jurisdictions[doc.Standard.Jurisdiction]++
		languages[doc.Standard.Language.Base()]++
		domains[doc.Standard.Domain]++
	}
	gold, err := Gold()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d standards, %d clauses (%d normative), %d jurisdictions, %d languages, %v, %d gold rows", len(docs), clauses, normative, len(jurisdictions), len(languages), domains, len(gold))
	if len(docs) < 36 || clauses < 1400 || len(jurisdictions) < 10 || len(languages) < 6 || len(domains) != 3 || len(gold) < 1100 {
		t.Error("the sample corpus is smaller than it says")
	}
	for domain, n := range domains {
		if n < 9 {
			t.Errorf("%d standards only are of the domain %s", n, domain)
		}
	}
}

func TestGoldNamesClausesThatAreThere(t *testing.T) {
	docs := read(t)
	kinds := map[corpus.ClauseID]corpus.Kind{}
	for _, doc := range docs {
		for _, c := range doc.Clauses {
			kinds[c.ID] = c.Kind
		}
	}
	gold, err := Gold()
	if err != nil {
		t.Fatal(err)
	}
	relations := map[corpus.Relation]int{}
	for _, p := range gold {
		relations[p.Relation]++
		for _, id := range append(append([]corpus.ClauseID{}, p.Sources...), p.Targets...) {
			if kinds[id] == "" {
				t.Errorf("%s: there is no clause %s", p.Place, id)
			}
		}
		if docs[p.Against] == nil {
			t.Errorf("%s: there is no standard %s", p.Place, p.Against)
		}
		if p.Note == "" {
			t.Errorf("%s: no note says why", p.Place)
		}
	}
	t.Log(relations)
	for _, r := range corpus.Relations {
		if relations[r] == 0 {
			t.Errorf("no pair is %s", r)
		}
	}
	if relations[corpus.RelationNone] < 50 || relations[""] < 10 {
		t.Error("there are too few hard negatives, or clauses without a counterpart")
	}
}

func TestDossiersNameStandardsThatAreThere(t *testing.T) {
	docs := read(t)
	dossiers, err := Dossiers()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dossiers {
		for _, side := range d.Sides {
			for _, id := range side.Standards {
				if docs[id] == nil {
					t.Errorf("%s: there is no standard %s", d.Name, id)
				}
			}
		}
	}
}

func TestReadGoldRefuses(t *testing.T) {
	cases := []struct{ name, row string }{
		{"three cells", "a/1\tb/1\tequivalent"},
		{"an unknown relation", "a/1\tb/1\tsimilar\twhy"},
		{"an empty row", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if _, err := readGold("x.tsv", goldHeader+"\n"+c.row+"\nz/1\tb/1\tnone\twhy\n"); err == nil || !strings.Contains(err.Error(), "x.tsv line 2") {
				t.Errorf("got %v", err)
			}
		})
	}
	if _, err := readGold("x.tsv", "wrong header\n"); err == nil {
		t.Error("a wrong header was taken")
	}
}
