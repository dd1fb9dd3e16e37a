package lexicon

import (
	"flag"
	"os"
	"testing"

	"concord/corpus/packed"
)

var update = flag.Bool("update", false, "pack the tables anew")

// TestPackedTables holds the archive in the program against the folder that people
// edit: every file with the same bytes, and none besides.
func TestPackedTables(t *testing.T) {
	folder := os.DirFS(".")
	if *update {
		body, err := packed.Pack(folder, "data")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("data.xz", body, 0o644); err != nil {
			t.Fatal(err)
		}
		tables = packed.Open(body)
	}
	if name, err := packed.Unlike(folder, tables, "data"); name != "" || err != nil {
		t.Errorf("%s is not packed as it is: go test ./corpus/lexicon -run Packed -update (%v)", name, err)
	}
}
