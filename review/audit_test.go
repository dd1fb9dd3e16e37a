package review

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// chain is five sealed entries.
func chain() []Entry {
	var out []Entry
	prev := ""
	for i := range 5 {
		e := Entry{Seq: int64(i + 1), At: time.Date(2026, 3, 1, 9, i, 0, 123456789, time.FixedZone("CST", 8*3600)),
			Actor: "cli", Action: "standard.saved", Object: "cn-a", Version: i, Payload: "00"}.Sealed(prev)
		prev = e.Hash
		out = append(out, e)
	}
	return out
}

func TestVerifyChain(t *testing.T) {
	cases := []struct {
		name string
		edit func([]Entry) []Entry
		says string // "" when all is well
	}{
		{"as it was made", func(e []Entry) []Entry { return e }, ""},
		{"kept in another time zone", func(e []Entry) []Entry { e[2].At = e[2].At.In(time.FixedZone("x", -3600)); return e }, ""},
		{"another actor", func(e []Entry) []Entry { e[1].Actor = "x"; return e }, "row 2 was changed"},
		{"another time", func(e []Entry) []Entry { e[1].At = e[1].At.Add(time.Microsecond); return e }, "row 2 was changed"},
		{"another version", func(e []Entry) []Entry { e[4].Version++; return e }, "row 5 was changed"},
		{"changed and sealed anew", func(e []Entry) []Entry { e[1].Object = "x"; e[1] = e[1].Sealed(e[1].Prev); return e }, "row 3 was changed"},
		{"the first is missing", func(e []Entry) []Entry { return e[1:] }, "row 1 is missing"},
		{"one is missing", func(e []Entry) []Entry { return slices.Delete(e, 2, 3) }, "row 3 is missing"},
		{"two are exchanged", func(e []Entry) []Entry { e[1], e[2] = e[2], e[1]; return e }, "row 2 is missing"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := VerifyChain(0, "", c.edit(chain()))
			if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want %q", err, c.says)
			}
		})
	}
}

func TestVerifyChainInParts(t *testing.T) {
	all := chain()
	hash, err := VerifyChain(0, "", all[:2])
	if err != nil || hash != all[1].Hash {
		t.Fatal(hash, err)
	}
	if hash, err = VerifyChain(2, hash, all[2:]); err != nil || hash != all[4].Hash {
		t.Errorf("got %s, %v", hash, err)
	}
	if _, err := VerifyChain(2, all[0].Hash, all[2:]); err == nil {
		t.Error("the parts do not fit and nothing was said")
	}
}
