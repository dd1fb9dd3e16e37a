package corpus

import "testing"

// One act has one canonical form, whatever the language it is cited in.
func TestActsOfTheUnion(t *testing.T) {
	for want, all := range map[string][]string{
		"Regulation (EU) 2018/1999":    {"Regulation (EU) 2018/1999", "règlement (UE) 2018/1999", "Reglamento (UE) 2018/1999", "Verordnung (EU) 2018/1999", "regolamento (UE) 2018/1999", "Règlement délégué (UE) 2018/1999", "Reglamento de Ejecución (UE) 2018/1999", "Durchführungsverordnung (EU) 2018/1999", "règlement (UE)\u00a02018/1999", "Reg. (EU) 2018/1999", "Reg (EU) 2018/1999", "Règl. (UE) 2018/1999", "VO (EU) 2018/1999"},
		"Regulation (EU) No 305/2011":  {"Regulation (EU) No 305/2011", "règlement (UE) n° 305/2011", "Reglamento (UE) n.º 305/2011", "Verordnung (EU) Nr. 305/2011"},
		"Regulation (EC) No 1907/2006": {"Regulation (EC) No 1907/2006", "règlement (CE) no 1907/2006", "Verordnung (EG) Nr. 1907/2006", "Regulation (EC) 1907/2006"},
		"Directive 2010/31/EU":         {"Directive 2010/31/EU", "directive 2010/31/UE", "Directiva 2010/31/UE", "Richtlinie 2010/31/EU", "direttiva 2010/31/UE", "Dir. 2010/31/EU", "RL 2010/31/EU"},
		"Directive 92/57/EEC":          {"Directive 92/57/EEC", "directive 92/57/CEE", "Richtlinie 92/57/EWG", "Directiva 92/57/CEE"},
		"Directive (EU) 2018/2001":     {"Directive (EU) 2018/2001", "directive (UE) 2018/2001", "Directiva (UE) 2018/2001"},
		"Decision 2002/657/EC":         {"Decision 2002/657/EC", "décision 2002/657/CE", "Decisión 2002/657/CE"},
	} {
		for _, printed := range all {
			d, err := ParseDesignation(printed)
			if err != nil || d.String() != want {
				t.Errorf("%q: got %q, %v, want %q", printed, d, err, want)
			}
			again, err := ParseDesignation(d.String())
			if err != nil || !again.Same(d) {
				t.Errorf("%q: its canonical form %q reads as %+v, %v", printed, d, again, err)
			}
		}
	}
}

func TestActsInRunningText(t *testing.T) {
	for text, want := range map[string][]string{
		"Regulations (EU) 2021/241, (EU) 2021/1058 and (EU) 2021/1060 apply":                {"Regulation (EU) 2021/241", "Regulation (EU) 2021/1058", "Regulation (EU) 2021/1060"},
		"les règlements (UE) 2021/241 et (UE) 2021/1058 du Parlement":                       {"Regulation (EU) 2021/241", "Regulation (EU) 2021/1058"},
		"las Directivas 2014/24/UE, 2014/25/UE y (UE) 2018/2001":                            {"Directive 2014/24/EU", "Directive 2014/25/EU", "Directive (EU) 2018/2001"},
		"conformément à la directive 2003/87/CE, article 3":                                 {"Directive 2003/87/EC"},
		"the directive of 12 March (EU) and the decision 12/34 of the board":                nil,
		"cons. reg. 5 and dec. 12 are void":                                                 nil,
		"regulation 5/2020 of the city":                                                     nil,
		"drivers must regulate 2018/1999 km":                                                nil,
		"Regulation (EU) 2018/1999 was long ago, and far behind it there is (EU) 2021/1058": {"Regulation (EU) 2018/1999"},
	} {
		var got []string
		for _, f := range FindDesignations(text) {
			got = append(got, f.Designation.String())
			if f.Designation.Printed != text[f.Start:f.End] {
				t.Errorf("%q: printed %q at %q", text, f.Designation.Printed, text[f.Start:f.End])
			}
		}
		if len(got) != len(want) {
			t.Errorf("%q: got %q, want %q", text, got, want)
			continue
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%q: got %q, want %q", text, got, want)
			}
		}
	}
}
