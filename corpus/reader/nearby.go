package reader

import (
	"path"
	"slices"
	"strings"

	"concord/corpus"
)

// nearby finds the files that stand with a file in one container: what it includes
// or imports. A nil one finds nothing.
type nearby struct {
	archive *archive
	dir     string              // of the file that asks
	name    string              // of the file that is read
	taken   map[string]bool     // files that became part of another
	book    map[string]bool     // those that became part of the one that is read
	bytes   int                 // that were read for others
	parts   map[string][]string // annexes in files of their own, by the index of their act
}

// file reads a file named relative to the one that asks, as UTF-8.
func (b *nearby) file(name string) (full, text string, found bool, err error) {
	if b == nil {
		return "", "", false, nil
	}
	full = path.Join(b.dir, name)
	if rooted, found := strings.CutPrefix(name, "/"); found { // from the folder of the book
		full = path.Join(path.Dir(b.name), rooted)
	}
	if !b.archive.has(full) {
		if full = b.onlyOne(path.Base(name)); full == "" {
			return "", "", false, nil
		}
	}
	text, err = b.read(full)
	return full, text, err == nil, err
}

// onlyOne finds a file by its name alone, wherever it stands, when there is but one.
func (b *nearby) onlyOne(base string) string {
	found := ""
	for _, name := range b.archive.names {
		if path.Base(name) == base {
			if found != "" {
				return ""
			}
			found = name
		}
	}
	return found
}

func (b *nearby) read(full string) (string, error) {
	raw, err := b.archive.read(full, maxFileBytes)
	if err != nil {
		return "", err
	}
	if b.bytes += len(raw); b.bytes > maxBesideBytes {
		return "", corpus.Refuse(corpus.ErrLimit, "beside-large", "the files take in more than {mb} MB of one another; split them", "mb", maxBesideBytes>>20)
	}
	text, _, err := decode(full, raw)
	return text, err
}

// catalog finds what a link leads to: the file at that place, or one of its name
// anywhere in the container, whether in JSON, XML or YAML.
func (b *nearby) catalog(link string) (full, text string, found bool, err error) {
	if b == nil || link == "" {
		return "", "", false, nil
	}
	if full, text, found, err = b.file(link); found || err != nil {
		return full, text, found, err
	}
	stem := func(name string) string { return strings.TrimSuffix(path.Base(name), path.Ext(name)) }
	for _, name := range b.archive.names {
		if stem(name) == stem(link) && hasSuffix(strings.ToLower(name), ".json", ".xml", ".yaml", ".yml") {
			text, err = b.read(name)
			return name, text, err == nil, err
		}
	}
	return "", "", false, nil
}

// expand writes files that are included in the place of the lines that include
// them. A namer, made anew for each file, gives the names on a line, none for most
// lines, and how to write a file there. A file that is not there leaves its line, so that it is said.
func (b *nearby) expand(text string, namer func() func(line string) []inclusion, depth int) (string, error) {
	if b == nil {
		return text, nil
	}
	if depth > maxIncludeDepth {
		return "", corpus.Refuse(corpus.ErrLimit, "include-deep", "the files include one another more than {most} deep; check for a circle", "most", maxIncludeDepth)
	}
	named := namer()
	var out strings.Builder
	for _, line := range strings.SplitAfter(text, "\n") {
		included := named(line)
		if len(included) == 0 {
			out.WriteString(line)
		}
		for _, in := range b.named(included) {
			full, inner, found, err := b.file(in.name)
			if err != nil {
				return "", err
			}
			if !found || in.name == "" {
				out.WriteString(in.otherwise)
				continue
			}
			b.taken[full], b.book[full] = true, true
			below := *b
			below.dir = path.Dir(full)
			inner, err = below.expand(inner, namer, depth+1)
			if err != nil {
				return "", err
			}
			b.bytes = below.bytes
			out.WriteString("\n" + in.write(inner) + "\n")
		}
		if out.Len() > maxBesideBytes {
			return "", corpus.Refuse(corpus.ErrLimit, "beside-large", "the files take in more than {mb} MB of one another; split them", "mb", maxBesideBytes>>20)
		}
	}
	return out.String(), nil
}

// named writes out the patterns among inclusions: all files they name, in the order
// of their names, but those that are part of a book already.
func (b *nearby) named(included []inclusion) []inclusion {
	if !slices.ContainsFunc(included, func(in inclusion) bool { return in.glob }) {
		return included
	}
	var out []inclusion
	for _, in := range included {
		if !in.glob {
			out = append(out, in)
			continue
		}
		for _, name := range slices.Sorted(slices.Values(b.archive.names)) {
			rel, below := strings.CutPrefix(name, b.dir+"/")
			if b.dir == "." {
				rel, below = name, true
			}
			if fits, err := path.Match(in.name, rel); below && err == nil && fits && !b.book[name] && name != b.name {
				one := in
				one.name = rel
				out = append(out, one)
			}
		}
	}
	return out
}

// inclusion is one file that a line includes.
type inclusion struct {
	name      string
	glob      bool                // it is a pattern
	write     func(string) string // its text as it stands in the place
	otherwise string              // what stands there when the file is missing
}
