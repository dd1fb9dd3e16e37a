package corpus

import (
	"slices"
	"testing"
)

// Which standards are one text in two languages, and why.
func TestParallel(t *testing.T) {
	std := func(lang Language, designation string, adopts ...Adoption) Standard {
		return Standard{ID: StandardID(designation + " " + string(lang)), Language: lang, Designation: designation, Adopts: adopts}
	}
	edition := func(s Standard, edition string) Standard { s.Edition = edition; return s }
	idt, mod := Adoption{Designation: "ISO/IEC 27001:2013", Degree: Identical}, Adoption{Designation: "ISO/IEC 27001:2013", Degree: Modified}
	for _, tt := range []struct {
		name string
		a, b Standard
		want ParallelBy
	}{
		{"two languages", std("en", "ISO 9001:2015"), std("fr", "ISO 9001:2015"), ParallelByDesignation},
		{"another spelling of the dash", std("zh", "GB/T 99001—2020"), std("en", "GB/T 99001-2020"), ParallelByDesignation},
		{"a language behind it", std("en", "ISO 9001:2015(E)"), std("fr", "ISO 9001:2015 (F)"), ParallelByDesignation},
		{"named in Chinese", std("zh", "GB/T 99001-2020"), std("en", "GB/T 99001-2020（英文版）"), ParallelByDesignation},
		{"another year", std("en", "ISO 9001:2015"), std("fr", "ISO 9001:2008"), ""},
		{"another publisher", std("zh", "GB/T 9001-2015"), std("en", "ISO 9001:2015"), ""},
		{"one language", std("en", "ISO 9001:2015"), std("en-GB", "ISO 9001:2015"), ""},
		{"years of editions agree", edition(std("en", "ISO 9001"), "2015"), edition(std("fr", "ISO 9001:2015"), "2015"), ParallelByDesignation},
		{"years of editions differ", edition(std("en", "ISO 9001"), "2008"), edition(std("fr", "ISO 9001:2015"), "2015"), ""},
		{"an amended text", std("en", "EN 1991-1-1:2002"), std("fr", "EN 1991-1-1:2002+A1:2009"), ""},
		{"identical adoption", std("zh", "GB/T 22080-2016", idt), std("en", "ISO/IEC 27001:2013"), ParallelByAdoption},
		{"modified adoption", std("zh", "GB/T 22080-2016", mod), std("en", "ISO/IEC 27001:2013"), ""},
		{"both of a third", std("zh", "GB/T 22080-2016", idt), std("ru", "ГОСТ Р ИСО/МЭК 27001-2021", idt), ParallelByAdoption},
		{"of no pattern", std("en", "House rules"), std("zh", "house  Rules"), ParallelByDesignation},
		{"of no pattern, others", std("en", "House rules"), std("zh", "Garden rules"), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := NewEditions([]Standard{tt.a, tt.b, std("de", "Zaunordnung")})
			for _, from := range [][2]Standard{{tt.a, tt.b}, {tt.b, tt.a}} {
				got := e.Parallel(from[0])
				if tt.want == "" && len(got) == 0 {
					continue
				}
				if len(got) != 1 || got[0].Standard.ID != from[1].ID || got[0].By != tt.want {
					t.Errorf("of %s: %+v, want %q", from[0].ID, got, tt.want)
				}
			}
		})
	}
}

// TestDesignationKeys: the same designation in other print has the same keys, another one
// none of them.
func TestDesignationKeys(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"ГОСТ Р 99580.1—2017", "GOST R 99580.1-2017", true}, {"ГОСТ Р 99580.1—2017", "GOST R 99580.1", true},
		{"Règlement (UE) n° 910/2014", "Regulation (EU) No 910/2014", true}, {"Directive 92/57/CEE", "directiva 92/57/CEE", true},
		{"ГОСТ Р 99580.1—2017", "GOST R 99580.2-2017", false}, {"ГОСТ 99580.1—2017", "ГОСТ Р 99580.1-2017", false},
		{"Regulation (EU) 2016/679", "Regulation (EU) 2018/679", false}, {"House rules", "House rules", false},
	} {
		a, b := DesignationKeys(c.a), DesignationKeys(c.b)
		if got := slices.ContainsFunc(a, func(k string) bool { return slices.Contains(b, k) }); got != c.same {
			t.Errorf("%q has %q, %q has %q", c.a, a, c.b, b)
		}
	}
}

// The editions of the same designation come first.
func TestParallelOrder(t *testing.T) {
	iso := Adoption{Designation: "ISO 99001:2020", Degree: Identical}
	all := []Standard{
		{ID: "a", Language: "zh", Designation: "GB/T 99001-2021", Adopts: []Adoption{iso}},
		{ID: "b", Language: "ru", Designation: "ISO 99001:2020"},
		{ID: "c", Language: "en", Designation: "ISO 99001:2020"},
		{ID: "d", Language: "fr", Designation: "ISO 99001:2020"},
	}
	var got []StandardID
	for _, p := range NewEditions(all).Parallel(all[2]) {
		got = append(got, p.Standard.ID)
	}
	if !slices.Equal(got, []StandardID{"d", "b", "a"}) {
		t.Errorf("in the order %v", got)
	}
}

func TestAuthenticityOf(t *testing.T) {
	for _, tt := range []struct {
		name string
		s    Standard
		want Authenticity
		said bool
	}{
		{"somebody says so", Standard{Designation: "GB 99001-2020", Language: "en", Authenticity: AuthenticityOfficial}, AuthenticityOfficial, true},
		{"the publisher's language", Standard{Designation: "GB 99001-2020", Language: "zh"}, AuthenticityOfficial, false},
		{"another language", Standard{Designation: "GB 99001-2020", Language: "en"}, AuthenticityReference, false},
		{"English of many", Standard{Designation: "ISO 99001:2020", Language: "en"}, AuthenticityOfficial, false},
		{"others of many", Standard{Designation: "ISO 99001:2020", Language: "zh"}, AuthenticityUnknown, false},
		{"the title in English", Standard{Designation: "ГОСТ 99001-2020", Language: "ru", Titles: []Title{{"en", "Doors. Unofficial translation"}}}, AuthenticityReference, true},
		{"the notice in Russian", Standard{Designation: "ISO 99001:2020", Language: "ru", Notice: "Неофициальный перевод"}, AuthenticityReference, true},
		{"the title in Chinese", Standard{Designation: "ISO 99001:2020", Language: "zh", Titles: []Title{{"zh", "门（参考译文）"}}}, AuthenticityReference, true},
		{"a title about translation", Standard{Designation: "ISO 99001:2020", Language: "en", Titles: []Title{{"en", "Translation services"}}}, AuthenticityOfficial, false},
		{"a demonstration", Standard{Designation: "GB 99001-2020", Language: "zh", Demonstration: true}, AuthenticityUnknown, false},
		{"no known publisher", Standard{Designation: "House rules", Language: "en"}, AuthenticityUnknown, false},
	} {
		if got, said := AuthenticityOf(tt.s); got != tt.want || said != tt.said {
			t.Errorf("%s: %q, said %v", tt.name, got, said)
		}
	}
}

func TestByNumber(t *testing.T) {
	got := ByNumber([]Clause{
		{ID: "x/1", Number: "1", Kind: KindHeading}, {ID: "x/1.1", Number: "1.1", Kind: KindProvision}, {ID: "x/1.1~2", Number: "1.1", Kind: KindProvision},
		{ID: "x/1.2", Number: "1.2", Kind: KindProvision}, {ID: "x/1.2~commentary", Number: "1.2", Kind: KindCommentary}, {ID: "x/p", Kind: KindProvision},
	})
	if len(got) != 2 || got["1"].ID != "x/1" || got["1.2"].ID != "x/1.2" {
		t.Errorf("found %v", got)
	}
}
