package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"testing"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// TestOpenedWritesTheSame holds every format to one file, whether its items come one
// by one or are all there.
func TestOpenedWritesTheSame(t *testing.T) {
	source := wholeSample()
	streamed := 0
	for _, oneSided := range []bool{false, true} {
		for _, f := range Formats {
			if oneSided && !f.Marks {
				continue
			}
			read := 0
			o := Options{Now: when, Version: "test", Language: "en", OneSided: oneSided}
			set, err := Gather(t.Context(), source, uuid.Nil, o)
			if err != nil {
				t.Fatal(err)
			}
			o.Step = func(n int) error { read = n; return nil }
			opened, err := Open(t.Context(), source, uuid.Nil, o)
			if err != nil {
				t.Fatal(err)
			}
			var whole, lines bytes.Buffer
			if err := errors.Join(f.Write(&whole, set), opened.Write(t.Context(), &lines, f)); err != nil {
				t.Fatal(err)
			}
			if same := bytes.Equal(whole.Bytes(), lines.Bytes()); !same {
				t.Errorf("%s: line by line it is another file:\n%s\n%s", f.Name, whole.String(), lines.String())
			}
			if read != opened.Rows || read != len(set.Items)+len(set.Waiting) || read == 0 {
				t.Errorf("%s: %d items were told, %d counted, %d there", f.Name, read, opened.Rows, len(set.Items)+len(set.Waiting))
			}
			if f.Lines != nil && !oneSided {
				streamed++
			}
		}
	}
	if streamed != 18 {
		t.Errorf("%d formats are written line by line", streamed)
	}
	// Negative control: an item less is another file.
	o := Options{Now: when, Version: "test", Language: "en"}
	set, _ := Gather(t.Context(), source, uuid.Nil, o)
	set.Items = set.Items[1:]
	opened, _ := Open(t.Context(), source, uuid.Nil, o)
	var whole, lines bytes.Buffer
	if err := errors.Join(CSV(&whole, set), opened.Write(t.Context(), &lines, Formats[0])); err != nil || bytes.Equal(whole.Bytes(), lines.Bytes()) {
		t.Errorf("a missing item is not noticed (%v)", err)
	}
}

// TestOpenedEnds holds that what the listener says ends every format.
func TestOpenedEnds(t *testing.T) {
	stop := errors.New("stop")
	for _, f := range Formats {
		n := 0
		opened, err := Open(t.Context(), sample(), uuid.Nil, Options{Now: when, Step: func(int) error {
			if n++; n == 2 {
				return stop
			}
			return nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		if err := opened.Write(t.Context(), io.Discard, f); !errors.Is(err, stop) || n != 2 {
			t.Errorf("%s: %v after %d steps", f.Name, err, n)
		}
	}
}

// longShelf is a dossier of so many matches that they are made when they are asked
// for.
type longShelf struct {
	shelf
	length int
}

func (s longShelf) Clauses(_ context.Context, ids ...corpus.ClauseID) ([]corpus.Clause, error) {
	var out []corpus.Clause
	for _, id := range ids {
		out = append(out, corpus.Clause{ID: id, Standard: id.Standard(), Label: id.Key(), Language: "en", Text: fmt.Sprintf("%01000d", len(out))})
	}
	return out, nil
}

func (s longShelf) Matches(_ context.Context, f review.Filter) (review.Page, error) {
	from := 0
	if f.Cursor != "" {
		if _, err := fmt.Sscan(f.Cursor, &from); err != nil {
			return review.Page{}, err
		}
	}
	p := review.Page{Total: s.length}
	for n := from; n < min(from+200, s.length); n++ {
		m := s.match(n%5, "equivalent")
		m.ID = uuid.NewSHA1(uuid.Nil, fmt.Append(nil, n))
		m.Sources, m.Targets = []corpus.ClauseID{corpus.ClauseID(fmt.Sprintf("cn-a/%d", n))}, []corpus.ClauseID{corpus.ClauseID(fmt.Sprintf("ru-b/%d", n))}
		p.Matches = append(p.Matches, m)
	}
	if from+200 < s.length {
		p.Next = fmt.Sprint(from + 200)
	}
	return p, nil
}

// heap measures what is held at every megabyte that is written.
type heap struct {
	written int
	most    uint64
}

func (h *heap) Write(p []byte) (int, error) {
	if before := h.written >> 20; (h.written+len(p))>>20 > before {
		h.look()
	}
	h.written += len(p)
	return len(p), nil
}

// look measures now. Whoever writes waits for it, so that nothing is counted that is
// thrown away.
func (h *heap) look() {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	h.most = max(h.most, m.HeapAlloc)
}

// TestLinesHoldAPage holds that what is written line by line needs no more memory
// for ten times as many lines; what is written at once does.
func TestLinesHoldAPage(t *testing.T) {
	grown := func(write func(w io.Writer, s longShelf) error, length int) float64 {
		var h heap
		runtime.GC()
		var before runtime.MemStats
		runtime.ReadMemStats(&before)
		if err := write(&h, longShelf{sample(), length}); err != nil {
			t.Fatal(err)
		}
		return float64(h.most) - float64(before.HeapAlloc)
	}
	lines := func(name string) func(w io.Writer, s longShelf) error {
		f, err := ByName(name)
		return func(w io.Writer, s longShelf) error {
			if err != nil {
				return err
			}
			opened, err := Open(t.Context(), s, uuid.Nil, Options{Now: when})
			if err != nil {
				return err
			}
			return opened.Write(t.Context(), w, f)
		}
	}
	atOnce := func(w io.Writer, s longShelf) error {
		set, err := Gather(t.Context(), s, uuid.Nil, Options{Now: when})
		if err != nil {
			return err
		}
		return CSV(w, set)
	}
	const length, most = 8000, 8 << 20 // of which the texts alone have 16 MB
	for _, name := range []string{"csv", "html", "docx", "jskos", "oscal", "ciso"} {
		if got := grown(lines(name), length); got > most {
			t.Errorf("%s: line by line %d lines take %.1f MB", name, length, got/(1<<20))
		}
	}
	if got := grown(atOnce, length); got < most {
		t.Errorf("at once %d lines take %.1f MB: this test notices nothing", length, got/(1<<20))
	}
}
