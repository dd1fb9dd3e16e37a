package reader

import "strings"

// element is a piece of a marked-up file, whatever its syntax: HTML and the XML
// vocabularies are read into the same tree. A text has no name.
type element struct {
	name     string // without namespace prefix; "" for a text
	text     string // of a text
	attrs    []attribute
	children []*element
}

type attribute struct{ name, value string }

// attr is the value of an attribute, without namespace prefix: "lang" for
// xml:lang. This and the other small questions below are not copied into their hundreds
// of callers, which saves 80 KB of the program.
//
//go:noinline
func (e *element) attr(name string) string {
	if e == nil {
		return ""
	}
	for _, a := range e.attrs {
		if a.name == name {
			return a.value
		}
	}
	return ""
}

// child is the first child element with one of the names.
//
//go:noinline
func (e *element) child(names ...string) *element {
	if e == nil {
		return nil
	}
	for _, c := range e.children {
		for _, name := range names {
			if c.name == name {
				return c
			}
		}
	}
	return nil
}

// at follows a path of names; nil where it ends.
func (e *element) at(path ...string) *element {
	for _, name := range path {
		e = e.child(name)
	}
	return e
}

// each calls f for every element below e, in reading order, until f says false
// for the elements below one.
func (e *element) each(f func(*element) bool) {
	if e == nil {
		return
	}
	for _, c := range e.children {
		if c.name != "" && f(c) {
			c.each(f)
		}
	}
}

// find is the first element below e with one of the names.
func (e *element) find(names ...string) *element {
	if e == nil {
		return nil
	}
	var found *element
	e.each(func(c *element) bool {
		for _, name := range names {
			if found == nil && c.name == name {
				found = c
			}
		}
		return found == nil
	})
	return found
}

// plain is the text of an element and what is below it, white space folded.
//
//go:noinline
func (e *element) plain() string {
	var b strings.Builder
	e.gather(&b)
	return foldBlanks(b.String())
}

func (e *element) gather(b *strings.Builder) {
	if e == nil {
		return
	}
	b.WriteString(e.text)
	for _, c := range e.children {
		c.gather(b)
	}
}

// foldBlanks turns runs of white space into one blank and trims the ends.
//
//go:noinline
func foldBlanks(s string) string { return strings.Join(strings.Fields(s), " ") }

// closeUp removes the blank that white space between elements leaves before a
// comma or full stop and inside parentheses.
func closeUp(s string) string {
	if !strings.Contains(s, " ,") && !strings.Contains(s, " .") && !strings.Contains(s, "( ") && !strings.Contains(s, " )") {
		return s
	}
	s = strings.NewReplacer(" ,", ",", "( ", "(", " )", ")", " . ", ". ").Replace(s)
	if strings.HasSuffix(s, " .") {
		s = s[:len(s)-2] + "."
	}
	return s
}

// superscripts and subscripts are the figures that units and formulas raise and
// lower: m², kN/m³, s⁻¹.
var superscripts = strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹", "-", "⁻", "–", "⁻", "−", "⁻", "+", "⁺")

// raise writes a raised text after what stands before it: figures after a letter
// are an exponent, anything else stays as it is.
func raise(before, s string) string {
	s = strings.TrimSpace(s)
	if s == "" || strings.Trim(s, "0123456789-–−+") != "" || before == "" {
		return s
	}
	if last := before[len(before)-1]; last >= 'a' && last <= 'z' || last >= 'A' && last <= 'Z' || last == ')' {
		return superscripts.Replace(s)
	}
	return s
}
