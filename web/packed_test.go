package web

import (
	"flag"
	"os"
	"testing"

	"concord/corpus/packed"
)

var update = flag.Bool("update", false, "pack the pages, their words and the interface's description anew")

// TestPackedFiles holds the archive in the program against the files that people
// edit: every file with the same bytes, and none besides.
func TestPackedFiles(t *testing.T) {
	folder, roots := os.DirFS("."), []string{"locales", "openapi.json", "static", "templates"}
	if *update {
		body, err := packed.Pack(folder, roots...)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("packed.xz", body, 0o644); err != nil {
			t.Fatal(err)
		}
		packedFiles = packed.Open(body)
	}
	if name, err := packed.Unlike(folder, packedFiles, roots...); name != "" || err != nil {
		t.Errorf("%s is not packed as it is: go test ./web -run Packed -update (%v)", name, err)
	}
}
