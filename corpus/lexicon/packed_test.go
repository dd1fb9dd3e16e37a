package lexicon

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"flag"
	"io"
	"io/fs"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "pack the tables anew")

// pack writes the files of a folder into an archive, always the same for the same
// files.
func pack(folder fs.FS) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	w.RegisterCompressor(zip.Deflate, func(to io.Writer) (io.WriteCloser, error) { return flate.NewWriter(to, flate.BestCompression) })
	err := fs.WalkDir(folder, "data", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := fs.ReadFile(folder, name)
		if err != nil {
			return err
		}
		f, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err != nil {
			return err
		}
		_, err = f.Write(body)
		return err
	})
	if err == nil {
		err = w.Close()
	}
	return out.Bytes(), err
}

// TestPackedTables holds the archive in the program against the folder that people
// edit: every file with the same bytes, and none besides.
func TestPackedTables(t *testing.T) {
	folder := os.DirFS(".")
	if *update {
		body, err := pack(folder)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("data.zip", body, 0o644); err != nil {
			t.Fatal(err)
		}
		packed, tables = body, unpacked(body)
	}
	if name := unlike(t, folder, tables); name != "" {
		t.Errorf("%s is not packed as it is: go test ./corpus/lexicon -run Packed -update", name)
	}
	// The control: a folder with another table is told from it.
	other := os.DirFS(t.TempDir())
	if name := unlike(t, folder, other); name == "" {
		t.Error("an empty archive passes for the tables")
	}
}

// unlike names a file that one side has and the other has not, or has otherwise.
func unlike(t *testing.T, a, b fs.FS) string {
	t.Helper()
	for _, pair := range [][2]fs.FS{{a, b}, {b, a}} {
		found := ""
		err := fs.WalkDir(pair[0], "data", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || found != "" {
				return err
			}
			x, err := fs.ReadFile(pair[0], name)
			if err != nil {
				return err
			}
			if y, err := fs.ReadFile(pair[1], name); err != nil || !bytes.Equal(x, y) {
				found = name
			}
			return nil
		})
		if err != nil {
			return err.Error()
		}
		if found != "" {
			return found
		}
	}
	return ""
}
