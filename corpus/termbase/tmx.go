package termbase

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"concord/corpus"
)

func isTMX(name string, head []byte) bool {
	return strings.HasSuffix(name, ".tmx") || bytes.Contains(head, []byte("<tmx"))
}

// maxSegment is the longest segment that is taken for a term, in characters: TMX
// is made for sentences, which are no terms (own choice).
const maxSegment = 120

// readTMX reads TMX 1.1 to 1.4b: every unit is an entry. What TMX has no place
// for stands in props of our own, and is read back from them.
func readTMX(in *input) error {
	return in.elements(map[string]bool{"tu": true}, func(n *node) {
		e := Entry{ID: line(n.attr("tuid"))}
		if e.ID == "" {
			e.ID = fmt.Sprintf("%s#%d", in.name, n.line)
		}
		for _, k := range n.kids {
			switch k.name {
			case "prop":
				e.takeProp(k.attr("type"), k.attr("lang"), k.words())
			case "note":
				e.Note = joined(e.Note, "\n", k.words())
			case "tuv":
				in.variant(&e, k)
			}
		}
		if len(e.Terms) == 0 {
			in.problem(n.line, "the unit %.60q has no segment that could be a term (at most %d characters); delete it or put it into a document", e.ID, maxSegment)
			return
		}
		in.add(e)
	})
}

func (e *Entry) takeProp(kind, lang, text string) {
	switch kind {
	case "x-domain":
		e.Domain = line(text)
	case "x-definition":
		e.define(Tag(lang), prose(text))
	case "x-file":
		e.Origin.File = line(text)
	case "x-licence":
		e.Origin.Licence = line(text)
	case "x-by":
		e.Origin.By = line(text)
	case "x-day":
		e.Origin.Day = line(text)
	}
}

// variant reads the segment of one language.
func (in *input) variant(e *Entry, n *node) {
	lang := Tag(n.attr("lang"))
	if !validTag(lang) {
		in.problem(n.line, "%.40q is no language tag; write xml:lang such as zh, en or zh-Hant", n.attr("lang"))
		return
	}
	t := Term{Language: lang}
	ours := false
	for _, k := range n.kids {
		switch {
		case k.name == "seg":
			t.Text = line(k.words())
		case k.name == "note":
			t.Note = joined(t.Note, "\n", k.words())
		case k.name == "prop" && k.attr("type") == "x-status":
			status, known := StatusOf(k.words())
			if !known {
				in.problem(k.line, "the status %.40q is not known and was left out; write preferred, admitted, deprecated or forbidden", k.words())
			}
			t.Status, ours = status, known
		}
	}
	if t.Text == "" || !ours && len([]rune(t.Text)) > maxSegment {
		return
	}
	e.Terms = append(e.Terms, t)
}

// writeTMX writes TMX 1.4b with one variant for each term.
func writeTMX(out io.Writer, entries []Entry) error {
	w := &writer{w: out}
	w.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE tmx SYSTEM \"tmx14.dtd\">\n<tmx version=\"1.4\">\n" +
		"<header creationtool=\"Concord\" creationtoolversion=\"1\" segtype=\"phrase\" o-tmf=\"Concord\" adminlang=\"en\" srclang=\"*all*\" datatype=\"plaintext\"/>\n<body>\n")
	for _, e := range sortedEntries(entries) {
		w.raw("<tu" + attributes("tuid", e.ID) + ">\n")
		w.element(" ", "note", e.Note)
		prop := func(kind, text string, lang corpus.Language) {
			w.element(" ", "prop", text, "type", kind, "xml:lang", string(lang))
		}
		prop("x-domain", e.Domain, "")
		for _, d := range e.Definitions {
			prop("x-definition", d.Text, d.Language)
		}
		prop("x-file", e.Origin.File, "")
		prop("x-licence", e.Origin.Licence, "")
		prop("x-by", e.Origin.By, "")
		prop("x-day", e.Origin.Day, "")
		for _, t := range e.Terms {
			w.raw(" <tuv xml:lang=\"" + escaped(string(t.Language)) + "\">\n")
			w.element("  ", "note", t.Note)
			w.element("  ", "prop", string(t.Status), "type", "x-status")
			w.element("  ", "seg", t.Text)
			w.raw(" </tuv>\n")
		}
		w.raw("</tu>\n")
	}
	w.raw("</body>\n</tmx>\n")
	if w.err != nil {
		return fmt.Errorf("write TMX: %w", w.err)
	}
	return nil
}
