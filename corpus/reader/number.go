package reader

import (
	"regexp"
	"strconv"
	"strings"

	"concord/corpus"
)

// leadingNumber is corpus.LeadingNumber that also takes the addition of an
// inserted article or section, "Article 22-1"; "Article 22-25" is a range and no addition.
func leadingNumber(s string) (corpus.Number, string, bool) {
	n, rest, ok := corpus.LeadingNumber(s)
	if m := frenchFirst.FindStringSubmatch(s); m != nil { // Titre Ier
		if n, rest, ok = corpus.LeadingNumber(m[1] + "I" + s[len(m[0]):]); ok {
			n.Label = m[0]
			return n, rest, true
		}
	}
	if !ok && strings.IndexFunc(s[:min(len(s), 16)], isArabic) >= 0 {
		if m := arabicDashed.FindStringSubmatch(s); m != nil {
			n, _, ok = corpus.LeadingNumber(m[1] + " ")
			return n, m[2], ok
		}
		if m := arabicAnnexed.FindStringSubmatch(s); m != nil {
			n = corpus.Number{Kind: corpus.NumberClause, Parts: append([]string{m[1]}, strings.FieldsFunc(m[2], func(r rune) bool { return r < '0' })...), Label: m[1] + m[2]}
			return n, m[3], true
		}
	}
	switch {
	case ok && n.Depth() == 1 && n.Rank == "" && lettersAround.MatchString(n.Parts[0]): // "W3C Recommendation"
		return corpus.Number{}, s, false
	case !ok:
		return schedule(s)
	case n.Kind == corpus.NumberAnnex:
		return n, rest, true
	}
	if inserted, after, found := insertedDivision(n, rest); found {
		return inserted, after, true
	}
	if n.Rank != "article" && n.Kind != corpus.NumberDivision || !strings.HasPrefix(rest, "-") || strings.Contains(n.Label, "-") {
		return n, rest, ok
	}
	size := 1
	for size < len(rest) && rest[size] >= '0' && rest[size] <= '9' {
		size++
	}
	base, _ := strconv.Atoi(n.Parts[len(n.Parts)-1])
	if added, err := strconv.Atoi(rest[1:size]); err != nil || added > base || size > 3 {
		return n, rest, ok
	}
	parts := append([]string(nil), n.Parts...)
	parts[len(parts)-1] += rest[:size]
	n.Parts, n.Label = parts, n.Label+rest[:size]
	return n, strings.TrimLeft(rest[size:], " .:　"), true
}

// frenchFirst is the first division of French acts, whose number is an ordinal.
var frenchFirst = regexp.MustCompile(`^((?i:Titre|Chapitre|Livre|Section|Partie) )(?:Ier|IER|1er)\b`)

// lettersAround are names of bodies and things that hold a figure.
var lettersAround = regexp.MustCompile(`^[A-Z]+\d[A-Z]+$`)

// Arab standards print a dash behind the figure of a chapter, "3- التعاريف", and between
// the letter of an annex and what is numbered in it, "أ-1".
var (
	arabicDashed  = regexp.MustCompile(`^ *(\d{1,2}) ?[-–ـ] +(\p{Arabic}.*)$`)
	arabicAnnexed = regexp.MustCompile(`^ *([أبجدهوزح])((?:[-–/.]\d{1,2}){1,3})[-–.]? +(\p{Arabic}.*)$`)
)

// insertedDivision reads what Chinese law adds to the number of a chapter or
// section that was put in later: 第六節之一.
func insertedDivision(n corpus.Number, rest string) (corpus.Number, string, bool) {
	added, found := strings.CutPrefix(rest, "之")
	if !found || n.Kind != corpus.NumberDivision {
		return n, rest, false
	}
	size := strings.IndexFunc(added, func(r rune) bool { return !strings.ContainsRune("一二三四五六七八九十", r) })
	if size < 0 {
		size = len(added)
	}
	value, ok := corpus.HanNumber(added[:size])
	if !ok || size == 0 {
		return n, rest, false
	}
	n.Parts = append([]string(nil), n.Parts...)
	n.Parts[len(n.Parts)-1] += "-" + strconv.Itoa(value)
	n.Label += "之" + added[:size]
	return n, strings.TrimLeft(added[size:], " 　"), true
}

// annexWords open the annexes that corpus does not know: the schedules of
// statutes in the common-law tradition, and annexes inserted later (ANNEX IA).
var annexWords = []string{"Schedule ", "SCHEDULE ", "Annex ", "ANNEX ", "Annexe ", "ANNEXE ", "MANDATORY APPENDIX ", "NONMANDATORY APPENDIX "}

// ordinals name the schedules of older statutes of the common-law tradition: FIRST SCHEDULE.
var ordinals = strings.Fields("First Second Third Fourth Fifth Sixth Seventh Eighth Ninth Tenth Eleventh Twelfth")

var insertedRoman = regexp.MustCompile(`^([IVXLC]+)([A-BD-HJ-KM-UWYZ])(?:$|[ .:–—-])`)

// schedule reads "Schedule 1", "SCHEDULE II" and "ANNEX IA" as annexes.
func schedule(s string) (corpus.Number, string, bool) {
	s = strings.TrimLeft(s, " ")
	for i, ordinal := range ordinals {
		if len(s) <= len(ordinal) || !strings.EqualFold(s[:len(ordinal)], ordinal) {
			continue
		}
		for _, word := range annexWords {
			rest, found := strings.CutPrefix(s[len(ordinal):]+" ", " "+word)
			if rest = strings.Trim(rest, " .:–—-"); found && !startsLower(rest) {
				return corpus.Number{Kind: corpus.NumberAnnex, Rank: "annex", Parts: []string{strconv.Itoa(i + 1)}, Label: s[:len(ordinal)+len(word)]}, rest, true
			}
		}
	}
	for _, word := range annexWords {
		number, found := strings.CutPrefix(s, word)
		if !found {
			continue
		}
		if n, rest, ok := corpus.LeadingNumber("Annex " + number); ok && n.Kind == corpus.NumberAnnex {
			n.Label = word + strings.TrimPrefix(n.Label, "Annex ")
			return n, rest, true
		}
		m := insertedRoman.FindStringSubmatch(number)
		if m == nil {
			break
		}
		if value, ok := corpus.RomanNumber(m[1]); ok {
			n := corpus.Number{Kind: corpus.NumberAnnex, Rank: "annex", Parts: []string{strconv.Itoa(value) + m[2]}, Label: word + m[1] + m[2]}
			return n, strings.TrimLeft(number[len(m[1]+m[2]):], " .:–—-"), true
		}
	}
	for _, word := range loneAnnexes {
		rest, found := strings.CutPrefix(s, word)
		title := strings.TrimLeft(rest, " .:–—")
		if found && (title == "" || len(title) < len(rest) && !startsLower(title) && (word == strings.ToUpper(word) || strings.ContainsAny(rest[:len(rest)-len(title)], ":–—"))) {
			return corpus.Number{Kind: corpus.NumberAnnex, Rank: "annex", Parts: []string{"1"}, Label: word}, title, true
		}
	}
	return corpus.Number{}, s, false
}

// loneAnnexes are the words for the only annex of a law, which has no number and is the
// first all the same.
var loneAnnexes = strings.Fields("ANNEXE ANNEX ANHANG ANLAGE ANEXO ALLEGATO BIJLAGE SCHEDULE Annexe Annex Anhang Anlage Anexo Allegato Bijlage Schedule")

// parseNumber is corpus.ParseNumber for the same labels.
func parseNumber(label string) corpus.Number {
	if n, rest, ok := leadingNumber(label); ok && rest == "" && strings.HasSuffix(strings.TrimSpace(label), n.Label) {
		return n
	}
	return corpus.ParseNumber(label)
}
