package termbase

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"concord/corpus"
)

// Limits of a file (our own; EuroVoc with all languages is 30 MB and has 7,500
// concepts, CC-CEDICT 10 MB and 125,000).
const (
	maxFile     = 64 << 20
	maxEntries  = 200_000
	maxProblems = 1000
)

// Hint is what a person says about a file that it does not say itself.
type Hint struct {
	Format    string            // name of a Format, "" to find out
	Languages []corpus.Language // of the columns source and target, in this order
	Licence   string
	By        string
	Day       string
}

// Problem is a place in a file that could not be read, with its cure.
type Problem struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Text string `json:"text"`
}

func (p Problem) String() string { return fmt.Sprintf("%s line %d: %s", p.File, p.Line, p.Text) }

// File is what a file says.
type File struct {
	Format   string
	Entries  []Entry
	Problems []Problem
	Left     int // problems beyond those listed
}

// Format reads and writes one kind of file. Write is nil for what is only read.
type Format struct {
	Name      string
	Extension string
	MediaType string
	detect    func(name string, head []byte) bool
	read      func(in *input) error
	Write     func(w io.Writer, entries []Entry) error
}

// Formats are all formats, the surest to tell first.
var Formats = []Format{
	{"tbx", ".tbx", "application/x-tbx", isTBX, readTBX, writeDCA},
	{"tbx-dct", ".tbx", "application/x-tbx", nothing, readTBX, writeDCT},
	{"tmx", ".tmx", "application/x-tmx+xml", isTMX, readTMX, writeTMX},
	{"xlsx", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", isXLSX, readXLSX, writeXLSX},
	{"cedict", ".u8", "text/plain", isCEDICT, readCEDICT, nil},
	{"tsv", ".tsv", "text/tab-separated-values", isTSV, readTSV, writeTSV},
	{"csv", ".csv", "text/csv", isCSV, readCSV, writeCSV},
}

func nothing(string, []byte) bool { return false }

// ByName is the format of a name, or corpus.ErrNotFound with the names there are.
func ByName(name string) (Format, error) {
	for _, f := range Formats {
		if f.Name == name {
			return f, nil
		}
	}
	return Format{}, corpus.Refuse(corpus.ErrNotFound, "term-format", "there is no format \"{name}\"; the formats are {formats}", "name", name, "formats", strings.Join(Names(false), ", "))
}

// Names lists the names of the formats, of those that are written or of all.
func Names(written bool) []string {
	var out []string
	for _, f := range Formats {
		if !written || f.Write != nil {
			out = append(out, f.Name)
		}
	}
	return out
}

// input is a file while it is read.
type input struct {
	name string
	hint Hint
	data []byte // UTF-8, except for XLSX
	file *File
	made map[string]int // entries by id
}

// Read reads a termbase file of any format. What is wrong with single rows is in
// File.Problems; an error, corpus.ErrInvalid, refuses the whole file.
func Read(name string, r io.Reader, hint Hint) (File, error) {
	base := path.Base(strings.ReplaceAll(name, "\\", "/"))
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return File{}, fmt.Errorf("read %s: %w", base, err)
	}
	if len(data) > maxFile {
		return File{}, corpus.Refuse(corpus.ErrInvalid, "term-file-large", "{file} has more than {most} MB; split it", "file", base, "most", maxFile>>20)
	}
	in := &input{name: base, hint: hint, data: data, file: &File{}, made: map[string]int{}}
	if !isXLSX(base, data) {
		if in.data, err = utf8Text(data); err != nil {
			return File{}, corpus.Refuse(corpus.ErrInvalid, "term-file-encoding", "{file} is neither UTF-8 nor UTF-16; save it as UTF-8", "file", base)
		}
	}
	f, err := in.format()
	if err != nil {
		return File{}, err
	}
	in.file.Format = f.Name
	if err := f.read(in); err != nil {
		return File{}, err
	}
	if err := in.finish(); err != nil {
		return File{}, err
	}
	return *in.file, nil
}

func (in *input) format() (Format, error) {
	if in.hint.Format != "" {
		return ByName(in.hint.Format)
	}
	head := in.data[:min(len(in.data), 8<<10)]
	for _, f := range Formats {
		if f.detect(strings.ToLower(in.name), head) {
			return f, nil
		}
	}
	return Format{}, corpus.Refuse(corpus.ErrInvalid, "term-file-unknown", "{file} is no termbase this program knows; it reads {formats}", "file", in.name, "formats", strings.Join(Names(false), ", "))
}

// add takes an entry in. A second one with the same id adds its terms to the
// first, which is how tables say a concept in several rows.
func (in *input) add(e Entry) {
	if i, double := in.made[e.ID]; double {
		have := &in.file.Entries[i]
		have.Terms = append(have.Terms, e.Terms...)
		for _, d := range e.Definitions {
			have.define(d.Language, d.Text)
		}
		have.Domain, have.Note = either(have.Domain, e.Domain), either(have.Note, e.Note)
		return
	}
	in.made[e.ID] = len(in.file.Entries)
	in.file.Entries = append(in.file.Entries, e)
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// problem notes what is wrong with a place.
func (in *input) problem(line int, format string, args ...any) {
	if len(in.file.Problems) >= maxProblems {
		in.file.Left++
		return
	}
	in.file.Problems = append(in.file.Problems, Problem{in.name, line, fmt.Sprintf(format, args...)})
}

// finish brings the entries into shape and takes out those that cannot be kept.
func (in *input) finish() error {
	if len(in.file.Entries) > maxEntries {
		return corpus.Refuse(corpus.ErrInvalid, "term-file-entries", "{file} has more than {most} entries; split it", "file", in.name, "most", maxEntries)
	}
	out := in.file.Entries[:0]
	for _, e := range in.file.Entries {
		e.Origin.File = either(e.Origin.File, in.name)
		e.Origin.Licence = either(e.Origin.Licence, in.hint.Licence)
		e.Origin.By, e.Origin.Day = either(e.Origin.By, in.hint.By), either(e.Origin.Day, in.hint.Day)
		e = e.Clean()
		if _, err := time.Parse(time.DateOnly, e.Origin.Day); err != nil && e.Origin.Day != "" {
			in.problem(0, "entry %.80q: the day %.40q is not like 2026-01-31 and was left out; mend it if it matters", e.ID, e.Origin.Day)
			e.Origin.Day = ""
		}
		if err := e.Validate(); err != nil {
			in.problem(0, "entry %.80q: %s", e.ID, corpus.Sentence(err, corpus.ErrInvalid))
			continue
		}
		out = append(out, e)
	}
	in.file.Entries = out
	if len(out) == 0 && len(in.file.Problems) == 0 {
		return corpus.Refuse(corpus.ErrInvalid, "term-file-empty", "{file} has no entry; check that it is the right file", "file", in.name)
	}
	return nil
}

// utf8Text is a text as UTF-8, by its byte order mark where it has one.
func utf8Text(data []byte) ([]byte, error) {
	wide := bytes.HasPrefix(data, []byte{0xFF, 0xFE}) || bytes.HasPrefix(data, []byte{0xFE, 0xFF})
	if wide {
		out, _, err := transform.Bytes(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder(), data)
		return out, err
	}
	data = bytes.TrimPrefix(data, []byte{0xEF, 0xBB, 0xBF})
	if !utf8.Valid(data) {
		return nil, corpus.ErrInvalid
	}
	return data, nil
}

// StatusOf reads a status in the words of any of the formats.
func StatusOf(s string) (Status, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	for _, suffix := range []string{"-admn-sts", "-adm-sts", "term"} {
		s = strings.TrimSuffix(s, suffix)
	}
	s = strings.TrimSuffix(s, "term")
	switch s {
	case "":
		return "", true
	case "preferred", "standardized", "approved", "recommended", "legal", "regulated":
		return Preferred, true
	case "admitted", "allowed", "alternative", "synonym":
		return Admitted, true
	case "deprecated", "superseded", "obsolete", "notrecommended":
		return Deprecated, true
	case "forbidden", "prohibited", "notallowed", "rejected":
		return Forbidden, true
	}
	return "", false
}

// lines calls do with every line and its number.
func lines(data []byte, do func(n int, text string) bool) {
	scan := bufio.NewScanner(bytes.NewReader(data))
	scan.Buffer(nil, maxFile+1)
	for n := 1; scan.Scan(); n++ {
		if !do(n, strings.TrimSuffix(scan.Text(), "\r")) {
			return
		}
	}
}

// sortedEntries are entries in the order in which they are written.
func sortedEntries(entries []Entry) []Entry {
	out := slices.Clone(entries)
	corpus.Sort(out, func(a, b Entry) int { return strings.Compare(a.ID, b.ID) })
	return out
}
