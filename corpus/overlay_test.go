package corpus

import "testing"

// What is an overlay, and on what.
func TestOverlayOf(t *testing.T) {
	titled := func(designation, title string) Standard {
		return Standard{Designation: designation, Titles: []Title{{"en", title}}}
	}
	for _, tt := range []struct {
		name string
		s    Standard
		kind OverlayKind
		base string
	}{
		{"ISO", Standard{Designation: "ISO 99001:2015/Amd 1:2020"}, OverlayAmendment, "ISO 99001:2015"},
		{"IEC in capitals", Standard{Designation: "IEC 60068-2-2:1974/AMD1:1993"}, OverlayAmendment, "IEC 60068-2-2:1974"},
		{"a corrigendum", Standard{Designation: "ISO/IEC 99001:2013/Cor 1:2014"}, OverlayCorrigendum, "ISO/IEC 99001:2013"},
		{"EN", Standard{Designation: "EN 1991-1-1:2002/A1:2009"}, OverlayAmendment, "EN 1991-1-1:2002"},
		{"EN, corrected", Standard{Designation: "EN 1991-1-1:2002/AC:2009"}, OverlayCorrigendum, "EN 1991-1-1:2002"},
		{"a list of changes", Standard{Designation: "GB/T 99001-2014/XG1-2016"}, OverlayAmendment, "GB/T 99001-2014"},
		{"a list without a year", Standard{Designation: "GB/T 99001-2014/XG1"}, OverlayAmendment, "GB/T 99001-2014"},
		{"a list by its title", titled("公告2016年第3号", "GB/T 99001-2014《大门》国家标准第1号修改单"), OverlayAmendment, "GB/T 99001-2014"},
		{"a partial revision", titled("公告2018年第35号", "《大门设计规范》GB 99016-2014 局部修订条文"), OverlayAmendment, "GB 99016-2014"},
		{"Russian", Standard{Designation: "Изменение № 1 к СП 99.13330.2016"}, OverlayAmendment, "СП 99.13330.2016"},
		{"Russian, with its title", titled("Приказ 17", "Изменение № 2 ГОСТ 99.1.004-91 Ворота. Общие требования"), OverlayAmendment, "ГОСТ 99.1.004-91"},
		{"British annex", Standard{Designation: "NA to BS EN 1992-1-1:2004"}, OverlayAnnex, "BS EN 1992-1-1:2004"},
		{"German annex", Standard{Designation: "DIN EN 1992-1-1/NA:2013"}, OverlayAnnex, "DIN EN 1992-1-1"},
		{"an annex by its title", titled("X 7", "National Annex to EN 1992-1-1:2004"), OverlayAnnex, "EN 1992-1-1:2004"},
		{"a person says so", Standard{Designation: "Order 5", Overlay: OverlayAmendment, Base: "House rules"}, OverlayAmendment, "House rules"},
		{"a person says another base", Standard{Designation: "ISO 99001:2015/Amd 1:2020", Base: "ISO 99002:2015"}, OverlayAmendment, "ISO 99002:2015"},
		// Controls.
		{"a person says no", Standard{Designation: "ISO 99001:2015/Amd 1:2020", Overlay: OverlayNone}, "", ""},
		{"an ordinary one", Standard{Designation: "ISO 99001:2015"}, "", ""},
		{"an amended text", Standard{Designation: "EN 1991-1-1:2002+A1:2009"}, "", ""},
		{"an edition with its revision", Standard{Designation: "GB 50016-2014（2018年版）"}, "", ""},
		{"an adoption", Standard{Designation: "GB/T 19001-2016/ISO 9001:2015"}, "", ""},
		{"a number with two names", Standard{Designation: "ASTM A615/A615M-22"}, "", ""},
		{"a guide to an amendment", titled("PD 1:2020", "Guide to Amendment 1 to ISO 99001:2015"), "", ""},
		{"a title that cites", titled("ISO 99007:2020", "Gates. Requirements additional to ISO 99001:2015"), "", ""},
		{"about amending", titled("ISO 99008:2020", "Amendment of soil"), "", ""},
		{"of two", titled("PD 2:2020", "Amendment to ISO 99001:2015 and ISO 99002:2015"), "", ""},
		{"applying changes", titled("ГОСТ 99.5-2001", "Изменение формы ворот по ГОСТ 99.1-2001"), "", ""},
		{"a base but no kind", Standard{Designation: "Order 5", Base: "House rules"}, "", ""},
	} {
		over, is := OverlayOf(tt.s)
		if over.Kind != tt.kind && is || is != (tt.kind != "") || is && over.Base != tt.base {
			t.Errorf("%s: %v %+v", tt.name, is, over)
		}
	}
}

func TestOverlaysOnTheirBase(t *testing.T) {
	std := func(id StandardID, lang Language, designation string) Holding {
		return Holding{Standard: Standard{ID: id, Language: lang, Designation: designation}}
	}
	all := []Holding{
		std("base-zh", "zh", "ISO 99001:2015"), std("base", "en", "ISO 99001:2015"), std("older", "en", "ISO 99001:2008"), std("amended", "en", "ISO 99001:2015+A1:2020"),
		std("amd2", "en", "ISO 99001:2015/Amd 2:2018"), std("amd1", "en", "ISO 99001:2015/Amd 1:2016"), std("cor1", "en", "ISO 99001:2015/Cor 1:2017"), std("other", "en", "ISO 99002:2015/Amd 1:2016"),
	}
	o := OverlaysOf(all)
	var on string
	for _, x := range o.On(all[1].Standard) {
		on += string(x.Standard.ID) + " "
	}
	if on != "amd1 cor1 amd2 " {
		t.Errorf("on the base lie %s", on)
	}
	if got := o.On(all[2].Standard); len(got) != 0 {
		t.Errorf("on the older edition lie %+v", got)
	}
	var bases string
	for _, x := range o.Bases(all[4].Standard) {
		bases += string(x.ID) + " "
	}
	if bases != "base base-zh " || len(o.Bases(all[7].Standard)) != 0 || len(o.Bases(all[1].Standard)) != 0 {
		t.Errorf("the bases are %s", bases)
	}
}
