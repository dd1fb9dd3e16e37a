package corpus

// SourceForm says what the lines of a source are.
type SourceForm string

// The forms of a source, by the kinds of file.
const (
	SourceText       SourceForm = "text"       // lines as they stand, of text and lightweight markup
	SourceMarkup     SourceForm = "markup"     // lines of XML or HTML; what stands in tags is no text
	SourceData       SourceForm = "data"       // lines of JSON or YAML, where most is not meant to become a clause
	SourcePages      SourceForm = "pages"      // lines of printed pages, with their places
	SourceParagraphs SourceForm = "paragraphs" // of a word processor
	SourceRows       SourceForm = "rows"       // of the sheets of a workbook
)

// Source is what a file says, laid out for people to compare it with what was read:
// the text as it stands and where in it each clause stands. It is kept with a staged
// import alone, and neither in a digest nor in what is exported.
type Source struct {
	Form  SourceForm   `json:"form"`
	Lines []SourceLine `json:"lines,omitempty"`
	Count int          `json:"count"` // of lines, also where they are kept apart
	Cut   bool         `json:"cut,omitempty"`
	// Places are where clauses stand, by their keys; a clause whose words stand
	// nowhere has none.
	Places map[string]SourceSpan `json:"places,omitempty"`
}

// SourceLine is one line of a source.
type SourceLine struct {
	Text string `json:"t"`
	// No is the number of the line, row or paragraph in its part, from 1; pieces of a
	// very long line have the same.
	No   int    `json:"n"`
	Part string `json:"p,omitempty"` // the sheet, or the file in a container
	// Known marks what the reader leaves out on purpose: running headers, footers,
	// page numbers.
	Known bool      `json:"k,omitempty"`
	Box   SourceBox `json:"b,omitzero"` // of printed pages
}

// SourceBox is where a line stands on a printed page, in points from the page's upper
// left corner; Y is its base line.
type SourceBox struct {
	Page          int     `json:"page"` // from 1; 0 where nothing is printed
	Width, Height float64 // of the page
	X, Y          float64
	Long, Size    float64 // of the line and its type
}

// SourceSpan is a range of lines of a source, both ends in it, counted from 1; the
// zero value is none.
type SourceSpan struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// IsZero tells whether it is no place.
func (s SourceSpan) IsZero() bool { return s.From == 0 }

// Holds tells whether a line, counted from 1, is in it.
func (s SourceSpan) Holds(line int) bool { return !s.IsZero() && line >= s.From && line <= s.To }
