package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"concord/corpus"
	"concord/corpus/reader"
)

// readFunc reads one file; reader.Read in this process or a childReader.
type readFunc func(ctx context.Context, name string, file io.Reader, hint reader.Hint) ([]*corpus.Document, error)

// readHere reads in this process what is our own: the samples.
func readHere(_ context.Context, name string, file io.Reader, hint reader.Hint) ([]*corpus.Document, error) {
	return reader.Read(name, file, hint)
}

// childReader reads files in a child process, one at a time. It is safe for
// concurrent use.
type childReader struct {
	cache string        // folder of what the child keeps for its next start, or ""
	time  time.Duration // for one file
	env   []string      // of the child, which needs none

	mu    sync.Mutex
	child *child
}

// newChildReader keeps what it compiles in the data folder where there is one.
func newChildReader(c config) *childReader {
	r := &childReader{time: workerTime}
	if info, err := os.Stat(c.Data); err == nil && info.IsDir() {
		r.cache = filepath.Join(c.Data, "cache")
	}
	return r
}

// child is a running worker.
type child struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     *io.LimitedReader
	answers *json.Decoder
	stderr  *firstBytes
}

// Read reads one file as reader.Read does. A file that kills the child, or takes
// longer than it may, gives an error with the reason, and the next file gets a new
// child.
func (r *childReader) Read(ctx context.Context, name string, file io.Reader, hint reader.Hint) ([]*corpus.Document, error) {
	var docs []*corpus.Document
	err := r.ask(ctx, request{Name: name, Hint: hint}, file, func(a answer) { docs = append(docs, a.Document) })
	if err != nil {
		return nil, err
	}
	return docs, nil
}

// Draw makes pictures of pages as reader.Pictures does, under the limits of Read.
func (r *childReader) Draw(ctx context.Context, name string, file io.Reader, pages []int) (map[int][]byte, error) {
	out := map[int][]byte{}
	err := r.ask(ctx, request{Name: name, Draw: pages}, file, func(a answer) { out[a.Page] = a.Picture })
	if err != nil {
		return nil, err
	}
	return out, nil
}

// ask asks the child about one file; take gets its answers but the last.
func (r *childReader) ask(ctx context.Context, ask request, file io.Reader, take func(answer)) error {
	name := ask.Name
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.child == nil {
		if err := r.start(); err != nil {
			return fmt.Errorf("%s: start the process that reads files: %w", name, err)
		}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, r.time, errTooLong)
	defer cancel()
	c := r.child
	stop := context.AfterFunc(ctx, func() { _ = c.cmd.Process.Kill() })
	err := c.ask(ask, file, take)
	if stop() && !errors.As(err, new(workerGone)) && !errors.As(err, new(fileGone)) {
		return err
	}
	r.child = nil
	why := c.death(context.Cause(ctx), r.time)
	if errors.As(err, new(fileGone)) { // the child only waited for the rest of it
		why = err
	}
	return fmt.Errorf("%s: %w", name, why)
}

// errTooLong is the cause of a child killed for its time.
var errTooLong = errors.New("too long")

// Close ends the child.
func (r *childReader) Close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.child == nil {
		return
	}
	_ = r.child.in.Close()
	kill := time.AfterFunc(time.Second, func() { _ = r.child.cmd.Process.Kill() })
	_ = r.child.cmd.Wait()
	kill.Stop()
	r.child = nil
}

func (r *childReader) start() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	c := &child{cmd: exec.Command(self, workerCommand.name, r.cache), stderr: &firstBytes{}}
	c.cmd.Env, c.cmd.Stderr = r.env, c.stderr
	if len(c.cmd.Env) == 0 {
		c.cmd.Env = []string{"GOTRACEBACK=single"}
	}
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		return err
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := c.cmd.Start(); err != nil {
		return err
	}
	c.out = &io.LimitedReader{R: out}
	c.answers = json.NewDecoder(c.out)
	r.child = c
	return nil
}

// fileGone says that a file could not be read to its end.
type fileGone struct{ error }

func (e fileGone) Unwrap() error { return e.error }

// ask sends a file and takes its answers. After an error of kind workerGone or
// fileGone the child cannot be asked again.
func (c *child) ask(ask request, file io.Reader, take func(answer)) error {
	c.out.N = workerAnswer
	head, err := json.Marshal(ask)
	if err != nil {
		return fmt.Errorf("%s: %w", ask.Name, err)
	}
	if _, err := c.in.Write(append(head, '\n')); err != nil {
		return workerGone{err}
	}
	if err := writeChunks(c.in, file); err != nil {
		if errors.As(err, new(workerGone)) {
			return err
		}
		return fileGone{fmt.Errorf("read: %w", err)}
	}
	for {
		var a answer
		switch err := c.answers.Decode(&a); {
		case err != nil:
			return workerGone{err}
		case !a.Done:
			take(a)
		case a.Error == "":
			return nil
		default:
			return a.failure()
		}
	}
}

// failure is what went wrong, with its rule where there is one.
func (a answer) failure() error {
	kind := kinds[a.Kind]
	if a.Rule == "" {
		return toldError{a.Error, kind}
	}
	return toldError{a.Error, corpus.Retold(kind, a.Rule, a.Values)}
}

// toldError is an error that the child told.
type toldError struct {
	text string
	kind error
}

func (e toldError) Error() string { return e.text }
func (e toldError) Unwrap() error { return e.kind }

// death ends a child and says why it died.
func (c *child) death(cause error, allowed time.Duration) error {
	_ = c.in.Close()
	kill := time.AfterFunc(time.Second, func() { _ = c.cmd.Process.Kill() })
	err := c.cmd.Wait()
	kill.Stop()
	switch {
	case errors.Is(cause, errTooLong):
		return corpus.Refuse(corpus.ErrLimit, "read-slow", "reading took longer than {seconds} seconds and was stopped; split the file", "seconds", int(allowed.Seconds()))
	case cause != nil:
		return fmt.Errorf("reading was stopped: %w", cause)
	case c.cmd.ProcessState.ExitCode() == exitMemory || c.stderr.has("out of memory", "cannot allocate memory"):
		return corpus.Refuse(corpus.ErrLimit, "read-memory", "reading took more than {mb} MB of memory and was stopped; split the file", "mb", workerMemory>>20)
	case c.out.N <= 0:
		return corpus.Refuse(corpus.ErrLimit, "read-large", "what was read is larger than {mb} MB; split the file", "mb", workerAnswer>>20)
	}
	return corpus.Refuse(corpus.ErrInvalid, "read-died", "the reader died on the file ({why}); please report the file", "why", plain(short(c.stderr.line(err), 160)))
}

// firstBytes keeps the beginning of what a child says at its death.
type firstBytes struct{ bytes.Buffer }

func (b *firstBytes) Write(p []byte) (int, error) {
	if room := 8<<10 - b.Len(); room > 0 {
		_, _ = b.Buffer.Write(p[:min(len(p), room)])
	}
	return len(p), nil
}

func (b *firstBytes) has(words ...string) bool {
	for _, w := range words {
		if strings.Contains(b.String(), w) {
			return true
		}
	}
	return false
}

// line is the line that says most: the one of a fatal error, or the first, or how
// the process ended.
func (b *firstBytes) line(err error) string {
	for _, l := range strings.Split(b.String(), "\n") {
		if strings.HasPrefix(l, "fatal error:") || strings.HasPrefix(l, "panic:") {
			return l
		}
	}
	if first, _, _ := strings.Cut(strings.TrimSpace(b.String()), "\n"); first != "" {
		return first
	}
	if err != nil {
		return err.Error()
	}
	return "it ended without an answer"
}
