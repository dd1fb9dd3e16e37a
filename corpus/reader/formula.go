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
//
//go:noinline
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
func formexMath(parts []*element) string {
	out := ""
	for i := 0; i < len(parts); i++ {
		c := parts[i]
		inner := c.children
		switch c.name {
		case "":
			out += c.text
		case "EXPR":
			marks := formexSign(c.attr("TYPE"))
			out += marks[:len(marks)/2] + formexMath(inner) + marks[len(marks)/2:]
		case "FRACTION":
			if above, below := c.child("DIVIDEND"), c.child("DIVISOR"); above != nil && below != nil {
				out += inParentheses(above.children) + "/" + inParentheses(below.children)
			}
		case "OVER", "IND", "EXPONENT", "UNDER":
			if len(inner) == 0 && c.name == "OVER" {
				return inParentheses(parts[:i]) + "/" + inParentheses(parts[i+1:])
			}
			mark, index := "_", formexMath(inner)
			if c.name == "EXPONENT" || c.name == "OVER" || c.attr("LOC") == "SUP" || c.attr("LOC") == "OVER" {
				mark = "^"
			}
			if strings.Contains(index, " ") {
				index = "(" + index + ")"
			}
			out = strings.TrimRight(out, " \t\r\n") + mark + index
		case "ROOT":
			if len(inner) == 0 {
				for i++; i < len(parts) && strings.TrimSpace(parts[i].plain()) == ""; i++ {
				}
				inner = parts[min(i, len(parts)):min(i+1, len(parts))]
			}
			out += "√" + inParentheses(inner)
		case "OP.MATH", "OP.CMP", "SUM", "PRODUCT", "INTEGRAL":
			out += " " + formexSign(first(c.attr("TYPE"), c.name)) + " " + formexMath(inner)
		default:
			if c.attr("TYPE") == "SUP" {
				out += raise(strings.TrimSpace(out), c.plain())
				continue
			}
			out += formexMath(inner)
		}
	}
	return foldBlanks(out)
}

// formexSigns are the brackets and operators that Formex names, each behind its name.
const formexSigns = " BRACKET () SQBRACKET [] BRACE {} BAR || CARTPROD × DIV / MINUS − MULT · PLUS + PLUSMINUS ± PLMIN ± EQ = LT < GT > NE ≠ LE ≤ GE ≥ AP ≈ EQV ≡ SUM ∑ PRODUCT ∏ INTEGRAL ∫ "

func formexSign(name string) string {
	_, sign, _ := strings.Cut(formexSigns, " "+name+" ")
	sign, _, _ = strings.Cut(sign, " ")
	return sign
}

// inParentheses writes a part of a formula in parentheses.
func inParentheses(parts []*element) string {
	text := formexMath(parts)
	if strings.HasPrefix(text, "(") && strings.IndexByte(text, ')') == len(text)-1 {
		return text
	}
	return "(" + text + ")"
}

// lineFormulas writes the formulas of an act each on one line, but those that are text
// already.
func lineFormulas(root *element) {
	root.each(func(e *element) bool {
		if e.name != "FORMULA" && e.name != "FORMULA.S" || e.find("EXPR", "FRACTION", "ROOT", "IND", "OP.MATH", "OP.CMP") == nil {
			return true
		}
		e.children = []*element{{text: formexMath(e.children)}}
		return false
	})
}
