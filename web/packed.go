package web

import (
	_ "embed"
	"io/fs"

	"concord/corpus/packed"
)

// packedArchive holds the pages (templates), their style and script (static),
// their words (locales, a file a language) and the description of the interface,
// which are a quarter of their size in here. After a change of one:
// go test ./web -run Packed -update
//
//go:embed packed.xz
var packedArchive []byte

// packedFiles are these files inside the program. They are only read.
var packedFiles = packed.Open(packedArchive)

// packedFile reads a file; one that is missing is empty, and who reads it says so.
func packedFile(name string) []byte {
	body, err := fs.ReadFile(packedFiles, name)
	if err != nil {
		return nil
	}
	return body
}
