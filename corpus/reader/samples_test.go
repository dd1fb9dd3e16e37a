package reader

import (
	"bufio"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"concord/corpus"
)

// The sample corpus is read as its authors mean it: the identifier is the
// file's name, no number is given twice, every clause named in the gold tables
// exists, and the marks of illustrative numbers are understood.
func TestSampleCorpus(t *testing.T) {
	files, _ := filepath.Glob("../samples/standards/*.md")
	if len(files) == 0 {
		t.Skip("the sample corpus is not there")
	}
	known := map[string]corpus.Clause{}
	standards := map[string]bool{}
	for _, path := range files {
		id := strings.TrimSuffix(filepath.Base(path), ".md")
		standards[id] = true
		t.Run(id, func(t *testing.T) {
			f, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			docs, err := Read(path, f, Hint{})
			if err != nil {
				t.Fatal(err)
			}
			doc := docs[0]
			if string(doc.Standard.ID) != id {
				t.Errorf("the id is %q", doc.Standard.ID)
			}
			for _, p := range doc.Problems {
				if p.Severity != corpus.SeverityNote {
					t.Error(p)
				}
			}
			if !doc.Standard.Demonstration || doc.Standard.Notice == "" || len(doc.Standard.Titles) == 0 || doc.Standard.Tradition == "" || doc.Standard.Domain == "" {
				t.Errorf("the identity is incomplete: %+v", doc.Standard)
			}
			normative, marked := 0, 0
			for _, c := range doc.Clauses {
				known[string(c.ID)] = c
				if c.Kind.Normative() {
					normative++
				}
				if strings.Contains(c.Text+c.Heading, "{.") {
					t.Errorf("%s keeps a mark: %s", c.ID, c.Text)
				}
				if !c.Illustrative {
					marked++
				}
				if strings.HasSuffix(c.ID.Key(), "preamble") {
					t.Errorf("text before the first clause: %s", c.Text)
				}
			}
			if normative < 20 {
				t.Errorf("%d normative clauses only", normative)
			}
			if raw, _ := os.ReadFile(path); strings.Count(string(raw), "{.official}") > marked {
				t.Errorf("%d clauses are marked official, %d marks stand in the file", marked, strings.Count(string(raw), "{.official}"))
			}
			paragraphs(t, path, doc)
		})
	}
	gold(t, known, standards)
}

var opensClause = regexp.MustCompile(`^(\d+(?:\.\d+)+[A-Z]?|[A-Z]\.\d[\d.]*|(?:Article|Статья|المادة|第).{1,12}?)\s`)

// paragraphs counts the paragraphs that open with a number, by other means than
// the reader's, against the clauses read.
func paragraphs(t *testing.T, path string, doc *corpus.Document) {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want := 0
	for s := bufio.NewScanner(f); s.Scan(); {
		if opensClause.MatchString(s.Text()) {
			want++
		}
	}
	got := 0
	for _, c := range doc.Clauses {
		if c.Kind != corpus.KindHeading && c.Kind != corpus.KindNote && c.Kind != corpus.KindExample && opensClause.MatchString(c.Label+" ") {
			got++
		}
	}
	if got < want-1 || got > want+4 {
		t.Errorf("%d clauses for %d numbered paragraphs", got, want)
	}
}

// gold checks that every clause the gold tables name is there and has a text.
func gold(t *testing.T, known map[string]corpus.Clause, standards map[string]bool) {
	tables, _ := filepath.Glob("../samples/gold/*.tsv")
	for _, path := range tables {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range strings.Split(strings.TrimSpace(string(raw)), "\n")[1:] {
			cells := strings.Split(row, "\t")
			if len(cells) < 3 {
				continue
			}
			for _, id := range strings.Split(cells[0]+"+"+cells[1], "+") {
				if id == "" || standards[id] || !standards[string(corpus.ClauseID(id).Standard())] {
					continue
				}
				if c, found := known[id]; !found || c.Text == "" {
					t.Errorf("%s:%d: %s is not among the clauses read", filepath.Base(path), i+2, id)
				}
			}
		}
	}
}
