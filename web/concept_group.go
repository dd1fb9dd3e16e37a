package web

import (
	"fmt"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/review"
)

// conceptGroup is clauses of more than two countries that agreed matches join.
type conceptGroup struct {
	Nodes     []conceptNode
	Links     []conceptLink
	Conflicts []conceptConflict
}

// conceptNode is one set of clauses, with its letter in the group.
type conceptNode struct {
	Letter string
	Refs   []Ref
}

// conceptLink is an agreed match in letters.
type conceptLink struct {
	Match    uuid.UUID
	From, To string
	Relation corpus.Relation
}

// Href is the address of the match.
func (l conceptLink) Href() string { return "/matches/" + l.Match.String() }

// conceptConflict is links that cannot all be true.
type conceptConflict struct {
	Links    []conceptLink
	Possible []corpus.Relation
}

// newConceptGroup gives every node a letter: A to Z, then A1 and so on.
func newConceptGroup(g review.Group, sh shelf) conceptGroup {
	letter := func(i int) string {
		text := string(rune('A' + i%26))
		if i >= 26 {
			text += fmt.Sprint(i / 26)
		}
		return text
	}
	link := func(l review.GroupLink) conceptLink {
		return conceptLink{l.Match, letter(l.From), letter(l.To), l.Relation}
	}
	var out conceptGroup
	for i, ids := range g.Nodes {
		out.Nodes = append(out.Nodes, conceptNode{letter(i), sh.refs(ids)})
	}
	for _, l := range g.Links {
		out.Links = append(out.Links, link(l))
	}
	for _, x := range g.Conflicts {
		one := conceptConflict{Possible: x.Possible}
		for _, l := range x.Links {
			one.Links = append(one.Links, link(l))
		}
		out.Conflicts = append(out.Conflicts, one)
	}
	return out
}

// places counts the countries of a group.
func (g conceptGroup) places() int {
	seen := map[corpus.Jurisdiction]bool{}
	for _, n := range g.Nodes {
		for _, r := range n.Refs {
			seen[r.Place] = true
		}
	}
	return len(seen)
}
