package reader

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"concord/corpus"
)

// seeds adds the files of testdata/in with one of the endings.
func seeds(f *testing.F, endings ...string) {
	files, _ := filepath.Glob("testdata/in/*")
	for _, path := range files {
		if raw, err := os.ReadFile(path); err == nil && hasSuffix(path, endings...) {
			f.Add(raw)
		}
	}
}

// check reads a file and holds what every document promises, whatever the input.
func check(t *testing.T, name string, raw []byte, hint Hint) {
	docs, err := Read(name, bytes.NewReader(raw), hint)
	if err != nil {
		if !errors.Is(err, corpus.ErrInvalid) && !errors.Is(err, corpus.ErrLimit) {
			t.Fatalf("the error has no kind: %v", err)
		}
		if strings.Contains(err.Error(), "the reader failed") {
			t.Fatal(err)
		}
		return
	}
	for _, doc := range docs {
		seen := map[corpus.ClauseID]bool{}
		for i, c := range doc.Clauses {
			switch {
			case seen[c.ID] || c.ID.Standard() != doc.Standard.ID:
				t.Fatalf("the id %q is not the clause's own", c.ID)
			case strings.ContainsAny(c.ID.Key(), "/ \n\t?#%") || c.ID.Key() == "":
				t.Fatalf("the key %q is not safe", c.ID.Key())
			case c.Parent != "" && !seen[c.Parent]:
				t.Fatalf("%q stands before its parent %q", c.ID, c.Parent)
			case !utf8.ValidString(c.Text) || !utf8.ValidString(c.Heading) || !isClean(c.Text) && strings.IndexByte(c.Text, '\r') >= 0:
				t.Fatalf("%q has unclean text %q", c.ID, c.Text)
			case c.Order != i || c.Kind == "":
				t.Fatalf("%q has order %d and kind %q", c.ID, c.Order, c.Kind)
			}
			seen[c.ID] = true
		}
		for _, p := range doc.Problems {
			if strings.Contains(p.Cure, "report the file") {
				t.Fatalf("the reader made a wrong document: %v", p)
			}
		}
	}
}

func FuzzText(f *testing.F) {
	seeds(f, ".txt")
	f.Fuzz(func(t *testing.T, raw []byte) { check(t, "a.txt", raw, Hint{}) })
}

func FuzzMarkdown(f *testing.F) {
	seeds(f, ".md")
	f.Fuzz(func(t *testing.T, raw []byte) { check(t, "a.md", raw, Hint{}) })
}

func FuzzTable(f *testing.F) {
	seeds(f, ".csv", ".tsv")
	f.Fuzz(func(t *testing.T, raw []byte) { check(t, "a.csv", raw, Hint{}) })
}

func FuzzLines(f *testing.F) {
	seeds(f, ".jsonl")
	f.Fuzz(func(t *testing.T, raw []byte) { check(t, "a.jsonl", raw, Hint{}) })
}

func FuzzJSON(f *testing.F) {
	seeds(f, ".json")
	f.Fuzz(func(t *testing.T, raw []byte) { check(t, "a.json", raw, Hint{}) })
}

func FuzzOSCAL(f *testing.F) {
	seeds(f, "oscal.json")
	f.Fuzz(func(t *testing.T, raw []byte) { check(t, "oscal.json", raw, Hint{}) })
}

func FuzzYAML(f *testing.F) {
	seeds(f, ".yaml")
	f.Fuzz(func(t *testing.T, raw []byte) { check(t, "a.yaml", raw, Hint{}) })
}

func FuzzRST(f *testing.F) {
	seeds(f, ".rst")
	f.Fuzz(func(t *testing.T, raw []byte) { check(t, "a.rst", raw, Hint{}) })
}

func FuzzAsciiDoc(f *testing.F) {
	seeds(f, ".adoc")
	f.Fuzz(func(t *testing.T, raw []byte) { check(t, "a.adoc", raw, Hint{}) })
}

func FuzzPage(f *testing.F) {
	seeds(f, ".html", ".xhtml")
	f.Fuzz(func(t *testing.T, raw []byte) { check(t, "a.html", raw, Hint{}) })
}

// FuzzMarkup reads XML of every vocabulary; the root element chooses.
func FuzzMarkup(f *testing.F) {
	seeds(f, ".xml")
	f.Fuzz(func(t *testing.T, raw []byte) { check(t, "a.xml", raw, Hint{}) })
}

// FuzzAny lets the reader find out what the file is.
func FuzzAny(f *testing.F) {
	seeds(f, ".txt", ".md", ".csv", ".tsv", ".jsonl", ".json", ".xml", ".html")
	f.Fuzz(func(t *testing.T, raw []byte) { check(t, "file", raw, Hint{Designation: "X 1:2000"}) })
}

func BenchmarkRead(b *testing.B) {
	for _, name := range []string{"zh-gb.txt", "ru-sp.txt", "demo.md", "ru-table.csv", "two.jsonl", "oscal.json", "nested.json"} {
		raw, err := os.ReadFile("testdata/in/" + name)
		if err != nil {
			b.Fatal(err)
		}
		if hasSuffix(name, ".txt", ".md", ".csv", ".jsonl") { // a file of ordinary size
			raw = bytes.Repeat(raw, 100)
		}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				if _, err := Read(name, bytes.NewReader(raw), Hint{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkRealFiles(b *testing.B) {
	for _, name := range []string{"cn-gb-txt/GB50016-2014.txt", "us-ada-md/2010-stds.md", "clauses/uk-approved-documents.jsonl", "oscal-nist/NIST_SP-800-53_rev4_catalog-min.json", "asvs/OWASP Application Security Verification Standard 4.0.3-ru.csv"} {
		raw, err := os.ReadFile(filepath.Join(realDir, name))
		if err != nil {
			b.Skip("the real files are not on this machine")
		}
		b.Run(filepath.Base(name), func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				if _, err := Read(name, bytes.NewReader(raw), Hint{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
