package exchange

import (
	"fmt"
	"slices"
	"strings"

	"concord/corpus"
	"concord/review"
)

// refName names a clause within the file.
func refName(r review.Ref) string { return r.Standard + " " + r.Clause }

// sideName names a set of clauses, whatever their order.
func sideName(refs []review.Ref) string {
	var out []string
	for _, r := range refs {
		out = append(out, refName(r))
	}
	slices.Sort(out)
	return strings.Join(out, " + ")
}

// contradictions names pairs about which the file says two things. Both stay as
// they are; SSSOM has one row for each justification, which says the same twice.
func (s *Set) contradictions() {
	type saying struct {
		verdict review.Verdict
		place   string
	}
	said := map[[2]string]saying{}
	for _, r := range s.Statements {
		if len(r.Targets) == 0 {
			continue
		}
		a, b, verdict := sideName(r.Sources), sideName(r.Targets), r.Verdict
		if a > b {
			a, b = b, a
			if rel, states := verdict.Relation(); states {
				verdict = review.Verdict(rel.Inverse())
			}
		}
		before, twice := said[[2]string{a, b}]
		if !twice {
			said[[2]string{a, b}] = saying{verdict, r.Place}
			continue
		}
		if alike(before.verdict) != alike(verdict) {
			s.say(corpus.Say(corpus.SeverityWarning, r.Place, "mapping-contradiction", "it says \"{verdict}\" of {a} and {b}, but {where} says \"{said}\"", "ask the makers which of both they mean",
				"verdict", string(verdict), "a", shortened(a), "b", shortened(b), "where", before.place, "said", string(before.verdict)))
		}
	}
}

// alike is the verdict with identical and equivalent as one: not every format
// tells them apart.
func alike(v review.Verdict) review.Verdict {
	if v == review.Verdict(corpus.RelationIdentical) {
		return review.Verdict(corpus.RelationEquivalent)
	}
	return v
}

// arrow says that what one clause asks is also asked by another, which asks more
// where strict is set.
type arrow struct {
	to     string
	strict bool
	place  string
}

// cycles names circles that cannot be true: A asks less than B, B less than C, and
// C less than A (or the same as A).
func (s *Set) cycles() {
	graph := map[string][]arrow{}
	var names []string
	add := func(from, to string, strict bool, place string) {
		if _, known := graph[from]; !known {
			names = append(names, from)
		}
		graph[from] = append(graph[from], arrow{to, strict, place})
	}
	for _, r := range s.Statements {
		if len(r.Targets) == 0 {
			continue
		}
		a, b := sideName(r.Sources), sideName(r.Targets)
		switch alike(r.Verdict) {
		case review.Verdict(corpus.RelationEquivalent):
			add(a, b, false, r.Place)
			add(b, a, false, r.Place)
		case review.Verdict(corpus.RelationSubset):
			add(a, b, true, r.Place)
		case review.Verdict(corpus.RelationSuperset):
			add(b, a, true, r.Place)
		}
	}
	in, named := components(names, graph), map[int]bool{}
	for _, from := range names {
		for _, arrow := range graph[from] {
			if arrow.strict && in[from] == in[arrow.to] && !named[in[from]] {
				s.say(corpus.Say(corpus.SeverityWarning, arrow.place, "mapping-circle", "it closes a circle with {where}: {clause} would ask for less than itself", "take one of the statements back",
					"where", placesOf(graph, in, from, arrow.place), "clause", shortened(from)))
				named[in[from]] = true
			}
		}
	}
}

// placesOf lists the other statements within a circle, at most five.
func placesOf(graph map[string][]arrow, in map[string]int, from, not string) string {
	var out []string
	for name, arrows := range graph {
		for _, a := range arrows {
			if in[name] == in[from] && in[a.to] == in[from] && a.place != not {
				out = append(out, a.place)
			}
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	if len(out) > 5 {
		return strings.Join(out[:5], ", ") + fmt.Sprintf(" and %d more", len(out)-5)
	}
	return strings.Join(out, ", ")
}

// components numbers the strongly connected components from 1 (Tarjan 1972, with
// a stack of its own, since files of others may be deep).
func components(names []string, graph map[string][]arrow) map[string]int {
	type frame struct {
		name string
		next int
	}
	index, low, on, in := map[string]int{}, map[string]int{}, map[string]bool{}, map[string]int{}
	var open []string
	for _, root := range names {
		if index[root] > 0 {
			continue
		}
		work := []frame{{name: root}}
		for len(work) > 0 {
			f := &work[len(work)-1]
			if f.next == 0 {
				index[f.name] = len(index) + 1
				low[f.name] = index[f.name]
				open, on[f.name] = append(open, f.name), true
			}
			if f.next < len(graph[f.name]) {
				to := graph[f.name][f.next].to
				f.next++
				if index[to] == 0 {
					work = append(work, frame{name: to})
				} else if on[to] {
					low[f.name] = min(low[f.name], index[to])
				}
				continue
			}
			done := f.name
			work = work[:len(work)-1]
			if len(work) > 0 {
				up := work[len(work)-1].name
				low[up] = min(low[up], low[done])
			}
			if low[done] != index[done] {
				continue
			}
			number := len(in) + 1
			for {
				last := open[len(open)-1]
				open, on[last] = open[:len(open)-1], false
				in[last] = number
				if last == done {
					break
				}
			}
		}
	}
	return in
}
