package web

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
)

// benchClauses and benchTargets are how large the dossier is that the benchmark
// reviews: 5,000 clauses a side, 20 matches each, 100,000 in all.
const (
	benchClauses = 5000
	benchTargets = 20
)

// largeDossier adds a dossier of 100,000 open matches to a site.
func (s *site) largeDossier(b *testing.B) review.Dossier {
	b.Helper()
	ctx := context.Background()
	texts := func(form string) (out []string) {
		for i := range benchClauses {
			out = append(out, fmt.Sprintf(form, i, 800+i%900))
		}
		return out
	}
	x := document("gb-50-2020", "CN", "zh", corpus.RightsFull, texts("第%d类疏散门的净宽度不应小于 %d mm。")...)
	y := document("sp-50-2020", "RU", "ru", corpus.RightsFull, texts("Ширина двери типа %d должна быть не менее %d мм.")...)
	for _, d := range []*corpus.Document{x, y} {
		if _, err := s.db.Save(ctx, d, "cli"); err != nil {
			b.Fatal(err)
		}
	}
	d := review.Dossier{ID: uuid.Must(uuid.NewV7()), Name: "Large", Domain: corpus.DomainEngineering, Policy: review.PolicyBothParties, Created: s.clock.now(),
		Sides: []review.Side{{Party: "CN", Standards: []corpus.StandardID{"gb-50-2020"}}, {Party: "RU", Standards: []corpus.StandardID{"sp-50-2020"}}}}
	if err := s.db.SaveDossier(ctx, d, "cli"); err != nil {
		b.Fatal(err)
	}
	for part := range slices.Chunk(x.Clauses[1:], 500) {
		var list []matcher.Proposal
		for _, c := range part {
			for j := range benchTargets {
				p := proposal(c, y.Clauses[1+(c.Order+j)%benchClauses], limitRow())
				p.Confidence = float64((c.Order*7+j*13)%100) / 100
				list = append(list, p)
			}
		}
		if _, _, err := s.db.Propose(ctx, d.ID, list); err != nil {
			b.Fatal(err)
		}
	}
	return d
}

var nextItem = regexp.MustCompile(`rel="next" href="([^"]+)"`)

// BenchmarkReviewAtSize reviews a queue of 100,000 matches in every order: a page of
// the workbench, what comes next for the script, and an answer, as times to their
// end over loopback.
func BenchmarkReviewAtSize(b *testing.B) {
	s := newSite(b)
	d := s.largeDossier(b)
	lina := s.signedIn("lina")
	for _, order := range orders {
		b.Run(string(order), func(b *testing.B) {
			start := "/review/next?task=first&order=" + string(order) + "&dossier=" + d.ID.String()
			took := map[string][]time.Duration{}
			timed := func(what string, do func() answer) string {
				began := time.Now()
				got := do()
				if got.status == http.StatusSeeOther { // the next page of the queue
					got = lina.get(got.header.Get("Location"))
				}
				took[what] = append(took[what], time.Since(began))
				if got.status != http.StatusOK {
					b.Fatalf("%s: %d", what, got.status)
				}
				return got.body
			}
			page := lina.get(start).header.Get("Location")
			for b.Loop() {
				for range 3 { // far enough for a page of the queue behind the first
					body := timed("page", func() answer { return lina.get(page) })
					match := between(body, `data-match="`, `"`)
					form := formFields(b, body, "/matches/"+match+"/decide")
					timed("ahead", func() answer {
						return lina.get(start+"&n=3&behind="+match, "Accept", "application/json")
					})
					form.Set("verdict", "equivalent")
					form.Set("reason", "scope")
					timed("answer", func() answer {
						return lina.post("/matches/"+match+"/decide", form, "Accept", "application/json")
					})
					next := nextItem.FindStringSubmatch(body)
					if next == nil {
						b.Fatal("nothing comes next")
					}
					page = strings.ReplaceAll(next[1], "&amp;", "&")
				}
			}
			for what, list := range took {
				slices.Sort(list)
				b.ReportMetric(float64(list[len(list)/2].Microseconds())/1000, what+"-p50-ms")
				b.ReportMetric(float64(list[len(list)*95/100].Microseconds())/1000, what+"-p95-ms")
			}
		})
	}
}
