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

// Files for programs carry reservations where their formats have a place, on one line,
// none that was withdrawn; a set without any is written as it was before there were any.
func TestReservationsForPrograms(t *testing.T) {
	live := sample()
	first, err := Gather(t.Context(), live, live.dossier.ID, Options{Now: when})
	if err != nil {
		t.Fatal(err)
	}
	pair := first.pairs()[0].Match
	live.reserved = []review.Reservation{
		{ID: uuid.New(), Match: pair.ID, Party: "CN", Text: "until\n2027; =1+1", At: when},
		{ID: uuid.New(), Party: "RU", Text: "subject to ratification", At: when},
		{ID: uuid.New(), Match: pair.ID, Party: "RU", Text: "taken back", At: when, Withdrawn: when},
	}
	day := when.Format("2006-01-02")
	one, all := "CN since "+day+": until 2027; =1+1", "RU since "+day+": subject to ratification"
	for name, want := range map[string][]string{
		"csv":       {one, all},
		"sssom":     {"\t" + one, "#comment: \"Reservation against everything agreed of " + all, "slot_name: ext_reservations"},
		"sssom-1.0": {"\t" + one, "Reservation against everything agreed of " + all},
		"oscal":     {`"name": "reservation"`, `"value": "` + one, `"value": "` + all},
		"strm":      {"Reservation of " + one, "Reservation against everything agreed of " + all},
		"skos":      {`skos:editorialNote "Reservation on ` + string(pair.Targets[0]) + " of " + one, `skos:editorialNote "Reservation on ` + string(pair.Sources[0]) + " of " + one, `skos:editorialNote "Reservation against everything agreed of ` + all},
		"jskos":     {`"Reservation of ` + one, `"Reservation against everything agreed of ` + all},
		"ciso":      {"annotation: ", "Reservation of " + one, "Reservation against everything agreed of " + all},
		"fhir":      {"Reservation of " + one, "Reservation against everything agreed of " + all},
	} {
		body := written(t, mustBe(t, name), gatheredFrom(t, live, "en"))
		for _, w := range want {
			if !strings.Contains(body, w) {
				t.Errorf("%s does not hold %q\n%s", name, w, body)
			}
		}
		without := live
		without.reserved = nil
		if strings.Contains(body, "taken back") || strings.Contains(written(t, mustBe(t, name), gatheredFrom(t, without, "en")), "eservation of") {
			t.Errorf("%s holds one that was withdrawn, or one that nobody declared", name)
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
