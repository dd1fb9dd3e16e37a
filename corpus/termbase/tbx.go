package termbase

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"concord/corpus"
)

func isTBX(name string, head []byte) bool {
	return strings.HasSuffix(name, ".tbx") || bytes.Contains(head, []byte("<tbx")) || bytes.Contains(head, []byte("<martif"))
}

// readTBX reads TBX of ISO 30042:2019 in both styles (categories as attributes
// or as elements), of 2008 (martif), and as it stands in NISO STS. They differ in
// names only: what an element says is its type attribute, or its own name.
func readTBX(in *input) error {
	found := 0
	err := in.elements(map[string]bool{"conceptEntry": true, "termEntry": true}, func(n *node) {
		found++
		e := Entry{ID: idFromXML(n.attr("id"))}
		if e.ID == "" {
			e.ID = fmt.Sprintf("%s#%d", in.name, n.line)
		}
		in.conceptOf(&e, n)
		if len(e.Terms) == 0 {
			in.problem(n.line, "the entry %.60q has no term; give it one or delete it", e.ID)
			return
		}
		if _, double := in.made[e.ID]; double {
			in.problem(n.line, "the id %.60q stands twice; both entries were joined, give one another id if they differ", e.ID)
		}
		in.add(e)
	})
	if err == nil && found == 0 && len(in.file.Problems) == 0 {
		return corpus.Refuse(corpus.ErrInvalid, "term-file-empty", "{file} has no entry; check that it is the right file", "file", in.name)
	}
	return err
}

// category is what an element says.
func (n *node) category() string {
	switch n.name {
	case "descrip", "admin", "termNote", "transac", "transacNote", "descripNote", "adminNote", "ref", "xref":
		return n.attr("type")
	}
	return n.name
}

// sectionNames are the elements that group categories.
var sectionNames = map[string]bool{"descripGrp": true, "adminGrp": true, "transacGrp": true, "termNoteGrp": true}

// conceptOf reads what stands at the level of the concept.
func (in *input) conceptOf(e *Entry, n *node) {
	for _, k := range n.kids {
		switch c := k.category(); {
		case k.name == "langSec" || k.name == "langSet":
			in.languageOf(e, k)
		case sectionNames[k.name]:
			in.conceptOf(e, k)
		case n.name == "descripGrp" && c == "source", aside[c]:
			e.Note = aloud(e.Note, c, k)
		case c == "subjectField":
			e.Domain = joined(e.Domain, "; ", k.words())
		case c == "definition":
			e.define(Tag(k.attr("lang")), prose(k.words()))
		case c == "note":
			e.Note = joined(e.Note, "\n", k.words())
		default:
			e.Origin.take(c, k.words())
		}
	}
}

// aside are categories that an entry has no place for: they go into its note, or into
// that of the term, by their name, so that nothing of them is lost.
var aside = map[string]bool{
	"context": true, "crossReference": true, "externalCrossReference": true, "example": true, "explanation": true, "partOfSpeech": true,
	"termType": true, "grammaticalGender": true, "grammaticalNumber": true, "geographicalUsage": true, "register": true, "usageNote": true,
}

// aloud is a note with what a category says, as long as there is room for it.
func aloud(note, category string, n *node) string {
	text := line(n.words())
	if text == "" || utf8.RuneCountInString(note+category+text)+3 > maxProse {
		return note
	}
	return joined(note, "\n", category+": "+text)
}

// licenceMark begins a source that names a licence: TBX-Basic has no category
// for it (own convention).
const licenceMark = "Licence: "

// take reads a category of provenance.
func (o *Origin) take(category, text string) {
	text = line(text)
	switch category {
	case "source":
		if licence, ok := strings.CutPrefix(text, licenceMark); ok {
			o.Licence = licence
		} else {
			o.File = joined(o.File, "; ", text)
		}
	case "responsibility": // the first says who made the entry, the next who changed it
		o.By = either(o.By, text)
	case "date":
		o.Day = either(o.Day, text)
	}
}

// joined puts a text behind another, unless it is the same.
func joined(have, between, more string) string {
	more = prose(more)
	switch {
	case have == "":
		return more
	case more == "", more == have:
		return have
	}
	return have + between + more
}

// languageOf reads the section of one language.
func (in *input) languageOf(e *Entry, n *node) {
	lang := Tag(n.attr("lang"))
	if !validTag(lang) {
		in.problem(n.line, "%.40q is no language tag; write xml:lang such as zh, en or zh-Hant", n.attr("lang"))
		return
	}
	for _, k := range n.kids {
		switch c := k.category(); {
		case k.name == "termSec" || k.name == "tig" || k.name == "ntig":
			in.termOf(e, lang, k)
		case sectionNames[k.name]:
			for _, g := range k.kids {
				switch c := g.category(); {
				case c == "definition":
					e.define(lang, prose(g.words()))
				case c == "source", aside[c]:
					e.Note = aloud(e.Note, c, g)
				}
			}
		case c == "definition":
			e.define(lang, prose(k.words()))
		case c == "note":
			e.Note = joined(e.Note, "\n", k.words())
		case aside[c]:
			e.Note = aloud(e.Note, c, k)
		}
	}
}

// termOf reads one term with what is said of it.
func (in *input) termOf(e *Entry, lang corpus.Language, n *node) {
	t := Term{Language: lang}
	forbidden := false
	var walk func(n *node)
	walk = func(n *node) {
		for _, k := range n.kids {
			switch c := k.category(); {
			case k.name == "term":
				t.Text = line(k.words())
			case k.name == "termGrp" || sectionNames[k.name]:
				walk(k)
			case c == "administrativeStatus" || c == "normativeAuthorization" || c == "processStatus":
				value := either(k.attr("value"), k.words())
				status, known := StatusOf(value)
				if !known {
					in.problem(k.line, "the status %.40q is not known and was left out; write preferred, admitted, deprecated or superseded", value)
				}
				t.Status = Status(either(string(status), string(t.Status)))
			case c == "projectSubset":
				forbidden = forbidden || line(k.words()) == string(Forbidden)
			case c == "note":
				t.Note = joined(t.Note, "\n", k.words())
			case c == "definition": // some tools put it at a term
				e.define(lang, prose(k.words()))
			case c == "source", aside[c]:
				t.Note = aloud(t.Note, c, k)
			}
		}
	}
	walk(n)
	if t.Text == "" {
		in.problem(n.line, "the entry %.60q has a term section without a term; write the term or delete the section", e.ID)
		return
	}
	if forbidden {
		t.Status = Forbidden
	}
	e.Terms = append(e.Terms, t)
}

// idMark begins ids that XML would not allow (xml:id is an NCName) and that are
// written with escapes.
const idMark = "concord."

// idForXML is an id as xml:id: as it is where that is allowed, else with every
// other character as _hex_.
func idForXML(id string) string {
	var b strings.Builder
	plain := !strings.HasPrefix(id, idMark) && unicode.IsLetter(rune(id[0]))
	for _, r := range id {
		safe := r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '.')
		plain = plain && (safe || r == '_')
		if safe {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "_%x_", r)
		}
	}
	if plain {
		return id
	}
	return idMark + b.String()
}

// idFromXML is the id that idForXML wrote.
func idFromXML(s string) string {
	rest, ours := strings.CutPrefix(s, idMark)
	if !ours {
		return line(s)
	}
	var b strings.Builder
	for rest != "" {
		before, after, escape := strings.Cut(rest, "_")
		b.WriteString(before)
		if !escape {
			break
		}
		hex, more, closed := strings.Cut(after, "_")
		code, err := strconv.ParseUint(hex, 16, 32)
		if !closed || err != nil || !utf8.ValidRune(rune(code)) {
			return s
		}
		b.WriteRune(rune(code))
		rest = more
	}
	return b.String()
}

// tbxStyle is how categories are written.
type tbxStyle struct {
	name     string
	category func(w *writer, indent, element, module, kind, text string, attrs ...string)
}

// dca writes categories as attributes, dct as elements of the dialect's modules
// (ISO 30042:2019, 7).
var (
	dca = tbxStyle{"dca", func(w *writer, indent, element, _, kind, text string, attrs ...string) {
		w.element(indent, element, text, append([]string{"type", kind}, attrs...)...)
	}}
	dct = tbxStyle{"dct", func(w *writer, indent, _, module, kind, text string, attrs ...string) {
		w.element(indent, module+":"+kind, text, attrs...)
	}}
)

func writeDCA(w io.Writer, entries []Entry) error { return writeTBX(w, dca, "", entries) }

func writeDCT(w io.Writer, entries []Entry) error {
	return writeTBX(w, dct, ` xmlns:min="http://www.tbxinfo.net/ns/min" xmlns:basic="http://www.tbxinfo.net/ns/basic"`, entries)
}

// writeTBX writes TBX-Basic of ISO 30042:2019.
func writeTBX(out io.Writer, style tbxStyle, modules string, entries []Entry) error {
	w := &writer{w: out}
	w.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<tbx type=\"TBX-Basic\" style=\"" + style.name + "\" xml:lang=\"en\" xmlns=\"urn:iso:std:iso:30042:ed-2\"" + modules + ">\n" +
		"<tbxHeader><fileDesc><sourceDesc><p>Exported by Concord</p></sourceDesc></fileDesc></tbxHeader>\n<text><body>\n")
	for _, e := range sortedEntries(entries) {
		w.tbxEntry(style, e)
	}
	w.raw("</body></text>\n</tbx>\n")
	if w.err != nil {
		return fmt.Errorf("write TBX: %w", w.err)
	}
	return nil
}

func (w *writer) tbxEntry(style tbxStyle, e Entry) {
	w.raw("<conceptEntry id=\"" + idForXML(e.ID) + "\">\n")
	style.category(w, " ", "descrip", "min", "subjectField", e.Domain)
	langs := e.Languages()
	for _, d := range e.Definitions {
		if len(e.In(d.Language)) == 0 {
			style.category(w, " ", "descrip", "basic", "definition", d.Text, "xml:lang", string(d.Language))
		}
	}
	style.category(w, " ", "admin", "basic", "source", e.Origin.File)
	if e.Origin.Licence != "" {
		style.category(w, " ", "admin", "basic", "source", licenceMark+e.Origin.Licence)
	}
	if e.Origin.By != "" || e.Origin.Day != "" {
		w.raw(" <transacGrp>")
		style.category(w, "", "transac", "basic", "transactionType", "origination")
		style.category(w, "  ", "transacNote", "basic", "responsibility", e.Origin.By)
		w.element("  ", "date", e.Origin.Day)
		w.raw(" </transacGrp>\n")
	}
	w.element(" ", "note", e.Note)
	for _, lang := range langs {
		w.raw(" <langSec xml:lang=\"" + escaped(string(lang)) + "\">\n")
		style.category(w, "  ", "descrip", "basic", "definition", e.Definition(lang))
		for _, t := range e.In(lang) {
			w.raw("  <termSec>\n")
			w.element("   ", "term", t.Text)
			status := t.Status
			if status == Forbidden {
				status = Deprecated
			}
			style.category(w, "   ", "termNote", "min", "administrativeStatus", string(status)+"Term-admn-sts")
			if t.Status == Forbidden {
				style.category(w, "   ", "admin", "basic", "projectSubset", string(Forbidden))
			}
			w.element("   ", "note", t.Note)
			w.raw("  </termSec>\n")
		}
		w.raw(" </langSec>\n")
	}
	w.raw("</conceptEntry>\n")
}
