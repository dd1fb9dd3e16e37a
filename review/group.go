package review

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"concord/corpus"
)

// Group is sets of clauses that agreed matches join, across any number of
// standards, and where those matches contradict each other.
type Group struct {
	Nodes     [][]corpus.ClauseID
	Links     []GroupLink
	Conflicts []GroupConflict
}

// GroupLink is one agreed match between two nodes, with the relation read from
// the first to the second.
type GroupLink struct {
	Match    uuid.UUID
	From, To int // of Nodes
	Relation corpus.Relation
}

// GroupConflict is links that cannot all be true: two that say different things
// of one pair, or a way of two links that the third does not close, as A = B and
// B = C where A is stricter than C. Possible are the relations that the first
// two leave for the third.
type GroupConflict struct {
	Links    []GroupLink
	Possible []corpus.Relation
}

// Groups joins the agreed matches that share a set of clauses and checks each
// group with corpus.Compose. What is suspect, one-sided or open joins nothing;
// pairs agreed to have nothing in common join nothing either, but are checked.
// Groups with fewer than three nodes are left out: a pair cannot be at odds with
// itself unless it is answered twice, and then it is listed.
func Groups(matches []Match) []Group {
	g := grouping{at: map[string]int{}, seen: map[uuid.UUID]bool{}}
	for _, m := range matches {
		g.add(m)
	}
	return g.groups()
}

// grouping gathers nodes and links.
type grouping struct {
	nodes [][]corpus.ClauseID
	at    map[string]int
	root  []int // of a forest over nodes
	links []GroupLink
	seen  map[uuid.UUID]bool
}

// add takes in a match that is agreed on the present texts.
func (g *grouping) add(m Match) {
	if g.seen[m.ID] || m.Suspect || m.Outcome == nil || len(m.Sources) == 0 || len(m.Targets) == 0 {
		return
	}
	if m.State != StateConfirmed && m.State != StateRejected {
		return
	}
	r, isRelation := m.Outcome.Verdict.Relation()
	if !isRelation {
		return
	}
	g.seen[m.ID] = true
	l := GroupLink{m.ID, g.node(m.Sources), g.node(m.Targets), r}
	if l.From > l.To {
		l = GroupLink{m.ID, l.To, l.From, r.Inverse()}
	}
	g.links = append(g.links, l)
	if r != corpus.RelationNone {
		g.root[g.find(l.To)] = g.find(l.From)
	}
}

// node is the place of a set of clauses.
func (g *grouping) node(ids []corpus.ClauseID) int {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	parts := make([]string, len(ids))
	for i, id := range ids {
		parts[i] = string(id)
	}
	key := strings.Join(parts, "\n")
	n, known := g.at[key]
	if !known {
		n = len(g.nodes)
		g.at[key] = n
		g.nodes, g.root = append(g.nodes, ids), append(g.root, n)
	}
	return n
}

// find is the node that stands for a node's group.
func (g *grouping) find(n int) int {
	for g.root[n] != n {
		g.root[n] = g.root[g.root[n]]
		n = g.root[n]
	}
	return n
}

// groups cuts nodes and links into groups, in the order in which their first
// clauses came.
func (g *grouping) groups() []Group {
	var order []int
	place := map[int][2]int{} // of a node: group and place in it
	groups := map[int]*Group{}
	for n, ids := range g.nodes {
		root := g.find(n)
		if groups[root] == nil {
			groups[root] = &Group{}
			order = append(order, root)
		}
		of := groups[root]
		place[n] = [2]int{root, len(of.Nodes)}
		of.Nodes = append(of.Nodes, ids)
	}
	for _, l := range g.links {
		from, to := place[l.From], place[l.To]
		if from[0] == to[0] {
			of := groups[from[0]]
			of.Links = append(of.Links, GroupLink{l.Match, from[1], to[1], l.Relation})
		}
	}
	var out []Group
	for _, root := range order {
		of := groups[root]
		of.check()
		if len(of.Nodes) > 2 || len(of.Conflicts) > 0 {
			out = append(out, *of)
		}
	}
	return out
}

// check finds the links that contradict each other. One way round a triangle is
// enough: what the composition of two sides forbids, it forbids from every corner.
func (of *Group) check() {
	between := map[[2]int][]GroupLink{}
	next := map[int][]int{}
	for _, l := range of.Links {
		pair := [2]int{l.From, l.To}
		for _, other := range between[pair] {
			if folded(other.Relation) != folded(l.Relation) {
				of.Conflicts = append(of.Conflicts, GroupConflict{Links: []GroupLink{other, l}})
			}
		}
		if between[pair] == nil {
			next[l.From] = append(next[l.From], l.To)
		}
		between[pair] = append(between[pair], l)
	}
	for a := range of.Nodes {
		slices.Sort(next[a])
		for _, b := range next[a] {
			for _, c := range next[b] {
				of.triangles(between[[2]int{a, b}], between[[2]int{b, c}], between[[2]int{a, c}])
			}
		}
	}
}

// triangles checks every choice of three links between three nodes.
func (of *Group) triangles(ab, bc, ac []GroupLink) {
	for _, x := range ab {
		for _, y := range bc {
			possible := corpus.Compose(folded(x.Relation), folded(y.Relation))
			for _, z := range ac {
				if !slices.Contains(possible, folded(z.Relation)) {
					of.Conflicts = append(of.Conflicts, GroupConflict{[]GroupLink{x, y, z}, possible})
				}
			}
		}
	}
}

// folded takes identical for equivalent: of requirements both say the same.
func folded(r corpus.Relation) corpus.Relation {
	if r == corpus.RelationIdentical {
		return corpus.RelationEquivalent
	}
	return r
}
