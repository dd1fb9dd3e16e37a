package main

import "syscall"

// diskSpace is how many bytes of the disk under a folder are free for us, and how many
// it has; zeros where that is not known.
func diskSpace(folder string) (free, all int64) {
	var s syscall.Statfs_t
	if syscall.Statfs(folder, &s) != nil {
		return 0, 0
	}
	return int64(s.Bavail) * s.Bsize, int64(s.Blocks) * s.Bsize
}
