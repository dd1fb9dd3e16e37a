package export

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/google/uuid"

	"concord/review"
)

// Documents print reservations beside the match and in a list of their own, escaped;
// those that were withdrawn, and documents without any, print nothing of the kind.
func TestReservationsInDocuments(t *testing.T) {
	const caveat = `<w:p/>=HYPERLINK("x")&<script>until 2027`
	live := sample()
	first, err := Gather(t.Context(), live, live.dossier.ID, Options{Now: when})
	if err != nil {
		t.Fatal(err)
	}
	pair := first.pairs()[0].Match.ID
	live.reserved = []review.Reservation{
		{ID: uuid.New(), Match: pair, Party: "CN", Text: caveat, At: when},
		{ID: uuid.New(), Party: "RU", Text: "subject to ratification", At: when},
		{ID: uuid.New(), Match: pair, Party: "RU", Text: "taken back", At: when, Withdrawn: when},
	}
	for _, name := range []string{"xlsx", "docx", "html", "gb", "gost", "mra", "mra-html"} {
		format, err := ByName(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, reserved := range []bool{true, false} {
			s := live
			if !reserved {
				s.reserved = nil
			}
			set, err := Gather(t.Context(), s, s.dossier.ID, Options{Now: when})
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			if err := format.Write(&b, set); err != nil {
				t.Fatal(err)
			}
			text := openedParts(t, b.Bytes())
			beside := 2 // beside the match and in the list
			if name == "xlsx" {
				beside = 1 // its strings are kept once
			}
			if got := strings.Count(text, "until 2027"); reserved && got < beside || !reserved && got > 0 {
				t.Errorf("%s, reserved %v: printed %d times", name, reserved, got)
			}
			if strings.Contains(text, "subject to ratification") != reserved {
				t.Errorf("%s, reserved %v: the one against the whole", name, reserved)
			}
			if strings.Contains(text, "<script>until") || strings.Contains(text, `<w:p/>=HYPERLINK`) || strings.Contains(text, "<f>") || strings.Contains(text, "taken back") {
				t.Errorf("%s holds it unescaped, as a formula, or one that was withdrawn", name)
			}
		}
	}
}

// openedParts are the texts of a ZIP file, each well-formed where it is XML, or the
// body as it is.
func openedParts(t *testing.T, body []byte) string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return string(body)
	}
	var all strings.Builder
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		part, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(f.Name, ".xml") {
			for d := xml.NewDecoder(bytes.NewReader(part)); ; {
				if _, err := d.Token(); err == io.EOF {
					break
				} else if err != nil {
					t.Fatalf("%s: %v", f.Name, err)
				}
			}
		}
		all.Write(part)
	}
	return all.String()
}
