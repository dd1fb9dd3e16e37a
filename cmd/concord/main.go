// Command concord matches the clauses of different countries' standards and
// helps experts agree on what is equivalent.
//
// This is the only place where the parts are put together: which store stands
// behind which interface is decided in program.go, and configuration is read in
// config.go and nowhere else. Each command has a file of its own.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"concord/corpus"
	"concord/index"
)

// Exit codes, the same for every command.
const (
	exitOK      = 0
	exitFailed  = 1 // it did not work; the message says why
	exitUsage   = 2 // the command line is wrong
	exitPartly  = 3 // some of the input did not work, the rest was done
	exitInUse   = 4 // another process has what is needed
	exitMissing = 5 // what was asked for is not there
)

// errPartly ends a command that did some of its work.
var errPartly = errors.New("some of it did not work")

// errUsage says that the command line is wrong.
var errUsage = errors.New("usage")

// command is one word after concord.
type command struct {
	name    string
	args    string // what follows the flags
	summary string
	example string
	hidden  bool
	run     func(ctx context.Context, e env, args []string) error
}

// env is what a command may touch of the world outside.
type env struct {
	stdout, stderr io.Writer
	stdin          io.Reader
	getenv         func(string) string
	terminal       bool // stderr is a terminal: progress bars instead of lines
	command        command
}

// commands lists every command in the order of the help text.
func commands() []command {
	return []command{
		demoCommand, serveCommand, importCommand, stagedCommand, matchCommand, searchCommand, compareCommand, roundCommand, exportCommand, templateCommand, mappingsCommand, agreementCommand, evaluateCommand, modelCommand, embedCommand,
		lexiconCommand, indexCommand, userCommand, keyCommand, mcpCommand, backupCommand, checkCommand, auditCommand, probeCommand, workerCommand,
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	e := env{stdout: os.Stdout, stderr: os.Stderr, stdin: os.Stdin, getenv: os.Getenv, terminal: isTerminal(os.Stderr)}
	code := run(ctx, e, os.Args[1:])
	stop()
	os.Exit(code)
}

// run finds the command and turns its error into a message and an exit code.
func run(ctx context.Context, e env, args []string) int {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		return help(e, args)
	}
	i := slices.IndexFunc(commands(), func(c command) bool { return c.name == args[0] })
	if i < 0 {
		fmt.Fprintf(e.stderr, "concord: there is no command %q; `concord help` lists them\n", args[0])
		return exitUsage
	}
	e.command = commands()[i]
	err := e.command.run(ctx, e, args[1:])
	code := exitCode(err)
	if err != nil && !errors.Is(err, flag.ErrHelp) && !errors.Is(err, errPartly) {
		fmt.Fprintf(e.stderr, "concord %s: %s\n", e.command.name, corpus.Told(err, errUsage))
	}
	return code
}

// exitCode is the table from kinds of error to exit codes.
func exitCode(err error) int {
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.Is(err, errUsage):
		return exitUsage
	case errors.Is(err, errPartly):
		return exitPartly
	case errors.Is(err, index.ErrInUse):
		return exitInUse
	case errors.Is(err, corpus.ErrNotFound), errors.Is(err, fs.ErrNotExist):
		return exitMissing
	}
	return exitFailed
}

// help prints the list of commands, or one command's own help.
func help(e env, args []string) int {
	if len(args) > 1 {
		return run(context.Background(), e, []string{args[1], "-h"})
	}
	fmt.Fprint(e.stdout, "Concord proposes, reviews and exports equivalent clauses of different countries' standards.\n\nUsage: concord COMMAND [flags] [arguments]\n\n")
	for _, c := range commands() {
		if !c.hidden {
			fmt.Fprintf(e.stdout, "  %-15s %s\n", c.name, c.summary)
		}
	}
	fmt.Fprint(e.stdout, "\n`concord help COMMAND` tells its flags. Begin with: concord demo\n")
	return exitOK
}

// flags makes a command's flag set with its help text.
func (e env) flags() *flag.FlagSet {
	fs := flag.NewFlagSet(e.command.name, flag.ContinueOnError)
	fs.SetOutput(e.stderr)
	fs.Usage = func() {
		fmt.Fprintf(e.stderr, "%s\n\nUsage: concord %s [flags] %s\n\n", e.command.summary, e.command.name, e.command.args)
		fs.PrintDefaults()
		fmt.Fprintf(e.stderr, "\nExample:\n  %s\n", strings.ReplaceAll(e.command.example, "\n", "\n  "))
	}
	return fs
}

// parse reads the flags, wherever they stand among the arguments, and returns
// the arguments.
func parse(fs *flag.FlagSet, args []string) ([]string, error) {
	var rest []string
	for {
		if err := fs.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, fmt.Errorf("%w", errors.Join(errUsage))
		}
		if fs.NArg() == 0 {
			return rest, nil
		}
		consumed := len(args) - fs.NArg()
		if consumed > 0 && args[consumed-1] == "--" {
			return append(rest, fs.Args()...), nil
		}
		rest = append(rest, fs.Arg(0))
		args = fs.Args()[1:]
	}
}

// usage makes an error of a wrong command line.
func usage(format string, args ...any) error {
	return fmt.Errorf(format+": %w", append(args, errUsage)...)
}
