package export

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"concord/review"
)

func TestMisreadingsAreNoFormulas(t *testing.T) {
	var list []review.Misreading
	hostile := []string{"=1+1", "-5 °C", "+5 %", "@SUM(A1)", "  =x", "＝1", "a\x00b", ">= 0.8 m", "0,5 \"мА\",\nдве"}
	for _, read := range hostile {
		list = append(list, review.Misreading{Kind: review.MisreadValue, Clause: "a/=5", Read: read, At: time.Unix(0, 0), Start: 3, End: 9})
	}
	var b bytes.Buffer
	if err := WriteSheet(&b, "csv", Misreadings(list)); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != len(list)+1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, row := range rows {
		for n, cell := range row {
			if cell != "" && strings.ContainsAny(string([]rune(strings.TrimLeft(cell, " "))[0]), "=+-@＝") {
				t.Errorf("row %d, %s: %q is a formula", i, misreadingsHeader[n], cell)
			}
		}
	}
	if rows[1][8] != "'=1+1" || rows[8][8] != ">= 0.8 m" || rows[1][3] != "'=5" || misreadingsHeader[8] != "read" {
		t.Errorf("%q %q", rows[1], rows[8])
	}
}
