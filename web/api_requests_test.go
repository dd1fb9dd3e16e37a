package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
)

// TestHostileRequests sends what no honest program would; each is refused in
// its own way, and none fails.
func TestHostileRequests(t *testing.T) {
	w := sharedAPIWorld(t)
	search := func(q string) string { return "/api/v1/search?q=" + url.QueryEscape(q) }
	many := func(name string, n int) string { return strings.TrimPrefix(strings.Repeat("&"+name+"=x", n), "&") }
	match := "/api/v1/matches/" + w.matches["confirmed"].String()
	cases := map[string]struct {
		path string
		code string
	}{
		"star":                     {search("*"), "invalid"},
		"star in front":            {search("*fire*"), "invalid"},
		"star in the middle":       {search("f*e"), "invalid"},
		"short prefix":             {search("ab*"), "invalid"},
		"long query":               {search(strings.Repeat("word ", 200)), "limit"},
		"many terms":               {search(strings.Repeat("ab ", 40)), "limit"},
		"long word":                {search(strings.Repeat("a", 100)), "limit"},
		"long value":               {search(strings.Repeat("a", 3000)), "invalid"},
		"bytes that are no text":   {"/api/v1/search?q=%ff%fe", "invalid"},
		"filter that is no text":   {"/api/v1/search?jurisdiction=%ff", "invalid"},
		"half an escape":           {"/api/v1/search?q=a&jurisdiction=%C", "invalid"},
		"semicolon":                {"/api/v1/search?q=a;jurisdiction=CN", "invalid"},
		"unknown parameter":        {"/api/v1/search?q=a&jurisdicton=CN", "invalid"},
		"key as parameter":         {"/api/v1/search?q=a&key=" + w.keys["all"], "invalid"},
		"parameter of another":     {"/api/v1/standards?q=a", "invalid"},
		"parameter where none is":  {match + "?limit=3", "invalid"},
		"parameter with star":      {"/api/v1/standards?domain*=park", "invalid"},
		"query twice":              {"/api/v1/search?q=a&q=b", "invalid"},
		"limit twice":              {"/api/v1/standards?limit=1&limit=2", "invalid"},
		"too many values":          {"/api/v1/search?" + many("issuer", 51), "invalid"},
		"limit of nothing":         {"/api/v1/standards?limit=0", "invalid"},
		"limit too high":           {"/api/v1/standards?limit=201", "invalid"},
		"limit of a search":        {"/api/v1/search?limit=101", "invalid"},
		"limit of proposals":       {"/api/v1/clauses/cn-a-2020/5.1/proposals?limit=51", "invalid"},
		"limit that is no number":  {"/api/v1/standards?limit=1e1", "invalid"},
		"limit below all numbers":  {"/api/v1/matches?limit=-9223372036854775809", "invalid"},
		"exact as yes":             {"/api/v1/search?q=a&exact=yes", "invalid"},
		"unknown status":           {"/api/v1/search?status=valid", "invalid"},
		"unknown obligation":       {"/api/v1/search?obligation=must", "invalid"},
		"unknown state":            {"/api/v1/matches?state=done", "invalid"},
		"unknown state of one":     {"/api/v1/clauses/cn-a-2020/5.1/equivalents?state=done", "invalid"},
		"unknown order":            {"/api/v1/matches?order=random", "invalid"},
		"unknown verdict":          {"/api/v1/matches?verdict=yes", "invalid"},
		"suspect as one":           {"/api/v1/matches?suspect=1", "invalid"},
		"dossier that is no id":    {"/api/v1/matches?dossier=1", "invalid"},
		"cursor made up":           {"/api/v1/standards?cursor=AAAA", "invalid"},
		"cursor of another list":   {"/api/v1/standards?cursor=" + cursorOf("search", "1"), "invalid"},
		"cursor of no number":      {"/api/v1/standards/cn-a-2020/clauses?cursor=" + cursorOf("clauses of cn-a-2020", "x"), "invalid"},
		"cursor of another clause": {"/api/v1/standards/cn-a-2020/clauses?cursor=" + cursorOf("clauses of ru-b-2020", "1"), "invalid"},
		"cursor of matches":        {"/api/v1/matches?cursor=AAAA", "invalid"},
		"cursor of matches, SQL":   {"/api/v1/matches?cursor=" + url.QueryEscape("' OR 1=1 --"), "invalid"},
		"cursor of another order":  {"/api/v1/matches?order=recent&cursor=" + url.QueryEscape(readAPI[apiList[apiMatch]](t, w, "/api/v1/matches?limit=1").Next), "invalid"},
		"after before all":         {"/api/v1/decisions?after=-1", "invalid"},
		"after over all numbers":   {"/api/v1/decisions?after=99999999999999999999", "invalid"},
		"unknown format":           {"/api/v1/dossiers/" + w.open.ID.String() + "/export?format=parquet", "invalid"},
		"among unknown standards":  {"/api/v1/clauses/cn-a-2020/5.1/proposals?among=xx", "invalid"},
		"unknown standard":         {"/api/v1/standards/xx", "not-found"},
		"clauses of an unknown":    {"/api/v1/standards/xx/clauses", "not-found"},
		"unknown clause":           {"/api/v1/clauses/cn-a-2020/99", "not-found"},
		"path upwards":             {"/api/v1/clauses/cn-a-2020/..%2f..%2fetc", "not-found"},
		"path that is no text":     {"/api/v1/clauses/cn-a-2020/%ff", "not-found"},
		"path with a zero":         {"/api/v1/clauses/cn-a-2020/%00", "not-found"},
		"SQL in the path":          {"/api/v1/standards/x'%20OR%20'1'='1", "not-found"},
		"unknown match":            {"/api/v1/matches/" + uuid.NewString(), "not-found"},
		"match that is no id":      {"/api/v1/matches/1", "not-found"},
		"unknown dossier":          {"/api/v1/dossiers/" + uuid.NewString(), "not-found"},
		"export of an unknown":     {"/api/v1/dossiers/" + uuid.NewString() + "/export", "not-found"},
		"unknown path":             {"/api/v1/people", "not-found"},
		"unknown version":          {"/api/v2/standards", "version"},
		"interface itself":         {"/api/", "not-found"},
	}
	status := map[string]int{"invalid": 400, "limit": 400, "not-found": 404, "version": 404}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			rec := w.ask(t, apiAsk{path: c.path, key: w.keys["all"]})
			p := problemOf(t, rec)
			if p.Code != c.code || rec.Code != status[c.code] {
				t.Errorf("%d %+v, want %s", rec.Code, p, c.code)
			}
			if c.code != "not-found" && p.Detail == "" || strings.Contains(rec.Body.String(), w.keys["all"]) {
				t.Errorf("the problem says %+v", p)
			}
		})
	}
}

// TestOddRequestsThatAreFine are the other side of TestHostileRequests.
func TestOddRequestsThatAreFine(t *testing.T) {
	w := sharedAPIWorld(t)
	for name, path := range map[string]string{
		"no query":              "/api/v1/search",
		"empty query":           "/api/v1/search?q=",
		"punctuation":           "/api/v1/search?q=" + url.QueryEscape(`/./ (( [ \ " ~ ^ ? {}`),
		"regular expression":    "/api/v1/search?q=" + url.QueryEscape(`/(corr|door.+a{12}){6}/ [a-z]+`),
		"query language":        "/api/v1/search?q=" + url.QueryEscape(`+text:(corridor OR door)^4 AND _id:x~2`),
		"markup":                "/api/v1/search?q=" + url.QueryEscape("<script>alert(1)</script>"),
		"prefix":                "/api/v1/search?q=corr*",
		"one han character":     "/api/v1/search?q=" + url.QueryEscape("疏*"),
		"longest query":         "/api/v1/search?q=" + strings.Repeat("a", 60),
		"fifty values":          "/api/v1/search?q=a" + strings.Repeat("&issuer=x", 50),
		"filters":               "/api/v1/search?q=corridor&jurisdiction=GB&jurisdiction=DE&status=in-force&obligation=require",
		"empty filter":          "/api/v1/matches?order=&verdict=&state=confirmed",
		"language with script":  "/api/v1/standards?language=zh&jurisdiction=cn",
		"key with a slash":      "/api/v1/clauses/cn-a-2020/A%2F2",
		"key with a percent":    "/api/v1/clauses/cn-a-2020/5%2541",
		"key with han":          "/api/v1/clauses/cn-a-2020/" + url.PathEscape("图 1"),
		"proposals of headings": "/api/v1/clauses/cn-a-2020/5/proposals",
		"after the last":        "/api/v1/decisions?after=9000000000",
	} {
		t.Run(name, func(t *testing.T) { w.get(t, path) })
	}
	if c := readAPI[apiClause](t, w, "/api/v1/clauses/cn-a-2020/5%2541"); c.ID != "cn-a-2020/5%41" {
		t.Errorf("the clause is %s", c.ID)
	}
}

// TestMethods asks with methods that are not there.
func TestMethods(t *testing.T) {
	w := sharedAPIWorld(t)
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodOptions, http.MethodTrace} {
		rec := w.ask(t, apiAsk{method: method, path: "/api/v1/standards", key: w.keys["all"]})
		if p := problemOf(t, rec); rec.Code != http.StatusMethodNotAllowed || p.Code != "method" || rec.Header().Get("Access-Control-Allow-Origin") != "" || rec.Header().Get("Allow") == "" {
			t.Errorf("%s: %d %+v, Allow %q", method, rec.Code, p, rec.Header().Get("Allow"))
		}
	}
}

// TestBulk checks the bodies that name clauses.
func TestBulk(t *testing.T) {
	w := sharedAPIWorld(t)
	body := func(n int) string {
		ids := make([]corpus.ClauseID, n)
		for i := range ids {
			ids[i] = corpus.NewClauseID("cn-a-2020", fmt.Sprintf("5.%d", i+1))
		}
		text, err := json.Marshal(apiIDs{ids})
		apiMust(t, err)
		return string(text)
	}
	cases := map[string]struct {
		body, media string
		want        string // "" is fine
	}{
		"one":               {body(1), "application/json", ""},
		"with a charset":    {body(1), "Application/JSON; charset=utf-8", ""},
		"at the limit":      {body(1000), "application/json", ""},
		"over the limit":    {body(1001), "application/json", "limit"},
		"none":              {`{"clauses":[]}`, "application/json", "invalid"},
		"nothing":           {`{}`, "application/json", "invalid"},
		"null":              {`null`, "application/json", "invalid"},
		"a list":            {`["cn-a-2020/5.1"]`, "application/json", "invalid"},
		"numbers":           {`{"clauses":[1]}`, "application/json", "invalid"},
		"another field":     {`{"clauses":["a/1"],"limit":1}`, "application/json", "invalid"},
		"two objects":       {body(1) + body(1), "application/json", "invalid"},
		"half":              {body(1)[:20], "application/json", "invalid"},
		"deep":              {strings.Repeat("[", 100_000), "application/json", "invalid"},
		"too large":         {`{"clauses":["` + strings.Repeat("a", apiBulkBytes) + `"]}`, "application/json", "too-large"},
		"a form":            {"clauses=a", "application/x-www-form-urlencoded", "media"},
		"text":              {body(1), "text/plain", "media"},
		"no media type":     {body(1), "", "media"},
		"a media type like": {body(1), "application/jsonp", "media"},
	}
	for _, path := range []string{"/api/v1/clauses", "/api/v1/equivalents"} {
		for name, c := range cases {
			t.Run(path+" "+name, func(t *testing.T) {
				rec := w.ask(t, apiAsk{method: http.MethodPost, path: path, key: w.keys["all"], body: c.body, header: map[string]string{"Content-Type": c.media}})
				got := ""
				if rec.Code != http.StatusOK {
					got = problemOf(t, rec).Code
				}
				if got != c.want {
					t.Errorf("%d %q, want %q: %.300s", rec.Code, got, c.want, rec.Body)
				}
			})
		}
	}
	var got apiList[apiClause]
	rec := w.ask(t, apiAsk{method: http.MethodPost, path: "/api/v1/clauses", key: w.keys["all"], body: `{"clauses":["ru-b-2020/5.2","cn-a-2020/99","cn-a-2020/5.1","ru-b-2020/5.2"]}`})
	apiMust(t, json.Unmarshal(rec.Body.Bytes(), &got))
	if len(got.Items) != 2 || got.Items[0].ID != "ru-b-2020/5.2" || got.Items[1].ID != "cn-a-2020/5.1" {
		t.Errorf("%s", rec.Body)
	}
}

// TestConditionalRequests checks tags: the same answer is not sent again, and a
// changed one is.
func TestConditionalRequests(t *testing.T) {
	w := newAPIWorld(t)
	path := "/api/v1/clauses/ru-b-2020/5.1"
	first := w.get(t, path)
	tag := first.Header().Get("ETag")
	if !strings.HasPrefix(tag, `"`) || // a strong one: so short an answer never travels compressed
		first.Header().Get("Cache-Control") != "private, no-cache" || !slices.Contains(first.Header().Values("Vary"), "Authorization") {
		t.Errorf("headers %v", first.Header())
	}
	again := func(match string) int {
		return w.ask(t, apiAsk{path: path, key: w.keys["all"], header: map[string]string{"If-None-Match": match}}).Code
	}
	for match, want := range map[string]int{tag: 304, strings.TrimPrefix(tag, "W/"): 304, "*": 304, `"x", ` + tag: 304, `"x"`: 200, "": 200, strings.Trim(tag, `W/"`): 200} {
		if got := again(match); got != want {
			t.Errorf("If-None-Match %s: %d, want %d", match, got, want)
		}
	}
	if rec := w.ask(t, apiAsk{path: path, header: map[string]string{"If-None-Match": tag}}); rec.Code != http.StatusUnauthorized {
		t.Errorf("without a key: %d", rec.Code)
	}
	w.docs["ru-b-2020"].Clauses[1].Text += " Допускается больше."
	_, err := w.db.Save(t.Context(), w.docs["ru-b-2020"], "cli")
	apiMust(t, err)
	if got := again(tag); got != http.StatusOK {
		t.Errorf("after a change: %d", got)
	}
}

// TestSearchInWhatIsNotKept: a filter that no kept standard has is refused by name with
// those there are; one that is there is not, and finds what it finds.
func TestSearchInWhatIsNotKept(t *testing.T) {
	w := newAPIWorld(t)
	for query, says := range map[string]string{
		"jurisdiction=XX":                 `no standard here has the jurisdiction "XX", there are CN, DE, GB, RU`,
		"jurisdiction=CN&jurisdiction=cn": `the jurisdiction "cn", there are CN,`,
		"lang=xx":                         `the language "xx", there are en, ru, zh`,
		"domain=fire":                     `the domain "fire", there are `,
		"standard=gb-50016":               `the id "gb-50016", there are cn-a-2020, de-c-2020`,
		"lang=zh&domain=":                 `the domain ""`,
		"status=valid":                    `status is not "valid", there are in-force, superseded`,
		"jurisdiction=CN":                 "", "lang=zh": "", "domain=engineering": "", "domain=digital": "", "standard=cn-a-2020": "", "lang=ru&jurisdiction=RU": "",
	} {
		w.clock.move(time.Second)
		rec := w.ask(t, apiAsk{path: "/api/v1/search?q=door&" + query, key: w.keys["all"]})
		var p problem
		if says == "" {
			if rec.Code != http.StatusOK {
				t.Errorf("%s: %d %s", query, rec.Code, rec.Body)
			}
			continue
		}
		if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil || rec.Code != http.StatusBadRequest || p.Code != "invalid" || !strings.Contains(p.Detail, says) {
			t.Errorf("%s: %d %s, want %s", query, rec.Code, rec.Body, says)
		}
	}
}
