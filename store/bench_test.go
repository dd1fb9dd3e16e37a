package store_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
	"concord/store"
)

// benchClauses and benchTargets are the size of the database that the
// benchmarks page through: each clause has that many proposals.
const (
	benchClauses = 5000
	benchTargets = 10
)

// benchScene is a dossier with 50,000 open matches.
func benchScene(b *testing.B) (*store.DB, review.Dossier, []corpus.Clause) {
	b.Helper()
	db := openAt(b, filepath.Join(b.TempDir(), "concord.db"), time.Now)
	cn, ru := document("cn-a-2020", "CN", "zh", benchClauses), document("ru-b-2020", "RU", "ru", benchClauses)
	save(b, db, cn)
	save(b, db, ru)
	d := dossier(b, db, review.PolicyBothParties, "cn-a-2020", "ru-b-2020")
	if _, _, err := db.Propose(b.Context(), d.ID, benchProposals(cn.Clauses, ru.Clauses)); err != nil {
		b.Fatal(err)
	}
	return db, d, cn.Clauses
}

// benchProposals are proposals of the size a matcher makes.
func benchProposals(sources, targets []corpus.Clause) []matcher.Proposal {
	out := make([]matcher.Proposal, 0, len(sources)*benchTargets)
	for i, c := range sources {
		for j := range benchTargets {
			p := proposal(c, targets[(i+j)%len(targets)], float64((i*7+j*13)%100)/100)
			for range 7 {
				p.Reasons = append(p.Reasons, p.Reasons[0])
			}
			out = append(out, p)
		}
	}
	return out
}

// BenchmarkPropose keeps 2,000 new proposals in one call.
func BenchmarkPropose(b *testing.B) {
	db := openAt(b, filepath.Join(b.TempDir(), "concord.db"), time.Now)
	cn, ru := document("cn-a-2020", "CN", "zh", 200), document("ru-b-2020", "RU", "ru", 200)
	save(b, db, cn)
	save(b, db, ru)
	proposals := benchProposals(cn.Clauses, ru.Clauses)
	for b.Loop() {
		b.StopTimer()
		d := dossier(b, db, review.PolicyBothParties, "cn-a-2020", "ru-b-2020")
		b.StartTimer()
		if added, _, err := db.Propose(b.Context(), d.ID, proposals); err != nil || added != len(proposals) {
			b.Fatal(added, err)
		}
	}
	b.ReportMetric(float64(len(proposals)*b.N)/b.Elapsed().Seconds(), "proposals/s")
}

// BenchmarkQueue reads pages of a reviewer's queue among 50,000 matches.
func BenchmarkQueue(b *testing.B) {
	db, d, _ := benchScene(b)
	wang := person(b, db, "wang", review.RoleReviewer, "CN")
	filters := []struct {
		name string
		f    review.Filter
	}{
		{"first page by chapter", review.Filter{Dossier: d.ID, Task: review.TaskFirst, Of: &wang}},
		{"by confidence", review.Filter{Dossier: d.ID, Task: review.TaskFirst, Of: &wang, Order: review.OrderConfidence}},
		{"one match by chapter", review.Filter{Dossier: d.ID, Task: review.TaskFirst, Of: &wang, Limit: 1}},
		{"nothing to do", review.Filter{Dossier: d.ID, Task: review.TaskAdjudicate, Of: &wang}},
		{"one clause", review.Filter{Clause: "cn-a-2020/5.17"}},
	}
	for _, f := range filters {
		b.Run(f.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := db.Matches(b.Context(), f.f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("page 900 by chapter", func(b *testing.B) {
		f := review.Filter{Dossier: d.ID, Limit: 50}
		f.Standard = "cn-a-2020"
		cursor := ""
		for range 900 {
			f.Cursor = cursor
			page, err := db.Matches(b.Context(), f)
			if err != nil {
				b.Fatal(err)
			}
			cursor = page.Next
		}
		f.Cursor = cursor
		for b.Loop() {
			if _, err := db.Matches(b.Context(), f); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("task counts", func(b *testing.B) {
		for b.Loop() {
			if _, err := db.TaskCounts(b.Context(), wang); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("coverage", func(b *testing.B) {
		for b.Loop() {
			if _, err := db.Coverage(b.Context(), "jurisdiction", uuid.Nil, ""); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkDecide answers, on the disk, among 50,000 matches.
func BenchmarkDecide(b *testing.B) {
	db, d, _ := benchScene(b)
	wang := person(b, db, "wang", review.RoleReviewer, "CN")
	desk := &review.Desk{Records: db, Now: time.Now}
	page, err := db.Matches(b.Context(), review.Filter{Dossier: d.ID, Limit: review.MaxPage})
	if err != nil {
		b.Fatal(err)
	}
	i := 0
	for b.Loop() {
		if _, _, err := desk.Decide(b.Context(), wang, opinion(page.Matches[i%review.MaxPage], review.VerdictUnsure)); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

// BenchmarkSave keeps a standard of 5,000 clauses: new, and again unchanged.
func BenchmarkSave(b *testing.B) {
	doc := document("cn-a-2020", "CN", "zh", benchClauses)
	b.Run("new", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			db := openAt(b, filepath.Join(b.TempDir(), "concord.db"), time.Now)
			b.StartTimer()
			save(b, db, doc)
		}
	})
	b.Run("unchanged", func(b *testing.B) {
		db := openAt(b, filepath.Join(b.TempDir(), "concord.db"), time.Now)
		save(b, db, doc)
		for b.Loop() {
			save(b, db, doc)
		}
	})
}
