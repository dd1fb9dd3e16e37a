package web

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/corpus/staging"
)

// importPage is the screen on which an import is corrected.
type importPage struct {
	Shell
	Import     staging.Import
	Standard   corpus.Standard
	Who        string // brought it
	Settler    string
	Open       bool // may still be corrected
	Fatal      bool // has errors, so it cannot be accepted
	ToIdentity bool // the open problem is one of the identity
	Done       string
	Problem    said
	Problems   []problemRow
	Fields     []fieldRow
	Clauses    []sheetRow
	Total      int
	From, To   int
	Looked     int    // clauses that somebody has looked at
	Whole      int    // of so many that were not left out
	Unseen     string // address of the next that nobody has looked at, "" for none
	Prev       string // address of the page of clauses before, "" for none
	Next       string
	Edit       *clauseEdit
	Typed      url.Values  // of a form that was refused, to be shown again
	Last       staging.Act // what undo takes back, "" for nothing
	Earlier    *staging.Import
	Unfit      []staging.Operation
	Source     *sourceView // nil where none is kept
	FileSize   string      // of the file as it was sent, "" where it is not kept

	at      int    // line of the source that was asked for, 0 for none
	problem string // the one that was followed here
}

// problemRow is one problem with where it leads.
type problemRow struct {
	corpus.Problem
	Said    saidProblem
	ID      string
	Link    string
	Here    bool // it is about the clause that is open
	Dismiss bool
	Key     string // of the clause that it is about
	SplitAt int    // where splitting the clause mends it, 0 for nowhere
}

// fieldRow is one field of the identity in a form.
type fieldRow struct {
	Name, Value string
	Values      []fieldChoice // the only ones, nil for free text
	Optional    bool          // nothing chosen leaves what was read
}

// fieldChoice is a value of a field; Key names its words.
type fieldChoice struct{ Value, Key string }

func newFieldRow(f staging.Field, value string) fieldRow {
	row := fieldRow{Name: f.Name, Value: value}
	for _, v := range f.Values {
		row.Values = append(row.Values, fieldChoice{v, f.Name + "." + v})
	}
	return row
}

// Free tells whether a field takes any text.
func (f fieldRow) Free() bool { return f.Values == nil }

// sheetRow is one clause of the list.
type sheetRow struct {
	staging.Row
	Key      string
	Link     string
	Start    []Piece // of its text
	Head     []Piece
	Cut      bool
	Problems int
	Here     bool
	Looked   bool
}

// clauseEdit is the clause that is open.
type clauseEdit struct {
	staging.Row
	Key        string
	Kinds      []corpus.Kind
	Places     []cutPlace
	First      bool // nothing stands before it
	Prev, Next string
	Lines      int
	Second     string // number of what is to be cut off
	Looked     bool
	Kept       string // the wording that is kept, where the fields say something else
}

// importTab is where one stands in the steps of an import.
type importTab struct {
	ID    uuid.UUID
	Here  string
	Table bool // its columns can be said
}

// clauseForm is the clause that is open with what its forms carry.
type clauseForm struct {
	Edit    *clauseEdit
	ID      uuid.UUID
	Version int
	Token   string
}

// clauseAct is a form of one button.
type clauseAct struct {
	Form clauseForm
	Act  staging.Act
}

// cutPlace is a place where a clause may be cut without a cursor.
type cutPlace struct {
	At            int
	Before, After string
}

const (
	clausesPerSheet = 60
	startRunes      = 260 // of a text in the list
	mostPlaces      = 60
	contextRunes    = 28
)

// importCheck answers the screen.
func (s *Server) importCheck(c echo.Context, a asker) error {
	i, err := s.pathImport(c)
	if err != nil {
		return err
	}
	at, _ := strconv.Atoi(c.QueryParam("at")) // what is no number asks for no line
	p := &importPage{Done: c.QueryParam("done"), at: at, problem: c.QueryParam("problem")}
	return s.showImport(c, a, http.StatusOK, i, p, c.QueryParam("clause"))
}

// showImport completes and shows the screen with a clause open.
func (s *Server) showImport(c echo.Context, a asker, status int, i staging.Import, p *importPage, open string) error {
	who, err := s.names(c.Request().Context())
	if err != nil {
		return err
	}
	p.Import, p.Who, p.Settler, p.Open = i, who.actor(i.By), who.actor(i.SettledBy), i.State == staging.Staged
	p.Unfit, p.Standard = i.Unfit, corpus.Standard{Designation: i.Designation, Language: i.Language}
	if n := len(i.Operations); n > 0 && p.Open {
		p.Last = i.Operations[n-1].Act
	}
	if i.Document != nil {
		sheet, err := i.Corrected()
		if err != nil {
			return err
		}
		p.lay(sheet, i, open, c.QueryParam("from"))
		for n, row := range p.Problems {
			said := a.words.problem(row.Problem)
			if said.Where == "" && row.Link != "" {
				said.Where = a.words.say("columns.title")
			}
			p.Problems[n].Said = said
		}
		if err := s.looked(c.Request().Context(), p, sheet); err != nil {
			return err
		}
		p.retype()
		if err := s.beside(c.Request().Context(), p, sheet, open); err != nil {
			return err
		}
		if err := s.keptFile(c.Request().Context(), c, p); err != nil {
			return err
		}
	}
	if p.Open && len(i.Operations) == 0 {
		earlier, err := s.store.EarlierCorrections(c.Request().Context(), i.Designation)
		if err == nil {
			p.Earlier = &earlier
		} else if !isNotFound(err) {
			return err
		}
	}
	p.Shell = s.shell(c, a, i.Designation+" – "+a.words.say("import.check"))
	if p.Source != nil {
		p.Source.Token = p.Token
	}
	return s.show(c, a, status, "import", p)
}

// beside puts the source beside the clauses: where it was asked for, else where the
// open clause stands, else where the list begins.
func (s *Server) beside(ctx context.Context, p *importPage, sheet *staging.Sheet, open string) error {
	var here corpus.SourceSpan
	first := 0
	for _, r := range sheet.Rows {
		if r.ID.Key() == open {
			here = sheet.Place(r)
		}
	}
	if len(p.Clauses) > 0 && open == "" {
		first = sheet.Place(p.Clauses[0].Row).From
	}
	at := cmp.Or(max(p.at, 0), here.From, first)
	if open == "" && p.at > 0 {
		here = corpus.SourceSpan{From: p.at, To: p.at}
		for _, row := range p.Problems {
			if row.ID == p.problem {
				here = row.Source
			}
		}
	}
	var err error
	p.Source, err = s.sourceOf(ctx, p.Import, sheet, at, here)
	if p.Source != nil {
		p.Source.Nowhere = p.Edit != nil && here.IsZero()
	}
	return err
}

// lay puts a sheet on the page.
func (p *importPage) lay(sheet *staging.Sheet, i staging.Import, open, from string) {
	p.Standard = sheet.Standard
	base := "/imports/" + i.ID.String()
	problems := sheet.Document().Problems
	p.Fatal = corpus.Fatal(problems)
	about := map[string]int{}
	for _, problem := range problems {
		key, identity := sheet.Locate(problem)
		row := problemRow{Problem: problem, ID: staging.Fingerprint(problem), Dismiss: p.Open && problem.Severity != corpus.SeverityError}
		switch {
		case key != "":
			about[key]++
			if p.Open {
				row.Key, row.SplitAt = key, sheet.SplitAt(problem, key)
			}
			row.Link, row.Here = problemLink(base, key, row.ID), key == open && p.problem == "" || row.ID == p.problem
		case !problem.Source.IsZero():
			row.Link, row.Here = fmt.Sprintf("%s?at=%d&problem=%s#s-%d", base, problem.Source.From, row.ID, problem.Source.From), row.ID == p.problem
		case strings.HasPrefix(problem.Rule, "columns-") && i.Document.Table != nil:
			row.Link = base + "/columns"
		case identity:
			row.Link, row.Here = fmt.Sprintf("%s?problem=%s#identity", base, row.ID), row.ID == p.problem
			p.ToIdentity = p.ToIdentity || row.Here
		}
		p.Problems = append(p.Problems, row)
	}
	for _, f := range staging.Fields {
		p.Fields = append(p.Fields, newFieldRow(f, f.Get(sheet.Standard)))
	}
	at := -1
	for n, r := range sheet.Rows {
		if r.ID.Key() == open {
			at = n
		}
	}
	p.window(sheet, base, at, from, about)
	if at >= 0 {
		p.Edit = newClauseEdit(sheet, base, at)
	}
}

// retype puts what a refused form said back into its fields, so that nothing
// typed is lost, with what is kept beside them.
func (p *importPage) retype() {
	again := func(field string, into *string) {
		if v, sent := p.Typed[field]; sent && len(v) == 1 {
			*into = v[0]
		}
	}
	switch staging.Act(p.Typed.Get("act")) {
	case staging.Identify:
		for n := range p.Fields {
			again(p.Fields[n].Name, &p.Fields[n].Value)
		}
	case staging.Edit, staging.Split:
		if e := p.Edit; e != nil {
			kept := e.Wording()
			again("label", &e.Label)
			again("heading", &e.Heading)
			again("text", &e.Text)
			again("kind", (*string)(&e.Kind))
			again("second", &e.Second)
			e.Places = cutPlaces(e.Text)
			if e.Wording() != kept {
				e.Kept = kept
			}
		}
	}
}

// window lists the clauses around the one that is open, or from a place.
func (p *importPage) window(sheet *staging.Sheet, base string, at int, from string, about map[string]int) {
	p.Total = len(sheet.Rows)
	start := max(0, at-8)
	if at < 0 {
		var n int
		if _, err := fmt.Sscanf(from, "%d", &n); err == nil && n > 0 && n < p.Total {
			start = n
		}
	}
	end := min(start+clausesPerSheet, p.Total)
	p.From, p.To = min(start+1, p.Total), end
	if start > 0 {
		p.Prev = fmt.Sprintf("%s?from=%d#clauses", base, max(0, start-clausesPerSheet))
	}
	if end < p.Total {
		p.Next = fmt.Sprintf("%s?from=%d#clauses", base, end)
	}
	for n := start; n < end; n++ {
		r := sheet.Rows[n]
		key := r.ID.Key()
		text := clip(r.Text, startRunes)
		p.Clauses = append(p.Clauses, sheetRow{Row: r, Key: key, Link: clauseLink(base, key), Head: plain(r.Heading), Start: plain(text), Cut: text != r.Text, Problems: about[key], Here: n == at})
	}
}

// newClauseEdit opens a clause.
func newClauseEdit(sheet *staging.Sheet, base string, at int) *clauseEdit {
	r := sheet.Rows[at]
	e := &clauseEdit{Row: r, Key: r.ID.Key(), Kinds: staging.Kinds, Places: cutPlaces(r.Text), First: at == 0, Lines: min(16, 3+strings.Count(r.Text, "\n")+len(r.Text)/160)}
	if at > 0 {
		e.Prev = clauseLink(base, sheet.Rows[at-1].ID.Key())
	}
	if at+1 < len(sheet.Rows) {
		e.Next = clauseLink(base, sheet.Rows[at+1].ID.Key())
	}
	return e
}

// problemLink is the address of the screen with the clause open that a problem is
// about.
func problemLink(base, key, problem string) string {
	return base + "?clause=" + url.QueryEscape(key) + "&problem=" + problem + "#edit"
}

// clauseLink is the address of the screen with a clause open.
func clauseLink(base, key string) string { return base + "?clause=" + url.QueryEscape(key) + "#edit" }

// cutPlaces are the beginnings of lines and sentences inside a text.
func cutPlaces(text string) []cutPlace {
	var out []cutPlace
	ends := false // the character before ends a line or a sentence
	for i, r := range text {
		if unicode.IsSpace(r) {
			ends = ends || r == '\n'
			continue
		}
		if ends && i > 0 && len(out) < mostPlaces {
			out = append(out, cutPlace{At: i, Before: lastRunes(text[:i], contextRunes), After: clip(strings.ReplaceAll(text[i:], "\n", " "), contextRunes)})
		}
		ends = strings.ContainsRune("。；！？", r) || strings.ContainsRune(".;!?؟", r) && i+1 < len(text) && (text[i+1] == ' ' || text[i+1] == '\n')
	}
	return out
}

// lastRunes is the end of a text.
func lastRunes(s string, n int) string {
	runes := []rune(strings.TrimSpace(strings.ReplaceAll(s, "\n", " ")))
	if len(runes) <= n {
		return string(runes)
	}
	return "…" + string(runes[len(runes)-n:])
}
