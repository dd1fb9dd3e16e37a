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
	maxHTMLTags      = 450_000   // a page (a manual of 8 MB): its tree takes most of what a worker has; what the parser makes of unclosed ones is counted after it
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
		return nil, fmt.Errorf("%s: %w", name, corpus.Refuse(corpus.ErrLimit, "file-large", "the file is larger than {mb} MB; split it", "mb", maxFileBytes>>20))
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil, fmt.Errorf("%s: %w", name, corpus.Refuse(corpus.ErrInvalid, "file-empty", "the file is empty; check that it was saved"))
	}
	return raw, nil
}

// refuseForeign refuses files of kinds that no reader is for, by their first
// bytes.
func refuseForeign(name string, raw []byte) error {
	for _, m := range magics {
		if bytes.HasPrefix(raw, []byte(m.bytes)) {
			return fmt.Errorf("%s: %w", name, m.why)
		}
	}
	return nil
}

// magics are the first bytes of files that are often tried and are no text.
var magics = []struct {
	bytes string
	why   error
}{
	{"\xd0\xcf\x11\xe0", corpus.Refuse(corpus.ErrInvalid, "magic-office", "this is an old Word or Excel file, which cannot be read here; save it as DOCX or XLSX first")},
	{"\x89PNG", aPicture},
	{"\xff\xd8\xff", aPicture},
	{"GIF8", aPicture},
	{"\x1f\x8b", aCompressed},
	{"Rar!", aCompressed},
	{"7z\xbc\xaf", aCompressed},
	{"SQLite format 3", corpus.Refuse(corpus.ErrInvalid, "magic-database", "this is a database, which cannot be read here; export a table as CSV")},
	{"\x7fELF", corpus.Refuse(corpus.ErrInvalid, "magic-program", "this is a program, which cannot be read here; give the text itself")},
	{"{\\rtf", corpus.Refuse(corpus.ErrInvalid, "magic-rtf", "this is a rich text file, which cannot be read here; save it as plain text or Markdown first")},
}

var (
	aPicture    = corpus.Refuse(corpus.ErrInvalid, "magic-picture", "this is a picture, which cannot be read here; give the text itself")
	aCompressed = corpus.Refuse(corpus.ErrInvalid, "magic-packed", "this is a compressed file, which cannot be read here; unpack it first")
)

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
				return corpus.Refuse(corpus.ErrLimit, "json-deep", "byte {byte}: the JSON is nested deeper than {most}; flatten it", "byte", i, "most", maxJSONDepth)
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
			return corpus.Refuse(corpus.ErrLimit, "json-many", "byte {byte}: the JSON holds more than {objects} objects or {values} values; split the file", "byte", i, "objects", maxJSONObjects, "values", maxJSONValues)
		}
	}
	return nil
}

// checkLines refuses lines over the limit.
func checkLines(text string) error {
	for line := 1; text != ""; line++ {
		if line > maxLines {
			return corpus.Refuse(corpus.ErrLimit, "lines-many", "line {line}: the text has more than {most} lines; split the file", "line", line, "most", maxLines)
		}
		end := strings.IndexByte(text, '\n')
		if end > maxLineBytes || end < 0 && len(text) > maxLineBytes {
			return corpus.Refuse(corpus.ErrLimit, "line-long", "line {line}: the line is longer than {mb} MB; break it", "line", line, "mb", maxLineBytes>>20)
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
