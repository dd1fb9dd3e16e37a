package web

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/corpus/lexicon"
	"concord/matcher"
	"concord/review"
)

// tableTexts are a clause and its table in two languages.
var tableTexts = map[corpus.StandardID]struct {
	language              corpus.Language
	clause, label, title  string
	rows                  string
	figure, where, column string
}{
	"gb-3-2020": {"zh", "疏散净宽度应符合表5.1的规定，见图5.1。", "表5.1", "疏散净宽度", "部位 | 净宽度 | 备注\n楼梯 | 不应小于1100mm | \n坡道 | 不应小于1200mm | <script>alert(1)</script>", "图5.1", "楼梯剖面", "部位"},
	"sa-3-2020": {"ar", "يجب أن يكون العرض الصافي وفق الجدول 5.1 والشكل 5.1.", "الجدول 5.1", "العرض الصافي", "المكان | العرض | ملاحظات\nالدرج | لا يقل عن 1100 مم | \nالمنحدر | لا يقل عن 1200 مم | داخلي", "الشكل 5.1", "مقطع الدرج", "المكان"},
}

// tables keeps the two standards and a match of their tables, and gives its address.
func (s *site) tables() string {
	s.t.Helper()
	var units []corpus.Clause
	for _, id := range []corpus.StandardID{"gb-3-2020", "sa-3-2020"} {
		x := tableTexts[id]
		place := corpus.Jurisdiction("CN")
		if x.language == "ar" {
			place = "SA"
		}
		d := document(id, place, x.language, corpus.RightsFull, x.clause)
		owner := d.Clauses[1].ID
		for _, u := range []corpus.Clause{
			{ID: owner + "~table-5.1", Label: x.label, Kind: corpus.KindTable, Heading: x.title, Text: x.rows},
			{ID: owner + "~figure-5.1", Label: x.figure, Kind: corpus.KindFigure, Heading: x.where},
			{ID: owner + "~formula-5.1-1", Label: "(5.1-1)", Kind: corpus.KindFormula, Text: "w = n × k"},
		} {
			u.Standard, u.Parent, u.Order, u.Number, u.Language, u.Path = id, owner, len(d.Clauses), u.ID.Key(), x.language, []string{"Doors"}
			d.Clauses = append(d.Clauses, u)
		}
		if _, err := s.db.Save(s.t.Context(), d, "cli"); err != nil {
			s.t.Fatal(err)
		}
		units = append(units, d.Clauses[2])
	}
	dossier := s.dossier
	dossier.ID, dossier.Name = uuid.Must(uuid.NewV7()), "Tables"
	dossier.Sides = []review.Side{{Party: "CN", Standards: []corpus.StandardID{"gb-3-2020"}}, {Party: "SA", Standards: []corpus.StandardID{"sa-3-2020"}}}
	if err := s.db.SaveDossier(s.t.Context(), dossier, "cli"); err != nil {
		s.t.Fatal(err)
	}
	if _, _, err := s.db.Propose(s.t.Context(), dossier.ID, []matcher.Proposal{proposal(units[0], units[1])}); err != nil {
		s.t.Fatal(err)
	}
	chips, err := s.db.Equivalents(s.t.Context(), units[0].ID)
	if err != nil || len(chips[units[0].ID]) == 0 {
		s.t.Fatalf("no match of the tables: %v", err)
	}
	return "/matches/" + chips[units[0].ID][0].ID.String()
}

// TestTablesAreTables reads a table on the pages of its clause, its own and its
// standard, and the links to it.
func TestTablesAreTables(t *testing.T) {
	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t, func(c *Config) { c.Read = lex })
	match := s.tables()
	p := s.signedIn("lina")
	for id, x := range tableTexts {
		clause, table := "/standards/"+string(id)+"/clauses/5.1", "/standards/"+string(id)+"/clauses/5.1~table-5.1"
		for _, page := range []string{clause, table, "/standards/" + string(id), match} {
			body := p.get(page).body
			if !strings.Contains(body, `<th scope="col">`+x.column+`</th>`) || strings.Contains(body, x.column+" |") {
				t.Errorf("%s does not show the table with the header %s", page, x.column)
			}
			if strings.Contains(body, "<script>alert") {
				t.Errorf("%s: a cell is markup", page)
			}
		}
		body := p.get(clause).body
		for _, want := range []string{`<a href="` + table + `">` + x.label + `</a>`, `clauses/5.1~figure-5.1">` + strings.TrimPrefix(x.figure, "ال"), "w = n × k"} {
			if !strings.Contains(body, want) && !strings.Contains(body, strings.Replace(want, `">شكل`, `">والشكل`, 1)) {
				t.Errorf("%s lacks %s", clause, want)
			}
		}
		body = p.get(table, "Cookie", cookieLanguage+"=en").body
		if !strings.Contains(body, "Stands in") || !strings.Contains(body, "<strong>shall</strong>") {
			t.Errorf("%s does not say what its clause obliges to", table)
		}
		if strings.Contains(body, `<a href="`+table+`">`+x.label+`</a>`) {
			t.Errorf("%s links to itself", table)
		}
	}
}

// TestTableCells holds what a table's text becomes, and that a text without rows is
// no table.
func TestTableCells(t *testing.T) {
	say := func(body string, layers ...layer) string {
		var b strings.Builder
		for _, row := range tableCells(body, layers) {
			for _, c := range row {
				fmt.Fprintf(&b, "[%s%s", c.Scope, strings.Repeat("+", max(c.Span-1, 0)))
				for _, x := range c.Text {
					b.WriteString(":" + x.Text + x.ID)
				}
				b.WriteString("]")
			}
			b.WriteString("/")
		}
		return b.String()
	}
	for _, row := range []struct{ body, want string }{
		{"in mm\nA | B\nc | 1\nend", "[+:in mm]/[col:A][col:B]/[row:c][:1]/[+:end]/"},
		{"| B\nc | 1 |", "[][col:B][]/[row:c][:1][]/"},
		{"no rows\nat all", ""}, {"a|b", ""}, {"", ""},
	} {
		if got := say(row.body); got != row.want {
			t.Errorf("%q is %s, want %s", row.body, got, row.want)
		}
	}
	across := layer{id: "x"}
	across.span.End = 9
	if got := say("A | B\nc | 1", across); strings.Count(got, "x") != 1 {
		t.Errorf("an anchor over several cells stands in more than one: %s", got)
	}
}

// TestTablesInChromium looks at the pages with tables, wide and narrow.
func TestTablesInChromium(t *testing.T) {
	s := newSite(t)
	match := s.tables()
	b := s.openTab(t, "lina")
	for _, language := range []string{"en", "zh", "ar"} {
		for _, look := range []struct {
			width int
			theme string
		}{{1366, "light"}, {320, "dark"}} {
			b.look(look.width, look.theme, language)
			for _, path := range []string{"/standards/gb-3-2020/clauses/5.1", "/standards/sa-3-2020/clauses/5.1~table-5.1", "/standards/sa-3-2020", match} {
				b.open(path)
				name := fmt.Sprintf("%s %s %s %d", path, language, look.theme, look.width)
				b.healthy(name, look.width)
				b.shoot(name)
				want := "rtl"
				if strings.Contains(path, "gb-3") {
					want = "ltr"
				}
				if path != match && ask[string](b, "getComputedStyle(document.querySelector('table.unit')).direction") != want {
					t.Errorf("%s: the table does not run %s", name, want)
				}
			}
		}
	}
}
