package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
	"concord/review/export"
)

func apiDoc(t testing.TB) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(openAPIDocument())
	apiMust(t, err)
	return doc
}

// TestOpenAPIIsValid checks the document itself, with its examples.
func TestOpenAPIIsValid(t *testing.T) {
	doc := apiDoc(t)
	if doc.OpenAPI != "3.1.0" {
		t.Errorf("the document is OpenAPI %s", doc.OpenAPI)
	}
	apiMust(t, doc.Validate(t.Context(), openapi3.AllowExtensionsWithRef()))
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			if op.Summary == "" || op.Description == "" || op.OperationID == "" || len(op.Tags) != 1 {
				t.Errorf("%s %s says too little", method, path)
			}
			for status, answer := range op.Responses.Map() {
				examplesKeep(t, method+" "+path+" "+status, answer.Value.Content)
			}
			if op.RequestBody != nil {
				examplesKeep(t, method+" "+path, op.RequestBody.Value.Content)
			}
			for _, p := range op.Parameters {
				if p.Value.Description == "" {
					t.Errorf("%s %s: the parameter %s is not described", method, path, p.Value.Name)
				}
			}
		}
	}
}

// examplesKeep checks that every JSON example is there and keeps its schema.
func examplesKeep(t *testing.T, where string, content openapi3.Content) {
	t.Helper()
	for media, c := range content {
		if !strings.HasSuffix(media, "json") || strings.HasPrefix(where, "GET /api/openapi.json") {
			continue
		}
		body, err := json.Marshal(c.Example)
		apiMust(t, err)
		if c.Example == nil {
			t.Errorf("%s has no example", where)
		} else if err := keepsSchema(c.Schema, body); err != nil {
			t.Errorf("%s: the example does not keep its schema: %v", where, err)
		}
	}
}

// routePath is a path of the document as the router writes it.
func routePath(path string) string {
	return strings.NewReplacer("{", ":", "}", "").Replace(path)
}

// disagreements compares the document with the table of operations, both ways.
func disagreements(doc *openapi3.T, table []operation) []string {
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	described := map[string]*openapi3.Operation{}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			described[method+" "+routePath(path)] = op
		}
	}
	for _, o := range table {
		name := o.method + " " + o.path
		op := described[name]
		delete(described, name)
		if op == nil {
			say("%s is not described", name)
			continue
		}
		out = append(out, ofOperation(name, o, op)...)
	}
	for name, op := range described {
		if name != "GET /api/openapi.json" || len(*op.Security) != 0 {
			say("%s is described and not there", name)
		}
	}
	slices.Sort(out)
	return out
}

// ofOperation compares one operation: scope, parameters, body, answers.
func ofOperation(name string, o operation, op *openapi3.Operation) []string {
	var out []string
	if op.Security == nil || len(*op.Security) != 1 || !slices.Equal((*op.Security)[0]["key"], []string{string(o.scope)}) {
		out = append(out, name+": the scope differs")
	}
	var params, parts []string
	for _, p := range op.Parameters {
		star := ""
		if p.Value.Schema.Value.Type.Is("array") {
			star = "*"
		}
		switch p.Value.In {
		case "query":
			params = append(params, p.Value.Name+star)
		case "path":
			parts = append(parts, ":"+p.Value.Name)
		}
	}
	var want []string
	for _, part := range strings.Split(o.path, "/") {
		if strings.HasPrefix(part, ":") {
			want = append(want, part)
		}
	}
	if !slices.Equal(params, o.params) {
		out = append(out, fmt.Sprintf("%s: described with %v, takes %v", name, params, o.params))
	}
	if !slices.Equal(parts, want) {
		out = append(out, fmt.Sprintf("%s: the path is described with %v", name, parts))
	}
	statuses := []string{"200", "400", "401", "403", "412", "429", "500", "503"}
	if len(want) > 0 {
		statuses = append(statuses, "404")
	}
	if o.method == http.MethodPost {
		statuses = append(statuses, "413", "415")
	} else if o.method == http.MethodGet && o.scope != review.ScopeExport {
		statuses = append(statuses, "304")
	}
	if o.statuses != nil {
		statuses = append(statuses[1:], o.statuses...)
	}
	slices.Sort(statuses)
	if have := slices.Sorted(maps.Keys(op.Responses.Map())); !slices.Equal(have, statuses) {
		out = append(out, fmt.Sprintf("%s: described with the statuses %v, has %v", name, have, statuses))
	}
	if (op.RequestBody != nil) != (o.method == http.MethodPost) {
		out = append(out, name+": the body differs")
	}
	return out
}

func TestOpenAPIAgreesWithRoutes(t *testing.T) {
	for _, d := range disagreements(apiDoc(t), operations) {
		t.Error(d)
	}
	s := &Server{records: struct{ Records }{}}
	var routed []string
	for _, r := range s.apiRoutes() {
		routed = append(routed, r.method+" "+r.path)
	}
	want := []string{"GET /api/openapi.json", "GET /api/docs"}
	for _, o := range operations {
		want = append(want, o.method+" "+o.path)
	}
	if !slices.Equal(routed, want) {
		t.Errorf("routes %v\noperations %v", routed, want)
	}
}

// TestOpenAPIDisagrees is the negative control: every way in which document and
// table can part is noticed.
func TestOpenAPIDisagrees(t *testing.T) {
	changed := func(change func(o *operation)) []operation {
		table := slices.Clone(operations)
		change(&table[len(table)-1])
		return table
	}
	without := apiDoc(t)
	without.Paths.Delete("/api/v1/search")
	cases := map[string]struct {
		doc   *openapi3.T
		table []operation
	}{
		"operation not described":  {without, operations},
		"operation not there":      {apiDoc(t), operations[1:]},
		"another scope":            {apiDoc(t), changed(func(o *operation) { o.scope = review.ScopeRead })},
		"a parameter more":         {apiDoc(t), changed(func(o *operation) { o.params = append(slices.Clone(o.params), "x") })},
		"a parameter once, not so": {apiDoc(t), changed(func(o *operation) { o.params = []string{"format*"} })},
		"a body":                   {apiDoc(t), changed(func(o *operation) { o.method = http.MethodPost })},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if len(disagreements(c.doc, c.table)) == 0 {
				t.Error("it is not noticed")
			}
		})
	}
}

// answerTypes are the Go types of the document's schemas.
var answerTypes = map[string]reflect.Type{
	"ClauseIDs": reflect.TypeFor[apiIDs](), "Span": reflect.TypeFor[apiSpan](), "Title": reflect.TypeFor[apiTitle](), "Adoption": reflect.TypeFor[apiAdoption](), "Parallel": reflect.TypeFor[apiParallel](), "Overlay": reflect.TypeFor[apiOverlay](),
	"Standard": reflect.TypeFor[apiStandard](), "Clause": reflect.TypeFor[apiClause](), "Recognition": reflect.TypeFor[apiRecognition](), "Condition": reflect.TypeFor[apiCondition](), "Seen": reflect.TypeFor[apiSeen](), "Amendment": reflect.TypeFor[apiAmendment](),
	"Outcome": reflect.TypeFor[apiOutcome](), "Decision": reflect.TypeFor[apiDecision](), "Match": reflect.TypeFor[apiMatch](), "Equivalents": reflect.TypeFor[apiEquivalents](),
	"Hit": reflect.TypeFor[apiHit](), "FacetValue": reflect.TypeFor[apiCount](), "Understood": reflect.TypeFor[apiUnderstood](), "Learned": reflect.TypeFor[apiLearned](), "Rendering": reflect.TypeFor[apiRendering](), "SearchAnswer": reflect.TypeFor[apiSearch](),
	"Reason": reflect.TypeFor[apiReason](), "Difference": reflect.TypeFor[apiDifference](), "Alignment": reflect.TypeFor[apiAlignment](), "Proposal": reflect.TypeFor[apiProposal](),
	"Proposals": reflect.TypeFor[apiProposals](), "Side": reflect.TypeFor[apiSide](), "Dossier": reflect.TypeFor[apiDossier](), "Feed": reflect.TypeFor[apiFeed](), "Problem": reflect.TypeFor[problem](),
	"StandardPage": reflect.TypeFor[apiList[apiStandard]](), "ClausePage": reflect.TypeFor[apiList[apiClause]](), "MatchPage": reflect.TypeFor[apiList[apiMatch]](),
	"Change": reflect.TypeFor[apiChange](), "ChangePage": reflect.TypeFor[apiChangePage](), "Signature": reflect.TypeFor[apiSignature](), "Round": reflect.TypeFor[apiRound](), "RoundPage": reflect.TypeFor[apiList[apiRound]](),
	"RoundChange": reflect.TypeFor[apiRoundChange](), "RoundChangePage": reflect.TypeFor[apiRoundDiff](), "Unmatched": reflect.TypeFor[apiUnmatched](),
	"Feature": reflect.TypeFor[apiFeature](), "Reservation": reflect.TypeFor[apiReservation](), "Part": reflect.TypeFor[apiPart](), "Comparison": reflect.TypeFor[apiComparison](),
	"ExportAsk": reflect.TypeFor[apiExportAsk](), "ExportJob": reflect.TypeFor[apiExportJob](), "EquivalentsPage": reflect.TypeFor[apiList[apiEquivalents]](), "DossierPage": reflect.TypeFor[apiList[apiDossier]](),
}

func TestOpenAPIAgreesWithTypes(t *testing.T) {
	doc := apiDoc(t)
	for name, schema := range doc.Components.Schemas {
		typ := answerTypes[name]
		if typ == nil {
			if schema.Value.Type.Is("object") {
				t.Errorf("the schema %s has no type", name)
			}
			continue
		}
		for _, d := range ofType(name, typ, schema) {
			t.Error(d)
		}
	}
	for name := range answerTypes {
		if doc.Components.Schemas[name] == nil {
			t.Errorf("the type %s has no schema", name)
		}
	}
	// Negative controls: a type of another schema, and a schema with a field less.
	if len(ofType("Dossier", reflect.TypeFor[apiStandard](), doc.Components.Schemas["Dossier"])) == 0 {
		t.Error("another type is not noticed")
	}
	for field := range doc.Components.Schemas["Clause"].Value.Properties {
		less := apiDoc(t).Components.Schemas["Clause"]
		delete(less.Value.Properties, field)
		if len(ofType("Clause", reflect.TypeFor[apiClause](), less)) == 0 {
			t.Errorf("that %s is not described is not noticed", field)
		}
	}
}

// ofType compares a type with its schema: the same fields, the same ones
// optional, of the same JSON types, down to the types of structs.
func ofType(name string, typ reflect.Type, schema *openapi3.SchemaRef) []string {
	var out []string
	fields := map[string]bool{}
	for _, f := range reflect.VisibleFields(typ) {
		field, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && field == "" {
			continue // its fields are the type's own, as JSON has them
		}
		fields[field] = true
		property := schema.Value.Properties[field]
		if property == nil {
			out = append(out, name+"."+field+" is not described")
			continue
		}
		if slices.Contains(schema.Value.Required, field) == strings.HasPrefix(options, "omit") {
			out = append(out, name+"."+field+": optional on one side only")
		}
		if d := ofField(f.Type, property); d != "" {
			out = append(out, name+"."+field+": "+d)
		}
	}
	for field := range schema.Value.Properties {
		if !fields[field] {
			out = append(out, name+"."+field+" is described and not there")
		}
	}
	return out
}

// ofField says how the type of a field differs from its schema.
func ofField(typ reflect.Type, schema *openapi3.SchemaRef) string {
	if typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	is := func(want string) string {
		if !schema.Value.Type.Is(want) {
			return fmt.Sprintf("%s described as %v", typ, schema.Value.Type)
		}
		return ""
	}
	switch {
	case typ == reflect.TypeFor[time.Time](), typ == reflect.TypeFor[uuid.UUID](), typ.Kind() == reflect.String:
		return is("string")
	case typ.Kind() == reflect.Int, typ.Kind() == reflect.Int64:
		return is("integer")
	case typ.Kind() == reflect.Float64:
		return is("number")
	case typ.Kind() == reflect.Bool:
		return is("boolean")
	case typ.Kind() == reflect.Slice:
		if d := is("array"); d != "" {
			return d
		}
		return ofField(typ.Elem(), schema.Value.Items)
	case typ.Kind() == reflect.Map:
		if d := is("object"); d != "" {
			return d
		}
		return ofField(typ.Elem(), schema.Value.AdditionalProperties.Schema)
	case typ.Kind() == reflect.Struct:
		if want := answerTypes[strings.TrimPrefix(schema.Ref, "#/components/schemas/")]; want != typ {
			return fmt.Sprintf("%s described as %v", typ, want)
		}
		return ""
	}
	return "a type that JSON does not have"
}

// apiTexts are values of a string type as text.
func apiTexts[T ~string](values ...T) []string {
	var out []string
	for _, v := range values {
		out = append(out, string(v))
	}
	return out
}

// TestOpenAPIEnums holds the lists of values to those of the rules.
func TestOpenAPIEnums(t *testing.T) {
	doc := apiDoc(t)
	property := func(schema, field string) *openapi3.Schema {
		return doc.Components.Schemas[schema].Value.Properties[field].Value
	}
	param := func(path, name string) *openapi3.Schema {
		s := doc.Paths.Value(path).Get.Parameters.GetByInAndName("query", name).Schema.Value
		if s.Items != nil {
			return s.Items.Value
		}
		return s
	}
	var formats []string
	for _, f := range export.Formats {
		formats = append(formats, f.Name)
	}
	cases := map[string]struct {
		schema *openapi3.Schema
		want   []string
	}{
		"state":      {doc.Components.Schemas["State"].Value, apiTexts(review.States...)},
		"verdict":    {doc.Components.Schemas["Verdict"].Value, apiTexts(review.Verdicts...)},
		"relation":   {doc.Components.Schemas["Relation"].Value, apiTexts(corpus.Relations...)},
		"rights":     {doc.Components.Schemas["Rights"].Value, apiTexts(corpus.RightsFull, corpus.RightsExcerpt, corpus.RightsTitles)},
		"policy":     {property("Dossier", "policy"), apiTexts(review.Policies...)},
		"reasons":    {property("Decision", "reasons").Items.Value, review.ReasonCodes},
		"kinds":      {property("Decision", "kind"), apiTexts(review.KindOpinion, review.KindAdjudication, review.KindWithdrawal)},
		"answer":     {property("Recognition", "answer"), apiTexts(corpus.AnswerOpen, corpus.AnswerYes, corpus.AnswerConditions, corpus.AnswerNo)},
		"feed":       {property("Change", "kind"), apiTexts(review.FeedKinds...)},
		"rounds":     {property("RoundChange", "kinds").Items.Value, apiTexts(review.ChangeAdded, review.ChangeRelation, review.ChangeRecognition, review.ChangeText, review.ChangeReservation, review.ChangeWithdrawn)},
		"status":     {doc.Components.Schemas["Status"].Value, append(apiTexts(apiStatuses...), "")},
		"aspect":     {property("Difference", "aspect"), apiTexts(matcher.AspectQuantity, matcher.AspectObligation, matcher.AspectCondition, matcher.AspectCitation, matcher.AspectTerm)},
		"finding":    {property("Difference", "finding"), apiTexts(matcher.FindingEqual, matcher.FindingAStricter, matcher.FindingBStricter, matcher.FindingOnlyA, matcher.FindingOnlyB, matcher.FindingNotComparable)},
		"alignment":  {property("Alignment", "kind"), []string{matcher.AlignConcept, matcher.AlignWord, matcher.AlignCitation}},
		"order":      {param("/api/v1/matches", "order"), apiTexts(apiOrders...)},
		"obligation": {param("/api/v1/search", "obligation"), apiTexts(apiDegrees...)},
		"q status":   {param("/api/v1/search", "status"), apiTexts(apiStatuses...)},
		"format":     {param("/api/v1/dossiers/{id}/export", "format"), formats},
		"job format": {property("ExportAsk", "format"), formats},
		"headings":   {param("/api/v1/dossiers/{id}/export", "language"), apiTexts(export.Languages()...)},
		"job words":  {property("ExportAsk", "language"), apiTexts(export.Languages()...)},
		"job":        {property("ExportJob", "state"), apiTexts(exportWaiting, exportWorking, exportDone, exportFailed, exportStopped)},
		"catalog":    {param("/api/v1/standards/{id}/export", "format"), []string{export.CatalogFormat}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var have []string
			for _, v := range c.schema.Enum {
				have = append(have, v.(string))
			}
			slices.Sort(have)
			slices.Sort(c.want)
			if !slices.Equal(have, c.want) {
				t.Errorf("described as %v, is %v", have, c.want)
			}
		})
	}
}

// TestOpenAPIProblems holds the catalogue of problems to the table of errors.
func TestOpenAPIProblems(t *testing.T) {
	schema := apiDoc(t).Components.Schemas["Problem"].Value
	described := map[string]bool{}
	for _, p := range docPage(t).Problems {
		described[p.Code] = true
		if problemTitles[p.Code] != p.Title || p.Cure == "" {
			t.Errorf("%s: described as %q, is %q", p.Code, p.Title, problemTitles[p.Code])
		}
		for _, k := range slices.Concat(apiKinds, kinds) {
			if k.key == p.Code && k.status != p.Status {
				t.Errorf("%s: described with status %d, has %d", p.Code, p.Status, k.status)
			}
		}
		if !slices.Contains(schema.Enum, any(p.Code)) && !slices.Contains(schema.Properties["code"].Value.Enum, any(p.Code)) {
			t.Errorf("%s is not among the codes", p.Code)
		}
	}
	if len(described) != len(problemTitles) || len(described) != len(schema.Properties["code"].Value.Enum) {
		t.Errorf("%d problems are described, %d titled, %d among the codes", len(described), len(problemTitles), len(schema.Properties["code"].Value.Enum))
	}
}

// docPage reads the document as the page of documentation does.
func docPage(t *testing.T) apiGuide {
	t.Helper()
	guide, err := readGuide(openAPIDocument())
	apiMust(t, err)
	return guide
}

// TestDocumentIsCalm checks that nothing of ours looks like a key in the examples.
func TestDocumentIsCalm(t *testing.T) {
	if bytes.Contains(openAPIDocument(), []byte("\t")) || !bytes.HasSuffix(openAPIDocument(), []byte("}\n")) {
		t.Error("the document is written with tabs, or does not end with a line feed")
	}
}
