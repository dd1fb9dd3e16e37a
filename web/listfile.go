package web

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review/export"
)

// maxListRows bounds the rows of a list's file (our own): what people filter and
// read in a spreadsheet; whole data leaves by the interface and the backup.
const maxListRows = 10_000

// listFormats are the endings of a list's file in the order pages offer them.
var listFormats = []string{"csv", "xlsx"}

// listColumn is a column of a list's file: the key of its heading, and its width in
// characters.
type listColumn struct {
	key   string
	width float64
}

// listFile is a list of a page as a file: the rows that the page's filter selects,
// with what the page shows of them and never more. Who makes it holds rights and
// blindness.
type listFile struct {
	name    string // of the file, without its ending
	title   string
	columns []listColumn
	rows    [][]string
}

// fileLink is the address of a list as a file, with the name of its format.
type fileLink struct{ Format, URL string }

// fileLinks are the addresses of a list's files under its filter; path is that of
// the list.
func fileLinks(path string, filter url.Values) []fileLink {
	var out []fileLink
	for _, format := range listFormats {
		out = append(out, fileLink{strings.ToUpper(format), withQuery(path+"/export/"+format, filter)})
	}
	return out
}

// filterOf is a list's filter without what is empty.
func filterOf(fields map[string]string) url.Values {
	v := url.Values{}
	for field, value := range fields {
		if value != "" {
			v.Set(field, value)
		}
	}
	return v
}

// listFormat is the format that a path asks for with its media type;
// corpus.ErrNotFound for one that lists have not.
func listFormat(c echo.Context) (format, media string, err error) {
	format = pathPart(c, "format")
	media, known := export.SheetFormats[format]
	if !known {
		return "", "", fmt.Errorf("there is no table as %q: %w", clip(format, 40), corpus.ErrNotFound)
	}
	return format, media, nil
}

// fits refuses a list that is too long for a file.
func fits(rows int) error {
	if rows > maxListRows {
		return corpus.Refuse(corpus.ErrLimit, "list-large", "the list has more than {most} rows, which is what a file takes: filter it first", "most", maxListRows)
	}
	return nil
}

// sendList sends a list in the format of the path, with headings in the language of
// the pages.
func (s *Server) sendList(c echo.Context, a asker, l listFile) error {
	format, media, err := listFormat(c)
	if err != nil {
		return err
	}
	if err := fits(len(l.rows)); err != nil {
		return err
	}
	out := export.Sheet{Title: l.title, Language: corpus.Language(a.words.tag), Rows: l.rows}
	for _, column := range l.columns {
		out.Columns, out.Widths = append(out.Columns, a.words.say(column.key)), append(out.Widths, column.width)
	}
	var b bytes.Buffer
	if err := export.WriteSheet(&b, format, out); err != nil {
		return err
	}
	return download(c, "concord-"+l.name+"-"+day(s.now())+"."+format, media, b.Bytes())
}
