package lexicon

import (
	"bufio"
	"bytes"
	_ "embed"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
	"unicode/utf8"

	"concord/corpus"
	"concord/corpus/packed"
)

// archive holds the tables of the folder data, which is two megabytes of text and
// a third of that in here. After a change of a table:
// go test ./corpus/lexicon -run Packed -update
//
//go:embed data.xz
var archive []byte

// tables are the tables inside the program. They are only read.
var tables = packed.Open(archive)

// row is one line of a table, with the place it stands for messages.
type row struct {
	file  string
	line  int
	cells []string
}

// bad reports what is wrong with a row and how to mend it.
func (r row) bad(cure, format string, args ...any) error {
	return fmt.Errorf("%s line %d: %s; %s: %w", r.file, r.line, fmt.Sprintf(format, args...), cure, corpus.ErrInvalid)
}

// table is a tab-separated file with a header line. Empty lines and lines that
// begin with "# " are notes and not read.
type table struct {
	name   string
	header []string
	rows   []row
}

// readTable reads one table and checks its shape: UTF-8, at least the columns
// wanted at the front of the header, and the header's number of cells a row.
func readTable(fsys fs.FS, name string, want ...string) (table, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return table{}, fmt.Errorf("read %s: %w", name, err)
	}
	if !utf8.Valid(data) {
		return table{}, fmt.Errorf("%s: not valid UTF-8; save the file as UTF-8: %w", name, corpus.ErrInvalid)
	}
	t := table{name: name}
	scan := bufio.NewScanner(bytes.NewReader(data))
	scan.Buffer(nil, 1<<20)
	for line := 1; scan.Scan(); line++ {
		text := scan.Text()
		if text == "" || strings.HasPrefix(text, "# ") {
			continue
		}
		r := row{file: name, line: line, cells: strings.Split(text, "\t")}
		if t.header == nil {
			t.header = r.cells
			if !startsWith(t.header, want) {
				return table{}, r.bad("begin the file with "+strings.Join(want, ", "), "the header is %s", strings.Join(t.header, ", "))
			}
			continue
		}
		if len(r.cells) != len(t.header) {
			return table{}, r.bad("give one cell for every column of the header", "%d cells instead of %d", len(r.cells), len(t.header))
		}
		t.rows = append(t.rows, r)
	}
	if err := scan.Err(); err != nil {
		return table{}, fmt.Errorf("read %s: %w", name, err)
	}
	if t.header == nil {
		return table{}, fmt.Errorf("%s: the file is empty; give it a header: %w", name, corpus.ErrInvalid)
	}
	return t, nil
}

// readFolder reads every table of a folder, in order of name.
func readFolder(fsys fs.FS, dir string, want ...string) ([]table, error) {
	names, err := fs.Glob(fsys, path.Join(dir, "*.tsv"))
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", dir, err)
	}
	sort.Strings(names)
	var out []table
	for _, name := range names {
		t, err := readTable(fsys, name, want...)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

func startsWith(have, want []string) bool {
	if len(have) < len(want) {
		return false
	}
	for i, w := range want {
		if have[i] != w {
			return false
		}
	}
	return true
}

// language is the language a table is for: its file name without ending.
func (t table) language() corpus.Language {
	return corpus.Language(strings.TrimSuffix(path.Base(t.name), ".tsv"))
}
