package exchange

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"concord/corpus"
	"concord/review"
)

// aliased finds anchors and aliases, which SSSOM does not allow and which could
// unfold without end.
var aliased = regexp.MustCompile(`(?m)^#?[^"']*(:|-)[ \t]+[&*][\p{L}\p{N}_]`)

// readSSSOM reads a head of lines that begin with # and a table of tabs. Skipped
// counts the lines before the text.
func (s *Set) readSSSOM(text []byte, skipped int) error {
	s.Format = "sssom"
	head, table := headOf(string(text))
	if err := withinHead(head); err != nil {
		return err
	}
	var parsed yaml.MapSlice
	if err := yaml.UnmarshalWithOptions([]byte(uncommented(head)), &parsed, yaml.UseOrderedMap()); err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		return fmt.Errorf("the head is not YAML, %s: %w", first, corpus.ErrInvalid)
	}
	d := &SSSOM{V11: textOf(valueOf(parsed, "sssom_version")) != "" && textOf(valueOf(parsed, "sssom_version")) != "1.0"}
	spread := map[string]string{}
	for _, item := range parsed {
		name := fmt.Sprint(item.Key)
		switch {
		case slices.ContainsFunc(sssomSlots, func(x sssomSlot) bool { return x.name == name && x.spreading }):
			spread[name] = slotText(item.Value)
		case slices.Contains(sssomHead, name), slices.Contains(sssomHeadTail, name):
			d.Head = append(d.Head, item)
		default:
			s.problem("head", "", "the slot %q is not one of a mapping set and is left out", shortened(name))
		}
	}
	s.sssomProvenance(d.Head, spread)
	s.document = d
	return s.sssomTable(d, spread, table, skipped+strings.Count(head, "\n"))
}

// withinHead refuses a head that is over a limit or could unfold.
func withinHead(head string) error {
	if len(head) > maxHead || strings.Count(head, "[")+strings.Count(head, "{") > maxBrackets {
		return fmt.Errorf("the head has at most %d KB and %d brackets: %w", maxHead>>10, maxBrackets, corpus.ErrLimit)
	}
	n := 0
	for l := range strings.Lines(head) {
		if n++; len(l) > maxHeadLine {
			return fmt.Errorf("line %d: a line of the head has at most %d KB: %w", n, maxHeadLine>>10, corpus.ErrLimit)
		}
	}
	if aliased.MatchString(head) {
		return fmt.Errorf("the head has anchors or aliases, which SSSOM does not allow: %w", corpus.ErrInvalid)
	}
	return nil
}

// headOf cuts the text where the lines that begin with # end.
func headOf(text string) (head, table string) {
	at := 0
	for at < len(text) && text[at] == '#' {
		end := strings.IndexByte(text[at:], '\n')
		if end < 0 {
			return text, ""
		}
		at += end + 1
	}
	return text[:at], text[at:]
}

// uncommented is the YAML of a head; a space after every # is no indentation.
func uncommented(head string) string {
	lines := strings.Split(strings.ReplaceAll(head, "\r", ""), "\n")
	spaced := true
	for n, l := range lines {
		lines[n] = strings.TrimPrefix(l, "#")
		spaced = spaced && (lines[n] == "" || strings.HasPrefix(lines[n], " "))
	}
	if spaced {
		for n := range lines {
			lines[n] = strings.TrimPrefix(lines[n], " ")
		}
	}
	return strings.Join(lines, "\n")
}

// slotText is a value of the head as a cell would hold it.
func slotText(v any) string {
	list, many := v.([]any)
	if !many {
		return textOf(v)
	}
	var out []string
	for _, v := range list {
		out = append(out, textOf(v))
	}
	return Multi(out)
}

// sssomProvenance reads who made the set, and says what is missing.
func (s *Set) sssomProvenance(head yaml.MapSlice, spread map[string]string) {
	text := func(slot string) string { return slotText(valueOf(head, slot)) }
	s.Name, s.Title, s.Version, s.License = text("mapping_set_id"), text("mapping_set_title"), text("mapping_set_version"), text("license")
	s.Date = text("publication_date")
	if s.Date == "" {
		s.Date = spread["mapping_date"]
	}
	s.Tool = strings.TrimSpace(spread["mapping_tool"] + " " + spread["mapping_tool_version"])
	for _, slot := range []string{"creator_label", "creator_id"} {
		if len(s.Authors) == 0 {
			s.Authors = values(text(slot))
		}
	}
	for _, slot := range []string{"mapping_set_id", "license"} {
		if text(slot) == "" {
			s.problem("head", "ask the makers", "the required slot %s is missing", slot)
		}
	}
}

// values cuts a multi-valued cell.
func values(cell string) []string {
	var out []string
	var b strings.Builder
	escaped := false
	for _, r := range cell {
		switch {
		case escaped:
			b.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped = true
		case r == '|':
			out = append(out, b.String())
			b.Reset()
		default:
			b.WriteRune(r)
		}
	}
	if b.Len() > 0 {
		out = append(out, b.String())
	}
	return out
}

// sssomTable reads the rows. Before counts the lines of the head.
func (s *Set) sssomTable(d *SSSOM, spread map[string]string, table string, before int) error {
	in := csv.NewReader(strings.NewReader(table))
	in.Comma, in.LazyQuotes, in.FieldsPerRecord = '\t', true, -1
	columns, err := in.Read()
	if err != nil {
		return fmt.Errorf("line %d: there is no header of the table: %w", before+1, corpus.ErrInvalid)
	}
	for _, name := range []string{"subject_id", "object_id", "predicate_id"} {
		if !slices.Contains(columns, name) {
			return fmt.Errorf("line %d: the column %s is missing: %w", before+1, name, corpus.ErrInvalid)
		}
	}
	known := d.knownColumns(s, columns, line(before+1))
	prefixes := prefixesOf(d.Head)
	groups := map[string]int{}
	at, last := 0, len(columns)
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			s.cutOff(line(before+at), last, len(columns))
			return nil
		}
		at, _ = in.FieldPos(0)
		last = len(cells)
		place := line(before + at)
		if err != nil {
			return fmt.Errorf("%s: %w: %w", place, err, corpus.ErrInvalid)
		}
		if len(d.Rows) >= maxRows {
			return fmt.Errorf("%s: a mapping has at most %d rows: %w", place, maxRows, corpus.ErrLimit)
		}
		if len(cells) > len(columns) {
			s.problem(place, "", "it has %d cells and the header %d: those beyond are left out", len(cells), len(columns))
		}
		row := map[string]string{}
		for name, value := range spread {
			row[name] = value
		}
		for n, cell := range cells[:min(len(cells), len(columns))] {
			if len(cell) > maxCell {
				return fmt.Errorf("%s: the cell %s has more than %d KB: %w", place, columns[n], maxCell>>10, corpus.ErrLimit)
			}
			if known[n] && cell != "" {
				row[columns[n]] = cell
			}
		}
		statement, ok := s.sssomStatement(row, prefixes, place)
		if !ok {
			continue
		}
		d.Rows = append(d.Rows, row)
		s.gather(statement, row["ext_group"], groups)
	}
}

// knownColumns tells which columns are kept: slots, and extensions that are
// declared.
func (d *SSSOM) knownColumns(s *Set, columns []string, place string) []bool {
	declared := d.properties()
	out := make([]bool, len(columns))
	for n, name := range columns {
		_, extension := declared[name]
		out[n] = extension || slices.ContainsFunc(sssomSlots, func(x sssomSlot) bool { return x.name == name })
		if !out[n] {
			s.problem(place, "", "the column %q is neither a slot nor a declared extension and is left out", shortened(name))
		}
	}
	return out
}

// gather adds a statement; rows of one group of ours relate sets.
func (s *Set) gather(r review.ImportedRow, group string, groups map[string]int) {
	at, known := groups[group]
	if group == "" || !known {
		groups[group] = len(s.Statements)
		s.Statements = append(s.Statements, r)
		return
	}
	whole := &s.Statements[at]
	add := func(to *[]review.Ref, refs []review.Ref) {
		for _, ref := range refs {
			if !slices.Contains(*to, ref) {
				*to = append(*to, ref)
			}
		}
	}
	add(&whole.Sources, r.Sources)
	add(&whole.Targets, r.Targets)
}

// prefixesOf is the map of prefixes.
func prefixesOf(head yaml.MapSlice) map[string]string {
	out := map[string]string{}
	if m, is := valueOf(head, "curie_map").(yaml.MapSlice); is {
		for _, item := range m {
			out[fmt.Sprint(item.Key)] = textOf(item.Value)
		}
	}
	return out
}

// unrelating is what sssomVerdict says of a predicate that relates no requirements.
const unrelating = "the predicate relates no requirements"

// sssomStatement reads one row, or names what is wrong with it.
func (s *Set) sssomStatement(row, prefixes map[string]string, place string) (review.ImportedRow, bool) {
	r := review.ImportedRow{Place: place, Justification: row["mapping_justification"], Author: strings.Join(values(first(row, "author_label", "author_id", "reviewer_label", "reviewer_id")), ", "),
		Date: first(row, "mapping_date", "review_date"), Note: row["comment"]}
	verdict, wrong := sssomVerdict(row)
	if wrong != "" {
		if wrong == unrelating {
			s.say(unknownRelation(place, row["predicate_id"]))
		} else {
			s.problem(place, "correct the value in the file", "%s, the row is left out", wrong)
		}
		return r, false
	}
	r.Verdict = verdict
	if j, ours := strings.CutPrefix(r.Justification, "semapv:"); !ours || !slices.Contains(sssomJustifications, j) {
		s.problem(place, "", "the justification %q is not one of SSSOM's, the row is read all the same", shortened(r.Justification))
	}
	if c := row["confidence"]; c != "" {
		value, err := strconv.ParseFloat(c, 64)
		if err != nil || value < 0 || value > 1 {
			s.problem(place, "", "the confidence %q is not a number from 0 to 1 and is not taken", shortened(c))
		} else {
			r.Confidence = value
		}
	}
	if subject := row["subject_id"]; subject == "" && row["subject_label"] == "" || subject == "sssom:NoTermFound" {
		s.say(sideless(place))
		return r, false
	}
	r.Sources = []review.Ref{sssomRef(row, "subject", prefixes)}
	if row["object_id"] == "sssom:NoTermFound" {
		r.Verdict, r.Against = review.VerdictNoCounterpart, expand(row["object_source"], prefixes)
		return r, true
	}
	if row["object_id"] == "" && row["object_label"] == "" {
		s.say(sideless(place))
		return r, false
	}
	r.Targets = []review.Ref{sssomRef(row, "object", prefixes)}
	return r, true
}

// sssomVerdict is what the predicate says with its modifier, or what is wrong.
func sssomVerdict(row map[string]string) (review.Verdict, string) {
	predicate := row["predicate_id"]
	for base, prefix := range map[string]string{"http://www.w3.org/2004/02/skos/core#": "skos:", "http://www.w3.org/2002/07/owl#": "owl:", "http://www.w3.org/2000/01/rdf-schema#": "rdfs:"} {
		if local, full := strings.CutPrefix(predicate, base); full {
			predicate = prefix + local
		}
	}
	relation, known := sssomPredicates[predicate]
	if !known {
		return "", unrelating
	}
	switch row["predicate_modifier"] {
	case "":
		return review.Verdict(relation), ""
	case "Not", "NOT":
		if relation == corpus.RelationSubset || relation == corpus.RelationSuperset {
			return "", fmt.Sprintf("it denies %s alone, which leaves every other relation open", predicate)
		}
		return review.Verdict(corpus.RelationNone), ""
	}
	return "", fmt.Sprintf("the predicate_modifier is %q, it is Not or nothing", shortened(row["predicate_modifier"]))
}

// sssomRef is the clause on one side: of our own addresses standard and key, of
// others the source and the local part.
func sssomRef(row map[string]string, side string, prefixes map[string]string) review.Ref {
	id, source := row[side+"_id"], expand(row[side+"_source"], prefixes)
	ref := review.Ref{Label: row[side+"_label"], Standard: source}
	prefix, local, curie := strings.Cut(id, ":")
	base, declared := prefixes[prefix]
	if !curie || !declared {
		base, local = "", id
		if at := strings.LastIndexAny(id, "/#"); at >= 0 && strings.Contains(id, "://") {
			base, local = id[:at+1], id[at+1:]
		}
	}
	if plain, err := url.PathUnescape(local); err == nil {
		local = plain
	}
	ref.Clause = local
	if rest, ours := strings.CutSuffix(base, "/clauses/"); ours && strings.Contains(rest, "/standards/") {
		ref.Standard = rest[strings.LastIndexByte(rest, '/')+1:]
	}
	if ref.Standard == "" {
		ref.Standard = base
	}
	if id == "" {
		ref.Clause = ref.Label
	}
	return ref
}

// expand writes a CURIE out; an address of a standard of ours is its id.
func expand(curie string, prefixes map[string]string) string {
	full := curie
	if prefix, local, found := strings.Cut(curie, ":"); found {
		if base, declared := prefixes[prefix]; declared {
			full = base + local
		}
	}
	if base, id, found := cutLast(full, "/standards/"); found && base != "" && !strings.Contains(id, "/") {
		return id
	}
	return full
}

// cutLast cuts around the last place of a separator.
func cutLast(s, sep string) (before, after string, found bool) {
	at := strings.LastIndex(s, sep)
	if at < 0 {
		return s, "", false
	}
	return s[:at], s[at+len(sep):], true
}

// first is the first slot that says anything.
func first(row map[string]string, slots ...string) string {
	for _, slot := range slots {
		if row[slot] != "" {
			return row[slot]
		}
	}
	return ""
}
