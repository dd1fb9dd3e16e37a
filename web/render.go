package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/corpus/staging"
	"concord/matcher"
	"concord/review"
)

// Shell is what every page has around its own content.
type Shell struct {
	Title    string // "what – where – Concord"
	Tag      string // language of the page
	Dir      string
	Theme    string
	Keys     string // "on", "alt" or "off"
	Letters  string // their size: "usual", "large" or "larger"
	Digits   string // of texts: "printed" or "latin"
	Why      string // whether reasons are "open" or "closed" at first
	Order    review.Order
	Nonce    string
	Token    string // of the page's forms
	Path     string // of this page, to come back to
	SignedIn bool
	Person   review.Person
	Version  string
	Data     int64  // mark of the standards: grows with every change of one
	Index    string // state of the search index
	Section  string // entry of the menu this page stands under
	Tags     []string
	Refresh  int  // seconds after which the page comes anew where there are no scripts, 0 for never
	Script   bool // whether the page uses more than the shell's script
	// SessionLeft is in how many seconds the session ends if nothing is asked any more, SessionLast
	// when it ends whatever is asked; 0 for who is not signed in.
	SessionLeft, SessionLast int
	Banner                   said // that administrators put above every page
	News                     int  // that the person has not seen and wants to be brought
}

// pager is any page value, for it has a Shell.
type pager interface{ around() *Shell }

func (s *Shell) around() *Shell { return s }

// shell makes the Shell of a page.
func (s *Server) shell(c echo.Context, a asker, title string) Shell {
	s.visitor(c, &a)
	keys := a.keys
	if keys == "" {
		keys = "on"
	}
	sh := Shell{
		Title: title + " – Concord", Tag: a.words.tag, Dir: direction(corpus.Language(a.words.tag)), Theme: a.theme, Keys: keys,
		Nonce: a.nonce, Token: formToken(a.base, a.person.ID), Path: c.Request().URL.RequestURI(), SignedIn: a.signedIn, Person: a.person,
		Version: s.version, Section: section(c.Request().URL.Path)}
	sh.Letters, sh.Digits, sh.Why, sh.Order = either(a.size, "usual"), either(a.digits, "printed"), either(a.why, "closed"), a.order
	set := s.settings(c.Request().Context())
	sh.Tags, sh.Banner = s.offered(set), s.note(set.Banner, a.words.tag)
	if a.signedIn {
		sh.SessionLeft, sh.SessionLast = seconds(a.session.Ends().Sub(s.now())), seconds(a.session.Expires.Sub(s.now()))
	}
	if c.Request().Method != http.MethodGet {
		sh.Path = "/"
	}
	if a.signedIn { // nobody else learns how much happens here; without the marks the page stands all the same
		sh.Data, _ = s.store.StandardsMark(c.Request().Context())
		sh.News, _ = s.store.UnseenNews(c.Request().Context(), a.person.ID, s.now())
	}
	if s.search != nil {
		sh.Index = s.search.State()
	}
	return sh
}

// section is the first part of a path, which is the entry of the menu.
func section(p string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(p, "/"), "/")
	if first == "matches" {
		return "review"
	}
	return first
}

// sheets are the templates of all pages in one language. Those of a page are copied
// from what all languages share when it is first asked for: most pages of most
// languages never are.
type sheets struct {
	shared map[string]*template.Template // by page; never shown itself
	funcs  template.FuncMap

	mu     sync.Mutex
	byName map[string]*template.Template
}

// page is the template of a page, nil where there is none of that name.
func (s *sheets) page(name string) *template.Template {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.byName[name]; t != nil || s.shared[name] == nil {
		return t
	}
	s.byName[name] = template.Must(s.shared[name].Clone()).Funcs(s.funcs) // what was never shown can be copied
	return s.byName[name]
}

// loadSheets gives every language the templates of all pages.
func (s *Server) loadSheets() (map[string]*sheets, error) {
	shared, err := sharedTemplates()
	if err != nil {
		return nil, err
	}
	out := map[string]*sheets{}
	for tag, w := range s.words {
		out[tag] = &sheets{shared: shared, funcs: s.funcs(w), byName: map[string]*template.Template{}}
	}
	return out, nil
}

// sharedTemplates reads every template, by page, once for all languages and servers:
// what they may call is known by name only and said anew for each language.
var sharedTemplates = sync.OnceValues(func() (map[string]*template.Template, error) {
	names, err := fs.Glob(packedFiles, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("list the templates: %w", err)
	}
	parts, err := template.New("layout").Funcs((&Server{}).funcs(&words{})).ParseFS(packedFiles, "templates/_*.html")
	if err != nil {
		return nil, fmt.Errorf("read the parts of templates: %w", err)
	}
	shared := map[string]*template.Template{}
	for _, file := range names {
		name := strings.TrimSuffix(path.Base(file), ".html")
		if strings.HasPrefix(name, "_") {
			continue
		}
		if shared[name], err = template.Must(parts.Clone()).ParseFS(packedFiles, file); err != nil {
			return nil, fmt.Errorf("read the template %s: %w", name, err)
		}
	}
	return shared, nil
})

// funcs are what templates may call, in one language.
func (s *Server) funcs(w *words) template.FuncMap {
	return template.FuncMap{
		"t":          w.say,
		"num":        w.number,
		"dec":        w.decimal,
		"day":        func(t time.Time) template.HTML { return w.timeElement(t, day(t), false) },
		"moment":     func(t time.Time) template.HTML { return w.timeElement(t, moment(t), true) },
		"dayof":      day,
		"look":       w.look,
		"size":       w.size,
		"big":        func(n int64) string { return w.number(int(n)) },
		"dir":        func(l corpus.Language) string { return direction(l) },
		"dec2":       func(v float64) string { return w.fixed(v, 2) },
		"dec4":       func(v float64) string { return w.fixed(v, 4) },
		"asset":      s.assetURL,
		"clause":     clauseURL,
		"standard":   standardURL,
		"place":      w.place,
		"jur":        func(code string) corpus.Jurisdiction { return corpus.Jurisdiction(code) },
		"tongue":     w.tongue,
		"signal":     w.signal,
		"join":       strings.Join,
		"trying":     newTryBox,
		"least":      func(a, b int) int { return min(a, b) },
		"less":       func(n int) int { return n - 1 },
		"mark":       func(st review.State) string { return marks[st] },
		"relmark":    func(r corpus.Relation) string { return relationMarks[r] },
		"vermark":    verdictMark,
		"findmark":   func(f matcher.Finding) string { return findingMarks[f] },
		"rowof":      newTokenJob,
		"rows":       func(token string, rows []decisionRow) tokenRows { return tokenRows{token, rows} },
		"lettered":   func(letter string, sd side) letteredSide { return letteredSide{letter, sd} },
		"question":   newQuestion,
		"plain":      func(n uint32) string { return strconv.FormatUint(uint64(n), 10) },
		"term":       termURL,
		"concept":    conceptURL,
		"query":      func(name, value string) template.URL { return template.URL(url.Values{name: {value}}.Encode()) },
		"plus":       func(n int) int { return n + 1 },
		"conditions": func(r corpus.Recognition) []said { return w.conditions(s.label, r) },
		"hinted":     func(f fieldRow) fieldRow { f.Optional = true; return f },
		"importtab": func(id uuid.UUID, here string, doc *corpus.Document) importTab {
			return importTab{id, here, doc != nil && doc.Table != nil}
		},
		"clauseform": func(e *clauseEdit, id uuid.UUID, version int, token string) clauseForm {
			return clauseForm{e, id, version, token}
		},
		"simpleact":   func(f clauseForm, act staging.Act) clauseAct { return clauseAct{f, act} },
		"setbox":      func(side string, r setRow) setBox { return setBox{side, r} },
		"settings":    newSettings,
		"opinions":    opinions,
		"skipreasons": func() []review.SkipReason { return review.SkipReasons },
		"verdicts":    func() []review.Verdict { return review.Verdicts[:len(review.Verdicts)-1] },
	}
}

// tokenRows are decisions with the token their undo forms need.
type tokenRows struct {
	Token string
	Rows  []decisionRow
}

// tokenJob is an export with the token its forms need.
type tokenJob struct {
	Token string
	Job   exportJob
}

func newTokenJob(token string, of any) tokenJob {
	switch j := of.(type) {
	case *exportJob:
		return tokenJob{token, *j}
	case exportJob:
		return tokenJob{token, j}
	}
	return tokenJob{}
}

// letteredSide is a side of a match with its letter.
type letteredSide struct {
	Letter string
	Side   side
}

// question is one of the two questions of the workbench.
type question struct {
	Name, Ask string
	Options   []questionOption
}

type questionOption struct {
	Answer corpus.Answer
	Key    *keyCap // nil for none
	Chosen bool
}

func newQuestion(name, ask string, chosen corpus.Answer, keys bound) question {
	q := question{Name: name, Ask: ask}
	group := map[string]string{"a_to_b": "forth-", "b_to_a": "back-"}[name]
	for _, answer := range []corpus.Answer{corpus.AnswerYes, corpus.AnswerConditions, corpus.AnswerNo} {
		q.Options = append(q.Options, questionOption{answer, keys.First(review.KeyAct(group + string(answer))), answer == chosen})
	}
	return q
}

// verdictMark is the shape of a verdict.
func verdictMark(v review.Verdict) string {
	switch v {
	case review.VerdictNoCounterpart:
		return "∄"
	case review.VerdictUnsure:
		return "?"
	}
	return relationMarks[corpus.Relation(v)]
}

// findingMarks are the shapes of findings, which never stand without words.
var findingMarks = map[matcher.Finding]string{
	matcher.FindingEqual: "=", matcher.FindingAStricter: "▲", matcher.FindingBStricter: "▼",
	matcher.FindingOnlyA: "◐", matcher.FindingOnlyB: "◑", matcher.FindingNotComparable: "≁",
}

// signal names a signal of the matcher, or is its own name when it is new.
func (w *words) signal(name string) string {
	if key := "signal." + name; w.has(key) {
		return w.say(key)
	}
	return name
}

// marks are the shapes of states, which never stand without their word.
var marks = map[review.State]string{
	review.StateProposed: "○", review.StateOpinion: "◔", review.StateConfirmed: "●",
	review.StateDisputed: "◆", review.StateRejected: "✕", review.StateAbsent: "∅",
}

// direction is the writing direction of a language for the dir attribute.
func direction(l corpus.Language) string {
	if l.RightToLeft() {
		return "rtl"
	}
	return "ltr"
}

// place names a jurisdiction in the language, or is its code.
func (w *words) place(j corpus.Jurisdiction) string {
	if key := "place." + string(j); w.has(key) {
		return w.say(key)
	}
	return string(j)
}

// tongue names a language in the language, or is its tag.
func (w *words) tongue(l corpus.Language) string {
	if key := "tongue." + string(l.Base()); w.has(key) {
		return w.say(key)
	}
	return string(l)
}

// clauseURL is the permanent address of a clause.
func clauseURL(id corpus.ClauseID) string {
	return standardURL(id.Standard()) + "/clauses/" + url.PathEscape(id.Key())
}

// standardURL is the permanent address of a standard.
func standardURL(id corpus.StandardID) string { return "/standards/" + url.PathEscape(string(id)) }

// show writes a page. It is executed into memory first, so that a failure gives
// an error page and never half a page.
func (s *Server) show(c echo.Context, a asker, status int, name string, page pager) error {
	t := s.sheets[a.words.tag].page(name)
	if t == nil {
		return fmt.Errorf("there is no template %q", name)
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "layout", page); err != nil {
		return fmt.Errorf("show the page %s: %w", name, err)
	}
	if a.digits == "latin" {
		return c.HTMLBlob(status, latinDigits(b.Bytes()))
	}
	return c.HTMLBlob(status, b.Bytes())
}

// latinDigits writes Arabic-Indic, Persian and full-width digits of a page as 0 to 9.
// What somebody could send back, a field and its text, stays as it is.
func latinDigits(page []byte) []byte {
	out := make([]byte, 0, len(page))
	typed := false // within a text that is written, or a list that is chosen from
	for len(page) > 0 {
		if page[0] == '<' {
			end := bytes.IndexByte(page, '>')
			if end < 0 {
				return append(out, page...)
			}
			tag := page[:end+1]
			for _, name := range []string{"textarea", "select", "script"} {
				typed = (typed || bytes.HasPrefix(tag, []byte("<"+name))) && !bytes.HasPrefix(tag, []byte("</"+name))
			}
			out, page = append(out, tag...), page[end+1:]
			continue
		}
		r, size := utf8.DecodeRune(page)
		if digit := latinDigit(r); !typed && digit != 0 {
			out = append(out, digit)
		} else {
			out = append(out, page[:size]...)
		}
		page = page[size:]
	}
	return out
}

// latinDigit is a digit of another script as 0 to 9, or 0 for what is none.
func latinDigit(r rune) byte {
	for _, zero := range []rune{'٠', '۰', '０'} {
		if r >= zero && r <= zero+9 {
			return byte('0' + r - zero)
		}
	}
	return 0
}

// asset is an embedded file with its fingerprint.
type asset struct {
	body []byte
	kind string
	hash string
}

// loadAssets reads the embedded stylesheet, script and icon.
func loadAssets() (map[string]asset, error) {
	entries, err := fs.ReadDir(packedFiles, "static")
	if err != nil {
		return nil, fmt.Errorf("list the static files: %w", err)
	}
	out := map[string]asset{}
	for _, entry := range entries {
		body, err := fs.ReadFile(packedFiles, "static/"+entry.Name())
		if err != nil {
			return nil, fmt.Errorf("read a static file: %w", err)
		}
		if path.Ext(entry.Name()) == ".js" {
			body = stripped(body)
		}
		sum := sha256.Sum256(body)
		out[entry.Name()] = asset{body: body, kind: assetKind(entry.Name()), hash: hex.EncodeToString(sum[:6])}
	}
	return out, nil
}

// stripped is a script as browsers get it: without lines that are comments alone, and
// without indentation. Text over several lines must not stand in it.
func stripped(script []byte) []byte {
	var out []byte
	for line := range bytes.Lines(script) {
		if line = bytes.TrimLeft(line, " \t"); len(line) > 1 && !bytes.HasPrefix(line, []byte("//")) {
			out = append(out, line...)
		}
	}
	return out
}

// assetKind is the content type by our own few endings, so that no system
// table changes it.
func assetKind(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return mime.TypeByExtension(path.Ext(name))
}

// assetURL is the address of a static file, which changes with its content.
func (s *Server) assetURL(name string) string { return "/static/" + name + "?v=" + s.assets[name].hash }

// static answers with an embedded file.
func (s *Server) static(c echo.Context, _ asker) error {
	return s.serveAsset(c, c.Param("name"))
}

// favicon answers browsers that ask without reading the page.
func (s *Server) favicon(c echo.Context, _ asker) error { return s.serveAsset(c, "icon.svg") }

func (s *Server) serveAsset(c echo.Context, name string) error {
	file, found := s.assets[name]
	if !found {
		return fmt.Errorf("static file %q: %w", name, corpus.ErrNotFound)
	}
	h := c.Response().Header()
	h.Set("Etag", `"`+file.hash+`"`)
	h.Set("Cache-Control", "public, max-age=3600")
	if c.QueryParam("v") == file.hash {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if hasTag(c.Request(), headerIfNoneMatch, `"`+file.hash+`"`, false) {
		return c.NoContent(http.StatusNotModified)
	}
	return c.Blob(http.StatusOK, file.kind, file.body)
}

// health tells a supervisor that the server answers and reaches its records.
func (s *Server) health(c echo.Context, _ asker) error {
	if _, err := s.store.Dossiers(c.Request().Context()); err != nil {
		return fmt.Errorf("check the records: %w", err)
	}
	return c.String(http.StatusOK, "ok\n")
}
