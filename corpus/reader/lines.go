package reader

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"concord/corpus"
)

// clauseObject is a clause as one JSON object. The names are those of the
// exchange files; a few usual others are accepted too.
type clauseObject struct {
	ID           string          `json:"id"`
	Standard     string          `json:"standard"`
	Issuer       string          `json:"issuer"`
	Country      string          `json:"country"`
	Jurisdiction string          `json:"jurisdiction"`
	Lang         string          `json:"lang"`
	Language     string          `json:"language"`
	Domain       string          `json:"domain"`
	Clause       json.RawMessage `json:"clause"`
	Number       json.RawMessage `json:"number"`
	Path         json.RawMessage `json:"path"`
	Title        string          `json:"title"`
	Heading      string          `json:"heading"`
	Text         string          `json:"text"`
	Kind         string          `json:"kind"`
}

// detectLines recognises JSON lines: the first line with text is a whole JSON
// object.
func detectLines(name string, head []byte) bool {
	if hasSuffix(name, ".jsonl", ".ndjson") {
		return true
	}
	if firstByte(head) != '{' {
		return false
	}
	head = bytes.TrimLeft(head, " \t\r\n\ufeff")
	end := bytes.IndexByte(head, '\n')
	if end < 0 {
		end = len(head)
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(head[:end], &object) != nil {
		return false
	}
	_, text := object["text"]
	return text
}

// readLines reads one clause a line. Lines that are no JSON object are reported
// and left out; when more than one in ten is broken the file is refused.
func readLines(r io.Reader, hint Hint) ([]*corpus.Document, error) {
	text, err := slurp(r)
	if err != nil {
		return nil, err
	}
	if err := checkLines(text); err != nil {
		return nil, err
	}
	a := newAssembler(hint)
	good := 0
	var broken []corpus.Problem
	for i, row := range strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n") {
		row = strings.TrimSpace(row)
		if row == "" {
			continue
		}
		rec, err := clauseRecord([]byte(row), i+1)
		if err != nil {
			broken = append(broken, brokenLine(i+1, err))
			continue
		}
		good++
		if err := a.add(rec); err != nil {
			return nil, err
		}
	}
	if len(broken)*10 > good {
		if len(broken) == 0 {
			return nil, corpus.Refuse(corpus.ErrInvalid, "lines-none", "the file holds no clauses; give one JSON object a line")
		}
		return nil, corpus.Refuse(corpus.ErrInvalid, "lines-broken", "line {line}: {why}; give one JSON object a line with the fields standard, clause and text", "line", broken[0].Values[1], "why", broken[0].Values[3])
	}
	docs := a.finish()
	if len(docs) > 0 {
		docs[0].Problems = append(docs[0].Problems, broken[:min(len(broken), maxProblems)]...)
	}
	return docs, nil
}

// brokenLine is the problem of a line that is no clause.
func brokenLine(line int, err error) corpus.Problem {
	var why any = corpus.Sentence(err)
	if r, refused := corpus.RefusalOf(err); refused {
		why = r
	}
	return corpus.Say(corpus.SeverityWarning, fmt.Sprintf("line %d", line), "line-broken", "{why}", "correct the line", "line", line, "why", why)
}

// clauseRecord reads one object.
func clauseRecord(raw []byte, line int) (record, error) {
	if err := checkJSONDepth(string(raw)); err != nil {
		return record{}, err
	}
	var o clauseObject
	if err := json.Unmarshal(raw, &o); err != nil {
		return record{}, corpus.Refuse(corpus.ErrInvalid, "line-object", "not a clause object ({why})", "why", err)
	}
	r := record{
		standard: strings.TrimSpace(o.Standard), issuer: o.Issuer, country: first(o.Country, o.Jurisdiction), lang: first(o.Lang, o.Language), domain: o.Domain,
		number: first(scalar(o.Clause), scalar(o.Number)), title: strings.TrimSpace(first(o.Title, o.Heading)), text: o.Text, line: line, kind: kindNamed(o.Kind),
	}
	r.path = pathSteps(pathOf(o.Path))
	if r.number == "" {
		_, r.number, _ = strings.Cut(o.ID, "#")
		if r.number == "" {
			r.number = o.ID[strings.LastIndexByte(o.ID, '/')+1:]
		}
	}
	if r.number == "" && strings.TrimSpace(r.text) == "" {
		return record{}, corpus.Refuse(corpus.ErrInvalid, "line-without", "the object has neither clause nor text")
	}
	return r, nil
}

// scalar is a JSON string or number as text.
func scalar(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return strings.TrimSpace(s)
	}
	if text := strings.TrimSpace(string(raw)); text != "null" && !strings.ContainsAny(text, "{[") {
		return text
	}
	return ""
}

// pathOf reads a path given as a list, or as one text with > between.
func pathOf(raw json.RawMessage) []string {
	var list []string
	if json.Unmarshal(raw, &list) == nil {
		return list
	}
	if s := scalar(raw); s != "" {
		return strings.Split(s, " > ")
	}
	return nil
}

// kindNamed accepts a kind only as corpus writes it.
func kindNamed(s string) corpus.Kind {
	switch k := corpus.Kind(strings.ToLower(strings.TrimSpace(s))); k {
	case corpus.KindHeading, corpus.KindProvision, corpus.KindRequirement, corpus.KindRecommendation, corpus.KindPermission, corpus.KindStatement, corpus.KindDefinition, corpus.KindNote, corpus.KindExample, corpus.KindCommentary, corpus.KindInformative, corpus.KindTable, corpus.KindFigure, corpus.KindFormula:
		return k
	}
	return ""
}
