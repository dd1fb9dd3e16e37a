package reader

import (
	"fmt"
	"strings"
	"testing"
)

// The degree of an adoption is read from the foreword's own words; a citation is no
// adoption.
func TestDeclaredAdoption(t *testing.T) {
	for _, row := range []struct{ name, designation, foreword, want string }{
		{"identical", "GB/T 19001-2016", "前言\n\n本标准使用翻译法等同采用ISO 9001:2015《质量管理体系 要求》。", "[{ISO 9001:2015 IDT}]"},
		{"modified", "GB/T 22081-2024", "前言\n\n本文件修改采用ISO/IEC 27002:2022。", "[{ISO/IEC 27002:2022 MOD}]"},
		{"not equivalent", "GB 4706-2005", "前言\n\n本标准与IEC 60335-1:2001的一致性程度为非等效。", "[{IEC 60335-1:2001 NEQ}]"},
		{"Russian", "ГОСТ Р 57580-2017", "Предисловие\n\nНастоящий стандарт идентичен международному стандарту ISO 9001:2015 «Системы менеджмента качества».", "[{ISO 9001:2015 IDT}]"},
		{"Vietnamese", "TCVN 9001:2015", "Lời nói đầu\n\nTCVN 9001:2015 hoàn toàn tương đương với ISO 9001:2015.", "[{ISO 9001:2015 IDT}]"},
		{"English", "BS 1:2016", "Foreword\n\nThis standard is a modified adoption of ISO 9001:2015. It replaces ISO 9000:2000.", "[{ISO 9001:2015 MOD}]"},
		{"on the cover", "GB/T 17301-2018", "前言\n\n（ISO 17301-1:2016，Cereals and pulses，IDT）", "[{ISO 17301-1:2016 IDT}]"},
		{"a citation", "BS 1:2016", "Foreword\n\nThis standard is used together with ISO 9001:2015.", "[]"},
	} {
		t.Run(row.name, func(t *testing.T) {
			text := row.foreword + "\n\n1 Scope\n\n1.1 This is it.\n\n1.2 It is that.\n"
			docs, err := Read("a.txt", strings.NewReader(text), Hint{Designation: row.designation})
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(docs[0].Standard.Adopts); got != row.want {
				t.Errorf("adopts %s, want %s", got, row.want)
			}
		})
	}
}
