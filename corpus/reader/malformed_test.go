package reader

import (
	"archive/zip"
	"bytes"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Damaged documents are read or refused, never more: bits flip, pieces are cut
// out, doubled, swapped with those of another file, or filled with marks that mean
// something in some format. The seeds are fixed, so a failure comes again.
// CONCORD_MALFORMED=5000 makes so many of each file, and says what each reader took.
func TestMalformed(t *testing.T) {
	each := 150
	if testing.Short() {
		each = 10
	}
	if n, err := strconv.Atoi(os.Getenv("CONCORD_MALFORMED")); err == nil {
		each = n
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
		damaged(t, name, each, func() []byte { return damage(random, files[i], files[random.IntN(len(files))]) })
	}
	random := rand.New(rand.NewPCG(1, 7))
	for i, name := range names { // what is inside a container is damaged too
		if parts := unpacked(files[i]); len(parts) > 0 {
			damaged(t, "parts of "+name, 2*each, func() []byte {
				out, hit := slices.Clone(parts), 2*random.IntN(len(parts)/2)
				for at := 0; at+1 < len(out); at += 2 {
					if at == hit || random.IntN(6) == 0 {
						out[at+1] = string(damage(random, []byte(out[at+1]), []byte(out[hit+1])))
					}
				}
				return packed(out...)
			})
		}
	}
	damaged(t, "profile.zip", 4*each, func() []byte { // and files that take in one another
		catalog, profile := damage(random, []byte(railCatalog), []byte(railProfile)), damage(random, []byte(railProfile), []byte(railCatalog))
		return packed("cat/rails.json", string(catalog), "base.json", string(profile))
	})
	damaged(t, "book.zip", 4*each, func() []byte {
		rst := damage(random, []byte("Rails\n=====\n\n.. toctree::\n\n   two\n\n.. include:: three.rst\n\n+---+-----+\n| a | (b) |\n+---+-----+\n"), files[0])
		return packed("index.rst", string(rst), "two.rst", string(damage(random, rst, rst)), "three.rst", "1.1 Rails.\n", "a.adoc", "include::"+string(damage(random, []byte("two.rst[leveloffset=+1]\n\n== Rails\n"), rst)))
	})
}

// unpacked are the names and texts of the parts of a container, in turn.
func unpacked(raw []byte) (parts []string) {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil
	}
	for _, f := range z.File {
		if r, err := f.Open(); err == nil {
			text, _ := io.ReadAll(r)
			parts = append(parts, f.Name, string(text))
		}
	}
	return parts
}

// damaged reads n damaged documents, and says how long it took, how long the slowest
// was, and the most memory the process held.
func damaged(t *testing.T, name string, n int, next func() []byte) {
	t.Run(name, func(t *testing.T) {
		debug.FreeOSMemory()
		os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // the peak is counted anew; where it cannot be, it is that of all
		start, slowest := time.Now(), time.Duration(0)
		for range n {
			raw, began := next(), time.Now()
			check(t, name, raw, Hint{})
			slowest = max(slowest, time.Since(began))
		}
		t.Logf("%d damaged documents in %s, the slowest in %s; peak %s", n, time.Since(start).Round(time.Millisecond), slowest.Round(time.Millisecond), peakMemory())
	})
}

// peakMemory is the most memory this process held since the count began, as Linux
// says it.
func peakMemory() string {
	status, _ := os.ReadFile("/proc/self/status")
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	peak, _, _ = strings.Cut(peak, "\n")
	return strings.TrimSpace(peak)
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
