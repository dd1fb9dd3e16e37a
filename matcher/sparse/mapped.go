//go:build linux || darwin || freebsd

package sparse

import (
	"os"
	"syscall"
)

// mapped maps a file into memory.
func mapped(f *os.File, size int) (whole []byte, unmap func([]byte), err error) {
	whole, err = syscall.Mmap(int(f.Fd()), 0, size, syscall.PROT_READ, syscall.MAP_SHARED)
	return whole, func(b []byte) { _ = syscall.Munmap(b) }, err
}
