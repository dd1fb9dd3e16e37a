package reader

import (
	"os"
	"path/filepath"
	"testing"
)

// The compiled PDF engine is kept between runs, since compiling it takes longer
// than all tests that need it.
func TestMain(m *testing.M) {
	if dir, err := os.UserCacheDir(); err == nil {
		KeepCompiled(filepath.Join(dir, "concord-test"))
	}
	os.Exit(m.Run())
}
