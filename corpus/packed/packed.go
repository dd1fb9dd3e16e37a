// Package packed keeps folders of text inside the program as archives, which is
// a third of their size and keeps the program under its own. People edit the
// folder; a test of the package that has it holds the archive against it with
// Unlike, and makes it anew with Pack. It knows nothing of what the files say.
package packed

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os/exec"
	"sync"

	"github.com/ulikunitz/xz"
	"github.com/ulikunitz/xz/lzma"
)

// archive is a file system that unpacks when it is first asked for a file: each
// command and each child process of the program carries all archives, and most
// need none.
type archive struct{ files func() *zip.Reader }

// Open implements fs.FS.
func (a archive) Open(name string) (fs.File, error) { return a.files().Open(name) }

// Open gives an archive as a file system. One that cannot be opened has no files,
// so that the first file that is missed is named.
func Open(body []byte) fs.FS {
	return archive{sync.OnceValue(func() *zip.Reader {
		r, err := unpack(body)
		if err != nil {
			return &zip.Reader{}
		}
		return r
	})}
}

func unpack(body []byte) (*zip.Reader, error) {
	z, err := xz.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		return nil, err
	}
	return zip.NewReader(bytes.NewReader(plain), int64(len(plain)))
}

// Pack writes the named files and folders of a file system into an archive,
// always the same bytes for the same files on one machine: a ZIP file without compression, and xz
// over the whole, which is a quarter smaller than files compressed one by one. It
// fails when a file cannot be read.
func Pack(files fs.FS, roots ...string) ([]byte, error) {
	var plain bytes.Buffer
	w := zip.NewWriter(&plain)
	err := each(files, roots, func(name string, body []byte) error {
		f, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err == nil {
			_, err = f.Write(body)
		}
		return err
	})
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("pack %v: %w", roots, err)
	}
	body, err := compress(plain.Bytes())
	if err != nil {
		return nil, fmt.Errorf("pack %v: %w", roots, err)
	}
	return body, nil
}

// compress writes xz: by the xz command where the machine has one, which searches
// harder and saves a sixth, and by the library elsewhere. Both make what the
// library reads with a window of 8 MiB.
func compress(plain []byte) ([]byte, error) {
	var out bytes.Buffer
	if command, err := exec.LookPath("xz"); err == nil {
		run := exec.Command(command, "--stdout", "--threads=1", "--check=crc32", "--lzma2=preset=9e,lc=4,lp=0,pb=0,nice=273,depth=2000,dict=8MiB")
		run.Stdin, run.Stdout = bytes.NewReader(plain), &out
		err = run.Run()
		return out.Bytes(), err
	}
	z, err := xz.WriterConfig{Properties: &lzma.Properties{LC: 4, LP: 0, PB: 0}, DictCap: 8 << 20, BufSize: 1 << 20, Matcher: lzma.HashTable4}.NewWriter(&out)
	if err == nil {
		_, err = z.Write(plain)
	}
	if err == nil {
		err = z.Close()
	}
	return out.Bytes(), err
}

// Unlike names a file below the roots that one side has and the other has not, or
// has otherwise; "" when both are the same. It fails when a root cannot be read
// on either side.
func Unlike(a, b fs.FS, roots ...string) (string, error) {
	for _, pair := range [][2]fs.FS{{a, b}, {b, a}} {
		found := ""
		err := each(pair[0], roots, func(name string, body []byte) error {
			if other, err := fs.ReadFile(pair[1], name); err != nil || !bytes.Equal(body, other) {
				found = name
				return fs.SkipAll
			}
			return nil
		})
		if found != "" {
			return found, nil
		}
		if err != nil {
			return "", fmt.Errorf("compare %v: %w", roots, err)
		}
	}
	return "", nil
}

// each calls f with every file below the roots, in the order of their names.
func each(files fs.FS, roots []string, f func(name string, body []byte) error) error {
	for _, root := range roots {
		err := fs.WalkDir(files, root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			body, err := fs.ReadFile(files, name)
			if err != nil {
				return err
			}
			return f(name, body)
		})
		if err != nil && !errors.Is(err, fs.SkipAll) {
			return err
		}
	}
	return nil
}
