package reader

import (
	"fmt"
	"strings"
	"testing"
)

// The names that a definition prints in a second language are found, abbreviations
// and words that only follow are not.
func TestTermsInSeveralLanguages(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"beside the term", "2 术语\n\n2.1.1 抗震设计 seismic design\n强震区的建筑设计。\n\n2.1.2 扶手 handrail\n供人抓握的构件。\n\n2.1.3 防火墙\n防止火灾蔓延的墙。\n", "2.1.1 [{zh 抗震设计} {en seismic design}]; 2.1.2 [{zh 扶手} {en handrail}]"},
		{"in brackets", "3 Термины и определения\n\n3.1 поручень (handrail): Деталь ограждения.\n\n3.2 маломобильные группы населения (МГН): Люди, испытывающие затруднения.\n", "3.1 [{ru поручень} {en handrail}]"},
		{"Vietnamese", "3 Thuật ngữ và định nghĩa\n\n3.1 Tay vịn (handrail): bộ phận để vịn.\n\n3.2 Lối thoát: đường ra ngoài.\n", "3.1 [{vi Tay vịn} {en handrail}]"},
		{"an abbreviation", "3 术语\n\n3.1 建筑信息模型 BIM\n建筑的数字化表达。\n", ""},
		{"tags on one line", "3 Terms and definitions\n\n3.1 handrail: a bar of a stair.\nfr: main courante, f, de: Handlauf, m; Geländerstange\n\n3.2 ramp: a slope.\nIt has two parts: a foot, de facto flat.\n", "3.1 [{en handrail} {fr main courante} {de Handlauf} {de Geländerstange}]"},
		{"tags in brackets", "3 Terms and definitions\n\n3.1 handrail (fr: main courante; de: Handlauf): a bar of a stair.\n\n3.2 kerb (edge): a step.\n", "3.1 [{en handrail} {fr main courante} {de Handlauf}]"},
		{"languages in words", "3 Terms and definitions\n\n3.1 handrail: a bar of a stair.\nGerman: Handlauf, French: main courante\n\n3.2 ramp: a slope.\nEnglish: a word.\n", "3.1 [{en handrail} {de Handlauf} {fr main courante}]"},
		{"the vocabulary of electricity", "3 Terms and definitions\n\n3.1 handrail: a bar of a stair.\nfr main courante, f\nde Handlauf, m\n\n3.2 ramp: a slope.\n", "3.1 [{en handrail} {fr main courante} {de Handlauf}]"},
		{"one language", "3 Terms and definitions\n\n3.1 handrail: a bar (of a stair).\n\n3.2 ramp: a slope.\n", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			docs, err := Read("terms.txt", strings.NewReader("X\n\n1 Scope\n\n1.1 This is it.\n\n"+row.text), Hint{Designation: "X 1:2030"})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, term := range docs[0].Terms {
				got = append(got, fmt.Sprintf("%s %v", term.Clause.Key(), term.Names))
			}
			if s := strings.Join(got, "; "); s != row.want {
				t.Errorf("terms %s\nwant %s", s, row.want)
			}
		})
	}
}
