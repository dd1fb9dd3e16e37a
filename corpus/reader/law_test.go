package reader

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"concord/corpus"
)

// readLaw reads a file of testdata/law.
func readLaw(t *testing.T, path string) *corpus.Document {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	docs, err := Read(filepath.Base(path), f, Hint{})
	if err != nil {
		t.Fatal(err)
	}
	return docs[0]
}

// A regulation cut into articles, an act cut into sections and a Verordnung cut into §,
// all of our own making, stand in the formats in which such texts are published: with
// points and sub-points, a paragraph that goes on behind them, definitions, a table, a
// footnote, inserted and repealed provisions, words for another act, annexes and
// schedules. Whatever the format, the clauses and their words are the same.
func TestOneLawInManyFormats(t *testing.T) {
	for law, want := range map[string]int{"regulation": 26, "act": 19, "verordnung": 17} {
		files, err := filepath.Glob("testdata/law/" + law + ".*")
		if err != nil || len(files) < 3 {
			t.Fatalf("%d files: %v", len(files), err)
		}
		for i, a := range files {
			for _, b := range files[i+1:] {
				g := Agree(readLaw(t, a), readLaw(t, b))
				if g.Labels < 0.99 || g.Text < 0.97 || g.A != want || g.B != want {
					t.Errorf("%s and %s: %+v, want %d clauses of each", a, b, g, want)
				}
			}
		}
	}
	if g := Agree(readLaw(t, "testdata/law/regulation.akn.xml"), readLaw(t, "testdata/law/act.akn.xml")); g.Text > 0.7 {
		t.Errorf("different laws agree: %+v", g)
	}
}

// An annex that is the only one has no number, whatever the format: it is the first.
func TestLoneAnnexInManyFormats(t *testing.T) {
	files, _ := filepath.Glob("testdata/law/regulation.*")
	for _, path := range files {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		docs, err := Read(filepath.Base(path), strings.NewReader(strings.NewReplacer("ANNEX II", "ANNEX II", "ANNEX I", "ANNEX").Replace(string(raw))), Hint{})
		if err != nil {
			t.Fatal(err)
		}
		found := ""
		for _, c := range docs[0].Clauses {
			if c.ID.Key() == "annex-1" || c.ID.Key() == "annex-1.2" {
				found += c.Label + " " + c.Heading + c.Text + "; "
			}
		}
		if want := "ANNEX Colours; 2 Green lanterns shall stand at starboard.; "; found != want {
			t.Errorf("%s: %q, want %q", path, found, want)
		}
	}
}

// What XML says of such laws besides their words: who binds whom, in which language, how
// they are cited, and which clauses are definitions, notes and tables.
func TestLawsIdentityAndKinds(t *testing.T) {
	for _, row := range []struct {
		file, designation, jurisdiction string
		definitions, notes, tables      int
	}{
		{"regulation.akn.xml", "Regulation (EU) 2031/77", "EU", 2, 1, 1},
		{"regulation.fmx.xml", "Regulation (EU) 2031/77", "EU", 2, 1, 1},
		{"regulation.eli.xhtml", "Regulation (EU) 2031/77", "EU", 2, 1, 1},
		{"act.akn.xml", "Lantern Safety Act 2031", "GB", 2, 1, 1},
		{"act.clml.xml", "Lantern Safety Act 2031", "GB", 2, 1, 1},
		{"act.justice.xml", "Lantern Safety Act 2031", "CA", 2, 1, 1},
		{"act.uslm.xml", "Lantern Safety Act 2031", "US", 2, 1, 1},
	} {
		doc := readLaw(t, "testdata/law/"+row.file)
		kinds := map[corpus.Kind]int{}
		for _, c := range doc.Clauses {
			kinds[c.Kind]++
		}
		s := doc.Standard
		if s.Designation != row.designation || string(s.Jurisdiction) != row.jurisdiction || s.Language != "en" {
			t.Errorf("%s: %q of %s in %s", row.file, s.Designation, s.Jurisdiction, s.Language)
		}
		if kinds[corpus.KindDefinition] != row.definitions || kinds[corpus.KindNote] != row.notes || kinds[corpus.KindTable] != row.tables {
			t.Errorf("%s: %v", row.file, kinds)
		}
	}
}

// A file in which a service or database has put something around the act is read as the
// act, an annex beside it is its annex, and each act of a list is a document.
func TestWrappedLaws(t *testing.T) {
	act := `<akomaNtoso><act><meta><identification><FRBRWork><FRBRcountry value="fi"/></FRBRWork><FRBRExpression><FRBRlanguage language="LANG"/></FRBRExpression></identification></meta><preface><p><docNumber>5/2031</docNumber></p></preface><body><chapter><num>1 luku</num><heading>Yleistä</heading><section><num>1 §</num><heading>Tarkoitus</heading><subsection><content><p>Lyhty palaa.</p></content></subsection></section><section><num>1 a §</num><heading>Poikkeus</heading><subsection><intro><p>Ei sovelleta:</p></intro><paragraph><num>1)</num><content><p>kynttilään;</p></content></paragraph><paragraph><num>2)</num><content><p>soihtuun.</p></content></paragraph></subsection></section></chapter></body></act></akomaNtoso>`
	docs, err := Read("list.xml", strings.NewReader("<AknXmlList><Results>"+strings.ReplaceAll(act, "LANG", "fin")+strings.ReplaceAll(act, "LANG", "swe")+"</Results></AknXmlList>"), Hint{})
	if err != nil || len(docs) != 2 || docs[0].Standard.Language != "fi" || docs[1].Standard.Language != "sv" || docs[0].Standard.Jurisdiction != "FI" {
		t.Fatalf("%d documents: %v", len(docs), err)
	}
	var keys []string
	for _, c := range docs[0].Clauses {
		keys = append(keys, c.ID.Key())
	}
	if got := len(keys); got != 3 || keys[0] != "chapter-1" || keys[1] != "1" || keys[2] != "1a" {
		t.Errorf("clauses %v", keys)
	}
}

// Annexes of Metanorma XML have the letters that are printed: those of the language where
// the presentation was not worked out, else those it gives.
func TestMetanormaAnnexLetters(t *testing.T) {
	const form = `<metanorma><bibdata><title language="LANG" type="main">T</title><docidentifier>X 1:2031</docidentifier><language>LANG</language></bibdata><sections><clause><title>S</title><p>P.</p></clause></sections><annex id="a" obligation="normative"><title>One</title>TITLE<clause><title>Part</title><p>P.</p><table id="t"><name>N</name><tbody><tr><td>1</td></tr></tbody></table></clause></annex><annex obligation="informative"><title>Two</title><p>P.</p></annex></metanorma>`
	for _, row := range []struct{ language, title, want string }{
		{"en", "", "1 A A.1 A.1~table-A.1 B"},
		{"ru", "", "1 А А.1 А.1~table-А.1 Б"},
		{"ar", "", "1 أ أ.1 أ.1~table-أ.1 ب"},
		{"ru", `<fmt-title><span><semx element="autonum" source="a">ДА</semx></span> One</fmt-title>`, "1 ДА ДА.1 ДА.1~table-ДА.1 Б"},
	} {
		docs, err := Read("x.xml", strings.NewReader(strings.NewReplacer("LANG", row.language, "TITLE", row.title).Replace(form)), Hint{})
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for _, c := range docs[0].Clauses {
			keys = append(keys, c.ID.Key())
		}
		if got := strings.Join(keys, " "); got != row.want {
			t.Errorf("%s: %s, want %s", row.language, got, row.want)
		}
	}
}
