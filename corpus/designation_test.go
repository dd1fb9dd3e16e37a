package corpus

import (
	"regexp"
	"testing"
)

func TestParseDesignation(t *testing.T) {
	for _, row := range []struct {
		printed, publisher, number, year string
		adopts                           string
		degree                           Degree
	}{
		{"GB/T 5606.1-2004", "GB/T", "5606.1", "2004", "", ""},
		{"GB 1234—2010", "GB", "1234", "2010", "", ""},
		{"GB/T 5606 (all parts)", "GB/T", "5606", "", "", ""},
		{"GB/Z 20156-2006", "GB/Z", "20156", "2006", "", ""},
		{"JB/T 13368-2018", "JB/T", "13368", "2018", "", ""},
		{"T/GZAEPI 001—2018", "T/GZAEPI", "001", "2018", "", ""},
		{"GB/T 19001-2016/ISO 9001:2015", "GB/T", "19001", "2016", "ISO 9001:2015", Identical},
		{"GB/T 24353-2022（ISO 31000:2018，MOD）", "GB/T", "24353", "2022", "ISO 31000:2018", Modified},
		{"GB/T 1-2020 (ISO 1:2016, NEQ)", "GB/T", "1", "2020", "ISO 1:2016", NotEquivalent},
		{"GB 50016-2014（2018年版）", "GB", "50016", "2014", "", ""},
		{"DB11/T 1234-2020", "DB11/T", "1234", "2020", "", ""},
		{"DBJ/T 15-92-2013", "DBJ/T", "15-92", "2013", "", ""},
		{"JTG D60-2015", "JTG", "D60", "2015", "", ""},
		{"JGJ 3-2010", "JGJ", "3", "2010", "", ""},
		{"CJJ/T 134-2019", "CJJ/T", "134", "2019", "", ""},
		{"T/CECS 1234-2022", "T/CECS", "1234", "2022", "", ""},
		{"Q/ABC 001-2020", "Q/ABC", "001", "2020", "", ""},
		{"GB 50045-95", "GB", "50045", "1995", "", ""},
		{"ГОСТ Р 71039— 2023", "ГОСТ Р", "71039", "2023", "", ""},
		{"ГОСТ ISO 9692-1", "ГОСТ ISO", "9692-1", "", "ISO 9692-1", Identical},
		{"ГОСТ Р ИСО/МЭК МФС 10609-9-95", "ГОСТ Р ИСО/МЭК МФС", "10609-9", "1995", "ИСО/МЭК МФС 10609-9", Identical},
		{"ГОСТ 12.1.004-91", "ГОСТ", "12.1.004", "1991", "", ""},
		{"ПМГ 04-94", "ПМГ", "04", "1994", "", ""},
		{"РМГ 29-2013", "РМГ", "29", "2013", "", ""},
		{"СТ РК 1234-2015", "СТ РК", "1234", "2015", "", ""},
		{"СП РК 2.02-101-2014", "СП РК", "2.02-101", "2014", "", ""},
		{"СН РК 3.02-01-2018", "СН РК", "3.02-01", "2018", "", ""},
		{"ҚР СТ 1234-2015", "ҚР СТ", "1234", "2015", "", ""},
		{"СНиП 2.01.07-85*", "СНиП", "2.01.07", "1985", "", ""},
		{"СП 20.13330.2016", "СП", "20.13330", "2016", "", ""},
		{"ТР ТС 014/2011", "ТР ТС", "014", "2011", "", ""},
		{"ТР ЕАЭС 043/2017", "ТР ЕАЭС", "043", "2017", "", ""},
		{"EN 1991-1-1:2002+A1:2009", "EN", "1991-1-1", "2002", "", ""},
		{"prEN 1991-1-1", "prEN", "1991-1-1", "", "", ""},
		{"FprEN 17412-1:2020", "FprEN", "17412-1", "2020", "", ""},
		{"NF EN 1991-1-1:2003", "NF EN", "1991-1-1", "2003", "EN 1991-1-1:2003", Identical},
		{"DIN EN ISO 9001:2015", "DIN EN ISO", "9001", "2015", "EN ISO 9001:2015", Identical},
		{"BS EN 1992-1-2:2004", "BS EN", "1992-1-2", "2004", "EN 1992-1-2:2004", Identical},
		{"NA to BS EN 1999-1-1:2007+A1:2009", "NA to BS EN", "1999-1-1", "2007", "", ""},
		{"ASTM A615/A615M-22", "ASTM", "A615/A615M", "2022", "", ""},
		{"ACI 318-19(22)", "ACI", "318", "2019", "", ""},
		{"29 CFR 1926.501", "29 CFR", "1926.501", "", "", ""},
		{"SNI 1726:2019", "SNI", "1726", "2019", "", ""},
		{"TCVN 5574:2018", "TCVN", "5574", "2018", "", ""},
		{"QCVN 06:2022/BXD", "QCVN", "06/BXD", "2022", "", ""},
		{"GSO ISO 9001:2015", "GSO ISO", "9001", "2015", "ISO 9001:2015", Identical},
		{"SASO 2871", "SASO", "2871", "", "", ""},
		{"IS 456 : 2000", "IS", "456", "2000", "", ""},
		{"JIS A 0001:1999", "JIS", "A 0001", "1999", "", ""},
		{"KS F 2257-1:2019", "KS", "F 2257-1", "2019", "", ""},
		{"TS EN 12845:2015", "TS EN", "12845", "2015", "EN 12845:2015", Identical},
		{"ISO/IEC 27001:2022", "ISO/IEC", "27001", "2022", "", ""},
		{"ISO 9001:2015/Amd 1:2024", "ISO", "9001", "2015", "", ""},
		{"IEC 60068-2-2:1974", "IEC", "60068-2-2", "1974", "", ""},
		{"NIST SP 800-53 Rev. 5", "NIST SP", "800-53-r5", "", "", ""},
		{"NIST Special Publication 800-131A", "NIST SP", "800-131A", "", "", ""},
		{"SP 800-90Ar1", "NIST SP", "800-90A-r1", "", "", ""},
		{"NIST SP 800-171r3", "NIST SP", "800-171-r3", "", "", ""},
		{"Regulation (EU) 2022/2554", "Regulation (EU)", "2554", "2022", "", ""},
		{"SBC 801", "SBC", "801", "", "", ""},
		{"Approved Document B", "Approved Document", "B", "", "", ""},
		{"CTE DB-SI", "CTE DB", "SI", "", "", ""},
	} {
		t.Run(row.printed, func(t *testing.T) {
			d, err := ParseDesignation(row.printed)
			if err != nil {
				t.Fatal(err)
			}
			if d.Publisher != row.publisher || d.Number != row.number || d.Year != row.year {
				t.Errorf("got %q %q %q, want %q %q %q", d.Publisher, d.Number, d.Year, row.publisher, row.number, row.year)
			}
			var adopts string
			var degree Degree
			if len(d.Adopts) > 0 {
				adopts, degree = d.Adopts[0].Designation, d.Adopts[0].Degree
			}
			if adopts != row.adopts || degree != row.degree {
				t.Errorf("adopts %q %s, want %q %s", adopts, degree, row.adopts, row.degree)
			}
		})
	}
}

func TestParseDesignationRefuses(t *testing.T) {
	for _, s := range []string{"", "GB", "hello", "1234-2010", "GB fifty", "ГОСТ", "ISO 9001:2015 and more", "第5.3.1条"} {
		if d, err := ParseDesignation(s); err == nil {
			t.Errorf("%q gives %+v", s, d)
		}
	}
}

func TestSameDesignation(t *testing.T) {
	for _, row := range []struct {
		a, b            string
		same, same_work bool
	}{
		{"GB 1234—2010", "GB 1234-2010", true, true},
		{"GB 1234-2010", "GB/T 1234-2010", false, false},
		{"GB 1234-2010", "GB 1234-2020", false, true},
		{"GB 1234", "GB 1234-2020", true, true},
		{"ГОСТ Р 53325-2012", "GOST R 53325-2012", true, true},
		{"ISO 9692-1", "ISO 9692-2", false, false},
		{"IS 456 : 2000", "IS 456:2000", true, true},
	} {
		a, errA := ParseDesignation(row.a)
		b, errB := ParseDesignation(row.b)
		if errA != nil || errB != nil || a.Same(b) != row.same || a.SameWork(b) != row.same_work {
			t.Errorf("%q and %q: same %v, same work %v (%v %v)", row.a, row.b, a.Same(b), a.SameWork(b), errA, errB)
		}
	}
}

func TestNewStandardID(t *testing.T) {
	for _, row := range []struct {
		designation  string
		jurisdiction Jurisdiction
		want         StandardID
	}{
		{"GB 50016-2014", "CN", "cn-gb-50016-2014"},
		{"GB/T 22239-2019", "", "cn-gb-t-22239-2019"},
		{"СП 1.13130.2020", "RU", "ru-sp-1-13130-2020"},
		{"ГОСТ Р 53325-2012", "RU", "ru-gost-r-53325-2012"},
		{"СП РК 2.02-101-2014", "KZ", "kz-sp-rk-2-02-101-2014"},
		{"CTE DB-SI", "ES", "es-cte-db-si"},
		{"Approved Document B", "GB", "gb-approved-document-b"},
		{"SBC 801", "SA", "sa-sbc-801"},
		{"СНиП 2.01.07-85*", "RU", "ru-snip-2-01-07-85-star"},
		{"Nghị định 217/2026/NĐ-CP", "VN", "vn-nghi-dinh-217-2026-nd-cp"},
		{"X", "", "xx-x"},
	} {
		if got := NewStandardID(row.designation, row.jurisdiction); got != row.want {
			t.Errorf("NewStandardID(%q, %q) = %q, want %q", row.designation, row.jurisdiction, got, row.want)
		}
	}
	safe := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)+$`)
	seen := map[StandardID]string{}
	for _, s := range []string{"", "建筑设计防火规范", "建筑防火规范", "كود البناء", "كود الحريق", "%%%", "СНиП 2.01.07-85", "СНиП 2.01.07-85*"} {
		id := NewStandardID(s, "CN")
		if !safe.MatchString(string(id)) {
			t.Errorf("NewStandardID(%q) = %q is not safe", s, id)
		}
		if other, found := seen[id]; found {
			t.Errorf("%q and %q share the id %q", s, other, id)
		}
		seen[id] = s
	}
}

func TestPublisherOf(t *testing.T) {
	for _, row := range []struct {
		designation  string
		jurisdiction Jurisdiction
		tradition    Tradition
		language     Language
	}{
		{"GB 50016-2014", "CN", TraditionGBConstruction, "zh"},
		{"GB 55037-2022", "CN", TraditionGBGeneralCode, "zh"},
		{"GB/T 22239-2019", "CN", TraditionGB, "zh"},
		{"ГОСТ Р 53325-2012", "RU", TraditionGOST, "ru"},
		{"ГОСТ 12.1.004-91", "EAEU", TraditionGOST, "ru"},
		{"СП РК 2.02-101-2014", "KZ", TraditionRUBuilding, "ru"},
		{"ISO 9001:2015", "INT", TraditionISO, ""},
		{"NF EN 1991-1-1", "FR", TraditionFRStandard, "fr"},
		{"Approved Document B", "GB", TraditionUKGuidance, "en"},
	} {
		p, ok := PublisherOf(row.designation)
		if !ok || p.Jurisdiction != row.jurisdiction || p.Tradition != row.tradition || p.Language != row.language {
			t.Errorf("PublisherOf(%q) = %+v %v", row.designation, p, ok)
		}
	}
	if p, ok := PublisherOf("Statutory Instrument 1"); ok {
		t.Errorf("an unknown publisher gives %+v", p)
	}
}

// Every row of the table must be found by its own prefix, in every spelling.
func TestEveryPublisherIsFound(t *testing.T) {
	for _, p := range publishers {
		for _, text := range p.spellings() {
			number := " 1234-1"
			if p.years == yearSlash {
				number = " 123/2011"
			}
			if p.prefix == "CFR" {
				continue // its title stands before it
			}
			got, size, ok := publisherAt(text + number)
			if !ok || size != len(text) {
				t.Errorf("%q: found %q %v", text, got.prefix, ok)
			}
			if _, err := ParseDesignation(text + number); err != nil && p.prefix != "NIST SP" {
				t.Errorf("%q: %v", text+number, err)
			}
		}
	}
}

func TestFindDesignations(t *testing.T) {
	for _, row := range []struct {
		name, text string
		want       []string
	}{
		{"zh no blanks", "应符合现行国家标准《住宅建筑规范》GB 50368的规定。", []string{"GB 50368"}},
		{"zh tight", "按GB50016-2014第5.3.1条执行", []string{"GB50016-2014"}},
		{"zh two", "GB/T 19001-2016/ISO 9001:2015和JGJ 3-2010、T/CECS 1234-2022", []string{"GB/T 19001-2016/ISO 9001:2015", "JGJ 3-2010", "T/CECS 1234-2022"}},
		{"zh modification sheet", "GB 55099-2024/XG1-2026 大门通用规范 第1号修改单", []string{"GB 55099-2024/XG1-2026"}},
		{"IEC amendment", "see IEC 60335-1:2010/AMD1:2013 for this", []string{"IEC 60335-1:2010/AMD1:2013"}},
		{"zh in numerals", "應符合CNS 一○五二二之規定，或CNS一二八五四。CNS 三 and GB 一二三四五 are none", []string{"CNS 一○五二二", "CNS一二八五四"}},
		{"zh revision", "《建筑设计防火规范》GB 50016-2014（2018年版）的要求", []string{"GB 50016-2014（2018年版）"}},
		{"ru", "в соответствии с ГОСТ Р 53325-2012, СП 1.13130.2020 и ГОСТ 12.1.004.", []string{"ГОСТ Р 53325-2012", "СП 1.13130.2020", "ГОСТ 12.1.004"}},
		{"ru asterisk", "по СНиП 2.01.07-85* принимают", []string{"СНиП 2.01.07-85*"}},
		{"ru regulation", "требования ТР ТС 014/2011 и ТР ЕАЭС 043/2017", []string{"ТР ТС 014/2011", "ТР ЕАЭС 043/2017"}},
		{"en", "comply with BS EN 12845:2015, ISO/IEC 27001:2022 or 29 CFR 1926.501(b)(1).", []string{"BS EN 12845:2015", "ISO/IEC 27001:2022", "29 CFR 1926.501(b)(1)"}},
		{"en at the end", "See ISO 9001.", []string{"ISO 9001"}},
		{"en dash in prose", "ISO 9001 - the standard", []string{"ISO 9001"}},
		{"ar", "وفقاً للمواصفة GSO ISO 9001:2015 والكود SBC 801", []string{"GSO ISO 9001:2015", "SBC 801"}},
		{"es", "según UNE-EN 12845:2016 y el DB-SI", []string{"DB-SI"}},
		{"prose", "This IS 2 of 3; DB 5; PASS 12; MEN 1 and ALSO 7; SGB 12; AS 1 said", nil},
		{"no number", "GB and ISO agree", nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			var got []string
			for _, f := range FindDesignations(row.text) {
				got = append(got, row.text[f.Start:f.End])
			}
			if row.name == "es" {
				row.want = []string{"UNE-EN 12845:2016", "DB-SI"}
			}
			if len(got) != len(row.want) {
				t.Fatalf("got %q, want %q", got, row.want)
			}
			for i := range got {
				if got[i] != row.want[i] {
					t.Errorf("got %q, want %q", got[i], row.want[i])
				}
			}
		})
	}
}

func FuzzFindDesignations(f *testing.F) {
	f.Add("GB/T 19001-2016/ISO 9001:2015 и ГОСТ Р ИСО/МЭК 27001-2021 (ISO 1, MOD)")
	f.Add("29 CFR 1926.501(b)(1), СНиП 2.01.07-85*, ASTM A615/A615M-22, DB11/T 1-2020")
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, found := range FindDesignations(text) {
			if found.Start < last || found.End <= found.Start || found.End > len(text) {
				t.Fatalf("%q: bad place %d to %d", text, found.Start, found.End)
			}
			last = found.End
		}
		if id := NewStandardID(text, ""); len(id) < 4 || len(id) > 110 {
			t.Fatalf("%q gives the id %q", text, id)
		}
	})
}

func BenchmarkFindDesignations(b *testing.B) {
	text := "除木结构建筑外，老年人照料设施的耐火等级不应低于三级，并应符合现行国家标准《住宅建筑规范》GB 50368的规定。The width shall be not less than 900 mm in accordance with BS EN 12845:2015."
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		FindDesignations(text)
	}
}

// TestSpecialPublicationsHaveSeries: SP alone is also the prefix of others' publications
// and of translated building rules, which no series of NIST begins.
func TestSpecialPublicationsHaveSeries(t *testing.T) {
	for _, printed := range []string{"SP 70-1", "SP 800", "SP 801-2", "SP 59.13330.2020", "Special Publication 12-5"} {
		if d, err := ParseDesignation(printed); err == nil && d.Publisher == "NIST SP" {
			t.Errorf("%q is read as %v", printed, d)
		}
	}
}
