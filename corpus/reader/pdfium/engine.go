// Package pdfium asks PDFium, compiled to WebAssembly, for the characters of a
// PDF with their places and sizes, and for pictures of its pages. It knows nothing of lines, clauses or
// standards; what the characters mean is the reader's question.
//
// The module is the one of github.com/klippa-app/go-pdfium v1.20.0
// (webassembly/pdfium.wasm, MIT; PDFium itself BSD-3-Clause and Apache-2.0),
// without what the functions that are called here do not reach (engine_test.go says
// how), packed with xz -9e. Its one surprise: we call the module ourselves instead of
// through that library, since forty of its functions are all that reading text and
// drawing pages needs, and library and unpacked module together would make the
// program 8 MB larger. The module sees no file, no environment and no network: a hostile
// document that takes PDFium over has taken over a sandbox with one document in it.
//
// A context stops a document between two calls, not inside one: code that can be
// stopped anywhere is three times slower. Who reads documents of strangers does it
// in a process that can be killed.
package pdfium

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	"github.com/ulikunitz/xz"
)

//go:embed pdfium.wasm.xz
var packed []byte

// maxMemoryPages bounds the memory of one document: 320 MB of 64 KB pages, so
// that a worker with 512 MiB still has room for what is made of it.
const maxMemoryPages = 320 << 20 >> 16

// Why a document cannot be opened.
var (
	ErrDamaged  = errors.New("the PDF is damaged")
	ErrPassword = errors.New("the PDF asks for a password")
	ErrFailed   = errors.New("PDFium failed")
)

// Engine holds the compiled module. It is safe for concurrent use; each document
// gets an instance of its own, so that none sees what another left behind.
type Engine struct {
	runtime  wazero.Runtime
	compiled wazero.CompiledModule
	batch    wazero.CompiledModule
}

// New compiles the module, which takes seconds, or takes what an earlier call
// compiled into the folder cache, which takes a tenth of one. Without a folder
// nothing is kept.
func New(ctx context.Context, cache string) (*Engine, error) {
	config := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling). // the module's longjmp
		WithMemoryLimitPages(maxMemoryPages)
	if cache != "" {
		kept, err := wazero.NewCompilationCacheWithDir(cache)
		if err != nil {
			return nil, fmt.Errorf("open the cache of the PDF engine: %w", err)
		}
		config = config.WithCompilationCache(kept)
	}
	module, err := unpack()
	if err != nil {
		return nil, err
	}
	e := &Engine{runtime: wazero.NewRuntimeWithConfig(ctx, config)}
	if err := e.prepare(ctx, module); err != nil {
		_ = e.runtime.Close(ctx)
		return nil, fmt.Errorf("prepare the PDF engine: %w", err)
	}
	return e, nil
}

// Close frees the compiled module; open documents die with it.
func (e *Engine) Close(ctx context.Context) error { return e.runtime.Close(ctx) }

func unpack() ([]byte, error) {
	z, err := xz.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpack the PDF engine: %w", err)
	}
	module, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("unpack the PDF engine: %w", err)
	}
	return module, nil
}

// prepare compiles the module and gives it what it imports: WASI without files,
// and callbacks for forms and streams, which reading text never calls, as
// functions that answer nothing.
func (e *Engine) prepare(ctx context.Context, module []byte) error {
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, e.runtime); err != nil {
		return err
	}
	var err error
	if e.compiled, err = e.runtime.CompileModule(experimental.WithCompilationWorkers(ctx, 2), module); err != nil {
		return err
	}
	if e.batch, err = e.runtime.CompileModule(ctx, batchModule()); err != nil {
		return err
	}
	host := e.runtime.NewHostModuleBuilder("env")
	for _, f := range e.compiled.ImportedFunctions() {
		from, name, _ := f.Import()
		if from != "env" {
			continue
		}
		results := len(f.ResultTypes())
		answer := func(_ context.Context, _ api.Module, stack []uint64) {
			if results > 0 {
				stack[0] = 0
			}
		}
		host.NewFunctionBuilder().WithGoModuleFunction(api.GoModuleFunc(answer), f.ParamTypes(), f.ResultTypes()).Export(name)
	}
	_, err = host.Instantiate(ctx)
	return err
}
