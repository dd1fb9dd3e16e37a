package main

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// mayImport is the table of who imports whom (ARCHITECTURE.md); what is outside
// the module is listed by the beginning of its path. The standard library is
// free, except that the ground floor uses nothing else.
var mayImport = map[string][]string{
	"concord/client":               {},
	"concord/corpus":               {"golang.org/x/text"},
	"concord/corpus/reader":        {"concord/corpus", "concord/corpus/reader/pdfium", "golang.org/x/text", "golang.org/x/net/html", "github.com/goccy/go-yaml", "github.com/xuri/excelize"},
	"concord/corpus/reader/pdfium": {"github.com/ulikunitz/xz", "github.com/tetratelabs/wazero"},
	"concord/corpus/lexicon":       {"concord/corpus", "concord/corpus/packed", "golang.org/x/text", "github.com/blevesearch/snowballstem", "github.com/blevesearch/segment"},
	"concord/corpus/packed":        {"github.com/ulikunitz/xz"},
	"concord/corpus/embedding":     {"concord/corpus"},
	"concord/corpus/samples":       {"concord/corpus", "concord/corpus/packed"},
	"concord/corpus/translation":   {"concord/corpus", "concord/corpus/lexicon"},
	"concord/corpus/termbase":      {"concord/corpus", "concord/corpus/lexicon", "golang.org/x/text", "github.com/xuri/excelize"},
	"concord/corpus/staging":       {"concord/corpus", "github.com/google/uuid"},
	"concord/index":                {"concord/corpus", "concord/corpus/lexicon", "concord/corpus/translation", "github.com/blevesearch", "golang.org/x/text"},
	"concord/matcher":              {"concord/corpus", "concord/corpus/embedding", "concord/corpus/lexicon", "concord/corpus/translation", "concord/matcher/sparse"},
	"concord/matcher/sparse":       {"concord/corpus", "concord/corpus/lexicon"},
	"concord/review":               {"concord/corpus", "concord/matcher", "github.com/google/uuid", "golang.org/x/crypto/argon2"},
	"concord/review/exchange":      {"concord/corpus", "concord/review", "github.com/goccy/go-yaml", "github.com/xuri/excelize"},
	"concord/review/export":        {"concord/corpus", "concord/matcher", "concord/review", "concord/review/exchange", "github.com/google/uuid", "github.com/goccy/go-yaml", "github.com/xuri/excelize"},
	"concord/store":                {"concord/corpus", "concord/corpus/embedding", "concord/corpus/staging", "concord/corpus/termbase", "concord/corpus/translation", "concord/matcher", "concord/review", "github.com/google/uuid", "modernc.org/sqlite"},
	"concord/web":                  {"concord/corpus", "concord/corpus/lexicon", "concord/corpus/packed", "concord/corpus/staging", "concord/corpus/termbase", "concord/index", "concord/matcher", "concord/review", "concord/review/export", "github.com/coreos/go-oidc", "github.com/google/uuid", "github.com/labstack/echo", "github.com/modelcontextprotocol/go-sdk", "github.com/nicksnyder/go-i18n", "golang.org/x/oauth2", "golang.org/x/text", "golang.org/x/time", "rsc.io/qr"},
	"concord/cmd/concord":          {"concord/", "github.com/google/uuid", "golang.org/x/term"},
}

// goList asks the go command for the packages of the module.
func goList(t *testing.T) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "concord/...").Output()
	if err != nil {
		t.Skipf("the go command cannot list the packages here: %v", err)
	}
	got := map[string][]string{}
	dec := json.NewDecoder(strings.NewReader(string(out)))
	for dec.More() {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		got[p.ImportPath] = p.Imports
	}
	return got
}

// foreign lists the imports of a package that the table does not allow.
func foreign(pkg string, imports []string) []string {
	var out []string
	for _, i := range imports {
		first, _, _ := strings.Cut(i, "/")
		standard := !strings.Contains(first, ".") && first != "concord"
		allowed := slices.ContainsFunc(mayImport[pkg], func(prefix string) bool {
			return i == prefix || strings.HasPrefix(i, strings.TrimSuffix(prefix, "/")+"/") && !strings.HasPrefix(prefix, "concord/corpus") && prefix != "concord/matcher" && prefix != "concord/review"
		})
		if !standard && !allowed {
			out = append(out, i)
		}
	}
	return out
}

func TestImportsKeepToTheTable(t *testing.T) {
	packages := goList(t)
	for pkg, imports := range packages {
		if _, listed := mayImport[pkg]; !listed {
			t.Errorf("%s is not in the table of packages: add it there and to ARCHITECTURE.md, or put the code elsewhere", pkg)
		}
		for _, i := range foreign(pkg, imports) {
			t.Errorf("%s imports %s, which the table does not allow", pkg, i)
		}
	}
	for pkg := range mayImport {
		if _, there := packages[pkg]; !there {
			t.Errorf("the table lists %s, which is not there", pkg)
		}
	}
}

func TestTheTableRefuses(t *testing.T) {
	cases := []struct{ pkg, imports string }{
		{"concord/matcher", "concord/store"},
		{"concord/web", "concord/store"},
		{"concord/corpus", "concord/corpus/lexicon"},
		{"concord/review", "github.com/labstack/echo/v4"},
		{"concord/index", "modernc.org/sqlite"},
		{"concord/cmd/concord", "github.com/modelcontextprotocol/go-sdk/mcp"},
		{"concord/corpus/reader", "concord/corpus/lexicon"},
	}
	for _, c := range cases {
		if len(foreign(c.pkg, []string{c.imports})) == 0 {
			t.Errorf("%s may import %s, and should not", c.pkg, c.imports)
		}
	}
}
