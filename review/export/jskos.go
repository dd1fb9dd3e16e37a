package export

import (
	"io"
	"strings"

	"concord/corpus"
	"concord/review"
	"concord/review/exchange"
)

// JSKOS writes the related pairs and the gaps as mappings of JSKOS, one to a line.
// A gap maps to an empty set of the standard that was searched. SKOS denies
// nothing: rejected pairs are not in it.
func JSKOS(w io.Writer, s Set) error { return jskosLines(w, s, held(s.Items)) }

// jskosLines is JSKOS of items that come one by one. What is said of the whole stands in
// every line, so that they are counted before.
func jskosLines(w io.Writer, s Set, rows Rows) error {
	s.used = s.usedStandards()
	var all tally
	err := rows(func(i Item) error {
		s.Items = []Item{i}
		all = all.and(s.tallied())
		return nil
	})
	if err != nil {
		return err
	}
	s.Items, s.counted = nil, &all
	dossier := []exchange.JSKOSItem{s.jskosDossier()}
	return rows(func(i Item) error {
		if i.Match.State == review.StateRejected {
			return nil
		}
		return exchange.JSKOS{Mappings: []exchange.JSKOSMapping{s.jskosMapping(s.facing(i), dossier)}}.Write(w)
	})
}

// undetermined is the language tag of texts whose language nobody told us
// (BCP 47).
const undetermined = "und"

// jskosMapping is one match of a dossier.
func (s Set) jskosMapping(i Item, dossier []exchange.JSKOSItem) exchange.JSKOSMapping {
	words := phrasesIn("en")
	verdict := i.Match.Outcome.Verdict
	from, to := s.jskosScheme(i.Match.Sources[0].Standard()), s.jskosScheme(i.Match.Against)
	m := exchange.JSKOSMapping{
		URI: "urn:uuid:" + i.Match.ID.String(), Type: []string{exchange.JSKOSTypes[verdict]}, Verdict: verdict,
		Created: i.date(), Issued: s.Options.Now.UTC().Format("2006-01-02T15:04:05Z"), PartOf: dossier,
		FromScheme: &from, ToScheme: &to, From: s.jskosBundle(i.Sources), To: s.jskosBundle(i.Targets),
		Justification: "https://w3id.org/semapv/vocab/ManualMappingCuration",
	}
	for _, d := range i.agreedBy() {
		m.Identifier = append(m.Identifier, "urn:uuid:"+d.ID.String())
	}
	_, _, versions := i.provenance()
	m.EditorialNote = map[string][]string{undetermined: strings.Split(versions, "\n")}
	note := map[string][]string{}
	add := func(t text) {
		language := jskosLanguage(t.lang)
		if line := oneLine(t.s); line != "" {
			note[language] = append(note[language], line)
		}
	}
	for _, way := range []struct {
		key string
		r   corpus.Recognition
	}{{"a-to-b", i.Match.Outcome.AToB}, {"b-to-a", i.Match.Outcome.BToA}} {
		add(text{s: words.say("col."+way.key) + ": " + words.answer(way.r).s, lang: "en"})
		for _, c := range way.r.Conditions {
			add(text{s: words.say("col.conditions-"+way.key) + ": " + c, lang: "en"})
		}
	}
	for _, t := range i.reasons(words) {
		add(t)
	}
	for _, line := range caveatNotes(i.Reserved, "") {
		add(text{s: line})
	}
	m.Note = note
	return m
}

// jskosDossier says what the mapping is part of: what was exported, from which
// state, by what.
func (s Set) jskosDossier() exchange.JSKOSItem {
	out := exchange.JSKOSItem{URI: iri(s.Options.BaseURI + "/dossiers/" + s.Dossier.ID.String()), Note: map[string][]string{}}
	if name := oneLine(s.Dossier.Name); name != "" {
		out.PrefLabel = map[string]string{undetermined: name}
	}
	if notes := caveatNotes(s.Reserved, onAll); len(notes) > 0 {
		out.Note[undetermined] = notes
	}
	out.Note["en"] = s.particulars()[1:] // the first says what URI and label say
	return out
}

// jskosScheme is a standard.
func (s Set) jskosScheme(id corpus.StandardID) exchange.JSKOSItem {
	std := s.Standards[id]
	out := exchange.JSKOSItem{URI: iri(s.Options.BaseURI + "/standards/" + string(id))}
	if name := oneLine(std.Designation); name != "" {
		out.Notation = []string{name}
	}
	if title := std.Title(std.Language); oneLine(title.Text) != "" {
		out.PrefLabel = map[string]string{jskosLanguage(title.Language): oneLine(title.Text)}
	}
	return out
}

// jskosBundle are the clauses of a side, none for a gap.
func (s Set) jskosBundle(clauses []corpus.Clause) exchange.JSKOSBundle {
	out := exchange.JSKOSBundle{MemberSet: []exchange.JSKOSItem{}}
	for _, c := range clauses {
		item := exchange.JSKOSItem{URI: iri(s.clauseIRI(c.ID)), InScheme: []exchange.JSKOSItem{{URI: iri(s.Options.BaseURI + "/standards/" + string(c.Standard))}}}
		if label := oneLine(c.Label); label != "" {
			item.Notation = []string{label}
		}
		if heading := oneLine(c.Heading); heading != "" {
			item.PrefLabel = map[string]string{jskosLanguage(c.Language): heading}
		}
		out.MemberSet = append(out.MemberSet, item)
	}
	return out
}

// jskosLanguage is a tag as the maps of JSKOS take it: small letters, digits and
// hyphens.
func jskosLanguage(l corpus.Language) string {
	tag := strings.ToLower(string(l))
	if tag == "" || tag[0] < 'a' || tag[0] > 'z' || strings.HasSuffix(tag, "-") || strings.ContainsFunc(tag, func(r rune) bool { return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') }) {
		return undetermined
	}
	return tag
}
