package main

import (
	"testing"

	"concord/corpus"
	"concord/corpus/termbase"
)

// TestHarvest finds pairs in a definition of two languages and in two editions, not
// what the terms know, and nothing of a text that is not shown.
func TestHarvest(t *testing.T) {
	p, err := quiet().openProgram(t.Context(), config{Data: t.TempDir()}, true)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	save := func(id corpus.StandardID, designation string, lang corpus.Language, rights corpus.Rights, names ...string) {
		t.Helper()
		doc := &corpus.Document{Standard: corpus.Standard{ID: id, Designation: designation, Edition: "2020", Jurisdiction: "CN", Language: lang, Rights: rights, Tradition: corpus.TraditionGB, Status: corpus.StatusInForce, Domain: corpus.DomainEngineering}}
		for i, name := range names {
			number := "3." + string(rune('1'+i))
			doc.Clauses = append(doc.Clauses, corpus.Clause{ID: corpus.NewClauseID(id, number), Standard: id, Number: number, Label: number, Kind: corpus.KindDefinition, Heading: name, Text: "定义。", Language: lang, Order: i})
			if rights != corpus.RightsFull || name == "棹光 zqxv light" { // the term stands in the text
				c := &doc.Clauses[i]
				c.Heading, c.Text = "", name+"\n定义。"
			}
		}
		if _, err := p.store.Save(t.Context(), doc, "cli"); err != nil {
			t.Fatal(err)
		}
	}
	var zh, en string // what the shipped terms know
	for _, c := range p.terms.shipped.Concepts() {
		if len(c.Forms["zh"]) > 0 && len(c.Forms["en"]) > 0 && len(c.Forms["en"][0]) > 8 {
			zh, en = c.Forms["zh"][0], c.Forms["en"][0]
			break
		}
	}
	save("cn-gb-90007-2020", "GB 90007-2020", "zh", corpus.RightsFull, "棹槷门 zqxv door", zh+" "+en, "棹栏", "棹光 zqxv light")
	save("cn-gb-90007-2020-en", "GB 90007-2020", "en", corpus.RightsFull, "zqxv door", en, "zqxv rail")
	save("cn-gb-90008-2020", "GB 90008-2020", "zh", corpus.RightsTitles, "棹密 zqxv secret")
	found, err := p.Harvest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]termbase.CandidateFrom{}
	for _, c := range found {
		got[c.Word+"="+c.Rendering] = c.From
	}
	if got["zqxv door=棹槷门"] != termbase.FromDefinition || got["zqxv rail=棹栏"] != termbase.FromEditions || got["zqxv light=棹光"] != termbase.FromDefinition {
		t.Errorf("found %v", got)
	}
	for pair := range got {
		if pair == en+"="+zh || pair == "zqxv secret=棹密" {
			t.Errorf("%s is found", pair)
		}
	}
	n, err := p.store.KeepCandidates(t.Context(), found, "cli")
	if err != nil || n != len(found) {
		t.Errorf("%d of %d are kept: %v", n, len(found), err)
	}
}
