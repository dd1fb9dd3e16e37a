package reader

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
	"unicode"

	"concord/corpus"
)

// realDir holds files as publishers offer them; they are not part of the
// repository. The second place is that of a second working tree.
var realDir = firstDir("../../../shared/real", "../../../../shared/real")

func firstDir(places ...string) string {
	for _, p := range places {
		if info, err := os.Stat(p); err == nil && info.IsDir() {
			return p
		}
	}
	return places[0]
}

// realEndings are the formats that must import.
var realEndings = []string{".jsonl", ".csv", ".md", ".txt", ".json", ".xml", ".html", ".htm", ".xhtml", ".rst", ".adoc", ".yaml", ".epub", ".pdf"}

// refusedReal are files of those formats that hold no standard, with what the
// refusal must say.
var refusedReal = map[string]string{
	"ISO27001-AnnexA-to-GS++-mapping_collection.json":    "mapping collection",
	"NIST_SP-800-53_rev5_MODERATE-baseline_profile.json": "profile",
	"ISM_E8_ML1-baseline_profile.json":                   "profile",
	"glossaire.json":                                     "no clause",
	"rice.gb.en.adoc":                                    "body-en.adoc",
	"rice.gb.zh.adoc":                                    "body-zh.adoc",
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

// Some of the real files were also cut into clauses by others, by hand and by
// scripts of their own. What they found, the reader must find under the same
// number with the same beginning.
func TestRealFilesAgainstOthersCuts(t *testing.T) {
	for _, row := range []struct {
		file, cut, standard string
		missing             int // clauses of the other cut that the reader may miss
	}{
		{"cn-gb-txt/GB50016-2014.txt", "clauses/cn-building.jsonl", "GB 50016-2014", 2},
		{"cn-gb-txt/GB50352-2019.txt", "clauses/cn-building.jsonl", "GB 50352-2019", 2},
		{"de-baustellv/baustellv.md", "clauses/de-engineering.jsonl", "BaustellV", 2},
		{"th-ieat-md/ieat-2012.md", "clauses/th-ieat.jsonl", "IEAT Regulations B.E. 2555 (2012)", 1},
		{"vn-decree-217/nghi-dinh-217-2026.md", "clauses/vn-engineering.jsonl", "Nghị định 217/2026/NĐ-CP", 2},
		{"fi-accessibility/fi-accessibility-en.pdf", "clauses/fi-building.jsonl", "FI Decree on the accessibility of buildings (241/2017)", 0},
		{"fi-fire-safety/fi-fire-safety-en.pdf", "clauses/fi-building.jsonl", "FI Decree on the fire safety of buildings (848/2017)", 1}, // a stray figure stands before Section 44, and the other begins § 39 with marks of a table
		{"uk-approved-document-k/Approved_Document_K.pdf", "clauses/uk-approved-documents.jsonl", "Approved Document K", 0},
		{"uk-approved-document-m2/Approved_Document_M_vol_2.pdf", "clauses/uk-approved-documents.jsonl", "Approved Document M2", 0},
	} {
		t.Run(row.file, func(t *testing.T) {
			mine := clausesOf(t, filepath.Join(realDir, row.file), "")
			others := clausesOf(t, filepath.Join(realDir, row.cut), row.standard)
			byNumber := map[string]corpus.Clause{}
			for _, c := range mine {
				byNumber[c.ID.Key()] = c
				if key := sectionPrefix.ReplaceAllString(c.ID.Key(), ""); byNumber[key].ID == "" && strings.HasSuffix(row.file, ".pdf") {
					byNumber[key] = c // the others leave the section out where the number says it
				}
			}
			missing, different, compared := 0, 0, 0
			for _, c := range others {
				if c.Text == "" {
					continue
				}
				compared++
				own, found := byNumber[c.ID.Key()]
				switch {
				case !found:
					missing++
					t.Logf("%s is missing: %.60q", c.ID.Key(), c.Text)
				case !strings.Contains(letters(own.Wording()+firstParagraph(own, mine)), head(letters(c.Text), 12)):
					different++
					t.Logf("%s differs: %.80q, the other %.80q", c.ID.Key(), own.Wording(), c.Text)
				}
			}
			if compared < 5 {
				t.Fatalf("only %d clauses to compare", compared)
			}
			t.Logf("%d of %d clauses found, %d begin otherwise", compared-missing, compared, different)
			if missing > row.missing || different > row.missing {
				t.Errorf("%d missing and %d different of %d", missing, different, compared)
			}
		})
	}
}

// firstParagraph is the text of the first paragraph of an article, which others leave
// in the article.
func firstParagraph(article corpus.Clause, all []corpus.Clause) string {
	for _, c := range all {
		if c.Parent == article.ID && strings.HasPrefix(c.ID.Key(), article.ID.Key()+"(1)") {
			return "1" + c.Text
		}
	}
	return ""
}

// sectionPrefix is the section before a number of a clause.
var sectionPrefix = regexp.MustCompile(`^(chapter-[0-9]+\.)?(section-[0-9]+\.|section-)`)

// Some of the real files are the same text in several formats. What is read of
// each must agree: the labels of the clauses and the words under them. The bars
// are the reliability plan's where nothing but the format differs, and lower where
// the files are other editions or flavours of the text, as said.
func TestRealFilesAgree(t *testing.T) {
	for _, row := range []struct {
		a, b         string
		labels, text float64
	}{
		{"za-cape-town-fire-safety/community-fire-safety.xml", "za-cape-town-fire-safety/community-fire-safety.html", 0.99, 0.99},
		{"za-cape-town-fire-safety/community-fire-safety.xml", "za-cape-town-fire-safety/community-fire-safety.epub", 0.99, 0.99},
		{"za-cape-town-fire-safety/community-fire-safety.xml", "za-cape-town-fire-safety/community-fire-safety.pdf", 0.92, 0.95},
		{"cn-gb55001-rst/2.rst", "cn-gb55001-html/2.html", 0.99, 0.99},
		{"cn-gb55001-rst/4.rst", "cn-gb55001-html/4.html", 0.99, 0.99},
		{"us-ada-md/2010-stds.md", "us-ada-html/2010ADAStandards.htm", 0.97, 0.97}, // the page lacks the federal rules in front
		{"oscal-nist/basic-catalog.json", "oscal-nist/basic-catalog.xml", 0.99, 0.99},
		{"oscal-nist/basic-catalog.json", "oscal-nist/basic-catalog.yaml", 0.99, 0.99},
		{"sts-rice/rice-en.final.sts.xml", "sts-rice/rice-en.cd.metanorma.xml", 0.97, 0.97},
		{"metanorma-gb-rice/rice.gb.xml", "metanorma-gb-rice/rice.gb.html", 0.97, 0.97},
		{"metanorma-gb-rice/rice.gb.html", "metanorma-gb-rice/body-en.adoc", 0.97, 0.94},                  // the source has other Chinese terms
		{"eu-epbd-2024/epbd-2024-en.xhtml", "eu-epbd-2024/epbd-2024-consolidated-en.fmx.xml", 0.97, 0.97}, // annex III was replaced since
		{"eu-epbd-2024/epbd-2024-fr.xhtml", "eu-epbd-2024/epbd-2024-consolidated-fr.fmx.xml", 0.97, 0.97}, // as above
		{"eu-epbd-2010/epbd-2010-en.xhtml", "eu-epbd-2010/epbd-2010-consolidated-en.fmx.xml", 0.75, 0.85}, // amended in many articles
	} {
		t.Run(row.b, func(t *testing.T) {
			g := Agree(documentOf(t, row.a), documentOf(t, row.b))
			t.Logf("labels %.3f, text %.3f, %d and %d numbered clauses", g.Labels, g.Text, g.A, g.B)
			if g.Labels < row.labels || g.Text < row.text || g.A < 8 {
				t.Errorf("labels %.3f and text %.3f of %d and %d clauses; want %.2f and %.2f", g.Labels, g.Text, g.A, g.B, row.labels, row.text)
			}
		})
	}
	if g := Agree(documentOf(t, "cn-gb55001-rst/2.rst"), documentOf(t, "us-ada-md/2010-stds.md")); g.Labels > 0.1 {
		t.Errorf("different standards agree: %+v", g)
	}
}

// Two languages of one act have the same clauses.
func TestRealTranslationsAgree(t *testing.T) {
	for _, pair := range [][2]string{
		{"eu-epbd-2010/epbd-2010-en.xhtml", "eu-epbd-2010/epbd-2010-fr.xhtml"},
		{"eu-epbd-2024/epbd-2024-en.xhtml", "eu-epbd-2024/epbd-2024-fr.xhtml"},
		{"eu-epbd-2024/epbd-2024-consolidated-en.fmx.xml", "eu-epbd-2024/epbd-2024-consolidated-fr.fmx.xml"},
		{"ca-cohs/SOR-86-304-en.xml", "ca-cohs/DORS-86-304-fr.xml"},
		{"tw-json/D0120029-zh.json", "tw-json/D0120029-en.json"},
	} {
		t.Run(pair[1], func(t *testing.T) {
			g := Agree(documentOf(t, pair[0]), documentOf(t, pair[1]))
			t.Logf("labels %.3f, %d and %d numbered clauses", g.Labels, g.A, g.B)
			if g.Labels < 0.98 {
				t.Errorf("only %.3f of the labels are in both", g.Labels)
			}
		})
	}
}

func documentOf(t *testing.T, path string) *corpus.Document {
	t.Helper()
	f, err := os.Open(filepath.Join(realDir, path))
	if err != nil {
		t.Skip("the real files are not on this machine")
	}
	defer f.Close()
	docs, err := Read(path, f, Hint{})
	if err != nil {
		t.Fatal(err)
	}
	return docs[0]
}

// clausesOf reads a file and keeps the clauses of one standard, or all.
func clausesOf(t *testing.T, path, designation string) []corpus.Clause {
	f, err := os.Open(path)
	if err != nil {
		t.Skip("the real files are not on this machine")
	}
	defer f.Close()
	docs, err := Read(path, f, Hint{})
	if err != nil {
		t.Fatal(err)
	}
	var out []corpus.Clause
	for _, doc := range docs {
		if designation == "" || doc.Standard.Designation == designation {
			out = append(out, doc.Clauses...)
		}
	}
	return out
}

// letters keeps the letters and figures of a text.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

func head(s string, n int) string { return string([]rune(s)[:min(n, len([]rune(s)))]) }
