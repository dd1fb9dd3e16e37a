package samples

import (
	"flag"
	"os"
	"testing"

	"concord/corpus/packed"
)

var update = flag.Bool("update", false, "pack the samples anew")

// TestPackedSamples holds the archive in the program against the files that people
// edit: every file with the same bytes, and none besides.
func TestPackedSamples(t *testing.T) {
	folder, roots := os.DirFS("."), []string{"standards", "gold", "dossiers.tsv", "searches.tsv"}
	if *update {
		body, err := packed.Pack(folder, roots...)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("samples.xz", body, 0o644); err != nil {
			t.Fatal(err)
		}
		files = packed.Open(body)
	}
	if name, err := packed.Unlike(folder, files, roots...); name != "" || err != nil {
		t.Errorf("%s is not packed as it is: go test ./corpus/samples -run Packed -update (%v)", name, err)
	}
}
