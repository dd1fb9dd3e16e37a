package reader

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// Damaged documents are read or refused, never more: bits flip, pieces are cut
// out, doubled, swapped with those of another file, or filled with marks that mean
// something in some format. The seeds are fixed, so a failure comes again.
func TestMalformed(t *testing.T) {
	each := 150
	if testing.Short() {
		each = 10
	}
	var names []string
	var files [][]byte
	paths, _ := filepath.Glob("testdata/in/*")
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		names, files = append(names, filepath.Base(path)), append(files, raw)
	}
	dirs, _ := filepath.Glob("testdata/packed/*")
	for _, dir := range dirs {
		names, files = append(names, filepath.Base(dir)), append(files, pack(t, dir))
	}
	names, files = append(names, "sheets.xlsx"), append(files, workbook(t))
	names, files = append(names, "stairs.pdf"), append(files, pdfFile{pages: [][]markAt{onePage(), nil}, bookmarks: []string{"1 General"}}.bytes())
	for i, name := range names {
		random := rand.New(rand.NewPCG(uint64(i), 7))
		for range each {
			check(t, name, damage(random, files[i], files[random.IntN(len(files))]), Hint{})
		}
	}
	parts := map[string][]byte{} // what is inside a container is damaged too
	for _, name := range []string{"document.xml", "styles.xml", "numbering.xml", "footnotes.xml"} {
		raw, err := os.ReadFile("testdata/packed/rules.docx/word/" + name)
		if err != nil {
			t.Fatal(err)
		}
		parts[name] = raw
	}
	random := rand.New(rand.NewPCG(1, 7))
	for range 4 * each {
		var all []string
		for _, name := range sortedKeys(parts) {
			raw := parts[name]
			if name == "document.xml" || random.IntN(3) == 0 {
				raw = damage(random, raw, parts["document.xml"])
			}
			all = append(all, "word/"+name, string(raw))
		}
		check(t, "parts.docx", packed(all...), Hint{})
	}
	for range 4 * each { // and files that take in one another
		catalog, profile := damage(random, []byte(railCatalog), []byte(railProfile)), damage(random, []byte(railProfile), []byte(railCatalog))
		check(t, "profile.zip", packed("cat/rails.json", string(catalog), "base.json", string(profile)), Hint{})
		rst := damage(random, []byte("Rails\n=====\n\n.. toctree::\n\n   two\n\n.. include:: three.rst\n\n+---+-----+\n| a | (b) |\n+---+-----+\n"), files[0])
		check(t, "book.zip", packed("index.rst", string(rst), "two.rst", string(damage(random, rst, rst)), "three.rst", "1.1 Rails.\n", "a.adoc", "include::"+string(damage(random, []byte("two.rst[leveloffset=+1]\n\n== Rails\n"), rst))), Hint{})
	}
	t.Logf("%d damaged documents", each*(len(names)+12))
}

// marks are what means something in one format or another.
var marks = []string{"<", ">", "&", "]]>", "<!--", "<table>", "</table>", "|===", "----", "{", "}", "[", "]", "\"", "\x00", "\u202e", "\ufeff", "\xff", "1.1 ", "Annex A", "NOTE 1", "::", "<<", ".. ", "```", "$$", "\r", "<sec>", "</p>", "PK\x03\x04"}

// damage changes a document in one to four places.
func damage(random *rand.Rand, raw, other []byte) []byte {
	out := bytes.Clone(raw)
	for range 1 + random.IntN(4) {
		if len(out) < 4 {
			return out
		}
		at, to := random.IntN(len(out)), random.IntN(len(out))
		if at > to {
			at, to = to, at
		}
		switch random.IntN(6) {
		case 0:
			out[at] ^= 1 << random.IntN(8)
		case 1:
			out = out[:to]
		case 2:
			out = append(out[:at:at], out[to:]...)
		case 3:
			out = append(out[:to:to], out[at:]...)
		case 4:
			from := random.IntN(len(other) + 1)
			out = append(append(out[:at:at], other[from:min(len(other), from+random.IntN(400))]...), out[at:]...)
		case 5:
			mark := marks[random.IntN(len(marks))]
			out = append(append(out[:at:at], bytes.Repeat([]byte(mark), 1+random.IntN(40))...), out[at:]...)
		}
	}
	return out
}
