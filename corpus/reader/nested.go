package reader

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"concord/corpus"
)

// detectJSON takes any other JSON.
func detectJSON(name string, head []byte) bool {
	c := firstByte(head)
	return (hasSuffix(name, ".json") || !strings.Contains(name, ".")) && (c == '{' || c == '[')
}

// readJSON reads JSON that nests requirements, whatever its fields are called:
// every object is looked at for a field that is a number, a heading or a text
// (the header names of tables, and usual field names), and lists inside it are
// what stands below it.
func readJSON(r io.Reader, hint Hint) ([]*corpus.Document, error) {
	text, err := slurp(r)
	if err != nil {
		return nil, err
	}
	text = strings.TrimPrefix(text, "\ufeff")
	if err := checkJSONDepth(text); err != nil {
		return nil, err
	}
	root, err := parseOrdered(text)
	if err != nil {
		return nil, err
	}
	n := &nested{a: newAssembler(hint), hint: hint}
	standard := record{}
	if root.fields != nil {
		standard = n.standardOf(root)
	}
	n.walk(root, standard, nil, "")
	if n.err != nil {
		return nil, n.err
	}
	docs := n.a.finish()
	for _, doc := range docs {
		if standard.title != "" && len(doc.Standard.Titles) == 0 {
			doc.Standard.Titles = []corpus.Title{{Text: standard.title}}
		}
		doc.Standard.Edition = first(doc.Standard.Edition, n.version)
	}
	return docs, nil
}

// value is JSON with the order of fields kept.
type value struct {
	scalar string
	list   []value
	fields []field
	isList bool
}

type field struct {
	name   string
	folded string // as in the table of header names
	value  value
}

// parseOrdered parses JSON whose depth was checked. Of fields that are given
// twice the first counts.
func parseOrdered(text string) (value, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	v, err := parseValue(d)
	if err != nil {
		return value{}, corpus.Refuse(corpus.ErrInvalid, "json-broken", "byte {byte}: not valid JSON ({why})", "byte", d.InputOffset(), "why", err)
	}
	return v, nil
}

func parseValue(d *json.Decoder) (value, error) {
	t, err := d.Token()
	if err != nil {
		return value{}, err
	}
	switch t := t.(type) {
	case json.Delim:
		v := value{isList: t == '['}
		for d.More() {
			if v.isList {
				item, err := parseValue(d)
				if err != nil {
					return value{}, err
				}
				v.list = append(v.list, item)
				continue
			}
			name, err := d.Token()
			if err != nil {
				return value{}, err
			}
			item, err := parseValue(d)
			if err != nil {
				return value{}, err
			}
			v.fields = append(v.fields, field{fmt.Sprint(name), foldHeader(fmt.Sprint(name)), item})
		}
		_, err := d.Token()
		return v, err
	case nil:
		return value{}, nil
	default:
		return value{scalar: fmt.Sprint(t)}, nil
	}
}

// fieldNames are the names of fields by role, beyond the headers of tables, in
// small letters. Ordinal counts inside its parent and is taken last.
var fieldNames = map[role][]string{
	roleNumber:  {"shortcode", "條號", "条号"},
	roleTitle:   {"criterium title", "條文標題"},
	roleText:    {"條文內容", "prose", "requirement description", "value"},
	roleChapter: {"編章節", "编章节"},
}

// nested walks through the objects.
type nested struct {
	a       *assembler
	hint    Hint
	version string
	err     error
	count   int
}

// fieldOf finds a scalar (or list of scalars) field of a role.
func (v value) fieldOf(r role) (string, bool) {
	for _, names := range [][]string{fieldNames[r], headerNames[r]} {
		for _, name := range names {
			for _, f := range v.fields {
				if f.folded == name && f.value.fields == nil && !f.value.isList && f.value.scalar != "" {
					return strings.TrimSpace(f.value.scalar), true
				}
			}
		}
	}
	return "", false
}

// standardOf reads what the outermost object says of the standard.
func (n *nested) standardOf(root value) record {
	var r record
	short := ""
	for _, f := range root.fields {
		if f.value.scalar == "" {
			continue
		}
		switch f.folded {
		case "name", "title", "法規名稱", "英文法規名稱", "法规名称":
			r.title = first(r.title, f.value.scalar)
		case "shortname", "designation", "standard":
			short = f.value.scalar
		case "version":
			n.version = f.value.scalar
		case "language", "lang":
			r.lang = f.value.scalar
		case "法規性質":
			r.country = "TW"
		}
	}
	if short != "" {
		r.standard = strings.TrimSpace(short + " " + n.version)
	}
	if r.country == "TW" && r.standard == "" {
		r.standard = r.title
	}
	return r
}

// walk visits a value below some headings.
func (n *nested) walk(v value, standard record, path []step, number string) {
	if n.err != nil {
		return
	}
	if v.isList {
		open := path
		for _, item := range v.list {
			if chapter, ok := item.fieldOf(roleChapter); ok && len(item.fields) <= 2 { // a heading between articles
				open = divisionPath(path, open, chapter)
				continue
			}
			n.walk(item, standard, open, number)
		}
		return
	}
	if v.fields == nil {
		return
	}
	v = unwrap(v)
	r, below := n.recordOf(v, standard, path, number)
	next, inner := path, number
	if below {
		inner = r.number
		next = append(path[:len(path):len(path)], step{number: r.number, heading: first(r.title, r.text)})
	} else if r.number != "" && r.text != "" {
		n.emit(r)
		return
	}
	for _, f := range v.fields {
		if f.value.isList && holdsObjects(f.value) || f.value.fields != nil && worthwhile(f.name) {
			n.walk(f.value, standard, next, inner)
		}
	}
}

func worthwhile(name string) bool {
	switch strings.ToLower(name) {
	case "l1", "l2", "l3", "references", "wcag", "techniques", "metadata", "附件":
		return false
	}
	return true
}

// unwrap opens an object whose single field is an object: {"criterium": {...}}.
func unwrap(v value) value {
	for depth := 0; depth < 4; depth++ {
		objects := 0
		var only value
		for _, f := range v.fields {
			if f.value.fields != nil {
				objects++
				only = f.value
			}
		}
		if objects != 1 || len(v.fields) > 4 || only.fields == nil {
			return v
		}
		if _, ok := v.fieldOf(roleNumber); ok {
			return v
		}
		if _, ok := only.fieldOf(roleNumber); !ok {
			return v
		}
		v = only
	}
	return v
}

// recordOf makes a record of an object; below tells that it is a heading with
// clauses inside.
func (n *nested) recordOf(v value, standard record, path []step, number string) (record, bool) {
	r := standard
	r.title, r.path = "", path
	r.number, _ = v.fieldOf(roleNumber)
	r.title, _ = v.fieldOf(roleTitle)
	r.text, _ = v.fieldOf(roleText)
	if r.title == "" {
		if topic, ok := v.fieldOf(roleChapter); ok && len(path) == 0 {
			r.title = topic
		}
	}
	r.title, r.text = inline(r.title), inline(r.text)
	if number != "" && r.number != "" && isFigure(r.number) {
		r.number = number + "." + r.number
	}
	r.path = append(r.path[:len(r.path):len(r.path)], flatPath(v, r.number)...)
	if r.text == "" && r.title != "" && r.number != "" && !hasClauses(v) {
		r.text, r.title = r.title, ""
	}
	if tests := testsOf(v); tests != "" && r.text != "" {
		r.text += "\n" + tests
	}
	return r, r.number != "" && hasClauses(v)
}

// flatPath are the chapter and section that a flat object carries itself.
func flatPath(v value, number string) []step {
	var out []step
	for _, pair := range [][2]role{{roleChapterNumber, roleChapter}, {roleSectionNumber, roleSection}} {
		num, ok := v.fieldOf(pair[0])
		if !ok || num == number {
			continue
		}
		heading, _ := v.fieldOf(pair[1])
		out = append(out, step{number: num, heading: heading})
	}
	return out
}

// testsOf lists the tests of a criterion, {"1": ["..."], "2": [...]}, on lines.
func testsOf(v value) string {
	var b strings.Builder
	for _, f := range v.fields {
		if strings.ToLower(f.name) != "tests" {
			continue
		}
		for _, test := range f.value.fields {
			var lines []string
			for _, item := range test.value.list {
				lines = append(lines, inline(item.scalar))
			}
			if test.value.scalar != "" {
				lines = append(lines, inline(test.value.scalar))
			}
			b.WriteString(test.name + ") " + strings.Join(lines, "\n— ") + "\n")
		}
	}
	return strings.TrimSpace(b.String())
}

func isFigure(s string) bool {
	_, err := strconv.Atoi(s)
	return err == nil
}

// hasClauses tells whether an object holds a list of objects that could be
// clauses.
func hasClauses(v value) bool {
	for _, f := range v.fields {
		if f.value.isList && holdsObjects(f.value) && worthwhile(f.name) {
			for _, item := range f.value.list {
				item = unwrap(item)
				_, number := item.fieldOf(roleNumber)
				_, text := item.fieldOf(roleText)
				_, title := item.fieldOf(roleTitle)
				if number && (text || title || hasClauses(item)) {
					return true
				}
			}
		}
	}
	return false
}

func holdsObjects(v value) bool {
	return len(v.list) > 0 && v.list[0].fields != nil
}

// divisionPath replaces the headings from a division's rank on.
func divisionPath(base, open []step, chapter string) []step {
	n, rest, ok := leadingNumber(chapter)
	if !ok || n.Kind != corpus.NumberDivision {
		return append(base[:len(base):len(base)], step{heading: chapter})
	}
	kept := base[:len(base):len(base)]
	for _, s := range open[len(base):] {
		m := parseNumber(s.number)
		if m.Kind == corpus.NumberDivision && ranks[m.Rank] < ranks[n.Rank] {
			kept = append(kept, s)
		}
	}
	return append(kept, step{number: n.Label, heading: rest})
}

func (n *nested) emit(r record) {
	n.count++
	if n.count > maxRows {
		n.err = corpus.Refuse(corpus.ErrLimit, "objects-many", "the file holds more than {most} objects; split it", "most", maxRows)
		return
	}
	r.line = n.count
	n.err = n.a.add(r)
}
