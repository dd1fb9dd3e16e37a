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
	case e.name == "mroot" && len(parts) == 2:
		if degree := parts[1].plain(); degree != "2" {
			b.WriteString(superscripts.Replace(degree))
		}
		parts = parts[:1]
		fallthrough
	case e.name == "msqrt":
		b.WriteString("√(")
		for _, c := range parts {
			writeMath(b, c)
		}
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

// formexMath writes a formula of Formex on one line, as mathText does MathML. An empty
// OVER is the bar of a fraction between what stands before and behind it, an empty ROOT
// that of what follows it. Source: Formex 4 manual, "Formulae".
func formexMath(e *element) string {
	var b strings.Builder
	writeFormex(&b, e.children)
	return foldBlanks(b.String())
}

// formexBrackets are what an expression stands in, by its type.
var formexBrackets = map[string]string{"BRACKET": "()", "SQBRACKET": "[]", "BRACE": "{}", "BAR": "||"}

// formexSigns are the operators that Formex names.
var formexSigns = map[string]string{
	"CARTPROD": "×", "DIV": "/", "MINUS": "−", "MULT": "·", "PLUS": "+", "PLUSMINUS": "±", "PLMIN": "±", "EQ": "=", "LT": "<", "GT": ">", "NE": "≠", "LE": "≤", "GE": "≥", "AP": "≈", "EQV": "≡",
	"SUM": "∑", "PRODUCT": "∏", "INTEGRAL": "∫",
}

func writeFormex(b *strings.Builder, parts []*element) {
	for i, c := range parts { // the bar of a fraction
		if c.name == "OVER" && len(c.children) == 0 {
			b.WriteString(inParentheses(parts[:i]) + "/" + inParentheses(parts[i+1:]))
			return
		}
	}
	for i := 0; i < len(parts); i++ {
		c := parts[i]
		switch c.name {
		case "":
			b.WriteString(c.text)
		case "EXPR":
			marks := formexBrackets[c.attr("TYPE")]
			if marks != "" {
				b.WriteByte(marks[0])
			}
			b.WriteString(formexMath(c))
			if marks != "" {
				b.WriteByte(marks[1])
			}
		case "FRACTION":
			b.WriteString(inParentheses(c.child("DIVIDEND").elementsAndText()) + "/" + inParentheses(c.child("DIVISOR").elementsAndText()))
		case "ROOT":
			inner := c.children
			if len(inner) == 0 { // of what comes next
				for i++; i < len(parts) && strings.TrimSpace(parts[i].plain()) == ""; i++ {
				}
				inner = parts[min(i, len(parts)):min(i+1, len(parts))]
			}
			b.WriteString("√" + inParentheses(inner))
		case "IND", "EXPONENT", "UNDER", "OVER":
			mark := "_"
			if c.name == "EXPONENT" || c.name == "OVER" || c.attr("LOC") == "SUP" || c.attr("LOC") == "OVER" {
				mark = "^"
			}
			index := formexMath(c)
			if strings.Contains(index, " ") {
				index = "(" + index + ")"
			}
			before := strings.TrimRight(b.String(), " \t\r\n")
			b.Reset()
			b.WriteString(before + mark + index)
		case "OP.MATH", "OP.CMP", "SUM", "PRODUCT", "INTEGRAL":
			b.WriteString(" " + first(formexSigns[c.attr("TYPE")], formexSigns[c.name]) + " ")
			writeFormex(b, c.children)
		default:
			if c.attr("TYPE") == "SUP" {
				b.WriteString(raise(strings.TrimSpace(b.String()), c.plain()))
				continue
			}
			writeFormex(b, c.children)
		}
	}
}

// inParentheses writes a part of a formula in parentheses.
func inParentheses(parts []*element) string {
	text := formexMath(&element{children: parts})
	if strings.HasPrefix(text, "(") && strings.IndexByte(text, ')') == len(text)-1 {
		return text
	}
	return "(" + text + ")"
}

// elementsAndText are the children, none of nil.
func (e *element) elementsAndText() []*element {
	if e == nil {
		return nil
	}
	return e.children
}

// lineFormulas writes the formulas of an act each on one line, but those that are text
// already.
func lineFormulas(root *element) {
	root.each(func(e *element) bool {
		if e.name != "FORMULA" && e.name != "FORMULA.S" || e.find("EXPR", "FRACTION", "ROOT", "IND", "OP.MATH", "OP.CMP") == nil {
			return true
		}
		e.children = []*element{{text: formexMath(e)}}
		return false
	})
}
