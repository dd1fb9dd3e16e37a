package web

import (
	"context"
	"encoding/json"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"concord/corpus"
)

// countedStore counts how often all standards are read.
type countedStore struct {
	Store
	whole atomic.Int64
}

func (c *countedStore) Standards(ctx context.Context) ([]corpus.Holding, error) {
	c.whole.Add(1)
	return c.Store.Standards(ctx)
}

// TestOneClauseIsCheap: clauses and standards asked one by one do not read all
// standards each time, and yet name a parallel edition as soon as it arrives.
func TestOneClauseIsCheap(t *testing.T) {
	w := newAPIWorld(t)
	counted := &countedStore{Store: w.server.store}
	w.server.store = counted
	ask := func(path string) string {
		w.clock.move(time.Second)
		return w.get(t, path).Body.String()
	}
	for range 20 {
		ask("/api/v1/clauses/cn-a-2020/5.1")
		ask("/api/v1/standards/cn-a-2020")
	}
	if n := counted.whole.Load(); n != 1 {
		t.Errorf("40 answers read all standards %d times", n)
	}
	source := w.docs["cn-a-2020"]
	twin := *source
	twin.Standard.ID, twin.Standard.Language = "cn-a-2020-en", "en"
	twin.Clauses = nil
	for _, c := range source.Clauses {
		c.ID, c.Standard, c.Language = corpus.NewClauseID(twin.Standard.ID, c.ID.Key()), twin.Standard.ID, "en"
		if c.Parent != "" {
			c.Parent = corpus.NewClauseID(twin.Standard.ID, c.Parent.Key())
		}
		twin.Clauses = append(twin.Clauses, c)
	}
	_, err := w.db.Save(t.Context(), &twin, "cli")
	apiMust(t, err)
	var told apiClause
	apiMust(t, json.Unmarshal([]byte(ask("/api/v1/clauses/cn-a-2020/5.1")), &told))
	if len(told.Parallel) != 1 || told.Parallel[0].Clause != "cn-a-2020-en/5.1" {
		t.Errorf("the edition that arrived is told as %+v", told.Parallel)
	}
	if !strings.Contains(ask("/api/v1/standards/cn-a-2020"), "cn-a-2020-en") {
		t.Error("the standard does not name it")
	}
	apiMust(t, w.db.Restate(t.Context(), "cn-a-2020-en", func(s corpus.Standard) (corpus.Standard, error) {
		s.Authenticity = corpus.AuthenticityReference
		return s, nil
	}, "cli"))
	apiMust(t, json.Unmarshal([]byte(ask("/api/v1/clauses/cn-a-2020/5.1")), &told))
	if len(told.Parallel) != 1 || told.Parallel[0].Authenticity != corpus.AuthenticityReference {
		t.Errorf("what is said of it anew is told as %+v", told.Parallel)
	}
	if n := counted.whole.Load(); n != 3 {
		t.Errorf("two changes later all standards were read %d times", n)
	}
}
