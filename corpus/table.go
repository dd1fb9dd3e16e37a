package corpus

// Table is how a table of clauses was read: which column was taken for what, with
// its first rows, so that a person can say it better and the next table of the same
// publisher is read so by itself.
type Table struct {
	Publisher string            `json:",omitempty"` // whose tables these are, "" where nothing names one
	Key       string            `json:",omitempty"` // of its headers as they were first found
	Given     map[string]string `json:",omitempty"` // what a person said of the file, by field
	Columns   Columns           // what a person said of the columns
	Known     bool              `json:",omitempty"` // Columns were remembered
	Sheets    []TableSheet
}

// Name is by what its columns are remembered: the publisher and the headers.
func (t *Table) Name() string { return t.Publisher + "\x00" + t.Key }

// Recall says that a table was read as an earlier one, first, of the same publisher
// and headers.
func (d *Document) Recall(first *Table) {
	d.Table.Publisher, d.Table.Key, d.Table.Known = first.Publisher, first.Key, true
	d.Problems = append(d.Problems, Say(SeverityNote, "", "columns-remembered", "the columns were read as in the last table of {publisher} with these headers", "look whether they hold the same here", "publisher", first.Publisher))
}

// SayUnfit says that remembered columns do not fit a table.
func (d *Document) SayUnfit(publisher string) {
	d.Problems = append(d.Problems, Say(SeverityWarning, "", "columns-unfit", "columns are remembered for tables of {publisher} with these headers, and do not fit this file", "look what its columns hold", "publisher", publisher))
}

// Columns says what the columns of a table hold.
type Columns struct {
	// Of names a column by what it holds: its header, or the letters that spreadsheets
	// give it. "$C" is the letters alone, whatever the headers say.
	Of     map[string]string `json:",omitempty"`
	Only   bool              `json:",omitempty"` // what is not named holds nothing, instead of being guessed
	Sheet  string            `json:",omitempty"` // the sheet to read, "" for all that can be
	Header int               `json:",omitempty"` // its line, from 1; 0 to look for it
}

// IsZero tells whether nothing is said.
func (c Columns) IsZero() bool { return len(c.Of) == 0 && c.Sheet == "" && c.Header == 0 }

// TableSheet is one sheet of a table. Rows are without blank ones and shortened.
type TableSheet struct {
	Name   string         `json:",omitempty"` // "" in a file of one
	Top    [][]string     // its first rows
	Lines  []int          // where each stands, from 1
	Header int            // line of what was taken for the header
	Of     map[string]int `json:",omitempty"` // columns from 0, by what they hold
	Read   bool           `json:",omitempty"` // its rows became clauses
}

// HeaderRow is the header as it was found, nil where it stands below the first rows.
func (s TableSheet) HeaderRow() []string { return s.row(s.Header) }

// row is the row of a line.
func (s TableSheet) row(line int) []string {
	for i, at := range s.Lines {
		if at == line {
			return s.Top[i]
		}
	}
	return nil
}

// Below are up to so many rows below a line.
func (s TableSheet) Below(line, most int) [][]string {
	for i, at := range s.Lines {
		if at > line {
			return s.Top[i:min(len(s.Top), i+most)]
		}
	}
	return nil
}

// ColumnLetters are the letters of a column, counted from 0: A to Z, AA ...
func ColumnLetters(n int) string {
	out := ""
	for n++; n > 0; n = (n - 1) / 26 {
		out = string(rune('A'+(n-1)%26)) + out
	}
	return out
}

// ColumnNumber is the column of letters, counted from 0; -1 where they are none.
func ColumnNumber(letters string) int {
	n := 0
	for _, r := range letters {
		if r < 'A' || r > 'Z' || n > 1000 {
			return -1
		}
		n = n*26 + int(r-'A') + 1
	}
	return n - 1
}
