package web

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

// dossierState is whether a dossier is open, as lists filter by it.
func dossierState(d *review.Dossier) string {
	if d.Closed {
		return "closed"
	}
	return "open"
}

// dossierList is the list of dossiers in the state of the address, latest first
// where nothing else is asked.
func (s *Server) dossierList(ctx context.Context, v url.Values, a asker) (listing, []review.Dossier, error) {
	all, err := s.store.Dossiers(ctx)
	if err != nil {
		return listing{}, nil, fmt.Errorf("list the dossiers: %w", err)
	}
	newest := func(x, y *review.Dossier) int { return y.Created.Compare(x.Created) }
	parties := func(d *review.Dossier) string {
		var out []string
		for _, p := range d.Parties() {
			out = append(out, string(p))
		}
		return strings.Join(out, " ↔ ")
	}
	d := listOf[*review.Dossier]{
		words: func(d *review.Dossier) string { return d.Name + " " + parties(d) },
		filters: []listFilter[*review.Dossier]{
			{name: "parties", key: "list.parties", value: parties},
			{name: "domain", key: "facet.domain", value: func(d *review.Dossier) string { return string(d.Domain) }, label: a.words.under("domain."), all: asText(corpus.Domains)},
			{name: "state", key: "dossier.state", value: dossierState, label: a.words.under("list.dossier."), all: []string{"open", "closed"}},
		},
		sorts: []listSort[*review.Dossier]{
			{"newest", "list.newest", newest},
			{"oldest", "list.oldest", func(x, y *review.Dossier) int { return newest(y, x) }},
			{"name", "people.name", byText(func(d *review.Dossier) string { return d.Name })},
			{"parties", "list.parties", byText(parties)},
		},
	}
	l, rows := listed(d, "/dossiers", v, all)
	return l, rows, nil
}

// dossierColumns are the columns of the list of dossiers as a file.
var dossierColumns = []listColumn{
	{"audit.dossier", 36}, {"list.parties", 20}, {"facet.domain", 20}, {"list.policy", 24}, {"dossier.state", 12}, {"list.made", 14},
	{"list.forth", 10}, {"list.back", 10}, {"standards.normative", 12}, {"state.suspect", 10},
}

// dossiersExport gives the list of dossiers as a file, with how far each is.
func (s *Server) dossiersExport(c echo.Context, a asker) error {
	if _, _, err := listFormat(c); err != nil {
		return err
	}
	ctx := c.Request().Context()
	_, list, err := s.dossierList(ctx, c.QueryParams(), a)
	if err != nil {
		return err
	}
	if err := fits(len(list)); err != nil {
		return err
	}
	rows, err := s.withProgress(ctx, list)
	if err != nil {
		return err
	}
	out := listFile{name: "dossiers", title: a.words.say("dossiers.title"), columns: dossierColumns}
	for _, r := range rows {
		var parties []string
		for _, p := range r.Parties() {
			parties = append(parties, string(p))
		}
		domain := ""
		if r.Domain != "" {
			domain = a.words.say("domain." + string(r.Domain))
		}
		out.rows = append(out.rows, []string{
			r.Name, strings.Join(parties, " ↔ "), domain, a.words.say("policy." + string(r.Policy)), a.words.say("list.dossier." + dossierState(&r.Dossier)), day(r.Created),
			itoa(r.Forth.Percent()) + " %", itoa(r.Back.Percent()) + " %", itoa(r.Forth.Normative + r.Back.Normative), itoa(r.Forth.Suspect + r.Back.Suspect),
		})
	}
	return s.sendList(c, a, out)
}

// reservationsPage lists all reservations of a dossier.
type reservationsPage struct {
	Shell
	Dossier review.Dossier
	List    listing
	Rows    []reservedRow
}

// reservedRow is one reservation with the clauses of its match.
type reservedRow struct {
	review.Reservation
	A, B  []Ref
	Who   string
	Draft bool // of one's own party, not declared
}

// State is whether it stands.
func (r reservedRow) State() string {
	switch {
	case r.Draft:
		return "draft"
	case r.Withdrawn.IsZero():
		return "stands"
	}
	return "withdrawn"
}

// reservationList is the list of a dossier's reservations in the state of the
// address. Everybody who reads the dossier sees what is declared; drafts stand on the
// page of their own party and in no file.
func (s *Server) reservationList(c echo.Context, d review.Dossier, a asker, page bool) (listing, []reservedRow, error) {
	ctx := c.Request().Context()
	kept, err := s.store.Reservations(ctx, d.ID)
	if err != nil {
		return listing{}, nil, fmt.Errorf("list the reservations: %w", err)
	}
	sh, _, err := s.shelf(ctx)
	if err != nil {
		return listing{}, nil, err
	}
	n, err := s.names(ctx)
	if err != nil {
		return listing{}, nil, err
	}
	var drafts []review.ReservationDraft
	if page {
		if drafts, err = s.store.Drafts(ctx, d.ID, a.person); err != nil {
			return listing{}, nil, fmt.Errorf("list the drafts of reservations: %w", err)
		}
	}
	declared := len(kept)
	for _, x := range drafts {
		kept = append(kept, review.Reservation{ID: x.ID, Dossier: x.Dossier, Match: x.Match, Party: x.Party, Text: x.Text, Person: x.Person, At: x.At})
	}
	rows, err := s.reservedRows(ctx, kept, sh, n)
	if err != nil {
		return listing{}, nil, err
	}
	for i := range rows {
		rows[i].Draft = i >= declared
	}
	states := []string{"stands", "withdrawn"}
	if len(drafts) > 0 {
		states = append(states, "draft")
	}
	about := func(r *reservedRow) string { return refNames(r.A, " + ") + " ↔ " + refNames(r.B, " + ") }
	list := listOf[*reservedRow]{
		words: func(r *reservedRow) string { return r.Text + " " + about(r) },
		filters: []listFilter[*reservedRow]{
			{name: "party", key: "people.party", value: func(r *reservedRow) string { return string(r.Party) }},
			{name: "state", key: "dossier.state", value: (*reservedRow).State, label: a.words.under("reservation.state."), all: states},
		},
		sorts: []listSort[*reservedRow]{
			{"oldest", "list.oldest", nil},
			{"newest", "list.newest", func(x, y *reservedRow) int { return y.At.Compare(x.At) }},
			{"clause", "concept.clause", byText(about)},
			{"party", "people.party", byText(func(r *reservedRow) string { return string(r.Party) })},
		},
	}
	l, out := listed(list, "/dossiers/"+d.ID.String()+"/reservations", c.QueryParams(), rows)
	return l, out, nil
}

// reservedRows names the clauses that reservations are about.
func (s *Server) reservedRows(ctx context.Context, kept []review.Reservation, sh shelf, n names) ([]reservedRow, error) {
	matches := map[string]review.Match{}
	for part := range slices.Chunk(kept, review.MaxPage) {
		f := review.Filter{Limit: review.MaxPage}
		for _, r := range part {
			if !r.Whole() {
				f.Only = append(f.Only, r.Match)
			}
		}
		if len(f.Only) == 0 {
			continue
		}
		page, err := s.store.Matches(ctx, f)
		if err != nil {
			return nil, fmt.Errorf("read the matches of the reservations: %w", err)
		}
		for _, m := range page.Matches {
			matches[m.ID.String()] = m
		}
	}
	var rows []reservedRow
	for _, r := range kept {
		m := matches[r.Match.String()]
		rows = append(rows, reservedRow{r, sh.refs(m.Sources), sh.refs(m.Targets), n.of(r.Person), false})
	}
	return rows, nil
}

// reservationsList shows all reservations of a dossier.
func (s *Server) reservationsList(c echo.Context, a asker) error {
	d, err := s.pathDossier(c)
	if err != nil {
		return err
	}
	l, rows, err := s.reservationList(c, d, a, true)
	if err != nil {
		return err
	}
	p := &reservationsPage{Dossier: d, Rows: pageOf(s, &l, rows)}
	p.List = l
	p.Shell = s.shell(c, a, a.words.say("reservation.title")+" – "+d.Name)
	return s.show(c, a, http.StatusOK, "reservations", p)
}

// reservationColumns are the columns of a dossier's reservations as a file.
var reservationColumns = []listColumn{
	{"list.side-a", 34}, {"list.side-b", 34}, {"people.party", 10}, {"reservation.text", 80}, {"dossier.state", 14}, {"list.made", 14}, {"audit.who", 24},
}

// reservationsExport gives a dossier's reservations as a file.
func (s *Server) reservationsExport(c echo.Context, a asker) error {
	if _, _, err := listFormat(c); err != nil {
		return err
	}
	d, err := s.pathDossier(c)
	if err != nil {
		return err
	}
	_, rows, err := s.reservationList(c, d, a, false)
	if err != nil {
		return err
	}
	out := listFile{name: "reservations", title: d.Name + " – " + a.words.say("reservation.title"), columns: reservationColumns}
	for _, r := range rows {
		about := refNames(r.A, " + ")
		if r.Whole() {
			about = a.words.say("reservation.whole")
		}
		out.rows = append(out.rows, []string{about, refNames(r.B, " + "), string(r.Party), r.Text, a.words.say("reservation.state." + r.State()), day(r.At), r.Who})
	}
	return s.sendList(c, a, out)
}

// SampleState is whether an item of a sample is answered, and how well it held.
func (x sampleItem) SampleState() string {
	switch {
	case x.Answer == nil:
		return "unanswered"
	case x.Answer.Right:
		return "right"
	case x.Answer.Related:
		return "half"
	}
	return "wrong"
}

// sampleStates are the states of an item in the order of the filter.
var sampleStates = []string{"unanswered", "right", "half", "wrong"}

// sampleList is a sample in the state of the address: in the order it was drawn
// where nothing else is asked. Seed and size stay, for they draw it.
func sampleList(c echo.Context, p *sampleView, w *words) (listing, []sampleItem) {
	about := func(x *sampleItem) string {
		return refNames(x.From, " + ") + " ↔ " + cmp.Or(refNames(x.To, " + "), x.Against)
	}
	d := listOf[*sampleItem]{
		words:   about,
		filters: []listFilter[*sampleItem]{{name: "state", key: "dossier.state", value: (*sampleItem).SampleState, label: w.under("sample."), all: sampleStates}},
		sorts: []listSort[*sampleItem]{
			{"drawn", "list.kept", nil},
			{"clause", "concept.clause", byText(about)},
			{"state", "dossier.state", func(x, y *sampleItem) int {
				return cmp.Compare(slices.Index(sampleStates, x.SampleState()), slices.Index(sampleStates, y.SampleState()))
			}},
		},
	}
	return listed(d, "/dossiers/"+p.Dossier.ID.String()+"/sample", c.QueryParams(), p.Items, "seed", "size")
}

// sampleColumns are the columns of a sample as a file.
var sampleColumns = []listColumn{
	{"list.side-a", 34}, {"list.side-b", 34}, {"dossier.state", 24}, {"sample.auditor", 24}, {"dossier.relation", 24}, {"list.forth", 16}, {"list.back", 16}, {"sample.agreed", 24}, {"workbench.note", 50},
}

// sampleExport gives a sample as a file; of what is not answered it tells the
// clauses alone, as the page does.
func (s *Server) sampleExport(c echo.Context, a asker) error {
	if _, _, err := listFormat(c); err != nil {
		return err
	}
	p, err := s.sampled(c, a)
	if err != nil {
		return err
	}
	_, items := sampleList(c, p, a.words)
	out := listFile{name: "sample-" + p.SeedText, title: p.Dossier.Name + " – " + a.words.say("sample.title") + " " + p.SeedText, columns: sampleColumns}
	for _, x := range items {
		cells := make([]string, len(sampleColumns))
		cells[0], cells[1], cells[2] = refNames(x.From, " + "), cmp.Or(refNames(x.To, " + "), x.Against), a.words.say("sample."+x.SampleState())
		if x.Answer != nil {
			cells[3], cells[4], cells[5], cells[6] = x.Name, a.words.say("verdict."+string(x.Answer.Verdict)), a.words.answer(x.Answer.AToB), a.words.answer(x.Answer.BToA)
			if x.Match.Outcome != nil {
				cells[7] = a.words.say("verdict." + string(x.Match.Outcome.Verdict))
			}
			cells[8] = x.Answer.Note
		}
		out.rows = append(out.rows, cells)
	}
	return s.sendList(c, a, out)
}
