package reader

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"concord/corpus"
)

// unitsIn are the units of a document with their rows, and the texts of its clauses.
func unitsIn(t *testing.T, name, text string) (units, texts string) {
	t.Helper()
	docs, err := Read(name, bytes.NewReader([]byte(text)), Hint{})
	if err != nil {
		t.Fatal(err)
	}
	var u, c []string
	for _, clause := range docs[0].Clauses {
		said := clause.Heading + ": " + strings.ReplaceAll(clause.Text, "\n", " / ")
		if clause.Unit() != "" {
			u = append(u, clause.ID.Key()+" ["+clause.Label+"] "+said)
		} else {
			c = append(c, said)
		}
	}
	return strings.Join(u, "\n"), strings.Join(c, "\n")
}

// Tables of plain text below their caption, which may print no number.
func TestTablesOfText(t *testing.T) {
	const head, tail = "1 Doors\n\n1.1 Widths\n\nThe widths shall be as in the table.\n\n", "\n1.2 Doors shall close.\n"
	for _, row := range []struct{ name, body, want string }{
		{"bars", "Table 1 Widths\n\n| Place | Width |\n|-------|-------|\n| Stair | 1100 mm |\n| Ramp | 1200 mm |\n", "1.1~table-1 [Table 1] Widths: Place | Width / Stair | 1100 mm / Ramp | 1200 mm"},
		{"bars of a terminal", "Table: widths of doors\n\n place | width \n-------+-------\n Stair | 1100 mm\n Ramp  | 1200 mm\n", "1.1~table-u1 [Table] widths of doors: place | width / Stair | 1100 mm / Ramp | 1200 mm"},
		{"a grid", "Table 1 — Widths\n\n+-------+---------+\n| Place | Width   |\n+=======+=========+\n| Stair | 1100 mm |\n+-------+---------+\n| Ramp  | 1200 mm |\n+-------+---------+\n", "1.1~table-1 [Table 1] Widths: Place | Width / Stair | 1100 mm / Ramp | 1200 mm"},
		{"borders", "Table 1 Widths\n\n======  =======\nPlace   Width\n======  =======\nStair   1100 mm\nRamp    1200 mm\n======  =======\n", "1.1~table-1 [Table 1] Widths: Place | Width / Stair | 1100 mm / Ramp | 1200 mm"},
		{"columns", "Table. Widths of doors\n\nPlace    Width\n-------  --------\nStair    1100 mm\n楼梯     1200 mm\n", "1.1~table-u1 [Table] Widths of doors: Place | Width / Stair | 1100 mm / 楼梯 | 1200 mm"},
		{"two without numbers", "Table: widths\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\nTable: heights\n\n| C | D |\n|---|---|\n| 3 | 4 |\n", "1.1~table-u1 [Table] widths: A | B / 1 | 2\n1.1~table-u2 [Table] heights: C | D / 3 | 4"},
		{"a figure without number", "Figure. Plan of a stair\n", "1.1~figure-u1 [Figure] Plan of a stair: "},
		{"other languages", "表：门宽\n\n| 部位 | 宽度 |\n|---|---|\n| 楼梯 | 1100 |\n\nРисунок. План лестницы\n", "1.1~table-u1 [表] 门宽: 部位 | 宽度 / 楼梯 | 1100\n1.1~figure-u1 [Рисунок] План лестницы: "},
		{"a caption without rows", "Table: widths of doors\n\nDoors are wide.\n", ""},
		{"a sentence about a table", "Table: it shall be kept at hand.\n\n| A | B |\n|---|---|\n| 1 | 2 |\n", ""},
		{"a word that only looks so", "Tables: widths of doors\n\nFigures. Numbers are written so\n", ""},
		{"words across a column", "Table 1 Widths\n\nPlace    Width\n-------  --------\nA stair of a house 1100 mm\n", ""},
	} {
		units, texts := unitsIn(t, "a.txt", head+row.body+tail)
		if units != row.want {
			t.Errorf("%s: got\n%s\nwant\n%s", row.name, units, row.want)
		}
		if !strings.Contains(texts, "The widths shall be as in the table.") || !strings.Contains(texts, "Doors shall close.") {
			t.Errorf("%s: the clauses are\n%s", row.name, texts)
		}
		if row.want == "" && !strings.Contains(strings.NewReplacer(" | ", " ", "  ", " ").Replace(texts), strings.Fields(row.body)[1]) {
			t.Errorf("%s: the text is lost:\n%s", row.name, texts)
		}
	}
	units, texts := unitsIn(t, "a.txt", head+"A table without caption stays:\n\nPlace    Width\n-------  --------\nStair    1100 mm\n"+tail)
	if units != "" || !strings.Contains(texts, "Place | Width / Stair | 1100 mm") {
		t.Errorf("without caption: %s\n%s", units, texts)
	}
	if _, texts = unitsIn(t, "a.txt", "Clause   Rule\n-------  --------------------\n1.1      Doors shall open.\n\n1.2      Doors shall close.\n"); !strings.Contains(texts, "Doors shall open.\n: Doors shall close.") {
		t.Errorf("clauses in columns: %s", texts)
	}
	if units, _ = unitsIn(t, "a.md", "# Rules\n\n## 1 Doors\n\nText of doors.\n\nTable: widths\n\n| A | B |\n|---|---|\n| x | y |\n"); units != "1~table-u1 [Table] widths: A | B / x | y" {
		t.Errorf("in Markdown: %s", units)
	}
}

// What looks like many tables is gone through once.
func TestTablesOfTextAreBounded(t *testing.T) {
	for _, piece := range []string{"+--+\n", "== ==\nx\n\n", "a  b\n--- ---\nword across\n", "a | b\n|---|---|\n", "+--+\n| a |\n", "== ==\n"} {
		start := time.Now()
		textTables(strings.Split(strings.Repeat(piece, 100_000/len(piece)), "\n"))
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%q: %s", piece, took)
		}
	}
	if corpus.NewClauseID("x", "1~table-u1").Unit() != corpus.NumberTable {
		t.Error("a unit without number is none")
	}
}
