package web

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

// auditPage is the chain of what was done.
type auditPage struct {
	Shell
	Rows     []auditRow
	Query    auditQuery
	People   []auditPerson
	Actions  []string
	Dossiers []review.Dossier
	Verify   string // address that verifies and keeps the filter
	Files    []fileLink
	Newer    string
	Older    string
	Verified bool
	Count    int
	Broken   said // the sentence that names the first wrong row
	Last     int64
	Head     string // hash of the last row
	Key      string // public one that proofs are signed with, "" for none
}

type auditRow struct {
	review.Entry
	Who  string
	Href string
}

// auditPerPage is how many rows one page shows.
const auditPerPage = 100

// audit shows the chain from the given row on, and checks it when asked.
func (s *Server) audit(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	after, err := strconv.ParseInt(c.QueryParam("after"), 10, 64)
	if err != nil || after < 0 {
		after = 0
	}
	query, filter, err := readAuditQuery(c.QueryParams())
	if err != nil {
		return err
	}
	p := auditPage{Query: query, Verify: query.address("verify", "1"), Files: fileLinks("/admin/audit", query.values())}
	size := s.aPage(auditPerPage)
	rows, err := s.store.AuditWhere(ctx, filter, after, size+1)
	if err != nil {
		return fmt.Errorf("read the audit chain: %w", err)
	}
	if len(rows) > size {
		rows = rows[:size]
		p.Newer = query.address("after", strconv.FormatInt(rows[len(rows)-1].Seq, 10))
	}
	if after > 0 {
		p.Older = query.address("", "") // a filter leaves gaps, so that there is no way back but to the start
		if !query.Any() && query.Sort == "" {
			p.Older = query.address("after", strconv.FormatInt(max(0, after-int64(size)), 10))
		}
	}
	n, err := s.names(ctx)
	if err != nil {
		return err
	}
	if err := s.auditChoices(ctx, &p, n); err != nil {
		return err
	}
	for _, e := range rows {
		p.Rows = append(p.Rows, auditRow{e, n.actor(e.Actor), objectURL(e)})
	}
	if c.QueryParam("verify") != "" {
		count, err := s.store.VerifyAudit(ctx)
		p.Verified, p.Count = true, int(count)
		if err != nil {
			p.Broken = a.words.refusal(err)
		}
	}
	if p.Last, p.Head, err = s.store.AuditHead(ctx); err != nil {
		return fmt.Errorf("read the end of the audit: %w", err)
	}
	if s.keeper != nil {
		signed, err := s.keeper.Sign(review.Proof{})
		if err != nil {
			return fmt.Errorf("find the key of the audit: %w", err)
		}
		p.Key = signed.Key
	}
	p.Shell = s.shell(c, a, a.words.say("audit.title"))
	return s.show(c, a, http.StatusOK, "audit", &p)
}

// auditColumns are the columns of the list's file; the hash is whole, so that the
// chain can be held against another copy.
var auditColumns = []listColumn{
	{"audit.number", 8}, {"audit.at", 22}, {"audit.who", 24}, {"audit.what", 24}, {"audit.object", 40}, {"audit.version", 10}, {"audit.hash", 66},
}

// auditExport sends all rows of the audit that the filter selects.
func (s *Server) auditExport(c echo.Context, a asker) error {
	if _, _, err := listFormat(c); err != nil {
		return err
	}
	ctx := c.Request().Context()
	_, filter, err := readAuditQuery(c.QueryParams())
	if err != nil {
		return err
	}
	n, err := s.names(ctx)
	if err != nil {
		return err
	}
	out := listFile{name: "audit", title: a.words.say("audit.title"), columns: auditColumns}
	for after := int64(0); len(out.rows) <= maxListRows; {
		rows, err := s.store.AuditWhere(ctx, filter, after, auditPerPage*10)
		if err != nil {
			return fmt.Errorf("read the audit chain: %w", err)
		}
		if len(rows) == 0 {
			break
		}
		for _, e := range rows {
			out.rows = append(out.rows, []string{strconv.FormatInt(e.Seq, 10), moment(e.At), n.actor(e.Actor), e.Action, e.Object, strconv.Itoa(e.Version), e.Hash})
		}
		after = rows[len(rows)-1].Seq
	}
	return s.sendList(c, a, out)
}

// actor names who did something: a person, or a part of the program.
func (n names) actor(text string) string {
	if id, err := uuid.Parse(text); err == nil {
		return n.of(id)
	}
	return text
}

// objectURL is the page of what an audit row is about, "" when it has none.
func objectURL(e review.Entry) string {
	kind, _, _ := strings.Cut(e.Action, ".")
	switch kind {
	case "decision", "match", "misreading":
		if _, err := uuid.Parse(e.Object); err == nil {
			return "/matches/" + e.Object
		}
	case "import":
		return "/imports/" + url.PathEscape(e.Object)
	case "dossier", "run":
		return "/dossiers/" + url.PathEscape(e.Object)
	case "person":
		return "/admin/people/" + url.PathEscape(e.Object)
	case "standard":
		return standardURL(corpus.StandardID(e.Object))
	}
	return ""
}

// auditNewest is the order of the latest first; else rows stand as they were written.
const auditNewest = "newest"

// auditQuery is the filter as the address has it.
type auditQuery struct{ Person, Action, Dossier, From, To, Object, Sort string }

// Any tells whether anything is filtered by.
func (q auditQuery) Any() bool { return q != auditQuery{Sort: q.Sort} }

// values are the filter as an address has it.
func (q auditQuery) values() url.Values {
	return filterOf(map[string]string{"person": q.Person, "action": q.Action, "dossier": q.Dossier, "from": q.From, "to": q.To, "object": q.Object, "sort": q.Sort})
}

// address is the page under the filter, with one parameter more.
func (q auditQuery) address(name, value string) string {
	v := q.values()
	if value != "" {
		v.Set(name, value)
	}
	return withQuery("/admin/audit", v)
}

// readAuditQuery reads the filter. To is the last day that is still meant.
func readAuditQuery(v url.Values) (auditQuery, review.EntryFilter, error) {
	q := auditQuery{v.Get("person"), v.Get("action"), v.Get("dossier"), v.Get("from"), v.Get("to"), clip(strings.TrimSpace(v.Get("object")), 300), ""}
	if v.Get("sort") == auditNewest {
		q.Sort = auditNewest
	}
	f := review.EntryFilter{Actor: q.Person, Action: q.Action, Object: q.Object, Newest: q.Sort != ""}
	var err error
	if q.Dossier != "" {
		if f.Dossier, err = uuid.Parse(q.Dossier); err != nil {
			return q, f, corpus.Refuse(corpus.ErrInvalid, "no-choice", "\"{value}\" names no dossier", "value", clip(q.Dossier, 60))
		}
	}
	for _, day := range []struct {
		text string
		to   *time.Time
	}{{q.From, &f.From}, {q.To, &f.To}} {
		if day.text == "" {
			continue
		}
		if *day.to, err = time.Parse("2006-01-02", day.text); err != nil {
			return q, f, corpus.Refuse(corpus.ErrInvalid, "day", "\"{value}\" is no day: write it as 2026-03-01", "value", clip(day.text, 30))
		}
	}
	if q.To != "" {
		f.To = f.To.AddDate(0, 0, 1)
	}
	return q, f, nil
}

// auditPerson is somebody to filter by.
type auditPerson struct{ ID, Name string }

// auditChoices fills in what can be filtered by.
func (s *Server) auditChoices(ctx context.Context, p *auditPage, n names) error {
	for id, name := range n {
		p.People = append(p.People, auditPerson{id.String(), name})
	}
	corpus.SortRows(p.People, func(x, y auditPerson) int {
		return cmp.Or(strings.Compare(x.Name, y.Name), strings.Compare(x.ID, y.ID))
	})
	p.People = append(p.People, auditPerson{"cli", "cli"}, auditPerson{"system", "system"})
	var err error
	if p.Actions, err = s.store.AuditActions(ctx); err != nil {
		return fmt.Errorf("list the actions: %w", err)
	}
	if p.Dossiers, err = s.store.Dossiers(ctx); err != nil {
		return fmt.Errorf("list the dossiers: %w", err)
	}
	return nil
}
