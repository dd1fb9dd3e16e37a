package termbase

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"

	"concord/corpus"
)

// entryOf generates an entry as it is kept.
func entryOf(t *rapid.T, id string) Entry {
	text := func(name string) string {
		return rapid.OneOf(rapid.SampledFrom([]string{"护栏", "=1+1", "'=x", "''", "a|b;c,d\t\"e\"", "<b>&amp;", "перила", "درابزين", "_x0041_", "L’été", "nan", "007", "TRUE", "- dash", "#x"}), rapid.StringN(0, 12, -1)).Draw(t, name)
	}
	e := Entry{ID: id, Domain: text("domain"), Note: text("note") + "\n" + text("note2"), Origin: Origin{"f" + text("file"), text("licence"), text("by"), rapid.SampledFrom([]string{"", "2026-11-26"}).Draw(t, "day")}}
	langs := []corpus.Language{"zh", "zh-Hant", "en", "ar", "kk-Cyrl"}
	for range rapid.IntRange(1, 6).Draw(t, "terms") {
		e.Terms = append(e.Terms, Term{rapid.SampledFrom(langs).Draw(t, "lang"), "t" + text("term"), rapid.SampledFrom(Statuses).Draw(t, "status"), text("termnote")})
	}
	for _, l := range append(langs, "") {
		if rapid.Bool().Draw(t, "defined") {
			e.Definitions = append(e.Definitions, Definition{l, text("definition")})
		}
	}
	return e.Clean()
}

// generated is a termbase as it is kept.
func generated(t *rapid.T) []Entry {
	var out []Entry
	for i := range rapid.IntRange(1, 4).Draw(t, "entries") {
		id := line(fmt.Sprintf("%s%d", rapid.SampledFrom([]string{"c", "Directive 2010/31/EU#Art 2 pt ", "号_", "7", "concord._", "a_b"}).Draw(t, "id"), i))
		out = append(out, entryOf(t, id))
	}
	return sortedEntries(out)
}

// TestWrittenAgainIsTheSame: of 200 generated termbases, what is written, read and
// written again is the same byte for byte, in every format.
func TestWrittenAgainIsTheSame(t *testing.T) {
	termbases := rapid.Custom(generated)
	trips := map[string]int{}
	for seed := range 200 {
		entries := termbases.Example(seed)
		for _, f := range Formats {
			if f.Write == nil {
				continue
			}
			var once, again, other bytes.Buffer
			if err := f.Write(&once, entries); err != nil {
				t.Fatal(err)
			}
			got, err := Read("x"+f.Extension, bytes.NewReader(once.Bytes()), Hint{})
			if err != nil {
				t.Fatalf("%s, seed %d: %v", f.Name, seed, err)
			}
			if err := f.Write(&again, got.Entries); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(once.Bytes(), again.Bytes()) && f.Extension != ".xlsx" { // a ZIP file has its own times
				t.Errorf("%s, seed %d: written again it is\n%.2000s\nfirst it was\n%.2000s", f.Name, seed, again.String(), once.String())
			}
			got.Entries[0].Terms[0].Text += "x" // the control: another term is another file
			if err := f.Write(&other, got.Entries); err != nil || bytes.Equal(once.Bytes(), other.Bytes()) {
				t.Errorf("%s, seed %d: another term is not noticed (%v)", f.Name, seed, err)
			}
			trips[f.Name]++
		}
	}
	if trips["tbx"] != 200 {
		t.Errorf("the trips are %v", trips)
	}
}

// TestRoundTrips writes generated termbases in every format and reads them back.
func TestRoundTrips(t *testing.T) {
	for _, f := range Formats {
		if f.Write == nil {
			continue
		}
		t.Run(f.Name, rapid.MakeCheck(func(t *rapid.T) {
			want := generated(t)
			var b bytes.Buffer
			if err := f.Write(&b, want); err != nil {
				t.Fatal(err)
			}
			got, err := Read("x"+f.Extension, bytes.NewReader(b.Bytes()), Hint{})
			if err != nil || len(got.Problems) > 0 {
				t.Fatalf("%v %v", err, got.Problems)
			}
			if !reflect.DeepEqual(sortedEntries(got.Entries), want) {
				t.Fatalf("got\n%+v\nwant\n%+v\nfile\n%.3000s", got.Entries, want, b.String())
			}
		}))
	}
}

// TestTheRealFiles reads what lies in ../shared/terms.
func TestTheRealFiles(t *testing.T) {
	files, _ := filepath.Glob("../../../../shared/terms/*.tsv")
	if len(files) == 0 {
		t.Skip("../shared/terms is not there")
	}
	want := map[string][2]int{"eurovoc-en-fr.tsv": {1397, 6606}, "eu-definitions.tsv": {261, 522}, "gemet-2021-additions.tsv": {45, 1170}, "tw-headings.tsv": {162, 324}}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Read(name, f, Hint{})
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		terms := 0
		for _, e := range got.Entries {
			terms += len(e.Terms)
		}
		if w, ok := want[filepath.Base(name)]; ok && (len(got.Entries) != w[0] || terms > w[1] || terms < w[1]*99/100 || len(got.Problems) > 0) {
			t.Errorf("%s: %d entries, %d terms, want %v; %v", name, len(got.Entries), terms, w, got.Problems)
		}
		t.Logf("%s: %d entries, %d terms", filepath.Base(name), len(got.Entries), terms)
		entries := sortedEntries(got.Entries)
		for _, f := range Formats {
			if f.Write == nil {
				continue
			}
			var b bytes.Buffer
			if err := f.Write(&b, entries); err != nil {
				t.Fatal(err)
			}
			back, err := Read("x"+f.Extension, bytes.NewReader(b.Bytes()), Hint{})
			if err != nil || len(back.Problems) > 0 || len(back.Entries) != len(entries) {
				t.Errorf("%s as %s: %d entries of %d come back; %v %v", name, f.Name, len(back.Entries), len(entries), err, back.Problems)
				continue
			}
			if said(sortedEntries(back.Entries)) != said(entries) {
				t.Errorf("%s as %s comes back otherwise", name, f.Name)
			}
			back.Entries[0].Terms[0].Text += "x" // the control: another term is noticed
			if said(sortedEntries(back.Entries)) == said(entries) {
				t.Errorf("%s as %s: another term is not noticed", name, f.Name)
			}
		}
	}
}

func read(t *testing.T, name, text string, hint Hint) File {
	t.Helper()
	f, err := Read(name, strings.NewReader(text), hint)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// said is entries in one line each, for tables of cases.
func said(entries []Entry) string {
	var out []string
	for _, e := range entries {
		s := e.ID + ":"
		for _, t := range e.Terms {
			s += fmt.Sprintf(" %s %s %s", t.Language, t.Text, t.Status)
		}
		for _, d := range e.Definitions {
			s += fmt.Sprintf(" [%s %s]", d.Language, d.Text)
		}
		out = append(out, s)
	}
	return strings.Join(out, " / ")
}

func TestReading(t *testing.T) {
	cases := []struct {
		name, file, text string
		hint             Hint
		want             string
		problems         []int // lines
	}{
		{"TBX in STS and of 2008", "a.tbx", `<martif type="TBX"><text><body><termEntry id="c1"><langSet xml:lang="EN"><descripGrp><descrip type="definition">a barrier</descrip></descripGrp><ntig><termGrp><term>guardrail</term><termNote type="normativeAuthorization">preferredTerm</termNote></termGrp></ntig><tig><term>rail</term><termNote type="administrativeStatus">supersededTerm-admn-sts</termNote></tig></langSet></termEntry></body></text></martif>`, Hint{},
			"c1: en guardrail preferred en rail deprecated [en a barrier]", nil},
		{"an unknown status costs a hint", "a.tbx", "<tbx><conceptEntry id=\"c\">\n<langSec xml:lang=\"en\"><termSec><term>x</term>\n<termNote type=\"administrativeStatus\">odd</termNote></termSec></langSec></conceptEntry></tbx>", Hint{}, "c: en x preferred", []int{3}},
		{"broken XML keeps what came before", "a.tbx", "<tbx><conceptEntry id=\"c\"><langSec xml:lang=\"en\"><termSec><term>x</term></termSec></langSec></conceptEntry>\n<conceptEntry>\n<langSec", Hint{}, "c: en x preferred", []int{3}},
		{"TMX of 1.1 with codes inside", "a.tmx", `<!DOCTYPE tmx SYSTEM "tmx11.dtd"><tmx version="1.1"><body><tu tuid="1"><tuv lang="EN-US"><seg>guard<bpt i="1">{b}</bpt>rail</seg></tuv><tuv lang="zh"><seg>护栏</seg></tuv></tu></body></tmx>`, Hint{}, "1: en-US guardrail preferred zh 护栏 preferred", nil},
		{"pairs", "a.csv", "source,target\n护栏,guardrail\n,\n门,door|doorway\n", Hint{Languages: []corpus.Language{"zh", "en"}}, "a.csv#2: en guardrail preferred zh 护栏 preferred / a.csv#4: en door preferred en doorway admitted zh 门 preferred", nil},
		{"languages as columns, semicolons", "a.csv", "id;de;fr;note\n1;Tür;porte;n\n", Hint{}, "1: de Tür preferred fr porte preferred", nil},
		{"a bad row stops no other", "a.tsv", "concept-id\tlang\tterm\n1\ten\tdoor\n2\t\twindow\n3\txx9!\tlift\n4\ten\troof\n", Hint{}, "1: en door preferred / 4: en roof preferred", []int{3, 4}},
		{"CC-CEDICT", "cedict.u8", "# CC-CEDICT\n護欄 护栏 [hu4 lan2] /guardrail/railing (of a bridge)/CL:道[dao4]/\nbroken\n門 门 [men2] /surname Men/\n", Hint{}, "护栏 [hu4 lan2] 護欄: en guardrail preferred en railing admitted zh-Hans 护栏 preferred zh-Hant 護欄 preferred", []int{3}},
	}
	for _, c := range cases {
		got := read(t, c.file, c.text, c.hint)
		var at []int
		for _, p := range got.Problems {
			at = append(at, p.Line)
			if !strings.Contains(p.Text, ";") {
				t.Errorf("%s: %q names no cure", c.name, p.Text)
			}
		}
		if c.name == "CC-CEDICT" { // an entry that is only a name in Chinese is left out or kept, never half
			got.Entries = got.Entries[:1]
		}
		if said(got.Entries) != c.want || !slices.Equal(at, c.problems) {
			t.Errorf("%s:\n got %s %v\nwant %s %v", c.name, said(got.Entries), got.Problems, c.want, c.problems)
		}
	}
}

// endless is a file without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

func TestRefuses(t *testing.T) {
	deep := "<tbx><conceptEntry>" + strings.Repeat("<descripGrp>", 60) + strings.Repeat("</descripGrp>", 60) + "</conceptEntry></tbx>"
	cases := []struct {
		name, file string
		body       io.Reader
		rule       string
	}{
		{"entities", "a.tbx", strings.NewReader(`<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><tbx><conceptEntry id="c">&b;</conceptEntry></tbx>`), "term-file-entities"},
		{"an outer file", "a.tmx", strings.NewReader(`<!DOCTYPE tmx [<!ENTITY % x SYSTEM "file:///etc/passwd">]><tmx/>`), "term-file-entities"},
		{"depth", "a.tbx", strings.NewReader(deep), "term-file-deep"},
		{"size", "a.csv", endless{}, "term-file-large"},
		{"no header", "a.csv", strings.NewReader("hello world,1\n"), "term-file-header"},
		{"pairs without languages", "a.csv", strings.NewReader("source,target\na,b\n"), "term-file-pair"},
		{"encoding", "a.csv", strings.NewReader("id,en\n1,caf\xe9\n"), "term-file-encoding"},
		{"a document", "a.pdf", strings.NewReader("%PDF-1.4"), "term-file-unknown"},
		{"no workbook", "a.xlsx", strings.NewReader("PK\x03\x04broken"), "term-file-xlsx"},
		{"nothing in it", "a.tbx", strings.NewReader("<tbx></tbx>"), "term-file-empty"},
	}
	for _, c := range cases {
		_, err := Read(c.file, c.body, Hint{})
		r, ok := corpus.RefusalOf(err)
		if !ok || r.Rule != c.rule || !errors.Is(err, corpus.ErrInvalid) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestWrittenTBX holds what is written against the schema's order of elements
// (tbx.rng in ../shared/reference/schemas, by structure: no RELAX NG validator is
// at hand in Go).
func TestWrittenTBX(t *testing.T) {
	e := Entry{ID: "c 1", Domain: "d", Note: "n", Origin: Origin{"f", "CC BY", "me", "2026-11-26"}, Definitions: []Definition{{"en", "x"}, {"fr", "y"}},
		Terms: []Term{{"en", "a", Preferred, "tn"}, {"en", "b", Forbidden, ""}, {"zh", "丙", Deprecated, ""}}}.Clean()
	allowed := map[string][]string{
		"tbx": {"tbxHeader", "text"}, "tbxHeader": {"fileDesc"}, "fileDesc": {"sourceDesc"}, "sourceDesc": {"p"}, "text": {"body"}, "body": {"conceptEntry"},
		"conceptEntry": {"descrip", "admin", "transacGrp", "note", "langSec"}, "transacGrp": {"transac", "transacNote", "date"},
		"langSec": {"descrip", "termSec"}, "termSec": {"term", "termNote", "admin", "note"},
	}
	for style, write := range map[string]func(io.Writer, []Entry) error{"dca": writeDCA, "dct": writeDCT} {
		var b bytes.Buffer
		if err := write(&b, []Entry{e}); err != nil {
			t.Fatal(err)
		}
		if bad := misplaced(t, b.Bytes(), allowed, style); len(bad) > 0 {
			t.Errorf("%s: %v\n%s", style, bad, b.String())
		}
	}
	if len(misplaced(t, []byte(`<tbx style="dca" type="TBX-Basic" xml:lang="en"><text><body><conceptEntry><langSec><termSec><note>x</note><term>y</term></termSec></langSec></conceptEntry></body></text></tbx>`), allowed, "dca")) == 0 {
		t.Error("the check finds nothing: a note before its term passes")
	}
}

// misplaced lists elements that stand where the schema has none, or before one
// that must come first.
func misplaced(t *testing.T, data []byte, allowed map[string][]string, style string) []string {
	t.Helper()
	var bad, path []string
	last := map[int]int{}
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return bad
		}
		if err != nil {
			t.Fatal(err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			name := tok.Name.Local
			module := strings.Contains(tok.Name.Space, "tbxinfo")
			if module != (style == "dct") && (module || slices.Contains([]string{"descrip", "admin", "transac", "transacNote", "termNote"}, name)) {
				bad = append(bad, "a category in the wrong style: "+name)
			}
			if len(path) > 0 && !module {
				at := slices.Index(allowed[path[len(path)-1]], name)
				if at < 0 || at < last[len(path)] {
					bad = append(bad, strings.Join(path, ">")+">"+name)
				}
				last[len(path)] = at
			}
			path = append(path, name)
			last[len(path)] = 0
		case xml.EndElement:
			path = path[:len(path)-1]
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("a.tbx", []byte(`<tbx><conceptEntry id="c"><langSec xml:lang="en"><termSec><term>x</term></termSec></langSec></conceptEntry></tbx>`))
	f.Add("a.csv", []byte("id,en,zh\n1,door,门\n"))
	f.Add("a.u8", []byte("門 门 [men2] /gate/\n"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		got, err := Read(name, bytes.NewReader(data), Hint{})
		if err != nil {
			return
		}
		for _, e := range got.Entries {
			if err := e.Validate(); err != nil || !reflect.DeepEqual(e, e.Clean()) {
				t.Fatalf("%v: %+v", err, e)
			}
		}
	})
}

// TestTheSamplesOfOldFormats reads testdata, our own files with the hard cases of TBX
// of 2008 and of CC-CEDICT, holds them against what they say, and takes them through
// every format that is written.
func TestTheSamplesOfOldFormats(t *testing.T) {
	for name, c := range map[string]struct {
		want     string
		problems []int
	}{
		"v2.tbx": {strings.Join([]string{
			"c1: ar باب مقاوم للحريق preferred en fire door preferred en FD admitted en fire check door deprecated ru-RU противопожарная дверь preferred ru-RU огнестойкая дверь deprecated zh-CN 防火门 preferred [ door that holds a fire back for a stated time] [zh-CN 在规定时间内能阻隔火势的门]",
			"c2: en self-closing device preferred fr ferme-porte preferred [en device that shuts a door & holds it sua sponte]",
			"v2.tbx#69: en H2O mist preferred",
		}, " / "), []int{71, 73, 73}},
		"cedict.u8": {strings.Join([]string{
			"防火门 [fang2 huo3 men2] 防火門: en fire door preferred en door that holds back fire admitted zh-Hans 防火门 preferred zh-Hant 防火門 preferred",
			"楼梯 [lou2 ti1] 樓梯: en stair preferred en staircase admitted zh-Hans 楼梯 preferred zh-Hant 樓梯 preferred",
			"面 [mian4] 麵: en flour preferred en noodles admitted en floury admitted zh-Hans 面 preferred zh-Hant 麵 preferred",
			"面 [mian4]: en face preferred en side admitted en surface admitted zh-Hans 面 preferred",
			"表 [biao3] 錶: en watch preferred zh-Hans 表 preferred zh-Hant 錶 preferred",
			"表 [biao3]: en table preferred en form admitted zh-Hans 表 preferred",
			"绿 [lu:4] 綠: en green preferred en cheat on admitted zh-Hans 绿 preferred zh-Hant 綠 preferred",
			"三Q [san1 Q] 三Ｑ: en thank you preferred zh-Hans 三Q preferred zh-Hant 三Ｑ preferred",
			"王 [wang2]: en king preferred en best of admitted zh-Hans 王 preferred",
			"中文 [Zhong1wen2]: en Chinese language preferred zh-Hans 中文 preferred",
			"阿尔卑斯·山 [A1 er3 bei1 si1 · shan1] 阿爾卑斯·山: en Alps preferred zh-Hans 阿尔卑斯·山 preferred zh-Hant 阿爾卑斯·山 preferred",
			"打 [da3]: en beat preferred en strike admitted en play admitted zh-Hans 打 preferred",
		}, " / "), []int{22}},
	} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		got := read(t, name, string(data), Hint{})
		var at []int
		for _, p := range got.Problems {
			at = append(at, p.Line)
		}
		if said(got.Entries) != c.want || !slices.Equal(at, c.problems) {
			t.Errorf("%s:\n got %s %v\nwant %s %v", name, said(got.Entries), at, c.want, c.problems)
		}
		if name == "v2.tbx" {
			e := got.Entries[0]
			if e.Origin != (Origin{File: "v2.tbx", By: "L. Wei", Day: "2025-03-01"}) || e.Domain != "fire safety" {
				t.Errorf("%s: origin %+v, domain %q", name, e.Origin, e.Domain)
			}
			if want := "source: classification of our own\ncrossReference: self-closing device\nsource: own words, clause 3.1"; e.Note != want {
				t.Errorf("%s: the note is %q, want %q", name, e.Note, want)
			}
			if want := "partOfSpeech: noun\nin all parts\ncontext: The fire door shall close by itself."; e.In("en")[0].Note != want {
				t.Errorf("%s: the note of a term is %q, want %q", name, e.In("en")[0].Note, want)
			}
		}
		wide := append([]byte{0xFF, 0xFE}, utf16le(string(data))...)
		if f := read(t, name, string(wide), Hint{}); said(f.Entries) != c.want {
			t.Errorf("%s as UTF-16 says %s", name, said(f.Entries))
		}
		for _, f := range Formats {
			if f.Write == nil {
				continue
			}
			var b bytes.Buffer
			if err := f.Write(&b, got.Entries); err != nil {
				t.Fatal(err)
			}
			back := read(t, "x"+f.Extension, b.String(), Hint{})
			if len(back.Problems) > 0 || !reflect.DeepEqual(sortedEntries(back.Entries), sortedEntries(got.Entries)) {
				t.Errorf("%s as %s comes back as %+v %v", name, f.Name, back.Entries, back.Problems)
			}
		}
	}
}

// utf16le is a text in the encoding of old Windows files.
func utf16le(s string) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return out
}
