package corpus

import "sync"

// maxKnown bounds how many answers a memo keeps; far more than there are
// standards, and all are forgotten when it is reached.
const maxKnown = 1 << 15

// memo keeps what was read out of texts: pages compare a standard with all others,
// and reading a designation or a title takes some 20 microseconds.
type memo[T any] struct {
	mu    sync.Mutex
	known map[string]T
}

// of is the answer for a text, worked out when it is asked the first time.
func (m *memo[T]) of(text string, read func(string) T) T {
	m.mu.Lock()
	answer, known := m.known[text]
	m.mu.Unlock()
	if known {
		return answer
	}
	answer = read(text)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil || len(m.known) >= maxKnown {
		m.known = map[string]T{}
	}
	m.known[text] = answer
	return answer
}
