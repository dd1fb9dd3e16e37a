package lexicon

// edges lead from a node of a tree of words over the id of a token to the next node.
// They are a table of open places, as reading asks for several edges of every word.
type edges struct {
	keys  []uint64 // node and id, 0 for an open place; a power of two, at least half of them open
	nodes []int32
	count int
}

// edgeKey puts a node, counted from 1, and a token id together.
func edgeKey(node, id int32) uint64 { return uint64(node)<<32 | uint64(uint32(id)) }

// place is where a key stands, or the open place where it belongs.
func (e *edges) place(key uint64) int {
	mask := uint64(len(e.keys) - 1)
	i := (key * 0x9e3779b97f4a7c15) >> 32 & mask
	for e.keys[i] != key && e.keys[i] != 0 {
		i = (i + 1) & mask
	}
	return int(i)
}

// next is the node that an edge leads to.
func (e *edges) next(node, id int32) (int32, bool) {
	if len(e.keys) == 0 {
		return 0, false
	}
	key := edgeKey(node, id)
	i := e.place(key)
	return e.nodes[i], e.keys[i] == key
}

// add makes an edge that is not there yet.
func (e *edges) add(node, id, to int32) {
	if 2*(e.count+1) > len(e.keys) {
		e.grow(max(64, 2*len(e.keys)))
	}
	e.put(edgeKey(node, id), to)
	e.count++
}

func (e *edges) put(key uint64, to int32) {
	i := e.place(key)
	e.keys[i], e.nodes[i] = key, to
}

// grow moves the edges to a table of so many places, a power of two.
func (e *edges) grow(places int) {
	old := *e
	e.keys, e.nodes = make([]uint64, places), make([]int32, places)
	for i, key := range old.keys {
		if key != 0 {
			e.put(key, old.nodes[i])
		}
	}
}
