package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"concord/corpus"
	"concord/corpus/reader"
)

// The limits of a process that reads files of strangers (the reliability plan's
// section on readers of untrusted files).
const (
	workerMemory = 512 << 20 // then it ends itself
	workerSpace  = 4 << 30   // of addresses, where the system bounds them; Go needs three of it
	workerStack  = 64 << 20  // of one goroutine
	workerTime   = 90 * time.Second
	workerAnswer = 512 << 20 // bytes of the documents of one file
	workerChunk  = 64 << 10
)

// exitMemory is how a worker says that a file took more memory than it may.
const exitMemory = 71

// workerCommand reads files one after another: requests come on standard input,
// documents go to standard output. The program calls it on itself, so that a file
// that brings a reader down brings down a child and not the program. Its one
// surprise: it is kept for the next file, since a start costs as much as eighty
// small files; a file that kills it has it replaced.
var workerCommand = command{
	name: "read-worker", args: "FOLDER", summary: "read files for another process", hidden: true, example: "concord read-worker concord-data/cache",
	run: func(_ context.Context, e env, args []string) error {
		if len(args) != 1 {
			return usage("name the folder of compiled readers")
		}
		reader.KeepCompiled(args[0])
		boundWorker()
		return serveFiles(e.stdin, e.stdout)
	},
}

// request stands before the bytes of a file, which follow in chunks: four bytes of
// length, big end first, and so many of the file; length 0 ends it.
type request struct {
	Name string
	Hint reader.Hint
	Draw []int `json:",omitempty"` // pages to be drawn, from 1; the file is not read then
}

// answer is one document of a file, or the end of it with what went wrong.
type answer struct {
	Document *corpus.Document `json:",omitempty"`
	Page     int              `json:",omitempty"` // that was drawn
	Picture  []byte           `json:",omitempty"` // PNG
	Done     bool             `json:",omitempty"`
	Error    string           `json:",omitempty"`
	Kind     string           `json:",omitempty"` // of the error
	Rule     string           `json:",omitempty"` // of a refusal, so that pages say it in their languages
	Values   []any            `json:",omitempty"`
}

// kinds are the errors that keep their kind on the way from the worker.
var kinds = map[string]error{"invalid": corpus.ErrInvalid, "limit": corpus.ErrLimit}

// boundWorker sets the limits a process can set itself, and ends it when it takes
// more memory than it may.
func boundWorker() {
	limitAddresses(workerSpace)
	debug.SetMemoryLimit(workerMemory * 7 / 8)
	debug.SetMaxStack(workerStack)
	go func() {
		sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
		for range time.Tick(10 * time.Millisecond) {
			metrics.Read(sample)
			if sample[0].Value.Uint64()-sample[1].Value.Uint64() > workerMemory {
				os.Exit(exitMemory)
			}
		}
	}()
}

// serveFiles answers requests until there are no more.
func serveFiles(in io.Reader, out io.Writer) error {
	requests := bufio.NewReaderSize(in, workerChunk)
	for {
		line, err := requests.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		var ask request
		if err == nil {
			err = json.Unmarshal(line, &ask)
		}
		if err != nil {
			return fmt.Errorf("read the request: %w", err)
		}
		if err := serveFile(ask, &chunks{from: requests}, out); err != nil {
			return err
		}
	}
}

// serveFile reads one file and writes its documents.
func serveFile(ask request, file *chunks, out io.Writer) error {
	buffered := bufio.NewWriter(out)
	answers := json.NewEncoder(buffered)
	failed, err := answerFile(ask, file, answers)
	if err != nil {
		return err
	}
	last := answer{Done: true}
	if failed != nil {
		last.Error = failed.Error()
		if r, refused := corpus.RefusalOf(failed); refused {
			last.Rule, last.Values = r.Rule, r.Values
		}
		for name, kind := range kinds {
			if errors.Is(failed, kind) {
				last.Kind = name
			}
		}
	}
	if err := answers.Encode(last); err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	return buffered.Flush()
}

// answerFile reads or draws one file and writes what comes of it; failed is the
// file's fault.
func answerFile(ask request, file io.Reader, answers *json.Encoder) (failed, err error) {
	var docs []*corpus.Document
	if len(ask.Draw) > 0 {
		failed = reader.Pictures(file, ask.Draw, func(page int, picture []byte) error { // that has read the file whole
			err = answers.Encode(answer{Page: page, Picture: picture})
			return err
		})
	} else {
		docs, failed = reader.Read(ask.Name, file, ask.Hint)
	}
	if err != nil {
		return nil, fmt.Errorf("write a picture: %w", err)
	}
	if _, err := io.Copy(io.Discard, file); err != nil { // what a refused file still holds
		return nil, fmt.Errorf("read the file: %w", err)
	}
	for _, doc := range docs {
		if err := answers.Encode(answer{Document: doc}); err != nil {
			return nil, fmt.Errorf("write a document: %w", err)
		}
	}
	return failed, nil
}

// chunks reads the bytes of one file out of a stream.
type chunks struct {
	from  *bufio.Reader
	left  int
	ended bool
}

func (c *chunks) Read(p []byte) (int, error) {
	for c.left == 0 {
		if c.ended {
			return 0, io.EOF
		}
		var size [4]byte
		if _, err := io.ReadFull(c.from, size[:]); err != nil {
			return 0, err
		}
		c.left = int(binary.BigEndian.Uint32(size[:]))
		c.ended = c.left == 0
	}
	n, err := c.from.Read(p[:min(len(p), c.left)])
	c.left -= n
	return n, err
}

// writeChunks writes a file for chunks to read.
func writeChunks(w io.Writer, file io.Reader) error {
	buffer := make([]byte, 4+workerChunk)
	for {
		n, err := io.ReadFull(file, buffer[4:])
		if n > 0 {
			binary.BigEndian.PutUint32(buffer, uint32(n))
			if _, err := w.Write(buffer[:4+n]); err != nil {
				return workerGone{err}
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			if _, err := w.Write(make([]byte, 4)); err != nil {
				return workerGone{err}
			}
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// workerGone says that a worker no longer listens.
type workerGone struct{ error }

func (e workerGone) Unwrap() error { return e.error }
