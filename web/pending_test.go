package web

import (
	"fmt"
	"testing"
	"time"
)

func TestPending(t *testing.T) {
	var p pending[int]
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	if _, ok := p.find("a", now); ok {
		t.Error("found in nothing")
	}
	p.keep("a", 7, now.Add(time.Minute), now)
	if v, ok := p.find("a", now); !ok || v != 7 {
		t.Error("what is kept is not found")
	}
	if _, ok := p.find("a", now.Add(time.Minute)); ok {
		t.Error("what is over is found")
	}
	if _, ok := p.take("a", now); !ok {
		t.Error("what is kept is not taken")
	}
	if _, ok := p.take("a", now); ok {
		t.Error("something is taken twice")
	}
	for i := range maxPending {
		p.keep(fmt.Sprint(i), i, now.Add(time.Duration(i%2)*time.Minute), now)
	}
	p.keep("one more", 1, now.Add(time.Minute), now)
	if _, ok := p.find("0", now); ok || len(p.held) != maxPending/2+1 {
		t.Errorf("%d kept: what is over is to go first", len(p.held))
	}
	for i := range maxPending {
		p.keep(fmt.Sprint(i), i, now.Add(time.Minute), now)
	}
	if len(p.held) > maxPending {
		t.Errorf("%d kept, over the bound", len(p.held))
	}
}
