package review

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"concord/corpus"
)

// ImportedAs says what the makers of a mapping meant by it.
type ImportedAs string

// The kinds of imported sets. Neither is an opinion of ours: no match changes its
// state because of an imported row.
const (
	ImportedProposals ImportedAs = "proposals" // candidates of others
	ImportedDecisions ImportedAs = "decisions" // what others decided before
)

// ImportedKinds lists every kind.
var ImportedKinds = []ImportedAs{ImportedProposals, ImportedDecisions}

// ImportedSet is one mapping that others made, with where it comes from. Sets
// stand beside each other and are never merged: two may say different things.
type ImportedSet struct {
	ID       uuid.UUID        `json:"id"`
	As       ImportedAs       `json:"as"`
	Dossier  uuid.UUID        `json:"dossier,omitzero"` // uuid.Nil when it was imported for none
	Format   string           `json:"format"`           // sssom, oscal, jskos, skos, jsonld, fhir, ciso, strm or csv
	File     string           `json:"file"`             // its name, without folders
	Digest   string           `json:"digest"`           // hex SHA-256 of the file
	Name     string           `json:"name,omitempty"`   // how the file names itself: an address or a uuid
	Title    string           `json:"title,omitempty"`
	Version  string           `json:"version,omitempty"`
	Date     string           `json:"date,omitempty"` // as printed
	Authors  []string         `json:"authors,omitempty"`
	License  string           `json:"license,omitempty"`
	Tool     string           `json:"tool,omitempty"`
	Method   string           `json:"method,omitempty"` // how it was made, in the file's words
	Problems []corpus.Problem `json:"problems,omitempty"`
	Rows     int              `json:"rows"`
	Pending  int              `json:"pending"` // rows that name something we do not have
	Imported time.Time        `json:"imported"`
}

// Source is how a set is called on one line.
func (s ImportedSet) Source() string {
	for _, name := range []string{s.Title, s.Name, s.File} {
		if name != "" {
			return name
		}
	}
	return s.ID.String()
}

// Ref is a clause as a file of others names it.
type Ref struct {
	Standard string          `json:"standard"`        // a designation, an address, a file, an id of ours
	Clause   string          `json:"clause"`          // "" for the whole standard
	Label    string          `json:"label,omitempty"` // the clause's number and heading, in the file's words
	Found    corpus.ClauseID `json:"found,omitempty"` // "" while it is not known here
}

// ImportedRow is one statement of an imported set. Without targets it says that
// the sources have no counterpart in the standard that Against names.
type ImportedRow struct {
	Number        int     `json:"number"` // within the set, from 1
	Place         string  `json:"place"`  // where it stands in the file: "line 12", "map 5b0a..."
	Sources       []Ref   `json:"sources"`
	Targets       []Ref   `json:"targets"`
	Against       string  `json:"against,omitempty"`
	Verdict       Verdict `json:"verdict"`
	Confidence    float64 `json:"confidence,omitempty"` // 0 to 1, 0 when nothing is said
	Justification string  `json:"justification,omitempty"`
	Author        string  `json:"author,omitempty"`
	Date          string  `json:"date,omitempty"`
	Note          string  `json:"note,omitempty"`
	Pending       bool    `json:"pending,omitempty"`
}

// Refs lists the clauses of both sides, sources first.
func (r ImportedRow) Refs() []Ref { return append(slices.Clone(r.Sources), r.Targets...) }

// Said is a statement of others with the set it stands in.
type Said struct {
	Set ImportedSet
	Row ImportedRow
}

// NamesStandard tells whether a name in a file of others means a standard: its
// id, its designation in any spelling (with the year, since editions differ), its
// title, or a file or address that is called so.
func NamesStandard(name string, s corpus.Standard) bool {
	if name == "" {
		return false
	}
	if name == string(s.ID) {
		return true
	}
	candidates := standardNames(name)
	known := []string{foldName(string(s.ID)), foldName(s.Designation)}
	for _, t := range s.Titles {
		known = append(known, foldName(t.Text))
	}
	for _, c := range candidates {
		if f := foldName(c); f != "" && slices.Contains(known, f) {
			return true
		}
		d, err := corpus.ParseDesignation(c)
		if err != nil || d.Year == "" {
			continue
		}
		if own, err := corpus.ParseDesignation(s.Designation); err == nil && own.Year != "" && d.Same(own) {
			return true
		}
	}
	return false
}

// standardNames are the readings of a name: itself, and of a path or an address
// the last part and the last two, without what only says that it is a file.
func standardNames(name string) []string {
	out := []string{name}
	path := name
	if _, rest, found := strings.Cut(path, "://"); found {
		_, path, _ = strings.Cut(rest, "/")
	} else if prefix, local, found := strings.Cut(path, ":"); found && !strings.ContainsAny(prefix, " /") {
		path = local
	}
	path = strings.Trim(path, "/#")
	for _, tail := range []string{"/clauses", "/clause"} {
		path = strings.TrimSuffix(path, tail)
	}
	parts := strings.Split(path, "/")
	last := parts[len(parts)-1]
	for _, ending := range []string{".json", ".xml", ".yaml", ".yml", ".csv", ".xlsx", ".html"} {
		last = strings.TrimSuffix(last, ending)
	}
	for _, tail := range []string{"catalog", "profile"} {
		if cut, found := strings.CutSuffix(strings.ToLower(last), tail); found && strings.HasSuffix(cut, "-") || found && strings.HasSuffix(cut, "_") {
			last = last[:len(cut)-1]
		}
	}
	out = append(out, last)
	if n := len(parts); n > 1 {
		out = append(out, parts[n-2]+"-"+last)
	}
	return out
}

// foldName leaves of a name what tells standards apart.
func foldName(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '+' {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// ClauseNames finds the clauses of one standard by what others call them.
type ClauseNames struct{ keys, labels, numbers map[string]corpus.ClauseID }

// NameClauses reads the names of a standard's clauses. A label or a number that
// two clauses have names neither.
func NameClauses(clauses []corpus.Clause) ClauseNames {
	n := ClauseNames{map[string]corpus.ClauseID{}, map[string]corpus.ClauseID{}, map[string]corpus.ClauseID{}}
	add := func(to map[string]corpus.ClauseID, name string, id corpus.ClauseID) {
		if _, twice := to[name]; twice {
			id = ""
		}
		to[name] = id
	}
	for _, c := range clauses {
		add(n.keys, c.ID.Key(), c.ID)
		if label := foldSpaces(c.Label); label != "" {
			add(n.labels, label, c.ID)
		}
		if c.Number != "" {
			add(n.numbers, c.Number, c.ID)
		}
	}
	return n
}

// Find is the clause that a name means: by key, by label, then by number; "" when
// it means none or more than one.
func (n ClauseNames) Find(name string) corpus.ClauseID {
	for _, reading := range clauseNames(name) {
		if id := n.keys[reading]; id != "" {
			return id
		}
		if id := n.labels[foldSpaces(reading)]; id != "" {
			return id
		}
		if number := corpus.ParseNumber(reading); !number.IsZero() {
			if id := n.numbers[number.String()]; id != "" {
				return id
			}
		}
	}
	return ""
}

func foldSpaces(s string) string { return strings.Join(strings.Fields(s), " ") }

// clauseNames are the readings of a clause's name: itself, and what an OSCAL
// token stands for (a letter before a figure, _xHEX_ for other signs, _smt for the
// statement of a control; INTEROP.md 2.3).
func clauseNames(name string) []string {
	out := []string{name}
	token := strings.TrimSuffix(name, "_smt")
	token = unescaped(token)
	if rest, found := strings.CutPrefix(token, "c"); found && rest != "" && rest[0] >= '0' && rest[0] <= '9' {
		token = rest
	}
	if token != name {
		out = append(out, token)
	}
	return out
}

// unescaped turns _x2F_ into the sign it stands for.
func unescaped(s string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "_x")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		code, after, closed := strings.Cut(rest, "_")
		if n, err := strconv.ParseUint(code, 16, 32); closed && err == nil && n <= unicode.MaxRune {
			b.WriteRune(rune(n))
			s = after
			continue
		}
		b.WriteString("_x")
		s = rest
	}
}
