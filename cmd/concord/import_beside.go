package main

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"concord/corpus"
	"concord/corpus/reader"
	"concord/review/export"
)

// rememberColumns keeps what was said of the columns of a table that was imported, for
// the next one of its publisher with the headers that it has by itself.
func (p *program) rememberColumns(ctx context.Context, from source, name string, doc *corpus.Document, hint reader.Hint) error {
	if hint.Columns.IsZero() || doc.Table == nil {
		return nil
	}
	columns := hint.Columns
	table := doc.Table
	hint.Columns = corpus.Columns{}
	if plain, err := from.file(ctx, name, hint); err == nil && len(plain) > 0 && plain[0].Table != nil {
		table = plain[0].Table
	}
	return p.store.RememberColumns(ctx, table.Publisher, table.Key, columns, "cli")
}

// maxSiblings bounds the bytes of the files that are read with a profile.
const maxSiblings = 60 << 20

// withSiblings reads a file. An OSCAL profile, which only selects controls of other
// catalogs, is read together with the files that are imported with it.
// Where that does not help, the catalogs it names are looked for among the kept standards.
func (p *program) withSiblings(ctx context.Context, from source, name string, files []string, hint reader.Hint) ([]*corpus.Document, error) {
	docs, err := from.file(ctx, name, hint)
	if _, alone := profileAlone(err); alone {
		docs, err = from.beside(ctx, name, files, hint, err)
	}
	if _, alone := profileAlone(err); alone {
		return p.withKept(ctx, from, name, hint, err)
	}
	return docs, err
}

// withKept reads a profile that was refused alone with the catalogs it names as they are
// kept: their files are not, so they are written anew, and what only the files say is
// missing, which a problem tells. Where none is kept the error is that of the profile.
func (p *program) withKept(ctx context.Context, from source, name string, hint reader.Hint, alone error) ([]*corpus.Document, error) {
	wanted, _ := profileAlone(alone)
	standards, err := p.store.Standards(ctx)
	if err != nil {
		return nil, err
	}
	for _, h := range standards {
		file := filepath.Base(h.Standard.Source)
		stem := strings.TrimSuffix(file, filepath.Ext(file))
		if stem == "" || !slices.Contains([]string{".json", ".xml", ".yaml", ".yml"}, strings.ToLower(filepath.Ext(file))) || !strings.Contains(" "+wanted, " "+stem+".") {
			continue
		}
		clauses, err := p.store.ClausesOf(ctx, h.Standard.ID)
		if err != nil {
			return nil, err
		}
		var written bytes.Buffer
		if err := export.Catalog(&written, h, clauses, export.Options{Now: p.now()}); err != nil {
			return nil, err
		}
		catalog := filepath.Join(filepath.Dir(name), stem+".json")
		both := source{func(file string) (io.ReadCloser, error) {
			if file == catalog {
				return io.NopCloser(bytes.NewReader(written.Bytes())), nil
			}
			return from.open(file)
		}, from.read}
		if docs, err := both.beside(ctx, name, []string{name, catalog}, hint, alone); err == nil {
			for _, doc := range docs {
				said := corpus.Say(corpus.SeverityWarning, "identity", "profile-kept", "the controls were taken from {standard}, which is kept, without parameters that the profile sets", "import the file {file} together with the profile to have them", "standard", h.Standard.Designation, "file", file)
				said.File = name
				doc.Problems = append(doc.Problems, said)
			}
			return docs, nil
		}
	}
	return nil, alone
}

// profileAlone tells whether a file was refused as a profile without what it selects
// from, and names that.
func profileAlone(err error) (wanted string, alone bool) {
	r, refused := corpus.RefusalOf(err)
	if !refused || r.Rule != "profile-alone" || len(r.Values) < 2 {
		return "", false
	}
	return fmt.Sprint(r.Values[1]), true
}

// beside reads a profile that was refused by itself together with other files. Where
// those do not help the error is that of the profile by itself, which names what it
// misses.
func (s source) beside(ctx context.Context, name string, files []string, hint reader.Hint, alone error) ([]*corpus.Document, error) {
	if len(files) < 2 {
		return nil, alone
	}
	packed, dir, err := s.pack(name, files)
	if err != nil {
		return nil, err
	}
	all, err := s.read(ctx, dir, bytes.NewReader(packed), hint)
	if err != nil || len(all) == 0 || all[0].Standard.Source != filepath.Base(name) { // it stands first
		return nil, alone
	}
	doc := all[0]
	doc.Problems = slices.DeleteFunc(doc.Problems, func(p corpus.Problem) bool { return p.Rule == "left-out" }) // of files that are told of by themselves
	for i := range doc.Problems {
		doc.Problems[i].File = name
	}
	return []*corpus.Document{doc}, nil
}

// pack puts a file and the data files imported with it into a container, named from
// the folder that holds all of them.
func (s source) pack(name string, files []string) ([]byte, string, error) {
	near := slices.DeleteFunc(slices.Clone(files), func(f string) bool {
		return f == name || !slices.Contains([]string{".json", ".xml", ".yaml", ".yml"}, strings.ToLower(filepath.Ext(f)))
	})
	near = slices.Insert(near, 0, name)
	dir := filepath.Dir(name)
	for _, f := range near {
		for inFolder(dir, f) == "" && dir != filepath.Dir(dir) {
			dir = filepath.Dir(dir)
		}
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range near {
		inner := inFolder(dir, f)
		if inner == "" {
			continue
		}
		if err := s.packOne(w, inner, f, maxSiblings-out.Len()); err != nil {
			return nil, "", err
		}
	}
	err := w.Close() // which writes the list of what is in it
	return out.Bytes(), dir, err
}

func (s source) packOne(w *zip.Writer, inner, file string, most int) error {
	f, err := s.open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	to, err := w.CreateHeader(&zip.FileHeader{Name: inner, Method: zip.Store})
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	n, err := io.Copy(to, io.LimitReader(f, int64(most)+1))
	if err != nil {
		return fmt.Errorf("%s: read: %w", file, err)
	}
	if n > int64(most) {
		return fmt.Errorf("%s: the files imported with the profile are larger than %d MB; import it with its catalogs alone: %w", file, maxSiblings>>20, corpus.ErrLimit)
	}
	return nil
}

// inFolder names a file from a folder, with slashes; "" where it is not inside.
func inFolder(dir, file string) string {
	rel, err := filepath.Rel(dir, file)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return ""
	}
	return filepath.ToSlash(rel)
}
