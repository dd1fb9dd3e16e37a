package review

import (
	"maps"
	"slices"
	"strings"

	"concord/corpus"
)

// KeyAct is something the workbench does at a key.
type KeyAct string

// keyActs is every act with its keys as they are shipped, in the order of tables
// (UX.md 7.3). A key is named by its place, as KeyboardEvent.code, so that it works
// in every layout and with every script; "?" goes by its character, which has no
// place of its own, and what stands behind "+" is held down with it. Alt+Forward
// is the arrow in the direction of reading.
var keyActs = []struct {
	act  KeyAct
	keys []string
}{
	{"relation-identical", []string{"Digit1", "Numpad1"}}, {"relation-equivalent", []string{"Digit2", "Numpad2"}},
	{"relation-superset", []string{"Digit3", "Numpad3"}}, {"relation-subset", []string{"Digit4", "Numpad4"}},
	{"relation-overlap", []string{"Digit5", "Numpad5"}}, {"relation-none", []string{"Digit0", "Numpad0"}},
	{"relation-no-counterpart", []string{"Digit9", "Numpad9"}},
	{"forth-yes", []string{"KeyQ"}}, {"forth-conditions", []string{"KeyW"}}, {"forth-no", []string{"KeyE"}},
	{"back-yes", []string{"KeyA"}}, {"back-conditions", []string{"KeyS"}}, {"back-no", []string{"KeyD"}},
	{"confirm", []string{"Enter", "NumpadEnter"}}, {"undo", []string{"KeyU", "Backspace", "Ctrl+KeyZ"}}, {"skip", []string{"KeyK"}},
	{"unsure", []string{"Minus", "NumpadSubtract"}}, {"comment", []string{"KeyC"}}, {"pair", []string{"KeyT"}},
	{"neighbours", []string{"KeyN"}}, {"why", []string{"KeyX"}}, {"others", []string{"KeyO"}}, {"history", []string{"KeyH"}},
	{"family", []string{"KeyB"}}, {"misread", []string{"KeyM"}}, {"guide", []string{"KeyG"}}, {"plain", []string{"KeyF"}}, {"link", []string{"KeyL"}},
	{"previous", []string{"Alt+Backward"}}, {"next", []string{"Alt+Forward"}}, {"table", []string{"?"}},
}

// KeyActs lists every act of the workbench in the order of tables.
func KeyActs() []KeyAct {
	out := make([]KeyAct, 0, len(keyActs))
	for _, k := range keyActs {
		out = append(out, k.act)
	}
	return out
}

// keyCodes are the places that may be given to an act, with what a US keyboard
// prints on them (UI Events KeyboardEvent code Values, writing system and numpad).
var keyCodes = func() map[string]string {
	out := map[string]string{
		"Enter": "Enter", "Backspace": "Backspace", "Minus": "-", "Equal": "=", "BracketLeft": "[", "BracketRight": "]",
		"Semicolon": ";", "Comma": ",", "Period": ".", "Backslash": "\\", "Backquote": "`", "IntlBackslash": "<", "IntlRo": "ろ", "IntlYen": "¥",
		"NumpadEnter": "Num Enter", "NumpadAdd": "Num +", "NumpadSubtract": "Num -", "NumpadMultiply": "Num *", "NumpadDivide": "Num /", "NumpadDecimal": "Num .",
	}
	for r := 'A'; r <= 'Z'; r++ {
		out["Key"+string(r)] = string(r)
	}
	for r := '0'; r <= '9'; r++ {
		out["Digit"+string(r)], out["Numpad"+string(r)] = string(r), "Num "+string(r)
	}
	return out
}()

// KeyCodes lists the places that may be given to an act.
func KeyCodes() []string { return slices.Sorted(maps.Keys(keyCodes)) }

// KeyLabel is what a US keyboard prints on a key of the table.
func KeyLabel(key string) string {
	if held, code, found := strings.Cut(key, "+"); found {
		return held + "+" + KeyLabel(code)
	}
	switch key {
	case "Forward":
		return "→"
	case "Backward":
		return "←"
	}
	if label := keyCodes[key]; label != "" {
		return label
	}
	return key
}

// keptKeys are places that no act may take, with the reason as the end of a
// refusal's rule: the browser's own, those that move about a page or press what
// has the focus, those of screen readers, those of input methods, and those that
// are held with others.
var keptKeys = map[string][]string{
	"browser": {"F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "F10", "F11", "F12", "Slash", "Quote", "Escape", "BrowserBack", "BrowserForward", "BrowserRefresh", "BrowserHome", "BrowserSearch", "PrintScreen", "Pause", "Help"},
	"moving":  {"Tab", "Space", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", "ContextMenu"},
	"reader":  {"CapsLock", "Insert", "Delete", "NumLock", "ScrollLock"},
	"input":   {"Convert", "NonConvert", "KanaMode", "Lang1", "Lang2", "Lang3", "Lang4", "Lang5"},
	"held":    {"ShiftLeft", "ShiftRight", "ControlLeft", "ControlRight", "AltLeft", "AltRight", "MetaLeft", "MetaRight", "Fn", "FnLock"},
}

// KeptKeys gives every place that no act may take, with the reason: browser,
// moving, reader, input or held.
func KeptKeys() map[string]string {
	out := map[string]string{}
	for why, codes := range keptKeys {
		for _, code := range codes {
			out[code] = why
		}
	}
	return out
}

// KeySet is what a person changed: by act a place, "" for off.
type KeySet map[KeyAct]string

// Keys are the keys of an act: the person's own, none when it is off, else as
// shipped.
func (s KeySet) Keys(act KeyAct) []string {
	if own, changed := s[act]; changed {
		if own == "" {
			return nil
		}
		return []string{own}
	}
	for _, k := range keyActs {
		if k.act == act {
			return slices.Clone(k.keys)
		}
	}
	return nil
}

// ByKey is the act at each key.
func (s KeySet) ByKey() map[string]KeyAct {
	out := map[string]KeyAct{}
	for _, k := range keyActs {
		for _, key := range s.Keys(k.act) {
			out[key] = k.act
		}
	}
	return out
}

// With gives an act another key, or "" to turn it off. It refuses what is no act,
// a key that must stay the browser's or a screen reader's, and one that another act
// has. The set itself stays as it is.
func (s KeySet) With(act KeyAct, code string) (KeySet, error) {
	if err := freeKey(code); err != nil {
		return nil, err
	}
	return s.changed(act, &code)
}

// Without sets an act back to its keys as shipped. It refuses when another act has
// one of them by now.
func (s KeySet) Without(act KeyAct) (KeySet, error) { return s.changed(act, nil) }

// changed is the set with one act changed, or set back when there is no code.
func (s KeySet) changed(act KeyAct, code *string) (KeySet, error) {
	if !slices.Contains(KeyActs(), act) {
		return nil, corpus.Refuse(corpus.ErrInvalid, "key-act", "the workbench does nothing of that name")
	}
	out := KeySet{}
	maps.Copy(out, s)
	delete(out, act)
	if code != nil {
		out[act] = *code
	}
	for _, key := range out.Keys(act) {
		for _, other := range KeyActs() {
			if other != act && slices.Contains(out.Keys(other), key) {
				return nil, corpus.Refuse(corpus.ErrConflict, "key-taken", "the key {key} cannot be for \"{act}\": it is for \"{other}\"",
					"key", KeyLabel(key), "act", act, "other", other)
			}
		}
	}
	return out, nil
}

// freeKey refuses places that no act may take.
func freeKey(code string) error {
	if code == "" || keyCodes[code] != "" {
		return nil
	}
	switch KeptKeys()[code] {
	case "browser":
		return corpus.Refuse(corpus.ErrInvalid, "key-browser", "the key {key} is the browser's or the search's own", "key", code)
	case "moving":
		return corpus.Refuse(corpus.ErrInvalid, "key-moving", "the key {key} moves about the page or presses what has the focus", "key", code)
	case "reader":
		return corpus.Refuse(corpus.ErrInvalid, "key-reader", "screen readers use the key {key}", "key", code)
	case "input":
		return corpus.Refuse(corpus.ErrInvalid, "key-input", "the key {key} is for writing in another script", "key", code)
	case "held":
		return corpus.Refuse(corpus.ErrInvalid, "key-held", "the key {key} is held together with others", "key", code)
	}
	return corpus.Refuse(corpus.ErrInvalid, "key-unknown", "no key of this kind can be chosen")
}
