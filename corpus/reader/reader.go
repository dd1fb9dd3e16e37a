// Package reader turns files into documents: it finds out what a file is, how
// it is encoded and numbered, and cuts it into the clauses people cite.
//
// It judges no meaning: normative text is a provision, and what it obliges is
// the lexicon's question. Everything it guesses it says in Document.Problems,
// and every guess can be overruled by a Hint. Its one surprise: clause keys come
// from the numbers as a tradition writes them, so a file's layout may change
// without changing a single identifier.
package reader

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"concord/corpus"
)

// Hint is what the person who imports a file knows about it; whatever is set
// overrules what was detected.
type Hint struct {
	Designation, Issuer string
	Jurisdiction        corpus.Jurisdiction
	Language            corpus.Language
	Domain              corpus.Domain
	Tradition           corpus.Tradition
	Edition, Title      string
	Rights              corpus.Rights
	Columns             corpus.Columns // of a table, by role: number, title, text ...
	// Known are columns that were remembered, by corpus.Table.Name, for the tables in a
	// container.
	Known map[string]corpus.Columns

	beside *nearby // the files in the same container
}

// Format is one file format. Detect sees the file's name and the first 64 KB
// as UTF-8; Read gets the whole text as UTF-8. Of a packed format Read gets the
// bytes, and Detect sees of a ZIP container the names of the entries, one a line,
// and of a PDF its first bytes. One file may hold several standards.
type Format struct {
	Name   string
	Detect func(name string, head []byte) bool
	Read   func(r io.Reader, hint Hint) ([]*corpus.Document, error)
	Packed bool
}

// Formats are tried in this order; the first that recognises a file reads it.
var Formats = []Format{
	{"Word (DOCX)", detectDOCX, readDOCX, true},
	{"Excel (XLSX)", detectXLSX, readXLSX, true},
	{"PDF", detectPDF, readPDF, true},
	{"EPUB", detectEPUB, readEPUB, true},
	{"NISO STS (XML)", detectSTS, readSTS, false},
	{"Akoma Ntoso (XML)", detectAkoma, readAkoma, false},
	{"Formex (XML)", detectFormex, readFormex, false},
	{"Justice Canada (XML)", detectJustice, readJustice, false},
	{"Metanorma (XML)", detectMetanorma, readMetanorma, false},
	{"US Code and laws (USLM)", detectUSLM, readUSLM, false},
	{"Code of Federal Regulations (eCFR)", detectECFR, readECFR, false},
	{"UK legislation (CLML)", detectCLML, readCLML, false},
	{"web page (HTML)", detectHTML, readHTML, false},
	{"OSCAL catalog (JSON)", detectOSCAL, readOSCAL, false},
	{"OSCAL catalog (XML)", detectOSCALXML, readOSCALXML, false},
	{"OSCAL catalog (YAML)", detectOSCALYAML, readOSCALYAML, false},
	{"clauses as JSON lines", detectLines, readLines, false},
	{"nested JSON", detectJSON, readJSON, false},
	{"table (CSV, TSV)", detectTable, readTable, false},
	{"reStructuredText", detectRST, readRST, false},
	{"AsciiDoc", detectAsciiDoc, readAsciiDoc, false},
	{"Markdown", detectMarkdown, readMarkdown, false},
	{"plain text", detectText, readText, false},
}

// Read finds out what a file is, decodes and reads it, and validates every
// document in it: what is wrong stands in Document.Problems, and a document
// without problems of SeverityError can be saved. The error is for files that
// cannot be read at all; it names the file and the cure, and is of kind
// corpus.ErrInvalid or corpus.ErrLimit.
func Read(name string, r io.Reader, hint Hint) (docs []*corpus.Document, err error) {
	defer func() {
		if failure := recover(); failure != nil {
			docs, err = nil, fmt.Errorf("%s: %w", name, corpus.Refuse(corpus.ErrInvalid, "reader-failed", "the reader failed ({why}); please report the file", "why", fmt.Sprint(failure)))
		}
	}()
	raw, err := readLimited(name, r)
	if err != nil {
		return nil, err
	}
	return readRaw(name, raw, hint, true)
}

// readRaw reads a file that is in memory. A container that is no document itself
// is opened when it may be.
func readRaw(name string, raw []byte, hint Hint, open bool) ([]*corpus.Document, error) {
	if err := refuseForeign(name, raw); err != nil {
		return nil, err
	}
	if isArchive(raw) {
		return readPacked(name, raw, hint, open)
	}
	if detectPDF(strings.ToLower(name), raw) {
		format, _ := detect(name, string(raw[:min(len(raw), headBytes)]), true)
		return readAs(format, name, raw, hint)
	}
	if hasSuffix(strings.ToLower(name), ".pdf") {
		return nil, fmt.Errorf("%s: %w", name, corpus.Refuse(corpus.ErrInvalid, "pdf-called", "the file is called a PDF and does not begin like one; fetch it again, or give it its right name"))
	}
	text, notes, err := decode(name, raw)
	if err != nil {
		return nil, err
	}
	format, ok := detect(name, text, false)
	if !ok {
		return nil, fmt.Errorf("%s: %w", name, corpus.Refuse(corpus.ErrInvalid, "format-unknown", "the format is not known; give a text, Markdown, web page, standard in XML, PDF, Word or Excel file, CSV, JSON lines or OSCAL catalog"))
	}
	docs, err := format.Read(strings.NewReader(text), hint)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	source := textSource(format, text)
	for _, doc := range docs {
		doc.Source = ownSource(source, len(docs))
	}
	return settle(name, format, docs, notes, hint)
}

// readPacked reads a ZIP container.
func readPacked(name string, raw []byte, hint Hint, open bool) ([]*corpus.Document, error) {
	packed, err := openArchive(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	format, ok := detect(name, packed.listing(), true)
	switch {
	case !ok && open:
		return readBundle(name, packed, hint)
	case !ok:
		return nil, fmt.Errorf("%s: %w", name, corpus.Refuse(corpus.ErrInvalid, "zip-inside", "a container inside a container is not opened; unpack it first"))
	}
	return readAs(format, name, raw, hint)
}

// readAs reads the bytes of a packed format.
func readAs(format Format, name string, raw []byte, hint Hint) ([]*corpus.Document, error) {
	docs, err := format.Read(bytes.NewReader(raw), hint)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return settle(name, format, docs, nil, hint)
}

// settle completes and validates what a format read.
func settle(name string, format Format, docs []*corpus.Document, notes []corpus.Problem, hint Hint) ([]*corpus.Document, error) {
	if len(docs) == 0 {
		return nil, noClause(name, format)
	}
	if severalStandards(docs) && (hint.Designation != "" || hint.Title != "" || hint.Edition != "") {
		hint.Designation, hint.Title, hint.Edition = "", "", "" // they would make one of several
		notes = append(notes, corpus.Say(corpus.SeverityWarning, "identity", "many-standards", "the file holds {count} standards, so the designation, title and edition given were not used", "split the file to rename one of them", "count", len(docs)))
	}
	ids := map[corpus.StandardID]corpus.Language{}
	for _, doc := range docs {
		complete(doc, name, hint)
		if other, taken := ids[doc.Standard.ID]; taken && other != doc.Standard.Language {
			doc.Rename(doc.Standard.ID + "-" + corpus.StandardID(strings.ToLower(string(doc.Standard.Language))))
		}
		ids[doc.Standard.ID] = doc.Standard.Language
		doc.Terms = NamedTerms(doc)
		tableOf(doc, hint)
		if onlyPreamble(doc.Clauses) && !unread(doc) {
			return nil, noClause(name, format)
		}
		doc.Problems = append(notes[:len(notes):len(notes)], doc.Problems...)
		doc.Problems = append(doc.Problems, trace(doc, hint.beside == nil || hint.beside.bytes == 0)...)
		doc.Problems = append(doc.Problems, doc.Validate()...)
		for i := range doc.Problems {
			doc.Problems[i].File = name
		}
	}
	return docs, nil
}

// severalStandards tells whether documents are of more than one standard: texts of
// one in several languages are not.
func severalStandards(docs []*corpus.Document) bool {
	for _, doc := range docs[1:] {
		if doc.Standard.Designation != docs[0].Standard.Designation {
			return true
		}
	}
	return false
}

// onlyPreamble tells whether nothing was found but text in front of a first
// clause that never came.
func onlyPreamble(clauses []corpus.Clause) bool {
	return len(clauses) == 0 || len(clauses) == 1 && clauses[0].ID.Key() == preambleKey
}

// noClause is the error of a file without clauses.
func noClause(name string, f Format) error {
	return fmt.Errorf("%s: %w", name, corpus.Refuse(corpus.ErrInvalid, "file-no-clause", "no clause was found by the reader for {format}; check that it is a standard with numbered clauses, or give a column mapping", "format", f.Name))
}

// detect finds the format of a decoded file.
func detect(name, text string, packed bool) (Format, bool) {
	head := text
	if len(head) > headBytes && !packed {
		head = head[:headBytes]
	}
	for _, f := range Formats {
		if f.Packed == packed && f.Detect(strings.ToLower(name), []byte(head)) {
			return f, true
		}
	}
	return Format{}, false
}

// hasSuffix tells whether a file's name ends in one of the endings.
func hasSuffix(name string, endings ...string) bool {
	for _, e := range endings {
		if strings.HasSuffix(name, e) {
			return true
		}
	}
	return false
}

// firstByte is the first byte that is not white space.
func firstByte(head []byte) byte {
	head = bytes.TrimLeft(head, " \t\r\n\ufeff")
	if len(head) == 0 {
		return 0
	}
	return head[0]
}

// problem makes a problem without its file, which Read fills in.
func problem(severity corpus.Severity, place, message, cure string) corpus.Problem {
	return corpus.Problem{Severity: severity, Place: place, Message: message, Cure: cure}
}

// slurp reads what a Format was given, within the limit.
func slurp(r io.Reader) (string, error) {
	raw, err := io.ReadAll(io.LimitReader(r, 3*maxFileBytes+1))
	if err != nil {
		return "", fmt.Errorf("read: %w", err)
	}
	if len(raw) > 3*maxFileBytes {
		return "", corpus.Refuse(corpus.ErrLimit, "file-large", "the text is longer than {mb} MB; split the file", "mb", 3*maxFileBytes>>20)
	}
	return strings.ToValidUTF8(string(raw), "\uFFFD"), nil
}
