package corpus

import (
	"errors"
	"fmt"
	"slices"
	"testing"
)

// What people say of effects stands in the place of what was read; the text that
// comes with an order comes with the corrected one.
func TestEffectsAreCorrected(t *testing.T) {
	base := made("b", "5|", "5.1|A gate shall be 1.0 m wide.", "5.2|A gate shall be painted.", "5.3|A gate shall open outwards.")
	over := made("o", "1|Replace 5.1 by the following:\nA gate shall be 1.2 m wide.", "2|Delete 5.2.", "3|It enters into force at once.")
	said := func(i int, read, now EffectRead) EffectCorrection {
		return EffectCorrection{By: over[i].ID, Digest: over[i].Digest(), Read: read, Said: now}
	}
	first, second := EffectRead{EffectReplaced, "5.1"}, EffectRead{EffectDeleted, "5.2"}
	stale := said(1, second, EffectRead{Act: EffectNone})
	stale.Digest = "of an earlier wording"
	for _, tt := range []struct {
		name string
		said []EffectCorrection
		want []string
	}{
		{"as read", nil, []string{"replaced 5.1 true A gate shall be 1.2 m wide. as read", "deleted 5.2 true  as read"}},
		{"another clause", []EffectCorrection{said(0, first, EffectRead{EffectReplaced, "5.3"})}, []string{"replaced 5.3 true A gate shall be 1.2 m wide. was replaced 5.1", "deleted 5.2 true  as read"}},
		{"another kind", []EffectCorrection{said(0, first, EffectRead{EffectDeleted, "5.1"})}, []string{"deleted 5.1 true  was replaced 5.1", "deleted 5.2 true  as read"}},
		{"a clause the base has not", []EffectCorrection{said(0, first, EffectRead{EffectAdded, "5.9"})}, []string{"added 5.9 false A gate shall be 1.2 m wide. was replaced 5.1", "deleted 5.2 true  as read"}},
		{"no effect", []EffectCorrection{said(1, second, EffectRead{Act: EffectNone})}, []string{"replaced 5.1 true A gate shall be 1.2 m wide. as read"}},
		{"not read", []EffectCorrection{said(2, EffectRead{}, EffectRead{EffectReplaced, "5.3"})}, []string{"replaced 5.1 true A gate shall be 1.2 m wide. as read", "deleted 5.2 true  as read", "replaced 5.3 true It enters into force at once. was  "}},
		{"of an earlier wording", []EffectCorrection{stale}, []string{"replaced 5.1 true A gate shall be 1.2 m wide. as read", "deleted 5.2 true  as read"}},
		{"swapped, each once", []EffectCorrection{said(0, first, EffectRead{EffectDeleted, "5.2"}), said(1, second, EffectRead{EffectDeleted, "5.1"})}, []string{"deleted 5.2 true  was replaced 5.1", "deleted 5.1 true  was deleted 5.2"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, e := range Effects(OverlayAmendment, base, over, tt.said...) {
				was := "as read"
				if e.Was != nil {
					was = fmt.Sprintf("was %s %s", e.Was.Act, e.Was.Number)
				}
				got = append(got, fmt.Sprintf("%s %s %v %s %s", e.Act, e.Number, e.Base != "", e.New.Text, was))
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestCorrectionIsChecked(t *testing.T) {
	over := made("o", "1|Delete 5.2.")
	for _, tt := range []struct {
		number, want string
		err          error
	}{{"5.3.1", "5.3.1", nil}, {" ５.３ ", "5.3", nil}, {"第5.3条", "5.3", nil}, {"A.8", "A.8", nil}, {"the next one", "", ErrInvalid}, {"5.2", "", ErrInvalid}, {"", "", ErrInvalid}} {
		x, err := EffectCorrection{By: over[0].ID, Digest: over[0].Digest(), Read: EffectRead{EffectDeleted, "5.2"}, Said: EffectRead{EffectDeleted, tt.number}}.Check(over)
		if !errors.Is(err, tt.err) || tt.err == nil && x.Said.Number != tt.want {
			t.Errorf("%q: %q, %v", tt.number, x.Said.Number, err)
		}
	}
}

// A digest of an amendment is of what it does alone: not of where or in which words it
// orders to replace or delete.
func TestAmendmentDigest(t *testing.T) {
	base := made("b", "5|", "5.1|A gate shall be 1.0 m wide.", "5.2|A gate shall be painted.")
	digests := func(kind OverlayKind, lines ...string) []Digest {
		var out []Digest
		for _, e := range Effects(kind, base, made("o", lines...)) {
			if a, is := e.Amendment(); is {
				out = append(out, a.Digest)
			}
		}
		return out
	}
	same := digests(OverlayAmendment, "1|Delete 5.2.")
	if got := digests(OverlayAmendment, "1|Scope of this amendment.", "2|Clause 5.2 is deleted."); len(same) != 1 || !slices.Equal(got, same) {
		t.Errorf("%v and %v", same, got)
	}
	if got := digests(OverlayAmendment, "1|Replace 5.1 by the following: A gate shall be 2 m wide."); len(got) != 1 || slices.Equal(got, digests(OverlayAmendment, "1|Replace 5.1 by the following: A gate shall be 3 m wide.")) {
		t.Errorf("another text has the same digest: %v", got)
	}
	if got := digests(OverlayAmendment, "1|Add the following new subclause 5.4: A gate shall have a latch."); got != nil {
		t.Errorf("a new clause amends none: %v", got)
	}
}
