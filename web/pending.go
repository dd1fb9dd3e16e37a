package web

import (
	"sync"
	"time"
)

// pending keeps what began in a browser and has not come back: a sign-in that
// waits for a code, one that has gone to a provider. It lives in memory, by the
// hash of a secret in the browser's cookie; who is interrupted by a restart
// begins again. The zero value is ready.
type pending[T any] struct {
	most int // 0 means maxPending
	mu   sync.Mutex
	held map[string]held[T]
}

type held[T any] struct {
	what  T
	until time.Time
}

// maxPending bounds what one kind may hold (our own).
const maxPending = 10_000

// keep remembers something until a time. When there is too much, what is over is
// forgotten, and when too much is left, all.
func (p *pending[T]) keep(key string, what T, until, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	most := p.most
	if most == 0 {
		most = maxPending
	}
	if len(p.held) >= most {
		for k, h := range p.held {
			if !now.Before(h.until) {
				delete(p.held, k)
			}
		}
		if len(p.held) >= most {
			clear(p.held)
		}
	}
	if p.held == nil {
		p.held = make(map[string]held[T])
	}
	p.held[key] = held[T]{what, until}
}

// find returns what is kept and not over.
func (p *pending[T]) find(key string, now time.Time) (T, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h, ok := p.held[key]
	return h.what, ok && now.Before(h.until)
}

// take is find, once.
func (p *pending[T]) take(key string, now time.Time) (T, bool) {
	what, ok := p.find(key, now)
	p.drop(key)
	return what, ok
}

// drop forgets something.
func (p *pending[T]) drop(key string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.held, key)
}
