package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"concord/review"
)

// apiDocsPage is the documentation of the interface, read from openapi.json.
type apiDocsPage struct {
	Shell
	Guide apiGuide
	Base  string
	Try   bool   // the person may run operations here
	Tried string // id of the one that was run
	Run   *tried // and what came of it
}

// apiGuide is openapi.json as its page shows it.
type apiGuide struct {
	Title, Version, Summary, Description string
	Chapters                             []apiChapter
	Groups                               []apiGroup
	Types                                []apiType
	Problems                             []apiProblemKind
}

// apiChapter is a part of the guide that is about no single operation.
type apiChapter struct{ ID, Title, Text string }

// apiGroup is the operations under one tag.
type apiGroup struct {
	Name, Description string
	Operations        []apiOperation
}

// apiOperation is one operation.
type apiOperation struct {
	ID, Method, Path, Summary, Description string
	Scope                                  string // "" when no key is needed
	Params                                 []apiParam
	Body, Answer                           string // names of types
	BodyExample, Example                   string
	Media                                  []string
	Statuses                               []apiStatus
	Samples                                []apiSample
	Try                                    bool // it can be run on the page
}

// apiSample is an operation as a program calls it.
type apiSample struct{ Language, Code string }

// apiParam is a parameter, or a field of a type.
type apiParam struct {
	Name, In, Description string
	Type                  apiTypeName
	Required, Many        bool
}

// apiTypeName names a type: in words, and the anchor of one of ours.
type apiTypeName struct {
	Words, Ref string
	List       bool
	Enum       []string
}

// apiStatus is one answer of an operation.
type apiStatus struct{ Code, Description string }

// apiType is one object that answers are made of.
type apiType struct {
	Name, Description string
	Fields            []apiParam
}

// apiProblemKind is one row of the catalogue of problems.
type apiProblemKind struct {
	Code   string `json:"code"`
	Status int    `json:"status"`
	Title  string `json:"title"`
	Cure   string `json:"cure"`
}

// The parts of an OpenAPI document that the page needs. Order of fields is read
// from the text, since a Go map has none.
type (
	docFile struct {
		Info struct{ Title, Version, Summary, Description string }
		Tags []struct{ Name, Description string }
		// Guide holds the chapters of our own.
		Guide      []struct{ ID, Title, Text string } `json:"x-guide"`
		Paths      ordered[ordered[docOperation]]     `json:"paths"`
		Components struct {
			Schemas    ordered[docSchema]
			Parameters ordered[docParam]
			Responses  ordered[docAnswer]
		}
	}
	docOperation struct {
		OperationID, Summary, Description string
		Tags                              []string
		Scope                             string `json:"x-scope"`
		Parameters                        []docParam
		RequestBody                       struct{ Content ordered[docContent] }
		Responses                         ordered[docAnswer]
	}
	docParam struct {
		Ref                   string `json:"$ref"`
		Name, In, Description string
		Required              bool
		Schema                docSchema
	}
	docAnswer struct {
		Ref         string `json:"$ref"`
		Description string
		Content     ordered[docContent]
	}
	docContent struct {
		Schema  docSchema
		Example json.RawMessage
	}
	docSchema struct {
		Ref         string `json:"$ref"`
		Type        string
		Description string
		Format      string
		Enum        []string
		Items       *docSchema
		Required    []string
		Properties  ordered[docSchema]
		Codes       []apiProblemKind `json:"x-codes"`
	}
)

// ordered is a JSON object that keeps the order of its names.
type ordered[T any] struct {
	Names []string
	By    map[string]T
}

// UnmarshalJSON reads an object; it is an error when it is anything else.
func (o *ordered[T]) UnmarshalJSON(data []byte) error {
	if err := json.Unmarshal(data, &o.By); err != nil {
		return err
	}
	dec := json.NewDecoder(strings.NewReader(string(data)))
	if _, err := dec.Token(); err != nil {
		return err
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return err
		}
		text, isText := name.(string)
		if !isText {
			return fmt.Errorf("an object has the name %v", name)
		}
		o.Names = append(o.Names, text)
		var skipped json.RawMessage
		if err := dec.Decode(&skipped); err != nil {
			return err
		}
	}
	return nil
}

// readGuide reads the document for its page.
func readGuide(document []byte) (apiGuide, error) {
	var f docFile
	if err := json.Unmarshal(document, &f); err != nil {
		return apiGuide{}, fmt.Errorf("read the description of the interface: %w", err)
	}
	g := apiGuide{Title: f.Info.Title, Version: f.Info.Version, Summary: f.Info.Summary, Description: f.Info.Description,
		Problems: f.Components.Schemas.By["Problem"].Codes}
	for _, c := range f.Guide {
		g.Chapters = append(g.Chapters, apiChapter(c))
	}
	for _, tag := range f.Tags {
		g.Groups = append(g.Groups, apiGroup{tag.Name, tag.Description, f.tagged(tag.Name)})
	}
	for _, name := range f.Components.Schemas.Names {
		if schema := f.Components.Schemas.By[name]; schema.Type == "object" {
			g.Types = append(g.Types, apiType{name, schema.Description, f.fields(schema)})
		}
	}
	return g, nil
}

// tagged are the operations under a tag.
func (f docFile) tagged(tag string) []apiOperation {
	var out []apiOperation
	for _, path := range f.Paths.Names {
		for _, method := range f.Paths.By[path].Names {
			if op := f.Paths.By[path].By[method]; slices.Contains(op.Tags, tag) {
				out = append(out, f.operation(strings.ToUpper(method), path, op))
			}
		}
	}
	return out
}

// operation is one operation with its references followed.
func (f docFile) operation(method, path string, op docOperation) apiOperation {
	out := apiOperation{ID: op.OperationID, Method: method, Path: path, Summary: op.Summary, Description: op.Description, Scope: op.Scope}
	for _, p := range op.Parameters {
		if p.Ref != "" {
			p = f.Components.Parameters.By[lastPart(p.Ref)]
		}
		out.Params = append(out.Params, apiParam{Name: p.Name, In: p.In, Description: p.Description, Type: f.typeOf(p.Schema), Required: p.Required, Many: p.Schema.Type == "array"})
	}
	for _, content := range op.RequestBody.Content.By {
		out.Body, out.BodyExample = lastPart(content.Schema.Ref), indented(content.Example)
	}
	for _, code := range op.Responses.Names {
		answer := op.Responses.By[code]
		if answer.Ref != "" {
			answer = f.Components.Responses.By[lastPart(answer.Ref)]
		}
		out.Statuses = append(out.Statuses, apiStatus{code, answer.Description})
		if code == strconv.Itoa(http.StatusOK) {
			for _, media := range answer.Content.Names {
				content := answer.Content.By[media]
				out.Media = append(out.Media, media)
				out.Answer, out.Example = lastPart(content.Schema.Ref), indented(content.Example)
			}
		}
	}
	out.Samples, out.Try = samplesOf(out), out.mayTry()
	return out
}

// fields are the fields of an object in the order of the document.
func (f docFile) fields(schema docSchema) []apiParam {
	var out []apiParam
	for _, name := range schema.Properties.Names {
		p := schema.Properties.By[name]
		description := p.Description
		if description == "" && p.Ref != "" {
			description = f.Components.Schemas.By[lastPart(p.Ref)].Description
		}
		out = append(out, apiParam{Name: name, Description: description, Type: f.typeOf(p), Required: slices.Contains(schema.Required, name), Many: p.Type == "array"})
	}
	return out
}

// typeOf names a schema's type; simple types of ours are named by what they are.
func (f docFile) typeOf(s docSchema) apiTypeName {
	if s.Type == "array" && s.Items != nil {
		name := f.typeOf(*s.Items)
		name.List = true
		return name
	}
	if s.Ref == "" {
		return apiTypeName{Words: strings.TrimSpace(s.Type + " " + s.Format), Enum: s.Enum}
	}
	name := lastPart(s.Ref)
	target := f.Components.Schemas.By[name]
	if target.Type == "object" {
		return apiTypeName{Words: name, Ref: name}
	}
	return apiTypeName{Words: name, Enum: target.Enum}
}

// lastPart is what a reference ends with: the name of a component.
func lastPart(ref string) string { return ref[strings.LastIndexByte(ref, '/')+1:] }

// indented is JSON with two blanks a level; what is none is shown as it is.
func indented(raw json.RawMessage) string {
	if len(raw) == 0 {
		return ""
	}
	var value any
	if json.Unmarshal(raw, &value) != nil {
		return string(raw)
	}
	body, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return string(raw)
	}
	return string(body)
}

// sampleNames are the variables by which examples name what they are about, by what the
// address has. A clause is named whole.
var sampleNames = strings.NewReplacer("clauses/{id}/{key}", "clauses/$CLAUSE", "standards/{id}", "standards/$STANDARD", "matches/{id}", "matches/$MATCH", "dossiers/{id}", "dossiers/$DOSSIER", "rounds/{number}", "rounds/$ROUND", "exports/{id}", "exports/$EXPORT")

// sampled is a text with variables, in parts: whatever has an odd place is the name of
// one.
func sampled(text string) []string {
	var out []string
	for {
		at := strings.IndexByte(text, '$')
		if at < 0 {
			return append(out, text)
		}
		name := text[at+1:]
		if end := strings.IndexFunc(name, func(r rune) bool { return r < 'A' || r > 'Z' }); end >= 0 {
			name = name[:end]
		}
		out = append(out, text[:at], name)
		text = text[at+1+len(name):]
	}
}

// sampleJoined is such a text as a program puts it together: its parts between quotes
// and its variables as they are read.
func sampleJoined(text, quote, before, after string) string {
	var out []string
	for i, part := range sampled(text) {
		if i%2 == 1 {
			out = append(out, before+part+after)
		} else if part != "" {
			out = append(out, quote+part+quote)
		}
	}
	return strings.Join(out, " + ")
}

// samplesOf are the operation as a command and as programs without any library. They run
// as they are printed where their variables are set.
func samplesOf(o apiOperation) []apiSample {
	path, body := sampleNames.Replace(o.Path), ""
	switch o.Body {
	case "ClauseIDs":
		body = `{"clauses": ["$CLAUSE"]}`
	case "ExportAsk":
		body = `{"dossier": "$DOSSIER", "format": "csv"}`
	}
	if o.ID == "search" {
		path += "?q=fire+door"
	}
	auth, file := o.Scope != "", strings.HasSuffix(path, "/export") || strings.HasSuffix(path, "/file")
	deletes := o.Method == http.MethodDelete
	when := func(is bool, text string) string {
		if is {
			return text
		}
		return ""
	}
	shell := ""
	for i, part := range sampled(body) {
		if i%2 == 1 {
			part = `'"$` + part + `"'` // a variable stands between two texts in single quotes
		}
		shell += part
	}
	curl := "curl" + when(auth, ` -H "Authorization: Bearer $CONCORD_KEY"`) + when(deletes, " -X DELETE") + when(body != "", ` -H "Content-Type: application/json" -d '`+shell+`'`) + when(file, " -fOJ") + ` "$CONCORD` + path + `"`
	program := "package main\n\nimport (\n\t\"io\"\n\t\"log\"\n\t\"net/http\"\n\t\"os\"\n" + when(body != "", "\t\"strings\"\n") + ")\n\nfunc main() {\n" +
		when(body != "", "\tbody := strings.NewReader("+sampleJoined(body, "`", "os.Getenv(\"", "\")")+")\n") +
		"\treq, err := http.NewRequest(\"" + o.Method + "\", os.Getenv(\"CONCORD\")+" + strings.ReplaceAll(sampleJoined(path, `"`, `os.Getenv("`, `")`), " + ", "+") + ", " + when(body != "", "body") + when(body == "", "nil") + ")\n\tif err != nil {\n\t\tlog.Fatal(err)\n\t}\n" +
		when(auth, "\treq.Header.Set(\"Authorization\", \"Bearer \"+os.Getenv(\"CONCORD_KEY\"))\n") +
		when(body != "", "\treq.Header.Set(\"Content-Type\", \"application/json\")\n") +
		"\tres, err := http.DefaultClient.Do(req)\n\tif err != nil {\n\t\tlog.Fatal(err)\n\t}\n\tdefer res.Body.Close()\n\tif _, err := io.Copy(os.Stdout, res.Body); err != nil {\n\t\tlog.Fatal(err)\n\t}\n}\n"
	named := strings.Contains(path, "$")
	script := "import " + when(!file, "json, ") + "os, " + when(named, "urllib.parse, ") + "urllib.request\n\nreq = urllib.request.Request(os.environ[\"CONCORD\"] + " + sampleJoined(path, `"`, `urllib.parse.quote(os.environ["`, `"])`) +
		when(body != "", ", data=("+sampleJoined(body, "'", `os.environ["`, `"]`)+").encode()") + when(deletes, `, method="DELETE"`) + ")\n" +
		when(auth, "req.add_header(\"Authorization\", \"Bearer \" + os.environ[\"CONCORD_KEY\"])\n") +
		when(body != "", "req.add_header(\"Content-Type\", \"application/json\")\n") +
		"with urllib.request.urlopen(req) as res:\n" +
		when(file, "    open(\"export\", \"wb\").write(res.read())\n") + when(!file, "    print(json.dumps(json.load(res), indent=2, ensure_ascii=False))\n")
	return []apiSample{{"curl", curl}, {"Go", program}, {"Python", script}}
}

// apiDocs shows the documentation. It is a page like others and needs no key.
func (s *Server) apiDocs(c echo.Context, a asker) error {
	return s.showDocs(c, a, "", nil)
}

// showDocs shows the documentation, with an operation that was run.
func (s *Server) showDocs(c echo.Context, a asker, id string, run *tried) error {
	p := apiDocsPage{Shell: s.shell(c, a, s.guide.Title), Guide: s.guide, Base: s.base.String(), Try: a.signedIn && a.person.May(review.ActionRead), Tried: id, Run: run}
	return s.show(c, a, http.StatusOK, "api", &p)
}
