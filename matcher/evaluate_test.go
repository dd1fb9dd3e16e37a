package matcher

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

const evalDir = "../../shared/eval"

func evalSets(t testing.TB) []Set {
	t.Helper()
	if _, err := os.Stat(evalDir); err != nil {
		t.Skip("the shared evaluation sets are not here")
	}
	sets, err := LoadSets(evalDir)
	if err != nil {
		t.Fatal(err)
	}
	return sets
}

// readmeRows reads the table of BM25 figures that comes with the sets.
func readmeRows(t testing.TB) map[string][]string {
	t.Helper()
	data, err := os.ReadFile(evalDir + "/README.md")
	if err != nil {
		t.Skip("the shared evaluation sets are not here")
	}
	rows := make(map[string][]string)
	for line := range strings.Lines(string(data)) {
		cells := strings.Split(line, "|")
		if len(cells) < 14 {
			continue
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows[cells[1]] = cells[2:]
	}
	return rows
}

// TestBM25AgreesWithTheReadme checks our BM25 and our metrics against the
// published figures of every shared set.
func TestBM25AgreesWithTheReadme(t *testing.T) {
	rows := readmeRows(t)
	for _, set := range evalSets(t) {
		t.Run(set.Name, func(t *testing.T) {
			got := mean(set.blind().bm25())
			cells := rows[set.Name]
			if cells == nil {
				t.Fatal("no row in the table")
			}
			for i, v := range []float64{got.Recall1, got.Recall5, got.Recall10, got.MRR10, got.MAP100, got.NDCG10} {
				want, err := strconv.ParseFloat(cells[5+i], 64)
				if err != nil {
					t.Fatal(err)
				}
				if d := v - want; d > 0.01 || d < -0.01 {
					t.Errorf("figure %d: %.3f, want %.3f", i, v, want)
				}
			}
		})
	}
}
