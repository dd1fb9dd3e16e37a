package exchange

import (
	"bytes"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"concord/corpus"
)

// turtleHead tells Turtle from other text by a first line that declares a prefix or a
// base, or that is a statement of N-Triples.
var turtleHead = regexp.MustCompile(`(?i)^(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]*(?:@?(?:prefix|base)\s+[^\n]*<|<[^>\s]+>\s+(?:<|a\s|[\w-]+:[\w-]+\s))`)

// turtle reads Turtle (W3C, RDF 1.1 Turtle) into a graph: all of its syntax but that
// blank nodes and collections are passed over, since no concept of a mapping is one.
type turtle struct {
	body     []byte
	at       int
	graph    *graph
	base     *url.URL
	prefixes map[string]string
	blank    int // blank nodes that are open
}

// readTurtle reads a file of SKOS.
func (s *Set) readTurtle(body []byte) error {
	t := &turtle{body: body, graph: &graph{}, prefixes: map[string]string{}}
	for t.blanks(); t.at < len(t.body); t.blanks() {
		if err := t.statement(); err != nil {
			return err
		}
	}
	s.document = verbatim(body)
	return s.readGraph(t.graph, "skos")
}

// fault is what is wrong at the place that was reached.
func (t *turtle) fault(format string, args ...any) error {
	return fmt.Errorf("%s: it is not Turtle, %s: %w", line(lineAt(t.body, int64(t.at))), fmt.Sprintf(format, args...), corpus.ErrInvalid)
}

// blanks passes over white space and comments.
func (t *turtle) blanks() {
	for t.at < len(t.body) {
		switch t.body[t.at] {
		case ' ', '\t', '\r', '\n':
			t.at++
		case '#':
			if end := bytes.IndexByte(t.body[t.at:], '\n'); end >= 0 {
				t.at += end
			} else {
				t.at = len(t.body)
			}
		default:
			return
		}
	}
}

// take passes over a character that must come next.
func (t *turtle) take(c byte) error {
	if t.blanks(); t.at >= len(t.body) || t.body[t.at] != c {
		return t.fault("here comes no %q", c)
	}
	t.at++
	return nil
}

// next tells whether a character comes next, and passes over it.
func (t *turtle) next(c byte) bool {
	t.blanks()
	if t.at < len(t.body) && t.body[t.at] == c {
		t.at++
		return true
	}
	return false
}

// word passes over a word of ASCII letters, whatever their case, which blanks follow.
func (t *turtle) word(w string) bool {
	end := t.at + len(w)
	if end >= len(t.body) || !strings.EqualFold(string(t.body[t.at:end]), w) || !strings.ContainsRune(" \t\r\n<", rune(t.body[end])) {
		return false
	}
	t.at = end
	return true
}

// statement reads a directive, or what is said of one subject.
func (t *turtle) statement() error {
	dotted := t.body[t.at] == '@'
	if dotted {
		t.at++
	}
	switch {
	case t.word("prefix"):
		t.blanks()
		colon := bytes.IndexByte(t.body[t.at:], ':')
		if colon < 0 || bytes.ContainsAny(t.body[t.at:t.at+colon], " \t\n<") {
			return t.fault("the prefix has no colon")
		}
		name := string(t.body[t.at : t.at+colon])
		t.at += colon + 1
		iri, err := t.iri()
		if err != nil {
			return err
		}
		t.prefixes[name] = iri
		return t.ended(dotted)
	case t.word("base"):
		iri, err := t.iri()
		if err != nil {
			return err
		}
		if t.base, err = url.Parse(iri); err != nil {
			return t.fault("the base is no address")
		}
		return t.ended(dotted)
	case dotted:
		return t.fault("@ begins neither a prefix nor a base")
	}
	place := line(lineAt(t.body, int64(t.at)))
	subject, err := t.value()
	if err != nil {
		return err
	}
	var n *graphNode
	if subject.iri != "" {
		n = t.graph.node(subject.iri, place)
	}
	if t.blanks(); subject.iri == "" && t.at < len(t.body) && t.body[t.at] == '.' { // a blank node that says all itself
		t.at++
		return nil
	}
	if err := t.predicates(n); err != nil {
		return err
	}
	return t.take('.')
}

// ended passes over the dot of a directive that began with @.
func (t *turtle) ended(dotted bool) error {
	if dotted {
		return t.take('.')
	}
	return nil
}

// predicates reads what is said of a node, nil for one that is passed over.
func (t *turtle) predicates(n *graphNode) error {
	for {
		var predicate string
		if t.blanks(); t.word("a") {
			predicate = rdfNS + "type"
		} else {
			v, err := t.value()
			if err != nil {
				return err
			}
			if predicate = v.iri; predicate == "" {
				return t.fault("a predicate is an address")
			}
		}
		for {
			v, err := t.value()
			if err != nil {
				return err
			}
			if n != nil && (v.iri != "" || v.text != "") {
				if err := t.graph.say(n, predicate, v); err != nil {
					return err
				}
			}
			if !t.next(',') {
				break
			}
		}
		if !t.next(';') {
			return nil
		}
		for t.next(';') {
		}
		if t.blanks(); t.at >= len(t.body) || t.body[t.at] == '.' || t.body[t.at] == ']' {
			return nil
		}
	}
}

// value reads an address, a text, a number or a blank node, of which nothing is kept.
func (t *turtle) value() (graphValue, error) {
	if t.blanks(); t.at >= len(t.body) {
		return graphValue{}, t.fault("it ends within a statement")
	}
	switch c := t.body[t.at]; {
	case c == '<':
		iri, err := t.iri()
		return graphValue{iri: iri}, err
	case c == '"' || c == '\'':
		return t.literal(c)
	case c == '[' || c == '(':
		return graphValue{}, t.nested(c)
	case c == '_':
		t.name()
		return graphValue{}, nil
	case c >= '0' && c <= '9' || c == '+' || c == '-':
		return graphValue{text: t.name()}, nil
	}
	name := t.name()
	if name == "true" || name == "false" {
		return graphValue{text: name}, nil
	}
	prefix, local, colon := strings.Cut(name, ":")
	if !colon {
		return graphValue{}, t.fault("%q is no address, text or number", shortened(name))
	}
	space, known := t.prefixes[prefix]
	if !known {
		return graphValue{}, t.fault("the prefix %q is not declared", shortened(prefix))
	}
	return graphValue{iri: space + unescapeLocal(local)}, nil
}

// nested passes over a blank node or a collection.
func (t *turtle) nested(open byte) error {
	if t.blank++; t.blank > maxDepth {
		return fmt.Errorf("%s: blank nodes are nested more than %d deep: %w", line(lineAt(t.body, int64(t.at))), maxDepth, corpus.ErrLimit)
	}
	defer func() { t.blank-- }()
	t.at++
	if open == '[' {
		if t.next(']') {
			return nil
		}
		if err := t.predicates(nil); err != nil {
			return err
		}
		return t.take(']')
	}
	for !t.next(')') {
		if _, err := t.value(); err != nil {
			return err
		}
	}
	return nil
}

// name reads to the end of a prefixed name, a number or the label of a blank node: a dot
// that ends it ends the statement.
func (t *turtle) name() string {
	from := t.at
	for t.at < len(t.body) {
		c := t.body[t.at]
		if c == '\\' && t.at+1 < len(t.body) {
			t.at += 2
			continue
		}
		if strings.IndexByte(" \t\r\n;,()[]<>\"'#{}^`|", c) >= 0 {
			break
		}
		t.at++
	}
	for t.at > from && t.body[t.at-1] == '.' {
		t.at--
	}
	if t.at == from && t.at < len(t.body) {
		t.at++ // a character that begins nothing is named in the fault
	}
	return strings.ToValidUTF8(string(t.body[from:t.at]), "\uFFFD")
}

// unescapeLocal takes the escapes out of the local part of a prefixed name.
func unescapeLocal(s string) string {
	if !strings.Contains(s, "\\") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// iri reads an address in angle brackets.
func (t *turtle) iri() (string, error) {
	if err := t.take('<'); err != nil {
		return "", err
	}
	end := bytes.IndexAny(t.body[t.at:], ">\n")
	if end < 0 || t.body[t.at+end] == '\n' {
		return "", t.fault("an address has no end")
	}
	text, err := t.unescape(t.body[t.at : t.at+end])
	if err != nil {
		return "", err
	}
	t.at += end + 1
	if t.base == nil || strings.Contains(text, ":") {
		return text, nil
	}
	ref, err := url.Parse(text)
	if err != nil {
		return "", t.fault("%q is no address", shortened(text))
	}
	return t.base.ResolveReference(ref).String(), nil
}

// literal reads a text in quotes of one kind, once or three times, with its language or
// type.
func (t *turtle) literal(quote byte) (graphValue, error) {
	mark := []byte{quote}
	if bytes.HasPrefix(t.body[t.at:], []byte{quote, quote, quote}) {
		mark = []byte{quote, quote, quote}
	}
	from := t.at + len(mark)
	for t.at = from; ; t.at++ {
		switch {
		case t.at >= len(t.body) || t.body[t.at] == '\n' && len(mark) == 1:
			return graphValue{}, t.fault("a text has no end")
		case t.body[t.at] == '\\':
			t.at++
			continue
		case !bytes.HasPrefix(t.body[t.at:], mark):
			continue
		}
		break
	}
	text, err := t.unescape(t.body[from:t.at])
	if err != nil {
		return graphValue{}, err
	}
	v := graphValue{text: text}
	t.at += len(mark)
	switch {
	case t.at < len(t.body) && t.body[t.at] == '@':
		t.at++
		v.language = strings.ToLower(t.name())
	case bytes.HasPrefix(t.body[t.at:], []byte("^^")):
		t.at += 2
		if _, err := t.value(); err != nil {
			return graphValue{}, err
		}
	}
	return v, nil
}

// unescape takes the escapes out of a text or an address.
func (t *turtle) unescape(raw []byte) (string, error) {
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw), nil
	}
	var b strings.Builder
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			b.WriteByte(raw[i])
			continue
		}
		if i++; i >= len(raw) {
			return "", t.fault("an escape has no end")
		}
		if at := strings.IndexByte(`tbnrf"'\`, raw[i]); at >= 0 {
			b.WriteByte("\t\b\n\r\f\"'\\"[at])
			continue
		}
		digits := map[byte]int{'u': 4, 'U': 8}[raw[i]]
		var r rune
		if digits == 0 || i+digits >= len(raw) {
			return "", t.fault("%q is no escape", shortened(`\`+string(raw[i:])))
		}
		if _, err := fmt.Sscanf(string(raw[i+1:i+1+digits]), "%x", &r); err != nil || !utf8.ValidRune(r) {
			return "", t.fault("%q is no escape", shortened(`\`+string(raw[i:])))
		}
		b.WriteRune(r)
		i += digits
	}
	return b.String(), nil
}
