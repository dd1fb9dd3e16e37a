package main

import "syscall"

// limitAddresses bounds the addresses of the process, which ends an allocation
// too large for the watch on its memory to see coming. Where it cannot be set the
// watch remains.
func limitAddresses(bytes uint64) {
	_ = syscall.Setrlimit(syscall.RLIMIT_AS, &syscall.Rlimit{Cur: bytes, Max: bytes})
}
