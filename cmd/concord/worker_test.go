package main

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"image/png"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"
	"time"

	"concord/corpus"
	"concord/corpus/reader"
)

// wickedEnv makes the child of a test read the wicked formats.
const wickedEnv = "CONCORD_TEST_WICKED"

// wickedFormats do to the process that reads them what no reader should.
var wickedFormats = []reader.Format{
	{Name: "panic in a goroutine", Detect: named(".panic"), Read: wicked(func() {
		go func() { panic("no reader can catch this") }()
		time.Sleep(time.Minute)
	})},
	{Name: "panic", Detect: named(".caught"), Read: wicked(func() { panic("this is caught") })},
	{Name: "endless loop", Detect: named(".loop"), Read: wicked(func() {
		for n := 1; n != 0; n |= 1 {
		}
	})},
	{Name: "endless recursion", Detect: named(".deep"), Read: wicked(func() { dive(0) })},
	{Name: "memory, bit by bit", Detect: named(".bomb"), Read: wicked(func() {
		for {
			kept = append(kept, touched(1<<20))
		}
	})},
	{Name: "memory, at once", Detect: named(".blast"), Read: wicked(func() { kept = append(kept, make([]byte, 1<<40)) })},
	{Name: "chatter", Detect: named(".exit"), Read: wicked(func() { os.Exit(0) })},
}

var kept [][]byte

func touched(n int) []byte {
	b := make([]byte, n)
	for i := 0; i < n; i += 4096 {
		b[i] = 1
	}
	return b
}

func dive(n int) int {
	if n < 0 {
		return 0
	}
	var room [256]int
	room[n%256] = dive(n + 1)
	return room[n%256] + room[0]
}

func named(ending string) func(string, []byte) bool {
	return func(name string, _ []byte) bool { return strings.HasSuffix(name, ending) }
}

func wicked(do func()) func(io.Reader, reader.Hint) ([]*corpus.Document, error) {
	return func(io.Reader, reader.Hint) ([]*corpus.Document, error) {
		do()
		return nil, nil
	}
}

const plainText = "Rules for stairs\n\n1 General\n\n1.1 A stair shall be 900 mm wide.\n\n1.2 It shall have a handrail.\n"

// A file that brings its reader down is a failed file with a reason, and the next
// one is read.
func TestWorkerDies(t *testing.T) {
	r := &childReader{cache: t.TempDir(), time: 5 * time.Second, env: []string{wickedEnv + "=1"}}
	t.Cleanup(r.Close)
	read := func(name string) ([]*corpus.Document, error) {
		return r.Read(context.Background(), name, strings.NewReader(plainText), reader.Hint{})
	}
	for _, row := range []struct {
		file, want string
		kind       error
	}{
		{"a.panic", "no reader can catch this", corpus.ErrInvalid},
		{"a.caught", "this is caught", corpus.ErrInvalid},
		{"a.loop", "longer than 5 seconds", corpus.ErrLimit},
		{"a.deep", "stack", corpus.ErrInvalid},
		{"a.bomb", "512 MB of memory", corpus.ErrLimit},
		{"a.blast", "memory", corpus.ErrLimit},
		{"a.exit", "without an answer", corpus.ErrInvalid},
	} {
		t.Run(row.file, func(t *testing.T) {
			start := time.Now()
			_, err := read(row.file)
			if err == nil || !errors.Is(err, row.kind) || !strings.Contains(err.Error(), row.want) || !strings.HasPrefix(err.Error(), row.file+": ") {
				t.Fatalf("got %v, want %q", err, row.want)
			}
			if strings.Contains(corpus.Sentence(err), "\n") || len(err.Error()) > 300 {
				t.Errorf("the message is no sentence: %q", err)
			}
			if _, told := corpus.RefusalOf(err); !told {
				t.Errorf("no rule that pages can say: %v", err)
			}
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("it took %s", took)
			}
			docs, err := read("stairs.txt")
			if err != nil || len(docs) != 1 || len(docs[0].Clauses) != 3 {
				t.Fatalf("the next file is not read: %v", err)
			}
		})
	}
}

// What the child reads is what this process reads.
func TestWorkerReadsTheSame(t *testing.T) {
	r := &childReader{cache: t.TempDir(), time: workerTime}
	t.Cleanup(r.Close)
	files, err := filepath.Glob("../../corpus/reader/testdata/in/*")
	if err != nil || len(files) < 10 {
		t.Fatalf("only %d files to read: %v", len(files), err)
	}
	for _, name := range files {
		here, there := open(t, name), open(t, name)
		want, wantErr := reader.Read(name, here, reader.Hint{Domain: corpus.DomainDigital})
		got, gotErr := r.Read(context.Background(), name, there, reader.Hint{Domain: corpus.DomainDigital})
		if text(t, want) != text(t, got) {
			t.Errorf("%s is read otherwise in a child", name)
		}
		if (wantErr == nil) != (gotErr == nil) || wantErr != nil && wantErr.Error() != gotErr.Error() {
			t.Errorf("%s: the error is %v, want %v", name, gotErr, wantErr)
		}
	}
	if _, err := r.Read(context.Background(), "empty.txt", strings.NewReader(" "), reader.Hint{}); !errors.Is(err, corpus.ErrInvalid) || !strings.Contains(err.Error(), "empty") {
		t.Errorf("an error lost its kind: %v", err)
	}
	big := io.LimitReader(endless{}, 65<<20)
	if _, err := r.Read(context.Background(), "big.txt", big, reader.Hint{}); !errors.Is(err, corpus.ErrLimit) {
		t.Errorf("a file over the limit: %v", err)
	}
	child := r.child
	if _, err := r.Read(context.Background(), "stairs.txt", strings.NewReader(plainText), reader.Hint{}); err != nil || r.child != child {
		t.Errorf("the child was not kept after a file that was refused: %v", err)
	}
}

// The child draws pages, under the limits of reading; what is no PDF, or holds less
// than was asked for, is no fault of the child's.
func TestWorkerDraws(t *testing.T) {
	cache := t.TempDir()
	if dir, err := os.UserCacheDir(); err == nil {
		cache = filepath.Join(dir, "concord-test")
	}
	r := &childReader{cache: cache, time: workerTime}
	t.Cleanup(r.Close)
	const page = `%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Count 1/Kids[3 0 R]>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>> endobj
trailer <</Root 1 0 R>>
`
	got, err := r.Draw(context.Background(), "a.pdf", strings.NewReader(page), []int{1, 2})
	if err != nil || len(got) != 1 {
		t.Fatalf("%d pictures, %v", len(got), err)
	}
	if drawn, err := png.Decode(bytes.NewReader(got[1])); err != nil || drawn.Bounds().Dx() != 2*drawn.Bounds().Dy() {
		t.Errorf("the picture: %v", err)
	}
	child := r.child
	for name, file := range map[string]io.Reader{"no PDF": strings.NewReader(plainText), "damaged": strings.NewReader("%PDF-1.4\n"), "too large": io.MultiReader(strings.NewReader(page), io.LimitReader(endless{}, 65<<20))} {
		if _, err := r.Draw(context.Background(), "a.pdf", file, []int{1}); !errors.Is(err, corpus.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := r.Draw(context.Background(), "a.pdf", strings.NewReader(page), make([]int, reader.MaxPictures+1)); !errors.Is(err, corpus.ErrLimit) {
		t.Errorf("too many pages: %v", err)
	}
	if docs, err := r.Read(context.Background(), "stairs.txt", strings.NewReader(plainText), reader.Hint{}); err != nil || len(docs) != 1 || r.child != child {
		t.Errorf("the child was not kept, or reads no more: %v", err)
	}
	short := &childReader{cache: cache, time: time.Nanosecond}
	if _, err := short.Draw(context.Background(), "a.pdf", strings.NewReader(page), []int{1}); !errors.Is(err, corpus.ErrLimit) {
		t.Errorf("over its time: %v", err)
	}
}

// A file that cannot be read to its end is no fault of the child's.
func TestWorkerFileGone(t *testing.T) {
	r := &childReader{cache: t.TempDir(), time: workerTime}
	t.Cleanup(r.Close)
	broken := io.MultiReader(strings.NewReader(plainText), iotest.ErrReader(os.ErrPermission))
	if _, err := r.Read(context.Background(), "stairs.txt", broken, reader.Hint{}); !errors.Is(err, os.ErrPermission) {
		t.Errorf("got %v", err)
	}
	if _, err := r.Read(context.Background(), "stairs.txt", strings.NewReader(plainText), reader.Hint{}); err != nil {
		t.Errorf("the next file is not read: %v", err)
	}
}

// A person who gives up is not kept waiting.
func TestWorkerCancelled(t *testing.T) {
	r := &childReader{cache: t.TempDir(), time: workerTime, env: []string{wickedEnv + "=1"}}
	t.Cleanup(r.Close)
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err := r.Read(ctx, "a.loop", strings.NewReader(plainText), reader.Hint{})
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 5*time.Second {
		t.Errorf("after %s: %v", time.Since(start), err)
	}
}

func open(t *testing.T, name string) io.Reader {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func text(t *testing.T, docs []*corpus.Document) string {
	t.Helper()
	var b strings.Builder
	if err := printJSON(&b, docs); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

func BenchmarkWorker(b *testing.B) {
	r := &childReader{cache: b.TempDir(), time: workerTime}
	defer r.Close()
	b.Run("start", func(b *testing.B) {
		for b.Loop() {
			r.Close()
			if _, err := r.Read(context.Background(), "stairs.txt", strings.NewReader(plainText), reader.Hint{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("next", func(b *testing.B) {
		for b.Loop() {
			if _, err := r.Read(context.Background(), "stairs.txt", strings.NewReader(plainText), reader.Hint{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// Damaged documents of every format go through the child as the server's do: each is read
// or refused with a reason that pages can say, this process lives, the child stays within
// its memory, and a sound file is read after them. CONCORD_MALFORMED=100 makes so many of
// each file, and CONCORD_MALFORMED_FILES chooses the files by a part of their names, with
// commas between (.pdf,.xlsx); what is a path of a file there is damaged too. The seeds are
// of the names, so a failure comes again whatever was chosen.
func TestMalformedInWorker(t *testing.T) {
	each := 3
	if n, err := strconv.Atoi(os.Getenv("CONCORD_MALFORMED")); err == nil {
		each = n
	}
	all := samplesToSpoil(t)
	chosen := all
	if only := os.Getenv("CONCORD_MALFORMED_FILES"); only != "" {
		chosen = chosenToSpoil(t, all, strings.Split(only, ","))
	}
	r := &childReader{cache: t.TempDir(), time: workerTime}
	t.Cleanup(r.Close)
	type tally struct{ read, refused, died, peak int }
	counts, sum := map[string]*tally{}, tally{}
	for _, file := range chosen {
		format := filepath.Ext(file.name)
		if counts[format] == nil {
			counts[format] = &tally{}
		}
		c := counts[format]
		if _, err := r.Read(context.Background(), file.name, bytes.NewReader(file.raw), reader.Hint{}); err != nil {
			t.Errorf("%s is not read as it is: %v", file.name, err)
		}
		seed := fnv.New64a()
		seed.Write([]byte(file.name))
		random := rand.New(rand.NewPCG(seed.Sum64(), 11))
		for n := range each {
			_, err := r.Read(context.Background(), file.name, bytes.NewReader(spoiled(random, file.raw, all[random.IntN(len(all))].raw, n)), reader.Hint{})
			if err == nil {
				c.read++
			} else {
				c.refused++
				if _, told := corpus.RefusalOf(err); !told {
					t.Errorf("%s, %d: no rule that pages can say: %v", file.name, n, err)
				}
			}
			if r.child == nil {
				c.died++
				t.Logf("%s, %d ended its child: %v", file.name, n, err)
				continue
			}
			c.peak = max(c.peak, peakOf(r.child.cmd.Process.Pid))
		}
	}
	for _, format := range slices.Sorted(maps.Keys(counts)) {
		c := counts[format]
		t.Logf("%-8s %6d damaged: %6d read, %6d refused, %d of them by the child's end; the child had taken %d MB at most", format, c.read+c.refused, c.read, c.refused, c.died, c.peak>>10)
		sum = tally{sum.read + c.read, sum.refused + c.refused, sum.died + c.died, max(sum.peak, c.peak)}
	}
	t.Logf("%d damaged documents of %d files: %d read, %d refused, %d of them by the child's end; peak %d MB", sum.read+sum.refused, len(chosen), sum.read, sum.refused, sum.died, sum.peak>>10)
	if sum.refused == 0 || sum.read == 0 {
		t.Error("the damage shows in none, or in all")
	}
	if sum.peak<<10 > workerMemory {
		t.Errorf("a child took %d MB", sum.peak>>10)
	}
	docs, err := r.Read(context.Background(), "stairs.txt", strings.NewReader(plainText), reader.Hint{})
	if err != nil || len(docs) != 1 || len(docs[0].Clauses) != 3 {
		t.Errorf("a sound file is not read after them: %v", err)
	}
}

// sampleFile is a sound document that is damaged in many ways.
type sampleFile struct {
	name string
	raw  []byte
}

// samplesToSpoil are documents of every format: those of the reader's own tests, and a PDF
// and a workbook made here.
func samplesToSpoil(t *testing.T) []sampleFile {
	var out []sampleFile
	paths, _ := filepath.Glob("../../corpus/reader/testdata/in/*")
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, sampleFile{filepath.Base(path), raw})
	}
	dirs, _ := filepath.Glob("../../corpus/reader/testdata/packed/*")
	for _, dir := range dirs {
		out = append(out, sampleFile{filepath.Base(dir), zipOf(t, os.DirFS(dir))})
	}
	row := func(n int, a, b string) string {
		return fmt.Sprintf(`<row r="%[1]d"><c r="A%[1]d" t="inlineStr"><is><t>%[2]s</t></is></c><c r="B%[1]d" t="inlineStr"><is><t>%[3]s</t></is></c></row>`, n, a, b)
	}
	const spreadsheet, office = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	parts := fstest.MapFS{}
	for name, text := range map[string]string{
		"[Content_Types].xml":        `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
		"_rels/.rels":                `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="` + office + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="` + office + `/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook xmlns="` + spreadsheet + `" xmlns:r="` + office + `"><sheets><sheet name="Stairs" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/worksheets/sheet1.xml":   `<worksheet xmlns="` + spreadsheet + `"><sheetData>` + row(1, "Clause", "Text") + row(2, "1.1", "A stair shall be 900 mm wide.") + row(3, "1.2", "It shall have a handrail.") + row(4, "1.3", "A landing shall be level.") + `</sheetData></worksheet>`,
	} {
		parts[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return append(out, sampleFile{"sheets.xlsx", zipOf(t, parts)}, sampleFile{"stairs.pdf", []byte(samplePDF())})
}

// samplePDF is a PDF of three pages with a heading, clauses, a table and a bookmark; a font
// has a map of its letters, and one page lies on its side.
func samplePDF() string {
	var b strings.Builder
	at := []int{0}
	put := func(object string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj%s endobj\n", len(at)-1, object)
	}
	stream := func(s string) string { return fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(s), s) }
	b.WriteString("%PDF-1.5\n")
	put("<</Type/Catalog/Pages 2 0 R/Outlines 3 0 R>>")
	put("<</Type/Pages/Count 3/Kids[7 0 R 9 0 R 11 0 R]>>")
	put("<</Type/Outlines/First 4 0 R/Last 4 0 R/Count 1>>")
	put("<</Title(1 General)/Parent 3 0 R/Dest[7 0 R/Fit]>>")
	put("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding/ToUnicode 6 0 R>>")
	put(stream("/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CMapName/Said def/CMapType 2 def 1 begincodespacerange<00><FF>endcodespacerange 1 beginbfrange<20><7E><0020>endbfrange endcmap CMapName currentdict/CMap defineresource pop end end"))
	for page := range 3 {
		box := "[0 0 595 842]"
		if page == 2 {
			box = "[0 0 842 595]/Rotate 90"
		}
		put(fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox%s/Contents %d 0 R/Resources<</Font<</F1 5 0 R>>>>>>", box, len(at)+1))
		text := fmt.Sprintf("BT /F1 14 Tf 60 780 Td (%d General) Tj ET\n", page+1)
		for n := range 12 {
			text += fmt.Sprintf("BT /F1 10 Tf 60 %d Td (%d.%d A stair of kind %d shall have at least %d steps and a handrail.) Tj ET\n", 750-16*n, page+1, n+1, n, n+3)
		}
		for n := range 4 {
			text += fmt.Sprintf("BT /F1 10 Tf 60 %[1]d Td (Step %[2]d) Tj 150 0 Td (17%[2]d) Tj 150 0 Td (29%[2]d) Tj ET\n", 500-14*n, n)
		}
		put(stream(text))
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at))
	for _, offset := range at[1:] {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(at), start)
	return b.String()
}

// chosenToSpoil are the samples whose names hold one of the words, and the files that the
// words lead to.
func chosenToSpoil(t *testing.T, all []sampleFile, words []string) []sampleFile {
	var out []sampleFile
	for _, word := range words {
		if strings.Contains(word, "/") {
			raw, err := os.ReadFile(word)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, sampleFile{filepath.Base(word), raw})
			continue
		}
		before := len(out)
		for _, file := range all {
			if strings.Contains(file.name, word) {
				out = append(out, file)
			}
		}
		if len(out) == before {
			t.Fatalf("no sample is called %q", word)
		}
	}
	return out
}

// spoiled damages a document. Of a ZIP container every second time what is inside is
// damaged and packed anew: damage from outside seldom comes farther than its checksums.
func spoiled(random *rand.Rand, raw, other []byte, n int) []byte {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil || n%2 == 0 {
		return spoil(random, raw, other)
	}
	var b bytes.Buffer
	out, hit := zip.NewWriter(&b), random.IntN(len(z.File))
	for i, f := range z.File {
		part, err := f.Open()
		if err != nil {
			continue
		}
		text, _ := io.ReadAll(part)
		if i == hit || random.IntN(6) == 0 {
			text = spoil(random, text, text)
		}
		if w, err := out.Create(f.Name); err == nil {
			w.Write(text)
		}
	}
	out.Close()
	return b.Bytes()
}

// spoil changes a document in one to four places: a bit, a cut, a doubled piece, or one of
// another file.
func spoil(random *rand.Rand, raw, other []byte) []byte {
	out := bytes.Clone(raw)
	for range 1 + random.IntN(4) {
		if len(out) < 4 {
			return out
		}
		at, to := random.IntN(len(out)), random.IntN(len(out))
		at, to = min(at, to), max(at, to)
		switch random.IntN(4) {
		case 0:
			out[at] ^= 1 << random.IntN(8)
		case 1:
			out = append(out[:at:at], out[to:]...)
		case 2:
			out = append(out[:to:to], out[at:]...)
		case 3:
			from := random.IntN(len(other) + 1)
			out = append(append(out[:at:at], other[from:min(len(other), from+random.IntN(400))]...), out[at:]...)
		}
	}
	return out
}

// zipOf packs a folder.
func zipOf(t *testing.T, dir fs.FS) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	if err := z.AddFS(dir); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// peakOf is the most memory a process held, in KB, as Linux says it; 0 where it does not.
func peakOf(pid int) int {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	kb, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(strings.SplitN(peak, "\n", 2)[0]), " kB"))
	return kb
}
