package export

import (
	"bytes"
	"strings"
	"testing"
)

func TestHTML(t *testing.T) {
	page := written(t, mustBe(t, "html"), gatheredFrom(t, sample(), "en"))
	golden(t, "document.golden.html", page)
	for _, never := range []string{"<script", "http-equiv=\"refresh", "src=", "href=", " style=\"", "ZgotmplZ"} {
		if strings.Contains(page, never) {
			t.Errorf("the page holds %q", never)
		}
	}
	for _, want := range []string{"size: A4 landscape", `lang="zh" dir="ltr"`, "<thead>"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestHTMLPayloads(t *testing.T) {
	for _, payload := range payloads {
		page := written(t, mustBe(t, "html"), gatheredFrom(t, hostile(payload), "ar"))
		if strings.Contains(page, "<script") || bytes.ContainsAny([]byte(page), "\x00\x08\x0b") {
			t.Errorf("%q came out as markup or breaks the page", payload)
		}
		if !strings.Contains(page, `<html lang="ar" dir="rtl">`) {
			t.Error("the page is not written from right to left")
		}
	}
}

func TestNothingAgreed(t *testing.T) {
	s := sample()
	s.matches = nil
	for _, name := range []string{"html", "docx", "xlsx"} {
		if out := written(t, mustBe(t, name), gatheredFrom(t, s, "en")); !strings.Contains(out, "No pair is agreed yet.") {
			t.Errorf("%s does not say that nothing is agreed", name)
		}
	}
}
