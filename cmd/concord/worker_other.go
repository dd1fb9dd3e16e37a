//go:build !linux

package main

// limitAddresses does nothing here: the worker watches its own memory.
func limitAddresses(uint64) {}
