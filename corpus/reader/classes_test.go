package reader

import (
	"fmt"
	"strings"
	"testing"
)

// The classes are read from the cover as it prints them, and from what a file says of
// itself; a clause that cites a class gives none.
func TestClasses(t *testing.T) {
	for _, row := range []struct{ name, head, body, want string }{
		{"both below each other", "前言\n\nICS 13.220.10\nC 80\n\n", "", "[13.220.10] [C80]"},
		{"both named", "前言\n\nICS 91.040.01; 93.020 CCS P16\n\n", "", "[91.040.01 93.020] [P16]"},
		{"international alone", "Foreword\n\nICS 35.020\n\n", "", "[35.020] []"},
		{"no class of the Chinese ones", "前言\n\nICS 35.020\nI 80\n\n", "", "[35.020] []"},
		{"cited in a requirement", "", "1.3 Products of ICS 13.220.10 C 80 are marked.\n", "[] []"},
		{"front matter", "---\nics: [13.220.20]\nccs: [C81, C82]\n---\n", "", "[13.220.20] [C81 C82]"},
	} {
		t.Run(row.name, func(t *testing.T) {
			name, text := "a.txt", row.head+"1 Scope\n\n1.1 This is it.\n\n1.2 It is that.\n"+row.body
			if strings.HasPrefix(row.head, "---") {
				name, text = "a.md", row.head+"# 1 Scope\n\n## 1.1\n\nThis is it.\n"
			}
			docs, err := Read(name, strings.NewReader(text), Hint{Designation: "GB 50016-2014"})
			if err != nil {
				t.Fatal(err)
			}
			if s := docs[0].Standard; fmt.Sprint(s.ICS, " ", s.CCS) != row.want {
				t.Errorf("%v %v, want %s", s.ICS, s.CCS, row.want)
			}
		})
	}
}
