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
		"Regulation (EU) 2016/679":     {"Nařízení (EU) 2016/679", "Κανονισμός (ΕΕ) 2016/679", "Регламент (ЕС) 2016/679", "asetus (EU) 2016/679", "määrus (EL) 2016/679", "Regula (ES) 2016/679", "Regulamentul (UE) 2016/679", "Forordning (EU) 2016/679"},
		"Regulation (EC) No 810/2009":  {"Verordnung (EG) Nr. 810/2009", "Nařízení (ES) č. 810/2009", "rozporządzenie (WE) nr 810/2009", "Förordning (EG) nr 810/2009", "asetus (EY) N:o 810/2009"},
		"Decision 2002/584/JHA":        {"Rahmenbeschluss 2002/584/JI", "Decisión Marco 2002/584/JAI"},
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

// The registers' numbers name the act that titles name, in any language.
func TestActsByTheirRegisterNumber(t *testing.T) {
	for printed, want := range map[string]string{
		"Consolidated TEXT: 32009L0065 — EN — 20.06.2013":       "Directive 2009/65/EC",
		"2009L0065 — EN — 20.06.2013 — 003.001":                 "Directive 2009/65/EC",
		"02009R0810-20200202":                                   "Regulation (EC) No 810/2009",
		"EUR-Lex - 32016R0679 - FR":                             "Regulation (EU) 2016/679",
		"31992L0057":                                            "Directive 92/57/EEC",
		"32002F0584":                                            "Decision 2002/584/JHA",
		"ELI: http://data.europa.eu/eli/dir/2024/1275/oj":       "Directive (EU) 2024/1275",
		"http://data.europa.eu/eli/reg_impl/2013/1352/oj?l=fra": "Regulation (EU) No 1352/2013",
		"room 132009L00651":                                     "", "12009L0065": "", "eli/reg/12/3": "",
	} {
		d, found := UnionAct(printed)
		if found != (want != "") || found && d.String() != want {
			t.Errorf("%q: got %q, %v, want %q", printed, d, found, want)
		}
	}
}

// One act has one identifier, whatever the language of its title, so that its language
// editions stand beside each other. Other publishers' are as printed.
func TestActsHaveOneIdentifier(t *testing.T) {
	for want, all := range map[StandardID][]string{
		"eu-directive-2010-31-eu":        {"Directive 2010/31/EU", "directive 2010/31/UE", "Richtlinie 2010/31/EU"},
		"eu-regulation-ec-no-810-2009":   {"Regulation (EC) No 810/2009", "Règlement (CE) n° 810/2009", "Verordnung (EG) Nr. 810/2009"},
		"eu-regulation-eu-2016-679":      {"Regulation (EU) 2016/679", "Règlement (UE) 2016/679", "VERORDNUNG (EU) 2016/679"},
		"eu-verordnung-ueber-baustellen": {"Verordnung ueber Baustellen"},
	} {
		for _, printed := range all {
			if got := NewStandardID(printed, "EU"); got != want {
				t.Errorf("%q: got %s, want %s", printed, got, want)
			}
			if _, known := PublisherOf(printed); known != (want != "eu-verordnung-ueber-baustellen") {
				t.Errorf("%q: its publisher is known: %v", printed, known)
			}
		}
	}
}
