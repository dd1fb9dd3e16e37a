package web

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/corpus/staging"
)

// columnRoles are what a column may hold, in the order of their choice; those after
// "title:" and "text:" are offered in each language of the pages.
var columnRoles = []string{"number", "title", "text", "kind", "note", "chapter-number", "chapter", "section-number", "section", "standard", "language", "jurisdiction", "issuer", "domain"}

// previewedRows is how many rows of a table are shown as they would be read.
const previewedRows = 5

// columnsPage shows what the columns of a table were taken for, to be changed.
type columnsPage struct {
	Shell
	Import   staging.Import
	Table    *corpus.Table
	Sheet    corpus.TableSheet
	Sheets   []corpus.TableSheet
	Header   int // line of it as the page has it
	Columns  []columnChoice
	Roles    []listOption
	Rows     [][]string // the first below the header
	Preview  []previewClause
	Lacks    []string // roles without which nothing can be read
	Every    bool     // all sheets are to be read so
	Remember bool
	Stored   bool // columns are remembered for these tables
	Done     string
	Open     bool
	Problem  said
}

// columnChoice is a column with what it holds.
type columnChoice struct {
	Name, Letters, Header, Role string
}

// previewClause is a row as it would be read.
type previewClause struct {
	Number, Heading string
	Texts           []previewCell
	Other           []previewCell
}

// previewCell is a cell with the role it has; Language is that of the column.
type previewCell struct {
	Role, Text string
	Language   corpus.Language
}

// importColumns shows the columns of a table.
func (s *Server) importColumns(c echo.Context, a asker) error {
	i, err := s.pathImport(c)
	if err != nil {
		return err
	}
	p := &columnsPage{Import: i, Done: c.QueryParam("done"), Remember: true}
	return s.showColumns(c, a, http.StatusOK, p, c.QueryParams())
}

// showColumns completes and shows the page in the state of a form.
func (s *Server) showColumns(c echo.Context, a asker, status int, p *columnsPage, form url.Values) error {
	if p.Import.Document == nil || p.Import.Document.Table == nil || len(p.Import.Document.Table.Sheets) == 0 {
		return fmt.Errorf("the columns of import %s: %w", p.Import.ID, corpus.ErrNotFound)
	}
	p.Table, p.Open = p.Import.Document.Table, p.Import.State == staging.Staged
	p.Sheets = p.Table.Sheets
	p.lay(form)
	_, err := s.store.RememberedColumns(c.Request().Context(), p.Table.Publisher, p.Table.Key)
	if p.Stored = err == nil; err != nil && !isNotFound(err) {
		return fmt.Errorf("look for remembered columns: %w", err)
	}
	p.Roles = roleChoices(a.words, s.speak.tags)
	p.Shell = s.shell(c, a, p.Import.Designation+" – "+a.words.say("columns.title"))
	return s.show(c, a, status, "columns", p)
}

// roleChoices are what a column may hold, in words.
func roleChoices(w *words, tags []string) []listOption {
	var out []listOption
	for _, r := range columnRoles {
		out = append(out, listOption{r, w.say("columns.role." + r)})
	}
	for _, base := range []string{"text", "title"} {
		for _, tag := range tags {
			out = append(out, listOption{base + ":" + tag, w.say("columns.role."+base+"-in", "tongue", w.tongue(corpus.Language(tag)))})
		}
	}
	return out
}

// lay puts a sheet on the page with the roles that the form, or the reading, gives.
func (p *columnsPage) lay(form url.Values) {
	at := slices.IndexFunc(p.Sheets, func(s corpus.TableSheet) bool { return s.Name == form.Get("sheet") })
	if at < 0 {
		at = max(0, slices.IndexFunc(p.Sheets, func(s corpus.TableSheet) bool { return s.Read }))
	}
	p.Sheet = p.Sheets[at]
	p.Header = p.Sheet.Header
	if n, err := strconv.Atoi(form.Get("header")); err == nil && slices.Contains(p.Sheet.Lines, n) {
		p.Header = n
	}
	p.Rows = p.Sheet.Below(p.Header, previewedRows)
	width := 0
	for n, line := range p.Sheet.Lines {
		if line >= p.Header {
			width = max(width, len(p.Sheet.Top[n]))
		}
	}
	header := p.headerRow()
	for col := range width {
		one := columnChoice{Name: "c" + strconv.Itoa(col), Letters: corpus.ColumnLetters(col)}
		if col < len(header) {
			one.Header = header[col]
		}
		if _, sent := form[one.Name]; sent {
			one.Role = form.Get(one.Name)
		} else {
			for r, n := range p.Sheet.Of {
				if n == col {
					one.Role = r
				}
			}
		}
		p.Columns = append(p.Columns, one)
	}
	for n := range p.Rows {
		p.Rows[n] = append(slices.Clone(p.Rows[n]), make([]string, max(0, width-len(p.Rows[n])))...)
	}
	p.preview()
}

// headerRow is the row that is taken for the header.
func (p *columnsPage) headerRow() []string {
	s := p.Sheet
	s.Header = p.Header
	return s.HeaderRow()
}

// preview shows the first rows as they would be read.
func (p *columnsPage) preview() {
	roles := make([]string, len(p.Columns))
	for n, col := range p.Columns {
		roles[n] = col.Role
	}
	p.Lacks = lackingRoles(roles)
	for _, row := range p.Rows {
		var one previewClause
		for n, col := range p.Columns {
			base, tongue, _ := strings.Cut(col.Role, ":")
			cell := previewCell{Role: col.Role, Text: row[n], Language: corpus.Language(tongue)}
			switch {
			case cell.Text == "" || base == "":
			case base == "number":
				one.Number = cell.Text
			case col.Role == "title":
				one.Heading = cell.Text
			case base == "text" || base == "title":
				one.Texts = append(one.Texts, cell)
			default:
				one.Other = append(one.Other, cell)
			}
		}
		p.Preview = append(p.Preview, one)
	}
}

// columnsFrom is what a form says the columns of a sheet hold.
func columnsFrom(form url.Values, table *corpus.Table) (corpus.Columns, error) {
	out := corpus.Columns{Of: map[string]string{}, Only: true}
	for col := 0; ; col++ {
		name := "c" + strconv.Itoa(col)
		if _, sent := form[name]; !sent {
			break
		}
		role := form.Get(name)
		if role == "" {
			continue
		}
		letters := corpus.ColumnLetters(col)
		if other := out.Of[role]; other != "" {
			return out, corpus.Refuse(corpus.ErrInvalid, "columns-both", "the columns {column} and {other} are both said to hold {holds}; choose one", "column", other[1:], "other", letters, "holds", role)
		}
		out.Of[role] = "$" + letters
	}
	if lacks := lackingRoles(slices.Collect(maps.Keys(out.Of))); len(lacks) > 0 {
		return out, corpus.Refuse(corpus.ErrInvalid, "columns-need", "no column is said to hold {holds}, and a clause needs one; choose a column for it", "holds", lacks[0])
	}
	if form.Get("every") != "" {
		return out, nil
	}
	if len(table.Sheets) > 1 {
		out.Sheet = form.Get("sheet")
	}
	line, err := strconv.Atoi(form.Get("header"))
	at := slices.IndexFunc(table.Sheets, func(s corpus.TableSheet) bool { return s.Name == form.Get("sheet") })
	if err == nil && at >= 0 && line != table.Sheets[at].Header {
		out.Header = line
	}
	return out, nil
}

// lackingRoles are the roles without which nothing can be read and that none of these
// is, in whatever language.
func lackingRoles(roles []string) []string {
	var out []string
	for _, need := range []string{"number", "text"} {
		if !slices.ContainsFunc(roles, func(r string) bool { base, _, _ := strings.Cut(r, ":"); return base == need }) {
			out = append(out, need)
		}
	}
	return out
}

// setColumns reads a table again as a form says, shows the form anew, or forgets
// what is remembered for tables like it.
func (s *Server) setColumns(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	i, err := s.pathImport(c)
	if err != nil {
		return err
	}
	form := c.Request().PostForm
	p := &columnsPage{Import: i, Every: form.Get("every") != "", Remember: form.Get("remember") != ""}
	do := form.Get("do")
	if do == "preview" || i.Document == nil || i.Document.Table == nil {
		return s.showColumns(c, a, http.StatusOK, p, form)
	}
	t, back := i.Document.Table, "/imports/"+i.ID.String()+"/columns?done="
	if do == "forget" {
		if err := s.store.RememberColumns(ctx, t.Publisher, t.Key, corpus.Columns{}, a.person.ID.String()); err != nil {
			return fmt.Errorf("forget the columns: %w", err)
		}
		return c.Redirect(http.StatusSeeOther, back+"forgot")
	}
	columns, err := columnsFrom(form, t)
	if err == nil && s.importer == nil {
		err = corpus.Refuse(corpus.ErrInvalid, "import-off", "this server does not read files")
	}
	if err == nil && i.Version != seenVersion(c) {
		err = corpus.Refuse(corpus.ErrConflict, "staged-changed", "somebody else has corrected this import meanwhile; look at it again")
	}
	if err == nil {
		var leave func()
		if leave, err = s.readers.enter(ctx); err != nil {
			return err
		}
		defer leave()
		_, err = s.importer.Reread(ctx, i, columns, a.person.ID.String())
	}
	if _, refused := corpus.RefusalOf(err); refused || errors.Is(err, corpus.ErrInvalid) || errors.Is(err, corpus.ErrLimit) {
		status := http.StatusUnprocessableEntity
		if errors.Is(err, corpus.ErrConflict) {
			status = http.StatusConflict
		}
		p.Problem = a.words.refusal(err)
		return s.showColumns(c, a, status, p, form)
	}
	if err != nil {
		return fmt.Errorf("read the table again: %w", err)
	}
	if p.Remember {
		if err := s.store.RememberColumns(ctx, t.Publisher, t.Key, columns, a.person.ID.String()); err != nil {
			return fmt.Errorf("remember the columns: %w", err)
		}
		return c.Redirect(http.StatusSeeOther, back+"remembered")
	}
	return c.Redirect(http.StatusSeeOther, back+"read")
}
