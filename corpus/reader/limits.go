package reader

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"concord/corpus"
)

// The limits of what is read (the reliability plan's section on readers of
// untrusted files).
const (
	maxFileBytes     = 64 << 20 // a file
	maxLineBytes     = 1 << 20  // a line of a text, table or JSON lines file
	maxJSONDepth     = 512
	maxJSONValues    = 2_000_000 // of a file: what is parsed takes some hundred bytes each
	maxJSONObjects   = 500_000
	maxXMLDepth      = 256       // XML and HTML
	maxXMLElements   = 1_000_000 // half of what the plan allows: a tree of two million takes more than a worker has
	maxHTMLTags      = 300_000   // a page; what the parser makes of unclosed ones is counted after it
	maxXMLAttributes = 1_000     // of one element
	maxEntries       = 10_000    // of a ZIP container
	maxUnpacked      = 512 << 20 // all of it
	maxRatio         = 100       // unpacked to packed
	minUnpacked      = 4 << 20   // small containers may unpack to so much more
	maxPartBytes     = 32 << 20  // an XML part
	maxSheetBytes    = 128 << 20 // a workbook, unpacked
	maxYAMLBytes     = 4 << 20
	maxYAMLIndent    = 512
	maxYAMLBrackets  = 2_000
	maxLines         = 500_000 // of a text
	maxRows          = 200_000
	maxCells         = 5_000_000 // of a table
	maxColumns       = 256
	maxCellBytes     = 32 << 10
	maxPDFPages      = 3_000
	maxPDFPageChars  = 50_000 // of a page, five times a full one; what is beyond is left out, and it is said
	maxPDFChars      = 20_000_000
	maxBookmarks     = 20_000
	maxStandards     = 2_000     // in one file
	maxFrontMatter   = 64 << 10  // of a Markdown file
	headBytes        = 64 << 10  // what Detect sees
	sampleBytes      = 256 << 10 // what encodings and languages are guessed from
	maxJoined        = 64 << 10  // a paragraph put together from broken lines
	maxProblems      = 200       // per document; the rest is counted
)

// readLimited reads a whole file and refuses empty and oversized ones.
func readLimited(name string, r io.Reader) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxFileBytes+1))
	if err != nil {
		return nil, fmt.Errorf("%s: read: %w", name, err)
	}
	if len(raw) > maxFileBytes {
		return nil, fmt.Errorf("%s: the file is larger than %d MB; split it: %w", name, maxFileBytes>>20, corpus.ErrLimit)
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil, fmt.Errorf("%s: the file is empty; check that it was saved: %w", name, corpus.ErrInvalid)
	}
	return raw, nil
}

// refuseForeign refuses files of kinds that no reader is for, by their first
// bytes.
func refuseForeign(name string, raw []byte) error {
	for _, m := range magics {
		if bytes.HasPrefix(raw, []byte(m.bytes)) {
			return fmt.Errorf("%s: this is %s, which cannot be read here; %s: %w", name, m.what, m.cure, corpus.ErrInvalid)
		}
	}
	return nil
}

// magics are the first bytes of files that are often tried and are no text.
var magics = []struct{ bytes, what, cure string }{
	{"\xd0\xcf\x11\xe0", "an old Word or Excel file", "save it as DOCX or XLSX first"},
	{"\x89PNG", "a picture", "give the text itself"},
	{"\xff\xd8\xff", "a picture", "give the text itself"},
	{"GIF8", "a picture", "give the text itself"},
	{"\x1f\x8b", "a compressed file", "unpack it first"},
	{"Rar!", "a compressed file", "unpack it first"},
	{"7z\xbc\xaf", "a compressed file", "unpack it first"},
	{"SQLite format 3", "a database", "export a table as CSV"},
	{"\x7fELF", "a program", "give the text itself"},
	{"{\\rtf", "a rich text file", "save it as plain text or Markdown first"},
}

// checkJSONDepth refuses JSON nested deeper than maxJSONDepth or with more values
// than memory is meant for, without building anything. It looks only at marks
// outside strings.
func checkJSONDepth(text string) error {
	depth, inString, escaped := 0, false, false
	values, objects := 0, 0
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case escaped:
			escaped = false
		case inString && c == '\\':
			escaped = true
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			if depth++; depth > maxJSONDepth {
				return fmt.Errorf("byte %d: the JSON is nested deeper than %d; flatten it: %w", i, maxJSONDepth, corpus.ErrLimit)
			}
			values++
			if c == '{' {
				objects++
			}
		case c == ',':
			values++
		case c == '}' || c == ']':
			depth--
		}
		if values > maxJSONValues || objects > maxJSONObjects {
			return fmt.Errorf("byte %d: the JSON holds more than %d objects or %d values; split the file: %w", i, maxJSONObjects, maxJSONValues, corpus.ErrLimit)
		}
	}
	return nil
}

// checkLines refuses lines over the limit.
func checkLines(text string) error {
	for line := 1; text != ""; line++ {
		if line > maxLines {
			return fmt.Errorf("line %d: the text has more than %d lines; split the file: %w", line, maxLines, corpus.ErrLimit)
		}
		end := strings.IndexByte(text, '\n')
		if end > maxLineBytes || end < 0 && len(text) > maxLineBytes {
			return fmt.Errorf("line %d: the line is longer than %d MB; break it: %w", line, maxLineBytes>>20, corpus.ErrLimit)
		}
		if end < 0 {
			return nil
		}
		text = text[end+1:]
	}
	return nil
}

// Limits of what is read from more than one file, and of terms.
const (
	maxBesideBytes  = 64 << 20 // that files take in from beside them, all together: one can be taken in many times
	maxIncludeDepth = 16       // of files that include one another
	maxProfiles     = 8        // that import one another in a chain
	maxTerms        = 20_000   // named in several languages, of one document
)
