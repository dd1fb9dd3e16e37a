package reader

import (
	"testing"

	"concord/corpus"
)

// What is repealed or not yet in force binds nobody, whatever the vocabulary says it
// with, and the provisions beside it are as they were.
func TestProvisionsNotInForce(t *testing.T) {
	clml := func(groups string) string {
		return `<Legislation xmlns:dc="x" xmlns:ukm="y"><ukm:Metadata><dc:title>Lantern Act 2031 (repealed 1.1.2040)</dc:title><dc:language>en</dc:language></ukm:Metadata><Primary><Body>` + groups + `</Body></Primary></Legislation>`
	}
	section := func(attrs, number, text string) string {
		return `<P1group ` + attrs + `><Title>Title ` + number + `</Title><P1><Pnumber>` + number + `</Pnumber><P1para>` + text + `</P1para></P1></P1group>`
	}
	law := readOwn(t, "a.xml", clml(section("", "1", "<Text>Lanterns shall burn.</Text>")+
		section(`Status="Prospective" Match="false"`, "2", "<P2><Pnumber>1</Pnumber><P2para><Text>Horns shall sound.</Text></P2para></P2>")+
		section(`RestrictEndDate="2035-01-01" Match="false"`, "3", "<Text>Oil shall be clear.</Text>")+
		section(`RestrictEndDate="2045-01-01"`, "4", "<Text>Wicks shall be trimmed.</Text>")+
		section("", "5", "<Text>. . . . . . . . . . . . . .</Text>")+
		section("", "6", "<P2><Pnumber>1</Pnumber><P2para><Text>Glass shall be clean.</Text></P2para></P2><P2><Pnumber>2</Pnumber><P2para><Text>. . . . . . .</Text></P2para></P2>")))
	for key, want := range map[string]corpus.Kind{
		"1": corpus.KindProvision, "2": corpus.KindInformative, "2(1)": corpus.KindInformative, "3": corpus.KindInformative, "4": corpus.KindProvision,
		"5": corpus.KindInformative, "6": corpus.KindHeading, "6(1)": corpus.KindProvision,
	} {
		if got := clauseOf(t, law, key); got.Kind != want {
			t.Errorf("section %s is %s, want %s", key, got.Kind, want)
		}
	}
	if got := clauseOf(t, law, "6(2)"); got.Text != "" || got.Kind.Normative() {
		t.Errorf("a repealed subsection: %+v", got)
	}
	if s := law.Standard; s.Status != corpus.StatusWithdrawn || s.Designation != "Lantern Act 2031" {
		t.Errorf("the act: %s, %q", s.Status, s.Designation)
	}
	said := 0
	for _, p := range law.Problems {
		if p.Rule == "not-in-force" {
			said++
		}
	}
	if said != 1 {
		t.Errorf("said %d times", said)
	}

	code := readOwn(t, "b.xml", `<uscDoc><meta><title>Title 90</title></meta><main><section status="repealed"><num>§ 1.</num><heading>Repealed. Pub. L. 99–1</heading><content>It said much.</content></section><section><num>§ 2.</num><heading>Lanterns</heading><content>Lanterns shall burn.</content></section></main></uscDoc>`)
	if a, b := clauseOf(t, code, "1"), clauseOf(t, code, "2"); a.Kind != corpus.KindInformative || b.Kind != corpus.KindProvision {
		t.Errorf("sections of the code: %s and %s", a.Kind, b.Kind)
	}
}
