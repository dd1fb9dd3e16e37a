package samples

import (
	"fmt"
	"io/fs"
	"strings"

	"concord/corpus"
)

// Side is one party of a sample dossier with its standards.
type Side struct {
	Party     string
	Standards []corpus.StandardID
}

// Dossier is a negotiation the demonstration begins with.
type Dossier struct {
	Name   string
	Domain corpus.Domain
	Policy string // of review's policies
	Sides  []Side
}

// dossierHeader is the first line of dossiers.tsv.
const dossierHeader = "name\tdomain\tpolicy\tparty_a\tstandards_a\tparty_b\tstandards_b"

// Dossiers reads the sample dossiers in the order of the table. The error names
// the line of a row that is not one.
func Dossiers() ([]Dossier, error) {
	body, err := fs.ReadFile(files, "dossiers.tsv")
	if err != nil {
		return nil, fmt.Errorf("read the sample dossiers: %w", err)
	}
	lines := strings.Split(strings.TrimRight(string(body), "\n"), "\n")
	if lines[0] != dossierHeader {
		return nil, fmt.Errorf("dossiers.tsv line 1: the header must be %q: %w", dossierHeader, corpus.ErrInvalid)
	}
	var out []Dossier
	for i, line := range lines[1:] {
		cells := strings.Split(line, "\t")
		if len(cells) != 7 {
			return nil, fmt.Errorf("dossiers.tsv line %d: a row has 7 cells, this one has %d: %w", i+2, len(cells), corpus.ErrInvalid)
		}
		out = append(out, Dossier{Name: cells[0], Domain: corpus.Domain(cells[1]), Policy: cells[2], Sides: []Side{
			{Party: cells[3], Standards: standards(cells[4])}, {Party: cells[5], Standards: standards(cells[6])},
		}})
	}
	return out, nil
}

// standards splits standard ids joined by a plus sign.
func standards(cell string) []corpus.StandardID {
	var out []corpus.StandardID
	for _, id := range strings.Split(cell, "+") {
		out = append(out, corpus.StandardID(strings.TrimSpace(id)))
	}
	return out
}
