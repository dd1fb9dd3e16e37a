package reader

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"concord/corpus"
)

var update = flag.Bool("update", false, "write the golden trees")

// Every file of testdata/in is read as its tree in testdata/golden says: the
// identity, the problems, and each clause with key, parent, label, kind, heading,
// text and path.
func TestGoldenTrees(t *testing.T) {
	files, err := filepath.Glob("testdata/in/*")
	if err != nil || len(files) < 15 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, path := range files {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			docs, err := Read(name, bytes.NewReader(raw), Hint{})
			if err != nil {
				t.Fatal(err)
			}
			got := tree(docs)
			golden := filepath.Join("testdata", "golden", name+".tree")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("the tree differs; look at it with go test -run Golden -update and git diff\n%s", got)
			}
			again, err := Read(name, bytes.NewReader(raw), Hint{})
			if err != nil || tree(again) != got {
				t.Error("a second reading differs")
			}
		})
	}
}

// tree writes documents for people to compare.
func tree(docs []*corpus.Document) string {
	var b strings.Builder
	for _, doc := range docs {
		s := doc.Standard
		fmt.Fprintf(&b, "%s | %s | %s | %s %s %s %s | %s %s %s\n", s.ID, s.Designation, s.Issuer, s.Jurisdiction, s.Language, s.Domain, s.Tradition, s.Edition, s.Status, s.Rights)
		for _, title := range s.Titles {
			fmt.Fprintf(&b, "  title %s: %s\n", title.Language, title.Text)
		}
		if s.Notice != "" || s.InForce != "" || len(s.Replaces)+len(s.Adopts)+len(s.ICS) > 0 {
			fmt.Fprintf(&b, "  more: %s %v %v %v %v %v\n", s.InForce, s.Replaces, s.Adopts, s.ICS, s.Demonstration, s.Notice)
		}
		for _, term := range doc.Terms {
			fmt.Fprintf(&b, "  term %s: %v\n", term.Clause.Key(), term.Names)
		}
		for _, p := range doc.Problems {
			fmt.Fprintf(&b, "  %s %s\n", p.Severity, p)
		}
		for _, c := range doc.Clauses {
			fmt.Fprintf(&b, "%s%s ^%s [%s] %s", strings.Repeat("  ", len(c.Path)), c.ID.Key(), c.Parent.Key(), c.Label, c.Kind)
			if c.Illustrative {
				b.WriteString(" illustrative")
			}
			if doc.Source != nil {
				fmt.Fprintf(&b, " @%s", standsAt(doc.Source, c.ID.Key()))
			}
			fmt.Fprintf(&b, " | %s | %s | %s\n", c.Heading, strings.ReplaceAll(c.Text, "\n", " ⏎ "), strings.Join(c.Path, " > "))
		}
	}
	return b.String()
}

// standsAt says where a clause stands: "12" or "12-14", the lines of the file with
// their page, sheet or part.
func standsAt(s *corpus.Source, key string) string {
	at, found := s.Places[key]
	if !found {
		return "?"
	}
	name := func(n int) string {
		l := s.Lines[n-1]
		out := fmt.Sprint(l.No)
		if l.Box.Page > 0 {
			out = fmt.Sprintf("p%d.%d(%g,%g)", l.Box.Page, l.No, l.Box.X, l.Box.Y)
		}
		if l.Part != "" {
			out = l.Part + "." + out
		}
		return out
	}
	if from, to := name(at.From), name(at.To); from != to {
		return from + "-" + to
	}
	return name(at.From)
}
