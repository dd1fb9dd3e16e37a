package export

import (
	"bytes"
	"strings"
	"testing"

	"concord/review"
)

// roundOf freezes what the sample agreed on.
func roundOf(t *testing.T, s shelf) review.Frozen {
	t.Helper()
	draft := review.Draft(s.dossier, s.matches)
	draft.Clauses, draft.Standards = s.clauses, s.standards
	draft.Coverage, _ = s.CoverageOf(t.Context(), "", review.CoverageFilter{})
	draft.Unmatched = []review.Unmatched{{Clause: "cn-a/8.8.8", Label: "8.8.8", Against: "ru-b"}}
	p := review.Person{Name: "Li", Party: "CN", Role: review.RoleReviewer}
	r, err := review.Freeze(draft, 2, "Autumn", p, when, review.Checkpoint{Seq: 5, Hash: "beef"})
	if err != nil {
		t.Fatal(err)
	}
	body, err := r.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	sum := review.Checksum(body)
	if r, err = review.ReadRound(body, sum); err != nil {
		t.Fatal(err)
	}
	if _, err := review.ReadRound(bytes.Replace(body, []byte("Autumn"), []byte("Winter"), 1), sum); err == nil {
		t.Error("a round with another name fits the checksum")
	}
	return review.Frozen{Round: r, Checksum: sum, Signatures: []review.Signature{{Name: "Li", Party: "CN", At: when}}}
}

// Every format made from a round names it and stays the same when the live
// matches go; when a text changes, it keeps the old words and says so.
func TestFormatsFromRound(t *testing.T) {
	live := sample()
	f := roundOf(t, live)
	moved := sample()
	moved.matches = nil
	before := moved
	moved.clauses = append(moved.clauses[:0:0], moved.clauses...)
	moved.clauses[0].Text = "CHANGED"
	for _, format := range Formats {
		var out [3]bytes.Buffer
		for i, s := range []shelf{live, before, moved} {
			set, err := FromRound(t.Context(), s, f, Options{Now: when, Version: "test"})
			if err != nil {
				t.Fatal(err)
			}
			if len(set.Round.Moved) != i/2 {
				t.Errorf("%s: moved %v", format.Name, set.Round.Moved)
			}
			if err := format.Write(&out[i], set); err != nil {
				t.Fatalf("%s: %v", format.Name, err)
			}
		}
		if !bytes.Equal(out[0].Bytes(), out[1].Bytes()) {
			t.Errorf("%s changed with the live matches", format.Name)
		}
		if bytes.Equal(out[1].Bytes(), out[2].Bytes()) {
			t.Errorf("%s does not say that a text has changed", format.Name)
		}
		switch format.Name {
		case "xlsx", "docx", "gb", "gost", "mra":
			continue // packed
		}
		for _, want := range []string{f.Checksum, "Autumn"} {
			if !strings.Contains(out[2].String(), want) {
				t.Errorf("%s does not hold %q", format.Name, want)
			}
		}
		if format.Name == "html" {
			opened, err := OpenRound(t.Context(), moved, f, Options{Now: when, Version: "test"})
			if err != nil {
				t.Fatal(err)
			}
			var lines bytes.Buffer
			if err := opened.Write(t.Context(), &lines, format); err != nil || !bytes.Equal(lines.Bytes(), out[2].Bytes()) {
				t.Errorf("line by line it is another file (%v)", err)
			}
			if !strings.Contains(out[2].String(), "Clauses about which nothing was agreed") || !strings.Contains(out[2].String(), ">8.8.8<") {
				t.Error("what was open when it was frozen is not listed")
			}
			old := f
			old.Round.Unmatched = nil
			set, _ := FromRound(t.Context(), live, old, Options{Now: when})
			var without bytes.Buffer
			if err := HTML(&without, set); err != nil || strings.Contains(without.String(), "Clauses about which nothing was agreed") {
				t.Errorf("a round that notes nothing of it lists it (%v)", err)
			}
		}
		if strings.Contains(out[2].String(), "CHANGED") {
			t.Errorf("%s shows a text that was not agreed on", format.Name)
		}
	}
}
