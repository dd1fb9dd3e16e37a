package corpus

// Rights says how much of a standard's text may be shown to people who use this
// installation. Publishers of paid standards often allow excerpts or titles.
type Rights string

// The levels of rights, from everything to titles only.
const (
	RightsFull    Rights = "full"
	RightsExcerpt Rights = "excerpt"
	RightsTitles  Rights = "titles"
)

// ExcerptRunes is how many characters of a clause an excerpt may show.
const ExcerptRunes = 160

// Shown is the clause as pages, the interface, snippets and exports may show it
// under the standard's rights. It is the only place where rights are enforced:
// everything that leaves the program passes through here. An unknown level
// counts as titles only.
func (r Rights) Shown(c Clause) Clause {
	switch r {
	case RightsFull:
		return c
	case RightsExcerpt:
		c.Text = excerpt(c.Text)
	default:
		c.Text = ""
	}
	return c
}

// excerpt cuts a text after ExcerptRunes characters and says so with an ellipsis.
func excerpt(text string) string {
	n := 0
	for i := range text {
		if n == ExcerptRunes {
			return text[:i] + "…"
		}
		n++
	}
	return text
}
