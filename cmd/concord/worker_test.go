package main

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
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
// each file; the seeds are fixed, so a failure comes again.
func TestMalformedInWorker(t *testing.T) {
	each := 3
	if n, err := strconv.Atoi(os.Getenv("CONCORD_MALFORMED")); err == nil {
		each = n
	}
	paths, _ := filepath.Glob("../../corpus/reader/testdata/in/*")
	packed, _ := filepath.Glob("../../corpus/reader/testdata/packed/*")
	var files [][]byte
	var names []string
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files, names = append(files, raw), append(names, filepath.Base(path))
	}
	for _, dir := range packed {
		files, names = append(files, zipOf(t, dir)), append(names, filepath.Base(dir))
	}
	r := &childReader{cache: t.TempDir(), time: workerTime}
	t.Cleanup(r.Close)
	read, refused, died, peak := 0, 0, 0, 0
	for i, name := range names {
		random := rand.New(rand.NewPCG(uint64(i), 11))
		for range each {
			raw := spoil(random, files[i], files[random.IntN(len(files))])
			_, err := r.Read(context.Background(), name, bytes.NewReader(raw), reader.Hint{})
			switch {
			case err == nil:
				read++
			default:
				refused++
				if _, told := corpus.RefusalOf(err); !told {
					t.Errorf("%s: no rule that pages can say: %v", name, err)
				}
			}
			if r.child == nil {
				died++
				t.Logf("%s ended its child: %v", name, err)
				continue
			}
			peak = max(peak, peakOf(r.child.cmd.Process.Pid))
		}
	}
	t.Logf("%d damaged documents of %d files: %d read, %d refused, %d of them by the child's end; peak %d MB", len(names)*each, len(names), read, refused, died, peak>>10)
	if refused == 0 || read == 0 {
		t.Error("the damage shows in none, or in all")
	}
	if peak<<10 > workerMemory {
		t.Errorf("a child took %d MB", peak>>10)
	}
	docs, err := r.Read(context.Background(), "stairs.txt", strings.NewReader(plainText), reader.Hint{})
	if err != nil || len(docs) != 1 || len(docs[0].Clauses) != 3 {
		t.Errorf("a sound file is not read after them: %v", err)
	}
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
func zipOf(t *testing.T, dir string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	if err := z.AddFS(os.DirFS(dir)); err != nil {
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
