package export

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"concord/corpus"
	"concord/review"
)

// TMX writes a translation memory (TMX 1.4b) of the agreed pairs that say the same in
// two languages: identical or equivalent, one clause for one, both shown whole by
// their rights. What asks less or more is no translation. Text versions, decisions
// and reservations stand in properties.
func TMX(w io.Writer, s Set) error { return tmxLines(w, s, held(s.Items)) }

// tmxLines is TMX of items that come one by one.
func tmxLines(w io.Writer, s Set, rows Rows) error {
	out := bufio.NewWriter(w)
	now := s.Options.Now.UTC().Format("20060102T150405Z")
	fmt.Fprintf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE tmx SYSTEM \"tmx14.dtd\">\n<tmx version=\"1.4\">\n"+
		"<header creationtool=\"Concord\" creationtoolversion=%s segtype=\"block\" o-tmf=\"Concord\" adminlang=\"en\" srclang=\"*all*\" datatype=\"plaintext\" creationdate=\"%s\">\n", attribute(orElse(s.Options.Version, "dev")), now)
	tmxProp(out, "x-dossier", s.Dossier.ID.String())
	tmxProp(out, "x-title", oneLine(s.Dossier.Name))
	tmxProp(out, "x-license", s.Options.License)
	tmxProp(out, "x-notice", s.notices(phrasesIn("en")))
	for _, note := range caveatNotes(s.Reserved, onAll) {
		tmxProp(out, "x-reservation", note)
	}
	fmt.Fprint(out, "</header>\n<body>\n")
	err := rows(func(i Item) error {
		if i.Match.State != review.StateConfirmed {
			return nil
		}
		if i = s.facing(i); s.translates(i) {
			s.tmxUnit(out, i)
		}
		return nil
	})
	if err != nil {
		return err
	}
	fmt.Fprint(out, "</body>\n</tmx>\n")
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write TMX: %w", err)
	}
	return nil
}

// translates tells whether the two texts of an item are one in two languages.
func (s Set) translates(i Item) bool {
	v := i.Match.Outcome.Verdict
	if v != review.Verdict(corpus.RelationIdentical) && v != review.Verdict(corpus.RelationEquivalent) || len(i.Sources) != 1 || len(i.Targets) != 1 {
		return false
	}
	a, b := i.Sources[0], i.Targets[0]
	whole := func(c corpus.Clause) bool {
		return s.Standards[c.Standard].Rights == corpus.RightsFull && c.Wording() != "" && c.Language != ""
	}
	return whole(a) && whole(b) && a.Language.Base() != b.Language.Base()
}

// tmxUnit is one pair.
func (s Set) tmxUnit(w io.Writer, i Item) {
	match, decisions, versions := i.provenance()
	fmt.Fprintf(w, "<tu tuid=%s>\n", attribute(match))
	for _, list := range []struct{ kind, values string }{{"x-decision", decisions}, {"x-text-version", versions}} {
		for _, value := range strings.Split(list.values, "\n") {
			tmxProp(w, list.kind, value)
		}
	}
	tmxProp(w, "x-relation", string(i.Match.Outcome.Verdict))
	tmxProp(w, "x-decided", i.date())
	for _, note := range caveatNotes(i.Reserved, "") {
		tmxProp(w, "x-reservation", note)
	}
	for _, c := range []corpus.Clause{i.Sources[0], i.Targets[0]} {
		fmt.Fprintf(w, " <tuv xml:lang=%s>\n  <prop type=\"x-clause\">%s</prop>\n  <seg>%s</seg>\n </tuv>\n", attribute(string(c.Language)), xmlText(string(c.ID)), xmlText(clean(c.Wording())))
	}
	fmt.Fprint(w, "</tu>\n")
}

// tmxProp writes a property, none for an empty value.
func tmxProp(w io.Writer, kind, value string) {
	if value = clean(value); value != "" {
		fmt.Fprintf(w, " <prop type=\"%s\">%s</prop>\n", kind, xmlText(value))
	}
}

// xmlText escapes text for XML.
func xmlText(s string) string {
	var b strings.Builder
	// a strings.Builder does not fail
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

// attribute is a quoted value of an attribute.
func attribute(s string) string { return `"` + xmlText(clean(s)) + `"` }
