package review

import (
	"errors"
	"slices"
	"testing"

	"concord/corpus"
)

// rule is the rule of a refusal, "" for none.
func ruleOf(err error) string {
	if r, found := corpus.RefusalOf(err); found {
		return r.Rule
	}
	return ""
}

// TestShippedKeys: no act without a key, no key twice, none of those kept for others.
func TestShippedKeys(t *testing.T) {
	seen, kept := map[string]KeyAct{}, KeptKeys()
	for _, act := range KeyActs() {
		keys := KeySet{}.Keys(act)
		if len(keys) == 0 {
			t.Errorf("%s has no key", act)
		}
		for _, key := range keys {
			if other := seen[key]; other != "" {
				t.Errorf("%s is for %s and for %s", key, other, act)
			}
			if kept[key] != "" {
				t.Errorf("%s is for %s, and it is kept for %s", key, act, kept[key])
			}
			seen[key] = act
		}
	}
	if !slices.ContainsFunc(KeyCodes(), func(c string) bool { return seen[c] == "" }) {
		t.Error("every key is taken")
	}
}

func TestKeySet(t *testing.T) {
	for name, c := range map[string]struct {
		from KeySet
		act  KeyAct
		code string
		rule string
		kind error
	}{
		"a free key":                 {nil, "confirm", "KeyJ", "", nil},
		"off":                        {nil, "skip", "", "", nil},
		"its own key":                {nil, "skip", "KeyK", "", nil},
		"one of its own two":         {nil, "confirm", "NumpadEnter", "", nil},
		"another act's":              {nil, "confirm", "KeyK", "key-taken", corpus.ErrConflict},
		"another act's second":       {nil, "skip", "Numpad1", "key-taken", corpus.ErrConflict},
		"of an act that is off":      {KeySet{"skip": ""}, "confirm", "KeyK", "", nil},
		"of an act that moved away":  {KeySet{"skip": "KeyJ"}, "confirm", "KeyK", "", nil},
		"that another act moved to":  {KeySet{"skip": "KeyJ"}, "confirm", "KeyJ", "key-taken", corpus.ErrConflict},
		"the browser's":              {nil, "skip", "F5", "key-browser", corpus.ErrInvalid},
		"the search's":               {nil, "skip", "Slash", "key-browser", corpus.ErrInvalid},
		"that moves":                 {nil, "skip", "Tab", "key-moving", corpus.ErrInvalid},
		"that presses":               {nil, "skip", "Space", "key-moving", corpus.ErrInvalid},
		"a screen reader's":          {nil, "skip", "CapsLock", "key-reader", corpus.ErrInvalid},
		"an input method's":          {nil, "skip", "KanaMode", "key-input", corpus.ErrInvalid},
		"that is held":               {nil, "skip", "ShiftLeft", "key-held", corpus.ErrInvalid},
		"no key":                     {nil, "skip", "<script>", "key-unknown", corpus.ErrInvalid},
		"held with another":          {nil, "skip", "Ctrl+KeyW", "key-unknown", corpus.ErrInvalid},
		"no act":                     {nil, "dance", "KeyJ", "key-act", corpus.ErrInvalid},
		"a shipped key is not extra": {KeySet{"undo": "KeyJ"}, "skip", "Backspace", "", nil},
	} {
		got, err := c.from.With(c.act, c.code)
		if ruleOf(err) != c.rule || !errors.Is(err, c.kind) {
			t.Errorf("%s: %v, want %q", name, err, c.rule)
		}
		if err == nil && c.code != "" && (!slices.Equal(got.Keys(c.act), []string{c.code}) || got.ByKey()[c.code] != c.act) {
			t.Errorf("%s: keys %v", name, got.Keys(c.act))
		}
		if err == nil && c.code == "" && len(got.Keys(c.act)) != 0 {
			t.Errorf("%s: it still has %v", name, got.Keys(c.act))
		}
	}
}

// TestKeptKeys: each is refused for every act, and none can be chosen.
func TestKeptKeys(t *testing.T) {
	for code, why := range KeptKeys() {
		if slices.Contains(KeyCodes(), code) {
			t.Errorf("%s can be chosen", code)
		}
		for _, act := range KeyActs() {
			if _, err := (KeySet{}).With(act, code); ruleOf(err) != "key-"+why {
				t.Errorf("%s for %s: %v", code, act, err)
			}
		}
	}
}

// TestKeysSetBack: an act comes back to its keys unless another has one by now, and
// the sentence names both.
func TestKeysSetBack(t *testing.T) {
	moved, err := KeySet{}.With("skip", "KeyJ")
	if err != nil {
		t.Fatal(err)
	}
	if moved, err = moved.With("confirm", "KeyK"); err != nil {
		t.Fatal(err)
	}
	_, err = moved.Without("skip")
	r, _ := corpus.RefusalOf(err)
	if r == nil || r.Rule != "key-taken" || !slices.Contains(r.Values, any(KeyAct("skip"))) || !slices.Contains(r.Values, any(KeyAct("confirm"))) {
		t.Errorf("%v", err)
	}
	if moved, err = moved.Without("confirm"); err != nil || !slices.Equal(moved.Keys("confirm"), []string{"Enter", "NumpadEnter"}) {
		t.Errorf("%v %v", err, moved)
	}
	if moved, err = moved.Without("skip"); err != nil || len(moved) != 0 {
		t.Errorf("%v %v", err, moved)
	}
}
