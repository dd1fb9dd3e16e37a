package corpus

import (
	"slices"
	"strings"
	"testing"
)

func TestFindUnitReferences(t *testing.T) {
	for _, row := range []struct{ text, want string }{
		{"as in Table 5.3.1, see Figure A.2", "table-5.3.1=Table 5.3.1; figure-A.2=Figure A.2"},
		{"应符合表5.3.1-2的规定，按式（5.3.1-1）计算，见图3", "table-5.3.1-2=表5.3.1-2; figure-3=图3; formula-5.3.1-1=式（5.3.1-1）"},
		{"согласно таблице 3 и рисунку 1, по формуле (2)", "table-3=таблице 3; figure-1=рисунку 1; formula-2=формуле (2)"},
		{"وفقا للجدول ٤ والشكل (٢)", "table-4=للجدول ٤; figure-2=والشكل (٢)"},
		{"le tableau 2 et la figure 1; la tabla 3; Tabelle 4; Bảng 5", "table-2=tableau 2; table-3=tabla 3; table-4=Tabelle 4; table-5=Bảng 5; figure-1=figure 1"},
		{"vegetables 5, configure 7, 表面, the table, Clause 5.3.1", ""},
	} {
		var got []string
		for _, r := range FindUnitReferences(row.text) {
			got = append(got, r.Key+"="+row.text[r.Start:r.End])
		}
		if s := strings.Join(got, "; "); s != row.want {
			t.Errorf("%s\n gives %s\n want  %s", row.text, s, row.want)
		}
	}
}

func TestUnitRows(t *testing.T) {
	text := "In mm\nPlace | Width | \n| 5 |  | b|c\n"
	var got []string
	for _, row := range UnitRows(text) {
		var cells []string
		for _, c := range row {
			cells = append(cells, text[c[0]:c[1]])
		}
		got = append(got, strings.Join(cells, "/"))
	}
	if want := []string{"In mm", "Place/Width/", "/5//b|c", ""}; !slices.Equal(got, want) {
		t.Errorf("the rows are %q, want %q", got, want)
	}
}

func TestClauseIDUnit(t *testing.T) {
	for key, want := range map[string]NumberKind{
		"5.3.1~table-5.3.1": NumberTable, "5~figure-1~2": NumberFigure, "A~formula-A.1": NumberFormula, "table-1": NumberTable,
		"5.3.1~table-5.3.1~note1": "", "5.3.1": "", "5~2": "", "": "", "5.3.1~commentary": "",
	} {
		if got := NewClauseID("x", key).Unit(); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
}
