package reader

import (
	"slices"
	"strconv"
	"strings"

	"concord/corpus"
)

// spelled are the numbers that chapters of books made with LaTeX spell out, in English
// in every language (the package fncychap, which Sphinx uses).
var (
	spelled     = strings.Fields("ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE TEN ELEVEN TWELVE THIRTEEN FOURTEEN FIFTEEN SIXTEEN SEVENTEEN EIGHTEEN NINETEEN")
	spelledTens = strings.Fields("TWENTY THIRTY FORTY FIFTY SIXTY SEVENTY EIGHTY NINETY")
)

// spelledNumber reads a number from 1 to 99 in words, in capitals; 0 for none.
func spelledNumber(s string) int {
	if n := slices.Index(spelled, s) + 1; n > 0 {
		return n
	}
	tens, ones, more := strings.Cut(strings.ReplaceAll(s, "-", " "), " ")
	n := 10 * (slices.Index(spelledTens, tens) + 2)
	switch one := slices.Index(spelled[:9], ones) + 1; {
	case n < 20 || more && one == 0:
		return 0
	default:
		return n + one
	}
}

// chapterOpener takes a chapter whose number stands on a line of its own between the
// word for a chapter, which may be missing, and its title: "CHAPTER", "ONE", "SCOPE".
// Its number is that of a clause, as the sections below it have it, 1.1.
func (s *sectioner) chapterOpener(i int) bool {
	text := s.lines[i].text
	value, at := spelledNumber(text), i
	if value == 0 {
		word, last, found := cutLast(text)
		if !found { // the word by itself
			word = text
			if at = s.nextText(i); at < 0 {
				return false
			}
			last = s.lines[at].text
		}
		if n, rest, ok := leadingNumber(word + " 1"); !ok || rest != "" || n.Rank != "chapter" {
			return false
		}
		if value = spelledNumber(last); value == 0 && !found {
			value, _ = strconv.Atoi(strings.TrimRight(last, "."))
		}
	}
	title := s.nextText(at)
	if value <= s.top || value > 99 || title < 0 || s.lines[title].level == 0 || spelledNumber(s.lines[title].text) > 0 {
		return false
	}
	number := strconv.Itoa(value)
	if dotted, _ := strconv.Atoi(s.lines[i].dotted); at != i && dotted < value { // no section has its number
		return false
	}
	l := s.lines[i]
	l.level = s.lines[title].level
	s.openNumber(&l, corpus.Number{Kind: corpus.NumberClause, Parts: []string{number}, Label: number}, s.lines[title].text, false, true)
	for k := at; k > i; k-- {
		s.lines[k].text, s.lines[k].level, s.lines[k].has = "", 0, false
	}
	s.lines[title].text, s.lines[title].level, s.lines[title].has = "", 0, false
	return true
}

// cutLast parts the last word of a text from those before it.
func cutLast(s string) (before, last string, found bool) {
	at := strings.LastIndexByte(s, ' ')
	if at < 0 {
		return s, "", false
	}
	return s[:at], s[at+1:], true
}

// nextText is the next line that is not blank, or -1.
func (s *sectioner) nextText(i int) int {
	for j := i + 1; j < len(s.lines); j++ {
		if s.lines[j].text != "" {
			return j
		}
	}
	return -1
}
