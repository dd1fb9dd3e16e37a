package reader

import "strings"

// mathText writes MathML on one line: a fraction as (a)/(b), an index as a_b, a
// power as a^b. It is for reading and searching, not for setting.
func mathText(e *element) string {
	var b strings.Builder
	writeMath(&b, e)
	return foldBlanks(b.String())
}

func writeMath(b *strings.Builder, e *element) {
	parts := e.elements()
	pair := func(before, between, after string) {
		b.WriteString(before)
		writeMath(b, parts[0])
		b.WriteString(between)
		writeMath(b, parts[1])
		b.WriteString(after)
	}
	switch {
	case e.name == "annotation" || e.name == "annotation-xml":
	case e.name == "mfrac" && len(parts) == 2:
		pair("(", ")/(", ")")
	case e.name == "msub" && len(parts) == 2:
		pair("", "_", "")
	case e.name == "msup" && len(parts) == 2:
		pair("", "^", "")
	case e.name == "msubsup" && len(parts) == 3:
		pair("", "_", "")
		b.WriteByte('^')
		writeMath(b, parts[2])
	case e.name == "msqrt":
		b.WriteString("√(")
		b.WriteString(e.plain())
		b.WriteByte(')')
	case e.name == "mo":
		b.WriteString(" " + strings.TrimSpace(e.plain()) + " ")
	case len(parts) == 0:
		b.WriteString(strings.TrimSpace(e.plain()))
	default:
		for _, c := range parts {
			writeMath(b, c)
			if e.name == "mtr" {
				b.WriteByte(' ')
			}
		}
	}
}

// elements are the children that are elements.
func (e *element) elements() []*element {
	if e == nil {
		return nil
	}
	var out []*element
	for _, c := range e.children {
		if c.name != "" {
			out = append(out, c)
		}
	}
	return out
}
