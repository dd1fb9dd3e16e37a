package index

import "sync"

// kept is what was worked out last, by what it was worked out from, within a
// bound of bytes. Keys name all that a value depends on, so no value is ever
// stale. The zero value is empty and ready; it is safe for use by many at once.
type kept[K comparable, V any] struct {
	mu     sync.Mutex
	values map[K]sized[V]
	taken  int // bytes
}

// sized is a value with about how many bytes it takes.
type sized[V any] struct {
	value V
	bytes int
}

// get is a value, if it is kept. It must not be changed.
func (k *kept[K, V]) get(key K) (V, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	have, there := k.values[key]
	return have.value, there
}

// put keeps a value, and drops any others until all take at most a number of
// bytes. A value that would fill an eighth is not kept.
func (k *kept[K, V]) put(key K, value V, bytes, most int) {
	if bytes > most/8 {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, there := k.values[key]; there {
		return // somebody else worked it out meanwhile
	}
	for other, v := range k.values {
		if k.taken+bytes <= most {
			break
		}
		delete(k.values, other)
		k.taken -= v.bytes
	}
	if k.values == nil {
		k.values = map[K]sized[V]{}
	}
	k.values[key] = sized[V]{value, bytes}
	k.taken += bytes
}

// forget drops everything.
func (k *kept[K, V]) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.values, k.taken = nil, 0
}
