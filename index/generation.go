package index

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"

	"concord/corpus"
)

// dirtyMark is a file that stands in a generation while it is open: two
// unclean ends within uncleanSpan make the next start rebuild without asking.
const (
	dirtyMark   = "OPEN"
	uncleanSpan = 5 * time.Minute
)

// Internal keys of a part, written in the same batch as the clauses.
var (
	keyMark    = []byte("concord.mark")
	keyMembers = []byte("concord.members") // names of all parts, so that a lost one is noticed
)

// generation is one built index: a Bleve index per jurisdiction.
type generation struct {
	number    int
	folder    string
	parts     map[string]bleve.Index // by jurisdiction in lower case
	mark      int64
	languages []corpus.Language
}

func generationName(n int) string { return fmt.Sprintf("gen-%06d", n) }

// partConfig makes a second opening fail within a second instead of waiting for
// ever. Bleve writes into the map it is given, so each call makes a new one.
func partConfig() map[string]any { return map[string]any{"bolt_timeout": "1s"} }

// newGeneration makes an empty generation.
func (ix *Index) newGeneration(n int) (*generation, error) {
	folder := filepath.Join(ix.folder, generationName(n))
	if err := os.RemoveAll(folder); err != nil {
		return nil, fmt.Errorf("make a search index: %w", err)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make a search index: %w", err)
	}
	if err := writeSynced(filepath.Join(folder, "VERSION"), []byte(ix.opts.version()+"\n")); err != nil {
		return nil, fmt.Errorf("make a search index: %w", err)
	}
	return &generation{number: n, folder: folder, parts: map[string]bleve.Index{}}, nil
}

// openGeneration opens a generation after checking it, or says what is wrong.
func (ix *Index) openGeneration(ctx context.Context, n int) (*generation, error) {
	folder := filepath.Join(ix.folder, generationName(n))
	version, err := os.ReadFile(filepath.Join(folder, "VERSION"))
	if err != nil {
		return nil, fmt.Errorf("its version cannot be read: %w", err)
	}
	if have := strings.TrimSpace(string(version)); have != ix.opts.version() {
		return nil, fmt.Errorf("it was built as %q, this program and database want %q", have, ix.opts.version())
	}
	if err := uncleanTwice(folder, ix.opts.Now()); err != nil {
		return nil, err
	}
	names, err := partNames(folder)
	if err != nil {
		return nil, err
	}
	gen := &generation{number: n, folder: folder, parts: map[string]bleve.Index{}, mark: -1}
	for _, name := range names {
		if err := gen.openPart(ctx, ix.opts, name); err != nil {
			return nil, errors.Join(fmt.Errorf("part %s: %w", name, err), gen.close())
		}
	}
	if err := gen.complete(names); err != nil {
		return nil, errors.Join(err, gen.close())
	}
	gen.mark = max(gen.mark, 0)
	return gen, gen.readLanguages()
}

// openPart checks and opens one part.
func (g *generation) openPart(ctx context.Context, opts Options, name string) (err error) {
	path := filepath.Join(g.folder, name)
	if err := checkSums(path); err != nil {
		return err
	}
	probe := opts.Probe
	if probe == nil {
		probe = Probe
	}
	if err := probe(ctx, path); err != nil {
		return fmt.Errorf("it cannot be read: %w", err)
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("it cannot be opened: %v", p)
		}
	}()
	part, err := bleve.OpenUsing(path, partConfig())
	if err != nil {
		return fmt.Errorf("it cannot be opened: %w", err)
	}
	g.parts[name] = part
	mark, err := readMark(part)
	if err != nil {
		return err
	}
	if g.mark < 0 || mark < g.mark {
		g.mark = mark
	}
	return nil
}

// complete checks that no part is missing that another one remembers.
func (g *generation) complete(names []string) error {
	for _, name := range names {
		members, err := g.parts[name].GetInternal(keyMembers)
		if err != nil {
			return fmt.Errorf("part %s: %w", name, err)
		}
		for _, member := range strings.Fields(string(members)) {
			if !slices.Contains(names, member) {
				return fmt.Errorf("part %s is missing", member)
			}
		}
	}
	return nil
}

func readMark(part bleve.Index) (int64, error) {
	b, err := part.GetInternal(keyMark)
	if err != nil {
		return 0, fmt.Errorf("read its mark: %w", err)
	}
	if b == nil {
		return 0, nil
	}
	mark, err := strconv.ParseInt(string(b), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("read its mark: %w", err)
	}
	return mark, nil
}

// part is the part of a jurisdiction, made when it is new.
func (g *generation) part(name string) (bleve.Index, error) {
	if have, ok := g.parts[name]; ok {
		return have, nil
	}
	im, err := newMapping()
	if err != nil {
		return nil, err
	}
	made, err := bleve.NewUsing(filepath.Join(g.folder, name), im, scorch.Name, scorch.Name, partConfig())
	if err != nil {
		return nil, fmt.Errorf("make the search index of %s: %w", name, err)
	}
	g.parts[name] = made
	return made, nil
}

// names lists the parts in order.
func (g *generation) names() []string {
	var out []string
	for name := range g.parts {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

func (g *generation) count() (int, error) {
	total := 0
	for _, name := range g.names() {
		n, err := g.parts[name].DocCount()
		if err != nil {
			return 0, fmt.Errorf("count the clauses of %s: %w", name, err)
		}
		total += int(n)
	}
	return total, nil
}

// readLanguages asks the parts which languages they hold.
func (g *generation) readLanguages() error {
	seen := map[corpus.Language]bool{}
	for _, name := range g.names() {
		dict, err := g.parts[name].FieldDict("language")
		if err != nil {
			return fmt.Errorf("read the languages of %s: %w", name, err)
		}
		for {
			entry, err := dict.Next()
			if err != nil || entry == nil {
				break
			}
			seen[corpus.Language(entry.Term)] = true
		}
		if err := dict.Close(); err != nil {
			return fmt.Errorf("read the languages of %s: %w", name, err)
		}
	}
	g.languages = nil
	for l := range seen {
		g.languages = append(g.languages, l)
	}
	slices.Sort(g.languages)
	return nil
}

func (g *generation) close() error {
	var err error
	for _, name := range g.names() {
		err = errors.Join(err, g.parts[name].Close())
	}
	return err
}

// partNames lists the parts on disk; strays such as "._cn" are passed over.
func partNames(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("its folder cannot be read: %w", err)
	}
	var out []string
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			out = append(out, e.Name())
		}
	}
	return out, nil
}

// uncleanTwice notes that the generation is open and refuses it when the two
// openings before this one did not end cleanly within uncleanSpan.
func uncleanTwice(folder string, now time.Time) error {
	path := filepath.Join(folder, dirtyMark)
	body, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("its mark cannot be read: %w", err)
	}
	openings := strings.Fields(string(body))
	recent := 0
	for _, at := range openings {
		if t, err := time.Parse(time.RFC3339, at); err == nil && now.Sub(t) < uncleanSpan {
			recent++
		}
	}
	if recent >= 2 {
		return errors.New("it was left open twice within five minutes")
	}
	openings = append(openings, now.UTC().Format(time.RFC3339))
	return writeSynced(path, []byte(strings.Join(openings, "\n")+"\n"))
}

// checkSums compares every segment file with the checksum in its last four
// bytes, which Bleve writes and never reads. A folder without the file that
// lists its segments is damaged.
func checkSums(part string) error {
	segments, err := filepath.Glob(filepath.Join(part, "store", "*.zap"))
	if err != nil {
		return fmt.Errorf("list its files: %w", err)
	}
	for _, needed := range []string{"index_meta.json", filepath.Join("store", "root.bolt")} {
		if info, err := os.Stat(filepath.Join(part, needed)); err != nil || info.Size() == 0 {
			return fmt.Errorf("its file %s is missing or empty", needed)
		}
	}
	for _, path := range segments {
		if strings.HasPrefix(filepath.Base(path), ".") {
			continue
		}
		if err := checkSum(path); err != nil {
			return err
		}
	}
	return nil
}

// checkSum checks one segment file.
func checkSum(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read %s: %w", filepath.Base(path), err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.Size() < 4 {
		return fmt.Errorf("its file %s is too short", filepath.Base(path))
	}
	sum := crc32.NewIEEE()
	if _, err := io.CopyN(sum, f, info.Size()-4); err != nil {
		return fmt.Errorf("read %s: %w", filepath.Base(path), err)
	}
	var want [4]byte
	if _, err := io.ReadFull(f, want[:]); err != nil {
		return fmt.Errorf("read %s: %w", filepath.Base(path), err)
	}
	if binary.BigEndian.Uint32(want[:]) != sum.Sum32() {
		return fmt.Errorf("its file %s is damaged", filepath.Base(path))
	}
	return nil
}

// Probe opens one part read-only and reads from it: the number of clauses and a
// search in every facet. It is meant for a child process, which a damaged file
// may end.
func Probe(ctx context.Context, part string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("it cannot be read: %v", p)
		}
	}()
	config := partConfig()
	config["read_only"] = true
	ix, err := bleve.OpenUsing(part, config)
	if err != nil {
		return err
	}
	defer ix.Close()
	total, err := ix.DocCount()
	if err != nil {
		return err
	}
	req := bleve.NewSearchRequestOptions(bleve.NewMatchAllQuery(), 20, 0, false)
	req.AddFacet(fieldCounted, bleve.NewFacetRequest(fieldCounted, 1))
	answer, err := ix.SearchInContext(ctx, req)
	if err != nil {
		return err
	}
	if answer.Total != total {
		return fmt.Errorf("it counts %d clauses and finds %d", total, answer.Total)
	}
	return nil
}
