package reader

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"concord/corpus"
)

// realDir holds files as publishers offer them; they are not part of the
// repository.
const realDir = "../../../shared/real"

// realEndings are the formats that must import.
var realEndings = []string{".jsonl", ".csv", ".md", ".txt", ".json"}

// refusedReal are files of those formats that hold no standard, with what the
// refusal must say.
var refusedReal = map[string]string{
	"ISO27001-AnnexA-to-GS++-mapping_collection.json":    "mapping collection",
	"NIST_SP-800-53_rev5_MODERATE-baseline_profile.json": "profile",
	"ISM_E8_ML1-baseline_profile.json":                   "profile",
	"glossaire.json":                                     "no clause",
}

func TestRealFiles(t *testing.T) {
	var files []string
	filepath.WalkDir(realDir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "SOURCE.md") || filepath.Dir(path) == realDir {
			return nil
		}
		if hasSuffix(path, realEndings...) {
			files = append(files, path)
		}
		return nil
	})
	if len(files) == 0 {
		t.Skip("the real files are not on this machine")
	}
	sort.Strings(files)
	t.Logf("%-72s %5s %6s %6s %6s %4s %s", "file", "stds", "clause", "text", "max", "warn", "lang, jurisdiction, domain, tradition")
	for _, path := range files {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			f, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			docs, err := Read(path, f, Hint{})
			if want, refused := refusedReal[name]; refused {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Fatalf("should be refused with %q: %v", want, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			t.Log(summary(path, docs))
			for _, doc := range docs {
				if corpus.Fatal(doc.Problems) {
					t.Errorf("%s: %v", doc.Standard.ID, doc.Problems)
				}
			}
		})
	}
}

func summary(path string, docs []*corpus.Document) string {
	clauses, text, longest, warnings := 0, 0, 0, 0
	for _, doc := range docs {
		for _, c := range doc.Clauses {
			clauses++
			if c.Text != "" {
				text++
			}
			longest = max(longest, len(c.Text))
		}
		for _, p := range doc.Problems {
			if p.Severity != corpus.SeverityNote {
				warnings++
			}
		}
	}
	s := docs[0].Standard
	rel, _ := filepath.Rel(realDir, path)
	return fmt.Sprintf("%-72s %5d %6d %6d %6d %4d %s, %s, %s, %s", rel, len(docs), clauses, text, longest, warnings, s.Language, s.Jurisdiction, s.Domain, s.Tradition)
}
