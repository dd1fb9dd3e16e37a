package pdfium

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"unicode/utf16"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// Document is an open PDF. It is for one goroutine at a time.
type Document struct {
	ctx     context.Context // its end ends the document before the next call
	module  api.Module
	batch   api.Module
	calls   map[string]api.Function
	handle  uint64
	rows    uint32            // room for a batch of characters
	weights map[uint64]weight // of the page's fonts
	scratch uint32            // room for what functions write: coordinates, font names
	stack   [8]uint64
}

const (
	scratchBytes = 4 << 10
	batchChars   = 2048
)

// The codes of FPDF_GetLastError (fpdfview.h).
const (
	lastErrorPassword = 4
	lastErrorSecurity = 5
)

// Open opens a PDF that is in memory. The error is of kind ErrPassword, ErrDamaged
// or ErrFailed. After
// the end of ctx every call fails.
func (e *Engine) Open(ctx context.Context, raw []byte) (*Document, error) {
	config := wazero.NewModuleConfig().WithName("").WithStartFunctions("_initialize")
	module, err := e.runtime.InstantiateModule(ctx, e.compiled, config)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	d := &Document{ctx: ctx, module: module, calls: map[string]api.Function{}, weights: map[uint64]weight{}}
	resolved := experimental.WithImportResolver(ctx, func(string) api.Module { return module })
	if d.batch, err = e.runtime.InstantiateModule(resolved, e.batch, wazero.NewModuleConfig().WithName("")); err != nil {
		d.Close()
		return nil, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	d.calls["chars"] = d.batch.ExportedFunction("chars")
	if err := d.load(raw); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

func (d *Document) load(raw []byte) (err error) {
	defer caught(&err)
	d.call("FPDF_InitLibrary")
	d.scratch = uint32(d.call("malloc", scratchBytes))
	d.rows = uint32(d.call("malloc", batchChars*batchRow))
	data := uint32(d.call("malloc", uint64(len(raw))))
	if d.scratch == 0 || d.rows == 0 || data == 0 || !d.module.Memory().Write(data, raw) {
		return fmt.Errorf("%w: no memory for the document", ErrFailed)
	}
	d.handle = d.call("FPDF_LoadMemDocument", uint64(data), uint64(len(raw)), 0)
	if d.handle != 0 {
		return nil
	}
	switch d.call("FPDF_GetLastError") {
	case lastErrorPassword, lastErrorSecurity:
		return ErrPassword
	}
	return ErrDamaged
}

// Close frees everything the document holds.
func (d *Document) Close() {
	ctx := context.WithoutCancel(d.ctx)
	if d.batch != nil {
		_ = d.batch.Close(ctx)
	}
	_ = d.module.Close(ctx)
}

// failure is what a call panics with; the exported functions catch it, so that
// the thirty calls between need no error of their own.
type failure struct{ err error }

func caught(err *error) {
	if p := recover(); p != nil {
		f, ours := p.(failure)
		if !ours {
			panic(p)
		}
		*err = fmt.Errorf("%w: %s", ErrFailed, firstLine(f.err.Error()))
	}
}

// firstLine leaves out the WebAssembly stack that stands below an error.
func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// call calls a function of the module and returns its first result.
func (d *Document) call(name string, args ...uint64) uint64 {
	f := d.calls[name]
	if f == nil {
		f = d.module.ExportedFunction(name)
		if f == nil {
			panic(failure{fmt.Errorf("the module has no function %s", name)})
		}
		d.calls[name] = f
	}
	if err := d.ctx.Err(); err != nil {
		panic(failure{err})
	}
	copy(d.stack[:], args)
	if err := f.CallWithStack(d.ctx, d.stack[:]); err != nil {
		panic(failure{err})
	}
	return d.stack[0]
}

func (d *Document) float32At(offset uint32) float64 {
	v, _ := d.module.Memory().ReadFloat32Le(d.scratch + offset)
	return finite(float64(v))
}

// finite keeps coordinates of hostile documents within what can be computed with.
func finite(v float64) float64 {
	if math.IsNaN(v) || math.Abs(v) > 1e6 {
		return 0
	}
	return v
}

// Pages is the number of pages.
func (d *Document) Pages() (n int, err error) {
	defer caught(&err)
	return max(int(int32(d.call("FPDF_GetPageCount", d.handle))), 0), nil
}

// Encrypted tells whether the document is encrypted; one that opened without a
// password may be read.
func (d *Document) Encrypted() (yes bool, err error) {
	defer caught(&err)
	return int32(d.call("FPDF_GetSecurityHandlerRevision", d.handle)) >= 0, nil
}

// Meta is an entry of the document's information: Title, Author, Subject.
func (d *Document) Meta(tag string) (text string, err error) {
	defer caught(&err)
	name := d.scratch + scratchBytes - 64
	d.module.Memory().Write(name, append([]byte(tag), 0))
	n := d.call("FPDF_GetMetaText", d.handle, uint64(name), uint64(d.scratch), scratchBytes-64)
	return d.utf16At(n), nil
}

// utf16At is the text of n bytes that a function wrote, its closing zero cut off.
func (d *Document) utf16At(n uint64) string {
	raw, ok := d.module.Memory().Read(d.scratch, uint32(min(n, scratchBytes-64)))
	if !ok || n > scratchBytes-64 {
		return ""
	}
	units := make([]uint16, 0, len(raw)/2)
	for ; len(raw) > 1; raw = raw[2:] {
		if u := binary.LittleEndian.Uint16(raw); u != 0 {
			units = append(units, u)
		}
	}
	return string(utf16.Decode(units))
}

// Bookmark is an entry of the document's outline.
type Bookmark struct {
	Title string
	Level int // from 1
	Page  int // from 0; -1 where it leads nowhere
}

const maxBookmarkDepth = 16

// Bookmarks is the outline in reading order, at most limit entries.
func (d *Document) Bookmarks(limit int) (out []Bookmark, err error) {
	defer caught(&err)
	seen := map[uint64]bool{}
	var walk func(parent uint64, level int)
	walk = func(parent uint64, level int) {
		for b := d.call("FPDFBookmark_GetFirstChild", d.handle, parent); b != 0 && !seen[b] && len(out) < limit; b = d.call("FPDFBookmark_GetNextSibling", d.handle, b) {
			seen[b] = true
			title := d.utf16At(d.call("FPDFBookmark_GetTitle", b, uint64(d.scratch), scratchBytes-64))
			page := -1
			if dest := d.call("FPDFBookmark_GetDest", d.handle, b); dest != 0 {
				page = int(int32(d.call("FPDFDest_GetDestPageIndex", d.handle, dest)))
			}
			out = append(out, Bookmark{Title: title, Level: level, Page: page})
			if level < maxBookmarkDepth {
				walk(b, level+1)
			}
		}
	}
	walk(0, 1)
	return out, nil
}
