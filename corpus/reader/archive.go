package reader

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"concord/corpus"
)

// archive is a ZIP container that is read within the limits: what counts is what
// comes out when it is read, not what its headers say.
type archive struct {
	reader *zip.Reader
	names  []string
	byName map[string]*zip.File
	left   int64 // bytes that may still be unpacked
}

// isArchive tells a ZIP container by its first bytes.
func isArchive(raw []byte) bool { return bytes.HasPrefix(raw, []byte("PK\x03\x04")) }

// openArchive opens a container and refuses names that lead out of it, names that
// come twice, and too many entries.
func openArchive(raw []byte) (*archive, error) {
	r, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if errors.Is(err, zip.ErrInsecurePath) {
		return nil, corpus.Refuse(corpus.ErrInvalid, "zip-outside", "the container holds a name that leads out of it; make it anew")
	}
	if err != nil {
		return nil, corpus.Refuse(corpus.ErrInvalid, "zip-broken", "the ZIP container is broken ({why}); get the file again", "why", err)
	}
	if len(r.File) > maxEntries {
		return nil, corpus.Refuse(corpus.ErrLimit, "zip-entries", "the container holds more than {most} entries; split it", "most", maxEntries)
	}
	a := &archive{reader: r, byName: map[string]*zip.File{}, left: min(maxUnpacked, maxRatio*int64(len(raw))+minUnpacked)}
	folded := map[string]bool{}
	for _, f := range r.File {
		name := f.Name
		if name == "" || path.IsAbs(name) || strings.ContainsAny(name, "\\\x00:") || strings.Contains("/"+name+"/", "/../") || f.Mode()&^0o777 != 0 && !f.Mode().IsDir() {
			return nil, corpus.Refuse(corpus.ErrInvalid, "zip-name", "the container holds the name {name}, which is not allowed; make it anew", "name", quote(shorten(name, 60)))
		}
		low := strings.ToLower(name)
		if folded[low] {
			return nil, corpus.Refuse(corpus.ErrInvalid, "zip-twice", "the container holds the name {name} twice; make it anew", "name", quote(shorten(name, 60)))
		}
		folded[low] = true
		a.byName[name] = f
		a.names = append(a.names, name)
	}
	return a, nil
}

// listing is what Detect sees of a container: the names, one a line.
func (a *archive) listing() string { return "\n" + strings.Join(a.names, "\n") + "\n" }

// read unpacks an entry of at most so many bytes.
func (a *archive) read(name string, most int64) ([]byte, error) {
	f := a.byName[name]
	if f == nil {
		return nil, corpus.Refuse(corpus.ErrInvalid, "zip-lacks", "the container has no {name}; save the file again", "name", quote(shorten(name, 60)))
	}
	in, err := f.Open()
	if err != nil {
		return nil, entryRefused(name, err)
	}
	defer in.Close()
	limit := min(most, a.left)
	out, err := io.ReadAll(io.LimitReader(in, limit+1))
	if int64(len(out)) > limit {
		if limit < most {
			return nil, unpacksToTooMuch(name)
		}
		return nil, corpus.Refuse(corpus.ErrLimit, "zip-large", "{entry}: the entry is larger than {mb} MB; split the document", "entry", shorten(name, 60), "mb", most>>20)
	}
	if err != nil {
		return nil, entryRefused(name, err)
	}
	a.left -= int64(len(out))
	return out, nil
}

// head unpacks the first bytes of an entry, none of one that cannot be read.
func (a *archive) head(name string, most int64) []byte {
	f := a.byName[name]
	if f.Mode().IsDir() {
		return nil
	}
	in, err := f.Open()
	if err != nil {
		return nil
	}
	defer in.Close()
	out, _ := io.ReadAll(io.LimitReader(in, min(most, a.left)))
	a.left -= int64(len(out))
	return out
}

// xml unpacks and parses an entry.
func (a *archive) xml(name string) (*element, error) {
	raw, err := a.read(name, maxPartBytes)
	if err != nil {
		return nil, err
	}
	text, _, err := decode(name, raw)
	if err != nil {
		return nil, err
	}
	root, err := parseXML(text)
	if err != nil {
		return nil, corpus.Within(shorten(name, 60), err)
	}
	return root, nil
}

// has tells whether there is such an entry.
func (a *archive) has(name string) bool { return a.byName[name] != nil }

// entryRefused is an entry that the container does not give, with why.
func entryRefused(name string, why error) error {
	return corpus.Refuse(corpus.ErrInvalid, "zip-entry", "{entry}: the entry cannot be unpacked ({why}); get the file again", "entry", shorten(name, 60), "why", why)
}

// unpacksToTooMuch is an entry with which the container is larger than it may be.
func unpacksToTooMuch(name string) error {
	return corpus.Refuse(corpus.ErrLimit, "zip-bomb", "{entry}: the container unpacks to more than {mb} MB or {times} times its size; it was refused", "entry", shorten(name, 60), "mb", maxUnpacked>>20, "times", maxRatio)
}

// check unpacks everything once and keeps nothing, for libraries that believe
// what the headers say.
func (a *archive) check() error {
	for _, name := range a.names {
		f := a.byName[name]
		if f.Mode().IsDir() {
			continue
		}
		in, err := f.Open()
		if err != nil {
			return entryRefused(name, err)
		}
		n, err := io.Copy(io.Discard, io.LimitReader(in, a.left+1))
		in.Close()
		if n > a.left {
			return unpacksToTooMuch(name)
		}
		if err != nil {
			return entryRefused(name, err)
		}
		a.left -= n
	}
	return nil
}

// readBundle reads every document in a plain ZIP file. What cannot be read is said
// in a problem of the first that can.
func readBundle(name string, a *archive, hint Hint) ([]*corpus.Document, error) {
	var docs []*corpus.Document
	var problems []corpus.Problem
	near := &nearby{archive: a, taken: map[string]bool{}}
	from := map[*corpus.Document]string{}
	for _, inner := range a.names {
		base := path.Base(inner)
		if strings.HasSuffix(inner, "/") || strings.HasPrefix(base, ".") || strings.HasPrefix(inner, "__MACOSX/") || !strings.Contains(base, ".") {
			continue
		}
		full := name + "/" + inner
		raw, err := a.read(inner, maxFileBytes)
		if errors.Is(err, corpus.ErrLimit) {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		var found []*corpus.Document
		if err == nil {
			near.dir, near.name, near.book = path.Dir(inner), inner, map[string]bool{}
			hint.beside = near
			found, err = readKnown(full, raw, hint)
		}
		if err != nil {
			problems = append(problems, leftOutOf(full, err))
			continue
		}
		for _, doc := range found {
			from[doc] = inner
		}
		docs = append(docs, found...)
		if len(docs) > maxStandards {
			return nil, fmt.Errorf("%s: %w", name, corpus.Refuse(corpus.ErrLimit, "zip-standards", "the container holds more than {most} standards; split it", "most", maxStandards))
		}
	}
	problems = slices.DeleteFunc(problems, func(p corpus.Problem) bool { return near.taken[strings.TrimPrefix(p.File, name+"/")] })
	docs = slices.DeleteFunc(docs, func(d *corpus.Document) bool { return near.taken[from[d]] }) // it is part of another
	if len(docs) == 0 {
		if len(problems) > 0 {
			return nil, fmt.Errorf("%s: %w", name, corpus.Refuse(corpus.ErrInvalid, "zip-none", "no document in the container can be read; the file {file} was left out: {why}", "file", strings.TrimPrefix(problems[0].File, name+"/"), "why", problems[0].Values[1]))
		}
		return nil, fmt.Errorf("%s: %w", name, corpus.Refuse(corpus.ErrInvalid, "zip-empty", "no document in the container can be read; give a ZIP file of documents, or a Word, Excel or EPUB file"))
	}
	docs[0].Problems = append(docs[0].Problems, problems[:min(len(problems), maxProblems)]...)
	return docs, nil
}

// leftOutOf is the problem of a file in a container that could not be read.
func leftOutOf(full string, err error) corpus.Problem {
	var why any = strings.TrimPrefix(corpus.Sentence(err), full+": ")
	if r, refused := corpus.RefusalOf(err); refused {
		why = r
	}
	p := corpus.Say(corpus.SeverityWarning, "", "left-out", "the file was left out: {why}", "", "why", why)
	p.File = full
	return p
}

// readKnown reads a file of a container, a table as columns are remembered for it. One
// of which nobody knows them is refused.
func readKnown(full string, raw []byte, hint Hint) ([]*corpus.Document, error) {
	docs, err := readRaw(full, raw, hint, false)
	if err != nil || len(docs) == 0 || docs[0].Table == nil || !hint.Columns.IsZero() {
		return docs, err
	}
	table := docs[0].Table
	columns, known := hint.Known[table.Name()]
	if known {
		hint.Columns = columns
		read, err := readRaw(full, raw, hint, false)
		if err == nil {
			for _, doc := range read {
				doc.Recall(table)
			}
			return read, nil
		}
		if !errors.Is(err, corpus.ErrInvalid) || unread(docs[0]) {
			return nil, err
		}
		docs[0].SayUnfit(table.Publisher)
	}
	if unread(docs[0]) {
		return nil, fmt.Errorf("%s: %w", full, corpus.Refuse(corpus.ErrInvalid, "columns-alone", "the columns of number and text were not recognised among the headers {headers}; import the table by itself and say which they are", "headers", headerList(table.Sheets[0].HeaderRow())))
	}
	return docs, nil
}
