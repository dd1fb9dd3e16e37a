package web

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/labstack/echo/v4"

	"concord/review"
)

// activity is whether a person may sign in, as the list of people filters by it.
func activity(p *review.Person) string {
	if p.Disabled {
		return "disabled"
	}
	return "active"
}

// peopleList is the list of people in the state of the address, and its rows.
func (s *Server) peopleList(c echo.Context, a asker) (listing, []review.Person, error) {
	all, err := s.store.People(c.Request().Context())
	if err != nil {
		return listing{}, nil, fmt.Errorf("list the people: %w", err)
	}
	d := listOf[*review.Person]{
		words: func(p *review.Person) string { return p.Name + " " + p.Login },
		filters: []listFilter[*review.Person]{
			{name: "role", key: "people.role", value: func(p *review.Person) string { return string(p.Role) }, label: a.words.under("role."), all: asText(review.Roles)},
			{name: "party", key: "people.party", value: func(p *review.Person) string { return string(p.Party) }},
			{name: "state", key: "people.state", value: activity, label: a.words.under("people."), all: []string{"active", "disabled"}},
		},
		sorts: []listSort[*review.Person]{
			{"kept", "list.kept", nil},
			{"name", "people.name", byText(func(p *review.Person) string { return p.Name })},
			{"login", "people.login", byText(func(p *review.Person) string { return p.Login })},
			{"newest", "list.newest", func(x, y *review.Person) int { return y.Created.Compare(x.Created) }},
		},
	}
	list, rows := listed(d, "/admin/people", c.QueryParams(), all)
	return list, rows, nil
}

// personColumns are the columns of the list of people as a file.
var personColumns = []listColumn{
	{"people.name", 30}, {"people.login", 20}, {"people.role", 16}, {"people.party", 12}, {"people.languages", 16}, {"people.state", 12},
}

// peopleExport gives the list of people as a file.
func (s *Server) peopleExport(c echo.Context, a asker) error {
	if _, _, err := listFormat(c); err != nil {
		return err
	}
	_, rows, err := s.peopleList(c, a)
	if err != nil {
		return err
	}
	out := listFile{name: "people", title: a.words.say("people.title"), columns: personColumns}
	for _, p := range rows {
		out.rows = append(out.rows, []string{
			p.Name, p.Login, a.words.say("role." + string(p.Role)), string(p.Party), strings.Join(asText(p.Languages), " "), a.words.say("people." + activity(&p)),
		})
	}
	return s.sendList(c, a, out)
}

// Life is whether a key works, as the list of keys filters by it.
func (k keyRow) Life() string {
	if k.Works {
		return "works"
	}
	return "ended"
}

// keyList is the list of integrators' keys in the state of the address, and its rows.
func (s *Server) keyList(c echo.Context, a asker) (listing, []keyRow, error) {
	ctx := c.Request().Context()
	all, err := s.store.Keys(ctx)
	if err != nil {
		return listing{}, nil, fmt.Errorf("list the keys: %w", err)
	}
	n, err := s.names(ctx)
	if err != nil {
		return listing{}, nil, err
	}
	var rows []keyRow
	for _, k := range all {
		rows = append(rows, keyRow{k, k.Ended.IsZero() && s.now().Before(k.Expires), n.of(k.By)})
	}
	d := listOf[*keyRow]{
		words: func(k *keyRow) string { return k.Name + " " + k.ID },
		filters: []listFilter[*keyRow]{
			{name: "state", key: "people.state", value: (*keyRow).Life, label: a.words.under("keys."), all: []string{"works", "ended"}},
			{name: "by", key: "keys.by", value: func(k *keyRow) string { return k.Maker }},
		},
		sorts: []listSort[*keyRow]{
			{"kept", "list.kept", nil},
			{"name", "keys.name", byText(func(k *keyRow) string { return k.Name })},
			{"expires", "keys.expires", func(x, y *keyRow) int { return x.Expires.Compare(y.Expires) }},
			{"used", "keys.used", func(x, y *keyRow) int { return cmp.Or(y.LastUsed.Compare(x.LastUsed), cmp.Compare(x.ID, y.ID)) }},
		},
	}
	list, rows := listed(d, "/admin/keys", c.QueryParams(), rows)
	return list, rows, nil
}

// keyColumns are the columns of the list of keys as a file; the id names a key and
// opens nothing.
var keyColumns = []listColumn{
	{"keys.name", 30}, {"keys.id", 24}, {"keys.scopes", 30}, {"keys.expires", 14}, {"keys.used", 20}, {"keys.by", 24}, {"people.state", 12},
}

// keysExport gives the list of keys as a file, without secrets, which are not kept.
func (s *Server) keysExport(c echo.Context, a asker) error {
	if _, _, err := listFormat(c); err != nil {
		return err
	}
	_, rows, err := s.keyList(c, a)
	if err != nil {
		return err
	}
	out := listFile{name: "keys", title: a.words.say("keys.title"), columns: keyColumns}
	for _, k := range rows {
		var scopes []string
		for _, scope := range k.Scopes {
			scopes = append(scopes, a.words.say("scope."+string(scope)))
		}
		out.rows = append(out.rows, []string{k.Name, "cnk_" + k.ID + "_…", strings.Join(scopes, ", "), day(k.Expires), moment(k.LastUsed), k.Maker, a.words.say("keys." + k.Life())})
	}
	return s.sendList(c, a, out)
}
